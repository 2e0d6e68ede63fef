/* recording.c — `decroche recording`: what was recorded, one of them as a WAV file, what is too
 * old. Called by main.c, beside the running service or without it. Invariant: whoever hears a
 * recording stands in its audit, with the reason, before the first sample is given. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/args.h"
#include "config/recording.h"
#include "os/clock.h"
#include "record/audit.h"
#include "record/shelf.h"

static const char usage[] =
    "decroche recording list -c FILE [--json]\n"
    "decroche recording export ID -c FILE --reason TEXT --wav FILE\n"
    "decroche recording purge -c FILE [--json]\n"
    "decroche recording audit -c FILE\n"
    "\n"
    "list: every recording by the id of its offer, as `decroche trace` and `replay` know it: "
    "when,\n"
    "how long, which queue and agent, when it will be purged. export: decrypts one into a new WAV\n"
    "file (A-law, the caller left, the agent right, paused moments silent), for its owner alone;\n"
    "who read it and the reason are noted first. purge: what is older than\n"
    "recording.retention_days, as the service does each hour; each leaves a line of proof. audit:\n"
    "who did what, and whether a line was changed or taken away since.\n"
    "\n"
    "exit: 0 done   1 no such recording, one that is damaged or cut off, a broken chain   2 usage\n"
    "      3 the world failed\n";

#define WAV_HEAD 58 /* A-law has a chunk "fact" */
#define RATE 8000
#define FORMAT_ALAW 6
#define MS_PER_S 1000
#define SEALED_BYTES_PER_S (4 + (int64_t)RECORD_SEALED_BYTES)

struct desk {
    const struct cli_args *args;
    struct config_recording files;
    uint32_t retention_days;
    unsigned n;
};

/* ---- list --------------------------------------------------------------------------------- */

/* From its length: each second has its seal. */
static uint64_t seconds_of(const struct record_found *f)
{
    uint64_t head = RECORD_HEAD_BYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES;
    return f->bytes_n > head ? (f->bytes_n - head) / (uint64_t)SEALED_BYTES_PER_S : 0;
}

static bool list_one(const struct record_found *f, void *arg)
{
    struct desk *d = arg;
    char begun[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];
    ms_t until_at = f->head.begun_at + (ms_t)d->retention_days * RECORD_DAY_MS;
    civil_text(begun, f->head.begun_at);
    civil_text(until, until_at);
    d->n++;
    if (d->args->is_json)
        printf("{\"recording\":%llu,\"call_id\":%llu,\"begun_at\":%lld,\"seconds\":%llu,"
               "\"queue_id\":%u,\"agent_id\":%u,\"purge_at\":%lld,\"is_damaged\":%s}\n",
               (unsigned long long)f->id, (unsigned long long)f->head.call_id,
               (long long)f->head.begun_at, (unsigned long long)seconds_of(f), f->head.queue_id,
               f->head.agent_id, (long long)until_at, f->is_damaged ? "true" : "false");
    else
        printf("%-10llu %s  %5llu s  appel %llu, effacé le %.10s%s\n", (unsigned long long)f->id,
               begun, (unsigned long long)seconds_of(f), (unsigned long long)f->head.call_id, until,
               f->is_damaged ? ", en-tête abîmé" : "");
    return true;
}

static int list(struct desk *d)
{
    int err = record_shelf_walk(d->files.folder, list_one, d);
    if (err)
        return cli_cannot(d->args, d->files.folder, err, "run it as the user of the service");
    if (!d->args->is_json)
        printf("%u enregistrement%s\n", d->n, d->n > 1 ? "s" : "");
    return CLI_OK;
}

/* ---- export ------------------------------------------------------------------------------- */

