/* cast_judge.c — see cast_judge.h. First the rows of calls and wishes, then one rule for each
 * person. Invariant: a rule that was not seen to hold is broken. */
#include "sim/cast_judge.h"

#define SHORT_MS ((ms_t)10000)
#define LONG_MS ((ms_t)175000)

/* ---- rows ---------------------------------------------------------------------------------- */

static struct cast_call *call_of(struct cast_judge *j, uint64_t call_id)
{
    for (unsigned i = 0; i < j->calls_n; i++)
        if (j->calls[i].call_id == call_id)
            return &j->calls[i];
    return NULL;
}

static struct cast_wish *wish_of(struct cast_judge *j, uint64_t contact_id)
{
    for (unsigned i = 0; i < j->wishes_n; i++)
        if (j->wishes[i].contact_id == contact_id)
            return &j->wishes[i];
    return NULL;
}

static void on_arrived(struct cast_judge *j, const struct event *ev)
{
    enum cast_who who = cast_of_leg(ev->call_arrived.leg_node, ev->call_arrived.leg_id);
    if (who == CAST_NOBODY)
        return;
    if (j->calls_n == CAST_CALLS_MAX) {
        j->strays_n++;
        return;
    }
    j->calls[j->calls_n++] = (struct cast_call){.who = who,
                                                .call_id = ev->id,
                                                .contact_id = ev->call_arrived.contact_id,
                                                .arrived_at = ev->at};
    j->wishes[j->wishes_n++] = (struct cast_wish){.who = who,
                                                  .contact_id = j->opened.id,
                                                  .person_id = j->opened.contact_opened.person_id,
                                                  .reference = j->opened.contact_opened.reference};
    j->strays_n += j->opened.id != ev->call_arrived.contact_id;
}

static void on_queued(struct cast_judge *j, const struct event *ev)
{
    struct cast_wish *w = wish_of(j, ev->contact_queued.contact_id);
    struct cast_call *c = call_of(j, ev->contact_queued.call_id);
    if (!w || !c)
        return;
    c->is_queued = true;
    w->is_key_changed |= w->queued_n && w->key_at != ev->contact_queued.key_at;
    w->is_lifted |= w->queued_n && w->needs != ev->contact_queued.needs;
    w->key_at = ev->contact_queued.key_at;
    w->needs = ev->contact_queued.needs;
    w->queued_n++;
}

static void on_offer(struct cast_judge *j, const struct event *ev)
{
    struct cast_wish *w = wish_of(j, ev->offer_made.contact_id);
    uint32_t agent = ev->offer_made.agent_id;
    if (!w)
        return;
    bool is_known = agent && agent <= CAST_AGENTS_MAX;
    w->offers_n++;
    w->offer_id = ev->id;
    w->is_early |= ev->at < w->not_before_at;
    w->is_offered_elsewhere |= !is_known || (j->skills[agent - 1] & w->needs) != w->needs;
}

static void on_tried(struct cast_judge *j, const struct event *ev)
{
    struct cast_wish *w = wish_of(j, ev->callback_tried.contact_id);
    if (!w)
        return;
    w->machines_n += ev->callback_tried.result == CALLBACK_RESULT_MACHINE;
    w->not_before_at = ev->callback_tried.not_before_at;
}

static void on_regained(struct cast_judge *j, const struct event *ev)
{
    struct cast_call *c = call_of(j, ev->place_regained.call_id);
    struct cast_wish *w = wish_of(j, ev->place_regained.contact_id);
    if (c) {
        c->is_regained = true;
        c->contact_id = ev->place_regained.contact_id;
    }
    if (w)
        w->is_rejoined = true;
}

static void on_outcome(struct cast_judge *j, const struct event *ev)
{
    struct cast_call *c = call_of(j, ev->call_outcome.call_id);
    if (!c)
        return;
    c->classes_n++;
    c->outcome = ev->call_outcome.outcome;
    c->wait_ms = ev->call_outcome.wait_ms;
}

