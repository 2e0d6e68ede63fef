/* headset.c — tests of browser/headset.h: pages as telephones, before telephones that only remember
 * what they were asked, over an engine that only reports. */
#include <errno.h>

#include "browser/headset.h"
#include "test/unit/browser/page.h"

#define SESSIONS_MAX 8
#define FIRST_LEG (5ull << 36 | 1ull << HEADSET_LEGS_BITS)
#define RING_ID 17
#define AGENT 42
#define REPORTS_MAX 64

static struct headsets *h;
static struct headsets_board board;
static uint16_t ring_id;
static struct phone_port port;
static struct media_port engine_of_phone;
static struct phone_report told[REPORTS_MAX];
static unsigned told_n;
static struct media_report waiting[REPORTS_MAX];
static unsigned waiting_i, waiting_n;
/* the telephones behind */
static unsigned behind_calls_n, behind_ends_n;
static bool is_desk_there;

/* ---- around it ---------------------------------------------------------------------------- */

static void hear(const struct phone_report *r, void *arg)
{
    (void)arg;
    assert_true(told_n < REPORTS_MAX);
    told[told_n++] = *r;
}

static ms_t boot_ms(void)
{
    return now_at;
}

static uint64_t behind_call(void *arg, const struct phone_call *call)
{
    (void)arg;
    (void)call;
    behind_calls_n++;
    return is_desk_there ? 7 : 0;
}

static void behind_hang_up(void *arg, uint64_t leg_id)
{
    (void)arg;
    assert_int_equal(leg_id, 7);
    behind_ends_n++;
}

static bool behind_is_there(void *arg, uint64_t aor)
{
    (void)arg;
    (void)aor;
    return is_desk_there;
}

static enum phone_look behind_look(void *arg, uint64_t leg_id)
{
    (void)arg;
    return leg_id == 7 ? PHONE_LOOK_UP : PHONE_LOOK_NONE;
}

static struct media_ref behind_stream(void *arg, uint64_t leg_id)
{
    (void)arg;
    return leg_id == 7 ? (struct media_ref){60, 99} : (struct media_ref){0};
}

static bool next_report(void *arg, struct media_report *out)
{
    (void)arg;
    if (waiting_i == waiting_n)
        return false;
    *out = waiting[waiting_i++];
    return true;
}

static int set_up(void **state)
{
    (void)state;
    memset(&f, 0, sizeof(f));
    memset(&board, 0, sizeof(board));
    told_n = waiting_i = waiting_n = behind_calls_n = behind_ends_n = 0;
    is_desk_there = false;
    ring_id = RING_ID;
    now_at = 1000000;
    f.streams_max = STREAMS_MAX;
    f.port = (struct media_port){.open = fake_open,
                                 .set = fake_set,
                                 .drop = fake_drop,
                                 .next = next_report,
                                 .next_datagram = fake_next,
                                 .send_datagram = fake_send};
    struct headset_args args = {.media = &f.port,
                                .port = 4000,
                                .sessions_max = SESSIONS_MAX,
                                .ring_id = &ring_id,
                                .first_leg_id = FIRST_LEG,
                                .board = &board,
                                .report = hear,
                                .boot_ms = boot_ms};
    const struct headset_behind behind = {.port = {.call = behind_call,
                                                   .hang_up = behind_hang_up,
                                                   .is_there = behind_is_there,
                                                   .look = behind_look},
                                          .stream = behind_stream};
    assert_true(address_pair_read(&args.self, TEXT("192.0.2.1")));
    assert_int_equal(headset_open(&h, &args), 0);
    headset_put_before(h, &behind);
    port = headset_port(h);
    engine_of_phone = headset_media(h);
    return dtls_house_open(&theirs, &(struct dtls_house_args){0});
}

static int tear_down(void **state)
{
    (void)state;
    headset_drop(h);
    assert_int_equal(f.open_n, 0);
    dtls_house_drop(theirs);
    return 0;
}

/* ---- a page ------------------------------------------------------------------------------- */

static struct headset_told answered;

static enum headset_verdict ask(enum headset_deed deed, uint32_t agent_id, uint64_t page_id)
{
    const struct headset_ask wish = {.deed = deed, .agent_id = agent_id, .page_id = page_id};
    return headset_ask(h, &wish, &answered);
}

