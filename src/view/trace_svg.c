/* trace_svg.c — the ladder as a picture (SVG 1.1): three lines of life (caller, house, agents), an
 * arrow for each message, words for each event, down the page in their order.
 * Called by trace.c. Cost: a walk over each message. Invariant: what a stranger wrote is escaped,
 * printable ASCII; how high the picture is stands in its head, written at its end. */
#include "view/trace_parts.h"

#define WIDTH 1280
#define CALLER_X 190
#define HOUSE_X 470
#define AGENT_X 750
#define HEAD_Y 74
#define MESSAGE_STEP 34
#define EVENT_STEP 24
#define FOOT 16
#define TITLE_MAX 38 /* signs above an arrow */
#define SHORT_BYTES 64
#define WORDS_BYTES 1024
#define HEIGHT_DIGITS 7

static void put(const struct view_trace *t, const char *format_free)
{
    view_say(t->out, format_free);
}

static void put_number(const struct view_trace *t, uint64_t n)
{
    text_put_number(t->out, n);
}

static void put_escaped(const struct view_trace *t, struct text words)
{
    for (size_t i = 0; i < words.n; i++)
        text_put(t->out, words.p[i] == '<'   ? TEXT("&lt;")
                         : words.p[i] == '>' ? TEXT("&gt;")
                         : words.p[i] == '&' ? TEXT("&amp;")
                         : words.p[i] == '"' ? TEXT("&quot;")
                                             : (struct text){words.p + i, 1});
}

/* Room for the height, which the last row tells. */
static size_t put_height(const struct view_trace *t)
{
    size_t at = t->out->n;
    put(t, "0000000"); /* HEIGHT_DIGITS */
    return at;
}

static void set_height(char *digits, uint32_t height)
{
    for (unsigned i = HEIGHT_DIGITS; i-- > 0; height /= 10)
        digits[i] = (char)('0' + height % 10);
}

static void put_lane(const struct view_trace *t, unsigned x, const char *name)
{
    put(t, "<line class=\"life\" x1=\"");
    put_number(t, x);
    put(t, "\" y1=\"56\" x2=\"");
    put_number(t, x);
    put(t, "\" y2=\"100%\"/><text class=\"lane\" x=\"");
    put_number(t, x);
    put(t, "\" y=\"48\">");
    put(t, name);
    put(t, "</text>\n");
}

void trace_svg_begin(struct view_trace *t, struct text title, const char *notice)
{
    put(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" lang=\"fr\" role=\"img\" width=\"1280\" "
           "height=\"");
    t->height_at[0] = put_height(t);
    put(t, "\" viewBox=\"0 0 1280 ");
    t->height_at[1] = put_height(t);
    put(t, "\" font-family=\"sans-serif\" font-size=\"13\">\n<title>");
    put_escaped(t, title);
    put(t, "</title>\n<style>.life{stroke:#888}.msg{stroke:#000;stroke-width:1.5}"
           ".agent{stroke-dasharray:7 3}.lane{font-weight:bold;text-anchor:middle}"
           ".on{text-anchor:middle}.at{text-anchor:end;fill:#444}"
           "text{paint-order:stroke;stroke:#fff;stroke-width:4px;fill:#000}</style>\n"
           "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" "
           "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
           "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"12\" y=\"22\">");
    put_escaped(t, title);
    put(t, " ");
    put_escaped(t, text_of(notice));
    put(t, "</text>\n");
    put_lane(t, CALLER_X, "usager");
    put_lane(t, HOUSE_X, "decroche");
    put_lane(t, AGENT_X, "agents");
    t->y = HEAD_Y;
}

static void put_instant(const struct view_trace *t, ms_t at)
{
    put(t, "<text class=\"at\" x=\"92\" y=\"");
    put_number(t, t->y);
    put(t, "\">");
    trace_put_seconds(t->out, t, at);
    put(t, "</text>");
}

static void put_arrow(const struct view_trace *t, const struct view_trace_message *m)
{
    unsigned there = m->is_agent ? AGENT_X : CALLER_X;
    put(t, m->is_agent ? "<line class=\"msg agent\" x1=\"" : "<line class=\"msg\" x1=\"");
    put_number(t, m->has_come ? there : HOUSE_X);
    put(t, "\" y1=\"");
    put_number(t, t->y);
    put(t, "\" x2=\"");
    put_number(t, m->has_come ? HOUSE_X : there);
    put(t, "\" y2=\"");
    put_number(t, t->y);
    put(t, "\" marker-end=\"url(#a)\"/>");
}

