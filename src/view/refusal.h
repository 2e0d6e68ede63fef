/* refusal.h — the page that says why there is none, and what to do. Called by
 * app/pages_screens.c. */
#ifndef VIEW_REFUSAL_H
#define VIEW_REFUSAL_H

#include "view/house.h"
#include "view/html.h"

/* False: no words for this status; nothing was written. */
bool view_refusal(struct html *h, const struct view_house *house, unsigned status);

#endif
