/* crypto.c — tests of sip/crypto.h: lines as telephones send them, and those that promise less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/crypto.h"

#define KEY "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

/* RFC 4568 §9.1 has this key. */
static void a_line_is_read_and_written_as_it_was(void **state)
{
    (void)state;
    static const char line[] = "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY;
    struct sip_crypto c;
    char bytes[128];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    assert_true(sip_crypto_read(&c, TEXT("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20")));
    assert_int_equal(c.tag, 1);
    assert_int_equal(c.suite, SIP_SUITE_CM_80);
    assert_memory_equal(c.key, "YS___semctl () {\t220;}\n}\nunles", 30);
    sip_crypto_put(&out, &c);
    assert_int_equal(out.n, sizeof(line) - 1);
    assert_memory_equal(bytes, line, out.n);
}

static void each_suite_comes_back_as_it_was_written(void **state)
{
    (void)state;
    for (uint8_t s = SIP_SUITE_NONE + 1; s < SIP_SUITES; s++) {
        struct sip_crypto c = {.tag = SIP_CRYPTO_TAG_MAX, .suite = s}, back;
        char bytes[128];
        struct text_out out = {.p = bytes, .max = sizeof(bytes)};
        for (unsigned i = 0; i < sip_crypto_key_n((enum sip_suite)s); i++)
            c.key[i] = (uint8_t)(251 - 5 * i);
        sip_crypto_put(&out, &c);
        assert_false(out.is_cut);
        assert_true(sip_crypto_read(&back, (struct text){bytes, out.n}));
        assert_true(sip_crypto_same(&c, &back));
        assert_int_equal(back.tag, SIP_CRYPTO_TAG_MAX);
    }
}

static void what_cannot_be_kept_is_no_line(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "1",
        "x AES_CM_128_HMAC_SHA1_80 inline:" KEY,
        "1000000000 AES_CM_128_HMAC_SHA1_80 inline:" KEY,
        "1 AES_CM_128_HMAC_SHA1_80",
        "1 AES_CM_128_HMAC_SHA1_80 inline:",
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "A",
        "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGV",
        "1 AES_CM_128_HMAC_SHA1_80 inline:*VNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|1:4",
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20|1:4",
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY ";inline:" KEY,
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " KDR=1",
        "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNAUTHENTICATED_SRTP",
        "1 AEAD_AES_128_GCM inline:" KEY,
        "1 NULL_HMAC_SHA1_80 inline:" KEY,
    };
    struct sip_crypto c;
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
        assert_false(sip_crypto_read(&c, text_of(lines[i])));
    assert_true(sip_crypto_read(
        &c, TEXT("4  aes_cm_128_hmac_sha1_32  inline:" KEY " WSH=64 -SOMETHING=new")));
    assert_true(sip_crypto_read(
        &c, TEXT("999999999 AEAD_AES_128_GCM inline:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_and_written_as_it_was),
        cmocka_unit_test(each_suite_comes_back_as_it_was_written),
        cmocka_unit_test(what_cannot_be_kept_is_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
