/* trunk.h — accesses to operators, and calls over them: what leg.h holds of each, and trunk.c and
 * dial.c do. Included by leg.h only. */
#ifndef PHONE_TRUNK_H
#define PHONE_TRUNK_H

#include "phone/phone.h"
#include "phone/quality.h"
#include "sip/transaction.h"
#include "sip/trunk.h"

struct phone_leg;

#define TRUNK_CALL_ID_N 16
struct trunk {
    struct phone_trunk is; /* texts point into this struct */
    struct sip_trunk state;
    uint32_t register_tx, probe_tx; /* whose answer counts; SLOT_NONE: none */
    uint32_t cseq, nonce_n, in_n, out_n;
    uint8_t at_i; /* the address in use */
    bool is_told_full;
    struct phone_quality quality;
    uint32_t counted; /* the number whose quality that is */
    char host[PHONE_TRUNK_HOST_MAX], user[PHONE_TRUNK_USER_MAX], secret[PHONE_TRUNK_SECRET_MAX];
    char call_id[TRUNK_CALL_ID_N];
};

/* A call by an operator: which, which were tried, and what is said to each. */
#define DIAL_NUMBER_MAX 16 /* E.164: 15 digits */
#define DIAL_PLAIN_MAX 33  /* as a robot was told to write it */
struct leg_dial {
    uint32_t tried;      /* trunks, as bits */
    uint8_t proofs_n;    /* challenges answered on this one; of our BYE, once it is up */
    uint8_t redirects_n; /* followed on this one */
    bool is_short;       /* an emergency number */
    bool is_out;         /* our call; else theirs */
    uint16_t trunk;      /* its place + 1; 0: none */
    bool is_plain;       /* number and caller as they are */
    bool is_line;        /* by this trunk alone, under its user */
    bool is_alone;       /* by this trunk alone */
    char number[DIAL_PLAIN_MAX], caller[DIAL_PLAIN_MAX], name[32];
};

/* trunk.c: accesses to operators. */
void trunk_answered(struct phone *p, uint32_t place, unsigned role, const struct sip_tx_verdict *v);
void trunk_timed_out(struct phone *p, uint32_t place, unsigned role, uint32_t tx);
void trunk_timers(struct phone *p);
ms_t trunk_next_at(const struct phone *p);
void trunk_act(struct phone *p, uint32_t place, unsigned actions);
/* The place of the trunk with this number, or SLOT_NONE. */
uint32_t trunk_place(const struct phone *p, uint32_t number);
/* A leg takes a channel; false: those for calls in are all in use. */
bool trunk_take_in(struct phone *p, struct phone_leg *leg, uint32_t place);
void trunk_take_out(struct phone *p, struct phone_leg *leg, uint32_t place);
void trunk_give_back(struct phone *p, struct phone_leg *leg);
/* Its host as a URI has it: IPv6 in brackets. */
void trunk_put_host(struct text_out *out, const struct trunk *t);
bool trunk_has_room(const struct trunk *t);
/* Where its messages go now. */
struct sip_peer trunk_peer(const struct trunk *t);
/* The line of credentials for the challenge in p->read; empty: there is none that we can answer. */
struct text trunk_proof(struct phone *p, struct trunk *t, struct text uri, struct text_out *out);

/* quality.c: a stream is over: counted for its trunk, and put on the tape. */
void phone_quality(struct phone *p, const struct media_report *closed);

/* dial.c: calls by operators. */
uint64_t phone_dial(void *arg, const struct phone_dial *dial);
uint32_t phone_first_trunk(void *arg);
/* A failure of the INVITE, before anybody hears of it: true when it goes on otherwise. */
bool dial_goes_on(struct phone *p, struct phone_leg *leg, uint16_t status);
/* The same number by the same trunk, or the same telephone, once more: the INVITE was answered. */
bool dial_again(struct phone *p, struct phone_leg *leg);
/* A response is in p->read. */
void dial_heard(struct phone *p, struct phone_leg *leg);
void dial_due(struct phone *p, struct phone_leg *leg);

/* redirect.c: the 3xx in p->read is followed, where its operator may do that. False: it is a
 * refusal as any other. */
bool dial_redirected(struct phone *p, struct phone_leg *leg);

/* prove.c: the credentials for the challenge in p->read, by whom the call goes; empty: none is
 * asked for, there are none, or it has asked SIP_TRUNK_PROOFS_MAX times. */
struct text leg_proof(struct phone *p, struct phone_leg *leg, uint8_t *proofs_n,
                      struct text_out *out);
/* Our BYE was answered by the challenge in p->read: true when it goes on. */
bool leg_bye_proved(struct phone *p, struct phone_leg *leg);
/* The same of our PRACK, whose transaction is tx. */
bool leg_prack_proved(struct phone *p, struct phone_leg *leg, uint32_t tx);

#endif
