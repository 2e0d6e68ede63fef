/* demo.h — what the files of `decroche demo` share. Included by cli/demo*.c only. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include "cli/args.h"
#include "config/settings.h"
#include "os/file.h"

/* The simulated days stand beside the journal of the service: demo.db → demo-simule.db. */
MUST_CHECK int demo_simulated_path(char to[OS_PATH_MAX], const char *journal);

/* …and the hour of the cast: demo.db → demo-lundi.db. */
MUST_CHECK int demo_monday_path(char to[OS_PATH_MAX], const char *journal);

/* demo_monday.c: the hour of the cast; argv[0] is "monday". The exit code. */
int demo_monday(int argc, char **argv);

/* demo_list.c: the situations, and with settings which of them run. The exit code. */
int demo_list(const struct cli_args *a);

/* demo_remove.c: plans, prints, and with is_sure does. The exit code. */
int demo_remove(const struct cli_args *a, bool is_sure);

/* ---- demo_strip.c: the demonstration's own rows out of a file, everything else kept as it is ----
 */

#define DEMO_BLOCKS_MAX 12

/* What went out of one list of the file. */
struct demo_cut {
    const char *one, *many; /* for people; many NULL: there is only one of it */
    unsigned n;
};

struct demo_stripped {
    char *text; /* owned */
    size_t n;
    struct demo_cut cuts[DEMO_BLOCKS_MAX];
    unsigned cuts_n;
};

enum demo_file { DEMO_DIRECTORY, DEMO_SECRETS };

/* 0, ENOMEM, or EINVAL when the file cannot be read as YAML. */
MUST_CHECK int demo_strip(struct demo_stripped *out, enum demo_file file, const char *path);
void demo_stripped_drop(struct demo_stripped *s);

#endif
