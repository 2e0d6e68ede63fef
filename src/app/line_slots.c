/* line_slots.c — half hours to be called in: which are free, who has one, and what happens when it
 * comes (design §3.7, §3.12; ADR 27).
 * Called by line_promise.c, line_agreed.c, line_menu.c, line_back.c, lines.c. Cost: looking for a
 * free one, two days of half hours; the rest O(log n). Invariants: no more are sold of a half hour
 * than the setting allows, and only where the queue is open and the gate lets a machine dial; until
 * it comes a slot of another day is a row, and no contact; the row and the events that replace it
 * go to the writer in one turn. */
#include "acd/look.h"
#include "app/free_slots.h"
#include "app/line_deeds.h"
#include "directory/hours.h"

/* Two days at a time, one time of each two hours: nobody listens to sixteen half hours. */
#define DAYS_TOGETHER 2
#define SPREAD_MINUTES 120u
#define SPREADS_N (24u * 60 / SPREAD_MINUTES)
#define TIMES_MAX (DAYS_TOGETHER * SPREADS_N)
/* What cannot be done at once is tried again; who was promised and cannot be called is not for
 * ever. */
#define AGAIN_MS ((ms_t)60 * 1000)
#define ON_LINE_MS ((ms_t)1000)
#define LATE_MS ((ms_t)24 * 60 * 60 * 1000)
/* How many are called in half an hour after an opening where no setting says so. */
#define PACE_N 4u

/* ---- which are free ----------------------------------------------------------------------- */

static uint32_t sold_n(const void *arg, uint32_t queue_id, ms_t from_at)
{
    return slots_sold_n(arg, queue_id, from_at);
}

static struct free_slots free_of(const struct lines *l, const struct directory *d,
                                 uint32_t queue_id)
{
    const struct gate_hours hours = gate_hours(l->args.gate);
    struct free_slots of = {.wall_at = l->wall_at,
                            .each_max = l->args.slots_max,
                            .dials_from = hours.from,
                            .dials_until = hours.until,
                            .sold_n = sold_n,
                            .arg = &l->slots};
    free_slots_of(&of, d, queue_id);
    return of;
}

static bool may_sell(const struct lines *l, uint32_t queue_id)
{
    return l->args.slots_max && acd_calls_back(l->args.acd, queue_id) && l->slots.n < SLOTS_MAX &&
           !l->is_draining;
}

bool line_slots_is_free(const struct lines *l, uint32_t queue_id, ms_t from_at)
{
    const struct free_slots of = free_of(l, l->args.directory, queue_id);
    return may_sell(l, queue_id) && free_slots_is(&of, from_at);
}

/* The first free one of each two hours of a day. */
static unsigned times_of(const struct free_slots *of, unsigned ahead, ms_t times[SPREADS_N])
{
    unsigned n = 0;
    for (unsigned from = 0; from < SPREADS_N * SPREAD_MINUTES; from += SPREAD_MINUTES) {
        const struct free_between when = {ahead, from, from + SPREAD_MINUTES};
        ms_t day[FREE_DAY_MAX];
        if (free_slots_day(of, &when, day))
            times[n++] = day[0];
    }
    return n;
}

/* Of two days, in turn: the soonest of each first. */
static unsigned times_together(const struct free_slots *of, unsigned first, ms_t out[TIMES_MAX])
{
    ms_t times[DAYS_TOGETHER][SPREADS_N];
    unsigned each_n[DAYS_TOGETHER], n = 0;
    for (unsigned d = 0; d < DAYS_TOGETHER; d++)
        each_n[d] = times_of(of, first + d, times[d]);
    for (unsigned i = 0; i < SPREADS_N; i++)
        for (unsigned d = 0; d < DAYS_TOGETHER; d++)
            if (i < each_n[d])
                out[n++] = times[d][i];
    return n;
}

