/* set.h — everything that the files of a service say, read as one: settings, directory, flows,
 * secrets. Called by cli/serve at start, and by its reload thread while calls go on. A set is
 * accepted whole or refused whole, with every mistake of all its files. */
#ifndef CONFIG_SET_H
#define CONFIG_SET_H

#include "config/directory.h"
#include "config/flow.h"
#include "config/recording.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "config/tls.h"

struct config_set {
    struct settings settings;
    struct directory *directory; /* owned */
    struct config_flows flows;
    struct config_secrets secrets;
    struct config_recording recording;
    struct tls_book tls;
    uint64_t automatic_e164; /* from which a machine opens the calls back; 0: a human does */
};

/* file: of the settings; running: the settings of the service that reads its files again, which
 * keeps its own bounds and ports until its next start; NULL at start. 0 and *out to drop; or errno
 * (EINVAL: a file is wrong) with the mistakes in the list. */
MUST_CHECK int config_set_load(struct config_set **out, const char *file,
                               const struct settings *running, struct config_errors *errors);
/* NULL is fine. Secrets are wiped. */
void config_set_drop(struct config_set *set);

#endif
