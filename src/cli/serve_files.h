/* serve_files.h — the files of the settings for pages (port/files.h), and the changes that pages
 * ask for. Three threads: the reader composes a change and looks what became of it; main hands it
 * over; the thread of serve_reload.c checks, writes and keeps it. Included by cli/ only. */
#ifndef CLI_SERVE_FILES_H
#define CLI_SERVE_FILES_H

#include "config/edit.h"
#include "config/settings.h"
#include "history/history.h"
#include "os/bell.h"
#include "port/files.h"

/* A file with a change, whole. */
struct files_work {
    uint64_t id, by_id;
    char name[FILES_NAME_BYTES], note[FILES_NOTE_BYTES], base[FILES_HASH_BYTES];
    char path[CONFIG_PATH_BYTES];
    char *text, *before; /* owned; before: what it replaced, once it was written */
    size_t n, before_n;
    bool is_trial, is_written;
    uint32_t version;
};

/* What became of one. */
struct files_end {
    uint64_t id;
    enum files_state state;
    uint32_t version;
    unsigned n, more_n;
    struct files_mistake mistakes[FILES_MISTAKES_MAX];
};

struct house_files {
    struct files_port port;
    /* Set at the start. */
    char settings[CONFIG_PATH_BYTES], directory[CONFIG_PATH_BYTES], flows[CONFIG_PATH_BYTES];
    char history[CONFIG_PATH_BYTES];
    struct os_bell *bell; /* borrowed: main's */
    /* Between threads. */
    _Atomic(struct files_work *) given; /* from the reader to main */
    _Atomic(struct files_end *) told;   /* to the reader */
    /* The reader's. */
    struct files_end *seen; /* owned */
    uint64_t last_id;
    ms_t asked_ms;
    char *text, *old, *old_before, path[CONFIG_PATH_BYTES]; /* owned; lent to pages */
    size_t text_n;
    struct config_doc *doc;       /* owned: of the directory, as text has it; NULL: not read yet */
    struct config_errors *errors; /* owned */
    struct history_version *versions; /* owned */
    uint32_t versions_n;
};

/* Of the files that the settings name. 0 or errno. */
MUST_CHECK int house_files_open(struct house_files *f, const char *settings_file,
                                const struct settings *settings, const char *journal);
void house_files_drop(struct house_files *f);
/* The path of a file by its name. False: there is no such file. */
bool house_files_path(const struct house_files *f, const char *name, char to[CONFIG_PATH_BYTES]);
/* The i-th name of a file. */
bool house_files_nth(const struct house_files *f, unsigned i, char name[FILES_NAME_BYTES]);

/* serve_files_try.c, of the port. */
bool house_files_try(struct house_files *f, const char *name, struct text keys,
                     struct files_trial *out);

/* ---- the thread that reads files: serve_files_put.c ---- */

/* What was changed by hand since the last version of each file is kept, too. errno of the first
 * that could not. */
int house_files_note(const struct house_files *f, ms_t at);
/* Writes and keeps it. 0; ESTALE: the file is another by now; or errno, with a mistake that says
 * why. */
int house_files_put(const struct house_files *f, struct files_work *w, ms_t at,
                    struct config_errors *errors);
/* What it replaced stands there again, and that is kept, too. */
int house_files_undo(const struct house_files *f, struct files_work *w, ms_t at);

/* ---- main ---- */

void house_files_tell(struct house_files *f, const struct files_work *w, enum files_state state,
                      const struct config_errors *errors);
void files_work_drop(struct files_work *w);

#endif
