/* frame.c — what a stream sends in its slot: one frame of 20 ms; where the peer wishes for packets
 * of another size, what is whole of it and those before: of 10 ms two in a slot, of 30 ms one in
 * two slots of three.
 * Called by thread.c, 50 times a second for each stream. Prompts and loops are ready-made frames in
 * shared memory: 172 bytes are put together and handed to the kernel.
 * Cost: ~60 ns of ours, the rest is the kernel's. Invariant: our numbers go on by one each packet
 * and our ticks follow the clock, whatever the sound comes from. */
#include <string.h>

#include "media/g711.h"
#include "media/thread.h"

enum frame_what { FRAME_NONE, FRAME_SOUND, FRAME_KEY, FRAME_PAUSE };

struct frame {
    /* input */
    struct media_thread *t;
    struct stream *s;
    /* verdict */
    enum frame_what what;
    /* output */
    const uint8_t *payload;
    struct bake_frame form; /* the same sound, ready for who speaks no law */
    uint8_t made[PROMPT_FRAME_BYTES];
    uint16_t payload_n;
    bool has_marker;
    uint32_t ticks;
    struct dtmf_frame key;
};

/* Sets what, and for a key its payload. */
static void choose_key(struct frame *f)
{
    struct stream *s = f->s;
    if (!dtmf_out_next(&s->keys_out, stream_ticks(s, f->t->at), &f->key)) {
        s->are_keys_on = false;
        s->due.keys_number = s->keys_number;
        report_add(f->t, s, MEDIA_KEYS_PRESSED);
        return;
    }
    f->what = FRAME_PAUSE;
    if (!f->key.has_packet)
        return;
    f->what = FRAME_KEY;
    if (s->order->want.is_key_wide)
        dtmf_rescale(f->key.payload, true);
    f->payload = f->key.payload;
    f->payload_n = DTMF_PAYLOAD_BYTES;
}

static void set_payload(struct frame *f, const uint8_t *codes)
{
    f->what = FRAME_SOUND;
    f->payload = codes;
    f->payload_n = PROMPT_FRAME_BYTES;
}

static void set_sound(struct frame *f, const struct prompt *prompt, uint32_t frame_i)
{
    const uint8_t *codes = prompt->codes[stream_law(f->s)];
    set_payload(f, codes + (size_t)frame_i * PROMPT_FRAME_BYTES);
    if (f->s->coder)
        f->form = bake_find(f->t->bake, prompt, f->s->coder->codec, frame_i);
}

/* Sets what and payload from the list, or ends it. Unknown prompts are left out. */
static void choose_list(struct frame *f)
{
    struct stream *s = f->s;
    const struct media_list *list = &s->order->want.list;
    for (; s->list_i < list->n; s->list_i++) {
        const struct prompt *prompt = prompts_find(f->t->prompts, list->ids[s->list_i]);
        if (prompt && s->list_frame < prompt->frames_n) {
            set_sound(f, prompt, s->list_frame++);
            return;
        }
        s->list_frame = 0;
    }
    stream_stop_list(f->t, s, false);
}

static const uint8_t *silence(enum media_codec codec)
{
    static const uint8_t frames[2][PROMPT_FRAME_BYTES] = {
        [MEDIA_PCMA] = {[0 ... PROMPT_FRAME_BYTES - 1] = G711_A_SILENCE},
        [MEDIA_PCMU] = {[0 ... PROMPT_FRAME_BYTES - 1] = G711_U_SILENCE},
    };
    return frames[codec];
}

/* Sets what and payload from what comes after the list; a bridge sends by itself. */
static void choose_then(struct frame *f)
{
    struct stream *s = f->s;
    const struct media_want *want = &s->order->want;
    const struct prompt *prompt =
        want->then == MEDIA_LOOP ? prompts_find(f->t->prompts, want->loop_id) : NULL;
    if (prompt) {
        set_sound(f, prompt, s->loop_frame % prompt->frames_n);
        s->loop_frame++;
    } else if (want->then == MEDIA_ECHO && s->echo_i) {
        echo_give(&f->t->echoes[s->echo_i - 1], f->t->at, f->made, PROMPT_FRAME_BYTES);
        set_payload(f, f->made);
    } else if (want->then == MEDIA_MIX && mix_give(f->t, s, f->made)) {
        set_payload(f, f->made);
    } else if (want->then == MEDIA_ECHO || want->then == MEDIA_MIX || want->then == MEDIA_SILENCE ||
               want->then == MEDIA_LOOP) {
        set_payload(f, silence(stream_law(s)));
    }
}

