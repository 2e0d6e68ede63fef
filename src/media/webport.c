/* webport.c — see webport.h. Called by thread.c, stream.c and media.c.
 * Two tables: by the name in a check, whose value main drew; by the address of a packet, which only
 * a check that was proved puts in. So a stranger's packet ends at a table where it is not.
 * Invariant: what is in by_address is a pair of that stream's agent. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "media/packet.h"
#include "rtc/stun.h"

#define MS_PER_S 1000
/* 40 ms of 1,000 browsers; the system may give less (net.core.rmem_max). */
#define RECEIVE_BUFFER (1 << 20)

/* ---- addresses ---------------------------------------------------------------------------- */

struct address webport_address_of(const struct media_address *from)
{
    struct address to = {.family = from->ip_n == 16 ? 6 : 4, .port = from->port};
    memcpy(to.ip, from->ip, from->ip_n);
    return to;
}

static struct media_address media_address_of(const struct address *from)
{
    struct media_address to = {.ip_n = from->family == 6 ? 16 : 4, .port = from->port};
    memcpy(to.ip, from->ip, to.ip_n);
    return to;
}

/* Keyed, so that nobody can choose addresses that meet in the table. Never 0. */
static uint64_t key_of(const struct webport *w, const struct address *a)
{
    char bytes[sizeof(a->ip) + 3];
    memcpy(bytes, a->ip, sizeof(a->ip));
    bytes[16] = (char)a->family;
    bytes[17] = (char)(a->port >> 8);
    bytes[18] = (char)a->port;
    uint64_t key = siphash(&w->secret, (struct text){bytes, sizeof(bytes)});
    return key ? key : 1;
}

void webport_know(struct webport *w, const struct address *a, uint32_t stream_i)
{
    map_put(&w->by_address, key_of(w, a), stream_i);
}

void webport_forget(struct webport *w, const struct address *a, uint32_t stream_i)
{
    if (a->family && map_get(&w->by_address, key_of(w, a)) == stream_i)
        map_remove(&w->by_address, key_of(w, a));
}

bool webport_allow(struct allowance *a, uint32_t max, ms_t at)
{
    if (at - a->second_at >= MS_PER_S)
        *a = (struct allowance){.second_at = at};
    return a->n++ < max;
}

/* ---- opened and dropped ------------------------------------------------------------------- */

static int open_sockets(struct media_thread *t, const struct media_args *args)
{
    struct webport *w = t->webport;
    int err = 0, bytes = RECEIVE_BUFFER;
    w->number = args->browser_port;
    for (unsigned i = 0; !err && i < MEDIA_FAMILIES; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = WEBPORT_EVENT};
        struct socket_address is = {.n = sizeof(is.v6)};
        struct media_address here;
        if (!args->bind[i].ip_n)
            continue;
        err = socket_open(&w->fds[i], &args->bind[i], w->number);
        if (!err && getsockname(w->fds[i], &is.any, &is.n))
            err = errno;
        if (err)
            break;
        socket_address_read(&here, &is);
        w->number = here.port;
        (void)setsockopt(w->fds[i], SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
        err = epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, w->fds[i], &event) ? errno : 0;
    }
    return err;
}

static int open_tables(struct webport *w, uint32_t streams_n)
{
    struct arena count = {0};
    struct map by_name, by_address;
    void *datagrams = malloc(ring_bytes(WEBPORT_DATAGRAMS_N, sizeof(struct media_datagram)));
    map_open(&by_name, &count, 2 * streams_n);
    map_open(&by_address, &count, 2 * streams_n * ICE_PAIRS_MAX);
    struct arena arena = {.size = count.used, .is_zeroed = true};
    w->browsers = calloc(streams_n, sizeof(*w->browsers));
    w->tables = calloc(1, count.used + ARENA_ALIGN);
    if (datagrams)
        ring_open(&w->datagrams, datagrams, WEBPORT_DATAGRAMS_N, sizeof(struct media_datagram));
    if (!w->browsers || !w->tables || !datagrams)
        return ENOMEM;
    arena.base = w->tables;
    arena.base += (ARENA_ALIGN - (uintptr_t)w->tables % ARENA_ALIGN) % ARENA_ALIGN;
    map_open(&w->by_name, &arena, 2 * streams_n);
    map_open(&w->by_address, &arena, 2 * streams_n * ICE_PAIRS_MAX);
    return getrandom(&w->secret, sizeof(w->secret), 0) == sizeof(w->secret) ? 0 : EIO;
}

