/* line_kept.c — the lines in course as rows that outlive the process, and taken up by the next one:
 * who waits hears the music again, who speaks goes on, who was in a menu begins it anew.
 * Called by main.c. Cost: a row of some 150 bytes for each line that a turn has touched.
 * Invariants: the journal decides what is true, a row only which legs belong to it; a call of which
 * one side is missing is treated as if that side had broken off; nobody whose leg is there hears
 * nothing. */
#include <string.h>

#include "acd/ask.h"
#include "acd/look.h"
#include "app/line_practice.h"
#include "app/line_talk.h"
#include "base/fields.h"

#define CALLED_MAX 64

/* Beside the line. */
struct beside {
    char called[CALLED_MAX], number[LINE_NUMBER_BYTES];
    uint16_t called_n, number_n;
};

#define NUMBER(tag, member) FIELD_NUMBER(tag, struct line, member)

/* A tag that was given once is never given again: other versions read it. */
static const struct field line_fields[] = {
    NUMBER(1, leg_id),
    NUMBER(2, call_id),
    NUMBER(3, offer_id),
    NUMBER(4, peer_id),
    NUMBER(5, queued_at),
    NUMBER(6, e164),
    NUMBER(7, queue_id),
    NUMBER(8, agent_id),
    NUMBER(9, kind),
    NUMBER(10, state),
    NUMBER(11, lang),
    NUMBER(12, holds),
    NUMBER(13, is_held),
    NUMBER(14, is_far),
    NUMBER(15, has_no_music),
    NUMBER(16, knows_keys),
    NUMBER(17, knows_reference),
    NUMBER(18, is_ordinary),
    NUMBER(19, is_return),
    NUMBER(20, kept_pause),
    NUMBER(21, is_known),
    NUMBER(22, word),
    NUMBER(23, record.wish),
    NUMBER(24, is_interpreter),
    NUMBER(25, listen.mode),
    NUMBER(26, listen.is_alert),
    NUMBER(27, record.told),
};
static const struct fields line_form = {line_fields, ARRAY_LEN(line_fields), 0};

static const struct field beside_fields[] = {
    FIELD_BYTES(100, struct beside, called),
    FIELD_BYTES(101, struct beside, number),
};
static const struct fields beside_form = {beside_fields, ARRAY_LEN(beside_fields), 0};

/* ---- writing ------------------------------------------------------------------------------ */

void lines_keep(struct lines *l, const struct rows *rows)
{
    l->kept.rows = rows;
}

void line_touch(struct lines *l, uint32_t slot)
{
    rows_touch(&l->kept, slot);
}

static bool is_kept(const struct line *line)
{
    if (!line->leg_id || line->is_practice || line->is_test || line->back.is_back)
        return false;
    if (line->kind == LINE_CALLER)
        return line->call_id && ((line->state >= CALLER_MENU && line->state <= CALLER_PASSED) ||
                                 line->state == CALLER_PROMISE || line->state == CALLER_AGAIN);
    if (line->kind == LINE_OFFER)
        return line->state != OFFER_WRAP_UP;
    return line->kind == LINE_OUT || line->kind == LINE_THIRD || line->kind == LINE_LISTEN;
}

/* What was dialled, so that it can be found once more; nothing: a flow of former files. */
static void put_called(const struct lines *l, const struct line *line, struct beside *beside)
{
    struct text_out out = {.p = beside->called, .max = sizeof(beside->called)};
    if (line->entry) {
        text_put(&out, TEXT("+"));
        text_put_number(&out, line->entry->e164);
    }
    for (uint32_t i = 0; !line->entry && line->flow && i < l->args.flows_n; i++)
        if (l->args.flows[i].flow == line->flow)
            text_put(&out, text_of(l->args.flows[i].id));
    beside->called_n = (uint16_t)(out.is_cut ? 0 : out.n);
    beside->number_n = (uint16_t)strnlen(line->number, sizeof(line->number));
    memcpy(beside->number, line->number, beside->number_n);
}

static void write_row(struct lines *l, uint32_t slot)
{
    char bytes[LINES_ROW_BYTES];
    const struct line *line = &l->lines[slot];
    struct text_out out = rows_due_out(&l->kept, bytes, sizeof(bytes));
    struct beside beside = {.called_n = 0};
    if (is_kept(line)) {
        struct line row = *line;
        if (row.state == CALLER_PROMISE)
            row.state = CALLER_WAITING; /* begins anew, by key 1; or the journal has it */
        if (row.state == CALLER_AGAIN)
            row.state = CALLER_MENU; /* the same */
        put_called(l, line, &beside);
        fields_put(&out, &line_form, &row);
        fields_put(&out, &beside_form, &beside);
    }
    rows_due_put(&l->kept, slot, &out);
}

uint32_t lines_kept_n(const struct lines *l)
{
    return l->used;
}

void lines_keep_turn(struct lines *l)
{
    uint32_t slot;
    while (rows_due_next(&l->kept, &slot))
        write_row(l, slot);
}

