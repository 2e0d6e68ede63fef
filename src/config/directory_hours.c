/* directory_hours.c — opening hours by day of the week, and the days unlike the others.
 * Called by directory.c. Cost: one pass. Invariant: spans of a day are in order and apart. */
#include <limits.h>
#include <string.h>

#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
#define PLACE_MARK " @"
#define SPANS_BYTES 128

static const char *const day_words[] = {"lun", "mar", "mer", "jeu", "ven", "sam", "dim", NULL};

static void wrong_days(struct reading *r, const struct config_node *key)
{
    char first[16] = "";
    const char *near = NULL;
    size_t n = strcspn(key->text, "-");
    if (n < sizeof(first)) {
        memcpy(first, key->text, n);
        near = config_nearest(first, day_words, WEEK_DAYS);
    }
    config_wrong(r->errors, key, "jour inconnu" COLON QUOTED, key->text);
    if (near && strcmp(near, first))
        config_cure(r->errors, "vouliez-vous dire " QUOTED "\u202f?", near);
    else
        config_cure(r->errors, "attendu" COLON "lun, lun-ven ou mar-mer-ven, dans l’ordre");
}

/* The text before a place ("09:30-12:00 @Rochemarne"), and the place. False: too long. */
static bool part_place(char spans[SPANS_BYTES], char place[DIRECTORY_NAME_BYTES], const char *text)
{
    const char *mark = strstr(text, PLACE_MARK);
    size_t n = mark ? (size_t)(mark - text) : strlen(text);
    const char *where = mark ? mark + strlen(PLACE_MARK) : "";
    if (n >= SPANS_BYTES || strlen(where) >= DIRECTORY_NAME_BYTES)
        return false;
    memcpy(spans, text, n);
    spans[n] = 0;
    memcpy(place, where, strlen(where) + 1);
    return true;
}

/* Is each span well written, so that only their order is wrong? */
static bool each_is_hours(const char *spans)
{
    char one[SPANS_BYTES];
    struct day_hours h;
    for (const char *p = spans; *p;) {
        size_t n = strcspn(p, " ");
        memcpy(one, p, n);
        one[n] = 0;
        if (n && (!config_hours(&h, one) || !h.n))
            return false;
        p += n + (p[n] == ' ');
    }
    return true;
}

static bool read_day(struct reading *r, const struct config_node *node, struct day_hours *hours,
                     char place[DIRECTORY_NAME_BYTES])
{
    char spans[SPANS_BYTES];
    bool is_text = node->kind == CONFIG_SCALAR && part_place(spans, place, node->text);
    if (is_text && config_hours(hours, spans))
        return true;
    if (is_text && each_is_hours(spans)) {
        config_wrong(r->errors, node,
                     "ces heures se chevauchent, ou sont trop nombreuses" COLON QUOTED, node->text);
        config_cure(r->errors, "rangez-les dans l’ordre, sans chevauchement, %d au plus",
                    DAY_SPANS_MAX);
    } else {
        config_wrong(r->errors, node, "ces heures ne se lisent pas" COLON QUOTED, node->text);
        config_cure(r->errors, "attendu" COLON "\"09:00-12:30 13:30-17:30\" ou \"closed\"");
    }
    return false;
}

static bool is_always(const struct directory_week *w)
{
    for (unsigned d = 0; d < WEEK_DAYS; d++) {
        const struct day_hours *h = &w->day[d];
        if (h->n != 1 || h->span[0].from_minute || h->span[0].to_minute != DAY_MINUTES)
            return false;
    }
    return true;
}

static void read_week(struct reading *r, struct directory_week *w, const struct config_node *node)
{
    uint8_t seen = 0;
    if (node->kind != CONFIG_MAPPING) {
        config_wrong(r->errors, node, "horaires " QUOTED COLON "des jours sont attendus", w->id);
        config_cure(r->errors, "par exemple" COLON "{ lun-ven: \"08:30-18:00\" }");
        return;
    }
    for (const struct config_node *e = node->first; e; e = e->next) {
        struct day_hours hours;
        char place[DIRECTORY_NAME_BYTES];
        uint8_t mask;
        if (!config_days(&mask, e->key->text)) {
            wrong_days(r, e->key);
            continue;
        }
        if (mask & seen) {
            config_wrong(r->errors, e->key, "un jour de " QUOTED " est déjà dit plus haut",
                         e->key->text);
            config_cure(r->errors, "chaque jour une seule fois");
        }
        seen |= mask;
        if (!read_day(r, e, &hours, place))
            continue;
        for (unsigned d = 0; d < WEEK_DAYS; d++) {
            if (!(mask >> d & 1))
                continue;
            w->day[d] = hours;
            memcpy(w->place[d], place, sizeof(place));
        }
    }
}

