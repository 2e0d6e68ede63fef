/* smpp.c — the gateway by SMPP 3.4: a connection (wire.c) for gsm/session.c. Names are resolved on
 * this thread, which has nothing else to do; connecting does not block. What comes is answered when
 * the store has it. Called by sms.c through struct sms_driver. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"
#include "gsm/session.h"
#include "sms/sender.h"
#include "sms/wire.h"

#define READ_BYTES 4096
/* What came and is not committed by then is asked to come again. */
#define STORE_MS ((ms_t)5000)

/* One deliver_sm whose answer waits for the store. */
struct held {
    uint64_t id; /* 0: free */
    uint32_t sequence;
    bool is_receipt;
    ms_t until_ms;
};

struct line {
    struct session session;
    struct sms *sms;
    struct wire wire;
    struct held held[SESSION_HELD_MAX];
    uint32_t tries_n;     /* connections begun */
    enum gsm_fault fault; /* why there is no session */
    enum gsm_fault told;  /* the last one that the log was told; NONE: it is bound */
    bool was_bound;
};

/* ---- news of the session ------------------------------------------------------------------ */

static struct sms_slot *slot_of(struct sms *s, uint64_t id)
{
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage == SLOT_FLYING && s->slots[i].row.sms.id == id)
            return &s->slots[i];
    return NULL;
}

/* A receipt may come before the store has what the gateway calls its message. */
static uint64_t find_message(struct sms *s, const char *remote)
{
    uint64_t id = 0;
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage >= SLOT_ENDED && !strcmp(s->slots[i].told.sms.remote, remote))
            return s->slots[i].row.sms.id;
    return s->outbox->find(s->outbox->arg, remote, &id) ? 0 : id;
}

static void keep(struct line *line, const struct held *held)
{
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++)
        if (!line->held[i].id) {
            line->held[i] = *held;
            atomic_store(&line->sms->wants, true);
            return;
        }
    session_stored(&line->session, held->sequence, false);
}

static void take_receipt(struct line *line, const struct session_news *news)
{
    char remote[JOURNAL_SMS_REMOTE] = "";
    const struct sms_result result = {.event = news->event};
    size_t n = news->remote.n < sizeof(remote) ? news->remote.n : 0;
    memcpy(remote, news->remote.p, n);
    uint64_t id = find_message(line->sms, remote);
    if (!id) /* of nobody here: what would come again would find nobody either */
        session_stored(&line->session, news->sequence, true);
    else if (!sender_receipt(line->sms, id, &result))
        session_stored(&line->session, news->sequence, false);
    else
        keep(line, &(struct held){id, news->sequence, true, os_clock_boot_ms() + STORE_MS});
}

static uint64_t digits_of(struct text address)
{
    uint64_t e164 = 0;
    struct text digits = text_after(address, address.n && address.p[0] == '+');
    return text_number(digits, UINT64_C(999999999999999), &e164) ? e164 : 0;
}

/* Its id is made of what came: the same PDU again is the same message. A minute apart, the same
 * words are another. */
static uint64_t id_of(const struct sms_news *news, ms_t at)
{
    const struct siphash_key key = {news->e164, (uint64_t)(at / 60000)};
    uint64_t id = siphash(&key, (struct text){news->text, news->text_n});
    return id >> 1 | 1;
}

static void take_text(struct line *line, const struct session_news *news)
{
    struct sms_news received = {.kind = SMS_NEWS_RECEIVED};
    struct text_out out = {.p = received.text, .max = sizeof(received.text)};
    pdu_deliver_text(&out, news->deliver);
    received.text_n = (uint16_t)out.n;
    received.e164 = digits_of(news->deliver->source);
    received.id = id_of(&received, line->sms->wall_at());
    if (!received.e164) /* letters: nobody to answer to */
        session_stored(&line->session, news->sequence, true);
    else if (!sender_received(line->sms, &received))
        session_stored(&line->session, news->sequence, false);
    else
        keep(line,
             &(struct held){received.id, news->sequence, false, os_clock_boot_ms() + STORE_MS});
}

static void take_news(const struct session_news *news, void *arg)
{
    struct line *line = arg;
    struct sms_slot *slot = news->kind == SESSION_ANSWERED ? slot_of(line->sms, news->id) : NULL;
    const struct sms_result result = {
        .event = news->event, .code = news->code, .remote = news->remote};
    if (news->kind == SESSION_RECEIPT)
        take_receipt(line, news);
    else if (news->kind == SESSION_TEXT)
        take_text(line, news);
    else if (slot)
        sender_result(line->sms, slot, &result);
}

