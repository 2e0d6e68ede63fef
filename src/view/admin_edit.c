/* admin_edit.c — the form of a thing of the directory, and lines of a file to be typed over: see
 * admin.h. Each field has its label; what was refused stands in it still. */
#include "view/admin.h"
#include "view/frame.h"

/* ---- fields -----------------------------------------------------------------------------------
 */

static const struct files_field *typed(const struct files_item *item, const char *key)
{
    for (unsigned i = 0; item && i < item->n; i++)
        if (text_equal(text_of(item->fields[i].key), text_of(key)))
            return &item->fields[i];
    return NULL;
}

static void put_option(struct html *h, const char *value, const char *words, const char *chosen)
{
    html_put(h, "<option value=\"%s\"", value);
    if (text_equal(text_of(value), text_of(chosen)))
        html_put(h, " selected");
    html_put(h, ">%s</option>\n", words);
}

static const char *id_of(const struct files_item *item)
{
    const struct files_field *id = typed(item, "id");
    return id ? id->value : item->name;
}

/* A value that is none of the words stays in the list: choosing nothing changes nothing. */
static void put_choices(struct html *h, const struct view_admin *a, const struct view_field *f,
                        const char *value)
{
    static const char *const both[] = {"oui", "non", NULL};
    const char *const *words = f->kind == VIEW_FIELD_BOOL ? both : f->words;
    struct files_item item;
    bool is_known = !*value;
    put_option(h, "", "—", value);
    if (f->kind == VIEW_FIELD_OF_LIST)
        for (unsigned i = 0; a->files->item(a->files->arg, words[0], i, &item); i++) {
            is_known |= text_equal(text_of(id_of(&item)), text_of(value));
            put_option(h, id_of(&item), id_of(&item), value);
        }
    for (unsigned i = 0; f->kind != VIEW_FIELD_OF_LIST && words[i]; i++) {
        is_known |= text_equal(text_of(words[i]), text_of(value));
        put_option(h, words[i], words[i], value);
    }
    if (!is_known)
        put_option(h, value, value, value);
}

static void put_field(struct html *h, const struct view_admin *a, const struct view_field *f,
                      const char *value)
{
    html_put(h, "<p><label for=\"f.%s\">%s%s</label>\n", f->key, html_say(h, f->french, f->english),
             f->is_required ? html_say(h, " (obligatoire)", " (required)") : "");
    if (f->kind >= VIEW_FIELD_BOOL) {
        html_put(h, "<select id=\"f.%s\" name=\"f.%s\">\n", f->key, f->key);
        put_choices(h, a, f, value);
        html_put(h, "</select></p>\n");
        return;
    }
    html_put(
        h, "<input id=\"f.%s\" name=\"f.%s\" type=\"text\" value=\"%s\" maxlength=\"400\"%s></p>\n",
        f->key, f->key, value, "");
}

static bool is_ours(const struct view_list *list, const char *key)
{
    for (unsigned i = 0; i < list->fields_n; i++)
        if (text_equal(text_of(list->fields[i].key), text_of(key)))
            return true;
    return false;
}

/* What the page has no label for: by its key; what is more than a word, to be looked at. */
static void put_others(struct html *h, const struct view_admin *a, const struct view_thing *t)
{
    for (unsigned i = 0; t->item && i < t->item->n; i++) {
        const struct files_field *f = &t->item->fields[i];
        const struct view_field shown = {.key = f->key, .french = f->key, .english = f->key};
        if (f->form == FILES_DEEP)
            html_put(h, "<p>%s" HTML_HARD ": <code>%s</code> (%s)</p>\n", f->key, f->value,
                     html_say(h, "se change dans le fichier", "is changed in the file"));
        else if (!is_ours(t->list, f->key))
            put_field(h, a, &shown, f->value);
    }
}

