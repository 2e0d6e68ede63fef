/* sip.c — two ends of a call over a line that loses, doubles, delays and reorders. Each life is a
 * seed: a line, who hangs up when, whether the called side answers. What must hold:
 *   end_once      each side learns the end exactly once, and is told up at most once
 *   both_end      on a bearable line, a call that ends on one side ends on the other soon
 *   lives         no transaction lives for ever
 *   no_repetition on a line without faults nothing is sent twice
 *   one_final     an INVITE never gets two different final answers
 *   bye_waits     the called side sends no BYE before the ACK
 *   acknowledged  on a bearable line, a 2xx that the caller heard is acknowledged
 *   prack_waits   no 2xx while a 183 with a description waits for its PRACK (RFC 3262 §3)
 *   taken_once    each reliable 183 is acknowledged at most once; on a bearable line none is given
 *                 up
 *   room          a handful of transactions is enough; sound_state: no assertion breaks
 *   prop-sip [--seed N] [--lives N]
 * A failure prints its property and its seed; --seed N --lives 1 replays it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/prng.h"
#include "test/prop/sip_end.h"

#define START_AT ((ms_t)1790000000000)
#define FLIGHTS_MAX 256
/* Longest: guard, then BYE and its answer; nobody waits longer. */
#define LIFE_MS_MAX ((ms_t)400000)
#define SOON_MS ((ms_t)45000)

struct flight {
    ms_t at;
    uint64_t order;
    struct sip_end *to;
    size_t n;
    char message[SIP_TX_MESSAGE_MAX];
};

struct line {
    uint32_t lost_ppm, doubled_ppm;
    ms_t delay_ms_min, delay_ms_max;
    bool is_clean, is_bearable;
};

struct life {
    uint64_t seed, order;
    struct prng chance;
    struct line line;
    struct sip_end ends[2];
    struct flight flights[FLIGHTS_MAX];
    unsigned flights_n;
    ms_t now_at;
};

static struct life life;

/* What all lives met: a run that never met a crossing proves nothing. */
static struct {
    unsigned up_n, refused_n, repeated_n, lost_acks_n, guards_n, never_heard_n, sounded_n, lost_n;
} met;

static void fail(const char *property)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1, instant +%lld ms\n",
            property, (unsigned long long)life.seed, (long long)(life.now_at - START_AT));
    exit(1);
}

static void on_abort(int sig)
{
    char said[128];
    int n = snprintf(said, sizeof(said), "property FAILED: sound_state\n  replay: --seed %llu\n",
                     (unsigned long long)life.seed);
    ssize_t done = write(STDERR_FILENO, said, (size_t)n);
    (void)done;
    (void)sig;
    _exit(1);
}

static void must(bool holds, const char *property)
{
    if (!holds)
        fail(property);
}

/* ---- the line ----------------------------------------------------------------------------- */

static void fly(struct life *l, struct text message, struct sip_end *to)
{
    must(l->flights_n < FLIGHTS_MAX, "room");
    struct flight *f = &l->flights[l->flights_n++];
    f->at = l->now_at + prng_between(&l->chance, l->line.delay_ms_min, l->line.delay_ms_max);
    f->order = l->order++;
    f->to = to;
    f->n = message.n;
    memcpy(f->message, message.p, message.n);
}

static void send(struct text message, const struct sip_end *from, void *arg)
{
    struct life *l = arg;
    struct sip_end *to = &l->ends[from == &l->ends[0]];
    if (prng_chance(&l->chance, l->line.lost_ppm))
        return;
    fly(l, message, to);
    if (prng_chance(&l->chance, l->line.doubled_ppm))
        fly(l, message, to);
}

static struct flight *first_flight(struct life *l)
{
    struct flight *first = NULL;
    for (unsigned i = 0; i < l->flights_n; i++) {
        struct flight *f = &l->flights[i];
        if (!first || f->at < first->at || (f->at == first->at && f->order < first->order))
            first = f;
    }
    return first;
}

static bool deliver(struct life *l)
{
    struct flight *f = first_flight(l);
    if (!f || f->at > l->now_at)
        return false;
    static struct flight copy;
    copy = *f;
    *f = l->flights[--l->flights_n];
    sip_end_receive(copy.to, (struct text){copy.message, copy.n}, l->now_at);
    return true;
}

/* ---- a life ------------------------------------------------------------------------------- */

static struct line draw_line(struct prng *p)
{
    static const struct line lines[] = {
        {.delay_ms_min = 1, .delay_ms_max = 200, .is_clean = true, .is_bearable = true},
        {100000, 100000, 1, 800, .is_bearable = true},
        {50000, 200000, 1, 5000, .is_bearable = true},
        {450000, 200000, 1, 3000, .is_bearable = false},
    };
    return lines[prng_below(p, ARRAY_LEN(lines))];
}

