/* pages_oidc.c — signing in at an identity provider: nothing comes back that this browser did not
 * begin, no account is made, who is disabled and who is unknown get one answer, what is refused is
 * noted within a bound; out at both. The provider is a struct of the test. */
#include <stdio.h>

#include "app/pages_oidc.h"
#include "test/support/doorkeeper.h"

#define BACK "/connexion/oidc/retour"

/* A provider that answers as the test says, and remembers what it was asked. */
static struct provider {
    struct oidc_told told;
    struct oidc_flow flow;
    char word[OIDC_ID_TOKEN_BYTES];
    bool is_busy, is_full, is_up;
    unsigned jobs_n, refused_n;
    enum oidc_why why;
    /* of the disk: whose it is */
    uint8_t subject[SESSION_HASH_BYTES];
    const char *mail;
    bool has_subject;
} idp;

static uint64_t give(const struct oidc_flow *flow, struct text word)
{
    if (idp.is_full)
        return 0;
    idp.flow = *flow;
    memset(idp.word, 0, sizeof(idp.word));
    if (word.n)
        memcpy(idp.word, word.p, word.n);
    return ++idp.jobs_n;
}

static bool is_up(void *arg)
{
    (void)arg;
    return idp.is_up;
}

static uint64_t go(void *arg, const struct oidc_flow *flow)
{
    (void)arg;
    return give(flow, TEXT_NONE);
}

static uint64_t redeem(void *arg, const struct oidc_flow *flow, struct text code)
{
    (void)arg;
    return give(flow, code);
}

static uint64_t leave(void *arg, struct text id_token, const char *state)
{
    struct oidc_flow flow = {.nonce = ""};
    (void)arg;
    memcpy(flow.state, state, strlen(state));
    return give(&flow, id_token);
}

static enum oidc_state look(void *arg, uint64_t job_id, struct oidc_told *told)
{
    (void)arg;
    (void)job_id;
    *told = idp.told;
    return idp.is_busy ? OIDC_GIVEN : OIDC_DONE;
}

static void forget(void *arg, uint64_t job_id)
{
    (void)arg;
    (void)job_id;
}

static void refused(void *arg, enum oidc_why why)
{
    (void)arg;
    idp.refused_n++;
    idp.why = why;
}

static struct oidc_port port = {.label = "S’identifier avec <ProConnect>",
                                .issuer = "https://idp.example",
                                .is_up = is_up,
                                .go = go,
                                .redeem = redeem,
                                .leave = leave,
                                .look = look,
                                .forget = forget,
                                .refused = refused};

static int by_subject(void *arg, const uint8_t subject[SESSION_HASH_BYTES], struct account *account)
{
    const struct door *d = arg;
    *account = d->account;
    return idp.has_subject && !memcmp(subject, idp.subject, SESSION_HASH_BYTES) ? 0 : ENOENT;
}

static int by_mail(void *arg, const char *mail, struct account *account)
{
    const struct door *d = arg;
    *account = d->account;
    return idp.mail && !strcmp(mail, idp.mail) ? 0 : ENOENT;
}

/* zoe is linked to the one account that there is. */
static struct door *open_linked(void)
{
    struct door *d = door_open();
    static const char who[] = "https://idp.example\nzoe";
    door_admit(d, RIGHTS_AGENT, true);
    d->has_session = false;
    d->accounts->args.oidc = &port;
    d->port.by_subject = by_subject;
    d->port.by_mail = by_mail;
    port.links_by_mail = false;
    memset(&idp, 0, sizeof(idp));
    idp.is_up = idp.has_subject = true;
    door_hash(NULL, idp.subject, (struct text){who, sizeof(who) - 1});
    snprintf(idp.told.url, sizeof(idp.told.url), "https://idp.example/auth?x=1");
    snprintf(idp.told.subject, sizeof(idp.told.subject), "zoe");
    snprintf(idp.told.mail, sizeof(idp.told.mail), "zoe@exemple.fr");
    snprintf(idp.told.id_token, sizeof(idp.told.id_token), "aaa.bbb.ccc");
    return d;
}

static struct pages_request request(const char *path, const char *cookie)
{
    struct pages_request r = door_request(PAGES_GET, path);
    r.form = PAGES_HTML;
    r.browser.cookie = cookie ? text_of(cookie) : TEXT_NONE;
    r.browser.site = TEXT("cross-site"); /* as it comes from the provider */
    r.browser.origin = TEXT_NONE;
    return r;
}

/* To the provider: the cookie of the sign-in that began. */
static void set_out(struct door *d, char cookie[PAGES_COOKIE_BYTES])
{
    struct pages_request r = request("/connexion/oidc", NULL);
    assert_int_equal(door_await(d, &r), 303);
    assert_string_equal(d->answer.location, "https://idp.example/auth?x=1");
    memcpy(cookie, d->answer.cookie, PAGES_COOKIE_BYTES);
    *strchr(cookie, ';') = '\0';
}

