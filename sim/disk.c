/* disk.c — see disk.h. Called by the fake journal. Cost: a copy. */
#include <stdlib.h>
#include <string.h>

#include "sim/disk.h"

#define FILE_BYTES_MIN 65536
#define TORN_BYTES_MAX 512 /* a sector half written reads as anything */
#define TORN_PPM 500000

void sim_disk_open(struct sim_disk *disk, uint64_t seed)
{
    *disk = (struct sim_disk){0};
    prng_seed(&disk->chance, seed ^ UINT64_C(0x6469736b));
}

void sim_disk_drop(struct sim_disk *disk)
{
    for (unsigned i = 0; i < SIM_FILES; i++)
        free(disk->files[i].bytes);
    *disk = (struct sim_disk){0};
}

bool sim_disk_op(struct sim_disk *disk)
{
    if (disk->is_dead)
        return false;
    disk->ops_n++;
    disk->is_dead = disk->ops_n == disk->crash_at;
    return !disk->is_dead;
}

static void reserve(struct sim_disk_file *f, size_t n)
{
    if (f->size >= n)
        return;
    size_t size = f->size ? f->size : FILE_BYTES_MIN;
    while (size < n)
        size *= 2;
    f->bytes = realloc(f->bytes, size);
    assert(f->bytes); /* a simulation without memory has no result */
    f->size = size;
}

bool sim_disk_write(struct sim_disk *disk, enum sim_file file, const void *bytes, size_t n)
{
    struct sim_disk_file *f = &disk->files[file];
    if (disk->is_dead)
        return false;
    bool lives = sim_disk_op(disk);
    if (!lives) /* it died while writing: some of it is in the cache */
        n = (size_t)prng_below(&disk->chance, n + 1);
    reserve(f, f->n + n);
    memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    return lives;
}

bool sim_disk_sync(struct sim_disk *disk, enum sim_file file)
{
    struct sim_disk_file *f = &disk->files[file];
    if (disk->is_dead)
        return false;
    bool lives = sim_disk_op(disk);
    bool reached = lives || prng_chance(&disk->chance, TORN_PPM); /* before it died */
    if (reached && !disk->lies)
        f->synced_n = f->n;
    return lives;
}

void sim_disk_truncate(struct sim_disk *disk, enum sim_file file, size_t n)
{
    struct sim_disk_file *f = &disk->files[file];
    if (disk->is_dead)
        return;
    assert(n <= f->n);
    f->n = n;
    f->synced_n = f->synced_n < n ? f->synced_n : n;
}

static void tear(struct sim_disk *disk, struct sim_disk_file *f)
{
    size_t left = f->n - f->synced_n;
    size_t torn = left < TORN_BYTES_MAX ? left : TORN_BYTES_MAX;
    for (size_t i = f->n - torn; i < f->n; i++)
        f->bytes[i] = (uint8_t)prng_next(&disk->chance);
}

void sim_disk_reboot(struct sim_disk *disk)
{
    for (unsigned i = 0; i < SIM_FILES; i++) {
        struct sim_disk_file *f = &disk->files[i];
        f->n = f->synced_n + (size_t)prng_below(&disk->chance, f->n - f->synced_n + 1);
        if (prng_chance(&disk->chance, TORN_PPM))
            tear(disk, f);
        f->synced_n = f->n;
    }
    disk->is_dead = false;
    disk->crash_at = 0;
}
