/* worker.c — see worker.h. Invariant: a slot's stage says whose it is: asker FREE → GIVEN, thread
 * GIVEN → TAKEN → DONE, asker DONE → FREE; who leaves a job that is TAKEN makes it LEFT, and the
 * thread frees it. Jobs are taken in the order of their ids. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <sodium.h>

#include "os/bell.h"
#include "os/thread.h"
#include "password/worker.h"

_Static_assert(ACCOUNT_HASH_BYTES >= crypto_pwhash_STRBYTES, "a hash fits");

#define NICENESS 10

enum { STAGE_FREE, STAGE_GIVEN, STAGE_TAKEN, STAGE_DONE, STAGE_LEFT };

struct job {
    _Atomic int stage;
    uint64_t job_id;
    bool is_make;
    uint32_t password_n;
    char password[PASSWORD_BYTES_MAX];
    char hash[ACCOUNT_HASH_BYTES]; /* verify: of whom; "": nobody */
    struct password_told told;
};

struct password_worker {
    struct os_thread thread;
    struct os_bell bell; /* the asker rings */
    _Atomic bool is_ending;
    unsigned long long passes;
    size_t memory;
    char nobody[ACCOUNT_HASH_BYTES]; /* of a password that nobody has; the thread's */
    struct job jobs[PASSWORD_JOBS_MAX];
    uint64_t last_job_id; /* the asker's */
};

/* ---- the thread --------------------------------------------------------------------------- */

