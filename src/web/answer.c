/* answer.c — what goes back: the page, copied, and the headers that every answer has.
 * Called by request.c. Bounded by WEB_PENDING_BYTES_MAX over all clients. */
#include <stdlib.h>
#include <string.h>

#include "view/api.h"
#include "web/server.h"

#define ERROR_BYTES 512
#define NUMBER_BYTES 24
#define HTTPS_PORT 443

/* A copy of a page, until the client has taken it. */
struct bytes {
    struct web *web;
    size_t n;
    char p[];
};

static void drop_bytes(void *cls)
{
    struct bytes *b = cls;
    b->web->pending_n -= b->n;
    free(b);
}

static struct MHD_Response *copy(struct web *web, struct text body)
{
    struct bytes *b = malloc(sizeof(*b) + body.n);
    if (!b)
        return NULL;
    b->web = web;
    b->n = body.n;
    if (body.n)
        memcpy(b->p, body.p, body.n);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(b->n, b->p, drop_bytes, b);
    if (response)
        web->pending_n += b->n;
    else
        free(b);
    return response;
}

static bool add_number(struct MHD_Response *response, const char *name, unsigned v)
{
    char digits[NUMBER_BYTES];
    struct text_out out = {.p = digits, .max = sizeof(digits) - 1};
    text_put_number(&out, v);
    digits[out.n] = '\0';
    return MHD_add_response_header(response, name, digits) == MHD_YES;
}

/* What pages may load: files of the house, nothing that stands in them (CSP level 3). */
#define PAGE_POLICY                                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "                    \
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "                  \
    "frame-ancestors 'none'"
#define DATA_POLICY "default-src 'none'; frame-ancestors 'none'"

static bool add_if(struct MHD_Response *response, const char *name, const char *value)
{
    return !value || !*value || MHD_add_response_header(response, name, value) == MHD_YES;
}

/* Nothing here is to be framed, sniffed, or read by another site; what has a tag may be kept, and
 * is asked for again each time. With "no-referrer" browsers would send "Origin: null" with the
 * forms of our own pages. */
/* On the port of the web alone: a name that serves pages elsewhere may have other ports in clear
 * (RFC 6797 §8.3 speaks of all of them). */
static bool is_for_good(const struct web_connection *c)
{
    return c->peer.is_tls && c->web->listen.tls_port == HTTPS_PORT;
}

static bool add_headers(const struct web_connection *c, struct MHD_Response *response,
                        const struct web_answer *a)
{
    bool is_page = text_starts_fold(text_of(a->type), TEXT("text/html"));
    const char *const fixed[][2] = {
        {"Cache-Control", a->tag ? "no-cache" : "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Content-Security-Policy", is_page ? PAGE_POLICY : DATA_POLICY},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Referrer-Policy", is_page ? "same-origin" : "no-referrer"},
        {"Permissions-Policy", is_page ? "microphone=(self), camera=(), geolocation=()" : ""},
        {"Strict-Transport-Security", is_for_good(c) ? "max-age=31536000" : ""},
        {"Location", a->location},
        {"Set-Cookie", a->cookie},
    };
    bool is_good = MHD_add_response_header(response, "Content-Type", a->type) == MHD_YES;
    for (unsigned i = 0; i < ARRAY_LEN(fixed); i++)
        is_good &= add_if(response, fixed[i][0], fixed[i][1]);
    for (unsigned i = 0; i < PAGES_COOKIES_MORE; i++)
        is_good &= add_if(response, "Set-Cookie", a->cookies[i]);
    is_good &= add_if(response, "ETag", a->tag);
    if (a->status == MHD_HTTP_UNAUTHORIZED)
        is_good &= MHD_add_response_header(response, "WWW-Authenticate",
                                           "Bearer realm=\"decroche\"") == MHD_YES;
    if (a->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        is_good &= MHD_add_response_header(response, "Allow",
                                           a->allow ? a->allow : "GET, HEAD, POST") == MHD_YES;
    if (a->retry_after_s)
        is_good &= add_number(response, "Retry-After", a->retry_after_s);
    return is_good;
}

/* MHD_NO closes the connection: all that is left without memory. */
static enum MHD_Result queue(struct web_connection *c, struct MHD_Response *response,
                             const struct web_answer *a)
{
    enum MHD_Result result = MHD_NO;
    if (!response)
        return MHD_NO;
    if (add_headers(c, response, a))
        result = MHD_queue_response(c->mhd, a->status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result web_answer_error(struct web_connection *c, unsigned status, const char *error,
                                 const char *cure)
{
    char body[ERROR_BYTES];
    struct text_out out = {.p = body, .max = sizeof(body)};
    view_api_error(&out, error, cure);
    const struct web_answer a = {.status = status,
                                 .type = "application/json; charset=utf-8",
                                 .retry_after_s = status == 503 ? 2 : 0};
    web_connection_stage(c, WEB_ANSWERING);
    return queue(c, copy(c->web, (struct text){body, out.n}), &a);
}

enum MHD_Result web_answer_give(struct web_connection *c, const struct web_answer *a)
{
    if (c->web->pending_n + a->body.n > WEB_PENDING_BYTES_MAX)
        return web_answer_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too many answers wait",
                                "take those that you asked for, then come again");
    web_connection_stage(c, WEB_ANSWERING);
    return queue(c, copy(c->web, a->body), a);
}

enum MHD_Result web_answer_stream(struct web_connection *c, const struct pages_answer *answer)
{
    const struct web_answer a = {.status = answer->status, .type = answer->type};
    if (c->web->streams_n >= c->web->streams_max)
        return web_answer_error(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too many streams are open",
                                "close one, or ask for pages of events");
    web_connection_stage(c, WEB_STREAMING);
    return queue(c, web_stream_open(c, &answer->stream), &a);
}