static void on_promised(struct cast_judge *j, const struct event *ev)
{
    struct cast_wish *w = wish_of(j, ev->callback_promised.contact_id);
    if (w && !w->promised_at)
        w->promised_at = ev->at;
}

static void on_agent(struct cast_judge *j, const struct event *ev)
{
    uint32_t id = ev->agent_set.agent_id;
    if (id && id <= CAST_AGENTS_MAX)
        j->skills[id - 1] = ev->agent_set.skills;
}

void cast_judge_event(struct cast_judge *j, const struct event *ev)
{
    struct cast_wish *w;
    struct cast_call *c;
    switch (ev->kind) {
    case EV_SIMULATED:
        j->is_simulated = true;
        break;
    case EV_AGENT_SET:
        on_agent(j, ev);
        break;
    case EV_CONTACT_OPENED:
        j->opened = *ev;
        break;
    case EV_CALL_ARRIVED:
        on_arrived(j, ev);
        break;
    case EV_CONTACT_QUEUED:
        on_queued(j, ev);
        break;
    case EV_NEEDS_LIFTED:
        w = wish_of(j, ev->needs_lifted.contact_id);
        if (w)
            w->is_lifted = true;
        break;
    case EV_CALL_REFUSED:
        c = call_of(j, ev->call_refused.call_id);
        if (c)
            c->is_refused = true;
        break;
    case EV_OFFER_MADE:
        on_offer(j, ev);
        break;
    case EV_OFFER_JOINED:
        w = wish_of(j, ev->offer_joined.contact_id);
        if (w)
            w->joins_n++;
        break;
    case EV_CALLBACK_PROMISED:
        on_promised(j, ev);
        break;
    case EV_CALLBACK_TRIED:
        on_tried(j, ev);
        break;
    case EV_PLACE_REGAINED:
        on_regained(j, ev);
        break;
    case EV_CALL_ENDED:
        c = call_of(j, ev->call_ended.call_id);
        if (c)
            c->ended_at = ev->at;
        break;
    case EV_CALL_OUTCOME:
        on_outcome(j, ev);
        break;
    case EV_SHED:
        j->shed_n += ev->shed.n;
        break;
    default:
        break;
    }
}

/* The contact, or the call, that an event names; the offer by its wish. */
static uint64_t contact_named(const struct cast_judge *j, const struct event *ev)
{
    uint64_t offer_id = 0;
    switch (ev->kind) {
    case EV_CONTACT_QUEUED:
        return ev->contact_queued.contact_id;
    case EV_CONTACT_TOLD:
        return ev->contact_told.contact_id;
    case EV_PLACE_REGAINED:
        return ev->place_regained.contact_id;
    case EV_OFFER_MADE:
        return ev->offer_made.contact_id;
    case EV_OFFER_JOINED:
        return ev->offer_joined.contact_id;
    case EV_OFFER_ENDED:
        return ev->offer_ended.contact_id;
    case EV_CALLBACK_PROMISED:
        return ev->callback_promised.contact_id;
    case EV_CALLBACK_TRIED:
        return ev->callback_tried.contact_id;
    case EV_OFFER_ADVANCED:
        offer_id = ev->offer_advanced.offer_id;
        break;
    default:
        return 0;
    }
    for (unsigned i = 0; i < j->wishes_n; i++)
        if (j->wishes[i].offer_id == offer_id)
            return j->wishes[i].contact_id;
    return 0;
}

static uint64_t call_named(const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        return ev->id;
    case EV_CALL_REFUSED:
        return ev->call_refused.call_id;
    case EV_CALL_ENDED:
        return ev->call_ended.call_id;
    case EV_CALL_OUTCOME:
        return ev->call_outcome.call_id;
    default:
        return 0;
    }
}

