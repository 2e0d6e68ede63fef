/* tcp.c — see tcp.h. Called by wire.c. Cost: one system call a turn, and one each way for each
 * piece; once a second a walk over the connections. Invariant: a connection that is told to be gone
 * has no file and no bytes; an id is not used twice before 2^22 others were. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/endpoint.h"
#include "phone/tcp.h"
#include "sip/stream.h"

#define OTHER UINT32_MAX
#define LISTENER (OTHER - ADDRESS_FAMILIES) /* and the next one */
#define EVENTS_MAX 64
#define ACCEPTS_MAX 64
#define SWEEP_MS ((ms_t)1000)
#define BACKLOG 256
#define PONG "\r\n"

void phone_tcp_lay_out(struct phone_tcp *tcp, struct arena *arena)
{
    tcp->list = arena_take(arena, PHONE_TCP_MAX, sizeof(*tcp->list));
    char *in = arena_take(arena, PHONE_TCP_MAX, PHONE_TCP_BYTES_MAX);
    char *out = arena_take(arena, PHONE_TCP_MAX, PHONE_TCP_OUT_MAX);
    for (uint32_t i = 0; tcp->list && i < PHONE_TCP_MAX; i++) {
        tcp->list[i].in = in + (size_t)i * PHONE_TCP_BYTES_MAX;
        tcp->list[i].out = out + (size_t)i * PHONE_TCP_OUT_MAX;
    }
}

/* ---- the epoll ---------------------------------------------------------------------------- */

static int watch(struct phone_tcp *tcp, int fd, uint32_t name)
{
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = name};
    return epoll_ctl(tcp->epoll_fd, EPOLL_CTL_ADD, fd, &e) ? errno : 0;
}

static void watch_writing(struct phone_tcp *tcp, struct phone_tcp_connection *c, bool waits)
{
    struct epoll_event e = {.events = EPOLLIN | (waits ? EPOLLOUT : 0u), .data.u32 = c->id};
    if (c->waits_to_write == waits || epoll_ctl(tcp->epoll_fd, EPOLL_CTL_MOD, c->fd, &e))
        return;
    c->waits_to_write = waits;
}

static int listen_at(int *listener, struct address *self)
{
    struct sockaddr_storage local;
    int on = 1;
    socklen_t n = os_endpoint_of(&local, self);
    int fd = socket(local.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *listener = fd;
    if (fd < 0)
        return errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (self->family == 6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&local, n) || listen(fd, BACKLOG) ||
        getsockname(fd, (struct sockaddr *)&local, &n))
        return errno;
    self->port = os_endpoint_read(&local).port;
    return 0;
}

static void close_listeners(struct phone_tcp *tcp)
{
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        if (tcp->fds[i] >= 0)
            close(tcp->fds[i]);
        tcp->fds[i] = -1;
    }
}

static int listen_all(struct phone_tcp *tcp, uint16_t port)
{
    int err = EINVAL;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        struct address *self = &tcp->self.of[i];
        if (!self->family)
            continue;
        self->port = port;
        err = listen_at(&tcp->fds[i], self);
        err = err ? err : watch(tcp, tcp->fds[i], LISTENER + i);
        if (err)
            break;
        port = self->port;
    }
    if (err)
        close_listeners(tcp);
    return err;
}

int phone_tcp_listen(struct phone_tcp *tcp)
{
    uint16_t port = phone_tcp_port(tcp);
    int err = EADDRINUSE;
    for (unsigned i = 0; err == EADDRINUSE && i < (port ? 1 : OS_PORT_TRIES); i++)
        err = listen_all(tcp, port);
    return err;
}

bool phone_tcp_listens(const struct phone_tcp *tcp)
{
    return tcp->fds[0] >= 0 || tcp->fds[1] >= 0;
}

uint16_t phone_tcp_port(const struct phone_tcp *tcp)
{
    return address_pair_first(&tcp->self)->port;
}

int phone_tcp_open(struct phone_tcp *tcp, const struct phone_tcp_args *args)
{
    tcp->fds[0] = tcp->fds[1] = -1;
    tcp->transport = args->transport;
    tcp->self = args->self;
    tcp->self.of[0].port = tcp->self.of[1].port = args->port;
    tcp->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int err = tcp->epoll_fd < 0 ? errno : 0;
    for (unsigned i = 0; !err && i < ADDRESS_FAMILIES; i++)
        err = args->others[i] >= 0 ? watch(tcp, args->others[i], OTHER) : 0;
    if (err)
        phone_tcp_drop(tcp);
    return err;
}