/* The next page from where the caller is; false: nothing behind it. */
static bool turn(const struct free_slots *of, struct line_slots *s)
{
    ms_t times[TIMES_MAX];
    for (; s->days < FREE_DAYS_N; s->days += DAYS_TOGETHER, s->nth = 0) {
        unsigned n = times_together(of, s->days, times);
        for (s->page_n = 0; s->page_n < SAY_SLOTS_MAX && s->nth < n;)
            s->page_at[s->page_n++] = times[s->nth++];
        if (s->page_n)
            return true;
    }
    s->days = s->nth = s->page_n = 0;
    return false;
}

static struct say_slots page_of(const struct free_slots *of)
{
    return (struct say_slots){.today = calendar_local(of->zone, of->wall_at).day};
}

static void add_said(struct say_slots *page, const struct free_slots *of, ms_t from_at,
                     ms_t until_at)
{
    struct calendar_local from = calendar_local(of->zone, from_at);
    struct calendar_local until = calendar_local(of->zone, until_at);
    page->slots[page->n++] = (struct say_slot){
        .day = from.day, .from = (uint16_t)from.minute, .to = (uint16_t)until.minute};
}

bool line_slots_any(const struct lines *l, const struct line *line, uint32_t queue_id)
{
    const struct free_slots of = free_of(l, line->directory, queue_id);
    struct line_slots look = {.days = 0};
    bool is_possible = may_sell(l, queue_id) && !line->is_test && !line->is_practice;
    return is_possible && turn(&of, &look);
}

bool line_slots_page(struct lines *l, struct line *line, struct say_list *list)
{
    const struct free_slots of = free_of(l, line->directory, line->promise.queue_id);
    struct line_slots *s = &line->promise.slots;
    if (!turn(&of, s) && !turn(&of, s)) /* the first once more */
        return false;
    struct say_slots page = page_of(&of);
    for (unsigned i = 0; i < s->page_n; i++)
        add_said(&page, &of, s->page_at[i], s->page_at[i] + SLOT_MS);
    say_slots(list, &page, line->lang);
    return true;
}

bool line_slots_choose(struct lines *l, struct line *line, char key)
{
    const struct free_slots of = free_of(l, line->directory, line->promise.queue_id);
    struct line_slots *s = &line->promise.slots;
    unsigned i = (unsigned)(key - '1');
    if (i >= s->page_n || !free_slots_is(&of, s->page_at[i]))
        return false;
    s->from_at = s->page_at[i];
    s->until_at = s->from_at + SLOT_MS;
    return true;
}

void line_slots_say_done(const struct lines *l, const struct line *line, struct say_list *list)
{
    const struct free_slots of = free_of(l, line->directory, line->promise.queue_id);
    const struct line_slots *s = &line->promise.slots;
    struct say_slots page = page_of(&of);
    add_said(&page, &of, s->from_at, s->until_at);
    say_slot_done(list, &page, line->lang);
}

void line_slots_tell(struct line *line, const struct slot *slot)
{
    line->promise.slots.from_at = slot->from_at;
    line->promise.slots.until_at = slot->until_at;
}

/* ---- after closing ------------------------------------------------------------------------ */

static unsigned promised_n(const struct lines *l, uint32_t queue_id)
{
    struct acd_look_callback look;
    unsigned n = 0;
    for (uint32_t i = 0; i < acd_look_calls_n(l->args.acd); i++)
        n +=
            acd_look_callback(l->args.acd, i, &look) && look.queue_id == queue_id && !look.until_at;
    return n;
}

