/* prompts.c — `decroche prompts`: are the sentences there, and as they should be?
 * Called by main.c. Reads every file of a folder of prompts (or of the settings' folders), changes
 * nothing. The table of prompts is in the program, made from prompts/.../script.md. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/sounds.h"
#include "config/directory.h"
#include "config/spoken.h"
#include "config/voice.h"

static const char usage[] =
    "decroche prompts check|list|sheet -c FILE\n"
    "decroche prompts check|list|sheet FOLDER\n"
    "\n"
    "check         every file of prompts against the table: missing, no WAV or of another form,\n"
    "              too long or too short, too loud or too soft (ITU-T P.56 after G.711: −24 dBov\n"
    "              ± 1.5, peak −3 dBFS), noise, silences, other words (text.tsv)\n"
    "list          each file that there should be; --missing: those that lack\n"
    "sheet         for the studio: id, words, longest, note, with length and level of each file\n"
    "\n"
    "-c FILE: the folders that voice.path and voice.own of these settings name. FOLDER: one "
    "folder\n"
    "with fr, en and common in it. --json: one object a line.\n"
    "\n"
    "exit: 0 all is well   1 something lacks or is wrong   2 usage   3 cannot be read\n";

struct run {
    const struct cli_args *args;
    struct settings settings;
    struct directory *directory; /* owned; NULL: with FOLDER */
    char folder[CONFIG_PATH_BYTES];
    char own[CONFIG_PATH_BYTES]; /* empty: none */
    struct config_spoken spoken, own_spoken;
    unsigned files_n, faults_n;
    bool is_own; /* the folder being looked at */
};

/* ---- telling ---- */

static void tell(struct run *r, const char *file, const char *what, const char *cure)
{
    r->faults_n++;
    if (!r->args->is_json) {
        printf("%s\u00a0: %s\n", file, what);
        return;
    }
    printf("{\"file\":");
    cli_json_text(stdout, file);
    printf(",\"what\":");
    cli_json_text(stdout, what);
    printf(",\"cure\":");
    cli_json_text(stdout, cure);
    printf("}\n");
}

static void tell_fault(const struct sound *s, const char *what, const char *cure, void *arg)
{
    struct run *r = arg;
    tell(r, s->path, what, cure);
    if (!r->args->is_json)
        printf("    → %s\n", cure);
}

static void tell_line(const char *file, uint32_t line, const char *what, void *arg)
{
    struct run *r = arg;
    char where[CONFIG_PATH_BYTES + 16];
    snprintf(where, sizeof(where), "%s:%u", file, line);
    tell(r, where, what, "decroche prompts sheet montre les ids");
}

/* ---- one prompt ---- */

static bool path_of(const struct run *r, char path[CONFIG_PATH_BYTES], enum prompt_id id,
                    enum prompt_lang lang)
{
    const struct config_voice_own own = {r->own, r->directory};
    return r->is_own ? config_voice_own_path(path, &own, id, lang)
                     : config_voice_path(path, r->folder, id, lang);
}

/* Its own sentences may be others than ours; what is said everywhere may not. */
static void check_words(struct run *r, const struct sound *s)
{
    const struct config_spoken *spoken = r->is_own ? &r->own_spoken : &r->spoken;
    const struct prompt_row *row = &prompt_rows[s->judged.id];
    const char *said = spoken->words[s->judged.lang][s->judged.id];
    const char *wanted = row->text[s->judged.lang];
    char what[2 * CONFIG_SPOKEN_WORDS_MAX + 100];
    if (row->is_common || !wanted || (r->is_own && (!said || row->kind == 'S')))
        return;
    if (said && !strcmp(said, wanted))
        return;
    snprintf(what, sizeof(what),
             said ? "dit «\u00a0%s\u00a0», le tableau «\u00a0%s\u00a0»"
                  : "text.tsv ne dit pas quels mots%s il dit\u00a0; le tableau «\u00a0%s\u00a0»",
             said ? said : "", wanted);
    tell(r, s->path, what, "enregistrez les mots du tableau, puis écrivez-les dans text.tsv");
}

static void check_one(struct run *r, struct sound *s)
{
    sound_load(s);
    if (s->state == SOUND_MISSING && r->is_own)
        return; /* ours is played */
    r->files_n++;
    sound_tell(s, tell_fault, r);
    if (s->state != SOUND_MISSING)
        check_words(r, s);
}