enum cast_who cast_judge_who(const struct cast_judge *j, const struct event *ev)
{
    uint64_t call_id = call_named(ev), contact_id = contact_named(j, ev);
    if (ev->kind == EV_SHED)
        return CAST_ROUTER;
    for (unsigned i = 0; call_id && i < j->calls_n; i++)
        if (j->calls[i].call_id == call_id)
            return j->calls[i].who;
    for (unsigned i = 0; contact_id && i < j->wishes_n; i++)
        if (j->wishes[i].contact_id == contact_id)
            return j->wishes[i].who;
    return CAST_NOBODY;
}

/* ---- rules --------------------------------------------------------------------------------- */

/* The i-th call of this person, from 0; NULL: there was none. */
static const struct cast_call *nth(const struct cast_judge *j, enum cast_who who, unsigned i)
{
    for (unsigned k = 0; k < j->calls_n; k++)
        if (j->calls[k].who == who && !i--)
            return &j->calls[k];
    return NULL;
}

static const struct cast_wish *theirs(const struct cast_judge *j, const struct cast_call *c)
{
    for (unsigned i = 0; c && i < j->wishes_n; i++)
        if (j->wishes[i].contact_id == c->contact_id)
            return &j->wishes[i];
    return NULL;
}

static bool has_class(const struct cast_call *c, enum outcome outcome)
{
    return c && c->classes_n == 1 && c->outcome == outcome;
}

static unsigned given_n(const struct cast *cast, enum cast_who who, enum gate_verdict verdict,
                        ms_t before_at)
{
    const struct cast_note *notes;
    unsigned n = 0, notes_n = cast_notes(cast, &notes);
    for (unsigned i = 0; i < notes_n; i++)
        n += notes[i].who == who && notes[i].verdict == verdict && notes[i].at <= before_at;
    return n;
}

/* Called back with the place of the first call, not before the instant told, and spoken with. */
static bool is_called_back(const struct cast_call *c, const struct cast_wish *w)
{
    return has_class(c, OUTCOME_CALLBACK_HONOURED) && w && w->promised_at && w->queued_n == 1 &&
           w->joins_n == 1 && !w->is_early && !w->is_offered_elsewhere;
}

static bool odette(const struct cast_judge *j, const struct cast *cast)
{
    const struct cast_call *c = nth(j, CAST_ODETTE, 0);
    const struct cast_wish *w = theirs(j, c);
    return !nth(j, CAST_ODETTE, 1) && is_called_back(c, w) && w->machines_n == 1 &&
           w->offers_n >= 2 && given_n(cast, CAST_ODETTE, GATE_PASSES, w->promised_at) == 1;
}

static bool selam(const struct cast_judge *j)
{
    const struct cast_call *cut = nth(j, CAST_SELAM, 0), *again = nth(j, CAST_SELAM, 1);
    const struct cast_wish *w = theirs(j, again);
    return has_class(cut, OUTCOME_ABANDONED) && has_class(again, OUTCOME_ANSWERED) && w &&
           again->is_regained && again->contact_id == cut->contact_id && w->queued_n == 2 &&
           !w->is_key_changed && w->joins_n == 1 && !nth(j, CAST_SELAM, 2);
}

static bool reached(const struct cast_call *c)
{
    return has_class(c, OUTCOME_ANSWERED) || has_class(c, OUTCOME_CALLBACK_HONOURED);
}

/* The second one calls while the first is still to be called. */
static bool ccas(const struct cast_judge *j)
{
    const struct cast_call *one = nth(j, CAST_CCAS, 0), *other = nth(j, CAST_CCAS, 1);
    const struct cast_wish *a = theirs(j, one), *b = theirs(j, other);
    return a && b && a != b && a->person_id == b->person_id && a->person_id &&
           a->reference != b->reference && !one->is_regained && !other->is_regained &&
           !a->is_rejoined && !b->is_rejoined && reached(one) && reached(other) &&
           other->arrived_at - one->arrived_at < 10 * 60000 && !nth(j, CAST_CCAS, 2);
}

static bool maria(const struct cast_judge *j)
{
    const struct cast_call *c = nth(j, CAST_MARIA, 0);
    const struct cast_wish *w = theirs(j, c);
    return has_class(c, OUTCOME_ANSWERED) && w && w->needs && w->needs == cast_skill(CAST_MARIA) &&
           !w->is_lifted && w->offers_n && !w->is_offered_elsewhere;
}

