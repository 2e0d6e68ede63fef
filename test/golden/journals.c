/* journals.c — a journal of each released version must verify and fold to the state of its day.
 * journals FOLDER: for each version V reads V.db, compares with V.txt (events, hash of the chain,
 * hash of the state). journals FOLDER --write: makes the two files of this version, by a seeded
 * life over two months; refuses to replace them: what was released is never changed. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acd/acd.h"
#include "base/hash.h"
#include "journal/backup.h"
#include "journal/journal.h"
#include "journal/walk.h"
#include "test/support/folder.h"

#define VERSION "0.1.0"
#define BEGIN_AT ((ms_t)1738366000000) /* the last half hour of January 2025, UTC */
#define MONTH_MS ((ms_t)28 * 86400000)
#define MINUTES 80
#define QUEUES 3u
#define AGENTS 8u
#define LIVE_MAX 32u
#define TEXT_BYTES 256

static const char *const versions[] = {VERSION};
static const struct acd_limits limits = {256, 64, 16, 64};

struct world {
    void *memory; /* owned */
    struct acd *acd;
    struct journal *journal; /* owned */
    struct journal_port port;
    uint64_t next_id, prng;
    ms_t now_at;
    uint64_t calls[LIVE_MAX], offers[LIVE_MAX]; /* latest ones; some are over */
    unsigned calls_n, offers_n;
};

static uint32_t below(struct world *w, uint32_t n)
{
    w->prng += UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash_mix(w->prng) >> 32) % n;
}

static void note(struct world *w, const struct event *ev)
{
    if (ev->kind == EV_CALL_ARRIVED)
        w->calls[w->calls_n++ % LIVE_MAX] = ev->id;
    if (ev->kind == EV_OFFER_MADE)
        w->offers[w->offers_n++ % LIVE_MAX] = ev->id;
}

static enum acd_verdict step(struct world *w, const struct command *cmd)
{
    struct event_batch out = {.next_id = w->next_id};
    enum acd_verdict v = acd_step(w->acd, cmd, w->now_at, &out);
    for (unsigned i = 0; i < out.n; i++)
        note(w, &out.ev[i]);
    if (out.n && !w->port.append(w->port.arg, out.ev, out.n, NULL, 0))
        abort();
    w->next_id += out.n;
    journal_turn(w->journal);
    return v;
}

static void act(struct world *w, const struct command *cmd)
{
    static const struct command tick = {.kind = CMD_TICK};
    enum acd_verdict v = step(w, cmd);
    while (v == ACD_MORE || acd_next_at(w->acd) <= w->now_at)
        v = step(w, &tick);
}

/* Lets time pass, timer by timer. */
static void pass(struct world *w, ms_t until_at)
{
    static const struct command tick = {.kind = CMD_TICK};
    while (acd_next_at(w->acd) <= until_at) {
        w->now_at = acd_next_at(w->acd) > w->now_at ? acd_next_at(w->acd) : w->now_at;
        act(w, &tick);
    }
    w->now_at = until_at;
}

static void furnish(struct world *w)
{
    act(w, &(struct command){.kind = CMD_STARTED, .started = {1, 1}});
    act(w, &(struct command){.kind = CMD_PRIORITY_SET, .priority_set = {1, 600000}});
    for (uint32_t q = 1; q <= QUEUES; q++) {
        act(w, &(struct command){.kind = CMD_QUEUE_SET,
                                 .queue_set = {.queue_id = q,
                                               .ring_site_ms = 20000,
                                               .ring_area_ms = 40000,
                                               .ring_network_ms = 60000,
                                               .offer_ms = 20000,
                                               .wrap_up_ms = 30000,
                                               .short_ms = 10000,
                                               .no_answer_back_ms = 600000,
                                               .handle_ms = 240000,
                                               .regain_ms = 600000,
                                               .closing_lead_ms = 600000}});
        act(w, &(struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = q, .hours = HOURS_OPEN}});
    }
    for (uint32_t a = 1; a <= AGENTS; a++) {
        act(w, &(struct command){.kind = CMD_AGENT_SET,
                                 .agent_set = {.agent_id = a,
                                               .site_id = 1 + a % 3,
                                               .area_id = 1,
                                               .skills = a & 3,
                                               .capacity = {1},
                                               .capacity_n = 1,
                                               .queue_ids = {1, 1 + a % QUEUES},
                                               .queue_ids_n = a % QUEUES ? 2 : 1}});
        act(w, &(struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {a}});
    }
}

