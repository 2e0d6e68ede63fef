/* account.c — tests of store/account.h: accounts, sessions and their log as rows; what has ended is
 * not there; no row can make a commit fail; a salvage. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/account.h"
#include "store/person.h"
#include "test/support/folder.h"

#define NOW_AT ((ms_t)1794819600000)
#define LATER_AT (NOW_AT + 1000)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct store_accounts store;
    struct accounts_port accounts;
};

static void begin(struct fixture *f, const char *name)
{
    if (!f->sql.path)
        folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, name)};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
    assert_int_equal(store_accounts_open(&f->store, &f->sql), 0);
    f->accounts = store_accounts_port(&f->store);
}

static void close_it(struct fixture *f)
{
    store_accounts_drop(&f->store);
    f->port.detach(f->port.arg);
    sql_drop(f->db);
}

static void put(struct fixture *f, struct journal_row row)
{
    assert_int_equal(f->port.row_put(f->port.arg, &row), 0);
}

static struct journal_row account_row(uint64_t id, const char *login)
{
    struct journal_row row = {.kind = JOURNAL_ROW_ACCOUNT,
                              .account = {.id = id, .changed_at = NOW_AT, .roles = 3}};
    snprintf(row.account.login, sizeof(row.account.login), "%s", login);
    snprintf(row.account.name, sizeof(row.account.name), "Nom de %s", login);
    return row;
}

static struct journal_row provider_row(uint64_t account_id, uint8_t subject, const char *mail)
{
    struct journal_row row = {.kind = JOURNAL_ROW_PROVIDER,
                              .provider = {.account_id = account_id, .is_linked = subject != 0}};
    memset(row.provider.subject, subject, sizeof(row.provider.subject));
    snprintf(row.provider.mail, sizeof(row.provider.mail), "%s", mail);
    return row;
}

static struct journal_row session_row(uint8_t hash, uint64_t id, uint64_t account_id)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SESSION,
                              .session = {.id = id,
                                          .account_id = account_id,
                                          .born_at = NOW_AT,
                                          .made_at = NOW_AT,
                                          .seen_at = NOW_AT,
                                          .ends_at = LATER_AT,
                                          .step = SESSION_MADE}};
    memset(row.session.hash, hash, SESSION_HASH_BYTES);
    return row;
}

static int find_session(struct fixture *f, uint8_t byte, ms_t at, struct account_session *session)
{
    uint8_t hash[SESSION_HASH_BYTES];
    struct account account;
    memset(hash, byte, sizeof(hash));
    return f->accounts.session(f->accounts.arg, hash, at, session, &account);
}

static bool is_good(struct fixture *f, uint8_t byte)
{
    struct account_session session;
    return find_session(f, byte, NOW_AT, &session) == 0;
}

static void step(struct fixture *f, uint8_t hash, enum session_step step, ms_t ends_at)
{
    struct journal_row row = session_row(hash, 70, 7);
    row.session.step = (uint8_t)step;
    row.session.ends_at = ends_at;
    row.session.seen_at = NOW_AT + 5;
    put(f, row);
}

static void an_account_is_found_by_its_login_with_its_hash(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account account;
    char hash[ACCOUNT_HASH_BYTES];
    begin(&f, "db");
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, hash), ENOENT);
    put(&f, account_row(UINT64_MAX, "a.b"));
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, hash), 0);
    assert_true(account.id == UINT64_MAX && account.roles == 3 && !account.is_disabled);
    assert_string_equal(account.name, "Nom de a.b");
    assert_string_equal(hash, "");
    struct journal_row row = {.kind = JOURNAL_ROW_PASSWORD,
                              .password = {.account_id = UINT64_MAX, .hash = "$one$"}};
    put(&f, row);
    memcpy(row.password.hash, "$two$", 5);
    put(&f, row);
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, hash), 0);
    assert_string_equal(hash, "$two$");
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("A.b"), &account, NULL), ENOENT);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_login_that_is_taken_changes_nothing_and_stops_no_commit(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account account;
    uint64_t n = 0;
    begin(&f, "db");
    put(&f, account_row(7, "a.b"));
    put(&f, account_row(8, "a.b"));
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, NULL), 0);
    assert_int_equal(account.id, 7);
    struct journal_row row = account_row(7, "other"); /* a login never changes */
    row.account.roles = 8;
    put(&f, row);
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, NULL), 0);
    assert_int_equal(account.roles, 3);
    row = account_row(7, "a.b");
    row.account.is_disabled = true;
    put(&f, row);
    put(&f, account_row(9, "b.c"));
    assert_int_equal(f.accounts.count(f.accounts.arg, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(f.accounts.next(f.accounts.arg, "", &account), 0);
    assert_true(account.is_disabled);
    assert_int_equal(f.accounts.next(f.accounts.arg, account.login, &account), 0);
    assert_string_equal(account.login, "b.c");
    assert_int_equal(f.accounts.next(f.accounts.arg, account.login, &account), ENOENT);
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_session_is_good_until_its_end_and_for_who_is_not_disabled(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account_session session;
    begin(&f, "db");
    put(&f, session_row(1, 70, 7));
    assert_false(is_good(&f, 1)); /* of nobody */
    put(&f, account_row(7, "a.b"));
    assert_int_equal(find_session(&f, 1, LATER_AT - 1, &session), 0);
    assert_int_equal(session.id, 70);
    assert_int_equal(find_session(&f, 1, LATER_AT, &session), ENOENT);
    assert_false(is_good(&f, 2));
    struct journal_row row = account_row(7, "a.b");
    row.account.is_disabled = true;
    put(&f, row);
    assert_false(is_good(&f, 1));
    close_it(&f);
    folder_drop(&f.folder);
}

static void each_step_does_what_it_says(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account_session session;
    begin(&f, "db");
    put(&f, account_row(7, "a.b"));
    put(&f, session_row(1, 70, 7));
    put(&f, session_row(2, 71, 7));
    step(&f, 1, SESSION_SEEN, LATER_AT + 10);
    assert_int_equal(find_session(&f, 1, LATER_AT, &session), 0);
    assert_int_equal(session.seen_at, NOW_AT + 5);
    put(&f, session_row(3, 70, 7)); /* another secret of the same */
    step(&f, 1, SESSION_REPLACED, NOW_AT + 3);
    assert_int_equal(find_session(&f, 1, NOW_AT, &session), 0);
    assert_true(session.is_replaced && session.ends_at == NOW_AT + 3);
    step(&f, 1, SESSION_SEEN, LATER_AT + 20); /* a replaced one is prolonged no more */
    assert_int_equal(find_session(&f, 1, NOW_AT, &session), 0);
    assert_int_equal(session.ends_at, NOW_AT + 3);
    assert_int_equal(f.accounts.session_id(f.accounts.arg, 70, NOW_AT, &session), 0);
    assert_int_equal(session.hash[0], 3);
    assert_int_equal(f.accounts.nth_session(f.accounts.arg, 7, NOW_AT, 1, &session), 0);
    assert_int_equal(f.accounts.nth_session(f.accounts.arg, 7, NOW_AT, 2, &session), ENOENT);
    step(&f, 0, SESSION_OVER, 0); /* with all its secrets */
    assert_true(!is_good(&f, 1) && is_good(&f, 2) && !is_good(&f, 3));
    put(&f, session_row(4, 72, 8));
    put(&f, account_row(8, "b.c"));
    step(&f, 0, SESSION_ALL_OVER, 0);
    assert_true(!is_good(&f, 2) && is_good(&f, 4));
    struct journal_row row = session_row(5, 73, 8); /* what has ended goes with the next */
    row.session.made_at = LATER_AT;
    row.session.ends_at = LATER_AT + 1;
    put(&f, row);
    assert_true(!is_good(&f, 4) && is_good(&f, 5));
    close_it(&f);
    folder_drop(&f.folder);
}

static void a_scope_is_set_anew_and_bounded(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    struct journal_row row = {.kind = JOURNAL_ROW_SCOPE, .scope = {.account_id = 7}};
    unsigned n = 0;
    begin(&f, "db");
    for (unsigned i = 0; i < ACCOUNT_SCOPE_MAX + 3; i++) {
        snprintf(row.scope.name, sizeof(row.scope.name), "s%02u", i);
        put(&f, row);
        put(&f, row);
    }
    assert_int_equal(f.accounts.scope(f.accounts.arg, 7, scope, &n), 0);
    assert_int_equal(n, ACCOUNT_SCOPE_MAX);
    assert_string_equal(scope[1].name, "s01");
    row.scope.is_none = true;
    put(&f, row);
    row.scope.is_none = false;
    row.scope.kind = ACCOUNT_SERVICE;
    put(&f, row);
    assert_int_equal(f.accounts.scope(f.accounts.arg, 7, scope, &n), 0);
    assert_true(n == 1 && scope[0].kind == ACCOUNT_SERVICE);
    assert_int_equal(f.accounts.scope(f.accounts.arg, 8, scope, &n), 0);
    assert_int_equal(n, 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static void the_log_is_read_from_its_newest_and_kept_a_year(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account_audit audit;
    struct journal_row row = {.kind = JOURNAL_ROW_AUDIT,
                              .audit = {.id = 1, .at = NOW_AT, .about = 7, .detail = "roles"}};
    begin(&f, "db");
    put(&f, row);
    put(&f, row); /* twice is as good as once */
    row.audit.id = 2;
    row.audit.at += STORE_AUDIT_MS - 1;
    put(&f, row);
    assert_int_equal(f.accounts.audit(f.accounts.arg, 0, &audit), 0);
    assert_int_equal(audit.id, 2);
    assert_int_equal(f.accounts.audit(f.accounts.arg, 1, &audit), 0);
    assert_string_equal(audit.detail, "roles");
    assert_int_equal(f.accounts.audit(f.accounts.arg, 2, &audit), ENOENT);
    row.audit.id = 3;
    row.audit.at++;
    put(&f, row);
    assert_true(f.accounts.has_audit(f.accounts.arg, 3) && f.accounts.has_audit(f.accounts.arg, 2));
    assert_false(f.accounts.has_audit(f.accounts.arg, 1));
    close_it(&f);
    folder_drop(&f.folder);
}

static void out_of_a_backup_no_session_is_good(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account account;
    begin(&f, "db");
    put(&f, account_row(7, "a.b"));
    put(&f, session_row(1, 70, 7));
    assert_true(is_good(&f, 1));
    close_it(&f);
    assert_int_equal(store_account_end_sessions(&f.sql), 0);
    const struct sql_args older = {.path = folder_file(&f.folder, "older")};
    assert_int_equal(store_account_end_sessions(&older), 0); /* of before accounts */
    begin(&f, "db");
    assert_false(is_good(&f, 1));
    assert_int_equal(f.accounts.find(f.accounts.arg, TEXT("a.b"), &account, NULL), 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static void all_of_it_is_salvaged(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL}, g;
    struct account account;
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    char hash[ACCOUNT_HASH_BYTES];
    int64_t copied_n = 0;
    unsigned n = 0;
    begin(&f, "old");
    put(&f, account_row(7, "a.b"));
    put(&f, session_row(1, 70, 7));
    put(&f, (struct journal_row){.kind = JOURNAL_ROW_PASSWORD,
                                 .password = {.account_id = 7, .hash = "$one$"}});
    put(&f, (struct journal_row){.kind = JOURNAL_ROW_SCOPE,
                                 .scope = {.account_id = 7, .name = "nord"}});
    put(&f, (struct journal_row){.kind = JOURNAL_ROW_AUDIT, .audit = {.id = 1, .at = NOW_AT}});
    put(&f, provider_row(7, 0, "z@a.fr"));
    close_it(&f);
    g = (struct fixture){.folder = f.folder, .sql.path = f.sql.path};
    const char *old = f.sql.path;
    char from[256];
    snprintf(from, sizeof(from), "%s", old);
    begin(&g, "new");
    assert_int_equal(g.port.salvage(g.port.arg, from, &copied_n), 0);
    assert_int_equal(g.accounts.find(g.accounts.arg, TEXT("a.b"), &account, hash), 0);
    assert_string_equal(hash, "$one$");
    assert_true(is_good(&g, 1) && g.accounts.has_audit(g.accounts.arg, 1));
    assert_int_equal(g.accounts.scope(g.accounts.arg, 7, scope, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(g.accounts.by_mail(g.accounts.arg, "z@a.fr", &account), 0);
    close_it(&g);
    folder_drop(&g.folder);
}

static void a_person_of_the_provider_has_one_account(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct account found;
    struct account_provider provider;
    uint8_t subject[SESSION_HASH_BYTES];
    begin(&f, "db");
    void *arg = f.accounts.arg;
    put(&f, account_row(7, "a.b"));
    put(&f, account_row(8, "c.d"));
    memset(subject, 1, sizeof(subject));
    assert_int_equal(f.accounts.by_subject(arg, subject, &found), ENOENT);
    assert_int_equal(f.accounts.provider(arg, 7, &provider), ENOENT);
    put(&f, provider_row(7, 0, "z@a.fr"));
    assert_int_equal(f.accounts.by_mail(arg, "z@a.fr", &found), 0);
    assert_int_equal(found.id, 7);
    put(&f, provider_row(8, 0, "z@a.fr")); /* another account awaits it: nothing is taken from it */
    assert_int_equal(f.accounts.by_mail(arg, "z@a.fr", &found), 0);
    assert_int_equal(found.id, 7);
    put(&f, provider_row(7, 1, "")); /* linked: the mail is no longer awaited */
    assert_int_equal(f.accounts.by_mail(arg, "z@a.fr", &found), ENOENT);
    assert_int_equal(f.accounts.by_mail(arg, "", &found), ENOENT);
    assert_int_equal(f.accounts.by_subject(arg, subject, &found), 0);
    assert_int_equal(found.id, 7);
    assert_int_equal(f.accounts.provider(arg, 7, &provider), 0);
    assert_true(provider.is_linked && !provider.mail[0]);
    put(&f, provider_row(8, 1, "")); /* the same person at two accounts: the first stays */
    assert_int_equal(f.accounts.by_subject(arg, subject, &found), 0);
    assert_int_equal(found.id, 7);
    assert_int_equal(f.accounts.provider(arg, 8, &provider), ENOENT);
    put(&f, provider_row(7, 0, ""));
    assert_int_equal(f.accounts.by_subject(arg, subject, &found), ENOENT);
    close_it(&f);
    folder_drop(&f.folder);
}

static void the_newest_message_stands_whatever_the_clock_did(void **state)
{
    (void)state;
    struct fixture f = {.sql = {.path = NULL}};
    struct notice found;
    begin(&f, "a");
    assert_int_equal(f.accounts.notice(f.accounts.arg, &found), ENOENT);
    struct journal_row row = {
        .kind = JOURNAL_ROW_NOTICE,
        .notice = {.id = 7, .by_id = 5, .at = LATER_AT, .until_at = LATER_AT + 9, .words = "é"}};
    put(&f, row);
    put(&f, row); /* given again: once */
    assert_int_equal(f.accounts.notice(f.accounts.arg, &found), 0);
    assert_true(found.id == 7 && found.by_id == 5 && found.until_at == LATER_AT + 9);
    assert_string_equal(found.words, "é");
    row.notice = (struct notice){.id = 6, .at = NOW_AT}; /* over; and the clock went back */
    put(&f, row);
    assert_int_equal(f.accounts.notice(f.accounts.arg, &found), 0);
    assert_true(found.id == 6);
    assert_string_equal(found.words, "");
    close_it(&f);
    folder_drop(&f.folder);
}

static struct journal_row noted(uint64_t id, uint64_t person_id, ms_t at)
{
    return (struct journal_row){
        .kind = JOURNAL_ROW_NOTE,
        .note = {.id = id, .person_id = person_id, .by_id = 5, .at = at, .words = "é'); --"}};
}

static int nth(struct fixture *f, uint64_t person_id, unsigned n, struct note *note)
{
    const struct accounts_note_of of = {.person_id = person_id, .now_at = LATER_AT, .n = n};
    return f->accounts.note(f->accounts.arg, &of, note);
}

static void notes_are_of_one_person_the_newest_first_and_go_with_them(void **state)
{
    (void)state;
    struct fixture f = {.sql = {.path = NULL}};
    struct note found;
    begin(&f, "a");
    assert_int_equal(nth(&f, 70, 0, &found), ENOENT);
    put(&f, noted(1, 70, LATER_AT));
    put(&f, noted(1, 70, LATER_AT)); /* given again: once */
    put(&f, noted(2, 71, LATER_AT));
    put(&f, noted(3, 70, NOW_AT)); /* the clock went back */
    assert_int_equal(nth(&f, 70, 0, &found), 0);
    assert_true(found.id == 3 && found.by_id == 5 && found.at == NOW_AT);
    assert_string_equal(found.words, "é'); --");
    assert_int_equal(nth(&f, 70, 1, &found), 0);
    assert_true(found.id == 1);
    assert_int_equal(nth(&f, 70, 2, &found), ENOENT);
    for (uint64_t i = 0; i < NOTES_PER_PERSON_MAX - 2; i++)
        put(&f, noted(10 + i, 70, LATER_AT));
    assert_int_equal(nth(&f, 70, NOTES_PER_PERSON_MAX - 1, &found), 0);
    assert_true(found.id == 1);
    put(&f, noted(99, 70, LATER_AT)); /* past the bound the oldest goes */
    assert_int_equal(nth(&f, 70, NOTES_PER_PERSON_MAX - 1, &found), 0);
    assert_true(found.id == 3);
    assert_int_equal(nth(&f, 70, NOTES_PER_PERSON_MAX, &found), ENOENT);
    put(&f, (struct journal_row){.kind = JOURNAL_ROW_PERSON, .person_id = 70}); /* erased */
    assert_int_equal(nth(&f, 70, 0, &found), ENOENT);
    assert_int_equal(nth(&f, 71, 0, &found), 0);
    put(&f, noted(100, 72, LATER_AT + NOTE_KEPT_MS)); /* a year later */
    assert_int_equal(nth(&f, 71, 0, &found), ENOENT);
    close_it(&f);
    folder_drop(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_message_stands_whatever_the_clock_did),
        cmocka_unit_test(an_account_is_found_by_its_login_with_its_hash),
        cmocka_unit_test(a_login_that_is_taken_changes_nothing_and_stops_no_commit),
        cmocka_unit_test(a_session_is_good_until_its_end_and_for_who_is_not_disabled),
        cmocka_unit_test(each_step_does_what_it_says),
        cmocka_unit_test(a_scope_is_set_anew_and_bounded),
        cmocka_unit_test(the_log_is_read_from_its_newest_and_kept_a_year),
        cmocka_unit_test(out_of_a_backup_no_session_is_good),
        cmocka_unit_test(a_person_of_the_provider_has_one_account),
        cmocka_unit_test(all_of_it_is_salvaged),
        cmocka_unit_test(notes_are_of_one_person_the_newest_first_and_go_with_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
