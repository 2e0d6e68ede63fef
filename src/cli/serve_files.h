/* serve_files.h — the files of the settings for pages (port/files.h), and the changes that pages
 * ask for. Three threads: the reader composes a change and looks what became of it; main hands it
 * over; the thread of serve_reload.c checks, writes and keeps it. Included by cli/ only. */
#ifndef CLI_SERVE_FILES_H
#define CLI_SERVE_FILES_H

#include "cli/serve_phrases.h"
#include "config/edit.h"
#include "config/settings.h"
#include "history/history.h"
#include "os/bell.h"
#include "port/files.h"

/* Files that pages list; further flows and sheets are changed on the machine. */
#define HOUSE_FILES_MAX 1024
struct house_files_names {
    unsigned n;
    char list[HOUSE_FILES_MAX][FILES_NAME_BYTES];
};

/* A file with a change, whole. */
struct files_work {
    uint64_t id, by_id;
    char name[FILES_NAME_BYTES], note[FILES_NOTE_BYTES], base[FILES_HASH_BYTES];
    char path[CONFIG_PATH_BYTES];
    char *text, *before; /* owned; before: what it replaced, once it was written. n 0, before_n 0:
                            an answer sheet that is to go, or was not there */
    size_t n, before_n;
    bool is_trial, is_written;
    bool is_judged; /* a test call says that it must go */
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
    char sheets[CONFIG_PATH_BYTES], own[CONFIG_PATH_BYTES]; /* own: of its voice; empty: none */
    char history[CONFIG_PATH_BYTES];
    struct os_bell *bell;        /* borrowed: main's */
    const _Atomic bool *is_held; /* borrowed: a change is judged, and no other may be made */
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
    struct house_phrases phrases;
    struct house_files_names names; /* as the page that goes through them began */
};

/* Of the files that the settings name. 0 or errno. */
MUST_CHECK int house_files_open(struct house_files *f, const char *settings_file,
                                const struct settings *settings, const char *journal);
void house_files_drop(struct house_files *f);

/* serve_files_names.c */
/* The path of a file by its name. False: no file has such a name. */
bool house_files_path(const struct house_files *f, const char *name, char to[CONFIG_PATH_BYTES]);
/* Is it the name of a file that comes and goes: an answer sheet, words of the place? */
bool house_files_may_lack(const char *name);
/* Is it that of a recording? Those are no texts, and are not listed. */
bool house_files_is_sound(const char *name);
/* The names of all files that are there. */
void house_files_list(const struct house_files *f, struct house_files_names *names);

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
/* What it replaced stands there again, and that is kept, too. ESTALE: one that a test call judged,
 * and which somebody has changed since. */
int house_files_undo(const struct house_files *f, struct files_work *w, ms_t at);

/* ---- main ---- */

void house_files_tell(struct house_files *f, const struct files_work *w, enum files_state state,
                      const struct config_errors *errors);
void files_work_drop(struct files_work *w);

#endif
