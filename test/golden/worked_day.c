/* worked_day.c — Monday 16 November 2026 of the demonstration, seed 20261116: 412 calls lived by
 * the heart (acd_step), one command after another, and the figures that kpi makes of its events.
 * What the heart cannot do yet is callbacks: the 19 calls that end as callback_honoured (15) and
 * callback_failed (4) are told to kpi as the outcome events that such calls will leave, in their
 * place by time. All others, the 1,440 of our own robot and the calls of the days after, are lived.
 * Invariant: no class is chosen here; each follows from what caller and house do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"
#include "base/heap.h"
#include "base/prng.h"
#include "kpi/kpi.h"

#define SEED 20261116
#define SECOND ((ms_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Monday 16 November 2026, 00:00 in Paris (UTC + 1 h). */
#define MONDAY ((ms_t)1794783600000)
#define OFFSET HOUR
#define NODE 1
#define AGENTS_N 9
#define QUEUES_N 3
#define QUEUE_MAIN 1
#define QUEUE_LATE 2  /* its agent comes at 10:00, and alone */
#define QUEUE_EARLY 3 /* closed by a person at 17:00 */
#define AGENT_LATE 9
#define CALLS_MAX 2000
#define AGENDA_MAX 512
#define EVENTS_MAX 40000

/* What a person will do; what becomes of the call is the house's affair. */
enum fate {
    FATE_SERVED,    /* waits as long as it takes */
    FATE_GIVES_UP,  /* hangs up after 10 s or more */
    FATE_AT_ONCE,   /* hangs up before */
    FATE_NOBODY,    /* asks where nobody is signed in, hangs up after 40 s */
    FATE_EARLY,     /* asks after the early closing */
    FATE_FAULT,     /* the operator's line dies while it waits */
    FATE_NO_SOUND,  /* the agent picks up and no sound passes */
    FATE_MENU,      /* hangs up in the menu */
    FATE_INFORMED,  /* hears the recorded answer to its end */
    FATE_CLOSED,    /* outside the published hours */
    FATE_ROBOT,     /* our own control call */
    FATE_HONOURED,  /* called back: not lived, see above */
    FATE_NOT_FOUND, /* called back in vain */
};

enum deed {
    DEED_DIAL,
    DEED_ASK,
    DEED_CONFIRM,
    DEED_SOUND,
    DEED_ANSWER_SOUND,
    DEED_LEAVE,
    DEED_NONE
};

struct caller {
    enum fate fate;
    enum deed deed;
    ms_t arrives_at, asked_at, menu_ms, patience_ms, talk_ms;
    uint64_t person_id, contact_id, call_id, offer_id;
    uint32_t queue_id;
    enum ended_by by;
};

struct agenda {
    ms_t at;
    struct command cmd;
};

struct day {
    struct acd *acd;
    struct prng chance;
    struct heap heap; /* callers, then the agenda */
    struct caller callers[CALLS_MAX];
    unsigned callers_n;
    struct agenda agenda[AGENDA_MAX];
    unsigned agenda_n;
    struct event events[EVENTS_MAX];
    unsigned events_n;
    ms_t now_at;
};

static const struct acd_limits limits = {2000, 32, 8, 128};

/* ---- the people of that day --------------------------------------------------------------- */

/* The shape of a day (profile haute-lisiere): from this hour, so many in a hundred. */
static const struct {
    ms_t from_ms, to_ms;
    unsigned percent;
} shape[] = {
    {510 * MINUTE, 9 * HOUR, 6}, {9 * HOUR, 10 * HOUR, 15},
    {10 * HOUR, 11 * HOUR, 15},  {11 * HOUR, 12 * HOUR, 12},
    {12 * HOUR, 13 * HOUR, 6},   {13 * HOUR, 14 * HOUR, 7},
    {14 * HOUR, 15 * HOUR, 13},  {15 * HOUR, 16 * HOUR, 11},
    {16 * HOUR, 17 * HOUR, 9},   {17 * HOUR, 17 * HOUR + 30 * MINUTE, 6},
};

static ms_t in_hours(struct prng *p)
{
    unsigned at = (unsigned)prng_below(p, 100), i = 0;
    while (at >= shape[i].percent)
        at -= shape[i++].percent;
    return MONDAY + prng_between(p, shape[i].from_ms, shape[i].to_ms - 1);
}

