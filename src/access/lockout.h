/* lockout.h — wrong passwords make the next try wait, and never for ever (ADR 35): counted for an
 * account from one address, for an account from anywhere, for an address. Called by
 * app/accounts.c. Pure, over given memory; time is passed in, since boot. Cost: a look at
 * LOCKOUT_WAYS rows each. */
#ifndef ACCESS_LOCKOUT_H
#define ACCESS_LOCKOUT_H

#include "base/siphash.h"

/* Wrong passwords that cost nothing; each further one doubles the delay, from LOCKOUT_MS_MIN. */
#define LOCKOUT_PAIR_FREE 5
#define LOCKOUT_ACCOUNT_FREE 50
#define LOCKOUT_ADDRESS_FREE 20
#define LOCKOUT_MS_MIN ((ms_t)1000)
/* The longest delay of an account from one address; of an address; and of an account from addresses
 * it never came from. */
#define LOCKOUT_MS_MAX ((ms_t)15 * 60 * 1000)
#define LOCKOUT_ADDRESS_MS_MAX ((ms_t)5 * 60 * 1000)
#define LOCKOUT_ACCOUNT_MS_MAX ((ms_t)60 * 1000)
/* So long after the last wrong password they are forgotten. */
#define LOCKOUT_FORGET_MS ((ms_t)60 * 60 * 1000)
/* Rows; where one may stand. The one that failed longest ago gives way. */
#define LOCKOUT_ROWS 4096
#define LOCKOUT_WAYS 8

enum lockout_kind { LOCKOUT_PAIR, LOCKOUT_ACCOUNT, LOCKOUT_ADDRESS, LOCKOUT_KINDS };

struct lockout_row {
    uint64_t key; /* 0: free */
    ms_t last_ms, until_ms;
    uint32_t n;
    bool is_known; /* a pair: this account has signed in from there */
};

struct lockout {
    struct siphash_key secret;
    struct lockout_row rows[LOCKOUT_KINDS][LOCKOUT_ROWS];
};

struct lockout_try {
    uint64_t account_id; /* 0: nobody has this name */
    struct text address; /* bytes of it, or of its net */
};

/* All zeros but the secret, which nobody may guess. */
void lockout_open(struct lockout *l, struct siphash_key secret);
/* How long this address must wait; 0: not at all, or this account has signed in from there. */
ms_t lockout_address_ms(struct lockout *l, const struct lockout_try *t, ms_t now_ms);
/* May this account be tried from there, now? */
bool lockout_may(struct lockout *l, const struct lockout_try *t, ms_t now_ms);
/* The password was wrong. True: a delay began. Not to be told of what lockout_may() refused. */
bool lockout_failed(struct lockout *l, const struct lockout_try *t, ms_t now_ms);
/* It was good: what this account got wrong from there is forgotten. */
void lockout_passed(struct lockout *l, const struct lockout_try *t, ms_t now_ms);

#endif
