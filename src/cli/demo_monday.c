/* demo_monday.c — `decroche demo monday`: an hour of a Monday with the cast of the demonstration,
 * lived by the real core, kept as a simulated journal, and told twelve times faster than it went.
 * Called by demo.c. The hour is lived first, in some hundredths of a second; what is printed comes
 * from its events, in their time; then each promise, judged by the same events.
 * Invariant: no journal but a simulated one is ever replaced. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/demo.h"
#include "cli/demo_board.h"
#include "cli/demo_story.h"
#include "cli/lived.h"
#include "config/profile.h"
#include "config/value.h"
#include "journal/mark.h"
#include "os/clock.h"
#include "sim/report_parts.h"
#include "view/words.h"

#define HARD "\u00a0"
#define HOUR_MS ((ms_t)3600 * 1000)
/* Monday 23 November 2026, 00:00 in Paris (UTC + 1 h): not the worked Monday, the 16th. */
#define MONDAY_AT ((ms_t)1795388400000)
#define PARIS_OFFSET_MS HOUR_MS
#define FROM_MS (9 * HOUR_MS)
#define SEED 20261123
#define SEED_MAX ((int64_t)1000000000000000)
#define PACE 12
#define SETTINGS "demo/decroche.yaml"
#define JOURNAL "demo-lundi.db"

static const char usage[] =
    "decroche demo monday [--fast] [--json] [--board [PORT]] [--seed N]\n"
    "                     [--journal FICHIER | -c FICHIER]\n"
    "\n"
    "Une heure d’un lundi, de 9" HARD "h à 10" HARD "h, en cinq minutes" HARD
    ": les personnages de la démonstration parmi des\n"
    "appels tirés au sort, vécus par le cœur qui sert en vrai. Chaque promesse est vérifiée dans "
    "les\névénements" HARD ": «" HARD "tenu" HARD "», ou le code de sortie est 1.\n"
    "\n"
    "  --fast             tout de suite, sans attendre\n"
    "  --json             un objet JSON par ligne\n"
    "  --board [PORT]     et sur le tableau de bord, dans un navigateur de cette machine" HARD
    ": l’adresse est dite" HARD ";\n"
    "                     il reste jusqu’à Ctrl-C. Sans port" HARD ": un port libre\n"
    "  --seed N           une autre graine du hasard (20261123)\n"
    "  --journal FICHIER  où garder les événements, marqués «" HARD "simulé" HARD
    "» ; seul un journal simulé y est remplacé\n"
    "  -c FICHIER         sans --journal" HARD ": à côté du journal de ces réglages "
    "(demo/decroche.yaml s’il est là)\n"
    "\n"
    "sortie" HARD ": 0 tout est tenu   1 une promesse ne l’est pas, ou ce fichier n’est pas à "
    "remplacer   2 mauvais\narguments   3 le monde a failli (disque, mémoire)\n";

struct monday {
    struct cli_args args;
    const char *journal; /* of --journal */
    char path[OS_PATH_MAX];
    uint64_t seed;
    bool has_board;
    uint16_t port;            /* of the board; 0: a free one */
    struct demo_board *board; /* owned; NULL: none */
    bool is_fast, is_stopped, is_unheard, was_there;
    int write_err; /* of what is printed; a reader who left is none */
    int signals;
    ms_t began_at; /* of the boot clock */
    ms_t seen_at;  /* events until then are on the board */
    struct plan_profile profile;
    struct config_errors errors;
    struct story story;
    struct sim *sim; /* owned */
};

/* ---- arguments ----------------------------------------------------------------------------- */

static int wrong(const char *what, const char *which)
{
    fprintf(stderr, "decroche demo monday" HARD ": %s%s — voir decroche demo monday --help\n", what,
            which);
    return CLI_USAGE;
}

static int read_seed(struct monday *m, const char *text)
{
    int64_t v;
    if (!config_integer(&v, text) || v < 0 || v > SEED_MAX)
        return wrong("la graine est un nombre entier de 0 à 1000000000000000, pas ", text);
    m->seed = (uint64_t)v;
    return CLI_OK;
}

