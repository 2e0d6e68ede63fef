/* request.c — a request as MHD tells it piece by piece: gathered within its bounds, then asked of
 * the house. Called by MHD on the reader thread. */
#include <stdlib.h>
#include <string.h>

#include "web/server.h"

void *web_request_begin(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct web_connection *c = info ? info->socket_context : NULL;
    size_t n = strlen(uri);
    (void)cls;
    if (!c)
        return NULL;
    c->mhd = mhd;
    c->is_target_long = n > WEB_TARGET_MAX;
    c->target_n = c->is_target_long ? 0 : n;
    c->has_begun = c->is_body_long = false;
    c->order_id = 0;
    c->body_n = 0;
    c->body_max = WEB_BODY_MAX;
    memcpy(c->target, uri, c->target_n);
    return c;
}

void web_request_end(void *cls, struct MHD_Connection *mhd, void **context,
                     enum MHD_RequestTerminationCode code)
{
    struct web_connection *c = *context;
    (void)cls;
    (void)mhd;
    (void)code;
    *context = NULL;
    if (!c)
        return;
    free(c->body);
    c->body = NULL;
    c->body_n = 0;
    c->web->large_n -= c->body_max > WEB_BODY_MAX;
    c->body_max = WEB_BODY_MAX;
    web_connection_stage(c, WEB_READING);
}

static const char *header(const struct web_connection *c, const char *name)
{
    return MHD_lookup_connection_value(c->mhd, MHD_HEADER_KIND, name);
}

static struct text header_text(const struct web_connection *c, const char *name)
{
    const char *value = header(c, name);
    return value ? text_of(value) : TEXT_NONE;
}

/* ---- bounds ---- */

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                    const char *value)
{
    size_t *n = cls;
    (void)kind;
    *n += strlen(key) + (value ? strlen(value) : 0) + sizeof(": \r\n") - 1;
    return MHD_YES;
}

static bool is_head_long(const struct web_connection *c)
{
    size_t n = 0;
    (void)MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, count_header, &n);
    return n > WEB_HEAD_MAX;
}

static bool says_long_body(const struct web_connection *c)
{
    uint64_t n;
    struct text length = header_text(c, "Content-Length");
    return length.n && !text_number(text_trim(length), c->body_max, &n);
}

/* Some paths take more; few at once. False: too many do. */
static bool has_room(struct web_connection *c, const char *method)
{
    const struct pages_port *pages = c->web->pages;
    struct text query = {c->target, c->target_n}, path = text_cut(&query, '?');
    bool is_post = !strcmp(method, MHD_HTTP_METHOD_POST);
    size_t max = is_post && pages->body_max ? pages->body_max(pages->arg, path) : 0;
    if (max <= WEB_BODY_MAX)
        return true;
    if (c->web->large_n == WEB_LARGE_MAX)
        return false;
    c->body_max = max;
    c->web->large_n++;
    return true;
}

static enum MHD_Result body_too_large(struct web_connection *c)
{
    return web_answer_error(c, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large",
                            c->body_max > WEB_BODY_MAX ? "2 MiB at most" : "65536 bytes at most");
}

/* The head is here. Refused now, its body is never read. */
static enum MHD_Result check_head(struct web_connection *c, const char *method)
{
    c->has_begun = true;
    if (!has_room(c, method))
        return web_answer_error(c, MHD_HTTP_SERVICE_UNAVAILABLE,
                                "too many recordings are coming in", "come again in some seconds");
    if (c->is_target_long)
        return web_answer_error(c, MHD_HTTP_URI_TOO_LONG, "the address is too long",
                                "2048 bytes of path and query at most");
    if (is_head_long(c))
        return web_answer_error(c, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
                                "the header fields are too long", "8192 bytes at most");
    if (says_long_body(c))
        return body_too_large(c);
    return MHD_YES;
}

/* What passes the bound is read and forgotten: MHD takes no answer before the end. */
static enum MHD_Result take_body(struct web_connection *c, const char *bytes, size_t n)
{
    if (c->is_body_long || n > c->body_max - c->body_n) {
        c->is_body_long = true;
        return MHD_YES;
    }
    if (!c->body)
        c->body = malloc(c->body_max);
    if (!c->body)
        return MHD_NO;
    memcpy(c->body + c->body_n, bytes, n);
    c->body_n += n;
    return MHD_YES;
}

/* ---- who asks for what ---- */

/* Whom a proxy on this machine speaks for may be far away. */
static bool is_forwarded(const struct web_connection *c)
{
    return header(c, "Forwarded") || header(c, "X-Forwarded-For") || header(c, "X-Forwarded-Proto");
}

static enum pages_principal principal_of(const struct web_connection *c)
{
    if (c->peer.is_unix)
        return PAGES_OWNER;
    if (web_token_is_good(&c->web->token, header(c, "Authorization")))
        return PAGES_TOKEN;
    if (!address_is_loopback(&c->peer.at) || is_forwarded(c))
        return PAGES_STRANGER;
    return c->web->is_shown ? PAGES_OWNER : PAGES_NEAR;
}

