/* directory_exceptions.c — days unlike the others: closings, early endings, openings.
 * Called by directory.c after hours and sites. Cost: one pass, and a sort.
 * Invariant: a closing counts as published hours only on days that began after it was published;
 * a range that was announced midway becomes two. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config/directory_parts.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define COLON "\u00a0: "

struct exception_text {
    char date[16], from[16], until[16], published[16];
    unsigned reason;
    uint16_t close_minute;
};

#define REASON_HOLIDAY 0
static const char *const reason_words[] = {"ferie", "exceptionnel", NULL};

#define DATE(name_)                                                                                \
    {                                                                                              \
        .name = #name_, CONFIG_AT(struct exception_text, name_), .form = CONFIG_TEXT               \
    }

static const struct config_key exception_keys[] = {
    DATE(date),
    DATE(from),
    DATE(until),
    {.name = "reason",
     CONFIG_AT(struct exception_text, reason),
     .form = CONFIG_ENUM,
     .words = reason_words},
    {.name = "close", CONFIG_AT(struct exception_text, close_minute), .form = CONFIG_TIME},
    CONFIG_LATER("open"),
    DATE(published),
    CONFIG_LATER("hours"),
    CONFIG_LATER("sites"),
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

/* ---- which days ---- */

static bool check_range(struct reading *r, const struct directory_exception *x,
                        const struct config_node *until)
{
    if (x->until_day < x->day) {
        config_wrong(r->errors, until, "cette période finit avant d’avoir commencé" COLON QUOTED,
                     until->text);
        config_cure(r->errors, "le dernier jour, compris, vient après «\u00a0from\u00a0»");
        return false;
    }
    if (x->until_day - x->day < DIRECTORY_EXCEPTION_DAYS_MAX)
        return true;
    config_wrong(r->errors, until, "cette période dure plus d’un an");
    config_cure(r->errors,
                "attendu" COLON "%d jours au plus\u00a0; ce qui dure s’écrit dans "
                "«\u00a0hours\u00a0»",
                DIRECTORY_EXCEPTION_DAYS_MAX);
    return false;
}

static bool read_days(struct reading *r, struct directory_exception *x, const struct config_node *e)
{
    const struct config_node *date = config_get(e, "date");
    const struct config_node *from = config_get(e, "from"), *until = config_get(e, "until");
    if (date && !from && !until) {
        bool is_read = read_date(r, &x->day, date);
        x->until_day = x->day;
        return is_read;
    }
    if (!date && from && until) {
        bool is_read = read_date(r, &x->day, from);
        return read_date(r, &x->until_day, until) && is_read && check_range(r, x, until);
    }
    config_wrong(r->errors, e,
                 date ? "«\u00a0date\u00a0» et une période à la fois"
                      : "quel jour\u202f? il manque la clé «\u00a0date\u00a0»");
    config_cure(r->errors, "écrivez «\u00a0date: AAAA-MM-JJ\u00a0», ou «\u00a0from\u00a0» et "
                           "«\u00a0until\u00a0» ensemble");
    return false;
}

/* ---- what happens ---- */

static bool read_deed(struct reading *r, struct directory_exception *x, const struct config_node *e)
{
    const struct config_node *open = config_get(e, "open");
    if (!open)
        return true;
    if (config_get(e, "close")) {
        config_wrong(r->errors, open, "«\u00a0open\u00a0» et «\u00a0close\u00a0» à la fois");
        config_cure(r->errors, "gardez l’un des deux" COLON "«\u00a0open\u00a0» donne toutes les "
                               "heures de ce jour");
        return false;
    }
    if (!directory_read_day(r, open, &x->open, &x->stops))
        return false;
    x->is_opening = x->open.n > 0;
    return true;
}

/* Nobody escapes the rule by calling a day a holiday. */
static bool check_holiday(struct reading *r, const struct directory_exception *x,
                          const struct config_node *e)
{
    if (x->day == x->until_day && calendar_is_holiday_anywhere(x->day))
        return true;
    config_wrong(r->errors, config_get(e, "reason"), "ce jour n’est férié nulle part en France");
    config_cure(r->errors, "dites quand la fermeture a été annoncée" COLON
                           "«\u00a0published: AAAA-MM-JJ\u00a0»");
    return false;
}

/* The day of publishing; −1 day before all for a holiday, after all for an opening that nobody
 * announced. */
