/* g711.h — ITU-T G.711: one byte a sample, by the A law or the µ law.
 * Pure. Called by prompt.c when prompts are loaded, and by receive.c (256-byte tables) when two
 * legs speak different laws. */
#ifndef MEDIA_G711_H
#define MEDIA_G711_H

#include "base/types.h"
#include "port/media.h"

#define G711_A_SILENCE 0xd5
#define G711_U_SILENCE 0xff
/* Neither law tells samples apart that differ in the last two bits alone. */
#define G711_STEPS (1u << 14)

/* 16-bit linear, full scale as in ITU-T G.191. */
uint8_t g711_encode(enum media_codec law, int16_t sample);
int16_t g711_decode(enum media_codec law, uint8_t code);

/* The codes of all steps, for much sound at once. */
void g711_steps(uint8_t to[G711_STEPS], enum media_codec law);
static inline uint8_t g711_step(const uint8_t steps[G711_STEPS], int16_t sample)
{
    return steps[(uint16_t)sample >> 2];
}

/* From one law to the other: to[code] is the nearest value of the other law. */
void g711_bridge_table(uint8_t to[256], enum media_codec from);

#endif
