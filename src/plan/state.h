/* state.h — what the files of plan/world share. Nobody else includes it.
 * One timer per caller (its next deed), two per agent (its phone, its day), a few for the world. */
#ifndef PLAN_STATE_H
#define PLAN_STATE_H

#include "base/arena.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/prng.h"
#include "plan/world.h"

#define MINUTE_MS ((ms_t)60 * 1000)
#define DAY_MS (DAY_MINUTES * MINUTE_MS)
#define PLAN_SKILL_LANGUAGE ((uint64_t)1 << 40)
#define PLAN_PRIORITY 1 /* the class of priority callers */

enum caller_state {
    CALLER_FREE,
    CALLER_DIALLED, /* rings; the house has not taken the line */
    CALLER_MENU,
    CALLER_ASKED, /* waits for a person, patience running */
    CALLER_TALKING,
    CALLER_LEAVING,  /* hangs up in a moment */
    CALLER_AWAY,     /* will call again */
    CALLER_PROMISED, /* we call back */
    CALLER_STATES
};

/* The next deed of a caller in its state. */
enum caller_deed {
    DEED_RING_OUT, /* nobody took the line */
    DEED_ASK,
    DEED_HANG_UP,
    DEED_INFORMED,
    DEED_ASK_PLACE,
    DEED_MEDIA_CALLER,
    DEED_MEDIA_AGENT,
    DEED_FINISH, /* the agent ends the conversation */
    DEED_DIAL,
    DEED_PROMISE, /* presses the key to be called back */
    DEED_CANCEL,  /* was answered by calling again: needs no callback any more */
    DEED_N
};

struct caller {
    uint64_t person_id, leg_id, call_id, offer_id, needs;
    uint64_t contact_id; /* of the promise; of who calls again: of the promise made before */
    ms_t asked_at;
    ms_t patience_at; /* gives up then */
    ms_t talk_ms;
    uint32_t site, free_next;
    uint8_t state, deed, service, calls_n, priority;
    uint8_t ended_by;   /* of DEED_HANG_UP: enum ended_by */
    uint8_t attempts_n; /* we called, in vain */
    bool is_robot, is_written, is_served, talk_ends_by_caller;
    bool was_offered; /* a callback */
    bool is_promised; /* one, and has heard so */
    bool calls_again; /* though promised one */
};

enum phone_deed {
    PHONE_NOTHING,
    PHONE_CONFIRM,
    PHONE_SIGN_IN,
    PHONE_READY,
    PHONE_CALL,    /* has read the card: their telephone rings */
    PHONE_ANSWER,  /* somebody has taken it up */
    PHONE_TAKEN,   /* a machine has */
    PHONE_MACHINE, /* has left a message */
    PHONE_NOBODY,
    PHONE_ALONE, /* speaks with nobody: they were answered elsewhere meanwhile */
};

struct agent {
    uint64_t ringing;    /* offer_id, 0: none */
    uint64_t contact_id; /* whom it calls back; 0: nobody */
    ms_t shift_from_at, shift_to_at, stagger_ms;
    uint32_t id, site;
    uint8_t group, span, step; /* of the day's plan */
    uint8_t phone;             /* enum phone_deed */
    uint8_t state;             /* enum agent_state, as last told */
    bool is_here, is_paused, has_language;
};

#define WORLD_GHOSTS_MAX 8192 /* more would need as many lines taken within an instant */

enum world_item {
    WORLD_SETUP, /* queues, agents: one command after another */
    WORLD_HOURS, /* openings and closings as published */
    WORLD_DAY,   /* midnight: who comes today */
    WORLD_DAY_CLOSE,
    WORLD_ARRIVAL,
    WORLD_ROBOT,
    WORLD_DEATH,   /* of a line */
    WORLD_CLOSING, /* by a person */
    WORLD_GHOST,   /* a line taken after its caller had gone: it hangs up at once */
    WORLD_ITEMS
};

