/* media.c — what a waiting caller costs, and what a conversation does.
 * media [SECONDS [RUNS [CASE [STREAMS]]]]: prints "name value unit", medians over the runs. On
 * loopback, everything on the same cores: a sink in its own process counts what arrives (kernel
 * stamps, so that its own delays do not count), another process sends the callers' sound. Only the
 * engine's process is measured. The cases:
 *   floor     one socket, one thread, sendmmsg in slots of 1 ms: the least so many streams cost
 *   waiting   music, the callers silent;  talking: music, the callers send too
 *   bridged   pairs, both sides talking;  secured: the same, one side encrypted (AES-CM)
 *   realtime  bridged, and the engine goes first, as it does in the service
 *   aligned   the same, and all frames are due in the same millisecond of 20, the worst that
 *             telephones can do together; those of the other cases spread over 20
 * Of a bridge the delay is told: from the caller's clock to the other telephone's socket; and
 * beside it how late the senders themselves came to a processor. Where that is milliseconds, so is
 * the machine's part in the delay. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"
#include "bench/senders.h"
#include "media/media.h"
#include "media/rtp.h"
#include "media/srtp.h"
#include "media/tone.h"

#define RUNS_MAX 15
#define BATCH 256
#define SSRC_SLOTS (1u << 15)
#define FLOOR_SSRC 0x10000000u
#define CALLER_SSRC 0x20000000u
#define WARM_S 2
#define PACKETS_PER_MINUTE 3000.0

struct flow {
    uint32_t ssrc;
    bool is_known;
    uint16_t seq;
    int64_t at_ns;
};

struct sink {
    int fd;
    struct board *board;
    struct flow flows[SSRC_SLOTS];
    uint64_t spacing[BUCKETS + 1], delays[BUCKETS + 1], packets_n, lost_n, flows_n;
    int64_t max_ns;
};

struct figures {
    double cpu_s, p99_ms, lost_n, received_share, kib, delay_p50_ms, delay_p99_ms, late_p99_ms;
};

/* ---- the sink ---- */

static struct flow *find_flow(struct sink *s, uint32_t ssrc)
{
    uint32_t i = ssrc * 2654435761u >> 17;
    while (s->flows[i].is_known && s->flows[i].ssrc != ssrc)
        i = (i + 1) % SSRC_SLOTS;
    return &s->flows[i];
}

/* When it was sent stands behind the header. */
static void note_delay(struct sink *s, const uint8_t *bytes, int64_t at_ns)
{
    int64_t sent_ns;
    memcpy(&sent_ns, bytes + RTP_HEADER_BYTES, sizeof(sent_ns));
    int64_t bucket = (at_ns - sent_ns) / 100000;
    if (bucket >= 0 && bucket < BUCKETS) /* else music, or what is encrypted */
        s->delays[bucket]++;
}

static void count(struct sink *s, const uint8_t *bytes, int64_t at_ns)
{
    struct rtp_header h;
    if (rtp_read(&h, bytes, PACKET_BYTES) != RTP_GOOD)
        return;
    struct flow *f = find_flow(s, h.ssrc);
    int step = (int16_t)(h.seq - f->seq);
    int64_t spacing_ns = at_ns - f->at_ns;
    s->packets_n++;
    if (!f->is_known)
        s->flows_n++;
    if (f->is_known && step > 0) {
        int64_t bucket = spacing_ns / 100000;
        s->spacing[bucket < 0 ? 0 : bucket > BUCKETS ? BUCKETS : bucket]++;
        s->max_ns = spacing_ns > s->max_ns ? spacing_ns : s->max_ns;
        s->lost_n += (unsigned)step - 1;
    }
    *f = (struct flow){h.ssrc, true, h.seq, at_ns};
    note_delay(s, bytes, at_ns);
}

static int64_t stamp_of(struct msghdr *head)
{
    struct timespec t = {0, 0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&t, CMSG_DATA(c), sizeof(t));
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Takes a batch. False: nothing is left. */
static bool drain(struct sink *s)
{
    static uint8_t bytes[BATCH][PACKET_BYTES], notes[BATCH][64];
    static struct iovec parts[BATCH];
    static struct mmsghdr heads[BATCH];
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], PACKET_BYTES};
        heads[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i],
                                           .msg_iovlen = 1,
                                           .msg_control = notes[i],
                                           .msg_controllen = sizeof(notes[i])};
    }
    int n = recvmmsg(s->fd, heads, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++)
        if (heads[i].msg_len == PACKET_BYTES)
            count(s, bytes[i], stamp_of(&heads[i].msg_hdr));
    return n == BATCH;
}

