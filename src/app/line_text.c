/* line_text.c — text messages about callbacks (voice-script §12): what was promised, that nobody
 * was reached, that it was the last attempt; and ANNULER, which takes a promise back. To mobiles
 * alone: the gate says which. Called by line_promise.c, line_back.c, cli/. Cost: a sentence.
 * Invariant: a row behind the event that it tells of, so never sent without it. */
#include "acd/look.h"
#include "app/line_talk.h"
#include "app/texts.h"
#include "directory/sheet.h"
#include "event/band.h"
#include "say/callback.h"
#include "say/reference.h"

#define MINUTE_MS ((ms_t)60000)

static struct texts_order order_of(const struct wish *wish, const struct acd_look_callback *look)
{
    return (struct texts_order){.e164 = wish->e164,
                                .person_id = wish->person_id,
                                .contact_id = wish->contact_id,
                                .shown_e164 = wish->shown_e164,
                                .reference = say_reference_of(look->reference),
                                .tries_n = look->attempts_n};
}

static bool send(struct lines *l, const struct texts_order *order)
{
    return l->args.texts && texts_queue(l->args.texts, NULL, order);
}

/* To a line of many people nothing but the reference and the time is written. */
static bool send_time(struct lines *l, struct texts_order *order, bool is_discreet)
{
    enum zone zone = l->args.directory->organisation.zone;
    bool is_today =
        calendar_local(zone, order->from_at).day == calendar_local(zone, l->wall_at).day;
    order->kind = !is_discreet ? GSM_CALLBACK_SLOT
                  : is_today   ? GSM_CALLBACK_PLAIN
                               : GSM_CALLBACK_PLAIN_DAY;
    return send(l, order);
}

static bool send_band(struct lines *l, struct texts_order *order, const struct acd_look_callback *c)
{
    const struct band_minutes minutes =
        band_minutes(say_asap_band(line_promise_band(l, c->queue_id)));
    order->kind = c->is_discreet ? GSM_CALLBACK_PLAIN : GSM_CALLBACK_ASAP;
    order->from_at = l->wall_at + minutes.from * MINUTE_MS;
    order->until_at = l->wall_at + minutes.until * MINUTE_MS;
    bool is_written = minutes.until && minutes.until != BAND_MINUTES_MORE; /* else it is spoken */
    return is_written && send(l, order);
}

static struct texts_order order_of_slot(const struct slot *slot)
{
    return (struct texts_order){.e164 = slot->e164,
                                .person_id = slot->person_id,
                                .contact_id = slot->contact_id,
                                .shown_e164 = slot->shown_e164,
                                .reference = say_reference_of(slot->reference),
                                .from_at = slot->from_at,
                                .until_at = slot->until_at};
}

/* Not to a line of many people: it says that we call. */
void line_text_soon(struct lines *l, const struct slot *slot)
{
    struct texts_order order = order_of_slot(slot);
    order.kind = GSM_CALLBACK_SOON;
    if (!slot->is_discreet)
        send(l, &order);
}

bool line_text_promised(struct lines *l, const struct line *line, uint64_t contact_id)
{
    struct acd_look_callback look;
    const struct wish *wish = wishes_find(&l->wishes, contact_id);
    const struct slot *slot = slots_find(&l->slots, contact_id);
    const struct line_slots *told = line ? &line->promise.slots : NULL;
    if (slot) {
        struct texts_order order = order_of_slot(slot);
        return send_time(l, &order, slot->is_discreet);
    }
    if (!wish || !acd_look_callback_of(l->args.acd, contact_id, &look))
        return false;
    struct texts_order order = order_of(wish, &look);
    if (!told || !told->from_at)
        return send_band(l, &order, &look);
    order.from_at = told->from_at;
    order.until_at = told->until_at;
    return send_time(l, &order, look.is_discreet);
}

/* Who is called discreetly is not told that nobody was there. */
void line_text_tried(struct lines *l, uint64_t contact_id)
{
    struct acd_look_callback look;
    const struct wish *wish = wishes_find(&l->wishes, contact_id);
    if (!wish || !acd_look_callback_of(l->args.acd, contact_id, &look) || look.is_discreet)
        return;
    struct texts_order order = order_of(wish, &look);
    order.kind = look.until_at ? GSM_CALLBACK_LAST : GSM_CALLBACK_MISSED;
    order.from_at = l->wall_at + look.not_before_at - l->now_at;
    order.until_at = l->wall_at + look.until_at - l->now_at;
    send(l, &order);
}

/* ---- to who is on the line ----------------------------------------------------------------- */

