/* metrics.c — /metrics, in the text format of Prometheus 0.0.4.
 * Called by app/pages.c. Cost: a walk over queues and agents. A name is never changed. */
#include <string.h>

#include "view/api.h"
#include "view/parts.h"
#include "view/words.h"

#define SECOND_MS 1000

enum metric_kind { METRIC_GAUGE, METRIC_COUNTER };

static void head(struct text_out *out, const char *name, enum metric_kind kind, const char *help)
{
    text_put(out, TEXT("# HELP decroche_"));
    text_put(out, text_of(name));
    text_put(out, TEXT(" "));
    text_put(out, text_of(help));
    text_put(out, TEXT("\n# TYPE decroche_"));
    text_put(out, text_of(name));
    text_put(out, text_of(kind == METRIC_COUNTER ? " counter\n" : " gauge\n"));
}

/* A value of a label: the three characters that end it early are escaped. */
static void put_label(struct text_out *out, const char *label, const char *value)
{
    text_put(out, TEXT("{"));
    text_put(out, text_of(label));
    text_put(out, TEXT("=\""));
    for (const char *p = value; *p; p++) {
        if (*p == '"' || *p == '\\')
            text_put(out, TEXT("\\"));
        text_put(out, *p == '\n' ? TEXT("\\n") : (struct text){p, 1});
    }
    text_put(out, TEXT("\"}"));
}

/* label NULL: none. */
struct sample {
    const char *name, *label, *value;
};

static void begin_sample(struct text_out *out, const struct sample *s)
{
    text_put(out, TEXT("decroche_"));
    text_put(out, text_of(s->name));
    if (s->label)
        put_label(out, s->label, s->value);
    text_put(out, TEXT(" "));
}

static void put_count(struct text_out *out, const struct sample *s, uint64_t v)
{
    begin_sample(out, s);
    text_put_number(out, v);
    text_put(out, TEXT("\n"));
}

static void put_seconds(struct text_out *out, const struct sample *s, ms_t ms)
{
    uint64_t positive = ms > 0 ? (uint64_t)ms : 0, rest = positive % SECOND_MS;
    begin_sample(out, s);
    text_put_number(out, positive / SECOND_MS);
    text_put(out, rest < 10 ? TEXT(".00") : rest < 100 ? TEXT(".0") : TEXT("."));
    text_put_number(out, rest);
    text_put(out, TEXT("\n"));
}

/* ---- by queue ---- */

enum queue_metric {
    QUEUE_OPEN,
    QUEUE_WAITING,
    QUEUE_LONGEST,
    QUEUE_SIGNED,
    QUEUE_READY,
    QUEUE_TEXTS
};

static void put_queue(struct text_out *out, const struct view_house *h, enum queue_metric which,
                      const struct acd_look_queue *q)
{
    static const char *const names[] = {"queue_open",
                                        "queue_waiting",
                                        "queue_longest_wait_seconds",
                                        "queue_agents_signed_in",
                                        "queue_agents_ready",
                                        "queue_texts"};
    const struct directory_service *service = view_service(h, q->id);
    char digits[12];
    struct text_out number = {.p = digits, .max = sizeof(digits) - 1};
    text_put_number(&number, q->id);
    digits[number.n] = '\0';
    struct sample s = {names[which], "queue", service ? service->id : digits};
    switch (which) {
    case QUEUE_OPEN:
        put_count(out, &s, q->hours == HOURS_OPEN);
        break;
    case QUEUE_WAITING:
        put_count(out, &s, q->waiting_n);
        break;
    case QUEUE_LONGEST:
        put_seconds(out, &s, view_since_ms(h, q->asked_at));
        break;
    case QUEUE_SIGNED:
        put_count(out, &s, q->signed_n);
        break;
    case QUEUE_READY:
        put_count(out, &s, q->ready_n);
        break;
    case QUEUE_TEXTS:
        put_count(out, &s, q->texts_n);
        break;
    }
}

static void put_queues(struct text_out *out, const struct view_house *h, enum queue_metric which)
{
    for (uint32_t i = 0; i < acd_look_queues_n(h->acd); i++) {
        struct acd_look_queue q;
        if (view_queue(h, i, &q))
            put_queue(out, h, which, &q);
    }
}

