/* report.c — a verification, as text or JSON.
 * Called by verify.c, backup.c, restore.c of this folder. */
#include <inttypes.h>
#include <string.h>

#include "base/civil.h"
#include "cli/report.h"

static const char *verdict_name(enum journal_verdict v)
{
    static const char *const names[] = {"sound", "broken", "unreadable"};
    return names[v];
}

static void print_json(const char *file, const struct journal_report *r)
{
    printf("{\"file\":");
    cli_json_text(stdout, file);
    printf(",\"verdict\":\"%s\",\"events\":%" PRIu64 ",\"batches\":%" PRIu64
           ",\"closed_months\":%u,\"snapshots\":%u,\"snapshots_damaged\":%u,\"hash\":\"",
           verdict_name(r->verdict), r->last_id, r->batches_n, r->months_n, r->snapshots_n,
           r->snapshots_bad_n);
    cli_hex(stdout, r->hash, sizeof(r->hash));
    printf("\"");
    if (r->verdict != JOURNAL_SOUND) {
        printf(",\"place\":");
        cli_json_text(stdout, r->place);
        printf(",\"why\":");
        cli_json_text(stdout, journal_report_why(r));
        printf(",\"cure\":");
        cli_json_text(stdout, journal_report_cure(r));
    }
    printf("}\n");
}

static void print_good(const struct journal_report *r)
{
    char date[CIVIL_TEXT_BYTES];
    if (r->last_id == 0) {
        printf("no event yet\n");
        return;
    }
    civil_text(date, r->last_at);
    printf("%" PRIu64 " events in %" PRIu64 " batches, the last of %s; %u closed months\n",
           r->last_id, r->batches_n, date, r->months_n);
    printf("hash of the last batch: ");
    cli_hex(stdout, r->hash, sizeof(r->hash));
    printf("\n");
}

static void print_text(const char *file, const struct journal_report *r)
{
    char error[128];
    printf("%s: %s\n", file, verdict_name(r->verdict));
    if (r->verdict != JOURNAL_UNREADABLE)
        print_good(r);
    if (r->snapshots_bad_n > 0)
        printf("%u damaged snapshots: harmless, the next start replays more events\n",
               r->snapshots_bad_n);
    if (r->verdict == JOURNAL_SOUND)
        return;
    printf("first fault: %s", journal_report_why(r));
    if (r->verdict == JOURNAL_BROKEN)
        printf(" (%s)\n", r->place);
    else
        printf(" (%s)\n", strerror_r(r->err, error, sizeof(error)));
    printf("cure: %s\n", journal_report_cure(r));
}

void cli_report_print(const struct cli_args *a, const char *file, const struct journal_report *r)
{
    if (a->is_json)
        print_json(file, r);
    else
        print_text(file, r);
}

int cli_report_exit(const struct journal_report *r)
{
    if (r->verdict == JOURNAL_UNREADABLE)
        return CLI_CANNOT;
    return r->verdict == JOURNAL_SOUND ? CLI_OK : CLI_FINDING;
}
