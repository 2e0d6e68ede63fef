/* admin_lists.c — the lists of the directory that have a page, and the fields of their things, as
 * docs/annuaire.md tells them. Others are kept, and changed in the file. Called by admin*.c. */
#include "view/admin.h"

#define WORD(key_, french_, english_)                                                              \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_                                        \
    }
#define MUST(key_, french_, english_)                                                              \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_, .is_required = true                   \
    }
#define BOOL(key_, french_, english_)                                                              \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_, .kind = VIEW_FIELD_BOOL               \
    }
#define WORDS(key_, french_, english_)                                                             \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_, .kind = VIEW_FIELD_WORDS              \
    }
#define CHOICE(key_, french_, english_, words_)                                                    \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_, .kind = VIEW_FIELD_CHOICE,            \
        .words = words_                                                                            \
    }
#define OF_LIST(key_, french_, english_, words_)                                                   \
    {                                                                                              \
        .key = key_, .french = french_, .english = english_, .kind = VIEW_FIELD_OF_LIST,           \
        .words = words_                                                                            \
    }

static const char *const weeks[] = {"hours", NULL}, *const places[] = {"sites", NULL};
static const char *const roles[] = {"agent", "supervisor", "administrator", "auditor", NULL};
static const char *const tariffs[] = {"normal", "gratuit", "surtaxe", NULL};
static const char *const reasons[] = {"ferie", "exceptionnel", NULL};

static const struct view_field service_fields[] = {
    MUST("id", "Identifiant (a-z, chiffres, _)", "Identifier (a-z, digits, _)"),
    MUST("name", "Nom, tel qu’on le dit", "Name, as it is said"),
    WORD("for", "Pour quoi on l’appelle", "What people call it for"),
    OF_LIST("hours", "Horaires", "Hours", weeks),
    OF_LIST("accessible", "Horaires de l’accueil accessible", "Hours of the accessible reception",
            weeks),
    WORD("code", "Code court, pour les agents", "Short code, for agents"),
    WORD("recording", "Part des conversations enregistrées («\u00a02 %\u00a0»)",
         "Share of the conversations that is recorded (“2 %”)"),
    BOOL("listening", "Écoute permise, annoncée à l’appelant", "May be listened to, callers told"),
};
static const struct view_field agent_fields[] = {
    MUST("id", "Identifiant (a-z, chiffres, _)", "Identifier (a-z, digits, _)"),
    MUST("name", "Nom", "Name"),
    OF_LIST("site", "Lieu", "Site", places),
    WORDS("skills", "Services et langues («\u00a0sante, lang:en\u00a0»)",
          "Services and languages (“sante, lang:en”)"),
    WORD("phone", "Téléphone («\u00a0sip:101\u00a0», un numéro, «\u00a0browser\u00a0»)",
         "Telephone (“sip:101”, a number, “browser”)"),
    CHOICE("role", "Rôle", "Role", roles),
    BOOL("direct", "Prend des appels directs", "Takes direct calls"),
    BOOL("encrypted", "Son chiffré exigé", "Sound must be encrypted"),
    BOOL("robot", "Robot de la maison", "A robot of the house"),
};
static const struct view_field site_fields[] = {
    MUST("id", "Identifiant (a-z, chiffres, _)", "Identifier (a-z, digits, _)"),
    MUST("name", "Nom", "Name"),
    WORD("address", "Adresse", "Address"),
    WORD("commune", "Commune", "Town"),
    WORD("area", "Secteur", "Area"),
    OF_LIST("hours", "Horaires", "Hours", weeks),
    WORD("phone", "Téléphone", "Telephone"),
    WORDS("needs", "Accueils adaptés («\u00a0surdite, illettrisme\u00a0»)",
          "Special receptions (“surdite, illettrisme”)"),
    BOOL("public", "Ouvert au public", "Open to the public"),
    BOOL("partner", "Partenaire", "Partner"),
};
static const struct view_field week_fields[] = {
    WORD("lun-ven", "Du lundi au vendredi", "Monday to Friday"),
    WORD("lun", "Lundi", "Monday"),
    WORD("mar", "Mardi", "Tuesday"),
    WORD("mer", "Mercredi", "Wednesday"),
    WORD("jeu", "Jeudi", "Thursday"),
    WORD("ven", "Vendredi", "Friday"),
    WORD("sam", "Samedi", "Saturday"),
    WORD("dim", "Dimanche", "Sunday"),
};
static const struct view_field exception_fields[] = {
    WORD("date", "Jour («\u00a02026-12-24\u00a0»)", "Day (“2026-12-24”)"),
    WORD("from", "Ou du (premier jour)", "Or from (first day)"),
    WORD("until", "Au (dernier jour)", "To (last day)"),
    CHOICE("reason", "Raison", "Reason", reasons),
    WORD("close", "Fermé à partir de («\u00a016:00\u00a0»)", "Closed from (“16:00”)"),
    WORD("open", "Ouvert à ces heures («\u00a009:00-12:00\u00a0»)",
         "Open at these hours (“09:00-12:00”)"),
    WORDS("hours", "Pour ces horaires seulement", "For these hours only"),
    WORDS("sites", "Pour ces lieux seulement", "For these sites only"),
    WORD("published", "Annoncée le («\u00a02026-12-01\u00a0»)", "Announced on (“2026-12-01”)"),
};
static const struct view_field number_fields[] = {
    MUST("number", "Numéro", "Number"),
    MUST("flow", "Parcours", "Flow"),
    CHOICE("tariff", "Tarif", "Tariff", tariffs),
    OF_LIST("hours", "Horaires", "Hours", weeks),
    OF_LIST("accessible", "Horaires de l’accueil accessible", "Hours of the accessible reception",
            weeks),
    OF_LIST("site", "Lieu", "Site", places),
};
static const struct view_field trunk_fields[] = {
    MUST("id", "Identifiant (a-z, chiffres, _)", "Identifier (a-z, digits, _)"),
    MUST("host", "Adresse de l’opérateur", "Address of the operator"),
    WORD("user", "Compte chez lui", "Account there"),
    BOOL("register", "S’enregistrer chez lui", "Register there"),
    WORD("channels", "Lignes achetées", "Lines bought"),
    WORD("outbound", "Lignes gardées pour les appels sortants", "Lines kept for outgoing calls"),
    WORD("priority", "Ordre (1 d’abord)", "Order (1 first)"),
    BOOL("probe", "Vérifier sans cesse qu’il répond", "Always check that it answers"),
    WORD("test_number", "Numéro de l’appel d’essai, fait après chaque changement",
         "Number of the test call, made after each change"),
};

