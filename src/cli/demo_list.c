/* demo_list.c — the situations of the demonstration (shared page §2): the number, what one hears,
 * and, of a running service, whether it can be lived through now.
 * Called by demo.c. Cost: one question to the service. Invariant: a situation is said to run only
 * when the running service says what it needs; the hours are those of the directory, now. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "cli/demo.h"
#include "cli/live.h"
#include "config/directory.h"
#include "directory/hours.h"
#include "directory/number.h"
#include "os/clock.h"

#define HARD "\u00a0"
#define WHY_BYTES 160

enum need {
    NEED_NOTHING, /* the service answers: that is all */
    NEED_AGENTS,  /* robots_n of its queue are signed in, waiting_n people wait */
    NEED_NOBODY,  /* nobody of its queue is signed in */
    NEED_CLOSED,  /* by its own hours */
    NEED_HOURS,   /* runs either way; open or closed is what it shows */
};

static const struct situation {
    const char *number, *title, *hears, *service;
    enum need need;
    unsigned agents_n, waiting_n;
} situations[] = {
    {"05 36 49 00 10", "le numéro public, ouvert jour et nuit",
     "l’accueil, le menu (1 à 4, 0 ou rien\u00a0: quelqu’un), puis un robot, ou vous", "accueil",
     NEED_AGENTS, 1, 0},
    {"05 36 49 00 11", "le même, aux vrais horaires",
     "ouvert ou fermé, la vérité de la minute où vous appelez", NULL, NEED_HOURS, 0, 0},
    {"05 36 49 00 12", "un lundi chargé\u00a0: neuf personnes avant vous, trois robots lents",
     "combien attendent avant vous, l’attente en minutes, puis «\u00a0c’est plus long\u00a0»",
     "lundi", NEED_AGENTS, 3, 9},
    {"05 36 49 00 13", "ouvert, et personne en poste",
     "que personne n’est là\u00a0; rester est permis\u00a0; compté comme refusé", "absents",
     NEED_NOBODY, 0, 0},
    {"05 36 49 00 14", "fermé",
     "quand nous ouvrons, un rappel à l’heure choisie (1), l’adresse, les urgences", NULL,
     NEED_CLOSED, 0, 0},
    {"05 36 49 00 15", "la ligne de l’agent meurt après dix secondes",
     "que la ligne s’est coupée\u00a0; en tête de la file en 5\u00a0s\u00a0; un autre répond",
     "coupure", NEED_AGENTS, 2, 0},
    {"05 36 49 00 16", "un agent ne décroche jamais",
     "l’attente, puis l’agent suivant\u00a0; le premier est en pause, avec la raison", "sourd",
     NEED_AGENTS, 2, 0},
    {"05 36 49 00 20", "la ligne directe de la retraite, aux vrais horaires", "pas de menu", NULL,
     NEED_HOURS, 0, 0},
    {"05 36 49 00 90", "le numéro des agents à téléphone ordinaire",
     "le code est demandé\u00a0; seulement depuis le téléphone de l’agent", NULL, NEED_NOTHING, 0,
     0},
    {"05 36 49 00 99", "l’essai d’écho",
     "votre voix, 300\u00a0ms plus tard\u00a0; une touche, et l’on dit ce qui s’est perdu", NULL,
     NEED_NOTHING, 0, 0},
};

enum verdict { VERDICT_RUNS, VERDICT_STANDS, VERDICT_ABSENT, VERDICT_UNKNOWN };
static const char *const verdict_words[] = {"runs", "stands", "absent", "unknown"};

struct board {
    const struct cli_args *args;
    struct settings settings;
    struct directory *directory; /* owned; NULL without settings */
    struct live_answer answer;   /* of /api/v1/queues; owned */
    bool is_live;
    ms_t now_at;
};

/* ---- what the service says ------------------------------------------------------------------ */

/* The queue of this service, as /api/v1/queues has it. */
static bool find_queue(const struct board *b, const char *service, struct text *queue)
{
    struct text list, id;
    if (!b->is_live || !json_find(&list, b->answer.body, "queues"))
        return false;
    while (json_next(queue, &list))
        if (json_find_plain(&id, *queue, "id") && text_equal(id, text_of(service)))
            return true;
    return false;
}

static uint64_t number_in(struct text object, const char *key)
{
    uint64_t n;
    return json_find_number(&n, object, key) ? n : 0;
}

static enum verdict judge_agents(const struct board *b, const struct situation *s, char *why)
{
    struct text queue, agents;
    if (!find_queue(b, s->service, &queue) || !json_find(&agents, queue, "agents"))
        return VERDICT_UNKNOWN;
    unsigned long n = number_in(agents, "signed_in"), waiting = number_in(queue, "waiting");
    bool is_enough = n >= s->agents_n && waiting >= s->waiting_n;
    if (s->need == NEED_NOBODY && !n)
        snprintf(why, WHY_BYTES, "personne en poste");
    else if (s->need == NEED_NOBODY)
        snprintf(why, WHY_BYTES, "%lu en poste, et il n’en faut aucun", n);
    else if (s->waiting_n)
        snprintf(why, WHY_BYTES, "%lu en poste (il en faut %u), %lu en attente (il en faut %u)", n,
                 s->agents_n, waiting, s->waiting_n);
    else if (is_enough)
        snprintf(why, WHY_BYTES, "%lu en poste", n);
    else
        snprintf(why, WHY_BYTES, "%lu en poste, il en faut %u", n, s->agents_n);
    return (s->need == NEED_NOBODY ? !n : is_enough) ? VERDICT_RUNS : VERDICT_STANDS;
}

