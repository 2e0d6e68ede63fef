/* read.c — see read.h. First everything is gathered, then judged: so that a request that lacks half
 * of its headers can still be answered with what it has.
 * Called by phone/ for every datagram. Cost: two walks over the bytes, no copy.
 * Invariant: total on any bytes; writes only spaces over folded line ends. */
#include <string.h>

#include "sip/read.h"

static const struct {
    struct text name, compact;
    enum sip_header_id id;
} names[] = {
    {TEXT("Via"), TEXT("v"), SIP_HEADER_VIA},
    {TEXT("From"), TEXT("f"), SIP_HEADER_FROM},
    {TEXT("To"), TEXT("t"), SIP_HEADER_TO},
    {TEXT("Call-ID"), TEXT("i"), SIP_HEADER_CALL_ID},
    {TEXT("CSeq"), TEXT("\n"), SIP_HEADER_CSEQ},
    {TEXT("Contact"), TEXT("m"), SIP_HEADER_CONTACT},
    {TEXT("Max-Forwards"), TEXT("\n"), SIP_HEADER_MAX_FORWARDS},
    {TEXT("Record-Route"), TEXT("\n"), SIP_HEADER_RECORD_ROUTE},
    {TEXT("Content-Length"), TEXT("l"), SIP_HEADER_CONTENT_LENGTH},
    {TEXT("Content-Type"), TEXT("c"), SIP_HEADER_CONTENT_TYPE},
    {TEXT("Expires"), TEXT("\n"), SIP_HEADER_EXPIRES},
    {TEXT("Require"), TEXT("\n"), SIP_HEADER_REQUIRE},
    {TEXT("Authorization"), TEXT("\n"), SIP_HEADER_AUTHORIZATION},
    {TEXT("Proxy-Authorization"), TEXT("\n"), SIP_HEADER_PROXY_AUTHORIZATION},
    {TEXT("WWW-Authenticate"), TEXT("\n"), SIP_HEADER_WWW_AUTHENTICATE},
    {TEXT("Proxy-Authenticate"), TEXT("\n"), SIP_HEADER_PROXY_AUTHENTICATE},
    {TEXT("Min-Expires"), TEXT("\n"), SIP_HEADER_MIN_EXPIRES},
    {TEXT("Retry-After"), TEXT("\n"), SIP_HEADER_RETRY_AFTER},
    {TEXT("Accept"), TEXT("\n"), SIP_HEADER_ACCEPT},
    {TEXT("Allow"), TEXT("\n"), SIP_HEADER_ALLOW},
    {TEXT("User-Agent"), TEXT("\n"), SIP_HEADER_USER_AGENT},
    {TEXT("P-Asserted-Identity"), TEXT("\n"), SIP_HEADER_P_ASSERTED_IDENTITY},
    {TEXT("Privacy"), TEXT("\n"), SIP_HEADER_PRIVACY},
    {TEXT("Diversion"), TEXT("\n"), SIP_HEADER_DIVERSION},
    {TEXT("Reason"), TEXT("\n"), SIP_HEADER_REASON},
    {TEXT("Session-Expires"), TEXT("x"), SIP_HEADER_SESSION_EXPIRES},
    {TEXT("Min-SE"), TEXT("\n"), SIP_HEADER_MIN_SE},
    {TEXT("Supported"), TEXT("k"), SIP_HEADER_SUPPORTED},
    {TEXT("RSeq"), TEXT("\n"), SIP_HEADER_RSEQ},
    {TEXT("RAck"), TEXT("\n"), SIP_HEADER_RACK},
    {TEXT("History-Info"), TEXT("\n"), SIP_HEADER_HISTORY_INFO},
    {TEXT("Replaces"), TEXT("\n"), SIP_HEADER_REPLACES},
    {TEXT("Join"), TEXT("\n"), SIP_HEADER_JOIN},
    {TEXT("Refer-To"), TEXT("r"), SIP_HEADER_REFER_TO},
    {TEXT("Refer-Sub"), TEXT("\n"), SIP_HEADER_REFER_SUB},
};

static enum sip_header_id id_of(struct text name)
{
    for (unsigned i = 0; i < ARRAY_LEN(names); i++)
        if (text_equal_fold(name, names[i].name) || text_equal_fold(name, names[i].compact))
            return names[i].id;
    return SIP_HEADER_OTHER;
}

