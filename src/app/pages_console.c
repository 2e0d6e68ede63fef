/* pages_console.c — see pages_console.h. The same orders as those of /api/v1, for who signed in;
 * what is refused is told by the screen, which shows the true state. Called by pages.c. */
#include <string.h>

#include "access/form.h"
#include "app/desk.h"
#include "app/pages_console.h"
#include "app/pages_note.h"
#include "app/pages_orders.h"
#include "app/pages_screens.h"
#include "app/pages_slot.h"
#include "app/pages_supervise.h"
#include "app/pages_talk.h"
#include "app/pages_written.h"
#include "gsm/coding.h"
#include "say/reference.h"
#include "settings/settings.h"
#include "view/console.h"
#include "view/cursor.h"
#include "view/parts.h"

#define WORD_MAX 24
/* What was typed is shown again when it was refused, also where it is too long to be sent. */
#define TYPED_MAX TEXTS_LONG_BYTES
/* Written contacts of one agent; the bound of sms.texts_at_once. */
#define TEXTS_HELD_MAX 8

/* ---- the screen --------------------------------------------------------------------------- */

static uint32_t reference_of(const struct view_house *house, const struct directory_agent *agent)
{
    uint32_t slot = acd_look_agent_slot(house->acd, agent->number);
    struct acd_look_agent a;
    struct acd_look_callback back;
    bool has_one = slot != SLOT_NONE && acd_look_agent(house->acd, slot, &a) &&
                   acd_look_callback_of(house->acd, a.contact_id, &back);
    return has_one ? say_reference_of(back.reference) : 0;
}

/* Who wrote on the page may have said their name, and where they may be called. */
static struct view_text row_of(const struct texts_port *t, const struct acd_look_text *look)
{
    struct texts_page page;
    struct view_text row = {.look = *look, .reference = say_reference_of(look->reference)};
    row.is_web = t && t->page_of && !t->page_of(t->arg, look->contact_id, &page);
    if (row.is_web) {
        row.e164 = page.e164;
        memcpy(row.name, page.name, sizeof(row.name));
    }
    return row;
}

/* In the order in which they came. */
static unsigned texts_of(struct view_text rows[TEXTS_HELD_MAX],
                         const struct pages_console_args *args, const struct directory_agent *agent)
{
    const struct acd *acd = args->house->acd;
    struct acd_look_text look;
    unsigned n = 0;
    for (uint32_t i = 0; i < acd_look_calls_n(acd) && n < TEXTS_HELD_MAX; i++) {
        if (!acd_look_text(acd, i, &look) || look.agent_id != agent->number)
            continue;
        unsigned at = n++;
        for (; at && rows[at - 1].look.contact_id > look.contact_id; at--)
            rows[at] = rows[at - 1];
        rows[at] = row_of(args->pages->texts, &look);
    }
    return n;
}

struct reading {
    const struct pages_console_args *args;
    struct html *h;
};

static void put_message(const struct view_text_message *m, void *arg)
{
    const struct reading *r = arg;
    view_console_message(r->h, r->args->house, m);
}

static void put_messages(struct html *h, uint64_t contact_id, void *arg)
{
    const struct pages_console_args *args = arg;
    struct reading r = {args, h};
    pages_written_messages(args->pages->texts, contact_id, put_message, &r);
}

/* What a refused order has to say, or one that was only looked at. */
struct said {
    const struct page_words *words; /* NULL: nothing */
    const struct view_draft *draft;
    struct text note; /* typed, and refused */
    bool is_slot;     /* a half hour was asked for, in vain */
};

/* Why something did not happen; NULL: nothing was asked for, or it did. */
static const char *refusal_of(const struct html *h, const struct pages_console_args *args,
                              const struct said *said, const struct view_card *card)
{
    struct text word;
    bool asks = view_query_find(&word, args->request->query, TEXT("reference"));
    if (said->words)
        return html_say(h, said->words->say ? said->words->say : said->words->error,
                        said->words->error);
    if (pages_screen_says(args->request, TEXT("refus"), TEXT("oui")))
        return html_say(h, "Cela n’a pas pu être fait. L’état ci-dessous est le vrai.",
                        "This could not be done. The state below is the true one.");
    if (asks && !card->is_open)
        return html_say(h,
                        "Cette référence n’est pas celle de la personne en ligne. Faites-la "
                        "répéter, deux chiffres à la fois.",
                        "This is no reference of the person on the line. Have it said again, two "
                        "digits at a time.");
    return NULL;
}

