/* kept_keys.c — tests of phone/kept.h: rows of legs over TLS, with the keys of their sound. What is
 * in them goes on; what could not have been written by us is not believed; nothing of it stays. */
#include "phone/kept.h"
#include "test/support/exchange_look.h"
#include "test/support/exchange_secure.h"

#define ROWS 8
#define TAG_ID 1
#define TAG_TRANSPORT 94
#define TAG_THEIR_SUITE 201
#define TAG_OUR_SUITE 209
#define TAG_SRTP 12

static uint8_t bytes[ROWS * PHONE_ROW_BYTES];
static const struct rows rows = {bytes, PHONE_ROW_BYTES, PHONE_ROW_BYTES, ROWS};

static struct exchange *open_first(uint8_t srtp)
{
    memset(bytes, 0, sizeof(bytes));
    struct exchange *x = open_with(srtp, true);
    phone_keep_calls(x->phone, &rows);
    return x;
}

static struct text row_of(uint32_t i)
{
    const uint8_t *p = NULL;
    size_t n = rows_get(&rows, i, &p);
    return (struct text){(const char *)p, n};
}

/* The first one dies; the other side knows nothing of it. */
static struct exchange *open_next(struct exchange *x)
{
    char tag[sizeof(our_tag)];
    unsigned at_cseq = cseq;
    memcpy(tag, our_tag, sizeof(tag));
    phone_keep_turn(x->phone);
    struct exchange *y = open_with(PHONE_SRTP_ALLOW, true);
    memcpy(our_tag, tag, sizeof(tag));
    cseq = at_cseq;
    y->phone->next_id = 2000;
    y->ssrc = x->ssrc;
    phone_time(y->phone, y->now_at);
    return y;
}

/* The value of this field, to be changed; NULL: it is not there. */
static char *value_of(char *row, size_t n, uint16_t tag)
{
    uint16_t head[2];
    for (size_t at = 0; at + sizeof(head) <= n; at += sizeof(head) + head[1]) {
        memcpy(head, row + at, sizeof(head));
        if (head[0] == tag)
            return row + at + sizeof(head);
    }
    return NULL;
}

static void told_rolls(struct exchange *x, uint32_t ssrc, uint32_t n)
{
    x->due[x->due_n++] = (struct media_report){
        .ref = {0, x->streams[0].gen}, .kind = MEDIA_ROLLED, .rolls = {ssrc, n}};
    phone_run(x->phone, x->now_at);
}

/* ---- what goes on ---------------------------------------------------------------------------- */

static void the_keys_go_on_and_the_engine_knows_how_far_they_were(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    uint64_t id = talking(x);
    const struct media_secret *was = &x->streams[0].want.secret;
    assert_false(was->goes_on);
    told_rolls(x, 9, 5);
    struct exchange *y = open_next(x);
    assert_in_range(row_of(0).n, 700, PHONE_ROW_BYTES / 2);
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    const struct media_secret *is = &y->streams[0].want.secret;
    assert_int_equal(is->suite, was->suite);
    assert_memory_equal(is->theirs, was->theirs, sizeof(is->theirs));
    assert_memory_equal(is->ours, was->ours, sizeof(is->ours));
    assert_true(is->goes_on);
    assert_int_equal(is->rolls.ssrc, 9);
    assert_int_equal(is->rolls.n, 5);
    assert_int_equal(phone_totals(y->phone).legs_tls_n, 1);
    assert_int_equal(phone_totals(y->phone).legs_srtp_n, 1);
    ask_by(y, SIP_OVER_TCP, "BYE", ""); /* it still hears nothing by another way */
    expect("SIP/2.0 403 TLS Required");
    ask(y, "BYE", "");
    expect("SIP/2.0 200");
    assert_int_equal(last(y)->kind, PHONE_ENDED);
    exchange_drop(x);
    exchange_drop(y);
}

/* One key, one SSRC, one number: twice would give it away. */
static void our_sound_never_goes_on_under_the_same_ssrc(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    x->ssrc = 77;
    talking(x);
    struct exchange *y = open_next(x);
    y->ssrc = 77;
    assert_int_equal(phone_resume(y->phone, row_of(0), false), 0);
    assert_int_equal(y->streams[0].sets_n, 0);
    assert_int_equal(y->streams_n, 0);
    exchange_drop(x);
    exchange_drop(y);
}