struct text sip_read_header(const struct sip_read *r, enum sip_header_id id, uint32_t n)
{
    for (uint32_t i = 0; i < r->headers_n; i++)
        if (r->headers[i].id == id && n-- == 0)
            return r->headers[i].value;
    return TEXT_NONE;
}

bool sip_read_lists(const struct sip_read *r, enum sip_header_id id, struct text token)
{
    struct text rest, one;
    for (uint32_t i = 0; (rest = sip_read_header(r, id, i)).p; i++)
        while (sip_value_next(&rest, &one))
            if (text_equal_fold(one, token))
                return true;
    return false;
}

/* The first fault counts. */
static void refuse(struct sip_read *r, uint16_t status, struct text because)
{
    if (r->refusal)
        return;
    r->refusal = status;
    r->because = because;
}

/* ---- lines ------------------------------------------------------------------------------------
 */

/* Takes a line without its end (CRLF, or LF alone); false when there is no line end left. */
static bool take_line(struct text *rest, struct text *line)
{
    const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
    if (!end)
        return false;
    size_t n = (size_t)(end - rest->p);
    *line = (struct text){rest->p, n && rest->p[n - 1] == '\r' ? n - 1 : n};
    *rest = (struct text){end + 1, rest->n - n - 1};
    return true;
}

/* A line end before white space is no line end (§7.3.1); stops at the empty line. */
static void unfold(char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] != '\n')
            continue;
        size_t end = i && p[i - 1] == '\r' ? i - 1 : i;
        bool is_empty_line =
            p[i + 1] == '\n' || (p[i + 1] == '\r' && i + 2 < n && p[i + 2] == '\n');
        if (is_empty_line)
            return;
        if (p[i + 1] == ' ' || p[i + 1] == '\t')
            memset(p + end, ' ', i - end + 1);
    }
}

/* ---- start line -------------------------------------------------------------------------------
 */

static bool read_status_line(struct sip_read *r, struct text line)
{
    uint64_t status;
    struct text code = {line.p + 8, 3};
    bool good = line.n >= 11 && text_number(code, 699, &status) && status >= 100 &&
                (line.n == 11 || line.p[11] == ' ');
    if (good)
        r->in.status = (uint16_t)status;
    return good;
}

/* "SIP/" digits "." digits */
static bool is_version(struct text t)
{
    size_t i = 4, dots = 0;
    if (t.n < 7 || !text_equal_fold((struct text){t.p, 4}, TEXT("SIP/")))
        return false;
    for (; i < t.n; i++) {
        if (t.p[i] == '.')
            dots++;
        else if (t.p[i] < '0' || t.p[i] > '9')
            return false;
    }
    return dots == 1;
}

static void read_request_line(struct sip_read *r, struct text line)
{
    const char *first = line.n ? memchr(line.p, ' ', line.n) : NULL;
    size_t last = line.n;
    while (last > 0 && line.p[last - 1] != ' ')
        last--;
    struct text version = {line.p + last, line.n - last};
    if (!first || last == 0 || !version.n) {
        refuse(r, 400, TEXT("Bad Request Line"));
        return;
    }
    r->in.method_name = (struct text){line.p, (size_t)(first - line.p)};
    r->in.method = sip_method_of(r->in.method_name);
    struct text uri = {first + 1, 0};
    if ((size_t)(uri.p - line.p) < last)
        uri.n = last - 1 - (size_t)(uri.p - line.p);
    r->in.request_uri = uri;
    if (!is_version(version))
        refuse(r, 400, TEXT("Bad Request Line"));
    else if (!text_equal_fold(version, TEXT("SIP/2.0")))
        refuse(r, 505, TEXT("Version Not Supported"));
    if (!sip_value_is_token(r->in.method_name) || !uri.n || memchr(uri.p, ' ', uri.n))
        refuse(r, 400, TEXT("Bad Request Line"));
}