static double share_ms(const uint64_t *counts, double share)
{
    uint64_t sum = 0, seen = 0;
    for (int i = 0; i <= BUCKETS; i++)
        sum += counts[i];
    for (int i = 0; i <= BUCKETS; i++) {
        seen += counts[i];
        if ((double)seen >= share * (double)sum)
            return (i + 1) / 10.0;
    }
    return BUCKETS / 10.0;
}

static void forget(struct sink *s)
{
    memset(s->flows, 0, sizeof(s->flows));
    memset(s->spacing, 0, sizeof(s->spacing));
    memset(s->delays, 0, sizeof(s->delays));
    s->packets_n = s->lost_n = s->flows_n = 0;
    s->max_ns = 0;
}

static void publish(const struct sink *s)
{
    s->board->packets_n = s->packets_n;
    s->board->lost_n = s->lost_n;
    s->board->streams_n = s->flows_n;
    s->board->p50_ms = share_ms(s->spacing, 0.5);
    s->board->p99_ms = share_ms(s->spacing, 0.99);
    s->board->delay_p50_ms = share_ms(s->delays, 0.5);
    s->board->delay_p99_ms = share_ms(s->delays, 0.99);
    s->board->max_ms = (double)s->max_ns / 1e6;
}

static void run_sink(struct sink *s)
{
    int phase = IDLE;
    int on = 1;
    setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    while (phase != STOP) {
        int64_t at = measure_now_ns();
        while (drain(s))
            continue;
        int next = atomic_load(&s->board->phase);
        if (next != phase) {
            if (next == COUNT)
                forget(s);
            else
                publish(s);
            phase = next;
            atomic_fetch_add(&s->board->answer_n, 1);
        }
        sleep_until(at + 2000000);
    }
}

static void change_phase(struct board *board, int phase)
{
    unsigned before = atomic_load(&board->answer_n);
    atomic_store(&board->phase, phase);
    while (atomic_load(&board->answer_n) == before)
        sleep_until(measure_now_ns() + 1000000);
}

/* ---- the cases ---- */

struct bench {
    struct board *board;
    struct generator *generator;
    uint16_t sink_port;
    int seconds, n;
    bool is_talking, is_bridged, is_secured, is_urgent, is_aligned;
    struct media *media;
    struct media_port port;
    struct media_ref refs[STREAMS_MAX];
    uint16_t music;
};

/* Sends from the sink's own port, the negotiated one; connected elsewhere, so that it takes none of
 * the sink's packets. */
static pid_t start_callers(struct bench *b, int64_t ms)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct generator *g = b->generator;
    struct sockaddr_in nowhere = loopback(9);
    g->fd = open_socket(&b->sink_port);
    connect(g->fd, (struct sockaddr *)&nowhere, sizeof(nowhere));
    g->n = b->n;
    g->is_secured = b->is_secured;
    g->is_aligned = b->is_aligned;
    g->board = b->board;
    if (seal_box_open(&g->box))
        measure_die("seal_box_open");
    for (int i = 0; i < b->n; i++) {
        struct media_secret secret = secret_of(i);
        generator_set(g, i, b->board->ports[i], CALLER_SSRC + (uint32_t)i);
        if (i % 2 == 0 && !srtp_begin(&g->secrets[i / 2], &g->box, secret.suite, secret.theirs))
            measure_die("srtp_begin");
    }
    generator_run(g, ms);
    _exit(0);
}

static void put_music(struct bench *b)
{
    static uint8_t samples[2 * PROMPT_RATE_HZ * 3];
    struct tone tone = {.hz = 440, .peak = 8000, .n = sizeof(samples) / 2};
    struct prompt_sound sound = {samples, tone.n};
    tone_write(samples, &tone);
    if (media_prompts_put(media_prompts(b->media), &b->music, &sound) != PROMPT_LOADED)
        measure_die("music");
}

static void want_stream(struct bench *b, int i)
{
    struct media_want want = {.codec = MEDIA_PCMA,
                              .payload_type = 8,
                              .key_type = 101,
                              .direction = MEDIA_SENDRECV,
                              .then = MEDIA_LOOP,
                              .loop_id = b->music};
    want.rtp = (struct media_address){.ip = {127, 0, 0, 1}, .ip_n = 4, .port = b->sink_port};
    want.rtcp = want.rtp;
    want.rtcp.port = 9;
    if (b->is_bridged) {
        want.then = MEDIA_BRIDGE;
        want.peer = b->refs[i ^ 1];
    }
    if (b->is_secured && i % 2 == 0)
        want.secret = secret_of(i);
    int err = b->port.set(b->port.arg, b->refs[i], &want);
    if (err)
        measure_die("set");
}

