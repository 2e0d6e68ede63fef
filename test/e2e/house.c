/* house.c — a service without telephones, for tests of the pages: a real journal and its writer,
 * the core, the demonstration's directory, and the reader thread. Says "port N", then obeys its
 * standard input, a command a line, and answers each with "ok" or a word; ends with it. e2e-house
 * FOLDER-OF-DEMO FOLDER TOKEN [connections per-address streams request-ms slow-ms] */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "cli/reader.h"
#include "config/directory.h"
#include "config/settings.h"
#include "directory/commands.h"
#include "journal/journal.h"

#define LINE_MAX_BYTES 256
#define WAIT_MS 20000
/* Monday 16 November 2026, 10:00 in Paris: the queues are open. */
#define NOW_AT ((ms_t)1794819600000)

struct house {
    struct settings settings;
    struct directory *directory;
    struct journal *journal;
    struct journal_port port;
    struct edges_port edges;
    struct acd_limits limits;
    struct acd *acd;
    struct app *app;
    struct latest latest;
    struct vitals vitals;
    struct reader *reader;
    struct reader_args reader_args;
    ms_t now_at;
    uint64_t leg_id, last_call_id;
    bool is_silent;
};

static _Atomic ms_t wall_now_at;

static ms_t wall(void)
{
    return atomic_load(&wall_now_at);
}

static void must(int err, const char *what)
{
    if (!err)
        return;
    fprintf(stderr, "house: %s: %d\n", what, err);
    exit(3);
}

static void emit(void *arg, const struct effect *effect)
{
    struct house *h = arg;
    if (effect->kind == EFFECT_PUBLISH && h->reader)
        reader_wake(h->reader);
}

static void put_vitals(struct house *h)
{
    struct app_status status;
    app_status(h->app, &status);
    h->vitals.last_id = status.last_id;
    h->vitals.committed_id = status.committed_id;
    h->vitals.held_n = status.held_n;
    latest_put(&h->latest, &h->vitals, sizeof(h->vitals));
}

static void put_hash(struct house *h)
{
    h->vitals.hash_id = acd_last_id(h->acd);
    h->vitals.hash = acd_hash(h->acd);
}

static enum acd_verdict tell(struct house *h, struct command cmd)
{
    return app_command(h->app, &cmd, h->now_at);
}

static void await_disk(struct house *h)
{
    struct pollfd rung = {.fd = journal_fd(h->journal), .events = POLLIN};
    while (h->port.committed_id(h->port.arg) < acd_last_id(h->acd)) {
        must(poll(&rung, 1, WAIT_MS) == 1 ? 0 : ETIMEDOUT, "commit");
        journal_fd_clear(h->journal);
    }
}

/* All that was decided is on the disk, and the reader was rung. */
static void commit(struct house *h)
{
    await_disk(h);
    put_hash(h);
    put_vitals(h);
    app_run(h->app, h->now_at);
    reader_wake(h->reader);
}

/* ---- what a line asks ---- */

static uint32_t service(const struct house *h, const char *id)
{
    uint32_t number = directory_number_of(id);
    must(directory_service_find(h->directory, number) == DIRECTORY_NONE ? ENOENT : 0, id);
    return number;
}

static void do_call(struct house *h, const char *id)
{
    tell(h, (struct command){.kind = CMD_CALL_ARRIVED,
                             .call_arrived = {.leg_id = ++h->leg_id,
                                              .person_id = 7000 + h->leg_id,
                                              .reference = 1234567}});
    h->last_call_id = acd_last_id(h->acd);
    tell(h,
         (struct command){.kind = CMD_CALL_QUEUE,
                          .call_queue = {.call_id = h->last_call_id, .queue_id = service(h, id)}});
}

static void do_calls(struct house *h, const char *n)
{
    for (unsigned long i = strtoul(n, NULL, 10); i > 0; i--)
        do_call(h, "sante");
}

static void do_hang_up(struct house *h, const char *unused)
{
    (void)unused;
    tell(h, (struct command){.kind = CMD_CALL_ENDED,
                             .call_ended = {.call_id = h->last_call_id, .by = ENDED_BY_CALLER}});
}

static void do_agent(struct house *h, const char *id)
{
    uint32_t number = directory_number_of(id);
    tell(h, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = number}});
    tell(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = number}});
}

static void do_wait(struct house *h, const char *ms)
{
    h->now_at += (ms_t)strtoul(ms, NULL, 10);
    atomic_store(&wall_now_at, h->now_at);
    app_run(h->app, h->now_at);
}

static void do_phones(struct house *h, const char *n)
{
    h->vitals.registrations_n = (uint32_t)strtoul(n, NULL, 10);
}

static void do_disk(struct house *h, const char *err)
{
    h->vitals.journal_errno = (int32_t)strtoul(err, NULL, 10);
    h->vitals.journal = h->vitals.journal_errno ? VITALS_JOURNAL_DOWN : VITALS_JOURNAL_WELL;
}

static void do_clock(struct house *h, const char *by_ms)
{
    tell(h, (struct command){.kind = CMD_CLOCK_STEP,
                             .clock_step = {.by_ms = (ms_t)strtoul(by_ms, NULL, 10)}});
}

static void do_last(struct house *h, const char *unused)
{
    (void)unused;
    printf("%llu ", (unsigned long long)acd_last_id(h->acd));
}

static void do_nothing(struct house *h, const char *unused)
{
    (void)unused;
    h->is_silent = false;
}

/* From now on main tells nothing by itself, as if it hung. */
static void do_silence(struct house *h, const char *unused)
{
    (void)unused;
    h->is_silent = true;
}