void line_slots_after_closing(struct lines *l, struct line *line)
{
    const struct free_slots of = free_of(l, line->directory, line->promise.queue_id);
    const struct directory *d = of.directory;
    struct line_slots *s = &line->promise.slots;
    unsigned pace = l->args.slots_max ? l->args.slots_max : PACE_N;
    struct directory_opening now = directory_opening_at(d, of.weeks, l->wall_at);
    ms_t after_at = now.hours == HOURS_OPEN ? now.until_at : l->wall_at;
    ms_t from_at = after_at == MS_NEVER ? after_at : directory_opens_at(d, of.weeks, after_at);
    if (from_at == MS_NEVER)
        return;
    ms_t closes_at = directory_opening_at(d, of.weeks, from_at).until_at;
    ms_t until_at = from_at + (ms_t)(promised_n(l, of.queue_id) / pace + 1) * SLOT_MS;
    calendar_day ahead = calendar_local(of.zone, from_at).day - page_of(&of).today;
    if (ahead >= (calendar_day)FREE_DAYS_N || until_at > closes_at)
        return; /* no time that could be held to: only from which number */
    s->from_at = from_at;
    s->until_at = until_at;
}

/* ---- sold --------------------------------------------------------------------------------- */

static void write(struct lines *l, const struct slot *slot, bool is_gone)
{
    const struct journal_row row = {.kind = JOURNAL_ROW_SLOT,
                                    .person_id = slot->person_id,
                                    .slot = {.contact_id = slot->contact_id,
                                             .e164 = is_gone ? 0 : slot->e164,
                                             .shown_e164 = slot->shown_e164,
                                             .needs = slot->needs,
                                             .from_at = slot->from_at,
                                             .until_at = slot->until_at,
                                             .queue_id = slot->queue_id,
                                             .reference = slot->reference,
                                             .entry_id = slot->entry_id,
                                             .is_discreet = slot->is_discreet,
                                             .is_promised = slot->is_promised}};
    if (app_has_room(l->args.app))
        app_rows(l->args.app, &row, 1); /* one that should be gone is found at the next start */
}

uint32_t line_slots_queue(const struct line *line)
{
    if (line->queue_id || !line->flow)
        return line->queue_id;
    return line->flow->steps[line->flow->general].queue_id;
}

/* An instant of the wall, as the journal counts time. */
static ms_t journal_at(const struct lines *l, ms_t wall_at)
{
    return l->now_at + wall_at - l->wall_at;
}

bool line_slots_keep(struct lines *l, const struct slot *slot)
{
    if (!app_has_room(l->args.app) || !slots_put(&l->slots, slot))
        return false;
    if (slot->is_promised)
        slots_look_at(&l->slots, slots_find(&l->slots, slot->contact_id), l->wall_at + ON_LINE_MS);
    write(l, slot, false);
    return true;
}

bool line_slots_tell_heart(struct lines *l, const struct slot *slot, uint32_t agent_id)
{
    const struct command sell = {.kind = CMD_SLOT_SELL,
                                 .slot_sell = {.contact_id = slot->contact_id,
                                               .queue_id = slot->queue_id,
                                               .from_at = journal_at(l, slot->from_at),
                                               .until_at = journal_at(l, slot->until_at),
                                               .agent_id = agent_id,
                                               .reference = slot->reference}};
    return acd_is_taken(line_command(l, &sell));
}

bool line_slots_sell(struct lines *l, struct line *line, const struct slot *slot)
{
    uint64_t leg_id = line->leg_id;
    if (!line_slots_keep(l, slot))
        return false;
    line->promise.is_made = true; /* a disk that is down says so within the command */
    bool is_sold = line_slots_tell_heart(l, slot, 0);
    line = line_by_leg(l, leg_id);
    if (is_sold)
        return true;
    if (line)
        line->promise.is_made = false;
    line_slots_forget(l, slot->contact_id);
    return false;
}

static void remove_row(struct lines *l, const struct slot *slot)
{
    const struct slot was = *slot;
    slots_remove(&l->slots, was.contact_id);
    write(l, &was, true);
}

void line_slots_forget(struct lines *l, uint64_t contact_id)
{
    const struct slot *slot = slots_find(&l->slots, contact_id);
    if (slot)
        remove_row(l, slot);
}

void line_slots_over(struct lines *l, uint64_t contact_id)
{
    const struct slot *slot = slots_find(&l->slots, contact_id);
    if (slot && slot->is_promised) /* else agreed on with an agent in that very conversation */
        remove_row(l, slot);
}

