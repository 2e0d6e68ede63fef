/* sounds.h — one file of a prompt, read and judged: what is in it, what is wrong with it.
 * Called by src/cli/prompts.c (to tell) and serve_sounds.c (to play it or not). Cost: a file in
 * memory, its samples coded by G.711 A-law and decoded: 10 ns a sample. */
#ifndef CLI_SOUNDS_H
#define CLI_SOUNDS_H

#include "base/wav.h"
#include "config/settings.h"
#include "media/prompt.h"
#include "say/judge.h"

enum sound_state {
    SOUND_READ,    /* it can be played: judged says how well */
    SOUND_MISSING, /* no such file, or it may not be read */
    SOUND_NO_WAV,
    SOUND_OTHER_FORM, /* a WAV, not 8 kHz, mono, 16 bits: wav says what it is */
    SOUND_TOO_BIG,    /* longer than the engine takes (ten minutes) */
    SOUND_NO_MEMORY,
};

struct sound {
    char path[CONFIG_PATH_BYTES];
    enum sound_state state;
    struct wav wav;  /* of bytes */
    uint8_t *bytes;  /* owned */
    bool is_unheard; /* given: only read, not judged; its form is looked at all the same */
    struct say_judged judged;
};

/* path and judged.id, .lang, .is_own are given. Drop in any case. */
void sound_load(struct sound *s);
void sound_drop(struct sound *s);

/* May callers hear it? */
bool sound_is_fit(const struct sound *s);

/* Everything that is wrong, as sentences in French: each is given to tell(), with its cure. */
typedef void sound_tell_fn(const struct sound *s, const char *what, const char *cure, void *arg);
void sound_tell(const struct sound *s, sound_tell_fn *tell, void *arg);

#endif
