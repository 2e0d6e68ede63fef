/* readmodel.c — see readmodel.h.
 * Called by cli/reader.c and app/pages.c. The day's counts are those of the calls that arrived on
 * the newest local day that any event spoke of; on a later day there are none yet. */
#include <errno.h>
#include <string.h>

#include "app/deeds.h"
#include "app/past.h"
#include "app/readmodel.h"
#include "app/unreached.h"
#include "app/ways.h"
#include "app/workday.h"
#include "base/arena.h"
#include "base/hash.h"

#define ALARM_BIT(alarm) (UINT32_C(1) << (alarm))

struct recent {
    struct event ev;
    uint64_t hash; /* acd_hash() after it */
};

struct readmodel {
    struct acd *acd;
    struct kpi *kpi; /* NULL before the first event, which tells where its time begins */
    void *kpi_memory;
    struct kpi_limits kpi_limits;
    const struct directory *directory; /* borrowed */
    enum zone zone;
    uint64_t journal;
    bool is_ready, is_twin_broken, is_simulated;
    calendar_day day;
    struct kpi_counts day_counts;
    struct kpi_counts *queue_day; /* by slot */
    uint32_t queues_max;
    struct view_agent *agents;             /* by slot */
    struct recent *recent;                 /* READMODEL_RECENT_N, by id */
    uint16_t agent_at[EVENT_KIND_MAX + 1]; /* where kinds name their agent; 0: they do not */
    ms_t clock_at, reset_at;               /* of the last such event; 0: none */
    struct unreached unreached;
    struct deeds deeds;
    struct past past;
    struct workday workday;
    struct ways ways;
    struct vitals vitals;
    struct view_alarms alarms;
    struct vitals_watch watch;
    uint64_t compared_id;
    struct { /* what was committed: at newer_at, and READMODEL_BEHIND_MS before that */
        uint64_t older_id, newer_id;
        ms_t newer_at;
    } behind;
};

static void lay_out(struct readmodel *m, struct arena *arena, const struct readmodel_args *args)
{
    m->acd = arena_take(arena, acd_bytes(&args->acd), 1);
    m->kpi_memory = arena_take(arena, kpi_bytes(&args->kpi), 1);
    m->queue_day = arena_take(arena, args->acd.queues_max, sizeof(*m->queue_day));
    m->agents = arena_take(arena, args->acd.agents_max, sizeof(*m->agents));
    m->recent = arena_take(arena, READMODEL_RECENT_N, sizeof(*m->recent));
    unreached_open(&m->unreached, arena);
    deeds_open(&m->deeds, arena, &args->acd);
    past_open(&m->past, arena);
    workday_open(&m->workday, arena, args->acd.agents_max);
    ways_open(&m->ways, arena);
}

size_t readmodel_bytes(const struct readmodel_args *args)
{
    struct arena arena = {0};
    struct readmodel probe;
    arena_take(&arena, 1, sizeof(struct readmodel));
    lay_out(&probe, &arena, args);
    return arena.used;
}

/* Where an event of this kind says agent_id; 0: nowhere. */
static uint16_t find_agent(enum event_kind kind)
{
    const struct event_field *f = event_fields(kind);
    for (; f && f->name; f++)
        if (!strcmp(f->name, "agent_id"))
            return f->offset;
    return 0;
}

struct readmodel *readmodel_open(void *memory, const struct readmodel_args *args)
{
    struct arena arena = {.base = memory, .size = readmodel_bytes(args)};
    struct readmodel *m = arena_take(&arena, 1, sizeof(*m));
    lay_out(m, &arena, args);
    acd_open(m->acd, &args->acd);
    m->kpi_limits = args->kpi;
    m->queues_max = args->acd.queues_max;
    m->directory = args->directory;
    m->zone = args->directory ? args->directory->organisation.zone : ZONE_UTC;
    m->day = INT32_MIN;
    for (unsigned kind = 1; kind <= EVENT_KIND_MAX; kind++)
        m->agent_at[kind] = find_agent((enum event_kind)kind);
    return m;
}

