/* sip_mask.c — see sip_mask.h.
 * A number is a run of digits, with at most one sign and some spaces between two of them, also
 * escaped (%2D, %30); an IPv4 address looks like one and is left. */
#include "view/sip_mask.h"

#define UNIT_MAX 3 /* bytes of an escape */

static unsigned hex_of(char c)
{
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                  : 16;
}

/* The character at the beginning of t, an escape undone; *n: its bytes. */
static char unit(struct text t, size_t *n)
{
    *n = 1;
    if (t.p[0] != '%' || t.n < UNIT_MAX || hex_of(t.p[1]) > 15 || hex_of(t.p[2]) > 15)
        return t.p[0];
    *n = UNIT_MAX;
    return (char)(hex_of(t.p[1]) << 4 | hex_of(t.p[2]));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_between(char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '\t';
}

/* Digits in a row, and what stands between them: bytes up to the last digit. */
struct run {
    size_t n, digits_n, dots_n, others_n;
    bool has_large_part; /* a part that no address has */
};

#define BETWEEN_MAX 3 /* signs between two digits: ") " and " - " */

static struct run run_of(struct text t)
{
    struct run r = {0};
    size_t n, between_n = 0, dots_n = 0;
    unsigned part = 0;
    for (size_t i = 0; i < t.n; i += n) {
        char c = unit(text_after(t, i), &n);
        if (is_digit(c)) {
            part = between_n ? 0 : part;
            part = part * 10 + (unsigned)(c - '0');
            r.has_large_part |= part > 255;
            part = part > 255 ? 255 : part;
            r.digits_n++;
            r.n = i + n;
            r.dots_n += dots_n;
            r.others_n += between_n - dots_n;
            between_n = dots_n = 0;
        } else if (is_between(c) && between_n < BETWEEN_MAX) {
            between_n++;
            dots_n += c == '.';
        } else {
            break;
        }
    }
    return r;
}

static bool is_address(const struct run *r)
{
    return r->dots_n == 3 && !r->others_n && !r->has_large_part;
}

static void put_run(struct text_out *out, struct text t, const struct run *r)
{
    size_t n, left_n = r->digits_n;
    bool is_number = r->digits_n >= SIP_MASK_DIGITS_MIN && !is_address(r);
    for (size_t i = 0; i < r->n; i += n) {
        bool is_one = is_digit(unit(text_after(t, i), &n));
        bool is_hidden = is_number && is_one && left_n <= SIP_MASK_HIDDEN;
        text_put(out, is_hidden ? TEXT(SIP_MASK_DIGIT) : (struct text){t.p + i, n});
        left_n -= is_one;
    }
}

/* "sip:user:password@" (RFC 3261 §25.1, userinfo): the bytes up to the password, and it. */
struct userinfo {
    size_t user_n, password_n;
};

static struct userinfo userinfo_of(struct text t)
{
    static const struct text schemes[] = {{"sip:", 4}, {"sips:", 5}};
    struct userinfo none = {0}, found = {0};
    for (unsigned i = 0; i < ARRAY_LEN(schemes) && !found.user_n; i++)
        found.user_n = text_starts_fold(t, schemes[i]) ? schemes[i].n : 0;
    bool has_password = false, is_port = true;
    for (size_t i = found.user_n; found.user_n && i < t.n && t.p[i] != '@'; i++) {
        if (t.p[i] == ' ' || t.p[i] == '<' || t.p[i] == '>' || t.p[i] == '"')
            return none;
        found.password_n += has_password;
        found.user_n += !has_password;
        is_port &= !has_password || is_digit(t.p[i]);
        has_password |= t.p[i] == ':';
    }
    bool is_cut = t.n == found.user_n + found.password_n; /* "sip:host:5060" at the end is none */
    return has_password && !(is_cut && is_port) ? found : none;
}

void view_mask_numbers(struct text_out *out, struct text t)
{
    size_t n;
    for (size_t i = 0; i < t.n; i += n) {
        struct text rest = text_after(t, i);
        struct userinfo u = userinfo_of(rest);
        if (u.user_n) {
            const struct text user = {rest.p + 4, u.user_n - 4}; /* behind "sip:", or its "s:" */
            text_put(out, (struct text){rest.p, 4});
            view_mask_numbers(out, user);
            text_put(out, TEXT(SIP_MASK_VALUE));
            n = u.user_n + u.password_n;
        } else if (is_digit(unit(rest, &n))) {
            struct run r = run_of(rest);
            put_run(out, rest, &r);
            n = r.n;
        } else {
            text_put(out, (struct text){rest.p, n});
        }
    }
}

/* ---- a whole message ---------------------------------------------------------------------- */

/* Headers that say nothing but where a message goes, what it is, and who speaks to whom. */
static const struct text shown[] = {
    {"Via", 3},
    {"v", 1},
    {"From", 4},
    {"f", 1},
    {"To", 2},
    {"t", 1},
    {"Call-ID", 7},
    {"i", 1},
    {"CSeq", 4},
    {"Contact", 7},
    {"m", 1},
    {"Route", 5},
    {"Record-Route", 12},
    {"Max-Forwards", 12},
    {"Content-Type", 12},
    {"c", 1},
    {"Content-Length", 14},
    {"l", 1},
    {"Allow", 5},
    {"Accept", 6},
    {"Supported", 9},
    {"k", 1},
    {"Require", 7},
    {"Unsupported", 11},
    {"Expires", 7},
    {"Session-Expires", 15},
    {"x", 1},
    {"Min-SE", 6},
    {"Retry-After", 11},
    {"Reason", 6},
    {"Warning", 7},
    {"Privacy", 7},
    {"User-Agent", 10},
    {"Server", 6},
    {"P-Asserted-Identity", 19},
    {"P-Preferred-Identity", 20},
    {"Diversion", 9},
    {"History-Info", 12},
    {"Remote-Party-ID", 15},
};

static bool is_shown(struct text name)
{
    for (unsigned i = 0; i < ARRAY_LEN(shown); i++)
        if (text_equal_fold(name, shown[i]))
            return true;
    return false;
}

static struct text cut_line(struct text *rest)
{
    struct text line = text_cut(rest, '\n');
    line.n -= line.n && line.p[line.n - 1] == '\r';
    return line;
}

/* was_shown: of the line before, which a folded one goes on with. */
static bool put_header(struct text_out *out, struct text line, bool was_shown)
{
    struct text value = line, name = text_trim(text_cut(&value, ':'));
    bool is_folded = text_is_blank(line.p[0]);
    bool shows = is_folded ? was_shown : is_shown(name);
    if (shows) {
        view_mask_numbers(out, line);
    } else {
        text_put(out, is_folded ? TEXT(" ") : name);
        text_put(out, is_folded ? TEXT(SIP_MASK_VALUE) : TEXT(": " SIP_MASK_VALUE));
    }
    text_put(out, TEXT("\n"));
    return shows;
}

/* Lines of SDP that hold keys (RFC 4568, RFC 8839 §5.4, RFC 4566 §5.12). */
static void put_sdp_line(struct text_out *out, struct text line)
{
    static const struct text secret[] = {
        {"k=", 2}, {"a=crypto:", 9}, {"a=ice-pwd:", 10}, {"a=key-mgmt:", 11}};
    for (unsigned i = 0; i < ARRAY_LEN(secret); i++) {
        if (!text_starts_fold(line, secret[i]))
            continue;
        text_put(out, secret[i]);
        text_put(out, TEXT(SIP_MASK_VALUE "\n"));
        return;
    }
    struct text name = line; /* what may be a number; formats and addresses are none */
    if (text_starts_fold(line, TEXT("o=")))
        name = text_cut(&line, ' ');
    else if (text_starts_fold(line, TEXT("m=")) || text_starts_fold(line, TEXT("c=")))
        name.n = 0;
    else
        line.n = 0;
    view_mask_numbers(out, name);
    text_put(out, name.n && line.n ? TEXT(" ") : TEXT_NONE);
    text_put(out, line);
    text_put(out, TEXT("\n"));
}

static void put_body(struct text_out *out, struct text body)
{
    text_put(out, TEXT("\n"));
    if (text_starts_fold(body, TEXT("v=0"))) {
        while (body.n)
            put_sdp_line(out, cut_line(&body));
        return;
    }
    text_put(out, TEXT("(corps masqué, "));
    text_put_number(out, body.n);
    text_put(out, TEXT(" octets)\n"));
}

void view_mask_message(struct text_out *out, struct text message)
{
    struct text rest = message, line = cut_line(&rest);
    bool shows = true;
    view_mask_numbers(out, line);
    text_put(out, TEXT("\n"));
    while (rest.n) {
        line = cut_line(&rest);
        if (!line.n)
            break;
        shows = put_header(out, line, shows);
    }
    if (rest.n)
        put_body(out, rest);
}
