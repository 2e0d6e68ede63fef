/* lines.c — the lines of this house: finding one, its timer, what it hears; and who is told what
 * happened. The deeds are in line_caller.c, line_offer.c and line_keys.c.
 * Called by main.c, by the app (effects) and by the telephone (reports). Cost: O(1) a happening.
 * Invariant: no command is given inside an effect, for the app is then in the middle of one: it
 * waits in `later` until the turn's end. */
#include <string.h>

#include "app/effects.h"
#include "app/line_practice.h"
#include "app/line_talk.h"
#include "app/line_unwanted.h"

static void lay_out(struct lines *l, struct arena *arena, uint32_t lines_max)
{
    l->lines = arena_take(arena, lines_max, sizeof(*l->lines));
    l->later = arena_take(arena, LATER_PER_LINE * (size_t)lines_max, sizeof(*l->later));
    rows_due_open(&l->kept, arena, lines_max);
    map_open(&l->legs, arena, lines_max);
    map_open(&l->offers, arena, lines_max);
    heap_open(&l->timers, arena, lines_max);
    wishes_open(&l->wishes, arena);
    slots_open(&l->slots, arena);
    places_open(&l->places, arena, PLACES_MAX);
}

size_t lines_bytes(uint32_t lines_max)
{
    struct arena arena = {0};
    struct lines probe;
    arena_take(&arena, 1, sizeof(struct lines));
    lay_out(&probe, &arena, lines_max);
    return arena.used;
}

struct lines *lines_open(void *memory, const struct lines_args *args)
{
    struct arena arena = {.base = memory, .size = lines_bytes(args->lines_max), .is_zeroed = true};
    struct lines *l = arena_take(&arena, 1, sizeof(*l));
    lay_out(l, &arena, args->lines_max);
    l->args = *args;
    l->phone = *args->phone;
    l->free = SLOT_NONE;
    prng_seed(&l->chance, args->seed);
    l->missed_at = MS_NEVER;
    return l;
}

void lines_follow(struct lines *l, const struct lines_args *args)
{
    l->args.directory = args->directory;
    l->args.flows = args->flows;
    l->args.flows_n = args->flows_n;
    l->args.codes = args->codes;
    l->args.codes_n = args->codes_n;
    l->args.short_codes = args->short_codes;
    l->args.language_ms = args->language_ms;
    l->args.offer_callback_ms = args->offer_callback_ms;
    l->args.slots_max = args->slots_max;
    l->args.automatic_e164 = args->automatic_e164;
}

uint32_t lines_followers_n(const struct lines *l, const struct directory *directory)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->used; i++)
        n += l->lines[i].leg_id && l->lines[i].directory == directory;
    return n;
}

void lines_time(struct lines *l, ms_t now_at, ms_t wall_at)
{
    l->now_at = now_at;
    l->wall_at = wall_at;
}

/* ---- the pool ----------------------------------------------------------------------------- */

static uint32_t slot_of(const struct lines *l, const struct line *line)
{
    return (uint32_t)(line - l->lines);
}

static struct line *at(struct lines *l, uint32_t slot)
{
    if (slot == SLOT_NONE)
        return NULL;
    line_touch(l, slot);
    return &l->lines[slot];
}

struct line *line_by_leg(struct lines *l, uint64_t leg_id)
{
    return at(l, leg_id ? map_get(&l->legs, leg_id) : SLOT_NONE);
}

struct line *line_caller_of(struct lines *l, uint64_t leg_id)
{
    struct line *line = line_by_leg(l, leg_id);
    return line && line->kind == LINE_CALLER && line->state != CALLER_GONE ? line : NULL;
}

struct line *line_by_offer(struct lines *l, uint64_t offer_id)
{
    return at(l, offer_id ? map_get(&l->offers, offer_id) : SLOT_NONE);
}

