/* workday.c — see workday.h. A conversation counts on the day on which it ends, a word on the day
 * on which it is said; with the first of a new day all begin at nothing. */
#include <string.h>

#include "acd/look.h"
#include "app/workday.h"
#include "base/arena.h"

void workday_open(struct workday *w, struct arena *arena, uint32_t agents_max)
{
    w->rows = arena_take(arena, agents_max, sizeof(*w->rows));
    w->talks = arena_take(arena, agents_max, sizeof(*w->talks));
    w->ids = arena_take(arena, agents_max, sizeof(*w->ids));
    w->agents_max = agents_max;
    w->day = INT32_MIN;
}

/* Of today; NULL: of a day that is over, or of nobody whom the heart knows. */
static struct view_workday *row_of(struct workday *w, const struct acd *acd, uint32_t agent_id,
                                   calendar_day day)
{
    uint32_t slot = agent_id ? acd_look_agent_slot(acd, agent_id) : SLOT_NONE;
    if (day < w->day || slot == SLOT_NONE)
        return NULL;
    if (day > w->day) {
        memset(w->rows, 0, w->agents_max * sizeof(*w->rows));
        w->day = day;
    }
    if (w->ids[slot] != agent_id)
        w->rows[slot] = (struct view_workday){0};
    w->ids[slot] = agent_id;
    return &w->rows[slot];
}

static uint32_t agent_of(const struct event *ev)
{
    switch (ev->kind) {
    case EV_OFFER_ENDED:
        return ev->offer_ended.talk_ms ? ev->offer_ended.agent_id : 0;
    case EV_TEXT_ANSWERED:
        return ev->text_answered.agent_id;
    case EV_CONVERSATION_CONCLUDED:
        return ev->conversation_concluded.agent_id;
    default:
        return 0;
    }
}

/* What had been said before may have been said on another day: then it counts nowhere today. */
static void fold_conclusion(struct view_workday *row, const struct event *ev)
{
    enum conclusion was = ev->conversation_concluded.was;
    row->conclusions[ev->conversation_concluded.conclusion]++;
    if (row->conclusions[was])
        row->conclusions[was]--;
}

static void fold_joined(struct workday *w, const struct acd *acd, const struct event *ev)
{
    uint32_t slot = acd_look_agent_slot(acd, ev->offer_joined.agent_id);
    struct acd_look_contact contact;
    if (slot == SLOT_NONE || !acd_look_contact_of(acd, ev->offer_joined.contact_id, &contact))
        return;
    w->talks[slot] = (struct workday_talk){.contact_id = ev->offer_joined.contact_id,
                                           .person_id = contact.person_id,
                                           .needs = contact.needs,
                                           .reference = contact.reference,
                                           .entry_id = contact.entry_id};
}

void workday_fold(struct workday *w, const struct acd *acd, const struct event *ev, enum zone zone)
{
    if (ev->kind == EV_OFFER_JOINED)
        fold_joined(w, acd, ev);
    uint32_t agent_id = agent_of(ev);
    struct view_workday *row =
        agent_id ? row_of(w, acd, agent_id, calendar_local(zone, ev->at).day) : NULL;
    if (!row)
        return;
    if (ev->kind == EV_CONVERSATION_CONCLUDED) {
        fold_conclusion(row, ev);
    } else if (ev->kind == EV_TEXT_ANSWERED) {
        row->texts_n++;
    } else {
        row->calls_n++;
        row->talk_ms += ev->offer_ended.talk_ms;
    }
}

struct view_workday workday_of(const struct workday *w, const struct acd *acd, uint32_t agent_id,
                               calendar_day today)
{
    uint32_t slot = acd_look_agent_slot(acd, agent_id);
    bool is_here = slot != SLOT_NONE && w->day == today && w->ids[slot] == agent_id;
    return is_here ? w->rows[slot] : (struct view_workday){0};
}

struct workday_talk workday_talk(const struct workday *w, const struct acd *acd, uint32_t agent_id)
{
    struct workday_talk none = {0};
    struct acd_look_agent a;
    uint32_t slot = acd_look_agent_slot(acd, agent_id);
    if (slot == SLOT_NONE || !acd_look_agent(acd, slot, &a))
        return none;
    bool speaks = a.state == AGENT_STATE_JOINED || a.state == AGENT_STATE_WRAP_UP;
    /* a slot that was another agent's names a contact that this one never had */
    return speaks && a.talk_contact_id && w->talks[slot].contact_id == a.talk_contact_id
               ? w->talks[slot]
               : none;
}
