/* texts.c — see texts.h. Invariants: the gate passed each message that the writer was given; who
 * said STOP is written to once more, to say that it was noted, and never again; no number stands
 * here. */
#include <string.h>

#include "app/counts.h"
#include "app/texts.h"
#include "base/siphash.h"

#define MINUTE_MS ((ms_t)60000)
#define PREFIX_BYTES 24

struct texts {
    struct texts_args args;
    struct siphash_key key;
    struct map stops;
    struct prng chance;
    ms_t wall_at;
    texts_cancel_fn *cancel;
    texts_stop_fn *stopped;
    texts_words_fn *words;
    void *cancel_arg, *stop_arg, *words_arg;
    struct {
        struct map ids;
        uint64_t ring[TEXTS_SEEN_MAX]; /* the oldest gives way */
        uint32_t n;                    /* ever put */
    } seen;
    struct texts_totals totals;
};

static struct texts *carve(struct arena *arena)
{
    struct texts *t = arena_take(arena, 1, sizeof(*t));
    struct map none, *stops = t ? &t->stops : &none, *seen = t ? &t->seen.ids : &none;
    map_open(stops, arena, TEXTS_STOPS_MAX);
    map_open(seen, arena, TEXTS_SEEN_MAX);
    return t;
}

size_t texts_bytes(void)
{
    struct arena arena = {.base = NULL};
    carve(&arena);
    return arena.used;
}

struct texts *texts_open(void *memory, const struct texts_args *args)
{
    struct arena arena = {.base = memory, .size = texts_bytes(), .is_zeroed = true};
    struct texts *t = carve(&arena);
    t->args = *args;
    t->key = (struct siphash_key){args->seed, ~args->seed};
    prng_seed(&t->chance, args->seed);
    return t;
}

void texts_use_key(struct texts *t, struct siphash_key key)
{
    t->key = key;
}

void texts_follow(struct texts *t, const struct texts_args *args)
{
    t->args = *args;
}

void texts_time(struct texts *t, ms_t wall_at)
{
    t->wall_at = wall_at;
}

void texts_on_cancel(struct texts *t, texts_cancel_fn *fn, void *arg)
{
    t->cancel = fn;
    t->cancel_arg = arg;
}

void texts_on_stop(struct texts *t, texts_stop_fn *fn, void *arg)
{
    t->stopped = fn;
    t->stop_arg = arg;
}

void texts_on_words(struct texts *t, texts_words_fn *fn, void *arg)
{
    t->words = fn;
    t->words_arg = arg;
}

/* ---- STOP ---- */

static uint64_t hash_of(const struct texts *t, uint64_t e164)
{
    uint64_t hash = siphash(&t->key, (struct text){(const char *)&e164, sizeof(e164)});
    return hash ? hash : 1;
}

void texts_restore_stop(struct texts *t, uint64_t hash)
{
    if (t->stops.n < TEXTS_STOPS_MAX && map_get(&t->stops, hash) == SLOT_NONE)
        map_put(&t->stops, hash, 0);
    t->totals.stops_n = t->stops.n;
}

/* A full memory stops everybody: who said STOP must never be written to. */
static bool is_stopped(const struct texts *t, uint64_t e164)
{
    return t->stops.n >= TEXTS_STOPS_MAX || map_get(&t->stops, hash_of(t, e164)) != SLOT_NONE;
}

bool texts_may_write(const struct texts *t, uint64_t e164)
{
    return !is_stopped(t, e164);
}

/* ---- what came before ---- */

static bool was_seen(const struct texts *t, uint64_t id)
{
    return map_get(&t->seen.ids, id) != SLOT_NONE;
}

static void note_seen(struct texts *t, uint64_t id)
{
    uint64_t *slot = &t->seen.ring[t->seen.n++ % TEXTS_SEEN_MAX];
    if (*slot)
        map_remove(&t->seen.ids, *slot);
    *slot = id;
    map_put(&t->seen.ids, id, 0);
}

void texts_restore_seen(struct texts *t, uint64_t id)
{
    if (id && t->seen.n < TEXTS_SEEN_MAX && !was_seen(t, id))
        note_seen(t, id);
}

/* ---- what the house writes ---- */

