/* refer.c — see refer.h. */
#include <stdlib.h>
#include <string.h>

#include "config/refer.h"
#include "config/table.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

bool config_id_plain(const struct config_node *node, struct config_errors *errors)
{
    size_t n = strspn(node->text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (n > 0 && n < DIRECTORY_ID_BYTES && !node->text[n])
        return true;
    config_wrong(errors, node, "identifiant" COLON QUOTED " ne convient pas", node->text);
    config_cure(errors, "attendu" COLON "des minuscules sans accent, des chiffres et _, "
                        "31 au plus");
    return false;
}

struct config_things config_services(const struct directory *d)
{
    return (struct config_things){"service ou compétence inconnus", &d->service_of, d->services,
                                  sizeof(struct directory_service), d->services_n};
}

struct config_things config_agents(const struct directory *d)
{
    return (struct config_things){"agent inconnu", &d->agent_of, d->agents,
                                  sizeof(struct directory_agent), d->agents_n};
}

struct config_things config_trunks(const struct directory *d)
{
    return (struct config_things){"accès inconnu", &d->trunk_of, d->trunks,
                                  sizeof(struct directory_trunk), d->trunks_n};
}

void config_unknown(const struct config_node *node, const struct config_words *words,
                    struct config_errors *errors)
{
    const char *near = config_nearest(node->text, words->list, words->n);
    config_wrong(errors, node, "%s" COLON QUOTED, words->unknown, node->text);
    if (near)
        config_cure(errors, "vouliez-vous dire " QUOTED "\u202f?", near);
    else if (words->n)
        config_cure(errors, "par exemple" COLON "%s", words->list[0]);
    else
        config_cure(errors, "il n’y en a aucun");
}

static const char *id_of(const struct config_things *things, uint32_t i)
{
    return (const char *)things->first + i * things->stride;
}

static void unknown_id(const struct config_node *node, const struct config_things *things,
                       struct config_errors *errors)
{
    const char **list = malloc((things->n + 1) * sizeof(*list));
    for (uint32_t i = 0; list && i < things->n; i++)
        list[i] = id_of(things, i);
    const struct config_words words = {things->unknown, list, list ? things->n : 0};
    config_unknown(node, &words, errors);
    free(list);
}

static uint32_t find(const struct config_things *things, const char *id)
{
    if (things->map) {
        uint32_t i = map_get(things->map, directory_number_of(id));
        return i != SLOT_NONE && !strcmp(id_of(things, i), id) ? i : DIRECTORY_NONE;
    }
    for (uint32_t i = 0; i < things->n; i++)
        if (!strcmp(id_of(things, i), id))
            return i;
    return DIRECTORY_NONE;
}

uint32_t config_refer(const struct config_node *node, const struct config_things *things,
                      struct config_errors *errors)
{
    if (node->kind != CONFIG_SCALAR) {
        config_wrong(errors, node, "un identifiant est attendu ici");
        config_cure(errors, "un seul mot");
        return DIRECTORY_NONE;
    }
    uint32_t i = find(things, node->text);
    if (i == DIRECTORY_NONE)
        unknown_id(node, things, errors);
    return i;
}
