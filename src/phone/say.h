/* say.h — what the telephone says: answers and requests of a leg, those of no leg, and the message
 * in course that they answer. Included by the files of phone/ only, through leg.h. */
#ifndef PHONE_SAY_H
#define PHONE_SAY_H

#include "phone/phone.h"
#include "sip/session.h"
#include "sip/transaction.h"

struct phone_leg;

/* act.c: what the tables of sip/ ask for. The leg may be gone afterwards. */
void leg_happens(struct phone *p, struct phone_leg *leg, enum sip_session_event event);
/* Gives it back when nothing can come for it any more; NULL is fine. */
void leg_settle(struct phone *p, struct phone_leg *leg);
void phone_send(struct phone *p, uint32_t tx);
/* The value of the Via of its INVITE, which is out; its branch. */
#define LEG_VIA_MAX 128
struct text leg_invite_via(const struct phone *p, const struct phone_leg *leg);
struct text phone_branch_of(struct text via);
/* The n bytes in p->out are this server transaction's answer with that status from now on. False:
 * too long, nothing has changed. */
MUST_CHECK bool phone_say(struct phone *p, uint32_t tx, uint16_t status, size_t n);
/* A final or provisional answer to a leg's INVITE, by the transaction that holds it. */
void leg_say(struct phone *p, struct phone_leg *leg, const struct sip_answer *answer);
void leg_say_description(struct phone *p, struct phone_leg *leg, uint16_t status);
/* The 2xx of a request that is in course, which moves the dialog: with our Contact. False: it is
 * too long. */
MUST_CHECK bool leg_answer(struct phone *p, struct phone_leg *leg, const struct sip_answer *answer);
void leg_up(struct phone *p, struct phone_leg *leg); /* media may flow; the app hears so */
/* A request of ours, by a transaction; body: a description. SLOT_NONE: no room. */
uint32_t leg_ask(struct phone *p, struct phone_leg *leg, enum sip_method method, struct text body);
/* The same with further header lines, where the request may move the target. */
struct leg_asking {
    enum sip_method method;
    struct text headers, body;
};
/* A provisional response in p->read that wants a PRACK gets it. False: it has come before, or is
 * not the next one: as if it had not come. */
bool leg_acknowledge_early(struct phone *p, struct phone_leg *leg);
uint32_t leg_ask_with(struct phone *p, struct phone_leg *leg, const struct leg_asking *asking);
/* A request of ours that no dialog writes: Via, and Contact unless it has one or is a PRACK, are
 * added. SLOT_NONE: no room. */
uint32_t phone_ask(struct phone *p, struct sip_ask *ask, const struct sip_peer *to, uint64_t user);
/* Nobody was there for our BYE: once more. False: often enough. */
bool leg_says_bye_again(struct phone *p, struct phone_leg *leg);
/* The ACK of a refusal, which belongs to the INVITE's transaction (§17.1.1.3). */
void leg_acknowledge_failure(struct phone *p, struct phone_leg *leg, uint32_t tx, struct text to);
/* A second 2xx of another branch is acknowledged and ended (§13.2.2.4). */
void leg_end_fork(struct phone *p, const struct phone_leg *leg, const struct sip_in *in);

/* request.c, invite.c, update.c, response.c: the message in p->read, which has passed the door. */
void phone_take_request(struct phone *p, const struct sip_peer *from);
void phone_take_invite(struct phone *p, const struct sip_peer *from);
void phone_take_again(struct phone *p, struct phone_leg *leg);
/* An UPDATE, in order within its dialog. */
void phone_take_update(struct phone *p, struct phone_leg *leg);
void phone_take_prack(struct phone *p, struct phone_leg *leg);
void phone_take_refer(struct phone *p, struct phone_leg *leg);
/* What came of it. */
void leg_referred(struct phone *p, struct phone_leg *leg, uint16_t status);
/* 200 to the request in course, with these lines; when an offer came with it, with our answer. The
 * status to refuse it with; then nothing has changed. */
uint16_t leg_answer_offer(struct phone *p, struct phone_leg *leg, struct text lines);
/* Their offer is answered, or ours is made, into leg->sdp; the status to refuse with, 0: agreed.
 * Refused: leg->sdp is as it was. */
uint16_t leg_agree(struct phone *p, struct phone_leg *leg);
void phone_take_response(struct phone *p, const struct sip_peer *from);
void phone_timers(struct phone *p);
/* The server transaction of the request in course; SLOT_NONE: no room. */
uint32_t phone_begin(struct phone *p, enum sip_tx_kind kind, uint64_t user);
/* Answers the request in course: by its transaction when it has one. */
void phone_answer_request(struct phone *p, uint16_t status);

struct sip_replaces;
/* replace.c: is this its dialog, besides our tag? */
bool leg_is_named(const struct phone_leg *leg, const struct sip_replaces *r);
/* The leg whose place this INVITE of a telephone takes (RFC 3891). NULL with 0: it names
 * none; a status: to refuse it with. */
struct phone_leg *leg_to_replace(struct phone *p, uint64_t aor, uint16_t *status);
/* Whom each speaks with, and what was agreed with him, is the other's from now on. */
void leg_exchange(struct phone *p, struct phone_leg *leg, struct phone_leg *other);
/* The leg speaks with whom `by` came from now on, whose answer is ready; `by` ends what it spoke
 * before. Both may be gone afterwards. */
void leg_replace(struct phone *p, struct phone_leg *leg, struct phone_leg *by);

/* A tag that nobody can guess, never drawn before. */
uint64_t phone_draw_tag(struct phone *p);
/* Whom a quoted string and a user part may name without being escaped. */
void phone_put_plain(struct text_out *out, struct text t);
/* Who calls whom: values of From and To, and where to. */
struct leg_parties {
    struct text local, remote, target;
};
/* The dialog of a call of ours, named after the leg's tag. False: something is too long. */
bool leg_begin_dialog(struct phone *p, struct phone_leg *leg, const struct leg_parties *parties);
/* Our offer and the INVITE; false: no room. */
bool leg_invite(struct phone *p, struct phone_leg *leg, struct text headers);

#endif
