/* pages_slot.h — POST /agent/creneau and /agent/annuler-creneau: who is on the line, or was a
 * moment ago, is called at an agreed time (ADR 52); and which half hours are free, for the page.
 * Included by app/pages_console.c and its tests only. */
#ifndef APP_PAGES_SLOT_H
#define APP_PAGES_SLOT_H

#include "app/accounts.h"
#include "app/awaited.h"
#include "app/workday.h"
#include "port/numbers.h"
#include "view/console.h"

struct pages_slot_args {
    struct accounts *accounts; /* NULL: nobody could have signed in */
    const struct view_house *house;
    const struct orders_port *orders;
    const struct numbers_port *numbers; /* NULL: no half hour is known, and none is shown */
    const struct pages_request *request;
    const struct workday *workday;
    const struct directory_agent *agent; /* NULL: the account is nobody's post */
};

/* Status 0: later; 200: done, and on the disk; else why not. */
struct page_words pages_slot(const struct pages_slot_args *args, bool is_undone,
                             struct pages_answer *answer);
/* What the page shows; picked: the form of this request asked for one, in vain. */
void pages_slots(const struct pages_slot_args *args, bool is_picked, struct view_slots *out);

#endif
