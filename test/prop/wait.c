/* wait.c — what is foretold of a wait is kept (design §3.9, ADR 26): simulated days of three
 * profiles (domain.md §5.4), each announcement at entry judged by the band spoken, from the events
 * alone. A failure names the profile and the target:
 *   above   at most one in ten, of those answered and of those who gave up later than told, waited
 *           longer than the upper bound
 *   error   the mean distance from the band spoken is 25 s at most
 *   silent  at most one in five heard nothing about the time
 *   prop-wait [FOLDER]         of the profiles */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/profile.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1794783600000)
#define MINUTE ((ms_t)60000)
#define PEOPLE (1u << 16) /* by contact id, modulo: ids of those who wait are near each other */
#define ABOVE_PERCENT_MAX 10
#define ERROR_MS_MAX ((ms_t)25000)
#define SILENT_PERCENT_MAX 20
#define TOLD_MIN 300 /* fewer judge nothing */

struct person {
    uint64_t contact_id;
    enum band band;
    ms_t told_at;
};

struct ledger {
    struct person people[PEOPLE];
    unsigned told_n, banded_n, above_n, silent_n;
    ms_t error_ms;
};

static const struct bounds {
    ms_t lo_ms, hi_ms;
} bounds[BAND_N] = {
    [BAND_B0_2] = {0, 2 * MINUTE},
    [BAND_B2_5] = {2 * MINUTE, 5 * MINUTE},
    [BAND_B5_10] = {5 * MINUTE, 10 * MINUTE},
    [BAND_B10_15] = {10 * MINUTE, 15 * MINUTE},
    [BAND_B10_20] = {10 * MINUTE, 20 * MINUTE},
    [BAND_B15_30] = {15 * MINUTE, 30 * MINUTE},
    [BAND_B30_60] = {30 * MINUTE, 60 * MINUTE},
    [BAND_B60] = {60 * MINUTE, MS_NEVER},
};

static struct person *heard(struct ledger *a, uint64_t contact_id)
{
    struct person *p = &a->people[contact_id % PEOPLE];
    return p->contact_id == contact_id && p->told_at ? p : NULL;
}

static void judge(struct ledger *a, struct person *p, ms_t at, bool is_answered)
{
    struct bounds b = bounds[p->band];
    ms_t waited_ms = at - p->told_at;
    bool is_above = b.hi_ms && waited_ms > b.hi_ms;
    p->told_at = 0;
    if (!is_answered && !is_above)
        return; /* nobody knows how long it would have been */
    a->told_n++;
    a->silent_n += !b.hi_ms;
    a->banded_n += b.hi_ms != 0;
    a->above_n += is_above;
    if (b.hi_ms)
        a->error_ms += is_above              ? waited_ms - b.hi_ms
                       : waited_ms < b.lo_ms ? b.lo_ms - waited_ms
                                             : 0;
}

static bool fold(const struct event *ev, void *arg)
{
    struct ledger *a = arg;
    struct person *p;
    switch (ev->kind) {
    case EV_CONTACT_TOLD:
        if (ev->contact_told.what == TOLD_ENTRY)
            a->people[ev->contact_told.contact_id % PEOPLE] =
                (struct person){ev->contact_told.contact_id, ev->contact_told.band, ev->at};
        break;
    case EV_OFFER_JOINED:
        p = heard(a, ev->offer_joined.contact_id);
        if (p)
            judge(a, p, ev->at, true);
        break;
    case EV_CALL_ENDED:
        p = heard(a, ev->call_ended.contact_id);
        if (p)
            judge(a, p, ev->at, false);
        break;
    default:
        break;
    }
    return true;
}

static unsigned too_much(const char *name, const char *target, bool is_broken, double got)
{
    if (is_broken)
        fprintf(stderr, "property FAILED: %s: %s: %.1f\n", target, name, got);
    return is_broken;
}

static unsigned holds(const char *name, const struct ledger *a)
{
    double above = 100.0 * a->above_n / a->banded_n, silent = 100.0 * a->silent_n / a->told_n;
    double error_s = (double)a->error_ms / a->banded_n / 1000;
    printf("%s: %u told, error %.1f s, %.1f %% above, %.1f %% silent\n", name, a->told_n, error_s,
           above, silent);
    return too_much(name, "told", a->told_n < TOLD_MIN, a->told_n) +
           too_much(name, "above", a->above_n * 100 > ABOVE_PERCENT_MAX * a->banded_n, above) +
           too_much(name, "error", a->error_ms > ERROR_MS_MAX * a->banded_n, error_s) +
           too_much(name, "silent", a->silent_n * 100 > SILENT_PERCENT_MAX * a->told_n, silent);
}

static unsigned live(const char *folder, const char *name, unsigned days)
{
    static struct plan_profile profile;
    static struct ledger account;
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.yaml", folder, name);
    struct config_errors errors = {.file = path};
    if (config_profile_load(&profile, path, &errors))
        return too_much(name, "told", true, 0);
    const struct sim_args args = {.profile = &profile,
                                  .seed = 1,
                                  .midnight_at = MIDNIGHT,
                                  .offset_ms = HOUR,
                                  .from_at = MIDNIGHT,
                                  .until_at = MIDNIGHT + (ms_t)days * 24 * HOUR};
    struct sim *sim = sim_open(&args);
    account = (struct ledger){0};
    if (!sim || !sim_run(sim) || !sim_events(sim, fold, &account) || !account.banded_n)
        return too_much(name, "told", true, account.told_n);
    sim_drop(sim);
    return holds(name, &account);
}

int main(int argc, char **argv)
{
    const char *how = getenv("DECROCHE_TEST");
    unsigned times = how && !strcmp(how, "long") ? 10 : 1;
    const char *folder = argc > 1 ? argv[1] : "sim/profiles";
    unsigned broken_n = live(folder, "haute-lisiere", 12 * times);
    broken_n += live(folder, "caf-nancy-2010", 5 * times);
    broken_n += live(folder, "cnav-idf-2023", 1 * times);
    return broken_n != 0;
}
