/* worker.c — the thread that speaks to the provider, against one that tampers, is silent, says too
 * much, or turns its keys. A server of the test on loopback. */
#include <poll.h>

#include "oidc/worker.h"
#include "os/clock.h"
#include "test/support/issuer.h"

#define CLIENT "decroche"
#define WAIT_N 2000 /* ms */

static const struct oidc_flow flow = {
    .state = "state-of-the-test", .nonce = "nonce-of-the-test", .verifier = "verifier"};

struct desk {
    struct issuer *issuer;
    struct oidc_worker *worker;
    struct oidc_port port;
    struct oidc_told told;
};

static struct desk *open_desk(void)
{
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    d->issuer = issuer_open();
    const struct oidc_worker_args args = {
        .client = {.issuer = d->issuer->url,
                   .client_id = CLIENT,
                   .secret = "s3cret",
                   .redirect = "https://a.fr/connexion/oidc/retour",
                   .scope = "openid email",
                   .acr_values = "",
                   .has_pkce = true},
        .authority = "",
        .algorithms = OIDC_RS256,
        .label = "x"};
    assert_int_equal(oidc_worker_open(&d->worker, &args), 0);
    d->port = oidc_worker_port(d->worker);
    return d;
}

static void drop_desk(struct desk *d)
{
    oidc_worker_drop(d->worker);
    issuer_drop(d->issuer);
    free(d);
}

static enum oidc_why await(struct desk *d, uint64_t job_id)
{
    assert_true(job_id > 0);
    for (unsigned i = 0; i < WAIT_N; i++) {
        if (d->port.look(d->port.arg, job_id, &d->told) == OIDC_DONE)
            break;
        (void)poll(NULL, 0, 5);
    }
    assert_int_equal(d->port.look(d->port.arg, job_id, &d->told), OIDC_DONE);
    d->port.forget(d->port.arg, job_id);
    assert_int_equal(d->port.look(d->port.arg, job_id, &d->told), OIDC_UNKNOWN);
    return d->told.why;
}

/* As await(), and what was told stays. */
static enum oidc_why redeem(struct desk *d, struct oidc_told *told)
{
    uint64_t job_id = d->port.redeem(d->port.arg, &flow, TEXT("the-code"));
    assert_true(job_id > 0);
    for (unsigned i = 0; i < WAIT_N; i++) {
        if (d->port.look(d->port.arg, job_id, told) == OIDC_DONE)
            break;
        (void)poll(NULL, 0, 5);
    }
    assert_int_equal(d->port.look(d->port.arg, job_id, told), OIDC_DONE);
    d->port.forget(d->port.arg, job_id);
    return told->why;
}

/* The token endpoint answers with a token of these claims; "": the good ones. */
static void give_token(struct desk *d, const char *nonce)
{
    static char token[ISSUER_ROOM], body[ISSUER_ROOM];
    char claims[512];
    long long now_s = os_clock_wall_at() / 1000;
    snprintf(claims, sizeof(claims),
             "{\"iss\":\"%s\",\"aud\":\"" CLIENT "\",\"exp\":%lld,\"iat\":%lld,\"nonce\":\"%s\","
             "\"sub\":\"zoe\",\"email\":\"old@a.fr\"}",
             d->issuer->url, now_s + 60, now_s, nonce);
    issuer_sign(d->issuer, token, claims);
    snprintf(body, sizeof(body),
             "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"id_token\":\"%.60000s\"}",
             token);
    issuer_say(d->issuer, ISSUER_TOKEN, &(struct issuer_answer){200, NULL, body});
}

static void give_user(struct desk *d, const char *claims)
{
    static char token[ISSUER_ROOM];
    issuer_sign(d->issuer, token, claims);
    issuer_say(d->issuer, ISSUER_USER,
               &(struct issuer_answer){200, "application/jwt; charset=utf-8", token});
}

static void a_code_becomes_a_person(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct oidc_told told;
    assert_int_equal(await(d, d->port.go(d->port.arg, &flow)), OIDC_FINE);
    give_token(d, flow.nonce);
    issuer_say(d->issuer, ISSUER_USER,
               &(struct issuer_answer){200, NULL, "{\"sub\":\"zoe\",\"email\":\"Zoe@A.fr\"}"});
    assert_int_equal(redeem(d, &told), OIDC_FINE);
    assert_string_equal(told.subject, "zoe");
    assert_string_equal(told.mail, "zoe@a.fr");
    assert_non_null(strstr(told.id_token, "."));
    assert_non_null(strstr(d->issuer->posted, "client_secret=s3cret&code_verifier=verifier"));
    assert_true(d->port.is_up(d->port.arg));
    give_user(d, "{\"sub\":\"zoe\",\"aud\":\"" CLIENT "\"}");
    assert_int_equal(redeem(d, &told), OIDC_FINE);
    assert_string_equal(told.mail, "old@a.fr");
    drop_desk(d);
}