static void queues(struct text_out *out, const struct view_house *h)
{
    head(out, "queue_open", METRIC_GAUGE, "1 while the queue takes calls.");
    put_queues(out, h, QUEUE_OPEN);
    head(out, "queue_waiting", METRIC_GAUGE, "People waiting in the queue.");
    put_queues(out, h, QUEUE_WAITING);
    head(out, "queue_longest_wait_seconds", METRIC_GAUGE, "Wait of who waits longest.");
    put_queues(out, h, QUEUE_LONGEST);
    head(out, "queue_agents_signed_in", METRIC_GAUGE, "Agents at work who may serve the queue.");
    put_queues(out, h, QUEUE_SIGNED);
    head(out, "queue_agents_ready", METRIC_GAUGE, "Agents free to serve the queue now.");
    put_queues(out, h, QUEUE_READY);
    head(out, "queue_texts", METRIC_GAUGE, "People who wrote, whom no agent has taken.");
    put_queues(out, h, QUEUE_TEXTS);
}

/* ---- the house ---- */

static void calls(struct text_out *out, const struct view_house *h)
{
    struct kpi_counts none = {.shed_n = 0};
    const struct kpi_counts *c = h->kpi ? kpi_total(h->kpi) : &none;
    head(out, "calls_total", METRIC_COUNTER,
         "Calls of this journal by outcome class, from its first event on.");
    for (unsigned o = 1; o < OUTCOME_N; o++)
        put_count(out, &(struct sample){"calls_total", "outcome", outcome_name((enum outcome)o)},
                  c->calls[o]);
}

static void agents(struct text_out *out, const struct view_house *h)
{
    struct acd_look_counts counts = acd_look_counts(h->acd);
    head(out, "agents", METRIC_GAUGE, "Agents by state, robots left out.");
    for (unsigned s = 0; s < AGENT_STATE_N; s++)
        put_count(out, &(struct sample){"agents", "state", agent_state_name((enum agent_state)s)},
                  counts.agents_n[s]);
    head(out, "contacts_open", METRIC_GAUGE, "Wishes that are not settled.");
    put_count(out, &(struct sample){.name = "contacts_open"}, counts.contacts_n);
}

static void alarms(struct text_out *out, const struct view_house *h)
{
    static const char *const journal[] = {"well", "behind", "down"};
    head(out, "alarm", METRIC_GAUGE, "1 while this is wrong; /health says what to do.");
    for (unsigned i = 0; i < VIEW_ALARM_N; i++)
        put_count(out,
                  &(struct sample){"alarm", "alarm", view_words_alarm_name((enum view_alarm)i)},
                  h->alarms->since_at[i] != 0);
    head(out, "journal_state", METRIC_GAUGE, "1 for the state of the journal's writer.");
    for (unsigned i = 0; i < ARRAY_LEN(journal); i++)
        put_count(out, &(struct sample){"journal_state", "state", journal[i]},
                  h->vitals->journal == i);
}

