/* desk.c — see desk.h. Invariant: what people had before goes to nobody who was not given a
 * reference of theirs, or told that they gave a name. */
#include "app/desk.h"
#include "app/page_list.h"
#include "say/reference.h"
#include "view/cursor.h"

#define REFERENCE_TYPED_MAX 24
#define SLOTS_READ 64

/* ---- the card ----------------------------------------------------------------------------- */

/* As people write it, "47 21 08 64", and as a browser sends it, "47+21+08+64". */
static uint32_t typed_reference(struct text word)
{
    char digits[REFERENCE_TYPED_MAX];
    uint32_t reference = 0;
    size_t n = 0;
    for (size_t i = 0; i < word.n && n < sizeof(digits); i++)
        if (word.p[i] >= '0' && word.p[i] <= '9')
            digits[n++] = word.p[i];
        else if (word.p[i] != '+')
            return 0;
    return page_reference(&reference, (struct text){digits, n}) ? reference : 0;
}

static bool is_theirs(uint32_t reference, const struct acd_look_contact *contact,
                      const struct past_person *person)
{
    if (!reference)
        return false;
    if (reference == say_reference_of(contact->reference))
        return true;
    for (unsigned i = 0; person && i < person->n; i++)
        if (person->rows[i].reference && say_reference_of(person->rows[i].reference) == reference)
            return true;
    return false;
}

struct view_card desk_card(const struct desk_of *of)
{
    const struct acd *acd = of->house->acd;
    uint32_t slot = acd_look_agent_slot(acd, of->agent->number);
    struct acd_look_agent a;
    struct acd_look_contact contact;
    struct view_card card = {0};
    struct text word;
    uint64_t named_id = 0;
    if (slot == SLOT_NONE || !acd_look_agent(acd, slot, &a) || !a.contact_id ||
        !acd_look_contact_of(acd, a.contact_id, &contact))
        return card;
    const struct past_person *person = past_of(of->past, contact.person_id);
    card.contact_id = a.contact_id;
    card.way = ways_of(of->ways, a.contact_id);
    if (view_query_find(&word, of->request->query, TEXT("reference"))) {
        uint32_t reference = typed_reference(word);
        card.is_open = is_theirs(reference, &contact, person);
        card.reference = card.is_open ? reference : 0;
    } else if (view_query_find(&word, of->request->query, TEXT("nom"))) {
        card.is_open = text_number(word, UINT64_MAX, &named_id) && named_id == a.contact_id;
    }
    if (card.is_open && person) {
        card.past = person->rows;
        card.past_n = person->n;
    }
    return card;
}

/* ---- who is to be called ------------------------------------------------------------------ */

static bool is_served(const struct desk_of *of, uint32_t queue_id)
{
    const struct directory *d = of->house->directory;
    for (unsigned i = 0; i < of->agent->services_n; i++)
        if (d->services[of->agent->services[i]].number == queue_id)
            return true;
    return false;
}

/* At its place; the last falls out where there is no room. */
static void put_due(struct desk_due *due, const struct view_due *row)
{
    unsigned at = due->n < VIEW_DUE_MAX ? due->n : VIEW_DUE_MAX;
    while (at && due->rows[at - 1].at > row->at)
        at--;
    if (due->n == VIEW_DUE_MAX)
        due->more_n++;
    else
        due->n++;
    if (at == VIEW_DUE_MAX)
        return;
    for (unsigned i = due->n - 1; i > at; i--)
        due->rows[i] = due->rows[i - 1];
    due->rows[at] = *row;
}

static void put_slots(const struct desk_of *of, struct desk_due *due, ms_t until_at)
{
    struct numbers_slot rows[SLOTS_READ];
    struct numbers_slots page = {.rows = rows, .max = SLOTS_READ, .n = 0};
    if (!of->numbers || of->numbers->slots(of->numbers->arg, &page))
        return; /* what the disk cannot tell is shown by its alarm */
    for (unsigned i = 0; i < page.n; i++) {
        const struct view_due row = {.queue_id = rows[i].queue_id,
                                     .reference = say_reference_of(rows[i].reference),
                                     .at = rows[i].from_at,
                                     .is_slot = true};
        if (rows[i].from_at < until_at && is_served(of, rows[i].queue_id))
            put_due(due, &row);
    }
}

void desk_due(const struct desk_of *of, struct desk_due *due)
{
    const struct view_house *h = of->house;
    ms_t until_at = calendar_instant(h->zone, h->today + 1, 0);
    struct acd_look_callback back;
    *due = (struct desk_due){.n = 0};
    for (uint32_t i = 0; i < acd_look_calls_n(h->acd); i++) {
        if (!acd_look_callback(h->acd, i, &back) || back.until_at ||
            back.not_before_at >= until_at || !is_served(of, back.queue_id))
            continue;
        const struct view_due row = {.queue_id = back.queue_id,
                                     .reference = say_reference_of(back.reference),
                                     .at = back.not_before_at > h->now_at ? back.not_before_at : 0,
                                     .attempts_n = back.attempts_n,
                                     .attempts_max = back.attempts_max};
        put_due(due, &row);
    }
    put_slots(of, due, until_at);
}

uint64_t desk_call(const struct view_house *house, const struct directory_agent *agent)
{
    uint32_t slot = agent ? acd_look_agent_slot(house->acd, agent->number) : SLOT_NONE;
    struct acd_look_agent a;
    struct acd_look_call call;
    bool has_one = slot != SLOT_NONE && acd_look_agent(house->acd, slot, &a) && a.contact_id &&
                   acd_look_call_of_contact(house->acd, a.contact_id, &call);
    return has_one && call.state == ACD_LOOK_JOINED ? call.call_id : 0;
}

struct talk_third desk_third(const struct desk_of *of, const struct talks_board *talks)
{
    struct acd_look_call call;
    uint64_t call_id = desk_call(of->house, of->agent);
    bool has_one = call_id && acd_look_call_of(of->house->acd, call_id, &call);
    return talks_look(talks, of->agent->number, has_one ? call.offer_id : 0);
}

/* ---- the day ------------------------------------------------------------------------------ */

struct view_workday desk_day(const struct desk_of *of)
{
    return workday_of(of->workday, of->house->acd, of->agent->number, of->house->today);
}
