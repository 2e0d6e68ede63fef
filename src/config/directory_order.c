/* directory_order.c — before the directory is filled: which hours are of the telephone, and how
 * much room the rest needs. Called by directory.c. Cost: one pass over the tree. Invariant: the
 * hours that a number, a service or the accessible telephone names come first, in the order of the
 * file, then all others: sets of the first are words of bits. */
#include <string.h>

#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

static void mark(struct reading *r, bool *is_phone, const struct config_node *node)
{
    if (!node || node->kind != CONFIG_SCALAR)
        return;
    uint32_t i = map_get(&r->d->week_of, directory_number_of(node->text));
    if (i != SLOT_NONE && !strcmp(r->weeks[i]->key->text, node->text))
        is_phone[i] = true;
}

static void mark_items(struct reading *r, bool *is_phone, const char *key)
{
    const struct config_node *list = config_get(r->root, key);
    if (!list || list->kind != CONFIG_SEQUENCE)
        return;
    for (const struct config_node *e = list->first; e; e = e->next) {
        mark(r, is_phone, config_get(e, "hours"));
        mark(r, is_phone, config_get(e, "accessible"));
    }
}

static void check_bound(struct reading *r)
{
    if (r->phone_weeks_n <= DIRECTORY_PHONE_WEEKS_MAX)
        return;
    config_wrong(r->errors, r->list, "les numéros et les services suivent %u horaires différents",
                 r->phone_weeks_n);
    config_cure(r->errors,
                "attendu" COLON "%d au plus\u00a0; donnez les mêmes à plusieurs numéros (les "
                "lieux, eux, peuvent chacun avoir les leurs)",
                DIRECTORY_PHONE_WEEKS_MAX);
    r->phone_weeks_n = DIRECTORY_PHONE_WEEKS_MAX;
}

void directory_order_weeks(struct reading *r)
{
    bool is_phone[DIRECTORY_WEEKS_MAX] = {false};
    uint32_t n = r->d->weeks_n, k = 0;
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < n; i++, e = e->next) {
        r->weeks[i] = e;
        uint32_t number = directory_number_of(e->key->text);
        if (map_get(&r->d->week_of, number) == SLOT_NONE)
            map_put(&r->d->week_of, number, i);
    }
    mark_items(r, is_phone, "numbers");
    mark_items(r, is_phone, "services");
    if (r->head.organisation)
        mark(r, is_phone, config_get(r->head.organisation, "accessible"));
    for (unsigned pass = 0; pass < 2; pass++) {
        e = r->list->first;
        for (uint32_t i = 0; i < n; i++, e = e->next)
            if (is_phone[i] == !pass)
                r->weeks[k++] = e;
        r->phone_weeks_n = pass ? r->phone_weeks_n : k;
    }
    check_bound(r);
    memcpy(r->items, r->weeks, n * sizeof(*r->items));
    map_clear(&r->d->week_of);
}

/* Scalars with a place, as deep as the tree goes (CONFIG_DEPTH_MAX). */
static uint32_t places_in(const struct config_node *node)
{
    uint32_t n = node->kind == CONFIG_SCALAR && strstr(node->text, PLACE_MARK);
    for (const struct config_node *e = node->first; e; e = e->next)
        n += places_in(e);
    return n;
}

uint32_t directory_places_count(const struct config_node *root)
{
    const struct config_node *hours = config_get(root, "hours");
    const struct config_node *exceptions = config_get(root, "exceptions");
    return (hours ? places_in(hours) : 0) + (exceptions ? places_in(exceptions) : 0);
}

static uint32_t targets_of(const struct config_node *item, const char *key)
{
    const struct config_node *node = config_get(item, key);
    return node && node->kind == CONFIG_SEQUENCE ? node->n : node != NULL;
}

uint32_t directory_exceptions_count(const struct config_node *root)
{
    const struct config_node *list = config_get(root, "exceptions");
    uint32_t n = 0;
    if (!list || list->kind != CONFIG_SEQUENCE)
        return 0;
    for (const struct config_node *e = list->first; e; e = e->next) {
        uint32_t targets_n = targets_of(e, "hours") + targets_of(e, "sites");
        n += targets_n ? targets_n : 1;
    }
    return n;
}
