/* trace_sound.c — how a leg sounded: a row of the ladder as text, as JSON, in the picture.
 * Called by trace.c. What we received was counted by us, what they received is what they said of
 * it (RTCP); the scores are estimates (base/mos.h), filled gaps taken for granted in words. */
#include "base/mos.h"
#include "view/trace_parts.h"

#define HARD "\u00a0"
#define THIN "\u202f"
#define COLON HARD ": "

static struct mos_way ours(const struct view_trace_sound *s)
{
    return (struct mos_way){.wanted_n = s->received_n + s->lost_n,
                            .lost_n = s->lost_n,
                            .round_trip_ms = s->round_trip_ms,
                            .jitter_ms = s->has_jitter ? s->jitter_ms : 0};
}

static struct mos_way theirs(const struct view_trace_sound *s)
{
    return (struct mos_way){.wanted_n = s->sent_n,
                            .lost_n = s->peer_lost_n < s->sent_n ? s->peer_lost_n : s->sent_n,
                            .round_trip_ms = s->round_trip_ms,
                            .jitter_ms = s->peer_jitter_ms};
}

/* ---- words -------------------------------------------------------------------------------- */

/* 8 400 */
static void put_count(struct text_out *out, uint64_t v)
{
    if (v >= 1000) {
        put_count(out, v / 1000);
        view_say(out, THIN);
        view_say(out, v % 1000 < 10 ? "00" : v % 1000 < 100 ? "0" : "");
    }
    text_put_number(out, v % 1000);
}

/* "3 perdus sur 8 400 (0,04 %)" */
static void put_losses(struct text_out *out, const struct mos_way *way)
{
    uint64_t n = way->wanted_n, hundredths = n ? (way->lost_n * 10000 + n / 2) / n : 0;
    put_count(out, way->lost_n);
    view_say(out, way->lost_n > 1 ? " perdus sur " : " perdu sur ");
    put_count(out, way->wanted_n);
    view_say(out, " (");
    text_put_number(out, hundredths / 100);
    view_say(out, hundredths % 100 < 10 ? ",0" : ",");
    text_put_number(out, hundredths % 100);
    view_say(out, THIN "%)");
}

static void put_ms(struct text_out *out, uint32_t ms)
{
    text_put_number(out, ms);
    view_say(out, HARD "ms");
}

/* ", note 4,3" */
static void put_score(struct text_out *out, const struct mos_way *way)
{
    uint32_t tenths = (mos_score(way, MOS_FILLED) + 50) / 100;
    view_say(out, ", MOS" HARD);
    text_put_number(out, tenths / 10);
    view_say(out, ",");
    text_put_number(out, tenths % 10);
}

static void put_ours(struct text_out *out, const struct view_trace_sound *s)
{
    const struct mos_way way = ours(s);
    view_say(out, "reçu d’eux" COLON);
    if (!way.wanted_n) {
        view_say(out, "rien");
        return;
    }
    put_losses(out, &way);
    if (s->has_jitter) {
        view_say(out, ", gigue ");
        put_ms(out, s->jitter_ms);
    }
    put_score(out, &way);
}

static void put_theirs(struct text_out *out, const struct view_trace_sound *s)
{
    const struct mos_way way = theirs(s);
    view_say(out, THIN "; reçu par eux" COLON);
    if (!s->has_peer || !way.wanted_n) {
        view_say(out, way.wanted_n ? "ils n’en disent rien" : "rien ne fut envoyé");
        return;
    }
    put_losses(out, &way);
    view_say(out, ", gigue ");
    put_ms(out, s->peer_jitter_ms);
    put_score(out, &way);
}

void trace_put_sound(struct text_out *out, const struct view_trace_sound *s)
{
    view_say(out, "son" COLON);
    put_ours(out, s);
    put_theirs(out, s);
    view_say(out, THIN "; aller-retour ");
    if (s->round_trip_ms)
        put_ms(out, s->round_trip_ms);
    else
        view_say(out, "inconnu");
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* What is not known is null, never 0. */
static void put_known(struct json *j, const char *name, bool is_known, uint64_t value)
{
    if (is_known)
        json_number(j, name, value);
    else
        json_null(j, name);
}

/* Scores in thousandths: with gaps filled, and without. */
static void put_way(struct json *j, const char *name, const struct mos_way *way)
{
    bool is_known = way->wanted_n > 0;
    json_object(j, name);
    put_known(j, "packets", true, way->wanted_n - way->lost_n);
    put_known(j, "lost", true, way->lost_n);
    put_known(j, "mos_thousandths", is_known, mos_score(way, MOS_FILLED));
    put_known(j, "mos_unfilled_thousandths", is_known, mos_score(way, MOS_GAPS));
}

void trace_json_sound(struct json *j, const struct view_trace_sound *s)
{
    const struct mos_way in = ours(s), out = theirs(s);
    json_object(j, "sound");
    put_way(j, "received", &in);
    put_known(j, "jitter_ms", s->has_jitter, s->jitter_ms);
    json_object_end(j);
    if (s->has_peer) {
        put_way(j, "sent", &out);
        json_number(j, "jitter_ms", s->peer_jitter_ms);
        json_object_end(j);
    } else {
        json_null(j, "sent");
    }
    json_number(j, "packets_sent", s->sent_n);
    put_known(j, "round_trip_ms", s->round_trip_ms > 0, s->round_trip_ms);
    json_object_end(j);
}
