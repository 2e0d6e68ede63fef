/* pages_never.c — see pages_never.h. 200 means stored: the order is awaited as any other is.
 * Called by pages.c. Cost: a keyed hash and a look-up on disk. */
#include "acd/acd.h"
#include "app/pages_never.h"
#include "base/json.h"
#include "gate/gate.h"
#include "view/api.h"

#define NUMBER_TEXT_MAX 32
#define TYPE_TEXT "text/plain; charset=utf-8"

struct words {
    unsigned status;
    const char *error, *cure, *say; /* say: for people, in French */
};

static const struct words silent = {503, "the service does not answer", "look at /health",
                                    "le service ne peut pas le confirmer, decroche status dit "
                                    "pourquoi"};

static void refuse(const struct pages_never_args *args, struct pages_answer *a,
                   const struct words *words)
{
    a->status = words->status;
    if (args->request->form != PAGES_TEXT) {
        view_api_error(&a->body, words->error, words->cure);
        return;
    }
    a->type = TYPE_TEXT;
    text_put(&a->body, text_of(words->say));
    text_put(&a->body, TEXT("\n"));
}

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
        refuse(args, a, &silent);
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

static struct words judge(const struct pages_never_args *args, const struct order_told *told)
{
    const struct pages_request *r = args->request;
    enum gate_verdict gate = (enum gate_verdict)told->gate;
    enum acd_verdict verdict = (enum acd_verdict)told->verdict;
    if (gate != GATE_PASSES)
        return (struct words){409, gate_name(gate), gate_why(gate), gate_why(gate)};
    if (verdict != ACD_DONE && verdict != ACD_NOTHING)
        return (struct words){503, "nothing can be noted now", "look at /health",
                              gate_why(GATE_REFUSED_UNNOTED)};
    if (args->house->last_id >= told->last_id)
        return (struct words){200, NULL, NULL, NULL};
    if (r->now_ms - told->given_ms < ORDERS_WAIT_MS)
        return (struct words){0};
    return (struct words){503, "done, but not on disk yet", "look at /health", silent.say};
}

static struct words look(const struct pages_never_args *args)
{
    struct order_told told;
    const struct pages_request *r = args->request;
    switch (args->orders->look(args->orders->arg, r->order_id, &told)) {
    case ORDER_DONE:
        return judge(args, &told);
    case ORDER_GIVEN:
        return r->now_ms - told.given_ms < ORDERS_WAIT_MS ? (struct words){0} : silent;
    default:
        return silent;
    }
}

static struct words order(const struct pages_never_args *args, uint64_t e164, uint64_t *order_id)
{
    const struct orders_port *o = args->orders;
    const struct order_number number = {
        .about = args->what == NEVER_ADD ? ORDER_NEVER_ADD : ORDER_NEVER_REMOVE, .e164 = e164};
    if (!o)
        return silent;
    if (args->request->order_id) {
        *order_id = args->request->order_id;
        return look(args);
    }
    *order_id = o->give_number(o->arg, &number, args->request->now_ms);
    return *order_id ? (struct words){0}
                     : (struct words){503, "too many orders at once", "come again in a moment",
                                      "trop d’ordres à la fois\u00a0: revenir dans un moment"};
}

static void change(const struct pages_never_args *args, struct pages_answer *a, uint64_t e164)
{
    uint64_t order_id = 0;
    struct words words = order(args, e164, &order_id);
    if (!words.status) {
        a->is_later = true;
        a->order_id = order_id;
        return;
    }
    if (args->request->order_id)
        args->orders->forget(args->orders->arg, order_id);
    if (words.status == 200)
        give(args, a, e164);
    else
        refuse(args, a, &words);
}

void pages_never(const struct pages_never_args *args, struct pages_answer *answer)
{
    uint64_t e164 = 0;
    const struct words bad = {400, "this is no telephone number",
                              "write it as 0536490010 or 0033536490010",
                              gate_why(GATE_REFUSED_UNREADABLE)};
    bool wants_number = args->what != NEVER_COUNT;
    if (wants_number && (args->number.n > NUMBER_TEXT_MAX ||
                         gate_read(&e164, args->number) != GATE_PASSES || !e164))
        refuse(args, answer, &bad);
    else if (args->what == NEVER_ADD || args->what == NEVER_REMOVE)
        change(args, answer, e164);
    else
        give(args, answer, e164);
}
