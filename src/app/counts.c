/* counts.c — see counts.h. Cost: a copy a row. */
#include "app/counts.h"

#define ROWS_N 16

bool counts_note(struct app *app, struct gate *gate)
{
    struct journal_row rows[ROWS_N];
    struct gate_row row;
    for (;;) {
        unsigned n = 0;
        if (!app_has_room(app))
            return false;
        while (n < ROWS_N && gate_changed(gate, &row))
            rows[n++] = (struct journal_row){.kind = JOURNAL_ROW_GATE,
                                             .gate = {.key = row.key,
                                                      .cost = row.cost,
                                                      .day = row.day,
                                                      .calls_n = row.calls_n,
                                                      .open_n = row.open_n,
                                                      .scope = row.scope}};
        if (!n)
            return true;
        app_rows(app, rows, n);
    }
}
