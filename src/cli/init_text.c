/* init_text.c — the first files of a service, made of the answers to `decroche init`.
 * Called by init.c and init_judge.c. Comments are for who will change these files: French, and only
 * what can be changed. Invariant: an answer stands between double quotes, escaped. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/init.h"

const char *const init_names[INIT_FILES] = {[INIT_SECRETS] = "secrets.yaml",
                                            [INIT_FLOW] = "flows/accueil.yaml",
                                            [INIT_DIRECTORY] = "directory.yaml",
                                            [INIT_SETTINGS] = "decroche.yaml"};

/* As people can tell them apart who key them into a telephone: no 0 o 1 l. 5 bits each. */
#define LETTERS "abcdefghijkmnpqrstuvwxyz23456789"
#define LETTERS_N 32

/* ---- secrets ---- */

int init_secrets_draw(struct init_secrets *s)
{
    uint8_t lot[24];
    uint64_t v;
    if (getrandom(lot, sizeof(lot), 0) != sizeof(lot))
        return EIO;
    for (unsigned i = 0; i < sizeof(lot); i++)
        snprintf(s->token + (size_t)2 * i, 3, "%02x", lot[i]);
    if (getrandom(lot, sizeof(lot), 0) != sizeof(lot) || getrandom(&v, sizeof(v), 0) != sizeof(v))
        return EIO;
    for (unsigned i = 0; i + 1 < sizeof(s->line); i++)
        s->line[i] = LETTERS[lot[i] % LETTERS_N];
    s->line[sizeof(s->line) - 1] = '\0';
    snprintf(s->code, sizeof(s->code), "%06u", (unsigned)(v % 1000000));
    explicit_bzero(lot, sizeof(lot));
    return 0;
}

/* ---- parts ---- */

/* Words that YAML takes as they are stand as people write them; all else is quoted. */
static bool is_plain(const char *text)
{
    return text[0] &&
           !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/-")] &&
           text[0] != '-';
}

static void put_text(FILE *to, const char *text)
{
    if (is_plain(text)) {
        fputs(text, to);
        return;
    }
    fputc('"', to);
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            fputc('\\', to);
        fputc(*p, to);
    }
    fputc('"', to);
}

static void put_piece(FILE *to, struct text t)
{
    char piece[INIT_ANSWER_BYTES];
    snprintf(piece, sizeof(piece), "%.*s", (int)t.n, t.p);
    put_text(to, piece);
}

/* "lun-ven 8:30-12:00 13:30-17:00, sam 9:00-12:00" → { "lun-ven": "8:30-…", "sam": "9:00-12:00" }
 */
static void put_hours(FILE *to, const char *answer)
{
    struct text rest = !strcmp(answer, "toujours") ? TEXT("lun-dim 00:00-24:00") : text_of(answer);
    const char *before = "{ ";
    while (rest.n) {
        struct text hours = text_trim(text_cut(&rest, ','));
        struct text days = text_cut(&hours, ' ');
        fputs(before, to);
        put_piece(to, days);
        fputs(": ", to);
        put_piece(to, text_trim(hours));
        before = ", ";
    }
    fputs(" }\n", to);
}

static bool has_own_accessible(const struct init_answers *a)
{
    return strcmp(a->of[INIT_LEGAL], "prive") != 0 && a->is_given[INIT_ACCESSIBLE] &&
           strcmp(a->of[INIT_ACCESSIBLE], init_rows[INIT_ACCESSIBLE].otherwise) != 0;
}

/* ---- directory.yaml ---- */

static void put_organisation(FILE *to, const struct init_answers *a)
{
    fputs(
        "# directory.yaml — qui répond, où, quand, à quel numéro. Écrit par decroche init, puis à\n"
        "# vous\u00a0; chaque clé\u00a0: /usr/share/doc/decroche/annuaire.md. Après un "
        "changement\u00a0:\n"
        "#   decroche check -c decroche.yaml, puis decroche reload -c decroche.yaml\n"
        "organisation:\n  name: ",
        to);
    put_text(to, a->of[INIT_NAME]);
    fputs("      # dit au téléphone\u00a0: « Vous appelez\u00a0: … »\n  legal_type: ", to);
    put_text(to, a->of[INIT_LEGAL]);
    fputs("   # etat, securite_sociale, collectivite ou prive\n  timezone: ", to);
    put_text(to, a->of[INIT_TIMEZONE][0] ? a->of[INIT_TIMEZONE] : "Europe/Paris");
    fputs(" # il apporte ses jours fériés\n", to);
    if (strcmp(a->of[INIT_LEGAL], "prive"))
        fprintf(to,
                "  # L’accueil des personnes sourdes ou aphasiques, par écrit\u00a0: aux mêmes "
                "heures que la voix\n"
                "  # (décret n° 2017-875). Vous vous y engagez ici.\n"
                "  accessible: %s\n",
                has_own_accessible(a) ? "ecrit" : "ouverture");
    fputs("  # postal: 1 place de la Mairie, 00000 Courvelles   # dit aux heures de fermeture\n",
          to);
}

