/* oidc.c — settings of the identity provider that contradict each other. Called by check.c, once
 * for each reading of a file. */
#include "base/address.h"
#include "settings/check.h"

#define BACK "connexion/oidc/retour"
/* A sign-in at ProConnect is good for so long. */
#define LONGEST_MS ((ms_t)12 * 3600 * 1000)

static bool has_letter(struct text t, char c)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] == c)
            return true;
    return false;
}

/* https, or this very machine; nothing behind the path, no user, no blank. */
static bool is_address(const char *url)
{
    const struct text t = text_of(url), others = TEXT("\"<>\\^`{|}#?@");
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] <= ' ' || (unsigned char)t.p[i] > '~' ||
            has_letter(others, t.p[i]))
            return false;
    bool is_tls = text_starts_fold(t, TEXT("https://")) && t.n > 8 && t.p[8] != '/';
    return is_tls || address_url_is_near(t);
}

static bool issuer_is_none(const struct settings_oidc *s)
{
    return !is_address(s->issuer);
}

static bool client_is_nobody(const struct settings_oidc *s)
{
    return !s->client_id[0];
}

/* The origin, then the path, and nothing more. */
static bool redirect_is_none(const struct settings_oidc *s)
{
    struct text rest = text_of(s->redirect);
    if (!is_address(s->redirect))
        return true;
    for (unsigned i = 0; i < 3; i++)
        (void)text_cut(&rest, '/'); /* https:, nothing, the host */
    return !text_equal(rest, TEXT(BACK));
}

static bool has_word(const char *words, struct text word)
{
    struct text rest = text_of(words), one;
    while ((one = text_word(&rest)).n)
        if (text_equal(one, word))
            return true;
    return false;
}

static bool scope_is_no_openid(const struct settings_oidc *s)
{
    return !has_word(s->scope, TEXT("openid"));
}

static bool mail_is_not_asked(const struct settings_oidc *s)
{
    return s->link_by_mail && !has_word(s->scope, TEXT("email"));
}

unsigned settings_check_oidc(const struct settings *s, struct settings_finding out[])
{
    static const struct {
        bool (*is_wrong)(const struct settings_oidc *s);
        struct settings_finding finding;
    } rules[] = {
        {issuer_is_none,
         {"oidc", "issuer", "ce n’est pas l’adresse d’un fournisseur d’identité",
          "écrivez-la en https://, sans rien derrière le chemin\u00a0; http n’est admis que sur "
          "cette machine"}},
        {client_is_nobody,
         {"oidc", "client_id",
          "il manque le nom que le fournisseur d’identité a donné à ce service",
          "écrivez celui qu’il a donné à l’inscription, ou enlevez oidc.issuer"}},
        {redirect_is_none,
         {"oidc", "redirect", "ce n’est pas l’adresse où l’on revient du fournisseur d’identité",
          "par exemple https://accueil.exemple.fr/" BACK "\u00a0: l’adresse de vos pages, puis ce "
          "chemin"}},
        {scope_is_no_openid,
         {"oidc", "scope", "openid manque", "par exemple «\u00a0openid email\u00a0»"}},
        {mail_is_not_asked,
         {"oidc", "link_by_mail", "l’adresse électronique n’est pas demandée au fournisseur",
          "ajoutez email à oidc.scope, ou écrivez link_by_mail\u00a0: non"}},
    };
    unsigned n = 0;
    if (!s->oidc.issuer[0])
        return 0;
    for (unsigned i = 0; i < ARRAY_LEN(rules); i++)
        if (rules[i].is_wrong(&s->oidc))
            out[n++] = rules[i].finding;
    if (s->web.session_longest_ms > LONGEST_MS)
        out[n++] = (struct settings_finding){
            "web", "session_longest",
            "une session ouverte chez un fournisseur d’identité dure douze heures au plus",
            "écrivez 12h ou moins, ou enlevez oidc.issuer"};
    return n;
}