static unsigned come_back(struct door *d, const char *cookie, const char *query)
{
    char path[2048];
    snprintf(path, sizeof(path), BACK "?%s", query);
    struct pages_request r = request(path, cookie);
    return door_await(d, &r);
}

static unsigned come_back_well(struct door *d)
{
    char cookie[PAGES_COOKIE_BYTES], query[256];
    const enum oidc_why why = idp.told.why; /* of the way back alone */
    idp.told.why = OIDC_FINE;
    set_out(d, cookie);
    idp.told.why = why;
    snprintf(query, sizeof(query), "code=abc&state=%s", idp.flow.state);
    return come_back(d, cookie, query);
}

static void each_sign_in_has_words_of_its_own(void **state)
{
    (void)state;
    struct door *d = open_linked();
    char cookie[PAGES_COOKIE_BYTES];
    set_out(d, cookie);
    const struct oidc_flow first = idp.flow;
    assert_int_equal(strlen(first.state), 64);
    assert_string_not_equal(first.state, first.nonce);
    assert_string_not_equal(first.nonce, first.verifier);
    assert_null(strstr(cookie, first.state));
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche-oidc="));
    assert_non_null(
        strstr(d->answer.cookie, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure"));
    set_out(d, cookie);
    assert_string_not_equal(first.state, idp.flow.state);
    assert_string_not_equal(first.verifier, idp.flow.verifier);
    door_drop(d);
}

static void who_is_linked_is_signed_in_when_it_is_on_the_disk(void **state)
{
    (void)state;
    struct door *d = open_linked();
    char cookie[PAGES_COOKIE_BYTES], path[512];
    set_out(d, cookie);
    const struct oidc_flow begun = idp.flow;
    snprintf(path, sizeof(path), BACK "?state=%s&code=a%%2Bb&iss=https%%3A%%2F%%2Fidp.example",
             begun.state);
    struct pages_request r = request(path, cookie);
    idp.is_busy = d->is_disk_slow = true;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    assert_string_equal(idp.word, "a+b");
    assert_memory_equal(&idp.flow, &begun, sizeof(begun)); /* nonce and verifier of this one */
    r.order_id = d->answer.order_id;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later && !d->posts_n);
    idp.is_busy = false;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later && d->posts_n == 1);
    assert_string_equal(d->answer.cookie, "");
    d->is_disk_slow = false;
    assert_int_equal(door_ask(d, &r), 200);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche="));
    assert_non_null(strstr(d->answer.cookie, "SameSite=Strict"));
    assert_non_null(strstr(d->answer.cookies[0], "__Host-decroche-oidc=; "));
    assert_non_null(strstr(d->answer.cookies[1], "__Secure-decroche-out=aaa.bbb.ccc; "
                                                 "Path=/deconnexion; HttpOnly; SameSite=Strict"));
    assert_non_null(strstr(d->page, "http-equiv=\"refresh\" content=\"0;url=/agent\""));
    assert_null(strstr(d->page, "aaa.bbb.ccc"));
    assert_int_equal(d->rows[0].session.account_id, 9);
    assert_int_equal(d->rows[1].audit.deed, ACCOUNT_SIGNED_IN);
    assert_string_equal(d->rows[1].audit.detail, "oidc");
    door_drop(d);
}

static void what_this_browser_did_not_begin_is_refused(void **state)
{
    (void)state;
    struct door *d = open_linked();
    char cookie[PAGES_COOKIE_BYTES], other[PAGES_COOKIE_BYTES], query[256], two[512];
    set_out(d, other);
    const struct oidc_flow others = idp.flow;
    set_out(d, cookie);
    const unsigned jobs_n = idp.jobs_n;
    const struct oidc_flow mine = idp.flow;
    snprintf(query, sizeof(query), "code=abc&state=%s", mine.state);
    assert_int_equal(come_back(d, NULL, query), 403);
    assert_int_equal(idp.why, OIDC_NO_COOKIE);
    assert_int_equal(come_back(d, other, query), 403); /* somebody's link, with their code */
    assert_int_equal(idp.why, OIDC_BAD_STATE);
    snprintf(two, sizeof(two), "%s; %s", cookie, cookie);
    assert_int_equal(come_back(d, two, query), 403);
    assert_int_equal(idp.why, OIDC_NO_COOKIE);
    assert_int_equal(come_back(d, cookie, "code=abc"), 403);
    assert_int_equal(idp.why, OIDC_BAD_STATE);
    snprintf(query, sizeof(query), "code=abc&state=%s", others.state);
    assert_int_equal(come_back(d, cookie, query), 403);
    assert_int_equal(idp.why, OIDC_BAD_STATE);
    snprintf(query, sizeof(query), "code=abc&state=%s&state=%s", mine.state, mine.state);
    assert_int_equal(come_back(d, cookie, query), 403);
    snprintf(query, sizeof(query), "code=abc&state=%s&iss=https://evil.example", mine.state);
    assert_int_equal(come_back(d, cookie, query), 502);
    assert_int_equal(idp.why, OIDC_BAD_ISSUER);
    snprintf(query, sizeof(query), "error=access_denied&state=%s", mine.state);
    assert_int_equal(come_back(d, cookie, query), 403);
    assert_int_equal(idp.why, OIDC_DENIED);
    snprintf(query, sizeof(query), "code=&state=%s", mine.state);
    assert_int_equal(come_back(d, cookie, query), 502);
    assert_int_equal(idp.jobs_n, jobs_n); /* the provider was asked nothing */
    assert_false(d->has_made);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche-oidc=; "));
    door_drop(d);
}

