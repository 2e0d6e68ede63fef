/* pages_unreached.c — see pages_unreached.h. A call back goes to the main thread; the page answers
 * when its promise is stored (awaited.h).
 * Called by pages.c. Cost: a look at each row; of a page, a look-up on disk each. */
#include "app/pages_unreached.h"
#include "directory/named.h"
#include "gate/gate.h"
#include "say/reference.h"
#include "view/cursor.h"

/* ---- the list ----------------------------------------------------------------------------- */

static uint64_t number_of(const struct pages_unreached_args *args, uint64_t person_id)
{
    uint64_t e164 = 0;
    bool is_asked = person_id && args->numbers && args->numbers->person;
    return is_asked && !args->numbers->person(args->numbers->arg, person_id, &e164) ? e164 : 0;
}

static bool is_promised(const struct pages_unreached_args *args, const struct unreached_row *row)
{
    struct acd_look_callback look;
    return row->promised_id && acd_look_callback_of(args->house->acd, row->promised_id, &look);
}

struct view_unreached pages_unreached_row(const struct pages_unreached_args *args, uint32_t slot)
{
    const struct unreached_row *row = &args->unreached->rows[slot];
    return (struct view_unreached){.contact_id = row->contact_id,
                                   .e164 = number_of(args, row->person_id),
                                   .first_at = row->first_at,
                                   .last_at = row->last_at,
                                   .reference = say_reference_of(row->reference),
                                   .queue_id = row->queue_id,
                                   .calls_n = row->calls_n,
                                   .outcome = row->outcome,
                                   .is_promised = is_promised(args, row)};
}

static void put_rows(const struct pages_unreached_args *args, struct pages_answer *a,
                     const struct page_list *l)
{
    struct json j = {.out = &a->body};
    const struct unreached *u = args->unreached;
    bool is_text = args->request->form == PAGES_TEXT;
    if (!is_text)
        view_unreached_begin(&j, args->house, u ? u->n : 0, u ? u->lost_n : 0);
    for (unsigned i = 0; i < l->n; i++) {
        const struct view_unreached shown = pages_unreached_row(args, l->rows[i].slot);
        if (is_text)
            view_unreached_text(&a->body, args->house, &shown);
        else
            view_unreached_json(&j, args->house, &shown);
    }
    if (is_text)
        page_list_end_text(l, a, "personne\u00a0: qui a appelé aujourd’hui a été joint\n",
                           "unreached");
    else
        page_list_end_json(l, &j, a);
}

bool pages_unreached_list(const struct pages_unreached_args *args, struct page_list *l,
                          struct pages_answer *a)
{
    const struct unreached *u = args->unreached;
    if (!page_list_open(l, args->request, a))
        return false;
    for (uint32_t i = 0; u && i < u->used; i++)
        if (u->rows[i].is_used && u->rows[i].contact_id > l->after_id)
            page_list_put(l, u->rows[i].contact_id, i);
    return true;
}

static void give_list(const struct pages_unreached_args *args, struct pages_answer *a)
{
    struct page_list l;
    if (pages_unreached_list(args, &l, a))
        put_rows(args, a, &l);
}

/* ---- a call back -------------------------------------------------------------------------- */

static const struct page_words unknown = {404, "nobody of the list has this reference",
                                          "GET /api/v1/unreached lists them",
                                          "personne de la liste n’a cette référence"};
static const struct page_words is_here = {
    409, "something of theirs stands already", "look at /api/v1/callbacks, or wait some minutes",
    "cette personne est déjà en ligne, sera rappelée, ou sa place est encore gardée quelques "
    "minutes"};

/* ?queue, or the one that they asked for. False: there is no such service. */
static bool read_queue(const struct pages_unreached_args *args, struct order_number *order)
{
    struct text word;
    if (!view_query_find(&word, args->request->query, TEXT("queue")))
        return true;
    order->queue_id = directory_service_named(args->house->directory, word);
    return order->queue_id != 0;
}

static struct page_words read_call(const struct pages_unreached_args *args,
                                   struct order_number *order)
{
    uint32_t reference;
    bool is_read = page_reference(&reference, args->reference) && args->unreached;
    const struct unreached_row *row =
        is_read ? unreached_find(args->unreached, reference / 10) : NULL;
    if (!row)
        return unknown;
    *order = (struct order_number){.about = ORDER_CALL_BACK,
                                   .e164 = number_of(args, row->person_id),
                                   .person_id = row->person_id,
                                   .queue_id = row->queue_id,
                                   .reference = row->reference};
    if (!read_queue(args, order))
        return (struct page_words){404, "there is no such service", "GET /api/v1/queues lists them",
                                   "aucun service n’a cet identifiant dans l’annuaire"};
    if (!order->queue_id)
        return (struct page_words){409, "this call asked for no service",
                                   "say which one calls: ?queue=sante",
                                   "cet appel n’a demandé aucun service\u00a0: dire lequel "
                                   "rappelle"};
    if (!order->e164)
        return (struct page_words){409, "the number is not known",
                                   "it was withheld, or the person was erased",
                                   "numéro masqué, ou personne effacée"};
    return acd_look_person_is_here(args->house->acd, row->person_id) ? is_here
                                                                     : (struct page_words){0};
}

static struct page_words begin(const struct pages_unreached_args *args, struct pages_answer *a)
{
    struct order_number order;
    struct page_words words = read_call(args, &order);
    if (words.status)
        return words;
    a->order_id = args->orders->give_number(args->orders->arg, &order, args->request->now_ms);
    return a->order_id ? (struct page_words){0} : awaited_too_many;
}

static struct page_words judge(const struct pages_unreached_args *args,
                               const struct order_told *told)
{
    enum acd_verdict verdict = (enum acd_verdict)told->verdict;
    enum gate_verdict gate = (enum gate_verdict)told->gate;
    if (verdict == ACD_MORE)
        return awaited_undecided;
    if (acd_is_taken(verdict))
        return awaited_stored(args->house, args->request, told);
    if (verdict == ACD_REFUSED_FULL)
        return (struct page_words){503, "nothing can be noted now", "look at /health",
                                   gate_why(GATE_REFUSED_UNNOTED)};
    if (gate != GATE_PASSES)
        return (struct page_words){409, gate_name(gate), gate_why(gate), gate_why(gate)};
    return (struct page_words){409, "this queue calls nobody back, or something of theirs stands",
                               "look at gate.callbacks and /api/v1/callbacks",
                               "cette file ne rappelle personne, ou une demande de cette personne "
                               "est déjà ouverte"};
}

struct page_words pages_unreached_order(const struct pages_unreached_args *args,
                                        struct pages_answer *a)
{
    struct order_told told;
    const struct pages_request *r = args->request;
    if (!args->orders)
        return awaited_silent;
    struct page_words words = r->order_id ? awaited_look(args->orders, r, &told) : begin(args, a);
    if (r->order_id && words.status == 200)
        words = judge(args, &told);
    (void)awaited_goes_on(args->orders, r, a, &words); /* told by status 0 */
    return words;
}

static void call(const struct pages_unreached_args *args, struct pages_answer *a)
{
    const struct pages_request *r = args->request;
    const struct page_gone promised = {args->reference, "promised", "rappel promis"};
    struct page_words words = pages_unreached_order(args, a);
    if (!words.status)
        return;
    if (words.status != 200)
        page_refuse(r, a, &words);
    else
        page_gone(r, a, &promised);
}

void pages_unreached(const struct pages_unreached_args *args, struct pages_answer *answer)
{
    if (args->is_call)
        call(args, answer);
    else
        give_list(args, answer);
}
