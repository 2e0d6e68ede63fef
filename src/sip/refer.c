/* refer.c — see refer.h. Called by phone/. Cost: a walk over one value. Invariant: what is
 * unescaped is bounded, and holds no character that could end a line. */
#include "sip/refer.h"

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %41 → A (RFC 3261 §19.1.2). False: broken, too long, or a character of control. */
static bool unescape(struct text t, struct text_out *out)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (c == '%') {
            int high = i + 2 < t.n ? hex_of(t.p[i + 1]) : -1;
            int low = i + 2 < t.n ? hex_of(t.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c < ' ' || c == 0x7f)
            return false;
        text_put(out, (struct text){&c, 1});
    }
    return !out->is_cut;
}

/* The header of that name among "a=b&c=d"; empty: it is not there. */
static struct text header_in(struct text headers, struct text name)
{
    while (headers.n) {
        struct text value = text_cut(&headers, '&'), found = text_cut(&value, '=');
        if (text_equal_fold(found, name))
            return value;
    }
    return TEXT_NONE;
}

static bool read_replaces(struct sip_refer *r, struct text escaped)
{
    struct text_out out = {.p = r->bytes, .max = sizeof(r->bytes)};
    struct sip_read as_invite = {.headers_n = 1};
    if (!unescape(escaped, &out))
        return false;
    as_invite.headers[0] = (struct sip_header){
        .id = SIP_HEADER_REPLACES, .name = TEXT("Replaces"), .value = {out.p, out.n}};
    r->has_replaces = true;
    return sip_replaces_read(&r->replaces, &as_invite) == SIP_REPLACES_READ;
}

bool sip_refer_read(struct sip_refer *r, const struct sip_read *request)
{
    struct text value = sip_read_header(request, SIP_HEADER_REFER_TO, 0);
    struct text_out user = {.p = r->user, .max = sizeof(r->user)};
    struct sip_address address;
    struct sip_uri_parts parts;
    *r = (struct sip_refer){0};
    if (!value.p || sip_read_header(request, SIP_HEADER_REFER_TO, 1).p ||
        !sip_value_address(value, &address))
        return false;
    struct text headers = address.uri, uri = text_cut(&headers, '?');
    if (!sip_value_uri(uri, &parts) || !unescape(parts.user, &user))
        return false;
    r->user_n = (uint16_t)user.n;
    r->wants_no_news =
        text_equal_fold(sip_read_header(request, SIP_HEADER_REFER_SUB, 0), TEXT("false"));
    struct text replaces = header_in(headers, TEXT("Replaces"));
    return !replaces.n || read_replaces(r, replaces);
}

void sip_refer_put_lines(struct text_out *out, uint16_t status)
{
    text_put(out, TEXT("Event: refer\r\nSubscription-State: "));
    text_put(out, status < 200 ? TEXT("active;expires=60\r\n")
                               : TEXT("terminated;reason=noresource\r\n"));
}

void sip_refer_put_body(struct text_out *out, uint16_t status)
{
    text_put(out, TEXT("SIP/2.0 "));
    text_put_number(out, status);
    text_put(out, TEXT(" "));
    text_put(out, sip_reason(status));
    text_put(out, TEXT("\r\n"));
}
