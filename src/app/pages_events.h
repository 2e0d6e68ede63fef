/* pages_events.h — the events of the journal, in pages or as they come. Included by app/pages.c
 * only. */
#ifndef APP_PAGES_EVENTS_H
#define APP_PAGES_EVENTS_H

#include "app/readmodel.h"
#include "port/committed.h"
#include "port/pages.h"

struct pages_events_args {
    const struct readmodel *model;
    const struct committed_port *committed;
    const struct view_house *house;
    const struct pages_request *request; /* NULL: of a stream that goes on */
};

void pages_events(const struct pages_events_args *args, struct pages_answer *answer);
/* The next whole messages of a stream; room: PAGES_MORE_MIN at least. */
void pages_events_more(const struct pages_events_args *args, struct pages_stream *stream,
                       struct text_out *out);

#endif
