/* pages.c — any bytes as a request for a page: path, query, cursor of a stream. Each gets a whole
 * answer of a known status (503: there is no main thread that takes orders); what is JSON has its
 * brackets closed; a cursor that is taken is the one that would be written. Input: who asks and for
 * what form (1 byte), path, NUL, query, NUL, cursor.
 */
#include <stdlib.h>
#include <string.h>

#include "app/pages.h"
#include "view/cursor.h"

#define EVENTS 50
#define PAGE_BYTES 300000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct readmodel *model;

static int no_disk(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg)
{
    (void)arg;
    (void)after_id;
    (void)fn;
    (void)fn_arg;
    abort(); /* all events are in memory here */
}

static const struct committed_port committed = {.read = no_disk};

static void open_model(void)
{
    static const struct readmodel_args args = {.acd = {64, 8, 4, 64}, .kpi = {96, 64}};
    size_t bytes = (readmodel_bytes(&args) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, bytes);
    if (!memory)
        abort();
    model = readmodel_open(memset(memory, 0, bytes), &args);
    for (uint64_t id = 1; id <= EVENTS; id++) {
        const struct event ev = {.id = id, .at = 1, .kind = EV_PRIORITY_SET};
        readmodel_take(&ev, model);
    }
    readmodel_caught_up(model);
}

static void must(bool is_true)
{
    if (!is_true)
        abort();
}

static struct text part(const uint8_t **p, const uint8_t *end)
{
    const uint8_t *from = *p;
    const uint8_t *stop = memchr(from, 0, (size_t)(end - from));
    *p = stop ? stop + 1 : end;
    return (struct text){(const char *)from, (size_t)((stop ? stop : end) - from)};
}

static void check_json(struct text t)
{
    int depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < t.n; i++) {
        if (in_text && t.p[i] == '\\')
            i++;
        else if (t.p[i] == '"')
            in_text = !in_text;
        else if (!in_text)
            depth += (t.p[i] == '{' || t.p[i] == '[') - (t.p[i] == '}' || t.p[i] == ']');
    }
    must(depth == 0 && !in_text && t.n > 2 && t.p[0] == '{' && t.p[t.n - 1] == '\n');
}

static void check_cursor(struct text word)
{
    struct view_cursor cursor;
    char back[VIEW_CURSOR_BYTES];
    if (!view_cursor_read(&cursor, word))
        return;
    view_cursor_write(back, &cursor);
    must(text_equal(word, (struct text){back, sizeof(back)}));
}

static void check_stream(const struct pages_port *port, struct pages_stream *stream)
{
    char bytes[PAGES_MORE_MIN];
    must(stream->after_id <= EVENTS);
    for (unsigned i = 0; port->more(port->arg, stream, bytes, sizeof(bytes)); i++)
        must(i <= EVENTS);
    must(stream->after_id == EVENTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char page[PAGE_BYTES];
    static const unsigned statuses[] = {200, 400, 401, 404, 405, 409, 410, 503};
    if (!model)
        open_model();
    if (n == 0)
        return 0;
    const uint8_t *p = data + 1, *end = data + n;
    struct pages_request request = {.principal = (enum pages_principal)(data[0] & 3),
                                    .form = (enum pages_form)((data[0] >> 2 & 3) % 3),
                                    .method = (enum pages_method)(data[0] >> 4 & 3),
                                    .now_at = 1};
    request.path = part(&p, end);
    request.query = part(&p, end);
    request.last_event = part(&p, end);
    static struct pages pages; /* its room is large */
    pages = (struct pages){.model = model, .committed = &committed};
    const struct pages_port port = pages_port(&pages);
    struct pages_answer answer = {.body = {.p = page, .max = sizeof(page)}};
    port.answer(port.arg, &request, &answer);
    bool is_known = false;
    for (unsigned i = 0; i < ARRAY_LEN(statuses); i++)
        is_known |= answer.status == statuses[i];
    must(is_known && answer.type && !answer.body.is_cut);
    must(request.principal >= PAGES_NEAR || answer.status >= 400);
    if (answer.is_stream)
        check_stream(&port, &answer.stream);
    else if (!strncmp(answer.type, "application/json", 16))
        check_json((struct text){page, answer.body.n});
    check_cursor(request.last_event);
    return 0;
}
