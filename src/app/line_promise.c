/* line_promise.c — a caller who waits arranges to be called back (voice-script §5, flow B of §14).
 * Called by line_caller.c, line_offer.c, lines.c. Cost: O(1) a happening.
 * Invariants: the place in the queue is theirs throughout, and an agent who is free has them at
 * once; nothing is said in the past tense before it is on disk; whatever the gate has counted is
 * promised, or given back. */
#include "acd/look.h"
#include "app/line_deeds.h"
#include "directory/number.h"
#include "event/band.h"
#include "say/callback.h"
#include "say/reference.h"
#include "say/value.h"

/* cb.offer, at most (voice-script §5). */
#define OFFERS_MAX 4
#define OFFER_EVERY_MS ((ms_t)4 * 60 * 1000)
/* For a key after a question; between two digits; for a pencil, with a beep each. */
#define ANSWER_MS ((ms_t)8000)
#define DIGIT_MS ((ms_t)12000)
#define BEEP_MS ((ms_t)15000)
#define BEEPS_MAX 4
/* So long for the disk; then nothing was promised (as app.h has it, and a little). */
#define NOTING_MS (APP_PROMISE_MS + (ms_t)1000)
/* After « Vous pouvez raccrocher. » */
#define HANG_UP_MS ((ms_t)10000)
#define SILENCES_MAX 2
#define STARS_MAX 2
#define TRIES_MAX 3
#define FRENCH_DIGITS 10
#define MINUTE_MS ((ms_t)60000)

/* ---- offered ------------------------------------------------------------------------------ */

bool line_promise_may(const struct lines *l, const struct line *line)
{
    return line->state == CALLER_WAITING && !line->is_test && !line->is_practice &&
           !l->is_draining && acd_calls_back(l->args.acd, line->queue_id);
}

/* Nobody is there, or the wait is long already, or will be. */
void line_promise_offer(struct lines *l, struct line *line, enum band band, struct say_list *list)
{
    struct line_promise *p = &line->promise;
    ms_t told_ms = (ms_t)band_minutes(band).from * MINUTE_MS; /* the least that is said */
    bool is_long = l->now_at - line->queued_at + told_ms >= l->args.offer_callback_ms;
    bool is_soon = p->offers_n && l->now_at - p->offered_at < OFFER_EVERY_MS;
    bool is_nobody = list->n && list->ids[0] == PROMPT_NOBODY_UNKNOWN;
    if (!line_promise_may(l, line) || (!is_long && !is_nobody) || is_soon ||
        p->offers_n == OFFERS_MAX)
        return;
    p->offers_n++;
    p->offered_at = l->now_at;
    enum prompt_id last = list->n ? (enum prompt_id)list->ids[list->n - 1] : PROMPT_NONE;
    if (last == PROMPT_WAIT_KEYS_FIRST || last == PROMPT_CLOSED_WAYS)
        list->n--; /* instead of these keys, and before other ways */
    say_add(list, last == PROMPT_WAIT_KEYS_FIRST ? PROMPT_WAIT_KEYS : PROMPT_CB_OFFER);
}

/* ---- words -------------------------------------------------------------------------------- */

static void say(struct lines *l, struct line *line, const struct say_list *list,
                enum promise_step step)
{
    bool is_whole = step == PROMISE_REFERENCE || step == PROMISE_PROOF;
    line->promise.step = step;
    line_set_timer(l, line, MS_NEVER);
    if (is_whole ? !line_say_whole(l, line, list) : !line_say(l, line, list, THEN_SILENCE))
        line_promise_played(l, line); /* there is no such sound */
}

void line_promise_end(struct line *line)
{
    line->promise.e164 = 0;
    line->promise.step = PROMISE_NONE;
    line->promise.is_made = false;
    line->promise.slots = (struct line_slots){0};
}

/* Back to the music: the place was never left. Who has none is told goodbye. */
static void back_to_queue(struct lines *l, struct line *line, enum prompt_id word)
{
    struct say_list list = {0};
    bool is_at_door = line->promise.is_at_door;
    line_promise_end(line);
    if (is_at_door) {
        if (word == PROMPT_CB_OPEN)
            say_add(&list, word);
        say_add(&list, word == PROMPT_ERR_NO_PROMISE ? PROMPT_ERR_SYSTEM : PROMPT_CLOSED_BYE);
        line_caller_take_leave(l, line, &list, ENDED_BY_SYSTEM);
        return;
    }
    line->state = CALLER_WAITING;
    line_set_timer(l, line, MS_NEVER);
    if (word != PROMPT_NONE)
        say_add(&list, word);
    if (word == PROMPT_CB_OPEN)
        say_add(&list, PROMPT_WAIT_ZERO); /* in the queue: they will speak to somebody */
    line_say(l, line, &list, THEN_MUSIC);
}

