/* notice.h — the message of the day: what a supervisor wants all who call to hear, until an instant
 * (voice-script §1, ADR 41). On the disk it is a row; on the line a sound that a program spoke.
 * The reader says what stands on the disk, main plays it; cli/serve_notice.c carries both. */
#ifndef PORT_NOTICE_H
#define PORT_NOTICE_H

#include "base/types.h"

/* Letters, and bytes with their NUL; past either it is refused. */
#define NOTICE_LETTERS_MAX 200
#define NOTICE_BYTES 361
/* What was spoken may last so long, else nobody hears it. */
#define NOTICE_SOUND_MS_MAX 12000

struct notice {
    uint64_t id;    /* random, never 0 */
    uint64_t by_id; /* account; 0: a program, or the command line */
    ms_t at, until_at;
    char words[NOTICE_BYTES]; /* empty: the one before is over */
};

/* What became of its words; err 0: it is played. */
struct notice_sound {
    uint64_t id;
    int err; /* ENOENT, ETIMEDOUT…: nothing could speak it; EFBIG: it lasts too long */
    size_t n;
    int16_t samples[]; /* 8 kHz, little-endian */
};

struct notice_port {
    void *arg;
    /* Of the newest message whose words were tried, borrowed until the next question; NULL: none in
     * this process. Asked on the reader thread. */
    const struct notice_sound *(*sound)(void *arg);
};

#endif
