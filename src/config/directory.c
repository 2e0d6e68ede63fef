/* directory.c — see directory.h. The head of the file, its services, and the order of reading: what
 * is referred to comes first, wherever it stands in the file; errors are sorted by line at the end.
 * Cost: one pass over the tree, a map look-up per reference. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/emergency.h"
#include "config/directory.h"
#include "config/directory_parts.h"
#include "config/flow.h"
#include "config/settings.h"
#include "config/sheets.h"

#define CODE_DIGITS_MIN 2
#define CODE_MAX 9999
#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* ---- ids and references ---- */

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
    const struct config_node *other = id_node(r->items[before]);
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

uint32_t directory_refer_week(struct reading *r, const struct config_node *item, const char *key)
{
    const struct config_things weeks = directory_all_weeks(r);
    uint32_t week = directory_refer_key(r, item, key, &weeks);
    if (week != DIRECTORY_NONE)
        r->is_used[week] = true;
    return week;
}

uint64_t directory_refer_phone_week(struct reading *r, const struct config_node *item,
                                    const char *key)
{
    uint32_t week = directory_refer_week(r, item, key);
    return week < DIRECTORY_PHONE_WEEKS_MAX ? UINT64_C(1) << week : 0;
}

/* ---- the head ---- */

/* The order is that of enum zone and of enum holidays; tests compare. */
const char *const directory_zone_words[] = {"UTC",
                                            "Europe/Paris",
                                            "America/Guadeloupe",
                                            "America/Martinique",
                                            "America/Cayenne",
                                            "Indian/Reunion",
                                            "Indian/Mayotte",
                                            "Pacific/Noumea",
                                            "Pacific/Tahiti",
                                            "Pacific/Wallis",
                                            "America/St_Barthelemy",
                                            "America/Marigot",
                                            "America/Miquelon",
                                            "Pacific/Marquesas",
                                            "Pacific/Gambier",
                                            "Indian/Kerguelen",
                                            NULL};
const char *const directory_holiday_words[] = {"aucun",
                                               "metropole",
                                               "alsace_moselle",
                                               "alsace_moselle_sans_vendredi_saint",
                                               "guadeloupe",
                                               "martinique",
                                               "guyane",
                                               "reunion",
                                               "mayotte",
                                               "saint_martin",
                                               "saint_barthelemy",
                                               "nouvelle_caledonie",
                                               "polynesie",
                                               "wallis_et_futuna",
                                               NULL};
static const char *const legal_words[] = {"etat", "securite_sociale", "collectivite", "prive",
                                          NULL};
#define LEGAL_SOCIAL_SECURITY 1 /* the last that law 2018-727, art. 28 binds */
#define LEGAL_PRIVATE 3
#define NOT_SAID UINT_MAX

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
    {.name = "timezone",
     CONFIG_AT(struct head, zone),
     .form = CONFIG_ENUM,
     .words = directory_zone_words},
    {.name = "holidays",
     CONFIG_AT(struct head, holidays),
     .form = CONFIG_ENUM,
     .words = directory_holiday_words},
    CONFIG_LATER("accessible"),
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
    CONFIG_LATER("communes"),
    CONFIG_LATER("shared_lines"),
    CONFIG_LATER("interpreters"),
};
static const struct config_table head_table = CONFIG_TABLE(head_keys);

/* Who says no legal form is held to the strictest; no holidays: those of the clock. */
static struct head read_head(struct reading *r)
{
    struct head head = {.zone = ZONE_EUROPE_PARIS, .holidays = NOT_SAID, .legal_type = NOT_SAID};
    config_read(&head, r->root, &head_table, r->errors);
    struct directory_organisation *o = &head.organisation;
    o->zone = (enum zone)head.zone;
    o->holidays =
        head.holidays == NOT_SAID ? calendar_zone_holidays(o->zone) : (enum holidays)head.holidays;
    o->forbids_surcharge = head.legal_type == NOT_SAID || head.legal_type <= LEGAL_SOCIAL_SECURITY;
    r->head = (struct reading_head){.has_legal_type = head.legal_type != NOT_SAID,
                                    .is_private = head.legal_type == LEGAL_PRIVATE,
                                    .organisation = config_get(r->root, "organisation")};
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
    CONFIG_LATER("accessible"),
    {.name = "recording",
     CONFIG_AT(struct directory_service, recording_ppm),
     .form = CONFIG_PPM,
     .max = 1000000},
    {.name = "code", CONFIG_AT(struct directory_service, code), .form = CONFIG_TEXT},
    {.name = "listening", CONFIG_AT(struct directory_service, is_listened), .form = CONFIG_BOOL},
};
static const struct config_table service_table = CONFIG_TABLE(service_keys);