static void what_was_tampered_with_is_nobody(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct oidc_told told;
    static const struct {
        int status;
        const char *body;
        enum oidc_why why;
    } tokens[] = {
        {400, "{\"error\":\"invalid_grant\"}", OIDC_CODE_REFUSED},
        {302, "", OIDC_CODE_REFUSED},
        {503, "", OIDC_DOWN},
        {200, "<html>", OIDC_BAD_ANSWER},
        {200, "{\"id_token\":\"a.b.c\"}", OIDC_BAD_ANSWER},
        {200, "{\"id_token\":\"a.b.c\",\"access_token\":\"x\",\"token_type\":\"mac\"}",
         OIDC_BAD_ANSWER},
        {200, "{\"id_token\":\"a.b.c\",\"access_token\":\"x\",\"token_type\":\"Bearer\"}",
         OIDC_BAD_TOKEN},
        {200,
         "{\"id_token\":\"eyJhbGciOiJub25lIn0.e30.\",\"access_token\":\"x\","
         "\"token_type\":\"Bearer\"}",
         OIDC_BAD_ALGORITHM},
    };
    for (unsigned i = 0; i < ARRAY_LEN(tokens); i++) {
        issuer_say(d->issuer, ISSUER_TOKEN,
                   &(struct issuer_answer){tokens[i].status, NULL, tokens[i].body});
        assert_int_equal(redeem(d, &told), tokens[i].why);
        assert_string_equal(told.subject, "");
    }
    assert_int_equal(atomic_load(&d->issuer->asked_n[ISSUER_USER]), 0);
    give_token(d, "of-another-sign-in");
    assert_int_equal(redeem(d, &told), OIDC_BAD_NONCE);
    give_token(d, flow.nonce);
    give_user(d, "{\"sub\":\"somebody else\"}");
    assert_int_equal(redeem(d, &told), OIDC_BAD_SUBJECT);
    issuer_say(d->issuer, ISSUER_USER,
               &(struct issuer_answer){200, "application/jwt", "{\"sub\":\"zoe\"}"});
    assert_int_equal(redeem(d, &told), OIDC_BAD_TOKEN);
    issuer_say(d->issuer, ISSUER_USER, &(struct issuer_answer){401, NULL, "{\"sub\":\"zoe\"}"});
    assert_int_equal(redeem(d, &told), OIDC_BAD_ANSWER);
    drop_desk(d);
}

static void what_is_too_large_is_not_read_to_its_end(void **state)
{
    (void)state;
    static char huge[ISSUER_ROOM];
    struct desk *d = open_desk();
    struct oidc_told told;
    memset(huge, ' ', sizeof(huge) - 1);
    issuer_say(d->issuer, ISSUER_TOKEN, &(struct issuer_answer){200, NULL, huge});
    assert_int_equal(redeem(d, &told), OIDC_BAD_ANSWER);
    drop_desk(d);
}

static void keys_that_turn_are_asked_for_once_a_minute(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct oidc_told told;
    give_token(d, flow.nonce);
    issuer_say(d->issuer, ISSUER_USER, &(struct issuer_answer){200, NULL, "{\"sub\":\"zoe\"}"});
    assert_int_equal(redeem(d, &told), OIDC_FINE);
    assert_int_equal(atomic_load(&d->issuer->asked_n[ISSUER_KEYS]), 1);
    issuer_turn(d->issuer, "k2");
    give_token(d, flow.nonce);
    assert_int_equal(redeem(d, &told), OIDC_FINE);
    assert_int_equal(atomic_load(&d->issuer->asked_n[ISSUER_KEYS]), 2);
    d->issuer->kid = "k3"; /* which is never published */
    give_token(d, flow.nonce);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(redeem(d, &told), OIDC_UNKNOWN_KEY);
    assert_int_equal(atomic_load(&d->issuer->asked_n[ISSUER_KEYS]), 2);
    drop_desk(d);
}

static void a_provider_that_is_another_is_down(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    issuer_say(d->issuer, ISSUER_SELF,
               &(struct issuer_answer){200, NULL, "{\"issuer\":\"https://other\"}"});
    oidc_worker_drop(d->worker);
    const struct oidc_worker_args args = {.client = {.issuer = d->issuer->url,
                                                     .client_id = "",
                                                     .secret = "",
                                                     .redirect = "",
                                                     .scope = "",
                                                     .acr_values = ""},
                                          .authority = "",
                                          .algorithms = OIDC_RS256,
                                          .label = "x"};
    assert_int_equal(oidc_worker_open(&d->worker, &args), 0);
    d->port = oidc_worker_port(d->worker);
    assert_int_equal(await(d, d->port.go(d->port.arg, &flow)), OIDC_DOWN);
    assert_int_equal(await(d, d->port.leave(d->port.arg, TEXT("a.b.c"), "s")), OIDC_DOWN);
    assert_false(d->port.is_up(d->port.arg));
    drop_desk(d);
}

static void past_its_bound_no_job_is_taken(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    uint64_t jobs[OIDC_JOBS_MAX];
    assert_int_equal(await(d, d->port.go(d->port.arg, &flow)), OIDC_FINE);
    for (unsigned i = 0; i < OIDC_JOBS_MAX; i++) {
        jobs[i] = d->port.go(d->port.arg, &flow);
        assert_true(jobs[i] > 0);
    }
    assert_int_equal(d->port.go(d->port.arg, &flow), 0); /* those that are done wait to be taken */
    for (unsigned i = 0; i < OIDC_JOBS_MAX; i++)
        assert_int_equal(await(d, jobs[i]), OIDC_FINE);
    assert_int_equal(await(d, d->port.go(d->port.arg, &flow)), OIDC_FINE);
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_becomes_a_person),
        cmocka_unit_test(what_was_tampered_with_is_nobody),
        cmocka_unit_test(what_is_too_large_is_not_read_to_its_end),
        cmocka_unit_test(keys_that_turn_are_asked_for_once_a_minute),
        cmocka_unit_test(a_provider_that_is_another_is_down),
        cmocka_unit_test(past_its_bound_no_job_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
