/* html.c — see html.h. Cost: a look at each byte. */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "view/html.h"

#define SECOND_MS 1000
#define MINUTE_S 60
#define HOUR_S 3600

static struct text escape_of(char c)
{
    switch (c) {
    case '<':
        return TEXT("&lt;");
    case '>':
        return TEXT("&gt;");
    case '&':
        return TEXT("&amp;");
    case '"':
        return TEXT("&quot;");
    case '\'':
        return TEXT("&#39;");
    default: /* a control character is no text of a page (§13.1.4) */
        return (uint8_t)c < ' ' && c != '\n' && c != '\t' ? TEXT("\uFFFD") : TEXT_NONE;
    }
}

static void put_text(struct html *h, struct text t)
{
    size_t from = 0;
    if (!t.n)
        return; /* it may point nowhere */
    for (size_t i = 0; i < t.n; i++) {
        struct text escaped = escape_of(t.p[i]);
        if (!escaped.n)
            continue;
        text_put(h->out, (struct text){t.p + from, i - from});
        text_put(h->out, escaped);
        from = i + 1;
    }
    text_put(h->out, (struct text){t.p + from, t.n - from});
}

static void put_signed(struct html *h, long long v)
{
    if (v < 0)
        text_put(h->out, TEXT("-"));
    text_put_number(h->out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void put_words(struct html *h, const char *words)
{
    if (words)
        put_text(h, text_of(words));
}

/* Takes one conversation off *format, behind its %. */
static void convert(struct html *h, struct text *format, va_list *args)
{
    static const struct {
        struct text word;
        enum { PERCENT, WORDS, SLICE, UNSIGNED, LARGE, SIGNED } kind;
    } kinds[] = {{TEXT("%"), PERCENT},  {TEXT("s"), WORDS},   {TEXT(".*s"), SLICE},
                 {TEXT("u"), UNSIGNED}, {TEXT("llu"), LARGE}, {TEXT("lld"), SIGNED}};
    unsigned i = 0;
    while (i < ARRAY_LEN(kinds) &&
           !(format->n >= kinds[i].word.n && !memcmp(format->p, kinds[i].word.p, kinds[i].word.n)))
        i++;
    assert(i < ARRAY_LEN(kinds)); /* of no other kind: ours alone write formats */
    *format = text_after(*format, kinds[i].word.n);
    switch (kinds[i].kind) {
    case PERCENT:
        text_put(h->out, TEXT("%"));
        return;
    case WORDS:
        put_words(h, va_arg(*args, const char *));
        return;
    case SLICE: {
        int n = va_arg(*args, int);
        const char *p = va_arg(*args, const char *);
        put_text(h, (struct text){p, p && n > 0 ? (size_t)n : 0});
        return;
    }
    case UNSIGNED:
        text_put_number(h->out, va_arg(*args, unsigned));
        return;
    case LARGE:
        text_put_number(h->out, va_arg(*args, unsigned long long));
        return;
    case SIGNED:
        put_signed(h, va_arg(*args, long long));
        return;
    }
}

void html_put(struct html *h, const char *format, ...)
{
    struct text rest = text_of(format);
    va_list args;
    va_start(args, format);
    while (rest.n) {
        bool converts = memchr(rest.p, '%', rest.n) != NULL;
        text_put(h->out, text_cut(&rest, '%'));
        if (converts)
            convert(h, &rest, &args);
    }
    va_end(args);
}

const char *html_say(const struct html *h, const char *french, const char *english)
{
    return h->is_english ? english : french;
}

const char *html_query(const struct html *h)
{
    return !h->is_said ? "" : h->is_english ? "?langue=en" : "?langue=fr";
}

void html_number(struct html *h, uint64_t v)
{
    if (v >= 1000) {
        unsigned rest = (unsigned)(v % 1000);
        html_number(h, v / 1000);
        html_put(h, "%s%s", HTML_THIN, rest < 10 ? "00" : rest < 100 ? "0" : "");
        v = rest;
    }
    text_put_number(h->out, v);
}

void html_tenths(struct html *h, uint32_t tenths)
{
    html_put(h, "%u%s%u%s%%", tenths / 10, h->is_english ? "." : ",", tenths % 10,
             h->is_english ? "" : HTML_THIN);
}

void html_duration(struct html *h, int64_t ms)
{
    uint64_t s = ms > 0 ? (uint64_t)ms / SECOND_MS : 0;
    if (s >= HOUR_S) {
        html_number(h, s / HOUR_S);
        html_put(h, HTML_HARD "h" HTML_HARD "%s%u", s / MINUTE_S % 60 < 10 ? "0" : "",
                 (unsigned)(s / MINUTE_S % 60));
    } else if (s >= MINUTE_S) {
        html_put(h, "%u" HTML_HARD "min" HTML_HARD "%s%u", (unsigned)(s / MINUTE_S),
                 s % MINUTE_S < 10 ? "0" : "", (unsigned)(s % MINUTE_S));
    } else {
        html_put(h, "%u" HTML_HARD "s", (unsigned)s);
    }
}
