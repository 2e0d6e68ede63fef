/* api_status.c — /api/v1/status, /health, and refusals.
 * Called by app/pages.c. Cost: a walk over queues and agents. */
#include "gsm/fault.h"
#include "view/api.h"
#include "view/parts.h"
#include "view/words.h"

void view_api_error(struct text_out *out, const char *error, const char *cure)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    json_string(&j, "error", error);
    json_string(&j, "cure", cure);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}

static void put_progress(struct json *j, const struct view_house *h)
{
    json_bool(j, "ready", h->is_ready);
    json_number(j, "last_id", h->last_id);
    json_number(j, "committed_id", h->committed_id);
}

void view_api_catching_up(struct text_out *out, const struct view_house *h)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    json_string(&j, "error", "catching up");
    json_string(&j, "cure", "ask again in a moment; /health answers meanwhile");
    put_progress(&j, h);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}

void view_api_health(struct text_out *out, const struct view_house *h)
{
    struct json j = {.out = out};
    json_object(&j, NULL);
    view_put_alarms(&j, h);
    json_signed(&j, "at", h->now_at);
    json_string(&j, "version", h->vitals->version);
    json_signed(&j, "started_at", h->vitals->started_at);
    json_object(&j, "figures");
    put_progress(&j, h);
    json_object_end(&j);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}

static void put_agents(struct json *j, const struct acd_look_counts *counts)
{
    json_object(j, "agents");
    for (unsigned s = 0; s < AGENT_STATE_N; s++)
        json_number(j, agent_state_name((enum agent_state)s), counts->agents_n[s]);
    json_object_end(j);
}

void view_api_status(struct text_out *out, const struct view_house *h)
{
    struct json j = {.out = out};
    struct acd_look_counts counts = acd_look_counts(h->acd);
    json_object(&j, NULL);
    view_put_head(&j, h);
    json_string(&j, "version", h->vitals->version);
    json_signed(&j, "started_at", h->vitals->started_at);
    json_object(&j, "health");
    view_put_alarms(&j, h);
    json_object_end(&j);
    json_number(&j, "waiting", counts.waiting_n);
    json_signed(&j, "longest_wait_ms", view_longest_ms(h));
    json_number(&j, "contacts_open", counts.contacts_n);
    json_number(&j, "legs", h->vitals->legs_n);
    json_number(&j, "legs_tls", h->vitals->legs_tls_n);
    json_number(&j, "legs_srtp", h->vitals->legs_srtp_n);
    json_string(&j, "sms_fault", gsm_fault_name((enum gsm_fault)h->vitals->sms.fault));
    put_agents(&j, &counts);
    view_put_day(&j, "today", h->day);
    view_put_gate(&j, h);
    json_object_end(&j);
    text_put(out, TEXT("\n"));
}
