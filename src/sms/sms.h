/* sms.h — the sender of text messages: takes what the store has queued, gives it to the gateway of
 * an operator by HTTP or SMPP 3.4, and tells what became of it. One thread of its own; nothing on a
 * call's way ever waits for it. It reads what is committed only, so nothing is sent before its
 * commit; what it tells is written by the journal's writer; until that is committed it remembers
 * what it has told, so that a message is sent twice only when a process dies in between, then with
 * the same idempotency key (ADR 23).
 * Opened by cli/serve_sms.c. Cost: an index look-up a wake; a copy of 1.3 kB a piece of news. */
#ifndef SMS_SMS_H
#define SMS_SMS_H

#include "gsm/fault.h"
#include "os/log.h"
#include "port/outbox.h"
#include "settings/settings.h"

#define SMS_NEWS_MAX 256 /* waiting for main; a power of two */
#define SMS_TEXT_MAX 1024

struct sms;

struct sms_args {
    const struct settings_sms *settings; /* copied */
    const char *secret;                  /* copied; of the gateway */
    const char *authority;               /* copied: the file of sms.tls_authority; NULL: none */
    const struct outbox_port *outbox;    /* borrowed; asked from the thread only */
    struct os_log *log;
    os_clock_fn *wall_at; /* NULL: the machine's */
};

enum sms_news_kind {
    SMS_NEWS_STATE,    /* row: of kind JOURNAL_ROW_SMS_STATE */
    SMS_NEWS_RECEIVED, /* id, e164, text: a person wrote */
};

struct sms_news {
    enum sms_news_kind kind;
    struct journal_row row;
    uint64_t id, e164;
    uint64_t person_id; /* of who wrote, as the store knows them; 0: nobody known */
    uint16_t text_n;
    char text[SMS_TEXT_MAX]; /* UTF-8 */
};

struct sms_totals {
    uint64_t sent_n, refused_n, trouble_n, received_n, receipts_n;
    bool is_up;           /* smpp: bound; http: the last request was answered */
    enum gsm_fault fault; /* smpp: why there is no session */
};

/* 0 or errno. */
MUST_CHECK int sms_open(struct sms **s, const struct sms_args *args);
/* Ends the thread. NULL is fine. */
void sms_drop(struct sms *s);

/* Main. Something was queued, or a commit came while sms_wants() says so. */
void sms_wake(struct sms *s);
bool sms_wants(const struct sms *s);
/* The next piece of news, borrowed until sms_done(); NULL: none. */
const struct sms_news *sms_news(struct sms *s);
void sms_done(struct sms *s);
/* Readable when there is news. */
int sms_fd(const struct sms *s);
void sms_fd_clear(struct sms *s);
struct sms_totals sms_totals(const struct sms *s);

#endif
