/* cast.c — the people of the demonstration, one gesture after the other, with the effects that the
 * house would answer with: the door, the gate's answers to keys, a callback, an agent's day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cast_state.h"

#define NINE ((ms_t)1795420800000)
#define FIRST_AGENT 10
#define TURNS 100000
#define JEAN 9 /* his visit, from 1, as it stands in the leg */

static const struct acd_limits limits = {
    .contacts_max = 8, .agents_max = 4, .queues_max = 1, .lanes_max = 8};

struct stage {
    struct cast *cast;
    struct acd *acd;
    ms_t now_at;
};

static void begin(struct stage *s)
{
    size_t n = (cast_bytes() + 63) / 64 * 64;
    s->cast =
        cast_open(aligned_alloc(64, n),
                  &(struct cast_args){.seed = 1, .from_at = NINE, .first_agent = FIRST_AGENT});
    s->acd = acd_open(aligned_alloc(64, acd_bytes(&limits)), &limits);
    s->now_at = NINE;
    cast_meet(s->cast, s->acd);
}

static void end(struct stage *s)
{
    free(s->cast);
    free(s->acd);
}

/* The next command, when it is due before until_at. */
static bool next(struct stage *s, ms_t until_at, struct command *cmd)
{
    for (unsigned i = 0; i < TURNS; i++) {
        ms_t at = cast_next_at(s->cast);
        if (at > until_at)
            return false;
        s->now_at = at > s->now_at ? at : s->now_at;
        if (cast_due(s->cast, s->now_at, cmd))
            return true;
    }
    fail_msg("the cast does not come to the end of an instant");
    return false;
}

static bool accept(struct stage *s, const struct command *arrived, uint64_t call_id)
{
    const struct effect e = {.kind = EFFECT_CALL_ACCEPT,
                             .call_accept = {.leg_node = arrived->call_arrived.leg_node,
                                             .leg_id = arrived->call_arrived.leg_id,
                                             .call_id = call_id}};
    return cast_effect(s->cast, &e, s->now_at);
}

static void a_leg_says_whose_it_is(void **state)
{
    (void)state;
    assert_int_equal(cast_of_leg(CAST_NODE, (uint64_t)CAST_MARIA << 32 | 6), CAST_MARIA);
    assert_int_equal(cast_of_leg(CAST_NODE + 1, (uint64_t)CAST_MARIA << 32 | 6), CAST_NOBODY);
    assert_int_equal(cast_of_leg(CAST_NODE, (uint64_t)(CAST_N - 1) << 32), CAST_N - 1);
    assert_int_equal(cast_of_leg(CAST_NODE, (uint64_t)CAST_N << 32), CAST_NOBODY);
}

static void each_call_of_the_router_is_refused_in_words_or_counted(void **state)
{
    (void)state;
    struct stage s;
    struct command cmd;
    unsigned refused_n = 0, shed_n = 0, open_n = 0, most_n = 0;
    uint64_t call_id = 100;
    begin(&s);
    while (next(&s, NINE + CAST_FLOOD_MS + MINUTE, &cmd)) {
        bool is_theirs =
            cmd.kind == CMD_CALL_ARRIVED &&
            cast_of_leg(cmd.call_arrived.leg_node, cmd.call_arrived.leg_id) == CAST_ROUTER;
        if (is_theirs)
            assert_true(accept(&s, &cmd, ++call_id));
        open_n += is_theirs;
        most_n = open_n > most_n ? open_n : most_n;
        refused_n += cmd.kind == CMD_CALL_REFUSE;
        open_n -= cmd.kind == CMD_CALL_ENDED;
        shed_n += cmd.kind == CMD_SHED ? cmd.shed.n : 0;
    }
    assert_int_equal(refused_n + shed_n, CAST_FLOOD_CALLS);
    assert_int_equal(most_n, CAST_CHANNELS);
    assert_int_equal(open_n, 0);
    assert_true(flood_is_over(s.cast));
    end(&s);
}

/* Until Jean has been promised a call. */
static void promise_jean(struct stage *s)
{
    struct command cmd;
    uint64_t leg_id = (uint64_t)CAST_JEAN << 32 | JEAN;
    unsigned promises_n = 0;
    while (!promises_n && next(s, NINE + 35 * MINUTE, &cmd)) {
        if (cmd.kind == CMD_CALL_ARRIVED && cmd.call_arrived.leg_id == leg_id) {
            assert_int_equal(cmd.call_arrived.person_id, 0);
            accept(s, &cmd, 7);
        }
        promises_n += cmd.kind == CMD_CALLBACK_PROMISE;
    }
    assert_int_equal(promises_n, 1);
    assert_int_equal(cmd.callback_promise.call_id, 7);
}

