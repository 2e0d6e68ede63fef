/* pdu.c — see pdu.h. Invariant: a cursor never passes the end of its PDU; once it tried to, all
 * that follows is refused. */
#include <string.h>

#include "gsm/pdu.h"

#define TLV_MESSAGE_REFERENCE 0x0204u
#define TLV_SAR_REFERENCE 0x020Cu
#define TLV_SAR_TOTAL 0x020Eu
#define TLV_SAR_NUMBER 0x020Fu
#define TLV_RECEIPTED_ID 0x001Eu
#define TLV_PAYLOAD 0x0424u
#define TLV_STATE 0x0427u
#define VERSION_34 0x34u
#define HAS_HEADER 0x40u /* esm_class: a user data header stands first */
#define IS_RECEIPT 0x3Cu /* esm_class: any kind of report */
#define CODING_IA5 1u
#define CODING_LATIN1 3u
#define CODING_UCS2 8u
#define TEXT_MAX 64u

/* ---- reading ------------------------------------------------------------------------------ */

struct cursor {
    const uint8_t *p;
    size_t n;
    bool is_wrong;
};

static const uint8_t *take(struct cursor *c, size_t n)
{
    const uint8_t *p = c->p;
    if (c->is_wrong || c->n < n) {
        c->is_wrong = true;
        return NULL;
    }
    c->p += n;
    c->n -= n;
    return p;
}

static uint32_t take_number(struct cursor *c, unsigned bytes_n)
{
    const uint8_t *p = take(c, bytes_n);
    uint32_t v = 0;
    for (unsigned i = 0; p && i < bytes_n; i++)
        v = v << 8 | p[i];
    return v;
}

/* A C octet string; max without its NUL. */
static struct text take_string(struct cursor *c, size_t max)
{
    const uint8_t *end = c->is_wrong || !c->n ? NULL : memchr(c->p, 0, c->n);
    size_t n = end ? (size_t)(end - c->p) : 0;
    if (!end || n > max) {
        c->is_wrong = true;
        return TEXT_NONE;
    }
    const uint8_t *p = take(c, n + 1);
    return (struct text){(const char *)p, n};
}

enum pdu_read pdu_read(struct pdu *pdu, size_t *n, struct text bytes)
{
    struct cursor c = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    *n = 0;
    if (bytes.n < 4)
        return PDU_MORE;
    uint32_t length = take_number(&c, 4);
    if (length < PDU_HEAD_BYTES || length > PDU_BYTES_MAX)
        return PDU_WRONG;
    if (bytes.n < length)
        return PDU_MORE;
    pdu->command = take_number(&c, 4);
    pdu->status = take_number(&c, 4);
    pdu->sequence = take_number(&c, 4);
    pdu->body = c.p;
    pdu->body_n = length - PDU_HEAD_BYTES;
    *n = length;
    return PDU_WHOLE;
}

static void read_tlv(struct pdu_deliver *to, uint32_t tag, struct cursor value)
{
    size_t n = value.n;
    switch (tag) {
    case TLV_SAR_REFERENCE:
        to->set = (uint16_t)take_number(&value, n == 2 ? 2 : 0);
        break;
    case TLV_SAR_TOTAL:
        to->parts = (uint8_t)take_number(&value, n == 1);
        break;
    case TLV_SAR_NUMBER:
        to->part = (uint8_t)take_number(&value, n == 1);
        break;
    case TLV_STATE:
        to->final = (uint8_t)take_number(&value, n == 1);
        break;
    case TLV_RECEIPTED_ID:
        to->receipted = take_string(&value, PDU_REMOTE_MAX);
        break;
    case TLV_PAYLOAD:
        to->octets = to->octets_n ? to->octets : value.p;
        to->octets_n = to->octets_n ? to->octets_n : n;
        break;
    default:
        break;
    }
}

/* 3GPP TS 23.040 §9.2.3.24: concatenation with a reference of one byte, or of two. */
static bool read_header(struct pdu_deliver *to)
{
    struct cursor all = {.p = to->octets, .n = to->octets_n};
    size_t header_n = take_number(&all, 1);
    struct cursor c = {.p = take(&all, header_n), .n = header_n};
    while (!all.is_wrong && c.n && !c.is_wrong) {
        uint32_t kind = take_number(&c, 1);
        size_t n = take_number(&c, 1);
        struct cursor value = {.p = take(&c, n), .n = n};
        bool is_short = kind == 0 && n == 3, is_long = kind == 8 && n == 4;
        if (c.is_wrong || (!is_short && !is_long))
            continue;
        to->set = (uint16_t)take_number(&value, is_short ? 1 : 2);
        to->parts = (uint8_t)take_number(&value, 1);
        to->part = (uint8_t)take_number(&value, 1);
    }
    to->octets = all.p;
    to->octets_n = all.n;
    return !all.is_wrong && !c.is_wrong;
}

