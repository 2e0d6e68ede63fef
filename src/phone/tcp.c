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

#define LISTENER UINT32_MAX
#define OTHER (UINT32_MAX - 1)
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

static int listen_at(struct phone_tcp *tcp, const struct address *address)
{
    struct sockaddr_storage local;
    int on = 1;
    socklen_t n = os_endpoint_of(&local, address);
    tcp->fd = socket(local.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (tcp->fd < 0)
        return errno;
    (void)setsockopt(tcp->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(tcp->fd, (struct sockaddr *)&local, n) || listen(tcp->fd, BACKLOG))
        return errno;
    return 0;
}

int phone_tcp_open(struct phone_tcp *tcp, const struct address *address, int other_fd)
{
    tcp->self = *address;
    tcp->fd = -1;
    tcp->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int err = tcp->epoll_fd < 0 ? errno : 0;
    err = err ? err : listen_at(tcp, address);
    err = err ? err : watch(tcp, tcp->fd, LISTENER);
    err = err ? err : watch(tcp, other_fd, OTHER);
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
    if (tcp->fd >= 0)
        close(tcp->fd);
    if (tcp->epoll_fd >= 0)
        close(tcp->epoll_fd);
    tcp->fd = tcp->epoll_fd = -1;
}

static bool is_same_host(const struct address *a, const struct address *b)
{
    struct address of_a = *a, of_b = *b;
    of_a.port = of_b.port = 0;
    return address_equal(&of_a, &of_b);
}

static bool has_room(const struct phone_tcp *tcp, const struct address *at)
{
    uint32_t same_n = 0;
    for (uint32_t i = 0; i < tcp->used; i++)
        same_n += tcp->list[i].id && is_same_host(&tcp->list[i].at, at);
    return tcp->n < PHONE_TCP_MAX && same_n < PHONE_TCP_SOURCE_MAX;
}

/* A place with a name of its own; NULL: the system refuses to watch it. */
static struct phone_tcp_connection *begin(struct phone_tcp *tcp, int fd, const struct address *at)
{
    uint32_t slot = 0;
    while (slot < tcp->used && tcp->list[slot].id)
        slot++;
    struct phone_tcp_connection *c = &tcp->list[slot];
    uint32_t serial = tcp->serial++ % (OTHER / PHONE_TCP_MAX - 1) + 1;
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

/* ---- who comes ---------------------------------------------------------------------------- */

static void admit(struct phone_tcp *tcp, const struct phone_tcp_hears *hears, int fd,
                  const struct sip_peer *from)
{
    bool is_known = from->at.family && hears->door(from, hears->arg);
    tcp->strangers_n += !is_known;
    tcp->refused_n += is_known && !has_room(tcp, &from->at);
    speak_at_once(fd);
    if (!is_known || !has_room(tcp, &from->at) || !begin(tcp, fd, &from->at))
        close(fd);
}

/* No file is left for another one: an epoll that always says so would turn without end. */
static void rest(struct phone_tcp *tcp)
{
    (void)epoll_ctl(tcp->epoll_fd, EPOLL_CTL_DEL, tcp->fd, NULL);
    tcp->rest_until_at = tcp->now_at + PHONE_TCP_REST_MS;
}

static void take_callers(struct phone_tcp *tcp, const struct phone_tcp_hears *hears)
{
    for (unsigned i = 0; i < ACCEPTS_MAX; i++) {
        struct sockaddr_storage source;
        socklen_t n = sizeof(source);
        int fd = accept4(tcp->fd, (struct sockaddr *)&source, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
            rest(tcp);
        if (fd < 0)
            return;
        const struct sip_peer from = {.at = os_endpoint_read(&source), .transport = SIP_OVER_TCP};
        admit(tcp, hears, fd, &from);
    }
}

uint32_t phone_tcp_to(struct phone_tcp *tcp, const struct address *at)
{
    struct sockaddr_storage there;
    for (uint32_t i = 0; i < tcp->used; i++)
        if (tcp->list[i].id && tcp->list[i].is_ours && address_equal(&tcp->list[i].at, at))
            return tcp->list[i].id;
    if (tcp->epoll_fd < 0 || at->family != tcp->self.family || !has_room(tcp, at))
        return 0;
    socklen_t n = os_endpoint_of(&there, at);
    int fd = socket(there.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    struct sockaddr_storage local;
    struct address self = tcp->self;
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
    watch_writing(tcp, c, true);
    return c->id;
}

/* ---- bytes -------------------------------------------------------------------------------- */

/* What waits goes out, as far as it is taken. False: the connection is over. */
static bool flush(struct phone_tcp *tcp, struct phone_tcp_connection *c)
{
    int err = 0;
    socklen_t n = sizeof(err);
    if (c->is_connecting && (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &n) || err))
        return false;
    if (c->is_connecting)
        c->since_at = MS_NEVER;
    c->is_connecting = false;
    ssize_t sent = c->out_n ? send(c->fd, c->out, c->out_n, MSG_NOSIGNAL) : 0;
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return false;
    if (sent > 0) {
        c->out_n -= (uint32_t)sent;
        memmove(c->out, c->out + sent, c->out_n);
    }
    watch_writing(tcp, c, c->out_n != 0);
    return true;
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
    if (fits && (c->is_connecting || c->waits_to_write || flush(tcp, c)))
        return true;
    tcp->refused_n += !fits;
    end(tcp, c);
    return false;
}

/* The whole messages at the beginning of what has come. False: the connection is over. */
static bool cut(struct phone_tcp *tcp, struct phone_tcp_connection *c,
                const struct phone_tcp_hears *hears)
{
    const struct sip_peer from = {.at = c->at, .transport = SIP_OVER_TCP, .connection = c->id};
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

static bool take(struct phone_tcp *tcp, struct phone_tcp_connection *c,
                 const struct phone_tcp_hears *hears)
{
    uint32_t id = c->id;
    ssize_t n = recv(c->fd, c->in + c->in_n, PHONE_TCP_BYTES_MAX - c->in_n, 0);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (!n)
        return false;
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

/* ---- a turn ------------------------------------------------------------------------------- */

static bool is_over(const struct phone_tcp_connection *c, ms_t now_at)
{
    ms_t limit_ms = c->is_connecting ? PHONE_TCP_CONNECT_MS : PHONE_TCP_SLOW_MS;
    bool is_late = c->since_at != MS_NEVER && now_at >= c->since_at + limit_ms;
    return is_late || now_at >= c->heard_at + PHONE_TCP_IDLE_MS;
}

static void sweep(struct phone_tcp *tcp)
{
    ms_t now_at = tcp->now_at;
    if (tcp->rest_until_at && now_at >= tcp->rest_until_at) {
        tcp->rest_until_at = 0;
        (void)watch(tcp, tcp->fd, LISTENER);
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
    bool goes_on = !(e->events & (EPOLLOUT | EPOLLERR)) || flush(tcp, c);
    if (goes_on && e->events & (EPOLLIN | EPOLLHUP))
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
        if (events[i].data.u32 == LISTENER)
            take_callers(tcp, hears);
        else if (events[i].data.u32 != OTHER)
            serve(tcp, hears, &events[i]);
        else
            is_other = true;
    }
    sweep(tcp);
    return is_other || n == EVENTS_MAX; /* it may stand behind those that were told */
}

ms_t phone_tcp_next_at(const struct phone_tcp *tcp)
{
    ms_t at = tcp->n ? tcp->sweep_at : MS_NEVER;
    return tcp->rest_until_at && tcp->rest_until_at < at ? tcp->rest_until_at : at;
}
