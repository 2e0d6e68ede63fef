/* kept.c — tests of phone/kept.h: one process dies, the next one goes on with its calls. */
#include "test/support/exchange_lived.h"

static unsigned cseq_of(const char *said)
{
    const char *at = strstr(said, "\r\nCSeq: ");
    assert_non_null(at);
    return (unsigned)strtoul(at + 8, NULL, 10);
}

/* ---- a caller -------------------------------------------------------------------------------- */

static void a_call_goes_on_at_its_port_under_its_id(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    assert_int_equal(resumed(l, &p, 0), id);
    assert_int_equal(l->y->port.look(l->y->port.arg, id), PHONE_LOOK_UP);
    const struct media_want *was = &l->x->streams[0].want, *is = &l->y->streams[0].want;
    assert_true(l->y->streams[0].is_open);
    assert_memory_equal(&is->rtp, &was->rtp, sizeof(is->rtp));
    assert_int_equal(is->payload_type, was->payload_type);
    assert_int_equal(is->key_type, 101);
    assert_int_equal(is->direction, MEDIA_SENDRECV);
    peer_expect_silence(&p);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE sip:0536491234@127.0.0.2:");
    assert_non_null(strstr(p.said, p.our_tag));
    assert_non_null(strstr(p.said, p.call_id));
    desk_answer(&p, "200 OK", "");
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    lived_drop(l, &p);
}

static void who_hangs_up_afterwards_is_answered(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    resumed(l, &p, 0);
    peer_new(&p, "BYE", "");
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    assert_int_equal(last(l->y)->leg_id, id);
    lived_drop(l, &p);
}

static void a_hold_afterwards_is_one_of_the_same_description(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    up(l->x, &p);
    const char *before = strstr(p.said, "o=decroche ");
    char origin[40] = "";
    if (before)
        snprintf(origin, sizeof(origin), "%.*s", (int)strcspn(before + 11, " "), before + 11);
    resumed(l, &p, 0);
    peer_new(&p, "INVITE", SDP_HOLD);
    peer_expect(&p, "SIP/2.0 100");
    peer_expect(&p, "SIP/2.0 200");
    assert_non_null(strstr(p.said, "a=recvonly"));
    assert_non_null(strstr(p.said, origin));
    assert_int_equal(last(l->y)->kind, PHONE_HOLDS);
    peer_ack(&p);
    lived_drop(l, &p);
}

/* What the first process sent after its row was written has lower numbers. */
static void our_next_request_has_a_higher_number(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    uint64_t id = up(l->x, &p);
    phone_keep_turn(l->x->phone);
    struct rows as_it_was = l->rows;
    uint8_t *copy = malloc(sizeof(l->bytes));
    assert_non_null(copy);
    memcpy(copy, l->bytes, sizeof(l->bytes));
    l->x->port.hang_up(l->x->port.arg, id);
    peer_expect(&p, "BYE");
    unsigned sent = cseq_of(p.said);
    die(l, &p);
    memcpy(l->bytes, copy, sizeof(l->bytes));
    l->rows = as_it_was;
    assert_int_equal(phone_resume(l->y->phone, row_of(l, 0), false), id);
    l->y->port.hang_up(l->y->port.arg, id);
    peer_expect(&p, "BYE");
    assert_true(cseq_of(p.said) > sent);
    free(copy);
    lived_drop(l, &p);
}

static void who_is_nobodys_is_let_go(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    assert_int_not_equal(up(l->x, &p), 0);
    assert_int_not_equal(resumed(l, &p, 0), 0);
    phone_resume_end(l->y->phone, claims_none, NULL);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    assert_int_equal(l->y->streams_n, 0);
    assert_int_equal(l->y->reports_n, 0);
    lived_drop(l, &p);
}

static void without_its_port_it_hears_a_bye(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    up(l->x, &p);
    die(l, &p);
    l->y->has_no_stream = true;
    assert_int_equal(phone_resume(l->y->phone, row_of(l, 0), false), 0);
    peer_expect(&p, "BYE");
    lived_drop(l, &p);
}

