/* directory_lines.c — telephone numbers wherever the directory names one, lines that many people
 * share, and interpreters. Called by directory.c and its other files. Cost: a look-up a number.
 * Invariant: a number is compared in its international form, however it was written. */
#include <string.h>

#include "config/directory_parts.h"
#include "directory/number.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* ---- numbers ---- */

bool directory_read_number(struct reading *r, uint64_t *e164, const struct config_node *node)
{
    if (!number_e164(e164, node->text)) {
        config_wrong(r->errors, node, "ce numéro ne se lit pas" COLON QUOTED, node->text);
        config_cure(r->errors, "attendu" COLON "\"05 36 49 00 10\" ou \"+33 5 36 49 00 10\"");
        return false;
    }
    if (number_is_fiction(*e164) && !r->d->is_demo) {
        config_wrong(r->errors, node,
                     "numéro de fiction" COLON "il ne peut ni appeler ni être "
                     "appelé (" QUOTED ")",
                     node->text);
        config_cure(r->errors, "mettez le vrai numéro, ou «\u00a0demo: true\u00a0» dans une "
                               "démonstration");
        return false;
    }
    return true;
}

bool directory_read_others_number(struct reading *r, uint64_t *e164, const struct config_node *node)
{
    if (!directory_read_number(r, e164, node))
        return false;
    uint32_t own = directory_dialled_find(r->d, *e164);
    if (own == DIRECTORY_NONE)
        return true;
    config_wrong(r->errors, node,
                 QUOTED " est l’un de nos numéros (ligne %u)" COLON
                        "nous nous appellerions nous-mêmes",
                 node->text, r->d->numbers[own].flow_line);
    config_cure(r->errors, "mettez le numéro de l’autre, ou enlevez celui-ci de "
                           "«\u00a0numbers\u00a0»");
    return false;
}

/* What the gate would refuse when somebody waits for it. */
bool directory_read_dialled_number(struct reading *r, uint64_t *e164,
                                   const struct config_node *node)
{
    if (!directory_read_others_number(r, e164, node))
        return false;
    enum number_class class = number_class(*e164);
    bool is_dear = class == NUMBER_SURCHARGED || class == NUMBER_SPECIAL ||
                   class == NUMBER_SATELLITE || !number_is_whole(*e164);
    if (!is_dear)
        return true;
    config_wrong(r->errors, node,
                 "nous n’appelons aucun numéro surtaxé, spécial ou de satellite (" QUOTED ")",
                 node->text);
    config_cure(r->errors, "mettez un numéro de fixe ou de mobile");
    return false;
}

void directory_check_surcharge(struct reading *r, const struct config_node *where)
{
    const struct config_warning warning = {
        where, "prenez un numéro normal ou gratuit\u00a0; l’État n’a pas d’autre choix"};
    if (!r->d->organisation.forbids_surcharge) {
        config_warn(r->errors, &warning, "qui appelle ce numéro paie une surtaxe");
        return;
    }
    config_wrong(r->errors, where,
                 "un organisme de l’État ou de la sécurité sociale ne peut pas recevoir sur un "
                 "numéro surtaxé");
    config_cure(r->errors, "prenez un numéro normal ou gratuit (loi 2018-727, article 28)");
}

/* ---- shared lines ---- */

static void keep_shared(struct reading *r, const struct config_node *node)
{
    uint64_t e164;
    if (node->kind != CONFIG_SCALAR) {
        config_wrong(r->errors, node, "un numéro est attendu ici");
        config_cure(r->errors, "par exemple" COLON "shared_lines: [\"05 36 49 00 60\"]");
        return;
    }
    if (!directory_read_others_number(r, &e164, node))
        return;
    uint32_t before = map_get(&r->d->shared_of, e164);
    if (before != SLOT_NONE) {
        config_wrong(r->errors, node, "cette ligne est déjà à la ligne %u" COLON QUOTED,
                     r->items[before]->line, node->text);
        config_cure(r->errors, "gardez l’une des deux");
        return;
    }
    map_put(&r->d->shared_of, e164, r->d->shared_n);
    r->d->shared[r->d->shared_n++] = e164;
}

void directory_read_shared(struct reading *r)
{
    r->d->shared_n = 0; /* counted anew: those that are right */
    for (uint32_t i = 0; i < r->list->n; i++)
        keep_shared(r, r->items[i]);
}

/* ---- languages and interpreters ---- */

unsigned directory_read_language(struct reading *r, const struct config_node *node,
                                 const char *language)
{
    const char *words[64], *name;
    unsigned n = 0, bit = directory_language_bit(language);
    if (bit < 64)
        return bit;
    while ((name = directory_language_name(n)) != NULL)
        words[n++] = name;
    const char *near = config_nearest(language, words, n);
    config_wrong(r->errors, node, "langue inconnue" COLON QUOTED, node->text);
    if (near)
        config_cure(r->errors, "vouliez-vous dire «\u00a0%.*s%s\u00a0»\u202f?",
                    (int)(language - node->text), node->text, near);
    else
        config_cure(r->errors, "attendu" COLON "le code de deux lettres (%.*sar), lsf ou lpc",
                    (int)(language - node->text), node->text);
    return 64;
}

static const struct config_key interpreter_keys[] = {
    {.name = "lang", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "number",
     CONFIG_AT(struct directory_interpreter, shown),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
};
static const struct config_table interpreter_table = CONFIG_TABLE(interpreter_keys);

static void read_languages(struct reading *r, struct directory_interpreter *x,
                           const struct config_node *node)
{
    const struct config_node *e = node->kind == CONFIG_SEQUENCE ? node->first : node;
    if (!e || e->kind != CONFIG_SCALAR) {
        config_wrong(r->errors, node, "quelles langues\u202f?");
        config_cure(r->errors, "par exemple" COLON "lang: [ar, pt, ti, uk]");
        return;
    }
    for (; e; e = e == node ? NULL : e->next) {
        unsigned bit = directory_read_language(r, e, e->text);
        if (bit < 64 && x->languages >> bit & 1) {
            config_wrong(r->errors, e, "cette langue est dite deux fois" COLON QUOTED, e->text);
            config_cure(r->errors, "gardez l’une des deux");
        }
        x->languages |= bit < 64 ? UINT64_C(1) << bit : 0;
    }
}

static void check_once(struct reading *r, uint32_t index, const struct config_node *node)
{
    for (uint32_t i = 0; i < index; i++) {
        if (r->d->interpreters[i].e164 != r->d->interpreters[index].e164)
            continue;
        config_wrong(r->errors, node, "cet interprète est déjà à la ligne %u" COLON QUOTED,
                     r->items[i]->line, node->text);
        config_cure(r->errors, "rassemblez ses langues en une seule ligne");
        return;
    }
}

void directory_read_interpreters(struct reading *r)
{
    for (uint32_t i = 0; i < r->d->interpreters_n; i++) {
        struct directory_interpreter *x = &r->d->interpreters[i];
        const struct config_node *number = config_get(r->items[i], "number");
        const struct config_node *lang = config_get(r->items[i], "lang");
        config_read(x, r->items[i], &interpreter_table, r->errors);
        if (lang)
            read_languages(r, x, lang);
        if (number && number->kind == CONFIG_SCALAR && x->shown[0] &&
            directory_read_dialled_number(r, &x->e164, number))
            check_once(r, i, number);
    }
}
