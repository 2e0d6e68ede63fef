/* sms.c — `decroche sms`: text messages that were queued, those that came, a test, figures. Called
 * by main.c. list and status read the database, beside the running service or without it; test asks
 * the running service, through the gate. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/texts.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/json_read.h"
#include "cli/args.h"
#include "cli/live.h"
#include "store/sms.h"

static const char usage[] =
    "decroche sms list -c FILE [--received] [--json]\n"
    "decroche sms status -c FILE [--json]\n"
    "decroche sms test NUMÉRO -c FILE [--json]\n"
    "\n"
    "list\u00a0: les SMS mis en attente, du plus récent au plus ancien, et ce qu’ils sont "
    "devenus\u00a0:\n"
    "en attente, parti, remis, non remis et pourquoi\u00a0; les quatre derniers chiffres des "
    "numéros\n"
    "sont masqués. --received\u00a0: ceux que des personnes nous ont écrits, entiers, avec leur "
    "numéro\n"
    "pour leur répondre\u00a0; ceux qui attendent un agent\u00a0: decroche texts. status\u00a0: "
    "combien "
    "dans chaque état,\n"
    "depuis quand le plus ancien attend. test\u00a0: met en attente un SMS d’essai, par le "
    "portillon des\n"
    "envois (gate.sms) et le service en marche.\n"
    "\n"
    "exit: 0 fait   1 refusé, ou le service ne peut pas   2 usage   3 le monde a échoué\n";

#define LIST_MAX 500
#define TEXT_BYTES (JOURNAL_SMS_OCTETS * 4)
#define MASKED 10000

struct desk {
    const struct cli_args *args;
    bool is_received;
    unsigned n;
};

/* ---- list --------------------------------------------------------------------------------- */

