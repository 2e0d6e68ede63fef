/* line_caller.c — a caller's line from the INVITE to the goodbye (design §4, voice-script §1–§4).
 * Called by lines.c. Cost: O(1) a happening. Invariant: every line whose call is in the journal
 * ends by one CMD_CALL_ENDED; no key, a wrong key, "0" all lead to a person. */
#include <string.h>

#include "acd/look.h"
#include "app/line_practice.h"
#include "app/line_talk.h"
#include "directory/number.h"
#include "say/reference.h"

#define REFERENCES ((uint64_t)SAY_NUMBER_MAX + 1)
/* Unasked, once, after so long (voice-script §3). */
#define REFERENCE_AFTER_MS ((ms_t)5 * 60 * 1000)
/* Longer than any last sentence: a line does not hang on a sound that never ends. */
#define LEAVING_MS_MAX ((ms_t)60000)
/* The app could not even keep the end of a call: told again after so long. */
#define AGAIN_MS ((ms_t)1000)

/* ---- arriving ----------------------------------------------------------------------------- */

/* Digits of a number as trunks write it: "+33536490010", "0536490010", "0033536490010". */
uint64_t line_e164(struct text user)
{
    char number[DIRECTORY_NUMBER_BYTES];
    uint64_t e164;
    if (!user.n || user.n >= sizeof(number))
        return 0;
    memcpy(number, user.p, user.n);
    number[user.n] = '\0';
    return number_e164(&e164, number) ? e164 : 0;
}

static const struct ivr_flow *flow_named(const struct lines *l, struct text id)
{
    for (uint32_t i = 0; i < l->args.flows_n; i++)
        if (text_equal(text_of(l->args.flows[i].id), id))
            return l->args.flows[i].flow;
    return NULL;
}

/* The number that was dialled, or in a demonstration a flow by its name. */
bool line_caller_finds(const struct lines *l, struct text called, struct line *line)
{
    const struct directory *d = l->args.directory;
    uint32_t i = directory_dialled_find(d, line_e164(called));
    line->directory = d;
    line->entry = i == DIRECTORY_NONE ? NULL : &d->numbers[i];
    struct text name = line->entry ? text_of(line->entry->flow) : called;
    line->flow = line->entry || d->is_demo ? flow_named(l, name) : NULL;
    return line->flow != NULL;
}

static void keep_number(struct line *line, struct text caller)
{
    struct text_out out = {.p = line->number, .max = sizeof(line->number) - 1};
    line->e164 = line_e164(caller);
    for (size_t i = 0; i < caller.n; i++)
        if ((caller.p[i] >= '0' && caller.p[i] <= '9') || caller.p[i] == '+')
            text_put(&out, (struct text){caller.p + i, 1});
}

static void refuse(struct lines *l, uint64_t leg_id, uint16_t status)
{
    l->phone.refuse(l->phone.arg, leg_id, status);
}

void line_caller_arrived(struct lines *l, const struct phone_report *r)
{
    struct line found = {0};
    if (l->is_draining) {
        refuse(l, r->leg_id, 503);
        return;
    }
    if (!line_caller_finds(l, r->arrived.called, &found)) {
        l->totals.unknown_n++;
        refuse(l, r->leg_id, 404); /* not a call: nobody is at that number (design §4) */
        return;
    }
    struct line *line = line_new(l, r->leg_id, LINE_CALLER);
    if (!line) {
        refuse(l, r->leg_id, 503);
        return;
    }
    line->directory = found.directory;
    line->entry = found.entry;
    line->flow = found.flow;
    line->is_test = r->arrived.is_test;
    line->is_early = r->arrived.carries_early;
    line->state = CALLER_UNKNOWN;
    keep_number(line, r->arrived.caller);
    l->totals.calls_n++;
    const struct person_port *persons = l->args.persons;
    if (persons && line->e164) {
        line_set_timer(l, line, l->now_at + LINES_PERSON_MS);
        persons->ask(persons->arg, line->leg_id, line->e164);
    } else {
        line_caller_born(l, line, line->e164 ? prng_next(&l->chance) | 1 : 0, NULL);
    }
}

void line_caller_born(struct lines *l, struct line *line, uint64_t person_id,
                      const struct journal_row *row)
{
    uint32_t entry_id = line->entry ? directory_number_of(line->entry->shown) : 0;
    const struct command arrived = {
        .kind = CMD_CALL_ARRIVED,
        .call_arrived = {.leg_node = l->args.node,
                         .leg_id = line->leg_id,
                         .channel = CHANNEL_PHONE,
                         .entry_id = entry_id,
                         .person_id = person_id,
                         .reference = (uint32_t)prng_below(&l->chance, REFERENCES),
                         .is_test = line->is_test}};
    line_set_timer(l, line, MS_NEVER);
    if (line->state == CALLER_UNKNOWN)
        line->state = CALLER_ARRIVED;
    app_arrival(l->args.app, &arrived, row, l->now_at);
}

