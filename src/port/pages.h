/* pages.h — what an HTTP server asks of the house: a request as plain text in, bytes out. web/
 * never sees a struct of the domain; the app never sees HTTP's machinery.
 * All calls come from the reader thread. None waits for anything but the disk. */
#ifndef PORT_PAGES_H
#define PORT_PAGES_H

#include "base/address.h"
#include "base/text.h"

/* Largest answer; past it the page says that it is too large. */
#define PAGES_BYTES_MAX ((size_t)12 * 1024 * 1024)
/* Room that more() needs at least. */
#define PAGES_MORE_MIN 4096

enum pages_method {
    PAGES_GET,
    PAGES_POST,
    PAGES_PATCH,
    PAGES_DELETE,
    PAGES_OTHER
}; /* HEAD asks as GET does */

/* Bytes of a recording that a form sends: a minute of 16 kHz, 16 bits, and its head. */
#define PAGES_SOUND_MAX ((size_t)2 << 20)

/* Bytes of a Set-Cookie header, with its NUL. */
#define PAGES_COOKIE_BYTES 192

/* Set-Cookie headers beside the first. */
#define PAGES_COOKIES_MORE 2

/* Bytes of a Location header, with its NUL. */
#define PAGES_LOCATION_BYTES 128

/* What the connection proves of who asks. The order counts: each may see what those before may. A
 * session is no rank: it stands beside these, and opens what names one of its roles (ADR 35). */
enum pages_principal {
    PAGES_STRANGER, /* from afar, without a token or with a wrong one: they look the same */
    PAGES_NEAR,     /* from this machine over TCP, nothing proved */
    PAGES_TOKEN,    /* has the token */
    PAGES_OWNER,    /* over the Unix socket, as the user of the service or root */
    PAGES_NOBODY,   /* no connection: a route for sessions alone */
};

/* What the answer should look like, by Accept. */
enum pages_form { PAGES_JSON, PAGES_TEXT, PAGES_STREAM, PAGES_PICTURE, PAGES_CAPTURE, PAGES_HTML };

/* Was the body signed with the secret of the gateway of text messages? */
enum pages_signature { PAGES_UNSIGNED, PAGES_SIGNED, PAGES_REPEATED };

/* What a browser and the proxies before it say, as it came; empty: nothing. */
struct pages_browser {
    struct text cookie, host, origin;
    struct text site;           /* Sec-Fetch-Site */
    struct text csrf;           /* X-Decroche-Csrf */
    struct text proto, clients; /* X-Forwarded-Proto, X-Forwarded-For */
    struct address peer;        /* of the connection; family 0: the Unix socket */
    bool is_forwarded;          /* a proxy speaks */
    bool is_tls;                /* it speaks TLS with us */
};

struct pages_request {
    enum pages_method method;
    enum pages_principal principal;
    enum pages_form form;
    struct text path, query; /* as they came: nothing is decoded; query without "?" */
    struct text last_event;  /* Last-Event-ID */
    struct text known;       /* If-None-Match: what who asks has already */
    bool is_english;         /* Accept-Language: English comes before French */
    struct text body;
    struct pages_browser browser;
    enum pages_signature signature;
    struct text signature_text; /* the header, as it came */
    uint64_t order_id;          /* of the answer that said is_later; 0 at first */
    ms_t now_at;                /* the wall's, for what is shown */
    ms_t now_ms; /* since boot, for what waits: a wall clock that is moved moves no limit */
};

/* NEWS: only that there is something new, for screens that then ask for what they show. */
enum pages_stream_kind { PAGES_STREAM_EVENTS, PAGES_STREAM_NEWS };

struct pages_stream {
    enum pages_stream_kind kind;
    uint64_t after_id;
    bool has_begun;
    uint64_t session_id; /* of whom it is; 0: of no session */
    uint32_t agent_id;   /* NEWS: whose headset is told of, too; 0: nobody's */
    unsigned headset;    /* as last told */
    uint64_t talk;       /* the same of their conversation (port/talks.h) */
    ms_t now_at;         /* the wall's, at each call of more() */
    bool is_over;        /* told by more(): its session has ended, and so does it */
    ms_t pace_ms;        /* asked for more no sooner than so long after the last bytes */
};

struct pages_answer {
    struct text_out body; /* the asker's memory */
    const char *type;     /* of the body */
    const char *allow;    /* with 405: the methods that there are */
    const char *tag;      /* of the body (ETag, RFC 9110 §8.8.3): may be kept; NULL: not */
    const char *location; /* with 303: where to go; NULL: nowhere */
    char cookie[PAGES_COOKIE_BYTES];         /* Set-Cookie; "": none */
    const char *cookies[PAGES_COOKIES_MORE]; /* further ones; NULL: none */
    unsigned status;                         /* of HTTP (RFC 9110 §15) */
    unsigned retry_after_s;                  /* with 503; 0: not said */
    bool is_stream;                          /* no body: bytes come from more(), without end */
    bool is_later; /* nothing yet: ask again with this id after the next news */
    uint64_t order_id;
    struct pages_stream stream;
};

struct pages_port {
    void *arg;
    /* Fills in the answer; body is given, empty. */
    void (*answer)(void *arg, const struct pages_request *request, struct pages_answer *answer);
    /* The next bytes of a stream, whole messages, at most max ≥ PAGES_MORE_MIN. 0: nothing new. */
    size_t (*more)(void *arg, struct pages_stream *stream, char *to, size_t max);
    /* How long a body of a POST to this path may be; 0: as all. NULL: all are alike. */
    size_t (*body_max)(void *arg, struct text path);
};

#endif
