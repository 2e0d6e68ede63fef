/* digest.c — the examples of RFC 7616 §3.9.1 and RFC 2617 §3.5, the judgement, its window, bounds.
 * The hash functions are a table of the texts that these examples hash, and a toy for the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "sip/digest.h"

#define NONCE "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define A1_SHA "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"
#define A2_SHA "9a3fdae9a622fe8de177c24fa9c070f2b181ec85e15dcbdc32e10c82ad450b04"
#define A1_MD5 "3d78807defe7de2157e2b0b6573a855f"
#define A2_MD5 "39aff3a2bab6126f332b942af96d3366"
#define OLD_A1 "939e7578ed9e3c518a452acee763bce9"
#define OLD_NONCE "dcd98b7102dd2f0e8b11d0f600bfb0c093"

static const struct {
    const char *text, *hex;
} known[] = {
    {"Mufasa:http-auth@example.org:Circle of Life", A1_SHA},
    {"GET:/dir/index.html", A2_SHA},
    {A1_SHA ":" NONCE ":00000001:" CNONCE ":auth:" A2_SHA,
     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
    {"Mufasa:http-auth@example.org:Circle of Life", A1_MD5},
    {"GET:/dir/index.html", A2_MD5},
    {A1_MD5 ":" NONCE ":00000001:" CNONCE ":auth:" A2_MD5, "8ca523f5e9506fed4657c9700eebdbec"},
    {OLD_A1 ":" OLD_NONCE ":" A2_MD5, "670fd8c2df070c60b045671b8b24ff02"},
};

/* How often it was called: the same for whoever asks. */
static unsigned calls_n;

static void toy_hex(char *hex, size_t n, struct text t)
{
    uint64_t h = n;
    for (size_t i = 0; i < t.n; i++)
        h = hash_fold(h, (unsigned char)t.p[i]);
    for (size_t i = 0; i < n; i++)
        hex[i] = "0123456789abcdef"[(h >> (4 * (i % 16))) & 15];
}

static void hex_fn(char *hex, enum sip_digest_algorithm algorithm, struct text t, void *arg)
{
    (void)arg;
    size_t n = algorithm == SIP_DIGEST_SHA256 ? 64 : 32;
    calls_n++;
    toy_hex(hex, n, t);
    for (unsigned i = 0; i < ARRAY_LEN(known); i++)
        if (strlen(known[i].hex) == n && text_equal(text_of(known[i].text), t))
            memcpy(hex, known[i].hex, n);
}

static const struct sip_digest_hash hash = {.hex_fn = hex_fn};

static void assert_hex(const struct sip_digest_hex *hex, const char *expected)
{
    assert_int_equal(hex->n, strlen(expected));
    assert_memory_equal(hex->c, expected, hex->n);
}

static struct sip_digest_sum example(enum sip_digest_algorithm algorithm)
{
    return (struct sip_digest_sum){.algorithm = algorithm,
                                   .a1 = text_of(algorithm == SIP_DIGEST_MD5 ? A1_MD5 : A1_SHA),
                                   .method = TEXT("GET"),
                                   .uri = TEXT("/dir/index.html"),
                                   .nonce = TEXT(NONCE),
                                   .nc = TEXT("00000001"),
                                   .cnonce = TEXT(CNONCE),
                                   .has_qop = true};
}

static void the_examples_of_the_rfcs_come_out(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SIP_DIGEST_ALGORITHMS; i++) {
        enum sip_digest_algorithm algorithm = (enum sip_digest_algorithm)i;
        const struct sip_digest_who who = {algorithm, TEXT("Mufasa"), TEXT("http-auth@example.org"),
                                           TEXT("Circle of Life")};
        struct sip_digest_hex hex = sip_digest_a1(&who, &hash);
        assert_hex(&hex, algorithm == SIP_DIGEST_MD5 ? A1_MD5 : A1_SHA);
        const struct sip_digest_sum sum = example(algorithm);
        hex = sip_digest_response(&sum, &hash);
        assert_hex(&hex, known[algorithm == SIP_DIGEST_MD5 ? 5 : 2].hex);
    }
    struct sip_digest_sum old = example(SIP_DIGEST_MD5);
    old.a1 = TEXT(OLD_A1);
    old.nonce = TEXT(OLD_NONCE);
    old.has_qop = false;
    struct sip_digest_hex hex = sip_digest_response(&old, &hash);
    assert_hex(&hex, "670fd8c2df070c60b045671b8b24ff02");
}

