/* check.c — settings that contradict each other are found, each by its rule; defaults do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/tape.h"
#include "settings/check.h"

static struct settings s;

static int set_up(void **state)
{
    (void)state;
    settings_defaults(&s);
    return 0;
}

static void expect_only(const char *folder, const char *key)
{
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 1);
    assert_string_equal(found[0].folder, folder);
    assert_string_equal(found[0].key, key);
    assert_true(found[0].what[0] && found[0].cure[0]);
}

static void the_defaults_agree_with_each_other(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 0);
    assert_int_equal(s.queue.short_ms, 10000);
    assert_int_equal(s.priority.urgent_ms, 1800000);
    assert_int_equal(s.log.level, SETTINGS_LOG_LEVEL_INFO);
    assert_string_equal(s.journal.path, "decroche.db");
}

static void rings_open_from_the_inside(void **state)
{
    (void)state;
    s.queue.ring_area_ms = s.queue.ring_site_ms;
    s.queue.ring_network_ms = s.queue.ring_site_ms;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 0); /* all at once is allowed */
    s.queue.ring_site_ms++;
    expect_only("queue", "ring_area");
    s.queue.ring_area_ms = s.queue.ring_site_ms;
    expect_only("queue", "ring_network");
}

static void the_memory_of_messages_is_none_or_enough_for_a_call(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.phone.trace_bytes = 0;
    assert_int_equal(settings_check(&s, found), 0);
    s.phone.trace_bytes = TAPE_BYTES_MIN;
    assert_int_equal(settings_check(&s, found), 0);
    s.phone.trace_bytes = TAPE_BYTES_MIN - 1;
    expect_only("phone", "trace_bytes");
}

static void the_port_of_browsers_is_its_own_and_wants_one_thread(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.media.threads = 2;
    assert_int_equal(settings_check(&s, found), 0); /* none is wanted */
    s.media.browser_port = s.media.port_last + 1;
    expect_only("media", "browser_port");
    s.media.threads = 1;
    assert_int_equal(settings_check(&s, found), 0);
    s.media.browser_port = s.media.port_last;
    expect_only("media", "browser_port");
    s.media.browser_port = s.phone.port;
    expect_only("media", "browser_port");
}

static void more_urgent_never_has_less_head_start(void **state)
{
    (void)state;
    s.priority.normal_ms = s.priority.priority_ms + 1;
    expect_only("priority", "priority");
    s.priority.normal_ms = 0;
    s.priority.priority_ms = s.priority.urgent_ms + 1;
    expect_only("priority", "urgent");
}

static void machines_have_hours_in_which_they_may_dial(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.gate.hours_from_ms = 0;
    s.gate.hours_to_ms = 1;
    assert_int_equal(settings_check(&s, found), 0);
    s.gate.hours_to_ms = 0;
    expect_only("gate", "hours_to");
}

/* Each of these as the code of the pause is refused alone; what is beside it is not. */
static void short_codes_begin_as_nothing_else(void **state)
{
    (void)state;
    static const char *const wrong[] = {"73",   "*7",   "*7a",  "*",    "*73 ", "#73", "*15",
                                        "*152", "*112", "*114", "*115", "*17",  "*18", "*21",
                                        "*313", "*43",  "*69",  "*71",  "*712"};
    static const char *const right[] = {"*73", "*7300", "*11", "*30", "*99", "*1000"};
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        settings_defaults(&s);
        snprintf(s.short_codes.pause, sizeof(s.short_codes.pause), "%s", wrong[i]);
        unsigned n = settings_check(&s, found);
        assert_in_range(n, 1, 2); /* two that are equal are both told */
        assert_string_equal(found[0].folder, "short_codes");
        assert_string_equal(found[n - 1].key, "pause");
    }
    for (unsigned i = 0; i < ARRAY_LEN(right); i++) {
        settings_defaults(&s);
        snprintf(s.short_codes.pause, sizeof(s.short_codes.pause), "%s", right[i]);
        assert_int_equal(settings_check(&s, found), 0);
    }
}

static void a_ring_holds_a_power_of_two(void **state)
{
    (void)state;
    s.journal.ring_n = 65535;
    expect_only("journal", "ring_n");
}

static void each_queue_has_room_for_the_lanes_of_a_wish(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.acd.lanes_max = 3 * s.acd.queues_max;
    assert_int_equal(settings_check(&s, found), 0);
    s.acd.lanes_max--;
    expect_only("acd", "lanes_max");
}

static void two_things_are_two_files(void **state)
{
    (void)state;
    memcpy(s.journal.path, s.directory.path, sizeof(s.journal.path));
    expect_only("journal", "path");
}