static void arrive(struct world *w)
{
    act(w, &(struct command){.kind = CMD_CALL_ARRIVED,
                             .call_arrived = {.leg_node = 1,
                                              .leg_id = w->next_id,
                                              .person_id = 1 + below(w, 1000),
                                              .reference = below(w, 10000000),
                                              .is_test = !below(w, 20)}});
    uint64_t call_id = w->calls[(w->calls_n - 1) % LIVE_MAX];
    if (below(w, 8))
        act(w, &(struct command){.kind = CMD_CALL_QUEUE,
                                 .call_queue = {.call_id = call_id,
                                                .queue_id = 1 + below(w, QUEUES),
                                                .needs = below(w, 3) ? 0 : 1,
                                                .priority = (uint8_t)!below(w, 5),
                                                .site_id = 1 + below(w, 3),
                                                .area_id = 1}});
}

static void serve(struct world *w)
{
    if (!w->offers_n)
        return;
    uint64_t offer_id = w->offers[(w->offers_n - 1 - below(w, 4)) % LIVE_MAX];
    if (!offer_id)
        return;
    act(w, &(struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {offer_id}});
    act(w, &(struct command){.kind = CMD_OFFER_MEDIA, .offer_media = {offer_id, SIDE_CALLER}});
    act(w, &(struct command){.kind = CMD_OFFER_MEDIA, .offer_media = {offer_id, SIDE_AGENT}});
}

static void leave(struct world *w)
{
    if (!w->calls_n)
        return;
    uint64_t call_id = w->calls[below(w, LIVE_MAX)];
    enum ended_by by = below(w, 6) ? ENDED_BY_CALLER : ENDED_BY_FAULT;
    act(w, &(struct command){.kind = CMD_CALL_ENDED, .call_ended = {call_id, by}});
}

static void rare(struct world *w)
{
    uint32_t q = 1 + below(w, QUEUES), a = 1 + below(w, AGENTS);
    switch (below(w, 5)) {
    case 0:
        act(w, &(struct command){.kind = CMD_AGENT_PAUSE, .agent_pause = {a, PAUSE_MEAL}});
        break;
    case 1:
        act(w, &(struct command){.kind = CMD_SHED, .shed = {1, 1 + a, w->now_at}});
        break;
    case 2:
        act(w, &(struct command){.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {q, HOURS_OPEN, w->now_at + 3600000}});
        break;
    case 3:
        act(w, &(struct command){.kind = CMD_NODE_LOST, .node_lost = {1}});
        act(w, &(struct command){.kind = CMD_STARTED, .started = {1, w->next_id}});
        break;
    default:
        act(w, &(struct command){.kind = CMD_DAY_CLOSE});
        break;
    }
}

static void live_for(struct world *w, unsigned minutes)
{
    for (unsigned i = 0; i < minutes; i++) {
        pass(w, w->now_at + 1000 + below(w, 60000));
        act(w, &(struct command){.kind = CMD_AGENT_READY, .agent_ready = {1 + below(w, AGENTS)}});
        if (below(w, 2))
            arrive(w);
        serve(w);
        if (below(w, 2))
            leave(w);
        if (!below(w, 12))
            rare(w);
    }
}

/* Over the end of January; a night in which the machine dies; and some more in March. */
static void live(struct world *w)
{
    furnish(w);
    live_for(w, MINUTES);
    act(w, &(struct command){.kind = CMD_NODE_LOST, .node_lost = {1}});
    pass(w, w->now_at + MONTH_MS);
    act(w, &(struct command){.kind = CMD_STARTED, .started = {1, 2}});
    live_for(w, MINUTES / 4);
}

/* ---- making ---- */

static int open_world(struct world *w, const char *path)
{
    struct journal_args args = {.path = path, .node = 1, .hooks = {.is_manual = true}};
    memset(w, 0, sizeof(*w));
    w->now_at = BEGIN_AT;
    w->prng = 1;
    w->next_id = 1;
    int err = posix_memalign(&w->memory, 64, acd_bytes(&limits));
    if (!err)
        err = journal_open(&w->journal, &args);
    if (err)
        return err;
    w->acd = acd_open(w->memory, &limits);
    w->port = journal_port(w->journal);
    return 0;
}

