/* report.c — what a media thread tells main, and what happens when main is slow.
 * Called by all of the packet path. A report goes into the ring at once when there is room; else
 * its kind stays marked in the stream with its latest value, and goes with a later frame.
 * Invariant: never waits, never loses that something of a kind happened. */
#include <string.h>

#include "media/thread.h"

static struct media_ref ref_of(const struct stream *s)
{
    return (struct media_ref){s->slot, s->gen};
}

void report_counts(const struct stream *s, struct media_counts *counts)
{
    const struct heard *h = &s->heard;
    uint32_t expected = h->has_begun ? h->seq_max - h->seq_first + 1 : 0;
    *counts = (struct media_counts){
        .sent_n = s->sent_n,
        .received_n = s->received_n,
        .lost_n = h->lost_before_n + (expected > h->n ? expected - h->n : 0),
        .peer_lost_n = s->peer_lost_n,
        .refused_n = s->refused_n,
        .round_trip_ms = s->round_trip_ms,
        .jitter_ms = h->jitter_16 / 16 / RTP_TICKS_PER_MS,
        .peer_jitter_ms = s->peer_jitter_ticks / RTP_TICKS_PER_MS,
        .has_jitter = s->has_jitter,
        .has_peer = s->has_peer,
    };
}

static void fill(struct media_report *r, const struct stream *s)
{
    const struct due *due = &s->due;
    switch (r->kind) {
    case MEDIA_KEY_BEGUN:
        r->key.key = due->begun_key;
        break;
    case MEDIA_KEY_ENDED:
        r->key.key = due->ended_key;
        r->key.lasted_ms = due->ended_ms;
        break;
    case MEDIA_LIST_ENDED:
        r->list.number = due->list_number;
        r->list.is_by_key = due->is_by_key;
        break;
    case MEDIA_KEYS_PRESSED:
        r->list.number = due->keys_number;
        break;
    case MEDIA_HEARD:
        r->join_number = s->join_number;
        break;
    case MEDIA_LATCHED:
        r->source = s->is_browser ? due->chosen : s->source.peer;
        break;
    case MEDIA_SOURCE_REFUSED:
        r->source = due->refused;
        break;
    case MEDIA_ROLLED:
        r->rolls = s->secure ? s->secure->told : (struct media_rolls){0};
        break;
    case MEDIA_SOUND:
        r->sound.at = s->measure.sound_at;
        r->sound.level_cdb = s->measure.level_cdb;
        break;
    case MEDIA_VOICE:
        r->voice_number = s->voice.number;
        break;
    case MEDIA_COUNTS:
    case MEDIA_CLOSED:
        report_counts(s, &r->counts);
        break;
    default:
        break;
    }
}

static void push(struct media_thread *t, struct stream *s, enum media_kind kind)
{
    struct media_report *r = ring_slot(&t->reports, 0);
    memset(r, 0, sizeof(*r));
    r->ref = ref_of(s);
    r->kind = kind;
    r->user = s->order->want.user;
    r->group = s->order->want.group;
    r->left_out_n = s->due.left_out_n[kind];
    fill(r, s);
    ring_publish(&t->reports, 1);
    s->due.left_out_n[kind] = 0;
    s->due.kinds &= ~(1u << kind);
    t->has_reported = true;
}

void report_flush(struct media_thread *t, struct stream *s)
{
    while (s->due.kinds && ring_room_n(&t->reports) > 0)
        push(t, s, (enum media_kind)__builtin_ctz(s->due.kinds));
}

void report_add(struct media_thread *t, struct stream *s, enum media_kind kind)
{
    uint32_t bit = 1u << kind;
    uint16_t *left_out_n = &s->due.left_out_n[kind];
    if ((s->due.kinds & bit) && *left_out_n < UINT16_MAX)
        ++*left_out_n;
    s->due.kinds |= bit;
    report_flush(t, s);
    if (s->due.kinds & bit)
        total_add(&t->totals.held_n, 1);
}

static void report_end(struct media_thread *t, struct stream *s, char key, uint16_t lasted_ms)
{
    s->due.ended_key = key;
    s->due.ended_ms = lasted_ms;
    report_add(t, s, MEDIA_KEY_ENDED);
}

void report_keys(struct media_thread *t, struct stream *s, const struct dtmf_news *news)
{
    if (news->ended_before)
        report_end(t, s, news->ended_before, news->before_ms);
    if (news->begun) {
        s->due.begun_key = news->begun;
        report_add(t, s, MEDIA_KEY_BEGUN);
    }
    if (news->ended)
        report_end(t, s, news->ended, news->ended_ms);
}
