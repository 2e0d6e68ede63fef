/* trace.c — `decroche trace`: one contact's SIP messages and events, in one ladder. Called by
 * main.c. The running service makes the page, its secrets masked; this only shows it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"
#include "say/reference.h"

static const char usage[] =
    "decroche trace CONTACT -c FILE | --socket PATH [--json | --svg]\n"
    "\n"
    "Shows, in one ladder, the SIP messages of a contact's legs (the caller's, those of the "
    "agents\n"
    "who were rung) and the events of the journal between them, in French. CONTACT: the id of any\n"
    "event of it, as `decroche replay` prints them, or the caller's reference, 8 digits (as "
    "pairs,\n"
    "47-21-08-64, it is never taken for an event). The last four digits of numbers, digests, keys\n"
    "and unknown headers are masked, in text and in JSON. SIP is kept in memory alone\n"
    "(phone.trace_bytes): what has given way, or was before a restart, is said to be missing. A\n"
    "reference is looked for among the last 200,000 events. --json: one object. --svg: a picture, "
    "to\n"
    "print or to send.\n"
    "\n"
    "exit: 0 shown   1 no such contact, or the service cannot say yet   2 usage   3 no service "
    "there\n";

/* The digits of word without spaces, dots and hyphens; false: it has other signs, or too many. */
static bool read_digits(char to[24], const char *word, bool *has_signs)
{
    size_t n = 0;
    *has_signs = false;
    for (const char *p = word; *p; p++) {
        bool is_digit = *p >= '0' && *p <= '9';
        if (!is_digit && *p != ' ' && *p != '-' && *p != '.')
            return false;
        *has_signs |= !is_digit;
        if (is_digit && n == 20)
            return false;
        if (is_digit)
            to[n++] = *p;
    }
    to[n] = '\0';
    return n > 0 && (!*has_signs || n == SAY_REFERENCE_DIGITS);
}

/* For people; --json gives the service's own words. */
static void tell_refusal(const char *word, unsigned status)
{
    fprintf(stderr, "decroche trace\u00a0: %s\u00a0: %s\n", word,
            status == 404 ? "aucune demande n’a ce numéro — prendre celui d’un événement de "
                            "l’appel (decroche replay)"
                          : "le service ne peut pas le montrer — decroche status dit pourquoi");
}

static int show(const struct cli_args *a, const char *socket)
{
    char target[96], digits[24];
    bool has_signs;
    struct live_answer answer;
    if (a->is_json && a->is_svg)
        return cli_unknown(a, "", "either --json or --svg");
    if (!read_digits(digits, a->file[0], &has_signs))
        return cli_unknown(a, a->file[0], "the id of an event, or a reference of 8 digits");
    snprintf(target, sizeof(target), "/api/v1/trace?%s=%s", has_signs ? "reference" : "contact",
             digits);
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json  ? "application/json"
                                                   : a->is_svg ? "image/svg+xml"
                                                               : "text/plain"};
    int err = live_ask(&answer, &request);
    if (err || answer.status == 403) {
        live_drop(&answer);
        return live_tell_trouble(a, socket, err ? err : EACCES);
    }
    int code = answer.status == 200 ? CLI_OK : CLI_FINDING;
    if (code && !a->is_json)
        tell_refusal(a->file[0], answer.status);
    else
        fwrite(answer.body.p, 1, answer.body.n, stdout);
    live_drop(&answer);
    return code;
}

int cli_trace(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "trace", .usage = usage, .files_n = 1, .is_live = true, .has_svg = true};
    return live_run(&command, argc, argv, show);
}
