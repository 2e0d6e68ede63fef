/* edit.c — a thing of a file is changed, and nothing else of the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/edit.h"

static const char file[] = "# the head\n"
                           "services:   # all of them\n"
                           "  - { id: a,  name: \"L’été, à deux\" }   # first\n"
                           "\n"
                           "  - id: b\n"
                           "    name: Two\n"
                           "    at: { x: [1, \"02\"], y: ~ }\n"
                           "hours:\n"
                           "  day: { lun-ven: \"08:30-18:00\" }  # open\n"
                           "lines: [{ id: p }, { id: q }]\n"
                           "empty:\n"
                           "tail: true";

struct bench {
    struct config_errors errors;
    struct config_doc *doc;
    char to[2048];
};

static const struct config_node *parse(struct bench *b, const char *text)
{
    memset(b, 0, sizeof(*b));
    assert_int_equal(config_keep(&b->doc, text, strlen(text), &b->errors), 0);
    return config_root(b->doc);
}

static struct files_field word(const char *key, const char *value, enum files_form form)
{
    struct files_field f = {.form = form};
    snprintf(f.key, sizeof(f.key), "%s", key);
    snprintf(f.value, sizeof(f.value), "%s", value);
    return f;
}

static enum config_edit_verdict put(struct bench *b, const char *text,
                                    const struct config_edit *edit)
{
    const struct config_node *root = parse(b, text);
    struct text_out out = {.p = b->to, .max = sizeof(b->to) - 1};
    enum config_edit_verdict verdict = config_edit_put(&out, text_of(text), root, edit);
    b->to[out.n] = 0;
    config_drop(b->doc);
    return verdict;
}

/* The file with one line of it replaced by others. */
static void expect(const struct bench *b, const char *was, const char *is)
{
    char wanted[2048];
    const char *at = strstr(file, was);
    assert_non_null(at);
    snprintf(wanted, sizeof(wanted), "%.*s%s%s", (int)(at - file), file, is, at + strlen(was));
    assert_string_equal(b->to, wanted);
    struct bench again; /* and it is still a file */
    parse(&again, b->to);
    config_drop(again.doc);
}

static void things_have_their_fields_as_text(void **state)
{
    struct bench b;
    struct files_item item;
    const struct config_node *root = parse(&b, file);
    assert_true(config_edit_item(&item, root, "services", 0));
    assert_int_equal(item.first, 3);
    assert_int_equal(item.last, 3);
    assert_false(item.is_locked);
    assert_string_equal(item.fields[1].value, "L’été, à deux");
    assert_true(config_edit_item(&item, root, "services", 1));
    assert_int_equal(item.first, 5);
    assert_int_equal(item.last, 7);
    assert_int_equal(item.fields[2].form, FILES_DEEP);
    assert_string_equal(item.fields[2].value, "{ x: [\"1\", \"02\"], y: ~ }");
    assert_false(config_edit_item(&item, root, "services", 2));
    assert_true(config_edit_item(&item, root, "hours", 0));
    assert_string_equal(item.name, "day");
    assert_true(config_edit_item(&item, root, "lines", 0));
    assert_true(item.is_locked);
    assert_false(config_edit_item(&item, root, "empty", 0));
    assert_false(config_edit_item(&item, root, "none", 0));
    config_drop(b.doc);
    (void)state;
}

static void one_line_changes_and_keeps_its_comment(void **state)
{
    struct bench b;
    const struct files_field fields[] = {word("name", "a \"b\" \\ #c\n", FILES_TEXT),
                                         word("skills", " x, lang:en,,y ", FILES_LIST)};
    const struct config_edit edit = {.list = "services", .line = 3, .fields = fields, .n = 2};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "  - { id: a,  name: \"L’été, à deux\" }   # first\n",
           "  - { id: a, name: \"a \\\"b\\\" \\\\ #c\\x0a\", skills: [x, \"lang:en\", y] }   # "
           "first\n");
    (void)state;
}

static void what_says_the_same_stays_as_it_was_written(void **state)
{
    struct bench b;
    const struct files_field same[] = {word("id", "a", FILES_TEXT),
                                       word("name", "L’été, à deux", FILES_TEXT),
                                       word("for", "", FILES_TEXT)};
    const struct config_edit edit = {.list = "services", .line = 3, .fields = same, .n = 3};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    assert_string_equal(b.to, file);
    (void)state;
}