int webport_open(struct media_thread *t, const struct media_args *args)
{
    t->webport = calloc(1, sizeof(*t->webport));
    if (!t->webport)
        return ENOMEM;
    for (unsigned i = 0; i < MEDIA_FAMILIES; i++)
        t->webport->fds[i] = -1;
    int err = open_tables(t->webport, PACE_SLOTS * t->places);
    return err ? err : open_sockets(t, args);
}

void webport_drop(struct media_thread *t)
{
    struct webport *w = t->webport;
    if (!w)
        return;
    for (unsigned i = 0; i < MEDIA_FAMILIES; i++)
        if (w->fds[i] >= 0)
            close(w->fds[i]);
    if (w->browsers)
        explicit_bzero(w->browsers, PACE_SLOTS * (size_t)t->places * sizeof(*w->browsers));
    free(w->browsers);
    free(w->tables);
    free(w->datagrams.items);
    free(w);
    t->webport = NULL;
}

uint16_t webport_number(const struct media_thread *t)
{
    return t->webport ? t->webport->number : 0;
}

/* ---- datagrams, on main ------------------------------------------------------------------- */

bool webport_next(struct media_thread *t, struct media_datagram *out)
{
    struct ring_buffer *datagrams = &t->webport->datagrams;
    if (!ring_waiting_n(datagrams))
        return false;
    *out = *(const struct media_datagram *)ring_item(datagrams, 0);
    ring_release(datagrams, 1);
    return true;
}

void webport_send(const struct media_thread *t, const struct media_datagram *datagram)
{
    struct socket_address to;
    int fd = t->webport->fds[media_address_side(&datagram->from)];
    socket_address_of(&to, &datagram->from);
    if (fd >= 0 && datagram->from.ip_n)
        (void)socket_send(fd, datagram->bytes, datagram->n, &to);
}

/* ---- a stream ----------------------------------------------------------------------------- */

static uint32_t index_of(const struct media_thread *t, const struct stream *s)
{
    return s->slot - t->first_slot;
}

static uint64_t name_of(const struct media_browser *b)
{
    uint64_t name;
    memcpy(&name, b->ufrag, sizeof(name));
    return name;
}

/* Read at arrival, as bridged streams are. */
void webport_join(struct media_thread *t, struct stream *s)
{
    s->is_browser = s->is_in_epoll = s->source.is_locked = true;
    t->bridged_n++;
}

/* Addresses that the other way has proved too are kept. */
static void end_way(struct media_thread *t, struct stream *s, struct webport_way *way)
{
    struct webport *w = t->webport;
    struct webport_browser *b = &w->browsers[index_of(t, s)];
    const struct webport_way *other = way == &b->now ? &b->before : &b->now;
    for (unsigned i = 0; i < ICE_PAIRS_MAX; i++) {
        const struct address *a = &way->ice.pairs[i].remote;
        if (!ice_may_speak(&other->ice, a, t->at))
            webport_forget(w, a, index_of(t, s));
    }
    if (name_of(&way->is) && map_get(&w->by_name, name_of(&way->is)) == index_of(t, s))
        map_remove(&w->by_name, name_of(&way->is));
    explicit_bzero(way, sizeof(*way));
    ice_begin(&way->ice);
}

void webport_settle(struct media_thread *t, struct stream *s)
{
    end_way(t, s, &t->webport->browsers[index_of(t, s)].before);
}

void webport_leave(struct media_thread *t, struct stream *s)
{
    end_way(t, s, &t->webport->browsers[index_of(t, s)].now);
    webport_settle(t, s);
    t->bridged_n--;
}

/* What was in use is kept where the new way goes on with it: the one that works of the two. */
static void begin_way(struct media_thread *t, struct stream *s, const struct media_browser *want)
{
    struct webport *w = t->webport;
    struct webport_browser *b = &w->browsers[index_of(t, s)];
    if (!want->goes_on || ice_chosen(&b->now.ice))
        webport_settle(t, s);
    if (want->goes_on && ice_chosen(&b->now.ice)) {
        b->before = b->now;
        memset(&b->now, 0, sizeof(b->now));
    }
    end_way(t, s, &b->now);
    b->now.is = *want;
    seal_word(&b->now.key, (const uint8_t *)want->password, sizeof(want->password));
    if (name_of(want))
        map_put(&w->by_name, name_of(want), index_of(t, s));
}

