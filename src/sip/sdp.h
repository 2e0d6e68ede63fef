/* sdp.h — session descriptions (RFC 8866) read into bounded plain data, and written from it.
 * Called by sip/offer and phone/. Tolerant of what phones send: lines that end with LF only, no t=,
 * odd order, unknown lines. What passes a bound is left out and counted. A value without pointers.
 */
#ifndef SIP_SDP_H
#define SIP_SDP_H

#include "base/address.h"
#include "sip/crypto.h"

#define SIP_SDP_BODY_MAX 16384 /* bytes; more is refused unread */
#define SIP_SDP_LINES_MAX 1024
#define SIP_SDP_MEDIA_MAX 4
#define SIP_SDP_FORMATS_MAX 16
#define SIP_SDP_TYPE_MAX 16  /* "audio", "application" */
#define SIP_SDP_PROTO_MAX 24 /* "RTP/AVP", "UDP/TLS/RTP/SAVPF" */
#define SIP_SDP_NAME_MAX 24  /* "telephone-event", "webrtc-datachannel" */
#define SIP_SDP_FMTP_MAX 96

/* Payload type of a format that is a word, as those of other protocols than RTP are. */
#define SIP_SDP_NOT_RTP 255

enum sip_sdp_verdict {
    SIP_SDP_OK,
    SIP_SDP_NOT_SDP, /* it does not begin with v=0, or a line m= cannot be read */
    SIP_SDP_TOO_LONG /* body or lines pass their bound */
};

enum sip_sdp_direction {
    SIP_SDP_UNSAID, /* sendrecv, or what the session says (RFC 8866 §6.7) */
    SIP_SDP_INACTIVE,
    SIP_SDP_SENDONLY,
    SIP_SDP_RECVONLY,
    SIP_SDP_SENDRECV
};

/* The family of an address that is a name, or not to be read: names are never looked up on the way
 * of a call. 0: not said. Ports stand beside the addresses here, as they do on the wire. */
#define SIP_SDP_NO_ADDRESS 255

struct sip_sdp_format {
    uint8_t payload; /* 0 … 127, or SIP_SDP_NOT_RTP */
    uint8_t channels;
    uint32_t clock_hz;
    uint16_t name_n, fmtp_n;
    char name[SIP_SDP_NAME_MAX]; /* as rtpmap says, or the known name of a static payload type */
    char fmtp[SIP_SDP_FMTP_MAX];
};

struct sip_sdp_media {
    char type[SIP_SDP_TYPE_MAX], proto[SIP_SDP_PROTO_MAX];
    uint16_t type_n, proto_n;
    uint16_t port, ptime_ms, maxptime_ms; /* 0: not said; port 0: refused or switched off */
    uint16_t rtcp_port;                   /* 0: not said, that is port + 1 */
    uint8_t direction;                    /* enum sip_sdp_direction */
    bool has_rtcp_mux;
    struct address address, rtcp_address; /* family 0: that of the session; of media */
    uint16_t crypto_n;                    /* of those that can be kept, the first SIP_CRYPTO_MAX */
    struct sip_crypto crypto[SIP_CRYPTO_MAX];
    uint16_t formats_n, formats_left_out_n;
    struct sip_sdp_format formats[SIP_SDP_FORMATS_MAX];
};

struct sip_sdp {
    uint64_t origin_id, origin_version; /* 0 when not numbers */
    struct address origin, address;
    uint8_t direction;
    uint16_t media_n, media_left_out_n;
    struct sip_sdp_media media[SIP_SDP_MEDIA_MAX];
};

/* Reads a body. Without SIP_SDP_OK the content of *sdp says nothing. */
enum sip_sdp_verdict sip_sdp_read(struct sip_sdp *sdp, struct text body);

/* Writes it; false when it did not fit. */
MUST_CHECK bool sip_sdp_write(struct text_out *out, const struct sip_sdp *sdp);

/* What holds for a media once the session's words are taken in. */
enum sip_sdp_direction sip_sdp_direction_of(const struct sip_sdp *sdp, unsigned media_i);
struct address sip_sdp_address_of(const struct sip_sdp *sdp, unsigned media_i);

/* The first format of this name (no regard to case) and clock in a media; NULL. */
const struct sip_sdp_format *sip_sdp_find(const struct sip_sdp_media *media, struct text name,
                                          uint32_t clock_hz);

struct text sip_sdp_direction_name(enum sip_sdp_direction direction);
/* The direction as the other side sees it: sendonly ↔ recvonly. */
enum sip_sdp_direction sip_sdp_mirrored(enum sip_sdp_direction direction);

#endif