static int read_value(struct monday *m, const char *name, const char *value)
{
    bool is_journal = !strcmp(name, "--journal"), is_seed = !strcmp(name, "--seed");
    bool is_settings = !strcmp(name, "-c") || !strcmp(name, "--config");
    if (!is_journal && !is_seed && !is_settings)
        return wrong("argument inconnu" HARD ": ", name);
    if (!value)
        return wrong("il manque une valeur après ", name);
    if (is_seed)
        return read_seed(m, value);
    if (is_journal)
        m->journal = value;
    else
        m->args.settings = value;
    return CLI_OK;
}

/* Behind --board, when there is one: 1, else 0. */
static int read_port(struct monday *m, const char *text)
{
    int64_t v;
    if (!text || !config_integer(&v, text) || v < 1 || v > UINT16_MAX)
        return 0;
    m->port = (uint16_t)v;
    return 1;
}

static int read_arguments(struct monday *m, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            m->args.is_help = true;
        } else if (!strcmp(argv[i], "--json")) {
            m->args.is_json = true;
        } else if (!strcmp(argv[i], "--fast")) {
            m->is_fast = true;
        } else if (!strcmp(argv[i], "--board")) {
            m->has_board = true;
            i += read_port(m, argv[i + 1]);
        } else {
            int code = read_value(m, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
            if (code)
                return code;
            i++;
        }
    }
    if (m->journal && m->args.settings)
        return wrong("--journal et -c disent tous deux où écrire" HARD ": gardez l’un", "");
    if (m->journal && (!*m->journal || strlen(m->journal) >= OS_PATH_MAX))
        return wrong("ce nom de fichier est vide ou trop long", "");
    return CLI_OK;
}

/* ---- where it is kept ---------------------------------------------------------------------- */

static int cannot(const struct monday *m, int err, const char *cure)
{
    char why[128];
    fprintf(stderr, "decroche demo monday" HARD ": %s" HARD ": %s — %s\n", m->path,
            strerror_r(err, why, sizeof(why)), cure);
    return CLI_CANNOT;
}

static int beside_settings(struct monday *m, const char *file)
{
    struct settings *settings = calloc(1, sizeof(*settings));
    char journal[CONFIG_PATH_BYTES];
    m->errors.file = file;
    int err = settings ? config_settings_load(settings, file, &m->errors) : ENOMEM;
    bool fits = !err && config_path_beside(journal, file, settings->journal.path) &&
                !demo_monday_path(m->path, journal);
    free(settings);
    if (err && m->errors.n)
        cli_print_errors(stderr, &m->errors);
    if (fits)
        return CLI_OK;
    memcpy(m->path, file, strlen(file) + 1 < OS_PATH_MAX ? strlen(file) + 1 : 0);
    return err == EINVAL ? CLI_FINDING
                         : cannot(m, err ? err : ENAMETOOLONG, "vérifiez le nom de ce fichier");
}

static int choose_path(struct monday *m)
{
    const char *settings = m->args.settings;
    if (!settings && !m->journal && os_file_exists(SETTINGS))
        settings = SETTINGS;
    if (settings)
        return beside_settings(m, settings);
    const char *path = m->journal ? m->journal : JOURNAL;
    memcpy(m->path, path, strlen(path) + 1);
    return CLI_OK;
}

static int may_write(struct monday *m)
{
    const char *why;
    enum journal_mark mark;
    int err = lived_may_write(&why, m->path);
    m->was_there =
        err == EEXIST && !journal_mark_read(&mark, m->path) && mark == JOURNAL_MARK_SIMULATED;
    if (!err || m->was_there)
        return CLI_OK;
    if (err != EEXIST)
        return cannot(m, err, "nommez un fichier dans un dossier qui existe");
    fprintf(stderr,
            "decroche demo monday" HARD ": %s n’est pas un journal simulé, il reste tel quel — "
            "nommez un autre fichier avec --journal\n",
            m->path);
    return CLI_FINDING;
}