void readmodel_follow(struct readmodel *m, const struct directory *directory)
{
    m->directory = directory;
    m->zone = directory->organisation.zone;
}

/* ---- one event ---- */

static void begin(struct readmodel *m, const struct event *ev)
{
    const struct kpi_args args = {.from_at = ev->at,
                                  .offset_ms = calendar_offset_ms(m->zone, ev->at)};
    m->kpi = kpi_open(m->kpi_memory, &m->kpi_limits, &args);
    m->journal = hash_fold(hash_fold((uint64_t)ev->at, ev->id), (uint64_t)ev->kind);
}

/* The instant whose day an event counts in; false: it counts nothing. */
static bool counts_at(const struct event *ev, ms_t *at)
{
    bool counts = true;
    if (ev->kind == EV_CALL_OUTCOME)
        *at = ev->call_outcome.arrived_at;
    else if (ev->kind == EV_SHED)
        *at = ev->shed.quarter_at;
    else if (ev->kind == EV_GAP)
        *at = ev->gap.from_at;
    else if (ev->kind == EV_CONVERSATION_CONCLUDED)
        *at = ev->at;
    else
        counts = false;
    return counts;
}

static void count_day(struct readmodel *m, const struct event *ev)
{
    ms_t at;
    if (!counts_at(ev, &at))
        return;
    calendar_day day = calendar_local(m->zone, at).day;
    if (day > m->day) {
        m->day = day;
        memset(&m->day_counts, 0, sizeof(m->day_counts));
        memset(m->queue_day, 0, m->queues_max * sizeof(*m->queue_day));
    }
    if (day < m->day)
        return;
    kpi_counts_fold(&m->day_counts, ev);
    uint32_t queue_id = ev->kind == EV_CALL_OUTCOME ? ev->call_outcome.queue_id
                        : ev->kind == EV_CONVERSATION_CONCLUDED
                            ? ev->conversation_concluded.queue_id
                            : 0;
    uint32_t slot = acd_look_queue_slot(m->acd, queue_id);
    if (slot != SLOT_NONE)
        kpi_counts_fold(&m->queue_day[slot], ev);
}

/* Before the event is applied: the slot of a queue that goes is counted from zero by the next. */
static void forget_queue(struct readmodel *m, const struct event *ev)
{
    if (ev->kind != EV_QUEUE_DROPPED)
        return;
    uint32_t slot = acd_look_queue_slot(m->acd, ev->queue_dropped.queue_id);
    if (slot != SLOT_NONE)
        memset(&m->queue_day[slot], 0, sizeof(m->queue_day[slot]));
}

/* After it was applied: is an agent in another state now? */
static void watch_agent(struct readmodel *m, const struct event *ev)
{
    struct acd_look_agent look;
    uint32_t id;
    uint16_t at = m->agent_at[ev->kind];
    if (!at)
        return;
    memcpy(&id, (const uint8_t *)ev + at, sizeof(id));
    uint32_t slot = acd_look_agent_slot(m->acd, id);
    if (slot == SLOT_NONE || !acd_look_agent(m->acd, slot, &look))
        return;
    struct view_agent *seen = &m->agents[slot];
    if (seen->id == id && seen->state == look.state)
        return;
    *seen = (struct view_agent){.id = id, .state = look.state, .since_at = ev->at};
}

bool readmodel_take(const struct event *ev, void *arg)
{
    struct readmodel *m = arg;
    if (!m->kpi)
        begin(m, ev);
    forget_queue(m, ev);
    acd_apply(m->acd, ev);
    kpi_fold(m->kpi, ev);
    m->is_simulated |= ev->kind == EV_SIMULATED;
    count_day(m, ev);
    watch_agent(m, ev);
    unreached_fold(&m->unreached, m->acd, ev, m->zone);
    deeds_fold(&m->deeds, m->acd, ev);
    past_fold(&m->past, m->acd, ev);
    workday_fold(&m->workday, m->acd, ev, m->zone);
    ways_fold(&m->ways, ev);
    if (ev->kind == EV_CLOCK_STEP)
        m->clock_at = ev->at;
    if (ev->kind == EV_JOURNAL_RESET)
        m->reset_at = ev->at;
    m->recent[ev->id % READMODEL_RECENT_N] = (struct recent){*ev, acd_hash(m->acd)};
    return true;
}