static void ask_number(struct lines *l, struct line *line, enum say_pace pace)
{
    struct say_list list = {0};
    char number[DIRECTORY_NUMBER_BYTES];
    bool is_number = say_callback_number(&list, line_number_text(number, line->e164), pace);
    assert(is_number); /* line_e164() has read it */
    say(l, line, &list, PROMISE_NUMBER);
}

static void ask_digits(struct lines *l, struct line *line, enum prompt_id first)
{
    struct say_list list = {0};
    line->typed_n = 0;
    if (first != PROMPT_NONE)
        say_add(&list, first);
    say_add(&list, PROMPT_CB_NUMBER_ENTER);
    say(l, line, &list, PROMISE_TYPED);
}

static void begin(struct lines *l, struct line *line, uint32_t queue_id, bool is_at_door)
{
    const struct line_promise was = line->promise;
    line->state = CALLER_PROMISE;
    line->promise = (struct line_promise){.offered_at = was.offered_at,
                                          .offers_n = was.offers_n,
                                          .is_closing = was.is_closing,
                                          .is_at_door = is_at_door,
                                          .queue_id = queue_id};
    if (line->e164)
        ask_number(l, line, SAY_PAIRS);
    else
        ask_digits(l, line, PROMPT_CB_NUMBER_HIDDEN);
}

void line_promise_begin(struct lines *l, struct line *line)
{
    begin(l, line, line->queue_id, false);
}

void line_promise_begin_at_door(struct lines *l, struct line *line, uint32_t queue_id)
{
    begin(l, line, queue_id, true);
}

/* ---- the number --------------------------------------------------------------------------- */

static bool is_shared(const struct line *line, uint64_t e164)
{
    return directory_is_shared(line->directory, e164);
}

static struct gate_call wish_of(const struct line *line, uint64_t e164)
{
    return (struct gate_call){.kind = GATE_WISH, .e164 = e164, .is_shared = is_shared(line, e164)};
}

/* Another number may do; a cap of ours, no number helps. */
static bool is_about_number(enum gate_verdict verdict)
{
    return !gate_is_cap(verdict) && verdict != GATE_REFUSED_UNNOTED &&
           verdict != GATE_REFUSED_HOURS && verdict != GATE_REFUSED_NEVER_LOST;
}

/* Their own line hears that a call is promised already; of another one nobody is told. */
static void refused(struct lines *l, struct line *line, uint64_t e164, enum gate_verdict verdict)
{
    bool is_theirs = e164 == line->e164 && !is_shared(line, e164);
    if (verdict == GATE_REFUSED_OPEN && is_theirs)
        back_to_queue(l, line, PROMPT_CB_OPEN);
    else if (verdict == GATE_REFUSED_UNNOTED || verdict == GATE_REFUSED_NEVER_LOST)
        back_to_queue(l, line, PROMPT_ERR_NO_PROMISE);
    else if (!is_about_number(verdict) || ++line->promise.tries_n == TRIES_MAX)
        back_to_queue(l, line, PROMPT_CB_NUMBER_STUCK);
    else
        ask_digits(l, line, PROMPT_CB_NUMBER_REFUSED);
}

static void ask_pencil(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    line->promise.silences_n = 0;
    say_add(&list, PROMPT_CB_NOTE);
    say(l, line, &list, PROMISE_PENCIL);
}

/* Two half hours, or two others. */
static void ask_slot(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    if (line_slots_page(l, line, &list))
        say(l, line, &list, PROMISE_SLOTS);
    else
        back_to_queue(l, line, PROMPT_CB_SLOTS_NONE);
}

/* Nobody has heard that none of them is free any more: they hear others. */
static void take_slot(struct lines *l, struct line *line, char key)
{
    if (key == '3') {
        ask_slot(l, line);
    } else if (line_slots_choose(l, line, key)) {
        ask_pencil(l, line);
    } else if (key == '1' || key == '2') {
        line->promise.slots = (struct line_slots){0};
        ask_slot(l, line);
    }
}

