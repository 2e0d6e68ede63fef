/* thread.c — tests of store/thread.h: from which number a written contact comes, what was written
 * to and fro, and what the start is told of both. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/person.h"
#include "store/thread.h"
#include "test/support/folder.h"

#define MOBILE UINT64_C(33612345678)
#define SENT 1

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct store_threads threads;
};

struct seen {
    struct journal_row threads[8], answers[8];
    uint64_t ids[8];
    unsigned threads_n, answers_n, ids_n;
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

static void put_row(struct fixture *f, const struct journal_row *row)
{
    assert_int_equal(f->port.row_put(f->port.arg, row), 0);
}

static void put_thread(struct fixture *f, uint64_t contact_id, uint64_t e164)
{
    const struct journal_row row = {.kind = JOURNAL_ROW_THREAD,
                                    .thread = {.contact_id = contact_id, .e164 = e164}};
    put_row(f, &row);
}

static struct journal_row text_of_thread(uint64_t id, uint64_t contact_id, ms_t at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS};
    row.sms.id = id;
    row.sms.e164 = MOBILE;
    row.sms.contact_id = contact_id;
    row.sms.is_received = true;
    row.sms.state = 2;
    row.sms.coding = 1;
    row.sms.n = 2;
    row.sms.octets[1] = 'a';
    row.sms.changed_at = at;
    return row;
}

static void see_thread(const struct journal_row *row, void *arg)
{
    struct seen *s = arg;
    s->threads[s->threads_n++] = *row;
}

static void see_answer(const struct journal_row *row, void *arg)
{
    struct seen *s = arg;
    s->answers[s->answers_n++] = *row;
}

static void see_id(uint64_t id, void *arg)
{
    struct seen *s = arg;
    s->ids[s->ids_n++] = id;
}

static struct seen read_all(const struct fixture *f, uint32_t seen_max)
{
    struct seen s = {.threads_n = 0};
    const struct store_thread_start start = {seen_max, see_thread, see_answer, see_id, &s};
    assert_int_equal(store_thread_read(&start, &f->sql), 0);
    return s;
}

static void a_number_stands_while_its_contact_does(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    uint64_t e164;
    begin(&f, "x.db");
    put_thread(&f, 7, MOBILE);
    put_thread(&f, 9, MOBILE + 1);
    assert_int_equal(store_threads_number(&e164, &f.threads, 9), 0);
    assert_true(e164 == MOBILE + 1);
    struct seen s = read_all(&f, 8);
    assert_int_equal(s.threads_n, 2);
    assert_true(s.threads[0].thread.contact_id == 7 && s.threads[0].thread.e164 == MOBILE);
    put_thread(&f, 9, 0);
    put_thread(&f, 11, 0); /* was never there */
    assert_int_equal(store_threads_number(&e164, &f.threads, 9), ENOENT);
    assert_int_equal(read_all(&f, 8).threads_n, 1);
    close_it(&f);
    folder_drop(&f.folder);
}

static void note_shown(const struct texts_shown *shown, void *arg)
{
    struct seen *s = arg;
    assert_true(shown->id && shown->octets[1] == 'a');
    s->ids[s->ids_n++] = shown->id;
}

static void all_that_was_written_is_shown_in_its_order(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct seen s = {.ids_n = 0};
    begin(&f, "x.db");
    struct journal_row rows[] = {text_of_thread(30, 7, 1000), text_of_thread(20, 7, 3000),
                                 text_of_thread(10, 8, 2000), text_of_thread(40, 0, 2500)};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        put_row(&f, &rows[i]);
    rows[1].sms.part = 1;
    put_row(&f, &rows[1]);
    assert_int_equal(store_threads_texts(&f.threads, 7, note_shown, &s), 0);
    assert_int_equal(s.ids_n, 3);
    assert_true(s.ids[0] == 30 && s.ids[1] == 20 && s.ids[2] == 20);
    s.ids_n = 0;
    assert_int_equal(store_threads_texts(&f.threads, 0, note_shown, &s), 0);
    assert_int_equal(s.ids_n, 0); /* texts of no contact are no thread */
    s = read_all(&f, 3);          /* the newest, the oldest of them first */
    assert_int_equal(s.ids_n, 3);
    assert_true(s.ids[0] == 10 && s.ids[1] == 40 && s.ids[2] == 20);
    close_it(&f);
    folder_drop(&f.folder);
}