/* And so it is for the process after the next one. */
static void keys_survive_twice(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    uint64_t id = talking(x);
    told_rolls(x, 9, 5);
    struct exchange *y = open_next(x);
    phone_keep_calls(y->phone, &rows);
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    told_rolls(y, 9, 6);
    struct exchange *z = open_next(y);
    assert_int_equal(phone_resume(z->phone, row_of(0), false), id);
    assert_memory_equal(z->streams[0].want.secret.ours, x->streams[0].want.secret.ours, 30);
    assert_int_equal(z->streams[0].want.secret.rolls.n, 6);
    exchange_drop(x);
    exchange_drop(y);
    exchange_drop(z);
}

static void the_same_offer_again_keeps_our_key_and_another_one_begins_anew(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    talking(x);
    told_rolls(x, 9, 5);
    struct exchange *y = open_next(x);
    phone_resume(y->phone, row_of(0), false);
    const struct media_secret was = y->streams[0].want.secret;
    ask(y, "UPDATE", SECURE_HOLD);
    expect("SIP/2.0 200");
    assert_int_equal(y->streams[0].want.direction, MEDIA_RECVONLY);
    assert_memory_equal(&y->streams[0].want.secret, &was, sizeof(was));
    ask(y, "UPDATE", SECURE_ANEW);
    expect("SIP/2.0 200");
    assert_int_equal(y->streams[0].want.secret.theirs[0], 4);
    assert_memory_not_equal(y->streams[0].want.secret.ours, was.ours, 30);
    assert_false(y->streams[0].want.secret.goes_on);
    assert_int_equal(y->streams[0].want.secret.rolls.n, 0);
    exchange_drop(x);
    exchange_drop(y);
}

/* Our refresh repeats the description that stands: its key is that which they have. */
static void a_refresh_of_ours_keeps_both_keys(void **state)
{
    (void)state;
    char said[TAPE_RECORD_MAX + 1];
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    talking(x);
    struct exchange *y = open_next(x);
    phone_resume(y->phone, row_of(0), false);
    const struct media_secret was = y->streams[0].want.secret;
    ask(y, "OPTIONS", ""); /* they are there */
    expect("SIP/2.0 200");
    struct phone_leg *leg = &y->phone->legs[0];
    leg->timer.is.interval_s = 90;
    leg->timer.is.is_ours = true;
    leg_timer_begin(y->phone, leg);
    phone_time(y->phone, y->now_at + 45000);
    phone_timers(y->phone); /* no turn: it would see that this connection is none */
    snprintf(said, sizeof(said), "%s", expect("INVITE "));
    assert_non_null(strstr(said, CRYPTO));
    answer(y, said, "200 OK", SECURE);
    expect("ACK ");
    assert_memory_equal(&y->streams[0].want.secret, &was, sizeof(was));
    assert_int_equal(phone_totals(y->phone).legs_n, 1);
    exchange_drop(x);
    exchange_drop(y);
}

/* Which of our keys they take is known by the offer that the earlier process made. */
static void a_telephone_that_rings_takes_one_of_the_keys_that_were_offered(void **state)
{
    (void)state;
    char said[TAPE_RECORD_MAX + 1];
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    x->phone->secure.srtp = PHONE_SRTP_ALLOW;
    struct sip_binding b = {.aor = 1,
                            .is_used = true,
                            .expires_at = MS_NEVER,
                            .source = {.transport = SIP_OVER_TLS, .connection = 1}};
    assert_true(address_read(&b.source.at, TEXT(AT_TRUNK ":5061")));
    b.uri_n = (uint16_t)snprintf(b.uri, sizeof(b.uri), "sip:101@127.0.0.2");
    assert_true(sip_registrar_restore(&x->phone->reg.registrar, &b));
    const struct phone_call call = {.aor = 1, .number = TEXT("0536491234")};
    uint64_t id = x->port.call(x->port.arg, &call);
    assert_int_not_equal(id, 0);
    snprintf(said, sizeof(said), "%s", expect("INVITE sip:101@"));
    const char *line = strstr(said, "a=crypto:3 AES_CM_128_HMAC_SHA1_80 ");
    struct sip_crypto offered;
    assert_non_null(line);
    line += strlen("a=crypto:");
    assert_true(sip_crypto_read(&offered, (struct text){line, strcspn(line, "\r")}));
    struct exchange *y = open_next(x);
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    answer(y, said, "200 OK",
           HEAD "m=audio 30000 RTP/SAVP 8\r\na=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" KEY
                "\r\n");
    expect("ACK ");
    assert_int_equal(last(y)->kind, PHONE_UP);
    assert_int_equal(y->streams[0].want.secret.suite, MEDIA_CM_80);
    assert_memory_equal(y->streams[0].want.secret.ours, offered.key, sizeof(offered.key));
    assert_false(y->streams[0].want.secret.goes_on); /* nobody has heard them yet */
    exchange_drop(x);
    exchange_drop(y);
}

