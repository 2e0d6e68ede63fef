/* session.c — the crossings of RFC 3261 §9, §13, §15 by name, then what holds on every path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/session.h"

#define SESSION(name) SIP_SESSION_##name

static unsigned step(enum sip_session_state *s, enum sip_session_event event)
{
    return sip_session_happens(s, event);
}

static enum sip_session_state s;

static int from(enum sip_session_state state, enum sip_session_event event)
{
    s = state;
    return (int)step(&s, event);
}

static void cancel_that_crosses_our_200_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(RINGING), SESSION(WE_ANSWER)), SESSION(SEND_2XX));
    assert_int_equal(step(&s, SESSION(GOT_CANCEL)), SESSION(SEND_OK));
    assert_int_equal(step(&s, SESSION(GOT_ACK)), SESSION(TELL_UP));
    assert_int_equal(s, SESSION(TALKING));
}

static void cancel_ends_what_rings(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(RINGING), SESSION(GOT_CANCEL)),
                     SESSION(SEND_OK) | SESSION(SEND_487) | SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_CANCEL)), SESSION(SEND_OK)); /* said again */
    assert_int_equal(step(&s, SESSION(WE_ANSWER)), 0);                 /* too late */
    assert_int_equal(s, SESSION(ENDED));
}

static void bye_before_the_ack_ends_the_call_and_the_repetition(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(ANSWERED), SESSION(GOT_BYE)),
                     SESSION(SEND_OK) | SESSION(STOP_2XX) | SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_ACK)), 0);
    assert_int_equal(s, SESSION(ENDED));
}

static void to_hang_up_before_the_ack_waits_for_it(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(ANSWERED), SESSION(WE_HANG_UP)), SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_ACK)), SESSION(SEND_BYE));
    assert_int_equal(step(&s, SESSION(BYE_DONE)), 0);
    assert_int_equal(s, SESSION(ENDED));
}

static void a_lost_ack_ends_the_call_by_bye(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(ANSWERED), SESSION(NO_ACK)),
                     SESSION(SEND_BYE) | SESSION(TELL_END));
    assert_int_equal(from(SESSION(LEAVING), SESSION(NO_ACK)), SESSION(SEND_BYE));
    assert_int_equal(from(SESSION(TALKING), SESSION(NO_ACK)),
                     SESSION(SEND_BYE) | SESSION(TELL_END));
}

static void each_repeated_200_is_acknowledged_again(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(HEARD), SESSION(GOT_2XX)), SESSION(SEND_ACK) | SESSION(TELL_UP));
    assert_int_equal(step(&s, SESSION(GOT_2XX)), SESSION(SEND_ACK));
    assert_int_equal(step(&s, SESSION(WE_HANG_UP)), SESSION(SEND_BYE) | SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_2XX)), SESSION(SEND_ACK));
    assert_int_equal(step(&s, SESSION(BYE_DONE)), 0);
    assert_int_equal(step(&s, SESSION(GOT_2XX)), SESSION(SEND_ACK));
}

static void an_early_bye_refuses_the_invite(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(RINGING), SESSION(GOT_BYE)),
                     SESSION(SEND_OK) | SESSION(SEND_487) | SESSION(TELL_END));
}

static void to_hang_up_before_anything_was_heard_waits_for_a_word(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(CALLING), SESSION(WE_HANG_UP)), SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_1XX)), SESSION(SEND_CANCEL));
    assert_int_equal(step(&s, SESSION(GOT_1XX)), 0); /* one CANCEL */
    assert_int_equal(step(&s, SESSION(GOT_FAILURE)), 0);
    assert_int_equal(s, SESSION(ENDED));
}

static void a_200_that_crosses_our_cancel_is_acknowledged_and_ended(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(HEARD), SESSION(WE_HANG_UP)),
                     SESSION(SEND_CANCEL) | SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_2XX)), SESSION(SEND_ACK) | SESSION(SEND_BYE));
    assert_int_equal(step(&s, SESSION(NO_ANSWER)), 0);
    assert_int_equal(s, SESSION(ENDED));
}

static void both_hang_up_at_once(void **state)
{
    (void)state;
    assert_int_equal(from(SESSION(TALKING), SESSION(WE_HANG_UP)),
                     SESSION(SEND_BYE) | SESSION(TELL_END));
    assert_int_equal(step(&s, SESSION(GOT_BYE)), SESSION(SEND_OK));
    assert_int_equal(step(&s, SESSION(BYE_DONE)), 0);
    assert_int_equal(step(&s, SESSION(GOT_BYE)), SESSION(SEND_481));
}

/* ---- every cell, every path --------------------------------------------------------------- */

static const unsigned finals =
    SIP_SESSION_SEND_2XX | SIP_SESSION_SEND_REFUSAL | SIP_SESSION_SEND_487;

/* What a path has seen so far: state, and six facts. */
struct path {
    enum sip_session_state state;
    bool is_told, is_final, is_acked, is_byed, is_cancelled, is_up;
};

