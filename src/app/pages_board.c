/* pages_board.c — see pages_board.h. The same orders as /api/v1, for who signed in: a form's fields
 * are told to them as the query that a program would write. Called by pages.c. */
#include <string.h>

#include "access/form.h"
#include "app/pages_alerts.h"
#include "app/pages_board.h"
#include "app/pages_listen.h"
#include "app/pages_notice.h"
#include "app/pages_screens.h"
#include "app/pages_supervise.h"
#include "app/pages_unreached.h"
#include "view/board_pages.h"
#include "view/cursor.h"

#define WORD_MAX 48
#define QUERY_MAX 800
#define FIELD_WORDS_MAX 1024
#define REFUSAL_BYTES 400

/* ---- who asked ------------------------------------------------------------------------------ */

struct names {
    const struct accounts_port *port;
    struct account account;
};

static const char *name_of(void *arg, uint64_t account_id)
{
    struct names *n = arg;
    return n->port->by_id(n->port->arg, account_id, &n->account) ? "" : n->account.name;
}

/* NULL: who looks reads no names, or nobody knows them. */
static const struct view_accounts *accounts_of(const struct pages_board_args *args,
                                               struct names *room, struct view_accounts *to)
{
    const struct accounts *a = args->pages->accounts;
    bool sees = !args->house->rights || rights_names(args->house->rights);
    if (!a || !a->args.port->by_id || !sees)
        return NULL;
    room->port = a->args.port;
    *to = (struct view_accounts){.arg = room, .name = name_of};
    return to;
}

/* ---- fields of forms, as a query ------------------------------------------------------------ */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':';
}

/* What a field says; empty: nothing. What no order has is one « ? », which each refuses. */
static struct text field_of(char room[WORD_MAX], const struct pages_board_args *args,
                            const char *name)
{
    struct text_out out = {.p = room, .max = WORD_MAX};
    if (!form_field(&out, args->request->body, name))
        return TEXT_NONE;
    for (size_t i = 0; i < out.n; i++)
        if (!is_plain(room[i]))
            return TEXT("?");
    return (struct text){room, out.n};
}

static void put_query(struct text_out *query, const char *key, struct text value)
{
    if (!value.n)
        return;
    text_put(query, query->n ? TEXT("&") : TEXT(""));
    text_put(query, text_of(key));
    text_put(query, TEXT("="));
    text_put(query, value);
}

static void put_field(struct text_out *query, const struct pages_board_args *args,
                      const char *const names[2])
{
    char room[WORD_MAX];
    put_query(query, names[1], field_of(room, args, names[0]));
}

static bool is_deed(const struct pages_board_args *args, const char *name)
{
    char room[WORD_MAX];
    return text_equal(field_of(room, args, VIEW_DEED_FIELD), text_of(name));
}

/* "sante,famille": the services that are chosen. */
static void put_services(struct text_out *query, const struct pages_board_args *args)
{
    const struct directory *d = args->house->directory;
    char name[sizeof(VIEW_FIELD_SERVICE) + DIRECTORY_ID_BYTES], room[WORD_MAX];
    size_t prefix = sizeof(VIEW_FIELD_SERVICE) - 1;
    bool is_first = true;
    memcpy(name, VIEW_FIELD_SERVICE, prefix);
    for (uint32_t i = 0; i < d->services_n; i++) {
        memcpy(name + prefix, d->services[i].id, DIRECTORY_ID_BYTES);
        if (!field_of(room, args, name).n)
            continue;
        text_put(query, is_first ? query->n ? TEXT("&queues=") : TEXT("queues=") : TEXT(","));
        text_put(query, text_of(d->services[i].id));
        is_first = false;
    }
}

/* ---- what became of a form ------------------------------------------------------------------ */

static const struct page_words no_deed = {400, "there is no such deed", "load the page again",
                                          "ce bouton n’existe pas\u00a0: recharger la page"};
static const struct page_words unsure = {
    400, "tick the box: calls refused will count as turned away", "",
    "cocher la case\u00a0: les appels refusés compteront comme refusés"};

static struct text words_of(const struct html *h, char room[REFUSAL_BYTES],
                            const struct page_words *words)
{
    struct text_out out = {.p = room, .max = REFUSAL_BYTES - 1};
    text_put(&out, text_of(html_say(h, "Refusé\u00a0: ", "Refused: ")));
    text_put(&out, text_of(html_say(h, words->say, words->error)));
    text_put(&out, TEXT("."));
    room[out.n] = '\0';
    return (struct text){room, out.n};
}

