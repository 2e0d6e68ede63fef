/* lines_kept.c — one process dies, the next one goes on: what each hears, and what the journal says
 * of who could not go on; over the real heart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"
#include "test/support/reception_kept.h"

struct lived {
    struct reception *r;
    struct kept kept;
};

static void begin(struct lived *l)
{
    l->r = reception_open(8);
    kept_open(&l->kept, 8);
    lines_keep(l->r->lines, &l->kept.rows);
}

static void finish(struct lived *l)
{
    kept_drop(&l->kept);
    reception_drop(l->r);
}

/* What was committed, and what the rows say; telephones and callers are where they were. */
static void die(struct lived *l)
{
    lines_keep_turn(l->r->lines);
    notebook_crash(&l->r->book);
    l->r->now_at += 700;
    kept_resume(&l->kept, l->r, NULL, NULL);
    turn(l->r);
}

static uint64_t spoken_to(struct reception *r, uint64_t caller)
{
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    assert_int_not_equal(agent, 0);
    up(r, agent);
    assert_int_equal(leg(r, caller)->sound.peer_id, agent);
    return agent;
}

static void who_waits_hears_the_music_again_and_keeps_the_place(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    sign_in(r, 1);
    uint64_t first = in_queue(r), second = in_queue(r);
    uint64_t contact = last(r, EV_CONTACT_OPENED).id;
    die(&l);
    assert_int_equal(events(r, EV_CALL_ENDED), 0);
    assert_int_equal(events(r, EV_NODE_LOST), 0);
    assert_int_equal(leg(r, first)->sound.loop_id, PROMPT_MUSIC_WAIT);
    assert_int_equal(leg(r, second)->sound.loop_id, PROMPT_MUSIC_WAIT);
    reception_do(r, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {1}});
    turn(r);
    assert_true(last(r, EV_OFFER_MADE).offer_made.contact_id < contact);
    ends(r, first, false);
    ends(r, second, false);
    assert_int_equal(events(r, EV_CALL_OUTCOME), 2);
    finish(&l);
}

static void who_speaks_goes_on_speaking(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r), agent = spoken_to(r, caller);
    heard(r, caller);
    heard(r, agent);
    pass(r, 8000);
    die(&l);
    assert_int_equal(leg(r, caller)->sound.then, MEDIA_BRIDGE);
    assert_int_equal(leg(r, caller)->sound.peer_id, agent);
    assert_int_equal(leg(r, agent)->sound.peer_id, caller);
    assert_true(leg(r, agent)->sound.hides_keys);
    pass(r, 3000);
    ends(r, agent, false);
    assert_int_equal(last(r, EV_OFFER_ENDED).offer_ended.why, OFFER_END_FINISHED);
    assert_true(last(r, EV_OFFER_ENDED).offer_ended.counts); /* ten seconds, over both lives */
    finish(&l);
}

static void who_was_held_by_the_telephone_is_held_still(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r), agent = spoken_to(r, caller);
    holds(r, agent, true);
    die(&l);
    assert_int_equal(leg(r, caller)->sound.then, MEDIA_LOOP);
    holds(r, agent, false);
    assert_int_equal(leg(r, caller)->sound.peer_id, agent);
    finish(&l);
}

static void a_telephone_that_rings_rings_on_and_is_joined(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r);
    get_ready(r, 1);
    uint64_t agent = rings_at(r, 1);
    die(&l);
    assert_int_equal(rings_at(r, 1), agent);
    assert_int_equal(events(r, EV_OFFER_MADE), 1);
    assert_int_equal(leg(r, caller)->sound.loop_id, PROMPT_MUSIC_WAIT);
    up(r, agent);
    assert_int_equal(leg(r, caller)->sound.peer_id, agent);
    finish(&l);
}

static void an_offer_whose_telephone_is_gone_is_withdrawn_and_nobody_is_paused(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r);
    get_ready(r, 1);
    leg(r, rings_at(r, 1))->state = BOARD_OVER;
    die(&l);
    assert_int_equal(last(r, EV_OFFER_ENDED).offer_ended.why, OFFER_END_WITHDRAWN);
    assert_int_equal(events(r, EV_AGENT_PAUSED), 0);
    assert_int_equal(events(r, EV_OFFER_MADE), 2); /* the same agent, at once */
    assert_int_not_equal(rings_at(r, 1), 0);
    assert_false(is_over(r, caller));
    finish(&l);
}

static void a_caller_whose_agent_is_gone_is_at_the_head_again_and_told(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r), agent = spoken_to(r, caller);
    leg(r, agent)->state = BOARD_OVER;
    die(&l);
    assert_int_equal(last(r, EV_CONTACT_RETURNED).contact_returned.why, OFFER_END_AGENT_LOST);
    assert_true(hears(r, caller, PROMPT_WAIT_AGENT_LOST));
    finish(&l);
}

static void an_agent_whose_caller_is_gone_is_in_the_wrap_up(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t caller = in_queue(r), agent = spoken_to(r, caller);
    leg(r, caller)->state = BOARD_OVER;
    die(&l);
    assert_int_equal(events(r, EV_CALL_ENDED), 1);
    assert_int_equal(last(r, EV_CALL_ENDED).call_ended.by, ENDED_BY_FAULT);
    assert_true(is_over(r, agent)); /* no line of it is of a call that goes on */
    finish(&l);
}

static void who_was_in_the_menu_hears_it_from_its_beginning(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    uint64_t id = in_menu(r);
    uint32_t list = leg(r, id)->list;
    sign_in(r, 1);
    die(&l);
    assert_int_equal(leg(r, id)->list, list + 1);
    assert_true(leg(r, id)->is_playing);
    press(r, id, '1');
    hears_all(r, id);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    finish(&l);
}

/* The journal had not been told of the queue when the process died. */
static void what_was_not_committed_has_not_happened(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    sign_in(r, 1);
    uint64_t id = in_menu(r);
    r->commits = false;
    press(r, id, '1');
    r->commits = true;
    die(&l);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 0);
    assert_false(is_over(r, id));
    press(r, id, '1');
    hears_all(r, id);
    assert_int_equal(events(r, EV_CONTACT_QUEUED), 1);
    finish(&l);
}

static void those_without_a_row_are_cut_off_and_keep_their_place(void **state)
{
    (void)state;
    struct lived l;
    begin(&l);
    struct reception *r = l.r;
    sign_in(r, 1);
    uint64_t first = in_queue(r), second = in_queue(r);
    lines_keep_turn(r->lines);
    rows_clear(&l.kept.rows, 0);
    die(&l);
    assert_true(is_over(r, first));
    assert_false(is_over(r, second));
    assert_int_equal(outcome(r), OUTCOME_CUT_OFF);
    assert_int_equal(events(r, EV_CALL_OUTCOME), 1);
    finish(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_hears_the_music_again_and_keeps_the_place),
        cmocka_unit_test(who_speaks_goes_on_speaking),
        cmocka_unit_test(who_was_held_by_the_telephone_is_held_still),
        cmocka_unit_test(a_telephone_that_rings_rings_on_and_is_joined),
        cmocka_unit_test(an_offer_whose_telephone_is_gone_is_withdrawn_and_nobody_is_paused),
        cmocka_unit_test(a_caller_whose_agent_is_gone_is_at_the_head_again_and_told),
        cmocka_unit_test(an_agent_whose_caller_is_gone_is_in_the_wrap_up),
        cmocka_unit_test(who_was_in_the_menu_hears_it_from_its_beginning),
        cmocka_unit_test(what_was_not_committed_has_not_happened),
        cmocka_unit_test(those_without_a_row_are_cut_off_and_keep_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