struct line *line_new(struct lines *l, uint64_t leg_id, enum line_kind kind)
{
    if (l->n == l->args.lines_max)
        return NULL;
    uint32_t slot = l->free;
    if (slot != SLOT_NONE)
        l->free = l->lines[slot].next_free;
    else
        slot = l->used++;
    l->lines[slot] = (struct line){.leg_id = leg_id, .kind = kind};
    map_put(&l->legs, leg_id, slot);
    l->keys_n += kind == LINE_KEYS;
    l->thirds_n += kind == LINE_THIRD || kind == LINE_LISTEN;
    l->outs_n += kind == LINE_OUT;
    l->n++;
    line_touch(l, slot);
    return &l->lines[slot];
}

void line_set_offer(struct lines *l, struct line *line, uint64_t offer_id)
{
    line->offer_id = offer_id;
    map_put(&l->offers, offer_id, slot_of(l, line));
}

void line_drop(struct lines *l, struct line *line)
{
    uint32_t slot = slot_of(l, line);
    line_touch(l, slot);
    line_record_end(l, line);
    line_listen_over(l, line);
    line_third_over(l, line);
    line_back_over(l, line);
    if (!line_has_leg(line))
        line_practice_over(l, line);
    heap_remove(&l->timers, slot);
    map_remove(&l->legs, line->leg_id);
    if (line->kind == LINE_OFFER && map_get(&l->offers, line->offer_id) == slot)
        map_remove(&l->offers, line->offer_id);
    l->wrap_ups_n -= line->kind == LINE_OFFER && line->state == OFFER_WRAP_UP;
    l->keys_n -= line->kind == LINE_KEYS;
    l->thirds_n -= line->kind == LINE_THIRD || line->kind == LINE_LISTEN;
    l->outs_n -= line->kind == LINE_OUT;
    l->unwanted_n -=
        line->kind == LINE_CALLER && (line->state == CALLER_UNWANTED || line->back.never_id);
    memset(line, 0, sizeof(*line)); /* a number was in it */
    line->next_free = l->free;
    l->free = slot;
    l->n--;
}

void line_hang_up(struct lines *l, struct line *line)
{
    uint64_t leg_id = line_has_leg(line) ? line->leg_id : 0;
    line_drop(l, line);
    if (leg_id)
        l->phone.hang_up(l->phone.arg, leg_id);
}

void line_set_timer(struct lines *l, struct line *line, ms_t when_at)
{
    heap_set(&l->timers, slot_of(l, line), when_at, 0);
}

const struct directory_agent *line_agent(const struct lines *l, uint32_t agent_id)
{
    uint32_t i = directory_agent_find(l->args.directory, agent_id);
    return i == DIRECTORY_NONE ? NULL : &l->args.directory->agents[i];
}

/* ---- commands ----------------------------------------------------------------------------- */

enum acd_verdict line_command(struct lines *l, const struct command *cmd)
{
    assert(!l->is_in_effect);
    return app_command(l->args.app, cmd, l->now_at);
}

void line_command_later(struct lines *l, const struct command *cmd)
{
    uint32_t max = LATER_PER_LINE * l->args.lines_max;
    /* When the journal has held many commands back, one caller may be offered many times in a turn;
     * one that finds no room is left out, for the heart's own timer ends that offer. */
    bool is_timed = cmd->kind == CMD_OFFER_DECLINE || cmd->kind == CMD_OFFER_ADVANCE ||
                    cmd->kind == CMD_CALLBACK_RESULT;
    if (is_timed && l->later_n >= max / 2)
        return;
    assert(l->later_n < max); /* the others are about a line, once */
    l->later[(l->later_first + l->later_n++) % max] = *cmd;
}

static void do_later(struct lines *l)
{
    uint32_t max = LATER_PER_LINE * l->args.lines_max;
    while (l->later_n) {
        struct command cmd = l->later[l->later_first];
        l->later_first = (l->later_first + 1) % max;
        l->later_n--;
        line_command(l, &cmd);
    }
}

/* ---- sounds ------------------------------------------------------------------------------- */

