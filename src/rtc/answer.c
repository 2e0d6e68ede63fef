/* answer.c — our answer to the offer of a browser (offer.h): the lines in their order, all but the
 * sound refused; addresses as candidates, once and for all (end-of-candidates).
 * Called by browser/. Cost: some 700 bytes. Invariant: what came from outside is repeated only
 * where rtc_offer_read() has judged its characters. */
#include "rtc/offer.h"

/* Preferences of RFC 8445 §5.1.2.1: host candidates, the first family before the second. */
#define HOST_PREFERENCE (UINT64_C(126) << 24)
#define LOCAL_PREFERENCE 65535
#define COMPONENT_RTP 1

static void put(struct text_out *out, const char *words)
{
    text_put(out, text_of(words));
}

static void put_ip(struct text_out *out, const struct address *a)
{
    struct address bare = *a;
    bare.port = 0;
    address_put(out, &bare);
}

static void put_line(struct text_out *out, const struct rtc_line *line, unsigned port)
{
    put(out, "m=");
    text_put(out, (struct text){line->type, line->type_n});
    put(out, " ");
    text_put_number(out, port);
    put(out, " ");
    text_put(out, (struct text){line->proto, line->proto_n});
    put(out, " ");
}

static void put_refused(struct text_out *out, const struct rtc_line *line)
{
    put_line(out, line, 0);
    text_put(out, (struct text){line->format, line->format_n});
    put(out, "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n");
}

static void put_codec(struct text_out *out, const struct rtc_offer *o)
{
    static const char *const names[SIP_CODECS] = {
        [SIP_CODEC_NONE] = "",
        [SIP_CODEC_PCMA] = "PCMA/8000",
        [SIP_CODEC_PCMU] = "PCMU/8000",
        [SIP_CODEC_G722] = "G722/8000",
        [SIP_CODEC_OPUS] = "opus/48000/2",
    };
    put(out, "a=rtpmap:");
    text_put_number(out, o->payload);
    put(out, " ");
    put(out, names[o->codec]);
    if (o->codec == SIP_CODEC_OPUS) {
        put(out, "\r\na=fmtp:");
        text_put_number(out, o->payload);
        put(out, " useinbandfec=1");
    }
    put(out, "\r\n");
    if (o->digits == RTC_NO_PAYLOAD)
        return;
    put(out, "a=rtpmap:");
    text_put_number(out, o->digits);
    put(out, o->has_wide_digits ? " telephone-event/48000" : " telephone-event/8000");
    put(out, "\r\na=fmtp:");
    text_put_number(out, o->digits);
    put(out, " 0-15\r\n");
}

static void put_candidates(struct text_out *out, const struct rtc_answer *answer)
{
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        const struct address *a = &answer->self->of[i];
        if (!a->family)
            continue;
        put(out, "a=candidate:");
        text_put_number(out, i + 1);
        put(out, " 1 udp ");
        text_put_number(out, HOST_PREFERENCE | (uint64_t)(LOCAL_PREFERENCE - i) << 8 |
                                 (256 - COMPONENT_RTP));
        put(out, " ");
        put_ip(out, a);
        put(out, " ");
        text_put_number(out, answer->port);
        put(out, " typ host\r\n");
    }
    put(out, "a=end-of-candidates\r\n");
}

static void put_fingerprint(struct text_out *out, const uint8_t fingerprint[])
{
    static const char digits[] = "0123456789ABCDEF";
    put(out, "a=fingerprint:sha-256 ");
    for (unsigned i = 0; i < RTC_FINGERPRINT_BYTES; i++) {
        char byte[3] = {':', digits[fingerprint[i] >> 4], digits[fingerprint[i] & 15]};
        text_put(out, (struct text){byte + !i, i ? 3 : 2});
    }
    put(out, "\r\n");
}

static void put_sound(struct text_out *out, const struct rtc_offer *o,
                      const struct rtc_answer *answer)
{
    const struct address *self = address_pair_first(answer->self);
    put_line(out, &o->lines[o->audio_i], answer->port);
    text_put_number(out, o->payload);
    if (o->digits != RTC_NO_PAYLOAD) {
        put(out, " ");
        text_put_number(out, o->digits);
    }
    put(out, self->family == 6 ? "\r\nc=IN IP6 " : "\r\nc=IN IP4 ");
    put_ip(out, self);
    put(out, "\r\na=mid:");
    text_put(out, (struct text){o->mid, o->mid_n});
    put(out, "\r\na=sendrecv\r\na=rtcp-mux\r\n");
    put_codec(out, o);
    put(out, "a=ice-ufrag:");
    text_put(out, (struct text){answer->ufrag, sizeof(answer->ufrag)});
    put(out, "\r\na=ice-pwd:");
    text_put(out, (struct text){answer->password, sizeof(answer->password)});
    put(out, "\r\n");
    put_fingerprint(out, answer->fingerprint);
    put(out, answer->is_active ? "a=setup:active\r\n" : "a=setup:passive\r\n");
    put_candidates(out, answer);
}

bool rtc_answer_write(struct text_out *out, const struct rtc_offer *o,
                      const struct rtc_answer *answer)
{
    const struct address *self = address_pair_first(answer->self);
    put(out, "v=0\r\no=- ");
    text_put_number(out, answer->session_id);
    put(out, " ");
    text_put_number(out, answer->version);
    put(out, self->family == 6 ? " IN IP6 " : " IN IP4 ");
    put_ip(out, self);
    put(out, "\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n");
    if (o->is_bundled) {
        put(out, "a=group:BUNDLE ");
        text_put(out, (struct text){o->mid, o->mid_n});
        put(out, "\r\n");
    }
    for (unsigned i = 0; i < o->lines_n; i++) {
        if (i == o->audio_i)
            put_sound(out, o, answer);
        else
            put_refused(out, &o->lines[i]);
    }
    return !out->is_cut;
}
