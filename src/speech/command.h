/* command.h — runs the program that speaks: no shell, its own process group, an end by the clock.
 * Called by speech.c on its thread. */
#ifndef SPEECH_COMMAND_H
#define SPEECH_COMMAND_H

#include <stdatomic.h>

#include "base/types.h"

#define SPEECH_COMMAND_ARGS_MAX 32
#define SPEECH_WAV_BYTES_MAX (16u << 20)

struct speech_command {
    const char *command, *lang, *words;
    const char *file; /* where {file} is to be written; removed afterwards */
    ms_t timeout_ms;
    const _Atomic bool *is_ending; /* the house ends: so does the program */
};

/* Can it be cut into words? EINVAL: empty, too many words, or a quote without end. */
MUST_CHECK int speech_command_check(const char *command);
/* *bytes: owned by the caller. ENOENT: no such program; ETIMEDOUT; EFBIG: more than
 * SPEECH_WAV_BYTES_MAX; EIO: it ended with an error; ECANCELED: is_ending. */
MUST_CHECK int speech_command_run(uint8_t **bytes, size_t *n, const struct speech_command *c);

#endif