static enum headset_verdict offer(struct page *p, uint32_t agent_id, uint64_t page_id)
{
    const struct headset_ask wish = {.deed = HEADSET_JOIN,
                                     .agent_id = agent_id,
                                     .page_id = page_id,
                                     .sdp = offer_of(p->connection, "actpass")};
    enum headset_verdict v = headset_ask(h, &wish, &answered);
    p->answer = answered.answer;
    return v;
}

static void happens(const struct page *p, struct media_report r)
{
    struct media_report out;
    r.ref = p->answer.ref;
    waiting_i = 0;
    waiting_n = 1;
    waiting[0] = r;
    assert_false(engine_of_phone.next(engine_of_phone.arg, &out)); /* it is not for phone/ */
}

static void is_so(const struct page *p, enum media_kind kind)
{
    happens(p, (struct media_report){.kind = kind, .source = pair()});
}

static void shake(struct page *p)
{
    begin_link(p, theirs);
    is_so(p, MEDIA_LATCHED);
    sending = p;
    for (unsigned i = 0; i < TURNS_MAX; i++) {
        dtls_link_run(p->link);
        headset_run(h, now_at);
        unsigned n = f.down_n;
        for (unsigned k = 0; k < n; k++)
            dtls_link_take(p->link, f.down[k].bytes, f.down[k].n);
        f.down_n = 0;
        if (!n && f.up_i == f.up_n)
            return;
    }
    fail();
}

/* The page of AGENT, with sound. Returns its id. */
static uint64_t open_page(struct page *p)
{
    assert_int_equal(offer(p, AGENT, 0), HEADSET_DONE);
    uint64_t page_id = answered.page_id;
    shake(p);
    assert_int_equal(headsets_look(&board, AGENT), HEADSET_READY);
    return page_id;
}

static uint64_t ring(void)
{
    const struct phone_call call = {.aor = AGENT};
    return port.call(port.arg, &call);
}

static void pass(ms_t by_ms)
{
    now_at += by_ms;
    headset_run(h, now_at);
}

static void close_page(struct page *p)
{
    dtls_link_drop(p->link);
    p->link = NULL;
}

static const struct phone_report *last(void)
{
    assert_true(told_n > 0);
    return &told[told_n - 1];
}

/* ---- tests -------------------------------------------------------------------------------- */

static void each_cell_of_the_table(void **state)
{
    (void)state;
    enum { I = HEADSET_IDLE, R = HEADSET_RINGING, U = HEADSET_UP, N = HEADSET_STATES };
    static const uint8_t wanted[HEADSET_STATES][HEADSET_EVENTS] = {{R, N, N}, {N, U, I}, {N, N, I}};
    for (unsigned s = 0; s < HEADSET_STATES; s++)
        for (unsigned e = 0; e < HEADSET_EVENTS; e++)
            assert_int_equal(headset_next((enum headset_state)s, (enum headset_event)e),
                             wanted[s][e]);
}

static void a_call_rings_at_the_page_and_is_up_when_it_answers(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_true(leg_id >= FIRST_LEG);
    assert_int_equal(behind_calls_n, 0);
    assert_int_equal(want_of(&p)->then, MEDIA_LOOP);
    assert_int_equal(want_of(&p)->loop_id, RING_ID);
    assert_int_equal(told_n, 0); /* never before call() has returned */
    assert_int_equal(headsets_look(&board, AGENT), HEADSET_RINGS);
    assert_int_equal(port.look(port.arg, leg_id), PHONE_LOOK_RINGS);
    assert_int_equal(headset_next_at(h), 0);
    pass(0);
    assert_int_equal(last()->kind, PHONE_RINGS);
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(last()->kind, PHONE_UP);
    assert_int_equal(last()->leg_id, leg_id);
    assert_int_equal(want_of(&p)->then, MEDIA_SILENCE);
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_NOT_NOW);
    port.hang_up(port.arg, leg_id);
    assert_int_equal(port.look(port.arg, leg_id), PHONE_LOOK_NONE);
    assert_int_equal(told_n, 2);
    assert_int_equal(headsets_look(&board, AGENT), HEADSET_READY);
    assert_int_not_equal(ring(), leg_id);
    close_page(&p);
}

