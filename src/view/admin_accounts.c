/* admin_accounts.c — accounts, the log of them, and one account to be changed: see admin.h. */
#include "view/admin.h"
#include "view/frame.h"

/* ---- the list and the log ------------------------------------------------------------------- */

static const char *const french[ACCOUNT_ROLES] = {"agent", "superviseur", "administrateur",
                                                  "auditeur"};
static const char *const english[ACCOUNT_ROLES] = {"agent", "supervisor", "administrator",
                                                   "auditor"};

static void put_roles(struct html *h, const struct account *one)
{
    bool is_any = false;
    for (unsigned i = 0; i < ACCOUNT_ROLES; i++) {
        if (!(one->roles >> i & 1))
            continue;
        html_put(h, "%s%s", is_any ? ", " : "", html_say(h, french[i], english[i]));
        is_any = true;
    }
}

static void put_accounts(struct html *h, const struct view_admin *a)
{
    struct account one = {.login = ""};
    while (a->accounts && !a->accounts->next(a->accounts->arg, one.login, &one)) {
        html_put(h,
                 "<tr><th scope=\"row\"><a href=\"/administration/compte?nom=%s\">%s</a></th>"
                 "<td>%s</td><td>",
                 one.login, one.login, one.name);
        put_roles(h, &one);
        html_put(h, "</td><td>%s</td><td>%s</td></tr>\n",
                 one.is_whole ? html_say(h, "toute la maison", "the whole house")
                              : html_say(h, "son périmètre", "a part of it"),
                 one.is_disabled ? html_say(h, "fermé", "closed") : html_say(h, "ouvert", "open"));
    }
}

/* is_account: `about` is one; else a thing that has no name here. */
static const struct {
    bool is_account;
    const char *french, *english;
} deeds[ACCOUNT_DEEDS] = {
    [ACCOUNT_SIGNED_IN] = {true, "connexion", "sign-in"},
    [ACCOUNT_SIGNED_OUT] = {true, "déconnexion", "sign-out"},
    [ACCOUNT_DELAYED] = {true, "délai après des mots de passe faux", "delay after wrong passwords"},
    [ACCOUNT_ADDED] = {true, "compte ajouté", "account added"},
    [ACCOUNT_PASSWORD_SET] = {true, "mot de passe changé", "password changed"},
    [ACCOUNT_DISABLED] = {true, "compte fermé", "account closed"},
    [ACCOUNT_ENABLED] = {true, "compte rouvert", "account opened again"},
    [ACCOUNT_RIGHTS_SET] = {true, "droits changés", "rights changed"},
    [ACCOUNT_SESSIONS_ENDED] = {true, "sessions terminées", "sessions ended"},
    [ACCOUNT_SETTINGS_SET] = {false, "réglages changés", "settings changed"},
    [ACCOUNT_NOTICE_SET] = {false, "message du jour mis", "message of the day set"},
    [ACCOUNT_NOTICE_ENDED] = {false, "message du jour retiré", "message of the day taken away"},
    [ACCOUNT_CARD_OPENED] = {false, "dossier ouvert, demande", "card opened, request"},
    [ACCOUNT_NOTED] = {false, "note écrite, demande", "note written, request"},
    [ACCOUNT_LINKED] = {true, "lien avec le fournisseur d’identité", "identity provider linked"},
    [ACCOUNT_OIDC_REFUSED] = {true, "refusé au retour du fournisseur d’identité",
                              "refused after the identity provider"},
    [ACCOUNT_TRUNK_TRIED] = {false, "appel d’essai", "test call"},
    [ACCOUNT_SETTINGS_UNDONE] = {false, "réglages défaits tout seuls, après un appel d’essai",
                                 "settings undone by the house, after a test call"},
    [ACCOUNT_LISTENED] = {false, "écoute demandée, demande et agent",
                          "listening asked for, request and agent"},
    [ACCOUNT_ALERT_SEEN] = {false, "alerte vue", "alert seen"},
    [ACCOUNT_SLOT_AGREED] = {false, "rappel convenu, demande", "callback agreed on, request"},
    [ACCOUNT_SLOT_UNDONE] = {false, "rappel convenu annulé, demande",
                             "agreed callback cancelled, request"},
};