static const struct directory_sheet *sheet_of(const struct directory *d, uint32_t number)
{
    for (uint32_t i = 0; d->sheets && i < d->sheets->n; i++)
        if (directory_number_of(d->sheets->list[i].id) == number)
            return &d->sheets->list[i];
    return NULL;
}

/* Whom an agent speaks with, who called or was called back, and what is to be sent. */
struct now {
    const struct order_talk *talk;
    struct acd_look_contact contact;
    uint64_t e164;
};

/* The line of a sheet, as the agent sees it; one that is gone is empty. */
static void send_sheet(struct lines *l, struct texts_told *told, const struct now *to)
{
    const struct directory_sheet *sheet = sheet_of(l->args.directory, to->talk->sheet);
    const struct texts_reply reply = {.e164 = to->e164,
                                      .person_id = to->contact.person_id,
                                      .contact_id = to->talk->contact_id,
                                      .utf8 = sheet ? directory_sheet_sms(sheet) : TEXT_NONE};
    struct journal_row row;
    if (texts_prepare(l->args.texts, told, &row, &reply))
        app_rows(l->args.app, &row, 1);
}

/* The number of the request, by whom and where it is followed; the names of services are long. */
static void send_reference(struct lines *l, struct texts_told *told, const struct now *to)
{
    const struct directory *d = l->args.directory;
    uint32_t service = directory_service_find(d, to->contact.queue_id);
    uint32_t agent = directory_agent_find(d, to->talk->agent_id);
    uint32_t site = agent == DIRECTORY_NONE ? DIRECTORY_NONE : d->agents[agent].site;
    const struct texts_order order = {
        .kind = GSM_REFERENCE,
        .e164 = to->e164,
        .person_id = to->contact.person_id,
        .contact_id = to->talk->contact_id,
        .reference = say_reference_of(to->contact.reference),
        .service = text_of(service == DIRECTORY_NONE ? "" : d->services[service].name),
        .place = text_of(site == DIRECTORY_NONE ? "au téléphone" : d->sites[site].commune)};
    (void)texts_queue(l->args.texts, told, &order);
}

enum order_talked line_text_now(struct lines *l, const struct line *line,
                                const struct order_talk *talk, enum gate_verdict *why)
{
    static const enum order_talked as[TEXTS_VERDICTS] = {
        [TEXTS_QUEUED] = ORDER_TALKED,           [TEXTS_OFF] = ORDER_TALKED_SMS_OFF,
        [TEXTS_STOPPED] = ORDER_TALKED_SMS_STOP, [TEXTS_GATE] = ORDER_TALKED_GATE,
        [TEXTS_LONG] = ORDER_TALKED_SMS_UNFIT,   [TEXTS_LETTER] = ORDER_TALKED_SMS_UNFIT,
        [TEXTS_ASKS] = ORDER_TALKED_SMS_UNFIT,   [TEXTS_EMPTY] = ORDER_TALKED_SMS_UNFIT,
        [TEXTS_UNNOTED] = ORDER_TALKED_SMS_LATE};
    const struct line *caller = line_caller_of(l, line->peer_id);
    struct now to = {.talk = talk, .e164 = caller ? caller->e164 : 0};
    struct texts_told told = {.verdict = TEXTS_OFF};
    if (!to.e164 || !acd_look_contact_of(l->args.acd, talk->contact_id, &to.contact))
        return ORDER_TALKED_HIDDEN;
    if (l->args.texts && talk->sheet)
        send_sheet(l, &told, &to);
    else if (l->args.texts)
        send_reference(l, &told, &to);
    if (told.verdict == TEXTS_GATE)
        *why = told.gate;
    return as[told.verdict];
}

/* ---- what they take back -------------------------------------------------------------------- */

/* Their wishes, wherever they asked from: ANNULER names none. */
bool lines_cancel(uint64_t e164, void *arg)
{
    struct lines *l = arg;
    bool is_done = false;
    for (uint32_t i = 0; i < l->wishes.used; i++) {
        const struct wish *wish = &l->wishes.rows[i];
        const struct command cancel = {
            .kind = CMD_CALLBACK_CANCEL,
            .callback_cancel = {.contact_id = wish->contact_id, .by = CANCELLED_BY_PERSON}};
        if (wish->contact_id && wish->e164 == e164)
            is_done |= line_command(l, &cancel) == ACD_DONE;
    }
    for (uint32_t i = 0; i < l->slots.used; i++) {
        const struct slot *slot = &l->slots.rows[i];
        if (!slot->contact_id || slot->e164 != e164 || slot->is_promised)
            continue;
        line_slots_cancel(l, slot->contact_id, CANCELLED_BY_PERSON);
        is_done = true;
    }
    return is_done;
}
