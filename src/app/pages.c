/* pages.c — see pages.h.
 * Called by web/ through port/pages.h, on the reader thread. A page is a row of schema/api.toml and
 * a function give_… here: one without the other does not compile. Cost: a look at each row. */
#include "app/pages.h"
#include "app/pages_callbacks.h"
#include "app/pages_never.h"
#include "app/pages_orders.h"
#include "app/pages_reload.h"
#include "app/pages_supervise.h"
#include "app/pages_texts.h"
#include "app/pages_unreached.h"
#include "app/pages_written.h"
#include "app/routes.h"
#include "view/api.h"
#include "view/cursor.h"
#include "view/words.h"

_Static_assert((int)JOURNAL_WELL == (int)VITALS_JOURNAL_WELL &&
                   (int)JOURNAL_BEHIND == (int)VITALS_JOURNAL_BEHIND &&
                   (int)JOURNAL_DOWN == (int)VITALS_JOURNAL_DOWN,
               "vitals tell the health of the journal in its own numbers");
_Static_assert(PAGES_MORE_MIN >= VIEW_MESSAGE_MAX, "one message of a stream fits");
_Static_assert(PAGES_EVENTS_DEFAULT == API_EVENTS_LIMIT_DEFAULT &&
                   PAGES_EVENTS_MAX == API_EVENTS_LIMIT_MAX && API_EVENTS_LIMIT_MIN == 1,
               "the bounds of a page of events are those that are published");

#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_STREAM "text/event-stream; charset=utf-8"

/* One request on its way. */
struct turn {
    struct pages *pages;
    const struct pages_request *request;
    struct pages_answer *answer;
    struct view_house house;
    struct text id; /* what stands for {…} in the path; borrowed from the request */
};

static void refuse(struct turn *t, unsigned status, const char *error, const char *cure)
{
    t->answer->status = status;
    t->answer->type = TYPE_JSON;
    t->answer->body.n = 0;
    t->answer->body.is_cut = false;
    view_api_error(&t->answer->body, error, cure);
}

/* ---- pages ---- */

static void give_health(struct turn *t)
{
    view_api_health(&t->answer->body, &t->house);
    if (view_words_health(t->house.alarms) == VIEW_DOWN)
        t->answer->status = 503;
}

static void give_metrics(struct turn *t)
{
    t->answer->type = TYPE_METRICS;
    view_metrics(&t->answer->body, &t->house);
}

static void give_openapi(struct turn *t)
{
    text_put(&t->answer->body, api_openapi);
}

static void give_status(struct turn *t)
{
    if (t->request->form == PAGES_TEXT) {
        t->answer->type = TYPE_TEXT;
        view_status_text(&t->answer->body, &t->house);
    } else {
        view_api_status(&t->answer->body, &t->house);
    }
}

static void give_queues(struct turn *t)
{
    view_api_queues(&t->answer->body, &t->house);
}

static void give_agents(struct turn *t)
{
    view_api_agents(&t->answer->body, &t->house);
}

/* ---- events ---- */

/* Where the client stands: after=CURSOR, or Last-Event-ID of a stream that comes back. False: the
 * request was refused. otherwise_id: where one begins who says nothing. */
static bool read_after(struct turn *t, uint64_t otherwise_id, uint64_t *after_id)
{
    const struct pages_request *r = t->request;
    uint64_t journal = readmodel_journal(t->pages->model) & UINT32_MAX;
    struct view_cursor cursor;
    struct text word = r->form == PAGES_STREAM ? r->last_event : TEXT_NONE;
    *after_id = otherwise_id;
    if (!word.n && !view_query_find(&word, r->query, TEXT("after")))
        return true;
    if (!view_cursor_read(&cursor, word)) {
        refuse(t, 400, "this is no cursor", "give back what \"next\" or \"id:\" said, or nothing");
        return false;
    }
    if (cursor.journal != journal || cursor.id > t->house.last_id) {
        refuse(t, 410, "this cursor is of another journal", "begin again without a cursor");
        return false;
    }
    *after_id = cursor.id;
    return true;
}

