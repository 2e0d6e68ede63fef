/* trials.h — a real call by one access to an operator, to see whether it carries calls: asked for
 * by an administrator, or made by the house after a change of its settings (design §9, rule 12;
 * ADR 49). Used by cli/serve_trials.c on the main thread. Its calls are no contacts and in no
 * figure, for they are no arrivals; the gate counts them with the telephones that an administrator
 * wrote down. Cost: O(accesses) a turn, nothing while none is under way. */
#ifndef APP_TRIALS_H
#define APP_TRIALS_H

#include "directory/directory.h"
#include "gate/gate.h"
#include "port/phone.h"
#include "port/trials.h"

/* A name is being resolved, or a channel taken: tried again so often, so long. */
#define TRIALS_AGAIN_MS ((ms_t)500)
#define TRIALS_UNSENT_MS ((ms_t)4000)
/* OPTIONS are asked anew after a change; it is told to be down after two seconds of silence. */
#define TRIALS_LINK_MS ((ms_t)3000)

enum trials_link { TRIALS_LINK_UNKNOWN, TRIALS_LINK_UP, TRIALS_LINK_DOWN };

struct trials_args {
    const struct phone_port *phone; /* borrowed */
    struct gate *gate;              /* borrowed */
    /* Rows of the gate go to the writer. False: it takes none, so nothing is dialled. */
    bool (*note)(void *arg);
    /* Does this access answer OPTIONS? */
    enum trials_link (*link)(void *arg, uint32_t trunk_id);
    /* One is over. */
    void (*over)(void *arg, const struct trial *trial);
    void *arg;
};

/* A call under way. */
struct trials_call {
    uint64_t leg_id; /* 0: none yet */
    ms_t again_at, until_at;
    struct gate_call asked;
    bool has_rung;
    char dialled[TRIALS_DIALLED_MAX];
};

struct trials {
    struct trials_args args;
    const struct directory *directory; /* borrowed */
    struct trials_board board;
    struct trials_call calls[TRIALS_MAX];
    struct {
        uint32_t version; /* of the change that is judged; 0: none */
        ms_t link_at;
    } judged;
    uint64_t turn; /* up with each change of the board */
    ms_t now_at, wall_at;
};

void trials_open(struct trials *t, const struct trials_args *args);
/* Before each of the others: this turn's instants, and the directory in force. */
void trials_time(struct trials *t, const struct directory *d, ms_t now_at, ms_t wall_at);
/* One call. Nothing happens when one by this access is under way, or there is none of that id. */
void trials_ask(struct trials *t, const struct trial_wish *wish);
/* A report of the telephone. True: it was about a call of this kind, and about no other. */
bool trials_hears(struct trials *t, const struct phone_report *report);
void trials_run(struct trials *t);
ms_t trials_next_at(const struct trials *t);
/* The end of the process: what rings is let go. */
void trials_cut(struct trials *t);

/* Did the access carry it? Who is busy, away or declines was reached. */
bool trial_is_good(const struct trial *trial);

/* A change is about to be put in force: what worked so far is remembered. */
void trials_before_change(struct trials *t);
/* It is in force, as this version: each access with a number of its own is called. False: there is
 * none, so nothing is judged. */
bool trials_judge(struct trials *t, uint32_t version, uint64_t by_id);
enum trials_verdict { TRIALS_WAIT, TRIALS_WELL, TRIALS_WORSE };
/* Of that change; WELL and WORSE end it. WORSE: what worked before no longer does. */
enum trials_verdict trials_verdict(struct trials *t);
/* What was worse is as it was. */
void trials_undone(struct trials *t, uint32_t version);
/* Accesses as files have them: do calls go another way? */
bool trials_differ(const struct directory *a, const struct directory *b);

#endif
