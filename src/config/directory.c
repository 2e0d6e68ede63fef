/* directory.c — see directory.h. The head of the file, its services, and the order of reading: what
 * is referred to comes first, wherever it stands in the file; errors are sorted by line at the end.
 * Cost: one pass over the tree, a map look-up per reference. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/directory.h"
#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* ---- ids and references ---- */

static const struct config_node *item_at(const struct config_node *list, uint32_t index)
{
    const struct config_node *e = list->first;
    for (uint32_t i = 0; i < index; i++)
        e = e->next;
    return e;
}

/* The node that says the id: a key of a mapping, or the value of "id". */
static const struct config_node *id_node(const struct config_node *item)
{
    return item->key ? item->key : config_get(item, "id");
}

void directory_keep_id(struct reading *r, struct map *map, const struct config_node *item,
                       uint32_t index)
{
    const struct config_node *node = id_node(item);
    if (!node || node->kind != CONFIG_SCALAR)
        return; /* told already */
    if (node != item->key && strlen(node->text) >= DIRECTORY_ID_BYTES)
        return; /* this too, by its table */
    if (!config_id_plain(node, r->errors))
        return;
    uint32_t number = directory_number_of(node->text), before = map_get(map, number);
    if (before == SLOT_NONE) {
        map_put(map, number, index);
        return;
    }
    const struct config_node *other = id_node(item_at(r->list, before));
    bool same = !strcmp(other->text, node->text);
    config_wrong(r->errors, node,
                 same ? "l’identifiant " QUOTED " est déjà à la ligne %u"
                      : "l’identifiant " QUOTED " a le même numéro que celui de la ligne %u",
                 node->text, other->line);
    config_cure(r->errors, "donnez-en un autre à l’un des deux");
}

struct config_things directory_all_weeks(const struct reading *r)
{
    return (struct config_things){"horaires inconnus", &r->d->week_of, r->d->weeks,
                                  sizeof(struct directory_week), r->d->weeks_n};
}

struct config_things directory_all_sites(const struct reading *r)
{
    return (struct config_things){"lieu inconnu", &r->d->site_of, r->d->sites,
                                  sizeof(struct directory_site), r->d->sites_n};
}

uint32_t directory_refer_key(struct reading *r, const struct config_node *item, const char *key,
                             const struct config_things *things)
{
    const struct config_node *node = config_get(item, key);
    return node ? config_refer(node, things, r->errors) : DIRECTORY_NONE;
}

/* ---- the head ---- */

/* The order is that of enum zone and of enum holidays; a test compares. */
static const char *const zone_words[] = {"UTC",
                                         "Europe/Paris",
                                         "America/Guadeloupe",
                                         "America/Martinique",
                                         "America/Cayenne",
                                         "Indian/Reunion",
                                         "Indian/Mayotte",
                                         "Pacific/Noumea",
                                         "Pacific/Tahiti",
                                         "Pacific/Wallis",
                                         NULL};
static const char *const holiday_words[] = {"aucun", "metropole", "alsace_moselle", NULL};
static const char *const legal_words[] = {"etat", "securite_sociale", "collectivite", "prive",
                                          NULL};
#define LEGAL_SOCIAL_SECURITY 1 /* the last that law 2018-727, art. 28 binds */

struct head {
    struct directory_organisation organisation;
    unsigned zone, holidays, legal_type;
    bool is_demo;
};

static const struct config_key organisation_keys[] = {
    {.name = "name",
     CONFIG_AT(struct head, organisation.name),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "legal_type",
     CONFIG_AT(struct head, legal_type),
     .form = CONFIG_ENUM,
     .words = legal_words},
    {.name = "postal", CONFIG_AT(struct head, organisation.postal), .form = CONFIG_TEXT},
    {.name = "timezone", CONFIG_AT(struct head, zone), .form = CONFIG_ENUM, .words = zone_words},
    {.name = "holidays",
     CONFIG_AT(struct head, holidays),
     .form = CONFIG_ENUM,
     .words = holiday_words},
};
static const struct config_table organisation_table = CONFIG_TABLE(organisation_keys);

