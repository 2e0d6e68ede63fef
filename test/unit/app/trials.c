/* trials.c — a test call of an access: what comes of it, what the gate lets through, and what a
 * change of the settings is judged by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/trials.h"
#include "test/support/gatehouse.h"

#define NUMBER "04 10 00 00 10"
#define LEG 77u
#define WALL_AT ((ms_t)GATEHOUSE_DAY * 86400000 + 43200000)

static struct directory *directory; /* owned */
static struct {
    struct trials t;
    char dialled[32];
    uint32_t trunk_id;
    enum trials_link link;
    struct trial over;
    unsigned dials_n, overs_n, hung_n;
    uint64_t leg_id; /* of the next call; 0: none can be made */
    bool is_unnoted;
    ms_t now_at;
} x;

static uint64_t dial(void *arg, const struct phone_dial *call)
{
    (void)arg;
    x.trunk_id = call->trunk;
    memset(x.dialled, 0, sizeof(x.dialled));
    memcpy(x.dialled, call->number.p, call->number.n);
    x.dials_n++;
    return x.leg_id;
}

static void hang_up(void *arg, uint64_t leg_id)
{
    (void)arg;
    assert_int_equal(leg_id, LEG);
    x.hung_n++;
}

static bool note(void *arg)
{
    (void)arg;
    return !x.is_unnoted;
}

static enum trials_link look_at_link(void *arg, uint32_t trunk_id)
{
    (void)arg;
    assert_int_not_equal(trunk_id, 0);
    return x.link;
}

static void over(void *arg, const struct trial *trial)
{
    (void)arg;
    x.over = *trial;
    x.overs_n++;
}

static const struct phone_port phone = {.dial = dial, .hang_up = hang_up};

static int set_up(void **state)
{
    gatehouse_set_up(state);
    memset(&x, 0, sizeof(x));
    const struct directory_room room = {.trunks_n = 2};
    size_t n = (directory_bytes(&room) + 63) / 64 * 64;
    free(directory);
    directory = directory_open(memset(aligned_alloc(64, n), 0, n), &room);
    directory->trunks_n = 1;
    struct directory_trunk *t = &directory->trunks[0];
    t->number = 5;
    memcpy(t->id, "voies", sizeof("voies"));
    memcpy(t->test_number, NUMBER, sizeof(NUMBER));
    map_put(&directory->trunk_of, 5, 0);
    x.leg_id = LEG;
    x.link = TRIALS_LINK_UP;
    const struct trials_args args = {
        .phone = &phone, .gate = gatehouse.gate, .note = note, .link = look_at_link, .over = over};
    trials_open(&x.t, &args);
    trials_time(&x.t, directory, 0, WALL_AT);
    return 0;
}

static void begin_anew(void **state)
{
    gatehouse_tear_down(state);
    set_up(state);
}

static void at(ms_t now_at)
{
    x.now_at = now_at;
    trials_time(&x.t, directory, now_at, WALL_AT + now_at);
    trials_run(&x.t);
}

static void wish(const char *number)
{
    struct trial_wish w = {.trunk_id = 5, .by_id = 9, .dialled_n = (uint8_t)strlen(number)};
    memcpy(w.dialled, number, w.dialled_n);
    trials_ask(&x.t, &w);
}

static bool hears(enum phone_report_kind kind, uint16_t status)
{
    struct phone_report r = {.kind = kind, .leg_id = LEG};
    if (kind == PHONE_REFUSED)
        r.status = status;
    return trials_hears(&x.t, &r);
}

static const struct trial *told(void)
{
    return &x.t.board.of[0];
}

/* ---- one call ----------------------------------------------------------------------------- */

static void a_call_goes_by_that_access_alone_and_who_picks_up_ends_it(void **state)
{
    (void)state;
    wish(" " NUMBER);
    assert_int_equal(x.trunk_id, 5);
    assert_string_equal(x.dialled, "33410000010");
    assert_int_equal(told()->state, TRIAL_CALLS);
    assert_true(hears(PHONE_RINGS, 0));
    assert_int_equal(told()->state, TRIAL_RINGS);
    assert_int_equal(x.overs_n, 0);
    at(3000);
    assert_true(hears(PHONE_UP, 0));
    assert_int_equal(x.hung_n, 1);
    assert_int_equal(x.over.state, TRIAL_ANSWERED);
    assert_int_equal(x.over.took_ms, 3000);
    assert_int_equal(x.over.by_id, 9);
    assert_true(trial_is_good(told()));
    assert_false(hears(PHONE_ENDED, 0)); /* it is nobody's any more */
    assert_int_equal(gatehouse_look(&gatehouse).calls_n[GATE_PURSE_ORDINARY], 1);
}