static enum verdict judge_hours(const struct board *b, const struct situation *s, char *why)
{
    uint64_t e164 = 0;
    bool is_number = number_e164(&e164, s->number);
    uint32_t i = is_number ? directory_dialled_find(b->directory, e164) : DIRECTORY_NONE;
    uint32_t week = i == DIRECTORY_NONE ? i : b->directory->numbers[i].week;
    bool is_open = week == DIRECTORY_NONE ||
                   directory_hours_at(b->directory, UINT64_C(1) << week, b->now_at) == HOURS_OPEN;
    snprintf(why, WHY_BYTES, "%s en ce moment", is_open ? "ouvert" : "fermé");
    return s->need == NEED_HOURS || !is_open ? VERDICT_RUNS : VERDICT_STANDS;
}

static bool is_in(const struct directory *d, const char *number)
{
    uint64_t e164;
    return number_e164(&e164, number) && directory_dialled_find(d, e164) != DIRECTORY_NONE;
}

static enum verdict judge(const struct board *b, const struct situation *s, char *why)
{
    *why = '\0';
    if (b->directory && !is_in(b->directory, s->number)) {
        snprintf(why, WHY_BYTES, "ce numéro n’est pas dans cet annuaire");
        return VERDICT_ABSENT;
    }
    if (!b->is_live)
        return VERDICT_UNKNOWN;
    if (s->need == NEED_HOURS || s->need == NEED_CLOSED)
        return judge_hours(b, s, why);
    return s->need == NEED_NOTHING ? VERDICT_RUNS : judge_agents(b, s, why);
}

/* ---- showing -------------------------------------------------------------------------------- */

static void show_json(const struct situation *s, enum verdict v, const char *why)
{
    const struct {
        const char *key, *text;
    } rows[] = {{"{\"number\":", s->number},
                {",\"situation\":", s->title},
                {",\"hears\":", s->hears},
                {",\"state\":", verdict_words[v]},
                {",\"why\":", why}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        fputs(rows[i].key, stdout);
        cli_json_text(stdout, rows[i].text);
    }
    puts("}");
}

static void show_text(const struct situation *s, enum verdict v, const char *why)
{
    static const char *const words[] = {"en marche", "à l’arrêt", "absent", ""};
    printf("\n %s   %s\n                  %s\n", s->number, s->title, s->hears);
    if (v != VERDICT_UNKNOWN)
        printf("                  → %s%s%s\n", words[v], *why ? HARD ": " : "", why);
}

static void show_head(const struct board *b)
{
    printf("La démonstration" HARD ": un numéro, une situation. Avec un logiciel de téléphone de "
           "cette machine,\nsans enregistrement, appelez sip:NUMÉRO@127.0.0.1:%u (chiffres "
           "collés).\n",
           b->directory ? b->settings.phone.port : 5060u);
}

static void show_foot(const struct board *b)
{
    puts("");
    if (!b->directory)
        puts("Ce qui est en marche" HARD ": decroche demo -c demo/decroche.yaml");
    else if (!b->is_live)
        puts("Le service ne répond pas" HARD ": ./dev run le démarre.");
    puts("Une heure d’un lundi, ses personnages et ses promesses" HARD ": decroche demo monday");
    puts("Effacer la démonstration, garder ses modèles" HARD ": decroche demo remove -c FICHIER");
}

/* ---- asking --------------------------------------------------------------------------------- */

static int load(struct board *b)
{
    struct config_errors *errors = calloc(1, sizeof(*errors));
    char path[CONFIG_PATH_BYTES];
    int err = errors ? config_settings_load(&b->settings, b->args->settings, errors) : ENOMEM;
    if (!err && !config_path_beside(path, b->args->settings, b->settings.directory.path))
        err = ENAMETOOLONG;
    if (!err)
        err = config_directory_load(&b->directory, path, &b->settings, errors);
    if (errors && errors->n)
        cli_print_errors(stderr, errors);
    else if (err)
        (void)cli_cannot(b->args, b->args->settings, err, "check the name");
    free(errors);
    return !err ? CLI_OK : err == EINVAL ? CLI_FINDING : CLI_CANNOT;
}

static void ask(struct board *b)
{
    char socket[CONFIG_PATH_BYTES];
    const struct live_request request = {
        .socket = socket, .target = "/api/v1/queues", .accept = "application/json"};
    if (!config_path_beside(socket, b->args->settings, b->settings.web.socket))
        return;
    b->is_live = !live_ask(&b->answer, &request) && b->answer.status == 200;
}

static void show(const struct board *b)
{
    char why[WHY_BYTES];
    if (!b->args->is_json)
        show_head(b);
    for (unsigned i = 0; i < ARRAY_LEN(situations); i++) {
        enum verdict v = judge(b, &situations[i], why);
        (b->args->is_json ? show_json : show_text)(&situations[i], v, why);
    }
    if (!b->args->is_json)
        show_foot(b);
}

int demo_list(const struct cli_args *a)
{
    struct board b = {.args = a, .now_at = os_clock_wall_at()};
    int code = a->settings ? load(&b) : CLI_OK;
    if (!code && a->settings && !b.directory->is_demo) {
        fprintf(stderr, "decroche demo: %s" HARD ": cet annuaire n’est pas une démonstration\n",
                a->settings);
        code = CLI_FINDING;
    }
    if (!code && a->settings)
        ask(&b);
    if (!code)
        show(&b);
    live_drop(&b.answer);
    config_directory_drop(b.directory);
    return code;
}
