/* pages_supervise.c — what supervisors ask for over HTTP, as commands; what makes no sense is
 * refused before anybody is asked, and 200 means stored (ADR 37). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"
#include "app/pages_supervise.h"

#define NOW_AT ((ms_t)1794819600000) /* 16 November 2026, 9:00 UTC */
#define NOW_MS ((ms_t)90000000)
#define MINUTE ((ms_t)60000)
#define BODY_BYTES 512

/* The way to the main thread, and the directory. */
struct desk {
    struct directory directory;
    struct directory_agent agents[1];
    struct directory_service services[2];
    struct directory_site sites[1];
    struct view_house house;
    struct orders_port port;
    struct command given;
    struct order_told told;
    unsigned given_n, forgotten_n, full;
    enum order_state state;
    char body[BODY_BYTES];
};

static uint64_t give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct desk *d = arg;
    if (d->full)
        return 0;
    d->given = *cmd;
    d->told.given_ms = now_ms;
    return ++d->given_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    struct desk *d = arg;
    (void)order_id;
    *told = d->told;
    return d->state;
}

static void forget(void *arg, uint64_t order_id)
{
    struct desk *d = arg;
    (void)order_id;
    d->forgotten_n++;
}

static void open_desk(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    d->agents[0] = (struct directory_agent){.number = 7, .id = "a07"};
    d->services[0] = (struct directory_service){.number = 11, .id = "sante"};
    d->services[1] = (struct directory_service){.number = 12, .id = "famille"};
    d->sites[0] = (struct directory_site){.number = 31, .id = "montaubry"};
    d->directory = (struct directory){.help_ms = 30 * MINUTE,
                                      .agents = d->agents,
                                      .agents_n = 1,
                                      .services = d->services,
                                      .services_n = 2,
                                      .sites = d->sites,
                                      .sites_n = 1};
    d->port = (struct orders_port){d, give, NULL, look, forget, NULL, NULL};
    d->house = (struct view_house){.directory = &d->directory,
                                   .zone = ZONE_UTC,
                                   .now_at = NOW_AT,
                                   .today = calendar_local(ZONE_UTC, NOW_AT).day,
                                   .last_id = 40,
                                   .is_ready = true};
}

struct question {
    enum command_kind kind;
    const char *id, *query;
    uint64_t order_id;
};

/* The status of the answer; 0: later. */
static unsigned ask(struct desk *d, const struct question *q)
{
    const struct pages_request r = {.method = PAGES_POST,
                                    .query = text_of(q->query),
                                    .order_id = q->order_id,
                                    .now_at = NOW_AT,
                                    .now_ms = NOW_MS};
    const struct pages_supervise_args args = {.house = &d->house,
                                              .orders = &d->port,
                                              .request = &r,
                                              .id = text_of(q->id),
                                              .kind = q->kind};
    struct pages_answer answer = {.body = {.p = d->body, .max = sizeof(d->body)}};
    bool is_refused = pages_supervise(&args, &answer);
    assert_int_equal(answer.is_later, answer.status == 0);
    assert_int_equal(is_refused, answer.status != 200);
    return answer.status;
}

static void what_is_asked_for_becomes_a_command(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    assert_int_equal(ask(&d, &(struct question){CMD_HELP_ASK, "sante", "", 0}), 0);
    assert_int_equal(d.given.help_ask.queue_id, 11);
    assert_int_equal(d.given.help_ask.site_id, 0);
    assert_true(d.given.help_ask.for_ms == 30 * MINUTE);
    ask(&d, &(struct question){CMD_HELP_ASK, "famille", "minutes=5&site=montaubry", 0});
    assert_int_equal(d.given.help_ask.queue_id, 12);
    assert_int_equal(d.given.help_ask.site_id, 31);
    assert_true(d.given.help_ask.for_ms == 5 * MINUTE);
    ask(&d, &(struct question){CMD_HELP_END, "famille", "site=montaubry", 0});
    assert_int_equal(d.given.help_end.site_id, 31);
    ask(&d, &(struct question){CMD_QUEUE_SHUT, "sante", "", 0});
    assert_true(d.given.queue_shut.until_at == 0);
    ask(&d, &(struct question){CMD_QUEUE_SHUT, "sante", "until=14:30", 0});
    assert_true(d.given.queue_shut.until_at == NOW_AT + 5 * 60 * MINUTE + 30 * MINUTE);
    ask(&d, &(struct question){CMD_QUEUE_REOPEN, "sante", "", 0});
    assert_int_equal(d.given.queue_reopen.queue_id, 11);
    ask(&d, &(struct question){CMD_CONVERSATION_CONCLUDE, "a07", "outcome=directed", 0});
    assert_int_equal(d.given.conversation_conclude.conclusion, CONCLUSION_DIRECTED);
    ask(&d, &(struct question){CMD_AGENT_MOVE_BACK, "a07", "", 0});
    assert_int_equal(d.given.agent_move_back.agent_id, 7);
    assert_int_equal(d.given_n, 8);
}

