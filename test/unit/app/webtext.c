/* webtext.c — tests of app/webtext.h: words and their event are one append, a page has one contact,
 * the same form sent twice is one message, an answer is read at once; a death changes nothing, and
 * no bound is passed in silence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "acd/look.h"
#include "app/webtext.h"
#include "gsm/coding.h"
#include "gsm/words.h"
#include "test/support/reception_deeds.h"

#define WRITER 3 /* an agent who reads */
#define ROWS_MAX 32768
#define HERE 0x7f000001
#define WORDS_MAX 4096
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
    struct webtext *w;
};

static void open_webtext(struct desk *d)
{
    const struct webtext_args args = {
        .app = d->r->app, .acd = d->r->acd, .directory = d->r->directory, .seed = 5, .node = 1};
    d->w = webtext_open(reception_zeros(webtext_bytes()), &args);
    reception_time(d->r);
    webtext_turn(d->w, d->r->now_at, d->r->now_at + d->r->wall_ms);
}

static struct desk *open_small_desk(uint32_t contacts_max)
{
    struct desk *d = calloc(1, sizeof(*d));
    rows_n = appends_with_both_n = 0;
    d->r = reception_new(8);
    if (contacts_max)
        d->r->limits.contacts_max = contacts_max;
    d->r->book.port.append = keep;
    d->r->commits = true;
    d->r->directory->texts = (struct directory_texts){
        .has_page = true, .open_max = WEBTEXT_MAX, .address_max = WEBTEXT_MAX};
    struct directory_agent *g = &d->r->directory->agents[0];
    g->writes = true;
    g->services[0] = 0;
    g->services_n = 1;
    reception_fill(d->r);
    reception_do(d->r, (struct command){.kind = CMD_AGENT_SET,
                                        .agent_set = {.agent_id = WRITER,
                                                      .capacity = {1, 2},
                                                      .capacity_n = 2,
                                                      .queue_ids = {HEALTH},
                                                      .queue_ids_n = 1}});
    sign_in(d->r, WRITER);
    open_webtext(d);
    return d;
}

static struct desk *open_desk(void)
{
    return open_small_desk(0);
}

static void close_desk(struct desk *d)
{
    free(d->w);
    reception_drop(d->r);
    free(d);
}

static void goes_on(struct desk *d, ms_t ms)
{
    d->r->now_at += ms;
    turn(d->r);
    webtext_turn(d->w, d->r->now_at, d->r->now_at + d->r->wall_ms);
}

static struct texts_post post_of(uint64_t page, uint64_t id, const char *words)
{
    struct texts_post post = {.kind = TEXTS_POST_WEB,
                              .id = id,
                              .queue_id = HEALTH,
                              .address = HERE,
                              .text_n = (uint16_t)strlen(words)};
    page++;
    memcpy(post.hash, &page, sizeof(page));
    post.hash[31] = 7;
    memcpy(post.text, words, post.text_n);
    return post;
}

static enum webtext_verdict gives(struct desk *d, const struct texts_post *post)
{
    enum webtext_verdict verdict;
    assert_true(webtext_post(d->w, post, &verdict));
    return verdict;
}

static enum webtext_verdict writes(struct desk *d, uint64_t page, uint64_t id, const char *words)
{
    const struct texts_post post = post_of(page, id, words);
    return gives(d, &post);
}

static uint64_t opened(struct desk *d)
{
    return last(d->r, EV_TEXT_OPENED).text_opened.contact_id;
}

static uint64_t takes(struct desk *d)
{
    const struct command take = {.kind = CMD_TEXT_TAKE, .text_take = {WRITER}};
    assert_int_equal(reception_do(d->r, take), ACD_DONE);
    return last(d->r, EV_TEXT_TAKEN).text_taken.contact_id;
}

static void finishes(struct desk *d, uint64_t contact_id)
{
    const struct command end = {.kind = CMD_TEXT_END,
                                .text_end = {.contact_id = contact_id, .how = TEXT_END_CANCELLED}};
    assert_int_equal(reception_do(d->r, end), ACD_DONE);
}

static bool look(const struct desk *d, uint64_t contact_id, struct acd_look_text *out)
{
    return acd_look_text_of(d->r->acd, contact_id, out);
}

/* The words of one message, out of its parts. */
static const char *words_of(uint64_t id)
{
    static char room[WORDS_MAX];
    struct text_out out = {.p = room, .max = WORDS_MAX - 1};
    for (unsigned i = 0; i < rows_n; i++)
        if (rows[i].kind == JOURNAL_ROW_SMS && rows[i].sms.id == id)
            gsm_wide_text(&out, rows[i].sms.octets, rows[i].sms.n);
    room[out.n] = '\0';
    return room;
}

