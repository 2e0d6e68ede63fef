/* form.c — see form.h. Cost: one walk over the text. */
#include "access/form.h"

bool form_cookie(struct text *value, struct text header, struct text name)
{
    bool is_found = false;
    while (header.n) {
        struct text rest = text_trim(text_cut(&header, ';'));
        struct text key = text_cut(&rest, '=');
        if (!text_equal(key, name))
            continue;
        if (is_found)
            return false; /* somebody planted another: none of them is believed */
        is_found = true;
        *value = rest;
    }
    return is_found;
}

/* "+" is a space, "%41" is A. */
static bool decode(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = (uint8_t)t.p[i];
        if (c == '+')
            c = ' ';
        if (c == '%') {
            if (!form_hex(&c, 1, (struct text){t.p + i + 1, t.n - i - 1 < 2 ? 0 : 2}))
                return false;
            i += 2;
        }
        if (!c)
            return false;
        text_put(out, (struct text){(const char *)&c, 1});
    }
    return !out->is_cut;
}

bool form_field(struct text_out *out, struct text body, const char *name)
{
    struct text found = TEXT_NONE;
    bool is_found = false;
    for (unsigned i = 0; body.n && i < FORM_FIELDS_MAX; i++) {
        struct text rest = text_cut(&body, '&');
        struct text key = text_cut(&rest, '=');
        if (!text_equal(key, text_of(name)))
            continue;
        if (is_found)
            return false;
        is_found = true;
        found = rest;
    }
    return is_found && decode(out, found);
}

/* "https://reception.example.fr:8443": what stands behind the scheme. */
static bool origin_host(struct text *host, struct text origin)
{
    static const struct text schemes[] = {{"https://", 8}, {"http://", 7}};
    for (unsigned i = 0; i < ARRAY_LEN(schemes); i++)
        if (text_starts_fold(origin, schemes[i])) {
            *host = text_after(origin, schemes[i].n);
            return host->n > 0;
        }
    return false; /* "null", and what is no origin */
}

bool form_is_ours(const struct form_source *source)
{
    struct text host;
    if (source->site.n && !text_equal(source->site, TEXT("same-origin")))
        return false;
    if (source->origin.n)
        return origin_host(&host, source->origin) && text_equal_fold(host, source->host);
    return source->site.n > 0;
}

bool form_is_loopback(struct text host)
{
    struct address address;
    struct text name = host;
    if (host.n && host.p[0] == '[') {
        name = text_after(text_cut(&host, ']'), 1);
    } else {
        name = text_cut(&host, ':');
    }
    if (text_equal_fold(name, TEXT("localhost")))
        return true;
    return address_read_ip(&address, name) && address_is_loopback(&address);
}

bool form_client(struct address *client, struct text forwarded_for)
{
    struct text last = TEXT_NONE;
    while (forwarded_for.n)
        last = text_trim(text_cut(&forwarded_for, ','));
    if (!last.n || !(address_read_ip(client, last) || address_read(client, last)))
        return false;
    client->port = 0;
    return true;
}

static bool digit(uint8_t *v, char c)
{
    char lower = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    bool is_letter = lower >= 'a' && lower <= 'f';
    *v = (uint8_t)(is_letter ? lower - 'a' + 10 : lower - '0');
    return is_letter || (lower >= '0' && lower <= '9');
}

bool form_hex(uint8_t *to, size_t n, struct text t)
{
    if (t.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t high, low;
        if (!digit(&high, t.p[2 * i]) || !digit(&low, t.p[2 * i + 1]))
            return false;
        to[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
