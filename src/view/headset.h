/* headset.h — the telephone part of the agent's screen: what web/phone.js brings to life. It stands
 * outside the part that is asked for again, for it has a connection of its own. Called by
 * view/console.c. Pure. */
#ifndef VIEW_HEADSET_H
#define VIEW_HEADSET_H

#include "view/house.h"
#include "view/html.h"

/* Nothing where the service has no port for browsers. */
void view_headset(struct html *h, const struct view_house *house);

#endif
