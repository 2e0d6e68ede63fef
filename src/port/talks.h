/* talks.h — how far an agent's conversation is: whom they called in addition, and whether that one
 * rings, speaks, or is gone. Written by app/line_desk.c on the main thread, read by the reader for
 * the pages of those agents; nothing of it is in the journal. A place an agent, never removed. The
 * value names the offer that it is about: of another one it says nothing. Cost: one or two cache
 * lines a look. */
#ifndef PORT_TALKS_H
#define PORT_TALKS_H

#include <stdatomic.h>

#include "base/types.h"

/* Places; half of them may be used. Who finds none has conversations that show no third. */
#define TALKS_PLACES 65536u
#define TALKS_OFFER_BITS 24

enum talk_shown {
    TALK_SHOWN_ALONE,      /* with the person, nobody else */
    TALK_SHOWN_RINGS,      /* at whom they called in addition; the person hears music */
    TALK_SHOWN_RINGS_PASS, /* … and who called goes to them when they answer */
    TALK_SHOWN_RINGS_THREE,
    TALK_SHOWN_CONSULT,    /* speaks with that one; the person hears music */
    TALK_SHOWN_THREE,      /* all three hear each other */
    TALK_SHOWN_UNANSWERED, /* alone again: that one did not answer */
    TALK_SHOWN_LEFT,       /* alone again: that one hung up */
    TALK_SHOWN_LISTEN,     /* of a supervisor, agent_id: whose call; their telephone rings for it */
    TALK_SHOWNS
};

struct talk_third {
    enum talk_shown shown;
    uint32_t agent_id; /* a colleague; 0: somebody outside */
    bool is_interpreter;
};

struct talks_board {
    _Atomic uint32_t agents[TALKS_PLACES];
    _Atomic uint64_t values[TALKS_PLACES]; /* offer, agent, interpreter, shown */
    _Atomic uint64_t turn;                 /* changes */
    uint32_t used_n;                       /* the writer's */
};

/* Where this agent is, or would be; TALKS_PLACES: nowhere. */
static inline uint32_t talks_find(const struct talks_board *b, uint32_t agent_id)
{
    uint32_t at = agent_id * 2654435769u % TALKS_PLACES;
    for (uint32_t i = 0; i < TALKS_PLACES; i++, at = (at + 1) % TALKS_PLACES) {
        uint32_t there = atomic_load_explicit(&b->agents[at], memory_order_acquire);
        if (!there || there == agent_id)
            return at;
    }
    return TALKS_PLACES;
}

/* 0: nothing was ever shown. Another value: something has changed. */
static inline uint64_t talks_value(const struct talks_board *b, uint32_t agent_id)
{
    uint32_t at = b && agent_id ? talks_find(b, agent_id) : TALKS_PLACES;
    return at == TALKS_PLACES ? 0 : atomic_load_explicit(&b->values[at], memory_order_acquire);
}

static inline struct talk_third talks_look(const struct talks_board *b, uint32_t agent_id,
                                           uint64_t offer_id)
{
    uint64_t value = talks_value(b, agent_id);
    uint64_t about = offer_id & ((UINT64_C(1) << TALKS_OFFER_BITS) - 1);
    if (!offer_id || value >> (64 - TALKS_OFFER_BITS) != about)
        return (struct talk_third){.shown = TALK_SHOWN_ALONE};
    return (struct talk_third){.shown = (enum talk_shown)(value & 0x7f),
                               .agent_id = (uint32_t)(value >> 8),
                               .is_interpreter = (value & 0x80) != 0};
}

static inline void talks_put(struct talks_board *b, uint32_t agent_id, uint64_t offer_id,
                             const struct talk_third *third)
{
    uint32_t at = b && agent_id ? talks_find(b, agent_id) : TALKS_PLACES;
    if (at == TALKS_PLACES)
        return;
    bool is_new = !atomic_load_explicit(&b->agents[at], memory_order_relaxed);
    if (is_new && b->used_n == TALKS_PLACES / 2)
        return;
    b->used_n += is_new;
    uint64_t value = offer_id << (64 - TALKS_OFFER_BITS) | (uint64_t)third->agent_id << 8 |
                     (uint64_t)third->is_interpreter << 7 | (uint64_t)third->shown;
    atomic_store_explicit(&b->values[at], value, memory_order_release);
    atomic_store_explicit(&b->agents[at], agent_id, memory_order_release);
    atomic_fetch_add_explicit(&b->turn, 1, memory_order_release);
}

#endif
