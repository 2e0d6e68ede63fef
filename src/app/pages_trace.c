/* pages_trace.c — see pages_trace.h. Three looks: at the journal, for the legs of the contact's
 * calls; at the tape, for the Call-IDs of these legs and of those that were rung for them; at both
 * side by side, for the rows.
 * Called by pages.c. Cost: ~1 µs an event behind the contact's first, ~1 µs a message on the tape.
 * Invariant: messages stand in the order of the tape, events in theirs; where both have one
 * instant, what came stands before the events that it caused, what went behind them. */
#include <stddef.h>
#include <string.h>

#include "app/pages_trace.h"
#include "say/reference.h"
#include "view/api.h"
#include "view/cursor.h"
#include "view/trace.h"

/* One answer on its way. */
struct look {
    struct pages_trace_room *room;
    const struct pages_trace_args *args;
    struct view_trace trace;
};

/* ---- which contact ------------------------------------------------------------------------ */

/* The contact that an event is about; 0: none. */
static uint64_t contact_of(const struct event *ev)
{
    const struct event_field *f = event_fields(ev->kind);
    uint64_t id = 0;
    if (ev->kind == EV_CONTACT_OPENED)
        return ev->id;
    for (; f && f->name; f++)
        if (text_equal(text_of(f->name), TEXT("contact_id")))
            memcpy(&id, (const uint8_t *)ev + f->offset, sizeof(id));
    return id;
}

static bool take_first(const struct event *ev, void *arg)
{
    struct pages_trace_room *room = arg;
    room->contact_id = contact_of(ev);
    return false;
}

struct search {
    uint32_t number;
    uint64_t contact_id;
};

static bool take_referred(const struct event *ev, void *arg)
{
    struct search *s = arg;
    if (ev->kind == EV_CONTACT_OPENED && ev->contact_opened.reference == s->number)
        s->contact_id = ev->id; /* the newest one counts */
    return true;
}

/* 0, or why the journal cannot be read. */
static int find_reference(const struct look *l, uint32_t reference)
{
    const struct committed_port *journal = l->args->committed;
    uint64_t last_id = l->args->house->last_id;
    uint64_t after_id = last_id > TRACE_EVENTS_MAX ? last_id - TRACE_EVENTS_MAX : 0;
    struct search s = {.number = reference / 10};
    if (!say_reference_is_sound(reference))
        return 0;
    int err = journal->read(journal->arg, after_id, take_referred, &s);
    l->room->contact_id = s.contact_id;
    return err;
}

static int find_contact(const struct look *l, uint64_t id)
{
    const struct committed_port *journal = l->args->committed;
    if (!id || id > l->args->house->last_id)
        return 0;
    return journal->read(journal->arg, id - 1, take_first, l->room);
}

/* ---- its calls ---------------------------------------------------------------------------- */

static uint64_t offer_of(const struct event *ev)
{
    return ev->kind == EV_OFFER_ADVANCED ? ev->offer_advanced.offer_id
           : ev->kind == EV_OFFER_MEDIA  ? ev->offer_media.offer_id
                                         : 0;
}

/* Is this event one of the contact's? Events come in order. */
static bool is_of(struct pages_trace_room *room, const struct event *ev)
{
    uint64_t offer_id = offer_of(ev);
    bool is_ours = offer_id ? offer_id == room->offer_id : contact_of(ev) == room->contact_id;
    if (is_ours && ev->kind == EV_OFFER_MADE)
        room->offer_id = ev->id;
    return is_ours;
}

/* Is anything of the contact still to come? */
static bool may_go_on(struct pages_trace_room *room, const struct event *ev)
{
    room->open_n += ev->kind == EV_CALL_ARRIVED;
    room->open_n -= ev->kind == EV_CALL_OUTCOME && room->open_n;
    room->is_settled |= ev->kind == EV_CONTACT_SETTLED;
    return !room->is_settled || room->open_n;
}

static bool take_call(const struct event *ev, void *arg)
{
    struct pages_trace_room *room = arg;
    if (room->events_n++ == TRACE_EVENTS_MAX)
        return false;
    if (!is_of(room, ev))
        return true;
    if (ev->kind == EV_CALL_ARRIVED && room->calls_n < TRACE_CALLS_MAX)
        room->calls[room->calls_n++] = ev->call_arrived.leg_id;
    room->begin_at = room->last_id ? room->begin_at : ev->at;
    room->last_id = ev->id;
    return may_go_on(room, ev);
}

/* ---- their legs --------------------------------------------------------------------------- */

static bool is_call(const struct pages_trace_room *room, uint64_t leg_id)
{
    for (uint32_t i = 0; leg_id && i < room->calls_n; i++)
        if (room->calls[i] == leg_id)
            return true;
    return false;
}

