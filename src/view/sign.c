/* sign.c — see sign.h. Labels, an error summary that has the focus, autocomplete (WCAG 2.1 1.3.5,
 * 3.3.1, 3.3.2). */
#include "view/frame.h"
#include "view/sign.h"

static void put_link(struct html *h)
{
    const char *query = html_query(h);
    html_put(h, "<p><a href=\"/connexion%s%s" VIEW_SIGN_CHANGE "\">%s</a></p>\n", query,
             query[0] ? "&" : "?", html_say(h, "Changer de mot de passe", "Change the password"));
}

struct secret {
    const char *name, *kind, *described, *label;
};

static void put_secret(struct html *h, const struct secret *s)
{
    html_put(h,
             "<p><label for=\"%s\">%s</label>\n"
             "<input id=\"%s\" name=\"%s\" type=\"password\" required maxlength=\"128\" "
             "autocomplete=\"%s\" aria-describedby=\"%s\"></p>\n",
             s->name, s->label, s->name, s->name, s->kind, s->described);
}

static void put_change(struct html *h, const char *described)
{
    html_put(h, "<p class=\"note\" id=\"regle\">%s</p>\n",
             html_say(h,
                      "Douze caractères au moins, que personne ne devine" HTML_HARD ": quelques "
                      "mots sans rapport entre eux se retiennent bien.",
                      "Twelve characters at least that nobody guesses: some words that have "
                      "nothing to do with each other are easy to remember."));
    put_secret(h, &(struct secret){VIEW_SIGN_FRESH, "new-password", described,
                                   html_say(h, "Nouveau mot de passe", "New password")});
    put_secret(h,
               &(struct secret){VIEW_SIGN_AGAIN, "new-password", described,
                                html_say(h, "Le nouveau, encore une fois", "The new one again")});
}

static void put_form(struct html *h, const struct view_sign *s)
{
    const char *described = s->error ? "erreur" : "";
    html_put(h,
             "<form class=\"sign\" method=\"post\" action=\"/connexion%s\">\n"
             "<p><label for=\"identifiant\">%s</label>\n"
             "<input id=\"identifiant\" name=\"identifiant\" type=\"text\" required "
             "maxlength=\"40\" autocomplete=\"username\" autocapitalize=\"none\" "
             "spellcheck=\"false\" value=\"%s\" aria-describedby=\"%s\"></p>\n",
             html_query(h), html_say(h, "Identifiant", "Login"), s->login ? s->login : "",
             described);
    put_secret(h, &(struct secret){"mot_de_passe", "current-password", described,
                                   s->is_change ? html_say(h, "Mot de passe actuel", "Password now")
                                                : html_say(h, "Mot de passe", "Password")});
    if (s->is_change)
        put_change(h, described);
    html_put(h, "<p><button type=\"submit\">%s</button></p>\n</form>\n",
             s->is_change ? html_say(h, "Changer et se connecter", "Change it and sign in")
                          : html_say(h, "Se connecter", "Sign in"));
    if (!s->is_change)
        put_link(h);
}

static void put_provider(struct html *h, const struct view_sign_provider *p)
{
    if (!p->is_up)
        html_put(h, "<p class=\"note\">%s</p>\n",
                 html_say(h,
                          "Le fournisseur d’identité n’a pas répondu la dernière fois. Votre mot "
                          "de passe fonctionne toujours.",
                          "The identity provider did not answer last time. Your password still "
                          "works."));
    html_put(h,
             "<p><a class=\"button\" href=\"/connexion/oidc%s\">%s</a></p>\n"
             "<p>%s</p>\n",
             html_query(h), p->label,
             html_say(h, "ou avec un mot de passe" HTML_HARD ":", "or with a password:"));
}

static void put_subject(struct html *h, const char *subject)
{
    html_put(h, "<p>%s<br><code>%s</code></p>\n",
             html_say(h,
                      "Demandez à l’administrateur de votre accueil de lier votre compte. Voici "
                      "l’identifiant qu’il lui faut" HTML_HARD ":",
                      "Ask the administrator of your reception to link your account. This is the "
                      "identifier that they need:"),
             subject);
}

void view_sign_page(struct html *h, const struct view_house *house, const struct view_sign *s)
{
    const struct view_frame frame = {
        .title = s->is_change ? html_say(h, "Changer de mot de passe", "Change the password")
                              : html_say(h, "Connexion", "Sign in"),
        .before = s->error ? html_say(h, "Erreur" HTML_HARD ": ", "Error: ") : "",
        .here = "/connexion",
        .kind = "sign"};
    view_frame_begin(h, house, &frame);
    if (s->error)
        html_put(h,
                 "<p class=\"warning\" role=\"alert\" id=\"erreur\" tabindex=\"-1\" autofocus>%s"
                 "</p>\n",
                 s->error);
    if (s->roles && house->who && !s->is_change) {
        html_put(h, "<p class=\"lead\">%s%s (%s).</p>\n",
                 html_say(h, "Vous êtes en session" HTML_HARD ": ", "You are signed in: "),
                 house->who->name, s->roles);
        put_link(h);
    } else {
        if (s->subject)
            put_subject(h, s->subject);
        if (s->provider && !s->is_change)
            put_provider(h, s->provider);
        put_form(h, s);
    }
    view_frame_end(h, house, &frame);
}

static void put_way(struct html *h, const struct view_house *house, const struct view_frame *frame,
                    const char *words)
{
    view_frame_begin(h, house, frame);
    html_put(h, "<p class=\"lead\"><a class=\"button\" href=\"%s\">%s</a></p>\n", frame->refresh,
             words);
    view_frame_end(h, house, frame);
}

void view_sign_arrived(struct html *h, const struct view_house *house, const char *to)
{
    const struct view_frame frame = {.title = html_say(h, "Vous êtes en session", "Signed in"),
                                     .before = "",
                                     .here = "/connexion",
                                     .kind = "sign",
                                     .refresh = to};
    put_way(h, house, &frame, html_say(h, "Continuer", "Go on"));
}

void view_sign_left(struct html *h, const struct view_house *house, const char *to)
{
    const struct view_frame frame = {.title = html_say(h, "Votre session est fermée", "Signed out"),
                                     .before = "",
                                     .here = "/connexion",
                                     .kind = "sign",
                                     .refresh = to};
    put_way(h, house, &frame,
            html_say(h, "Se déconnecter aussi du fournisseur d’identité",
                     "Sign out at the identity provider, too"));
}
