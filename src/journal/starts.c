/* starts.c — crashes in a row, counted outside the database, which may be their cause.
 * Called by main.c before the database is touched. The file holds one line a start or an end, the
 * newest last: "s 1738318500123". A start followed by another start was a crash, noticed then.
 * Invariant: any content of the file is read as something; at worst as no crash. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/aside.h"

#define LINES_MAX 16
#define LINE_BYTES 24
#define AT_MAX ((ms_t)1 << 50) /* a far future; differences cannot overflow */
#define FILE_BYTES (LINES_MAX * LINE_BYTES)

struct starts {
    unsigned n;
    struct {
        bool is_end;
        ms_t at;
    } line[LINES_MAX + 1];
};

/* One line; NULL when it is none. */
static const char *take_line(struct starts *s, const char *p)
{
    char *end = NULL;
    if ((p[0] != 's' && p[0] != 'e') || p[1] != ' ')
        return NULL;
    long long at = strtoll(p + 2, &end, 10);
    if (end == p + 2 || *end != '\n' || at < 0 || at > AT_MAX)
        return NULL;
    s->line[s->n].is_end = p[0] == 'e';
    s->line[s->n].at = at;
    s->n++;
    return end + 1;
}

static void load(struct starts *s, const char *file)
{
    char text[FILE_BYTES + 1];
    size_t n = 0;
    s->n = 0;
    if (os_file_read(file, text, FILE_BYTES, &n))
        return;
    text[n] = '\0';
    const char *p = text;
    while (p && *p && s->n < LINES_MAX)
        p = take_line(s, p);
    if (!p)
        s->n = 0;
}

static int save(const struct starts *s, const char *file)
{
    char text[FILE_BYTES + LINE_BYTES];
    size_t n = 0;
    for (unsigned i = s->n > LINES_MAX ? s->n - LINES_MAX : 0; i < s->n; i++)
        n += (size_t)snprintf(text + n, LINE_BYTES, "%c %" PRId64 "\n",
                              s->line[i].is_end ? 'e' : 's', s->line[i].at);
    return os_file_write(file, text, n);
}

static int note(struct starts *s, const char *path, bool is_end, ms_t now_at)
{
    char file[OS_PATH_MAX];
    int err = os_path_join(file, path, ".starts");
    if (err)
        return err;
    load(s, file);
    s->line[s->n].is_end = is_end;
    s->line[s->n].at = now_at;
    s->n++;
    return save(s, file);
}

/* The wall clock may have been moved between two starts: far off on either side is no row. */
static bool is_near(ms_t a, ms_t b)
{
    return a - b <= JOURNAL_CRASHES_MS && b - a <= JOURNAL_CRASHES_MS;
}

int journal_starts_begin(unsigned *crashes_n, const char *path, ms_t now_at)
{
    struct starts s = {.n = 0};
    *crashes_n = 0;
    int err = note(&s, path, false, now_at);
    for (unsigned i = 0; i + 1 < s.n; i++) {
        bool is_crash = !s.line[i].is_end && !s.line[i + 1].is_end;
        *crashes_n += is_crash && is_near(now_at, s.line[i + 1].at);
    }
    return err;
}

int journal_starts_end(const char *path, ms_t now_at)
{
    struct starts s = {.n = 0};
    return note(&s, path, true, now_at);
}
