/* register.c — a line signs in: challenge, answer with SHA-256 or MD5, bindings, and who is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "phone/hash.h"
#include "phone/register.h"

struct fixture {
    struct phone_secret secret;
    struct phone_register reg;
    void *memory;
    ms_t now_at;
    char answer[4096];
    char nonce[128];
    uint32_t cseq;
    uint8_t host; /* last part of the address that it comes from */
    uint16_t port;
};

static struct fixture *fixture_open(bool is_md5_alone)
{
    static const struct phone_register_limits base = {
        .accounts_max = 2,
        .registrar = {.bindings_max = 8,
                      .expires_s_min = 60,
                      .expires_s_default = 300,
                      .expires_s_max = 3600},
        .digest = {.nonce_life_ms = 300000, .allows_md5 = true, .nonces_max = 8}};
    struct phone_register_limits limits = base;
    struct arena arena = {0};
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    limits.is_md5_alone = is_md5_alone;
    phone_register_open(&f->reg, &arena, &limits);
    f->memory = aligned_alloc(ARENA_ALIGN, arena.used);
    arena = (struct arena){.base = f->memory, .size = arena.used};
    phone_register_open(&f->reg, &arena, &limits);
    f->secret = (struct phone_secret){{1, 2}, {3, 4}};
    f->now_at = 1790000000000;
    f->host = 9;
    f->port = 5062;
    assert_true(phone_register_name(&f->reg, &f->secret, TEXT("decroche")));
    assert_int_equal(phone_register_add(&f->reg, 7, TEXT("101"), TEXT("s3cret")),
                     PHONE_ACCOUNT_ADDED);
    return f;
}

static void fixture_drop(struct fixture *f)
{
    free(f->memory);
    free(f);
}

/* Sends a REGISTER for user with these lines; the status of the answer. */
static int send_for(struct fixture *f, const char *user, const char *lines)
{
    static struct sip_read r;
    static char bytes[4096];
    int n =
        snprintf(bytes, sizeof(bytes),
                 "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%u;rport\r\n"
                 "From: <sip:%s@h>;tag=1\r\nTo: <sip:%s@h>\r\nCall-ID: c\r\n"
                 "CSeq: %u REGISTER\r\n%s\r\n",
                 f->cseq, user, user, f->cseq, lines);
    f->cseq++;
    assert_int_equal(sip_read(&r, bytes, (size_t)n), SIP_READ_OK);
    struct phone_answer answer = {.out = {.p = f->answer, .max = sizeof(f->answer) - 1}};
    const struct phone_visit visit = {
        &r, {.at = {.ip = {192, 0, 2, f->host}, .family = 4, .port = f->port}}, f->now_at};
    assert_int_equal(phone_register_take(&f->reg, &visit, &answer), PHONE_ANSWERED);
    f->answer[answer.out.n] = 0;
    return (int)strtol(f->answer + strlen("SIP/2.0 "), NULL, 10);
}

/* Answers the first challenge in f->answer with this secret; the Authorization line. */
static void answer_challenge(struct fixture *f, const char *secret, char *line, size_t max)
{
    const char *at = strstr(f->answer, "WWW-Authenticate: ");
    assert_non_null(at);
    at += strlen("WWW-Authenticate: ");
    const struct text value = {at, strcspn(at, "\r")};
    const struct sip_digest_hash hash = phone_hash();
    struct sip_digest_said challenge;
    assert_true(sip_digest_read(&challenge, value));
    struct text_out out = {.p = line, .max = max - 1};
    const struct sip_digest_answer answer = {.challenge = &challenge,
                                             .username = TEXT("101"),
                                             .secret = text_of(secret),
                                             .method = TEXT("REGISTER"),
                                             .uri = TEXT("sip:h"),
                                             .cnonce = TEXT("abcdef"),
                                             .count = 1};
    assert_true(sip_digest_put_answer(&out, &answer, &hash));
    line[out.n] = 0;
}

