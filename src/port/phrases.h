/* phrases.h — every sentence of the house as pages show it: what is said, by which sound, how long
 * and how loud. The files are read anew for each page. Asked by app/pages_admin_phrases.c on the
 * reader thread; cli/serve_phrases.c answers. The words of a place are lines of its text.tsv, which
 * is a file as others are (port/files.h). */
#ifndef PORT_PHRASES_H
#define PORT_PHRASES_H

#include "base/text.h"

#define PHRASES_NAME_BYTES 64
#define PHRASES_WORDS_BYTES 1001
#define PHRASES_FAULT_BYTES 300
#define PHRASES_FAULTS_MAX 8

enum phrases_lang { PHRASES_FR, PHRASES_EN, PHRASES_LANGS };

enum phrases_source {
    PHRASES_OWN,    /* a recording of the place */
    PHRASES_HOUSE,  /* the one that comes with decroche */
    PHRASES_SPOKEN, /* a synthesis of its words */
    PHRASES_AWAITED /* … that is not made yet */
};

struct phrases_phrase {
    char name[PHRASES_NAME_BYTES];
    char words[PHRASES_WORDS_BYTES]; /* "": a sound without words */
    enum phrases_source source;
    bool may_type; /* a sentence of the place: its words can be others */
    bool is_typed; /* they are */
    uint32_t ms, longest_ms;
};

/* One sound, as callers hear it. */
struct phrases_measure {
    int32_t level_cdb, peak_cdb; /* hundredths of dBov */
    unsigned faults_n;
    char faults[PHRASES_FAULTS_MAX][PHRASES_FAULT_BYTES];
};

/* Something that was recorded for a sentence: a WAV. */
#define PHRASES_SECONDS_MAX 60
struct phrases_take {
    enum phrases_lang lang;
    const char *name;
    struct text body;
};

struct files_mistake;

struct phrases_port {
    void *arg;
    /* False: the files are wrong. What stands after it is of this reading, until the next one. */
    bool (*read)(void *arg);
    /* The i-th sentence of a language; false: there are no more. */
    bool (*nth)(void *arg, enum phrases_lang lang, unsigned i, struct phrases_phrase *to);
    bool (*find)(void *arg, enum phrases_lang lang, const char *name, struct phrases_phrase *to);
    /* Its file, a WAV; lent until the next call. False: it has none, or none that can be read. */
    bool (*sound)(void *arg, enum phrases_lang lang, const char *name, struct text *wav);
    bool (*measure)(void *arg, enum phrases_lang lang, const char *name,
                    struct phrases_measure *to);
    /* There are folders for the words and recordings of the place (voice.own). */
    bool (*has_own)(void *arg);
    /* The same as callers would hear it, a WAV; lent until the next call. False: *why. */
    bool (*record)(void *arg, const struct phrases_take *take, struct text *wav,
                   struct files_mistake *why);
    /* The name of the file (port/files.h) of a recording of the place, 64 bytes. False: it can
     * have none. */
    bool (*own_name)(void *arg, enum phrases_lang lang, const char *name, char *to);
};

#endif
