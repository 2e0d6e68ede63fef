/* doctor_prompts.c — are the recordings there that callers hear?
 * Called by doctor.c. `decroche check` names every missing file; here their number is enough. */
#include <unistd.h>

#include "cli/doctor.h"
#include "config/voice.h"

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
                "%u annonce%s manque%s, dont %s\u00a0: on n’entendrait rien à sa place", m->n,
                m->n > 1 ? "s" : "", m->n > 1 ? "nt" : "", m->first);
    doctor_cure(d,
                "decroche check -c %s les nomme\u00a0; prompts/README.md dit comment les "
                "enregistrer",
                d->args->settings);
}

void doctor_prompts(struct doctor *d)
{
    static const struct config_flows none;
    struct missing missing = {.n = 0};
    char path[CONFIG_PATH_BYTES];
    d->subject = DOCTOR_PROMPTS;
    if (!config_path_beside(path, d->args->settings, d->settings.voice.path))
        return; /* told among the files */
    const struct config_voice_args args = {.folder = path,
                                           .flows = d->set ? &d->set->flows : &none,
                                           .missing = count,
                                           .arg = &missing};
    if (access(path, F_OK)) {
        doctor_find(d, DOCTOR_FAULT,
                    "le dossier des annonces %s n’existe pas\u00a0: on n’entendrait rien", path);
        doctor_cure(d, "y mettre les annonces, ou changer voice.path");
    } else if (config_voice_check(&args)) {
        tell_missing(d, &missing);
    } else {
        doctor_find(d, DOCTOR_WELL, "toutes les annonces sont là (%s)", path);
    }
}