static void it_rings_for_twenty_seconds_and_no_longer(void **state)
{
    (void)state;
    wish(NUMBER);
    hears(PHONE_RINGS, 0);
    assert_int_equal(trials_next_at(&x.t), TRIALS_RING_MS);
    at(TRIALS_RING_MS - 1);
    assert_int_equal(told()->state, TRIAL_RINGS);
    at(TRIALS_RING_MS);
    assert_int_equal(told()->state, TRIAL_RANG);
    assert_int_equal(x.hung_n, 1);
    assert_true(trial_is_good(told()));
    assert_int_equal(trials_next_at(&x.t), MS_NEVER);
    wish(NUMBER); /* nothing but 100: nobody was reached */
    at(2 * TRIALS_RING_MS);
    assert_int_equal(told()->state, TRIAL_SILENT);
    assert_false(trial_is_good(told()));
}

static void a_refusal_is_told_and_who_is_busy_was_reached(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        enum trial_state state;
        bool is_good;
    } rows[] = {{404, TRIAL_REFUSED, false}, {403, TRIAL_REFUSED, false},
                {503, TRIAL_REFUSED, false}, {486, TRIAL_REFUSED, true},
                {480, TRIAL_REFUSED, true},  {600, TRIAL_REFUSED, true},
                {603, TRIAL_REFUSED, true},  {408, TRIAL_SILENT, false}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        wish(NUMBER);
        assert_true(hears(PHONE_REFUSED, rows[i].status));
        assert_int_equal(told()->state, rows[i].state);
        assert_int_equal(told()->status, rows[i].status);
        assert_int_equal(trial_is_good(told()), rows[i].is_good);
    }
    assert_int_equal(x.hung_n, 0);
}

static void one_at_a_time_by_an_access(void **state)
{
    (void)state;
    wish(NUMBER);
    wish(NUMBER);
    assert_int_equal(x.dials_n, 1);
    struct trial_wish unknown = {.trunk_id = 6};
    trials_ask(&x.t, &unknown);
    assert_int_equal(x.dials_n, 1);
    hears(PHONE_UP, 0);
    wish(NUMBER);
    assert_int_equal(x.dials_n, 2);
}

static void what_the_gate_refuses_is_not_dialled(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        enum gate_verdict why;
    } rows[] = {{"112", GATE_REFUSED_EMERGENCY},
                {"1 15", GATE_REFUSED_EMERGENCY},
                {"3114", GATE_REFUSED_EMERGENCY},
                {"3646", GATE_REFUSED_SHORT},
                {"0899 12 34 56", GATE_REFUSED_SURCHARGED},
                {"+44 20 7946 0018", GATE_REFUSED_ABROAD},
                {"<script>", GATE_REFUSED_UNREADABLE},
                {"", GATE_REFUSED_UNREADABLE},
                {"01 99 00 12 34", GATE_REFUSED_FICTION}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        wish(rows[i].number);
        assert_int_equal(told()->state, TRIAL_GATED);
        assert_int_equal(told()->gate, rows[i].why);
    }
    x.is_unnoted = true;
    wish(NUMBER);
    assert_int_equal(told()->gate, GATE_REFUSED_UNNOTED);
    assert_int_equal(x.dials_n, 0);
    assert_int_equal(gatehouse_look(&gatehouse).calls_n[GATE_PURSE_ALL], 0);
}

static void a_line_that_cannot_be_had_is_tried_again_for_four_seconds(void **state)
{
    (void)state;
    x.leg_id = 0;
    wish(NUMBER);
    at(TRIALS_AGAIN_MS - 1);
    assert_int_equal(x.dials_n, 1);
    at(TRIALS_AGAIN_MS);
    assert_int_equal(x.dials_n, 2);
    at(TRIALS_UNSENT_MS - 1);
    assert_int_equal(told()->state, TRIAL_CALLS);
    at(TRIALS_UNSENT_MS - 1 + TRIALS_AGAIN_MS);
    assert_int_equal(told()->state, TRIAL_UNSENT);
    assert_int_equal(gatehouse_look(&gatehouse).calls_n[GATE_PURSE_ORDINARY], 0);
}