static void read_organisation(void *target, const struct config_node *node,
                              struct config_errors *errors)
{
    config_read(target, node, &organisation_table, errors);
}

static const struct config_key head_keys[] = {
    {.name = "demo", CONFIG_AT(struct head, is_demo), .form = CONFIG_BOOL},
    {.name = "organisation", .form = CONFIG_CALL, .call = read_organisation, .is_required = true},
    CONFIG_LATER("numbers"),
    {.name = "hours", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    CONFIG_LATER("exceptions"),
    {.name = "services", .form = CONFIG_CALL, .call = config_skip, .is_required = true},
    CONFIG_LATER("sites"),
    CONFIG_LATER("agents"),
    CONFIG_LATER("trunks"),
};
static const struct config_table head_table = CONFIG_TABLE(head_keys);

static struct head read_head(struct reading *r)
{
    struct head head = {.zone = ZONE_EUROPE_PARIS, .holidays = HOLIDAYS_METROPOLE};
    config_read(&head, r->root, &head_table, r->errors);
    head.organisation.zone = (enum zone)head.zone;
    head.organisation.holidays = (enum holidays)head.holidays;
    head.organisation.forbids_surcharge = head.legal_type <= LEGAL_SOCIAL_SECURITY;
    return head;
}

/* ---- services ---- */

static const struct config_key service_keys[] = {
    {.name = "id",
     CONFIG_AT(struct directory_service, id),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "name",
     CONFIG_AT(struct directory_service, name),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "for", CONFIG_AT(struct directory_service, purpose), .form = CONFIG_TEXT},
    CONFIG_LATER("hours"),
};
static const struct config_table service_table = CONFIG_TABLE(service_keys);

static void read_services(struct reading *r)
{
    const struct config_things weeks = directory_all_weeks(r);
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->services_n; i++, e = e->next) {
        struct directory_service *s = &r->d->services[i];
        config_read(s, e, &service_table, r->errors);
        directory_keep_id(r, &r->d->service_of, e, i);
        s->number = directory_number_of(s->id);
        uint32_t week = directory_refer_key(r, e, "hours", &weeks);
        s->weeks = week == DIRECTORY_NONE ? 0 : UINT64_C(1) << week;
    }
}

/* A service without hours of its own is open when any number is. */
static void give_hours(struct reading *r, const struct config_node *list)
{
    const struct config_node *e = list->first;
    for (uint32_t i = 0; i < r->d->services_n; i++, e = e->next) {
        struct directory_service *s = &r->d->services[i];
        if (!s->weeks)
            s->weeks = r->d->number_weeks;
        if (s->weeks || r->errors->n)
            continue;
        config_wrong(r->errors, e, "le service " QUOTED " n’est jamais ouvert", s->id);
        config_cure(r->errors, "donnez-lui «\u00a0hours\u00a0», ou au moins un numéro sous "
                               "«\u00a0numbers\u00a0»");
    }
}

/* ---- lists ---- */

struct list {
    const char *key;
    bool is_mapping;
    uint32_t max;
    size_t n_at; /* of its count in struct directory_room */
    void (*read)(struct reading *r);
};

/* In the order of reading. */
static const struct list lists[] = {
    {"hours", true, DIRECTORY_WEEKS_MAX, offsetof(struct directory_room, weeks_n),
     directory_read_weeks},
    {"exceptions", false, DIRECTORY_EXCEPTIONS_MAX, offsetof(struct directory_room, exceptions_n),
     directory_read_exceptions},
    {"numbers", false, DIRECTORY_NUMBERS_MAX, offsetof(struct directory_room, numbers_n),
     directory_read_numbers},
    {"services", false, DIRECTORY_SERVICES_MAX, offsetof(struct directory_room, services_n),
     read_services},
    {"sites", false, DIRECTORY_SITES_MAX, offsetof(struct directory_room, sites_n),
     directory_read_sites},
    {"agents", false, DIRECTORY_AGENTS_MAX, offsetof(struct directory_room, agents_n),
     directory_read_agents},
    {"trunks", false, DIRECTORY_TRUNKS_MAX, offsetof(struct directory_room, trunks_n),
     directory_read_trunks},
};

