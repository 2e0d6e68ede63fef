/* voice.c — do they speak? Whom a machine has called says « Allô ? », and must not wait
 * (voice-script §5, cb.robot). A leaky sum: what is loud counts, what is not counts twice against
 * it, so that a click or a breath is no voice, and the pause within a word ends none. Called by
 * receive.c for who is asked about only; the others pay a comparison. Cost: 160 look-ups a packet
 * until it was told. Invariant: MEDIA_VOICE is told once a number. */
#include "media/packet.h"

#define TICKS_TO_TELL ((uint32_t)MEDIA_VOICE_MS * RTP_TICKS_PER_MS)

void voice_take(const struct packet *p)
{
    struct voice *v = &p->s->voice;
    int32_t least_cdb = p->s->is_list_on ? MEDIA_VOICE_OVER_CDB : MEDIA_VOICE_CDB;
    uint32_t ticks = p->head.payload_n;
    if (v->is_told)
        return;
    if (measure_level(measure_mean(p)) >= least_cdb)
        v->loud_ticks += ticks;
    else
        v->loud_ticks -= v->loud_ticks > 2 * ticks ? 2 * ticks : v->loud_ticks;
    if (v->loud_ticks < TICKS_TO_TELL)
        return;
    v->is_told = true;
    report_add(p->t, p->s, MEDIA_VOICE);
}
