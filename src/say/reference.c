/* reference.c — references and how they are read aloud.
 * Called by app/. Cost: eight digits. The hybrid system MOD 11,10 (ISO 7064) needs no letter, which
 * a keypad does not have, and finds all single errors; a table would find no more. */
#include "say/reference.h"

#define PAIRS 4

static_assert(PROMPT_PAIR_99_M - PROMPT_PAIR_00_M == 198, "pairs stand side by side");
static_assert(PROMPT_DIGIT_9_M - PROMPT_DIGIT_0_M == 18, "digits stand side by side");

/* After a digit: ten is the modulus, eleven the next power; 0 counts as 10. */
static unsigned carry(unsigned before, unsigned digit)
{
    unsigned sum = (before + digit) % 10;
    return (sum == 0 ? 10 : sum) * 2 % 11;
}

static void digits_of(uint8_t to[SAY_REFERENCE_DIGITS], uint32_t reference)
{
    for (unsigned i = SAY_REFERENCE_DIGITS; i-- > 0; reference /= 10)
        to[i] = (uint8_t)(reference % 10);
}

unsigned say_check_digit(const uint8_t *digits, unsigned n)
{
    unsigned product = 10;
    for (unsigned i = 0; i < n; i++)
        product = carry(product, digits[i]);
    return (11 - product) % 10;
}

uint32_t say_reference_of(uint32_t number)
{
    uint8_t digits[SAY_REFERENCE_DIGITS];
    assert(number <= SAY_NUMBER_MAX);
    digits_of(digits, number * 10);
    return number * 10 + say_check_digit(digits, SAY_REFERENCE_DIGITS - 1);
}

bool say_reference_is_sound(uint32_t reference)
{
    uint32_t number = reference / 10;
    return number <= SAY_NUMBER_MAX && reference == say_reference_of(number);
}

void say_reference_pairs(struct say_list *list, uint32_t reference)
{
    uint8_t d[SAY_REFERENCE_DIGITS];
    digits_of(d, reference);
    for (unsigned i = 0; i < PAIRS; i++) {
        unsigned pair = d[2 * i] * 10u + d[2 * i + 1];
        say_add(list, PROMPT_PAIR_00_M + 2 * pair + (i + 1 == PAIRS));
        if (i == 1)
            say_add(list, PROMPT_PAUSE_350);
    }
}

void say_reference_digits(struct say_list *list, uint32_t reference)
{
    uint8_t d[SAY_REFERENCE_DIGITS];
    digits_of(d, reference);
    for (unsigned i = 0; i < SAY_REFERENCE_DIGITS; i++)
        say_add(list, PROMPT_DIGIT_0_M + 2u * d[i] + (i + 1 == SAY_REFERENCE_DIGITS));
}

void say_reference(struct say_list *list, uint32_t reference)
{
    say_add(list, PROMPT_WAIT_REF);
    say_reference_pairs(list, reference);
    say_add(list, PROMPT_WAIT_REF_AGAIN);
    say_add(list, PROMPT_PAUSE_550);
    say_reference_digits(list, reference);
}

void say_reference_text(char to[SAY_REFERENCE_BYTES], uint32_t reference)
{
    uint8_t d[SAY_REFERENCE_DIGITS];
    unsigned at = 0;
    digits_of(d, reference);
    for (unsigned i = 0; i < SAY_REFERENCE_DIGITS; i++) {
        if (i > 0 && i % 2 == 0)
            to[at++] = ' ';
        to[at++] = (char)('0' + d[i]);
    }
    to[at] = '\0';
}
