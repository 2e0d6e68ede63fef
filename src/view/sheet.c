/* sheet.c — see sheet.h. One look at each line says what it is; within it, at each sign. All
 * headings are of one level: those of the page stand above them. */
#include <string.h>

#include "view/sheet.h"

#define INDENT 2 /* spaces of one level */

static void put_day(struct html *h, calendar_day day)
{
    struct civil c = calendar_date(day);
    html_put(h, "%u/%u/%u", c.day, c.month, (unsigned)c.year);
}

void view_sheet_head(struct html *h, const struct directory_sheet *sheet, calendar_day today)
{
    html_put(h, "<p class=\"cure\">%s", html_say(h, "Écrite le ", "Written on "));
    put_day(h, sheet->dated);
    html_put(h, " · %s · %s", sheet->owner, html_say(h, "à revoir le ", "to be reviewed on "));
    put_day(h, sheet->review);
    html_put(h, "</p>\n");
    if (today > sheet->review)
        html_put(h, "<p class=\"warning\">%s</p>\n",
                 html_say(h, "Cette fiche n’est plus à jour" HTML_HARD ": vérifiez avant de dire.",
                          "This sheet is out of date: check before you say it."));
}

/* ---- within a line ------------------------------------------------------------------------ */

/* Where `what` begins in t; t.n: nowhere. */
static size_t find(struct text t, struct text what)
{
    const char *p = t.n >= what.n ? memmem(t.p, t.n, what.p, what.n) : NULL;
    return p ? (size_t)(p - t.p) : t.n;
}

static bool is_link(struct text url)
{
    if (url.n > VIEW_SHEET_LINK_MAX || !text_starts_fold(url, TEXT("https://")))
        return false;
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || strchr("\"'<>\\`", url.p[i]))
            return false;
    return url.n > TEXT("https://").n;
}

/* "**bold**" at the beginning of t: how many bytes it has; 0: it is none. */
static size_t put_bold(struct html *h, struct text t)
{
    struct text inner = text_after(t, 2);
    size_t n = find(inner, TEXT("**"));
    if (!n || n == inner.n)
        return 0;
    html_put(h, "<strong>%.*s</strong>", (int)n, inner.p);
    return n + 4;
}

/* "[words](https://…)", the same. */
static size_t put_link(struct html *h, struct text t)
{
    struct text words = text_after(t, 1);
    size_t words_n = find(words, TEXT("]("));
    struct text url = text_after(words, words_n + 2);
    size_t url_n = find(url, TEXT(")"));
    if (!words_n || words_n == words.n || url_n == url.n || !is_link((struct text){url.p, url_n}))
        return 0;
    html_put(h, "<a href=\"%.*s\" target=\"_blank\" rel=\"noopener noreferrer\">%.*s</a>",
             (int)url_n, url.p, (int)words_n, words.p);
    return 1 + words_n + 2 + url_n + 1;
}

static void put_inline(struct html *h, struct text t)
{
    while (t.n) {
        size_t bold = find(t, TEXT("**")), link = find(t, TEXT("["));
        size_t plain = bold < link ? bold : link;
        html_put(h, "%.*s", (int)plain, t.p);
        t = text_after(t, plain);
        if (!t.n)
            return;
        size_t taken = t.p[0] == '[' ? put_link(h, t) : put_bold(h, t);
        size_t mark = t.p[0] == '[' ? 1 : 2;
        if (!taken)
            html_put(h, "%.*s", (int)mark, t.p);
        t = text_after(t, taken ? taken : mark);
    }
}

/* ---- lines -------------------------------------------------------------------------------- */

enum line_kind { LINE_BLANK, LINE_HEADING, LINE_ITEM, LINE_NUMBERED, LINE_SENT, LINE_TEXT };

struct line {
    enum line_kind kind;
    unsigned depth; /* of an item, from 1 */
    bool is_point;  /* … that can be ticked */
    struct text words;
};

/* Behind "1. "; the same text when there is none. */
static struct text behind_number(struct text t)
{
    size_t n = 0;
    while (n < t.n && n < 3 && t.p[n] >= '0' && t.p[n] <= '9')
        n++;
    bool is_number = n && n + 1 < t.n && t.p[n] == '.' && t.p[n + 1] == ' ';
    return is_number ? text_after(t, n + 2) : t;
}

