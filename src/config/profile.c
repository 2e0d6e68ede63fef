/* profile.c — a simulation profile: tables of keys, then what tables cannot say.
 * Called by cli/sim.c. Cost: once, at start.
 * Invariant: what is accepted keeps every bound that plan/world asserts. */
#include <errno.h>
#include <string.h>

#include "base/prng.h"
#include "config/profile.h"
#include "config/table.h"

#define SECOND ((ms_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define PPM_ONE 1000000
#define CENT_PPM 10000
#define CALLBACK_ATTEMPTS 3

static const struct config_key law_keys[] = {
    {.name = "mean",
     CONFIG_AT(struct plan_law, mean_ms),
     .form = CONFIG_MS,
     .min = 1,
     .max = 8 * HOUR,
     .is_required = true},
    {.name = "cv",
     CONFIG_AT(struct plan_law, cv_milli),
     .form = CONFIG_MILLI,
     .min = PRNG_CV_MILLI_MIN,
     .max = PRNG_CV_MILLI_MAX},
};
static const struct config_table law_table = CONFIG_TABLE(law_keys);

#define LAW(type, field) CONFIG_AT(type, field), .form = CONFIG_GROUP, .table = &law_table
#define SHARE(type, field) CONFIG_AT(type, field), .form = CONFIG_PPM
#define TIME(type, field, min_, max_)                                                              \
    CONFIG_AT(type, field), .form = CONFIG_MS, .min = (min_), .max = (max_)
#define COUNT(type, field, min_, max_)                                                             \
    CONFIG_AT(type, field), .form = CONFIG_U32, .min = (min_), .max = (max_)

static const struct config_key service_keys[] = {
    {.name = "share", SHARE(struct plan_service, share_ppm), .is_required = true},
    {.name = "handle", LAW(struct plan_service, handle)},
};
static const struct config_table service_table = CONFIG_TABLE(service_keys);
static const struct config_key service_item = {CONFIG_ITEM(struct plan_service),
                                               .form = CONFIG_GROUP, .table = &service_table};

static void skip(void *target, const struct config_node *node, struct config_errors *errors)
{
    (void)target;
    (void)node;
    (void)errors; /* read later, when the services are known */
}

static const struct config_key group_keys[] = {
    {.name = "count", COUNT(struct plan_group, agents_n, 1, PLAN_AGENTS_MAX), .is_required = true},
    {.name = "services", .form = CONFIG_CALL, .call = skip, .is_required = true},
    {.name = "language", SHARE(struct plan_group, language_ppm)},
    {.name = "shift",
     CONFIG_AT(struct plan_group, shift),
     .form = CONFIG_WEEK,
     .is_required = true},
    {.name = "texts", CONFIG_AT(struct plan_group, text_capacity), .form = CONFIG_U8, .max = 8},
};
static const struct config_table group_table = CONFIG_TABLE(group_keys);
static const struct config_key group_item = {CONFIG_ITEM(struct plan_group), .form = CONFIG_GROUP,
                                             .table = &group_table};

static bool read_slot_span(struct day_span *span, const struct config_node *node,
                           struct config_errors *errors)
{
    struct day_hours hours;
    if (config_hours(&hours, node->text) && hours.n == 1) {
        *span = hours.span[0];
        return true;
    }
    config_wrong(errors, node, "tranche\u00a0: «\u00a0%s\u00a0» ne se lit pas", node->text);
    config_cure(errors, "attendu\u00a0: \"08:30-09:00\"");
    return false;
}

/* { "08:30-09:00": 6 %, … }: in order, not overlapping, 100 % together (± 0.01 %). */
static void read_slots(void *target, const struct config_node *node, struct config_errors *errors)
{
    static const struct config_key share = {CONFIG_ITEM(uint32_t), .name = "part",
                                            .form = CONFIG_PPM};
    struct plan_shape *shape = target;
    uint32_t sum = 0, last = 0;
    shape->slots_n = 0;
    for (const struct config_node *e = node->first; e; e = e->next) {
        struct plan_slot slot = {0};
        if (shape->slots_n == PLAN_SLOTS_MAX || node->kind != CONFIG_MAPPING)
            break;
        if (!read_slot_span(&slot.span, e->key, errors) ||
            !config_read_value(&slot.share_ppm, e, &share, errors))
            return;
        if (slot.span.from_minute < last) {
            config_wrong(errors, e->key, "la tranche «\u00a0%s\u00a0» chevauche celle d’avant",
                         e->key->text);
            config_cure(errors, "rangez les tranches dans l’ordre");
            return;
        }
        last = slot.span.to_minute;
        sum += slot.share_ppm;
        shape->slots[shape->slots_n++] = slot;
    }
    if (shape->slots_n == node->n && sum + 100 >= PPM_ONE && sum <= PPM_ONE + 100)
        return;
    config_wrong(errors, node, "les tranches font %u,%02u\u00a0%% du jour", sum / CENT_PPM,
                 sum % CENT_PPM / 100);
    config_cure(errors, "leur somme doit être 100\u00a0%%, en %d tranches au plus", PLAN_SLOTS_MAX);
}

