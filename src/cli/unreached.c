/* unreached.c — `decroche unreached`: who was never reached today, and has the house call them back
 * (ADR 37). Called by main.c. The running service carries it out; 0 means that it is stored. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"

static const char usage[] =
    "decroche unreached [list [SUITE]] -c FILE | --socket PATH [--json]\n"
    "decroche unreached callback RÉFÉRENCE [SERVICE] …\n"
    "\n"
    "list\u00a0: qui a appelé aujourd’hui, a demandé quelqu’un et n’a joint personne depuis, du "
    "plus\n"
    "ancien au plus récent. callback\u00a0: la maison promet de rappeler cette personne, sans dire "
    "ni "
    "le\n"
    "service ni le sujet, derrière qui attend déjà, si le portillon des envois le permet\u00a0; "
    "SERVICE\u00a0:\n"
    "un autre que celui qui était demandé.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 160
#define WORD_MAX 40

/* An id, or a reference by pairs, as it may stand in a target. False: it cannot be. */
static bool make_plain(char to[WORD_MAX], const char *word)
{
    size_t n = 0;
    for (const char *p = word; *p; p++) {
        bool is_plain = strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", *p) != NULL;
        if (n + 1 >= WORD_MAX || (!is_plain && *p != ' '))
            return false;
        if (is_plain)
            to[n++] = *p;
    }
    to[n] = '\0';
    return n > 0;
}

static int run(const struct cli_args *a, const char *socket)
{
    static const char known[] = "list, callback RÉF [SERVICE]";
    char target[TARGET_BYTES], one[WORD_MAX] = "0", two[WORD_MAX] = "";
    const char *word = a->file[0] ? a->file[0] : "list";
    bool is_list = !strcmp(word, "list"), is_call = !strcmp(word, "callback");
    bool is_well = (is_list && !a->file[2]) || (is_call && a->file[1]);
    if (!is_well || (a->file[1] && !make_plain(one, a->file[1])) ||
        (a->file[2] && !make_plain(two, a->file[2])))
        return cli_unknown(a, word, known);
    if (is_list)
        snprintf(target, sizeof(target), "/api/v1/unreached?limit=500&after=%s", one);
    else
        snprintf(target, sizeof(target), "/api/v1/unreached/%s/callback%s%s", one,
                 two[0] ? "?queue=" : "", two);
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = is_list ? "GET" : "POST"};
    return live_show(a, &request, "");
}

int cli_unreached(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "unreached", .usage = usage, .files_n = 3, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
