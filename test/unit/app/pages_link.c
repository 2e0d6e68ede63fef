/* pages_link.c — an account is linked to a person of the identity provider, awaits a mail, or is
 * linked no more: by its owner's order; one person has one account. */
#include <stdio.h>

#include "test/support/doorkeeper.h"

#define ONE "/api/v1/accounts/c.martin"

/* What the disk knows of the provider: of the account of the door, and of another one. */
static struct disk {
    struct account_provider mine;
    uint8_t taken[SESSION_HASH_BYTES];
    const char *taken_mail;
} disk;

static const struct oidc_port provider = {.issuer = "https://idp.example"};

static int by_subject(void *arg, const uint8_t subject[SESSION_HASH_BYTES], struct account *account)
{
    (void)arg;
    *account = (struct account){.id = 1};
    return memcmp(subject, disk.taken, SESSION_HASH_BYTES) ? ENOENT : 0;
}

static int by_mail(void *arg, const char *mail, struct account *account)
{
    (void)arg;
    *account = (struct account){.id = 1};
    return disk.taken_mail && !strcmp(mail, disk.taken_mail) ? 0 : ENOENT;
}

static int provider_of(void *arg, uint64_t account_id, struct account_provider *to)
{
    (void)arg;
    *to = disk.mine;
    return disk.mine.account_id == account_id ? 0 : ENOENT;
}

static struct door *open_unlinked(void)
{
    struct door *d = door_open();
    door_admit(d, RIGHTS_AGENT, true);
    memset(&disk, 0, sizeof(disk));
    d->accounts->args.oidc = &provider;
    d->port.by_subject = by_subject;
    d->port.by_mail = by_mail;
    d->port.provider = provider_of;
    return d;
}

static unsigned change(struct door *d, const char *body)
{
    struct pages_request r = door_request(PAGES_PATCH, ONE);
    r.principal = PAGES_OWNER;
    r.browser.cookie = TEXT_NONE;
    r.body = text_of(body);
    return door_await(d, &r);
}

static void hash_of(uint8_t to[SESSION_HASH_BYTES], const char *text)
{
    door_hash(NULL, to, text_of(text));
}

static const struct journal_row *row_of(const struct door *d, enum journal_row_kind kind)
{
    for (unsigned i = 0; i < d->rows_n; i++)
        if (d->rows[i].kind == kind)
            return &d->rows[i];
    return NULL;
}

static void an_account_is_linked_by_issuer_and_subject(void **state)
{
    (void)state;
    struct door *d = open_unlinked();
    uint8_t wanted[SESSION_HASH_BYTES];
    hash_of(wanted, "https://idp.example\nzoe-1");
    assert_int_equal(change(d, "{\"subject\":\"zoe-1\"}"), 200);
    const struct journal_row *row = row_of(d, JOURNAL_ROW_PROVIDER);
    assert_non_null(row);
    assert_true(row->provider.is_linked && row->provider.account_id == 9);
    assert_memory_equal(row->provider.subject, wanted, sizeof(wanted));
    assert_int_equal(row_of(d, JOURNAL_ROW_SESSION)->session.step, SESSION_ALL_OVER);
    assert_int_equal(d->rows[d->rows_n - 1].audit.deed, ACCOUNT_LINKED);
    assert_null(strstr(d->rows[d->rows_n - 1].audit.detail, "zoe"));
    disk.mine = row->provider;
    assert_int_equal(change(d, "{\"mail\":\"z@a.fr\"}"), 409); /* linked already */
    assert_int_equal(change(d, "{\"subject\":null}"), 200);
    assert_false(row_of(d, JOURNAL_ROW_PROVIDER)->provider.is_linked);
    door_drop(d);
}

static void a_mail_is_awaited_in_lower_case(void **state)
{
    (void)state;
    struct door *d = open_unlinked();
    assert_int_equal(change(d, "{\"mail\":\"Zoe@Exemple.FR\"}"), 200);
    assert_string_equal(row_of(d, JOURNAL_ROW_PROVIDER)->provider.mail, "zoe@exemple.fr");
    assert_int_equal(change(d, "{\"mail\":\"\"}"), 200);
    assert_string_equal(row_of(d, JOURNAL_ROW_PROVIDER)->provider.mail, "");
    door_drop(d);
}

static void what_another_account_has_is_refused(void **state)
{
    (void)state;
    struct door *d = open_unlinked();
    hash_of(disk.taken, "https://idp.example\nzoe-1");
    disk.taken_mail = "z@a.fr";
    assert_int_equal(change(d, "{\"subject\":\"zoe-1\"}"), 409);
    assert_int_equal(change(d, "{\"mail\":\"Z@a.fr\"}"), 409);
    assert_int_equal(d->posts_n, 0);
    d->accounts->args.oidc = NULL; /* whose subject it would be is not known */
    assert_int_equal(change(d, "{\"subject\":\"zoe-2\"}"), 409);
    assert_int_equal(change(d, "{\"subject\":null}"), 200);
    door_drop(d);
}

static void what_is_no_subject_and_no_mail_is_refused(void **state)
{
    (void)state;
    struct door *d = open_unlinked();
    char body[400];
    static const char *const wrong[] = {"{\"subject\":\"\"}",      "{\"subject\":7}",
                                        "{\"subject\":\"a b\"}",   "{\"subject\":\"zo\\u00e9\"}",
                                        "{\"mail\":\"z\"}",        "{\"mail\":\"@a.fr\"}",
                                        "{\"mail\":\"z@\"}",       "{\"mail\":\"z@a@b\"}",
                                        "{\"mail\":\"z e@a.fr\"}", "{\"mail\":[]}"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(change(d, wrong[i]), 422);
    for (int n = 255; n <= 256; n++) {
        snprintf(body, sizeof(body), "{\"subject\":\"%0*d\"}", n, 7);
        assert_int_equal(change(d, body), n == 255 ? 200 : 422);
        snprintf(body, sizeof(body), "{\"mail\":\"%0*d@a.fr\"}", n - 6, 7); /* 254 and 255 */
        assert_int_equal(change(d, body), n == 255 ? 200 : 422);
    }
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_linked_by_issuer_and_subject),
        cmocka_unit_test(a_mail_is_awaited_in_lower_case),
        cmocka_unit_test(what_another_account_has_is_refused),
        cmocka_unit_test(what_is_no_subject_and_no_mail_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