/* Sets payload: the sound in the stream's codec, where that is no law. */
static void code(struct frame *f)
{
    struct coder *coder = f->s->coder;
    int16_t samples[CODER_FRAME];
    if (bake_fits(coder, &f->form)) {
        f->payload = f->form.bytes;
        f->payload_n = f->form.n;
        return;
    }
    for (unsigned i = 0; i < CODER_FRAME; i++)
        samples[i] = f->t->linear[MEDIA_PCMA][f->payload[i]];
    f->payload_n = (uint16_t)coder_encode(coder, f->made, samples);
    f->payload = f->made;
}

/* Sets ticks and has_marker, and moves the stream's clock on. */
static void mark(struct frame *f)
{
    struct stream *s = f->s;
    bool is_sound = f->what == FRAME_SOUND;
    f->ticks = is_sound ? stream_ticks(s, f->t->at) : f->key.ticks;
    f->has_marker = is_sound ? s->is_marker_due : f->key.is_first;
    s->is_marker_due = !is_sound;
    s->map.is_set = false;
    if (is_sound)
        s->ticks_free = f->ticks + PROMPT_FRAME_BYTES;
}

/* Output: a packet in the kernel's hands, or counted as failed. */
static void send_frame(struct frame *f)
{
    struct stream *s = f->s;
    const struct media_want *want = &s->order->want;
    uint8_t bytes[RTP_HEADER_BYTES + PACK_BYTES_MAX + SRTP_MORE_MAX];
    size_t n = RTP_HEADER_BYTES + (size_t)f->payload_n;
    struct rtp_header head = {.has_marker = f->has_marker,
                              .type = f->what == FRAME_KEY ? want->key_type : want->payload_type,
                              .seq = s->seq++,
                              .ticks = f->ticks * s->scale,
                              .ssrc = s->ssrc};
    rtp_write(bytes, &head);
    memcpy(bytes + RTP_HEADER_BYTES, f->payload, f->payload_n);
    if (s->secure)
        n = secure_out(f->t, s, bytes, n);
    if (!n || !socket_send(s->rtp_fd, bytes, n, s->is_connected ? NULL : &s->to)) {
        s->failed_n++;
        total_add(&f->t->totals.failed_n, 1);
        return;
    }
    s->sent_n++;
    s->sent_bytes_n += f->payload_n;
    total_add(&f->t->totals.sent_n, 1);
}

/* Output: the first n samples that wait as a packet. */
static void send_waiting(struct frame *f, uint16_t n)
{
    struct pack *pack = &f->s->pack;
    struct frame part = {.t = f->t, .s = f->s, .what = FRAME_SOUND};
    part.payload = pack->codes;
    part.payload_n = n;
    part.has_marker = pack->has_marker;
    part.ticks = pack->ticks;
    send_frame(&part);
    pack_drop(pack, n);
}

/* Output: the frame as it is, or in packets of the size that is wished for. */
static void send_sound(struct frame *f)
{
    struct pack *pack = &f->s->pack;
    uint16_t whole_n = pack_samples(f->s->order->want.packet_ms);
    bool is_whole = f->s->coder && f->s->coder->codec == MEDIA_OPUS; /* a frame is a packet */
    if (is_whole || (whole_n == f->payload_n && !pack->n)) {
        send_frame(f);
        return;
    }
    if (!pack_goes_on(pack, f->payload_n, f->ticks))
        send_waiting(f, pack->n); /* frames were left out */
    if (!pack->n)
        pack->has_marker = f->has_marker;
    pack_add(pack, f->payload, f->payload_n, f->ticks);
    while (pack->n >= whole_n)
        send_waiting(f, whole_n);
}

void frame_run(struct media_thread *t, struct stream *s)
{
    struct frame f = {.t = t, .s = s, .what = FRAME_NONE};
    if (!stream_may_send(s)) {
        s->is_marker_due = true;
        s->pack.n = 0;
        return;
    }
    if (s->are_keys_on)
        choose_key(&f);
    if (f.what == FRAME_NONE && s->is_list_on)
        choose_list(&f);
    if (f.what == FRAME_NONE)
        choose_then(&f);
    if (f.what != FRAME_SOUND && s->pack.n)
        send_waiting(&f, s->pack.n);
    if (f.what == FRAME_SOUND && s->coder)
        code(&f);
    if (f.what == FRAME_SOUND) {
        mark(&f);
        send_sound(&f);
    } else if (f.what == FRAME_KEY) {
        mark(&f);
        send_frame(&f);
    } else if (s->order->want.then != MEDIA_BRIDGE || f.what == FRAME_PAUSE) {
        s->is_marker_due = true;
    }
}