static bool lucie(const struct cast_judge *j)
{
    const struct cast_call *soon = nth(j, CAST_LUCIE, 0), *late = nth(j, CAST_LUCIE, 1);
    return has_class(soon, OUTCOME_ABANDONED_SHORT) && soon->wait_ms < SHORT_MS &&
           has_class(late, OUTCOME_ABANDONED) && late->wait_ms >= LONG_MS && !nth(j, CAST_LUCIE, 2);
}

static bool jean(const struct cast_judge *j, const struct cast *cast)
{
    const struct cast_call *c = nth(j, CAST_JEAN, 0);
    const struct cast_wish *w = theirs(j, c);
    return is_called_back(c, w) && !w->person_id &&
           given_n(cast, CAST_JEAN, GATE_REFUSED_SURCHARGED, w->promised_at) == 1 &&
           given_n(cast, CAST_JEAN, GATE_PASSES, w->promised_at) == 1;
}

static bool router(const struct cast_judge *j)
{
    unsigned told_n = 0;
    for (const struct cast_call *c; (c = nth(j, CAST_ROUTER, told_n)); told_n++)
        if (!c->is_refused || c->is_queued || !has_class(c, OUTCOME_TURNED_AWAY))
            return false;
    return told_n && told_n + j->shed_n == CAST_FLOOD_CALLS;
}

static const struct {
    const char *kept, *broken;
} words[CAST_N] = {
    [CAST_ODETTE] = {"place gardée, répondeur à la première tentative, jointe à la deuxième, "
                     "sans SMS",
                     "elle n’a pas été jointe à la deuxième tentative, à sa place"},
    [CAST_SELAM] = {"coupée, rappelle, retrouve la même place et la même référence",
                    "elle n’a pas retrouvé sa place"},
    [CAST_CCAS] =
        {"deux personnes derrière un numéro\u00a0: deux demandes, deux références, jamais "
         "confondues",
         "les deux demandes d’une ligne partagée n’ont pas vécu chacune sa vie"},
    [CAST_MARIA] = {"présentée aux seules personnes qui parlent portugais, jusqu’au bout",
                    "sa langue n’a pas été gardée jusqu’au bout"},
    [CAST_LUCIE] = {"raccroche deux fois, et les deux appels sont comptés",
                    "ses deux abandons ne sont pas comptés comme tels"},
    [CAST_JEAN] = {"le numéro surtaxé est refusé avec la raison, l’autre est rappelé",
                   "le numéro surtaxé n’a pas été refusé, ou l’autre n’a pas été rappelé"},
    [CAST_ROUTER] = {"200 appels en dix secondes, tous refusés, tous comptés",
                     "un des 200 appels n’est pas compté comme refusé"},
    [CAST_KARIM] = {"le canal écrit viendra plus tard\u00a0: rien n’en est joué ici", ""},
};

enum cast_verdict cast_judge_of(const struct cast_judge *j, enum cast_who who,
                                const struct cast *cast, const char **why)
{
    bool is_kept = false;
    switch (who) {
    case CAST_ODETTE:
        is_kept = odette(j, cast);
        break;
    case CAST_SELAM:
        is_kept = selam(j);
        break;
    case CAST_CCAS:
        is_kept = ccas(j);
        break;
    case CAST_MARIA:
        is_kept = maria(j);
        break;
    case CAST_LUCIE:
        is_kept = lucie(j);
        break;
    case CAST_JEAN:
        is_kept = jean(j, cast);
        break;
    case CAST_ROUTER:
        is_kept = router(j);
        break;
    case CAST_KARIM:
        *why = words[who].kept;
        return CAST_LATER;
    default:
        break;
    }
    is_kept = is_kept && j->is_simulated && !j->strays_n;
    *why = is_kept ? words[who].kept : words[who].broken;
    return is_kept ? CAST_KEPT : CAST_BROKEN;
}
