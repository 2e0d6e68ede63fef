/* token.c — tests of oidc/: tokens that were made by a provider of the test, and tampered with:
 * algorithms, keys, signatures, claims; at each bound and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "oidc/claims.h"
#include "oidc/keys.h"

#define NOW_S 1794819600
#define BOTH (OIDC_RS256 | OIDC_ES256)
#define ROOM 20000

/* A provider with one key of each kind. */
struct issuer {
    EVP_PKEY *rsa, *ec;
    char jwks[4096];
    struct oidc_keys keys;
    struct oidc_jwt jwt;
};

static void put_number(struct text_out *out, const EVP_PKEY *pkey, const char *name, int n)
{
    uint8_t bytes[512];
    BIGNUM *v = NULL;
    assert_true(EVP_PKEY_get_bn_param(pkey, name, &v) == 1);
    n = n ? n : BN_num_bytes(v);
    assert_int_equal(BN_bn2binpad(v, bytes, n), n);
    oidc_base64url_put(out, bytes, (size_t)n);
    BN_free(v);
}

static void put_jwks(struct issuer *i, const char *rsa_more, const char *ec_more)
{
    struct text_out out = {.p = i->jwks, .max = sizeof(i->jwks) - 1};
    text_put(&out, TEXT("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"RSA\",\"n\":\""));
    put_number(&out, i->rsa, OSSL_PKEY_PARAM_RSA_N, 0);
    text_put(&out, TEXT("\",\"e\":\""));
    put_number(&out, i->rsa, OSSL_PKEY_PARAM_RSA_E, 0);
    text_put(&out, TEXT("\""));
    text_put(&out, text_of(rsa_more));
    text_put(&out, TEXT("},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""));
    put_number(&out, i->ec, OSSL_PKEY_PARAM_EC_PUB_X, 32);
    text_put(&out, TEXT("\",\"y\":\""));
    put_number(&out, i->ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    text_put(&out, TEXT("\""));
    text_put(&out, text_of(ec_more));
    text_put(&out, TEXT("}]}"));
    i->jwks[out.n] = '\0';
    assert_false(out.is_cut);
}

static int open_issuer(void **state)
{
    static struct issuer i;
    i.rsa = EVP_RSA_gen(2048);
    i.ec = EVP_EC_gen("P-256");
    put_jwks(&i, ",\"kid\":\"r1\",\"use\":\"sig\",\"alg\":\"RS256\"", ",\"kid\":\"e1\"");
    *state = &i;
    return oidc_keys_read(&i.keys, text_of(i.jwks)) ? 0 : 1;
}

static int drop_issuer(void **state)
{
    struct issuer *i = *state;
    oidc_keys_drop(&i->keys);
    EVP_PKEY_free(i->rsa);
    EVP_PKEY_free(i->ec);
    return 0;
}

/* ---- tokens ------------------------------------------------------------------------------- */

static void put_part(struct text_out *out, const char *part)
{
    oidc_base64url_put(out, (const uint8_t *)part, strlen(part));
}

/* r and s side by side, as a JWS has them. */
static size_t pair_of(uint8_t to[64], const uint8_t *der, size_t n)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
    assert_non_null(pair);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), to, 32), 32);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), to + 32, 32), 32);
    ECDSA_SIG_free(pair);
    return 64;
}

static struct text make(char room[ROOM], EVP_PKEY *key, const char *header, const char *payload)
{
    struct text_out out = {.p = room, .max = ROOM};
    uint8_t signature[512], pair[64];
    size_t n = sizeof(signature);
    put_part(&out, header);
    text_put(&out, TEXT("."));
    put_part(&out, payload);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_true(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1);
    assert_true(EVP_DigestSign(ctx, signature, &n, (const uint8_t *)room, out.n) == 1);
    EVP_MD_CTX_free(ctx);
    text_put(&out, TEXT("."));
    if (EVP_PKEY_is_a(key, "EC"))
        oidc_base64url_put(&out, pair, pair_of(pair, signature, n));
    else
        oidc_base64url_put(&out, signature, n);
    assert_false(out.is_cut);
    return (struct text){room, out.n};
}

static enum oidc_why verify(struct issuer *i, struct text token, unsigned algorithms)
{
    enum oidc_why why = oidc_jwt_read(&i->jwt, token, algorithms);
    return why ? why : oidc_keys_verify(&i->keys, &i->jwt);
}

#define RS "{\"alg\":\"RS256\",\"kid\":\"r1\"}"
#define ES "{\"alg\":\"ES256\",\"kid\":\"e1\"}"
#define SAID "{\"sub\":\"s\"}"