static bool read_limit(struct turn *t, uint64_t *limit)
{
    struct text word;
    *limit = PAGES_EVENTS_DEFAULT;
    if (!view_query_find(&word, t->request->query, TEXT("limit")))
        return true;
    if (text_number(word, PAGES_EVENTS_MAX, limit) && *limit > 0)
        return true;
    refuse(t, 400, "limit is not a number from 1 to 500", "ask for 500 events at most");
    return false;
}

/* Events being given out, from the newest in memory or from the disk. */
struct giving {
    const struct readmodel *model;
    struct text_out *out;
    uint64_t after_id, last_id; /* none past last_id: the figures are not there yet */
    uint64_t n, n_max;
    bool is_stream;
};

static bool give_event(const struct event *ev, void *arg)
{
    struct giving *g = arg;
    bool has_room = g->out->max - g->out->n >= VIEW_MESSAGE_MAX;
    if (ev->id > g->last_id || g->n == g->n_max || !has_room)
        return false;
    if (g->is_stream) {
        view_api_message(g->out, ev, readmodel_journal(g->model));
    } else {
        text_put(g->out, g->n ? TEXT(",\n") : TEXT("\n"));
        view_api_event(g->out, ev);
    }
    g->after_id = ev->id;
    g->n++;
    return true;
}

/* 0, or why the disk could not be read; what was given until then stands. */
static int give_all(struct pages *pages, struct giving *g)
{
    const struct event *ev = readmodel_recent(pages->model, g->after_id + 1);
    if (!ev && g->after_id < g->last_id)
        return pages->committed->read(pages->committed->arg, g->after_id, give_event, g);
    while (ev && give_event(ev, g))
        ev = readmodel_recent(pages->model, g->after_id + 1);
    return 0;
}

static void put_cursor(struct text_out *out, uint64_t id, uint64_t journal)
{
    char word[VIEW_CURSOR_BYTES];
    view_cursor_write(word, &(struct view_cursor){id, journal});
    text_put(out, (struct text){word, sizeof(word)});
}

static void give_list(struct turn *t)
{
    struct text_out *out = &t->answer->body;
    struct giving g = {.model = t->pages->model, .out = out, .last_id = t->house.last_id};
    if (!read_after(t, 0, &g.after_id) || !read_limit(t, &g.n_max))
        return;
    text_put(out, TEXT("{\"events\":["));
    if (give_all(t->pages, &g)) {
        refuse(t, 503, "the journal cannot be read", "look at /health");
        return;
    }
    text_put(out, TEXT("],\"next\":\""));
    put_cursor(out, g.after_id, readmodel_journal(t->pages->model));
    text_put(out, TEXT("\",\"more\":"));
    text_put(out, g.after_id < g.last_id ? TEXT("true}\n") : TEXT("false}\n"));
}

static void give_trace(struct turn *t)
{
    const struct pages_trace_args args = {&t->house, t->pages->committed, t->pages->trace,
                                          t->request};
    pages_trace(&t->pages->trace_room, &args, t->answer);
}

static void give_events(struct turn *t)
{
    struct pages_answer *a = t->answer;
    if (t->request->form != PAGES_STREAM) {
        give_list(t);
        return;
    }
    if (!read_after(t, t->house.last_id, &a->stream.after_id))
        return;
    a->type = TYPE_STREAM;
    a->is_stream = true;
}

static size_t more(void *arg, struct pages_stream *stream, char *to, size_t max)
{
    struct pages *pages = arg;
    struct view_house house = readmodel_house(pages->model, 0);
    struct text_out out = {.p = to, .max = max};
    struct giving g = {.model = pages->model,
                       .out = &out,
                       .after_id = stream->after_id,
                       .last_id = house.last_id,
                       .n_max = UINT64_MAX,
                       .is_stream = true};
    assert(max >= PAGES_MORE_MIN);
    if (!stream->has_begun) { /* at once, so that the client knows that it is heard */
        text_put(&out, TEXT("retry: 2000\n\n"));
        stream->has_begun = true;
        return out.n;
    }
    int err = give_all(pages, &g);
    (void)err; /* told by the reader's own reading; the stream goes on when the disk does */
    stream->after_id = g.after_id;
    return out.n;
}

