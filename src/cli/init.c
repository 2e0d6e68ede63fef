/* init.c — `decroche init`: six questions, and the settings of a service that can answer.
 * Called by main.c. Asks on a terminal, or takes the answers from a file and --set without asking;
 * writes all files or none, never over one that is there, and says the next steps. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/init.h"

#define SETS_MAX 64

static const char usage[] =
    "decroche init [FOLDER] [--answers FILE] [--set QUESTION=ANSWER] [--force]\n"
    "\n"
    "Asks six questions and writes the first settings into FOLDER (/etc/decroche):\n"
    "decroche.yaml, directory.yaml, secrets.yaml, flows/accueil.yaml. A wrong answer is told with\n"
    "its cure and asked again. Nothing is written before the last answer, and nothing over a file\n"
    "that is there; --force moves it aside, as NAME.bak-DATE.\n"
    "\n"
    "--answers, --set (as often as wanted): nothing is asked; QUESTION is one of\n"
    "  name legal number trunk trunk.user trunk.secret address hours accessible agent agent.phone\n"
    "  networks agent.number voice timezone prompts\n"
    "wanted: name, number, trunk, hours, agent. A file has a line \"QUESTION = ANSWER\" for each, "
    "#\n"
    "begins a remark; /etc/decroche/reponses.exemple is one to fill in.\n"
    "\n"
    "exit: 0 written   1 answers wrong, interrupted, or files there   2 usage   3 cannot write\n";

struct init {
    const char *folder, *answers_file;
    const char *sets[SETS_MAX];
    unsigned sets_n;
    bool is_forced, is_help;
    struct init_answers answers;
    struct init_secrets secrets;
};

/* ---- arguments ---- */

static int usage_error(const char *what, const char *which)
{
    fprintf(stderr, "decroche init: %s%s — see `decroche init --help`\n", what, which);
    return CLI_USAGE;
}

/* "/etc/decroche/" is the same folder as "/etc/decroche". */
static const char *without_end(char *folder)
{
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
        folder[n - 1] = '\0';
    return folder;
}

