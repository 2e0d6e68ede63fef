/* parts.h — what the files of robot/ share. Included by src/robot/ only. */
#ifndef ROBOT_PARTS_H
#define ROBOT_PARTS_H

#include "base/heap.h"
#include "base/map.h"
#include "base/prng.h"
#include "robot/robot.h"

/* A line registers first. */
#define ROBOT_SIGN_FIRST_MS ((ms_t)500)

enum caller_state {
    CALLER_FREE,
    CALLER_DIALLED,
    CALLER_UP,
};

struct caller {
    uint64_t leg_id;
    ms_t placed_at, up_at, keys_at, quiet_at, unheard_at, hang_at; /* MS_NEVER: not */
    uint32_t next_free;
    enum caller_state state;
    bool is_heard;
};

enum agent_state {
    AGENT_AWAY,    /* signs in at its time */
    AGENT_SIGNING, /* dials the code for it */
    AGENT_CODE,    /* has pressed the code, hears the answer */
    AGENT_RISING,  /* dials the one for ready */
    AGENT_LISTENS, /* hears that it is ready */
    AGENT_READY,
    AGENT_RINGING,
    AGENT_TALKING,
    AGENT_LEAVING, /* dials the last one */
    AGENT_LEAVES,  /* hears the answer */
    AGENT_GONE,
    AGENT_DEAD, /* its telephone lies about */
    AGENT_FAILED,
};

struct agent {
    uint64_t leg_id;
    enum agent_state state;
    uint8_t tries_n;
    bool is_keyed, was_ready;
};

struct robot {
    struct robot_args args;
    struct phone_port phone;
    struct caller *callers; /* borrowed from the arena, as those below */
    struct agent *agents;
    struct map legs;    /* leg → item */
    struct heap timers; /* items: callers, then agents */
    uint32_t free, used, n, ups_n, weights_n;
    struct prng chance;
    ms_t now_at, begun_at; /* begun_at: MS_NEVER: not yet */
    bool is_stopped;
    struct robot_stats stats;
};

/* robot.c */
void robot_set_timer(struct robot *r, uint32_t item, ms_t at);
void robot_say(struct robot *r, uint64_t leg_id, enum media_then then);

/* caller.c */
void robot_caller_place(struct robot *r);
void robot_caller_report(struct robot *r, struct caller *c, const struct phone_report *report);
void robot_caller_due(struct robot *r, struct caller *c);
void robot_caller_hang_up(struct robot *r, struct caller *c);

/* agent.c */
void robot_agent_arrived(struct robot *r, const struct phone_report *report);
void robot_agent_report(struct robot *r, struct agent *a, const struct phone_report *report);
void robot_agent_due(struct robot *r, struct agent *a);
void robot_agent_sign_out(struct robot *r, struct agent *a);

#endif
