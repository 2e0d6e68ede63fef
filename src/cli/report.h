/* report.h — a verification, as text or JSON. Shared by verify, backup and restore. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/args.h"
#include "journal/verify.h"

/* On stdout: what was read of this file, and what is wrong with it. */
void cli_report_print(const struct cli_args *a, const char *file, const struct journal_report *r);

/* The exit code that this verdict deserves. */
int cli_report_exit(const struct journal_report *r);

#endif
