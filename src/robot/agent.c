/* agent.c — a robot who answers: signs in by the short codes of its line, is rung, answers, speaks;
 * or never picks up; or answers and dies.
 * Called by robot.c. Cost: O(agents) for a call that arrives, else O(log n).
 * Invariant: an agent holds one leg at most; a second call is refused as busy. */
#include "robot/parts.h"

/* What a person needs: to hear the line, the answer, and to come again when it went wrong. */
#define LISTEN_MS ((ms_t)400)
#define ANSWER_MS ((ms_t)3000)
#define AGAIN_MS ((ms_t)2000)
/* Who did not pick up was paused for it, and comes back after so long. */
#define BACK_MS ((ms_t)5000)
#define BUSY 486

static const struct robot_agent *is(const struct robot *r, const struct agent *a)
{
    return &r->args.agents[a - r->agents];
}

static void wait(struct robot *r, const struct agent *a, ms_t wait_ms)
{
    robot_set_timer(r, r->args.callers_max + (uint32_t)(a - r->agents), r->now_at + wait_ms);
}

static void forget_leg(struct robot *r, struct agent *a)
{
    if (a->leg_id)
        map_remove(&r->legs, a->leg_id);
    a->leg_id = 0;
}

static void hang_up(struct robot *r, struct agent *a)
{
    if (a->leg_id)
        r->phone.hang_up(r->phone.arg, a->leg_id);
    forget_leg(r, a);
}

static void hold(struct robot *r, struct agent *a, uint64_t leg_id)
{
    a->leg_id = leg_id;
    map_put(&r->legs, leg_id, r->args.callers_max + (uint32_t)(a - r->agents));
}

static void stand_ready(struct robot *r, struct agent *a)
{
    a->state = AGENT_READY;
    r->stats.agents_ready_n += !a->was_ready;
    a->was_ready = true;
}

/* ---- signing in --------------------------------------------------------------------------- */

static void try_again(struct robot *r, struct agent *a)
{
    hang_up(r, a);
    if (a->state >= AGENT_LEAVING) {
        a->state = AGENT_GONE;
        return;
    }
    a->state = ++a->tries_n < ROBOT_SIGN_TRIES ? AGENT_AWAY : AGENT_FAILED;
    if (a->state == AGENT_FAILED)
        r->stats.agents_failed_n++;
    else
        wait(r, a, AGAIN_MS);
}

static void dial(struct robot *r, struct agent *a, struct text code, enum agent_state state)
{
    const struct phone_dial call = {.number = code, .is_plain = true, .line = is(r, a)->line};
    uint64_t leg_id = r->phone.dial(r->phone.arg, &call);
    if (!leg_id) {
        try_again(r, a);
        return;
    }
    hold(r, a, leg_id);
    a->state = state;
    a->is_keyed = false;
    wait(r, a, ROBOT_SETUP_MS);
}

static void press_code(struct robot *r, struct agent *a)
{
    char bytes[MEDIA_KEYS_MAX];
    struct text_out keys = {.p = bytes, .max = sizeof(bytes)};
    text_put(&keys, is(r, a)->code);
    text_put(&keys, TEXT("#"));
    a->is_keyed = true;
    if (r->phone.press(r->phone.arg, a->leg_id, (struct text){keys.p, keys.n}))
        wait(r, a, ANSWER_MS);
    else
        try_again(r, a);
}

void robot_agent_sign_out(struct robot *r, struct agent *a)
{
    bool was_in = a->was_ready && a->state != AGENT_DEAD && is(r, a)->code.n;
    hang_up(r, a);
    a->state = AGENT_GONE;
    if (was_in)
        dial(r, a, r->args.codes.sign_out, AGENT_LEAVING);
}

/* ---- calls -------------------------------------------------------------------------------- */

/* The service has paused who did not pick up, or whose line died: ready again after a while. */
static void stand_aside(struct robot *r, struct agent *a, ms_t for_ms)
{
    a->state = AGENT_DEAD;
    wait(r, a, for_ms);
}

static void come_back(struct robot *r, struct agent *a)
{
    if (r->is_stopped || !is(r, a)->code.n)
        stand_ready(r, a);
    else
        dial(r, a, r->args.codes.ready, AGENT_RISING);
}

