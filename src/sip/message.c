/* message.c — see message.h. Writing SIP messages: order and form of RFC 3261 §7, §8.1.1, §8.2.6.
 * Called by phone/. Cost: linear in the message.
 * Invariant: what is written carries a Content-Length that is true. */
#include "sip/message.h"

static const struct {
    struct text name;
} methods[SIP_METHODS] = {
    [SIP_METHOD_INVITE] = {TEXT("INVITE")},   [SIP_METHOD_ACK] = {TEXT("ACK")},
    [SIP_METHOD_BYE] = {TEXT("BYE")},         [SIP_METHOD_CANCEL] = {TEXT("CANCEL")},
    [SIP_METHOD_OPTIONS] = {TEXT("OPTIONS")}, [SIP_METHOD_REGISTER] = {TEXT("REGISTER")},
    [SIP_METHOD_INFO] = {TEXT("INFO")},       [SIP_METHOD_UPDATE] = {TEXT("UPDATE")},
    [SIP_METHOD_PRACK] = {TEXT("PRACK")},     [SIP_METHOD_REFER] = {TEXT("REFER")},
    [SIP_METHOD_NOTIFY] = {TEXT("NOTIFY")},
};

struct text sip_method_name(enum sip_method method)
{
    return methods[method].name;
}

enum sip_method sip_method_of(struct text name)
{
    /* Methods are case-sensitive (§7.1). */
    for (unsigned m = SIP_METHOD_OTHER + 1; m < SIP_METHODS; m++)
        if (text_equal(methods[m].name, name))
            return (enum sip_method)m;
    return SIP_METHOD_OTHER;
}

static const struct {
    uint16_t status;
    struct text reason;
} reasons[] = {
    {100, TEXT("Trying")},
    {180, TEXT("Ringing")},
    {181, TEXT("Call Is Being Forwarded")},
    {182, TEXT("Queued")},
    {183, TEXT("Session Progress")},
    {200, TEXT("OK")},
    {302, TEXT("Moved Temporarily")},
    {400, TEXT("Bad Request")},
    {401, TEXT("Unauthorized")},
    {403, TEXT("Forbidden")},
    {404, TEXT("Not Found")},
    {405, TEXT("Method Not Allowed")},
    {406, TEXT("Not Acceptable")},
    {407, TEXT("Proxy Authentication Required")},
    {408, TEXT("Request Timeout")},
    {410, TEXT("Gone")},
    {413, TEXT("Request Entity Too Large")},
    {414, TEXT("Request-URI Too Long")},
    {415, TEXT("Unsupported Media Type")},
    {416, TEXT("Unsupported URI Scheme")},
    {420, TEXT("Bad Extension")},
    {422, TEXT("Session Interval Too Small")},
    {423, TEXT("Interval Too Brief")},
    {480, TEXT("Temporarily Unavailable")},
    {481, TEXT("Call/Transaction Does Not Exist")},
    {482, TEXT("Loop Detected")},
    {483, TEXT("Too Many Hops")},
    {484, TEXT("Address Incomplete")},
    {486, TEXT("Busy Here")},
    {487, TEXT("Request Terminated")},
    {488, TEXT("Not Acceptable Here")},
    {491, TEXT("Request Pending")},
    {500, TEXT("Server Internal Error")},
    {501, TEXT("Not Implemented")},
    {503, TEXT("Service Unavailable")},
    {504, TEXT("Server Time-out")},
    {505, TEXT("Version Not Supported")},
    {513, TEXT("Message Too Large")},
    {600, TEXT("Busy Everywhere")},
    {603, TEXT("Decline")},
};

