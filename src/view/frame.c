/* frame.c — see frame.h. Landmarks and the link to the main part: RGAA 4.1, criteria 12.6, 12.7. */
#include "view/frame.h"

static const struct {
    enum view_section section;
    unsigned roles;
    const char *path, *french, *english;
} places[] = {{VIEW_SECTION_AGENT, RIGHTS_AGENT, "/agent", "Mon poste", "My post"},
              {VIEW_SECTION_SUPERVISION, RIGHTS_SUPERVISOR | RIGHTS_ADMINISTRATOR | RIGHTS_AUDITOR,
               "/supervision", "Supervision", "Supervision"},
              {VIEW_SECTION_ADMINISTRATION, RIGHTS_ADMINISTRATOR, "/administration",
               "Administration", "Administration"}};

static const char *house_name(const struct view_house *house)
{
    return house->directory ? house->directory->organisation.name : "decroche";
}

/* Those that who looks may see; the program that has the token sees all. */
static bool sees(const struct view_house *house, const struct view_frame *f, unsigned place)
{
    if (house->rights)
        return (house->rights->roles & places[place].roles) != 0;
    return f->section != VIEW_SECTION_NONE;
}

static void put_places(struct html *h, const struct view_house *house, const struct view_frame *f)
{
    unsigned n = 0;
    for (unsigned i = 0; i < ARRAY_LEN(places); i++)
        n += sees(house, f, i);
    if (!n)
        return;
    html_put(h, "<nav aria-label=\"%s\"><ul>\n", html_say(h, "Écrans", "Screens"));
    for (unsigned i = 0; i < ARRAY_LEN(places); i++) {
        if (!sees(house, f, i))
            continue;
        html_put(h, "<li><a href=\"%s%s\"", places[i].path, html_query(h));
        if (places[i].section == f->section)
            html_put(h, " aria-current=\"page\"");
        html_put(h, ">%s</a></li>\n", html_say(h, places[i].french, places[i].english));
    }
    html_put(h, "</ul></nav>\n");
}

void view_frame_csrf(struct html *h, const struct view_house *house)
{
    html_put(h, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
             house->who ? house->who->csrf : "");
}

static void put_who(struct html *h, const struct view_house *house)
{
    if (!house->who)
        return;
    html_put(h, "<form class=\"session\" method=\"post\" action=\"/deconnexion\"><span>%s</span>\n",
             house->who->name);
    view_frame_csrf(h, house);
    html_put(h, "<button type=\"submit\">%s</button></form>\n",
             html_say(h, "Se déconnecter", "Sign out"));
}

void view_frame_begin(struct html *h, const struct view_house *house, const struct view_frame *f)
{
    html_put(h,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<title>%s%s — %s</title>\n"
             "<link rel=\"stylesheet\" href=\"/assets/style.css\">\n"
             "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n",
             html_say(h, "fr", "en"), f->before, f->title, house_name(house));
    if (f->refresh)
        html_put(h, "<meta http-equiv=\"refresh\" content=\"0;url=%s\">\n", f->refresh);
    if (f->is_unlisted)
        html_put(h, "<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n");
    if (f->script)
        html_put(h, "<script type=\"module\" src=\"/assets/%s\"></script>\n", f->script);
    html_put(h, "</head>\n<body class=\"%s\">\n<a class=\"skip\" href=\"#main\">%s</a>\n", f->kind,
             html_say(h, "Aller au contenu", "Skip to content"));
    html_put(h, "<header class=\"top\"><p class=\"house\">%s</p>\n", house_name(house));
    put_places(h, house, f);
    put_who(h, house);
    html_put(h,
             "<p class=\"language\"><a href=\"%s%s\" lang=\"%s\" hreflang=\"%s\">%s</a></p>\n"
             "</header>\n<main id=\"main\" tabindex=\"-1\">\n<h1>%s</h1>\n",
             f->here, html_say(h, "?langue=en", "?langue=fr"), html_say(h, "en", "fr"),
             html_say(h, "en", "fr"), html_say(h, "English", "Français"), f->title);
}

void view_frame_end(struct html *h, const struct view_house *house, const struct view_frame *f)
{
    (void)house;
    (void)f;
    html_put(h, "</main>\n</body>\n</html>\n");
}
