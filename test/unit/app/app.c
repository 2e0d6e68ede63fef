/* app.c — one turn of the loop over a journal of the test's own: classes of effects, a full ring, a
 * dead disk, a start from events and from a snapshot. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/app.h"

#define EVENTS 8192
#define EFFECTS 8192

static const struct acd_limits limits = {
    .contacts_max = 64, .agents_max = 8, .queues_max = 4, .lanes_max = 64};

/* A journal that keeps everything and commits when told. */
struct desk {
    struct event events[EVENTS];
    unsigned n, committed_n, room_n; /* room_n: events that it will still take */
    enum journal_health health;
    bool has_room;
    uint8_t *image;
    struct journal_snapshot snapshot;
    struct effect effects[EFFECTS];
    unsigned effects_n;
    struct journal_port journal;
    struct edges_port edges;
    struct acd *acd;
    struct app *app;
    ms_t now_at;
};

/* tidy: parameters — dictated by port/journal.h */
static bool desk_append(void *arg, const struct event *ev, unsigned n,
                        const struct journal_row *rows, unsigned rows_n)
{
    struct desk *d = arg;
    (void)rows;
    assert_int_equal(rows_n, 0);
    if (n > d->room_n)
        return false;
    d->room_n -= n;
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(ev[i].id, d->n + 1);
        d->events[d->n++] = ev[i];
    }
    return true;
}

static bool desk_has_room(void *arg)
{
    return ((struct desk *)arg)->has_room;
}

static uint64_t desk_committed(void *arg)
{
    return ((struct desk *)arg)->committed_n;
}

static enum journal_health desk_health(void *arg)
{
    return ((struct desk *)arg)->health;
}

static int desk_put(void *arg, const struct journal_snapshot *snapshot)
{
    struct desk *d = arg;
    d->image = realloc(d->image, snapshot->n);
    memcpy(d->image, snapshot->bytes, snapshot->n);
    d->snapshot = *snapshot;
    d->snapshot.bytes = d->image;
    return 0;
}

static int desk_get(void *arg, struct journal_snapshot *snapshot)
{
    struct desk *d = arg;
    *snapshot = d->snapshot;
    return d->image ? 0 : ENOENT;
}

/* tidy: parameters — dictated by port/journal.h */
static int desk_read(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                     uint64_t *last_good_id)
{
    struct desk *d = arg;
    for (unsigned i = (unsigned)after_id; i < d->committed_n; i++)
        if (!fn(&d->events[i], fn_arg))
            break;
    *last_good_id = d->committed_n;
    return 0;
}

static void desk_emit(void *arg, const struct effect *effect)
{
    struct desk *d = arg;
    assert_true(d->effects_n < EFFECTS);
    d->effects[d->effects_n++] = *effect;
}

/* Opens acd and app over what the desk's journal holds. */
static void desk_start(struct desk *d)
{
    free(d->acd);
    free(d->app);
    d->acd = acd_open(aligned_alloc(64, acd_bytes(&limits)), &limits);
    const struct app_args args = {
        .acd = d->acd, .journal = &d->journal, .edges = &d->edges, .epoch = 1};
    d->app = app_open(aligned_alloc(64, app_bytes(&limits)), &limits, &args);
    assert_int_equal(app_start(d->app, d->now_at), 0);
}

static struct desk *desk_open(void)
{
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    d->room_n = EVENTS;
    d->has_room = true;
    d->now_at = 1790000000000;
    d->journal = (struct journal_port){.arg = d,
                                       .append = desk_append,
                                       .has_room = desk_has_room,
                                       .committed_id = desk_committed,
                                       .health = desk_health,
                                       .snapshot_put = desk_put,
                                       .snapshot_get = desk_get,
                                       .read = desk_read};
    d->edges = (struct edges_port){.arg = d, .emit = desk_emit};
    desk_start(d);
    return d;
}

