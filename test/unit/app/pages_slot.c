/* pages_slot.c — which half hours the page shows, and what its form asks for: of the one that the
 * page showed, at a number that is known or typed, refused in words before anybody is asked; noted
 * in the log of accounts once it is done (ADR 52). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "app/free_slots.h"
#include "app/pages_slot.h"
#include "base/arena.h"
#include "say/reference.h"
#include "test/support/premises.h"
#include "test/unit/acd/house.h"

#define AGENT 1u
#define ACCOUNT 9u
#define NOW_MS ((ms_t)90000000)
#define THEIRS UINT64_C(33536491234)
#define CALLED UINT64_C(33536491299)
#define HALF_MS ((ms_t)30 * 60 * 1000)

/* An agent has somebody on the line, on a Monday at 16:13; it is open from 8 to 18. */
struct post {
    struct house *house;
    struct directory *directory;
    struct workday workday;
    struct directory_agent agent;
    struct rights rights;
    struct vitals vitals;
    struct view_house view;
    struct accounts accounts;
    struct accounts_port port;
    struct orders_port orders;
    struct numbers_port numbers;
    struct numbers_sold_half half;
    struct numbers_slot slot;
    struct order_talk given;
    struct order_told told;
    unsigned given_n;
    uint64_t wish_e164;
    bool is_unknown, is_broken;
    struct account_audit audit;
    struct workday_talk talk;
    void *memory;
};

static uint64_t give_talk(void *arg, const struct order_talk *talk, ms_t now_ms)
{
    struct post *p = arg;
    p->given = *talk;
    p->told.given_ms = now_ms;
    return ++p->given_n;
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    const struct post *p = arg;
    (void)order_id;
    *told = p->told;
    return ORDER_DONE;
}

static void forget(void *arg, uint64_t order_id)
{
    (void)arg;
    (void)order_id;
}

static int find_wish(void *arg, uint64_t contact_id, struct numbers_wish *wish)
{
    const struct post *p = arg;
    *wish = (struct numbers_wish){.e164 = p->wish_e164};
    return p->wish_e164 && contact_id == p->talk.contact_id ? 0 : ENOENT;
}

static int find_person(void *arg, uint64_t person_id, uint64_t *e164)
{
    const struct post *p = arg;
    *e164 = THEIRS;
    return p->is_unknown || person_id != p->talk.person_id ? ENOENT : 0;
}

static int list_slots(void *arg, struct numbers_slots *page)
{
    const struct post *p = arg;
    page->n = p->slot.contact_id > page->after_id;
    if (page->n)
        page->rows[0] = p->slot;
    return 0;
}

static int count_sold(void *arg, struct numbers_sold *sold)
{
    const struct post *p = arg;
    assert_int_equal(sold->queue_id, QUEUE);
    sold->n = p->half.n != 0;
    sold->halves[0] = p->half;
    return p->is_broken ? EIO : 0;
}

static bool take_rows(void *arg, const struct journal_row *rows, unsigned n)
{
    struct post *p = arg;
    for (unsigned i = 0; i < n; i++)
        p->audit = rows[i].audit;
    return true;
}

static bool has_audit(void *arg, uint64_t id)
{
    const struct post *p = arg;
    return p->audit.id == id;
}

static bool make_random(void *arg, void *to, size_t n)
{
    (void)arg;
    memset(to, 5, n);
    return true;
}

static void open_ports(struct post *p)
{
    p->orders =
        (struct orders_port){.arg = p, .give_talk = give_talk, .look = look, .forget = forget};
    p->numbers = (struct numbers_port){.arg = p,
                                       .wish = find_wish,
                                       .person = find_person,
                                       .slots = list_slots,
                                       .sold = count_sold};
    p->port = (struct accounts_port){
        .arg = p, .random = make_random, .post_arg = p, .post = take_rows, .has_audit = has_audit};
    p->accounts.args.port = &p->port;
}

