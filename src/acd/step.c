/* step.c — acd_step(): which function decides which command; due work, one unit at a time.
 * Called by app, plan, sim. Cost: bounded by ACD_EVENTS_PER_STEP events a call, whatever is due.
 * Invariant: the state changes through acd_apply() alone. */
#include "acd/lists.h"
#include "acd/step.h"

uint64_t step_say(struct step *s, struct event ev)
{
    assert(s->out->n < ACD_EVENTS_PER_STEP);
    ev.id = s->out->next_id++;
    ev.at = s->now_at;
    s->out->ev[s->out->n++] = ev;
    acd_apply(s->a, &ev);
    return ev.id;
}

static enum acd_verdict step_tick(struct step *s, const struct command *cmd)
{
    (void)cmd;
    bool some = false;
    while (s->out->n + ACD_EVENTS_PER_UNIT <= ACD_EVENTS_PER_STEP && step_unit(s))
        some = true;
    return some ? ACD_DONE : ACD_NOTHING;
}

static enum acd_verdict step_started(struct step *s, const struct command *cmd)
{
    step_say(s,
             (struct event){.kind = EV_STARTED,
                            .started = {.node = cmd->started.node, .epoch = cmd->started.epoch}});
    return ACD_DONE;
}

static enum acd_verdict step_node_lost(struct step *s, const struct command *cmd)
{
    unsigned i = acd_node_find(s->a, cmd->node_lost.node);
    if (i == ACD_NODES_MAX || !s->a->k.nodes[i].is_used || s->a->k.nodes[i].is_lost)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_NODE_LOST, .node_lost = {.node = cmd->node_lost.node}});
    return ACD_DONE;
}

static enum acd_verdict step_shed(struct step *s, const struct command *cmd)
{
    if (!cmd->shed.n)
        return ACD_NOTHING;
    step_say(s, (struct event){.kind = EV_SHED,
                               .shed = {.trunk_id = cmd->shed.trunk_id,
                                        .n = cmd->shed.n,
                                        .quarter_at = cmd->shed.quarter_at}});
    return ACD_DONE;
}

static enum acd_verdict step_gap(struct step *s, const struct command *cmd)
{
    struct event ev = {.kind = EV_GAP,
                       .gap = {.n = cmd->gap.n,
                               .outcomes_n = cmd->gap.outcomes_n,
                               .from_at = cmd->gap.from_at,
                               .to_at = cmd->gap.to_at}};
    if (cmd->gap.outcomes_n > ARRAY_LEN(ev.gap.outcomes))
        return ACD_REFUSED_RANGE;
    for (unsigned i = 0; i < cmd->gap.outcomes_n; i++)
        ev.gap.outcomes[i] = cmd->gap.outcomes[i];
    step_say(s, ev);
    return ACD_DONE;
}

static enum acd_verdict step_clock_step(struct step *s, const struct command *cmd)
{
    step_say(s,
             (struct event){.kind = EV_CLOCK_STEP, .clock_step = {.by_ms = cmd->clock_step.by_ms}});
    return ACD_DONE;
}

/* A mark that came later would leave figures before it without one. */
static enum acd_verdict step_simulated(struct step *s, const struct command *cmd)
{
    if (acd_last_id(s->a))
        return ACD_REFUSED_STATE;
    step_say(s, (struct event){.kind = EV_SIMULATED, .simulated = {.seed = cmd->simulated.seed}});
    return ACD_DONE;
}

static enum acd_verdict step_day_close(struct step *s, const struct command *cmd)
{
    (void)cmd;
    step_say(s,
             (struct event){.kind = EV_DAY_CLOSED, .day_closed = {.after_n = s->a->k.pending_n}});
    return ACD_DONE;
}

