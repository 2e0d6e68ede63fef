/* texts.c — tests of app/texts.h: what the house writes passes the gate and reaches the writer in
 * its order; what people answer is carried out; caps are exact to the unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/texts.h"
#include "test/support/reception_deeds.h"

#define PERSON UINT64_C(33612345678)
#define ROWS_MAX 4096
static struct journal_row rows[ROWS_MAX];
static unsigned rows_n, cancelled_n, words_n;
static bool are_words_read;

/* tidy: parameters — dictated by port/journal.h */
static bool keep(void *arg, const struct event *ev, unsigned n, const struct journal_row *given,
                 unsigned given_n)
{
    if (!notebook_append(arg, ev, n, given, given_n))
        return false;
    for (unsigned i = 0; i < given_n && rows_n < ROWS_MAX; i++)
        rows[rows_n++] = given[i];
    return true;
}

struct desk {
    struct reception *r;
    struct settings_sms settings;
    struct texts *texts;
};

static struct desk open_desk(void)
{
    struct desk d = {.r = reception_new(8)};
    struct settings s;
    settings_defaults(&s);
    d.settings = s.sms;
    d.settings.driver = SETTINGS_SMS_DRIVER_HTTP;
    d.settings.answers = true;
    rows_n = cancelled_n = words_n = 0;
    are_words_read = false;
    d.r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    d.r->book.port.append = keep;
    memcpy(d.r->directory->organisation.name, "Services publics Haute-Lisière", 32);
    reception_start(d.r);
    return d;
}

static void open_texts(struct desk *d)
{
    const struct texts_args args = {.app = d->r->app,
                                    .gate = d->r->gate,
                                    .directory = d->r->directory,
                                    .settings = &d->settings,
                                    .seed = 7};
    d->texts = texts_open(reception_zeros(texts_bytes()), &args);
    texts_time(d->texts, d->r->now_at);
}

static void close_desk(struct desk *d)
{
    free(d->texts);
    reception_drop(d->r);
}

static struct texts_order order_of(enum gsm_kind kind, uint64_t e164)
{
    return (struct texts_order){.kind = kind, .e164 = e164, .reference = 47210864};
}

static enum texts_verdict verdict_of(struct desk *d, enum gsm_kind kind, uint64_t e164)
{
    struct texts_told told;
    const struct texts_order order = order_of(kind, e164);
    bool is_queued = texts_queue(d->texts, &told, &order);
    assert_int_equal(is_queued, told.verdict == TEXTS_QUEUED);
    assert_int_equal(is_queued, told.id != 0);
    return told.verdict;
}

static unsigned queued_n(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < rows_n; i++)
        n += rows[i].kind == JOURNAL_ROW_SMS && !rows[i].sms.is_received;
    return n;
}

static void words_of(const struct journal_row *row, char *to, size_t max)
{
    uint8_t septets[GSM_SEPTETS_MAX];
    struct text_out out = {.p = to, .max = max - 1};
    gsm_unpack(septets, row->sms.octets, row->sms.n);
    gsm_septets_text(&out, septets, row->sms.n);
    to[out.n] = '\0';
}

static void a_message_passes_the_gate_and_then_its_row_is_with_the_writer(void **state)
{
    (void)state;
    struct desk d = open_desk();
    char words[400];
    open_texts(&d);
    rows_n = 0;
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_QUEUED);
    assert_true(rows_n >= 3);
    for (unsigned i = 0; i + 1 < rows_n; i++)
        assert_int_equal(rows[i].kind, JOURNAL_ROW_GATE); /* counted before it is kept */
    const struct journal_row *row = &rows[rows_n - 1];
    assert_int_equal(row->kind, JOURNAL_ROW_SMS);
    assert_int_equal(row->sms.state, GSM_QUEUED);
    assert_int_equal(row->sms.e164, PERSON);
    assert_true(row->sms.until_at > d.r->now_at);
    words_of(row, words, sizeof(words));
    assert_string_equal(words, "Services publics Haute-Lisière : votre appel a été coupé par notre "
                               "faute, pardon. Nous vous rappelons, du 05 36 49 00 10. Demande 47 "
                               "21 08 64.");
    close_desk(&d);
}

