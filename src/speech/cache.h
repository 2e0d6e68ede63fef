/* cache.h — sounds that were spoken once, by what was asked. Called by speech.c on its thread.
 * A file is the WAV of a prompt: it may be listened to, and be removed at any time. */
#ifndef SPEECH_CACHE_H
#define SPEECH_CACHE_H

#include "os/file.h"
#include "speech/speech.h"

/* Makes the folder, and removes the oldest half when more than SPEECH_CACHE_FILES_MAX are kept. */
MUST_CHECK int speech_cache_open(const char *folder);

/* folder/HASH.wav: of the command, the language, the silences and the words. False: too long. */
MUST_CHECK bool speech_cache_path(char to[OS_PATH_MAX], const char *folder, const char *command,
                                  const struct speech_question *q);
/* *samples: owned by the caller. ENOENT: nothing is kept; EINVAL: what is kept cannot be played. */
MUST_CHECK int speech_cache_load(int16_t **samples, size_t *n, const char *path);
MUST_CHECK int speech_cache_save(const char *path, const int16_t *samples, size_t n);

#endif
