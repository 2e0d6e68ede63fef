/* pages_notice.h — the message of the day: shown, set, ended, heard; for programs and, through
 * pages_board.c, for people (ADR 41). Included by app/pages.c and pages_board.c only. */
#ifndef APP_PAGES_NOTICE_H
#define APP_PAGES_NOTICE_H

#include "app/awaited.h"
#include "app/pages.h"
#include "view/notice.h"

/* What stands now: where its words lie. NULL: none. */
struct pages_notice_room {
    struct notice notice;
    struct view_notice view;
};
const struct view_notice *pages_notice_now(const struct pages *pages, ms_t now_at,
                                           struct pages_notice_room *room);

struct pages_notice_args {
    struct pages *pages;
    const struct view_house *house;
    const struct pages_request *request;
    struct text words, until; /* as who asked wrote them; until empty: the end of the day */
    bool is_end;              /* no message any more */
};
/* Status 0: the answer is_later; 200: on the disk; else words of why not. */
struct page_words pages_notice_order(const struct pages_notice_args *args,
                                     struct pages_answer *answer);

/* /api/v1/notice, by its method. */
void pages_notice(const struct pages_notice_args *args, struct pages_answer *answer);
/* What callers hear, as a file; false: nothing. */
bool pages_notice_sound(const struct pages_notice_args *args, struct pages_answer *answer);

/* What became of rows that this request posted and waits for: 200: they are on the disk; 0: later.
 */
struct page_words pages_notice_stored(struct accounts *a, const struct pages_request *request);

#endif
