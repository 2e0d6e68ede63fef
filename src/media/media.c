/* media.c — the engine as main sees it: opened, asked, dropped.
 * Called on the main thread only; what crosses to the media threads goes through desks, dirty bits
 * and rings. Invariant: a place and its ports are given again only after its thread has said
 * CLOSED. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/g711.h"
#include "media/pool.h"
#include "media/ports.h"
#include "media/thread.h"
#include "os/clock.h"

#define WORD_BITS 64
#define NTP_AT_1970_MS INT64_C(2208988800000)
/* What the rest of the program has open; what it may have, where the machine allows it: pages. */
#define OTHER_FILES 256
#define OTHER_FILES_WISHED 12288

struct media {
    struct media_args args;
    struct prompts prompts;
    struct pool pool;
    struct ports ports;
    struct os_bell reported;
    struct bake bake;
    struct media_thread *threads; /* owned */
    unsigned opened_n;            /* threads whose parts are open */
    unsigned next_i;              /* thread whose ring is looked at first */
    bool is_leaving;
};

/* ---- opening: a thread ---- */

static void prepare_inbox(struct inbox *in)
{
    for (unsigned i = 0; i < RECEIVE_N; i++) {
        in->parts[i] = (struct iovec){in->bytes[i], RECEIVE_BYTES};
        in->heads[i].msg_hdr = (struct msghdr){.msg_name = &in->from[i],
                                               .msg_namelen = sizeof(in->from[i]),
                                               .msg_iov = &in->parts[i],
                                               .msg_iovlen = 1,
                                               .msg_control = in->notes[i]};
    }
}

static int open_memory(struct media_thread *t, uint32_t reports_n)
{
    size_t streams_n = (size_t)PACE_SLOTS * t->places;
    void *reports = malloc(ring_bytes(reports_n, sizeof(struct media_report)));
    t->dirty_words = (uint32_t)((streams_n + WORD_BITS - 1) / WORD_BITS);
    t->active_words = (t->places + WORD_BITS - 1) / WORD_BITS;
    t->streams = calloc(streams_n, sizeof(*t->streams));
    t->secrets = calloc(streams_n, sizeof(*t->secrets));
    t->desks = calloc(streams_n, sizeof(*t->desks));
    t->dirty = calloc(t->dirty_words, sizeof(*t->dirty));
    t->active = calloc((size_t)PACE_SLOTS * t->active_words, sizeof(*t->active));
    t->mixes = calloc(MIX_MAX, sizeof(*t->mixes));
    t->coders = calloc(CODER_MAX, sizeof(*t->coders));
    t->coder_memory = calloc(CODER_MAX, coder_memory_bytes());
    if (reports)
        ring_open(&t->reports, reports, reports_n, sizeof(struct media_report));
    if (!reports || !t->streams || !t->secrets || seal_box_open(&t->box) || !t->desks ||
        !t->dirty || !t->active || !t->mixes || !t->coders || !t->coder_memory)
        return ENOMEM;
    for (uint32_t i = 0; i < streams_n; i++) {
        t->streams[i].slot = t->first_slot + i;
        desk_open(&t->desks[i]);
    }
    return 0;
}

static int open_files(struct media_thread *t)
{
    t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int err = t->epoll_fd < 0 ? errno : 0;
    if (!err)
        err = os_tick_open(&t->tick);
    return err ? err : os_bell_open(&t->bell);
}

