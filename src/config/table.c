/* table.c — a mapping into a struct, by a table of keys. Called by the readers of config/.
 * One reader function per form; forms that hold others (group, list, entries) call back here, no
 * deeper than the tree, whose depth is bounded. Cost: keys × entries string compares.
 * Invariant: nothing is written past `size`; every refusal is one error with its place. */
#include <stdio.h>
#include <string.h>

#include "config/table.h"

#define KEYS_MAX 64 /* of one table; a larger one is our bug */
#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

typedef void read_fn(void *at, const struct config_node *node, const struct config_key *key,
                     struct config_errors *errors);

static const char *shown_name(const struct config_node *node, const struct config_key *key)
{
    if (key->name)
        return key->name;
    return node->key ? node->key->text : "cette liste";
}

static void wrong_form(const struct config_node *node, const struct config_key *key,
                       const char *wanted, struct config_errors *errors)
{
    const char *name = shown_name(node, key);
    if (node->kind == CONFIG_SCALAR)
        config_wrong(errors, node, QUOTED COLON QUOTED " ne se lit pas", name, node->text);
    else if (node->kind == CONFIG_NOTHING)
        config_wrong(errors, node, QUOTED " n’a pas de valeur", name);
    else
        config_wrong(errors, node, QUOTED " ne peut pas être une %s", name,
                     node->kind == CONFIG_SEQUENCE ? "liste" : "suite de clés");
    config_cure(errors, "attendu" COLON "%s", wanted);
}

static bool in_bounds(const struct config_key *key, int64_t v)
{
    return (!key->min && !key->max) || (v >= key->min && v <= key->max);
}

/* A duration of our own bounds, as one would write it in the file. */
static void duration_text(char *to, size_t n, ms_t ms)
{
    static const struct {
        const char *name;
        ms_t ms;
    } units[] = {{"j", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}};
    unsigned i = 0;
    while (i + 1 < ARRAY_LEN(units) && (!ms || ms % units[i].ms))
        i++;
    snprintf(to, n, "%lld%s", (long long)(ms / units[i].ms), ms ? units[i].name : "");
}

static void decimal_text(char *to, size_t n, int64_t v, int64_t one)
{
    snprintf(to, n, "%lld", (long long)(v / one));
    size_t k = strlen(to);
    for (int64_t rest = v % one; rest && k + 2 < n; rest = rest * 10 % one) {
        if (rest == v % one)
            to[k++] = '.';
        to[k++] = (char)('0' + rest * 10 / one);
        to[k] = 0;
    }
}

static void bound_text(char *to, size_t n, enum config_form form, int64_t v)
{
    if (form == CONFIG_MS)
        duration_text(to, n, v);
    else if (form == CONFIG_PPM)
        decimal_text(to, n, v, 1000000);
    else if (form == CONFIG_MILLI)
        decimal_text(to, n, v, 1000);
    else
        snprintf(to, n, "%lld", (long long)v);
}

static bool bounds_kept(const struct config_node *node, const struct config_key *key, int64_t v,
                        struct config_errors *errors)
{
    if (in_bounds(key, v))
        return true;
    char min[32], max[32];
    bound_text(min, sizeof(min), key->form, key->min);
    bound_text(max, sizeof(max), key->form, key->max);
    config_wrong(errors, node, QUOTED COLON QUOTED " est hors des bornes", shown_name(node, key),
                 node->text);
    config_cure(errors, "attendu" COLON "de %s à %s", min, max);
    return false;
}

static void read_bool(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    assert(key->size == sizeof(bool));
    if (node->kind != CONFIG_SCALAR || !config_bool(at, node->text))
        wrong_form(node, key, "oui ou non", errors);
}

static int64_t form_max(enum config_form form)
{
    switch (form) {
    case CONFIG_U8:
        return UINT8_MAX;
    case CONFIG_U16:
        return UINT16_MAX;
    case CONFIG_U32:
        return UINT32_MAX;
    default:
        return INT64_MAX;
    }
}

