/* codec.h — events to bytes and back; the form in which the journal keeps them.
 * Called by journal, app, kpi, replay. Cost: one byte or so per small field.
 * Invariant: decode(encode(e)) = e; a shorter encoding of an older version decodes with zeros at
 * the end, a longer one of a newer version with its tail ignored. */
#ifndef EVENT_CODEC_H
#define EVENT_CODEC_H

#include "event/event.h"

enum codec_verdict {
    CODEC_OK,
    CODEC_SHORT,   /* the bytes end before the event does */
    CODEC_UNKNOWN, /* a kind of a newer version */
    CODEC_BAD,     /* a value outside its range: damaged bytes */
};

/* Writes ev at p, which has room for EVENT_BYTES_MAX. Returns the bytes written. */
size_t event_encode(uint8_t *p, const struct event *ev);

/* Reads one event from the n bytes at p. used: how many it took, set when CODEC_OK. */
enum codec_verdict event_decode(struct event *ev, const uint8_t *p, size_t n, size_t *used);

#endif
