/* sheets.c — answer sheets from their files: each field, what is wrong with its line and a cure,
 * bounds at them and past them, and the folder as a whole. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/directory.h"
#include "config/sheets.h"
#include "directory/sheet.h"
#include "test/support/folder.h"

#define HOUSE                                                                                      \
    "organisation: { name: Mairie }\nhours: { h: { lun: 8h-9h } }\n"                               \
    "services:\n  - { id: accueil, name: Accueil, hours: h }\n"                                    \
    "  - { id: sante, name: Santé, hours: h }\n"
#define HEAD                                                                                       \
    "---\ntitre: Carte perdue\nservices: [sante, accueil]\ndate: 2026-10-05\n"                     \
    "responsable: Accueil\nrevoir: 2027-03-31\n---\n"

static struct directory *house;
static struct directory_sheet sheet;
static struct config_errors errors;

static int set_up(void **state)
{
    struct settings s;
    (void)state;
    settings_defaults(&s);
    errors = (struct config_errors){.file = "directory.yaml"};
    return config_directory_read(&house, HOUSE, &s, &errors);
}

static int tear_down(void **state)
{
    (void)state;
    config_directory_drop(house);
    return 0;
}

static bool reads(const char *text)
{
    sheet = (struct directory_sheet){.id = "s"};
    errors = (struct config_errors){.file = "s.md"};
    return config_sheet_read(&sheet, text_of(text), house, &errors);
}

static void refused(const char *text, uint32_t line, const char *what)
{
    assert_false(reads(text));
    if (errors.list[0].line != line || !strstr(errors.list[0].what, what) ||
        !errors.list[0].cure[0])
        fail_msg("%u: %s → %s", errors.list[0].line, errors.list[0].what, errors.list[0].cure);
}

static void each_field_has_its_place(void **state)
{
    (void)state;
    calendar_day day;
    assert_true(reads(HEAD "# Dire\n> SMS\u00a0: Bonjour \nfin"));
    assert_string_equal(sheet.title, "Carte perdue");
    assert_string_equal(sheet.owner, "Accueil");
    assert_int_equal(sheet.services_n, 2);
    assert_int_equal(sheet.services[0], 1);
    assert_true(calendar_day_of(&day, 2026, 10, 5) && sheet.dated == day);
    assert_true(calendar_day_of(&day, 2027, 3, 31) && sheet.review == day);
    assert_true(text_starts_fold(sheet.body, TEXT("# Dire")));
    assert_true(text_equal(directory_sheet_sms(&sheet), TEXT("Bonjour")));
    assert_true(reads(HEAD));
    assert_int_equal(sheet.body.n, 0);
    assert_int_equal(directory_sheet_sms(&sheet).n, 0);
}

/* A directory is not refused for a sheet of a service that left it. */
static void a_service_that_left_is_told_and_left_out(void **state)
{
    (void)state;
    static struct config_errors warnings;
    warnings = (struct config_errors){.n = 0};
    sheet = (struct directory_sheet){.id = "s"};
    errors = (struct config_errors){.file = "s.md", .warnings = &warnings};
    assert_true(config_sheet_read(&sheet,
                                  TEXT("---\ntitre: x\nservices: [sant, accueil]\n"
                                       "date: 2026-10-05\nresponsable: x\n"
                                       "revoir: 2027-01-01\n---\n"),
                                  house, &errors));
    assert_int_equal(sheet.services_n, 1);
    assert_int_equal(warnings.n, 1);
    assert_int_equal(warnings.list[0].line, 3);
    assert_non_null(strstr(warnings.list[0].what, "sant"));
    assert_string_equal(warnings.list[0].file, "s.md");
}

static void what_is_wrong_is_said_with_its_line_and_a_cure(void **state)
{
    (void)state;
    char text[1024], sms[256];
    refused("", 1, "pas d’en-tête");
    refused("# Dire", 1, "pas d’en-tête");
    refused("---\ntitre: x\n", 1, "pas d’en-tête");
    refused("---\nservices: [sante]\ndate: 2026-10-05\nresponsable: x\nrevoir: 2027-01-01\n---\n",
            2, "titre");
    refused("---\ntitre: x\nservices: sante\ndate: 2026-10-05\nresponsable: x\nrevoir: "
            "2027-01-01\n---\n",
            3, "liste");
    refused("---\ntitre: x\nservices: [sante]\ndate: 5 mai\nresponsable: x\nrevoir: "
            "2027-01-01\n---\n",
            4, "date");
    refused("---\ntitre: x\nservices: [sante]\ndate: 2026-10-05\nresponsable: x\nrevoir: "
            "2026-10-04\n---\n",
            6, "avant");
    refused("---\ntitre: x\ncouleur: bleu\nservices: [sante]\ndate: 2026-10-05\nresponsable: "
            "x\nrevoir: 2027-01-01\n---\n",
            3, "couleur");
    refused(HEAD "\xff", 8, "UTF-8");
    memset(sms, 'a', sizeof(sms));
    snprintf(text, sizeof(text), HEAD "x\n> SMS : %.*s\n", 160, sms);
    assert_true(reads(text));
    snprintf(text, sizeof(text), HEAD "x\n> SMS : %.*s\n", 161, sms);
    refused(text, 9, "161 signes");
}

static void put(const struct folder *folder, const char *name, const char *text, size_t n)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

