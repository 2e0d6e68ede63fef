/* value.h — values that a flow says by themselves: digits by pairs, days, dates (voice-script
 * §10); telephone numbers are in callback.h. Called by app/ (the say steps of a flow) and closed.c.
 * Pure. */
#ifndef SAY_VALUE_H
#define SAY_VALUE_H

#include "base/calendar.h"
#include "say/say.h"

/* More digits would not fit a list that a line can hear. */
#define SAY_DIGITS_MAX 20

/* Digits by pairs, a rest after the second; an odd one stands alone at the end. */
void say_digits(struct say_list *list, const char *digits, unsigned n);
/* « jeudi »; weekday: 0 is Monday. */
void say_day(struct say_list *list, unsigned weekday);
/* « le jeudi douze novembre »: the year is never said. */
void say_date(struct say_list *list, calendar_day day);

#endif