static int open_thread(struct media *m, unsigned index)
{
    struct media_thread *t = &m->threads[index];
    struct os_thread_args run = {"media", thread_run, t};
    t->index = index;
    t->places = m->pool.places;
    t->first_slot = index * PACE_SLOTS * t->places;
    t->prompts = &m->prompts;
    t->bake = &m->bake;
    t->tap = m->args.taps ? &m->args.taps[index] : NULL;
    t->reported = &m->reported;
    t->ntp_offset_ms = os_clock_wall_at() - os_clock_boot_ms() + NTP_AT_1970_MS;
    t->epoll_fd = t->tick.fd = t->bell.fd = -1;
    m->opened_n++;
    g711_bridge_table(t->law[MEDIA_PCMA], MEDIA_PCMA);
    g711_bridge_table(t->law[MEDIA_PCMU], MEDIA_PCMU);
    for (unsigned i = 0; i < 256; i++) {
        t->linear[MEDIA_PCMA][i] = g711_decode(MEDIA_PCMA, (uint8_t)i);
        t->linear[MEDIA_PCMU][i] = g711_decode(MEDIA_PCMU, (uint8_t)i);
    }
    prepare_inbox(&t->inbox);
    int err = open_memory(t, m->args.reports_n);
    if (!err)
        err = open_files(t);
    if (!err && m->args.has_browsers)
        err = webport_open(t, &m->args);
    return err || m->args.is_manual ? err : os_thread_open(&t->thread, &run);
}

/* ---- opening: the engine ---- */

static void put_defaults(struct media_args *a)
{
    a->threads_n = a->threads_n ? a->threads_n : 1;
    a->streams_max = a->streams_max ? a->streams_max : MEDIA_STREAMS_DEFAULT;
    a->port_first = a->port_first ? a->port_first : MEDIA_PORT_FIRST;
    a->port_last = a->port_last ? a->port_last : MEDIA_PORT_LAST;
    a->reports_n = a->reports_n ? a->reports_n : MEDIA_REPORTS_N;
    if (!a->bind[0].ip_n && !a->bind[1].ip_n)
        a->bind[0].ip_n = 4;
}

bool media_bind(struct media_args *args, struct text addresses)
{
    struct address_pair self;
    if (!address_pair_read(&self, addresses))
        return false;
    for (unsigned i = 0; i < MEDIA_FAMILIES; i++) {
        args->bind[i] = (struct media_address){.ip_n = self.of[i].family ? (i ? 16 : 4) : 0};
        memcpy(args->bind[i].ip, self.of[i].ip, sizeof(args->bind[i].ip));
    }
    return true;
}

static bool is_of(const struct media_address *bind, uint8_t ip_n)
{
    return bind->ip_n == 0 || bind->ip_n == ip_n;
}

static bool is_sane(const struct media_args *a)
{
    return a->threads_n <= MEDIA_THREADS_MAX && a->streams_max <= MEDIA_STREAMS_MAX &&
           (a->reports_n & (a->reports_n - 1)) == 0 && a->reports_n <= RING_N_MAX &&
           is_of(&a->bind[0], 4) && is_of(&a->bind[1], 16) &&
           (!a->has_browsers || a->threads_n == 1);
}

/* Two sockets a stream, and two more for who turns out to be of the other family: asks for as many
 * as the machine allows. */
static int allow_files(const struct media_args *a)
{
    struct rlimit limit;
    rlim_t each_n = a->bind[0].ip_n && a->bind[1].ip_n ? 4 : 2;
    rlim_t wanted = each_n * a->streams_max + OTHER_FILES;
    rlim_t wished = each_n * a->streams_max + OTHER_FILES_WISHED;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wished)
        return 0;
    limit.rlim_cur = wished < limit.rlim_max ? wished : limit.rlim_max;
    if (wanted <= limit.rlim_max && !setrlimit(RLIMIT_NOFILE, &limit))
        return 0;
    os_log_line(a->log, OS_LOG_ALARM,
                "media: %u streams need %llu open files, the limit is %llu: raise it (LimitNOFILE) "
                "or lower the number of streams",
                a->streams_max, (unsigned long long)wanted, (unsigned long long)limit.rlim_max);
    return EMFILE;
}

static int open_parts(struct media *m)
{
    const struct media_args *a = &m->args;
    int err = allow_files(a);
    if (!err)
        err = ports_open(&m->ports, a->port_first, a->port_last);
    if (!err)
        err = pool_open(&m->pool, a->threads_n, a->streams_max);
    if (!err)
        err = os_bell_open(&m->reported);
    if (!err)
        err = bake_open(&m->bake, &m->prompts, a->is_manual);
    m->threads = err ? NULL : calloc(a->threads_n, sizeof(*m->threads));
    if (!err && !m->threads)
        err = ENOMEM;
    for (unsigned i = 0; !err && i < a->threads_n; i++)
        err = open_thread(m, i);
    return err;
}

