/* init_judge.c — would the service take this answer? It is put into the very files that will be
 * written, beside the answers before it and trial ones for those that come, and these are read by
 * the readers of the service. Called by init.c and init_ask.c. Cost: a few small files read from
 * memory. Invariant: answers that pass one after the other pass together. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/init.h"
#include "speech/command.h"

#define QUOTED "«\u00a0%s\u00a0»"
#define PROGRAM_BYTES 512

/* ---- the files together ---- */

static bool read_named(const struct init_texts *texts, const struct directory *d,
                       struct config_errors *errors)
{
    struct config_secrets secrets;
    struct ivr_flow *flow = calloc(1, sizeof(*flow));
    errors->file = init_names[INIT_FLOW];
    bool is_right = flow && !config_flow_read(flow, texts->of[INIT_FLOW], d, errors);
    free(flow);
    errors->file = init_names[INIT_SECRETS];
    if (config_secrets_read(&secrets, texts->of[INIT_SECRETS], d, errors))
        return false;
    config_secrets_drop(&secrets);
    return is_right;
}

bool init_judge_all(const struct init_texts *texts, struct config_errors *errors)
{
    struct settings settings;
    struct directory *d = NULL;
    const char *of_settings = texts->of[INIT_SETTINGS];
    errors->file = init_names[INIT_SETTINGS];
    if (config_settings_read(&settings, of_settings, strlen(of_settings), errors))
        return false;
    errors->file = init_names[INIT_DIRECTORY];
    if (config_directory_read(&d, texts->of[INIT_DIRECTORY], &settings, errors))
        return false;
    bool is_right = read_named(texts, d, errors);
    config_directory_drop(d);
    return is_right;
}

static void try_files(const struct init_answers *given, struct config_errors *errors)
{
    static const struct init_secrets trial = {
        .token = "0123456789abcdef", .line = "0123456789abcdef", .code = "123456"};
    struct init_answers a = *given;
    struct init_texts texts;
    for (unsigned key = 0; key < INIT_KEYS; key++)
        if (!a.is_given[key])
            memcpy(a.of[key], init_rows[key].trial, strlen(init_rows[key].trial) + 1);
    if (a.of[INIT_TRUNK_USER][0] && !a.is_given[INIT_TRUNK_SECRET])
        memcpy(a.of[INIT_TRUNK_SECRET], trial.line, sizeof(trial.line));
    const struct init_text_args args = {.answers = &a, .secrets = &trial, .folder = INIT_FOLDER};
    if (init_texts_open(&texts, &args)) {
        config_wrong(errors, NULL, "pas assez de mémoire");
        return;
    }
    (void)!init_judge_all(&texts, errors);
    init_texts_drop(&texts);
}

/* ---- what no file says ---- */

bool init_has_program(const char *command)
{
    char path[PROGRAM_BYTES];
    struct text rest = text_of(command), folders = text_of(getenv("PATH"));
    struct text program = text_word(&rest);
    bool is_found = false;
    if (memchr(program.p, '/', program.n)) {
        snprintf(path, sizeof(path), "%.*s", (int)program.n, program.p);
        return !access(path, X_OK);
    }
    while (folders.n && !is_found) {
        struct text folder = text_cut(&folders, ':');
        snprintf(path, sizeof(path), "%.*s/%.*s", (int)folder.n, folder.p, (int)program.n,
                 program.p);
        is_found = !access(path, X_OK);
    }
    return is_found;
}

static void judge_voice(const char *voice, struct config_errors *errors)
{
    if (!strcmp(voice, "livrée"))
        return;
    if (voice[0] == '/' && !strchr(voice, ' ')) {
        if (!access(voice, R_OK | X_OK))
            return;
        config_wrong(errors, NULL, "le dossier " QUOTED " n’existe pas, ou ne se lit pas", voice);
        config_cure(errors, "créez-le d’abord (voix.md), ou prenez la voix livrée");
    } else if (speech_command_check(voice)) {
        config_wrong(errors, NULL, "ce programme ne se lit pas");
        config_cure(errors, "des mots séparés par des espaces\u00a0; fermez les guillemets");
    } else if (!init_has_program(voice)) {
        config_wrong(errors, NULL, "ce programme n’est pas sur cette machine");
        config_cure(errors, "installez-le (apt install espeak-ng), ou prenez la voix livrée");
    }
}

static void judge_phone(const struct init_answers *a, struct config_errors *errors)
{
    const char *phone = a->of[INIT_PHONE];
    if (strcmp(phone, "browser") != 0)
        return;
    config_wrong(errors, NULL, "on ne peut pas encore répondre depuis un navigateur");
    config_cure(errors, "%s", init_rows[INIT_PHONE].hint);
}

static void judge_address(const struct init_answers *a, struct config_errors *errors)
{
    const char *answer = a->of[INIT_ADDRESS];
    struct address there;
    struct address_pair self;
    bool is_ip = address_pair_read(&self, text_of(answer)) && !address_is_any(&self.of[0]) &&
                 !address_is_any(&self.of[1]);
    if (!is_ip) {
        config_wrong(errors, NULL, QUOTED " n’est pas l’adresse d’une machine", answer);
        config_cure(errors, "celle que disent « ip -brief address » et votre opérateur\u00a0; ou "
                            "une en IPv4 et une en IPv6, séparées par une virgule");
    } else if (address_read(&there, text_of(a->of[INIT_TRUNK])) &&
               !address_pair_near(&self, &there)) {
        config_wrong(errors, NULL,
                     "d’ici, %s ne peut être joint\u00a0: l’un est en IPv4, l’autre "
                     "en IPv6",
                     a->of[INIT_TRUNK]);
        config_cure(errors, "donnez deux adresses de la même famille");
    }
}

bool init_judge(const struct init_answers *a, enum init_key key, struct config_errors *errors)
{
    unsigned before_n = errors->n;
    if (key == INIT_VOICE)
        judge_voice(a->of[key], errors);
    if (key == INIT_PHONE)
        judge_phone(a, errors);
    if (key == INIT_ADDRESS)
        judge_address(a, errors);
    if (errors->n == before_n)
        try_files(a, errors);
    return errors->n == before_n;
}