/* ---- what is not believed ------------------------------------------------------------------- */

static void expect_refused(struct exchange *y, uint16_t tag, char value)
{
    char changed[PHONE_ROW_BYTES];
    struct text row = row_of(0);
    memcpy(changed, row.p, row.n);
    char *at = value_of(changed, row.n, tag);
    assert_non_null(at);
    assert_int_not_equal(*at, value);
    *at = value;
    assert_int_equal(phone_resume(y->phone, (struct text){changed, row.n}, false), 0);
}

static void keys_without_tls_or_by_halves_are_not_believed(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    uint64_t id = talking(x);
    struct exchange *y = open_next(x);
    expect_refused(y, TAG_TRANSPORT, SIP_OVER_UDP);
    expect_refused(y, TAG_TRANSPORT, SIP_OVER_TCP);
    expect_refused(y, TAG_TRANSPORT, SIP_OVER_TLS + 1);
    expect_refused(y, TAG_TRANSPORT, -1);
    expect_refused(y, TAG_THEIR_SUITE, SIP_SUITE_NONE);
    expect_refused(y, TAG_THEIR_SUITE, SIP_SUITE_GCM_128);
    expect_refused(y, TAG_OUR_SUITE, SIP_SUITE_NONE);
    expect_refused(y, TAG_OUR_SUITE, SIP_SUITES);
    assert_int_equal(phone_totals(y->phone).legs_n, 0);
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    exchange_drop(x);
    exchange_drop(y);
}

static void where_keys_must_be_a_row_without_them_is_not_believed(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    ask(x, "INVITE", PLAIN);
    expect("SIP/2.0 100");
    uint64_t id = last_leg(x);
    x->port.answer(x->port.arg, id);
    expect("SIP/2.0 200");
    ask(x, "ACK", "");
    struct exchange *y = open_next(x);
    struct text row = row_of(0);
    assert_null(value_of((char *)bytes + ROWS_HEAD_BYTES, row.n, TAG_OUR_SUITE));
    expect_refused(y, TAG_SRTP, PHONE_SRTP_REQUIRE);
    assert_int_equal(phone_resume(y->phone, row, false), id);
    assert_int_equal(y->streams[0].want.secret.suite, MEDIA_PLAIN);
    ask(y, "UPDATE", PLAIN); /* it goes on in the clear */
    expect("SIP/2.0 200");
    exchange_drop(x);
    exchange_drop(y);
}

/* A rollback: it knows nothing of ways, and would go on in the clear. */
static void an_earlier_version_finds_no_leg_in_it(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    talking(x);
    phone_keep_turn(x->phone);
    assert_true(row_of(0).n > 0);
    assert_null(value_of((char *)bytes + ROWS_HEAD_BYTES, row_of(0).n, TAG_ID));
    exchange_drop(x);
}

/* The next process has no TLS any more. */
static void a_way_that_is_closed_now_is_none(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    uint64_t id = talking(x);
    struct exchange *y = open_next(x);
    struct phone_tcp_connection *list = y->phone->tls.list;
    y->phone->tls.list = NULL; /* as without has_tls */
    assert_int_equal(phone_resume(y->phone, row_of(0), false), 0);
    y->phone->tls.list = list;
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    exchange_drop(x);
    exchange_drop(y);
}

/* ---- what stays ----------------------------------------------------------------------------- */

static bool holds(const void *key, size_t n)
{
    return memmem(bytes, sizeof(bytes), key, n) != NULL;
}

