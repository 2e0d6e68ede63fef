/* pages_talk.c — the form of a conversation on the agent's page: what it asks for becomes an order
 * about the contact that the page showed; what makes no sense is refused in words before anybody is
 * asked, and each refusal of the lines has words (ADR 43). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/pages_talk.h"
#include "directory/sheet.h"
#include "gate/gate.h"

#define NOW_MS ((ms_t)90000000)

static struct directory_sheets sheets = {.list = {{.id = "ou_venir"}}, .n = 1};

struct desk {
    struct directory directory;
    struct directory_agent agents[2];
    struct directory_service services[1];
    struct rights rights;
    struct view_house house;
    struct orders_port port;
    struct order_talk given;
    struct order_told told;
    unsigned given_n, forgotten_n;
    bool is_full;
};

static uint64_t give_talk(void *arg, const struct order_talk *talk, ms_t now_ms)
{
    struct desk *d = arg;
    d->given = *talk;
    d->told.given_ms = now_ms;
    return d->is_full ? 0 : ++d->given_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    const struct desk *d = arg;
    (void)order_id;
    *told = d->told;
    return ORDER_DONE;
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
    d->agents[1] = (struct directory_agent){.number = 8, .id = "a08"};
    d->services[0] = (struct directory_service){.number = 11, .id = "sante"};
    d->directory = (struct directory){
        .agents = d->agents, .agents_n = 2, .services = d->services, .services_n = 1};
    d->rights = (struct rights){.agent = TEXT("a07"), .roles = RIGHTS_AGENT};
    d->port =
        (struct orders_port){.arg = d, .give_talk = give_talk, .look = look, .forget = forget};
    d->house = (struct view_house){
        .directory = &d->directory, .rights = &d->rights, .last_id = 40, .is_ready = true};
}

static struct page_words ask(struct desk *d, const char *body, uint64_t order_id)
{
    const struct pages_request r = {
        .method = PAGES_POST, .body = text_of(body), .order_id = order_id, .now_ms = NOW_MS};
    const struct pages_talk_args args = {&d->house, &d->port, &r};
    struct pages_answer answer = {.status = 200};
    struct page_words words = pages_talk(&args, &answer);
    assert_int_equal(answer.is_later, words.status == 0);
    return words;
}

static void is_given(struct desk *d, const char *body)
{
    unsigned before = d->given_n;
    assert_int_equal(ask(d, body, 0).status, 0);
    assert_int_equal(d->given_n, before + 1);
    assert_int_equal(d->given.agent_id, 7); /* of the session, never of the form */
    assert_true(d->given.contact_id == 55);
}

static void is_refused(struct desk *d, const char *body, unsigned status)
{
    unsigned before = d->given_n;
    const struct page_words words = ask(d, body, 0);
    assert_int_equal(words.status, status);
    assert_non_null(words.say);
    assert_int_equal(d->given_n, before);
}

static void whom_the_form_names_becomes_an_order(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    is_given(&d, "geste=consulter&demande=55&qui=agent%3Aa08&numero=");
    assert_int_equal(d.given.deed, ORDER_TALK_CONSULT);
    assert_int_equal(d.given.whom, ORDER_WHOM_AGENT);
    assert_int_equal(d.given.whom_id, 8);
    is_given(&d, "geste=passer&demande=55&qui=service:sante");
    assert_int_equal(d.given.whom, ORDER_WHOM_SERVICE);
    assert_int_equal(d.given.whom_id, 11);
    is_given(&d, "geste=trois&demande=55&qui=interprete&numero=");
    assert_int_equal(d.given.deed, ORDER_TALK_THREE);
    assert_int_equal(d.given.whom, ORDER_WHOM_INTERPRETER);
    is_given(&d, "geste=passer&demande=55&qui=&numero=%2B33+1.44-55(66)77");
    assert_int_equal(d.given.whom, ORDER_WHOM_NUMBER);
    assert_int_equal(d.given.dialled_n, 12);
    assert_memory_equal(d.given.dialled, "+33144556677", 12);
    is_given(&d, "geste=rendre&demande=55&qui=agent:a08"); /* names nobody, whatever was chosen */
    assert_int_equal(d.given.deed, ORDER_TALK_BACK);
    assert_int_equal(d.given.whom, ORDER_WHOM_NOBODY);
    d.directory.sheets = &sheets;
    is_given(&d, "geste=sms&demande=55");
    assert_int_equal(d.given.deed, ORDER_TALK_SMS);
    assert_int_equal(d.given.sheet, 0);
    is_given(&d, "geste=sms&demande=55&fiche=ou_venir&qui=agent:a08");
    assert_int_equal(d.given.sheet, directory_number_of("ou_venir"));
    assert_int_equal(d.given.whom, ORDER_WHOM_NOBODY);
    is_refused(&d, "geste=sms&demande=55&fiche=partie", 404);
    assert_int_equal(ask(&d, "geste=entrainement", 0).status, 0);
    assert_int_equal(d.given.deed, ORDER_TALK_PRACTICE);
    assert_int_equal(d.given.agent_id, 7);
    is_given(&d, "geste=passer&demande=55"); /* to who was called in addition */
    assert_int_equal(d.given.whom, ORDER_WHOM_NOBODY);
}

static void a_form_without_sense_asks_nobody(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    is_refused(&d, "geste=voler&demande=55", 400);
    is_refused(&d, "demande=55", 400);
    is_refused(&d, "geste=rendre", 400);
    is_refused(&d, "geste=rendre&demande=x", 400);
    is_refused(&d, "geste=consulter&demande=55&qui=&numero=", 400);
    is_refused(&d, "geste=consulter&demande=55&qui=agent:a09", 404);
    is_refused(&d, "geste=consulter&demande=55&qui=robot:a08", 404);
    is_refused(&d, "geste=passer&demande=55&qui=agent:a08&numero=15", 400);
    is_refused(&d, "geste=passer&demande=55&numero=quinze", 400);
    is_given(&d, "geste=passer&demande=55&numero=1234567890123456"); /* 16 digits, and 17 */
    is_refused(&d, "geste=passer&demande=55&numero=12345678901234567", 400);
    d.is_full = true;
    assert_int_equal(ask(&d, "geste=rendre&demande=55", 0).status, 503);
}

static void what_the_lines_answer_is_said(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    d.told = (struct order_told){.verdict = ORDER_TALKED, .last_id = 41, .given_ms = NOW_MS};
    assert_int_equal(ask(&d, "", 1).status, 0); /* not on the disk yet */
    d.house.last_id = 41;
    assert_int_equal(ask(&d, "", 1).status, 200);
    for (int talked = ORDER_TALKED + 1; talked < ORDER_TALKED_N; talked++) {
        d.told.verdict = talked;
        d.told.gate = talked == ORDER_TALKED_GATE ? (int)GATE_REFUSED_SURCHARGED : 0;
        const struct page_words words = ask(&d, "", 1);
        assert_true(words.status >= 400 && words.say && words.error && words.cure);
    }
    d.told.verdict = ORDER_TALKED_GATE;
    d.told.gate = (int)GATE_REFUSED_SURCHARGED;
    assert_string_equal(ask(&d, "", 1).say, gate_why(GATE_REFUSED_SURCHARGED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whom_the_form_names_becomes_an_order),
        cmocka_unit_test(a_form_without_sense_asks_nobody),
        cmocka_unit_test(what_the_lines_answer_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
