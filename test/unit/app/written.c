/* written.c — tests of app/written.h: a text opens one contact with its number beside it in one
 * append, the next ones join it, an agent's answer goes out with its event; all of it after a death
 * too, and no bound is passed in silence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "acd/look.h"
#include "app/written.h"
#include "test/support/reception_deeds.h"

#define PERSON UINT64_C(33612345678)
#define WRITER 3 /* an agent who reads */
#define ROWS_MAX 32768
static struct journal_row rows[ROWS_MAX];
static unsigned rows_n, appends_with_both_n;

/* tidy: parameters — dictated by port/journal.h */
static bool keep(void *arg, const struct event *ev, unsigned n, const struct journal_row *given,
                 unsigned given_n)
{
    if (!notebook_append(arg, ev, n, given, given_n))
        return false;
    appends_with_both_n += n && given_n;
    for (unsigned i = 0; i < given_n && rows_n < ROWS_MAX; i++)
        rows[rows_n++] = given[i];
    return true;
}

struct desk {
    struct reception *r;
    struct settings_sms settings;
    struct written *written;
    uint64_t last_id;
};

static void open_written(struct desk *d)
{
    const struct written_args args = {.app = d->r->app,
                                      .acd = d->r->acd,
                                      .texts = d->r->texts,
                                      .directory = d->r->directory,
                                      .seed = 3,
                                      .node = 1};
    d->written = written_open(reception_zeros(written_bytes()), &args);
    texts_on_words(d->r->texts, written_words, d->written);
    texts_on_cancel(d->r->texts, written_cancel, d->written);
    texts_on_stop(d->r->texts, written_stop, d->written);
    reception_time(d->r);
    written_turn(d->written, d->r->now_at, d->r->now_at + d->r->wall_ms);
}

/* contacts_max 0: as many as the tests have. */
static struct desk *open_small_desk(uint32_t contacts_max)
{
    struct desk *d = calloc(1, sizeof(*d));
    struct settings s;
    settings_defaults(&s);
    d->settings = s.sms;
    d->settings.driver = SETTINGS_SMS_DRIVER_HTTP;
    d->settings.answers = true;
    rows_n = appends_with_both_n = 0;
    d->r = reception_new(8);
    if (contacts_max)
        d->r->limits.contacts_max = contacts_max;
    d->r->sms = &d->settings;
    d->r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    d->r->book.port.append = keep;
    d->r->commits = true;
    memcpy(d->r->directory->organisation.name, "Services publics Haute-Lisière", 32);
    reception_fill(d->r);
    reception_do(d->r, (struct command){.kind = CMD_AGENT_SET,
                                        .agent_set = {.agent_id = WRITER,
                                                      .capacity = {1, 2},
                                                      .capacity_n = 2,
                                                      .queue_ids = {HEALTH},
                                                      .queue_ids_n = 1}});
    sign_in(d->r, WRITER);
    open_written(d);
    return d;
}

static struct desk *open_desk(void)
{
    return open_small_desk(0);
}

static void close_desk(struct desk *d)
{
    free(d->written);
    reception_drop(d->r);
    free(d);
}

static void goes_on(struct desk *d, ms_t ms)
{
    d->r->now_at += ms;
    turn(d->r);
    written_turn(d->written, d->r->now_at, d->r->now_at + d->r->wall_ms);
}

static bool writes(struct desk *d, uint64_t e164, const char *words)
{
    const struct texts_received received = {++d->last_id * 2 + 1, e164, text_of(words), 0};
    return texts_take(d->r->texts, &received);
}

static uint64_t opened(struct desk *d)
{
    return last(d->r, EV_TEXT_OPENED).text_opened.contact_id;
}

static bool look(const struct desk *d, uint64_t contact_id, struct acd_look_text *out)
{
    return acd_look_text_of(d->r->acd, contact_id, out);
}

static uint64_t takes(struct desk *d)
{
    const struct command take = {.kind = CMD_TEXT_TAKE, .text_take = {WRITER}};
    assert_int_equal(reception_do(d->r, take), ACD_DONE);
    return last(d->r, EV_TEXT_TAKEN).text_taken.contact_id;
}

