/* inbound.c — see inbound.h. In this order: is it a message, do we know who sends it, may it be
 * asked of us at all (RFC 3261 §8.2). Called for each datagram. Cost: one walk over the bytes.
 * Invariant: an answer goes to the source address alone; to a response or an ACK nothing is said.
 */
#include "phone/inbound.h"
#include "sip/multipart.h"

#define ALLOW "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO, UPDATE, PRACK, REFER\r\n"

struct sip_peer phone_reply_to(struct sip_read *read, const struct sip_peer *from,
                               char suffix[PHONE_SUFFIX_MAX])
{
    struct address ip = from->at;
    struct text_out out = {.p = suffix, .max = PHONE_SUFFIX_MAX};
    struct sip_peer to = *from;
    ip.port = 0;
    text_put(&out, TEXT(";received="));
    address_put(&out, &ip);
    if (read->via.has_rport || from->transport != SIP_OVER_UDP) {
        if (read->via.has_rport) {
            text_put(&out, TEXT(";rport="));
            text_put_number(&out, from->at.port);
        }
    } else {
        to.at.port = read->via.port ? read->via.port : 5060;
    }
    read->in.via_suffix = (struct text){suffix, out.n};
    return to;
}

bool phone_door_has(const struct phone_door *door, const struct sip_peer *from, bool is_phones,
                    uint32_t *trunk_id)
{
    const struct phone_source *found = NULL;
    bool is_tls = from->transport == SIP_OVER_TLS, fits = false;
    for (uint32_t i = 0; i < door->sources_n && !fits; i++) {
        const struct phone_source *s = &door->sources[i];
        if (s->is_phones != is_phones || !address_net_has(&s->net, &from->at))
            continue;
        fits = is_phones || s->is_tls == is_tls;
        found = fits || !found ? s : found;
    }
    if (found && trunk_id)
        *trunk_id = found->trunk_id;
    return found != NULL;
}

bool phone_door_knows(const struct phone_door *door, const struct sip_peer *from)
{
    return phone_door_has(door, from, true, NULL) || phone_door_has(door, from, false, NULL) ||
           (door->watch.family && address_equal(&door->watch, &from->at));
}

/* One datagram at the door. */
struct visit {
    struct phone_door *door;
    struct sip_read *read;
    const struct sip_peer *from;
    struct phone_answer *answer;
};

struct said {
    uint16_t status;
    struct text reason, headers;
};

static enum phone_verdict say(const struct visit *v, const struct said *said)
{
    char tag[PHONE_TAG_N], suffix[PHONE_SUFFIX_MAX];
    if (!v->read->in.is_request || v->read->in.method == SIP_METHOD_ACK)
        return PHONE_SILENT;
    v->answer->reply_to = phone_reply_to(v->read, v->from, suffix);
    const struct sip_answer a = {.status = said->status,
                                 .reason = said->reason,
                                 .to_tag = phone_key_tag(&v->door->secret, v->read, tag),
                                 .headers = said->headers};
    return sip_write_answer(&v->answer->out, &v->read->in, &a) ? PHONE_ANSWERED : PHONE_SILENT;
}

/* What we have: session timers (RFC 4028), reliable provisional responses (RFC 3262), calls that
 * change their telephone (RFC 3891). */
static const struct {
    struct text tag;
} options[] = {{TEXT("timer")}, {TEXT("100rel")}, {TEXT("replaces")}};

static bool is_option(struct text tag)
{
    for (unsigned i = 0; i < ARRAY_LEN(options); i++)
        if (text_equal_fold(tag, options[i].tag))
            return true;
    return false;
}

/* The option tags that a request requires and that we have not (§8.2.2.3). */
static struct text unsupported(const struct sip_read *read, struct text_out *out)
{
    text_put(out, TEXT("Unsupported: "));
    size_t begin = out->n;
    for (uint32_t i = 0; sip_read_header(read, SIP_HEADER_REQUIRE, i).p; i++) {
        struct text rest = sip_read_header(read, SIP_HEADER_REQUIRE, i), tag;
        while (sip_value_next(&rest, &tag)) {
            if (is_option(tag))
                continue;
            if (out->n > begin)
                text_put(out, TEXT(", "));
            text_put(out, tag);
        }
    }
    bool some = out->n > begin;
    text_put(out, TEXT("\r\n"));
    return some && !out->is_cut ? (struct text){out->p, out->n} : TEXT_NONE;
}

static bool has_foreign_body(const struct sip_read *read)
{
    struct text rest = read->in.content_type, type;
    bool has_offer = read->in.method == SIP_METHOD_INVITE || read->in.method == SIP_METHOD_UPDATE ||
                     read->in.method == SIP_METHOD_PRACK;
    if (!read->in.body.n || !has_offer || !sip_value_part(&rest, &type))
        return false;
    return !text_equal_fold(type, TEXT("application/sdp"));
}

/* What may not be asked of us: the status, 0 when it may. */
static struct said judge(const struct sip_read *read, struct text_out *headers)
{
    bool is_ours = read->in.method != SIP_METHOD_OTHER;
    bool exempt = read->in.method == SIP_METHOD_ACK || read->in.method == SIP_METHOD_CANCEL;
    if (!is_ours)
        return (struct said){.status = 405, .headers = TEXT(ALLOW)};
    struct text tags = exempt ? TEXT_NONE : unsupported(read, headers);
    if (tags.n)
        return (struct said){.status = 420, .headers = tags};
    if (has_foreign_body(read))
        return (struct said){.status = 415,
                             .headers = TEXT("Accept: application/sdp, multipart/mixed\r\n")};
    if (read->in.method == SIP_METHOD_OPTIONS && !read->in.to_tag.n)
        return (struct said){
            .status = 200,
            .headers =
                TEXT(ALLOW "Supported: timer, 100rel, replaces\r\nAccept: application/sdp\r\n"
                           "Accept-Language: fr, en\r\n")};
    return (struct said){0};
}

enum phone_verdict phone_door_take(struct phone_door *door, const struct phone_datagram *datagram,
                                   struct sip_read *read, struct phone_answer *answer)
{
    const struct visit visit = {door, read, &datagram->from, answer};
    char headers[1024];
    struct text_out out = {.p = headers, .max = sizeof(headers)};
    enum sip_read_verdict v = sip_read(read, datagram->bytes, datagram->n);
    if (v == SIP_READ_DROPPED) {
        door->dropped_n++;
        return PHONE_SILENT;
    }
    if (!phone_door_knows(door, visit.from)) {
        door->strangers_n++;
        door->stranger_at = visit.from->at;
        const struct said forbidden = {.status = 403};
        return door->tells_strangers ? say(&visit, &forbidden) : PHONE_SILENT;
    }
    sip_multipart_open(read);
    struct said said = {.status = read->refusal, .reason = read->because};
    if (v == SIP_READ_OK && read->in.is_request)
        said = judge(read, &out);
    if (!said.status) {
        door->passed_n++;
        return PHONE_PASS;
    }
    door->refused_n += said.status != 200;
    return say(&visit, &said);
}
