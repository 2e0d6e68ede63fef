/* spoken.c — see spoken.h.
 * Invariant: words and voice point into bytes, which are cut into strings where tabs and line ends
 * were. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/spoken.h"
#include "config/voice.h"

#define COLUMNS 3

struct reading {
    struct config_spoken *spoken;
    const struct config_spoken_args *args;
    const char *file;
    enum prompt_lang lang;
    uint32_t line;
};

static void wrong(const struct reading *r, const char *what)
{
    if (r->args->wrong)
        r->args->wrong(r->file, r->line, what, r->args->arg);
}

/* Cuts a line at its tabs; how many columns. */
static unsigned cut(char *line, char *columns[COLUMNS])
{
    unsigned n = 0;
    char *rest = line;
    while (rest) {
        char *tab = strchr(rest, '\t');
        if (tab)
            *tab++ = '\0';
        if (n < COLUMNS)
            columns[n] = rest;
        n++;
        rest = tab;
    }
    return n;
}

static void read_line(struct reading *r, char *line)
{
    char *columns[COLUMNS];
    if (!line[0])
        return;
    if (cut(line, columns) != COLUMNS) {
        wrong(r, "trois colonnes sont attendues, séparées par des tabulations\u00a0: id, voix, "
                 "mots");
        return;
    }
    if (r->line == 1 && !strcmp(columns[0], "id"))
        return;
    enum prompt_id id = config_voice_named(r->args->directory, columns[0]);
    if (id == PROMPT_NONE)
        wrong(r, "cette annonce est inconnue");
    else if (strlen(columns[2]) > CONFIG_SPOKEN_WORDS_MAX)
        wrong(r, "phrase trop longue\u00a0: 1\u00a0000 octets au plus");
    else if (columns[2][0]) {
        r->spoken->voice[r->lang][id] = columns[1];
        r->spoken->words[r->lang][id] = columns[2];
    }
}

static int read_bytes(char **bytes, const char *path)
{
    struct stat st;
    size_t got = 0;
    if (stat(path, &st))
        return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
    if (st.st_size > (off_t)CONFIG_SPOKEN_BYTES_MAX)
        return EFBIG;
    *bytes = calloc((size_t)st.st_size + 1, 1);
    FILE *f = *bytes ? fopen(path, "rb") : NULL;
    if (!f)
        return *bytes ? errno : ENOMEM;
    got = fread(*bytes, 1, (size_t)st.st_size, f);
    (*bytes)[got] = '\0';
    fclose(f);
    return 0;
}

static int load(struct reading *r)
{
    char *bytes = NULL;
    int err = read_bytes(&bytes, r->file);
    r->spoken->bytes[r->lang] = bytes;
    if (err || !bytes)
        return err;
    for (char *line = bytes; line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        r->line++;
        read_line(r, line);
        line = end;
    }
    return 0;
}

int config_spoken_load(struct config_spoken *s, const struct config_spoken_args *args)
{
    static const char *const languages[PROMPT_LANGS] = {"fr", "en"};
    char path[CONFIG_PATH_BYTES];
    int err = 0;
    *s = (struct config_spoken){0};
    for (unsigned lang = 0; lang < PROMPT_LANGS && !err; lang++) {
        struct reading r = {.spoken = s, .args = args, .file = path, .lang = lang};
        int n = snprintf(path, sizeof(path), "%s/%s/text.tsv", args->folder, languages[lang]);
        err = n < (int)sizeof(path) ? load(&r) : ENAMETOOLONG;
    }
    return err;
}

void config_spoken_drop(struct config_spoken *s)
{
    for (unsigned lang = 0; lang < PROMPT_LANGS; lang++)
        free(s->bytes[lang]);
    *s = (struct config_spoken){0};
}
