/* oidc.c — see oidc.h. */
#include <errno.h>

#include "config/oidc.h"

int config_oidc_check(const struct settings_oidc *s, const struct config_secrets *secrets,
                      struct config_errors *errors)
{
    if (!s->issuer[0] || secrets->oidc_secret[0])
        return 0;
    config_wrong(errors, NULL,
                 "oidc.issuer\u00a0: ce service n’a pas de secret chez le fournisseur d’identité");
    config_cure(errors, "ajoutez «\u00a0oidc: { secret: … }\u00a0» dans le fichier des secrets");
    return EINVAL;
}
