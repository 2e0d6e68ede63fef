/* batch.c — tests of journal/batch.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "journal/batch.h"
#include "test/support/events.h"

#define N 4

struct fixture {
    uint8_t body[N * EVENT_BYTES_MAX + 1];
    struct journal_batch batch;
};

static void seal(struct fixture *f)
{
    assert_int_equal(journal_batch_hash(f->batch.hash, &f->batch), 0);
}

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    f->batch = (struct journal_batch){.first_id = 7, .n = N, .body = f->body};
    for (unsigned i = 0; i < N; i++) {
        struct event ev = events_make(7 + i, EVENTS_BEGIN_AT + (ms_t)i);
        f->batch.at = ev.at;
        f->batch.body_n += event_encode(f->body + f->batch.body_n, &ev);
    }
    memset(f->batch.prev_hash, 0xab, JOURNAL_HASH_BYTES);
    seal(f);
}

static enum journal_fault check(const struct fixture *f)
{
    enum journal_fault fault = FAULT_N;
    assert_int_equal(journal_batch_check(&fault, &f->batch, INT64_MIN), 0);
    return fault;
}

static void the_hash_is_over_the_documented_bytes(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t text[44 + sizeof(f.body)] = {0}, hash[JOURNAL_HASH_BYTES];
    begin(&f);
    memset(text, 0xab, 32);
    text[32] = 7;
    text[40] = N;
    memcpy(text + 44, f.body, f.batch.body_n);
    EVP_Digest(text, 44 + f.batch.body_n, hash, NULL, EVP_sha256(), NULL);
    assert_memory_equal(f.batch.hash, hash, sizeof(hash));
}

static void an_untouched_batch_is_sound_and_gives_its_events(void **state)
{
    (void)state;
    struct fixture f;
    struct event ev;
    begin(&f);
    assert_int_equal(check(&f), FAULT_NONE);
    struct journal_cursor c = journal_batch_cursor(&f.batch);
    for (unsigned i = 0; i < N; i++) {
        assert_true(journal_cursor_next(&c, &ev));
        assert_int_equal(ev.id, 7 + i);
    }
    assert_false(journal_cursor_next(&c, &ev));
}

static void any_changed_byte_is_found(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < f.batch.body_n; i++) {
        f.body[i] ^= 0x40;
        assert_int_equal(check(&f), FAULT_HASH);
        f.body[i] ^= 0x40;
    }
    f.batch.prev_hash[31] ^= 1;
    assert_int_equal(check(&f), FAULT_HASH);
    f.batch.prev_hash[31] ^= 1;
    f.batch.first_id++;
    assert_int_equal(check(&f), FAULT_HASH);
}

static void events_under_a_right_hash_must_still_be_in_their_place(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.batch.first_id = 8;
    seal(&f);
    assert_int_equal(check(&f), FAULT_ID);
    begin(&f);
    f.batch.at++;
    assert_int_equal(check(&f), FAULT_INSTANT);
}

static void a_body_with_too_much_or_too_little_cannot_be_read(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.batch.body_n++;
    seal(&f);
    assert_int_equal(check(&f), FAULT_EVENT);
    begin(&f);
    f.batch.body_n--;
    seal(&f);
    assert_int_equal(check(&f), FAULT_EVENT);
    begin(&f);
    f.batch.n++;
    seal(&f);
    assert_int_equal(check(&f), FAULT_EVENT);
}

static void a_kind_of_a_later_version_is_no_damage(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.body[0] = 127;
    seal(&f);
    assert_int_equal(check(&f), FAULT_LATER);
}

static void the_instant_never_goes_back(void **state)
{
    (void)state;
    struct fixture f;
    enum journal_fault fault = FAULT_N;
    begin(&f);
    assert_int_equal(journal_batch_check(&fault, &f.batch, f.batch.at + 5), 0);
    assert_int_equal(fault, FAULT_INSTANT);
    f.batch.at += 5;
    assert_int_equal(journal_batch_check(&fault, &f.batch, f.batch.at), 0);
    assert_int_equal(fault, FAULT_NONE);
}

static void every_fault_has_its_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FAULT_N; i++) {
        assert_non_null(journal_fault_why((enum journal_fault)i));
        assert_non_null(journal_fault_cure((enum journal_fault)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_over_the_documented_bytes),
        cmocka_unit_test(an_untouched_batch_is_sound_and_gives_its_events),
        cmocka_unit_test(any_changed_byte_is_found),
        cmocka_unit_test(events_under_a_right_hash_must_still_be_in_their_place),
        cmocka_unit_test(a_body_with_too_much_or_too_little_cannot_be_read),
        cmocka_unit_test(a_kind_of_a_later_version_is_no_damage),
        cmocka_unit_test(the_instant_never_goes_back),
        cmocka_unit_test(every_fault_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