static void integer_store(void *at, size_t size, int64_t v)
{
    switch (size) {
    case 1:
        *(uint8_t *)at = (uint8_t)v;
        break;
    case 2:
        *(uint16_t *)at = (uint16_t)v;
        break;
    case 4:
        *(uint32_t *)at = (uint32_t)v;
        break;
    default:
        assert(size == 8);
        *(uint64_t *)at = (uint64_t)v;
    }
}

static void read_integer(void *at, const struct config_node *node, const struct config_key *key,
                         struct config_errors *errors)
{
    static const uint8_t sizes[] = {
        [CONFIG_U8] = 1, [CONFIG_U16] = 2, [CONFIG_U32] = 4, [CONFIG_U64] = 8};
    assert(key->size == sizes[key->form]);
    struct config_key bounded = *key;
    int64_t v;
    if (!bounded.min && !bounded.max)
        bounded.max = form_max(key->form);
    if (node->kind != CONFIG_SCALAR || !config_integer(&v, node->text))
        wrong_form(node, key, "un nombre entier", errors);
    else if (bounds_kept(node, &bounded, v, errors))
        integer_store(at, key->size, v);
}

static void read_ms(void *at, const struct config_node *node, const struct config_key *key,
                    struct config_errors *errors)
{
    ms_t v;
    assert(key->size == sizeof(v));
    if (node->kind != CONFIG_SCALAR || !config_duration(&v, node->text))
        wrong_form(node, key, "une durée avec son unité (300s, 5min, 1h30)", errors);
    else if (bounds_kept(node, key, v, errors))
        *(ms_t *)at = v;
}

static void read_ppm(void *at, const struct config_node *node, const struct config_key *key,
                     struct config_errors *errors)
{
    uint32_t v;
    assert(key->size == sizeof(v));
    if (node->kind != CONFIG_SCALAR || !config_ppm(&v, node->text))
        wrong_form(node, key, "une part (12\u00a0% ou 0.12), au plus 100\u00a0%", errors);
    else if (bounds_kept(node, key, v, errors))
        *(uint32_t *)at = v;
}

static void read_milli(void *at, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    uint32_t v;
    assert(key->size == sizeof(v));
    if (node->kind != CONFIG_SCALAR || !config_milli(&v, node->text))
        wrong_form(node, key, "un nombre positif (0.8)", errors);
    else if (bounds_kept(node, key, v, errors))
        *(uint32_t *)at = v;
}

static void read_time_of_day(void *at, const struct config_node *node, const struct config_key *key,
                             struct config_errors *errors)
{
    assert(key->size == sizeof(uint16_t));
    if (node->kind != CONFIG_SCALAR || !config_time(at, node->text))
        wrong_form(node, key, "une heure (08:30)", errors);
}

static void read_hours(void *at, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    if (node->kind != CONFIG_SCALAR || !config_hours(at, node->text))
        wrong_form(node, key, "des heures dans l’ordre (09:00-12:30 13:30-17:30) ou closed",
                   errors);
}

/* { lun-ven: …, sam: … }: each entry to its days; a day named twice is refused. */
static void read_days(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    bool is_week = key->form == CONFIG_WEEK;
    struct config_key one = *key;
    one.form = is_week ? CONFIG_HOURS : CONFIG_U32;
    one.size = is_week ? sizeof(struct day_hours) : sizeof(uint32_t);
    assert(key->size == WEEK_DAYS * one.size);
    uint8_t seen = 0;
    if (node->kind != CONFIG_MAPPING)
        wrong_form(node, key,
                   is_week ? "{ lun-ven: \"08:30-18:00\" }" : "{ lun: 410, mar-ven: 300 }", errors);
    for (const struct config_node *e = node->first; node->kind == CONFIG_MAPPING && e;
         e = e->next) {
        uint8_t mask;
        if (!config_days(&mask, e->key->text) || (mask & seen)) {
            config_wrong(errors, e->key, "jours" COLON QUOTED " ne se lit pas, ou répète un jour",
                         e->key->text);
            config_cure(errors,
                        "attendu" COLON "lun, lun-ven ou mar-mer-ven, chaque jour une fois");
            continue;
        }
        seen |= mask;
        for (unsigned d = 0; d < WEEK_DAYS; d++) {
            bool is_first = !(mask & ((1u << d) - 1));
            if (mask >> d & 1 && !config_read_value((char *)at + d * one.size, e, &one, errors) &&
                is_first)
                break;
        }
    }
}

