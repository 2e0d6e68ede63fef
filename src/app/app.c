/* app.c — one turn: due timers, the command, the journal, the effects.
 * The journal never parts from the state: what it cannot take at once is kept, and nothing is
 * decided until it could. With its ring half full new contacts are turned away in words and counted
 * for an EV_GAP, so that the room left serves those who are already in the house. Called by main.c
 * and sim/. Cost: one step and one append a command; a snapshot is one copy. Invariant: every event
 * is appended once, in order, before its promises. */
#include <string.h>

#include "acd/look.h"
#include "app/app.h"
#include "app/effects.h"
#include "app/legs.h"
#include "app/react.h"

#define APP_FOLDS_MAX 4

/* A command that waits, with the person that it brings. */
struct kept {
    struct command cmd;
    struct journal_row row;
    unsigned rows_n;
};

struct app {
    struct acd *acd;                    /* borrowed */
    const struct journal_port *journal; /* borrowed */
    uint64_t epoch, next_id, snapshot_id, seed;
    uint32_t snapshot_events, kept_n;
    ms_t now_at, before_at;
    uint16_t node;
    bool is_simulated;
    struct effects effects;
    struct legs legs;
    struct event_batch stuck; /* n > 0: the journal had no room; appended before anything else */
    struct journal_row row;   /* of the command in course, until it was appended */
    unsigned rows_n;
    struct app_rows with; /* of the command in course, borrowed; n 0: none */
    struct kept *backlog; /* borrowed from the arena, APP_BACKLOG_MAX of them */
    uint32_t backlog_first, backlog_n;
    struct command gap; /* counted, not yet told */
    uint8_t *image;     /* borrowed from the arena */
    struct {
        app_event_fn *fn;
        void *arg;
    } folds[APP_FOLDS_MAX];
    unsigned folds_n;
};

static void lay_out(struct app *app, struct arena *arena, const struct acd_limits *limits)
{
    effects_open(&app->effects, arena, NULL);
    legs_open(&app->legs, arena, limits->contacts_max);
    app->backlog = arena_take(arena, APP_BACKLOG_MAX, sizeof(*app->backlog));
    app->image = arena_take(arena, acd_bytes(limits), 1); /* an image is never larger */
}

size_t app_bytes(const struct acd_limits *limits)
{
    struct arena arena = {0};
    struct app probe;
    arena_take(&arena, 1, sizeof(struct app));
    lay_out(&probe, &arena, limits);
    return arena.used;
}

struct app *app_open(void *memory, const struct acd_limits *limits, const struct app_args *args)
{
    struct arena arena = {.base = memory, .size = app_bytes(limits)};
    struct app *app = arena_take(&arena, 1, sizeof(*app));
    lay_out(app, &arena, limits);
    app->acd = args->acd;
    app->journal = args->journal;
    app->effects.edges = args->edges;
    app->epoch = args->epoch;
    app->node = args->node;
    app->is_simulated = args->is_simulated;
    app->seed = args->seed;
    app->snapshot_events = args->snapshot_events ? args->snapshot_events : APP_SNAPSHOT_EVENTS;
    app->next_id = 1;
    return app;
}

void app_on_event(struct app *app, app_event_fn *fn, void *arg)
{
    assert(app->folds_n < APP_FOLDS_MAX);
    app->folds[app->folds_n].fn = fn;
    app->folds[app->folds_n++].arg = arg;
}

static void tell_folds(struct app *app, const struct event *ev)
{
    for (unsigned i = 0; i < app->folds_n; i++)
        app->folds[i].fn(ev, app->folds[i].arg);
}

static bool append(struct app *app, const struct event_batch *batch)
{
    const struct app_rows one = {&app->row, app->rows_n};
    const struct app_rows *rows = app->with.n ? &app->with : &one;
    bool is_taken =
        app->journal->append(app->journal->arg, batch->ev, batch->n, rows->rows, rows->n);
    if (is_taken)
        app->rows_n = 0;
    return is_taken;
}

/* Tries again what the journal had no room for. */
static bool unstick(struct app *app)
{
    if (app->stuck.n && append(app, &app->stuck))
        app->stuck.n = 0;
    return !app->stuck.n;
}

