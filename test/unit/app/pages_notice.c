/* pages_notice.c — the message of the day: what is taken and what is refused, before anything is
 * stored; told as heard only when it is (ADR 41). */
#include <errno.h>

#include "app/pages_notice.h"
#include "test/support/doorkeeper.h"

#define PATH "/api/v1/notice"
#define PAGE "/supervision/message"

static struct notice stored; /* as if on the disk */
static union {
    struct notice_sound sound;
    uint8_t room[sizeof(struct notice_sound) + 2 * sizeof(int16_t)];
} spoken;

static int read_notice(void *arg, struct notice *notice)
{
    (void)arg;
    *notice = stored;
    return stored.id ? 0 : ENOENT;
}

static const struct notice_sound *sound_of(void *arg)
{
    (void)arg;
    return spoken.sound.id ? &spoken.sound : NULL;
}

static struct door *open_house(void)
{
    struct door *d = door_open();
    d->port.notice = read_notice;
    d->pages.notice_sound = (struct notice_port){.sound = sound_of};
    door_admit(d, RIGHTS_SUPERVISOR, true);
    memset(&stored, 0, sizeof(stored));
    memset(&spoken, 0, sizeof(spoken));
    return d;
}

static unsigned give(struct door *d, enum pages_method method, const char *body)
{
    struct pages_request r = door_request(method, PATH);
    r.browser.csrf = door_csrf();
    r.body = text_of(body);
    d->rows_n = 0;
    unsigned status = door_await(d, &r);
    if (d->rows_n && d->rows[0].kind == JOURNAL_ROW_NOTICE)
        stored = d->rows[0].notice;
    return status;
}

static void must_say(const struct door *d, const char *what)
{
    if (!strstr(d->page, what))
        fail_msg("it does not say: %s\n%s", what, d->page);
}

static void it_is_a_row_and_a_line_of_the_log(void **state)
{
    (void)state;
    struct door *d = open_house();
    assert_int_equal(give(d, PAGES_POST, "{\"words\":\"Une panne.\\r\\nMerci.\",\"until\":\"\"}"),
                     200);
    assert_int_equal(d->rows_n, 2);
    assert_string_equal(stored.words, "Une panne. Merci.");
    assert_int_equal(stored.by_id, 9);
    assert_true(stored.id != 0 && stored.until_at > stored.at);
    assert_int_equal(stored.until_at % (3600 * 1000), 0); /* the end of the day */
    assert_int_equal(d->rows[1].audit.deed, ACCOUNT_NOTICE_SET);
    assert_true(d->rows[1].audit.about == stored.id);
    assert_int_equal(give(d, PAGES_DELETE, ""), 200);
    assert_string_equal(stored.words, "");
    assert_int_equal(d->rows[1].audit.deed, ACCOUNT_NOTICE_ENDED);
    struct pages_request r = door_request(PAGES_GET, PATH);
    assert_int_equal(door_ask(d, &r), 200);
    must_say(d, "\"notice\":null");
    door_drop(d);
}

static void what_is_not_on_the_disk_is_not_told(void **state)
{
    (void)state;
    struct door *d = open_house();
    struct pages_request r = door_request(PAGES_POST, PATH);
    r.browser.csrf = door_csrf();
    r.body = TEXT("{\"words\":\"Bonjour.\"}");
    d->is_disk_slow = true;
    door_ask(d, &r);
    assert_true(d->answer.is_later);
    r.order_id = d->answer.order_id;
    r.now_ms += ACCOUNTS_WAIT_MS;
    assert_int_equal(door_ask(d, &r), 503);
    d->is_disk_slow = false;
    d->is_post_full = true;
    assert_int_equal(give(d, PAGES_POST, "{\"words\":\"Bonjour.\"}"), 503);
    door_drop(d);
}

/* "{"words":"ééé…"}", so many of them. */
static const char *letters(unsigned n)
{
    static char body[1024];
    struct text_out out = {.p = body, .max = sizeof(body) - 1};
    text_put(&out, TEXT("{\"words\":\""));
    for (unsigned i = 0; i < n; i++)
        text_put(&out, i % 2 ? TEXT("é") : TEXT("e"));
    text_put(&out, TEXT("\"}"));
    body[out.n] = '\0';
    return body;
}

