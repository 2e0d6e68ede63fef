/* session.c — see session.h. Called on one thread. Cost: O(window) a PDU. */
#include <string.h>

#include "gsm/session.h"

/* An unbind of theirs, a wrong length, a bind refused: down, and later again. */

void session_open(struct session *s, const struct session_args *args)
{
    *s = (struct session){.args = *args, .state = SESSION_DOWN};
    if (s->args.window > SESSION_WINDOW_MAX)
        s->args.window = SESSION_WINDOW_MAX;
}

static struct text_out out_of(struct session *s)
{
    return (struct text_out){.p = s->out, .n = s->out_n, .max = sizeof(s->out)};
}

static uint32_t next_sequence(struct session *s)
{
    s->sequence = s->sequence >= 0x7FFFFFFF ? 1 : s->sequence + 1;
    return s->sequence;
}

/* False: the other side reads nothing; nothing was written. */
static bool put_plain(struct session *s, uint32_t command, uint32_t status, uint32_t sequence)
{
    struct text_out out = out_of(s);
    bool is_put = pdu_put_plain(
        &out, &(struct pdu){.command = command, .status = status, .sequence = sequence});
    s->out_n = out.n;
    return is_put;
}

static void answer(struct session *s, unsigned i, const struct session_news *news)
{
    struct session_news mine = *news;
    mine.kind = SESSION_ANSWERED;
    mine.id = s->window[i].id;
    s->window[i].id = 0;
    s->flying_n--;
    s->args.fn(&mine, s->args.arg);
}

void session_down(struct session *s, ms_t now_ms)
{
    const struct session_news trouble = {.event = GSM_TROUBLE};
    bool was_bound = s->state == SESSION_BOUND;
    for (unsigned i = 0; i < SESSION_WINDOW_MAX; i++)
        if (s->window[i].id)
            answer(s, i, &trouble);
    memset(s->held, 0, sizeof(s->held));
    s->failures_n = was_bound ? 0 : s->failures_n + 1;
    ms_t pause_ms = gsm_pause_ms(s->failures_n, (uint64_t)now_ms);
    s->state = SESSION_DOWN;
    s->until_ms = now_ms + (pause_ms < SESSION_HOLD_MS_MAX ? pause_ms : SESSION_HOLD_MS_MAX);
    s->in_n = s->out_n = 0;
    s->enquire = 0;
    s->is_leaving = false;
}

void session_up(struct session *s, ms_t now_ms)
{
    struct text_out out = out_of(s);
    s->state = SESSION_BINDING;
    s->until_ms = now_ms + s->args.answer_ms;
    pdu_put_bind(&out, &(struct pdu_bind){next_sequence(s), s->args.system_id, s->args.password,
                                          s->args.system_type});
    s->out_n = out.n;
}

static void expire(struct session *s, ms_t now_ms)
{
    const struct session_news trouble = {.event = GSM_TROUBLE};
    for (unsigned i = 0; i < SESSION_WINDOW_MAX; i++)
        if (s->window[i].id && s->window[i].until_ms <= now_ms)
            answer(s, i, &trouble);
}

bool session_turn(struct session *s, ms_t now_ms)
{
    if (s->state == SESSION_BOUND)
        expire(s, now_ms);
    if (s->is_leaving && (!s->out_n || now_ms >= s->until_ms)) {
        session_down(s, now_ms);
        return false;
    }
    if (now_ms < s->until_ms)
        return false;
    if (s->state == SESSION_DOWN) {
        s->state = SESSION_CONNECTING;
        s->until_ms = now_ms + s->args.answer_ms;
        return true;
    }
    if (s->state != SESSION_BOUND || s->enquire) {
        session_down(s, now_ms); /* silence */
        return false;
    }
    s->enquire = next_sequence(s);
    s->until_ms = now_ms + s->args.answer_ms;
    put_plain(s, PDU_ENQUIRE_LINK, PDU_OK, s->enquire);
    return false;
}

/* ---- what comes --------------------------------------------------------------------------- */