void lines_leave(struct lines *l)
{
    for (uint32_t i = 0; i < l->used; i++) {
        struct line *line = &l->lines[i];
        bool is_gone = line->kind == LINE_CALLER && line->state == CALLER_GONE;
        if (line->leg_id && !is_gone && !is_kept(line) && line_has_leg(line))
            l->phone.hang_up(l->phone.arg, line->leg_id);
    }
}

/* ---- taking up ---------------------------------------------------------------------------- */

static bool read_row(const struct lines *l, struct text row, struct line *to)
{
    struct beside beside = {.called_n = 0};
    if (!fields_take(&line_form, to, row) || !fields_take(&beside_form, &beside, row))
        return false;
    bool is_known = to->kind > LINE_NONE && to->kind <= LINE_LISTEN && to->state < LINE_STATES &&
                    (unsigned)to->lang < PROMPT_LANGS && (unsigned)to->kept_pause < PAUSE_N;
    if (!is_known || beside.number_n >= sizeof(to->number))
        return false;
    memcpy(to->number, beside.number, beside.number_n);
    if (!beside.called_n ||
        !line_caller_finds(l, (struct text){beside.called, beside.called_n}, to))
        to->directory = l->args.directory;
    return true;
}

static enum phone_look leg_look(const struct lines *l, uint64_t leg_id)
{
    return l->phone.look(l->phone.arg, leg_id);
}

static void adopt(struct lines *l, const struct line *was)
{
    struct line *line = line_new(l, was->leg_id, was->kind);
    if (!line)
        return;
    const struct line fresh = *line;
    *line = *was;
    line->next_free = fresh.next_free;
    if (line->kind == LINE_OFFER)
        line_set_offer(l, line, was->offer_id);
}

/* A caller whose call the journal has, and whose leg is there; without the files that it came by
 * only a menu could not go on. Who was promised a call is called, whatever an older row says. */
static bool is_caller(const struct lines *l, struct line *was)
{
    struct acd_look_call call;
    bool is_live = acd_look_call_of(l->args.acd, was->call_id, &call) &&
                   call.leg_id == was->leg_id && call.node == l->args.node;
    if (!is_live || leg_look(l, was->leg_id) != PHONE_LOOK_UP)
        return false;
    was->queue_id = call.queue_id; /* the row may be a moment older */
    was->queued_at = call.asked_at;
    if (call.state == ACD_LOOK_AFTER)
        return was->state == CALLER_PASSED;
    return call.state != ACD_LOOK_MENU || was->flow != NULL;
}

/* A telephone that the journal has rung for, or that speaks, with one of those callers. */
static bool is_offer(struct lines *l, struct line *was)
{
    struct acd_look_call call;
    const struct line *caller = line_caller_of(l, was->peer_id);
    bool is_theirs = caller && acd_look_call_of(l->args.acd, caller->call_id, &call) &&
                     call.offer_id == was->offer_id && was->offer_id;
    if (is_theirs) {
        was->queue_id = caller->queue_id;
        was->queued_at = caller->queued_at;
    }
    return is_theirs && leg_look(l, was->leg_id) != PHONE_LOOK_NONE;
}

bool lines_resume(struct lines *l, struct text row, enum lines_resumed which)
{
    struct line was = {.leg_id = 0};
    if (!read_row(l, row, &was) || line_by_leg(l, was.leg_id))
        return false;
    bool is_it = which == LINES_CALLERS  ? was.kind == LINE_CALLER && is_caller(l, &was)
                 : which == LINES_OFFERS ? was.kind == LINE_OFFER && is_offer(l, &was)
                                         : was.kind > LINE_OFFER && was.kind != LINE_KEYS;
    if (is_it)
        adopt(l, &was);
    return is_it;
}

bool lines_have_leg(uint64_t leg_id, void *lines)
{
    return line_by_leg(lines, leg_id) != NULL;
}

bool lines_next_call(const struct lines *l, uint32_t *i, uint64_t *call_id)
{
    while (*i < l->used) {
        const struct line *line = &l->lines[(*i)++];
        *call_id = line->leg_id && line->kind == LINE_CALLER ? line->call_id : 0;
        if (*call_id)
            return true;
    }
    return false;
}

/* ---- going on ----------------------------------------------------------------------------- */

/* The two of a call that the heart knows nothing of, and who is whose. */
static bool speaks_with(struct lines *l, const struct line *line)
{
    const struct line *other = line_by_leg(l, line->peer_id);
    bool are_up = other && leg_look(l, line->leg_id) == PHONE_LOOK_UP &&
                  leg_look(l, line->peer_id) == PHONE_LOOK_UP;
    if (!are_up || other->peer_id != line->leg_id)
        return false;
    if (line->kind == LINE_OUT)
        return line->state == OUT_TALKING && other->kind == LINE_OUT && other->state == OUT_TALKING;
    return line->state == THIRD_TALKS && other->kind == LINE_CALLER &&
           other->state == CALLER_PASSED;
}

static void forget(struct lines *l, struct line *line)
{
    line_third_forget(l, line, leg_look(l, line->leg_id) != PHONE_LOOK_NONE);
}