static void the_start_hears_what_became_of_answers_to_open_contacts(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    put_thread(&f, 7, MOBILE);
    struct journal_row answer = text_of_thread(50, 7, 1000);
    answer.sms.is_received = false;
    answer.sms.kind = TEXTS_KIND_ANSWER;
    answer.sms.state = 0;
    put_row(&f, &answer);
    answer.sms.id = 51;
    answer.sms.contact_id = 8; /* over */
    put_row(&f, &answer);
    answer.sms.id = 52;
    answer.sms.contact_id = 7;
    answer.sms.kind = TEXTS_KIND_ANSWER - 1; /* of the house */
    put_row(&f, &answer);
    struct journal_row sent = {.kind = JOURNAL_ROW_SMS_STATE};
    sent.sms.id = 50;
    sent.sms.state = SENT;
    put_row(&f, &sent);
    struct seen s = read_all(&f, 8);
    assert_int_equal(s.answers_n, 1);
    assert_true(s.answers[0].sms.id == 50 && s.answers[0].sms.contact_id == 7);
    assert_int_equal(s.answers[0].sms.state, SENT);
    assert_int_equal(s.ids_n, 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static unsigned shown_n(struct fixture *f, uint64_t contact_id)
{
    struct seen s = {.ids_n = 0};
    assert_int_equal(store_threads_texts(&f->threads, contact_id, note_shown, &s), 0);
    return s.ids_n;
}

static void texts_of_an_open_contact_are_not_forgotten_before_it(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct journal_row purge = {.kind = JOURNAL_ROW_SMS_PURGE};
    const struct journal_row open = text_of_thread(1, 7, 1000), over = text_of_thread(2, 8, 1000);
    begin(&f, "x.db");
    put_thread(&f, 7, MOBILE);
    put_row(&f, &open);
    put_row(&f, &over);
    purge.sms.changed_at = 5000;
    put_row(&f, &purge);
    assert_int_equal(shown_n(&f, 7), 1);
    assert_int_equal(shown_n(&f, 8), 0);
    put_thread(&f, 7, 0);
    put_row(&f, &purge);
    assert_int_equal(shown_n(&f, 7), 0);
    close_it(&f);
    folder_drop(&f.folder);
}

static void it_goes_with_its_person_and_is_saved_from_a_database_set_aside(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL}, g = {.db = NULL};
    struct journal_row person = {.kind = JOURNAL_ROW_PERSON, .person_id = 5};
    int64_t copied_n;
    begin(&f, "x.db");
    put_thread(&f, 7, MOBILE);
    put_thread(&f, 8, MOBILE + 1);
    memcpy(person.number, "+33612345678", 13);
    put_row(&f, &person);
    person.number[0] = '\0';
    put_row(&f, &person); /* erased */
    struct seen s = read_all(&f, 8);
    assert_int_equal(s.threads_n, 1);
    assert_true(s.threads[0].thread.contact_id == 8);
    begin(&g, "y.db");
    assert_int_equal(g.port.salvage(g.port.arg, f.sql.path, &copied_n), 0);
    s = read_all(&g, 8);
    assert_int_equal(s.threads_n, 1);
    assert_true(s.threads[0].thread.e164 == MOBILE + 1);
    close_it(&g);
    folder_drop(&g.folder);
    close_it(&f);
    folder_drop(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_stands_while_its_contact_does),
        cmocka_unit_test(all_that_was_written_is_shown_in_its_order),
        cmocka_unit_test(the_start_hears_what_became_of_answers_to_open_contacts),
        cmocka_unit_test(texts_of_an_open_contact_are_not_forgotten_before_it),
        cmocka_unit_test(it_goes_with_its_person_and_is_saved_from_a_database_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