void readmodel_caught_up(struct readmodel *m)
{
    m->is_ready = true;
}

const struct event *readmodel_recent(const struct readmodel *m, uint64_t id)
{
    const struct recent *r = &m->recent[id % READMODEL_RECENT_N];
    return id && r->ev.id == id ? &r->ev : NULL;
}

const struct past *readmodel_past(const struct readmodel *m)
{
    return &m->past;
}

const struct workday *readmodel_workday(const struct readmodel *m)
{
    return &m->workday;
}

const struct ways *readmodel_ways(const struct readmodel *m)
{
    return &m->ways;
}

uint64_t readmodel_journal(const struct readmodel *m)
{
    return m->journal;
}

/* ---- what is wrong ---- */

/* The core's state and ours after the same event. One that is not here yet, or no longer, says
 * nothing: main tells a newer one at least every VITALS_HASH_EVENTS. */
static void compare(struct readmodel *m)
{
    uint64_t id = m->vitals.hash_id;
    const struct recent *r = &m->recent[id % READMODEL_RECENT_N];
    if (!id || id == m->compared_id || r->ev.id != id)
        return;
    m->compared_id = id;
    if (r->hash != m->vitals.hash)
        m->is_twin_broken = true;
}

static uint32_t signed_in_n(const struct readmodel *m)
{
    struct acd_look_counts counts = acd_look_counts(m->acd);
    uint32_t n = 0;
    for (unsigned s = 0; s < AGENT_STATE_N; s++)
        n += s == AGENT_STATE_SIGNED_OUT ? 0 : counts.agents_n[s];
    return n;
}

static uint32_t journal_alarms(const struct readmodel *m)
{
    const struct vitals *v = &m->vitals;
    bool is_down = v->journal == VITALS_JOURNAL_DOWN;
    uint32_t bits = 0;
    if (is_down)
        bits |= ALARM_BIT(v->journal_errno == ESTALE ? VIEW_ALARM_FENCED : VIEW_ALARM_JOURNAL_DOWN);
    if (v->journal == VITALS_JOURNAL_BEHIND)
        bits |= ALARM_BIT(VIEW_ALARM_JOURNAL_BEHIND);
    if (v->gap_n)
        bits |= ALARM_BIT(VIEW_ALARM_GAP);
    if (v->recording_errno)
        bits |= ALARM_BIT(VIEW_ALARM_RECORDING);
    return bits;
}

static uint32_t reader_alarms(const struct readmodel *m, const struct readmodel_signs *signs)
{
    uint32_t bits = 0;
    if (signs->reader_errno)
        bits |= ALARM_BIT(VIEW_ALARM_UNREADABLE);
    if (!m->is_ready)
        bits |= ALARM_BIT(VIEW_ALARM_CATCHING_UP);
    else if (acd_last_id(m->acd) < m->behind.older_id)
        bits |= ALARM_BIT(VIEW_ALARM_READER_BEHIND);
    if (m->is_twin_broken)
        bits |= ALARM_BIT(VIEW_ALARM_TWIN);
    if (m->clock_at && signs->now_at - m->clock_at < READMODEL_CLOCK_MS)
        bits |= ALARM_BIT(VIEW_ALARM_CLOCK);
    if (m->reset_at && signs->now_at - m->reset_at < READMODEL_RESET_MS)
        bits |= ALARM_BIT(VIEW_ALARM_RESET);
    return bits;
}

static void remember_committed(struct readmodel *m, ms_t now_at)
{
    ms_t ms = now_at - m->behind.newer_at;
    if (ms >= 0 && ms < READMODEL_BEHIND_MS)
        return;
    m->behind.older_id = m->behind.newer_id;
    m->behind.newer_id = m->vitals.committed_id;
    m->behind.newer_at = now_at;
}

