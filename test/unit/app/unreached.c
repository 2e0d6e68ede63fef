/* unreached.c — who was never reached today, as a fold of real events (ADR 37). */
#include "app/unreached.h"
#include "base/arena.h"
#include "test/unit/acd/house.h"

#define ANNA UINT64_C(0xa11a000000000001)
#define BRUNO UINT64_C(0xb000000000000002)
#define DAY ((ms_t)24 * 3600000)

struct desk {
    struct house *house;
    void *memory;
    struct unreached *u;
    unsigned folded_n;
};

static void open_desk(struct desk *d)
{
    struct arena arena = {0};
    arena_take(&arena, 1, sizeof(struct unreached));
    struct unreached probe = {0};
    unreached_open(&probe, &arena);
    d->memory = aligned_alloc(64, (arena.used + 63) / 64 * 64);
    assert_non_null(d->memory);
    memset(d->memory, 0, arena.used);
    arena = (struct arena){.base = d->memory, .size = arena.used};
    d->u = arena_take(&arena, 1, sizeof(*d->u));
    unreached_open(d->u, &arena);
    d->house = house_open_small();
    d->folded_n = 0;
}

static void drop_desk(struct desk *d)
{
    house_drop(d->house);
    free(d->memory);
}

/* The heart goes event by event with the fold, as the reader does. */
static void fold(struct desk *d)
{
    struct house *h = d->house;
    const struct acd_limits limits = {
        .contacts_max = 64, .agents_max = 8, .queues_max = 4, .lanes_max = 64};
    void *memory = aligned_alloc(64, acd_bytes(&limits));
    assert_non_null(memory);
    struct acd *twin = acd_open(memory, &limits);
    for (unsigned i = 0; i < h->said_n; i++) {
        acd_apply(twin, &h->said[i]);
        if (i >= d->folded_n)
            unreached_fold(d->u, twin, &h->said[i], ZONE_UTC);
    }
    d->folded_n = h->said_n;
    free(memory);
}

static uint64_t calls(struct desk *d, uint64_t person_id, uint32_t reference)
{
    house_do(d->house, (struct command){.kind = CMD_CALL_ARRIVED,
                                        .call_arrived = {.person_id = person_id,
                                                         .reference = reference,
                                                         .channel = CHANNEL_PHONE}});
    uint64_t call_id = house_last(d->house, EV_CALL_ARRIVED)->id;
    house_do(d->house, house_queue(call_id));
    return call_id;
}

static void gives_up(struct desk *d, uint64_t person_id, uint32_t reference)
{
    uint64_t call_id = calls(d, person_id, reference);
    house_wait(d->house, MINUTE);
    house_hang_up(d->house, call_id, ENDED_BY_CALLER);
    house_wait(d->house, 11 * MINUTE); /* and their place is over */
}

static void who_calls_three_times_in_vain_stands_once(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    house_staff(d.house, 1, 0);
    house_do(d.house, (struct command){.kind = CMD_AGENT_PAUSE,
                                       .agent_pause = {.agent_id = 1, .reason = PAUSE_REST}});
    gives_up(&d, ANNA, 101);
    gives_up(&d, BRUNO, 102);
    gives_up(&d, ANNA, 103);
    fold(&d);
    assert_int_equal(d.u->n, 2);
    assert_null(unreached_find(d.u, 101));
    const struct unreached_row *anna = unreached_find(d.u, 103);
    assert_non_null(anna);
    assert_int_equal(anna->calls_n, 2);
    assert_int_equal(anna->queue_id, QUEUE);
    assert_int_equal(anna->outcome, OUTCOME_ABANDONED);
    assert_true(anna->contact_id < unreached_find(d.u, 102)->contact_id);
    drop_desk(&d);
}