/* ---- ending ------------------------------------------------------------------------------- */

/* Tells the heart that a call has ended. The line goes with that: a call whose end is lost would
 * stand in its queue for ever. */
static void finish(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    struct line *agent = line_by_leg(l, line->peer_id);
    if (agent && agent->kind == LINE_OFFER && agent->listen.by_id)
        line_listen_over_now(l, agent); /* while the call is known */
    line = line_by_leg(l, leg_id);
    if (!line)
        return;
    struct acd_look_call call;
    bool is_live = acd_look_call_of(l->args.acd, line->call_id, &call);
    const struct command ended = {.kind = CMD_CALL_ENDED,
                                  .call_ended = {.call_id = line->call_id, .by = line->ended_by}};
    bool is_told = line_command(l, &ended) != ACD_REFUSED_FULL;
    line = line_by_leg(l, leg_id);
    if (is_live)
        line_back_by_house(l, line, call.contact_id);
    if (is_told)
        line_drop(l, line);
    else
        line_set_timer(l, line, l->now_at + AGAIN_MS);
}

/* The leg is over. A call that came and went is counted all the same; which one it was is known
 * when it is accepted, so its line waits for that. */
static void part(struct lines *l, struct line *line, enum ended_by by)
{
    bool is_unknown = line->state == CALLER_UNKNOWN;
    bool is_awaited = is_unknown || line->state == CALLER_ARRIVED;
    line_third_over(l, line); /* to whom it was passed on */
    line->state = CALLER_GONE;
    line->ended_by = by;
    line_set_timer(l, line, MS_NEVER);
    if (is_unknown)
        line_caller_born(l, line, line->e164 ? prng_next(&l->chance) | 1 : 0, NULL);
    else if (!is_awaited && !line->call_id)
        line_drop(l, line); /* was turned away: counted by the app */
    else if (!is_awaited && l->is_in_effect)
        line_set_timer(l, line, l->now_at);
    else if (!is_awaited)
        finish(l, line);
}

void line_caller_leave(struct lines *l, struct line *line)
{
    if (line_has_leg(line))
        l->phone.hang_up(l->phone.arg, line->leg_id);
    part(l, line, line->ended_by);
}

void line_caller_let_go(struct lines *l, struct line *line, enum prompt_id last, enum ended_by by)
{
    struct say_list list = {0};
    say_add(&list, last);
    line_caller_take_leave(l, line, &list, by);
}

void line_caller_take_leave(struct lines *l, struct line *line, const struct say_list *words,
                            enum ended_by by)
{
    bool is_up = line->state >= CALLER_MENU && !line->back.is_back; /* we called them: no thanks */
    line->ended_by = by;
    if (is_up)
        line->state = CALLER_LEAVING;
    if (is_up && line_say_whole(l, line, words))
        line_set_timer(l, line, l->now_at + LEAVING_MS_MAX);
    else
        line_caller_leave(l, line);
}

/* ---- effects ------------------------------------------------------------------------------ */

static void on_refused(struct lines *l, struct line *line, const struct effect *e)
{
    if (line->state == CALLER_ARRIVED) { /* not even noted: overload */
        line->is_refused = true;
        line->state = CALLER_ANSWERED;
        l->phone.answer(l->phone.arg, line->leg_id);
    } else if (line->state == CALLER_MENU) {
        line_menu_refused(l, line, e->call_tell_refusal.why);
    }
}

/* Who was passed on and comes back a second time was not taken. */
static void take_word(struct line *line, struct say_list *list)
{
    if (line->word == WORD_PASSED || line->word == WORD_MOVED)
        say_add(list, PROMPT_XFER_START);
    else if (line->word == WORD_FAILED)
        say_add(list, PROMPT_XFER_FAILED);
    else if (line->word == WORD_REGAINED)
        say_add(list, PROMPT_WAIT_REGAINED);
    line->word = line->word == WORD_PASSED ? WORD_FAILED : WORD_NONE;
}

static void on_wait(struct lines *l, struct line *line)
{
    if (line->is_practice) {
        line_practice_wait(l, line);
        return;
    }
    if (line->state == CALLER_PROMISE)
        return; /* somebody did not pick up: they never left the queue, and go on */
    struct say_list list = {0};
    line->state = CALLER_WAITING;
    line->is_held = false;
    line->peer_id = line->offer_id = 0;
    line_set_timer(l, line, MS_NEVER);
    if (line->word != WORD_MOVED) /* then where they stand is told at once, behind that word */
        take_word(line, &list);
    line_third_waits(l, line);
    line_say(l, line, &list, THEN_MUSIC);
}

