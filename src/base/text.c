/* text.c — see text.h. Cost: linear in the text. Invariant: never writes past max. */
#include <string.h>

#include "base/text.h"

struct text text_of(const char *s)
{
    return (struct text){s, strlen(s)};
}

bool text_equal(struct text a, struct text b)
{
    return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal_fold(struct text a, struct text b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool text_number(struct text t, uint64_t max, uint64_t *v)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(t.p[i] - '0');
        if (digit > max || sum > (max - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *v = sum;
    return t.n > 0 && sum <= max;
}

bool text_starts_fold(struct text t, struct text prefix)
{
    return t.n >= prefix.n && text_equal_fold((struct text){t.p, prefix.n}, prefix);
}

struct text text_cut(struct text *rest, char c)
{
    const char *mark = rest->n ? memchr(rest->p, c, rest->n) : NULL;
    struct text head = {rest->p, mark ? (size_t)(mark - rest->p) : rest->n};
    *rest = text_after(*rest, head.n + 1);
    return head;
}

bool text_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct text text_trim(struct text t)
{
    while (t.n && text_is_blank(t.p[0]))
        t = text_after(t, 1);
    while (t.n && text_is_blank(t.p[t.n - 1]))
        t.n--;
    return t;
}

struct text text_after(struct text t, size_t n)
{
    size_t gone = n < t.n ? n : t.n;
    return (struct text){gone ? t.p + gone : t.p, t.n - gone};
}

size_t text_line_at(struct text t, uint32_t line)
{
    size_t at = 0;
    while (line > 1 && at < t.n) {
        const char *end = memchr(t.p + at, '\n', t.n - at);
        at = end ? (size_t)(end - t.p) + 1 : t.n;
        line--;
    }
    return at;
}

struct text text_word(struct text *rest)
{
    *rest = text_trim(*rest);
    struct text word = {rest->p, 0};
    while (word.n < rest->n && !text_is_blank(rest->p[word.n]))
        word.n++;
    *rest = text_after(*rest, word.n);
    return word;
}

void text_put(struct text_out *out, struct text t)
{
    if (out->is_cut || t.n > out->max - out->n) {
        out->is_cut = true;
        return;
    }
    if (t.n)
        memcpy(out->p + out->n, t.p, t.n);
    out->n += t.n;
}

void text_put_number(struct text_out *out, uint64_t v)
{
    char digits[20];
    size_t i = sizeof(digits);
    do {
        digits[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    text_put(out, (struct text){digits + i, sizeof(digits) - i});
}

void text_hex(char *to, uint64_t v, unsigned n)
{
    for (unsigned i = n; i-- > 0; v >>= 4)
        to[i] = "0123456789abcdef"[v & 15];
}

bool text_hex_read(uint64_t *v, struct text t)
{
    *v = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
        bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (!is_digit || i == 16)
            return false;
        *v = *v << 4 | digit;
    }
    return t.n > 0;
}

bool text_keep(char *to, size_t max, uint16_t *n, struct text t)
{
    if (t.n > max || t.n > UINT16_MAX)
        return false;
    if (t.n)
        memcpy(to, t.p, t.n);
    *n = (uint16_t)t.n;
    return true;
}
