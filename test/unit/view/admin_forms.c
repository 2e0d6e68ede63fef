/* admin_forms.c — forms of the administration: an answer sheet beside what agents see of it, an
 * account with the password that is shown once, a sentence and its words; what others typed stays
 * words; markup that is whole. */
#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/admin.h"

static const struct view_admin admin;
static const struct view_sheet_form *sheet_form;
static const struct view_account_form *account_form;
static const struct view_phrase *phrase_form;

static void render_sheet(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_admin_sheet(&h, house, &admin, sheet_form);
}

static void render_account(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_admin_account(&h, house, account_form);
}

static void render_phrase(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_admin_phrase(&h, house, &admin, phrase_form);
}

static bool has(const char *page, const char *words)
{
    return strstr(page, words) != NULL;
}

static void a_sheet_is_shown_as_text_and_as_agents_see_it(void **state)
{
    (void)state;
    struct house *h = house_open();
    struct directory_sheet sheet = {.title = "Carte <b>", .owner = "Nous", .dated = 20000};
    struct view_sheet_form form = {
        .id = "carte", .base = "abc", .note = "", .text = TEXT("---\n</textarea><script>\n")};
    sheet.review = 20001;
    sheet.body = TEXT("- [ ] dire\n> SMS : Venez\n");
    form.sheet = &sheet;
    sheet_form = &form;
    const char *page = house_page(h, render_sheet);
    must_be_whole(page);
    assert_true(has(page, "---\n&lt;/textarea&gt;&lt;script&gt;\n</textarea>"));
    assert_true(has(page, "<p class=\"lead\">Carte &lt;b&gt;</p>"));
    assert_true(has(page, "<span>dire</span>") && has(page, "Venez"));
    assert_true(has(page, "value=\"retirer\"") && has(page, "value=\"carte\""));
    form.sheet = NULL; /* what is wrong is not shown as if it were not */
    form.is_new = true;
    page = house_page(h, render_sheet);
    must_be_whole(page);
    assert_false(has(page, "Ce que voient les agents") || has(page, "value=\"retirer\""));
    assert_true(has(page, "name=\"neuve\""));
    house_drop(h);
}

static void a_password_is_shown_when_it_was_drawn_alone(void **state)
{
    (void)state;
    struct house *h = house_open();
    struct view_account_form form = {
        .account = {.login = "n.vasseur", .name = "\"><i>", .roles = 1u << ACCOUNT_SUPERVISOR},
        .password = "abcd-efgh"};
    account_form = &form;
    const char *page = house_page(h, render_account);
    must_be_whole(page);
    assert_true(has(page, "<code id=\"secret\">abcd-efgh</code>"));
    assert_true(has(page, "value=\"&quot;&gt;&lt;i&gt;\""));
    assert_true(has(page, "name=\"superviseur\" value=\"1\" checked>"));
    assert_true(has(page, "name=\"administrateur\" value=\"1\">"));
    assert_true(has(page, "value=\"fermer\"") && !has(page, "value=\"rouvrir\""));
    form.password = NULL;
    form.account.is_disabled = true;
    form.say = "refusé";
    form.error = "refused";
    page = house_page(h, render_account);
    must_be_whole(page);
    assert_false(has(page, "id=\"secret\""));
    assert_true(has(page, "refusé") && has(page, "Rien n’a changé."));
    assert_true(has(page, "value=\"rouvrir\"") && !has(page, "value=\"fermer\""));
    house_drop(h);
}

static void words_are_typed_where_they_can_be_others(void **state)
{
    (void)state;
    struct house *h = house_open();
    struct phrases_phrase one = {.name = "greet.org",
                                 .words = "Bonjour <b>",
                                 .source = PHRASES_SPOKEN,
                                 .ms = 3450,
                                 .longest_ms = 5000,
                                 .may_type = true};
    const struct phrases_measure measure = {
        .level_cdb = -2431, .peak_cdb = -5, .faults_n = 1, .faults = {"trop fort & long"}};
    struct view_phrase p = {.phrase = &one,
                            .measure = &measure,
                            .base = "abc",
                            .note = "",
                            .typed = "</textarea>",
                            .has_own = true};
    phrase_form = &p;
    const char *page = house_page(h, render_phrase);
    must_be_whole(page);
    assert_true(has(page, "Bonjour &lt;b&gt;") && has(page, "&lt;/textarea&gt;</textarea>"));
    assert_true(has(page, "son.wav?nom=greet.org&amp;voix=fr"));
    assert_true(has(page, "3,4") && has(page, "−24,3") && has(page, "−0,0"));
    assert_true(has(page, "trop fort &amp; long") && has(page, "name=\"mots\""));
    p.has_own = false;
    page = house_page(h, render_phrase);
    assert_true(has(page, "voice.own") && !has(page, "name=\"mots\""));
    one.may_type = false;
    p.measure = NULL;
    page = house_page(h, render_phrase);
    must_be_whole(page);
    assert_false(has(page, "<audio") || has(page, "name=\"mots\""));
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_is_shown_as_text_and_as_agents_see_it),
        cmocka_unit_test(a_password_is_shown_when_it_was_drawn_alone),
        cmocka_unit_test(words_are_typed_where_they_can_be_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
