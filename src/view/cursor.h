/* cursor.h — where a reader of events stands, as an opaque word; and the query that carries it.
 * Called by app/pages.c and view. Pure; reads bytes of strangers, so it refuses whatever it did not
 * write itself. */
#ifndef VIEW_CURSOR_H
#define VIEW_CURSOR_H

#include "base/text.h"

/* Names the event and the journal, so that a cursor of a journal that was set aside is noticed. */
struct view_cursor {
    uint64_t id;      /* of the last event seen */
    uint64_t journal; /* its lower 32 bits count */
};
#define VIEW_CURSOR_BYTES 24

/* Writes VIEW_CURSOR_BYTES lower-case letters and digits, no NUL. */
void view_cursor_write(char to[VIEW_CURSOR_BYTES], const struct view_cursor *cursor);
bool view_cursor_read(struct view_cursor *cursor, struct text t);

/* The value of key in "a=1&b=2", not decoded; false when it is not there. The first one counts. */
bool view_query_find(struct text *value, struct text query, struct text key);

#endif
