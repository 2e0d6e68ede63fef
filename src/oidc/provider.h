/* provider.h — what a provider says of itself (OpenID Connect Discovery 1.0), and the addresses and
 * forms made of it. Called by worker.c. Pure. */
#ifndef OIDC_PROVIDER_H
#define OIDC_PROVIDER_H

#include "port/oidc.h"

#define OIDC_ADDRESS_BYTES 512
#define OIDC_FORM_BYTES 8192

/* "": it has none. */
struct oidc_provider {
    char authorize[OIDC_ADDRESS_BYTES], token[OIDC_ADDRESS_BYTES], userinfo[OIDC_ADDRESS_BYTES];
    char keys[OIDC_ADDRESS_BYTES], leave[OIDC_ADDRESS_BYTES];
};

/* Who signs out there. */
struct oidc_leaving {
    const char *state;
    struct text id_token;
};

/* Who we are to it; all borrowed. */
struct oidc_client {
    const char *issuer, *client_id, *secret;
    const char *redirect; /* as it is declared there, to the letter */
    const char *scope, *acr_values;
    bool has_pkce;
};

/* False: another issuer, an address that is missing, or is not over TLS: only an issuer on this
 * very machine may do without. */
MUST_CHECK bool oidc_provider_read(struct oidc_provider *p, struct text json, const char *issuer);
/* ISSUER/.well-known/openid-configuration. False: too long. */
MUST_CHECK bool oidc_provider_address(char to[OIDC_ADDRESS_BYTES], const char *issuer);

/* False: too long. */
MUST_CHECK bool oidc_put_authorize(char to[OIDC_URL_BYTES], const struct oidc_provider *p,
                                   const struct oidc_client *c, const struct oidc_flow *flow);
MUST_CHECK bool oidc_put_redeem(char to[OIDC_FORM_BYTES], const struct oidc_client *c,
                                const struct oidc_flow *flow, struct text code);
/* Also false: the provider has no such address. */
MUST_CHECK bool oidc_put_leave(char to[OIDC_URL_BYTES], const struct oidc_provider *p,
                               const struct oidc_client *c, const struct oidc_leaving *leaving);

#endif