static void a_block_becomes_a_line_and_keeps_what_is_deep(void **state)
{
    struct bench b;
    const struct files_field fields[] = {word("name", "", FILES_TEXT),
                                         word("at", "ignored", FILES_DEEP)};
    const struct config_edit edit = {.list = "services", .line = 5, .fields = fields, .n = 2};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "  - id: b\n    name: Two\n    at: { x: [1, \"02\"], y: ~ }\n",
           "  - { id: b, at: { x: [\"1\", \"02\"], y: ~ } }\n");
    (void)state;
}

static void things_go_and_come(void **state)
{
    struct bench b;
    const struct files_field fields[] = {word("id", "c", FILES_TEXT),
                                         word("flag", "true", FILES_TEXT)};
    struct config_edit edit = {.list = "services", .line = 3, .is_removed = true};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "  - { id: a,  name: \"L’été, à deux\" }   # first\n", "");
    edit = (struct config_edit){.list = "services", .fields = fields, .n = 2};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "    at: { x: [1, \"02\"], y: ~ }\n",
           "    at: { x: [1, \"02\"], y: ~ }\n  - { id: c, flag: true }\n");
    edit.list = "empty";
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "empty:\n", "empty:\n  - { id: c, flag: true }\n");
    edit.list = "absent";
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "tail: true", "tail: true\nabsent:\n  - { id: c, flag: true }\n");
    edit.list = "hours";
    edit.name = "night";
    assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
    expect(&b, "# open\n", "# open\n  night: { id: c, flag: true }\n");
    (void)state;
}

static void what_is_not_alone_or_not_there_is_refused(void **state)
{
    struct bench b;
    const struct files_field fields[] = {word("id", "c", FILES_TEXT)};
    struct config_edit edit = {.list = "lines", .line = 10, .fields = fields, .n = 1};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDIT_LOCKED);
    edit.line = 0;
    assert_int_equal(put(&b, file, &edit), CONFIG_EDIT_LOCKED);
    edit = (struct config_edit){.list = "services", .line = 4, .fields = fields, .n = 1};
    assert_int_equal(put(&b, file, &edit), CONFIG_EDIT_GONE);
    edit.line = 3;
    struct text_out out = {.p = b.to, .max = sizeof(file) - 20};
    const struct config_node *root = parse(&b, file);
    assert_int_equal(config_edit_put(&out, text_of(file), root, &edit), CONFIG_EDIT_FULL);
    config_drop(b.doc);
    (void)state;
}

/* Words that mean something else without quotes. */
static void words_stay_words(void **state)
{
    static const char *const words[] = {"null", "Yes", "off", "12", "2026-01-02", "a: b", "a #b",
                                        "[x]",  "*x",  "~",   "é",  "-",          "a\tb", "\x7f"};
    for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
        struct bench b, again;
        struct files_item item;
        const struct files_field fields[] = {word("name", words[i], FILES_TEXT)};
        const struct config_edit edit = {.list = "services", .line = 3, .fields = fields, .n = 1};
        assert_int_equal(put(&b, file, &edit), CONFIG_EDITED);
        assert_true(config_edit_item(&item, parse(&again, b.to), "services", 0));
        assert_string_equal(item.fields[1].value, words[i]);
        config_drop(again.doc);
    }
    (void)state;
}

static void a_text_stands_in_the_place_of_a_file(void **state)
{
    struct bench b = {0};
    const struct config_instead instead = {"/nowhere/x.yaml", "a: 1", 4};
    b.errors.instead = &instead;
    assert_int_equal(config_load(&b.doc, "/nowhere/x.yaml", &b.errors), 0);
    assert_string_equal(config_get(config_root(b.doc), "a")->text, "1");
    config_drop(b.doc);
    assert_int_not_equal(config_load(&b.doc, "/nowhere/y.yaml", &b.errors), 0);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(things_have_their_fields_as_text),
        cmocka_unit_test(one_line_changes_and_keeps_its_comment),
        cmocka_unit_test(what_says_the_same_stays_as_it_was_written),
        cmocka_unit_test(a_block_becomes_a_line_and_keeps_what_is_deep),
        cmocka_unit_test(things_go_and_come),
        cmocka_unit_test(what_is_not_alone_or_not_there_is_refused),
        cmocka_unit_test(words_stay_words),
        cmocka_unit_test(a_text_stands_in_the_place_of_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
