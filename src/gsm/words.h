/* words.h — what a text message says: the sentences of voice-script §12, each one segment of GSM 7
 * bit, without a link, the organisation first, never a subject. Called by app/texts.c and by
 * config/ (does the name fit?). Pure. */
#ifndef GSM_WORDS_H
#define GSM_WORDS_H

#include "base/calendar.h"
#include "gsm/coding.h"

/* Kept in the store by these numbers: new ones at the end. */
enum gsm_kind {
    GSM_KIND_NONE,
    GSM_CALLBACK_ASAP,      /* sms.cb.asap: from, until */
    GSM_CALLBACK_SLOT,      /* sms.cb.slot: from, until */
    GSM_CALLBACK_SOON,      /* sms.cb.soon */
    GSM_CALLBACK_MISSED,    /* sms.cb.missed: from: the next try */
    GSM_CALLBACK_LAST,      /* sms.cb.last: tries_n; until: the place is kept */
    GSM_CUT_OFF,            /* sms.cut */
    GSM_REFERENCE,          /* sms.ref: service, place */
    GSM_SURVEY,             /* sms.survey */
    GSM_SURVEY_MISSED,      /* sms.survey.unreached: from: the day of the call */
    GSM_CALLBACK_PLAIN,     /* sms.discreet.cb: from, until; no name of the organisation */
    GSM_STOP_NOTED,         /* sms.stop.ok */
    GSM_RECEIVED,           /* the answer to what a person wrote */
    GSM_TEST,               /* of the administrator */
    GSM_CALLBACK_PLAIN_DAY, /* sms.discreet.cb.day: the same, of another day */
    GSM_RECEIVED_CLOSED,    /* the same while it is closed: from: the next opening */
    GSM_NOT_TAKEN,          /* the same when too many wait: it was not taken */
    GSM_WRITTEN,            /* by an agent: no sentence of ours */
    GSM_KINDS
};

/* What stands in the sentences. Instants are those of a clock on the wall. */
struct gsm_values {
    struct text organisation;
    struct text service, place; /* of GSM_REFERENCE */
    uint64_t number;            /* E.164: from which we call, and at which we are called */
    uint32_t reference;         /* 8 digits */
    uint32_t tries_n;
    struct calendar_local from, until;
    bool takes_answers; /* the sender is a number: "répondez …" is said */
};

enum gsm_words_verdict {
    GSM_WORDS_SAID,
    GSM_WORDS_LONG,   /* more than one segment: the organisation or the place is too long */
    GSM_WORDS_LETTER, /* a letter that GSM 7 bit does not have, nor a likeness */
    GSM_WORDS_ASKS,   /* it asks for an answer that the sender cannot receive */
};

/* Writes the sentence, in UTF-8, into room of GSM_UTF8_MAX. */
enum gsm_words_verdict gsm_words(struct text_out *out, enum gsm_kind kind,
                                 const struct gsm_values *values);
/* "sms.cb.asap"; never changed. */
const char *gsm_kind_name(enum gsm_kind kind);
/* Does every sentence fit, with the longest values that there are, under this name? */
bool gsm_words_fit(struct text organisation);

#endif
