/* number.c — see number.h. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "store/number.h"

#define NUMBER_BYTES 24

void store_number_bind(sqlite3_stmt *st, int at, uint64_t e164)
{
    char number[NUMBER_BYTES] = "";
    if (e164)
        snprintf(number, sizeof(number), "+%" PRIu64, e164);
    sqlite3_bind_text(st, at, number, -1, SQLITE_TRANSIENT);
}

uint64_t store_number_column(sqlite3_stmt *st, int at)
{
    const char *number = (const char *)sqlite3_column_text(st, at);
    uint64_t e164 = 0;
    if (!number || number[0] != '+' || !text_number(text_of(number + 1), UINT64_MAX, &e164))
        return 0;
    return e164;
}
