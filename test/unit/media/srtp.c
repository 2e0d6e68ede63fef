/* srtp.c — tests of media/srtp.h: the vectors of RFC 3711 and RFC 7714, and those of the oldest
 * library of this trade for whole packets; what is damaged, repeated or too old changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/hmac.h>

#include "media/rtp.h"
#include "media/srtp.h"

#define BAD_N 10000
#define BYTES_MAX 256

static struct seal_box box;

static int open_box(void **state)
{
    (void)state;
    return seal_box_open(&box);
}

static int drop_box(void **state)
{
    (void)state;
    seal_box_drop(&box);
    return 0;
}

/* Hexadecimal, blanks between; returns the bytes. */
static size_t read_hex(uint8_t *to, const char *text)
{
    size_t n = 0;
    unsigned byte = 0, digits = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        byte = byte << 4 | (unsigned)(*text <= '9' ? *text - '0' : (*text | 32) - 'a' + 10);
        if (++digits % 2 == 0) {
            to[n++] = (uint8_t)byte;
            byte = 0;
        }
    }
    return n;
}

static void assert_hex(const uint8_t *is, size_t n, const char *wanted)
{
    uint8_t bytes[BYTES_MAX];
    assert_int_equal(n, read_hex(bytes, wanted));
    assert_memory_equal(is, bytes, n);
}

#define MASTER "E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6"

/* RFC 3711 B.3 */
static void keys_are_derived_as_the_rfc_says(void **state)
{
    (void)state;
    uint8_t master[MEDIA_SECRET_BYTES];
    struct seal_keys pair[2];
    read_hex(master, MASTER);
    assert_true(seal_derive(&box, MEDIA_CM_80, master, pair));
    assert_hex(pair[0].key, 16, "C61E7A93744F39EE10734AFE3FF7A087");
    assert_hex(pair[0].salt, 14, "30CBBC08863D8C85D49DB34A9AE1");
    /* The key of authentication by what HMAC makes of it: nothing else shows it. */
    uint8_t key[20], mac[20], wanted[20];
    unsigned n = 0;
    read_hex(key, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
    const struct seal_bytes of = {(const uint8_t *)"abc", 3, (const uint8_t *)"defg", 4};
    seal_mac(&pair[0], &of, mac);
    assert_non_null(HMAC(EVP_sha1(), key, 20, (const uint8_t *)"abcdefg", 7, wanted, &n));
    assert_memory_equal(mac, wanted, sizeof(mac));
}

/* A packet under AES_CM_128_HMAC_SHA1_80 and the master key of RFC 3711 B.3. */
static void whole_packets_of_counter_mode_are_as_others_make_them(void **state)
{
    (void)state;
    static const char rtp[] = "800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402"
                              "b78d6acc 99ea179b 8dbb",
                      rtcp[] = "81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001"
                               "993e08cd 54d6c123 0798";
    uint8_t master[MEDIA_SECRET_BYTES], bytes[BYTES_MAX];
    struct srtp out, in;
    read_hex(master, MASTER);
    assert_true(srtp_begin(&out, &box, MEDIA_CM_80, master));
    assert_true(srtp_begin(&in, &box, MEDIA_CM_80, master));
    size_t n = read_hex(bytes, "800f1234 decafbad cafebabe abababab abababab abababab abababab");
    n = srtp_protect(&out, &box, bytes, n);
    assert_hex(bytes, n, rtp);
    n = srtp_unprotect(&in, &box, bytes, n);
    assert_hex(bytes, n, "800f1234 decafbad cafebabe abababab abababab abababab abababab");
    n = read_hex(bytes, "81c8000b cafebabe abababab abababab abababab abababab");
    n = srtcp_protect(&out, &box, bytes, n);
    assert_hex(bytes, n, rtcp);
    n = srtcp_unprotect(&in, &box, bytes, n);
    assert_hex(bytes, n, "81c8000b cafebabe abababab abababab abababab abababab");
}

#define GCM_RTP                                                                                    \
    "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070"    \
    "61727465 73207472 6573"
#define GCM_RTCP                                                                                   \
    "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef"    \
    "deadbeef deadbeef deadbeef"

/* RFC 7714 §16.1, §16.2, §17.1, §17.2: keys of the session are given. */
static void whole_packets_of_gcm_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        enum media_suite suite;
        const char *rtp, *rtcp;
    } cases[] = {
        {MEDIA_GCM_128,
         "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f"
         "42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce",
         "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1"
         "730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4"},
        {MEDIA_GCM_256,
         "8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3"
         "b50b2a02 76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13",
         "81c8000d 4d617273 d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1"
         "110555be 8415f658 c61de047 6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be 800005d4"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t bytes[BYTES_MAX];
        struct srtp out = {.suite = cases[i].suite}, in;
        for (unsigned k = 0; k < 32; k++)
            out.rtp.key[k] = out.rtcp.key[k] = (uint8_t)k;
        read_hex(out.rtp.salt, "517569642070726f2071756f");
        read_hex(out.rtcp.salt, "517569642070726f2071756f");
        in = out;
        size_t n = srtp_protect(&out, &box, bytes, read_hex(bytes, GCM_RTP));
        assert_hex(bytes, n, cases[i].rtp);
        assert_hex(bytes, srtp_unprotect(&in, &box, bytes, n), GCM_RTP);
        out.senders[1] = (struct srtp_sender){
            .is_known = true, .ssrc = 0x4d617273, .rtcp = {.has_begun = true, .max = 0x5d3}};
        n = srtcp_protect(&out, &box, bytes, read_hex(bytes, GCM_RTCP));
        assert_hex(bytes, n, cases[i].rtcp);
        assert_hex(bytes, srtcp_unprotect(&in, &box, bytes, n), GCM_RTCP);
    }
}

