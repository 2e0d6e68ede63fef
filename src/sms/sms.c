/* sms.c — see sms.h: the thread, what it has taken from the store, and what it tells. A driver
 * speaks to the gateway. Invariant: a message has at most one slot, from the moment when it is read
 * until the store says what was told of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sms/sender.h"

#define SECOND_MS ((ms_t)1000)
/* Without news the store is looked at so often: for what another life left, and a lost bell. */
#define LOOK_MS ((ms_t)30000)
#define UNTOLD_MS ((ms_t)10000)

/* ---- telling main ------------------------------------------------------------------------- */

static bool push(struct sms *s, const struct sms_news *news)
{
    bool is_pushed = ring_push(&s->news, news, 1);
    if (is_pushed)
        os_bell_ring_always(&s->done);
    return is_pushed;
}

static bool push_state(struct sms *s, const struct journal_row *row)
{
    struct sms_news news = {.kind = SMS_NEWS_STATE, .row = *row};
    return push(s, &news);
}

static void put_remote(struct journal_row *row, struct text remote)
{
    size_t n = remote.n < JOURNAL_SMS_REMOTE ? remote.n : 0; /* a longer one would be another */
    if (n)
        memcpy(row->sms.remote, remote.p, n);
}

static void count(struct sms *s, enum gsm_event event)
{
    if (event == GSM_ACCEPTED)
        atomic_fetch_add(&s->sent_n, 1);
    else if (event == GSM_TROUBLE)
        atomic_fetch_add(&s->trouble_n, 1);
    else
        atomic_fetch_add(&s->refused_n, 1);
}

void sender_result(struct sms *s, struct sms_slot *slot, const struct sms_result *result)
{
    ms_t now_at = s->wall_at();
    enum gsm_event event = result->event;
    uint32_t tries_n = slot->row.sms.tries_n + 1u;
    ms_t pause_ms = gsm_pause_ms(tries_n, prng_next(&s->chance));
    pause_ms = result->wait_ms > pause_ms ? result->wait_ms : pause_ms;
    if (event == GSM_TROUBLE && now_at + pause_ms > slot->row.sms.until_at)
        event = GSM_EXPIRED;
    slot->told = (struct journal_row){.kind = JOURNAL_ROW_SMS_STATE};
    slot->told.sms.id = slot->row.sms.id;
    slot->told.sms.state = (uint8_t)gsm_next(GSM_QUEUED, event);
    slot->told.sms.why = (uint8_t)gsm_why_of(event);
    slot->told.sms.code = result->code;
    slot->told.sms.tries_n = (uint16_t)(tries_n < UINT16_MAX ? tries_n : UINT16_MAX);
    slot->told.sms.changed_at = now_at;
    slot->told.sms.next_at = event == GSM_TROUBLE ? now_at + pause_ms : now_at;
    put_remote(&slot->told, result->remote);
    slot->flight = NULL;
    slot->stage = push_state(s, &slot->told) ? SLOT_TOLD : SLOT_ENDED;
    count(s, event);
}

bool sender_receipt(struct sms *s, uint64_t id, const struct sms_result *result)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_STATE};
    row.sms.id = id;
    row.sms.state = (uint8_t)gsm_next(GSM_SENT, result->event);
    row.sms.why = (uint8_t)gsm_why_of(result->event);
    row.sms.code = result->code;
    row.sms.changed_at = row.sms.next_at = s->wall_at();
    put_remote(&row, result->remote);
    bool is_pushed = push_state(s, &row);
    if (is_pushed)
        atomic_fetch_add(&s->receipts_n, 1);
    return is_pushed;
}

bool sender_received(struct sms *s, const struct sms_news *news)
{
    struct sms_news known = *news;
    if (s->outbox->person(s->outbox->arg, news->e164, &known.person_id))
        known.person_id = 0;
    bool is_pushed = push(s, &known);
    if (is_pushed)
        atomic_fetch_add(&s->received_n, 1);
    return is_pushed;
}

