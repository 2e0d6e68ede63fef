/* pages_written.c — written contacts over HTTP: pages of the list, what may be seen of a number,
 * who may take, answer, close and give back, and 200 only for what is stored. */
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
#include "app/pages_written.h"
#include "gsm/coding.h"
#include "say/reference.h"
#include "test/unit/acd/house.h"

#define BODY_BYTES 400000
#define NOW_MS ((ms_t)90000000)
#define MINE TEXT("agent=a05")

struct desk {
    struct house *acd;
    struct directory *directory;
    uint32_t agent_id;
    struct view_house house;
    struct orders_port orders;
    struct texts_port texts;
    struct command given;
    struct texts_post post;
    enum order_state state;
    struct order_told told;
    enum texts_post_state post_state;
    struct texts_post_told post_told;
    unsigned given_n, forgotten_n;
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

static uint64_t give_post(void *arg, const struct texts_post *post, ms_t now_ms)
{
    struct desk *d = arg;
    d->post = *post;
    d->post_told = (struct texts_post_told){.given_ms = now_ms};
    d->post_state = TEXTS_POST_GIVEN;
    return ++d->given_n;
}

static enum texts_post_state look_post(void *arg, uint64_t number, struct texts_post_told *told)
{
    struct desk *d = arg;
    assert_int_equal(number, d->given_n);
    *told = d->post_told;
    return d->post_state;
}

static uint64_t number(void *arg, uint64_t contact_id)
{
    (void)arg;
    return contact_id ? 33612345678 : 0;
}

/* One text in two parts, and an answer. */
/* tidy: parameters — dictated by port/texts.h */
static int thread(void *arg, uint64_t contact_id, texts_shown_fn *fn, void *fn_arg)
{
    (void)arg;
    static const char *const words[] = {"Bonj", "our\n", "Oui"};
    for (unsigned i = 0; i < 3; i++) {
        size_t n;
        struct texts_shown shown = {.id = i < 2 ? 11 : 12,
                                    .at = 1790000000000,
                                    .is_received = i < 2,
                                    .kind = i < 2 ? 0 : TEXTS_KIND_ANSWER,
                                    .state = 1,
                                    .coding = GSM_CODING_UCS2};
        assert_true(gsm_wide(shown.octets, sizeof(shown.octets), &n, text_of(words[i])));
        shown.n = (uint16_t)n;
        fn(&shown, fn_arg);
    }
    return contact_id ? 0 : ENOENT;
}

static struct desk *open_desk(unsigned texts_n)
{
    static const struct acd_limits limits = {
        .contacts_max = PAGE_LIMIT_MAX + 8, .agents_max = 4, .queues_max = 2, .lanes_max = 64};
    const struct directory_room room = {.agents_n = 2};
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    size_t n = (directory_bytes(&room) + 63) / 64 * 64;
    d->directory = directory_open(memset(aligned_alloc(64, n), 0, n), &room);
    memcpy(d->directory->agents[0].id, "a05", 4);
    memcpy(d->directory->agents[1].id, "a06", 4); /* the heart does not know it */
    for (unsigned i = 0; i < 2; i++)
        d->directory->agents[i].number = directory_number_of(d->directory->agents[i].id);
    d->agent_id = d->directory->agents[0].number;
    map_put(&d->directory->agent_of, d->agent_id, 0);
    d->directory->agents_n = 2;
    d->acd = house_open(&limits);
    house_staff(d->acd, d->agent_id, 0);
    for (unsigned i = 0; i < texts_n; i++)
        assert_int_equal(house_do(d->acd, (struct command){.kind = CMD_TEXT_ARRIVE,
                                                           .text_arrive = {.queue_id = QUEUE,
                                                                           .reference = 4000 + i}}),
                         ACD_DONE);
    d->orders = (struct orders_port){.arg = d, .give = give, .look = look, .forget = forget};
    d->texts = (struct texts_port){.arg = d,
                                   .give = give_post,
                                   .look = look_post,
                                   .forget = forget,
                                   .number = number,
                                   .thread = thread};
    d->house = (struct view_house){.acd = d->acd->acd,
                                   .directory = d->directory,
                                   .is_ready = true,
                                   .now_at = d->acd->now_at,
                                   .last_id = acd_last_id(d->acd->acd)};
    return d;
}

static void drop_desk(struct desk *d)
{
    house_drop(d->acd);
    free(d->directory);
    free(d);
}

static struct text reference_of(unsigned i, char to[SAY_REFERENCE_BYTES])
{
    uint32_t reference = say_reference_of(4000 + i);
    for (unsigned k = SAY_REFERENCE_DIGITS; k-- > 0; reference /= 10)
        to[k] = (char)('0' + reference % 10);
    return (struct text){to, SAY_REFERENCE_DIGITS};
}

struct asking {
    enum pages_written_what what;
    struct text reference, query, body;
    uint64_t order_id;
    ms_t by_ms;
    enum pages_principal principal;
    enum pages_form form;
};

/* The status; 0: later. */
static unsigned ask(struct desk *d, struct asking q)
{
    const struct pages_request r = {.principal = q.principal ? q.principal : PAGES_TOKEN,
                                    .query = q.query,
                                    .body = q.body,
                                    .form = q.form,
                                    .order_id = q.order_id,
                                    .now_ms = NOW_MS + q.by_ms};
    const struct pages_written_args args = {.house = &d->house,
                                            .orders = &d->orders,
                                            .texts = &d->texts,
                                            .request = &r,
                                            .reference = q.reference,
                                            .what = q.what};
    d->answer = (struct pages_answer){.status = 200, .body = {.p = d->body, .max = BODY_BYTES - 1}};
    pages_written(&args, &d->answer);
    d->body[d->answer.body.n] = '\0';
    assert_false(d->answer.body.is_cut);
    return d->answer.is_later ? 0 : d->answer.status;
}

/* Carries the order out, as main would; the status that the page gives then. */
static unsigned carried_out(struct desk *d, struct asking q)
{
    assert_int_equal(ask(d, q), 0);
    q.order_id = d->given_n;
    d->told.verdict = (int)house_do(d->acd, d->given);
    d->told.last_id = acd_last_id(d->acd->acd);
    d->state = ORDER_DONE;
    d->house.last_id = d->told.last_id;
    return ask(d, q);
}

static bool says(const struct desk *d, const char *words)
{
    return strstr(d->body, words) != NULL;
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
    assert_int_equal(ask(d, (struct asking){.what = WRITTEN_LIST}), 200);
    assert_int_equal(rows_n(d), PAGE_LIMIT_DEFAULT);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=500")}), 200);
    assert_int_equal(rows_n(d), PAGE_LIMIT_MAX);
    assert_true(says(d, "\"more\":true"));
    char query[64];
    const char *next = strstr(d->body, "\"next\":");
    snprintf(query, sizeof(query), "limit=500&after=%llu", strtoull(next + 7, NULL, 10));
    assert_int_equal(ask(d, (struct asking){.query = text_of(query)}), 200);
    assert_int_equal(rows_n(d), 1);
    assert_true(says(d, "\"more\":false"));
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=501")}), 400);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("limit=0")}), 400);
    assert_int_equal(ask(d, (struct asking){.query = TEXT("after=x")}), 400);
    drop_desk(d);
}

static void a_card_has_the_whole_thread_and_the_number_for_who_may_read_the_disk(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    struct asking one = {.what = WRITTEN_SHOW, .reference = reference_of(0, to)};
    assert_int_equal(ask(d, one), 200);
    assert_true(says(d, "+3361234xxxx"));
    assert_true(says(d, "\"text\":\"Bonjour\\n\"")); /* of two parts */
    assert_true(says(d, "\"from\":\"agent\",\"text\":\"Oui\",\"state\":\"sent\""));
    one.principal = PAGES_OWNER;
    assert_int_equal(ask(d, one), 200);
    assert_true(says(d, "+33612345678"));
    one.form = PAGES_TEXT;
    assert_int_equal(ask(d, one), 200);
    assert_true(says(d, "Bonjour \n")); /* no line of the person's making */
    one.what = WRITTEN_LIST;
    assert_int_equal(ask(d, one), 200);
    assert_true(says(d, "+3361234xxxx"));
    one.what = WRITTEN_SHOW;
    to[0] = (char)(to[0] == '9' ? '0' : to[0] + 1); /* its check digit says no */
    assert_int_equal(ask(d, one), 404);
    drop_desk(d);
}

static void the_first_is_taken_and_told_when_it_is_stored(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(2);
    struct asking q = {.what = WRITTEN_NEXT, .query = MINE};
    assert_int_equal(ask(d, q), 0);
    assert_int_equal(d->given.kind, CMD_TEXT_TAKE);
    q.order_id = 1;
    assert_int_equal(ask(d, q), 0); /* main has not taken it */
    q.by_ms = ORDERS_WAIT_MS;
    assert_int_equal(ask(d, q), 503);
    q = (struct asking){.what = WRITTEN_NEXT, .query = MINE};
    assert_int_equal(carried_out(d, q), 200);
    char wanted[64];
    struct text reference = reference_of(0, to);
    snprintf(wanted, sizeof(wanted), "\"reference\":\"%.*s\"", (int)reference.n, reference.p);
    assert_true(says(d, wanted));
    assert_int_equal(carried_out(d, q), 200); /* and the next */
    reference = reference_of(1, to);
    snprintf(wanted, sizeof(wanted), "\"reference\":\"%.*s\"", (int)reference.n, reference.p);
    assert_true(says(d, wanted));
    q.form = PAGES_TEXT;
    assert_int_equal(carried_out(d, q), 409); /* two are the most */
    assert_true(says(d, "autant"));
    drop_desk(d);
}

static void who_asks_is_an_agent_who_may(void **state)
{
    (void)state;
    struct desk *d = open_desk(0);
    struct asking q = {.what = WRITTEN_NEXT};
    assert_int_equal(ask(d, q), 400);
    q.query = TEXT("agent=a06");
    assert_int_equal(ask(d, q), 404);
    q.query = MINE;
    assert_int_equal(carried_out(d, q), 404); /* nobody waits */
    house_agent_does(d->acd, CMD_AGENT_SIGN_OUT, d->agent_id);
    assert_int_equal(carried_out(d, q), 409);
    assert_true(says(d, "not signed in"));
    assert_int_equal(d->forgotten_n, d->given_n);
    drop_desk(d);
}

static void only_who_has_it_closes_it_or_gives_it_back(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    struct asking close = {.what = WRITTEN_CLOSE, .query = MINE, .reference = reference_of(0, to)};
    struct asking back = close;
    back.what = WRITTEN_BACK;
    assert_int_equal(carried_out(d, close), 409);
    assert_true(says(d, "does not have it"));
    carried_out(d, (struct asking){.what = WRITTEN_NEXT, .query = MINE});
    assert_int_equal(carried_out(d, back), 200);
    assert_true(says(d, "\"state\":\"waiting\""));
    carried_out(d, (struct asking){.what = WRITTEN_NEXT, .query = MINE});
    struct acd_look_text c;
    assert_true(acd_look_text(d->acd->acd, 0, &c));
    house_do(d->acd,
             (struct command){.kind = CMD_TEXT_ANSWER, .text_answer = {c.contact_id, d->agent_id}});
    assert_int_equal(carried_out(d, close), 409); /* it may still be answered */
    assert_true(says(d, "has not left yet"));
    house_do(d->acd, (struct command){.kind = CMD_TEXT_TOLD, .text_told = {c.contact_id, true}});
    assert_int_equal(carried_out(d, close), 200);
    assert_true(says(d, "\"state\":\"closed\""));
    assert_int_equal(ask(d, close), 404);
    drop_desk(d);
}

static void an_answer_is_told_when_its_row_is_on_the_disk(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    struct desk *d = open_desk(1);
    struct asking q = {.what = WRITTEN_ANSWER,
                       .query = MINE,
                       .reference = reference_of(0, to),
                       .body = TEXT("{\"text\":\"C’est pr\\u00eat\"}")};
    assert_int_equal(ask(d, q), 0);
    assert_true(text_equal((struct text){d->post.text, d->post.text_n}, TEXT("C’est prêt")));
    assert_int_equal(d->post.agent_id, d->agent_id);
    q.order_id = d->given_n;
    d->post_state = TEXTS_POST_DONE;
    d->post_told.id = 99;
    assert_int_equal(ask(d, q), 0);
    d->post_state = TEXTS_POST_STORED;
    assert_int_equal(ask(d, q), 200);
    assert_true(says(d, "\"messages\""));
    d->post_told = (struct texts_post_told){.why = "gate", .say = "le portillon refuse"};
    assert_int_equal(ask(d, q), 409);
    assert_true(says(d, "gate"));
    d->post_told.verdict = ACD_REFUSED_STATE;
    assert_int_equal(ask(d, q), 409);
    assert_true(says(d, "does not have it"));
    d->post_state = TEXTS_POST_DONE;
    q.by_ms = TEXTS_WAIT_MS;
    d->post_told.given_ms = NOW_MS;
    assert_int_equal(ask(d, q), 503);
    q = (struct asking){.what = WRITTEN_ANSWER, .query = MINE, .reference = q.reference};
    assert_int_equal(ask(d, q), 400); /* no body */
    drop_desk(d);
}

static void it_is_sent_to_another_service_by_who_has_it(void **state)
{
    (void)state;
    char to[SAY_REFERENCE_BYTES];
    static struct directory_service services[] = {{.id = "ici", .number = QUEUE},
                                                  {.id = "ailleurs", .number = 77}};
    struct desk *d = open_desk(1);
    struct directory_service *were = d->directory->services;
    d->directory->services = services;
    d->directory->services_n = ARRAY_LEN(services);
    house_do(d->acd, (struct command){
                         .kind = CMD_QUEUE_SET,
                         .queue_set = {.queue_id = 77, .offer_ms = 15000, .handle_ms = 60000}});
    struct asking move = {.what = WRITTEN_MOVE,
                          .query = TEXT("agent=a05&service=ailleurs"),
                          .reference = reference_of(0, to)};
    assert_int_equal(carried_out(d, move), 409);
    assert_true(says(d, "does not have it"));
    carried_out(d, (struct asking){.what = WRITTEN_NEXT, .query = MINE});
    move.query = TEXT("agent=a05&service=nulle_part");
    assert_int_equal(ask(d, move), 404);
    move.query = MINE;
    assert_int_equal(ask(d, move), 404);
    move.query = TEXT("agent=a05&service=ici");
    assert_int_equal(carried_out(d, move), 409);
    assert_true(says(d, "in that queue already"));
    move.query = TEXT("agent=a05&service=ailleurs");
    assert_int_equal(carried_out(d, move), 200);
    assert_true(says(d, "\"state\":\"waiting\""));
    struct acd_look_text c;
    assert_true(acd_look_text(d->acd->acd, 0, &c));
    assert_true(c.queue_id == 77 && !c.agent_id);
    d->directory->services = were;
    d->directory->services_n = 0;
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_pages_and_loses_nobody),
        cmocka_unit_test(a_card_has_the_whole_thread_and_the_number_for_who_may_read_the_disk),
        cmocka_unit_test(the_first_is_taken_and_told_when_it_is_stored),
        cmocka_unit_test(who_asks_is_an_agent_who_may),
        cmocka_unit_test(only_who_has_it_closes_it_or_gives_it_back),
        cmocka_unit_test(it_is_sent_to_another_service_by_who_has_it),
        cmocka_unit_test(an_answer_is_told_when_its_row_is_on_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
