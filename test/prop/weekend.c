/* weekend.c — requests made while it is closed never push back Monday's first callers (design
 * §3.12), over the real heart, app and lines. Each life is a seed: from Friday evening on people
 * call, some choose a time at random, some hang up in the middle, some cancel; the house has one to
 * three calls for each half hour. On Monday it opens; at every half hour a caller comes, and so do
 * those whose time it is.
 *   sold        of no half hour more is sold than the house has, nor outside its hours
 *   pushed      before the caller who comes at the opening, and at each half hour, at most as many
 *               are waiting as were sold of the half hours so far
 *   kept        whoever was told « c'est noté » and did not cancel is called, once, not before
 *   row         until its day nothing of it stands in the heart
 *   prop-weekend [--seed N] [--lives N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory/hours.h"
#include "test/support/reception_back.h"

#define HOUR ((ms_t)3600000)
#define CALLERS 60
#define LIVES_LONG 2000
#define HALVES 20 /* of Monday, from 8 to 18 */
#define FIRST_NUMBER UINT64_C(33536490100)

struct sold {
    uint64_t contact_id;
    uint32_t reference;
    ms_t from_at;
    bool is_cancelled;
    unsigned calls_n;
};

struct life {
    uint64_t seed;
    struct prng chance;
    struct reception *r;
    struct sold sold[CALLERS];
    unsigned sold_n;
};

static struct life life;

static void fail(const char *why)
{
    fprintf(stderr, "property FAILED: %s\n  replay: --seed %llu --lives 1\n", why,
            (unsigned long long)life.seed);
    exit(1);
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(prng_next(&life.chance) % n);
}

/* What the journal has said of slots so far. */
static void read_journal(void)
{
    const struct notebook *b = &life.r->book;
    life.sold_n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct event *ev = &b->events[i];
        if (ev->kind == EV_SLOT_SOLD)
            life.sold[life.sold_n++] = (struct sold){.contact_id = ev->slot_sold.contact_id,
                                                     .reference = ev->slot_sold.reference,
                                                     .from_at = ev->slot_sold.from_at};
        for (unsigned k = 0; k < life.sold_n; k++) {
            struct sold *s = &life.sold[k];
            if (ev->kind == EV_SLOT_CANCELLED && ev->slot_cancelled.contact_id == s->contact_id)
                s->is_cancelled = true;
            if (ev->kind != EV_CONTACT_OPENED || ev->contact_opened.kind != CONTACT_KIND_CALLBACK ||
                ev->contact_opened.reference != s->reference)
                continue;
            s->calls_n++;
            if (ev->at < s->from_at)
                fail("kept: called before the time that was told");
        }
    }
}

static unsigned sold_until(ms_t at)
{
    unsigned n = 0;
    for (unsigned i = 0; i < life.sold_n; i++)
        n += !life.sold[i].is_cancelled && life.sold[i].from_at <= at;
    return n;
}

static void check_sold(void)
{
    for (unsigned i = 0; i < life.sold_n; i++) {
        unsigned same_n = 0;
        ms_t wall_at = life.sold[i].from_at + life.r->wall_ms;
        for (unsigned k = 0; k < life.sold_n; k++)
            same_n += !life.sold[k].is_cancelled && life.sold[k].from_at == life.sold[i].from_at;
        if (same_n > life.r->slots_max)
            fail("sold: more of one half hour than there are");
        if (directory_hours_at(life.r->directory, life.r->directory->services[0].weeks, wall_at) !=
            HOURS_OPEN)
            fail("sold: the house is closed then");
    }
}

