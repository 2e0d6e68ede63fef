/* hours.h — hours to the minute, and from one hour to another, as lists of prompts (voice-script
 * §10). Called by say/ and app/. Pure. Minutes are those of the day, 0 … 1439, as the wall shows
 * them; what the caller plans by is rounded by who asks (say_hour() of closed.h). */
#ifndef SAY_HOURS_H
#define SAY_HOURS_H

#include "say/say.h"

#define SAY_DAY_MIN (24 * 60)

/* « à neuf heures douze »; is_last: the sentence ends here. */
void say_at(struct say_list *list, uint16_t minute, enum prompt_lang lang, bool is_last);

struct say_span {
    uint16_t from, to; /* minutes of the day */
    bool is_last;
};

/* « entre neuf heures et neuf heures trente » */
void say_between(struct say_list *list, const struct say_span *span, enum prompt_lang lang);

/* « D’habitude, on attend moins entre quatorze heures et seize heures. » */
void say_quiet(struct say_list *list, struct say_span span, enum prompt_lang lang);
/* « Personne n’est là pour le moment. Quelqu’un arrive à dix heures. Vous pouvez rester… » */
void say_expected(struct say_list *list, uint16_t minute, enum prompt_lang lang);

#endif
