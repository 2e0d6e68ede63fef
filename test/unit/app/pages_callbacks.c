/* pages_callbacks.c — promises over HTTP: pages of the list, what may be seen of a number, what may
 * not be changed, and 200 only for what is stored. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/page_list.h"
#include "app/pages_callbacks.h"
#include "say/reference.h"
#include "test/unit/acd/house.h"

#define BODY_BYTES 400000
#define NOW_MS ((ms_t)90000000)

struct desk {
    struct house *acd;
    struct view_house house;
    struct orders_port orders;
    struct numbers_port numbers;
    struct command given;
    struct order_number number;
    enum order_state state;
    struct order_told told;
    unsigned given_n, forgotten_n;
    uint64_t sold_id; /* 0: no time was chosen */
    struct pages_answer answer;
    char body[BODY_BYTES];
};

static uint64_t give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct desk *d = arg;
    d->given = *cmd;
    d->told = (struct order_told){.given_ms = now_ms};
    d->state = ORDER_GIVEN;
    return ++d->given_n;
}

static uint64_t give_number(void *arg, const struct order_number *number, ms_t now_ms)
{
    struct desk *d = arg;
    d->number = *number;
    d->told = (struct order_told){.given_ms = now_ms};
    d->state = ORDER_GIVEN;
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
    struct desk *d = arg;
    assert_int_equal(order_id, d->given_n);
    d->forgotten_n++;
}

static int wish(void *arg, uint64_t contact_id, struct numbers_wish *wish)
{
    (void)arg;
    *wish = (struct numbers_wish){.e164 = 33536491234};
    return contact_id ? 0 : ENOENT;
}

#define SOLD_REFERENCE 4721086u

/* A time was sold under a contact between those of the house. */
static int slots(void *arg, struct numbers_slots *page)
{
    const struct desk *d = arg;
    page->n = d->sold_id > page->after_id;
    if (page->n)
        page->rows[0] = (struct numbers_slot){.contact_id = d->sold_id,
                                              .e164 = 33639981240,
                                              .from_at = d->house.now_at + 3600000,
                                              .queue_id = QUEUE,
                                              .reference = SOLD_REFERENCE};
    return 0;
}

static int slot(void *arg, uint32_t reference, struct numbers_slot *slot)
{
    struct numbers_slots page = {.rows = slot, .max = 1};
    slots(arg, &page);
    return page.n && reference == SOLD_REFERENCE ? 0 : ENOENT;
}