static struct caller *caller_add(struct day *d, enum fate fate, ms_t arrives_at)
{
    struct caller *c = &d->callers[d->callers_n++];
    assert_true(d->callers_n <= CALLS_MAX);
    *c = (struct caller){.fate = fate,
                         .arrives_at = arrives_at,
                         .queue_id = QUEUE_MAIN,
                         .menu_ms = prng_between(&d->chance, 8 * SECOND, 40 * SECOND),
                         .patience_ms = prng_between(&d->chance, 10 * SECOND, 4 * MINUTE),
                         .talk_ms = prng_between(&d->chance, 2 * MINUTE, 8 * MINUTE)};
    return c;
}

static void people(struct day *d, enum fate fate, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        caller_add(d, fate, in_hours(&d->chance));
}

/* Fourteen in the menu: median 19 s. */
static void people_of_the_menu(struct day *d)
{
    static const uint8_t stays_s[14] = {4, 6, 9, 11, 14, 17, 19, 21, 24, 26, 31, 38, 47, 66};
    for (unsigned i = 0; i < ARRAY_LEN(stays_s); i++)
        caller_add(d, FATE_MENU, in_hours(&d->chance))->menu_ms = stays_s[i] * SECOND;
}

static void people_with_a_reason(struct day *d)
{
    struct prng *p = &d->chance;
    for (unsigned i = 0; i < 5; i++)
        caller_add(d, FATE_NOBODY, MONDAY + prng_between(p, 515 * MINUTE, 9 * HOUR + 50 * MINUTE))
            ->queue_id = QUEUE_LATE;
    for (unsigned i = 0; i < 3; i++)
        caller_add(d, FATE_EARLY, MONDAY + prng_between(p, 17 * HOUR + MINUTE, 1070 * MINUTE))
            ->queue_id = QUEUE_EARLY;
    for (unsigned i = 0; i < 21; i++)
        caller_add(d, FATE_CLOSED,
                   MONDAY + (i < 9 ? prng_between(p, 7 * HOUR, 509 * MINUTE)
                                   : prng_between(p, 1081 * MINUTE, 21 * HOUR)));
    for (unsigned i = 0; i < 1440; i++)
        caller_add(d, FATE_ROBOT, MONDAY + (ms_t)i * MINUTE + 17 * SECOND);
}

static bool asks(const struct caller *c)
{
    return c->fate <= FATE_NO_SOUND || c->fate >= FATE_HONOURED;
}

static bool will_be_served(const struct caller *c)
{
    return c->fate == FATE_SERVED || c->fate == FATE_HONOURED;
}

static int by_arrival(const void *a, const void *b)
{
    const struct caller *const *x = a, *const *y = b;
    return (*x)->arrives_at < (*y)->arrives_at ? -1 : (*x)->arrives_at > (*y)->arrives_at;
}

/* Callers of one kind, in the order of their arrival; withheld numbers are the first of them. */
static unsigned select_known(struct day *d, struct caller **to, bool is_served, unsigned withheld_n)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->callers_n; i++) {
        struct caller *c = &d->callers[i];
        enum fate withheld = is_served ? FATE_SERVED : FATE_GIVES_UP;
        if (!asks(c) || will_be_served(c) != is_served)
            continue;
        if (c->fate == withheld && withheld_n)
            withheld_n--;
        else
            to[n++] = c;
    }
    qsort(to, n, sizeof(*to), by_arrival);
    return n;
}

static void calls_again(struct day *d, uint64_t person_id, ms_t at)
{
    caller_add(d, FATE_SERVED, at)->person_id = person_id;
}

/* 268 numbers: 251 reached within 24 h (3 of them on Tuesday), 8 on the days after, 9 never. */
static void give_numbers(struct day *d)
{
    struct caller *c[CALLS_MAX];
    unsigned n = select_known(d, c, true, 24);
    assert_int_equal(n, 272);
    for (unsigned i = 0; i < n; i++)
        c[i]->person_id = i < 248 ? i + 1 : i - 247; /* 24 of them twice, for something else */
    n = select_known(d, c, false, 6);
    assert_int_equal(n, 36);
    for (unsigned i = 0; i < n; i++)
        c[i]->person_id = i < 17 ? 252 + i : i < 19 ? 260 + i - 17 : i < 33 ? i - 18 : 249 + i - 33;
    for (unsigned i = 0; i < 3; i++)
        calls_again(d, 249 + i, MONDAY + DAY + 9 * HOUR + (ms_t)i * 10 * MINUTE);
    for (unsigned i = 0; i < 8; i++)
        calls_again(d, 252 + i, MONDAY + (ms_t)(2 + i / 4) * DAY + (ms_t)(10 + i % 4) * HOUR);
}