/* 303, to a path of ours and what stands behind it. */
static void lead_back(const struct pages_board_args *args, struct pages_answer *answer,
                      struct text path, struct text id)
{
    struct html h = pages_screen_open(args->request, answer);
    struct text_out out = {.p = args->pages->location, .max = PAGES_LOCATION_BYTES - 1};
    text_put(&out, path);
    text_put(&out, id);
    if (h.is_said) {
        bool has_query = memchr(args->pages->location, '?', out.n) != NULL;
        text_put(&out, has_query ? TEXT("&") : TEXT("?"));
        text_put(&out, text_of(html_say(&h, "langue=fr", "langue=en")));
    }
    args->pages->location[out.n] = '\0';
    answer->status = 303;
    answer->location = args->pages->location;
}

static bool says_main(const struct pages_request *request)
{
    return pages_screen_says(request, TEXT("part"), TEXT("main"));
}

/* One of the two pages, with the reason when something could not be done. */
struct one_page {
    void (*view)(struct html *h, const struct view_house *house, const struct view_board_one *one);
    struct text path;
    uint32_t index, slot;
    struct page_words (*order)(const struct pages_board_args *args, struct pages_answer *answer);
    bool listens; /* it is of somebody's conversation */
};

static bool give_one(const struct pages_board_args *args, struct pages_answer *answer,
                     const struct one_page *page)
{
    bool is_order = args->request->method == PAGES_POST;
    struct page_words words = {.status = 200};
    struct view_accounts accounts;
    struct names names;
    char room[REFUSAL_BYTES];
    if (is_order)
        words = page->order(args, answer);
    if (!words.status)
        return true;
    if (is_order && words.status == 200) {
        lead_back(args, answer, page->path, args->id);
        return true;
    }
    struct html h = pages_screen_open(args->request, answer);
    const struct view_board_one one = {
        .accounts = accounts_of(args, &names, &accounts),
        .refusal = words.status == 200 ? NULL : words_of(&h, room, &words).p,
        .index = page->index,
        .slot = page->slot,
        .is_fragment = says_main(args->request),
        .rings = page->listens && pages_listen_rings(args->pages, args->house, page->slot)};
    answer->status = words.status;
    page->view(&h, args->house, &one);
    return true;
}

static struct page_words carry_out(const struct pages_board_args *args, struct pages_answer *answer,
                                   const struct pages_supervise_args *deed)
{
    struct pages_request mine = *args->request;
    struct pages_supervise_args full = *deed;
    if (!args->pages->orders)
        return awaited_silent;
    full.house = args->house;
    full.orders = args->pages->orders;
    full.request = &mine;
    full.id = args->id;
    mine.query = deed->request->query;
    return pages_supervise_order(&full, answer);
}

/* ---- a service ------------------------------------------------------------------------------ */

static struct page_words order_service(const struct pages_board_args *args,
                                       struct pages_answer *answer)
{
    static const char *const until[] = {VIEW_FIELD_UNTIL, "until"};
    static const char *const site[] = {VIEW_FIELD_SITE, "site"};
    static const char *const minutes[] = {VIEW_FIELD_MINUTES, "minutes"};
    char room[QUERY_MAX], word[WORD_MAX];
    struct text_out query = {.p = room, .max = sizeof(room)};
    struct pages_request said = {.method = PAGES_POST};
    struct pages_supervise_args deed = {.request = &said};
    if (is_deed(args, VIEW_DEED_HELP)) {
        deed.kind = CMD_HELP_ASK;
        put_field(&query, args, site);
        put_field(&query, args, minutes);
    } else if (is_deed(args, VIEW_DEED_HELP_END)) {
        deed.kind = CMD_HELP_END;
        put_field(&query, args, site);
    } else if (is_deed(args, VIEW_DEED_REOPEN)) {
        deed.kind = CMD_QUEUE_REOPEN;
    } else if (is_deed(args, VIEW_DEED_SHUT)) {
        deed.kind = CMD_QUEUE_SHUT;
        put_field(&query, args, until);
        if (!text_equal(field_of(word, args, VIEW_FIELD_CONFIRMED), TEXT("oui")))
            return unsure;
    } else {
        return no_deed;
    }
    said.query = (struct text){room, query.n};
    return carry_out(args, answer, &deed);
}

static bool give_service(const struct pages_board_args *args, struct pages_answer *answer)
{
    const struct view_house *house = args->house;
    const struct directory *d = house->directory;
    struct one_page page = {
        .view = view_board_service, .path = TEXT(VIEW_SERVICE_PATH), .order = order_service};
    while (d && page.index < d->services_n &&
           !text_equal(text_of(d->services[page.index].id), args->id))
        page.index++;
    if (!d || page.index == d->services_n)
        return false;
    uint32_t number = d->services[page.index].number;
    bool is_seen = !house->rights || rights_service(house->rights, d, page.index);
    page.slot = acd_look_queue_slot(house->acd, number);
    return is_seen && page.slot != SLOT_NONE && give_one(args, answer, &page);
}

