/* format.h — the formats that we speak, as a line of a description has them: G.711, G.722, Opus,
 * keys (telephone-event), comfort noise. Called by offer.c. Pure: tables and one line. */
#ifndef SIP_FORMAT_H
#define SIP_FORMAT_H

#include "sip/sdp.h"

#define SIP_FORMAT_HZ 8000
#define SIP_FORMAT_WIDE_HZ 48000   /* of Opus (RFC 7587 §4.1), and of its keys (RFC 4733 §2.1) */
#define SIP_OFFER_NOISE_PAYLOAD 13 /* RFC 3389 §4 */

enum sip_codec {
    SIP_CODEC_NONE,
    SIP_CODEC_PCMA,
    SIP_CODEC_PCMU,
    SIP_CODEC_G722,
    SIP_CODEC_OPUS,
    SIP_CODECS
};

/* Is it a law of G.711, which costs us nothing? */
static inline bool sip_codec_is_law(enum sip_codec codec)
{
    return codec == SIP_CODEC_PCMA || codec == SIP_CODEC_PCMU;
}

/* In our own offers. */
uint8_t sip_format_payload(enum sip_codec codec);
uint32_t sip_format_clock_hz(enum sip_codec codec);

/* NULL: the line does not have it. */
const struct sip_sdp_format *sip_format_find(const struct sip_sdp_media *m, enum sip_codec codec);
/* Keys beside this codec: by the clock of the sound, or that of all others where they know nothing
 * else. */
const struct sip_sdp_format *sip_format_find_digits(const struct sip_sdp_media *m,
                                                    enum sip_codec codec);
/* Comfort noise by its static number, beside this codec. */
bool sip_format_has_noise(const struct sip_sdp_media *m, enum sip_codec codec);

void sip_format_add(struct sip_sdp_media *m, enum sip_codec codec, uint8_t payload);
void sip_format_add_digits(struct sip_sdp_media *m, uint8_t payload, bool is_wide);
void sip_format_add_noise(struct sip_sdp_media *m);

#endif
