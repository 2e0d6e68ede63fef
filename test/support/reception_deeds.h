/* reception_deeds.h — what people and telephones do at the reception: turns of the loop, callers
 * who arrive, listen, press keys and leave, agents who sign in, pick up and hang up. */
#ifndef TEST_SUPPORT_RECEPTION_DEEDS_H
#define TEST_SUPPORT_RECEPTION_DEEDS_H

#include "acd/ask.h"
#include "test/support/reception_wire.h"

/* ---- whole ways ------------------------------------------------------------------------------ */

static inline void open_queue(struct reception *r, uint32_t queue_id)
{
    reception_do(r, (struct command){.kind = CMD_QUEUE_SET,
                                     .queue_set = {.queue_id = queue_id,
                                                   .offer_ms = 15000,
                                                   .wrap_up_ms = 30000,
                                                   .no_answer_back_ms = 600000,
                                                   .handle_ms = 240000}});
    reception_do(r, (struct command){.kind = CMD_QUEUE_HOURS,
                                     .queue_hours = {.queue_id = queue_id, .hours = HOURS_OPEN}});
}

/* Both queues open; every agent serves both, nobody is signed in. */
static inline void reception_fill(struct reception *r)
{
    reception_start(r);
    open_queue(r, HEALTH);
    open_queue(r, FAMILY);
    for (uint32_t i = 1; i <= PREMISES_AGENTS; i++)
        reception_do(r, (struct command){.kind = CMD_AGENT_SET,
                                         .agent_set = {.agent_id = i,
                                                       .capacity = {1},
                                                       .capacity_n = 1,
                                                       .queue_ids = {HEALTH, FAMILY},
                                                       .queue_ids_n = 2}});
    turn(r);
}

static inline struct reception *reception_open(uint32_t lines_max)
{
    struct reception *r = reception_new(lines_max);
    reception_fill(r);
    return r;
}

static inline void sign_in(struct reception *r, uint32_t agent)
{
    reception_do(r, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {agent}});
    turn(r);
}

static inline void get_ready(struct reception *r, uint32_t agent)
{
    sign_in(r, agent);
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {agent}});
    turn(r);
}

static inline uint64_t in_menu(struct reception *r)
{
    uint64_t id = arrive(r, PUBLIC);
    up(r, id);
    return id;
}

/* A caller who has chosen health and heard the choice. */
static inline uint64_t in_queue(struct reception *r)
{
    uint64_t id = in_menu(r);
    press(r, id, '1');
    hears_all(r, id);
    return id;
}

/* The leg that rings at this agent's telephone; 0: none. */
static inline uint64_t rings_at(struct reception *r, uint64_t aor)
{
    const struct board_leg *l = board_of(&r->board, aor);
    return l && l->state == BOARD_CALLED ? l->id : 0;
}
/* ---- what the journal says --------------------------------------------------------------- */

static inline unsigned events(struct reception *r, enum event_kind kind)
{
    return notebook_count(&r->book, kind, NULL);
}

static inline struct event last(struct reception *r, enum event_kind kind)
{
    struct event ev = {0};
    notebook_count(&r->book, kind, &ev);
    return ev;
}

static inline enum outcome outcome(struct reception *r)
{
    struct event ev = last(r, EV_CALL_OUTCOME);
    return ev.kind == EV_CALL_OUTCOME ? ev.call_outcome.outcome : OUTCOME_NONE;
}

#endif