/* ---- an agent ------------------------------------------------------------------------------- */

/* The contact whom the page showed stands in the form; what is no number is nobody. */
static struct page_words order_listen(const struct pages_board_args *args, struct text deed,
                                      struct pages_answer *answer)
{
    char room[WORD_MAX];
    struct pages_listen_args listen = {.pages = args->pages,
                                       .house = args->house,
                                       .request = args->request,
                                       .deed = deed,
                                       .agent_id = page_agent(args->house, args->id)};
    if (!text_number(field_of(room, args, VIEW_FIELD_CONTACT), UINT64_MAX, &listen.contact_id))
        return no_deed;
    return pages_listen(&listen, answer);
}

static struct page_words order_agent(const struct pages_board_args *args,
                                     struct pages_answer *answer)
{
    static const char *const until[] = {VIEW_FIELD_UNTIL, "until"};
    char room[QUERY_MAX];
    struct text_out query = {.p = room, .max = sizeof(room)};
    struct pages_request said = {.method = PAGES_POST};
    struct pages_supervise_args deed = {.request = &said, .kind = CMD_AGENT_MOVE_BACK};
    char name[WORD_MAX];
    struct text deed_name = field_of(name, args, VIEW_DEED_FIELD);
    if (pages_listen_is(deed_name))
        return order_listen(args, deed_name, answer);
    if (is_deed(args, VIEW_DEED_MOVE)) {
        deed.kind = CMD_AGENT_MOVE;
        put_services(&query, args);
        put_field(&query, args, until);
    } else if (!is_deed(args, VIEW_DEED_MOVE_BACK)) {
        return no_deed;
    }
    said.query = (struct text){room, query.n};
    return carry_out(args, answer, &deed);
}

static bool give_agent(const struct pages_board_args *args, struct pages_answer *answer)
{
    const struct view_house *house = args->house;
    uint32_t number = page_agent(house, args->id);
    struct one_page page = {.view = view_board_agent,
                            .path = TEXT(VIEW_AGENT_PATH),
                            .order = order_agent,
                            .listens = true};
    if (!number)
        return false;
    page.index = directory_agent_find(house->directory, number);
    page.slot = acd_look_agent_slot(house->acd, number);
    return give_one(args, answer, &page); /* without a slot: who takes no calls */
}

/* ---- who was never reached ------------------------------------------------------------------ */

static struct page_words order_unreached(const struct pages_unreached_args *list,
                                         const struct pages_board_args *args,
                                         struct pages_answer *answer)
{
    static const char *const queue[] = {VIEW_FIELD_QUEUE, "queue"};
    char room[QUERY_MAX];
    struct text_out query = {.p = room, .max = sizeof(room)};
    struct pages_request mine = *args->request;
    struct pages_unreached_args full = *list;
    put_field(&query, args, queue);
    mine.query = (struct text){room, query.n};
    full.request = &mine;
    full.is_call = true;
    return pages_unreached_order(&full, answer);
}

/* Those of the page; words: why nobody will be called back. */
static void show_unreached(const struct pages_board_args *args, struct pages_answer *answer,
                           const struct pages_unreached_args *list, const struct page_words *words)
{
    struct page_list l;
    struct view_unreached rows[PAGE_LIMIT_DEFAULT];
    struct text called = TEXT_NONE;
    char room[REFUSAL_BYTES];
    if (!pages_unreached_list(list, &l, answer))
        return;
    struct html h = pages_screen_open(args->request, answer);
    unsigned n = l.n < ARRAY_LEN(rows) ? l.n : ARRAY_LEN(rows);
    for (unsigned i = 0; i < n; i++)
        rows[i] = pages_unreached_row(list, l.rows[i].slot);
    if (view_query_find(&called, args->request->query, TEXT("rappel")) && called.n > 8)
        called = TEXT_NONE;
    const struct view_board_unreached shown = {
        .rows = rows,
        .n = n,
        .people_n = list->unreached ? list->unreached->n : 0,
        .lost_n = list->unreached ? list->unreached->lost_n : 0,
        .next_id = n && (l.is_more || n < l.n) ? rows[n - 1].contact_id : 0,
        .refusal = words ? words_of(&h, room, words).p : NULL,
        .called = called,
        .is_fragment = says_main(args->request)};
    answer->status = words ? words->status : 200;
    view_board_unreached(&h, args->house, &shown);
}

