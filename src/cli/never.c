/* never.c — `decroche never`: numbers that asked never to be called again. Called by main.c. The
 * running service carries it out; 0 means that it is stored. No list can be shown: only keyed
 * hashes are kept. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/live.h"

static const char usage[] =
    "decroche never add | remove | check NUMÉRO -c FILE | --socket PATH [--json]\n"
    "decroche never count …\n"
    "\n"
    "Les numéros qui ont demandé à ne plus être appelés. add\u00a0: aucune machine ne l’appelle "
    "plus, ce\n"
    "qui lui était promis est annulé. remove\u00a0: il peut de nouveau être appelé. check\u00a0: "
    "en "
    "fait-il\n"
    "partie\u00a0? count\u00a0: combien ils sont. Seules des empreintes à clé sont gardées\u00a0: "
    "personne ne peut\n"
    "en tirer la liste. La clé est un fichier à côté de la base, que backup et restore "
    "copient\u00a0; "
    "sans\n"
    "elle, personne n’est plus rappelé. Les SMS ont leur STOP à eux.\n"
    "\n"
    "exit: 0 fait et noté   1 refusé, et pourquoi   2 usage   3 aucun service à l’écoute\n";

#define TARGET_BYTES 80
#define DIGITS_MAX 40

static const struct {
    const char *name, *method;
} orders[] = {{"add", "POST"}, {"remove", "DELETE"}, {"check", "GET"}, {"count", "GET"}};

/* "+33 6…" becomes 00336…: a plus would be a space in a target. */
static bool make_digits(char to[DIGITS_MAX], const char *word)
{
    size_t n = 0;
    for (const char *p = word; *p; p++) {
        bool is_digit = *p >= '0' && *p <= '9', is_plus = p == word && *p == '+';
        if (n + 3 > DIGITS_MAX || (!is_digit && !is_plus && !strchr(" .-", *p)))
            return false;
        if (is_plus)
            to[n++] = '0';
        if (is_digit || is_plus)
            to[n++] = is_plus ? '0' : *p;
    }
    to[n] = '\0';
    return n > 0;
}

static int run(const struct cli_args *a, const char *socket)
{
    static const char known[] = "add NUMÉRO, remove NUMÉRO, check NUMÉRO, count";
    char target[TARGET_BYTES], digits[DIGITS_MAX] = "";
    const char *word = a->file[0] ? a->file[0] : "";
    unsigned i = 0;
    while (i < ARRAY_LEN(orders) && strcmp(orders[i].name, word))
        i++;
    bool is_count = !strcmp(word, "count");
    if (i == ARRAY_LEN(orders) || is_count != !a->file[1])
        return cli_unknown(a, word, known);
    if (!is_count && !make_digits(digits, a->file[1]))
        return cli_unknown(a, a->file[1], known);
    snprintf(target, sizeof(target), "/api/v1/never%s%s", is_count ? "" : "/", digits);
    const struct live_request request = {.socket = socket,
                                         .target = target,
                                         .accept = a->is_json ? "application/json" : "text/plain",
                                         .is_post = true, /* a refusal goes to standard error */
                                         .method = orders[i].method};
    return live_show(a, &request, "");
}

int cli_never(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "never", .usage = usage, .files_n = 2, .is_live = true, .has_orders = true};
    return live_run(&command, argc, argv, run);
}