static ms_t useful_ms(const struct texts_order *order, ms_t wall_at)
{
    if (order->useful_ms)
        return order->useful_ms;
    ms_t until_ms = order->until_at - wall_at;
    switch (order->kind) {
    case GSM_CALLBACK_SOON:
        return 10 * MINUTE_MS;
    case GSM_CALLBACK_ASAP:
    case GSM_CALLBACK_SLOT:
    case GSM_CALLBACK_PLAIN:
    case GSM_CALLBACK_PLAIN_DAY:
    case GSM_CALLBACK_LAST:
        return until_ms > MINUTE_MS ? until_ms : MINUTE_MS;
    case GSM_CALLBACK_MISSED:
    case GSM_CUT_OFF:
        return 60 * MINUTE_MS;
    default:
        return 12 * 60 * MINUTE_MS;
    }
}

static struct gsm_values values_of(const struct texts *t, const struct texts_order *order)
{
    const struct directory *d = t->args.directory;
    const struct settings_sms *s = t->args.settings;
    enum zone zone = d->organisation.zone;
    return (struct gsm_values){
        .organisation = text_of(s->name[0] ? s->name : d->organisation.name),
        .service = order->service,
        .place = order->place,
        .number = order->shown_e164 ? order->shown_e164
                  : d->numbers_n    ? d->numbers[0].e164
                                    : 0,
        .reference = order->reference,
        .tries_n = order->tries_n,
        .from = calendar_local(zone, order->from_at),
        .until = calendar_local(zone, order->until_at),
        .takes_answers = s->answers,
    };
}

static enum texts_verdict render(struct journal_row *row, const struct texts *t,
                                 const struct texts_order *order)
{
    static const enum texts_verdict verdicts[] = {[GSM_WORDS_SAID] = TEXTS_QUEUED,
                                                  [GSM_WORDS_LONG] = TEXTS_LONG,
                                                  [GSM_WORDS_LETTER] = TEXTS_LETTER,
                                                  [GSM_WORDS_ASKS] = TEXTS_ASKS};
    char room[GSM_UTF8_MAX];
    uint8_t septets[GSM_SEPTETS_MAX];
    size_t n;
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct gsm_values values = values_of(t, order);
    enum texts_verdict verdict = verdicts[gsm_words(&out, order->kind, &values)];
    if (verdict != TEXTS_QUEUED)
        return verdict;
    if (!gsm_septets(septets, sizeof(septets), &n, (struct text){room, out.n}))
        return TEXTS_LONG;
    gsm_pack(row->sms.octets, septets, n);
    row->sms.n = (uint16_t)n;
    return TEXTS_QUEUED;
}

struct prefixed {
    char digits[PREFIX_BYTES];
};

/* To what the person wrote a moment ago, or by an agent. */
static bool is_reply(enum gsm_kind kind)
{
    return kind == GSM_STOP_NOTED || kind == GSM_RECEIVED || kind == GSM_RECEIVED_CLOSED ||
           kind == GSM_NOT_TAKEN || kind == GSM_WRITTEN;
}

static struct gate_call call_to(const struct texts *t, const struct journal_row *row,
                                struct prefixed *room)
{
    const struct directory *d = t->args.directory;
    uint64_t e164 = row->sms.e164;
    struct text_out out = {.p = room->digits, .max = sizeof(room->digits)};
    text_put(&out, TEXT("+"));
    text_put_number(&out, e164);
    return (struct gate_call){.kind = GATE_SMS,
                              .is_reply = is_reply((enum gsm_kind)row->sms.kind),
                              .is_demo = d->is_demo,
                              .is_shared = directory_is_shared(d, e164),
                              .dialled = {room->digits, out.n},
                              .e164 = e164,
                              .now = calendar_local(d->organisation.zone, t->wall_at)};
}

static enum texts_verdict ask_gate(struct texts *t, struct texts_told *told,
                                   const struct journal_row *row)
{
    struct prefixed prefixed;
    const struct gate_call call = call_to(t, row, &prefixed);
    told->gate = gate_ask(t->args.gate, &call);
    if (told->gate != GATE_PASSES)
        return TEXTS_GATE;
    if (counts_note(t->args.app, t->args.gate) && app_has_room(t->args.app))
        return TEXTS_QUEUED;
    gate_unnoted(t->args.gate, &call);
    told->gate = GATE_REFUSED_UNNOTED;
    return TEXTS_UNNOTED;
}