static unsigned out_n(enum gsm_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < rows_n; i++)
        n += rows[i].kind == JOURNAL_ROW_SMS && !rows[i].sms.is_received &&
             rows[i].sms.kind == (uint8_t)kind;
    return n;
}

static const struct journal_row *last_row(enum journal_row_kind kind)
{
    for (unsigned i = rows_n; i-- > 0;)
        if (rows[i].kind == kind)
            return &rows[i];
    return NULL;
}

static void words_of(const struct journal_row *row, char to[400])
{
    uint8_t septets[GSM_SEPTETS_MAX];
    struct text_out out = {.p = to, .max = 399};
    gsm_unpack(septets, row->sms.octets, row->sms.n);
    gsm_septets_text(&out, septets, row->sms.n);
    to[out.n] = '\0';
}

static void a_text_opens_one_contact_with_its_words_and_its_number(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    char words[400];
    assert_true(writes(d, PERSON, "Où en est ma demande ?"));
    assert_true(look(d, opened(d), &c));
    assert_int_equal(c.queue_id, HEALTH);
    assert_int_equal(c.place_at, d->r->now_at);
    assert_int_equal(appends_with_both_n, 1);
    const struct journal_row *thread = last_row(JOURNAL_ROW_THREAD);
    assert_true(thread->thread.contact_id == c.contact_id && thread->thread.e164 == PERSON);
    for (unsigned i = 0; i < rows_n; i++)
        if (rows[i].kind == JOURNAL_ROW_SMS && rows[i].sms.is_received)
            assert_true(rows[i].sms.contact_id == c.contact_id);
    const struct journal_row *person = last_row(JOURNAL_ROW_PERSON); /* met for the first time */
    assert_string_equal(person->number, "+33612345678");
    assert_true(person->person_id && person->person_id == c.person_id);
    assert_true(thread->person_id == c.person_id);
    assert_int_equal(out_n(GSM_RECEIVED), 1);
    words_of(last_row(JOURNAL_ROW_SMS), words);
    assert_string_equal(words, "Message bien recu. Une personne vous répond par SMS.");
    assert_true(last_row(JOURNAL_ROW_SMS)->sms.contact_id == c.contact_id);
    close_desk(d);
}

static void who_is_known_is_the_same_person(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    const struct texts_received received = {1, PERSON, TEXT("Bonjour"), 77};
    assert_true(texts_take(d->r->texts, &received));
    assert_true(look(d, opened(d), &c));
    assert_true(c.person_id == 77);
    assert_null(last_row(JOURNAL_ROW_PERSON));
    close_desk(d);
}

static void more_texts_join_it_and_are_not_told_again(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    writes(d, PERSON, "Bonjour");
    uint64_t id = opened(d);
    ms_t place_at = d->r->now_at;
    goes_on(d, 60000);
    assert_true(writes(d, PERSON, "Vous êtes là ?"));
    assert_true(writes(d, PERSON + 1, "Moi aussi"));
    assert_true(look(d, id, &c));
    assert_int_equal(c.texts_n, 2);
    assert_int_equal(c.place_at, place_at);
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 2); /* the other number */
    assert_int_equal(out_n(GSM_RECEIVED), 2);
    close_desk(d);
}

static void what_comes_while_it_is_closed_hears_when_it_opens(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    char words[400];
    d->r->directory->services[0].weeks = 1;
    reception_do(d->r, (struct command){
                           .kind = CMD_QUEUE_HOURS,
                           .queue_hours = {.queue_id = HEALTH, .hours = HOURS_CLOSED_PUBLISHED}});
    const struct gsm_values values = {.from = {2, 510}, .takes_answers = true};
    struct text_out out = {.p = words, .max = sizeof(words) - 1};
    assert_int_equal(gsm_words(&out, GSM_RECEIVED_CLOSED, &values), GSM_WORDS_SAID);
    words[out.n] = '\0';
    assert_string_equal(words, "Fermé. Ouverture samedi à 8h30. Votre message est gardé, réponse "
                               "samedi.");
    writes(d, PERSON, "Bonjour");
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 1); /* kept all the same */
    assert_int_equal(out_n(GSM_RECEIVED) + out_n(GSM_RECEIVED_CLOSED), 1);
    close_desk(d);
}

