/* pages_note.c — a note is of the one that the page showed, bounded, stored with a line of the log
 * before it is said to be; with a folded card nobody reads what somebody else wrote (ADR 48). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/accounts.h"
#include "app/pages_note.h"
#include "base/arena.h"
#include "test/unit/acd/house.h"

#define ACCOUNT 9u
#define NOW_MS ((ms_t)90000000)

/* An agent has somebody on the line; the disk is an array. */
struct post {
    struct house *house;
    struct workday workday;
    struct directory_agent agent;
    struct rights rights;
    struct view_house view;
    struct accounts accounts;
    struct accounts_port port;
    struct note stored[4];
    unsigned stored_n;
    uint64_t audit_id;
    struct account_audit audit;
    bool is_slow, is_full;
    struct workday_talk talk;
    char typed[NOTE_TYPED_MAX];
    struct text_out out;
    void *memory;
};

static bool make_random(void *arg, void *to, size_t n)
{
    static uint8_t next;
    (void)arg;
    memset(to, ++next, n);
    return true;
}

static bool take_rows(void *arg, const struct journal_row *rows, unsigned n)
{
    struct post *p = arg;
    if (p->is_full)
        return false;
    for (unsigned i = 0; i < n; i++) {
        if (rows[i].kind == JOURNAL_ROW_NOTE)
            p->stored[p->stored_n++] = rows[i].note;
        else
            p->audit = rows[i].audit;
    }
    p->audit_id = p->audit.id;
    return true;
}

static bool has_audit(void *arg, uint64_t id)
{
    const struct post *p = arg;
    return !p->is_slow && p->audit_id == id;
}

static int nth(void *arg, const struct accounts_note_of *of, struct note *note)
{
    const struct post *p = arg;
    unsigned left = of->n;
    for (unsigned i = p->stored_n; i-- > 0;) {
        if (p->stored[i].person_id != of->person_id || left-- > 0)
            continue;
        *note = p->stored[i];
        return 0;
    }
    return ENOENT;
}

static int by_id(void *arg, uint64_t id, struct account *account)
{
    (void)arg;
    *account = (struct account){.id = id, .name = "Zoé"};
    return id == ACCOUNT ? 0 : ENOENT;
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
    house_staff(p->house, 1, 0);
    house_caller(p->house);
    house_confirm(p->house, true);
    p->agent = (struct directory_agent){.number = 1};
    p->rights = (struct rights){.account_id = ACCOUNT, .agent = TEXT("a01")};
    p->view = (struct view_house){.acd = p->house->acd, .rights = &p->rights};
    struct acd_look_agent a;
    struct acd_look_contact contact;
    assert_true(acd_look_agent(p->house->acd, 0, &a) && a.talk_contact_id);
    assert_true(acd_look_contact_of(p->house->acd, a.talk_contact_id, &contact));
    const struct event joined = {.kind = EV_OFFER_JOINED,
                                 .offer_joined = {.contact_id = a.talk_contact_id, .agent_id = 1}};
    workday_fold(&p->workday, p->house->acd, &joined, ZONE_UTC);
    p->talk = workday_talk(&p->workday, p->house->acd, 1);
    assert_true(p->talk.contact_id == a.talk_contact_id);
    assert_true(p->talk.person_id == contact.person_id && p->talk.reference == contact.reference);
    p->port = (struct accounts_port){.arg = p,
                                     .random = make_random,
                                     .post_arg = p,
                                     .post = take_rows,
                                     .has_audit = has_audit,
                                     .note = nth,
                                     .by_id = by_id};
    p->accounts.args.port = &p->port;
    return p;
}

static void drop_post(struct post *p)
{
    house_drop(p->house);
    free(p->memory);
    free(p);
}

static unsigned ask(struct post *p, const char *body)
{
    struct pages_request r = {.method = PAGES_POST, .body = text_of(body), .now_ms = NOW_MS};
    const struct pages_note_args args = {&p->accounts, &p->view, &r, &p->workday, &p->agent};
    struct pages_answer answer = {.status = 200};
    p->out = (struct text_out){.p = p->typed, .max = sizeof(p->typed)};
    struct page_words words = pages_note(&args, &p->out, &answer);
    for (unsigned i = 0; i < 3 && answer.is_later; i++) {
        r.order_id = answer.order_id;
        r.now_ms += ACCOUNTS_WAIT_MS / 2;
        p->out.n = 0;
        words = pages_note(&args, &p->out, &answer);
    }
    return words.status;
}

