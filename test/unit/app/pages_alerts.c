/* pages_alerts.c — an alert that somebody has seen is a line of the audit log made of the alert:
 * kept, the first counts, and nobody sees what is not theirs (ADR 50). */
#include "app/pages_alerts.h"
#include "test/support/doorkeeper.h"
#include "view/board_pages.h"

#define ALERT UINT64_C(11)

static struct account_audit kept[4];
static unsigned kept_n;

static int audit_of(void *arg, uint64_t id, struct account_audit *audit)
{
    (void)arg;
    for (unsigned i = 0; i < kept_n; i++)
        if (kept[i].id == id) {
            *audit = kept[i];
            return 0;
        }
    return ENOENT;
}

struct desk {
    struct door *door;
    struct view_alert alerts[VIEW_ALERTS_MAX];
    struct view_alarms alarms;
    struct rights rights;
    struct view_house house;
    struct pages_answer answer;
};

static void open_desk(struct desk *d)
{
    *d = (struct desk){.door = door_open()};
    d->door->port.audit_of = audit_of;
    kept_n = 0;
    d->rights = (struct rights){.account_id = 9, .roles = RIGHTS_SUPERVISOR, .is_whole = true};
    d->house = readmodel_house(d->door->model, DOOR_AT);
    d->house.rights = &d->rights;
    d->house.alarms = &d->alarms;
    d->alerts[0] = (struct view_alert){
        .id = ALERT, .agent_id = d->door->directory->agents[0].number, .at = DOOR_AT - 1000};
    d->house.deeds.alerts = d->alerts;
    d->house.deeds.alerts_n = 1;
}

static unsigned sees(struct desk *d, const char *path)
{
    struct pages_request r = door_request(PAGES_POST, path);
    d->answer = (struct pages_answer){.status = 0};
    struct page_words words = pages_alerts_order(&d->door->pages, &d->house, &r, &d->answer);
    if (words.status)
        return words.status;
    assert_true(d->answer.is_later);
    r.order_id = d->answer.order_id;
    kept[kept_n++] = d->door->rows[0].audit;
    return pages_alerts_order(&d->door->pages, &d->house, &r, &d->answer).status;
}

static struct pages_alerts_room shown(struct desk *d)
{
    struct pages_alerts_room room;
    struct view_house house = d->house;
    pages_alerts_look(&d->door->pages, &house, &room);
    assert_ptr_equal(house.deeds.seen, room.alerts);
    return room;
}

static void who_saw_it_first_is_kept(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    assert_int_equal(shown(&d).alerts[0].at, 0);
    assert_int_equal(sees(&d, "/supervision/alertes/11"), 200);
    assert_int_equal(d.door->rows[0].kind, JOURNAL_ROW_AUDIT);
    assert_int_equal(kept[0].deed, ACCOUNT_ALERT_SEEN);
    assert_string_equal(kept[0].detail, "a1");
    d.rights.account_id = 10;
    assert_int_equal(sees(&d, "/supervision/alertes/11"), 200); /* nothing is written again */
    assert_int_equal(kept_n, 1);
    assert_int_equal(shown(&d).alerts[0].by_id, 9);
    assert_int_equal(shown(&d).alerts[0].at, DOOR_AT);
    d.alerts[0].at += 1; /* another journal, whose events have the same numbers */
    assert_int_equal(shown(&d).alerts[0].at, 0);
    door_drop(d.door);
}

static void what_is_wrong_with_the_house_is_seen_while_it_stands(void **state)
{
    (void)state;
    struct desk d;
    open_desk(&d);
    assert_int_equal(sees(&d, "/supervision/alertes/a1"), 404);
    d.alarms.since_at[1] = DOOR_AT - 5000;
    assert_int_equal(sees(&d, "/supervision/alertes/a1"), 200);
    assert_int_equal(shown(&d).alarms[1].by_id, 9);
    assert_int_equal(shown(&d).alerts[0].at, 0);
    d.alarms.since_at[1] = DOOR_AT - 4000; /* it came again */
    assert_int_equal(shown(&d).alarms[1].at, 0);
    door_drop(d.door);
}

static void what_is_not_there_or_not_theirs_is_absent(void **state)
{
    static const char *const absent[] = {"/supervision/alertes/12",  "/supervision/alertes/0",
                                         "/supervision/alertes/x",   "/supervision/alertes/a",
                                         "/supervision/alertes/a17", "/supervision/alertes/a99999"};
    (void)state;
    struct desk d;
    open_desk(&d);
    for (unsigned i = 0; i < ARRAY_LEN(absent); i++)
        assert_int_equal(sees(&d, absent[i]), 404);
    d.rights.is_whole = false;
    assert_int_equal(sees(&d, "/supervision/alertes/11"), 404);
    assert_int_equal(kept_n, 0);
    door_drop(d.door);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_saw_it_first_is_kept),
        cmocka_unit_test(what_is_wrong_with_the_house_is_seen_while_it_stands),
        cmocka_unit_test(what_is_not_there_or_not_theirs_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
