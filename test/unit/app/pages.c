/* pages.c — who gets which page: routes, principals, cursors, streams, and what is not ready. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/pages.h"

#define PAGE_BYTES 300000
#define EVENTS 6000
#define BEGIN_AT ((ms_t)1794819600000)

/* A model over a list of events, which is also the disk. */
struct desk {
    struct event events[EVENTS + 1]; /* by id */
    uint64_t n;
    int disk_err;
    unsigned reads_n;
    struct readmodel *model;
    struct committed_port committed;
    struct pages pages;
    struct pages_port port;
    struct pages_answer answer;
    char page[PAGE_BYTES];
};

static int desk_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg)
{
    struct desk *d = arg;
    d->reads_n++;
    for (uint64_t id = after_id + 1; !d->disk_err && id <= d->n; id++)
        if (!fn(&d->events[id], fn_arg))
            break;
    return d->disk_err;
}

static void add(struct desk *d, struct event ev)
{
    ev.id = ++d->n;
    ev.at = BEGIN_AT;
    d->events[d->n] = ev;
    assert_true(readmodel_take(&d->events[d->n], d->model));
}

static struct desk *desk_open(unsigned events_n)
{
    static const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96, 64}};
    struct desk *d = calloc(1, sizeof(*d));
    size_t n = (readmodel_bytes(&args) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, n);
    assert_non_null(d);
    assert_non_null(memory);
    memset(memory, 0, n);
    d->model = readmodel_open(memory, &args);
    d->committed = (struct committed_port){.arg = d, .read = desk_read};
    d->pages = (struct pages){.model = d->model, .committed = &d->committed};
    d->port = pages_port(&d->pages);
    for (unsigned i = 0; i < events_n; i++)
        add(d, (struct event){.kind = EV_PRIORITY_SET,
                              .priority_set = {.priority = i % 8, .head_start_ms = i}});
    readmodel_caught_up(d->model);
    return d;
}

static void desk_drop(struct desk *d)
{
    free(d->model);
    free(d);
}

static struct pages_request request_of(const char *path)
{
    struct pages_request r = {.principal = PAGES_TOKEN, .now_at = BEGIN_AT};
    r.query = text_of(path);
    r.path = text_cut(&r.query, '?');
    return r;
}

static unsigned ask(struct desk *d, const struct pages_request *request)
{
    d->answer = (struct pages_answer){.body = {.p = d->page, .max = PAGE_BYTES - 1}};
    d->port.answer(d->port.arg, request, &d->answer);
    d->page[d->answer.body.n] = '\0';
    return d->answer.status;
}

static unsigned get(struct desk *d, const char *path)
{
    struct pages_request r = request_of(path);
    return ask(d, &r);
}

static void each_page_is_for_those_who_may_see_it(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum pages_principal least;
        unsigned status;
    } rows[] = {
        {"/health", PAGES_NEAR, 200},
        {"/metrics", PAGES_NEAR, 200},
        {"/api/v1/openapi.json", PAGES_NEAR, 200},
        {"/api/v1/status", PAGES_TOKEN, 200},
        {"/api/v1/agents", PAGES_TOKEN, 200},
        {"/api/v1/queues", PAGES_TOKEN, 200},
        {"/api/v1/events", PAGES_TOKEN, 200},
        {"/api/v1/trace", PAGES_TOKEN, 400},
        {"/api/v1/nothing", PAGES_TOKEN, 404},
        {"/api/v1/openapi", PAGES_TOKEN, 404},
        {"/api/v1/agents/a01/ready", PAGES_TOKEN, 405},
        {"/api/v1/agents/a/ready", PAGES_TOKEN, 405},
        {"/api/v1/agents//ready", PAGES_TOKEN, 404},
        {"/api/v1/agents/ready", PAGES_TOKEN, 404},
        {"/api/v1/agents/a01/b/ready", PAGES_TOKEN, 404},
        {"/api/v1/agents/a01/ready/", PAGES_TOKEN, 404},
        {"/api/v1/agents/a01/dance", PAGES_TOKEN, 404},
        {"/api/v1/agents/a01", PAGES_TOKEN, 404},
        {"/API/v1/agents/a01/ready", PAGES_TOKEN, 404},
        {"/api/", PAGES_TOKEN, 404},
        {"/", PAGES_STRANGER, 404},
        {"", PAGES_STRANGER, 404},
        {"/health/", PAGES_STRANGER, 404},
        {"/healthy", PAGES_STRANGER, 404},
        {"/HEALTH", PAGES_STRANGER, 404},
        {"/%68ealth", PAGES_STRANGER, 404},
    };
    struct desk *d = desk_open(3);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        for (unsigned p = PAGES_STRANGER; p <= PAGES_OWNER; p++) {
            struct pages_request r = request_of(rows[i].path);
            r.principal = (enum pages_principal)p;
            assert_int_equal(ask(d, &r), p < rows[i].least ? 401 : rows[i].status);
        }
    desk_drop(d);
}

