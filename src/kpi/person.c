/* person.c — people, not calls: who tried, who was reached within 24 h, who never in 7 days.
 * A person counts from the first call that asked for somebody, for 7 days; a later one begins anew.
 * Called by fold.c. Cost: a hash look-up; people leave in the order in which they came.
 * Invariant: people = reached within 7 days + never + still open. */
#include "base/hash.h"
#include "kpi/state.h"

static struct kpi_person *person_at(const struct kpi *k, uint32_t slot)
{
    uintptr_t p = (uintptr_t)((const uint8_t *)k + k->ring.persons_at);
    return (struct kpi_person *)p + slot;
}

/* Slot + 1; 0: free. */
static uint32_t *index_at(const struct kpi *k, uint32_t i)
{
    uintptr_t p = (uintptr_t)((const uint8_t *)k + k->ring.index_at);
    return (uint32_t *)p + (i & k->ring.index_mask);
}

static uint32_t home(const struct kpi *k, uint64_t person_id)
{
    return (uint32_t)hash_mix(person_id) & k->ring.index_mask;
}

static uint32_t index_size(uint32_t persons_max)
{
    uint32_t n = 16;
    while (n < 2 * persons_max)
        n *= 2;
    return n;
}

size_t kpi_person_bytes(uint32_t persons_max)
{
    return persons_max * sizeof(struct kpi_person) + index_size(persons_max) * sizeof(uint32_t);
}

void kpi_person_open(struct kpi *k, size_t at, uint32_t persons_max)
{
    k->ring = (struct kpi_ring){
        .persons_max = persons_max,
        .index_mask = index_size(persons_max) - 1,
        .persons_at = at,
        .index_at = at + persons_max * sizeof(struct kpi_person),
    };
}

/* Where person_id stands in the index, or the free place where it would. */
static uint32_t find(const struct kpi *k, uint64_t person_id)
{
    uint32_t i = home(k, person_id);
    while (*index_at(k, i) && person_at(k, *index_at(k, i) - 1)->person_id != person_id)
        i = (i + 1) & k->ring.index_mask;
    return i;
}

/* Closes the gap, so that no tombstone is left and the cost does not grow with age. */
static void unindex(struct kpi *k, uint32_t hole)
{
    for (uint32_t i = hole;;) {
        i = (i + 1) & k->ring.index_mask;
        uint32_t slot = *index_at(k, i);
        if (!slot)
            break;
        uint32_t wanted = home(k, person_at(k, slot - 1)->person_id);
        if (((i - wanted) & k->ring.index_mask) < ((i - hole) & k->ring.index_mask))
            continue;
        *index_at(k, hole) = slot;
        hole = i;
    }
    *index_at(k, hole) = 0;
}

static void settle(struct kpi *k, struct kpi_person *p)
{
    k->ring.settled_n += !p->is_settled;
    k->ring.never_n += !p->is_settled && !p->is_reached_7d;
    p->is_settled = true;
}

static void leave(struct kpi *k, struct kpi_person *p)
{
    unindex(k, find(k, p->person_id));
    p->person_id = 0;
}

static uint32_t ring_push(struct kpi *k, const struct kpi_person *p)
{
    uint32_t slot = (k->ring.first + k->ring.n++) % k->ring.persons_max;
    *person_at(k, slot) = *p;
    return slot;
}

/* The head of the ring, when its time is over: out, or to the tail while its last call is fresh. */
static bool pop_one(struct kpi *k)
{
    struct kpi_ring *r = &k->ring;
    struct kpi_person p = *person_at(k, r->first);
    ms_t from_at = p.is_settled ? p.last_at : p.first_at;
    if (p.person_id && from_at + KPI_NEVER_AFTER_MS > k->last_at)
        return false;
    uint32_t at = p.person_id ? find(k, p.person_id) : 0;
    if (p.person_id)
        settle(k, &p);
    bool is_fresh = p.person_id && p.last_at + KPI_NEVER_AFTER_MS > k->last_at;
    if (p.person_id && !is_fresh)
        unindex(k, at);
    r->first = (r->first + 1) % r->persons_max;
    r->n--;
    if (is_fresh)
        *index_at(k, at) = ring_push(k, &p) + 1;
    return true;
}

static void pop_settled(struct kpi *k)
{
    for (uint32_t n = k->ring.n; n && pop_one(k); n--)
        ;
}

