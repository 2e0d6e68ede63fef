/* pages_sign.c — signing in and out: one answer for whatever is wrong, after the same work; a
 * cookie for what is stored alone; another secret in time; accounts that change. */
#include <stdio.h>

#include "test/support/doorkeeper.h"

#define GOOD "identifiant=c.martin&mot_de_passe=quatre+mots"
#define UNKNOWN "identifiant=z.personne&mot_de_passe=quatre+mots"

static struct pages_request sign_in_request(const char *body)
{
    struct pages_request r = door_request(PAGES_POST, "/connexion");
    r.browser.cookie = TEXT_NONE;
    r.body = text_of(body);
    return r;
}

static unsigned sign_in(struct door *d, const char *body)
{
    struct pages_request r = sign_in_request(body);
    return door_await(d, &r);
}

static struct door *open_with_somebody(void)
{
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    d->has_session = false;
    return d;
}

static void whatever_is_wrong_has_one_answer_after_one_hash(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    char first[DOOR_BYTES];
    assert_int_equal(sign_in(d, GOOD), 401); /* a wrong password */
    assert_string_equal(d->verified, "$good$");
    memcpy(first, d->page, sizeof(first));
    d->told.is_good = true; /* from now on the password is right, */
    assert_int_equal(sign_in(d, UNKNOWN), 401);
    assert_string_equal(d->verified, ""); /* and compared with nobody's */
    assert_string_equal(d->page, first);
    d->account.is_disabled = true;
    assert_int_equal(sign_in(d, GOOD), 401);
    assert_string_equal(d->verified, "");
    assert_string_equal(d->page, first);
    d->account.is_disabled = false;
    d->told.is_good = false;
    for (unsigned i = 0; i < LOCKOUT_PAIR_FREE; i++)
        assert_int_equal(sign_in(d, GOOD), 401);
    assert_int_equal(d->rows[0].audit.deed, ACCOUNT_DELAYED);
    d->told.is_good = true;
    assert_int_equal(sign_in(d, GOOD), 401); /* within the delay */
    assert_string_equal(d->verified, "");
    assert_string_equal(d->page, first);
    assert_int_equal(d->verifies_n, LOCKOUT_PAIR_FREE + 4); /* one for each try */
    assert_int_equal(d->has_made, false);
    assert_string_equal(d->answer.cookie, "");
    door_drop(d);
}

static void an_address_that_guesses_is_told_to_wait(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    for (unsigned i = 0; i <= LOCKOUT_ADDRESS_FREE; i++)
        assert_int_equal(sign_in(d, UNKNOWN), 401);
    assert_int_equal(sign_in(d, UNKNOWN), 429);
    struct pages_request r = sign_in_request(UNKNOWN);
    r.browser.clients = TEXT("192.0.2.1, 192.0.2.2"); /* the proxy's word is the last */
    assert_int_equal(door_await(d, &r), 401);
    door_drop(d);
}

static void the_cookie_comes_when_the_session_is_on_the_disk(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    struct pages_request r = sign_in_request(GOOD);
    d->told.is_good = d->is_worker_busy = d->is_disk_slow = true;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    r.order_id = d->answer.order_id;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later && !d->posts_n);
    d->is_worker_busy = false;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later && d->posts_n == 1);
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    assert_string_equal(d->answer.cookie, "");
    d->is_disk_slow = false;
    assert_int_equal(door_ask(d, &r), 303);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche="));
    assert_non_null(strstr(d->answer.cookie, "; Path=/; HttpOnly; SameSite=Strict; Secure"));
    assert_int_equal(d->rows[0].session.account_id, 9);
    assert_int_equal(d->rows[0].session.born_at, DOOR_AT);
    assert_int_equal(d->rows[1].audit.deed, ACCOUNT_SIGNED_IN);
    char secret[SESSION_SECRET_BYTES];
    memset(secret, d->answer.cookie[16] == '0' ? d->answer.cookie[17] - '0' : 0, sizeof(secret));
    uint8_t hash[SESSION_HASH_BYTES];
    door_hash(NULL, hash, (struct text){secret, sizeof(secret)});
    assert_memory_equal(hash, d->rows[0].session.hash, sizeof(hash)); /* and the disk its hash */
    door_drop(d);
}

#define CHANGE(fresh, again) GOOD "&nouveau=" fresh "&encore=" again
#define FRESH "cinq+autres+mots+bien+longs"

