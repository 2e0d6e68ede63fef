/* words.h — what is wrong, in words: for programs in English, for people in French.
 * Called by view and, for log lines, cli/reader.c. Pure. */
#ifndef VIEW_WORDS_H
#define VIEW_WORDS_H

#include "view/house.h"

enum view_language { VIEW_ENGLISH, VIEW_FRENCH };

/* How well it is, by what is wrong; and its word for programs: "well", "degraded", "down". */
enum view_health view_words_health(const struct view_alarms *alarms);
const char *view_words_health_name(enum view_health health);

/* "journal_down": its name for programs, never changed. */
const char *view_words_alarm_name(enum view_alarm alarm);

struct view_sentence {
    const char *what, *why, *cure; /* why: "" or the reason of the machine */
};
struct view_sentence view_words_alarm(enum view_alarm alarm, const struct view_alarms *alarms,
                                      enum view_language language);

/* Why a call of the house to itself failed: enum vitals_fault, the SIP status of a refusal. */
const char *view_words_call_fault(uint32_t fault, uint32_t status, enum view_language language);

/* For people, in French. */
const char *view_words_outcome(enum outcome outcome); /* "décrochés" */
const char *view_words_agent_state(enum agent_state state);
const char *view_words_band(enum band band);
const char *view_words_hours(enum hours hours);
const char *view_words_conclusion(enum conclusion conclusion);

#endif