/* What came and is committed now is answered. */
static void settle(struct line *line, ms_t now_ms)
{
    const struct outbox_port *outbox = line->sms->outbox;
    bool waits = false;
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++) {
        struct held *h = &line->held[i];
        uint8_t state = GSM_QUEUED;
        uint16_t tries_n;
        if (!h->id)
            continue;
        bool is_there = outbox->look(outbox->arg, h->id, &state, &tries_n) == 0;
        bool is_kept = is_there && (!h->is_receipt || state >= GSM_DELIVERED);
        if (is_kept || now_ms >= h->until_ms) {
            session_stored(&line->session, h->sequence, is_kept);
            h->id = 0;
        }
        waits |= h->id != 0;
    }
    if (waits)
        atomic_store(&line->sms->wants, true);
}

/* ---- the connection ----------------------------------------------------------------------- */

static void hang_up(struct line *line)
{
    wire_close(&line->wire);
    memset(line->held, 0, sizeof(line->held));
}

/* Its fault is told once, another one anew. */
static void tell_fault(struct line *line)
{
    const struct wire *w = &line->wire;
    bool is_of_tls = line->fault > GSM_FAULT_BIND;
    if (line->fault == line->told)
        return;
    line->told = line->fault;
    os_log_line(line->sms->log, OS_LOG_ALARM,
                "sms: no session with the gateway: %s; messages wait\tfault=%s\tstatus=%u%s%s",
                gsm_fault_english(line->fault), gsm_fault_name(line->fault),
                line->fault == GSM_FAULT_BIND ? line->session.bind_status : 0,
                is_of_tls && w->why[0] ? "\twhy=" : "", is_of_tls ? w->why : "");
}

static void tell(struct line *line)
{
    struct sms *s = line->sms;
    bool is_bound = line->session.state == SESSION_BOUND;
    atomic_store(&s->is_up, is_bound);
    if (is_bound && !line->was_bound) {
        line->fault = line->told = GSM_FAULT_NONE;
        os_log_line(s->log, OS_LOG_INFO, "sms: bound to the gateway%s",
                    line->wire.link ? " over TLS" : "");
    }
    if (line->session.state == SESSION_DOWN && line->fault)
        tell_fault(line);
    atomic_store(&s->fault, line->fault);
    line->was_bound = is_bound;
}

/* The session knows a bind that was refused and a silence; the wire knows the rest. */
static void lose(struct line *line, enum gsm_fault fault, ms_t now_ms)
{
    uint32_t status = line->session.bind_status;
    line->fault = status == PDU_OK || status == PDU_ALREADY_BOUND ? fault : GSM_FAULT_BIND;
    hang_up(line);
    if (line->session.state != SESSION_DOWN)
        session_down(&line->session, now_ms);
}

static void connect_to(struct line *line)
{
    const struct sms *s = line->sms;
    const struct wire_args args = {.address = s->settings.address,
                                   .is_tls = s->settings.tls,
                                   .name = s->settings.tls_name,
                                   .authority = s->authority,
                                   .pin = s->settings.tls_pin,
                                   .turn = line->tries_n++};
    hang_up(line);
    line->session.bind_status = PDU_OK;
    if (!wire_open(&line->wire, &args))
        lose(line, line->wire.fault, os_clock_boot_ms());
}

static void read_all(struct line *line, ms_t now_ms)
{
    char bytes[READ_BYTES];
    while (line->wire.is_up) {
        size_t n = sizeof(bytes);
        enum wire_io io = wire_read(&line->wire, bytes, &n);
        if (io == WIRE_LATER)
            return;
        if (io == WIRE_OVER)
            lose(line, line->wire.fault, now_ms);
        else if (!session_take(&line->session, (struct text){bytes, n}, now_ms))
            lose(line, GSM_FAULT_CLOSED, now_ms);
    }
}

static void write_all(struct line *line, ms_t now_ms)
{
    struct session *session = &line->session;
    while (line->wire.is_up && session->out_n) {
        size_t n = session->out_n;
        enum wire_io io = wire_write(&line->wire, session->out, &n);
        if (io == WIRE_OVER)
            lose(line, line->wire.fault, now_ms);
        if (io != WIRE_DONE)
            return;
        session_written(session, n);
    }
}

