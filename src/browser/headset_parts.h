/* headset_parts.h — what headset.c and headset_port.c share. Included by browser/ only. */
#ifndef BROWSER_HEADSET_PARTS_H
#define BROWSER_HEADSET_PARTS_H

#include "base/map.h"
#include "browser/headset.h"

struct headset {
    uint32_t agent_id; /* 0: a free place */
    uint64_t session_id, page_id;
    struct media_ref ref;
    enum browser_state session;
    bool is_lost; /* nothing has come for MEDIA_LOST_MS */
    bool tells_ring;
    enum headset_state state;
    uint64_t leg_id; /* 0: none */
    struct media_want does;
    ms_t lost_at, away_at; /* told then, unless it is back; MS_NEVER */
};

struct headsets {
    struct headset_args args;
    struct headset_behind behind;
    struct browsers *browsers; /* owned */
    struct headset *all;       /* owned: args.sessions_max */
    void *memory;              /* owned: of streams */
    struct map streams;        /* its place */
    uint32_t legs_n;
    bool has_more; /* the engine may have more to say */
    ms_t browsers_at, next_at;
};

/* headset.c */
void headset_happens(struct headsets *h, struct headset *x, enum headset_event event);
/* Sound flows both ways, as far as is known. */
bool headset_is_there(const struct headset *x);
struct headset *headset_of_agent(struct headsets *h, uint64_t agent_id);
struct headset *headset_of_leg(struct headsets *h, uint64_t leg_id);
/* Its stream does what x->does says. False: it cannot. */
bool headset_put(struct headsets *h, struct headset *x);
/* What it hears while nobody is there: nothing, its ring, itself. */
void headset_hear(struct headsets *h, struct headset *x, enum media_then then);
/* headset_port.c: a report about a session's sound. */
void headset_take(struct headsets *h, struct headset *x, const struct media_report *r);
/* headset.c: it is silent, or back. */
void headset_silent(struct headsets *h, struct headset *x);
void headset_back(struct headsets *h, struct headset *x);
struct headset *headset_of_stream(struct headsets *h, struct media_ref ref);

#endif
