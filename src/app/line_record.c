/* line_record.c — see line_record.h; voice-script §1 (notice.record, notice.listen), §6 (rec.on,
 * rec.off), §11. Called by line_menu.c, line_caller.c, line_offer.c, lines.c. Cost: O(1) a
 * happening. Invariant: nothing is recorded of whom the notice was not said whole, with its
 * silence, or who pressed 7; that this was noted is said when it is. */
#include "app/line_deeds.h"

/* After the notice, to find the key (voice-script §1). */
#define NOTICE_SILENCE_MS ((ms_t)3000)
/* Longer than a sentence takes to begin: a caller does not hang on a sound that never ends. */
#define NOTICE_LATE_MS ((ms_t)2000)
/* So long for the disk; then on without a word, and without a recording. */
#define NOTICE_STORE_MS ((ms_t)2000)
#define PPM_ONE 1000000u

enum record_wish { RECORD_UNASKED, RECORD_AGREED, RECORD_REFUSED };
/* What a caller is told of, as bits. */
enum record_notice { NOTICE_OF_RECORDING = 1, NOTICE_OF_LISTENING = 2 };
enum record_step { NOTICE_SAID, NOTICE_SILENCE, NOTICE_STORED, NOTICE_ANSWERED };

/* Drawn once for each queue that a caller is sent to, until one of them has it. */
static bool is_drawn(struct lines *l, const struct directory_service *s)
{
    uint32_t ppm = l->args.record ? s->recording_ppm : 0;
    return ppm && prng_below(&l->chance, PPM_ONE) < ppm;
}

/* Of what this queue's callers must be told, and this one was not yet. */
static uint8_t notices_of(struct lines *l, const struct line *line, uint32_t queue_id)
{
    uint32_t i = directory_service_find(line->directory, queue_id);
    if (i == DIRECTORY_NONE)
        return 0;
    const struct directory_service *s = &line->directory->services[i];
    bool may_record = !(line->record.told & NOTICE_OF_RECORDING) && is_drawn(l, s);
    bool may_listen = !(line->record.told & NOTICE_OF_LISTENING) && s->is_listened;
    return (uint8_t)((may_record ? NOTICE_OF_RECORDING : 0) |
                     (may_listen ? NOTICE_OF_LISTENING : 0));
}

/* False: there is no such sound. */
static bool say(struct lines *l, struct line *line, const struct say_list *list)
{
    ms_t max_ms = NOTICE_LATE_MS;
    for (unsigned i = 0; i < list->n; i++)
        max_ms += (ms_t)prompt_rows[list->ids[i]].max_ms;
    line_set_timer(l, line, l->now_at + max_ms);
    return line_say_whole(l, line, list);
}

static bool say_notices(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    if (line->record.asked & NOTICE_OF_RECORDING)
        say_add(&list, PROMPT_NOTICE_RECORD);
    if (line->record.asked & NOTICE_OF_LISTENING)
        say_add(&list, PROMPT_NOTICE_LISTEN);
    return say(l, line, &list);
}

static void go_on(struct lines *l, struct line *line)
{
    const struct ivr_ask ask = {
        .what = IVR_DO_QUEUE, .queue_id = line->record.queue_id, .agent_id = line->record.agent_id};
    line->state = CALLER_MENU;
    line_set_timer(l, line, MS_NEVER);
    line_menu_queue(l, line, &ask);
}

bool line_record_asks(struct lines *l, struct line *line, const struct ivr_ask *ask)
{
    bool may_be = !line->is_test && line->record.wish != RECORD_REFUSED;
    line->record.asked = may_be ? notices_of(l, line, ask->queue_id) : 0;
    if (!line->record.asked)
        return false;
    line->record.queue_id = ask->queue_id;
    line->record.agent_id = ask->agent_id;
    line->record.step = NOTICE_SAID;
    line->state = CALLER_NOTICE;
    if (say_notices(l, line))
        return true;
    line->state = CALLER_MENU; /* who cannot be told is not recorded, nor listened to */
    line_set_timer(l, line, MS_NEVER);
    return false;
}

void line_record_played(struct lines *l, struct line *line)
{
    if (line->record.step == NOTICE_ANSWERED) {
        go_on(l, line);
    } else if (line->record.step == NOTICE_SAID) {
        line->record.step = NOTICE_SILENCE;
        line_set_timer(l, line, l->now_at + NOTICE_SILENCE_MS);
    }
}

/* A notice that never ended was not heard: nothing is recorded. */
void line_record_timer(struct lines *l, struct line *line)
{
    if (line->record.step == NOTICE_SILENCE) {
        line->record.wish = RECORD_AGREED;
        line->record.told |= line->record.asked;
    }
    go_on(l, line);
}

