/* way.h — which choices led through the menus of a call, and how a person was asked for then: for
 * who answers. Steps by their index; nothing of what was typed. Called by flow_step.c. */
#ifndef IVR_WAY_H
#define IVR_WAY_H

#include "base/types.h"

#define IVR_WAY_MAX 4 /* choices that are remembered: the last so many */

enum ivr_left {
    IVR_LEFT_NOTHING, /* no menu was heard */
    IVR_LEFT_NO_KEY,  /* one was: silence, or keys that mean nothing */
    IVR_LEFT_CHOSEN,
    IVR_LEFT_PERSON, /* by 0, or by ** in an entry */
};

struct ivr_way {
    struct {
        uint8_t menu, step;
    } choices[IVR_WAY_MAX];
    uint8_t n, left; /* left: enum ivr_left */
};

/* A key of this menu leads to this step. A menu that is heard once more is chosen from once more:
 * what it led to before is no part of the way. */
void ivr_way_choose(struct ivr_way *way, uint8_t menu, uint8_t step);
/* This step was left for anybody. */
void ivr_way_leave(struct ivr_way *way, uint8_t step, enum ivr_left left);

#endif
