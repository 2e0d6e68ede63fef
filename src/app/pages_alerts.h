/* pages_alerts.h — alerts that somebody has seen: « Vu », who and when (ADR 50). Included by
 * app/pages_board.c only. */
#ifndef APP_PAGES_ALERTS_H
#define APP_PAGES_ALERTS_H

#include "app/awaited.h"
#include "app/pages.h"

struct pages_alerts_room {
    struct view_seen alerts[VIEW_ALERTS_MAX], alarms[VIEW_ALARM_N];
};
/* The house's deeds say who has seen what; they borrow from *room. */
void pages_alerts_look(const struct pages *pages, struct view_house *house,
                       struct pages_alerts_room *room);
/* id: of the path: the number of an alert's event, or VIEW_ALARM_LETTER and that of an alarm. 200:
 * it is on the disk that somebody has seen it; 0: later; else why not. */
struct page_words pages_alerts_order(struct pages *pages, const struct view_house *house,
                                     const struct pages_request *request,
                                     struct pages_answer *answer);

#endif