static void read_shape_days(void *target, const struct config_node *node,
                            struct config_errors *errors)
{
    struct plan_shape *shape = target;
    if (config_days(&shape->days, node->text))
        return;
    config_wrong(errors, node, "jours\u00a0: «\u00a0%s\u00a0» ne se lit pas", node->text);
    config_cure(errors, "attendu\u00a0: lun, lun-ven ou mar-mer-ven");
}

static const struct config_key shape_keys[] = {
    {.name = "days", .form = CONFIG_CALL, .call = read_shape_days, .is_required = true},
    {.name = "slots", .form = CONFIG_CALL, .call = read_slots, .is_required = true},
};
static const struct config_table shape_table = CONFIG_TABLE(shape_keys);
static const struct config_key shape_item = {CONFIG_ITEM(struct plan_shape), .form = CONFIG_GROUP,
                                             .table = &shape_table};

static const struct config_key house_keys[] = {
    {.name = "offer", TIME(struct plan_house, offer_ms, SECOND, 5 * MINUTE)},
    {.name = "wrap_up", TIME(struct plan_house, wrap_up_ms, 0, HOUR)},
    {.name = "short", TIME(struct plan_house, short_ms, 0, MINUTE)},
    {.name = "no_answer_back", TIME(struct plan_house, no_answer_back_ms, 0, HOUR)},
    {.name = "regain", TIME(struct plan_house, regain_ms, 0, DAY)},
    {.name = "closing_lead", TIME(struct plan_house, closing_lead_ms, 0, 2 * HOUR)},
    {.name = "ring_site", TIME(struct plan_house, ring_site_ms, 0, HOUR)},
    {.name = "ring_area", TIME(struct plan_house, ring_area_ms, 0, HOUR)},
    {.name = "ring_network", TIME(struct plan_house, ring_network_ms, 0, HOUR)},
    {.name = "head_start", TIME(struct plan_house, head_start_ms, 0, HOUR)},
};
static const struct config_table house_table = CONFIG_TABLE(house_keys);

static const struct config_key redial_keys[] = {
    {.name = "share", SHARE(struct plan_people, redial_ppm), .is_required = true},
    {.name = "from", TIME(struct plan_people, redial_min_ms, SECOND, DAY)},
    {.name = "to", TIME(struct plan_people, redial_max_ms, SECOND, DAY)},
    {.name = "times", CONFIG_AT(struct plan_people, redials_max), .form = CONFIG_U8, .max = 100},
};
static const struct config_table redial_table = CONFIG_TABLE(redial_keys);

static const struct config_key people_keys[] = {
    {.name = "patience", LAW(struct plan_people, patience)},
    {.name = "menu", LAW(struct plan_people, menu)},
    {.name = "informs", TIME(struct plan_people, informs_ms, SECOND, 10 * MINUTE)},
    {.name = "informed", SHARE(struct plan_people, informed_ppm)},
    {.name = "menu_abandon", SHARE(struct plan_people, menu_abandon_ppm)},
    {.name = "redial", .form = CONFIG_GROUP, .table = &redial_table},
    {.name = "withheld", SHARE(struct plan_people, withheld_ppm)},
    {.name = "landline", SHARE(struct plan_people, landline_ppm)},
    {.name = "shared", SHARE(struct plan_people, shared_ppm)},
    {.name = "shared_lines", COUNT(struct plan_people, shared_lines_n, 1, 100000)},
    {.name = "written", SHARE(struct plan_people, written_ppm)},
    {.name = "language", SHARE(struct plan_people, language_ppm)},
    {.name = "priority", SHARE(struct plan_people, priority_ppm)},
    {.name = "ask_place", SHARE(struct plan_people, ask_place_ppm)},
    {.name = "hangs_up", SHARE(struct plan_people, hangs_up_ppm)},
};
static const struct config_table people_table = CONFIG_TABLE(people_keys);

