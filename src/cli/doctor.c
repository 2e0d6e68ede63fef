/* doctor.c — `decroche doctor`: is this machine fit to serve, and what is to be done?
 * Called by main.c. Asks, changes nothing, and ends in bounded time, whether the service runs, has
 * stopped or was never started. Faults are told first. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/doctor.h"

static const char usage[] =
    "decroche doctor -c FILE [--json]\n"
    "\n"
    "Looks at the machine with the eyes of the service: files, rights, disk, ports, limits, "
    "clock,\n"
    "randomness, names of operators, operators themselves (an OPTIONS each: the way is tested, "
    "nobody is\n"
    "called), certificates, prompts. Says what is well, what deserves attention, what is a fault, "
    "and the cure.\n"
    "Run it as the user of the service, before its first start or while it runs; it changes\n"
    "nothing. --json: one object a line, the sum last.\n"
    "\n"
    "exit: 0 nothing wrong   1 attention or faults   2 usage   3 the settings cannot be read\n";

/* ---- findings ---- */

static bool is_more(struct doctor *d)
{
    bool is_full = d->n >= DOCTOR_FINDINGS_MAX;
    d->more_n += is_full;
    return is_full;
}

void doctor_find(struct doctor *d, enum doctor_level level, const char *what, ...)
{
    va_list list;
    if (is_more(d))
        return;
    struct doctor_finding *f = &d->found[d->n++];
    f->level = level;
    f->subject = d->subject;
    va_start(list, what);
    vsnprintf(f->what, sizeof(f->what), what, list);
    va_end(list);
}

/* Of the last finding; lost with it when the list is full. */
void doctor_cure(struct doctor *d, const char *cure, ...)
{
    va_list list;
    if (d->more_n)
        return;
    struct doctor_finding *f = &d->found[d->n - 1];
    va_start(list, cure);
    vsnprintf(f->cure, sizeof(f->cure), cure, list);
    va_end(list);
}

/* ---- telling ---- */

static const char *const level_words[DOCTOR_LEVELS] = {
    [DOCTOR_WELL] = "bien", [DOCTOR_ATTENTION] = "attention", [DOCTOR_FAULT] = "faute"};

static const char *const subject_words[DOCTOR_SUBJECTS] = {
    [DOCTOR_FILES] = "fichiers",   [DOCTOR_RIGHTS] = "droits",
    [DOCTOR_DISK] = "disque",      [DOCTOR_PORTS] = "ports",
    [DOCTOR_LIMITS] = "limites",   [DOCTOR_CLOCK] = "horloge",
    [DOCTOR_CHANCE] = "aléa",      [DOCTOR_NAMES] = "noms",
    [DOCTOR_TRUNKS] = "accès",     [DOCTOR_TLS] = "certificats",
    [DOCTOR_PROMPTS] = "annonces", [DOCTOR_NEVER] = "ne plus appeler"};

static void tell_one(const struct doctor *d, const struct doctor_finding *f)
{
    if (!d->args->is_json) {
        printf("%-9s  %s\u00a0: %s\n", level_words[f->level], subject_words[f->subject], f->what);
        if (f->cure[0])
            printf("           → %s\n", f->cure);
        return;
    }
    printf("{\"level\":\"%s\",\"subject\":\"%s\",\"what\":", level_words[f->level],
           subject_words[f->subject]);
    cli_json_text(stdout, f->what);
    printf(",\"cure\":");
    cli_json_text(stdout, f->cure);
    printf("}\n");
}

/* Of this level, each subject in its turn; how many. */
static unsigned tell_level(const struct doctor *d, enum doctor_level level)
{
    unsigned n = 0;
    for (unsigned s = 0; s < DOCTOR_SUBJECTS; s++)
        for (unsigned i = 0; i < d->n; i++)
            if (d->found[i].level == level && d->found[i].subject == s) {
                tell_one(d, &d->found[i]);
                n++;
            }
    return n;
}

