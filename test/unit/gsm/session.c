/* session.c — tests of gsm/session.h: an SMPP session with a gateway that throttles, is silent,
 * lies and says things twice; each message is answered once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gsm/session.h"

#define ANSWER_MS 2000
struct seen {
    unsigned answered_n, texts_n, receipts_n;
    enum gsm_event last;
    uint64_t last_id;
    uint32_t sequence;
    char remote[64], text[256];
};
static struct session s;
static struct seen seen;
static ms_t now_ms;

static void see(const struct session_news *news, void *arg)
{
    struct text_out out = {.p = seen.text, .max = sizeof(seen.text) - 1};
    (void)arg;
    seen.answered_n += news->kind == SESSION_ANSWERED;
    seen.receipts_n += news->kind == SESSION_RECEIPT;
    seen.texts_n += news->kind == SESSION_TEXT;
    seen.last = news->event;
    seen.last_id = news->id;
    seen.sequence = news->sequence;
    memset(seen.remote, 0, sizeof(seen.remote));
    memcpy(seen.remote, news->remote.p ? news->remote.p : "", news->remote.n);
    if (news->kind != SESSION_TEXT)
        return;
    pdu_deliver_text(&out, news->deliver);
    seen.text[out.n] = '\0';
}

struct bytes {
    uint8_t p[512];
    size_t n;
};

static void put4(struct bytes *b, uint32_t v)
{
    for (int i = 3; i >= 0; i--)
        b->p[b->n++] = (uint8_t)(v >> (8 * i));
}

static struct bytes pdu(uint32_t command, uint32_t status, uint32_t sequence)
{
    struct bytes b = {.n = 0};
    put4(&b, PDU_HEAD_BYTES);
    put4(&b, command);
    put4(&b, status);
    put4(&b, sequence);
    return b;
}

static struct bytes with(struct bytes b, const char *body, size_t n)
{
    memcpy(b.p + b.n, body, n);
    b.n += n;
    b.p[2] = (uint8_t)(b.n >> 8);
    b.p[3] = (uint8_t)b.n;
    return b;
}

static bool comes(struct bytes b)
{
    return session_take(&s, (struct text){(const char *)b.p, b.n}, now_ms);
}

static void bind(void)
{
    while (!session_turn(&s, now_ms))
        now_ms += 500;
    session_up(&s, now_ms);
    assert_true(comes(pdu(PDU_BIND_TRANSCEIVER | PDU_RESPONSE, 0, s.sequence)));
    assert_int_equal(s.state, SESSION_BOUND);
    session_written(&s, s.out_n);
}

static void begin(void)
{
    const struct session_args args = {.system_id = "nous",
                                      .password = "p",
                                      .system_type = "",
                                      .window = 4,
                                      .answer_ms = ANSWER_MS,
                                      .fn = see};
    seen = (struct seen){.last_id = 0};
    now_ms = 1000;
    session_open(&s, &args);
    bind();
}

static uint32_t submit(uint64_t id)
{
    const struct pdu_submit message = {.sender = "38000",
                                       .e164 = 33612345678,
                                       .octets = (const uint8_t *)"abc",
                                       .octets_n = 3,
                                       .wants_receipt = true};
    assert_true(session_is_ready(&s, now_ms));
    session_submit(&s, &message, id, now_ms);
    session_written(&s, s.out_n);
    return s.sequence;
}

static void answered(unsigned n, uint64_t id, enum gsm_event event)
{
    assert_int_equal(seen.answered_n, n);
    assert_int_equal(seen.last_id, id);
    assert_int_equal(seen.last, event);
}

static void each_message_is_answered_once(void **state)
{
    (void)state;
    begin();
    uint32_t first = submit(11), second = submit(12);
    assert_true(comes(with(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, 0, second), "m2", 3)));
    answered(1, 12, GSM_ACCEPTED);
    assert_string_equal(seen.remote, "m2");
    assert_true(comes(with(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, 0, second), "m2", 3))); /* twice */
    assert_true(comes(with(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, 0, 999), "m9", 3)));
    assert_int_equal(seen.answered_n, 1);
    assert_true(comes(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, 0x0B, first)));
    answered(2, 11, GSM_REFUSED);
    submit(13);
    now_ms += ANSWER_MS;
    session_turn(&s, now_ms);
    answered(3, 13, GSM_TROUBLE); /* no answer */
    submit(14);
    session_down(&s, now_ms);
    answered(4, 14, GSM_TROUBLE);
    assert_int_equal(s.flying_n, 0);
}

static void a_full_window_and_throttling_hold_what_follows(void **state)
{
    (void)state;
    begin();
    uint32_t last = 0;
    for (uint64_t i = 1; i <= 4; i++)
        last = submit(i);
    assert_false(session_is_ready(&s, now_ms));
    assert_true(comes(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, PDU_THROTTLED, last)));
    answered(1, 4, GSM_TROUBLE);
    assert_false(session_is_ready(&s, now_ms + SESSION_HOLD_MS_MIN - 1));
    assert_true(session_is_ready(&s, now_ms + SESSION_HOLD_MS_MIN));
    assert_true(comes(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, PDU_QUEUE_FULL, last - 1)));
    assert_false(session_is_ready(&s, now_ms + 2 * SESSION_HOLD_MS_MIN - 1));
    assert_true(session_is_ready(&s, now_ms + 2 * SESSION_HOLD_MS_MIN));
}

