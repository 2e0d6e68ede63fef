/* gate.c — random days of a gate against a naive model: a list of everything that was asked and
 * passed, walked anew for each question. Lives end by kill -9 between any two questions; what the
 * writer was told is all that the next one has.
 *   prop-gate [--lives N] [--seed S]
 * Properties: caps (the verdict is the model's), counts (so are the figures), kept (the same after
 * a restart). A failure prints its seed and step. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "test/support/gatehouse.h"

#define ASKED_MAX 4096
#define DISK_MAX 4096
#define STEPS 400
#define LIVES_QUICK 300
#define LIVES_FULL 3000

struct asked {
    struct gate_call call;
    uint64_t cost;
    bool is_open; /* a wish that nobody has settled */
};

struct model {
    struct asked asked[ASKED_MAX]; /* that passed, and were not given back */
    uint32_t n;
    struct gate_row disk[DISK_MAX];
    uint32_t disk_n;
    calendar_day day;
};

static struct model m;
static struct gatehouse h;
static struct prng chance;
static uint64_t seed;
static unsigned step;
static uint64_t met_n[GATE_VERDICTS];

static void fails(const char *property)
{
    printf("FAILED %s: seed %" PRIu64 " step %u\n", property, seed, step);
    exit(1);
}

/* ---- the model ---------------------------------------------------------------------------- */

static bool is_agents(enum gate_kind kind)
{
    return kind == GATE_AGENT || kind == GATE_TRANSFER;
}

/* To a number that an administrator wrote down. */
static bool is_written(const struct gate_call *call)
{
    return call->kind == GATE_ORDINARY || call->kind == GATE_TRIAL;
}

static uint64_t price(const struct gate_call *call)
{
    uint64_t minute =
        call->e164 / 100000000 == 336 ? h.prices.mobile_minute : h.prices.fixed_minute;
    bool is_free = call->e164 / 1000000 == 33800;
    if (call->kind == GATE_WISH)
        return 0;
    if (call->kind == GATE_SMS)
        return h.prices.sms;
    return is_free ? 0 : minute * h.rules.call_minutes;
}

/* What two calls have in common, for the cap that is asked about. */
enum same { SAME_NUMBER, SAME_RANGE, SAME_TRUNK, SAME_AGENT, SAME_WISH, SAME_PURSE, SAME_ALL };

static bool is_same(enum same what, const struct gate_call *a, const struct gate_call *b)
{
    bool is_purse = is_agents(a->kind) ? is_agents(b->kind)
                    : is_written(a)    ? is_written(b)
                                       : a->kind == b->kind;
    bool by_trunk = is_agents(b->kind) || b->kind == GATE_CALLBACK || b->kind == GATE_TRIAL;
    switch (what) {
    case SAME_NUMBER:
        return a->kind == b->kind && a->e164 == b->e164;
    case SAME_RANGE:
        return is_purse && a->e164 / 10000 == b->e164 / 10000;
    case SAME_TRUNK:
        return by_trunk && a->trunk_id == b->trunk_id;
    case SAME_AGENT:
        return is_agents(b->kind) && a->agent_id == b->agent_id;
    case SAME_WISH:
        return b->kind == GATE_CALLBACK && a->wish_id == b->wish_id;
    case SAME_PURSE:
        return is_purse;
    default:
        return b->kind != GATE_WISH;
    }
}

struct counted {
    uint32_t calls_n, open_n;
    uint64_t cost;
};

static struct counted count(enum same what, const struct gate_call *call)
{
    struct counted c = {.calls_n = 0};
    for (uint32_t i = 0; i < m.n; i++) {
        const struct asked *a = &m.asked[i];
        if (!is_same(what, call, &a->call))
            continue;
        bool is_today = a->call.now.day == m.day || what == SAME_WISH;
        c.calls_n += is_today;
        c.cost += is_today ? a->cost : 0;
        c.open_n += a->is_open;
    }
    return c;
}

static bool is_past(uint32_t n, uint32_t cap)
{
    return cap && n >= cap;
}

static bool is_spent(uint64_t cost, uint32_t euros)
{
    return euros && cost > (uint64_t)euros * 10000;
}

static enum gate_verdict judge_purse(const struct gate_call *call, uint64_t cost)
{
    const struct settings_gate *r = &h.rules;
    struct counted c = count(SAME_PURSE, call);
    uint32_t cap = call->kind == GATE_WISH       ? r->wishes_day_max
                   : call->kind == GATE_CALLBACK ? r->callbacks_day_max
                   : call->kind == GATE_SMS      ? r->sms_day_max
                   : is_written(call)            ? r->ordinary_day_max
                                                 : r->day_max;
    uint32_t euros = call->kind == GATE_WISH       ? 0
                     : call->kind == GATE_CALLBACK ? r->callbacks_day_euros
                     : call->kind == GATE_SMS      ? r->sms_day_euros
                     : is_written(call)            ? r->ordinary_day_euros
                                                   : r->agents_day_euros;
    if (is_past(c.calls_n, cap))
        return GATE_REFUSED_DAY_CAP;
    if (is_spent(c.cost + cost, euros))
        return GATE_REFUSED_EUROS;
    if (call->kind == GATE_WISH || call->kind == GATE_ORDINARY)
        return GATE_PASSES;
    c = count(SAME_ALL, call);
    if (is_past(c.calls_n, r->all_day_max))
        return GATE_REFUSED_ALL_CAP;
    return is_spent(c.cost + cost, r->all_day_euros) ? GATE_REFUSED_ALL_EUROS : GATE_PASSES;
}