static void take_snapshot(struct app *app)
{
    struct journal_snapshot snapshot = {.version = ACD_IMAGE_VERSION,
                                        .last_id = acd_last_id(app->acd),
                                        .hash = acd_hash(app->acd),
                                        .bytes = app->image,
                                        .n = acd_image_bytes(app->acd)};
    acd_image_save(app->acd, app->image);
    app->snapshot_id = snapshot.last_id;
    /* One that fails is missed by nobody: the next comes, and replay needs none. */
    int err = app->journal->snapshot_put(app->journal->arg, &snapshot);
    (void)err;
}

static void absorb(struct app *app, const struct event_batch *batch)
{
    if (!batch->n)
        return;
    app->next_id = batch->next_id;
    if (!append(app, batch))
        app->stuck = *batch;
    bool is_down = app->journal->health(app->journal->arg) == JOURNAL_DOWN;
    for (unsigned i = 0; i < batch->n; i++) {
        const struct event *ev = &batch->ev[i];
        struct effect effects[REACT_MAX];
        legs_before(&app->legs, ev);
        tell_folds(app, ev);
        unsigned n = react(&app->legs, ev, effects);
        for (unsigned j = 0; j < n; j++)
            effects_take(&app->effects, &effects[j], app->now_at, is_down);
        legs_after(&app->legs, ev);
    }
    bool is_due = acd_last_id(app->acd) - app->snapshot_id >= app->snapshot_events;
    if (is_due && !app->stuck.n)
        take_snapshot(app);
}

static enum acd_verdict decide(struct app *app, const struct command *cmd)
{
    struct event_batch batch;
    batch.next_id = app->next_id;
    enum acd_verdict verdict = acd_step(app->acd, cmd, app->now_at, &batch);
    absorb(app, &batch);
    return verdict;
}

/* Ticks while something is due and the journal follows. */
static void settle(struct app *app)
{
    const struct command tick = {.kind = CMD_TICK};
    while (!app->stuck.n && acd_next_at(app->acd) <= app->now_at)
        decide(app, &tick);
}

/* A call that cannot become a contact: it hears why, and is counted. */
static enum acd_verdict turn_away(struct app *app, const struct command *cmd)
{
    struct effect sorry = {.kind = EFFECT_CALL_TELL_REFUSAL,
                           .call_tell_refusal = {.leg_node = cmd->call_arrived.leg_node,
                                                 .leg_id = cmd->call_arrived.leg_id,
                                                 .why = REFUSAL_OVERLOAD}};
    struct command *gap = &app->gap;
    effects_take(&app->effects, &sorry, app->now_at, false);
    if (cmd->call_arrived.is_test)
        return ACD_REFUSED_FULL; /* nobody was turned away */
    if (!gap->gap.n++)
        gap->gap.from_at = app->now_at;
    gap->kind = CMD_GAP;
    gap->gap.to_at = app->now_at;
    gap->gap.outcomes_n = OUTCOME_N;
    gap->gap.outcomes[OUTCOME_TURNED_AWAY]++;
    return ACD_REFUSED_FULL;
}

static enum acd_verdict carry_out(struct app *app, const struct command *cmd)
{
    if (cmd->kind == CMD_CALL_ARRIVED && !app->journal->has_room(app->journal->arg)) {
        app->rows_n = 0; /* who was not noted is no person yet */
        return turn_away(app, cmd);
    }
    enum acd_verdict verdict = decide(app, cmd);
    if (cmd->kind == CMD_CALL_ARRIVED && verdict == ACD_REFUSED_FULL)
        return turn_away(app, cmd);
    settle(app);
    return verdict == ACD_MORE ? ACD_DONE : verdict;
}

static void tell_gap(struct app *app)
{
    if (!app->gap.gap.n || app->journal->health(app->journal->arg) != JOURNAL_WELL)
        return;
    struct command gap = app->gap;
    memset(&app->gap, 0, sizeof(app->gap));
    decide(app, &gap);
}

/* What waited while the journal took nothing, in its order. */
static void work_off(struct app *app)
{
    while (app->backlog_n && unstick(app)) {
        struct kept kept = app->backlog[app->backlog_first];
        app->backlog_first = (app->backlog_first + 1) % APP_BACKLOG_MAX;
        app->backlog_n--;
        app->row = kept.row;
        app->rows_n = kept.rows_n;
        carry_out(app, &kept.cmd);
    }
}

void app_run(struct app *app, ms_t now_at)
{
    assert(now_at >= app->now_at);
    app->now_at = now_at;
    if (unstick(app)) {
        settle(app);
        work_off(app);
        tell_gap(app);
    }
    effects_release(&app->effects, app->journal->committed_id(app->journal->arg), now_at);
}

