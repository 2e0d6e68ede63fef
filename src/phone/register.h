/* register.h — the phones of the house sign in with their line: REGISTER, admitted by digest, bound
 * by the rules of sip/. Called for requests that passed the door. Nothing is kept for who is not
 * admitted but the count of its nonce. */
#ifndef PHONE_REGISTER_H
#define PHONE_REGISTER_H

#include "phone/guess.h"
#include "phone/inbound.h"
#include "sip/digest.h"
#include "sip/registrar.h"

#define PHONE_USERNAME_MAX 32
#define PHONE_REALM_MAX 64

/* A line of the house: who may register it. The secret itself is not kept. */
struct phone_account {
    uint64_t aor;      /* of its bindings: the agent's id; 0: the place is free */
    bool is_kept;      /* added since phone_register_begin() */
    bool is_encrypted; /* it is heard over TLS alone */
    char username[PHONE_USERNAME_MAX];
    uint16_t username_n;
    struct sip_digest_hex a1[SIP_DIGEST_ALGORITHMS];
};

struct phone_register_limits {
    uint32_t accounts_max;
    struct sip_registrar_limits registrar;
    struct sip_digest_policy digest;
    bool is_md5_alone; /* challenge with MD5 only: for telephones that stumble over SHA-256 */
};

struct phone_register {
    struct sip_registrar registrar;
    struct sip_digest_guard guard;
    struct phone_guesses guesses;
    struct phone_account *accounts;    /* borrowed from the arena */
    uint32_t accounts_n, accounts_max; /* accounts_n: places ever used */
    uint32_t first_free;               /* no place before it is free */
    struct map usernames;              /* keyed hash → account */
    struct map aors;                   /* → its first account */
    struct phone_secret *secret;       /* borrowed: the door's */
    char realm[PHONE_REALM_MAX];
    uint16_t realm_n;
    uint64_t locks_n;             /* so often somebody guessed too much */
    uint64_t nonces_n, bound_aor; /* whose bindings the last request could change; 0: nobody's */
    bool is_md5_alone;
};

/* Over the arena's memory. realm: the name of the organisation, or its domain. */
void phone_register_open(struct phone_register *reg, struct arena *arena,
                         const struct phone_register_limits *limits);

/* Names the house; before any account. False: too long. */
MUST_CHECK bool phone_register_name(struct phone_register *reg, struct phone_secret *secret,
                                    struct text realm);

enum phone_account_verdict {
    PHONE_ACCOUNT_ADDED,
    PHONE_ACCOUNT_FULL,
    PHONE_ACCOUNT_TAKEN, /* the username exists, or the aor is 0 */
    PHONE_ACCOUNT_TOO_LONG
};
enum phone_account_verdict phone_register_add(struct phone_register *reg, uint64_t aor,
                                              struct text username, struct text secret);

/* The accounts are said again, because a file was read again: between these two, an account that is
 * added as it is stays as it is, one with another secret or another agent loses its bindings, and
 * one that is not added ends. */
void phone_register_begin(struct phone_register *reg);
void phone_register_end(struct phone_register *reg, ms_t now_at);

/* From now on, until it is added anew, this line is heard over TLS alone. */
void phone_register_encrypt(struct phone_register *reg, struct text username);
bool phone_register_is_encrypted(const struct phone_register *reg, uint64_t aor);

/* Is there an account whose bindings these would be? */
bool phone_register_has(const struct phone_register *reg, uint64_t aor);

/* A request that has passed the door. */
struct phone_visit {
    struct sip_read *read;
    struct sip_peer from;
    ms_t now_at;
};

/* Answers a REGISTER; the answer is written to answer->out. */
enum phone_verdict phone_register_take(struct phone_register *reg, const struct phone_visit *visit,
                                       struct phone_answer *answer);

/* Does From name a line of the house? */
bool phone_register_knows(const struct phone_register *reg, const struct sip_read *read);
/* Another request of a line of the house. PHONE_PASS: it is *aor; else the answer is written. */
enum phone_verdict phone_register_admit(struct phone_register *reg, const struct phone_visit *visit,
                                        struct phone_answer *answer, uint64_t *aor);

#endif