static const struct journal_row *last_row(enum journal_row_kind kind)
{
    for (unsigned i = rows_n; i-- > 0;)
        if (rows[i].kind == kind)
            return &rows[i];
    return NULL;
}

static void a_message_opens_a_contact_with_its_words_in_one_append(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    struct texts_post post = post_of(1, 11, "Où en est ma carte ? <b>œ ê 😀</b>");
    memcpy(post.name, "Karim", 6);
    post.e164 = 33612345678;
    assert_int_equal(gives(d, &post), WEBTEXT_KEPT);
    assert_int_equal(appends_with_both_n, 1);
    assert_true(look(d, opened(d), &c) && c.queue_id == HEALTH);
    assert_int_equal(last(d->r, EV_CALL_ARRIVED).call_arrived.channel, CHANNEL_WEB);
    const struct journal_row *row = last_row(JOURNAL_ROW_WEB);
    assert_true(row->web.contact_id == c.contact_id && row->person_id == c.person_id);
    assert_true(row->web.e164 == 33612345678 && row->web.reference == c.reference);
    assert_string_equal(row->web.name, "Karim");
    assert_memory_equal(row->web.hash, post.hash, JOURNAL_WEB_HASH);
    assert_string_equal(words_of(11), "Où en est ma carte ? <b>œ ê 😀</b>");
    assert_true(last_row(JOURNAL_ROW_SMS)->sms.contact_id == c.contact_id);
    assert_int_equal(last_row(JOURNAL_ROW_SMS)->sms.e164, 0); /* no text message goes there */
    assert_null(last_row(JOURNAL_ROW_PERSON));                /* a number that nobody proved */
    close_desk(d);
}

static void what_is_sent_twice_is_one_and_what_follows_joins_it(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_KEPT);
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_KEPT); /* a second click */
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 1);
    assert_int_equal(events(d->r, EV_TEXT_JOINED), 0);
    assert_int_equal(writes(d, 1, 12, "Encore"), WEBTEXT_KEPT);
    assert_int_equal(writes(d, 1, 12, "Encore"), WEBTEXT_KEPT);
    assert_int_equal(events(d->r, EV_TEXT_JOINED), 1);
    assert_int_equal(writes(d, 2, 13, "Bonjour"), WEBTEXT_KEPT); /* somebody else */
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 2);
    assert_true(look(d, last_row(JOURNAL_ROW_WEB)->web.contact_id, &c) && c.texts_n == 1);
    close_desk(d);
}

static uint64_t replies(struct desk *d, uint64_t contact_id, const char *words,
                        enum acd_verdict *refused)
{
    enum webtext_verdict verdict;
    struct texts_post post = {.kind = TEXTS_POST_ANSWER,
                              .contact_id = contact_id,
                              .agent_id = WRITER,
                              .text_n = (uint16_t)strlen(words)};
    memcpy(post.text, words, post.text_n);
    return webtext_reply(d->w, &post, refused, &verdict);
}

static void an_answer_counts_as_soon_as_it_is_kept(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    enum acd_verdict refused;
    writes(d, 1, 11, "Bonjour");
    uint64_t contact_id = opened(d);
    assert_int_equal(replies(d, contact_id, "Oui ?", &refused), 0);
    assert_int_equal(refused, ACD_REFUSED_STATE); /* nobody has it */
    assert_true(takes(d) == contact_id);
    unsigned both_n = appends_with_both_n;
    uint64_t id = replies(d, contact_id, "Votre carte est prête.", &refused);
    assert_true(id != 0 && appends_with_both_n == both_n + 1);
    assert_string_equal(words_of(id), "Votre carte est prête.");
    const struct journal_row *row = last_row(JOURNAL_ROW_SMS);
    assert_true(row->sms.kind == GSM_WRITTEN && !row->sms.is_received);
    assert_int_equal(row->sms.state, GSM_DELIVERED); /* no sender takes it up */
    assert_true(look(d, contact_id, &c) && c.is_answered && !c.is_leaving && !c.is_unread);
    finishes(d, contact_id); /* « J’ai terminé » */
    assert_int_equal(outcome(d->r), OUTCOME_ANSWERED);
    assert_int_equal(replies(d, contact_id, "Au revoir", &refused), 0);
    goes_on(d, 1000);
    assert_false(webtext_has(d->w, contact_id));
    row = last_row(JOURNAL_ROW_WEB);
    assert_true(row->web.contact_id == contact_id && row->web.closed_at != 0);
    close_desk(d);
}