static void a_surcharged_number_is_refused_and_another_one_asked_for(void **state)
{
    (void)state;
    struct stage s;
    const struct cast_note *notes;
    begin(&s);
    assert_int_equal(cast_accepted(s.cast, CAST_JEAN), CAST_NOTES_MAX);
    promise_jean(&s);
    assert_int_equal(cast_notes(s.cast, &notes), 2);
    assert_int_equal(notes[0].verdict, GATE_REFUSED_SURCHARGED);
    assert_int_equal(notes[1].verdict, GATE_PASSES);
    assert_true(notes[0].at < notes[1].at);
    assert_string_equal(cast_given(CAST_JEAN, cast_accepted(s.cast, CAST_JEAN)), "06 39 98 12 42");
    assert_null(cast_given(CAST_JEAN, 2));
    end(&s);
}

/* The n-th command about this offer that comes before until_at; 0: none did. */
static unsigned advances(struct stage *s, uint64_t offer_id, ms_t until_at)
{
    struct command cmd;
    unsigned n = 0;
    while (next(s, until_at, &cmd))
        n += cmd.kind == CMD_OFFER_ADVANCE && cmd.offer_advance.offer_id == offer_id;
    return n;
}

static void nothing_rings_before_the_attempt_is_on_disk(void **state)
{
    (void)state;
    struct stage s;
    begin(&s);
    promise_jean(&s);
    const struct effect noted = {.kind = EFFECT_CALL_TELL_PROMISE,
                                 .call_tell_promise = {.leg_node = CAST_NODE,
                                                       .leg_id = (uint64_t)CAST_JEAN << 32 | JEAN,
                                                       .call_id = 7,
                                                       .contact_id = 6}};
    const struct effect ring = {
        .kind = EFFECT_OFFER_RING,
        .offer_ring = {.offer_id = 90, .agent_id = 1, .contact_id = 6, .is_callback = true}};
    const struct effect dial = {.kind = EFFECT_CALLBACK_DIAL, .callback_dial = {.offer_id = 90}};
    assert_false(cast_effect(s.cast, &ring, s.now_at)); /* nothing is promised yet */
    cast_effect(s.cast, &noted, s.now_at);
    assert_int_equal(advances(&s, 90, s.now_at + MINUTE), 0); /* and hangs up */
    assert_true(cast_effect(s.cast, &ring, s.now_at));
    assert_int_equal(advances(&s, 90, s.now_at + MINUTE), 1);
    assert_int_equal(advances(&s, 90, s.now_at + 10 * MINUTE), 0);
    assert_true(cast_effect(s.cast, &dial, s.now_at));
    assert_int_equal(advances(&s, 90, s.now_at + MINUTE), 1);
    assert_false(cast_effect(s.cast, &(struct effect){.kind = EFFECT_CALLBACK_DIAL}, s.now_at));
    end(&s);
}

static void an_agent_of_the_cast_is_at_the_desk_then_ready(void **state)
{
    (void)state;
    struct stage s;
    struct command cmd;
    static const enum command_kind steps[] = {CMD_AGENT_SET, CMD_AGENT_SIGN_IN, CMD_AGENT_PAUSE,
                                              CMD_AGENT_READY};
    unsigned step = 0;
    begin(&s);
    assert_int_equal(cast_first_agent(s.cast), FIRST_AGENT);
    while (step < ARRAY_LEN(steps) && next(&s, NINE + 11 * MINUTE, &cmd))
        if (cmd.kind == steps[step] && cmd.agent_set.agent_id == FIRST_AGENT)
            step++; /* the agent is the first field of each */
    assert_int_equal(step, ARRAY_LEN(steps));
    assert_int_equal(s.now_at, NINE + cast_staff[0].back_ms);
    end(&s);
}

static void an_agent_of_the_cast_answers_only_what_rings_now(void **state)
{
    (void)state;
    struct stage s;
    struct command cmd;
    struct effect ring = {.kind = EFFECT_OFFER_RING,
                          .offer_ring = {.offer_id = 90, .agent_id = FIRST_AGENT}};
    const struct effect stop = {.kind = EFFECT_OFFER_STOP,
                                .offer_stop = {.offer_id = 90, .agent_id = FIRST_AGENT}};
    begin(&s);
    while (next(&s, NINE + 10 * MINUTE, &cmd)) {
    }
    cast_effect(s.cast, &ring, s.now_at);
    cast_effect(s.cast, &stop, s.now_at);
    ring.offer_ring.offer_id = 91;
    cast_effect(s.cast, &ring, s.now_at);
    unsigned confirmed_n = 0;
    while (next(&s, NINE + 11 * MINUTE, &cmd))
        if (cmd.kind == CMD_OFFER_CONFIRM) {
            assert_int_equal(cmd.offer_confirm.offer_id, 91);
            confirmed_n++;
        }
    assert_int_equal(confirmed_n, 1);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leg_says_whose_it_is),
        cmocka_unit_test(each_call_of_the_router_is_refused_in_words_or_counted),
        cmocka_unit_test(a_surcharged_number_is_refused_and_another_one_asked_for),
        cmocka_unit_test(nothing_rings_before_the_attempt_is_on_disk),
        cmocka_unit_test(an_agent_of_the_cast_is_at_the_desk_then_ready),
        cmocka_unit_test(an_agent_of_the_cast_answers_only_what_rings_now),
    };
    return cmocka_run_group_tests_name("sim/cast", tests, NULL, NULL);
}