static const char *form(struct post *p, const char *note)
{
    static char body[NOTE_TYPED_MAX + 64];
    snprintf(body, sizeof(body), "demande=%llu&note=%s", (unsigned long long)p->talk.contact_id,
             note);
    return body;
}

/* Its rows borrow from it. */
static void show(struct pages_notes *notes, struct post *p, bool is_open)
{
    const struct pages_request r = {.now_at = 1};
    const struct pages_note_args args = {&p->accounts, &p->view, &r, &p->workday, &p->agent};
    pages_notes(&args, is_open, notes);
}

static void a_note_is_a_row_and_a_line_of_the_log(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_int_equal(ask(p, form(p, "Rappeler+sa+fille%0D%0Aapr%C3%A8s+18h")), 200);
    assert_int_equal(p->stored_n, 1);
    assert_string_equal(p->stored[0].words, "Rappeler sa fille après 18h");
    assert_true(p->stored[0].person_id == p->talk.person_id);
    assert_true(p->stored[0].by_id == ACCOUNT && p->stored[0].id != 0);
    assert_int_equal(p->audit.deed, ACCOUNT_NOTED);
    assert_true(p->audit.about == p->stored[0].id && p->audit.who == ACCOUNT);
    assert_int_equal(strlen(p->audit.detail), 8); /* a reference, and nothing of the words */
    drop_post(p);
}

static void what_is_not_on_the_disk_is_not_said_to_be(void **state)
{
    (void)state;
    struct post *p = open_post();
    p->is_slow = true;
    assert_int_equal(ask(p, form(p, "un")), 503);
    assert_true(text_equal((struct text){p->out.p, p->out.n}, TEXT("un"))); /* stays in the box */
    p->is_full = true;
    assert_int_equal(ask(p, form(p, "un")), 503);
    drop_post(p);
}

static void it_is_of_the_one_that_the_page_showed(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_int_equal(ask(p, "demande=123456&note=un"), 409);
    assert_int_equal(ask(p, "note=un"), 409);
    p->workday.talks[0].person_id = 0; /* a withheld number */
    assert_int_equal(ask(p, form(p, "un")), 409);
    p->workday.talks[0].contact_id = 0; /* another agent's slot before */
    assert_int_equal(ask(p, "demande=0&note=un"), 409);
    assert_int_equal(p->stored_n, 0);
    drop_post(p);
}

static void it_has_bounds(void **state)
{
    (void)state;
    char many[NOTE_LETTERS_MAX + 2];
    struct post *p = open_post();
    memset(many, 'a', sizeof(many));
    many[NOTE_LETTERS_MAX + 1] = '\0';
    assert_int_equal(ask(p, form(p, many)), 400);
    many[NOTE_LETTERS_MAX] = '\0';
    assert_int_equal(ask(p, form(p, many)), 200);
    assert_int_equal(strlen(p->stored[0].words), NOTE_LETTERS_MAX);
    assert_int_equal(ask(p, form(p, "+%0A+")), 400);
    assert_int_equal(ask(p, form(p, "a%07b")), 400);
    assert_int_equal(p->stored_n, 1);
    drop_post(p);
}

static void with_a_folded_card_only_what_i_wrote_in_this_call_is_shown(void **state)
{
    (void)state;
    struct post *p = open_post();
    assert_int_equal(ask(p, form(p, "de+moi")), 200);
    p->stored[1] = p->stored[0];
    p->stored[1].by_id = ACCOUNT + 1; /* a colleague's */
    p->stored[2] = p->stored[0];
    p->stored[2].contact_id = 3; /* mine, of another day */
    p->stored[3] = p->stored[0];
    p->stored[3].person_id ^= 1; /* of somebody else */
    p->stored_n = 4;
    struct pages_notes notes;
    show(&notes, p, false);
    assert_int_equal(notes.n, 1);
    assert_true(notes.rows[0].is_mine);
    assert_string_equal(notes.rows[0].words, "de moi");
    show(&notes, p, true);
    assert_int_equal(notes.n, 3);
    assert_true(!notes.rows[0].is_mine && notes.rows[0].by[0]);
    assert_string_equal(notes.rows[1].by, ""); /* that account is no more */
    drop_post(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_is_a_row_and_a_line_of_the_log),
        cmocka_unit_test(what_is_not_on_the_disk_is_not_said_to_be),
        cmocka_unit_test(it_is_of_the_one_that_the_page_showed),
        cmocka_unit_test(it_has_bounds),
        cmocka_unit_test(with_a_folded_card_only_what_i_wrote_in_this_call_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
