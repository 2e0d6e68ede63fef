/* redeem.h — inside the worker: the provider as it is known, and a code redeemed. Included by
 * src/oidc/ only; all on the thread. */
#ifndef OIDC_REDEEM_H
#define OIDC_REDEEM_H

#include "oidc/claims.h"
#include "oidc/fetch.h"
#include "oidc/keys.h"
#include "oidc/worker.h"

#define OIDC_ACCESS_BYTES 4096

struct oidc_house {
    struct oidc_worker_args args;
    struct oidc_fetch fetch;
    struct oidc_provider provider;
    struct oidc_keys keys;
    bool is_known;         /* provider and keys are there */
    ms_t ask_ms, retry_ms; /* not known: when it is asked again; after how long then */
    ms_t anew_ms;          /* known: not before that is all asked for anew */
    _Atomic bool is_up;
    struct oidc_jwt jwt;        /* room */
    char answer[OIDC_BODY_MAX]; /* of the token endpoint, while others are asked */
};

/* What the provider says of itself, unless it is known or it is too early to ask. */
void oidc_house_discover(struct oidc_house *h, ms_t now_ms);
/* Who came back with this code. */
enum oidc_why oidc_house_redeem(struct oidc_house *h, struct oidc_told *told,
                                const struct oidc_flow *flow, struct text code);

#endif
