/* leg.h — one SIP dialog of one side (RFC 3261 §12) as plain data: it can be stored and restored.
 * phone/ finds it by its id; what comes in is checked against it, what goes out is written from it.
 */
#ifndef SIP_LEG_H
#define SIP_LEG_H

#include "sip/message.h"

/* Bounds of what a dialog keeps; a message beyond them is refused (513, or 400 in a response). */
#define SIP_CALL_ID_MAX 128
#define SIP_TAG_MAX 96
#define SIP_PARTY_MAX 288
#define SIP_TARGET_MAX 256
#define SIP_ROUTE_SET_MAX 768
/* Room that sip_leg_ask() needs at most. */
#define SIP_LEG_SCRATCH_MAX 2048

enum sip_leg_verdict {
    SIP_LEG_OK,
    SIP_LEG_TOO_LONG, /* a part passes its bound */
    SIP_LEG_NOT_OURS, /* another dialog: tags or Call-ID differ */
    SIP_LEG_LATE,     /* CSeq lower than one seen (500, §12.2.2) */
    SIP_LEG_FORK,     /* a response from another branch: a dialog of its own (sip_leg_fork) */
};

struct sip_leg {
    char call_id[SIP_CALL_ID_MAX], local_tag[SIP_TAG_MAX], remote_tag[SIP_TAG_MAX];
    char local[SIP_PARTY_MAX], remote[SIP_PARTY_MAX]; /* From and To values, without tag */
    char target[SIP_TARGET_MAX];                      /* the other side's Contact */
    char routes[SIP_ROUTE_SET_MAX];                   /* value of a Route header */
    uint16_t call_id_n, local_tag_n, remote_tag_n, local_n, remote_n, target_n, routes_n;
    uint32_t local_cseq, remote_cseq;
    uint32_t invite_cseq, remote_invite_cseq; /* of the last INVITE of each side, for its ACK */
    bool is_caller;                           /* we sent the INVITE */
    bool is_confirmed;   /* caller: a 2xx was received; called: its ACK, or a later request */
    bool remote_has_tag; /* the tag stands inside remote, with parameters behind it */
};

/* The called side: from an INVITE without To tag. */
enum sip_leg_verdict sip_leg_answer(struct sip_leg *leg, const struct sip_in *in, struct text tag);

struct sip_leg_args {
    struct text call_id, tag;
    struct text local, remote; /* "<sip:…>", with a display name where wanted */
    struct text target;        /* the URI to call */
    struct text routes;        /* an outbound proxy, as value of Route; may be empty */
    uint32_t cseq;             /* the first; random below 2^31 (§8.1.1.5) */
};

/* The calling side, before its INVITE. */
enum sip_leg_verdict sip_leg_call(struct sip_leg *leg, const struct sip_leg_args *args);

/* A request within the dialog: is it ours, and in order? Takes over its CSeq, and for INVITE
 * and UPDATE its Contact (target refresh, §12.2.2). ACK and CANCEL are in order when their CSeq is
 * that of the INVITE. Repetitions are the transaction's and do not come here. */
enum sip_leg_verdict sip_leg_take_request(struct sip_leg *leg, const struct sip_in *in);

/* A response to a request of ours; that to an INVITE gives tag, target and routes (§12.1.2). After
 * a failure of the first INVITE the leg may ask again (credentials, redirection). */
enum sip_leg_verdict sip_leg_take_response(struct sip_leg *leg, const struct sip_in *in);

/* The dialog of another branch, whose 2xx came second: to acknowledge it and end it by BYE
 * (§13.2.2.4). A provisional response with this verdict is passed over. */
enum sip_leg_verdict sip_leg_fork(struct sip_leg *fork, const struct sip_leg *leg,
                                  const struct sip_in *in);

/* What a request of ours in this dialog says; the caller adds contact, headers, body. Counts the
 * CSeq up but for ACK and CANCEL, which carry that of the INVITE. */
struct sip_leg_request {
    enum sip_method method;
    struct text via;
    struct text to; /* the whole To of a failure that an ACK answers (§17.1.1.3); else empty */
};
/* Fills ask; some of it is written to scratch, which must live as long as ask. A first route
 * without lr is a strict router: it becomes the Request-URI (§12.2.1.1). */
MUST_CHECK bool sip_leg_ask(struct sip_leg *leg, const struct sip_leg_request *request,
                            struct text_out *scratch, struct sip_ask *ask);

#endif
