/* way.c — see way.h. Where menus go round for ever, the last choices say most. */
#include <string.h>

#include "ivr/way.h"

/* How many choices were made before this menu. */
static uint8_t before(const struct ivr_way *way, uint8_t menu)
{
    uint8_t n = 0;
    while (n < way->n && way->choices[n].menu != menu)
        n++;
    return n;
}

void ivr_way_choose(struct ivr_way *way, uint8_t menu, uint8_t step)
{
    uint8_t n = before(way, menu);
    if (n == IVR_WAY_MAX)
        memmove(&way->choices[0], &way->choices[1], --n * sizeof(way->choices[0]));
    way->choices[n].menu = menu;
    way->choices[n].step = step;
    way->n = (uint8_t)(n + 1);
    way->left = IVR_LEFT_CHOSEN;
}

void ivr_way_leave(struct ivr_way *way, uint8_t step, enum ivr_left left)
{
    way->n = before(way, step);
    way->left = (uint8_t)left;
}
