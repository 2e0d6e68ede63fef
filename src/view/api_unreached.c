/* api_unreached.c — see unreached.h. Cost: O(1) each. */
#include "view/parts.h"
#include "view/unreached.h"

void view_unreached_begin(struct json *j, const struct view_house *h, uint32_t people_n,
                          uint32_t lost_n)
{
    json_object(j, NULL);
    view_put_head(j, h);
    json_number(j, "people", people_n);
    json_number(j, "lost", lost_n);
    json_array(j, "unreached");
}

void view_unreached_json(struct json *j, const struct view_house *h, const struct view_unreached *u)
{
    const struct view_contact who = {u->contact_id, u->reference, u->queue_id};
    json_object(j, NULL);
    view_put_contact(j, h, &who);
    json_number(j, "calls", u->calls_n);
    json_signed(j, "first_at", u->first_at);
    json_signed(j, "last_at", u->last_at);
    json_string(j, "outcome", outcome_name(u->outcome));
    view_put_number(j, u->e164, false);
    json_bool(j, "promised", u->is_promised);
    json_object_end(j);
}

/* Of one call. */
static const char *class_words(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_ABANDONED:
        return "a raccroché avant la réponse";
    case OUTCOME_ABANDONED_SHORT:
        return "a raccroché très vite";
    case OUTCOME_CUT_OFF:
        return "coupé par notre faute";
    default:
        return "refusé";
    }
}

void view_unreached_text(struct text_out *out, const struct view_house *h,
                         const struct view_unreached *u)
{
    char number[VIEW_NUMBER_BYTES], reference[VIEW_REFERENCE_BYTES];
    const struct directory_service *service = view_service(h, u->queue_id);
    text_put(out, view_reference(reference, u->reference, true));
    text_put(out, TEXT("  depuis "));
    view_put_time(out, h, u->first_at);
    if (u->calls_n > 1) {
        text_put(out, TEXT(", "));
        text_put_number(out, u->calls_n);
        text_put(out, TEXT(" appels, le dernier à "));
        view_put_time(out, h, u->last_at);
    }
    text_put(out, TEXT("  "));
    view_say(out, class_words(u->outcome));
    text_put(out, TEXT("  "));
    view_say(out, service ? service->name : "aucun service demandé");
    text_put(out, TEXT("  "));
    text_put(out, u->e164 ? view_number(number, u->e164, false) : TEXT("numéro inconnu"));
    view_say(out, u->is_promised ? "  rappel promis\n" : "\n");
}