static void it_has_bounds(void **state)
{
    (void)state;
    struct door *d = open_house();
    assert_int_equal(give(d, PAGES_POST, letters(NOTICE_LETTERS_MAX)), 200);
    assert_int_equal(strlen(stored.words), NOTICE_LETTERS_MAX * 3 / 2);
    assert_int_equal(give(d, PAGES_POST, letters(NOTICE_LETTERS_MAX + 1)), 400);
    must_say(d, "200 letters");
    static const char *const wrong[] = {"",
                                        "{\"words\":\"\"}",
                                        "{\"words\":\" \\n \"}",
                                        "{\"words\":\"a\\u0007b\"}",
                                        "{\"words\":\"a\",\"until\":\"25:00\"}",
                                        "{\"words\":\"a\",\"until\":\"1000000000000\"}"};
    for (unsigned i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(give(d, PAGES_POST, wrong[i]), 400);
        assert_int_equal(d->rows_n, 0);
    }
    door_drop(d);
}

static void each_state_of_its_sound_has_its_words(void **state)
{
    static const struct {
        uint64_t about; /* which message the sound is of */
        int err;
        const char *name;
    } states[] = {{0, 0, "speaking"},
                  {2, 0, "speaking"}, /* that of the one before */
                  {1, 0, "said"},
                  {1, EFBIG, "too_long"},
                  {1, ENOENT, "unsaid"}};
    (void)state;
    struct door *d = open_house();
    stored = (struct notice){.id = 1, .at = DOOR_AT, .until_at = DOOR_AT + 1, .words = "<b>"};
    for (unsigned i = 0; i < ARRAY_LEN(states); i++) {
        spoken.sound = (struct notice_sound){states[i].about, states[i].err, states[i].err ? 0 : 2};
        struct pages_request r = door_request(PAGES_GET, PATH);
        assert_int_equal(door_ask(d, &r), 200);
        must_say(d, states[i].name);
        r = door_request(PAGES_GET, PAGE);
        r.form = PAGES_HTML;
        assert_int_equal(door_ask(d, &r), 200);
        must_say(d, "&lt;b&gt;");
        assert_null(strstr(d->page, "<b>"));
        r = door_request(PAGES_GET, PAGE "/son.wav");
        bool is_heard = !strcmp(states[i].name, "said");
        assert_int_equal(door_ask(d, &r), is_heard ? 200 : 404);
        if (is_heard)
            assert_int_equal(d->answer.body.n, 44 + 4);
    }
    stored.until_at = DOOR_AT; /* and at its instant it is no more */
    struct pages_request r = door_request(PAGES_GET, PATH);
    assert_int_equal(door_ask(d, &r), 200);
    must_say(d, "\"notice\":null");
    door_drop(d);
}

static void the_form_says_what_is_wrong(void **state)
{
    (void)state;
    struct door *d = open_house();
    struct pages_request r = door_request(PAGES_POST, PAGE);
    r.browser.csrf = door_csrf();
    r.form = PAGES_HTML;
    r.body = TEXT("geste=dire&texte=+");
    assert_int_equal(door_await(d, &r), 400);
    must_say(d, "le message n’a pas de texte");
    r.body = TEXT("geste=crier&texte=a");
    assert_int_equal(door_await(d, &r), 400);
    r.body = TEXT("geste=dire&texte=D%C3%A9lai+long.&jusqua=");
    assert_int_equal(door_await(d, &r), 303);
    assert_string_equal(d->answer.location, PAGE);
    assert_string_equal(d->rows[0].notice.words, "Délai long.");
    r = door_request(PAGES_POST, PAGE);
    r.browser.csrf = door_csrf();
    r.body = TEXT("geste=taire");
    assert_int_equal(door_await(d, &r), 303);
    assert_string_equal(d->rows[0].notice.words, "");
    door_drop(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_a_row_and_a_line_of_the_log),
        cmocka_unit_test(what_is_not_on_the_disk_is_not_told),
        cmocka_unit_test(it_has_bounds),
        cmocka_unit_test(each_state_of_its_sound_has_its_words),
        cmocka_unit_test(the_form_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
