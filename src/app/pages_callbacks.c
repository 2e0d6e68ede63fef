/* pages_callbacks.c — see pages_callbacks.h. What changes something goes to the main thread; the
 * page answers when that is stored (awaited.h).
 * Called by pages.c. Cost: a look at each contact; of a page, a look-up on disk each. */
#include "acd/acd.h"
#include "app/awaited.h"
#include "app/page_list.h"
#include "app/pages_callbacks.h"
#include "app/routes.h"
#include "gate/gate.h"
#include "say/reference.h"
#include "view/api.h"
#include "view/callbacks.h"
#include "view/cursor.h"

#define NUMBER_TEXT_MAX 32
#define TYPE_TEXT "text/plain; charset=utf-8"

static const struct page_words unknown = {404, "no promise to call back has this reference",
                                          "GET /api/v1/callbacks lists them",
                                          "aucun rappel promis n’a cette référence"};
/* ---- looking ------------------------------------------------------------------------------ */

static struct view_callback row_of(const struct pages_callbacks_args *args,
                                   const struct acd_look_callback *look)
{
    struct numbers_wish wish = {.e164 = 0};
    bool is_one = args->what != CALLBACKS_LIST;
    if (args->numbers && args->numbers->wish &&
        args->numbers->wish(args->numbers->arg, look->contact_id, &wish))
        wish = (struct numbers_wish){.e164 = 0};
    return (struct view_callback){.look = *look,
                                  .reference = say_reference_of(look->reference),
                                  .e164 = wish.e164,
                                  .is_by_house = wish.is_by_house,
                                  .is_whole = is_one && args->request->principal == PAGES_OWNER};
}

static bool find(const struct pages_callbacks_args *args, struct acd_look_callback *look)
{
    const struct acd *acd = args->house->acd;
    uint32_t reference;
    if (!page_reference(&reference, args->reference))
        return false;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++)
        if (acd_look_callback(acd, i, look) && say_reference_of(look->reference) == reference)
            return true;
    return false;
}

/* A time that was chosen: the heart knows nothing of it until it comes. */
static bool find_slot(const struct pages_callbacks_args *args, struct numbers_slot *slot)
{
    uint32_t reference;
    return page_reference(&reference, args->reference) && args->numbers && args->numbers->slot &&
           args->numbers->slot(args->numbers->arg, reference / 10, slot) == 0;
}

static struct view_callback row_of_slot(const struct pages_callbacks_args *args,
                                        const struct numbers_slot *slot)
{
    bool is_one = args->what != CALLBACKS_LIST;
    return (struct view_callback){.look = {.contact_id = slot->contact_id,
                                           .queue_id = slot->queue_id,
                                           .reference = slot->reference,
                                           .not_before_at = slot->from_at,
                                           .is_discreet = slot->is_discreet},
                                  .reference = say_reference_of(slot->reference),
                                  .e164 = slot->e164,
                                  .is_slot = true,
                                  .is_whole = is_one && args->request->principal == PAGES_OWNER};
}

static void give_row(const struct pages_callbacks_args *args, struct pages_answer *a,
                     const struct view_callback *row)
{
    struct json j = {.out = &a->body};
    if (args->request->form == PAGES_TEXT) {
        a->type = TYPE_TEXT;
        view_callback_text(&a->body, args->house, row);
        return;
    }
    view_callback_json(&j, args->house, row);
    text_put(&a->body, TEXT("\n"));
}

static void give_one(const struct pages_callbacks_args *args, struct pages_answer *a,
                     const struct acd_look_callback *look)
{
    const struct view_callback row = row_of(args, look);
    give_row(args, a, &row);
}

static void show(const struct pages_callbacks_args *args, struct pages_answer *a)
{
    struct acd_look_callback look;
    struct numbers_slot slot;
    if (find(args, &look)) {
        give_one(args, a, &look);
    } else if (find_slot(args, &slot)) {
        const struct view_callback row = row_of_slot(args, &slot);
        give_row(args, a, &row);
    } else {
        page_refuse(args->request, a, &unknown);
    }
}

static void give_gone(const struct pages_callbacks_args *args, struct pages_answer *a)
{
    const struct page_gone gone =
        args->what == CALLBACKS_CANCEL
            ? (struct page_gone){args->reference, "cancelled", "rappel annulé"}
            : (struct page_gone){args->reference, "gone", "fait, il est fini"};
    page_gone(args->request, a, &gone);
}

/* ---- the list ----------------------------------------------------------------------------- */

/* A row whose slot is SLOT_NONE is a time that was chosen: sold[i]. */
struct listing {
    struct page_list page;
    struct numbers_slot sold[PAGE_LIMIT_MAX + 1];
};