static const struct config_key staff_keys[] = {
    {.name = "absent", SHARE(struct plan_staff, absent_ppm)},
    {.name = "no_answer", SHARE(struct plan_staff, no_answer_ppm)},
    {.name = "pick_up", LAW(struct plan_staff, pick_up)},
    {.name = "wrap_up", LAW(struct plan_staff, wrap_up)},
    {.name = "rest", TIME(struct plan_staff, rest_ms, 0, HOUR)},
    {.name = "meal", TIME(struct plan_staff, meal_ms, 0, 3 * HOUR)},
    {.name = "line_death_every", TIME(struct plan_staff, line_death_every_ms, 0, 180 * DAY)},
};
static const struct config_table staff_table = CONFIG_TABLE(staff_keys);

static const struct config_key callbacks_keys[] = {
    {.name = "share", SHARE(struct plan_callbacks, accept_ppm), .is_required = true},
    {.name = "after", TIME(struct plan_callbacks, after_ms, SECOND, 2 * HOUR)},
    {.name = "attempts",
     CONFIG_AT(struct plan_callbacks, attempts_max),
     .form = CONFIG_U8,
     .min = 1,
     .max = 9},
    {.name = "agents_share",
     CONFIG_AT(struct plan_callbacks, share_percent),
     .form = CONFIG_U8,
     .max = 100},
    {.name = "gap", TIME(struct plan_callbacks, gap_ms, MINUTE, DAY)},
    {.name = "keep", TIME(struct plan_callbacks, keep_ms, MINUTE, 7 * DAY)},
    {.name = "ring", TIME(struct plan_callbacks, dial_ms, 10 * SECOND, 2 * MINUTE)},
    {.name = "nobody", SHARE(struct plan_callbacks, nobody_ppm)},
    {.name = "machine", SHARE(struct plan_callbacks, machine_ppm)},
    {.name = "redial", SHARE(struct plan_callbacks, redial_ppm)},
    {.name = "answer", LAW(struct plan_callbacks, answer)},
};
static const struct config_table callbacks_table = CONFIG_TABLE(callbacks_keys);

/* A profile with this group calls back; without, nobody is. */
static void read_callbacks(void *target, const struct config_node *node,
                           struct config_errors *errors)
{
    struct plan_callbacks *c = &((struct plan_profile *)target)->callbacks;
    c->attempts_max = CALLBACK_ATTEMPTS;
    if (!config_read(c, node, &callbacks_table, errors) ||
        c->nobody_ppm + c->machine_ppm <= PPM_ONE)
        return;
    config_wrong(errors, node, "callbacks\u00a0: nobody et machine font plus de 100\u00a0%%");
    config_cure(errors, "leur somme est au plus 100\u00a0%%");
}

static const struct config_key profile_keys[] = {
    {.name = "name",
     CONFIG_AT(struct plan_profile, name),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "arrivals",
     CONFIG_AT(struct plan_profile, arrivals),
     .form = CONFIG_U32_WEEK,
     .max = PLAN_ARRIVALS_MAX,
     .is_required = true},
    {.name = "hours",
     CONFIG_AT(struct plan_profile, hours),
     .form = CONFIG_WEEK,
     .is_required = true},
    {.name = "shapes",
     CONFIG_AT(struct plan_profile, shapes),
     .form = CONFIG_LIST,
     .min = 1,
     .item = &shape_item,
     CONFIG_COUNT_AT(struct plan_profile, shapes_n),
     .is_required = true},
    {.name = "services",
     CONFIG_AT(struct plan_profile, services),
     .form = CONFIG_ENTRIES,
     .min = 1,
     .item = &service_item,
     CONFIG_COUNT_AT(struct plan_profile, services_n),
     .is_required = true},
    {.name = "agents",
     CONFIG_AT(struct plan_profile, groups),
     .form = CONFIG_ENTRIES,
     .min = 1,
     .item = &group_item,
     CONFIG_COUNT_AT(struct plan_profile, groups_n),
     .is_required = true},
    {.name = "house",
     CONFIG_AT(struct plan_profile, house),
     .form = CONFIG_GROUP,
     .table = &house_table},
    {.name = "people",
     CONFIG_AT(struct plan_profile, people),
     .form = CONFIG_GROUP,
     .table = &people_table},
    {.name = "staff",
     CONFIG_AT(struct plan_profile, staff),
     .form = CONFIG_GROUP,
     .table = &staff_table},
    {.name = "callbacks", .form = CONFIG_CALL, .call = read_callbacks},
    {.name = "sites", COUNT(struct plan_profile, sites_n, 1, PLAN_SITES_MAX)},
    {.name = "areas", COUNT(struct plan_profile, areas_n, 1, PLAN_SITES_MAX)},
    {.name = "callers_max", COUNT(struct plan_profile, callers_max, 10, PLAN_CALLERS_MAX)},
    {.name = "closing_every", TIME(struct plan_profile, closing_every_ms, 0, 180 * DAY)},
    {.name = "closing", TIME(struct plan_profile, closing_ms, MINUTE, DAY)},
    {.name = "control_every", TIME(struct plan_profile, control_every_ms, 0, DAY)},
};
static const struct config_table profile_table = CONFIG_TABLE(profile_keys);

