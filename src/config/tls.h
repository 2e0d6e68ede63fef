/* tls.h — the certificates that the settings and the directory name, read and proved to fit.
 * Called by set.c and cli/check. A mistake is told on the line that names the file. */
#ifndef CONFIG_TLS_H
#define CONFIG_TLS_H

#include "config/settings.h"
#include "directory/directory.h"
#include "tls/context.h"

struct config_tls_from {
    const char *settings_file, *directory_file;
    const struct settings *settings;
    const struct directory *directory;
};

/* 0 and *book to drop; EINVAL: mistakes in the list, *book is empty. */
MUST_CHECK int config_tls_load(struct tls_book *book, const struct config_tls_from *from,
                               struct config_errors *errors);

#endif
