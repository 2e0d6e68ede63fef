/* leg_prack.c — provisional responses that are acknowledged (RFC 3262): our 183 to an operator who
 * knows them, and theirs to a call of ours, on one branch and on several. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define SURE "Supported: 100rel\r\n"
#define SDP_OTHER                                                                                  \
    "v=0\r\no=- 2 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"                    \
    "m=audio 31000 RTP/AVP 8\r\n"

/* ---- ours ------------------------------------------------------------------------------------ */

/* The operator at AT_TRUNK, who carries early media. */
static struct exchange *open_operator(void)
{
    struct exchange *x = exchange_open(4);
    struct phone_trunk t = {
        .number = 7, .at_n = 1, .host = TEXT("operator"), .is_unprobed = true, .is_early = true};
    assert_true(address_read_ip(&t.at[0], TEXT(AT_TRUNK)));
    t.at[0].port = 5060;
    phone_trunks(x->phone, &t, 1);
    return x;
}

static void ask(struct peer *p, const char *method, const char *lines, const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, method, lines, body);
}

/* Its 183, heard and not yet acknowledged. */
static uint64_t sounded(struct peer *p, const char *lines, const char *body)
{
    struct exchange *x = p->x;
    ask(p, "INVITE", lines, body);
    peer_expect(p, "SIP/2.0 100");
    uint64_t id = last(x)->leg_id;
    assert_true(x->port.early(x->port.arg, id));
    peer_expect(p, "SIP/2.0 183");
    peer_heard(p, "Require: 100rel\r\nRSeq: ");
    return id;
}

static unsigned rseq_said(const struct peer *p)
{
    return (unsigned)strtoul(strstr(p->said, "\r\nRSeq: ") + strlen("\r\nRSeq: "), NULL, 10);
}

/* The PRACK of what was heard last; the INVITE had the number invite_cseq. */
static void acknowledge(struct peer *p, unsigned invite_cseq, const char *body)
{
    char lines[64];
    snprintf(lines, sizeof(lines), "RAck: %u %u INVITE\r\n", rseq_said(p), invite_cseq);
    ask(p, "PRACK", lines, body);
}

/* The ACK of our 200: the number of its INVITE. */
static void confirm(struct peer *p, unsigned invite_cseq)
{
    unsigned cseq = p->cseq;
    p->cseq = invite_cseq;
    peer_ack(p);
    p->cseq = cseq;
}

static void bye(struct peer *p)
{
    ask(p, "BYE", "", "");
    peer_expect(p, "SIP/2.0 200");
    peer_end(p, ALL_TIMERS_MS);
}

static void a_183_is_acknowledged_and_the_answer_says_nothing_twice(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = sounded(&p, SURE, SDP);
    peer_heard(&p, "m=audio 20000 RTP/AVP 8 101");
    unsigned cseq = p.cseq;
    turn(x);
    assert_int_equal(reports(x, PHONE_UP), 0);
    acknowledge(&p, cseq, "");
    peer_expect(&p, "SIP/2.0 200");
    peer_heard(&p, " PRACK\r\n");
    assert_int_equal(reports(x, PHONE_UP), 1);
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    pass(x, 59000);
    peer_expect_silence(&p);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_missed(&p, "v=0");
    confirm(&p, cseq);
    assert_int_equal(reports(x, PHONE_UP), 2);
    x->due[x->due_n++] = (struct media_report){.ref = {0, x->streams[0].gen}, .kind = MEDIA_QUIET};
    pass(x, PHONE_PROBE_SLOW_MS); /* a call as any other: its silence is asked about */
    peer_expect(&p, "OPTIONS");
    desk_answer(&p, "200 OK", "");
    bye(&p);
}

static void it_is_repeated_until_its_prack_has_come(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    sounded(&p, "Require: 100rel\r\n", SDP);
    char first[sizeof(p.said)];
    memcpy(first, p.said, sizeof(first));
    unsigned cseq = p.cseq;
    pass(x, 499);
    peer_expect_silence(&p);
    pass(x, 7001); /* after 0.5, 1.5, 3.5, 7.5 s */
    for (unsigned i = 0; i < 4; i++) {
        peer_expect(&p, "SIP/2.0 183");
        assert_string_equal(p.said, first);
    }
    peer_expect_silence(&p);
    acknowledge(&p, cseq, "");
    peer_expect(&p, "SIP/2.0 200");
    peer_repeat(&p); /* the PRACK once more */
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(reports(x, PHONE_UP), 1);
    pass(x, 59999);
    peer_expect_silence(&p);
    pass(x, 1); /* each minute another one, with nothing new */
    peer_expect(&p, "SIP/2.0 183");
    assert_int_equal(rseq_said(&p), (unsigned)strtoul(strstr(first, "RSeq: ") + 6, NULL, 10) + 1);
    peer_missed(&p, "v=0");
    acknowledge(&p, cseq, "");
    peer_expect(&p, "SIP/2.0 200");
    bye(&p);
}