static int load(const struct folder *folder)
{
    config_sheets_drop(house);
    errors = (struct config_errors){.file = "directory.yaml"};
    return config_sheets_load(house, folder->path, &errors);
}

static void a_folder_is_read_in_the_order_of_its_names(void **state)
{
    (void)state;
    struct folder folder;
    static char large[DIRECTORY_SHEET_BYTES + 1];
    folder_open(&folder);
    assert_int_equal(load(&(struct folder){.path = "/nowhere"}), 0);
    assert_null(house->sheets);
    put(&folder, "b.md", HEAD "b", strlen(HEAD) + 1);
    put(&folder, "a.md", HEAD "a", strlen(HEAD) + 1);
    put(&folder, "notes.txt", "x", 1);
    assert_int_equal(load(&folder), 0);
    assert_int_equal(house->sheets->n, 2);
    assert_string_equal(house->sheets->list[0].id, "a");
    assert_true(text_equal(house->sheets->list[1].body, TEXT("b")));
    assert_string_equal(errors.file, "directory.yaml");

    memset(large, 'x', sizeof(large));
    memcpy(large, HEAD, strlen(HEAD));
    put(&folder, "c.md", large, DIRECTORY_SHEET_BYTES);
    assert_int_equal(load(&folder), 0);
    put(&folder, "c.md", large, DIRECTORY_SHEET_BYTES + 1);
    assert_int_equal(load(&folder), EINVAL);
    assert_non_null(strstr(errors.list[0].what, "trop longue"));
    assert_non_null(strstr(errors.list[0].file, "c.md"));
    put(&folder, "c.md", HEAD, strlen(HEAD));
    put(&folder, "Ça.md", HEAD, strlen(HEAD));
    assert_int_equal(load(&folder), EINVAL);
    assert_non_null(strstr(errors.list[0].what, "minuscules"));
    load(&(struct folder){.path = "/nowhere"});
    folder_drop(&folder);
}

/* As config_load() does for other files. */
static int load_instead(const struct folder *folder, const char *name, const char *text)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    const struct config_instead instead = {path, text, strlen(text)};
    config_sheets_drop(house);
    errors = (struct config_errors){.file = "directory.yaml", .instead = &instead};
    return config_sheets_load(house, folder->path, &errors);
}

static void a_change_is_read_in_the_place_of_its_file(void **state)
{
    (void)state;
    struct folder folder;
    static char large[DIRECTORY_SHEET_BYTES + 2];
    folder_open(&folder);
    assert_int_equal(load_instead(&folder, "a.md", HEAD "first of all"), 0);
    assert_int_equal(house->sheets->n, 1);
    put(&folder, "b.md", HEAD "b", strlen(HEAD) + 1);
    assert_int_equal(load_instead(&folder, "b.md", HEAD "other"), 0);
    assert_int_equal(house->sheets->n, 1);
    assert_true(text_equal(house->sheets->list[0].body, TEXT("other")));
    assert_int_equal(load_instead(&folder, "a.md", HEAD "new"), 0);
    assert_int_equal(house->sheets->n, 2);
    assert_string_equal(house->sheets->list[0].id, "a");
    assert_true(text_equal(house->sheets->list[0].body, TEXT("new")));
    assert_int_equal(load_instead(&folder, "b.md", ""), 0); /* it is to go */
    assert_int_equal(house->sheets->n, 0);
    assert_int_equal(load_instead(&folder, "../b.md", HEAD "elsewhere"), EINVAL);
    assert_int_equal(load_instead(&folder, "b.txt", HEAD "of no sheet"), 0);
    assert_true(text_equal(house->sheets->list[0].body, TEXT("b")));
    assert_int_equal(load_instead(&folder, "c.md", "# none"), EINVAL);
    assert_non_null(strstr(errors.list[0].file, "c.md"));
    memset(large, 'x', sizeof(large) - 1);
    memcpy(large, HEAD, strlen(HEAD));
    assert_int_equal(load_instead(&folder, "c.md", large), EINVAL);
    assert_non_null(strstr(errors.list[0].what, "trop longue"));
    large[DIRECTORY_SHEET_BYTES] = 0;
    assert_int_equal(load_instead(&folder, "c.md", large), 0);
    load(&(struct folder){.path = "/nowhere"});
    folder_drop(&folder);
}

static void one_sheet_past_the_bound_is_refused(void **state)
{
    (void)state;
    struct folder folder;
    char name[32];
    folder_open(&folder);
    for (unsigned i = 0; i < DIRECTORY_SHEETS_MAX; i++) {
        snprintf(name, sizeof(name), "f%u.md", i);
        put(&folder, name, HEAD, strlen(HEAD));
    }
    assert_int_equal(load(&folder), 0);
    assert_int_equal(house->sheets->n, DIRECTORY_SHEETS_MAX);
    assert_int_equal(load_instead(&folder, "a.md", HEAD), EINVAL);
    assert_non_null(strstr(errors.list[0].what, "trop de fiches"));
    load(&(struct folder){.path = "/nowhere"});
    folder_drop(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_has_its_place),
        cmocka_unit_test(a_service_that_left_is_told_and_left_out),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line_and_a_cure),
        cmocka_unit_test(a_folder_is_read_in_the_order_of_its_names),
        cmocka_unit_test(a_change_is_read_in_the_place_of_its_file),
        cmocka_unit_test(one_sheet_past_the_bound_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
