/* flow_values.c — the steps of a flow that do more than sentences, menus and queues: values that
 * are said, entries of digits, branches, languages, transfers, messages with an end.
 * Called by flow_steps.c. Cost: keys of a step; a name is looked for in the whole directory.
 * Invariant: nothing is written past the arrays of struct ivr_step, whatever the file says. */
#include <string.h>

#include "config/flow_parts.h"
#include "config/value.h"
#include "directory/number.h"
#include "say/reference.h"
#include "say/say.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define TRIES 3
#define MESSAGE_MS_MAX 12000 /* voice-script §1 */
#define KNOWN "known"
#define NEW "new"

/* ---- one key of several ---- */

/* The one child of a mapping whose key is among words; NULL and an error when that is not so. */
static const struct config_node *only(struct flow_reading *r, const struct config_node *node,
                                      const struct config_words *words, unsigned *which)
{
    const struct config_node *found = NULL;
    for (unsigned i = 0; i < words->n; i++) {
        const struct config_node *e = config_get(node, words->list[i]);
        if (!e)
            continue;
        if (found) {
            config_wrong(r->errors, e->key, QUOTED " et " QUOTED " à la fois", found->key->text,
                         words->list[i]);
            config_cure(r->errors, "un seul des deux");
            return NULL;
        }
        found = e;
        *which = i;
    }
    if (!found) {
        config_wrong(r->errors, node, "%s", words->unknown);
        config_cure(r->errors, "par exemple" COLON "{ %s: … }", words->list[0]);
    }
    return found;
}

static void refuse_other_keys(struct flow_reading *r, const struct config_node *node,
                              const struct config_words *words, const char *too)
{
    for (const struct config_node *e = node->first; e; e = e->next) {
        bool is_known = too && !strcmp(e->key->text, too);
        for (unsigned i = 0; i < words->n; i++)
            is_known |= !strcmp(e->key->text, words->list[i]);
        if (!is_known)
            config_unknown(e->key, &(struct config_words){"clé inconnue", words->list, words->n},
                           r->errors);
    }
}

static struct config_things weeks(const struct directory *d)
{
    return (struct config_things){"horaires inconnus", NULL, d->weeks,
                                  sizeof(struct directory_week), d->weeks_n};
}

/* Hours that can be asked about on a call; told when they are not. */
static uint32_t phone_week(struct flow_reading *r, const struct config_node *node)
{
    const struct config_things hours = weeks(r->directory);
    uint32_t i = config_refer(node, &hours, r->errors);
    if (i == DIRECTORY_NONE || i < DIRECTORY_PHONE_WEEKS_MAX)
        return i;
    config_wrong(r->errors, node, "ces horaires ne sont pas ceux du téléphone" COLON QUOTED,
                 node->text);
    config_cure(r->errors, "nommez ceux d’un numéro ou d’un service\u00a0: %d au plus",
                DIRECTORY_PHONE_WEEKS_MAX);
    return DIRECTORY_NONE;
}

static struct config_things queues(const struct directory *d)
{
    struct config_things services = config_services(d);
    services.unknown = "service inconnu";
    return services;
}

static bool unreadable(struct flow_reading *r, const struct config_node *node, const char *cure)
{
    config_wrong(r->errors, node, QUOTED " ne se lit pas", node->text);
    config_cure(r->errors, "attendu" COLON "%s", cure);
    return false;
}

/* ---- say ---- */

static const char *const value_names[] = {"number", "hour", "day", "date", "wait", "opening"};
static const enum ivr_value_kind value_kinds[] = {IVR_VALUE_NUMBER, IVR_VALUE_HOUR,
                                                  IVR_VALUE_DAY,    IVR_VALUE_DATE,
                                                  IVR_VALUE_WAIT,   IVR_VALUE_OPENING};
static_assert(ARRAY_LEN(value_names) == ARRAY_LEN(value_kinds), "a kind for each name");

static bool read_day(uint64_t *weekday, const char *text)
{
    uint8_t mask;
    if (!config_days(&mask, text) || !mask || mask & (mask - 1u))
        return false;
    for (*weekday = 0; mask > 1; mask >>= 1)
        ++*weekday;
    return true;
}

