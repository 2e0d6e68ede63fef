/* offer.c — see offer.h. sip/sdp reads lines, formats and directions; what only WebRTC has (ICE,
 * DTLS, bundles) is read here, from the lines of the session and of the chosen media.
 * Cost: twice through the body. Invariant: what is kept fits its bound. */
#include <string.h>

#include "rtc/offer.h"

/* What stands in the session holds where the media says nothing (RFC 8839 §4.4, RFC 8842 §5.1). */
struct words {
    struct text mid, ufrag, password, fingerprint, setup;
    bool is_bundled;
};

static struct text take_line(struct text *rest)
{
    struct text line = text_cut(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static bool is_sha256(struct text value)
{
    return text_starts_fold(value, TEXT("sha-256 "));
}

static void take_attribute(struct words *w, struct text value)
{
    struct text name = text_cut(&value, ':');
    if (text_equal(name, TEXT("mid")))
        w->mid = value;
    else if (text_equal(name, TEXT("ice-ufrag")))
        w->ufrag = value;
    else if (text_equal(name, TEXT("ice-pwd")))
        w->password = value;
    else if (text_equal(name, TEXT("setup")))
        w->setup = value;
    else if (text_equal(name, TEXT("fingerprint")) && is_sha256(value))
        w->fingerprint = value;
    else if (text_equal(name, TEXT("group")) && text_starts_fold(value, TEXT("BUNDLE ")))
        w->is_bundled = true;
}

/* Sets the words of the session and, over them, of the media with this number. */
static void find_words(struct words *w, struct text body, unsigned media_i)
{
    unsigned seen_n = 0; /* lines m= so far */
    *w = (struct words){0};
    for (unsigned i = 0; body.n && i < SIP_SDP_LINES_MAX; i++) {
        struct text line = take_line(&body);
        if (text_starts_fold(line, TEXT("m=")))
            seen_n++;
        else if (text_starts_fold(line, TEXT("a=")) && (!seen_n || seen_n == media_i + 1))
            take_attribute(w, text_after(line, 2));
    }
}

/* ---- what is needed ------------------------------------------------------------------------ */

static bool is_sound(const struct sip_sdp_media *m)
{
    struct text proto = {m->proto, m->proto_n}, type = {m->type, m->type_n};
    return m->port && text_equal_fold(type, TEXT("audio")) &&
           (text_equal_fold(proto, TEXT("UDP/TLS/RTP/SAVPF")) ||
            text_equal_fold(proto, TEXT("UDP/TLS/RTP/SAVP")));
}

/* ice-char (RFC 8839 §5.4). */
static bool is_ice(struct text t, size_t min)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool is_one = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
        if (!is_one)
            return false;
    }
    return t.n >= min && t.n <= RTC_UFRAG_MAX;
}

/* "sha-256 D1:1B:…" */
static bool read_fingerprint(uint8_t to[RTC_FINGERPRINT_BYTES], struct text value)
{
    text_word(&value);
    value = text_trim(value);
    if (value.n != 3 * RTC_FINGERPRINT_BYTES - 1)
        return false;
    for (unsigned i = 0; i < RTC_FINGERPRINT_BYTES; i++) {
        uint64_t byte;
        char lower[2];
        for (unsigned j = 0; j < 2; j++) {
            char c = value.p[3 * i + j];
            lower[j] = c >= 'A' && c <= 'F' ? (char)(c | 32) : c;
        }
        if (!text_hex_read(&byte, (struct text){lower, 2}))
            return false;
        if (i + 1 < RTC_FINGERPRINT_BYTES && value.p[3 * i + 2] != ':')
            return false;
        to[i] = (uint8_t)byte;
    }
    return true;
}

static bool read_setup(enum rtc_setup *to, struct text value)
{
    static const struct text names[] = {TEXT("actpass"), TEXT("active"), TEXT("passive")};
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        if (text_equal_fold(text_trim(value), names[i])) {
            *to = (enum rtc_setup)i;
            return true;
        }
    }
    return false;
}

/* A word that goes back into the answer as it came. */
static bool is_token(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] <= ' ' || t.p[i] > '~')
            return false;
    return t.n > 0;
}

static enum rtc_verdict take_words(struct rtc_offer *o, const struct words *w)
{
    o->is_bundled = w->is_bundled;
    if (!is_token(w->mid) || !text_keep(o->mid, sizeof(o->mid), &o->mid_n, w->mid))
        return RTC_NO_MID;
    if (!is_ice(w->ufrag, RTC_UFRAG_MIN) || !is_ice(w->password, RTC_PASSWORD_MIN) ||
        !text_keep(o->ufrag, sizeof(o->ufrag), &o->ufrag_n, w->ufrag))
        return RTC_NO_ICE;
    if (!read_fingerprint(o->fingerprint, w->fingerprint))
        return RTC_NO_FINGERPRINT;
    return read_setup(&o->setup, w->setup) ? RTC_GOOD : RTC_NO_SETUP;
}

