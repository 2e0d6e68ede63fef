/* serve_keep.c — the registrations of the telephones in a file beside the journal, written by a
 * thread of its own, so that a service that was killed rings them again at once.
 * Called by serve.c. One buffer goes to and fro: main fills it while the thread is idle. Losing the
 * file loses minutes, never a call: telephones register anew by themselves. */
#include <errno.h>
#include <stdlib.h>

#include "cli/house.h"
#include "phone/keep.h"

#define SUFFIX ".phones"
#define EVERY_MS ((ms_t)1000)

static void write_given(struct house_keep *k)
{
    if (!atomic_load(&k->is_full))
        return;
    int err = os_file_write(k->path, k->bytes, k->n);
    (void)err; /* a full disk is told by the journal; the next change tries again */
    atomic_store(&k->is_full, false);
}

static void *run(void *arg)
{
    struct house_keep *k = arg;
    while (!atomic_load(&k->is_ending)) {
        os_bell_arm(&k->bell);
        if (!atomic_load(&k->is_full) && !atomic_load(&k->is_ending))
            os_bell_wait(&k->bell, -1);
        write_given(k);
    }
    write_given(k); /* what was given just before the end */
    return NULL;
}

static void load(struct house *h)
{
    struct house_keep *k = &h->keep;
    size_t n = 0;
    if (os_file_read(k->path, k->bytes, k->max, &n))
        return;
    uint32_t taken_n = phone_keep_load(h->phone, k->bytes, n, h->now_at);
    if (taken_n)
        os_log_line(&h->log, OS_LOG_INFO, "serve: %u telephones are where they were", taken_n);
}

int house_open_keep(struct house *h)
{
    struct house_keep *k = &h->keep;
    k->max = phone_keep_max(h->phone);
    k->version = phone_keep_version(h->phone);
    int err = os_path_join(k->path, h->journal_path, SUFFIX);
    err = err ? err : os_pages_open(&k->memory, k->max);
    err = err ? err : os_bell_open(&k->bell);
    if (err)
        return err;
    k->bytes = k->memory.p;
    load(h);
    return os_thread_open(&k->thread,
                          &(struct os_thread_args){.name = "keep", .run = run, .arg = k});
}

void house_keep_phones(struct house *h)
{
    struct house_keep *k = &h->keep;
    uint64_t version = phone_keep_version(h->phone);
    if (version == k->version || h->now_at < k->next_at || atomic_load(&k->is_full))
        return;
    k->n = phone_keep_save(h->phone, k->bytes);
    k->version = version;
    k->next_at = h->now_at + EVERY_MS;
    atomic_store(&k->is_full, true);
    os_bell_ring(&k->bell);
}

void house_drop_keep(struct house *h)
{
    struct house_keep *k = &h->keep;
    if (k->thread.is_running) { /* what changed since the last time */
        k->next_at = h->now_at;
        house_keep_phones(h);
    }
    atomic_store(&k->is_ending, true);
    if (k->thread.is_running)
        os_bell_ring_always(&k->bell);
    os_thread_drop(&k->thread);
    os_bell_drop(&k->bell);
    os_pages_drop(&k->memory);
}
