/* json_read.h — values found in JSON (RFC 8259) that a service of ours wrote: by the key of an
 * object, or one after the other in an array. Called by cli/. Pure; nothing is copied: a value is a
 * slice of the text. Cost: one walk over what is before the value.
 * What is no JSON is found to be nothing; it is never read past its end. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/text.h"

/* Objects and arrays within each other; deeper ones are refused. */
#define JSON_READ_DEPTH_MAX 32

/* The value of this key in an object, a string with its quotes. False: no such key, no object. */
MUST_CHECK bool json_find(struct text *value, struct text object, const char *key);
/* The same, and it is a whole number up to max. */
MUST_CHECK bool json_find_number(uint64_t *v, struct text object, const char *key);
/* The same, and it is a string; without quotes. One with an escape is refused. */
MUST_CHECK bool json_find_plain(struct text *value, struct text object, const char *key);

/* The value of a string, with its quotes, as UTF-8 without escapes. False: it is none, an escape is
 * wrong, or there is no room. */
MUST_CHECK bool json_unescape(struct text_out *out, struct text value);

/* Takes the next value off an array: begin with *rest the array itself. False: none is left, or it
 * is no array. */
MUST_CHECK bool json_next(struct text *value, struct text *rest);

#endif
