/* voice.h — what becomes of each prompt: a plan made by main, carried out by a thread of its own,
 * sounds given back. Included by serve_speech.c (the thread), serve_sounds.c (main) and their test.
 * Nothing on a call's way waits for a file or for a program that speaks. */
#ifndef CLI_VOICE_H
#define CLI_VOICE_H

#include "config/sentence.h"
#include "os/log.h"

#define VOICE_FOUND_N 64 /* sounds on their way to main; a power of two */

struct voice;

struct voice_args {
    const char *command, *cache; /* voice.speech_command (empty: none), the folder of the cache */
    ms_t timeout_ms;
    struct os_log *log;
};

/* A sound that is new, or other than what was given before. */
struct voice_found {
    enum prompt_id id;
    enum prompt_lang lang; /* for what has no words: PROMPT_FR */
    int16_t *samples;      /* owned by who took it: free(); NULL: err says why */
    size_t n;
    uint64_t about; /* of voice_say() alone, as err */
    int err;        /* EFBIG: it lasts longer than it may */
};

/* Words of the moment, in French, whatever files there are. */
struct voice_words {
    enum prompt_id id;
    uint64_t about; /* the asker's: comes back */
    ms_t longest_ms;
    const char *words;
};

/* Where files lie and what this place says. Read by voice_ask() only. */
struct voice_place {
    struct config_site site;
    const char *folder, *own; /* own: empty: none */
};

/* 0 or errno. A command that makes no sense is told, and then nothing is spoken. */
MUST_CHECK int voice_open(struct voice **v, const struct voice_args *args);
/* NULL is fine. */
void voice_drop(struct voice *v);

/* Main. All files are looked at again, in the thread; a plan that was not begun is replaced. False:
 * no memory; what is in force stays. */
MUST_CHECK bool voice_ask(struct voice *v, const struct voice_place *place);
/* Main. Spoken soon, the newest alone; what comes of it comes by voice_next(), also when nothing
 * does. False: no memory, or more words than a sentence has. */
MUST_CHECK bool voice_say(struct voice *v, const struct voice_words *words);
/* Main. False: nothing has come. */
MUST_CHECK bool voice_next(struct voice *v, struct voice_found *f);
/* Main. Is everything done that was asked for, and taken? */
bool voice_is_done(const struct voice *v);
/* Main, at start: waits until something came. */
void voice_wait(struct voice *v, int wait_ms);

#endif
