/* trunks.c — calls by operators who answer, are silent, challenge, fail or are late, over lines
 * that lose, double and reorder, while the app dials and hangs up at any moment. Each life is a
 * seed. What must hold: channels   never more in use than there are calls and channels; none at the
 * end one_end    a call that was not hung up is told to be over once; one that was, never proofs at
 * most SIP_TRUNK_PROOFS_MAX credentials for a call and trunk tried_once no other INVITE comes twice
 * to one trunk for one call; repetitions are the same one leak       400 s later no leg,
 * transaction or stream is left; broken: none was in an impossible state; sound_state: no assertion
 * breaks blind      all lives together met each way to end prop-trunks [--seed N] [--lives N]   A
 * failure prints its property and its seed; --seed N
 * --lives 1 replays it. */
#include <signal.h>

#include "test/prop/trunks_life.h"

static struct life life;

struct trunks_met met;

void fail_life(const char *property)
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

bool perhaps(struct life *l, uint32_t percent)
{
    return prng_chance(&l->chance, percent * 10000);
}

ms_t within(struct life *l, ms_t least_ms, ms_t most_ms)
{
    return l->now_at + prng_between(&l->chance, least_ms, most_ms);
}

/* ---- the lines ------------------------------------------------------------------------------ */

static void fly_once(struct life *l, const struct flight *like)
{
    if (l->flights_n == FLIGHTS_MAX)
        fail_life("room");
    struct flight *f = &l->flights[l->flights_n++];
    f->at = within(l, 0, l->delay_ms_max);
    f->operator_i = like->operator_i;
    f->is_ours = like->is_ours;
    f->n = like->n;
    memcpy(f->bytes, like->bytes, like->n + 1);
}

static void fly(struct life *l, const struct flight *f)
{
    if (prng_chance(&l->chance, l->lost_ppm))
        return;
    fly_once(l, f);
    if (prng_chance(&l->chance, l->doubled_ppm))
        fly_once(l, f);
}

void send_back(struct life *l, unsigned operator_i, const char *bytes)
{
    static struct flight f;
    f.operator_i = operator_i;
    f.is_ours = false;
    f.n = strlen(bytes);
    memcpy(f.bytes, bytes, f.n + 1);
    fly(l, &f);
}

/* ---- the service's turn --------------------------------------------------------------------- */

static void check_channels(struct life *l)
{
    struct phone_trunk_look look;
    for (uint32_t i = 0; phone_trunk_look(l->x->phone, i, &look); i++)
        if (look.calls_in_n || look.calls_out_n > LEGS_MAX ||
            (look.channels && look.calls_out_n > look.channels))
            fail_life("channels: more than there are");
}

static void take_off(struct life *l)
{
    static struct flight f;
    for (unsigned i = 0; i < OPERATORS; i++) {
        ssize_t n;
        while ((n = recv(l->operators[i].peer.fd, f.bytes, sizeof(f.bytes) - 1, 0)) > 0) {
            f.bytes[n] = '\0';
            f.n = (size_t)n;
            f.operator_i = i;
            f.is_ours = true;
            if (is_method(f.bytes, "INVITE"))
                operator_notes(l, i, f.bytes);
            fly(l, &f);
        }
    }
    check_channels(l);
}

static void run(struct life *l)
{
    l->x->now_at = l->now_at;
    turn(l->x);
    take_off(l);
}

static bool land(struct life *l)
{
    static struct flight f;
    for (unsigned i = 0; i < l->flights_n; i++) {
        if (l->flights[i].at > l->now_at)
            continue;
        f = l->flights[i];
        l->flights[i] = l->flights[--l->flights_n];
        l->x->now_at = l->now_at;
        if (f.is_ours)
            operator_takes(l, f.operator_i, f.bytes);
        else
            peer_send(&l->operators[f.operator_i].peer, f.bytes);
        take_off(l);
        return true;
    }
    return false;
}

/* ---- the app -------------------------------------------------------------------------------- */