/* A turn that waits for the end of somebody else's is sound that comes late: measured with a build
 * beside 1,000 conversations, 1 % of the packets by more than 14 to 175 ms, before all others by
 * more than 2 to 5. With a processor for each thread and none for main, calls would wait instead.
 */
static void urge(struct media *m)
{
    int err = os_thread_processors() > m->args.threads_n ? 0 : EPERM;
    for (unsigned i = 0; !err && i < m->args.threads_n; i++)
        err = os_thread_urge(&m->threads[i].thread);
    if (err)
        os_log_line(m->args.log, OS_LOG_INFO,
                    "media: sound may come late while others use the processors: no real-time "
                    "priority (LimitRTPRIO=1, and a processor more than media.threads)");
}

int media_open(struct media **out, const struct media_args *args)
{
    struct media *m = calloc(1, sizeof(*m));
    *out = NULL;
    if (!m)
        return ENOMEM;
    m->args = *args;
    m->reported.fd = m->bake.bell.fd = -1;
    put_defaults(&m->args);
    int err = is_sane(&m->args) ? open_parts(m) : EINVAL;
    if (!err && m->args.is_urgent && !m->args.is_manual)
        urge(m);
    if (err)
        media_drop(m);
    else
        *out = m;
    return err;
}

/* ---- the end ---- */

static void stop_thread(struct media_thread *t)
{
    atomic_store(&t->is_ending, true);
    if (t->bell.fd >= 0)
        os_bell_ring_always(&t->bell);
    os_thread_drop(&t->thread);
}

void media_leave(struct media *m)
{
    m->is_leaving = true;
}

/* The threads are gone: streams that still live are ended here. */
static void drop_seat(struct media *m, uint32_t slot)
{
    struct seat *seat = &m->pool.seats[slot];
    struct media_thread *t = &m->threads[pool_thread_of(&m->pool, slot)];
    struct stream *s = &t->streams[slot - t->first_slot];
    bool is_known = s->gen == seat->order.gen, is_over = s->gen == 0 && seat->state == SEAT_CLOSING;
    bool was_taken = is_known || (is_over && !desk_take(&t->desks[slot - t->first_slot]));
    if (is_known && !s->is_closed && !m->is_leaving)
        control_leave(t, s);
    for (unsigned i = 0; (!was_taken || (is_known && !s->is_closed)) && i < MEDIA_FAMILIES; i++)
        socket_pair_drop(seat->order.fds[i]);
}

static void drop_thread(struct media_thread *t)
{
    webport_drop(t);
    free(t->streams);
    free(t->secrets);
    seal_box_drop(&t->box);
    free(t->desks);
    free(t->dirty);
    free(t->active);
    free(t->mixes);
    free(t->coders);
    free(t->coder_memory);
    free(t->reports.items);
    os_tick_drop(&t->tick);
    os_bell_drop(&t->bell);
    if (t->epoll_fd >= 0)
        close(t->epoll_fd);
}

void media_drop(struct media *m)
{
    if (!m)
        return;
    for (unsigned i = 0; i < m->opened_n; i++)
        stop_thread(&m->threads[i]);
    for (uint32_t i = 0; m->pool.n > 0 && i < pool_seats_n(&m->pool); i++)
        if (m->pool.seats[i].state != SEAT_FREE)
            drop_seat(m, i);
    for (unsigned i = 0; i < m->opened_n; i++)
        drop_thread(&m->threads[i]);
    free(m->threads);
    bake_drop(&m->bake);
    prompts_drop(&m->prompts);
    pool_drop(&m->pool);
    ports_drop(&m->ports);
    os_bell_drop(&m->reported);
    free(m);
}

/* ---- a stream is opened ---- */