static void reports_of_others_are_not_taken(void **state)
{
    (void)state;
    wish(NUMBER);
    const struct phone_report other = {.kind = PHONE_UP, .leg_id = LEG + 1},
                              away = {.kind = PHONE_AWAY, .aor = LEG};
    assert_false(trials_hears(&x.t, &other));
    assert_false(trials_hears(&x.t, &away));
    trials_cut(&x.t);
    assert_int_equal(x.hung_n, 1);
}

/* ---- a change ----------------------------------------------------------------------------- */

/* It worked, or not; then a change came, after which the call does this. */
static enum trials_verdict after_a_change(bool has_worked, bool works)
{
    wish(NUMBER);
    hears(PHONE_REFUSED, has_worked ? 486 : 404);
    trials_before_change(&x.t);
    at(x.now_at + 100);
    assert_true(trials_judge(&x.t, 12, 3));
    assert_int_equal(told()->version, 12);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WAIT);
    hears(PHONE_REFUSED, works ? 486 : 404);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WAIT); /* OPTIONS may yet tell */
    at(x.now_at + TRIALS_LINK_MS);
    return trials_verdict(&x.t);
}

static void a_change_is_worse_only_when_the_call_worked_before(void **state)
{
    assert_int_equal(after_a_change(true, true), TRIALS_WELL);
    begin_anew(state);
    assert_int_equal(after_a_change(false, false), TRIALS_WELL);
    assert_false(told()->is_worse);
    begin_anew(state);
    assert_int_equal(after_a_change(true, false), TRIALS_WORSE);
    assert_true(told()->is_worse && !told()->is_undone);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WELL); /* told once */
    trials_undone(&x.t, 11);
    assert_false(told()->is_undone);
    trials_undone(&x.t, 12);
    assert_true(told()->is_undone);
    trials_before_change(&x.t); /* as it is again, it works */
    assert_true(told()->has_worked);
}

static void a_change_is_worse_when_the_operator_no_longer_answers(void **state)
{
    (void)state;
    trials_before_change(&x.t); /* no call was ever made */
    x.link = TRIALS_LINK_DOWN;
    assert_true(trials_judge(&x.t, 4, 0));
    hears(PHONE_REFUSED, 486);
    at(TRIALS_LINK_MS - 1);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WAIT);
    at(TRIALS_LINK_MS);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WORSE);
    begin_anew(state);
    x.link = TRIALS_LINK_DOWN; /* so it was before, too */
    trials_before_change(&x.t);
    assert_true(trials_judge(&x.t, 4, 0));
    hears(PHONE_REFUSED, 486);
    at(TRIALS_LINK_MS);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WELL);
}

static void without_a_number_of_its_own_nothing_is_judged(void **state)
{
    (void)state;
    directory->trunks[0].test_number[0] = 0;
    trials_before_change(&x.t);
    assert_false(trials_judge(&x.t, 4, 0));
    assert_int_equal(x.dials_n, 0);
    assert_int_equal(trials_verdict(&x.t), TRIALS_WELL);
}

static void only_what_changes_the_way_of_calls_is_a_difference(void **state)
{
    (void)state;
    struct directory_trunk other_trunks[2] = {directory->trunks[0], directory->trunks[1]};
    struct directory other = {.trunks = other_trunks, .trunks_n = 1};
    assert_false(trials_differ(directory, &other));
    memcpy(other_trunks[0].test_number, "112", sizeof("112"));
    assert_false(trials_differ(directory, &other));
    memcpy(other_trunks[0].host, "192.0.2.9", sizeof("192.0.2.9"));
    assert_true(trials_differ(directory, &other));
    other.trunks_n = 2;
    assert_true(trials_differ(directory, &other));
}

static int tear_down(void **state)
{
    free(directory);
    directory = NULL;
    return gatehouse_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_goes_by_that_access_alone_and_who_picks_up_ends_it),
        TEST(it_rings_for_twenty_seconds_and_no_longer),
        TEST(a_refusal_is_told_and_who_is_busy_was_reached),
        TEST(one_at_a_time_by_an_access),
        TEST(what_the_gate_refuses_is_not_dialled),
        TEST(a_line_that_cannot_be_had_is_tried_again_for_four_seconds),
        TEST(reports_of_others_are_not_taken),
        TEST(a_change_is_worse_only_when_the_call_worked_before),
        TEST(a_change_is_worse_when_the_operator_no_longer_answers),
        TEST(without_a_number_of_its_own_nothing_is_judged),
        TEST(only_what_changes_the_way_of_calls_is_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
