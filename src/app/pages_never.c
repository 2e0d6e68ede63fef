/* pages_never.c — see pages_never.h. 200 means stored: the order is awaited as any other is.
 * Called by pages.c. Cost: a keyed hash and a look-up on disk. */
#include "acd/acd.h"
#include "app/awaited.h"
#include "app/pages_never.h"
#include "base/json.h"
#include "gate/gate.h"

#define NUMBER_TEXT_MAX 32
#define TYPE_TEXT "text/plain; charset=utf-8"

/* ---- what stands ------------------------------------------------------------------------- */

static void put_text(const struct pages_never_args *args, struct pages_answer *a, bool is_listed,
                     uint64_t listed_n)
{
    a->type = TYPE_TEXT;
    if (args->what == NEVER_COUNT) {
        text_put_number(&a->body, listed_n);
        text_put(&a->body, TEXT(" numéros à ne plus appeler\n"));
        return;
    }
    text_put(&a->body, is_listed ? TEXT("ce numéro a demandé à ne plus être appelé\n")
                                 : TEXT("ce numéro peut être appelé\n"));
}

static void give(const struct pages_never_args *args, struct pages_answer *a, uint64_t e164)
{
    bool is_listed = false;
    uint64_t listed_n = 0;
    struct json j = {.out = &a->body};
    if (!args->numbers || !args->numbers->never ||
        args->numbers->never(args->numbers->arg, e164, &is_listed, &listed_n)) {
        page_refuse(args->request, a, &awaited_silent);
        return;
    }
    if (args->request->form == PAGES_TEXT) {
        put_text(args, a, is_listed, listed_n);
        return;
    }
    json_object(&j, NULL);
    if (args->what != NEVER_COUNT)
        json_bool(&j, "listed", is_listed);
    json_number(&j, "count", listed_n);
    json_object_end(&j);
    text_put(&a->body, TEXT("\n"));
}

/* ---- orders ------------------------------------------------------------------------------- */

static struct page_words judge(const struct pages_never_args *args, const struct order_told *told)
{
    enum gate_verdict gate = (enum gate_verdict)told->gate;
    enum acd_verdict verdict = (enum acd_verdict)told->verdict;
    if (gate != GATE_PASSES)
        return (struct page_words){409, gate_name(gate), gate_why(gate), gate_why(gate)};
    if (verdict != ACD_DONE && verdict != ACD_NOTHING)
        return (struct page_words){503, "nothing can be noted now", "look at /health",
                                   gate_why(GATE_REFUSED_UNNOTED)};
    return awaited_stored(args->house, args->request, told);
}

static struct page_words order(const struct pages_never_args *args, struct pages_answer *a,
                               uint64_t e164)
{
    const struct orders_port *o = args->orders;
    const struct order_number number = {
        .about = args->what == NEVER_ADD ? ORDER_NEVER_ADD : ORDER_NEVER_REMOVE, .e164 = e164};
    struct order_told told;
    if (!o)
        return awaited_silent;
    if (args->request->order_id) {
        struct page_words words = awaited_look(o, args->request, &told);
        return words.status == 200 ? judge(args, &told) : words;
    }
    a->order_id = o->give_number(o->arg, &number, args->request->now_ms);
    return a->order_id ? (struct page_words){0} : awaited_too_many;
}

static void change(const struct pages_never_args *args, struct pages_answer *a, uint64_t e164)
{
    struct page_words words = order(args, a, e164);
    if (awaited_goes_on(args->orders, args->request, a, &words))
        return;
    if (words.status == 200)
        give(args, a, e164);
    else
        page_refuse(args->request, a, &words);
}

void pages_never(const struct pages_never_args *args, struct pages_answer *answer)
{
    uint64_t e164 = 0;
    const struct page_words bad = {400, "this is no telephone number",
                                   "write it as 0536490010 or 0033536490010",
                                   gate_why(GATE_REFUSED_UNREADABLE)};
    bool wants_number = args->what != NEVER_COUNT;
    if (wants_number && (args->number.n > NUMBER_TEXT_MAX ||
                         gate_read(&e164, args->number) != GATE_PASSES || !e164))
        page_refuse(args->request, answer, &bad);
    else if (args->what == NEVER_ADD || args->what == NEVER_REMOVE)
        change(args, answer, e164);
    else
        give(args, answer, e164);
}