static void who_never_acknowledges_is_refused_with_504(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    sounded(&p, SURE, SDP);
    pass(x, 31999);
    peer_ignore(&p);
    assert_int_equal(reports(x, PHONE_ENDED), 0);
    pass(x, 1);
    peer_expect(&p, "SIP/2.0 504");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    peer_end(&p, ALL_TIMERS_MS);
}

static void an_answer_waits_for_the_prack(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = sounded(&p, SURE, SDP);
    unsigned cseq = p.cseq;
    char sounding[sizeof(p.said)];
    memcpy(sounding, p.said, sizeof(sounding));
    x->port.answer(x->port.arg, id);
    pass(x, 500);
    peer_expect(&p, "SIP/2.0 183");
    peer_expect_silence(&p);
    acknowledge(&p, cseq, "");
    peer_expect(&p, "SIP/2.0 200");
    peer_heard(&p, " PRACK\r\n");
    peer_expect(&p, "SIP/2.0 200");
    peer_heard(&p, " INVITE\r\n");
    assert_int_equal(reports(x, PHONE_UP), 0);
    confirm(&p, cseq);
    assert_int_equal(reports(x, PHONE_UP), 1);
    bye(&p);
}

static void a_prack_of_nothing_changes_nothing(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    char rack[64];
    sounded(&p, SURE, SDP);
    unsigned cseq = p.cseq, rseq = rseq_said(&p);
    snprintf(rack, sizeof(rack), "RAck: %u %u INVITE\r\n", rseq + 1, cseq);
    ask(&p, "PRACK", rack, "");
    peer_expect(&p, "SIP/2.0 481");
    ask(&p, "PRACK", "", "");
    peer_expect(&p, "SIP/2.0 400");
    assert_int_equal(reports(x, PHONE_UP), 0);
    snprintf(rack, sizeof(rack), "RAck: %u %u INVITE\r\n", rseq, cseq);
    ask(&p, "PRACK", rack, "");
    peer_expect(&p, "SIP/2.0 200");
    ask(&p, "PRACK", rack, "");
    peer_expect(&p, "SIP/2.0 481");
    assert_int_equal(reports(x, PHONE_UP), 1);
    bye(&p);
}

/* INVITE without an offer: ours is in the 183, their answer in the PRACK. */
static void an_offer_of_ours_is_answered_in_the_prack(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = sounded(&p, SURE, "");
    peer_heard(&p, "m=audio 20000 RTP/AVP 8 0 101");
    char sounding[sizeof(p.said)];
    memcpy(sounding, p.said, sizeof(sounding));
    unsigned cseq = p.cseq;
    acknowledge(&p, cseq, "");
    peer_expect(&p, "SIP/2.0 400"); /* it must have the answer */
    memcpy(p.said, sounding, sizeof(sounding));
    acknowledge(&p, cseq, SDP_OTHER);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(reports(x, PHONE_UP), 1);
    assert_int_equal(x->streams[0].want.rtp.port, 31000);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    peer_missed(&p, "v=0");
    confirm(&p, cseq);
    assert_int_equal(reports(x, PHONE_UP), 2);
    bye(&p);
}

static void an_answer_of_no_use_refuses_the_call(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    sounded(&p, SURE, "");
    unsigned cseq = p.cseq;
    acknowledge(&p, cseq, SDP_USELESS);
    peer_expect(&p, "SIP/2.0 488");
    peer_heard(&p, " PRACK\r\n");
    peer_expect(&p, "SIP/2.0 488");
    peer_heard(&p, " INVITE\r\n");
    peer_ask(&p, "ACK", "", "");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    peer_end(&p, ALL_TIMERS_MS);
}

