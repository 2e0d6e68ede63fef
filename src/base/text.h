/* text.h — slices of text, and text written into given memory.
 * Called by sip, say, view. A slice does not end with NUL and owns nothing. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/types.h"

struct text {
    const char *p; /* borrowed */
    size_t n;
};

/* A slice of a string literal or array. */
#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})
#define TEXT_NONE ((struct text){0})

struct text text_of(const char *s);
bool text_equal(struct text a, struct text b);
/* ASCII letters without regard to case, as the tokens of SIP compare (RFC 3261 §7.3.1). */
bool text_equal_fold(struct text a, struct text b);
/* The decimal number that is the whole slice; false when it is not one or passes max. */
bool text_number(struct text t, uint64_t max, uint64_t *v);

bool text_starts_fold(struct text t, struct text prefix);
/* Takes what stands before the first c, or all, off *rest; c itself is dropped. */
struct text text_cut(struct text *rest, char c);
/* Without spaces and tabs at both ends. */
struct text text_trim(struct text t);
bool text_is_blank(char c); /* a space or a tab */
/* What stands behind the first n characters; empty when there are no more. */
struct text text_after(struct text t, size_t n);
/* Where a line begins, from 1; behind the last one: the end. */
size_t text_line_at(struct text t, uint32_t line);
/* Takes the next run of characters that are no blanks off *rest; empty at its end. */
struct text text_word(struct text *rest);

/* Text being written. Once it was full, is_cut stays set and nothing more is written. */
struct text_out {
    char *p; /* borrowed */
    size_t n, max;
    bool is_cut;
};

void text_put(struct text_out *out, struct text t);
void text_put_number(struct text_out *out, uint64_t v);
/* The low n digits of v in lower-case hexadecimal, the highest first; n <= 16, no NUL. */
void text_hex(char *to, uint64_t v, unsigned n);

/* The number that all digits of t write, lower case, at most 16; false when one is none. */
MUST_CHECK bool text_hex_read(uint64_t *v, struct text t);

/* Copies into a fixed array with its length beside it; false when it does not fit. */
MUST_CHECK bool text_keep(char *to, size_t max, uint16_t *n, struct text t);

#endif
