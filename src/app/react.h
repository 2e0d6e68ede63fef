/* react.h — what an event asks of the world. Included by app/ only. */
#ifndef APP_REACT_H
#define APP_REACT_H

#include "app/legs.h"
#include "event/effect.h"

/* Effects of one event; most have none, none has more than this. */
#define REACT_MAX 2

/* Writes the effects of ev to out; returns how many. */
unsigned react(const struct legs *legs, const struct event *ev, struct effect out[REACT_MAX]);

#endif
