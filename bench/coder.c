/* coder.c — what a bridged call costs in the media thread when its sides share a codec, and when
 * they do not: packets read, decoded, coded and sent, both ways, per 20 ms. Then a frame of a
 * prompt for who speaks neither law, coded once for all. The telephones' own work is not counted.
 * In ms of CPU, the median of several runs. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "media/coder.h"
#include "media/g711.h"
#include "media/media.h"
#include "media/rtp.h"

#define RUNS 5
#define CALLS 20 /* at once: half of the coders, or less */
#define FRAMES 100
#define FRAME_MS 20
#define SPEECH_FRAMES 50 /* said again and again */
#define PROMPT_BYTES (2 * SPEECH_FRAMES * CODER_FRAME)

struct side {
    int fd;
    struct media_ref ref;
    struct sockaddr_in at, to;
    enum media_codec codec;
    uint16_t seq;
    uint32_t ticks;
};

/* A second of a voice in each codec. */
struct speech {
    size_t n[MEDIA_CODECS];
    uint8_t bytes[MEDIA_CODECS][SPEECH_FRAMES][CODER_FRAME];
};

static struct speech speech;
static struct side sides[2 * CALLS];

static int16_t voice_at(unsigned i)
{
    static uint32_t chance = 1;
    chance = chance * 1664525u + 1013904223u;
    int32_t saw = (int32_t)(i % 67) * 150 - 5000, breath = (int32_t)(chance >> 22) - 512;
    int32_t loud = (int32_t)(i / 1600 % 4) + 1;
    return (int16_t)((saw + breath) * loud / 4);
}

static void speak_into(enum media_codec codec, struct coder *c)
{
    for (unsigned f = 0; f < SPEECH_FRAMES; f++) {
        int16_t samples[CODER_FRAME];
        uint8_t *to = speech.bytes[codec][f];
        for (unsigned i = 0; i < CODER_FRAME; i++)
            samples[i] = voice_at(f * CODER_FRAME + i);
        speech.n[codec] = CODER_FRAME;
        if (coder_is_for(codec))
            speech.n[codec] = coder_encode(c, to, samples);
        else
            for (unsigned i = 0; i < CODER_FRAME; i++)
                to[i] = g711_encode(codec, samples[i]);
    }
}

static void make_speech(void)
{
    struct coder c;
    void *memory = malloc(coder_memory_bytes());
    if (!memory)
        measure_die("memory");
    for (enum media_codec codec = MEDIA_PCMA; codec < MEDIA_CODECS; codec++) {
        if (coder_is_for(codec))
            coder_begin(&c, codec, memory);
        speak_into(codec, &c);
    }
    free(memory);
}

/* ---- telephones --------------------------------------------------------------------------- */

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void open_side(struct side *s, const struct media_port *port)
{
    struct media_opened opened;
    socklen_t n = sizeof(s->at);
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    s->at = loopback(0);
    if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&s->at, n) ||
        getsockname(s->fd, (struct sockaddr *)&s->at, &n) ||
        port->open(port->arg, &(const struct media_opening){.port = 0}, &opened) != MEDIA_OPENED)
        measure_die("a telephone");
    s->ref = opened.ref;
    s->to = loopback(opened.rtp_port);
}

static struct media_want want_of(const struct side *s)
{
    struct media_want want = {.rtp = {.ip = {127, 0, 0, 1}, .ip_n = 4},
                              .codec = s->codec,
                              .payload_type = 96,
                              .direction = MEDIA_SENDRECV};
    want.rtp.port = ntohs(s->at.sin_port);
    return want;
}

static void set(const struct side *s, const struct media_want *want, const struct media_port *port)
{
    if (port->set(port->arg, s->ref, want))
        measure_die("a stream");
}

static void say(struct side *s, unsigned frame)
{
    uint8_t bytes[RTP_HEADER_BYTES + CODER_FRAME];
    size_t n = speech.n[s->codec];
    const struct rtp_header head = {
        .type = 96, .seq = s->seq++, .ticks = s->ticks, .ssrc = (uint32_t)s->fd};
    rtp_write(bytes, &head);
    memcpy(bytes + RTP_HEADER_BYTES, speech.bytes[s->codec][frame % SPEECH_FRAMES], n);
    s->ticks += CODER_FRAME * coder_scale(s->codec);
    if (sendto(s->fd, bytes, RTP_HEADER_BYTES + n, 0, (struct sockaddr *)&s->to, sizeof(s->to)) < 0)
        measure_die("a packet");
}

