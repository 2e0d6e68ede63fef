/* sms.c — tests of store/sms.h: text messages, their states, STOP, what goes and what is saved. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/person.h"
#include "test/support/folder.h"

enum { QUEUED, SENT, DELIVERED, FAILED }; /* enum gsm_state */

struct fixture {
    struct folder folder;
    struct sql_args sql;
    sqlite3 *db;
    struct store_person person;
    struct store_port port;
    struct store_outbox outbox;
    struct outbox_port reads;
};

static void begin(struct fixture *f, const char *name)
{
    if (!f->sql.path)
        folder_open(&f->folder);
    f->sql = (struct sql_args){.path = folder_file(&f->folder, name)};
    f->port = store_person_port(&f->person);
    assert_int_equal(sql_open(&f->db, &f->sql), 0);
    assert_int_equal(f->port.attach(f->port.arg, f->db), 0);
    assert_int_equal(store_outbox_open(&f->outbox, &f->sql), 0);
    f->reads = store_outbox_port(&f->outbox);
}

static void close_it(struct fixture *f)
{
    store_outbox_drop(&f->outbox);
    f->port.detach(f->port.arg);
    sql_drop(f->db);
}

static void end(struct fixture *f)
{
    close_it(f);
    folder_drop(&f->folder);
}

static void put(struct fixture *f, const struct journal_row *row)
{
    assert_int_equal(f->port.row_put(f->port.arg, row), 0);
}

static struct journal_row message(uint64_t id, ms_t at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS, .person_id = 900 + id};
    row.sms.id = id;
    row.sms.e164 = 33600000000 + id;
    row.sms.n = 8;
    row.sms.octets[0] = 0xE8;
    row.sms.octets[6] = 0x37;
    row.sms.changed_at = row.sms.next_at = at;
    return row;
}

static void becomes(struct fixture *f, uint64_t id, uint8_t state, const char *remote)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SMS_STATE};
    row.sms.id = id;
    row.sms.state = state;
    row.sms.tries_n = 1;
    row.sms.changed_at = 5000;
    memcpy(row.sms.remote, remote, strlen(remote) + 1);
    put(f, &row);
}

static uint8_t state_of(struct fixture *f, uint64_t id)
{
    uint8_t state = 99;
    uint16_t tries_n;
    assert_int_equal(f->reads.look(f->reads.arg, id, &state, &tries_n), 0);
    return state;
}

static bool count(const struct journal_row *row, void *arg)
{
    uint64_t *ids = arg;
    *ids = *ids * 10 + row->sms.id;
    return true;
}

static uint64_t due(struct fixture *f, ms_t at)
{
    uint64_t ids = 0;
    assert_int_equal(f->reads.due(f->reads.arg, at, count, &ids), 0);
    return ids;
}

static void what_is_queued_is_read_in_its_order_when_it_is_due(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    ms_t at;
    begin(&f, "x.db");
    assert_int_equal(f.reads.next_at(f.reads.arg, &at), 0);
    assert_true(at == MS_NEVER);
    const struct journal_row first = message(1, 3000), second = message(2, 1000);
    put(&f, &first);
    put(&f, &second);
    put(&f, &second); /* the writer tries again: as good as once */
    assert_int_equal(due(&f, 999), 0);
    assert_int_equal(due(&f, 2000), 2);
    assert_int_equal(due(&f, 3000), 21);
    assert_int_equal(f.reads.next_at(f.reads.arg, &at), 0);
    assert_int_equal(at, 1000);
    end(&f);
}

static void a_state_never_goes_back_and_an_end_is_never_left(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    uint64_t id = 0, ids = 0;
    begin(&f, "x.db");
    const struct journal_row row = message(1, 1000);
    put(&f, &row);
    becomes(&f, 1, QUEUED, "");
    assert_int_equal(state_of(&f, 1), QUEUED);
    becomes(&f, 1, SENT, "op-7");
    becomes(&f, 1, QUEUED, "");
    assert_int_equal(state_of(&f, 1), SENT);
    assert_int_equal(due(&f, 9000), 0);
    assert_int_equal(f.reads.find(f.reads.arg, "op-7", &id), 0);
    assert_int_equal(id, 1);
    assert_int_equal(f.reads.find(f.reads.arg, "", &id), ENOENT);
    assert_int_equal(f.reads.untold(f.reads.arg, 6000, count, &ids), 0);
    assert_int_equal(ids, 1);
    becomes(&f, 1, DELIVERED, "");
    becomes(&f, 1, FAILED, "");
    becomes(&f, 1, SENT, "");
    assert_int_equal(state_of(&f, 1), DELIVERED);
    assert_int_equal(f.reads.find(f.reads.arg, "op-7", &id), 0); /* still known by it */
    assert_int_equal(f.reads.look(f.reads.arg, 2, &(uint8_t){0}, &(uint16_t){0}), ENOENT);
    end(&f);
}

