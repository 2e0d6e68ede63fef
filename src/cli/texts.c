/* texts.c — `decroche texts`: who wrote to the house, and what an agent does about it. Called by
 * main.c. The running service carries it out; 0 means that it is stored. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/args.h"
#include "cli/live.h"

static const char usage[] =
    "decroche texts [list [SUITE]] -c FILE | --socket PATH [--json]\n"
    "decroche texts next AGENT …\n"
    "decroche texts show RÉFÉRENCE …\n"
    "decroche texts answer RÉFÉRENCE AGENT TEXTE …\n"
    "decroche texts close RÉFÉRENCE AGENT …\n"
    "decroche texts back RÉFÉRENCE AGENT …\n"
    "\n"
    "Les demandes écrites par SMS. list\u00a0: celles qui attendent et celles qu’un agent a "
    "prises, "
    "dans\n"
    "l’ordre des places, par pages de 500\u00a0; les quatre derniers chiffres des numéros sont "
    "masqués.\n"
    "next\u00a0: l’agent prend la première de ses files\u00a0; personne ne choisit. show\u00a0: "
    "une "
    "seule, avec tout ce\n"
    "qui a été écrit et le numéro entier. answer\u00a0: répond, par un SMS (160 lettres, 70 avec "
    "des signes\n"
    "comme ê ou œ), si le portillon des envois le permet. close\u00a0: terminée\u00a0; elle compte "
    "comme répondue si\n"
    "une réponse est partie. back\u00a0: la rend à la file, à sa place.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 160
#define WORD_MAX 40
#define BODY_BYTES 7168

static const struct {
    const char *name, *method, *behind; /* behind: of the reference, in the path */
    unsigned words;                     /* behind the name */
} orders[] = {
    {"list", "GET", "", 0},           {"next", "POST", "", 1},        {"show", "GET", "", 1},
    {"answer", "POST", "/answer", 3}, {"close", "POST", "/close", 2}, {"back", "POST", "/back", 2},
};

/* An id, or a reference by pairs, as it may stand in a target. False: it cannot be. */
static bool make_plain(char to[WORD_MAX], const char *word)
{
    size_t n = 0;
    for (const char *p = word; *p; p++) {
        bool is_plain =
            (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || *p == '_' || *p == '-';
        if (n + 1 >= WORD_MAX || (!is_plain && *p != ' '))
            return false;
        if (is_plain)
            to[n++] = *p;
    }
    to[n] = '\0';
    return n > 0;
}

static unsigned given_n(const struct cli_args *a)
{
    unsigned n = 0;
    while (n + 1 < CLI_FILES_MAX && a->file[n + 1])
        n++;
    return n;
}

static bool make_target(char target[TARGET_BYTES], const struct cli_args *a, unsigned i)
{
    char one[WORD_MAX] = "0", two[WORD_MAX] = "";
    bool is_list = !strcmp(orders[i].name, "list"), is_next = !strcmp(orders[i].name, "next");
    if ((a->file[1] && !make_plain(one, a->file[1])) ||
        (orders[i].words > 1 && !make_plain(two, a->file[2])))
        return false;
    if (is_list)
        snprintf(target, TARGET_BYTES, "/api/v1/texts?limit=500&after=%s", one);
    else if (is_next)
        snprintf(target, TARGET_BYTES, "/api/v1/texts/next?agent=%s", one);
    else
        snprintf(target, TARGET_BYTES, "/api/v1/texts/%s%s%s%s", one, orders[i].behind,
                 two[0] ? "?agent=" : "", two);
    return true;
}

static int run(const struct cli_args *a, const char *socket)
{
    static const char known[] = "list, next AGENT, show RÉF, answer RÉF AGENT TEXTE, "
                                "close RÉF AGENT, back RÉF AGENT";
    char target[TARGET_BYTES], room[BODY_BYTES];
    struct text_out body = {.p = room, .max = sizeof(room)};
    struct json j = {.out = &body};
    const char *word = a->file[0] ? a->file[0] : "list";
    unsigned i = 0;
    while (i < ARRAY_LEN(orders) && strcmp(orders[i].name, word))
        i++;
    if (i == ARRAY_LEN(orders))
        return cli_unknown(a, word, known);
    bool is_list = !strcmp(word, "list"), is_answer = orders[i].words == 3;
    unsigned n = given_n(a);
    if ((is_list ? n > 1 : n != orders[i].words) || !make_target(target, a, i))
        return cli_unknown(a, word, known);
    if (is_answer) {
        json_object(&j, NULL);
        json_string(&j, "text", a->file[3]);
        json_object_end(&j);
    }
    if (body.is_cut)
        return cli_unknown(a, "TEXTE", "un texte plus court");
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = orders[i].method,
                                         .body = {room, body.n}};
    return live_show(a, &request, "");
}

int cli_texts(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "texts", .usage = usage, .files_n = 4, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