/* ---- both ends of ours --------------------------------------------------------------------- */

struct ends {
    struct srtp out, in;
};

static struct ends *ends_open(enum media_suite suite)
{
    struct ends *e = calloc(1, sizeof(*e));
    uint8_t master[MEDIA_SECRET_BYTES];
    assert_non_null(e);
    for (unsigned i = 0; i < sizeof(master); i++)
        master[i] = (uint8_t)(i * 37 + suite);
    assert_true(srtp_begin(&e->out, &box, suite, master));
    assert_true(srtp_begin(&e->in, &box, suite, master));
    return e;
}

static size_t write_packet(uint8_t *to, uint16_t seq, uint32_t ssrc)
{
    const struct rtp_header head = {.type = 8, .seq = seq, .ticks = seq * 160u, .ssrc = ssrc};
    rtp_write(to, &head);
    memset(to + RTP_HEADER_BYTES, (uint8_t)seq, 160);
    return RTP_HEADER_BYTES + 160;
}

static size_t sent(struct ends *e, uint8_t *to, uint16_t seq)
{
    return srtp_protect(&e->out, &box, to, write_packet(to, seq, 7));
}

static size_t heard(struct ends *e, const uint8_t *bytes, size_t n)
{
    uint8_t copy[BYTES_MAX];
    memcpy(copy, bytes, n);
    return srtp_unprotect(&e->in, &box, copy, n);
}

static void a_call_longer_than_its_numbers_goes_on(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_CM_80);
    uint8_t bytes[BYTES_MAX];
    for (uint32_t i = 0; i < 3 * 65536; i += i % 65536 < 100 || i % 65536 > 65400 ? 1 : 300) {
        size_t n = sent(e, bytes, (uint16_t)i);
        assert_int_equal(heard(e, bytes, n), RTP_HEADER_BYTES + 160);
    }
    assert_int_equal(e->in.senders[0].rtp.max >> 16, 2);
    free(e);
}

/* ---- the middle of it: an earlier process heard the beginning -----------------------------------
 */

#define ROLLS_N 5

static void begin_heir(struct ends *e, uint32_t ssrc, uint32_t rolls_n)
{
    uint8_t master[MEDIA_SECRET_BYTES];
    enum media_suite suite = e->out.suite;
    for (unsigned i = 0; i < sizeof(master); i++)
        master[i] = (uint8_t)(i * 37 + suite);
    assert_true(srtp_begin(&e->in, &box, suite, master));
    srtp_go_on(&e->in, &(struct media_rolls){ssrc, rolls_n});
}

