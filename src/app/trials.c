/* trials.c — see trials.h. Called by cli/serve_trials.c.
 * Invariants: at most one call by an access at a time; each ends within TRIALS_UNSENT_MS +
 * TRIALS_RING_MS; the gate is asked before each, and its rows are with the writer before it is
 * dialled. */
#include <string.h>

#include "app/trials.h"

_Static_assert(TRIALS_DIALLED_MAX >= DIRECTORY_TEST_BYTES && TRIALS_DIALLED_MAX >= GATE_TYPED_MAX,
               "what is typed, and what a file says, is dialled whole");
_Static_assert(TRIALS_MAX == DIRECTORY_TRUNKS_MAX, "a place for each access");

void trials_open(struct trials *t, const struct trials_args *args)
{
    *t = (struct trials){.args = *args};
}

void trials_time(struct trials *t, const struct directory *d, ms_t now_at, ms_t wall_at)
{
    t->directory = d;
    t->now_at = now_at;
    t->wall_at = wall_at;
}

/* RFC 3261 §21.4.18, §21.4.24, §21.6.1, §21.6.2. */
static bool was_reached(uint16_t status)
{
    return status == 480 || status == 486 || status == 600 || status == 603;
}

bool trial_is_good(const struct trial *trial)
{
    return trial->state == TRIAL_RANG || trial->state == TRIAL_ANSWERED ||
           (trial->state == TRIAL_REFUSED && was_reached(trial->status));
}

/* Its place, or that of an access that the directory no longer has; the board has one for each. */
static unsigned place_of(const struct trials *t, uint32_t trunk_id)
{
    unsigned free_i = TRIALS_MAX;
    for (unsigned i = 0; i < TRIALS_MAX; i++) {
        const struct trial *one = &t->board.of[i];
        if (one->trunk_id == trunk_id)
            return i;
        bool is_gone =
            !one->trunk_id || (!trial_is_under_way(one) &&
                               directory_trunk_find(t->directory, one->trunk_id) == DIRECTORY_NONE);
        free_i = is_gone && free_i == TRIALS_MAX ? i : free_i;
    }
    return free_i;
}

/* ---- one call ----------------------------------------------------------------------------- */

static void end(struct trials *t, unsigned i, enum trial_state state)
{
    struct trial *one = &t->board.of[i];
    one->state = (uint8_t)state;
    one->took_ms = t->wall_at > one->at ? t->wall_at - one->at : 1;
    t->calls[i] = (struct trials_call){.leg_id = 0};
    t->turn++;
    t->args.over(t->args.arg, one);
}

/* The number that it shows is the first of ours. */
static uint64_t dial(const struct trials *t, const struct trials_call *c, uint32_t trunk_id)
{
    char number[DIRECTORY_NUMBER_BYTES], ours[DIRECTORY_NUMBER_BYTES];
    struct text_out to = {.p = number, .max = sizeof(number)};
    struct text_out from = {.p = ours, .max = sizeof(ours)};
    text_put_number(&to, c->asked.e164);
    if (t->directory->numbers_n)
        text_put_number(&from, t->directory->numbers[0].e164);
    const struct phone_dial call = {
        .number = {to.p, to.n}, .caller = {from.p, from.n}, .trunk = trunk_id};
    return t->args.phone->dial(t->args.phone->arg, &call);
}

static void try_dial(struct trials *t, unsigned i)
{
    struct trials_call *c = &t->calls[i];
    c->leg_id = dial(t, c, t->board.of[i].trunk_id);
    if (c->leg_id) {
        c->until_at = t->now_at + TRIALS_RING_MS;
        return;
    }
    c->again_at = t->now_at + TRIALS_AGAIN_MS;
    if (t->now_at < c->until_at)
        return;
    gate_give_back(t->args.gate, &c->asked);
    t->args.note(
        t->args.arg); /* should the writer take nothing, the next turn of the lines tries */
    end(t, i, TRIAL_UNSENT);
}

static enum gate_verdict ask_gate(struct trials *t, struct gate_call *call)
{
    enum gate_verdict verdict = gate_read(&call->e164, call->dialled);
    if (verdict != GATE_PASSES)
        call->e164 = 0; /* asked all the same, so that it is counted among the refusals */
    verdict = gate_ask(t->args.gate, call);
    if (verdict != GATE_PASSES || t->args.note(t->args.arg))
        return verdict;
    gate_unnoted(t->args.gate, call);
    return GATE_REFUSED_UNNOTED;
}

