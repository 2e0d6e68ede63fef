/* sdp_write.c — session descriptions written, in the order of RFC 8866 §5. See sdp.h.
 * Called by sip/offer. Cost: linear in what is written.
 * Invariant: what is written is read back by sip_sdp_read() as the same. */
#include "sip/sdp.h"

struct text sip_sdp_direction_name(enum sip_sdp_direction direction)
{
    static const struct {
        struct text name;
    } names[] = {
        [SIP_SDP_UNSAID] = {TEXT("")},           [SIP_SDP_INACTIVE] = {TEXT("inactive")},
        [SIP_SDP_SENDONLY] = {TEXT("sendonly")}, [SIP_SDP_RECVONLY] = {TEXT("recvonly")},
        [SIP_SDP_SENDRECV] = {TEXT("sendrecv")},
    };
    return names[direction].name;
}

enum sip_sdp_direction sip_sdp_mirrored(enum sip_sdp_direction direction)
{
    if (direction == SIP_SDP_SENDONLY)
        return SIP_SDP_RECVONLY;
    return direction == SIP_SDP_RECVONLY ? SIP_SDP_SENDONLY : direction;
}

static void end_line(struct text_out *out)
{
    text_put(out, TEXT("\r\n"));
}

static void put_address(struct text_out *out, const struct address *address)
{
    text_put(out, address->family == 6 ? TEXT("IN IP6 ") : TEXT("IN IP4 "));
    if (address->family == 4 || address->family == 6)
        address_put(out, address);
    else
        text_put(out, TEXT("0.0.0.0")); /* o= must name something */
}

static void put_connection(struct text_out *out, const struct address *address)
{
    if (address->family != 4 && address->family != 6)
        return;
    text_put(out, TEXT("c="));
    put_address(out, address);
    end_line(out);
}

static void put_direction(struct text_out *out, uint8_t direction)
{
    if (direction == SIP_SDP_UNSAID)
        return;
    text_put(out, TEXT("a="));
    text_put(out, sip_sdp_direction_name((enum sip_sdp_direction)direction));
    end_line(out);
}

/* A line "a=NAME" and a number; none when it is 0. */
static void put_number_line(struct text_out *out, struct text name, uint64_t v)
{
    if (!v)
        return;
    text_put(out, name);
    text_put_number(out, v);
    end_line(out);
}

static void put_format_lines(struct text_out *out, const struct sip_sdp_format *f)
{
    if (f->payload == SIP_SDP_NOT_RTP)
        return;
    if (f->name_n && f->clock_hz) {
        text_put(out, TEXT("a=rtpmap:"));
        text_put_number(out, f->payload);
        text_put(out, TEXT(" "));
        text_put(out, (struct text){f->name, f->name_n});
        text_put(out, TEXT("/"));
        text_put_number(out, f->clock_hz);
        if (f->channels > 1) {
            text_put(out, TEXT("/"));
            text_put_number(out, f->channels);
        }
        end_line(out);
    }
    if (f->fmtp_n) {
        text_put(out, TEXT("a=fmtp:"));
        text_put_number(out, f->payload);
        text_put(out, TEXT(" "));
        text_put(out, (struct text){f->fmtp, f->fmtp_n});
        end_line(out);
    }
}

static void put_media_line(struct text_out *out, const struct sip_sdp_media *m)
{
    text_put(out, TEXT("m="));
    text_put(out, (struct text){m->type, m->type_n});
    text_put(out, TEXT(" "));
    text_put_number(out, m->port);
    text_put(out, TEXT(" "));
    text_put(out, (struct text){m->proto, m->proto_n});
    for (unsigned i = 0; i < m->formats_n; i++) {
        const struct sip_sdp_format *f = &m->formats[i];
        text_put(out, TEXT(" "));
        if (f->payload == SIP_SDP_NOT_RTP)
            text_put(out, (struct text){f->name, f->name_n});
        else
            text_put_number(out, f->payload);
    }
    end_line(out);
}

static void put_rtcp(struct text_out *out, const struct sip_sdp_media *m)
{
    if (m->rtcp_port) {
        text_put(out, TEXT("a=rtcp:"));
        text_put_number(out, m->rtcp_port);
        if (m->rtcp_address.family == 4 || m->rtcp_address.family == 6) {
            text_put(out, TEXT(" "));
            put_address(out, &m->rtcp_address);
        }
        end_line(out);
    }
    if (m->has_rtcp_mux)
        text_put(out, TEXT("a=rtcp-mux\r\n"));
}

static void put_cryptos(struct text_out *out, const struct sip_sdp_media *m)
{
    for (unsigned i = 0; i < m->crypto_n; i++) {
        text_put(out, TEXT("a=crypto:"));
        sip_crypto_put(out, &m->crypto[i]);
        end_line(out);
    }
}

static void put_media(struct text_out *out, const struct sip_sdp_media *m)
{
    put_media_line(out, m);
    put_connection(out, &m->address);
    for (unsigned i = 0; i < m->formats_n; i++)
        put_format_lines(out, &m->formats[i]);
    put_number_line(out, TEXT("a=ptime:"), m->ptime_ms);
    put_number_line(out, TEXT("a=maxptime:"), m->maxptime_ms);
    put_rtcp(out, m);
    put_cryptos(out, m);
    put_direction(out, m->direction);
}

bool sip_sdp_write(struct text_out *out, const struct sip_sdp *sdp)
{
    text_put(out, TEXT("v=0\r\no=- "));
    text_put_number(out, sdp->origin_id);
    text_put(out, TEXT(" "));
    text_put_number(out, sdp->origin_version);
    text_put(out, TEXT(" "));
    put_address(out, &sdp->origin);
    text_put(out, TEXT("\r\ns=-\r\n"));
    put_connection(out, &sdp->address);
    text_put(out, TEXT("t=0 0\r\n"));
    put_direction(out, sdp->direction);
    for (unsigned i = 0; i < sdp->media_n; i++)
        put_media(out, &sdp->media[i]);
    return !out->is_cut;
}
