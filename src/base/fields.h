/* fields.h — a struct as bytes that other versions of the program read too: each field is written
 * under a number of its own, which is never given to anything else; what is not known is passed
 * over, what is not there stays as it was. The table of fields is both the writer and the reader.
 * Called by phone and app. Cost: O(fields²) comparisons to read. */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include "base/text.h"

/* At least 1 byte; fields that are 0, or empty, are not written. */
struct field {
    uint16_t tag;
    uint16_t at, size; /* in the struct; size 0: a bool, which is never what a file says it is */
    uint16_t n_at; /* 0: a number of size bytes; else an array whose length, uint16_t, is here */
};

#define FIELD_SIZE(type, member)                                                                   \
    _Generic(((type *)0)->member, bool                                                             \
             : (uint16_t)0, default                                                                \
             : (uint16_t)sizeof(((type *)0)->member))
#define FIELD_NUMBER(tag, type, member)                                                            \
    {                                                                                              \
        tag, (uint16_t)offsetof(type, member), FIELD_SIZE(type, member), 0                         \
    }
/* member_n beside it. */
#define FIELD_BYTES(tag, type, member)                                                             \
    {                                                                                              \
        tag, (uint16_t)offsetof(type, member), FIELD_SIZE(type, member),                           \
            (uint16_t)offsetof(type, member##_n)                                                   \
    }

struct fields {
    const struct field *all;
    unsigned n;
    uint16_t first_tag; /* added to each: the same struct, several times */
};

/* Appends what object holds; out->is_cut when it does not fit. */
void fields_put(struct text_out *out, const struct fields *fields, const void *object);

/* Sets what is told. False: bytes is not of this form, or something does not fit its field: then
 * *object is half set. */
MUST_CHECK bool fields_take(const struct fields *fields, void *object, struct text bytes);

#endif
