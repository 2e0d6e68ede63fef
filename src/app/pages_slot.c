/* pages_slot.c — see pages_slot.h. What is free is computed here from what the disk has, by the
 * function that callers are read half hours by; the main thread asks once more at the sale. Called
 * on the reader thread. Cost: a look at six days of half hours, and one query. Invariants: the form
 * names the contact that the page showed, and nobody else is called; a number that was typed is
 * neither kept here nor shown again. */
#include "access/form.h"
#include "app/card_log.h"
#include "app/free_slots.h"
#include "app/pages_slot.h"
#include "app/pages_talk.h"
#include "directory/commands.h"
#include "say/reference.h"

#define DIGITS_BYTES 24
#define TYPED_BYTES 64

_Static_assert(VIEW_SLOT_DAYS == FREE_DAYS_N && VIEW_SLOTS_A_DAY >= FREE_DAY_MAX,
               "the page has room for what is free");
_Static_assert(NUMBERS_SOLD_MAX >= FREE_DAYS_N * 48 + 48, "all that may be sold is counted");

/* ---- what is asked for -------------------------------------------------------------------- */

static const struct page_words no_half = {400, "no half hour was chosen", "choose one",
                                          "Choisissez d’abord une demi-heure."};
static const struct page_words refusals[ORDER_TALKED_N] = {
    [ORDER_TALKED_ALONE] = {409, "you speak with somebody else, or nobody",
                            "during a call, or in the wrap-up",
                            "Un rappel se convient pendant l’appel ou juste "
                            "après\u00a0: ce n’est plus cette personne."},
    [ORDER_TALKED_HIDDEN] = {409, "the number of the person is not known",
                             "type the number to be called",
                             "Son numéro n’est pas connu\u00a0: écrivez celui à "
                             "appeler."},
    [ORDER_TALKED_NOT_NOW] = {409, "not now", "look at the screen",
                              "Pas maintenant\u00a0: l’écran montre l’état vrai."},
    [ORDER_TALKED_GONE] = {409, "this half hour is not free any more", "choose another one",
                           "Cette demi-heure vient d’être prise, ou est trop proche\u00a0: "
                           "choisissez-en une autre."},
    [ORDER_TALKED_THERE] = {409, "another half hour is agreed on already", "cancel it first",
                            "Un rappel est déjà convenu pour cette demande\u00a0: annulez-le "
                            "d’abord."},
    [ORDER_TALKED_YOUNG] = {409, "the conversation has just begun, or they are called anyway",
                            "come again in ten seconds",
                            "Pas encore\u00a0: l’appel vient de commencer, ou cette personne est "
                            "avec quelqu’un d’autre. Réessayez dans dix secondes."},
    [ORDER_TALKED_UNKNOWN] = {409, "nothing is agreed on any more", "look at the screen",
                              "Il n’y a plus de rappel convenu à annuler."},
    [ORDER_TALKED_UNNOTED] = {503, "the disk takes nothing", "look at /health",
                              "Le disque ne prend rien en ce moment\u00a0: aucun rappel n’est "
                              "noté."},
};

static struct workday_talk talk_of(const struct pages_slot_args *args)
{
    return args->agent ? workday_talk(args->workday, args->house->acd, args->agent->number)
                       : (struct workday_talk){0};
}

/* Of who is called back: where we called; else the line that they call from. 0: not known. */
static uint64_t number_of(const struct pages_slot_args *args, const struct workday_talk *talk)
{
    const struct numbers_port *port = args->numbers;
    struct numbers_wish wish;
    uint64_t e164 = 0;
    if (!port)
        return 0;
    if (port->wish && !port->wish(port->arg, talk->contact_id, &wish))
        return wish.e164;
    bool is_known =
        talk->person_id && port->person && !port->person(port->arg, talk->person_id, &e164);
    return is_known ? e164 : 0;
}