static const struct journal_row *row_of(const struct door *d, enum journal_row_kind kind)
{
    for (unsigned i = 0; i < d->rows_n; i++)
        if (d->rows[i].kind == kind)
            return &d->rows[i];
    return NULL;
}

static void a_password_of_somebody_else_is_good_for_choosing_another_alone(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    d->account.is_temporary = d->told.is_good = true;
    assert_int_equal(sign_in(d, GOOD), 403);
    assert_non_null(strstr(d->page, "provisoire"));
    assert_non_null(strstr(d->page, "name=\"nouveau\""));
    assert_non_null(strstr(d->page, "value=\"c.martin\""));
    assert_string_equal(d->answer.cookie, "");
    assert_int_equal(d->posts_n, 0);
    d->told.is_good = false; /* whoever knows it not learns nothing of that */
    assert_int_equal(sign_in(d, GOOD), 401);
    assert_null(strstr(d->page, "provisoire"));
    d->told.is_good = true;
    assert_int_equal(sign_in(d, CHANGE(FRESH, FRESH)), 303);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche="));
    const struct journal_row *account = row_of(d, JOURNAL_ROW_ACCOUNT);
    const struct journal_row *password = row_of(d, JOURNAL_ROW_PASSWORD);
    assert_true(account && !account->account.is_temporary &&
                account->account.changed_at == DOOR_AT);
    assert_true(password && password->password.account_id == 9);
    assert_int_equal(row_of(d, JOURNAL_ROW_SESSION)->session.step, SESSION_ALL_OVER);
    assert_int_equal(row_of(d, JOURNAL_ROW_AUDIT)->audit.deed, ACCOUNT_PASSWORD_SET);
    door_drop(d);
}

static void another_password_is_judged_before_anything_is_compared(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        CHANGE(FRESH, "cinq+autres+mots+bien+longz"), CHANGE("court", "court"),
        CHANGE("quatre+mots", "quatre+mots"), GOOD "&nouveau=" FRESH, GOOD "&encore=" FRESH};
    struct door *d = open_with_somebody();
    d->told.is_good = true;
    for (unsigned i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_int_equal(sign_in(d, bodies[i]), 422);
        assert_non_null(strstr(d->page, "name=\"nouveau\""));
        assert_null(strstr(d->page, "autres mots")); /* no password comes back */
    }
    assert_int_equal(d->verifies_n, 0);
    assert_int_equal(sign_in(d, CHANGE(FRESH, FRESH)), 303); /* nobody must, and anybody may */
    struct pages_request r = door_request(PAGES_GET, "/connexion");
    r.query = TEXT("changer=1");
    assert_int_equal(door_ask(d, &r), 200);
    assert_non_null(strstr(d->page, "autocomplete=\"new-password\""));
    door_drop(d);
}

static void a_disk_that_does_not_answer_opens_no_session(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    struct pages_request r = sign_in_request(GOOD);
    d->told.is_good = d->is_disk_slow = true;
    door_await(d, &r);
    r.now_ms = DOOR_MS + ACCOUNTS_WAIT_MS - 1;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    r.now_ms = DOOR_MS + ACCOUNTS_WAIT_MS;
    assert_int_equal(door_ask(d, &r), 503);
    assert_string_equal(d->answer.cookie, "");
    d->is_post_full = true;
    assert_int_equal(sign_in(d, GOOD), 503);
    door_drop(d);
}

static void past_their_bounds_sign_ins_are_refused_in_words(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    struct pages_request r = sign_in_request(GOOD);
    d->is_worker_busy = true;
    for (unsigned i = 0; i < ACCOUNTS_PENDING_MAX; i++)
        assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    assert_int_equal(door_ask(d, &r), 503);
    r.now_ms += ACCOUNTS_FORGOTTEN_MS - 1;
    assert_int_equal(door_ask(d, &r), 503);
    r.now_ms++; /* whoever began them has left */
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    d->is_worker_full = true;
    r.now_ms += ACCOUNTS_FORGOTTEN_MS;
    assert_int_equal(door_ask(d, &r), 503);
    assert_true(d->answer.retry_after_s > 0);
    door_drop(d);
}