static void desk_drop(struct desk *d)
{
    free(d->acd);
    free(d->app);
    free(d->image);
    free(d);
}

static enum acd_verdict tell(struct desk *d, struct command cmd)
{
    return app_command(d->app, &cmd, d->now_at);
}

static void commit(struct desk *d)
{
    d->committed_n = d->n;
    app_run(d->app, d->now_at);
}

static unsigned emitted(const struct desk *d, enum effect_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->effects_n; i++)
        n += d->effects[i].kind == kind;
    return n;
}

static void furnish(struct desk *d)
{
    tell(d, (struct command){.kind = CMD_QUEUE_SET,
                             .queue_set = {.queue_id = 1, .offer_ms = 15000, .regain_ms = 60000}});
    tell(d, (struct command){.kind = CMD_QUEUE_HOURS,
                             .queue_hours = {.queue_id = 1, .hours = HOURS_OPEN}});
    tell(d, (struct command){.kind = CMD_AGENT_SET,
                             .agent_set = {.agent_id = 1,
                                           .capacity = {1},
                                           .capacity_n = 1,
                                           .queue_ids = {1},
                                           .queue_ids_n = 1}});
    tell(d, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = 1}});
    commit(d);
}

static uint64_t call(struct desk *d)
{
    tell(d,
         (struct command){.kind = CMD_CALL_ARRIVED,
                          .call_arrived = {.leg_id = d->n + 1, .person_id = 5, .reference = 77}});
    uint64_t id = d->events[d->n - 1].id;
    tell(d, (struct command){.kind = CMD_CALL_QUEUE, .call_queue = {.call_id = id, .queue_id = 1}});
    return id;
}

static void an_ordered_effect_goes_at_the_commit(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    call(d);
    assert_int_equal(emitted(d, EFFECT_CALL_ACCEPT), 0);
    assert_int_equal(app_next_at(d->app), d->now_at + APP_ORDERED_MS);
    d->now_at += 5;
    commit(d);
    assert_int_equal(emitted(d, EFFECT_CALL_ACCEPT), 1);
    desk_drop(d);
}

static void an_ordered_effect_goes_after_a_tenth_of_a_second_without_commit(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    call(d);
    d->now_at += APP_ORDERED_MS - 1;
    app_run(d->app, d->now_at);
    assert_int_equal(emitted(d, EFFECT_CALL_ACCEPT), 0);
    d->now_at += 1;
    app_run(d->app, d->now_at);
    assert_int_equal(emitted(d, EFFECT_CALL_ACCEPT), 1);
    desk_drop(d);
}

static void what_concerns_a_held_leg_follows_it(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    call(d);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL), 0); /* now, but the 200 OK is still held */
    commit(d);
    assert_int_equal(d->effects[d->effects_n - 1].kind, EFFECT_PUBLISH);
    unsigned accept = 0, told = 0;
    for (unsigned i = 0; i < d->effects_n; i++) {
        accept = d->effects[i].kind == EFFECT_CALL_ACCEPT ? i : accept;
        told = d->effects[i].kind == EFFECT_CALL_TELL ? i : told;
    }
    assert_true(accept < told);
    desk_drop(d);
}

static void a_promise_goes_at_the_commit_and_never_before(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    uint64_t id = call(d);
    commit(d);
    tell(d,
         (struct command){.kind = CMD_CALL_ASK_REFERENCE, .call_ask_reference = {.call_id = id}});
    d->now_at += APP_PROMISE_MS - 1;
    app_run(d->app, d->now_at);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_REFERENCE), 0);
    commit(d);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_REFERENCE), 1);
    desk_drop(d);
}

static void a_promise_that_cannot_be_kept_is_refused_in_words(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    uint64_t id = call(d);
    commit(d);
    struct command ask = {.kind = CMD_CALL_ASK_REFERENCE, .call_ask_reference = {.call_id = id}};
    tell(d, ask); /* the commit is too slow */
    d->now_at += APP_PROMISE_MS;
    app_run(d->app, d->now_at);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_NO_PROMISE), 1);
    d->health = JOURNAL_DOWN; /* known beforehand */
    tell(d, ask);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_NO_PROMISE), 2);
    commit(d);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_REFERENCE), 0);
    desk_drop(d);
}