static int tell(const struct doctor *d)
{
    unsigned faults_n = tell_level(d, DOCTOR_FAULT) + d->more_n;
    unsigned attention_n = tell_level(d, DOCTOR_ATTENTION);
    unsigned well_n = tell_level(d, DOCTOR_WELL);
    if (d->more_n && !d->args->is_json)
        printf("… et %u autres constats\n", d->more_n);
    if (d->args->is_json)
        printf("{\"faults\":%u,\"attention\":%u,\"well\":%u,\"service_pid\":%d}\n", faults_n,
               attention_n, well_n, d->service_pid);
    else
        printf("%u faute%s, %u point%s d’attention, %u point%s en ordre\n", faults_n,
               faults_n > 1 ? "s" : "", attention_n, attention_n > 1 ? "s" : "", well_n,
               well_n > 1 ? "s" : "");
    return faults_n || attention_n ? CLI_FINDING : CLI_OK;
}

/* ---- looking ---- */

/* A wrong directory is still one whose operators can be asked. */
static void guess(struct doctor *d)
{
    char path[CONFIG_PATH_BYTES];
    struct config_errors *errors = calloc(1, sizeof(*errors));
    config_settings_guess(&d->settings, d->args->settings);
    if (errors && config_path_beside(path, d->args->settings, d->settings.directory.path) &&
        config_directory_examine(&d->guessed, path, &d->settings, errors))
        errors->n = 0; /* they were counted when the set was read */
    d->directory = d->guessed;
    free(errors);
}

/* What `check` says, as one finding. 0, or errno when the settings themselves cannot be read. */
static int look_at_files(struct doctor *d)
{
    d->subject = DOCTOR_FILES;
    struct config_errors *errors = calloc(1, sizeof(*errors));
    if (!errors)
        return ENOMEM;
    int err = access(d->args->settings, R_OK) ? errno : 0;
    if (err) {
        free(errors);
        return err;
    }
    err = config_set_load(&d->set, d->args->settings, NULL, errors);
    unsigned n = errors->n + errors->more_n;
    free(errors);
    if (!err) {
        d->settings = d->set->settings;
        d->directory = d->set->directory;
        doctor_find(d, DOCTOR_WELL, "réglages, annuaire, menus et secrets sont justes");
        if (d->set->recording.is_wrong) {
            doctor_find(
                d, DOCTOR_FAULT,
                "le dossier des enregistrements, ou leur clé, n’est pas comme il faut\u00a0: "
                "rien ne serait enregistré");
            doctor_cure(d, "decroche check -c %s dit quoi", d->args->settings);
        }
        return 0;
    }
    guess(d);
    doctor_find(d, DOCTOR_FAULT,
                "un fichier est faux (%u erreur%s)\u00a0: le service ne démarrerait pas", n,
                n > 1 ? "s" : "");
    doctor_cure(d, "decroche check -c %s les dit toutes, avec leur ligne", d->args->settings);
    return 0;
}

/* Who serves on the socket of the settings: told by the kernel, so that nobody can pretend. */
static void find_service(struct doctor *d)
{
    char path[CONFIG_PATH_BYTES];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct ucred peer;
    socklen_t n = sizeof(peer);
    if (!config_path_beside(path, d->args->settings, d->settings.web.socket) ||
        strlen(path) >= sizeof(at.sun_path))
        return;
    memcpy(at.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && !connect(fd, (const struct sockaddr *)&at, sizeof(at)) &&
        !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n)) {
        d->service_pid = peer.pid;
        d->service_uid = (int)peer.uid;
    }
    if (fd >= 0)
        close(fd);
}

static int examine(struct doctor *d)
{
    int err = look_at_files(d);
    if (err)
        return cli_cannot(d->args, d->args->settings, err, "check the name and its rights");
    find_service(d);
    doctor_rights(d);
    doctor_disk(d);
    doctor_ports(d);
    doctor_limits(d);
    doctor_clock(d);
    doctor_chance(d);
    doctor_trunks(d);
    doctor_tls(d);
    doctor_prompts(d);
    doctor_never(d);
    return tell(d);
}

int cli_doctor(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "doctor", .usage = usage, .has_settings = true};
    struct cli_args args = {.command = &command};
    if (!cli_args_read(&args, argc, argv))
        return CLI_USAGE;
    if (args.is_help)
        return CLI_OK;
    struct doctor *d = calloc(1, sizeof(*d));
    if (!d)
        return cli_cannot(&args, "doctor", ENOMEM, "free some memory");
    /* A program that speaks may end before it has read its words: no reason to end too. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    d->args = &args;
    int code = examine(d);
    config_directory_drop(d->guessed);
    config_set_drop(d->set);
    free(d);
    return code;
}