/* Whole under another name first; then it takes the name, and replaces what was simulated before.
 */
static int keep(struct monday *m)
{
    static const char *const suffixes[] = {"-wal", "-shm"};
    char beside[OS_PATH_MAX], old[OS_PATH_MAX];
    int err = os_path_join(beside, m->path, ".new");
    if (!err)
        err = os_file_unlink(beside);
    if (!err)
        err = lived_write(beside, m->sim);
    for (unsigned i = 0; !err && i < ARRAY_LEN(suffixes); i++) {
        err = os_path_join(old, m->path, suffixes[i]);
        err = err ? err : os_file_unlink(old);
    }
    if (!err)
        err = os_file_rename(beside, m->path);
    return err ? cannot(m, err, "nommez un fichier dans un dossier où écrire") : CLI_OK;
}

/* ---- telling ------------------------------------------------------------------------------- */

static bool is_heard(struct monday *m)
{
    if (fflush(stdout) || ferror(stdout)) {
        m->write_err = m->is_unheard ? m->write_err : errno;
        m->is_unheard = true;
    }
    return !m->is_unheard;
}

/* Until this instant of the hour, twelve times faster; or until somebody stops it. */
static void wait_for(struct monday *m, ms_t at)
{
    if (m->board && demo_board_show(m->board) && !m->write_err)
        m->write_err = EIO;
    ms_t due_at = m->began_at + (at - m->story.from_at) / PACE;
    struct pollfd signals = {.fd = m->signals, .events = POLLIN};
    ms_t left = m->is_fast ? 0 : due_at - os_clock_boot_ms();
    int n = poll(&signals, 1, left > 0 ? (int)left : 0);
    m->is_stopped = n > 0;
}

static void print_json_line(const struct monday *m, const struct story_line *line)
{
    char clock[16];
    printf("{\"at\":%" PRId64 ",\"clock\":\"%s\",\"who\":", line->at,
           story_clock(clock, &m->story, line->at));
    cli_json_text(stdout, line->who);
    printf(",\"event\":%" PRIu64 ",\"kind\":\"%s\",\"text\":", line->event_id, line->kind);
    cli_json_text(stdout, line->text);
    puts(",\"simulated\":true}");
}

static bool tell(const struct story_line *line, void *arg)
{
    struct monday *m = arg;
    char clock[16];
    wait_for(m, line->at);
    if (m->is_stopped)
        return false;
    if (m->args.is_json)
        print_json_line(m, line);
    else
        printf("%s  %-*s  %s\n", story_clock(clock, &m->story, line->at),
               17 + (int)strlen(line->who) - sim_width(line->who), line->who, line->text);
    return is_heard(m);
}

/* Who is not heard any more is judged all the same. */
static bool judge_silently(const struct story_line *line, void *arg)
{
    (void)line;
    (void)arg;
    return true;
}

static bool take_event(const struct event *ev, void *arg)
{
    struct monday *m = arg;
    bool is_told = !m->is_stopped && !m->is_unheard;
    if (m->board && !m->is_stopped) {
        if (ev->at != m->seen_at)
            wait_for(m, ev->at);
        m->seen_at = ev->at;
        demo_board_take(m->board, ev);
    }
    story_event(&m->story, ev, is_told ? tell : judge_silently, m);
    return true;
}

static void show_promise(const struct monday *m, enum cast_who who, enum cast_verdict verdict,
                         const char *why)
{
    static const char *const words[] = {
        [CAST_KEPT] = "tenu", [CAST_BROKEN] = "PAS TENU", [CAST_LATER] = "plus tard"};
    static const char *const names[] = {
        [CAST_KEPT] = "kept", [CAST_BROKEN] = "broken", [CAST_LATER] = "later"};
    const char *name = story_name(who);
    if (!m->args.is_json) {
        printf("  %-*s  %-10s %s\n", 17 + (int)strlen(name) - sim_width(name), name, words[verdict],
               why);
        return;
    }
    fputs("{\"promise\":", stdout);
    cli_json_text(stdout, name);
    printf(",\"verdict\":\"%s\",\"why\":", names[verdict]);
    cli_json_text(stdout, why);
    puts(",\"simulated\":true}");
}

