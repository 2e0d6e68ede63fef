/* state.h — inside the gate: the rows and what a call claims of them. Included by src/gate/ only.
 */
#ifndef GATE_STATE_H
#define GATE_STATE_H

#include "base/map.h"
#include "gate/gate.h"

/* What a row is about. The numbers are kept in the store: never given another meaning. */
enum gate_scope {
    SCOPE_PURSE = 1,
    SCOPE_TRUNK = 2,
    SCOPE_AGENT = 3,
    SCOPE_RANGE = 4,  /* of one kind */
    SCOPE_NUMBER = 5, /* of one kind */
    SCOPE_WISH = 6,   /* its count is of no day */
};

/* One cap that a call must pass, and is counted in. UINT32_MAX, UINT64_MAX: none. */
struct claim {
    uint64_t value, cost_max;
    uint32_t calls_max, open_max;
    enum gate_verdict calls_no, cost_no;
    uint8_t scope;
    bool opens; /* a wish, until it is settled */
};

#define CLAIMS_MAX 6
struct claims {
    struct claim of[CLAIMS_MAX];
    unsigned n;
    uint64_t cost;
};

struct slot {
    struct gate_row row;
    uint32_t next; /* free, or changed */
    uint16_t knocks_n;
    bool is_changed;
};

struct gate {
    struct settings_gate rules;
    struct settings_price prices;
    struct siphash_key key;
    struct slot *slots; /* borrowed from the arena */
    struct map map;
    uint32_t rows_max, used, free, rows_n;
    uint32_t changed_first, changed_last;
    uint32_t refused_n[GATE_VERDICTS];
    uint32_t hits_n, reached;
    calendar_day day;
    bool purges; /* a day has begun: the rows of those before go */
};

/* rules.c: what is asked, without any count. */
enum gate_verdict rules_judge(const struct gate *g, const struct gate_call *call);
uint64_t rules_cost(const struct settings_gate *rules, const struct settings_price *prices,
                    const struct gate_call *call);
/* claims.c: the caps that it must pass. */
void claims_of(struct claims *to, const struct gate *g, const struct gate_call *call);
/* Of one purse: what calls_max and cost_max are. */
void claims_purse(struct claim *to, const struct settings_gate *rules, enum gate_purse purse);

/* state.c */
/* The slot of it, or SLOT_NONE. */
uint32_t state_find(const struct gate *g, const struct claim *c);
/* The same; it is made when it is not there. There must be room. */
uint32_t state_make(struct gate *g, const struct claim *c);
uint32_t state_room_n(const struct gate *g);
void state_touch(struct gate *g, uint32_t slot);
/* It is this day: counts of others are forgotten, once. */
void state_roll(struct gate *g, calendar_day day);

#endif
