/* lookup.c — tests of store/lookup.h: who calls, answered by a thread of its own. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/lookup.h"
#include "store/person.h"
#include "test/support/folder.h"

#define ANSWER_MS 5000
#define NUMBER UINT64_C(33536491234)

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port store;
    struct store_lookup *lookup;
    struct person_port port;
};

static void begin(struct fixture *f)
{
    folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, "x.db")};
    f->store = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->store.attach(f->store.arg, f->db), 0);
    assert_int_equal(store_lookup_open(&f->lookup, &f->sql), 0);
    f->port = store_lookup_port(f->lookup);
}

static void end(struct fixture *f)
{
    store_lookup_drop(f->lookup);
    f->store.detach(f->store.arg);
    sql_drop(f->db);
    folder_drop(&f->folder);
}

/* The next answer; false when none comes any more. */
static bool wait(struct fixture *f, struct person_answer *a, int wait_ms)
{
    struct pollfd p = {.fd = store_lookup_fd(f->lookup), .events = POLLIN};
    while (
        !f->port.next(f->port.arg, a)) { /* the bell may be of an answer that was taken already */
        if (poll(&p, 1, wait_ms) == 0)
            return false;
        store_lookup_fd_clear(f->lookup);
    }
    return true;
}

static void a_known_number_has_its_person(void **state)
{
    (void)state;
    struct fixture f;
    struct person_answer a;
    const struct journal_row row = {.person_id = 77, .number = "+33536491234"};
    begin(&f);
    assert_int_equal(f.store.row_put(f.store.arg, &row), 0);
    f.port.ask(f.port.arg, 5, NUMBER);
    assert_true(wait(&f, &a, ANSWER_MS));
    assert_int_equal(a.leg_id, 5);
    assert_int_equal(a.person_id, 77);
    assert_false(a.is_new);
    end(&f);
}

static void a_new_number_gets_one_person_however_often_it_calls(void **state)
{
    (void)state;
    struct fixture f;
    struct person_answer first, second;
    begin(&f);
    f.port.ask(f.port.arg, 1, NUMBER);
    f.port.ask(f.port.arg, 2, NUMBER);
    assert_true(wait(&f, &first, ANSWER_MS));
    assert_true(wait(&f, &second, ANSWER_MS));
    assert_true(first.is_new && second.is_new);
    assert_int_not_equal(first.person_id, 0);
    assert_true(first.person_id == second.person_id);
    assert_string_equal(first.row.number, "+33536491234");
    assert_true(first.row.person_id == first.person_id);
    end(&f);
}

static void a_withheld_number_is_not_asked(void **state)
{
    (void)state;
    struct fixture f;
    struct person_answer a;
    begin(&f);
    f.port.ask(f.port.arg, 1, 0);
    assert_false(wait(&f, &a, 50));
    end(&f);
}

static void too_many_at_once_lose_some_and_none_twice(void **state)
{
    (void)state;
    enum { ASKED = 3 * STORE_LOOKUPS_MAX };
    static uint8_t answered[ASKED + 1];
    struct fixture f;
    struct person_answer a;
    unsigned n = 0;
    begin(&f);
    for (uint64_t i = 1; i <= ASKED; i++)
        f.port.ask(f.port.arg, i, NUMBER + i);
    while (wait(&f, &a, n < STORE_LOOKUPS_MAX ? ANSWER_MS : 200)) {
        assert_in_range(a.leg_id, 1, ASKED);
        assert_int_equal(answered[a.leg_id]++, 0);
        n++;
    }
    assert_in_range(n, STORE_LOOKUPS_MAX, ASKED);
    f.port.ask(f.port.arg, 1, NUMBER); /* and it goes on */
    assert_true(wait(&f, &a, ANSWER_MS));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_number_has_its_person),
        cmocka_unit_test(a_new_number_gets_one_person_however_often_it_calls),
        cmocka_unit_test(a_withheld_number_is_not_asked),
        cmocka_unit_test(too_many_at_once_lose_some_and_none_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
