/* print.c — an event as one line.
 * Called by `decroche replay`, timelines and traces. Walks the generated field table: a new event
 * needs no line here. Cost: ~100 ns a field. Invariant: never more than EVENT_PRINT_MAX bytes. */
#include <string.h>

#include "base/civil.h"
#include "event/print.h"

#define U64_DIGITS 20

_Static_assert(sizeof(enum outcome) == sizeof(uint32_t), "enums are read as 32 bits");

struct line {
    char *p, *end;
    bool is_json;
};

static void put(struct line *l, const char *s)
{
    size_t n = strlen(s);
    assert(n < (size_t)(l->end - l->p));
    memcpy(l->p, s, n);
    l->p += n;
}

static void put_number(struct line *l, uint64_t v)
{
    char text[U64_DIGITS + 1];
    char *p = text + U64_DIGITS;
    *p = '\0';
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    put(l, p);
}

static void put_signed(struct line *l, int64_t v)
{
    if (v < 0)
        put(l, "-");
    put_number(l, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void put_instant(struct line *l, ms_t at)
{
    char text[CIVIL_TEXT_BYTES];
    civil_text(text, at);
    put(l, text);
}

static void put_quoted(struct line *l, const char *s)
{
    put(l, l->is_json ? "\"" : "");
    put(l, s);
    put(l, l->is_json ? "\"" : "");
}

static bool ends_in_at(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && !memcmp(name + n - 3, "_at", 3);
}

static void put_ms(struct line *l, const struct event_field *f, ms_t v)
{
    if (l->is_json || !ends_in_at(f->name))
        put_signed(l, v);
    else if (v == 0 || v == MS_NEVER)
        put(l, v ? "never" : "-");
    else
        put_instant(l, v);
}

static size_t field_bytes(const struct event_field *f)
{
    switch (f->type) {
    case EVENT_FIELD_U8:
        return sizeof(uint8_t);
    case EVENT_FIELD_U16:
        return sizeof(uint16_t);
    case EVENT_FIELD_U32:
        return sizeof(uint32_t);
    case EVENT_FIELD_U64:
    case EVENT_FIELD_MS:
        return sizeof(uint64_t);
    case EVENT_FIELD_BOOL:
        return sizeof(bool);
    case EVENT_FIELD_ENUM:
        return sizeof(enum outcome);
    }
    assert(false); /* a type of field that is not in this list */
    return 0;
}

/* The value of a field, read by its width. */
static uint64_t field_value(const struct event_field *f, const uint8_t *at)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (field_bytes(f)) {
    case sizeof(u8):
        memcpy(&u8, at, sizeof(u8));
        return u8;
    case sizeof(u16):
        memcpy(&u16, at, sizeof(u16));
        return u16;
    case sizeof(u32):
        memcpy(&u32, at, sizeof(u32));
        return u32;
    default:
        memcpy(&u64, at, sizeof(u64));
        return u64;
    }
}

static void put_value(struct line *l, const struct event_field *f, const uint8_t *at)
{
    uint64_t v = field_value(f, at);
    if (f->type == EVENT_FIELD_ENUM)
        put_quoted(l, f->enum_name((unsigned)v));
    else if (f->type == EVENT_FIELD_MS)
        put_ms(l, f, (ms_t)v);
    else if (f->type == EVENT_FIELD_BOOL)
        put(l, l->is_json ? (v ? "true" : "false") : (v ? "yes" : "no"));
    else
        put_number(l, v);
}

static void put_list(struct line *l, const struct event *ev, const struct event_field *f)
{
    const uint8_t *base = (const uint8_t *)ev;
    unsigned n = base[f->n_offset];
    put(l, "[");
    for (unsigned i = 0; i < n; i++) {
        put(l, i ? "," : "");
        put_value(l, f, base + f->offset + i * field_bytes(f));
    }
    put(l, "]");
}

/* The head of a line has a kind already: two keys of one name are no good JSON (RFC 8259 §4). */
static const char *shown_name(const struct event_field *f)
{
    static const char kind[] = "kind";
    bool is_kind = strlen(f->name) == strlen(kind) && !memcmp(f->name, kind, sizeof(kind));
    return is_kind ? "contact_kind" : f->name;
}

static void put_field(struct line *l, const struct event *ev, const struct event_field *f)
{
    put(l, l->is_json ? "," : " ");
    put_quoted(l, shown_name(f));
    put(l, l->is_json ? ":" : "=");
    if (f->n_offset)
        put_list(l, ev, f);
    else
        put_value(l, f, (const uint8_t *)ev + f->offset);
}

static void put_head(struct line *l, const struct event *ev)
{
    put(l, l->is_json ? "{\"id\":" : "");
    put_number(l, ev->id);
    put(l, l->is_json ? ",\"at\":" : " ");
    if (l->is_json)
        put_signed(l, ev->at);
    else
        put_instant(l, ev->at);
    put(l, l->is_json ? ",\"kind\":" : " ");
    put_quoted(l, event_kind_name(ev->kind));
}

size_t event_print(char *to, const struct event *ev, enum event_form form)
{
    struct line l = {.p = to, .end = to + EVENT_PRINT_MAX, .is_json = form == EVENT_FORM_JSON};
    put_head(&l, ev);
    const struct event_field *f = event_fields(ev->kind);
    for (; f && f->name; f++)
        put_field(&l, ev, f);
    put(&l, l.is_json ? "}" : "");
    *l.p = '\0';
    return (size_t)(l.p - to);
}
