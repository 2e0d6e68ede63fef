/* deeds.h — who asked for what stands by hand, and who called for help from a conversation: what
 * screens say beside the state of the heart, which keeps no names. Filled by app/deeds.c from the
 * journal, so that it is the same after a restart. Read by view/board_*.c. */
#ifndef VIEW_DEEDS_H
#define VIEW_DEEDS_H

#include "event/event.h"

/* Sites for whose people help is asked for in one queue, at most. */
#define VIEW_HELPS_MAX 8
/* Alerts of agents that are remembered, the newest. */
#define VIEW_ALERTS_MAX 32
/* Conversations that somebody listens to at once, as screens show them; others are in the journal
 * alone. */
#define VIEW_LISTENS_MAX 64

/* by_id: an account; 0: a program, or the command line. */
struct view_queue_deeds {
    uint32_t queue_id; /* 0: nothing was asked */
    uint32_t helps_n;
    ms_t shut_at;
    uint64_t shut_by_id;
    struct {
        uint32_t site_id;
        uint64_t by_id;
    } helps[VIEW_HELPS_MAX];
};

struct view_agent_deeds {
    uint32_t agent_id; /* 0: nothing was asked */
    uint64_t moved_by_id;
};

/* An agent called for somebody. */
struct view_alert {
    uint64_t id, call_id; /* id: of the event */
    uint32_t agent_id;
    uint32_t listener_id; /* who came; 0: nobody yet */
    ms_t at;
};

/* Somebody listens to the conversation of an agent. */
struct view_listen {
    uint64_t call_id; /* 0: nothing stands in this place */
    uint32_t listener_id;
    enum listening mode;
    bool by_alert;
};

/* Who said « Vu » first, and when; at 0: nobody. */
struct view_seen {
    uint64_t by_id;
    ms_t at;
};

struct view_deeds {
    const struct view_queue_deeds *queues; /* by slot of acd/look.h */
    const struct view_agent_deeds *agents; /* the same */
    const struct view_alert *alerts;       /* the newest is at (alerts_n − 1) % VIEW_ALERTS_MAX */
    uint64_t alerts_n;                     /* so far */
    const struct view_seen *seen;          /* of alerts, in their places; NULL: not known */
    const struct view_seen *alarms_seen;   /* by enum view_alarm; the same */
    const struct view_listen *listens;     /* VIEW_LISTENS_MAX places; NULL: not known */
};

/* Who listens to this call; NULL: nobody. */
static inline const struct view_listen *view_listen_of(const struct view_deeds *d, uint64_t call_id)
{
    for (unsigned i = 0; d->listens && call_id && i < VIEW_LISTENS_MAX; i++)
        if (d->listens[i].call_id == call_id)
            return &d->listens[i];
    return NULL;
}

/* Names of accounts, as screens show them. */
struct view_accounts {
    void *arg;
    /* "" when there is none (any more); good until the next question. */
    const char *(*name)(void *arg, uint64_t account_id);
};

#endif
