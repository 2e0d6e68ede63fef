/* doctor_never.c — can the list of those who are never called be read? Its key is a file beside the
 * database; without it nobody is called back. Called by doctor.c. Reads, changes nothing. */
#include <errno.h>
#include <string.h>

#include "cli/doctor.h"
#include "os/file.h"
#include "store/never.h"

static void tell_list(struct doctor *d, enum store_never_state state, const char *path)
{
    switch (state) {
    case STORE_NEVER_EMPTY:
        doctor_find(d, DOCTOR_WELL, "aucun numéro n’a demandé à ne plus être appelé");
        return;
    case STORE_NEVER_WELL:
        doctor_find(d, DOCTOR_WELL, "la liste et sa clé vont ensemble");
        return;
    default:
        doctor_find(d, DOCTOR_FAULT, "la clé de la liste %s\u00a0: personne n’est plus rappelé",
                    state == STORE_NEVER_LOST ? "manque" : "est celle d’une autre liste");
        doctor_cure(d, "remettre %s%s, qui est avec la sauvegarde de la base", path,
                    STORE_NEVER_SUFFIX);
    }
}

void doctor_never(struct doctor *d)
{
    char path[CONFIG_PATH_BYTES];
    struct store_never_key key;
    enum store_never_state state = STORE_NEVER_EMPTY;
    d->subject = DOCTOR_NEVER;
    bool is_there = config_path_beside(path, d->args->settings, d->settings.journal.path) &&
                    os_file_exists(path);
    int err = is_there ? store_never_judge(&state, &key, path) : 0;
    explicit_bzero(&key, sizeof(key));
    if (!err) {
        tell_list(d, state, path);
        return;
    }
    doctor_find(d, DOCTOR_ATTENTION,
                "la liste de ceux qu’il ne faut plus appeler n’a pas pu être lue (%s)",
                strerrorname_np(err));
    doctor_cure(d,
                "lancer la commande comme l’utilisateur du service\u00a0; une base d’avant cette "
                "liste la reçoit au prochain démarrage");
}
