/* flow_choices.c — what the keys of menus lead to, in words: the label of the step, else the name
 * of its service or agent, else its id. Called by flow.c and set.c. Cost: steps × keys of menus.
 * Invariant: a label that nobody would see is refused. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/flow.h"
#include "config/flow_parts.h"
#include "directory/choice.h"

static bool is_chosen(const struct ivr_flow *flow, unsigned step)
{
    for (unsigned i = 0; i < flow->steps_n; i++)
        for (unsigned k = 0; k < flow->steps[i].choices_n; k++)
            if (flow->steps[i].choices[k].step == step)
                return true;
    return false;
}

void flow_check_labels(struct flow_reading *r)
{
    for (unsigned i = 0; i < r->flow->steps_n; i++) {
        if (!r->flow->steps[i].label[0] || is_chosen(r->flow, i))
            continue;
        config_wrong(r->errors, config_get(flow_step_node(r, i), "label"),
                     "aucune touche ne mène à cette étape\u00a0: ces mots ne seraient jamais lus");
        config_cure(r->errors, "mettez «\u00a0label\u00a0» à l’étape que nomme une touche");
    }
}

/* ---- the choices of all flows ------------------------------------------------------------- */

static const char *words_of(const struct directory *d, const struct config_flow *f, unsigned step)
{
    const struct ivr_step *s = &f->flow.steps[step];
    uint32_t service =
        s->kind == IVR_QUEUE ? directory_service_find(d, s->queue_id) : DIRECTORY_NONE;
    uint32_t agent =
        s->kind == IVR_TRANSFER ? directory_agent_find(d, s->agent_id) : DIRECTORY_NONE;
    if (s->label[0])
        return s->label;
    if (service != DIRECTORY_NONE)
        return d->services[service].name;
    return agent != DIRECTORY_NONE ? d->agents[agent].name : f->ids[step];
}

static void put_flow(struct directory_choices *to, const struct directory *d,
                     const struct config_flow *f)
{
    for (unsigned i = 0; i < f->flow.steps_n; i++) {
        struct directory_choice *c = &to->list[to->n];
        if (!is_chosen(&f->flow, i))
            continue;
        struct text_out words = {.p = c->words, .max = sizeof(c->words) - 1};
        c->flow = f->flow.number;
        c->step = f->flow.steps[i].number;
        text_put(&words, text_of(words_of(d, f, i)));
        to->n++;
    }
}

int config_choices_load(struct directory *d, const struct config_flows *flows)
{
    size_t steps_n = 1;
    for (uint32_t i = 0; i < flows->n; i++)
        steps_n += flows->list[i].flow.steps_n;
    struct directory_choices *to = calloc(1, sizeof(*to) + steps_n * sizeof(*to->list));
    if (!to)
        return ENOMEM;
    to->list = (struct directory_choice *)(to + 1);
    for (uint32_t i = 0; i < flows->n; i++)
        put_flow(to, d, &flows->list[i]);
    config_choices_drop(d);
    d->choices = to;
    return 0;
}

void config_choices_drop(struct directory *d)
{
    free(d->choices);
    d->choices = NULL;
}