static enum media_verdict verdict_of(int err)
{
    if (err == EADDRINUSE)
        return MEDIA_PORTS_EXHAUSTED;
    return err == EMFILE || err == ENFILE ? MEDIA_FILES_EXHAUSTED : MEDIA_NO_SOCKET;
}

/* A port that another program holds goes to the end of the line. */
static int open_anywhere(struct media *m, int fds[2], const struct media_address *bind,
                         uint16_t *port)
{
    int err = EADDRINUSE;
    for (unsigned i = 0; err == EADDRINUSE && i < MEDIA_PORT_TRIES_MAX; i++) {
        *port = ports_take(&m->ports);
        if (*port == 0)
            return EADDRINUSE;
        err = socket_pair_open(fds, bind, *port);
        if (err)
            ports_give(&m->ports, *port);
    }
    return err;
}

static int open_there(struct media *m, int fds[2], const struct media_address *bind, uint16_t port)
{
    if (!ports_take_this(&m->ports, port))
        return EADDRINUSE;
    int err = socket_pair_open(fds, bind, port);
    if (err)
        ports_give(&m->ports, port);
    return err;
}

/* Output: fds of the family that is asked for, if we have it, else of the one that we have. */
static enum media_verdict open_sockets(struct media *m, int fds[MEDIA_FAMILIES][2],
                                       const struct media_opening *how, uint16_t *port)
{
    const struct media_address *bind = m->args.bind;
    unsigned side = bind[0].ip_n && bind[1].ip_n ? how->ip_n == bind[1].ip_n : !bind[0].ip_n;
    if (how->is_browser) { /* which has none of its own */
        *port = media_browser_port(m);
        return *port ? MEDIA_OPENED : MEDIA_NO_BROWSERS;
    }
    *port = how->port;
    int err = how->port ? open_there(m, fds[side], &bind[side], how->port)
                        : open_anywhere(m, fds[side], &bind[side], port);
    return err ? verdict_of(err) : MEDIA_OPENED;
}

static enum media_verdict open_stream(void *arg, const struct media_opening *how,
                                      struct media_opened *out)
{
    struct media *m = arg;
    uint16_t port;
    uint32_t near = pool_find(&m->pool, how->near) ? how->near.slot : SLOT_NONE;
    uint32_t slot = pool_take(&m->pool, near);
    if (slot == SLOT_NONE)
        return MEDIA_STREAMS_FULL;
    struct stream_order *order = &m->pool.seats[slot].order;
    memset(order->fds, -1, sizeof(order->fds));
    enum media_verdict v = open_sockets(m, order->fds, how, &port);
    if (v == MEDIA_OPENED && getrandom(order->random, sizeof(order->random), 0) < 0) {
        for (unsigned i = 0; i < MEDIA_FAMILIES; i++)
            socket_pair_drop(order->fds[i]);
        if (!how->is_browser)
            ports_give(&m->ports, port);
        v = MEDIA_NO_SOCKET;
    }
    if (v != MEDIA_OPENED) {
        pool_give(&m->pool, slot);
        return v;
    }
    m->pool.seats[slot].rtp_port = how->is_browser ? 0 : port;
    order->is_browser = how->is_browser;
    memset(&order->want, 0, sizeof(order->want));
    *out = (struct media_opened){{slot, order->gen}, port, order->random[0]};
    return MEDIA_OPENED;
}

static const char *why(enum media_verdict verdict)
{
    static const char *const words[] = {
        [MEDIA_OPENED] = "opened",
        [MEDIA_STREAMS_FULL] = "as many streams as the settings allow are open",
        [MEDIA_PORTS_EXHAUSTED] = "no RTP port of the range is free: widen the range of ports",
        [MEDIA_FILES_EXHAUSTED] = "the system allows no more open files: raise LimitNOFILE",
        [MEDIA_NO_SOCKET] = "the system refuses a socket",
        [MEDIA_NO_BROWSERS] = "there is no port for browsers",
    };
    return words[verdict];
}

