/* jitter.h — the sound of one sender laid out in time, for those who hear it mixed: packets come
 * early, late, twice or never, and what is taken out is even.
 * Pure. Included by media/ only. The line of samples runs with our own clock: at an instant, what
 * lies before it may be taken, by any number of listeners. A packet is put where its ticks say,
 * behind a delay that follows the network: it grows at once when a packet came too late, and
 * shrinks slowly, in quiet moments. What never came is concealed.
 * Cost: a copy of 160 samples a packet, and a search for the pitch at the beginning of a loss. */
#ifndef MEDIA_JITTER_H
#define MEDIA_JITTER_H

#include "media/rtp.h"
#include "port/media.h"

/* Half a second of samples: the past that pitch is looked for in, and the delay at its most. */
#define JITTER_SAMPLES 4096u
/* Between the instant at which a packet is expected and that at which it is needed. */
#define JITTER_MARGIN_MS 10
#define JITTER_MARGIN_MS_MAX 200
/* So long every packet must have come earlier than needed before the delay shrinks, by a step; and
 * so long a quiet moment is waited for. */
#define JITTER_CALM_MS 2000
#define JITTER_LOUD_MS 8000
#define JITTER_STEP_MS 5
/* So many packets in a row that came later than the delay may grow: their clock has moved. */
#define JITTER_TOO_LATE_N 5
/* Ticks so far from where they should be are another stream of theirs. */
#define JITTER_JUMP_MS 500
/* A hole is filled with the last pitch period; whole for so long, then ever more softly. */
#define JITTER_WHOLE_MS 10
#define JITTER_FADED_MS 60

static_assert((JITTER_MARGIN_MS_MAX + 2 * JITTER_FADED_MS) * RTP_TICKS_PER_MS < JITTER_SAMPLES,
              "the delay and the past fit");

struct jitter {
    bool has_begun, is_hole; /* is_hole: the last sample that was filled in is made up */
    uint32_t ssrc, first_ticks;
    ms_t first_at, calm_at;       /* calm_at: since when all came early enough */
    int64_t delay_n;              /* of the stream, in samples */
    int64_t filled_n;             /* samples before are final: heard, or concealed */
    int64_t written_n;            /* the end of what has come */
    int64_t hole_n;               /* where the hole in course began */
    uint32_t lag_n;               /* pitch period of that hole; 0: none was heard, silence */
    int32_t calm_n;               /* the least margin since calm_at */
    uint32_t too_late_n;          /* in a row */
    uint32_t late_n, concealed_n; /* packets; samples */
    int16_t samples[JITTER_SAMPLES];
    uint8_t has[JITTER_SAMPLES]; /* is the sample here? */
};

/* A packet of sound that has just come, as samples. */
struct jitter_packet {
    uint32_t ssrc, ticks;
    const int16_t *samples;
    uint32_t n;    /* at most JITTER_SAMPLES / 4 */
    bool is_spare; /* a decoder made it up: worth nothing when late */
    ms_t at;
};

void jitter_begin(struct jitter *j);
void jitter_take(struct jitter *j, const struct jitter_packet *p);
/* Adds the n samples that end at this instant to those in sum; instants never go back. False: it
 * was silence, nothing was added. */
bool jitter_give(struct jitter *j, ms_t at, int32_t *sum, uint32_t n);
/* How much later than it came the present sound is taken out, at least. */
ms_t jitter_delay_ms(const struct jitter *j);

#endif
