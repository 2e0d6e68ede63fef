/* gatehouse.h — a gate of a test's own: rules at their defaults with everything open in France, and
 * calls to be asked for. */
#ifndef TEST_SUPPORT_GATEHOUSE_H
#define TEST_SUPPORT_GATEHOUSE_H

#include <stdlib.h>
#include <string.h>

#include "gate/gate.h"

#define GATEHOUSE_DAY 20000
#define NOON 720

struct gatehouse {
    struct settings_gate rules;
    struct settings_price prices;
    uint32_t rows_max;
    struct gate *gate; /* owned */
};

static inline void gatehouse_begin(struct gatehouse *h)
{
    const struct gate_args args = {
        .rules = &h->rules, .prices = &h->prices, .key = {1, 2}, .rows_max = h->rows_max};
    size_t n = (gate_bytes(h->rows_max) + 63) / 64 * 64;
    free(h->gate);
    h->gate = gate_open(memset(aligned_alloc(64, n), 0, n), &args);
}

static inline void gatehouse_open(struct gatehouse *h)
{
    struct settings settings;
    settings_defaults(&settings);
    *h = (struct gatehouse){.rules = settings.gate, .prices = settings.price, .rows_max = 4096};
    h->rules.agents = SETTINGS_GATE_AGENTS_FRANCE;
    h->rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    h->rules.sms = SETTINGS_GATE_SMS_FRANCE;
    gatehouse_begin(h);
}

static inline void gatehouse_follow(struct gatehouse *h)
{
    gate_follow(h->gate, &h->rules, &h->prices);
}

static inline void gatehouse_drop(struct gatehouse *h)
{
    free(h->gate);
    h->gate = NULL;
}

/* At noon of the first day. */
static inline struct gate_call gatehouse_call(enum gate_kind kind, uint64_t e164)
{
    return (struct gate_call){.kind = kind,
                              .e164 = e164,
                              .agent_id = kind == GATE_AGENT || kind == GATE_TRANSFER ? 7 : 0,
                              .wish_id = kind == GATE_CALLBACK ? 99 : 0,
                              .now = {.day = GATEHOUSE_DAY, .minute = NOON}};
}

static inline enum gate_verdict gatehouse_ask(struct gatehouse *h, enum gate_kind kind,
                                              uint64_t e164)
{
    const struct gate_call call = gatehouse_call(kind, e164);
    return gate_ask(h->gate, &call);
}

static inline struct gate_look gatehouse_look(const struct gatehouse *h)
{
    struct gate_look look;
    gate_look(h->gate, GATEHOUSE_DAY, &look);
    return look;
}

/* One for all tests of a program, new for each. */
static struct gatehouse gatehouse;

static inline int gatehouse_set_up(void **state)
{
    (void)state;
    gatehouse_open(&gatehouse);
    return 0;
}

static inline int gatehouse_tear_down(void **state)
{
    (void)state;
    gatehouse_drop(&gatehouse);
    return 0;
}

#endif