static bool give_unreached(const struct pages_board_args *args, struct pages_answer *answer)
{
    const struct pages_unreached_args list = {
        .house = args->house,
        .unreached = readmodel_unreached(args->pages->model, args->house->today),
        .orders = args->pages->orders,
        .numbers = args->pages->numbers,
        .request = args->request,
        .reference = args->id};
    if (args->request->method != PAGES_POST) {
        show_unreached(args, answer, &list, NULL);
        return true;
    }
    struct page_words words = order_unreached(&list, args, answer);
    if (words.status == 200)
        lead_back(args, answer, TEXT(VIEW_UNREACHED_PATH "?rappel="), args->id);
    else if (words.status)
        show_unreached(args, answer, &list, &words);
    return true;
}

/* ---- the message of the day ----------------------------------------------------------------- */

static void show_notice(const struct pages_board_args *args, struct pages_answer *answer,
                        const struct page_words *words)
{
    struct pages_notice_room room;
    struct view_accounts accounts;
    struct names names;
    char why[REFUSAL_BYTES];
    struct html h = pages_screen_open(args->request, answer);
    const struct view_notice_page page = {
        .notice = pages_notice_now(args->pages, args->house->now_at, &room),
        .accounts = accounts_of(args, &names, &accounts),
        .refusal = words ? words_of(&h, why, words).p : NULL,
        .letters_max = NOTICE_LETTERS_MAX,
        .is_fragment = says_main(args->request)};
    answer->status = words ? words->status : 200;
    view_notice_page(&h, args->house, &page);
}

static bool give_notice(const struct pages_board_args *args, struct pages_answer *answer)
{
    char words_room[FIELD_WORDS_MAX], until_room[WORD_MAX];
    struct text_out out = {.p = words_room, .max = sizeof(words_room)};
    struct pages_notice_args order = {
        .pages = args->pages, .house = args->house, .request = args->request};
    struct page_words words = no_deed;
    if (args->id.n)
        return text_equal(args->request->path, TEXT(VIEW_NOTICE_SOUND)) &&
               pages_notice_sound(&order, answer);
    if (args->request->method != PAGES_POST) {
        show_notice(args, answer, NULL);
        return true;
    }
    order.is_end = is_deed(args, VIEW_DEED_SILENCE);
    if (form_field(&out, args->request->body, VIEW_NOTICE_FIELD))
        order.words = (struct text){words_room, out.n};
    order.until = field_of(until_room, args, VIEW_FIELD_UNTIL);
    if (order.is_end || is_deed(args, VIEW_DEED_SAY))
        words = pages_notice_order(&order, answer);
    if (words.status == 200)
        lead_back(args, answer, TEXT(VIEW_NOTICE_PATH), TEXT_NONE);
    else if (words.status)
        show_notice(args, answer, &words);
    return true;
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static bool give_alerts(const struct pages_board_args *args, struct pages_answer *answer)
{
    struct pages_alerts_room room;
    struct view_house house = *args->house;
    struct view_accounts accounts;
    struct names names;
    bool is_order = args->request->method == PAGES_POST;
    struct page_words words = {.status = 200};
    if (is_order)
        words = pages_alerts_order(args->pages, &house, args->request, answer);
    if (is_order && words.status == 200)
        lead_back(args, answer, TEXT(VIEW_BOARD_PATH), TEXT_NONE);
    if (words.status == 404)
        return false;
    if (is_order && words.status && words.status != 200)
        page_refuse(args->request, answer, &words);
    if (is_order)
        return true;
    struct html h = pages_screen_open(args->request, answer);
    pages_alerts_look(args->pages, &house, &room);
    const struct view_board_alerts page = {.accounts = accounts_of(args, &names, &accounts),
                                           .is_fragment = says_main(args->request)};
    view_board_alerts(&h, &house, &page);
    return true;
}

static void give_board(const struct pages_board_args *args, struct pages_answer *answer)
{
    struct pages_notice_room notice;
    struct pages_alerts_room room;
    struct view_house house = *args->house;
    struct view_accounts accounts;
    struct names names;
    house.notice = pages_notice_now(args->pages, house.now_at, &notice);
    pages_alerts_look(args->pages, &house, &room);
    pages_screen_board(&house, accounts_of(args, &names, &accounts), args->request, answer);
}

/* ---- which page ----------------------------------------------------------------------------- */

bool pages_board(const struct pages_board_args *args, struct pages_answer *answer)
{
    struct text path = args->request->path;
    if (text_equal(path, TEXT(VIEW_BOARD_PATH))) {
        give_board(args, answer);
        return true;
    }
    if (text_starts_fold(path, TEXT(VIEW_ALERTS_PATH)))
        return give_alerts(args, answer);
    if (text_starts_fold(path, TEXT(VIEW_NOTICE_PATH)))
        return give_notice(args, answer);
    if (text_starts_fold(path, TEXT(VIEW_SERVICE_PATH)))
        return give_service(args, answer);
    if (text_starts_fold(path, TEXT(VIEW_AGENT_PATH)))
        return give_agent(args, answer);
    return give_unreached(args, answer);
}
