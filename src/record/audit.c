/* audit.c — see audit.h. A line that a crash cut off is ended, and counts as the one before. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/civil.h"
#include "record/audit.h"

#define FILE_MODE 0600
#define READ_BYTES 65536
#define PREV_KEY ",\"prev\":\""

static void put_hex(char to[RECORD_HASH_DIGITS + 1], const uint8_t hash[crypto_hash_sha256_BYTES])
{
    sodium_bin2hex(to, RECORD_HASH_DIGITS + 1, hash, crypto_hash_sha256_BYTES);
}

int record_hash(char to[RECORD_HASH_DIGITS + 1], const char *path)
{
    uint8_t hash[crypto_hash_sha256_BYTES], *bytes = malloc(READ_BYTES);
    crypto_hash_sha256_state state;
    FILE *f = bytes ? fopen(path, "re") : NULL;
    if (!f) {
        int err = bytes ? errno : ENOMEM;
        free(bytes);
        return err;
    }
    crypto_hash_sha256_init(&state);
    for (size_t n; (n = fread(bytes, 1, READ_BYTES, f)) > 0;)
        crypto_hash_sha256_update(&state, bytes, n);
    int err = ferror(f) ? EIO : 0;
    fclose(f);
    free(bytes);
    crypto_hash_sha256_final(&state, hash);
    put_hex(to, hash);
    return err;
}

static void hash_line(char to[RECORD_HASH_DIGITS + 1], struct text line)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)line.p, line.n);
    put_hex(to, hash);
}

/* The hash of the last line, of zeros before the first; *is_cut: it has no end. */
static int read_last(int fd, char prev[RECORD_HASH_DIGITS + 1], bool *is_cut)
{
    char tail[RECORD_AUDIT_LINE_MAX + 2];
    off_t size = lseek(fd, 0, SEEK_END);
    size_t want = size > (off_t)sizeof(tail) ? sizeof(tail) : (size_t)(size > 0 ? size : 0);
    memset(prev, '0', RECORD_HASH_DIGITS);
    prev[RECORD_HASH_DIGITS] = '\0';
    *is_cut = false;
    if (size < 0)
        return errno;
    if (!want)
        return 0;
    ssize_t n = pread(fd, tail, want, size - (off_t)want);
    if (n != (ssize_t)want)
        return n < 0 ? errno : EIO;
    *is_cut = tail[n - 1] != '\n';
    size_t end = (size_t)n - !*is_cut, begin = end;
    while (begin > 0 && tail[begin - 1] != '\n')
        begin--;
    hash_line(prev, (struct text){tail + begin, end - begin});
    return 0;
}

static void put_at(struct json *j, const char *name, ms_t at)
{
    char text[CIVIL_TEXT_BYTES];
    civil_text(text, at);
    json_string(j, name, text);
}

static void put_line(struct text_out *out, const struct record_deed *d, const char *prev)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    put_at(&j, "at", d->at);
    json_string(&j, "what", d->what);
    if (d->id)
        json_number(&j, "recording", d->id);
    if (d->begun_at)
        put_at(&j, "begun_at", d->begun_at);
    if (d->bytes_n)
        json_number(&j, "bytes", d->bytes_n);
    if (d->sha256)
        json_string(&j, "sha256", d->sha256);
    if (d->reader.n)
        json_text(&j, "reader", d->reader);
    if (d->reason.n)
        json_text(&j, "reason", d->reason);
    json_string(&j, "prev", prev);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}

static int add_to(int fd, const struct record_deed *deed)
{
    char line[RECORD_AUDIT_LINE_MAX], prev[RECORD_HASH_DIGITS + 1];
    struct text_out out = {.p = line, .max = sizeof(line)};
    bool is_cut;
    int err = read_last(fd, prev, &is_cut);
    if (err)
        return err;
    if (is_cut && write(fd, "\n", 1) != 1)
        return errno;
    put_line(&out, deed, prev);
    if (out.is_cut)
        return ENAMETOOLONG;
    ssize_t n = write(fd, line, out.n);
    if (n != (ssize_t)out.n)
        return n < 0 ? errno : ENOSPC;
    return fsync(fd) ? errno : 0;
}

int record_audit_add(const char *folder, const struct record_deed *deed)
{
    char path[OS_PATH_MAX];
    int err = os_path_join(path, folder, RECORD_AUDIT_NAME);
    if (err)
        return err;
    bool was_there = os_file_exists(path);
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return errno;
    err = flock(fd, LOCK_EX) ? errno : add_to(fd, deed);
    close(fd);
    if (!err && !was_there)
        err = os_file_sync_folder(path);
    return err;
}

/* Does the line carry this hash? It stands last in it. */
static bool follows(struct text line, const char *prev)
{
    static const char end[] = "\"}";
    size_t tail_n = sizeof(PREV_KEY) - 1 + RECORD_HASH_DIGITS + sizeof(end) - 1;
    if (line.n < tail_n)
        return false;
    const char *p = line.p + line.n - tail_n;
    return !memcmp(p, PREV_KEY, sizeof(PREV_KEY) - 1) &&
           !memcmp(p + sizeof(PREV_KEY) - 1, prev, RECORD_HASH_DIGITS);
}

int record_audit_verify(const char *folder, uint64_t *lines_n)
{
    char path[OS_PATH_MAX], prev[RECORD_HASH_DIGITS + 1], *line = NULL;
    size_t room = 0;
    *lines_n = 0;
    int err = os_path_join(path, folder, RECORD_AUDIT_NAME);
    FILE *f = err ? NULL : fopen(path, "re");
    if (!f)
        return err ? err : errno;
    memset(prev, '0', RECORD_HASH_DIGITS);
    prev[RECORD_HASH_DIGITS] = '\0';
    for (ssize_t n; !err && (n = getline(&line, &room, f)) > 0; *lines_n += !err) {
        struct text whole = {line, (size_t)n - (line[n - 1] == '\n')};
        err = follows(whole, prev) ? 0 : EBADMSG;
        hash_line(prev, whole);
    }
    free(line);
    fclose(f);
    return err;
}
