/* journal.c — what a durable event costs: group commit on a real disk.
 * journal [FOLDER]: on the disk of that folder (default: the present one). Prints "name value
 * unit". steady  3,000 events/s in turns of 3: time of the append itself, and until committed flood
 * the main thread appends as fast as the ring takes: events per second, all on disk */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"
#include "journal/journal.h"
#define FLOOD_EVENTS 300000u
#define STEADY_APPENDS 3000u
#define STEADY_PAUSE_NS 1000000
#define TURN_EVENTS 3u
#define PATH_BYTES 512
#define BEGIN_AT ((ms_t)1736928000000)

struct bench {
    char folder[PATH_BYTES], path[PATH_BYTES + 16];
    struct journal *journal;
    struct journal_port port;
    uint64_t next_id;
};

static void say(const char *name, double value, const char *unit)
{
    printf("%s %.3f %s\n", name, value, unit);
}

/* The kinds that a day is made of, with fields as large as a day makes them. */
static void fill(struct event *ev, ms_t at)
{
    uint64_t id = ev->id;
    switch (id % 4) {
    case 0:
        ev->kind = EV_CONTACT_OPENED;
        ev->contact_opened.person_id = id * UINT64_C(0x9e3779b97f4a7c15);
        ev->contact_opened.place_at = at;
        ev->contact_opened.reference = (uint32_t)(id * 7919 % 10000000);
        break;
    case 1:
        ev->kind = EV_CONTACT_QUEUED;
        ev->contact_queued.contact_id = ev->contact_queued.call_id = id - 1;
        ev->contact_queued.queue_id = 12;
        ev->contact_queued.key_at = at;
        ev->contact_queued.ring_site_at = at + 30000;
        ev->contact_queued.ring_area_at = at + 60000;
        ev->contact_queued.ring_network_at = ev->contact_queued.tell_at = at + 90000;
        break;
    case 2:
        ev->kind = EV_OFFER_MADE;
        ev->offer_made.contact_id = ev->offer_made.call_id = id - 2;
        ev->offer_made.agent_id = 1200;
        ev->offer_made.ends_at = at + 20000;
        ev->offer_made.wait_ms = 65000;
        break;
    default:
        ev->kind = EV_CALL_ENDED;
        ev->call_ended.call_id = ev->call_ended.contact_id = id - 3;
        ev->call_ended.wait_ms = 65000;
        break;
    }
}

static bool append(struct bench *b)
{
    struct event ev[TURN_EVENTS];
    memset(ev, 0, sizeof(ev));
    for (unsigned i = 0; i < TURN_EVENTS; i++) {
        ev[i].id = b->next_id + i;
        ev[i].at = BEGIN_AT + (ms_t)(b->next_id / TURN_EVENTS);
        fill(&ev[i], ev[i].at);
    }
    bool is_taken = b->port.append(b->port.arg, ev, TURN_EVENTS, NULL, 0);
    b->next_id += is_taken ? TURN_EVENTS : 0;
    return is_taken;
}

static void await(struct bench *b, uint64_t id)
{
    struct pollfd rung = {.fd = journal_fd(b->journal), .events = POLLIN};
    while (b->port.committed_id(b->port.arg) < id) {
        poll(&rung, 1, 1000);
        journal_fd_clear(b->journal);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double share_us(int64_t *ns, size_t n, double share)
{
    qsort(ns, n, sizeof(*ns), compare);
    return (double)ns[(size_t)((double)(n - 1) * share)] / 1000;
}

static void flood(struct bench *b)
{
    uint64_t first = b->next_id;
    int64_t begin = measure_now_ns();
    while (b->next_id < first + FLOOD_EVENTS)
        if (!append(b))
            await(b, b->port.committed_id(b->port.arg) + 1);
    await(b, b->next_id - 1);
    say("journal_flood", (double)FLOOD_EVENTS * 1e9 / (double)(measure_now_ns() - begin),
        "events/s");
}

struct steady {
    int64_t begun[STEADY_APPENDS], taken[STEADY_APPENDS], durable[STEADY_APPENDS];
    uint64_t first;
    size_t done_n;
};

/* Notes the appends that became durable since the last look. */
static void look(struct steady *s, struct bench *b)
{
    uint64_t committed = b->port.committed_id(b->port.arg);
    while (s->done_n < STEADY_APPENDS &&
           s->first + (s->done_n + 1) * TURN_EVENTS - 1 <= committed) {
        s->durable[s->done_n] = measure_now_ns() - s->begun[s->done_n];
        s->done_n++;
    }
}

/* Looks on without waiting for the bell: a core of its own measures best. */
static void steady(struct bench *b)
{
    static struct steady s;
    s.first = b->next_id;
    for (size_t i = 0; i < STEADY_APPENDS; i++) {
        s.begun[i] = measure_now_ns();
        if (!append(b))
            fprintf(stderr, "the ring is full at 3,000 events/s\n");
        s.taken[i] = measure_now_ns() - s.begun[i];
        while (measure_now_ns() < s.begun[i] + STEADY_PAUSE_NS)
            look(&s, b);
    }
    while (s.done_n < STEADY_APPENDS)
        look(&s, b);
    say("journal_append_p50", share_us(s.taken, STEADY_APPENDS, 0.5), "us");
    say("journal_append_p99", share_us(s.taken, STEADY_APPENDS, 0.99), "us");
    say("journal_durable_p50", share_us(s.durable, STEADY_APPENDS, 0.5), "us");
    say("journal_durable_p99", share_us(s.durable, STEADY_APPENDS, 0.99), "us");
}

static bool count(const struct event *ev, void *arg)
{
    (void)ev;
    ++*(uint64_t *)arg;
    return true;
}

static void measure_read(struct bench *b)
{
    uint64_t n = 0, good_id = 0;
    int64_t begin = measure_now_ns();
    if (b->port.read(b->port.arg, 0, count, &n, &good_id))
        fprintf(stderr, "the journal cannot be read\n");
    say("journal_read", (double)n * 1e9 / (double)(measure_now_ns() - begin), "events/s");
}

static void clear(struct bench *b)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    char path[PATH_BYTES + 32];
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        snprintf(path, sizeof(path), "%s%s", b->path, suffixes[i]);
        unlink(path);
    }
    rmdir(b->folder);
}

int main(int argc, char **argv)
{
    struct bench b = {.next_id = 1};
    struct stat st = {.st_size = 0};
    snprintf(b.folder, sizeof(b.folder), "%.400s/bench-journal-XXXXXX", argc > 1 ? argv[1] : ".");
    if (!mkdtemp(b.folder))
        return 1;
    snprintf(b.path, sizeof(b.path), "%s/j.db", b.folder);
    struct journal_args args = {.path = b.path};
    if (journal_open(&b.journal, &args))
        return 1;
    b.port = journal_port(b.journal);
    steady(&b);
    flood(&b);
    measure_read(&b);
    journal_drop(b.journal);
    if (!stat(b.path, &st))
        say("journal_size", (double)st.st_size / (double)(b.next_id - 1), "bytes/event");
    clear(&b);
    return 0;
}