/* At most so many signs of it, on the arrow; the whole of it when one points at it. */
static void put_title(const struct view_trace *t, const struct view_trace_message *m)
{
    char bytes[WORDS_BYTES], peer_bytes[SHORT_BYTES * 2];
    struct text_out title = {.p = bytes, .max = sizeof(bytes)};
    struct text_out peer = {.p = peer_bytes, .max = sizeof(peer_bytes)};
    trace_put_title(&title, m->bytes);
    trace_put_peer(&peer, t->house, m);
    size_t n = 0;
    for (unsigned signs = 0; n < title.n && signs < TITLE_MAX; signs++)
        for (n++; n < title.n && ((uint8_t)title.p[n] & 0xc0) == 0x80;)
            n++;
    put(t, "<text class=\"on\" x=\"");
    put_number(t, m->is_agent ? (HOUSE_X + AGENT_X) / 2 : (HOUSE_X + CALLER_X) / 2);
    put(t, "\" y=\"");
    put_number(t, t->y - 6);
    put(t, "\"><title>");
    put_escaped(t, (struct text){peer.p, peer.n});
    put(t, m->is_tls ? " (TLS) : " : m->is_tcp ? " (TCP) : " : " (UDP) : ");
    put_escaped(t, (struct text){title.p, title.n});
    put(t, "</title>");
    put_escaped(t, (struct text){title.p, n});
    put(t, n < title.n ? "…</text>\n" : "</text>\n");
}

void trace_svg_message(struct view_trace *t, const struct view_trace_message *m)
{
    t->y += MESSAGE_STEP;
    put_instant(t, m->at);
    put_arrow(t, m);
    put_title(t, m);
}

/* Under the arrows of its side: a wave, and the words to its right. */
void trace_svg_sound(struct view_trace *t, const struct view_trace_message *whose,
                     const struct view_trace_sound *sound)
{
    char bytes[WORDS_BYTES];
    struct text_out words = {.p = bytes, .max = sizeof(bytes)};
    trace_put_peer(&words, t->house, whose);
    view_say(&words, " — ");
    trace_put_sound(&words, sound);
    t->y += EVENT_STEP;
    put_instant(t, whose->at);
    put(t, "<text class=\"on\" x=\"");
    put_number(t, whose->is_agent ? AGENT_X : CALLER_X);
    put(t, "\" y=\"");
    put_number(t, t->y);
    put(t, "\">≈</text><text x=\"");
    put_number(t, HOUSE_X + 12);
    put(t, "\" y=\"");
    put_number(t, t->y);
    put(t, "\">");
    put_escaped(t, (struct text){words.p, words.n});
    put(t, "</text>\n");
}

void trace_svg_event(struct view_trace *t, const struct event *ev)
{
    char bytes[WORDS_BYTES];
    struct text_out words = {.p = bytes, .max = sizeof(bytes)};
    view_trace_words(&words, t->house, ev);
    t->y += EVENT_STEP;
    put_instant(t, ev->at);
    put(t, "<circle cx=\"");
    put_number(t, HOUSE_X);
    put(t, "\" cy=\"");
    put_number(t, t->y - 4);
    put(t, "\" r=\"4\"/><text x=\"");
    put_number(t, HOUSE_X + 12);
    put(t, "\" y=\"");
    put_number(t, t->y);
    put(t, "\">");
    put_escaped(t, (struct text){words.p, words.n});
    put(t, "</text>\n");
}

void trace_svg_end(struct view_trace *t, const char *notice)
{
    if (notice) {
        t->y += EVENT_STEP;
        put(t, "<text x=\"12\" y=\"");
        put_number(t, t->y);
        put(t, "\">");
        put(t, notice);
        put(t, "</text>\n");
    }
    put(t, "</svg>\n");
    for (unsigned i = 0; i < ARRAY_LEN(t->height_at) && !t->out->is_cut; i++)
        set_height(t->out->p + t->height_at[i], t->y + FOOT);
}
