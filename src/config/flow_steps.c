/* flow_steps.c — the steps of a flow: each one a mapping whose kind is the key that it has.
 * Called by flow.c. Cost: steps × keys; a prompt is looked for in the whole table.
 * Invariant: nothing is written past the arrays of struct ivr_step, whatever the file says. */
#include <string.h>

#include "config/flow_parts.h"
#include "config/voice.h"
#include "say/judge.h"
#include "say/say.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define FREE_KEYS "12345679"

static const struct config_key step_keys[] = {
    CONFIG_LATER("id"),
    CONFIG_LATER("play"),
    CONFIG_LATER("menu"),
    CONFIG_LATER("queue"),
    CONFIG_LATER("inform"),
    CONFIG_LATER("closed"),
    CONFIG_LATER("next"),
    CONFIG_LATER("keys"),
    CONFIG_LATER("slow"),
    CONFIG_LATER("say"),
    {.name = "must_hear", CONFIG_AT(struct ivr_step, is_mandatory), .form = CONFIG_BOOL},
};
static const struct config_table step_table = CONFIG_TABLE(step_keys);

/* What goes with the key that gives a step its kind. */
struct form {
    const char *key;
    enum ivr_kind kind;
    const char *with[2];  /* allowed beside it; NULL: nothing more */
    const char *required; /* of these, or NULL */
    bool may_be_heard;    /* must_hear has a sense: no key is asked for meanwhile */
};

static const struct form forms[] = {
    {"play", IVR_PLAY, {"next"}, "next", true},
    {"menu", IVR_MENU, {"keys", "slow"}, "keys", false},
    {"queue", IVR_QUEUE, {"say"}, NULL, true},
    {"inform", IVR_INFORM, {"next"}, "next", true},
    {"closed", IVR_CLOSED, {NULL}, NULL, false},
};

/* ---- ids ---- */

struct config_things flow_steps(const struct flow_reading *r)
{
    return (struct config_things){"étape inconnue", NULL, r->ids, DIRECTORY_ID_BYTES,
                                  r->flow->steps_n};
}

const struct config_node *flow_step_node(const struct flow_reading *r, unsigned step)
{
    const struct config_node *e = r->steps->first;
    for (unsigned i = 0; i < step; i++)
        e = e->next;
    return e;
}

static void keep_id(struct flow_reading *r, unsigned step, const struct config_node *e)
{
    const struct config_node *node = config_get(e, "id");
    if (!node || node->kind != CONFIG_SCALAR) {
        config_wrong(r->errors, e, "cette étape n’a pas de nom");
        config_cure(r->errors, "ajoutez «\u00a0id: bonjour\u00a0»");
        return;
    }
    if (!config_id_plain(node, r->errors))
        return;
    memcpy(r->ids[step], node->text, strlen(node->text) + 1);
    for (unsigned i = 0; i < step; i++) {
        if (strcmp(r->ids[i], node->text) != 0)
            continue;
        config_wrong(r->errors, node, "l’étape " QUOTED " est déjà à la ligne %u", node->text,
                     flow_step_node(r, i)->line);
        config_cure(r->errors, "donnez un autre nom à l’une des deux");
        return;
    }
}

bool flow_read_ids(struct flow_reading *r)
{
    const struct config_node *list = r->steps;
    if (!list)
        return false; /* told already */
    if (list->kind != CONFIG_SEQUENCE || !list->n || list->n > IVR_STEPS_MAX) {
        config_wrong(r->errors, list, "ce n’est pas une liste de 1 à %d étapes", IVR_STEPS_MAX);
        config_cure(r->errors, "une ligne par étape" COLON
                               "«\u00a0- { id: bonjour, play: [greet.org], next: choix }\u00a0»");
        return false;
    }
    r->flow->steps_n = (uint8_t)list->n;
    const struct config_node *e = list->first;
    for (unsigned i = 0; i < list->n; i++, e = e->next)
        keep_id(r, i, e);
    return true;
}

/* ---- what a step says ---- */

