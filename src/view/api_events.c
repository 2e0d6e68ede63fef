/* api_events.c — events for those outside: as JSON, and as messages of a stream.
 * Called by app/pages.c. Cost: ~2 µs an event. The journal holds neither names nor numbers; what it
 * holds about one person all the same (a random id, a reference) stays in the house. */
#include <string.h>

#include "event/print.h"
#include "view/api.h"
#include "view/cursor.h"

static bool is_personal(const char *name)
{
    return text_equal(text_of(name), TEXT("person_id")) ||
           text_equal(text_of(name), TEXT("reference"));
}

/* Zeros in the place of what is not told. */
static void blind(struct event *ev)
{
    const struct event_field *f = event_fields(ev->kind);
    for (; f && f->name; f++)
        if (is_personal(f->name))
            memset((uint8_t *)ev + f->offset, 0, f->type == EVENT_FIELD_U64 ? 8 : 4);
}

void view_api_event(struct text_out *out, const struct event *ev)
{
    char line[EVENT_PRINT_MAX];
    struct event told = *ev;
    blind(&told);
    size_t n = event_print(line, &told, EVENT_FORM_JSON);
    text_put(out, (struct text){line, n});
}

void view_api_message(struct text_out *out, const struct event *ev, uint64_t journal)
{
    char cursor[VIEW_CURSOR_BYTES];
    view_cursor_write(cursor, &(struct view_cursor){ev->id, journal});
    text_put(out, TEXT("id: "));
    text_put(out, (struct text){cursor, sizeof(cursor)});
    text_put(out, TEXT("\nevent: "));
    text_put(out, text_of(event_kind_name(ev->kind)));
    text_put(out, TEXT("\ndata: "));
    view_api_event(out, ev);
    text_put(out, TEXT("\n\n"));
}
