/* past.c — what people had before: the newest first, under their person alone, with the word of the
 * agent whichever comes first; bounded. And what an agent did on a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/past.h"
#include "app/workday.h"
#include "base/arena.h"
#include "test/unit/acd/house.h"

#define NOW_AT ((ms_t)1794819600000) /* 16 November 2026, 10:00 in Paris */
#define DAY ((ms_t)24 * 60 * 60 * 1000)

struct folds {
    struct house *house; /* an agent whose id is 1 */
    struct past past;
    struct workday workday;
    void *memory;
};

static void lay_out(struct folds *f, struct arena *arena)
{
    past_open(&f->past, arena);
    workday_open(&f->workday, arena, 4);
}

static struct folds *open_folds(void)
{
    struct folds *f = calloc(1, sizeof(*f));
    struct arena arena = {0};
    assert_non_null(f);
    lay_out(f, &arena);
    size_t n = (arena.used + 63) / 64 * 64;
    f->memory = memset(aligned_alloc(64, n), 0, n);
    arena = (struct arena){.base = f->memory, .size = n};
    lay_out(f, &arena);
    f->house = house_open_small();
    house_staff(f->house, 1, 0);
    return f;
}

static void drop_folds(struct folds *f)
{
    house_drop(f->house);
    free(f->memory);
    free(f);
}

static void take(struct folds *f, struct event ev)
{
    past_fold(&f->past, f->house->acd, &ev);
    workday_fold(&f->workday, f->house->acd, &ev, ZONE_EUROPE_PARIS);
}

static void ends(struct folds *f, uint64_t person_id, uint64_t call_id, enum outcome outcome)
{
    take(f, (struct event){.kind = EV_CALL_OUTCOME,
                           .at = NOW_AT,
                           .call_outcome = {.call_id = call_id,
                                            .contact_id = call_id,
                                            .person_id = person_id,
                                            .outcome = outcome,
                                            .arrived_at = NOW_AT + (ms_t)call_id}});
}

static void says(struct folds *f, uint64_t call_id, enum conclusion is, enum conclusion was)
{
    take(f, (struct event){.kind = EV_CONVERSATION_CONCLUDED,
                           .at = NOW_AT,
                           .conversation_concluded = {
                               .call_id = call_id, .agent_id = 1, .conclusion = is, .was = was}});
}

static void a_person_has_their_own_calls_the_newest_first(void **state)
{
    (void)state;
    struct folds *f = open_folds();
    assert_null(past_of(&f->past, 7));
    for (uint64_t call = 1; call <= VIEW_PAST_MAX + 1; call++)
        ends(f, 7, call, OUTCOME_ABANDONED);
    ends(f, 8, 20, OUTCOME_ANSWERED);
    ends(f, 0, 21, OUTCOME_ANSWERED); /* withheld */
    ends(f, 9, 22, OUTCOME_TEST);
    const struct past_person *p = past_of(&f->past, 7);
    assert_int_equal(p->n, VIEW_PAST_MAX);
    assert_true(p->rows[0].at == NOW_AT + VIEW_PAST_MAX + 1);
    assert_true(p->rows[VIEW_PAST_MAX - 1].at == NOW_AT + 2);
    assert_int_equal(past_of(&f->past, 8)->n, 1);
    assert_null(past_of(&f->past, 0));
    assert_null(past_of(&f->past, 9));
    drop_folds(f);
}

