/* pages_talk.h — POST /agent/ligne: what an agent does with the one they speak with (ADR 43).
 * Included by app/pages_console.c only. */
#ifndef APP_PAGES_TALK_H
#define APP_PAGES_TALK_H

#include "app/awaited.h"

struct pages_talk_args {
    const struct view_house *house;
    const struct orders_port *orders;
    const struct pages_request *request;
};

/* The order given, or looked at when the request has one; talk: NULL then. refusals: what there is
 * to say of each answer. The same words as below. */
struct page_words pages_talk_carry(const struct pages_talk_args *args,
                                   const struct order_talk *talk,
                                   const struct page_words refusals[ORDER_TALKED_N],
                                   struct pages_answer *answer);
/* 200: done, and stored where it is anything for the journal; 0: later; else why not, in words. */
struct page_words pages_talk(const struct pages_talk_args *args, struct pages_answer *answer);
/* Its form asks for a text message: when that is done, it must be said. */
bool pages_talk_is_sms(const struct pages_request *request);

#endif
