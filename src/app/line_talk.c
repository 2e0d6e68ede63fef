/* line_talk.c — the keys of an agent who speaks with a caller (voice-script §11: *1 consult, *2
 * pass on, *3 three, *4 back to the queue, *5 the recording, *9 alert; *6 no call ever again), and
 * what caller and agent hear meanwhile (§6). Called by line_offer.c, line_third.c and
 * line_caller.c. Cost: O(1) a key. Invariants: only the agent's own keys count, and none of them
 * passes to the caller; a caller on hold hears words and music, and never two of the others without
 * them. */
#include "acd/ask.h"
#include "app/line_talk.h"
#include "app/line_unwanted.h"

/* Between two keys of a number; and after *3, until it means the interpreter. */
#define TYPE_MS ((ms_t)10000)
#define INTERPRETER_MS ((ms_t)2500)
/* Who is on hold hears that the line is alive; and after so many times the agent hears it too, who
 * may have forgotten in a long consultation. */
#define STILL_MS ((ms_t)60000)
#define STILLS_ALARM 3

static struct line *caller_of(struct lines *l, const struct line *line)
{
    return line_caller_of(l, line->peer_id);
}

/* ---- what is heard ------------------------------------------------------------------------ */

static void say_hold(struct lines *l, struct line *caller, enum prompt_id prompt)
{
    struct say_list list = {0};
    say_add(&list, prompt);
    line_say(l, caller, &list, THEN_MUSIC);
    line_set_timer(l, caller, l->now_at + STILL_MS);
}

void line_talk_hold(struct lines *l, struct line *caller)
{
    if (!caller->is_held) {
        caller->stills_n = 0;
        say_hold(l, caller, PROMPT_HOLD_START);
        line_record_hold(l, caller, true);
    }
    caller->is_held = true;
}

/* Only in a consultation: a telephone that holds by itself hears nothing of us. */
static void alarm(struct lines *l, const struct line *caller)
{
    struct line *agent = line_by_leg(l, caller->peer_id);
    struct say_list list = {0};
    say_add(&list, PROMPT_AGENT_HOLD_LONG);
    if (agent && agent->talk == TALK_CONSULT && !agent->holds)
        line_hear(l, agent, &list, agent->third_id);
}

void line_talk_still(struct lines *l, struct line *caller)
{
    if (!caller->is_held)
        return;
    say_hold(l, caller, PROMPT_HOLD_STILL);
    if (caller->stills_n < STILLS_ALARM && ++caller->stills_n == STILLS_ALARM)
        alarm(l, caller);
}

static void end_hold(struct lines *l, struct line *caller)
{
    if (caller->is_held)
        line_record_hold(l, caller, false);
    caller->is_held = false;
    line_set_timer(l, caller, MS_NEVER);
}

void line_talk_resume(struct lines *l, struct line *line, enum prompt_id word)
{
    struct line *caller = caller_of(l, line);
    struct say_list list = {0};
    line->talk = TALK_PLAIN;
    line_desk_show(l, line, NULL, TALK_SHOWN_ALONE);
    if (!caller) { /* has left, and the heart has not heard so yet */
        line_say(l, line, NULL, THEN_SILENCE);
        return;
    }
    if (word != PROMPT_NONE)
        say_add(&list, word);
    if (line->holds) {
        line_hear(l, line, &list, caller->leg_id);
        line_talk_hold(l, caller);
        return;
    }
    end_hold(l, caller);
    line_listen_hear(l, line, &(struct line_words){.agent = &list});
}

void line_talk_three(struct lines *l, struct line *line, struct line *third)
{
    struct line *caller = caller_of(l, line);
    struct say_list list = {0};
    if (!caller)
        return;
    say_add(&list, third->is_interpreter ? PROMPT_CONF_INTERPRETER : PROMPT_CONF_OTHER);
    line->talk = TALK_THREE;
    line_desk_show(l, line, third, TALK_SHOWN_THREE);
    end_hold(l, caller);
    line_listen_hear(l, line, &(struct line_words){.caller = &list});
}

void line_talk_holds(struct lines *l, struct line *line, bool holds)
{
    struct line *caller = caller_of(l, line);
    line->holds = holds;
    if (!caller || line->is_practice || line->talk != TALK_PLAIN)
        return;
    if (holds)
        line_talk_hold(l, caller);
    else
        line_talk_resume(l, line, PROMPT_NONE);
}

/* ---- keys --------------------------------------------------------------------------------- */

/* Back to the head of the queue, with the place it had; the agent takes leave of nobody. */
static void give_back(struct lines *l, struct line *line)
{
    struct line *caller = caller_of(l, line);
    const struct command back = {
        .kind = CMD_OFFER_END,
        .offer_end = {.offer_id = line->offer_id, .why = OFFER_END_WITHDRAWN}};
    if (!caller)
        return;
    caller->word = WORD_REGAINED;
    line->has_passed = true;
    line_command(l, &back);
}

static void collect(struct lines *l, struct line *line, char code)
{
    line->code = code;
    line->typed_n = 0;
    line_set_timer(l, line, l->now_at + (code == '3' ? INTERPRETER_MS : TYPE_MS));
}

/* While a third one rings or is there, the codes are about them. */
static void with_third(struct lines *l, struct line *line, char code)
{
    struct line *third = line_by_leg(l, line->third_id);
    if (code == '1') {
        line_third_over(l, line);
        line_talk_resume(l, line, PROMPT_AGENT_BACK);
    } else if (!third || third->state != THIRD_UP) {
        line->third_wish = code; /* as soon as they answer */
        if (third)
            line_desk_rings(l, line, third);
    } else if (code == '2') {
        line_third_complete(l, line);
    } else if (line->talk != TALK_THREE) {
        line_talk_three(l, line, third);
    }
}

void line_talk_deed(struct lines *l, struct line *line, char code)
{
    if (code == '4')
        give_back(l, line);
    else if (code == '5')
        line_record_toggle(l, line);
    else if (code == '6')
        line_unwanted_talk(l, line);
    else if (code == '9')
        line_listen_alert(l, line);
    else if (code >= '1' && code <= '3' && line->talk != TALK_PLAIN)
        with_third(l, line, code);
    else if (code >= '1' && code <= '3')
        collect(l, line, code);
}

static void end_code(struct lines *l, struct line *line)
{
    line->code = '\0';
    line_set_timer(l, line, MS_NEVER);
}

static void call(struct lines *l, struct line *line)
{
    char code = line->code;
    end_code(l, line);
    struct line_whom to = line_whom_typed(l, line, code);
    if (line->typed_n || code == '3')
        (void)line_third_call(l, line, code, &to); /* the agent hears why not */
}

void line_talk_key(struct lines *l, struct line *line, char key)
{
    char code = line->code;
    if (line->is_practice || (!code && key != '*'))
        return;
    if (line->back.is_back && key != '*' && key != '6')
        return;       /* whom we called stays with who called: no queue may have them */
    if (key == '*') { /* again: as if nothing had been typed */
        collect(l, line, '*');
    } else if (code == '*') {
        end_code(l, line);
        line_talk_deed(l, line, key);
    } else if (key == '#') {
        call(l, line);
    } else if (line->typed_n < LINE_TYPED_MAX) {
        line->typed[line->typed_n++] = key;
        line_set_timer(l, line, l->now_at + TYPE_MS);
    }
}

void line_talk_timer(struct lines *l, struct line *line)
{
    if (line->code == '3' && !line->typed_n)
        call(l, line);
    else
        end_code(l, line); /* not finished: the conversation goes on as it was */
}