/* Their pause may not have been committed: no caller is offered to who speaks to somebody else, nor
 * do they come back by themselves in the middle of it. */
static void go_on_aside(struct lines *l, struct line *line)
{
    struct acd_agent_look look;
    struct command pause = {.kind = CMD_AGENT_PAUSE,
                            .agent_pause = {.agent_id = line->agent_id, .reason = PAUSE_CALLING}};
    line_hear(l, line, NULL, line->peer_id);
    if (!line->agent_id || !acd_agent_look(l->args.acd, line->agent_id, &look) ||
        look.state == AGENT_STATE_SIGNED_OUT)
        return;
    if (look.state == AGENT_STATE_PAUSED) {
        pause.agent_pause.reason = PAUSE_NO_ANSWER;
        if (look.pause == PAUSE_NO_ANSWER)
            line_command_later(l, &pause);
        return;
    }
    line->is_return = true;
    line->kept_pause = PAUSE_NONE;
    line_command_later(l, &pause);
}

/* Calls outside go on when both sides are there; colleagues who were only consulted are as before.
 */
static void go_on_outside(struct lines *l)
{
    for (uint32_t i = 0; i < l->used; i++) {
        struct line *line = &l->lines[i];
        bool is_one = line->leg_id && (line->kind == LINE_OUT || line->kind == LINE_THIRD);
        if (line->leg_id && line->kind == LINE_LISTEN)
            line_listen_died(l, line, leg_look(l, line->leg_id) != PHONE_LOOK_NONE);
        else if (is_one && speaks_with(l, line))
            go_on_aside(l, line);
        else if (is_one)
            forget(l, line);
    }
}

static void wait_again(struct lines *l, struct line *caller)
{
    caller->state = CALLER_WAITING;
    caller->is_held = false;
    caller->peer_id = caller->offer_id = 0;
    if (!caller->list) /* else it has just been told something */
        line_say(l, caller, NULL, THEN_MUSIC);
}

/* Rung, or up but not joined yet. */
static void go_on_offer(struct lines *l, struct line *line)
{
    const struct phone_report up = {.kind = PHONE_UP, .leg_id = line->leg_id};
    line->state = OFFER_CALLED;
    if (leg_look(l, line->leg_id) == PHONE_LOOK_UP)
        line_offer_report(l, line, &up);
}

static void go_on_talk(struct lines *l, struct line *caller, struct line *agent)
{
    caller->state = CALLER_TALKING;
    agent->state = OFFER_TALKING;
    caller->peer_id = agent->leg_id;
    agent->peer_id = caller->leg_id;
    caller->offer_id = agent->offer_id;
    caller->is_held = false;
    line_talk_resume(l, agent, PROMPT_NONE);
}

static void command_about(struct lines *l, const struct acd_look_call *call)
{
    const struct command withdraw = {
        .kind = CMD_OFFER_DECLINE,
        .offer_decline = {.offer_id = call->offer_id, .why = OFFER_END_WITHDRAWN}};
    const struct command lost = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = call->offer_id, .why = OFFER_END_AGENT_LOST}};
    line_command_later(l, call->state == ACD_LOOK_OFFERED ? &withdraw : &lost);
}

static void go_on_call(struct lines *l, struct line *caller)
{
    struct acd_look_call call;
    struct acd_look_callback promise;
    if (!acd_look_call_of(l->args.acd, caller->call_id, &call))
        return; /* ended by what was due */
    if (acd_look_callback_of(l->args.acd, call.contact_id, &promise) ||
        slots_find(&l->slots, call.contact_id)) {
        line_promise_again(l, caller); /* they may not have heard that it is */
        return;
    }
    struct line *agent = line_by_offer(l, call.offer_id);
    bool is_up = agent && leg_look(l, agent->leg_id) == PHONE_LOOK_UP;
    switch (call.state) {
    case ACD_LOOK_MENU:
        line_menu_begin(l, caller);
        return;
    case ACD_LOOK_WAITING:
        wait_again(l, caller);
        return;
    case ACD_LOOK_OFFERED:
        wait_again(l, caller);
        if (agent)
            go_on_offer(l, agent);
        else
            command_about(l, &call);
        return;
    case ACD_LOOK_JOINED:
        if (is_up) {
            go_on_talk(l, caller, agent);
            return;
        }
        wait_again(l, caller);
        command_about(l, &call);
        return;
    case ACD_LOOK_AFTER:
        agent = line_by_leg(l, caller->peer_id);
        if (agent && agent->kind == LINE_THIRD && speaks_with(l, agent))
            line_hear(l, caller, NULL, caller->peer_id);
        else
            line_caller_let_go(l, caller, PROMPT_CLOSED_BYE, ENDED_BY_AGENT);
        return;
    }
}

void lines_go_on(struct lines *l)
{
    for (uint32_t i = 0; i < l->used; i++) {
        struct line *line = &l->lines[i];
        if (line->leg_id && line->kind == LINE_CALLER)
            go_on_call(l, line);
    }
    go_on_outside(l);
    lines_run(l); /* what the heart is to hear of it */
}