/* The number that were not kept. */
static unsigned show_promises(const struct monday *m, bool is_shown)
{
    unsigned broken_n = 0;
    if (is_shown && !m->args.is_json)
        puts("\nCe que chacun devait montrer, vérifié dans les événements");
    for (unsigned who = CAST_NOBODY + 1; who < CAST_N; who++) {
        const char *why;
        enum cast_verdict verdict =
            cast_judge_of(&m->story.judge, (enum cast_who)who, sim_cast(m->sim), &why);
        broken_n += verdict == CAST_BROKEN;
        if (is_shown)
            show_promise(m, (enum cast_who)who, verdict, why);
    }
    return broken_n;
}

static void show_counts(const struct monday *m)
{
    const struct kpi_counts *c = kpi_total(sim_kpi(m->sim));
    const struct sim_sheet sheet = {stdout, true};
    char text[SIM_TEXT_MAX];
    const char *comma = "";
    if (m->args.is_json)
        printf("{\"counts\":{");
    else
        puts("\nLes appels de cette heure, par classe");
    for (unsigned k = OUTCOME_NONE + 1; k < OUTCOME_N; k++) {
        if (m->args.is_json) {
            printf("%s\"%s\":%u", comma, outcome_name((enum outcome)k), c->calls[k]);
            comma = ",";
        } else if (c->calls[k]) {
            fputs("  ", stdout);
            sim_column(&sheet, view_words_outcome((enum outcome)k), sim_number(text, c->calls[k]));
            puts("");
        }
    }
    if (!m->args.is_json)
        return;
    fputs("},\"journal\":", stdout);
    cli_json_text(stdout, m->path);
    puts(",\"simulated\":true}");
}

static void show_head(const struct monday *m)
{
    if (m->args.is_json && m->was_there)
        fprintf(stderr, "%s" HARD ": le journal simulé d’avant est remplacé\n", m->path);
    if (m->args.is_json)
        return;
    printf("Démonstration (données fictives), simulée, graine %" PRIu64 HARD
           ": lundi 23 novembre 2026, de 9" HARD "h à 10" HARD "h%s.\n",
           m->seed, m->is_fast ? "" : ", en cinq minutes (Ctrl-C arrête)");
    printf("%s" HARD ": %s\n\n",
           m->was_there ? "Le journal simulé d’avant est remplacé" : "Journal simulé", m->path);
}

static void show_end(const struct monday *m)
{
    if (m->args.is_json)
        return;
    if (m->is_stopped)
        puts("\nArrêté. L’heure entière est dans le journal.");
    printf("\nTout recompter depuis les événements" HARD ": decroche replay %s --results\n",
           m->path);
}

/* ---- the board ----------------------------------------------------------------------------- */

static int open_board(struct monday *m)
{
    const struct demo_board_args args = {.profile = &m->profile,
                                         .limits = sim_limits(m->sim),
                                         .from_at = m->story.from_at,
                                         .port = m->port};
    int err = demo_board_open(&m->board, &args);
    if (!err)
        return CLI_OK;
    snprintf(m->path, sizeof(m->path), "le tableau de bord, port %u", m->port);
    return cannot(m, err, "prenez un autre port, ou aucun" HARD ": --board");
}

static void show_board(const struct monday *m)
{
    fprintf(m->args.is_json ? stderr : stdout,
            "Tableau de bord" HARD ": http://127.0.0.1:%u/supervision (en grand" HARD
            ": ?ecran=grand)\n",
            demo_board_port(m->board));
}

