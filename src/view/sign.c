/* sign.c — see sign.h. Labels, an error summary that has the focus, autocomplete (WCAG 2.1 1.3.5,
 * 3.3.1, 3.3.2). */
#include "view/sign.h"

void view_sign_escape(struct text_out *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        switch (t.p[i]) {
        case '&':
            text_put(out, TEXT("&amp;"));
            break;
        case '<':
            text_put(out, TEXT("&lt;"));
            break;
        case '>':
            text_put(out, TEXT("&gt;"));
            break;
        case '"':
            text_put(out, TEXT("&quot;"));
            break;
        case '\'':
            text_put(out, TEXT("&#39;"));
            break;
        default:
            text_put(out, (struct text){t.p + i, 1});
        }
    }
}

static void put(struct text_out *out, const char *html)
{
    text_put(out, text_of(html));
}

static void begin(struct text_out *out, const char *title, bool is_wrong)
{
    put(out, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    put(out, is_wrong ? "Erreur\u00a0: " : "");
    put(out, title);
    put(out, " — decroche</title>\n</head>\n<body>\n<main>\n<h1>");
    put(out, title);
    put(out, "</h1>\n");
}

static void end(struct text_out *out)
{
    put(out, "</main>\n</body>\n</html>\n");
}

static void put_summary(struct text_out *out, const char *error)
{
    put(out, "<div role=\"alert\" id=\"erreur\" tabindex=\"-1\" autofocus>\n<p>");
    view_sign_escape(out, text_of(error));
    put(out, "</p>\n</div>\n");
}

static void put_form(struct text_out *out, const struct view_sign *s)
{
    const char *described = s->error ? " aria-describedby=\"erreur\"" : "";
    put(out,
        "<form method=\"post\" action=\"/connexion\">\n"
        "<p><label for=\"identifiant\">Identifiant</label>\n"
        "<input id=\"identifiant\" name=\"identifiant\" type=\"text\" required maxlength=\"40\""
        " autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\"");
    put(out, described);
    put(out, " value=\"");
    view_sign_escape(out, s->login);
    put(out, "\"></p>\n"
             "<p><label for=\"mot_de_passe\">Mot de passe</label>\n"
             "<input id=\"mot_de_passe\" name=\"mot_de_passe\" type=\"password\" required"
             " maxlength=\"128\" autocomplete=\"current-password\"");
    put(out, described);
    put(out, "></p>\n<p><button type=\"submit\">Se connecter</button></p>\n</form>\n");
}

static void put_somebody(struct text_out *out, const struct view_sign *s)
{
    put(out, "<p>Vous êtes en session\u00a0: ");
    view_sign_escape(out, s->name);
    put(out, " (");
    view_sign_escape(out, text_of(s->roles));
    put(out, ").</p>\n<form method=\"post\" action=\"/deconnexion\">\n"
             "<input type=\"hidden\" name=\"csrf\" value=\"");
    view_sign_escape(out, text_of(s->csrf));
    put(out, "\">\n<p><button type=\"submit\">Se déconnecter</button></p>\n</form>\n");
}

void view_sign_page(struct text_out *out, const struct view_sign *s)
{
    begin(out, "Connexion", s->error != NULL);
    if (s->error)
        put_summary(out, s->error);
    if (s->name.n)
        put_somebody(out, s);
    else
        put_form(out, s);
    end(out);
}

void view_sign_refusal(struct text_out *out, const char *what, const char *cure)
{
    begin(out, "Accès refusé", false);
    put(out, "<p>");
    view_sign_escape(out, text_of(what));
    put(out, "</p>\n<p>");
    view_sign_escape(out, text_of(cure));
    put(out, "</p>\n<p><a href=\"/connexion\">Aller à la page de connexion</a></p>\n");
    end(out);
}
