/* browser.h — browsers on the engine's port for them, as telephone.h has telephones: each proves
 * its pair by checks as a browser makes them. */
#ifndef TEST_SUPPORT_BROWSER_H
#define TEST_SUPPORT_BROWSER_H

#include "media/webport.h"
#include "rtc/stun.h"
#include "test/support/telephone.h"

#define STREAMS_MAX 80
#define STUN_BYTES 160

static struct studio s;
static struct seal_box box;
static struct telephone p[2]; /* browsers */

static inline void open_studio(void)
{
    const struct media_args args = {.streams_max = STREAMS_MAX,
                                    .has_browsers = true,
                                    .bind = {{.ip = {127, 0, 0, 1}, .ip_n = 4}}};
    studio_open_with(&s, args);
    assert_int_equal(seal_box_open(&box), 0);
}

static inline void close_studio(unsigned telephones_n)
{
    for (unsigned i = 0; i < telephones_n; i++)
        telephone_close(&p[i]);
    studio_close(&s);
    seal_box_drop(&box);
}

static inline void open_browser(struct telephone *t)
{
    struct media_opened opened;
    const struct media_opening how = {.is_browser = true};
    memset(t, 0, sizeof(*t));
    t->rtp_fd = studio_socket(&t->port);
    t->rtcp_fd = -1;
    assert_int_equal(s.port.open(s.port.arg, &how, &opened), MEDIA_OPENED);
    assert_int_equal(opened.rtp_port, media_browser_port(s.media));
    t->ref = opened.ref;
    t->to = studio_loopback(opened.rtp_port);
    t->ssrc = 0x22220000u + t->port;
    t->seq = 100;
    t->takes = calloc(TELEPHONE_TAKES, sizeof(*t->takes));
    assert_non_null(t->takes);
    t->want = (struct media_want){.codec = MEDIA_PCMA,
                                  .payload_type = 8,
                                  .key_type = KEY_TYPE,
                                  .is_rtcp_mux = true,
                                  .then = MEDIA_SILENCE,
                                  .direction = MEDIA_SENDRECV};
    memcpy(t->want.browser.ufrag, "browser0", MEDIA_UFRAG_BYTES);
    t->want.browser.ufrag[7] = (char)('0' + opened.ref.slot % 64);
    memset(t->want.browser.password, 'p', MEDIA_PASSWORD_BYTES);
}

/* ---- checks -------------------------------------------------------------------------------- */

enum { IS_USED = 1, IS_WRONG = 2, IS_CONTROLLED = 4, IS_UNKNOWN = 8, IS_BARE = 16 };

struct builder {
    uint8_t bytes[STUN_BYTES];
    size_t n;
};

static inline void add(struct builder *b, uint16_t type, const void *value, uint16_t n)
{
    const uint8_t head[] = {(uint8_t)(type >> 8), (uint8_t)type, 0, (uint8_t)n};
    memcpy(b->bytes + b->n, head, 4);
    memset(b->bytes + b->n + 4, 0, (n + 3u) / 4 * 4);
    memcpy(b->bytes + b->n + 4, value, n);
    b->n += 4 + (n + 3u) / 4 * 4;
}

static inline void set_length(struct builder *b, size_t n)
{
    b->bytes[2] = (uint8_t)((n - STUN_HEADER_BYTES) >> 8);
    b->bytes[3] = (uint8_t)(n - STUN_HEADER_BYTES);
}

static inline uint32_t print_of(const uint8_t *b, size_t n)
{
    uint32_t c = UINT32_MAX;
    for (size_t i = 0; i < 8 * n; i++) {
        uint32_t bit = (c ^ (uint32_t)b[i / 8] >> i % 8) & 1;
        c = c >> 1 ^ (bit ? 0xedb88320u : 0);
    }
    return ~c ^ 0x5354554eu;
}

/* A check as a browser would make it, from this descriptor. */
static inline void send_check(const struct telephone *t, int fd, unsigned how)
{
    struct builder b = {.n = STUN_HEADER_BYTES};
    char name[MEDIA_UFRAG_BYTES + 5];
    uint8_t mac[STUN_MAC_BYTES], print[4];
    struct seal_keys key;
    static const uint8_t head[] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3};
    memcpy(b.bytes, head, sizeof(head));
    memcpy(name, t->want.browser.ufrag, MEDIA_UFRAG_BYTES);
    memcpy(name + MEDIA_UFRAG_BYTES, ":iNOc", 5);
    if (!(how & IS_BARE))
        add(&b, 0x0006, name, sizeof(name));
    add(&b, how & IS_CONTROLLED ? 0x8029 : 0x802a, "tiebreak", 8);
    add(&b, 0x0024, "\x6e\0\1\xff", 4);
    if (how & IS_USED)
        add(&b, 0x0025, "", 0);
    if (how & IS_UNKNOWN)
        add(&b, 0x0030, "what", 4);
    seal_word(&key, (const uint8_t *)t->want.browser.password, MEDIA_PASSWORD_BYTES);
    set_length(&b, b.n + 24);
    seal_mac(&key, &(struct seal_bytes){b.bytes, b.n, NULL, 0}, mac);
    mac[0] ^= how & IS_WRONG ? 1 : 0;
    add(&b, 0x0008, mac, sizeof(mac));
    set_length(&b, b.n + 8);
    net_put_u32(print, print_of(b.bytes, b.n));
    add(&b, 0x8028, print, sizeof(print));
    assert_true(sendto(fd, b.bytes, b.n, 0, (const struct sockaddr *)&t->to, sizeof(t->to)) > 0);
}

/* The code of the error that came back; 0: a success; -1: nothing. */
static inline int answer_at(int fd)
{
    uint8_t bytes[STUN_ANSWER_MAX];
    ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
    if (n < STUN_HEADER_BYTES)
        return -1;
    struct stun_message m;
    assert_int_equal(stun_read(&m, bytes, (size_t)n), STUN_GOOD);
    return m.class == STUN_SUCCESS ? 0 : bytes[26] * 100 + bytes[27];
}

static inline int check_from(const struct telephone *t, int fd, unsigned how)
{
    send_check(t, fd, how);
    studio_run(&s, 2);
    return answer_at(fd);
}

/* A browser that has proved its pair, chosen it, and has keys. */
static inline void open_ready(struct telephone *t)
{
    open_browser(t);
    telephone_set(t, &s);
    studio_run(&s, 2);
    assert_int_equal(check_from(t, t->rtp_fd, IS_USED), 0);
    telephone_secure(t, &box, MEDIA_GCM_128);
    telephone_set(t, &s);
    studio_run(&s, 2);
}

#endif
