/* recording.c — see recording.h. Called once at start, on reload and by the command line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "config/recording.h"

#define KEY_DIGITS (2 * CONFIG_RECORDING_KEY_BYTES)
#define OTHERS_MAY 077u
#define NEW_KEY "umask 077; openssl rand -hex 32 > %s"

static bool read_key(uint8_t to[CONFIG_RECORDING_KEY_BYTES], const char *digits)
{
    for (unsigned i = 0; i < CONFIG_RECORDING_KEY_BYTES; i++) {
        uint64_t byte;
        if (!text_hex_read(&byte, (struct text){digits + 2 * (size_t)i, 2}))
            return false;
        to[i] = (uint8_t)byte;
    }
    return true;
}

static void check_folder(const char *folder, struct config_errors *errors)
{
    struct stat st;
    errors->file = folder;
    if (stat(folder, &st) || !S_ISDIR(st.st_mode)) {
        config_wrong(errors, NULL, "le dossier des enregistrements n’est pas là");
        config_cure(errors, "mkdir -m 700 %s, à l’utilisateur du service", folder);
    } else if (st.st_mode & OTHERS_MAY) {
        config_wrong(errors, NULL, "d’autres que le service y entrent (mode %03o)",
                     st.st_mode & 0777u);
        config_cure(errors, "chmod 700 %s", folder);
    }
}

static void check_key(struct config_recording *r, const char *path, struct config_errors *errors)
{
    char digits[KEY_DIGITS + 2];
    struct stat st;
    errors->file = path;
    FILE *f = fopen(path, "re");
    if (!f) {
        config_wrong(errors, NULL, "la clé des enregistrements ne se lit pas");
        config_cure(errors, NEW_KEY, path);
        return;
    }
    size_t n = fread(digits, 1, sizeof(digits), f);
    fclose(f); /* its buffer held the key, as the page of the kernel does */
    n -= n && digits[n - 1] == '\n';
    if (n != KEY_DIGITS || !read_key(r->key, digits)) {
        config_wrong(errors, NULL, "64 chiffres hexadécimaux sont attendus, et rien d’autre");
        config_cure(errors,
                    NEW_KEY "\u00a0; une clé qui a servi ne se remplace pas\u00a0: elle "
                            "seule ouvre ce qu’elle a fermé",
                    path);
    } else if (!stat(path, &st) && st.st_mode & OTHERS_MAY) {
        config_wrong(errors, NULL, "d’autres que le service peuvent lire la clé (mode %03o)",
                     st.st_mode & 0777u);
        config_cure(errors, "chmod 600 %s", path);
    }
    explicit_bzero(digits, sizeof(digits));
}

int config_recording_load(struct config_recording *out, const char *file,
                          const struct settings *settings, struct config_errors *errors)
{
    char key[CONFIG_PATH_BYTES];
    unsigned before_n = errors->n + errors->more_n;
    *out = (struct config_recording){.is_on = settings->recording.folder[0] != '\0'};
    if (!out->is_on)
        return 0;
    if (!config_path_beside(out->folder, file, settings->recording.folder) ||
        !config_path_beside(key, file, settings->recording.key))
        return ENAMETOOLONG;
    check_folder(out->folder, errors);
    check_key(out, key, errors);
    errors->file = file;
    if (errors->n + errors->more_n == before_n)
        return 0;
    config_recording_drop(out);
    out->is_wrong = true;
    return EINVAL;
}

void config_recording_drop(struct config_recording *r)
{
    explicit_bzero(r, sizeof(*r));
}
