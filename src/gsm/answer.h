/* answer.h — what a person who answers a text message means: with any case, accent, space or final
 * dot (voice-script §12). Called by app/texts.c. Pure. */
#ifndef GSM_ANSWER_H
#define GSM_ANSWER_H

#include "base/text.h"

/* Kept in the store by these numbers: new ones at the end. */
enum gsm_answer {
    GSM_ANSWER_WORDS, /* anything else: written to a person */
    GSM_ANSWER_STOP,
    GSM_ANSWER_CANCEL,
    GSM_ANSWER_YES,
    GSM_ANSWER_NO,
    GSM_ANSWER_PARTLY,
    GSM_ANSWERS
};

enum gsm_answer gsm_answer(struct text utf8);
/* "stop"; never changed. */
const char *gsm_answer_name(enum gsm_answer answer);

#endif