static void describe(char text[TEXT_BYTES], const struct journal_report *r, uint64_t state_hash)
{
    int n = snprintf(text, TEXT_BYTES, "events %" PRIu64 "\nchain ", r->last_id);
    for (unsigned i = 0; i < JOURNAL_HASH_BYTES; i++)
        n += snprintf(text + n, TEXT_BYTES - (size_t)n, "%02x", r->hash[i]);
    snprintf(text + n, TEXT_BYTES - (size_t)n, "\nstate %016" PRIx64 "\n", state_hash);
}

static int write_version(const char *folder)
{
    struct folder f;
    struct world w;
    struct journal_report r;
    char db[OS_PATH_MAX], txt[OS_PATH_MAX], text[TEXT_BYTES];
    folder_open(&f);
    const char *path = folder_file(&f, "life.db");
    snprintf(db, sizeof(db), "%.400s/%s.db", folder, VERSION);
    snprintf(txt, sizeof(txt), "%.400s/%s.txt", folder, VERSION);
    int err = open_world(&w, path);
    if (!err)
        live(&w);
    if (!err)
        err = journal_backup(&r, path, db);
    if (!err) {
        describe(text, &r, acd_hash(w.acd));
        err = os_file_write(txt, text, strlen(text));
    }
    journal_drop(w.journal);
    free(w.memory);
    folder_drop(&f);
    return err;
}

/* ---- comparing ---- */

static bool fold(const struct event *ev, void *arg)
{
    acd_apply(arg, ev);
    return true;
}

static int replay(uint64_t *state_hash, const char *path)
{
    struct sql_args args = {.path = path, .is_read_only = true};
    struct journal_walk walk = {.st = NULL};
    struct journal_reading r = {.fn = fold};
    sqlite3 *db = NULL;
    void *memory = NULL;
    int err = posix_memalign(&memory, 64, acd_bytes(&limits));
    if (!err)
        err = sql_open(&db, &args);
    if (!err)
        err = journal_walk_open(&walk, db, 0);
    if (!err) {
        r.arg = acd_open(memory, &limits);
        err = journal_walk_read(&walk, &r);
        *state_hash = acd_hash(r.arg);
        acd_check(r.arg);
    }
    journal_walk_drop(&walk);
    sql_drop(db);
    free(memory);
    return err;
}

static bool is_same(const char *folder, const char *version)
{
    struct journal_report r;
    char db[OS_PATH_MAX], txt[OS_PATH_MAX], now[TEXT_BYTES], then[TEXT_BYTES + 1];
    uint64_t state_hash = 0;
    size_t n = 0;
    snprintf(db, sizeof(db), "%.400s/%s.db", folder, version);
    snprintf(txt, sizeof(txt), "%.400s/%s.txt", folder, version);
    struct sql_args args = {.path = db};
    journal_verify(&r, &args);
    if (r.verdict != JOURNAL_SOUND || replay(&state_hash, db) ||
        os_file_read(txt, then, TEXT_BYTES, &n)) {
        printf("%s: %s %s\n", db, journal_report_why(&r), r.place);
        return false;
    }
    then[n] = '\0';
    describe(now, &r, state_hash);
    if (strcmp(now, then) != 0)
        printf("%s folds to\n%sbut its day knew\n%s", db, now, then);
    return !strcmp(now, then);
}

int main(int argc, char **argv)
{
    unsigned failed_n = argc < 2;
    if (argc == 3 && !strcmp(argv[2], "--write")) {
        int err = write_version(argv[1]);
        printf(err == EEXIST ? "a released journal is not replaced\n" : "errno %d\n", err);
        return err ? 1 : 0;
    }
    for (size_t i = 0; argc >= 2 && i < ARRAY_LEN(versions); i++)
        failed_n += !is_same(argv[1], versions[i]);
    printf("%zu journals, %u differ\n", ARRAY_LEN(versions), failed_n);
    return failed_n ? 1 : 0;
}
