/* shelf.c — see shelf.h. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "record/audit.h"
#include "record/shelf.h"

/* The number of a file of ours; false: another file. */
static bool is_ours(uint64_t *id, const char *name)
{
    struct text t = text_of(name), suffix = TEXT(RECORD_SUFFIX);
    if (t.n <= suffix.n || memcmp(t.p + t.n - suffix.n, suffix.p, suffix.n) != 0)
        return false;
    t.n -= suffix.n;
    return text_number(t, UINT64_MAX, id);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Every number in the folder, sorted; *n of them, to be freed. */
static int read_numbers(const char *folder, uint64_t **numbers, size_t *n)
{
    size_t room = 0;
    DIR *dir = opendir(folder);
    *numbers = NULL;
    *n = 0;
    if (!dir)
        return errno;
    int err = 0;
    for (struct dirent *e = readdir(dir); e && !err; e = readdir(dir)) {
        uint64_t id;
        if (!is_ours(&id, e->d_name))
            continue;
        if (*n == room) {
            room = room ? 2 * room : 256;
            uint64_t *more = realloc(*numbers, room * sizeof(**numbers));
            err = more ? 0 : ENOMEM;
            *numbers = more ? more : *numbers;
        }
        if (!err)
            (*numbers)[(*n)++] = id;
    }
    closedir(dir);
    if (!err && *n)
        qsort(*numbers, *n, sizeof(**numbers), by_number);
    return err;
}

int record_shelf_walk(const char *folder, record_found_fn *fn, void *arg)
{
    uint64_t *numbers;
    size_t n;
    char path[OS_PATH_MAX];
    int err = read_numbers(folder, &numbers, &n);
    bool goes_on = true;
    for (size_t i = 0; !err && goes_on && i < n; i++) {
        struct record_found found = {.path = path, .id = numbers[i]};
        struct stat st;
        err = record_path(path, folder, numbers[i]);
        if (err || stat(path, &st))
            continue; /* purged meanwhile by somebody else */
        found.bytes_n = (uint64_t)st.st_size;
        found.is_damaged = record_head_read(&found.head, path) != 0;
        if (found.is_damaged)
            found.head =
                (struct record_head){.id = found.id, .begun_at = st.st_mtim.tv_sec * INT64_C(1000)};
        goes_on = fn(&found, arg);
    }
    free(numbers);
    return err;
}

static int purge_one(const struct record_purge *p, const struct record_found *found)
{
    char hash[RECORD_HASH_DIGITS + 1];
    int err = record_hash(hash, found->path);
    const struct record_deed deed = {.what = "purge",
                                     .id = found->id,
                                     .at = p->now_at,
                                     .begun_at = found->head.begun_at,
                                     .bytes_n = found->bytes_n,
                                     .sha256 = err ? NULL : hash};
    err = record_audit_add(p->folder, &deed);
    return err ? err : os_file_unlink(found->path);
}

struct purging {
    struct record_purge *p;
    int err;
};

static bool take(const struct record_found *found, void *arg)
{
    struct purging *g = arg;
    ms_t age_ms = g->p->now_at - found->head.begun_at;
    if (age_ms <= (ms_t)g->p->retention_days * RECORD_DAY_MS)
        return true;
    int err = purge_one(g->p, found);
    g->p->purged_n += !err;
    g->p->failed_n += err != 0;
    g->err = err ? err : g->err;
    return true;
}

int record_shelf_purge(struct record_purge *p)
{
    struct purging g = {p, 0};
    int err = record_shelf_walk(p->folder, take, &g);
    return err ? err : g.err;
}
