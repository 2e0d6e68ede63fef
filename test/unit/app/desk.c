/* desk.c — the card of who is on the line: folded until a reference of this very person, or the
 * word that this very one gave a name (design §3.8); who is to be called, the first first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/desk.h"
#include "base/arena.h"
#include "say/reference.h"
#include "test/unit/acd/house.h"

#define BEFORE 1234567u /* the number of their last reference */
#define OTHERS 7654321u

/* An agent has somebody on the line, who called before; somebody else called, too. */
struct post {
    struct house *house;
    struct past past;
    struct workday workday;
    struct ways ways;
    struct directory directory;
    struct directory_service service;
    struct directory_agent agent;
    struct view_house view;
    struct acd_look_agent look;
    void *memory;
    char query[64];
};

static void had_before(struct post *p, uint64_t person_id, uint32_t reference)
{
    const struct event ev = {.kind = EV_CALL_OUTCOME,
                             .call_outcome = {.call_id = 1000 + person_id,
                                              .contact_id = 999,
                                              .person_id = person_id,
                                              .outcome = OUTCOME_ABANDONED}};
    past_fold(&p->past, p->house->acd, &ev);
    p->past.people[map_get(&p->past.of, person_id)].rows[0].reference = reference;
}

static struct post *open_post(void)
{
    struct post *p = calloc(1, sizeof(*p));
    struct arena arena = {0};
    assert_non_null(p);
    past_open(&p->past, &arena);
    ways_open(&p->ways, &arena);
    size_t n = (arena.used + 63) / 64 * 64;
    p->memory = memset(aligned_alloc(64, n), 0, n);
    arena = (struct arena){.base = p->memory, .size = n};
    past_open(&p->past, &arena);
    ways_open(&p->ways, &arena);
    p->house = house_open_small();
    house_staff(p->house, 1, 0);
    house_caller(p->house);
    house_confirm(p->house, true);
    assert_true(acd_look_agent(p->house->acd, 0, &p->look) && p->look.contact_id);
    p->service = (struct directory_service){.number = QUEUE};
    p->agent = (struct directory_agent){.number = 1, .services = {0}, .services_n = 1};
    p->directory = (struct directory){.services = &p->service, .services_n = 1};
    p->view = (struct view_house){.acd = p->house->acd,
                                  .directory = &p->directory,
                                  .zone = ZONE_UTC,
                                  .now_at = p->house->now_at,
                                  .today = calendar_local(ZONE_UTC, p->house->now_at).day};
    struct acd_look_contact contact;
    assert_true(acd_look_contact_of(p->house->acd, p->look.contact_id, &contact));
    had_before(p, contact.person_id, BEFORE);
    had_before(p, contact.person_id + 1, OTHERS);
    return p;
}

static void drop_post(struct post *p)
{
    house_drop(p->house);
    free(p->memory);
    free(p);
}

static struct view_card card_by(struct post *p, const char *query)
{
    const struct pages_request request = {.query = text_of(query)};
    const struct desk_of of = {.house = &p->view,
                               .past = &p->past,
                               .workday = &p->workday,
                               .ways = &p->ways,
                               .request = &request,
                               .agent = &p->agent};
    return desk_card(&of);
}

static const char *by_reference(struct post *p, uint32_t reference)
{
    snprintf(p->query, sizeof(p->query), "part=main&reference=%08u", reference);
    return p->query;
}

static const char *by_name(struct post *p, uint64_t contact_id)
{
    snprintf(p->query, sizeof(p->query), "nom=%llu", (unsigned long long)contact_id);
    return p->query;
}

static void a_card_is_folded_until_a_reference_of_this_very_person(void **state)
{
    (void)state;
    struct post *p = open_post();
    struct acd_look_contact contact;
    acd_look_contact_of(p->house->acd, p->look.contact_id, &contact);
    struct view_card card = card_by(p, "");
    assert_false(card.is_open);
    assert_int_equal(card.past_n, 0);
    assert_true(card.contact_id == p->look.contact_id);
    card = card_by(p, by_reference(p, say_reference_of(BEFORE)));
    assert_true(card.is_open && card.reference == say_reference_of(BEFORE));
    assert_int_equal(card.past_n, 1);
    assert_true(card_by(p, by_reference(p, say_reference_of(contact.reference))).is_open);
    card = card_by(p, by_reference(p, say_reference_of(OTHERS)));
    assert_false(card.is_open);
    assert_int_equal(card.past_n, 0);
    assert_false(card_by(p, by_reference(p, say_reference_of(BEFORE) + 1)).is_open);
    assert_false(card_by(p, "reference=").is_open);
    assert_false(card_by(p, "reference=12%3B45").is_open);
    assert_false(card_by(p, "reference=1111111111111111111111111111111111").is_open);
    drop_post(p);
}

