/* server.h — inside the server: what its files share. Only files of web/ include it. */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <microhttpd.h>

#include "web/listen.h"
#include "web/signature.h"
#include "web/token.h"
#include "web/tunnel.h"
#include "web/web.h"

#define WEB_STREAM_BYTES 16384

struct web_connection;

/* Bytes of a stream on their way. Owned by its response. */
struct web_stream {
    struct web *web;
    struct web_connection *connection; /* NULL: gone */
    struct pages_stream at;
    char bytes[WEB_STREAM_BYTES];
    size_t n, taken_n;
    ms_t pulled_ms; /* when the socket last took something */
    ms_t beat_ms;   /* when it last had anything to say */
    bool is_asleep;
    bool is_due; /* there are news, and its pace does not let it ask yet */
};

/* WAITING: suspended, for an answer that comes later. */
enum web_stage { WEB_FREE, WEB_READING, WEB_WAITING, WEB_ANSWERING, WEB_STREAMING };

struct web_connection {
    struct web *web;
    enum web_stage stage;
    ms_t since_ms; /* of this stage */
    int fd;        /* MHD's */
    bool has_left; /* the client sends nothing more: it closed, or half closed */
    struct web_peer peer;
    struct MHD_Connection *mhd; /* NULL: not met yet */
    struct web_stream *stream;  /* borrowed from its response; NULL: none */
    /* the request in course */
    char target[WEB_TARGET_MAX + 1];
    size_t target_n;
    bool is_target_long, has_begun, is_body_long;
    uint64_t order_id;       /* of an answer that comes later; 0: none */
    char *body;              /* owned; NULL: none yet */
    size_t body_n, body_max; /* max: of this request */
};

struct web {
    struct MHD_Daemon *daemon;
    const struct pages_port *pages;
    struct os_log *log;
    os_clock_fn *wall_at, *boot_ms;
    const struct os_clock_told *told; /* NULL: none */
    struct web_listen listen;
    struct web_token token;
    struct web_signature signature;
    int epoll_fd; /* owned: the listeners and MHD's own */
    bool is_accepting, is_shown;
    ms_t sweep_ms;                      /* when connections are looked through next */
    struct web_connection *connections; /* owned: connections_max of them */
    uint32_t places_n;                  /* of these, used so far: the others are never looked at */
    struct tls_context *tls;            /* a reference; NULL: nobody is let in over TLS */
    const char *tls_address;
    uint16_t tls_wanted;         /* its port, as it is set */
    struct web_tunnel **tunnels; /* owned: connections_max of them, or NULL */
    uint32_t connections_max, per_address_max, streams_max, streams_n, waiting_n, large_n;
    ms_t request_ms_max, slow_ms_max;
    char *page;       /* owned: PAGES_BYTES_MAX, where pages are written */
    size_t pending_n; /* bytes of answers that MHD still holds */
};

/* What epoll says of whom: 0, a listener or MHD; a connection; with this bit, a tunnel. */
#define WEB_EVENT_TUNNEL (UINT64_C(1) << 32)

/* secure.c: those who speak TLS with us. MHD's socket of that client; −1: it was turned away. */
int web_secure_begin(struct web *web, int fd);
void web_secure_turn(struct web *web, uint32_t tunnel);
void web_secure_sweep(struct web *web);
void web_secure_drop(struct web *web);

/* web.c: what pages take for now. */
ms_t web_now_at(const struct web *web);

/* connection.c: who is there, and since when. */
void web_connection_accept(struct web *web);
void web_connection_left(struct web_connection *c);
void web_connection_sweep(struct web *web);
/* Sleeps until the next look, and is asked again then. */
void web_connection_wait(struct web_connection *c);
void web_connection_wake(struct web *web);
void web_connection_stage(struct web_connection *c, enum web_stage stage);
void web_connection_notify(void *cls, struct MHD_Connection *mhd, void **context,
                           enum MHD_ConnectionNotificationCode code);

/* request.c: MHD's questions. */
void *web_request_begin(void *cls, const char *uri, struct MHD_Connection *mhd);
/* tidy: parameters — as MHD_AccessHandlerCallback has it */
enum MHD_Result web_request_take(void *cls, struct MHD_Connection *mhd, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_n, void **context);
void web_request_end(void *cls, struct MHD_Connection *mhd, void **context,
                     enum MHD_RequestTerminationCode code);

/* answer.c: what goes back. A status, its page, the headers of each answer. */
struct web_answer {
    unsigned status;
    const char *type, *allow, *tag;
    const char *location, *cookie; /* NULL or "": none */
    const char *cookies[PAGES_COOKIES_MORE];
    unsigned retry_after_s;
    struct text body;
};
enum MHD_Result web_answer_give(struct web_connection *c, const struct web_answer *answer);
enum MHD_Result web_answer_error(struct web_connection *c, unsigned status, const char *error,
                                 const char *cure);
enum MHD_Result web_answer_stream(struct web_connection *c, const struct pages_answer *answer);

/* stream.c */
struct MHD_Response *web_stream_open(struct web_connection *c, const struct pages_stream *at);
void web_stream_wake(struct web_stream *s);
/* The same, no sooner than its pace lets it. */
void web_stream_news(struct web_stream *s, ms_t now_ms);
void web_stream_leave(struct web_stream *s); /* its connection is gone */

#endif
