/* serve_oidc.h — the thread that speaks to the identity provider, as the settings of the start say.
 * Included by serve_accounts.h. */
#ifndef CLI_SERVE_OIDC_H
#define CLI_SERVE_OIDC_H

#include "config/yaml.h"
#include "oidc/worker.h"

struct house;

struct house_oidc {
    struct oidc_worker *worker; /* owned; NULL: there is no provider */
    struct oidc_port port;
    struct settings_oidc settings; /* the worker borrows from these three */
    char secret[CONFIG_TOKEN_MAX + 1], authority[CONFIG_PATH_BYTES];
};

/* Before the accounts. 0 or an exit code, told in words. */
int house_open_oidc(struct house *h);
/* After the reader. */
void house_drop_oidc(struct house *h);

#endif