/* Who writes at night is awake: the acknowledgement is no call by a machine. */
static void what_comes_at_night_is_acknowledged(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->r->gate_rules.hours_from_ms = d->r->gate_rules.hours_to_ms = 0; /* never */
    gate_follow(d->r->gate, &d->r->gate_rules, &d->r->prices);
    writes(d, PERSON, "Bonjour");
    assert_int_equal(out_n(GSM_RECEIVED), 1);
    const struct texts_order test = {.kind = GSM_TEST, .e164 = PERSON};
    assert_false(texts_queue(d->r->texts, NULL, &test));
    close_desk(d);
}

static void stop_and_annuler_end_it_and_whoever_said_stop_opens_nothing(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    writes(d, PERSON, "Bonjour");
    writes(d, PERSON, "annuler");
    assert_int_equal(last(d->r, EV_TEXT_ENDED).text_ended.how, TEXT_END_CANCELLED);
    writes(d, PERSON, "Bonjour encore");
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 2);
    writes(d, PERSON, "STOP");
    assert_int_equal(last(d->r, EV_TEXT_ENDED).text_ended.how, TEXT_END_STOPPED);
    assert_int_equal(outcome(d->r), OUTCOME_ABANDONED);
    assert_true(writes(d, PERSON, "Et alors ?"));
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 2);
    assert_int_equal(last_row(JOURNAL_ROW_SMS)->sms.contact_id, 0); /* kept */
    close_desk(d);
}

static bool replies(struct desk *d, uint64_t contact_id, const char *words,
                    struct written_told *told)
{
    const struct written_answer answer = {contact_id, WRITER, text_of(words)};
    return written_reply(d->written, told, &answer);
}

static void an_answer_goes_with_its_event_and_counts_once_it_left(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct written_told told;
    struct acd_look_text c;
    writes(d, PERSON, "Bonjour");
    uint64_t id = opened(d);
    assert_false(replies(d, id, "Bonjour", &told)); /* nobody has taken it */
    assert_int_equal(told.verdict, ACD_REFUSED_STATE);
    assert_true(takes(d) == id);
    assert_false(replies(d, id + 1000, "Bonjour", &told));
    assert_int_equal(told.verdict, ACD_REFUSED_UNKNOWN);
    unsigned both_n = appends_with_both_n;
    assert_true(replies(d, id, "Votre carte est prête.", &told));
    assert_int_equal(appends_with_both_n, both_n + 1);
    assert_int_equal(out_n(GSM_WRITTEN), 1);
    assert_true(look(d, id, &c) && c.is_leaving && !c.is_answered);
    written_became(d->written, told.texts.id + 2, GSM_SENT); /* another message */
    assert_true(look(d, id, &c) && c.is_leaving);
    written_became(d->written, told.texts.id, GSM_SENT);
    assert_true(look(d, id, &c) && !c.is_leaving && c.is_answered);
    written_became(d->written, told.texts.id, GSM_DELIVERED); /* a receipt: nothing new */
    assert_int_equal(events(d->r, EV_TEXT_TOLD), 1);
    close_desk(d);
}

static void what_the_gate_refuses_changes_nothing(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct written_told told;
    writes(d, PERSON, "Bonjour");
    uint64_t id = takes(d);
    d->r->gate_rules.sms = SETTINGS_GATE_SMS_NOWHERE;
    gate_follow(d->r->gate, &d->r->gate_rules, &d->r->prices);
    assert_false(replies(d, id, "Bonjour", &told));
    assert_int_equal(told.verdict, ACD_DONE);
    assert_int_equal(told.texts.verdict, TEXTS_GATE);
    assert_int_equal(events(d->r, EV_TEXT_ANSWERED), 0);
    assert_int_equal(out_n(GSM_WRITTEN), 0);
    close_desk(d);
}