/* ---- orders ---- */

static void give_reload(struct turn *t)
{
    if (t->pages->reload)
        pages_reload(t->pages->reload, t->request, t->answer);
    else
        refuse(t, 503, "no files can be read again here", "ask the service that takes calls");
}

static void give_order(struct turn *t, enum command_kind kind)
{
    const struct pages_order order = {kind, t->id, t->request};
    if (!t->pages->orders)
        refuse(t, 503, "no orders are taken here", "ask the service that takes calls");
    else if (!pages_order(t->pages->orders, &t->house, &order, t->answer))
        give_agents(t);
}

static void give_sign_in(struct turn *t)
{
    give_order(t, CMD_AGENT_SIGN_IN);
}

static void give_sign_out(struct turn *t)
{
    give_order(t, CMD_AGENT_SIGN_OUT);
}

static void give_ready(struct turn *t)
{
    give_order(t, CMD_AGENT_READY);
}

static void give_pause(struct turn *t)
{
    give_order(t, CMD_AGENT_PAUSE);
}

/* ---- supervision ---- */

/* The page that shows what was changed is the answer. */
static void give_deed(struct turn *t, enum command_kind kind)
{
    const struct pages_supervise_args args = {.house = &t->house,
                                              .orders = t->pages->orders,
                                              .request = t->request,
                                              .id = t->id,
                                              .kind = kind};
    if (!t->pages->orders)
        refuse(t, 503, "no orders are taken here", "ask the service that takes calls");
    else if (pages_supervise(&args, t->answer))
        return; /* refused, or later */
    else if (pages_supervise_is_of_agent(kind))
        give_agents(t);
    else
        give_queues(t);
}

static void give_help(struct turn *t)
{
    give_deed(t, CMD_HELP_ASK);
}

static void give_help_end(struct turn *t)
{
    give_deed(t, CMD_HELP_END);
}

static void give_queue_close(struct turn *t)
{
    give_deed(t, CMD_QUEUE_SHUT);
}

static void give_queue_open(struct turn *t)
{
    give_deed(t, CMD_QUEUE_REOPEN);
}

static void give_conclude(struct turn *t)
{
    give_deed(t, CMD_CONVERSATION_CONCLUDE);
}

static void give_move(struct turn *t)
{
    give_deed(t, CMD_AGENT_MOVE);
}

static void give_move_back(struct turn *t)
{
    give_deed(t, CMD_AGENT_MOVE_BACK);
}

static void give_unreached_page(struct turn *t, bool is_call)
{
    const struct pages_unreached_args args = {
        .house = &t->house,
        .unreached = readmodel_unreached(t->pages->model, t->house.today),
        .orders = t->pages->orders,
        .numbers = t->pages->numbers,
        .request = t->request,
        .reference = t->id,
        .is_call = is_call};
    pages_unreached(&args, t->answer);
}

static void give_unreached(struct turn *t)
{
    give_unreached_page(t, false);
}

static void give_unreached_call(struct turn *t)
{
    give_unreached_page(t, true);
}

static void give_sms_received(struct turn *t)
{
    pages_texts(t->pages->texts, TEXTS_POST_RECEIVED, t->request, t->answer);
}

static void give_sms_receipt(struct turn *t)
{
    pages_texts(t->pages->texts, TEXTS_POST_RECEIPT, t->request, t->answer);
}

static void give_sms_test(struct turn *t)
{
    pages_texts(t->pages->texts, TEXTS_POST_TEST, t->request, t->answer);
}

/* ---- callbacks ---- */