static struct desk *open_desk(unsigned promises_n)
{
    static const struct acd_limits limits = {
        .contacts_max = PAGE_LIMIT_MAX + 8, .agents_max = 4, .queues_max = 2, .lanes_max = 64};
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    d->acd = house_open(&limits);
    assert_int_equal(house_do(d->acd, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                                       .queue_callbacks = {.queue_id = QUEUE,
                                                                           .attempts_max = 3,
                                                                           .share_percent = 50,
                                                                           .gap_ms = MINUTE,
                                                                           .keep_ms = MINUTE,
                                                                           .dial_ms = 40000}}),
                     ACD_DONE);
    for (unsigned i = 0; i < promises_n; i++) {
        uint64_t call_id = house_caller(d->acd);
        assert_int_equal(
            house_do(d->acd, (struct command){.kind = CMD_CALLBACK_PROMISE,
                                              .callback_promise = {.call_id = call_id}}),
            ACD_DONE);
        house_hang_up(d->acd, call_id, ENDED_BY_CALLER);
    }
    d->orders = (struct orders_port){
        .arg = d, .give = give, .give_number = give_number, .look = look, .forget = forget};
    d->numbers = (struct numbers_port){.arg = d, .wish = wish, .slots = slots, .slot = slot};
    d->house = (struct view_house){.acd = d->acd->acd,
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

/* The reference of the promise at this slot. */
static struct text reference_of(const struct desk *d, uint32_t slot, char to[SAY_REFERENCE_BYTES])
{
    struct acd_look_callback c;
    assert_true(acd_look_callback(d->acd->acd, slot, &c));
    uint32_t reference = say_reference_of(c.reference);
    for (unsigned i = SAY_REFERENCE_DIGITS; i-- > 0; reference /= 10)
        to[i] = (char)('0' + reference % 10);
    return (struct text){to, SAY_REFERENCE_DIGITS};
}

struct asking {
    enum pages_callbacks_what what;
    struct text reference, query;
    uint64_t order_id;
    ms_t by_ms;
    enum pages_principal principal;
};

/* The status; 0: later. */
static unsigned ask(struct desk *d, struct asking q)
{
    const struct pages_request r = {.principal = q.principal ? q.principal : PAGES_TOKEN,
                                    .query = q.query,
                                    .order_id = q.order_id,
                                    .now_ms = NOW_MS + q.by_ms};
    const struct pages_callbacks_args args = {.house = &d->house,
                                              .orders = &d->orders,
                                              .numbers = &d->numbers,
                                              .request = &r,
                                              .reference = q.reference,
                                              .what = q.what};
    d->answer = (struct pages_answer){.status = 200, .body = {.p = d->body, .max = BODY_BYTES - 1}};
    pages_callbacks(&args, &d->answer);
    d->body[d->answer.body.n] = '\0';
    assert_false(d->answer.body.is_cut);
    return d->answer.is_later ? 0 : d->answer.status;
}

static unsigned rows_n(const struct desk *d)
{
    unsigned n = 0;
    for (const char *p = d->body; (p = strstr(p, "\"contact_id\"")); p++)
        n++;
    return n;
}

static void the_list_has_pages_and_loses_nobody(void **state)
{
    (void)state;
    struct desk *d = open_desk(PAGE_LIMIT_MAX + 1);
    assert_int_equal(ask(d, (struct asking){.what = CALLBACKS_LIST}), 200);
    assert_int_equal(rows_n(d), PAGE_LIMIT_DEFAULT);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=500")}), 200);
    assert_int_equal(rows_n(d), PAGE_LIMIT_MAX);
    assert_non_null(strstr(d->body, "\"more\":true"));
    char query[64];
    const char *next = strstr(d->body, "\"next\":");
    snprintf(query, sizeof(query), "limit=500&after=%llu", strtoull(next + 7, NULL, 10));
    assert_int_equal(ask(d, (struct asking){.query = text_of(query)}), 200);
    assert_int_equal(rows_n(d), 1);
    assert_non_null(strstr(d->body, "\"more\":false"));
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=501")}), 400);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=0")}), 400);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("after=x")}), 400);
    drop_desk(d);
}

static void a_number_is_whole_for_who_may_read_the_disk_and_one_at_a_time(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    struct asking one = {.what = CALLBACKS_SHOW, .reference = reference_of(d, 0, to)};
    assert_int_equal(ask(d, one), 200);
    assert_non_null(strstr(d->body, "+3353649xxxx"));
    one.principal = PAGES_OWNER;
    assert_int_equal(ask(d, one), 200);
    assert_non_null(strstr(d->body, "+33536491234"));
    one.what = CALLBACKS_LIST;
    assert_int_equal(ask(d, one), 200);
    assert_non_null(strstr(d->body, "+3353649xxxx"));
    one.what = CALLBACKS_SHOW;
    to[0] = (char)(to[0] == '9' ? '0' : to[0] + 1); /* its check digit says no */
    assert_int_equal(ask(d, one), 404);
    drop_desk(d);
}

static void cancelled_is_told_when_it_is_stored(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    struct asking q = {.what = CALLBACKS_CANCEL, .reference = reference_of(d, 0, to)};
    assert_int_equal(ask(d, q), 0);
    assert_int_equal(d->given.kind, CMD_CALLBACK_CANCEL);
    assert_int_equal(d->given.callback_cancel.by, CANCELLED_BY_HOUSE);
    q.order_id = 1;
    assert_int_equal(ask(d, q), 0); /* main has not taken it */
    d->state = ORDER_DONE;
    d->told.verdict = ACD_DONE;
    d->told.last_id = d->house.last_id + 3;
    assert_int_equal(ask(d, q), 0); /* decided, and not on the disk */
    q.by_ms = ORDERS_WAIT_MS;
    assert_int_equal(ask(d, q), 503);
    assert_int_equal(d->forgotten_n, 1);
    d->house.last_id += 3;
    assert_int_equal(ask(d, q), 200);
    assert_non_null(strstr(d->body, "cancelled"));
    d->told.verdict = ACD_REFUSED_STATE; /* it was called meanwhile */
    assert_int_equal(ask(d, q), 409);
    drop_desk(d);
}

