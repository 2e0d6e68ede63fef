/* print.h — an event as one line for people, or for programs (JSON).
 * Called by `decroche replay`, timelines and traces. Pure: text into the buffer of the caller. */
#ifndef EVENT_PRINT_H
#define EVENT_PRINT_H

#include "event/event.h"

enum event_form {
    EVENT_FORM_TEXT, /* 12 2025-01-31T10:15:00.123Z call_arrived contact_id=11 channel=phone … */
    EVENT_FORM_JSON, /* {"id":12,"at":1738318500123,"kind":"call_arrived","contact_id":11,…} */
};

/* Room that any event needs in any form, with its NUL. */
#define EVENT_PRINT_MAX 2048

/* Writes the line, without a line end, at to: room for EVENT_PRINT_MAX. Returns its length.
 * Text: instants (_at) as dates, "-" for none. JSON: instants and durations as ms, integers in
 * full (a 64-bit id may pass what a double holds). */
size_t event_print(char *to, const struct event *ev, enum event_form form);

#endif