/* ---- the house ---------------------------------------------------------------------------- */

static void plan(struct day *d, struct caller *c, enum deed deed, ms_t at)
{
    c->deed = deed;
    heap_set(&d->heap, (uint32_t)(c - d->callers), at, 0);
}

static struct caller *caller_of(struct day *d, uint64_t contact_id)
{
    for (unsigned i = 0; i < d->callers_n; i++)
        if (d->callers[i].contact_id == contact_id)
            return &d->callers[i];
    fail();
    return NULL;
}

static ms_t later(ms_t a, ms_t b)
{
    return a > b ? a : b;
}

/* The telephone of an agent rings. Who has had enough hangs up while it does. */
static void on_offer(struct day *d, const struct event *ev)
{
    struct caller *c = caller_of(d, ev->offer_made.contact_id);
    ms_t picks_up_at = d->now_at + prng_between(&d->chance, 2 * SECOND, 8 * SECOND);
    c->offer_id = ev->id;
    if (c->fate == FATE_SERVED || c->fate == FATE_NO_SOUND)
        plan(d, c, DEED_CONFIRM, picks_up_at);
    else if (c->fate == FATE_GIVES_UP && c->asked_at + c->patience_ms > picks_up_at + 10 * SECOND)
        plan(d, c, DEED_LEAVE, later(c->asked_at + 10 * SECOND, picks_up_at));
}

static void on_event(struct day *d, const struct event *ev)
{
    assert_true(d->events_n < EVENTS_MAX);
    d->events[d->events_n++] = *ev;
    if (ev->kind == EV_CALL_ARRIVED) {
        struct caller *c = &d->callers[ev->call_arrived.leg_id - 1];
        c->contact_id = ev->call_arrived.contact_id;
        c->call_id = ev->id;
    } else if (ev->kind == EV_OFFER_MADE) {
        on_offer(d, ev);
    }
}

static void command(struct day *d, struct command cmd)
{
    struct event_batch b;
    enum acd_verdict verdict;
    do {
        b = (struct event_batch){.next_id = acd_last_id(d->acd) + 1};
        verdict = acd_step(d->acd, &cmd, d->now_at, &b);
        for (unsigned i = 0; i < b.n; i++)
            on_event(d, &b.ev[i]);
        cmd = (struct command){.kind = CMD_TICK};
    } while (verdict == ACD_MORE);
    assert_true(verdict <= ACD_NOTHING || verdict == ACD_REFUSED_CLOSED);
}

static void on_agenda(struct day *d, ms_t at, struct command cmd)
{
    assert_true(d->agenda_n < AGENDA_MAX);
    d->agenda[d->agenda_n] = (struct agenda){at, cmd};
    heap_set(&d->heap, CALLS_MAX + d->agenda_n++, at, 0);
}

static void hours_on_agenda(struct day *d, ms_t midnight_at)
{
    struct command open = {.kind = CMD_QUEUE_HOURS}, closed = open, left = open;
    for (uint32_t q = 1; q <= QUEUES_N; q++) {
        open.queue_hours.queue_id = closed.queue_hours.queue_id = q;
        open.queue_hours.hours = HOURS_OPEN;
        open.queue_hours.closes_at = midnight_at + 18 * HOUR;
        closed.queue_hours.hours = HOURS_CLOSED_PUBLISHED;
        on_agenda(d, midnight_at + 510 * MINUTE, open);
        on_agenda(d, midnight_at + 18 * HOUR, closed);
    }
    left.queue_hours.queue_id = QUEUE_EARLY;
    left.queue_hours.hours = HOURS_CLOSED_BY_PERSON;
    on_agenda(d, midnight_at + 17 * HOUR, left);
}