/* What was typed, else the number that is known; else words. */
static struct page_words read_number(const struct pages_slot_args *args,
                                     const struct workday_talk *talk, uint64_t *e164)
{
    char typed[TYPED_BYTES];
    struct text_out out = {.p = typed, .max = sizeof(typed)};
    bool is_read = form_field(&out, args->request->body, "numero");
    *e164 = number_of(args, talk);
    if (is_read && !out.n)
        return *e164 ? (struct page_words){0} : refusals[ORDER_TALKED_HIDDEN];
    enum gate_verdict verdict = !is_read || out.n > GATE_TYPED_MAX
                                    ? GATE_REFUSED_UNREADABLE
                                    : gate_read(e164, (struct text){typed, out.n});
    if (verdict == GATE_PASSES && *e164)
        return (struct page_words){0};
    verdict = verdict == GATE_PASSES ? GATE_REFUSED_UNREADABLE : verdict;
    return (struct page_words){409, gate_name(verdict), gate_why(verdict), gate_why(verdict)};
}

static bool read_field(struct text body, const char *name, uint64_t max, uint64_t *value)
{
    char digits[DIGITS_BYTES];
    struct text_out out = {.p = digits, .max = sizeof(digits)};
    return form_field(&out, body, name) && text_number((struct text){digits, out.n}, max, value);
}

static bool is_checked(struct text body, const char *name)
{
    char word[DIGITS_BYTES];
    struct text_out out = {.p = word, .max = sizeof(word)};
    return form_field(&out, body, name) && text_equal((struct text){word, out.n}, TEXT("oui"));
}

static struct page_words read(const struct pages_slot_args *args, bool is_undone,
                              struct order_talk *order)
{
    const struct workday_talk talk = talk_of(args);
    struct text body = args->request->body;
    uint64_t contact_id = 0, from_at = 0;
    *order = (struct order_talk){.deed = is_undone ? ORDER_TALK_UNSLOT : ORDER_TALK_SLOT,
                                 .agent_id = args->agent ? args->agent->number : 0,
                                 .contact_id = talk.contact_id};
    if (!read_field(body, "demande", UINT64_MAX, &contact_id) || !talk.contact_id ||
        talk.contact_id != contact_id)
        return refusals[ORDER_TALKED_ALONE];
    if (is_undone)
        return (struct page_words){0};
    if (!read_field(body, "creneau", INT64_MAX, &from_at))
        return no_half;
    order->slot = (struct order_slot){.from_at = (ms_t)from_at,
                                      .person_id = talk.person_id,
                                      .needs = talk.needs,
                                      .reference = talk.reference,
                                      .entry_id = talk.entry_id,
                                      .is_discreet = is_checked(body, "discret")};
    return read_number(args, &talk, &order->slot.e164);
}

/* Which request; never whom, or which number. */
static void note(const struct pages_slot_args *args, bool is_undone)
{
    struct account_audit audit = {.at = args->request->now_at,
                                  .who = args->house->rights->account_id,
                                  .deed = is_undone ? ACCOUNT_SLOT_UNDONE : ACCOUNT_SLOT_AGREED};
    if (!args->accounts)
        return;
    card_log_detail(&audit, say_reference_of(talk_of(args).reference));
    accounts_note(args->accounts, &audit);
}

struct page_words pages_slot(const struct pages_slot_args *args, bool is_undone,
                             struct pages_answer *answer)
{
    const struct pages_talk_args talk = {args->house, args->orders, args->request};
    struct order_talk order;
    struct page_words words = args->orders ? (struct page_words){0} : awaited_silent;
    if (!words.status && !args->request->order_id)
        words = read(args, is_undone, &order);
    if (!words.status)
        words = pages_talk_carry(&talk, &order, refusals, answer);
    if (words.status == 200)
        note(args, is_undone);
    return words;
}

/* ---- what is shown ------------------------------------------------------------------------ */

static uint32_t sold_n(const void *arg, uint32_t queue_id, ms_t from_at)
{
    const struct numbers_sold *sold = arg;
    (void)queue_id; /* of which they were asked for */
    for (unsigned i = 0; i < sold->n; i++)
        if (sold->halves[i].from_at == from_at)
            return sold->halves[i].n;
    return 0;
}

