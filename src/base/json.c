/* json.c — see json.h.
 * Called by view and cli. Cost: a look at each byte. Bytes that are no UTF-8 (RFC 3629) become
 * U+FFFD, one for each: a name out of a damaged file still gives JSON that can be read. */
#include "base/json.h"

#define REPLACEMENT "\\ufffd"

static void put(struct json *j, const char *s)
{
    text_put(j->out, text_of(s));
}

/* The comma before, and the key. */
static void begin(struct json *j, const char *name)
{
    put(j, j->needs_comma ? "," : "");
    j->needs_comma = true;
    if (!name)
        return;
    put(j, "\"");
    put(j, name);
    put(j, "\":");
}

static void open(struct json *j, const char *name, const char *bracket)
{
    begin(j, name);
    put(j, bracket);
    j->needs_comma = false;
}

static void close(struct json *j, const char *bracket)
{
    put(j, bracket);
    j->needs_comma = true;
}

void json_object(struct json *j, const char *name)
{
    open(j, name, "{");
}

void json_array(struct json *j, const char *name)
{
    open(j, name, "[");
}

void json_object_end(struct json *j)
{
    close(j, "}");
}

void json_array_end(struct json *j)
{
    close(j, "]");
}

/* Length of the UTF-8 sequence that begins with b, and the least second byte; 0: none begins so. */
static unsigned sequence_n(uint8_t b)
{
    if (b >= 0xc2 && b <= 0xdf)
        return 2;
    if (b >= 0xe0 && b <= 0xef)
        return 3;
    return b >= 0xf0 && b <= 0xf4 ? 4 : 0;
}

/* Neither overlong, nor a surrogate, nor past U+10FFFF. */
static bool is_second(uint8_t first, uint8_t b)
{
    uint8_t min = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    uint8_t max = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return b >= min && b <= max;
}

/* Bytes of the character at the head of t; 0: no UTF-8. */
static unsigned character_n(struct text t)
{
    uint8_t first = (uint8_t)t.p[0];
    unsigned n = first < 0x80 ? 1 : sequence_n(first);
    if (n == 0 || n > t.n || (n > 1 && !is_second(first, (uint8_t)t.p[1])))
        return 0;
    for (unsigned i = 2; i < n; i++)
        if (((uint8_t)t.p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static void put_escaped(struct json *j, uint8_t c)
{
    char code[] = "\\u0000";
    switch (c) {
    case '"':
        put(j, "\\\"");
        break;
    case '\\':
        put(j, "\\\\");
        break;
    case '\n':
        put(j, "\\n");
        break;
    default:
        text_hex(code + 2, c, 4);
        put(j, code);
    }
}

/* How many bytes at the head of t stand in JSON as they are. */
static size_t plain_n(struct text t)
{
    size_t n = 0;
    while (n < t.n) {
        uint8_t c = (uint8_t)t.p[n];
        unsigned k = character_n(text_after(t, n));
        if (k == 0 || c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
            break;
        n += k;
    }
    return n;
}

void json_text(struct json *j, const char *name, struct text value)
{
    begin(j, name);
    put(j, "\"");
    while (value.n) {
        size_t n = plain_n(value);
        text_put(j->out, (struct text){value.p, n});
        value = text_after(value, n);
        if (!value.n)
            break;
        if (character_n(value))
            put_escaped(j, (uint8_t)value.p[0]);
        else
            put(j, REPLACEMENT);
        value = text_after(value, 1);
    }
    put(j, "\"");
}

void json_string(struct json *j, const char *name, const char *value)
{
    if (value)
        json_text(j, name, text_of(value));
    else
        json_null(j, name);
}

void json_number(struct json *j, const char *name, uint64_t value)
{
    begin(j, name);
    text_put_number(j->out, value);
}

void json_signed(struct json *j, const char *name, int64_t value)
{
    begin(j, name);
    put(j, value < 0 ? "-" : "");
    text_put_number(j->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_bool(struct json *j, const char *name, bool value)
{
    begin(j, name);
    put(j, value ? "true" : "false");
}

void json_null(struct json *j, const char *name)
{
    begin(j, name);
    put(j, "null");
}

void json_raw(struct json *j, const char *name, struct text value)
{
    begin(j, name);
    text_put(j->out, value);
}