/* Who left while nobody was there told nobody: their silence is asked about at once. */
static void a_silent_one_is_asked_at_once(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    up(l->x, &p);
    resumed(l, &p, 0);
    struct media_ref ref = {0, l->y->streams[0].gen};
    l->y->due[l->y->due_n++] = (struct media_report){.ref = ref, .kind = MEDIA_QUIET};
    turn(l->y);
    peer_expect(&p, "OPTIONS");
    desk_answer(&p, "481 Call/Transaction Does Not Exist", "");
    assert_int_equal(last(l->y)->kind, PHONE_ENDED);
    lived_drop(l, &p);
}

/* ---- a telephone that rings ------------------------------------------------------------------ */

static void a_telephone_that_rings_is_heard_when_it_answers(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = desk_open(l->x);
    uint64_t id = desk_called(&p, 0);
    desk_answer(&p, "180 Ringing", "");
    assert_int_equal(resumed(l, &p, 0), id);
    assert_int_equal(l->y->port.look(l->y->port.arg, id), PHONE_LOOK_RINGS);
    desk_answer(&p, "200 OK", SDP);
    peer_expect(&p, "ACK sip:set@127.0.0.3:");
    assert_int_equal(last(l->y)->kind, PHONE_UP);
    assert_int_equal(l->y->streams[0].want.rtp.port, 30000);
    lived_drop(l, &p);
}

static void a_telephone_that_rings_for_nobody_is_cancelled(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = desk_open(l->x);
    desk_called(&p, 0);
    char branch[40] = "";
    const char *at = strstr(p.request, "branch=");
    assert_non_null(at);
    snprintf(branch, sizeof(branch), "%.*s", (int)strcspn(at, ";\r"), at);
    assert_int_not_equal(resumed(l, &p, 0), 0);
    phone_resume_end(l->y->phone, claims_none, NULL);
    peer_expect(&p, "CANCEL");
    assert_non_null(strstr(p.said, branch)); /* RFC 3261 §9.1 */
    lived_drop(l, &p);
}

