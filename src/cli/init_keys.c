/* init_keys.c — the answers that `decroche init` knows: their names, questions, usual forms.
 * Called by init.c and init_ask.c. Cost: lines × keys. Invariant: an answer that was taken is one
 * line of printable text that fits its place. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "cli/init.h"
#include "config/table.h"

#define COLON "\u00a0: "
#define QUOTED "«\u00a0%s\u00a0»"
#define LINE_NAME_MAX 6 /* "101", "a1204": shorter than any ordinary number */

const struct init_row init_rows[INIT_KEYS] = {
    [INIT_NAME] = {.name = "name",
                   .question = "Nom du service public, comme on le dit au téléphone",
                   .hint = "par exemple Mairie de Courvelles",
                   .trial = "Service",
                   .number = 1,
                   .is_wanted_of_scripts = true},
    [INIT_LEGAL] = {.name = "legal",
                    .question = "De quelle nature\u00a0? etat, securite_sociale, collectivite ou "
                                "prive",
                    .hint = "décide des numéros surtaxés et de l’accueil accessible",
                    .otherwise = "collectivite",
                    .trial = "prive"},
    [INIT_NUMBER] = {.name = "number",
                     .question = "Numéro que l’on appelle",
                     .hint = "comme on l’écrit\u00a0: 04 10 00 00 10",
                     .trial = "04 10 00 00 10",
                     .number = 2,
                     .is_wanted_of_scripts = true},
    [INIT_TRUNK] = {.name = "trunk",
                    .question = "Opérateur, ou autocommutateur (PBX)\u00a0: son adresse ou son nom",
                    .hint = "192.0.2.1, 192.0.2.1:5060 ou sip.operateur.fr",
                    .trial = "192.0.2.1",
                    .number = 3,
                    .is_wanted_of_scripts = true},
    [INIT_TRUNK_USER] = {.name = "trunk.user",
                         .question = "Nom d’utilisateur chez lui, s’il en veut un",
                         .hint = "vide\u00a0: il nous connaît par notre adresse",
                         .otherwise = "",
                         .trial = ""},
    [INIT_TRUNK_SECRET] = {.name = "trunk.secret",
                           .question = "Mot de passe chez lui",
                           .hint = "il n’est pas montré",
                           .trial = "",
                           .is_secret = true},
    [INIT_ADDRESS] = {.name = "address",
                      .question = "Adresse IP de cette machine, pour l’opérateur et les téléphones",
                      .hint = "celle où l’on écoute",
                      .otherwise = "",
                      .trial = "192.0.2.2, 2001:db8::2"},
    [INIT_HOURS] = {.name = "hours",
                    .question = "Horaires du téléphone",
                    .hint = "lun-ven 8:30-12:00 13:30-17:00, sam 9:00-12:00\u00a0; ou toujours",
                    .otherwise = "lun-ven 9:00-12:00 14:00-17:00",
                    .trial = "lun-ven 9:00-12:00",
                    .number = 4,
                    .is_wanted_of_scripts = true},
    [INIT_ACCESSIBLE] = {.name = "accessible",
                         .question = "Quand répond-on aux personnes sourdes ou aphasiques, par "
                                     "écrit\u00a0?",
                         .hint = "la loi veut les mêmes heures (décret n° 2017-875)",
                         .otherwise = "les mêmes",
                         .trial = "les mêmes"},
    [INIT_AGENT] = {.name = "agent",
                    .question = "Première personne qui répondra\u00a0: son nom",
                    .hint = "par exemple Nadège Vasseur",
                    .trial = "Agent",
                    .number = 5,
                    .is_wanted_of_scripts = true},
    [INIT_PHONE] = {.name = "agent.phone",
                    .question = "Son téléphone\u00a0: un poste SIP à nous, ou un numéro ordinaire",
                    .hint = "sip:101, ou 06 12 34 56 78",
                    .otherwise = "sip:101",
                    .trial = "sip:101"},
    [INIT_NETWORKS] = {.name = "networks",
                       .question = "Réseaux d’où les postes SIP peuvent se connecter",
                       .hint = "10.0.0.0/8, 192.0.2.0/24",
                       .otherwise = "",
                       .trial = "127.0.0.1/32"},
    [INIT_SIGN_IN] = {.name = "agent.number",
                      .question = "Second numéro, où l’on se met en poste depuis ce téléphone",
                      .hint = "vide\u00a0: aucun, ce sera par la commande decroche agent",
                      .otherwise = "",
                      .trial = ""},
    [INIT_VOICE] = {.name = "voice",
                    .question = "Voix\u00a0: livrée, un dossier d’enregistrements, ou un programme "
                                "qui parle",
                    .hint = "livrée, /etc/decroche/voix, ou espeak-ng -v {lang} --stdin --stdout",
                    .otherwise = "livrée",
                    .trial = "livrée",
                    .number = 6},
    [INIT_TIMEZONE] = {.name = "timezone", .otherwise = "", .trial = "Europe/Paris"},
    [INIT_PROMPTS] = {.name = "prompts", .otherwise = "", .trial = ""},
};

