/* flow.c — see flow.h. The head of a flow, its judgement, and the flows of a directory together.
 * Cost: at start and on reload; numbers × flows to find each name once. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/flow.h"
#include "config/flow_parts.h"
#include "config/settings.h"
#include "ivr/flow_check.h"
#include "say/prompts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define REPEAT_MAX 3
#define FLOW_END ".yaml"

/* ---- one flow ---- */

static const struct config_key head_keys[] = {
    {.name = "english", CONFIG_AT(struct ivr_flow, has_english), .form = CONFIG_BOOL},
    {.name = "max_repeat",
     CONFIG_AT(struct ivr_flow, max_repeat),
     .form = CONFIG_U8,
     .max = REPEAT_MAX},
    {.name = "normal_price", CONFIG_AT(struct ivr_flow, says_normal_price), .form = CONFIG_BOOL},
    CONFIG_LATER("languages"),
    {.name = "general", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "closed", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    {.name = "steps", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
};
static const struct config_table head_table = CONFIG_TABLE(head_keys);

/* What ivr_check() finds, in words. */
static const struct {
    const char *what, *cure;
} faults[] = {
    [IVR_FLOW_OK] = {"", ""},
    [IVR_FLOW_STEPS] = {"il n’y a aucune étape, ou trop", "de 1 à 64 étapes"},
    [IVR_FLOW_TARGET] = {"cette étape mène à une étape qui n’existe pas", "nommez-en une autre"},
    [IVR_FLOW_KEY] = {"une touche de ce menu a un autre sens, ou y est deux fois",
                      "prenez 1 à 7, ou 9, chacune une fois"},
    [IVR_FLOW_CHOICES] = {"ce menu n’a aucun choix, ou trop", "de 1 à 4 choix"},
    [IVR_FLOW_LEVELS] = {"ce menu mène à un troisième menu de suite",
                         "deux au plus\u00a0: au-delà, on se perd"},
    [IVR_FLOW_LOOP] = {"d’ici, des étapes tournent en rond, sans menu, file ni fin",
                       "menez-les à un menu, à une file ou à une fermeture"},
    [IVR_FLOW_QUEUE] = {"cette étape n’est pas ce que «\u00a0general\u00a0» ou "
                        "«\u00a0closed\u00a0» en attend",
                        "une file pour le premier, une fermeture pour le second"},
    [IVR_FLOW_PROMPT] = {"il n’y a rien à entendre ici", "donnez-lui une annonce"},
    [IVR_FLOW_CASES] = {"cette étape n’a aucun cas, ou trop, ou un cas qui ne se juge pas",
                        "de 1 à 8 cas, et une étape «\u00a0else\u00a0»"},
    [IVR_FLOW_DIGITS] = {"ce nombre de chiffres ou d’essais ne convient pas",
                         "de 1 à 16 chiffres, de 1 à 5 essais"},
    [IVR_FLOW_VALUE] = {"il n’y a rien à dire ici", "donnez un numéro, une heure, une date…"},
    [IVR_FLOW_LANGUAGE] = {"une langue ou sa touche ne convient pas",
                           "quatre touches de langue au plus, en plus du 8"},
    [IVR_FLOW_UNREACHED] = {"aucun chemin ne mène à cette étape", "menez-y, ou enlevez-la"},
};
static_assert(ARRAY_LEN(faults) == IVR_FAULTS, "each fault has its words");

/* A step that the head names, which must be of one kind. */
static uint8_t read_named(struct flow_reading *r, const struct config_node *node,
                          enum ivr_kind kind)
{
    const struct config_things steps = flow_steps(r);
    uint32_t i = node ? config_refer(node, &steps, r->errors) : DIRECTORY_NONE;
    if (i == DIRECTORY_NONE)
        return IVR_NO_STEP;
    if (r->flow->steps[i].kind != kind) {
        config_wrong(r->errors, node, "l’étape " QUOTED " n’est pas %s", node->text,
                     kind == IVR_QUEUE ? "une file" : "une fermeture");
        config_cure(r->errors, kind == IVR_QUEUE ? "nommez une étape qui a «\u00a0queue\u00a0»"
                                                 : "nommez une étape qui a «\u00a0closed\u00a0»");
    }
    return (uint8_t)i;
}

/* Nobody may take a demonstration for the real service. */
static void check_demo(struct flow_reading *r)
{
    const struct ivr_step *first = &r->flow->steps[0];
    bool says_so = first->kind == IVR_PLAY && first->prompts[0] == PROMPT_GREET_DEMO;
    if (!r->directory->is_demo || says_so)
        return;
    config_wrong(r->errors, r->steps->first, "une démonstration commence par le dire");
    config_cure(r->errors, "la première étape" COLON "«\u00a0play: [greet.demo, …]\u00a0»");
}

/* Who we are before anything else, and in French before the key of another language (§1). */
static void check_order(struct flow_reading *r)
{
    bool has_org = false;
    const struct config_node *play = config_get(r->steps->first, "play");
    for (const struct config_node *e = play ? play->first : NULL; e; e = e->next) {
        has_org |= !strcmp(e->text, "greet.org");
        if (has_org || strcmp(e->text, "greet.english"))
            continue;
        config_wrong(r->errors, e, "qui nous sommes se dit avant la touche d’une autre langue");
        config_cure(r->errors, "dans l’ordre" COLON "greet.org, greet.english");
    }
}

static void check_whole(struct flow_reading *r)
{
    struct ivr_finding found[IVR_FINDINGS_MAX];
    unsigned n = ivr_check(r->flow, found);
    for (unsigned i = 0; i < n; i++) {
        bool has_place = found[i].step < r->steps->n;
        config_wrong(r->errors, has_place ? flow_step_node(r, found[i].step) : r->steps, "%s",
                     faults[found[i].fault].what);
        config_cure(r->errors, "%s", faults[found[i].fault].cure);
    }
}

static unsigned errors_count(const struct config_errors *errors)
{
    return errors->n + errors->more_n;
}

static void read_flow(struct flow_reading *r, const struct config_node *root)
{
    unsigned before = errors_count(r->errors);
    if (!config_read(r->flow, root, &head_table, r->errors) && root->kind != CONFIG_MAPPING)
        return;
    r->steps = config_get(root, "steps");
    if (!flow_read_ids(r))
        return;
    if (config_get(root, "languages"))
        flow_read_languages(r, config_get(root, "languages"));
    flow_read_steps(r);
    r->flow->general = read_named(r, config_get(root, "general"), IVR_QUEUE);
    r->flow->closed = read_named(r, config_get(root, "closed"), IVR_CLOSED);
    check_demo(r);
    check_order(r);
    flow_check_labels(r);
    if (errors_count(r->errors) == before)
        check_whole(r);
}

/* Takes the document. */
static int read_all(struct config_flow *out, struct config_doc *doc,
                    const struct directory *directory, struct config_errors *errors)
{
    struct ivr_flow flow = {
        .max_repeat = 1,
        .greeting = PROMPT_GREET_ORG,
        .say = {[IVR_SAY_AGAIN] = PROMPT_MENU_AGAIN,
                [IVR_SAY_NO_KEY] = PROMPT_MENU_NO_KEY,
                [IVR_SAY_WRONG] = PROMPT_MENU_WRONG,
                [IVR_SAY_PERSON] = PROMPT_MENU_PERSON,
                [IVR_SAY_DATA] = PROMPT_NOTICE_DATA},
    };
    struct flow_reading r = {.flow = &flow, .directory = directory, .errors = errors};
    unsigned before = errors_count(errors);
    read_flow(&r, config_root(doc));
    config_errors_sort(errors);
    config_drop(doc);
    if (errors_count(errors) != before)
        return EINVAL;
    flow.number = out->id[0] ? directory_number_of(out->id) : 0;
    out->flow = flow;
    memcpy(out->ids, r.ids, sizeof(out->ids));
    return 0;
}

/* One that stands alone, without a name. */
static int read_one(struct ivr_flow *out, struct config_doc *doc, const struct directory *directory,
                    struct config_errors *errors)
{
    struct config_flow *f = calloc(1, sizeof(*f));
    int err = ENOMEM;
    if (f)
        err = read_all(f, doc, directory, errors);
    else
        config_drop(doc);
    if (!err)
        *out = f->flow;
    free(f);
    return err;
}

int config_flow_load(struct ivr_flow *out, const char *path, const struct directory *directory,
                     struct config_errors *errors)
{
    struct config_doc *doc;
    errors->file = path;
    int err = config_load(&doc, path, errors);
    return err ? err : read_one(out, doc, directory, errors);
}

int config_flow_read(struct ivr_flow *out, const char *text, const struct directory *directory,
                     struct config_errors *errors)
{
    struct config_doc *doc;
    int err = config_keep(&doc, text, strlen(text), errors);
    return err ? err : read_one(out, doc, directory, errors);
}

/* ---- the flows of a directory ---- */

static int load_named(struct config_flow *f, const char *path, const struct directory *directory,
                      struct config_errors *errors)
{
    struct config_doc *doc;
    errors->file = path;
    int err = config_load(&doc, path, errors);
    return err ? err : read_all(f, doc, directory, errors);
}

static bool path_of(char to[CONFIG_PATH_BYTES], const char *folder, const char *id)
{
    int n = snprintf(to, CONFIG_PATH_BYTES, "%s/%s" FLOW_END, folder, id);
    return n >= 0 && n < CONFIG_PATH_BYTES;
}

/* Notes the flow of a number, once; told when it has no file. */
static bool keep_name(struct config_flows *flows, const char *folder,
                      const struct directory_number *number, struct config_errors *errors)
{
    char path[CONFIG_PATH_BYTES];
    bool is_ours = !strcmp(number->flow, DIRECTORY_FLOW_AGENTS);
    if (!number->flow[0] || is_ours || config_flows_find(flows, number->flow))
        return true; /* in a wrong directory one may lack: told already */
    if (path_of(path, folder, number->flow) && !access(path, F_OK)) {
        struct config_flow *f = &flows->list[flows->n++];
        memcpy(f->id, number->flow, sizeof(f->id));
        return true;
    }
    const struct config_node where = {.line = number->flow_line, .column = number->flow_column};
    config_wrong(errors, &where, "le numéro %s n’a pas son menu" COLON QUOTED, number->shown,
                 number->flow);
    config_cure(errors, "écrivez %s/%s" FLOW_END ", ou nommez-en un autre", folder, number->flow);
    return false;
}

int config_flows_load(struct config_flows *out, const char *folder,
                      const struct directory *directory, struct config_errors *errors)
{
    const char *file = errors->file;
    char path[CONFIG_PATH_BYTES];
    int err = 0;
    *out = (struct config_flows){.list = calloc(directory->numbers_n + 1, sizeof(*out->list))};
    if (!out->list)
        return ENOMEM;
    for (uint32_t i = 0; i < directory->numbers_n; i++)
        if (!keep_name(out, folder, &directory->numbers[i], errors))
            err = EINVAL;
    for (uint32_t i = 0; i < out->n; i++) {
        struct config_flow *f = &out->list[i];
        int now =
            path_of(path, folder, f->id) ? load_named(f, path, directory, errors) : ENAMETOOLONG;
        err = now ? now : err;
    }
    errors->file = file;
    if (err)
        config_flows_drop(out);
    return err;
}

const struct ivr_flow *config_flows_find(const struct config_flows *flows, const char *id)
{
    for (uint32_t i = 0; i < flows->n; i++)
        if (!strcmp(flows->list[i].id, id))
            return &flows->list[i].flow;
    return NULL;
}

void config_flows_drop(struct config_flows *flows)
{
    free(flows->list);
    *flows = (struct config_flows){0};
}
