/* table.c — the two state machines, cell by cell: the matrix as it was agreed, and that a forbidden
 * event stops the program instead of being recorded. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acd/table.h"
#include "test/unit/acd/house.h"

static const struct acd_limits limits = {
    .contacts_max = 8, .agents_max = 4, .queues_max = 2, .lanes_max = 16};

struct cell {
    int state, on, next;
};

static const struct cell contact_cells[] = {
    {CONTACT_NONE, EV_CONTACT_OPENED, CONTACT_OPEN},
    {CONTACT_OPEN, EV_CALL_ARRIVED, CONTACT_OPEN},
    {CONTACT_OPEN, EV_CALL_REFUSED, CONTACT_OPEN},
    {CONTACT_OPEN, EV_CALL_INFORMED, CONTACT_OPEN},
    {CONTACT_OPEN, EV_RECORDING_REFUSED, CONTACT_OPEN},
    {CONTACT_OPEN, EV_CONTACT_QUEUED, CONTACT_WAITING},
    {CONTACT_OPEN, EV_CALL_ENDED, CONTACT_GONE},
    {CONTACT_OPEN, EV_CALL_REJOINS, CONTACT_GONE},
    {CONTACT_GONE, EV_PLACE_REGAINED, CONTACT_OPEN},
    {CONTACT_DROPPED, EV_PLACE_REGAINED, CONTACT_OPEN},
    {CONTACT_WAITING, EV_CONTACT_TOLD, CONTACT_WAITING},
    {CONTACT_WAITING, EV_REFERENCE_TOLD, CONTACT_WAITING},
    {CONTACT_WAITING, EV_RING_OPENED, CONTACT_WAITING},
    {CONTACT_WAITING, EV_NEEDS_LIFTED, CONTACT_WAITING},
    {CONTACT_WAITING, EV_CALL_LISTENED, CONTACT_WAITING},
    {CONTACT_WAITING, EV_OFFER_MADE, CONTACT_OFFERED},
    {CONTACT_WAITING, EV_CALL_ENDED, CONTACT_GONE},
    {CONTACT_OFFERED, EV_OFFER_ADVANCED, CONTACT_OFFERED},
    {CONTACT_OFFERED, EV_CALL_LISTENED, CONTACT_OFFERED},
    {CONTACT_OFFERED, EV_OFFER_JOINED, CONTACT_JOINED},
    {CONTACT_OFFERED, EV_OFFER_ENDED, CONTACT_AFTER},
    {CONTACT_JOINED, EV_OFFER_MEDIA, CONTACT_JOINED},
    {CONTACT_JOINED, EV_CALL_LISTENED, CONTACT_JOINED},
    {CONTACT_JOINED, EV_CALL_ALERTED, CONTACT_JOINED},
    {CONTACT_JOINED, EV_OFFER_ENDED, CONTACT_AFTER},
    {CONTACT_AFTER, EV_CONTACT_RETURNED, CONTACT_WAITING},
    {CONTACT_AFTER, EV_CONTACT_MOVED, CONTACT_OPEN},
    {CONTACT_AFTER, EV_CALL_INFORMED, CONTACT_AFTER},
    {CONTACT_AFTER, EV_RECORDING_REFUSED, CONTACT_AFTER},
    {CONTACT_AFTER, EV_CALL_LISTENED, CONTACT_AFTER},
    {CONTACT_AFTER, EV_CALL_ENDED, CONTACT_GONE},
    {CONTACT_GONE, EV_CALL_OUTCOME, CONTACT_GONE},
    {CONTACT_GONE, EV_CALL_PENDING, CONTACT_PENDING},
    {CONTACT_GONE, EV_CONTACT_DROPPED, CONTACT_DROPPED},
    {CONTACT_GONE, EV_CONTACT_SETTLED, CONTACT_NONE},
    {CONTACT_PENDING, EV_CALL_OUTCOME, CONTACT_GONE},
    {CONTACT_DROPPED, EV_CONTACT_SETTLED, CONTACT_NONE},
    {CONTACT_WAITING, EV_CALLBACK_PROMISED, CONTACT_PROMISED},
    {CONTACT_WAITING, EV_CALLBACK_HELD, CONTACT_PROMISED},
    {CONTACT_WAITING, EV_CALLBACK_CANCELLED, CONTACT_GONE},
    {CONTACT_WAITING, EV_CALLBACK_MOVED, CONTACT_PROMISED},
    {CONTACT_WAITING, EV_CALLBACK_RENUMBERED, CONTACT_WAITING},
    {CONTACT_WAITING, EV_CALL_OUTCOME, CONTACT_WAITING},
    {CONTACT_OFFERED, EV_CALL_OUTCOME, CONTACT_OFFERED},
    {CONTACT_JOINED, EV_CALL_OUTCOME, CONTACT_JOINED},
    {CONTACT_AFTER, EV_CALLBACK_PROMISED, CONTACT_PROMISED},
    {CONTACT_AFTER, EV_CALLBACK_TRIED, CONTACT_PROMISED},
    {CONTACT_AFTER, EV_CALL_OUTCOME, CONTACT_AFTER},
    {CONTACT_AFTER, EV_CONTACT_SETTLED, CONTACT_NONE},
    {CONTACT_PROMISED, EV_CALL_ENDED, CONTACT_PROMISED},
    {CONTACT_PROMISED, EV_CALL_PENDING, CONTACT_PROMISED},
    {CONTACT_PROMISED, EV_CALL_OUTCOME, CONTACT_PROMISED},
    {CONTACT_PROMISED, EV_CALLBACK_DUE, CONTACT_WAITING},
    {CONTACT_PROMISED, EV_CALLBACK_WITHDRAWN, CONTACT_WAITING},
    {CONTACT_PROMISED, EV_CALLBACK_CANCELLED, CONTACT_GONE},
    {CONTACT_PROMISED, EV_SLOT_SOLD, CONTACT_GONE},
    {CONTACT_OPEN, EV_SLOT_SOLD, CONTACT_OPEN},
    {CONTACT_JOINED, EV_SLOT_SOLD, CONTACT_JOINED},
    {CONTACT_AFTER, EV_SLOT_SOLD, CONTACT_AFTER},
    {CONTACT_PENDING, EV_SLOT_SOLD, CONTACT_PENDING},
    {CONTACT_OPEN, EV_REFERENCE_TOLD, CONTACT_OPEN},
    {CONTACT_PROMISED, EV_CALLBACK_MOVED, CONTACT_PROMISED},
    {CONTACT_PROMISED, EV_CALLBACK_RENUMBERED, CONTACT_PROMISED},
    {CONTACT_PROMISED, EV_CONTACT_SETTLED, CONTACT_NONE},
    {CONTACT_OPEN, EV_TEXT_OPENED, CONTACT_WRITTEN},
    {CONTACT_WRITTEN, EV_TEXT_JOINED, CONTACT_WRITTEN},
    {CONTACT_WRITTEN, EV_TEXT_TOLD, CONTACT_WRITTEN},
    {CONTACT_WRITTEN, EV_TEXT_TAKEN, CONTACT_TAKEN},
    {CONTACT_WRITTEN, EV_TEXT_ENDED, CONTACT_AFTER},
    {CONTACT_TAKEN, EV_TEXT_JOINED, CONTACT_TAKEN},
    {CONTACT_TAKEN, EV_TEXT_ANSWERED, CONTACT_TAKEN},
    {CONTACT_TAKEN, EV_TEXT_TOLD, CONTACT_TAKEN},
    {CONTACT_TAKEN, EV_TEXT_RETURNED, CONTACT_WRITTEN},
    {CONTACT_TAKEN, EV_TEXT_MOVED, CONTACT_WRITTEN},
    {CONTACT_TAKEN, EV_TEXT_ENDED, CONTACT_AFTER},
};

static const struct cell agent_cells[] = {
    {AGENT_STATE_SIGNED_OUT, AGENT_SIGNS_IN, AGENT_STATE_PAUSED},
    {AGENT_STATE_READY, AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT},
    {AGENT_STATE_READY, AGENT_PAUSES, AGENT_STATE_PAUSED},
    {AGENT_STATE_READY, AGENT_PLANS, AGENT_STATE_READY},
    {AGENT_STATE_READY, AGENT_IS_OFFERED, AGENT_STATE_OFFERED},
    {AGENT_STATE_READY, AGENT_ENDS_OTHER, AGENT_STATE_READY},
    {AGENT_STATE_OFFERED, AGENT_JOINS_VOICE, AGENT_STATE_JOINED},
    {AGENT_STATE_OFFERED, AGENT_JOINS_OTHER, AGENT_STATE_READY},
    {AGENT_STATE_OFFERED, AGENT_PLANS, AGENT_STATE_OFFERED},
    {AGENT_STATE_OFFERED, AGENT_LOSES_OFFER, AGENT_STATE_READY},
    {AGENT_STATE_OFFERED, AGENT_ENDS_OTHER, AGENT_STATE_OFFERED},
    {AGENT_STATE_JOINED, AGENT_PLANS, AGENT_STATE_JOINED},
    {AGENT_STATE_JOINED, AGENT_ENDS_VOICE, AGENT_STATE_WRAP_UP},
    {AGENT_STATE_WRAP_UP, AGENT_WRAPS_UP, AGENT_STATE_WRAP_UP},
    {AGENT_STATE_WRAP_UP, AGENT_GETS_READY, AGENT_STATE_READY},
    {AGENT_STATE_WRAP_UP, AGENT_PAUSES, AGENT_STATE_PAUSED},
    {AGENT_STATE_WRAP_UP, AGENT_PLANS, AGENT_STATE_WRAP_UP},
    {AGENT_STATE_WRAP_UP, AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT},
    {AGENT_STATE_PAUSED, AGENT_GETS_READY, AGENT_STATE_READY},
    {AGENT_STATE_PAUSED, AGENT_PAUSES, AGENT_STATE_PAUSED},
    {AGENT_STATE_PAUSED, AGENT_PLANS, AGENT_STATE_PAUSED},
    {AGENT_STATE_PAUSED, AGENT_ENDS_OTHER, AGENT_STATE_PAUSED},
    {AGENT_STATE_PAUSED, AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT},
};

static int expected(const struct cell *cells, size_t n, int state, int on)
{
    for (size_t i = 0; i < n; i++)
        if (cells[i].state == state && cells[i].on == on)
            return cells[i].next;
    return -1;
}

static void every_cell_of_the_contact_table_is_as_agreed(void **state)
{
    (void)state;
    for (int s = 0; s < CONTACT_STATES; s++)
        for (int e = 0; e <= EVENT_KIND_MAX; e++)
            assert_int_equal(table_contact_next((enum contact_state)s, (enum event_kind)e),
                             expected(contact_cells, ARRAY_LEN(contact_cells), s, e));
}

static void every_cell_of_the_agent_table_is_as_agreed(void **state)
{
    (void)state;
    for (int s = 0; s < AGENT_STATE_N; s++)
        for (int m = 0; m < AGENT_MOVES; m++)
            assert_int_equal(table_agent_next((enum agent_state)s, (enum agent_move)m),
                             expected(agent_cells, ARRAY_LEN(agent_cells), s, m));
}

/* A day in which each state of a contact and of an agent occurs. */
static struct house *full_day(void)
{
    struct house *h = house_open(&limits);
    uint64_t call_id = house_caller(h); /* waits; then an agent comes */
    house_staff(h, 1, 0);
    house_confirm(h, false);
    house_do(
        h, (struct command){.kind = CMD_OFFER_END,
                            .offer_end = {.offer_id = house_offer(h), .why = OFFER_END_FINISHED}});
    house_hang_up(h, call_id, ENDED_BY_CALLER); /* too short: pending */
    house_wait(h, MINUTE);                      /* the wrap-up ends */
    house_agent_does(h, CMD_AGENT_SIGN_OUT, 1);
    house_hang_up(h, house_caller(h), ENDED_BY_CALLER); /* its place is kept */
    house_do(h, (struct command){
                    .kind = CMD_QUEUE_CALLBACKS,
                    .queue_callbacks = {.queue_id = QUEUE, .attempts_max = 1, .dial_ms = MINUTE}});
    call_id = house_caller(h);
    house_do(h, (struct command){.kind = CMD_CALLBACK_PROMISE,
                                 .callback_promise = {.call_id = call_id}});
    house_do(h, (struct command){.kind = CMD_TEXT_ARRIVE, .text_arrive = {.queue_id = QUEUE}});
    house_agent_does(h, CMD_AGENT_SIGN_IN, 1);
    house_do(h, (struct command){.kind = CMD_TEXT_TAKE, .text_take = {.agent_id = 1}});
    return h;
}