/* ---- connections -------------------------------------------------------------------------- */

static uint32_t slot_of(uint32_t id)
{
    return id % PHONE_TCP_MAX;
}

bool phone_tcp_has(const struct phone_tcp *tcp, uint32_t id)
{
    return id && slot_of(id) < tcp->used && tcp->list[slot_of(id)].id == id;
}

static void end(struct phone_tcp *tcp, struct phone_tcp_connection *c)
{
    tls_link_drop(c->link);
    c->link = NULL;
    close(c->fd);
    c->id = 0;
    c->fd = -1;
    c->in_n = c->out_n = 0;
    tcp->n--;
    tcp->has_gone = true;
}

void phone_tcp_drop(struct phone_tcp *tcp)
{
    for (uint32_t i = 0; i < tcp->used; i++)
        if (tcp->list[i].id)
            end(tcp, &tcp->list[i]);
    close_listeners(tcp);
    if (tcp->epoll_fd >= 0)
        close(tcp->epoll_fd);
    tcp->epoll_fd = -1;
}

static bool is_same_host(const struct address *a, const struct address *b)
{
    struct address of_a = *a, of_b = *b;
    of_a.port = of_b.port = 0;
    return address_equal(&of_a, &of_b);
}

static bool has_room(const struct phone_tcp *tcp, const struct address *at)
{
    uint32_t same_n = 0, shaking_n = 0;
    for (uint32_t i = 0; i < tcp->used; i++) {
        bool is_same = tcp->list[i].id && is_same_host(&tcp->list[i].at, at);
        same_n += is_same;
        shaking_n += is_same && tcp->list[i].is_shaking;
    }
    return tcp->n < PHONE_TCP_MAX && same_n < PHONE_TCP_SOURCE_MAX &&
           shaking_n < PHONE_TCP_SHAKES_SOURCE_MAX;
}

/* A place with a name of its own; NULL: the system refuses to watch it. */
static struct phone_tcp_connection *begin(struct phone_tcp *tcp, int fd, const struct address *at)
{
    uint32_t slot = 0;
    while (slot < tcp->used && tcp->list[slot].id)
        slot++;
    struct phone_tcp_connection *c = &tcp->list[slot];
    uint32_t serial = tcp->serial++ % (LISTENER / PHONE_TCP_MAX - 1) + 1;
    uint32_t id = serial * PHONE_TCP_MAX + slot;
    if (watch(tcp, fd, id))
        return NULL;
    *c = (struct phone_tcp_connection){.id = id,
                                       .fd = fd,
                                       .at = *at,
                                       .heard_at = tcp->now_at,
                                       .since_at = MS_NEVER,
                                       .in = c->in,
                                       .out = c->out};
    tcp->used = slot >= tcp->used ? slot + 1 : tcp->used;
    tcp->n++;
    tcp->sweep_at = tcp->n == 1 ? tcp->now_at + SWEEP_MS : tcp->sweep_at;
    return c;
}

static void speak_at_once(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Over TLS, when that is how it is done here. False: it cannot be; the connection has ended. */
static bool secure(struct phone_tcp *tcp, struct phone_tcp_connection *c, uint32_t of)
{
    const struct sip_peer peer = {.at = c->at, .transport = tcp->transport, .connection = c->id};
    if (tcp->transport != SIP_OVER_TLS)
        return true;
    c->of = of == PHONE_TCP_THEIRS ? 0 : of;
    c->is_shaking = true;
    c->since_at = tcp->now_at;
    const struct phone_tcp_securing how = {c->fd, of, &peer};
    bool is_linked = tcp->link(&c->link, &how, tcp->link_arg);
    if (!is_linked)
        end(tcp, c);
    return is_linked;
}

/* ---- who comes ---------------------------------------------------------------------------- */

static void admit(struct phone_tcp *tcp, const struct phone_tcp_hears *hears, int fd,
                  const struct sip_peer *from)
{
    bool is_known = from->at.family && hears->door(from, hears->arg);
    tcp->strangers_n += !is_known;
    tcp->refused_n += is_known && !has_room(tcp, &from->at);
    speak_at_once(fd);
    struct phone_tcp_connection *c =
        is_known && has_room(tcp, &from->at) ? begin(tcp, fd, &from->at) : NULL;
    if (c)
        (void)secure(tcp, c, PHONE_TCP_THEIRS); /* else it has ended already */
    else
        close(fd);
}

/* No file is left for another one: an epoll that always says so would turn without end. */
static void rest(struct phone_tcp *tcp)
{
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++)
        if (tcp->fds[i] >= 0)
            (void)epoll_ctl(tcp->epoll_fd, EPOLL_CTL_DEL, tcp->fds[i], NULL);
    tcp->rest_until_at = tcp->now_at + PHONE_TCP_REST_MS;
}

