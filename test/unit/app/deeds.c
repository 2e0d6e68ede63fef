/* deeds.c — who asked for what stands by hand, as a fold of real events (ADR 41). */
#include "acd/look.h"
#include "app/deeds.h"
#include "base/arena.h"
#include "test/unit/acd/house.h"

#define ZOE UINT64_C(0x20e)
#define PAUL UINT64_C(0xba11)
#define SITE 3
#define HALF_HOUR (30 * MINUTE)

static const struct acd_limits limits = {64, 8, 4, 64};

struct desk {
    struct house *house;
    void *memory;
    struct deeds deeds;
    unsigned folded_n;
};

static void open_desk(struct desk *d)
{
    struct arena arena = {0};
    *d = (struct desk){.house = house_open_small()};
    deeds_open(&d->deeds, &arena, &limits);
    d->memory = aligned_alloc(64, (arena.used + 63) / 64 * 64);
    assert_non_null(d->memory);
    memset(d->memory, 0, arena.used);
    arena = (struct arena){.base = d->memory, .size = arena.used};
    deeds_open(&d->deeds, &arena, &limits);
}

static void drop_desk(struct desk *d)
{
    house_drop(d->house);
    free(d->memory);
}

static struct view_deeds look(struct desk *d)
{
    for (; d->folded_n < d->house->said_n; d->folded_n++)
        deeds_fold(&d->deeds, d->house->acd, &d->house->said[d->folded_n]);
    return deeds_look(&d->deeds);
}

static const struct view_queue_deeds *queue_of(struct desk *d)
{
    return &look(d).queues[acd_look_queue_slot(d->house->acd, QUEUE)];
}

static void ask_help(struct desk *d, uint32_t site_id, uint64_t by_id)
{
    const struct command cmd = {
        .kind = CMD_HELP_ASK,
        .help_ask = {.queue_id = QUEUE, .site_id = site_id, .for_ms = HALF_HOUR, .by_id = by_id}};
    assert_int_equal(house_do(d->house, cmd), ACD_DONE);
}

