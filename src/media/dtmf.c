/* dtmf.c — keys as telephone events.
 * Called by receive.c and frame.c. Invariant: each press is reported as begun once and as ended
 * once, in this order, whatever is lost, doubled or late (RFC 4733 §2.5). */
#include <string.h>

#include "media/dtmf.h"
#include "media/rtp.h"

#define END 0x80
#define VOLUME 10 /* −10 dBm0 */
#define FRAME_TICKS 160
#define PRESSED_FRAMES 5 /* 100 ms */
#define END_FRAMES 3
#define PAUSE_FRAMES 4
#define WIDE 6 /* ticks of 48 kHz in one of ours */

static const char key_names[] = "0123456789*#ABCD";

/* ---- in ---- */

static uint16_t ms_of(const struct dtmf_in *in)
{
    unsigned ms = in->base_ms + in->ticks_n / RTP_TICKS_PER_MS;
    return (uint16_t)(ms < UINT16_MAX ? ms : UINT16_MAX);
}

static void end_before(struct dtmf_in *in, struct dtmf_news *news)
{
    if (!in->is_down)
        return;
    news->ended_before = in->key;
    news->before_ms = ms_of(in);
    in->is_down = false;
}

/* RFC 4733 §2.5.1.3: a long press goes on in a new segment, which begins where the other stops. */
static bool is_next_segment(const struct dtmf_in *in, const struct dtmf_packet *p, char key)
{
    uint32_t longest = p->is_wide ? UINT16_MAX / WIDE : UINT16_MAX;
    return in->is_down && key == in->key && p->ticks == in->began_ticks + in->ticks_n &&
           in->ticks_n > longest - 4 * FRAME_TICKS;
}

static void begin(struct dtmf_in *in, const struct dtmf_packet *p, char key, struct dtmf_news *news)
{
    if (is_next_segment(in, p, key)) {
        in->base_ms = ms_of(in);
    } else {
        end_before(in, news);
        news->begun = key;
        in->base_ms = 0;
    }
    in->has_begun = in->is_down = true;
    in->key = key;
    in->began_ticks = p->ticks;
    in->ticks_n = 0;
}

bool dtmf_in_take(struct dtmf_in *in, const struct dtmf_packet *p, struct dtmf_news *news)
{
    memset(news, 0, sizeof(*news));
    if (p->n < DTMF_PAYLOAD_BYTES || p->payload[0] >= sizeof(key_names) - 1)
        return false;
    char key = key_names[p->payload[0]];
    uint16_t ticks_n = (uint16_t)(net_u16(p->payload + 2) / (p->is_wide ? WIDE : 1));
    int32_t later = (int32_t)(p->ticks - in->began_ticks);
    if (in->has_begun && later < 0)
        return true; /* a late packet of a press that is over */
    if (!in->has_begun || later > 0)
        begin(in, p, key, news);
    if (!in->is_down)
        return true; /* its end once more */
    in->seen_at = p->now_at;
    if (ticks_n > in->ticks_n)
        in->ticks_n = ticks_n;
    if (p->payload[1] & END) {
        in->is_down = false;
        news->ended = in->key;
        news->ended_ms = ms_of(in);
    }
    return true;
}

void dtmf_in_wait(struct dtmf_in *in, ms_t now_at, struct dtmf_news *news)
{
    memset(news, 0, sizeof(*news));
    if (in->is_down && now_at - in->seen_at >= DTMF_LOST_END_MS)
        end_before(in, news);
}

void dtmf_in_restart(struct dtmf_in *in, struct dtmf_news *news)
{
    memset(news, 0, sizeof(*news));
    end_before(in, news);
    memset(in, 0, sizeof(*in));
}

/* ---- out ---- */

void dtmf_rescale(uint8_t payload[DTMF_PAYLOAD_BYTES], bool is_wide)
{
    uint32_t ticks_n = net_u16(payload + 2);
    ticks_n = is_wide ? ticks_n * WIDE : ticks_n / WIDE;
    net_put_u16(payload + 2, ticks_n < UINT16_MAX ? ticks_n : UINT16_MAX);
}

bool dtmf_is_key(char key)
{
    return key != '\0' && strchr(key_names, key) != NULL;
}

void dtmf_out_begin(struct dtmf_out *out, const struct media_keys *keys)
{
    memset(out, 0, sizeof(*out));
    memcpy(out->keys, keys->keys, sizeof(out->keys));
    out->n = keys->n;
}

/* The durations grow with the frames; the three ends repeat the last one. */
static void write_frame(const struct dtmf_out *out, struct dtmf_frame *frame)
{
    unsigned pressed = out->frame_i < PRESSED_FRAMES ? out->frame_i + 1u : PRESSED_FRAMES;
    bool is_end = out->frame_i >= PRESSED_FRAMES;
    const char *name = strchr(key_names, out->keys[out->i]);
    assert(name);
    frame->has_packet = true;
    frame->is_first = out->frame_i == 0;
    frame->ticks = out->began_ticks;
    frame->payload[0] = (uint8_t)(name - key_names);
    frame->payload[1] = (uint8_t)((is_end ? END : 0) | VOLUME);
    net_put_u16(frame->payload + 2, pressed * FRAME_TICKS);
}

bool dtmf_out_next(struct dtmf_out *out, uint32_t ticks, struct dtmf_frame *frame)
{
    memset(frame, 0, sizeof(*frame));
    if (out->i >= out->n)
        return false;
    if (out->frame_i == 0)
        out->began_ticks = ticks;
    if (out->frame_i < PRESSED_FRAMES + END_FRAMES)
        write_frame(out, frame);
    if (++out->frame_i == PRESSED_FRAMES + END_FRAMES + PAUSE_FRAMES) {
        out->frame_i = 0;
        out->i++;
    }
    return true;
}
