/* serve_oidc.c — see serve_oidc.h. Called by serve_accounts.c. The settings are those of the start:
 * a reload changes nothing of them. */
#include <errno.h>
#include <string.h>

#include "cli/house.h"
#include "oidc/jwt.h"

static unsigned algorithms_of(const struct settings_oidc *s)
{
    if (s->algorithm == SETTINGS_OIDC_ALGORITHM_RS256)
        return OIDC_RS256;
    return s->algorithm == SETTINGS_OIDC_ALGORITHM_ES256 ? OIDC_ES256 : OIDC_RS256 | OIDC_ES256;
}

int house_open_oidc(struct house *h)
{
    struct house_oidc *o = &h->accounts.oidc;
    const struct settings_oidc *s = &h->settings.oidc;
    if (!s->issuer[0])
        return 0;
    if (s->tls_authority[0] &&
        !config_path_beside(o->authority, h->args->settings, s->tls_authority))
        return cli_cannot(h->args, s->tls_authority, ENAMETOOLONG, "shorten oidc.tls_authority");
    o->settings = *s;
    memcpy(o->secret, h->set->files->secrets.oidc_secret, sizeof(o->secret));
    const struct oidc_worker_args args = {.client = {.issuer = o->settings.issuer,
                                                     .client_id = o->settings.client_id,
                                                     .secret = o->secret,
                                                     .redirect = o->settings.redirect,
                                                     .scope = o->settings.scope,
                                                     .acr_values = o->settings.acr_values,
                                                     .has_pkce = o->settings.pkce},
                                          .authority = o->authority,
                                          .algorithms = algorithms_of(s),
                                          .label = o->settings.name,
                                          .links_by_mail = o->settings.link_by_mail,
                                          .log = &h->log};
    int err = oidc_worker_open(&o->worker, &args);
    if (err)
        return cli_cannot(h->args, "oidc", err, "allow more memory, threads or open files");
    o->port = oidc_worker_port(o->worker);
    return 0;
}

void house_drop_oidc(struct house *h)
{
    struct house_oidc *o = &h->accounts.oidc;
    oidc_worker_drop(o->worker);
    o->worker = NULL;
    explicit_bzero(o->secret, sizeof(o->secret));
}