static void shift_on_agenda(struct day *d, ms_t midnight_at)
{
    struct command in = {.kind = CMD_AGENT_SIGN_IN}, ready = {.kind = CMD_AGENT_READY},
                   out = {.kind = CMD_AGENT_SIGN_OUT};
    for (uint32_t a = 1; a <= AGENTS_N; a++) {
        ms_t from_at = midnight_at + (a == AGENT_LATE ? 10 * HOUR : 500 * MINUTE);
        in.agent_sign_in.agent_id = ready.agent_ready.agent_id = a;
        out.agent_sign_out.agent_id = a;
        on_agenda(d, from_at, in);
        on_agenda(d, from_at + 5 * SECOND, ready);
        on_agenda(d, midnight_at + 18 * HOUR + 30 * MINUTE, out);
    }
}

static void settings_on_agenda(struct day *d)
{
    on_agenda(d, MONDAY, (struct command){.kind = CMD_STARTED, .started = {NODE, 1}});
    for (uint32_t q = 1; q <= QUEUES_N; q++) {
        struct command set = {.kind = CMD_QUEUE_SET,
                              .queue_set = {.queue_id = q,
                                            .ring_site_ms = 30 * SECOND,
                                            .ring_area_ms = MINUTE,
                                            .ring_network_ms = 2 * MINUTE,
                                            .offer_ms = 20 * SECOND,
                                            .wrap_up_ms = MINUTE,
                                            .short_ms = 10 * SECOND,
                                            .no_answer_back_ms = 10 * MINUTE,
                                            .handle_ms = 5 * MINUTE,
                                            .regain_ms = 10 * MINUTE,
                                            .closing_lead_ms = 10 * MINUTE,
                                            .is_production = true}};
        struct command closed = {.kind = CMD_QUEUE_HOURS,
                                 .queue_hours = {.queue_id = q, .hours = HOURS_CLOSED_PUBLISHED}};
        on_agenda(d, MONDAY, set);
        on_agenda(d, MONDAY, closed);
    }
    for (uint32_t a = 1; a <= AGENTS_N; a++) {
        struct command set = {.kind = CMD_AGENT_SET,
                              .agent_set = {.agent_id = a,
                                            .site_id = 1,
                                            .area_id = 1,
                                            .capacity = {1},
                                            .capacity_n = 1,
                                            .queue_ids_n = 2}};
        set.agent_set.queue_ids[0] = a == AGENT_LATE ? QUEUE_LATE : QUEUE_MAIN;
        set.agent_set.queue_ids[1] = QUEUE_EARLY;
        on_agenda(d, MONDAY, set);
    }
}

static void whole_agenda(struct day *d)
{
    settings_on_agenda(d);
    for (unsigned i = 0; i <= 8; i++) {
        ms_t midnight_at = MONDAY + (ms_t)i * DAY;
        if (i)
            on_agenda(d, midnight_at, (struct command){.kind = CMD_DAY_CLOSE});
        if (i == 5 || i == 6 || i == 8)
            continue; /* Saturday, Sunday; and the end */
        hours_on_agenda(d, midnight_at);
        shift_on_agenda(d, midnight_at);
    }
    struct command shed = {.kind = CMD_SHED,
                           .shed = {.trunk_id = 1, .n = 1, .quarter_at = MONDAY + 10 * HOUR}};
    on_agenda(d, MONDAY + 10 * HOUR + 12 * MINUTE, shed);
}

/* ---- a caller's next deed ----------------------------------------------------------------- */

static void dial(struct day *d, struct caller *c)
{
    uint32_t i = (uint32_t)(c - d->callers);
    if (c->fate >= FATE_HONOURED)
        return; /* told to kpi, not lived */
    command(d, (struct command){.kind = CMD_CALL_ARRIVED,
                                .call_arrived = {.leg_node = NODE,
                                                 .leg_id = i + 1,
                                                 .channel = CHANNEL_PHONE,
                                                 .entry_id = 1,
                                                 .person_id = c->person_id,
                                                 .reference = 1000000 + i,
                                                 .is_test = c->fate == FATE_ROBOT}});
    bool leaves = c->fate == FATE_MENU || c->fate == FATE_ROBOT;
    plan(d, c, leaves ? DEED_LEAVE : DEED_ASK, d->now_at + c->menu_ms);
}

