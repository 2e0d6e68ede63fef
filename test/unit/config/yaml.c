/* yaml.c — a file becomes a tree with lines, or an error with its place and its cure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/table.h"

struct line {
    char host[8];
    uint16_t port;
    ms_t delay_ms;
};

struct queue {
    char name[CONFIG_NAME_MAX];
    uint32_t share_ppm;
    struct day_hours hours[WEEK_DAYS];
};

struct sheet {
    bool is_demo;
    uint32_t arrivals[WEEK_DAYS];
    unsigned colour;
    uint32_t cv_milli;
    struct line line;
    unsigned queues_n;
    struct queue queues[2];
    unsigned numbers_n;
    uint8_t numbers[3];
};

static const char *const colours[] = {"rouge", "vert", NULL};
static const struct config_key line_keys[] = {
    {.name = "host",
     CONFIG_AT(struct line, host),
     .form = CONFIG_TEXT,
     .is_required = true,
     .min = 2},
    {.name = "port", CONFIG_AT(struct line, port), .form = CONFIG_U16, .min = 1, .max = 65535},
    {.name = "delay",
     CONFIG_AT(struct line, delay_ms),
     .form = CONFIG_MS,
     .min = 1000,
     .max = 5400000},
};
static const struct config_table line_table = CONFIG_TABLE(line_keys);
static const struct config_key queue_keys[] = {
    {.name = "share", CONFIG_AT(struct queue, share_ppm), .form = CONFIG_PPM},
    {.name = "hours", CONFIG_AT(struct queue, hours), .form = CONFIG_WEEK},
};
static const struct config_table queue_table = CONFIG_TABLE(queue_keys);
static const struct config_key queue_item = {
    .form = CONFIG_GROUP, CONFIG_ITEM(struct queue), .table = &queue_table};
static const struct config_key number_item = {.form = CONFIG_U8, CONFIG_ITEM(uint8_t), .max = 9};
static const struct config_key sheet_keys[] = {
    {.name = "demo", CONFIG_AT(struct sheet, is_demo), .form = CONFIG_BOOL},
    {.name = "arrivals", CONFIG_AT(struct sheet, arrivals), .form = CONFIG_U32_WEEK},
    {.name = "colour", CONFIG_AT(struct sheet, colour), .form = CONFIG_ENUM, .words = colours},
    {.name = "cv", CONFIG_AT(struct sheet, cv_milli), .form = CONFIG_MILLI, .max = 2500},
    {.name = "line", CONFIG_AT(struct sheet, line), .form = CONFIG_GROUP, .table = &line_table},
    {.name = "queues",
     CONFIG_AT(struct sheet, queues),
     .form = CONFIG_ENTRIES,
     .item = &queue_item,
     CONFIG_COUNT_AT(struct sheet, queues_n)},
    {.name = "numbers",
     CONFIG_AT(struct sheet, numbers),
     .form = CONFIG_LIST,
     .item = &number_item,
     CONFIG_COUNT_AT(struct sheet, numbers_n),
     .min = 1},
};
static const struct config_table sheet_table = CONFIG_TABLE(sheet_keys);

/* Reads text into *sheet; answers the errors as printed. */
static const char *read_sheet(struct sheet *sheet, const char *text)
{
    static _Thread_local char said[8192];
    struct config_errors errors = {.file = "f.yaml"};
    struct config_doc *doc;
    memset(sheet, 0, sizeof(*sheet));
    int err = config_keep(&doc, text, strlen(text), &errors);
    assert_int_equal(err != 0, errors.n != 0);
    if (!err) {
        bool is_right = config_read(sheet, config_root(doc), &sheet_table, &errors);
        assert_int_equal(is_right, !errors.n);
    }
    config_drop(doc);
    config_errors_text(&errors, said, sizeof(said));
    return said;
}

