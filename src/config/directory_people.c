/* directory_people.c — agents and published numbers of the directory. Called by directory.c after
 * the hours and services that they name. Cost: one pass, a look-up per reference. */
#include <string.h>

#include "config/directory_parts.h"
#include "directory/number.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* ---- agents ---- */

static const char *const role_words[] = {"agent", "supervisor", "administrator", "auditor", NULL};
#define LANGUAGE_MARK "lang:"
#define WRITES_WORD "ecrit"
#define ALL_WORD "all"
#define LINE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

struct agent_text {
    struct directory_agent agent;
    unsigned role;
};

static const struct config_key agent_keys[] = {
    {.name = "id",
     CONFIG_AT(struct agent_text, agent.id),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "name",
     CONFIG_AT(struct agent_text, agent.name),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "phone", CONFIG_AT(struct agent_text, agent.phone), .form = CONFIG_TEXT},
    {.name = "role", CONFIG_AT(struct agent_text, role), .form = CONFIG_ENUM, .words = role_words},
    {.name = "direct", CONFIG_AT(struct agent_text, agent.is_direct), .form = CONFIG_BOOL},
    {.name = "encrypted", CONFIG_AT(struct agent_text, agent.is_encrypted), .form = CONFIG_BOOL},
    {.name = "robot", CONFIG_AT(struct agent_text, agent.is_robot), .form = CONFIG_BOOL},
    CONFIG_LATER("site"),
    CONFIG_LATER("skills"),
};
static const struct config_table agent_table = CONFIG_TABLE(agent_keys);

static void add_service(struct reading *r, struct directory_agent *g, uint32_t service,
                        const struct config_node *node)
{
    for (unsigned i = 0; i < g->services_n; i++)
        if (g->services[i] == service) {
            config_wrong(r->errors, node, "la compétence " QUOTED " est dite deux fois",
                         node->text);
            config_cure(r->errors, "enlevez l’une des deux");
            return;
        }
    if (g->services_n == DIRECTORY_QUEUES_PER_AGENT) {
        config_wrong(r->errors, node, "l’agent " QUOTED " a trop de services", g->id);
        config_cure(r->errors, "attendu" COLON "%d au plus", DIRECTORY_QUEUES_PER_AGENT);
        return;
    }
    g->services[g->services_n++] = service;
}

static void add_all(struct reading *r, struct directory_agent *g, const struct config_node *node)
{
    for (uint32_t i = 0; i < r->d->services_n; i++) {
        if (g->services_n == DIRECTORY_QUEUES_PER_AGENT && i < r->d->services_n) {
            add_service(r, g, i, node); /* tells it once */
            break;
        }
        add_service(r, g, i, node);
    }
    for (unsigned bit = 0; directory_language_name(bit); bit++)
        g->skills |= UINT64_C(1) << bit;
    g->writes = true;
}

static void add_language(struct reading *r, struct directory_agent *g,
                         const struct config_node *node)
{
    unsigned bit = directory_read_language(r, node, node->text + strlen(LANGUAGE_MARK));
    if (bit < 64)
        g->skills |= UINT64_C(1) << bit;
}

static void read_skill(struct reading *r, struct directory_agent *g, const struct config_node *node)
{
    const struct config_things services = config_services(r->d);
    if (node->kind == CONFIG_SCALAR && !strcmp(node->text, WRITES_WORD))
        g->writes = true;
    else if (node->kind == CONFIG_SCALAR && !strcmp(node->text, ALL_WORD))
        add_all(r, g, node);
    else if (node->kind == CONFIG_SCALAR &&
             !strncmp(node->text, LANGUAGE_MARK, strlen(LANGUAGE_MARK)))
        add_language(r, g, node);
    else {
        uint32_t service = config_refer(node, &services, r->errors);
        if (service != DIRECTORY_NONE)
            add_service(r, g, service, node);
    }
}

