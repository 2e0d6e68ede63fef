/* pages.c — see pages.h.
 * Called by web/ through port/pages.h, on the reader thread. A page is a row of schema/api.toml and
 * a function give_… here: one without the other does not compile. Cost: a look at each row. */
#include "app/pages.h"
#include "app/pages_admin.h"
#include "app/pages_board.h"
#include "app/pages_console.h"
#include "app/pages_events.h"
#include "app/pages_headset.h"
#include "app/pages_notice.h"
#include "app/pages_orders.h"
#include "app/pages_path.h"
#include "app/pages_reload.h"
#include "app/pages_screens.h"
#include "app/pages_supervise.h"
#include "app/pages_texts.h"
#include "app/pages_unreached.h"
#include "app/pages_webtext.h"
#include "app/pages_who.h"
#include "app/pages_written.h"
#include "app/routes.h"
#include "app/turn.h"
#include "view/api.h"
#include "view/words.h"

_Static_assert((int)JOURNAL_WELL == (int)VITALS_JOURNAL_WELL &&
                   (int)JOURNAL_BEHIND == (int)VITALS_JOURNAL_BEHIND &&
                   (int)JOURNAL_DOWN == (int)VITALS_JOURNAL_DOWN,
               "vitals tell the health of the journal in its own numbers");
#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

