/* pages_written.h — pages about written contacts: who wrote, the first of them taken by an agent,
 * answered, closed, given back (ADR 31). Included by app/pages.c only. */
#ifndef APP_PAGES_WRITTEN_H
#define APP_PAGES_WRITTEN_H

#include "app/awaited.h"
#include "view/texts.h"

struct pages_written_args {
    const struct view_house *house;
    const struct orders_port *orders; /* NULL: nothing can be changed here */
    const struct texts_port *texts;   /* NULL: no gateway of text messages */
    const struct pages_request *request;
    struct text reference;    /* of the path, or of a form */
    const struct text *typed; /* the answer that a form has; NULL: the body is JSON */
    enum pages_written_what {
        WRITTEN_LIST,
        WRITTEN_NEXT, /* agent */
        WRITTEN_SHOW,
        WRITTEN_ANSWER, /* agent; {"text"} in the body */
        WRITTEN_CLOSE,  /* agent */
        WRITTEN_BACK,   /* agent */
        WRITTEN_MOVE    /* agent, service */
    } what;
};

/* The answer, or is_later. */
void pages_written(const struct pages_written_args *args, struct pages_answer *answer);

/* The orders alone, for pages that show something else. status 0: is_later; 200: stored. */
struct page_words pages_written_change(const struct pages_written_args *args,
                                       struct pages_answer *answer);
struct page_words pages_written_answer(const struct pages_written_args *args,
                                       struct pages_answer *answer);

/* Was it written on the page /ecrire? */
bool pages_written_is_web(const struct texts_port *texts, uint64_t contact_id);

/* All that was written to and fro, the oldest first, as far as it can be read. */
typedef void pages_written_message_fn(const struct view_text_message *m, void *arg);
void pages_written_messages(const struct texts_port *texts, uint64_t contact_id,
                            pages_written_message_fn *fn, void *arg);

#endif