bool pdu_deliver(struct pdu_deliver *to, const struct pdu *pdu)
{
    struct cursor c = {.p = pdu->body, .n = pdu->body_n};
    *to = (struct pdu_deliver){.parts = 0};
    take_string(&c, 5); /* service_type */
    take_number(&c, 2);
    to->source = take_string(&c, PDU_ADDRESS_MAX);
    take_number(&c, 2);
    to->destination = take_string(&c, PDU_ADDRESS_MAX);
    to->esm_class = (uint8_t)take_number(&c, 1);
    take_number(&c, 2);  /* protocol_id, priority_flag */
    take_string(&c, 16); /* schedule_delivery_time */
    take_string(&c, 16); /* validity_period */
    take_number(&c, 2);  /* registered_delivery, replace_if_present_flag */
    to->data_coding = (uint8_t)take_number(&c, 1);
    take_number(&c, 1); /* sm_default_msg_id */
    to->octets_n = take_number(&c, 1);
    to->octets = take(&c, to->octets_n);
    while (!c.is_wrong && c.n) {
        uint32_t tag = take_number(&c, 2);
        size_t n = take_number(&c, 2);
        struct cursor value = {.p = take(&c, n), .n = n};
        if (!c.is_wrong)
            read_tlv(to, tag, value);
    }
    if (c.is_wrong || (to->esm_class & HAS_HEADER && !read_header(to)))
        return false;
    if (to->parts < 2 || !to->part || to->part > to->parts)
        to->part = to->parts = 0;
    return true;
}

void pdu_deliver_text(struct text_out *out, const struct pdu_deliver *d)
{
    uint8_t wide[2] = {0, 0};
    if (d->data_coding == CODING_UCS2) {
        gsm_wide_text(out, d->octets, d->octets_n);
    } else if (d->data_coding == CODING_IA5 || d->data_coding == CODING_LATIN1) {
        for (size_t i = 0; i < d->octets_n; i++) {
            wide[1] = d->octets[i];
            gsm_wide_text(out, wide, sizeof(wide));
        }
    } else {
        gsm_septets_text(out, d->octets, d->octets_n);
    }
}

struct text pdu_message_id(const struct pdu *pdu)
{
    struct cursor c = {.p = pdu->body, .n = pdu->body_n};
    struct text id = take_string(&c, PDU_REMOTE_MAX);
    return c.is_wrong ? TEXT_NONE : id;
}

/* ---- receipts ----------------------------------------------------------------------------- */

/* What stands behind "id:" or "stat:", up to a space. */
static struct text find_word(struct text words, struct text name)
{
    struct text found = TEXT_NONE;
    while (words.n && !text_starts_fold(words, name))
        words = text_after(words, 1);
    words = text_after(words, name.n);
    found = words.n ? text_cut(&words, ' ') : found;
    return found;
}

static enum pdu_fate fate_of_word(struct text stat)
{
    if (text_equal_fold(stat, TEXT("DELIVRD")))
        return PDU_FATE_ARRIVED;
    bool is_over = text_equal_fold(stat, TEXT("UNDELIV")) ||
                   text_equal_fold(stat, TEXT("EXPIRED")) ||
                   text_equal_fold(stat, TEXT("REJECTD")) || text_equal_fold(stat, TEXT("DELETED"));
    return is_over ? PDU_FATE_LOST : PDU_FATE_UNDERWAY;
}

/* §5.2.28: 2 delivered, 3 expired, 4 deleted, 5 undeliverable, 8 rejected. */
static enum pdu_fate fate_of_state(uint8_t state)
{
    bool is_over = (state >= 3 && state <= 5) || state == 8;
    return state == 2 ? PDU_FATE_ARRIVED : is_over ? PDU_FATE_LOST : PDU_FATE_UNDERWAY;
}

