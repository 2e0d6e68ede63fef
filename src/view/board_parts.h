/* board_parts.h — parts of the board that have a file of their own, and those that the agent's
 * screen has too. Included by view/board*.c and console.c only. */
#ifndef VIEW_BOARD_PARTS_H
#define VIEW_BOARD_PARTS_H

#include "view/house.h"
#include "view/html.h"

/* How long since, going on by itself on the screen; « — » when since_at is 0. */
void board_since(struct html *h, const struct view_house *house, ms_t since_at);
/* « 296 sur 339 (87,3 %) »; « — » when nobody asked. */
void board_rate(struct html *h, const struct kpi_counts *c);

/* « repas »; "" for none. */
const char *view_pause_words(const struct html *h, enum pause pause);

void board_reach(struct html *h, const struct view_house *house);
void board_agents(struct html *h, const struct view_house *house);
void board_quarters(struct html *h, const struct view_house *house);

#endif
