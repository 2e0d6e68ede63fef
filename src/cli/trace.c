/* trace.c — `decroche trace`: one contact's SIP messages and events, in one ladder. Called by
 * main.c. The running service makes the page, its secrets masked; this only shows it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"
#include "os/file.h"
#include "say/reference.h"

static const char usage[] =
    "decroche trace CONTACT -c FILE | --socket PATH [--json | --svg | --pcap FILE [--force]]\n"
    "\n"
    "Shows, in one ladder, the SIP messages of a contact's legs (the caller's, those of the "
    "agents\n"
    "who were rung), how each leg sounded, and the events of the journal between them, in French.\n"
    "CONTACT: the id of any event of it, as `decroche replay` prints them, or the caller's "
    "reference,\n"
    "8 digits (as pairs, 47-21-08-64, it is never taken for an event). The last four digits of\n"
    "numbers, digests, keys and unknown headers are masked, in each form. SIP is kept in memory\n"
    "alone (phone.trace_bytes): what has given way, or was before a restart, is said to be missing."
    "\n"
    "A reference is looked for among the last 200,000 events. --json: one object. --svg: a picture,"
    "\n"
    "to print or to send. --pcap: the SIP messages alone as a capture for Wireshark or tcpdump, in "
    "a"
    "\n"
    "new file; each in a UDP datagram of its own, also those that came over TCP or TLS. The sound "
    "itself "
    "is"
    "\n"
    "not kept. --force: replaces the file.\n"
    "\n"
    "exit: 0 shown   1 no such contact, or the service cannot say yet   2 usage\n"
    "      3 no service there, or the file cannot be written\n";

/* A capture without any packet. */
#define PCAP_EMPTY_BYTES 24

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

static int cannot_write(const struct cli_args *a, int err)
{
    return cli_cannot(a, a->pcap, err,
                      err == EEXIST ? "nothing is overwritten: choose another name, or say --force"
                                    : "choose a folder that this user may write, with room");
}

static int save(const struct cli_args *a, struct text capture)
{
    if (capture.n <= PCAP_EMPTY_BYTES) {
        fprintf(stderr,
                "decroche trace\u00a0: %s\u00a0: ses messages SIP ne sont plus en mémoire, ou n’y "
                "furent jamais (phone.trace_bytes) — rien n’est écrit\n",
                a->file[0]);
        return CLI_FINDING;
    }
    int err = os_file_exists(a->pcap) && !a->is_forced
                  ? EEXIST
                  : os_file_write(a->pcap, capture.p, capture.n);
    return err ? cannot_write(a, err) : CLI_OK;
}

static const char *accept_of(const struct cli_args *a)
{
    return a->is_json  ? "application/json"
           : a->is_svg ? "image/svg+xml"
           : a->pcap   ? "application/vnd.tcpdump.pcap"
                       : "text/plain";
}

static int show(const struct cli_args *a, const char *socket)
{
    char target[96], digits[24];
    bool has_signs;
    struct live_answer answer;
    if (a->is_json + a->is_svg + (a->pcap != NULL) > 1 || (a->is_forced && !a->pcap))
        return cli_unknown(a, "", "one of --json, --svg and --pcap FILE, --force with the last");
    if (!read_digits(digits, a->file[0], &has_signs))
        return cli_unknown(a, a->file[0], "the id of an event, or a reference of 8 digits");
    if (a->pcap && os_file_exists(a->pcap) && !a->is_forced)
        return cannot_write(a, EEXIST);
    snprintf(target, sizeof(target), "/api/v1/trace?%s=%s", has_signs ? "reference" : "contact",
             digits);
    const struct live_request request = {
        .socket = socket, .target = target, .accept = accept_of(a)};
    int err = live_ask(&answer, &request);
    if (err || answer.status == 403) {
        live_drop(&answer);
        return live_tell_trouble(a, socket, err ? err : EACCES);
    }
    int code = answer.status == 200 ? CLI_OK : CLI_FINDING;
    if (code && !a->is_json)
        tell_refusal(a->file[0], answer.status);
    else if (a->pcap)
        code = save(a, answer.body);
    else
        fwrite(answer.body.p, 1, answer.body.n, stdout);
    live_drop(&answer);
    return code;
}

int cli_trace(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "trace", .usage = usage, .files_n = 1, .is_live = true, .has_forms = true};
    return live_run(&command, argc, argv, show);
}
