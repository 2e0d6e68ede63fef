/* rtp.c — fuzz target of all that a stranger can send to a port of ours: RTP, RTCP, telephone
 * events, and (what an administrator can put into a folder) WAV files. The first byte chooses the
 * parser, the rest is what it reads; keys are a row of packets, so that their state is reached too.
 * What is understood must hold together. */
#include <string.h>

#include "media/dtmf.h"
#include "media/prompt.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define EVENT_BYTES 10 /* ticks, time passed, payload size, payload */

static void fuzz_rtp(const uint8_t *data, size_t n)
{
    struct rtp_header h, again;
    uint8_t bytes[RTP_HEADER_BYTES];
    if (rtp_read(&h, data, n) != RTP_GOOD)
        return;
    assert(h.payload_i >= RTP_HEADER_BYTES && (size_t)h.payload_i + h.payload_n <= n);
    rtp_write(bytes, &h);
    enum rtp_verdict v = rtp_read(&again, bytes, sizeof(bytes));
    assert(v == RTP_GOOD && again.seq == h.seq && again.ticks == h.ticks && again.type == h.type);
    assert(again.ssrc == h.ssrc && again.has_marker == h.has_marker);
}

static void fuzz_rtcp(const uint8_t *data, size_t n)
{
    struct rtcp_news news;
    struct rtcp_bytes in = {data, n, 0x41414141};
    if (rtcp_read(&news, &in) == RTCP_GOOD)
        assert(rtp_is_rtcp(data, n) && news.block.lost_n <= 0x7fffff);
}

/* Begun and ended take turns, whatever comes. */
static void check_turns(const struct dtmf_news *news, char *down)
{
    if (news->ended_before) {
        assert(*down == news->ended_before);
        *down = 0;
    }
    if (news->begun) {
        assert(*down == 0 && dtmf_is_key(news->begun));
        *down = news->begun;
    }
    if (news->ended) {
        assert(*down == news->ended);
        *down = 0;
    }
}

static void fuzz_keys(const uint8_t *data, size_t n)
{
    struct dtmf_in in = {0};
    struct dtmf_news news;
    char down = 0;
    ms_t at = 1000;
    for (; n >= EVENT_BYTES; data += EVENT_BYTES, n -= EVENT_BYTES) {
        struct dtmf_packet p = {net_u32(data), data + 6, data[5] % 5, at += data[4], data[5] & 64};
        dtmf_in_wait(&in, at, &news);
        check_turns(&news, &down);
        dtmf_in_take(&in, &p, &news);
        check_turns(&news, &down);
    }
    dtmf_in_restart(&in, &news);
    check_turns(&news, &down);
    assert(down == 0);
}

/* Whoever sends, once locked the peer stays. */
static void fuzz_source(const uint8_t *data, size_t n)
{
    struct source s;
    struct media_address negotiated = {.ip = {1}, .ip_n = 4, .port = 1};
    source_begin(&s, &negotiated, n & 1);
    for (; n >= 4; data += 4, n -= 4) {
        struct media_address from = {.ip = {data[0] & 3}, .ip_n = 4, .port = data[1] & 3};
        struct rtp_header h = {.ssrc = data[2] & 1, .seq = data[3]};
        struct source before = s;
        enum source_verdict v = source_judge(&s, &from, &h);
        assert(!before.is_locked || media_address_same(&before.peer, &s.peer));
        assert((v == SOURCE_TRUSTED || v == SOURCE_LATCHED) == media_address_same(&from, &s.peer));
    }
}

static void fuzz_wav(const uint8_t *data, size_t n)
{
    struct prompt_sound sound;
    if (prompt_read_wav(&sound, data, n) == PROMPT_LOADED)
        assert(sound.bytes >= data && sound.bytes + 2 * sound.samples_n <= data + n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static void (*const parsers[])(const uint8_t *, size_t) = {fuzz_rtp, fuzz_rtcp, fuzz_keys,
                                                               fuzz_source, fuzz_wav};
    if (n > 0)
        parsers[data[0] % ARRAY_LEN(parsers)](data + 1, n - 1);
    return 0;
}