static void a_text_past_the_bound_is_not_hashed(void **state)
{
    (void)state;
    static char big[SIP_DIGEST_TEXT_MAX];
    memset(big, 'x', sizeof(big));
    struct sip_digest_sum sum = example(SIP_DIGEST_SHA256);
    sum.uri = (struct text){big, SIP_DIGEST_TEXT_MAX - 4};
    assert_int_equal(sip_digest_response(&sum, &hash).n, 64);
    sum.uri.n++;
    assert_int_equal(sip_digest_response(&sum, &hash).n, 0);
}

/* ---- reading and writing ------------------------------------------------------------------ */

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void credentials_are_read_as_phones_write_them(void **state)
{
    (void)state;
    struct sip_digest_said said;
    assert_true(sip_digest_read(
        &said, TEXT("digest  username=\"7\\\"x\", realm=\"a, b\" ,nonce = \"n\",\r\n uri=\"sip:h\","
                    "response=\"ab\",algorithm=SHA-256,qop=auth,nc=00000001,cnonce=\"c\",x=\"\"")));
    assert_text(said.username, "7\\\"x");
    assert_text(said.realm, "a, b");
    assert_text(said.nonce, "n");
    assert_text(said.uri, "sip:h");
    assert_text(said.algorithm, "SHA-256");
    assert_text(said.qop, "auth");
    assert_text(said.nc, "00000001");
    assert_text(said.opaque, "");
    assert_int_equal(sip_digest_algorithm_of(said.algorithm), SIP_DIGEST_SHA256);
    assert_int_equal(sip_digest_algorithm_of(TEXT_NONE), SIP_DIGEST_MD5);
    assert_int_equal(sip_digest_algorithm_of(TEXT("MD5-sess")), SIP_DIGEST_ALGORITHMS);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "Digest",
                                      "Digest ",
                                      "Basic abc=",
                                      "Digestrealm=\"a\"",
                                      "Digest realm=\"a",
                                      "Digest realm=\"a\\",
                                      "Digest realm",
                                      "Digest realm=",
                                      "Digest =\"a\"",
                                      "Digest realm=\"a\" nonce=\"b\"",
                                      "Digest realm=\"a\",",
                                      "Digest realm=\"a\", realm=\"b\"",
                                      ("Digest x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1"
                                       ",x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1")};
    struct sip_digest_said said;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(sip_digest_read(&said, text_of(bad[i])));
}

static void a_challenge_offers_the_better_algorithm_first(void **state)
{
    (void)state;
    char room[512];
    struct text_out out = {.p = room, .max = sizeof(room)};
    struct sip_digest_challenge c = {
        .realm = TEXT("accueil"), .nonce = TEXT("n1"), .allows_md5 = true, .is_stale = true};
    assert_true(sip_digest_put_challenge(&out, &c));
    assert_text((struct text){room, out.n},
                "WWW-Authenticate: Digest realm=\"accueil\", nonce=\"n1\", stale=true, "
                "algorithm=SHA-256, qop=\"auth\"\r\n"
                "WWW-Authenticate: Digest realm=\"accueil\", nonce=\"n1\", stale=true, "
                "algorithm=MD5, qop=\"auth\"\r\n");
    c = (struct sip_digest_challenge){
        .realm = TEXT("r"), .nonce = TEXT("n"), .opaque = TEXT("o"), .is_proxy = true};
    out.n = 0;
    assert_true(sip_digest_put_challenge(&out, &c));
    assert_text((struct text){room, out.n},
                "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", opaque=\"o\", "
                "algorithm=SHA-256, qop=\"auth\"\r\n");
    out = (struct text_out){.p = room, .max = 20};
    assert_false(sip_digest_put_challenge(&out, &c));
}

static struct sip_digest_said challenge(const char *value)
{
    struct sip_digest_said said;
    assert_true(sip_digest_read(&said, text_of(value)));
    return said;
}