static void what_is_being_called_is_not_changed_and_what_is_only_kept_may_be_cancelled(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    house_staff(d->acd, 1, 0);
    struct asking cancel = {.what = CALLBACKS_CANCEL, .reference = reference_of(d, 0, to)};
    struct asking later = {
        .what = CALLBACKS_CHANGE, .reference = cancel.reference, .query = TEXT("not_before=now")};
    assert_int_equal(ask(d, later), 409);
    assert_int_equal(ask(d, cancel), 0);
    house_do(d->acd, (struct command){.kind = CMD_OFFER_ADVANCE,
                                      .offer_advance = {.offer_id = house_offer(d->acd)}});
    assert_int_equal(ask(d, cancel), 409);
    assert_int_equal(ask(d, later), 409);
    assert_int_equal(d->given_n, 1);
    drop_desk(d);
}

static void one_change_at_a_time_and_within_its_bounds(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "not_before=now&number=0536490010",
                                        "not_before=24:00",
                                        "not_before=12:60",
                                        "not_before=1h",
                                        "not_before=1000000000000"};
    char to[SAY_REFERENCE_BYTES], query[64];
    struct desk *d = open_desk(1);
    struct asking q = {.what = CALLBACKS_CHANGE, .reference = reference_of(d, 0, to)};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        q.query = text_of(wrong[i]);
        assert_int_equal(ask(d, q), 400);
    }
    q.query = TEXT("number=0");
    assert_int_equal(ask(d, q), 409);
    assert_int_equal(d->given_n, 0);
    for (int past = 0; past < 2; past++) {
        snprintf(query, sizeof(query), "not_before=%lld",
                 (long long)(d->house.now_at + ACD_DURATION_MS_MAX + past));
        q.query = text_of(query);
        assert_int_equal(ask(d, q), past ? 400 : 0);
    }
    assert_int_equal(d->given.kind, CMD_CALLBACK_MOVE);
    q.query = TEXT("number=0536491299");
    assert_int_equal(ask(d, q), 0);
    assert_int_equal(d->number.about, ORDER_RENUMBER);
    assert_int_equal(d->number.e164, 33536491299);
    drop_desk(d);
}

static void times_that_were_chosen_are_listed_and_given_back_and_not_changed(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(2);
    uint32_t reference = say_reference_of(SOLD_REFERENCE);
    d->sold_id = d->house.last_id + 1;
    for (unsigned i = SAY_REFERENCE_DIGITS; i-- > 0; reference /= 10)
        to[i] = (char)('0' + reference % 10);
    struct asking q = {.what = CALLBACKS_LIST, .query = TEXT("limit=2")};
    assert_int_equal(ask(d, q), 200);
    assert_true(rows_n(d) == 2 && strstr(d->body, "\"more\":true"));
    assert_null(strstr(d->body, "\"slot\""));
    q.query = TEXT("limit=3");
    assert_int_equal(ask(d, q), 200);
    assert_true(rows_n(d) == 3 && strstr(d->body, "\"more\":false"));
    assert_non_null(strstr(d->body, "\"state\":\"slot\""));
    d->sold_id = 1; /* before the others */
    q.query = TEXT("limit=1");
    assert_int_equal(ask(d, q), 200);
    assert_non_null(strstr(d->body, "+3363998xxxx"));
    q = (struct asking){
        .what = CALLBACKS_SHOW, .reference = {to, SAY_REFERENCE_DIGITS}, .principal = PAGES_OWNER};
    assert_int_equal(ask(d, q), 200);
    assert_non_null(strstr(d->body, "+33639981240"));
    q.what = CALLBACKS_CHANGE;
    q.query = TEXT("not_before=now");
    assert_int_equal(ask(d, q), 409);
    q.what = CALLBACKS_CANCEL;
    q.query = TEXT("by=person");
    assert_int_equal(ask(d, q), 0);
    assert_int_equal(d->number.about, ORDER_SLOT_CANCEL);
    assert_int_equal(d->number.contact_id, 1);
    assert_int_equal(d->number.by, CANCELLED_BY_PERSON);
    d->sold_id = 0;
    q.what = CALLBACKS_SHOW;
    assert_int_equal(ask(d, q), 404);
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_pages_and_loses_nobody),
        cmocka_unit_test(a_number_is_whole_for_who_may_read_the_disk_and_one_at_a_time),
        cmocka_unit_test(cancelled_is_told_when_it_is_stored),
        cmocka_unit_test(
            what_is_being_called_is_not_changed_and_what_is_only_kept_may_be_cancelled),
        cmocka_unit_test(times_that_were_chosen_are_listed_and_given_back_and_not_changed),
        cmocka_unit_test(one_change_at_a_time_and_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
