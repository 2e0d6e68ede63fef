/* migrate.h — the journal's tables, version by version: src/journal/migrate/NNNN.sql, put into the
 * program by tools/embed.py. */
#ifndef JOURNAL_MIGRATE_H
#define JOURNAL_MIGRATE_H

extern const char *const journal_migrations[];
extern const unsigned journal_migrations_n;

#endif