static void refuse(struct lines *l, struct line *line)
{
    const struct command refuse = {.kind = CMD_CALL_REFUSE_RECORDING,
                                   .call_refuse_recording = {.call_id = line->call_id}};
    line->record.wish = RECORD_REFUSED;
    line->record.step = NOTICE_STORED;
    line_set_timer(l, line, l->now_at + NOTICE_STORE_MS);
    line_command(l, &refuse);
}

void line_record_key(struct lines *l, struct line *line, char key)
{
    bool may_refuse = line->state == CALLER_NOTICE && line->record.step <= NOTICE_SILENCE;
    const struct line *agent = line->state == CALLER_TALKING ? line_by_leg(l, line->peer_id) : NULL;
    if (may_refuse && key == '7')
        refuse(l, line);
    else if (agent && agent->record.number)
        l->args.record->key(l->args.record->arg, agent->record.number);
}

void line_record_refused(struct lines *l, struct line *line)
{
    if (line->state != CALLER_NOTICE || line->record.step != NOTICE_STORED)
        return; /* the disk was too slow for that */
    struct say_list list = {0};
    say_add(&list, PROMPT_NOTICE_REFUSED);
    line->record.step = NOTICE_ANSWERED;
    if (!say(l, line, &list))
        line_set_timer(l, line, l->now_at);
}

bool line_record_may_listen(const struct line *caller)
{
    return caller->record.wish == RECORD_AGREED && caller->record.told & NOTICE_OF_LISTENING;
}

/* ---- the conversation --------------------------------------------------------------------- */

static void tap(struct lines *l, const struct line *agent, uint32_t number)
{
    const struct media_tap caller = {number, TAP_CALLER}, own = {number, TAP_AGENT};
    l->phone.tap(l->phone.arg, agent->record.caller_id, caller);
    l->phone.tap(l->phone.arg, agent->leg_id, own);
}

bool line_record_begin(struct lines *l, struct line *agent, struct line *caller)
{
    const struct record_port *record = l->args.record;
    const struct record_begin begin = {.id = agent->offer_id,
                                       .call_id = caller->call_id,
                                       .queue_id = caller->queue_id,
                                       .agent_id = agent->agent_id};
    bool agrees = caller->record.wish == RECORD_AGREED && caller->record.told & NOTICE_OF_RECORDING;
    if (!record || !agrees)
        return false;
    agent->record.is_paused = false;
    agent->record.caller_id = caller->leg_id;
    agent->record.number = record->begin(record->arg, &begin);
    if (agent->record.number)
        tap(l, agent, agent->record.number);
    return agent->record.number != 0;
}

static void pause(struct lines *l, const struct line *agent, bool is_held)
{
    const struct record_port *record = l->args.record;
    record->pause(record->arg, agent->record.number, is_held || agent->record.is_paused);
}

void line_record_hold(struct lines *l, const struct line *caller, bool is_held)
{
    const struct line *agent = line_by_leg(l, caller->peer_id);
    if (agent && agent->record.number)
        pause(l, agent, is_held);
}

/* With a third one in the conversation, or aside, nobody is interrupted by words about it. */
static void tell(struct lines *l, struct line *agent, enum prompt_id word)
{
    struct line *caller = line_caller_of(l, agent->record.caller_id);
    struct say_list list = {0};
    if (!caller || caller->is_held || agent->talk != TALK_PLAIN)
        return;
    say_add(&list, word);
    line_listen_hear(l, agent, &(struct line_words){.agent = &list, .caller = &list});
}

bool line_record_toggle(struct lines *l, struct line *agent)
{
    const struct line *caller = line_caller_of(l, agent->record.caller_id);
    if (!agent->record.number || !caller)
        return false;
    agent->record.is_paused = !agent->record.is_paused;
    pause(l, agent, caller->is_held);
    tell(l, agent, agent->record.is_paused ? PROMPT_REC_OFF : PROMPT_REC_ON);
    return true;
}

void line_record_end(struct lines *l, struct line *line)
{
    const struct record_port *record = l->args.record;
    uint32_t number = line->record.number;
    if (!number)
        return;
    line->record.number = 0;
    tap(l, line, 0);
    record->end(record->arg, number);
}

/* Cost: a walk over the lines for each; the disk does not refuse often. */
static struct line *recorded_as(struct lines *l, uint32_t number)
{
    for (uint32_t i = 0; i < l->used; i++)
        if (l->lines[i].leg_id && l->lines[i].record.number == number)
            return &l->lines[i];
    return NULL;
}

void lines_recordings(struct lines *l)
{
    const struct record_port *record = l->args.record;
    uint32_t number;
    while (record && record->next_lost(record->arg, &number)) {
        struct line *agent = recorded_as(l, number);
        if (!agent)
            continue; /* has ended meanwhile */
        line_record_end(l, agent);
        tell(l, agent, PROMPT_REC_OFF);
    }
}