static const struct trace_leg *leg_of(const struct pages_trace_room *room, struct text call_id)
{
    for (uint32_t i = 0; i < room->legs_n; i++)
        if (text_equal((struct text){room->legs[i].call_id, room->legs[i].call_id_n}, call_id))
            return &room->legs[i];
    return NULL;
}

static const struct trace_leg *leg_with(const struct pages_trace_room *room, uint64_t id)
{
    for (uint32_t i = 0; i < room->legs_n; i++)
        if (room->legs[i].head.leg_id == id)
            return &room->legs[i];
    return NULL;
}

static struct trace_head head_of(const struct pages_trace_room *room)
{
    struct trace_head head;
    memcpy(&head, room->record, sizeof(head));
    return head;
}

static struct text body_of(const struct pages_trace_room *room)
{
    return (struct text){(const char *)room->record + sizeof(struct trace_head),
                         room->record_n - sizeof(struct trace_head)};
}

static void keep_leg(struct pages_trace_room *room)
{
    const struct trace_head head = head_of(room);
    struct text call_id = body_of(room);
    bool is_ours = is_call(room, head.leg_id) || is_call(room, head.near_id);
    if (!is_ours || leg_of(room, call_id) || room->legs_n == TRACE_LEGS_MAX)
        return;
    struct trace_leg *leg = &room->legs[room->legs_n];
    leg->head = head;
    room->legs_n += text_keep(leg->call_id, sizeof(leg->call_id), &leg->call_id_n, call_id);
}

static bool read_tape(const struct look *l)
{
    struct pages_trace_room *room = l->room;
    room->record_n = l->args->tape ? tape_next(l->args->tape, &room->place, room->record) : 0;
    return room->record_n >= sizeof(struct trace_head);
}

