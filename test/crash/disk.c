/* disk.c — a disk in memory that remembers, refuses, and loses power.
 * Used by the crash tests. The state of files is in struct disk; vfs.c shows it to SQLite.
 * Invariant: replaying a whole log with every operation kept gives the files of the run. */
#include <stdlib.h>
#include <string.h>

#include "test/crash/disk.h"
#include "test/crash/disk_parts.h"

static void *grow(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q)
        abort();
    return q;
}

void disk_open(struct disk *d)
{
    memset(d, 0, sizeof(*d));
    for (unsigned i = 0; i < DISK_NAMES_MAX; i++)
        d->of_name[i] = DISK_NONE;
    d->random = 1;
}

void disk_drop(struct disk *d)
{
    for (unsigned i = 0; i < d->inodes_n; i++)
        free(d->inode[i].bytes);
    for (unsigned i = 0; i < d->shm.n; i++)
        free(d->shm.region[i]);
    for (size_t i = 0; i < d->log_n; i++)
        free((void *)(uintptr_t)d->log[i].bytes);
    free(d->log);
    memset(d, 0, sizeof(*d));
}

int disk_name(struct disk *d, const char *name)
{
    for (unsigned i = 0; i < d->names_n; i++)
        if (!strcmp(d->name[i], name))
            return (int)i;
    if (d->names_n == DISK_NAMES_MAX || strlen(name) >= sizeof(d->name[0]))
        abort();
    memcpy(d->name[d->names_n], name, strlen(name) + 1);
    return (int)d->names_n++;
}

/* ---- what operations do to files ---- */

static void resize(struct disk_inode *f, size_t n)
{
    if (n > f->room) {
        f->room = n * 2;
        f->bytes = grow(f->bytes, f->room);
    }
    if (n > f->n)
        memset(f->bytes + f->n, 0, n - f->n);
    f->n = n;
}

static void put(struct disk_inode *f, const struct disk_op *op, size_t from, size_t n)
{
    if (op->at + from + n > f->n)
        resize(f, op->at + from + n);
    memcpy(f->bytes + op->at + from, op->bytes + from, n);
}

static void apply(struct disk *d, const struct disk_op *op)
{
    switch (op->kind) {
    case DISK_CREATE:
        d->of_name[op->name] = op->inode;
        break;
    case DISK_DELETE:
        d->of_name[op->name] = DISK_NONE;
        break;
    case DISK_WRITE:
        put(&d->inode[op->inode], op, 0, op->n);
        break;
    case DISK_TRUNCATE:
        resize(&d->inode[op->inode], op->n);
        break;
    case DISK_SYNC:
        break;
    }
}

static void record(struct disk *d, const struct disk_op *op)
{
    if (d->log_n == d->log_room) {
        d->log_room = d->log_room ? d->log_room * 2 : 1024;
        d->log = grow(d->log, d->log_room * sizeof(*d->log));
    }
    struct disk_op *to = &d->log[d->log_n++];
    *to = *op;
    to->bytes = NULL;
    to->published = d->published ? d->published(d->published_arg) : 0;
    if (op->kind == DISK_WRITE) {
        uint8_t *copy = grow(NULL, op->n);
        memcpy(copy, op->bytes, op->n);
        to->bytes = copy;
    }
}

/* A refused write leaves its first half behind; a refused sync may take the rest for clean. */
static int refuse(struct disk *d, const struct disk_op *op)
{
    d->refused_n++;
    if (op->kind == DISK_WRITE) {
        struct disk_op half = *op;
        half.n /= 2;
        apply(d, &half);
        if (d->is_recording)
            record(d, &half);
    }
    if (op->kind == DISK_SYNC && d->refusal.forgets && d->is_recording) {
        struct disk_op forgotten = *op;
        forgotten.n = 1;
        forgotten.is_folder = false; /* the folder's turn would have come after the file's */
        record(d, &forgotten);
    }
    return d->refusal.rc;
}

int disk_do(struct disk *d, const struct disk_op *op)
{
    uint64_t i = d->ops_n++;
    if (d->refusal.n && i >= d->refusal.first && i - d->refusal.first < d->refusal.n)
        return refuse(d, op);
    if (d->is_recording)
        record(d, op);
    apply(d, op);
    return SQLITE_OK;
}

