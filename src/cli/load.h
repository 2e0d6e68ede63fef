/* load.h — what the files of `decroche load` share: whose lines robots use, and the results.
 * Included by src/cli/load*.c only. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <stdio.h>

#include "cli/robot_args.h"
#include "cli/robot_words.h"
#include "config/set.h"

/* How many calls may stand at a time with these options. */
uint64_t load_calls_at_once(const struct robot_options *o);

/* load_lines.c: the lines of robot agents. */
#define LOAD_LINES_BYTES_MAX (256 * 1024)
struct load_lines {
    struct robots_line *of; /* owned, as below; texts point into set or bytes */
    uint32_t n;
    struct config_set *set;
    char *bytes;
};
/* Of --agents-from, or of the secrets of -c. An exit code; told in words. */
int load_lines_read(struct load_lines *lines, const struct robot_options *o);
/* From memory: LINE SECRET CODE, one a line, # begins a comment. 0, or the line that is wrong. */
uint32_t load_lines_parse(struct load_lines *lines, struct text bytes);
void load_lines_drop(struct load_lines *lines);

/* load_print.c */
struct load_result {
    const struct robot_stats *stats;
    struct media_totals media;
    struct histogram spacing;
    struct histogram
        calm; /* the same, while calls neither came nor went; n 0: there was no such time */
    ms_t lasted_ms;
    uint32_t agents_n;
    bool is_cut; /* by Ctrl-C */
};
void load_print_text(FILE *to, const struct load_result *r);
void load_print_json(FILE *to, const struct load_result *r);

#endif
