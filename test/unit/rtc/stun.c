/* stun.c — tests of rtc/stun.h: the vectors of RFC 5769, what browsers send, bounds, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "rtc/stun.h"

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"

/* RFC 5769 §2.1 */
static const uint8_t request[108] = {
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};

/* RFC 5769 §2.2 and §2.3, from the value of XOR-MAPPED-ADDRESS on. */
static const uint8_t mapped_v4[8] = {0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
static const uint8_t mapped_v6[20] = {0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3,
                                      0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};

static void make_mac(uint8_t mac[STUN_MAC_BYTES], const struct stun_pieces *of, void *arg)
{
    uint8_t bytes[STUN_BYTES_MAX + STUN_HEADER_BYTES];
    const char *password = arg;
    unsigned n = 0;
    memcpy(bytes, of->head, of->head_n);
    memcpy(bytes + of->head_n, of->rest, of->rest_n);
    assert_non_null(
        HMAC(EVP_sha1(), password, (int)strlen(password), bytes, of->head_n + of->rest_n, mac, &n));
    assert_int_equal(n, STUN_MAC_BYTES);
}

static struct stun_key key_of(char *password)
{
    return (struct stun_key){make_mac, password};
}

static void the_request_of_rfc_5769_is_read_and_proved(void **state)
{
    (void)state;
    struct stun_message m;
    struct stun_key key = key_of((char[]){PASSWORD}),
                    wrong = key_of((char[]){"VOkJxbRl1RmTxUk/WvJxBu"});
    assert_int_equal(stun_read(&m, request, sizeof(request)), STUN_GOOD);
    assert_int_equal(m.class, STUN_REQUEST);
    assert_int_equal(m.method, STUN_BINDING);
    assert_true(text_equal(m.username, TEXT("evtj:h6vY")));
    assert_true(m.has_priority && m.has_controlled && m.has_integrity && m.has_fingerprint);
    assert_false(m.is_used || m.has_controlling);
    assert_int_equal(m.priority, 0x6e0001ff);
    assert_int_equal(m.unknown_n, 0);
    assert_true(stun_is_proved(&m, request, &key));
    assert_false(stun_is_proved(&m, request, &wrong));
}

static void any_bit_that_is_turned_over_is_found(void **state)
{
    (void)state;
    struct stun_message m;
    struct stun_key key = key_of((char[]){PASSWORD});
    for (unsigned bit = 0; bit < 8 * sizeof(request); bit++) {
        uint8_t bytes[sizeof(request)];
        memcpy(bytes, request, sizeof(bytes));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bool is_good = stun_read(&m, bytes, sizeof(bytes)) == STUN_GOOD && m.has_fingerprint;
        assert_false(is_good && stun_is_proved(&m, bytes, &key));
    }
}

static void what_is_cut_short_or_too_long_is_refused(void **state)
{
    (void)state;
    struct stun_message m;
    uint8_t bytes[STUN_BYTES_MAX + 4] = {0};
    for (size_t n = 0; n < sizeof(request); n++) {
        enum stun_verdict v = stun_read(&m, request, n);
        assert_int_equal(v, n < STUN_HEADER_BYTES ? STUN_FOREIGN : STUN_DAMAGED);
    }
    memcpy(bytes, request, STUN_HEADER_BYTES);
    for (size_t n = STUN_BYTES_MAX; n <= STUN_BYTES_MAX + 4; n += 4) {
        bytes[2] = (uint8_t)((n - STUN_HEADER_BYTES) >> 8);
        bytes[3] = (uint8_t)(n - STUN_HEADER_BYTES);
        bytes[20] = 0xc0; /* one long attribute that need not be understood */
        bytes[22] = (uint8_t)((n - STUN_HEADER_BYTES - 4) >> 8);
        bytes[23] = (uint8_t)(n - STUN_HEADER_BYTES - 4);
        assert_int_equal(stun_read(&m, bytes, n), n <= STUN_BYTES_MAX ? STUN_GOOD : STUN_FOREIGN);
    }
}

/* ---- messages of our own making ---- */

struct built {
    uint8_t bytes[STUN_BYTES_MAX];
    size_t n;
};

static void begin(struct built *b, uint16_t type)
{
    memset(b, 0, sizeof(*b));
    memcpy(b->bytes, request, STUN_HEADER_BYTES);
    b->bytes[0] = (uint8_t)(type >> 8);
    b->bytes[1] = (uint8_t)type;
    b->n = STUN_HEADER_BYTES;
    b->bytes[2] = b->bytes[3] = 0;
}

static void add(struct built *b, uint16_t type, uint16_t n)
{
    const uint8_t head[] = {(uint8_t)(type >> 8), (uint8_t)type, (uint8_t)(n >> 8), (uint8_t)n};
    memcpy(b->bytes + b->n, head, 4);
    b->n += 4u + (n + 3u) / 4 * 4;
    b->bytes[2] = (uint8_t)((b->n - STUN_HEADER_BYTES) >> 8);
    b->bytes[3] = (uint8_t)(b->n - STUN_HEADER_BYTES);
}

static void classes_and_methods_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        uint16_t type, method;
        enum stun_class class;
    } cases[] = {{0x0001, 1, STUN_REQUEST}, {0x0011, 1, STUN_INDICATION},
                 {0x0101, 1, STUN_SUCCESS}, {0x0111, 1, STUN_ERROR},
                 {0x0003, 3, STUN_REQUEST}, {0x3eef, 0xfff, STUN_REQUEST}};
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct built b;
        struct stun_message m;
        begin(&b, cases[i].type);
        assert_int_equal(stun_read(&m, b.bytes, b.n), STUN_GOOD);
        assert_int_equal(m.class, cases[i].class);
        assert_int_equal(m.method, cases[i].method);
    }
}