static void a_move_lasts_until_the_end_of_the_day_or_sooner(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    ask(&d, &(struct question){CMD_AGENT_MOVE, "a07", "queues=famille,sante", 0});
    assert_int_equal(d.given.agent_move.queue_ids_n, 2);
    assert_int_equal(d.given.agent_move.queue_ids[0], 12);
    assert_int_equal(d.given.agent_move.queue_ids[1], 11);
    assert_true(d.given.agent_move.until_at == NOW_AT + 15 * 60 * MINUTE);
    ask(&d, &(struct question){CMD_AGENT_MOVE, "a07", "queues=sante&until=10:00", 0});
    assert_true(d.given.agent_move.until_at == NOW_AT + 60 * MINUTE);
}

static void what_makes_no_sense_reaches_nobody(void **state)
{
    (void)state;
    static const struct {
        struct question q;
        unsigned status;
    } rows[] = {
        {{CMD_HELP_ASK, "santé", "", 0}, 404},
        {{CMD_HELP_ASK, "sante", "site=ailleurs", 0}, 404},
        {{CMD_HELP_ASK, "sante", "minutes=0", 0}, 400},
        {{CMD_HELP_ASK, "sante", "minutes=241", 0}, 400},
        {{CMD_HELP_END, "sante", "site=ailleurs", 0}, 404},
        {{CMD_QUEUE_SHUT, "sante", "until=8:59", 0}, 400},
        {{CMD_QUEUE_SHUT, "sante", "until=08:59", 0}, 400},         /* is over */
        {{CMD_QUEUE_SHUT, "sante", "until=1795510800000", 0}, 400}, /* eight days */
        {{CMD_QUEUE_SHUT, "a07", "", 0}, 404},
        {{CMD_CONVERSATION_CONCLUDE, "a07", "", 0}, 400},
        {{CMD_CONVERSATION_CONCLUDE, "a07", "outcome=none", 0}, 400},
        {{CMD_CONVERSATION_CONCLUDE, "sante", "outcome=answered", 0}, 404},
        {{CMD_AGENT_MOVE, "a07", "", 0}, 400},
        {{CMD_AGENT_MOVE, "a07", "queues=", 0}, 400},
        {{CMD_AGENT_MOVE, "a07", "queues=sante,sante", 0}, 400},
        {{CMD_AGENT_MOVE, "a07", "queues=sante,ailleurs", 0}, 404},
        {{CMD_AGENT_MOVE, "a08", "queues=sante", 0}, 404},
        {{CMD_AGENT_MOVE_BACK, "a08", "", 0}, 404},
    };
    struct desk d;
    open_desk(&d);
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(ask(&d, &rows[i].q), rows[i].status);
    assert_int_equal(d.given_n, 0);
    d.full = true;
    assert_int_equal(ask(&d, &(struct question){CMD_HELP_ASK, "sante", "", 0}), 503);
}

static void help_is_asked_for_up_to_its_bound(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    assert_int_equal(ask(&d, &(struct question){CMD_HELP_ASK, "sante", "minutes=240", 0}), 0);
    assert_true(d.given.help_ask.for_ms == ACD_HELP_MS_MAX);
}

static void done_is_told_when_it_is_stored_and_a_refusal_in_words(void **state)
{
    (void)state;
    const struct question again = {CMD_HELP_ASK, "sante", "", 1};
    static const struct {
        enum acd_verdict verdict;
        unsigned status;
    } rows[] = {{ACD_REFUSED_UNKNOWN, 404}, {ACD_REFUSED_STATE, 409}, {ACD_REFUSED_FULL, 409},
                {ACD_REFUSED_ROBOT, 409},   {ACD_REFUSED_RANGE, 400}, {ACD_MORE, 503},
                {ACD_NOTHING, 200},         {ACD_DONE, 200}};
    struct desk d;
    open_desk(&d);
    d.state = ORDER_DONE;
    d.told = (struct order_told){.verdict = ACD_DONE, .last_id = 41, .given_ms = NOW_MS};
    assert_int_equal(ask(&d, &again), 0); /* decided, not on disk yet */
    assert_int_equal(d.forgotten_n, 0);
    d.house.last_id = 41;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        d.told.verdict = (int)rows[i].verdict;
        assert_int_equal(ask(&d, &again), rows[i].status);
    }
    assert_int_equal(d.forgotten_n, ARRAY_LEN(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_for_becomes_a_command),
        cmocka_unit_test(a_move_lasts_until_the_end_of_the_day_or_sooner),
        cmocka_unit_test(what_makes_no_sense_reaches_nobody),
        cmocka_unit_test(help_is_asked_for_up_to_its_bound),
        cmocka_unit_test(done_is_told_when_it_is_stored_and_a_refusal_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
