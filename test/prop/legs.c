/* legs.c — two telephone services of ours that call each other through a relay which loses,
 * doubles, delays and reorders what they send. Each life is a seed: a line, some calls, who
 * answers, refuses, cancels, hangs up when, who is spoken to before the answer (a 183 that is
 * acknowledged, RFC 3262), telephones that fall silent; in one life of three the line that is
 * called has two telephones. What must hold:
 *   after         nothing is reported of a leg that was hung up, refused or has ended
 *   up_once       a leg is up once at most, with sound before the answer twice
 *   one_of_all    on a perfect line, of two telephones that a call rang one is up a second later
 *   both_end      on a bearable line a call that ends on one side ends on the other
 *   kept          on a perfect line no call ends by a fault, nor by the end of an interval that was
 *                 not refreshed (RFC 4028)
 *   leak          after the longest timer no leg, no transaction, no stream is left on either side
 *   broken        no leg was in an impossible state; sound_state: no assertion breaks
 *   prop-legs [--seed N] [--lives N]
 * A failure prints its property and its seed; --seed N --lives 1 replays it. */
#include <signal.h>

#include "base/prng.h"
#include "test/support/exchange_desk.h"

#define FLIGHTS_MAX 1024
#define CALLS_MAX 4
#define LINE_EACH 3 /* lives in which the line has two telephones */
#define LEGS_MAX 16
/* Two refreshes of a session of 1800 s, in as many lives of a perfect line as time allows. */
#define LONG_MS ((ms_t)2000000)
#define LONG_EACH 25
/* Longer than an ACK and a BYE travel on a perfect line. */
#define SETTLED_MS ((ms_t)1000)
/* Of the calls that come in one in so many is spoken to before it is answered, within this time. */
#define EARLY_EACH 3
#define EARLY_MS 4000u

/* One end of a call, as its app sees it. */
struct end {
    uint64_t id;
    ms_t up_at, over_at; /* MS_NEVER: not */
    bool is_over;
    unsigned ups_n, ups_max;
    ms_t answer_at, hang_up_at; /* MS_NEVER: not */
    ms_t early_at;              /* sound before the answer: a 183 that is acknowledged */
    uint16_t refusal;           /* instead of an answer; 0: none */
};

struct side {
    struct exchange *x;
    struct peer relay; /* the socket that stands between this side and the other */
    struct end ends[LEGS_MAX];
    unsigned ends_n;
};

struct flight {
    ms_t at;
    unsigned side; /* to whom */
    size_t n;
    char bytes[4096];
};

static struct life {
    uint64_t seed;
    struct prng chance;
    struct side sides[2]; /* 0 calls, 1 is called */
    struct flight flights[FLIGHTS_MAX];
    unsigned flights_n, calls_n;
    ms_t now_at, began_at, call_at[CALLS_MAX];
    uint32_t lost_ppm, doubled_ppm;
    ms_t delay_ms_max;
    bool is_bearable, is_perfect;
    bool is_long; /* its calls are kept beyond a refresh */
    bool has_two; /* the line that is called has two telephones */
} life;

/* What all lives met: a run that never met a crossing proves nothing. */
static struct {
    unsigned calls_n, up_n, refused_n, lost_n, faults_n, long_n, early_n, both_n;
} met;

static void fail_life(const char *property)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1, instant +%lld ms\n",
            property, (unsigned long long)life.seed, (long long)(life.now_at - life.began_at));
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

static bool perhaps(struct life *l, uint32_t percent)
{
    return prng_chance(&l->chance, percent * 10000);
}

/* An instant within the next ms; or, so often in a hundred, never. */
static ms_t within(struct life *l, ms_t ms, uint32_t never_percent)
{
    return perhaps(l, never_percent) ? MS_NEVER : l->now_at + prng_between(&l->chance, 0, ms);
}

/* ---- the relay ----------------------------------------------------------------------------------
 */

static void fly(struct life *l, const char *bytes, size_t n, unsigned side)
{
    if (l->flights_n == FLIGHTS_MAX)
        fail_life("room");
    struct flight *f = &l->flights[l->flights_n++];
    f->at = l->now_at + prng_between(&l->chance, 0, l->delay_ms_max);
    f->side = side;
    f->n = n;
    memcpy(f->bytes, bytes, n);
}

static void take_off(struct life *l)
{
    char bytes[4096];
    for (unsigned side = 0; side < 2; side++) {
        ssize_t n;
        while ((n = recv(l->sides[side].relay.fd, bytes, sizeof(bytes), 0)) > 0) {
            if (prng_chance(&l->chance, l->lost_ppm))
                continue;
            fly(l, bytes, (size_t)n, !side);
            if (prng_chance(&l->chance, l->doubled_ppm))
                fly(l, bytes, (size_t)n, !side);
        }
    }
}