static void read_text(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    if (node->kind != CONFIG_SCALAR) {
        wrong_form(node, key, "un texte", errors);
        return;
    }
    size_t n = strlen(node->text);
    if (n >= key->size) {
        config_wrong(errors, node, QUOTED " est trop long (%zu octets)", shown_name(node, key), n);
        config_cure(errors, "attendu" COLON "%u octets au plus", key->size - 1);
    } else if (n < (size_t)key->min) {
        config_wrong(errors, node, QUOTED " est trop court", shown_name(node, key));
        config_cure(errors, "attendu" COLON "%d caractère(s) au moins", (int)key->min);
    } else {
        memcpy(at, node->text, n + 1);
    }
}

/* "a, b, c" cut when it grows too long. */
static void words_text(char *to, size_t n, const char *const *words, unsigned words_n)
{
    size_t used = 0;
    to[0] = 0;
    for (unsigned i = 0; i < words_n; i++) {
        int k = snprintf(to + used, n - used, "%s%s", i ? ", " : "", words[i]);
        if (k < 0 || (size_t)k >= n - used) {
            snprintf(to + (used < n - 5 ? used : n - 5), 5, "…");
            return;
        }
        used += (size_t)k;
    }
}

static void unknown_word(const struct config_node *node, const char *what, const char *const *words,
                         struct config_errors *errors)
{
    char known[160];
    unsigned n = 0;
    while (words[n])
        n++;
    words_text(known, sizeof(known), words, n);
    const char *near = config_nearest(node->text, words, n);
    config_wrong(errors, node, "%s inconnu%s" COLON QUOTED, what, *what == 'c' ? "e" : "",
                 node->text);
    if (near)
        config_cure(errors, "vouliez-vous dire " QUOTED "\u202f?", near);
    else
        config_cure(errors, "connus ici" COLON "%s", known);
}

static void read_enum(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    assert(key->size == sizeof(unsigned));
    if (node->kind != CONFIG_SCALAR) {
        wrong_form(node, key, "un mot", errors);
        return;
    }
    for (unsigned i = 0; key->words[i]; i++)
        if (!strcmp(key->words[i], node->text)) {
            *(unsigned *)at = i;
            return;
        }
    unknown_word(node, "mot", key->words, errors);
}

static void read_group(void *at, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    if (node->kind != CONFIG_MAPPING)
        wrong_form(node, key, "des clés, une par ligne", errors);
    else
        config_read(at, node, key->table, errors);
}

static bool count_kept(const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    uint64_t room = key->size / key->item->size;
    uint64_t max = key->max && (uint64_t)key->max < room ? (uint64_t)key->max : room;
    if (node->n <= max && node->n >= (uint64_t)key->min)
        return true;
    config_wrong(errors, node, QUOTED " a %u éléments", shown_name(node, key), node->n);
    config_cure(errors, "attendu" COLON "de %llu à %llu", (unsigned long long)key->min,
                (unsigned long long)max);
    return false;
}

static void read_items(char *at, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    for (const struct config_node *e = node->first; e; e = e->next, at += key->item->size) {
        const struct config_key name = {
            .name = "nom", .size = CONFIG_NAME_MAX, .min = 1, .form = CONFIG_TEXT};
        if (key->form == CONFIG_ENTRIES)
            config_read_value(at, e->key, &name, errors);
        config_read_value(at, e, key->item, errors);
    }
}

