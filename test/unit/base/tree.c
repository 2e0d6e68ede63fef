/* tree.c — the ordered set against a sorted array, over random insertions and removals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/tree.h"

#define N 200

struct fixture {
    struct tree tree;
    struct tree_node nodes[N];
    uint64_t prng;
};

static uint32_t below(struct fixture *f, uint32_t n)
{
    return (uint32_t)(hash_mix(f->prng += UINT64_C(0x9e3779b97f4a7c15)) % n);
}

/* How many nodes of the set are less than (key, tie), counted one by one. */
static uint32_t slow_below(const struct fixture *f, ms_t key, uint64_t tie)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < N; i++) {
        const struct tree_node *node = &f->nodes[i];
        n += node->n && (node->key < key || (node->key == key && node->tie < tie));
    }
    return n;
}

static void check(const struct fixture *f)
{
    for (uint32_t i = 0; i < N; i++) {
        const struct tree_node *node = &f->nodes[i];
        uint32_t rank = slow_below(f, node->key, node->tie);
        assert_int_equal(tree_count_below(&f->tree, f->nodes, node->key, node->tie), rank);
        if (!node->n)
            continue;
        assert_int_equal(tree_at(&f->tree, f->nodes, rank), i);
        if (rank == 0)
            assert_int_equal(f->tree.first, i);
        uint32_t after = tree_after(&f->tree, f->nodes, node->key, node->tie);
        assert_int_equal(after, tree_at(&f->tree, f->nodes, rank + 1));
    }
}

static void a_tree_agrees_with_a_count_over_everything(void **state)
{
    (void)state;
    struct fixture f = {.tree = TREE_EMPTY, .prng = 1};
    for (uint32_t i = 0; i < N; i++) {
        f.nodes[i].key = below(&f, 40); /* many equal keys */
        f.nodes[i].tie = i + 1;
    }
    for (unsigned step = 0; step < 3000; step++) {
        uint32_t i = below(&f, N);
        if (f.nodes[i].n)
            tree_remove(&f.tree, f.nodes, i);
        else
            tree_insert(&f.tree, f.nodes, i);
        if (step % 50 == 0)
            check(&f);
    }
    for (uint32_t i = 0; i < N; i++)
        if (f.nodes[i].n)
            tree_remove(&f.tree, f.nodes, i);
    assert_int_equal(f.tree.root, SLOT_NONE);
    assert_int_equal(f.tree.first, SLOT_NONE);
}

static void insertion_in_order_keeps_the_tree_shallow(void **state)
{
    (void)state;
    struct fixture f = {.tree = TREE_EMPTY};
    for (uint32_t i = 0; i < N; i++) {
        f.nodes[i] = (struct tree_node){.key = i, .tie = i + 1};
        tree_insert(&f.tree, f.nodes, i);
    }
    unsigned deepest = 0;
    for (uint32_t i = 0; i < N; i++) {
        unsigned depth = 0;
        for (uint32_t at = i; at != SLOT_NONE; at = f.nodes[at].parent)
            depth++;
        deepest = depth > deepest ? depth : deepest;
    }
    assert_true(deepest <= 24); /* 2.4 × log2(200) */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_agrees_with_a_count_over_everything),
        cmocka_unit_test(insertion_in_order_keeps_the_tree_shallow),
    };
    return cmocka_run_group_tests_name("base/tree", tests, NULL, NULL);
}