static void run(struct life *l, unsigned side)
{
    l->sides[side].x->now_at = l->now_at;
    turn(l->sides[side].x);
    take_off(l);
}

static bool land(struct life *l)
{
    for (unsigned i = 0; i < l->flights_n; i++) {
        if (l->flights[i].at > l->now_at)
            continue;
        static struct flight f;
        f = l->flights[i];
        l->flights[i] = l->flights[--l->flights_n];
        struct side *to = &l->sides[f.side];
        struct sockaddr_in at = {.sin_family = AF_INET,
                                 .sin_port = htons(phone_bound(to->x->phone))};
        inet_pton(AF_INET, AT_HOME, &at.sin_addr);
        sendto(to->relay.fd, f.bytes, f.n, 0, (struct sockaddr *)&at, sizeof(at));
        run(l, f.side);
        return true;
    }
    return false;
}

/* ---- the apps -----------------------------------------------------------------------------------
 */

static struct end *end_of(struct side *s, uint64_t id)
{
    for (unsigned i = 0; i < s->ends_n; i++)
        if (s->ends[i].id == id)
            return &s->ends[i];
    return NULL;
}

static struct end *new_end(struct side *s, uint64_t id)
{
    if (s->ends_n == LEGS_MAX)
        fail_life("both_end: a call became many");
    struct end *e = &s->ends[s->ends_n++];
    *e = (struct end){.id = id,
                      .ups_max = 1,
                      .up_at = MS_NEVER,
                      .over_at = MS_NEVER,
                      .answer_at = MS_NEVER,
                      .hang_up_at = MS_NEVER,
                      .early_at = MS_NEVER};
    return e;
}

static void hang_up(struct side *s, struct end *e)
{
    e->is_over = true;
    e->over_at = life.now_at;
    s->x->port.hang_up(s->x->port.arg, e->id);
}

static void arrived(struct life *l, struct side *s, uint64_t id)
{
    struct end *e = new_end(s, id);
    e->answer_at = within(l, 15000, 15);
    /* Who never answers gives up some day: a caller who never heard us cannot cancel. */
    e->hang_up_at = within(l, 40000, e->answer_at == MS_NEVER ? 0 : 40);
    e->refusal = perhaps(l, 20) ? (perhaps(l, 50) ? 486 : 503) : 0;
    if ((l->seed + id) % EARLY_EACH == 0) /* not drawn: lives stay as they were */
        e->early_at = l->now_at + (ms_t)((l->seed * 7919 + id * 104729) % EARLY_MS);
}

static void hear(struct life *l, struct side *s, const struct phone_report *r)
{
    struct end *e = end_of(s, r->leg_id);
    if (r->kind == PHONE_AWAY)
        return;
    if (r->kind == PHONE_ARRIVED) {
        arrived(l, s, r->leg_id);
        return;
    }
    if (!e || e->is_over)
        fail_life("after: a report of a leg that is over");
    if (r->kind == PHONE_UP && e->ups_n == e->ups_max)
        fail_life("up_once: up too often");
    if (l->is_perfect && (r->kind == PHONE_LOST || (r->kind == PHONE_ENDED && r->is_fault)))
        fail_life("kept: a call ended by a fault of a perfect line");
    e->ups_n += r->kind == PHONE_UP;
    e->up_at = r->kind == PHONE_UP ? l->now_at : e->up_at;
    e->is_over = r->kind == PHONE_ENDED || r->kind == PHONE_REFUSED;
    e->over_at = e->is_over ? l->now_at : MS_NEVER;
    met.up_n += r->kind == PHONE_UP;
    met.refused_n += r->kind == PHONE_REFUSED;
    met.faults_n += r->kind == PHONE_ENDED && r->is_fault;
    met.lost_n += r->kind == PHONE_LOST;
    if (r->kind == PHONE_LOST)
        hang_up(s, e);
}

static void hook_0(const struct phone_report *r, void *arg)
{
    hear(arg, &((struct life *)arg)->sides[0], r);
}

static void hook_1(const struct phone_report *r, void *arg)
{
    hear(arg, &((struct life *)arg)->sides[1], r);
}

static void act_end(struct life *l, unsigned side, struct end *e)
{
    struct exchange *x = l->sides[side].x;
    x->now_at = l->now_at;
    if (!e->is_over && e->early_at <= l->now_at) {
        e->early_at = MS_NEVER;
        bool is_early = x->port.early(x->port.arg, e->id);
        e->ups_max += is_early;
        met.early_n += is_early;
    }
    if (!e->is_over && e->answer_at <= l->now_at) {
        e->answer_at = MS_NEVER;
        e->is_over = e->refusal;
        if (e->refusal)
            x->port.refuse(x->port.arg, e->id, e->refusal);
        else
            x->port.answer(x->port.arg, e->id);
    }
    if (!e->is_over && e->hang_up_at <= l->now_at)
        hang_up(&l->sides[side], e);
}