static void a_whole_sheet_is_read(void **state)
{
    (void)state;
    struct sheet s;
    const char *said =
        read_sheet(&s, "demo: oui\n"
                       "arrivals: { lun: 410, mar-ven: 300 }\n"
                       "colour: vert\n"
                       "cv: 0.8\n"
                       "line:\n"
                       "  host: abc\n"
                       "  port: 5060\n"
                       "  delay: 1h30\n"
                       "queues:\n"
                       "  sante: { share: 24 %, hours: { lun-ven: \"08:30-18:00\" } }\n"
                       "  impots: { share: 0.5 }\n"
                       "numbers: [1, 2]\n");
    assert_string_equal(said, "");
    assert_true(s.is_demo);
    assert_int_equal(s.arrivals[0], 410);
    assert_int_equal(s.arrivals[4], 300);
    assert_int_equal(s.arrivals[5], 0);
    assert_int_equal(s.colour, 1);
    assert_int_equal(s.cv_milli, 800);
    assert_string_equal(s.line.host, "abc");
    assert_int_equal(s.line.delay_ms, 5400000);
    assert_int_equal(s.queues_n, 2);
    assert_string_equal(s.queues[0].name, "sante");
    assert_int_equal(s.queues[0].share_ppm, 240000);
    assert_int_equal(s.queues[0].hours[4].span[0].from_minute, 510);
    assert_int_equal(s.queues[0].hours[5].n, 0);
    assert_int_equal(s.queues[1].share_ppm, 500000);
    assert_int_equal(s.numbers_n, 2);
    assert_int_equal(s.numbers[1], 2);
}

static void every_mistake_of_a_file_is_told_in_one_run_with_its_place_and_cure(void **state)
{
    (void)state;
    struct sheet s;
    const char *said = read_sheet(&s, "demo: peut-être\n"
                                      "arivals: { lun: 1 }\n"
                                      "line: { port: 70000, delay: 2h }\n"
                                      "queues: { a: { share: 120 %, houses: 3 } }\n"
                                      "numbers: [1, 10, x, [2]]\n"
                                      "colour: vrt\n"
                                      "cv: 2.6\n");
    assert_string_equal(
        said, "f.yaml:1:7: «\u00a0demo\u00a0»\u00a0: «\u00a0peut-être\u00a0» ne se lit pas\n"
              "    → attendu\u00a0: oui ou non\n"
              "f.yaml:2:1: clé inconnue\u00a0: «\u00a0arivals\u00a0»\n"
              "    → vouliez-vous dire «\u00a0arrivals\u00a0»\u202f?\n"
              "f.yaml:3:15: «\u00a0port\u00a0»\u00a0: «\u00a0"
              "70000\u00a0» est hors des bornes\n"
              "    → attendu\u00a0: de 1 à 65535\n"
              "f.yaml:3:29: «\u00a0delay\u00a0»\u00a0: «\u00a0"
              "2h\u00a0» est hors des bornes\n"
              "    → attendu\u00a0: de 1s à 90min\n"
              "f.yaml:3:7: il manque la clé «\u00a0host\u00a0»\n"
              "    → ajoutez «\u00a0host: …\u00a0»\n"
              "f.yaml:4:23: «\u00a0share\u00a0»\u00a0: «\u00a0"
              "120 %\u00a0» ne se lit pas\n"
              "    → attendu\u00a0: une part (12\u00a0% ou 0.12), au plus 100\u00a0%\n"
              "f.yaml:4:30: clé inconnue\u00a0: «\u00a0houses\u00a0»\n"
              "    → vouliez-vous dire «\u00a0hours\u00a0»\u202f?\n"
              "f.yaml:5:10: «\u00a0numbers\u00a0» a 4 éléments\n"
              "    → attendu\u00a0: de 1 à 3\n"
              "f.yaml:6:9: mot inconnu\u00a0: «\u00a0vrt\u00a0»\n"
              "    → vouliez-vous dire «\u00a0vert\u00a0»\u202f?\n"
              "f.yaml:7:5: «\u00a0cv\u00a0»\u00a0: «\u00a0"
              "2.6\u00a0» est hors des bornes\n"
              "    → attendu\u00a0: de 0 à 2.5\n");
}

struct refusal {
    const char *text, *said;
};