/* The state after the first n events of the day. */
static struct house *replayed(const struct house *day, unsigned n)
{
    struct house *h = house_open(&limits);
    acd_clear(h->acd);
    for (unsigned i = 0; i < n; i++)
        acd_apply(h->acd, &day->said[i]);
    return h;
}

static struct event named(enum event_kind kind, const struct contact *c, uint32_t agent_id)
{
    struct event ev = {.kind = kind};
    for (const struct event_field *f = event_fields(kind); f->name; f++) {
        uint8_t *at = (uint8_t *)&ev + f->offset;
        uint64_t offer_id = c && c->offer_id ? c->offer_id : UINT64_MAX;
        if (!strcmp(f->name, "contact_id"))
            memcpy(at, &c->id, sizeof(c->id));
        else if (!strcmp(f->name, "call_id"))
            memcpy(at, &c->call_id, sizeof(c->call_id));
        else if (!strcmp(f->name, "offer_id"))
            memcpy(at, &offer_id, sizeof(offer_id));
        else if (!strcmp(f->name, "agent_id"))
            memcpy(at, &agent_id, sizeof(agent_id));
    }
    return ev;
}

static bool stops(struct acd *a, struct event ev)
{
    ev.id = acd_last_id(a) + 1;
    ev.at = acd_last_at(a);
    pid_t child = fork();
    if (!child) {
        if (freopen("/dev/null", "w", stderr))
            acd_apply(a, &ev);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* Events that move a contact; the one that makes it cannot name it. */
static const enum event_kind moves_contact[] = {
    EV_CALL_ARRIVED,       EV_CALL_REFUSED,    EV_CALL_INFORMED,       EV_CONTACT_QUEUED,
    EV_RING_OPENED,        EV_CONTACT_TOLD,    EV_OFFER_MADE,          EV_OFFER_ADVANCED,
    EV_OFFER_JOINED,       EV_OFFER_MEDIA,     EV_OFFER_ENDED,         EV_REFERENCE_TOLD,
    EV_CONTACT_RETURNED,   EV_CALL_ENDED,      EV_CALL_PENDING,        EV_CALL_OUTCOME,
    EV_CONTACT_DROPPED,    EV_CONTACT_SETTLED, EV_NEEDS_LIFTED,        EV_RECORDING_REFUSED,
    EV_CALL_LISTENED,      EV_CALL_ALERTED,    EV_CONTACT_MOVED,       EV_CALLBACK_PROMISED,
    EV_CALLBACK_DUE,       EV_CALLBACK_HELD,   EV_CALLBACK_TRIED,      EV_CALLBACK_CANCELLED,
    EV_CALLBACK_WITHDRAWN, EV_CALLBACK_MOVED,  EV_CALLBACK_RENUMBERED, EV_SLOT_SOLD,
    EV_TEXT_OPENED,        EV_TEXT_JOINED,     EV_TEXT_TAKEN,          EV_TEXT_ANSWERED,
    EV_TEXT_TOLD,          EV_TEXT_RETURNED,   EV_TEXT_MOVED,          EV_TEXT_ENDED};

static void check_contact_row(struct house *h, const struct contact *c)
{
    for (unsigned i = 0; i < ARRAY_LEN(moves_contact); i++) {
        enum event_kind kind = moves_contact[i];
        bool allowed = table_contact_next((enum contact_state)c->state, kind) >= 0;
        if (!allowed && !stops(h->acd, named(kind, c, 1)))
            fail_msg("%s was recorded in state %d", event_kind_name(kind), c->state);
    }
}

static void a_forbidden_event_stops_the_program_in_each_state_of_a_contact(void **state)
{
    (void)state;
    struct house *day = full_day();
    unsigned seen = 0;
    for (unsigned n = 1; n <= day->said_n; n++) {
        struct house *h = replayed(day, n);
        for (uint32_t i = 0; i < h->acd->k.contacts_n; i++) {
            const struct contact *c = &h->acd->contacts[i];
            if (!(seen & 1u << c->state) && c->state != CONTACT_NONE)
                check_contact_row(h, c);
            seen |= 1u << c->state;
        }
        house_drop(h);
    }
    house_drop(day);
    seen |= 1u << CONTACT_NONE; /* nothing has its id */
    assert_int_equal(seen, (1u << CONTACT_STATES) - 1);
}

static const struct {
    enum event_kind kind;
    enum agent_move move;
} moves_agent[] = {
    {EV_AGENT_SIGNED_IN, AGENT_SIGNS_IN}, {EV_AGENT_SIGNED_OUT, AGENT_SIGNS_OUT},
    {EV_AGENT_READY, AGENT_GETS_READY},   {EV_AGENT_PAUSED, AGENT_PAUSES},
    {EV_AGENT_WRAP_UP, AGENT_WRAPS_UP},   {EV_AGENT_PLANNED, AGENT_PLANS},
};

static void a_forbidden_event_stops_the_program_in_each_state_of_an_agent(void **state)
{
    (void)state;
    struct house *day = full_day();
    unsigned seen = 0;
    for (unsigned n = 1; n <= day->said_n; n++) {
        struct house *h = replayed(day, n);
        bool is_new = h->acd->k.agents_n && !(seen & 1u << h->acd->agents[0].state);
        for (unsigned i = 0; is_new && i < ARRAY_LEN(moves_agent); i++) {
            enum agent_state now = (enum agent_state)h->acd->agents[0].state;
            bool allowed = table_agent_next(now, moves_agent[i].move) >= 0;
            if (!allowed && !stops(h->acd, named(moves_agent[i].kind, NULL, 1)))
                fail_msg("%s was recorded in state %d", event_kind_name(moves_agent[i].kind), now);
        }
        seen |= h->acd->k.agents_n ? 1u << h->acd->agents[0].state : 0;
        house_drop(h);
    }
    house_drop(day);
    assert_int_equal(seen, (1u << AGENT_STATE_N) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_contact_table_is_as_agreed),
        cmocka_unit_test(every_cell_of_the_agent_table_is_as_agreed),
        cmocka_unit_test(a_forbidden_event_stops_the_program_in_each_state_of_a_contact),
        cmocka_unit_test(a_forbidden_event_stops_the_program_in_each_state_of_an_agent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