/* Numbers of struct vitals that stand for themselves. */
static const struct vital_row {
    const char *name, *help;
    enum metric_kind kind;
    uint16_t at;
    bool is_wide; /* 64 bits */
} vital_rows[] = {
#define WIDE(field) offsetof(struct vitals, field), true
#define NARROW(field) offsetof(struct vitals, field), false
    {"journal_last_event_id", "Last event decided.", METRIC_GAUGE, WIDE(last_id)},
    {"journal_committed_event_id", "Last event on the disk.", METRIC_GAUGE, WIDE(committed_id)},
    {"journal_gap_calls", "Calls counted in memory for a later gap.", METRIC_GAUGE, WIDE(gap_n)},
    {"effects_held", "Effects that wait for their commit.", METRIC_GAUGE, NARROW(held_n)},
    {"effects_forced_total", "Effects let go before their commit for want of room.", METRIC_COUNTER,
     WIDE(forced_n)},
    {"commands_waiting", "Commands that wait for room in the journal.", METRIC_GAUGE,
     NARROW(backlog_n)},
    {"sip_legs", "Legs open.", METRIC_GAUGE, NARROW(legs_n)},
    {"sip_legs_tls", "Of these, over TLS.", METRIC_GAUGE, NARROW(legs_tls_n)},
    {"sip_legs_srtp", "Of these, with encrypted sound.", METRIC_GAUGE, NARROW(legs_srtp_n)},
    {"sip_registrations", "Telephones of agents that can be reached.", METRIC_GAUGE,
     NARROW(registrations_n)},
    {"sip_calls_shed_total", "Calls refused without state: overload.", METRIC_COUNTER,
     WIDE(calls_shed_n)},
    {"sip_strangers_total", "Datagrams of unknown sources.", METRIC_COUNTER, WIDE(strangers_n)},
    {"sip_messages_passed_total", "Sound SIP messages.", METRIC_COUNTER, WIDE(sip_passed_n)},
    {"sip_messages_refused_total", "SIP messages answered with an error at the door.",
     METRIC_COUNTER, WIDE(sip_refused_n)},
    {"sip_messages_dropped_total", "Datagrams that were no SIP.", METRIC_COUNTER,
     WIDE(sip_dropped_n)},
    {"sip_connections", "Connections of TCP and TLS open.", METRIC_GAUGE, NARROW(connections_n)},
    {"sip_tls_connections", "Connections of TLS open.", METRIC_GAUGE, NARROW(secure_n)},
    {"sip_tls_handshakes_failed_total", "Handshakes of TLS that failed.", METRIC_COUNTER,
     WIDE(unproved_n)},
    {"media_streams", "Streams open.", METRIC_GAUGE, NARROW(streams_n)},
    {"media_packets_sent_total", "RTP packets sent.", METRIC_COUNTER, WIDE(sent_n)},
    {"media_packets_send_failed_total", "RTP packets that the kernel did not take.", METRIC_COUNTER,
     WIDE(send_failed_n)},
    {"media_packets_received_total", "RTP packets of trusted sources.", METRIC_COUNTER,
     WIDE(received_n)},
    {"media_packets_lost_total", "RTP packets of peers that never came.", METRIC_COUNTER,
     WIDE(lost_n)},
    {"media_packets_refused_total", "Packets of anybody else, or damaged.", METRIC_COUNTER,
     WIDE(media_refused_n)},
    {"browser_telephones", "Pages that are telephones, with sound.", METRIC_GAUGE,
     NARROW(pages_up_n)},
    {"recordings", "Conversations that are recorded now.", METRIC_GAUGE, NARROW(recordings_n)},
    {"recordings_made_total", "Recordings that are whole on the disk.", METRIC_COUNTER,
     WIDE(recordings_made_n)},
    {"recordings_failed_total", "Recordings that the disk refused or cut off.", METRIC_COUNTER,
     WIDE(recordings_failed_n)},
    {"recordings_refused_total", "Conversations not recorded: too many at once, or the disk rests.",
     METRIC_COUNTER, WIDE(recordings_refused_n)},
    {"recordings_purged_total", "Recordings whose time was over.", METRIC_COUNTER,
     WIDE(recordings_purged_n)},
    {"recording_packets_lost_total", "Packets of sound that a recording lacks.", METRIC_COUNTER,
     WIDE(recording_packets_lost_n)},
#undef WIDE
#undef NARROW
};

static uint64_t vital(const struct vitals *v, const struct vital_row *row)
{
    const uint8_t *at = (const uint8_t *)v + row->at;
    uint64_t wide;
    uint32_t narrow;
    if (row->is_wide) {
        memcpy(&wide, at, sizeof(wide));
        return wide;
    }
    memcpy(&narrow, at, sizeof(narrow));
    return narrow;
}

enum trunk_metric { TRUNK_UP, TRUNK_BOUND, TRUNK_CALLS_IN, TRUNK_CALLS_OUT, TRUNK_CHANNELS };

static uint64_t trunk_value(const struct vitals_trunk *t, enum trunk_metric metric)
{
    switch (metric) {
    case TRUNK_UP:
        return t->link != VITALS_LINK_DOWN;
    case TRUNK_BOUND:
        return t->registration != VITALS_UNBOUND;
    case TRUNK_CALLS_IN:
        return t->calls_in_n;
    case TRUNK_CALLS_OUT:
        return t->calls_out_n;
    default:
        return t->channels;
    }
}

static void trunks(struct text_out *out, const struct view_house *h)
{
    static const struct {
        const char *name, *help;
        enum trunk_metric metric;
    } rows[] = {
        {"trunk_up", "0: this operator does not answer.", TRUNK_UP},
        {"trunk_registered", "0: this operator has not registered us.", TRUNK_BOUND},
        {"trunk_calls_in", "Calls in course that came by it.", TRUNK_CALLS_IN},
        {"trunk_calls_out", "Calls in course that went out by it.", TRUNK_CALLS_OUT},
        {"trunk_channels", "Calls it may carry at once; 0: not told.", TRUNK_CHANNELS},
    };
    const struct vitals *v = h->vitals;
    for (unsigned r = 0; r < ARRAY_LEN(rows); r++) {
        head(out, rows[r].name, METRIC_GAUGE, rows[r].help);
        for (uint32_t i = 0; i < v->trunks_n && i < VITALS_TRUNKS_MAX; i++) {
            uint32_t at = h->directory ? directory_trunk_find(h->directory, v->trunks[i].number)
                                       : DIRECTORY_NONE;
            if (at != DIRECTORY_NONE)
                put_count(out, &(struct sample){rows[r].name, "trunk", h->directory->trunks[at].id},
                          trunk_value(&v->trunks[i], rows[r].metric));
        }
    }
}

