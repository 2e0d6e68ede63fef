/* pages_unreached.c — the list of who was never reached, and what may not be asked of it: 200 only
 * for a promise that is stored, and never more of a number than may be seen (ADR 37). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acd/acd.h"
#include "app/page_list.h"
#include "app/pages_unreached.h"
#include "gate/gate.h"
#include "say/reference.h"
#include "test/unit/acd/house.h"

#define BODY_BYTES 200000
#define NOW_MS ((ms_t)90000000)
#define ROWS 3
#define PERSON UINT64_C(0xa11a000000000001)
#define REFERENCE 4721086u

struct desk {
    struct house *acd;
    struct directory directory;
    struct directory_service services[1];
    _Alignas(ARENA_ALIGN) uint8_t map_room[256];
    struct view_house house;
    struct unreached unreached;
    struct unreached_row rows[ROWS];
    struct orders_port orders;
    struct numbers_port numbers;
    struct order_number given;
    struct order_told told;
    enum order_state state;
    unsigned given_n;
    struct pages_answer answer;
    char body[BODY_BYTES + 1];
};

static uint64_t give_number(void *arg, const struct order_number *number, ms_t now_ms)
{
    struct desk *d = arg;
    d->given = *number;
    d->told = (struct order_told){.given_ms = now_ms};
    return ++d->given_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    struct desk *d = arg;
    assert_int_equal(order_id, d->given_n);
    *told = d->told;
    return d->state;
}

static void forget(void *arg, uint64_t order_id)
{
    (void)arg;
    (void)order_id;
}

static int person(void *arg, uint64_t person_id, uint64_t *e164)
{
    (void)arg;
    *e164 = person_id == PERSON ? 33536491234 : 0;
    return *e164 ? 0 : ENOENT;
}

static struct desk *open_desk(void)
{
    struct desk *d = aligned_alloc(ARENA_ALIGN, sizeof(*d));
    assert_non_null(d);
    memset(d, 0, sizeof(*d));
    d->acd = house_open_small();
    d->services[0] = (struct directory_service){.number = QUEUE, .id = "sante", .name = "Santé"};
    d->directory = (struct directory){.services = d->services, .services_n = 1};
    struct arena arena = {.base = d->map_room, .size = sizeof(d->map_room)};
    map_open(&d->directory.service_of, &arena, 1);
    map_put(&d->directory.service_of, QUEUE, 0);
    for (unsigned i = 0; i < ROWS; i++)
        d->rows[i] = (struct unreached_row){.contact_id = 100 - i, /* the oldest last */
                                            .person_id = i == 2 ? 0 : PERSON + i,
                                            .first_at = d->acd->now_at,
                                            .last_at = d->acd->now_at,
                                            .queue_id = QUEUE,
                                            .reference = REFERENCE + i,
                                            .calls_n = i + 1,
                                            .outcome = OUTCOME_ABANDONED,
                                            .is_used = true};
    d->unreached = (struct unreached){.rows = d->rows, .used = ROWS, .n = ROWS, .lost_n = 4};
    d->orders =
        (struct orders_port){.arg = d, .give_number = give_number, .look = look, .forget = forget};
    d->numbers = (struct numbers_port){.arg = d, .person = person};
    d->house = (struct view_house){.acd = d->acd->acd,
                                   .directory = &d->directory,
                                   .is_ready = true,
                                   .now_at = d->acd->now_at,
                                   .last_id = acd_last_id(d->acd->acd)};
    return d;
}

static void drop_desk(struct desk *d)
{
    house_drop(d->acd);
    free(d);
}

struct question {
    uint32_t reference; /* without its check digit; 0: the list */
    const char *query;
    enum pages_form form;
    uint64_t order_id;
};

static unsigned ask(struct desk *d, const struct question *q)
{
    char digits[16];
    struct text_out id = {.p = digits, .max = sizeof(digits)};
    text_put_number(&id, q->reference ? say_reference_of(q->reference) : 0);
    const struct pages_request r = {.principal = PAGES_OWNER,
                                    .form = q->form,
                                    .query = text_of(q->query),
                                    .order_id = q->order_id,
                                    .now_ms = NOW_MS};
    const struct pages_unreached_args args = {.house = &d->house,
                                              .unreached = &d->unreached,
                                              .orders = &d->orders,
                                              .numbers = &d->numbers,
                                              .request = &r,
                                              .reference = {digits, id.n},
                                              .is_call = q->reference != 0};
    d->answer = (struct pages_answer){.status = 200, .body = {.p = d->body, .max = BODY_BYTES}};
    pages_unreached(&args, &d->answer);
    d->body[d->answer.body.n] = '\0';
    return d->answer.is_later ? 0 : d->answer.status;
}