/* ---- a stream is told what to do ---- */

static bool has_family(const struct media *m, const struct media_address *a)
{
    return a->ip_n == 0 || a->ip_n == m->args.bind[0].ip_n || a->ip_n == m->args.bind[1].ip_n;
}

/* What only shows itself late: several telephones ring for one stream, and one of the other family
 * is picked up. */
static int open_other(struct media *m, struct seat *seat, const struct media_want *want)
{
    unsigned side = media_address_side(&want->rtp);
    if (want->rtp.ip_n == 0 || seat->order.fds[side][0] >= 0)
        return 0;
    return socket_pair_open(seat->order.fds[side], &m->args.bind[side], seat->rtp_port);
}

static bool are_keys(const struct media_want *want)
{
    for (unsigned i = 0; i < want->keys.n; i++)
        if (!dtmf_is_key(want->keys.keys[i]))
            return false;
    return want->keys.n == 0 || want->key_type != 0;
}

/* Does another thread have that stream? */
static bool is_elsewhere(struct media *m, struct media_ref ref, uint32_t slot)
{
    return pool_find(&m->pool, ref) &&
           pool_thread_of(&m->pool, ref.slot) != pool_thread_of(&m->pool, slot);
}

static int check(struct media *m, uint32_t slot, const struct media_want *want)
{
    if (want->list.n > MEDIA_LIST_MAX || want->keys.n > MEDIA_KEYS_MAX)
        return E2BIG;
    if (want->payload_type > RTP_TYPE_MAX || want->key_type > RTP_TYPE_MAX ||
        want->payload_in > RTP_TYPE_MAX || want->key_in > RTP_TYPE_MAX ||
        want->noise_type > RTP_TYPE_MAX || !pack_is_size(want->packet_ms) || !are_keys(want))
        return EINVAL;
    if (want->secret.suite >= MEDIA_SUITES || want->codec >= MEDIA_CODECS)
        return EINVAL;
    if (want->then == MEDIA_BRIDGE && is_elsewhere(m, want->peer, slot))
        return EINVAL;
    for (unsigned i = 0; want->then == MEDIA_MIX && i < MEDIA_HEARS_MAX; i++)
        if (is_elsewhere(m, want->hears[i], slot))
            return EINVAL;
    if (m->pool.seats[slot].order.is_browser && (want->rtp.ip_n || want->is_measured))
        return EINVAL;
    bool is_one = !want->rtcp.ip_n || !want->rtp.ip_n || want->rtcp.ip_n == want->rtp.ip_n;
    return is_one && has_family(m, &want->rtp) && has_family(m, &want->rtcp) ? 0 : EAFNOSUPPORT;
}

/* The dirty bit is set after the desk is laid, and rung after that: the thread misses nothing. */
static void put_order(struct media *m, uint32_t slot)
{
    struct media_thread *t = &m->threads[pool_thread_of(&m->pool, slot)];
    uint32_t i = slot - t->first_slot;
    desk_put(&t->desks[i], &m->pool.seats[slot].order);
    atomic_fetch_or(&t->dirty[i / WORD_BITS], UINT64_C(1) << (i % WORD_BITS));
    os_bell_ring(&t->bell);
}

static bool keep_coder(void *arg, struct media_ref ref)
{
    struct media *m = arg;
    return pool_find(&m->pool, ref) && pool_keep_coder(&m->pool, ref.slot);
}

static int set_stream(void *arg, struct media_ref ref, const struct media_want *want)
{
    struct media *m = arg;
    struct seat *seat = pool_find(&m->pool, ref);
    if (!seat)
        return ESTALE;
    int err = check(m, ref.slot, want);
    if (!err && coder_is_for(want->codec) && !pool_keep_coder(&m->pool, ref.slot))
        err = ENOSPC;
    err = err ? err : open_other(m, seat, want);
    if (err)
        return err;
    seat->order.want = *want;
    put_order(m, ref.slot);
    return 0;
}

