/* args.h — what the subcommands share: reading arguments, saying errors.
 * An error is one line: command, what, where, cure. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdio.h>

#include "cli/cli.h"
#include "config/yaml.h"

#define CLI_FILES_MAX 4

struct cli_command {
    const char *name, *usage; /* usage: the text of --help */
    unsigned files_n;         /* how many file names it wants */
    bool has_range;           /* --from ID, --to ID, --hash, --results */
    bool has_settings;        /* -c FILE, which must be there */
    bool is_live;             /* -c FILE or --socket PATH, and --watch */
    bool has_nagios;          /* --nagios */
    bool has_recording;       /* --reason TEXT, --wav FILE; its names may lack */
    bool has_forms;           /* --svg, --pcap FILE, --force */
    bool has_sms;             /* --received; its second name may lack */
    bool has_orders;          /* words of which the last may lack */
    bool has_folder;          /* -c FILE or the name of a folder, and --missing */
    bool has_passwords;       /* --temporary */
};

struct cli_args {
    const struct cli_command *command;
    const char *file[CLI_FILES_MAX];
    const char *settings; /* of -c */
    const char *socket;   /* of --socket */
    const char *pcap;     /* of --pcap */
    const char *reason, *wav;
    bool is_json, is_help, is_hash, is_results, is_watch, is_missing, is_nagios, is_svg, is_forced;
    bool is_received, is_temporary;
    uint64_t from_id, to_id;
};

/* False: the usage error was told; exit with CLI_USAGE. With --help, the usage was printed. */
bool cli_args_read(struct cli_args *a, int argc, char **argv);

/* What word is not one of those that there are. Returns CLI_USAGE. */
int cli_unknown(const struct cli_args *a, const char *word, const char *known);

/* "decroche verify: FILE: No such file or directory — CURE" on stderr. Returns CLI_CANNOT. */
int cli_cannot(const struct cli_args *a, const char *file, int err, const char *cure);

/* Every mistake of a run: file:line:column, what, the cure. */
void cli_print_errors(FILE *to, const struct config_errors *errors);

/* A string as JSON, with its quotes. */
void cli_json_text(FILE *to, const char *text);

/* The same mistake for machines: {"file":…,"line":…,"column":…,"what":…,"cure":… — the caller adds
 * what more it knows, and the closing brace. */
void cli_json_error(FILE *to, const struct config_error *e);

/* Bytes as hexadecimal. */
void cli_hex(FILE *to, const uint8_t *bytes, size_t n);

#endif