static void what_is_no_form_of_ours_is_refused(void **state)
{
    (void)state;
    struct door *d = open_with_somebody();
    struct pages_request r = sign_in_request(GOOD);
    r.browser.site = TEXT("cross-site");
    assert_int_equal(door_ask(d, &r), 403);
    r = sign_in_request(GOOD);
    r.browser.proto = TEXT_NONE;
    assert_int_equal(door_ask(d, &r), 403);
    static const char *const lacking[] = {"", "identifiant=c.martin", "identifiant=&mot_de_passe=x",
                                          "identifiant=c.martin&mot_de_passe="};
    for (unsigned i = 0; i < ARRAY_LEN(lacking); i++)
        assert_int_equal(sign_in(d, lacking[i]), 422);
    assert_int_equal(d->verifies_n, 0);
    door_drop(d);
}

static void who_is_signed_in_is_shown_escaped(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT | RIGHTS_SUPERVISOR, true);
    struct pages_request r = door_request(PAGES_GET, "/connexion");
    assert_int_equal(door_ask(d, &r), 200);
    assert_non_null(strstr(d->page, "C. &lt;Martin&gt; (agent, superviseur)"));
    assert_null(strstr(d->page, "<Martin>"));
    d->has_session = false;
    assert_int_equal(door_ask(d, &r), 200);
    assert_non_null(strstr(d->page, "autocomplete=\"current-password\""));
    door_drop(d);
}

static void a_sign_out_ends_the_session_on_the_disk_first(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    struct pages_request r = door_request(PAGES_POST, "/deconnexion");
    assert_int_equal(door_ask(d, &r), 403); /* without its token */
    r.browser.csrf = door_csrf();
    d->is_disk_slow = true;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    assert_int_equal(d->rows[0].session.step, SESSION_OVER);
    assert_int_equal(d->rows[0].session.id, DOOR_ID);
    r.order_id = d->answer.order_id;
    d->has_session = false; /* it has ended */
    d->is_disk_slow = false;
    assert_int_equal(door_ask(d, &r), 303);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche=; "));
    assert_non_null(strstr(d->answer.cookie, "Max-Age=0"));
    r.order_id = 0;
    assert_int_equal(door_ask(d, &r), 401);
    door_drop(d);
}

static void a_secret_is_another_when_it_is_time(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    ms_t rotate_ms = d->accounts->args.rotate_ms;
    struct pages_request r = door_request(PAGES_GET, "/api/v1/session");
    r.now_at = DOOR_AT + rotate_ms - 1;
    assert_true(door_await(d, &r) == 200 && !d->answer.cookie[0]);
    r.now_at++;
    d->is_disk_slow = true;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    assert_int_equal(d->rows[0].session.step, SESSION_MADE);
    assert_int_equal(d->rows[0].session.id, DOOR_ID);
    assert_int_equal(d->rows[0].session.born_at, DOOR_AT);
    assert_int_equal(d->rows[1].session.step, SESSION_REPLACED);
    assert_int_equal(d->rows[1].session.ends_at, r.now_at + ACCOUNTS_GRACE_MS);
    struct pages_request other = r; /* meanwhile, at another tab */
    assert_true(door_ask(d, &other) == 200 && !d->answer.is_later && !d->answer.cookie[0]);
    r.order_id = 1;
    assert_true(door_ask(d, &r) == 200 && d->answer.is_later);
    d->is_disk_slow = false;
    assert_true(door_ask(d, &r) == 200 && !d->answer.is_later);
    assert_non_null(strstr(d->answer.cookie, "__Host-decroche="));
    assert_non_null(strstr(d->page, "\"login\":\"c.martin\""));
    d->session.is_replaced = true; /* the old one is never replaced again */
    r.order_id = 0;
    assert_true(door_ask(d, &r) == 200 && !d->answer.is_later && !d->answer.cookie[0]);
    door_drop(d);
}

static void a_sign_of_life_prolongs_it_up_to_its_longest(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    const struct accounts_args *args = &d->accounts->args;
    struct pages_request r = door_request(PAGES_GET, "/api/v1/session");
    r.now_at = DOOR_AT + ACCOUNTS_SEEN_MS - 1;
    door_ask(d, &r);
    assert_int_equal(d->posts_n, 0);
    r.now_at++;
    door_ask(d, &r);
    assert_int_equal(d->posts_n, 1);
    assert_int_equal(d->rows[0].session.ends_at, r.now_at + args->idle_ms);
    d->session.made_at = d->session.seen_at = r.now_at = DOOR_AT + args->longest_ms - 1000;
    d->session.ends_at = DOOR_AT + args->longest_ms;
    d->session.seen_at -= ACCOUNTS_SEEN_MS;
    door_ask(d, &r);
    assert_int_equal(d->rows[0].session.ends_at, DOOR_AT + args->longest_ms);
    door_drop(d);
}

