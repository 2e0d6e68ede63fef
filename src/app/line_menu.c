/* line_menu.c — a caller in the flow of the number: what the flow asks for becomes sounds, timers
 * and commands; what is true outside becomes facts (voice-script §1, §2, §4, §5).
 * Called by line_caller.c. Cost: O(1) a happening; hours: those that the flow asks about.
 * Invariant: a step that has nothing to be heard does not hold the call up. */
#include <string.h>

#include "acd/look.h"
#include "app/line_deeds.h"
#include "directory/hours.h"
#include "say/callback.h"
#include "say/closed.h"
#include "say/result.h"
#include "say/value.h"

/* ---- what is true ------------------------------------------------------------------------- */

static uint64_t open_weeks(const struct lines *l, const struct line *line)
{
    uint64_t open = 0;
    for (uint64_t left = line->flow->weeks; left; left &= left - 1) {
        uint64_t week = left & (~left + 1);
        if (directory_hours_at(line->directory, week, l->wall_at) == HOURS_OPEN)
            open |= week;
    }
    return open;
}

/* A free call is always said to be free; a normal price where the flow wants it. */
static ivr_prompt price_of(const struct line *line)
{
    if (!line->entry)
        return PROMPT_NONE;
    if (line->entry->tariff == TARIFF_FREE)
        return PROMPT_GREET_PRICE_FREE;
    bool says_normal = line->flow->says_normal_price && line->entry->tariff == TARIFF_NORMAL;
    return says_normal ? PROMPT_GREET_PRICE_NORMAL : PROMPT_NONE;
}

static struct ivr_facts facts_of(const struct lines *l, const struct line *line)
{
    return (struct ivr_facts){.wall_at = l->wall_at,
                              .open_weeks = open_weeks(l, line),
                              .called = line->entry ? line->entry->e164 : 0,
                              .price = price_of(line),
                              .is_known = line->is_known};
}

/* ---- what is asked for -------------------------------------------------------------------- */

/* Who chose a language is first offered to those who speak it. */
uint64_t line_menu_needs(const struct line *line)
{
    return line->ivr.lang ? UINT64_C(1) << (line->ivr.lang - 1) : 0;
}

/* A test hears the music at the door of the queue: no agent is rung for a robot. */
void line_menu_queue(struct lines *l, struct line *line, const struct ivr_ask *ask)
{
    uint64_t contact_id;
    if (line->is_test)
        line_say(l, line, NULL, THEN_MUSIC);
    else if (!line_again_begins(l, line, ask, &contact_id))
        line_menu_enter(l, line, ask, contact_id);
}

/* Whose people call that number: the rings widen from there. */
static uint32_t site_of(const struct line *line)
{
    return line->entry ? line->entry->site_number : 0;
}

static uint32_t area_of(const struct line *line)
{
    return line->entry ? line->entry->area_number : 0;
}

static enum acd_verdict queue_call(struct lines *l, const struct line *line,
                                   const struct ivr_ask *ask)
{
    uint64_t needs = line_menu_needs(line);
    const struct command queue = {.kind = CMD_CALL_QUEUE,
                                  .call_queue = {.call_id = line->call_id,
                                                 .queue_id = ask->queue_id,
                                                 .site_id = site_of(line),
                                                 .area_id = area_of(line),
                                                 .portfolio_id = ask->agent_id,
                                                 .needs = needs,
                                                 .needs_ms = needs ? l->args.language_ms : 0}};
    return line_command(l, &queue);
}

static enum acd_verdict regain_place(struct lines *l, const struct line *line,
                                     const struct ivr_ask *ask, uint64_t contact_id)
{
    uint64_t needs = line_menu_needs(line);
    const struct command regain = {.kind = CMD_PLACE_REGAIN,
                                   .place_regain = {.call_id = line->call_id,
                                                    .contact_id = contact_id,
                                                    .queue_id = ask->queue_id,
                                                    .site_id = site_of(line),
                                                    .area_id = area_of(line),
                                                    .portfolio_id = ask->agent_id,
                                                    .needs = needs,
                                                    .needs_ms = needs ? l->args.language_ms : 0}};
    return line_command(l, &regain);
}

/* What nobody can take back any more is no reason to wait. While the journal holds commands back
 * nobody knows whether it can be: both are asked for, and the heart does the first that it can. */