struct plan_world {
    struct plan_world_args args;
    struct prng callbacks;
    struct prng arrivals, people, staff; /* streams of their own: more agents, the same callers */
    struct map promised;                 /* contact → caller */
    struct prng_law answer;
    struct prng_law patience, menu, pick_up, wrap_up, handle[PLAN_SERVICES_MAX];
    struct caller *callers;
    struct agent *agents;
    struct heap timers; /* callers, then agents' phones, then agents' days, then WORLD_ITEMS */
    uint32_t callers_max, agents_n, caller_free, callers_n; /* callers_n: slots ever used */
    uint64_t legs_n, shared_seed;
    uint32_t setup_next, hours_next;
    ms_t hours_at, arrival_us;
    uint32_t closed_service; /* by a person; SLOT_NONE: none */
    uint32_t ghosts_first, ghosts_n;
    uint64_t ghosts[WORLD_GHOSTS_MAX]; /* calls to hang up */
    struct plan_world_counts counts;
};

static inline uint32_t item_of_phone(const struct plan_world *w, uint32_t agent)
{
    return w->callers_max + agent;
}

static inline uint32_t item_of_day(const struct plan_world *w, uint32_t agent)
{
    return w->callers_max + w->agents_n + agent;
}

static inline uint32_t item_of_world(const struct plan_world *w, enum world_item item)
{
    return w->callers_max + 2 * w->agents_n + (uint32_t)item;
}

/* caller.c */
void caller_born(struct plan_world *w, ms_t now_at, bool is_robot);
bool caller_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd);
void caller_effect(struct plan_world *w, const struct effect *e, ms_t now_at);
/* The next ghost hangs up. */
bool ghost_due(struct plan_world *w, ms_t now_at, struct command *cmd);
void caller_crash(struct plan_world *w, ms_t now_at, ms_t back_at);

/* caller.c, for callback.c */
void caller_enter(struct plan_world *w, struct caller *c, enum caller_state state);
void caller_plan(struct plan_world *w, struct caller *c, enum caller_deed deed, ms_t at);
void caller_leave(struct plan_world *w, struct caller *c);
void caller_speaks(struct plan_world *w, struct caller *c, uint64_t offer_id, ms_t now_at);
/* Somebody with the same wish as c, who dials at at; NULL: there is no room. */
struct caller *caller_again(struct plan_world *w, const struct caller *c, ms_t at);

/* callback.c */
struct command callback_settings(const struct plan_world *w, uint32_t service);
void callback_offered(struct plan_world *w, struct caller *c, const struct effect *e, ms_t now_at);
bool callback_press(struct plan_world *w, struct caller *c, struct command *cmd);
void callback_noted(struct plan_world *w, struct caller *c, const struct effect *e, ms_t now_at);
bool callback_cancel(struct plan_world *w, struct caller *c, struct command *cmd);
/* The leg is over, the promise stands. */
void callback_waits(struct plan_world *w, struct caller *c);
/* Whom we spoke with, or whom nobody calls any more. */
void callback_over(struct plan_world *w, struct caller *c);
/* What an attempt meets, and when; and the next deed of the agent. */
enum phone_deed callback_meets(struct plan_world *w, uint64_t contact_id, ms_t *after_ms);
void callback_missed(struct plan_world *w, uint64_t contact_id);
/* They speak; or the conversation was cut. */
bool callback_joined(struct plan_world *w, const struct effect *e, ms_t now_at);
void callback_cut(struct plan_world *w, uint64_t contact_id, uint64_t offer_id);

/* staff.c */
void staff_day(struct plan_world *w, ms_t midnight_at, unsigned weekday, ms_t now_at);
bool staff_phone_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd);
bool staff_day_due(struct plan_world *w, uint32_t i, ms_t now_at, struct command *cmd);
bool staff_death(struct plan_world *w, ms_t now_at, struct command *cmd);
/* Nobody speaks with this agent. */
void staff_alone(struct plan_world *w, const struct effect *join, ms_t now_at);
void staff_effect(struct plan_world *w, const struct effect *e, ms_t now_at);
void staff_crash(struct plan_world *w, ms_t back_at);
void staff_setup(const struct plan_world *w, uint32_t i, struct command *cmd);

/* hours.c: the published week around an instant. */
struct day_place {
    ms_t midnight_at;
    unsigned weekday;
    ms_t since_ms; /* midnight */
};
struct day_place day_of(const struct plan_world *w, ms_t at);
/* The end of the opening that holds this instant, 0 when closed. */
ms_t hours_closes_at(const struct plan_world *w, ms_t at);
/* The next instant > at at which an opening begins or ends; MS_NEVER in a week without any. */
ms_t hours_change_after(const struct plan_world *w, ms_t at);
/* The next fresh call after w->arrival_us, in µs; MS_NEVER past until_at. */
ms_t arrival_next_us(struct plan_world *w);

#endif
