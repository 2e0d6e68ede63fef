/* lines_life.h — one life of prop/lines: the reception, its twin, what was seen of it, and what
 * happens next. Called by test/prop/lines.c. */
#ifndef TEST_PROP_LINES_LIFE_H
#define TEST_PROP_LINES_LIFE_H

#include "base/prng.h"
#include "test/support/reception_again.h"
#include "test/support/reception_kept.h"

#define LIFE_LEGS_MAX 8192
#define LIFE_EVENTS_MAX 65536
#define LIFE_ASKED_MAX 256

struct life {
    uint64_t seed;
    unsigned step;
    ms_t began_at;
    struct prng chance;
    struct reception *r;
    struct acd *twin;
    size_t folded_n;                          /* events that the twin has */
    size_t committed_seen_n, promised_n;      /* references in what is committed */
    uint8_t outcomes_n[LIFE_EVENTS_MAX];      /* by the id of a call */
    uint8_t rings_n[LIFE_EVENTS_MAX];         /* by the id of an offer */
    bool is_on_line[LIFE_EVENTS_MAX];         /* by the id of a contact */
    uint32_t lists[LIFE_LEGS_MAX];            /* by leg: the last reference heard */
    uint64_t listens_to[PREMISES_AGENTS + 1]; /* the call, as the journal has it; 0: none */
    uint64_t dialled[PREMISES_AGENTS + 1];    /* a paused agent's call of *72; 0: none */
    size_t first_live;                        /* legs before it belong to earlier lives */
    size_t spoken_n, calls_n, gap_n, crashes_n;
    bool keeps; /* calls in course go on after a death, as far as fate wants */
    struct prng fate;
    struct kept kept;
    bool was_behind;    /* commands have waited for the journal */
    bool is_behind;     /* they do now, or it has not taken the last events */
    bool is_busy_house; /* many callers, few agents */
    bool calls_back;    /* who waits may be called back */
    bool is_changed;    /* and somebody changes what was promised */
    bool is_opened;     /* and a machine speaks first, and people ask for no call */
    size_t voices_n;    /* heard then */
    bool is_listed;     /* who calls asked never to be called again */
    size_t listed_from; /* legs before it were begun when it was not so */
    struct prng changes, agrees;
    size_t agreed_from;     /* events before it are of a process that died */
    bool calls_again;       /* few people, who are dropped and call again */
    size_t cuts_n, sorry_n; /* places regained after a cut of ours, committed; so many were told */
    uint32_t sorry_lists[LIFE_LEGS_MAX];
    /* Who calls: asked, answered late, never or twice. */
    struct person_port persons;
    uint64_t asked[LIFE_ASKED_MAX];
    unsigned asked_n;
};

/* What all lives met: a run that never met a crossing proves nothing. */
struct life_met {
    size_t calls_n, gap_n, joined_n, passed_n, threes_n, spoken_n, waited_n, crashes_n, keys_n;
    size_t ears_n, alerts_n, moved_n, resumed_n, promised_n, called_n, changed_n, regained_n,
        sold_n, voices_n, agreed_n;
};

/* Prints the property and the seed; ends. */
_Noreturn void life_fail(const char *why);

void life_open(struct life *l, uint64_t seed);
void life_drop(struct life *l);
/* Takes over what the journal has since the last time. */
void life_fold(struct life *l);
/* One happening. */
void life_step(struct life *l, struct life_met *met);

/* lines_pending.c: what was promised is changed, in some lives. */
const struct never_port *life_never_port(const struct life *l);
void life_never_restore(struct life *l);
void life_change(struct life *l, struct life_met *met);
/* At the end. */
void life_check_agreed(const struct life *l);

#endif