static void a_token_of_a_published_key_is_good(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    assert_int_equal(verify(i, make(room, i->rsa, RS, SAID), BOTH), OIDC_FINE);
    assert_memory_equal(i->jwt.payload, SAID, i->jwt.payload_n);
    assert_int_equal(verify(i, make(room, i->ec, ES, SAID), BOTH), OIDC_FINE);
    /* no kid: there is but one of each algorithm */
    assert_int_equal(verify(i, make(room, i->ec, "{\"alg\":\"ES256\"}", SAID), BOTH), OIDC_FINE);
}

static void an_algorithm_that_is_not_pinned_is_refused(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    static const char *const headers[] = {"{\"alg\":\"none\"}",
                                          "{\"alg\":\"None\"}",
                                          "{\"alg\":\"HS256\",\"kid\":\"r1\"}",
                                          "{\"alg\":\"RS512\"}",
                                          "{\"alg\":\"PS256\"}",
                                          "{\"alg\":\"rs256\"}",
                                          "{\"alg\":256}",
                                          "{\"alg\":[\"RS256\"]}",
                                          "{\"typ\":\"JWT\"}",
                                          "[]",
                                          "RS256"};
    for (unsigned k = 0; k < ARRAY_LEN(headers); k++)
        assert_int_equal(verify(i, make(room, i->rsa, headers[k], SAID), BOTH), OIDC_BAD_ALGORITHM);
    assert_int_equal(verify(i, make(room, i->rsa, RS, SAID), OIDC_ES256), OIDC_BAD_ALGORITHM);
    assert_int_equal(verify(i, make(room, i->ec, ES, SAID), OIDC_RS256), OIDC_BAD_ALGORITHM);
}

/* What the public key has signed as if it were a secret; and what nothing has signed. */
static void a_public_key_is_no_secret(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    uint8_t mac[32];
    unsigned mac_n = sizeof(mac);
    static const char *const headers[] = {"{\"alg\":\"HS256\",\"kid\":\"r1\"}", RS};
    static const enum oidc_why whys[] = {OIDC_BAD_ALGORITHM, OIDC_BAD_SIGNATURE};
    for (unsigned k = 0; k < ARRAY_LEN(headers); k++) {
        struct text_out out = {.p = room, .max = sizeof(room)};
        put_part(&out, headers[k]);
        text_put(&out, TEXT("."));
        put_part(&out, SAID);
        HMAC(EVP_sha256(), i->jwks, (int)strlen(i->jwks), (const uint8_t *)room, out.n, mac,
             &mac_n);
        text_put(&out, TEXT("."));
        oidc_base64url_put(&out, mac, mac_n);
        assert_int_equal(verify(i, (struct text){room, out.n}, BOTH), whys[k]);
    }
    struct text_out bare = {.p = room, .max = sizeof(room)};
    put_part(&bare, "{\"alg\":\"none\"}");
    text_put(&bare, TEXT("."));
    put_part(&bare, SAID);
    text_put(&bare, TEXT("."));
    assert_int_equal(verify(i, (struct text){room, bare.n}, BOTH), OIDC_BAD_ALGORITHM);
}

static void a_token_changed_anywhere_is_refused(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    for (unsigned key = 0; key < 2; key++) {
        struct text token = make(room, key ? i->ec : i->rsa, key ? ES : RS, SAID);
        for (size_t k = 0; k < token.n; k++) {
            char was = room[k];
            room[k] = was == 'A' ? 'B' : 'A';
            assert_int_not_equal(verify(i, token, BOTH), OIDC_FINE);
            room[k] = was;
        }
        assert_int_equal(verify(i, token, BOTH), OIDC_FINE);
        for (size_t n = 0; n < token.n; n++)
            assert_int_not_equal(verify(i, (struct text){room, n}, BOTH), OIDC_FINE);
    }
}

static void a_key_is_for_one_algorithm_and_one_name(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    static const char other[] = "{\"alg\":\"RS256\",\"kid\":\"r2\"}";
    static const char crossed[] = "{\"alg\":\"ES256\",\"kid\":\"r1\"}";
    assert_int_equal(verify(i, make(room, i->rsa, other, SAID), BOTH), OIDC_UNKNOWN_KEY);
    assert_int_equal(verify(i, make(room, i->ec, crossed, SAID), BOTH), OIDC_UNKNOWN_KEY);
    EVP_PKEY *foreign = EVP_RSA_gen(2048);
    assert_int_equal(verify(i, make(room, foreign, RS, SAID), BOTH), OIDC_BAD_SIGNATURE);
    EVP_PKEY_free(foreign);
    assert_int_equal(
        verify(i, make(room, i->rsa, "{\"alg\":\"RS256\",\"crit\":[\"b64\"]}", SAID), BOTH),
        OIDC_BAD_TOKEN);
    assert_int_equal(verify(i, make(room, i->rsa, "{\"alg\":\"RS256\",\"kid\":7}", SAID), BOTH),
                     OIDC_BAD_TOKEN);
}

