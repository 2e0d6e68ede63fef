/* worker.h — the thread that speaks to the identity provider: discovery, keys, codes redeemed for
 * tokens, tokens verified. Opened by cli/serve_oidc.c; asked by the reader thread through
 * port/oidc.h. No secret and no token is ever in a line of the log. */
#ifndef OIDC_WORKER_H
#define OIDC_WORKER_H

#include "oidc/provider.h"
#include "os/log.h"

/* Without what the provider says of itself it is asked again after so long, doubled each time. */
#define OIDC_RETRY_MS ((ms_t)5000)
#define OIDC_RETRY_MS_MAX ((ms_t)300000)
/* A key that is not known: all is asked for anew, no more often than this. */
#define OIDC_ANEW_MS ((ms_t)60000)
/* Who waited so long for this thread is told that the provider does not answer. */
#define OIDC_WAIT_MS ((ms_t)10000)

struct oidc_worker;

struct oidc_worker_args {
    struct oidc_client client; /* what it borrows must outlive the worker */
    const char *authority;     /* borrowed: PEM file of who signs the provider's certificate; "" */
    unsigned algorithms;       /* bits of enum oidc_algorithm */
    const char *label;         /* borrowed */
    bool links_by_mail;
    struct os_log *log;
    os_clock_fn *wall_at; /* NULL: the machine's */
};

/* 0, or errno. */
MUST_CHECK int oidc_worker_open(struct oidc_worker **w, const struct oidc_worker_args *args);
/* Ends the thread; what it waits for is given up. NULL is fine. */
void oidc_worker_drop(struct oidc_worker *w);
struct oidc_port oidc_worker_port(struct oidc_worker *w);

#endif