/* ---- accounts ----------------------------------------------------------------------------- */

static unsigned order(struct door *d, enum pages_method method, const char *path, const char *body)
{
    struct pages_request r = door_request(method, path);
    r.principal = PAGES_OWNER;
    r.body = text_of(body);
    d->rows_n = 0;
    return door_await(d, &r);
}

static bool ends_all(const struct door *d)
{
    for (unsigned i = 0; i < d->rows_n; i++)
        if (d->rows[i].kind == JOURNAL_ROW_SESSION && d->rows[i].session.step == SESSION_ALL_OVER &&
            d->rows[i].session.account_id == 9)
            return true;
    return false;
}

static void a_change_of_rights_state_or_password_ends_the_sessions(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool ends;
        enum account_deed deed;
    } changes[] = {
        {"{\"password\":\"quatre mots nouveaux\"}", true, ACCOUNT_PASSWORD_SET},
        {"{\"disabled\":true}", true, ACCOUNT_DISABLED},
        {"{\"disabled\":false}", true, ACCOUNT_ENABLED},
        {"{\"roles\":[\"auditor\"]}", true, ACCOUNT_RIGHTS_SET},
        {"{\"sites\":[\"nord\"],\"services\":[\"sante\"]}", true, ACCOUNT_RIGHTS_SET},
        {"{\"whole\":false}", true, ACCOUNT_RIGHTS_SET},
        {"{\"name\":\"Autre\"}", false, ACCOUNT_RIGHTS_SET},
        {"{\"agent\":\"a2\"}", false, ACCOUNT_RIGHTS_SET},
    };
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    d->told = (struct password_told){.is_good = true, .hash = "$new$"};
    for (unsigned i = 0; i < ARRAY_LEN(changes); i++) {
        assert_int_equal(order(d, PAGES_PATCH, "/api/v1/accounts/c.martin", changes[i].body), 200);
        assert_int_equal(ends_all(d), changes[i].ends);
        assert_int_equal(d->rows[d->rows_n - 1].audit.deed, changes[i].deed);
        assert_int_equal(d->rows[0].account.changed_at, DOOR_AT);
    }
    assert_int_equal(order(d, PAGES_DELETE, "/api/v1/accounts/c.martin/sessions", ""), 200);
    assert_true(ends_all(d));
    door_drop(d);
}

static void a_password_is_on_the_disk_as_its_hash(void **state)
{
    (void)state;
    struct door *d = door_open();
    d->told = (struct password_told){.is_good = true, .hash = "$new$"};
    static const char body[] = "{\"login\":\"n.autre\",\"roles\":[\"agent\"],\"whole\":true,"
                               "\"password\":\"quatre mots nouveaux\"}";
    assert_int_equal(order(d, PAGES_POST, "/api/v1/accounts", body), 200);
    bool has_hash = false;
    for (unsigned i = 0; i < d->rows_n; i++)
        has_hash |= d->rows[i].kind == JOURNAL_ROW_PASSWORD &&
                    !strcmp(d->rows[i].password.hash, "$new$") &&
                    d->rows[i].password.account_id == d->rows[0].account.id;
    assert_true(has_hash);
    assert_int_equal(d->rows[d->rows_n - 1].kind, JOURNAL_ROW_AUDIT);
    d->told.is_good = false; /* no memory for a hash */
    assert_int_equal(order(d, PAGES_POST, "/api/v1/accounts", body), 503);
    assert_int_equal(d->rows_n, 0);
    door_drop(d);
}