static uint16_t sound_of(const struct lines *l, enum prompt_lang lang, unsigned prompt)
{
    const struct lines_sounds *s = l->args.sounds;
    uint16_t id = s->ids[lang][prompt];
    for (unsigned other = 0; other < PROMPT_LANGS && id == MEDIA_PROMPT_NONE; other++)
        id = s->ids[other][prompt];
    return id;
}

static void add_sounds(const struct lines *l, const struct line *line, const struct say_list *list,
                       struct phone_sound *sound)
{
    for (unsigned i = 0; list && i < list->n && sound->n < MEDIA_LIST_MAX; i++) {
        uint16_t id = sound_of(l, line->lang, list->ids[i]);
        if (id != MEDIA_PROMPT_NONE)
            sound->ids[sound->n++] = id;
    }
}

static void add_music(const struct lines *l, const struct line *line, struct phone_sound *sound)
{
    sound->loop_id =
        line->has_no_music ? l->args.sounds->beep : sound_of(l, line->lang, PROMPT_MUSIC_WAIT);
    sound->then = sound->loop_id == MEDIA_PROMPT_NONE ? MEDIA_SILENCE : MEDIA_LOOP;
}

static bool say(struct lines *l, struct line *line, struct phone_sound *sound)
{
    uint32_t number = line_has_leg(line) ? l->phone.sound(l->phone.arg, line->leg_id, sound) : 0;
    line->list = sound->n ? number : 0;
    return line->list != 0;
}

bool line_say(struct lines *l, struct line *line, const struct say_list *list, enum line_then then)
{
    struct phone_sound sound = {.then = MEDIA_SILENCE, .stops_on_key = true};
    if (then == THEN_BRIDGE)
        return line_hear(l, line, list, line->peer_id);
    add_sounds(l, line, list, &sound);
    if (then == THEN_MUSIC)
        add_music(l, line, &sound);
    sound.wants_voice = then == THEN_LISTEN;
    if (then == THEN_ECHO)
        sound.then = MEDIA_ECHO;
    if (then == THEN_RING) {
        sound.loop_id = sound_of(l, line->lang, PROMPT_TONE_RING);
        sound.then = sound.loop_id == MEDIA_PROMPT_NONE ? MEDIA_SILENCE : MEDIA_LOOP;
    }
    return say(l, line, &sound);
}

/* The keys of an agent are for us. */
bool line_hear(struct lines *l, struct line *line, const struct say_list *list, uint64_t leg_id)
{
    struct phone_sound sound = {
        .then = MEDIA_BRIDGE, .peer_id = leg_id, .hides_keys = line->kind == LINE_OFFER};
    add_sounds(l, line, list, &sound);
    return say(l, line, &sound);
}

bool line_hear_mix(struct lines *l, struct line *line, const struct say_list *list,
                   const struct line_mix *mix)
{
    struct phone_sound sound = {.then = MEDIA_MIX, .mix = mix->number, .hides_keys = true};
    memcpy(sound.hears_ids, mix->ids, sizeof(sound.hears_ids));
    add_sounds(l, line, list, &sound);
    return say(l, line, &sound);
}

bool line_say_whole(struct lines *l, struct line *line, const struct say_list *list)
{
    struct phone_sound sound = {.then = MEDIA_SILENCE};
    add_sounds(l, line, list, &sound);
    return say(l, line, &sound);
}

void line_break(struct lines *l, struct line *line)
{
    l->totals.broken_n++;
    if (line->kind == LINE_CALLER && line->call_id)
        line_caller_let_go(l, line, PROMPT_ERR_SYSTEM, ENDED_BY_FAULT);
    else
        line_hang_up(l, line);
}

/* ---- who is told what happened ------------------------------------------------------------ */

/* Digits alone: a number, of whatever length. */
static bool is_number(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] < '0' || t.p[i] > '9')
            return i == 0 && t.p[0] == '+' && t.n > 1 ? is_number(text_after(t, 1)) : false;
    return t.n > 0;
}

/* From a telephone of ours, to a number that is not ours. Emergency calls go out even while the
 * service ends. */