struct text sender_text(char *room, const struct sms_slot *slot)
{
    uint8_t septets[GSM_SEPTETS_MAX];
    struct text_out out = {.p = room, .max = GSM_UTF8_MAX};
    size_t n = slot->row.sms.n <= GSM_SEPTETS_MAX ? slot->row.sms.n : 0;
    if (slot->row.sms.coding == GSM_CODING_UCS2) {
        gsm_wide_text(&out, slot->row.sms.octets, n);
    } else {
        gsm_unpack(septets, slot->row.sms.octets, n);
        gsm_septets_text(&out, septets, n);
    }
    return (struct text){room, out.n};
}

/* ---- slots -------------------------------------------------------------------------------- */

static struct sms_slot *find_slot(struct sms *s, uint64_t id)
{
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage != SLOT_FREE && s->slots[i].row.sms.id == id)
            return &s->slots[i];
    return NULL;
}

static struct sms_slot *free_slot(struct sms *s)
{
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage == SLOT_FREE)
            return &s->slots[i];
    return NULL;
}

static bool take(const struct journal_row *row, void *arg)
{
    struct sms *s = arg;
    struct sms_slot *slot = free_slot(s);
    if (!slot)
        return false;
    if (!find_slot(s, row->sms.id))
        *slot = (struct sms_slot){.stage = SLOT_READY, .row = *row};
    return true;
}

static bool end_untold(const struct journal_row *row, void *arg)
{
    const struct sms_result untold = {.event = GSM_UNTOLD};
    return sender_receipt(arg, row->sms.id, &untold);
}

static void tell_trouble(struct sms *s, int err)
{
    char text[64];
    if (err && err != s->told_err)
        os_log_line(s->log, OS_LOG_ALARM, "sms: the store cannot be read: %s",
                    strerror_r(err, text, sizeof(text)));
    s->told_err = err;
}

/* The store has what was told: the slot may go. */
static void settle(struct sms *s, struct sms_slot *slot)
{
    uint8_t state = GSM_QUEUED;
    uint16_t tries_n = 0;
    if (slot->stage == SLOT_ENDED && push_state(s, &slot->told))
        slot->stage = SLOT_TOLD;
    if (slot->stage != SLOT_TOLD)
        return;
    int err = s->outbox->look(s->outbox->arg, slot->row.sms.id, &state, &tries_n);
    if (err == ENOENT || (!err && (state != GSM_QUEUED || tries_n >= slot->told.sms.tries_n)))
        slot->stage = SLOT_FREE;
}

static void read_store(struct sms *s)
{
    ms_t now_at = s->wall_at(), next_at = MS_NEVER;
    bool wants = false;
    for (unsigned i = 0; i < SMS_SLOTS; i++) {
        settle(s, &s->slots[i]);
        wants |= s->slots[i].stage >= SLOT_FLYING;
    }
    int err = s->outbox->due(s->outbox->arg, now_at, take, s);
    if (!err)
        err = s->outbox->next_at(s->outbox->arg, &next_at);
    if (!err && s->settings.receipts && now_at >= s->untold_at) {
        s->untold_at = now_at + UNTOLD_MS;
        err =
            s->outbox->untold(s->outbox->arg, now_at - s->settings.receipt_wait_ms, end_untold, s);
    }
    tell_trouble(s, err);
    atomic_store(&s->wants, wants);
    s->read_at = next_at > now_at && next_at < now_at + LOOK_MS ? next_at : now_at + LOOK_MS;
}

static void give_ready(struct sms *s, ms_t now_ms)
{
    const struct sms_result late = {.event = GSM_EXPIRED};
    for (unsigned i = 0; i < SMS_SLOTS; i++) {
        struct sms_slot *slot = &s->slots[i];
        if (slot->stage != SLOT_READY)
            continue;
        if (s->wall_at() > slot->row.sms.until_at) {
            sender_result(s, slot, &late);
            continue;
        }
        if (now_ms < s->send_ms || !s->driver->is_ready(s, now_ms))
            continue;
        s->send_ms = now_ms + SECOND_MS / s->settings.rate;
        slot->stage = SLOT_FLYING;
        atomic_store(&s->wants, true);
        s->driver->give(s, slot, now_ms);
    }
}

/* ---- the thread --------------------------------------------------------------------------- */

static bool has_ready(const struct sms *s)
{
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage == SLOT_READY)
            return true;
    return false;
}

