/* studio.h — a media engine under a clock of our own, on loopback.
 * Sockets are real, time is not: studio_run() turns the engine millisecond by millisecond. */
#ifndef TEST_SUPPORT_STUDIO_H
#define TEST_SUPPORT_STUDIO_H

#include <arpa/inet.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/g711.h"
#include "media/media.h"
#include "media/rtp.h"
#include "media/tone.h"

#define STUDIO_REPORTS 256
#define STUDIO_FRAME 160
#define STUDIO_PORTS_N 560 /* of a program; room for one stream more than a mix has lines */
#define STUDIO_BLOCKS_N 8

struct studio {
    struct media *media;
    struct media_port port;
    ms_t at;
    struct media_report reports[STUDIO_REPORTS];
    unsigned reports_n;
};

/* ---- the engine ---- */

static inline struct sockaddr_in studio_loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A socket at this port; 0: at one that the system chooses, and tells. */
static inline int studio_socket(uint16_t *port)
{
    struct sockaddr_in here = studio_loopback(*port);
    socklen_t n = sizeof(here);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0 && !bind(fd, (struct sockaddr *)&here, n));
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &n), 0);
    *port = ntohs(here.sin_port);
    return fd;
}

/* The first of STUDIO_PORTS_N ports that are this program's until it ends: above those that the
 * kernel gives away (60999 the last), below nobody's. Programs beside this one have other blocks:
 * the block's TCP port is the lock, and is freed with the process. */
static inline uint16_t studio_free_port(void)
{
    static uint16_t ours;
    for (unsigned i = 0; !ours; i++) {
        struct sockaddr_in at =
            studio_loopback((uint16_t)(61000 + i % STUDIO_BLOCKS_N * STUDIO_PORTS_N));
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_true(fd >= 0);
        if (!bind(fd, (struct sockaddr *)&at, sizeof(at))) {
            ours = ntohs(at.sin_port);
            break; /* held open on purpose */
        }
        close(fd);
        if (i % STUDIO_BLOCKS_N == STUDIO_BLOCKS_N - 1)
            sched_yield(); /* more programs than blocks: one of them ends soon */
    }
    return ours;
}

static inline void studio_open_with(struct studio *s, struct media_args args)
{
    memset(s, 0, sizeof(*s));
    args.is_manual = true;
    args.port_first = args.port_first ? args.port_first : studio_free_port();
    args.port_last =
        args.port_last ? args.port_last : (uint16_t)(args.port_first + STUDIO_PORTS_N - 1);
    s->at = 1000000;
    assert_int_equal(media_open(&s->media, &args), 0);
    s->port = media_port(s->media);
}

static inline void studio_open(struct studio *s)
{
    studio_open_with(s, (struct media_args){.streams_max = 40});
}

static inline void studio_close(struct studio *s)
{
    media_drop(s->media);
}

static inline void studio_collect(struct studio *s)
{
    while (s->reports_n < STUDIO_REPORTS && s->port.next(s->port.arg, &s->reports[s->reports_n]))
        s->reports_n++;
}

static inline void studio_run(struct studio *s, ms_t ms)
{
    for (ms_t i = 0; i < ms; i++) {
        media_turn(s->media, 0, ++s->at);
        studio_collect(s);
    }
}

/* The i-th report of this kind about this stream so far; NULL: there are fewer. */
static inline const struct media_report *studio_find(const struct studio *s, struct media_ref ref,
                                                     enum media_kind kind, unsigned i)
{
    for (unsigned k = 0; k < s->reports_n; k++) {
        const struct media_report *r = &s->reports[k];
        bool is_it = r->ref.slot == ref.slot && r->ref.gen == ref.gen && r->kind == kind;
        if (is_it && i-- == 0)
            return r;
    }
    return NULL;
}

static inline unsigned studio_count(const struct studio *s, struct media_ref ref,
                                    enum media_kind kind)
{
    unsigned n = 0;
    while (studio_find(s, ref, kind, n))
        n++;
    return n;
}

/* A prompt of so many frames, each of whose samples has the same value: first, first + 1, … */
static inline uint16_t studio_prompt(struct studio *s, unsigned frames_n, int first)
{
    uint16_t id;
    size_t n = (size_t)frames_n * STUDIO_FRAME;
    uint8_t *bytes = malloc(2 * n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++) {
        int16_t v = (int16_t)((first + (int)(i / STUDIO_FRAME)) * 256);
        bytes[2 * i] = (uint8_t)v;
        bytes[2 * i + 1] = (uint8_t)(v >> 8);
    }
    struct prompt_sound sound = {bytes, n};
    assert_int_equal(media_prompts_put(media_prompts(s->media), &id, &sound), PROMPT_LOADED);
    free(bytes);
    return id;
}

/* What a frame of studio_prompt() sounds like on the line. */
static inline uint8_t studio_code(enum media_codec codec, int value)
{
    return g711_encode(codec, (int16_t)(value * 256));
}

#endif