/* Whoever looks at what somebody had before stands in the log. */
static void note_open(const struct pages_console_args *args, const struct view_card *card)
{
    struct acd_look_contact contact;
    if (!card->is_open || !acd_look_contact_of(args->house->acd, card->contact_id, &contact))
        return;
    const struct card_opened opened = {.account_id = args->house->rights->account_id,
                                       .contact_id = card->contact_id,
                                       .reference = say_reference_of(contact.reference),
                                       .at = args->request->now_at};
    card_log_note(args->cards, args->pages->accounts, &opened);
}

static struct pages_note_args note_of(const struct pages_console_args *args)
{
    return (struct pages_note_args){.accounts = args->pages->accounts,
                                    .house = args->house,
                                    .request = args->request,
                                    .workday = readmodel_workday(args->pages->model),
                                    .agent = view_me(args->house)};
}

static struct pages_slot_args slot_of(const struct pages_console_args *args)
{
    return (struct pages_slot_args){.accounts = args->pages->accounts,
                                    .house = args->house,
                                    .orders = args->pages->orders,
                                    .numbers = args->pages->numbers,
                                    .request = args->request,
                                    .workday = readmodel_workday(args->pages->model),
                                    .agent = view_me(args->house)};
}

/* What has just been done, by the address that the last answer sent the page to. */
static void tell_done(const struct pages_request *request, struct view_console *console)
{
    console->is_noted = pages_screen_says(request, TEXT("fait"), TEXT("note"));
    console->is_sent = pages_screen_says(request, TEXT("fait"), TEXT("sms"));
    console->is_agreed = pages_screen_says(request, TEXT("fait"), TEXT("rappel"));
    console->is_unslotted = pages_screen_says(request, TEXT("fait"), TEXT("annule"));
}

static void show(const struct pages_console_args *args, const struct said *said,
                 struct pages_answer *answer)
{
    struct html h = pages_screen_open(args->request, answer);
    const struct directory_agent *agent = view_me(args->house);
    struct view_text texts[TEXTS_HELD_MAX];
    struct desk_due due = {.n = 0};
    struct pages_notes notes = {.n = 0};
    struct view_slots slots;
    struct pages_note_args note = note_of(args);
    const struct pages_slot_args slot = slot_of(args);
    struct pages_console_args mine = *args;
    struct view_console console = {.agent = agent,
                                   .is_fragment =
                                       pages_screen_says(args->request, TEXT("part"), TEXT("main")),
                                   .texts = texts,
                                   .due = due.rows,
                                   .draft = said->draft,
                                   .notes = notes.rows,
                                   .note_draft = said->note,
                                   .messages = put_messages,
                                   .arg = &mine};
    if (agent) {
        const struct desk_of of = {.house = args->house,
                                   .past = readmodel_past(args->pages->model),
                                   .workday = readmodel_workday(args->pages->model),
                                   .ways = readmodel_ways(args->pages->model),
                                   .numbers = args->pages->numbers,
                                   .request = args->request,
                                   .agent = agent};
        console.reference = reference_of(args->house, agent);
        console.texts_n = texts_of(texts, args, agent);
        console.card = desk_card(&of);
        note_open(args, &console.card);
        pages_notes(&note, console.card.is_open, &notes);
        console.notes_n = notes.n;
        pages_slots(&slot, said->is_slot, &slots);
        console.slots = &slots;
        console.day = desk_day(&of);
        console.third = desk_third(&of, args->pages->talks);
        desk_due(&of, &due);
        console.due_n = due.n;
        console.due_more_n = due.more_n;
    }
    tell_done(args->request, &console);
    console.refusal = refusal_of(&h, args, said, &console.card);
    view_console(&h, args->house, &console);
}