static enum gate_verdict judge_number(const struct gate_call *call)
{
    const struct settings_gate *r = &h.rules;
    struct counted c = count(SAME_NUMBER, call);
    if (call->kind == GATE_SMS)
        return c.calls_n >= r->sms_number_day ? GATE_REFUSED_NUMBER : GATE_PASSES;
    if (c.open_n >= (call->is_shared ? r->shared_wishes_open : r->wishes_open))
        return GATE_REFUSED_OPEN;
    uint32_t day_max = call->is_shared ? r->shared_wishes_day : r->wishes_day;
    return c.calls_n >= day_max ? GATE_REFUSED_NUMBER : GATE_PASSES;
}

static enum gate_verdict judge(const struct gate_call *call)
{
    const struct settings_gate *r = &h.rules;
    enum gate_verdict verdict = GATE_PASSES;
    bool has_number = call->kind == GATE_WISH || call->kind == GATE_SMS;
    uint32_t range = is_agents(call->kind) ? r->range_day_max_agents : r->range_day_max;
    if (has_number && (verdict = judge_number(call)))
        return verdict;
    if (call->kind == GATE_CALLBACK && count(SAME_WISH, call).calls_n >= r->dials_per_wish)
        return GATE_REFUSED_DIALS;
    if (is_agents(call->kind) && count(SAME_AGENT, call).calls_n >= r->day_max_agent)
        return GATE_REFUSED_AGENT_CAP;
    if ((has_number || is_agents(call->kind)) && is_past(count(SAME_RANGE, call).calls_n, range))
        return GATE_REFUSED_RANGE;
    bool by_trunk =
        call->kind == GATE_CALLBACK || call->kind == GATE_TRIAL || is_agents(call->kind);
    if (by_trunk && is_past(count(SAME_TRUNK, call).calls_n, r->trunk_day_max))
        return GATE_REFUSED_TRUNK;
    return judge_purse(call, price(call));
}

/* ---- the writer --------------------------------------------------------------------------- */

static void keep(const struct gate_row *row)
{
    uint32_t i = 0;
    while (i < m.disk_n && m.disk[i].key != row->key)
        i++;
    if (row->calls_n || row->cost || row->open_n) {
        if (i == DISK_MAX)
            fails("room");
        m.disk[i] = *row;
        m.disk_n += i == m.disk_n;
    } else if (i < m.disk_n) {
        m.disk[i] = m.disk[--m.disk_n];
    }
}

static void purge(calendar_day day)
{
    for (uint32_t i = 0; i < m.disk_n;)
        if (m.disk[i].day < day && !m.disk[i].open_n && m.disk[i].scope != 6)
            m.disk[i] = m.disk[--m.disk_n];
        else
            i++;
}

static void write_all(void)
{
    struct gate_row row;
    while (gate_changed(h.gate, &row))
        if (row.key)
            keep(&row);
        else
            purge(row.day);
}

static void lives_again(void)
{
    gatehouse_begin(&h);
    for (uint32_t i = 0; i < m.disk_n; i++)
        if (!gate_restore(h.gate, &m.disk[i], m.day))
            fails("kept");
}

/* ---- what happens ------------------------------------------------------------------------- */

static uint32_t draw(uint32_t n)
{
    return (uint32_t)prng_below(&chance, n);
}

static void draw_rules(void)
{
    struct settings_gate *r = &h.rules;
    r->wishes_open = 1 + draw(3);
    r->wishes_day = 1 + draw(4);
    r->dials_per_wish = 1 + draw(4);
    r->shared_wishes_open = 1 + draw(6);
    r->shared_wishes_day = 1 + draw(8);
    r->day_max = 1 + draw(40);
    r->day_max_agent = 1 + draw(20);
    r->sms_number_day = 1 + draw(5);
    r->range_digits = 4;
    uint32_t *const caps[] = {&r->wishes_day_max,       &r->callbacks_day_max, &r->sms_day_max,
                              &r->ordinary_day_max,     &r->range_day_max,     &r->all_day_max,
                              &r->range_day_max_agents, &r->trunk_day_max};
    uint32_t *const euros[] = {&r->agents_day_euros, &r->callbacks_day_euros, &r->sms_day_euros,
                               &r->ordinary_day_euros, &r->all_day_euros};
    for (unsigned i = 0; i < ARRAY_LEN(caps); i++)
        *caps[i] = draw(3) ? 1 + draw(40) : 0;
    for (unsigned i = 0; i < ARRAY_LEN(euros); i++)
        *euros[i] = draw(3) ? 1 + draw(8) : 0;
}