static void fill_slots(struct listing *l, const struct numbers_port *numbers)
{
    struct numbers_slots page = {
        .after_id = l->page.after_id, .rows = l->sold, .max = l->page.limit + 1};
    if (!numbers || !numbers->slots || numbers->slots(numbers->arg, &page))
        return; /* a page without them; /health says what the disk has */
    for (uint32_t i = 0; i < page.n; i++) {
        unsigned at = page_list_put(&l->page, l->sold[i].contact_id, SLOT_NONE);
        if (at < l->page.limit)
            l->page.rows[at].i = i;
    }
}

static void fill(struct page_list *l, const struct acd *acd)
{
    struct acd_look_callback look;
    for (uint32_t i = 0; i < acd_look_calls_n(acd); i++)
        if (acd_look_callback(acd, i, &look) && look.contact_id > l->after_id)
            page_list_put(l, look.contact_id, i);
}

static void put_rows(const struct pages_callbacks_args *args, struct pages_answer *a,
                     const struct listing *l)
{
    struct acd_look_callback look;
    struct json j = {.out = &a->body};
    bool is_text = args->request->form == PAGES_TEXT;
    if (!is_text)
        view_callbacks_begin(&j, args->house);
    for (unsigned i = 0; i < l->page.n; i++) {
        bool is_sold = l->page.rows[i].slot == SLOT_NONE;
        if (!is_sold)
            acd_look_callback(args->house->acd, l->page.rows[i].slot, &look);
        const struct view_callback row =
            is_sold ? row_of_slot(args, &l->sold[l->page.rows[i].i]) : row_of(args, &look);
        if (is_text)
            view_callback_text(&a->body, args->house, &row);
        else
            view_callback_json(&j, args->house, &row);
    }
    if (is_text)
        page_list_end_text(&l->page, a, "aucun rappel promis\n", "callbacks");
    else
        page_list_end_json(&l->page, &j, a);
}

static void give_list(const struct pages_callbacks_args *args, struct pages_answer *a)
{
    struct listing l;
    if (!page_list_open(&l.page, args->request, a))
        return;
    fill(&l.page, args->house->acd);
    fill_slots(&l, args->numbers);
    put_rows(args, a, &l);
}

/* ---- what is asked for -------------------------------------------------------------------- */

struct asked {
    struct command cmd;
    struct order_number number;
};

/* Before the main thread is asked, for words that fit; it decides. */
static struct page_words judge_state(const struct pages_callbacks_args *args,
                                     const struct acd_look_callback *look)
{
    enum view_callback_state state = view_callback_state(args->house, look);
    bool is_cancel = args->what == CALLBACKS_CANCEL;
    if (state == VIEW_CALLBACK_ON_LINE)
        return (struct page_words){409, "the person has not hung up yet", "come again in a moment",
                                   "la personne n’a pas encore raccroché"};
    if (state == VIEW_CALLBACK_DIALLING || state == VIEW_CALLBACK_TALKING ||
        (state == VIEW_CALLBACK_RESERVED && !is_cancel))
        return (struct page_words){409, "it is being called now",
                                   "come again when the attempt is over",
                                   "il est appelé en ce moment\u00a0: attendre la fin de l’essai"};
    if (state == VIEW_CALLBACK_OVER && !is_cancel)
        return (struct page_words){409, "the last attempt is over, nobody calls any more",
                                   "cancel it, or let the person call",
                                   "le dernier essai est passé, plus personne n’appelle"};
    return (struct page_words){0};
}

/* "now": as soon as it is its turn. */
static struct page_words read_not_before(const struct view_house *h, struct text word, ms_t *at)
{
    *at = 0;
    return text_equal(word, TEXT("now")) ? (struct page_words){0} : page_instant(h, word, at);
}

static struct page_words read_change(const struct pages_callbacks_args *args, struct asked *asked)
{
    struct text when, number, query = args->request->query;
    bool has_when = view_query_find(&when, query, TEXT("not_before"));
    bool has_number = view_query_find(&number, query, TEXT("number"));
    uint64_t contact_id = asked->number.contact_id;
    if (has_when == has_number)
        return (struct page_words){400, "say either not_before or number", "one change at a time",
                                   "dire soit l’heure, soit le numéro"};
    if (has_when) {
        asked->cmd = (struct command){.kind = CMD_CALLBACK_MOVE,
                                      .callback_move = {.contact_id = contact_id}};
        return read_not_before(args->house, when, &asked->cmd.callback_move.not_before_at);
    }
    enum gate_verdict verdict = number.n > NUMBER_TEXT_MAX ? GATE_REFUSED_UNREADABLE
                                                           : gate_read(&asked->number.e164, number);
    if (verdict != GATE_PASSES || !asked->number.e164) {
        verdict = verdict == GATE_PASSES ? GATE_REFUSED_UNREADABLE : verdict;
        return (struct page_words){409, gate_name(verdict), gate_why(verdict), gate_why(verdict)};
    }
    asked->number.about = ORDER_RENUMBER;
    return (struct page_words){0};
}