static void the_word_of_the_agent_comes_before_or_after_the_class(void **state)
{
    (void)state;
    struct folds *f = open_folds();
    says(f, 1, CONCLUSION_ANSWERED, CONCLUSION_NONE);
    ends(f, 7, 1, OUTCOME_ANSWERED);
    ends(f, 7, 2, OUTCOME_ANSWERED);
    says(f, 2, CONCLUSION_DIRECTED, CONCLUSION_NONE);
    const struct past_person *p = past_of(&f->past, 7);
    assert_int_equal(p->rows[0].conclusion, CONCLUSION_DIRECTED);
    assert_int_equal(p->rows[1].conclusion, CONCLUSION_ANSWERED);
    says(f, 1, CONCLUSION_APPOINTMENT, CONCLUSION_ANSWERED);
    assert_int_equal(p->rows[1].conclusion, CONCLUSION_APPOINTMENT);
    assert_int_equal(p->rows[0].conclusion, CONCLUSION_DIRECTED);
    drop_folds(f);
}

static void past_its_bound_who_was_met_first_is_forgotten(void **state)
{
    (void)state;
    struct folds *f = open_folds();
    for (uint64_t i = 1; i <= PAST_PEOPLE_MAX; i++)
        ends(f, i, i, OUTCOME_ANSWERED);
    assert_non_null(past_of(&f->past, 1));
    ends(f, PAST_PEOPLE_MAX + 1, 1, OUTCOME_ABANDONED);
    assert_null(past_of(&f->past, 1));
    assert_int_equal(past_of(&f->past, PAST_PEOPLE_MAX + 1)->n, 1);
    assert_non_null(past_of(&f->past, 2));
    for (uint64_t i = 0; i < (uint64_t)PAST_PEOPLE_MAX * 10; i++)
        ends(f, 100000 + i, i, OUTCOME_ANSWERED);
    assert_null(past_of(&f->past, 2));
    drop_folds(f);
}

static void speaks(struct folds *f, ms_t at, uint32_t agent_id, ms_t talk_ms)
{
    take(f, (struct event){.kind = EV_OFFER_ENDED,
                           .at = at,
                           .offer_ended = {.agent_id = agent_id, .talk_ms = talk_ms}});
}

static struct view_workday today(const struct folds *f, ms_t at)
{
    return workday_of(&f->workday, f->house->acd, 1, calendar_local(ZONE_EUROPE_PARIS, at).day);
}

static void a_day_has_conversations_their_length_and_their_words(void **state)
{
    (void)state;
    struct folds *f = open_folds();
    speaks(f, NOW_AT, 1, 60000);
    speaks(f, NOW_AT, 1, 0); /* it only rang */
    speaks(f, NOW_AT, 1, 30000);
    speaks(f, NOW_AT, 99, 30000); /* whom the heart does not know */
    says(f, 1, CONCLUSION_ANSWERED, CONCLUSION_NONE);
    says(f, 1, CONCLUSION_DIRECTED, CONCLUSION_ANSWERED);
    take(f,
         (struct event){.kind = EV_TEXT_ANSWERED, .at = NOW_AT, .text_answered = {.agent_id = 1}});
    struct view_workday d = today(f, NOW_AT);
    assert_int_equal(d.calls_n, 2);
    assert_true(d.talk_ms == 90000);
    assert_int_equal(d.texts_n, 1);
    assert_int_equal(d.conclusions[CONCLUSION_ANSWERED], 0);
    assert_int_equal(d.conclusions[CONCLUSION_DIRECTED], 1);
    assert_int_equal(today(f, NOW_AT + DAY).calls_n, 0); /* nothing of that day yet */
    speaks(f, NOW_AT + DAY, 1, 1000);
    d = today(f, NOW_AT + DAY);
    assert_int_equal(d.calls_n, 1);
    assert_int_equal(d.conclusions[CONCLUSION_DIRECTED], 0);
    speaks(f, NOW_AT, 1, 1000); /* of the day before: no clock makes it today's */
    assert_int_equal(today(f, NOW_AT + DAY).calls_n, 1);
    drop_folds(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_has_their_own_calls_the_newest_first),
        cmocka_unit_test(the_word_of_the_agent_comes_before_or_after_the_class),
        cmocka_unit_test(past_its_bound_who_was_met_first_is_forgotten),
        cmocka_unit_test(a_day_has_conversations_their_length_and_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
