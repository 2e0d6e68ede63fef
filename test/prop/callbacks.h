/* callbacks.h — a life of prop/callbacks: the app over a disk whose writer lags behind, a second
 * account of it kept from the events alone, and what people outside have seen, which no crash
 * undoes. Included by test/prop/callbacks*.c only. */
#ifndef TEST_PROP_CALLBACKS_H
#define TEST_PROP_CALLBACKS_H

#include "app/app.h"
#include "test/support/callbacks_house.h"

#define PEOPLE 8192
#define EVENTS 131072
#define OPS 65536
#define SLOTS 256
#define LATER 64
#define NODE 1
#define REFERENCES 8192

enum where { NOWHERE, ON_LINE, WAITS, PROMISED, OFFERED, SPEAKS, BETWEEN, DONE };

/* The account: what the events that are there now say. After a crash it is made again. */
struct person {
    uint64_t id, call_id, offer_id;
    ms_t key_at, not_before_at, asked_at; /* asked: that they be dialled */
    uint32_t queue_id, agent_id, reference;
    enum where where;
    enum settled how;
    unsigned tried_n, classes_n;
    bool is_dialled, is_classed, is_rung, has_hung_up; /* is_rung: to be dialled, or further */
    bool is_sold;    /* a time of another day: a row from now on */
    bool is_due;     /* opened when such a time had come */
    bool is_pending; /* nothing is left but the class of the call */
};

/* How often each way was met. */
struct met {
    unsigned long long promised_n, deaths_n, shares_n, held_n, withdrawn_n, moved_n,
        ends_n[SETTLED_N], lost_ops_n, heard_n, dials_n, slots_n, unheard_n, texts_n, redials_n,
        agreed_n;
};

/* Somebody outside, by the reference that they were given: remembers across crashes. */
struct outsider {
    uint64_t rung_offer, contact_id; /* for which their telephone rang last */
    uint64_t unnoted_id; /* of what came up to here their agent said that it could not be noted */
    ms_t not_before_at;  /* as they were told */
    /* In all; for this contact (a time that has come is another one); and the last attempt that
     * they were written of. */
    unsigned dials_n, dials_here_n, told_tries_n;
    bool has_heard, has_slot, is_ringing, is_let_go; /* let go: told that nobody calls any more */
};

/* A time that was sold, as the store has it. */
struct slot_row {
    uint64_t contact_id;
    uint32_t reference, queue_id;
    ms_t from_at, until_at;
    bool is_gone; /* of a write: the row goes */
};

/* One transaction: the events of one append with the state after them, or one row. */
struct op {
    uint32_t first, n; /* in log */
    uint64_t hash;
    bool is_row;
    struct slot_row row;
};

struct disk {
    struct event log[EVENTS];
    struct op ops[OPS];
    uint32_t log_n, ops_n, committed_n; /* ops */
    uint64_t committed_id;
    unsigned dies_in; /* writes, commits, effects; 0: never */
    bool is_dead;
    unsigned habit; /* of the writer: how long it may lag */
    struct slot_row rows[SLOTS];
    unsigned rows_n;
};

struct life {
    uint64_t seed, prng, legs_n;
    unsigned step;
    ms_t now_at;
    bool is_mortal;
    struct acd *a;
    struct app *app;
    void *app_memory;
    struct person people[PEOPLE];
    unsigned people_n;
    bool is_open[QUEUES + 1];
    unsigned long long promised_n, kept_n;
    unsigned dials_n[REFERENCES]; /* attempts to dial that the events know */
    struct outsider outside[REFERENCES];
    uint32_t references_n;
    struct command later[LATER]; /* what follows from an effect, once the app has returned */
    unsigned later_n;
    struct met met; /* of the account; deaths and what was seen outside: all */
    struct disk disk;
};

extern struct life life;

/* Says the property, the seed and the step; the program ends. */
_Noreturn void callbacks_fail(const char *why);
uint32_t callbacks_below(struct life *l, uint32_t n);

/* callbacks_process.c */
#define CALLBACKS_OPS 1000 /* a process dies after so many writes, commits and effects, at most */
extern const struct acd_limits callbacks_limits;
void callbacks_begin(struct life *l);
/* What was not committed is gone, and another process has the rest; while this one is dead. */
void callbacks_die(struct life *l);
/* A command, and what it entails; time goes by. Nothing once the process is dead. */
void callbacks_do(struct life *l, struct command cmd);
void callbacks_wait(struct life *l, ms_t by_ms);
void callbacks_drop_row(struct life *l, const struct slot_row *row);

/* callbacks_account.c: what this event says, and whether it may. */
void callbacks_fold(const struct event *ev, void *arg);
struct person *callbacks_person(struct life *l, uint64_t contact_id);

/* callbacks_disk.c */
extern const struct journal_port callbacks_journal;
/* False: the process died at this one, or was dead. */
bool callbacks_op(struct life *l);
/* The writer commits some of what waits, or all. */
void callbacks_write(struct life *l);
void callbacks_write_all(struct life *l);
/* What was not committed is gone; the rows are those of the transactions that were. */
void callbacks_cut(struct life *l);
/* A row that goes to the writer before whatever is decided next. */
void callbacks_put_row(struct life *l, const struct slot_row *row);

/* callbacks_outside.c */
extern const struct edges_port callbacks_edges;
/* An event is on the disk: who asked for it by the API is answered. */
void callbacks_answer(struct life *l, const struct event *ev);
/* At the end of a life: whoever has heard a promise was called, or was told otherwise. */
void callbacks_check_heard(struct life *l);
/* Their telephone rings for this offer. */
bool callbacks_rings(const struct life *l, const struct person *p);

#endif