static step_fn *const functions[COMMAND_KIND_MAX + 1] = {
    [CMD_TICK] = step_tick,
    [CMD_QUEUE_SET] = step_queue_set,
    [CMD_QUEUE_HOURS] = step_queue_hours,
    [CMD_QUEUE_DROP] = step_queue_drop,
    [CMD_QUEUE_CALLBACKS] = step_queue_callbacks,
    [CMD_CALLBACK_PROMISE] = step_callback_promise,
    [CMD_CALLBACK_WITHDRAW] = step_callback_withdraw,
    [CMD_CALLBACK_RESULT] = step_callback_result,
    [CMD_CALLBACK_CANCEL] = step_callback_cancel,
    [CMD_SLOT_SELL] = step_slot_sell,
    [CMD_SLOT_DUE] = step_slot_due,
    [CMD_SLOT_CANCEL] = step_slot_cancel,
    [CMD_CALLBACK_MOVE] = step_callback_move,
    [CMD_CALLBACK_RENUMBER] = step_callback_renumber,
    [CMD_NEVER_LIST] = step_never_list,
    [CMD_TEXT_ARRIVE] = step_text_arrive,
    [CMD_TEXT_JOIN] = step_text_join,
    [CMD_TEXT_TAKE] = step_text_take,
    [CMD_TEXT_ANSWER] = step_text_answer,
    [CMD_TEXT_TOLD] = step_text_told,
    [CMD_TEXT_RETURN] = step_text_return,
    [CMD_TEXT_MOVE] = step_text_move,
    [CMD_TEXT_END] = step_text_end,
    [CMD_HELP_ASK] = step_help_ask,
    [CMD_HELP_END] = step_help_end,
    [CMD_QUEUE_SHUT] = step_queue_shut,
    [CMD_QUEUE_REOPEN] = step_queue_reopen,
    [CMD_CONVERSATION_CONCLUDE] = step_conversation_conclude,
    [CMD_AGENT_MOVE] = step_agent_move,
    [CMD_AGENT_MOVE_BACK] = step_agent_move_back,
    [CMD_PLACE_REGAIN] = step_place_regain,
    [CMD_PRIORITY_SET] = step_priority_set,
    [CMD_AGENT_SET] = step_agent_set,
    [CMD_AGENT_DROP] = step_agent_drop,
    [CMD_AGENT_SIGN_IN] = step_agent_sign_in,
    [CMD_AGENT_SIGN_OUT] = step_agent_sign_out,
    [CMD_AGENT_READY] = step_agent_ready,
    [CMD_AGENT_PAUSE] = step_agent_pause,
    [CMD_AGENT_MORE_TIME] = step_agent_more_time,
    [CMD_AGENT_LOST] = step_agent_lost,
    [CMD_CALL_ARRIVED] = step_call_arrived,
    [CMD_CALL_QUEUE] = step_call_queue,
    [CMD_CALL_REFUSE] = step_call_refuse,
    [CMD_CALL_INFORMED] = step_call_informed,
    [CMD_CALL_ASK_PLACE] = step_call_ask_place,
    [CMD_CALL_REFUSE_RECORDING] = step_call_refuse_recording,
    [CMD_CALL_LEAVE_MENU] = step_call_leave_menu,
    [CMD_CALL_LISTEN] = step_call_listen,
    [CMD_CALL_ALERT] = step_call_alert,
    [CMD_CALL_ASK_REFERENCE] = step_call_ask_reference,
    [CMD_CALL_ENDED] = step_call_ended,
    [CMD_OFFER_ADVANCE] = step_offer_advance,
    [CMD_OFFER_CONFIRM] = step_offer_confirm,
    [CMD_OFFER_DECLINE] = step_offer_decline,
    [CMD_OFFER_MEDIA] = step_offer_media,
    [CMD_OFFER_END] = step_offer_end,
    [CMD_OFFER_PASS] = step_offer_pass,
    [CMD_OFFER_MOVE] = step_offer_move,
    [CMD_NODE_LOST] = step_node_lost,
    [CMD_DAY_CLOSE] = step_day_close,
    [CMD_STARTED] = step_started,
    [CMD_SHED] = step_shed,
    [CMD_GAP] = step_gap,
    [CMD_CLOCK_STEP] = step_clock_step,
    [CMD_SIMULATED] = step_simulated,
};

enum acd_verdict acd_step(struct acd *a, const struct command *cmd, ms_t now_at,
                          struct event_batch *out)
{
    assert(now_at >= a->k.last_at && out->next_id > a->k.last_id);
    out->n = 0;
    if ((unsigned)cmd->kind > COMMAND_KIND_MAX || !functions[cmd->kind])
        return ACD_REFUSED_UNKNOWN;
    struct step s = {a, now_at, out};
    enum acd_verdict verdict = functions[cmd->kind](&s, cmd);
    bool done = verdict == ACD_DONE || verdict == ACD_NOTHING;
    return done && acd_next_at(a) <= now_at ? ACD_MORE : verdict;
}