static bool keep_first(const struct store_sms_shown *shown, void *arg)
{
    struct store_sms_shown *to = arg;
    *to = *shown;
    return false;
}

static void what_came_is_listed_apart_and_purged_in_its_time(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct store_sms_shown shown = {.queued_at = 0};
    struct store_sms_counts counts;
    begin(&f, "x.db");
    struct journal_row row = message(3, 1000), old = {.kind = JOURNAL_ROW_SMS_PURGE};
    row.sms.is_received = true;
    row.sms.state = DELIVERED;
    row.sms.coding = 1;
    put(&f, &row);
    const struct store_sms_listing listing = {&f.sql, true, 10, keep_first, &shown};
    assert_int_equal(store_sms_list(&listing), 0);
    assert_int_equal(shown.row.sms.id, 3);
    assert_int_equal(shown.row.sms.e164, 33600000003);
    assert_int_equal(shown.queued_at, 1000);
    assert_memory_equal(shown.row.sms.octets, row.sms.octets, 8);
    const struct journal_row other = message(4, 500);
    put(&f, &other);
    old.sms.changed_at = 2000;
    put(&f, &old);
    assert_int_equal(store_sms_count(&counts, &f.sql), 0);
    assert_int_equal(counts.received_n, 0);
    assert_int_equal(counts.states[QUEUED], 1); /* what is not over stays */
    assert_int_equal(counts.oldest_at, 500);
    end(&f);
}

static void messages_go_with_their_person(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    begin(&f, "x.db");
    const struct journal_row mine = message(1, 1000), other = message(2, 1000);
    struct journal_row came = message(3, 1000), erase = {.person_id = 901};
    struct journal_row number = {.person_id = 901, .number = "+33600000003"};
    came.person_id = 0;
    came.sms.is_received = true;
    put(&f, &number);
    put(&f, &mine);
    put(&f, &other);
    put(&f, &came);
    put(&f, &erase);
    assert_int_equal(due(&f, 9000), 2);
    end(&f);
}

static void seen_stop(uint64_t hash, void *arg)
{
    uint64_t *hashes = arg;
    *hashes += hash;
}

static void stops_their_key_and_messages_outlive_a_file_set_aside(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    char from[256];
    int64_t copied_n;
    uint64_t hashes = 0;
    struct journal_row stop = {.kind = JOURNAL_ROW_SMS_STOP};
    struct store_sms_stops before = {.fn = seen_stop, .arg = &hashes};
    struct store_sms_stops after = before;
    begin(&f, "old.db");
    const struct journal_row row = message(1, 1000);
    put(&f, &row);
    stop.sms.id = UINT64_C(0xFFFFFFFFFFFFFFF0);
    put(&f, &stop);
    assert_int_equal(store_sms_read_stops(&before, &f.sql), 0);
    memcpy(from, f.sql.path, strlen(f.sql.path) + 1);
    close_it(&f);
    begin(&f, "new.db");
    assert_int_equal(f.port.salvage(f.port.arg, from, &copied_n), 0);
    assert_int_equal(store_sms_read_stops(&after, &f.sql), 0);
    assert_true(before.k0 == after.k0 && before.k1 == after.k1 && before.k0);
    assert_true(hashes == 2 * stop.sms.id);
    assert_int_equal(due(&f, 9000), 1);
    end(&f);
}

static void who_writes_from_a_known_number_is_known(void **state)
{
    (void)state;
    struct fixture f = {.db = NULL};
    struct journal_row person = {.kind = JOURNAL_ROW_PERSON, .person_id = UINT64_MAX - 4};
    uint64_t person_id = 0;
    begin(&f, "x.db");
    memcpy(person.number, "+33612345678", 13);
    put(&f, &person);
    assert_int_equal(f.reads.person(f.reads.arg, 33612345678, &person_id), 0);
    assert_true(person_id == UINT64_MAX - 4);
    assert_int_equal(f.reads.person(f.reads.arg, 33612345679, &person_id), ENOENT);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_writes_from_a_known_number_is_known),
        cmocka_unit_test(what_is_queued_is_read_in_its_order_when_it_is_due),
        cmocka_unit_test(a_state_never_goes_back_and_an_end_is_never_left),
        cmocka_unit_test(what_came_is_listed_apart_and_purged_in_its_time),
        cmocka_unit_test(messages_go_with_their_person),
        cmocka_unit_test(stops_their_key_and_messages_outlive_a_file_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