static void take_submit_resp(struct session *s, const struct pdu *pdu, ms_t now_ms)
{
    struct session_news news = {.code = pdu->status};
    unsigned i = 0;
    while (i < SESSION_WINDOW_MAX && !(s->window[i].id && s->window[i].sequence == pdu->sequence))
        i++;
    if (i == SESSION_WINDOW_MAX)
        return; /* too late, twice, or never asked for */
    bool is_throttled = pdu->status == PDU_THROTTLED || pdu->status == PDU_QUEUE_FULL;
    bool is_later = is_throttled || pdu->status == PDU_SYSTEM_ERROR || pdu->status == PDU_LATER ||
                    pdu->status == PDU_WRONG_STATE;
    news.event = pdu->status == PDU_OK ? GSM_ACCEPTED : is_later ? GSM_TROUBLE : GSM_REFUSED;
    news.remote = pdu->status == PDU_OK ? pdu_message_id(pdu) : TEXT_NONE;
    if (is_throttled) {
        ms_t hold_ms = SESSION_HOLD_MS_MIN << (s->holds_n < 6 ? s->holds_n : 6);
        s->holds_n++;
        s->hold_ms = now_ms + (hold_ms < SESSION_HOLD_MS_MAX ? hold_ms : SESSION_HOLD_MS_MAX);
    } else if (pdu->status == PDU_OK) {
        s->holds_n = 0;
    }
    answer(s, i, &news);
}

static bool hold(struct session *s, uint32_t sequence)
{
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++)
        if (!s->held[i]) {
            s->held[i] = sequence;
            return true;
        }
    return false;
}

static void take_deliver(struct session *s, const struct pdu *pdu)
{
    const uint32_t command = PDU_DELIVER_SM | PDU_RESPONSE;
    struct pdu_deliver deliver;
    struct pdu_receipt receipt;
    struct session_news news = {.sequence = pdu->sequence, .deliver = &deliver};
    if (!pdu_deliver(&deliver, pdu)) {
        put_plain(s, command, PDU_WRONG_LENGTH, pdu->sequence);
        return;
    }
    bool is_receipt = pdu_receipt(&receipt, &deliver);
    if (is_receipt && (receipt.fate == PDU_FATE_UNDERWAY || !receipt.remote[0])) {
        put_plain(s, command, PDU_OK, pdu->sequence); /* nothing that ends a message */
        return;
    }
    if (!pdu->sequence || !hold(s, pdu->sequence)) {
        put_plain(s, command, PDU_LATER, pdu->sequence);
        return;
    }
    news.kind = is_receipt ? SESSION_RECEIPT : SESSION_TEXT;
    news.event = receipt.fate == PDU_FATE_ARRIVED ? GSM_ARRIVED : GSM_LOST;
    news.remote = text_of(receipt.remote);
    s->args.fn(&news, s->args.arg);
}

void session_stored(struct session *s, uint32_t sequence, bool is_kept)
{
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++) {
        if (!sequence || s->held[i] != sequence)
            continue;
        s->held[i] = 0;
        put_plain(s, PDU_DELIVER_SM | PDU_RESPONSE, is_kept ? PDU_OK : PDU_LATER, sequence);
        return;
    }
}

static bool take_bind_resp(struct session *s, const struct pdu *pdu, ms_t now_ms)
{
    if (s->state != SESSION_BINDING)
        return true;
    s->bind_status = pdu->status;
    if (pdu->status != PDU_OK && pdu->status != PDU_ALREADY_BOUND)
        return false;
    s->state = SESSION_BOUND;
    s->failures_n = 0;
    s->until_ms = now_ms + SESSION_ENQUIRE_MS;
    return true;
}

/* Answered first (SMPP 3.4 §4.2), then it is over. */
static bool take_unbind(struct session *s, const struct pdu *pdu, ms_t now_ms)
{
    if (s->state != SESSION_BOUND)
        return false;
    s->is_leaving = true;
    s->until_ms = now_ms + SESSION_LEAVE_MS;
    return put_plain(s, PDU_UNBIND | PDU_RESPONSE, PDU_OK, pdu->sequence);
}

