/* directory_places.c — communes, and sites: where they are, by which clock, for whom.
 * Called by directory.c; communes first, sites after the hours. Cost: a sort of the communes, then
 * a look-up per reference. Invariant: hours that open the telephone have one clock: the sites that
 * keep them agree, or the organisation's. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config/directory_parts.h"
#include "directory/number.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

/* ---- communes ---- */

#define POSTCODE_DIGITS 5

struct commune_text {
    struct directory_commune commune;
    const struct config_node *node;
};

/* "Montaubry 96000" */
static bool read_commune(struct directory_commune *c, const struct config_node *node)
{
    size_t n = strlen(node->text), name_n = n > POSTCODE_DIGITS ? n - POSTCODE_DIGITS - 1 : 0;
    int64_t postcode;
    if (!name_n || name_n >= sizeof(c->name) || node->text[name_n] != ' ' ||
        strspn(node->text + name_n + 1, "0123456789") != POSTCODE_DIGITS ||
        !config_integer(&postcode, node->text + name_n + 1))
        return false;
    memcpy(c->name, node->text, name_n);
    c->name[name_n] = 0;
    c->postcode = (uint32_t)postcode;
    return true;
}

static int by_postcode(const void *a, const void *b)
{
    const struct commune_text *x = a, *y = b;
    if (x->commune.postcode != y->commune.postcode)
        return x->commune.postcode < y->commune.postcode ? -1 : 1;
    int names = strcmp(x->commune.name, y->commune.name);
    if (names)
        return names;
    return x->node->line != y->node->line ? (x->node->line < y->node->line ? -1 : 1)
                                          : (int)x->node->column - (int)y->node->column;
}

static void keep_commune(struct reading *r, const struct commune_text *t, uint32_t i)
{
    r->d->communes[i] = t[i].commune;
    uint32_t number = directory_number_of(t[i].commune.name);
    if (map_get(&r->d->commune_of, number) == SLOT_NONE)
        map_put(&r->d->commune_of, number, i);
    if (!i || t[i - 1].commune.postcode != t[i].commune.postcode ||
        strcmp(t[i - 1].commune.name, t[i].commune.name) != 0)
        return;
    config_wrong(r->errors, t[i].node, "cette commune est déjà à la ligne %u" COLON QUOTED,
                 t[i - 1].node->line, t[i].node->text);
    config_cure(r->errors, "gardez l’une des deux");
}

void directory_read_communes(struct reading *r)
{
    uint32_t n = 0;
    struct commune_text *t = calloc(r->list->n + 1, sizeof(*t));
    for (uint32_t i = 0; t && i < r->list->n; i++) {
        t[n].node = r->items[i];
        if (r->items[i]->kind == CONFIG_SCALAR && read_commune(&t[n].commune, r->items[i])) {
            n++;
            continue;
        }
        config_wrong(r->errors, r->items[i],
                     "une commune et son code postal sont attendus" COLON QUOTED,
                     r->items[i]->text);
        config_cure(r->errors, "par exemple" COLON "communes: [Montaubry 96000]");
    }
    if (t)
        qsort(t, n, sizeof(*t), by_postcode);
    for (uint32_t i = 0; t && i < n; i++)
        keep_commune(r, t, i);
    r->d->communes_n = n;
    free(t);
}

/* ---- sites ---- */

static const char *const need_words[NEED_N] = {
    "surdite",     "deficience_visuelle", "handicaps_moteurs", "handicaps_mentaux",
    "illettrisme", "langues_anglais",     "langues_autres"};

struct site_text {
    struct directory_site site;
    unsigned zone, holidays; /* UINT_MAX: not said */
};

#define SITE(name_, field_)                                                                        \
    {                                                                                              \
        .name = (name_), CONFIG_AT(struct site_text, site.field_), .form = CONFIG_TEXT             \
    }

