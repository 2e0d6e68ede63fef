/* reader.c — see reader.h: brings journal, read model, pages and HTTP together on one thread.
 * Called by cli/serve. The loop: news of main, events, clients, then sleep until one of them.
 * Invariant: the main thread touches the bell and the latest value only. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "app/pages.h"
#include "cli/reader.h"
#include "journal/reader.h"
#include "os/bell.h"
#include "os/pages.h"
#include "os/thread.h"
#include "view/words.h"
#include "web/web.h"

#define THREAD_NAME "reader"

struct reader {
    struct os_log *log;
    const struct latest *latest;           /* borrowed; NULL: none */
    const struct latest *watch;            /* the same */
    const struct headsets_board *headsets; /* the same */
    const struct talks_board *talks;       /* the same */
    uint64_t boards_turn;                  /* of both, as last told */
    struct latest *notice;                 /* the same; the reader puts */
    uint64_t notice_id;                    /* as last put */
    os_clock_fn *wall_at;
    const struct os_clock_told *told; /* NULL: none */
    struct os_bell bell;
    struct os_thread thread;
    _Atomic bool is_ending;
    _Atomic(const struct reader_files *) files;  /* given, not yet taken up */
    _Atomic(const struct directory *) directory; /* in use */
    /* the reader thread, after open */
    struct journal_reader *journal;
    struct committed_port committed;
    struct os_pages memory; /* the model's */
    struct readmodel *model;
    struct pages pages;
    struct pages_port port;
    struct web *web;
    struct vitals vitals;
    struct vitals_watch seen;
    bool has_vitals, has_seen, is_ready;
    uint64_t turn;     /* of latest, as last seen */
    ms_t turn_ms;      /* when it changed */
    ms_t watched_ms;   /* when the signs were last looked at */
    uint64_t taken_id; /* last event folded */
    int err;           /* why the journal cannot be read */
};

/* ---- the thread ---- */

static bool take(const struct event *ev, void *arg)
{
    struct reader *r = arg;
    r->taken_id = ev->id;
    return readmodel_take(ev, r->model);
}

static void tell_ready(struct reader *r)
{
    r->is_ready = true;
    readmodel_caught_up(r->model);
    os_log_line(r->log, OS_LOG_INFO, "reader: the figures are those after event %" PRIu64,
                r->taken_id);
}

static void tell_trouble(struct reader *r, int err)
{
    char text[128];
    if (err && err != r->err)
        os_log_line(r->log, OS_LOG_ALARM,
                    "reader: the journal cannot be read after event %" PRIu64
                    ": %s — decroche verify",
                    r->taken_id, strerror_r(err, text, sizeof(text)));
    r->err = err;
}

/* Folds what is new, a part of it when it is much. True: there may be more. */
static bool follow(struct reader *r)
{
    uint64_t before_id = r->taken_id;
    int err = r->committed.next(r->committed.arg, READER_EVENTS_PER_TURN, take, r);
    bool is_end = err == ENOENT;
    tell_trouble(r, is_end ? 0 : err);
    if (is_end && !r->is_ready)
        tell_ready(r);
    if (r->taken_id != before_id && r->is_ready)
        web_news(r->web);
    return !err;
}

static void take_vitals(struct reader *r)
{
    ms_t now_ms = os_clock_boot_ms();
    uint64_t turn = r->latest ? latest_turn(r->latest) : 0;
    if (turn != r->turn || !r->latest) {
        r->turn = turn;
        r->turn_ms = now_ms;
    }
    if (r->latest && latest_get(r->latest, &r->vitals, sizeof(r->vitals)))
        r->has_vitals = true;
    r->vitals.version[VITALS_VERSION_BYTES - 1] = '\0';
    if (r->watch && latest_get(r->watch, &r->seen, sizeof(r->seen)))
        r->has_seen = true;
}

