/* admin.c — the overview, and the things of a list: see admin.h. */
#include "directory/named.h"
#include "view/admin.h"
#include "view/parts.h"

/* ---- the overview -----------------------------------------------------------------------------
 */

static unsigned count(const struct view_admin *a, const char *list)
{
    struct files_item item;
    unsigned n = 0;
    while (a->files->item(a->files->arg, list, n, &item))
        n++;
    return n;
}

static void put_lists(struct html *h, const struct view_admin *a)
{
    struct text text;
    char hash[FILES_HASH_BYTES];
    html_put(h, "<section aria-labelledby=\"annuaire\"><h2 id=\"annuaire\">%s</h2>\n",
             html_say(h, "L’annuaire", "The directory"));
    if (a->files->text(a->files->arg, FILES_DIRECTORY, &text, hash)) {
        html_put(h, "<p class=\"alert\">%s</p></section>\n",
                 html_say(h, "Le fichier de l’annuaire ne peut pas être lu.",
                          "The file of the directory cannot be read."));
        return;
    }
    html_put(h, "<dl class=\"facts\">\n");
    for (unsigned i = 0; i < view_lists_n; i++)
        html_put(h, "<div><dt><a href=\"/administration/%s%s\">%s</a></dt><dd>%u</dd></div>\n",
                 view_lists[i].page, html_query(h),
                 html_say(h, view_lists[i].french, view_lists[i].english),
                 count(a, view_lists[i].list));
    html_put(h, "</dl></section>\n");
}

static void put_last(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct files_version v;
    int err;
    html_put(h, "<section aria-labelledby=\"derniers\"><h2 id=\"derniers\">%s</h2>\n",
             html_say(h, "Derniers changements", "Last changes"));
    bool is_any = a->files->version(a->files->arg, 0, &v, &err);
    if (!is_any)
        html_put(
            h, "<p class=\"empty\">%s</p>",
            err ? html_say(h, "L’historique ne peut pas être lu.", "The history cannot be read.")
                : html_say(h, "Aucun encore.", "None yet."));
    html_put(h, "<ul class=\"rows\">\n");
    for (unsigned i = 0; i < 5 && a->files->version(a->files->arg, i, &v, &err); i++) {
        struct account room;
        html_put(h, "<li><a href=\"/administration/version?n=%u\">%s</a>" HTML_HARD ": %s, ",
                 v.number, v.file, view_admin_who(h, a, v.by_id, &room));
        view_admin_instant(h, house, v.at);
        html_put(h, "</li>\n");
    }
    html_put(h, "</ul></section>\n");
}

static void put_health(struct html *h, const struct view_house *house)
{
    const struct vitals *v = house->vitals;
    unsigned up_n = 0;
    for (unsigned i = 0; v && i < v->trunks_n; i++)
        up_n += v->trunks[i].link == VITALS_LINK_UP;
    html_put(h, "<section aria-labelledby=\"etat\"><h2 id=\"etat\">%s</h2>\n<dl class=\"facts\">\n",
             html_say(h, "L’état", "The state"));
    html_put(h, "<div><dt>%s</dt><dd>%u / %u</dd></div>\n",
             html_say(h, "Accès aux opérateurs qui répondent", "Accesses to operators that answer"),
             up_n, v ? v->trunks_n : 0);
    html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>\n</dl>\n</section>\n",
             html_say(h, "Programme", "Program"), DECROCHE_VERSION);
}

void view_admin_overview(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    view_admin_begin(h, house, html_say(h, "Administration", "Administration"), "");
    view_admin_told(h, a);
    html_put(h, "<p class=\"lead\">%s</p>\n<div class=\"columns\">\n",
             html_say(h,
                      "Chaque changement est vérifié, daté, signé, et peut être défait. Ce qui est "
                      "refusé ne change rien.",
                      "Each change is checked, dated, signed, and can be undone. What is refused "
                      "changes nothing."));
    put_lists(h, a);
    put_last(h, house, a);
    put_health(h, house);
    html_put(h, "</div>\n");
    view_admin_end(h, house);
}

/* ---- a list -----------------------------------------------------------------------------------
 */