static int sign_in(struct fixture *f, const char *user, const char *secret, const char *more)
{
    char line[1024], lines[2048];
    assert_int_equal(send_for(f, user, ""), 401);
    answer_challenge(f, secret, line, sizeof(line));
    snprintf(lines, sizeof(lines), "%s%s", line, more);
    return send_for(f, user, lines);
}

#define CONTACT "Contact: <sip:101@192.0.2.9:5062>;expires=120\r\n"

static void a_line_signs_in_with_sha_256(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(send_for(f, "101", ""), 401);
    assert_non_null(strstr(f->answer, "SHA-256"));
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200);
    assert_non_null(strstr(f->answer, "Contact: <sip:101@192.0.2.9:5062>;expires=120"));
    const struct sip_binding *b = sip_registrar_next(&f->reg.registrar, 7, NULL);
    assert_non_null(b);
    assert_int_equal(b->source.at.port, 5062);
    fixture_drop(f);
}

static void a_line_that_knows_only_md5_is_asked_for_that_alone_where_settings_say(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(true);
    assert_int_equal(send_for(f, "101", ""), 401);
    assert_null(strstr(f->answer, "SHA-256"));
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200);
    fixture_drop(f);
}

static void a_wrong_secret_and_an_unknown_line_get_the_same_answer(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(sign_in(f, "101", "wrong", CONTACT), 401);
    assert_int_equal(sip_registrar_next(&f->reg.registrar, 7, NULL) != NULL, 0);
    fixture_drop(f);
}

/* ---- guesses -------------------------------------------------------------------------------- */

static void guesses(struct fixture *f, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(sign_in(f, "101", "wrong", CONTACT), 401);
}

static void after_ten_guesses_nothing_is_right_from_there_for_five_minutes(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    guesses(f, PHONE_GUESSES_LINE - 1);
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200); /* and begins anew */
    assert_int_equal(sign_in(f, "101", "s3cret", "Contact: *\r\nExpires: 0\r\n"), 200);
    guesses(f, PHONE_GUESSES_LINE);
    assert_int_equal(f->reg.locks_n, 1);
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 401);
    assert_non_null(strstr(f->answer, "WWW-Authenticate")); /* as any wrong one */
    f->port++;                                              /* the same source */
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 401);
    f->now_at += PHONE_GUESS_LOCKED_MS - 1;
    guesses(f, 1); /* not for longer */
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 401);
    f->now_at += 1;
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200);
    fixture_drop(f);
}

static void the_telephone_itself_is_heard_all_the_while(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    f->host = 7; /* the attacker, elsewhere */
    guesses(f, PHONE_GUESSES_LINE);
    f->host = 9;
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200);
    f->port++; /* the attacker, behind the same address translation */
    guesses(f, PHONE_GUESSES_LINE);
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 401);
    f->port--; /* where it is bound */
    assert_int_equal(sign_in(f, "101", "s3cret", CONTACT), 200);
    fixture_drop(f);
}

static void slow_mistakes_are_forgotten(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    for (unsigned i = 0; i < 3 * PHONE_GUESSES_LINE; i++, f->now_at += PHONE_GUESS_FORGOTTEN_MS)
        guesses(f, 1);
    assert_int_equal(f->reg.locks_n, 0);
    f->now_at -= 1; /* this one is remembered */
    guesses(f, PHONE_GUESSES_LINE - 1);
    assert_int_equal(f->reg.locks_n, 1);
    fixture_drop(f);
}

static void a_secret_that_was_set_right_is_heard_at_once(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    guesses(f, PHONE_GUESSES_LINE);
    phone_register_begin(&f->reg);
    assert_int_equal(phone_register_add(&f->reg, 7, TEXT("101"), TEXT("n3w")), PHONE_ACCOUNT_ADDED);
    phone_register_end(&f->reg, f->now_at);
    assert_int_equal(sign_in(f, "101", "n3w", CONTACT), 200);
    fixture_drop(f);
}