static void list_one(struct run *r, struct sound *s)
{
    const char *words = prompt_rows[s->judged.id].text[s->judged.lang];
    sound_load(s);
    bool is_missing = s->state == SOUND_MISSING;
    if ((is_missing && r->is_own) || (!is_missing && r->args->is_missing))
        return;
    r->files_n++;
    r->faults_n += is_missing;
    if (!r->args->is_json) {
        printf("%s%s%s%s\n", s->path, is_missing && !r->args->is_missing ? "\tmanque" : "",
               words ? "\t" : "", words ? words : "");
        return;
    }
    printf("{\"file\":");
    cli_json_text(stdout, s->path);
    printf(",\"missing\":%s}\n", is_missing ? "true" : "false");
}

/* ---- the sheet ---- */

static void print_tenths(const char *name, int32_t cdb)
{
    printf(",\"%s\":%s%d.%d", name, cdb < 0 ? "-" : "", abs(cdb) / 100, abs(cdb) / 10 % 10);
}

static void sheet_json(const struct sound *s, const struct prompt_form *form)
{
    const struct prompt_row *row = &prompt_rows[s->judged.id];
    const struct say_measure *m = &s->judged.measure;
    printf("{\"id\":\"%s\",\"file\":", row->name);
    cli_json_text(stdout, s->path);
    printf(",\"text\":");
    cli_json_text(stdout, row->text[s->judged.lang] ? row->text[s->judged.lang] : "");
    printf(",\"max_ms\":%u,\"note\":", form->max_ms);
    cli_json_text(stdout, form->note ? form->note : "");
    if (s->state == SOUND_READ) {
        printf(",\"ms\":%u,\"before_ms\":%u,\"after_ms\":%u", m->ms, m->before_ms, m->after_ms);
        print_tenths("level_dbov", m->level_cdb);
        print_tenths("peak_dbfs", m->peak_cdb);
        print_tenths("noise_dbov", m->noise_cdb);
    }
    printf("}\n");
}

static void print_level(int32_t cdb)
{
    char text[24];
    struct text_out out = {.p = text, .max = sizeof(text) - 1};
    say_level_text(&out, cdb);
    text[out.n] = '\0';
    printf("\t%s", text);
}

static void sheet_one(struct run *r, struct sound *s)
{
    const struct prompt_form *form = say_form(s->judged.id, s->judged.lang);
    const char *words = prompt_rows[s->judged.id].text[s->judged.lang];
    const struct say_measure *m = &s->judged.measure;
    sound_load(s);
    if (s->state == SOUND_MISSING && r->is_own)
        return;
    r->files_n++;
    if (r->args->is_json) {
        sheet_json(s, form);
        return;
    }
    printf("%s\t%s\t%s\t%u,%u\t%s", s->path, words ? words : "", form->whole ? form->whole : "",
           form->max_ms / 1000, form->max_ms / 100 % 10, form->note ? form->note : "");
    if (s->state == SOUND_READ) {
        printf("\t%u,%02u", m->ms / 1000, m->ms / 10 % 100);
        print_level(m->level_cdb);
        print_level(m->peak_cdb);
        print_level(m->noise_cdb);
        printf("\t%u\t%u", m->before_ms, m->after_ms);
    }
    printf("\n");
}

/* ---- all prompts ---- */

typedef void one_fn(struct run *r, struct sound *s);

static void each(struct run *r, one_fn *one)
{
    struct sound *s = calloc(1, sizeof(*s));
    for (unsigned id = PROMPT_NONE + 1; s && id < PROMPT_N; id++) {
        unsigned languages_n = prompt_rows[id].is_common ? 1 : PROMPT_LANGS;
        for (unsigned lang = 0; lang < languages_n; lang++) {
            if (!path_of(r, s->path, id, lang))
                continue;
            s->judged = (struct say_judged){.id = id, .lang = lang, .is_own = r->is_own};
            one(r, s);
            sound_drop(s);
        }
    }
    free(s);
}

/* A file that nobody will play: a name written wrong, or a row that is gone. */
static void check_strangers(struct run *r, const char *folder, const char *part)
{
    char path[CONFIG_PATH_BYTES + 300], name[256];
    snprintf(path, sizeof(path), "%s/%s", folder, part);
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        size_t n = strlen(e->d_name);
        if (n < 5 || n >= sizeof(name) || strcmp(e->d_name + n - 4, ".wav") != 0)
            continue;
        memcpy(name, e->d_name, n - 4);
        name[n - 4] = '\0';
        if (config_voice_named(r->directory, name) != PROMPT_NONE)
            continue;
        snprintf(path, sizeof(path), "%s/%s/%s", folder, part, e->d_name);
        tell(r, path, "aucune annonce ne porte ce nom", "decroche prompts list les nomme toutes");
    }
    if (dir)
        closedir(dir);
}