void turn_refuse(struct turn *t, unsigned status, const char *error, const char *cure)
{
    t->answer->status = status;
    t->answer->tag = NULL;
    if (t->request->form == PAGES_HTML && pages_screen_refuse(&t->house, t->request, t->answer))
        return;
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

static void give_trace(struct turn *t)
{
    const struct pages_trace_args args = {&t->house, t->pages->committed, t->pages->trace,
                                          t->request};
    pages_trace(&t->pages->trace_room, &args, t->answer);
}

static void give_events(struct turn *t)
{
    const struct pages_events_args args = {t->pages->model, t->pages->committed, &t->house,
                                           t->request};
    pages_events(&args, t->answer);
    t->answer->stream.session_id = t->session ? t->session->session.id : 0;
}

static size_t more(void *arg, struct pages_stream *stream, char *to, size_t max)
{
    struct pages *pages = arg;
    const struct view_house house = readmodel_house(pages->model, 0);
    const struct pages_events_args args = {pages->model, pages->committed, &house, NULL};
    struct text_out out = {.p = to, .max = max};
    assert(max >= PAGES_MORE_MIN);
    stream->is_over =
        stream->session_id && !accounts_stream(pages->accounts, stream->session_id, stream->now_at);
    if (stream->is_over)
        return 0;
    const struct pages_screen_boards boards = {pages->headsets, pages->talks};
    if (stream->kind == PAGES_STREAM_NEWS)
        pages_screen_news(&out, &house, &boards, stream);
    else
        pages_events_more(&args, stream, &out);
    return out.n;
}

/* ---- screens ---- */

static void give_asset(struct turn *t)
{
    if (!pages_screen_asset(t->id, t->request, t->answer))
        turn_refuse(t, 404, "there is no such file", "load the page again");
}

static void give_live(struct turn *t)
{
    pages_screen_live(&t->house, t->answer);
}

static void give_supervision(struct turn *t)
{
    const struct pages_board_args args = {t->pages, &t->house, t->request, t->id};
    if (!pages_board(&args, t->answer))
        turn_refuse(t, 404, "there is no such page", "see /supervision");
}

static void give_agent_screen(struct turn *t)
{
    const struct pages_console_args args = {&t->house, t->pages, t->request, t->id,
                                            &t->pages->cards};
    pages_console_show(&args, t->answer);
}

static void give_agent_deed(struct turn *t)
{
    const struct pages_console_args args = {&t->house, t->pages, t->request, t->id,
                                            &t->pages->cards};
    if (!t->pages->orders)
        turn_refuse(t, 503, "no orders are taken here", "ask the service that takes calls");
    else if (!pages_console_order(&args, t->answer))
        turn_refuse(t, 400, "there is no such deed", "press a button of the screen");
}

static void give_administration(struct turn *t)
{
    const struct pages_admin_args args = {.files = t->pages->files,
                                          .accounts = t->pages->accounts,
                                          .house = &t->house,
                                          .request = t->request,
                                          .session = t->session,
                                          .page = t->id,
                                          .location = t->pages->location,
                                          .room = &t->pages->admin_room};
    if (!t->pages->files)
        turn_refuse(t, 503, "no files can be changed here", "ask the service that takes calls");
    else if (!pages_admin(&args, t->answer))
        turn_refuse(t, 404, "there is no such page", "see /administration");
}

static void give_headset(struct turn *t)
{
    const struct pages_headset_args args = {&t->house, t->pages->orders, t->request, t->id,
                                            t->pages->location};
    pages_headset(&args, t->answer);
}

/* ---- orders ---- */

static void give_reload(struct turn *t)
{
    if (t->pages->reload)
        pages_reload(t->pages->reload, t->request, t->answer);
    else
        turn_refuse(t, 503, "no files can be read again here", "ask the service that takes calls");
}

static void give_order(struct turn *t, enum command_kind kind)
{
    const struct pages_order order = {kind, t->id, t->request};
    if (!t->pages->orders)
        turn_refuse(t, 503, "no orders are taken here", "ask the service that takes calls");
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
        turn_refuse(t, 503, "no orders are taken here", "ask the service that takes calls");
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

static void give_notice(struct turn *t)
{
    const struct pages_notice_args args = {
        .pages = t->pages, .house = &t->house, .request = t->request};
    pages_notice(&args, t->answer);
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

static void give_text_move(struct turn *t)
{
    give_written(t, WRITTEN_MOVE);
}

static void give_text_back(struct turn *t)
{
    give_written(t, WRITTEN_BACK);
}

/* ---- who writes to a service ---- */

static struct pages_webtext_args webtext_of(struct turn *t)
{
    return (struct pages_webtext_args){&t->house, t->pages, t->request, t->id};
}

static void give_ecrire(struct turn *t)
{
    const struct pages_webtext_args args = webtext_of(t);
    if (t->request->method == PAGES_POST)
        pages_webtext_open(&args, t->answer);
    else
        pages_webtext_form(&args, t->answer);
}

static void give_ecrire_page(struct turn *t)
{
    const struct pages_webtext_args args = webtext_of(t);
    if (t->request->method == PAGES_POST)
        pages_webtext_more(&args, t->answer);
    else
        pages_webtext_show(&args, t->answer);
}

/* ---- routes ---- */

#define ROUTE(function, verb, where, who, figures, roles, about)                                   \
    {{"" where, sizeof(where) - 1},                                                                \
     PAGES_##verb,                                                                                 \
     PAGES_##who,                                                                                  \
     figures,                                                                                      \
     roles,                                                                                        \
     about,                                                                                        \
     give_##function},

static const struct route {
    struct text path; /* a part in braces stands for any word */
    enum pages_method method;
    enum pages_principal least; /* who may ask; the same for all methods of a path */
    bool wants_figures;         /* nothing to say before the fold has caught up */
    unsigned roles;             /* which of them may, by a session; bits */
    enum rights_about about;
    void (*give)(struct turn *t);
} routes[] = {API_ROUTES(ROUTE)};

/* A path as the table has it. */
struct found {
    const struct route *any;   /* one of its rows; NULL: there is no such path */
    const struct route *route; /* the one of the method; NULL: it has no such method */
    unsigned methods;
};

/* A path that stands as it is comes before one in which it would be any word. */
static struct found find_in(struct turn *t, bool with_words)
{
    struct found found = {0};
    for (unsigned i = 0; i < ARRAY_LEN(routes); i++) {
        if (pages_path_has_word(routes[i].path) != with_words ||
            !pages_path_is(routes[i].path, t->request->path, &t->id))
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

/* True: they were told why not, or the answer waits for their new secret. */
static bool is_barred(struct turn *t, const struct found *found, struct accounts_session *room)
{
    enum pages_principal least = least_for(found->any, t->request->path);
    const struct pages_who_args args = {.accounts = t->pages->accounts,
                                        .request = t->request,
                                        .is_by_rank = t->request->principal >= least,
                                        .is_open = found->any && least == PAGES_STRANGER,
                                        .is_route = found->route != NULL,
                                        .roles = found->route ? found->route->roles : 0,
                                        .about = found->route ? found->route->about : 0};
    if (pages_who_meet(&args, room, t->answer)) {
        t->session = room;
        t->house.rights = &room->rights;
        t->who = (struct view_somebody){room->account.name, room->csrf};
        t->house.who = &t->who;
    }
    if (t->answer->is_later)
        return true;
    struct pages_who_words words = pages_who_bar(&args, t->session, t->answer);
    if (words.error)
        turn_refuse(t, words.status, words.error, words.cure);
    return words.error != NULL;
}

static void pages_answer(void *arg, const struct pages_request *request,
                         struct pages_answer *answer)
{
    struct pages *pages = arg;
    struct pages_request mine = *request;
    struct turn t = {.pages = pages, .request = &mine, .answer = answer};
    struct accounts_session session;
    struct found found = find_route(&t);
    t.house = readmodel_house(pages->model, request->now_at);
    answer->status = 200;
    answer->type = TYPE_JSON;
    answer->allow = pages_path_methods(found.methods)->allow;
    if (is_barred(&t, &found, &session))
        return;
    if (mine.method == PAGES_GET && t.session)
        mine.order_id = 0; /* it was for the new secret of the session */
    if (!found.any)
        turn_refuse(&t, 404, "there is no such page", "see /api/v1/openapi.json");
    else if (!found.route)
        turn_refuse(&t, 405, pages_path_methods(found.methods)->error,
                    pages_path_methods(found.methods)->cure);
    else if (found.route->wants_figures && !t.house.is_ready)
        catching_up(&t);
    else
        found.route->give(&t);
    if (answer->body.is_cut)
        turn_refuse(&t, 500, "the answer is too large", "tell the developers");
}

struct pages_port pages_port(struct pages *pages)
{
    return (struct pages_port){
        .arg = pages, .answer = pages_answer, .more = more, .body_max = pages_path_body_max};
}
