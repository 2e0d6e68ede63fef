/* api_lists.c — /api/v1/queues and /api/v1/agents.
 * Called by app/pages.c. Cost: a walk over queues or agents, ~1 µs each. */
#include "view/api.h"
#include "view/parts.h"

/* Of whom help is asked for: {"site", "until_at"}. */
static void put_helps(struct json *j, const struct view_house *h, uint32_t slot, uint32_t n)
{
    json_array(j, "help");
    for (uint32_t i = 0; i < n; i++) {
        const struct acd_look_help help = acd_look_help(h->acd, slot, i);
        uint32_t site = h->directory && help.site_id
                            ? directory_site_find(h->directory, help.site_id)
                            : DIRECTORY_NONE;
        json_object(j, NULL);
        json_string(j, "site", site == DIRECTORY_NONE ? NULL : h->directory->sites[site].id);
        json_number(j, "number", help.site_id);
        json_signed(j, "until_at", help.until_at);
        json_object_end(j);
    }
    json_array_end(j);
}

static void put_shut(struct json *j, const struct acd_look_queue *q)
{
    if (!q->is_shut) {
        json_null(j, "closed_by_hand");
        return;
    }
    json_object(j, "closed_by_hand");
    json_signed(j, "until_at", q->shut_until_at);
    json_string(j, "counts_as", outcome_name(OUTCOME_TURNED_AWAY));
    json_object_end(j);
}

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
    put_shut(j, &q);
    put_helps(j, h, slot, q.helps_n);
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

static void put_served(struct json *j, const struct view_house *h, uint32_t slot, uint32_t n)
{
    json_array(j, "queues");
    for (uint32_t i = 0; i < n; i++) {
        json_object(j, NULL);
        view_put_service(j, h, acd_look_agent_queue(h->acd, slot, i));
        json_object_end(j);
    }
    json_array_end(j);
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
    bool may_conclude =
        a.talk_contact_id && (a.state == AGENT_STATE_JOINED || a.state == AGENT_STATE_WRAP_UP);
    json_bool(j, "may_conclude", may_conclude);
    json_string(j, "conclusion",
                a.conclusion == CONCLUSION_NONE ? NULL : conclusion_name(a.conclusion));
    put_served(j, h, slot, a.queues_n);
    json_signed(j, "moved_until_at", a.moved_until_at);
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
