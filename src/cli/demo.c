/* demo.c — `decroche demo`: what the demonstration shows, what of it runs now, and how it goes.
 * Called by main.c. Reads its arguments; demo_list.c, demo_monday.c, demo_remove.c do the rest. */
#include <errno.h>
#include <string.h>

#include "cli/demo.h"

#define SIMULATED "-simule"
#define MONDAY "-lundi"

static const char usage[] =
    "decroche demo [-c FILE] [--json]\n"
    "decroche demo monday [--fast] [--json] [--board [PORT]] [--seed N] [--journal FILE | -c "
    "FILE]\n"
    "decroche demo remove -c FILE [--yes]\n"
    "\n"
    "Lists the numbers to dial of the demonstration, one situation each, and what one hears, in\n"
    "French. -c: the settings of the demonstration; then each situation also says whether it runs\n"
    "now (asks the running service over its Unix socket).\n"
    "\n"
    "monday: an hour of a Monday with the people of the demonstration, in five minutes, by the "
    "core\n"
    "that serves in life; each promise is checked in the events. decroche demo monday --help.\n"
    "\n"
    "remove: the journals of the first day, the robots, the people, places and numbers of fiction\n"
    "go; hours, services and menus stay as templates. Without --yes it only prints what it would\n"
    "do. Touches nothing of a directory that is not a demonstration.\n"
    "\n"
    "exit: 0 listed, or removed   1 not removed, in words   2 usage   3 the world failed\n";

static int path_with(char to[OS_PATH_MAX], const char *journal, const char *mark)
{
    const char *dot = strrchr(journal, '.'), *slash = strrchr(journal, '/');
    size_t n = dot && (!slash || dot > slash) ? (size_t)(dot - journal) : strlen(journal);
    if (strlen(journal) + strlen(mark) >= OS_PATH_MAX)
        return ENAMETOOLONG;
    memcpy(to, journal, n);
    memcpy(to + n, mark, strlen(mark));
    memcpy(to + n + strlen(mark), journal + n, strlen(journal + n) + 1);
    return 0;
}

int demo_simulated_path(char to[OS_PATH_MAX], const char *journal)
{
    return path_with(to, journal, SIMULATED);
}

int demo_monday_path(char to[OS_PATH_MAX], const char *journal)
{
    return path_with(to, journal, MONDAY);
}

struct options {
    struct cli_args args;
    bool is_remove, is_sure;
};

static int usage_error(const char *what, const char *which)
{
    fprintf(stderr, "decroche demo: %s%s — see `decroche demo --help`\n", what, which);
    return CLI_USAGE;
}

static int read_options(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            o->args.is_help = true;
        else if (!strcmp(argv[i], "--json"))
            o->args.is_json = true;
        else if (!strcmp(argv[i], "--yes"))
            o->is_sure = true;
        else if (!strcmp(argv[i], "remove") && !o->is_remove)
            o->is_remove = true;
        else if ((!strcmp(argv[i], "-c") || !strcmp(argv[i], "--config")) && i + 1 < argc)
            o->args.settings = argv[++i];
        else
            return usage_error("unknown word, or its value lacks: ", argv[i]);
    }
    if (o->args.is_help)
        return CLI_OK;
    if (o->is_remove && !o->args.settings)
        return usage_error("the file of settings lacks: -c FILE", "");
    if (o->is_sure && !o->is_remove)
        return usage_error("--yes goes with remove", "");
    if (o->is_remove && o->args.is_json)
        return usage_error("--json goes with the list, not with remove", "");
    return CLI_OK;
}

int cli_demo(int argc, char **argv)
{
    static const struct cli_command command = {.name = "demo", .usage = usage};
    struct options o = {.args = {.command = &command}};
    if (argc > 1 && !strcmp(argv[1], "monday"))
        return demo_monday(argc - 1, argv + 1);
    int code = read_options(&o, argc, argv);
    if (code)
        return code;
    if (o.args.is_help) {
        fputs(usage, stdout);
        return CLI_OK;
    }
    return o.is_remove ? demo_remove(&o.args, o.is_sure) : demo_list(&o.args);
}
