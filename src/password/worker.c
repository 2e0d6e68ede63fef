/* worker.c — see worker.h. Invariant: jobs[i] is the thread's while os/jobs.h has it work on i, and
 * the asker's before and after. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <sodium.h>

#include "os/jobs.h"
#include "password/worker.h"

_Static_assert(ACCOUNT_HASH_BYTES >= crypto_pwhash_STRBYTES, "a hash fits");

#define NICENESS 10

struct job {
    bool is_make;
    uint32_t password_n;
    char password[PASSWORD_BYTES_MAX];
    char hash[ACCOUNT_HASH_BYTES]; /* verify: of whom; "": nobody */
    struct password_told told;
};

struct password_worker {
    struct os_jobs queue;
    unsigned long long passes;
    size_t memory;
    char nobody[ACCOUNT_HASH_BYTES]; /* of a password that nobody has; the thread's */
    struct job jobs[PASSWORD_JOBS_MAX];
};

/* ---- the thread --------------------------------------------------------------------------- */

static bool make_hash(const struct password_worker *w, char to[ACCOUNT_HASH_BYTES],
                      const struct job *job)
{
    memset(to, 0, ACCOUNT_HASH_BYTES);
    return crypto_pwhash_str_alg(to, job->password, job->password_n, w->passes, w->memory,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static void work(void *arg, unsigned i)
{
    struct password_worker *w = arg;
    struct job *job = &w->jobs[i];
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

static void wipe(void *arg, unsigned i)
{
    struct job *job = &((struct password_worker *)arg)->jobs[i];
    sodium_memzero(job->password, sizeof(job->password));
    sodium_memzero(&job->told, sizeof(job->told));
}

static void make_nobody(struct password_worker *w)
{
    struct job job = {.password_n = PASSWORD_BYTES_MAX};
    randombytes_buf(job.password, sizeof(job.password));
    if (!make_hash(w, w->nobody, &job))
        w->nobody[0] = '\0'; /* no memory: nothing can be compared either */
}

static void begin(void *arg)
{
    (void)setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone: who speaks goes first */
    make_nobody(arg);
}

/* ---- open and drop ------------------------------------------------------------------------ */

int password_worker_open(struct password_worker **out, bool is_quick)
{
    struct password_worker *w = sodium_init() < 0 ? NULL : calloc(1, sizeof(*w));
    *out = NULL;
    if (!w)
        return ENOMEM;
    w->passes = is_quick ? crypto_pwhash_OPSLIMIT_MIN : PASSWORD_PASSES;
    w->memory = is_quick ? crypto_pwhash_MEMLIMIT_MIN : PASSWORD_MEMORY_BYTES;
    int err = os_jobs_open(&w->queue, &(struct os_jobs_args){.name = "password",
                                                             .max = PASSWORD_JOBS_MAX,
                                                             .begin = begin,
                                                             .work = work,
                                                             .wipe = wipe,
                                                             .arg = w});
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
    os_jobs_drop(&w->queue);
    sodium_memzero(w, sizeof(*w));
    free(w);
}

/* ---- who asks ----------------------------------------------------------------------------- */

static uint64_t give(struct password_worker *w, struct text password, const char *hash)
{
    unsigned i;
    if (password.n > PASSWORD_BYTES_MAX || !os_jobs_room(&w->queue, &i))
        return 0;
    struct job *job = &w->jobs[i];
    memset(job->hash, 0, sizeof(job->hash));
    job->is_make = !hash;
    if (hash)
        memcpy(job->hash, hash, strnlen(hash, sizeof(job->hash) - 1));
    if (password.n)
        memcpy(job->password, password.p, password.n);
    job->password_n = (uint32_t)password.n;
    return os_jobs_give(&w->queue, i);
}

static uint64_t verify(void *arg, struct text password, const char *hash)
{
    return give(arg, password, hash);
}

static uint64_t make(void *arg, struct text password)
{
    return give(arg, password, NULL);
}

static enum password_state look(void *arg, uint64_t job_id, struct password_told *told)
{
    struct password_worker *w = arg;
    unsigned i;
    enum os_jobs_state state = os_jobs_look(&w->queue, job_id, &i);
    if (state != OS_JOBS_DONE)
        return state == OS_JOBS_GIVEN ? PASSWORD_GIVEN : PASSWORD_UNKNOWN;
    *told = w->jobs[i].told;
    return PASSWORD_DONE;
}

static void forget(void *arg, uint64_t job_id)
{
    os_jobs_forget(&((struct password_worker *)arg)->queue, job_id);
}

struct password_port password_worker_port(struct password_worker *w)
{
    return (struct password_port){
        .arg = w, .verify = verify, .make = make, .look = look, .forget = forget};
}