static void a_death_forgets_and_doubles_nothing(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct acd_look_text c;
    writes(d, 1, 11, "Bonjour");
    uint64_t contact_id = takes(d);
    const struct journal_row row = *last_row(JOURNAL_ROW_WEB);
    /* The answer is on the disk, and the heart was not told before the end. */
    reception_do(d->r,
                 (struct command){.kind = CMD_TEXT_ANSWER,
                                  .text_answer = {.contact_id = contact_id, .agent_id = WRITER}});
    turn(d->r);
    free(d->w);
    reception_start(d->r); /* another process reads the journal */
    open_webtext(d);
    assert_true(look(d, contact_id, &c) && c.is_leaving && !c.is_answered);
    webtext_restore(d->w, &row);
    webtext_restore(d->w, &row);
    assert_int_equal(webtext_totals(d->w).open_n, 1);
    assert_true(look(d, contact_id, &c) && c.is_answered && c.agent_id == WRITER);
    assert_int_equal(writes(d, 1, 12, "Merci"), WEBTEXT_KEPT); /* the same page */
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 1);
    assert_int_equal(events(d->r, EV_TEXT_JOINED), 1);
    close_desk(d);
}

static void words_are_kept_to_the_last_sign_and_not_one_more(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "é", "€", "😀"};
    char words[TEXTS_POST_BYTES + 8];
    for (unsigned k = 0; k < ARRAY_LEN(letters); k++) {
        struct desk *d = open_desk();
        unsigned max = k == 3 ? WEBTEXT_SIGNS_MAX / 2 : WEBTEXT_SIGNS_MAX;
        struct text_out out = {.p = words, .max = sizeof(words) - 1};
        for (unsigned i = 0; i < max; i++)
            text_put(&out, text_of(letters[k]));
        words[out.n] = '\0';
        assert_int_equal(writes(d, 1, 11, words), WEBTEXT_KEPT);
        assert_string_equal(words_of(11), words);
        if (k < 2) {
            words[out.n] = 'x';
            words[out.n + 1] = '\0';
            assert_int_equal(writes(d, 1, 12, words), WEBTEXT_LONG);
        }
        assert_int_equal(writes(d, 1, 13, " \n "), WEBTEXT_EMPTY);
        assert_int_equal(writes(d, 1, 14, "a\x1b[2J"), WEBTEXT_LONG); /* moves no cursor */
        assert_int_equal(writes(d, 1, 15, "\xff\xfe"), WEBTEXT_LONG); /* no text */
        close_desk(d);
    }
}

static void nobody_is_written_to_where_nobody_reads(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct texts_post post = post_of(1, 11, "Bonjour");
    post.queue_id = HEALTH + 12345;
    assert_int_equal(gives(d, &post), WEBTEXT_OFF);
    d->r->directory->agents[0].writes = false;
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_OFF);
    d->r->directory->agents[0].writes = true;
    d->r->directory->texts.has_page = false;
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_OFF);
    d->r->directory->texts.has_page = true;
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_KEPT);
    d->r->directory->texts.has_page = false; /* who has a place keeps it */
    assert_int_equal(writes(d, 1, 12, "Encore"), WEBTEXT_KEPT);
    close_desk(d);
}

static void so_many_within_a_minute_and_not_one_more(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    for (uint64_t i = 0; i < WEBTEXT_MINUTE_MAX; i++)
        assert_int_equal(writes(d, 1, 11 + i, "Bonjour"), WEBTEXT_KEPT);
    assert_int_equal(writes(d, 1, 99, "Bonjour"), WEBTEXT_MINUTE);
    assert_int_equal(writes(d, 2, 100, "Bonjour"), WEBTEXT_KEPT); /* somebody else */
    goes_on(d, 60000);
    assert_int_equal(writes(d, 1, 99, "Bonjour"), WEBTEXT_KEPT);
    close_desk(d);
}

static void one_contact_takes_so_many_messages(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    for (uint64_t i = 0; i < ACD_TEXTS_MAX; i++) {
        assert_int_equal(writes(d, 1, 11 + i, "Bonjour"), WEBTEXT_KEPT);
        goes_on(d, 60000);
    }
    assert_int_equal(writes(d, 1, 999, "Bonjour"), WEBTEXT_OVER);
    assert_int_equal(webtext_totals(d->w).refused_n[WEBTEXT_OVER], 1);
    close_desk(d);
}

