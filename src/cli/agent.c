/* agent.c — `decroche agent`: signs an agent in or out, makes ready or pauses, from the desk of a
 * supervisor. Called by main.c. The running service carries it out; 0 means that it is stored. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"
#include "cli/supervise.h"
#include "directory/directory.h"

static const char usage[] =
    "decroche agent ID ORDER -c FILE | --socket PATH [--json]\n"
    "\n"
    "ORDER: sign-in (paused at first), ready, pause-rest, pause-meal, pause-desk, pause-meeting,\n"
    "sign-out; move FILE,FILE [HH:MM] (serves these queues until then, or until the end of the "
    "day),\n"
    "move-back; outcome WORD (what came of the conversation, until the wrap-up ends: answered,\n"
    "to_call_back, passed_on, appointment, directed, not_understood). ID as in the directory. In a "
    "conversation, a pause or a sign-out begins when it "
    "has\n"
    "ended. Their telephone does the same with *71, *72, *73, *70\n"
    "(or what short_codes of the settings says).\n"
    "\n"
    "exit: 0 done and stored   1 refused, in words   2 usage   3 no service there\n";

static const struct {
    const char *name, *target;
} orders[] = {
    {"sign-in", "sign-in"},
    {"ready", "ready"},
    {"pause-rest", "pause?reason=rest"},
    {"pause-meal", "pause?reason=meal"},
    {"pause-desk", "pause?reason=desk"},
    {"pause-meeting", "pause?reason=meeting"},
    {"sign-out", "sign-out"},
};

static const char *target_of(const char *order)
{
    for (unsigned i = 0; i < ARRAY_LEN(orders); i++)
        if (!strcmp(order, orders[i].name))
            return orders[i].target;
    return NULL;
}

/* An id goes into the target as it is: letters, digits, and what ids are made of. */
static bool is_plain(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    return n > 0 && n < DIRECTORY_ID_BYTES && !id[n];
}

/* For people; --json gives the service's own words. */
static const char *words_of(unsigned status)
{
    switch (status) {
    case 200:
        return "fait";
    case 403:
        return "refusé — lancer la commande comme l’utilisateur du service";
    case 404:
        return "personne n’a cet identifiant dans l’annuaire";
    case 409:
        return "refusé dans cet état — d’abord sign-in\u00a0? (decroche status)";
    default:
        return "le service ne peut pas le confirmer — decroche status dit pourquoi";
    }
}

static int give(const struct cli_args *a, const char *socket)
{
    char target[256];
    struct live_answer answer;
    if (a->file[1] && supervise_has_order(a->file[1]))
        return supervise_agent(a, socket);
    const char *order = a->file[1] && !a->file[2] ? target_of(a->file[1]) : NULL;
    if (!order || !is_plain(a->file[0])) {
        fprintf(stderr, "decroche agent: %s %s — see `decroche agent --help`\n",
                a->file[0] ? a->file[0] : "ID", a->file[1] ? a->file[1] : "ORDER");
        return CLI_USAGE;
    }
    snprintf(target, sizeof(target), "/api/v1/agents/%.100s/%s", a->file[0], order);
    const struct live_request request = {
        .socket = socket, .target = target, .accept = "application/json", .is_post = true};
    int err = live_ask(&answer, &request);
    if (err)
        return live_tell_trouble(a, socket, err);
    int code = answer.status == 200 ? CLI_OK : CLI_FINDING;
    if (a->is_json)
        fwrite(answer.body.p, 1, answer.body.n, stdout);
    else
        fprintf(code ? stderr : stdout, "%s\u00a0: %s\n", a->file[0], words_of(answer.status));
    live_drop(&answer);
    return code;
}

int cli_agent(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "agent", .usage = usage, .files_n = 4, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, give);
}