static enum acd_verdict take(struct app *app, const struct kept *kept, ms_t now_at)
{
    app_run(app, now_at);
    if (app->stuck.n && kept->cmd.kind == CMD_CALL_ARRIVED)
        return turn_away(app, &kept->cmd); /* nobody is left to ring unheard */
    if (!app->stuck.n && !app->backlog_n) {
        app->row = kept->row;
        app->rows_n = kept->rows_n;
        return carry_out(app, &kept->cmd);
    }
    if (app->backlog_n == APP_BACKLOG_MAX)
        return ACD_REFUSED_FULL;
    app->backlog[(app->backlog_first + app->backlog_n++) % APP_BACKLOG_MAX] = *kept;
    return ACD_MORE;
}

enum acd_verdict app_command(struct app *app, const struct command *cmd, ms_t now_at)
{
    const struct kept kept = {.cmd = *cmd};
    return take(app, &kept, now_at);
}

enum acd_verdict app_arrival(struct app *app, const struct command *cmd,
                             const struct journal_row *row, ms_t now_at)
{
    struct kept kept = {.cmd = *cmd, .rows_n = row != NULL};
    if (row)
        kept.row = *row;
    return take(app, &kept, now_at);
}

bool app_has_room(const struct app *app)
{
    return !app->stuck.n && app->journal->has_room(app->journal->arg);
}

void app_rows(struct app *app, const struct journal_row *rows, unsigned n)
{
    bool is_taken = app->journal->append(app->journal->arg, NULL, 0, rows, n);
    assert(is_taken); /* half of the ring was free */
}

static void name_contact(struct journal_row *row, uint64_t contact_id)
{
    if (row->kind == JOURNAL_ROW_SMS && row->sms.contact_id == APP_CONTACT_NEW)
        row->sms.contact_id = contact_id;
    if (row->kind == JOURNAL_ROW_THREAD && row->thread.contact_id == APP_CONTACT_NEW)
        row->thread.contact_id = contact_id;
    if (row->kind == JOURNAL_ROW_WEB && row->web.contact_id == APP_CONTACT_NEW)
        row->web.contact_id = contact_id;
}

enum acd_verdict app_with_rows(struct app *app, const struct command *cmd,
                               const struct app_rows *rows, ms_t now_at)
{
    assert(rows->n && rows->n <= JOURNAL_APPEND_MAX);
    app_run(app, now_at);
    if (!app_has_room(app) || app->backlog_n)
        return ACD_REFUSED_FULL;
    for (unsigned i = 0; i < rows->n; i++)
        name_contact(&rows->rows[i], app->next_id);
    app->with = *rows;
    enum acd_verdict verdict = decide(app, cmd);
    assert(!app->stuck.n); /* half of the ring was free */
    app->with.n = 0;
    settle(app);
    return verdict == ACD_MORE ? ACD_DONE : verdict;
}

ms_t app_next_at(const struct app *app)
{
    ms_t at = app->stuck.n ? MS_NEVER : acd_next_at(app->acd);
    ms_t effects_at = effects_next_at(&app->effects);
    return effects_at < at ? effects_at : at;
}

void app_status(const struct app *app, struct app_status *status)
{
    *status = (struct app_status){
        .health = app->journal->health(app->journal->arg),
        .last_id = acd_last_id(app->acd),
        .committed_id = app->journal->committed_id(app->journal->arg),
        .held_n = app->effects.ordered.n + app->effects.promised.n,
        .backlog_n = app->backlog_n,
        .gap_n = app->gap.gap.n,
        .forced_n = app->effects.forced_n,
    };
}

static bool replay_one(const struct event *ev, void *arg)
{
    struct app *app = arg;
    if (ev->id > acd_last_id(app->acd))
        acd_apply(app->acd, ev);
    legs_before(&app->legs, ev);
    legs_after(&app->legs, ev);
    tell_folds(app, ev);
    return true;
}

/* A snapshot that does not fit, or whose hash is not that of its state, is passed over. */
static uint64_t load_snapshot(struct app *app)
{
    struct journal_snapshot s;
    if (app->journal->snapshot_get(app->journal->arg, &s) || s.version != ACD_IMAGE_VERSION ||
        !acd_image_load(app->acd, s.bytes, s.n))
        return 0;
    return acd_hash(app->acd) == s.hash ? s.last_id : UINT64_MAX;
}