static int read_arguments(struct init *g, int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"answers", required_argument, NULL, 'a'},
                                            {"set", required_argument, NULL, 's'},
                                            {"force", no_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    for (int o; (o = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (o == 's' && g->sets_n == SETS_MAX)
            return usage_error("too many --set: ", optarg);
        if (o == '?')
            return usage_error("unknown option, or its value lacks: ", argv[optind - 1]);
        if (o == 's')
            g->sets[g->sets_n++] = optarg;
        else if (o == 'a')
            g->answers_file = optarg;
        g->is_forced |= o == 'f';
        g->is_help |= o == 'h';
    }
    if (argc - optind > 1)
        return usage_error("too many names: ", argv[optind + 1]);
    g->folder = INIT_FOLDER;
    if (optind < argc)
        g->folder = without_end(argv[optind]);
    return CLI_OK;
}

/* ---- answers without asking ---- */

static void want(const struct init *g, struct config_errors *errors)
{
    for (unsigned key = 0; key < INIT_KEYS; key++)
        if (!g->answers.is_given[key] && init_rows[key].is_wanted_of_scripts) {
            config_wrong(errors, NULL, "il manque la réponse «\u00a0%s\u00a0»",
                         init_rows[key].name);
            config_cure(errors, "ajoutez «\u00a0%s = …\u00a0»\u00a0: %s", init_rows[key].name,
                        init_rows[key].hint);
        }
}

/* Each in its order, as if it had been asked; who gives none gets what would have been offered. */
static void judge_given(struct init *g, struct config_errors *errors)
{
    char offer[INIT_ANSWER_BYTES];
    struct init_answers all = g->answers;
    memset(&g->answers, 0, sizeof(g->answers));
    for (unsigned key = 0; key < INIT_KEYS; key++) {
        unsigned before_n = errors->n;
        bool is_asked = init_key_is_asked(&g->answers, (enum init_key)key);
        init_machine_offer(offer, &g->answers, (enum init_key)key);
        const char *answer = all.is_given[key] ? all.of[key] : offer;
        if (!all.is_given[key] && (!is_asked || init_rows[key].is_wanted_of_scripts) &&
            key != INIT_TIMEZONE)
            continue;
        if (!init_key_take(&g->answers, (enum init_key)key, text_of(answer), errors) ||
            !init_judge(&g->answers, (enum init_key)key, errors))
            g->answers.is_given[key] = false;
        for (unsigned i = before_n; i < errors->n; i++)
            snprintf(errors->list[i].file, sizeof(errors->list[i].file), "%s", init_rows[key].name);
        for (unsigned i = before_n; i < errors->n; i++)
            errors->list[i].line = 0;
    }
}

static int answers_given(struct init *g, struct config_errors *errors)
{
    int err = g->answers_file ? init_keys_load(&g->answers, g->answers_file, errors) : 0;
    if (err && err != EINVAL) {
        static const struct cli_command command = {.name = "init"};
        const struct cli_args a = {.command = &command};
        return cli_cannot(&a, g->answers_file, err, "name the file of answers");
    }
    errors->file = "--set";
    for (unsigned i = 0; i < g->sets_n; i++)
        (void)!init_keys_set(&g->answers, g->sets[i], errors);
    errors->file = "init";
    if (!errors->n)
        judge_given(g, errors);
    errors->file = "init";
    want(g, errors);
    cli_print_errors(stderr, errors);
    return errors->n ? CLI_FINDING : CLI_OK;
}

/* ---- answers by asking ---- */

static int answers_asked(struct init *g)
{
    printf("decroche init\u00a0: six questions, puis le service pourra répondre.\n"
           "Entrée prend ce qui est entre crochets. Rien n’est écrit avant la fin\u00a0; Ctrl-D "
           "arrête tout.\n");
    if (init_ask(&g->answers) == INIT_ASKED_ALL) {
        init_machine_timezone(g->answers.of[INIT_TIMEZONE]);
        return CLI_OK;
    }
    printf("\nArrêté\u00a0: rien n’a été écrit.\n");
    return CLI_FINDING;
}

/* ---- the end ---- */

static void tell_agent(const struct init *g)
{
    const struct init_answers *a = &g->answers;
    printf("\n%s\n", a->of[INIT_AGENT]);
    if (init_agent_is_ordinary(a) && a->of[INIT_SIGN_IN][0])
        printf("  prendre son poste\u00a0: appeler le %s depuis le %s, puis le code %s et #\n",
               a->of[INIT_SIGN_IN], a->of[INIT_PHONE], g->secrets.code);
    else if (init_agent_is_ordinary(a))
        printf("  prendre son poste\u00a0: decroche agent a01 sign-in -c %s/decroche.yaml, puis "
               "ready\n",
               g->folder);
    else
        printf("  son téléphone\u00a0: serveur %s%s, port 5060 (UDP), compte %s, mot de passe %s\n"
               "  prendre son poste\u00a0: *71, puis le code %s et #\u00a0; recevoir des "
               "appels\u00a0: *72\n",
               a->of[INIT_ADDRESS], strchr(a->of[INIT_ADDRESS], ',') ? " (l’une des deux)" : "",
               a->of[INIT_PHONE] + strlen("sip:"), g->secrets.line, g->secrets.code);
    printf("  (le mot de passe et le code sont aussi dans %s/secrets.yaml)\n", g->folder);
}

static void tell_cautions(const struct init *g)
{
    const struct init_answers *a = &g->answers;
    struct address_pair here;
    if (!strcmp(a->of[INIT_VOICE], "livrée") && !init_has_program("espeak-ng"))
        printf("\nattention\u00a0: espeak-ng n’est pas sur cette machine\u00a0; le nom du service "
               "ne serait pas dit.\n    → apt install espeak-ng, ou enregistrer greet.org "
               "(voix.md)\n");
    if (address_pair_read(&here, text_of(a->of[INIT_ADDRESS])) &&
        address_is_loopback(address_pair_first(&here)))
        printf("\nattention\u00a0: %s n’est joignable que de cette machine.\n    → changer "
               "phone.address dans decroche.yaml\n",
               a->of[INIT_ADDRESS]);
    if (strcmp(a->of[INIT_LEGAL], "prive"))
        printf("\nÀ retenir\u00a0: %s répond aussi par écrit aux personnes sourdes ou aphasiques, "
               "aux heures dites\n(décret n° 2017-875). Si ce n’est pas encore organisé, "
               "faites-le avant d’ouvrir.\n",
               a->of[INIT_AGENT]);
}

static void tell_steps(const struct init *g)
{
    bool is_installed = !strcmp(g->folder, INIT_FOLDER);
    printf("\nÉcrit dans %s\u00a0: decroche.yaml, directory.yaml, secrets.yaml, "
           "flows/accueil.yaml\n\n"
           "Trois pas encore\u00a0:\n"
           "  1. vérifier   decroche check -c %s/decroche.yaml\n",
           g->folder, g->folder);
    if (is_installed)
        printf("  2. examiner   runuser -u " INIT_USER " -- decroche doctor -c %s/decroche.yaml\n"
               "  3. démarrer   systemctl start decroche\n",
               g->folder);
    else
        printf("  2. examiner   decroche doctor -c %s/decroche.yaml\n"
               "  3. démarrer   decroche serve -c %s/decroche.yaml\n",
               g->folder, g->folder);
    tell_agent(g);
    tell_cautions(g);
}

/* ---- writing ---- */

static int cannot(const char *path, int err)
{
    static const struct cli_command command = {.name = "init"};
    const struct cli_args a = {.command = &command};
    bool is_right = err == EACCES || err == EPERM;
    return cli_cannot(&a, path, err,
                      err == EEXIST ? "something is there: --force moves it aside"
                      : is_right    ? "run it as root, or name another FOLDER"
                                    : "free the disk, or name another FOLDER");
}

static int write_files(struct init *g)
{
    char path[OS_PATH_MAX];
    struct init_texts texts;
    const struct init_text_args args = {
        .answers = &g->answers, .secrets = &g->secrets, .folder = g->folder};
    struct config_errors *errors = calloc(1, sizeof(*errors));
    int err = errors ? init_secrets_draw(&g->secrets) : ENOMEM;
    err = err ? err : init_texts_open(&texts, &args);
    if (err) {
        free(errors);
        return cannot(g->folder, err);
    }
    const struct init_put_args put = {
        .folder = g->folder, .texts = &texts, .is_forced = g->is_forced};
    int code = init_judge_all(&texts, errors) ? CLI_OK : CLI_FINDING;
    cli_print_errors(stderr, errors);
    err = code == CLI_OK ? init_put(path, &put) : 0;
    init_texts_drop(&texts);
    free(errors);
    return err ? cannot(path, err) : code;
}

static int run(struct init *g)
{
    char path[OS_PATH_MAX];
    struct config_errors *errors = calloc(1, sizeof(*errors));
    const char *found = init_put_found(path, g->folder);
    if (!errors)
        return cannot(g->folder, ENOMEM);
    if (found && !g->is_forced) {
        printf("%s existe déjà\u00a0; rien n’a été changé.\n"
               "    → changez ce fichier, puis decroche check -c %s/decroche.yaml\u00a0; ou "
               "recommencez avec --force, qui le met de côté\n",
               found, g->folder);
        free(errors);
        return CLI_FINDING;
    }
    bool is_asking = !g->answers_file && !g->sets_n;
    int code = is_asking ? answers_asked(g) : answers_given(g, errors);
    free(errors);
    code = code == CLI_OK ? write_files(g) : code;
    if (code == CLI_OK)
        tell_steps(g);
    return code;
}

int cli_init(int argc, char **argv)
{
    struct init g = {.folder = INIT_FOLDER};
    int code = read_arguments(&g, argc, argv);
    if (code == CLI_OK && g.is_help)
        fputs(usage, stdout);
    else if (code == CLI_OK)
        code = run(&g);
    explicit_bzero(&g.secrets, sizeof(g.secrets));
    explicit_bzero(&g.answers, sizeof(g.answers));
    return code;
}