static void a_page_is_bridged_with_a_telephone_and_reports_what_it_hears(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    const struct phone_sound sound = {
        .ids = {3}, .n = 1, .then = MEDIA_BRIDGE, .peer_id = 7, .hides_keys = true};
    uint32_t list = port.sound(port.arg, leg_id, &sound);
    assert_true(list != 0);
    assert_int_equal(want_of(&p)->then, MEDIA_BRIDGE);
    assert_int_equal(want_of(&p)->peer.slot, 60);
    assert_true(want_of(&p)->hides_keys);
    struct media_ref ref = headset_stream(h, leg_id);
    assert_int_equal(ref.slot, p.answer.ref.slot);
    assert_int_equal(headset_stream(h, leg_id + 1).gen, 0);
    happens(&p, (struct media_report){.kind = MEDIA_LIST_ENDED, .list.number = list});
    assert_int_equal(last()->kind, PHONE_PLAYED);
    assert_int_equal(last()->list.number, list);
    happens(&p, (struct media_report){.kind = MEDIA_KEY_BEGUN, .key.key = '*'});
    assert_int_equal(last()->kind, PHONE_KEY);
    assert_int_equal(last()->key, '*');
    unsigned n = told_n;
    happens(&p, (struct media_report){.kind = MEDIA_HEARD,
                                      .join_number = want_of(&p)->join_number + 1});
    assert_int_equal(told_n, n); /* of a bridge that is no more */
    happens(&p,
            (struct media_report){.kind = MEDIA_HEARD, .join_number = want_of(&p)->join_number});
    assert_int_equal(last()->kind, PHONE_HEARD);
    assert_true(port.press(port.arg, leg_id, TEXT("12#")));
    assert_int_equal(want_of(&p)->keys.n, 3);
    assert_false(port.press(port.arg, leg_id, TEXT("x")));
    close_page(&p);
}

