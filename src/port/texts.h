/* texts.h — what a page may tell the service of text messages: what a gateway says became of one,
 * what a person wrote, a test of the administrator. Told by app/pages_texts.c on the reader thread;
 * cli/mailbox.c carries it to main. */
#ifndef PORT_TEXTS_H
#define PORT_TEXTS_H

#include "port/journal.h"

/* On their way at once; past it the page says to come again. */
#define TEXTS_POSTS_MAX 64
/* One that is not on the disk by then is told to come again. */
#define TEXTS_WAIT_MS ((ms_t)2000)
/* 1024 of a text message; 500 signs of the page are at most 1500. */
#define TEXTS_POST_BYTES 1536
/* Bytes of the secret in the address of a page of somebody who wrote there. */
#define TEXTS_SECRET_BYTES 16
/* A longer text than TEXTS_POST_BYTES is cut there, and says so by a last "…"; past this it is no
 * text message. */
#define TEXTS_LONG_BYTES 8192

enum texts_post_kind {
    TEXTS_POST_RECEIVED, /* id, e164, text */
    TEXTS_POST_RECEIPT,  /* id, is_delivered, code */
    TEXTS_POST_TEST,     /* e164 */
    TEXTS_POST_ANSWER,   /* contact_id, agent_id, text: an agent answers a written contact */
    TEXTS_POST_WEB,      /* id, hash, queue_id, name, e164, address, text: written on the page */
};

struct texts_post {
    enum texts_post_kind kind;
    uint64_t id, e164, contact_id;
    uint64_t person_id; /* of who wrote; 0: nobody known. Looked up by who carries it */
    uint32_t agent_id;
    uint32_t code, queue_id;
    bool is_delivered;
    uint64_t address;               /* from where, 8 bytes of it; kept in memory alone */
    uint8_t hash[JOURNAL_WEB_HASH]; /* of the secret; looked up by who carries it */
    char name[JOURNAL_WEB_NAME];
    uint16_t text_n;
    char text[TEXTS_POST_BYTES];
};

/* One message of a written contact, as it stands on the disk: enums of gsm/, as in port/journal.h.
 */
#define TEXTS_SHOWN_MAX 1000
/* enum gsm_kind GSM_WRITTEN, by which the store finds what agents wrote. */
#define TEXTS_KIND_ANSWER 17
struct texts_shown {
    uint64_t id;
    ms_t at;
    uint16_t n;
    uint8_t kind, state, why, coding;
    bool is_received;
    uint8_t octets[JOURNAL_SMS_OCTETS];
};
typedef void texts_shown_fn(const struct texts_shown *shown, void *arg);

enum texts_post_state {
    TEXTS_POST_UNKNOWN,
    TEXTS_POST_GIVEN,  /* on its way */
    TEXTS_POST_DONE,   /* main has it; not on the disk */
    TEXTS_POST_STORED, /* it is; or main refused: then id is 0 */
};

struct texts_post_told {
    uint64_t id;           /* of the message; 0: refused */
    const char *why, *say; /* for programs; in French */
    int verdict;           /* of an answer: enum acd_verdict */
    ms_t given_ms;
};

/* Who wrote on the page, as it stands on the disk. */
struct texts_page {
    uint64_t contact_id, e164;
    ms_t opened_at, closed_at; /* closed_at 0: open, as far as it was noted */
    uint32_t queue_id, reference;
    char name[JOURNAL_WEB_NAME];
};

struct texts_port {
    void *arg;
    bool has_gateway; /* of text messages; without it there is only the page */
    /* Its number, or 0: too many. */
    uint64_t (*give)(void *arg, const struct texts_post *post, ms_t now_ms);
    enum texts_post_state (*look)(void *arg, uint64_t number, struct texts_post_told *told);
    void (*forget)(void *arg, uint64_t number);
    /* The message that the gateway calls so; or is there one of this id of ours? 0: none. */
    uint64_t (*find)(void *arg, const char *remote);
    bool (*has)(void *arg, uint64_t id);
    /* Of a written contact that is open: its number, 0: not known; and all that was written, the
     * oldest first. */
    uint64_t (*number)(void *arg, uint64_t contact_id);
    int (*thread)(void *arg, uint64_t contact_id, texts_shown_fn *fn, void *fn_arg);
    /* A secret for a page, hexadecimal with its NUL. False: the machine gives no random bytes. */
    bool (*draw)(void *arg, char to[2 * TEXTS_SECRET_BYTES + 1]);
    /* Under which a secret, in hexadecimal, is kept; and what is: 0, ENOENT or errno. */
    void (*hash)(void *arg, uint8_t to[JOURNAL_WEB_HASH], struct text secret);
    int (*page)(void *arg, const uint8_t hash[JOURNAL_WEB_HASH], struct texts_page *page);
    /* The same of a contact. */
    int (*page_of)(void *arg, uint64_t contact_id, struct texts_page *page);
};

#endif