/* Who waits may be called as soon as possible, or at a time; who came too late only at a time; who
 * waited until closing when we open, in their order. */
static void ask_when(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    line->promise.silences_n = 0;
    if (line->promise.is_at_door) {
        ask_slot(l, line);
    } else if (line->promise.is_closing || !line_slots_any(l, line, line->promise.queue_id)) {
        ask_pencil(l, line);
    } else {
        say_add(&list, PROMPT_CB_WHEN);
        say(l, line, &list, PROMISE_WHEN);
    }
}

/* Would the gate let us? Nothing is counted before it is promised: no crash leaves a wish that is
 * nobody's. */
static void choose(struct lines *l, struct line *line, uint64_t e164)
{
    struct gate_call call = wish_of(line, e164);
    enum gate_verdict verdict = line_gate_ask(l, &call);
    if (verdict != GATE_PASSES) {
        refused(l, line, e164, verdict);
        return;
    }
    line_gate_back(l, &call);
    line->promise.e164 = e164;
    ask_when(l, line);
}

/* What was keyed in; nothing of it is salvaged. */
static void take_digits(struct lines *l, struct line *line)
{
    uint64_t e164 = 0;
    enum gate_verdict verdict = gate_read(&e164, (struct text){line->typed, line->typed_n});
    if (line->typed_n < FRENCH_DIGITS && ++line->promise.tries_n < TRIES_MAX)
        ask_digits(l, line, PROMPT_CB_NUMBER_COUNT);
    else if (line->typed_n < FRENCH_DIGITS)
        back_to_queue(l, line, PROMPT_CB_NUMBER_STUCK);
    else if (verdict != GATE_PASSES)
        refused(l, line, e164, verdict);
    else
        choose(l, line, e164);
}

static void type(struct lines *l, struct line *line, char key)
{
    if (key == '#') {
        take_digits(l, line);
        return;
    }
    if (line->typed_n < LINE_TYPED_MAX)
        line->typed[line->typed_n++] = key;
    line_set_timer(l, line, l->now_at + DIGIT_MS);
    bool is_whole = line->typed_n == FRENCH_DIGITS && line->typed[0] == '0' &&
                    line->typed[1] != '0'; /* 00 33 … is longer, and ends by # */
    if (is_whole || line->typed_n == LINE_TYPED_MAX)
        take_digits(l, line);
}

/* ---- the promise -------------------------------------------------------------------------- */

static struct slot slot_of(const struct lines *l, const struct line *line,
                           const struct acd_look_call *call)
{
    const struct line_promise *p = &line->promise;
    return (struct slot){.contact_id = call->contact_id,
                         .person_id = call->person_id,
                         .e164 = p->e164,
                         .shown_e164 = line_back_shown(l, line, is_shared(line, p->e164)),
                         .needs = line_menu_needs(line),
                         .from_at = p->slots.from_at,
                         .until_at = p->slots.until_at,
                         .queue_id = p->queue_id,
                         .reference = call->reference,
                         .entry_id = line->entry ? directory_number_of(line->entry->shown) : 0,
                         .is_discreet = is_shared(line, p->e164),
                         .is_promised = !p->is_at_door};
}

/* The number is with the writer before the promise is: what is committed can be kept. */
static bool make(struct lines *l, struct line *line)
{
    struct acd_look_call call;
    uint64_t leg_id = line->leg_id;
    struct gate_call asked = wish_of(line, line->promise.e164);
    if (!acd_look_call_of(l->args.acd, line->call_id, &call) || !app_has_room(l->args.app) ||
        line_gate_ask(l, &asked) != GATE_PASSES)
        return false;
    const struct slot slot = slot_of(l, line, &call);
    if (line->promise.is_at_door) {
        bool is_sold = line_slots_sell(l, line, &slot);
        if (!is_sold)
            line_gate_back(l, &asked);
        return is_sold;
    }
    bool is_slot = slot.from_at && !line->promise.is_closing;
    const struct wish wish = {.contact_id = call.contact_id,
                              .person_id = call.person_id,
                              .e164 = line->promise.e164,
                              .shown_e164 = slot.shown_e164,
                              .is_gated = true};
    const struct command promise = {
        .kind = CMD_CALLBACK_PROMISE,
        .callback_promise = {.call_id = line->call_id,
                             .not_before_at = is_slot ? l->now_at + slot.from_at - l->wall_at : 0,
                             .is_discreet = slot.is_discreet}};
    if (!line_back_keep(l, &wish)) {
        line_gate_back(l, &asked);
        return false;
    }
    line->promise.is_made = true; /* a disk that is down says so within the command: unmake() */
    enum acd_verdict v = line_command(l, &promise);
    line = line_by_leg(l, leg_id);
    bool is_unmade = line && !line->promise.is_made;
    if (acd_is_taken(v) && is_slot && !is_unmade)
        line_slots_keep(l, &slot); /* without the row it is one more of that half hour, and kept */
    if (acd_is_taken(v))
        return true;
    if (line)
        line->promise.is_made = false;
    line_back_forget(l, wish.contact_id);
    return false;
}