static void ask(struct day *d, struct caller *c)
{
    c->asked_at = d->now_at;
    plan(d, c, DEED_NONE, MS_NEVER);
    if (c->fate == FATE_INFORMED) {
        command(d, (struct command){.kind = CMD_CALL_INFORMED, .call_informed = {c->call_id}});
        plan(d, c, DEED_LEAVE, d->now_at + SECOND);
        return;
    }
    static const ms_t stays_ms[] = {[FATE_NOBODY] = 40 * SECOND,
                                    [FATE_EARLY] = 12 * SECOND,
                                    [FATE_FAULT] = 25 * SECOND,
                                    [FATE_CLOSED] = 15 * SECOND};
    if (c->fate == FATE_GIVES_UP)
        plan(d, c, DEED_LEAVE, d->now_at + c->patience_ms);
    else if (c->fate == FATE_AT_ONCE)
        plan(d, c, DEED_LEAVE, d->now_at + c->patience_ms / 30 + SECOND);
    else if (c->fate < ARRAY_LEN(stays_ms) && stays_ms[c->fate])
        plan(d, c, DEED_LEAVE, d->now_at + stays_ms[c->fate]);
    c->by = c->fate == FATE_FAULT ? ENDED_BY_FAULT : ENDED_BY_CALLER;
    command(d, (struct command){.kind = CMD_CALL_QUEUE,
                                .call_queue = {.call_id = c->call_id,
                                               .queue_id = c->queue_id,
                                               .site_id = 1,
                                               .area_id = 1}});
}

static void say_sound(struct day *d, const struct caller *c, enum side side)
{
    command(d, (struct command){.kind = CMD_OFFER_MEDIA, .offer_media = {c->offer_id, side}});
}

static void live(struct day *d, struct caller *c)
{
    heap_remove(&d->heap, (uint32_t)(c - d->callers));
    switch (c->deed) {
    case DEED_DIAL:
        dial(d, c);
        break;
    case DEED_ASK:
        ask(d, c);
        break;
    case DEED_CONFIRM:
        if (c->fate == FATE_NO_SOUND)
            plan(d, c, DEED_LEAVE, d->now_at + 6 * SECOND);
        else
            plan(d, c, DEED_SOUND, d->now_at + 40);
        command(d, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {c->offer_id}});
        break;
    case DEED_SOUND:
        plan(d, c, DEED_ANSWER_SOUND, d->now_at + 20);
        say_sound(d, c, SIDE_CALLER);
        break;
    case DEED_ANSWER_SOUND:
        plan(d, c, DEED_LEAVE, d->now_at + c->talk_ms);
        say_sound(d, c, SIDE_AGENT);
        break;
    default:
        assert_int_equal(c->deed, DEED_LEAVE);
        command(d, (struct command){.kind = CMD_CALL_ENDED, .call_ended = {c->call_id, c->by}});
    }
}

static void live_all(struct day *d)
{
    for (const struct heap_entry *e; (e = heap_first(&d->heap));) {
        uint32_t item = e->item;
        ms_t due_at = acd_next_at(d->acd);
        d->now_at = due_at < e->at ? later(due_at, d->now_at) : e->at;
        if (due_at <= e->at) {
            command(d, (struct command){.kind = CMD_TICK});
        } else if (item >= CALLS_MAX) {
            heap_remove(&d->heap, item);
            command(d, d->agenda[item - CALLS_MAX].cmd);
        } else {
            live(d, &d->callers[item]);
        }
    }
}

static void *room(size_t n)
{
    void *p = aligned_alloc(64, (n + 63) / 64 * 64);
    assert_non_null(p);
    return p;
}

static struct day *day_new(uint64_t seed)
{
    struct day *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    struct arena arena = {.base = room((size_t)1 << 20), .size = (size_t)1 << 20};
    heap_open(&d->heap, &arena, CALLS_MAX + AGENDA_MAX);
    d->acd = acd_open(room(acd_bytes(&limits)), &limits);
    prng_seed(&d->chance, seed);
    people(d, FATE_SERVED, 281);
    people(d, FATE_GIVES_UP, 22);
    people(d, FATE_AT_ONCE, 6);
    people(d, FATE_FAULT, 1);
    people(d, FATE_NO_SOUND, 1);
    people(d, FATE_INFORMED, 38);
    people(d, FATE_HONOURED, 15);
    people(d, FATE_NOT_FOUND, 4);
    people_of_the_menu(d);
    people_with_a_reason(d);
    give_numbers(d);
    whole_agenda(d);
    for (unsigned i = 0; i < d->callers_n; i++)
        plan(d, &d->callers[i], DEED_DIAL, d->callers[i].arrives_at);
    live_all(d);
    return d;
}