/* Of the table itself: a key each line, and the source's own. */
static void a_search_through_all_lines_ends_too(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct phone_guesses g;
    phone_guesses_open(&g, &arena);
    void *memory = aligned_alloc(ARENA_ALIGN, arena.used);
    arena = (struct arena){.base = memory, .size = arena.used};
    phone_guesses_open(&g, &arena);
    for (unsigned i = 1; i < PHONE_GUESSES_SOURCE; i++)
        assert_false(phone_guess_wrong(&g, 77, PHONE_GUESSES_SOURCE, 1000));
    assert_false(phone_guess_is_locked(&g, 77, 1000));
    assert_true(phone_guess_wrong(&g, 77, PHONE_GUESSES_SOURCE, 1000));
    assert_true(phone_guess_is_locked(&g, 77, 1000));
    /* Others that fall into its set do not push it out while there is another row. */
    for (uint64_t i = 1; i < 4 * PHONE_GUESS_WAYS; i++)
        phone_guess_wrong(&g, 77 + i * PHONE_GUESS_SETS, PHONE_GUESSES_LINE, 2000 + (ms_t)i);
    assert_true(phone_guess_is_locked(&g, 77, 2000));
    assert_false(phone_guess_wrong(&g, 0, 1, 2000)); /* no key */
    free(memory);
}

static void a_line_may_not_bind_another(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(sign_in(f, "102", "s3cret", CONTACT), 403);
    fixture_drop(f);
}

static void an_answer_said_twice_is_stale(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    char line[1024];
    assert_int_equal(send_for(f, "101", ""), 401);
    answer_challenge(f, "s3cret", line, sizeof(line));
    assert_int_equal(send_for(f, "101", line), 200);
    assert_int_equal(send_for(f, "101", line), 401);
    assert_non_null(strstr(f->answer, "stale=true"));
    fixture_drop(f);
}

static void an_old_nonce_is_stale_and_a_forged_one_is_challenged(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    char line[1024];
    assert_int_equal(send_for(f, "101", ""), 401);
    answer_challenge(f, "s3cret", line, sizeof(line));
    f->now_at += 300001;
    assert_int_equal(send_for(f, "101", line), 401);
    assert_non_null(strstr(f->answer, "stale=true"));
    char *nonce = strstr(line, "nonce=\"");
    assert_non_null(nonce);
    nonce[8] = nonce[8] == '0' ? '1' : '0';
    assert_int_equal(send_for(f, "101", line), 401);
    assert_null(strstr(f->answer, "stale=true"));
    fixture_drop(f);
}

static void too_brief_is_told_with_the_least(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(sign_in(f, "101", "s3cret", "Contact: <sip:101@h>;expires=59\r\n"), 423);
    assert_non_null(strstr(f->answer, "Min-Expires: 60\r\n"));
    assert_int_equal(sign_in(f, "101", "s3cret", "Contact: <sip:101@h>;expires=60\r\n"), 200);
    fixture_drop(f);
}

static void one_account_too_many_is_refused(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(phone_register_add(&f->reg, 8, TEXT("101"), TEXT("x")), PHONE_ACCOUNT_TAKEN);
    assert_int_equal(phone_register_add(&f->reg, 8, TEXT("102"), TEXT("x")), PHONE_ACCOUNT_ADDED);
    assert_int_equal(phone_register_add(&f->reg, 9, TEXT("103"), TEXT("x")), PHONE_ACCOUNT_FULL);
    fixture_drop(f);
}

static uint32_t bound_n(const struct fixture *f, uint64_t aor)
{
    uint32_t n = 0;
    const struct sip_binding *b = NULL;
    while ((b = sip_registrar_next(&f->reg.registrar, aor, b)))
        n++;
    return n;
}

/* Bindings that are over, as the telephone reports them. */
static uint32_t away_n(struct fixture *f)
{
    struct sip_binding gone;
    uint32_t n = 0;
    while (sip_registrar_due(&f->reg.registrar, f->now_at, &gone))
        n++;
    return n;
}