static struct page_words read_cancel(const struct pages_callbacks_args *args, struct asked *asked)
{
    struct text word;
    enum cancelled_by by = API_CALLBACK_CANCEL_BY_DEFAULT;
    static const enum cancelled_by values[] = {API_CALLBACK_CANCEL_BY_VALUES};
    bool is_known = !view_query_find(&word, args->request->query, TEXT("by"));
    for (unsigned i = 0; !is_known && i < ARRAY_LEN(values); i++) {
        by = values[i];
        is_known = text_equal(word, text_of(cancelled_by_name(by)));
    }
    asked->cmd =
        (struct command){.kind = CMD_CALLBACK_CANCEL,
                         .callback_cancel = {.contact_id = asked->number.contact_id, .by = by}};
    return is_known
               ? (struct page_words){0}
               : (struct page_words){400, "by is person, agent or house", "say who takes it back",
                                     "dire qui l’annule\u00a0: person, agent ou house"};
}

/* ---- what became of it -------------------------------------------------------------------- */

static struct page_words judge(const struct pages_callbacks_args *args,
                               const struct order_told *told)
{
    enum gate_verdict gate = (enum gate_verdict)told->gate;
    switch ((enum acd_verdict)told->verdict) {
    case ACD_DONE:
    case ACD_NOTHING:
        break;
    case ACD_REFUSED_UNKNOWN:
        return unknown;
    case ACD_MORE:
        return awaited_undecided;
    case ACD_REFUSED_FULL:
        return (struct page_words){503, "nothing can be noted now", "look at /health",
                                   gate_why(GATE_REFUSED_UNNOTED)};
    default:
        if (gate != GATE_PASSES)
            return (struct page_words){409, gate_name(gate), gate_why(gate), gate_why(gate)};
        return (struct page_words){409, "the order was refused",
                                   "it is being called, or the line is one that many people use",
                                   "refusé\u00a0: appel en cours, ou ligne partagée par plusieurs "
                                   "personnes"};
    }
    return awaited_stored(args->house, args->request, told);
}

/* ---- orders ------------------------------------------------------------------------------- */

/* A time that was chosen can be given back, and nothing else. */
static struct page_words read_slot(const struct pages_callbacks_args *args, struct asked *asked)
{
    struct numbers_slot slot;
    if (!find_slot(args, &slot))
        return unknown;
    if (args->what != CALLBACKS_CANCEL)
        return (struct page_words){
            409, "a time that was chosen is not changed",
            "cancel it; the person may choose another one by telephone",
            "une heure choisie ne se change pas\u00a0: l’annuler, la personne "
            "en choisira une autre par téléphone"};
    struct page_words words = read_cancel(args, asked);
    asked->number = (struct order_number){.about = ORDER_SLOT_CANCEL,
                                          .contact_id = slot.contact_id,
                                          .by = asked->cmd.callback_cancel.by};
    return words;
}

static struct page_words read_promise(const struct pages_callbacks_args *args, struct asked *asked,
                                      const struct acd_look_callback *c)
{
    asked->number.contact_id = c->contact_id;
    struct page_words words =
        args->what == CALLBACKS_CANCEL ? read_cancel(args, asked) : read_change(args, asked);
    return words.status ? words : judge_state(args, c);
}

static struct page_words begin(const struct pages_callbacks_args *args, struct pages_answer *a)
{
    struct acd_look_callback c;
    struct asked asked = {.number = {.about = ORDER_COMMAND}};
    const struct orders_port *o = args->orders;
    struct page_words words =
        find(args, &c) ? read_promise(args, &asked, &c) : read_slot(args, &asked);
    if (words.status)
        return words;
    a->order_id = asked.number.about == ORDER_COMMAND
                      ? o->give(o->arg, &asked.cmd, args->request->now_ms)
                      : o->give_number(o->arg, &asked.number, args->request->now_ms);
    return a->order_id ? (struct page_words){0} : awaited_too_many;
}

static void change(const struct pages_callbacks_args *args, struct pages_answer *a)
{
    struct acd_look_callback c;
    struct order_told told;
    const struct pages_request *r = args->request;
    if (!args->orders) {
        page_refuse(r, a, &awaited_silent);
        return;
    }
    struct page_words words = r->order_id ? awaited_look(args->orders, r, &told) : begin(args, a);
    if (r->order_id && words.status == 200)
        words = judge(args, &told);
    if (awaited_goes_on(args->orders, r, a, &words))
        return;
    if (words.status != 200)
        page_refuse(r, a, &words);
    else if (args->what == CALLBACKS_CHANGE && find(args, &c))
        give_one(args, a, &c);
    else
        give_gone(args, a);
}

void pages_callbacks(const struct pages_callbacks_args *args, struct pages_answer *answer)
{
    switch (args->what) {
    case CALLBACKS_LIST:
        give_list(args, answer);
        return;
    case CALLBACKS_SHOW:
        show(args, answer);
        return;
    default:
        change(args, answer);
    }
}
