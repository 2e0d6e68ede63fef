/* leg_replace.c — a call changes its telephone (RFC 3891): while it is up, while it rings; and
 * every one that is not to be replaced. */
#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

/* The other telephone of line 101. */
#define AT_OTHER AT_DESK

static struct peer other_open(struct exchange *x, const char *user)
{
    struct peer p = peer_open(x, AT_OTHER);
    p.user = user;
    snprintf(p.call_id, sizeof(p.call_id), "other@%s", p.ip);
    return p;
}

/* The dialog that p has with us in a call of ours, as we are to be told of it. */
static void name_dialog(const struct peer *p, char *line, size_t max, const char *more)
{
    const char *tag = strstr(strstr(p->request, "\r\nFrom: "), ";tag=") + strlen(";tag=");
    const char *id = strstr(p->request, "\r\nCall-ID: ") + strlen("\r\nCall-ID: ");
    snprintf(line, max, "Replaces: %.*s;to-tag=%.*s;from-tag=theirs%s\r\n", (int)strcspn(id, "\r"),
             id, (int)strcspn(tag, ";\r"), tag, more);
}

static void ask(struct peer *p, const char *method, const char *lines, const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, method, lines, body);
}

/* An INVITE with these lines, and its proof. */
static void invite(struct peer *p, const char *secret, const char *lines, const char *body)
{
    char all[2048];
    ask(p, "INVITE", lines, body);
    peer_expect(p, "SIP/2.0 401");
    desk_credentials(p, p->user, secret, "INVITE");
    peer_ask(p, "ACK", "", "");
    p->our_tag[0] = '\0';
    snprintf(all, sizeof(all), "%s%s", lines, p->credentials);
    ask(p, "INVITE", all, body);
}

#define SDP_OTHER                                                                                  \
    "v=0\r\no=- 2 1 IN IP4 127.0.0.3\r\ns=-\r\nc=IN IP4 127.0.0.3\r\nt=0 0\r\n"                    \
    "m=audio 31000 RTP/AVP 8\r\n"

static void end(struct exchange *x, struct peer *p, struct peer *other)
{
    pass(x, ALL_BINDINGS_MS);
    peer_close(other);
    peer_end(p, 0);
}

static void a_call_that_is_up_goes_on_at_another_telephone(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), other = other_open(x, "101");
    char line[256];
    uint64_t id = desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    invite(&other, "s3cret", line, SDP_OTHER);
    peer_expect(&other, "SIP/2.0 100");
    peer_expect(&other, "SIP/2.0 200");
    peer_heard(&other, "m=audio 20000 RTP/AVP 8\r\n"); /* the same stream */
    peer_expect(&p, "BYE sip:set@");
    peer_heard(&p, "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n");
    desk_answer(&p, "200 OK", "");
    peer_ack(&other);
    assert_int_equal(reports(x, PHONE_UP), 1); /* the app need not know */
    assert_int_equal(reports(x, PHONE_ARRIVED), 0);
    assert_int_equal(x->streams_n, 1);
    assert_int_equal(x->streams[0].want.rtp.port, 31000);
    pass(x, 40000);
    assert_int_equal(phone_totals(x->phone).legs_n, 1);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&other, "BYE");
    peer_missed(&other, "Reason: ");
    desk_answer(&other, "200 OK", "");
    assert_int_equal(reports(x, PHONE_ENDED), 0);
    end(x, &p, &other);
}

static void a_call_that_rings_is_picked_up_elsewhere(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), other = other_open(x, "101");
    char line[256], ringing[sizeof(p.request)];
    desk_called(&p, 0);
    peer_heard(&p, "Supported: 100rel, replaces\r\n");
    memcpy(ringing, p.request, sizeof(ringing));
    desk_answer(&p, "180 Ringing", "");
    name_dialog(&p, line, sizeof(line), ";early-only");
    invite(&other, "s3cret", line, SDP_OTHER);
    peer_expect(&other, "SIP/2.0 100");
    peer_expect(&other, "SIP/2.0 200");
    peer_expect(&p, "CANCEL");
    peer_heard(&p, "Call completed elsewhere");
    desk_answer(&p, "200 OK", "");
    memcpy(p.request, ringing, sizeof(ringing));
    desk_answer(&p, "487 Request Terminated", "");
    peer_expect(&p, "ACK");
    assert_int_equal(reports(x, PHONE_UP), 0);
    peer_ack(&other);
    assert_int_equal(reports(x, PHONE_UP), 1);
    assert_int_equal(reports(x, PHONE_REFUSED), 0);
    ask(&other, "BYE", "", "");
    peer_expect(&other, "SIP/2.0 200");
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    end(x, &p, &other);
}

