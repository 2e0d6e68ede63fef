/* admin_sheets.c — the answer sheets for who administers: which there are, whose, out of date or
 * not; one of them as text, beside what agents see of it. See admin.h. */
#include "view/admin.h"
#include "view/frame.h"
#include "view/sheet.h"

#define PREFIX_N (sizeof(FILES_SHEET) - 1)

/* ---- the list -------------------------------------------------------------------------------- */

static const struct directory_sheet *in_force(const struct view_house *house, const char *id)
{
    return house->directory ? directory_sheet_find(house->directory->sheets, text_of(id)) : NULL;
}

static void put_services(struct html *h, const struct view_house *house,
                         const struct directory_sheet *s)
{
    if (!s->services_n)
        html_put(h, "%s", html_say(h, "aucun service", "no service"));
    for (unsigned i = 0; i < s->services_n; i++)
        html_put(h, "%s%s", i ? ", " : "", house->directory->services[s->services[i]].name);
}

static void put_row(struct html *h, const struct view_house *house, const char *id)
{
    const struct directory_sheet *s = in_force(house, id);
    html_put(h, "<li><h2>%s</h2>\n", s ? s->title : id);
    if (s) {
        html_put(h, "<dl class=\"facts\"><div><dt>%s</dt><dd>",
                 html_say(h, "Services", "Services"));
        put_services(h, house, s);
        html_put(h, "</dd></div></dl>\n");
        view_sheet_head(h, s, house->today);
    } else {
        html_put(h, "<p class=\"warning\">%s</p>\n",
                 html_say(h,
                          "Ce fichier a changé sur la machine et n’est pas en vigueur" HTML_HARD
                          ": ouvrez-le et vérifiez-le.",
                          "This file was changed on the machine and is not in force: open it and "
                          "check it."));
    }
    html_put(h,
             "<p><a href=\"/administration/fiche-reponse?nom=%s\">%s<span class=\"hidden\"> %s"
             "</span></a></p></li>\n",
             id, html_say(h, "Lire et changer", "Read and change"), s ? s->title : id);
}

void view_admin_sheets(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct files_file f;
    unsigned n = 0;
    view_admin_begin(h, house, html_say(h, "Fiches", "Answer sheets"), "fiches");
    view_admin_told(h, a);
    html_put(h, "<p><a class=\"button\" href=\"/administration/fiche-reponse\">%s</a></p>\n",
             html_say(h, "Ajouter une fiche", "Add a sheet"));
    html_put(h, "<ul class=\"things\">\n");
    for (unsigned i = 0; a->files->file(a->files->arg, i, &f); i++) {
        if (!text_starts_fold(text_of(f.name), TEXT(FILES_SHEET)))
            continue;
        put_row(h, house, f.name + PREFIX_N);
        n++;
    }
    html_put(h, "</ul>\n");
    if (!n)
        html_put(h, "<p class=\"empty\">%s</p>\n",
                 html_say(h,
                          "Aucune fiche encore. Une fiche dit point par point ce qu’il faut "
                          "répondre\u2009; elle s’ouvre à côté de l’appel.",
                          "No sheet yet. A sheet says point by point what to answer; it opens "
                          "beside the call."));
    view_admin_end(h, house);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void put_preview(struct html *h, const struct view_house *house,
                        const struct directory_sheet *s)
{
    struct text sms = directory_sheet_sms(s);
    html_put(h,
             "<section aria-labelledby=\"apercu\"><h2 id=\"apercu\">%s</h2>\n"
             "<div class=\"sheet\"><p class=\"lead\">%s</p>\n<p>",
             html_say(h, "Ce que voient les agents", "What agents see"), s->title);
    put_services(h, house, s);
    html_put(h, "</p>\n");
    view_sheet_head(h, s, house->today);
    view_sheet_body(h, s->body);
    if (sms.n)
        html_put(
            h, "<div class=\"sms\"><p class=\"from\">%s</p><p class=\"words\">%.*s</p></div>\n",
            html_say(h, "À envoyer par SMS", "To be sent as a text message"), (int)sms.n, sms.p);
    html_put(h, "</div></section>\n");
}

static void put_name(struct html *h, const struct view_sheet_form *form)
{
    if (form->is_new)
        html_put(
            h,
            "<input type=\"hidden\" name=\"neuve\" value=\"1\">\n"
            "<p><label for=\"nom\">%s</label>\n<input id=\"nom\" name=\"nom\" type=\"text\" "
            "required maxlength=\"31\" value=\"%s\"></p>\n",
            html_say(h, "Nom du fichier (a-z, chiffres, _)", "Name of the file (a-z, digits, _)"),
            form->id);
    else
        html_put(h, "<input type=\"hidden\" name=\"nom\" value=\"%s\">\n", form->id);
}

static void put_form(struct html *h, const struct view_house *house,
                     const struct view_sheet_form *form)
{
    unsigned rows = 12;
    for (size_t i = 0; i < form->text.n && rows < 40; i++)
        rows += form->text.p[i] == '\n';
    html_put(h,
             "<form class=\"lines\" method=\"post\" action=\"/administration/fiche-reponse%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    html_put(h, "<input type=\"hidden\" name=\"base\" value=\"%s\">\n", form->base);
    put_name(h, form);
    html_put(h,
             "<p><label for=\"texte\">%s</label>\n<textarea id=\"texte\" name=\"texte\" "
             "rows=\"%u\" aria-describedby=\"aide\">\n%.*s</textarea></p>\n"
             "<p class=\"empty\" id=\"aide\">%s</p>\n",
             html_say(h, "Texte", "Text"), rows, (int)form->text.n, form->text.p,
             html_say(h,
                      "Entre les deux lignes «" HTML_HARD "---" HTML_HARD "», l’en-tête. Puis "
                      "«" HTML_HARD "## titre" HTML_HARD "», «" HTML_HARD
                      "- [ ] point à dire" HTML_HARD "», «" HTML_HARD "1. étape" HTML_HARD
                      "», «" HTML_HARD "**gras**" HTML_HARD "», et une ligne «" HTML_HARD
                      "> SMS" HTML_HARD ": …" HTML_HARD "» pour ce qui s’envoie.",
                      "Between the two lines “---”, the head. Then “## heading”, “- [ ] point to "
                      "say”, “1. step”, “**bold**”, and a line “> SMS : …” for what is sent."));
    view_admin_buttons(h, form->note, !form->is_new);
    html_put(h, "</form>\n");
}

void view_admin_sheet(struct html *h, const struct view_house *house, const struct view_admin *a,
                      const struct view_sheet_form *form)
{
    const char *title = form->is_new  ? html_say(h, "Nouvelle fiche", "New sheet")
                        : form->sheet ? form->sheet->title
                                      : form->id;
    view_admin_begin(h, house, title, "fiches");
    view_admin_told(h, a);
    put_form(h, house, form);
    if (form->sheet && !(form->is_new && !a->told))
        put_preview(h, house, form->sheet);
    html_put(h, "<p><a href=\"/administration/fiches%s\">%s</a></p>\n", html_query(h),
             html_say(h, "Revenir à la liste", "Back to the list"));
    view_admin_end(h, house);
}
