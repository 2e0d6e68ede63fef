/* effects.c — see effects.h.
 * An effect of class now goes at once, unless an earlier one for the same leg or offer is still
 * held: order within one leg is kept, so that a phone that was told to stop never rings afterwards.
 * Called by app. Cost: a look at what is held (a tenth of a second of the house's life).
 * Invariant: nothing of class promised goes before its event is committed. */
#include "app/effects.h"

void effects_open(struct effects *effects, struct arena *arena, const struct edges_port *edges)
{
    effects->ordered.rows = arena_take(arena, APP_HELD_MAX, sizeof(struct held_effect));
    effects->promised.rows = arena_take(arena, APP_HELD_MAX, sizeof(struct held_effect));
    effects->edges = edges;
}

static struct held_effect *held_at(const struct held_line *line, uint32_t i)
{
    return &line->rows[(line->first + i) % APP_HELD_MAX];
}

static void emit(struct effects *effects, const struct effect *effect)
{
    effects->edges->emit(effects->edges->arg, effect);
}

static void emit_first(struct effects *effects, struct held_line *line)
{
    struct effect effect = held_at(line, 0)->effect;
    line->first = (line->first + 1) % APP_HELD_MAX;
    line->n--;
    emit(effects, &effect);
}

static void hold(struct held_line *line, const struct effect *effect, ms_t until_at)
{
    *held_at(line, line->n) = (struct held_effect){*effect, until_at};
    line->n++;
}

struct effect_subject effect_subject(const struct effect *e)
{
    switch (e->kind) {
    case EFFECT_CALL_ACCEPT:
        return (struct effect_subject){e->call_accept.leg_node, e->call_accept.leg_id, 0};
    case EFFECT_CALL_TELL:
        return (struct effect_subject){e->call_tell.leg_node, e->call_tell.leg_id, 0};
    case EFFECT_CALL_TELL_REFUSAL:
        return (struct effect_subject){e->call_tell_refusal.leg_node, e->call_tell_refusal.leg_id,
                                       0};
    case EFFECT_CALL_TELL_NO_PROMISE:
        return (struct effect_subject){e->call_tell_no_promise.leg_node,
                                       e->call_tell_no_promise.leg_id, 0};
    case EFFECT_CALL_TELL_REFERENCE:
        return (struct effect_subject){e->call_tell_reference.leg_node,
                                       e->call_tell_reference.leg_id, 0};
    case EFFECT_CALL_TELL_NOTED:
        return (struct effect_subject){e->call_tell_noted.leg_node, e->call_tell_noted.leg_id, 0};
    case EFFECT_CALL_TELL_UNRECORDED:
        return (struct effect_subject){e->call_tell_unrecorded.leg_node,
                                       e->call_tell_unrecorded.leg_id, 0};
    case EFFECT_CALL_TELL_PROMISE:
        return (struct effect_subject){e->call_tell_promise.leg_node, e->call_tell_promise.leg_id,
                                       0};
    case EFFECT_CALLBACK_DIAL:
        return (struct effect_subject){.offer_id = e->callback_dial.offer_id};
    case EFFECT_CALL_WAIT:
        return (struct effect_subject){e->call_wait.leg_node, e->call_wait.leg_id, 0};
    case EFFECT_CALL_RELEASE:
        return (struct effect_subject){e->call_release.leg_node, e->call_release.leg_id, 0};
    case EFFECT_OFFER_RING:
        return (struct effect_subject){.offer_id = e->offer_ring.offer_id};
    case EFFECT_OFFER_STOP:
        return (struct effect_subject){.offer_id = e->offer_stop.offer_id};
    case EFFECT_OFFER_JOIN:
        return (struct effect_subject){e->offer_join.leg_node, e->offer_join.leg_id,
                                       e->offer_join.offer_id};
    default:
        return (struct effect_subject){0};
    }
}