/* A packet of them after so many rolls. */
static size_t sent_late(struct ends *e, uint8_t *to, uint32_t rolls_n, uint16_t seq)
{
    e->out.senders[0] = (struct srtp_sender){
        .is_known = true,
        .ssrc = 7,
        .rtp = {.has_begun = true, .max = (uint64_t)rolls_n << 16 | (seq ? seq - 1u : 0)}};
    return sent(e, to, seq);
}

static void who_goes_on_hears_them_where_they_are(void **state)
{
    (void)state;
    for (enum media_suite suite = MEDIA_CM_80; suite < MEDIA_SUITES; suite++) {
        for (uint32_t rolls_n = 0; rolls_n <= ROLLS_N; rolls_n += ROLLS_N) {
            for (uint32_t since_n = 0; since_n < 2; since_n++) {
                struct ends *e = ends_open(suite);
                uint8_t bytes[BYTES_MAX], copy[BYTES_MAX], plain[BYTES_MAX];
                begin_heir(e, 7, rolls_n);
                size_t n = sent_late(e, bytes, rolls_n + since_n, 300);
                memcpy(copy, bytes, n);
                assert_int_equal(srtp_unprotect(&e->in, &box, copy, n),
                                 write_packet(plain, 300, 7));
                assert_memory_equal(copy, plain, RTP_HEADER_BYTES + 160);
                assert_int_equal(heard(e, bytes, n), 0); /* once */
                assert_int_equal(e->in.senders[0].rtp.max >> 16, rolls_n + since_n);
                n = sent_late(e, bytes, rolls_n + since_n, 301);
                assert_int_not_equal(heard(e, bytes, n), 0);
                free(e);
            }
        }
    }
}

/* Two guesses: neither what was recorded before, nor what cannot be yet. Nothing of it is noted. */
static void who_goes_on_believes_no_other_roll(void **state)
{
    (void)state;
    static const uint32_t others[] = {0, ROLLS_N - 1, ROLLS_N + 2, 3 * ROLLS_N};
    for (enum media_suite suite = MEDIA_CM_80; suite < MEDIA_SUITES; suite++) {
        struct ends *e = ends_open(suite);
        uint8_t bytes[BYTES_MAX];
        begin_heir(e, 7, ROLLS_N);
        const struct srtp before = e->in;
        for (unsigned i = 0; i < ARRAY_LEN(others); i++) {
            size_t n = sent_late(e, bytes, others[i], 300);
            assert_int_equal(heard(e, bytes, n), 0);
            assert_memory_equal(&e->in, &before, sizeof(before));
        }
        size_t n = sent_late(e, bytes, ROLLS_N, 300);
        assert_int_not_equal(heard(e, bytes, n), 0);
        free(e);
    }
}

/* Somebody of whom nothing was noted, because they had not rolled over; past the end of all. */
static void who_goes_on_hears_others_from_their_beginning(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_GCM_128);
    uint8_t bytes[BYTES_MAX];
    begin_heir(e, 8, ROLLS_N);
    assert_int_not_equal(heard(e, bytes, sent_late(e, bytes, 1, 2)), 0);
    begin_heir(e, 7, UINT32_MAX);
    size_t n = sent_late(e, bytes, UINT32_MAX, 9);
    assert_int_not_equal(heard(e, bytes, n), 0);
    begin_heir(e, 7, UINT32_MAX);
    n = sent_late(e, bytes, 0, 9);
    assert_int_equal(heard(e, bytes, n), 0);
    free(e);
}

/* As long as is tried twice, and longer: then the first guess alone. */
static void a_very_long_packet_is_guessed_once(void **state)
{
    (void)state;
    static uint8_t bytes[SRTP_DOUBT_MAX + 256];
    for (size_t more_n = 0; more_n < 2; more_n++) {
        for (uint32_t since_n = 0; since_n < 2; since_n++) {
            struct ends *e = ends_open(MEDIA_GCM_256);
            const struct rtp_header head = {.type = 8, .seq = 1, .ssrc = 7};
            begin_heir(e, 7, 0);
            e->out.senders[0] =
                (struct srtp_sender){.is_known = true,
                                     .ssrc = 7,
                                     .rtp = {.has_begun = true, .max = (uint64_t)since_n << 16}};
            rtp_write(bytes, &head);
            size_t n = RTP_HEADER_BYTES + SRTP_DOUBT_MAX + more_n;
            size_t sealed_n = srtp_protect(&e->out, &box, bytes, n);
            bool is_heard = !more_n || !since_n;
            assert_int_equal(srtp_unprotect(&e->in, &box, bytes, sealed_n), is_heard ? n : 0);
            free(e);
        }
    }
}