static void read_value(struct flow_reading *r, struct ivr_value *v, const struct config_node *node)
{
    const struct config_things services = queues(r->directory);
    calendar_day day = 0;
    uint32_t i;
    switch (v->kind) {
    case IVR_VALUE_NUMBER:
        if (!number_e164(&v->number, node->text))
            unreadable(r, node, "un numéro de téléphone, «\u00a005 36 49 00 10\u00a0»");
        return;
    case IVR_VALUE_HOUR:
        if (!config_time(&v->minute, node->text) || v->minute >= 24 * 60)
            unreadable(r, node, "une heure, «\u00a008:30\u00a0»");
        return;
    case IVR_VALUE_DAY:
        if (!read_day(&v->number, node->text))
            unreadable(r, node, "un jour, «\u00a0lun\u00a0»");
        return;
    case IVR_VALUE_DATE:
        if (!config_date(&day, node->text))
            unreadable(r, node, "une date, «\u00a02026-12-24\u00a0»");
        v->day = day;
        return;
    case IVR_VALUE_WAIT:
        i = config_refer(node, &services, r->errors);
        v->number = i == DIRECTORY_NONE ? 0 : r->directory->services[i].number;
        return;
    case IVR_VALUE_OPENING:
        i = phone_week(r, node);
        v->number = i == DIRECTORY_NONE ? 0 : i;
        return;
    case IVR_VALUE_TYPED:
    case IVR_VALUE_ECHO:
    case IVR_VALUES:
        return;
    }
}

void flow_read_value(struct flow_reading *r, struct ivr_step *step, const struct config_node *node)
{
    static const struct config_words words = {"on ne sait pas ce qu’il faut dire ici", value_names,
                                              ARRAY_LEN(value_names)};
    unsigned which = 0;
    if (node->kind == CONFIG_SCALAR && !strcmp(node->text, "typed")) {
        step->value.kind = IVR_VALUE_TYPED;
        return;
    }
    const struct config_node *e = only(r, node, &words, &which);
    if (node->kind == CONFIG_MAPPING)
        refuse_other_keys(r, node, &words, NULL);
    if (!e)
        return;
    step->value.kind = value_kinds[which];
    read_value(r, &step->value, e);
}

/* ---- collect ---- */

/* "8", or "3-10". */
static bool read_bounds(struct ivr_step *step, const char *text)
{
    const char *dash = strchr(text, '-');
    char least[4] = "";
    int64_t min = 0, max = 0;
    size_t n = dash ? (size_t)(dash - text) : strlen(text);
    if (n == 0 || n >= sizeof(least))
        return false;
    memcpy(least, text, n);
    if (!config_integer(&min, least) || !config_integer(&max, dash ? dash + 1 : text))
        return false;
    if (min < 1 || max < min || max > IVR_TYPED_MAX)
        return false;
    step->min = (uint8_t)min;
    step->max = (uint8_t)max;
    return true;
}

static void read_digits(struct flow_reading *r, struct ivr_step *step,
                        const struct config_node *node)
{
    if (node->kind == CONFIG_SCALAR && read_bounds(step, node->text))
        return;
    step->min = step->max = 1;
    config_wrong(r->errors, node, "un nombre de chiffres est attendu ici, de 1 à %d",
                 IVR_TYPED_MAX);
    config_cure(r->errors, "par exemple" COLON "8, ou 3-10");
}

static void read_check(struct flow_reading *r, struct ivr_step *step,
                       const struct config_node *node)
{
    step->is_reference = true;
    if (node->kind != CONFIG_SCALAR || strcmp(node->text, "reference")) {
        config_wrong(r->errors, node, "on ne sait pas vérifier cela");
        config_cure(r->errors, "attendu" COLON "reference, un numéro de demande");
    } else if (!step->max) {
        step->min = step->max = SAY_REFERENCE_DIGITS;
    } else if (step->min != SAY_REFERENCE_DIGITS || step->max != SAY_REFERENCE_DIGITS) {
        config_wrong(r->errors, node, "un numéro de demande a %d chiffres", SAY_REFERENCE_DIGITS);
        config_cure(r->errors, "enlevez «\u00a0digits\u00a0»");
    }
}

void flow_read_collect(struct flow_reading *r, struct ivr_step *step, const struct config_node *e)
{
    static const struct config_key tries_key = {
        .name = "tries", .size = 1, .form = CONFIG_U8, .min = 1, .max = IVR_TRIES_MAX};
    const struct config_node *digits = config_get(e, "digits"), *check = config_get(e, "is");
    const struct config_node *tries = config_get(e, "tries"), *wrong = config_get(e, "wrong");
    step->tries = TRIES;
    if (digits)
        read_digits(r, step, digits);
    if (check)
        read_check(r, step, check);
    if (tries)
        config_read_value(&step->tries, tries, &tries_key, r->errors);
    if (wrong)
        step->wrong = flow_read_prompt(r, wrong);
    if (digits || check)
        return;
    config_wrong(r->errors, e, "il manque la clé " QUOTED, "digits");
    config_cure(r->errors, "par exemple" COLON "«\u00a0digits: 8\u00a0», ou «\u00a0is: "
                           "reference\u00a0»");
}

/* ---- branch ---- */

static const char *const when_names[] = {"hours", "lang", "called", "person"};

