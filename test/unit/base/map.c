/* map.c — the map and the heap against plain arrays; the arena at its bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/heap.h"
#include "base/map.h"

#define KEYS 64

static _Alignas(ARENA_ALIGN) uint8_t memory[64 * 1024];

static struct arena fresh_arena(void)
{
    return (struct arena){.base = memory, .size = sizeof(memory)};
}

static void a_map_agrees_with_an_array(void **state)
{
    (void)state;
    struct arena arena = fresh_arena();
    struct map map;
    map_open(&map, &arena, KEYS);
    uint32_t slots[KEYS];
    memset(slots, 0xff, sizeof(slots));
    for (uint64_t step = 0; step < 20000; step++) {
        uint64_t r = hash_mix(step);
        uint32_t k = (uint32_t)(r % KEYS), slot = (uint32_t)(r >> 40);
        uint64_t key = (uint64_t)k * 0x100000001 + 1; /* near keys, near homes */
        if (r & 1u << 20) {
            map_put(&map, key, slot);
            slots[k] = slot;
        } else {
            map_remove(&map, key);
            slots[k] = SLOT_NONE;
        }
        uint32_t look = (uint32_t)(r >> 8) % KEYS;
        assert_int_equal(map_get(&map, (uint64_t)look * 0x100000001 + 1), slots[look]);
    }
    map_clear(&map);
    assert_int_equal(map.n, 0);
    assert_int_equal(map_get(&map, 1), SLOT_NONE);
}

static void a_heap_gives_the_least_first_and_equals_by_item(void **state)
{
    (void)state;
    struct arena arena = fresh_arena();
    struct heap heap;
    heap_open(&heap, &arena, KEYS);
    ms_t at[KEYS];
    for (unsigned i = 0; i < KEYS; i++)
        at[i] = MS_NEVER;
    for (uint64_t step = 0; step < 20000; step++) {
        uint64_t r = hash_mix(step + 7);
        uint32_t item = (uint32_t)(r % KEYS);
        at[item] = r & 1u << 20 ? (ms_t)(r >> 58) : MS_NEVER;
        heap_set(&heap, item, at[item], (ms_t)(item / 2));
        uint32_t least = SLOT_NONE;
        for (uint32_t i = 0; i < KEYS; i++)
            if (at[i] != MS_NEVER && (least == SLOT_NONE || at[i] < at[least]))
                least = i; /* a smaller tie goes with a smaller item here */
        const struct heap_entry *first = heap_first(&heap);
        assert_int_equal(first ? first->item : SLOT_NONE, least);
    }
}

static void an_arena_counts_before_it_gives(void **state)
{
    (void)state;
    struct arena count = {0}, arena = fresh_arena();
    assert_null(arena_take(&count, 3, 100));
    assert_null(arena_take(&count, 1, 1));
    uint8_t *first = arena_take(&arena, 3, 100), *second = arena_take(&arena, 1, 1);
    assert_int_equal(arena.used, count.used);
    assert_int_equal((uintptr_t)second % ARENA_ALIGN, 0);
    assert_true(second >= first + 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_agrees_with_an_array),
        cmocka_unit_test(a_heap_gives_the_least_first_and_equals_by_item),
        cmocka_unit_test(an_arena_counts_before_it_gives),
    };
    return cmocka_run_group_tests_name("base/map", tests, NULL, NULL);
}