static void expect_none(void)
{
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    assert_int_equal(settings_check(&s, found), 0);
}

static void write_text(char *to, size_t n, const char *text)
{
    assert_true(strlen(text) < n);
    memset(to, 0, n);
    memcpy(to, text, strlen(text));
}
#define WRITE(field, text) write_text((field), sizeof(field), (text))

static void secrets_have_a_file_of_their_own(void **state)
{
    (void)state;
    WRITE(s.secrets.path, "directory.yaml");
    expect_only("secrets", "path");
    WRITE(s.secrets.path, "decroche.sock");
    expect_only("secrets", "path");
    WRITE(s.secrets.path, "decroche.db");
    expect_only("journal", "path");
    WRITE(s.secrets.path, "secrets.yaml");
    WRITE(s.web.socket, "decroche.db");
    expect_only("journal", "path");
}

static void we_listen_at_an_address_and_not_at_a_name(void **state)
{
    (void)state;
    static const char *const bad[] = {"localhost", "127.0.0.1:5060", "[::1]", "1.2.3", "::1%lo"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        WRITE(s.phone.address, bad[i]);
        expect_only("phone", "address");
        settings_defaults(&s);
        WRITE(s.web.address, bad[i]);
        expect_only("web", "address");
        settings_defaults(&s);
    }
    WRITE(s.phone.address, "2001:db8::1");
    WRITE(s.web.address, "::");
    expect_none();
}

static void who_listens_everywhere_says_where_they_are(void **state)
{
    (void)state;
    WRITE(s.phone.address, "0.0.0.0");
    expect_only("phone", "advertised");
    WRITE(s.phone.advertised, "203.0.113.5");
    expect_none();
    WRITE(s.phone.address, "::");
    expect_only("phone", "advertised"); /* of another family */
    WRITE(s.phone.advertised, "2001:db8::1");
    expect_none();
    WRITE(s.phone.address, "0.0.0.0, ::");
    expect_only("phone", "advertised"); /* where in IPv4? */
    WRITE(s.phone.advertised, "2001:db8::1, 203.0.113.5");
    expect_none();
    WRITE(s.phone.address, "192.0.2.1, ::");
    expect_none();
    WRITE(s.phone.address, "192.0.2.1, 2001:db8::7");
    WRITE(s.phone.advertised, "203.0.113.5");
    expect_none(); /* translated in one alone */
    WRITE(s.phone.address, "192.0.2.1, 192.0.2.2");
    expect_only("phone", "address");
    WRITE(s.phone.address, "192.0.2.1,");
    expect_only("phone", "address");
    WRITE(s.phone.address, "::");
    WRITE(s.phone.advertised, "::");
    expect_only("phone", "advertised");
    WRITE(s.phone.advertised, "sip.example.org");
    expect_only("phone", "advertised");
    WRITE(s.phone.advertised, "");
    expect_only("phone", "advertised");
}

static void networks_can_be_read(void **state)
{
    (void)state;
    WRITE(s.phone.networks, "10.0.0.0/8, 2001:db8::/32,192.0.2.1");
    expect_none();
    WRITE(s.phone.networks, "10.0.0.0/33");
    expect_only("phone", "networks");
    WRITE(s.phone.networks, "10.0.0.0/8;::1");
    expect_only("phone", "networks");
}

static void a_realm_stays_within_its_quotes(void **state)
{
    (void)state;
    WRITE(s.phone.realm, "Mairie d’ici (accueil)");
    expect_none();
    WRITE(s.phone.realm, "a\"b");
    expect_only("phone", "realm");
    WRITE(s.phone.realm, "a\\b");
    expect_only("phone", "realm");
    WRITE(s.phone.realm, "a\nb");
    expect_only("phone", "realm");
}

static void the_range_of_ports_goes_up_from_an_even_one(void **state)
{
    (void)state;
    s.phone.legs_max = 2;
    s.media.port_last = s.media.port_first + 1;
    expect_none();
    s.media.port_last = s.media.port_first;
    expect_only("media", "port_last");
    s.media.port_last = s.media.port_first - 1;
    expect_only("media", "port_last");
    s.media.port_first = 20001;
    s.media.port_last = 20100;
    expect_only("media", "port_first");
}

static void five_legs_of_six_have_ports(void **state)
{
    (void)state;
    s.phone.legs_max = 1200;
    s.media.port_last = s.media.port_first + 2 * 1000 - 1;
    expect_none();
    s.media.port_last--;
    expect_only("media", "port_last");
    s.media.port_last++;
    s.phone.legs_max = 1201; /* a part of a leg needs nothing */
    expect_none();
    s.phone.legs_max = 1202;
    expect_only("media", "port_last");
    s.phone.port = 0;
    s.phone.legs_max = 65536;
    s.media.port_first = 1024;
    s.media.port_last = 65535;
    expect_only("media", "port_last");
}

