/* card_log.c — who opened whose card stands in the log once, with a reference and nothing else of
 * the person (ADR 43). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/card_log.h"

struct post {
    struct accounts accounts;
    struct accounts_port port;
    struct card_log log;
    struct journal_row last;
    unsigned rows_n;
};

static bool make_random(void *arg, void *to, size_t n)
{
    (void)arg;
    memset(to, 7, n);
    return true;
}

static bool take(void *arg, const struct journal_row *rows, unsigned n)
{
    struct post *p = arg;
    p->rows_n += n;
    p->last = rows[0];
    return true;
}

static void open_post(struct post *p)
{
    memset(p, 0, sizeof(*p));
    p->port = (struct accounts_port){.arg = p, .random = make_random, .post_arg = p, .post = take};
    p->accounts.args.port = &p->port;
}

static void opens(struct post *p, uint64_t account_id, uint64_t contact_id)
{
    const struct card_opened opened = {account_id, contact_id, 1020304, 5000};
    card_log_note(&p->log, &p->accounts, &opened);
}

static void an_opening_is_noted_once_by_its_account_with_a_reference(void **state)
{
    static struct post p;
    (void)state;
    open_post(&p);
    opens(&p, 3, 55);
    assert_int_equal(p.rows_n, 1);
    assert_int_equal(p.last.kind, JOURNAL_ROW_AUDIT);
    assert_int_equal(p.last.audit.deed, ACCOUNT_CARD_OPENED);
    assert_true(p.last.audit.who == 3 && !p.last.audit.about && p.last.audit.at == 5000);
    assert_string_equal(p.last.audit.detail, "01020304");
    opens(&p, 3, 55); /* the page lives on */
    assert_int_equal(p.rows_n, 1);
    opens(&p, 4, 55); /* a colleague, and another person */
    opens(&p, 3, 56);
    assert_int_equal(p.rows_n, 3);
    card_log_note(&p.log, NULL, &(struct card_opened){5, 55, 1020304, 5000});
    assert_int_equal(p.rows_n, 3);
}

/* More than are remembered: what was pushed out is noted again, nothing is left out. */
static void more_cards_than_places_are_each_noted(void **state)
{
    static struct post p;
    (void)state;
    open_post(&p);
    for (uint64_t i = 1; i <= 2 * CARD_LOG_PLACES; i++)
        opens(&p, 3, i);
    assert_int_equal(p.rows_n, 2 * CARD_LOG_PLACES);
    opens(&p, 3, 1);
    assert_int_equal(p.rows_n, 2 * CARD_LOG_PLACES + 1);
    opens(&p, 3, 2 * CARD_LOG_PLACES);
    assert_int_equal(p.rows_n, 2 * CARD_LOG_PLACES + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opening_is_noted_once_by_its_account_with_a_reference),
        cmocka_unit_test(more_cards_than_places_are_each_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