static void packets_out_of_order_come_once_each_and_too_old_ones_never(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_GCM_128);
    static uint8_t packets[SRTP_WINDOW + 1][BYTES_MAX];
    size_t n = 0;
    for (uint16_t i = 0; i <= SRTP_WINDOW; i++)
        n = sent(e, packets[i], i);
    assert_int_not_equal(heard(e, packets[SRTP_WINDOW], n), 0);
    assert_int_equal(heard(e, packets[0], n), 0); /* one too old */
    for (unsigned i = SRTP_WINDOW - 1; i >= 1; i--) {
        assert_int_not_equal(heard(e, packets[i], n), 0);
        assert_int_equal(heard(e, packets[i], n), 0);
    }
    free(e);
}

static void a_number_is_sent_once(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_GCM_256);
    uint8_t bytes[BYTES_MAX];
    assert_int_not_equal(sent(e, bytes, 5), 0);
    assert_int_equal(sent(e, bytes, 5), 0);
    assert_int_not_equal(sent(e, bytes, 4), 0);
    assert_int_not_equal(sent(e, bytes, 200), 0);
    assert_int_equal(sent(e, bytes, 100), 0);
    free(e);
}

static void senders_past_the_bound_push_the_first_one_out(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_CM_32);
    uint8_t bytes[SRTP_SENDERS_MAX + 1][BYTES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i <= SRTP_SENDERS_MAX; i++) {
        n = srtp_protect(&e->out, &box, bytes[i], write_packet(bytes[i], 1, 100 + i));
        assert_int_not_equal(heard(e, bytes[i], n), 0);
    }
    for (uint32_t i = 1; i <= SRTP_SENDERS_MAX; i++)
        assert_int_equal(heard(e, bytes[i], n), 0);
    free(e);
}

/* ---- what proves nothing changes nothing ---------------------------------------------------- */

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

typedef size_t bad_fn(uint8_t *bytes, size_t n, uint32_t *seed);

static size_t flip_a_bit(uint8_t *bytes, size_t n, uint32_t *seed)
{
    uint32_t bit = chance(seed) % (uint32_t)(n * 8);
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    return n;
}

static size_t cut_it(uint8_t *bytes, size_t n, uint32_t *seed)
{
    (void)bytes;
    return chance(seed) % n;
}

static size_t add_to_it(uint8_t *bytes, size_t n, uint32_t *seed)
{
    size_t more_n = 1 + chance(seed) % 40;
    memset(bytes + n, (uint8_t)chance(seed), more_n);
    return n + more_n;
}

static size_t noise(uint8_t *bytes, size_t n, uint32_t *seed)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)chance(seed);
    return chance(seed) % (n + 1);
}

/* What a stranger would send who knows all but the key: the right sender, any number. */
static size_t forge(uint8_t *bytes, size_t n, uint32_t *seed)
{
    net_put_u16(bytes + 2, chance(seed));
    for (size_t i = RTP_HEADER_BYTES; i < n; i++)
        bytes[i] = (uint8_t)chance(seed);
    return n;
}

static size_t repeat_it(uint8_t *bytes, size_t n, uint32_t *seed)
{
    (void)bytes, (void)seed;
    return n;
}

