/* bake.h — prompts for those who speak neither law: coded once, when one is first asked for, in a
 * thread of its own; each stream sends the same bytes.
 * Included by media/ only. Until a form is there, the stream's own coder does the work, so nobody
 * waits. Bounded: BAKE_BYTES_MAX; past it prompts are coded anew for each who hears them. Cost of a
 * minute of sound: 15 ms for G.722, 0.8 s for Opus, once; 10 kB a second, or 3.
 * A decoder of G.722 follows its encoder sample by sample, so a form is not sent from its first
 * frame on: the stream's coder does BAKE_LEAD frames, until what both know is the same. */
#ifndef MEDIA_BAKE_H
#define MEDIA_BAKE_H

#include "media/coder.h"
#include "media/prompt.h"
#include "os/bell.h"
#include "os/thread.h"

#define BAKE_BYTES_MAX ((size_t)64 << 20)
#define BAKE_LEAD 5 /* 100 ms: what was before is forgotten to 1/500 */

struct bake {
    struct prompts *prompts;   /* borrowed */
    size_t bytes_n, bytes_max; /* of all forms; the thread's own; BAKE_BYTES_MAX */
    struct coder coder;
    uint8_t *memory; /* owned: of libopus */
    struct os_bell bell;
    struct os_thread thread;
    _Atomic bool is_ending, is_asked;
};

/* 0 or ENOMEM, EMFILE. is_manual: no thread, bake_run() does the work. */
MUST_CHECK int bake_open(struct bake *b, struct prompts *prompts, bool is_manual);
void bake_drop(struct bake *b);

/* All that is asked for and not there. */
void bake_run(struct bake *b);

/* A frame that is ready. */
struct bake_frame {
    const uint8_t *bytes;     /* NULL: it is not made yet, and was asked for */
    const struct g722 *after; /* G.722: the encoder as it is behind it */
    uint16_t n;
};

/* Media threads: this frame of a prompt. */
struct bake_frame bake_find(struct bake *b, const struct prompt *prompt, enum media_codec codec,
                            uint32_t frame_i);

/* May it be sent as it is by this coder? If so it takes the place of one that the coder made. */
bool bake_fits(struct coder *c, const struct bake_frame *frame);

/* Bytes of each frame. */
static inline uint16_t bake_frame_bytes(enum media_codec codec)
{
    return codec == MEDIA_OPUS ? CODER_OPUS_BYTES : CODER_FRAME;
}

#endif