void line_caller_told(struct lines *l, struct line *line, const struct effect *e)
{
    struct say_list list = {0};
    if (line->word == WORD_MOVED)
        take_word(line, &list);
    words_told(l, line, e, &list);
    if (e->call_tell.what == TOLD_ENTRY || e->call_tell.what == TOLD_RHYTHM)
        line_promise_offer(l, line, e->call_tell.band, &list);
    line_again_words(l, line, &list);
    line_say(l, line, &list, THEN_MUSIC);
    bool is_due = e->call_tell.what == TOLD_RHYTHM && !line->knows_reference &&
                  l->now_at - line->queued_at >= REFERENCE_AFTER_MS;
    line->is_reference_due |= is_due; /* after these words, which it would cut off */
    line->knows_reference |= is_due;
}

static void on_told(struct lines *l, struct line *line, const struct effect *e)
{
    if (line->state == CALLER_WAITING && !line_again_awaits(l, line, e))
        line_caller_told(l, line, e);
}

static void on_noted(struct lines *l, struct line *line)
{
    struct effect told;
    if (line_again_tells(l, line, true, &told))
        line_caller_told(l, line, &told);
}

static void on_reference(struct lines *l, struct line *line, const struct effect *e)
{
    struct say_list list = {0};
    if (line->state == CALLER_PROMISE)
        line_promise_effect(l, line, e);
    if (line->state != CALLER_WAITING || e->kind == EFFECT_CALL_TELL_PROMISE)
        return;
    if (e->kind == EFFECT_CALL_TELL_NO_PROMISE)
        say_add(&list, PROMPT_ERR_NO_PROMISE);
    else
        say_reference(&list, say_reference_of(e->call_tell_reference.reference));
    line_say(l, line, &list, THEN_MUSIC);
}

/* Closed, and nobody is left to answer: the heart has ended the call. Never a bare hang-up. */
static void on_release(struct lines *l, struct line *line)
{
    line->call_id = 0;
    if (line->state != CALLER_LEAVING)
        line_caller_let_go(l, line, PROMPT_WAIT_CLOSING_CANNOT, ENDED_BY_SYSTEM);
}

/* Only what tells which call it was matters to who is gone. */
static void gone_effect(struct lines *l, struct line *line, const struct effect *e)
{
    if (e->kind == EFFECT_CALL_TELL_REFUSAL && !line->call_id) {
        line_drop(l, line);
    } else if (e->kind == EFFECT_CALL_ACCEPT) {
        line->call_id = e->call_accept.call_id;
        line_set_timer(l, line, l->now_at);
    }
}

/* A call that would only hear that we are closed costs nothing, where its operator allows; of all
 * others nothing is asked. */
static void pick_up(struct lines *l, struct line *line)
{
    line->is_early = line->is_early && line_menu_only_closes(l, line) &&
                     l->phone.early(l->phone.arg, line->leg_id);
    if (!line->is_early)
        l->phone.answer(l->phone.arg, line->leg_id);
}

void line_caller_effect(struct lines *l, struct line *line, const struct effect *e)
{
    if (line->state == CALLER_GONE) {
        gone_effect(l, line, e);
        return;
    }
    switch (e->kind) {
    case EFFECT_CALL_ACCEPT:
        if (!LINE_CHECK(l, line, line->state == CALLER_ARRIVED))
            return;
        line->call_id = e->call_accept.call_id;
        line->state = CALLER_ANSWERED;
        if (line->is_practice)
            line_set_timer(l, line, l->now_at);
        else
            pick_up(l, line);
        return;
    case EFFECT_CALL_TELL_REFUSAL:
        on_refused(l, line, e);
        return;
    case EFFECT_CALL_WAIT:
        on_wait(l, line);
        return;
    case EFFECT_CALL_TELL:
        on_told(l, line, e);
        return;
    case EFFECT_CALL_TELL_NOTED:
        on_noted(l, line);
        return;
    case EFFECT_CALL_TELL_REFERENCE:
    case EFFECT_CALL_TELL_PROMISE:
    case EFFECT_CALL_TELL_NO_PROMISE:
        on_reference(l, line, e);
        return;
    case EFFECT_CALL_TELL_UNRECORDED:
        line_record_refused(l, line);
        return;
    case EFFECT_CALL_RELEASE:
        on_release(l, line);
        return;
    default:
        return;
    }
}

/* ---- reports ------------------------------------------------------------------------------ */

static void say_one(struct lines *l, struct line *line, enum prompt_id prompt)
{
    struct say_list list = {0};
    say_add(&list, prompt);
    line_say(l, line, &list, THEN_MUSIC);
}