/* The half hour that stands under this contact. */
static bool find_agreed(const struct pages_slot_args *args, uint64_t contact_id,
                        struct numbers_slot *slot)
{
    const struct numbers_port *port = args->numbers;
    struct numbers_slots page = {.after_id = contact_id - 1, .rows = slot, .max = 1};
    return port && port->slots && !port->slots(port->arg, &page) && page.n &&
           slot->contact_id == contact_id;
}

static bool is_written_to(const struct view_house *h, uint64_t e164)
{
    bool is_demo = h->directory->is_demo && number_is_fiction(e164);
    return h->vitals && h->vitals->sms.is_on && (number_is_mobile(e164) || is_demo);
}

/* False: what is sold cannot be read; then nothing is called free. */
static bool fill_days(const struct pages_slot_args *args, uint32_t queue_id, struct view_slots *out)
{
    const struct view_house *h = args->house;
    struct numbers_sold sold = {.queue_id = queue_id, .after_at = h->now_at};
    if (!args->numbers || !args->numbers->sold || args->numbers->sold(args->numbers->arg, &sold))
        return false;
    struct free_slots of = {.wall_at = h->now_at,
                            .each_max = h->vitals->slots_max,
                            .dials_from = h->vitals->gate.hours.from,
                            .dials_until = h->vitals->gate.hours.until,
                            .sold_n = sold_n,
                            .arg = &sold};
    free_slots_of(&of, h->directory, queue_id);
    out->zone = of.zone;
    for (unsigned d = 0; d < FREE_DAYS_N; d++) {
        const struct free_between when = {d, 0, DAY_MINUTES};
        out->days[d].n = free_slots_day(&of, &when, out->days[d].at);
        out->days_n += out->days[d].n != 0;
    }
    return true;
}

static void show_agreed(const struct pages_slot_args *args, const struct numbers_slot *slot,
                        struct view_slots *out)
{
    struct free_slots of = {.wall_at = 0};
    free_slots_of(&of, args->house->directory, slot->queue_id);
    out->zone = of.zone;
    out->state = VIEW_SLOTS_AGREED;
    out->e164 = slot->e164;
    out->reference = say_reference_of(slot->reference);
    out->agreed_at = slot->from_at;
    out->is_discreet = slot->is_discreet;
    out->is_texted = is_written_to(args->house, slot->e164);
}

void pages_slots(const struct pages_slot_args *args, bool is_picked, struct view_slots *out)
{
    const struct view_house *h = args->house;
    const struct workday_talk talk = talk_of(args);
    struct acd_look_agent agent;
    struct numbers_slot slot;
    uint64_t picked = 0;
    *out = (struct view_slots){.state = VIEW_SLOTS_HIDDEN, .contact_id = talk.contact_id};
    uint32_t i = talk.contact_id ? acd_look_agent_slot(h->acd, args->agent->number) : SLOT_NONE;
    if (i == SLOT_NONE || !acd_look_agent(h->acd, i, &agent) || !h->directory || !h->vitals ||
        agent.talk_queue_id == DIRECTORY_PRACTICE)
        return;
    out->is_after = agent.state == AGENT_STATE_WRAP_UP;
    if (find_agreed(args, talk.contact_id, &slot)) {
        show_agreed(args, &slot, out);
        return;
    }
    out->e164 = number_of(args, &talk);
    out->reference = say_reference_of(talk.reference);
    if (is_picked && read_field(args->request->body, "creneau", INT64_MAX, &picked))
        out->picked_at = (ms_t)picked;
    bool sells = h->vitals->slots_max && acd_calls_back(h->acd, agent.talk_queue_id);
    out->state =
        sells && fill_days(args, agent.talk_queue_id, out) ? VIEW_SLOTS_FREE : VIEW_SLOTS_OFF;
}