static void give_callback_page(struct turn *t, enum pages_callbacks_what what)
{
    const struct pages_callbacks_args args = {.house = &t->house,
                                              .orders = t->pages->orders,
                                              .numbers = t->pages->numbers,
                                              .request = t->request,
                                              .reference = t->id,
                                              .what = what};
    pages_callbacks(&args, t->answer);
}

static void give_callbacks(struct turn *t)
{
    give_callback_page(t, CALLBACKS_LIST);
}

static void give_callback(struct turn *t)
{
    give_callback_page(t, CALLBACKS_SHOW);
}

static void give_callback_change(struct turn *t)
{
    give_callback_page(t, CALLBACKS_CHANGE);
}

static void give_callback_cancel(struct turn *t)
{
    give_callback_page(t, CALLBACKS_CANCEL);
}

static void give_never_page(struct turn *t, enum pages_never_what what)
{
    const struct pages_never_args args = {.house = &t->house,
                                          .orders = t->pages->orders,
                                          .numbers = t->pages->numbers,
                                          .request = t->request,
                                          .number = t->id,
                                          .what = what};
    pages_never(&args, t->answer);
}

static void give_never_count(struct turn *t)
{
    give_never_page(t, NEVER_COUNT);
}

static void give_never(struct turn *t)
{
    give_never_page(t, NEVER_CHECK);
}

static void give_never_add(struct turn *t)
{
    give_never_page(t, NEVER_ADD);
}

static void give_never_remove(struct turn *t)
{
    give_never_page(t, NEVER_REMOVE);
}

/* ---- written contacts ---- */

static void give_written(struct turn *t, enum pages_written_what what)
{
    const struct pages_written_args args = {.house = &t->house,
                                            .orders = t->pages->orders,
                                            .texts = t->pages->texts,
                                            .request = t->request,
                                            .reference = t->id,
                                            .what = what};
    pages_written(&args, t->answer);
}

static void give_texts(struct turn *t)
{
    give_written(t, WRITTEN_LIST);
}

static void give_text_next(struct turn *t)
{
    give_written(t, WRITTEN_NEXT);
}

static void give_text(struct turn *t)
{
    give_written(t, WRITTEN_SHOW);
}

static void give_text_answer(struct turn *t)
{
    give_written(t, WRITTEN_ANSWER);
}

static void give_text_close(struct turn *t)
{
    give_written(t, WRITTEN_CLOSE);
}

static void give_text_back(struct turn *t)
{
    give_written(t, WRITTEN_BACK);
}

/* ---- routes ---- */

