/* commands.c — a directory as commands: what is named is known before, and all is there. */
#include "directory/commands.h"
#include "test/unit/directory/place.h"

#define MONDAY_10 at_of(day_of(2026, 11, 16), 1000)

static struct directory *staffed(void)
{
    struct directory *d = place_open();
    d->services_n = 2;
    d->sites_n = 1;
    d->agents_n = 3;
    d->services[0] = (struct directory_service){.number = 11, .weeks = BIT(OFFICE)};
    d->services[1] = (struct directory_service){.number = 12, .weeks = BIT(ALWAYS)};
    d->sites[0] = (struct directory_site){.number = 21, .area_number = 31};
    d->agents[0] = (struct directory_agent){
        .number = 41, .site = DIRECTORY_NONE, .services = {1}, .services_n = 1, .is_robot = true};
    d->agents[1] = (struct directory_agent){.number = 42, .role = ROLE_SUPERVISOR};
    d->agents[2] = (struct directory_agent){
        .number = 43, .site = 0, .services = {0, 1}, .services_n = 2, .skills = 5, .writes = true};
    d->is_demo = true;
    return d;
}

static unsigned walk_all(const struct directory *d, struct command to[], unsigned max)
{
    struct settings s;
    struct directory_walk walk = {.now_at = MONDAY_10};
    unsigned n = 0;
    settings_defaults(&s);
    while (n < max && directory_next_command(&walk, d, &s, &to[n]))
        n++;
    struct command more;
    assert_false(directory_next_command(&walk, d, &s, &more)); /* and stays at the end */
    return n;
}

static void everything_is_said_in_an_order_that_names_nothing_unknown(void **state)
{
    (void)state;
    static const enum command_kind kinds[] = {
        CMD_PRIORITY_SET, CMD_PRIORITY_SET,    CMD_PRIORITY_SET,    CMD_QUEUE_SET,
        CMD_QUEUE_SET,    CMD_QUEUE_CALLBACKS, CMD_QUEUE_CALLBACKS, CMD_QUEUE_HOURS,
        CMD_QUEUE_HOURS,  CMD_AGENT_SET,       CMD_AGENT_SET};
    struct directory *d = staffed();
    struct command said[16];
    assert_int_equal(walk_all(d, said, ARRAY_LEN(said)), ARRAY_LEN(kinds));
    for (unsigned i = 0; i < ARRAY_LEN(kinds); i++)
        assert_int_equal(said[i].kind, kinds[i]);
    assert_int_equal(said[2].priority_set.priority, 2);
    assert_int_equal(said[2].priority_set.head_start_ms, 1800000);
    assert_int_equal(said[3].queue_set.queue_id, 11);
    assert_int_equal(said[3].queue_set.offer_ms, 20000);
    assert_false(said[3].queue_set.is_production);
    free(d);
}

/* The gate opens it; closed, it is as if there were no such thing, and journals stay as they are.
 */
static void a_queue_calls_back_only_once_the_gate_lets_it(void **state)
{
    (void)state;
    struct directory *d = staffed();
    struct settings settings;
    struct command cmd;
    settings_defaults(&settings);
    for (unsigned open = 0; open < 2; open++) {
        struct directory_walk walk = {.now_at = MONDAY_10};
        unsigned n = 0;
        if (open)
            settings.gate.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
        while (directory_next_command(&walk, d, &settings, &cmd))
            if (cmd.kind == CMD_QUEUE_CALLBACKS) {
                assert_int_equal(cmd.queue_callbacks.attempts_max, open ? 3 : 0);
                assert_int_equal(cmd.queue_callbacks.gap_ms, open ? 45 * 60000 : 0);
                assert_int_equal(cmd.queue_callbacks.dial_ms, open ? 55000 : 0);
                n++;
            }
        assert_int_equal(n, 2);
    }
    free(d);
}

