/* cli.h — the subcommands of decroche; main.c holds their table.
 * Each reads its own arguments (argv[0] is its name) and returns the exit code of the program. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/types.h"

enum cli_exit {
    CLI_OK = 0,
    CLI_FINDING = 1, /* what was examined is not as it should be */
    CLI_USAGE = 2,   /* the arguments make no sense */
    CLI_CANNOT = 3,  /* the world failed: no such file, disk full, in use */
};

int cli_call(int argc, char **argv);
int cli_init(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_load(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_reload(int argc, char **argv);
int cli_replay(int argc, char **argv);
int cli_agent(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_prompts(int argc, char **argv);
int cli_recording(int argc, char **argv);
int cli_sim(int argc, char **argv);
int cli_demo(int argc, char **argv);
int cli_status(int argc, char **argv);
int cli_trace(int argc, char **argv);
int cli_sms(int argc, char **argv);
int cli_callbacks(int argc, char **argv);
int cli_message(int argc, char **argv);
int cli_queue(int argc, char **argv);
int cli_unreached(int argc, char **argv);
int cli_texts(int argc, char **argv);
int cli_never(int argc, char **argv);
int cli_user(int argc, char **argv);

#endif
