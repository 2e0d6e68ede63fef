/* worker.c — see worker.h. Invariant: a slot's stage says whose it is: asker FREE → GIVEN, thread
 * GIVEN → TAKEN → DONE, asker DONE → FREE; who leaves a job that is TAKEN makes it LEFT, and the
 * thread frees it. Jobs are taken in the order of their ids. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "oidc/redeem.h"
#include "os/bell.h"
#include "os/thread.h"

enum { STAGE_FREE, STAGE_GIVEN, STAGE_TAKEN, STAGE_DONE, STAGE_LEFT };
enum kind { GO, REDEEM, LEAVE };

struct job {
    _Atomic int stage;
    uint64_t job_id;
    enum kind kind;
    ms_t given_ms;
    struct oidc_flow flow;
    size_t word_n;
    char word[OIDC_ID_TOKEN_BYTES]; /* the code, or the id_token */
    struct oidc_told told;
};

struct oidc_worker {
    struct os_thread thread;
    struct os_bell bell; /* the asker rings */
    _Atomic bool is_ending;
    struct oidc_house house; /* the thread's, but for is_up */
    struct job jobs[OIDC_JOBS_MAX];
    uint64_t last_job_id; /* the asker's */
};

/* ---- the thread --------------------------------------------------------------------------- */

static enum oidc_why work(struct oidc_worker *w, struct job *job)
{
    struct oidc_house *h = &w->house;
    const struct text word = {job->word, job->word_n};
    const struct oidc_client *c = &h->args.client;
    bool is_put = false;
    oidc_house_discover(h, os_clock_boot_ms());
    if (job->kind == REDEEM)
        return oidc_house_redeem(h, &job->told, &job->flow, word);
    if (!h->is_known)
        return OIDC_DOWN;
    if (job->kind == GO)
        is_put = oidc_put_authorize(job->told.url, &h->provider, c, &job->flow);
    else
        is_put = oidc_put_leave(job->told.url, &h->provider, c,
                                &(struct oidc_leaving){job->flow.state, word});
    return is_put ? OIDC_FINE : OIDC_BAD_ANSWER;
}

static struct job *oldest(struct oidc_worker *w)
{
    struct job *first = NULL;
    for (unsigned i = 0; i < OIDC_JOBS_MAX; i++) {
        struct job *job = &w->jobs[i];
        if (atomic_load(&job->stage) == STAGE_GIVEN && (!first || job->job_id < first->job_id))
            first = job;
    }
    return first;
}

/* False: there was nothing to do. */
static bool turn(struct oidc_worker *w)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN;
    struct job *job = oldest(w);
    if (!job)
        return false;
    if (!atomic_compare_exchange_strong(&job->stage, &given, STAGE_TAKEN))
        return true; /* who asked has left */
    bool is_late = os_clock_boot_ms() - job->given_ms >= OIDC_WAIT_MS;
    memset(&job->told, 0, sizeof(job->told));
    job->told.why = is_late ? OIDC_DOWN : work(w, job);
    explicit_bzero(job->word, sizeof(job->word));
    if (!atomic_compare_exchange_strong(&job->stage, &taken, STAGE_DONE))
        atomic_store(&job->stage, STAGE_FREE);
    return true;
}

/* How long nothing is to be done but what is asked for; −1: without end. */
static int wait_ms(const struct oidc_house *h)
{
    ms_t left_ms = h->ask_ms - os_clock_boot_ms();
    return h->is_known ? -1 : left_ms > 0 ? (int)left_ms : 0;
}

static void *run(void *arg)
{
    struct oidc_worker *w = arg;
    while (!atomic_load(&w->is_ending)) {
        oidc_house_discover(&w->house, os_clock_boot_ms());
        if (turn(w))
            continue;
        os_bell_arm(&w->bell);
        if (!oldest(w) && !atomic_load(&w->is_ending))
            os_bell_wait(&w->bell, wait_ms(&w->house));
    }
    return NULL;
}

/* ---- open and drop ------------------------------------------------------------------------ */

int oidc_worker_open(struct oidc_worker **out, const struct oidc_worker_args *args)
{
    struct oidc_worker *w = calloc(1, sizeof(*w));
    *out = NULL;
    if (!w)
        return ENOMEM;
    w->bell.fd = -1;
    w->house.args = *args;
    w->house.args.wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    w->house.retry_ms = OIDC_RETRY_MS;
    w->house.fetch.authority = args->authority;
    w->house.fetch.is_ending = &w->is_ending;
    atomic_store(&w->house.is_up, true); /* until it is known better */
    int err = oidc_fetch_open(&w->house.fetch) ? os_bell_open(&w->bell) : ENOMEM;
    if (!err)
        err = os_thread_open(&w->thread,
                             &(struct os_thread_args){.name = "oidc", .run = run, .arg = w});
    if (err)
        oidc_worker_drop(w);
    else
        *out = w;
    return err;
}