/* Counters of an access; seconds: a sum of milliseconds. */
static const struct sound_row {
    const char *name, *help;
    uint16_t at;
    bool is_wide, is_seconds;
} sound_rows[] = {
#define WIDE(field) offsetof(struct vitals_trunk, field), true
#define NARROW(field) offsetof(struct vitals_trunk, field), false
    {"trunk_rtp_received_total", "RTP packets of its calls that are over.", WIDE(received_n),
     false},
    {"trunk_rtp_lost_total", "Of theirs, that never came.", WIDE(lost_n), false},
    {"trunk_rtp_sent_total", "RTP packets that we sent them.", WIDE(sent_n), false},
    {"trunk_rtp_peer_lost_total", "Of ours, that they reported lost.", WIDE(peer_lost_n), false},
    {"trunk_jitter_seconds_sum", "Jitter at the end of calls that knew theirs.", WIDE(jitter_ms),
     true},
    {"trunk_jitter_seconds_count", "How many these are.", NARROW(jitter_n), false},
    {"trunk_round_trip_seconds_sum", "Round trips of calls that knew theirs.", WIDE(round_trip_ms),
     true},
    {"trunk_round_trip_seconds_count", "How many these are.", NARROW(round_trip_n), false},
    {"trunk_calls_judged_total", "Calls long enough for an estimate of their sound.",
     NARROW(judged_n), false},
    {"trunk_calls_bad_sound_total", "Of these, below MOS 3.6 either way.", NARROW(bad_n), false},
#undef WIDE
#undef NARROW
};

static uint64_t sound_value(const struct vitals_trunk *t, const struct sound_row *row)
{
    const uint8_t *at = (const uint8_t *)t + row->at;
    uint64_t wide = 0;
    uint32_t narrow = 0;
    memcpy(row->is_wide ? (void *)&wide : (void *)&narrow, at,
           row->is_wide ? sizeof(wide) : sizeof(narrow));
    return wide + narrow;
}

static void sounds(struct text_out *out, const struct view_house *h)
{
    const struct vitals *v = h->vitals;
    for (unsigned r = 0; r < ARRAY_LEN(sound_rows); r++) {
        const struct sound_row *row = &sound_rows[r];
        head(out, row->name, METRIC_COUNTER, row->help);
        for (uint32_t i = 0; i < v->trunks_n && i < VITALS_TRUNKS_MAX; i++) {
            uint32_t at = h->directory ? directory_trunk_find(h->directory, v->trunks[i].number)
                                       : DIRECTORY_NONE;
            if (at == DIRECTORY_NONE)
                continue;
            const struct sample s = {row->name, "trunk", h->directory->trunks[at].id};
            uint64_t value = sound_value(&v->trunks[i], row);
            if (row->is_seconds)
                put_seconds(out, &s, (ms_t)value);
            else
                put_count(out, &s, value);
        }
    }
}

/* ---- text messages ---- */

static void text_messages(struct text_out *out, const struct view_house *h)
{
    const struct vitals_sms *s = &h->vitals->sms;
    const struct {
        const char *name;
        uint64_t n;
    } counts[] = {{"queued", s->queued_n},    {"refused", s->refused_n},
                  {"sent", s->sent_n},        {"delivered", s->delivered_n},
                  {"failed", s->failed_n},    {"trouble", s->trouble_n},
                  {"received", s->received_n}};
    if (!s->is_on)
        return;
    head(out, "sms_up", METRIC_GAUGE, "The gateway takes text messages.");
    put_count(out, &(struct sample){.name = "sms_up"}, s->is_up);
    head(out, "sms_total", METRIC_COUNTER, "Text messages, by what became of them.");
    for (unsigned i = 0; i < ARRAY_LEN(counts); i++)
        put_count(out, &(struct sample){"sms_total", "what", counts[i].name}, counts[i].n);
    head(out, "sms_stops", METRIC_GAUGE, "Numbers that said STOP.");
    put_count(out, &(struct sample){.name = "sms_stops"}, s->stops_n);
}

