/* main.c — decroche, the one binary: the table of its subcommands.
 * Called by people and by systemd. Wiring only, no logic. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

#ifndef DECROCHE_VERSION
#define DECROCHE_VERSION "0"
#endif

static int main_help(int argc, char **argv);
static int main_version(int argc, char **argv);

static const struct subcommand {
    const char *name, *does;
    int (*run)(int argc, char **argv);
} subcommands[] = {
    {"serve", "answer the telephone, as the settings say", cli_serve},
    {"agent", "sign an agent in or out, make ready, pause, move; what came of a call", cli_agent},
    {"message", "what all who call hear behind the greeting, until an hour", cli_message},
    {"queue", "close a queue by hand, open it again, ask for help, end it", cli_queue},
    {"reload", "have the running service read its files again, calls going on", cli_reload},
    {"init", "six questions, and the first settings of a service", cli_init},
    {"check", "read settings and directory: every mistake with its line and cure", cli_check},
    {"doctor", "is this machine fit to serve: what is wrong, and its cure", cli_doctor},
    {"prompts", "the spoken sentences: what lacks, what is too loud, the studio's sheet",
     cli_prompts},
    {"status", "who waits, who is at work, what is wrong: the running service, live", cli_status},
    {"trace", "one contact: its SIP messages and events in one ladder, secrets masked", cli_trace},
    {"recording", "recorded conversations: list, export one with a reason, purge, audit",
     cli_recording},
    {"sms", "text messages: queued, sent, received; figures; a test", cli_sms},
    {"callbacks", "whom we promised to call: list, show, later, another number, cancel",
     cli_callbacks},
    {"unreached", "who was never reached today: list, and have the house call one back",
     cli_unreached},
    {"texts", "who wrote to the house: list, next for an agent, show, answer, close, back",
     cli_texts},
    {"never", "numbers that asked never to be called again: add, remove, check, count", cli_never},
    {"user", "accounts of the pages: add, rights, password, disable, sessions, end, audit",
     cli_user},
    {"call", "place one real call to the service, and tell what happens", cli_call},
    {"load", "place many calls at a time, and measure what callers notice", cli_load},
    {"verify", "examine a journal: chain, gaps, months, every event", cli_verify},
    {"replay", "print the events of a journal, or the hash of the state they fold to", cli_replay},
    {"sim", "live through a day of a service in seconds, and print its figures", cli_sim},
    {"demo", "the situations of the demonstration, which of them run, and its removal", cli_demo},
    {"backup", "copy a journal while the service runs, and verify the copy", cli_backup},
    {"restore", "put a verified backup in the place of a journal, which is set aside", cli_restore},
    {"version", "print the version", main_version},
    {"help", "print this", main_help},
};

static int main_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("decroche — the telephone-first reception of a public service\n\nusage: decroche COMMAND "
         "…\n");
    for (unsigned i = 0; i < ARRAY_LEN(subcommands); i++)
        printf("  %-9s %s\n", subcommands[i].name, subcommands[i].does);
    puts("\ndecroche COMMAND --help says more.");
    return CLI_OK;
}

static int main_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("decroche " DECROCHE_VERSION);
    return CLI_OK;
}

static bool asks_for(const char *word, const char *name)
{
    bool is_help = !strcmp(name, "help") && (!strcmp(word, "--help") || !strcmp(word, "-h"));
    return is_help || !strcmp(word, name) ||
           (!strncmp(word, "--", 2) && !strcmp(name, "version") && !strcmp(word + 2, name));
}

int main(int argc, char **argv)
{
    for (unsigned i = 0; argc > 1 && i < ARRAY_LEN(subcommands); i++)
        if (asks_for(argv[1], subcommands[i].name))
            return subcommands[i].run(argc - 1, argv + 1);
    if (argc > 1)
        fprintf(stderr, "decroche: there is no command \"%s\" — decroche help lists them\n",
                argv[1]);
    else
        main_help(0, NULL);
    return CLI_USAGE;
}