static int load_spoken(struct run *r, struct config_spoken *spoken, const char *folder)
{
    const struct config_spoken_args args = {
        .folder = folder, .directory = r->directory, .wrong = tell_line, .arg = r};
    int err = config_spoken_load(spoken, &args);
    return err ? cli_cannot(r->args, folder, err, "make its text.tsv readable") : 0;
}

static int check_folder(struct run *r, const char *folder, struct config_spoken *spoken)
{
    static const char *const parts[] = {"fr", "en", "common"};
    int code = load_spoken(r, spoken, folder);
    if (code)
        return code;
    each(r, check_one);
    for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
        check_strangers(r, folder, parts[i]);
    return CLI_OK;
}

static int check(struct run *r)
{
    int code = check_folder(r, r->folder, &r->spoken);
    r->is_own = true;
    if (!code && r->own[0])
        code = check_folder(r, r->own, &r->own_spoken);
    if (!code && !r->args->is_json)
        printf("annonces\u00a0: %u fichiers, %u défauts\n", r->files_n, r->faults_n);
    return code;
}

static int list(struct run *r)
{
    each(r, list_one);
    r->is_own = true;
    if (r->own[0] && !r->args->is_missing)
        each(r, list_one);
    return CLI_OK;
}

static int sheet(struct run *r)
{
    if (!r->args->is_json)
        printf("fichier\tmots\tphrase entière\tau plus (s)\tnote\tdurée (s)\tniveau (dBov)\tcrête "
               "(dBFS)\tbruit (dBov)\tavant (ms)\taprès (ms)\n");
    each(r, sheet_one);
    r->is_own = true;
    if (r->own[0])
        each(r, sheet_one);
    return CLI_OK;
}

/* ---- where ---- */

static int read_settings(struct run *r)
{
    struct config_errors errors = {0};
    char path[CONFIG_PATH_BYTES];
    const char *file = r->args->settings;
    int err = config_settings_load(&r->settings, file, &errors);
    if (!err &&
        (!config_path_beside(r->folder, file, r->settings.voice.path) ||
         (r->settings.voice.own[0] && !config_path_beside(r->own, file, r->settings.voice.own)) ||
         !config_path_beside(path, file, r->settings.directory.path)))
        return cli_cannot(r->args, file, ENAMETOOLONG, "shorten its paths");
    if (!err)
        err = config_directory_load(&r->directory, path, &r->settings, &errors);
    if (errors.n)
        cli_print_errors(stderr, &errors);
    return !err ? CLI_OK : err == EINVAL ? CLI_FINDING : CLI_CANNOT;
}

static int find_folders(struct run *r)
{
    if (r->args->settings)
        return read_settings(r);
    int n = snprintf(r->folder, sizeof(r->folder), "%s", r->args->file[0]);
    if (n >= (int)sizeof(r->folder))
        return cli_cannot(r->args, "FOLDER", ENAMETOOLONG, "shorten its name");
    return CLI_OK;
}

static int look(struct run *r, int (*act)(struct run *))
{
    int code = find_folders(r);
    DIR *dir = code ? NULL : opendir(r->folder);
    if (!code && !dir)
        return cli_cannot(r->args, r->folder, errno,
                          "name the folder that holds fr, en and common");
    if (dir)
        closedir(dir);
    code = code ? code : act(r);
    return !code && r->faults_n ? CLI_FINDING : code;
}

int cli_prompts(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "prompts", .usage = usage, .files_n = 1, .has_folder = true};
    static const struct {
        const char *name;
        int (*act)(struct run *);
    } actions[] = {{"check", check}, {"list", list}, {"sheet", sheet}};
    struct cli_args args = {.command = &command};
    int (*act)(struct run *) = NULL;
    for (unsigned i = 0; argc > 1 && i < ARRAY_LEN(actions); i++)
        act = strcmp(argv[1], actions[i].name) ? act : actions[i].act;
    if (argc > 1 && argv[1][0] != '-' && !act)
        return cli_unknown(&args, argv[1], "check, list or sheet");
    if (!cli_args_read(&args, act ? argc - 1 : argc, act ? argv + 1 : argv))
        return CLI_USAGE;
    if (args.is_help)
        return CLI_OK;
    if (!act)
        return cli_unknown(&args, "", "check, list or sheet");
    struct run *r = calloc(1, sizeof(*r));
    if (!r)
        return cli_cannot(&args, "prompts", ENOMEM, "free some memory");
    r->args = &args;
    int code = look(r, act);
    config_spoken_drop(&r->spoken);
    config_spoken_drop(&r->own_spoken);
    config_directory_drop(r->directory);
    free(r);
    return code;
}