static void a_refusal_has_its_word_and_leaves_no_row(void **state)
{
    (void)state;
    struct desk d = open_desk();
    open_texts(&d);
    rows_n = 0;
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, 33536490010), TEXTS_GATE); /* no mobile */
    d.settings.answers = false;
    assert_int_equal(verdict_of(&d, GSM_SURVEY, PERSON), TEXTS_ASKS);
    memset(d.settings.name, 'a', 40);
    d.settings.answers = true;
    assert_int_equal(verdict_of(&d, GSM_SURVEY_MISSED, PERSON), TEXTS_LONG);
    memcpy(d.settings.name, "Ми", sizeof("Ми"));
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_LETTER);
    d.settings.driver = SETTINGS_SMS_DRIVER_NONE;
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_OFF);
    assert_int_equal(rows_n, 0);
    for (unsigned v = 0; v < TEXTS_VERDICTS; v++)
        assert_true(texts_verdict_name((enum texts_verdict)v)[0] &&
                    texts_verdict_words((enum texts_verdict)v)[0]);
    close_desk(&d);
}

static void nothing_is_queued_that_the_writer_does_not_take(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct texts_received stop = {.id = 5, .e164 = PERSON, .utf8 = TEXT("STOP")};
    open_texts(&d);
    rows_n = 0;
    d.r->book.is_full = true;
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_UNNOTED);
    assert_false(texts_take(d.texts, &stop));
    assert_int_equal(texts_totals(d.texts).stops_n, 0);
    assert_int_equal(queued_n(), 0);
    d.r->book.is_full = false;
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_QUEUED);
    assert_true(texts_take(d.texts, &stop));
    close_desk(&d);
}

/* SMS pumping: of 300 orders for numbers of one range as many go as the caps say, to the unit. */
static void caps_are_exact_to_the_unit(void **state)
{
    (void)state;
    static const uint32_t range_max[] = {1, 7, 30};
    for (unsigned i = 0; i < ARRAY_LEN(range_max); i++) {
        struct desk d = open_desk();
        open_texts(&d);
        d.r->gate_rules.range_day_max = range_max[i];
        d.r->gate_rules.sms_day_max = range_max[i] + 11;
        d.r->gate_rules.sms_number_day = 3;
        gate_follow(d.r->gate, &d.r->gate_rules, &d.r->prices);
        for (unsigned n = 0; n < 300; n++)
            verdict_of(&d, GSM_CUT_OFF, PERSON + n);
        assert_int_equal(queued_n(), range_max[i]);
        for (unsigned n = 0; n < 300; n++) /* other ranges */
            verdict_of(&d, GSM_CUT_OFF, PERSON + 100000u * (n + 1));
        assert_int_equal(queued_n(), range_max[i] + 11);
        close_desk(&d);
    }
    struct desk d = open_desk();
    open_texts(&d);
    for (unsigned n = 0; n < 20; n++)
        verdict_of(&d, GSM_CUT_OFF, PERSON);
    assert_int_equal(queued_n(), d.r->gate_rules.sms_number_day);
    close_desk(&d);
}

static bool cancel(uint64_t e164, void *arg)
{
    (void)arg;
    cancelled_n += e164 == PERSON;
    return true;
}

static bool read_words(const struct texts_words *words, void *arg)
{
    (void)arg;
    words_n += words->received->e164 == PERSON && words->rows.n == 1;
    return are_words_read;
}

static void note_stop(uint64_t e164, void *arg)
{
    *(unsigned *)arg += e164 == PERSON;
}