static void judge_request_uri(struct sip_read *r)
{
    struct text uri = r->in.request_uri, scheme = sip_value_scheme(uri);
    struct sip_uri_parts parts;
    if (!uri.n || uri.p[0] == '<' || !scheme.n) {
        refuse(r, 400, TEXT("Bad Request-URI"));
    } else if (text_equal_fold(scheme, TEXT("sip")) || text_equal_fold(scheme, TEXT("sips"))) {
        /* Headers in a Request-URI mean nothing (§19.1.5). */
        if (!sip_value_uri(uri, &parts) ||
            (parts.params.n && memchr(parts.params.p, '?', parts.params.n)))
            refuse(r, 400, TEXT("Bad Request-URI"));
    } else if (!text_equal_fold(scheme, TEXT("tel"))) {
        refuse(r, 416, TEXT("Unsupported URI Scheme"));
    }
}

/* ---- headers ----------------------------------------------------------------------------------
 */

static void add_header(struct sip_read *r, struct text line)
{
    const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
    struct text name = {line.p, colon ? (size_t)(colon - line.p) : 0};
    name = text_trim(name);
    if (!sip_value_is_token(name)) {
        refuse(r, 400, TEXT("Bad Header"));
        return;
    }
    if (r->headers_n == SIP_HEADERS_MAX) {
        refuse(r, 400, TEXT("Too Many Headers"));
        return;
    }
    struct text value = {colon + 1, line.n - (size_t)(colon + 1 - line.p)};
    r->headers[r->headers_n++] =
        (struct sip_header){.id = id_of(name), .name = name, .value = text_trim(value)};
}

static void gather_vias(struct sip_read *r)
{
    for (uint32_t i = 0; i < r->headers_n; i++) {
        struct text rest = r->headers[i].value, via;
        if (r->headers[i].id != SIP_HEADER_VIA)
            continue;
        while (sip_value_next(&rest, &via)) {
            if (r->in.vias_n == SIP_VIAS_MAX) {
                refuse(r, 400, TEXT("Too Many Via"));
                return;
            }
            if (!via.n)
                refuse(r, 400, TEXT("Bad Via"));
            else
                r->in.vias[r->in.vias_n++] = via;
        }
    }
}

static void gather_routes(struct sip_read *r)
{
    for (uint32_t i = 0; i < r->headers_n; i++) {
        struct text rest = r->headers[i].value, route;
        if (r->headers[i].id != SIP_HEADER_RECORD_ROUTE)
            continue;
        while (sip_value_next(&rest, &route)) {
            if (r->in.routes_n == SIP_ROUTES_MAX) {
                refuse(r, 400, TEXT("Too Many Record-Route"));
                return;
            }
            r->in.routes[r->in.routes_n++] = route;
        }
    }
}

/* A header that may stand once: its value; twice is a fault (multi01, mcl01 of RFC 4475). */
static struct text single(struct sip_read *r, enum sip_header_id id)
{
    struct text first = sip_read_header(r, id, 0), second = sip_read_header(r, id, 1);
    if (second.p && !(id == SIP_HEADER_CONTENT_LENGTH && text_equal(first, second)))
        refuse(r, 400, TEXT("Header Repeated"));
    return first;
}

/* A party: its address must be sound, its tag is taken. */
static struct text read_party(struct sip_read *r, struct text value)
{
    struct sip_address address;
    bool has;
    if (!sip_value_address(value, &address)) {
        refuse(r, 400, TEXT("Bad From or To"));
        return TEXT_NONE;
    }
    return sip_value_param(address.params, TEXT("tag"), &has);
}

static void read_cseq(struct sip_read *r, struct text value)
{
    uint64_t number = 0;
    if (!text_number(text_word(&value), INT32_MAX, &number))
        refuse(r, 400, TEXT("Bad CSeq"));
    r->in.cseq = (uint32_t)number;
    r->method_of_cseq = text_trim(value);
    if (r->in.is_request && !text_equal(r->method_of_cseq, r->in.method_name))
        refuse(r, 400, TEXT("CSeq Method Differs"));
    if (!r->in.is_request) {
        r->in.method_name = r->method_of_cseq;
        r->in.method = sip_method_of(r->method_of_cseq);
    }
}

static void read_number(struct sip_read *r, enum sip_header_id id, uint64_t max, uint32_t *v)
{
    struct text value = single(r, id);
    uint64_t number;
    if (!value.p)
        return;
    if (text_number(value, max, &number))
        *v = (uint32_t)number;
    else
        refuse(r, 400, TEXT("Bad Number"));
}