static const struct config_key site_keys[] = {
    {.name = "id",
     CONFIG_AT(struct site_text, site.id),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "name",
     CONFIG_AT(struct site_text, site.name),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    SITE("address", address),
    SITE("commune", commune),
    SITE("phone", phone),
    SITE("area", area),
    {.name = "public", CONFIG_AT(struct site_text, site.is_public), .form = CONFIG_BOOL},
    {.name = "partner", CONFIG_AT(struct site_text, site.is_partner), .form = CONFIG_BOOL},
    CONFIG_LATER("hours"),
    {.name = "timezone",
     CONFIG_AT(struct site_text, zone),
     .form = CONFIG_ENUM,
     .words = directory_zone_words},
    {.name = "holidays",
     CONFIG_AT(struct site_text, holidays),
     .form = CONFIG_ENUM,
     .words = directory_holiday_words},
    CONFIG_LATER("at"),
    CONFIG_LATER("needs"),
};
static const struct config_table site_table = CONFIG_TABLE(site_keys);

static void read_need(struct reading *r, struct directory_site *s, const struct config_node *node)
{
    const struct config_words words = {"besoin inconnu", need_words, NEED_N};
    for (unsigned i = 0; node->kind == CONFIG_SCALAR && i < NEED_N; i++)
        if (!strcmp(node->text, need_words[i])) {
            s->needs |= (uint8_t)(1u << i);
            return;
        }
    config_unknown(node, &words, r->errors);
}

static void read_needs(struct reading *r, struct directory_site *s, const struct config_node *node)
{
    if (node && node->kind != CONFIG_SEQUENCE) {
        config_wrong(r->errors, node, "«\u00a0needs\u00a0» n’est pas une liste");
        config_cure(r->errors, "par exemple" COLON "needs: [surdite, illettrisme]");
        return;
    }
    for (const struct config_node *e = node ? node->first : NULL; e; e = e->next)
        read_need(r, s, e);
}

#define LATITUDE_MAX 90000000

static void read_at(struct reading *r, struct directory_site *s, const struct config_node *node)
{
    const struct config_node *e = node && node->kind == CONFIG_SEQUENCE ? node->first : NULL;
    if (!node)
        return;
    s->is_located = node->n == 2 && e && config_degrees(&s->latitude, e->text) &&
                    config_degrees(&s->longitude, e->next->text) && s->latitude <= LATITUDE_MAX &&
                    s->latitude >= -LATITUDE_MAX;
    if (s->is_located)
        return;
    config_wrong(r->errors, node, "cet endroit ne se lit pas");
    config_cure(r->errors, "attendu" COLON "at: [latitude, longitude], par exemple "
                           "[46.912, 2.437]");
}

/* The holidays of whoever lives by that clock, when the file says no others. */
static void keep_clock(const struct reading *r, struct directory_site *s, const struct site_text *t)
{
    const struct directory_organisation *o = &r->d->organisation;
    s->clock.is_own = t->zone != UINT_MAX || t->holidays != UINT_MAX;
    s->clock.zone = t->zone != UINT_MAX ? (enum zone)t->zone : o->zone;
    if (t->holidays != UINT_MAX)
        s->clock.holidays = (enum holidays)t->holidays;
    else
        s->clock.holidays =
            s->clock.zone == o->zone ? o->holidays : calendar_zone_holidays(s->clock.zone);
}

/* By a clock that is not known, nothing is judged. */
static void note_wrong_clock(struct reading *r, const struct directory_site *s,
                             const struct site_text *t, const struct config_node *e)
{
    bool is_wrong = (config_get(e, "timezone") && t->zone == UINT_MAX) ||
                    (config_get(e, "holidays") && t->holidays == UINT_MAX);
    if (is_wrong && s->week < DIRECTORY_PHONE_WEEKS_MAX)
        r->wrong_weeks |= UINT64_C(1) << s->week;
}

/* Hours that only doors follow may have several clocks: each site has its own. */
static void keep_week_clock(struct reading *r, uint32_t *first_site, uint32_t index,
                            const struct config_node *e)
{
    const struct directory_site *s = &r->d->sites[index];
    if (s->week == DIRECTORY_NONE)
        return;
    if (first_site[s->week] == DIRECTORY_NONE) {
        first_site[s->week] = index;
        r->d->weeks[s->week].clock = s->clock;
        return;
    }
    const struct directory_site *other = &r->d->sites[first_site[s->week]];
    if (s->week >= r->phone_weeks_n ||
        (other->clock.zone == s->clock.zone && other->clock.holidays == s->clock.holidays))
        return;
    config_wrong(r->errors, config_get(e, "hours"),
                 QUOTED " ouvre le téléphone, mais " QUOTED " et " QUOTED
                        " n’ont ni la même heure ni les mêmes jours fériés",
                 r->d->weeks[s->week].id, other->id, s->id);
    config_cure(r->errors, "écrivez ces heures une seconde fois sous un autre nom, pour l’un des "
                           "deux");
}

static void check_commune(struct reading *r, const struct directory_site *s,
                          const struct config_node *node)
{
    if (!node || !s->commune[0] || !r->d->communes_n ||
        directory_commune_find(r->d, text_of(s->commune)) != DIRECTORY_NONE)
        return;
    config_wrong(r->errors, node, "commune inconnue" COLON QUOTED, s->commune);
    config_cure(r->errors, "ajoutez-la à «\u00a0communes\u00a0», ou corrigez son nom");
}

static void check_phone(struct reading *r, const struct directory_site *s,
                        const struct config_node *node)
{
    uint64_t e164;
    if (s->phone[0] && directory_read_number(r, &e164, node) && number_is_surcharged(e164))
        directory_check_surcharge(r, node);
}

static void read_site(struct reading *r, uint32_t index, const struct config_node *e)
{
    struct site_text t = {.zone = UINT_MAX, .holidays = UINT_MAX, .site.is_public = true};
    struct directory_site *s = &r->d->sites[index];
    config_read(&t, e, &site_table, r->errors);
    *s = t.site;
    directory_keep_id(r, &r->d->site_of, e, index);
    s->number = directory_number_of(s->id);
    s->area_number = s->area[0] ? directory_number_of(s->area) : 0;
    s->week = directory_refer_week(r, e, "hours");
    keep_clock(r, s, &t);
    note_wrong_clock(r, s, &t, e);
    read_at(r, s, config_get(e, "at"));
    read_needs(r, s, config_get(e, "needs"));
    check_commune(r, s, config_get(e, "commune"));
    check_phone(r, s, config_get(e, "phone"));
}

void directory_read_sites(struct reading *r)
{
    uint32_t first_site[DIRECTORY_WEEKS_MAX];
    memset(first_site, 0xff, sizeof(first_site)); /* DIRECTORY_NONE */
    for (uint32_t i = 0; i < r->d->sites_n; i++) {
        read_site(r, i, r->items[i]);
        keep_week_clock(r, first_site, i, r->items[i]);
    }
}
