/* migrate.h — the store's tables, version by version: src/store/migrate/NNNN.sql, put into the
 * program by tools/embed.py. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

extern const char *const store_migrations[];
extern const unsigned store_migrations_n;

#endif