static void pages_are_read_only(void **state)
{
    (void)state;
    struct desk *d = desk_open(3);
    struct pages_request r = request_of("/api/v1/status");
    r.method = PAGES_OTHER;
    assert_int_equal(ask(d, &r), 405);
    r.principal = PAGES_STRANGER; /* who may not see it does not learn that */
    assert_int_equal(ask(d, &r), 401);
    desk_drop(d);
}

static void a_method_that_a_path_lacks_hears_which_it_has(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum pages_method method;
        const char *allow;
    } rows[] = {
        {"/health", PAGES_POST, "GET, HEAD"},
        {"/api/v1/openapi.json", PAGES_OTHER, "GET, HEAD"},
        {"/api/v1/agents/a01/pause", PAGES_GET, "POST"},
        {"/api/v1/agents/a01/pause", PAGES_OTHER, "POST"},
        {"/api/v1/reload", PAGES_OTHER, "GET, HEAD, POST"},
    };
    struct desk *d = desk_open(3);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct pages_request r = request_of(rows[i].path);
        r.method = rows[i].method;
        assert_int_equal(ask(d, &r), 405);
        assert_string_equal(d->answer.allow, rows[i].allow);
        assert_non_null(strstr(d->page, "\"cure\":\"use "));
    }
    desk_drop(d);
}

/* Here without the ports to the main thread: orders and reloads say so, and say where to go. */
static void without_a_main_thread_nothing_is_ordered(void **state)
{
    (void)state;
    struct desk *d = desk_open(3);
    struct pages_request r = request_of("/api/v1/agents/a01/ready");
    r.method = PAGES_POST;
    assert_int_equal(ask(d, &r), 503);
    assert_non_null(strstr(d->page, "\"cure\":\"ask the service that takes calls\""));
    assert_int_equal(get(d, "/api/v1/reload"), 503);
    assert_non_null(strstr(d->page, "\"cure\":\"ask the service that takes calls\""));
    desk_drop(d);
}

static void before_the_figures_are_there_only_health_answers(void **state)
{
    (void)state;
    static const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96, 64}};
    struct desk *d = desk_open(3);
    readmodel_open(memset(d->model, 0, readmodel_bytes(&args)), &args);
    const struct vitals vitals = {.committed_id = 900};
    const struct readmodel_signs signs = {.now_at = BEGIN_AT, .vitals = &vitals};
    readmodel_watch(d->model, &signs);
    assert_int_equal(get(d, "/api/v1/status"), 503);
    assert_true(d->answer.retry_after_s > 0);
    assert_non_null(strstr(d->page, "{\"error\":\"catching up\""));
    assert_non_null(strstr(d->page, "\"last_id\":0,\"committed_id\":900}"));
    struct pages_request text = request_of("/api/v1/status");
    text.form = PAGES_TEXT;
    assert_int_equal(ask(d, &text), 503);
    assert_non_null(strstr(d->page, "Chiffres recalculés jusqu’à l’événement 0 sur 900."));
    assert_int_equal(get(d, "/health"), 200);
    assert_non_null(strstr(d->page, "\"alarm\":\"catching_up\""));
    assert_int_equal(get(d, "/metrics"), 200);
    assert_int_equal(get(d, "/api/v1/events"), 503);
    desk_drop(d);
}

/* The cursor that the page in memory ends with. */
static void read_next(const struct desk *d, char path[128])
{
    const char *next = strstr(d->page, "\"next\":\"");
    assert_non_null(next);
    memcpy(path, "/api/v1/events?limit=500&after=", 31);
    memcpy(path + 31, next + 8, 24);
    path[55] = '\0';
}

