/* tree.h — an ordered set of slots that also knows ranks: who is next, how many are before.
 * Called by acd for the waiting. Nodes live in one array, a set is a root; no memory is taken.
 * A treap whose priorities are a mix of the tie: its shape depends only on its content, its depth
 * is O(log n) for any order of insertion. Cost: O(log n) each, except as said. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "base/types.h"

struct tree_node {
    ms_t key;
    uint64_t tie; /* unique: an id */
    uint32_t left, right, parent;
    uint32_t n; /* nodes of this subtree; 0: in no set */
};

struct tree {
    uint32_t root;  /* SLOT_NONE: empty */
    uint32_t first; /* least node: O(1) */
};

#define TREE_EMPTY ((struct tree){SLOT_NONE, SLOT_NONE})

/* Adds node i, whose key and tie the caller has set; it is in no set. */
void tree_insert(struct tree *tree, struct tree_node *nodes, uint32_t i);
void tree_remove(struct tree *tree, struct tree_node *nodes, uint32_t i);
/* Nodes with (key, tie) less than these. */
uint32_t tree_count_below(const struct tree *tree, const struct tree_node *nodes, ms_t key,
                          uint64_t tie);
/* The least node with (key, tie) greater than these, or SLOT_NONE. */
uint32_t tree_after(const struct tree *tree, const struct tree_node *nodes, ms_t key, uint64_t tie);

/* The node after node i, or SLOT_NONE. O(1) on average over a walk. */
uint32_t tree_next(const struct tree_node *nodes, uint32_t i);

/* The node with this many before it, or SLOT_NONE when there are fewer. */
uint32_t tree_at(const struct tree *tree, const struct tree_node *nodes, uint32_t before_n);

static inline bool tree_less(ms_t key, uint64_t tie, const struct tree_node *b)
{
    return key != b->key ? key < b->key : tie < b->tie;
}

#endif
