/* inside.c — see inside.h. Counts from one side what the state counts from the other.
 * Cost: lanes × contacts. */
#include "acd/state.h"
#include "test/prop/inside.h"

static uint32_t names_of_lane(const struct acd *a, uint32_t lane)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->k.contacts_n; i++) {
        const struct contact *c = &a->contacts[i];
        const uint32_t named[] = {c->lane, c->advisor_lane, c->network_lane};
        for (unsigned k = 0; c->state != CONTACT_NONE && k < ARRAY_LEN(named); k++)
            n += named[k] == lane;
    }
    return n;
}

const char *inside_leak(const struct acd *a)
{
    for (uint32_t i = 0; i < a->k.lanes_n; i++)
        if (a->lanes[i].refs != names_of_lane(a, i))
            return "leak: a lane is kept that nobody names, or gone while named";
    for (uint32_t q = 0; q < a->k.queues_n; q++) {
        uint32_t named_n = 0;
        for (uint32_t i = 0; i < a->k.contacts_n; i++)
            named_n += a->contacts[i].state != CONTACT_NONE && a->contacts[i].queue == q;
        if (a->queues[q].id && a->queues[q].named_n != named_n)
            return "leak: a queue is kept for contacts that are gone";
    }
    return NULL;
}