static void keys_that_cannot_be_used_are_left_out(void **state)
{
    struct issuer *i = *state;
    char room[ROOM];
    struct text before = make(room, i->rsa, RS, SAID);
    static const char *const none[] = {
        "",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":7}",
        "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", /* far too short */
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","                 /* on no curve */
        "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\","
        "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}]}"};
    for (unsigned k = 0; k < ARRAY_LEN(none); k++)
        assert_false(oidc_keys_read(&i->keys, text_of(none[k])));
    assert_int_equal(verify(i, before, BOTH), OIDC_FINE); /* those of before stay */
    put_jwks(i, ",\"use\":\"enc\"", ",\"alg\":\"ES512\"");
    assert_false(oidc_keys_read(&i->keys, text_of(i->jwks)));
    put_jwks(i, ",\"kid\":\"r1\"", ",\"use\":\"enc\"");
    assert_true(oidc_keys_read(&i->keys, text_of(i->jwks)));
    assert_int_equal(i->keys.n, 1);
    EVP_PKEY *weak = EVP_RSA_gen(1024), *strong = i->rsa;
    i->rsa = weak;
    put_jwks(i, "", ",\"use\":\"enc\"");
    assert_false(oidc_keys_read(&i->keys, text_of(i->jwks)));
    i->rsa = strong;
    EVP_PKEY_free(weak);
    put_jwks(i, ",\"kid\":\"r1\"", ",\"kid\":\"e1\"");
    assert_true(oidc_keys_read(&i->keys, text_of(i->jwks)));
}

static void past_its_bounds_a_token_is_none(void **state)
{
    struct issuer *i = *state;
    static char payload[OIDC_PAYLOAD_MAX + 2], room[ROOM], huge[OIDC_JWT_MAX + 2];
    memset(payload, ' ', OIDC_PAYLOAD_MAX);
    memcpy(payload, "{}", 2);
    struct text token = make(room, i->ec, ES, payload); /* 16,384 of base64url alone */
    assert_true(token.n > OIDC_JWT_MAX);
    assert_int_equal(verify(i, token, BOTH), OIDC_BAD_TOKEN);
    payload[OIDC_PAYLOAD_MAX - 200] = '\0';
    token = make(room, i->ec, ES, payload);
    assert_true(token.n <= OIDC_JWT_MAX);
    assert_int_equal(verify(i, token, BOTH), OIDC_FINE);
    memset(huge, 'A', sizeof(huge));
    assert_int_equal(verify(i, (struct text){huge, sizeof(huge)}, BOTH), OIDC_BAD_TOKEN);
    assert_int_equal(verify(i, TEXT_NONE, BOTH), OIDC_BAD_TOKEN);
    assert_int_equal(verify(i, TEXT("a.b"), BOTH), OIDC_BAD_TOKEN);
    assert_int_equal(verify(i, TEXT(".."), BOTH), OIDC_BAD_TOKEN);
}

/* ---- claims ------------------------------------------------------------------------------- */

static const struct oidc_wanted wanted = {.issuer = "https://idp.example",
                                          .client_id = "decroche",
                                          .nonce = "n-0123",
                                          .acr_values = "eidas2 eidas3",
                                          .now_s = NOW_S};

/* The claims of a good token, but for one: name NULL leaves all as they are. */
static enum oidc_why say(const char *name, const char *value)
{
    static const char *const good[][2] = {{"iss", "\"https://idp.example\""},
                                          {"aud", "\"decroche\""},
                                          {"exp", "1794819660"},
                                          {"iat", "1794819590"},
                                          {"nonce", "\"n-0123\""},
                                          {"acr", "\"eidas2\""},
                                          {"sub", "\"zoe\""}};
    char text[2048];
    struct text_out out = {.p = text, .max = sizeof(text)};
    text_put(&out, TEXT("{\"x\":1"));
    for (unsigned i = 0; i < ARRAY_LEN(good); i++) {
        bool is_it = name && !strcmp(name, good[i][0]);
        if (is_it && !value)
            continue;
        text_put(&out, TEXT(",\""));
        text_put(&out, text_of(good[i][0]));
        text_put(&out, TEXT("\":"));
        text_put(&out, text_of(is_it ? value : good[i][1]));
    }
    if (name && !strcmp(name, "more"))
        text_put(&out, text_of(value));
    text_put(&out, TEXT("}"));
    assert_false(out.is_cut);
    return oidc_claims_check((struct text){text, out.n}, &wanted);
}