static void put_weeks(FILE *to, const struct init_answers *a)
{
    fputs("hours:\n  ouverture: ", to);
    put_hours(to, a->of[INIT_HOURS]);
    if (has_own_accessible(a)) {
        fputs("  ecrit: ", to);
        put_hours(to, a->of[INIT_ACCESSIBLE]);
    }
    if (a->of[INIT_SIGN_IN][0])
        fputs("  toujours: { lun-dim: \"00:00-24:00\" }\n", to);
    fputs("# Un jour pas comme les autres\u00a0; « published »\u00a0: le jour où vous l’avez "
          "annoncé.\n"
          "# exceptions:\n"
          "#   - { date: 2027-12-24, close: \"16:00\", published: 2027-12-01 }\n",
          to);
}

static void put_numbers(FILE *to, const struct init_answers *a)
{
    fputs("numbers:\n  - { number: ", to);
    put_text(to, a->of[INIT_NUMBER]);
    fputs(", flow: accueil, hours: ouverture }\n", to);
    if (!a->of[INIT_SIGN_IN][0])
        return;
    fputs("  # Les agents s’y mettent en poste, depuis leur téléphone ordinaire.\n"
          "  - { number: ",
          to);
    put_text(to, a->of[INIT_SIGN_IN]);
    fputs(", flow: agents, hours: toujours, accessible: toujours }\n", to);
}

static void put_people(FILE *to, const struct init_answers *a)
{
    fputs("services:\n  - { id: accueil, name: Accueil }   # une file d’attente chacun\n"
          "agents:   # skills\u00a0: des services, « ecrit » (répond par écrit), des langues "
          "(lang:ar)\n"
          "  - { id: a01, skills: [accueil, ecrit], phone: ",
          to);
    put_text(to, a->of[INIT_PHONE]);
    fputs(", name: ", to);
    put_text(to, a->of[INIT_AGENT]);
    fputs(" }\ntrunks:   # channels: combien d’appels à la fois\u00a0; un second accès\u00a0: "
          "priority: 2\n  - { id: operateur, host: ",
          to);
    put_text(to, a->of[INIT_TRUNK]);
    if (a->of[INIT_TRUNK_USER][0]) {
        fputs(", user: ", to);
        put_text(to, a->of[INIT_TRUNK_USER]);
        fputs(", register: true", to);
    }
    fputs(" }\n", to);
}

static void put_directory(FILE *to, const struct init_text_args *args)
{
    put_organisation(to, args->answers);
    put_weeks(to, args->answers);
    put_numbers(to, args->answers);
    put_people(to, args->answers);
}

/* ---- the others ---- */

static void put_flow(FILE *to, const struct init_text_args *args)
{
    (void)args;
    fputs("# flows/accueil.yaml — ce qu’on entend d’abord. Sans toucher une touche, on arrive à\n"
          "# quelqu’un. Un menu, un message, des langues\u00a0: "
          "/usr/share/doc/decroche/parcours.md.\n"
          "general: personne\nclosed: ferme\nsteps:\n"
          "  - { id: bonjour,  play: [greet.org], next: personne }   # « Bonjour. Vous appelez… »\n"
          "  - { id: personne, queue: accueil }\n"
          "  - { id: ferme,    closed: [closed.ways, closed.urgent, closed.bye] }\n",
          to);
}

static void put_secrets(FILE *to, const struct init_text_args *args)
{
    const struct init_answers *a = args->answers;
    fprintf(
        to,
        "# secrets.yaml — à ne montrer à personne\u00a0; lisible par le service seul (0600).\n"
        "# Tirés au sort. En changer\u00a0: openssl rand -hex 12, puis decroche reload.\n"
        "api: { token: \"%s\" }   # des pages et de l’interface, hors de cette machine\n"
        "agents:   # secret\u00a0: celui du poste SIP\u00a0; code\u00a0: pour se mettre en poste\n"
        "  - { id: a01, ",
        args->secrets->token);
    if (!init_agent_is_ordinary(a))
        fprintf(to, "secret: \"%s\", ", args->secrets->line);
    fprintf(to, "code: \"%s\" }\n", args->secrets->code);
    if (!a->of[INIT_TRUNK_USER][0])
        return;
    fputs("trunks:\n  - { id: operateur, secret: ", to);
    put_text(to, a->of[INIT_TRUNK_SECRET]);
    fputs(" }\n", to);
}

