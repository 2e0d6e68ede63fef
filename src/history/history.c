/* history.c — see history.h. Cost: reading the index, some hundred bytes a version. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "history/history.h"
#include "os/file.h"

#define INDEX_NAME "/index"
#define LINE_MAX_BYTES 512
#define INDEX_BYTES_MAX ((size_t)HISTORY_VERSIONS_MAX * LINE_MAX_BYTES)
#define FIELDS 6

void history_hash(char to[HISTORY_HASH_BYTES], struct text text)
{
    uint8_t bytes[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text.p, text.n, bytes);
    for (unsigned i = 0; i < sizeof(bytes); i++)
        text_hex(to + 2 * (size_t)i, bytes[i], 2);
    to[HISTORY_HASH_BYTES - 1] = 0;
}

int history_open(const char *folder)
{
    if (mkdir(folder, 0700) == 0)
        return os_file_sync_folder(folder);
    return errno == EEXIST ? 0 : errno;
}

/* ---- whole files --------------------------------------------------------------------------- */

static int read_whole(const char *path, size_t max, char **text, size_t *n)
{
    struct stat st;
    *text = NULL;
    *n = 0;
    if (stat(path, &st))
        return errno;
    if (st.st_size < 0 || (size_t)st.st_size > max)
        return EFBIG;
    char *bytes = malloc((size_t)st.st_size + 1);
    if (!bytes)
        return ENOMEM;
    int err = os_file_read(path, bytes, (size_t)st.st_size, n);
    if (err) {
        free(bytes);
        return err;
    }
    bytes[*n] = 0;
    *text = bytes;
    return 0;
}

int history_text(const char *folder, const char *hash, char **text, size_t *n)
{
    char path[OS_PATH_MAX], slash[HISTORY_HASH_BYTES + 1], now[HISTORY_HASH_BYTES];
    snprintf(slash, sizeof(slash), "/%s", hash);
    int err = os_path_join(path, folder, slash);
    err = err ? err : read_whole(path, HISTORY_TEXT_MAX, text, n);
    if (err)
        return err;
    history_hash(now, (struct text){*text, *n});
    if (!strcmp(now, hash))
        return 0;
    free(*text);
    *text = NULL;
    return EIO;
}

/* ---- the index ------------------------------------------------------------------------------ */

static bool is_hash(struct text t)
{
    uint64_t part;
    for (size_t at = 0; at < t.n; at += 16)
        if (!text_hex_read(&part, (struct text){t.p + at, t.n - at < 16 ? t.n - at : 16}))
            return false;
    return t.n == HISTORY_HASH_BYTES - 1;
}

static bool keep(char *to, size_t max, struct text t)
{
    if (t.n >= max || memchr(t.p, 0, t.n))
        return false;
    memcpy(to, t.p, t.n);
    to[t.n] = 0;
    return true;
}

/* number, at, by, hash, file, note with tabs between. */
static bool read_line(struct history_version *v, struct text line, uint32_t number)
{
    struct text word[FIELDS];
    uint64_t said, at;
    *v = (struct history_version){.number = number};
    for (unsigned i = 0; i + 1 < FIELDS; i++)
        word[i] = text_cut(&line, '\t');
    word[FIELDS - 1] = line;
    bool is_read = text_number(word[0], HISTORY_VERSIONS_MAX, &said) && said == number &&
                   text_number(word[1], INT64_MAX, &at) && text_hex_read(&v->by_id, word[2]) &&
                   is_hash(word[3]) && keep(v->hash, sizeof(v->hash), word[3]) &&
                   keep(v->file, sizeof(v->file), word[4]) &&
                   keep(v->note, sizeof(v->note), word[5]);
    v->at = is_read ? (ms_t)at : 0;
    return is_read;
}

static int read_index(struct text rest, struct history_version **list, uint32_t *n)
{
    size_t lines_n = 0;
    for (size_t i = 0; i < rest.n; i++)
        lines_n += rest.p[i] == '\n';
    if (lines_n > HISTORY_VERSIONS_MAX)
        return EFBIG;
    *list = calloc(lines_n ? lines_n : 1, sizeof(**list));
    if (!*list)
        return ENOMEM;
    for (; *n < lines_n; (*n)++)
        if (!read_line(&(*list)[*n], text_cut(&rest, '\n'), *n + 1))
            return EINVAL;
    return 0;
}

int history_list(const char *folder, struct history_version **list, uint32_t *n)
{
    char path[OS_PATH_MAX], *text;
    size_t bytes_n;
    *list = NULL;
    *n = 0;
    int err = os_path_join(path, folder, INDEX_NAME);
    err = err ? err : read_whole(path, INDEX_BYTES_MAX, &text, &bytes_n);
    if (err)
        return err == ENOENT ? 0 : err;
    err = read_index((struct text){text, bytes_n}, list, n);
    free(text);
    return err;
}

/* A line that a death cut short goes: its number is free again. */
static int trim_index(int fd)
{
    char c = '\n';
    off_t end = lseek(fd, 0, SEEK_END), at = end;
    while (at > 0 && pread(fd, &c, 1, at - 1) == 1 && c != '\n')
        at--;
    return at < end && ftruncate(fd, at) ? errno : 0;
}

static int append(const char *path, const char *line, size_t n)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    int err = trim_index(fd);
    if (!err && write(fd, line, n) != (ssize_t)n)
        err = errno ? errno : ENOSPC;
    if (!err && fsync(fd))
        err = errno;
    close(fd);
    return err;
}

/* What would break a line becomes a blank. */
static void put_word(struct text_out *out, const char *word)
{
    for (; *word; word++)
        text_put(out, (unsigned char)*word < 0x20 ? TEXT(" ") : (struct text){word, 1});
}

static int put_version(const char *folder, const struct history_version *v)
{
    char path[OS_PATH_MAX], line[LINE_MAX_BYTES], hex[16];
    struct text_out out = {.p = line, .max = sizeof(line)};
    text_put_number(&out, v->number);
    text_put(&out, TEXT("\t"));
    text_put_number(&out, (uint64_t)v->at);
    text_put(&out, TEXT("\t"));
    text_hex(hex, v->by_id, sizeof(hex));
    text_put(&out, (struct text){hex, sizeof(hex)});
    text_put(&out, TEXT("\t"));
    put_word(&out, v->hash);
    text_put(&out, TEXT("\t"));
    put_word(&out, v->file);
    text_put(&out, TEXT("\t"));
    put_word(&out, v->note);
    text_put(&out, TEXT("\n"));
    int err = os_path_join(path, folder, INDEX_NAME);
    return err ? err : append(path, line, out.n);
}

static int put_text(const char *folder, const struct history_version *v, struct text text)
{
    char path[OS_PATH_MAX], slash[HISTORY_HASH_BYTES + 1];
    snprintf(slash, sizeof(slash), "/%s", v->hash);
    int err = os_path_join(path, folder, slash);
    if (err || os_file_exists(path))
        return err;
    return os_file_write(path, text.p, text.n);
}

int history_add(const char *folder, struct history_version *version, struct text text)
{
    struct history_version *list;
    uint32_t n;
    if (text.n > HISTORY_TEXT_MAX)
        return EFBIG;
    int err = history_list(folder, &list, &n);
    free(list);
    if (err)
        return err;
    if (n == HISTORY_VERSIONS_MAX)
        return ENOSPC;
    version->number = n + 1;
    history_hash(version->hash, text);
    err = put_text(folder, version, text);
    return err ? err : put_version(folder, version);
}
