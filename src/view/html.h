/* html.h — a page being written (HTML Living Standard, §13.1): what comes from outside is escaped
 * by default, in two languages, French first. Called by the screens of view/. Pure.
 * Invariant: only a literal of ours is HTML; whatever else is text. */
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include "base/text.h"

#define HTML_HARD "\u00a0" /* before : and between a number and its unit */
#define HTML_THIN "\u202f" /* before ; ? ! %, and between thousands */

struct html {
    struct text_out *out; /* borrowed */
    bool is_english;
    bool is_said; /* the language stands in the address: links keep it */
};

/* As printf does, with %s, %.*s, %u, %llu, %lld and %% alone. The format is HTML; what stands for
 * %s is text: sound between tags and in quoted attributes, not in scripts or styles: we have none
 * there. NULL is "". */
__attribute__((format(printf, 2, 3))) void html_put(struct html *h, const char *format, ...);

/* The one of the page's language. */
const char *html_say(const struct html *h, const char *french, const char *english);

/* What links of this page have behind their path: the language, when it was chosen. */
const char *html_query(const struct html *h);

/* 1 234 567 */
void html_number(struct html *h, uint64_t v);
/* 87,3 % of tenths of a per cent. */
void html_tenths(struct html *h, uint32_t tenths);
/* « 4 min 30 s », as a person reads it; at most two units. */
void html_duration(struct html *h, int64_t ms);

#endif
