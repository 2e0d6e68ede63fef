/* lines_site.c — who calls the number of a site belongs to it: their rings widen from there, and
 * help opens the next one at once (ADR 37); over the real heart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/reception_deeds.h"

#define SITE 31u
#define AREA 40u
#define NEAR 2u /* an agent of a neighbouring site */
#define HERE 1u

static void set_agent(struct reception *r, uint32_t agent_id, uint32_t site_id)
{
    reception_do(r, (struct command){.kind = CMD_AGENT_SET,
                                     .agent_set = {.agent_id = agent_id,
                                                   .site_id = site_id,
                                                   .area_id = AREA,
                                                   .capacity = {1},
                                                   .capacity_n = 1,
                                                   .queue_ids = {HEALTH},
                                                   .queue_ids_n = 1}});
}

static struct reception *open_site(void)
{
    struct reception *r = reception_open(16);
    r->directory->numbers[0].site_number = SITE;
    r->directory->numbers[0].area_number = AREA;
    reception_do(r, (struct command){.kind = CMD_QUEUE_SET,
                                     .queue_set = {.queue_id = HEALTH,
                                                   .ring_area_ms = 300000,
                                                   .ring_network_ms = 600000,
                                                   .offer_ms = 15000,
                                                   .handle_ms = 240000}});
    set_agent(r, HERE, SITE);
    set_agent(r, NEAR, SITE + 1);
    sign_in(r, HERE); /* paused: somebody of the site is there */
    return r;
}

static void whoever_calls_the_number_of_a_site_waits_for_its_people_first(void **state)
{
    (void)state;
    struct reception *r = open_site();
    in_queue(r);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.site_id, SITE);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.area_id, AREA);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.ring, RING_SITE);
    get_ready(r, NEAR);
    assert_int_equal(events(r, EV_OFFER_MADE), 0);
    pass(r, 300000);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.agent_id, NEAR);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.rule, RULE_PLACE);
    reception_drop(r);
}

static void help_rings_the_neighbours_at_once(void **state)
{
    (void)state;
    struct reception *r = open_site();
    in_queue(r);
    get_ready(r, NEAR);
    assert_int_equal(rings_at(r, NEAR), 0);
    reception_do(
        r, (struct command){.kind = CMD_HELP_ASK,
                            .help_ask = {.queue_id = HEALTH, .site_id = SITE, .for_ms = 60000}});
    turn(r);
    assert_int_not_equal(rings_at(r, NEAR), 0);
    assert_int_equal(last(r, EV_OFFER_MADE).offer_made.rule, RULE_HELP);
    reception_drop(r);
}

static void any_other_number_is_of_no_site(void **state)
{
    (void)state;
    struct reception *r = reception_open(16);
    in_queue(r);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.site_id, 0);
    assert_int_equal(last(r, EV_CONTACT_QUEUED).contact_queued.ring, RING_NETWORK);
    reception_drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_calls_the_number_of_a_site_waits_for_its_people_first),
        cmocka_unit_test(help_rings_the_neighbours_at_once),
        cmocka_unit_test(any_other_number_is_of_no_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