static bool goes_out(const struct lines *l, const struct phone_report *r)
{
    struct line probe = {0};
    return r->arrived.aor && is_number(r->arrived.called) &&
           !line_caller_finds(l, r->arrived.called, &probe);
}

static void dispatch(struct lines *l, const struct phone_report *r)
{
    if (r->kind == PHONE_ARRIVED && r->arrived.aor && r->arrived.called.n &&
        r->arrived.called.p[0] == '*') {
        line_keys_arrived(l, r);
        return;
    }
    if (r->kind == PHONE_ARRIVED && line_keys_is_for(l, r->arrived.called)) {
        line_keys_called(l, r);
        return;
    }
    if (r->kind == PHONE_ARRIVED && goes_out(l, r)) {
        line_out_arrived(l, r);
        return;
    }
    if (r->kind == PHONE_ARRIVED) {
        line_caller_arrived(l, r);
        return;
    }
    if (r->kind == PHONE_AWAY) {
        line_offer_away(l, (uint32_t)r->aor);
        return;
    }
    struct line *line = line_by_leg(l, r->leg_id);
    if (line && r->kind == PHONE_REFERRED)
        line_refer(l, line, r);
    else if (line && line->kind == LINE_CALLER)
        line_caller_report(l, line, r);
    else if (line && line->kind == LINE_OFFER)
        line_offer_report(l, line, r);
    else if (line && line->kind == LINE_OUT)
        line_out_report(l, line, r);
    else if (line && line->kind == LINE_THIRD)
        line_third_report(l, line, r);
    else if (line && line->kind == LINE_LISTEN)
        line_listen_report(l, line, r);
    else if (line)
        line_keys_report(l, line, r);
}

void lines_report(const struct phone_report *report, void *arg)
{
    struct lines *l = arg;
    dispatch(l, report);
    do_later(l);
}

bool lines_knows(struct text called, uint64_t aor, void *arg)
{
    struct line probe = {0};
    bool is_code = called.n && called.p[0] == '*';
    return is_code || (aor && is_number(called)) || line_keys_is_for(arg, called) ||
           line_caller_finds(arg, called, &probe);
}

/* The line of the caller that an effect is about; NULL: it is about an offer, or nobody's line. */
static struct line *caller_of(struct lines *l, const struct effect *e)
{
    struct effect_subject s = effect_subject(e);
    bool is_ours = !s.offer_id && s.leg_node == l->args.node;
    struct line *line = is_ours ? line_by_leg(l, s.leg_id) : NULL;
    return line && line->kind == LINE_CALLER ? line : NULL;
}

/* A wish is over: neither called nor taken back. */
static void is_over(struct lines *l, uint64_t contact_id)
{
    line_back_forget(l, contact_id);
    line_again_forget(l, contact_id);
    line_unwanted_over(l, contact_id);
}

void lines_effect(void *arg, const struct effect *e)
{
    struct lines *l = arg;
    struct line *line = caller_of(l, e);
    l->is_in_effect = true;
    bool is_texted = e->kind == EFFECT_CALL_TELL_PROMISE &&
                     line_text_promised(l, line, e->call_tell_promise.contact_id);
    if (line)
        line->promise.is_texted = is_texted;
    if (line)
        line_caller_effect(l, line, e);
    else if (e->kind == EFFECT_CALL_TELL_NO_PROMISE && e->call_tell_no_promise.contact_id)
        line_slots_cancel(l, e->call_tell_no_promise.contact_id, CANCELLED_BY_HOUSE);
    else if (e->kind == EFFECT_OFFER_RING && e->offer_ring.is_callback)
        line_back_ring(l, e);
    else if (e->kind == EFFECT_CALLBACK_DIAL)
        line_back_dial(l, e);
    else if (e->kind == EFFECT_CALLBACK_TRIED)
        line_text_tried(l, e->callback_tried.contact_id);
    else if (e->kind == EFFECT_CALLBACK_OVER)
        is_over(l, e->callback_over.contact_id);
    else if (e->kind == EFFECT_NEVER_NOTED)
        line_unwanted_listed(l, e->after_id);
    else if (e->kind == EFFECT_PLACE_KEPT)
        line_again_keep(l, e->place_kept.contact_id);
    else if (e->kind == EFFECT_OFFER_RING)
        line_offer_ring(l, e);
    else if (e->kind == EFFECT_OFFER_STOP || e->kind == EFFECT_OFFER_JOIN)
        line_offer_effect(l, e);
    else if (e->kind == EFFECT_AGENT_TELL)
        line_keys_effect(l, e);
    l->is_in_effect = false;
}

