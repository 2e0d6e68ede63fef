/* keep.c — tests of phone/keep.h: where the telephones are, over a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "phone/keep.h"
#include "phone/leg.h"

#define NOW_AT ((ms_t)1790000000000)

static struct phone *house(void)
{
    static const struct media_port none;
    const struct phone_args args = {.address = "127.0.0.1",
                                    .realm = "decroche",
                                    .legs_max = 4,
                                    .registrations_max = 3,
                                    .accounts_max = 4,
                                    .media = &none};
    struct phone *p = NULL;
    assert_int_equal(phone_open(&p, &args), 0);
    assert_int_equal(phone_line_add(p, 7, TEXT("107"), TEXT("secret-of-7")), PHONE_ACCOUNT_ADDED);
    assert_int_equal(phone_line_add(p, 8, TEXT("108"), TEXT("secret-of-8")), PHONE_ACCOUNT_ADDED);
    return p;
}

static void bind_one(struct phone *p, uint64_t aor, ms_t expires_at)
{
    const struct sip_binding b = {.aor = aor,
                                  .source = {.at = {.ip = {192, 0, 2, 9}, .family = 4, .port = 5}},
                                  .expires_at = expires_at,
                                  .uri_n = 7,
                                  .is_used = true,
                                  .uri = "sip:a@b"};
    assert_true(sip_registrar_restore(&p->reg.registrar, &b));
}

static void what_was_bound_is_bound_again(void **state)
{
    (void)state;
    struct phone *before = house(), *after = house();
    uint8_t *bytes = malloc(phone_keep_max(before));
    assert_non_null(bytes);
    bind_one(before, 7, NOW_AT + 60000);
    bind_one(before, 8, NOW_AT + 1); /* over in a moment */
    bind_one(before, 7, NOW_AT + 90000);
    size_t n = phone_keep_save(before, bytes);
    assert_int_equal(phone_keep_load(after, bytes, n, NOW_AT + 1), 2);
    assert_int_equal(after->reg.registrar.n, 2);
    const struct sip_binding *b = sip_registrar_next(&after->reg.registrar, 7, NULL);
    assert_non_null(b);
    assert_int_equal(b->source.at.port, 5);
    assert_null(sip_registrar_next(&after->reg.registrar, 8, NULL));
    assert_int_equal(sip_registrar_next_at(&after->reg.registrar), NOW_AT + 60000);
    free(bytes);
    phone_drop(before);
    phone_drop(after);
}

static void who_has_no_line_any_more_is_not_bound_again(void **state)
{
    (void)state;
    struct phone *before = house(), *after = house();
    uint8_t *bytes = malloc(phone_keep_max(before));
    assert_non_null(bytes);
    bind_one(before, 7, NOW_AT + 60000);
    bind_one(before, 9, NOW_AT + 60000); /* left the directory since */
    size_t n = phone_keep_save(before, bytes);
    assert_int_equal(phone_keep_load(after, bytes, n, NOW_AT), 1);
    assert_null(sip_registrar_next(&after->reg.registrar, 9, NULL));
    free(bytes);
    phone_drop(before);
    phone_drop(after);
}

static void damaged_or_foreign_bytes_give_nothing(void **state)
{
    (void)state;
    struct phone *p = house();
    uint8_t *bytes = malloc(phone_keep_max(p));
    assert_non_null(bytes);
    bind_one(p, 7, NOW_AT + 60000);
    size_t n = phone_keep_save(p, bytes);
    for (size_t i = 0; i < n; i += 3) {
        struct phone *other = house();
        bytes[i] ^= 1;
        assert_int_equal(phone_keep_load(other, bytes, n, NOW_AT), 0);
        bytes[i] ^= 1;
        phone_drop(other);
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(phone_keep_load(p, bytes, i, NOW_AT), 0);
    assert_int_equal(p->reg.registrar.n, 1);
    free(bytes);
    phone_drop(p);
}

static void no_more_than_there_is_room_for(void **state)
{
    (void)state;
    struct phone *p = house();
    for (uint64_t aor = 1; aor <= 3; aor++)
        bind_one(p, aor, NOW_AT + 60000);
    uint8_t *bytes = malloc(phone_keep_max(p));
    assert_non_null(bytes);
    size_t n = phone_keep_save(p, bytes);
    assert_true(n <= phone_keep_max(p));
    assert_int_equal(phone_keep_load(p, bytes, n, NOW_AT), 0); /* full already */
    free(bytes);
    phone_drop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_bound_is_bound_again),
        cmocka_unit_test(who_has_no_line_any_more_is_not_bound_again),
        cmocka_unit_test(damaged_or_foreign_bytes_give_nothing),
        cmocka_unit_test(no_more_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
