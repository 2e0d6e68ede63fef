/* pages_orders.c — orders over HTTP: 200 only for what was decided and is stored, whatever the wall
 * clock does meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"
#include "app/pages_orders.h"

#define NOW_AT ((ms_t)1794819600000)
#define NOW_MS ((ms_t)90000000)
#define BODY_BYTES 512

/* The way to the main thread, as a test says it is. */
struct desk {
    struct directory *directory;
    struct view_house house;
    struct orders_port port;
    enum order_state state;
    struct order_told told;
    unsigned given_n, forgotten_n;
    char body[BODY_BYTES];
};

static uint64_t give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct desk *d = arg;
    assert_int_equal(cmd->kind, CMD_AGENT_READY);
    d->state = ORDER_GIVEN;
    d->told.given_ms = now_ms;
    return ++d->given_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    struct desk *d = arg;
    assert_int_equal(order_id, d->given_n);
    *told = d->told;
    return d->state;
}

static void forget(void *arg, uint64_t order_id)
{
    struct desk *d = arg;
    assert_int_equal(order_id, d->given_n);
    d->forgotten_n++;
}

static void open_desk(struct desk *d, struct directory *directory, struct directory_agent *agent)
{
    *agent = (struct directory_agent){.number = 7, .id = "a07"};
    memset(directory, 0, sizeof(*directory));
    directory->agents = agent;
    directory->agents_n = 1;
    *d = (struct desk){.directory = directory, .port = {d, give, NULL, look, forget, NULL, NULL}};
    d->house = (struct view_house){.directory = directory, .last_id = 40, .is_ready = true};
}

/* The status of the answer; 0: later. */
static unsigned ask(struct desk *d, uint64_t order_id, ms_t by_ms, ms_t wall_by_ms)
{
    const struct pages_request r = {.method = PAGES_POST,
                                    .path = TEXT("/api/v1/agents/a07/ready"),
                                    .order_id = order_id,
                                    .now_at = NOW_AT + wall_by_ms,
                                    .now_ms = NOW_MS + by_ms};
    struct pages_answer answer = {.body = {.p = d->body, .max = sizeof(d->body)}};
    const struct pages_order order = {CMD_AGENT_READY, TEXT("a07"), &r};
    pages_order(&d->port, &d->house, &order, &answer);
    assert_int_equal(answer.is_later, answer.status == 0);
    return answer.status;
}

static void done(struct desk *d, enum acd_verdict verdict, uint64_t last_id)
{
    d->state = ORDER_DONE;
    d->told.verdict = (int)verdict;
    d->told.last_id = last_id;
}

static void done_is_told_when_it_is_stored(void **state)
{
    (void)state;
    struct directory directory;
    struct directory_agent agent;
    struct desk d;
    open_desk(&d, &directory, &agent);
    assert_int_equal(ask(&d, 0, 0, 0), 0);
    done(&d, ACD_DONE, 41);
    assert_int_equal(ask(&d, 1, 50, 50), 0); /* decided, not on disk yet */
    d.house.last_id = 41;
    assert_int_equal(ask(&d, 1, 100, 100), 200);
    assert_int_equal(d.forgotten_n, 1);
}

static void what_waits_behind_a_full_journal_is_not_told_as_done(void **state)
{
    (void)state;
    struct directory directory;
    struct directory_agent agent;
    struct desk d;
    open_desk(&d, &directory, &agent);
    assert_int_equal(ask(&d, 0, 0, 0), 0);
    done(&d, ACD_MORE, 40); /* kept by the app: nothing is decided, all before it is on disk */
    assert_int_equal(ask(&d, 1, 50, 50), 503);
    assert_int_equal(d.forgotten_n, 1);
}

static void a_wall_clock_that_is_moved_moves_no_limit(void **state)
{
    (void)state;
    const ms_t hour_ms = 3600000;
    struct directory directory;
    struct directory_agent agent;
    struct desk d;
    open_desk(&d, &directory, &agent);
    assert_int_equal(ask(&d, 0, 0, 0), 0);
    assert_int_equal(ask(&d, 1, 50, hour_ms), 0);
    assert_int_equal(ask(&d, 1, ORDERS_WAIT_MS, -hour_ms), 503); /* nobody answered */
    assert_int_equal(d.forgotten_n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(done_is_told_when_it_is_stored),
        cmocka_unit_test(what_waits_behind_a_full_journal_is_not_told_as_done),
        cmocka_unit_test(a_wall_clock_that_is_moved_moves_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
