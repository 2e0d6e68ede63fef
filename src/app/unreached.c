/* unreached.c — see unreached.h. Invariant: a person stands in at most one row, and in none once
 * somebody has answered them; with the first call of a new day the rows of the day before go. */
#include "acd/look.h"
#include "app/unreached.h"
#include "base/arena.h"

static void clear(struct unreached *u, calendar_day day)
{
    map_clear(&u->persons);
    map_clear(&u->contacts);
    u->used = u->n = u->lost_n = 0;
    u->free = SLOT_NONE;
    u->day = day;
}

void unreached_open(struct unreached *u, struct arena *arena)
{
    u->rows = arena_take(arena, UNREACHED_MAX, sizeof(*u->rows));
    map_open(&u->persons, arena, UNREACHED_MAX);
    map_open(&u->contacts, arena, UNREACHED_MAX);
    u->free = SLOT_NONE;
    u->day = INT32_MIN;
}

/* ---- rows --------------------------------------------------------------------------------- */

static uint32_t row_of(const struct unreached *u, uint64_t person_id, uint64_t contact_id)
{
    return person_id ? map_get(&u->persons, person_id) : map_get(&u->contacts, contact_id);
}

static void remove_row(struct unreached *u, uint32_t i)
{
    if (i == SLOT_NONE)
        return;
    struct unreached_row *row = &u->rows[i];
    if (row->person_id)
        map_remove(&u->persons, row->person_id);
    else
        map_remove(&u->contacts, row->contact_id);
    *row = (struct unreached_row){.next_free = u->free};
    u->free = i;
    u->n--;
}

/* NULL: there is no room. */
static struct unreached_row *add_row(struct unreached *u, uint64_t person_id, uint64_t contact_id)
{
    uint32_t i = u->free;
    if (i != SLOT_NONE)
        u->free = u->rows[i].next_free;
    else if (u->used < UNREACHED_MAX)
        i = u->used++;
    else
        return NULL;
    if (person_id)
        map_put(&u->persons, person_id, i);
    else
        map_put(&u->contacts, contact_id, i);
    u->rows[i] =
        (struct unreached_row){.contact_id = contact_id, .person_id = person_id, .is_used = true};
    u->n++;
    return &u->rows[i];
}

const struct unreached_row *unreached_find(const struct unreached *u, uint32_t reference)
{
    for (uint32_t i = 0; i < u->used; i++)
        if (u->rows[i].is_used && u->rows[i].reference == reference)
            return &u->rows[i];
    return NULL;
}

/* ---- events ------------------------------------------------------------------------------- */

static uint32_t refused_from(const struct unreached *u, uint64_t contact_id)
{
    for (unsigned i = 0; i < UNREACHED_REFUSED_MAX; i++)
        if (u->refused[i].contact_id == contact_id)
            return u->refused[i].queue_id;
    return 0;
}

static void note_refused(struct unreached *u, const struct event *ev)
{
    u->refused[u->refused_at].contact_id = ev->call_refused.contact_id;
    u->refused[u->refused_at].queue_id = ev->call_refused.queue_id;
    u->refused_at = (u->refused_at + 1) % UNREACHED_REFUSED_MAX;
}

/* A written contact is answered in writing, by whoever takes it. */
static bool got_nobody(const struct event *ev)
{
    switch (ev->call_outcome.outcome) {
    case OUTCOME_ABANDONED:
    case OUTCOME_ABANDONED_SHORT:
    case OUTCOME_TURNED_AWAY:
    case OUTCOME_CUT_OFF:
        return ev->call_outcome.channel != CHANNEL_SMS && ev->call_outcome.channel != CHANNEL_WEB;
    default:
        return false;
    }
}

static void note_nobody(struct unreached *u, const struct acd *acd, const struct event *ev)
{
    uint64_t contact_id = ev->call_outcome.contact_id, person_id = ev->call_outcome.person_id;
    struct acd_look_contact look = {0};
    uint32_t i = row_of(u, person_id, contact_id);
    struct unreached_row *row = i == SLOT_NONE ? add_row(u, person_id, contact_id) : &u->rows[i];
    if (!row) {
        u->lost_n++;
        return;
    }
    bool is_known = acd_look_contact_of(acd, contact_id, &look);
    uint32_t queue_id = ev->call_outcome.queue_id;
    if (!row->calls_n++)
        row->first_at = ev->call_outcome.arrived_at;
    row->last_at = ev->call_outcome.arrived_at;
    row->outcome = ev->call_outcome.outcome;
    row->queue_id = queue_id ? queue_id : refused_from(u, contact_id);
    row->reference = is_known ? look.reference : row->reference;
}

static void fold_outcome(struct unreached *u, const struct acd *acd, const struct event *ev)
{
    enum outcome outcome = ev->call_outcome.outcome;
    uint64_t contact_id = ev->call_outcome.contact_id;
    bool is_answered = outcome == OUTCOME_ANSWERED || outcome == OUTCOME_CALLBACK_HONOURED;
    if (is_answered)
        remove_row(u, row_of(u, ev->call_outcome.person_id, contact_id));
    else if (got_nobody(ev) && contact_id != u->cancelled_id)
        note_nobody(u, acd, ev);
    if (contact_id == u->cancelled_id)
        u->cancelled_id = 0;
}

/* Who takes a promise back wants no call. */
static void fold_cancelled(struct unreached *u, const struct acd *acd, const struct event *ev)
{
    struct acd_look_contact look;
    uint64_t contact_id = ev->callback_cancelled.contact_id;
    if (ev->callback_cancelled.by != CANCELLED_BY_PERSON)
        return;
    u->cancelled_id = contact_id;
    if (acd_look_contact_of(acd, contact_id, &look))
        remove_row(u, row_of(u, look.person_id, contact_id));
}

static void fold_promised(struct unreached *u, const struct acd *acd, const struct event *ev)
{
    struct acd_look_contact look;
    uint64_t contact_id = ev->callback_promised.contact_id;
    if (!acd_look_contact_of(acd, contact_id, &look))
        return;
    uint32_t i = row_of(u, look.person_id, contact_id);
    if (i != SLOT_NONE)
        u->rows[i].promised_id = contact_id;
}

void unreached_fold(struct unreached *u, const struct acd *acd, const struct event *ev,
                    enum zone zone)
{
    calendar_day day;
    switch (ev->kind) {
    case EV_CALL_OUTCOME:
        day = calendar_local(zone, ev->call_outcome.arrived_at).day;
        if (day > u->day)
            clear(u, day);
        if (day == u->day)
            fold_outcome(u, acd, ev);
        break;
    case EV_CALL_REFUSED:
        note_refused(u, ev);
        break;
    case EV_CALLBACK_PROMISED:
        fold_promised(u, acd, ev);
        break;
    case EV_CALLBACK_CANCELLED:
        fold_cancelled(u, acd, ev);
        break;
    default:
        break;
    }
}
