/* serve_trials.h — test calls of accesses to operators: between the pages that ask for them, the
 * telephone, and the change of the files that they judge (ADR 49). Included by house_parts.h. */
#ifndef CLI_SERVE_TRIALS_H
#define CLI_SERVE_TRIALS_H

#include <stdatomic.h>

#include "app/trials.h"
#include "base/latest.h"

struct house;
struct files_work;

struct house_trials {
    struct trials all;         /* main's */
    struct trials_port port;   /* the reader's */
    struct latest shown;       /* struct trials_board, from main to the reader */
    uint64_t shown_turn;       /* of all, as last shown */
    struct files_work *judged; /* owned: the change that is being judged; NULL: none */
    _Atomic bool is_judging;   /* meanwhile nothing else may be changed */
    _Atomic bool is_asked;     /* wish is main's; else the reader's */
    struct trial_wish wish;
};

void house_open_trials(struct house *h);
void house_drop_trials(struct house *h);
/* A report of the telephone; true: it was about one of these. */
bool house_trials_hear(struct house *h, const struct phone_report *report);
/* Each turn. */
void house_trials_turn(struct house *h);
ms_t house_trials_next_at(const struct house *h);

/* A reading of the files is about to be put in force, for a change of a page. */
void house_trials_before(struct house *h);
/* It is in force; before: the directory that was. True: it is judged, and the work is ours. */
bool house_trials_judge(struct house *h, struct files_work *w, bool is_another_way);
/* The change that must be undone, given back; NULL: none. */
struct files_work *house_trials_undo(struct house *h);
/* It was read again as it was before, or could not be. */
void house_trials_undone(struct house *h, const struct files_work *w, bool is_undone);
/* The end of the process. */
void house_trials_cut(struct house *h);

#endif