static void take_callers(struct phone_tcp *tcp, int listener, const struct phone_tcp_hears *hears)
{
    unsigned most_n = tcp->transport == SIP_OVER_TLS ? PHONE_TCP_SHAKES_TURN_MAX : ACCEPTS_MAX;
    for (unsigned i = 0; i < most_n; i++) {
        struct sockaddr_storage source;
        socklen_t n = sizeof(source);
        int fd = accept4(listener, (struct sockaddr *)&source, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
            rest(tcp);
        if (fd < 0)
            return;
        const struct sip_peer from = {.at = os_endpoint_read(&source), .transport = tcp->transport};
        admit(tcp, hears, fd, &from);
    }
}

/* One of ours to there, proved for the same. */
static uint32_t find_ours(const struct phone_tcp *tcp, const struct address *at, uint32_t of)
{
    for (uint32_t i = 0; i < tcp->used; i++) {
        const struct phone_tcp_connection *c = &tcp->list[i];
        if (c->id && c->is_ours && c->of == of && address_equal(&c->at, at))
            return c->id;
    }
    return 0;
}

uint32_t phone_tcp_to(struct phone_tcp *tcp, const struct address *at, uint32_t of)
{
    struct sockaddr_storage there;
    uint32_t known = find_ours(tcp, at, of);
    if (known)
        return known;
    const struct address *near = address_pair_near(&tcp->self, at);
    if (tcp->epoll_fd < 0 || !tcp->list || !near || !has_room(tcp, at))
        return 0;
    socklen_t n = os_endpoint_of(&there, at);
    int fd = socket(there.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    struct sockaddr_storage local;
    struct address self = *near;
    self.port = 0; /* any, of the address that the operator knows us by */
    socklen_t self_n = os_endpoint_of(&local, &self);
    speak_at_once(fd);
    bool is_under_way = !bind(fd, (struct sockaddr *)&local, self_n) &&
                        (!connect(fd, (struct sockaddr *)&there, n) || errno == EINPROGRESS);
    struct phone_tcp_connection *c = is_under_way ? begin(tcp, fd, at) : NULL;
    if (!c) {
        close(fd);
        return 0;
    }
    c->is_ours = c->is_connecting = true;
    c->since_at = tcp->now_at;
    if (!secure(tcp, c, of))
        return 0;
    watch_writing(tcp, c, true);
    return c->id;
}

/* ---- bytes -------------------------------------------------------------------------------- */

/* Some of what waits. False: the connection is over. */
static bool send_some(struct phone_tcp_connection *c, size_t *n)
{
    if (c->link) {
        enum tls_io io = tls_link_write(c->link, c->out, n);
        *n = io == TLS_DONE ? *n : 0;
        return io != TLS_OVER;
    }
    ssize_t sent = send(c->fd, c->out, *n, MSG_NOSIGNAL);
    *n = sent > 0 ? (size_t)sent : 0;
    return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

/* What waits goes out, as far as it is taken. False: the connection is over. */
static bool flush(struct phone_tcp *tcp, struct phone_tcp_connection *c)
{
    size_t n = c->out_n;
    if (n && !send_some(c, &n))
        return false;
    c->out_n -= (uint32_t)n;
    memmove(c->out, c->out + n, c->out_n);
    watch_writing(tcp, c, c->out_n != 0);
    return true;
}

/* Who could not prove what they are is told of, by the one line that says why. */
static void note_unproved(struct phone_tcp *tcp, const struct phone_tcp_connection *c)
{
    const char *why = tls_link_why(c->link);
    tcp->unproved_n++;
    tcp->unproved_at = c->at;
    size_t n = strlen(why);
    n = n < sizeof(tcp->unproved_why) ? n : sizeof(tcp->unproved_why) - 1;
    memcpy(tcp->unproved_why, why, n);
    tcp->unproved_why[n] = '\0';
}

static bool shake(struct phone_tcp *tcp, struct phone_tcp_connection *c)
{
    enum tls_io io = tls_link_shake(c->link);
    if (io == TLS_OVER)
        note_unproved(tcp, c);
    if (io != TLS_DONE) {
        watch_writing(tcp, c, io == TLS_WAITS_TO_WRITE);
        return io != TLS_OVER;
    }
    c->is_shaking = false;
    c->since_at = MS_NEVER;
    c->heard_at = tcp->now_at;
    return flush(tcp, c);
}

/* The way is there, or it is not. */
static bool go_on(struct phone_tcp *tcp, struct phone_tcp_connection *c)
{
    int err = 0;
    socklen_t n = sizeof(err);
    if (c->is_connecting && (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &n) || err))
        return false;
    if (c->is_connecting)
        c->since_at = c->is_shaking ? tcp->now_at : MS_NEVER;
    c->is_connecting = false;
    return c->is_shaking ? shake(tcp, c) : flush(tcp, c);
}

bool phone_tcp_send(struct phone_tcp *tcp, uint32_t id, struct text message)
{
    if (!phone_tcp_has(tcp, id))
        return false;
    struct phone_tcp_connection *c = &tcp->list[slot_of(id)];
    bool fits = message.n <= PHONE_TCP_OUT_MAX - c->out_n;
    if (fits) {
        memcpy(c->out + c->out_n, message.p, message.n);
        c->out_n += (uint32_t)message.n;
    }
    bool waits = c->is_connecting || c->is_shaking || c->waits_to_write;
    if (fits && (waits || flush(tcp, c)))
        return true;
    tcp->refused_n += !fits;
    end(tcp, c);
    return false;
}

/* The whole messages at the beginning of what has come. False: the connection is over. */
static bool cut(struct phone_tcp *tcp, struct phone_tcp_connection *c,
                const struct phone_tcp_hears *hears)
{
    const struct sip_peer from = {.at = c->at, .transport = tcp->transport, .connection = c->id};
    size_t n, done_n = 0;
    for (;;) {
        const struct text bytes = {c->in + done_n, c->in_n - done_n};
        enum sip_stream_verdict v = sip_stream_cut(bytes, PHONE_TCP_BYTES_MAX, &n);
        if (v == SIP_STREAM_MORE)
            break;
        tcp->broken_n += v == SIP_STREAM_BROKEN;
        if (v == SIP_STREAM_BROKEN)
            return false;
        if (v == SIP_STREAM_PING)
            (void)phone_tcp_send(tcp, from.connection, TEXT(PONG));
        if (v == SIP_STREAM_MESSAGE)
            hears->message(c->in + done_n, n, &from, hears->arg);
        if (c->id != from.connection)
            return true; /* it has ended meanwhile, by what was sent */
        done_n += n;
    }
    c->in_n -= (uint32_t)done_n;
    memmove(c->in, c->in + done_n, c->in_n);
    return true;
}

/* Some bytes; *n 0: none now. False: the connection is over. Whether ours is believed is only heard
 * now with TLS 1.3, whose client is done first. */
static bool receive_some(struct phone_tcp *tcp, struct phone_tcp_connection *c, size_t *n)
{
    *n = PHONE_TCP_BYTES_MAX - c->in_n;
    if (c->link) {
        enum tls_io io = tls_link_read(c->link, c->in + c->in_n, n);
        *n = io == TLS_DONE ? *n : 0;
        if (io == TLS_OVER && tls_link_why(c->link)[0])
            note_unproved(tcp, c);
        return io != TLS_OVER;
    }
    ssize_t got = recv(c->fd, c->in + c->in_n, *n, 0);
    *n = got > 0 ? (size_t)got : 0;
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool take_some(struct phone_tcp *tcp, struct phone_tcp_connection *c,
                      const struct phone_tcp_hears *hears)
{
    uint32_t id = c->id;
    size_t n;
    if (!receive_some(tcp, c, &n))
        return false;
    if (!n)
        return true;
    c->in_n += (uint32_t)n;
    c->heard_at = tcp->now_at;
    if (!cut(tcp, c, hears))
        return false;
    if (c->id != id)
        return true;
    bool is_partial = c->in_n > 2; /* an empty line may stand there for long: a pong */
    if (!is_partial)
        c->since_at = MS_NEVER;
    else if (c->since_at == MS_NEVER)
        c->since_at = tcp->now_at;
    return true;
}

/* What TLS has read is told by no epoll: at most one record of 16 KiB. */
static bool take(struct phone_tcp *tcp, struct phone_tcp_connection *c,
                 const struct phone_tcp_hears *hears)
{
    uint32_t id = c->id;
    bool goes_on = take_some(tcp, c, hears);
    while (goes_on && c->id == id && c->link && tls_link_has_more(c->link))
        goes_on = take_some(tcp, c, hears);
    return goes_on;
}

/* ---- a turn ------------------------------------------------------------------------------- */

static bool is_over(const struct phone_tcp_connection *c, ms_t now_at)
{
    ms_t limit_ms = c->is_connecting ? PHONE_TCP_CONNECT_MS
                    : c->is_shaking  ? PHONE_TCP_SHAKE_MS
                                     : PHONE_TCP_SLOW_MS;
    bool is_late = c->since_at != MS_NEVER && now_at >= c->since_at + limit_ms;
    return is_late || now_at >= c->heard_at + PHONE_TCP_IDLE_MS;
}

static void sweep(struct phone_tcp *tcp)
{
    ms_t now_at = tcp->now_at;
    if (tcp->rest_until_at && now_at >= tcp->rest_until_at) {
        tcp->rest_until_at = 0;
        for (unsigned i = 0; i < ADDRESS_FAMILIES; i++)
            if (tcp->fds[i] >= 0)
                (void)watch(tcp, tcp->fds[i], LISTENER + i);
    }
    if (!tcp->n || now_at < tcp->sweep_at)
        return;
    tcp->sweep_at = now_at + SWEEP_MS;
    for (uint32_t i = 0; i < tcp->used; i++)
        if (tcp->list[i].id && is_over(&tcp->list[i], now_at))
            end(tcp, &tcp->list[i]);
}

static void serve(struct phone_tcp *tcp, const struct phone_tcp_hears *hears,
                  const struct epoll_event *e)
{
    struct phone_tcp_connection *c = &tcp->list[slot_of(e->data.u32)];
    if (!phone_tcp_has(tcp, e->data.u32))
        return;
    bool goes_on = !(c->is_shaking || e->events & (EPOLLOUT | EPOLLERR)) || go_on(tcp, c);
    if (goes_on && !c->is_shaking && e->events & (EPOLLIN | EPOLLHUP))
        goes_on = take(tcp, c, hears);
    if (!goes_on && c->id == e->data.u32)
        end(tcp, c);
}

bool phone_tcp_turn(struct phone_tcp *tcp, const struct phone_tcp_hears *hears, ms_t now_at)
{
    struct epoll_event events[EVENTS_MAX];
    bool is_other = false;
    if (tcp->epoll_fd < 0)
        return true;
    tcp->now_at = now_at;
    int n = epoll_wait(tcp->epoll_fd, events, EVENTS_MAX, 0);
    for (int i = 0; i < n; i++) {
        uint32_t name = events[i].data.u32;
        if (name == OTHER)
            is_other = true;
        else if (name >= LISTENER)
            take_callers(tcp, tcp->fds[name - LISTENER], hears);
        else
            serve(tcp, hears, &events[i]);
    }
    sweep(tcp);
    return is_other || n == EVENTS_MAX; /* it may stand behind those that were told */
}

ms_t phone_tcp_next_at(const struct phone_tcp *tcp)
{
    ms_t at = tcp->n ? tcp->sweep_at : MS_NEVER;
    return tcp->rest_until_at && tcp->rest_until_at < at ? tcp->rest_until_at : at;
}