/* 0 for "fr"; one more than its bit for the others. */
static bool read_language(struct flow_reading *r, const struct config_node *node, ivr_lang *lang)
{
    unsigned bit = node->kind == CONFIG_SCALAR ? directory_language_bit(node->text) : 64;
    bool is_french = node->kind == CONFIG_SCALAR && !strcmp(node->text, "fr");
    *lang = is_french ? IVR_FRENCH : (ivr_lang)(bit + 1);
    if (is_french || bit < 64)
        return true;
    config_wrong(r->errors, node, "langue inconnue" COLON QUOTED, node->text);
    config_cure(r->errors, "attendu" COLON "le code de deux lettres (fr, en, ar), lsf ou lpc");
    *lang = IVR_FRENCH;
    return false;
}

static void read_called(struct flow_reading *r, struct ivr_case *c, const struct config_node *node)
{
    if (!number_e164(&c->value, node->text)) {
        unreadable(r, node, "un numéro de téléphone, «\u00a005 36 49 00 10\u00a0»");
    } else if (directory_dialled_find(r->directory, c->value) == DIRECTORY_NONE) {
        config_wrong(r->errors, node, "ce numéro n’est pas dans l’annuaire" COLON "%s", node->text);
        config_cure(r->errors, "un numéro de «\u00a0numbers\u00a0»");
    }
}

static void read_when(struct flow_reading *r, struct ivr_case *c, const struct config_node *node)
{
    ivr_lang lang = IVR_FRENCH;
    uint32_t i;
    switch (c->when) {
    case IVR_WHEN_OPEN:
        i = phone_week(r, node);
        c->value = UINT64_C(1) << (i == DIRECTORY_NONE ? 0 : i);
        r->flow->weeks |= c->value;
        return;
    case IVR_WHEN_LANG:
        read_language(r, node, &lang);
        c->value = lang;
        return;
    case IVR_WHEN_CALLED:
        read_called(r, c, node);
        return;
    case IVR_WHEN_KNOWN:
        c->value = !strcmp(node->text, KNOWN);
        if (!c->value && strcmp(node->text, NEW))
            unreadable(r, node, KNOWN " ou " NEW);
        return;
    }
}

static void read_case(struct flow_reading *r, struct ivr_case *c, const struct config_node *node)
{
    static const struct config_words words = {"ce cas n’a pas de condition", when_names,
                                              ARRAY_LEN(when_names)};
    const struct config_node *next = config_get(node, "next");
    unsigned which = 0;
    const struct config_node *e = only(r, node, &words, &which);
    c->step = IVR_NO_STEP;
    if (node->kind == CONFIG_MAPPING)
        refuse_other_keys(r, node, &words, "next");
    if (next) {
        c->step = flow_read_step_name(r, next);
    } else {
        config_wrong(r->errors, node, "on ne sait pas où mène ce cas");
        config_cure(r->errors, "ajoutez «\u00a0next: …\u00a0»");
    }
    c->when = (enum ivr_when)which;
    if (e)
        read_when(r, c, e);
}

void flow_read_branch(struct flow_reading *r, struct ivr_step *step, const struct config_node *node)
{
    if (node->kind != CONFIG_SEQUENCE || !node->n || node->n > IVR_CASES_MAX) {
        config_wrong(r->errors, node, "une liste de 1 à %d cas est attendue ici", IVR_CASES_MAX);
        config_cure(r->errors, "par exemple" COLON "[{ hours: plateforme, next: choix }]");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next)
        read_case(r, &step->cases[step->cases_n++], e);
}

/* ---- lang ---- */

void flow_read_lang(struct flow_reading *r, struct ivr_step *step, const struct config_node *node)
{
    if (!read_language(r, node, &step->lang) || step->lang != IVR_ENGLISH || r->flow->has_english)
        return;
    config_wrong(r->errors, node, "ce menu n’est pas dit en anglais");
    config_cure(r->errors, "ajoutez «\u00a0english: true\u00a0» au début du fichier");
}

static bool is_language_key(const char *text)
{
    return strlen(text) == 1 && ((text[0] >= '1' && text[0] <= '7') || text[0] == '9');
}

