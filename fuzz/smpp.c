/* smpp.c — fuzz target of an SMPP session: bytes of a gateway that lies, in pieces, with time going
 * by. Each message that was taken is answered once, the session comes back up afterwards. The first
 * byte says how the rest is cut. */
#include <string.h>

#include "gsm/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct seen {
    struct session *session;
    unsigned answered_n, given_n;
};

static void see(const struct session_news *news, void *arg)
{
    struct seen *seen = arg;
    char text[1024];
    struct text_out out = {.p = text, .max = sizeof(text)};
    seen->answered_n += news->kind == SESSION_ANSWERED;
    if (news->kind == SESSION_TEXT)
        pdu_deliver_text(&out, news->deliver);
    if (news->kind == SESSION_TEXT || news->kind == SESSION_RECEIPT)
        session_stored(seen->session, news->sequence, news->sequence % 3 != 0);
}

static const uint8_t bound[] = {0, 0, 0, 16, 0x80, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1};

static void bind(struct session *s, ms_t *now_ms)
{
    while (s->state == SESSION_DOWN) {
        bool connects = session_turn(s, *now_ms);
        if (connects)
            session_up(s, *now_ms);
        *now_ms += 1000;
    }
    bool goes_on = session_take(s, (struct text){(const char *)bound, sizeof(bound)}, *now_ms);
    assert(goes_on && s->state == SESSION_BOUND);
    session_written(s, s->out_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct session s;
    struct seen seen = {.session = &s};
    const struct session_args args = {.system_id = "u",
                                      .password = "p",
                                      .system_type = "",
                                      .window = 4,
                                      .answer_ms = 10000,
                                      .fn = see,
                                      .arg = &seen};
    const struct pdu_submit submit = {
        .sender = "38000", .e164 = 33612345678, .octets = (const uint8_t *)"abc", .octets_n = 3};
    ms_t now_ms = 1;
    size_t piece = n ? data[0] % 61u + 1 : 1;
    session_open(&s, &args);
    bind(&s, &now_ms);
    for (size_t at = 1; at < n; at += piece) {
        size_t k = n - at < piece ? n - at : piece;
        if (session_is_ready(&s, now_ms))
            session_submit(&s, &submit, ++seen.given_n, now_ms);
        bool goes_on = session_take(&s, (struct text){(const char *)data + at, k}, now_ms);
        assert(goes_on == (s.state != SESSION_DOWN));
        session_written(&s, s.out_n);
        now_ms += data[at];
        (void)session_turn(&s, now_ms);
        if (s.state != SESSION_BOUND) {
            if (s.state != SESSION_DOWN)
                session_down(&s, now_ms);
            bind(&s, &now_ms);
        }
    }
    session_down(&s, now_ms);
    assert(seen.answered_n == seen.given_n && !s.flying_n);
    return 0;
}