static void put_which(struct html *h, const struct view_thing *t)
{
    html_put(h,
             "<input type=\"hidden\" name=\"liste\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"base\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"ligne\" value=\"%u\">\n",
             t->list->page, t->base, t->item ? t->item->first : 0);
    if (t->list->is_mapping && !(t->item && t->item->first))
        html_put(h,
                 "<p><label for=\"nom\">%s</label>\n<input id=\"nom\" name=\"nom\" type=\"text\" "
                 "required maxlength=\"40\" value=\"%s\"></p>\n",
                 html_say(h, "Nom (a-z, chiffres, _)", "Name (a-z, digits, _)"),
                 t->name ? t->name : "");
}

static const char *title_of(struct html *h, const struct view_thing *t)
{
    const struct files_field *f = t->list->title ? typed(t->item, t->list->title) : NULL;
    if (!t->item || !t->item->first)
        return html_say(h, t->list->add_french, t->list->add_english);
    return f ? f->value : t->item->name;
}

void view_admin_thing(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_thing *t)
{
    view_admin_begin(h, house, title_of(h, t), t->list->page);
    view_admin_told(h, a);
    html_put(h, "<form class=\"thing\" method=\"post\" action=\"/administration/fiche%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    put_which(h, t);
    for (unsigned i = 0; i < t->list->fields_n; i++) {
        const struct files_field *f = typed(t->item, t->list->fields[i].key);
        if (!f || f->form != FILES_DEEP)
            put_field(h, a, &t->list->fields[i], f ? f->value : "");
    }
    put_others(h, a, t);
    view_admin_buttons(h, t->note, t->item && t->item->first);
    html_put(h, "</form>\n<p><a href=\"/administration/%s%s\">%s</a></p>\n", t->list->page,
             html_query(h), html_say(h, "Revenir à la liste", "Back to the list"));
    view_admin_end(h, house);
}

/* ---- lines ------------------------------------------------------------------------------------
 */

static unsigned rows_of(struct text t)
{
    unsigned n = 2;
    for (size_t i = 0; i < t.n; i++)
        n += t.p[i] == '\n';
    return n < 4 ? 4 : n > 40 ? 40 : n;
}

static void put_area(struct html *h, const struct view_house *house, const struct view_lines *l)
{
    html_put(h, "<form class=\"lines\" method=\"post\" action=\"/administration/fichier%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    html_put(h,
             "<input type=\"hidden\" name=\"nom\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"base\" value=\"%s\">\n"
             "<input type=\"hidden\" name=\"de\" value=\"%u\">\n"
             "<input type=\"hidden\" name=\"a\" value=\"%u\">\n",
             l->file, l->base, l->first, l->last);
    html_put(h, "<p><label for=\"texte\">%s", html_say(h, "Texte", "Text"));
    if (l->first)
        html_put(h, " (%s %u–%u)", html_say(h, "lignes", "lines"), l->first, l->last);
    html_put(h,
             "</label>\n<textarea id=\"texte\" name=\"texte\" rows=\"%u\" spellcheck=\"false\" "
             "wrap=\"off\">\n%.*s</textarea></p>\n",
             rows_of(l->text), (int)l->text.n, l->text.p);
    view_admin_buttons(h, l->note, false);
    html_put(h, "</form>\n");
}

void view_admin_lines(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_lines *l)
{
    view_admin_begin(h, house, l->file, "fichiers");
    view_admin_told(h, a);
    if (l->is_long)
        html_put(h, "<p class=\"empty\">%s</p>\n<pre tabindex=\"0\">%.*s</pre>\n",
                 html_say(h,
                          "Ce fichier est trop long pour être changé ici d’un bloc" HTML_HARD
                          ": changez ses parties par les listes, ou le fichier sur la machine.",
                          "This file is too long to be changed here at once: change its parts by "
                          "the lists, or the file on the machine."),
                 (int)l->text.n, l->text.p);
    else
        put_area(h, house, l);
    view_admin_end(h, house);
}
