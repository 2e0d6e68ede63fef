/* house_parts.h — what house.h is made of: files on their way to the disk, one reading of the
 * settings, a reload. Included by house.h only. */
#ifndef CLI_HOUSE_PARTS_H
#define CLI_HOUSE_PARTS_H

#include "app/lines.h"
#include "base/rows.h"
#include "cli/reader.h"
#include "cli/serve_files.h"
#include "cli/serve_talks.h"
#include "cli/serve_trials.h"
#include "config/set.h"
#include "os/bell.h"
#include "os/file.h"
#include "os/pages.h"
#include "os/shared.h"
#include "os/thread.h"

/* The registrations on their way to a file. */
struct house_keep {
    struct os_thread thread;
    struct os_bell bell;
    struct os_pages memory;
    _Atomic bool is_full; /* bytes are the thread's; else main's */
    _Atomic bool is_ending;
    uint8_t *bytes;
    size_t n, max;
    uint64_t version; /* of what was given last */
    ms_t next_at;
    char path[OS_PATH_MAX];
};

/* The calls in course as rows that outlive us, and those of who was here before. */
struct house_calls {
    struct os_shared file;
    struct rows legs, lines; /* in it */
    struct os_pages former;
    uint32_t former_n;
    ms_t alive_at;    /* of the former process, by the wall clock */
    uint32_t tries_n; /* starts over these rows, this one too; 0 once a turn was lived through */
    char path[OS_PATH_MAX], next[OS_PATH_MAX], tried[OS_PATH_MAX];
};

/* One reading of the files, and what lines and pages follow of it. */
struct house_set {
    struct config_set *files;  /* owned */
    struct lines_flow *flows;  /* owned */
    struct lines_code *codes;  /* owned */
    struct reader_files shown; /* lent to the reader thread */
};
/* Former readings that calls may still follow; past it a reload is refused. */
#define HOUSE_FORMER_MAX 8

/* The files are read again; serve_reload.c says whose each field is. */
struct house_told;
struct house_reload {
    struct os_thread thread;
    struct os_bell bell, done; /* to the thread; to main */
    _Atomic bool is_ending;
    _Atomic uint64_t asked_n;
    _Atomic int phase;
    uint64_t reading_n;
    struct settings running;
    struct config_set *files;
    struct config_errors *errors; /* owned */
    int err;
    struct files_work
        *work;    /* owned: the change that this reading is of; NULL: files as they are */
    bool is_undo; /* what it wrote goes */
    _Atomic(struct house_told *) told; /* to the reader thread */
    struct house_told *seen;
    ms_t asked_ms;
    struct reload_port port;
    struct house_files shown; /* what pages see of the files, and change */
    struct house_trials trials;
    bool is_another_way; /* of calls: what this change does may be judged by a test call */
    int undo_err;        /* why what was judged could not be undone */
};

#endif
