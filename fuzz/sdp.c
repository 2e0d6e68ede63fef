/* sdp.c — fuzz target of session descriptions: any bytes, read, written, read again, and taken as
 * an offer, then as an answer. What was written is read back as the same. */
#include <string.h>

#include "sip/offer.h"

/* Room for all that a description can hold. */
#define WRITTEN_MAX 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_written(const struct sip_sdp *sdp)
{
    static char first[WRITTEN_MAX], second[WRITTEN_MAX];
    static struct sip_sdp again;
    struct text_out a = {.p = first, .max = sizeof(first)};
    struct text_out b = {.p = second, .max = sizeof(second)};
    bool fits = sip_sdp_write(&a, sdp);
    assert(fits);
    enum sip_sdp_verdict v = sip_sdp_read(&again, (struct text){first, a.n});
    assert(v == SIP_SDP_OK);
    fits = sip_sdp_write(&b, &again);
    assert(fits && a.n == b.n && !memcmp(first, second, a.n));
}

static void check_offer(struct text body)
{
    const struct sip_offer_wish wish = {
        .self = {.of = {{.ip = {203, 0, 113, 5}, .family = 4},
                        {.ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 5}, .family = 6}}},
        .port = 20000,
        .codecs = {SIP_CODEC_PCMU, SIP_CODEC_PCMA, SIP_CODEC_G722, SIP_CODEC_OPUS},
        .codecs_n = 4,
        .direction = SIP_SDP_SENDRECV,
        .has_digits = true,
        .has_rtcp_mux = true};
    char room[SIP_OFFER_ANSWER_MAX];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct sip_offer o;
    sip_offer_begin(&o);
    enum sip_offer_verdict v = sip_offer_take(&o, body, &wish, &out);
    assert(v != SIP_OFFER_NO_ROOM && v != SIP_OFFER_PENDING && v != SIP_OFFER_UNASKED);
    assert(o.is_agreed == (v == SIP_OFFER_CHANGED));
    out.n = 0;
    v = sip_offer_make(&o, &wish, &out);
    assert(v == SIP_OFFER_CHANGED);
    sip_offer_take_answer(&o, body, true);
    assert(o.state == SIP_OFFER_IDLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sip_sdp sdp;
    struct text body = {(const char *)data, n};
    if (sip_sdp_read(&sdp, body) == SIP_SDP_OK)
        check_written(&sdp);
    check_offer(body);
    return 0;
}