static void day_drop(struct day *d)
{
    free(d->heap.entries);
    free(d->acd);
    free(d);
}

/* ---- the figures -------------------------------------------------------------------------- */

/* The class of a call that was promised a callback, as it will stand in the journal: given when it
 * is known, on that day (design §3.5). */
static struct event callback_event(const struct caller *c)
{
    bool is_honoured = c->fate == FATE_HONOURED;
    ms_t asked_at = c->arrives_at + c->menu_ms, back_at = asked_at + 50 * MINUTE;
    return (struct event){.kind = EV_CALL_OUTCOME,
                          .at = is_honoured ? back_at + c->talk_ms : MONDAY + DAY,
                          .call_outcome = {.outcome = is_honoured ? OUTCOME_CALLBACK_HONOURED
                                                                  : OUTCOME_CALLBACK_FAILED,
                                           .person_id = c->person_id,
                                           .arrived_at = c->arrives_at,
                                           .asked_at = asked_at,
                                           .wait_ms = 10 * MINUTE,
                                           .talk_ms = is_honoured ? c->talk_ms : 0}};
}

/* Callbacks, by the instant of their event. */
static unsigned callbacks(const struct day *d, struct event *to)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->callers_n; i++) {
        if (d->callers[i].fate < FATE_HONOURED)
            continue;
        struct event ev = callback_event(&d->callers[i]);
        unsigned at = n++;
        for (; at && to[at - 1].at > ev.at; at--)
            to[at] = to[at - 1];
        to[at] = ev;
    }
    return n;
}

static struct kpi *fold(const struct day *d)
{
    const struct kpi_limits kpi_limits = {9 * 96, 1000};
    struct event back[32];
    unsigned back_n = callbacks(d, back), b = 0;
    assert_int_equal(back_n, 19);
    struct kpi *k =
        kpi_open(room(kpi_bytes(&kpi_limits)), &kpi_limits, &(struct kpi_args){MONDAY, OFFSET});
    for (unsigned i = 0; i < d->events_n; i++) {
        for (; b < back_n && back[b].at <= d->events[i].at; b++) {
            back[b].id = kpi_last_id(k);
            kpi_fold(k, &back[b]);
        }
        kpi_fold(k, &d->events[i]);
    }
    assert_int_equal(b, back_n);
    return k;
}

static struct day *lived;
static struct kpi *figures;

static int setup(void **state)
{
    (void)state;
    lived = day_new(SEED);
    figures = fold(lived);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(figures);
    day_drop(lived);
    return 0;
}

static void every_call_has_the_class_of_the_table(void **state)
{
    (void)state;
    static const uint32_t expected[OUTCOME_N] = {
        [OUTCOME_OUT_OF_HOURS] = 21,
        [OUTCOME_IVR_ABANDONED] = 14,
        [OUTCOME_IVR_RESOLVED] = 38,
        [OUTCOME_ANSWERED] = 281,
        [OUTCOME_CALLBACK_HONOURED] = 15,
        [OUTCOME_ABANDONED] = 22,
        [OUTCOME_ABANDONED_SHORT] = 6,
        [OUTCOME_TURNED_AWAY] = 9,
        [OUTCOME_CUT_OFF] = 2,
        [OUTCOME_CALLBACK_FAILED] = 4,
        [OUTCOME_TEST] = 1440,
    };
    struct kpi_counts day = kpi_day(figures, MONDAY);
    for (unsigned o = 0; o < OUTCOME_N; o++)
        assert_int_equal(day.calls[o], expected[o]);
    assert_int_equal(day.shed_n, 1);
    assert_int_equal(kpi_received(&day), 412);
    assert_int_equal(kpi_in_hours(&day), 391);
    assert_int_equal(kpi_asked(&day), 339);
    assert_int_equal(kpi_answered(&day), 296);
}