static void the_best_challenge_that_we_may_answer_is_chosen(void **state)
{
    (void)state;
    const struct sip_digest_said c[] = {
        challenge("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256, qop=\"auth\""),
        challenge("Digest realm=\"r\", nonce=\"n\""),
        challenge("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth-int\""),
        challenge("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth-int, auth\""),
    };
    assert_int_equal(sip_digest_choose(c, 4, true), 3);
    assert_int_equal(sip_digest_choose(c, 3, true), 1);
    assert_int_equal(sip_digest_choose(c, 3, false), 3);
    assert_int_equal(sip_digest_choose(c, 0, true), 0);
}

static void an_answer_is_what_the_rfc_would_send(void **state)
{
    (void)state;
    char room[1024];
    struct text_out out = {.p = room, .max = sizeof(room)};
    const struct sip_digest_said said = challenge(
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
        "nonce=\"" NONCE "\", opaque=\"FQhe\"");
    const struct sip_digest_answer answer = {.challenge = &said,
                                             .username = TEXT("Mufasa"),
                                             .secret = TEXT("Circle of Life"),
                                             .method = TEXT("GET"),
                                             .uri = TEXT("/dir/index.html"),
                                             .cnonce = TEXT(CNONCE),
                                             .count = 1};
    assert_true(sip_digest_put_answer(&out, &answer, &hash));
    assert_text((struct text){room, out.n},
                "Authorization: Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
                "nonce=\"" NONCE "\", uri=\"/dir/index.html\", response=\""
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", "
                "algorithm=SHA-256, opaque=\"FQhe\", qop=auth, nc=00000001, cnonce=\"" CNONCE
                "\"\r\n");
}

static void a_bare_quote_is_not_written(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\"b", "a\\", "a\\\\\"", "a\r\nX: y"};
    char room[1024];
    for (unsigned i = 0; i <= ARRAY_LEN(bad); i++) {
        const struct sip_digest_said said = challenge("Digest realm=\"r\\\"\", nonce=\"n\"");
        const struct sip_digest_answer answer = {
            .challenge = &said, .username = text_of(i < ARRAY_LEN(bad) ? bad[i] : "a\\\"b")};
        struct text_out out = {.p = room, .max = sizeof(room)};
        assert_int_equal(sip_digest_put_answer(&out, &answer, &hash), i == ARRAY_LEN(bad));
    }
}

/* ---- judging ------------------------------------------------------------------------------ */

#define MAX 3u
#define LIFE_MS ((ms_t)60000)

struct fixture {
    struct sip_digest_guard guard;
    void *memory;
    ms_t now_at, issued_at;
    uint64_t nonce_id;
    char line[1024];
    const char *secret, *a1;
    bool is_md5;
};

static void fixture_open(struct fixture *f, bool allows_md5)
{
    const struct sip_digest_policy policy = {
        .nonce_life_ms = LIFE_MS, .allows_md5 = allows_md5, .nonces_max = MAX};
    struct arena arena = {0};
    sip_digest_open(&f->guard, &arena, &policy);
    arena = (struct arena){.base = aligned_alloc(ARENA_ALIGN, arena.used), .size = arena.used};
    f->memory = arena.base;
    sip_digest_open(&f->guard, &arena, &policy);
    f->now_at = f->issued_at = 1000000;
    f->nonce_id = 1;
    f->secret = "right";
    f->a1 = "right";
    f->is_md5 = false;
}

static struct sip_digest_hex a1_of(const struct fixture *f, const char *secret)
{
    const struct sip_digest_who who = {f->is_md5 ? SIP_DIGEST_MD5 : SIP_DIGEST_SHA256, TEXT("7"),
                                       TEXT("r"), text_of(secret)};
    return sip_digest_a1(&who, &hash);
}