/* The rows that a store would have of it. */
static void a_death_forgets_and_doubles_nothing(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct written_told told;
    struct acd_look_text c;
    writes(d, PERSON, "Bonjour");
    uint64_t id = takes(d);
    assert_true(replies(d, id, "Un instant", &told));
    turn(d->r);
    free(d->written);
    reception_start(d->r); /* another process reads the journal */
    open_written(d);
    const struct journal_row thread = {.kind = JOURNAL_ROW_THREAD, .thread = {id, PERSON}};
    const struct journal_row over = {.kind = JOURNAL_ROW_THREAD, .thread = {id + 500, PERSON + 1}};
    struct journal_row sent = {.kind = JOURNAL_ROW_SMS_STATE};
    sent.sms.contact_id = id;
    sent.sms.state = GSM_SENT;
    written_restore(d->written, &thread);
    written_restore(d->written, &over);
    written_restore_answer(d->written, &sent); /* it left, and the heart was not told */
    texts_restore_seen(d->r->texts, 3);
    assert_true(look(d, id, &c));
    assert_true(c.is_answered && c.agent_id == WRITER);
    d->last_id = 0;
    assert_true(writes(d, PERSON, "Bonjour")); /* the gateway gives it again */
    assert_true(look(d, id, &c));
    assert_int_equal(c.texts_n, 1);
    assert_true(writes(d, PERSON, "Merci"));
    assert_true(look(d, id, &c));
    assert_int_equal(c.texts_n, 2);
    goes_on(d, 1000);
    const struct journal_row *gone = last_row(JOURNAL_ROW_THREAD);
    assert_true(gone->thread.contact_id == id + 500 && !gone->thread.e164);
    assert_int_equal(written_totals(d->written).open_n, 1);
    close_desk(d);
}

static void its_number_goes_when_it_is_over(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    writes(d, PERSON, "Bonjour");
    uint64_t id = takes(d);
    reception_do(d->r, (struct command){.kind = CMD_TEXT_END,
                                        .text_end = {.contact_id = id, .agent_id = WRITER}});
    assert_int_equal(written_totals(d->written).open_n, 1);
    goes_on(d, 1000);
    assert_int_equal(written_totals(d->written).open_n, 0);
    assert_true(last_row(JOURNAL_ROW_THREAD)->thread.contact_id == id);
    assert_int_equal(last_row(JOURNAL_ROW_THREAD)->thread.e164, 0);
    writes(d, PERSON, "Encore moi"); /* another matter */
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 2);
    close_desk(d);
}

static void past_its_bound_a_contact_takes_no_text_and_its_person_is_told_once(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->r->gate_rules.sms_number_day = 1000;
    gate_follow(d->r->gate, &d->r->gate_rules, &d->r->prices);
    for (int i = 0; i < ACD_TEXTS_MAX; i++)
        assert_true(writes(d, PERSON, "Bonjour"));
    assert_int_equal(events(d->r, EV_TEXT_JOINED), ACD_TEXTS_MAX - 1);
    assert_int_equal(out_n(GSM_NOT_TAKEN), 0);
    assert_true(writes(d, PERSON, "Et encore"));
    assert_true(writes(d, PERSON, "Et encore"));
    assert_int_equal(events(d->r, EV_TEXT_JOINED), ACD_TEXTS_MAX - 1);
    assert_int_equal(out_n(GSM_NOT_TAKEN), 1);
    assert_int_equal(written_totals(d->written).over_n, 2);
    assert_int_equal(events(d->r, EV_SHED), 0);
    close_desk(d);
}

