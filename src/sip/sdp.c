/* sdp.c — session descriptions, read line by line. See sdp.h. Called by sip/offer and phone/.
 * Each line is a letter, "=" and a value; those that we do not know are passed over. Attributes go
 * to the media that stands last, or to the session before the first. Cost: linear in the body.
 * Invariant: what is read fits its bound; nothing is read past the body. */
#include "sip/sdp.h"

/* What is being filled. */
struct reader {
    struct sip_sdp *sdp;
    struct sip_sdp_media *media; /* the last; NULL: session level */
    bool is_left_out;            /* a media past the bound: its lines are passed over */
    bool is_wrong;
};

/* Payload types of RFC 3551 that phones send without rtpmap. */
static const struct {
    struct text name;
    uint32_t clock_hz;
    uint8_t payload;
} known[] = {
    {TEXT("PCMU"), 8000, 0},  {TEXT("GSM"), 8000, 3},    {TEXT("G723"), 8000, 4},
    {TEXT("PCMA"), 8000, 8},  {TEXT("G722"), 8000, 9},   {TEXT("CN"), 8000, 13},
    {TEXT("G728"), 8000, 15}, {TEXT("G729"), 8000, 18},  {TEXT("JPEG"), 90000, 26},
    {TEXT("MPV"), 90000, 32}, {TEXT("H263"), 90000, 34},
};

/* A whole number, 0 when it is none or passes max. */
static uint64_t number_or_0(struct text t, uint64_t max)
{
    uint64_t v = 0;
    return text_number(t, max, &v) ? v : 0;
}

/* "IN IP4 192.0.2.1", with "/ttl" behind a multicast address. */
static struct address read_address(struct text value)
{
    struct address address;
    text_word(&value);
    text_word(&value);
    struct text word = text_word(&value);
    if (!address_read_ip(&address, text_cut(&word, '/')))
        address.family = SIP_SDP_NO_ADDRESS;
    return address;
}

static void read_origin(struct sip_sdp *sdp, struct text value)
{
    text_word(&value);
    sdp->origin_id = number_or_0(text_word(&value), UINT64_MAX);
    sdp->origin_version = number_or_0(text_word(&value), UINT64_MAX);
    sdp->origin = read_address(value);
}

/* ---- media -------------------------------------------------------------------------------- */

static bool contains(struct text t, struct text part)
{
    for (size_t i = 0; i + part.n <= t.n; i++)
        if (text_starts_fold(text_after(t, i), part))
            return true;
    return false;
}

static bool is_rtp(const struct sip_sdp_media *media)
{
    struct text proto = {media->proto, media->proto_n};
    return text_starts_fold(proto, TEXT("RTP/")) || contains(proto, TEXT("/RTP/"));
}

static void name_static(struct sip_sdp_format *f)
{
    for (unsigned i = 0; i < ARRAY_LEN(known); i++) {
        if (known[i].payload != f->payload)
            continue;
        f->clock_hz = known[i].clock_hz;
        f->channels = 1;
        if (!text_keep(f->name, sizeof(f->name), &f->name_n, known[i].name))
            f->name_n = 0;
    }
}

static struct sip_sdp_format *format_numbered(struct sip_sdp_media *media, uint64_t payload)
{
    for (unsigned i = 0; i < media->formats_n; i++)
        if (media->formats[i].payload == payload)
            return &media->formats[i];
    return NULL;
}

static void read_format(struct sip_sdp_media *media, struct text word)
{
    uint64_t payload = SIP_SDP_NOT_RTP;
    if (!is_rtp(media) || !text_number(word, 127, &payload))
        payload = SIP_SDP_NOT_RTP;
    bool is_word = payload == SIP_SDP_NOT_RTP;
    if (!is_word && format_numbered(media, payload))
        return; /* said twice */
    if (media->formats_n == SIP_SDP_FORMATS_MAX || (is_word && word.n > SIP_SDP_NAME_MAX)) {
        media->formats_left_out_n++;
        return;
    }
    struct sip_sdp_format *f = &media->formats[media->formats_n++];
    *f = (struct sip_sdp_format){.payload = (uint8_t)payload};
    if (!is_word)
        name_static(f);
    else if (!text_keep(f->name, sizeof(f->name), &f->name_n, word))
        media->formats_n--;
}