static bool make_hash(const struct password_worker *w, char to[ACCOUNT_HASH_BYTES],
                      const struct job *job)
{
    memset(to, 0, ACCOUNT_HASH_BYTES);
    return crypto_pwhash_str_alg(to, job->password, job->password_n, w->passes, w->memory,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static void work(const struct password_worker *w, struct job *job)
{
    bool is_somebody = job->hash[0] != '\0';
    job->told = (struct password_told){.is_good = false};
    if (job->is_make) {
        job->told.is_good = make_hash(w, job->told.hash, job);
    } else {
        const char *hash = is_somebody ? job->hash : w->nobody;
        bool is_equal = crypto_pwhash_str_verify(hash, job->password, job->password_n) == 0;
        job->told.is_good = is_equal && is_somebody;
    }
    sodium_memzero(job->password, sizeof(job->password));
}

static struct job *oldest(struct password_worker *w)
{
    struct job *first = NULL;
    for (unsigned i = 0; i < PASSWORD_JOBS_MAX; i++) {
        struct job *job = &w->jobs[i];
        if (atomic_load(&job->stage) == STAGE_GIVEN && (!first || job->job_id < first->job_id))
            first = job;
    }
    return first;
}

/* False: there was nothing to do. */
static bool turn(struct password_worker *w)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN;
    struct job *job = oldest(w);
    if (!job)
        return false;
    if (!atomic_compare_exchange_strong(&job->stage, &given, STAGE_TAKEN))
        return true; /* who asked has left */
    work(w, job);
    if (!atomic_compare_exchange_strong(&job->stage, &taken, STAGE_DONE))
        atomic_store(&job->stage, STAGE_FREE);
    return true;
}

static void make_nobody(struct password_worker *w)
{
    struct job job = {.password_n = PASSWORD_BYTES_MAX};
    randombytes_buf(job.password, sizeof(job.password));
    if (!make_hash(w, w->nobody, &job))
        w->nobody[0] = '\0'; /* no memory: nothing can be compared either */
}

static void *run(void *arg)
{
    struct password_worker *w = arg;
    (void)setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone: who speaks goes first */
    make_nobody(w);
    while (!atomic_load(&w->is_ending)) {
        if (turn(w))
            continue;
        os_bell_arm(&w->bell);
        if (!oldest(w) && !atomic_load(&w->is_ending))
            os_bell_wait(&w->bell, -1);
    }
    return NULL;
}

/* ---- open and drop ------------------------------------------------------------------------ */

int password_worker_open(struct password_worker **out, bool is_quick)
{
    struct password_worker *w = sodium_init() < 0 ? NULL : calloc(1, sizeof(*w));
    *out = NULL;
    if (!w)
        return ENOMEM;
    w->bell.fd = -1;
    w->passes = is_quick ? crypto_pwhash_OPSLIMIT_MIN : PASSWORD_PASSES;
    w->memory = is_quick ? crypto_pwhash_MEMLIMIT_MIN : PASSWORD_MEMORY_BYTES;
    int err = os_bell_open(&w->bell);
    if (!err)
        err = os_thread_open(&w->thread,
                             &(struct os_thread_args){.name = "password", .run = run, .arg = w});
    if (err)
        password_worker_drop(w);
    else
        *out = w;
    return err;
}

void password_worker_drop(struct password_worker *w)
{
    if (!w)
        return;
    atomic_store(&w->is_ending, true);
    if (w->thread.is_running)
        os_bell_ring_always(&w->bell);
    os_thread_drop(&w->thread);
    os_bell_drop(&w->bell);
    sodium_memzero(w, sizeof(*w));
    free(w);
}

/* ---- who asks ----------------------------------------------------------------------------- */

static uint64_t give(struct password_worker *w, struct text password, const char *hash)
{
    unsigned i = 0;
    while (i < PASSWORD_JOBS_MAX && atomic_load(&w->jobs[i].stage) != STAGE_FREE)
        i++;
    if (i == PASSWORD_JOBS_MAX || password.n > PASSWORD_BYTES_MAX)
        return 0;
    struct job *job = &w->jobs[i];
    memset(job->hash, 0, sizeof(job->hash));
    job->is_make = !hash;
    if (hash)
        memcpy(job->hash, hash, strnlen(hash, sizeof(job->hash) - 1));
    if (password.n)
        memcpy(job->password, password.p, password.n);
    job->password_n = (uint32_t)password.n;
    job->job_id = ++w->last_job_id;
    atomic_store(&job->stage, STAGE_GIVEN);
    os_bell_ring_always(&w->bell);
    return job->job_id;
}

static uint64_t verify(void *arg, struct text password, const char *hash)
{
    return give(arg, password, hash);
}

static uint64_t make(void *arg, struct text password)
{
    return give(arg, password, NULL);
}

static struct job *find(struct password_worker *w, uint64_t job_id)
{
    for (unsigned i = 0; job_id && i < PASSWORD_JOBS_MAX; i++)
        if (atomic_load(&w->jobs[i].stage) != STAGE_FREE && w->jobs[i].job_id == job_id)
            return &w->jobs[i];
    return NULL;
}

static enum password_state look(void *arg, uint64_t job_id, struct password_told *told)
{
    const struct job *job = find(arg, job_id);
    if (!job || atomic_load(&job->stage) == STAGE_LEFT)
        return PASSWORD_UNKNOWN;
    if (atomic_load(&job->stage) != STAGE_DONE)
        return PASSWORD_GIVEN;
    *told = job->told;
    return PASSWORD_DONE;
}

static void forget(void *arg, uint64_t job_id)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN, done = STAGE_DONE;
    struct job *job = find(arg, job_id);
    if (!job)
        return;
    if (atomic_compare_exchange_strong(&job->stage, &given, STAGE_DONE))
        sodium_memzero(job->password, sizeof(job->password));
    if (!atomic_compare_exchange_strong(&job->stage, &taken, STAGE_LEFT) &&
        atomic_load(&job->stage) == done) {
        sodium_memzero(&job->told, sizeof(job->told));
        atomic_store(&job->stage, STAGE_FREE);
    }
}

struct password_port password_worker_port(struct password_worker *w)
{
    return (struct password_port){
        .arg = w, .verify = verify, .make = make, .look = look, .forget = forget};
}
