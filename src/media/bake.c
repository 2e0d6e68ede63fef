/* bake.c — see bake.h. The thread is rung by media threads, opened and ended by media.c.
 * Invariant: a form is complete before its pointer stands in the prompt, and lives as long. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/bake.h"
#include "media/g711.h"

/* In one block: of G.722 the encoder behind each frame, then the frames. */
static size_t states_bytes(const struct prompt *prompt, enum media_codec codec)
{
    return codec == MEDIA_G722 ? prompt->frames_n * sizeof(struct g722) : 0;
}

static void code(struct bake *b, uint8_t *to, const struct prompt *prompt, enum media_codec codec)
{
    uint8_t *frames = to + states_bytes(prompt, codec);
    coder_begin(&b->coder, codec, b->memory);
    coder_take_care(&b->coder);
    for (uint32_t f = 0; f < prompt->frames_n; f++) {
        int16_t samples[CODER_FRAME];
        uint8_t bytes[CODER_BYTES_MAX];
        for (uint32_t i = 0; i < CODER_FRAME; i++)
            samples[i] = g711_decode(MEDIA_PCMA, prompt->codes[MEDIA_PCMA][f * CODER_FRAME + i]);
        size_t n = coder_encode(&b->coder, bytes, samples);
        assert(n == bake_frame_bytes(codec)); /* a constant rate */
        memcpy(frames + f * n, bytes, n);
        if (codec == MEDIA_G722)
            ((struct g722 *)(void *)to)[f] = b->coder.g722_out;
    }
}

static void make(struct bake *b, const struct prompt *prompt, enum media_codec codec)
{
    struct prompt_coded *form = &prompt->forms[codec - MEDIA_G722];
    size_t n = states_bytes(prompt, codec) + (size_t)prompt->frames_n * bake_frame_bytes(codec);
    uint8_t *to = n <= b->bytes_max - b->bytes_n ? malloc(n) : NULL;
    if (!to)
        return; /* is_wanted stays: it is not asked for again */
    b->bytes_n += n;
    code(b, to, prompt, codec);
    atomic_store_explicit(&form->bytes, to, memory_order_release);
}

void bake_run(struct bake *b)
{
    if (!atomic_load_explicit(&b->is_asked, memory_order_relaxed))
        return;
    atomic_store(&b->is_asked, false);
    for (uint32_t id = 0; id < PROMPTS_MAX && !atomic_load(&b->is_ending); id++) {
        const struct prompt *prompt = prompts_find(b->prompts, (uint16_t)id);
        for (unsigned k = 0; prompt && k < PROMPT_FORMS; k++) {
            struct prompt_coded *form = &prompt->forms[k];
            if (atomic_load(&form->is_wanted) && !atomic_load(&form->bytes))
                make(b, prompt, (enum media_codec)(MEDIA_G722 + k));
        }
    }
}

static void *work(void *arg)
{
    struct bake *b = arg;
    while (!atomic_load(&b->is_ending)) {
        os_bell_arm(&b->bell);
        bake_run(b);
        os_bell_wait(&b->bell, atomic_load(&b->is_ending) ? 0 : -1);
    }
    return NULL;
}

int bake_open(struct bake *b, struct prompts *prompts, bool is_manual)
{
    struct os_thread_args run = {"bake", work, b};
    b->prompts = prompts;
    b->bytes_max = BAKE_BYTES_MAX;
    b->memory = malloc(coder_memory_bytes());
    if (!b->memory)
        return ENOMEM;
    int err = os_bell_open(&b->bell);
    return err || is_manual ? err : os_thread_open(&b->thread, &run);
}

void bake_drop(struct bake *b)
{
    atomic_store(&b->is_ending, true);
    if (b->bell.fd >= 0)
        os_bell_ring_always(&b->bell);
    os_thread_drop(&b->thread);
    os_bell_drop(&b->bell);
    free(b->memory);
    b->memory = NULL;
}

struct bake_frame bake_find(struct bake *b, const struct prompt *prompt, enum media_codec codec,
                            uint32_t frame_i)
{
    struct prompt_coded *form = &prompt->forms[codec - MEDIA_G722];
    const uint8_t *bytes = atomic_load_explicit(&form->bytes, memory_order_acquire);
    struct bake_frame frame = {.n = bake_frame_bytes(codec)};
    if (bytes) {
        frame.bytes = bytes + states_bytes(prompt, codec) + (size_t)frame_i * frame.n;
        if (codec == MEDIA_G722)
            frame.after = (const struct g722 *)(const void *)bytes + frame_i;
    } else if (!atomic_load_explicit(&form->is_wanted, memory_order_relaxed)) {
        atomic_store(&form->is_wanted, true);
        atomic_store(&b->is_asked, true);
        os_bell_ring(&b->bell);
    }
    return frame;
}

bool bake_fits(struct coder *c, const struct bake_frame *frame)
{
    if (frame->bytes != c->next)
        c->lead_n = frame->after ? BAKE_LEAD : 0;
    c->next = frame->bytes ? frame->bytes + frame->n : NULL;
    if (!frame->bytes)
        return false;
    if (c->lead_n) {
        c->lead_n--;
        return false;
    }
    if (frame->after)
        c->g722_out = *frame->after;
    else
        c->is_stale = true;
    return true;
}