static void read_skills(struct reading *r, struct directory_agent *g, const struct config_node *e)
{
    const struct config_node *node = config_get(e, "skills");
    if (node && node->kind != CONFIG_SEQUENCE) {
        config_wrong(r->errors, node, "«\u00a0skills\u00a0» n’est pas une liste");
        config_cure(r->errors, "par exemple" COLON "[accueil, retraite, lang:ar]");
        return;
    }
    for (const struct config_node *s = node ? node->first : NULL; s; s = s->next)
        read_skill(r, g, s);
    if (node || g->role != ROLE_AGENT)
        return;
    config_wrong(r->errors, e, "l’agent " QUOTED " n’a pas de compétence", g->id);
    config_cure(r->errors, "ajoutez «\u00a0skills: [accueil]\u00a0», ou «\u00a0role\u00a0»");
}

/* A name of a line stands in addresses and between quotes, and belongs to one agent. */
static void keep_line(struct reading *r, uint32_t index, const struct config_node *node)
{
    const char *name = directory_agent_line(&r->d->agents[index]).p;
    if (name[strspn(name, LINE_LETTERS)]) {
        config_wrong(r->errors, node, "ce nom de ligne ne convient pas" COLON QUOTED, node->text);
        config_cure(r->errors, "attendu" COLON "sip: puis des lettres sans accent, des chiffres, "
                               "point, tiret ou _, sans @");
        return;
    }
    uint32_t number = directory_number_of(name), before = map_get(&r->d->line_of, number);
    if (before == SLOT_NONE) {
        map_put(&r->d->line_of, number, index);
        return;
    }
    config_wrong(r->errors, node,
                 "l’agent " QUOTED " a déjà cette ligne, ou une qui a le même "
                 "numéro",
                 r->d->agents[before].id);
    config_cure(r->errors, "donnez à chacun la sienne");
}

static void check_phone(struct reading *r, uint32_t index, const struct config_node *e)
{
    const struct config_node *node = config_get(e, "phone");
    uint64_t e164;
    if (!node || node->kind != CONFIG_SCALAR)
        return;
    if (directory_agent_line(&r->d->agents[index]).n)
        keep_line(r, index, node);
    else if (strcmp(node->text, "browser"))
        (void)directory_read_dialled_number(r, &e164, node);
}

static void check_encrypted(struct reading *r, const struct directory_agent *g,
                            const struct config_node *e)
{
    bool has_tls = r->settings->phone.tls_certificate[0];
    if (!g->is_encrypted || (has_tls && directory_agent_line(g).n))
        return;
    config_wrong(r->errors, config_get(e, "encrypted"),
                 has_tls ? "l’agent " QUOTED " n’a pas de ligne à nous à chiffrer"
                         : "sans TLS, l’agent " QUOTED " ne pourrait pas téléphoner",
                 g->id);
    config_cure(r->errors, has_tls
                               ? "ajoutez «\u00a0phone: \"sip:101\"\u00a0», ou enlevez cette ligne"
                               : "donnez phone.tls_certificate dans les réglages, ou enlevez "
                                 "cette ligne");
}

void directory_read_agents(struct reading *r)
{
    const struct config_things sites = directory_all_sites(r);
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->agents_n; i++, e = e->next) {
        struct agent_text t = {0};
        struct directory_agent *g = &r->d->agents[i];
        config_read(&t, e, &agent_table, r->errors);
        *g = t.agent;
        g->role = (enum directory_role)t.role;
        directory_keep_id(r, &r->d->agent_of, e, i);
        g->number = directory_number_of(g->id);
        g->site = directory_refer_key(r, e, "site", &sites);
        read_skills(r, g, e);
        check_phone(r, i, e);
        check_encrypted(r, g, e);
        if (!g->is_robot || r->d->is_demo)
            continue;
        config_wrong(r->errors, e, "le robot " QUOTED " répondrait à de vrais appels", g->id);
        config_cure(r->errors, "un robot ne sert que dans une démonstration (demo: true)");
    }
}

/* ---- numbers ---- */

static const char *const tariff_words[] = {"normal", "gratuit", "surtaxe", NULL};

struct number_text {
    struct directory_number number;
    unsigned tariff;
};