/* Whichever is picked up has the call, and the other falls silent; the app sees one leg. */
static void all_telephones_of_a_line_ring_on(void **state)
{
    (void)state;
    for (unsigned answers = 0; answers < 2; answers++) {
        struct lived *l = lived_open();
        struct peer second = desk_open(l->x), first = desk_open(l->x);
        uint64_t id = desk_called(&first, 0);
        peer_expect(&second, "INVITE sip:101@");
        die(l, &first);
        second.x = l->y;
        assert_int_equal(phone_resume(l->y->phone, row_of(l, 0), false), id);
        assert_int_equal(phone_resume(l->y->phone, row_of(l, 1), false), 0);
        assert_int_not_equal(phone_resume(l->y->phone, row_of(l, 1), true), 0);
        phone_resume_end(l->y->phone, claims_all, NULL);
        struct peer *p = answers ? &second : &first, *other = answers ? &first : &second;
        peer_expect_silence(other);
        desk_answer(p, "200 OK", SDP);
        peer_expect(p, "ACK sip:set@127.0.0.3:");
        peer_expect(other, "CANCEL sip:101@");
        assert_int_equal(last(l->y)->kind, PHONE_UP);
        assert_int_equal(last(l->y)->leg_id, id);
        peer_close(&second);
        lived_drop(l, &first);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void a_row_is_cleared_with_its_leg(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    peer_invite(&p);
    phone_keep_turn(l->x->phone);
    assert_int_equal(row_of(l, 0).n, 0); /* not up yet */
    uint64_t id = l->x->reports[0].leg_id;
    l->x->port.answer(l->x->port.arg, id);
    peer_ignore(&p);
    peer_ack(&p);
    phone_keep_turn(l->x->phone);
    assert_true(row_of(l, 0).n > 0);
    l->x->port.hang_up(l->x->port.arg, id);
    phone_keep_turn(l->x->phone);
    assert_int_equal(row_of(l, 0).n, 0);
    for (size_t i = 0; i < sizeof(l->bytes); i++)
        assert_int_equal(l->bytes[i], 0);
    l->y = exchange_open(LIVED_ROWS);
    lived_drop(l, &p);
}

static void fill(char *to, size_t max, uint16_t *n)
{
    memset(to, 'x', max);
    *n = (uint16_t)max;
}

/* By way of very many servers: what has no room has no row, not half of one. */
static void a_leg_without_room_is_not_kept(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = desk_open(l->x);
    desk_called(&p, 0);
    struct phone_leg *leg = &l->x->phone->legs[0];
    struct sip_leg *d = &leg->dialog;
    phone_keep_turn(l->x->phone);
    size_t usual_n = row_of(l, 0).n;
    assert_in_range(usual_n, 500, PHONE_ROW_BYTES / 2);
    fill(d->routes, sizeof(d->routes), &d->routes_n);
    fill(d->target, sizeof(d->target), &d->target_n);
    fill(d->remote, sizeof(d->remote), &d->remote_n);
    leg_touch(l->x->phone, 0);
    phone_keep_turn(l->x->phone);
    assert_true(row_of(l, 0).n > usual_n + 1000);
    leg->sdp_n = (uint16_t)(leg->sdp_n + rows_max(&l->rows) - row_of(l, 0).n);
    leg_touch(l->x->phone, 0);
    phone_keep_turn(l->x->phone);
    assert_int_equal(row_of(l, 0).n, rows_max(&l->rows));
    leg->sdp_n++;
    leg_touch(l->x->phone, 0);
    phone_keep_turn(l->x->phone);
    assert_int_equal(row_of(l, 0).n, 0);
    l->y = exchange_open(LIVED_ROWS);
    lived_drop(l, &p);
}

/* A later version writes more; each cut and each wrong byte gives a leg or none, never a fault. */
static void other_versions_and_damaged_rows_do_no_harm(void **state)
{
    (void)state;
    struct lived *l = lived_open();
    struct peer p = peer_open(l->x, AT_TRUNK);
    char bytes[PHONE_ROW_BYTES + 8];
    static const uint16_t unknown[] = {60000, 4, 7, 7};
    uint64_t id = up(l->x, &p);
    die(l, &p);
    struct text row = row_of(l, 0);
    memcpy(bytes, unknown, sizeof(unknown));
    memcpy(bytes + sizeof(unknown), row.p, row.n);
    struct text longer = {bytes, sizeof(unknown) + row.n};
    for (size_t n = 0; n < longer.n; n++) {
        uint64_t cut = phone_resume(l->y->phone, (struct text){bytes, n}, false);
        assert_true(!cut || cut == id);
        phone_resume_end(l->y->phone, claims_none, NULL);
        peer_ignore(&p);
        pass(l->y, cut ? 40000 : 0);
    }
    for (size_t i = 0; i < longer.n; i++) {
        bytes[i] = (char)~bytes[i];
        phone_resume(l->y->phone, longer, false);
        phone_resume_end(l->y->phone, claims_none, NULL);
        peer_ignore(&p);
        pass(l->y, 40000);
        bytes[i] = (char)~bytes[i];
    }
    assert_int_equal(phone_totals(l->y->phone).legs_n, 0);
    assert_int_equal(phone_resume(l->y->phone, longer, true), 0); /* it was joined with nobody */
    assert_int_equal(phone_resume(l->y->phone, longer, false), id);
    assert_int_equal(phone_resume(l->y->phone, longer, false), 0); /* once */
    lived_drop(l, &p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_goes_on_at_its_port_under_its_id),
        cmocka_unit_test(who_hangs_up_afterwards_is_answered),
        cmocka_unit_test(a_hold_afterwards_is_one_of_the_same_description),
        cmocka_unit_test(our_next_request_has_a_higher_number),
        cmocka_unit_test(who_is_nobodys_is_let_go),
        cmocka_unit_test(without_its_port_it_hears_a_bye),
        cmocka_unit_test(a_silent_one_is_asked_at_once),
        cmocka_unit_test(a_telephone_that_rings_is_heard_when_it_answers),
        cmocka_unit_test(a_telephone_that_rings_for_nobody_is_cancelled),
        cmocka_unit_test(all_telephones_of_a_line_ring_on),
        cmocka_unit_test(a_row_is_cleared_with_its_leg),
        cmocka_unit_test(a_leg_without_room_is_not_kept),
        cmocka_unit_test(other_versions_and_damaged_rows_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
