/* cache.c — see cache.h. Cost: a small file; at opening, a pass over the folder.
 * The name has 128 bits of two keyed hashes: two sentences will not meet. The keys are no secret.
 * Invariant: a file is whole, or not there (os_file_write). */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/siphash.h"
#include "base/wav.h"
#include "speech/cache.h"
#include "speech/shape.h"

#define NAME_DIGITS 32
#define SHAPE_VERSION '1' /* another way of shaping is another sound */
#define FILE_BYTES_MAX (WAV_HEAD_BYTES + (SPEECH_SECONDS_MAX + 2) * WAV_RATE_HZ * 2)

/* ---- names ---- */

bool speech_cache_path(char to[OS_PATH_MAX], const char *folder, const char *command,
                       const struct speech_question *q)
{
    static const struct siphash_key keys[2] = {{0x766f6978, 1}, {0x766f6978, 2}};
    char asked[SPEECH_WORDS_MAX + 1024], name[NAME_DIGITS];
    struct text_out out = {.p = asked, .max = sizeof(asked)};
    text_put(&out, (struct text){(const char[]){SHAPE_VERSION}, 1});
    text_put(&out, text_of(command));
    text_put(&out, (struct text){"", 1});
    text_put(&out, text_of(q->lang));
    text_put(&out, (struct text){"", 1});
    text_put_number(&out, q->before_ms);
    text_put(&out, TEXT(" "));
    text_put_number(&out, q->after_ms);
    text_put(&out, TEXT(" "));
    text_put(&out, (struct text){q->words, q->words_n});
    for (unsigned i = 0; i < ARRAY_LEN(keys); i++)
        text_hex(name + i * 16, siphash(&keys[i], (struct text){asked, out.n}), 16);
    int n = snprintf(to, OS_PATH_MAX, "%s/%.*s.wav", folder, NAME_DIGITS, name);
    return !out.is_cut && n > 0 && n < OS_PATH_MAX;
}

/* ---- files ---- */

int speech_cache_load(int16_t **samples, size_t *n, const char *path)
{
    uint8_t *bytes = malloc(FILE_BYTES_MAX);
    struct wav wav;
    size_t got = 0;
    int err = bytes ? os_file_read(path, bytes, FILE_BYTES_MAX, &got) : ENOMEM;
    if (!err && (wav_read(&wav, bytes, got) != WAV_READ || !wav_is_playable(&wav) || !wav.frames_n))
        err = EINVAL;
    if (!err) {
        *n = wav.frames_n;
        *samples = malloc(*n * sizeof(**samples));
        err = *samples ? 0 : ENOMEM;
    }
    if (!err)
        wav_samples(*samples, &wav);
    free(bytes);
    return err;
}

int speech_cache_save(const char *path, const int16_t *samples, size_t n)
{
    size_t bytes_n = WAV_HEAD_BYTES + n * 2;
    uint8_t *bytes = malloc(bytes_n);
    if (!bytes)
        return ENOMEM;
    wav_write(bytes, samples, (uint32_t)n);
    int err = os_file_write(path, bytes, bytes_n);
    free(bytes);
    return err;
}

/* ---- how many are kept ---- */

struct kept {
    time_t at;
    char name[NAME_DIGITS + sizeof(".wav")];
};

static int older_first(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* Reads the next file of ours; false at the end. */
static bool next_kept(struct kept *k, DIR *dir)
{
    struct stat st;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (strlen(e->d_name) != sizeof(k->name) - 1 ||
            strcmp(e->d_name + NAME_DIGITS, ".wav") != 0)
            continue;
        memcpy(k->name, e->d_name, sizeof(k->name));
        k->at = fstatat(dirfd(dir), k->name, &st, 0) ? 0 : st.st_mtime;
        return true;
    }
    return false;
}

static int remove_oldest(DIR *dir)
{
    size_t n = 0, room = 2 * SPEECH_CACHE_FILES_MAX;
    struct kept *list = calloc(room, sizeof(*list));
    if (!list)
        return ENOMEM;
    while (n < room && next_kept(&list[n], dir))
        n++;
    qsort(list, n, sizeof(*list), older_first);
    for (size_t i = 0; n > SPEECH_CACHE_FILES_MAX && i < n - SPEECH_CACHE_FILES_MAX / 2; i++)
        if (unlinkat(dirfd(dir), list[i].name, 0) && errno != ENOENT)
            break;
    free(list);
    return 0;
}

int speech_cache_open(const char *folder)
{
    if (mkdir(folder, 0750) && errno != EEXIST)
        return errno;
    DIR *dir = opendir(folder);
    if (!dir)
        return errno;
    int err = remove_oldest(dir);
    closedir(dir);
    return err;
}
