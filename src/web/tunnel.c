/* tunnel.c — see tunnel.h. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/tunnel.h"

#define PIPE_BYTES 8192
#define HANDSHAKE_BYTE 22

/* Bytes on their way. */
struct pipe {
    char bytes[PIPE_BYTES];
    size_t at, n;
};

struct web_tunnel {
    struct tls_link *link; /* owned; NULL: goodbye was said */
    int fd, inner;         /* owned; −1: closed */
    bool has_begun, is_clear, is_up;
    bool has_left;     /* the client sends nothing more */
    bool is_told_left; /* … and MHD knows */
    bool has_ended;    /* MHD has closed */
    ms_t ended_ms;
    struct pipe in, out; /* to MHD; to the client */
};

struct web_tunnel *web_tunnel_open(struct tls_context *context, int fd, int *inner)
{
    int pair[2];
    struct web_tunnel *t = calloc(1, sizeof(*t));
    if (!t || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)) {
        free(t);
        return NULL;
    }
    t->fd = fd;
    t->inner = pair[0];
    t->link = tls_link_accept(context, fd, NULL);
    *inner = pair[1];
    if (t->link)
        return t;
    t->fd = -1; /* the caller's still */
    web_tunnel_drop(t);
    close(pair[1]);
    return NULL;
}

void web_tunnel_drop(struct web_tunnel *t)
{
    if (!t)
        return;
    tls_link_drop(t->link);
    if (t->fd >= 0)
        close(t->fd);
    if (t->inner >= 0)
        close(t->inner);
    free(t);
}

int web_tunnel_fd(const struct web_tunnel *t)
{
    return t->fd;
}

int web_tunnel_inner_fd(const struct web_tunnel *t)
{
    return t->inner;
}

/* ---- inwards ------------------------------------------------------------------------------ */

static bool from_client(struct web_tunnel *t)
{
    size_t n = sizeof(t->in.bytes);
    if (!t->is_up || t->has_left || t->in.n)
        return false;
    enum tls_io io = tls_link_read(t->link, t->in.bytes, &n);
    if (io == TLS_OVER)
        t->has_left = true;
    if (io != TLS_DONE)
        return io == TLS_OVER;
    t->in.at = 0;
    t->in.n = n;
    return true;
}

static bool to_mhd(struct web_tunnel *t)
{
    if (t->in.n) {
        ssize_t done = send(t->inner, t->in.bytes + t->in.at, t->in.n, MSG_NOSIGNAL);
        if (done < 0 && errno == EPIPE)
            t->in.n = 0; /* it has closed: nobody reads on */
        if (done <= 0)
            return false;
        t->in.at += (size_t)done;
        t->in.n -= (size_t)done;
        return true;
    }
    if (t->has_left && !t->is_told_left) {
        t->is_told_left = true;
        (void)shutdown(t->inner, SHUT_WR);
    }
    return false;
}

/* ---- outwards ----------------------------------------------------------------------------- */

static bool from_mhd(struct web_tunnel *t, ms_t now_ms)
{
    if (t->has_ended || t->out.n)
        return false;
    ssize_t done = recv(t->inner, t->out.bytes, sizeof(t->out.bytes), 0);
    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (done <= 0) {
        t->has_ended = true;
        t->ended_ms = now_ms;
        return true;
    }
    t->out.at = 0;
    t->out.n = (size_t)done;
    return true;
}

/* False in *is_well: the client is gone. */
static bool to_client(struct web_tunnel *t, bool *is_well)
{
    size_t n = t->out.n;
    if (!t->is_up || !n)
        return false;
    enum tls_io io = tls_link_write(t->link, t->out.bytes + t->out.at, &n);
    *is_well = io != TLS_OVER;
    if (io != TLS_DONE)
        return false;
    t->out.at += n;
    t->out.n -= n;
    return true;
}

/* ---- both --------------------------------------------------------------------------------- */

/* False: it failed. The first byte is looked at before the library takes it. */
static bool greet(struct web_tunnel *t)
{
    char first;
    if (!t->has_begun && recv(t->fd, &first, 1, MSG_PEEK) == 1) {
        t->has_begun = true;
        t->is_clear = first != HANDSHAKE_BYTE;
    }
    if (!t->has_begun || t->is_up)
        return true;
    enum tls_io io = t->is_clear ? TLS_OVER : tls_link_shake(t->link);
    t->is_up = io == TLS_DONE;
    return io != TLS_OVER;
}

/* Everything was given. What the client still sends is read and forgotten: closing before it would
 * take the answer back (RST). False: it has closed, too. */
static bool linger(struct web_tunnel *t)
{
    char forgotten[PIPE_BYTES];
    ssize_t n = 0;
    if (t->link) {
        tls_link_drop(t->link);
        t->link = NULL;
        (void)shutdown(t->fd, SHUT_WR);
    }
    if (t->has_left)
        return false;
    do
        n = recv(t->fd, forgotten, sizeof(forgotten), 0);
    while (n > 0);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

bool web_tunnel_turn(struct web_tunnel *t, ms_t now_ms)
{
    bool is_well = true, has_moved = true;
    if (t->link && !greet(t))
        return false;
    while (t->link && has_moved && is_well) {
        has_moved = from_client(t);
        has_moved |= to_mhd(t);
        has_moved |= from_mhd(t, now_ms);
        has_moved |= to_client(t, &is_well);
    }
    if (!is_well || (t->has_ended && !t->is_up))
        return false;
    return !t->has_ended || t->out.n || linger(t);
}

bool web_tunnel_is_due(const struct web_tunnel *t, ms_t now_ms, ms_t slow_ms_max)
{
    ms_t limit_ms = t->out.n ? slow_ms_max : WEB_LINGER_MS;
    return !t->has_ended || now_ms - t->ended_ms < limit_ms;
}

bool web_tunnel_is_clear(const struct web_tunnel *t)
{
    return t->is_clear;
}

int web_tunnel_leave(struct web_tunnel *t)
{
    int fd = t->fd;
    t->fd = -1;
    web_tunnel_drop(t);
    return fd;
}