static bool must_follow(const struct effects *effects, const struct effect *effect)
{
    struct effect_subject mine = effect_subject(effect);
    for (uint32_t i = 0; i < effects->ordered.n; i++) {
        struct effect_subject s = effect_subject(&held_at(&effects->ordered, i)->effect);
        bool same = (mine.leg_id && s.leg_id == mine.leg_id) ||
                    (mine.offer_id && s.offer_id == mine.offer_id);
        if (same)
            return true;
    }
    return false;
}

static void take_ordered(struct effects *effects, const struct effect *effect, ms_t until_at)
{
    if (effects->ordered.n == APP_HELD_MAX) {
        effects->forced_n++;
        emit_first(effects, &effects->ordered);
    }
    hold(&effects->ordered, effect, until_at);
}

/* Who waits to hear that something was noted hears that it was not. */
static void tell_no_promise(struct effects *effects, const struct effect *effect)
{
    struct effect sorry = {.kind = EFFECT_CALL_TELL_NO_PROMISE, .after_id = effect->after_id};
    if (effect->kind == EFFECT_CALL_TELL_REFERENCE) {
        sorry.call_tell_no_promise.leg_node = effect->call_tell_reference.leg_node;
        sorry.call_tell_no_promise.leg_id = effect->call_tell_reference.leg_id;
        sorry.call_tell_no_promise.call_id = effect->call_tell_reference.call_id;
        emit(effects, &sorry);
    } else if (effect->kind == EFFECT_CALL_TELL_PROMISE) {
        sorry.call_tell_no_promise.leg_node = effect->call_tell_promise.leg_node;
        sorry.call_tell_no_promise.leg_id = effect->call_tell_promise.leg_id;
        sorry.call_tell_no_promise.call_id = effect->call_tell_promise.call_id;
        if (!effect->call_tell_promise.leg_id)
            sorry.call_tell_no_promise.contact_id = effect->call_tell_promise.contact_id;
        emit(effects, &sorry);
    }
}

void effects_take(struct effects *effects, const struct effect *effect, ms_t now_at, bool is_down)
{
    switch (effect_class_of(effect->kind)) {
    case EFFECT_CLASS_NOW:
        if (effects->ordered.n && must_follow(effects, effect))
            take_ordered(effects, effect, now_at + APP_ORDERED_MS);
        else
            emit(effects, effect);
        return;
    case EFFECT_CLASS_ORDERED:
        take_ordered(effects, effect, now_at + APP_ORDERED_MS);
        return;
    case EFFECT_CLASS_PROMISED:
        if (is_down || effects->promised.n == APP_HELD_MAX)
            tell_no_promise(effects, effect);
        else
            hold(&effects->promised, effect, now_at + APP_PROMISE_MS);
        return;
    }
}

void effects_release(struct effects *effects, uint64_t committed_id, ms_t now_at)
{
    struct held_line *line = &effects->ordered;
    while (line->n && (held_at(line, 0)->effect.after_id <= committed_id ||
                       held_at(line, 0)->until_at <= now_at))
        emit_first(effects, line);
    line = &effects->promised;
    while (line->n && held_at(line, 0)->effect.after_id <= committed_id)
        emit_first(effects, line);
    while (line->n && held_at(line, 0)->until_at <= now_at) {
        struct effect given_up = held_at(line, 0)->effect;
        line->first = (line->first + 1) % APP_HELD_MAX;
        line->n--;
        tell_no_promise(effects, &given_up);
    }
    if (committed_id > effects->published_id) {
        effects->published_id = committed_id;
        emit(effects, &(struct effect){.kind = EFFECT_PUBLISH,
                                       .after_id = committed_id,
                                       .publish = {.event_id = committed_id}});
    }
}

ms_t effects_next_at(const struct effects *effects)
{
    ms_t at = MS_NEVER;
    if (effects->ordered.n)
        at = held_at(&effects->ordered, 0)->until_at;
    if (effects->promised.n && held_at(&effects->promised, 0)->until_at < at)
        at = held_at(&effects->promised, 0)->until_at;
    return at;
}
