/* demo.c — the demonstration's own files: they are right, and the heart takes all that they say.
 *   golden-demo FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acd/acd.h"
#include "config/directory.h"
#include "config/settings.h"
#include "directory/commands.h"
#include "directory/hours.h"

#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect(bool is_true, const char *what, int line)
{
    if (is_true)
        return;
    fprintf(stderr, "FAILED: line %d: %s\n", line, what);
    exit(1);
}

static void load(struct settings *s, struct directory **d, const char *folder)
{
    static char path[CONFIG_PATH_BYTES], beside[CONFIG_PATH_BYTES], text[20000];
    struct config_errors errors = {0};
    snprintf(path, sizeof(path), "%s/decroche.yaml", folder);
    int err = config_settings_load(s, path, &errors);
    if (!err && config_path_beside(beside, path, s->directory.path))
        err = config_directory_load(d, beside, s, &errors);
    config_errors_text(&errors, text, sizeof(text));
    fputs(text, stderr);
    expect(!err, "the files are right", __LINE__);
}

/* All commands at an instant, twice: the second time nothing is new but what is always recorded. */
static void say_all(struct acd *a, const struct directory *d, const struct settings *s, ms_t now_at)
{
    struct directory_walk walk = {.now_at = now_at};
    struct command cmd;
    unsigned n = 0;
    while (directory_next_command(&walk, d, s, &cmd)) {
        struct event_batch batch = {.next_id = acd_last_id(a) + 1};
        enum acd_verdict verdict = acd_step(a, &cmd, now_at, &batch);
        EXPECT(verdict == ACD_DONE || verdict == ACD_NOTHING);
        n++;
    }
    EXPECT(n == 3 + 2 * 7 + 7);
}

/* Wednesday 11 November 2026 is a holiday, Monday 16 is not, Christmas Eve ends at 16:00. */
static void check_hours(const struct directory *d)
{
    uint32_t public_number = directory_dialled_find(d, 33536490010);
    uint32_t real_number = directory_dialled_find(d, 33536490011);
    EXPECT(public_number != DIRECTORY_NONE && real_number != DIRECTORY_NONE);
    uint64_t always = UINT64_C(1) << d->numbers[public_number].week;
    uint64_t platform = UINT64_C(1) << d->numbers[real_number].week;
    calendar_day holiday = 0, monday = 0, eve = 0;
    EXPECT(calendar_day_of(&holiday, 2026, 11, 11) && calendar_day_of(&monday, 2026, 11, 16) &&
           calendar_day_of(&eve, 2026, 12, 24));
    enum zone zone = d->organisation.zone;
    ms_t noon_at = calendar_instant(zone, holiday, 12 * 60);
    EXPECT(directory_hours_at(d, always, noon_at) == HOURS_OPEN);
    EXPECT(directory_hours_at(d, platform, noon_at) == HOURS_CLOSED_PUBLISHED);
    struct directory_opening o =
        directory_opening_at(d, platform, calendar_instant(zone, monday, 9 * 60));
    EXPECT(o.hours == HOURS_OPEN && o.until_at == calendar_instant(zone, monday, 18 * 60));
    o = directory_opening_at(d, platform, calendar_instant(zone, eve, 17 * 60));
    EXPECT(o.hours == HOURS_CLOSED_PUBLISHED);
}

static void check_people(const struct directory *d)
{
    uint32_t camille = directory_agent_find(d, directory_number_of("a05"));
    uint32_t robot = directory_agent_find(d, directory_number_of("r01"));
    EXPECT(camille != DIRECTORY_NONE && d->agents[camille].writes);
    EXPECT(robot != DIRECTORY_NONE && d->agents[robot].is_robot);
    EXPECT(d->agents[robot].services_n == d->services_n);
    EXPECT(!strcmp(d->sites[d->agents[camille].site].id, "saint_elvard"));
    for (uint32_t i = 0; i < d->numbers_n; i++)
        EXPECT(d->numbers[i].is_fiction);
}

int main(int argc, char **argv)
{
    struct settings s;
    struct directory *d = NULL;
    EXPECT(argc == 2);
    load(&s, &d, argv[1]);
    EXPECT(d->is_demo && d->services_n == 7 && d->sites_n == 5 && d->weeks_n == 6);
    check_hours(d);
    check_people(d);
    const struct acd_limits limits = {.contacts_max = s.acd.contacts_max,
                                      .agents_max = s.acd.agents_max,
                                      .queues_max = s.acd.queues_max,
                                      .lanes_max = s.acd.lanes_max};
    void *memory = aligned_alloc(64, (acd_bytes(&limits) + 63) / 64 * 64);
    EXPECT(memory != NULL);
    struct acd *a = acd_open(memory, &limits);
    say_all(a, d, &s, 1794783600000);
    say_all(a, d, &s, 1794783600000);
    acd_check(a);
    free(memory);
    config_directory_drop(d);
    printf("the demonstration is right\n");
    return 0;
}
