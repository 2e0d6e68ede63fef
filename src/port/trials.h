/* trials.h — test calls of accesses to operators, as pages ask for them and see what came of each
 * (ADR 49). Asked by src/app/pages_admin_trials.c on the reader thread; cli/serve_trials.c hands
 * them to app/trials.h on the main thread. */
#ifndef PORT_TRIALS_H
#define PORT_TRIALS_H

#include "base/text.h"

/* As many as there may be accesses. */
#define TRIALS_MAX 32
#define TRIALS_DIALLED_MAX 32
/* So long it may ring; then it has rung, or nothing came. */
#define TRIALS_RING_MS ((ms_t)20000)

enum trial_state {
    TRIAL_NONE,     /* none was made yet */
    TRIAL_CALLS,    /* under way: nothing heard so far */
    TRIAL_RINGS,    /* under way: it rings there */
    TRIAL_RANG,     /* to the end, and nobody picked up */
    TRIAL_ANSWERED, /* somebody, or something, picked up */
    TRIAL_REFUSED,  /* by the operator, or there: status */
    TRIAL_SILENT,   /* nothing came back */
    TRIAL_UNSENT,   /* no line could be had: no address known, or no channel free */
    TRIAL_GATED,    /* the house lets nobody call this number: gate */
    TRIAL_STATES
};

/* The last one of an access. */
struct trial {
    uint32_t trunk_id; /* of the directory; 0: no access */
    uint32_t version;  /* of the change that it judges; 0: somebody asked for it */
    uint16_t status;   /* of SIP */
    uint8_t state;     /* enum trial_state */
    bool has_worked;   /* the one before did */
    bool was_up;       /* it answered OPTIONS when the change came */
    bool is_worse;     /* it worked before that change */
    bool is_undone;    /* and so the change was undone */
    int gate;          /* enum gate_verdict */
    ms_t at, took_ms;  /* of the wall; 0: under way */
    uint64_t by_id;    /* an account; 0: the house */
};

static inline bool trial_is_under_way(const struct trial *trial)
{
    return trial->state == TRIAL_CALLS || trial->state == TRIAL_RINGS;
}

struct trials_board {
    struct trial of[TRIALS_MAX];
};

/* dialled as it was typed. */
struct trial_wish {
    uint32_t trunk_id, version;
    uint64_t by_id;
    uint8_t dialled_n;
    char dialled[TRIALS_DIALLED_MAX];
};

struct trials_port {
    void *arg;
    /* False: another wish is on its way; nothing was asked. */
    bool (*ask)(void *arg, const struct trial_wish *wish);
    /* False: no call was made yet. */
    bool (*look)(void *arg, struct trials_board *board);
};

#endif
