/* profiles.c — each profile, two hours of it, seed 1: the hashes of its state and of its event
 * bytes are those recorded, with every compiler and on every CPU. Arguments: the folder of the
 * profiles, the record. A decided change of behaviour: run with DECROCHE_GOLDEN=write, and say why
 * in the commit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/profile.h"
#include "sim/run.h"

#define HOUR ((ms_t)3600 * 1000)
#define MIDNIGHT ((ms_t)1794783600000)
#define TEXT_MAX 4096

static const char *folder, *record;
static const char *const names[] = {"caf-nancy-2010", "cnav-idf-2023", "dgfip-2024",
                                    "haute-lisiere", "jour-national"};

static struct sim_totals run(const char *name)
{
    static _Thread_local struct plan_profile p;
    char path[512];
    struct config_errors errors = {.file = name};
    snprintf(path, sizeof(path), "%s/%s.yaml", folder, name);
    assert_int_equal(config_profile_load(&p, path, &errors), 0);
    struct sim_args args = {.profile = &p,
                            .seed = 1,
                            .midnight_at = MIDNIGHT,
                            .offset_ms = HOUR,
                            .from_at = MIDNIGHT + 8 * HOUR,
                            .until_at = MIDNIGHT + 10 * HOUR};
    struct sim *sim = sim_open(&args);
    assert_non_null(sim);
    sim_run(sim);
    struct sim_totals t = sim_totals(sim);
    if (t.broken)
        fail_msg("%s: %s", name, t.broken);
    sim_drop(sim);
    return t;
}

static void read_record(char text[TEXT_MAX])
{
    FILE *f = fopen(record, "r");
    assert_non_null(f);
    size_t n = fread(text, 1, TEXT_MAX - 1, f);
    text[n] = 0;
    fclose(f);
}

static void each_profile_gives_its_recorded_bytes(void **state)
{
    (void)state;
    char got[TEXT_MAX] = "", want[TEXT_MAX] = "";
    size_t used = 0;
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        struct sim_totals t = run(names[i]);
        used +=
            (size_t)snprintf(got + used, sizeof(got) - used, "%s\t%llu\t%016llx\t%016llx\n",
                             names[i], (unsigned long long)t.events_n,
                             (unsigned long long)t.state_hash, (unsigned long long)t.bytes_hash);
    }
    const char *how = getenv("DECROCHE_GOLDEN");
    if (how && !strcmp(how, "write")) {
        FILE *f = fopen(record, "w");
        assert_non_null(f);
        fputs(got, f);
        fclose(f);
    }
    read_record(want);
    assert_string_equal(got, want);
}

int main(int argc, char **argv)
{
    assert(argc == 3);
    folder = argv[1];
    record = argv[2];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_profile_gives_its_recorded_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