/* The whole hour stands on it, until somebody stops it. */
static void leave_board(struct monday *m)
{
    struct pollfd signals = {.fd = m->signals, .events = POLLIN};
    demo_board_time(m->board, m->story.until_at, 0);
    if (demo_board_show(m->board) || m->is_stopped)
        return;
    fputs("Le tableau de bord reste affiché" HARD ": Ctrl-C le ferme.\n",
          m->args.is_json ? stderr : stdout);
    fflush(stdout);
    while (poll(&signals, 1, -1) < 0 && errno == EINTR)
        ;
}

/* ---- the hour ------------------------------------------------------------------------------ */

static int live(struct monday *m)
{
    const struct sim_args args = {.profile = &m->profile,
                                  .seed = m->seed,
                                  .midnight_at = MONDAY_AT,
                                  .offset_ms = PARIS_OFFSET_MS,
                                  .from_at = MONDAY_AT + FROM_MS,
                                  .until_at = MONDAY_AT + FROM_MS + HOUR_MS,
                                  .has_cast = true};
    m->errors.file = "haute-lisiere.yaml";
    if (config_profile_read(&m->profile, cast_profile, strlen(cast_profile), &m->errors))
        return cannot(m, ENOMEM, "libérez de la mémoire"); /* it is in the program, and right */
    cast_house(&m->profile);
    m->sim = sim_open(&args);
    if (!m->sim)
        return cannot(m, ENOMEM, "libérez de la mémoire");
    if (sim_run(m->sim))
        return CLI_OK;
    fprintf(stderr, "decroche demo monday" HARD ": règle enfreinte" HARD ": %s\n",
            sim_totals(m->sim).broken);
    return CLI_FINDING;
}

static int recount(struct monday *m)
{
    m->story.cast = sim_cast(m->sim);
    m->story.from_at = MONDAY_AT + FROM_MS;
    m->story.until_at = m->story.from_at + HOUR_MS;
    m->story.offset_ms = PARIS_OFFSET_MS;
    if (story_open(&m->story))
        return cannot(m, ENOMEM, "libérez de la mémoire");
    int code = m->has_board ? open_board(m) : CLI_OK;
    if (code)
        return code;
    show_head(m);
    if (m->board)
        show_board(m);
    m->is_unheard = !is_heard(m);
    m->began_at = os_clock_boot_ms();
    if (m->board)
        demo_board_time(m->board, m->story.from_at, m->is_fast ? 0 : PACE);
    if (!sim_events(m->sim, take_event, m))
        return cannot(m, EIO, "recommencez");
    unsigned broken_n = show_promises(m, !m->is_stopped && !m->is_unheard);
    if (!m->is_stopped && !m->is_unheard)
        show_counts(m);
    if (!m->is_unheard)
        show_end(m);
    (void)is_heard(m);
    if (m->board)
        leave_board(m);
    if (m->write_err && m->write_err != EPIPE) {
        memcpy(m->path, "la sortie", sizeof("la sortie"));
        return cannot(m, m->write_err, "faites de la place");
    }
    return broken_n ? CLI_FINDING : CLI_OK;
}

/* Ctrl-C is read when there is something to wait for; a pipe that closes is no mistake. */
static int open_signals(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int demo_monday(int argc, char **argv)
{
    struct monday *m = calloc(1, sizeof(*m));
    static const struct cli_command command = {.name = "demo monday", .usage = usage};
    if (!m)
        return CLI_CANNOT;
    m->args.command = &command;
    m->seed = SEED;
    m->signals = -1;
    int code = read_arguments(m, argc, argv);
    if (!code && m->args.is_help) {
        fputs(usage, stdout);
        free(m);
        return CLI_OK;
    }
    if (!code)
        code = choose_path(m);
    if (!code)
        code = may_write(m);
    if (!code && (m->signals = open_signals()) < 0)
        code = cannot(m, errno, "libérez des descripteurs");
    if (!code)
        code = live(m);
    if (!code)
        code = keep(m);
    if (!code)
        code = recount(m);
    demo_board_drop(m->board);
    story_drop(&m->story);
    sim_drop(m->sim);
    if (m->signals >= 0)
        close(m->signals);
    free(m);
    return code;
}