static void unknown_prompt(struct flow_reading *r, const struct config_node *node)
{
    const char *names[PROMPT_N];
    for (unsigned i = PROMPT_NONE + 1; i < PROMPT_N; i++)
        names[i - 1] = prompt_rows[i].name;
    const struct config_words words = {"annonce inconnue", names, PROMPT_N - 1};
    config_unknown(node, &words, r->errors);
}

/* Each caller must hear it, in the language that they chose. */
static ivr_prompt read_prompt(struct flow_reading *r, const struct config_node *node)
{
    static const char *const languages[PROMPT_LANGS] = {"français", "anglais"};
    if (node->kind != CONFIG_SCALAR) {
        config_wrong(r->errors, node, "le nom d’une annonce est attendu ici");
        config_cure(r->errors, "par exemple" COLON "greet.org");
        return 0;
    }
    enum prompt_id id = config_voice_named(r->directory, node->text);
    if (id == PROMPT_NONE) {
        unknown_prompt(r, node);
        return 0;
    }
    if (id == PROMPT_GREET_DEMO && !r->directory->is_demo) {
        config_wrong(r->errors, node, "de vrais appels entendraient que c’est une démonstration");
        config_cure(r->errors, "enlevez greet.demo");
    }
    unsigned languages_n = r->flow->has_english ? PROMPT_LANGS : PROMPT_EN;
    for (unsigned lang = 0; lang < languages_n && !prompt_rows[id].is_common; lang++) {
        if (say_has_file(id, lang) || prompt_rows[id].kind == 'L')
            continue;
        config_wrong(r->errors, node, "l’annonce " QUOTED " n’existe pas en %s", node->text,
                     languages[lang]);
        config_cure(r->errors, "choisissez-en une autre");
    }
    return (ivr_prompt)id;
}

static void read_prompts(struct flow_reading *r, struct ivr_step *step,
                         const struct config_node *node)
{
    if (node->kind != CONFIG_SEQUENCE || !node->n || node->n > IVR_PROMPTS_MAX) {
        config_wrong(r->errors, node, "une liste de 1 à %d annonces est attendue ici",
                     IVR_PROMPTS_MAX);
        config_cure(r->errors, "par exemple" COLON "[greet.org, greet.english]");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next)
        step->prompts[step->prompts_n++] = read_prompt(r, e);
}

/* ---- where it leads ---- */

static uint8_t read_step_name(struct flow_reading *r, const struct config_node *node)
{
    const struct config_things steps = flow_steps(r);
    uint32_t i = config_refer(node, &steps, r->errors);
    return i == DIRECTORY_NONE ? IVR_NO_STEP : (uint8_t)i;
}

/* A key of our own choice; the others mean the same in every menu (voice-script §2). */
static bool is_free(struct flow_reading *r, const struct config_node *key)
{
    static const struct {
        const char *key, *meaning;
    } taken[] = {{"0", "une personne"}, {"8", "l’anglais"}, {"*", "répéter"}, {"#", "vos données"}};
    if (strlen(key->text) == 1 && strchr(FREE_KEYS, key->text[0]))
        return true;
    const char *meaning = NULL;
    for (unsigned i = 0; i < ARRAY_LEN(taken); i++)
        if (!strcmp(taken[i].key, key->text))
            meaning = taken[i].meaning;
    if (meaning)
        config_wrong(r->errors, key, "la touche %s a le même sens dans tous les menus" COLON "%s",
                     key->text, meaning);
    else
        config_wrong(r->errors, key, QUOTED " n’est pas une touche", key->text);
    config_cure(r->errors, "prenez 1 à 7, ou 9");
    return false;
}

static void read_keys(struct flow_reading *r, struct ivr_step *step, const struct config_node *node)
{
    if (node->kind != CONFIG_MAPPING || !node->n || node->n > IVR_CHOICES_MAX) {
        config_wrong(r->errors, node, "un menu a de 1 à %d choix", IVR_CHOICES_MAX);
        config_cure(r->errors, "par exemple" COLON
                               "{ 1: sante, 2: famille }\u00a0; au-delà, faites un second menu");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next) {
        uint8_t to = read_step_name(r, e);
        if (is_free(r, e->key))
            step->choices[step->choices_n++] = (struct ivr_choice){e->key->text[0], to};
    }
}

