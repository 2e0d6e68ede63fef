/* worker.c — see worker.h. Invariant: jobs[i] is the thread's while os/jobs.h has it work on i, and
 * the asker's before and after; the house is the thread's, but for is_up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "oidc/redeem.h"
#include "os/jobs.h"

enum kind { GO, REDEEM, LEAVE };

struct job {
    enum kind kind;
    ms_t given_ms;
    struct oidc_flow flow;
    size_t word_n;
    char word[OIDC_ID_TOKEN_BYTES]; /* the code, or the id_token */
    struct oidc_told told;
};

struct oidc_worker {
    struct os_jobs queue;
    struct oidc_house house;
    struct job jobs[OIDC_JOBS_MAX];
};

/* ---- the thread --------------------------------------------------------------------------- */

static enum oidc_why answer(struct oidc_worker *w, struct job *job)
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

static void work(void *arg, unsigned i)
{
    struct oidc_worker *w = arg;
    struct job *job = &w->jobs[i];
    bool is_late = os_clock_boot_ms() - job->given_ms >= OIDC_WAIT_MS;
    memset(&job->told, 0, sizeof(job->told));
    job->told.why = is_late ? OIDC_DOWN : answer(w, job);
    explicit_bzero(job->word, sizeof(job->word));
}

static void wipe(void *arg, unsigned i)
{
    struct job *job = &((struct oidc_worker *)arg)->jobs[i];
    explicit_bzero(job->word, sizeof(job->word));
    explicit_bzero(&job->told, sizeof(job->told));
}

static int idle(void *arg)
{
    struct oidc_house *h = &((struct oidc_worker *)arg)->house;
    oidc_house_discover(h, os_clock_boot_ms());
    ms_t left_ms = h->ask_ms - os_clock_boot_ms();
    return h->is_known ? -1 : left_ms > 0 ? (int)left_ms : 0;
}

/* ---- open and drop ------------------------------------------------------------------------ */

int oidc_worker_open(struct oidc_worker **out, const struct oidc_worker_args *args)
{
    struct oidc_worker *w = calloc(1, sizeof(*w));
    *out = NULL;
    if (!w)
        return ENOMEM;
    w->house.args = *args;
    w->house.args.wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    w->house.retry_ms = OIDC_RETRY_MS;
    w->house.fetch.authority = args->authority;
    w->house.fetch.is_ending = &w->queue.is_ending;
    atomic_store(&w->house.is_up, true); /* until it is known better */
    if (!oidc_fetch_open(&w->house.fetch)) {
        oidc_fetch_drop(&w->house.fetch);
        free(w);
        return ENOMEM;
    }
    int err = os_jobs_open(&w->queue, &(struct os_jobs_args){.name = "oidc",
                                                             .max = OIDC_JOBS_MAX,
                                                             .idle = idle,
                                                             .work = work,
                                                             .wipe = wipe,
                                                             .arg = w});
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
    os_jobs_drop(&w->queue);
    oidc_fetch_drop(&w->house.fetch);
    oidc_keys_drop(&w->house.keys);
    explicit_bzero(w, sizeof(*w));
    free(w);
}

/* ---- who asks ----------------------------------------------------------------------------- */

static uint64_t give(struct oidc_worker *w, enum kind kind, const struct oidc_flow *flow,
                     struct text word)
{
    unsigned i;
    if (word.n > sizeof(w->jobs[0].word) || !os_jobs_room(&w->queue, &i))
        return 0;
    struct job *job = &w->jobs[i];
    job->kind = kind;
    job->flow = *flow;
    job->given_ms = os_clock_boot_ms();
    if (word.n)
        memcpy(job->word, word.p, word.n);
    job->word_n = word.n;
    return os_jobs_give(&w->queue, i);
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

static enum oidc_state look(void *arg, uint64_t job_id, struct oidc_told *told)
{
    struct oidc_worker *w = arg;
    unsigned i;
    enum os_jobs_state state = os_jobs_look(&w->queue, job_id, &i);
    if (state != OS_JOBS_DONE)
        return state == OS_JOBS_GIVEN ? OIDC_GIVEN : OIDC_UNKNOWN;
    *told = w->jobs[i].told;
    return OIDC_DONE;
}

static void forget(void *arg, uint64_t job_id)
{
    os_jobs_forget(&((struct oidc_worker *)arg)->queue, job_id);
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