void directory_read_weeks(struct reading *r)
{
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->weeks_n; i++, e = e->next) {
        struct directory_week *w = &r->d->weeks[i];
        size_t n = strlen(e->key->text);
        memcpy(w->id, e->key->text, n < sizeof(w->id) ? n : sizeof(w->id) - 1);
        directory_keep_id(r, &r->d->week_of, e, i);
        read_week(r, w, e);
        w->is_always = is_always(w);
    }
}

/* ---- exceptions ---- */

struct exception_text {
    char date[16], published[16];
    unsigned reason;
    uint16_t close_minute;
};

#define REASON_HOLIDAY 0
static const char *const reason_words[] = {"ferie", "exceptionnel", NULL};

static const struct config_key exception_keys[] = {
    {.name = "date",
     CONFIG_AT(struct exception_text, date),
     .form = CONFIG_TEXT,
     .min = 1,
     .is_required = true},
    {.name = "reason",
     CONFIG_AT(struct exception_text, reason),
     .form = CONFIG_ENUM,
     .words = reason_words},
    {.name = "close", CONFIG_AT(struct exception_text, close_minute), .form = CONFIG_TIME},
    {.name = "published", CONFIG_AT(struct exception_text, published), .form = CONFIG_TEXT},
    CONFIG_LATER("hours"),
};
static const struct config_table exception_table = CONFIG_TABLE(exception_keys);

static bool read_date(struct reading *r, calendar_day *day, const struct config_node *node)
{
    if (config_date(day, node->text))
        return true;
    config_wrong(r->errors, node, "ce jour n’existe pas ou ne se lit pas" COLON QUOTED, node->text);
    config_cure(r->errors, "attendu" COLON "année-mois-jour, par exemple 2026-12-24");
    return false;
}

/* Hours that nothing closes (round the clock) are changed only when named. */
static uint64_t weeks_touched(struct reading *r, const struct config_node *e)
{
    const struct config_things weeks = directory_all_weeks(r);
    uint32_t named = directory_refer_key(r, e, "hours", &weeks);
    uint64_t mask = 0;
    if (named != DIRECTORY_NONE)
        return UINT64_C(1) << named;
    for (unsigned w = 0; w < r->d->weeks_n; w++)
        if (!r->d->weeks[w].is_always)
            mask |= UINT64_C(1) << w;
    return mask;
}

static void read_exception(struct reading *r, struct directory_exception *x,
                           const struct config_node *e)
{
    struct exception_text t = {.reason = UINT_MAX};
    if (!config_read(&t, e, &exception_table, r->errors) ||
        !read_date(r, &x->day, config_get(e, "date")))
        return;
    x->close_minute = t.close_minute;
    x->weeks = weeks_touched(r, e);
    const struct config_node *published = config_get(e, "published");
    calendar_day said = 0;
    if (published && !read_date(r, &said, published))
        return;
    x->is_published = published ? said < x->day : t.reason == REASON_HOLIDAY;
    if (!published && t.reason != REASON_HOLIDAY) {
        config_wrong(r->errors, e,
                     "il manque «\u00a0published\u00a0»" COLON
                     "quand a-t-on annoncé cette fermeture\u202f?");
        config_cure(r->errors,
                    "ajoutez «\u00a0published: AAAA-MM-JJ\u00a0»\u00a0; annoncée le jour "
                    "même, elle compte comme un refus");
    }
}

void directory_read_exceptions(struct reading *r)
{
    const struct config_node *e = r->list->first;
    for (uint32_t i = 0; i < r->d->exceptions_n; i++, e = e->next)
        read_exception(r, &r->d->exceptions[i], e);
}