static void what_must_be_understood_and_is_not_is_told_up_to_the_bound(void **state)
{
    (void)state;
    for (unsigned n = STUN_UNKNOWN_MAX - 1; n <= STUN_UNKNOWN_MAX + 1; n++) {
        struct built b;
        struct stun_message m;
        begin(&b, 0x0001);
        for (unsigned i = 0; i < n; i++)
            add(&b, (uint16_t)(0x0030 + i), 5);
        add(&b, 0xc057, 4); /* may be passed over: GOOG-NETWORK-INFO */
        assert_int_equal(stun_read(&m, b.bytes, b.n), STUN_GOOD);
        assert_int_equal(m.unknown_n, n < STUN_UNKNOWN_MAX ? n : STUN_UNKNOWN_MAX);
        assert_int_equal(m.unknown[0], 0x0030);
    }
}

static void attributes_past_their_bound_and_of_wrong_lengths_are_damage(void **state)
{
    (void)state;
    static const struct {
        uint16_t type, n;
    } wrong[] = {{0x0006, 0},  {0x0006, STUN_USERNAME_MAX + 1},
                 {0x0008, 32}, {0x0024, 5},
                 {0x0025, 1},  {0x8029, 4},
                 {0x802a, 12}, {0x8028, 4},
                 {0x8028, 8}};
    struct built b;
    struct stun_message m;
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        begin(&b, 0x0001);
        add(&b, wrong[i].type, wrong[i].n);
        assert_int_equal(stun_read(&m, b.bytes, b.n), STUN_DAMAGED);
    }
    for (unsigned n = STUN_ATTRIBUTES_MAX; n <= STUN_ATTRIBUTES_MAX + 1; n++) {
        begin(&b, 0x0001);
        for (unsigned i = 0; i < n; i++)
            add(&b, 0xc001, 0);
        assert_int_equal(stun_read(&m, b.bytes, b.n),
                         n <= STUN_ATTRIBUTES_MAX ? STUN_GOOD : STUN_DAMAGED);
    }
    begin(&b, 0x0001);
    add(&b, 0x0006, STUN_USERNAME_MAX);
    assert_int_equal(stun_read(&m, b.bytes, b.n), STUN_GOOD);
}

static void what_stands_behind_the_proof_is_not_believed(void **state)
{
    (void)state;
    struct built b;
    struct stun_message m;
    begin(&b, 0x0001);
    add(&b, 0x0008, 20);
    add(&b, 0x0025, 0);
    assert_int_equal(stun_read(&m, b.bytes, b.n), STUN_GOOD);
    assert_true(m.has_integrity);
    assert_false(m.is_used);
}

/* ---- answers ---- */