static int wait_ms(struct sms *s, ms_t now_ms)
{
    ms_t until_ms = s->driver->next_ms(s), read_ms = now_ms + (s->read_at - s->wall_at());
    if (has_ready(s) && s->driver->is_ready(s, now_ms) && s->send_ms < until_ms)
        until_ms = s->send_ms;
    if (read_ms < until_ms)
        until_ms = read_ms;
    ms_t wait = until_ms - now_ms;
    return wait < 0 ? 0 : wait > LOOK_MS ? (int)LOOK_MS : (int)wait;
}

static void *run(void *arg)
{
    struct sms *s = arg;
    while (!atomic_load(&s->is_ending)) {
        os_bell_arm(&s->work); /* before the look: what comes after it rings */
        read_store(s);
        give_ready(s, os_clock_boot_ms());
        s->driver->turn(s, wait_ms(s, os_clock_boot_ms()));
        os_bell_clear(&s->work);
    }
    return NULL;
}

/* ---- open and drop ------------------------------------------------------------------------ */

static int open_ring(struct sms *s)
{
    s->memory = calloc(1, ring_bytes(SMS_NEWS_MAX, sizeof(struct sms_news)));
    if (s->memory)
        ring_open(&s->news, s->memory, SMS_NEWS_MAX, sizeof(struct sms_news));
    return s->memory ? 0 : ENOMEM;
}

int sms_open(struct sms **out, const struct sms_args *args)
{
    struct sms *s = calloc(1, sizeof(*s));
    *out = NULL;
    if (!s)
        return ENOMEM;
    bool is_smpp = args->settings->driver == SETTINGS_SMS_DRIVER_SMPP;
    size_t secret_n = strlen(args->secret);
    size_t path_n = args->authority ? strlen(args->authority) : 0;
    s->settings = *args->settings;
    s->outbox = args->outbox;
    s->log = args->log;
    s->wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    s->work.fd = s->done.fd = -1;
    prng_seed(&s->chance, (uint64_t)os_clock_boot_us());
    bool is_short = secret_n < sizeof(s->secret) && path_n < sizeof(s->authority);
    int err = is_short ? 0 : ENAMETOOLONG;
    if (!err)
        memcpy(s->secret, args->secret, secret_n);
    if (!err && path_n)
        memcpy(s->authority, args->authority, path_n);
    err = err ? err : open_ring(s);
    err = err ? err : os_bell_open(&s->work);
    err = err ? err : os_bell_open(&s->done);
    if (!err) {
        s->driver = is_smpp ? &sms_smpp : &sms_http;
        err = s->driver->open(s);
    }
    if (!err)
        err = os_thread_open(&s->thread,
                             &(struct os_thread_args){.name = "sms", .run = run, .arg = s});
    if (err)
        sms_drop(s);
    else
        *out = s;
    return err;
}

void sms_drop(struct sms *s)
{
    if (!s)
        return;
    atomic_store(&s->is_ending, true);
    if (s->thread.is_running)
        os_bell_ring_always(&s->work);
    os_thread_drop(&s->thread);
    if (s->driver)
        s->driver->drop(s);
    os_bell_drop(&s->work);
    os_bell_drop(&s->done);
    free(s->memory);
    explicit_bzero(s->secret, sizeof(s->secret));
    free(s);
}

/* ---- main --------------------------------------------------------------------------------- */

void sms_wake(struct sms *s)
{
    os_bell_ring(&s->work);
}

bool sms_wants(const struct sms *s)
{
    return atomic_load(&s->wants);
}

const struct sms_news *sms_news(struct sms *s)
{
    return ring_waiting_n(&s->news) ? ring_item(&s->news, 0) : NULL;
}

void sms_done(struct sms *s)
{
    ring_release(&s->news, 1);
}

int sms_fd(const struct sms *s)
{
    return s->done.fd;
}

void sms_fd_clear(struct sms *s)
{
    os_bell_clear(&s->done);
}

struct sms_totals sms_totals(const struct sms *s)
{
    return (struct sms_totals){.sent_n = atomic_load(&s->sent_n),
                               .refused_n = atomic_load(&s->refused_n),
                               .trouble_n = atomic_load(&s->trouble_n),
                               .received_n = atomic_load(&s->received_n),
                               .receipts_n = atomic_load(&s->receipts_n),
                               .is_up = atomic_load(&s->is_up),
                               .fault = (enum gsm_fault)atomic_load(&s->fault)};
}