static enum acd_verdict enter(struct lines *l, struct line **line, const struct ivr_ask *ask,
                              uint64_t *contact_id)
{
    uint64_t leg_id = (*line)->leg_id;
    enum acd_verdict v = ACD_NOTHING;
    if (*contact_id) {
        v = regain_place(l, *line, ask, *contact_id);
        *line = line_by_leg(l, leg_id);
        if (!*line || (v != ACD_REFUSED_STATE && v != ACD_REFUSED_UNKNOWN && v != ACD_MORE))
            return v;
        (*line)->again.word = AGAIN_NONE;
        *contact_id = 0;
    }
    bool is_held = v == ACD_MORE;
    v = queue_call(l, *line, ask);
    *line = line_by_leg(l, leg_id);
    return is_held && v == ACD_REFUSED_STATE ? ACD_MORE : v;
}

/* What the keys chose, for who will answer; direct numbers have no menu to tell of. */
static struct line *tell_way(struct lines *l, struct line *line)
{
    const struct ivr_call *call = &line->ivr;
    uint64_t leg_id = line->leg_id;
    static const enum menu_left_how hows[] = {[IVR_LEFT_NO_KEY] = MENU_LEFT_HOW_NO_KEY,
                                              [IVR_LEFT_CHOSEN] = MENU_LEFT_HOW_CHOSEN,
                                              [IVR_LEFT_PERSON] = MENU_LEFT_HOW_PERSON};
    struct command leave = {.kind = CMD_CALL_LEAVE_MENU,
                            .call_leave_menu = {.call_id = line->call_id,
                                                .steps_n = call->way.n,
                                                .how = hows[call->way.left]}};
    if (!line->flow || call->way.left == IVR_LEFT_NOTHING)
        return line;
    leave.call_leave_menu.flow_id = line->flow->number;
    for (unsigned i = 0; i < call->way.n; i++)
        leave.call_leave_menu.steps[i] = line->flow->steps[call->way.choices[i].step].number;
    line_command(l, &leave);
    return line_by_leg(l, leg_id);
}

void line_menu_enter(struct lines *l, struct line *line, const struct ivr_ask *ask,
                     uint64_t contact_id)
{
    line = tell_way(l, line);
    if (!line)
        return;
    uint32_t heard = line->list;
    line->queue_id = ask->queue_id;
    line->queued_at = l->now_at;
    line->again.expects = true;
    enum acd_verdict v = enter(l, &line, ask, &contact_id);
    bool is_told =
        v == ACD_DONE || v == ACD_MORE || v == ACD_REFUSED_CLOSED || v == ACD_REFUSED_FULL;
    if (!line || !LINE_CHECK(l, line, is_told))
        return;
    if (v == ACD_DONE)
        line_again_entered(l, line, contact_id);
    /* The app could not even keep the command: nobody has told this caller anything. */
    if (v == ACD_REFUSED_FULL && line->state == CALLER_MENU && line->list == heard)
        line_caller_let_go(l, line, PROMPT_OVERLOAD, ENDED_BY_SYSTEM);
}

static bool look_at(const struct lines *l, uint32_t queue_id, struct acd_look_queue *look)
{
    uint32_t slot = acd_look_queue_slot(l->args.acd, queue_id);
    return slot != SLOT_NONE && acd_look_queue(l->args.acd, slot, l->now_at, look);
}

static void say_wait(const struct lines *l, uint32_t queue_id, struct say_list *list)
{
    struct acd_look_queue look;
    if (!look_at(l, queue_id, &look))
        return;
    enum prompt_id band = say_band(look.band);
    if (band != PROMPT_NONE)
        say_add(list, band);
}

static void say_telephone(uint64_t e164, struct say_list *list)
{
    char number[DIRECTORY_NUMBER_BYTES];
    bool is_number = say_number(list, line_number_text(number, e164), SAY_PAIRS);
    assert(is_number); /* check has read it */
}

static void say_how_it_came(const struct line *line, struct say_list *list)
{
    const struct say_echo echo = {.heard_n =
                                      (uint32_t)(line->echo.heard_n - line->echo.first_heard_n),
                                  .lost_n = line->echo.lost_n - line->echo.first_lost_n,
                                  .jitter_ms = line->echo.jitter_ms};
    say_echo(list, &echo);
}

static void say_value(struct lines *l, const struct line *line, const struct ivr_value *value,
                      struct say_list *list)
{
    switch (value->kind) {
    case IVR_VALUE_NUMBER:
        say_telephone(value->number, list);
        return;
    case IVR_VALUE_TYPED:
        say_digits(list, line->ivr.typed, line->ivr.typed_n);
        return;
    case IVR_VALUE_HOUR:
        say_hour(list, value->minute, line->lang);
        return;
    case IVR_VALUE_DAY:
        say_day(list, (unsigned)value->number);
        return;
    case IVR_VALUE_DATE:
        say_date(list, value->day);
        return;
    case IVR_VALUE_WAIT:
        say_wait(l, (uint32_t)value->number, list);
        return;
    case IVR_VALUE_OPENING:
        words_opening(l, line, UINT64_C(1) << value->number, list);
        return;
    case IVR_VALUE_ECHO:
        say_how_it_came(line, list);
        return;
    case IVR_VALUES:
        return;
    }
}

