/* supervise.c — `decroche queue`, and the orders of `decroche agent` that move somebody or say what
 * came of a conversation (ADR 37). Called by main.c and agent.c. The running service carries them
 * out; 0 means that it is stored. */
#include <stdio.h>
#include <string.h>

#include "cli/live.h"
#include "cli/supervise.h"

static const char usage[] =
    "decroche queue SERVICE close [HH:MM] -c FILE | --socket PATH [--json]\n"
    "decroche queue SERVICE open …\n"
    "decroche queue SERVICE help [LIEU | tous [MINUTES]] …\n"
    "decroche queue SERVICE end-help [LIEU | tous] …\n"
    "\n"
    "close\u00a0: ferme la file tout de suite, par-dessus ses horaires publiés, jusqu’à l’heure "
    "dite, "
    "ou\n"
    "jusqu’à open. Pendant ces horaires, les appels qu’elle refuse comptent comme refusés\n"
    "(turned_away)\u00a0; qui attend est prévenu et reste servi. Ni un redémarrage ni une "
    "relecture "
    "des\n"
    "réglages ne la rouvrent. help\u00a0: demande de l’aide pour les usagers d’un lieu, ou pour "
    "tous\u00a0:\n"
    "le cercle suivant leur est ouvert tout de suite, 30 minutes si rien n’est dit\n"
    "(queue.help), puis l’aide finit d’elle-même. end-help\u00a0: y met fin plus tôt. SERVICE et "
    "LIEU\u00a0:\n"
    "identifiants de l’annuaire.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 400
#define EVERYBODY "tous"

struct order {
    const char *name, *method, *path, *third, *fourth; /* keys of the query; NULL: no such word */
    bool wants_third;
};

static const struct order of_queue[] = {
    {"close", "POST", "close", "until", NULL, false},
    {"open", "POST", "open", NULL, NULL, false},
    {"help", "POST", "help", "site", "minutes", false},
    {"end-help", "DELETE", "help", "site", NULL, false},
};
static const struct order of_agent[] = {
    {"move", "POST", "move", "queues", "until", true},
    {"move-back", "DELETE", "move", NULL, NULL, false},
    {"outcome", "POST", "outcome", "outcome", NULL, true},
};

/* A word goes into the target as it is: what ids, lists of them and hours are made of. */
static bool is_plain(const char *word)
{
    return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789_-.,:")];
}

static const struct order *find(const struct order *orders, unsigned n, const char *name)
{
    for (unsigned i = 0; name && i < n; i++)
        if (!strcmp(orders[i].name, name))
            return &orders[i];
    return NULL;
}

bool supervise_has_order(const char *order)
{
    return find(of_agent, ARRAY_LEN(of_agent), order) != NULL;
}

/* The words behind the order are as it wants them. */
static bool is_well(const struct cli_args *a, const struct order *o)
{
    const char *third = a->file[2], *fourth = a->file[3];
    if ((third && (!o->third || !is_plain(third))) || (!third && o->wants_third))
        return false;
    return is_plain(a->file[0]) && (!fourth || (o->fourth && is_plain(fourth)));
}

static bool make_target(char target[TARGET_BYTES], const struct cli_args *a, const struct order *o,
                        const char *what)
{
    const char *third = a->file[2], *fourth = a->file[3];
    if (third && !strcmp(third, EVERYBODY))
        third = NULL;
    int n = snprintf(target, TARGET_BYTES, "/api/v1/%s/%s/%s%s%s%s%s%s%s%s%s", what, a->file[0],
                     o->path, third || fourth ? "?" : "", third ? o->third : "", third ? "=" : "",
                     third ? third : "", third && fourth ? "&" : "", fourth ? o->fourth : "",
                     fourth ? "=" : "", fourth ? fourth : "");
    return n > 0 && n < TARGET_BYTES;
}

static int give(const struct cli_args *a, const char *socket, const struct order *o,
                const char *what)
{
    char target[TARGET_BYTES];
    if (!o || !is_well(a, o) || !make_target(target, a, o, what)) {
        fprintf(stderr, "decroche %s: %s %s — see `decroche %s --help`\n", a->command->name,
                a->file[0] ? a->file[0] : "", a->file[1] ? a->file[1] : "", a->command->name);
        return CLI_USAGE;
    }
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = o->method};
    return live_show(a, &request, "");
}

int supervise_agent(const struct cli_args *a, const char *socket)
{
    return give(a, socket, find(of_agent, ARRAY_LEN(of_agent), a->file[1]), "agents");
}

static int run(const struct cli_args *a, const char *socket)
{
    return give(a, socket, find(of_queue, ARRAY_LEN(of_queue), a->file[1]), "queues");
}

int cli_queue(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "queue", .usage = usage, .files_n = 4, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