/* How many ends are up that have been so for longer than a BYE travels. */
static unsigned up_n(const struct life *l, unsigned side)
{
    const struct side *s = &l->sides[side];
    unsigned n = 0;
    for (unsigned i = 0; i < s->ends_n; i++)
        n += !s->ends[i].is_over && s->ends[i].up_at != MS_NEVER &&
             s->ends[i].up_at + SETTLED_MS < l->now_at;
    return n;
}

/* Who answers too late is let go at once. An end that was hung up a moment ago on our side may
 * still be up there. */
static void check_one(struct life *l)
{
    unsigned calling_n = 0;
    for (unsigned i = 0; i < l->sides[0].ends_n; i++)
        calling_n +=
            !l->sides[0].ends[i].is_over || l->sides[0].ends[i].over_at + SETTLED_MS >= l->now_at;
    met.both_n += l->has_two && up_n(l, 1);
    if (l->is_perfect && up_n(l, 1) > calling_n)
        fail_life("one_of_all: two telephones are up for one call");
}

static void act(struct life *l)
{
    static const enum media_kind kinds[] = {MEDIA_QUIET, MEDIA_LOST, MEDIA_BACK, MEDIA_QUIET};
    for (unsigned side = 0; side < 2; side++) {
        struct side *s = &l->sides[side];
        for (unsigned i = 0; i < s->ends_n; i++)
            act_end(l, side, &s->ends[i]);
        uint32_t slot = (uint32_t)prng_below(&l->chance, CALLS_MAX);
        if (perhaps(l, 20) && s->x->due_n < 8 && s->x->streams[slot].is_open)
            s->x->due[s->x->due_n++] =
                (struct media_report){.ref = {slot, s->x->streams[slot].gen},
                                      .kind = kinds[prng_below(&l->chance, ARRAY_LEN(kinds))]};
        run(l, side);
    }
    check_one(l);
}

static void call(struct life *l)
{
    struct side *s = &l->sides[0];
    const struct phone_call call = {.aor = 1, .number = TEXT("0536491234"), .name = TEXT("x")};
    uint64_t id = s->x->port.call(s->x->port.arg, &call);
    if (!id)
        fail_life("both_end: nobody could be called");
    new_end(s, id)->hang_up_at = within(l, perhaps(l, 50) ? 3000 : 40000, 20);
    met.calls_n++;
    take_off(l);
}

/* ---- a life ----------------------------------------------------------------------------- */

static void open_sides(struct life *l)
{
    for (unsigned i = 0; i < 2; i++) {
        struct side *s = &l->sides[i];
        s->x = exchange_open(4 * CALLS_MAX);
        s->relay = peer_open(s->x, i ? AT_TRUNK : AT_DESK);
        s->relay.user = "101";
    }
    struct phone_trunk t = {
        .number = 7, .at_n = 1, .host = TEXT("operator"), .is_unprobed = true, .is_early = true};
    assert_true(address_read_ip(&t.at[0], TEXT(AT_TRUNK)));
    t.at[0].port = peer_port(&l->sides[1].relay);
    phone_trunks(l->sides[1].x->phone, &t, 1);
    l->sides[0].x->hook = hook_0;
    l->sides[1].x->hook = hook_1;
    l->sides[0].x->hook_arg = l->sides[1].x->hook_arg = l;
    l->now_at = EXCHANGE_BEGIN_AT;
}

static void draw_line(struct life *l)
{
    static const struct {
        uint32_t lost_ppm, doubled_ppm;
        ms_t delay_ms_max;
        bool is_bearable;
    } lines[] = {{0, 0, 100, true},
                 {100000, 100000, 800, true},
                 {50000, 200000, 3000, true},
                 {450000, 200000, 3000, false}};
    unsigned i = (unsigned)prng_below(&l->chance, ARRAY_LEN(lines));
    l->lost_ppm = lines[i].lost_ppm;
    l->doubled_ppm = lines[i].doubled_ppm;
    l->delay_ms_max = lines[i].delay_ms_max;
    l->is_bearable = lines[i].is_bearable;
    l->is_perfect = !i;
    l->is_long = l->is_perfect && l->seed % LONG_EACH == 0;
    met.long_n += l->is_long;
}