static void greet(struct line *line, ms_t now_ms)
{
    enum wire_io io = wire_shake(&line->wire);
    if (io == WIRE_OVER)
        lose(line, line->wire.fault, now_ms);
    else if (io == WIRE_DONE)
        session_up(&line->session, now_ms);
}

/* What is due by time: a connection, an end for silence, answers. */
static void be_due(struct line *line)
{
    ms_t now_ms = os_clock_boot_ms();
    bool was_down = line->session.state == SESSION_DOWN, leaves = line->session.is_leaving;
    if (session_turn(&line->session, now_ms))
        connect_to(line);
    else if (line->session.state == SESSION_DOWN && !was_down)
        lose(line, leaves ? GSM_FAULT_CLOSED : GSM_FAULT_SILENT, now_ms);
    settle(line, now_ms);
    write_all(line, now_ms);
    tell(line);
}

static void turn(struct sms *s, int wait_ms)
{
    struct line *line = s->line;
    struct session *session = &line->session;
    be_due(line);
    struct pollfd fds[] = {
        {.fd = s->work.fd, .events = POLLIN},
        {.fd = line->wire.fd, .events = wire_events(&line->wire, session->out_n > 0)}};
    ms_t next_ms = session_next_ms(session) - os_clock_boot_ms();
    (void)poll(fds, ARRAY_LEN(fds), next_ms < wait_ms ? next_ms < 0 ? 0 : (int)next_ms : wait_ms);
    ms_t now_ms = os_clock_boot_ms();
    if (!line->wire.is_up && fds[1].revents)
        greet(line, now_ms);
    if (line->wire.is_up && fds[1].revents)
        read_all(line, now_ms);
    write_all(line, now_ms);
    tell(line);
}

/* ---- messages ----------------------------------------------------------------------------- */

static bool is_ready(struct sms *s, ms_t now_ms)
{
    const struct line *line = s->line;
    return session_is_ready(&line->session, now_ms);
}

static void give(struct sms *s, struct sms_slot *slot, ms_t now_ms)
{
    struct line *line = s->line;
    uint8_t septets[GSM_SEPTETS_MAX];
    size_t n = slot->row.sms.n <= GSM_SEPTETS_MAX ? slot->row.sms.n : 0;
    bool is_wide = slot->row.sms.coding == GSM_CODING_UCS2;
    if (is_wide)
        memcpy(septets, slot->row.sms.octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
    else
        gsm_unpack(septets, slot->row.sms.octets, n);
    const struct pdu_submit submit = {.sender = s->settings.sender,
                                      .e164 = slot->row.sms.e164,
                                      .coding = (enum gsm_coding)slot->row.sms.coding,
                                      .octets = septets,
                                      .octets_n = n,
                                      .wants_receipt = s->settings.receipts};
    session_submit(&line->session, &submit, slot->row.sms.id, now_ms);
}

/* While texts wait for the store the bell rings at each commit. */
static ms_t next_ms(struct sms *s)
{
    const struct line *line = s->line;
    ms_t next_ms = session_next_ms(&line->session);
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++)
        if (line->held[i].id && line->held[i].until_ms < next_ms)
            next_ms = line->held[i].until_ms;
    if (line->session.hold_ms > os_clock_boot_ms() && line->session.hold_ms < next_ms)
        next_ms = line->session.hold_ms;
    return next_ms;
}

static int open_line(struct sms *s)
{
    struct line *line = calloc(1, sizeof(*line));
    if (!line)
        return ENOMEM;
    const struct session_args args = {.system_id = s->settings.system_id,
                                      .password = s->secret,
                                      .system_type = s->settings.system_type,
                                      .window = s->settings.window,
                                      .answer_ms = s->settings.answer_ms,
                                      .fn = take_news,
                                      .arg = line};
    line->sms = s;
    wire_init(&line->wire);
    session_open(&line->session, &args);
    s->line = line;
    return 0;
}

static void drop_line(struct sms *s)
{
    struct line *line = s->line;
    if (!line)
        return;
    session_unbind(&line->session); /* a word of goodbye, if the socket takes it at once */
    write_all(line, os_clock_boot_ms());
    hang_up(line);
    free(line);
    s->line = NULL;
}

const struct sms_driver sms_smpp = {open_line, drop_line, is_ready, give, turn, next_ms};
