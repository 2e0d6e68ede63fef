/* pages_supervise.h — what supervisors and agents do beside signing in and out: help, a queue
 * closed by hand, an agent moved, what came of a conversation (ADR 37). Included by app/pages.c
 * only. */
#ifndef APP_PAGES_SUPERVISE_H
#define APP_PAGES_SUPERVISE_H

#include "app/awaited.h"
#include "port/orders.h"
#include "port/pages.h"
#include "view/house.h"

struct pages_supervise_args {
    const struct view_house *house;
    const struct orders_port *orders;
    const struct pages_request *request;
    struct text id; /* of the service or agent in the directory, or not */
    enum command_kind kind;
};

/* About an agent: the page of agents is the answer; else that of queues. */
bool pages_supervise_is_of_agent(enum command_kind kind);
/* The same without an answer: 0: it is_later; 200: carried out; else words of why not. */
struct page_words pages_supervise_order(const struct pages_supervise_args *args,
                                        struct pages_answer *answer);
/* The answer, or is_later. False: it was carried out, and the page that shows it is the answer. */
bool pages_supervise(const struct pages_supervise_args *args, struct pages_answer *answer);

#endif