static const char *value_of(const struct files_item *item, const char *key)
{
    for (unsigned i = 0; i < item->n; i++)
        if (text_equal(text_of(item->fields[i].key), text_of(key)))
            return item->fields[i].value;
    return "";
}

static const char *name_of(const struct view_list *list, const struct files_item *item)
{
    const char *name = list->title ? value_of(item, list->title) : item->name;
    return *name ? name : *item->name ? item->name : "…";
}

/* What stands in brackets helps who fills a form in: it is left out here. */
static struct text label_of(struct html *h, const struct view_list *list, const char *key)
{
    struct text label = text_of(key);
    for (unsigned i = 0; i < list->fields_n; i++)
        if (text_equal(text_of(list->fields[i].key), text_of(key)))
            label = text_of(html_say(h, list->fields[i].french, list->fields[i].english));
    return text_trim(text_cut(&label, '('));
}

static void put_fact(struct html *h, struct text label, const char *value)
{
    html_put(h, "<div><dt>%.*s</dt><dd>%s</dd></div>\n", (int)label.n, label.p, value);
}

static bool has_trials(const struct view_list *list)
{
    return text_equal(text_of(list->list), TEXT("trunks"));
}

static void put_trial(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct files_item *item)
{
    struct view_trial_form form = {.id = value_of(item, "id"),
                                   .number = value_of(item, "test_number")};
    form.trunk_id = directory_trunk_named(house->directory, text_of(form.id));
    view_admin_trial(h, house, a, &form);
}

static void put_item(struct html *h, const struct view_list *list, const struct files_item *item)
{
    html_put(h, "<li><h2>%s</h2>\n<dl class=\"facts\">\n", name_of(list, item));
    for (unsigned i = 0; i < item->n; i++)
        if (!list->title || !text_equal(text_of(item->fields[i].key), text_of(list->title)))
            put_fact(h, label_of(h, list, item->fields[i].key), item->fields[i].value);
    html_put(h, "</dl>\n");
    if (item->is_locked)
        html_put(h, "<p><a href=\"/administration/fichier?nom=%s&amp;de=%u&amp;a=%u\">%s</a></p>",
                 FILES_DIRECTORY, item->first, item->last,
                 html_say(h, "Changer dans le fichier", "Change in the file"));
    else
        html_put(h,
                 "<p><a href=\"/administration/fiche?liste=%s&amp;ligne=%u\">%s"
                 "<span class=\"hidden\"> %s</span></a></p>",
                 list->page, item->first, html_say(h, "Changer", "Change"), name_of(list, item));
}

void view_admin_list(struct html *h, const struct view_house *house, const struct view_admin *a,
                     const struct view_list *list)
{
    struct files_item item;
    struct text text;
    char hash[FILES_HASH_BYTES];
    unsigned n = 0;
    int err = a->files->text(a->files->arg, FILES_DIRECTORY, &text, hash);
    view_admin_begin(h, house, html_say(h, list->french, list->english), list->page);
    view_admin_told(h, a);
    html_put(h, "<p><a class=\"button\" href=\"/administration/fiche?liste=%s\">%s</a></p>\n",
             list->page, html_say(h, list->add_french, list->add_english));
    if (err)
        html_put(h, "<p class=\"alert\">%s</p>\n",
                 html_say(h, "Le fichier de l’annuaire ne peut pas être lu.",
                          "The file of the directory cannot be read."));
    if (has_trials(list)) /* what a call does is seen while it does it */
        html_put(h,
                 "<div id=\"live\" data-live=\"/administration/%s?langue=%s\" "
                 "data-now=\"%lld\">\n",
                 list->page, html_say(h, "fr", "en"), (long long)house->now_at);
    html_put(h, "<ul class=\"things\">\n");
    while (!err && a->files->item(a->files->arg, list->list, n, &item)) {
        put_item(h, list, &item);
        if (has_trials(list))
            put_trial(h, house, a, &item);
        html_put(h, "</li>\n");
        n++;
    }
    html_put(h, "</ul>\n");
    if (has_trials(list))
        html_put(h, "</div>\n");
    if (!err && !n)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h, list->empty_french, list->empty_english));
    view_admin_end(h, house);
}