/* "audio 49170/2 RTP/AVP 0 8 101" */
static bool read_media(struct sip_sdp_media *media, struct text value)
{
    *media = (struct sip_sdp_media){0};
    struct text type = text_word(&value), ports = text_word(&value), proto = text_word(&value);
    uint64_t port = 0;
    bool fits = text_keep(media->type, sizeof(media->type), &media->type_n, type) &&
                text_keep(media->proto, sizeof(media->proto), &media->proto_n, proto) &&
                text_number(text_cut(&ports, '/'), UINT16_MAX, &port);
    media->port = (uint16_t)port;
    for (struct text word; fits && (word = text_word(&value)).n;)
        read_format(media, word);
    return fits && proto.n && media->formats_n;
}

static void begin_media(struct reader *r, struct text value)
{
    struct sip_sdp *sdp = r->sdp;
    r->is_left_out = sdp->media_n == SIP_SDP_MEDIA_MAX;
    if (r->is_left_out) {
        sdp->media_left_out_n++;
        return;
    }
    r->media = &sdp->media[sdp->media_n++];
    r->is_wrong |= !read_media(r->media, value);
}

/* ---- attributes --------------------------------------------------------------------------- */

static struct sip_sdp_format *format_of(struct sip_sdp_media *media, struct text word)
{
    uint64_t payload = 0;
    return text_number(word, 127, &payload) ? format_numbered(media, payload) : NULL;
}

/* "8 PCMA/8000/1" */
static void read_rtpmap(struct sip_sdp_media *media, struct text value)
{
    struct sip_sdp_format *f = format_of(media, text_word(&value));
    struct text word = text_word(&value);
    struct text name = text_cut(&word, '/'), clock = text_cut(&word, '/');
    uint64_t clock_hz = number_or_0(clock, UINT32_MAX), channels = number_or_0(word, UINT8_MAX);
    if (!f || !name.n || !clock_hz || name.n > sizeof(f->name))
        return;
    f->clock_hz = (uint32_t)clock_hz;
    f->channels = channels ? (uint8_t)channels : 1;
    if (!text_keep(f->name, sizeof(f->name), &f->name_n, name))
        f->name_n = 0;
}

static void read_fmtp(struct sip_sdp_media *media, struct text value)
{
    struct sip_sdp_format *f = format_of(media, text_word(&value));
    if (f && !text_keep(f->fmtp, sizeof(f->fmtp), &f->fmtp_n, text_trim(value)))
        f->fmtp_n = 0;
}

/* Milliseconds; some say fractions, which no packet of ours has. */
static uint16_t read_ptime(struct text value)
{
    struct text word = text_word(&value);
    return (uint16_t)number_or_0(text_cut(&word, '.'), UINT16_MAX);
}

static void read_rtcp(struct sip_sdp_media *media, struct text value)
{
    struct text port = text_word(&value);
    media->rtcp_port = (uint16_t)number_or_0(port, UINT16_MAX);
    media->rtcp_address = (struct address){0};
    if (text_trim(value).n)
        media->rtcp_address = read_address(value);
}

static enum sip_sdp_direction direction_named(struct text name)
{
    for (unsigned d = SIP_SDP_INACTIVE; d <= SIP_SDP_SENDRECV; d++)
        if (text_equal_fold(name, sip_sdp_direction_name((enum sip_sdp_direction)d)))
            return (enum sip_sdp_direction)d;
    return SIP_SDP_UNSAID;
}