#define FIELDS(of) .fields = of, .fields_n = ARRAY_LEN(of)

const struct view_list view_lists[] = {
    {"services", "services", "Services", "Services", "Aucun service n’est décrit.",
     "No service is described.", "Ajouter un service", "Add a service", .title = "name",
     FIELDS(service_fields)},
    {"hours", "horaires", "Horaires", "Hours", "Aucun horaire n’est décrit.",
     "No hours are described.", "Ajouter des horaires", "Add hours", .is_mapping = true,
     FIELDS(week_fields)},
    {"exceptions", "fermetures", "Jours fériés et fermetures", "Holidays and closures",
     "Aucun jour n’est à part\u00a0: les jours fériés de la loi valent déjà.",
     "No day is apart: those of the law count already.", "Ajouter un jour", "Add a day",
     .title = "date", FIELDS(exception_fields)},
    {"agents", "personnes", "Personnes", "People", "Personne ne peut encore répondre.",
     "Nobody can answer yet.", "Ajouter une personne", "Add somebody", .title = "name",
     FIELDS(agent_fields)},
    {"sites", "lieux", "Lieux", "Sites", "Aucun lieu n’est décrit.", "No site is described.",
     "Ajouter un lieu", "Add a site", .title = "name", FIELDS(site_fields)},
    {"numbers", "numeros", "Numéros d’appel", "Numbers", "Aucun numéro n’arrive ici.",
     "No number arrives here.", "Ajouter un numéro", "Add a number", .title = "number",
     FIELDS(number_fields)},
    {"trunks", "operateurs", "Accès aux opérateurs", "Accesses to operators",
     "Aucun accès\u00a0: personne ne peut appeler de l’extérieur.",
     "No access: nobody can call from outside.", "Ajouter un accès", "Add an access", .title = "id",
     FIELDS(trunk_fields)},
};
const unsigned view_lists_n = ARRAY_LEN(view_lists);
