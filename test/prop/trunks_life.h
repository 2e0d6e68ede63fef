/* trunks_life.h — what trunks.c and trunks_operator.c share: a life of calls by operators, and what
 * operators of every temper say. Included by these two only. */
#ifndef TEST_PROP_TRUNKS_LIFE_H
#define TEST_PROP_TRUNKS_LIFE_H

#include "base/prng.h"
#include "sip/trunk.h"
#include "test/support/exchange_desk.h"

#define OPERATORS 3
#define CALLS_MAX 5
#define LEGS_MAX 8 /* fewer than calls and what they leave behind: there is not always room */
#define VISITS_MAX 256
#define FLIGHTS_MAX 1024
#define BYTES_MAX 4096
#define FIRST_NUMBER 33410000000u
#define AGAIN_MS ((ms_t)500)
#define AGAINS_MAX 10

enum temper { GOOD, SILENT, CHALLENGING, FAILING, LATE, MOODY, TEMPERS };

/* An INVITE as an operator met it. */
struct visit {
    unsigned call_i;
    enum temper temper;
    bool is_proved, is_final, is_ok, is_acked, is_over;
    ms_t say_at, again_at, bye_at; /* MS_NEVER: not */
    unsigned again_n;
    char branch[64], call_id[64], request[BYTES_MAX], said[BYTES_MAX];
};

struct operator
{
    struct peer peer;
    enum temper temper;
    bool is_stubborn; /* challenges each proof */
    uint32_t channels;
    struct visit visits[VISITS_MAX];
    unsigned visits_n;
    unsigned invites_n[CALLS_MAX], proofs_n[CALLS_MAX];
};

struct call {
    uint64_t id; /* 0: not dialled */
    bool is_over, was_up;
    ms_t dial_at, hang_up_at;
};

struct flight {
    ms_t at;
    unsigned operator_i;
    bool is_ours; /* by the service */
    size_t n;
    char bytes[BYTES_MAX];
};

struct life {
    struct exchange *x;
    uint64_t seed;
    struct prng chance;
    struct operator operators[OPERATORS];
    struct call calls[CALLS_MAX];
    unsigned calls_n, trunks_n, flights_n;
    struct flight flights[FLIGHTS_MAX];
    ms_t now_at, began_at;
    uint32_t lost_ppm, doubled_ppm;
    ms_t delay_ms_max;
};

/* What all lives met: a run that never met a late answer proves nothing. */
extern struct trunks_met {
    unsigned calls_n, up_n, refused_n, ended_n, hung_up_n, next_n, proofs_n, cancels_n, ghosts_n;
} met;

/* trunks.c */
void fail_life(const char *property) __attribute__((noreturn));
bool perhaps(struct life *l, uint32_t percent);
ms_t within(struct life *l, ms_t least_ms, ms_t most_ms);
/* To the service, over the line. */
void send_back(struct life *l, unsigned operator_i, const char *bytes);

/* trunks_operator.c: an INVITE leaves for it (whatever the line does with it); a message came; what
 * is due is said. */
bool is_method(const char *message, const char *method);
void operator_notes(struct life *l, unsigned i, const char *message);
void operator_takes(struct life *l, unsigned i, const char *message);
void operator_acts(struct life *l, unsigned i);

#endif
