/* effects.h — when an effect may happen: now, ordered, promised (schema/effects.toml).
 * Included by app/ only. */
#ifndef APP_EFFECTS_H
#define APP_EFFECTS_H

#include "app/app.h"
#include "base/arena.h"

/* What an effect is about: a caller's leg, an offer, or both; zeros: neither. */
struct effect_subject {
    uint16_t leg_node;
    uint64_t leg_id, offer_id;
};
struct effect_subject effect_subject(const struct effect *e);

struct held_effect {
    struct effect effect;
    ms_t until_at; /* ordered: goes then at the latest; promised: given up then */
};

/* A first-in first-out line of held effects. */
struct held_line {
    struct held_effect *rows; /* borrowed from the arena, APP_HELD_MAX of them */
    uint32_t first, n;
};

struct effects {
    const struct edges_port *edges; /* borrowed */
    struct held_line ordered, promised;
    uint64_t published_id, forced_n;
};

void effects_open(struct effects *effects, struct arena *arena, const struct edges_port *edges);
/* Takes an effect at now_at: emits it, or holds it. is_down: the journal cannot commit. */
void effects_take(struct effects *effects, const struct effect *effect, ms_t now_at, bool is_down);
/* Lets go what the commit of committed_id, or the time, allows. */
void effects_release(struct effects *effects, uint64_t committed_id, ms_t now_at);
/* The next instant at which something goes or is given up without a commit. */
ms_t effects_next_at(const struct effects *effects);

#endif