static struct readmodel_change set_alarms(struct readmodel *m, uint32_t bits, ms_t now_at)
{
    struct readmodel_change change = {0, 0};
    for (unsigned i = 0; i < VIEW_ALARM_N; i++) {
        bool is_on = bits & ALARM_BIT(i);
        ms_t *since_at = &m->alarms.since_at[i];
        if (is_on && !*since_at) {
            *since_at = now_at;
            change.came |= ALARM_BIT(i);
        } else if (!is_on && *since_at) {
            *since_at = 0;
            change.went |= ALARM_BIT(i);
        }
    }
    return change;
}

static uint32_t trunk_alarms(const struct vitals *v)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < v->trunks_n && i < VITALS_TRUNKS_MAX; i++) {
        const struct vitals_trunk *t = &v->trunks[i];
        uint32_t calls_n = (uint32_t)t->calls_in_n + t->calls_out_n;
        if (t->link == VITALS_LINK_DOWN || t->registration == VITALS_UNBOUND)
            bits |= ALARM_BIT(VIEW_ALARM_TRUNK);
        if (t->channels && calls_n * 10 >= t->channels * 9u)
            bits |= ALARM_BIT(VIEW_ALARM_TRUNK_CHANNELS);
    }
    return bits;
}

struct readmodel_change readmodel_watch(struct readmodel *m, const struct readmodel_signs *signs)
{
    uint32_t bits = 0;
    if (signs->vitals) {
        m->vitals = *signs->vitals;
        compare(m);
        bits |= journal_alarms(m);
        if (m->is_ready && !m->vitals.registrations_n && signed_in_n(m))
            bits |= ALARM_BIT(VIEW_ALARM_NO_PHONE);
        bits |= trunk_alarms(&m->vitals);
        bits |= m->vitals.gate.reached ? ALARM_BIT(VIEW_ALARM_GATE) : 0;
    }
    if (signs->silent_ms >= VITALS_SILENT_MS)
        bits |= ALARM_BIT(VIEW_ALARM_MAIN_SILENT);
    bits |= reader_alarms(m, signs);
    if (signs->watch) {
        m->watch = *signs->watch;
        bits |= m->watch.fault != VITALS_CALL_WELL ? ALARM_BIT(VIEW_ALARM_CALL) : 0;
    }
    m->alarms.call_fault = m->watch.fault;
    m->alarms.call_status = m->watch.status;
    m->alarms.journal_errno = m->vitals.journal_errno;
    m->alarms.recording_errno = m->vitals.recording_errno;
    m->alarms.reader_errno = signs->reader_errno;
    remember_committed(m, signs->now_at);
    return set_alarms(m, bits, signs->now_at);
}

/* ---- for the pages ---- */

struct view_house readmodel_house(const struct readmodel *m, ms_t now_at)
{
    static const struct kpi_counts none;
    ms_t last_at = acd_last_at(m->acd);
    ms_t at = now_at > last_at ? now_at : last_at; /* a clock that went back shows no future */
    calendar_day today = calendar_local(m->zone, at).day;
    bool is_same_day = today == m->day;
    return (struct view_house){
        .now_at = at,
        .last_id = acd_last_id(m->acd),
        .committed_id = m->vitals.committed_id,
        .is_ready = m->is_ready,
        .is_simulated = m->is_simulated,
        .acd = m->acd,
        .kpi = m->kpi,
        .directory = m->directory,
        .zone = m->zone,
        .vitals = &m->vitals,
        .alarms = &m->alarms,
        .watch = &m->watch,
        .today = today,
        .day = is_same_day ? &m->day_counts : &none,
        .queue_day = is_same_day ? m->queue_day : NULL,
        .agents = m->agents,
        .deeds = deeds_look(&m->deeds),
        .unreached_n = m->unreached.day == today ? m->unreached.n : 0,
    };
}

const struct unreached *readmodel_unreached(const struct readmodel *m, calendar_day today)
{
    return m->unreached.day == today ? &m->unreached : NULL;
}