#define ROUTE(function, verb, where, who, figures)                                                 \
    {{"" where, sizeof(where) - 1}, PAGES_##verb, PAGES_##who, figures, give_##function},

static const struct route {
    struct text path; /* a part in braces stands for any word */
    enum pages_method method;
    enum pages_principal least; /* who may ask; the same for all methods of a path */
    bool wants_figures;         /* nothing to say before the fold has caught up */
    void (*give)(struct turn *t);
} routes[] = {API_ROUTES(ROUTE)};

/* What a path has, by the bits of its methods: 1 << PAGES_GET, 1 << PAGES_POST and so on. */
static const struct {
    const char *allow, *error, *cure;
} methods[] = {
    [0] = {"GET, HEAD", "", ""},
    [1 << PAGES_GET] = {"GET, HEAD", "this page can only be read", "use GET or HEAD"},
    [1 << PAGES_POST] = {"POST", "this page takes orders", "use POST"},
    [1 << PAGES_GET | 1 << PAGES_POST] = {"GET, HEAD, POST", "this page does not know that method",
                                          "use POST to order, GET for the last result"},
    [1 << PAGES_POST | 1 << PAGES_DELETE] = {"POST, DELETE", "this page takes orders",
                                             "use POST to ask for it, DELETE to end it"},
    [1 << PAGES_GET | 1 << PAGES_PATCH | 1 <<
        PAGES_DELETE] = {"GET, HEAD, PATCH, DELETE", "this page does not know that method",
                         "use PATCH to change, DELETE to cancel"},
    [1 << PAGES_GET | 1 << PAGES_POST | 1 << PAGES_DELETE] = {"GET, HEAD, POST, DELETE",
                                                              "this page does not know that method",
                                                              "use POST to add, DELETE to remove"},
};

/* Byte by byte; what stands for {…} is not empty and has no slash. */
static bool is_path(struct text pattern, struct text path, struct text *id)
{
    struct text tail = pattern, head = text_cut(&tail, '{');
    if (head.n == pattern.n)
        return text_equal(pattern, path);
    text_cut(&tail, '}');
    if (path.n <= head.n + tail.n || !text_equal((struct text){path.p, head.n}, head))
        return false;
    struct text word = {path.p + head.n, path.n - head.n - tail.n}, rest = word;
    if (!text_equal(text_after(path, head.n + word.n), tail) || text_cut(&rest, '/').n != word.n)
        return false;
    *id = word;
    return true;
}

/* A path as the table has it. */
struct found {
    const struct route *any;   /* one of its rows; NULL: there is no such path */
    const struct route *route; /* the one of the method; NULL: it has no such method */
    unsigned methods;
};

static bool has_word(struct text pattern)
{
    struct text tail = pattern;
    return text_cut(&tail, '{').n != pattern.n;
}

/* A path that stands as it is comes before one in which it would be any word. */
static struct found find_in(struct turn *t, bool with_words)
{
    struct found found = {0};
    for (unsigned i = 0; i < ARRAY_LEN(routes); i++) {
        if (has_word(routes[i].path) != with_words ||
            !is_path(routes[i].path, t->request->path, &t->id))
            continue;
        found.any = &routes[i];
        found.methods |= 1U << routes[i].method;
        if (routes[i].method == t->request->method)
            found.route = &routes[i];
    }
    return found;
}

static struct found find_route(struct turn *t)
{
    struct found found = find_in(t, false);
    return found.any ? found : find_in(t, true);
}

/* Whether there is such a page is not told to who may not see any. */
static enum pages_principal least_for(const struct route *route, struct text path)
{
    bool is_api = text_starts_fold(path, TEXT("/api/"));
    return route ? route->least : is_api ? PAGES_TOKEN : PAGES_STRANGER;
}

static void catching_up(struct turn *t)
{
    t->answer->status = 503;
    t->answer->retry_after_s = PAGES_RETRY_S;
    if (t->request->form == PAGES_TEXT) {
        t->answer->type = TYPE_TEXT;
        view_status_text(&t->answer->body, &t->house);
    } else {
        view_api_catching_up(&t->answer->body, &t->house);
    }
}

static void pages_answer(void *arg, const struct pages_request *request,
                         struct pages_answer *answer)
{
    struct pages *pages = arg;
    struct turn t = {.pages = pages, .request = request, .answer = answer};
    struct found found = find_route(&t);
    t.house = readmodel_house(pages->model, request->now_at);
    answer->status = 200;
    answer->type = TYPE_JSON;
    answer->allow = methods[found.methods].allow;
    if (request->principal < least_for(found.any, request->path))
        refuse(&t, 401, "not allowed", "send Authorization: Bearer TOKEN, or use the Unix socket");
    else if (!found.any)
        refuse(&t, 404, "there is no such page", "see /api/v1/openapi.json");
    else if (!found.route)
        refuse(&t, 405, methods[found.methods].error, methods[found.methods].cure);
    else if (found.route->wants_figures && !t.house.is_ready)
        catching_up(&t);
    else
        found.route->give(&t);
    if (answer->body.is_cut)
        refuse(&t, 500, "the answer is too large", "tell the developers");
}

struct pages_port pages_port(struct pages *pages)
{
    return (struct pages_port){.arg = pages, .answer = pages_answer, .more = more};
}