void flow_read_languages(struct flow_reading *r, const struct config_node *node)
{
    if (node->kind != CONFIG_MAPPING || !node->n || node->n > IVR_LANGUAGES_MAX) {
        config_wrong(r->errors, node, "de 1 à %d touches de langue sont attendues ici",
                     IVR_LANGUAGES_MAX);
        config_cure(r->errors, "par exemple" COLON "{ 6: pt, 7: ar }");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next) {
        ivr_lang lang;
        if (!is_language_key(e->key->text)) {
            config_wrong(r->errors, e->key, "la touche " QUOTED " ne convient pas", e->key->text);
            config_cure(r->errors, "prenez 1 à 7, ou 9\u00a0; pour l’anglais, "
                                   "«\u00a0english: true\u00a0»");
        } else if (read_language(r, e, &lang) && lang > IVR_ENGLISH) {
            r->flow->languages[r->flow->languages_n].key = e->key->text[0];
            r->flow->languages[r->flow->languages_n++].lang = lang;
        } else if (lang == IVR_ENGLISH) {
            config_wrong(r->errors, e, "l’anglais est à la touche 8, partout");
            config_cure(r->errors, "écrivez «\u00a0english: true\u00a0»");
        }
    }
}

/* ---- transfer ---- */

void flow_read_transfer(struct flow_reading *r, struct ivr_step *step,
                        const struct config_node *node)
{
    const struct config_things agents = config_agents(r->directory);
    uint64_t e164;
    if (node->kind == CONFIG_SCALAR && number_e164(&e164, node->text)) {
        config_wrong(r->errors, node, "un menu ne peut pas appeler un numéro extérieur" COLON "%s",
                     node->text);
        config_cure(r->errors, "nommez un agent de l’annuaire qui a «\u00a0direct: true\u00a0»");
        return;
    }
    uint32_t i = config_refer(node, &agents, r->errors);
    if (i == DIRECTORY_NONE)
        return;
    step->agent_id = r->directory->agents[i].number;
    if (r->directory->agents[i].is_direct)
        return;
    config_wrong(r->errors, node, "on ne peut pas demander " QUOTED " par son nom", node->text);
    config_cure(r->errors, "ajoutez «\u00a0direct: true\u00a0» à cet agent, dans l’annuaire");
}

static bool serves(const struct directory *d, const struct directory_agent *agent,
                   uint32_t queue_id)
{
    for (unsigned i = 0; i < agent->services_n; i++)
        if (d->services[agent->services[i]].number == queue_id)
            return true;
    return false;
}

void flow_check_transfer(struct flow_reading *r, const struct ivr_step *step,
                         const struct config_node *e)
{
    const struct directory *d = r->directory;
    const struct ivr_step *other =
        step->other < r->flow->steps_n ? &r->flow->steps[step->other] : NULL;
    uint32_t agent = step->agent_id ? directory_agent_find(d, step->agent_id) : DIRECTORY_NONE;
    const struct config_node *node = config_get(e, "else");
    if (!other || agent == DIRECTORY_NONE)
        return; /* told already */
    if (other->kind != IVR_QUEUE) {
        config_wrong(r->errors, node, "l’étape " QUOTED " n’est pas une file", node->text);
        config_cure(r->errors, "quand la personne n’est pas là, quelqu’un de cette file répond");
    } else if (other->queue_id && !serves(d, &d->agents[agent], other->queue_id)) {
        config_wrong(r->errors, node, QUOTED " ne répond pas à la file de l’étape " QUOTED,
                     d->agents[agent].id, node->text);
        config_cure(r->errors, "ajoutez-lui cette compétence, ou nommez une autre file");
    }
}

/* ---- message ---- */

/* "2026-12-01": to the end of that day; "2026-12-01 18:00". */
static bool read_until(struct flow_reading *r, ms_t *until_at, const char *text)
{
    char date[sizeof("2026-12-01")] = "";
    const char *hour = strchr(text, ' ');
    uint16_t minute = 24 * 60;
    calendar_day day;
    size_t n = hour ? (size_t)(hour - text) : strlen(text);
    if (n >= sizeof(date))
        return false;
    memcpy(date, text, n);
    if (!config_date(&day, date) || (hour && !config_time(&minute, hour + 1)))
        return false;
    *until_at = calendar_instant(r->directory->organisation.zone, day, minute);
    return true;
}

void flow_read_message(struct flow_reading *r, struct ivr_step *step, const struct config_node *e)
{
    const struct config_node *until = config_get(e, "until"), *what = config_get(e, "message");
    unsigned ms = 0;
    for (unsigned i = 0; i < step->prompts_n; i++)
        ms += prompt_rows[step->prompts[i]].max_ms;
    if (ms > MESSAGE_MS_MAX) {
        config_wrong(r->errors, what, "ce message peut durer %u s", (ms + 999) / 1000);
        config_cure(r->errors, "%d s au plus\u00a0: qui appelle attend le menu",
                    MESSAGE_MS_MAX / 1000);
    }
    if (until && (until->kind != CONFIG_SCALAR || !read_until(r, &step->until_at, until->text)))
        unreadable(r, until,
                   "jusqu’à quand, «\u00a02026-12-01\u00a0» ou «\u00a02026-12-01 18:00\u00a0»");
}