static void help_is_of_who_asked_for_it_last(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    assert_int_equal(queue_of(&d)->helps_n, 0);
    ask_help(&d, 0, ZOE);
    ask_help(&d, SITE, PAUL);
    assert_int_equal(queue_of(&d)->helps_n, 2);
    house_wait(d.house, MINUTE);
    ask_help(&d, 0, PAUL);
    const struct view_queue_deeds *q = queue_of(&d);
    assert_int_equal(q->helps_n, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(q->helps[i].by_id, PAUL);
    house_wait(d.house, HALF_HOUR); /* and each ends by itself */
    assert_int_equal(queue_of(&d)->helps_n, 0);
    drop_desk(&d);
}

static void as_many_sites_as_may_ask_are_remembered(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    for (uint32_t site = 1; site <= VIEW_HELPS_MAX; site++)
        ask_help(&d, site, ZOE + site);
    const struct view_queue_deeds *q = queue_of(&d);
    assert_int_equal(q->helps_n, VIEW_HELPS_MAX);
    for (unsigned i = 0; i < q->helps_n; i++)
        assert_int_equal(q->helps[i].by_id, ZOE + q->helps[i].site_id);
    assert_int_equal(house_do(d.house, (struct command){.kind = CMD_HELP_ASK,
                                                        .help_ask = {.queue_id = QUEUE,
                                                                     .site_id = VIEW_HELPS_MAX + 1,
                                                                     .for_ms = HALF_HOUR}}),
                     ACD_REFUSED_FULL);
    assert_int_equal(queue_of(&d)->helps_n, VIEW_HELPS_MAX);
    drop_desk(&d);
}

static void a_closing_has_its_instant_and_its_person(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    house_wait(d.house, MINUTE);
    house_do(d.house, (struct command){.kind = CMD_QUEUE_SHUT,
                                       .queue_shut = {.queue_id = QUEUE, .by_id = ZOE}});
    assert_int_equal(queue_of(&d)->shut_by_id, ZOE);
    assert_int_equal(queue_of(&d)->shut_at, d.house->now_at);
    drop_desk(&d);
}

static void a_move_is_of_who_ordered_it(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    house_staff(d.house, 7, SITE);
    house_do(d.house, (struct command){.kind = CMD_AGENT_MOVE,
                                       .agent_move = {.agent_id = 7,
                                                      .queue_ids = {QUEUE},
                                                      .queue_ids_n = 1,
                                                      .until_at = d.house->now_at + HALF_HOUR,
                                                      .by_id = PAUL}});
    const struct view_agent_deeds *a = &look(&d).agents[acd_look_agent_slot(d.house->acd, 7)];
    assert_int_equal(a->agent_id, 7);
    assert_int_equal(a->moved_by_id, PAUL);
    drop_desk(&d);
}

static void fold_one(struct desk *d, struct event ev)
{
    static uint64_t id = 1000;
    ev.id = ++id;
    deeds_fold(&d->deeds, d->house->acd, &ev);
}

static void alert(struct desk *d, uint64_t call_id)
{
    fold_one(d, (struct event){.kind = EV_CALL_ALERTED,
                               .at = (ms_t)call_id,
                               .call_alerted = {.call_id = call_id, .agent_id = 7}});
}

static void who_comes_for_an_alert_stands_beside_it(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    alert(&d, 11);
    alert(&d, 12);
    fold_one(&d, (struct event){.kind = EV_CALL_LISTENED,
                                .call_listened = {.call_id = 11, .listener_id = 9}});
    assert_int_equal(look(&d).alerts[0].listener_id, 0); /* listens, was not called */
    fold_one(&d,
             (struct event){.kind = EV_CALL_LISTENED,
                            .call_listened = {.call_id = 11, .listener_id = 9, .by_alert = true}});
    fold_one(&d,
             (struct event){.kind = EV_CALL_LISTENED,
                            .call_listened = {.call_id = 11, .listener_id = 8, .by_alert = true}});
    struct view_deeds seen = look(&d);
    assert_int_equal(seen.alerts_n, 2);
    assert_int_equal(seen.alerts[0].listener_id, 9);
    assert_int_equal(seen.alerts[1].listener_id, 0);
    drop_desk(&d);
}

static void the_newest_alerts_are_kept(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    for (uint64_t call = 1; call <= VIEW_ALERTS_MAX + 1; call++)
        alert(&d, call);
    struct view_deeds seen = look(&d);
    assert_int_equal(seen.alerts_n, VIEW_ALERTS_MAX + 1);
    assert_int_equal(seen.alerts[0].call_id, VIEW_ALERTS_MAX + 1);
    assert_int_equal(seen.alerts[1].call_id, 2);
    fold_one(&d,
             (struct event){.kind = EV_CALL_LISTENED, /* of one that is forgotten */
                            .call_listened = {.call_id = 1, .listener_id = 9, .by_alert = true}});
    for (unsigned i = 0; i < VIEW_ALERTS_MAX; i++)
        assert_int_equal(look(&d).alerts[i].listener_id, 0);
    drop_desk(&d);
}

static void listens(struct desk *d, uint64_t call_id, enum listening mode)
{
    fold_one(d,
             (struct event){.kind = EV_CALL_LISTENED,
                            .call_listened = {.call_id = call_id, .listener_id = 9, .mode = mode}});
}

/* One past the bound is not shown, and takes nobody's place. */
static void who_listens_stands_there_until_they_leave(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    for (uint64_t call = 1; call <= VIEW_LISTENS_MAX + 1; call++)
        listens(&d, call, LISTENING_LISTEN);
    struct view_deeds seen = look(&d);
    assert_null(view_listen_of(&seen, VIEW_LISTENS_MAX + 1));
    assert_null(view_listen_of(&seen, 0));
    listens(&d, 5, LISTENING_WHISPER);
    assert_int_equal(view_listen_of(&seen, 5)->mode, LISTENING_WHISPER);
    assert_int_equal(view_listen_of(&seen, 5)->listener_id, 9);
    listens(&d, 5, LISTENING_NONE);
    listens(&d, VIEW_LISTENS_MAX + 1, LISTENING_NONE);
    assert_null(view_listen_of(&seen, 5));
    listens(&d, 100, LISTENING_LISTEN);
    assert_non_null(view_listen_of(&seen, 100));
    drop_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_is_of_who_asked_for_it_last),
        cmocka_unit_test(as_many_sites_as_may_ask_are_remembered),
        cmocka_unit_test(a_closing_has_its_instant_and_its_person),
        cmocka_unit_test(a_move_is_of_who_ordered_it),
        cmocka_unit_test(who_comes_for_an_alert_stands_beside_it),
        cmocka_unit_test(the_newest_alerts_are_kept),
        cmocka_unit_test(who_listens_stands_there_until_they_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
