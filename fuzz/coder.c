/* coder.c — fuzz target of packets of G.722 and Opus, and of those that are missing between them.
 * The first byte chooses the codec; then a row of packets: how many are missing before it, how long
 * it is, its bytes. What libopus says of a packet before decoding holds afterwards. */
#include <stdlib.h>

#include "media/coder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define HEAD_BYTES 2

static void decode(struct coder *c, const struct coder_packet *packet, unsigned missing_n)
{
    int16_t samples[CODER_SAMPLES_MAX];
    for (unsigned i = 0; i < missing_n && c->last_n; i++)
        coder_make_up(c, samples, c->last_n, i + 1 == missing_n ? packet : NULL);
    uint32_t got = coder_decode(c, samples, packet->bytes, packet->n);
    assert(got <= CODER_SAMPLES_MAX);
    assert(!got || got == coder_samples_n(c->codec, packet->bytes, packet->n));
    c->last_n = got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct coder c;
    void *memory = malloc(coder_memory_bytes());
    if (!n || !memory) {
        free(memory);
        return 0;
    }
    coder_begin(&c, data[0] & 1 ? MEDIA_OPUS : MEDIA_G722, memory);
    data++;
    n--;
    while (n >= HEAD_BYTES) {
        unsigned missing_n = data[0] % (CODER_MADE_MAX + 1);
        size_t room_n = n - HEAD_BYTES, length = data[1] < room_n ? data[1] : room_n;
        const struct coder_packet packet = {data + HEAD_BYTES, length};
        if (length)
            decode(&c, &packet, missing_n);
        data += HEAD_BYTES + length;
        n -= HEAD_BYTES + length;
    }
    free(memory);
    return 0;
}
