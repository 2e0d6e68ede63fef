/* serve_phrases.h — the sentences of the house for pages (port/phrases.h). The reader thread's.
 * Part of struct house_files; included by cli/ only. */
#ifndef CLI_SERVE_PHRASES_H
#define CLI_SERVE_PHRASES_H

#include "cli/sounds.h"
#include "config/set.h"
#include "config/spoken.h"
#include "port/phrases.h"

struct house_files;

struct house_phrases {
    struct phrases_port port;
    const struct house_files *files; /* borrowed */
    struct config_set *set;          /* owned: as the files were at the last reading */
    struct config_errors *errors;    /* owned */
    struct config_spoken spoken;     /* owned: what the place says */
    char folder[CONFIG_PATH_BYTES], own[CONFIG_PATH_BYTES], cache[CONFIG_PATH_BYTES];
    struct sound sound; /* owned: lent to a page */
    uint8_t *taken;     /* owned: what was recorded last, as callers would hear it */
};

/* 0 or ENOMEM. */
MUST_CHECK int house_phrases_open(struct house_phrases *p, const struct house_files *files);
void house_phrases_drop(struct house_phrases *p);

/* serve_phrases_record.c, of the port. */
bool house_phrases_record(void *arg, const struct phrases_take *take, struct text *to,
                          struct files_mistake *m);
bool house_phrases_own_name(void *arg, enum phrases_lang lang, const char *name, char *to);

#endif
