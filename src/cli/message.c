/* message.c — `decroche message`: what all who call hear behind the greeting, until an hour. Called
 * by main.c. The running service keeps it; 0 means that it is stored. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/live.h"

static const char usage[] =
    "decroche message [show] -c FILE | --socket PATH [--json]\n"
    "decroche message set TEXTE [HH:MM] …\n"
    "decroche message end …\n"
    "\n"
    "set\u00a0: dit ce texte à qui appelle, juste après l’accueil, jusqu’à l’heure dite, ou "
    "jusqu’à la\n"
    "fin du jour\u00a0; il remplace celui d’avant. La synthèse le dit\u00a0: 200\u00a0lettres et "
    "12\u00a0s au plus.\n"
    "end\u00a0: ne plus le dire. show\u00a0: ce qui est dit en ce moment, et si on l’entend. Un "
    "redémarrage\n"
    "n’y change rien.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define BODY_BYTES 8192

static const char known[] = "show, set, end";

static bool fits(const struct cli_args *a, const char *order)
{
    bool is_set = !strcmp(order, "set");
    return is_set == (a->file[1] != NULL) && (is_set || !a->file[2]);
}

static int run(const struct cli_args *a, const char *socket)
{
    char body[BODY_BYTES];
    struct text_out out = {.p = body, .max = sizeof(body)};
    struct json j = {.out = &out};
    const char *order = a->file[0] ? a->file[0] : "show";
    bool is_set = !strcmp(order, "set"), is_end = !strcmp(order, "end");
    if ((!is_set && !is_end && strcmp(order, "show") != 0) || !fits(a, order))
        return cli_unknown(a, order, known);
    json_object(&j, NULL);
    if (is_set)
        json_string(&j, "words", a->file[1]);
    if (is_set && a->file[2])
        json_string(&j, "until", a->file[2]);
    json_object_end(&j);
    if (out.is_cut)
        return cli_cannot(a, "message", E2BIG, "le raccourcir\u00a0: 200\u00a0lettres au plus");
    const struct live_request request = {.socket = socket,
                                         .target = "/api/v1/notice",
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = is_set || is_end,
                                         .method = is_set   ? "POST"
                                                   : is_end ? "DELETE"
                                                            : "GET",
                                         .body = {body, is_set ? out.n : 0}};
    return live_show(a, &request, "");
}

int cli_message(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "message", .usage = usage, .files_n = 3, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