static void nothing_is_published_before_it_is_committed(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    unsigned before = d->n;
    call(d);
    assert_int_equal(d->effects[d->effects_n - 1].publish.event_id, before);
    commit(d);
    assert_int_equal(d->effects[d->effects_n - 1].publish.event_id, d->n);
    desk_drop(d);
}

static void with_the_ring_half_full_new_calls_are_turned_away_and_counted(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    d->has_room = false;
    d->health = JOURNAL_BEHIND;
    struct command arrive = {.kind = CMD_CALL_ARRIVED, .call_arrived = {.leg_id = 9}};
    assert_int_equal(tell(d, arrive), ACD_REFUSED_FULL);
    assert_int_equal(tell(d, arrive), ACD_REFUSED_FULL);
    assert_int_equal(emitted(d, EFFECT_CALL_TELL_REFUSAL), 2);
    d->has_room = true;
    d->health = JOURNAL_WELL;
    commit(d);
    const struct event *gap = &d->events[d->n - 1];
    assert_int_equal(gap->kind, EV_GAP);
    assert_int_equal(gap->gap.n, 2);
    assert_int_equal(gap->gap.outcomes[OUTCOME_TURNED_AWAY], 2);
    desk_drop(d);
}

static void with_no_room_at_all_commands_wait_and_nothing_is_lost(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    uint64_t id = call(d);
    commit(d);
    d->room_n = 0;
    struct command ask = {.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {.call_id = id}};
    unsigned before = d->n;
    for (int i = 0; i < 5; i++)
        tell(d, ask);
    struct app_status status;
    app_status(d->app, &status);
    assert_int_equal(status.backlog_n, 4); /* one is decided and stuck, four wait */
    d->room_n = EVENTS;
    commit(d);
    assert_int_equal(d->n, before + 5);
    app_status(d->app, &status);
    assert_int_equal(status.backlog_n, 0);
    desk_drop(d);
}

static void past_the_backlog_a_command_is_refused(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    uint64_t id = call(d);
    d->room_n = 0;
    struct command ask = {.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {.call_id = id}};
    for (unsigned i = 0; i < APP_BACKLOG_MAX + 1; i++)
        assert_int_not_equal(tell(d, ask), ACD_REFUSED_FULL);
    assert_int_equal(tell(d, ask), ACD_REFUSED_FULL);
    desk_drop(d);
}

static void a_restart_replays_and_ends_the_calls_of_the_lost_legs(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    call(d);
    commit(d);
    ms_t before_at = acd_last_at(d->acd);
    d->now_at += 60000;
    desk_start(d);
    commit(d);
    assert_int_equal(app_before_at(d->app), before_at); /* not the start's own events */
    unsigned outcomes = 0;
    for (unsigned i = 0; i < d->n; i++)
        outcomes += d->events[i].kind == EV_CALL_OUTCOME &&
                    d->events[i].call_outcome.outcome == OUTCOME_CUT_OFF;
    assert_int_equal(outcomes, 1);
    assert_int_equal(d->events[d->n - 1].kind, EV_NODE_SWEPT);
    desk_drop(d);
}