int disk_new_inode(struct disk *d)
{
    if (d->inodes_n == DISK_INODES_MAX)
        abort();
    memset(&d->inode[d->inodes_n], 0, sizeof(d->inode[0]));
    return (int)d->inodes_n++;
}

/* ---- the past of a run ---- */

void disk_past_open(struct disk_past *p, const struct disk *run)
{
    memset(p, 0, sizeof(*p));
    p->run = run;
    p->pending = grow(NULL, (run->log_n + 1) * sizeof(*p->pending));
    disk_open(&p->durable);
    p->durable.names_n = run->names_n;
    memcpy(p->durable.name, run->name, sizeof(run->name));
    p->durable.inodes_n = run->inodes_n;
}

void disk_past_drop(struct disk_past *p)
{
    disk_drop(&p->durable);
    free(p->pending);
    memset(p, 0, sizeof(*p));
}

static bool is_name(const struct disk_op *op)
{
    return op->kind == DISK_CREATE || op->kind == DISK_DELETE;
}

static bool is_reached(const struct disk_op *sync, const struct disk_op *op)
{
    if (is_name(op))
        return sync->is_folder;
    return sync->kind == DISK_SYNC && op->inode == sync->inode;
}

/* What the sync reaches becomes durable, or (n = 1: refused and forgotten) is lost. */
static void settle(struct disk_past *p, const struct disk_op *sync)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->pending_n; i++) {
        const struct disk_op *op = &p->run->log[p->pending[i]];
        if (!is_reached(sync, op))
            p->pending[kept++] = p->pending[i];
        else if (!sync->n)
            apply(&p->durable, op);
    }
    p->pending_n = kept;
}

void disk_past_advance(struct disk_past *p)
{
    const struct disk_op *op = &p->run->log[p->next];
    if (op->kind != DISK_SYNC)
        p->pending[p->pending_n++] = p->next;
    if (op->kind == DISK_SYNC || op->is_folder)
        settle(p, op);
    p->next++;
}

static void copy_disk(struct disk *to, const struct disk *from)
{
    disk_open(to);
    to->names_n = from->names_n;
    memcpy(to->name, from->name, sizeof(from->name));
    memcpy(to->of_name, from->of_name, sizeof(from->of_name));
    to->inodes_n = from->inodes_n;
    for (unsigned i = 0; i < from->inodes_n; i++) {
        resize(&to->inode[i], from->inode[i].n);
        if (from->inode[i].n)
            memcpy(to->inode[i].bytes, from->inode[i].bytes, from->inode[i].n);
    }
}

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Each sector by a coin, so that any order of arrival is met. */
static void apply_mixed(struct disk *d, const struct disk_op *op, uint64_t *seed)
{
    if (op->kind != DISK_WRITE) {
        if (draw(seed) & 1)
            apply(d, op);
        return;
    }
    for (size_t from = 0; from < op->n;) {
        size_t n = DISK_SECTOR - (op->at + from) % DISK_SECTOR;
        n = n < op->n - from ? n : op->n - from;
        if (draw(seed) & 1)
            put(&d->inode[op->inode], op, from, n);
        from += n;
    }
}

/* All before one, and that one up to the end of a sector. */
static void apply_torn(struct disk *d, const struct disk_past *p, uint64_t seed)
{
    size_t whole_n = draw(&seed) % (p->pending_n + 1);
    for (size_t i = 0; i < whole_n; i++)
        apply(d, &p->run->log[p->pending[i]]);
    if (whole_n == p->pending_n)
        return;
    const struct disk_op *op = &p->run->log[p->pending[whole_n]];
    if (op->kind != DISK_WRITE)
        return;
    size_t end = (op->at + draw(&seed) % (op->n + 1)) / DISK_SECTOR * DISK_SECTOR;
    if (end > op->at)
        put(&d->inode[op->inode], op, 0, end - op->at);
}

void disk_past_cut(struct disk *left, const struct disk_past *p, const struct disk_cut_args *args)
{
    uint64_t seed = args->seed;
    copy_disk(left, &p->durable);
    if (args->cut == DISK_TORN) {
        apply_torn(left, p, seed);
        return;
    }
    for (size_t i = 0; args->cut != DISK_LOST && i < p->pending_n; i++) {
        const struct disk_op *op = &p->run->log[p->pending[i]];
        if (args->cut == DISK_KEPT)
            apply(left, op);
        else
            apply_mixed(left, op, &seed);
    }
}
