/* json_read.c — see json_read.h.
 * Invariant: every step takes at least one byte off the rest, so that all walks end. */
#include "base/json_read.h"

static struct text skip_space(struct text t)
{
    while (t.n && (t.p[0] == ' ' || t.p[0] == '\t' || t.p[0] == '\n' || t.p[0] == '\r'))
        t = text_after(t, 1);
    return t;
}

static bool begins(struct text t, char c)
{
    return t.n && t.p[0] == c;
}

/* Bytes of the string that t begins with, quotes included; 0: it has no end. */
static size_t string_n(struct text t)
{
    for (size_t i = 1; i < t.n; i++) {
        if (t.p[i] == '"')
            return i + 1;
        i += t.p[i] == '\\';
    }
    return 0;
}

static bool is_end(char c)
{
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t word_n(struct text t)
{
    size_t n = 0;
    while (n < t.n && !is_end(t.p[n]))
        n++;
    return n;
}

/* Of an object or array: up to the bracket that closes the first; 0: none does. */
static size_t nested_n(struct text t)
{
    char closes[JSON_READ_DEPTH_MAX];
    unsigned depth = 0;
    for (size_t i = 0; i < t.n;) {
        char c = t.p[i];
        bool opens = c == '{' || c == '[';
        size_t n = c == '"' ? string_n(text_after(t, i)) : 1;
        if (!n || (opens && depth == JSON_READ_DEPTH_MAX))
            return 0;
        if (opens)
            closes[depth++] = c == '{' ? '}' : ']';
        if ((c == '}' || c == ']') && closes[--depth] != c)
            return 0;
        i += n;
        if (!depth)
            return i;
    }
    return 0;
}

/* Takes a value off *rest. */
static bool take(struct text *value, struct text *rest)
{
    struct text t = skip_space(*rest);
    size_t n = begins(t, '"')                     ? string_n(t)
               : begins(t, '{') || begins(t, '[') ? nested_n(t)
                                                  : word_n(t);
    *value = (struct text){t.p, n};
    *rest = skip_space(text_after(t, n));
    return n > 0;
}

/* Takes '"key":' off *rest. */
static bool take_key(struct text *key, struct text *rest)
{
    if (!begins(*rest, '"') || !take(key, rest) || !begins(*rest, ':'))
        return false;
    *rest = text_after(*rest, 1);
    *key = (struct text){key->p + 1, key->n - 2};
    return true;
}

bool json_find(struct text *value, struct text object, const char *key)
{
    struct text rest = skip_space(object), found;
    *value = TEXT_NONE;
    if (!begins(rest, '{'))
        return false;
    do {
        rest = skip_space(text_after(rest, 1)); /* the bracket, then each comma */
        if (!take_key(&found, &rest) || !take(value, &rest))
            break;
        if (text_equal(found, text_of(key)))
            return true;
    } while (begins(rest, ','));
    *value = TEXT_NONE;
    return false;
}

bool json_find_number(uint64_t *v, struct text object, const char *key)
{
    struct text value;
    *v = 0;
    return json_find(&value, object, key) && text_number(value, UINT64_MAX, v);
}

bool json_find_plain(struct text *value, struct text object, const char *key)
{
    if (!json_find(value, object, key) || !begins(*value, '"'))
        return false;
    *value = (struct text){value->p + 1, value->n - 2};
    for (size_t i = 0; i < value->n; i++)
        if (value->p[i] == '\\')
            return false;
    return true;
}

/* A letter of UTF-16 as UTF-8; pairs were put together before. */
static void put_letter(struct text_out *out, uint32_t letter)
{
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    unsigned n = letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    char bytes[4];
    for (unsigned i = n; i-- > 1; letter >>= 6)
        bytes[i] = (char)(0x80 | (letter & 0x3F));
    bytes[0] = (char)(marks[n] | letter);
    text_put(out, (struct text){bytes, n});
}

static bool take_hex(struct text *rest, uint64_t *v)
{
    bool is_hex = rest->n >= 4 && text_hex_read(v, (struct text){rest->p, 4});
    *rest = text_after(*rest, 4);
    return is_hex;
}

/* What stands behind a backslash. */
static bool take_escape(struct text_out *out, struct text *rest)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = rest->n ? rest->p[0] : '\0';
    uint64_t high, low = 0;
    *rest = text_after(*rest, 1);
    for (unsigned i = 0; i + 1 < sizeof(names); i++)
        if (c == names[i]) {
            text_put(out, (struct text){values + i, 1});
            return true;
        }
    if (c != 'u' || !take_hex(rest, &high))
        return false;
    if (high < 0xD800 || high >= 0xE000) {
        put_letter(out, (uint32_t)high);
        return true;
    }
    if (high >= 0xDC00 || rest->n < 6 || rest->p[0] != '\\' || rest->p[1] != 'u')
        return false;
    *rest = text_after(*rest, 2);
    if (!take_hex(rest, &low) || low < 0xDC00 || low >= 0xE000)
        return false;
    put_letter(out, (uint32_t)(0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF))));
    return true;
}

bool json_unescape(struct text_out *out, struct text value)
{
    if (value.n < 2 || !begins(value, '"'))
        return false;
    struct text rest = {value.p + 1, value.n - 2};
    while (rest.n) {
        struct text after = rest, plain = text_cut(&after, '\\');
        bool is_end = plain.n == rest.n;
        text_put(out, plain);
        rest = is_end ? TEXT_NONE : after;
        if (!is_end && !take_escape(out, &rest))
            return false;
    }
    return !out->is_cut;
}

bool json_next(struct text *value, struct text *rest)
{
    struct text t = skip_space(*rest);
    *value = TEXT_NONE;
    if (!begins(t, '[') && !begins(t, ','))
        return false;
    t = skip_space(text_after(t, 1));
    if (begins(t, ']') || !take(value, &t))
        return false;
    *rest = t;
    return true;
}