static void the_oldest_stands_first_and_numbers_are_masked(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    assert_int_equal(ask(d, &(struct question){0, "", PAGES_JSON, 0}), 200);
    const char *oldest = strstr(d->body, "\"contact_id\":98");
    const char *newest = strstr(d->body, "\"contact_id\":100");
    assert_non_null(oldest);
    assert_non_null(newest);
    assert_true(oldest < newest);
    assert_non_null(strstr(d->body, "\"people\":3,\"lost\":4"));
    assert_non_null(strstr(d->body, "+3353649xxxx"));
    assert_null(strstr(d->body, "33536491234"));
    assert_int_equal(ask(d, &(struct question){0, "limit=2", PAGES_JSON, 0}), 200);
    assert_non_null(strstr(d->body, "\"next\":99,\"more\":true"));
    assert_int_equal(ask(d, &(struct question){0, "after=99", PAGES_TEXT, 0}), 200);
    assert_non_null(strstr(d->body, "Santé"));
    assert_null(strstr(d->body, "2 appels"));
    assert_int_equal(ask(d, &(struct question){0, "limit=501", PAGES_JSON, 0}), 400);
    drop_desk(d);
}

static void a_call_that_asked_for_no_service_stands_in_the_list(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->rows[0].queue_id = 0;
    assert_int_equal(ask(d, &(struct question){0, "", PAGES_JSON, 0}), 200);
    assert_non_null(strstr(d->body, "\"queue\":{\"id\":null,\"number\":0"));
    assert_int_equal(ask(d, &(struct question){0, "", PAGES_TEXT, 0}), 200);
    assert_non_null(strstr(d->body, "aucun service demandé"));
    drop_desk(d);
}

static void one_click_asks_for_the_call_of_that_person(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    assert_int_equal(ask(d, &(struct question){REFERENCE, "", PAGES_JSON, 0}), 0);
    assert_int_equal(d->given.about, ORDER_CALL_BACK);
    assert_true(d->given.person_id == PERSON && d->given.e164 == 33536491234);
    assert_int_equal(d->given.queue_id, QUEUE);
    assert_int_equal(d->given.reference, REFERENCE);
    d->state = ORDER_DONE;
    d->told = (struct order_told){
        .verdict = ACD_DONE, .last_id = d->house.last_id + 1, .given_ms = NOW_MS};
    const struct question again = {REFERENCE, "", PAGES_JSON, 1};
    assert_int_equal(ask(d, &again), 0); /* decided, not on disk */
    d->house.last_id++;
    assert_int_equal(ask(d, &again), 200);
    assert_non_null(strstr(d->body, "promised"));
    drop_desk(d);
}

static void a_refusal_says_which_and_why(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    const struct question again = {REFERENCE, "", PAGES_JSON, 0};
    assert_int_equal(ask(d, &(struct question){REFERENCE + 9, "", PAGES_JSON, 0}), 404);
    assert_int_equal(ask(d, &(struct question){REFERENCE + 1, "", PAGES_JSON, 0}),
                     409); /* erased */
    assert_int_equal(ask(d, &(struct question){REFERENCE + 2, "", PAGES_JSON, 0}),
                     409); /* withheld */
    assert_int_equal(ask(d, &(struct question){REFERENCE, "queue=ailleurs", PAGES_JSON, 0}), 404);
    d->rows[0].queue_id = 0;
    assert_int_equal(ask(d, &again), 409); /* no service */
    assert_int_equal(d->given_n, 0);
    assert_int_equal(ask(d, &(struct question){REFERENCE, "queue=sante", PAGES_JSON, 0}), 0);
    assert_int_equal(d->given.queue_id, QUEUE);
    d->state = ORDER_DONE;
    d->told = (struct order_told){
        .verdict = ACD_REFUSED_STATE, .gate = GATE_REFUSED_OPEN, .given_ms = NOW_MS};
    assert_int_equal(ask(d, &(struct question){REFERENCE, "", PAGES_JSON, 1}), 409);
    assert_non_null(strstr(d->body, gate_name(GATE_REFUSED_OPEN)));
    drop_desk(d);
}

static void nobody_is_called_of_whom_something_stands(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    house_do(d->acd,
             (struct command){.kind = CMD_CALL_ARRIVED, .call_arrived = {.person_id = PERSON}});
    assert_int_equal(ask(d, &(struct question){REFERENCE, "", PAGES_JSON, 0}), 409);
    assert_int_equal(d->given_n, 0);
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_stands_first_and_numbers_are_masked),
        cmocka_unit_test(a_call_that_asked_for_no_service_stands_in_the_list),
        cmocka_unit_test(one_click_asks_for_the_call_of_that_person),
        cmocka_unit_test(a_refusal_says_which_and_why),
        cmocka_unit_test(nobody_is_called_of_whom_something_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