static const struct refusal refusals[] = {
    {"", "f.yaml: ce fichier est vide\n    → écrivez-y au moins une clé\n"},
    {"# seulement\n", "f.yaml: ce fichier est vide\n    → écrivez-y au moins une clé\n"},
    {"demo: &a oui\n", "f.yaml:1:7: les ancres (&nom) sont refusées\n"
                       "    → écrivez la valeur elle-même, en toutes lettres\n"},
    {"demo: *a\n", "f.yaml:1:7: les renvois (*nom) sont refusés\n"
                   "    → écrivez la valeur elle-même, en toutes lettres\n"},
    {"demo: !!bool oui\n", "f.yaml:1:7: les étiquettes (!type) sont refusées\n"
                           "    → écrivez la valeur elle-même, en toutes lettres\n"},
    {"demo: oui\ndemo: non\n", "f.yaml:2:1: la clé «\u00a0"
                               "demo\u00a0» est déjà à la ligne 1\n"
                               "    → gardez l’une des deux\n"},
    {"demo: oui\n---\ndemo: non\n",
     "f.yaml:2:1: un second document commence ici\n"
     "    → gardez un seul document par fichier (enlevez «\u00a0---\u00a0»)\n"},
    {"? [a]\n: b\n", "f.yaml:1:3: une clé doit être un mot\n"
                     "    → écrivez «\u00a0"
                     "clé\u00a0: valeur\u00a0»\n"},
    {"line: [\n", "f.yaml:2:1: ceci n’est pas du YAML (did not find expected node content)\n"
                  "    → regardez cette ligne et celle d’avant\u00a0: décalage, guillemet ou "
                  "crochet non fermé, tabulation\n"},
    {"demo: \xff\n",
     "f.yaml: ceci n’est pas du YAML (invalid leading UTF-8 octet)\n"
     "    → enregistrez le fichier en UTF-8, sans caractère de contrôle (octet 6)\n"},
    {"[a]\n", "f.yaml:1:1: des clés sont attendues ici\n"
              "    → la première pourrait être «\u00a0"
              "demo\u00a0: …\u00a0»\n"},
    {"demo:\n", "f.yaml:1:6: «\u00a0"
                "demo\u00a0» n’a pas de valeur\n    → attendu\u00a0: oui ou non\n"},
    {"line: 3\n", "f.yaml:1:7: «\u00a0line\u00a0»\u00a0: «\u00a0"
                  "3\u00a0» ne se lit pas\n"
                  "    → attendu\u00a0: des clés, une par ligne\n"},
    {"numbers: {}\n", "f.yaml:1:10: «\u00a0numbers\u00a0» ne peut pas être une suite de clés\n"
                      "    → attendu\u00a0: une liste [a, b] ou «\u00a0- a\u00a0»\n"},
    {"numbers: []\n", "f.yaml:1:10: «\u00a0numbers\u00a0» a 0 éléments\n"
                      "    → attendu\u00a0: de 1 à 3\n"},
    {"arrivals: { lun-mar: 1, mar: 2 }\n",
     "f.yaml:1:25: jours\u00a0: «\u00a0mar\u00a0» ne se lit pas, ou répète un jour\n"
     "    → attendu\u00a0: lun, lun-ven ou mar-mer-ven, chaque jour une fois\n"},
    {"line: { host: abcdefgh }\n", "f.yaml:1:15: «\u00a0host\u00a0» est trop long (8 octets)\n"
                                   "    → attendu\u00a0: 7 octets au plus\n"},
    {"line: { host: a }\n", "f.yaml:1:15: «\u00a0host\u00a0» est trop court\n"
                            "    → attendu\u00a0: 2 caractère(s) au moins\n"},
};

static void each_refusal_says_the_place_and_the_cure(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(refusals); i++) {
        struct sheet s;
        assert_string_equal(read_sheet(&s, refusals[i].text), refusals[i].said);
    }
}

static int parse(const char *text, size_t n, struct config_errors *errors)
{
    struct config_doc *doc;
    *errors = (struct config_errors){.file = "f"};
    int err = config_keep(&doc, text, n, errors);
    config_drop(doc);
    return err;
}

static void depth_sixteen_passes_and_seventeen_does_not(void **state)
{
    (void)state;
    struct config_errors errors;
    char text[64];
    for (unsigned depth = CONFIG_DEPTH_MAX; depth <= CONFIG_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        bool ok = !parse(text, 2 * (size_t)depth, &errors);
        assert_int_equal(ok, depth <= CONFIG_DEPTH_MAX);
    }
    assert_int_equal(errors.list[0].column, CONFIG_DEPTH_MAX + 1);
}

static void too_many_values_or_keys_are_refused_at_the_bound(void **state)
{
    (void)state;
    struct config_errors errors;
    size_t n = 2 * (size_t)CONFIG_NODES_MAX + 8;
    char *text = malloc(n);
    for (unsigned extra = 0; extra < 2; extra++) { /* a list of N − 1 values is N nodes */
        size_t used = 0;
        text[used++] = '[';
        for (unsigned i = 0; i < CONFIG_NODES_MAX - 1 + extra; i++) {
            text[used++] = 'a';
            text[used++] = ',';
        }
        text[used++] = ']';
        assert_int_equal(!parse(text, used, &errors), !extra);
    }
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used = 0;
        for (unsigned i = 0; i < CONFIG_KEYS_MAX + extra; i++)
            used += (size_t)snprintf(text + used, n - used, "k%u: 1\n", i);
        assert_int_equal(!parse(text, used, &errors), !extra);
    }
    free(text);
}

