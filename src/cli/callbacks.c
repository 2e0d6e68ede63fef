/* callbacks.c — `decroche callbacks`: whom the house has promised to call, and what may be changed
 * of it. Called by main.c. The running service carries it out; 0 means that it is stored. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"

static const char usage[] =
    "decroche callbacks [list [SUITE]] -c FILE | --socket PATH [--json]\n"
    "decroche callbacks show RÉFÉRENCE …\n"
    "decroche callbacks later RÉFÉRENCE HH:MM | now …\n"
    "decroche callbacks number RÉFÉRENCE NUMÉRO …\n"
    "decroche callbacks cancel RÉFÉRENCE [person | agent | house] …\n"
    "\n"
    "list\u00a0: les rappels promis, dans l’ordre des demandes, par pages de 500\u00a0; les quatre "
    "derniers\n"
    "chiffres des numéros sont masqués. show\u00a0: un seul, avec son numéro entier. later\u00a0: "
    "ne "
    "pas\n"
    "rappeler avant cette heure d’aujourd’hui\u00a0; now\u00a0: dès que vient son tour. "
    "number\u00a0: à un autre\n"
    "numéro, si le portillon des envois le permet. cancel\u00a0: annule, et dit qui le "
    "demande\u00a0; sans\n"
    "rien, la maison\u00a0: l’appel compte alors comme un rappel non tenu. La place dans la file "
    "ne "
    "change\n"
    "jamais. Un rappel en cours d’appel ne se change pas.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 160
#define WORD_MAX 40

static const struct {
    const char *name, *method, *query; /* query: before the third word */
    bool wants_reference, wants_third;
} orders[] = {
    {"list", "GET", "?limit=500&after=", false, false}, {"show", "GET", NULL, true, false},
    {"later", "PATCH", "?not_before=", true, true},     {"number", "PATCH", "?number=", true, true},
    {"cancel", "DELETE", "?by=", true, false},
};

/* What goes into a target as it is: no byte of it means anything there. "+33 6…" becomes 00336…,
 * and « 47 21 08 64 » is one reference. False: it cannot be. */
static bool make_plain(char to[WORD_MAX], const char *word)
{
    size_t n = 0;
    for (const char *p = word; *p; p++) {
        bool is_plus = p == word && *p == '+';
        bool is_plain = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || *p == ':';
        if (n + 3 > WORD_MAX || (!is_plain && !is_plus && !strchr(" .-", *p)))
            return false;
        if (is_plus)
            to[n++] = '0';
        if (is_plain || is_plus)
            to[n++] = is_plus ? '0' : *p;
    }
    to[n] = '\0';
    return n > 0;
}

static int usage_of(const struct cli_args *a, const char *word)
{
    return cli_unknown(a, word,
                       "list, show REF, later REF HH:MM, number REF NUMÉRO, cancel REF [QUI]");
}

static int run(const struct cli_args *a, const char *socket)
{
    char target[TARGET_BYTES], reference[WORD_MAX] = "", third[WORD_MAX] = "";
    const char *word = a->file[0] ? a->file[0] : "list";
    unsigned i = 0;
    while (i < ARRAY_LEN(orders) && strcmp(orders[i].name, word))
        i++;
    if (i == ARRAY_LEN(orders))
        return usage_of(a, word);
    const char *last = orders[i].wants_reference ? a->file[2] : a->file[1];
    bool is_odd = (orders[i].wants_reference && !a->file[1]) ||
                  (!orders[i].wants_reference && a->file[2]) || (orders[i].wants_third && !last) ||
                  (last && !orders[i].query);
    if (is_odd)
        return usage_of(a, word);
    if ((orders[i].wants_reference && !make_plain(reference, a->file[1])) ||
        (last && !make_plain(third, last)))
        return usage_of(a, last ? last : a->file[1]);
    bool has_query = last || !orders[i].wants_reference;
    snprintf(target, sizeof(target), "/api/v1/callbacks%s%s%s%s",
             orders[i].wants_reference ? "/" : "", reference, has_query ? orders[i].query : "",
             last        ? third
             : has_query ? "0"
                         : "");
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = orders[i].method};
    return live_show(a, &request, "");
}

int cli_callbacks(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "callbacks", .usage = usage, .files_n = 3, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
