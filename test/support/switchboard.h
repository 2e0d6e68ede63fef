/* switchboard.h — a telephone service of a test's own behind port/phone.h: it keeps what each leg
 * was asked for, and judges it: nothing may be asked of a leg that was hung up, refused or has
 * ended, nothing twice that happens once. What is wrong stands in `broken`. */
#ifndef TEST_SUPPORT_SWITCHBOARD_H
#define TEST_SUPPORT_SWITCHBOARD_H

#include <stdlib.h>
#include <string.h>

#include "port/phone.h"

enum board_state { BOARD_ARRIVED, BOARD_ANSWERED, BOARD_CALLED, BOARD_UP, BOARD_OVER };

struct board_leg {
    uint64_t id, aor, near_id; /* aor: whose telephone, for a leg of ours or of a line */
    enum board_state state;
    bool is_ours, was_up, was_hung_up, was_ended;
    uint16_t status; /* of a refusal */
    uint32_t list;   /* number of the last list */
    bool is_playing; /* a list that has not been heard to its end */
    struct phone_sound sound;
    char number[32], name[64];
};

struct board {
    struct board_leg *legs; /* owned; by id */
    size_t n, max;
    uint64_t first_id;
    uint64_t away; /* bit i: the telephone of agent i + 1 is not registered */
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

static inline void board_answer(void *arg, uint64_t id)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: answered a leg that is over");
    board_must(b, !leg || leg->state == BOARD_ARRIVED, "once: answered twice, or a leg of ours");
    if (leg)
        leg->state = BOARD_ANSWERED;
}

static inline void board_hang_up(void *arg, uint64_t id)
{
    struct board_leg *leg = board_asked(arg, id, "over: hung up a leg that is over");
    if (!leg)
        return;
    leg->state = BOARD_OVER;
    leg->was_hung_up = true;
    leg->is_playing = false;
}

static inline void board_refuse(void *arg, uint64_t id, uint16_t status)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: refused a leg that is over");
    board_must(b, !leg || leg->state == BOARD_ARRIVED, "once: refused what was answered");
    if (!leg)
        return;
    leg->state = BOARD_OVER;
    leg->status = status;
}

static inline bool board_is_there(void *arg, uint64_t aor)
{
    const struct board *b = arg;
    return aor && aor <= 64 && !(b->away >> (aor - 1) & 1);
}

static inline void board_keep(char *to, size_t max, struct text t)
{
    size_t n = t.n < max ? t.n : max - 1;
    if (n)
        memcpy(to, t.p, n);
    to[n] = '\0';
}

static inline uint64_t board_call(void *arg, const struct phone_call *call)
{
    struct board *b = arg;
    if (!board_is_there(b, call->aor))
        return 0;
    for (size_t i = 0; i < b->n; i++)
        board_must(b, b->legs[i].state == BOARD_OVER || b->legs[i].aor != call->aor,
                   "busy: rang a telephone that is on a line with us");
    if (call->near_id) /* else for nobody: a word of ours */
        board_asked(b, call->near_id, "over: rang for a caller who is gone");
    struct board_leg *leg = board_new(b, call->aor, true);
    leg->near_id = call->near_id;
    board_keep(leg->number, sizeof(leg->number), call->number);
    board_keep(leg->name, sizeof(leg->name), call->name);
    return leg->id;
}

/* By an operator: no telephone of ours, so any number of them rings. */
static inline uint64_t board_dial(void *arg, const struct phone_dial *dial)
{
    struct board *b = arg;
    if (dial->near_id)
        board_asked(b, dial->near_id, "over: dialled for a caller who is gone");
    struct board_leg *leg = board_new(b, 0, true);
    leg->near_id = dial->near_id;
    board_keep(leg->number, sizeof(leg->number), dial->number);
    board_keep(leg->name, sizeof(leg->name), dial->name);
    return leg->id;
}

static inline uint32_t board_sound(void *arg, uint64_t id, const struct phone_sound *sound)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: a sound for a leg that is over");
    if (!leg)
        return 0;
    bool is_bridge = sound->then == MEDIA_BRIDGE;
    board_must(b, leg->state == BOARD_UP, "early: a sound for a leg that is not up");
    if (is_bridge)
        board_asked(b, sound->peer_id, "over: a bridge to a leg that is over");
    leg->sound = *sound;
    leg->is_playing = sound->n > 0;
    return ++leg->list;
}

static inline void board_open(struct board *b, uint64_t first_id)
{
    memset(b, 0, sizeof(*b));
    b->first_id = first_id;
    b->port = (struct phone_port){.arg = b,
                                  .answer = board_answer,
                                  .refuse = board_refuse,
                                  .call = board_call,
                                  .dial = board_dial,
                                  .sound = board_sound,
                                  .hang_up = board_hang_up,
                                  .is_there = board_is_there};
}

static inline void board_drop(struct board *b)
{
    free(b->legs);
}

/* What plays now, or played last. */
static inline bool board_plays(const struct board_leg *leg, uint16_t id)
{
    for (unsigned i = 0; i < leg->sound.n; i++)
        if (leg->sound.ids[i] == id)
            return true;
    return false;
}

/* The last leg of this telephone that is not over; NULL: it is free. */
static inline struct board_leg *board_of(struct board *b, uint64_t aor)
{
    for (size_t i = b->n; aor && i-- > 0;)
        if (b->legs[i].aor == aor && b->legs[i].state != BOARD_OVER)
            return &b->legs[i];
    return NULL;
}

#endif