/* A rate as it is published: n, of, and what is printed in tenths of a per cent. */
static void check(struct kpi_rate r, uint64_t n, uint64_t of, uint32_t tenths)
{
    assert_int_equal(r.n, n);
    assert_int_equal(r.of, of);
    assert_int_equal(kpi_tenths(r.ppm), tenths);
}

static void every_rate_is_that_of_the_table(void **state)
{
    (void)state;
    struct kpi_counts day = kpi_day(figures, MONDAY + 12 * HOUR);
    check(kpi_rate(&day, KPI_AGENT), 296, 339, 873);
    check(kpi_rate(&day, KPI_AGENT_DIRECT), 281, 339, 829);
    check(kpi_rate(&day, KPI_AGENT_WITHOUT_SHORT), 296, 333, 889);
    check(kpi_rate(&day, KPI_GLOBAL), 334, 412, 811);
    check(kpi_rate(&day, KPI_TURNED_AWAY), 9, 339, 27);
    check(kpi_rate(&day, KPI_CALLBACK), 15, 19, 789);
    check(kpi_rate_with_operator(&day, 3), 296, 342, 865);
    assert_true(kpi_rate(&day, KPI_AGENT).ppm >= 850000);       /* reached … */
    assert_true(kpi_rate(&day, KPI_AGENT_DIRECT).ppm < 850000); /* … thanks to callbacks only */
}

static void people_are_counted_once(void **state)
{
    (void)state;
    struct kpi_counts day = kpi_day(figures, MONDAY);
    struct kpi_persons p = kpi_day_persons(figures, MONDAY);
    check(kpi_rate(&day, KPI_PERSON_24H), 251, 268, 937);
    check(kpi_rate_never(&p), 9, 268, 34);
    assert_int_equal(p.reached_7d_n, 259);
    assert_int_equal(p.open_n, 0);
    assert_int_equal(day.withheld_n, 30);
    assert_int_equal(day.identified_n + day.withheld_n + day.shed_n, 339);
}

static void the_menu_was_left_after_19_seconds_in_the_middle(void **state)
{
    (void)state;
    struct kpi_waits w = kpi_waits(figures, KPI_WAIT_MENU);
    assert_int_equal(w.n, 14);
    assert_int_equal(w.p50_s, 19);
    assert_false(w.p50_is_over);
}

/* Every class but those of callbacks was given by the heart, once a call. */
static void the_heart_gave_each_lived_call_one_class(void **state)
{
    (void)state;
    unsigned arrived_n = 0, outcomes_n = 0;
    for (unsigned i = 0; i < lived->events_n; i++) {
        arrived_n += lived->events[i].kind == EV_CALL_ARRIVED;
        outcomes_n += lived->events[i].kind == EV_CALL_OUTCOME;
    }
    assert_int_equal(arrived_n, 412 - 19 - 1 + 1440 + 11); /* 19 called back, 1 shed, 11 later */
    assert_int_equal(outcomes_n, arrived_n);
}

static void the_events_replay_to_the_same_state(void **state)
{
    (void)state;
    struct acd *twin = acd_open(room(acd_bytes(&limits)), &limits);
    for (unsigned i = 0; i < lived->events_n; i++)
        acd_apply(twin, &lived->events[i]);
    assert_int_equal(acd_hash(twin), acd_hash(lived->acd));
    free(twin);
}

static void the_same_seed_is_the_same_day(void **state)
{
    (void)state;
    struct day *again = day_new(SEED), *other = day_new(SEED + 1);
    assert_int_equal(again->events_n, lived->events_n);
    assert_int_equal(acd_hash(again->acd), acd_hash(lived->acd));
    assert_true(acd_hash(other->acd) != acd_hash(lived->acd));
    day_drop(again);
    day_drop(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_has_the_class_of_the_table),
        cmocka_unit_test(every_rate_is_that_of_the_table),
        cmocka_unit_test(people_are_counted_once),
        cmocka_unit_test(the_menu_was_left_after_19_seconds_in_the_middle),
        cmocka_unit_test(the_heart_gave_each_lived_call_one_class),
        cmocka_unit_test(the_events_replay_to_the_same_state),
        cmocka_unit_test(the_same_seed_is_the_same_day),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
