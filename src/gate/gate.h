/* gate.h — the one gate for everything that goes out: may this number be dialled, rung or written
 * to, now? Asked by app/ before anything goes out, with what it is for.
 * Closed until a setting opens it; never surcharged, special, satellite or foreign numbers; caps
 * for each number, range of numbers, agent and access to an operator; a budget of each day in calls
 * and in estimated euros; hours for machines (design §9.8). Emergency numbers are refused as a
 * target that a machine sets, and always pass, at once, uncounted, when a person dials them. Pure.
 * Its state is plain rows over given memory, keyed by a keyed hash: no number stands in it. What
 * has changed is taken by gate_changed() and given to the writer before anything is dialled, so
 * that no restart hands the caps out again (ADR 22). Cost: a look-up for each of ≤ 6 rows. */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/calendar.h"
#include "base/siphash.h"
#include "base/text.h"
#include "directory/number.h"
#include "settings/settings.h"

/* Numbers, ranges, wishes, agents, accesses known at once; past it a new one is refused. */
#define GATE_ROWS_MAX 65536u
/* The longest text that may be a number: spaces, dots and hyphens included. */
#define GATE_TYPED_MAX 32
/* A wish that nobody settles is forgotten after so many days. */
#define GATE_OPEN_DAYS_MAX 31
/* One number that is refused so often in a day by a cap of its own is told by the alarm. */
#define GATE_KNOCKS_MAX 10

enum gate_kind {
    GATE_WISH,     /* a person asks to be called back; nothing is dialled yet */
    GATE_CALLBACK, /* one dial for such a wish: wish_id */
    GATE_AGENT,    /* an agent at work dials from a telephone of ours; agent_id 0: anybody else */
    GATE_TRANSFER, /* whom an agent calls in addition, or sends a caller to: *1, *2, REFER */
    GATE_ORDINARY, /* the ordinary telephone of an agent, as the directory has it */
    GATE_SMS,
    GATE_TRIAL, /* a test call, to a number that an administrator has written */
    GATE_KINDS
};

/* Has this number asked never to be called again? */
enum gate_never {
    GATE_NEVER_NO,
    GATE_NEVER_YES,
    GATE_NEVER_LOST, /* the list cannot be read: nobody knows */
};

struct gate_call {
    enum gate_kind kind;
    enum gate_never never; /* of what a machine dials, and of wishes; whoever asks looks it up */
    bool is_person;        /* dials it, now, from a telephone of ours: an emergency number passes */
    bool is_reply;         /* GATE_SMS: to what they wrote just now, or an agent's: at any hour */
    bool is_shared;        /* a line that many people use: has its own caps */
    bool is_next;          /* GATE_WISH: behind the open one, which is being kept at this moment */
    bool is_demo;          /* by an operator of a demonstration: one of this machine */
    struct text dialled;   /* as it was typed; an emergency number has no prefix */
    uint64_t e164;         /* what gate_read() made of it; 0: nothing */
    uint32_t agent_id, trunk_id; /* 0: none; trunk: the access that is tried first */
    uint64_t wish_id;            /* GATE_CALLBACK: the event that promised it */
    struct calendar_local now;   /* on the wall of the organisation */
};

enum gate_verdict {
    GATE_PASSES,
    GATE_REFUSED_EMERGENCY,  /* a machine calls no emergency number */
    GATE_REFUSED_CLOSED,     /* no setting has opened this */
    GATE_REFUSED_FICTION,    /* ARCEP 2018-0881: it can neither call nor be called */
    GATE_REFUSED_UNREADABLE, /* no number that can be dialled from anywhere */
    GATE_REFUSED_SHORT,      /* 3646, 118 218, 10 14 */
    GATE_REFUSED_SURCHARGED,
    GATE_REFUSED_SPECIAL,
    GATE_REFUSED_ABROAD,
    GATE_REFUSED_SATELLITE,
    GATE_REFUSED_OVERSEAS,   /* open by a setting of its own: it costs more */
    GATE_REFUSED_NO_MOBILE,  /* a text message to a fixed telephone */
    GATE_REFUSED_NEVER,      /* asked never to be called again */
    GATE_REFUSED_NEVER_LOST, /* the list of those cannot be read */
    GATE_REFUSED_HOURS,      /* no machine dials now */
    GATE_REFUSED_OPEN,       /* this number has an open wish */
    GATE_REFUSED_NUMBER,     /* … had its wishes, or messages, of today */
    GATE_REFUSED_DIALS,      /* … was dialled often enough for this wish */
    GATE_REFUSED_RANGE,
    GATE_REFUSED_TRUNK,
    GATE_REFUSED_AGENT_CAP,
    GATE_REFUSED_DAY_CAP, /* of this kind, in calls */
    GATE_REFUSED_EUROS,   /* of this kind, in euros */
    GATE_REFUSED_ALL_CAP, /* of everything, in calls */
    GATE_REFUSED_ALL_EUROS,
    GATE_REFUSED_ROOM,    /* GATE_ROWS_MAX */
    GATE_REFUSED_UNNOTED, /* said by app/: the writer takes nothing, so nothing may go out */
    GATE_VERDICTS
};

