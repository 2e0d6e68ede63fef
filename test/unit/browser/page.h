/* page.h — an engine that only remembers, and a page that is the other end of DTLS: for the tests
 * of browser/. */
#ifndef TEST_UNIT_BROWSER_PAGE_H
#define TEST_UNIT_BROWSER_PAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "browser/browser.h"
#include "dtls/dtls.h"

#define STREAMS_MAX 64
#define WAITING_MAX (BROWSER_TURN_MAX + 16)
#define TURNS_MAX 100

/* ---- the engine ---------------------------------------------------------------------------- */

struct fake {
    struct media_port port;
    struct media_want wants[STREAMS_MAX];
    bool is_open[STREAMS_MAX];
    unsigned opened_n, open_n, streams_max;
    int set_err;
    struct media_datagram up[WAITING_MAX], down[WAITING_MAX];
    unsigned up_i, up_n, down_n;
};

static struct fake f;
static struct dtls_house *theirs;
static ms_t now_at;

static inline enum media_verdict fake_open(void *arg, const struct media_opening *how,
                                           struct media_opened *out)
{
    (void)arg;
    assert_true(how->is_browser);
    if (f.open_n == f.streams_max)
        return MEDIA_STREAMS_FULL;
    uint32_t slot = 0;
    while (f.is_open[slot])
        slot++;
    f.is_open[slot] = true;
    f.open_n++;
    *out = (struct media_opened){.ref = {slot, ++f.opened_n}, .rtp_port = 4000};
    return MEDIA_OPENED;
}

static inline int fake_set(void *arg, struct media_ref ref, const struct media_want *want)
{
    (void)arg;
    if (f.set_err)
        return f.set_err;
    f.wants[ref.slot] = *want;
    return 0;
}

static inline void fake_drop(void *arg, struct media_ref ref)
{
    (void)arg;
    f.is_open[ref.slot] = false;
    f.open_n--;
}

static inline bool fake_next(void *arg, struct media_datagram *out)
{
    (void)arg;
    if (f.up_i == f.up_n)
        return false;
    *out = f.up[f.up_i++];
    return true;
}

static inline void fake_send(void *arg, const struct media_datagram *d)
{
    (void)arg;
    assert_true(f.down_n < WAITING_MAX);
    f.down[f.down_n++] = *d;
}

static inline int open_theirs(void **state)
{
    (void)state;
    return dtls_house_open(&theirs, &(struct dtls_house_args){0});
}

static inline int drop_theirs(void **state)
{
    (void)state;
    dtls_house_drop(theirs);
    return 0;
}

/* ---- a page -------------------------------------------------------------------------------- */

struct page {
    struct dtls_link *link;
    struct browser_answer answer;
    unsigned connection; /* its number in o= */
};

static char body[4096];

static inline struct text offer_of(unsigned connection, const char *setup)
{
    char print[3 * RTC_FINGERPRINT_BYTES + 1];
    for (unsigned i = 0; i < RTC_FINGERPRINT_BYTES; i++)
        (void)snprintf(print + 3 * i, 4, "%02X:", dtls_house_fingerprint(theirs)[i]);
    print[3 * RTC_FINGERPRINT_BYTES - 1] = '\0';
    int n = snprintf(body, sizeof(body),
                     "v=0\r\no=- %u 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
                     "m=audio 9 UDP/TLS/RTP/SAVPF 111 8 126\r\na=ice-ufrag:iNOc\r\n"
                     "a=ice-pwd:vZtWswKpbf+5+PLKf3Dy2BFD\r\na=fingerprint:sha-256 %s\r\n"
                     "a=setup:%s\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n"
                     "a=rtpmap:111 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\n"
                     "a=rtpmap:126 telephone-event/8000\r\n",
                     connection, print, setup);
    return (struct text){body, (size_t)n};
}

static inline const struct media_want *want_of(const struct page *p)
{
    return &f.wants[p->answer.ref.slot];
}

static inline struct media_address pair(void)
{
    return (struct media_address){.ip = {192, 0, 2, 77}, .ip_n = 4, .port = 5000};
}

static struct page *sending;

static inline void send_up(const uint8_t *bytes, size_t n, void *arg)
{
    (void)arg;
    if (f.up_i == f.up_n)
        f.up_i = f.up_n = 0;
    assert_true(f.up_n < WAITING_MAX);
    struct media_datagram *d = &f.up[f.up_n++];
    *d = (struct media_datagram){.ref = sending->answer.ref, .from = pair(), .n = (uint16_t)n};
    memcpy(d->ufrag, want_of(sending)->browser.ufrag, sizeof(d->ufrag));
    memcpy(d->bytes, bytes, n);
}

static inline bool says(const struct page *p, const char *line)
{
    char sdp[RTC_ANSWER_MAX + 1];
    memcpy(sdp, p->answer.sdp, p->answer.sdp_n);
    sdp[p->answer.sdp_n] = '\0';
    return strstr(sdp, line) != NULL;
}

static inline void begin_link(struct page *p, const struct dtls_house *of)
{
    struct dtls_link_args args = {
        .house = of, .is_active = says(p, "a=setup:passive"), .send = send_up};
    unsigned bytes[RTC_FINGERPRINT_BYTES];
    const char *print = memmem(p->answer.sdp, p->answer.sdp_n, "sha-256 ", 8);
    assert_non_null(print);
    for (unsigned i = 0; i < RTC_FINGERPRINT_BYTES; i++) {
        char byte[3] = {print[8 + 3 * i], print[9 + 3 * i], 0};
        bytes[i] = (unsigned)strtoul(byte, NULL, 16);
        args.fingerprint[i] = (uint8_t)bytes[i];
    }
    p->link = dtls_link_new(&args);
    assert_non_null(p->link);
}

static inline void assert_keyed(const struct page *p)
{
    struct dtls_keys keys;
    assert_int_equal(dtls_link_state(p->link), DTLS_UP);
    dtls_link_keys(p->link, &keys);
    assert_int_equal(want_of(p)->secret.suite, MEDIA_GCM_128);
    assert_memory_equal(want_of(p)->secret.ours, keys.theirs, 28);
    assert_memory_equal(want_of(p)->secret.theirs, keys.ours, 28);
}

#endif