static void who_is_answered_later_stands_no_more(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    gives_up(&d, ANNA, 101);
    gives_up(&d, BRUNO, 102);
    fold(&d);
    assert_int_equal(d.u->n, 2);
    house_staff(d.house, 1, 0);
    uint64_t call_id = calls(&d, ANNA, 103);
    house_confirm(d.house, true);
    house_wait(d.house, MINUTE);
    house_hang_up(d.house, call_id, ENDED_BY_CALLER);
    fold(&d);
    assert_int_equal(d.u->n, 1);
    assert_null(unreached_find(d.u, 103));
    assert_non_null(unreached_find(d.u, 102));
    gives_up(&d, ANNA, 104); /* and once more in vain: the agent wraps up, then is offered */
    drop_desk(&d);
}

static void whom_a_closed_queue_refused_stands_with_the_queue_that_they_wanted(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    house_do(d.house, (struct command){.kind = CMD_QUEUE_SHUT, .queue_shut = {.queue_id = QUEUE}});
    uint64_t call_id = house_call_by(d.house, CHANNEL_PHONE);
    house_do(d.house, house_queue(call_id));
    house_hang_up(d.house, call_id, ENDED_BY_CALLER);
    fold(&d);
    assert_int_equal(d.u->n, 1);
    assert_int_equal(d.u->rows[0].outcome, OUTCOME_TURNED_AWAY);
    assert_int_equal(d.u->rows[0].queue_id, QUEUE);
    drop_desk(&d);
}

static void out_of_hours_and_withheld_numbers(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    gives_up(&d, 0, 101);
    gives_up(&d, 0, 102); /* nobody knows whether it is the same person */
    house_do(d.house,
             (struct command){.kind = CMD_QUEUE_HOURS,
                              .queue_hours = {.queue_id = QUEUE, .hours = HOURS_CLOSED_PUBLISHED}});
    gives_up(&d, ANNA, 103); /* was closed: published */
    fold(&d);
    assert_int_equal(d.u->n, 2);
    assert_null(unreached_find(d.u, 103));
    drop_desk(&d);
}

static void a_new_day_begins_with_nobody(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    gives_up(&d, ANNA, 101);
    fold(&d);
    calendar_day today = d.u->day;
    assert_int_equal(d.u->n, 1);
    house_wait(d.house, DAY);
    gives_up(&d, BRUNO, 102);
    fold(&d);
    assert_int_equal(d.u->day, today + 1);
    assert_int_equal(d.u->n, 1);
    assert_non_null(unreached_find(d.u, 102));
    drop_desk(&d);
}

/* As the journal of a very bad day. */
static void past_its_bound_people_are_counted(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    for (uint64_t i = 0; i < UNREACHED_MAX + 3; i++) {
        const struct event ev = {.kind = EV_CALL_OUTCOME,
                                 .id = i + 1,
                                 .call_outcome = {.contact_id = i + 1,
                                                  .person_id = ANNA + i,
                                                  .outcome = OUTCOME_TURNED_AWAY,
                                                  .arrived_at = 1790000000000}};
        unreached_fold(d.u, d.house->acd, &ev, ZONE_UTC);
        if (i + 1 == UNREACHED_MAX)
            assert_int_equal(d.u->lost_n, 0);
    }
    assert_int_equal(d.u->n, UNREACHED_MAX);
    assert_int_equal(d.u->lost_n, 3);
    struct event answered = {.kind = EV_CALL_OUTCOME,
                             .call_outcome = {.contact_id = 1,
                                              .person_id = ANNA,
                                              .outcome = OUTCOME_ANSWERED,
                                              .arrived_at = 1790000000000}};
    unreached_fold(d.u, d.house->acd, &answered, ZONE_UTC);
    assert_int_equal(d.u->n, UNREACHED_MAX - 1);
    drop_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_calls_three_times_in_vain_stands_once),
        cmocka_unit_test(who_is_answered_later_stands_no_more),
        cmocka_unit_test(whom_a_closed_queue_refused_stands_with_the_queue_that_they_wanted),
        cmocka_unit_test(out_of_hours_and_withheld_numbers),
        cmocka_unit_test(a_new_day_begins_with_nobody),
        cmocka_unit_test(past_its_bound_people_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