static struct line read_item(struct line l, struct text t)
{
    struct text numbered = behind_number(t);
    if (numbered.n != t.n) {
        l.kind = LINE_NUMBERED;
        l.words = text_trim(numbered);
    } else {
        l.kind = LINE_ITEM;
        l.words = text_trim(text_after(t, 2));
        bool has_box = text_starts_fold(l.words, TEXT("[ ]"));
        l.words = has_box ? text_trim(text_after(l.words, 3)) : l.words;
        l.is_point = has_box && l.words.n; /* a box with no words would have no name */
    }
    return l;
}

static struct line read_line(struct text raw)
{
    size_t spaces = 0;
    while (spaces < raw.n && raw.p[spaces] == ' ')
        spaces++;
    struct text t = text_trim(text_after(raw, spaces));
    if (t.n && t.p[t.n - 1] == '\r')
        t.n--;
    size_t depth = 1 + spaces / INDENT;
    struct line l = {.kind = LINE_TEXT, .words = t};
    l.depth = depth < VIEW_SHEET_DEPTH_MAX ? (unsigned)depth : VIEW_SHEET_DEPTH_MAX;
    if (!t.n)
        l.kind = LINE_BLANK;
    else if (text_starts_fold(t, TEXT("> SMS")))
        l.kind = LINE_SENT;
    else if (text_starts_fold(t, TEXT("- ")) || text_starts_fold(t, TEXT("* ")) ||
             behind_number(t).n != t.n)
        l = read_item(l, t);
    else if (t.p[0] == '#') {
        size_t n = 0;
        while (n < t.n && t.p[n] == '#')
            n++;
        l.kind = n < t.n && t.p[n] == ' ' ? LINE_HEADING : LINE_TEXT;
        l.words = l.kind == LINE_HEADING ? text_trim(text_after(t, n)) : t;
    }
    return l;
}

/* ---- blocks ------------------------------------------------------------------------------- */

struct writing {
    struct html *h;
    bool is_paragraph;
    unsigned n;        /* lists that are open, one within the other */
    unsigned numbered; /* bit d: the list of depth d is */
};

static_assert(VIEW_SHEET_DEPTH_MAX < 32, "a bit for each depth, from 1");

static bool is_numbered(const struct writing *w)
{
    return w->numbered >> w->n & 1;
}

static void end_list(struct writing *w)
{
    if (is_numbered(w))
        html_put(w->h, "</li>\n</ol>\n");
    else
        html_put(w->h, "</li>\n</ul>\n");
    w->n--;
}

static void end_blocks(struct writing *w)
{
    if (w->is_paragraph)
        html_put(w->h, "</p>\n");
    w->is_paragraph = false;
    while (w->n)
        end_list(w);
}

static void begin_item(struct writing *w, const struct line *l)
{
    unsigned numbered = l->kind == LINE_NUMBERED;
    unsigned depth = l->depth <= w->n + 1 ? l->depth : w->n + 1;
    if (w->is_paragraph)
        end_blocks(w);
    while (w->n > depth)
        end_list(w);
    if (w->n == depth && is_numbered(w) != numbered)
        end_list(w);
    if (w->n == depth) {
        html_put(w->h, "</li>\n<li>");
        return;
    }
    w->n++;
    w->numbered = (w->numbered & ~(1u << w->n)) | numbered << w->n;
    if (numbered)
        html_put(w->h, "<ol>\n<li>");
    else
        html_put(w->h, "<ul>\n<li>");
}

static void put_item(struct writing *w, const struct line *l)
{
    begin_item(w, l);
    if (l->is_point)
        html_put(w->h, "<label><input type=\"checkbox\"> <span>");
    put_inline(w->h, l->words);
    if (l->is_point)
        html_put(w->h, "</span></label>");
}

static void put_words(struct writing *w, const struct line *l)
{
    if (!w->is_paragraph) {
        end_blocks(w);
        html_put(w->h, "<p>");
    } else {
        html_put(w->h, "\n");
    }
    w->is_paragraph = true;
    put_inline(w->h, l->words);
}

void view_sheet_body(struct html *h, struct text markdown)
{
    struct writing w = {.h = h};
    while (markdown.n) {
        struct line l = read_line(text_cut(&markdown, '\n'));
        switch (l.kind) {
        case LINE_ITEM:
        case LINE_NUMBERED:
            put_item(&w, &l);
            break;
        case LINE_TEXT:
            put_words(&w, &l);
            break;
        case LINE_HEADING:
            end_blocks(&w);
            html_put(h, "<h3>");
            put_inline(h, l.words);
            html_put(h, "</h3>\n");
            break;
        default:
            end_blocks(&w);
        }
    }
    end_blocks(&w);
}
