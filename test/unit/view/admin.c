/* admin.c — pages of the administration: what a version changed, forms that keep what was typed,
 * words of others that stay words; markup that is whole. */
#include "test/unit/view/house.h"
#include "test/unit/view/markup.h"
#include "view/admin.h"

static struct view_compared room;
static struct view_admin admin;
static const struct view_version *version;
static const struct view_thing *thing;

static bool no_item(void *arg, const char *list, unsigned i, struct files_item *item)
{
    (void)arg;
    (void)list;
    (void)i;
    (void)item;
    return false;
}

static const struct files_port files = {.item = no_item};

static void render_version(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_admin_version(&h, house, &admin, version);
}

static void render_thing(struct text_out *out, const struct view_house *house)
{
    struct html h = {.out = out};
    view_admin_thing(&h, house, &admin, thing);
}

static const char *difference(struct house *h, const char *before, const char *now)
{
    static const struct files_version v = {.number = 7, .file = "annuaire", .note = "why & how"};
    const struct view_version shown = {&v, text_of(now), text_of(before), &room};
    version = &shown;
    admin = (struct view_admin){.files = &files};
    const char *page = house_page(h, render_version);
    must_be_whole(page);
    const char *at = strstr(page, "<pre");
    assert_non_null(at);
    return at;
}

static void a_difference_is_what_differs_and_three_lines_around(void **state)
{
    (void)state;
    struct house *h = house_open();
    const char *page =
        difference(h, "1\n2\n3\n4\nold <b>\n6\n7\n8\n9\n", "1\n2\n3\n4\nnew\n6\n7\n8\n9\n");
    assert_null(strstr(page, "> 1<"));
    assert_non_null(strstr(page, "<span class=\"same\">  2</span>"));
    assert_non_null(strstr(page, "<span class=\"old\">− old &lt;b&gt;</span>\n"
                                 "<span class=\"new\">+ new</span>"));
    assert_non_null(strstr(page, "<span class=\"same\">  8</span>"));
    assert_null(strstr(page, "  9<"));
    house_drop(h);
}

static unsigned count(const char *page, const char *word)
{
    unsigned n = 0;
    for (; (page = strstr(page, word)); page++)
        n++;
    return n;
}

static void lines_in_common_are_not_told_twice(void **state)
{
    (void)state;
    struct house *h = house_open();
    const char *page = difference(h, "a\nb\nc\nd\n", "b\nx\nc\ny\n");
    assert_int_equal(count(page, "class=\"old\""), 2);
    assert_int_equal(count(page, "class=\"new\""), 2);
    assert_int_equal(count(page, "class=\"same\""), 2);
    page = difference(h, "a\n", "a\na\n");
    assert_int_equal(count(page, "class=\"new\""), 1);
    assert_int_equal(count(page, "class=\"old\""), 0);
    page = difference(h, "x\na\n", "a\n");
    assert_int_equal(count(page, "class=\"old\""), 1);
    assert_int_equal(count(page, "class=\"new\""), 0);
    house_drop(h);
}

/* At the bound each is compared with each; past it both are shown whole. */
static void a_long_difference_is_shown_whole(void **state)
{
    (void)state;
    static char before[2 * VIEW_COMPARED_MAX + 3], now[2 * VIEW_COMPARED_MAX + 3];
    struct house *h = house_open();
    for (unsigned n = VIEW_COMPARED_MAX; n <= VIEW_COMPARED_MAX + 1; n++) {
        for (unsigned i = 0; i < n; i++) {
            bool is_end = !i || i + 1 == n;
            memcpy(before + 2 * i, is_end ? "a\n" : "s\n", 3);
            memcpy(now + 2 * i, is_end ? "b\n" : "s\n", 3);
        }
        const char *page = difference(h, before, now);
        bool is_past = n > VIEW_COMPARED_MAX;
        assert_int_equal(count(page, "class=\"old\""), is_past ? n : 2);
        assert_int_equal(count(page, "class=\"new\""), is_past ? n : 2);
    }
    house_drop(h);
}

static void a_form_shows_what_was_typed_and_why_it_was_refused(void **state)
{
    (void)state;
    static const struct files_mistake mistakes[] = {
        {53, 12, "directory.yaml", "le mot « <x> » est inconnu", "écrivez-le autrement"}};
    static const struct files_told told = {
        .state = FILES_REFUSED, .n = 1, .more_n = 2, .mistakes = mistakes};
    static struct files_item item = {
        .first = 53,
        .n = 4,
        .fields = {{"name", "\"><script>alert(1)</script>", FILES_TEXT},
                   {"hours", "gone", FILES_TEXT},
                   {"strange", "kept", FILES_TEXT},
                   {"at", "{ x: 1 }", FILES_DEEP}}};
    struct house *h = house_open();
    const struct view_thing shown = {&view_lists[0], &item, "0123", "my note", ""};
    thing = &shown;
    admin = (struct view_admin){.files = &files, .told = &told};
    const char *page = house_page(h, render_thing);
    must_be_whole(page);
    must_say(page, "directory.yaml, ligne 53");
    must_say(page, "le mot « &lt;x&gt; » est inconnu");
    must_say(page, "<li>+2</li>");
    must_say(page, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"");
    must_say(page, "<option value=\"gone\" selected>");
    must_say(page, "name=\"f.strange\"");
    must_say(page, "<code>{ x: 1 }</code>");
    must_say(page, "value=\"my note\"");
    must_say(page, "value=\"retirer\"");
    assert_null(strstr(page, "name=\"f.at\""));
    assert_null(strstr(page, "<script>"));
    house_drop(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_is_what_differs_and_three_lines_around),
        cmocka_unit_test(lines_in_common_are_not_told_twice),
        cmocka_unit_test(a_long_difference_is_shown_whole),
        cmocka_unit_test(a_form_shows_what_was_typed_and_why_it_was_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
