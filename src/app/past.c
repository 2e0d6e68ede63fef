/* past.c — see past.h. Invariant: a call stands once, under its person; calls of withheld numbers
 * and of robots stand nowhere. */
#include <string.h>

#include "acd/look.h"
#include "app/past.h"
#include "base/arena.h"

void past_open(struct past *p, struct arena *arena)
{
    p->people = arena_take(arena, PAST_PEOPLE_MAX, sizeof(*p->people));
    map_open(&p->of, arena, PAST_PEOPLE_MAX);
}

static struct past_person *person_of(struct past *p, uint64_t person_id)
{
    uint32_t i = map_get(&p->of, person_id);
    if (i != SLOT_NONE)
        return &p->people[i];
    i = p->next;
    p->next = (p->next + 1) % PAST_PEOPLE_MAX;
    if (p->used == PAST_PEOPLE_MAX)
        map_remove(&p->of, p->people[i].person_id);
    else
        p->used++;
    p->people[i] = (struct past_person){.person_id = person_id};
    map_put(&p->of, person_id, i);
    return &p->people[i];
}

const struct past_person *past_of(const struct past *p, uint64_t person_id)
{
    uint32_t i = person_id ? map_get(&p->of, person_id) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &p->people[i];
}

static unsigned recent_of(const struct past *p, uint64_t call_id)
{
    unsigned i = 0;
    while (i < PAST_RECENT_N && p->recent[i].call_id != call_id)
        i++;
    return i;
}

/* Where it stands; a new one takes the place of the oldest. */
static unsigned recent_put(struct past *p, uint64_t call_id)
{
    unsigned i = recent_of(p, call_id);
    if (i < PAST_RECENT_N)
        return i;
    i = p->recent_at;
    p->recent_at = (p->recent_at + 1) % PAST_RECENT_N;
    p->recent[i].call_id = call_id;
    p->recent[i].person_id = 0;
    p->recent[i].conclusion = CONCLUSION_NONE;
    return i;
}

static void fold_outcome(struct past *p, const struct acd *acd, const struct event *ev)
{
    struct acd_look_contact look = {0};
    uint64_t person_id = ev->call_outcome.person_id;
    if (!person_id || ev->call_outcome.outcome == OUTCOME_TEST)
        return;
    struct past_person *person = person_of(p, person_id);
    unsigned recent = recent_put(p, ev->call_outcome.call_id);
    bool is_known = acd_look_contact_of(acd, ev->call_outcome.contact_id, &look);
    unsigned kept = person->n < VIEW_PAST_MAX ? person->n : VIEW_PAST_MAX - 1;
    memmove(&person->rows[1], &person->rows[0], kept * sizeof(person->rows[0]));
    memmove(&person->call_ids[1], &person->call_ids[0], kept * sizeof(person->call_ids[0]));
    person->n = kept + 1;
    person->call_ids[0] = ev->call_outcome.call_id;
    person->rows[0] = (struct view_past){.at = ev->call_outcome.arrived_at,
                                         .queue_id = ev->call_outcome.queue_id,
                                         .reference = is_known ? look.reference : 0,
                                         .outcome = ev->call_outcome.outcome,
                                         .conclusion = p->recent[recent].conclusion};
    p->recent[recent].person_id = person_id;
}

/* During the conversation, or after it in the wrap-up. */
static void fold_conclusion(struct past *p, const struct event *ev)
{
    uint64_t call_id = ev->conversation_concluded.call_id;
    unsigned recent = recent_put(p, call_id);
    const struct past_person *found = past_of(p, p->recent[recent].person_id);
    p->recent[recent].conclusion = ev->conversation_concluded.conclusion;
    if (!found)
        return;
    struct past_person *person = &p->people[found - p->people];
    for (unsigned i = 0; i < person->n; i++)
        if (person->call_ids[i] == call_id)
            person->rows[i].conclusion = ev->conversation_concluded.conclusion;
}

void past_fold(struct past *p, const struct acd *acd, const struct event *ev)
{
    if (ev->kind == EV_CALL_OUTCOME)
        fold_outcome(p, acd, ev);
    else if (ev->kind == EV_CONVERSATION_CONCLUDED)
        fold_conclusion(p, ev);
}
