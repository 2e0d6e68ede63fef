/* value.c — see value.h. Called by read and by phone/. Cost: linear in the value.
 * Invariant: total on any bytes; a slice given back lies within the one given (fuzz/sip.c). */
#include <string.h>

#include "sip/value.h"

bool sip_value_is_token_char(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    static const char marks[] = "-.!%*_+`'~";
    return memchr(marks, c, sizeof(marks) - 1) != NULL;
}

bool sip_value_is_token(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if (!sip_value_is_token_char(t.p[i]))
            return false;
    return t.n > 0;
}

/* Where the next of two characters stands outside quotes, < > and [ ]; t.n when nowhere. */
static size_t find_outside(struct text t, char wanted, char other)
{
    bool quoted = false, angled = false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
            continue;
        }
        if (!angled && (c == wanted || c == other))
            return i;
        if (c == '"')
            quoted = true;
        else if (c == '<')
            angled = true;
        else if (c == '>')
            angled = false;
    }
    return t.n;
}

static bool take_until(struct text *rest, char mark, struct text *taken)
{
    if (!rest->p)
        return false;
    size_t at = find_outside(*rest, mark, mark);
    *taken = text_trim((struct text){rest->p, at});
    if (at == rest->n)
        *rest = TEXT_NONE;
    else
        *rest = text_after(*rest, at + 1);
    return true;
}

bool sip_value_next(struct text *rest, struct text *element)
{
    return take_until(rest, ',', element);
}

bool sip_value_part(struct text *rest, struct text *part)
{
    return take_until(rest, ';', part);
}

struct text sip_value_param(struct text params, struct text name, bool *has)
{
    struct text rest = params, part;
    *has = false;
    while (sip_value_part(&rest, &part)) {
        size_t eq = find_outside(part, '=', '=');
        if (!text_equal_fold(text_trim((struct text){part.p, eq}), name))
            continue;
        *has = true;
        return text_trim(text_after(part, eq + 1));
    }
    return TEXT_NONE;
}

bool sip_value_address(struct text value, struct sip_address *a)
{
    value = text_trim(value);
    *a = (struct sip_address){0};
    size_t open = find_outside(value, '<', ';');
    if (open == value.n || value.p[open] == ';') {
        a->uri = text_trim((struct text){value.p, open});
        a->params = text_after(value, open);
        /* Without brackets a '?' or ',' would belong to the header (§20.10). */
        return a->uri.n && !memchr(a->uri.p, '"', a->uri.n) && !memchr(a->uri.p, '?', a->uri.n) &&
               !memchr(a->uri.p, ' ', a->uri.n);
    }
    a->display = text_trim((struct text){value.p, open});
    a->has_brackets = true;
    struct text inside = text_after(value, open + 1);
    const char *close = memchr(inside.p, '>', inside.n);
    if (!close)
        return false;
    a->uri = (struct text){inside.p, (size_t)(close - inside.p)};
    a->params = text_trim(text_after(inside, a->uri.n + 1));
    return a->uri.n && !memchr(a->uri.p, ' ', a->uri.n) && (!a->params.n || a->params.p[0] == ';');
}

struct text sip_value_scheme(struct text uri)
{
    const char *colon = uri.n ? memchr(uri.p, ':', uri.n) : NULL;
    struct text scheme = {uri.p, colon ? (size_t)(colon - uri.p) : 0};
    return sip_value_is_token(scheme) ? scheme : TEXT_NONE;
}

/* "host", "host:port" or "[v6]:port". False: empty, or a port that is none. */
static bool read_host(struct text t, struct sip_uri_parts *parts)
{
    t = text_trim(t);
    struct text port = TEXT_NONE;
    if (t.n && t.p[0] == '[') {
        const char *close = memchr(t.p, ']', t.n);
        if (!close)
            return false;
        parts->host = (struct text){t.p + 1, (size_t)(close - t.p) - 1};
        parts->is_ipv6 = true;
        port = text_trim(text_after(t, parts->host.n + 2));
    } else {
        const char *colon = t.n ? memchr(t.p, ':', t.n) : NULL;
        parts->host = text_trim((struct text){t.p, colon ? (size_t)(colon - t.p) : t.n});
        port = text_after(t, colon ? (size_t)(colon - t.p) : t.n);
    }
    uint64_t v = 0;
    if (port.n) {
        bool is_port = port.p[0] == ':' &&
                       text_number(text_trim(text_after(port, 1)), UINT16_MAX, &v) && v > 0;
        if (!is_port)
            return false;
    }
    parts->port = (uint16_t)v;
    return parts->host.n > 0;
}

bool sip_value_uri(struct text uri, struct sip_uri_parts *parts)
{
    *parts = (struct sip_uri_parts){0};
    struct text scheme = sip_value_scheme(uri);
    if (!text_equal_fold(scheme, TEXT("sip")) && !text_equal_fold(scheme, TEXT("sips")))
        return false;
    struct text rest = text_after(uri, scheme.n + 1);
    /* The user may hold ';' and '?' (RFC 4475 §3.1.1.9), but no unescaped '@'. */
    const char *at = rest.n ? memchr(rest.p, '@', rest.n) : NULL;
    if (at) {
        parts->user = (struct text){rest.p, (size_t)(at - rest.p)};
        rest = text_after(rest, parts->user.n + 1);
    }
    size_t end = 0;
    while (end < rest.n && rest.p[end] != ';' && rest.p[end] != '?')
        end++;
    parts->params = text_after(rest, end);
    return read_host((struct text){rest.p, end}, parts);
}

/* "SIP / 2.0 / UDP" with white space around the slashes; what follows it is left in *rest. The
 * version is that of the start line's judgement: an answer to another one finds its way too. */
static bool read_protocol(struct text *rest, struct text *transport)
{
    for (unsigned i = 0; i < 2; i++) {
        const char *slash = rest->n ? memchr(rest->p, '/', rest->n) : NULL;
        if (!slash)
            return false;
        struct text word = {rest->p, (size_t)(slash - rest->p)};
        if (i == 0 && !text_equal_fold(text_trim(word), TEXT("SIP")))
            return false;
        *rest = text_after(*rest, word.n + 1);
    }
    *transport = text_word(rest);
    *rest = text_trim(*rest);
    return sip_value_is_token(*transport);
}

bool sip_value_via(struct text via, struct sip_via_parts *parts)
{
    *parts = (struct sip_via_parts){0};
    struct text rest = text_trim(via);
    if (!read_protocol(&rest, &parts->transport))
        return false;
    size_t end = find_outside(rest, ';', ';');
    struct sip_uri_parts host = {0};
    if (!read_host((struct text){rest.p, end}, &host))
        return false;
    parts->host = host.host;
    parts->port = host.port;
    parts->params = text_after(rest, end);
    bool has;
    parts->branch = sip_value_param(parts->params, TEXT("branch"), &has);
    sip_value_param(parts->params, TEXT("rport"), &parts->has_rport);
    return true;
}
