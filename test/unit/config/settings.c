/* settings.c — a file of settings becomes a struct, or is refused whole with every error told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "acd/limits.h"
#include "config/settings.h"
#include "settings/keys.h"

static int read_text(struct settings *s, const char *text, struct config_errors *errors)
{
    memset(errors, 0, sizeof(*errors));
    errors->file = "decroche.yaml";
    return config_settings_read(s, text, strlen(text), errors);
}

static void what_is_left_out_is_at_its_default(void **state)
{
    (void)state;
    struct config_errors errors;
    struct settings s, plain;
    settings_defaults(&plain);
    assert_int_equal(read_text(&s, "log: { level: warning }\nqueue: { offer: 25s }\n", &errors), 0);
    assert_int_equal(s.log.level, SETTINGS_LOG_LEVEL_WARNING);
    assert_int_equal(s.queue.offer_ms, 25000);
    assert_int_equal(s.queue.wrap_up_ms, plain.queue.wrap_up_ms);
    assert_string_equal(s.journal.path, plain.journal.path);
}

static void durations_are_written_as_one_says_them(void **state)
{
    (void)state;
    struct config_errors errors;
    struct settings s;
    assert_int_equal(
        read_text(&s, "queue: { regain: 1h30, wrap_up: 90s, handle: 1h, closing_lead: 20min }\n",
                  &errors),
        0);
    assert_int_equal(s.queue.regain_ms, 5400000);
    assert_int_equal(s.queue.wrap_up_ms, 90000);
    assert_int_equal(s.queue.closing_lead_ms, 1200000);
}

static void a_wrong_file_changes_nothing_and_tells_everything(void **state)
{
    (void)state;
    static const char text[] = "queue:\n  ofer: 20s\n  short: 2h\nlog:\n  level: loud\nacd: 3\n";
    struct config_errors errors;
    struct settings s, before;
    memset(&s, 7, sizeof(s));
    before = s;
    assert_int_equal(read_text(&s, text, &errors), EINVAL);
    assert_memory_equal(&s, &before, sizeof(s));
    assert_int_equal(errors.n, 4);
    assert_int_equal(errors.list[0].line, 2);
    assert_non_null(strstr(errors.list[0].cure, "offer"));
    assert_int_equal(errors.list[1].line, 3);
    assert_int_equal(errors.list[2].line, 5);
    assert_int_equal(errors.list[3].line, 6);
}

static void a_contradiction_is_told_where_its_value_stands(void **state)
{
    (void)state;
    struct config_errors errors;
    struct settings s;
    assert_int_equal(read_text(&s, "log: {}\nqueue:\n  ring_area: 10s\n", &errors), EINVAL);
    assert_int_equal(errors.n, 1);
    assert_int_equal(errors.list[0].line, 3);
    assert_int_equal(errors.list[0].column, 14);
    assert_int_equal(read_text(&s, "queue:\n  ring_site: 10min\n", &errors), EINVAL);
    assert_int_equal(errors.list[0].line, 2); /* the key is at its default: its folder */
}

/* The value of a key alone in its folder; ms as milliseconds. True: the reader took it. */
static bool takes(const struct config_key *folder, const struct config_key *key, int64_t v)
{
    char text[128];
    struct config_errors errors = {0};
    struct settings s;
    struct config_doc *doc;
    settings_defaults(&s);
    int n = snprintf(text, sizeof(text), "%s: { %s: %lld%s }\n", folder->name, key->name,
                     (long long)v, key->form == CONFIG_MS ? "ms" : "");
    assert_int_equal(config_keep(&doc, text, (size_t)n, &errors), 0);
    bool taken = config_read(&s, config_root(doc), &settings_table, &errors);
    config_drop(doc);
    return taken;
}

static void every_bound_is_kept_at_it_and_past_it(void **state)
{
    (void)state;
    unsigned tried_n = 0;
    for (unsigned f = 0; f < settings_table.n; f++) {
        const struct config_key *folder = &settings_table.keys[f];
        for (unsigned i = 0; i < folder->table->n; i++) {
            const struct config_key *key = &folder->table->keys[i];
            if (key->form != CONFIG_U32 && key->form != CONFIG_MS)
                continue;
            assert_true(takes(folder, key, key->min) && takes(folder, key, key->max));
            assert_false(takes(folder, key, key->min - 1) || takes(folder, key, key->max + 1));
            tried_n++;
        }
    }
    assert_true(tried_n >= 88);
}

static const struct config_key *find(const char *folder, const char *name)
{
    for (unsigned f = 0; f < settings_table.n; f++)
        for (unsigned i = 0; i < settings_table.keys[f].table->n; i++)
            if (!strcmp(settings_table.keys[f].name, folder) &&
                !strcmp(settings_table.keys[f].table->keys[i].name, name))
                return &settings_table.keys[f].table->keys[i];
    fail_msg("no key %s.%s", folder, name);
    return NULL;
}

static void what_may_be_set_the_heart_accepts(void **state)
{
    (void)state;
    static const char *const pools[] = {"contacts_max", "agents_max", "queues_max", "lanes_max"};
    for (unsigned i = 0; i < ARRAY_LEN(pools); i++)
        assert_int_equal(find("acd", pools[i])->max, ACD_POOL_MAX);
    const struct config_key *queue = settings_queue_keys;
    for (unsigned i = 0; i < ARRAY_LEN(settings_queue_keys); i++)
        assert_true(queue[i].max <= ACD_DURATION_MS_MAX);
    for (unsigned i = 0; i < ARRAY_LEN(settings_priority_keys); i++)
        assert_int_equal(settings_priority_keys[i].max, ACD_HEAD_START_MS_MAX);
    struct settings s;
    settings_defaults(&s);
    assert_int_equal(s.acd.contacts_max, ACD_CONTACTS_DEFAULT);
    assert_int_equal(s.acd.agents_max, ACD_AGENTS_DEFAULT);
    assert_int_equal(s.acd.queues_max, ACD_QUEUES_DEFAULT);
    assert_int_equal(s.acd.lanes_max, ACD_LANES_DEFAULT);
}

static void a_path_is_read_from_the_folder_of_its_file(void **state)
{
    (void)state;
    static char to[CONFIG_PATH_BYTES], longest[CONFIG_PATH_BYTES];
    assert_true(config_path_beside(to, "demo/decroche.yaml", "directory.yaml"));
    assert_string_equal(to, "demo/directory.yaml");
    assert_true(config_path_beside(to, "decroche.yaml", "directory.yaml"));
    assert_string_equal(to, "directory.yaml");
    assert_true(config_path_beside(to, "/etc/decroche/decroche.yaml", "/var/lib/decroche.db"));
    assert_string_equal(to, "/var/lib/decroche.db");
    memset(longest, 'a', sizeof(longest) - 1);
    longest[0] = '/';
    assert_true(config_path_beside(to, "x", longest));
    longest[sizeof(longest) - 2] = '/';
    assert_false(config_path_beside(to, longest, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_at_its_default),
        cmocka_unit_test(durations_are_written_as_one_says_them),
        cmocka_unit_test(a_wrong_file_changes_nothing_and_tells_everything),
        cmocka_unit_test(a_contradiction_is_told_where_its_value_stands),
        cmocka_unit_test(every_bound_is_kept_at_it_and_past_it),
        cmocka_unit_test(what_may_be_set_the_heart_accepts),
        cmocka_unit_test(a_path_is_read_from_the_folder_of_its_file),
    };
    return cmocka_run_group_tests_name("config/settings", tests, NULL, NULL);
}
