/* files.h — the files of the settings as pages show and change them (ADR 42): what stands in them,
 * their history, and a change that is checked by the same reading as at a start, then written, put
 * in force and kept. Asked by src/app/pages_admin*.c on the reader thread; cli/serve_files.c
 * answers, and has the changes made by the thread that reads the files again. */
#ifndef PORT_FILES_H
#define PORT_FILES_H

#include "base/text.h"

struct directory;
struct directory_sheet;
struct phrases_port;
struct trials_port;

#define FILES_NAME_BYTES 64
#define FILES_HASH_BYTES 65
#define FILES_NOTE_BYTES 160
#define FILES_SENTENCE_BYTES 240
#define FILES_WORD_BYTES 64
#define FILES_VALUE_BYTES 512
#define FILES_FIELDS_MAX 24
/* Mistakes that are told of one change; further ones are counted. */
#define FILES_MISTAKES_MAX 20
/* A page does not wait longer for its change. */
#define FILES_WAIT_MS ((ms_t)9000)

/* The names: « annuaire », « reglages », « parcours-NAME » for each flow, « fiche-NAME » for each
 * answer sheet, « phrases-fr » and « phrases-en ». No secrets. */
#define FILES_DIRECTORY "annuaire"
#define FILES_SETTINGS "reglages"
#define FILES_FLOW "parcours-"
#define FILES_SHEET "fiche-"     /* answer sheets: one that lacks is an empty text */
#define FILES_PHRASES "phrases-" /* … fr, en: words of the place; the same */
#define FILES_SOUND "son-" /* … fr-greet.org: a recording of the place; the same, not listed */

struct files_file {
    char name[FILES_NAME_BYTES];
    const char *path; /* lent until the next call */
};

enum files_form { FILES_TEXT, FILES_LIST, FILES_DEEP }; /* FILES_DEEP: to be changed in the file */

struct files_field {
    char key[FILES_WORD_BYTES], value[FILES_VALUE_BYTES];
    enum files_form form;
};

/* A thing of a list of the directory: a service, an agent… */
struct files_item {
    char name[FILES_WORD_BYTES]; /* hours: theirs; else "" */
    uint32_t first, last;        /* lines of the file */
    bool is_locked;              /* to be changed in the file alone */
    unsigned n;
    struct files_field fields[FILES_FIELDS_MAX];
};

struct files_version {
    uint32_t number;
    ms_t at;
    uint64_t by_id; /* an account; 0: by hand */
    char file[FILES_NAME_BYTES], note[FILES_NOTE_BYTES], hash[FILES_HASH_BYTES];
};

/* Lines of a text, or a thing of a list, shall be another; or a whole file an earlier text of it,
 * or this one as it is. */
enum files_change_kind { FILES_LINES, FILES_ITEM, FILES_VERSION, FILES_WHOLE };

struct files_change {
    enum files_change_kind kind;
    const char *file;             /* a name; FILES_VERSION: NULL */
    const char *base;             /* the hash of what they looked at: another by now is refused */
    uint64_t by_id;               /* an account */
    const char *note;             /* in their words; "": none */
    bool is_trial;                /* checked alone: nothing is written */
    bool is_removed;              /* FILES_ITEM, and FILES_LINES of an answer sheet: it goes */
    uint32_t first, last;         /* FILES_LINES: those; FILES_ITEM: first, 0: a new one */
    struct text text;             /* FILES_LINES, FILES_WHOLE */
    const char *list, *item_name; /* FILES_ITEM; the name of a new thing of a mapping */
    const struct files_field *fields; /* FILES_ITEM */
    unsigned fields_n;
    uint32_t version; /* FILES_VERSION */
};

struct files_mistake {
    uint32_t line, column; /* 0: of the whole file */
    char file[FILES_NAME_BYTES * 4];
    char what[FILES_SENTENCE_BYTES], cure[FILES_SENTENCE_BYTES];
};

enum files_state {
    FILES_PENDING,
    FILES_TRIED,   /* it could be put in force */
    FILES_DONE,    /* it is in force, and kept as `version` */
    FILES_SAME,    /* nothing would be another */
    FILES_REFUSED, /* nothing has changed, for these mistakes */
    FILES_LATE,    /* not told in time, or lost */
};

struct files_told {
    enum files_state state;
    uint32_t version;
    unsigned n, more_n;
    const struct files_mistake *mistakes; /* lent until the next look */
};

/* A flow as a caller would hear it, by the interpreter that callers have. */
#define FILES_TRIAL_MAX 64 /* things heard, and so keys pressed or not */
#define FILES_WORDS_BYTES 900
#define FILES_NO_KEY 'n' /* among the keys: nothing is pressed */
enum files_heard_kind {
    FILES_HEARD_WORDS,
    FILES_HEARD_SILENCE, /* time for a key */
    FILES_HEARD_ECHO,    /* their own voice */
    FILES_HEARD_PERSON,  /* they wait for somebody of this service: the flow is over */
    FILES_HEARD_END      /* goodbye */
};
struct files_heard {
    enum files_heard_kind kind;
    char words[FILES_WORDS_BYTES]; /* FILES_HEARD_PERSON: the service */
    ms_t ms;                       /* how long, as the files of the prompts are, or about */
    char key;                      /* what was done then; 0: nothing yet */
    bool is_open;                  /* FILES_HEARD_PERSON: does it take callers now? */
};
struct files_trial {
    unsigned n;
    struct files_heard heard[FILES_TRIAL_MAX];
    bool is_over, reaches_person; /* reaches: without any key */
    ms_t alone_ms;                /* until then, or until the goodbye, without any key */
};

/* What the settings on the disk say about text messages, and how long things are kept. */
struct files_said {
    char sms_name[48]; /* "": that of the directory */
    bool has_sms, takes_answers, records;
    ms_t sms_keep_ms, callback_keep_ms;
    unsigned recording_days;
};

struct files_port {
    void *arg;
    const struct phrases_port *phrases;
    const struct trials_port *trials; /* NULL: nobody is called */
    /* The i-th file; false: there are no more. */
    bool (*file)(void *arg, unsigned i, struct files_file *file);
    /* What it says now, on the disk; lent until the next call of text() or old(). 0 or errno. */
    int (*text)(void *arg, const char *name, struct text *text, char hash[FILES_HASH_BYTES]);
    /* The i-th thing of a list of the directory, as text() gave it last. False: no more. */
    bool (*item)(void *arg, const char *list, unsigned i, struct files_item *item);
    /* The i-th newest version of all files; false: no more. 0, or errno of the index in *err. */
    bool (*version)(void *arg, unsigned i, struct files_version *version, int *err);
    /* The text of a version, and of that file before it (n 0: there was none). 0 or errno. */
    int (*old)(void *arg, uint32_t number, struct text *text, struct text *before);
    /* Its number for look(); 0: another change is under way. Copied. */
    uint64_t (*change)(void *arg, const struct files_change *change, ms_t now_ms);
    struct files_told (*look)(void *arg, uint64_t id, ms_t now_ms);
    /* keys: 0-9 * # and FILES_NO_KEY. False: no such flow, or the files are wrong. */
    bool (*try_flow)(void *arg, const char *flow, struct text keys, struct files_trial *trial);
    /* An answer sheet as agents would see it; it borrows from text. False: something is wrong. */
    bool (*sheet)(void *arg, const struct directory *d, struct text text,
                  struct directory_sheet *sheet);
    /* False: the settings on the disk are wrong. */
    bool (*said)(void *arg, struct files_said *said);
};

#endif