/* The first exchange is over with the PRACK: then more may be offered, in a PRACK or an UPDATE. */
static void further_offers_are_answered_before_the_call_is(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    uint64_t id = sounded(&p, SURE, SDP);
    unsigned cseq = p.cseq;
    char sounding[sizeof(p.said)];
    memcpy(sounding, p.said, sizeof(sounding));
    ask(&p, "UPDATE", "", SDP_OTHER);
    peer_expect(&p, "SIP/2.0 500");
    memcpy(p.said, sounding, sizeof(sounding));
    acknowledge(&p, cseq, SDP_OTHER);
    peer_expect(&p, "SIP/2.0 200");
    peer_heard(&p, "m=audio 20000 RTP/AVP 8\r\n");
    assert_int_equal(x->streams[0].want.rtp.port, 31000);
    ask(&p, "UPDATE", "", SDP);
    peer_expect(&p, "SIP/2.0 200");
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    x->port.answer(x->port.arg, id);
    peer_expect(&p, "SIP/2.0 200");
    confirm(&p, cseq);
    bye(&p);
}

static void it_can_be_cancelled_refused_or_hung_up_unacknowledged(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 4; how++) {
        struct exchange *x = open_operator();
        struct peer p = peer_open(x, AT_TRUNK);
        uint64_t id = sounded(&p, SURE, SDP);
        if (how == 1)
            x->port.answer(x->port.arg, id); /* the 200 waits */
        if (how < 2) {
            peer_ask(&p, "CANCEL", "", "");
            peer_expect(&p, "SIP/2.0 200");
            peer_expect(&p, "SIP/2.0 487");
            assert_int_equal(last(x)->kind, PHONE_ENDED);
        } else if (how == 2) {
            x->port.refuse(x->port.arg, id, 486);
            peer_expect(&p, "SIP/2.0 486");
        } else {
            x->port.answer(x->port.arg, id);
            x->port.hang_up(x->port.arg, id);
            peer_expect(&p, "SIP/2.0 480");
        }
        peer_ask(&p, "ACK", "", "");
        pass(x, 40000);
        assert_int_equal(peer_count(&p, "SIP/2.0 183"), 0);
        peer_end(&p, ALL_TIMERS_MS);
    }
}

/* Who only listens sends nothing: no reason to probe, nor to stop saying 183. */
static void a_caller_who_only_listens_is_not_taken_for_dead(void **state)
{
    (void)state;
    struct exchange *x = open_operator();
    struct peer p = peer_open(x, AT_TRUNK);
    sounded(&p, SURE, SDP);
    acknowledge(&p, p.cseq, "");
    peer_expect(&p, "SIP/2.0 200");
    static const enum media_kind kinds[] = {MEDIA_QUIET, MEDIA_LOST, MEDIA_BACK};
    for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
        x->due[x->due_n++] = (struct media_report){.ref = {0, x->streams[0].gen}, .kind = kinds[i]};
        pass(x, 1000);
    }
    peer_expect_silence(&p);
    pass(x, 60000);
    assert_int_equal(peer_count(&p, "SIP/2.0 183"), 3);
    bye(&p);
}

/* ---- theirs ---------------------------------------------------------------------------------- */

/* A provisional response of the branch tag to the INVITE that was heard. */
static void sound(struct peer *p, const char *tag, unsigned rseq, const char *body)
{
    char status[96];
    snprintf(status, sizeof(status), "183 Session Progress\r\nRequire: 100rel\r\nRSeq: %u", rseq);
    desk_answer_as(p, tag, status, body);
}

static uint64_t called(struct peer *p, char invite[sizeof(((struct peer *)0)->request)])
{
    uint64_t id = desk_called(p, 0);
    peer_heard(p, "Supported: 100rel, replaces\r\n");
    memcpy(invite, p->request, sizeof(p->request));
    return id;
}

static void expect_prack(struct peer *p, const char *rack, const char *tag)
{
    char words[64];
    peer_expect(p, "PRACK sip:set@127.0.0.3:");
    snprintf(words, sizeof(words), "RAck: %s ", rack);
    peer_heard(p, words);
    snprintf(words, sizeof(words), ";tag=%s\r\n", tag);
    peer_heard(p, words);
    desk_answer(p, "200 OK", "");
}

static unsigned cseq_of(const char *request)
{
    return (unsigned)strtoul(strstr(request, "\r\nCSeq: ") + strlen("\r\nCSeq: "), NULL, 10);
}

