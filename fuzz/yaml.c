/* yaml.c — fuzz target of the readers of files: any bytes, read as settings, as a directory, as a
 * profile, and, in a small house, as secrets and as a flow. Either all is right and nothing is
 * said, or something is said; never both. What is right can be used: its commands are walked, its
 * hours and stops asked, its menu gone through with keys and with silence alone. */
#include <stdlib.h>
#include <string.h>

#include "config/directory.h"
#include "config/flow.h"
#include "config/profile.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "directory/commands.h"
#include "directory/hours.h"

#define BYTES_MAX (1u << 16)
#define TEXT_BYTES 20000
#define SILENCES_MAX (16 * IVR_STEPS_MAX)
#define SOME_MONDAY_AT ((ms_t)1794783600000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void judge(int err, const struct config_errors *errors)
{
    char text[TEXT_BYTES];
    assert(!err == !errors->n);
    size_t used = config_errors_text(errors, text, sizeof(text));
    assert(used < sizeof(text) && !text[used]);
    for (unsigned i = 0; i < errors->n; i++)
        assert(errors->list[i].what[0] && strlen(errors->list[i].what) < CONFIG_SENTENCE_MAX);
}

static void use(const struct directory *d, const struct settings *s)
{
    struct directory_walk walk = {.now_at = SOME_MONDAY_AT};
    struct command cmd;
    unsigned n = 0;
    while (directory_next_command(&walk, d, s, &cmd))
        n++;
    assert(n <= 3 + 3 * d->services_n + d->agents_n);
    for (uint32_t i = 0; i < d->services_n && i < 4; i++) {
        struct directory_opening o = directory_opening_at(d, d->services[i].weeks, SOME_MONDAY_AT);
        assert(o.until_at > SOME_MONDAY_AT);
    }
    for (uint32_t i = 0; i < d->sites_n && i < 4; i++) {
        struct directory_stop stop;
        if (directory_site_next_stop(&stop, d, i, SOME_MONDAY_AT))
            assert(stop.place && stop.from_at <= stop.to_at && stop.to_at > SOME_MONDAY_AT);
    }
}

/* One happening; what is asked for stays so until something else is. */
static void happens(const struct ivr_flow *flow, struct ivr_call *call, char key,
                    enum ivr_do *pending)
{
    struct ivr_ask ask;
    struct ivr_event event = {
        .kind = key                       ? IVR_KEY
                : *pending == IVR_DO_WAIT ? IVR_TIMER
                                          : IVR_PLAYED,
        .key = key,
        .facts = {.wall_at = SOME_MONDAY_AT, .open_weeks = (unsigned char)key}};
    if (*pending == IVR_DO_NOTHING)
        event.kind = IVR_START;
    ivr_step(flow, call, &event, &ask);
    if (ask.what != IVR_DO_NOTHING)
        *pending = ask.what;
    assert(call->step < flow->steps_n && ask.prompts_n <= IVR_ASK_MAX);
}

static bool is_over(enum ivr_do pending)
{
    return pending == IVR_DO_QUEUE || pending == IVR_DO_END;
}

/* Whoever presses these keys, then nothing, comes to a person, or to the goodbye of a closed house.
 */
static void walk(const struct ivr_flow *flow, const char *keys)
{
    struct ivr_call call;
    enum ivr_do pending = IVR_DO_NOTHING;
    unsigned silences_n = 0;
    happens(flow, &call, '\0', &pending);
    for (; *keys && !is_over(pending); keys++)
        happens(flow, &call, *keys, &pending);
    for (; !is_over(pending); silences_n++) {
        assert(silences_n < SILENCES_MAX);
        happens(flow, &call, '\0', &pending);
    }
}

static void read_house(const char *text)
{
    static const char *const walks[] = {"",  "1",        "12",  "8",  "*",
                                        "0", "47210864", "12#", "**", "99"};
    static const char house[] = "demo: true\norganisation: { name: x }\n"
                                "hours: { h: { lun: 8h-9h } }\n"
                                "services: [{ id: accueil, name: a, hours: h }]\n"
                                "agents: [{ id: a01, name: a, skills: [all], phone: \"sip:1\", "
                                "direct: true }]\n";
    struct config_errors of_house = {0}, of_secrets = {0}, of_flow = {0};
    struct settings s;
    struct directory *d = NULL;
    struct config_secrets secrets;
    struct ivr_flow flow;
    settings_defaults(&s);
    int err = config_directory_read(&d, house, &s, &of_house);
    assert(!err);
    judge(config_secrets_read(&secrets, text, d, &of_secrets), &of_secrets);
    config_secrets_drop(&secrets);
    err = config_flow_read(&flow, text, d, &of_flow);
    judge(err, &of_flow);
    for (unsigned i = 0; !err && i < ARRAY_LEN(walks); i++)
        walk(&flow, walks[i]);
    config_directory_drop(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct config_errors of_settings = {0}, of_directory = {0}, of_profile = {0};
    struct settings s;
    struct directory *d = NULL;
    if (n > BYTES_MAX)
        return 0;
    char *text = malloc(n + 1);
    struct plan_profile *profile = calloc(1, sizeof(*profile));
    assert(text && profile);
    memcpy(text, data, n);
    text[n] = 0;
    judge(config_settings_read(&s, text, n, &of_settings), &of_settings);
    settings_defaults(&s);
    judge(config_directory_read(&d, text, &s, &of_directory), &of_directory);
    if (d)
        use(d, &s);
    judge(config_profile_read(profile, text, n, &of_profile), &of_profile);
    read_house(text);
    config_directory_drop(d);
    free(profile);
    free(text);
    return 0;
}
