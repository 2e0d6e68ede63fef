/* conceal.h — what a decoder lost is made up from what it gave before: the last period of the voice
 * again and again, softer and softer, as jitter.c does for what is heard mixed.
 * Pure. Called by coder.c for G.722, whose standard conceals nothing. Cost: pitch_lag() a loss. */
#ifndef MEDIA_CONCEAL_H
#define MEDIA_CONCEAL_H

#include "media/jitter.h"
#include "media/pitch.h"

struct conceal {
    int16_t past[PITCH_PAST]; /* the last samples that came */
    uint32_t lag_n;           /* period of the hole in course; 0: silence */
    uint32_t made_n;          /* samples of it so far; 0: there is no hole */
};

void conceal_begin(struct conceal *c);
/* n samples of a hole. */
void conceal_make(struct conceal *c, int16_t *to, uint32_t n);
/* Samples that came; the first ones are joined to what was made up before. */
void conceal_hear(struct conceal *c, int16_t *samples, uint32_t n);

#endif