void trials_ask(struct trials *t, const struct trial_wish *wish)
{
    unsigned i = place_of(t, wish->trunk_id);
    if (i == TRIALS_MAX || trial_is_under_way(&t->board.of[i]) ||
        directory_trunk_find(t->directory, wish->trunk_id) == DIRECTORY_NONE)
        return;
    struct trial *one = &t->board.of[i];
    struct trials_call *c = &t->calls[i];
    bool has_worked = one->trunk_id == wish->trunk_id && trial_is_good(one);
    *one = (struct trial){.trunk_id = wish->trunk_id,
                          .version = wish->version,
                          .state = TRIAL_CALLS,
                          .has_worked = one->trunk_id == wish->trunk_id &&
                                        (wish->version ? one->has_worked : has_worked),
                          .was_up = one->was_up,
                          .at = t->wall_at,
                          .by_id = wish->by_id};
    *c = (struct trials_call){.until_at = t->now_at + TRIALS_UNSENT_MS};
    memcpy(c->dialled, wish->dialled, wish->dialled_n);
    c->asked =
        (struct gate_call){.kind = GATE_TRIAL,
                           .dialled = text_trim((struct text){c->dialled, wish->dialled_n}),
                           .trunk_id = wish->trunk_id,
                           .is_demo = t->directory->is_demo,
                           .now = calendar_local(t->directory->organisation.zone, t->wall_at)};
    t->turn++;
    one->gate = (int)ask_gate(t, &c->asked);
    if (one->gate != GATE_PASSES)
        end(t, i, TRIAL_GATED);
    else
        try_dial(t, i);
}

bool trials_hears(struct trials *t, const struct phone_report *r)
{
    unsigned i = 0;
    while (i < TRIALS_MAX && (!r->leg_id || t->calls[i].leg_id != r->leg_id))
        i++;
    if (i == TRIALS_MAX || r->kind == PHONE_ARRIVED || r->kind == PHONE_AWAY)
        return false;
    struct trial *one = &t->board.of[i];
    if (r->kind == PHONE_RINGS) {
        t->calls[i].has_rung = true;
        t->turn += one->state != TRIAL_RINGS;
        one->state = TRIAL_RINGS;
    } else if (r->kind == PHONE_UP) {
        t->args.phone->hang_up(t->args.phone->arg, r->leg_id);
        end(t, i, TRIAL_ANSWERED);
    } else if (r->kind == PHONE_REFUSED) {
        one->status = r->status;
        end(t, i, r->status == 408 ? TRIAL_SILENT : TRIAL_REFUSED);
    } else if (r->kind == PHONE_ENDED || r->kind == PHONE_LOST) {
        end(t, i, TRIAL_SILENT);
    }
    return true;
}

void trials_run(struct trials *t)
{
    for (unsigned i = 0; i < TRIALS_MAX; i++) {
        struct trials_call *c = &t->calls[i];
        if (!trial_is_under_way(&t->board.of[i]))
            continue;
        if (!c->leg_id && t->now_at >= c->again_at) {
            try_dial(t, i);
        } else if (c->leg_id && t->now_at >= c->until_at) {
            t->args.phone->hang_up(t->args.phone->arg, c->leg_id);
            end(t, i, c->has_rung ? TRIAL_RANG : TRIAL_SILENT);
        }
    }
}

ms_t trials_next_at(const struct trials *t)
{
    ms_t first_at = t->judged.version ? t->judged.link_at : MS_NEVER;
    for (unsigned i = 0; i < TRIALS_MAX; i++) {
        const struct trials_call *c = &t->calls[i];
        ms_t at = !trial_is_under_way(&t->board.of[i]) ? MS_NEVER
                  : c->leg_id                          ? c->until_at
                                                       : c->again_at;
        first_at = at < first_at ? at : first_at;
    }
    return first_at;
}

void trials_cut(struct trials *t)
{
    for (unsigned i = 0; i < TRIALS_MAX; i++)
        if (t->calls[i].leg_id)
            t->args.phone->hang_up(t->args.phone->arg, t->calls[i].leg_id);
}

