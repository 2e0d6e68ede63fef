/* reception_again.h — the reception whose queues keep a place for ten minutes, and who knows who
 * calls: a number is a person, with the references that the test gives it. */
#ifndef TEST_SUPPORT_RECEPTION_AGAIN_H
#define TEST_SUPPORT_RECEPTION_AGAIN_H

#include "test/support/reception_back.h"

#define AGAIN_WINDOW_MS ((ms_t)600000)
#define AGAIN_ASKED_MAX 16

/* Answers at once, as the store does when its disk is well. */
struct again_clerk {
    struct person_port port;
    struct person_answer answers[AGAIN_ASKED_MAX];
    unsigned n;
    uint32_t references_n; /* of every number */
    bool is_slow;          /* answers nothing in time */
};

static inline void again_ask(void *arg, uint64_t leg_id, uint64_t e164)
{
    struct again_clerk *c = arg;
    if (!c->is_slow && c->n < AGAIN_ASKED_MAX)
        c->answers[c->n++] = (struct person_answer){
            .leg_id = leg_id, .person_id = e164 ^ 0x5eed, .references_n = c->references_n};
}

static inline bool again_next(void *arg, struct person_answer *answer)
{
    struct again_clerk *c = arg;
    if (!c->n)
        return false;
    *answer = c->answers[--c->n];
    return true;
}

/* The window of both queues. */
static inline void again_window(struct reception *r, ms_t regain_ms)
{
    const uint32_t queues[] = {HEALTH, FAMILY};
    for (unsigned i = 0; i < 2; i++)
        reception_do(r, (struct command){.kind = CMD_QUEUE_SET,
                                         .queue_set = {.queue_id = queues[i],
                                                       .offer_ms = 15000,
                                                       .wrap_up_ms = 30000,
                                                       .no_answer_back_ms = 600000,
                                                       .handle_ms = 240000,
                                                       .regain_ms = regain_ms}});
    turn(r);
}

/* Without callbacks, unless back_rules() says so; c lives as long. */
static inline struct reception *again_open(struct again_clerk *c)
{
    struct reception *r = reception_new(16);
    *c = (struct again_clerk){.port = {.arg = c, .ask = again_ask, .next = again_next}};
    r->directory->is_demo = true;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    r->persons = &c->port;
    reception_fill(r);
    again_window(r, AGAIN_WINDOW_MS);
    return r;
}

/* From this number, through the menu to the queue's door. */
static inline uint64_t again_calls(struct reception *r, const char *number)
{
    uint64_t id = arrive_as(r, 0, PUBLIC, number);
    turn(r);
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    return id;
}

/* Waits for a minute, and the line is cut. The contact. */
static inline uint64_t again_dropped(struct reception *r, const char *number, bool is_fault)
{
    uint64_t id = again_calls(r, number);
    uint64_t contact_id = last(r, EV_CONTACT_QUEUED).contact_queued.contact_id;
    pass(r, 60000);
    ends(r, id, is_fault);
    return contact_id;
}

/* The call in course of this leg stands in the queue as that contact. */
static inline bool again_is(struct reception *r, uint64_t contact_id)
{
    return last(r, EV_CONTACT_QUEUED).contact_queued.contact_id == contact_id;
}

#endif