static void who_hangs_up_at_the_page_has_declined_or_ended(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p);
    assert_int_equal(ask(HEADSET_HANG_UP, AGENT, page_id), HEADSET_NOT_NOW);
    uint64_t leg_id = ring();
    assert_int_equal(ask(HEADSET_HANG_UP, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(last()->kind, PHONE_REFUSED);
    assert_int_equal(last()->status, 603);
    assert_int_equal(last()->leg_id, leg_id);
    leg_id = ring();
    assert_int_equal(ask(HEADSET_HOLD, AGENT, page_id), HEADSET_NOT_NOW);
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(ask(HEADSET_HOLD, AGENT, page_id), HEADSET_DONE);
    assert_true(last()->kind == PHONE_HOLDS && last()->holds);
    assert_int_equal(ask(HEADSET_RESUME, AGENT, page_id), HEADSET_DONE);
    assert_true(last()->kind == PHONE_HOLDS && !last()->holds);
    assert_int_equal(ask(HEADSET_HANG_UP, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(last()->kind, PHONE_ENDED);
    assert_false(last()->is_fault);
    assert_int_equal(port.look(port.arg, leg_id), PHONE_LOOK_NONE);
    close_page(&p);
}

static void silence_in_a_call_is_told_and_the_telephone_on_the_desk_rings_next(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    is_so(&p, MEDIA_LOST);
    pass(0);
    assert_int_equal(last()->kind, PHONE_LOST);
    assert_int_equal(last()->leg_id, leg_id);
    port.hang_up(port.arg, leg_id);
    is_desk_there = true;
    assert_int_equal(ring(), 7);
    assert_int_equal(behind_calls_n, 1);
    port.hang_up(port.arg, 7);
    assert_int_equal(behind_ends_n, 1);
    is_so(&p, MEDIA_BACK);
    assert_true(ring() >= FIRST_LEG);
    close_page(&p);
}

static void a_page_that_says_goodbye_is_waited_for_as_long_as_silence(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    unsigned n = told_n;
    sending = &p;
    close_page(&p);
    headset_run(h, now_at);
    pass(HEADSET_GRACE_MS - 1);
    assert_int_equal(told_n, n);
    pass(1);
    assert_int_equal(last()->kind, PHONE_LOST);
    assert_int_equal(last()->leg_id, leg_id);
}

static void a_page_that_is_loaded_anew_keeps_its_call(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    unsigned n = told_n;
    sending = &p;
    close_page(&p);
    headset_run(h, now_at);
    pass(HEADSET_GRACE_MS - 1);
    p.connection = 2;
    assert_int_equal(offer(&p, AGENT, 0), HEADSET_DONE); /* it has forgotten its id */
    uint64_t other_id = answered.page_id;
    assert_int_not_equal(other_id, page_id);
    shake(&p);
    pass(60000);
    assert_int_equal(told_n, n);
    assert_int_equal(port.look(port.arg, leg_id), PHONE_LOOK_UP);
    assert_int_equal(ask(HEADSET_HANG_UP, AGENT, page_id), HEADSET_UNKNOWN);
    assert_int_equal(ask(HEADSET_HANG_UP, AGENT, other_id), HEADSET_DONE);
    close_page(&p);
}

static void a_page_that_was_taken_over_does_not_come_back(void **state)
{
    (void)state;
    struct page p = {.connection = 1}, q = {.connection = 2};
    uint64_t first_id = open_page(&p);
    sending = &p;
    close_page(&p);
    headset_run(h, now_at);
    f.up_i = f.up_n;
    open_page(&q);
    assert_int_equal(offer(&p, AGENT, first_id), HEADSET_UNKNOWN);
    assert_int_equal(offer(&p, AGENT + 1, answered.page_id), HEADSET_UNKNOWN); /* another's */
    close_page(&q);
}

static void an_agent_whose_page_is_gone_is_away_unless_a_telephone_is_there(void **state)
{
    (void)state;
    for (unsigned desk = 0; desk < 2; desk++) {
        struct page p = {.connection = 1 + desk};
        (void)open_page(&p);
        unsigned n = told_n;
        is_desk_there = desk;
        is_so(&p, MEDIA_LOST);
        assert_int_equal(headsets_look(&board, AGENT), HEADSET_NONE);
        assert_int_equal(port.is_there(port.arg, AGENT), desk);
        pass(0);
        pass(HEADSET_AWAY_MS - 1);
        assert_int_equal(told_n, n);
        pass(1);
        assert_int_equal(told_n, n + !desk);
        if (!desk)
            assert_true(last()->kind == PHONE_AWAY && last()->aor == AGENT);
        pass(HEADSET_AWAY_MS); /* once */
        assert_int_equal(told_n, n + !desk);
        sending = &p;
        close_page(&p);
        headset_run(h, now_at);
        f.up_i = f.up_n = f.down_n = 0;
    }
}

static void a_telephone_that_leaves_is_not_told_while_the_page_is_there(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    struct phone_report away = {.kind = PHONE_AWAY, .aor = AGENT};
    (void)open_page(&p);
    headset_hears(&away, h);
    assert_int_equal(told_n, 0);
    away.aor = AGENT + 1;
    headset_hears(&away, h);
    assert_int_equal(told_n, 1);
    close_page(&p);
}

static void the_page_that_leaves_loses_its_call_at_once(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p), leg_id = ring();
    assert_int_equal(ask(HEADSET_ANSWER, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(ask(HEADSET_LEAVE, AGENT, page_id), HEADSET_DONE);
    bool is_lost = false;
    for (unsigned i = 0; i < told_n; i++)
        is_lost |= told[i].kind == PHONE_LOST && told[i].leg_id == leg_id;
    assert_true(is_lost);
    assert_int_equal(last()->kind, PHONE_AWAY);
    assert_int_equal(f.open_n, 0);
    assert_int_equal(ask(HEADSET_LEAVE, AGENT, page_id), HEADSET_UNKNOWN);
    close_page(&p);
}

static void they_hear_themselves_only_while_nobody_is_there(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    uint64_t page_id = open_page(&p);
    assert_int_equal(ask(HEADSET_ECHO, AGENT, page_id), HEADSET_DONE);
    assert_int_equal(want_of(&p)->then, MEDIA_ECHO);
    assert_true(ring() != 0); /* a call comes first */
    assert_int_equal(want_of(&p)->then, MEDIA_LOOP);
    assert_int_equal(ask(HEADSET_ECHO, AGENT, page_id), HEADSET_NOT_NOW);
    assert_int_equal(want_of(&p)->then, MEDIA_LOOP);
    close_page(&p);
}

static void a_second_call_finds_the_page_busy(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    (void)open_page(&p);
    is_desk_there = true;
    assert_true(ring() != 0);
    assert_int_equal(ring(), 0); /* nor does it ring beside it, on the desk */
    assert_int_equal(behind_calls_n, 0);
    close_page(&p);
}

static void reports_of_others_pass_and_so_does_the_last_of_a_page(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    struct media_report out;
    (void)open_page(&p);
    waiting_i = 0;
    waiting_n = 3;
    waiting[0] = (struct media_report){.ref = {50, 50}, .kind = MEDIA_LOST};
    waiting[1] = (struct media_report){.ref = p.answer.ref, .kind = MEDIA_QUIET};
    waiting[2] = (struct media_report){.ref = p.answer.ref, .kind = MEDIA_CLOSED};
    assert_true(engine_of_phone.next(engine_of_phone.arg, &out));
    assert_int_equal(out.ref.slot, 50);
    assert_true(engine_of_phone.next(engine_of_phone.arg, &out));
    assert_int_equal(out.kind, MEDIA_CLOSED);
    assert_false(engine_of_phone.next(engine_of_phone.arg, &out));
    close_page(&p);
}

static void pages_go_to_the_bound(void **state)
{
    (void)state;
    struct page p = {.connection = 1};
    for (unsigned i = 0; i < SESSIONS_MAX; i++)
        assert_int_equal(offer(&p, 100 + i, 0), HEADSET_DONE);
    assert_int_equal(offer(&p, 100 + SESSIONS_MAX, 0), HEADSET_FULL);
    assert_int_equal(f.open_n, SESSIONS_MAX);
    assert_int_equal(offer(&p, 100, 0), HEADSET_DONE); /* who has one joins it again */
}

static void the_board_goes_to_its_bound(void **state)
{
    (void)state;
    static struct headsets_board b;
    for (uint32_t i = 1; i <= HEADSETS_WORDS / 2; i++)
        assert_true(headsets_put(&b, i * 7919, HEADSET_READY));
    assert_false(headsets_put(&b, UINT32_MAX, HEADSET_READY));
    assert_int_equal(headsets_look(&b, UINT32_MAX), HEADSET_NONE);
    uint64_t turn = b.turn;
    assert_false(headsets_put(&b, 7919, HEADSET_READY)); /* as it was */
    assert_int_equal(b.turn, turn);
    assert_true(headsets_put(&b, 7919, HEADSET_RINGS));
    assert_int_equal(headsets_look(&b, 7919), HEADSET_RINGS);
    assert_int_equal(headsets_look(&b, 2 * 7919), HEADSET_READY);
    assert_int_equal(headsets_look(NULL, 7919), HEADSET_NONE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_of_the_table),
        T(a_call_rings_at_the_page_and_is_up_when_it_answers),
        T(a_page_is_bridged_with_a_telephone_and_reports_what_it_hears),
        T(who_hangs_up_at_the_page_has_declined_or_ended),
        T(silence_in_a_call_is_told_and_the_telephone_on_the_desk_rings_next),
        T(a_page_that_says_goodbye_is_waited_for_as_long_as_silence),
        T(a_page_that_is_loaded_anew_keeps_its_call),
        T(a_page_that_was_taken_over_does_not_come_back),
        T(an_agent_whose_page_is_gone_is_away_unless_a_telephone_is_there),
        T(a_telephone_that_leaves_is_not_told_while_the_page_is_there),
        T(the_page_that_leaves_loses_its_call_at_once),
        T(they_hear_themselves_only_while_nobody_is_there),
        T(a_second_call_finds_the_page_busy),
        T(reports_of_others_pass_and_so_does_the_last_of_a_page),
        T(pages_go_to_the_bound),
        cmocka_unit_test(the_board_goes_to_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
