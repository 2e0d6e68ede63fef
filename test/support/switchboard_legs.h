/* switchboard_legs.h — the legs of a test's own telephone service, and whether what is asked of one
 * may be: the first wrong thing stands in `broken`. Included by switchboard.h. */
#ifndef TEST_SUPPORT_SWITCHBOARD_LEGS_H
#define TEST_SUPPORT_SWITCHBOARD_LEGS_H

#include <stdlib.h>
#include <string.h>

#include "port/phone.h"

enum board_state { BOARD_ARRIVED, BOARD_ANSWERED, BOARD_CALLED, BOARD_UP, BOARD_OVER };

struct board_leg {
    uint64_t id, aor, near_id; /* aor: whose telephone, for a leg of ours or of a line */
    enum board_state state;
    bool is_ours, was_up, was_hung_up, was_ended;
    bool is_referred;     /* its telephone wants to hear what comes of a transfer */
    uint16_t told_status; /* and has heard this */
    uint16_t status;      /* of a refusal */
    uint32_t list;        /* number of the last list */
    bool holds;           /* its own key: does not listen */
    bool is_early;        /* hears us, not answered */
    bool is_playing;      /* a list that has not been heard to its end */
    struct phone_sound sound;
    struct media_tap tap;
    char number[32], name[64], caller[32]; /* caller: that is shown */
};

struct board {
    struct board_leg *legs; /* owned; by id */
    size_t n, max;
    uint64_t first_id;
    uint64_t away;        /* bit i: the telephone of agent i + 1 is not registered */
    uint32_t first_trunk; /* which operator would be tried first; 0: the test does not say */
    bool carries_early;
    const char *broken;
    struct phone_port port;
};

static inline struct board_leg *board_leg(struct board *b, uint64_t id)
{
    return id >= b->first_id && id < b->first_id + b->n ? &b->legs[id - b->first_id] : NULL;
}

static inline void board_must(struct board *b, bool holds, const char *what)
{
    if (!holds && !b->broken)
        b->broken = what;
}

static inline struct board_leg *board_new(struct board *b, uint64_t aor, bool is_ours)
{
    if (b->n == b->max) {
        b->max = 2 * b->max + 64;
        b->legs = realloc(b->legs, b->max * sizeof(*b->legs));
        assert(b->legs);
    }
    struct board_leg *leg = &b->legs[b->n++];
    *leg = (struct board_leg){.id = b->first_id + b->n - 1,
                              .aor = aor,
                              .is_ours = is_ours,
                              .state = is_ours ? BOARD_CALLED : BOARD_ARRIVED};
    return leg;
}

/* The leg that something is asked of; NULL and broken when that may not be. */
static inline struct board_leg *board_asked(struct board *b, uint64_t id, const char *what)
{
    struct board_leg *leg = board_leg(b, id);
    bool is_live = leg && leg->state != BOARD_OVER;
    board_must(b, is_live, what);
    return is_live ? leg : NULL;
}

#endif
