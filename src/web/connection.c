/* connection.c — who is connected, from where, and since when it has been at what.
 * Called by web.c and by MHD. Cost: a look at each place when somebody comes and once a second.
 * MHD's own time limit begins again with each byte; ours does not, so that who sends a byte every
 * few seconds is cut like everybody else. MHD also misses a client that closes right behind its
 * last byte (it takes a short read for the end of what there is, 0.9.75), and does not look at
 * sleeping ones: so we watch for that ourselves. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "web/server.h"

void web_connection_stage(struct web_connection *c, enum web_stage stage)
{
    c->stage = stage;
    c->since_ms = c->web->boot_ms();
}

static struct web_connection *free_place(struct web *web)
{
    for (uint32_t i = 0; i < web->places_n; i++)
        if (web->connections[i].stage == WEB_FREE)
            return &web->connections[i];
    if (web->places_n == web->connections_max)
        return NULL;
    struct web_connection *c = &web->connections[web->places_n++];
    c->web = web;
    return c;
}

static uint32_t same_address_n(const struct web *web, const struct web_peer *peer)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < web->places_n; i++) {
        const struct web_connection *c = &web->connections[i];
        n += c->stage != WEB_FREE && !c->peer.is_unix && address_equal(&c->peer.at, &peer->at);
    }
    return n;
}

/* A place, or NULL: the client was told why not. */
static struct web_connection *admit(struct web *web, const struct web_arrival *arrival)
{
    static const struct web_refusal full = {"503 Service Unavailable", "too many connections",
                                            "close some, or come again in a moment"};
    static const struct web_refusal greedy = {
        "503 Service Unavailable", "too many connections from this address", "close some of them"};
    bool is_greedy =
        !arrival->peer.is_unix && same_address_n(web, &arrival->peer) >= web->per_address_max;
    struct web_connection *c = is_greedy ? NULL : free_place(web);
    if (!c)
        web_listen_refuse(arrival->fd, is_greedy ? &greedy : &full);
    return c;
}

/* Who has this socket, and was not met by MHD yet. */
static struct web_connection *find_new(struct web *web, int fd)
{
    for (uint32_t i = 0; i < web->places_n; i++) {
        struct web_connection *c = &web->connections[i];
        if (c->stage != WEB_FREE && !c->mhd && c->fd == fd)
            return c;
    }
    return NULL;
}

static void forget(struct web_connection *c)
{
    struct web *web = c->web;
    memset(c, 0, sizeof(*c));
    c->web = web;
}

/* From here on MHD's end of a tunnel is who came. */
static bool over_tls(struct web *web, struct web_arrival *arrival)
{
    memset(arrival->address, 0, sizeof(*arrival->address));
    arrival->address->ss_family = AF_UNIX;
    arrival->address_n = sizeof(arrival->address->ss_family);
    arrival->fd = web_secure_begin(web, arrival->fd);
    return arrival->fd >= 0;
}

/* To MHD, which owns the socket from here on, and closes it when it fails: now or (1.0) in its next
 * turn, then without a word. */
static void hand_over(struct web *web, struct web_arrival *arrival)
{
    struct web_connection *c = admit(web, arrival);
    if (!c || (arrival->peer.is_tls && !over_tls(web, arrival)))
        return;
    struct web_connection *stale = find_new(web, arrival->fd);
    if (stale) /* that socket was closed: its number is given again */
        forget(stale);
    c->fd = arrival->fd;
    c->peer = arrival->peer;
    web_connection_stage(c, WEB_READING);
    c->has_left = false;
    struct epoll_event ev = {.events = EPOLLRDHUP | EPOLLET,
                             .data.u64 = (uint64_t)(c - web->connections) + 1};
    (void)epoll_ctl(web->epoll_fd, EPOLL_CTL_ADD, c->fd, &ev); /* else the time limits do it */
    if (MHD_add_connection(web->daemon, arrival->fd, (struct sockaddr *)arrival->address,
                           arrival->address_n) != MHD_YES)
        forget(c);
}

static void set_accepting(struct web *web, bool is_accepting)
{
    const int fds[] = {web->listen.tcp_fd, web->listen.tls_fd, web->listen.unix_fd};
    for (unsigned i = 0; i < ARRAY_LEN(fds); i++) {
        struct epoll_event ev = {.events = is_accepting ? EPOLLIN : 0};
        if (fds[i] >= 0)
            (void)epoll_ctl(web->epoll_fd, EPOLL_CTL_MOD, fds[i], &ev);
    }
    web->is_accepting = is_accepting;
}

