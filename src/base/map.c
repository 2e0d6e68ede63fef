/* map.c — see map.h.
 * Invariant: every entry can be reached from its home by probing without meeting an empty one. */
#include <string.h>

#include "base/hash.h"
#include "base/map.h"

void map_open(struct map *map, struct arena *arena, uint32_t n_max)
{
    assert(n_max > 0 && n_max <= 1u << 29);
    uint32_t size = 8;
    while (size < 2 * n_max)
        size *= 2;
    map->mask = size - 1;
    map->n = 0;
    map->n_max = n_max;
    map->entries = arena_take(arena, size, sizeof(*map->entries));
}

static uint32_t home_of(const struct map *map, uint64_t key)
{
    return (uint32_t)hash_mix(key) & map->mask;
}

/* Where key is, or the empty entry where it would go. */
static uint32_t find(const struct map *map, uint64_t key)
{
    assert(key);
    uint32_t i = home_of(map, key);
    while (map->entries[i].key && map->entries[i].key != key)
        i = (i + 1) & map->mask;
    return i;
}

uint32_t map_get(const struct map *map, uint64_t key)
{
    const struct map_entry *e = &map->entries[find(map, key)];
    return e->key ? e->slot : SLOT_NONE;
}

void map_put(struct map *map, uint64_t key, uint32_t slot)
{
    struct map_entry *e = &map->entries[find(map, key)];
    if (!e->key) {
        assert(map->n < map->n_max);
        map->n++;
    }
    *e = (struct map_entry){key, slot};
}

void map_remove(struct map *map, uint64_t key)
{
    uint32_t hole = find(map, key);
    if (!map->entries[hole].key)
        return;
    map->n--;
    for (uint32_t i = (hole + 1) & map->mask; map->entries[i].key; i = (i + 1) & map->mask) {
        uint32_t home = home_of(map, map->entries[i].key);
        /* Move it back unless its home lies after the hole (cyclically). */
        if (((i - home) & map->mask) >= ((i - hole) & map->mask)) {
            map->entries[hole] = map->entries[i];
            hole = i;
        }
    }
    map->entries[hole].key = 0;
}

void map_clear(struct map *map)
{
    memset(map->entries, 0, ((size_t)map->mask + 1) * sizeof(*map->entries));
    map->n = 0;
}
