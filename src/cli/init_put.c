/* init_put.c — the files of `decroche init` on the disk: all or none, with the rights of what they
 * hold, never over one that is there. Called by init.c.
 * Each is first written whole beside its place under another name; then what is there is moved
 * aside when that is wanted, and each gets its name by a link, which refuses a name that is taken.
 * Cost: four small files, each synced. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/init.h"
#include "os/clock.h"

#define BESIDE ".init"
#define FLOWS "/flows"

static const mode_t modes[INIT_FILES] = {
    [INIT_SECRETS] = 0600, [INIT_FLOW] = 0640, [INIT_DIRECTORY] = 0640, [INIT_SETTINGS] = 0640};

/* "/etc/decroche" and "decroche.yaml" and "" or ".init"; false: too long. */
static int path_of(char path[OS_PATH_MAX], const char *folder, const char *name, const char *end)
{
    int n = snprintf(path, OS_PATH_MAX, "%s/%s%s", folder, name, end);
    return n < 0 || n >= OS_PATH_MAX ? ENAMETOOLONG : 0;
}

const char *init_put_found(char path[OS_PATH_MAX], const char *folder)
{
    for (unsigned i = INIT_FILES; i-- > 0;)
        if (!path_of(path, folder, init_names[i], "") && os_file_exists(path))
            return path;
    return NULL;
}

/* As root, on a machine that has the service's user: secrets are the service's, the others it may
 * read. As anybody else: what is written is theirs. */
static int give(const char *path, mode_t mode)
{
    const struct passwd *user = geteuid() ? NULL : getpwnam(INIT_USER);
    bool is_own = mode == 0600;
    if (user && chown(path, is_own ? user->pw_uid : 0, user->pw_gid))
        return errno;
    return chmod(path, mode) ? errno : 0;
}

static int make_folder(char path[OS_PATH_MAX], const char *folder, const char *name)
{
    int n = snprintf(path, OS_PATH_MAX, "%s%s", folder, name);
    if (n < 0 || n >= OS_PATH_MAX)
        return ENAMETOOLONG;
    if (!mkdir(path, 0750))
        return give(path, 0750);
    return errno == EEXIST ? 0 : errno;
}

static int write_beside(char path[OS_PATH_MAX], const struct init_put_args *args)
{
    int err = make_folder(path, args->folder, "");
    err = err ? err : make_folder(path, args->folder, FLOWS);
    for (unsigned i = 0; i < INIT_FILES && !err; i++) {
        const char *text = args->texts->of[i];
        err = path_of(path, args->folder, init_names[i], BESIDE);
        err = err ? err : os_file_write(path, text, strlen(text));
        err = err ? err : give(path, modes[i]);
    }
    return err;
}

/* "decroche.yaml" → "decroche.yaml.bak-2026-11-22-041500" */
static int move_aside(char path[OS_PATH_MAX], const char *folder)
{
    char end[64], aside[OS_PATH_MAX];
    time_t now = (time_t)(os_clock_wall_at() / 1000);
    struct tm at;
    int err = 0;
    if (!localtime_r(&now, &at) || !strftime(end, sizeof(end), ".bak-%Y-%m-%d-%H%M%S", &at))
        return EOVERFLOW;
    for (unsigned i = 0; i < INIT_FILES && !err; i++) {
        err = path_of(path, folder, init_names[i], "");
        err = err ? err : path_of(aside, folder, init_names[i], end);
        if (!err && os_file_exists(path))
            err = os_file_exists(aside) ? EEXIST : os_file_rename(path, aside);
    }
    return err;
}

/* What has its name already loses it again when the next one cannot have its own. */
static int name_all(char path[OS_PATH_MAX], const char *folder)
{
    char beside[OS_PATH_MAX];
    int err = 0;
    unsigned n = 0;
    while (n < INIT_FILES && !err) {
        err = path_of(path, folder, init_names[n], "");
        err = err ? err : path_of(beside, folder, init_names[n], BESIDE);
        err = err ? err : os_file_link(beside, path);
        n += !err;
    }
    while (err && n-- > 0)
        if (!path_of(beside, folder, init_names[n], ""))
            (void)!os_file_unlink(beside);
    return err;
}

static void clear(const char *folder)
{
    char path[OS_PATH_MAX];
    for (unsigned i = 0; i < INIT_FILES; i++)
        if (!path_of(path, folder, init_names[i], BESIDE))
            (void)!os_file_unlink(path);
}

int init_put(char path[OS_PATH_MAX], const struct init_put_args *args)
{
    int err = write_beside(path, args);
    if (!err && args->is_forced)
        err = move_aside(path, args->folder);
    err = err ? err : name_all(path, args->folder);
    clear(args->folder);
    if (!err && !path_of(path, args->folder, init_names[INIT_FLOW], ""))
        err = os_file_sync_folder(path);
    if (!err && !path_of(path, args->folder, init_names[INIT_SETTINGS], ""))
        err = os_file_sync_folder(path);
    return err;
}