/* The list, when it is one and not too long; else NULL, and the error is told. */
static const struct config_node *list_node(struct reading *r, const struct list *l)
{
    const struct config_node *node = config_get(r->root, l->key);
    if (!node || node->kind == CONFIG_NOTHING)
        return NULL;
    if (node->kind != (l->is_mapping ? CONFIG_MAPPING : CONFIG_SEQUENCE)) {
        config_wrong(r->errors, node, QUOTED " n’est pas %s", l->key,
                     l->is_mapping ? "une suite de clés" : "une liste");
        config_cure(r->errors, l->is_mapping ? "attendu" COLON "nom: { lun-ven: \"08:30-18:00\" }"
                                             : "attendu" COLON "une ligne «\u00a0- { … }\u00a0» "
                                               "par élément");
        return NULL;
    }
    if (node->n > l->max) {
        config_wrong(r->errors, node, QUOTED " a %u éléments", l->key, node->n);
        config_cure(r->errors, "attendu" COLON "%u au plus", l->max);
        return NULL;
    }
    return node;
}

static void check_room(struct reading *r, const char *key, const char *setting, uint32_t max)
{
    const struct config_node *node = config_get(r->root, key);
    if (!node || node->n <= max)
        return;
    config_wrong(r->errors, node, QUOTED " a %u éléments, et les réglages en prévoient %u", key,
                 node->n, max);
    config_cure(r->errors, "augmentez acd.%s dans les réglages", setting);
}

/* ---- the whole ---- */

static int fill(struct reading *r, const struct head *head, struct directory_room *room)
{
    const struct config_node *node[ARRAY_LEN(lists)];
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++) {
        node[i] = list_node(r, &lists[i]);
        uint32_t n = node[i] ? node[i]->n : 0;
        memcpy((char *)room + lists[i].n_at, &n, sizeof(n));
    }
    void *memory = aligned_alloc(64, (directory_bytes(room) + 63) / 64 * 64);
    if (!memory)
        return ENOMEM;
    r->d = directory_open(memory, room);
    r->d->organisation = head->organisation;
    r->d->is_demo = head->is_demo;
    r->d->weeks_n = room->weeks_n;
    r->d->exceptions_n = room->exceptions_n;
    r->d->services_n = room->services_n;
    r->d->sites_n = room->sites_n;
    r->d->agents_n = room->agents_n;
    r->d->numbers_n = room->numbers_n;
    r->d->trunks_n = room->trunks_n;
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++)
        if (node[i]) {
            r->list = node[i];
            lists[i].read(r);
        }
    check_room(r, "services", "queues_max", r->settings->acd.queues_max);
    check_room(r, "agents", "agents_max", r->settings->acd.agents_max);
    const struct config_node *services = config_get(r->root, "services");
    if (services && services->kind == CONFIG_SEQUENCE)
        give_hours(r, services);
    return 0;
}

/* Takes the document. */
static int read_all(struct directory **out, struct config_doc *doc, const struct settings *settings,
                    struct config_errors *errors)
{
    struct reading r = {.settings = settings, .root = config_root(doc), .errors = errors};
    struct directory_room room = {0};
    struct head head = read_head(&r);
    int err = r.root->kind == CONFIG_MAPPING ? fill(&r, &head, &room) : EINVAL;
    if (!err && errors->n)
        err = EINVAL;
    config_errors_sort(errors);
    config_drop(doc);
    if (err)
        config_directory_drop(r.d);
    else
        *out = r.d;
    return err;
}

int config_directory_load(struct directory **out, const char *path, const struct settings *settings,
                          struct config_errors *errors)
{
    struct config_doc *doc;
    errors->file = path;
    *out = NULL;
    int err = config_load(&doc, path, errors);
    return err ? err : read_all(out, doc, settings, errors);
}

int config_directory_read(struct directory **out, const char *text, const struct settings *settings,
                          struct config_errors *errors)
{
    struct config_doc *doc;
    *out = NULL;
    int err = config_keep(&doc, text, strlen(text), errors);
    return err ? err : read_all(out, doc, settings, errors);
}

void config_directory_drop(struct directory *d)
{
    free(d); /* the head of its own memory */
}