static void open_streams(struct bench *b)
{
    struct media_opened opened;
    const struct media_opening none = {.port = 0};
    for (int i = 0; i < b->n; i++) {
        enum media_verdict v = b->port.open(b->port.arg, &none, &opened);
        if (v != MEDIA_OPENED) {
            fprintf(stderr, "%d streams: %s\n", i, b->port.why(v));
            exit(1);
        }
        b->refs[i] = opened.ref;
        b->board->ports[i] = opened.rtp_port;
    }
    for (int i = 0; i < b->n; i++)
        want_stream(b, i);
}

static void drain_reports(struct bench *b)
{
    struct media_report report;
    while (b->port.next(b->port.arg, &report))
        continue;
}

/* A caller-minute is 3,000 packets that have arrived: what a busy machine did not send costs
 * nothing, and must not make us look cheap. */
static void read_board(const struct bench *b, struct figures *f, double seconds)
{
    double packets_n = (double)b->board->packets_n;
    f->cpu_s *= PACKETS_PER_MINUTE / packets_n;
    f->p99_ms = b->board->p99_ms;
    f->delay_p50_ms = b->board->delay_p50_ms;
    f->delay_p99_ms = b->board->delay_p99_ms;
    f->lost_n = (double)b->board->lost_n;
    f->received_share = packets_n / (50.0 * b->n * seconds);
}

static double late_p99_ms(struct board *board)
{
    uint64_t late[BUCKETS + 1];
    for (int i = 0; i <= BUCKETS; i++)
        late[i] = atomic_exchange(&board->late[i], 0);
    return share_ms(late, 0.99);
}

static void count_window(struct bench *b, struct figures *f)
{
    double before = measure_cpu_s();
    change_phase(b->board, COUNT);
    int64_t start = measure_now_ns();
    while (measure_now_ns() < start + (int64_t)b->seconds * 1000000000) {
        sleep_until(measure_now_ns() + 100000000);
        drain_reports(b);
    }
    f->cpu_s = measure_cpu_s() - before;
    double seconds = (double)(measure_now_ns() - start) / 1e9;
    change_phase(b->board, IDLE);
    read_board(b, f, seconds);
    f->late_p99_ms = late_p99_ms(b->board);
}

/* The engine lives in a process of its own, so that each case begins with fresh memory. */
static void run_engine(struct bench *b, struct figures *f)
{
    struct media_args args = {.streams_max = (uint32_t)b->n, .is_urgent = b->is_urgent};
    double before_kib = measure_resident_kib();
    if (media_open(&b->media, &args))
        measure_die("media_open");
    b->port = media_port(b->media);
    put_music(b);
    before_kib += (double)(media_prompts(b->media)->bytes_n) / 1024;
    open_streams(b);
    /* one packet each, as any telephone sends at once: the source is locked */
    int64_t ms = b->is_talking ? (WARM_S + b->seconds + 1) * 1000 : SLOTS;
    pid_t callers = start_callers(b, ms);
    sleep_until(measure_now_ns() + WARM_S * INT64_C(1000000000));
    f->kib = (measure_resident_kib() - before_kib) / b->n;
    count_window(b, f);
    waitpid(callers, NULL, 0);
    media_drop(b->media);
}

static void run_floor(struct bench *b, struct figures *f)
{
    struct generator *g = b->generator;
    uint16_t any = 0;
    g->fd = open_socket(&any);
    g->n = b->n;
    for (int i = 0; i < g->n; i++)
        generator_set(g, i, b->sink_port, FLOOR_SSRC + (uint32_t)i);
    change_phase(b->board, COUNT);
    double before = measure_cpu_s();
    generator_run(g, b->seconds * 1000);
    f->cpu_s = measure_cpu_s() - before;
    change_phase(b->board, IDLE);
    read_board(b, f, b->seconds);
}