static struct post *open_post(void)
{
    struct post *p = calloc(1, sizeof(*p));
    struct arena arena = {0};
    assert_non_null(p);
    workday_open(&p->workday, &arena, 4);
    size_t n = (arena.used + 63) / 64 * 64;
    p->memory = memset(aligned_alloc(64, n), 0, n);
    arena = (struct arena){.base = p->memory, .size = n};
    workday_open(&p->workday, &arena, 4);
    p->house = house_open_small();
    house_do(p->house, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                                        .queue_callbacks = {.queue_id = QUEUE,
                                                            .attempts_max = 3,
                                                            .share_percent = 50,
                                                            .dial_ms = 40000}});
    house_staff(p->house, AGENT, 0);
    house_caller(p->house);
    house_confirm(p->house, true);
    p->directory = premises_directory();
    p->directory->services[0].number = QUEUE;
    map_put(&p->directory->service_of, QUEUE, 0);
    p->agent = (struct directory_agent){.number = AGENT};
    p->rights = (struct rights){.account_id = ACCOUNT, .agent = TEXT("a01")};
    p->vitals = (struct vitals){.slots_max = 1, .gate.hours = {8 * 60, 20 * 60}};
    p->view = (struct view_house){.acd = p->house->acd,
                                  .directory = p->directory,
                                  .rights = &p->rights,
                                  .vitals = &p->vitals,
                                  .now_at = p->house->now_at};
    const struct event *joined = house_last(p->house, EV_OFFER_JOINED);
    workday_fold(&p->workday, p->house->acd, joined, ZONE_UTC);
    p->talk = workday_talk(&p->workday, p->house->acd, AGENT);
    assert_true(p->talk.contact_id && p->talk.person_id);
    open_ports(p);
    return p;
}

static void drop_post(struct post *p)
{
    house_drop(p->house);
    free(p->directory);
    free(p->memory);
    free(p);
}

static struct pages_slot_args args_of(struct post *p, const struct pages_request *r)
{
    return (struct pages_slot_args){&p->accounts, &p->view, &p->orders, &p->numbers, r,
                                    &p->workday,  &p->agent};
}

static struct view_slots shown(struct post *p)
{
    const struct pages_request r = {.now_at = 1};
    const struct pages_slot_args args = args_of(p, &r);
    struct view_slots slots;
    pages_slots(&args, false, &slots);
    assert_true(slots.contact_id == p->talk.contact_id);
    return slots;
}

/* Answered in the second turn, if an order was given. */
static struct page_words ask(struct post *p, bool is_undone, const char *body)
{
    char room[256];
    snprintf(room, sizeof(room), "demande=%llu%s", (unsigned long long)p->talk.contact_id, body);
    struct pages_request r = {
        .method = PAGES_POST, .body = text_of(room), .now_ms = NOW_MS, .now_at = p->house->now_at};
    const struct pages_slot_args args = args_of(p, &r);
    struct pages_answer answer = {.status = 200};
    struct page_words words = pages_slot(&args, is_undone, &answer);
    if (words.status)
        return words;
    assert_true(answer.is_later);
    r.order_id = answer.order_id;
    return pages_slot(&args, is_undone, &answer);
}