int app_read(struct app *app, ms_t now_at)
{
    uint64_t last_good_id = 0, from_id = load_snapshot(app);
    if (from_id == UINT64_MAX) {
        acd_clear(app->acd);
        from_id = 0;
    }
    int err = app->journal->read(app->journal->arg, app->folds_n ? 0 : from_id, replay_one, app,
                                 &last_good_id);
    if (err)
        return err;
    app->snapshot_id = from_id;
    app->next_id = acd_last_id(app->acd) + 1;
    app->effects.published_id = app->journal->committed_id(app->journal->arg);
    ms_t last_at = acd_last_at(app->acd);
    app->before_at = last_at;
    app->now_at = now_at > last_at ? now_at : last_at;
    return 0;
}

/* The snapshot knows no legs: a call that came before it has none until now. */
void app_keep(struct app *app, uint64_t call_id)
{
    struct acd_look_call call;
    bool is_live = acd_look_call_of(app->acd, call_id, &call);
    assert(is_live);
    if (!legs_get(&app->legs, call.contact_id))
        legs_add(&app->legs, &(struct leg_row){.contact_id = call.contact_id,
                                               .call_id = call.call_id,
                                               .leg_id = call.leg_id,
                                               .node = call.node});
    legs_keep(&app->legs, call.contact_id);
    app->kept_n++;
}

static enum acd_verdict decide_or_wait(struct app *app, const struct command *cmd)
{
    return app->stuck.n || app->backlog_n ? app_command(app, cmd, app->now_at) : decide(app, cmd);
}

/* No leg of a callback is taken up: a conversation is over, and counts if it has lasted; a dial is
 * a fault of ours; an agent who was only kept is so no longer. The first that is right is taken. */
static void lose_callbacks(struct app *app)
{
    struct acd_look_callback look;
    for (uint32_t i = 0; i < acd_look_calls_n(app->acd); i++) {
        if (!acd_look_callback(app->acd, i, &look) || !look.offer_id)
            continue;
        const struct command ends[] = {
            {.kind = CMD_OFFER_END,
             .offer_end = {.offer_id = look.offer_id, .why = OFFER_END_FINISHED}},
            {.kind = CMD_CALLBACK_RESULT,
             .callback_result = {.offer_id = look.offer_id, .result = CALLBACK_RESULT_FAULT}},
            {.kind = CMD_OFFER_DECLINE,
             .offer_decline = {.offer_id = look.offer_id, .why = OFFER_END_WITHDRAWN}}};
        for (unsigned k = 0; k < ARRAY_LEN(ends); k++)
            if (decide_or_wait(app, &ends[k]) != ACD_REFUSED_STATE)
                break;
    }
}

/* Calls of this node end in the order of the pool, before anything else is decided: nobody is
 * offered a caller who is no longer there. */
static void lose_others(struct app *app)
{
    struct acd_look_call call;
    lose_callbacks(app);
    for (uint32_t i = 0; i < acd_look_calls_n(app->acd); i++) {
        if (!acd_look_call(app->acd, i, &call) || call.node != app->node ||
            legs_is_kept(&app->legs, call.contact_id))
            continue;
        const struct command lost = {.kind = CMD_CALL_ENDED,
                                     .call_ended = {.call_id = call.call_id, .by = ENDED_BY_FAULT}};
        decide_or_wait(app, &lost);
    }
}

void app_begin(struct app *app)
{
    const struct command first[] = {
        {.kind = CMD_SIMULATED, .simulated = {.seed = app->seed}},
        {.kind = CMD_STARTED, .started = {.node = app->node, .epoch = app->epoch}},
        {.kind = CMD_NODE_LOST, .node_lost = {.node = app->node}}};
    bool is_marked = app->is_simulated && app->next_id == 1;
    if (app->kept_n) {
        decide(app, &first[1]);
        lose_others(app);
        app_run(app, app->now_at);
        return;
    }
    /* Before what fell due while nobody lived: it is not those who are lost that have failed. */
    for (unsigned i = is_marked ? 0 : 1; i < ARRAY_LEN(first); i++)
        decide_or_wait(app, &first[i]);
    app_run(app, app->now_at);
}

int app_start(struct app *app, ms_t now_at)
{
    int err = app_read(app, now_at);
    if (!err)
        app_begin(app);
    return err;
}

ms_t app_before_at(const struct app *app)
{
    return app->before_at;
}