static void ten_thousand_bad_packets_of_each_kind_change_nothing(void **state)
{
    (void)state;
    static bad_fn *const kinds[] = {flip_a_bit, cut_it, add_to_it, noise, forge, repeat_it};
    uint32_t seed = 1;
    for (enum media_suite suite = MEDIA_CM_80; suite < MEDIA_SUITES; suite++) {
        struct ends *e = ends_open(suite);
        /* The first was heard; the second is on its way: only repetition takes the first. */
        uint8_t rtp[2][BYTES_MAX], rtcp[2][BYTES_MAX], bad[BYTES_MAX];
        size_t rtp_n = 0, rtcp_n = 0;
        for (uint16_t i = 0; i < 2; i++) {
            rtp_n = sent(e, rtp[i], (uint16_t)(40000 + i));
            rtcp_n = srtcp_protect(&e->out, &box, rtcp[i], read_hex(rtcp[i], GCM_RTCP));
        }
        memcpy(bad, rtcp[0], rtcp_n);
        assert_int_not_equal(heard(e, rtp[0], rtp_n), 0);
        assert_int_not_equal(srtcp_unprotect(&e->in, &box, bad, rtcp_n), 0);
        const struct srtp before = e->in;
        for (unsigned i = 0; i < ARRAY_LEN(kinds) * BAD_N; i++) {
            bool is_fresh = kinds[i / BAD_N] != repeat_it;
            memcpy(bad, rtp[is_fresh], rtp_n);
            size_t n = kinds[i / BAD_N](bad, rtp_n, &seed);
            assert_int_equal(srtp_unprotect(&e->in, &box, bad, n), 0);
            memcpy(bad, rtcp[is_fresh], rtcp_n);
            n = kinds[i / BAD_N](bad, rtcp_n, &seed);
            assert_int_equal(srtcp_unprotect(&e->in, &box, bad, n), 0);
        }
        assert_memory_equal(&e->in, &before, sizeof(before));
        assert_int_not_equal(heard(e, rtp[1], rtp_n), 0);
        memcpy(bad, rtcp[1], rtcp_n);
        assert_int_not_equal(srtcp_unprotect(&e->in, &box, bad, rtcp_n), 0);
        free(e);
    }
}

static void rtcp_in_the_clear_is_refused(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_CM_80);
    uint8_t bytes[BYTES_MAX];
    size_t n = srtcp_protect(&e->out, &box, bytes, read_hex(bytes, GCM_RTCP));
    bytes[n - 14] &= 0x7f; /* E */
    assert_int_equal(srtcp_unprotect(&e->in, &box, bytes, n), 0);
    assert_int_equal(srtcp_unprotect(&e->in, &box, bytes, read_hex(bytes, GCM_RTCP)), 0);
    free(e);
}

static void sources_and_extensions_go_in_the_clear_and_padding_does_not(void **state)
{
    (void)state;
    struct ends *e = ends_open(MEDIA_GCM_128);
    uint8_t bytes[BYTES_MAX];
    static const char packet[] = "b1080001 00000001 00000007 0000002a bede0001 aabbccdd"
                                 "01020304 05060708 00000004";
    size_t n = srtp_protect(&e->out, &box, bytes, read_hex(bytes, packet));
    assert_hex(bytes, 24, "b1080001 00000001 00000007 0000002a bede0001 aabbccdd");
    assert_int_equal(n, 36 + 16);
    n = srtp_unprotect(&e->in, &box, bytes, n);
    assert_hex(bytes, n, packet);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_derived_as_the_rfc_says),
        cmocka_unit_test(whole_packets_of_counter_mode_are_as_others_make_them),
        cmocka_unit_test(whole_packets_of_gcm_are_those_of_the_rfc),
        cmocka_unit_test(a_call_longer_than_its_numbers_goes_on),
        cmocka_unit_test(who_goes_on_hears_them_where_they_are),
        cmocka_unit_test(who_goes_on_believes_no_other_roll),
        cmocka_unit_test(who_goes_on_hears_others_from_their_beginning),
        cmocka_unit_test(a_very_long_packet_is_guessed_once),
        cmocka_unit_test(packets_out_of_order_come_once_each_and_too_old_ones_never),
        cmocka_unit_test(a_number_is_sent_once),
        cmocka_unit_test(senders_past_the_bound_push_the_first_one_out),
        cmocka_unit_test(ten_thousand_bad_packets_of_each_kind_change_nothing),
        cmocka_unit_test(rtcp_in_the_clear_is_refused),
        cmocka_unit_test(sources_and_extensions_go_in_the_clear_and_padding_does_not),
    };
    return cmocka_run_group_tests(tests, open_box, drop_box);
}