static void tell_change(struct reader *r, struct readmodel_change change)
{
    static const struct view_alarms none;
    for (unsigned i = 0; i < VIEW_ALARM_N; i++) {
        enum view_alarm alarm = (enum view_alarm)i;
        struct view_sentence s = view_words_alarm(alarm, &none, VIEW_ENGLISH);
        if (change.came >> i & 1 && alarm != VIEW_ALARM_CATCHING_UP)
            os_log_line(r->log, OS_LOG_ALARM, "health: %s\talarm=%s\tcure=%s", s.what,
                        view_words_alarm_name(alarm), s.cure);
        if (change.went >> i & 1 && alarm != VIEW_ALARM_CATCHING_UP)
            os_log_line(r->log, OS_LOG_INFO, "health: over\talarm=%s",
                        view_words_alarm_name(alarm));
    }
}

/* What callers are to hear today, as it stands on the disk, to who plays it. */
static void tell_notice(struct reader *r)
{
    const struct accounts *a = r->pages.accounts;
    struct notice notice;
    bool is_known =
        r->notice && a && a->args.port->notice && !a->args.port->notice(a->args.port->arg, &notice);
    if (!is_known || notice.id == r->notice_id)
        return;
    r->notice_id = notice.id;
    latest_put(r->notice, &notice, sizeof(notice));
}

static void watch(struct reader *r)
{
    ms_t now_ms = os_clock_boot_ms();
    bool is_news = r->latest && latest_turn(r->latest) != r->turn;
    if (!is_news && r->watched_ms && now_ms - r->watched_ms < READER_WAIT_MS)
        return;
    r->watched_ms = now_ms;
    tell_notice(r);
    take_vitals(r);
    const struct readmodel_signs signs = {.now_at =
                                              r->told ? os_clock_told_at(r->told) : r->wall_at(),
                                          .vitals = r->has_vitals ? &r->vitals : NULL,
                                          .silent_ms = now_ms - r->turn_ms,
                                          .reader_errno = r->err,
                                          .watch = r->has_seen ? &r->seen : NULL};
    tell_change(r, readmodel_watch(r->model, &signs));
}

/* What rings at a page, or for its agent, is told to it at once, whatever the journal says. Both
 * only count up. */
static void look_at_boards(struct reader *r)
{
    uint64_t turn = r->headsets ? atomic_load(&r->headsets->turn) : 0;
    turn += r->talks ? atomic_load(&r->talks->turn) : 0;
    if (turn == r->boards_turn)
        return;
    r->boards_turn = turn;
    web_news(r->web);
}

/* The first certificate may find the port taken: said, and tried again with the next reading. */
static void follow_certificate(struct reader *r, struct tls_context *tls)
{
    uint16_t before = web_secure_port(r->web);
    if (web_secure(r->web, tls))
        os_log_line(r->log, OS_LOG_ALARM,
                    "reader: no page is served over TLS; see web.tls_address and web.tls_port");
    if (web_secure_port(r->web) != before)
        os_log_line(r->log, OS_LOG_INFO, "reader: pages over TLS, port %u (0: no more)",
                    web_secure_port(r->web));
}

static void take_files(struct reader *r)
{
    const struct reader_files *files = atomic_exchange(&r->files, NULL);
    if (!files)
        return;
    readmodel_follow(r->model, files->directory);
    if (!web_token_follow(r->web, files->token))
        os_log_line(r->log, OS_LOG_ALARM,
                    "reader: the new token is too short or too long; the old one stays");
    if (!web_secret_follow(r->web, files->signature))
        os_log_line(r->log, OS_LOG_ALARM, "reader: the new sms.signature is too long");
    follow_certificate(r, files->tls);
    atomic_store(&r->directory, files->directory);
}

static void *run(void *arg)
{
    struct reader *r = arg;
    struct pollfd fds[] = {{.fd = r->bell.fd, .events = POLLIN},
                           {.fd = web_fd(r->web), .events = POLLIN}};
    while (!atomic_load(&r->is_ending)) {
        os_bell_arm(&r->bell); /* before the look: what comes after it rings */
        take_files(r);
        bool is_more = follow(r);
        look_at_boards(r);
        watch(r);
        int wait_ms = web_turn(r->web);
        if (is_more)
            wait_ms = 0;
        (void)poll(fds, ARRAY_LEN(fds), wait_ms < READER_WAIT_MS ? wait_ms : READER_WAIT_MS);
        os_bell_clear(&r->bell);
    }
    return NULL;
}

