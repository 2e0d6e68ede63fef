/* texts.h — text messages: what the house writes to a person, and what comes back. For the lines,
 * the whole interface is texts_queue(), called in a turn of the main loop, after the command whose
 * promise the message tells was decided: the row then commits no earlier than its events, and is
 * sent only after that (the sender reads what is committed).
 * Called by app/line*.c and cli/serve_sms.c. Asks the gate before anything is queued. Nothing of a
 * person is kept here but keyed hashes of who said STOP. Cost: a sentence and a few rows. */
#ifndef APP_TEXTS_H
#define APP_TEXTS_H

#include "app/app.h"
#include "base/map.h"
#include "base/prng.h"
#include "directory/directory.h"
#include "gate/gate.h"
#include "gsm/answer.h"
#include "gsm/message.h"
#include "gsm/words.h"
#include "settings/settings.h"

/* Numbers that said STOP; past it no message goes to anybody, and that is told. */
#define TEXTS_STOPS_MAX 65536u
/* Bytes of UTF-8 of a message that came, and the parts in which they are kept. */
#define TEXTS_RECEIVED_MAX 1024
#define TEXTS_PARTS_MAX 16
/* Texts that came of which the id is remembered, so that one that comes again is not another. */
#define TEXTS_SEEN_MAX 4096u

enum texts_verdict {
    TEXTS_QUEUED,
    TEXTS_OFF,     /* no gateway is set (sms.driver) */
    TEXTS_STOPPED, /* the person said STOP, or as many did as can be remembered */
    TEXTS_GATE,    /* told.gate says why */
    TEXTS_LONG,    /* more than one segment; `decroche check` says so before */
    TEXTS_LETTER,  /* a letter that GSM 7 bit does not have */
    TEXTS_ASKS,    /* the sender cannot receive the answer that it asks for */
    TEXTS_EMPTY,   /* nothing is written in it */
    TEXTS_UNNOTED, /* the writer takes nothing: nothing was queued, nothing may be promised */
    TEXTS_VERDICTS
};

struct texts_order {
    enum gsm_kind kind;
    uint64_t e164; /* of the person */
    uint64_t person_id, contact_id;
    uint64_t shown_e164; /* from which they are called; 0: the first number of the directory */
    uint32_t reference, tries_n;
    ms_t from_at, until_at; /* what kind says; by the wall clock */
    struct text service, place;
    ms_t useful_ms; /* not sent any more after so long; 0: as is right for its kind */
};

struct texts_told {
    enum texts_verdict verdict;
    enum gate_verdict gate;
    uint64_t id; /* of the message, when queued */
};

struct texts_args {
    struct app *app; /* borrowed, all of them */
    struct gate *gate;
    const struct directory *directory;
    const struct settings_sms *settings;
    uint64_t seed; /* of ids: not to be guessed */
};

/* What a person wrote. */
struct texts_received {
    uint64_t id, e164;
    struct text utf8;
    uint64_t person_id; /* 0: nobody whom the store knows */
};

/* The same, with its rows: they commit with the contact to which who reads it ties them. */
struct texts_words {
    const struct texts_received *received;
    struct app_rows rows;
};

/* ANNULER: true when a promise was taken back. STOP: nobody is written to any more. Words: true
 * when a person will read them: then the rows were given, and the person was told. NULL: nobody
 * does. */
typedef bool texts_cancel_fn(uint64_t e164, void *arg);
typedef void texts_stop_fn(uint64_t e164, void *arg);
typedef bool texts_words_fn(const struct texts_words *words, void *arg);

struct texts;

size_t texts_bytes(void);
/* Over zeroed memory of texts_bytes(), aligned to 64. */
struct texts *texts_open(void *memory, const struct texts_args *args);
/* Start only: the key of the rows, and each hash under it. */
void texts_use_key(struct texts *t, struct siphash_key key);
void texts_restore_stop(struct texts *t, uint64_t hash);
/* One that came in an earlier life; the oldest first. */
void texts_restore_seen(struct texts *t, uint64_t id);
/* The files were read again. */
void texts_follow(struct texts *t, const struct texts_args *args);
void texts_time(struct texts *t, ms_t wall_at);

void texts_on_cancel(struct texts *t, texts_cancel_fn *fn, void *arg);
void texts_on_stop(struct texts *t, texts_stop_fn *fn, void *arg);
void texts_on_words(struct texts *t, texts_words_fn *fn, void *arg);

/* Renders, asks the gate, gives the row to the writer. False: *told (NULL is fine) says why not,
 * and nothing was counted or kept. */
bool texts_queue(struct texts *t, struct texts_told *told, const struct texts_order *order);

/* May this person be written to: has it not said STOP? */
bool texts_may_write(const struct texts *t, uint64_t e164);

/* What an agent writes, one segment, in the agent's own words. True: the gate has counted it, and
 * *row is to be given with the event that says so; else texts_withdraw(). False: *told says why. */
struct texts_reply {
    uint64_t e164, person_id, contact_id;
    struct text utf8;
};
bool texts_prepare(struct texts *t, struct texts_told *told, struct journal_row *row,
                   const struct texts_reply *reply);
void texts_withdraw(struct texts *t, const struct journal_row *row);

/* The same of a sentence of the house: texts_queue() but for the writer. */
bool texts_make(struct texts *t, struct texts_told *told, struct journal_row *row,
                const struct texts_order *order);

/* A text that came: kept, and carried out. False: the writer takes nothing; give it again. Twice is
 * as good as once. */
MUST_CHECK bool texts_take(struct texts *t, const struct texts_received *received);
/* What became of a message: row of kind JOURNAL_ROW_SMS_STATE. False: as above. */
MUST_CHECK bool texts_note(struct texts *t, const struct journal_row *row);

/* "stopped"; never changed. In French, for people. */
const char *texts_verdict_name(enum texts_verdict verdict);
const char *texts_verdict_words(enum texts_verdict verdict);

struct texts_totals {
    uint64_t queued_n, refused_n[TEXTS_VERDICTS], received_n[GSM_ANSWERS];
    uint64_t ended_n[GSM_STATES]; /* as they were told, so far in this process */
    uint32_t stops_n;
};
struct texts_totals texts_totals(const struct texts *t);

#endif
