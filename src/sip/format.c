/* format.c — see format.h. Called by offer.c. Cost: linear in the line.
 * What a peer says of its formats beyond name and clock (fmtp) is read by nobody: of Opus we send
 * one channel at 24 kbit/s with copies for loss, which every decoder takes (RFC 7587 §7), of keys
 * all sixteen. */
#include "sip/format.h"

#define DIGITS TEXT("telephone-event")
#define NOISE TEXT("CN")
#define OPUS_MAXPTIME_MS 60

static const struct {
    struct text name, fmtp;
    uint32_t clock_hz;
    uint8_t payload, channels;
} codecs[SIP_CODECS] = {
    [SIP_CODEC_PCMA] = {TEXT("PCMA"), TEXT_NONE, SIP_FORMAT_HZ, 8, 1},
    [SIP_CODEC_PCMU] = {TEXT("PCMU"), TEXT_NONE, SIP_FORMAT_HZ, 0, 1},
    /* It has 16,000 samples a second, and this clock (RFC 3551 §4.5.2). */
    [SIP_CODEC_G722] = {TEXT("G722"), TEXT_NONE, SIP_FORMAT_HZ, 9, 1},
    /* Two channels, also where both sides send one (RFC 7587 §7). */
    [SIP_CODEC_OPUS] = {TEXT("opus"), TEXT("useinbandfec=1"), SIP_FORMAT_WIDE_HZ, 111, 2},
};

uint8_t sip_format_payload(enum sip_codec codec)
{
    return codecs[codec].payload;
}

uint32_t sip_format_clock_hz(enum sip_codec codec)
{
    return codecs[codec].clock_hz;
}

/* ---- found -------------------------------------------------------------------------------- */

const struct sip_sdp_format *sip_format_find(const struct sip_sdp_media *m, enum sip_codec codec)
{
    return sip_sdp_find(m, codecs[codec].name, codecs[codec].clock_hz);
}

const struct sip_sdp_format *sip_format_find_digits(const struct sip_sdp_media *m,
                                                    enum sip_codec codec)
{
    const struct sip_sdp_format *best = sip_sdp_find(m, DIGITS, codecs[codec].clock_hz);
    return best ? best : sip_sdp_find(m, DIGITS, SIP_FORMAT_HZ);
}

bool sip_format_has_noise(const struct sip_sdp_media *m, enum sip_codec codec)
{
    const struct sip_sdp_format *noise = sip_sdp_find(m, NOISE, codecs[codec].clock_hz);
    return noise && noise->payload == SIP_OFFER_NOISE_PAYLOAD;
}

/* ---- added -------------------------------------------------------------------------------- */

static void keep(char *to, size_t max, uint16_t *n, struct text t)
{
    bool fits = text_keep(to, max, n, t);
    assert(fits); /* names of ours */
}

static struct sip_sdp_format *add(struct sip_sdp_media *m, struct text name, uint8_t payload)
{
    struct sip_sdp_format *f = &m->formats[m->formats_n++];
    *f = (struct sip_sdp_format){.payload = payload, .clock_hz = SIP_FORMAT_HZ, .channels = 1};
    keep(f->name, sizeof(f->name), &f->name_n, name);
    return f;
}

void sip_format_add(struct sip_sdp_media *m, enum sip_codec codec, uint8_t payload)
{
    struct sip_sdp_format *f = add(m, codecs[codec].name, payload);
    f->clock_hz = codecs[codec].clock_hz;
    f->channels = codecs[codec].channels;
    keep(f->fmtp, sizeof(f->fmtp), &f->fmtp_n, codecs[codec].fmtp);
    if (codec == SIP_CODEC_OPUS)
        m->maxptime_ms = OPUS_MAXPTIME_MS;
}

void sip_format_add_digits(struct sip_sdp_media *m, uint8_t payload, bool is_wide)
{
    struct sip_sdp_format *f = add(m, DIGITS, payload);
    f->clock_hz = is_wide ? SIP_FORMAT_WIDE_HZ : SIP_FORMAT_HZ;
    keep(f->fmtp, sizeof(f->fmtp), &f->fmtp_n, TEXT("0-15"));
}

void sip_format_add_noise(struct sip_sdp_media *m)
{
    add(m, NOISE, SIP_OFFER_NOISE_PAYLOAD);
}