static struct gate_call draw_call(void)
{
    static const uint64_t heads[] = {33612340000, 33612350000, 33410000000, 33800120000};
    struct gate_call call = gatehouse_call((enum gate_kind)draw(GATE_KINDS), 0);
    call.e164 = heads[call.kind == GATE_SMS ? draw(2) : draw(4)] + draw(5);
    call.agent_id = is_agents(call.kind) ? 1 + draw(3) : 0;
    call.trunk_id = 1 + draw(2);
    call.wish_id = call.kind == GATE_CALLBACK ? call.e164 : 0; /* a wish of this number */
    call.is_shared = draw(8) == 0;
    call.now.day = m.day;
    return call;
}

static void ask(void)
{
    struct gate_call call = draw_call();
    enum gate_verdict is = gate_ask(h.gate, &call), should = judge(&call);
    met_n[is]++;
    if (is != should) {
        printf("kind %d: %s, should be %s\n", (int)call.kind, gate_name(is), gate_name(should));
        fails("caps");
    }
    if (is == GATE_PASSES && m.n < ASKED_MAX)
        m.asked[m.n++] = (struct asked){call, price(&call), call.kind == GATE_WISH};
}

static void give_back(void)
{
    if (!m.n)
        return;
    uint32_t i = draw(m.n);
    struct asked *a = &m.asked[i];
    bool is_settled = a->call.kind == GATE_WISH && !a->is_open;
    if (is_settled || a->call.now.day != m.day)
        return; /* nobody gives back what is over */
    gate_give_back(h.gate, &a->call);
    *a = m.asked[--m.n];
}

/* The wish of a number is over; the dials that were made for it stay in the figures of the day. */
static void settle(void)
{
    struct gate_call call = draw_call();
    call.wish_id = call.e164;
    gate_settle(h.gate, &call);
    for (uint32_t i = 0; i < m.n; i++) {
        struct asked *a = &m.asked[i];
        if (a->call.kind == GATE_CALLBACK && a->call.wish_id == call.wish_id)
            a->call.wish_id = 0;
    }
    for (uint32_t i = 0; i < m.n; i++)
        if (m.asked[i].is_open && m.asked[i].call.e164 == call.e164) {
            m.asked[i].is_open = false;
            return;
        }
}

static void check_figures(void)
{
    static const enum gate_kind kinds[] = {GATE_WISH, GATE_CALLBACK, GATE_AGENT, GATE_ORDINARY,
                                           GATE_SMS};
    struct gate_look look;
    gate_look(h.gate, m.day, &look);
    for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
        const struct gate_call call = {.kind = kinds[i]};
        struct counted c = count(SAME_PURSE, &call);
        if (c.calls_n != look.calls_n[i] || c.cost != look.costs[i]) {
            printf("%s: %u of %" PRIu64 ", should be %u of %" PRIu64 "\n",
                   gate_purse_name((enum gate_purse)i), look.calls_n[i], look.costs[i], c.calls_n,
                   c.cost);
            fails("counts");
        }
    }
    const struct gate_call any = {.kind = GATE_AGENT};
    struct counted all = count(SAME_ALL, &any);
    if (all.calls_n != look.calls_n[GATE_PURSE_ALL] || all.cost != look.costs[GATE_PURSE_ALL])
        fails("counts");
}

static void live(void)
{
    m.n = m.disk_n = 0;
    m.day = GATEHOUSE_DAY;
    gatehouse_drop(&h);
    gatehouse_open(&h);
    draw_rules();
    gatehouse_begin(&h);
    for (step = 0; step < STEPS; step++) {
        uint32_t what = draw(100);
        if (what < 80)
            ask();
        else if (what < 88)
            give_back();
        else if (what < 95)
            settle();
        else if (what < 97)
            m.day++;
        write_all();
        if (what >= 97)
            lives_again();
        check_figures();
    }
}

/* A search that never meets a cap would prove nothing of it. */
static bool has_met_all(void)
{
    bool is_all = met_n[GATE_PASSES] > 0;
    for (unsigned v = 0; v < GATE_VERDICTS; v++)
        is_all &= met_n[v] || !gate_is_cap((enum gate_verdict)v) || v == GATE_REFUSED_ROOM;
    return is_all;
}

int main(int argc, char **argv)
{
    const char *how = getenv("DECROCHE_TEST");
    uint64_t lives = how && strcmp(how, "quick") ? LIVES_FULL : LIVES_QUICK, first = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--lives"))
            lives = strtoull(argv[i + 1], NULL, 10);
        if (!strcmp(argv[i], "--seed"))
            first = strtoull(argv[i + 1], NULL, 10);
    }
    for (seed = first; seed < first + lives; seed++) {
        prng_seed(&chance, seed);
        live();
    }
    gatehouse_drop(&h);
    if (lives >= LIVES_QUICK && !has_met_all())
        fails("reach: a cap was never met");
    printf("gate: %" PRIu64 " lives of %d steps\n", lives, STEPS);
    return 0;
}
