/* places.c — tests of app/places.h, and of finding wishes by their number (app/wishes.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/places.h"
#include "app/wishes.h"

#define MAX 8u
#define PERSON 7u

static void *room(struct arena *arena, size_t bytes)
{
    *arena = (struct arena){.base = calloc(1, bytes), .size = bytes, .is_zeroed = true};
    return arena->base;
}

static unsigned count(const struct places *p, uint64_t person_id)
{
    unsigned n = 0;
    for (const struct place *row = places_next(p, person_id, NULL); row;
         row = places_next(p, person_id, row)) {
        assert_true(row->person_id == person_id);
        n++;
    }
    return n;
}

static void places_are_found_by_their_person(void **state)
{
    (void)state;
    struct arena arena;
    struct places p;
    void *memory = room(&arena, 65536);
    places_open(&p, &arena, MAX);
    assert_true(places_put(&p, 1, PERSON) && places_put(&p, 2, PERSON) && places_put(&p, 3, 8));
    assert_true(places_put(&p, 2, PERSON)); /* twice is as good as once */
    assert_true(places_put(&p, 4, 0));      /* nobody's */
    assert_int_equal(count(&p, PERSON), 2);
    assert_int_equal(count(&p, 8), 1);
    assert_int_equal(count(&p, 0), 0);
    assert_int_equal(count(&p, 9), 0);
    free(memory);
}

/* Taken out in every order: the first, the middle one, the last. */
static void the_others_stay_whichever_goes(void **state)
{
    (void)state;
    static const uint64_t orders[][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3},
                                         {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    for (unsigned i = 0; i < ARRAY_LEN(orders); i++) {
        struct arena arena;
        struct places p;
        void *memory = room(&arena, 65536);
        places_open(&p, &arena, MAX);
        for (uint64_t id = 1; id <= 3; id++)
            places_put(&p, id, PERSON);
        for (unsigned gone = 0; gone < 3; gone++) {
            places_remove(&p, orders[i][gone]);
            places_remove(&p, orders[i][gone]); /* is not there any more */
            assert_int_equal(count(&p, PERSON), 2 - gone);
        }
        assert_int_equal(p.n, 0);
        free(memory);
    }
}

static void past_the_last_one_nothing_is_remembered_until_one_goes(void **state)
{
    (void)state;
    struct arena arena;
    struct places p;
    void *memory = room(&arena, 65536);
    places_open(&p, &arena, MAX);
    for (uint64_t id = 1; id <= MAX; id++)
        assert_true(places_put(&p, id, id));
    assert_false(places_put(&p, MAX + 1, 1));
    assert_int_equal(count(&p, 1), 1);
    places_remove(&p, 5);
    assert_true(places_put(&p, MAX + 1, 1));
    assert_int_equal(count(&p, 1), 2);
    free(memory);
}

static unsigned wishes_at(const struct wishes *w, uint64_t e164)
{
    unsigned n = 0;
    for (const struct wish *wish = wishes_first(w, e164); wish; wish = wishes_next(w, wish)) {
        assert_true(wish->e164 == e164);
        n++;
    }
    return n;
}

static void wishes_are_found_by_the_number_that_is_to_be_called(void **state)
{
    (void)state;
    static struct wishes w;
    struct arena arena;
    void *memory = room(&arena, 4u << 20);
    wishes_open(&w, &arena);
    for (uint64_t id = 1; id <= 3; id++)
        assert_true(wishes_put(&w, &(struct wish){.contact_id = id, .e164 = 33639981241}));
    assert_int_equal(wishes_at(&w, 33639981241), 3);
    assert_true(wishes_put(&w, &(struct wish){.contact_id = 2, .e164 = 33639981240}));
    assert_int_equal(wishes_at(&w, 33639981241), 2);
    assert_int_equal(wishes_at(&w, 33639981240), 1);
    wishes_remove(&w, 3);
    wishes_remove(&w, 1);
    assert_int_equal(wishes_at(&w, 33639981241), 0);
    assert_int_equal(wishes_at(&w, 0), 0);
    wishes_remove(&w, 2);
    assert_int_equal(wishes_at(&w, 33639981240), 0);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_found_by_their_person),
        cmocka_unit_test(the_others_stay_whichever_goes),
        cmocka_unit_test(past_the_last_one_nothing_is_remembered_until_one_goes),
        cmocka_unit_test(wishes_are_found_by_the_number_that_is_to_be_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