static void agents_bring_their_place_skills_and_queues(void **state)
{
    (void)state;
    struct directory *d = staffed();
    struct command said[16];
    walk_all(d, said, ARRAY_LEN(said));
    assert_int_equal(said[9].agent_set.agent_id, 41);
    assert_int_equal(said[9].agent_set.site_id, 0);
    assert_true(said[9].agent_set.is_robot);
    assert_int_equal(said[9].agent_set.capacity[MEDIUM_TEXT], 0);
    assert_int_equal(said[10].agent_set.agent_id, 43);
    assert_int_equal(said[10].agent_set.site_id, 21);
    assert_int_equal(said[10].agent_set.area_id, 31);
    assert_int_equal(said[10].agent_set.skills, 5);
    assert_int_equal(said[10].agent_set.queue_ids_n, 2);
    assert_int_equal(said[10].agent_set.queue_ids[1], 12);
    assert_int_equal(said[10].agent_set.capacity[MEDIUM_VOICE], 1);
    assert_int_equal(said[10].agent_set.capacity[MEDIUM_TEXT], 2);
    free(d);
}

static void a_queue_knows_its_closing_when_there_is_one(void **state)
{
    (void)state;
    struct directory *d = staffed();
    struct command said;
    calendar_day monday = day_of(2026, 11, 16);
    assert_int_equal(directory_queue_hours(d, 0, MONDAY_10, &said), at_of(monday, 1800));
    assert_int_equal(said.queue_hours.hours, HOURS_OPEN);
    assert_int_equal(said.queue_hours.closes_at, at_of(monday, 1800));
    assert_int_equal(directory_queue_hours(d, 0, at_of(monday, 1800), &said),
                     at_of(monday + 1, 830));
    assert_int_equal(said.queue_hours.hours, HOURS_CLOSED_PUBLISHED);
    assert_int_equal(said.queue_hours.closes_at, 0);
    assert_int_equal(directory_queue_hours(d, 1, MONDAY_10, &said), MS_NEVER);
    assert_int_equal(said.queue_hours.closes_at, 0);
    free(d);
}

static void outside_a_demonstration_queues_are_of_production(void **state)
{
    (void)state;
    struct directory *d = staffed();
    struct command said[16];
    d->is_demo = false;
    walk_all(d, said, ARRAY_LEN(said));
    assert_true(said[3].queue_set.is_production);
    free(d);
}

/* Who may sign in must be known; without a queue nobody is offered to them. */
static void a_supervisor_with_a_telephone_is_said_and_serves_what_was_named(void **state)
{
    (void)state;
    struct directory *d = staffed();
    struct command said[16];
    struct directory_agent *g = &d->agents[1];
    assert_false(directory_agent_works(g) || directory_agent_listens(g));
    memcpy(g->phone, "sip:190", sizeof("sip:190"));
    g->site = DIRECTORY_NONE;
    assert_true(directory_agent_works(g) && directory_agent_listens(g));
    assert_int_equal(walk_all(d, said, ARRAY_LEN(said)), 12);
    assert_int_equal(said[10].agent_set.agent_id, 42);
    assert_int_equal(said[10].agent_set.queue_ids_n, 0);
    memcpy(g->phone, "0144556677", sizeof("0144556677")); /* a voicemail may pick up there */
    assert_true(directory_agent_works(g) && !directory_agent_listens(g));
    g->role = ROLE_AUDITOR;
    assert_false(directory_agent_works(g));
    assert_true(directory_agent_works(&d->agents[0]) && !directory_agent_listens(&d->agents[0]));
    free(d);
}

static void a_service_is_found_by_its_code_alone(void **state)
{
    (void)state;
    struct directory *d = staffed();
    memcpy(d->services[1].code, "52", sizeof("52"));
    assert_int_equal(directory_service_coded(d, TEXT("52")), 1);
    assert_int_equal(directory_service_coded(d, TEXT("5")), DIRECTORY_NONE);
    assert_int_equal(directory_service_coded(d, TEXT("521")), DIRECTORY_NONE);
    assert_int_equal(directory_service_coded(d, TEXT_NONE), DIRECTORY_NONE);
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queue_calls_back_only_once_the_gate_lets_it),
        cmocka_unit_test(everything_is_said_in_an_order_that_names_nothing_unknown),
        cmocka_unit_test(agents_bring_their_place_skills_and_queues),
        cmocka_unit_test(a_queue_knows_its_closing_when_there_is_one),
        cmocka_unit_test(outside_a_demonstration_queues_are_of_production),
        cmocka_unit_test(a_supervisor_with_a_telephone_is_said_and_serves_what_was_named),
        cmocka_unit_test(a_service_is_found_by_its_code_alone),
    };
    return cmocka_run_group_tests_name("directory/commands", tests, NULL, NULL);
}
