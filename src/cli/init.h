/* init.h — `decroche init`: the answers of an administrator, and the first files made of them.
 * init.c reads arguments and says the end; init_ask.c asks; init_keys.c knows the answers;
 * init_judge.c tries each with the readers of the service itself; init_text.c writes the texts;
 * init_put.c the files. Nothing is written before the last answer was taken. */
#ifndef CLI_INIT_H
#define CLI_INIT_H

#include <stdio.h>

#include "config/set.h"
#include "os/file.h"

#define INIT_ANSWER_BYTES 192 /* of one answer, with its NUL */
#define INIT_LINE_BYTES 1024  /* of a line typed, or of a file of answers */
#define INIT_LINES_MAX 1000   /* of a file of answers */
#define INIT_FOLDER "/etc/decroche"
#define INIT_USER "decroche"

/* Each is one question, or one that follows from another. In the order in which they are asked. */
enum init_key {
    INIT_NAME,
    INIT_LEGAL,
    INIT_NUMBER,
    INIT_TRUNK,
    INIT_TRUNK_USER,
    INIT_TRUNK_SECRET,
    INIT_ADDRESS,
    INIT_HOURS,
    INIT_ACCESSIBLE,
    INIT_AGENT,
    INIT_PHONE,
    INIT_NETWORKS,
    INIT_SIGN_IN,
    INIT_VOICE,
    INIT_TIMEZONE, /* these two are not asked: taken from the machine, or --set */
    INIT_PROMPTS,
    INIT_KEYS
};

struct init_row {
    const char *name;      /* in a file of answers, and of --set */
    const char *question;  /* NULL: not asked */
    const char *hint;      /* what it may look like */
    const char *otherwise; /* the answer of who gives none; NULL: one is wanted */
    const char *trial;     /* stands for an answer that was not given yet */
    unsigned number;       /* of the six; 0: belongs to the one above */
    bool is_secret, is_wanted_of_scripts;
};
extern const struct init_row init_rows[INIT_KEYS];

struct init_answers {
    char of[INIT_KEYS][INIT_ANSWER_BYTES];
    bool is_given[INIT_KEYS];
};

/* Drawn by lot, once. */
struct init_secrets {
    char token[49], line[17], code[7];
};

enum init_file { INIT_SECRETS, INIT_FLOW, INIT_DIRECTORY, INIT_SETTINGS, INIT_FILES };

/* owned, NUL-terminated; in the order in which they are put: the unit waits for the last. */
struct init_texts {
    char *of[INIT_FILES];
};
extern const char *const init_names[INIT_FILES];

/* ---- init_keys.c ---- */

/* Does this one have to be asked, after the answers that are given? */
bool init_key_is_asked(const struct init_answers *a, enum init_key key);
/* The key of this name; INIT_KEYS: none. */
enum init_key init_key_find(struct text name);
/* Takes an answer, its blanks cut off, its usual forms made one. False: what is wrong with it as a
 * line of text stands in the errors. */
MUST_CHECK bool init_key_take(struct init_answers *a, enum init_key key, struct text answer,
                              struct config_errors *errors);
/* "key = value" lines; what is wrong has its line. */
MUST_CHECK int init_keys_load(struct init_answers *a, const char *path,
                              struct config_errors *errors);
/* One of them, as --set says it. */
MUST_CHECK bool init_keys_set(struct init_answers *a, const char *setting,
                              struct config_errors *errors);
bool init_agent_is_ordinary(const struct init_answers *a);

/* ---- init_judge.c ---- */

/* Would the service take this answer, after those before it? False: what is wrong, and its cure. */
MUST_CHECK bool init_judge(const struct init_answers *a, enum init_key key,
                           struct config_errors *errors);
/* All texts together, as `check` would read them. */
MUST_CHECK bool init_judge_all(const struct init_texts *texts, struct config_errors *errors);
/* Is this program in PATH, or a file that may be run? */
bool init_has_program(const char *command);

/* ---- init_text.c ---- */

struct init_text_args {
    const struct init_answers *answers;
    const struct init_secrets *secrets;
    const char *folder; /* where the files will be */
};
/* 0 and texts to drop; or ENOMEM. */
MUST_CHECK int init_texts_open(struct init_texts *texts, const struct init_text_args *args);
/* Wipes the secrets. */
void init_texts_drop(struct init_texts *texts);
MUST_CHECK int init_secrets_draw(struct init_secrets *s);

/* ---- init_machine.c ---- */

/* What this machine is, as far as it knows: the answers that are offered in brackets. */
void init_machine_address(char to[INIT_ANSWER_BYTES], const char *trunk);
void init_machine_networks(char to[INIT_ANSWER_BYTES], const char *address);
void init_machine_timezone(char to[INIT_ANSWER_BYTES]);
/* The answer of who gives none: of the table, or of the machine. "": none. */
void init_machine_offer(char to[INIT_ANSWER_BYTES], const struct init_answers *a,
                        enum init_key key);

/* ---- init_put.c ---- */

struct init_put_args {
    const char *folder;
    const struct init_texts *texts;
    bool is_forced; /* what is there is moved aside */
};
/* The first of our files that is there already, or NULL; in path. */
const char *init_put_found(char path[OS_PATH_MAX], const char *folder);
/* All files or none; never over one that is there (EEXIST). On a failure path says where. */
MUST_CHECK int init_put(char path[OS_PATH_MAX], const struct init_put_args *args);

/* ---- init_ask.c ---- */

enum init_asked { INIT_ASKED_ALL, INIT_ASKED_STOPPED };
/* Asks what is not given yet, on standard input and output, until it is right or input ends. */
enum init_asked init_ask(struct init_answers *a);

#endif