static void read_media_attribute(struct sip_sdp_media *media, struct text name, struct text value)
{
    if (text_equal_fold(name, TEXT("rtpmap")))
        read_rtpmap(media, value);
    else if (text_equal_fold(name, TEXT("fmtp")))
        read_fmtp(media, value);
    else if (text_equal_fold(name, TEXT("ptime")))
        media->ptime_ms = read_ptime(value);
    else if (text_equal_fold(name, TEXT("maxptime")))
        media->maxptime_ms = read_ptime(value);
    else if (text_equal_fold(name, TEXT("rtcp")))
        read_rtcp(media, value);
    else if (text_equal_fold(name, TEXT("rtcp-mux")))
        media->has_rtcp_mux = true;
    else if (text_equal_fold(name, TEXT("crypto")) && media->crypto_n < SIP_CRYPTO_MAX)
        media->crypto_n += sip_crypto_read(&media->crypto[media->crypto_n], value);
}

static void read_attribute(struct reader *r, struct text value)
{
    struct text name = text_trim(text_cut(&value, ':'));
    enum sip_sdp_direction direction = direction_named(name);
    if (direction != SIP_SDP_UNSAID)
        *(r->media ? &r->media->direction : &r->sdp->direction) = (uint8_t)direction;
    else if (r->media)
        read_media_attribute(r->media, name, value);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void read_line(struct reader *r, struct text line)
{
    if (line.n < 2 || line.p[1] != '=')
        return;
    struct text value = {line.p + 2, line.n - 2};
    if (line.p[0] == 'm')
        begin_media(r, value);
    else if (r->is_left_out)
        return;
    else if (line.p[0] == 'o' && !r->media)
        read_origin(r->sdp, value);
    else if (line.p[0] == 'c')
        *(r->media ? &r->media->address : &r->sdp->address) = read_address(value);
    else if (line.p[0] == 'a')
        read_attribute(r, value);
}

/* The next line that is not empty; lines end with CR, LF or both. */
static struct text take_line(struct text *rest)
{
    while (rest->n && (rest->p[0] == '\r' || rest->p[0] == '\n'))
        *rest = text_after(*rest, 1);
    struct text line = {rest->p, 0};
    while (line.n < rest->n && rest->p[line.n] != '\r' && rest->p[line.n] != '\n')
        line.n++;
    *rest = text_after(*rest, line.n);
    return line;
}

enum sip_sdp_verdict sip_sdp_read(struct sip_sdp *sdp, struct text body)
{
    *sdp = (struct sip_sdp){0};
    struct reader r = {.sdp = sdp};
    if (body.n > SIP_SDP_BODY_MAX)
        return SIP_SDP_TOO_LONG;
    if (!text_equal(text_trim(take_line(&body)), TEXT("v=0")))
        return SIP_SDP_NOT_SDP;
    unsigned lines_n = 1;
    for (struct text line; (line = take_line(&body)).n && !r.is_wrong;) {
        if (++lines_n > SIP_SDP_LINES_MAX)
            return SIP_SDP_TOO_LONG;
        read_line(&r, line);
    }
    return r.is_wrong ? SIP_SDP_NOT_SDP : SIP_SDP_OK;
}

enum sip_sdp_direction sip_sdp_direction_of(const struct sip_sdp *sdp, unsigned media_i)
{
    uint8_t own = sdp->media[media_i].direction;
    uint8_t direction = own != SIP_SDP_UNSAID ? own : sdp->direction;
    return direction != SIP_SDP_UNSAID ? (enum sip_sdp_direction)direction : SIP_SDP_SENDRECV;
}

struct address sip_sdp_address_of(const struct sip_sdp *sdp, unsigned media_i)
{
    const struct address *own = &sdp->media[media_i].address;
    return own->family ? *own : sdp->address;
}

const struct sip_sdp_format *sip_sdp_find(const struct sip_sdp_media *media, struct text name,
                                          uint32_t clock_hz)
{
    for (unsigned i = 0; i < media->formats_n; i++) {
        const struct sip_sdp_format *f = &media->formats[i];
        if (f->clock_hz == clock_hz && text_equal_fold((struct text){f->name, f->name_n}, name))
            return f;
    }
    return NULL;
}