/* False: the session is over. */
static bool take_pdu(struct session *s, const struct pdu *pdu, ms_t now_ms)
{
    bool is_bound = s->state == SESSION_BOUND;
    if (is_bound && !s->enquire && !s->is_leaving)
        s->until_ms = now_ms + SESSION_ENQUIRE_MS;
    switch (pdu->command) {
    case PDU_BIND_TRANSCEIVER | PDU_RESPONSE:
        return take_bind_resp(s, pdu, now_ms);
    case PDU_SUBMIT_SM | PDU_RESPONSE:
        take_submit_resp(s, pdu, now_ms);
        return true;
    case PDU_GENERIC_NACK:
        take_submit_resp(s,
                         &(struct pdu){.status = pdu->status ? pdu->status : PDU_WRONG_COMMAND,
                                       .sequence = pdu->sequence},
                         now_ms);
        return is_bound;
    case PDU_DELIVER_SM:
        if (is_bound)
            take_deliver(s, pdu);
        return is_bound;
    case PDU_ENQUIRE_LINK:
        return put_plain(s, PDU_ENQUIRE_LINK | PDU_RESPONSE, PDU_OK, pdu->sequence);
    case PDU_ENQUIRE_LINK | PDU_RESPONSE:
        s->enquire = 0;
        s->until_ms = is_bound && !s->is_leaving ? now_ms + SESSION_ENQUIRE_MS : s->until_ms;
        return true;
    case PDU_UNBIND:
        return take_unbind(s, pdu, now_ms);
    case PDU_UNBIND | PDU_RESPONSE:
        return false;
    default: /* a request that we do not know is refused; an answer is passed over */
        return pdu->command & PDU_RESPONSE ||
               put_plain(s, PDU_GENERIC_NACK, PDU_WRONG_COMMAND, pdu->sequence);
    }
}

/* All whole PDUs of in; false: the session is over. */
static bool take_all(struct session *s, ms_t now_ms)
{
    struct pdu pdu;
    size_t at = 0, n = 0;
    enum pdu_read read = PDU_MORE;
    bool goes_on = true;
    while (goes_on &&
           (read = pdu_read(&pdu, &n, (struct text){(const char *)s->in + at, s->in_n - at})) ==
               PDU_WHOLE) {
        at += n;
        goes_on = take_pdu(s, &pdu, now_ms);
    }
    if (!goes_on || read == PDU_WRONG)
        return false;
    memmove(s->in, s->in + at, s->in_n - at);
    s->in_n -= at;
    return true;
}

bool session_take(struct session *s, struct text bytes, ms_t now_ms)
{
    while (bytes.n) {
        size_t room = sizeof(s->in) - s->in_n, n = bytes.n < room ? bytes.n : room;
        memcpy(s->in + s->in_n, bytes.p, n);
        s->in_n += n;
        bytes = text_after(bytes, n);
        bool is_known = s->state == SESSION_BINDING || s->state == SESSION_BOUND;
        if (!is_known || !take_all(s, now_ms)) {
            session_down(s, now_ms);
            return false;
        }
    }
    return true;
}

/* ---- what goes ---------------------------------------------------------------------------- */

bool session_is_ready(const struct session *s, ms_t now_ms)
{
    return s->state == SESSION_BOUND && !s->is_leaving && s->flying_n < s->args.window &&
           now_ms >= s->hold_ms && s->out_n < SESSION_BYTES / 2;
}

void session_submit(struct session *s, const struct pdu_submit *submit, uint64_t id, ms_t now_ms)
{
    struct pdu_submit mine = *submit;
    struct text_out out = out_of(s);
    unsigned i = 0;
    assert(id && session_is_ready(s, now_ms));
    while (s->window[i].id)
        i++;
    mine.sequence = next_sequence(s);
    mine.reference = (uint16_t)id;
    pdu_put_submit(&out, &mine);
    s->out_n = out.n;
    s->window[i].id = id;
    s->window[i].sequence = mine.sequence;
    s->window[i].until_ms = now_ms + s->args.answer_ms;
    s->flying_n++;
}

void session_unbind(struct session *s)
{
    if (s->state == SESSION_BOUND)
        (void)put_plain(s, PDU_UNBIND, PDU_OK, next_sequence(s));
}

void session_written(struct session *s, size_t n)
{
    assert(n <= s->out_n);
    memmove(s->out, s->out + n, s->out_n - n);
    s->out_n -= n;
}

ms_t session_next_ms(const struct session *s)
{
    ms_t next_ms = s->until_ms;
    for (unsigned i = 0; i < SESSION_WINDOW_MAX; i++)
        if (s->window[i].id && s->window[i].until_ms < next_ms)
            next_ms = s->window[i].until_ms;
    return next_ms;
}
