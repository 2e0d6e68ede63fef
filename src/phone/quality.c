/* quality.c — see quality.h. Called by sound.c and trunk.c, on the main thread, after a call: never
 * on its way. Invariant: what a peer claims is bounded by what was sent to it. */
#include "base/mos.h"
#include "phone/leg.h"
#include "phone/trace.h"

static bool is_bad(const struct mos_way *way)
{
    return mos_score(way, MOS_FILLED) < MOS_BAD;
}

static void judge(struct phone_quality *q, const struct media_counts *c, ms_t now_at)
{
    const struct mos_way ours = {.wanted_n = c->received_n + c->lost_n,
                                 .lost_n = c->lost_n,
                                 .round_trip_ms = c->round_trip_ms,
                                 .jitter_ms = c->jitter_ms};
    const struct mos_way theirs = {.wanted_n = c->sent_n,
                                   .lost_n = c->peer_lost_n,
                                   .round_trip_ms = c->round_trip_ms,
                                   .jitter_ms = c->peer_jitter_ms};
    bool hears = ours.wanted_n >= QUALITY_PACKETS_MIN;
    bool is_heard = c->has_peer && theirs.wanted_n >= QUALITY_PACKETS_MIN;
    if (!hears && !is_heard)
        return;
    ms_t minute = now_at / QUALITY_MINUTE_MS;
    struct quality_minute *m = &q->minutes[(uint64_t)minute % QUALITY_MINUTES];
    if (m->minute != minute)
        *m = (struct quality_minute){.minute = minute};
    uint32_t bad_n = (hears && is_bad(&ours)) || (is_heard && is_bad(&theirs));
    m->judged_n++;
    m->bad_n += bad_n;
    q->so_far.judged_n++;
    q->so_far.bad_n += bad_n;
}

void quality_add(struct phone_quality *q, const struct media_counts *c, ms_t now_at)
{
    struct phone_sound_counts *n = &q->so_far;
    n->received_n += c->received_n;
    n->lost_n += c->lost_n;
    n->sent_n += c->sent_n;
    n->peer_lost_n += c->peer_lost_n < c->sent_n ? c->peer_lost_n : c->sent_n;
    n->jitter_ms += c->has_jitter ? c->jitter_ms : 0;
    n->jitter_n += c->has_jitter;
    n->round_trip_ms += c->round_trip_ms;
    n->round_trip_n += c->round_trip_ms > 0;
    judge(q, c, now_at);
}

struct phone_sound_counts quality_look(const struct phone_quality *q, ms_t now_at)
{
    struct phone_sound_counts look = q->so_far;
    ms_t minute = now_at / QUALITY_MINUTE_MS;
    for (unsigned i = 0; i < QUALITY_MINUTES; i++) {
        const struct quality_minute *m = &q->minutes[i];
        if (m->minute > minute || minute - m->minute >= (ms_t)QUALITY_MINUTES)
            continue;
        look.recent_judged_n += m->judged_n;
        look.recent_bad_n += m->bad_n;
    }
    return look;
}

void phone_quality(struct phone *p, const struct media_report *closed)
{
    uint32_t place = trunk_place(p, closed->group);
    phone_trace_sound(p, closed);
    if (place != SLOT_NONE)
        quality_add(&p->trunks[place].quality, &closed->counts, p->now_at);
}