/* Who does what, when. At least one side hangs up by itself. */
static void plan(struct life *l)
{
    struct sip_end *a = &l->ends[0], *b = &l->ends[1];
    struct prng *p = &l->chance;
    bool will_leave = prng_chance(p, 700000);
    b->sounds = prng_below(p, 2); /* by a 183 instead of 180 */
    a->is_sure = l->seed % 2;     /* not drawn: lives stay as they were */
    b->ring_at = START_AT + prng_between(p, 0, 2000);
    if (prng_chance(p, 800000))
        b->answer_at = START_AT + prng_between(p, 0, 15000);
    if (will_leave)
        a->hang_up_at = START_AT + prng_between(p, 0, prng_chance(p, 500000) ? 3000 : 40000);
    if (!will_leave || prng_chance(p, 400000))
        b->hang_up_at = START_AT + prng_between(p, 0, 40000);
    if (will_leave && prng_chance(p, 200000))
        b->hang_up_at = a->hang_up_at; /* both at once */
    if (will_leave && prng_chance(p, 200000))
        b->answer_at = a->hang_up_at; /* CANCEL or BYE crosses the 200 */
}

static void open_life(struct life *l, uint64_t seed)
{
    static uint8_t memory[2][65536] __attribute__((aligned(ARENA_ALIGN)));
    memset(l, 0, sizeof(*l));
    memset(memory, 0, sizeof(memory));
    l->seed = seed;
    l->now_at = START_AT;
    prng_seed(&l->chance, seed);
    l->line = draw_line(&l->chance);
    for (unsigned i = 0; i < 2; i++) {
        struct arena arena = {.base = memory[i], .size = sizeof(memory[i])};
        struct sip_end *e = &l->ends[i];
        e->is_caller = i == 0;
        e->send_fn = send;
        e->arg = l;
        sip_end_open(e, &arena);
    }
    plan(l);
}

static ms_t next_at(struct life *l)
{
    const struct flight *f = first_flight(l);
    ms_t at = f ? f->at : MS_NEVER;
    for (unsigned i = 0; i < 2; i++) {
        ms_t end_at = sip_end_next_at(&l->ends[i]);
        at = end_at < at ? end_at : at;
    }
    return at;
}

static void check_end(const struct life *l, const struct sip_end *e)
{
    const struct sip_end_seen *seen = &e->seen;
    bool was_there = e->session != SIP_SESSION_NONE;
    must(e->txs.n == 0, "lives");
    must(seen->end_n == was_there && seen->up_n <= 1, "end_once");
    must(!was_there || e->session == SIP_SESSION_ENDED, "end_once");
    must(!seen->two_finals_n, "one_final");
    must(!seen->byes_too_soon_n, "bye_waits");
    must(!seen->no_room_n, "room");
    must(!seen->answers_too_soon_n, "prack_waits");
    must(!l->line.is_clean || !seen->timer_sends_n, "no_repetition");
    must(!l->line.is_bearable || !seen->guard_n, "both_end");
}

static void check_both(const struct life *l)
{
    const struct sip_end *a = &l->ends[0], *b = &l->ends[1];
    if (!l->line.is_bearable)
        return;
    ms_t apart_ms = a->seen.end_at - b->seen.end_at;
    must(apart_ms < SOON_MS && -apart_ms < SOON_MS, "both_end");
    must(!b->seen.no_ack_n || !a->seen.up_n, "acknowledged");
    must(!b->seen.no_prack_n, "taken_once");
}

static void live(struct life *l)
{
    sip_end_call(&l->ends[0], l->now_at);
    for (ms_t at; (at = next_at(l)) != MS_NEVER;) {
        l->now_at = at;
        must(at <= START_AT + LIFE_MS_MAX, "lives");
        if (!deliver(l) && !sip_end_act(&l->ends[0], at))
            sip_end_act(&l->ends[1], at);
    }
    check_end(l, &l->ends[0]);
    check_end(l, &l->ends[1]);
    must(l->ends[0].seen.taken_n <= l->ends[1].seen.sounded_n, "taken_once");
    check_both(l);
    const struct sip_end *a = &l->ends[0], *b = &l->ends[1];
    met.up_n += a->seen.up_n && b->seen.up_n;
    met.refused_n += b->invite_final > 200;
    met.repeated_n += a->seen.timer_sends_n + b->seen.timer_sends_n;
    met.lost_acks_n += b->seen.no_ack_n;
    met.guards_n += a->seen.guard_n + b->seen.guard_n;
    met.sounded_n += b->seen.sounded_n;
    met.lost_n += b->seen.no_prack_n;
    met.never_heard_n += b->session == SIP_SESSION_NONE;
}

static unsigned long long lives_wanted(void)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return 2000000;
    return how && !strcmp(how, "quick") ? 10000 : 50000;
}

int main(int argc, char **argv)
{
    unsigned long long seed = 1, n = lives_wanted();
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--seed"))
            seed = strtoull(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--lives"))
            n = strtoull(argv[i + 1], NULL, 10);
    }
    struct sigaction action = {.sa_handler = on_abort};
    sigaction(SIGABRT, &action, NULL);
    for (unsigned long long i = 0; i < n; i++) {
        open_life(&life, seed + i);
        live(&life);
    }
    printf("%llu calls, every property holds: %u up, %u refused, %u repetitions, %u without ACK, "
           "%u ended by the guard, %u never heard, %u reliable 183s, %u of them never taken\n",
           n, met.up_n, met.refused_n, met.repeated_n, met.lost_acks_n, met.guards_n,
           met.never_heard_n, met.sounded_n, met.lost_n);
    return 0;
}