static bool read_published(struct reading *r, calendar_day *said,
                           const struct directory_exception *x, const struct config_node *e)
{
    const struct config_node *published = config_get(e, "published");
    const struct config_node *reason = config_get(e, "reason");
    bool is_holiday = reason && !strcmp(reason->text, reason_words[REASON_HOLIDAY]);
    if (published)
        return read_date(r, said, published);
    *said = is_holiday ? x->day - 1 : x->until_day;
    if (is_holiday)
        return check_holiday(r, x, e);
    if (x->is_opening)
        return true;
    config_wrong(r->errors, e,
                 "il manque «\u00a0published\u00a0»" COLON
                 "quand a-t-on annoncé cette fermeture\u202f?");
    config_cure(r->errors, "ajoutez «\u00a0published: AAAA-MM-JJ\u00a0»\u00a0; annoncée le jour "
                           "même, elle compte comme un refus");
    return false;
}

/* ---- for whom ---- */

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* See struct directory_exception; DIRECTORY_NONE + 1 is 0. */
static int by_site_and_day(const void *a, const void *b)
{
    const struct directory_exception *x = a, *y = b;
    int sites = compare(x->site + 1, y->site + 1), days = compare(x->day, y->day);
    return sites ? sites : days ? days : compare(x->order, y->order);
}

static void insert(struct reading *r, const struct directory_exception *x)
{
    struct directory_exception *kept = &r->d->exceptions[r->d->exceptions_n];
    *kept = *x;
    kept->order = (uint16_t)r->d->exceptions_n++;
}

/* Split at the day of publishing when that lies within. */
static void insert_days(struct reading *r, struct directory_exception x, calendar_day said)
{
    struct directory_exception late = x;
    late.until_day = said < x.until_day ? said : x.until_day;
    late.is_published = false;
    if (late.until_day >= late.day)
        insert(r, &late);
    x.day = said >= x.day ? said + 1 : x.day;
    x.is_published = true;
    if (x.day <= x.until_day)
        insert(r, &x);
}

/* One row for each thing that a node names, a word or a list; NULL names none. */
struct target {
    struct directory_exception x;
    calendar_day said;
    const struct config_things *things;
    uint32_t *index; /* x.week or x.site */
};

static void insert_named(struct reading *r, struct target *t, const struct config_node *node)
{
    const struct config_node *e = node && node->kind == CONFIG_SEQUENCE ? node->first : node;
    if (node && !e) {
        config_wrong(r->errors, node,
                     "cette liste est vide" COLON "l’exception ne vaudrait pour "
                     "personne");
        config_cure(r->errors, "enlevez «\u00a0%s\u00a0» pour tous, ou nommez quelqu’un",
                    node->key->text);
    }
    for (; e; e = e == node ? NULL : e->next) {
        *t->index = config_refer(e, t->things, r->errors);
        if (*t->index != DIRECTORY_NONE)
            insert_days(r, t->x, t->said);
    }
}

static void read_exception(struct reading *r, const struct config_node *e)
{
    struct exception_text text = {.reason = UINT_MAX};
    struct directory_exception x = {.week = DIRECTORY_NONE, .site = DIRECTORY_NONE};
    calendar_day said = 0;
    const struct config_node *hours = config_get(e, "hours"), *sites = config_get(e, "sites");
    if (!config_read(&text, e, &exception_table, r->errors) || !read_days(r, &x, e))
        return;
    x.close_minute = text.close_minute;
    if (!read_deed(r, &x, e) || !read_published(r, &said, &x, e))
        return;
    if (!hours && !sites) {
        insert_days(r, x, said);
        return;
    }
    const struct config_things all_weeks = directory_all_weeks(r);
    const struct config_things all_sites = directory_all_sites(r);
    struct target week = {.x = x, .said = said, .things = &all_weeks};
    struct target site = {.x = x, .said = said, .things = &all_sites};
    week.index = &week.x.week;
    site.index = &site.x.site;
    insert_named(r, &week, hours);
    insert_named(r, &site, sites);
}

void directory_read_exceptions(struct reading *r)
{
    uint32_t n = directory_exceptions_count(r->root);
    if (n > DIRECTORY_EXCEPTIONS_MAX) {
        config_wrong(r->errors, r->list, "«\u00a0exceptions\u00a0» nomme %u lieux ou horaires", n);
        config_cure(r->errors, "attendu" COLON "%d au plus\u00a0; enlevez les jours passés",
                    DIRECTORY_EXCEPTIONS_MAX);
        return;
    }
    for (uint32_t i = 0; i < r->list->n; i++)
        read_exception(r, r->items[i]);
    qsort(r->d->exceptions, r->d->exceptions_n, sizeof(*r->d->exceptions), by_site_and_day);
}