static void put_log(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    struct account_audit line;
    struct account who, about;
    for (unsigned n = 0;
         n < VIEW_AUDIT_MAX && a->accounts && !a->accounts->audit(a->accounts->arg, n, &line);
         n++) {
        unsigned deed = line.deed < ACCOUNT_DEEDS ? line.deed : 0;
        bool is_known = deed == line.deed, is_account = is_known && deeds[deed].is_account;
        html_put(h, "<tr><td>");
        view_admin_instant(h, house, line.at);
        html_put(h, "</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                 view_admin_who(h, a, line.who, &who),
                 is_known ? html_say(h, deeds[deed].french, deeds[deed].english) : "…",
                 is_account && line.about ? view_admin_who(h, a, line.about, &about) : "",
                 line.detail);
    }
}

void view_admin_accounts(struct html *h, const struct view_house *house, const struct view_admin *a)
{
    view_admin_begin(h, house, html_say(h, "Comptes et journal", "Accounts and log"), "comptes");
    html_put(h,
             "<section aria-labelledby=\"comptes\"><h2 id=\"comptes\">%s</h2>\n"
             "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead><tbody>\n",
             html_say(h, "Comptes", "Accounts"), html_say(h, "Identifiant", "Login"),
             html_say(h, "Nom", "Name"), html_say(h, "Rôles", "Roles"),
             html_say(h, "Périmètre", "Scope"), html_say(h, "État", "State"));
    put_accounts(h, a);
    html_put(h,
             "</tbody></table></div>\n<p><a class=\"button\" href=\"/administration/compte%s\">%s"
             "</a></p></section>\n",
             html_query(h), html_say(h, "Ajouter un compte", "Add an account"));
    html_put(h,
             "<section aria-labelledby=\"journal\"><h2 id=\"journal\">%s</h2>\n"
             "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead><tbody>\n",
             html_say(h, "Journal des accès et des changements", "Log of accesses and changes"),
             html_say(h, "Quand", "When"), html_say(h, "Qui", "Who"), html_say(h, "Quoi", "What"),
             html_say(h, "Compte", "Account"), html_say(h, "Détail", "Detail"));
    put_log(h, house, a);
    html_put(h, "</tbody></table></div></section>\n");
    view_admin_end(h, house);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void put_input(struct html *h, const char *name, const char *label, const char *value)
{
    html_put(h,
             "<p><label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" type=\"text\" "
             "autocomplete=\"off\" value=\"%s\"></p>\n",
             name, label, name, name, value);
}

static void put_box(struct html *h, const char *name, const char *label, bool is_ticked)
{
    html_put(h, "<label class=\"tick\"><input type=\"checkbox\" name=\"%s\" value=\"1\"", name);
    if (is_ticked)
        html_put(h, " checked");
    html_put(h, "> %s</label>\n", label);
}

/* Which ids there are, where they are few enough to be read. */
static void put_ids(struct html *h, const struct view_house *house)
{
    const struct directory *d = house->directory;
    if (!d || !d->services_n || d->services_n > VIEW_ACCOUNT_IDS_MAX)
        return;
    html_put(h, "<p class=\"empty\">%s", html_say(h, "Services" HTML_HARD ": ", "Services: "));
    for (uint32_t i = 0; i < d->services_n; i++)
        html_put(h, "%s<code>%s</code> (%s)", i ? ", " : "", d->services[i].id,
                 d->services[i].name);
    html_put(h, ".</p>\n");
}

static void put_rights(struct html *h, const struct view_house *house,
                       const struct view_account_form *f)
{
    static const char *const names[ACCOUNT_ROLES] = {"agent_role", "superviseur", "administrateur",
                                                     "auditeur"};
    put_input(h, "affiche", html_say(h, "Nom affiché, ou alias", "Name that is shown, or an alias"),
              f->account.name);
    html_put(h, "<fieldset><legend>%s</legend>\n", html_say(h, "Rôles", "Roles"));
    for (unsigned i = 0; i < ACCOUNT_ROLES; i++)
        put_box(h, names[i], html_say(h, french[i], english[i]), f->account.roles >> i & 1);
    html_put(h, "</fieldset>\n<fieldset><legend>%s</legend>\n",
             html_say(h, "Ce que ce compte voit", "What this account sees"));
    put_box(h, "tout", html_say(h, "Toute la maison", "The whole house"), f->account.is_whole);
    put_input(h, "lieux",
              html_say(h, "Ou ces lieux (identifiants, séparés par des virgules)",
                       "Or these sites (identifiers, with commas)"),
              f->sites);
    put_input(h, "services",
              html_say(h, "Et ces services (identifiants, séparés par des virgules)",
                       "And these services (identifiers, with commas)"),
              f->services);
    put_ids(h, house);
    html_put(h, "</fieldset>\n");
    put_input(h, "personne",
              html_say(h, "Son identifiant dans la liste des personnes, si elle y est",
                       "Its identifier in the list of people, if it stands there"),
              f->account.agent);
}

static void begin_form(struct html *h, const struct view_house *house, const char *login)
{
    html_put(h, "<form class=\"thing\" method=\"post\" action=\"/administration/compte%s\">\n",
             html_query(h));
    view_frame_csrf(h, house);
    if (login)
        html_put(h, "<input type=\"hidden\" name=\"nom\" value=\"%s\">\n", login);
}

static void put_deed(struct html *h, const char *deed, const char *label)
{
    html_put(h, "<button class=\"plain\" name=\"faire\" value=\"%s\">%s</button>\n", deed, label);
}

static void put_deeds(struct html *h, const struct view_house *house,
                      const struct view_account_form *f)
{
    html_put(h, "<section aria-labelledby=\"acces\"><h2 id=\"acces\">%s</h2>\n<p>%s%s%u</p>\n",
             html_say(h, "Accès", "Access"),
             f->account.is_disabled
                 ? html_say(h, "Ce compte est fermé. ", "This account is closed. ")
                 : "",
             html_say(h, "Sessions ouvertes" HTML_HARD ": ", "Open sessions: "), f->sessions_n);
    begin_form(h, house, f->account.login);
    html_put(h, "<p class=\"deeds\">\n");
    put_deed(h, "secret", html_say(h, "Nouveau mot de passe", "New password"));
    put_deed(h, "sessions", html_say(h, "Terminer ses sessions", "End its sessions"));
    if (f->account.is_disabled)
        put_deed(h, "rouvrir", html_say(h, "Rouvrir le compte", "Open the account again"));
    else
        put_deed(h, "fermer", html_say(h, "Fermer le compte", "Close the account"));
    html_put(h, "</p></form></section>\n");
}

static void put_told(struct html *h, const struct view_account_form *f)
{
    if (f->say)
        html_put(h,
                 "<div class=\"warning\" role=\"alert\" tabindex=\"-1\" autofocus><p>%s</p>"
                 "<p>%s</p></div>\n",
                 html_say(h, "Rien n’a changé.", "Nothing has changed."),
                 html_say(h, f->say, f->error));
    else if (f->password)
        html_put(h,
                 "<div class=\"notice\" role=\"alert\" tabindex=\"-1\" autofocus><p>%s "
                 "<strong><code id=\"secret\">%s</code></strong></p><p>%s</p></div>\n",
                 html_say(h, "Mot de passe" HTML_HARD ":", "Password:"), f->password,
                 html_say(h,
                          "Notez-le maintenant pour la personne" HTML_HARD
                          ": il ne sera plus jamais montré.",
                          "Write it down now for its owner: it is never shown again."));
    else if (f->is_done)
        html_put(h, "<p class=\"notice\" role=\"status\">%s</p>\n",
                 html_say(h, "C’est fait, et noté au journal.", "It is done, and in the log."));
}

void view_admin_account(struct html *h, const struct view_house *house,
                        const struct view_account_form *f)
{
    view_admin_begin(h, house,
                     f->is_new ? html_say(h, "Nouveau compte", "New account") : f->account.login,
                     "comptes");
    put_told(h, f);
    begin_form(h, house, f->is_new ? NULL : f->account.login);
    if (f->is_new)
        put_input(h, "nom",
                  html_say(h, "Identifiant (a-z, chiffres, . - _)", "Login (a-z, digits, . - _)"),
                  f->account.login);
    put_rights(h, house, f);
    html_put(h,
             "<p class=\"deeds\"><button name=\"faire\" value=\"%s\">%s</button></p>\n"
             "<p class=\"empty\">%s</p></form>\n",
             f->is_new ? "ajouter" : "enregistrer",
             f->is_new
                 ? html_say(h, "Ajouter, et montrer son mot de passe", "Add, and show its password")
                 : html_say(h, "Enregistrer", "Save"),
             html_say(h,
                      "Changer les rôles ou ce qu’il voit, fermer le compte ou changer son mot de "
                      "passe termine ses sessions.",
                      "Another role, scope, password, or a closed account ends its sessions."));
    if (!f->is_new)
        put_deeds(h, house, f);
    html_put(h, "<p><a href=\"/administration/comptes%s\">%s</a></p>\n", html_query(h),
             html_say(h, "Revenir à la liste", "Back to the list"));
    view_admin_end(h, house);
}