static void a_reference_is_read_by_pairs_too(void **state)
{
    (void)state;
    struct post *p = open_post();
    uint32_t r = say_reference_of(BEFORE);
    snprintf(p->query, sizeof(p->query), "reference=%02u+%02u+%02u+%02u", r / 1000000,
             r / 10000 % 100, r / 100 % 100, r % 100);
    assert_true(card_by(p, p->query).is_open);
    drop_post(p);
}

static void a_name_opens_the_card_of_who_gave_it_alone(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_true(card_by(p, by_name(p, p->look.contact_id)).is_open);
    assert_false(card_by(p, by_name(p, p->look.contact_id + 1)).is_open);
    assert_false(card_by(p, by_name(p, 0)).is_open);
    assert_false(card_by(p, "nom=oui").is_open);
    house_hang_up(p->house, p->look.contact_id + 1, ENDED_BY_CALLER);
    assert_true(card_by(p, by_name(p, p->look.contact_id)).contact_id == 0);
    drop_post(p);
}

/* Times that were chosen, as the disk has them. */
static unsigned slots_n;
static ms_t slots_at;
static int slots(void *arg, struct numbers_slots *page)
{
    (void)arg;
    for (page->n = 0; page->n < slots_n && page->n < page->max; page->n++)
        page->rows[page->n] =
            (struct numbers_slot){.contact_id = page->n + 1,
                                  .queue_id = page->n % 2 ? QUEUE : 99,
                                  .from_at = slots_at + (ms_t)(slots_n - page->n) * 1000};
    return 0;
}

static void who_is_to_be_called_stands_in_order_and_the_rest_is_counted(void **state)
{
    (void)state;
    struct post *p = open_post();
    struct desk_due due;
    const struct numbers_port numbers = {.slots = slots};
    const struct desk_of of = {.house = &p->view, .numbers = &numbers, .agent = &p->agent};
    slots_at = p->house->now_at;
    slots_n = 4;
    desk_due(&of, &due);
    assert_int_equal(due.n, 2); /* those of their queue */
    assert_true(due.rows[0].at < due.rows[1].at);
    slots_n = 2 * VIEW_DUE_MAX + 2;
    desk_due(&of, &due);
    assert_int_equal(due.n, VIEW_DUE_MAX);
    assert_int_equal(due.more_n, 1);
    assert_true(due.rows[0].at == slots_at + 1000);
    for (unsigned i = 1; i < due.n; i++)
        assert_true(due.rows[i - 1].at < due.rows[i].at);
    slots_at = calendar_instant(ZONE_UTC, p->view.today + 1, 0);
    desk_due(&of, &due); /* tomorrow */
    assert_int_equal(due.n, 0);
    drop_post(p);
}

static void what_was_chosen_in_the_menu_is_shown_on_a_folded_card(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_false(card_by(p, "").way.is_known);
    ways_fold(&p->ways, &(struct event){.kind = EV_MENU_LEFT,
                                        .menu_left = {.contact_id = p->look.contact_id,
                                                      .how = MENU_LEFT_HOW_NO_KEY}});
    struct view_card card = card_by(p, "");
    assert_true(card.way.is_known && !card.is_open);
    assert_int_equal(card.way.how, MENU_LEFT_HOW_NO_KEY);
    drop_post(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_folded_until_a_reference_of_this_very_person),
        cmocka_unit_test(a_reference_is_read_by_pairs_too),
        cmocka_unit_test(a_name_opens_the_card_of_who_gave_it_alone),
        cmocka_unit_test(who_is_to_be_called_stands_in_order_and_the_rest_is_counted),
        cmocka_unit_test(what_was_chosen_in_the_menu_is_shown_on_a_folded_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