static void each_claim_is_held_against_what_was_asked(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        enum oidc_why why;
    } cases[] = {
        {NULL, NULL, OIDC_FINE},
        {"iss", NULL, OIDC_BAD_ISSUER},
        {"iss", "\"https://idp.example/\"", OIDC_BAD_ISSUER},
        {"iss", "\"https://idp.exampl\"", OIDC_BAD_ISSUER},
        {"iss", "\"https:\\/\\/idp.example\"", OIDC_FINE}, /* the same, escaped */
        {"aud", NULL, OIDC_BAD_AUDIENCE},
        {"aud", "\"decroch\"", OIDC_BAD_AUDIENCE},
        {"aud", "\"decroche2\"", OIDC_BAD_AUDIENCE},
        {"aud", "[\"decroche\"]", OIDC_FINE},
        {"aud", "[]", OIDC_BAD_AUDIENCE},
        {"aud", "[\"other\"]", OIDC_BAD_AUDIENCE},
        {"aud", "[\"other\",\"decroche\"]", OIDC_BAD_AUDIENCE}, /* and no azp */
        {"aud", "[\"decroche\",\"other\"],\"azp\":\"decroche\"", OIDC_FINE},
        {"more", ",\"azp\":\"decroche\"", OIDC_FINE},
        {"more", ",\"azp\":\"other\"", OIDC_BAD_AUDIENCE},
        {"exp", NULL, OIDC_EXPIRED},
        {"exp", "1794819540", OIDC_EXPIRED}, /* 60 s ago */
        {"exp", "1794819541", OIDC_FINE},
        {"exp", "\"1794819660\"", OIDC_EXPIRED},
        {"exp", "-1", OIDC_EXPIRED},
        {"exp", "99999999999999999999", OIDC_EXPIRED},
        {"iat", NULL, OIDC_BAD_INSTANT},
        {"iat", "1794819660", OIDC_FINE}, /* in 60 s */
        {"iat", "1794819661", OIDC_BAD_INSTANT},
        {"iat", "1794819000", OIDC_FINE}, /* 600 s ago */
        {"iat", "1794818999", OIDC_BAD_INSTANT},
        {"more", ",\"nbf\":1794819660", OIDC_FINE},
        {"more", ",\"nbf\":1794819661", OIDC_BAD_INSTANT},
        {"more", ",\"nbf\":\"soon\"", OIDC_BAD_INSTANT},
        {"nonce", NULL, OIDC_BAD_NONCE},
        {"nonce", "\"n-0124\"", OIDC_BAD_NONCE},
        {"nonce", "\"\"", OIDC_BAD_NONCE},
        {"acr", NULL, OIDC_WEAK},
        {"acr", "\"eidas1\"", OIDC_WEAK},
        {"acr", "\"eidas\"", OIDC_WEAK},
        {"acr", "\"eidas2 eidas3\"", OIDC_WEAK},
        {"acr", "\"eidas3\"", OIDC_FINE},
        {"sub", NULL, OIDC_BAD_SUBJECT},
        {"sub", "\"\"", OIDC_BAD_SUBJECT},
        {"sub", "\"zo\\u00e9\"", OIDC_BAD_SUBJECT},
        {"sub", "\"a\\u0000b\"", OIDC_BAD_SUBJECT},
        {"sub", "7", OIDC_BAD_SUBJECT},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        enum oidc_why why = say(cases[i].name, cases[i].value);
        if (why != cases[i].why)
            print_error("%s = %s\n", cases[i].name, cases[i].value);
        assert_int_equal(why, cases[i].why);
    }
}

static void without_a_level_asked_none_is_wanted(void **state)
{
    (void)state;
    struct oidc_wanted any = wanted;
    static const char text[] = "{\"iss\":\"https://idp.example\",\"aud\":\"decroche\",\"exp\":"
                               "1794819660,\"iat\":1794819600,\"nonce\":\"n-0123\",\"sub\":\"z\"}";
    assert_int_equal(oidc_claims_check(text_of(text), &any), OIDC_WEAK);
    any.acr_values = "";
    assert_int_equal(oidc_claims_check(text_of(text), &any), OIDC_FINE);
    any.nonce = "";
    assert_int_equal(oidc_claims_check(text_of(text), &any), OIDC_BAD_NONCE);
}

