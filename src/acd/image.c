/* image.c — snapshots: the state as bytes, and back.
 * An image is the used part of each pool as it lies in memory, after a header that names the
 * layout; maps and timers are rebuilt, since they follow from the pools. It only saves time: an
 * image of another layout, other limits or other machine is refused and the journal is replayed
 * instead. Called by app. Cost: one copy; loading also one map and heap insertion per object. */
#include <string.h>

#include "acd/apply.h"
#include "acd/lane.h"
#include "acd/lists.h"

struct image_head {
    uint64_t layout; /* sizes of all records: differs when any struct changed */
    struct acd_limits limits;
    struct counters k;
};

#define IMAGE_PARTS 7

struct image_part {
    void *p;
    size_t bytes, bytes_max;
};

static uint64_t layout_of(void)
{
    const size_t sizes[] = {sizeof(struct contact), sizeof(struct tree_node), sizeof(struct agent),
                            sizeof(struct pool),    sizeof(struct member),    sizeof(struct lane),
                            sizeof(struct queue),   sizeof(struct counters)};
    uint64_t h = UINT64_C(0x0102030405060708) + ACD_IMAGE_VERSION; /* byte order too */
    for (unsigned i = 0; i < ARRAY_LEN(sizes); i++)
        h = h * 31 + sizes[i];
    return h;
}

static void list_parts(const struct acd *a, const struct counters *k,
                       struct image_part parts[IMAGE_PARTS])
{
    const struct acd_limits *l = &a->limits;
    const struct {
        void *p;
        size_t each, n, n_max;
    } rows[IMAGE_PARTS] = {
        {a->contacts, sizeof(*a->contacts), k->contacts_n, l->contacts_max},
        {a->nodes, sizeof(*a->nodes), (size_t)k->contacts_n * NODES,
         (size_t)l->contacts_max * NODES},
        {a->agents, sizeof(*a->agents), k->agents_n, l->agents_max},
        {a->pools, sizeof(*a->pools), k->pools_n, (size_t)l->agents_max + 1},
        {a->members, sizeof(*a->members), (size_t)k->pools_n * POOL_QUEUES,
         ((size_t)l->agents_max + 1) * POOL_QUEUES},
        {a->lanes, sizeof(*a->lanes), k->lanes_n, l->lanes_max},
        {a->queues, sizeof(*a->queues), k->queues_n, l->queues_max},
    };
    for (unsigned i = 0; i < IMAGE_PARTS; i++)
        parts[i] =
            (struct image_part){rows[i].p, rows[i].each * rows[i].n, rows[i].each * rows[i].n_max};
}

size_t acd_image_bytes(const struct acd *a)
{
    struct image_part parts[IMAGE_PARTS];
    size_t n = sizeof(struct image_head);
    list_parts(a, &a->k, parts);
    for (unsigned i = 0; i < IMAGE_PARTS; i++)
        n += parts[i].bytes;
    return n;
}

void acd_image_save(const struct acd *a, uint8_t *to)
{
    struct image_part parts[IMAGE_PARTS];
    struct image_head head;
    memset(&head, 0, sizeof(head));
    head.layout = layout_of();
    head.limits = a->limits;
    head.k = a->k;
    memcpy(to, &head, sizeof(head));
    to += sizeof(head);
    list_parts(a, &a->k, parts);
    for (unsigned i = 0; i < IMAGE_PARTS; i++) {
        memcpy(to, parts[i].p, parts[i].bytes);
        to += parts[i].bytes;
    }
}

static void rebuild_contacts(struct acd *a)
{
    map_clear(&a->ids);
    heap_clear(&a->timers);
    for (uint32_t i = 0; i < a->k.contacts_n; i++) {
        const struct contact *c = &a->contacts[i];
        if (c->state == CONTACT_NONE)
            continue;
        const uint64_t ids[] = {c->id, c->call_id, c->offer_id};
        for (unsigned j = 0; j < ARRAY_LEN(ids); j++)
            if (ids[j])
                map_put(&a->ids, ids[j], i);
        acd_contact_refresh_timer(a, i);
    }
}

static void rebuild_rest(struct acd *a)
{
    map_clear(&a->agent_ids);
    map_clear(&a->queue_ids);
    map_clear(&a->pool_keys);
    map_clear(&a->chains);
    for (uint32_t i = 0; i < a->k.agents_n; i++) {
        if (!a->agents[i].id)
            continue;
        map_put(&a->agent_ids, a->agents[i].id, i);
        acd_agent_refresh_timer(a, i);
    }
    for (uint32_t i = 0; i < a->k.pools_n; i++)
        if (a->pools[i].map_key)
            map_put(&a->pool_keys, a->pools[i].map_key, i);
    for (uint32_t i = 0; i < a->k.queues_n; i++) {
        const struct queue *q = &a->queues[i];
        if (!q->id)
            continue;
        map_put(&a->queue_ids, q->id, i);
        acd_queue_refresh_timer(a, i);
    }
    for (uint32_t i = 0; i < a->k.lanes_n; i++)
        lane_chain_in(a, i);
}

static bool is_of_this_layout(const struct acd *a, const struct image_head *head)
{
    const struct acd_limits *l = &a->limits;
    const struct counters *k = &head->k;
    return head->layout == layout_of() && !memcmp(&head->limits, l, sizeof(*l)) &&
           k->contacts_n <= l->contacts_max && k->agents_n <= l->agents_max &&
           k->pools_n <= l->agents_max + 1 && k->lanes_n <= l->lanes_max &&
           k->queues_n <= l->queues_max;
}

bool acd_image_load(struct acd *a, const uint8_t *from, size_t n)
{
    struct image_part parts[IMAGE_PARTS];
    struct image_head head;
    if (n < sizeof(head))
        return false;
    memcpy(&head, from, sizeof(head));
    if (!is_of_this_layout(a, &head))
        return false;
    list_parts(a, &head.k, parts);
    size_t want = sizeof(head);
    for (unsigned i = 0; i < IMAGE_PARTS; i++)
        want += parts[i].bytes;
    if (n != want)
        return false;
    from += sizeof(head);
    a->k = head.k;
    for (unsigned i = 0; i < IMAGE_PARTS; i++) {
        memcpy(parts[i].p, from, parts[i].bytes);
        memset((uint8_t *)parts[i].p + parts[i].bytes, 0, parts[i].bytes_max - parts[i].bytes);
        from += parts[i].bytes;
    }
    rebuild_contacts(a);
    rebuild_rest(a);
    return true;
}