/* It was decided, and could not be noted: as if it had not been. */
static void unmake(struct lines *l, struct line *line)
{
    struct acd_look_call call;
    const struct command withdraw = {.kind = CMD_CALLBACK_WITHDRAW,
                                     .callback_withdraw = {.call_id = line->call_id}};
    if (!line->promise.is_made)
        return;
    bool is_known = acd_look_call_of(l->args.acd, line->call_id, &call);
    if (line->promise.is_at_door) {
        if (is_known)
            line_slots_cancel(l, call.contact_id, CANCELLED_BY_HOUSE);
        return;
    }
    if (is_known)
        line_back_forget(l, call.contact_id);
    line_command_later(l, &withdraw);
}

/* An agent has just been rung for them: soon they speak, and nothing has to be noted. */
static void note(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    line->promise.step = PROMISE_NOTING;
    if (line->promise.is_closing)
        line_slots_after_closing(l, line);
    bool is_made = make(l, line);
    line = line_by_leg(l, leg_id);
    if (!line || line->state != CALLER_PROMISE)
        return;
    struct acd_look_call call;
    bool is_offered = acd_look_call_of(l->args.acd, line->call_id, &call) && call.offer_id;
    if (is_made)
        line_set_timer(l, line, l->now_at + NOTING_MS);
    else
        back_to_queue(l, line, is_offered ? PROMPT_NONE : PROMPT_ERR_NO_PROMISE);
}

void line_promise_hung_up(struct lines *l, struct line *line)
{
    bool is_chosen = line->state == CALLER_PROMISE && line->promise.e164 &&
                     (!line->promise.is_at_door || line->promise.slots.from_at);
    if (line->state == CALLER_PROMISE)
        line->state = CALLER_GONE; /* nothing is said to them any more */
    if (is_chosen && !line->promise.is_made)
        make(l, line); /* if it cannot be, the call is one that was given up */
}

/* ---- the steps ---------------------------------------------------------------------------- */

static void ask_reference(struct lines *l, struct line *line)
{
    const struct command ask = {.kind = CMD_CALL_ASK_REFERENCE,
                                .call_ask_reference = {.call_id = line->call_id}};
    uint64_t leg_id = line->leg_id;
    line->promise.step = PROMISE_REFERENCE;
    line->list = 0;
    line_set_timer(l, line, l->now_at + NOTING_MS);
    enum acd_verdict v = line_command(l, &ask);
    line = line_by_leg(l, leg_id);
    if (line && line->state == CALLER_PROMISE && !acd_is_taken(v))
        back_to_queue(l, line, PROMPT_ERR_NO_PROMISE);
}

static void say_proof(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    say_add(&list, PROMPT_CB_PROOF);
    say(l, line, &list, PROMISE_PROOF);
}

static void ask_again(struct lines *l, struct line *line)
{
    struct line_slots *s = &line->promise.slots;
    if (line->promise.step == PROMISE_NUMBER) {
        ask_number(l, line, SAY_PAIRS);
    } else if (line->promise.step == PROMISE_WHEN) {
        uint8_t silences_n = line->promise.silences_n;
        ask_when(l, line);
        line->promise.silences_n = silences_n;
    } else if (line->promise.step == PROMISE_SLOTS) {
        s->nth = (uint8_t)(s->nth - s->page_n); /* the same two */
        ask_slot(l, line);
    } else {
        ask_digits(l, line, PROMPT_NONE);
    }
}

static void silence(struct lines *l, struct line *line)
{
    bool is_last = ++line->promise.silences_n == SILENCES_MAX;
    if (is_last)
        back_to_queue(l, line, PROMPT_NONE);
    else
        ask_again(l, line);
}