/* A phone answers our challenge with its count; we judge. */
static int judge(struct fixture *f, uint32_t count)
{
    const struct sip_digest_said c =
        challenge(f->is_md5 ? "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\""
                            : "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"");
    const struct sip_digest_answer answer = {.challenge = &c,
                                             .username = TEXT("7"),
                                             .secret = text_of(f->secret),
                                             .method = TEXT("REGISTER"),
                                             .uri = TEXT("sip:us"),
                                             .cnonce = TEXT("c"),
                                             .count = count};
    struct text_out out = {.p = f->line, .max = sizeof(f->line)};
    assert_true(sip_digest_put_answer(&out, &answer, &hash));
    size_t name_n = strlen("Authorization: ");
    struct sip_digest_said said;
    assert_true(sip_digest_read(&said, (struct text){f->line + name_n, out.n - name_n - 2}));
    struct sip_digest_hex a1 = a1_of(f, f->a1 ? f->a1 : "");
    const struct sip_digest_case judged = {.said = &said,
                                           .method = TEXT("REGISTER"),
                                           .realm = TEXT("r"),
                                           .a1 = f->a1 ? sip_digest_hex_text(&a1) : TEXT_NONE,
                                           .nonce_is_ours = true,
                                           .nonce_id = f->nonce_id,
                                           .nonce_issued_at = f->issued_at};
    calls_n = 0;
    return (int)sip_digest_judge(&f->guard, &judged, &hash, f->now_at);
}

static void an_unknown_user_and_a_wrong_secret_get_the_same_after_the_same_work(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(judge(&f, 1), SIP_DIGEST_ADMITTED);
    unsigned work_n = calls_n;
    f.secret = "wrong";
    assert_int_equal(judge(&f, 2), SIP_DIGEST_WRONG);
    assert_int_equal(calls_n, work_n);
    f.a1 = NULL;
    assert_int_equal(judge(&f, 2), SIP_DIGEST_WRONG);
    assert_int_equal(calls_n, work_n);
    free(f.memory);
}

static void a_count_is_admitted_once_in_any_order_within_the_window(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    assert_int_equal(judge(&f, 2), SIP_DIGEST_ADMITTED);
    assert_int_equal(judge(&f, 2), SIP_DIGEST_STALE);
    assert_int_equal(judge(&f, 1), SIP_DIGEST_ADMITTED);
    assert_int_equal(judge(&f, 1), SIP_DIGEST_STALE);
    assert_int_equal(judge(&f, 2 + SIP_DIGEST_WINDOW), SIP_DIGEST_ADMITTED);
    assert_int_equal(judge(&f, 2), SIP_DIGEST_STALE);
    assert_int_equal(judge(&f, 3), SIP_DIGEST_ADMITTED); /* the last of the window */
    assert_int_equal(judge(&f, UINT32_MAX), SIP_DIGEST_ADMITTED);
    assert_int_equal(judge(&f, 1 + SIP_DIGEST_WINDOW), SIP_DIGEST_STALE);
    assert_int_equal(judge(&f, UINT32_MAX - 1), SIP_DIGEST_ADMITTED);
    free(f.memory);
}

static void a_nonce_lives_its_time(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    f.now_at = f.issued_at + LIFE_MS;
    assert_int_equal(judge(&f, 1), SIP_DIGEST_ADMITTED);
    f.now_at++;
    assert_int_equal(judge(&f, 2), SIP_DIGEST_STALE);
    f.issued_at = f.now_at + 1; /* of the future: not ours in truth */
    assert_int_equal(judge(&f, 3), SIP_DIGEST_STALE);
    free(f.memory);
}

static void a_forgotten_nonce_is_stale_and_never_new(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    for (uint64_t id = 1; id <= MAX + 1; id++) {
        f.nonce_id = id;
        f.issued_at = 1000000 + (ms_t)id;
        f.now_at = f.issued_at + 10;
        assert_int_equal(judge(&f, 1), SIP_DIGEST_ADMITTED);
    }
    assert_int_equal(f.guard.n, MAX);
    f.nonce_id = 1;
    f.issued_at = 1000001;
    assert_int_equal(judge(&f, 1), SIP_DIGEST_STALE); /* the replay of a nonce pushed out */
    f.nonce_id = 2;
    f.issued_at = 1000002;
    assert_int_equal(judge(&f, 2), SIP_DIGEST_ADMITTED); /* still remembered */
    free(f.memory);
}

static void wrong_answers_fill_no_memory(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    f.secret = "wrong";
    for (uint64_t id = 1; id < 50; id++) {
        f.nonce_id = id;
        assert_int_equal(judge(&f, 1), SIP_DIGEST_WRONG);
    }
    assert_int_equal(f.guard.n, 0);
    free(f.memory);
}

static void md5_is_taken_where_the_settings_allow_it(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, false);
    f.is_md5 = true;
    assert_int_equal(judge(&f, 1), SIP_DIGEST_CHALLENGE);
    free(f.memory);
    fixture_open(&f, true);
    f.is_md5 = true;
    assert_int_equal(judge(&f, 1), SIP_DIGEST_ADMITTED);
    free(f.memory);
}