static void stop_is_for_good_and_is_said_once(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct texts_received stop = {.id = 5, .e164 = PERSON, .utf8 = TEXT("stop.")};
    uint64_t hash = 0;
    char words[400];
    open_texts(&d);
    rows_n = 0;
    assert_true(texts_take(d.texts, &stop));
    assert_true(texts_take(d.texts, &stop));
    assert_int_equal(queued_n(), 1);
    for (unsigned i = 0; i < rows_n; i++)
        hash = rows[i].kind == JOURNAL_ROW_SMS_STOP ? rows[i].sms.id : hash;
    words_of(&rows[rows_n - 1], words, sizeof(words));
    for (unsigned i = 0; i < rows_n; i++)
        if (rows[i].kind == JOURNAL_ROW_SMS && !rows[i].sms.is_received)
            words_of(&rows[i], words, sizeof(words));
    assert_memory_equal(words, "C'est noté", sizeof("C'est noté") - 1);
    assert_true(hash && hash != PERSON);
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_STOPPED);
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON + 1), TEXTS_QUEUED);
    free(d.texts); /* another life: the key and the hash are what the store has */
    open_texts(&d);
    texts_use_key(d.texts, (struct siphash_key){7, ~UINT64_C(7)});
    texts_restore_stop(d.texts, hash);
    assert_int_equal(verdict_of(&d, GSM_CUT_OFF, PERSON), TEXTS_STOPPED);
    close_desk(&d);
}

static void cancel_and_words_reach_who_carries_them_out(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct texts_received annuler = {.id = 6, .e164 = PERSON, .utf8 = TEXT("Annuler")};
    struct texts_received words = {
        .id = 17, .e164 = PERSON, .utf8 = TEXT("Où en est ma demande ?")};
    unsigned stopped_n = 0;
    open_texts(&d);
    assert_true(texts_take(d.texts, &annuler)); /* nobody is there: kept all the same */
    annuler.id++;
    texts_on_stop(d.texts, note_stop, &stopped_n);
    texts_on_cancel(d.texts, cancel, NULL);
    texts_on_words(d.texts, read_words, NULL);
    assert_true(texts_take(d.texts, &annuler));
    assert_int_equal(cancelled_n, 1);
    rows_n = 0;
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(rows_n, 1); /* nobody reads it: kept, and nothing is told */
    are_words_read = true;
    words.id++;
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(rows_n, 1); /* who reads it gives its rows, and tells the person */
    assert_int_equal(words_n, 2);
    const struct texts_received stop = {.id = 20, .e164 = PERSON, .utf8 = TEXT("STOP")};
    assert_true(texts_may_write(d.texts, PERSON));
    assert_true(texts_take(d.texts, &stop));
    assert_int_equal(stopped_n, 1);
    assert_false(texts_may_write(d.texts, PERSON));
    assert_int_equal(texts_totals(d.texts).received_n[GSM_ANSWER_WORDS], 2);
    assert_int_equal(texts_totals(d.texts).received_n[GSM_ANSWER_CANCEL], 2);
    close_desk(&d);
}

static void a_long_text_is_kept_whole_in_its_parts(void **state)
{
    (void)state;
    struct desk d = open_desk();
    char text[900], back[1000];
    struct text_out out = {.p = text, .max = sizeof(text)}, again = {.p = back, .max = 1000};
    while (out.n + 12 < sizeof(text))
        text_put(&out, TEXT("é😀ça€"));
    struct texts_received long_one = {.id = 8, .e164 = PERSON, .utf8 = {text, out.n}};
    open_texts(&d);
    rows_n = 0;
    assert_true(texts_take(d.texts, &long_one));
    for (unsigned i = 0; i < rows_n; i++) {
        assert_int_equal(rows[i].kind, JOURNAL_ROW_SMS);
        assert_int_equal(rows[i].sms.part, i);
        gsm_wide_text(&again, rows[i].sms.octets, rows[i].sms.n);
    }
    assert_true(text_equal((struct text){back, again.n}, long_one.utf8));
    close_desk(&d);
}