void oidc_worker_drop(struct oidc_worker *w)
{
    if (!w)
        return;
    atomic_store(&w->is_ending, true);
    if (w->thread.is_running)
        os_bell_ring_always(&w->bell);
    os_thread_drop(&w->thread);
    os_bell_drop(&w->bell);
    oidc_fetch_drop(&w->house.fetch);
    oidc_keys_drop(&w->house.keys);
    explicit_bzero(w, sizeof(*w));
    free(w);
}

/* ---- who asks ----------------------------------------------------------------------------- */

static uint64_t give(struct oidc_worker *w, enum kind kind, const struct oidc_flow *flow,
                     struct text word)
{
    unsigned i = 0;
    while (i < OIDC_JOBS_MAX && atomic_load(&w->jobs[i].stage) != STAGE_FREE)
        i++;
    if (i == OIDC_JOBS_MAX || word.n > sizeof(w->jobs[0].word))
        return 0;
    struct job *job = &w->jobs[i];
    job->kind = kind;
    job->flow = *flow;
    job->given_ms = os_clock_boot_ms();
    if (word.n)
        memcpy(job->word, word.p, word.n);
    job->word_n = word.n;
    job->job_id = ++w->last_job_id;
    atomic_store(&job->stage, STAGE_GIVEN);
    os_bell_ring_always(&w->bell);
    return job->job_id;
}

static uint64_t go(void *arg, const struct oidc_flow *flow)
{
    return give(arg, GO, flow, TEXT_NONE);
}

static uint64_t redeem(void *arg, const struct oidc_flow *flow, struct text code)
{
    return give(arg, REDEEM, flow, code);
}

static uint64_t leave(void *arg, struct text id_token, const char *state)
{
    struct oidc_flow flow = {.nonce = ""};
    memcpy(flow.state, state, strnlen(state, sizeof(flow.state) - 1));
    return give(arg, LEAVE, &flow, id_token);
}

static struct job *find(struct oidc_worker *w, uint64_t job_id)
{
    for (unsigned i = 0; job_id && i < OIDC_JOBS_MAX; i++)
        if (atomic_load(&w->jobs[i].stage) != STAGE_FREE && w->jobs[i].job_id == job_id)
            return &w->jobs[i];
    return NULL;
}

static enum oidc_state look(void *arg, uint64_t job_id, struct oidc_told *told)
{
    const struct job *job = find(arg, job_id);
    if (!job || atomic_load(&job->stage) == STAGE_LEFT)
        return OIDC_UNKNOWN;
    if (atomic_load(&job->stage) != STAGE_DONE)
        return OIDC_GIVEN;
    *told = job->told;
    return OIDC_DONE;
}

static void forget(void *arg, uint64_t job_id)
{
    int given = STAGE_GIVEN, taken = STAGE_TAKEN, done = STAGE_DONE;
    struct job *job = find(arg, job_id);
    if (!job)
        return;
    if (atomic_compare_exchange_strong(&job->stage, &given, STAGE_DONE))
        explicit_bzero(job->word, sizeof(job->word));
    if (!atomic_compare_exchange_strong(&job->stage, &taken, STAGE_LEFT) &&
        atomic_load(&job->stage) == done) {
        explicit_bzero(&job->told, sizeof(job->told));
        atomic_store(&job->stage, STAGE_FREE);
    }
}

static bool is_up(void *arg)
{
    struct oidc_worker *w = arg;
    return atomic_load(&w->house.is_up);
}

static void refused(void *arg, enum oidc_why why)
{
    const struct oidc_worker *w = arg;
    os_log_line(w->house.args.log, OS_LOG_WARNING, "oidc: somebody is not signed in\twhy=%s",
                oidc_why_name(why));
}

struct oidc_port oidc_worker_port(struct oidc_worker *w)
{
    return (struct oidc_port){.arg = w,
                              .label = w->house.args.label,
                              .issuer = w->house.args.client.issuer,
                              .links_by_mail = w->house.args.links_by_mail,
                              .is_up = is_up,
                              .go = go,
                              .redeem = redeem,
                              .leave = leave,
                              .look = look,
                              .forget = forget,
                              .refused = refused};
}