static void a_subject_has_255_letters_at_most(void **state)
{
    (void)state;
    char text[300], subject[OIDC_SUBJECT_BYTES];
    for (int n = 255; n <= 256; n++) {
        snprintf(text, sizeof(text), "{\"sub\":\"%0*d\"}", n, 7);
        assert_int_equal(oidc_claims_subject(subject, text_of(text)), n == 255);
    }
}

static void userinfo_speaks_of_the_same_person(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum oidc_why why;
    } cases[] = {
        {"{\"sub\":\"zoe\"}", OIDC_FINE},
        {"{\"sub\":\"zo\"}", OIDC_BAD_SUBJECT},
        {"{}", OIDC_BAD_SUBJECT},
        {"", OIDC_BAD_SUBJECT},
        {"{\"sub\":\"zoe\",\"iss\":\"https://evil.example\"}", OIDC_BAD_ISSUER},
        {"{\"sub\":\"zoe\",\"aud\":[\"other\"]}", OIDC_BAD_AUDIENCE},
        {"{\"sub\":\"zoe\",\"aud\":\"decroche\",\"iss\":\"https://idp.example\"}", OIDC_FINE},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(oidc_claims_userinfo(text_of(cases[i].text), &wanted, "zoe"),
                         cases[i].why);
}

static void a_mail_that_is_not_verified_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mail;
    } cases[] = {
        {"{\"email\":\"Zoe.Lefevre@Exemple.gouv.FR\"}", "zoe.lefevre@exemple.gouv.fr"},
        {"{\"email\":\"z@a.fr\",\"email_verified\":true}", "z@a.fr"},
        {"{\"email\":\"z@a.fr\",\"email_verified\":false}", ""},
        {"{\"email\":\"z@a.fr\",\"email_verified\":\"true\"}", ""},
        {"{\"email\":\"z@a@b.fr\"}", ""},
        {"{\"email\":\"z\"}", ""},
        {"{\"email\":\"z e@a.fr\"}", ""},
        {"{\"email\":\"zo\xc3\xa9@a.fr\"}", ""},
        {"{\"email\":[\"z@a.fr\"]}", ""},
        {"{}", ""},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        char mail[OIDC_MAIL_BYTES];
        oidc_claims_mail(mail, text_of(cases[i].text));
        assert_string_equal(mail, cases[i].mail);
    }
}

static void base64url_is_read_in_one_way_alone(void **state)
{
    (void)state;
    uint8_t bytes[4];
    size_t n;
    char text[8];
    struct text_out out = {.p = text, .max = sizeof(text)};
    static const char *const wrong[] = {"A",  "AA=", "AA==", "A+AA", "A/AA",
                                        "AB", "AAB", "A A",  "AA\n"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(oidc_base64url_read(bytes, sizeof(bytes), &n, text_of(wrong[i])));
    assert_true(oidc_base64url_read(bytes, sizeof(bytes), &n, TEXT("_-8A")) && n == 3);
    oidc_base64url_put(&out, bytes, 2);
    assert_memory_equal(text, "_-8", 3);
    assert_true(oidc_base64url_read(bytes, 3, &n, TEXT("AAAA")));
    assert_false(oidc_base64url_read(bytes, 2, &n, TEXT("AAAA")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_of_a_published_key_is_good),
        cmocka_unit_test(an_algorithm_that_is_not_pinned_is_refused),
        cmocka_unit_test(a_public_key_is_no_secret),
        cmocka_unit_test(a_token_changed_anywhere_is_refused),
        cmocka_unit_test(a_key_is_for_one_algorithm_and_one_name),
        cmocka_unit_test(keys_that_cannot_be_used_are_left_out),
        cmocka_unit_test(past_its_bounds_a_token_is_none),
        cmocka_unit_test(each_claim_is_held_against_what_was_asked),
        cmocka_unit_test(without_a_level_asked_none_is_wanted),
        cmocka_unit_test(a_subject_has_255_letters_at_most),
        cmocka_unit_test(userinfo_speaks_of_the_same_person),
        cmocka_unit_test(a_mail_that_is_not_verified_is_none),
        cmocka_unit_test(base64url_is_read_in_one_way_alone),
    };
    return cmocka_run_group_tests(tests, open_issuer, drop_issuer);
}
