/* args.c — what the subcommands share.
 * Called by src/cli/ only. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"json", no_argument, NULL, 'j'},
    {"from", required_argument, NULL, 'f'},
    {"to", required_argument, NULL, 't'},
    {"hash", no_argument, NULL, '#'},
    {"results", no_argument, NULL, 'r'},
    {"config", required_argument, NULL, 'c'},
    {"socket", required_argument, NULL, 's'},
    {"watch", no_argument, NULL, 'w'},
    {"missing", no_argument, NULL, 'm'},
    {"nagios", no_argument, NULL, 'n'},
    {"svg", no_argument, NULL, 'v'},
    {"pcap", required_argument, NULL, 'p'},
    {"force", no_argument, NULL, 'F'},
    {"reason", required_argument, NULL, 'R'},
    {"wav", required_argument, NULL, 'W'},
    {"received", no_argument, NULL, 'V'},
    {"temporary", no_argument, NULL, 'T'},
    {NULL, 0, NULL, 0},
};

static bool usage_error(const struct cli_args *a, const char *what, const char *which)
{
    fprintf(stderr, "decroche %s: %s%s — see `decroche %s --help`\n", a->command->name, what, which,
            a->command->name);
    return false;
}

static bool read_id(const struct cli_args *a, uint64_t *id, const char *text)
{
    char *end = NULL;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] < '0' || text[0] > '9')
        return usage_error(a, "not the number of an event: ", text);
    *id = v;
    return true;
}

static bool read_option(struct cli_args *a, int option, const char *last)
{
    if (strchr("ft#r", option) && !a->command->has_range)
        return usage_error(a, "unknown option ", last);
    bool has_settings = a->command->has_settings || a->command->is_live || a->command->has_folder;
    if ((option == 'c' && !has_settings) || (strchr("sw", option) && !a->command->is_live) ||
        (option == 'm' && !a->command->has_folder))
        return usage_error(a, "unknown option ", last);
    if ((option == 'n' && !a->command->has_nagios) ||
        (strchr("vpF", option) && !a->command->has_forms))
        return usage_error(a, "unknown option ", last);
    if ((strchr("RW", option) && !a->command->has_recording) ||
        (option == 'V' && !a->command->has_sms) || (option == 'T' && !a->command->has_passwords))
        return usage_error(a, "unknown option ", last);
    a->is_temporary |= option == 'T';
    switch (option) {
    case 'T':
        return true;
    case 'R':
        a->reason = optarg;
        return true;
    case 'W':
        a->wav = optarg;
        return true;
    case 'V':
        a->is_received = true;
        return true;
    case 'n':
        a->is_nagios = true;
        return true;
    case 'v':
        a->is_svg = true;
        return true;
    case 'p':
        a->pcap = optarg;
        return true;
    case 'F':
        a->is_forced = true;
        return true;
    case 'c':
        a->settings = optarg;
        return true;
    case 's':
        a->socket = optarg;
        return true;
    case 'm':
        a->is_missing = true;
        return true;
    case 'w':
        a->is_watch = true;
        return true;
    case 'h':
        a->is_help = true;
        return true;
    case 'j':
        a->is_json = true;
        return true;
    case '#':
        a->is_hash = true;
        return true;
    case 'r':
        a->is_results = true;
        return true;
    case 'f':
    case 't':
        return read_id(a, option == 'f' ? &a->from_id : &a->to_id, optarg);
    default:
        return usage_error(a, "unknown option, or its value lacks: ", last);
    }
}

static bool read_files(struct cli_args *a, int argc, char **argv)
{
    unsigned n = (unsigned)(argc - optind);
    if (n > a->command->files_n)
        return usage_error(a, "too many names: ", argv[optind + (int)a->command->files_n]);
    if (a->command->has_settings && !a->settings)
        return usage_error(a, "the file of settings lacks: -c FILE", "");
    if (a->command->is_live && !a->settings == !a->socket)
        return usage_error(a, "say either -c FILE or --socket PATH", "");
    if (a->command->has_folder && !a->settings == !n)
        return usage_error(a, "say either -c FILE or a FOLDER", "");
    bool may_lack = a->command->has_folder || a->command->has_recording || a->command->has_orders ||
                    (a->command->has_sms && n);
    if (n < a->command->files_n && !may_lack)
        return usage_error(a, "the name of a file lacks", "");
    for (unsigned i = 0; i < n; i++)
        a->file[i] = argv[optind + (int)i];
    return true;
}

bool cli_args_read(struct cli_args *a, int argc, char **argv)
{
    a->to_id = UINT64_MAX;
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    int option = getopt_long(argc, argv, "hc:", options, NULL);
    for (; option != -1; option = getopt_long(argc, argv, "hc:", options, NULL))
        if (!read_option(a, option, argv[optind - 1]))
            return false;
    if (a->is_help) {
        fputs(a->command->usage, stdout);
        return true;
    }
    return read_files(a, argc, argv);
}

int cli_unknown(const struct cli_args *a, const char *word, const char *known)
{
    char what[128];
    snprintf(what, sizeof(what), "say %s%s", known, word[0] ? ", not " : "");
    usage_error(a, what, word);
    return CLI_USAGE;
}

int cli_cannot(const struct cli_args *a, const char *file, int err, const char *cure)
{
    char text[128];
    fprintf(stderr, "decroche %s: %s: %s — %s\n", a->command->name, file,
            strerror_r(err, text, sizeof(text)), cure);
    return CLI_CANNOT;
}

/* Room for all errors of one run as text. */
#define ERRORS_BYTES (CONFIG_ERRORS_MAX * (2 * CONFIG_SENTENCE_MAX + CONFIG_ERROR_FILE_BYTES + 64))

void cli_print_errors(FILE *to, const struct config_errors *errors)
{
    char *text = malloc(ERRORS_BYTES);
    if (!text)
        return;
    config_errors_text(errors, text, ERRORS_BYTES);
    fputs(text, to);
    free(text);
}

void cli_json_text(FILE *to, const char *text)
{
    fputc('"', to);
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < ' ')
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

void cli_json_error(FILE *to, const struct config_error *e)
{
    fputs("{\"file\":", to);
    cli_json_text(to, e->file);
    fprintf(to, ",\"line\":%u,\"column\":%u,\"what\":", e->line, e->column);
    cli_json_text(to, e->what);
    fputs(",\"cure\":", to);
    cli_json_text(to, e->cure);
}

void cli_hex(FILE *to, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%02x", bytes[i]);
}