/* Does the greeting go on with this one (voice-script §1)? */
static bool is_greeting(unsigned prompt)
{
    return prompt == PROMPT_GREET_DEMO || prompt == PROMPT_GREET_ORG ||
           prompt == PROMPT_GREET_PRICE_FREE || prompt == PROMPT_GREET_PRICE_NORMAL ||
           prompt == PROMPT_GREET_ENGLISH;
}

/* What a supervisor wants all who call today to hear, once a call: behind the greeting, before the
 * menu. */
static void add_notice(const struct lines *l, struct line *line, struct say_list *list)
{
    const struct lines_sounds *s = l->args.sounds;
    unsigned at = 0;
    if (line->is_notice_said || l->wall_at >= s->notice_until_at || list->n == SAY_LIST_MAX ||
        s->ids[PROMPT_FR][PROMPT_NOTICE_TODAY] == MEDIA_PROMPT_NONE)
        return;
    for (unsigned i = 0; i < list->n; i++)
        at = is_greeting(list->ids[i]) ? i + 1 : at;
    memmove(&list->ids[at + 1], &list->ids[at], (list->n - at) * sizeof(list->ids[0]));
    list->ids[at] = PROMPT_NOTICE_TODAY;
    list->n++;
    line->is_notice_said = true;
}

/* Says what the flow wants; false when it has no sound at all, so that it goes on. */
static bool play(struct lines *l, struct line *line, const struct ivr_ask *ask)
{
    struct say_list list = {0};
    for (unsigned i = 0; i < ask->prompts_n; i++)
        say_add(&list, ask->prompts[i]);
    if (ask->what == IVR_DO_SAY)
        say_value(l, line, &ask->value, &list);
    if (!ask->is_mandatory)
        add_notice(l, line, &list);
    line->informs = ask->informs;
    return ask->is_mandatory ? line_say_whole(l, line, &list)
                             : line_say(l, line, &list, THEN_SILENCE);
}

static bool is_sound(const struct ivr_ask *ask)
{
    return ask->what == IVR_DO_PLAY || ask->what == IVR_DO_SAY;
}

static void step(struct lines *l, struct line *line, struct ivr_event *event)
{
    struct ivr_ask ask;
    event->facts = facts_of(l, line);
    for (unsigned i = 0; i < IVR_STEPS_MAX; i++) {
        ivr_step(line->flow, &line->ivr, event, &ask);
        line->lang = line->ivr.lang == IVR_ENGLISH ? PROMPT_EN : PROMPT_FR;
        if (!is_sound(&ask) || play(l, line, &ask))
            break;
        event->kind = IVR_PLAYED;
    }
    if (ask.what == IVR_DO_ECHO) {
        memset(&line->echo, 0, sizeof(line->echo));
        line_say(l, line, NULL, THEN_ECHO);
    }
    if (ask.what == IVR_DO_WAIT || ask.what == IVR_DO_ECHO)
        line_set_timer(l, line, l->now_at + ask.wait_ms);
    else if (is_sound(&ask))
        line_set_timer(l, line, MS_NEVER);
    if (ask.what == IVR_DO_QUEUE && !line_record_asks(l, line, &ask))
        line_menu_queue(l, line, &ask);
    else if (ask.what == IVR_DO_END)
        line_caller_leave(l, line);
}

/* ---- what happens ------------------------------------------------------------------------- */

/* The number's own hours: who dials one that is closed hears so before any menu. */
static bool is_closed(const struct lines *l, const struct line *line, enum refusal *why)
{
    if (!line->entry || line->entry->week == DIRECTORY_NONE)
        return false;
    enum hours hours =
        directory_hours_at(line->directory, UINT64_C(1) << line->entry->week, l->wall_at);
    *why = hours == HOURS_CLOSED_PUBLISHED ? REFUSAL_CLOSED_PUBLISHED : REFUSAL_CLOSED_BY_PERSON;
    return hours != HOURS_OPEN;
}

/* ---- closed? ------------------------------------------------------------------------------ */

/* As many happenings as a flow without a key has: each step plays, or waits once. */
#define LOOK_MAX (2 * IVR_STEPS_MAX)

bool line_menu_is_closed(const struct lines *l, uint32_t queue_id)
{
    struct acd_look_queue look;
    return look_at(l, queue_id, &look) && look.hours != HOURS_OPEN;
}

