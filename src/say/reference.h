/* reference.h — the number by which a person names their wish: seven digits and a check digit.
 * Called by app/ (given, spoken, keyed in). Pure. Source: ISO 7064 MOD 11,10; voice-script §3, §10.
 */
#ifndef SAY_REFERENCE_H
#define SAY_REFERENCE_H

#include "say/say.h"

#define SAY_REFERENCE_DIGITS 8
#define SAY_NUMBER_MAX 9999999

/* What follows n digits (0 … 9), by the hybrid system MOD 11,10. */
unsigned say_check_digit(const uint8_t *digits, unsigned n);
/* The reference of a number 0 … SAY_NUMBER_MAX. Any wrong digit, and nearly any two neighbours that
 * changed places, are noticed. */
uint32_t say_reference_of(uint32_t number);
bool say_reference_is_sound(uint32_t reference);

/* « Votre numéro de demande est le : » by pairs, then again digit by digit. */
void say_reference(struct say_list *list, uint32_t reference);
/* Without carrier, by pairs or digit by digit; both end the sentence. */
void say_reference_pairs(struct say_list *list, uint32_t reference);
void say_reference_digits(struct say_list *list, uint32_t reference);
/* "47 21 08 64" and a NUL, as it is written. */
#define SAY_REFERENCE_BYTES 12
void say_reference_text(char to[SAY_REFERENCE_BYTES], uint32_t reference);

#endif