void pages_console_show(const struct pages_console_args *args, struct pages_answer *answer)
{
    show(args, &(struct said){0}, answer);
}

/* ---- orders about the agent --------------------------------------------------------------- */

static const enum command_kind kinds[DEED_ALERT] = {CMD_AGENT_SIGN_IN,   CMD_AGENT_READY,
                                                    CMD_AGENT_PAUSE,     CMD_AGENT_SIGN_OUT,
                                                    CMD_AGENT_MORE_TIME, CMD_CONVERSATION_CONCLUDE};

static bool find_deed(struct text name, enum view_deed *deed)
{
    for (unsigned i = 0; i < DEEDS; i++) {
        *deed = (enum view_deed)i;
        if (text_equal(name, text_of(view_deed_names[i])))
            return true;
    }
    return false;
}

/* The field of the form as the interface for programs has it: "motif=meal" is "reason=meal". */
static struct text query(struct text_out *out, struct text body, enum view_deed deed)
{
    bool is_pause = deed == DEED_PAUSE;
    char word[WORD_MAX];
    struct text_out value = {.p = word, .max = sizeof(word)};
    bool has_one = form_field(&value, body, is_pause ? "motif" : "suite");
    text_put(out, is_pause ? TEXT("reason=") : TEXT("outcome="));
    text_put(out, has_one ? (struct text){word, value.n} : is_pause ? TEXT("rest") : TEXT_NONE);
    return (struct text){out->p, out->n};
}

/* Carried out by the same pages as for programs. True: refused, or later. */
static bool order(const struct pages_console_args *args, enum view_deed deed,
                  struct pages_answer *answer)
{
    char room[WORD_MAX + 8];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct pages_request mine = *args->request;
    mine.query = query(&out, args->request->body, deed);
    const struct pages_order agents = {kinds[deed], args->house->rights->agent, &mine};
    const struct pages_supervise_args conclude = {.house = args->house,
                                                  .orders = args->pages->orders,
                                                  .request = &mine,
                                                  .id = args->house->rights->agent,
                                                  .kind = kinds[deed]};
    return deed == DEED_CONCLUDE ? pages_supervise(&conclude, answer)
                                 : pages_order(args->pages->orders, args->house, &agents, answer);
}

/* The screen again, in the language that the address chose. */
enum went { WENT_DONE, WENT_REFUSED, WENT_SENT, WENT_NOTED, WENT_AGREED, WENT_UNDONE, WENTS };

static void go_back(const struct pages_request *request, enum went went,
                    struct pages_answer *answer)
{
    static const char *const places[3][WENTS] = {
        {"/agent", "/agent?refus=oui", "/agent?fait=sms", "/agent?fait=note", "/agent?fait=rappel",
         "/agent?fait=annule"},
        {"/agent?langue=fr", "/agent?langue=fr&refus=oui", "/agent?langue=fr&fait=sms",
         "/agent?langue=fr&fait=note", "/agent?langue=fr&fait=rappel",
         "/agent?langue=fr&fait=annule"},
        {"/agent?langue=en", "/agent?langue=en&refus=oui", "/agent?langue=en&fait=sms",
         "/agent?langue=en&fait=note", "/agent?langue=en&fait=rappel",
         "/agent?langue=en&fait=annule"},
    };
    struct text word;
    bool is_said = view_query_find(&word, request->query, TEXT("langue"));
    answer->body.n = 0;
    answer->status = 303;
    answer->location = places[!is_said ? 0 : text_equal(word, TEXT("en")) ? 2 : 1][went];
}

/* ---- a call for help ---------------------------------------------------------------------- */

