/* web.c — tests of store/web.h: a page is found by the hash of its secret alone, its words stay as
 * long as it does, and nothing of an erased person is left in the file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/person.h"
#include "store/thread.h"
#include "store/web.h"
#include "test/support/folder.h"

#define PHONE UINT64_C(33612345678)
#define SECRET "00112233445566778899aabbccddeeff"

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct store_threads threads;
};

static void begin(struct fixture *f, const char *name)
{
    if (!f->sql.path)
        folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, name)};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
    assert_int_equal(store_threads_open(&f->threads, &f->sql), 0);
}

static void close_it(struct fixture *f)
{
    store_threads_drop(&f->threads);
    f->port.detach(f->port.arg);
    sql_drop(f->db);
}

static void put(struct fixture *f, const struct journal_row *row)
{
    assert_int_equal(f->port.row_put(f->port.arg, row), 0);
}

static struct journal_row page_of(uint64_t contact_id, const char *secret)
{
    struct journal_row row = {.kind = JOURNAL_ROW_WEB, .person_id = contact_id + 100};
    row.web.contact_id = contact_id;
    row.web.e164 = PHONE;
    row.web.opened_at = 1000;
    row.web.queue_id = 5;
    row.web.reference = 4711;
    memcpy(row.web.name, "Karim", 6);
    store_webs_hash(row.web.hash, text_of(secret));
    return row;
}

static void put_words(struct fixture *f, uint64_t id, uint64_t contact_id, ms_t at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS, .person_id = contact_id + 100};
    row.sms.id = id;
    row.sms.contact_id = contact_id;
    row.sms.is_received = true;
    row.sms.state = 2;
    row.sms.coding = 1;
    row.sms.n = 2;
    row.sms.octets[1] = 'a';
    row.sms.changed_at = at;
    put(f, &row);
}

static void close_page(struct fixture *f, uint64_t contact_id, ms_t at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_WEB};
    row.web.contact_id = contact_id;
    row.web.closed_at = at;
    put(f, &row);
}

static void purge(struct fixture *f, ms_t before_at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_PURGE};
    row.sms.changed_at = before_at;
    put(f, &row);
}

static int find(struct fixture *f, const char *secret, struct texts_page *page)
{
    uint8_t hash[JOURNAL_WEB_HASH];
    store_webs_hash(hash, text_of(secret));
    return store_webs_find(page, &f->threads.webs, hash);
}

static void count_one(const struct texts_shown *shown, void *arg)
{
    (void)shown;
    ++*(unsigned *)arg;
}

static unsigned words_n(struct fixture *f, uint64_t contact_id)
{
    unsigned n = 0;
    assert_int_equal(store_threads_texts(&f->threads, contact_id, count_one, &n), 0);
    return n;
}

static unsigned open_n;
static void count_open(const struct journal_row *row, void *arg)
{
    struct journal_row *last = arg;
    *last = *row;
    open_n++;
}

static void a_page_is_found_by_its_secret_and_by_nothing_near(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct texts_page page;
    begin(&f, "x.db");
    const struct journal_row row = page_of(7, SECRET);
    put(&f, &row);
    assert_int_equal(find(&f, SECRET, &page), 0);
    assert_true(page.contact_id == 7 && page.e164 == PHONE && page.queue_id == 5);
    assert_true(page.reference == 4711 && page.opened_at == 1000 && !page.closed_at);
    assert_string_equal(page.name, "Karim");
    assert_int_equal(find(&f, "00112233445566778899aabbccddeefe", &page), ENOENT);
    assert_int_equal(find(&f, "", &page), ENOENT);
    assert_int_equal(page.contact_id, 0);
    assert_int_equal(store_webs_of(&page, &f.threads.webs, 7), 0);
    assert_int_equal(store_webs_of(&page, &f.threads.webs, 8), ENOENT);
    close_it(&f);
}

static void the_start_is_told_of_those_that_are_open(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct journal_row last = {.kind = JOURNAL_ROW_PERSON};
    begin(&f, "x.db");
    const struct journal_row one = page_of(7, SECRET), two = page_of(9, "other");
    put(&f, &one);
    put(&f, &two);
    close_page(&f, 9, 5000);
    open_n = 0;
    assert_int_equal(store_web_read(&f.sql, count_open, &last), 0);
    assert_int_equal(open_n, 1);
    assert_true(last.web.contact_id == 7 && last.person_id == 107);
    assert_memory_equal(last.web.hash, one.web.hash, JOURNAL_WEB_HASH);
    close_it(&f);
}

static void words_stay_as_long_as_their_page_and_go_with_it(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct texts_page page;
    begin(&f, "x.db");
    const struct journal_row row = page_of(7, SECRET);
    put(&f, &row);
    put_words(&f, 1, 7, 1000);
    purge(&f, 900000); /* open: all stays */
    assert_int_equal(words_n(&f, 7), 1);
    close_page(&f, 7, 5000);
    close_page(&f, 7, 800000); /* twice: the first counts */
    purge(&f, 5000);
    assert_int_equal(words_n(&f, 7), 1);
    assert_int_equal(find(&f, SECRET, &page), 0);
    assert_int_equal(page.closed_at, 5000);
    purge(&f, 5001);
    assert_int_equal(find(&f, SECRET, &page), ENOENT);
    assert_int_equal(words_n(&f, 7), 0);
    close_it(&f);
}

/* By the person of the contact, and by a person whose number was typed there. */
static void who_is_erased_leaves_nothing(void **state)
{
    (void)state;
    for (unsigned by_number = 0; by_number < 2; by_number++) {
        struct fixture f = {.db = NULL};
        struct texts_page page;
        begin(&f, "x.db");
        const struct journal_row row = page_of(7, SECRET);
        put(&f, &row);
        put_words(&f, 1, 7, 1000);
        struct journal_row known = {.kind = JOURNAL_ROW_PERSON, .person_id = 42};
        memcpy(known.number, "+33612345678", 13);
        put(&f, &known);
        struct journal_row gone = {.kind = JOURNAL_ROW_PERSON, .person_id = 999};
        put(&f, &gone); /* somebody else */
        assert_int_equal(words_n(&f, 7), 1);
        gone.person_id = by_number ? 42 : 107;
        put(&f, &gone);
        assert_int_equal(words_n(&f, 7), 0);
        assert_int_equal(find(&f, SECRET, &page), ENOENT);
        close_it(&f);
    }
}

static void pages_are_saved_out_of_a_file_that_is_set_aside(void **state)
{
    (void)state;
    struct fixture old = {.db = NULL}, new = {.db = NULL};
    struct texts_page page;
    int64_t copied;
    begin(&old, "old.db");
    const struct journal_row row = page_of(7, SECRET);
    put(&old, &row);
    put_words(&old, 1, 7, 1000);
    new.folder = old.folder;
    new.sql = old.sql;
    begin(&new, "new.db");
    const char *from = folder_file(&old.folder, "old.db");
    assert_int_equal(new.port.salvage(new.port.arg, from, &copied), 0);
    assert_int_equal(find(&new, SECRET, &page), 0);
    assert_int_equal(words_n(&new, 7), 1);
    close_it(&new);
    close_it(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_found_by_its_secret_and_by_nothing_near),
        cmocka_unit_test(the_start_is_told_of_those_that_are_open),
        cmocka_unit_test(words_stay_as_long_as_their_page_and_go_with_it),
        cmocka_unit_test(who_is_erased_leaves_nothing),
        cmocka_unit_test(pages_are_saved_out_of_a_file_that_is_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
