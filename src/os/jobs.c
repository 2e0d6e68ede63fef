/* jobs.c — see jobs.h. Invariant: the stage of a place says whose it is: asker FREE → GIVEN, thread
 * GIVEN → TAKEN → DONE, asker DONE → FREE; who leaves a job that is TAKEN makes it LEFT, and the
 * thread frees it. Jobs are taken in the order of their ids. */
#include <string.h>

#include "os/jobs.h"

enum { STAGE_FREE, STAGE_GIVEN, STAGE_TAKEN, STAGE_DONE, STAGE_LEFT };

static int stage_of(const struct os_jobs *j, unsigned i)
{
    return atomic_load(&j->places[i].stage);
}

/* ---- the thread --------------------------------------------------------------------------- */

/* Of those that are given; max: there is none. */
static unsigned oldest(const struct os_jobs *j)
{
    unsigned first = j->args.max;
    for (unsigned i = 0; i < j->args.max; i++)
        if (stage_of(j, i) == STAGE_GIVEN &&
            (first == j->args.max || j->places[i].id < j->places[first].id))
            first = i;
    return first;
}

/* False: there was nothing to do. */
static bool turn(struct os_jobs *j)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN;
    unsigned i = oldest(j);
    if (i == j->args.max)
        return false;
    if (!atomic_compare_exchange_strong(&j->places[i].stage, &given, STAGE_TAKEN))
        return true; /* who asked has left */
    j->args.work(j->args.arg, i);
    if (!atomic_compare_exchange_strong(&j->places[i].stage, &taken, STAGE_DONE)) {
        j->args.wipe(j->args.arg, i);
        atomic_store(&j->places[i].stage, STAGE_FREE);
    }
    return true;
}

static void *run(void *arg)
{
    struct os_jobs *j = arg;
    if (j->args.begin)
        j->args.begin(j->args.arg);
    while (!atomic_load(&j->is_ending)) {
        int wait_ms = j->args.idle ? j->args.idle(j->args.arg) : -1;
        if (turn(j))
            continue;
        os_bell_arm(&j->bell);
        if (oldest(j) == j->args.max && !atomic_load(&j->is_ending))
            os_bell_wait(&j->bell, wait_ms);
    }
    return NULL;
}

/* ---- open and drop ------------------------------------------------------------------------ */

int os_jobs_open(struct os_jobs *j, const struct os_jobs_args *args)
{
    assert(args->max && args->max <= OS_JOBS_MAX);
    memset(j, 0, sizeof(*j));
    j->args = *args;
    int err = os_bell_open(&j->bell);
    if (err)
        j->bell.fd = -1;
    return err ? err
               : os_thread_open(&j->thread,
                                &(struct os_thread_args){.name = args->name, .run = run, .arg = j});
}

void os_jobs_drop(struct os_jobs *j)
{
    atomic_store(&j->is_ending, true);
    if (j->thread.is_running)
        os_bell_ring_always(&j->bell);
    os_thread_drop(&j->thread);
    os_bell_drop(&j->bell);
}

/* ---- who asks ----------------------------------------------------------------------------- */

bool os_jobs_room(struct os_jobs *j, unsigned *i)
{
    for (*i = 0; *i < j->args.max; (*i)++)
        if (stage_of(j, *i) == STAGE_FREE)
            return true;
    return false;
}

uint64_t os_jobs_give(struct os_jobs *j, unsigned i)
{
    atomic_store(&j->places[i].id, ++j->last_id);
    atomic_store(&j->places[i].stage, STAGE_GIVEN);
    os_bell_ring_always(&j->bell);
    return j->last_id;
}

static bool find(const struct os_jobs *j, uint64_t id, unsigned *i)
{
    for (*i = 0; id && *i < j->args.max; (*i)++)
        if (stage_of(j, *i) != STAGE_FREE && j->places[*i].id == id)
            return true;
    return false;
}

enum os_jobs_state os_jobs_look(struct os_jobs *j, uint64_t id, unsigned *i)
{
    if (!find(j, id, i) || stage_of(j, *i) == STAGE_LEFT)
        return OS_JOBS_UNKNOWN;
    return stage_of(j, *i) == STAGE_DONE ? OS_JOBS_DONE : OS_JOBS_GIVEN;
}

void os_jobs_forget(struct os_jobs *j, uint64_t id)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN, done = STAGE_DONE;
    unsigned i;
    if (!find(j, id, &i))
        return;
    _Atomic int *stage = &j->places[i].stage;
    (void)atomic_compare_exchange_strong(stage, &given, STAGE_DONE); /* nobody works on it now */
    if (!atomic_compare_exchange_strong(stage, &taken, STAGE_LEFT) && atomic_load(stage) == done) {
        j->args.wipe(j->args.arg, i);
        atomic_store(stage, STAGE_FREE);
    }
}
