/* shelf.h — a folder of recordings that is gone at the end of its test. */
#ifndef TEST_SUPPORT_SHELF_H
#define TEST_SUPPORT_SHELF_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/file.h"

struct shelf {
    char folder[64];
    uint8_t key[RECORD_KEY_BYTES];
};

static inline void shelf_open(struct shelf *s)
{
    static const char template[] = "/tmp/decroche-shelf-XXXXXX";
    assert_true(sodium_init() >= 0);
    memcpy(s->folder, template, sizeof(template));
    assert_non_null(mkdtemp(s->folder));
    memset(s->key, 0x42, sizeof(s->key));
}

static inline const char *shelf_path(const struct shelf *s, const char *name)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/%s", s->folder, name);
    return path;
}

static inline unsigned shelf_n(const struct shelf *s)
{
    unsigned n = 0;
    DIR *dir = opendir(s->folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        n += strstr(e->d_name, RECORD_SUFFIX) != NULL;
    closedir(dir);
    return n;
}

static inline void shelf_drop(struct shelf *s)
{
    DIR *dir = opendir(s->folder);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        unlink(shelf_path(s, e->d_name));
    closedir(dir);
    rmdir(s->folder);
}

/* A recording of so many pairs, each (i, 255 − i). */
static inline void shelf_make(const struct shelf *s, const struct record_head *head,
                              unsigned pairs_n)
{
    struct record_out *out = calloc(1, sizeof(*out));
    assert_non_null(out);
    assert_int_equal(record_out_open(out, s->folder, head, s->key), 0);
    for (unsigned i = 0; i < pairs_n; i++) {
        out->pairs[out->pairs_n][TAP_CALLER] = (uint8_t)i;
        out->pairs[out->pairs_n][TAP_AGENT] = (uint8_t)(255 - i);
        assert_int_equal(record_out_add(out, 1), 0);
    }
    assert_int_equal(record_out_end(out, s->folder), 0);
    free(out);
}

/* Reads it whole; the error that ended it. *n: pairs up to there. */
static inline int shelf_read(const struct shelf *s, const char *name, uint8_t (*to)[TAP_SIDES],
                             size_t *n)
{
    static struct record_in in;
    size_t got = 1;
    *n = 0;
    int err = record_in_open(&in, shelf_path(s, name), s->key);
    if (err)
        return err;
    while (!err && got) {
        err = record_in_next(&in, to + *n, &got);
        *n += err ? 0 : got;
    }
    record_in_drop(&in);
    return err;
}

#endif
