/* pages_who.c — who may have which page by a session: every role × every route of the table × own,
 * foreign and absent; and what is forged. */
#include <stdio.h>

#include "app/routes.h"
#include "test/support/doorkeeper.h"

#define ROW(function, verb, where, who, figures, roles, about)                                     \
    {where, PAGES_##verb, PAGES_##who, roles, about},

static const struct row {
    const char *path;
    enum pages_method method;
    enum pages_principal least;
    unsigned roles;
    enum rights_about about;
} rows[] = {API_ROUTES(ROW)};

/* The path with something in the place of {…}. */
static const char *path_of(const struct row *row, const char *id)
{
    static char path[128];
    const char *open = strchr(row->path, '{'), *close = strchr(row->path, '}');
    if (!open)
        return row->path;
    snprintf(path, sizeof(path), "%.*s%s%s", (int)(open - row->path), row->path, id, close + 1);
    return path;
}

static unsigned status_of(struct door *d, const struct row *row, const char *id)
{
    struct pages_request r = door_request(row->method, path_of(row, id));
    r.browser.csrf = door_csrf();
    return door_ask(d, &r);
}

/* What is foreign gets the very answer of what is absent. */
static void see_foreign(struct door *d, const struct row *row, unsigned seen)
{
    char foreign[DOOR_BYTES];
    assert_int_equal(status_of(d, row, "a2"), seen);
    memcpy(foreign, d->page, sizeof(foreign));
    assert_int_equal(status_of(d, row, "absent"), 404);
    if (seen == 404)
        assert_string_equal(foreign, d->page);
}

/* a1 is at the site of the scope and, of an agent, themself. */
static void see_one(struct door *d, const struct row *row, const struct rights *r)
{
    bool is_foreign_seen = (r->roles & RIGHTS_SUPERVISOR) && r->is_whole;
    unsigned own = status_of(d, row, "a1");
    if (own == 400 || row->method == PAGES_GET) { /* wants to know more; shows them */
        assert_int_equal(own, row->method == PAGES_GET ? 200 : 400);
        see_foreign(d, row, is_foreign_seen ? own : 404);
        return;
    }
    assert_int_equal(own, 200);
    assert_true(d->answer.is_later); /* the order was given */
    unsigned n = d->orders_n;
    see_foreign(d, row, is_foreign_seen ? 200 : 404);
    assert_int_equal(d->orders_n, n + is_foreign_seen);
}

static void see_row(struct door *d, const struct row *row, const struct rights *r)
{
    bool may = (r->roles & row->roles) && (row->about != RIGHTS_HOUSE || r->is_whole);
    door_admit(d, r->roles, r->is_whole);
    memcpy(d->account.agent, "a1", 3);
    d->scope_n = r->is_whole ? 0 : 1;
    d->scope[0] = (struct account_scope){.kind = ACCOUNT_SITE, .name = "nord"};
    memset(d->accounts->pending, 0, sizeof(d->accounts->pending));
    if (!may) {
        assert_int_equal(status_of(d, row, "a1"), 403);
        assert_int_equal(status_of(d, row, "absent"), 403);
        return;
    }
    if (row->about == RIGHTS_ONE) {
        see_one(d, row, r);
        return;
    }
    unsigned status = status_of(d, row, "a1");
    bool is_of_other = strchr(row->path, '{') != NULL; /* no service, no reference is called a1 */
    assert_true(status != 401 && status != 403 && (status != 404 || is_of_other));
}

static void each_role_has_the_routes_that_name_it_and_no_other(void **state)
{
    (void)state;
    struct door *d = door_open();
    unsigned closed_n = 0, opened_n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].least == PAGES_STRANGER)
            continue; /* anybody's: each judges by itself */
        closed_n += rows[i].roles == 0;
        opened_n += rows[i].roles != 0;
        for (unsigned roles = 1; roles < 1U << ROLE_N; roles++)
            for (unsigned whole = 0; whole < 2; whole++)
                see_row(d, &rows[i], &(struct rights){.roles = roles, .is_whole = whole != 0});
    }
    assert_true(closed_n > 10 && opened_n > 10);
    door_drop(d);
}

static void without_a_session_nothing_is_told(void **state)
{
    (void)state;
    struct door *d = door_open();
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        struct pages_request r = door_request(rows[i].method, path_of(&rows[i], "a1"));
        if (rows[i].least == PAGES_STRANGER)
            continue;
        assert_int_equal(door_ask(d, &r), 401);
        r.form = PAGES_HTML;
        bool is_page = r.method == PAGES_GET && strncmp(rows[i].path, "/api/", 5) != 0;
        assert_int_equal(door_ask(d, &r), is_page ? 303 : 401);
        if (is_page)
            assert_string_equal(d->answer.location, "/connexion");
    }
    struct pages_request r = door_request(PAGES_GET, "/api/v1/nothing");
    assert_int_equal(door_ask(d, &r), 401);
    door_admit(d, RIGHTS_AGENT, true);
    assert_int_equal(door_ask(d, &r), 404);
    door_drop(d);
}

