/* serve_trials.c — see serve_trials.h: wiring of app/trials.h. On the main thread, but for what
 * pages ask and look at. Cost: nothing while no call is under way. Invariant: `wish` is main's
 * while `is_asked`, else the reader's; a change that is judged is the only one under way. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "app/counts.h"
#include "cli/house.h"

static struct house_trials *of(struct house *h)
{
    return &h->reload.trials;
}

/* ---- the reader --------------------------------------------------------------------------- */

static bool ask(void *arg, const struct trial_wish *wish)
{
    struct house *h = arg;
    struct house_trials *t = of(h);
    if (atomic_load(&t->is_asked))
        return false;
    t->wish = *wish;
    atomic_store(&t->is_asked, true);
    os_bell_ring_always(&h->reload.done);
    return true;
}

static bool look(void *arg, struct trials_board *board)
{
    struct house *h = arg;
    return latest_get(&of(h)->shown, board, sizeof(*board));
}

/* ---- what trials ask of the house --------------------------------------------------------- */

static bool note(void *arg)
{
    struct house *h = arg;
    return !h->is_blind && counts_note(h->app, h->gate);
}

static enum trials_link look_at_link(void *arg, uint32_t trunk_id)
{
    const struct house *h = arg;
    struct phone_trunk_look l;
    for (uint32_t i = 0; phone_trunk_look(h->phone, i, &l); i++)
        if (l.number == trunk_id)
            return l.is_up ? TRIALS_LINK_UP : l.is_down ? TRIALS_LINK_DOWN : TRIALS_LINK_UNKNOWN;
    return TRIALS_LINK_UNKNOWN;
}

/* A line of the audit log. Without room it stands in the log of the service alone. */
static void audit(struct house *h, const struct account_audit *line)
{
    struct journal_row row = {.kind = JOURNAL_ROW_AUDIT, .audit = *line};
    row.audit.at = h->wall_at;
    os_log_line(&h->log, OS_LOG_INFO, "trial: %s", line->detail);
    if (h->is_blind || !app_has_room(h->app) ||
        getrandom(&row.audit.id, sizeof(row.audit.id), 0) != sizeof(row.audit.id))
        return;
    row.audit.id |= 1; /* never 0 */
    app_rows(h->app, &row, 1);
}

static const char *name_of(const struct house *h, uint32_t trunk_id)
{
    uint32_t i = directory_trunk_find(h->directory, trunk_id);
    return i == DIRECTORY_NONE ? "?" : h->directory->trunks[i].id;
}

static void over(void *arg, const struct trial *trial)
{
    static const char *const states[TRIAL_STATES] = {
        [TRIAL_RANG] = "sonne",          [TRIAL_ANSWERED] = "répond",
        [TRIAL_REFUSED] = "refusé",      [TRIAL_SILENT] = "rien ne revient",
        [TRIAL_UNSENT] = "aucune ligne", [TRIAL_GATED] = "numéro refusé par la maison"};
    struct house *h = arg;
    struct account_audit line = {.who = trial->by_id, .deed = ACCOUNT_TRUNK_TRIED};
    struct text_out out = {.p = line.detail, .max = sizeof(line.detail) - 1};
    text_put(&out, text_of(name_of(h, trial->trunk_id)));
    text_put(&out, TEXT(" : "));
    text_put(&out, text_of(states[trial->state]));
    if (trial->state == TRIAL_REFUSED) {
        text_put(&out, TEXT(", "));
        text_put_number(&out, trial->status);
    }
    audit(h, &line);
}

/* ---- a change ----------------------------------------------------------------------------- */

void house_trials_before(struct house *h)
{
    trials_time(&of(h)->all, h->directory, h->now_at, h->wall_at);
    trials_before_change(&of(h)->all);
}

bool house_trials_judge(struct house *h, struct files_work *w, bool is_another_way)
{
    struct house_trials *t = of(h);
    trials_time(&t->all, h->directory, h->now_at, h->wall_at);
    if (!is_another_way || t->judged || !trials_judge(&t->all, w->version, w->by_id))
        return false;
    t->judged = w;
    atomic_store(&t->is_judging, true);
    return true;
}

static void judge(struct house *h)
{
    struct house_trials *t = of(h);
    if (!t->judged || t->judged->is_judged)
        return;
    switch (trials_verdict(&t->all)) {
    case TRIALS_WAIT:
        return;
    case TRIALS_WELL:
        files_work_drop(t->judged);
        t->judged = NULL;
        atomic_store(&t->is_judging, false);
        return;
    case TRIALS_WORSE:
        t->judged->is_judged = true;
        os_bell_ring_always(&h->reload.done); /* the next reading is of the file as it was */
    }
}

struct files_work *house_trials_undo(struct house *h)
{
    struct house_trials *t = of(h);
    struct files_work *w = t->judged && t->judged->is_judged ? t->judged : NULL;
    if (w)
        t->judged = NULL;
    return w;
}

void house_trials_undone(struct house *h, const struct files_work *w, bool is_undone)
{
    struct house_trials *t = of(h);
    struct account_audit line = {.deed = ACCOUNT_SETTINGS_UNDONE};
    struct text_out out = {.p = line.detail, .max = sizeof(line.detail) - 1};
    text_put(&out, text_of(w->name));
    text_put(&out, TEXT(", version "));
    text_put_number(&out, w->version);
    text_put(&out, is_undone ? TEXT_NONE : TEXT(", ne peut pas l’être"));
    audit(h, &line);
    if (is_undone)
        trials_undone(&t->all, w->version);
    atomic_store(&t->is_judging, false);
}

/* ---- main --------------------------------------------------------------------------------- */

bool house_trials_hear(struct house *h, const struct phone_report *report)
{
    trials_time(&of(h)->all, h->directory, h->now_at, h->wall_at);
    return trials_hears(&of(h)->all, report);
}

void house_trials_turn(struct house *h)
{
    struct house_trials *t = of(h);
    trials_time(&t->all, h->directory, h->now_at, h->wall_at);
    if (atomic_load(&t->is_asked)) {
        trials_ask(&t->all, &t->wish);
        atomic_store(&t->is_asked, false);
    }
    trials_run(&t->all);
    judge(h);
    if (t->all.turn == t->shown_turn)
        return;
    t->shown_turn = t->all.turn;
    latest_put(&t->shown, &t->all.board, sizeof(t->all.board));
    if (h->reader)
        reader_wake(h->reader);
}

ms_t house_trials_next_at(const struct house *h)
{
    return trials_next_at(&h->reload.trials.all);
}

void house_open_trials(struct house *h)
{
    const struct trials_args args = {.phone = &h->phone_port,
                                     .gate = h->gate,
                                     .note = note,
                                     .link = look_at_link,
                                     .over = over,
                                     .arg = h};
    trials_open(&of(h)->all, &args);
    of(h)->port = (struct trials_port){h, ask, look};
}

void house_drop_trials(struct house *h)
{
    files_work_drop(of(h)->judged);
}

void house_trials_cut(struct house *h)
{
    trials_cut(&of(h)->all);
}