void robot_agent_arrived(struct robot *r, const struct phone_report *report)
{
    for (uint32_t i = 0; i < r->args.agents_n; i++) {
        struct agent *a = &r->agents[i];
        if (!text_equal(r->args.agents[i].user, report->arrived.called))
            continue;
        if (a->leg_id)
            break;
        r->stats.offered_n++;
        if (r->args.agents[i].mode == ROBOT_REFUSES)
            break;
        hold(r, a, report->leg_id);
        stand_ready(r, a);
        a->state = AGENT_RINGING;
        if (is(r, a)->mode != ROBOT_IGNORES)
            wait(r, a, is(r, a)->answer_ms);
        return;
    }
    r->phone.refuse(r->phone.arg, report->leg_id, BUSY);
}

static void die(struct robot *r, struct agent *a)
{
    r->stats.died_n++;
    r->phone.die(r->phone.arg, a->leg_id);
    stand_aside(r, a, ROBOT_DEAD_MS);
}

static void up(struct robot *r, struct agent *a)
{
    robot_say(r, a->leg_id, a->state == AGENT_RINGING ? MEDIA_LOOP : MEDIA_SILENCE);
    if (a->state == AGENT_RINGING) {
        a->state = AGENT_TALKING;
        r->stats.answered_n++;
        robot_set_timer(r, r->args.callers_max + (uint32_t)(a - r->agents),
                        is(r, a)->talk_ms ? r->now_at + is(r, a)->talk_ms : MS_NEVER);
    } else {
        a->state = a->state == AGENT_SIGNING  ? AGENT_CODE
                   : a->state == AGENT_RISING ? AGENT_LISTENS
                                              : AGENT_LEAVES;
        wait(r, a, a->state == AGENT_CODE ? LISTEN_MS : ANSWER_MS);
    }
}

static void over(struct robot *r, struct agent *a)
{
    forget_leg(r, a);
    if (a->state == AGENT_CODE && a->is_keyed)
        wait(r, a, LISTEN_MS); /* told, and let go: the next step at once */
    else if (a->state == AGENT_RINGING && is(r, a)->mode == ROBOT_IGNORES)
        stand_aside(r, a, BACK_MS);
    else if (a->state == AGENT_LISTENS || a->state == AGENT_RINGING || a->state == AGENT_TALKING)
        stand_ready(r, a);
    else
        try_again(r, a);
}

void robot_agent_report(struct robot *r, struct agent *a, const struct phone_report *report)
{
    switch (report->kind) {
    case PHONE_UP:
        up(r, a);
        return;
    case PHONE_REFUSED:
    case PHONE_ENDED:
        over(r, a);
        return;
    case PHONE_LOST:
        hang_up(r, a);
        over(r, a);
        return;
    default:
        return;
    }
}

void robot_agent_due(struct robot *r, struct agent *a)
{
    const struct robot_agent *who = is(r, a);
    switch (a->state) {
    case AGENT_AWAY:
        if (r->is_stopped || !who->code.n)
            a->state = AGENT_READY;
        else
            dial(r, a, r->args.codes.sign_in, AGENT_SIGNING);
        return;
    case AGENT_CODE:
        if (!a->is_keyed) {
            press_code(r, a);
            return;
        }
        hang_up(r, a);
        dial(r, a, r->args.codes.ready, AGENT_RISING);
        return;
    case AGENT_LISTENS:
        hang_up(r, a);
        stand_ready(r, a);
        return;
    case AGENT_RINGING:
        r->phone.answer(r->phone.arg, a->leg_id);
        return;
    case AGENT_TALKING:
        if (who->mode == ROBOT_DIES) {
            die(r, a);
            return;
        }
        hang_up(r, a);
        stand_ready(r, a);
        return;
    case AGENT_LEAVES: /* 1: although people wait */
        if (a->is_keyed || !r->phone.press(r->phone.arg, a->leg_id, TEXT("1"))) {
            hang_up(r, a);
            a->state = AGENT_GONE;
            return;
        }
        a->is_keyed = true;
        wait(r, a, LISTEN_MS);
        return;
    case AGENT_DEAD:
        hang_up(r, a);
        come_back(r, a);
        return;
    default:
        try_again(r, a); /* dialled, and nobody came */
        return;
    }
}
