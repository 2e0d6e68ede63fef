/* callbacks_process.c — the process of a life of prop/callbacks: begins over what is committed,
 * does what it is told, dies, and begins again; and what the edges of the house do by themselves:
 * give up a dial that the disk does not have, call whose time has come. Called by callbacks.c.
 * Invariant: the state that is read is the one that lived. */
#include <stdlib.h>
#include <string.h>

#include "test/prop/callbacks.h"

#define RESTART_MS 2000
#define DIAL_MS 2000 /* the agent waits so long for the disk to have the attempt */
#define DEPTH_MAX 64

const struct acd_limits callbacks_limits = {
    .contacts_max = 96, .agents_max = AGENTS, .queues_max = QUEUES, .lanes_max = 24};

static void open_app(struct life *l)
{
    l->app = app_open(l->app_memory, &callbacks_limits,
                      &(struct app_args){.acd = l->a,
                                         .journal = &callbacks_journal,
                                         .edges = &callbacks_edges,
                                         .epoch = 1,
                                         .node = NODE});
    app_on_event(l->app, callbacks_fold, l);
}

/* The state read from what is committed is the one that lived when that was written. */
static void check_read(struct life *l)
{
    const struct disk *d = &l->disk;
    for (uint32_t i = d->ops_n; i-- > 0;) {
        if (d->ops[i].is_row)
            continue;
        if (d->ops[i].hash != acd_hash(l->a))
            callbacks_fail("twin: the state that is read is not the one that lived");
        return;
    }
}

/* The account begins anew: it is what the events say that are left. */
static void forget(struct life *l)
{
    struct met seen = l->met;
    l->met = (struct met){.deaths_n = seen.deaths_n,
                          .lost_ops_n = seen.lost_ops_n,
                          .heard_n = seen.heard_n,
                          .dials_n = seen.dials_n,
                          .unheard_n = seen.unheard_n,
                          .texts_n = seen.texts_n,
                          .redials_n = seen.redials_n};
    memset(l->people, 0, l->people_n * sizeof(l->people[0]));
    memset(l->dials_n, 0, sizeof(l->dials_n));
    memset(l->is_open, 0, sizeof(l->is_open));
    l->people_n = l->later_n = 0;
    l->promised_n = l->kept_n = 0;
}

void callbacks_begin(struct life *l)
{
    l->disk.dies_in = l->is_mortal ? 1 + callbacks_below(l, CALLBACKS_OPS) : 0;
    acd_clear(l->a);
    forget(l);
    open_app(l);
    if (app_read(l->app, l->now_at))
        callbacks_fail("read: what was committed cannot be read");
    check_read(l);
    app_begin(l->app);
}

/* Whose contact stands in the heart, or was opened for it, needs no row (app/line_slots.c). */
static bool is_row_over(const struct life *l, const struct slot_row *row)
{
    for (unsigned i = l->people_n; i-- > 0;) {
        const struct person *p = &l->people[i];
        if (p->reference == row->reference && p->is_dialled && p->where != DONE)
            return true;
    }
    return false;
}

void callbacks_drop_row(struct life *l, const struct slot_row *row)
{
    struct slot_row gone = *row;
    gone.is_gone = true;
    callbacks_put_row(l, &gone);
}

static void take_up_rows(struct life *l)
{
    for (unsigned i = l->disk.rows_n; i-- > 0;)
        if (is_row_over(l, &l->disk.rows[i]))
            callbacks_drop_row(l, &l->disk.rows[i]);
}

/* The process dies; the next one has what was committed. It may die at once. */
void callbacks_die(struct life *l)
{
    for (unsigned depth = 0; l->disk.is_dead; depth++) {
        if (depth == DEPTH_MAX)
            callbacks_fail("bounded: no process lives through its start");
        l->met.deaths_n++;
        l->now_at += RESTART_MS;
        callbacks_cut(l);
        for (uint32_t i = 0; i < l->references_n; i++)
            l->outside[i].is_ringing = false;
        callbacks_begin(l);
        take_up_rows(l);
    }
}

static void settle(struct life *l)
{
    if (!l->disk.is_dead && acd_next_at(l->a) <= l->now_at)
        callbacks_fail("bounded: due work is left");
    if (!callbacks_below(l, 8))
        acd_check(l->a);
}

static void follow(struct life *l)
{
    for (unsigned i = 0; i < l->later_n && !l->disk.is_dead; i++) {
        const struct command cmd = l->later[i];
        if (cmd.kind == CMD_SLOT_CANCEL) /* the row first, as in life */
            callbacks_drop_row(l, &(struct slot_row){.reference = cmd.slot_cancel.reference});
        app_command(l->app, &cmd, l->now_at);
    }
    l->later_n = 0;
}

void callbacks_do(struct life *l, struct command cmd)
{
    if (l->disk.is_dead)
        return;
    app_command(l->app, &cmd, l->now_at);
    callbacks_write(l);
    follow(l);
    settle(l);
}

/* The agent is ready, the disk is not: a fault of ours, nobody was called. */
static void give_up_dials(struct life *l)
{
    for (unsigned i = 0; i < l->people_n; i++) {
        const struct person *p = &l->people[i];
        if (p->where == OFFERED && p->is_dialled && p->is_rung && !callbacks_rings(l, p) &&
            l->now_at >= p->asked_at + DIAL_MS)
            callbacks_do(l, (struct command){.kind = CMD_CALLBACK_RESULT,
                                             .callback_result = {.offer_id = p->offer_id,
                                                                 .result = CALLBACK_RESULT_FAULT}});
    }
}

/* Its contact stands still: somebody speaks with them. */
static bool is_spoken_with(const struct life *l, const struct slot_row *row)
{
    for (unsigned i = l->people_n; i-- > 0;)
        if (l->people[i].id == row->contact_id)
            return l->people[i].where != DONE && !l->people[i].is_pending;
    return false;
}

/* Times that were sold and have come: in the heart, then no row any more. */
static void slots_run(struct life *l)
{
    for (unsigned i = l->disk.rows_n; i-- > 0 && !l->disk.is_dead;) {
        const struct slot_row row = l->disk.rows[i];
        if (row.from_at > l->now_at || is_row_over(l, &row) || is_spoken_with(l, &row))
            continue;
        const struct command due = {.kind = CMD_SLOT_DUE,
                                    .slot_due = {.leg_node = NODE,
                                                 .queue_id = row.queue_id,
                                                 .person_id = 1,
                                                 .reference = row.reference,
                                                 .from_at = row.from_at,
                                                 .is_discreet = true}};
        if (app_command(l->app, &due, l->now_at) < ACD_REFUSED_UNKNOWN)
            callbacks_drop_row(l, &row);
        settle(l);
    }
}

void callbacks_wait(struct life *l, ms_t by_ms)
{
    ms_t until_at = l->now_at + by_ms;
    while (!l->disk.is_dead && app_next_at(l->app) <= until_at) {
        if (app_next_at(l->app) > l->now_at)
            l->now_at = app_next_at(l->app);
        app_run(l->app, l->now_at);
        callbacks_write(l);
        follow(l);
        give_up_dials(l);
        settle(l);
    }
    l->now_at = until_at > l->now_at ? until_at : l->now_at;
    slots_run(l);
    give_up_dials(l);
}