struct text sip_reason(unsigned status)
{
    for (unsigned i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return TEXT("Unknown");
}

static void put_header(struct text_out *out, struct text name, struct text value)
{
    text_put(out, name);
    text_put(out, TEXT(": "));
    text_put(out, value);
    text_put(out, TEXT("\r\n"));
}

static void put_contact(struct text_out *out, struct text uri)
{
    if (!uri.n)
        return;
    text_put(out, TEXT("Contact: <"));
    text_put(out, uri);
    text_put(out, TEXT(">\r\n"));
}

static void put_cseq(struct text_out *out, uint32_t cseq, struct text method)
{
    text_put(out, TEXT("CSeq: "));
    text_put_number(out, cseq);
    text_put(out, TEXT(" "));
    text_put(out, method);
    text_put(out, TEXT("\r\n"));
}

static void put_body(struct text_out *out, struct text content_type, struct text body)
{
    if (body.n)
        put_header(out, TEXT("Content-Type"), content_type);
    text_put(out, TEXT("Content-Length: "));
    text_put_number(out, body.n);
    text_put(out, TEXT("\r\n\r\n"));
    text_put(out, body);
}

/* The parameter ";rport" without a value: t.n when there is none. */
static size_t empty_rport_at(struct text via)
{
    const struct text mark = TEXT(";rport");
    for (size_t i = 0; i + mark.n <= via.n; i++) {
        bool is_whole = i + mark.n == via.n || via.p[i + mark.n] == ';' ||
                        via.p[i + mark.n] == ' ' || via.p[i + mark.n] == ',';
        if (is_whole && text_starts_fold(text_after(via, i), mark))
            return i;
    }
    return via.n;
}

/* The top Via with where the request came from: what it asked to be filled in is (RFC 3581 §4). */
static void put_via(struct text_out *out, struct text via, struct text suffix)
{
    size_t at = suffix.n ? empty_rport_at(via) : via.n;
    size_t gone = at < via.n ? sizeof(";rport") - 1 : 0;
    text_put(out, TEXT("Via: "));
    text_put(out, (struct text){via.p, at});
    text_put(out, text_after(via, at + gone));
    text_put(out, suffix);
    text_put(out, TEXT("\r\n"));
}

static void put_status(struct text_out *out, const struct sip_answer *a)
{
    text_put(out, TEXT("SIP/2.0 "));
    text_put_number(out, a->status);
    text_put(out, TEXT(" "));
    text_put(out, a->reason.n ? a->reason : sip_reason(a->status));
    text_put(out, TEXT("\r\n"));
}

/* What no answer copies from its request. */
static void put_rest(struct text_out *out, const struct sip_answer *a)
{
    put_contact(out, a->contact);
    text_put(out, a->headers);
    put_body(out, a->content_type, a->body);
}

bool sip_write_answer(struct text_out *out, const struct sip_in *in, const struct sip_answer *a)
{
    put_status(out, a);
    for (uint32_t i = 0; i < in->vias_n; i++)
        put_via(out, in->vias[i], i ? TEXT_NONE : in->via_suffix);
    /* Only answers that make a dialog carry the route back (§12.1.1). */
    for (uint32_t i = 0; a->contact.n && i < in->routes_n; i++)
        put_header(out, TEXT("Record-Route"), in->routes[i]);
    put_header(out, TEXT("From"), in->from);
    text_put(out, TEXT("To: "));
    text_put(out, in->to);
    if (!in->to_tag.n && a->to_tag.n) {
        text_put(out, TEXT(";tag="));
        text_put(out, a->to_tag);
    }
    text_put(out, TEXT("\r\n"));
    put_header(out, TEXT("Call-ID"), in->call_id);
    put_cseq(out, in->cseq, in->method_name);
    put_rest(out, a);
    return !out->is_cut;
}

bool sip_write_again(struct text_out *out, struct text earlier, struct text routes,
                     const struct sip_answer *a)
{
    struct text rest = earlier;
    text_cut(&rest, '\n'); /* its status */
    put_status(out, a);
    while (rest.n) {
        struct text line = text_cut(&rest, '\n');
        if (text_starts_fold(line, TEXT("Content-Length:")))
            break; /* ours begin at Contact, or here */
        text_put(out, line);
        text_put(out, TEXT("\n"));
        if (text_starts_fold(line, TEXT("CSeq:")))
            break;
    }
    if (routes.n)
        put_header(out, TEXT("Record-Route"), routes);
    put_rest(out, a);
    return !out->is_cut;
}

bool sip_write_ask(struct text_out *out, const struct sip_ask *ask)
{
    struct text method = sip_method_name(ask->method);
    if (!method.n)
        return false;
    text_put(out, method);
    text_put(out, TEXT(" "));
    text_put(out, ask->request_uri);
    text_put(out, TEXT(" SIP/2.0\r\n"));
    put_header(out, TEXT("Via"), ask->via);
    if (ask->routes.n)
        put_header(out, TEXT("Route"), ask->routes);
    put_header(out, TEXT("Max-Forwards"), TEXT("70"));
    put_header(out, TEXT("From"), ask->from);
    put_header(out, TEXT("To"), ask->to);
    put_header(out, TEXT("Call-ID"), ask->call_id);
    put_cseq(out, ask->cseq, method);
    put_contact(out, ask->contact);
    text_put(out, ask->headers);
    put_body(out, ask->content_type, ask->body);
    return !out->is_cut;
}