static void drop_stream(void *arg, struct media_ref ref)
{
    struct media *m = arg;
    struct seat *seat = pool_find(&m->pool, ref);
    if (!seat)
        return;
    seat->state = SEAT_CLOSING;
    seat->order.is_closing = true;
    explicit_bzero(&seat->order.want.secret, sizeof(seat->order.want.secret));
    put_order(m, ref.slot);
}

/* ---- reports ---- */

static void take_back(struct media *m, struct media_ref ref)
{
    struct seat *seat = &m->pool.seats[ref.slot];
    assert(seat->state == SEAT_CLOSING && seat->order.gen == ref.gen);
    if (seat->rtp_port)
        ports_give(&m->ports, seat->rtp_port);
    pool_give(&m->pool, ref.slot);
}

static bool next_report(void *arg, struct media_report *out)
{
    struct media *m = arg;
    for (unsigned i = 0; i < m->args.threads_n; i++) {
        struct ring_buffer *reports = &m->threads[m->next_i].reports;
        if (ring_waiting_n(reports) > 0) {
            *out = *(const struct media_report *)ring_item(reports, 0);
            ring_release(reports, 1);
            if (out->kind == MEDIA_CLOSED)
                take_back(m, out->ref);
            return true;
        }
        m->next_i = (m->next_i + 1) % m->args.threads_n;
    }
    return false;
}

static bool next_datagram(void *arg, struct media_datagram *out)
{
    const struct media *m = arg;
    return webport_next(&m->threads[0], out);
}

static void send_datagram(void *arg, const struct media_datagram *datagram)
{
    const struct media *m = arg;
    webport_send(&m->threads[0], datagram);
}

uint16_t media_browser_port(const struct media *m)
{
    return webport_number(&m->threads[0]);
}

struct media_port media_port(struct media *m)
{
    return (struct media_port){
        .arg = m,
        .open = open_stream,
        .set = set_stream,
        .drop = drop_stream,
        .next = next_report,
        .why = why,
        .keep_coder = keep_coder,
        .next_datagram = m->args.has_browsers ? next_datagram : NULL,
        .send_datagram = m->args.has_browsers ? send_datagram : NULL,
    };
}

int media_fd(const struct media *m)
{
    return m->reported.fd;
}

void media_fd_clear(struct media *m)
{
    os_bell_clear(&m->reported);
}

struct prompts *media_prompts(struct media *m)
{
    return &m->prompts;
}

struct media_totals media_totals(const struct media *m)
{
    struct media_totals sum = {.streams_n = m->pool.n};
    for (unsigned i = 0; i < m->args.threads_n; i++) {
        const struct thread_totals *t = &m->threads[i].totals;
        sum.sent_n += atomic_load_explicit(&t->sent_n, memory_order_relaxed);
        sum.send_failed_n += atomic_load_explicit(&t->failed_n, memory_order_relaxed);
        sum.received_n += atomic_load_explicit(&t->received_n, memory_order_relaxed);
        sum.refused_n += atomic_load_explicit(&t->refused_n, memory_order_relaxed);
        sum.late_ms += atomic_load_explicit(&t->late_ms, memory_order_relaxed);
        sum.reports_held_n += atomic_load_explicit(&t->held_n, memory_order_relaxed);
    }
    return sum;
}

void media_spacing(const struct media *m, struct histogram *h)
{
    *h = (struct histogram){0};
    for (unsigned i = 0; i < m->args.threads_n; i++) {
        const struct media_thread *t = &m->threads[i];
        uint64_t most = atomic_load_explicit(&t->spacing_us_max, memory_order_relaxed);
        h->max = most > h->max ? most : h->max;
        for (uint32_t b = 0; b < HISTOGRAM_BUCKETS; b++) {
            uint32_t n = atomic_load_explicit(&t->spacing[b], memory_order_relaxed);
            h->counts[b] += n;
            h->n += n;
        }
    }
}

void media_turn(struct media *m, unsigned thread_i, ms_t now_at)
{
    thread_turn(&m->threads[thread_i], now_at);
    bake_run(&m->bake);
}
