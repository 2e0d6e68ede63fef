/* legs.c — the pool of legs and the ways to find one.
 * Called by phone/ only. Cost: O(1). Invariant: a leg stands in `ids` and `tags` from new to drop,
 * in `streams` while it has one; who finds one to change it has touched it (kept.c); after its end
 * the app hears nothing of it any more. */
#include "phone/leg.h"
#include "phone/trace.h"

static uint32_t slot_of(const struct phone *p, const struct phone_leg *leg)
{
    return (uint32_t)(leg - p->legs);
}

struct phone_leg *leg_new_as(struct phone *p, uint64_t id, uint64_t tag)
{
    if (p->n == p->legs_max || map_get(&p->tags, tag) != SLOT_NONE ||
        map_get(&p->ids, id) != SLOT_NONE)
        return NULL;
    uint32_t slot = p->free;
    if (slot != SLOT_NONE)
        p->free = p->legs[slot].next_free;
    else
        slot = p->used++;
    struct phone_leg *leg = &p->legs[slot];
    *leg = (struct phone_leg){.id = id, .tag = tag, .invite_tx = SLOT_NONE, .probe_tx = SLOT_NONE};
    leg->timer.tx = SLOT_NONE;
    leg->origin_id = tag >> 2; /* fits the signed numbers that some parsers read it into */
    sip_offer_begin(&leg->offer);
    map_put(&p->ids, leg->id, slot);
    map_put(&p->tags, leg->tag, slot);
    p->n++;
    leg_touch(p, slot);
    return leg;
}

struct phone_leg *leg_new(struct phone *p, uint64_t tag)
{
    struct phone_leg *leg = leg_new_as(p, p->next_id, tag);
    p->next_id += leg != NULL;
    return leg;
}

static uint64_t stream_key(struct media_ref ref)
{
    return (uint64_t)ref.slot << 32 | ref.gen;
}

static void drop_stream(struct phone *p, struct phone_leg *leg)
{
    if (!leg->stream.gen)
        return;
    map_remove(&p->streams, stream_key(leg->stream));
    p->media.drop(p->media.arg, leg->stream);
    leg->stream = (struct media_ref){0};
}

void leg_drop(struct phone *p, struct phone_leg *leg)
{
    uint32_t slot = slot_of(p, leg);
    phone_trace_leg(p, leg); /* once more: what it said first may have given way */
    drop_stream(p, leg);
    trunk_give_back(p, leg);
    heap_remove(&p->timers, slot);
    leg_timer_drop(p, leg);
    map_remove(&p->ids, leg->id);
    map_remove(&p->tags, leg->tag);
    leg_touch(p, slot);
    leg->id = 0;
    leg->next_free = p->free;
    p->free = slot;
    p->n--;
}

static struct phone_leg *at(struct phone *p, uint32_t slot)
{
    if (slot == SLOT_NONE)
        return NULL;
    leg_touch(p, slot);
    return &p->legs[slot];
}

struct phone_leg *leg_by_id(struct phone *p, uint64_t id)
{
    return at(p, id ? map_get(&p->ids, id) : SLOT_NONE);
}

struct phone_leg *leg_by_tag(struct phone *p, struct text tag)
{
    uint64_t key;
    bool is_ours = tag.n == PHONE_TAG_N && text_hex_read(&key, tag) && key;
    return at(p, is_ours ? map_get(&p->tags, key) : SLOT_NONE);
}

struct phone_leg *leg_by_stream(struct phone *p, struct media_ref ref)
{
    return at(p, ref.gen ? map_get(&p->streams, stream_key(ref)) : SLOT_NONE);
}

void leg_set_timer(struct phone *p, struct phone_leg *leg, ms_t when_at)
{
    bool ends_now = leg->is_broken && !leg->is_told; /* no other timer puts that off */
    heap_set(&p->timers, slot_of(p, leg), ends_now ? p->now_at : when_at, 0);
}

void leg_tell(struct phone *p, struct phone_leg *leg, struct phone_report *report)
{
    if (leg->is_told)
        return;
    report->leg_id = leg->id;
    p->report(report, p->report_arg);
}

void leg_tell_end(struct phone *p, struct phone_leg *leg, bool is_fault)
{
    struct phone_report report = {.kind = PHONE_ENDED, .is_fault = is_fault};
    drop_stream(p, leg);
    fork_end(p, leg, leg->refusal);
    if (leg->is_agent && !leg->is_up) {
        report.kind = PHONE_REFUSED;
        report.status = leg->refusal ? leg->refusal : 408;
    }
    bool was_told = leg->is_told;
    report.leg_id = leg->id;
    leg->is_told = true;
    leg_set_timer(p, leg, MS_NEVER);
    leg_timer_stop(p, leg);
    if (!was_told)
        p->report(&report, p->report_arg);
}

bool leg_open_stream(struct phone *p, struct phone_leg *leg, uint64_t near_id)
{
    return leg_open_stream_at(p, leg, near_id, 0);
}

bool leg_open_stream_at(struct phone *p, struct phone_leg *leg, uint64_t near_id, uint16_t rtp_port)
{
    struct media_opened opened;
    const struct phone_leg *near = leg_by_id(p, near_id);
    const struct address *there = leg->offer.is_agreed ? &leg->offer.agreed.to : &leg->peer.at;
    const struct media_opening how = {.near = near ? near->stream : (struct media_ref){0},
                                      .port = rtp_port,
                                      .ip_n = there->family == 6 ? 16 : 4};
    enum media_verdict v = p->media.open(p->media.arg, &how, &opened);
    if (v != MEDIA_OPENED) {
        os_log_line(p->log, OS_LOG_ALARM, "phone: no stream for a call: %s", p->media.why(v));
        return false;
    }
    leg->stream = opened.ref;
    leg->rtp_port = opened.rtp_port;
    leg->ssrc = opened.ssrc;
    map_put(&p->streams, stream_key(opened.ref), slot_of(p, leg));
    return true;
}

void leg_break(struct phone *p, struct phone_leg *leg, const char *where, const char *what)
{
    p->totals.broken_n++;
    os_log_line(p->log, OS_LOG_ALARM, "phone: leg %llu is broken in %s: %s",
                (unsigned long long)leg->id, where, what);
    leg->is_broken = true;
    leg_set_timer(p, leg, p->now_at); /* told in the next turn: the app may be in the middle */
}
