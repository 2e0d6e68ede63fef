/* number.h — how a telephone number stands in a row: "+33536490010"; "" for none. */
#ifndef STORE_NUMBER_H
#define STORE_NUMBER_H

#include "sql/sql.h"

void store_number_bind(sqlite3_stmt *st, int at, uint64_t e164);
/* 0: none, or what is no number. */
uint64_t store_number_column(sqlite3_stmt *st, int at);

#endif
