/* webtext.h — what people write on the page /ecrire (ADR 54): a contact in the queue of a service,
 * of which only whoever has its secret reads the answers. The heart has what it has of an SMS;
 * name, number and words stand in the store, and go there in one append with their event. Opened by
 * cli/serve_webtext.c; called by it in a turn of the main loop. Cost: a look-up a message; opening
 * one: a look at those that are open. */
#ifndef APP_WEBTEXT_H
#define APP_WEBTEXT_H

#include "app/app.h"
#include "directory/directory.h"
#include "port/texts.h"

/* Open at once, whatever the settings say. */
#define WEBTEXT_MAX 4096u
/* Signs of one message, as browsers count them (UTF-16); its parts of 70. */
#define WEBTEXT_SIGNS_MAX 500u
#define WEBTEXT_PARTS_MAX 8u
/* Of one contact within a minute; opened from one address within an hour. */
#define WEBTEXT_MINUTE_MAX 6u
#define WEBTEXT_HOUR_MAX 30u
/* Addresses that are remembered for that; another one may take the place of one. */
#define WEBTEXT_ADDRESSES 1024u

enum webtext_verdict {
    WEBTEXT_KEPT,
    WEBTEXT_OFF,     /* nobody writes here, or not to this service */
    WEBTEXT_EMPTY,   /* nothing is written */
    WEBTEXT_LONG,    /* more than WEBTEXT_SIGNS_MAX signs, or no letters */
    WEBTEXT_FULL,    /* as many are open as may be, or the heart has no room */
    WEBTEXT_ADDRESS, /* from this address */
    WEBTEXT_MINUTE,  /* of this contact, lately */
    WEBTEXT_OVER,    /* as many as one contact takes */
    WEBTEXT_VERDICTS
};

struct webtext_args {
    struct app *app; /* borrowed, all of them */
    const struct acd *acd;
    const struct directory *directory;
    uint64_t seed; /* of ids and references: not to be guessed */
    uint16_t node;
};

struct webtext;

size_t webtext_bytes(void);
/* Over zeroed memory of webtext_bytes(), aligned to 64. */
struct webtext *webtext_open(void *memory, const struct webtext_args *args);
/* The files were read again. */
void webtext_follow(struct webtext *w, const struct directory *directory);
/* Once a turn, and at the start before anything is restored. */
void webtext_turn(struct webtext *w, ms_t now_at, ms_t wall_at);
/* Start only: JOURNAL_ROW_WEB of one that is open. */
void webtext_restore(struct webtext *w, const struct journal_row *row);

/* TEXTS_POST_WEB: the first message of a secret opens its contact, each later one joins it. False:
 * the writer takes nothing, give it again. *verdict says what became of it. Twice is as good as
 * once. */
MUST_CHECK bool webtext_post(struct webtext *w, const struct texts_post *post,
                             enum webtext_verdict *verdict);

/* Is it one of those? */
bool webtext_has(const struct webtext *w, uint64_t contact_id);
/* TEXTS_POST_ANSWER: an agent answers; who wrote reads it as soon as it is on the disk. The id of
 * the message; 0: *refused says why, or it is ACD_DONE and *verdict does. */
uint64_t webtext_reply(struct webtext *w, const struct texts_post *post, enum acd_verdict *refused,
                       enum webtext_verdict *verdict);

/* "off"; never changed. In French, for who answers. */
const char *webtext_verdict_name(enum webtext_verdict verdict);
const char *webtext_verdict_words(enum webtext_verdict verdict);

struct webtext_totals {
    uint64_t opened_n, joined_n, answered_n, refused_n[WEBTEXT_VERDICTS];
    uint32_t open_n;
};
struct webtext_totals webtext_totals(const struct webtext *w);

#endif
