/* reception_back.h — the reception where callers may be called back: a demonstration, for the
 * numbers of its callers are of fiction. */
#ifndef TEST_SUPPORT_RECEPTION_BACK_H
#define TEST_SUPPORT_RECEPTION_BACK_H

#include "acd/look.h"
#include "test/support/reception_deeds.h"

#define BACK_GAP_MS ((ms_t)2700000)
#define BACK_CALLER "33536491234" /* as it is dialled */

static inline void back_rules(struct reception *r)
{
    const uint32_t queues[] = {HEALTH, FAMILY};
    for (unsigned i = 0; i < 2; i++)
        reception_do(r, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                         .queue_callbacks = {.queue_id = queues[i],
                                                             .attempts_max = 3,
                                                             .share_percent = 50,
                                                             .gap_ms = BACK_GAP_MS,
                                                             .keep_ms = 86400000,
                                                             .dial_ms = 40000}});
    turn(r);
}

static inline struct reception *back_open(void)
{
    struct reception *r = reception_new(8);
    r->directory->is_demo = true;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    reception_fill(r);
    back_rules(r);
    return r;
}

/* Not a keyed one: what is asked here is who is asked. */
static inline void back_hash(void *arg, uint8_t to[NEVER_HASH_BYTES], uint64_t e164)
{
    (void)arg;
    memset(to, 0, NEVER_HASH_BYTES);
    memcpy(to, &e164, sizeof(e164));
}

/* With a list of those who are never to be called, empty. */
static inline struct reception *back_open_listing(void)
{
    static const struct never_port port = {.hash = back_hash, .mark = 7};
    struct reception *r = reception_new(8);
    r->listed = &port;
    r->directory->is_demo = true;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    reception_fill(r);
    back_rules(r);
    return r;
}

/* Key 1, that number, a pencil; then the reference and the proof: noted, and told so. */
static inline void back_arranges(struct reception *r, uint64_t id)
{
    press(r, id, '1');
    press(r, id, '1');
    press(r, id, '1');
    hears_all(r, id);
    hears_all(r, id);
}

/* Waits, is promised a callback and hangs up: the contact. */
static inline uint64_t back_promised(struct reception *r)
{
    uint64_t id = in_queue(r);
    back_arranges(r, id);
    assert(hears(r, id, PROMPT_CB_DONE_FROM));
    ends(r, id, false);
    return last(r, EV_CALLBACK_PROMISED).callback_promised.contact_id;
}

/* The leg to this number that was dialled last; 0: none. */
static inline uint64_t back_dialled(struct reception *r, const char *number)
{
    for (size_t i = r->board.n; i-- > 0;)
        if (r->board.legs[i].is_ours && !r->board.legs[i].aor &&
            !strcmp(r->board.legs[i].number, number))
            return r->board.legs[i].id;
    return 0;
}

static inline unsigned back_dials_n(struct reception *r)
{
    unsigned n = 0;
    for (size_t i = 0; i < r->board.n; i++)
        n += r->board.legs[i].is_ours && !r->board.legs[i].aor;
    return n;
}

/* An agent is ready, picks up, hears whom: the leg to them, which rings. */
static inline uint64_t back_ringing(struct reception *r, uint64_t *agent)
{
    get_ready(r, 1);
    *agent = rings_at(r, 1);
    assert(*agent);
    up(r, *agent);
    hears_all(r, *agent);
    return back_dialled(r, BACK_CALLER);
}

#endif