bool line_menu_only_closes(const struct lines *l, const struct line *line)
{
    struct ivr_call call = line->ivr;
    struct ivr_event event = {.kind = IVR_START, .facts = facts_of(l, line)};
    enum refusal why;
    if (is_closed(l, line, &why))
        return true;
    for (unsigned i = 0; i < LOOK_MAX; i++) {
        struct ivr_ask ask;
        ivr_step(line->flow, &call, &event, &ask);
        if (ask.what == IVR_DO_END)
            return true;
        bool is_closing = line->flow->steps[call.step].kind == IVR_CLOSED;
        if (ask.what == IVR_DO_QUEUE && !line_menu_is_closed(l, ask.queue_id))
            return false;
        if (ask.what == IVR_DO_ECHO || (ask.what == IVR_DO_WAIT && !is_closing))
            return false; /* wants a key, or a voice */
        if (ask.informs)
            return false; /* an answer, to be answered */
        event.kind = ask.what == IVR_DO_QUEUE  ? IVR_REFUSED
                     : ask.what == IVR_DO_WAIT ? IVR_TIMER
                                               : IVR_PLAYED;
    }
    return false;
}

void line_menu_begin(struct lines *l, struct line *line)
{
    struct ivr_event start = {.kind = IVR_START};
    enum refusal why;
    struct ivr_ask ask;
    line->state = CALLER_MENU;
    line->ended_by = ENDED_BY_SYSTEM;
    if (line->is_refused) {
        line_caller_let_go(l, line, PROMPT_OVERLOAD, ENDED_BY_SYSTEM);
    } else if (is_closed(l, line, &why)) {
        const struct command refuse_call = {.kind = CMD_CALL_REFUSE,
                                            .call_refuse = {.call_id = line->call_id, .why = why}};
        ivr_step(line->flow, &line->ivr, &start, &ask);
        line_command(l, &refuse_call);
    } else {
        step(l, line, &start);
    }
}

/* Who comes while it is closed may have a half hour of the next days: never a place (design
 * §3.12). */
static void offer_slot(const struct lines *l, struct line *line, enum refusal why,
                       struct say_list *list)
{
    bool is_closed_now = why == REFUSAL_CLOSED_PUBLISHED || why == REFUSAL_CLOSED_BY_PERSON;
    line->promise.is_slot_asked = is_closed_now && list->n < IVR_PROMPTS_MAX &&
                                  line_slots_any(l, line, line_slots_queue(line));
    if (line->promise.is_slot_asked)
        say_add(list, PROMPT_CLOSED_CALLBACK);
}

void line_menu_refused(struct lines *l, struct line *line, enum refusal why)
{
    struct say_list list = {0};
    struct ivr_event event = {.kind = IVR_REFUSED};
    if (!line->queue_id) { /* before any menu: who are we? */
        if (line->directory->is_demo)
            say_add(&list, PROMPT_GREET_DEMO);
        say_add(&list, PROMPT_GREET_ORG);
    }
    words_refused(l, line, why, &list);
    offer_slot(l, line, why, &list);
    event.prompts_n = list.n;
    memcpy(event.prompts, list.ids, list.n * sizeof(list.ids[0]));
    step(l, line, &event);
}

void line_menu_key(struct lines *l, struct line *line, char key)
{
    struct ivr_event event = {.kind = IVR_KEY, .key = key};
    if (key == '1' && line->promise.is_slot_asked)
        line_promise_begin_at_door(l, line, line_slots_queue(line));
    else
        step(l, line, &event);
}

void line_menu_timer(struct lines *l, struct line *line)
{
    struct ivr_event timer = {.kind = IVR_TIMER};
    step(l, line, &timer);
}

/* Stopped by a key is heard too: a key that means nothing here must not hold the call up. Had it
 * meant something, another list would play now. */
void line_menu_played(struct lines *l, struct line *line, bool is_by_key)
{
    struct ivr_event played = {.kind = IVR_PLAYED};
    const struct command informed = {.kind = CMD_CALL_INFORMED,
                                     .call_informed = {.call_id = line->call_id}};
    uint64_t leg_id = line->leg_id;
    if (line->informs && !is_by_key)
        line_command(l, &informed);
    line = line_by_leg(l, leg_id);
    if (line && line->state == CALLER_MENU)
        step(l, line, &played);
}

/* What came before the test is not of it. */
void line_menu_counts(struct line *line, const struct media_counts *counts)
{
    if (!line->echo.has_begun) {
        line->echo.has_begun = true;
        line->echo.first_heard_n = counts->received_n;
        line->echo.first_lost_n = counts->lost_n;
    }
    line->echo.heard_n = counts->received_n;
    line->echo.lost_n = counts->lost_n;
    line->echo.jitter_ms = counts->jitter_ms;
}
