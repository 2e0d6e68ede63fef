/* api_texts.c — see texts.h. Cost: O(1) each, and the length of a message. */
#include "view/parts.h"
#include "view/texts.h"

static const char *const froms[] = {"person", "agent", "house"};
static const char *const from_words[] = {"reçu", "agent", "maison"};

/* NULL: nobody has it, or who has it left the directory. */
static const struct directory_agent *holder(const struct view_house *h,
                                            const struct acd_look_text *look)
{
    return look->agent_id ? view_agent_entry(h, look->agent_id) : NULL;
}

/* ---- for programs ------------------------------------------------------------------------- */

void view_texts_begin(struct json *j, const struct view_house *h)
{
    json_object(j, NULL);
    view_put_head(j, h);
    json_array(j, "texts");
}

void view_text_json(struct json *j, const struct view_house *h, const struct view_text *t)
{
    const struct acd_look_text *look = &t->look;
    const struct directory_agent *agent = holder(h, look);
    const struct view_contact who = {look->contact_id, t->reference, look->queue_id};
    json_object(j, NULL);
    view_put_contact(j, h, &who);
    json_string(j, "state", look->agent_id ? "taken" : "waiting");
    json_string(j, "agent", agent ? agent->id : NULL);
    view_put_number(j, t->e164, t->is_whole);
    json_signed(j, "place_at", look->place_at);
    json_signed(j, "until_at", look->until_at);
    json_number(j, "texts", look->texts_n);
    json_bool(j, "unread", look->is_unread);
    json_bool(j, "answered", look->is_answered);
    json_bool(j, "leaving", look->is_leaving);
    json_string(j, "channel", t->is_web ? "web" : "sms");
}

void view_text_message_json(struct json *j, const struct view_text_message *m)
{
    json_object(j, NULL);
    json_signed(j, "at", m->at);
    json_string(j, "from", froms[m->from]);
    json_text(j, "text", m->utf8);
    json_string(j, "state", m->state);
    json_string(j, "why", m->why && *m->why ? m->why : NULL);
    json_object_end(j);
}

/* ---- for people --------------------------------------------------------------------------- */

void view_text_line(struct text_out *out, const struct view_house *h, const struct view_text *t)
{
    char number[VIEW_NUMBER_BYTES], reference[VIEW_REFERENCE_BYTES];
    const struct acd_look_text *look = &t->look;
    const struct directory_service *service = view_service(h, look->queue_id);
    const struct directory_agent *agent = holder(h, look);
    text_put(out, view_reference(reference, t->reference, true));
    view_say(out, look->agent_id ? "  pris par " : "  attend");
    if (look->agent_id)
        view_say(out, agent ? agent->id : "un agent parti de l’annuaire");
    view_say(out, "  ");
    view_say(out, service ? service->name : "service inconnu");
    view_say(out, "  ");
    if (t->is_web)
        view_say(out, "par le site, ");
    text_put(out, t->e164     ? view_number(number, t->e164, t->is_whole)
                  : t->is_web ? TEXT("sans numéro")
                              : TEXT("numéro inconnu"));
    view_say(out, "  place de ");
    view_put_time(out, h, look->place_at);
    view_say(out, "  ");
    text_put_number(out, look->texts_n);
    view_say(out, !t->is_web ? " SMS" : look->texts_n > 1 ? " messages" : " message");
    if (look->is_leaving)
        view_say(out, "  réponse en route");
    else if (look->is_answered && !look->is_unread)
        view_say(out, "  répondu");
    view_say(out, "\n");
}

static void put_plain(struct text_out *out, struct text utf8)
{
    for (size_t i = 0; i < utf8.n; i++) {
        bool is_control = (uint8_t)utf8.p[i] < ' ' || utf8.p[i] == 127;
        text_put(out, is_control ? TEXT(" ") : (struct text){&utf8.p[i], 1});
    }
}

void view_text_message_line(struct text_out *out, const struct view_house *h,
                            const struct view_text_message *m)
{
    view_say(out, "  ");
    view_put_time(out, h, m->at);
    view_say(out, "  ");
    view_say(out, from_words[m->from]);
    if (m->words) {
        view_say(out, ", ");
        view_say(out, m->words);
    }
    view_say(out, "\u00a0: ");
    put_plain(out, m->utf8);
    view_say(out, "\n");
}
