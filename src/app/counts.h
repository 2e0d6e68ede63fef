/* counts.h — what the gate has counted goes to the writer (ADR 22). Called by line_gate.c and
 * texts.c. */
#ifndef APP_COUNTS_H
#define APP_COUNTS_H

#include "app/app.h"
#include "gate/gate.h"

/* All rows that have changed. False: the writer takes nothing new; they stay changed. */
bool counts_note(struct app *app, struct gate *gate);

#endif