/* Keys while waiting (voice-script §3); those without a function yet do nothing. */
static void waiting_key(struct lines *l, struct line *line, char key)
{
    struct command ask = {.kind = CMD_CALL_ASK_PLACE, .call_ask_place = {line->call_id}};
    switch (key) {
    case '1':
        if (line_promise_may(l, line))
            line_promise_begin(l, line);
        return;
    case '2':
        line_command(l, &ask);
        return;
    case '3':
        ask = (struct command){.kind = CMD_CALL_ASK_REFERENCE,
                               .call_ask_reference = {.call_id = line->call_id}};
        line->knows_reference = true;
        line->is_reference_due = false;
        line_command(l, &ask);
        return;
    case '5':
        line->has_no_music = !line->has_no_music;
        say_one(l, line, line->has_no_music ? PROMPT_WAIT_MUSIC_OFF : PROMPT_WAIT_MUSIC_ON);
        return;
    case '0':
        say_one(l, line, PROMPT_WAIT_ZERO);
        return;
    case '#':
        say_one(l, line, PROMPT_NOTICE_DATA);
        return;
    default:
        return;
    }
}

/* Who presses a key wants more than the message: the call is answered. */
static void on_key(struct lines *l, struct line *line, char key)
{
    if (line->is_early)
        l->phone.answer(l->phone.arg, line->leg_id);
    line->is_early = false;
    if (line->state == CALLER_MENU)
        line_menu_key(l, line, key);
    else if (line->state == CALLER_WAITING)
        waiting_key(l, line, key);
    else if (line->state == CALLER_PROMISE)
        line_promise_key(l, line, key);
    else if (line->state == CALLER_AGAIN)
        line_again_key(l, line, key);
    else if (line->state == CALLER_NOTICE || line->state == CALLER_TALKING)
        line_record_key(l, line, key);
}

static void ask_reference(struct lines *l, struct line *line)
{
    const struct command ask = {.kind = CMD_CALL_ASK_REFERENCE,
                                .call_ask_reference = {.call_id = line->call_id}};
    bool is_due = line->is_reference_due;
    line->is_reference_due = false;
    if (is_due)
        line_command(l, &ask);
}

static void on_played(struct lines *l, struct line *line, const struct phone_report *r)
{
    if (!line->list || r->list.number != line->list)
        return;
    line->list = 0;
    if (line->state == CALLER_LEAVING)
        line_caller_leave(l, line);
    else if (line->state == CALLER_MENU)
        line_menu_played(l, line, r->list.is_by_key);
    else if (line->state == CALLER_WAITING)
        ask_reference(l, line);
    else if (line->state == CALLER_PROMISE)
        line_promise_played(l, line);
    else if (line->state == CALLER_AGAIN)
        line_again_played(l, line);
    else if (line->state == CALLER_NOTICE)
        line_record_played(l, line);
}

void line_caller_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    const struct command media = {.kind = CMD_OFFER_MEDIA,
                                  .offer_media = {.offer_id = line->offer_id, .side = SIDE_CALLER}};
    if (line->back.is_back) {
        line_back_far_report(l, line, r);
        return;
    }
    switch (r->kind) {
    case PHONE_UP:
        if (line->state == CALLER_ANSWERED)
            line_menu_begin(l, line);
        return;
    case PHONE_KEY:
        on_key(l, line, r->key);
        return;
    case PHONE_PLAYED:
        on_played(l, line, r);
        return;
    case PHONE_COUNTS:
        if (line->state == CALLER_MENU)
            line_menu_counts(line, &r->counts);
        return;
    case PHONE_HEARD:
        if (line->state == CALLER_TALKING)
            line_command(l, &media);
        return;
    case PHONE_ENDED:
        line_promise_hung_up(l, line);
        part(l, line, r->is_fault ? ENDED_BY_FAULT : ENDED_BY_CALLER);
        return;
    default:
        return;
    }
}

void line_caller_timer(struct lines *l, struct line *line)
{
    if (line->state == CALLER_UNKNOWN)
        line_caller_born(l, line, prng_next(&l->chance) | 1, NULL);
    else if (line->is_practice && line->state != CALLER_GONE)
        line_practice_timer(l, line);
    else if (line->state == CALLER_MENU)
        line_menu_timer(l, line);
    else if (line->state == CALLER_TALKING)
        line_talk_still(l, line);
    else if (line->state == CALLER_NOTICE)
        line_record_timer(l, line);
    else if (line->state == CALLER_PROMISE)
        line_promise_timer(l, line);
    else if (line->state == CALLER_AGAIN || line->state == CALLER_WAITING)
        line_again_timer(l, line);
    else if (line->state == CALLER_LEAVING)
        line_caller_leave(l, line);
    else if (line->state == CALLER_GONE)
        finish(l, line);
    else if (line->back.is_back)
        line_back_far_timer(l, line);
}