static void run_apart(struct bench *b, struct figures *f,
                      void (*run)(struct bench *, struct figures *))
{
    pid_t pid = fork();
    if (pid == 0) {
        run(b, f);
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (status != 0)
        exit(1);
}

static void say(const char *name, int n, const char *what, const char *value)
{
    printf("media_%s_%d_%s %s\n", name, n, what, value);
}

struct series {
    double cpu[RUNS_MAX], ratio[RUNS_MAX], p99[RUNS_MAX], lost[RUNS_MAX], share[RUNS_MAX],
        kib[RUNS_MAX], delay[RUNS_MAX], delay_p50[RUNS_MAX], late[RUNS_MAX];
};

static void note(struct series *s, int run, const struct figures *f, double floor_s)
{
    s->cpu[run] = f->cpu_s;
    s->ratio[run] = f->cpu_s / floor_s;
    s->p99[run] = f->p99_ms;
    s->lost[run] = f->lost_n;
    s->share[run] = f->received_share * 100;
    s->kib[run] = f->kib;
    s->delay[run] = f->delay_p99_ms;
    s->delay_p50[run] = f->delay_p50_ms;
    s->late[run] = f->late_p99_ms;
}

static void say_series(const char *name, int n, const struct series *s, int runs)
{
    char text[64];
    snprintf(text, sizeof(text), "%.5f s/caller-minute", measure_median(s->cpu, runs));
    say(name, n, "cpu", text);
    snprintf(text, sizeof(text), "%.2f x", measure_median(s->ratio, runs));
    say(name, n, "of_floor", text);
    snprintf(text, sizeof(text), "%.1f ms", measure_median(s->p99, runs));
    say(name, n, "p99_spacing", text);
    snprintf(text, sizeof(text), "%.0f packets", measure_median(s->lost, runs));
    say(name, n, "lost", text);
    snprintf(text, sizeof(text), "%.2f %%", measure_median(s->share, runs));
    say(name, n, "received", text);
    snprintf(text, sizeof(text), "%.2f KiB/stream", measure_median(s->kib, runs));
    say(name, n, "memory", text);
    fflush(stdout);
}

static void say_delay(const char *name, int n, const struct series *s, int runs)
{
    char text[64];
    snprintf(text, sizeof(text), "%.1f ms", measure_median(s->delay_p50, runs));
    say(name, n, "p50_delay", text);
    snprintf(text, sizeof(text), "%.1f ms", measure_median(s->delay, runs));
    say(name, n, "p99_delay", text);
    snprintf(text, sizeof(text), "%.1f ms", measure_median(s->late, runs));
    say(name, n, "p99_senders_late", text);
    fflush(stdout);
}

static void measure(struct bench *b, const char *name, int runs)
{
    struct figures *f =
        mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct series engine, floor;
    for (int run = 0; run < runs; run++) {
        memset(f, 0, sizeof(*f));
        run_apart(b, f, run_floor);
        double floor_s = f->cpu_s;
        note(&floor, run, f, floor_s);
        memset(f, 0, sizeof(*f));
        run_apart(b, f, run_engine);
        note(&engine, run, f, floor_s);
    }
    if (!b->is_talking)
        say_series("floor", b->n, &floor, runs);
    say_series(name, b->n, &engine, runs);
    if (b->is_bridged)
        say_delay(name, b->n, &engine, runs);
    munmap(f, sizeof(*f));
}

static void *shared(size_t n)
{
    void *memory = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        measure_die("mmap");
    return memory;
}

static int argument(int argc, char **argv, int i, int otherwise)
{
    return argc > i ? (int)strtol(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    static struct bench b;
    static struct sink sink;
    static struct generator generator;
    static const struct {
        const char *name;
        int n;
        bool is_talking, is_bridged, is_secured, is_urgent, is_aligned;
    } cases[] = {{"waiting", 1000, false, false, false, false, false},
                 {"waiting", 3000, false, false, false, false, false},
                 {"waiting", 5000, false, false, false, false, false},
                 {"talking", 1000, true, false, false, false, false},
                 {"talking", 3000, true, false, false, false, false},
                 {"bridged", 1000, true, true, false, false, false},
                 {"bridged", 2000, true, true, false, false, false},
                 {"realtime", 2000, true, true, false, true, false},
                 {"aligned", 2000, true, true, false, true, true},
                 {"secured", 800, true, true, true, false, false}};
    int runs = argument(argc, argv, 2, 3);
    runs = runs < 1 ? 1 : runs > RUNS_MAX ? RUNS_MAX : runs;
    b.seconds = argument(argc, argv, 1, 8);
    b.board = sink.board = shared(sizeof(*b.board));
    b.generator = &generator;
    sink.fd = open_socket(&b.sink_port);
    pid_t pid = fork();
    if (pid == 0) {
        run_sink(&sink);
        _exit(0);
    }
    close(sink.fd);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (argc > 3 && strcmp(argv[3], cases[i].name) != 0)
            continue;
        if (argument(argc, argv, 4, cases[i].n) != cases[i].n)
            continue;
        b.n = cases[i].n;
        b.is_talking = cases[i].is_talking;
        b.is_bridged = cases[i].is_bridged;
        b.is_secured = cases[i].is_secured;
        b.is_urgent = cases[i].is_urgent;
        b.is_aligned = cases[i].is_aligned;
        measure(&b, cases[i].name, runs);
    }
    atomic_store(&b.board->phase, STOP);
    waitpid(pid, NULL, 0);
    return 0;
}