/* What holds when a file says nothing (domain §5.4, suggested default parameters). */
static void set_defaults(struct plan_profile *p)
{
    memset(p, 0, sizeof(*p));
    p->sites_n = p->areas_n = 1;
    p->closing_ms = 2 * HOUR;
    p->house = (struct plan_house){.offer_ms = 20 * SECOND,
                                   .wrap_up_ms = 2 * MINUTE,
                                   .short_ms = 10 * SECOND,
                                   .no_answer_back_ms = 10 * MINUTE,
                                   .handle_ms = 5 * MINUTE,
                                   .regain_ms = 10 * MINUTE,
                                   .closing_lead_ms = 10 * MINUTE,
                                   .ring_site_ms = 30 * SECOND,
                                   .ring_area_ms = 60 * SECOND,
                                   .ring_network_ms = 120 * SECOND,
                                   .head_start_ms = 10 * MINUTE};
    p->people = (struct plan_people){.patience = {4 * MINUTE, 1000},
                                     .menu = {20 * SECOND, 600},
                                     .informs_ms = 40 * SECOND,
                                     .redial_ppm = 600000,
                                     .redial_min_ms = 5 * MINUTE,
                                     .redial_max_ms = HOUR,
                                     .redials_max = 5,
                                     .ask_place_ppm = 50000,
                                     .hangs_up_ppm = 700000,
                                     .shared_lines_n = 5};
    p->staff = (struct plan_staff){.no_answer_ppm = 20000,
                                   .pick_up = {5 * SECOND, 500},
                                   .wrap_up = {MINUTE, 500},
                                   .rest_ms = 10 * MINUTE,
                                   .meal_ms = 45 * MINUTE};
    p->callbacks = (struct plan_callbacks){.share_percent = 50,
                                           .after_ms = 10 * MINUTE,
                                           .gap_ms = 45 * MINUTE,
                                           .keep_ms = 2 * DAY,
                                           .dial_ms = 40 * SECOND,
                                           .nobody_ppm = 150000,
                                           .machine_ppm = 100000,
                                           .redial_ppm = 50000,
                                           .answer = {12 * SECOND, 500}};
    for (unsigned i = 0; i < PLAN_SERVICES_MAX; i++)
        p->services[i].handle = (struct plan_law){5 * MINUTE, 800};
}

static int service_find(const struct plan_profile *p, const char *name)
{
    for (unsigned i = 0; i < p->services_n; i++)
        if (!strcmp(p->services[i].name, name))
            return (int)i;
    return -1;
}

static void unknown_service(const struct plan_profile *p, const struct config_node *node,
                            struct config_errors *errors)
{
    const char *names[PLAN_SERVICES_MAX];
    for (unsigned i = 0; i < p->services_n; i++)
        names[i] = p->services[i].name;
    const char *near = config_nearest(node->text, names, p->services_n);
    config_wrong(errors, node, "service inconnu\u00a0: «\u00a0%s\u00a0»", node->text);
    config_cure(errors,
                "attendu\u00a0: un nom de la clé services, ou all (le plus proche\u00a0: %s)",
                near ? near : p->services[0].name);
}

static void read_all_services(struct plan_group *g, const struct plan_profile *p,
                              const struct config_node *node, struct config_errors *errors)
{
    if (p->services_n > PLAN_GROUP_SERVICES_MAX) {
        config_wrong(errors, node, "un agent sert au plus %d services", PLAN_GROUP_SERVICES_MAX);
        config_cure(errors, "nommez-les en liste, en plusieurs groupes");
        return;
    }
    for (unsigned i = 0; i < p->services_n; i++)
        g->services[i] = (uint8_t)i;
    g->services_n = p->services_n;
}

