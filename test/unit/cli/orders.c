/* orders.c — orders of pages to the main thread, and their verdicts back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/orders.h"

#define NOW_MS ((ms_t)90000000)

static const struct command ready = {.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = 7}};

static void an_order_goes_there_and_its_verdict_comes_back(void **state)
{
    (void)state;
    struct orders o;
    struct order order;
    struct order_told told;
    assert_int_equal(orders_open(&o), 0);
    const struct orders_port port = orders_port(&o);
    uint64_t id = port.give(port.arg, &ready, NOW_MS);
    assert_int_not_equal(id, 0);
    assert_int_equal(port.look(port.arg, id, &told), ORDER_GIVEN);
    assert_true(orders_take(&o, &order));
    assert_int_equal(order.order_id, id);
    assert_int_equal(order.cmd.agent_ready.agent_id, 7);
    assert_false(orders_take(&o, &order));
    orders_tell(&o, &(struct order_answer){.order_id = id, .last_id = 99, .verdict = 3});
    assert_int_equal(port.look(port.arg, id, &told), ORDER_DONE);
    assert_int_equal(told.verdict, 3);
    assert_int_equal(told.last_id, 99);
    port.forget(port.arg, id);
    assert_int_equal(port.look(port.arg, id, &told), ORDER_UNKNOWN);
    assert_int_equal(port.look(port.arg, 0, &told), ORDER_UNKNOWN);
    orders_drop(&o);
}

static void as_many_as_there_is_room_for_and_not_one_more(void **state)
{
    (void)state;
    struct orders o;
    struct order order;
    uint64_t first = 0;
    assert_int_equal(orders_open(&o), 0);
    const struct orders_port port = orders_port(&o);
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        uint64_t id = port.give(port.arg, &ready, NOW_MS);
        assert_int_not_equal(id, 0);
        first = first ? first : id;
    }
    assert_int_equal(port.give(port.arg, &ready, NOW_MS), 0);
    assert_true(orders_take(&o, &order));
    assert_int_equal(port.give(port.arg, &ready, NOW_MS), 0); /* taken, not yet answered */
    port.forget(port.arg, first);
    assert_int_not_equal(port.give(port.arg, &ready, NOW_MS), 0);
    orders_drop(&o);
}

static void who_asked_and_left_gives_the_place_back_in_time(void **state)
{
    (void)state;
    struct orders o;
    struct order order;
    struct order_told told;
    assert_int_equal(orders_open(&o), 0);
    const struct orders_port port = orders_port(&o);
    for (unsigned i = 0; i < ORDERS_MAX; i++)
        assert_int_not_equal(port.give(port.arg, &ready, NOW_MS), 0);
    while (orders_take(&o, &order))
        orders_tell(&o,
                    &(struct order_answer){.order_id = order.order_id, .last_id = 1, .verdict = 0});
    assert_int_equal(port.give(port.arg, &ready, NOW_MS + ORDERS_WAIT_MS), 0);
    uint64_t id = port.give(port.arg, &ready, NOW_MS + 5 * ORDERS_WAIT_MS);
    assert_int_not_equal(id, 0);
    assert_int_equal(port.look(port.arg, id, &told), ORDER_GIVEN); /* not the old one's answer */
    orders_drop(&o);
}

static void those_who_left_without_a_look_keep_no_answer_from_the_next(void **state)
{
    (void)state;
    struct orders o;
    struct order order;
    struct order_told told;
    assert_int_equal(orders_open(&o), 0);
    const struct orders_port port = orders_port(&o);
    for (unsigned i = 0; i < ORDERS_MAX; i++)
        assert_int_not_equal(port.give(port.arg, &ready, NOW_MS), 0);
    while (orders_take(&o, &order))
        orders_tell(&o,
                    &(struct order_answer){.order_id = order.order_id, .last_id = 1, .verdict = 0});
    uint64_t id = port.give(port.arg, &ready, NOW_MS + 5 * ORDERS_WAIT_MS);
    assert_true(orders_take(&o, &order));
    orders_tell(&o, &(struct order_answer){.order_id = id, .last_id = 7, .verdict = 0});
    assert_int_equal(port.look(port.arg, id, &told), ORDER_DONE);
    assert_int_equal(told.last_id, 7);
    orders_drop(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_goes_there_and_its_verdict_comes_back),
        cmocka_unit_test(as_many_as_there_is_room_for_and_not_one_more),
        cmocka_unit_test(who_asked_and_left_gives_the_place_back_in_time),
        cmocka_unit_test(those_who_left_without_a_look_keep_no_answer_from_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
