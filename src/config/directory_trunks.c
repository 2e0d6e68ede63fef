/* directory_trunks.c — lines to operators. Called by directory.c. Cost: trunks², at most 32.
 * Invariant: a demonstration has no line out of this machine: its numbers are fiction. The other
 * way round, fiction in a directory that is none is refused wherever it stands. */
#include <string.h>

#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define SIP_PORT 5060 /* RFC 3261 §19.1.2 */

static const struct config_key trunk_keys[] = {
    {.name = "id",
     CONFIG_AT(struct directory_trunk, id),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "host", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
};
static const struct config_table trunk_table = CONFIG_TABLE(trunk_keys);

static bool looks_like_a_name(const char *text)
{
    return text[strspn(text, "0123456789.:[]abcdefABCDEF")] != 0;
}

static bool read_host(struct reading *r, struct address *at, const struct config_node *node)
{
    if (!address_read(at, text_of(node->text))) {
        config_wrong(r->errors, node,
                     looks_like_a_name(node->text) ? "un nom ne suffit pas encore" COLON QUOTED
                                                   : "cette adresse ne se lit pas" COLON QUOTED,
                     node->text);
        config_cure(r->errors, "écrivez l’adresse IP de l’opérateur" COLON "\"192.0.2.1\", "
                               "\"192.0.2.1:5060\" ou \"[2001:db8::1]:5060\"");
        return false;
    }
    if (address_is_any(at)) {
        config_wrong(r->errors, node, QUOTED " n’est l’adresse de personne", node->text);
        config_cure(r->errors, "écrivez celle de l’opérateur, par exemple \"192.0.2.1:5060\"");
        return false;
    }
    at->port = at->port ? at->port : SIP_PORT;
    return true;
}

static bool is_twice(struct reading *r, uint32_t index, const struct config_node *node)
{
    for (uint32_t i = 0; i < index; i++) {
        if (!address_equal(&r->d->trunks[i].at, &r->d->trunks[index].at))
            continue;
        config_wrong(r->errors, node, "l’accès " QUOTED " a déjà cette adresse",
                     r->d->trunks[i].id);
        config_cure(r->errors, "gardez l’un des deux");
        return true;
    }
    return false;
}

static void keep_host(struct reading *r, uint32_t index, const struct config_node *node)
{
    struct address at;
    if (!node)
        return; /* told already */
    if (node->kind != CONFIG_SCALAR || !node->text[0]) {
        config_wrong(r->errors, node, "une adresse est attendue ici");
        config_cure(r->errors, "par exemple \"192.0.2.1:5060\"");
        return;
    }
    if (!read_host(r, &at, node))
        return;
    r->d->trunks[index].at = at;
    if (is_twice(r, index, node) || !r->d->is_demo || address_is_loopback(&at))
        return;
    config_wrong(r->errors, node,
                 "une démonstration n’a pas d’accès opérateur hors de cette machine" COLON QUOTED,
                 node->text);
    config_cure(r->errors, "ses numéros sont de fiction\u00a0; écrivez une adresse comme "
                           "127.0.0.1:5070, ou enlevez «\u00a0demo: true\u00a0»");
}

void directory_read_trunks(struct reading *r)
{
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->trunks_n; i++, e = e->next) {
        struct directory_trunk *t = &r->d->trunks[i];
        config_read(t, e, &trunk_table, r->errors);
        directory_keep_id(r, &r->d->trunk_of, e, i);
        t->number = directory_number_of(t->id);
        keep_host(r, i, config_get(e, "host"));
    }
}