/* All legs on the tape; what is left of it. */
static enum view_trace_sip find_legs(const struct look *l)
{
    struct pages_trace_room *room = l->room;
    bool is_late = true; /* the oldest message came after the contact was opened */
    for (bool is_first = true; read_tape(l); is_first = false) {
        if (is_first)
            is_late = head_of(room).at > room->begin_at;
        if (head_of(room).kind == TRACE_LEG)
            keep_leg(room);
    }
    room->place = 0;
    if (!l->args->tape)
        return VIEW_SIP_OFF;
    return !room->calls_n  ? VIEW_SIP_WHOLE
           : !room->legs_n ? VIEW_SIP_GONE
           : is_late       ? VIEW_SIP_PARTIAL
                           : VIEW_SIP_WHOLE;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* The next message of one of the legs, into the record. */
static void next_message(const struct look *l)
{
    struct pages_trace_room *room = l->room;
    room->leg = NULL;
    while (!room->leg && room->legs_n && read_tape(l)) {
        const struct trace_head head = head_of(room);
        if (head.kind == TRACE_SOUND)
            room->leg = leg_with(room, head.leg_id);
        else if (head.kind != TRACE_LEG)
            room->leg = leg_of(room, view_trace_header(body_of(room), TEXT("Call-ID"), TEXT("i")));
    }
}

static bool has_room(struct look *l)
{
    struct text_out *out = l->trace.out;
    l->room->is_cut |= l->room->rows_n == TRACE_ROWS_MAX || out->max - out->n < TRACE_ROW_BYTES;
    l->room->rows_n += !l->room->is_cut;
    return !l->room->is_cut;
}

static void give_sound(struct look *l, const struct view_trace_message *whose)
{
    struct media_counts c;
    struct text body = body_of(l->room);
    if (body.n != sizeof(c))
        return;
    memcpy(&c, body.p, sizeof(c));
    const struct view_trace_sound sound = {.received_n = c.received_n,
                                           .lost_n = c.lost_n,
                                           .sent_n = c.sent_n,
                                           .peer_lost_n = c.peer_lost_n,
                                           .jitter_ms = c.jitter_ms,
                                           .peer_jitter_ms = c.peer_jitter_ms,
                                           .round_trip_ms = c.round_trip_ms,
                                           .has_jitter = c.has_jitter,
                                           .has_peer = c.has_peer};
    view_trace_sound(&l->trace, whose, &sound);
}

static void give_message(struct look *l)
{
    const struct pages_trace_room *room = l->room;
    const struct trace_head head = head_of(room);
    const struct view_trace_message m = {.at = head.at,
                                         .has_come = head.kind == TRACE_CAME,
                                         .is_tcp = head.is_tcp,
                                         .is_tls = head.is_tls,
                                         .is_agent = !is_call(room, room->leg->head.leg_id),
                                         .is_test = room->leg->head.is_test,
                                         .trunk_id = room->leg->head.trunk_id,
                                         .aor = room->leg->head.aor,
                                         .leg_id = room->leg->head.leg_id,
                                         .bytes = body_of(room),
                                         .whole_n = head.whole_n,
                                         .peer = head.peer,
                                         .self = head.self};
    bool fits = has_room(l);
    if (fits && head.kind == TRACE_SOUND)
        give_sound(l, &m);
    else if (fits)
        view_trace_message(&l->trace, &m);
    next_message(l);
}

/* Does the message in the record stand before an event of this instant? */
static bool is_before(const struct pages_trace_room *room, ms_t at)
{
    const struct trace_head head = head_of(room);
    return head.at < at || (head.at == at && head.kind == TRACE_CAME);
}

static bool take_row(const struct event *ev, void *arg)
{
    struct look *l = arg;
    struct pages_trace_room *room = l->room;
    if (ev->id > room->last_id || room->is_cut)
        return false;
    if (!is_of(room, ev))
        return true;
    while (room->leg && !room->is_cut && is_before(room, ev->at))
        give_message(l);
    if (has_room(l))
        view_trace_event(&l->trace, ev);
    return true;
}

static int give_rows(struct look *l)
{
    struct pages_trace_room *room = l->room;
    const struct committed_port *journal = l->args->committed;
    room->offer_id = 0;
    int err = journal->read(journal->arg, room->contact_id - 1, take_row, l);
    while (!err && room->leg && !room->is_cut)
        give_message(l);
    return err;
}

static int give_ladder(struct look *l)
{
    struct pages_trace_room *room = l->room;
    const struct committed_port *journal = l->args->committed;
    int err = journal->read(journal->arg, room->contact_id - 1, take_call, room);
    if (err)
        return err;
    enum view_trace_sip sip = find_legs(l);
    next_message(l);
    if (room->leg && head_of(room).at < room->begin_at)
        room->begin_at = head_of(room).at;
    l->trace.contact_id = room->contact_id;
    l->trace.begin_at = room->begin_at;
    view_trace_begin(&l->trace, sip);
    err = give_rows(l);
    view_trace_end(&l->trace, room->is_cut);
    return err;
}

/* ---- the page ----------------------------------------------------------------------------- */

struct words {
    unsigned status;
    const char *error, *cure;
};

/* An id first: where a number could be either, the event counts. */
static int find(const struct look *l, bool *is_read)
{
    struct text word, query = l->args->request->query;
    uint64_t number = 0;
    bool is_id = view_query_find(&word, query, TEXT("contact"));
    *is_read = (is_id || view_query_find(&word, query, TEXT("reference"))) &&
               text_number(word, UINT64_MAX, &number);
    int err = *is_read && is_id ? find_contact(l, number) : 0;
    if (*is_read && !err && !l->room->contact_id && word.n == SAY_REFERENCE_DIGITS)
        err = find_reference(l, (uint32_t)number);
    return err;
}

static struct words answer_with(struct look *l)
{
    bool is_read;
    int err = find(l, &is_read);
    if (!is_read)
        return (struct words){400, "which contact?",
                              "say contact=ID of an event, or reference= and its 8 digits"};
    if (!err && !l->room->contact_id)
        return (struct words){404, "no contact has this number",
                              "take the id of an event of its call: decroche replay"};
    err = err ? err : give_ladder(l);
    if (err)
        return (struct words){503, "the journal cannot be read", "look at /health"};
    return (struct words){200, NULL, NULL};
}

void pages_trace(struct pages_trace_room *room, const struct pages_trace_args *args,
                 struct pages_answer *answer)
{
    static const struct {
        enum view_trace_form form;
        const char *type;
    } forms[] = {[PAGES_TEXT] = {VIEW_TRACE_TEXT, "text/plain; charset=utf-8"},
                 [PAGES_PICTURE] = {VIEW_TRACE_SVG, "image/svg+xml"},
                 [PAGES_CAPTURE] = {VIEW_TRACE_PCAP, "application/vnd.tcpdump.pcap"},
                 [PAGES_HTML] = {VIEW_TRACE_JSON, NULL}};
    memset(room, 0, offsetof(struct pages_trace_room, legs));
    struct look l = {.room = room,
                     .args = args,
                     .trace = {.house = args->house,
                               .out = &answer->body,
                               .scratch = {.p = room->masked, .max = sizeof(room->masked)},
                               .form = forms[args->request->form].form}};
    struct words words = answer_with(&l);
    answer->status = words.status;
    if (words.status != 200) {
        answer->body.n = 0;
        view_api_error(&answer->body, words.error, words.cure);
    } else if (forms[args->request->form].type) {
        answer->type = forms[args->request->form].type;
    }
}