static void hear(struct side *s, uint64_t *heard_n)
{
    uint8_t bytes[RTP_HEADER_BYTES + CODER_FRAME];
    while (recv(s->fd, bytes, sizeof(bytes), 0) > 0)
        (*heard_n)++;
}

/* ---- runs --------------------------------------------------------------------------------- */

/* CPU of a frame of a call, in ms; talk: both sides speak. */
static double run(struct media *m, ms_t *at, bool talk)
{
    int64_t spent_ns = 0;
    uint64_t heard_n = 0;
    for (unsigned f = 0; f < FRAMES; f++) {
        for (unsigned i = 0; talk && i < 2 * CALLS; i++)
            say(&sides[i], f);
        int64_t began_ns = measure_cpu_ns();
        for (unsigned ms = 0; ms < FRAME_MS; ms++)
            media_turn(m, 0, ++*at);
        spent_ns += measure_cpu_ns() - began_ns;
        for (unsigned i = 0; i < 2 * CALLS; i++)
            hear(&sides[i], &heard_n);
    }
    if (heard_n < (uint64_t)2 * CALLS * (FRAMES - 5))
        measure_die("packets are missing");
    return (double)spent_ns / 1e6 / FRAMES / CALLS;
}

static void tell(const char *name, struct media *m, ms_t *at, bool talk)
{
    double runs[RUNS];
    run(m, at, talk); /* settles */
    for (unsigned r = 0; r < RUNS; r++)
        runs[r] = run(m, at, talk);
    printf("%s %.4f ms\n", name, measure_median(runs, RUNS));
}

static void bridge(const char *name, struct media *m, ms_t *at, const enum media_codec codecs[2])
{
    struct media_port port = media_port(m);
    for (unsigned i = 0; i < 2 * CALLS; i++) {
        sides[i].codec = codecs[i % 2];
        struct media_want want = want_of(&sides[i]);
        want.then = MEDIA_BRIDGE;
        want.peer = sides[i ^ 1].ref;
        set(&sides[i], &want, &port);
    }
    tell(name, m, at, true);
}

static void play(const char *name, struct media *m, ms_t *at, enum media_codec codec)
{
    static uint8_t bytes[PROMPT_BYTES];
    struct media_port port = media_port(m);
    const struct prompt_sound sound = {bytes, PROMPT_BYTES / 2};
    uint16_t id;
    for (unsigned i = 0; i < PROMPT_BYTES / 2; i++) {
        int16_t v = voice_at(i);
        bytes[2 * i] = (uint8_t)v;
        bytes[2 * i + 1] = (uint8_t)(v >> 8);
    }
    if (media_prompts_put(media_prompts(m), &id, &sound) != PROMPT_LOADED)
        measure_die("a prompt");
    for (unsigned i = 0; i < 2 * CALLS; i++) {
        sides[i].codec = codec;
        struct media_want want = want_of(&sides[i]);
        want.then = MEDIA_LOOP;
        want.loop_id = id;
        set(&sides[i], &want, &port);
    }
    tell(name, m, at, false);
}

int main(void)
{
    static const enum media_codec law[] = {MEDIA_PCMA, MEDIA_PCMA},
                                  g722[] = {MEDIA_PCMA, MEDIA_G722};
    static const enum media_codec opus[] = {MEDIA_PCMA, MEDIA_OPUS},
                                  same[] = {MEDIA_OPUS, MEDIA_OPUS};
    const struct media_args args = {.streams_max = 2 * CALLS + 20, .is_manual = true};
    struct media *m;
    ms_t at = 1000000;
    make_speech();
    if (media_open(&m, &args))
        measure_die("the engine");
    const struct media_port port = media_port(m);
    for (unsigned i = 0; i < 2 * CALLS; i++)
        open_side(&sides[i], &port);
    bridge("call_g711_frame", m, &at, law);
    bridge("call_opus_untouched_frame", m, &at, same);
    bridge("call_g711_g722_frame", m, &at, g722);
    bridge("call_g711_opus_frame", m, &at, opus);
    play("music_g711_frame_of_two", m, &at, MEDIA_PCMA);
    play("music_g722_frame_of_two", m, &at, MEDIA_G722);
    play("music_opus_frame_of_two", m, &at, MEDIA_OPUS);
    for (unsigned i = 0; i < 2 * CALLS; i++)
        close(sides[i].fd);
    media_drop(m);
    return 0;
}
