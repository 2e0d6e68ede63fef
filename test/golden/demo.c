/* demo.c — the demonstration's own files: they are right, the heart takes all that they say, and
 * every way through the menus leads to a service that the robot serves.
 *   golden-demo FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acd/acd.h"
#include "config/directory.h"
#include "config/flow.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "config/voice.h"
#include "directory/commands.h"
#include "directory/hours.h"

#define SERVICES_N 11u /* seven, and one for each situation that has its own queue */
#define AGENTS_N 14u
#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect(bool is_true, const char *what, int line)
{
    if (is_true)
        return;
    fprintf(stderr, "FAILED: line %d: %s\n", line, what);
    exit(1);
}

struct demo {
    struct settings settings;
    struct directory *directory;
    struct config_flows flows;
    struct config_secrets secrets;
    char voices[CONFIG_PATH_BYTES];
};

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

static void load_rest(struct demo *demo, const char *folder)
{
    static char path[CONFIG_PATH_BYTES], beside[CONFIG_PATH_BYTES], text[20000];
    struct config_errors errors = {.file = "directory.yaml"};
    snprintf(path, sizeof(path), "%s/decroche.yaml", folder);
    EXPECT(config_path_beside(beside, path, demo->settings.flows.path));
    int err = config_flows_load(&demo->flows, beside, demo->directory, &errors);
    EXPECT(config_path_beside(beside, path, demo->settings.secrets.path));
    err = err ? err : config_secrets_load(&demo->secrets, beside, demo->directory, &errors);
    config_errors_text(&errors, text, sizeof(text));
    fputs(text, stderr);
    expect(!err, "flows and secrets are right", __LINE__);
    EXPECT(config_path_beside(demo->voices, path, demo->settings.voice.path));
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
    EXPECT(n == 3 + 3 * SERVICES_N + AGENTS_N);
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

static void tell(const char *path, void *arg)
{
    (void)arg;
    fprintf(stderr, "missing: %s\n", path);
}

/* Keys pressed one after the other, each when the menu asks; where they lead. */
static uint32_t queue_of(const struct ivr_flow *flow, const char *keys)
{
    struct ivr_call call;
    struct ivr_ask ask;
    struct ivr_event event = {.kind = IVR_START};
    for (unsigned i = 0; i < 64; i++) {
        ivr_step(flow, &call, &event, &ask);
        if (ask.what == IVR_DO_QUEUE)
            return ask.queue_id;
        if (ask.what == IVR_DO_WAIT && *keys)
            event = (struct ivr_event){.kind = IVR_KEY, .key = *keys++};
        else
            event.kind = ask.what == IVR_DO_WAIT ? IVR_TIMER : IVR_PLAYED;
    }
    return 0;
}

/* The menus of voice-script §2, and the line without a menu. */
static void check_flows(const struct demo *demo)
{
    static const struct {
        const char *flow, *keys, *service;
    } ways[] = {
        {"accueil", "11", "sante"},
        {"accueil", "12", "retraite"},
        {"accueil", "2", "famille"},
        {"accueil", "31", "identite"},
        {"accueil", "32", "route"},
        {"accueil", "4", "impots"},
        {"accueil", "0", "accueil"},
        {"accueil", "", "accueil"},
        {"accueil", "1", "accueil"},
        {"accueil", "55", "accueil"},
        {"direct_retraite", "", "retraite"},
        {"lundi", "", "lundi"},
        {"absents", "", "absents"},
        {"coupure", "", "coupure"},
        {"sourd", "", "sourd"},
    };
    EXPECT(demo->flows.n == 7);
    const struct ivr_flow *echo = config_flows_find(&demo->flows, "echo");
    EXPECT(echo && echo->steps[0].prompts[0] == PROMPT_GREET_DEMO && !queue_of(echo, ""));
    for (unsigned i = 0; i < ARRAY_LEN(ways); i++) {
        const struct ivr_flow *flow = config_flows_find(&demo->flows, ways[i].flow);
        EXPECT(flow && flow->steps[0].prompts[0] == PROMPT_GREET_DEMO);
        expect(queue_of(flow, ways[i].keys) == directory_number_of(ways[i].service), ways[i].keys,
               __LINE__);
    }
    const struct config_voice_args args = {
        .folder = demo->voices, .flows = &demo->flows, .missing = tell};
    EXPECT(config_voice_check(&args) == 0);
}

/* Everybody with a line has its secret; nothing leaves this machine. */
static void check_lines(const struct demo *demo)
{
    static const char *const lines[] = {"101", "102", "103", "190", "191", "192",
                                        "193", "194", "195", "196", "197"};
    const struct directory *d = demo->directory;
    static const char *const ordinary[] = {"a04", "a06"}; /* a code each, and no line of ours */
    EXPECT(demo->secrets.n == ARRAY_LEN(lines) + ARRAY_LEN(ordinary));
    for (unsigned i = 0; i < ARRAY_LEN(ordinary); i++) {
        uint32_t agent = directory_agent_find(d, directory_number_of(ordinary[i]));
        const struct config_secret *s = config_secrets_find(&demo->secrets, agent);
        EXPECT(agent != DIRECTORY_NONE && directory_agent_number(&d->agents[agent]));
        EXPECT(s && !s->secret[0] && s->code[0]);
    }
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        uint32_t agent = directory_line_find(d, text_of(lines[i]));
        const struct config_secret *s = config_secrets_find(&demo->secrets, agent);
        EXPECT(agent != DIRECTORY_NONE && s && s->secret[0]);
        EXPECT(s->code[0]);
    }
    EXPECT(d->trunks_n == 2 && directory_trunk_find(d, directory_number_of("demo")) == 0);
    for (uint32_t i = 0; i < d->trunks_n; i++)
        EXPECT(address_is_loopback(&d->trunks[i].at) && d->trunks[i].at.port == 5070 + i);
}