static struct journal_row row_of(struct texts *t, const struct texts_order *order)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS, .person_id = order->person_id};
    row.sms.id = prng_next(&t->chance) >> 1 | 1;
    row.sms.e164 = order->e164;
    row.sms.contact_id = order->contact_id;
    row.sms.kind = (uint8_t)order->kind;
    row.sms.changed_at = row.sms.next_at = t->wall_at;
    row.sms.until_at = t->wall_at + useful_ms(order, t->wall_at);
    return row;
}

static enum texts_verdict make(struct texts *t, struct texts_told *told, struct journal_row *row,
                               const struct texts_order *order)
{
    *row = row_of(t, order);
    if (t->args.settings->driver == SETTINGS_SMS_DRIVER_NONE)
        return TEXTS_OFF;
    if (order->kind != GSM_STOP_NOTED && is_stopped(t, order->e164))
        return TEXTS_STOPPED;
    enum texts_verdict verdict = render(row, t, order);
    return verdict == TEXTS_QUEUED ? ask_gate(t, told, row) : verdict;
}

/* What became of it, counted. */
static bool settle(struct texts *t, struct texts_told *told, const struct journal_row *row)
{
    bool is_queued = told->verdict == TEXTS_QUEUED;
    t->totals.queued_n += is_queued;
    t->totals.refused_n[told->verdict] += !is_queued;
    told->id = is_queued ? row->sms.id : 0;
    return is_queued;
}

bool texts_make(struct texts *t, struct texts_told *told, struct journal_row *row,
                const struct texts_order *order)
{
    *told = (struct texts_told){.verdict = TEXTS_OFF};
    assert(order->kind > GSM_KIND_NONE && order->kind < GSM_KINDS);
    told->verdict = make(t, told, row, order);
    return settle(t, told, row);
}

bool texts_queue(struct texts *t, struct texts_told *told, const struct texts_order *order)
{
    struct texts_told mine;
    struct journal_row row;
    bool is_queued = texts_make(t, &mine, &row, order);
    if (is_queued)
        app_rows(t->args.app, &row, 1);
    if (told)
        *told = mine;
    return is_queued;
}

static enum texts_verdict encode(struct journal_row *row, struct text utf8)
{
    uint8_t septets[GSM_SEPTETS_MAX];
    struct gsm_size size;
    size_t n = 0;
    if (!utf8.n)
        return TEXTS_EMPTY;
    if (!gsm_measure(&size, utf8))
        return TEXTS_LETTER;
    if (size.segments != 1)
        return TEXTS_LONG;
    row->sms.coding = (uint8_t)size.coding;
    if (size.coding == GSM_CODING_UCS2) {
        if (!gsm_wide(row->sms.octets, sizeof(row->sms.octets), &n, utf8))
            return TEXTS_LONG;
    } else {
        if (!gsm_septets(septets, sizeof(septets), &n, utf8))
            return TEXTS_LONG;
        gsm_pack(row->sms.octets, septets, n);
    }
    row->sms.n = (uint16_t)n;
    return TEXTS_QUEUED;
}

bool texts_prepare(struct texts *t, struct texts_told *told, struct journal_row *row,
                   const struct texts_reply *reply)
{
    const struct texts_order like = {.kind = GSM_WRITTEN,
                                     .e164 = reply->e164,
                                     .person_id = reply->person_id,
                                     .contact_id = reply->contact_id};
    *told = (struct texts_told){.verdict = TEXTS_OFF};
    *row = row_of(t, &like);
    if (t->args.settings->driver != SETTINGS_SMS_DRIVER_NONE)
        told->verdict = is_stopped(t, reply->e164) ? TEXTS_STOPPED : encode(row, reply->utf8);
    if (told->verdict == TEXTS_QUEUED)
        told->verdict = ask_gate(t, told, row);
    return settle(t, told, row);
}

void texts_withdraw(struct texts *t, const struct journal_row *row)
{
    struct prefixed prefixed;
    const struct gate_call call = call_to(t, row, &prefixed);
    gate_unnoted(t->args.gate, &call);
    t->totals.queued_n--;
}

/* ---- what comes ---- */

/* At most `max` bytes off the front, whole letters. */
static struct text take_part(struct text *rest, size_t max)
{
    size_t n = rest->n < max ? rest->n : max;
    while (n && n < rest->n && ((uint8_t)rest->p[n] & 0xC0) == 0x80)
        n--;
    struct text part = {rest->p, n ? n : rest->n < max ? rest->n : max};
    *rest = text_after(*rest, part.n);
    return part;
}

