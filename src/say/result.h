/* result.h — what agents and those who ask about a call are told: minutes of waiting, missed calls,
 * outcomes, percentages (voice-script §8, §9, §10). Called by app/. Pure. */
#ifndef SAY_RESULT_H
#define SAY_RESULT_H

#include "base/calendar.h"
#include "say/hours.h"

#define SAY_MINUTES_MAX 60 /* above: « plus d’une heure » */
#define SAY_PERMILLE_MAX 1000

struct say_whisper {
    enum prompt_id about; /* which service; PROMPT_NONE: not said */
    uint32_t waited_min;  /* 0: not said */
    bool wants_key;       /* an ordinary telephone: a voicemail must never answer */
};

/* « Santé. Attend depuis six minutes. Pour répondre, tapez 1. »; without a key « Santé. six
 * minutes. », three seconds at most. */
void say_whisper(struct say_list *list, const struct say_whisper *whisper);
/* The same before the agent calls somebody back: cb.whisper, the service, the wait, and from the
 * second on which attempt it is (cb.try.*). */
void say_callback_whisper(struct say_list *list, const struct say_whisper *whisper,
                          unsigned attempt);
/* « Un appel n’a pas été pris à dix heures quatre. Vous êtes en pause. … » */
void say_missed(struct say_list *list, uint16_t minute, enum prompt_lang lang);

struct say_call {
    calendar_day today, day; /* of the call: today or before */
    uint16_t minute;         /* of that day */
    enum outcome outcome;
};

/* « Votre appel de mardi, à neuf heures douze, est compté comme répondu. » False: for this outcome
 * there are no words (none yet, a test, hung up at once); nothing was added. */
MUST_CHECK bool say_counted(struct say_list *list, const struct say_call *call,
                            enum prompt_lang lang);

/* How the sound of a caller came, during an echo test. */
struct say_echo {
    uint32_t heard_n, lost_n; /* packets */
    uint32_t jitter_ms;
};
#define SAY_JITTER_MS_MAX 99 /* above: « plus de cent millisecondes » */

/* « De ce que vous avez dit, il s’est perdu en route deux pour cent. Irrégularité du son, en
 * millisecondes : douze. »; or that nothing was heard. */
void say_echo(struct say_list *list, const struct say_echo *echo);

/* « quatre-vingt-sept virgule trois pour cent. »; permille <= SAY_PERMILLE_MAX. */
void say_percent(struct say_list *list, uint32_t permille);

#endif