static void put_le(uint8_t *to, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

static void put_wav_head(uint8_t to[WAV_HEAD], uint64_t pairs_n)
{
    uint64_t bytes = pairs_n * TAP_SIDES;
    memset(to, 0, WAV_HEAD);
    memcpy(to, "RIFF", 4);
    put_le(to + 4, bytes + WAV_HEAD - 8, 4);
    memcpy(to + 8, "WAVEfmt ", 8);
    put_le(to + 16, 18, 4);
    put_le(to + 20, FORMAT_ALAW, 2);
    put_le(to + 22, TAP_SIDES, 2);
    put_le(to + 24, RATE, 4);
    put_le(to + 28, RATE * TAP_SIDES, 4);
    put_le(to + 32, TAP_SIDES, 2);
    put_le(to + 34, 8, 2);
    memcpy(to + 38, "fact", 4);
    put_le(to + 42, 4, 4);
    put_le(to + 46, pairs_n, 4);
    memcpy(to + 50, "data", 4);
    put_le(to + 54, bytes, 4);
}

/* Decrypts it into the file; *pairs_n: how much there was, also when it was cut off. */
static int decrypt(struct record_in *in, FILE *to, uint64_t *pairs_n)
{
    static const uint8_t silence[WAV_HEAD];
    uint8_t(*pairs)[TAP_SIDES] = malloc(RECORD_CHUNK_BYTES), head[WAV_HEAD];
    size_t n = 1;
    int err = pairs ? 0 : ENOMEM, wav_err = 0;
    if (!err && fwrite(silence, sizeof(silence), 1, to) != 1)
        wav_err = errno;
    for (*pairs_n = 0; !err && !wav_err && n; *pairs_n += err ? 0 : n) {
        err = record_in_next(in, pairs, &n);
        if (!err && n && fwrite(pairs, n * TAP_SIDES, 1, to) != 1)
            wav_err = errno;
    }
    put_wav_head(head, *pairs_n);
    if (!wav_err &&
        (fseek(to, 0, SEEK_SET) || fwrite(head, sizeof(head), 1, to) != 1 || fflush(to)))
        wav_err = errno;
    if (pairs)
        explicit_bzero(pairs, RECORD_CHUNK_BYTES);
    free(pairs);
    return wav_err ? wav_err : err;
}

/* uid 1000 (odette) */
static void put_reader(char to[128])
{
    const struct passwd *who = getpwuid(getuid());
    const char *login = getenv("SUDO_USER");
    snprintf(to, 128, "uid %u (%s)%s%s", (unsigned)getuid(), who ? who->pw_name : "?",
             login ? ", sudo " : "", login ? login : "");
}

static int note(const struct desk *d, const char *path, const struct record_head *head)
{
    char reader[128], hash[RECORD_HASH_DIGITS + 1];
    put_reader(reader);
    int err = record_hash(hash, path);
    const struct record_deed deed = {.what = "export",
                                     .id = head->id,
                                     .at = os_clock_wall_at(),
                                     .begun_at = head->begun_at,
                                     .sha256 = err ? NULL : hash,
                                     .reader = text_of(reader),
                                     .reason = text_of(d->args->reason)};
    return err ? err : record_audit_add(d->files.folder, &deed);
}

static int tell_end(const struct desk *d, int err, uint64_t pairs_n)
{
    if (!err) {
        printf("%s\u00a0: %llu s\n", d->args->wav, (unsigned long long)(pairs_n / RATE));
        return CLI_OK;
    }
    if (err != EBADMSG && err != ENODATA)
        return cli_cannot(d->args, d->args->wav, err, "make room, or choose another folder");
    fprintf(stderr, "decroche recording: %s — %llu s ont pu être lues\n",
            err == ENODATA ? "cet enregistrement fut coupé avant sa fin"
                           : "cet enregistrement est abîmé, ou fut changé",
            (unsigned long long)(pairs_n / RATE));
    return CLI_FINDING;
}

/* The audit first: then the file, which must not be there. */
static int export_to(struct desk *d, struct record_in *in, const char *path)
{
    uint64_t pairs_n = 0;
    int err = os_file_create(d->args->wav, 0600);
    if (err)
        return cli_cannot(d->args, d->args->wav, err,
                          err == EEXIST ? "nothing is overwritten: choose another name"
                                        : "choose a folder that this user may write");
    err = note(d, path, &in->head);
    if (err) {
        (void)!unlink(d->args->wav);
        return cli_cannot(d->args, d->files.folder, err,
                          "without a note in its audit nothing is given: free or repair the disk");
    }
    FILE *to = fopen(d->args->wav, "r+e");
    if (!to)
        return cli_cannot(d->args, d->args->wav, errno, "choose another folder");
    err = decrypt(in, to, &pairs_n);
    if (fclose(to) && !err)
        err = errno;
    return tell_end(d, err, pairs_n);
}

static int export_one(struct desk *d)
{
    char path[OS_PATH_MAX];
    uint64_t id;
    if (!d->args->reason || !d->args->reason[0] || !d->args->wav)
        return cli_unknown(d->args, "", "--reason TEXT and --wav FILE");
    if (!text_number(text_of(d->args->file[1]), UINT64_MAX, &id))
        return cli_unknown(d->args, d->args->file[1],
                           "the number of a recording, as list gives it");
    struct record_in *in = calloc(1, sizeof(*in));
    int err = in ? record_path(path, d->files.folder, id) : ENOMEM;
    err = err ? err : record_in_open(in, path, d->files.key);
    int code = CLI_FINDING;
    if (err == ENOENT)
        fprintf(stderr,
                "decroche recording: il n’y a pas d’enregistrement %s — decroche recording "
                "list\n",
                d->args->file[1]);
    else if (err == EBADMSG)
        fprintf(stderr, "decroche recording: %s est abîmé, ou fermé par une autre clé\n", path);
    else if (err)
        code = cli_cannot(d->args, path, err, "run it as the user of the service");
    else
        code = export_to(d, in, path);
    if (in)
        record_in_drop(in);
    free(in);
    return code;
}

/* ---- purge, audit ------------------------------------------------------------------------- */

static int purge(struct desk *d)
{
    struct record_purge p = {.folder = d->files.folder,
                             .now_at = os_clock_wall_at(),
                             .retention_days = d->retention_days};
    int err = record_shelf_purge(&p);
    if (d->args->is_json)
        printf("{\"purged\":%u,\"failed\":%u}\n", p.purged_n, p.failed_n);
    else
        printf("%u enregistrement%s effacé%s\n", p.purged_n, p.purged_n > 1 ? "s" : "",
               p.purged_n > 1 ? "s" : "");
    return err ? cli_cannot(d->args, d->files.folder, err, "free or repair the disk") : CLI_OK;
}

static int audit(struct desk *d)
{
    char path[OS_PATH_MAX], line[RECORD_AUDIT_LINE_MAX + 2];
    uint64_t n;
    int err = record_audit_verify(d->files.folder, &n);
    FILE *f = NULL;
    if (!err || err == EBADMSG)
        f = os_path_join(path, d->files.folder, RECORD_AUDIT_NAME) ? NULL : fopen(path, "re");
    while (f && fgets(line, sizeof(line), f))
        fputs(line, stdout);
    if (f)
        fclose(f);
    if (err && err != EBADMSG && err != ENOENT)
        return cli_cannot(d->args, d->files.folder, err, "run it as the user of the service");
    if (err == EBADMSG)
        fprintf(stderr,
                "decroche recording: la chaîne se rompt après la ligne %llu — une ligne fut "
                "changée ou enlevée\n",
                (unsigned long long)n);
    return err == EBADMSG ? CLI_FINDING : CLI_OK;
}

static const struct order {
    const char *name;
    bool has_id;
    int (*run)(struct desk *d);
} orders[] = {{"list", false, list},
              {"export", true, export_one},
              {"purge", false, purge},
              {"audit", false, audit}};

static int run(const struct cli_args *a, const struct order *order)
{
    struct desk d = {.args = a};
    struct settings settings;
    struct config_errors errors = {0};
    int err = config_settings_load(&settings, a->settings, &errors);
    err = err ? err : config_recording_load(&d.files, a->settings, &settings, &errors);
    if (err) {
        cli_print_errors(stderr, &errors);
        return errors.n ? CLI_FINDING : cli_cannot(a, a->settings, err, "check the name");
    }
    if (!d.files.is_on) {
        fputs("decroche recording: rien n’est enregistré\u00a0: recording.folder n’est pas dit\n",
              stderr);
        return CLI_FINDING;
    }
    d.retention_days = settings.recording.retention_days;
    int code = sodium_init() < 0 ? CLI_CANNOT : order->run(&d);
    config_recording_drop(&d.files);
    return code;
}

int cli_recording(int argc, char **argv)
{
    static const struct cli_command command = {.name = "recording",
                                               .usage = usage,
                                               .files_n = 2,
                                               .has_settings = true,
                                               .has_recording = true};
    struct cli_args a = {.command = &command};
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    for (unsigned i = 0; a.file[0] && i < ARRAY_LEN(orders); i++)
        if (!strcmp(a.file[0], orders[i].name) && orders[i].has_id == (a.file[1] != NULL))
            return run(&a, &orders[i]);
    return cli_unknown(&a, a.file[0] ? a.file[0] : "", "list, export ID, purge or audit");
}