static void a_file_of_four_mebibytes_passes_and_one_more_byte_does_not(void **state)
{
    (void)state;
    char path[] = "/tmp/decroche-yaml-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "wb");
    fputs("demo: oui\n#", f);
    for (size_t i = 11; i < CONFIG_FILE_BYTES_MAX; i++)
        fputc(i % 80 ? '.' : '#', f);
    fflush(f);
    struct config_errors errors = {.file = "f"};
    struct config_doc *doc;
    assert_int_equal(config_load(&doc, path, &errors), 0);
    config_drop(doc);
    fputc('\n', f);
    fclose(f);
    assert_int_not_equal(config_load(&doc, path, &errors), 0);
    assert_non_null(strstr(errors.list[0].what, "4\u00a0Mio"));
    remove(path);
    assert_int_not_equal(config_load(&doc, path, &errors), 0);
    assert_string_equal(errors.list[1].cure, "vérifiez le chemin");
}

static void past_twenty_errors_the_rest_is_counted(void **state)
{
    (void)state;
    char text[1024];
    size_t used = 0;
    for (unsigned i = 0; i < CONFIG_ERRORS_MAX + 3; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "inconnu%u: 1\n", i);
    struct sheet s;
    const char *said = read_sheet(&s, text);
    assert_non_null(strstr(said, "f.yaml:20:1: "));
    assert_null(strstr(said, "f.yaml:21:1: "));
    assert_non_null(strstr(said, "f.yaml: et 3 autres erreurs, non affichées\n"));
}

static void each_error_keeps_the_name_of_its_file(void **state)
{
    (void)state;
    const struct config_node early = {.line = 2, .column = 1}, late = {.line = 9, .column = 1};
    struct config_errors errors = {.file = "a"};
    config_wrong(&errors, &late, "un");
    config_wrong(&errors, &early, "deux");
    errors.file = "b";
    config_wrong(&errors, &late, "trois");
    config_wrong(&errors, &early, "quatre");
    config_errors_sort(&errors);
    char said[80];
    config_errors_text(&errors, said, sizeof(said));
    assert_string_equal(said, "a:2:1: deux\na:9:1: un\nb:2:1: quatre\nb:9:1: trois\n");
}

static void of_a_long_name_the_end_is_kept(void **state)
{
    (void)state;
    char name[CONFIG_ERROR_FILE_BYTES + 1] = "";
    memset(name, 'a', sizeof(name) - 1);
    struct config_errors errors = {.file = name};
    name[sizeof(name) - 2] = 0; /* one that just fits */
    config_wrong(&errors, NULL, "un");
    assert_string_equal(errors.list[0].file, name);
    name[sizeof(name) - 2] = 'z';
    memcpy(name + 3, "é", strlen("é")); /* the cut falls within this letter */
    config_wrong(&errors, NULL, "deux");
    const char *file = errors.list[1].file;
    assert_int_equal(strlen(file), CONFIG_ERROR_FILE_BYTES - 1 - 1);
    assert_memory_equal(file, "…a", strlen("…a"));
    assert_string_equal(file + strlen(file) - 2, "az");
}

static void a_small_buffer_gets_whole_errors_only(void **state)
{
    (void)state;
    struct config_errors errors = {.file = "f"};
    config_wrong(&errors, NULL, "un");
    config_wrong(&errors, NULL, "deux");
    char said[12];
    assert_int_equal(config_errors_text(&errors, said, sizeof(said)), 6);
    assert_string_equal(said, "f: un\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_sheet_is_read),
        cmocka_unit_test(every_mistake_of_a_file_is_told_in_one_run_with_its_place_and_cure),
        cmocka_unit_test(each_refusal_says_the_place_and_the_cure),
        cmocka_unit_test(depth_sixteen_passes_and_seventeen_does_not),
        cmocka_unit_test(too_many_values_or_keys_are_refused_at_the_bound),
        cmocka_unit_test(a_file_of_four_mebibytes_passes_and_one_more_byte_does_not),
        cmocka_unit_test(past_twenty_errors_the_rest_is_counted),
        cmocka_unit_test(each_error_keeps_the_name_of_its_file),
        cmocka_unit_test(of_a_long_name_the_end_is_kept),
        cmocka_unit_test(a_small_buffer_gets_whole_errors_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