/* Nothing that the one who is left says, or does not say, touches the call any more. */
static void whom_it_was_taken_from_has_no_word_in_it(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), other = other_open(x, "101");
    char line[256], probe[sizeof(p.request)];
    uint64_t id = desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    x->due[x->due_n++] = (struct media_report){.ref = {0, x->streams[0].gen}, .kind = MEDIA_QUIET};
    turn(x);
    peer_expect(&p, "OPTIONS");
    memcpy(probe, p.request, sizeof(probe));
    invite(&other, "s3cret", line, SDP_OTHER);
    peer_expect(&other, "SIP/2.0 100");
    peer_expect(&other, "SIP/2.0 200");
    peer_ack(&other);
    peer_ignore(&p);
    memcpy(p.request, probe, sizeof(probe));
    desk_answer(&p, "481 Call/Transaction Does Not Exist", "");
    pass(x, 40000);
    assert_int_equal(reports(x, PHONE_LOST) + reports(x, PHONE_ENDED), 0);
    assert_int_equal(phone_totals(x->phone).legs_n, 1);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&other, "BYE");
    desk_answer(&other, "200 OK", "");
    end(x, &p, &other);
}

static void refused(struct peer *p, const char *secret, const char *line, const char *status)
{
    invite(p, secret, line, SDP_OTHER);
    peer_expect(p, status);
    p->our_tag[0] = '\0';
    peer_ask(p, "ACK", "", "");
}

static void what_cannot_be_replaced_stays_as_it_is(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(8);
    struct peer p = desk_open(x), other = other_open(x, "101"), foreign = other_open(x, "102");
    char line[256], early[256];
    snprintf(foreign.call_id, sizeof(foreign.call_id), "foreign");
    uint64_t id = desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    name_dialog(&p, early, sizeof(early), ";early-only");
    refused(&other, "s3cret", early, "SIP/2.0 486");
    refused(&other, "s3cret", "Replaces: no;to-tag=1;from-tag=2\r\n", "SIP/2.0 481");
    refused(&other, "s3cret", "Replaces: no\r\n", "SIP/2.0 400");
    refused(&foreign, "other", line, "SIP/2.0 481"); /* another line: as if there was none */
    memcpy(strstr(line, "from-tag=") + strlen("from-tag="), "thiers", 6);
    refused(&other, "s3cret", line, "SIP/2.0 481");
    name_dialog(&p, line, sizeof(line), "");
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    refused(&other, "s3cret", line, "SIP/2.0 603");
    desk_answer(&p, "200 OK", "");
    assert_int_equal(reports(x, PHONE_ARRIVED), 0);
    assert_int_equal(reports(x, PHONE_UP), 1);
    peer_close(&foreign);
    end(x, &p, &other);
}

/* An offer of no use: the call goes on where it is. */
static void who_cannot_speak_with_us_takes_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), other = other_open(x, "101");
    char line[256];
    uint64_t id = desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    unsigned sets_n = x->streams[0].sets_n;
    invite(&other, "s3cret", line, SDP_USELESS);
    peer_expect(&other, "SIP/2.0 100");
    peer_expect(&other, "SIP/2.0 488");
    peer_ask(&other, "ACK", "", "");
    peer_expect_silence(&p);
    assert_int_equal(x->streams[0].sets_n, sets_n);
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    end(x, &p, &other);
}

/* An operator may not take calls of ours over. */
static void a_trunk_replaces_nothing(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), trunk = peer_open(x, AT_TRUNK);
    char line[256];
    uint64_t id = desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    ask(&trunk, "INVITE", line, SDP);
    peer_expect(&trunk, "SIP/2.0 481");
    peer_ask(&trunk, "ACK", "", "");
    x->port.hang_up(x->port.arg, id);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    end(x, &p, &trunk);
}

static void an_ack_that_never_comes_ends_it_as_a_fault(void **state)
{
    (void)state;
    struct exchange *x = exchange_open(4);
    struct peer p = desk_open(x), other = other_open(x, "101");
    char line[256];
    desk_talks(&p);
    name_dialog(&p, line, sizeof(line), "");
    invite(&other, "s3cret", line, SDP_OTHER);
    peer_expect(&p, "BYE");
    desk_answer(&p, "200 OK", "");
    pass(x, 32000);
    assert_int_equal(last(x)->kind, PHONE_ENDED);
    assert_true(last(x)->is_fault);
    end(x, &p, &other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_is_up_goes_on_at_another_telephone),
        cmocka_unit_test(a_call_that_rings_is_picked_up_elsewhere),
        cmocka_unit_test(whom_it_was_taken_from_has_no_word_in_it),
        cmocka_unit_test(what_cannot_be_replaced_stays_as_it_is),
        cmocka_unit_test(who_cannot_speak_with_us_takes_nothing),
        cmocka_unit_test(a_trunk_replaces_nothing),
        cmocka_unit_test(an_ack_that_never_comes_ends_it_as_a_fault),
    };
    return cmocka_run_group_tests_name("phone/leg_replace", tests, NULL, NULL);
}
