/* webtext.h — the pages on which people write to a service (ADR 54): the form, and the page of
 * their own with the place, what was written and what was answered. Plain HTML; web/ecrire.js
 * counts signs and looks for what is new. Called by app/pages_webtext.c. Pure. */
#ifndef VIEW_WEBTEXT_H
#define VIEW_WEBTEXT_H

#include "view/house.h"
#include "view/html.h"
#include "view/texts.h"

/* Signs of a message and of a first name, as browsers count them. */
#define VIEW_WEBTEXT_SIGNS 500u
#define VIEW_WEBTEXT_NAME 30u

/* What is wrong with what was sent. */
enum view_webtext_fault {
    VIEW_WEBTEXT_WELL,
    VIEW_WEBTEXT_NO_SERVICE, /* none was chosen, or it is not written to */
    VIEW_WEBTEXT_EMPTY,
    VIEW_WEBTEXT_LONG,
    VIEW_WEBTEXT_LONG_NAME,
    VIEW_WEBTEXT_NO_NUMBER, /* what was typed there is no telephone number */
    VIEW_WEBTEXT_FULL,
    VIEW_WEBTEXT_ADDRESS,
    VIEW_WEBTEXT_MINUTE,
    VIEW_WEBTEXT_OVER,
    VIEW_WEBTEXT_SYSTEM, /* not on the disk */
    VIEW_WEBTEXT_ORIGIN, /* sent by a page of another site */
    VIEW_WEBTEXT_FAULTS
};

struct view_webtext_form {
    enum view_webtext_fault fault;
    const char *secret; /* NULL: nothing can be kept now */
    struct text typed, name, number, service;
    const bool *offered; /* by index of the service; NULL: nobody is written to here */
};
void view_webtext_form(struct html *h, const struct view_house *house,
                       const struct view_webtext_form *form);

struct view_webtext {
    enum view_webtext_state {
        VIEW_WEBTEXT_STORED, /* on the disk; the figures are not there yet */
        VIEW_WEBTEXT_WAITS,
        VIEW_WEBTEXT_TAKEN,
        VIEW_WEBTEXT_DONE
    } state;
    enum view_webtext_fault fault;
    uint32_t before_n;  /* WAITS: people whom somebody is to answer first */
    const char *agent;  /* TAKEN: their name; NULL: they left the directory */
    ms_t opens_at;      /* WAITS: it is closed until then; 0: it is open, MS_NEVER: not known */
    uint32_t reference; /* with its check digit */
    uint32_t queue_id;
    const char *secret;
    struct text typed; /* what was refused */
    uint32_t texts_n;  /* of theirs, so that the same form sent twice is one */
    ms_t keep_ms;
    /* Gives each message to view_webtext_message(). */
    void (*messages)(struct html *h, void *arg);
    void *arg;
};
void view_webtext(struct html *h, const struct view_house *house, const struct view_webtext *page);
void view_webtext_message(struct html *h, const struct view_house *house,
                          const struct view_text_message *m);
/* There is no such page; the same whether there was one. */
void view_webtext_unknown(struct html *h, const struct view_house *house);

#endif