static void settle_gate(struct lines *l, uint64_t e164)
{
    struct gate_call call = {
        .kind = GATE_WISH, .e164 = e164, .is_shared = directory_is_shared(l->args.directory, e164)};
    line_gate_fill(l, &call);
    gate_settle(l->args.gate, &call);
    line_gate_note(l);
}

void line_slots_cancel(struct lines *l, uint64_t contact_id, enum cancelled_by by)
{
    const struct slot *slot = slots_find(&l->slots, contact_id);
    if (!slot)
        return;
    const struct command cancel = {
        .kind = CMD_SLOT_CANCEL,
        .slot_cancel = {.contact_id = contact_id, .reference = slot->reference, .by = by}};
    settle_gate(l, slot->e164);
    remove_row(l, slot);
    if (l->is_in_effect)
        line_command_later(l, &cancel);
    else
        line_command(l, &cancel);
}

enum acd_verdict lines_slot_cancel(struct lines *l, uint64_t contact_id, enum cancelled_by by)
{
    const struct slot *slot = slots_find(&l->slots, contact_id);
    if (!slot || slot->is_promised)
        return ACD_REFUSED_UNKNOWN;
    if (!app_has_room(l->args.app))
        return ACD_REFUSED_FULL;
    line_slots_cancel(l, contact_id, by);
    return ACD_DONE;
}

/* ---- due ---------------------------------------------------------------------------------- */

static bool is_today(const struct lines *l, const struct slot *slot)
{
    enum zone zone = l->args.directory->organisation.zone;
    return calendar_local(zone, slot->from_at).day == calendar_local(zone, l->wall_at).day;
}

/* The heart lets go of it. The row says so first: a death in between leaves a promise that stands,
 * and the row with it; never a row that calls somebody twice. */
static void become_row(struct lines *l, struct slot *slot)
{
    struct wish wish;
    slots_look_at(&l->slots, slot, l->wall_at + AGAIN_MS);
    if (!app_has_room(l->args.app) || !line_back_move(l, slot->contact_id, &wish))
        return;
    slot->is_promised = false;
    write(l, slot, false);
    slots_look_at(&l->slots, slot, slot->from_at);
    if (line_slots_tell_heart(l, slot, 0))
        return;
    slot->is_promised = true;
    write(l, slot, false);
    line_back_keep(l, &wish);
    slots_look_at(&l->slots, slot, l->wall_at + AGAIN_MS);
}

/* Promised in the heart. One for another day becomes a row once its caller has hung up; today the
 * heart keeps the place, and calls. */
static void look_at_promised(struct lines *l, struct slot *slot)
{
    struct acd_look_callback look;
    bool stands = acd_look_callback_of(l->args.acd, slot->contact_id, &look);
    if (!stands || slot->until_at <= l->wall_at) {
        remove_row(l, slot);
    } else if (look.is_on_line) {
        slots_look_at(&l->slots, slot, l->wall_at + ON_LINE_MS);
    } else if (is_today(l, slot) && slot->from_at > l->wall_at) {
        slots_look_at(&l->slots, slot, slot->from_at);
    } else if (is_today(l, slot)) {
        bool is_now = l->wall_at - slot->from_at < AGAIN_MS; /* and no process after a death */
        slots_look_at(&l->slots, slot, slot->until_at);
        if (is_now)
            line_text_soon(l, slot);
    } else {
        become_row(l, slot);
    }
}

/* Somebody speaks with them: what is sold meanwhile stands beside that promise. */
static bool is_spoken_with(const struct acd_look_callback *look)
{
    return look->offer_id && look->phase == OFFER_PHASE_JOINED;
}

uint64_t line_slots_promised(const struct lines *l, uint32_t reference, uint32_t queue_id)
{
    struct acd_look_callback look;
    for (uint32_t i = acd_look_calls_n(l->args.acd); i-- > 0;)
        if (acd_look_callback(l->args.acd, i, &look) && look.reference == reference &&
            look.queue_id == queue_id && !is_spoken_with(&look))
            return look.contact_id;
    return 0;
}

