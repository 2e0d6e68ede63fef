/* pages_headset.c — tests of app/pages_headset.h: offers, keys and their refusals, with orders that
 * only remember what they were given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/pages_headset.h"

#define PAGE_ID "00000000000000ab"
#define ORDER_ID 5

static struct order_headset given;
static unsigned given_n, forgotten_n;
static struct order_told told;
static char body[8192], location[PAGES_LOCATION_BYTES], sdp[ORDERS_OFFER_MAX + 1];
static struct pages_answer answer;

static uint64_t give(void *arg, const struct order_headset *headset, ms_t now_ms)
{
    (void)arg;
    (void)now_ms;
    given = *headset;
    given_n++;
    return ORDER_ID;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *out)
{
    (void)arg;
    assert_int_equal(order_id, ORDER_ID);
    *out = told;
    return ORDER_DONE;
}

static void forget(void *arg, uint64_t order_id)
{
    (void)arg;
    (void)order_id;
    forgotten_n++;
}

static const struct orders_port orders = {.look = look, .forget = forget, .give_headset = give};

struct ask {
    enum pages_method method;
    const char *path, *id, *query;
    size_t sdp_n;
};

static unsigned ask(const struct ask *a, uint64_t order_id)
{
    struct directory_agent agent = {.id = "a1", .number = 77};
    const struct directory directory = {.agents = &agent, .agents_n = 1};
    const struct rights rights = {.roles = RIGHTS_AGENT, .is_whole = true, .agent = TEXT("a1")};
    const struct view_house house = {.directory = &directory, .rights = &rights};
    const struct pages_request request = {.method = a->method,
                                          .path = text_of(a->path),
                                          .query = text_of(a->query ? a->query : ""),
                                          .body = {sdp, a->sdp_n},
                                          .order_id = order_id};
    const struct pages_headset_args args = {&house, &orders, &request, text_of(a->id ? a->id : ""),
                                            location};
    answer = (struct pages_answer){.body = {.p = body, .max = sizeof(body)}, .status = 200};
    pages_headset(&args, &answer);
    return answer.status;
}

static int set_up(void **state)
{
    (void)state;
    given_n = forgotten_n = 0;
    told = (struct order_told){0};
    return 0;
}

static void an_offer_goes_out_and_its_answer_says_where_to_come_back(void **state)
{
    (void)state;
    const struct ask a = {PAGES_POST, "/api/v1/rtc", NULL, NULL, 100};
    ask(&a, 0);
    assert_true(answer.is_later && given_n == 1);
    assert_int_equal(given.deed, ORDER_HEADSET_JOIN);
    assert_true(given.agent_id == 77 && given.page_id == 0 && given.sdp_n == 100);
    told = (struct order_told){.page_id = 0xab, .sdp_n = 3, .sdp = "v=0"};
    assert_int_equal(ask(&a, ORDER_ID), 201);
    assert_string_equal(answer.location, "/api/v1/rtc/" PAGE_ID);
    assert_string_equal(answer.type, "application/sdp");
    assert_int_equal(answer.body.n, 3);
    assert_int_equal(forgotten_n, 1);
}

static void an_offer_is_as_long_as_there_is_room_and_no_longer(void **state)
{
    (void)state;
    struct ask a = {PAGES_POST, "/api/v1/rtc", NULL, NULL, ORDERS_OFFER_MAX};
    ask(&a, 0);
    assert_true(answer.is_later);
    a.sdp_n++;
    assert_int_equal(ask(&a, 0), 413);
    assert_int_equal(given_n, 1);
}

static void the_address_and_the_method_say_what_is_wanted(void **state)
{
    (void)state;
    static const struct {
        struct ask ask;
        enum order_deed deed;
    } rows[] = {
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID, PAGE_ID, NULL, 9}, ORDER_HEADSET_JOIN},
        {{PAGES_DELETE, "/api/v1/rtc/" PAGE_ID, PAGE_ID, NULL, 0}, ORDER_HEADSET_LEAVE},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=answer", 0},
         ORDER_HEADSET_ANSWER},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=hang_up", 0},
         ORDER_HEADSET_HANG_UP},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=hold", 0}, ORDER_HEADSET_HOLD},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=resume", 0},
         ORDER_HEADSET_RESUME},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=echo", 0}, ORDER_HEADSET_ECHO},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=silence", 0},
         ORDER_HEADSET_SILENCE},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        ask(&rows[i].ask, 0);
        assert_true(answer.is_later);
        assert_int_equal(given.deed, rows[i].deed);
        assert_true(given.page_id == 0xab);
    }
    assert_int_equal(given_n, ARRAY_LEN(rows));
}

static void what_makes_no_sense_is_refused_before_it_is_asked(void **state)
{
    (void)state;
    static const struct {
        struct ask ask;
        unsigned status;
    } rows[] = {
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, "what=dance", 0}, 400},
        {{PAGES_POST, "/api/v1/rtc/" PAGE_ID "/act", PAGE_ID, NULL, 0}, 400},
        {{PAGES_POST, "/api/v1/rtc/ab", "ab", NULL, 9}, 404},
        {{PAGES_DELETE, "/api/v1/rtc/0000000000000000", "0000000000000000", NULL, 0}, 404},
        {{PAGES_DELETE, "/api/v1/rtc/zz000000000000ab", "zz000000000000ab", NULL, 0}, 404},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(ask(&rows[i].ask, 0), rows[i].status);
    assert_int_equal(given_n, 0);
}

static void each_verdict_has_its_status(void **state)
{
    (void)state;
    static const unsigned wanted[] = {[ORDER_HEADSET_DONE] = 204,    [ORDER_HEADSET_UNKNOWN] = 404,
                                      [ORDER_HEADSET_NOT_NOW] = 409, [ORDER_HEADSET_REFUSED] = 422,
                                      [ORDER_HEADSET_FULL] = 503,    [ORDER_HEADSET_NOWHERE] = 503};
    const struct ask a = {PAGES_DELETE, "/api/v1/rtc/" PAGE_ID, PAGE_ID, NULL, 0};
    for (unsigned v = 0; v < ARRAY_LEN(wanted); v++) {
        told = (struct order_told){.verdict = (int)v, .why = "il manque le son"};
        assert_int_equal(ask(&a, ORDER_ID), wanted[v]);
        if (v == ORDER_HEADSET_REFUSED)
            assert_non_null(memmem(body, answer.body.n, "il manque le son", 16));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_offer_goes_out_and_its_answer_says_where_to_come_back, set_up),
        cmocka_unit_test_setup(an_offer_is_as_long_as_there_is_room_and_no_longer, set_up),
        cmocka_unit_test_setup(the_address_and_the_method_say_what_is_wanted, set_up),
        cmocka_unit_test_setup(what_makes_no_sense_is_refused_before_it_is_asked, set_up),
        cmocka_unit_test_setup(each_verdict_has_its_status, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
