/* file.c — locks, names, small files, durable folders.
 * Called by journal, store and main.c. Invariant: nothing here overwrites a file in place. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"

#define LOCK_MODE 0644
#define FILE_MODE 0600

int os_path_join(char to[OS_PATH_MAX], const char *path, const char *suffix)
{
    size_t a = strlen(path), b = strlen(suffix);
    if (a + b >= OS_PATH_MAX)
        return ENAMETOOLONG;
    memcpy(to, path, a);
    memcpy(to + a, suffix, b + 1);
    return 0;
}

int os_lock_open(int *fd, const char *path)
{
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, LOCK_MODE);
    if (*fd < 0)
        return errno;
    if (!flock(*fd, LOCK_EX | LOCK_NB))
        return 0;
    int err = errno == EWOULDBLOCK ? EBUSY : errno;
    os_lock_drop(fd);
    return err;
}

void os_lock_drop(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

bool os_file_exists(const char *path)
{
    struct stat st;
    return !lstat(path, &st) || errno != ENOENT;
}

int os_file_create(const char *path, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int err = fsync(fd) ? errno : 0;
    close(fd);
    return err;
}

int os_file_sync(const char *path)
{
    return sync_path(path, 0);
}

int os_file_sync_folder(const char *path)
{
    char folder[OS_PATH_MAX];
    int err = os_path_join(folder, path, "");
    if (err)
        return err;
    char *slash = strrchr(folder, '/');
    if (!slash)
        return sync_path(".", O_DIRECTORY);
    slash[slash == folder] = '\0'; /* "/x" stands in "/" */
    return sync_path(folder, O_DIRECTORY);
}

int os_file_link(const char *from, const char *to)
{
    return link(from, to) ? errno : 0;
}

int os_file_unlink(const char *path)
{
    return unlink(path) && errno != ENOENT ? errno : 0;
}

int os_file_rename(const char *from, const char *to)
{
    return rename(from, to) ? errno : 0;
}

static int write_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno != EINTR)
            return errno;
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
    return fsync(fd) ? errno : 0;
}

int os_file_write(const char *path, const void *bytes, size_t n)
{
    char next[OS_PATH_MAX];
    int err = os_path_join(next, path, ".next");
    if (err)
        return err;
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return errno;
    err = write_all(fd, bytes, n);
    if (close(fd) && !err)
        err = errno;
    if (!err)
        err = os_file_rename(next, path);
    return err ? err : os_file_sync_folder(path);
}

/* Group before mode: a change of group may take bits away. */
static int dress(int fd, const struct stat *like)
{
    if (fchown(fd, like->st_uid, like->st_gid) && fchown(fd, (uid_t)-1, like->st_gid))
        return 0; /* who may not give files away keeps the mode that was made */
    return fchmod(fd, like->st_mode & 07777) ? errno : 0;
}

int os_file_replace(const char *path, const void *bytes, size_t n)
{
    char real[OS_PATH_MAX], next[OS_PATH_MAX];
    struct stat st;
    if (!realpath(path, real) || stat(real, &st))
        return errno;
    int err = os_path_join(next, real, ".next");
    if (err)
        return err;
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return errno;
    err = dress(fd, &st);
    err = err ? err : write_all(fd, bytes, n);
    if (close(fd) && !err)
        err = errno;
    if (!err)
        err = os_file_rename(next, real);
    if (err)
        unlink(next);
    return err ? err : os_file_sync_folder(real);
}

int os_file_read(const char *path, void *bytes, size_t n, size_t *got)
{
    *got = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int err = 0;
    while (*got < n && !err) {
        ssize_t done = read(fd, (uint8_t *)bytes + *got, n - *got);
        if (done == 0)
            break;
        if (done > 0)
            *got += (size_t)done;
        else if (errno != EINTR)
            err = errno;
    }
    close(fd);
    return err;
}
