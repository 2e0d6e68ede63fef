/* directory_hours.c — opening hours by day of the week, and where, for what travels.
 * Called by directory.c; its days also by directory_exceptions.c. Cost: one pass.
 * Invariant: spans of a day are in order and apart, or meet where the place changes. */
#include <string.h>

#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "
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

/* ---- one day ---- */

/* The text before a place, and the place. False: too long. */
static bool part_place(char spans[SPANS_BYTES], const char **place, const char *text)
{
    const char *mark = strstr(text, PLACE_MARK);
    size_t n = mark ? (size_t)(mark - text) : strlen(text);
    *place = mark ? mark + strlen(PLACE_MARK) : "";
    if (n >= SPANS_BYTES || strlen(*place) >= DIRECTORY_NAME_BYTES)
        return false;
    memcpy(spans, text, n);
    spans[n] = 0;
    return true;
}

/* What is wrong with hours that cannot be read: the first that applies. */
enum fault { FAULT_FORM, FAULT_REVERSED, FAULT_ORDER };

/* "17:00-09:00"? */
static bool is_reversed(const char *span)
{
    char from[SPANS_BYTES];
    uint16_t from_minute, to_minute;
    size_t n = strcspn(span, "-");
    if (span[n] != '-')
        return false;
    memcpy(from, span, n);
    from[n] = 0;
    return config_time(&from_minute, from) && config_time(&to_minute, span + n + 1) &&
           from_minute >= to_minute;
}

static enum fault fault_of(const char *spans)
{
    char one[SPANS_BYTES];
    struct day_hours h;
    for (const char *p = spans; *p;) {
        size_t n = strcspn(p, " ");
        memcpy(one, p, n);
        one[n] = 0;
        if (n && is_reversed(one))
            return FAULT_REVERSED;
        if (n && (!config_hours(&h, one) || !h.n))
            return FAULT_FORM;
        p += n + (p[n] == ' ');
    }
    return *spans ? FAULT_ORDER : FAULT_FORM;
}

static bool wrong_hours(struct reading *r, const struct config_node *node, enum fault fault)
{
    static const char *const what[] = {
        [FAULT_FORM] = "ces heures ne se lisent pas",
        [FAULT_REVERSED] = "ces heures finissent avant d’avoir commencé",
        [FAULT_ORDER] = "ces heures se chevauchent, se touchent ou sont trop nombreuses"};
    config_wrong(r->errors, node, "%s" COLON QUOTED, what[fault], node->text);
    if (fault == FAULT_FORM)
        config_cure(r->errors, "attendu" COLON "\"09:00-12:30 13:30-17:30\" ou \"closed\"");
    else if (fault == FAULT_REVERSED)
        config_cure(r->errors, "après minuit, écrivez-les au jour suivant" COLON
                               "\"22:00-24:00\", puis \"00:00-04:00\" le lendemain");
    else
        config_cure(r->errors,
                    "rangez-les dans l’ordre, %d au plus\u00a0; celles qui se touchent "
                    "n’en font qu’une",
                    DAY_SPANS_MAX);
    return false;
}

/* The commune of a stop: what stands before a comma ("Rochemarne, place de la Mairie"). */
static bool place_known(struct reading *r, const struct config_node *node, const char *place)
{
    struct text commune = {place, strcspn(place, ",")};
    if (!r->d->communes_n || directory_commune_find(r->d, commune) != DIRECTORY_NONE)
        return true;
    config_wrong(r->errors, node, "lieu de passage inconnu" COLON QUOTED, place);
    config_cure(r->errors, "écrivez une commune de «\u00a0communes\u00a0», suivie au besoin d’une "
                           "virgule et de l’endroit, ou ajoutez-la à cette liste");
    return false;
}

static uint16_t keep_place(struct reading *r, const char *place)
{
    if (!*place)
        return 0;
    memcpy(r->d->places[r->d->places_n], place, strlen(place) + 1);
    return (uint16_t)++r->d->places_n;
}

/* Adds "09:30-12:00 @Rochemarne" behind what the day has already. */
static bool read_part(struct reading *r, const struct config_node *node, struct day_hours *hours,
                      struct directory_stops *stops)
{
    char spans[SPANS_BYTES];
    const char *place = "";
    struct day_hours h;
    if (node->kind != CONFIG_SCALAR || !part_place(spans, &place, node->text))
        return wrong_hours(r, node, FAULT_FORM);
    if (!config_hours(&h, spans))
        return wrong_hours(r, node, fault_of(spans));
    bool is_late = hours->n && h.n && h.span[0].from_minute < hours->span[hours->n - 1].to_minute;
    if (is_late || hours->n + h.n > DAY_SPANS_MAX)
        return wrong_hours(r, node, FAULT_ORDER);
    if (*place && !place_known(r, node, place))
        return false;
    uint16_t kept = keep_place(r, place);
    for (unsigned i = 0; i < h.n; i++) {
        stops->place[hours->n] = kept;
        hours->span[hours->n++] = h.span[i];
    }
    return true;
}

bool directory_read_day(struct reading *r, const struct config_node *node, struct day_hours *hours,
                        struct directory_stops *stops)
{
    bool is_right = true;
    *hours = (struct day_hours){0};
    *stops = (struct directory_stops){0};
    if (node->kind != CONFIG_SEQUENCE)
        return read_part(r, node, hours, stops);
    for (const struct config_node *e = node->first; e; e = e->next)
        is_right = read_part(r, e, hours, stops) && is_right;
    return is_right;
}

/* ---- weeks ---- */

static bool is_always(const struct directory_week *w)
{
    for (unsigned d = 0; d < WEEK_DAYS; d++) {
        const struct day_hours *h = &w->day[d];
        if (h->n != 1 || h->span[0].from_minute || h->span[0].to_minute != DAY_MINUTES)
            return false;
    }
    return true;
}

static void read_days(struct reading *r, struct directory_week *w, const struct config_node *e,
                      uint8_t mask)
{
    struct day_hours hours;
    struct directory_stops stops;
    if (!directory_read_day(r, e, &hours, &stops))
        return;
    for (unsigned d = 0; d < WEEK_DAYS; d++) {
        if (!(mask >> d & 1))
            continue;
        w->day[d] = hours;
        w->stops[d] = stops;
    }
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
        read_days(r, w, e, mask);
    }
}

void directory_read_weeks(struct reading *r)
{
    directory_order_weeks(r);
    for (uint32_t i = 0; i < r->d->weeks_n; i++) {
        const struct config_node *e = r->items[i];
        struct directory_week *w = &r->d->weeks[i];
        size_t n = strlen(e->key->text);
        unsigned before = r->errors->n + r->errors->more_n;
        memcpy(w->id, e->key->text, n < sizeof(w->id) ? n : sizeof(w->id) - 1);
        directory_keep_id(r, &r->d->week_of, e, i);
        read_week(r, w, e);
        w->is_always = is_always(w);
        if (i < DIRECTORY_PHONE_WEEKS_MAX && r->errors->n + r->errors->more_n != before)
            r->wrong_weeks |= UINT64_C(1) << i;
    }
}
