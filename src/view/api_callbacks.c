/* api_callbacks.c — see callbacks.h. Cost: O(1) each. */
#include "event/band.h"
#include "view/callbacks.h"
#include "view/parts.h"

static const struct {
    const char *name, *words;
} states[VIEW_CALLBACK_STATES] = {
    [VIEW_CALLBACK_ON_LINE] = {"on_line", "la personne n’a pas encore raccroché"},
    [VIEW_CALLBACK_LATER] = {"later", "plus tard"},
    [VIEW_CALLBACK_HELD] = {"held", "attend l’ouverture"},
    [VIEW_CALLBACK_WAITING] = {"waiting", "attend un agent"},
    [VIEW_CALLBACK_RESERVED] = {"reserved", "présenté à un agent"},
    [VIEW_CALLBACK_DIALLING] = {"dialling", "appel en cours"},
    [VIEW_CALLBACK_TALKING] = {"talking", "en conversation"},
    [VIEW_CALLBACK_OVER] = {"over", "dernier essai passé, place gardée"},
    [VIEW_CALLBACK_SLOT] = {"slot", "à l’heure choisie"},
};

const char *view_callback_state_name(enum view_callback_state state)
{
    return states[state].name;
}

enum view_callback_state view_callback_state(const struct view_house *h,
                                             const struct acd_look_callback *look)
{
    if (look->until_at)
        return VIEW_CALLBACK_OVER;
    if (look->phase == OFFER_PHASE_JOINED)
        return VIEW_CALLBACK_TALKING;
    if (look->phase != OFFER_PHASE_NONE)
        return look->phase == OFFER_PHASE_RESERVED ? VIEW_CALLBACK_RESERVED
                                                   : VIEW_CALLBACK_DIALLING;
    if (look->is_on_line)
        return VIEW_CALLBACK_ON_LINE;
    if (look->is_due)
        return VIEW_CALLBACK_WAITING;
    if (look->not_before_at > h->now_at)
        return VIEW_CALLBACK_LATER;
    return look->hours == HOURS_OPEN ? VIEW_CALLBACK_WAITING : VIEW_CALLBACK_HELD;
}

static enum view_callback_state state_of(const struct view_house *h, const struct view_callback *c)
{
    return c->is_slot ? VIEW_CALLBACK_SLOT : view_callback_state(h, &c->look);
}

/* ---- for programs ------------------------------------------------------------------------- */

static void put_told(struct json *j, enum band band)
{
    const struct band_minutes minutes = band_minutes(band);
    bool has_end = minutes.until && minutes.until != BAND_MINUTES_MORE;
    if (!minutes.until) {
        json_null(j, "told");
        return;
    }
    json_object(j, "told");
    json_number(j, "from_min", minutes.from);
    if (has_end)
        json_number(j, "until_min", minutes.until);
    else
        json_null(j, "until_min");
    json_object_end(j);
}

void view_callbacks_begin(struct json *j, const struct view_house *h)
{
    json_object(j, NULL);
    view_put_head(j, h);
    json_array(j, "callbacks");
}

void view_callback_json(struct json *j, const struct view_house *h, const struct view_callback *c)
{
    const struct acd_look_callback *look = &c->look;
    const struct view_contact who = {look->contact_id, c->reference, look->queue_id};
    json_object(j, NULL);
    view_put_contact(j, h, &who);
    json_string(j, "state", states[state_of(h, c)].name);
    json_string(j, "kind", c->is_by_house ? "house" : "asked");
    view_put_number(j, c->e164, c->is_whole);
    json_signed(j, "asked_at", look->asked_at);
    json_signed(j, "place_at", look->place_at);
    json_signed(j, "not_before_at", look->not_before_at);
    json_signed(j, "kept_until_at", look->until_at);
    json_number(j, "attempts", look->attempts_n);
    json_number(j, "attempts_max", look->attempts_max);
    put_told(j, look->band);
    json_bool(j, "discreet", look->is_discreet);
    json_object_end(j);
}

/* ---- for people --------------------------------------------------------------------------- */

static void put_since(struct text_out *out, const struct view_house *h, const char *words, ms_t at)
{
    if (!at)
        return;
    text_put(out, text_of(words));
    view_put_time(out, h, at);
}

void view_callback_text(struct text_out *out, const struct view_house *h,
                        const struct view_callback *c)
{
    char number[VIEW_NUMBER_BYTES], reference[VIEW_REFERENCE_BYTES];
    const struct acd_look_callback *look = &c->look;
    enum view_callback_state state = state_of(h, c);
    const struct directory_service *service = view_service(h, look->queue_id);
    text_put(out, view_reference(reference, c->reference, true));
    text_put(out, TEXT("  "));
    text_put(out, text_of(states[state].words));
    text_put(out, TEXT("  "));
    text_put(out, text_of(service ? service->name : "service inconnu"));
    text_put(out, TEXT("  "));
    text_put(out, c->e164 ? view_number(number, c->e164, c->is_whole) : TEXT("numéro inconnu"));
    put_since(out, h, "  place de ", look->place_at);
    put_since(out, h, state == VIEW_CALLBACK_OVER ? "" : "  pas avant ", look->not_before_at);
    put_since(out, h, "  gardée jusqu’à ", look->until_at);
    if (!c->is_slot) {
        text_put(out, TEXT("  essais\u00a0: "));
        text_put_number(out, look->attempts_n);
        text_put(out, TEXT(" sur "));
        text_put_number(out, look->attempts_max);
    }
    if (look->is_discreet)
        text_put(out, TEXT("  discret"));
    if (c->is_by_house)
        text_put(out, TEXT("  promis par la maison"));
    text_put(out, TEXT("\n"));
}
