/* directory_access.c — what no single line of the directory shows: voice hours without the
 * accessible telephone, hours that nobody keeps, writing that nobody answers. Called by directory.c
 * when all is read. Cost: see directory/cover.c for each pair of hours. Invariant: hours that could
 * not be read are not judged. */
#include <stdio.h>
#include <string.h>

#include "config/directory_parts.h"
#include "directory/hours.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define LAW "décret n°\u00a02017-875"

/* ---- the accessible telephone ---- */

static const char *const day_names[WEEK_DAYS] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                                 "vendredi", "samedi", "dimanche"};

/* "le lundi de 17:30 à 18:00", or the very day. */
static void gap_text(char *to, size_t n, const struct directory_gap *gap)
{
    struct civil c = calendar_date(gap->day);
    char day[48];
    if (gap->is_weekly)
        snprintf(day, sizeof(day), "le %s", day_names[calendar_weekday(gap->day)]);
    else
        snprintf(day, sizeof(day), "le %04d-%02u-%02u", (int)c.year, c.month, c.day);
    snprintf(to, n, "%s de %02u:%02u à %02u:%02u", day, gap->from_minute / 60u,
             gap->from_minute % 60u, gap->to_minute / 60u, gap->to_minute % 60u);
}

static const char *name_of(const struct directory *d, uint64_t weeks)
{
    for (uint32_t w = 0; w < d->weeks_n && w < DIRECTORY_PHONE_WEEKS_MAX; w++)
        if (weeks >> w & 1)
            return d->weeks[w].id;
    return "";
}

/* Voice hours, and those that must cover them, of something at a node. */
struct access {
    const struct config_node *where;
    const char *kind, *id; /* "le service", "accueil" */
    uint64_t voice, accessible;
};

/* Many numbers have the same hours: what was found right is not looked at again. */
static bool is_known_right(const struct reading *r, const struct access *a)
{
    for (unsigned i = 0; i < ARRAY_LEN(r->covered); i++)
        if (r->covered[i].voice == a->voice && r->covered[i].accessible == a->accessible)
            return true;
    return false;
}

static void check_one(struct reading *r, const struct access *a)
{
    struct directory_gap gap;
    char when[80];
    if ((a->voice | a->accessible) & r->wrong_weeks || !a->accessible || is_known_right(r, a))
        return;
    if (directory_hours_cover(&gap, r->d, a->voice, a->accessible)) {
        struct covered *c = &r->covered[r->covered_n++ % ARRAY_LEN(r->covered)];
        *c = (struct covered){a->voice, a->accessible};
        return;
    }
    gap_text(when, sizeof(when), &gap);
    config_wrong(r->errors, a->where,
                 "%s " QUOTED COLON "ses heures accessibles (" QUOTED
                 ") ne couvrent pas ses heures "
                 "de voix (" QUOTED "), %s",
                 a->kind, a->id, name_of(r->d, a->accessible), r->d->weeks[gap.week].id, when);
    config_cure(r->errors, "ouvrez l’accueil accessible aux mêmes heures, ou fermez la voix "
                           "(" LAW ", article 2)");
}

/* A word that names nothing was told already: nothing is judged by what stands in its place. */
static bool is_dangling(const struct reading *r, const struct config_node *item)
{
    static const char *const keys[] = {"hours", "accessible"};
    for (unsigned i = 0; i < ARRAY_LEN(keys); i++) {
        const struct config_node *node = config_get(item, keys[i]);
        uint32_t w = node ? map_get(&r->d->week_of, directory_number_of(node->text)) : 0;
        if (node && (w == SLOT_NONE || strcmp(r->d->weeks[w].id, node->text) != 0))
            return true;
    }
    return false;
}

static uint64_t all_accessible(const struct directory *d)
{
    uint64_t weeks = 0;
    for (uint32_t i = 0; i < d->numbers_n; i++)
        weeks |= d->numbers[i].accessible;
    return weeks;
}

static void check_numbers(struct reading *r)
{
    const struct config_node *list = config_get(r->root, "numbers");
    const struct config_node *e = list && list->kind == CONFIG_SEQUENCE ? list->first : NULL;
    for (uint32_t i = 0; e && i < r->d->numbers_n; i++, e = e->next) {
        struct directory_number *n = &r->d->numbers[i];
        const struct config_node *hours = config_get(e, "hours");
        n->accessible = n->accessible ? n->accessible : r->d->organisation.accessible;
        if (n->week < DIRECTORY_PHONE_WEEKS_MAX && !is_dangling(r, e))
            check_one(r, &(const struct access){.where = hours,
                                                .kind = "le numéro",
                                                .id = n->shown,
                                                .voice = UINT64_C(1) << n->week,
                                                .accessible = n->accessible});
    }
}