/* ---- open and drop ---- */

static int open_model(struct reader *r, const struct reader_args *args)
{
    const struct readmodel_args model = {
        .acd = args->limits,
        .kpi = {.intervals_max = KPI_INTERVALS_MAX,
                .persons_max = args->persons_max ? args->persons_max : READER_PERSONS_DEFAULT},
        .directory = args->directory,
    };
    int err = os_pages_open(&r->memory, readmodel_bytes(&model));
    if (!err)
        r->model = readmodel_open(r->memory.p, &model);
    return err;
}

static int open_journal(struct reader *r, const struct reader_args *args)
{
    char text[128];
    int err = journal_reader_open(&r->journal, args->journal);
    if (err) {
        os_log_line(args->log, OS_LOG_ALARM, "reader: cannot read %s: %s", args->journal,
                    strerror_r(err, text, sizeof(text)));
        return err;
    }
    r->committed = journal_reader_port(r->journal);
    r->pages = (struct pages){.model = r->model,
                              .committed = &r->committed,
                              .orders = args->orders,
                              .numbers = args->numbers,
                              .reload = args->reload,
                              .files = args->files,
                              .texts = args->texts,
                              .accounts = args->accounts,
                              .headsets = args->headsets,
                              .talks = args->talks,
                              .notice_sound = args->notice_sound,
                              .trace = args->trace};
    r->port = pages_port(&r->pages);
    return 0;
}

static int open_web(struct reader *r, const struct reader_args *args)
{
    const struct web_args web = {
        .address = args->address,
        .port = args->port,
        .socket = args->socket,
        .tls_address = args->tls_address,
        .tls_port = args->tls_port,
        .tls = args->tls,
        .token = args->token,
        .signature = args->signature,
        .pages = &r->port,
        .log = args->log,
        .is_shown = args->is_shown,
        .connections_max = args->connections_max,
        .per_address_max = args->per_address_max,
        .streams_max = args->streams_max,
        .request_ms_max = args->request_ms_max,
        .slow_ms_max = args->slow_ms_max,
        .wall_at = args->wall_at,
        .told = args->told,
    };
    return web_open(&r->web, &web);
}

int reader_open(struct reader **out, const struct reader_args *args)
{
    struct reader *r = calloc(1, sizeof(*r));
    *out = NULL;
    if (!r)
        return ENOMEM;
    r->log = args->log;
    r->latest = args->vitals;
    r->watch = args->watch;
    r->headsets = args->headsets;
    r->talks = args->talks;
    r->notice = args->notice;
    r->told = args->told;
    r->wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    r->bell.fd = -1;
    atomic_store(&r->directory, args->directory);
    r->turn_ms = os_clock_boot_ms();
    int err = os_bell_open(&r->bell);
    if (!err)
        err = open_model(r, args);
    if (!err)
        err = open_journal(r, args);
    if (!err)
        err = open_web(r, args);
    const struct os_thread_args thread = {THREAD_NAME, run, r};
    if (!err)
        err = os_thread_open(&r->thread, &thread);
    if (err)
        reader_drop(r);
    else
        *out = r;
    return err;
}

void reader_wake(struct reader *r)
{
    os_bell_ring(&r->bell);
}

void reader_follow(struct reader *r, const struct reader_files *files)
{
    atomic_store(&r->files, files);
    os_bell_ring(&r->bell);
}

const struct directory *reader_directory(const struct reader *r)
{
    return atomic_load(&r->directory);
}

uint16_t reader_port(const struct reader *r)
{
    return web_port(r->web);
}

uint16_t reader_secure_port(const struct reader *r)
{
    return web_secure_port(r->web);
}

void reader_drop(struct reader *r)
{
    if (!r)
        return;
    atomic_store(&r->is_ending, true);
    if (r->thread.is_running)
        os_bell_ring_always(&r->bell);
    os_thread_drop(&r->thread);
    web_drop(r->web);
    journal_reader_drop(r->journal);
    os_pages_drop(&r->memory);
    os_bell_drop(&r->bell);
    free(r);
}
