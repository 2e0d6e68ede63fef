/* reliable.h — provisional responses that are acknowledged (RFC 3262): those that we send, each
 * repeated until its PRACK has come; and those that we hear, each acknowledged once and in order,
 * of every branch of an INVITE that forked. Values without pointers; time is passed in. phone/
 * keeps both per leg, beside its offer. */
#ifndef SIP_RELIABLE_H
#define SIP_RELIABLE_H

#include "sip/offer.h"
#include "sip/read.h"

/* Repeated after T1, then each time after twice as long; after 64 × T1 the INVITE is refused with
 * 504 (§3: a 5xx). */
#define SIP_RELIABLE_T1_MS ((ms_t)500)
#define SIP_RELIABLE_END_MS (64 * SIP_RELIABLE_T1_MS)
/* The first RSeq is below it (§3). */
#define SIP_RELIABLE_FIRST_MAX (UINT32_C(1) << 31)
/* Branches of one INVITE whose reliable responses are acknowledged; those of more are passed over,
 * and given up by who sent them. */
#define SIP_RELIABLE_BRANCHES_MAX 4

/* Does an INVITE let them be reliable: Supported or Require: 100rel. */
bool sip_reliable_is_wanted(const struct sip_read *read);

/* ---- those that we send ------------------------------------------------------------------- */

struct sip_reliable {
    bool is_wanted;          /* the INVITE lets them be */
    bool is_described;       /* the one that is out has a description: no 2xx before its PRACK */
    bool is_settled;         /* what a description asked was answered: none in the 2xx */
    uint32_t rseq, cseq;     /* of the last one, 0: none yet; of the INVITE */
    ms_t repeat_at, wait_ms; /* MS_NEVER: none waits for its PRACK */
    ms_t end_at;
};

/* chance: any number, for the first RSeq. */
void sip_reliable_begin(struct sip_reliable *r, const struct sip_read *invite, uint32_t chance);
bool sip_reliable_is_out(const struct sip_reliable *r);
/* A new one goes out: its RSeq. None may be out (§3: the next one after the PRACK alone). */
uint32_t sip_reliable_say(struct sip_reliable *r, bool is_described, ms_t now_at);

enum sip_reliable_rack {
    SIP_RELIABLE_RACK_OURS,   /* of the one that is out */
    SIP_RELIABLE_RACK_STRAY,  /* of none: 481 (§3) */
    SIP_RELIABLE_RACK_BROKEN, /* it cannot be read: 400 */
};
/* What a PRACK names; nothing changes. */
enum sip_reliable_rack sip_reliable_judge(const struct sip_reliable *r,
                                          const struct sip_read *prack);
/* The PRACK of the one that is out has come. */
void sip_reliable_take(struct sip_reliable *r);

enum sip_reliable_due { SIP_RELIABLE_NOT_DUE, SIP_RELIABLE_REPEAT, SIP_RELIABLE_GIVE_UP };
enum sip_reliable_due sip_reliable_due(struct sip_reliable *r, ms_t now_at);
ms_t sip_reliable_next_at(const struct sip_reliable *r);

/* ---- those that we hear ------------------------------------------------------------------- */

struct sip_reliable_branch {
    uint64_t tag; /* hash of its To tag */
    uint32_t rseq;
    bool is_answered; /* our offer, in one of them: it stands whatever its 2xx says (§5) */
    struct sip_offer_agreed agreed;
};

struct sip_reliable_heard {
    struct sip_reliable_branch branches[SIP_RELIABLE_BRANCHES_MAX];
    uint8_t n;
};

enum sip_reliable_verdict {
    SIP_RELIABLE_PLAIN, /* not a reliable one */
    SIP_RELIABLE_NEW,   /* to be acknowledged by PRACK */
    SIP_RELIABLE_PASSED /* again, too early, or of one branch too many: as if it had not come (§4)
                         */
};
/* A response to our INVITE; rseq: what PRACK names. */
enum sip_reliable_verdict sip_reliable_hear(struct sip_reliable_heard *h,
                                            const struct sip_read *read, uint32_t *rseq);
/* Our offer was answered in the one that was just heard. */
void sip_reliable_answered(struct sip_reliable_heard *h, struct text to_tag,
                           const struct sip_offer_agreed *agreed);
/* What the branch of this 2xx has answered; NULL: nothing. */
const struct sip_offer_agreed *sip_reliable_answer_of(const struct sip_reliable_heard *h,
                                                      struct text to_tag);

/* ---- writing: whole header lines ---------------------------------------------------------- */

void sip_reliable_put_rseq(struct text_out *out, uint32_t rseq);
void sip_reliable_put_rack(struct text_out *out, uint32_t rseq, uint32_t invite_cseq);

#endif