/* Whose conversations are sampled must have somewhere to lie, locked. */
static void check_recording(struct reading *r, const struct directory_service *s,
                            const struct config_node *e)
{
    if (!s->recording_ppm || r->settings->recording.folder[0])
        return;
    config_wrong(r->errors, config_get(e, "recording"),
                 "le service " QUOTED " enregistre, mais aucun dossier n’est dit", s->id);
    config_cure(r->errors, "recording" COLON "{ folder" COLON "…, key" COLON "… } dans les "
                           "réglages, ou recording" COLON "0 %% ici");
}

static void read_services(struct reading *r)
{
    for (uint32_t i = 0; i < r->d->services_n; i++) {
        const struct config_node *e = r->items[i];
        struct directory_service *s = &r->d->services[i];
        config_read(s, e, &service_table, r->errors);
        directory_keep_id(r, &r->d->service_of, e, i);
        s->number = directory_number_of(s->id);
        s->weeks = directory_refer_phone_week(r, e, "hours");
        s->accessible = directory_refer_phone_week(r, e, "accessible");
        check_recording(r, s, e);
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

/* Callers would hear that somebody may listen, and nobody could. */
static void check_listening(struct reading *r, const struct config_node *list)
{
    const struct config_node *e = list->first;
    bool is_any = false;
    for (uint32_t i = 0; i < r->d->agents_n; i++)
        is_any |= directory_agent_listens(&r->d->agents[i]);
    for (uint32_t i = 0; i < r->d->services_n && !is_any && !r->errors->n; i++, e = e->next) {
        if (!r->d->services[i].is_listened)
            continue;
        config_wrong(r->errors, config_get(e, "listening"),
                     "le service " QUOTED " permet l’écoute, mais personne ne peut écouter",
                     r->d->services[i].id);
        config_cure(r->errors, "donnez une ligne à une personne responsable (role" COLON
                               "supervisor, phone" COLON "\"sip:…\"), ou enlevez «\u00a0listening"
                               "\u00a0»");
    }
}

/* What is wrong with the code of this service; NULL: nothing. */
static const char *judge_code(const struct directory *d, uint32_t i)
{
    struct text code = text_of(d->services[i].code);
    uint64_t number;
    if (code.n < CODE_DIGITS_MIN || !text_number(code, CODE_MAX, &number))
        return "ce code n’est pas fait de deux à quatre chiffres";
    if (emergency_is(code))
        return "ce code est un numéro d’urgence";
    if (directory_line_find(d, code) != DIRECTORY_NONE)
        return "ce code est déjà la ligne d’un agent";
    if (directory_service_coded(d, code) != i)
        return "ce code est déjà celui d’un autre service";
    return NULL;
}

/* Agents key them behind *2, as they do lines and numbers outside. */
static void check_codes(struct reading *r, const struct config_node *list)
{
    const struct config_node *e = list->first;
    for (uint32_t i = 0; i < r->d->services_n; i++, e = e->next) {
        const char *why = r->d->services[i].code[0] ? judge_code(r->d, i) : NULL;
        if (!why)
            continue;
        config_wrong(r->errors, config_get(e, "code"), "%s" COLON QUOTED, why,
                     r->d->services[i].code);
        config_cure(r->errors, "donnez-lui deux à quatre chiffres à lui seul" COLON
                               "«\u00a0code: \"52\"\u00a0»");
    }
}

/* ---- lists ---- */

struct list {
    const char *key;
    bool is_mapping;
    uint32_t max;
    size_t room_at, n_at; /* of its count in struct directory_room and in struct directory */
    void (*read)(struct reading *r);
};

#define LIST(key_, max_, count_, read_)                                                            \
    {                                                                                              \
        key_, false, max_, offsetof(struct directory_room, count_),                                \
            offsetof(struct directory, count_), read_                                              \
    }

/* In the order of reading. The count of exceptions is another than that of lines of the file. */
static const struct list lists[] = {
    LIST("communes", DIRECTORY_COMMUNES_MAX, communes_n, directory_read_communes),
    {"hours", true, DIRECTORY_WEEKS_MAX, offsetof(struct directory_room, weeks_n),
     offsetof(struct directory, weeks_n), directory_read_weeks},
    LIST("numbers", DIRECTORY_NUMBERS_MAX, numbers_n, directory_read_numbers),
    LIST("services", DIRECTORY_SERVICES_MAX, services_n, read_services),
    LIST("sites", DIRECTORY_SITES_MAX, sites_n, directory_read_sites),
    LIST("exceptions", DIRECTORY_EXCEPTIONS_MAX, exceptions_n, directory_read_exceptions),
    LIST("agents", DIRECTORY_AGENTS_MAX, agents_n, directory_read_agents),
    LIST("trunks", DIRECTORY_TRUNKS_MAX, trunks_n, directory_read_trunks),
    LIST("shared_lines", DIRECTORY_SHARED_MAX, shared_n, directory_read_shared),
    LIST("interpreters", DIRECTORY_INTERPRETERS_MAX, interpreters_n, directory_read_interpreters),
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

static uint32_t most(const struct config_node *const node[])
{
    uint32_t n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++)
        n = node[i] && node[i]->n > n ? node[i]->n : n;
    return n;
}

/* Room for what the file holds, by its lists. */
static void measure(struct reading *r, struct directory_room *room,
                    const struct config_node *node[])
{
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++) {
        node[i] = list_node(r, &lists[i]);
        uint32_t n = node[i] ? node[i]->n : 0;
        memcpy((char *)room + lists[i].room_at, &n, sizeof(n));
    }
    uint32_t exceptions_n = directory_exceptions_count(r->root);
    room->exceptions_n =
        2 * (exceptions_n < DIRECTORY_EXCEPTIONS_MAX ? exceptions_n : DIRECTORY_EXCEPTIONS_MAX);
    room->places_n = directory_places_count(r->root);
    if (room->places_n <= DIRECTORY_PLACES_MAX)
        return;
    config_wrong(r->errors, config_get(r->root, "hours"), "%u passages de lieux itinérants",
                 room->places_n);
    config_cure(r->errors, "attendu" COLON "%d au plus", DIRECTORY_PLACES_MAX);
}

static void read_list(struct reading *r, const struct list *l, const struct config_node *node)
{
    const struct config_node *e = node->first;
    bool is_counted = l->read == directory_read_exceptions; /* while they are read */
    uint32_t n = is_counted ? 0 : node->n;
    r->list = node;
    memcpy((char *)r->d + l->n_at, &n, sizeof(n));
    for (uint32_t i = 0; i < node->n; i++, e = e->next)
        r->items[i] = e;
    l->read(r);
}

/* What is wrong with the whole, when all parts were read. */
static void check_whole(struct reading *r)
{
    const struct config_node *services = config_get(r->root, "services");
    check_room(r, "services", "queues_max", r->settings->acd.queues_max);
    check_room(r, "agents", "agents_max", r->settings->acd.agents_max);
    if (services && services->kind == CONFIG_SEQUENCE)
        give_hours(r, services);
    if (services && services->kind == CONFIG_SEQUENCE)
        check_listening(r, services);
    if (services && services->kind == CONFIG_SEQUENCE)
        check_codes(r, services);
    directory_check_access(r);
    directory_warn(r);
}

static int fill(struct reading *r, const struct head *head, struct directory_room *room)
{
    const struct config_node *node[ARRAY_LEN(lists)];
    measure(r, room, node);
    if (room->places_n > DIRECTORY_PLACES_MAX)
        return EINVAL;
    void *memory = aligned_alloc(64, (directory_bytes(room) + 63) / 64 * 64);
    r->items = calloc(most(node) + 1, sizeof(struct config_node *));
    r->weeks = calloc(room->weeks_n + 1, sizeof(struct config_node *));
    if (!memory || !r->items || !r->weeks) {
        free(memory);
        return ENOMEM;
    }
    r->d = directory_open(memory, room);
    r->d->organisation = head->organisation;
    r->d->is_demo = head->is_demo;
    for (unsigned i = 0; i < ARRAY_LEN(lists); i++) {
        if (node[i])
            read_list(r, &lists[i], node[i]);
        if (lists[i].read == directory_read_weeks && r->head.organisation)
            r->d->organisation.accessible =
                directory_refer_phone_week(r, r->head.organisation, "accessible");
    }
    directory_read_number_sites(r);
    check_whole(r);
    return 0;
}

/* Takes the document. What is wrong is given all the same. */
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
    if (errors->warnings)
        config_errors_sort(errors->warnings);
    free(r.items);
    free(r.weeks);
    config_drop(doc);
    *out = r.d;
    return err;
}

