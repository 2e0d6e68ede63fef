/* pages_screens.c — see pages_screens.h. Called by pages.c, on the reader thread. */
#include "app/awaited.h"
#include "app/pages_screens.h"
#include "view/assets.h"
#include "view/board.h"
#include "view/cursor.h"
#include "view/refusal.h"

#define TYPE_STREAM "text/event-stream; charset=utf-8"
#define TYPE_HTML "text/html; charset=utf-8"

struct html pages_screen_open(const struct pages_request *request, struct pages_answer *answer)
{
    struct text word;
    bool is_said = view_query_find(&word, request->query, TEXT("langue"));
    answer->type = TYPE_HTML;
    answer->body.n = 0;
    answer->body.is_cut = false;
    return (struct html){.out = &answer->body,
                         .is_said = is_said,
                         .is_english =
                             is_said ? text_equal(word, TEXT("en")) : request->is_english};
}

bool pages_screen_says(const struct pages_request *request, struct text name, struct text value)
{
    struct text word;
    return view_query_find(&word, request->query, name) && text_equal(word, value);
}

/* RFC 9110 §13.1.2: a list of tags, weak or not. */
static bool is_known(struct text known, const char *tag)
{
    while (known.n) {
        struct text one = text_trim(text_cut(&known, ','));
        if (text_starts_fold(one, TEXT("W/")))
            one = text_after(one, 2);
        if (text_equal(one, text_of(tag)))
            return true;
    }
    return false;
}

bool pages_screen_asset(struct text name, const struct pages_request *request,
                        struct pages_answer *answer)
{
    for (unsigned i = 0; i < view_assets_n; i++) {
        const struct view_asset *a = &view_assets[i];
        if (!text_equal(name, text_of(a->name)))
            continue;
        answer->type = a->type;
        answer->tag = a->tag;
        if (is_known(request->known, a->tag))
            answer->status = 304;
        else
            text_put(&answer->body, (struct text){a->bytes, a->n});
        return true;
    }
    return false;
}

void pages_screen_live(const struct view_house *house, struct pages_answer *answer)
{
    answer->type = TYPE_STREAM;
    answer->is_stream = true;
    answer->stream.kind = PAGES_STREAM_NEWS;
    answer->stream.after_id = house->last_id;
    answer->stream.pace_ms = PAGES_NEWS_MS;
    if (house->rights)
        answer->stream.agent_id = page_agent(house, house->rights->agent);
}

void pages_screen_news(struct text_out *out, const struct view_house *house,
                       const struct pages_screen_boards *boards, struct pages_stream *stream)
{
    static const char *const states[HEADSET_SHOWNS] = {"none", "ready", "rings", "call"};
    enum headset_shown shown = headsets_look(boards->headsets, stream->agent_id);
    uint64_t talk = talks_value(boards->talks, stream->agent_id);
    if (!stream->has_begun) { /* at once, so that the browser knows that it is heard */
        text_put(out, TEXT("retry: 2000\n\n"));
        stream->has_begun = true;
    } else if (house->last_id != stream->after_id || talk != stream->talk) {
        stream->after_id = house->last_id;
        text_put(out, TEXT("data: "));
        text_put_number(out, house->last_id);
        text_put(out, TEXT("\n\n"));
    }
    stream->talk = talk;
    if (shown == stream->headset)
        return;
    stream->headset = shown;
    text_put(out, TEXT("event: headset\ndata: "));
    text_put(out, text_of(states[shown]));
    text_put(out, TEXT("\n\n"));
}

void pages_screen_board(const struct view_house *house, const struct view_accounts *accounts,
                        const struct pages_request *request, struct pages_answer *answer)
{
    struct html h = pages_screen_open(request, answer);
    const struct view_board board = {
        .accounts = accounts,
        .is_large = pages_screen_says(request, TEXT("ecran"), TEXT("grand")),
        .is_fragment = pages_screen_says(request, TEXT("part"), TEXT("main")),
    };
    view_board(&h, house, &board);
}

bool pages_screen_refuse(const struct view_house *house, const struct pages_request *request,
                         struct pages_answer *answer)
{
    struct html h = pages_screen_open(request, answer);
    return view_refusal(&h, house, answer->status);
}
