/* lookup.c — see lookup.h.
 * Called by main (port) and by its own thread. Invariant: one number, one person: a number that is
 * not in the table yet has the person that this thread gave it last. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"
#include "os/bell.h"
#include "os/thread.h"
#include "store/lookup.h"
#include "store/person.h"

struct question {
    uint64_t leg_id, e164; /* e164 0: end of the thread */
};

struct store_lookup {
    struct os_thread thread;
    struct store_reader reader;
    struct os_bell work, done; /* main rings the first, the thread the second */
    struct ring_buffer questions, answers;
    void *memory; /* owned */
    struct {
        uint64_t e164, person_id;
    } recent[STORE_RECENT_N];
};

static void find(struct store_lookup *l, const struct question *q, struct person_answer *a)
{
    unsigned i = (unsigned)(q->e164 % STORE_RECENT_N);
    *a = (struct person_answer){.leg_id = q->leg_id};
    snprintf(a->row.number, sizeof(a->row.number), "+%" PRIu64, q->e164);
    if (store_person_find(&a->person_id, &l->reader, a->row.number) == 0) {
        if (store_person_references(&a->references_n, &l->reader, a->person_id) != 0)
            a->references_n = UINT32_MAX; /* not known: as one that several people use */
        return;
    }
    bool is_recent = l->recent[i].e164 == q->e164;
    if (!is_recent && store_person_new(&a->person_id) != 0)
        return; /* person 0: a withheld number, as good as not known */
    if (!is_recent) {
        l->recent[i].e164 = q->e164;
        l->recent[i].person_id = a->person_id;
    }
    a->person_id = l->recent[i].person_id;
    a->row.person_id = a->person_id;
    a->is_new = true; /* also when recent: its row may not be committed, twice is as good as once */
}

/* False: the end was asked for. */
static bool work(struct store_lookup *l)
{
    while (ring_waiting_n(&l->questions)) {
        struct person_answer answer;
        const struct question *q = ring_item(&l->questions, 0);
        if (!q->e164)
            return false;
        find(l, q, &answer);
        ring_release(&l->questions, 1);
        if (ring_push(&l->answers, &answer, 1)) /* full: nobody takes them, nobody waits */
            os_bell_ring_always(&l->done);
    }
    return true;
}

static void *run(void *arg)
{
    struct store_lookup *l = arg;
    while (work(l)) {
        os_bell_arm(&l->work);
        if (!ring_waiting_n(&l->questions))
            os_bell_wait(&l->work, -1);
    }
    return NULL;
}

static int open_rings(struct store_lookup *l)
{
    size_t questions_n = ring_bytes(STORE_LOOKUPS_MAX, sizeof(struct question));
    size_t answers_n = ring_bytes(STORE_LOOKUPS_MAX, sizeof(struct person_answer));
    l->memory = calloc(1, questions_n + answers_n);
    if (!l->memory)
        return ENOMEM;
    ring_open(&l->questions, l->memory, STORE_LOOKUPS_MAX, sizeof(struct question));
    ring_open(&l->answers, (char *)l->memory + questions_n, STORE_LOOKUPS_MAX,
              sizeof(struct person_answer));
    return 0;
}

int store_lookup_open(struct store_lookup **out, const struct sql_args *args)
{
    struct store_lookup *l = calloc(1, sizeof(*l));
    *out = NULL;
    if (!l)
        return ENOMEM;
    l->work.fd = l->done.fd = -1;
    int err = open_rings(l);
    err = err ? err : os_bell_open(&l->work);
    err = err ? err : os_bell_open(&l->done);
    err = err ? err : store_reader_open(&l->reader, args);
    if (!err)
        err = os_thread_open(&l->thread,
                             &(struct os_thread_args){.name = "lookup", .run = run, .arg = l});
    if (err)
        store_lookup_drop(l);
    else
        *out = l;
    return err;
}

void store_lookup_drop(struct store_lookup *l)
{
    const struct question end = {0};
    if (!l)
        return;
    if (l->thread.is_running) {
        while (!ring_push(&l->questions, &end, 1)) /* full: the thread is at work on them */
            os_bell_wait(&l->done, 10);
        os_bell_ring(&l->work);
        os_thread_drop(&l->thread);
    }
    store_reader_drop(&l->reader);
    os_bell_drop(&l->work);
    os_bell_drop(&l->done);
    free(l->memory);
    free(l);
}

static void ask(void *arg, uint64_t leg_id, uint64_t e164)
{
    struct store_lookup *l = arg;
    const struct question q = {leg_id, e164};
    if (e164 && ring_push(&l->questions, &q, 1))
        os_bell_ring(&l->work);
}

static bool next(void *arg, struct person_answer *answer)
{
    struct store_lookup *l = arg;
    if (!ring_waiting_n(&l->answers))
        return false;
    memcpy(answer, ring_item(&l->answers, 0), sizeof(*answer));
    ring_release(&l->answers, 1);
    return true;
}

struct person_port store_lookup_port(struct store_lookup *l)
{
    return (struct person_port){.arg = l, .ask = ask, .next = next};
}

int store_lookup_fd(const struct store_lookup *l)
{
    return l->done.fd;
}

void store_lookup_fd_clear(struct store_lookup *l)
{
    os_bell_clear(&l->done);
}