static int whole_or_nothing(struct directory **out, int err)
{
    if (err) {
        config_directory_drop(*out);
        *out = NULL;
    }
    return err;
}

int config_directory_examine(struct directory **out, const char *path,
                             const struct settings *settings, struct config_errors *errors)
{
    char folder[CONFIG_PATH_BYTES];
    struct config_doc *doc;
    errors->file = path;
    *out = NULL;
    int err = config_load(&doc, path, errors);
    err = err ? err : read_all(out, doc, settings, errors);
    if (*out && config_path_beside(folder, path, CONFIG_SHEETS_FOLDER)) {
        int sheets_err = config_sheets_load(*out, folder, errors);
        err = err ? err : sheets_err;
    }
    return err;
}

int config_directory_load(struct directory **out, const char *path, const struct settings *settings,
                          struct config_errors *errors)
{
    return whole_or_nothing(out, config_directory_examine(out, path, settings, errors));
}

int config_directory_read(struct directory **out, const char *text, const struct settings *settings,
                          struct config_errors *errors)
{
    struct config_doc *doc;
    *out = NULL;
    int err = config_keep(&doc, text, strlen(text), errors);
    return whole_or_nothing(out, err ? err : read_all(out, doc, settings, errors));
}

void config_directory_drop(struct directory *d)
{
    if (d) {
        config_sheets_drop(d);
        config_choices_drop(d);
    }
    free(d); /* the head of its own memory */
}