/* Monday 16:13: 16:30 is the first that is a quarter of an hour away; nothing on Saturday. */
static void those_that_callers_may_have_are_shown(void **state)
{
    (void)state;
    struct post *p = open_post();
    static const unsigned each_n[] = {3, 20, 20, 20, 20, 0};
    ms_t first_at = calendar_instant(
        ZONE_EUROPE_PARIS, calendar_local(ZONE_EUROPE_PARIS, p->view.now_at).day, 16 * 60 + 30);
    struct view_slots slots = shown(p);
    assert_int_equal(slots.state, VIEW_SLOTS_FREE);
    assert_int_equal(slots.days_n, 5);
    for (unsigned d = 0; d < VIEW_SLOT_DAYS; d++)
        assert_int_equal(slots.days[d].n, each_n[d]);
    assert_int_equal(slots.days[0].at[0], first_at);
    assert_true(slots.e164 == THEIRS && !slots.is_after);
    assert_int_equal(slots.reference, say_reference_of(p->talk.reference));
    p->half = (struct numbers_sold_half){first_at, 1};
    slots = shown(p);
    assert_int_equal(slots.days[0].n, 2);
    assert_int_equal(slots.days[0].at[0], first_at + HALF_MS);
    p->vitals.slots_max = 2;
    assert_int_equal(shown(p).days[0].n, 3);
    p->vitals.gate.hours = (struct gate_hours){8 * 60, 17 * 60 + 29}; /* not wholly */
    assert_int_equal(shown(p).days[0].n, 1);
    p->vitals.gate.hours.until++;
    assert_int_equal(shown(p).days[0].n, 2);
    drop_post(p);
}

static void where_none_is_sold_it_says_so(void **state)
{
    (void)state;
    struct post *p = open_post();
    p->vitals.slots_max = 0;
    assert_int_equal(shown(p).state, VIEW_SLOTS_OFF);
    p->vitals.slots_max = 1;
    p->is_broken = true; /* nothing is called free that may be sold */
    assert_int_equal(shown(p).state, VIEW_SLOTS_OFF);
    p->is_broken = false;
    house_do(p->house,
             (struct command){.kind = CMD_QUEUE_CALLBACKS, .queue_callbacks = {.queue_id = QUEUE}});
    assert_int_equal(shown(p).state, VIEW_SLOTS_OFF);
    drop_post(p);
}

static void what_was_agreed_on_stands_there_with_its_number(void **state)
{
    (void)state;
    struct post *p = open_post();
    p->slot = (struct numbers_slot){.contact_id = p->talk.contact_id + 1, .e164 = CALLED};
    assert_int_equal(shown(p).state, VIEW_SLOTS_FREE); /* of somebody else */
    p->slot.contact_id--;
    p->slot.from_at = p->view.now_at + HALF_MS;
    p->slot.queue_id = QUEUE;
    p->slot.reference = p->talk.reference;
    struct view_slots slots = shown(p);
    assert_int_equal(slots.state, VIEW_SLOTS_AGREED);
    assert_true(slots.e164 == CALLED && slots.agreed_at == p->slot.from_at && !slots.is_texted);
    p->vitals.sms.is_on = true;
    assert_false(shown(p).is_texted); /* no mobile */
    p->slot.e164 = UINT64_C(33612345678);
    assert_true(shown(p).is_texted);
    house_hang_up(p->house, house_last(p->house, EV_CALL_ARRIVED)->id, ENDED_BY_CALLER);
    assert_true(shown(p).is_after);
    house_agent_does(p->house, CMD_AGENT_READY, AGENT);
    const struct pages_request r = {.now_at = 1};
    const struct pages_slot_args args = args_of(p, &r);
    pages_slots(&args, false, &slots);
    assert_int_equal(slots.state, VIEW_SLOTS_HIDDEN);
    drop_post(p);
}

static void the_form_becomes_an_order_about_the_one_that_was_shown(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_int_equal(ask(p, false, "&creneau=1790010000000&numero=").status, 200);
    assert_int_equal(p->given.deed, ORDER_TALK_SLOT);
    assert_int_equal(p->given.agent_id, AGENT);
    assert_true(p->given.contact_id == p->talk.contact_id);
    assert_true(p->given.slot.from_at == 1790010000000 && p->given.slot.e164 == THEIRS);
    assert_true(p->given.slot.person_id == p->talk.person_id);
    assert_int_equal(p->given.slot.reference, p->talk.reference);
    assert_false(p->given.slot.is_discreet);
    assert_int_equal(p->audit.deed, ACCOUNT_SLOT_AGREED);
    assert_true(p->audit.who == ACCOUNT);
    assert_int_equal(strtoul(p->audit.detail, NULL, 10), say_reference_of(p->talk.reference));
    ask(p, false, "&creneau=1790010000000&numero=05+36+49.12-99&discret=oui");
    assert_true(p->given.slot.e164 == CALLED && p->given.slot.is_discreet);
    p->wish_e164 = CALLED; /* is being called back there */
    p->given.slot.e164 = 0;
    assert_int_equal(ask(p, false, "&creneau=1790010000000&numero=").status, 200);
    assert_true(p->given.slot.e164 == CALLED);
    assert_int_equal(ask(p, true, "").status, 200);
    assert_int_equal(p->given.deed, ORDER_TALK_UNSLOT);
    assert_int_equal(p->audit.deed, ACCOUNT_SLOT_UNDONE);
    drop_post(p);
}

