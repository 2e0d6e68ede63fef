/* sign.c — see sign.h. Labels, an error summary that has the focus, autocomplete (WCAG 2.1 1.3.5,
 * 3.3.1, 3.3.2). */
#include "view/frame.h"
#include "view/sign.h"

static void put_form(struct html *h, const struct view_sign *s)
{
    const char *described = s->error ? "erreur" : "";
    html_put(h,
             "<form class=\"sign\" method=\"post\" action=\"/connexion%s\">\n"
             "<p><label for=\"identifiant\">%s</label>\n"
             "<input id=\"identifiant\" name=\"identifiant\" type=\"text\" required "
             "maxlength=\"40\" autocomplete=\"username\" autocapitalize=\"none\" "
             "spellcheck=\"false\" aria-describedby=\"%s\"></p>\n",
             html_query(h), html_say(h, "Identifiant", "Login"), described);
    html_put(h,
             "<p><label for=\"mot_de_passe\">%s</label>\n"
             "<input id=\"mot_de_passe\" name=\"mot_de_passe\" type=\"password\" required "
             "maxlength=\"128\" autocomplete=\"current-password\" aria-describedby=\"%s\"></p>\n"
             "<p><button type=\"submit\">%s</button></p>\n</form>\n",
             html_say(h, "Mot de passe", "Password"), described,
             html_say(h, "Se connecter", "Sign in"));
}

void view_sign_page(struct html *h, const struct view_house *house, const struct view_sign *s)
{
    const struct view_frame frame = {
        .title = html_say(h, "Connexion", "Sign in"),
        .before = s->error ? html_say(h, "Erreur" HTML_HARD ": ", "Error: ") : "",
        .here = "/connexion",
        .kind = "sign"};
    view_frame_begin(h, house, &frame);
    if (s->error)
        html_put(h,
                 "<p class=\"warning\" role=\"alert\" id=\"erreur\" tabindex=\"-1\" autofocus>%s"
                 "</p>\n",
                 s->error);
    if (s->roles && house->who)
        html_put(h, "<p class=\"lead\">%s%s (%s).</p>\n",
                 html_say(h, "Vous êtes en session" HTML_HARD ": ", "You are signed in: "),
                 house->who->name, s->roles);
    else
        put_form(h, s);
    view_frame_end(h, house, &frame);
}
