/* events.h — a deterministic life of small events, for tests that need many. */
#ifndef TEST_SUPPORT_EVENTS_H
#define TEST_SUPPORT_EVENTS_H

#include <string.h>

#include "event/event.h"

/* 15 January 2025, 08:00 UTC */
#define EVENTS_BEGIN_AT ((ms_t)1736928000000)

static inline void events_fill(struct event *ev, uint64_t id)
{
    switch (id % 5) {
    case 0:
        ev->kind = EV_CONTACT_OPENED;
        ev->contact_opened.person_id = id * UINT64_C(0x9e3779b97f4a7c15);
        ev->contact_opened.place_at = ev->at;
        ev->contact_opened.reference = (uint32_t)(id % 10000000);
        break;
    case 1:
        ev->kind = EV_CALL_ARRIVED;
        ev->call_arrived.contact_id = id - 1;
        ev->call_arrived.leg_id = id * 7;
        break;
    case 2:
        ev->kind = EV_AGENT_SET;
        ev->agent_set.agent_id = (uint32_t)id;
        ev->agent_set.capacity_n = 2;
        ev->agent_set.capacity[0] = 1;
        ev->agent_set.queue_ids_n = 3;
        ev->agent_set.queue_ids[2] = (uint32_t)id;
        break;
    case 3:
        ev->kind = EV_CONTACT_DROPPED;
        ev->contact_dropped.contact_id = id - 3;
        ev->contact_dropped.until_at = ev->at + 600000;
        break;
    default:
        ev->kind = EV_CONTACT_SETTLED;
        ev->contact_settled.contact_id = id - 4;
        ev->contact_settled.how = SETTLED_LAPSED;
        break;
    }
}

/* The event of this id; the same for ever. */
static inline struct event events_make(uint64_t id, ms_t at)
{
    struct event ev;
    memset(&ev, 0, sizeof(ev)); /* padding too, so that events compare as bytes */
    ev.id = id;
    ev.at = at;
    events_fill(&ev, id);
    return ev;
}

#endif
