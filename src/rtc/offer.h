/* offer.h — the offer of a browser (RFC 8829, RFC 9725), and our answer: one line of sound over
 * DTLS-SRTP, bundled, with ICE-lite. Other lines are refused within the answer; an offer without
 * what we need is refused whole, in words. Called by browser/. Plain data, nothing borrowed. */
#ifndef RTC_OFFER_H
#define RTC_OFFER_H

#include "rtc/ice.h"
#include "sip/format.h"

#define RTC_FINGERPRINT_BYTES 32 /* SHA-256 of a certificate */
#define RTC_MID_MAX 32
#define RTC_UFRAG_MAX 256 /* RFC 8839 §5.4; at least 4 */
#define RTC_UFRAG_MIN 4
#define RTC_PASSWORD_MIN 22 /* and as long as a fragment at most */
#define RTC_ANSWER_MAX 2048 /* bytes; enough for any answer written here */
#define RTC_NO_PAYLOAD 255

enum rtc_verdict {
    RTC_GOOD,
    RTC_TOO_LONG,
    RTC_NOT_SDP,
    RTC_NO_SOUND,       /* no line of sound over DTLS-SRTP that is not switched off */
    RTC_TOO_MANY_LINES, /* more than SIP_SDP_MEDIA_MAX: an answer could not name them */
    RTC_ONE_WAY,        /* it is not sendrecv: a telephone speaks and hears */
    RTC_NO_MUX,         /* RTCP on another port (RFC 8829 §4.1.1 allows to insist) */
    RTC_NO_MID,
    RTC_NO_ICE,         /* no fragment and password, or not as RFC 8839 §5.4 has them */
    RTC_NO_FINGERPRINT, /* none by SHA-256 (RFC 8122 §5) */
    RTC_NO_SETUP,       /* none of actpass, active, passive */
    RTC_NO_CODEC,       /* none of those that we would speak */
    RTC_VERDICTS,
};

/* Who begins the handshake (RFC 4145 §4), as their offer says. */
enum rtc_setup { RTC_ACTPASS, RTC_ACTIVE, RTC_PASSIVE };

/* A line that the answer must name. */
struct rtc_line {
    char type[SIP_SDP_TYPE_MAX], proto[SIP_SDP_PROTO_MAX], format[SIP_SDP_NAME_MAX];
    uint16_t type_n, proto_n, format_n;
};

struct rtc_offer {
    uint64_t session_id; /* of o=: the same for all offers of one connection */
    uint8_t fingerprint[RTC_FINGERPRINT_BYTES];
    enum rtc_setup setup;
    char mid[RTC_MID_MAX], ufrag[RTC_UFRAG_MAX];
    uint16_t mid_n, ufrag_n;
    bool is_bundled;
    uint8_t codec;   /* enum sip_codec */
    uint8_t payload; /* of it, both ways */
    uint8_t digits;  /* of telephone-event, or RTC_NO_PAYLOAD */
    bool has_wide_digits;
    uint8_t audio_i, lines_n;
    struct rtc_line lines[SIP_SDP_MEDIA_MAX];
};

/* Codecs that we would speak, the best first: enum sip_codec. */
struct rtc_wish {
    uint8_t codecs[SIP_CODECS], codecs_n;
};

enum rtc_verdict rtc_offer_read(struct rtc_offer *o, struct text body, const struct rtc_wish *wish);

/* Does this offer go on with the DTLS association of that one (RFC 8842 §5.5)? Same connection,
 * same certificate. */
bool rtc_offer_goes_on(const struct rtc_offer *o, const struct rtc_offer *before);

/* What we say. */
struct rtc_answer {
    const struct address_pair *self; /* where the port is reached; port ignored */
    uint16_t port;
    char ufrag[ICE_UFRAG_BYTES], password[ICE_PASSWORD_BYTES];
    uint8_t fingerprint[RTC_FINGERPRINT_BYTES];
    bool is_active; /* we begin the handshake */
    uint64_t session_id, version;
};

/* False: no room (RTC_ANSWER_MAX is enough). */
MUST_CHECK bool rtc_answer_write(struct text_out *out, const struct rtc_offer *o,
                                 const struct rtc_answer *answer);

/* In words for the page, French, what is missing and the cure; "" for RTC_GOOD. */
const char *rtc_why(enum rtc_verdict verdict);

#endif