static void say_again(struct fixture *f, uint64_t aor, const char *line, const char *secret)
{
    phone_register_begin(&f->reg);
    assert_int_equal(phone_register_add(&f->reg, aor, text_of(line), text_of(secret)),
                     PHONE_ACCOUNT_ADDED);
    assert_int_equal(phone_register_add(&f->reg, aor, text_of(line), text_of(secret)),
                     PHONE_ACCOUNT_TAKEN);
    phone_register_end(&f->reg, f->now_at);
}

static const char contact[] = "Contact: <sip:101@192.0.2.9>\r\n";

static void an_account_that_is_said_again_as_it_was_keeps_its_telephones(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(sign_in(f, "101", "s3cret", contact), 200);
    say_again(f, 7, "101", "s3cret");
    assert_int_equal(away_n(f), 0);
    assert_int_equal(bound_n(f, 7), 1);
    fixture_drop(f);
}

static void another_secret_or_agent_or_no_account_at_all_ends_the_bindings(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    assert_int_equal(sign_in(f, "101", "s3cret", contact), 200);
    say_again(f, 7, "101", "other");
    assert_int_equal(away_n(f), 1);
    assert_int_equal(sign_in(f, "101", "s3cret", contact), 401);
    assert_int_equal(sign_in(f, "101", "other", contact), 200);
    say_again(f, 9, "101", "other"); /* the set goes to another agent */
    assert_int_equal(away_n(f), 1);
    assert_false(phone_register_has(&f->reg, 7));
    assert_int_equal(sign_in(f, "101", "other", contact), 200);
    assert_int_equal(bound_n(f, 9), 1);
    say_again(f, 9, "111", "other"); /* the line is renamed */
    assert_int_equal(away_n(f), 1);
    assert_true(phone_register_has(&f->reg, 9));
    assert_int_equal(sign_in(f, "101", "other", contact), 401);
    phone_register_begin(&f->reg);
    phone_register_end(&f->reg, f->now_at);
    assert_false(phone_register_has(&f->reg, 9));
    fixture_drop(f);
}

static void places_of_closed_accounts_are_used_again(void **state)
{
    (void)state;
    struct fixture *f = fixture_open(false);
    for (uint64_t aor = 20; aor < 40; aor++) {
        char line[8];
        snprintf(line, sizeof(line), "%u", (unsigned)aor);
        say_again(f, aor, line, "x");
        assert_true(phone_register_has(&f->reg, aor));
        assert_false(phone_register_has(&f->reg, aor - 1));
    }
    assert_true(f->reg.accounts_n <= 2);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_signs_in_with_sha_256),
        cmocka_unit_test(a_line_that_knows_only_md5_is_asked_for_that_alone_where_settings_say),
        cmocka_unit_test(a_wrong_secret_and_an_unknown_line_get_the_same_answer),
        cmocka_unit_test(after_ten_guesses_nothing_is_right_from_there_for_five_minutes),
        cmocka_unit_test(the_telephone_itself_is_heard_all_the_while),
        cmocka_unit_test(slow_mistakes_are_forgotten),
        cmocka_unit_test(a_secret_that_was_set_right_is_heard_at_once),
        cmocka_unit_test(a_search_through_all_lines_ends_too),
        cmocka_unit_test(a_line_may_not_bind_another),
        cmocka_unit_test(an_answer_said_twice_is_stale),
        cmocka_unit_test(an_old_nonce_is_stale_and_a_forged_one_is_challenged),
        cmocka_unit_test(too_brief_is_told_with_the_least),
        cmocka_unit_test(one_account_too_many_is_refused),
        cmocka_unit_test(an_account_that_is_said_again_as_it_was_keeps_its_telephones),
        cmocka_unit_test(another_secret_or_agent_or_no_account_at_all_ends_the_bindings),
        cmocka_unit_test(places_of_closed_accounts_are_used_again),
    };
    return cmocka_run_group_tests_name("phone/register", tests, NULL, NULL);
}