bool init_agent_is_ordinary(const struct init_answers *a)
{
    return a->is_given[INIT_PHONE] && strncmp(a->of[INIT_PHONE], "sip:", 4) != 0;
}

bool init_key_is_asked(const struct init_answers *a, enum init_key key)
{
    switch (key) {
    case INIT_TRUNK_SECRET:
        return a->of[INIT_TRUNK_USER][0];
    case INIT_ACCESSIBLE:
        return strcmp(a->of[INIT_LEGAL], "prive") != 0;
    case INIT_NETWORKS:
        return !init_agent_is_ordinary(a);
    case INIT_SIGN_IN:
        return init_agent_is_ordinary(a);
    default:
        return init_rows[key].question != NULL;
    }
}

enum init_key init_key_find(struct text name)
{
    unsigned key = 0;
    while (key < INIT_KEYS && !text_equal(name, text_of(init_rows[key].name)))
        key++;
    return (enum init_key)key;
}

/* ---- taking ---- */

static bool has_invisible(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] < ' ' || t.p[i] == 0x7f)
            return true;
    return false;
}

/* "101" is what people call the line sip:101. */
static bool is_line_name(const char *phone)
{
    size_t n = strspn(phone, "0123456789abcdefghijklmnopqrstuvwxyz");
    return n && n < LINE_NAME_MAX && !phone[n];
}

static void make_usual(char answer[INIT_ANSWER_BYTES], enum init_key key)
{
    char before[INIT_ANSWER_BYTES];
    if (key == INIT_PHONE && is_line_name(answer)) {
        memcpy(before, answer, sizeof(before));
        snprintf(answer, INIT_ANSWER_BYTES, "sip:%.*s", LINE_NAME_MAX, before);
    }
    if (key == INIT_VOICE && !strcmp(answer, "livree"))
        memcpy(answer, "livrée", sizeof("livrée"));
}

bool init_key_take(struct init_answers *a, enum init_key key, struct text answer,
                   struct config_errors *errors)
{
    struct text t = text_trim(answer);
    a->is_given[key] = false;
    a->of[key][0] = '\0';
    if (has_invisible(t)) {
        config_wrong(errors, NULL, "cette réponse contient un signe que l’on ne voit pas");
        config_cure(errors, "retapez-la, sans tabulation ni touche de direction");
        return false;
    }
    if (t.n >= INIT_ANSWER_BYTES) {
        config_wrong(errors, NULL, "cette réponse est trop longue (%zu octets)", t.n);
        config_cure(errors, "%d octets au plus", INIT_ANSWER_BYTES - 1);
        return false;
    }
    if (!t.n && (!init_rows[key].otherwise || init_rows[key].otherwise[0])) {
        config_wrong(errors, NULL, "il faut une réponse");
        config_cure(errors, "%s", init_rows[key].hint);
        return false;
    }
    memcpy(a->of[key], t.p, t.n);
    a->of[key][t.n] = '\0';
    make_usual(a->of[key], key);
    a->is_given[key] = true;
    return true;
}

/* ---- files of answers, --set ---- */