static const struct config_key number_keys[] = {
    {.name = "number",
     CONFIG_AT(struct number_text, number.shown),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "flow",
     CONFIG_AT(struct number_text, number.flow),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "tariff",
     CONFIG_AT(struct number_text, tariff),
     .form = CONFIG_ENUM,
     .words = tariff_words},
    {.name = "hours", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    CONFIG_LATER("accessible"),
    CONFIG_LATER("site"),
};
static const struct config_table number_table = CONFIG_TABLE(number_keys);

static void keep_dialled(struct reading *r, struct directory_number *n, const struct config_node *e,
                         uint32_t index)
{
    const struct config_node *node = config_get(e, "number");
    if (!node || node->kind != CONFIG_SCALAR || !directory_read_number(r, &n->e164, node))
        return;
    n->is_fiction = number_is_fiction(n->e164);
    if (directory_dialled_find(r->d, n->e164) == DIRECTORY_NONE) {
        map_put(&r->d->number_of, n->e164, index);
        return;
    }
    config_wrong(r->errors, node, "le numéro " QUOTED " est déjà plus haut", node->text);
    config_cure(r->errors, "gardez l’un des deux");
}

/* The flow is a file of that name: no folders. */
static void keep_flow(struct reading *r, struct directory_number *n, const struct config_node *e)
{
    const struct config_node *node = config_get(e, "flow");
    if (!node || node->kind != CONFIG_SCALAR || !n->flow[0])
        return; /* told already */
    if (!config_id_plain(node, r->errors))
        n->flow[0] = 0; /* no path is made of it */
    n->flow_line = node->line;
    n->flow_column = node->column;
}

/* What the pattern of a number says goes before what the file says of it. */
static void check_tariff(struct reading *r, struct directory_number *n, const struct config_node *e)
{
    const struct config_node *tariff = config_get(e, "tariff");
    const struct config_node *where = tariff ? tariff : config_get(e, "number");
    bool is_surcharged = number_is_surcharged(n->e164), is_free = number_is_free(n->e164);
    bool is_wrong =
        is_surcharged ? n->tariff != TARIFF_SURCHARGED : is_free != (n->tariff == TARIFF_FREE);
    if (n->e164 && tariff && is_wrong) {
        config_wrong(r->errors, tariff, "un numéro qui commence ainsi n’est pas " QUOTED COLON "%s",
                     tariff->text, n->shown);
        config_cure(r->errors, "attendu" COLON "surtaxe pour 081, 082 et 089, gratuit pour 0800 à "
                               "0805, normal pour les autres");
    }
    if (is_surcharged)
        n->tariff = TARIFF_SURCHARGED;
    else if (is_free)
        n->tariff = TARIFF_FREE;
    if (n->tariff != TARIFF_SURCHARGED)
        return;
    directory_check_surcharge(r, where);
}

void directory_read_numbers(struct reading *r)
{
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->numbers_n; i++, e = e->next) {
        struct number_text t = {0};
        struct directory_number *n = &r->d->numbers[i];
        config_read(&t, e, &number_table, r->errors);
        *n = t.number;
        n->tariff = (enum directory_tariff)t.tariff;
        keep_dialled(r, n, e, i);
        keep_flow(r, n, e);
        n->week = directory_refer_week(r, e, "hours");
        if (n->week < DIRECTORY_PHONE_WEEKS_MAX)
            r->d->number_weeks |= UINT64_C(1) << n->week;
        n->accessible = directory_refer_phone_week(r, e, "accessible");
        check_tariff(r, n, e);
    }
}

void directory_read_number_sites(struct reading *r)
{
    const struct config_node *numbers = config_get(r->root, "numbers");
    const struct config_things sites = directory_all_sites(r);
    const struct config_node *e = numbers && r->d->numbers_n ? numbers->first : NULL;
    for (uint32_t i = 0; e && i < r->d->numbers_n; i++, e = e->next) {
        uint32_t site = directory_refer_key(r, e, "site", &sites);
        if (site == DIRECTORY_NONE)
            continue;
        r->d->numbers[i].site_number = r->d->sites[site].number;
        r->d->numbers[i].area_number = r->d->sites[site].area_number;
    }
}
