/* cast_state.h — what the files of the cast share. Nobody else includes it. */
#ifndef SIM_CAST_STATE_H
#define SIM_CAST_STATE_H

#include <string.h>

#include "base/prng.h"
#include "sim/cast.h"

#define SECOND ((ms_t)1000)
#define MINUTE (60 * SECOND)
#define CAST_TRUNK 1             /* the access by which the router calls */
#define CAST_CHANNELS 12u        /* that are left on it */
#define CAST_REFERENCES 10000000 /* 7 digits */

/* One call of somebody, as it is written. Instants from the beginning of the hour. */
struct visit_script {
    enum cast_who who;
    ms_t at_ms, menu_ms, talk_ms;
    ms_t wish_ms;   /* asks to be called back after so long in the queue; 0: stays */
    ms_t leaves_ms; /* hangs up after so long in the queue; 0: stays until somebody answers */
    uint8_t service;
    uint64_t needs;
    uint32_t portfolio;
    uint8_t machines_n; /* so many attempts meet an answering machine first */
};

enum visit_state {
    VISIT_TO_COME,
    VISIT_DIALLED,
    VISIT_MENU,
    VISIT_WAITS,
    VISIT_WISHES, /* promised, and the words of it are not heard yet */
    VISIT_LEAVES,
    VISIT_AWAITS, /* has hung up, is to be called */
    VISIT_READ,   /* an agent is kept, and reads the card */
    VISIT_ASKED,  /* … has asked the house to dial */
    VISIT_RINGS,  /* their telephone rings */
    VISIT_MACHINE,
    VISIT_WHO, /* somebody has answered: who? */
    VISIT_TALKS,
    VISIT_OVER
};

enum visit_deed {
    DO_NOTHING,
    DO_DIAL,
    DO_ASK,
    DO_WISH,
    DO_HANG_UP,
    DO_MEDIA_CALLER,
    DO_MEDIA_AGENT,
    DO_FINISH,
    DO_ADVANCE,
    DO_PICK_UP,
    DO_MACHINE,
    DO_CONFIRM
};

struct visit {
    enum visit_state state;
    enum visit_deed deed;
    ms_t deed_at;
    uint64_t call_id, contact_id, offer_id;
    unsigned given_n, attempts_n;
    bool is_noted, is_back; /* promised; spoken with by our call */
};

enum staff_deed {
    STAFF_NOTHING,
    STAFF_SET,
    STAFF_SIGN_IN,
    STAFF_PAUSE,
    STAFF_READY,
    STAFF_CONFIRM
};

struct staff_script {
    const char *skill; /* in words, for who reads this table */
    ms_t back_ms;      /* comes back from the desk */
    uint64_t skills;
    uint32_t portfolio;
    uint8_t services[3], services_n;
};

struct staff {
    enum staff_deed deed;
    ms_t deed_at;
    uint64_t offer_id;
};

struct flood_line {
    uint64_t leg_id, call_id;
    ms_t at; /* of what comes next: told that it cannot be taken, or hangs up; 0: nothing yet */
    bool is_told;
};

struct flood {
    ms_t begins_at;
    unsigned calls_n, shed_n;
    struct flood_line lines[CAST_CHANNELS];
    bool is_shed_told;
};

struct cast {
    struct cast_args args;
    const struct acd *acd; /* borrowed */
    struct gate *gate;     /* over gate_memory */
    struct prng chance;
    uint64_t persons[CAST_N];
    struct visit visits[CAST_VISITS_N];
    struct staff staff[CAST_STAFF_N];
    struct flood flood;
    struct cast_note notes[CAST_NOTES_MAX];
    unsigned notes_n;
};

/* cast_script.c */
extern const struct visit_script cast_visits[CAST_VISITS_N];
extern const struct staff_script cast_staff[CAST_STAFF_N];
#define CAST_FLOOD_MS (40 * MINUTE)
bool cast_is_shared(enum cast_who who);

/* cast_back.c: an agent of whatever kind calls somebody of the cast. */
bool cast_back_due(struct cast *c, struct visit *v, ms_t now_at, struct command *cmd);
bool cast_back_effect(struct cast *c, const struct effect *e, ms_t now_at);
/* May this number be called, or dialled now? The real gate answers. */
enum gate_verdict cast_gate(struct cast *c, const struct visit *v, enum gate_kind kind,
                            ms_t now_at);
void cast_plan(struct visit *v, enum visit_state state, enum visit_deed deed, ms_t at);
void cast_speaks(struct cast *c, struct visit *v, uint64_t offer_id, ms_t now_at);

/* cast_staff.c: the agents of the cast. */
void staff_begin(struct cast *c);
ms_t staff_next_at(const struct cast *c);
bool staff_due(struct cast *c, ms_t now_at, struct command *cmd);
void staff_sees(struct cast *c, const struct effect *e, ms_t now_at);

/* cast_flood.c: the router, and the door that it knocks at. */
ms_t flood_next_at(const struct cast *c);
bool flood_due(struct cast *c, ms_t now_at, struct command *cmd);
bool flood_effect(struct cast *c, const struct effect *e, ms_t now_at);
bool flood_is_over(const struct cast *c);

#endif
