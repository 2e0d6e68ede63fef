/* page_list.h — pages that list what the heart has, by contact, and speak of one by its reference:
 * bounds, order, ends. Included by src/app/pages_*.c and their tests only. */
#ifndef APP_PAGE_LIST_H
#define APP_PAGE_LIST_H

#include "base/json.h"
#include "port/pages.h"

/* Rows of one page; the bounds are published (schema/api.toml). */
#define PAGE_LIMIT_DEFAULT 100
#define PAGE_LIMIT_MAX 500

/* Eight digits with their check digit; false: it cannot be a reference. */
bool page_reference(uint32_t *reference, struct text word);

/* The first behind a contact, in the order in which the contacts came. */
struct page_list {
    struct {
        uint64_t contact_id;
        uint32_t slot, i; /* the page's own: where it finds the rest */
    } rows[PAGE_LIMIT_MAX];
    uint64_t after_id;
    unsigned n, limit;
    bool is_more;
};

/* ?limit and ?after. False: they are wrong, and the page says so. */
bool page_list_open(struct page_list *l, const struct pages_request *request,
                    struct pages_answer *answer);
/* At which place it stands; l->limit: it is no row of this page. Cost: those that stand behind. */
unsigned page_list_put(struct page_list *l, uint64_t contact_id, uint32_t slot);

/* Behind the last row. empty: what people read when there is none; command: how they go on. */
void page_list_end_json(const struct page_list *l, struct json *j, struct pages_answer *answer);
void page_list_end_text(const struct page_list *l, struct pages_answer *answer, const char *empty,
                        const char *command);

/* There is nothing left to show of it: its state for programs, words for people. */
struct page_gone {
    struct text reference;
    const char *state, *words;
};
void page_gone(const struct pages_request *request, struct pages_answer *answer,
               const struct page_gone *gone);

#endif
