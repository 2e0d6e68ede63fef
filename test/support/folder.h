/* folder.h — a folder of its own for a test, gone at its end. */
#ifndef TEST_SUPPORT_FOLDER_H
#define TEST_SUPPORT_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_PATH_MAX 512

struct folder {
    char path[FOLDER_PATH_MAX];
    char name[4][FOLDER_PATH_MAX]; /* lent by folder_file(), in turn */
    unsigned next;
};

static inline void folder_open(struct folder *f)
{
    const char *tmp = getenv("TMPDIR");
    memset(f, 0, sizeof(*f));
    snprintf(f->path, sizeof(f->path), "%.400s/decroche-test-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(f->path))
        abort();
}

/* The path of a file in it; valid for three more calls. */
static inline const char *folder_file(struct folder *f, const char *name)
{
    char *to = f->name[f->next++ % 4];
    size_t folder_n = strlen(f->path), name_n = strlen(name);
    if (folder_n + name_n + 2 > FOLDER_PATH_MAX)
        abort();
    memcpy(to, f->path, folder_n);
    to[folder_n] = '/';
    memcpy(to + folder_n + 1, name, name_n + 1);
    return to;
}

/* How many files have a name with this in it. */
static inline unsigned folder_count(struct folder *f, const char *part)
{
    DIR *dir = opendir(f->path);
    unsigned n = 0;
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir))
        n += strstr(e->d_name, part) != NULL;
    if (dir)
        closedir(dir);
    return n;
}

static inline void folder_drop(struct folder *f)
{
    char path[FOLDER_PATH_MAX * 2];
    DIR *dir = opendir(f->path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        snprintf(path, sizeof(path), "%s/%s", f->path, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(f->path);
}

#endif
