/* awaited.c — see awaited.h. The order goes to the main thread; the page answers when this reader
 * has folded what became of it, so that 200 means stored, and the next GET shows it. */
#include "app/accounts.h"
#include "app/awaited.h"
#include "view/api.h"

#define TYPE_TEXT "text/plain; charset=utf-8"
#define SAY_SILENT "le service ne peut pas le confirmer, decroche status dit pourquoi"

const struct page_words awaited_silent = {503, "the service does not answer", "look at /health",
                                          SAY_SILENT};
const struct page_words awaited_undecided = {503, "taken, but not decided yet", "look at /health",
                                             SAY_SILENT};
const struct page_words awaited_too_many = {503, "too many orders at once",
                                            "come again in a moment",
                                            "trop d’ordres à la fois\u00a0: revenir dans un "
                                            "moment"};

static bool has_time(const struct pages_request *request, const struct order_told *told)
{
    return request->now_ms - told->given_ms < ORDERS_WAIT_MS;
}

struct page_words awaited_look(const struct orders_port *orders,
                               const struct pages_request *request, struct order_told *told)
{
    switch (orders->look(orders->arg, request->order_id, told)) {
    case ORDER_DONE:
        return (struct page_words){.status = 200};
    case ORDER_GIVEN:
        return has_time(request, told) ? (struct page_words){0} : awaited_silent;
    default:
        return awaited_silent;
    }
}

struct page_words awaited_stored(const struct view_house *h, const struct pages_request *request,
                                 const struct order_told *told)
{
    if (h->last_id >= told->last_id)
        return (struct page_words){.status = 200};
    if (has_time(request, told))
        return (struct page_words){0};
    return (struct page_words){503, "done, but not on disk yet", "look at /health", SAY_SILENT};
}

bool awaited_goes_on(const struct orders_port *orders, const struct pages_request *request,
                     struct pages_answer *answer, const struct page_words *words)
{
    if (!words->status) {
        answer->is_later = true;
        if (request->order_id)
            answer->order_id = request->order_id;
        return true;
    }
    if (request->order_id)
        orders->forget(orders->arg, request->order_id);
    return false;
}

enum texts_post_state awaited_post_look(const struct texts_port *texts,
                                        const struct pages_request *request,
                                        struct pages_answer *answer, struct texts_post_told *told)
{
    *told = (struct texts_post_told){.given_ms = request->now_ms};
    enum texts_post_state state = texts->look(texts->arg, request->order_id, told);
    bool waits = state == TEXTS_POST_GIVEN || state == TEXTS_POST_DONE;
    if (waits && request->now_ms - told->given_ms < TEXTS_WAIT_MS) {
        answer->is_later = true;
        answer->order_id = request->order_id;
        return TEXTS_POST_GIVEN;
    }
    texts->forget(texts->arg, request->order_id);
    return waits ? TEXTS_POST_UNKNOWN : state;
}

bool awaited_post_give(const struct texts_port *texts, const struct pages_request *request,
                       struct pages_answer *answer, const struct texts_post *post)
{
    answer->order_id = texts->give(texts->arg, post, request->now_ms);
    answer->is_later = answer->order_id != 0;
    return answer->is_later;
}

#define DIGITS_OF_INSTANT 10

struct page_words page_instant(const struct view_house *h, struct text word, ms_t *at)
{
    static const struct page_words bad = {400, "a time is HH:MM of today, or an instant",
                                          "write 14:30",
                                          "écrire une heure d’aujourd’hui comme 14:30"};
    uint64_t hours, minutes, instant;
    struct text rest = word, first = text_cut(&rest, ':');
    if (word.n >= DIGITS_OF_INSTANT && text_number(word, INT64_MAX, &instant)) {
        *at = (ms_t)instant;
    } else if (first.n == 2 && rest.n == 2 && text_number(first, 23, &hours) &&
               text_number(rest, 59, &minutes)) {
        *at = calendar_instant(h->zone, h->today, (unsigned)(hours * 60 + minutes));
    } else {
        return bad;
    }
    if (*at <= h->now_at)
        return (struct page_words){400, "this time is over", "name a later one",
                                   "cette heure est passée\u00a0: en dire une plus tard"};
    if (*at - h->now_at > ACD_DURATION_MS_MAX)
        return (struct page_words){400, "seven days from now at most", "name an earlier one",
                                   "sept jours au plus"};
    return (struct page_words){0};
}

uint32_t page_agent(const struct view_house *h, struct text id)
{
    const struct directory *d = h->directory;
    for (uint32_t i = 0; d && i < d->agents_n; i++)
        if (text_equal(text_of(d->agents[i].id), id))
            return !h->rights || rights_order(h->rights, d, &d->agents[i]) ? d->agents[i].number
                                                                           : 0;
    return 0;
}

void page_refuse(const struct pages_request *request, struct pages_answer *answer,
                 const struct page_words *words)
{
    answer->status = words->status;
    if (request->form != PAGES_TEXT || !words->say) {
        view_api_error(&answer->body, words->error, words->cure);
        return;
    }
    answer->type = TYPE_TEXT;
    text_put(&answer->body, text_of(words->say));
    text_put(&answer->body, TEXT("\n"));
}

struct page_words awaited_rows(struct accounts *a, const struct pages_request *request)
{
    struct accounts_pending *p = accounts_find(a, request->order_id);
    enum accounts_told told = p ? accounts_look(a, p, request->now_ms) : ACCOUNTS_SILENT;
    if (told == ACCOUNTS_LATER)
        return (struct page_words){0};
    if (p)
        accounts_drop(a, p);
    return told == ACCOUNTS_STORED ? (struct page_words){.status = 200} : awaited_silent;
}
