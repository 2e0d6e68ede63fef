/* awaited.h — pages that give an order and wait for it: the words of their answers, and what is the
 * same whatever was asked for. Included by src/app/pages_*.c only. */
#ifndef APP_AWAITED_H
#define APP_AWAITED_H

#include "port/orders.h"
#include "port/pages.h"
#include "port/texts.h"
#include "view/house.h"

/* For programs; say: the same for people, in French, where a page speaks to them. status 0: nothing
 * is wrong, or nothing is known yet. */
struct page_words {
    unsigned status;
    const char *error, *cure, *say;
};

extern const struct page_words awaited_silent, awaited_undecided, awaited_too_many;

/* What became of the order that this request waits for. 200: decided, as *told says; 0: not yet. */
struct page_words awaited_look(const struct orders_port *orders,
                               const struct pages_request *request, struct order_told *told);
/* Of what was decided: 200 when this reader has folded it, so that it is stored; 0: not yet. */
struct page_words awaited_stored(const struct view_house *h, const struct pages_request *request,
                                 const struct order_told *told);
/* True: the page comes again for its order, the request's or that of *answer. False: it answers
 * now, and the order is no more. */
bool awaited_goes_on(const struct orders_port *orders, const struct pages_request *request,
                     struct pages_answer *answer, const struct page_words *words);

/* What became of the post that this request waits for. GIVEN: not yet, the page comes again;
 * STORED: as *told says; UNKNOWN: not in time, or lost. Once it is not GIVEN, it is no more. */
enum texts_post_state awaited_post_look(const struct texts_port *texts,
                                        const struct pages_request *request,
                                        struct pages_answer *answer, struct texts_post_told *told);
/* True: it is on its way, and the page comes again. False: too many are. */
bool awaited_post_give(const struct texts_port *texts, const struct pages_request *request,
                       struct pages_answer *answer, const struct texts_post *post);

/* What became of rows of accounts that this request waits for. 200: they are on the disk; 0: not
 * yet. */
struct accounts;
struct page_words awaited_rows(struct accounts *a, const struct pages_request *request);

/* "14:30" of today, or an instant, to come within seven days; else words that refuse it. */
struct page_words page_instant(const struct view_house *h, struct text word, ms_t *at);

/* The number of an agent that the directory knows by this id, and that who asks may order about; 0:
 * nobody. Whom they may not is as good as not there. */
uint32_t page_agent(const struct view_house *h, struct text id);

/* Says why not, in the form that was asked for. */
void page_refuse(const struct pages_request *request, struct pages_answer *answer,
                 const struct page_words *words);

#endif