static void accept_from(struct web *web, int listener)
{
    static const struct web_refusal not_yours = {
        "403 Forbidden", "this socket is for the user of the service", "run as that user, or root"};
    struct sockaddr_storage address;
    struct web_arrival arrival = {.address = &address};
    for (unsigned i = 0; i < WEB_ACCEPTS_PER_TURN; i++) {
        int err = web_listen_accept(listener, &arrival);
        if (err == EACCES && arrival.fd >= 0)
            web_listen_refuse(arrival.fd, &not_yours);
        else if (!err) {
            arrival.peer.is_tls = listener == web->listen.tls_fd;
            hand_over(web, &arrival);
        } else if (err == EAGAIN)
            return;
        else { /* no file descriptor or memory left: look again after the next sweep */
            set_accepting(web, false);
            return;
        }
    }
}

void web_connection_accept(struct web *web)
{
    if (web->is_accepting && web->listen.tcp_fd >= 0)
        accept_from(web, web->listen.tcp_fd);
    if (web->is_accepting && web->listen.tls_fd >= 0)
        accept_from(web, web->listen.tls_fd);
    if (web->is_accepting && web->listen.unix_fd >= 0)
        accept_from(web, web->listen.unix_fd);
}

void web_connection_notify(void *cls, struct MHD_Connection *mhd, void **context,
                           enum MHD_ConnectionNotificationCode code)
{
    struct web *web = cls;
    struct web_connection *c = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        c = info ? find_new(web, info->connect_fd) : NULL;
        if (c)
            c->mhd = mhd;
        *context = c; /* NULL: its requests are closed without an answer */
        return;
    }
    if (!c)
        return;
    if (c->stream)
        web_stream_leave(c->stream);
    free(c->body);
    forget(c);
}

void web_connection_left(struct web_connection *c)
{
    if (c->stage == WEB_FREE)
        return;
    ms_t soon_ms = c->web->boot_ms() + WEB_LEFT_MS;
    c->has_left = true;
    if (c->web->sweep_ms > soon_ms)
        c->web->sweep_ms = soon_ms;
    if (c->stream)
        web_stream_wake(c->stream); /* to end */
}

void web_connection_wait(struct web_connection *c)
{
    web_connection_stage(c, WEB_WAITING);
    c->web->waiting_n++;
    MHD_suspend_connection(c->mhd);
}

void web_connection_wake(struct web *web)
{
    for (uint32_t i = 0; i < web->places_n && web->waiting_n; i++) {
        struct web_connection *c = &web->connections[i];
        if (c->stage != WEB_WAITING)
            continue;
        web->waiting_n--;
        web_connection_stage(c, WEB_READING);
        MHD_resume_connection(c->mhd);
    }
}

static bool is_late(const struct web_connection *c, ms_t now_ms)
{
    const struct web *web = c->web;
    switch (c->stage) {
    case WEB_FREE:
    case WEB_WAITING: /* the page gives up by itself */
        return false;
    case WEB_READING:
        return now_ms - c->since_ms >= (c->has_left ? WEB_LEFT_MS : web->request_ms_max);
    case WEB_ANSWERING:
        return now_ms - c->since_ms > web->slow_ms_max;
    case WEB_STREAMING:
        return c->stream && !c->stream->is_asleep &&
               now_ms - c->stream->pulled_ms > web->slow_ms_max;
    }
    return false;
}

void web_connection_sweep(struct web *web)
{
    ms_t now_ms = web->boot_ms();
    for (uint32_t i = 0; i < web->places_n; i++) {
        struct web_connection *c = &web->connections[i];
        if (is_late(c, now_ms) && !c->mhd)
            forget(c); /* MHD never met it: the socket is not ours any more */
        else if (is_late(c, now_ms))
            shutdown(c->fd, SHUT_RDWR); /* MHD notices, and closes it */
        else if (c->stream && c->stream->is_asleep && now_ms - c->stream->beat_ms >= WEB_BEAT_MS)
            web_stream_wake(c->stream);
        else if (c->stream && c->stream->is_due)
            web_stream_news(c->stream, now_ms);
    }
    if (!web->is_accepting)
        set_accepting(web, true);
}
