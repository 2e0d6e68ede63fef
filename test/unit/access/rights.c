/* rights.c — what a session may see: each role, whole house and parts, sites and services together;
 * what is a login, what is a password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/rights.h"

static struct directory_site sites[] = {{.id = "nord"}, {.id = "sud"}};
static struct directory_service services[] = {{.id = "sante"}, {.id = "impots"}};
static struct directory_agent agents[] = {
    {.id = "a1", .site = 0, .services = {0}, .services_n = 1},
    {.id = "a2", .site = 0, .services = {1}, .services_n = 1},
    {.id = "a3", .site = 1, .services = {0}, .services_n = 1},
    {.id = "a4", .site = DIRECTORY_NONE, .services = {0, 1}, .services_n = 2},
};
static const struct directory directory = {.sites = sites,
                                           .services = services,
                                           .agents = agents,
                                           .sites_n = 2,
                                           .services_n = 2,
                                           .agents_n = 4};

/* Which agents, as bits. */
static unsigned seen(const struct rights *r,
                     bool (*sees)(const struct rights *r, const struct directory *d,
                                  const struct directory_agent *agent))
{
    unsigned bits = 0;
    for (unsigned i = 0; i < ARRAY_LEN(agents); i++)
        bits |= (unsigned)sees(r, &directory, &agents[i]) << i;
    return bits;
}

static unsigned seen_services(const struct rights *r)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < ARRAY_LEN(services); i++)
        bits |= (unsigned)rights_service(r, &directory, i) << i;
    return bits;
}

static void sites_and_services_must_both_fit(void **state)
{
    (void)state;
    struct rights r = {.roles = RIGHTS_SUPERVISOR};
    assert_int_equal(seen(&r, rights_agent) | seen_services(&r), 0); /* nothing named: nothing */
    r.sites[r.sites_n++] = TEXT("nord");
    assert_int_equal(seen(&r, rights_agent), 3);
    assert_int_equal(seen_services(&r), 3);
    r.services[r.services_n++] = TEXT("impots");
    assert_int_equal(seen(&r, rights_agent), 2);
    assert_int_equal(seen_services(&r), 2);
    r.sites_n = 0;
    assert_int_equal(seen(&r, rights_agent), 2 | 8);
    r.is_whole = true;
    assert_int_equal(seen(&r, rights_agent), 15);
    assert_int_equal(seen_services(&r), 3);
}

static void by_sites_alone_the_services_of_who_works_there(void **state)
{
    (void)state;
    struct rights r = {.roles = RIGHTS_SUPERVISOR, .sites = {{"sud", 3}}, .sites_n = 1};
    assert_int_equal(seen(&r, rights_agent), 4);
    assert_int_equal(seen_services(&r), 1);
}

static void an_agent_is_themself_alone(void **state)
{
    (void)state;
    struct rights r = {.roles = RIGHTS_AGENT, .agent = TEXT("a2"), .is_whole = true};
    assert_int_equal(seen(&r, rights_order), 2);
    assert_int_equal(seen(&r, rights_sees), 2);
    r.agent = TEXT_NONE;
    assert_int_equal(seen(&r, rights_order) | seen(&r, rights_sees), 0);
    r.roles |= RIGHTS_AUDITOR; /* sees, and orders nobody about */
    assert_int_equal(seen(&r, rights_sees), 15);
    assert_int_equal(seen(&r, rights_order), 0);
    r.roles = RIGHTS_SUPERVISOR;
    r.agent = TEXT("a2"); /* not by the role of agent */
    r.is_whole = false;
    assert_int_equal(seen(&r, rights_order), 0);
}

static void a_route_opens_to_its_roles_and_the_house_to_the_whole(void **state)
{
    (void)state;
    for (unsigned roles = 0; roles < 1U << ROLE_N; roles++)
        for (unsigned wanted = 0; wanted < 1U << ROLE_N; wanted++) {
            struct rights r = {.roles = roles};
            assert_int_equal(rights_pass(&r, wanted, RIGHTS_PARTS), (roles & wanted) != 0);
            assert_false(rights_pass(&r, wanted, RIGHTS_HOUSE));
            r.is_whole = true;
            assert_int_equal(rights_pass(&r, wanted, RIGHTS_HOUSE), (roles & wanted) != 0);
            assert_int_equal(rights_names(&r), (roles & ~RIGHTS_AUDITOR) != 0);
        }
}

static void a_role_has_its_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROLE_N; i++)
        assert_int_equal(rights_role(text_of(rights_role_name((enum directory_role)i))), i);
    assert_int_equal(rights_role(TEXT("Agent")), ROLE_N);
    assert_int_equal(rights_role(TEXT("")), ROLE_N);
}

static void a_login_is_short_and_plain(void **state)
{
    (void)state;
    static const char forty[] = "a234567890123456789012345678901234567890";
    static const char more[] = "a2345678901234567890123456789012345678901";
    static const char *const bad[] = {"", "a", "1a", ".a", "Aa", "a a", "é.a", "a/b", "a%41", more};
    static const char *const good[] = {"ab", "a.b-c_9", forty};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(rights_is_login(text_of(bad[i])));
    for (unsigned i = 0; i < ARRAY_LEN(good); i++)
        assert_true(rights_is_login(text_of(good[i])));
}

static void a_password_is_long_and_not_the_login(void **state)
{
    (void)state;
    char long_one[130];
    memset(long_one, 'x', sizeof(long_one));
    long_one[0] = 'y';
    assert_null(rights_password_fault(TEXT("douze lettre"), TEXT("ab")));
    assert_non_null(rights_password_fault(TEXT("onze lettre"), TEXT("ab")));
    assert_non_null(rights_password_fault(TEXT("éééééé"), TEXT("ab"))); /* 12 bytes, 6 letters */
    assert_null(rights_password_fault((struct text){long_one, 128}, TEXT("ab")));
    assert_non_null(rights_password_fault((struct text){long_one, 129}, TEXT("ab")));
    assert_non_null(rights_password_fault(TEXT("aaaaaaaaaaaaaa"), TEXT("ab")));
    assert_non_null(rights_password_fault(TEXT("Martin.Dupont"), TEXT("martin.dupont")));
    assert_non_null(rights_password_fault(TEXT("douze\tlettre"), TEXT("ab")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_and_services_must_both_fit),
        cmocka_unit_test(by_sites_alone_the_services_of_who_works_there),
        cmocka_unit_test(an_agent_is_themself_alone),
        cmocka_unit_test(a_route_opens_to_its_roles_and_the_house_to_the_whole),
        cmocka_unit_test(a_role_has_its_name),
        cmocka_unit_test(a_login_is_short_and_plain),
        cmocka_unit_test(a_password_is_long_and_not_the_login),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