static void a_sign_in_ends_after_ten_minutes(void **state)
{
    (void)state;
    struct door *d = open_linked();
    char cookie[PAGES_COOKIE_BYTES], path[256];
    set_out(d, cookie);
    snprintf(path, sizeof(path), BACK "?code=abc&state=%s", idp.flow.state);
    struct pages_request r = request(path, cookie);
    r.now_at = DOOR_AT + PAGES_OIDC_MS;
    assert_int_equal(door_await(d, &r), 403);
    assert_int_equal(idp.why, OIDC_LATE);
    r.order_id = 0;
    r.now_at = DOOR_AT - 1; /* the clock went back */
    assert_int_equal(door_await(d, &r), 403);
    r.order_id = 0;
    r.now_at = DOOR_AT + PAGES_OIDC_MS - 1;
    assert_int_equal(door_await(d, &r), 200);
    /* its instant is in its state: a cookie that says another one is of no sign-in */
    char *digit = cookie + strlen(cookie) - 1;
    *digit = *digit == '0' ? '1' : '0';
    r.order_id = 0;
    assert_int_equal(door_await(d, &r), 403);
    assert_int_equal(idp.why, OIDC_BAD_STATE);
    door_drop(d);
}

static void unknown_and_disabled_get_one_answer_and_no_account_is_made(void **state)
{
    (void)state;
    struct door *d = open_linked();
    char first[DOOR_BYTES];
    d->account.is_disabled = true;
    assert_int_equal(come_back_well(d), 403);
    memcpy(first, d->page, sizeof(first));
    assert_non_null(strstr(first, "<code>zoe</code>"));
    idp.has_subject = false;
    d->account.is_disabled = false;
    assert_int_equal(come_back_well(d), 403);
    assert_string_equal(d->page, first);
    assert_int_equal(idp.why, OIDC_NOBODY);
    assert_false(d->has_made);
    assert_int_equal(d->rows_n, 1); /* a line of the log, and nothing else */
    assert_int_equal(d->rows[0].audit.deed, ACCOUNT_OIDC_REFUSED);
    assert_string_equal(d->rows[0].audit.detail, "nobody");
    door_drop(d);
}

static void a_mail_links_once_and_where_it_may(void **state)
{
    (void)state;
    struct door *d = open_linked();
    idp.has_subject = false;
    idp.mail = "zoe@exemple.fr";
    assert_int_equal(come_back_well(d), 403); /* the setting does not let it */
    port.links_by_mail = true;
    assert_int_equal(come_back_well(d), 200);
    assert_int_equal(d->rows[0].kind, JOURNAL_ROW_PROVIDER);
    assert_int_equal(d->rows[0].provider.account_id, 9);
    assert_memory_equal(d->rows[0].provider.subject, idp.subject, SESSION_HASH_BYTES);
    assert_string_equal(d->rows[0].provider.mail, ""); /* awaited no more */
    assert_string_equal(d->rows[2].audit.detail, "oidc, linked by mail");
    d->account.is_disabled = true;
    assert_int_equal(come_back_well(d), 403);
    d->account.is_disabled = false;
    idp.told.mail[0] = '\0';
    assert_int_equal(come_back_well(d), 403);
    door_drop(d);
}