static void read_text(char to[TEXT_BYTES], const struct journal_row *row)
{
    uint8_t septets[GSM_SEPTETS_MAX];
    struct text_out out = {.p = to, .max = TEXT_BYTES - 1};
    size_t n = row->sms.n;
    if (row->sms.coding == GSM_CODING_UCS2) {
        gsm_wide_text(&out, row->sms.octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
    } else {
        n = n < GSM_SEPTETS_MAX ? n : GSM_SEPTETS_MAX;
        gsm_unpack(septets, row->sms.octets, n);
        gsm_septets_text(&out, septets, n);
    }
    to[out.n] = '\0';
}

static void print_json(const struct desk *d, const struct store_sms_shown *shown, const char *text)
{
    const struct journal_row *row = &shown->row;
    printf("{\"reference\":\"%016" PRIx64 "\",\"part\":%u,\"queued_at\":%lld,\"changed_at\":%lld,",
           row->sms.id, row->sms.part, (long long)shown->queued_at, (long long)row->sms.changed_at);
    if (d->is_received)
        printf("\"from\":\"+%" PRIu64 "\",\"answer\":\"%s\"", row->sms.e164,
               gsm_answer_name((enum gsm_answer)row->sms.kind));
    else
        printf("\"to\":\"+%" PRIu64 "xxxx\",\"kind\":\"%s\",\"state\":\"%s\",\"why\":\"%s\","
               "\"code\":%u,\"tries\":%u",
               row->sms.e164 / MASKED, gsm_kind_name((enum gsm_kind)row->sms.kind),
               gsm_state_name((enum gsm_state)row->sms.state),
               gsm_why_name((enum gsm_why)row->sms.why), row->sms.code, row->sms.tries_n);
    fputs(",\"id\":", stdout);
    cli_json_text(stdout, shown->remote);
    fputs(",\"text\":", stdout);
    cli_json_text(stdout, text);
    puts("}");
}

/* A person's words never move the cursor of who reads them. */
static void print_plain(const char *text)
{
    for (const char *p = text; *p; p++)
        putchar((unsigned char)*p < ' ' || *p == 127 ? ' ' : *p);
    putchar('\n');
}

static bool list_one(const struct store_sms_shown *shown, void *arg)
{
    struct desk *d = arg;
    const struct journal_row *row = &shown->row;
    char text[TEXT_BYTES], queued[CIVIL_TEXT_BYTES];
    const char *why = gsm_why_words((enum gsm_why)row->sms.why);
    read_text(text, row);
    civil_text(queued, shown->queued_at);
    d->n++;
    if (d->args->is_json) {
        print_json(d, shown, text);
        return true;
    }
    if (d->is_received && !row->sms.part)
        printf("%.19s  +%" PRIu64 "\n", queued, row->sms.e164);
    else if (!d->is_received)
        printf("%.19s  +%" PRIu64 "xxxx  %s  %s%s%s%s\n", queued, row->sms.e164 / MASKED,
               gsm_kind_name((enum gsm_kind)row->sms.kind),
               gsm_state_words((enum gsm_state)row->sms.state), *why ? " (" : "", why,
               *why ? ")" : "");
    fputs("    ", stdout);
    print_plain(text);
    return true;
}

static int find_journal(const struct cli_args *a, char path[CONFIG_PATH_BYTES])
{
    struct config_errors errors = {0};
    struct settings s;
    int err = config_settings_load(&s, a->settings, &errors);
    if (err && err != EINVAL)
        return cli_cannot(a, a->settings, err, "check the name");
    if (err)
        config_settings_guess(&s, a->settings);
    if (!config_path_beside(path, a->settings, s.journal.path))
        return cli_cannot(a, s.journal.path, ENAMETOOLONG, "shorten journal.path");
    return CLI_OK;
}

static int list(const struct cli_args *a, const char *path)
{
    const struct sql_args sql = {.path = path};
    struct desk d = {.args = a, .is_received = a->is_received};
    const struct store_sms_listing listing = {&sql, d.is_received, LIST_MAX, list_one, &d};
    int err = store_sms_list(&listing);
    if (err)
        return cli_cannot(a, path, err, "run it as the user of the service");
    if (!a->is_json && !d.n)
        puts(d.is_received ? "aucun SMS reçu" : "aucun SMS");
    return CLI_OK;
}

/* ---- status ------------------------------------------------------------------------------- */

static int status(const struct cli_args *a, const char *path)
{
    const struct sql_args sql = {.path = path};
    struct store_sms_counts c;
    char oldest[CIVIL_TEXT_BYTES];
    int err = store_sms_count(&c, &sql);
    if (err)
        return cli_cannot(a, path, err, "run it as the user of the service");
    civil_text(oldest, c.oldest_at);
    if (a->is_json) {
        printf("{\"queued\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"delivered\":%" PRIu64
               ",\"failed\":%" PRIu64 ",\"received\":%" PRIu64 ",\"stops\":%" PRIu64
               ",\"oldest_queued_at\":%lld}\n",
               c.states[GSM_QUEUED], c.states[GSM_SENT], c.states[GSM_DELIVERED],
               c.states[GSM_FAILED], c.received_n, c.stops_n, (long long)c.oldest_at);
        return CLI_OK;
    }
    for (unsigned i = 0; i < GSM_STATES; i++)
        printf("%-12s %" PRIu64 "\n", gsm_state_name((enum gsm_state)i), c.states[i]);
    printf("%-12s %" PRIu64 "\n%-12s %" PRIu64 "\n", "received", c.received_n, "stops", c.stops_n);
    if (c.oldest_at)
        printf("le plus ancien en attente\u00a0: %.19s UTC\n", oldest);
    return CLI_OK;
}

/* ---- test --------------------------------------------------------------------------------- */

static int find_socket(const struct cli_args *a, char to[CONFIG_PATH_BYTES])
{
    struct config_errors errors = {0};
    struct settings s;
    int err = config_settings_load(&s, a->settings, &errors);
    if (err)
        config_settings_guess(&s, a->settings);
    return config_path_beside(to, a->settings, s.web.socket)
               ? CLI_OK
               : cli_cannot(a, s.web.socket, ENAMETOOLONG, "shorten web.socket");
}

static int test(const struct cli_args *a, const char *socket)
{
    char target[128], digits[40];
    struct live_answer answer;
    struct text error;
    size_t n = 0;
    for (const char *p = a->file[1]; *p && n + 1 < sizeof(digits); p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    digits[n] = '\0';
    snprintf(target, sizeof(target), "/api/v1/sms/test?to=%s%s", a->file[1][0] == '+' ? "00" : "",
             digits);
    const struct live_request request = {
        .socket = socket, .target = target, .accept = "application/json", .is_post = true};
    int err = live_ask(&answer, &request);
    if (err || answer.status == 403)
        return live_tell_trouble(a, socket, err ? err : EACCES);
    int code = answer.status == 200 ? CLI_OK : CLI_FINDING;
    if (a->is_json)
        fwrite(answer.body.p, 1, answer.body.n, stdout);
    else if (json_find_plain(&error, answer.body, code ? "cure" : "reference"))
        fprintf(code ? stderr : stdout, "%s%.*s\n",
                code ? "refusé\u00a0: " : "en attente\u00a0: ", (int)error.n, error.p);
    live_drop(&answer);
    return code;
}

int cli_sms(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "sms", .usage = usage, .files_n = 2, .has_settings = true, .has_sms = true};
    struct cli_args a = {.command = &command};
    char path[CONFIG_PATH_BYTES];
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    const char *word = a.file[0] ? a.file[0] : "";
    bool is_test = !strcmp(word, "test");
    if (is_test != (a.file[1] != NULL) || (a.is_received && strcmp(word, "list")))
        return cli_unknown(&a, word, "list [--received], status, test NUMÉRO");
    if (!is_test && strcmp(word, "list") && strcmp(word, "status"))
        return cli_unknown(&a, word, "list, status, test");
    int code = is_test ? find_socket(&a, path) : find_journal(&a, path);
    if (code)
        return code;
    return is_test ? test(&a, path) : !strcmp(word, "list") ? list(&a, path) : status(&a, path);
}