static void hear(const struct phone_report *r, void *arg)
{
    struct life *l = arg;
    struct call *c = NULL;
    for (unsigned i = 0; i < l->calls_n; i++)
        if (l->calls[i].id == r->leg_id)
            c = &l->calls[i];
    if (r->kind == PHONE_AWAY)
        return;
    if (!c || c->is_over)
        fail_life("one_end: a report of a call that is over, or nobody's");
    if (r->kind == PHONE_UP && c->was_up)
        fail_life("one_end: up twice");
    c->was_up |= r->kind == PHONE_UP;
    c->is_over = r->kind == PHONE_ENDED || r->kind == PHONE_REFUSED;
    met.up_n += r->kind == PHONE_UP;
    met.refused_n += r->kind == PHONE_REFUSED;
    met.ended_n += r->kind == PHONE_ENDED;
}

static void dial(struct life *l, unsigned i)
{
    char number[16];
    struct call *c = &l->calls[i];
    snprintf(number, sizeof(number), "%llu", (unsigned long long)FIRST_NUMBER + i);
    const struct phone_dial d = {.number = text_of(number), .caller = TEXT("33536490010")};
    c->dial_at = MS_NEVER;
    c->id = l->x->port.dial(l->x->port.arg, &d);
    c->is_over = !c->id; /* no room: said at once, and nothing is reported */
    c->hang_up_at = perhaps(l, 50) ? within(l, 0, 5000) : within(l, 0, 50000);
    met.calls_n++;
    take_off(l);
}

static void hang_up(struct life *l, struct call *c)
{
    c->is_over = true;
    c->hang_up_at = MS_NEVER;
    l->x->port.hang_up(l->x->port.arg, c->id);
    met.hung_up_n++;
    take_off(l);
}

static void act(struct life *l)
{
    l->x->now_at = l->now_at;
    for (unsigned i = 0; i < l->calls_n; i++) {
        struct call *c = &l->calls[i];
        if (c->dial_at <= l->now_at)
            dial(l, i);
        if (c->id && !c->is_over && c->hang_up_at <= l->now_at)
            hang_up(l, c);
    }
    for (unsigned i = 0; i < OPERATORS; i++)
        operator_acts(l, i);
    run(l);
}

/* ---- a life --------------------------------------------------------------------------------- */

static void say_trunks(struct life *l)
{
    struct phone_trunk trunks[OPERATORS];
    for (unsigned i = 0; i < l->trunks_n; i++) {
        struct operator* o = & l->operators[i];
        uint32_t channels = (uint32_t)prng_below(&l->chance, CALLS_MAX);
        trunks[i] = (struct phone_trunk){.number = i + 1,
                                         .at_n = 1,
                                         .host = TEXT("op.example"),
                                         .user = TEXT("ours"),
                                         .secret = TEXT("s3cret"),
                                         .priority = (uint8_t)(1 + prng_below(&l->chance, 3)),
                                         .channels = channels,
                                         .registers = perhaps(l, 30),
                                         .is_unprobed = perhaps(l, 30)};
        assert_true(address_read_ip(&trunks[i].at[0], text_of(o->peer.ip)));
        trunks[i].at[0].port = peer_port(&o->peer);
    }
    phone_trunks(l->x->phone, trunks, l->trunks_n);
}

static void begin_life(struct life *l, uint64_t seed)
{
    static const struct {
        uint32_t lost_ppm, doubled_ppm;
        ms_t delay_ms_max;
    } lines[] = {{0, 0, 50}, {100000, 100000, 800}, {50000, 200000, 3000}, {400000, 100000, 1500}};
    l->seed = seed;
    prng_seed(&l->chance, seed);
    unsigned line = (unsigned)prng_below(&l->chance, ARRAY_LEN(lines));
    l->lost_ppm = lines[line].lost_ppm;
    l->doubled_ppm = lines[line].doubled_ppm;
    l->delay_ms_max = lines[line].delay_ms_max;
    l->flights_n = l->x->reports_n = 0;
    l->began_at = l->now_at;
    l->calls_n = 1 + (unsigned)prng_below(&l->chance, CALLS_MAX);
    l->trunks_n = 1 + (unsigned)prng_below(&l->chance, OPERATORS);
    for (unsigned i = 0; i < OPERATORS; i++) {
        struct operator* o = & l->operators[i];
        peer_ignore(&o->peer);
        o->temper = perhaps(l, 30) ? GOOD : (enum temper)prng_below(&l->chance, TEMPERS);
        o->is_stubborn = perhaps(l, 30);
        o->visits_n = 0;
        memset(o->invites_n, 0, sizeof(o->invites_n));
        memset(o->proofs_n, 0, sizeof(o->proofs_n));
    }
    for (unsigned i = 0; i < l->calls_n; i++)
        l->calls[i] = (struct call){.dial_at = within(l, 0, 20000), .hang_up_at = MS_NEVER};
    say_trunks(l);
    run(l);
}