static void lies_end_the_session_and_it_comes_back(void **state)
{
    (void)state;
    struct bytes lies[] = {pdu(PDU_DELIVER_SM, 0, 1), pdu(PDU_DELIVER_SM, 0, 1),
                           pdu(PDU_DELIVER_SM, 0, 1)};
    lies[0].p[0] = 0xFF;
    lies[1].p[3] = 15;
    lies[2].p[2] = 0x10;
    lies[2].p[3] = 0x01; /* one more than there may be */
    begin();
    for (unsigned i = 0; i < ARRAY_LEN(lies); i++) {
        submit(20 + i);
        assert_false(comes(lies[i]));
        answered(i + 1, 20 + i, GSM_TROUBLE);
        assert_int_equal(s.state, SESSION_DOWN);
        bind();
    }
}

static void silence_is_asked_and_then_ends_the_session(void **state)
{
    (void)state;
    begin();
    now_ms = s.until_ms;
    assert_false(session_turn(&s, now_ms));
    assert_int_equal(s.out_n, PDU_HEAD_BYTES); /* enquire_link */
    assert_true(comes(pdu(PDU_ENQUIRE_LINK | PDU_RESPONSE, 0, s.sequence)));
    now_ms = s.until_ms;
    session_turn(&s, now_ms);
    now_ms += ANSWER_MS;
    session_turn(&s, now_ms);
    assert_int_equal(s.state, SESSION_DOWN);
    assert_true(session_next_ms(&s) > now_ms);
}

#define DELIVER(esm, coding, words)                                                                \
    "\0\1\1"                                                                                       \
    "33612345678\0\0\0"                                                                            \
    "38000\0" esm "\0\0\0\0\0\0" coding "\0" words

static void who_unbinds_is_answered_before_the_session_ends(void **state)
{
    (void)state;
    begin();
    submit(61);
    assert_true(comes(pdu(PDU_UNBIND, 0, 77)));
    assert_int_equal(s.out_n, PDU_HEAD_BYTES);
    assert_memory_equal(s.out, "\0\0\0\020\200\0\0\006\0\0\0\0\0\0\0\115", PDU_HEAD_BYTES);
    assert_false(session_is_ready(&s, now_ms));
    assert_false(session_turn(&s, now_ms)); /* the answer is not out yet */
    assert_int_equal(s.state, SESSION_BOUND);
    session_written(&s, s.out_n);
    assert_false(session_turn(&s, now_ms));
    assert_int_equal(s.state, SESSION_DOWN);
    answered(1, 61, GSM_TROUBLE);
    bind();
    assert_true(session_is_ready(&s, now_ms));
    assert_true(comes(pdu(PDU_UNBIND, 0, 78)));
    assert_true(comes(pdu(PDU_ENQUIRE_LINK, 0, 79))); /* it talks on, and reads nothing */
    now_ms += SESSION_LEAVE_MS - 1;
    assert_false(session_turn(&s, now_ms));
    assert_int_equal(s.state, SESSION_BOUND);
    now_ms++;
    assert_false(session_turn(&s, now_ms));
    assert_int_equal(s.state, SESSION_DOWN);
}

static void what_comes_is_answered_when_it_is_stored(void **state)
{
    (void)state;
    static const char text[] = DELIVER("\0", "\0", "\4") "STO";
    static const char receipt[] = DELIVER("\4", "\0", "\30") "id:m1 stat:DELIVRD err:0";
    begin();
    struct bytes stop = with(pdu(PDU_DELIVER_SM, 0, 71), text, sizeof(text) - 1);
    stop = with(stop, "P", 1);
    assert_true(comes(stop));
    assert_int_equal(seen.texts_n, 1);
    assert_string_equal(seen.text, "STOP");
    assert_int_equal(s.out_n, 0);
    session_stored(&s, 71, true);
    assert_int_equal(s.out_n, PDU_HEAD_BYTES + 1);
    session_stored(&s, 71, true);
    assert_int_equal(s.out_n, PDU_HEAD_BYTES + 1);
    assert_true(comes(with(pdu(PDU_DELIVER_SM, 0, 72), receipt, sizeof(receipt) - 1)));
    assert_int_equal(seen.receipts_n, 1);
    assert_int_equal(seen.last, GSM_ARRIVED);
    assert_string_equal(seen.remote, "m1");
}

static void a_truncated_pdu_is_refused_alone(void **state)
{
    (void)state;
    static const char text[] = DELIVER("\0", "\0", "\377") "too short for its length";
    begin();
    for (size_t n = 0; n < sizeof(text) - 1; n++) {
        assert_true(comes(with(pdu(PDU_DELIVER_SM, 0, 80), text, n)));
        assert_int_equal(s.out_n, PDU_HEAD_BYTES + 1);
        assert_int_equal(s.out[11], PDU_WRONG_LENGTH);
        session_written(&s, s.out_n);
    }
    assert_int_equal(seen.texts_n, 0);
    assert_int_equal(s.state, SESSION_BOUND);
}

static void bytes_come_in_any_pieces(void **state)
{
    (void)state;
    begin();
    uint32_t sequence = submit(5);
    struct bytes b = with(pdu(PDU_SUBMIT_SM | PDU_RESPONSE, 0, sequence), "name", 5);
    for (size_t i = 0; i < b.n; i++)
        assert_true(session_take(&s, (struct text){(const char *)b.p + i, 1}, now_ms));
    answered(1, 5, GSM_ACCEPTED);
    assert_string_equal(seen.remote, "name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_answered_once),
        cmocka_unit_test(a_full_window_and_throttling_hold_what_follows),
        cmocka_unit_test(lies_end_the_session_and_it_comes_back),
        cmocka_unit_test(silence_is_asked_and_then_ends_the_session),
        cmocka_unit_test(who_unbinds_is_answered_before_the_session_ends),
        cmocka_unit_test(what_comes_is_answered_when_it_is_stored),
        cmocka_unit_test(a_truncated_pdu_is_refused_alone),
        cmocka_unit_test(bytes_come_in_any_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