static void put_phone(FILE *to, const struct init_answers *a)
{
    fputs("phone:\n  address: ", to);
    put_text(to, a->of[INIT_ADDRESS]);
    fputs("   # où l’on écoute\u00a0; derrière une traduction d’adresses, ajouter advertised\n"
          "  port: 5060\n",
          to);
    if (!init_agent_is_ordinary(a)) {
        fputs("  networks: ", to);
        put_text(to, a->of[INIT_NETWORKS]);
        fputs("   # d’où nos postes se connectent\u00a0; ailleurs, personne n’est entendu\n", to);
    }
    fputs("  # md5_alone: true             # pour des téléphones qui trébuchent sur SHA-256\n"
          "media: { port_first: 20000, port_last: 39999 }   # le son, en UDP\u00a0: à ouvrir au "
          "pare-feu\n",
          to);
    if (init_agent_is_ordinary(a))
        fputs("queue: { offer: 30s }           # un téléphone ordinaire met plus longtemps à "
              "sonner\n",
              to);
}

static void put_voice(FILE *to, const struct init_answers *a, bool is_installed)
{
    const char *voice = a->of[INIT_VOICE];
    fputs("voice:\n", to);
    if (a->of[INIT_PROMPTS][0]) {
        fputs("  path: ", to);
        put_text(to, a->of[INIT_PROMPTS]);
        fputs("\n", to);
    }
    if (voice[0] == '/') {
        fputs("  own: ", to);
        put_text(to, voice);
        fputs("   # vos enregistrements, à la place des nôtres (voix.md)\n", to);
    } else if (strcmp(voice, "livrée")) {
        fputs("  speech_command: ", to);
        put_text(to, voice);
        fputs("\n", to);
    }
    fprintf(to, "  speech_cache: %s   # ce que la synthèse a dit\u00a0; peut être vidé\n",
            is_installed ? "/var/cache/decroche" : "synthese");
}

static void put_settings(FILE *to, const struct init_text_args *args)
{
    bool is_installed = !strcmp(args->folder, INIT_FOLDER);
    fputs("# decroche.yaml — réglages. Écrit par decroche init, puis à vous\u00a0; tout ce qui "
          "manque "
          "garde sa\n"
          "# valeur d’origine, toutes dans /usr/share/doc/decroche/settings.md. Après un "
          "changement\u00a0:\n"
          "#   decroche check -c decroche.yaml, puis decroche reload -c decroche.yaml\n"
          "# Adresses, ports et chemins ne changent qu’au démarrage.\n"
          "directory: { path: directory.yaml }\n"
          "flows: { path: flows }\n"
          "secrets: { path: secrets.yaml }\n",
          to);
    put_phone(to, args->answers);
    put_voice(to, args->answers, is_installed);
    fprintf(to, "journal: { path: %s }\n",
            is_installed ? "/var/lib/decroche/decroche.db" : "decroche.db");
    fprintf(to, "web: { address: 127.0.0.1, port: 8080, socket: %s }\n",
            is_installed ? "/run/decroche/decroche.sock" : "decroche.sock");
    fputs("log: { level: info }\n", to);
}

/* ---- all ---- */

static int open_one(char **text, void (*put)(FILE *, const struct init_text_args *),
                    const struct init_text_args *args)
{
    size_t n = 0;
    FILE *to = open_memstream(text, &n);
    if (!to)
        return ENOMEM;
    put(to, args);
    return fclose(to) ? ENOMEM : 0;
}

int init_texts_open(struct init_texts *texts, const struct init_text_args *args)
{
    static void (*const puts_of[INIT_FILES])(FILE *, const struct init_text_args *) = {
        [INIT_SECRETS] = put_secrets,
        [INIT_FLOW] = put_flow,
        [INIT_DIRECTORY] = put_directory,
        [INIT_SETTINGS] = put_settings,
    };
    int err = 0;
    memset(texts, 0, sizeof(*texts));
    for (unsigned i = 0; i < INIT_FILES && !err; i++)
        err = open_one(&texts->of[i], puts_of[i], args);
    if (err)
        init_texts_drop(texts);
    return err;
}

void init_texts_drop(struct init_texts *texts)
{
    for (unsigned i = 0; i < INIT_FILES; i++) {
        if (texts->of[i])
            explicit_bzero(texts->of[i], strlen(texts->of[i]));
        free(texts->of[i]);
        texts->of[i] = NULL;
    }
}