static void keys_are_wiped_with_the_call(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    uint64_t id = talking(x);
    const struct media_secret secret = x->streams[0].want.secret;
    phone_keep_turn(x->phone);
    assert_true(holds(secret.ours, 8) && holds(secret.theirs, 8));
    x->port.hang_up(x->port.arg, id);
    phone_keep_turn(x->phone);
    assert_false(holds(secret.ours, 8) || holds(secret.theirs, 8));
    for (size_t i = 0; i < sizeof(bytes); i++)
        assert_int_equal(bytes[i], 0);
    exchange_drop(x);
}

/* As earlier versions wrote it: no word of the way, which was the only one. */
static void a_row_without_a_way_is_one_of_udp(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_REFUSE);
    struct peer p = peer_open(x, AT_TRUNK);
    phone_trunks(x->phone, NULL, 0);
    peer_invite(&p);
    uint64_t id = last_leg(x);
    x->port.answer(x->port.arg, id);
    peer_ignore(&p);
    peer_ack(&p);
    struct exchange *y = open_next(x);
    assert_non_null(value_of((char *)bytes + ROWS_HEAD_BYTES, row_of(0).n, TAG_ID));
    for (uint16_t tag = TAG_TRANSPORT; tag < 100; tag++)
        assert_null(value_of((char *)bytes + ROWS_HEAD_BYTES, row_of(0).n, tag));
    for (uint16_t tag = 200; tag < 300; tag++)
        assert_null(value_of((char *)bytes + ROWS_HEAD_BYTES, row_of(0).n, tag));
    assert_int_equal(phone_resume(y->phone, row_of(0), false), id);
    assert_int_equal(y->phone->legs[0].peer.transport, SIP_OVER_UDP);
    assert_false(y->phone->legs[0].is_cut);
    peer_close(&p);
    exchange_drop(x);
    exchange_drop(y);
}

/* Whatever was taken up has keys over TLS alone; it is forgotten again. */
static void judge_and_drop(struct phone *p)
{
    for (uint32_t k = 0; k < p->used; k++) {
        struct phone_leg *leg = &p->legs[k];
        bool is_secure = leg->want.secret.suite != MEDIA_PLAIN;
        assert_true(!leg->id || !is_secure || leg->peer.transport == SIP_OVER_TLS);
        assert_true(leg->want.secret.suite < MEDIA_SUITES);
        if (leg->id)
            leg_drop(p, leg);
    }
    assert_int_equal(p->n, 0);
}

/* Each cut and each wrong byte of a row with keys gives a leg or none, never a fault. */
static void damaged_rows_with_keys_do_no_harm(void **state)
{
    (void)state;
    struct exchange *x = open_first(PHONE_SRTP_ALLOW);
    char row[PHONE_ROW_BYTES];
    uint64_t id = talking(x);
    struct exchange *y = open_next(x);
    size_t row_n = row_of(0).n;
    memcpy(row, row_of(0).p, row_n);
    for (size_t n = 0; n < row_n; n++) {
        phone_resume(y->phone, (struct text){row, n}, false);
        judge_and_drop(y->phone);
    }
    for (size_t i = 0; i < row_n; i++) {
        row[i] = (char)~row[i];
        phone_resume(y->phone, (struct text){row, row_n}, false);
        judge_and_drop(y->phone);
        row[i] = (char)~row[i];
    }
    assert_int_equal(phone_resume(y->phone, (struct text){row, row_n}, false), id);
    exchange_drop(x);
    exchange_drop(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_keys_go_on_and_the_engine_knows_how_far_they_were),
        cmocka_unit_test(our_sound_never_goes_on_under_the_same_ssrc),
        cmocka_unit_test(keys_survive_twice),
        cmocka_unit_test(the_same_offer_again_keeps_our_key_and_another_one_begins_anew),
        cmocka_unit_test(a_refresh_of_ours_keeps_both_keys),
        cmocka_unit_test(a_telephone_that_rings_takes_one_of_the_keys_that_were_offered),
        cmocka_unit_test(keys_without_tls_or_by_halves_are_not_believed),
        cmocka_unit_test(where_keys_must_be_a_row_without_them_is_not_believed),
        cmocka_unit_test(an_earlier_version_finds_no_leg_in_it),
        cmocka_unit_test(a_way_that_is_closed_now_is_none),
        cmocka_unit_test(keys_are_wiped_with_the_call),
        cmocka_unit_test(a_row_without_a_way_is_one_of_udp),
        cmocka_unit_test(damaged_rows_with_keys_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