/* Who serves a situation: robots of its own, and nobody else; 13 has nobody at all. */
static void check_situations(const struct directory *d)
{
    static const struct {
        const char *service;
        unsigned robots_n;
    } all[] = {{"lundi", 3}, {"absents", 0}, {"coupure", 2}, {"sourd", 2}};
    for (unsigned k = 0; k < ARRAY_LEN(all); k++) {
        uint32_t service = directory_service_find(d, directory_number_of(all[k].service));
        unsigned robots_n = 0;
        EXPECT(service != DIRECTORY_NONE);
        for (uint32_t a = 0; a < d->agents_n; a++)
            for (unsigned i = 0; i < d->agents[a].services_n; i++)
                if (d->agents[a].services[i] == service) {
                    EXPECT(d->agents[a].is_robot);
                    robots_n++;
                }
        EXPECT(robots_n == all[k].robots_n);
    }
}

static void check_people(const struct directory *d)
{
    uint32_t camille = directory_agent_find(d, directory_number_of("a05"));
    uint32_t robot = directory_agent_find(d, directory_number_of("r01"));
    EXPECT(camille != DIRECTORY_NONE && d->agents[camille].writes);
    EXPECT(robot != DIRECTORY_NONE && d->agents[robot].is_robot);
    EXPECT(d->agents[robot].services_n == 7 && d->agents[robot].role == ROLE_AGENT);
    for (uint32_t i = 0; i < 7; i++)
        EXPECT(d->agents[robot].services[i] == i);
    EXPECT(!strcmp(d->sites[d->agents[camille].site].id, "saint_elvard"));
    for (uint32_t i = 0; i < d->numbers_n; i++)
        EXPECT(d->numbers[i].is_fiction);
}

int main(int argc, char **argv)
{
    static struct demo demo;
    EXPECT(argc == 2);
    load(&demo.settings, &demo.directory, argv[1]);
    load_rest(&demo, argv[1]);
    const struct settings s = demo.settings;
    const struct directory *d = demo.directory;
    EXPECT(d->is_demo && d->services_n == SERVICES_N && d->sites_n == 5 && d->weeks_n == 7);
    check_hours(d);
    check_people(d);
    check_situations(d);
    check_flows(&demo);
    check_lines(&demo);
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
    config_flows_drop(&demo.flows);
    config_secrets_drop(&demo.secrets);
    config_directory_drop(demo.directory);
    printf("the demonstration is right\n");
    return 0;
}