/* In parts of 35 letters at least, as UCS-2: whatever a person writes is kept as it is. */
static unsigned rows_of(struct journal_row *rows, const struct texts *t,
                        const struct texts_received *received, enum gsm_answer answer)
{
    struct text rest = received->utf8;
    unsigned n = 0;
    while (n < TEXTS_PARTS_MAX && (rest.n || !n)) {
        struct journal_row *row = &rows[n];
        struct text part = take_part(&rest, GSM_WIDE_MAX);
        size_t octets_n = 0;
        *row = (struct journal_row){.kind = JOURNAL_ROW_SMS};
        row->sms.id = received->id;
        row->sms.e164 = received->e164;
        row->sms.is_received = true;
        row->sms.part = (uint8_t)n++;
        row->sms.kind = (uint8_t)answer;
        row->sms.state = GSM_DELIVERED;
        row->sms.coding = GSM_CODING_UCS2;
        row->sms.changed_at = t->wall_at;
        if (!gsm_wide(row->sms.octets, sizeof(row->sms.octets), &octets_n, part))
            octets_n = octets_n > 1 ? octets_n : 0; /* what was UTF-8 of it */
        row->sms.n = (uint16_t)octets_n;
    }
    return n;
}

static void stop(struct texts *t, uint64_t e164)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_STOP};
    row.sms.id = hash_of(t, e164);
    row.sms.changed_at = t->wall_at;
    bool is_new = map_get(&t->stops, row.sms.id) == SLOT_NONE;
    app_rows(t->args.app, &row, 1);
    texts_restore_stop(t, row.sms.id);
    if (is_new)
        texts_queue(t, NULL, &(struct texts_order){.kind = GSM_STOP_NOTED, .e164 = e164});
    if (t->stopped)
        t->stopped(e164, t->stop_arg);
}

bool texts_take(struct texts *t, const struct texts_received *received)
{
    struct journal_row rows[TEXTS_PARTS_MAX];
    enum gsm_answer answer = gsm_answer(received->utf8);
    if (!app_has_room(t->args.app))
        return false;
    if (was_seen(t, received->id))
        return true; /* the gateway has not heard that we have it */
    const struct texts_words words = {received, {rows, rows_of(rows, t, received, answer)}};
    bool is_read = answer == GSM_ANSWER_WORDS && t->words && t->words(&words, t->words_arg);
    if (!is_read)
        app_rows(t->args.app, rows, words.rows.n);
    note_seen(t, received->id);
    t->totals.received_n[answer]++;
    if (answer == GSM_ANSWER_STOP)
        stop(t, received->e164);
    else if (answer == GSM_ANSWER_CANCEL && t->cancel)
        t->cancel(received->e164, t->cancel_arg);
    return true;
}

bool texts_note(struct texts *t, const struct journal_row *row)
{
    if (!app_has_room(t->args.app))
        return false;
    app_rows(t->args.app, row, 1);
    if (row->kind == JOURNAL_ROW_SMS_STATE && row->sms.state != GSM_QUEUED)
        t->totals.ended_n[row->sms.state]++;
    return true;
}

/* ---- words ---- */

static const struct {
    const char *name, *words;
} verdicts[TEXTS_VERDICTS] = {
    [TEXTS_QUEUED] = {"queued", "en attente d’envoi"},
    [TEXTS_OFF] = {"off", "aucune passerelle n’est réglée (sms.driver)"},
    [TEXTS_STOPPED] = {"stopped", "cette personne a répondu STOP"},
    [TEXTS_GATE] = {"gate", "le portillon des envois refuse"},
    [TEXTS_LONG] = {"long", "le texte passerait un SMS (sms.name trop long)"},
    [TEXTS_LETTER] = {"letter", "un signe du texte n’existe pas dans un SMS"},
    [TEXTS_ASKS] = {"asks", "l’expéditeur ne reçoit pas de réponse (sms.answers)"},
    [TEXTS_EMPTY] = {"empty", "rien n’y est écrit"},
    [TEXTS_UNNOTED] = {"unnoted", "rien ne peut être noté pour l’instant"},
};

const char *texts_verdict_name(enum texts_verdict verdict)
{
    return verdicts[verdict].name;
}

const char *texts_verdict_words(enum texts_verdict verdict)
{
    return verdicts[verdict].words;
}

struct texts_totals texts_totals(const struct texts *t)
{
    return t->totals;
}