/* The array only. Its count is another field: config_read() fills it, see read_counted(). */
static void read_list(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    bool is_entries = key->form == CONFIG_ENTRIES;
    if (node->kind != (is_entries ? CONFIG_MAPPING : CONFIG_SEQUENCE))
        wrong_form(node, key,
                   is_entries ? "des clés, une par ligne" : "une liste [a, b] ou «\u00a0- a\u00a0»",
                   errors);
    else if (count_kept(node, key, errors))
        read_items(at, node, key, errors);
}

static void read_call(void *at, const struct config_node *node, const struct config_key *key,
                      struct config_errors *errors)
{
    key->call((char *)at - key->at, node, errors);
}

void config_skip(void *target, const struct config_node *node, struct config_errors *errors)
{
    (void)target;
    (void)node;
    (void)errors;
}

static read_fn *const readers[] = {
    [CONFIG_BOOL] = read_bool,   [CONFIG_U8] = read_integer,   [CONFIG_U16] = read_integer,
    [CONFIG_U32] = read_integer, [CONFIG_U64] = read_integer,  [CONFIG_MS] = read_ms,
    [CONFIG_PPM] = read_ppm,     [CONFIG_MILLI] = read_milli,  [CONFIG_TIME] = read_time_of_day,
    [CONFIG_HOURS] = read_hours, [CONFIG_WEEK] = read_days,    [CONFIG_U32_WEEK] = read_days,
    [CONFIG_TEXT] = read_text,   [CONFIG_ENUM] = read_enum,    [CONFIG_GROUP] = read_group,
    [CONFIG_LIST] = read_list,   [CONFIG_ENTRIES] = read_list, [CONFIG_CALL] = read_call,
};

static unsigned errors_count(const struct config_errors *errors)
{
    return errors->n + errors->more_n;
}

bool config_read_value(void *target, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    unsigned before = errors_count(errors);
    readers[key->form](target, node, key, errors);
    return errors_count(errors) == before;
}

static void read_entry(char *target, const struct config_node *node, const struct config_key *key,
                       struct config_errors *errors)
{
    bool has_count = key->form == CONFIG_LIST || key->form == CONFIG_ENTRIES;
    if (config_read_value(target + key->at, node, key, errors) && has_count)
        *(unsigned *)(void *)(target + key->n_at) = node->n;
}

static int key_find(const struct config_table *table, const char *name)
{
    for (unsigned i = 0; i < table->n; i++)
        if (!strcmp(table->keys[i].name, name))
            return (int)i;
    return -1;
}

static void unknown_key(const struct config_node *node, const struct config_table *table,
                        struct config_errors *errors)
{
    const char *names[KEYS_MAX + 1];
    for (unsigned i = 0; i < table->n; i++)
        names[i] = table->keys[i].name;
    names[table->n] = NULL;
    unknown_word(node->key, "clé", names, errors);
}

bool config_read(void *target, const struct config_node *mapping, const struct config_table *table,
                 struct config_errors *errors)
{
    unsigned before = errors_count(errors);
    bool seen[KEYS_MAX] = {false};
    assert(table->n <= KEYS_MAX);
    if (mapping->kind != CONFIG_MAPPING) {
        config_wrong(errors, mapping, "des clés sont attendues ici");
        config_cure(errors, "la première pourrait être «\u00a0%s\u00a0: …\u00a0»",
                    table->keys[0].name);
        return false;
    }
    for (const struct config_node *e = mapping->first; e; e = e->next) {
        int i = key_find(table, e->key->text);
        if (i < 0) {
            unknown_key(e, table, errors);
            continue;
        }
        seen[i] = true;
        read_entry(target, e, &table->keys[i], errors);
    }
    for (unsigned i = 0; i < table->n; i++)
        if (table->keys[i].is_required && !seen[i]) {
            config_wrong(errors, mapping, "il manque la clé " QUOTED, table->keys[i].name);
            config_cure(errors, "ajoutez «\u00a0%s: …\u00a0»", table->keys[i].name);
        }
    return errors_count(errors) == before;
}