/* As by *9 (docs/ecoute.md): of the one they speak with. status 0: later. */
static struct page_words give_alert(const struct pages_console_args *args,
                                    struct pages_answer *answer)
{
    static const struct page_words nobody = {409, "you speak with nobody", "during a call",
                                             "Vous n’êtes avec personne\u00a0: l’alerte se donne "
                                             "pendant l’appel."};
    const struct view_house *house = args->house;
    const struct orders_port *orders = args->pages->orders;
    struct order_told told;
    uint64_t call_id = desk_call(house, view_me(house));
    const struct command cmd = {.kind = CMD_CALL_ALERT, .call_alert = {.call_id = call_id}};
    struct page_words words = {0};
    if (args->request->order_id) {
        words = awaited_look(orders, args->request, &told);
        if (words.status == 200)
            words = acd_is_taken((enum acd_verdict)told.verdict)
                        ? awaited_stored(house, args->request, &told)
                        : nobody;
    } else {
        answer->order_id = call_id ? orders->give(orders->arg, &cmd, args->request->now_ms) : 0;
        if (!answer->order_id)
            words = call_id ? awaited_too_many : nobody;
    }
    return awaited_goes_on(orders, args->request, answer, &words) ? (struct page_words){0} : words;
}

/* Done: the screen again; refused: the screen that says why; status 0: later. */
static void order_said(const struct pages_console_args *args, struct page_words words,
                       enum went went, struct pages_answer *answer)
{
    if (words.status == 200)
        go_back(args->request, went, answer);
    if (!words.status || words.status == 200)
        return;
    answer->status = words.status;
    show(args, &(struct said){.words = &words}, answer);
}

/* What was typed stays in the box when it was refused. */
static void order_note(const struct pages_console_args *args, struct pages_answer *answer)
{
    char typed[NOTE_TYPED_MAX];
    struct text_out out = {.p = typed, .max = sizeof(typed)};
    struct pages_note_args note = note_of(args);
    struct page_words words = pages_note(&note, &out, answer);
    const struct said said = {.words = &words, .note = {typed, out.n}};
    if (words.status == 200)
        go_back(args->request, WENT_NOTED, answer);
    if (!words.status || words.status == 200)
        return;
    answer->status = words.status;
    show(args, &said, answer);
}

/* What was free may be sold by now: refused, the list stands there again, as it is. */
static void order_slot(const struct pages_console_args *args, bool is_undone,
                       struct pages_answer *answer)
{
    const struct pages_slot_args slot = slot_of(args);
    struct page_words words = pages_slot(&slot, is_undone, answer);
    if (words.status == 200)
        go_back(args->request, is_undone ? WENT_UNDONE : WENT_AGREED, answer);
    if (!words.status || words.status == 200)
        return;
    answer->status = words.status;
    show(args, &(struct said){.words = &words, .is_slot = !is_undone}, answer);
}

/* ---- orders about what was written -------------------------------------------------------- */

/* As a browser sends it, without the carriage returns that it puts before each end of a line.
 * False: it is longer than this page reads. */
static bool read_typed(struct text_out *out, struct text body)
{
    size_t n = 0;
    if (!form_field(out, body, "texte"))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] != '\r')
            out->p[n++] = out->p[i];
    out->n = n;
    return true;
}

/* What a form about a written contact says. */
struct form {
    char digits[WORD_MAX], typed[TYPED_MAX], service_id[DIRECTORY_ID_BYTES];
    struct text reference, text, service;
    bool is_read, is_preview;
};

static void read_form(struct form *f, struct text body, bool is_answer)
{
    char word[WORD_MAX];
    struct text_out reference = {.p = f->digits, .max = sizeof(f->digits)};
    struct text_out typed = {.p = f->typed, .max = sizeof(f->typed)};
    struct text_out preview = {.p = word, .max = sizeof(word)};
    struct text_out service = {.p = f->service_id, .max = sizeof(f->service_id)};
    bool has_reference = form_field(&reference, body, "reference");
    bool has_service = form_field(&service, body, "service");
    f->service = has_service ? (struct text){f->service_id, service.n} : TEXT_NONE;
    f->reference = has_reference ? (struct text){f->digits, reference.n} : TEXT_NONE;
    f->is_read = !is_answer || read_typed(&typed, body);
    f->text = (struct text){f->typed, f->is_read ? typed.n : 0};
    f->is_preview = is_answer && form_field(&preview, body, "apercu");
}