static enum rtc_verdict choose_codec(struct rtc_offer *o, const struct sip_sdp_media *m,
                                     const struct rtc_wish *wish)
{
    for (unsigned i = 0; i < wish->codecs_n; i++) {
        enum sip_codec codec = (enum sip_codec)wish->codecs[i];
        const struct sip_sdp_format *f = sip_format_find(m, codec);
        const struct sip_sdp_format *digits = f ? sip_format_find_digits(m, codec) : NULL;
        if (!f)
            continue;
        o->codec = (uint8_t)codec;
        o->payload = f->payload;
        o->digits = digits ? digits->payload : RTC_NO_PAYLOAD;
        o->has_wide_digits = digits && digits->clock_hz == SIP_FORMAT_WIDE_HZ;
        return RTC_GOOD;
    }
    return RTC_NO_CODEC;
}

static bool keep_line(struct rtc_line *to, const struct sip_sdp_media *m)
{
    struct text_out out = {.p = to->format, .max = sizeof(to->format)};
    const struct sip_sdp_format *f = &m->formats[0];
    if (m->formats_n && f->payload == SIP_SDP_NOT_RTP)
        text_put(&out, (struct text){f->name, f->name_n});
    else
        text_put_number(&out, m->formats_n ? f->payload : 0);
    to->format_n = (uint16_t)out.n;
    struct text type = {m->type, m->type_n}, proto = {m->proto, m->proto_n};
    return !out.is_cut && is_token(type) && is_token(proto) &&
           is_token((struct text){to->format, to->format_n}) &&
           text_keep(to->type, sizeof(to->type), &to->type_n, type) &&
           text_keep(to->proto, sizeof(to->proto), &to->proto_n, proto);
}

/* Sets lines and audio_i. */
static enum rtc_verdict take_lines(struct rtc_offer *o, const struct sip_sdp *sdp)
{
    bool has_audio = false;
    if (sdp->media_left_out_n)
        return RTC_TOO_MANY_LINES;
    for (unsigned i = 0; i < sdp->media_n; i++) {
        if (!keep_line(&o->lines[o->lines_n++], &sdp->media[i]))
            return RTC_NOT_SDP;
        if (!has_audio && is_sound(&sdp->media[i])) {
            o->audio_i = (uint8_t)i;
            has_audio = true;
        }
    }
    return has_audio ? RTC_GOOD : RTC_NO_SOUND;
}

enum rtc_verdict rtc_offer_read(struct rtc_offer *o, struct text body, const struct rtc_wish *wish)
{
    struct sip_sdp sdp;
    struct words words;
    *o = (struct rtc_offer){0};
    enum sip_sdp_verdict read = sip_sdp_read(&sdp, body);
    if (read != SIP_SDP_OK)
        return read == SIP_SDP_TOO_LONG ? RTC_TOO_LONG : RTC_NOT_SDP;
    o->session_id = sdp.origin_id;
    enum rtc_verdict v = take_lines(o, &sdp);
    if (v != RTC_GOOD)
        return v;
    const struct sip_sdp_media *m = &sdp.media[o->audio_i];
    if (sip_sdp_direction_of(&sdp, o->audio_i) != SIP_SDP_SENDRECV)
        return RTC_ONE_WAY;
    if (!m->has_rtcp_mux)
        return RTC_NO_MUX;
    find_words(&words, body, o->audio_i);
    v = take_words(o, &words);
    return v != RTC_GOOD ? v : choose_codec(o, m, wish);
}

bool rtc_offer_goes_on(const struct rtc_offer *o, const struct rtc_offer *before)
{
    return o->session_id && o->session_id == before->session_id &&
           !memcmp(o->fingerprint, before->fingerprint, sizeof(o->fingerprint));
}

/* ---- in words ------------------------------------------------------------------------------ */

const char *rtc_why(enum rtc_verdict verdict)
{
    static const char *const words[RTC_VERDICTS] = {
        [RTC_GOOD] = "",
        [RTC_TOO_LONG] = "L’offre dépasse 16 384 octets ou 1 024 lignes.",
        [RTC_NOT_SDP] = "Le corps n’est pas une description SDP : elle commence par « v=0 ».",
        [RTC_NO_SOUND] = ("L’offre n’a pas de son par DTLS-SRTP : ajoutez la piste du micro "
                          "(addTrack) avant createOffer."),
        [RTC_TOO_MANY_LINES] = "L’offre a plus de quatre lignes m= : n’offrez que le son.",
        [RTC_ONE_WAY] = "Un téléphone parle et écoute : le son doit être « sendrecv ».",
        [RTC_NO_MUX] = "L’offre n’a pas « a=rtcp-mux » : tout passe par un seul port.",
        [RTC_NO_MID] = "La ligne du son n’a pas d’« a=mid » de 32 caractères au plus.",
        [RTC_NO_ICE] = "L’offre n’a pas d’« a=ice-ufrag » et d’« a=ice-pwd » corrects.",
        [RTC_NO_FINGERPRINT] = "L’offre n’a pas d’empreinte « a=fingerprint:sha-256 ».",
        [RTC_NO_SETUP] = "L’offre n’a pas d’« a=setup » : actpass, active ou passive.",
        [RTC_NO_CODEC] = "L’offre n’a aucun de nos codecs : PCMA, PCMU, Opus ou G722.",
    };
    return words[verdict];
}