static void count_person(struct kpi *k, const struct kpi_person *p, int by)
{
    struct kpi_counts *c[2] = {&k->total, kpi_interval_counts(k, p->interval)};
    for (unsigned i = 0; i < 2 && c[i]; i++) {
        c[i]->persons_n += (uint32_t)by;
        c[i]->persons_24h_n += p->is_reached_24h ? (uint32_t)by : 0;
        c[i]->persons_7d_n += p->is_reached_7d ? (uint32_t)by : 0;
    }
}

static struct kpi_person *person_new(struct kpi *k, const struct kpi_asking *call)
{
    struct kpi_ring *r = &k->ring;
    if (r->n == r->persons_max)
        return NULL;
    struct kpi_person new = {.person_id = call->person_id,
                             .first_at = call->arrived_at,
                             .last_at = call->arrived_at,
                             .interval = call->interval};
    uint32_t at = find(k, call->person_id), slot = ring_push(k, &new);
    struct kpi_person *p = person_at(k, slot);
    *index_at(k, at) = slot + 1;
    count_person(k, p, 1);
    return p;
}

static void count_repeat(struct kpi *k, struct kpi_person *p, const struct kpi_asking *call)
{
    struct kpi_counts *c[2] = {&k->total, kpi_interval_counts(k, call->interval)};
    ms_t apart = call->arrived_at - p->last_at;
    if (apart < 0) /* an older call whose class came late */
        apart = -apart;
    for (unsigned i = 0; i < 2 && c[i]; i++) {
        c[i]->repeat_24h_n += apart <= KPI_REACHED_WITHIN_MS;
        c[i]->repeat_7d_n += apart <= KPI_NEVER_AFTER_MS;
    }
    if (call->arrived_at > p->last_at)
        p->last_at = call->arrived_at;
}

static void mark_reached(struct kpi *k, struct kpi_person *p, const struct kpi_asking *call)
{
    if (call->reached_at == MS_NEVER)
        return;
    ms_t after = call->reached_at - p->first_at;
    count_person(k, p, -1);
    p->is_reached_24h |= after <= KPI_REACHED_WITHIN_MS;
    p->is_reached_7d |= after <= KPI_NEVER_AFTER_MS;
    count_person(k, p, 1);
}

/* The class of an earlier call may come after that of a later one: the first call is then it. */
static void move_first(struct kpi *k, struct kpi_person *p, const struct kpi_asking *call)
{
    count_person(k, p, -1);
    p->first_at = call->arrived_at;
    p->interval = call->interval;
    count_person(k, p, 1);
}

static void lose(struct kpi *k, const struct kpi_asking *call)
{
    struct kpi_counts *c[2] = {&k->total, kpi_interval_counts(k, call->interval)};
    for (unsigned i = 0; i < 2 && c[i]; i++)
        c[i]->persons_lost_n++;
    k->ring.lost_n++;
}

void kpi_person_asked(struct kpi *k, const struct kpi_asking *call)
{
    pop_settled(k);
    uint32_t i = find(k, call->person_id);
    struct kpi_person *p = *index_at(k, i) ? person_at(k, *index_at(k, i) - 1) : NULL;
    ms_t last_at = p ? p->last_at : MS_NEVER;
    if (p && call->arrived_at >= p->first_at + KPI_NEVER_AFTER_MS) {
        settle(k, p);
        leave(k, p); /* a new wish; the old entry is passed over when its turn comes */
        p = NULL;
    }
    if (p) {
        count_repeat(k, p, call);
        if (call->arrived_at < p->first_at)
            move_first(k, p, call);
    } else {
        p = person_new(k, call);
        if (p && last_at != MS_NEVER) {
            p->last_at = last_at;
            count_repeat(k, p, call);
        }
    }
    if (p)
        mark_reached(k, p, call);
    else
        lose(k, call);
}

struct kpi_persons kpi_persons(const struct kpi *k)
{
    const struct kpi_ring *r = &k->ring;
    struct kpi_persons sum = {.n = k->total.persons_n,
                              .reached_24h_n = k->total.persons_24h_n,
                              .reached_7d_n = k->total.persons_7d_n,
                              .followed_n = r->settled_n,
                              .never_n = r->never_n,
                              .lost_n = r->lost_n};
    for (uint32_t i = 0; i < r->n; i++) {
        const struct kpi_person *p = person_at(k, (r->first + i) % r->persons_max);
        bool is_over = p->first_at + KPI_NEVER_AFTER_MS <= k->last_at;
        if (!p->person_id || p->is_settled)
            continue;
        sum.followed_n += is_over;
        sum.never_n += is_over && !p->is_reached_7d;
        sum.open_n += !is_over && !p->is_reached_7d;
    }
    return sum;
}