static void pages_of_events_lead_from_the_disk_to_memory(void **state)
{
    (void)state;
    struct desk *d = desk_open(EVENTS);
    char path[128] = "/api/v1/events?limit=500";
    for (unsigned page = 0; page < EVENTS / 500; page++) {
        char first[32];
        assert_int_equal(get(d, path), 200);
        snprintf(first, sizeof(first), "[\n{\"id\":%u,", page * 500 + 1);
        assert_non_null(strstr(d->page, first));
        bool is_last = page + 1 == EVENTS / 500;
        assert_non_null(strstr(d->page, is_last ? "\"more\":false}" : "\"more\":true}"));
        read_next(d, path);
    }
    assert_int_equal(d->reads_n, 4); /* up to the oldest in memory, no further */
    assert_int_equal(get(d, path), 200);
    assert_non_null(strstr(d->page, "{\"events\":[],"));
    desk_drop(d);
}

static void a_disk_that_cannot_be_read_is_said(void **state)
{
    (void)state;
    struct desk *d = desk_open(EVENTS);
    d->disk_err = EIO;
    assert_int_equal(get(d, "/api/v1/events"), 503);
    assert_non_null(strstr(d->page, "{\"error\":\"the journal cannot be read\""));
    desk_drop(d);
}

static void a_stream_begins_now_or_where_it_was(void **state)
{
    (void)state;
    struct desk *d = desk_open(10);
    char bytes[PAGES_MORE_MIN], path[128];
    struct pages_request r = request_of("/api/v1/events");
    r.form = PAGES_STREAM;
    assert_int_equal(ask(d, &r), 200);
    assert_true(d->answer.is_stream);
    struct pages_stream now = d->answer.stream;
    assert_int_equal(now.after_id, 10);
    assert_int_equal(get(d, "/api/v1/events?limit=4"), 200);
    read_next(d, path);
    r.last_event = (struct text){path + 31, 24};
    assert_int_equal(ask(d, &r), 200);
    struct pages_stream old = d->answer.stream;
    assert_int_equal(old.after_id, 4);
    assert_true(d->port.more(d->port.arg, &now, bytes, sizeof(bytes)) > 0); /* retry: */
    assert_int_equal(d->port.more(d->port.arg, &now, bytes, sizeof(bytes)), 0);
    add(d, (struct event){.kind = EV_PRIORITY_SET});
    size_t n = d->port.more(d->port.arg, &now, bytes, sizeof(bytes));
    assert_true(n > 0 && !memcmp(bytes, "id: 000000000000000b", 20));
    assert_int_equal(d->port.more(d->port.arg, &now, bytes, sizeof(bytes)), 0);
    desk_drop(d);
}

/* Little room: whole messages, none twice, none left out. */
static void a_stream_is_given_in_whole_messages(void **state)
{
    (void)state;
    struct desk *d = desk_open(EVENTS);
    char bytes[PAGES_MORE_MIN + 1];
    struct pages_stream s = {.after_id = 0, .has_begun = true};
    uint64_t seen = 0;
    for (size_t n = 1; n;) {
        n = d->port.more(d->port.arg, &s, bytes, PAGES_MORE_MIN);
        bytes[n] = '\0';
        for (const char *p = strstr(bytes, "data: {\"id\":"); p;
             p = strstr(p + 1, "data: {\"id\":"))
            assert_int_equal(strtoull(p + 12, NULL, 10), ++seen);
        assert_true(n == 0 || !memcmp(bytes + n - 2, "\n\n", 2));
    }
    assert_int_equal(seen, EVENTS);
    desk_drop(d);
}

static void a_page_that_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    struct desk *d = desk_open(10);
    struct pages_request r = request_of("/metrics");
    d->answer = (struct pages_answer){.body = {.p = d->page, .max = 400}};
    d->port.answer(d->port.arg, &r, &d->answer);
    assert_int_equal(d->answer.status, 500);
    assert_int_equal(d->page[0], '{');
    desk_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_is_for_those_who_may_see_it),
        cmocka_unit_test(pages_are_read_only),
        cmocka_unit_test(a_method_that_a_path_lacks_hears_which_it_has),
        cmocka_unit_test(without_a_main_thread_nothing_is_ordered),
        cmocka_unit_test(before_the_figures_are_there_only_health_answers),
        cmocka_unit_test(pages_of_events_lead_from_the_disk_to_memory),
        cmocka_unit_test(a_disk_that_cannot_be_read_is_said),
        cmocka_unit_test(a_stream_begins_now_or_where_it_was),
        cmocka_unit_test(a_stream_is_given_in_whole_messages),
        cmocka_unit_test(a_page_that_does_not_fit_is_refused_whole),
    };
    return cmocka_run_group_tests_name("app/pages", tests, NULL, NULL);
}
