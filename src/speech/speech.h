/* speech.h — words into sound, by a program that is called: for sentences that nobody recorded.
 * Opened by src/cli/serve_speech.c. One worker thread; a bounded ring each way; nothing on a call's
 * way ever waits for it. What was spoken once is kept in a folder, by what was asked. Every sound
 * has the level of the recordings (ITU-T P.56) and the silences asked for.
 * Cost of asking: a copy of 1 kB. Of speaking: that of the program, 20 to 100 ms a sentence. */
#ifndef SPEECH_SPEECH_H
#define SPEECH_SPEECH_H

#include "os/log.h"

#define SPEECH_WORDS_MAX 1000   /* bytes of UTF-8 in one sentence */
#define SPEECH_QUESTIONS_MAX 64 /* that wait; a power of two */
#define SPEECH_LANG_BYTES 8
#define SPEECH_CACHE_FILES_MAX 4096 /* kept; at the next opening the oldest half goes */

struct speech;

struct speech_args {
    const char *command; /* words with blanks between, "…" holds blanks; {lang} {text} {file} */
    const char *cache;   /* a folder, made when missing; empty: nothing is kept */
    ms_t timeout_ms;     /* of one sentence */
    struct os_log *log;
};

struct speech_question {
    uint64_t id; /* comes back with the answer */
    char lang[SPEECH_LANG_BYTES];
    uint16_t before_ms, after_ms; /* silence around it */
    uint16_t words_n;
    char words[SPEECH_WORDS_MAX];
};

struct speech_answer {
    uint64_t id;
    int err;          /* 0; ENOENT: there is no such program; ETIMEDOUT, EIO, ENODATA, EFBIG… */
    int16_t *samples; /* owned by who took it; 8 kHz; NULL on an error */
    size_t n;
};

/* 0 or errno (EINVAL: the command is empty, has a quote without end, or {file} without a cache). */
MUST_CHECK int speech_open(struct speech **s, const struct speech_args *args);
/* Ends the program that speaks just now, and the thread. NULL is fine. */
void speech_drop(struct speech *s);

/* Main. False: as many wait as may; ask again after the next answer. */
MUST_CHECK bool speech_ask(struct speech *s, const struct speech_question *q);
/* Main. False: no answer is there. */
MUST_CHECK bool speech_next(struct speech *s, struct speech_answer *a);
void speech_answer_drop(struct speech_answer *a);
/* Waits until there is an answer, wait_ms at most. Only while nobody is on the line. */
void speech_wait(struct speech *s, int wait_ms);

#endif
