/* corpus.c — the seeds of fuzz/event.c: made here, kept in fuzz/corpus/event, compared by this
 * test. corpus DIR: compares. corpus DIR --write: makes them anew, after an event was added. */
#include <stdio.h>
#include <string.h>

#include "event/codec.h"

#define SEED_BYTES_MAX ((EVENT_KIND_MAX + 1) * EVENT_BYTES_MAX)
#define PATH_BYTES 512

struct seed {
    const char *name;
    uint8_t bytes[SEED_BYTES_MAX];
    size_t n;
};

static size_t width_of(enum event_field_type type)
{
    static const size_t widths[] = {
        [EVENT_FIELD_U8] = 1, [EVENT_FIELD_U16] = 2,  [EVENT_FIELD_U32] = 4,  [EVENT_FIELD_U64] = 8,
        [EVENT_FIELD_MS] = 8, [EVENT_FIELD_BOOL] = 1, [EVENT_FIELD_ENUM] = 4,
    };
    return widths[type];
}

/* Every field as large as it can be; enums at 1. Lists full. */
static void widen(struct event *ev, const struct event_field *f)
{
    uint8_t *base = (uint8_t *)ev;
    size_t width = width_of(f->type);
    size_t n = f->n_offset ? (size_t)(f->n_offset - f->offset) / width : 1;
    bool is_small = f->type == EVENT_FIELD_BOOL || f->type == EVENT_FIELD_ENUM;
    if (f->n_offset)
        base[f->n_offset] = (uint8_t)n;
    for (size_t i = 0; i < n; i++) {
        memset(base + f->offset + i * width, is_small ? 0 : 0xff, width);
        if (is_small)
            base[f->offset + i * width] = 1;
    }
}

/* All kinds one after the other, at their least or at their widest. */
static void make(struct seed *s, bool is_wide)
{
    s->n = 0;
    for (unsigned kind = 0; kind <= EVENT_KIND_MAX; kind++) {
        struct event ev;
        memset(&ev, 0, sizeof(ev));
        ev.kind = (enum event_kind)kind;
        ev.id = is_wide ? UINT64_MAX - kind : kind;
        ev.at = is_wide ? INT64_MIN + kind : 0;
        const struct event_field *f = event_fields(ev.kind);
        if (!f)
            continue;
        for (; is_wide && f->name; f++)
            widen(&ev, f);
        s->n += event_encode(s->bytes + s->n, &ev);
    }
}

/* As an older version would have written it: an event whose last fields were not there yet. */
static void make_older(struct seed *s)
{
    static const uint8_t bytes[] = {20 /* contact_opened */, 5, 2, 3, 0, 0, 0, 1, 7};
    memcpy(s->bytes, bytes, sizeof(bytes));
    s->n = sizeof(bytes);
}

static bool transfer(const char *folder, struct seed *s, bool is_write)
{
    static uint8_t kept[SEED_BYTES_MAX + 1];
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "%s/%s", folder, s->name);
    FILE *file = fopen(path, is_write ? "wb" : "rb");
    if (!file)
        return false;
    size_t n = is_write ? fwrite(s->bytes, 1, s->n, file) : fread(kept, 1, sizeof(kept), file);
    fclose(file);
    return n == s->n && (is_write || !memcmp(kept, s->bytes, n));
}

int main(int argc, char **argv)
{
    static struct seed seeds[] = {{.name = "least"}, {.name = "widest"}, {.name = "older"}};
    bool is_good = argc >= 2;
    make(&seeds[0], false);
    make(&seeds[1], true);
    make_older(&seeds[2]);
    for (size_t i = 0; is_good && i < ARRAY_LEN(seeds); i++)
        is_good = transfer(argv[1], &seeds[i], argc == 3 && !strcmp(argv[2], "--write"));
    printf(is_good ? "1 test, 1 passed\n"
                   : "the seeds are not those of this version: run with --write\n");
    return is_good ? 0 : 1;
}
