/* config.c — wrong files and what is said of them: each NAME.yaml of a folder against NAME.txt.
 *   golden-config FOLDER [--write]
 * A name tells its reader: settings-…, directory-…, secrets-…, flow-…. --write makes the texts
 * anew, to be read over. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/directory.h"
#include "config/flow.h"
#include "config/secrets.h"
#include "config/settings.h"

#define TEXT_BYTES 20000

static bool has_end(const char *name, const char *end)
{
    size_t n = strlen(name), k = strlen(end);
    return n > k && !strcmp(name + n - k, end);
}

/* What secrets and flows speak of. */
static const char house[] =
    "demo: true\norganisation: { name: Mairie }\nhours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
    "services: [{ id: accueil, name: Accueil, hours: bureau },\n"
    "           { id: sante, name: Santé, hours: bureau }]\n"
    "agents:\n"
    "  - { id: a01, name: Anne, skills: [accueil], phone: \"sip:101\" }\n"
    "  - { id: a02, name: Ali, skills: [accueil], phone: \"sip:102\", direct: true }\n"
    "  - { id: a03, name: Léa, skills: [accueil], phone: \"sip:103\" }\n"
    "  - { id: a04, name: Luc, skills: [accueil], phone: browser }\n"
    "  - { id: a05, name: Zoé, skills: [sante], direct: true }\n";

static int load_settings(const char *path, struct config_errors *errors)
{
    struct settings s;
    return config_settings_load(&s, path, errors);
}

static int load_directory(const char *path, struct config_errors *errors)
{
    struct settings s;
    struct directory *d = NULL;
    settings_defaults(&s);
    int err = config_directory_load(&d, path, &s, errors);
    config_directory_drop(d);
    return err;
}

static struct directory *house_open(void)
{
    struct config_errors errors = {0};
    struct settings s;
    struct directory *d = NULL;
    settings_defaults(&s);
    if (config_directory_read(&d, house, &s, &errors))
        abort();
    return d;
}

static int load_secrets(const char *path, struct config_errors *errors)
{
    struct directory *d = house_open();
    struct config_secrets secrets;
    int err = config_secrets_load(&secrets, path, d, errors);
    config_secrets_drop(&secrets);
    config_directory_drop(d);
    return err;
}

static int load_flow(const char *path, struct config_errors *errors)
{
    struct directory *d = house_open();
    struct ivr_flow flow;
    int err = config_flow_load(&flow, path, d, errors);
    config_directory_drop(d);
    return err;
}

static const struct {
    const char *begin;
    int (*load)(const char *path, struct config_errors *errors);
} readers[] = {
    {"settings-", load_settings},
    {"directory-", load_directory},
    {"secrets-", load_secrets},
    {"flow-", load_flow},
};

/* What is said of a file: the errors, or that there are none. */
static void say(char *to, size_t n, const char *path, const char *name)
{
    struct config_errors errors = {0};
    int err = ENOSYS;
    for (unsigned i = 0; i < ARRAY_LEN(readers); i++)
        if (!strncmp(name, readers[i].begin, strlen(readers[i].begin)))
            err = readers[i].load(path, &errors);
    errors.file = name;
    for (unsigned i = 0; i < errors.n; i++)
        snprintf(errors.list[i].file, sizeof(errors.list[i].file), "%s", name);
    config_errors_text(&errors, to, n);
    if (!err != !errors.n)
        snprintf(to, n, "answer %d with %u errors\n", err, errors.n);
    else if (!err)
        snprintf(to, n, "nothing is wrong\n");
}

static size_t read_whole(char *to, size_t n, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t k = f ? fread(to, 1, n - 1, f) : 0;
    to[k] = 0;
    if (f)
        fclose(f);
    return k;
}

static int compare(const char *folder, const char *name, bool write)
{
    static char said[TEXT_BYTES], wanted[TEXT_BYTES];
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    say(said, sizeof(said), path, name);
    memcpy(path + strlen(path) - 4, "txt", 4);
    FILE *f = write ? fopen(path, "wb") : NULL;
    if (f) {
        fputs(said, f);
        fclose(f);
    }
    read_whole(wanted, sizeof(wanted), path);
    if (!strcmp(said, wanted))
        return 0;
    printf("FAILED: %s\n--- said:\n%s--- wanted:\n%s", name, said, wanted);
    return 1;
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    int n = argc > 1 ? scandir(argv[1], &names, NULL, alphasort) : -1;
    int failed_n = n < 0, files_n = 0;
    for (int i = 0; i < n; i++) {
        if (has_end(names[i]->d_name, ".yaml")) {
            failed_n += compare(argv[1], names[i]->d_name, argc > 2);
            files_n++;
        }
        free(names[i]);
    }
    free(names);
    printf("%d wrong files, %d said otherwise\n", files_n, failed_n);
    return failed_n || files_n < 12;
}