/* The number now belongs to the contact that the heart has opened. */
static void hand_over(struct lines *l, const struct slot *slot, uint64_t contact_id)
{
    const struct wish wish = {.contact_id = contact_id,
                              .person_id = slot->person_id,
                              .e164 = slot->e164,
                              .shown_e164 = slot->shown_e164,
                              .is_gated = true};
    line_back_keep(l, &wish);
    remove_row(l, slot);
}

static void call_now(struct lines *l, struct slot *slot)
{
    const struct slot due = *slot;
    const struct command cmd = {.kind = CMD_SLOT_DUE,
                                .slot_due = {.leg_node = l->args.node,
                                             .queue_id = due.queue_id,
                                             .person_id = due.person_id,
                                             .reference = due.reference,
                                             .entry_id = due.entry_id,
                                             .from_at = journal_at(l, due.from_at),
                                             .is_discreet = due.is_discreet,
                                             .needs = due.needs,
                                             .needs_ms = due.needs ? l->args.language_ms : 0}};
    if (l->wall_at - due.until_at > LATE_MS) {
        line_slots_cancel(l, due.contact_id, CANCELLED_BY_HOUSE);
        return;
    }
    slots_look_at(&l->slots, slot, l->wall_at + AGAIN_MS);
    struct acd_look_contact contact; /* whom an agent agreed with is still there */
    bool is_here =
        acd_look_contact_of(l->args.acd, due.contact_id, &contact) && !contact.is_pending;
    if (is_here || l->is_draining || !app_has_room(l->args.app) || l->wishes.n == WISHES_MAX ||
        !acd_is_taken(line_command(l, &cmd)))
        return;
    uint64_t contact_id = line_slots_promised(l, due.reference, due.queue_id);
    slot = slots_find(&l->slots, due.contact_id);
    if (!slot || !contact_id)
        return;
    line_text_soon(l, slot);
    hand_over(l, slot, contact_id);
}

void line_slots_run(struct lines *l)
{
    ms_t at;
    for (struct slot *slot = slots_first(&l->slots, &at); slot && at <= l->wall_at;
         slot = slots_first(&l->slots, &at))
        if (slot->is_promised)
            look_at_promised(l, slot);
        else
            call_now(l, slot);
}

ms_t line_slots_next_at(const struct lines *l)
{
    ms_t at;
    slots_first(&l->slots, &at);
    return at == MS_NEVER ? MS_NEVER : journal_at(l, at);
}

/* ---- the start ---------------------------------------------------------------------------- */

static void take_up_promised(struct lines *l, struct slot *slot)
{
    const struct wish wish = {.contact_id = slot->contact_id,
                              .person_id = slot->person_id,
                              .e164 = slot->e164,
                              .shown_e164 = slot->shown_e164,
                              .is_gated = true};
    slots_look_at(&l->slots, slot, l->wall_at);
    write(l, slot, false);
    if (!wishes_find(&l->wishes, slot->contact_id))
        line_back_keep(l, &wish);
}

void lines_slot(struct lines *l, const struct slot *kept)
{
    struct acd_look_callback look;
    struct slot slot = *kept;
    slot.is_promised = acd_look_callback_of(l->args.acd, slot.contact_id, &look) &&
                       !(is_spoken_with(&look) && !kept->is_promised);
    if (!slots_put(&l->slots, &slot))
        return;
    struct slot *row = slots_find(&l->slots, slot.contact_id);
    uint64_t contact_id = 0;
    if (slot.is_promised)
        take_up_promised(l, row);
    else if (kept->is_promised)
        remove_row(l, row); /* the promise is over: it was kept, or taken back */
    else if (slot.from_at <= l->wall_at)
        contact_id = line_slots_promised(l, slot.reference, slot.queue_id);
    if (contact_id) /* the process died between the two */
        hand_over(l, row, contact_id);
}
