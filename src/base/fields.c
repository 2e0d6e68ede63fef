/* fields.c — see fields.h. The form: tag and length, two bytes each, then the bytes; numbers as
 * this kind of machine has them (the rows never leave it). Invariant: no more is read than there
 * is, nor written than a field holds. */
#include <string.h>

#include "base/fields.h"

#define HEAD_BYTES 4
#define NUMBER_BYTES 8

static void put(struct text_out *out, uint16_t tag, const void *p, size_t n)
{
    const uint16_t head[] = {tag, (uint16_t)n};
    text_put(out, (struct text){(const char *)head, sizeof(head)});
    text_put(out, (struct text){p, n});
}

static bool is_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static uint16_t width(const struct field *f)
{
    return f->size ? f->size : 1;
}

void fields_put(struct text_out *out, const struct fields *fields, const void *object)
{
    for (unsigned i = 0; i < fields->n; i++) {
        const struct field *f = &fields->all[i];
        const uint8_t *at = (const uint8_t *)object + f->at;
        uint16_t n = width(f);
        if (f->n_at)
            memcpy(&n, (const uint8_t *)object + f->n_at, sizeof(n));
        if (n && n <= width(f) && (f->n_at || !is_zero(at, n)))
            put(out, (uint16_t)(fields->first_tag + f->tag), at, n);
    }
}

/* A number may have become wider or narrower since; one that needs more room than there is is
 * none. */
static bool take(const struct field *f, void *object, struct text value)
{
    uint8_t *to = (uint8_t *)object + f->at;
    uint8_t number[NUMBER_BYTES] = {0};
    if (f->n_at) {
        uint16_t n = (uint16_t)value.n;
        if (value.n > f->size)
            return false;
        memcpy(to, value.p, n);
        memcpy((uint8_t *)object + f->n_at, &n, sizeof(n));
        return true;
    }
    if (value.n > NUMBER_BYTES)
        return false;
    memcpy(number, value.p, value.n);
    if (!is_zero(number + width(f), NUMBER_BYTES - width(f)))
        return false;
    if (f->size)
        memcpy(to, number, f->size);
    else
        *(bool *)to = number[0] != 0;
    return true;
}

static const struct field *find(const struct fields *fields, uint16_t tag)
{
    for (unsigned i = 0; i < fields->n; i++)
        if ((uint16_t)(fields->first_tag + fields->all[i].tag) == tag)
            return &fields->all[i];
    return NULL;
}

bool fields_take(const struct fields *fields, void *object, struct text bytes)
{
    while (bytes.n) {
        uint16_t head[2];
        if (bytes.n < HEAD_BYTES)
            return false;
        memcpy(head, bytes.p, sizeof(head));
        bytes = text_after(bytes, HEAD_BYTES);
        if (head[1] > bytes.n)
            return false;
        const struct field *f = find(fields, head[0]);
        if (f && !take(f, object, (struct text){bytes.p, head[1]}))
            return false;
        bytes = text_after(bytes, head[1]);
    }
    return true;
}