static void what_is_wrong_is_said_and_noted_within_a_bound(void **state)
{
    (void)state;
    struct door *d = open_linked();
    idp.told.why = OIDC_WEAK;
    assert_int_equal(come_back_well(d), 403);
    assert_non_null(strstr(d->page, "second facteur"));
    idp.told.why = OIDC_BAD_SIGNATURE;
    assert_int_equal(come_back_well(d), 502);
    const unsigned posts_n = d->posts_n;
    for (unsigned i = 2; i < PAGES_OIDC_NOTES + 5; i++)
        assert_int_equal(come_back(d, NULL, "code=a"), 403);
    assert_int_equal(d->posts_n - posts_n, PAGES_OIDC_NOTES - 2);
    assert_int_equal(idp.refused_n, PAGES_OIDC_NOTES + 5);
    struct pages_request r = request(BACK, NULL);
    r.now_ms = DOOR_MS + PAGES_OIDC_NOTES_MS - 1;
    assert_int_equal(door_ask(d, &r), 403);
    assert_int_equal(d->posts_n - posts_n, PAGES_OIDC_NOTES - 2);
    r.now_ms++;
    assert_int_equal(door_ask(d, &r), 403);
    assert_int_equal(d->posts_n - posts_n, PAGES_OIDC_NOTES - 1);
    door_drop(d);
}

static void a_provider_that_is_gone_leaves_the_password(void **state)
{
    (void)state;
    struct door *d = open_linked();
    struct pages_request r = request("/connexion/oidc", NULL);
    idp.told.why = OIDC_DOWN;
    idp.is_up = false;
    assert_int_equal(door_await(d, &r), 503);
    assert_non_null(strstr(d->page, "ne répond pas"));
    assert_non_null(strstr(d->page, "current-password"));
    assert_non_null(strstr(d->page, "&lt;ProConnect&gt;"));
    assert_true(d->answer.retry_after_s > 0);
    r.order_id = 0;
    idp.is_busy = true;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    r.order_id = d->answer.order_id;
    r.now_ms += PAGES_OIDC_WAIT_MS - 1;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    r.now_ms++;
    assert_int_equal(door_ask(d, &r), 503);
    r.order_id = 0;
    idp.is_full = true;
    assert_int_equal(door_ask(d, &r), 503);
    r = request("/connexion/oidc", NULL);
    r.browser.proto = TEXT_NONE;
    assert_int_equal(door_ask(d, &r), 403); /* not over TLS */
    d->accounts->args.oidc = NULL;
    r = request("/connexion/oidc", NULL);
    assert_int_equal(door_ask(d, &r), 404);
    r = request("/connexion", NULL);
    assert_int_equal(door_ask(d, &r), 200);
    assert_null(strstr(d->page, "/connexion/oidc"));
    door_drop(d);
}

static void who_signs_out_is_signed_out_at_both(void **state)
{
    (void)state;
    struct door *d = open_linked();
    static const char with[] = DOOR_COOKIE "; __Secure-decroche-out=aaa.bbb.ccc";
    struct pages_request r = door_request(PAGES_POST, "/deconnexion");
    d->has_session = true;
    snprintf(idp.told.url, sizeof(idp.told.url), "https://idp.example/end?id_token_hint=a");
    r.form = PAGES_HTML;
    r.browser.csrf = door_csrf();
    r.browser.cookie = text_of(with);
    assert_int_equal(door_await(d, &r), 200);
    assert_string_equal(idp.word, "aaa.bbb.ccc");
    assert_int_equal(strlen(idp.flow.state), 64);
    assert_non_null(strstr(d->page, "content=\"0;url=https://idp.example/end?id_token_hint=a\""));
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche=; "));
    assert_non_null(strstr(d->answer.cookies[0], "__Secure-decroche-out=; "));
    assert_int_equal(d->rows[0].session.step, SESSION_OVER);
    r.order_id = 0;
    idp.told.why = OIDC_DOWN;
    assert_int_equal(door_await(d, &r), 303); /* it does not say where: out here all the same */
    assert_string_equal(d->answer.location, "/connexion");
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche=; "));
    door_drop(d);
}

static void who_is_signed_in_goes_to_their_screen(void **state)
{
    (void)state;
    struct door *d = open_linked();
    d->has_session = true;
    struct pages_request r = request("/connexion/oidc", DOOR_COOKIE);
    assert_int_equal(door_ask(d, &r), 303);
    assert_string_equal(d->answer.location, "/agent");
    r = request(BACK "?code=a&state=b", DOOR_COOKIE);
    assert_int_equal(door_ask(d, &r), 200);
    assert_int_equal(idp.jobs_n, 0);
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sign_in_has_words_of_its_own),
        cmocka_unit_test(who_is_linked_is_signed_in_when_it_is_on_the_disk),
        cmocka_unit_test(what_this_browser_did_not_begin_is_refused),
        cmocka_unit_test(a_sign_in_ends_after_ten_minutes),
        cmocka_unit_test(unknown_and_disabled_get_one_answer_and_no_account_is_made),
        cmocka_unit_test(a_mail_links_once_and_where_it_may),
        cmocka_unit_test(what_is_wrong_is_said_and_noted_within_a_bound),
        cmocka_unit_test(a_provider_that_is_gone_leaves_the_password),
        cmocka_unit_test(who_signs_out_is_signed_out_at_both),
        cmocka_unit_test(who_is_signed_in_goes_to_their_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