/* ---- the gate ---- */

static void put_euros(struct text_out *out, const struct sample *s, uint64_t cost)
{
    char digits[4];
    for (unsigned i = 4, rest = (unsigned)(cost % 10000); i-- > 0; rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    begin_sample(out, s);
    text_put_number(out, cost / 10000);
    text_put(out, TEXT("."));
    text_put(out, (struct text){digits, sizeof(digits)});
    text_put(out, TEXT("\n"));
}

static void gate(struct text_out *out, const struct view_house *h)
{
    const struct gate_look *g = &h->vitals->gate;
    head(out, "gate_calls_today", METRIC_GAUGE, "What went out today, by what it was for.");
    for (unsigned p = 0; p < GATE_PURSES; p++)
        put_count(
            out, &(struct sample){"gate_calls_today", "purse", gate_purse_name((enum gate_purse)p)},
            g->calls_n[p]);
    head(out, "gate_euros_today", METRIC_GAUGE, "What it may have cost, estimated.");
    for (unsigned p = 0; p < GATE_PURSES; p++)
        put_euros(
            out, &(struct sample){"gate_euros_today", "purse", gate_purse_name((enum gate_purse)p)},
            g->costs[p]);
    head(out, "gate_refused_total", METRIC_COUNTER, "What the gate refused, by reason.");
    for (unsigned v = GATE_PASSES + 1; v < GATE_VERDICTS; v++)
        put_count(out,
                  &(struct sample){"gate_refused_total", "reason", gate_name((enum gate_verdict)v)},
                  g->refused_n[v]);
    head(out, "gate_caps_hit_total", METRIC_COUNTER, "Of these, by a cap that the alarm tells.");
    put_count(out, &(struct sample){.name = "gate_caps_hit_total"}, g->hits_n);
    head(out, "gate_rows", METRIC_GAUGE, "Counts held: numbers, ranges, agents, operators.");
    put_count(out, &(struct sample){.name = "gate_rows"}, g->rows_n);
}

static void watch(struct text_out *out, const struct view_house *h)
{
    const struct vitals_watch *w = h->watch;
    if (!w || !w->calls_n)
        return;
    head(out, "test_calls_total", METRIC_COUNTER, "Calls that the house placed to itself.");
    put_count(out, &(struct sample){.name = "test_calls_total"}, w->calls_n);
    head(out, "test_calls_failed_total", METRIC_COUNTER,
         "Of these: not answered, refused, or nothing was heard.");
    put_count(out, &(struct sample){.name = "test_calls_failed_total"}, w->failed_n);
    head(out, "test_call_setup_seconds", METRIC_GAUGE, "INVITE to answer, of the last good one.");
    put_seconds(out, &(struct sample){.name = "test_call_setup_seconds"}, w->setup_ms);
    head(out, "test_call_first_sound_seconds", METRIC_GAUGE, "Answer to first sound, the same.");
    put_seconds(out, &(struct sample){.name = "test_call_first_sound_seconds"}, w->sound_ms);
}

void view_metrics(struct text_out *out, const struct view_house *h)
{
    head(out, "info", METRIC_GAUGE, "The version that runs.");
    put_count(out, &(struct sample){"info", "version", h->vitals->version}, 1);
    head(out, "start_time_seconds", METRIC_GAUGE, "When this process started, since 1970.");
    put_seconds(out, &(struct sample){.name = "start_time_seconds"}, h->vitals->started_at);
    head(out, "figures_ready", METRIC_GAUGE, "1 once the figures are those of the journal.");
    put_count(out, &(struct sample){.name = "figures_ready"}, h->is_ready);
    head(out, "figures_event_id", METRIC_GAUGE, "The event after which all figures here are true.");
    put_count(out, &(struct sample){.name = "figures_event_id"}, h->last_id);
    alarms(out, h);
    for (unsigned i = 0; i < ARRAY_LEN(vital_rows); i++) {
        const struct vital_row *row = &vital_rows[i];
        head(out, row->name, row->kind, row->help);
        put_count(out, &(struct sample){.name = row->name}, vital(h->vitals, row));
    }
    trunks(out, h);
    sounds(out, h);
    gate(out, h);
    text_messages(out, h);
    watch(out, h);
    if (!h->is_ready)
        return; /* half a fold would look like a reset of the counters */
    calls(out, h);
    agents(out, h);
    queues(out, h);
}