/* As many ids as are remembered, and one more: the oldest is another text then. */
static void what_comes_again_is_not_another(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct texts_received words = {.id = 7, .e164 = PERSON, .utf8 = TEXT("Bonjour")};
    open_texts(&d);
    texts_restore_seen(d.texts, 9);
    texts_on_words(d.texts, read_words, NULL);
    assert_true(texts_take(d.texts, &words));
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(words_n, 1);
    words.id = 9; /* of an earlier life */
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(words_n, 1);
    for (uint64_t i = 0; i < TEXTS_SEEN_MAX - 1; i++) {
        words.id = 1000 + i;
        assert_true(texts_take(d.texts, &words));
    }
    unsigned before_n = words_n;
    words.id = 7;
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(words_n, before_n);
    words.id = 9;
    assert_true(texts_take(d.texts, &words));
    assert_int_equal(words_n, before_n + 1);
    close_desk(&d);
}

static enum texts_verdict prepares(struct desk *d, struct text utf8, struct journal_row *row)
{
    struct texts_told told;
    const struct texts_reply reply = {.e164 = PERSON, .contact_id = 5, .utf8 = utf8};
    bool is_prepared = texts_prepare(d->texts, &told, row, &reply);
    assert_int_equal(is_prepared, told.verdict == TEXTS_QUEUED);
    return told.verdict;
}

/* The bounds of one segment: 160 letters of the alphabet, 70 of any. */
static void an_agent_writes_one_segment_and_not_one_letter_more(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct journal_row row;
    char letters[512], back[512];
    struct text_out wide = {.p = letters, .max = sizeof(letters)};
    open_texts(&d);
    memset(letters, 'a', 161);
    assert_int_equal(prepares(&d, (struct text){letters, 160}, &row), TEXTS_QUEUED);
    assert_int_equal(row.sms.n, 160);
    assert_int_equal(row.sms.kind, GSM_WRITTEN);
    assert_int_equal(row.sms.contact_id, 5);
    assert_int_equal(prepares(&d, (struct text){letters, 161}, &row), TEXTS_LONG);
    for (int i = 0; i < 70; i++)
        text_put(&wide, TEXT("ê"));
    assert_int_equal(prepares(&d, (struct text){letters, wide.n}, &row), TEXTS_QUEUED);
    struct text_out again = {.p = back, .max = sizeof(back)};
    gsm_wide_text(&again, row.sms.octets, row.sms.n);
    assert_true(text_equal((struct text){back, again.n}, (struct text){letters, wide.n}));
    text_put(&wide, TEXT("ê"));
    assert_int_equal(prepares(&d, (struct text){letters, wide.n}, &row), TEXTS_LONG);
    assert_int_equal(prepares(&d, TEXT_NONE, &row), TEXTS_EMPTY);
    assert_int_equal(prepares(&d, TEXT("\xff"), &row), TEXTS_LETTER);
    close_desk(&d);
}

/* What was prepared and not given leaves no count behind. */
static void what_is_withdrawn_was_not_counted(void **state)
{
    (void)state;
    struct desk d = open_desk();
    struct journal_row row;
    open_texts(&d);
    for (unsigned i = 0; i < 3 * d.r->gate_rules.sms_number_day; i++) {
        assert_int_equal(prepares(&d, TEXT("Bonjour"), &row), TEXTS_QUEUED);
        texts_withdraw(d.texts, &row);
    }
    for (unsigned i = 0; i < d.r->gate_rules.sms_number_day; i++)
        assert_int_equal(prepares(&d, TEXT("Bonjour"), &row), TEXTS_QUEUED);
    assert_int_equal(prepares(&d, TEXT("Bonjour"), &row), TEXTS_GATE);
    close_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_passes_the_gate_and_then_its_row_is_with_the_writer),
        cmocka_unit_test(a_refusal_has_its_word_and_leaves_no_row),
        cmocka_unit_test(nothing_is_queued_that_the_writer_does_not_take),
        cmocka_unit_test(caps_are_exact_to_the_unit),
        cmocka_unit_test(stop_is_for_good_and_is_said_once),
        cmocka_unit_test(cancel_and_words_reach_who_carries_them_out),
        cmocka_unit_test(a_long_text_is_kept_whole_in_its_parts),
        cmocka_unit_test(what_comes_again_is_not_another),
        cmocka_unit_test(an_agent_writes_one_segment_and_not_one_letter_more),
        cmocka_unit_test(what_is_withdrawn_was_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