/* Keys at random, most of them such as lead on; hangs up somewhere. */
static void somebody_calls(unsigned i)
{
    struct reception *r = life.r;
    char number[24];
    snprintf(number, sizeof(number), "+%llu", (unsigned long long)(FIRST_NUMBER + i));
    uint64_t id = arrive_as(r, 0, PUBLIC, number);
    up(r, id);
    press(r, id, '1');
    hears_all(r, id);
    for (unsigned k = 3 + below(12); k-- > 0 && !is_over(r, id);) {
        if (below(3))
            press(r, id, below(5) ? '1' : (char)('0' + below(10)));
        else
            hears_all(r, id);
    }
    pass(r, below(60000));
    if (!is_over(r, id))
        ends(r, id, false);
    if (!below(8))
        lines_cancel(FIRST_NUMBER + i, r->lines);
    pass(r, 1000);
    if (acd_look_counts(r->acd).contacts_n)
        fail("row: something stands in the heart while it is closed");
}

static void set_hours(enum hours hours)
{
    reception_do(life.r, (struct command){.kind = CMD_QUEUE_HOURS,
                                          .queue_hours = {.queue_id = HEALTH, .hours = hours}});
    turn(life.r);
}

static unsigned waiting_n(void)
{
    struct acd_look_queue look;
    acd_look_queue(life.r->acd, acd_look_queue_slot(life.r->acd, HEALTH), life.r->now_at, &look);
    return look.waiting_n;
}

/* Nobody answers, so that all who came before are there. */
static void monday(ms_t opens_at)
{
    struct reception *r = life.r;
    pass(r, opens_at - r->now_at);
    set_hours(HOURS_OPEN);
    for (unsigned half = 0; half < HALVES; half++) {
        read_journal();
        unsigned callbacks_n = waiting_n() - half; /* and one caller of each half hour before */
        if (callbacks_n > sold_until(r->now_at) || callbacks_n > (half + 1) * r->slots_max)
            fail("pushed: more wait before a caller than were sold");
        uint64_t id = arrive_as(r, 0, PUBLIC, "");
        up(r, id);
        press(r, id, '1');
        hears_all(r, id);
        pass(r, SLOT_MS);
    }
    set_hours(HOURS_CLOSED_PUBLISHED);
}

static void live(uint64_t seed)
{
    life = (struct life){.seed = seed};
    prng_seed(&life.chance, seed);
    struct reception *r = life.r = reception_new(HALVES + 4);
    r->directory->is_demo = true;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    r->slots_max = 1 + below(3);
    reception_fill(r);
    back_rules(r);
    sign_in(r, 1);
    ms_t friday_at = r->now_at + 4 * 24 * HOUR + 8 * HOUR; /* it was Monday at 10: at 18 */
    ms_t opens_at = friday_at + 62 * HOUR;
    pass(r, friday_at - r->now_at);
    set_hours(HOURS_CLOSED_PUBLISHED);
    for (unsigned i = 0; i < CALLERS; i++) {
        somebody_calls(i);
        pass(r, below((uint32_t)HOUR));
    }
    read_journal();
    check_sold();
    monday(opens_at);
    pass(r, 4 * 24 * HOUR);
    read_journal();
    for (unsigned i = 0; i < life.sold_n; i++)
        if (life.sold[i].calls_n != !life.sold[i].is_cancelled)
            fail("kept: somebody who was told a time is not called, or twice");
}

int main(int argc, char **argv)
{
    const char *how = getenv("DECROCHE_TEST");
    unsigned long long seed = 1, lives = how && !strcmp(how, "long") ? LIVES_LONG : 40, sold_n = 0,
                       cancelled_n = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        unsigned long long v = strtoull(argv[i + 1], NULL, 10);
        if (!strcmp(argv[i], "--seed"))
            seed = v;
        else if (!strcmp(argv[i], "--lives"))
            lives = v;
    }
    for (unsigned long long i = 0; i < lives; i++) {
        live(seed + i);
        for (unsigned k = 0; k < life.sold_n; k++)
            cancelled_n += life.sold[k].is_cancelled;
        sold_n += life.sold_n;
        reception_drop(life.r);
    }
    if (lives >= 20 && (sold_n < 10 * lives || !cancelled_n))
        fail("seen: too few of these people have chosen a time, or given one back");
    printf("%llu week-ends from seed %llu: %llu times sold, %llu given back: none too many, none "
           "before Monday's callers but those, none lost\n",
           lives, seed, sold_n, cancelled_n);
    return 0;
}