static ms_t earlier(ms_t a, ms_t b)
{
    return a < b ? a : b;
}

static ms_t next_at(const struct life *l)
{
    ms_t at = phone_next_at(l->x->phone);
    for (unsigned i = 0; i < l->flights_n; i++)
        at = earlier(at, l->flights[i].at);
    for (unsigned i = 0; i < l->calls_n; i++) {
        const struct call *c = &l->calls[i];
        at = earlier(at, c->dial_at);
        if (c->id && !c->is_over)
            at = earlier(at, c->hang_up_at);
    }
    for (unsigned i = 0; i < OPERATORS; i++)
        for (unsigned j = 0; j < l->operators[i].visits_n; j++) {
            const struct visit *v = &l->operators[i].visits[j];
            at = earlier(at, earlier(v->say_at, earlier(v->again_at, v->bye_at)));
        }
    return at;
}

static void live_until(struct life *l, ms_t until_at)
{
    for (ms_t at; (at = next_at(l)) <= until_at;) {
        l->now_at = at > l->now_at ? at : l->now_at;
        if (!land(l))
            act(l);
    }
    l->now_at = until_at;
}

static void check_end(struct life *l)
{
    struct phone_totals t = phone_totals(l->x->phone);
    struct phone_trunk_look look;
    for (unsigned i = 0; i < l->calls_n; i++)
        if (!l->calls[i].is_over)
            fail_life("one_end: the end was never told");
    for (uint32_t i = 0; phone_trunk_look(l->x->phone, i, &look); i++)
        if (look.calls_in_n || look.calls_out_n)
            fail_life("channels: one was not given back");
    if (t.legs_n || t.transactions_n || l->x->streams_n)
        fail_life("leak: a leg, a transaction or a stream is left");
    if (t.broken_n)
        fail_life("broken: a leg was in an impossible state");
}

/* Every call is hung up within 70 s; then the trunks go, and what lingers has 400 s. */
static void live(struct life *l, uint64_t seed)
{
    begin_life(l, seed);
    live_until(l, l->began_at + 75000);
    phone_trunks(l->x->phone, NULL, 0);
    live_until(l, l->now_at + 400000);
    l->x->now_at = l->now_at;
    check_end(l);
}

static unsigned long long lives_wanted(void)
{
    const char *how = getenv("DECROCHE_TEST");
    if (how && !strcmp(how, "long"))
        return 500000;
    return how && !strcmp(how, "quick") ? 1000 : 2500;
}

static void check_met(unsigned long long n)
{
    if (n >= 1000 && !(met.up_n && met.refused_n && met.ended_n && met.hung_up_n && met.next_n &&
                       met.proofs_n && met.cancels_n && met.ghosts_n))
        fail_life("blind: these lives never met one of the ways to end");
    printf("%llu lives, every property holds: %u calls, %u up, %u refused, %u ended, %u hung up, "
           "%u times the next operator, %u proofs, %u cancelled, %u late answers ended\n",
           n, met.calls_n, met.up_n, met.refused_n, met.ended_n, met.hung_up_n, met.next_n,
           met.proofs_n, met.cancels_n, met.ghosts_n);
}

static void open_all(struct life *l)
{
    static const char *const at[OPERATORS] = {AT_TRUNK, AT_DESK, AT_STRANGER};
    struct phone_source sources[OPERATORS];
    l->x = exchange_open(LEGS_MAX);
    l->x->hook = hear;
    l->x->hook_arg = l;
    l->now_at = EXCHANGE_BEGIN_AT;
    for (unsigned i = 0; i < OPERATORS; i++) {
        l->operators[i].peer = peer_open(l->x, at[i]);
        sources[i] = exchange_source(at[i], false);
        sources[i].trunk_id = i + 1;
    }
    phone_sources(l->x->phone, sources, OPERATORS);
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
    open_all(&life);
    for (unsigned long long i = 0; i < n; i++)
        live(&life, seed + i);
    check_met(n);
    for (unsigned i = 0; i < OPERATORS; i++)
        peer_close(&life.operators[i].peer);
    exchange_drop(life.x);
    return 0;
}
