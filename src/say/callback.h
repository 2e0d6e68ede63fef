/* callback.h — numbers, hours and references of callbacks, as lists of prompts (voice-script §5).
 * Called by app/. Pure. */
#ifndef SAY_CALLBACK_H
#define SAY_CALLBACK_H

#include "base/calendar.h"
#include "base/text.h"
#include "say/hours.h"

#define SAY_NUMBER_DIGITS_MAX 15 /* ITU-T E.164 */
#define SAY_SLOTS_MAX 2          /* a page */

enum say_pace { SAY_PAIRS, SAY_DIGITS }; /* the second, on star */

/* A telephone number, "+33536490010" or "0536490010": French ones by pairs from 0, others digit by
 * digit after « plus ». False: it is none (1 … 15 digits, with or without +); nothing was added. */
MUST_CHECK bool say_number(struct say_list *list, struct text number, enum say_pace pace);
/* « Nous vous rappellerons au : … Si c’est bien ce numéro, tapez 1. … » */
MUST_CHECK bool say_callback_number(struct say_list *list, struct text number, enum say_pace pace);
/* « Nous vous appellerons du : … » */
MUST_CHECK bool say_callback_from(struct say_list *list, struct text number, enum say_pace pace);

/* One time that can be chosen; day: at most six days after today. */
struct say_slot {
    calendar_day day;
    uint16_t from, to; /* minutes of the day */
};

struct say_slots {
    calendar_day today;
    struct say_slot slots[SAY_SLOTS_MAX];
    unsigned n; /* 1 or 2 */
};

/* « Aujourd’hui, entre … et …, tapez 1. Demain, … Pour d’autres heures, tapez 3. » */
void say_slots(struct say_list *list, const struct say_slots *page, enum prompt_lang lang);
/* « C’est noté. Nous vous rappellerons demain, entre … et …. Vous pouvez raccrocher. » The first of
 * the page is the one that was chosen. */
void say_slot_done(struct say_list *list, const struct say_slots *page, enum prompt_lang lang);

/* The band that a callback is promised within, when the wait on the line is told as this one: one
 * further. */
enum band say_asap_band(enum band band);
/* « C’est noté. Nous vous rappellerons d’ici dix à vingt minutes. … »; unknown: « aujourd’hui ».
 * band: of the wait on the line. */
enum prompt_id say_asap_done(enum band band);
/* « Votre numéro de demande est le : » by pairs, then digit by digit. */
void say_callback_reference(struct say_list *list, uint32_t reference);

#endif