static void past_its_room_the_house_says_that_it_did_not_take_it(void **state)
{
    (void)state;
    struct desk *d = open_small_desk(4);
    uint32_t taken_n = 0;
    for (uint64_t i = 0; !events(d->r, EV_SHED); i++) {
        assert_true(i <= d->r->limits.contacts_max);
        assert_true(writes(d, PERSON + i * 10000, "Bonjour"));
        taken_n += !events(d->r, EV_SHED);
    }
    assert_int_equal(events(d->r, EV_TEXT_OPENED), taken_n);
    assert_int_equal(taken_n, d->r->limits.contacts_max);
    assert_int_equal(out_n(GSM_NOT_TAKEN), 1);
    assert_int_equal(last(d->r, EV_SHED).shed.n, 1);
    assert_int_equal(written_totals(d->written).shed_n, 1);
    close_desk(d);
}

/* As many as there may be open, and one more; then again, once one is over. */
static void so_many_are_open_and_not_one_more(void **state)
{
    (void)state;
    struct desk *d = open_small_desk(WRITTEN_MAX + 16);
    for (uint64_t i = 0; i < WRITTEN_MAX; i++)
        assert_true(writes(d, PERSON + i, "Bonjour"));
    assert_int_equal(written_totals(d->written).opened_n, WRITTEN_MAX);
    assert_int_equal(written_totals(d->written).shed_n, 0);
    assert_true(writes(d, PERSON + WRITTEN_MAX, "Bonjour"));
    assert_int_equal(written_totals(d->written).opened_n, WRITTEN_MAX);
    assert_int_equal(written_totals(d->written).shed_n, 1);
    assert_true(writes(d, PERSON, "Encore")); /* who is there already is heard */
    assert_int_equal(written_totals(d->written).joined_n, 1);
    assert_true(written_cancel(PERSON, d->written));
    goes_on(d, 1000);
    assert_true(writes(d, PERSON + WRITTEN_MAX, "Bonjour"));
    assert_int_equal(written_totals(d->written).opened_n, WRITTEN_MAX + 1);
    close_desk(d);
}

static void so_many_answers_are_on_their_way_and_not_one_more(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct written_told told;
    d->r->gate_rules.sms_number_day = d->r->gate_rules.sms_day_max = 2 * WRITTEN_ANSWERS_MAX;
    d->r->gate_rules.range_day_max = d->r->gate_rules.sms_day_euros = 2 * WRITTEN_ANSWERS_MAX;
    d->r->gate_rules.all_day_max = d->r->gate_rules.all_day_euros = 2 * WRITTEN_ANSWERS_MAX;
    gate_follow(d->r->gate, &d->r->gate_rules, &d->r->prices);
    writes(d, PERSON, "Bonjour");
    uint64_t id = takes(d);
    for (unsigned i = 0; i < WRITTEN_ANSWERS_MAX; i++)
        assert_true(replies(d, id, "Un instant", &told));
    uint64_t last_id = told.texts.id;
    assert_false(replies(d, id, "Un instant", &told));
    assert_int_equal(told.verdict, ACD_REFUSED_FULL);
    written_became(d->written, last_id, GSM_SENT);
    assert_true(replies(d, id, "Un instant", &told));
    close_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_opens_one_contact_with_its_words_and_its_number),
        cmocka_unit_test(who_is_known_is_the_same_person),
        cmocka_unit_test(more_texts_join_it_and_are_not_told_again),
        cmocka_unit_test(what_comes_while_it_is_closed_hears_when_it_opens),
        cmocka_unit_test(what_comes_at_night_is_acknowledged),
        cmocka_unit_test(stop_and_annuler_end_it_and_whoever_said_stop_opens_nothing),
        cmocka_unit_test(an_answer_goes_with_its_event_and_counts_once_it_left),
        cmocka_unit_test(what_the_gate_refuses_changes_nothing),
        cmocka_unit_test(a_death_forgets_and_doubles_nothing),
        cmocka_unit_test(its_number_goes_when_it_is_over),
        cmocka_unit_test(past_its_bound_a_contact_takes_no_text_and_its_person_is_told_once),
        cmocka_unit_test(so_many_are_open_and_not_one_more),
        cmocka_unit_test(so_many_answers_are_on_their_way_and_not_one_more),
        cmocka_unit_test(past_its_room_the_house_says_that_it_did_not_take_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