/* What the connection opens, a cookie neither opens nor shuts. */
static void a_token_needs_no_session_and_no_form(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, false);
    struct pages_request r = door_request(PAGES_POST, "/api/v1/agents/a2/ready");
    r.principal = PAGES_TOKEN;
    r.browser.origin = TEXT("https://evil.example");
    assert_int_equal(door_ask(d, &r), 200);
    r = door_request(PAGES_GET, "/api/v1/accounts");
    r.principal = PAGES_TOKEN;
    assert_int_equal(door_ask(d, &r), 403); /* by their session, which may not either */
    d->has_session = false;
    assert_int_equal(door_ask(d, &r), 401);
    r.principal = PAGES_OWNER;
    assert_int_equal(door_ask(d, &r), 200);
    r = door_request(PAGES_GET, "/api/v1/session");
    r.principal = PAGES_OWNER;
    assert_int_equal(door_ask(d, &r), 401); /* whose would it be? */
    door_drop(d);
}

static void what_is_forged_is_refused(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_SUPERVISOR, true);
    const struct pages_request good = door_request(PAGES_POST, "/api/v1/agents/a1/ready");
    struct pages_request r = good;
    assert_int_equal(door_ask(d, &r), 403); /* no token */
    r.browser.csrf = TEXT("0000000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(door_ask(d, &r), 403);
    r.browser.csrf = (struct text){door_csrf().p, door_csrf().n - 1};
    assert_int_equal(door_ask(d, &r), 403);
    r.browser.csrf = door_csrf();
    r.browser.site = TEXT("same-site");
    assert_int_equal(door_ask(d, &r), 403);
    r.browser.site = r.browser.origin = TEXT_NONE;
    assert_int_equal(door_ask(d, &r), 403); /* nothing says that it is ours */
    r.browser.origin = TEXT("https://b.fr");
    assert_int_equal(door_ask(d, &r), 403);
    assert_int_equal(d->orders_n, 0);
    r.browser.origin = TEXT("https://a.fr");
    assert_int_equal(door_ask(d, &r), 200);
    r = good;
    char body[80];
    snprintf(body, sizeof(body), "csrf=%.64s", door_csrf().p);
    r.body = text_of(body);
    assert_int_equal(door_ask(d, &r), 200);
    assert_int_equal(d->orders_n, 2);
    door_drop(d);
}

static void a_cookie_is_good_by_its_own_way_alone(void **state)
{
    (void)state;
    struct door *d = door_open();
    struct address afar;
    door_admit(d, RIGHTS_AGENT, true);
    struct pages_request r = door_request(PAGES_GET, "/api/v1/session");
    assert_int_equal(door_ask(d, &r), 200);
    r.browser.proto = TEXT("http");
    assert_int_equal(door_ask(d, &r), 401);
    r = door_request(PAGES_GET, "/api/v1/session");
    r.browser.proto = TEXT_NONE;
    r.browser.is_forwarded = false;
    r.browser.host = TEXT("localhost:8080");
    assert_int_equal(door_ask(d, &r), 401); /* the other name */
    r.browser.cookie = text_after(TEXT(DOOR_COOKIE), sizeof("__Host-") - 1);
    assert_int_equal(door_ask(d, &r), 200);
    r.browser.host = TEXT("a.fr");
    assert_int_equal(door_ask(d, &r), 401);
    r.browser.host = TEXT("localhost");
    assert_true(address_read_ip(&afar, TEXT("192.0.2.1")));
    r.browser.peer = afar;
    assert_int_equal(door_ask(d, &r), 401);
    r = door_request(PAGES_GET, "/api/v1/session");
    d->session.ends_at = DOOR_AT + 1;
    assert_int_equal(door_ask(d, &r), 200);
    d->session.ends_at = DOOR_AT;
    assert_int_equal(door_ask(d, &r), 401);
    door_drop(d);
}

static void a_stream_is_told_when_its_session_has_ended(void **state)
{
    (void)state;
    struct door *d = door_open();
    char to[PAGES_MORE_MIN];
    door_admit(d, RIGHTS_AUDITOR, true);
    struct pages_request r = door_request(PAGES_GET, "/api/v1/events");
    r.form = PAGES_STREAM;
    assert_int_equal(door_ask(d, &r), 200);
    assert_true(d->answer.is_stream);
    struct pages_stream stream = d->answer.stream;
    assert_int_equal(stream.session_id, DOOR_ID);
    stream.now_at = DOOR_AT + ACCOUNTS_SEEN_MS;
    assert_true(d->pages_port.more(d->pages_port.arg, &stream, to, sizeof(to)) > 0);
    assert_false(stream.is_over);
    assert_int_equal(d->rows[0].session.step, SESSION_SEEN); /* a stream is a sign of life */
    d->has_session = false;
    assert_int_equal(d->pages_port.more(d->pages_port.arg, &stream, to, sizeof(to)), 0);
    assert_true(stream.is_over);
    door_drop(d);
}

static void an_auditor_is_shown_no_names(void **state)
{
    (void)state;
    struct door *d = door_open();
    door_admit(d, RIGHTS_AUDITOR, true);
    struct pages_request r = door_request(PAGES_GET, "/api/v1/audit");
    assert_int_equal(door_ask(d, &r), 200);
    assert_non_null(strstr(d->page, "\"who\":\"0000000000000005\""));
    assert_null(strstr(d->page, "martin"));
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_has_the_routes_that_name_it_and_no_other),
        cmocka_unit_test(without_a_session_nothing_is_told),
        cmocka_unit_test(a_token_needs_no_session_and_no_form),
        cmocka_unit_test(what_is_forged_is_refused),
        cmocka_unit_test(a_cookie_is_good_by_its_own_way_alone),
        cmocka_unit_test(a_stream_is_told_when_its_session_has_ended),
        cmocka_unit_test(an_auditor_is_shown_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