static void beep(struct lines *l, struct line *line)
{
    if (line->promise.silences_n++ == BEEPS_MAX) {
        ask_reference(l, line);
        return;
    }
    struct say_list list = {0};
    say_add(&list, PROMPT_TONE_CONNECT);
    line_say(l, line, &list, THEN_SILENCE);
    line_set_timer(l, line, l->now_at + BEEP_MS);
}

void line_promise_played(struct lines *l, struct line *line)
{
    switch (line->promise.step) {
    case PROMISE_NUMBER:
    case PROMISE_WHEN:
    case PROMISE_SLOTS:
        line_set_timer(l, line, l->now_at + ANSWER_MS);
        return;
    case PROMISE_TYPED:
        line_set_timer(l, line, l->now_at + DIGIT_MS);
        return;
    case PROMISE_PENCIL:
        line_set_timer(l, line, l->now_at + BEEP_MS);
        return;
    case PROMISE_REFERENCE:
        say_proof(l, line);
        return;
    case PROMISE_PROOF:
        note(l, line);
        return;
    case PROMISE_DONE:
        line_set_timer(l, line, l->now_at + HANG_UP_MS);
        return;
    case PROMISE_NONE:
    case PROMISE_NOTING:
        return;
    }
}

void line_promise_timer(struct lines *l, struct line *line)
{
    switch (line->promise.step) {
    case PROMISE_NUMBER:
    case PROMISE_WHEN:
    case PROMISE_SLOTS:
        silence(l, line);
        return;
    case PROMISE_TYPED:
        if (line->typed_n)
            take_digits(l, line);
        else
            silence(l, line);
        return;
    case PROMISE_PENCIL:
        beep(l, line);
        return;
    case PROMISE_REFERENCE: /* the disk does not say that it has it */
    case PROMISE_NOTING:
        unmake(l, line);
        back_to_queue(l, line, PROMPT_ERR_NO_PROMISE);
        return;
    case PROMISE_DONE:
        line->ended_by = ENDED_BY_SYSTEM;
        line_caller_leave(l, line);
        return;
    case PROMISE_NONE:
    case PROMISE_PROOF:
        return;
    }
}

/* Twice: back to the queue. Once: from the beginning of this step. */
static void star(struct lines *l, struct line *line)
{
    if (++line->promise.stars_n == STARS_MAX && line->promise.step < PROMISE_NOTING)
        back_to_queue(l, line, PROMPT_NONE);
    else if (line->promise.step == PROMISE_NUMBER)
        ask_number(l, line, SAY_DIGITS);
    else if (line->promise.step >= PROMISE_TYPED && line->promise.step <= PROMISE_SLOTS)
        ask_again(l, line);
    else if (line->promise.step == PROMISE_REFERENCE || line->promise.step == PROMISE_PROOF)
        ask_reference(l, line);
}

void line_promise_key(struct lines *l, struct line *line, char key)
{
    if (key == '*') {
        star(l, line);
        return;
    }
    line->promise.stars_n = 0;
    if (line->promise.step == PROMISE_NUMBER && key == '1')
        choose(l, line, line->e164);
    else if (line->promise.step == PROMISE_NUMBER && key == '2')
        ask_digits(l, line, PROMPT_NONE);
    else if (line->promise.step == PROMISE_TYPED)
        type(l, line, key);
    else if (line->promise.step == PROMISE_WHEN && key == '1')
        ask_pencil(l, line);
    else if ((line->promise.step == PROMISE_WHEN && key == '2'))
        ask_slot(l, line);
    else if (line->promise.step == PROMISE_SLOTS)
        take_slot(l, line, key);
    else if (line->promise.step == PROMISE_PENCIL && key == '1')
        ask_reference(l, line);
}

/* ---- what the disk says ------------------------------------------------------------------- */

void line_promise_effect(struct lines *l, struct line *line, const struct effect *e)
{
    struct say_list list = {0};
    if (e->kind == EFFECT_CALL_TELL_PROMISE) {
        if (line->promise.step == PROMISE_NOTING)
            line_promise_say_done(l, line);
    } else if (e->kind == EFFECT_CALL_TELL_REFERENCE) {
        say_callback_reference(&list, say_reference_of(e->call_tell_reference.reference));
        if (line->promise.step == PROMISE_REFERENCE)
            say(l, line, &list, PROMISE_REFERENCE);
    } else if (e->kind == EFFECT_CALL_TELL_NO_PROMISE) {
        unmake(l, line);
        back_to_queue(l, line, PROMPT_ERR_NO_PROMISE);
    }
}
