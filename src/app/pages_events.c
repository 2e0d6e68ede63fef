/* pages_events.c — see pages_events.h. Called by pages.c. Cost: the newest are in memory, older
 * ones are read from the disk. */
#include "app/awaited.h"
#include "app/pages.h"
#include "app/pages_events.h"
#include "app/routes.h"
#include "view/api.h"
#include "view/cursor.h"

_Static_assert(PAGES_MORE_MIN >= VIEW_MESSAGE_MAX, "one message of a stream fits");
_Static_assert(PAGES_EVENTS_DEFAULT == API_EVENTS_LIMIT_DEFAULT &&
                   PAGES_EVENTS_MAX == API_EVENTS_LIMIT_MAX && API_EVENTS_LIMIT_MIN == 1,
               "the bounds of a page of events are those that are published");

#define TYPE_STREAM "text/event-stream; charset=utf-8"

struct asking {
    const struct pages_events_args *args;
    struct pages_answer *answer;
};

static void refuse(const struct asking *t, unsigned status, const char *error, const char *cure)
{
    t->answer->body.n = 0;
    page_refuse(t->args->request, t->answer, &(struct page_words){status, error, cure, NULL});
}

/* Where the client stands: after=CURSOR, or Last-Event-ID of a stream that comes back. False: the
 * request was refused. otherwise_id: where one begins who says nothing. */
static bool read_after(const struct asking *t, uint64_t otherwise_id, uint64_t *after_id)
{
    const struct pages_request *r = t->args->request;
    uint64_t journal = readmodel_journal(t->args->model) & UINT32_MAX;
    struct view_cursor cursor;
    struct text word = r->form == PAGES_STREAM ? r->last_event : TEXT_NONE;
    *after_id = otherwise_id;
    if (!word.n && !view_query_find(&word, r->query, TEXT("after")))
        return true;
    if (!view_cursor_read(&cursor, word)) {
        refuse(t, 400, "this is no cursor", "give back what \"next\" or \"id:\" said, or nothing");
        return false;
    }
    if (cursor.journal != journal || cursor.id > t->args->house->last_id) {
        refuse(t, 410, "this cursor is of another journal", "begin again without a cursor");
        return false;
    }
    *after_id = cursor.id;
    return true;
}

static bool read_limit(const struct asking *t, uint64_t *limit)
{
    struct text word;
    *limit = PAGES_EVENTS_DEFAULT;
    if (!view_query_find(&word, t->args->request->query, TEXT("limit")))
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
static int give_all(const struct pages_events_args *pages, struct giving *g)
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

static void give_list(const struct asking *t)
{
    struct text_out *out = &t->answer->body;
    struct giving g = {.model = t->args->model, .out = out, .last_id = t->args->house->last_id};
    if (!read_after(t, 0, &g.after_id) || !read_limit(t, &g.n_max))
        return;
    text_put(out, TEXT("{\"events\":["));
    if (give_all(t->args, &g)) {
        refuse(t, 503, "the journal cannot be read", "look at /health");
        return;
    }
    text_put(out, TEXT("],\"next\":\""));
    put_cursor(out, g.after_id, readmodel_journal(t->args->model));
    text_put(out, TEXT("\",\"more\":"));
    text_put(out, g.after_id < g.last_id ? TEXT("true}\n") : TEXT("false}\n"));
}

void pages_events(const struct pages_events_args *args, struct pages_answer *answer)
{
    const struct asking t = {args, answer};
    if (args->request->form != PAGES_STREAM) {
        give_list(&t);
        return;
    }
    if (!read_after(&t, args->house->last_id, &answer->stream.after_id))
        return;
    answer->type = TYPE_STREAM;
    answer->is_stream = true;
}

void pages_events_more(const struct pages_events_args *args, struct pages_stream *stream,
                       struct text_out *out)
{
    struct giving g = {.model = args->model,
                       .out = out,
                       .after_id = stream->after_id,
                       .last_id = args->house->last_id,
                       .n_max = UINT64_MAX,
                       .is_stream = true};
    if (!stream->has_begun) { /* at once, so that the client knows that it is heard */
        text_put(out, TEXT("retry: 2000\n\n"));
        stream->has_begun = true;
        return;
    }
    int err = give_all(args, &g);
    (void)err; /* told by the reader's own reading; the stream goes on when the disk does */
    stream->after_id = g.after_id;
}
