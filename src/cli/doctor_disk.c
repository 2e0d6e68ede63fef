/* doctor_disk.c — the disk of the journal, and who may read and write what.
 * Called by doctor.c. The test of the disk writes into a file without a name, which is gone with
 * its descriptor: nothing of the service is touched. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "os/clock.h"

#define MIB (1ull << 20)
#define SYNCS 9 /* the median of so many */
#define SYNC_BYTES 4096
#define OTHERS_MAY 077

static bool beside(const struct doctor *d, char path[CONFIG_PATH_BYTES], const char *name)
{
    return config_path_beside(path, d->args->settings, name);
}

/* The folder of what a setting names. */
static bool folder_of(const struct doctor *d, char path[CONFIG_PATH_BYTES], const char *name)
{
    if (!beside(d, path, name))
        return false;
    char *slash = strrchr(path, '/');
    if (!slash)
        memcpy(path, ".", 2);
    else
        slash[slash == path ? 1 : 0] = '\0';
    return true;
}

/* ---- disk ---- */

static void look_at_room(struct doctor *d, const char *folder)
{
    struct statvfs fs;
    if (statvfs(folder, &fs))
        return; /* told among the rights */
    uint64_t bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    enum doctor_level level = doctor_judge_free(bytes);
    doctor_find(d, level, "%llu Mio libres dans le dossier du journal, %s",
                (unsigned long long)(bytes / MIB), folder);
    if (level)
        doctor_cure(d, "faire de la place\u00a0: disque plein, les appels continuent mais rien "
                       "n’est promis");
}

/* The file exists in no folder; where the file system cannot do that, its name is taken away. */
static int open_nameless(const char *folder)
{
    char path[CONFIG_PATH_BYTES + 32];
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    snprintf(path, sizeof(path), "%s/.decroche-doctor-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* As a commit does: some bytes more, and the disk has them. -1: it cannot. */
static int64_t one_sync(int fd)
{
    static const char bytes[SYNC_BYTES];
    int64_t before_us = os_clock_boot_us();
    if (write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes) || fdatasync(fd))
        return -1;
    return os_clock_boot_us() - before_us;
}

static void tell_sync(struct doctor *d, int64_t median_us)
{
    enum doctor_level level = doctor_judge_sync(median_us);
    doctor_find(d, level, "une écriture est sur le disque en %lld,%02lld ms (médiane de %d)",
                (long long)median_us / 1000, (long long)median_us % 1000 / 10, SYNCS);
    if (level)
        doctor_cure(d, "mettre journal.path sur un disque plus rapide (SSD), que rien d’autre "
                       "n’occupe");
}

static void look_at_sync(struct doctor *d, const char *folder)
{
    int64_t us[SYNCS];
    char text[128];
    bool is_written = true;
    int fd = open_nameless(folder);
    if (fd < 0)
        return; /* told among the rights */
    for (unsigned i = 0; i < SYNCS && is_written; i++) {
        us[i] = one_sync(fd);
        is_written = us[i] >= 0;
    }
    int err = errno;
    close(fd);
    if (is_written) {
        tell_sync(d, doctor_median(us, SYNCS));
        return;
    }
    doctor_find(d, DOCTOR_FAULT, "rien ne peut être écrit dans %s (%s)", folder,
                strerror_r(err, text, sizeof(text)));
    doctor_cure(d, "faire de la place, ou changer de disque");
}

void doctor_disk(struct doctor *d)
{
    char folder[CONFIG_PATH_BYTES];
    d->subject = DOCTOR_DISK;
    if (!folder_of(d, folder, d->settings.journal.path))
        return; /* too long: told among the files */
    look_at_room(d, folder);
    look_at_sync(d, folder);
}

/* ---- rights ---- */

static void look_at_user(struct doctor *d)
{
    int uid = d->service_pid ? d->service_uid : (int)geteuid();
    const char *who = d->service_pid ? "le service tourne" : "cette commande tourne";
    doctor_find(d, uid ? DOCTOR_WELL : DOCTOR_ATTENTION, "%s sous %s (uid %d)", who,
                uid ? "un utilisateur ordinaire" : "root", uid);
    if (!uid)
        doctor_cure(d, "un utilisateur à lui (User= dans l’unité) suffit\u00a0: le service n’a "
                       "besoin d’aucun privilège");
    if (!d->service_pid || uid == (int)geteuid())
        return;
    doctor_find(d, DOCTOR_ATTENTION,
                "le service a un autre utilisateur que cette commande (uid %d)\u00a0: les droits "
                "vus ici ne sont pas les siens",
                (int)geteuid());
    doctor_cure(d, "lancer decroche doctor comme l’utilisateur du service");
}

static void look_at_secrets(struct doctor *d)
{
    struct stat st;
    char path[CONFIG_PATH_BYTES];
    if (!beside(d, path, d->settings.secrets.path) || stat(path, &st))
        return; /* told among the files */
    bool is_open = st.st_mode & OTHERS_MAY, is_demo = d->directory && d->directory->is_demo;
    enum doctor_level level = !is_open ? DOCTOR_WELL : is_demo ? DOCTOR_ATTENTION : DOCTOR_FAULT;
    doctor_find(d, level, "les secrets %s (%s, mode %03o)%s",
                is_open ? "sont lisibles par d’autres" : "ne sont lisibles que par leur maître",
                path, st.st_mode & 0777u,
                is_open && is_demo ? ", une démonstration le permet" : "");
    if (is_open)
        doctor_cure(d, "chmod 600 %s", path);
}

/* A journal that has begun: numbers of callers stand in it. */
static void look_at_journal(struct doctor *d)
{
    struct stat st;
    char path[CONFIG_PATH_BYTES];
    if (!beside(d, path, d->settings.journal.path) || stat(path, &st))
        return; /* not begun yet: the folder is looked at */
    bool is_open = st.st_mode & OTHERS_MAY,
         is_writable = !faccessat(AT_FDCWD, path, W_OK, AT_EACCESS);
    if (!is_writable) {
        doctor_find(d, DOCTOR_FAULT, "le journal %s ne peut pas être écrit", path);
        doctor_cure(d, "chown à l’utilisateur du service, chmod 600");
    } else {
        doctor_find(d, is_open ? DOCTOR_ATTENTION : DOCTOR_WELL, "le journal %s %s (mode %03o)",
                    path, is_open ? "est lisible par d’autres" : "n’est lisible que par son maître",
                    st.st_mode & 0777u);
        if (is_open)
            doctor_cure(d, "chmod 600 %s", path);
    }
}

static void look_at_folder(struct doctor *d, const char *name, const char *key)
{
    char folder[CONFIG_PATH_BYTES], text[128];
    if (!folder_of(d, folder, name))
        return;
    int err = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) ? errno : 0;
    if (!err) {
        doctor_find(d, DOCTOR_WELL, "le dossier de %s (%s) peut être écrit", key, folder);
        return;
    }
    doctor_find(d, DOCTOR_FAULT, "le dossier de %s (%s) ne peut pas être écrit (%s)", key, folder,
                strerror_r(err, text, sizeof(text)));
    if (err == ENOENT)
        doctor_cure(d, "le créer, pour l’utilisateur du service (StateDirectory= dans l’unité)");
    else
        doctor_cure(d, "le donner à l’utilisateur du service (chown), ou changer %s", key);
}

void doctor_rights(struct doctor *d)
{
    d->subject = DOCTOR_RIGHTS;
    look_at_user(d);
    look_at_secrets(d);
    look_at_journal(d);
    look_at_folder(d, d->settings.journal.path, "journal.path");
    look_at_folder(d, d->settings.web.socket, "web.socket");
}