static void read_contact(struct sip_read *r)
{
    struct text value = sip_read_header(r, SIP_HEADER_CONTACT, 0), rest = value, first;
    struct sip_address address;
    if (!value.p || text_equal(value, TEXT("*")))
        return;
    for (uint32_t i = 0; value.p; value = sip_read_header(r, SIP_HEADER_CONTACT, ++i)) {
        rest = value;
        while (sip_value_next(&rest, &first)) {
            if (!sip_value_address(first, &address))
                refuse(r, 400, TEXT("Bad Contact"));
            else if (!r->in.contact_uri.n)
                r->in.contact_uri = address.uri;
        }
    }
}

/* The body: as long as Content-Length says, the rest of the datagram without it (§18.3). */
static void read_body(struct sip_read *r, struct text rest)
{
    struct text value = single(r, SIP_HEADER_CONTENT_LENGTH);
    uint64_t n = rest.n;
    bool good =
        !value.p || (text_number(value, SIP_MESSAGE_MAX, &n) && n <= rest.n + SIP_LENGTH_SLACK);
    if (!good) {
        refuse(r, 400, TEXT("Bad Content-Length"));
        return;
    }
    r->in.body = (struct text){rest.p, n < rest.n ? (size_t)n : rest.n};
    r->in.content_type = single(r, SIP_HEADER_CONTENT_TYPE);
}

static void judge_headers(struct sip_read *r)
{
    gather_vias(r);
    gather_routes(r);
    if (r->in.vias_n && !sip_value_via(r->in.vias[0], &r->via)) {
        refuse(r, 400, TEXT("Bad Via"));
        r->in.vias_n = 0; /* nobody to answer */
    }
    r->in.from = single(r, SIP_HEADER_FROM);
    r->in.to = single(r, SIP_HEADER_TO);
    r->in.call_id = single(r, SIP_HEADER_CALL_ID);
    if (r->in.from.p)
        r->in.from_tag = read_party(r, r->in.from);
    if (r->in.to.p)
        r->in.to_tag = read_party(r, r->in.to);
    struct text cseq = single(r, SIP_HEADER_CSEQ);
    if (cseq.p)
        read_cseq(r, cseq);
    if (!r->in.vias_n || !r->in.from.n || !r->in.to.n || !r->in.call_id.n || !cseq.n)
        refuse(r, 400, TEXT("Header Missing"));
    r->max_forwards = 70;
    read_number(r, SIP_HEADER_MAX_FORWARDS, 255, &r->max_forwards);
    r->has_expires = sip_read_header(r, SIP_HEADER_EXPIRES, 0).p != NULL;
    read_number(r, SIP_HEADER_EXPIRES, UINT32_MAX, &r->expires);
    read_contact(r);
}

static enum sip_read_verdict verdict_of(const struct sip_read *r)
{
    if (!r->refusal)
        return SIP_READ_OK;
    /* To a response nothing is ever said, nor to an ACK, nor to nobody (§17, §18.1.2). */
    bool may_answer = r->in.is_request && r->in.method != SIP_METHOD_ACK && r->in.vias_n;
    return may_answer ? SIP_READ_REFUSED : SIP_READ_DROPPED;
}

enum sip_read_verdict sip_read(struct sip_read *r, char *bytes, size_t n)
{
    memset(r, 0, offsetof(struct sip_read, headers));
    r->headers_n = 0;
    memset(&r->via, 0, sizeof(*r) - offsetof(struct sip_read, via));
    while (n && (*bytes == '\r' || *bytes == '\n')) {
        bytes++; /* keep-alives before a message (§7.5) */
        n--;
    }
    struct text rest = {bytes, n}, line;
    if (!n || n > SIP_MESSAGE_MAX)
        return SIP_READ_DROPPED;
    unfold(bytes, n);
    if (!take_line(&rest, &line))
        return SIP_READ_DROPPED;
    bool is_response = line.n > 8 && text_equal_fold((struct text){line.p, 8}, TEXT("SIP/2.0 "));
    r->in.is_request = !is_response;
    if (is_response && !read_status_line(r, line))
        return SIP_READ_DROPPED;
    if (!is_response)
        read_request_line(r, line);
    while (take_line(&rest, &line) && line.n)
        add_header(r, line);
    judge_headers(r);
    if (!is_response)
        judge_request_uri(r);
    read_body(r, rest);
    return verdict_of(r);
}
