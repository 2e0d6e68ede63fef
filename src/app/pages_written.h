/* pages_written.h — pages about written contacts: who wrote, the first of them taken by an agent,
 * answered, closed, given back (ADR 31). Included by app/pages.c only. */
#ifndef APP_PAGES_WRITTEN_H
#define APP_PAGES_WRITTEN_H

#include "port/orders.h"
#include "port/pages.h"
#include "port/texts.h"
#include "view/house.h"

struct pages_written_args {
    const struct view_house *house;
    const struct orders_port *orders; /* NULL: nothing can be changed here */
    const struct texts_port *texts;   /* NULL: no gateway of text messages */
    const struct pages_request *request;
    struct text reference; /* of the path */
    enum pages_written_what {
        WRITTEN_LIST,
        WRITTEN_NEXT, /* agent */
        WRITTEN_SHOW,
        WRITTEN_ANSWER, /* agent; {"text"} in the body */
        WRITTEN_CLOSE,  /* agent */
        WRITTEN_BACK    /* agent */
    } what;
};

/* The answer, or is_later. */
void pages_written(const struct pages_written_args *args, struct pages_answer *answer);

#endif