/* status 0: later. */
static struct page_words give_written(const struct pages_console_args *args, enum view_deed deed,
                                      const struct form *f, struct pages_answer *answer)
{
    static const enum pages_written_what whats[] = {WRITTEN_NEXT, WRITTEN_ANSWER, WRITTEN_CLOSE,
                                                    WRITTEN_BACK, WRITTEN_MOVE};
    char asks[WORD_MAX + 2 * DIRECTORY_ID_BYTES];
    struct text_out out = {.p = asks, .max = sizeof(asks)};
    struct pages_request mine = *args->request;
    const struct pages_written_args written = {.house = args->house,
                                               .orders = args->pages->orders,
                                               .texts = args->pages->texts,
                                               .request = &mine,
                                               .reference = f->reference,
                                               .typed = &f->text,
                                               .what = whats[deed - DEED_TEXT_TAKE]};
    text_put(&out, TEXT("agent="));
    text_put(&out, args->house->rights->agent);
    text_put(&out, TEXT("&service="));
    text_put(&out, f->service);
    mine.query = (struct text){out.p, out.n};
    return deed == DEED_TEXT_ANSWER ? pages_written_answer(&written, answer)
                                    : pages_written_change(&written, answer);
}

/* One text message and no more (ADR 31). */
static bool is_long(struct text text)
{
    struct gsm_size size;
    return gsm_measure(&size, text) && size.segments > 1;
}

/* What was written on the page is answered there: no gateway, and 500 signs. */
static bool is_of_web(const struct pages_console_args *args, struct text reference)
{
    const struct acd *acd = args->house->acd;
    struct acd_look_text look;
    uint64_t number = 0;
    if (!text_number(reference, UINT32_MAX, &number))
        return false;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++)
        if (acd_look_text(acd, i, &look) && say_reference_of(look.reference) == number)
            return pages_written_is_web(args->pages->texts, look.contact_id);
    return false;
}

static void order_written(const struct pages_console_args *args, enum view_deed deed,
                          struct pages_answer *answer)
{
    static const struct page_words too_long = {
        400, "the answer is too long: one text message", "shorten it",
        "Trop long\u00a0: un seul SMS part. L’aperçu dit de combien."};
    struct form f;
    struct page_words words = too_long;
    uint64_t number = 0;
    read_form(&f, args->request->body, deed == DEED_TEXT_ANSWER);
    if (f.is_preview)
        words = (struct page_words){.status = 200};
    else if (f.is_read && (is_of_web(args, f.reference) || !is_long(f.text)))
        words = give_written(args, deed, &f, answer);
    if (!words.status)
        return;
    if (words.status == 200 && !f.is_preview) {
        go_back(args->request, WENT_DONE, answer);
        return;
    }
    bool is_known = text_number(f.reference, UINT32_MAX, &number);
    const struct view_draft draft = {is_known ? (uint32_t)number : 0, f.text, f.is_preview};
    const struct said said = {.words = words.status == 200 ? NULL : &words,
                              .draft = deed == DEED_TEXT_ANSWER ? &draft : NULL};
    answer->status = words.status;
    show(args, &said, answer);
}

bool pages_console_order(const struct pages_console_args *args, struct pages_answer *answer)
{
    enum view_deed deed;
    const struct pages_talk_args talk = {args->house, args->pages->orders, args->request};
    if (!find_deed(args->deed, &deed))
        return false;
    if (deed == DEED_ALERT)
        order_said(args, give_alert(args, answer), WENT_DONE, answer);
    else if (deed == DEED_TALK)
        order_said(args, pages_talk(&talk, answer),
                   pages_talk_is_sms(args->request) ? WENT_SENT : WENT_DONE, answer);
    else if (deed == DEED_SLOT || deed == DEED_UNSLOT)
        order_slot(args, deed == DEED_UNSLOT, answer);
    else if (deed == DEED_NOTE)
        order_note(args, answer);
    else if (deed >= DEED_TEXT_TAKE)
        order_written(args, deed, answer);
    if (deed >= DEED_ALERT)
        return true;
    bool is_answered = order(args, deed, answer);
    if (!answer->is_later)
        go_back(args->request, is_answered ? WENT_REFUSED : WENT_DONE, answer);
    return true;
}