#define PATHS (SIP_SESSION_STATES * 64u)

static unsigned number_of(const struct path *p)
{
    return p->state * 64u + p->is_told + p->is_final * 2u + p->is_acked * 4u + p->is_byed * 8u +
           p->is_cancelled * 16u + p->is_up * 32u;
}

/* The rules that hold for one move of any path. */
static struct path follow(struct path p, enum sip_session_event event)
{
    bool was_called = p.state == SESSION(RINGING) || p.state == SESSION(EARLY) ||
                      p.state == SESSION(ANSWERED) || p.state == SESSION(LEAVING);
    unsigned actions = step(&p.state, event);
    bool is_asked = event == SESSION(GOT_BYE) || event == SESSION(GOT_CANCEL);
    bool is_ok = actions & SESSION(SEND_OK), is_481 = actions & SESSION(SEND_481);
    assert_true(p.state < SIP_SESSION_STATES);
    assert_int_equal(is_ok + is_481, is_asked); /* a BYE or CANCEL gets one answer */
    assert_false(p.is_told && (actions & SESSION(TELL_END)));
    assert_false(p.is_told && (actions & (SESSION(TELL_UP) | SESSION(TELL_HEARD))));
    assert_false(p.is_up && (actions & SESSION(TELL_UP)));
    assert_false(p.is_final && (actions & finals)); /* never two final answers */
    assert_false(p.is_cancelled && (actions & SESSION(SEND_CANCEL)));
    assert_false(p.is_byed && (actions & SESSION(SEND_BYE)));
    p.is_acked |= event == SESSION(GOT_ACK) || event == SESSION(NO_ACK);
    /* The called side sends no BYE before the ACK (§15). */
    assert_false(was_called && (actions & SESSION(SEND_BYE)) && !p.is_acked);
    p.is_told |= (actions & SESSION(TELL_END)) != 0;
    p.is_final |= (actions & finals) != 0;
    p.is_byed |= (actions & SESSION(SEND_BYE)) != 0;
    p.is_cancelled |= (actions & SESSION(SEND_CANCEL)) != 0;
    p.is_up |= (actions & SESSION(TELL_UP)) != 0;
    if (p.state == SESSION(ENDED) || p.state == SESSION(CLOSING))
        assert_true(p.is_told);
    return p;
}

static void explore(enum sip_session_state first)
{
    static struct path queue[PATHS];
    bool is_seen[PATHS] = {false};
    unsigned n = 1;
    queue[0] = (struct path){.state = first};
    is_seen[number_of(&queue[0])] = true;
    for (unsigned i = 0; i < n; i++) {
        for (unsigned e = 0; e < SIP_SESSION_EVENTS; e++) {
            struct path next = follow(queue[i], (enum sip_session_event)e);
            if (is_seen[number_of(&next)])
                continue;
            is_seen[number_of(&next)] = true;
            queue[n++] = next;
        }
    }
}

static void on_every_path_the_end_is_told_once_and_answers_are_single(void **state)
{
    (void)state;
    explore(SESSION(RINGING));
    explore(SESSION(CALLING));
}

static void every_2xx_that_a_caller_can_meet_is_acknowledged(void **state)
{
    (void)state;
    for (unsigned i = SESSION(CALLING); i < SIP_SESSION_STATES; i++)
        assert_true(from((enum sip_session_state)i, SESSION(GOT_2XX)) & SESSION(SEND_ACK));
}

/* When we hang up and nobody ever speaks again, timers alone lead to the end. */
static void silence_ends_every_call(void **state)
{
    (void)state;
    for (unsigned i = SESSION(RINGING); i < SIP_SESSION_STATES; i++) {
        s = (enum sip_session_state)i;
        step(&s, SESSION(WE_HANG_UP));
        step(&s, SESSION(NO_ACK));
        step(&s, SESSION(NO_ANSWER));
        assert_int_equal(s, SESSION(ENDED));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancel_that_crosses_our_200_changes_nothing),
        cmocka_unit_test(cancel_ends_what_rings),
        cmocka_unit_test(bye_before_the_ack_ends_the_call_and_the_repetition),
        cmocka_unit_test(to_hang_up_before_the_ack_waits_for_it),
        cmocka_unit_test(a_lost_ack_ends_the_call_by_bye),
        cmocka_unit_test(each_repeated_200_is_acknowledged_again),
        cmocka_unit_test(an_early_bye_refuses_the_invite),
        cmocka_unit_test(to_hang_up_before_anything_was_heard_waits_for_a_word),
        cmocka_unit_test(a_200_that_crosses_our_cancel_is_acknowledged_and_ended),
        cmocka_unit_test(both_hang_up_at_once),
        cmocka_unit_test(on_every_path_the_end_is_told_once_and_answers_are_single),
        cmocka_unit_test(every_2xx_that_a_caller_can_meet_is_acknowledged),
        cmocka_unit_test(silence_ends_every_call),
    };
    return cmocka_run_group_tests_name("sip/session", tests, NULL, NULL);
}
