/* reader.c — the reader thread beside a main thread that decides and commits, and clients that ask
 * all the while: what is shown is on the disk and grows, ends are clean at any moment. Under TSan.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "app/app.h"
#include "cli/live.h"
#include "cli/reader.h"
#include "os/thread.h"
#include "test/support/desk.h"

#define WAIT_MS 20000
#define CALLS 300

static const struct acd_limits limits = {4096, 8, 4, 256};

struct house {
    struct folder folder;
    char path[FOLDER_PATH_MAX], socket[FOLDER_PATH_MAX];
    struct journal *journal;
    struct journal_port port;
    struct edges_port edges;
    struct acd *acd;
    struct app *app;
    struct latest latest;
    struct vitals vitals;
    struct reader *reader;
    ms_t now_at;
};

static void emit(void *arg, const struct effect *effect)
{
    struct house *h = arg;
    if (effect->kind == EFFECT_PUBLISH && h->reader)
        reader_wake(h->reader);
}

static void open_reader(struct house *h)
{
    const struct reader_args args = {.journal = h->path,
                                     .socket = h->socket,
                                     .limits = limits,
                                     .persons_max = 1024,
                                     .vitals = &h->latest};
    assert_int_equal(reader_open(&h->reader, &args), 0);
}

static void begin(struct house *h)
{
    memset(h, 0, sizeof(*h));
    folder_open(&h->folder);
    snprintf(h->path, sizeof(h->path), "%s", folder_file(&h->folder, "journal.db"));
    snprintf(h->socket, sizeof(h->socket), "%s", folder_file(&h->folder, "socket"));
    const struct journal_args journal = {.path = h->path};
    assert_int_equal(journal_open(&h->journal, &journal), 0);
    h->port = journal_port(h->journal);
    h->edges = (struct edges_port){.arg = h, .emit = emit};
    h->now_at = 1794819600000;
    h->acd = acd_open(aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64), &limits);
    const struct app_args args = {
        .acd = h->acd, .journal = &h->port, .edges = &h->edges, .epoch = journal_epoch(h->journal)};
    h->app = app_open(aligned_alloc(64, (app_bytes(&limits) + 63) / 64 * 64), &limits, &args);
    assert_int_equal(app_start(h->app, h->now_at), 0);
    open_reader(h);
}

static void end(struct house *h)
{
    reader_drop(h->reader);
    free(h->app);
    free(h->acd);
    journal_drop(h->journal);
    folder_drop(&h->folder);
}

static void tell(struct house *h, struct command cmd)
{
    app_command(h->app, &cmd, h->now_at);
}

/* A turn of main: what the journal committed is published, vitals are put. */
static void turn(struct house *h)
{
    struct app_status status;
    app_run(h->app, h->now_at);
    app_status(h->app, &status);
    h->vitals.last_id = status.last_id;
    h->vitals.committed_id = status.committed_id;
    h->vitals.hash_id = acd_last_id(h->acd);
    h->vitals.hash = acd_hash(h->acd);
    latest_put(&h->latest, &h->vitals, sizeof(h->vitals));
}

static void commit(struct house *h)
{
    struct pollfd rung = {.fd = journal_fd(h->journal), .events = POLLIN};
    while (h->port.committed_id(h->port.arg) < acd_last_id(h->acd)) {
        assert_int_equal(poll(&rung, 1, WAIT_MS), 1);
        journal_fd_clear(h->journal);
    }
    turn(h);
}

static void call(struct house *h)
{
    h->now_at += 10;
    tell(h, (struct command){.kind = CMD_CALL_ARRIVED, .call_arrived = {.leg_id = 1}});
    tell(h,
         (struct command){.kind = CMD_CALL_ENDED,
                          .call_ended = {.call_id = acd_last_id(h->acd), .by = ENDED_BY_CALLER}});
    turn(h);
}

/* The number behind "last_id": of the status; 0: not ready yet. */
static uint64_t shown_id(const struct house *h)
{
    const struct live_request request = {
        .socket = h->socket, .target = "/api/v1/status", .accept = "application/json"};
    struct live_answer answer;
    uint64_t id = 0;
    assert_int_equal(live_ask(&answer, &request), 0);
    if (answer.status == 200) {
        const char *at = memmem(answer.body.p, answer.body.n, "\"last_id\":", 10);
        assert_non_null(at);
        id = strtoull(at + 10, NULL, 10);
        assert_null(memmem(answer.body.p, answer.body.n, "state_mismatch", 14));
    }
    live_drop(&answer);
    return id;
}

/* ---- a client that asks all the while ---- */

struct client {
    struct os_thread thread;
    const struct house *house;
    _Atomic bool is_over;
    uint64_t answers_n, older_n;
};

static void *ask_on(void *arg)
{
    struct client *c = arg;
    uint64_t before = 0;
    while (!atomic_load(&c->is_over)) {
        uint64_t id = shown_id(c->house);
        c->older_n += id < before;
        before = id;
        c->answers_n++;
    }
    return NULL;
}

static void what_is_shown_grows_while_main_decides(void **state)
{
    (void)state;
    struct house h;
    static struct client clients[2];
    begin(&h);
    for (unsigned i = 0; i < ARRAY_LEN(clients); i++) {
        clients[i] = (struct client){.house = &h};
        const struct os_thread_args args = {"client", ask_on, &clients[i]};
        assert_int_equal(os_thread_open(&clients[i].thread, &args), 0);
    }
    for (unsigned i = 0; i < CALLS; i++)
        call(&h);
    commit(&h);
    while (shown_id(&h) < acd_last_id(h.acd))
        ;
    for (unsigned i = 0; i < ARRAY_LEN(clients); i++) {
        atomic_store(&clients[i].is_over, true);
        os_thread_drop(&clients[i].thread);
        assert_true(clients[i].answers_n > 0);
        assert_int_equal(clients[i].older_n, 0);
    }
    end(&h);
}

/* Each commit is seen soon, not at the reader's own look once a second: the bell is never missed.
 */
static void each_commit_is_seen_at_once(void **state)
{
    (void)state;
    struct house h;
    begin(&h);
    ms_t begun_ms = os_clock_boot_ms();
    for (unsigned i = 0; i < 20; i++) {
        call(&h);
        commit(&h);
        while (shown_id(&h) < acd_last_id(h.acd))
            ;
    }
    assert_true(os_clock_boot_ms() - begun_ms < 10 * READER_WAIT_MS);
    end(&h);
}

static void it_ends_at_any_moment_and_begins_again(void **state)
{
    (void)state;
    struct house h;
    begin(&h);
    for (unsigned i = 0; i < 15; i++) {
        struct sockaddr_un at = {.sun_family = AF_UNIX};
        static const char ask[] = "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n"
                                  "Accept: text/event-stream\r\n\r\n";
        snprintf(at.sun_path, sizeof(at.sun_path), "%.100s", h.socket);
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
        assert_int_equal(send(fd, ask, sizeof(ask) - 1, 0), sizeof(ask) - 1);
        for (unsigned j = 0; j < i; j++)
            call(&h);
        commit(&h);
        if (i % 3)
            shown_id(&h);
        reader_drop(h.reader);
        h.reader = NULL;
        close(fd);
        open_reader(&h);
    }
    reader_wake(h.reader);
    end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_grows_while_main_decides),
        cmocka_unit_test(each_commit_is_seen_at_once),
        cmocka_unit_test(it_ends_at_any_moment_and_begins_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
