/* api_lists.c — /api/v1/queues and /api/v1/agents.
 * Called by app/pages.c. Cost: a walk over queues or agents, ~1 µs each. */
#include "view/api.h"
#include "view/parts.h"

static void put_queue(struct json *j, const struct view_house *h, uint32_t slot)
{
    static const struct kpi_counts none;
    struct acd_look_queue q;
    if (!view_queue(h, slot, &q) || !view_sees_queue(h, q.id))
        return;
    json_object(j, NULL);
    view_put_service(j, h, q.id);
    json_bool(j, "open", q.hours == HOURS_OPEN);
    json_string(j, "hours", hours_name(q.hours));
    json_signed(j, "closes_at", q.closes_at);
    json_number(j, "waiting", q.waiting_n);
    json_signed(j, "longest_wait_ms", view_since_ms(h, q.asked_at));
    json_object(j, "agents");
    json_number(j, "serving", q.agents_n);
    json_number(j, "signed_in", q.signed_n);
    json_number(j, "active", q.active_n);
    json_number(j, "ready", q.ready_n);
    json_object_end(j);
    json_string(j, "estimate", band_name(q.band));
    view_put_day(j, "today", h->queue_day ? &h->queue_day[slot] : &none);
    json_number(j, "texts", q.texts_n);
    json_object_end(j);
}

void view_api_queues(struct text_out *out, const struct view_house *h)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    view_put_head(&j, h);
    json_array(&j, "queues");
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++)
        put_queue(&j, h, i);
    json_array_end(&j);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}

static void put_agent(struct json *j, const struct view_house *h, uint32_t slot)
{
    struct acd_look_agent a;
    if (!acd_look_agent(h->acd, slot, &a))
        return;
    const struct directory_agent *entry = view_agent_entry(h, a.id);
    bool has_name = entry && view_sees_names(h);
    if (!view_sees_agent(h, entry))
        return;
    json_object(j, NULL);
    json_string(j, "id", has_name ? entry->id : NULL);
    json_number(j, "number", a.id);
    json_string(j, "name", has_name ? entry->name : NULL);
    json_string(j, "state", agent_state_name(a.state));
    json_signed(j, "since_at", h->agents[slot].id == a.id ? h->agents[slot].since_at : 0);
    json_string(j, "pause", a.pause == PAUSE_NONE ? NULL : pause_name(a.pause));
    if (a.queue_id) {
        json_object(j, "queue");
        view_put_service(j, h, a.queue_id);
        json_object_end(j);
    } else {
        json_null(j, "queue");
    }
    json_number(j, "conversations", a.contacts_n);
    json_bool(j, "leaves", a.leaves);
    json_bool(j, "robot", a.is_robot);
    json_object_end(j);
}

void view_api_agents(struct text_out *out, const struct view_house *h)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    view_put_head(&j, h);
    json_array(&j, "agents");
    for (uint32_t i = 0; i < acd_look_agents_n(h->acd); i++)
        put_agent(&j, h, i);
    json_array_end(&j);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}
