/* switchboard.h — a telephone service of a test's own behind port/phone.h: it keeps what each leg
 * was asked for, and judges it: nothing may be asked of a leg that was hung up, refused or has
 * ended, nothing twice that happens once. What is wrong stands in `broken`. */
#ifndef TEST_SUPPORT_SWITCHBOARD_H
#define TEST_SUPPORT_SWITCHBOARD_H

#include "test/support/switchboard_legs.h"

/* Where the operator carries it: the leg comes up without an answer. */
static inline bool board_early(void *arg, uint64_t id)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: sound for a leg that is over");
    board_must(b, !leg || leg->state == BOARD_ARRIVED, "once: early sound of what was answered");
    if (!leg || !b->carries_early)
        return false;
    leg->state = BOARD_ANSWERED;
    leg->is_early = true;
    return true;
}

static inline void board_answer(void *arg, uint64_t id)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: answered a leg that is over");
    bool may_be = !leg || leg->state == BOARD_ARRIVED || leg->is_early;
    board_must(b, may_be, "once: answered twice, or a leg of ours");
    if (leg && leg->state == BOARD_ARRIVED)
        leg->state = BOARD_ANSWERED;
    if (leg)
        leg->is_early = false;
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

static inline void board_tap(void *arg, uint64_t leg_id, struct media_tap tap)
{
    struct board_leg *leg = board_leg(arg, leg_id);
    if (leg)
        leg->tap = tap;
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
    board_keep(leg->caller, sizeof(leg->caller), dial->caller);
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
    for (unsigned i = 0; sound->then == MEDIA_MIX && i < MEDIA_HEARS_MAX; i++)
        if (sound->hears_ids[i])
            board_asked(b, sound->hears_ids[i], "over: mixed with a leg that is over");
    leg->sound = *sound;
    leg->is_playing = sound->n > 0;
    return ++leg->list;
}

static inline enum phone_look board_look(void *arg, uint64_t id)
{
    const struct board_leg *leg = board_leg(arg, id);
    if (!leg || leg->state == BOARD_OVER)
        return PHONE_LOOK_NONE;
    return leg->state == BOARD_UP ? PHONE_LOOK_UP : PHONE_LOOK_RINGS;
}

/* Once for each transfer that was asked for. */
static inline void board_referred(void *arg, uint64_t id, uint16_t status)
{
    struct board *b = arg;
    struct board_leg *leg = board_asked(b, id, "over: told a leg that is over of its transfer");
    board_must(b, leg && leg->is_referred, "once: told of a transfer that nobody wished for");
    if (!leg)
        return;
    leg->is_referred = false;
    leg->told_status = status;
}

static inline uint32_t board_first_trunk(void *arg)
{
    return ((const struct board *)arg)->first_trunk;
}

static inline void board_open(struct board *b, uint64_t first_id)
{
    memset(b, 0, sizeof(*b));
    b->first_id = first_id;
    b->port = (struct phone_port){.arg = b,
                                  .answer = board_answer,
                                  .early = board_early,
                                  .refuse = board_refuse,
                                  .call = board_call,
                                  .dial = board_dial,
                                  .first_trunk = board_first_trunk,
                                  .sound = board_sound,
                                  .referred = board_referred,
                                  .hang_up = board_hang_up,
                                  .tap = board_tap,
                                  .look = board_look,
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