static void read_queue(struct flow_reading *r, struct ivr_step *step,
                       const struct config_node *node)
{
    struct config_things services = config_services(r->directory);
    services.unknown = "service inconnu";
    uint32_t i = config_refer(node, &services, r->errors);
    if (i != DIRECTORY_NONE)
        step->queue_id = r->directory->services[i].number;
}

/* ---- one step ---- */

/* The kind of a step, or NULL and an error. */
static const struct form *find_form(struct flow_reading *r, const struct config_node *e)
{
    const struct form *found = NULL;
    for (unsigned i = 0; i < ARRAY_LEN(forms); i++) {
        const struct config_node *node = config_get(e, forms[i].key);
        if (node && found) {
            config_wrong(r->errors, node->key,
                         "une étape ne peut pas être à la fois " QUOTED " et " QUOTED, found->key,
                         forms[i].key);
            config_cure(r->errors, "faites-en deux étapes, la première avec «\u00a0next\u00a0»");
            return NULL;
        }
        found = node ? &forms[i] : found;
    }
    if (found)
        return found;
    config_wrong(r->errors, e, "on ne sait pas ce que fait cette étape");
    config_cure(r->errors, "dites play, menu, queue, inform ou closed");
    return NULL;
}

static bool goes_with(const struct form *form, const char *key)
{
    if (!strcmp(key, "id") || !strcmp(key, form->key))
        return true;
    if (!strcmp(key, "must_hear"))
        return form->may_be_heard;
    for (unsigned i = 0; i < ARRAY_LEN(form->with) && form->with[i]; i++)
        if (!strcmp(key, form->with[i]))
            return true;
    return false;
}

static bool is_step_key(const char *key)
{
    for (unsigned i = 0; i < ARRAY_LEN(step_keys); i++)
        if (!strcmp(step_keys[i].name, key))
            return true;
    return false;
}

static void check_form(struct flow_reading *r, const struct form *form, const struct config_node *e)
{
    for (const struct config_node *k = e->first; k; k = k->next) {
        if (!is_step_key(k->key->text) || goes_with(form, k->key->text))
            continue;
        config_wrong(r->errors, k->key, QUOTED " ne va pas avec " QUOTED, k->key->text, form->key);
        config_cure(r->errors, "enlevez-le de cette étape");
    }
    if (!form->required || config_get(e, form->required))
        return;
    config_wrong(r->errors, e, "il manque la clé " QUOTED, form->required);
    config_cure(r->errors, "ajoutez «\u00a0%s: …\u00a0»", form->required);
}

static void read_step(struct flow_reading *r, struct ivr_step *step, const struct config_node *e)
{
    const struct form *form = find_form(r, e);
    if (!form)
        return;
    check_form(r, form, e);
    const struct config_node *what = config_get(e, form->key), *say = config_get(e, "say");
    const struct config_node *next = config_get(e, "next"), *keys = config_get(e, "keys");
    const struct config_node *slow = config_get(e, "slow");
    step->kind = form->kind;
    if (form->kind == IVR_QUEUE)
        read_queue(r, step, what);
    else
        read_prompts(r, step, what);
    if (form->kind == IVR_QUEUE && say)
        read_prompts(r, step, say);
    if (form->kind == IVR_MENU && keys)
        read_keys(r, step, keys);
    if (form->kind == IVR_MENU && slow)
        step->slow = read_prompt(r, slow);
    if ((form->kind == IVR_PLAY || form->kind == IVR_INFORM) && next)
        step->next = read_step_name(r, next);
}

void flow_read_steps(struct flow_reading *r)
{
    const struct config_node *e = r->steps->first;
    for (unsigned i = 0; i < r->flow->steps_n; i++, e = e->next) {
        struct ivr_step *step = &r->flow->steps[i];
        if (e->kind != CONFIG_MAPPING)
            continue; /* told already: it has no name */
        config_read(step, e, &step_table, r->errors);
        read_step(r, step, e);
    }
}