/* The core's hash is told wrong. */
static void do_mismatch(struct house *h, const char *unused)
{
    (void)unused;
    do_call(h, "sante");
    await_disk(h);
    put_hash(h);
    h->vitals.hash ^= 1;
    put_vitals(h);
}

static void do_reopen(struct house *h, const char *unused)
{
    (void)unused;
    reader_drop(h->reader);
    h->reader = NULL;
    must(reader_open(&h->reader, &h->reader_args), "reader_open");
    printf("%u ", reader_port(h->reader));
}

static const struct line {
    const char *word;
    void (*obey)(struct house *h, const char *rest);
    bool commits;
} lines[] = {
    {"call ", do_call, true},       {"calls ", do_calls, true},       {"hangup", do_hang_up, true},
    {"agent ", do_agent, true},     {"wait ", do_wait, true},         {"phones ", do_phones, true},
    {"disk ", do_disk, true},       {"clock ", do_clock, true},       {"last", do_last, true},
    {"tick", do_nothing, true},     {"mismatch", do_mismatch, false}, {"reopen", do_reopen, false},
    {"silence", do_silence, false},
};

static bool obey(struct house *h, char *text)
{
    text[strcspn(text, "\n")] = '\0';
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        size_t n = strlen(lines[i].word);
        if (strncmp(text, lines[i].word, n) != 0)
            continue;
        lines[i].obey(h, text + n);
        if (lines[i].commits)
            commit(h);
        printf("ok\n");
        return true;
    }
    printf("unknown\n");
    return false;
}

/* ---- opening ---- */

static void load(struct house *h, const char *folder)
{
    static char path[CONFIG_PATH_BYTES], beside[CONFIG_PATH_BYTES];
    struct config_errors errors = {0};
    snprintf(path, sizeof(path), "%s/decroche.yaml", folder);
    must(config_settings_load(&h->settings, path, &errors), "settings");
    must(config_path_beside(beside, path, h->settings.directory.path) ? 0 : EINVAL, "path");
    must(config_directory_load(&h->directory, beside, &h->settings, &errors), "directory");
    h->limits = (struct acd_limits){h->settings.acd.contacts_max, h->settings.acd.agents_max,
                                    h->settings.acd.queues_max, h->settings.acd.lanes_max};
}

static void open_core(struct house *h, const char *path)
{
    const struct journal_args journal = {.path = path};
    must(journal_open(&h->journal, &journal), "journal");
    h->port = journal_port(h->journal);
    h->edges = (struct edges_port){.arg = h, .emit = emit};
    h->acd = acd_open(aligned_alloc(64, (acd_bytes(&h->limits) + 63) / 64 * 64), &h->limits);
    const struct app_args app = {
        .acd = h->acd, .journal = &h->port, .edges = &h->edges, .epoch = journal_epoch(h->journal)};
    h->app = app_open(aligned_alloc(64, (app_bytes(&h->limits) + 63) / 64 * 64), &h->limits, &app);
    must(app_start(h->app, h->now_at), "app");
}

static void furnish(struct house *h)
{
    struct directory_walk walk = {.now_at = h->now_at};
    struct command cmd;
    while (directory_next_command(&walk, h->directory, &h->settings, &cmd))
        tell(h, cmd);
}

static uint32_t bound(int argc, char **argv, int i)
{
    return argc > i ? (uint32_t)strtoul(argv[i], NULL, 10) : 0;
}

/* The next line; meanwhile vitals each second, as main does. */
static bool read_line(struct house *h, char *text)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&in, 1, VITALS_PUT_MS) == 0)
        if (!h->is_silent)
            put_vitals(h);
    return fgets(text, LINE_MAX_BYTES, stdin) != NULL;
}

int main(int argc, char **argv)
{
    static struct house h;
    static char journal[600], socket[600], text[LINE_MAX_BYTES];
    struct os_log log;
    if (argc < 4)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0); /* so that poll() sees all that is unread */
    os_log_open(&log, &(struct os_log_args){.fd = STDERR_FILENO});
    snprintf(journal, sizeof(journal), "%.500s/journal.db", argv[2]);
    snprintf(socket, sizeof(socket), "%.500s/socket", argv[2]);
    h.now_at = NOW_AT;
    atomic_store(&wall_now_at, h.now_at);
    load(&h, argv[1]);
    open_core(&h, journal);
    h.vitals.started_at = h.now_at;
    snprintf(h.vitals.version, sizeof(h.vitals.version), "%s", DECROCHE_VERSION);
    h.reader_args = (struct reader_args){.journal = journal,
                                         .address = "127.0.0.1",
                                         .socket = socket,
                                         .token = argv[3],
                                         .limits = h.limits,
                                         .persons_max = 1024,
                                         .directory = h.directory,
                                         .vitals = &h.latest,
                                         .log = &log,
                                         .connections_max = bound(argc, argv, 4),
                                         .per_address_max = bound(argc, argv, 5),
                                         .streams_max = bound(argc, argv, 6),
                                         .request_ms_max = bound(argc, argv, 7),
                                         .slow_ms_max = bound(argc, argv, 8),
                                         .wall_at = wall};
    must(reader_open(&h.reader, &h.reader_args), "reader_open");
    furnish(&h);
    commit(&h);
    printf("port %u\n", reader_port(h.reader));
    while (read_line(&h, text))
        obey(&h, text);
    reader_drop(h.reader);
    free(h.app);
    free(h.acd);
    journal_drop(h.journal);
    config_directory_drop(h.directory);
    return 0;
}