static void a_snapshot_and_its_tail_give_the_same_state_as_all_events(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    call(d);
    commit(d);
    /* A snapshot of now, then more events. */
    size_t n = acd_image_bytes(d->acd);
    uint8_t *bytes = malloc(n);
    acd_image_save(d->acd, bytes);
    struct journal_snapshot snapshot = {ACD_IMAGE_VERSION, acd_last_id(d->acd), acd_hash(d->acd),
                                        bytes, n};
    desk_put(d, &snapshot);
    call(d);
    commit(d);
    unsigned kept = d->n;
    desk_start(d);
    uint64_t with_snapshot = acd_hash(d->acd);
    d->n = d->committed_n = kept; /* the same start again, without it */
    d->room_n = EVENTS;
    free(d->image);
    d->image = NULL;
    desk_start(d);
    assert_int_equal(acd_hash(d->acd), with_snapshot);
    /* One with a false hash is passed over. */
    d->n = d->committed_n = kept;
    snapshot.hash ^= 1;
    desk_put(d, &snapshot);
    desk_start(d);
    assert_int_equal(acd_hash(d->acd), with_snapshot);
    free(bytes);
    desk_drop(d);
}

/* A promise to somebody who has hung up, and the agent who is kept for it. */
static uint64_t promise(struct desk *d)
{
    tell(d, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                             .queue_callbacks = {.queue_id = 1,
                                                 .attempts_max = 3,
                                                 .share_percent = 50,
                                                 .gap_ms = 600000,
                                                 .keep_ms = 600000,
                                                 .dial_ms = 40000}});
    tell(d, (struct command){.kind = CMD_CALL_ARRIVED,
                             .call_arrived = {.leg_id = 9, .person_id = 7, .reference = 3}});
    uint64_t call_id = d->events[d->n - 1].id;
    tell(d, (struct command){.kind = CMD_CALLBACK_PROMISE,
                             .callback_promise = {.call_id = call_id, .queue_id = 1}});
    tell(d, (struct command){.kind = CMD_CALL_ENDED,
                             .call_ended = {.call_id = call_id, .by = ENDED_BY_CALLER}});
    tell(d, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = 1}});
    for (unsigned i = d->n; i-- > 0;)
        if (d->events[i].kind == EV_OFFER_MADE)
            return d->events[i].id;
    fail_msg("nobody is kept for the promise");
    return 0;
}

static void a_death_is_no_attempt_however_long_nobody_lived(void **state)
{
    (void)state;
    struct desk *d = desk_open();
    furnish(d);
    uint64_t offer_id = promise(d);
    tell(d, (struct command){.kind = CMD_OFFER_ADVANCE, .offer_advance = {offer_id}});
    commit(d);
    assert_int_equal(emitted(d, EFFECT_CALLBACK_DIAL), 1);
    d->now_at += 600000; /* their telephone would long have been rung in vain */
    desk_start(d);
    bool is_lost = false;
    for (unsigned i = 0; i < d->n; i++) {
        is_lost |= d->events[i].kind == EV_CONTACT_RETURNED;
        if (d->events[i].kind == EV_CALLBACK_TRIED)
            assert_int_equal(d->events[i].callback_tried.result, CALLBACK_RESULT_FAULT);
    }
    assert_true(is_lost);
    desk_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_death_is_no_attempt_however_long_nobody_lived),
        cmocka_unit_test(an_ordered_effect_goes_at_the_commit),
        cmocka_unit_test(an_ordered_effect_goes_after_a_tenth_of_a_second_without_commit),
        cmocka_unit_test(what_concerns_a_held_leg_follows_it),
        cmocka_unit_test(a_promise_goes_at_the_commit_and_never_before),
        cmocka_unit_test(a_promise_that_cannot_be_kept_is_refused_in_words),
        cmocka_unit_test(nothing_is_published_before_it_is_committed),
        cmocka_unit_test(with_the_ring_half_full_new_calls_are_turned_away_and_counted),
        cmocka_unit_test(with_no_room_at_all_commands_wait_and_nothing_is_lost),
        cmocka_unit_test(past_the_backlog_a_command_is_refused),
        cmocka_unit_test(a_restart_replays_and_ends_the_calls_of_the_lost_legs),
        cmocka_unit_test(a_snapshot_and_its_tail_give_the_same_state_as_all_events),
    };
    return cmocka_run_group_tests_name("app/app", tests, NULL, NULL);
}