/* services: all, or [a, b]. */
static void read_group_services(struct plan_group *g, const struct plan_profile *p,
                                const struct config_node *node, struct config_errors *errors)
{
    if (node->kind == CONFIG_SCALAR && !strcmp(node->text, "all")) {
        read_all_services(g, p, node, errors);
        return;
    }
    if (node->kind != CONFIG_SEQUENCE || !node->n || node->n > PLAN_GROUP_SERVICES_MAX) {
        config_wrong(errors, node, "services\u00a0: une liste de 1 à %d noms est attendue",
                     PLAN_GROUP_SERVICES_MAX);
        config_cure(errors, "écrivez [a, b], ou all");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next) {
        int i = service_find(p, e->text);
        bool is_twice = i >= 0 && memchr(g->services, i, g->services_n);
        if (i < 0) {
            unknown_service(p, e, errors);
        } else if (is_twice) {
            config_wrong(errors, e, "«\u00a0%s\u00a0» est cité deux fois", e->text);
            config_cure(errors, "citez-le une fois");
        } else {
            g->services[g->services_n++] = (uint8_t)i;
        }
    }
}

static void check_services(const struct plan_profile *p, const struct config_node *node,
                           struct config_errors *errors)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < p->services_n; i++)
        sum += p->services[i].share_ppm;
    if (sum + 100 >= PPM_ONE && sum <= PPM_ONE + 100)
        return;
    config_wrong(errors, node, "les parts des services font %u,%02u\u00a0%%",
                 (unsigned)(sum / CENT_PPM), (unsigned)(sum % CENT_PPM / 100));
    config_cure(errors, "leur somme doit être 100\u00a0%%");
}

static void check_agents(const struct plan_profile *p, const struct config_node *node,
                         struct config_errors *errors)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < p->groups_n; i++)
        n += p->groups[i].agents_n;
    if (n <= PLAN_AGENTS_MAX)
        return;
    config_wrong(errors, node, "trop d’agents\u00a0: %llu", (unsigned long long)n);
    config_cure(errors, "au plus %u en tout", PLAN_AGENTS_MAX);
}

/* The mean handling time that the house expects, for its estimates: that of its services. */
static ms_t mean_handle_ms(const struct plan_profile *p)
{
    ms_t sum = 0;
    for (unsigned i = 0; i < p->services_n; i++)
        sum += p->services[i].handle.mean_ms * p->services[i].share_ppm / PPM_ONE;
    return sum + p->staff.wrap_up.mean_ms;
}

/* What the tables cannot say: references between keys, sums, orders. */
static void check_whole(struct plan_profile *p, const struct config_node *root,
                        struct config_errors *errors)
{
    const struct config_node *groups = config_get(root, "agents"), *g = groups->first;
    for (unsigned i = 0; i < p->groups_n; i++, g = g->next)
        read_group_services(&p->groups[i], p, config_get(g, "services"), errors);
    check_services(p, config_get(root, "services"), errors);
    check_agents(p, groups, errors);
    if (p->people.redial_min_ms > p->people.redial_max_ms) {
        const struct config_node *people = config_get(root, "people");
        config_wrong(errors, config_get(people, "redial"), "redial\u00a0: from dépasse to");
        config_cure(errors, "échangez-les");
    }
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        if (p->arrivals[d] && !plan_shape_of(p, d)) {
            config_wrong(errors, config_get(root, "arrivals"),
                         "des appels arrivent un jour dont aucune clé shapes ne dit les heures");
            config_cure(errors, "ajoutez ce jour dans shapes, ou mettez 0");
            return;
        }
    p->house.handle_ms = mean_handle_ms(p);
}

static int read_doc(struct plan_profile *out, const struct config_doc *doc,
                    struct config_errors *errors)
{
    set_defaults(out);
    if (config_read(out, config_root(doc), &profile_table, errors))
        check_whole(out, config_root(doc), errors);
    return errors->n ? EINVAL : 0;
}

int config_profile_load(struct plan_profile *out, const char *path, struct config_errors *errors)
{
    struct config_doc *doc;
    int err = config_load(&doc, path, errors);
    if (!err)
        err = read_doc(out, doc, errors);
    config_drop(doc);
    return err;
}

int config_profile_read(struct plan_profile *out, const char *text, size_t n,
                        struct config_errors *errors)
{
    struct config_doc *doc;
    int err = config_keep(&doc, text, n, errors);
    if (!err)
        err = read_doc(out, doc, errors);
    config_drop(doc);
    return err;
}
