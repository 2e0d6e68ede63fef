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
    {.name = "label", CONFIG_AT(struct ivr_step, label), .form = CONFIG_TEXT, .min = 1},
    CONFIG_LATER("play"),
    CONFIG_LATER("menu"),
    CONFIG_LATER("queue"),
    CONFIG_LATER("inform"),
    CONFIG_LATER("closed"),
    CONFIG_LATER("next"),
    CONFIG_LATER("keys"),
    CONFIG_LATER("slow"),
    CONFIG_LATER("say"),
    CONFIG_LATER("else"),
    CONFIG_LATER("collect"),
    CONFIG_LATER("digits"),
    CONFIG_LATER("is"),
    CONFIG_LATER("tries"),
    CONFIG_LATER("wrong"),
    CONFIG_LATER("branch"),
    CONFIG_LATER("lang"),
    CONFIG_LATER("transfer"),
    CONFIG_LATER("message"),
    CONFIG_LATER("echo"),
    CONFIG_LATER("until"),
    {.name = "must_hear", CONFIG_AT(struct ivr_step, is_mandatory), .form = CONFIG_BOOL},
};
static const struct config_table step_table = CONFIG_TABLE(step_keys);

/* What goes with the key that gives a step its kind. */
struct form {
    const char *key;
    enum ivr_kind kind;
    const char *with[6];     /* allowed beside it; NULL: nothing more */
    const char *required[2]; /* of these */
    bool may_be_heard;       /* must_hear has a sense: no key is asked for meanwhile */
};

/* A sentence beside a queue or a transfer is said before it; alone, "say" says a value: so it
 * stands last. */
static const struct form forms[] = {
    {"play", IVR_PLAY, {"next"}, {"next"}, true},
    {"menu", IVR_MENU, {"keys", "slow"}, {"keys"}, false},
    {"queue", IVR_QUEUE, {"say"}, {NULL}, true},
    {"inform", IVR_INFORM, {"next"}, {"next"}, true},
    {"closed", IVR_CLOSED, {NULL}, {NULL}, false},
    {"collect", IVR_COLLECT, {"digits", "is", "tries", "wrong", "next", "else"}, {"next"}, false},
    {"branch", IVR_BRANCH, {"else"}, {"else"}, false},
    {"lang", IVR_LANG, {"next"}, {"next"}, false},
    {"transfer", IVR_TRANSFER, {"say", "else"}, {"else"}, true},
    {"message", IVR_MESSAGE, {"until", "next"}, {"until", "next"}, true},
    {"echo", IVR_ECHO, {"next"}, {"next"}, true},
    {"say", IVR_SAY, {"next"}, {"next"}, true},
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
    r->flow->steps[step].number = directory_number_of(node->text);
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
ivr_prompt flow_read_prompt(struct flow_reading *r, const struct config_node *node)
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
        step->prompts[step->prompts_n++] = flow_read_prompt(r, e);
}

/* ---- where it leads ---- */

uint8_t flow_read_step_name(struct flow_reading *r, const struct config_node *node)
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
        uint8_t to = flow_read_step_name(r, e);
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

static bool goes_with(const struct form *form, const char *key)
{
    if (!strcmp(key, "id") || !strcmp(key, "label") || !strcmp(key, form->key))
        return true;
    if (!strcmp(key, "must_hear"))
        return form->may_be_heard;
    for (unsigned i = 0; i < ARRAY_LEN(form->with) && form->with[i]; i++)
        if (!strcmp(key, form->with[i]))
            return true;
    return false;
}

/* The kind of a step, or NULL and an error. */
static const struct form *find_form(struct flow_reading *r, const struct config_node *e)
{
    const struct form *found = NULL;
    for (unsigned i = 0; i < ARRAY_LEN(forms); i++) {
        const struct config_node *node = config_get(e, forms[i].key);
        if (node && found && goes_with(found, forms[i].key))
            continue;
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
    config_cure(r->errors, "dites play, menu, queue, inform, closed, say, collect, branch, lang, "
                           "transfer, message ou echo");
    return NULL;
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
    for (unsigned i = 0; i < ARRAY_LEN(form->required) && form->required[i]; i++) {
        if (config_get(e, form->required[i]))
            continue;
        config_wrong(r->errors, e, "il manque la clé " QUOTED, form->required[i]);
        config_cure(r->errors, "ajoutez «\u00a0%s: …\u00a0»", form->required[i]);
    }
}

/* What stands behind the key that gives the step its kind. */
static void read_own(struct flow_reading *r, struct ivr_step *step, const struct config_node *e,
                     const struct config_node *what)
{
    switch (step->kind) {
    case IVR_QUEUE:
        read_queue(r, step, what);
        return;
    case IVR_SAY:
        flow_read_value(r, step, what);
        return;
    case IVR_BRANCH:
        flow_read_branch(r, step, what);
        return;
    case IVR_LANG:
        flow_read_lang(r, step, what);
        return;
    case IVR_TRANSFER:
        flow_read_transfer(r, step, what);
        return;
    case IVR_PLAY:
    case IVR_MENU:
    case IVR_INFORM:
    case IVR_CLOSED:
    case IVR_COLLECT:
    case IVR_MESSAGE:
    case IVR_ECHO:
        read_prompts(r, step, what);
        break;
    case IVR_KINDS:
        return;
    }
    if (step->kind == IVR_COLLECT)
        flow_read_collect(r, step, e);
    else if (step->kind == IVR_MESSAGE)
        flow_read_message(r, step, e);
}

static void read_step(struct flow_reading *r, struct ivr_step *step, const struct config_node *e)
{
    const struct form *form = find_form(r, e);
    if (!form)
        return;
    check_form(r, form, e);
    const struct config_node *say = goes_with(form, "say") ? config_get(e, "say") : NULL;
    const struct config_node *next = config_get(e, "next"), *keys = config_get(e, "keys");
    const struct config_node *slow = config_get(e, "slow"), *other = config_get(e, "else");
    step->kind = form->kind;
    step->other = IVR_NO_STEP;
    read_own(r, step, e, config_get(e, form->key));
    if (say && form->kind != IVR_SAY)
        read_prompts(r, step, say);
    if (form->kind == IVR_MENU && keys)
        read_keys(r, step, keys);
    if (form->kind == IVR_MENU && slow)
        step->slow = flow_read_prompt(r, slow);
    if (goes_with(form, "next") && next)
        step->next = flow_read_step_name(r, next);
    if (goes_with(form, "else") && other)
        step->other = flow_read_step_name(r, other);
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
    e = r->steps->first;
    for (unsigned i = 0; i < r->flow->steps_n; i++, e = e->next)
        if (r->flow->steps[i].kind == IVR_TRANSFER)
            flow_check_transfer(r, &r->flow->steps[i], e);
}
