/* pages_headset.c — see pages_headset.h. The offer goes to the main thread, which has the sessions;
 * the page is answered when it has answered. Nothing of it is a fact of the journal. Called by
 * pages.c. Cost: a copy of the offer, and one of its answer. */
#include <string.h>

#include "app/awaited.h"
#include "app/pages_headset.h"
#include "view/cursor.h"

#define LOCATION "/api/v1/rtc/"
#define ID_DIGITS 16
_Static_assert(sizeof(LOCATION) + ID_DIGITS <= PAGES_LOCATION_BYTES, "an address has room");

static const struct page_words no_orders = {503, "no page can be a telephone here",
                                            "ask the service that takes calls", NULL};
static const struct page_words no_agent = {409, "this account is no agent of the directory",
                                           "decroche user agent", NULL};
static const struct page_words too_long = {413, "the offer is longer than 8192 bytes",
                                           "offer one line of sound alone", NULL};
static const struct page_words no_key = {400, "there is no such key",
                                         "answer, hang_up, hold, resume, echo or silence", NULL};
static const struct page_words unknown = {404, "another page took over, or it was too long ago",
                                          "POST /api/v1/rtc offers anew", NULL};

static bool read_deed(struct text query, enum order_deed *deed)
{
    static const struct {
        const char *name;
        enum order_deed deed;
    } deeds[] = {{"answer", ORDER_HEADSET_ANSWER}, {"hang_up", ORDER_HEADSET_HANG_UP},
                 {"hold", ORDER_HEADSET_HOLD},     {"resume", ORDER_HEADSET_RESUME},
                 {"echo", ORDER_HEADSET_ECHO},     {"silence", ORDER_HEADSET_SILENCE}};
    struct text word;
    if (!view_query_find(&word, query, TEXT("what")))
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(deeds); i++) {
        *deed = deeds[i].deed;
        if (text_equal(word, text_of(deeds[i].name)))
            return true;
    }
    return false;
}

static bool ends_with(struct text t, struct text tail)
{
    return t.n >= tail.n && text_equal(text_after(t, t.n - tail.n), tail);
}

static bool is_key(const struct pages_request *r)
{
    return ends_with(r->path, TEXT("/act"));
}

static bool is_offer(const struct pages_request *r)
{
    return r->method == PAGES_POST && !is_key(r);
}

/* status 0: it makes sense. */
static struct page_words read(const struct pages_headset_args *args, struct order_headset *order)
{
    const struct pages_request *r = args->request;
    struct text sdp = r->body, word = args->id;
    *order = (struct order_headset){.deed = is_offer(r) ? ORDER_HEADSET_JOIN : ORDER_HEADSET_LEAVE};
    order->agent_id = page_agent(args->house, args->house->rights->agent);
    if (!order->agent_id)
        return no_agent;
    if (is_key(r) && !read_deed(r->query, &order->deed))
        return no_key;
    if (word.n && (word.n != ID_DIGITS || !text_hex_read(&order->page_id, word) || !order->page_id))
        return unknown;
    if (!is_offer(r))
        return (struct page_words){0};
    if (sdp.n > sizeof(order->sdp))
        return too_long;
    order->sdp_n = (uint16_t)sdp.n;
    if (sdp.n)
        memcpy(order->sdp, sdp.p, sdp.n);
    return (struct page_words){0};
}

static struct page_words judge(const struct order_told *told, bool offers)
{
    switch ((enum order_headset_verdict)told->verdict) {
    case ORDER_HEADSET_DONE:
        return (struct page_words){.status = offers ? 201 : 204};
    case ORDER_HEADSET_UNKNOWN:
        return unknown;
    case ORDER_HEADSET_NOT_NOW:
        return (struct page_words){409, "not now", "nothing rings, or somebody is there", NULL};
    case ORDER_HEADSET_REFUSED:
        return (struct page_words){422, "the offer cannot be answered", told->why, NULL};
    case ORDER_HEADSET_NOWHERE:
        return (struct page_words){503, "the service has no port for browsers",
                                   "set media.browser_port", NULL};
    default:
        return (struct page_words){503, "there is no room for another page", "use a telephone",
                                   NULL};
    }
}

static void give_answer(const struct pages_headset_args *args, const struct order_told *told,
                        struct pages_answer *answer)
{
    char *to = args->location;
    memcpy(to, LOCATION, sizeof(LOCATION) - 1);
    text_hex(to + sizeof(LOCATION) - 1, told->page_id, ID_DIGITS);
    to[sizeof(LOCATION) - 1 + ID_DIGITS] = '\0';
    answer->location = to;
    answer->type = "application/sdp";
    text_put(&answer->body, (struct text){told->sdp, told->sdp_n});
}

void pages_headset(const struct pages_headset_args *args, struct pages_answer *answer)
{
    const struct pages_request *r = args->request;
    struct order_headset order;
    struct order_told told;
    if (!args->orders || !args->house->rights) {
        page_refuse(r, answer, &no_orders);
        return;
    }
    struct page_words words =
        r->order_id ? awaited_look(args->orders, r, &told) : read(args, &order);
    if (r->order_id && words.status == 200)
        words = judge(&told, is_offer(r));
    if (!r->order_id && !words.status) {
        answer->order_id = args->orders->give_headset(args->orders->arg, &order, r->now_ms);
        if (!answer->order_id)
            words = awaited_too_many;
    }
    if (awaited_goes_on(args->orders, r, answer, &words))
        return;
    answer->status = words.status;
    if (words.status == 201)
        give_answer(args, &told, answer);
    else if (words.error)
        page_refuse(r, answer, &words);
    else
        answer->type = "text/plain";
}