/* ---- a change ----------------------------------------------------------------------------- */

bool trials_differ(const struct directory *a, const struct directory *b)
{
    if (a->trunks_n != b->trunks_n)
        return true;
    for (uint32_t i = 0; i < a->trunks_n; i++) {
        const struct directory_trunk *x = &a->trunks[i], *y = &b->trunks[i];
        bool is_same =
            !strcmp(x->id, y->id) && !strcmp(x->host, y->host) && !strcmp(x->user, y->user) &&
            x->at.port == y->at.port && x->registers == y->registers &&
            x->transport == y->transport && x->srtp == y->srtp && x->is_early == y->is_early &&
            x->channels == y->channels && x->outbound == y->outbound &&
            !strcmp(x->tls.name, y->tls.name) && !strcmp(x->tls.authority, y->tls.authority) &&
            !strcmp(x->tls.pin, y->tls.pin) && !strcmp(x->tls.certificate, y->tls.certificate) &&
            !strcmp(x->tls.key, y->tls.key);
        if (!is_same)
            return true;
    }
    return false;
}

void trials_before_change(struct trials *t)
{
    for (unsigned i = 0; i < TRIALS_MAX; i++) {
        struct trial *one = &t->board.of[i];
        one->has_worked =
            trial_is_good(one) || one->is_undone || (trial_is_under_way(one) && one->has_worked);
        one->was_up = one->trunk_id && t->args.link(t->args.arg, one->trunk_id) == TRIALS_LINK_UP;
    }
    for (uint32_t n = 0; n < t->directory->trunks_n; n++) {
        uint32_t id = t->directory->trunks[n].number;
        unsigned i = place_of(t, id);
        if (i == TRIALS_MAX || t->board.of[i].trunk_id == id)
            continue;
        bool is_up = t->args.link(t->args.arg, id) == TRIALS_LINK_UP;
        t->board.of[i] = (struct trial){.trunk_id = id, .was_up = is_up};
    }
}

bool trials_judge(struct trials *t, uint32_t version, uint64_t by_id)
{
    t->judged.version = 0;
    for (uint32_t n = 0; n < t->directory->trunks_n; n++) {
        const struct directory_trunk *trunk = &t->directory->trunks[n];
        struct trial_wish wish = {.trunk_id = trunk->number, .version = version, .by_id = by_id};
        wish.dialled_n = (uint8_t)strlen(trunk->test_number);
        memcpy(wish.dialled, trunk->test_number, wish.dialled_n);
        if (!wish.dialled_n)
            continue;
        t->judged.version = version;
        t->judged.link_at = t->now_at + TRIALS_LINK_MS;
        trials_ask(t, &wish);
    }
    return t->judged.version != 0;
}

/* That a house's own rule stops it says nothing of the access; nor does one that was busy with
 * another trial. */
static bool is_worse(const struct trials *t, const struct trial *one)
{
    bool is_down = t->args.link(t->args.arg, one->trunk_id) == TRIALS_LINK_DOWN;
    bool has_failed = one->state != TRIAL_GATED && !trial_is_good(one);
    return (has_failed && one->has_worked) || (is_down && one->was_up);
}

enum trials_verdict trials_verdict(struct trials *t)
{
    enum trials_verdict verdict = TRIALS_WELL;
    uint32_t version = t->judged.version;
    if (!version)
        return TRIALS_WELL;
    if (t->now_at < t->judged.link_at)
        return TRIALS_WAIT;
    for (unsigned i = 0; i < TRIALS_MAX; i++)
        if (trial_is_under_way(&t->board.of[i]))
            return TRIALS_WAIT;
    for (unsigned i = 0; i < TRIALS_MAX; i++) {
        struct trial *one = &t->board.of[i];
        if (one->version != version || !is_worse(t, one))
            continue;
        one->is_worse = true;
        verdict = TRIALS_WORSE;
    }
    t->judged.version = 0;
    t->turn++;
    return verdict;
}

void trials_undone(struct trials *t, uint32_t version)
{
    for (unsigned i = 0; i < TRIALS_MAX; i++)
        t->board.of[i].is_undone |= t->board.of[i].is_worse && t->board.of[i].version == version;
    t->turn++;
}