/* Another name begins anew: who proved the old one's password has to prove this one's. */
void webport_apply(struct media_thread *t, struct stream *s)
{
    const struct media_browser *want = &s->order->want.browser;
    const struct media_browser *is = &t->webport->browsers[index_of(t, s)].now.is;
    if (memcmp(want->ufrag, is->ufrag, sizeof(is->ufrag)) != 0 ||
        memcmp(want->password, is->password, sizeof(is->password)) != 0)
        begin_way(t, s, want);
    webport_steer(t, s);
}

static const struct address *chosen_of(const struct webport_browser *b)
{
    const struct address *now = ice_chosen(&b->now.ice);
    return now ? now : ice_chosen(&b->before.ice);
}

/* Nothing goes where no consent is, and nothing without a key. */
void webport_steer(struct media_thread *t, struct stream *s)
{
    const struct webport_browser *b = &t->webport->browsers[index_of(t, s)];
    const struct address *chosen = s->secure ? chosen_of(b) : NULL;
    struct media_address to = chosen ? media_address_of(chosen) : (struct media_address){0};
    s->source.peer = to;
    socket_address_of(&s->to, &to);
    s->control.to = s->to;
    if (chosen)
        s->rtp_fd = t->webport->fds[media_address_side(&to)];
    stream_listen(t, s);
}

void webport_tend(struct media_thread *t, struct stream *s)
{
    struct webport_browser *b = &t->webport->browsers[index_of(t, s)];
    bool is_lost = ice_expire(&b->now.ice, t->at), was_lost = ice_expire(&b->before.ice, t->at);
    if (!(is_lost || was_lost) || chosen_of(b))
        return;
    webport_steer(t, s);
    report_add(t, s, MEDIA_CONSENT_LOST);
}

/* ---- packets ------------------------------------------------------------------------------ */

/* Sets s: whose pair it is; NULL: nobody's, or one without consent. */
static void find_stream(struct packet *p)
{
    struct webport *w = p->t->webport;
    const struct address from = webport_address_of(&p->from);
    uint32_t i = map_get(&w->by_address, key_of(w, &from));
    const struct webport_browser *b = i != SLOT_NONE ? &w->browsers[i] : NULL;
    bool may = b && (ice_may_speak(&b->now.ice, &from, p->t->at) ||
                     ice_may_speak(&b->before.ice, &from, p->t->at));
    p->s = may ? &p->t->streams[i] : NULL;
}

/* Output: main has it, or it is left out; who made it repeats it. */
static void hand_up(struct packet *p)
{
    struct media_thread *t = p->t;
    struct webport *w = t->webport;
    struct webport_browser *b = &w->browsers[index_of(t, p->s)];
    bool may = webport_allow(&b->datagrams, WEBPORT_DATAGRAMS_EACH_MAX, t->at) &&
               ring_room_n(&w->datagrams) && p->n <= MEDIA_DATAGRAM_MAX;
    if (!may) {
        total_add(&w->left_out_n, 1);
        return;
    }
    struct media_datagram *d = ring_slot(&w->datagrams, 0);
    d->ref = (struct media_ref){p->s->slot, p->s->gen};
    memcpy(d->ufrag, b->now.is.ufrag, sizeof(d->ufrag));
    d->from = p->from;
    d->n = (uint16_t)p->n;
    memcpy(d->bytes, p->bytes, p->n);
    ring_publish(&w->datagrams, 1);
    t->has_reported = true;
}

static void take(struct packet *p)
{
    enum stun_kind kind = stun_kind_of(p->bytes, p->n);
    p->s = NULL;
    if (kind == STUN_KIND_STUN) {
        webport_stun(p);
        return;
    }
    find_stream(p);
    if (p->s && kind == STUN_KIND_DTLS)
        hand_up(p);
    else if (p->s && kind == STUN_KIND_RTP && p->s->secure)
        receive_take(p);
    else
        total_add(&p->t->totals.refused_n, 1);
}

static void receive_from(struct media_thread *t, int fd)
{
    struct packet p = {.t = t};
    int n = RECEIVE_N;
    for (unsigned taken_n = 0; n == RECEIVE_N && taken_n < WEBPORT_TURN_MAX; taken_n += RECEIVE_N) {
        n = receive_collect(t, fd, false);
        for (int i = 0; i < n; i++) {
            p.s = NULL;
            if (receive_unpack(&p, i))
                take(&p);
        }
    }
}

void webport_receive(struct media_thread *t)
{
    for (unsigned i = 0; i < MEDIA_FAMILIES; i++)
        if (t->webport->fds[i] >= 0)
            receive_from(t, t->webport->fds[i]);
}
