/* oidc.h — what the settings of the identity provider and the secrets say together. Called by
 * config/set. */
#ifndef CONFIG_OIDC_H
#define CONFIG_OIDC_H

#include "config/secrets.h"
#include "config/settings.h"

/* 0, or EINVAL with the error in the list: there is a provider, and no secret of ours there.
 * errors->file is the caller's: that of the settings. */
MUST_CHECK int config_oidc_check(const struct settings_oidc *s,
                                 const struct config_secrets *secrets,
                                 struct config_errors *errors);

#endif
