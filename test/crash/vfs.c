/* vfs.c — shows a struct disk to SQLite.
 * Used by the crash tests. As the VFS of Unix: the folder is synced with the first sync of a new
 * WAL or rollback journal; a write never damages bytes beside it (powersafe overwrite). */
#include <stdlib.h>
#include <string.h>

#include "test/crash/disk.h"
#include "test/crash/disk_parts.h"

struct handle {
    sqlite3_file base;
    struct disk *disk; /* NULL: a temporary file of its own */
    struct disk_inode temporary;
    int inode;
    bool is_log;
};

static struct disk_inode *inode_of(struct handle *h)
{
    return h->disk ? &h->disk->inode[h->inode] : &h->temporary;
}

static int file_close(sqlite3_file *file)
{
    struct handle *h = (struct handle *)file;
    free(h->temporary.bytes);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    const struct disk_inode *f = inode_of((struct handle *)file);
    size_t from = (size_t)at, want = (size_t)n;
    size_t have = from < f->n ? f->n - from : 0;
    size_t got = have < want ? have : want;
    if (got)
        memcpy(to, f->bytes + from, got);
    memset((uint8_t *)to + got, 0, want - got);
    return got == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* Temporary files are no part of the disk: nothing of them outlives a cut. */
static int write_temporary(struct disk_inode *f, const void *from, size_t n, size_t at)
{
    if (at + n > f->room) {
        f->room = (at + n) * 2;
        f->bytes = realloc(f->bytes, f->room);
        if (!f->bytes)
            abort();
    }
    if (at > f->n)
        memset(f->bytes + f->n, 0, at - f->n);
    memcpy(f->bytes + at, from, n);
    f->n = at + n > f->n ? at + n : f->n;
    return SQLITE_OK;
}

static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct handle *h = (struct handle *)file;
    struct disk_op op = {
        .kind = DISK_WRITE, .inode = h->inode, .at = (size_t)at, .n = (size_t)n, .bytes = from};
    return h->disk ? disk_do(h->disk, &op) : write_temporary(&h->temporary, from, op.n, op.at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 n)
{
    struct handle *h = (struct handle *)file;
    struct disk_op op = {.kind = DISK_TRUNCATE, .inode = h->inode, .n = (size_t)n};
    if (h->disk)
        return disk_do(h->disk, &op);
    h->temporary.n = (size_t)n;
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    struct handle *h = (struct handle *)file;
    if (!h->disk)
        return SQLITE_OK;
    struct disk_inode *f = inode_of(h);
    struct disk_op op = {
        .kind = DISK_SYNC, .inode = h->inode, .is_folder = h->is_log && !f->has_synced};
    int rc = disk_do(h->disk, &op);
    f->has_synced |= rc == SQLITE_OK;
    return rc;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *n)
{
    *n = (sqlite3_int64)inode_of((struct handle *)file)->n;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *file, int *is_reserved)
{
    (void)file;
    *is_reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return DISK_SECTOR;
}

static int file_character(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* tidy: parameters — as sqlite3_io_methods has it */
static int shm_map(sqlite3_file *file, int i, int bytes, int extend, void volatile **region)
{
    struct disk_shm *shm = &((struct handle *)file)->disk->shm;
    *region = NULL;
    while (extend && shm->n <= (unsigned)i) {
        void *p = calloc(1, (size_t)bytes);
        if (!p || shm->n == sizeof(shm->region) / sizeof(shm->region[0]))
            abort();
        shm->region[shm->n++] = p;
    }
    if ((unsigned)i < shm->n)
        *region = shm->region[i];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    (void)file;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int shm_unmap(sqlite3_file *file, int is_end)
{
    struct disk_shm *shm = &((struct handle *)file)->disk->shm;
    for (unsigned i = 0; is_end && i < shm->n; i++)
        free(shm->region[i]);
    if (is_end)
        shm->n = 0;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_character,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the drive ---- */

static struct disk *disk_of(sqlite3_vfs *vfs)
{
    return ((struct disk_drive *)vfs->pAppData)->disk;
}

static int make_file(struct handle *h, int name)
{
    struct disk_op op = {.kind = DISK_CREATE, .name = name, .inode = disk_new_inode(h->disk)};
    h->inode = op.inode;
    return disk_do(h->disk, &op);
}

/* tidy: parameters — as sqlite3_vfs has it */
static int drive_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
    struct handle *h = (struct handle *)file;
    memset(h, 0, sizeof(*h));
    if (out)
        *out = flags;
    h->base.pMethods = &methods;
    if (!path)
        return SQLITE_OK;
    h->disk = disk_of(vfs);
    h->is_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    int name = disk_name(h->disk, path), rc = SQLITE_OK;
    h->inode = h->disk->of_name[name];
    if (h->inode == DISK_NONE)
        rc = flags & SQLITE_OPEN_CREATE ? make_file(h, name) : SQLITE_CANTOPEN;
    if (rc)
        h->base.pMethods = NULL;
    return rc;
}

static int drive_delete(sqlite3_vfs *vfs, const char *path, int is_folder)
{
    struct disk *d = disk_of(vfs);
    struct disk_op op = {
        .kind = DISK_DELETE, .name = disk_name(d, path), .is_folder = is_folder != 0};
    return d->of_name[op.name] == DISK_NONE ? SQLITE_IOERR_DELETE_NOENT : disk_do(d, &op);
}

static int drive_access(sqlite3_vfs *vfs, const char *path, int flags, int *is_there)
{
    (void)flags;
    struct disk *d = disk_of(vfs);
    int inode = d->of_name[disk_name(d, path)];
    *is_there = inode != DISK_NONE && d->inode[inode].n > 0;
    return SQLITE_OK;
}

static int drive_path(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
    (void)vfs;
    size_t length = strlen(path);
    if (length >= (size_t)n)
        return SQLITE_CANTOPEN;
    memcpy(out, path, length + 1);
    return SQLITE_OK;
}

static int drive_random(sqlite3_vfs *vfs, int n, char *out)
{
    struct disk *d = disk_of(vfs);
    for (int i = 0; i < n; i++) {
        d->random = d->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        out[i] = (char)(d->random >> 56);
    }
    return n;
}

static int drive_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int drive_time(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
    (void)vfs;
    *ms = INT64_C(210866760000000);
    return SQLITE_OK;
}

static int drive_error(sqlite3_vfs *vfs, int n, char *text)
{
    (void)vfs;
    (void)n;
    (void)text;
    return 0;
}

void disk_drive_open(struct disk_drive *drive, const char *name)
{
    *drive = (struct disk_drive){
        .vfs =
            {
                .iVersion = 2,
                .szOsFile = sizeof(struct handle),
                .mxPathname = 63,
                .zName = name,
                .pAppData = drive,
                .xOpen = drive_file,
                .xDelete = drive_delete,
                .xAccess = drive_access,
                .xFullPathname = drive_path,
                .xRandomness = drive_random,
                .xSleep = drive_sleep,
                .xCurrentTimeInt64 = drive_time,
                .xGetLastError = drive_error,
            },
    };
    if (sqlite3_vfs_register(&drive->vfs, 0))
        abort();
}

void disk_drive_drop(struct disk_drive *drive)
{
    sqlite3_vfs_unregister(&drive->vfs);
}