static void one_address_has_so_many_open_and_opens_so_many_an_hour(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->r->directory->texts.address_max = 2;
    assert_int_equal(writes(d, 1, 11, "Bonjour"), WEBTEXT_KEPT);
    uint64_t first = opened(d);
    assert_int_equal(writes(d, 2, 12, "Bonjour"), WEBTEXT_KEPT);
    assert_int_equal(writes(d, 3, 13, "Bonjour"), WEBTEXT_ADDRESS);
    assert_int_equal(events(d->r, EV_SHED), 0);
    struct texts_post far = post_of(4, 14, "Bonjour");
    far.address = HERE + 1;
    assert_int_equal(gives(d, &far), WEBTEXT_KEPT);
    uint64_t of_here = first;                         /* opened from here, and open */
    for (uint64_t i = 2; i < WEBTEXT_HOUR_MAX; i++) { /* one after the other */
        finishes(d, of_here);
        goes_on(d, 1000);
        assert_int_equal(writes(d, 100 + i, 100 + i, "Bonjour"), WEBTEXT_KEPT);
        of_here = opened(d);
    }
    finishes(d, of_here);
    goes_on(d, 1000);
    assert_int_equal(writes(d, 998, 998, "Bonjour"), WEBTEXT_ADDRESS);
    goes_on(d, 3600000);
    assert_int_equal(writes(d, 999, 999, "Bonjour"), WEBTEXT_KEPT);
    close_desk(d);
}

static void a_full_house_says_so_and_counts_who_was_turned_away(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    d->r->directory->texts.open_max = 3;
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(writes(d, i, 11 + i, "Bonjour"), WEBTEXT_KEPT);
    assert_int_equal(writes(d, 9, 99, "Bonjour"), WEBTEXT_FULL);
    assert_int_equal(last(d->r, EV_SHED).shed.n, 1);
    assert_int_equal(writes(d, 0, 98, "Encore"), WEBTEXT_KEPT); /* who has a place writes on */
    finishes(d, opened(d));
    goes_on(d, 1000);
    assert_int_equal(writes(d, 9, 99, "Bonjour"), WEBTEXT_KEPT);
    close_desk(d);
}

static void the_heart_without_room_and_the_last_page_are_refused_too(void **state)
{
    (void)state;
    struct desk *d = open_small_desk(WEBTEXT_MAX + 16);
    for (uint64_t i = 0; i < WEBTEXT_MAX; i++) {
        struct texts_post post = post_of(i, 11 + i, "Bonjour");
        post.address = i; /* one house each */
        assert_int_equal(gives(d, &post), WEBTEXT_KEPT);
    }
    struct texts_post more = post_of(WEBTEXT_MAX, 5, "Bonjour");
    more.address = WEBTEXT_MAX;
    d->r->directory->texts.open_max = WEBTEXT_MAX * 2;
    assert_int_equal(gives(d, &more), WEBTEXT_FULL);
    close_desk(d);
    d = open_small_desk(4);
    enum webtext_verdict verdict = WEBTEXT_KEPT;
    uint64_t n = 0;
    for (; verdict == WEBTEXT_KEPT && n < 100; n++)
        verdict = writes(d, n, 11 + n, "Bonjour");
    assert_int_equal(verdict, WEBTEXT_FULL);
    assert_int_equal(n - 1, 4);
    close_desk(d);
}

static void while_the_writer_takes_nothing_nothing_is_said_to_be_kept(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    enum webtext_verdict verdict;
    const struct texts_post post = post_of(1, 11, "Bonjour");
    d->r->book.is_full = true;
    assert_false(webtext_post(d->w, &post, &verdict));
    assert_int_equal(events(d->r, EV_TEXT_OPENED), 0);
    d->r->book.is_full = false;
    assert_true(webtext_post(d->w, &post, &verdict));
    assert_int_equal(verdict, WEBTEXT_KEPT);
    close_desk(d);
}

static void each_refusal_has_a_name_and_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < WEBTEXT_VERDICTS; i++) {
        assert_true(strlen(webtext_verdict_name((enum webtext_verdict)i)) > 1);
        assert_true(strlen(webtext_verdict_words((enum webtext_verdict)i)) > 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_opens_a_contact_with_its_words_in_one_append),
        cmocka_unit_test(what_is_sent_twice_is_one_and_what_follows_joins_it),
        cmocka_unit_test(an_answer_counts_as_soon_as_it_is_kept),
        cmocka_unit_test(a_death_forgets_and_doubles_nothing),
        cmocka_unit_test(words_are_kept_to_the_last_sign_and_not_one_more),
        cmocka_unit_test(nobody_is_written_to_where_nobody_reads),
        cmocka_unit_test(so_many_within_a_minute_and_not_one_more),
        cmocka_unit_test(one_contact_takes_so_many_messages),
        cmocka_unit_test(one_address_has_so_many_open_and_opens_so_many_an_hour),
        cmocka_unit_test(a_full_house_says_so_and_counts_who_was_turned_away),
        cmocka_unit_test(the_heart_without_room_and_the_last_page_are_refused_too),
        cmocka_unit_test(while_the_writer_takes_nothing_nothing_is_said_to_be_kept),
        cmocka_unit_test(each_refusal_has_a_name_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
