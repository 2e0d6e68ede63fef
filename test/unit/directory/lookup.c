/* lookup.c — numbers of ids, languages, room for a directory. */
#include "test/unit/directory/place.h"

static void the_number_of_an_id_is_always_the_same(void **state)
{
    (void)state;
    /* in journals: these may never change */
    assert_int_equal(directory_number_of("accueil"), UINT32_C(3522834059));
    assert_int_equal(directory_number_of("a01"), UINT32_C(3804538406));
    assert_int_not_equal(directory_number_of("a01"), directory_number_of("a10"));
    assert_int_not_equal(directory_number_of(""), 0);
}

static void a_bit_of_a_language_never_changes(void **state)
{
    (void)state;
    assert_int_equal(directory_language_bit("en"), 0);
    assert_int_equal(directory_language_bit("ar"), 1);
    assert_int_equal(directory_language_bit("pt"), 2);
    assert_int_equal(directory_language_bit("uk"), 8);
    assert_int_equal(directory_language_bit("ti"), 13);
    assert_int_equal(directory_language_bit("lsf"), 45);
    assert_int_equal(directory_language_bit("lpc"), 46);
    assert_int_equal(directory_language_bit("fr"), 64); /* everybody's: no skill */
    assert_int_equal(directory_language_bit("e"), 64);
    assert_int_equal(directory_language_bit("english"), 64);
    for (unsigned bit = 0; directory_language_name(bit); bit++)
        assert_int_equal(directory_language_bit(directory_language_name(bit)), bit);
    assert_null(directory_language_name(64));
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct directory *d = place_open();
    map_put(&d->service_of, directory_number_of("sante"), 1);
    assert_int_equal(directory_service_find(d, directory_number_of("sante")), 1);
    assert_int_equal(directory_service_find(d, directory_number_of("impots")), DIRECTORY_NONE);
    assert_int_equal(directory_site_find(d, directory_number_of("sante")), DIRECTORY_NONE);
    assert_int_equal(directory_agent_find(d, directory_number_of("sante")), DIRECTORY_NONE);
    assert_int_equal(directory_dialled_find(d, 33536490010), DIRECTORY_NONE);
    free(d);
}

static void a_line_belongs_to_its_agent(void **state)
{
    (void)state;
    struct directory *d = place_open();
    memcpy(d->agents[1].phone, "sip:101", sizeof("sip:101"));
    memcpy(d->agents[2].phone, "browser", sizeof("browser"));
    map_put(&d->line_of, directory_number_of("101"), 1);
    map_put(&d->line_of, directory_number_of("102"), 2);
    assert_true(text_equal(directory_agent_line(&d->agents[1]), TEXT("101")));
    assert_int_equal(directory_agent_line(&d->agents[0]).n, 0);
    assert_int_equal(directory_agent_line(&d->agents[2]).n, 0);
    assert_int_equal(directory_line_find(d, (struct text){"1010", 3}), 1);
    assert_int_equal(directory_line_find(d, TEXT("1010")), DIRECTORY_NONE);
    assert_int_equal(directory_line_find(d, TEXT("102")), DIRECTORY_NONE); /* of that number only */
    assert_int_equal(directory_line_find(d, TEXT_NONE), DIRECTORY_NONE);
    free(d);
}

static void an_empty_directory_needs_little_room(void **state)
{
    (void)state;
    const struct directory_room none = {0};
    void *memory = aligned_alloc(64, (directory_bytes(&none) + 63) / 64 * 64);
    assert_non_null(memory);
    struct directory *d = directory_open(memory, &none);
    assert_int_equal(d->agents_n, 0);
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_an_id_is_always_the_same),
        cmocka_unit_test(a_bit_of_a_language_never_changes),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_line_belongs_to_its_agent),
        cmocka_unit_test(an_empty_directory_needs_little_room),
    };
    return cmocka_run_group_tests_name("directory/lookup", tests, NULL, NULL);
}
