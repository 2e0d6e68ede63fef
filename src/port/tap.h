/* tap.h — what a recorder hears: the sound of joined legs, copied packet by packet. A media thread
 * puts, the recorder takes; one ring for each thread, because both legs of a conversation live in
 * one (base/ring.h). A ring that is full loses the packet and counts it: nobody waits. */
#ifndef PORT_TAP_H
#define PORT_TAP_H

#include "base/ring.h"

/* 20 ms; a longer packet takes several. */
#define TAP_CODES 160
/* Frames that wait for the recorder: 2.7 s of a hundred conversations. */
#define TAP_RING_N (1u << 15)

enum tap_side { TAP_CALLER, TAP_AGENT, TAP_SIDES };

/* Whose sound is copied for the recorder; recording 0: nobody's. */
struct media_tap {
    uint32_t recording;
    enum tap_side side;
};

struct tap_frame {
    ms_t at;            /* when it came: the boot clock */
    uint32_t recording; /* number that the recorder gave */
    uint32_t ssrc, ticks;
    uint8_t side; /* enum tap_side */
    uint8_t n;
    uint8_t codes[TAP_CODES]; /* A-law, whatever the leg speaks */
};

struct tap_ring {
    struct ring_buffer ring;
    _Atomic uint64_t left_out_n; /* found no room; one writer */
};

#endif