static void begin_life(struct life *l, uint64_t seed)
{
    l->seed = seed;
    prng_seed(&l->chance, seed);
    l->flights_n = 0;
    l->began_at = l->now_at;
    l->calls_n = 1 + (unsigned)prng_below(&l->chance, CALLS_MAX);
    for (unsigned i = 0; i < 2; i++) {
        l->sides[i].ends_n = 0;
        l->sides[i].x->reports_n = 0;
        l->sides[i].x->now_at = l->now_at;
    }
    desk_register(&l->sides[0].relay, "s3cret", 3600);
    l->has_two = seed % LINE_EACH == 0;
    l->sides[0].relay.contact = "101-b";
    desk_register(&l->sides[0].relay, "s3cret", l->has_two ? 3600 : 0);
    l->sides[0].relay.contact = NULL;
    draw_line(l);
    for (unsigned i = 0; i < l->calls_n; i++)
        l->call_at[i] = within(l, 20000, 0);
}

static ms_t earlier(ms_t a, ms_t b)
{
    return a < b ? a : b;
}

static ms_t next_at(const struct life *l)
{
    ms_t at = MS_NEVER;
    for (unsigned i = 0; i < l->flights_n; i++)
        at = earlier(at, l->flights[i].at);
    for (unsigned i = 0; i < l->calls_n; i++)
        at = earlier(at, l->call_at[i]);
    for (unsigned side = 0; side < 2; side++) {
        const struct side *s = &l->sides[side];
        at = earlier(at, phone_next_at(s->x->phone));
        for (unsigned i = 0; i < s->ends_n; i++)
            if (!s->ends[i].is_over)
                at = earlier(earlier(at, s->ends[i].early_at),
                             earlier(s->ends[i].answer_at, s->ends[i].hang_up_at));
    }
    return at;
}

static void live_until(struct life *l, ms_t until_at)
{
    for (ms_t at; (at = next_at(l)) <= until_at;) {
        l->now_at = at > l->now_at ? at : l->now_at;
        for (unsigned i = 0; i < l->calls_n; i++) {
            if (l->call_at[i] > l->now_at)
                continue;
            l->call_at[i] = MS_NEVER;
            call(l);
        }
        if (!land(l))
            act(l);
    }
    l->now_at = until_at;
}

/* The calling side has hung up, or learnt the end: so has the called side, then. */
static void check_ends(struct life *l)
{
    for (unsigned i = 0; i < l->sides[1].ends_n; i++)
        if (l->is_bearable && !l->sides[1].ends[i].is_over)
            fail_life("both_end: the called side still waits");
}

static void let_go(struct life *l)
{
    for (unsigned side = 0; side < 2; side++)
        for (unsigned i = 0; i < l->sides[side].ends_n; i++)
            if (!l->sides[side].ends[i].is_over)
                hang_up(&l->sides[side], &l->sides[side].ends[i]);
    take_off(l);
}

static void check_leaks(struct life *l)
{
    for (unsigned side = 0; side < 2; side++) {
        struct phone_totals t = phone_totals(l->sides[side].x->phone);
        if (t.legs_n || t.transactions_n || l->sides[side].x->streams_n)
            fail_life("leak: a leg, a transaction or a stream is left");
        if (t.broken_n)
            fail_life("broken: a leg was in an impossible state");
    }
}

/* One side always hangs up: who was never to, after a minute. */
static void live(struct life *l, uint64_t seed)
{
    begin_life(l, seed);
    live_until(l, l->began_at + (l->is_long ? LONG_MS : 60000));
    for (unsigned i = 0; i < l->sides[0].ends_n; i++)
        if (!l->sides[0].ends[i].is_over)
            hang_up(&l->sides[0], &l->sides[0].ends[i]);
    take_off(l);
    live_until(l, l->now_at + 120000);
    check_ends(l);
    let_go(l);
    live_until(l, l->now_at + 200000);
    l->sides[0].x->now_at = l->sides[1].x->now_at = l->now_at;
    check_leaks(l);
}

static unsigned long long lives_wanted(void)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return 2000000;
    return how && !strcmp(how, "quick") ? 4000 : 20000;
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
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* what the exchange asserts, with its seed */
    open_sides(&life);
    for (unsigned long long i = 0; i < n; i++)
        live(&life, seed + i);
    printf(
        "%llu lives, every property holds: %u calls, %u ends up, %u refused, %u lost, %u faults, "
        "%u lives were long, %u times sound before the answer, %u looks at one of two that is up\n",
        n, met.calls_n, met.up_n, met.refused_n, met.lost_n, met.faults_n, met.long_n, met.early_n,
        met.both_n);
    for (unsigned i = 0; i < 2; i++) {
        peer_close(&life.sides[i].relay);
        exchange_drop(life.sides[i].x);
    }
    return 0;
}
