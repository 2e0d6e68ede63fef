/* tree.c — see tree.h.
 * Invariant: in order by (key, tie); a parent's priority is above its children's; n is exact. */
#include "base/hash.h"
#include "base/tree.h"

static uint64_t priority_of(const struct tree_node *node)
{
    return hash_mix(node->tie);
}

static uint32_t count(const struct tree_node *nodes, uint32_t i)
{
    return i == SLOT_NONE ? 0 : nodes[i].n;
}

static void recount(struct tree_node *nodes, uint32_t i)
{
    nodes[i].n = 1 + count(nodes, nodes[i].left) + count(nodes, nodes[i].right);
}

/* Puts child where old hangs. */
static void hang(struct tree *tree, struct tree_node *nodes, uint32_t old, uint32_t child)
{
    uint32_t parent = nodes[old].parent;
    if (parent == SLOT_NONE)
        tree->root = child;
    else if (nodes[parent].left == old)
        nodes[parent].left = child;
    else
        nodes[parent].right = child;
    if (child != SLOT_NONE)
        nodes[child].parent = parent;
}

/* Turns node i above its parent; order is kept, counts of the two are renewed. */
static void rotate_up(struct tree *tree, struct tree_node *nodes, uint32_t i)
{
    uint32_t p = nodes[i].parent;
    hang(tree, nodes, p, i);
    uint32_t moved;
    if (nodes[p].left == i) {
        moved = nodes[i].right;
        nodes[p].left = moved;
        nodes[i].right = p;
    } else {
        moved = nodes[i].left;
        nodes[p].right = moved;
        nodes[i].left = p;
    }
    if (moved != SLOT_NONE)
        nodes[moved].parent = p;
    nodes[p].parent = i;
    recount(nodes, p);
    recount(nodes, i);
}

void tree_insert(struct tree *tree, struct tree_node *nodes, uint32_t i)
{
    struct tree_node *node = &nodes[i];
    assert(node->n == 0);
    node->left = node->right = SLOT_NONE;
    node->n = 1;
    uint32_t parent = SLOT_NONE, at = tree->root;
    bool left = false;
    while (at != SLOT_NONE) {
        parent = at;
        nodes[at].n++;
        left = tree_less(node->key, node->tie, &nodes[at]);
        at = left ? nodes[at].left : nodes[at].right;
    }
    node->parent = parent;
    if (parent == SLOT_NONE)
        tree->root = i;
    else if (left)
        nodes[parent].left = i;
    else
        nodes[parent].right = i;
    while (node->parent != SLOT_NONE && priority_of(node) > priority_of(&nodes[node->parent]))
        rotate_up(tree, nodes, i);
    if (tree->first == SLOT_NONE || tree_less(node->key, node->tie, &nodes[tree->first]))
        tree->first = i;
}

void tree_remove(struct tree *tree, struct tree_node *nodes, uint32_t i)
{
    struct tree_node *node = &nodes[i];
    assert(node->n > 0);
    if (tree->first == i)
        tree->first = tree_after(tree, nodes, node->key, node->tie);
    while (node->left != SLOT_NONE && node->right != SLOT_NONE) {
        bool left = priority_of(&nodes[node->left]) > priority_of(&nodes[node->right]);
        rotate_up(tree, nodes, left ? node->left : node->right);
    }
    uint32_t child = node->left != SLOT_NONE ? node->left : node->right;
    hang(tree, nodes, i, child);
    for (uint32_t p = node->parent; p != SLOT_NONE; p = nodes[p].parent)
        nodes[p].n--;
    node->n = 0;
}

uint32_t tree_count_below(const struct tree *tree, const struct tree_node *nodes, ms_t key,
                          uint64_t tie)
{
    uint32_t below = 0;
    for (uint32_t at = tree->root; at != SLOT_NONE;) {
        const struct tree_node *node = &nodes[at];
        if (node->key < key || (node->key == key && node->tie < tie)) {
            below += 1 + count(nodes, node->left);
            at = node->right;
        } else {
            at = node->left;
        }
    }
    return below;
}

uint32_t tree_after(const struct tree *tree, const struct tree_node *nodes, ms_t key, uint64_t tie)
{
    uint32_t best = SLOT_NONE;
    for (uint32_t at = tree->root; at != SLOT_NONE;) {
        if (tree_less(key, tie, &nodes[at])) {
            best = at;
            at = nodes[at].left;
        } else {
            at = nodes[at].right;
        }
    }
    return best;
}

uint32_t tree_next(const struct tree_node *nodes, uint32_t i)
{
    uint32_t next = nodes[i].right;
    if (next != SLOT_NONE) {
        while (nodes[next].left != SLOT_NONE)
            next = nodes[next].left;
        return next;
    }
    for (next = nodes[i].parent; next != SLOT_NONE && nodes[next].right == i;
         next = nodes[next].parent)
        i = next;
    return next;
}

uint32_t tree_at(const struct tree *tree, const struct tree_node *nodes, uint32_t before_n)
{
    uint32_t at = tree->root;
    while (at != SLOT_NONE) {
        uint32_t left_n = count(nodes, nodes[at].left);
        if (before_n == left_n)
            return at;
        if (before_n < left_n) {
            at = nodes[at].left;
        } else {
            before_n -= left_n + 1;
            at = nodes[at].right;
        }
    }
    return SLOT_NONE;
}