static void the_port_of_sip_is_none_of_sound(void **state)
{
    (void)state;
    s.phone.port = s.media.port_first - 1;
    expect_none();
    s.phone.port = s.media.port_first;
    expect_only("phone", "port");
    s.phone.port = s.media.port_last;
    expect_only("phone", "port");
    s.phone.port = s.media.port_last + 1;
    expect_none();
    s.phone.port = 0;
    expect_none();
}

static void the_house_calls_itself_never_or_not_too_often(void **state)
{
    (void)state;
    s.watch.call_every_ms = 0;
    expect_none();
    s.watch.call_every_ms = 9999;
    expect_only("watch", "call_every");
    s.watch.call_every_ms = 10000;
    expect_none();
}

static void all_contradictions_are_told_at_once(void **state)
{
    (void)state;
    struct settings_finding found[SETTINGS_FINDINGS_MAX];
    s.queue.ring_site_ms = s.queue.ring_network_ms + 2;
    s.queue.ring_area_ms = s.queue.ring_network_ms + 1;
    s.journal.ring_n = 3;
    s.priority.urgent_ms = 1;
    assert_int_equal(settings_check(&s, found), 4);
}

static void a_reload_takes_what_is_live_and_names_the_rest(void **state)
{
    (void)state;
    struct settings next = s;
    unsigned i = 0;
    assert_null(settings_next_fixed(&s, &next, &i));
    next.queue.offer_ms++;
    memcpy(next.phone.networks, "10.0.0.0/8", sizeof("10.0.0.0/8"));
    next.phone.port++;
    memcpy(next.journal.path, "x\0garbage", sizeof("x\0garbage"));
    i = 0;
    assert_string_equal(settings_next_fixed(&s, &next, &i), "phone.port");
    assert_string_equal(settings_next_fixed(&s, &next, &i), "journal.path");
    assert_null(settings_next_fixed(&s, &next, &i));
    settings_take_live(&s, &next);
    assert_int_equal(s.queue.offer_ms, next.queue.offer_ms);
    assert_string_equal(s.phone.networks, "10.0.0.0/8");
    assert_int_equal(s.phone.port + 1, next.phone.port);
    assert_string_equal(s.journal.path, "decroche.db");
    memcpy(next.journal.path, "decroche.db\0tail", sizeof("decroche.db\0tail"));
    i = 0;
    assert_string_equal(settings_next_fixed(&s, &next, &i), "phone.port"); /* not the tail */
    assert_null(settings_next_fixed(&s, &next, &i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_defaults_agree_with_each_other, set_up),
        cmocka_unit_test_setup(rings_open_from_the_inside, set_up),
        cmocka_unit_test_setup(machines_have_hours_in_which_they_may_dial, set_up),
        cmocka_unit_test_setup(the_memory_of_messages_is_none_or_enough_for_a_call, set_up),
        cmocka_unit_test_setup(the_port_of_browsers_is_its_own_and_wants_one_thread, set_up),
        cmocka_unit_test_setup(more_urgent_never_has_less_head_start, set_up),
        cmocka_unit_test_setup(short_codes_begin_as_nothing_else, set_up),
        cmocka_unit_test_setup(a_ring_holds_a_power_of_two, set_up),
        cmocka_unit_test_setup(each_queue_has_room_for_the_lanes_of_a_wish, set_up),
        cmocka_unit_test_setup(two_things_are_two_files, set_up),
        cmocka_unit_test_setup(secrets_have_a_file_of_their_own, set_up),
        cmocka_unit_test_setup(we_listen_at_an_address_and_not_at_a_name, set_up),
        cmocka_unit_test_setup(who_listens_everywhere_says_where_they_are, set_up),
        cmocka_unit_test_setup(networks_can_be_read, set_up),
        cmocka_unit_test_setup(a_realm_stays_within_its_quotes, set_up),
        cmocka_unit_test_setup(the_range_of_ports_goes_up_from_an_even_one, set_up),
        cmocka_unit_test_setup(five_legs_of_six_have_ports, set_up),
        cmocka_unit_test_setup(the_port_of_sip_is_none_of_sound, set_up),
        cmocka_unit_test_setup(a_reload_takes_what_is_live_and_names_the_rest, set_up),
        cmocka_unit_test_setup(the_house_calls_itself_never_or_not_too_often, set_up),
        cmocka_unit_test_setup(all_contradictions_are_told_at_once, set_up),
    };
    return cmocka_run_group_tests_name("settings/check", tests, NULL, NULL);
}
