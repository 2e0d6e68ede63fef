/* texts.h — written contacts, as pages show them: a list, and one with all that was written to and
 * fro, for programs and for people. Called by app/pages_written.c. Pure; what does not fit sets
 * out->is_cut. */
#ifndef VIEW_TEXTS_H
#define VIEW_TEXTS_H

#include "acd/look.h"
#include "base/json.h"
#include "port/texts.h"
#include "view/house.h"

struct view_text {
    struct acd_look_text look;
    uint32_t reference;          /* with its check digit */
    uint64_t e164;               /* 0: not known */
    bool is_whole;               /* who asks may see all of the number */
    bool is_web;                 /* written on the page, not by SMS */
    char name[JOURNAL_WEB_NAME]; /* as who wrote there gave it; "": not */
};

/* One message of it. */
struct view_text_message {
    ms_t at; /* by the wall clock */
    enum view_text_from { VIEW_TEXT_PERSON, VIEW_TEXT_AGENT, VIEW_TEXT_HOUSE } from;
    struct text utf8;
    const char *state, *why; /* of one that goes out, for programs; NULL: it came */
    const char *words;       /* the same, in French */
};

/* The object of one, up to the end of its own fields; whoever calls ends it. */
void view_text_json(struct json *j, const struct view_house *h, const struct view_text *t);
void view_text_message_json(struct json *j, const struct view_text_message *m);
/* The head of a list, up to the first. */
void view_texts_begin(struct json *j, const struct view_house *h);

/* A line each, in French. What a person wrote moves no cursor: control characters are spaces. */
void view_text_line(struct text_out *out, const struct view_house *h, const struct view_text *t);
void view_text_message_line(struct text_out *out, const struct view_house *h,
                            const struct view_text_message *m);

#endif