static const uint8_t *find(const uint8_t *bytes, size_t n, uint16_t type)
{
    for (size_t at = STUN_HEADER_BYTES; at + 4 <= n;
         at += 4u + ((unsigned)(bytes[at + 2] << 8 | bytes[at + 3]) + 3u) / 4 * 4)
        if ((bytes[at] << 8 | bytes[at + 1]) == type)
            return bytes + at + 4;
    return NULL;
}

static void addresses_are_hidden_as_in_rfc_5769(void **state)
{
    (void)state;
    struct stun_message m, back;
    struct stun_key key = key_of((char[]){PASSWORD});
    uint8_t bytes[STUN_ANSWER_MAX];
    struct stun_answer a = {.key = &key};
    assert_int_equal(stun_read(&m, request, sizeof(request)), STUN_GOOD);
    for (unsigned i = 0; i < 2; i++) {
        struct text ip = i ? TEXT("2001:db8:1234:5678:11:2233:4455:6677") : TEXT("192.0.2.1");
        assert_true(address_read_ip(&a.mapped, ip));
        a.mapped.port = 32853;
        size_t n = stun_write(bytes, &m, &a);
        assert_int_equal(stun_read(&back, bytes, n), STUN_GOOD);
        assert_int_equal(back.class, STUN_SUCCESS);
        assert_memory_equal(back.transaction, m.transaction, STUN_TRANSACTION_BYTES);
        assert_true(back.has_fingerprint && stun_is_proved(&back, bytes, &key));
        assert_memory_equal(find(bytes, n, 0x0020), i ? mapped_v6 : mapped_v4, i ? 20 : 8);
    }
}

static void every_error_is_written_in_its_bound(void **state)
{
    (void)state;
    static const enum stun_error errors[] = {STUN_BAD_REQUEST, STUN_UNAUTHENTICATED,
                                             STUN_UNKNOWN_ATTRIBUTE, STUN_ROLE_CONFLICT};
    struct stun_message m, back;
    struct stun_key key = key_of((char[]){PASSWORD});
    uint8_t bytes[STUN_ANSWER_MAX];
    assert_int_equal(stun_read(&m, request, sizeof(request)), STUN_GOOD);
    m.unknown_n = STUN_UNKNOWN_MAX;
    for (unsigned i = 0; i < ARRAY_LEN(errors); i++) {
        const struct stun_answer a = {.error = errors[i], .key = i > 1 ? &key : NULL};
        size_t n = stun_write(bytes, &m, &a);
        assert_int_equal(stun_read(&back, bytes, n), STUN_GOOD);
        assert_int_equal(back.class, STUN_ERROR);
        assert_int_equal(back.has_integrity, i > 1);
        const uint8_t *code = find(bytes, n, 0x0009);
        assert_int_equal(code[2] * 100 + code[3], errors[i]);
    }
}

static void first_bytes_tell_what_a_packet_is(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        const uint8_t b = (uint8_t)byte;
        enum stun_kind wanted = STUN_KIND_NONE;
        wanted = byte <= 3 ? STUN_KIND_STUN : wanted;
        wanted = byte >= 20 && byte <= 63 ? STUN_KIND_DTLS : wanted;
        wanted = byte >= 128 && byte <= 191 ? STUN_KIND_RTP : wanted;
        assert_int_equal(stun_kind_of(&b, 1), wanted);
    }
    assert_int_equal(stun_kind_of(NULL, 0), STUN_KIND_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_of_rfc_5769_is_read_and_proved),
        cmocka_unit_test(any_bit_that_is_turned_over_is_found),
        cmocka_unit_test(what_is_cut_short_or_too_long_is_refused),
        cmocka_unit_test(classes_and_methods_are_told_apart),
        cmocka_unit_test(what_must_be_understood_and_is_not_is_told_up_to_the_bound),
        cmocka_unit_test(attributes_past_their_bound_and_of_wrong_lengths_are_damage),
        cmocka_unit_test(what_stands_behind_the_proof_is_not_believed),
        cmocka_unit_test(addresses_are_hidden_as_in_rfc_5769),
        cmocka_unit_test(every_error_is_written_in_its_bound),
        cmocka_unit_test(first_bytes_tell_what_a_packet_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
