/* json.h — JSON written into given memory. Commas and escapes are its matter; order and names are
 * the caller's. Called by view and cli. Pure; no number is ever rounded, no double is used.
 * Invariant: what was not cut is JSON in valid UTF-8, whatever the bytes of the texts are. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/text.h"

struct json {
    struct text_out *out; /* borrowed */
    bool needs_comma;
};

/* name: the key within an object; NULL within an array, or for the whole. It is written as it is:
 * a literal without characters to escape. */
void json_object(struct json *j, const char *name);
void json_array(struct json *j, const char *name);
void json_object_end(struct json *j);
void json_array_end(struct json *j);

void json_text(struct json *j, const char *name, struct text value);
void json_string(struct json *j, const char *name, const char *value); /* NULL: null */
void json_number(struct json *j, const char *name, uint64_t value);
void json_signed(struct json *j, const char *name, int64_t value);
void json_bool(struct json *j, const char *name, bool value);
void json_null(struct json *j, const char *name);

/* A value that is JSON already. */
void json_raw(struct json *j, const char *name, struct text value);

#endif