bool pdu_receipt(struct pdu_receipt *to, const struct pdu_deliver *d)
{
    struct text words = {(const char *)d->octets, d->octets_n};
    *to = (struct pdu_receipt){.fate = PDU_FATE_NONE};
    if (!(d->esm_class & IS_RECEIPT))
        return false;
    struct text id = d->receipted.n ? d->receipted : find_word(words, TEXT("id:"));
    struct text stat = find_word(words, TEXT("stat:"));
    if (id.n && id.n <= PDU_REMOTE_MAX)
        memcpy(to->remote, id.p, id.n);
    to->fate = d->final ? fate_of_state(d->final) : fate_of_word(stat);
    return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

struct writer {
    uint8_t bytes[512];
    size_t n;
};

static void put_number(struct writer *w, uint32_t v, unsigned bytes_n)
{
    for (unsigned i = bytes_n; i-- > 0;)
        w->bytes[w->n++] = (uint8_t)(v >> (8 * i));
}

static void put_string(struct writer *w, struct text t)
{
    size_t n = t.n < TEXT_MAX ? t.n : TEXT_MAX;
    if (n)
        memcpy(w->bytes + w->n, t.p, n);
    w->n += n;
    w->bytes[w->n++] = 0;
}

static void begin(struct writer *w, const struct pdu *pdu)
{
    w->n = 0;
    put_number(w, 0, 4);
    put_number(w, pdu->command, 4);
    put_number(w, pdu->status, 4);
    put_number(w, pdu->sequence, 4);
}

static bool finish(struct text_out *out, struct writer *w)
{
    size_t n = w->n;
    w->n = 0;
    put_number(w, (uint32_t)n, 4);
    if (out->max - out->n < n)
        return false;
    text_put(out, (struct text){(const char *)w->bytes, n});
    return true;
}

bool pdu_put_bind(struct text_out *out, const struct pdu_bind *bind)
{
    struct writer w;
    begin(&w, &(struct pdu){.command = PDU_BIND_TRANSCEIVER, .sequence = bind->sequence});
    put_string(&w, text_of(bind->system_id));
    put_string(&w, text_of(bind->password));
    put_string(&w, text_of(bind->system_type));
    put_number(&w, VERSION_34, 1);
    put_number(&w, 0, 2);
    put_string(&w, TEXT_NONE);
    return finish(out, &w);
}

/* Letters are alphanumeric; a short number is of the network; "+…" is international. */
static void put_sender(struct writer *w, const char *sender)
{
    char digits[TEXT_MAX];
    size_t n = 0;
    bool is_number = true;
    for (const char *p = sender; *p && n < sizeof(digits); p++) {
        is_number = is_number && ((*p >= '0' && *p <= '9') || *p == '+' || *p == ' ');
        if (*p != '+' && *p != ' ')
            digits[n++] = *p;
    }
    bool is_long = is_number && sender[0] == '+';
    put_number(w, !is_number ? 5 : is_long ? 1 : 3, 1);
    put_number(w, is_number ? 1 : 0, 1);
    put_string(w, (struct text){digits, n});
}

bool pdu_put_submit(struct text_out *out, const struct pdu_submit *submit)
{
    struct writer w;
    char to[24];
    struct text_out digits = {.p = to, .max = sizeof(to)};
    size_t n = submit->octets_n < 254 ? submit->octets_n : 254;
    text_put_number(&digits, submit->e164);
    begin(&w, &(struct pdu){.command = PDU_SUBMIT_SM, .sequence = submit->sequence});
    put_string(&w, TEXT_NONE);
    put_sender(&w, submit->sender);
    put_number(&w, 0x0101, 2);
    put_string(&w, (struct text){to, digits.n});
    put_number(&w, 0, 3); /* esm_class, protocol_id, priority_flag */
    put_string(&w, TEXT_NONE);
    put_string(&w, TEXT_NONE);
    put_number(&w, submit->wants_receipt, 1);
    put_number(&w, 0, 1);
    put_number(&w, submit->coding == GSM_CODING_UCS2 ? CODING_UCS2 : 0, 1);
    put_number(&w, 0, 1);
    put_number(&w, (uint32_t)n, 1);
    memcpy(w.bytes + w.n, submit->octets, n);
    w.n += n;
    put_number(&w, TLV_MESSAGE_REFERENCE, 2);
    put_number(&w, 2, 2);
    put_number(&w, submit->reference, 2);
    return finish(out, &w);
}

bool pdu_put_plain(struct text_out *out, const struct pdu *pdu)
{
    struct writer w;
    begin(&w, pdu);
    if (pdu->command == (PDU_DELIVER_SM | PDU_RESPONSE))
        put_number(&w, 0, 1);
    return finish(out, &w);
}