/* What a day is counted in. */
enum gate_purse {
    GATE_PURSE_WISHES,
    GATE_PURSE_CALLBACKS,
    GATE_PURSE_AGENTS, /* GATE_AGENT and GATE_TRANSFER */
    GATE_PURSE_ORDINARY,
    GATE_PURSE_SMS,
    GATE_PURSE_ALL, /* everything but wishes */
    GATE_PURSES
};

/* One count as it is kept. key 0: all rows of days before this one that hold nothing open go. */
struct gate_row {
    uint64_t key;  /* siphash of what it is about */
    uint64_t cost; /* of the day, in ten-thousandths of a euro */
    calendar_day day;
    uint32_t calls_n; /* of the day; of a wish: all its dials */
    uint16_t open_n;  /* wishes */
    uint8_t scope;    /* enum gate_scope of state.h */
};

struct gate_args {
    const struct settings_gate *rules; /* copied, both */
    const struct settings_price *prices;
    struct siphash_key key; /* kept with the rows */
    uint32_t rows_max;      /* at least GATE_PURSES + 6 */
};

struct gate;

size_t gate_bytes(uint32_t rows_max);
/* Over zeroed memory of gate_bytes(), aligned to 64. */
struct gate *gate_open(void *memory, const struct gate_args *args);
/* Start only: the key that the rows were kept under, then each row. False: there is no room. */
void gate_use_key(struct gate *g, struct siphash_key key);
bool gate_restore(struct gate *g, const struct gate_row *row, calendar_day today);
/* Other rules from now on; what was counted stays. */
void gate_follow(struct gate *g, const struct settings_gate *rules,
                 const struct settings_price *prices);

/* A number as people type, key and send it: "05 36 49 00 10", "+33 5 36…", "0033…", "0262 12 34
 * 56". GATE_PASSES and *e164, or why it is none. Nothing is salvaged: any other byte refuses it. */
enum gate_verdict gate_read(uint64_t *e164, struct text typed);

/* May it? Counted when it passes, and only then. */
enum gate_verdict gate_ask(struct gate *g, const struct gate_call *call);
/* It passed, and was not sent after all: as if it had not been asked. */
void gate_give_back(struct gate *g, const struct gate_call *call);
/* The same, because the writer takes no row: counted among the refusals as GATE_REFUSED_UNNOTED. */
void gate_unnoted(struct gate *g, const struct gate_call *call);
/* The wish wish_id of call->e164 is over, whatever came of it: another one may be made. */
void gate_settle(struct gate *g, const struct gate_call *call);

/* The minutes of a day of the organisation in which a machine may dial. */
struct gate_hours {
    uint16_t from, until; /* until: no more */
};
struct gate_hours gate_hours(const struct gate *g);

/* The next row that has changed since it was taken; false: none. It must be kept. */
bool gate_changed(struct gate *g, struct gate_row *row);

/* What is shown: plain numbers. */
struct gate_look {
    uint64_t costs[GATE_PURSES], costs_max[GATE_PURSES]; /* max 0: none */
    uint32_t calls_n[GATE_PURSES], calls_max[GATE_PURSES];
    uint32_t refused_n[GATE_VERDICTS]; /* so far in this process */
    uint32_t hits_n;                   /* so far: refusals by a cap that the alarm tells */
    uint32_t reached;                  /* bits of enum gate_verdict: caps that were hit today */
    uint32_t rows_n;
    calendar_day day;
    struct gate_hours hours;
};
/* now: figures of another day are none of today. */
void gate_look(const struct gate *g, calendar_day today, struct gate_look *look);

/* The reason of a refusal, in French; "" for GATE_PASSES. On the telephone one sentence is enough:
 * prompt cb.number.refused, or agent.out.refused and agent.out.cap. */
const char *gate_why(enum gate_verdict verdict);
/* For programs: "surcharged"; never changed. Of a purse: "callbacks". */
const char *gate_name(enum gate_verdict verdict);
const char *gate_purse_name(enum gate_purse purse);
/* The same for people, in French. */
const char *gate_purse_words(enum gate_purse purse);
/* Is it a cap, of anything? */
bool gate_is_cap(enum gate_verdict verdict);

#endif