static void what_makes_no_sense_is_refused_before_it_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        unsigned status;
    } bad[] = {
        {"", 422},
        {"{}", 422},
        {"{\"login\":\"A\"}", 422},
        {"{\"login\":\"n.autre\",\"password\":\"quatre mots\"}", 422},
        {"{\"login\":\"n.autre\",\"roles\":[],\"password\":\"quatre mots longs\"}", 422},
        {"{\"login\":\"n.autre\",\"roles\":[\"chef\"],\"password\":\"quatre mots longs\"}", 422},
        {"{\"login\":\"n.autre\",\"roles\":[\"agent\"]}", 422},
        {"{\"login\":\"n.autre\",\"roles\":[\"agent\"],\"password\":\"court\"}", 422},
        {"{\"login\":\"n.autre\",\"roles\":[\"agent\"],\"agent\":\"zz\","
         "\"password\":\"quatre mots longs\"}",
         422},
        {"{\"login\":\"n.autre\",\"roles\":[\"agent\"],\"sites\":[\"lune\"],"
         "\"password\":\"quatre mots longs\"}",
         422},
        {"{\"login\":\"n.autre\",\"roles\":[\"agent\"],\"whole\":true,\"sites\":[\"nord\"],"
         "\"password\":\"quatre mots longs\"}",
         422},
        {"{\"login\":\"c.martin\",\"roles\":[\"agent\"],\"password\":\"quatre mots longs\"}", 409},
    };
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    d->told.is_good = true;
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(order(d, PAGES_POST, "/api/v1/accounts", bad[i].body), bad[i].status);
    assert_int_equal(order(d, PAGES_PATCH, "/api/v1/accounts/c.martin", "{}"), 422);
    assert_int_equal(order(d, PAGES_PATCH, "/api/v1/accounts/personne", "{\"disabled\":true}"),
                     404);
    assert_int_equal(d->posts_n, 0);
    door_drop(d);
}

/* Else the second would put back what the first has changed, and a sign-in outlive a password. */
static void one_change_at_a_time_and_no_sign_in_within_one(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    d->told.is_good = d->is_disk_slow = true;
    static const char path[] = "/api/v1/accounts/c.martin", body[] = "{\"disabled\":true}";
    assert_int_equal(order(d, PAGES_PATCH, path, body), 200);
    assert_true(d->answer.is_later && d->posts_n == 1);
    assert_int_equal(order(d, PAGES_PATCH, path, body), 503);
    assert_int_equal(order(d, PAGES_DELETE, "/api/v1/accounts/c.martin/sessions", ""), 503);
    assert_int_equal(sign_in(d, GOOD), 503);
    assert_false(d->has_made);
    door_drop(d);
}

/* At the bound of what one account names, and past it. */
static void a_scope_has_its_bound(void **state)
{
    (void)state;
    struct door *d = door_open();
    char body[1024];
    door_admit(d, RIGHTS_AGENT, true);
    for (unsigned n = ACCOUNT_SCOPE_MAX; n <= ACCOUNT_SCOPE_MAX + 1; n++) {
        size_t at = (size_t)snprintf(body, sizeof(body), "{\"sites\":[\"nord\"");
        for (unsigned i = 1; i < n; i++)
            at += (size_t)snprintf(body + at, sizeof(body) - at, ",\"nord\"");
        snprintf(body + at, sizeof(body) - at, "]}");
        assert_int_equal(order(d, PAGES_PATCH, "/api/v1/accounts/c.martin", body),
                         n == ACCOUNT_SCOPE_MAX ? 200 : 422);
    }
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_wrong_has_one_answer_after_one_hash),
        cmocka_unit_test(an_address_that_guesses_is_told_to_wait),
        cmocka_unit_test(the_cookie_comes_when_the_session_is_on_the_disk),
        cmocka_unit_test(a_password_of_somebody_else_is_good_for_choosing_another_alone),
        cmocka_unit_test(another_password_is_judged_before_anything_is_compared),
        cmocka_unit_test(a_disk_that_does_not_answer_opens_no_session),
        cmocka_unit_test(past_their_bounds_sign_ins_are_refused_in_words),
        cmocka_unit_test(what_is_no_form_of_ours_is_refused),
        cmocka_unit_test(who_is_signed_in_is_shown_escaped),
        cmocka_unit_test(a_sign_out_ends_the_session_on_the_disk_first),
        cmocka_unit_test(a_secret_is_another_when_it_is_time),
        cmocka_unit_test(a_sign_of_life_prolongs_it_up_to_its_longest),
        cmocka_unit_test(a_change_of_rights_state_or_password_ends_the_sessions),
        cmocka_unit_test(a_password_is_on_the_disk_as_its_hash),
        cmocka_unit_test(what_makes_no_sense_is_refused_before_it_is_written),
        cmocka_unit_test(one_change_at_a_time_and_no_sign_in_within_one),
        cmocka_unit_test(a_scope_has_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
