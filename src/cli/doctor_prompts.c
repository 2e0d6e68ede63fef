/* doctor_prompts.c — are the recordings there that callers hear, and does the program speak that
 * says what no recording does? Called by doctor.c. `decroche check` names every missing file; here
 * their number is enough. Cost: one short sentence spoken, voice.speech_timeout at most. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "config/voice.h"
#include "speech/command.h"

#define TRIAL "Bonjour."
#define TRIAL_FOLDER "/tmp/decroche-doctor-XXXXXX" /* only for a program that writes {file} */

struct missing {
    char first[DOCTOR_TEXT_BYTES / 2];
    unsigned n;
};

static void count(const char *path, void *arg)
{
    struct missing *m = arg;
    if (!m->n++)
        snprintf(m->first, sizeof(m->first), "%s", path);
}

static void tell_missing(struct doctor *d, const struct missing *m)
{
    doctor_find(d, DOCTOR_ATTENTION,
                "%u annonce%s manque%s, dont %s\u00a0: la synthèse parlerait à sa place", m->n,
                m->n > 1 ? "s" : "", m->n > 1 ? "nt" : "", m->first);
    doctor_cure(d,
                "decroche check -c %s les nomme\u00a0; prompts/README.md dit comment les "
                "enregistrer",
                d->args->settings);
}

static void look_at_files(struct doctor *d, const struct config_voice_args *args,
                          const struct missing *m)
{
    if (args->own[0] && access(args->own, F_OK)) {
        doctor_find(d, DOCTOR_ATTENTION, "le dossier d’annonces du lieu %s n’existe pas",
                    args->own);
        doctor_cure(d, "y mettre vos annonces, ou vider voice.own");
    }
    if (access(args->folder, F_OK)) {
        doctor_find(d, DOCTOR_FAULT,
                    "le dossier des annonces %s n’existe pas\u00a0: au mieux, la synthèse dirait "
                    "tout",
                    args->folder);
        doctor_cure(d, "y mettre les annonces, ou changer voice.path");
    } else if (config_voice_check(args)) {
        tell_missing(d, m);
    } else {
        doctor_find(d, DOCTOR_WELL, "toutes les annonces sont là (%s)", args->folder);
    }
}

/* ---- synthesis ---- */

/* 0, or why it does not speak. */
static int try_speech(const struct settings_voice *s)
{
    static const _Atomic bool never;
    char folder[] = TRIAL_FOLDER, file[sizeof(folder) + 8] = "";
    uint8_t *bytes = NULL;
    size_t n = 0;
    bool has_folder = strstr(s->speech_command, "{file}") && mkdtemp(folder);
    if (has_folder)
        snprintf(file, sizeof(file), "%s/wav", folder);
    const struct speech_command c = {.command = s->speech_command,
                                     .lang = "fr",
                                     .words = TRIAL,
                                     .file = has_folder ? file : NULL,
                                     .timeout_ms = s->speech_timeout_ms,
                                     .is_ending = &never};
    int err = speech_command_run(&bytes, &n, &c);
    free(bytes);
    if (has_folder)
        rmdir(folder);
    return err ? err : n ? 0 : ENODATA;
}

static void look_at_speech(struct doctor *d)
{
    char text[128];
    const struct settings_voice *s = &d->settings.voice;
    if (!s->speech_command[0]) {
        doctor_find(d, DOCTOR_WELL, "aucune synthèse n’est voulue (voice.speech_command est vide)");
        return;
    }
    int err = speech_command_check(s->speech_command);
    err = err ? err : try_speech(s);
    if (!err) {
        doctor_find(d, DOCTOR_WELL, "la synthèse parle (%.80s)", s->speech_command);
        return;
    }
    doctor_find(d, DOCTOR_ATTENTION,
                "la synthèse ne parle pas (%.80s, %s)\u00a0: ce qu’aucun fichier ne dit serait tu",
                s->speech_command, strerror_r(err, text, sizeof(text)));
    doctor_cure(d, err == ENOENT ? "installer ce programme, ou changer voice.speech_command"
                                 : "l’essayer à la main, ou changer voice.speech_command");
}

void doctor_prompts(struct doctor *d)
{
    static const struct config_flows none;
    struct missing missing = {.n = 0};
    const struct settings_voice *s = &d->settings.voice;
    char path[CONFIG_PATH_BYTES], own[CONFIG_PATH_BYTES] = "";
    d->subject = DOCTOR_PROMPTS;
    if (!config_path_beside(path, d->args->settings, s->path) ||
        (s->own[0] && !config_path_beside(own, d->args->settings, s->own)))
        return; /* told among the files */
    const struct config_voice_args args = {.folder = path,
                                           .own = own,
                                           .flows = d->set ? &d->set->flows : &none,
                                           .missing = count,
                                           .arg = &missing};
    look_at_files(d, &args, &missing);
    look_at_speech(d);
}