static void what_is_no_answer_of_ours_is_challenged_and_what_is_broken_is_bad(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, true);
    static const struct {
        const char *value;
        bool is_ours;
        enum sip_digest_verdict verdict;
    } cases[] = {
        {"realm=\"r\",nonce=\"n\",response=\"x\"", true, SIP_DIGEST_CHALLENGE}, /* no qop */
        {"realm=\"q\",nonce=\"n\",qop=auth", true, SIP_DIGEST_CHALLENGE},
        {"realm=\"r\",nonce=\"n\",qop=auth-int", true, SIP_DIGEST_CHALLENGE},
        {"realm=\"r\",nonce=\"n\",qop=auth,algorithm=MD5-sess", true, SIP_DIGEST_CHALLENGE},
        {"realm=\"r\",nonce=\"n\",qop=auth", false, SIP_DIGEST_CHALLENGE},
        {"realm=\"r\",nonce=\"n\",qop=auth", true, SIP_DIGEST_BAD},
        {"realm=\"r\",nonce=\"n\",qop=auth,nc=00000000,cnonce=\"c\",uri=\"u\","
         "response=\"00000000000000000000000000000000\"",
         true, SIP_DIGEST_BAD},
        {"realm=\"r\",nonce=\"n\",qop=auth,nc=0000000g,cnonce=\"c\",uri=\"u\","
         "response=\"00000000000000000000000000000000\"",
         true, SIP_DIGEST_BAD},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        char value[512] = "Digest ";
        memcpy(value + 7, cases[i].value, strlen(cases[i].value) + 1);
        const struct sip_digest_said said = challenge(value);
        const struct sip_digest_case c = {.said = &said,
                                          .method = TEXT("REGISTER"),
                                          .realm = TEXT("r"),
                                          .nonce_is_ours = cases[i].is_ours,
                                          .nonce_id = 1,
                                          .nonce_issued_at = f.now_at};
        assert_int_equal(sip_digest_judge(&f.guard, &c, &hash, f.now_at), cases[i].verdict);
    }
    const struct sip_digest_case none = {.realm = TEXT("r")};
    assert_int_equal(sip_digest_judge(&f.guard, &none, &hash, f.now_at), SIP_DIGEST_CHALLENGE);
    free(f.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfcs_come_out),
        cmocka_unit_test(a_text_past_the_bound_is_not_hashed),
        cmocka_unit_test(credentials_are_read_as_phones_write_them),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_challenge_offers_the_better_algorithm_first),
        cmocka_unit_test(the_best_challenge_that_we_may_answer_is_chosen),
        cmocka_unit_test(an_answer_is_what_the_rfc_would_send),
        cmocka_unit_test(a_bare_quote_is_not_written),
        cmocka_unit_test(an_unknown_user_and_a_wrong_secret_get_the_same_after_the_same_work),
        cmocka_unit_test(a_count_is_admitted_once_in_any_order_within_the_window),
        cmocka_unit_test(a_nonce_lives_its_time),
        cmocka_unit_test(a_forgotten_nonce_is_stale_and_never_new),
        cmocka_unit_test(wrong_answers_fill_no_memory),
        cmocka_unit_test(md5_is_taken_where_the_settings_allow_it),
        cmocka_unit_test(what_is_no_answer_of_ours_is_challenged_and_what_is_broken_is_bad),
    };
    return cmocka_run_group_tests_name("sip/digest", tests, NULL, NULL);
}
