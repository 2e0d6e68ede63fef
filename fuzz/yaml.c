/* yaml.c — fuzz target of the readers of files: any bytes, read as settings, as a directory and as
 * a profile. Either all is right and nothing is said, or something is said; never both. What is
 * right can be used: its commands are walked, its hours asked. */
#include <stdlib.h>
#include <string.h>

#include "config/directory.h"
#include "config/profile.h"
#include "config/settings.h"
#include "directory/commands.h"
#include "directory/hours.h"

#define BYTES_MAX (1u << 16)
#define TEXT_BYTES 20000
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
    assert(n <= 3 + 2 * d->services_n + d->agents_n);
    for (uint32_t i = 0; i < d->services_n && i < 4; i++) {
        struct directory_opening o = directory_opening_at(d, d->services[i].weeks, SOME_MONDAY_AT);
        assert(o.until_at > SOME_MONDAY_AT);
    }
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
    config_directory_drop(d);
    free(profile);
    free(text);
    return 0;
}