static void wrong_name(struct text name, struct config_errors *errors)
{
    const char *names[INIT_KEYS];
    char said[64];
    for (unsigned i = 0; i < INIT_KEYS; i++)
        names[i] = init_rows[i].name;
    snprintf(said, sizeof(said), "%.*s", (int)(name.n < 60 ? name.n : 60), name.p);
    const char *nearest = config_nearest(said, names, INIT_KEYS);
    config_wrong(errors, NULL, "question inconnue" COLON QUOTED, said);
    if (nearest)
        config_cure(errors, "vouliez-vous dire " QUOTED "\u00a0?", nearest);
    else
        config_cure(errors, "decroche init --help les dit toutes");
}

/* "name = value". False: there is no such sign. */
static bool split(struct text line, struct text *name, struct text *value)
{
    *value = text_trim(line);
    size_t whole_n = value->n;
    *name = text_cut(value, '=');
    bool is_split = name->n < whole_n;
    *name = text_trim(*name);
    *value = text_trim(*value);
    return is_split;
}

static bool take_setting(struct init_answers *a, struct text line, struct config_errors *errors)
{
    struct text name, value;
    bool is_split = split(line, &name, &value);
    enum init_key key = init_key_find(name);
    if (!is_split) {
        config_wrong(errors, NULL, "ceci n’est pas une réponse");
        config_cure(errors, "attendu" COLON "QUESTION = RÉPONSE");
        return false;
    }
    if (key == INIT_KEYS) {
        wrong_name(name, errors);
        return false;
    }
    return init_key_take(a, key, value, errors);
}

bool init_keys_set(struct init_answers *a, const char *setting, struct config_errors *errors)
{
    return take_setting(a, text_of(setting), errors);
}

/* Empty lines, remarks and questions left without an answer say nothing: a file to fill in has
 * them. */
static void take_line(struct init_answers *a, struct text line, struct config_errors *errors)
{
    struct text name, value;
    bool is_split = split(line, &name, &value);
    enum init_key key = init_key_find(name);
    if (!text_trim(line).n || text_trim(line).p[0] == '#')
        return;
    if (is_split && key != INIT_KEYS && !value.n)
        return;
    if (is_split && key != INIT_KEYS && a->is_given[key]) {
        config_wrong(errors, NULL, QUOTED " est déjà plus haut", init_rows[key].name);
        config_cure(errors, "gardez l’une des deux lignes");
        return;
    }
    (void)take_setting(a, line, errors);
}

static void place(struct config_errors *errors, unsigned from, uint32_t line)
{
    for (unsigned i = from; i < errors->n; i++) {
        errors->list[i].line = line;
        errors->list[i].column = 1;
    }
}

/* False: nothing more can be read. */
static bool take_raw(struct init_answers *a, const char *line, struct config_errors *errors)
{
    struct text t = text_of(line);
    bool is_whole = t.n + 1 < INIT_LINE_BYTES || line[t.n - 1] == '\n';
    while (t.n && strchr("\r\n", t.p[t.n - 1]))
        t.n--;
    if (is_whole) {
        take_line(a, t, errors);
        return true;
    }
    config_wrong(errors, NULL, "cette ligne est trop longue");
    config_cure(errors, "%d octets au plus", INIT_LINE_BYTES - 2);
    return false;
}

int init_keys_load(struct init_answers *a, const char *path, struct config_errors *errors)
{
    char line[INIT_LINE_BYTES];
    bool goes_on = true;
    uint32_t n = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno;
    errors->file = path;
    while (goes_on && fgets(line, sizeof(line), f)) {
        unsigned before_n = errors->n;
        goes_on = ++n <= INIT_LINES_MAX && take_raw(a, line, errors);
        if (n > INIT_LINES_MAX) {
            config_wrong(errors, NULL, "ce fichier a trop de lignes");
            config_cure(errors, "%d au plus", INIT_LINES_MAX);
        }
        place(errors, before_n, n);
    }
    int err = ferror(f) ? EIO : errors->n ? EINVAL : 0;
    fclose(f);
    return err;
}