static void what_makes_no_sense_is_refused_before_anybody_is_asked(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_int_equal(ask(p, false, "").status, 400); /* no half hour */
    assert_int_equal(ask(p, false, "&creneau=demain").status, 400);
    assert_int_equal(ask(p, false, "&creneau=1790010000000&x=").status, 409); /* of no page */
    assert_int_equal(ask(p, false, "&creneau=1790010000000&numero=3646").status, 409);
    assert_int_equal(ask(p, false, "&creneau=1790010000000&numero=chez+moi").status, 409);
    assert_int_equal(ask(p, false,
                         "&creneau=1790010000000&numero=05364912990536491299053649129"
                         "90536491299053649129905364912990536491299")
                         .status,
                     409);
    assert_int_equal(ask(p, false, "9&creneau=1790010000000").status, 409); /* another contact */
    p->is_unknown = true;
    struct page_words words = ask(p, false, "&creneau=1790010000000&numero=");
    assert_int_equal(words.status, 409);
    assert_non_null(strstr(words.say, "écrivez celui à appeler"));
    assert_int_equal(p->given_n, 0);
    assert_true(!p->audit.id);
    assert_int_equal(ask(p, false, "&creneau=1790010000000&numero=0536491299").status, 200);
    drop_post(p);
}

static void each_refusal_has_words_and_is_in_no_log(void **state)
{
    (void)state;
    struct post *p = open_post();
    static const enum order_talked all[] = {
        ORDER_TALKED_ALONE, ORDER_TALKED_HIDDEN,  ORDER_TALKED_GONE,   ORDER_TALKED_THERE,
        ORDER_TALKED_YOUNG, ORDER_TALKED_UNKNOWN, ORDER_TALKED_UNNOTED};
    for (unsigned i = 0; i < ARRAY_LEN(all); i++) {
        p->told.verdict = (int)all[i];
        struct page_words words = ask(p, false, "&creneau=1790010000000&numero=");
        assert_int_equal(words.status, all[i] == ORDER_TALKED_UNNOTED ? 503 : 409);
        assert_non_null(words.say);
    }
    p->told.verdict = ORDER_TALKED_GATE;
    p->told.gate = GATE_REFUSED_OPEN;
    assert_non_null(strstr(ask(p, false, "&creneau=1790010000000&numero=").say, "déjà noté"));
    assert_true(!p->audit.id);
    p->told = (struct order_told){.verdict = ORDER_TALKED, .last_id = 99}; /* not on disk yet */
    struct page_words words = ask(p, false, "&creneau=1790010000000&numero=");
    assert_int_equal(words.status, 0);
    assert_true(!p->audit.id);
    drop_post(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_callers_may_have_are_shown),
        cmocka_unit_test(where_none_is_sold_it_says_so),
        cmocka_unit_test(what_was_agreed_on_stands_there_with_its_number),
        cmocka_unit_test(the_form_becomes_an_order_about_the_one_that_was_shown),
        cmocka_unit_test(what_makes_no_sense_is_refused_before_anybody_is_asked),
        cmocka_unit_test(each_refusal_has_words_and_is_in_no_log),
    };
    return cmocka_run_group_tests_name("app/pages_slot", tests, NULL, NULL);
}