static void theirs_are_acknowledged_in_order_and_once(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    char invite[sizeof(p.request)];
    uint64_t id = called(&p, invite);
    sound(&p, "one", 10, SDP);
    expect_prack(&p, "10", "one");
    unsigned cseq = cseq_of(p.request);
    assert_true(cseq > cseq_of(invite));
    memcpy(p.request, invite, sizeof(invite));
    sound(&p, "one", 10, SDP); /* again */
    peer_expect_silence(&p);
    sound(&p, "one", 12, ""); /* one is missing */
    peer_expect_silence(&p);
    sound(&p, "one", 11, "");
    expect_prack(&p, "11", "one");
    assert_true(cseq_of(p.request) > cseq);
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "one", "200 OK", ""); /* what was answered is not said again */
    peer_expect(&p, "ACK");
    assert_int_equal(cseq_of(p.said), cseq_of(invite));
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(x->streams[0].want.rtp.port, 30000);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    assert_true(cseq_of(p.said) > cseq + 1);
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_prack_is_repeated_until_it_is_answered(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    char invite[sizeof(p.request)];
    called(&p, invite);
    sound(&p, "one", 1, "");
    peer_expect(&p, "PRACK");
    pass(x, 500);
    peer_expect(&p, "PRACK");
    desk_answer(&p, "200 OK", "");
    pass(x, 5000);
    peer_expect_silence(&p);
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "one", "486 Busy Here", "");
    peer_expect(&p, "ACK");
    assert_int_equal(last(x)->status, 486);
    peer_end(&p, ALL_BINDINGS_MS);
}

/* Two telephones ring; each has answered our offer; the second is picked up, then the first. */
static void the_branch_that_is_picked_up_first_wins_with_its_own_answer(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    char invite[sizeof(p.request)];
    uint64_t id = called(&p, invite);
    sound(&p, "one", 5, "");
    expect_prack(&p, "5", "one");
    memcpy(p.request, invite, sizeof(invite));
    sound(&p, "two", 5, SDP_OTHER);
    expect_prack(&p, "5", "two");
    memcpy(p.request, invite, sizeof(invite));
    sound(&p, "one", 6, SDP);
    expect_prack(&p, "6", "one");
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "two", "200 OK", "");
    peer_expect(&p, "ACK");
    peer_heard(&p, ";tag=two\r\n");
    assert_int_equal(last(x)->kind, PHONE_UP);
    assert_int_equal(x->streams[0].want.rtp.port, 31000);
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "one", "200 OK", "");
    peer_expect(&p, "ACK");
    peer_heard(&p, ";tag=one\r\n");
    peer_expect(&p, "BYE");
    peer_heard(&p, ";tag=one\r\n");
    assert_true(cseq_of(p.said) > cseq_of(invite) + 3); /* its PRACKs had numbers before */
    desk_answer(&p, "200 OK", "");
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    peer_heard(&p, ";tag=two\r\n");
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_BINDINGS_MS);
}

static void a_fifth_branch_is_passed_over(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x);
    char invite[sizeof(p.request)], tag[8];
    called(&p, invite);
    for (unsigned i = 0; i < 5; i++) {
        memcpy(p.request, invite, sizeof(invite));
        snprintf(tag, sizeof(tag), "b%u", i);
        sound(&p, tag, 1, "");
        if (i == 4)
            peer_expect_silence(&p);
        else
            expect_prack(&p, "1", tag);
    }
    memcpy(p.request, invite, sizeof(invite));
    desk_answer_as(&p, "b4", "200 OK", SDP);
    peer_expect(&p, "ACK");
    assert_int_equal(last(x)->kind, PHONE_UP);
    x->port.hang_up(x->port.arg, last(x)->leg_id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    peer_end(&p, ALL_BINDINGS_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_183_is_acknowledged_and_the_answer_says_nothing_twice),
        cmocka_unit_test(it_is_repeated_until_its_prack_has_come),
        cmocka_unit_test(who_never_acknowledges_is_refused_with_504),
        cmocka_unit_test(an_answer_waits_for_the_prack),
        cmocka_unit_test(a_prack_of_nothing_changes_nothing),
        cmocka_unit_test(an_offer_of_ours_is_answered_in_the_prack),
        cmocka_unit_test(an_answer_of_no_use_refuses_the_call),
        cmocka_unit_test(further_offers_are_answered_before_the_call_is),
        cmocka_unit_test(it_can_be_cancelled_refused_or_hung_up_unacknowledged),
        cmocka_unit_test(a_caller_who_only_listens_is_not_taken_for_dead),
        cmocka_unit_test(theirs_are_acknowledged_in_order_and_once),
        cmocka_unit_test(a_prack_is_repeated_until_it_is_answered),
        cmocka_unit_test(the_branch_that_is_picked_up_first_wins_with_its_own_answer),
        cmocka_unit_test(a_fifth_branch_is_passed_over),
    };
    return cmocka_run_group_tests_name("phone/leg_prack", tests, NULL, NULL);
}
