/* pages_listen.h — a supervisor listens to an agent's conversation, speaks to the agent alone,
 * joins or leaves, from the agent's page of the board (ADR 50). Included by app/pages_board.c only.
 */
#ifndef APP_PAGES_LISTEN_H
#define APP_PAGES_LISTEN_H

#include "app/awaited.h"
#include "app/pages.h"

struct pages_listen_args {
    struct pages *pages;
    const struct view_house *house;
    const struct pages_request *request;
    struct text deed;    /* VIEW_DEED_LISTEN and its like */
    uint32_t agent_id;   /* whose conversation; seen by who asks */
    uint64_t contact_id; /* whom the page showed */
};

bool pages_listen_is(struct text deed);
/* 200: done, and in the audit log; 0: later; else why not, in words. */
struct page_words pages_listen(const struct pages_listen_args *args, struct pages_answer *answer);
/* Does the telephone of who looks ring to listen to the agent of this slot? */
bool pages_listen_rings(const struct pages *pages, const struct view_house *house, uint32_t slot);

#endif
