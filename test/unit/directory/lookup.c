/* lookup.c — numbers of ids, languages, room for a directory. */
#include "directory/named.h"
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

static void each_kind_is_found_by_the_id_that_was_written(void **state)
{
    (void)state;
    struct directory_service services[] = {{.id = "accueil", .number = 11},
                                           {.id = "sante", .number = 12}};
    struct directory_site sites[] = {{.id = "sante", .number = 21}};
    struct directory_trunk trunks[] = {{.id = "un", .number = 31}, {.id = "deux", .number = 32}};
    struct directory_agent agents[] = {{.id = "a01", .number = 41}, {.id = "a011", .number = 42}};
    const struct directory d = {.services = services,
                                .services_n = ARRAY_LEN(services),
                                .sites = sites,
                                .sites_n = ARRAY_LEN(sites),
                                .trunks = trunks,
                                .trunks_n = ARRAY_LEN(trunks),
                                .agents = agents,
                                .agents_n = ARRAY_LEN(agents)};
    assert_int_equal(directory_service_named(&d, TEXT("sante")), 12);
    assert_int_equal(directory_site_named(&d, TEXT("sante")), 21);
    assert_int_equal(directory_trunk_named(&d, TEXT("deux")), 32);
    assert_int_equal(directory_agent_named(&d, (struct text){"a0112", 4}), 42);
    assert_int_equal(directory_agent_named(&d, TEXT("a0")), 0);
    assert_int_equal(directory_trunk_named(&d, TEXT_NONE), 0);
    assert_int_equal(directory_service_named(NULL, TEXT("sante")), 0);
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

static void shared_lines_interpreters_and_communes_are_found(void **state)
{
    (void)state;
    const struct directory_room room = {.communes_n = 4, .shared_n = 1, .interpreters_n = 2};
    struct directory *d =
        directory_open(aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64), &room);
    const uint64_t ar = UINT64_C(1) << directory_language_bit("ar");
    const uint64_t lsf = UINT64_C(1) << directory_language_bit("lsf");
    map_put(&d->shared_of, 33536490060, 0);
    assert_true(directory_is_shared(d, 33536490060));
    assert_false(directory_is_shared(d, 33536490061));
    assert_false(directory_is_shared(d, 0)); /* withheld: nobody's */
    d->interpreters_n = 2;
    d->interpreters[0].languages = ar;
    d->interpreters[1].languages = ar | lsf;
    assert_int_equal(directory_interpreter_find(d, ar), 0);
    assert_int_equal(directory_interpreter_find(d, lsf), 1);
    assert_int_equal(directory_interpreter_find(d, UINT64_C(1) << 40), DIRECTORY_NONE);
    static const struct directory_commune communes[] = {
        {"Montaubry", 96000}, {"Belleraude", 96210}, {"Rochemarne", 96210}, {"Orvallon", 96300}};
    for (d->communes_n = 0; d->communes_n < 4; d->communes_n++)
        d->communes[d->communes_n] = communes[d->communes_n];
    map_put(&d->commune_of, directory_number_of("Rochemarne"), 2);
    uint32_t first;
    assert_int_equal(directory_communes_of(d, 96210, &first), 2);
    assert_int_equal(first, 1);
    assert_int_equal(directory_communes_of(d, 96300, &first), 1);
    assert_int_equal(directory_communes_of(d, 96120, &first), 0);
    assert_int_equal(directory_commune_find(d, TEXT("Rochemarne")), 2);
    assert_int_equal(directory_commune_find(d, TEXT("Ailleurs")), DIRECTORY_NONE);
    free(d);
}

/* Another name with the number of the one that is asked for. */
static void two_communes_with_one_number_are_told_apart(void **state)
{
    (void)state;
    const struct directory_room room = {.communes_n = 2};
    struct directory *d =
        directory_open(aligned_alloc(64, (directory_bytes(&room) + 63) / 64 * 64), &room);
    d->communes_n = 2;
    memcpy(d->communes[0].name, "s38675", 7);
    memcpy(d->communes[1].name, "s61566", 7);
    map_put(&d->commune_of, directory_number_of("s38675"), 0);
    assert_int_equal(directory_commune_find(d, TEXT("s38675")), 0);
    assert_int_equal(directory_commune_find(d, TEXT("s61566")), 1);
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
        cmocka_unit_test(each_kind_is_found_by_the_id_that_was_written),
        cmocka_unit_test(a_line_belongs_to_its_agent),
        cmocka_unit_test(shared_lines_interpreters_and_communes_are_found),
        cmocka_unit_test(two_communes_with_one_number_are_told_apart),
        cmocka_unit_test(an_empty_directory_needs_little_room),
    };
    return cmocka_run_group_tests_name("directory/lookup", tests, NULL, NULL);
}