/* A service without hours of its own follows the numbers, each covered by its own: nothing more is
 * told of it, unless it names its accessible hours. */
static void check_services(struct reading *r)
{
    const struct config_node *list = config_get(r->root, "services");
    const struct config_node *e = list && list->kind == CONFIG_SEQUENCE ? list->first : NULL;
    uint64_t of_numbers = all_accessible(r->d);
    for (uint32_t i = 0; e && i < r->d->services_n; i++, e = e->next) {
        struct directory_service *s = &r->d->services[i];
        const struct config_node *hours = config_get(e, "hours");
        bool is_own = (hours || s->accessible) && !is_dangling(r, e);
        if (!s->accessible)
            s->accessible = hours ? r->d->organisation.accessible : of_numbers;
        if (is_own)
            check_one(r, &(const struct access){.where = hours ? hours : e,
                                                .kind = "le service",
                                                .id = s->id,
                                                .voice = s->weeks,
                                                .accessible = s->accessible});
    }
}

/* Is there something that nothing covers at all? */
static bool is_uncovered(const struct directory *d)
{
    for (uint32_t i = 0; i < d->numbers_n; i++)
        if (!d->numbers[i].accessible)
            return true;
    for (uint32_t i = 0; i < d->services_n; i++)
        if (!d->services[i].accessible)
            return true;
    return false;
}

/* Public bodies must have one; who has not said what they are is only warned. */
static void check_said(struct reading *r)
{
    static const char cure[] = "écrivez «\u00a0accessible: …\u00a0» dans «\u00a0organisation"
                               "\u00a0», avec le nom de ces horaires (" LAW ")";
    static const char what[] = "les heures de l’accueil accessible aux sourds et aux aphasiques ne "
                               "sont pas dites";
    const struct config_warning warning = {r->head.organisation, cure};
    bool is_said = !r->head.organisation || config_get(r->head.organisation, "accessible");
    if (r->head.is_private || is_said || !is_uncovered(r->d))
        return;
    if (!r->head.has_legal_type) {
        config_warn(r->errors, &warning, "%s", what);
        return;
    }
    config_wrong(r->errors, r->head.organisation, "%s", what);
    config_cure(r->errors, "%s", cure);
}

void directory_check_access(struct reading *r)
{
    check_numbers(r);
    check_services(r);
    check_said(r);
}

/* ---- warnings ---- */

static void warn_unused(struct reading *r)
{
    for (uint32_t i = 0; i < r->d->weeks_n; i++) {
        const struct config_warning w = {r->weeks[i]->key, "donnez-les à un lieu, à un numéro ou à "
                                                           "un service, ou enlevez-les"};
        if (!r->is_used[i])
            config_warn(r->errors, &w, "personne ne suit les horaires " QUOTED, r->d->weeks[i].id);
    }
}

static void warn_doors(struct reading *r)
{
    const struct config_node *list = config_get(r->root, "sites");
    const struct config_node *e = list && list->kind == CONFIG_SEQUENCE ? list->first : NULL;
    for (uint32_t i = 0; e && i < r->d->sites_n; i++, e = e->next) {
        const struct directory_site *s = &r->d->sites[i];
        const struct config_warning w = {e, "ajoutez «\u00a0hours\u00a0», ou «\u00a0public: non"
                                            "\u00a0»"};
        if (s->is_public && s->week == DIRECTORY_NONE && !config_get(e, "hours"))
            config_warn(r->errors, &w,
                        "le lieu " QUOTED " reçoit le public, mais à quelle heure"
                        "\u202f?",
                        s->id);
    }
}

static void warn_writing(struct reading *r)
{
    const struct config_warning w = {r->head.organisation, "donnez la compétence «\u00a0ecrit"
                                                           "\u00a0» à un agent"};
    bool has_accessible = r->d->organisation.accessible || all_accessible(r->d);
    for (uint32_t i = 0; i < r->d->agents_n; i++)
        has_accessible = has_accessible && !r->d->agents[i].writes;
    if (has_accessible)
        config_warn(r->errors, &w, "personne ne répond par écrit pendant les heures accessibles");
}

void directory_warn(struct reading *r)
{
    warn_unused(r);
    warn_doors(r);
    warn_writing(r);
}