static struct pages_browser browser_of(const struct web_connection *c)
{
    return (struct pages_browser){
        .cookie = header_text(c, "Cookie"),
        .host = header_text(c, "Host"),
        .origin = header_text(c, "Origin"),
        .site = header_text(c, "Sec-Fetch-Site"),
        .csrf = header_text(c, "X-Decroche-Csrf"),
        .proto = header_text(c, "X-Forwarded-Proto"),
        .clients = header_text(c, "X-Forwarded-For"),
        .peer = c->peer.is_unix ? (struct address){.family = 0} : c->peer.at,
        .is_forwarded = is_forwarded(c),
        .is_tls = c->peer.is_tls,
    };
}

static bool accepts(struct text accept, struct text type)
{
    while (accept.n) {
        struct text range = text_cut(&accept, ',');
        if (text_equal_fold(text_trim(text_cut(&range, ';')), type))
            return true;
    }
    return false;
}

static enum pages_form form_of(const struct web_connection *c, bool is_head)
{
    struct text accept = header_text(c, "Accept");
    if (!is_head && accepts(accept, TEXT("text/event-stream")))
        return PAGES_STREAM;
    if (accepts(accept, TEXT("application/json")))
        return PAGES_JSON;
    return accepts(accept, TEXT("text/html"))                      ? PAGES_HTML
           : accepts(accept, TEXT("text/plain"))                   ? PAGES_TEXT
           : accepts(accept, TEXT("image/svg+xml"))                ? PAGES_PICTURE
           : accepts(accept, TEXT("application/vnd.tcpdump.pcap")) ? PAGES_CAPTURE
                                                                   : PAGES_JSON;
}

/* The first of the two that is named (RFC 9110 §12.5.4; browsers put what is liked best first);
 * neither: French. */
static bool wants_english(struct text languages)
{
    while (languages.n) {
        struct text range = text_trim(text_cut(&languages, ','));
        if (text_starts_fold(range, TEXT("fr")))
            return false;
        if (text_starts_fold(range, TEXT("en")))
            return true;
    }
    return false;
}

static enum pages_signature judge_signature(const struct web_connection *c,
                                            const struct web_signed *r)
{
    if (!r->header.n || !web_signature_is_good(&c->web->signature, r))
        return PAGES_UNSIGNED;
    return web_signature_is_repeated(&c->web->signature, r) ? PAGES_REPEATED : PAGES_SIGNED;
}

static enum pages_method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum pages_method method;
    } methods[] = {{MHD_HTTP_METHOD_GET, PAGES_GET},
                   {MHD_HTTP_METHOD_HEAD, PAGES_GET},
                   {MHD_HTTP_METHOD_POST, PAGES_POST},
                   {MHD_HTTP_METHOD_PATCH, PAGES_PATCH},
                   {MHD_HTTP_METHOD_DELETE, PAGES_DELETE}};
    for (unsigned i = 0; i < ARRAY_LEN(methods); i++)
        if (!strcmp(name, methods[i].name))
            return methods[i].method;
    return PAGES_OTHER;
}

static enum MHD_Result ask(struct web_connection *c, const char *method)
{
    struct web *web = c->web;
    bool is_head = !strcmp(method, MHD_HTTP_METHOD_HEAD);
    struct text query = {c->target, c->target_n}, path = text_cut(&query, '?');
    const struct web_signed mark = {.header = header_text(c, "X-Decroche-Signature"),
                                    .body = {c->body, c->body_n},
                                    .now_s = (uint64_t)(web->wall_at() / 1000)};
    const struct pages_request request = {
        .method = method_of(method),
        .principal = principal_of(c),
        .form = form_of(c, is_head),
        .path = path,
        .query = query,
        .last_event = header_text(c, "Last-Event-ID"),
        .known = header_text(c, "If-None-Match"),
        .is_english = wants_english(header_text(c, "Accept-Language")),
        .body = mark.body,
        .browser = browser_of(c),
        .signature = judge_signature(c, &mark),
        .signature_text = mark.header,
        .order_id = c->order_id,
        .now_at = web_now_at(web),
        .now_ms = web->boot_ms(),
    };
    struct pages_answer answer = {.body = {.p = web->page, .max = PAGES_BYTES_MAX}};
    web->pages->answer(web->pages->arg, &request, &answer);
    if (answer.is_later) {
        c->order_id = answer.order_id;
        web_connection_wait(c);
        return MHD_YES;
    }
    c->order_id = 0;
    if (answer.status == MHD_HTTP_OK && request.signature == PAGES_SIGNED)
        web_signature_keep(&web->signature, &mark);
    if (answer.is_stream)
        return web_answer_stream(c, &answer);
    const struct web_answer a = {.status = answer.status,
                                 .type = answer.type,
                                 .allow = answer.allow,
                                 .tag = answer.tag,
                                 .location = answer.location,
                                 .cookie = answer.cookie,
                                 .cookies = {answer.cookies[0], answer.cookies[1]},
                                 .retry_after_s = answer.retry_after_s,
                                 .body = {answer.body.p, answer.body.n}};
    return web_answer_give(c, &a);
}

/* tidy: parameters — as MHD_AccessHandlerCallback has it */
enum MHD_Result web_request_take(void *cls, struct MHD_Connection *mhd, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_n, void **context)
{
    struct web_connection *c = *context;
    (void)cls;
    (void)mhd;
    (void)url;
    (void)version;
    if (!c)
        return MHD_NO;
    if (!c->has_begun)
        return check_head(c, method);
    if (*upload_n) {
        size_t n = *upload_n;
        *upload_n = 0;
        return take_body(c, upload, n);
    }
    if (c->is_body_long)
        return body_too_large(c);
    return ask(c, method);
}
