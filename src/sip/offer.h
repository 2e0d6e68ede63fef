/* offer.h — offer and answer (RFC 3264) of an endpoint that speaks G.711 and telephone-event, and
 * G.722 or Opus to who speaks neither law.
 * phone/ keeps one struct sip_offer per leg, gives it the bodies that come and sends those that it
 * writes. A value without pointers. Called by phone/. */
#ifndef SIP_OFFER_H
#define SIP_OFFER_H

#include "sip/format.h"

#define SIP_OFFER_ANSWER_MAX 1024 /* bytes; enough for any body written here */
#define SIP_OFFER_NO_PAYLOAD 255

enum sip_offer_verdict {
    SIP_OFFER_CHANGED, /* agreed, and what the media does is new or has changed */
    SIP_OFFER_SAME,    /* agreed, and nothing of it has changed */
    /* Refused: what was agreed before stands (RFC 3264 §8, RFC 3261 §14). */
    SIP_OFFER_NOTHING_IN_COMMON, /* 488; for an answer: ACK, then BYE */
    SIP_OFFER_UNREADABLE,        /* 400; for an answer: ACK, then BYE */
    SIP_OFFER_PENDING,           /* 491: an offer of ours is out */
    SIP_OFFER_UNASKED,           /* an answer without an offer of ours: nothing to do */
    SIP_OFFER_NO_ROOM            /* 500: the given memory is too small */
};

/* May the sound be encrypted, must it be? */
enum sip_security { SIP_SECURITY_NONE, SIP_SECURITY_MAY, SIP_SECURITY_MUST };

/* How we would talk on this leg: where our media listens, at the same port of each family that we
 * have. Theirs is answered in its own family. */
struct sip_offer_wish {
    struct address_pair self;
    uint8_t side,
        origin_side; /* of an offer of ours; of our o= line, the same for the leg's life */
    uint16_t port;
    uint64_t origin_id;            /* of our o= line: random, the same for the leg's life */
    uint8_t codecs[SIP_CODECS];    /* enum sip_codec, best first: what needs no transcoding */
    uint8_t codecs_n;              /* at least 1 */
    uint8_t offered_n;             /* the first of them stand in an offer of ours; 0: all */
    uint8_t direction;             /* what we would do: SENDRECV; SENDONLY or INACTIVE to hold */
    bool has_digits, has_rtcp_mux; /* telephone-event; one port for RTP and RTCP when offered */
    /* A fresh key of ours for each suite that we know, the best first. MAY: an offer of ours is
     * encrypted, theirs may be or not. */
    uint8_t security, crypto_n;
    struct sip_crypto crypto[SIP_CRYPTO_MAX];
};

/* What was agreed, as the media engine needs it. */
struct sip_offer_agreed {
    struct address to, rtcp_to;
    uint16_t to_port, rtcp_port;     /* with rtcp-mux: equal; 0: send nothing there */
    uint8_t codec;                   /* enum sip_codec */
    uint8_t direction;               /* what we do: SENDRECV, SENDONLY, RECVONLY, INACTIVE */
    uint8_t payload_out, payload_in; /* what we send is numbered as they said, and vice versa */
    uint8_t digits_out, digits_in;   /* or SIP_OFFER_NO_PAYLOAD */
    bool has_wide_digits;            /* by a clock of 48 kHz */
    bool has_noise;                  /* comfort noise, by its static number, where they offer it */
    uint8_t media_i;                 /* which m= line */
    bool has_rtcp_mux, is_held;      /* is_held: they do not listen (RFC 3264 §8.4) */
    uint16_t ptime_ms, maxptime_ms;  /* what they would like; 0: not said */
    struct sip_crypto theirs, ours;  /* what each encrypts with; suite NONE: in the clear */
};

/* A line of the session as it stands: lines are never removed nor moved (RFC 3264 §8). */
struct sip_offer_line {
    char type[SIP_SDP_TYPE_MAX], proto[SIP_SDP_PROTO_MAX], format[SIP_SDP_NAME_MAX];
    uint16_t type_n, proto_n, format_n;
};

enum sip_offer_state {
    SIP_OFFER_IDLE,
    SIP_OFFER_OUT,  /* ours was sent, its answer awaited */
    SIP_OFFER_EARLY /* ours was answered in a provisional response; a final one may say otherwise */
};

struct sip_offer {
    uint8_t state;
    bool is_agreed;
    uint8_t lines_n, audio_i; /* audio_i: the line that carries the call */
    uint64_t our_version, our_hash;
    struct sip_offer_agreed agreed; /* valid when is_agreed */
    struct sip_offer_wish wish;     /* behind our last description, whose answer it judges */
    struct sip_offer_line lines[SIP_SDP_MEDIA_MAX];
};

void sip_offer_begin(struct sip_offer *o);

/* Their offer, in an INVITE or re-INVITE. CHANGED and SAME: our answer was appended to out. Any
 * other verdict: nothing of *o has changed, out is to be thrown away. */
enum sip_offer_verdict sip_offer_take(struct sip_offer *o, struct text body,
                                      const struct sip_offer_wish *wish, struct text_out *out);

/* Ours: in an INVITE, in a re-INVITE (hold, resume), or in the 200 to an INVITE without a body.
 * CHANGED: it was appended to out; else PENDING or NO_ROOM. */
enum sip_offer_verdict sip_offer_make(struct sip_offer *o, const struct sip_offer_wish *wish,
                                      struct text_out *out);

/* The answer to ours: is_final unless it came in a 1xx. A final response without a body after an
 * early answer: an empty body settles what the early one said. */
enum sip_offer_verdict sip_offer_take_answer(struct sip_offer *o, struct text body, bool is_final);

/* What a branch has answered in a reliable response stands, whatever its 2xx says (RFC 3262 §5). */
void sip_offer_settle(struct sip_offer *o, const struct sip_offer_agreed *answered);

/* Our last description once more as an offer, so that a session is refreshed and nothing changes
 * (RFC 4028 §7.4): what was written last is to be sent as it is. False: nothing is agreed yet, or
 * an offer is out. */
MUST_CHECK bool sip_offer_repeat(struct sip_offer *o);

/* Our offer was refused, or nobody answered: what was agreed before stands. */
void sip_offer_withdraw(struct sip_offer *o);

/* How long a packet of ours shall be: as they wish, at most as they bear, 10 to 60 ms by tens. */
unsigned sip_offer_packet_ms(const struct sip_offer_agreed *agreed);

/* The status to refuse an offer with; 0 for CHANGED, SAME and UNASKED. */
unsigned sip_offer_status(enum sip_offer_verdict verdict);

#endif