void lines_persons(struct lines *l)
{
    const struct person_port *persons = l->args.persons;
    struct person_answer a;
    while (persons && persons->next(persons->arg, &a)) {
        struct line *line = line_by_leg(l, a.leg_id);
        if (line && line->kind == LINE_CALLER && line->state == CALLER_UNKNOWN) {
            bool is_shared = directory_is_shared(line->directory, line->e164);
            line->is_known = a.person_id && !a.is_new && !is_shared;
            line->again.is_recognised = a.person_id != 0;
            line->again.references_n = a.references_n;
            line_caller_born(l, line, a.person_id, a.is_new ? &a.row : NULL);
        }
        do_later(l);
    }
}

void lines_run(struct lines *l)
{
    const struct heap_entry *first = heap_first(&l->timers);
    do_later(l);
    for (; first && first->at <= l->now_at; first = heap_first(&l->timers)) {
        struct line *line = at(l, first->item);
        line_set_timer(l, line, MS_NEVER);
        if (line->kind == LINE_CALLER)
            line_caller_timer(l, line);
        else if (line->kind == LINE_OFFER)
            line_offer_timer(l, line);
        else if (line->kind == LINE_KEYS)
            line_keys_timer(l, line);
        else if (line->kind == LINE_THIRD)
            line_third_timer(l, line);
        else if (line->kind == LINE_LISTEN)
            line_listen_timer(l, line);
        else
            line_out_timer(l, line);
        do_later(l);
    }
    line_missed_run(l);
    line_slots_run(l);
    do_later(l);
    line_gate_note(l); /* what was given back, or had no room: tried again each turn */
}

ms_t lines_next_at(const struct lines *l)
{
    const struct heap_entry *first = heap_first(&l->timers);
    ms_t slot_at = line_slots_next_at(l), at = l->missed_at < slot_at ? l->missed_at : slot_at;
    if (l->later_n)
        return l->now_at;
    return first && first->at < at ? first->at : at;
}

/* ---- the end ------------------------------------------------------------------------------ */

static bool may_finish(const struct line *line)
{
    bool is_over =
        line->state == CALLER_LEAVING || line->state == CALLER_GONE || line->back.is_back;
    return is_over || line->state == CALLER_TALKING || line->state == CALLER_PASSED ||
           line->kind == LINE_OFFER;
}

void lines_drain(struct lines *l)
{
    l->is_draining = true;
    for (uint32_t i = 0; i < l->used; i++) {
        struct line *line = &l->lines[i];
        if (line->kind == LINE_CALLER && !may_finish(line))
            line_caller_let_go(l, line, PROMPT_ERR_SYSTEM, ENDED_BY_SYSTEM);
        else if (line->kind == LINE_KEYS)
            line_hang_up(l, line);
    }
    do_later(l);
}

void lines_cut(struct lines *l)
{
    for (uint32_t i = 0; i < l->used; i++) {
        const struct line *line = &l->lines[i];
        bool is_gone = line->kind == LINE_CALLER && line->state == CALLER_GONE;
        if (line->leg_id && !is_gone && line_has_leg(line))
            l->phone.hang_up(l->phone.arg, line->leg_id);
    }
}

uint32_t lines_n(const struct lines *l)
{
    return l->n;
}

struct lines_totals lines_totals(const struct lines *l)
{
    return l->totals;
}
