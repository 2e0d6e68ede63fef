/* nagios.c — tests of `decroche status --nagios`: the line, its figures, its level. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/nagios.h"

#define FIGURES                                                                                    \
    "{\"at\":1,\"health\":{\"status\":\"well\"},\"waiting\":3,\"longest_wait_ms\":12999,"          \
    "\"agents\":{\"signed_out\":9,\"ready\":2,\"offered\":1,\"joined\":4,\"wrap_up\":1,"           \
    "\"paused\":1},\"today\":{\"calls\":{\"answered\":40},\"received\":57,\"asked\":50,"           \
    "\"answered\":40}}"
#define SAYS                                                                                       \
    "3 en attente, 9 agents au travail (2 prêts), 40 répondus sur 50 demandes aujourd’hui | "  \
    "waiting=3;;;0 longest_wait=12s;;;0 agents_at_work=9;;;0 agents_ready=2;;;0 "                  \
    "calls_received=57;;;0 calls_asked=50;;;0 calls_answered=40;;;0\n"
#define ALARMS                                                                                     \
    "\"alarms\":[{\"alarm\":\"journal_down\",\"what\":\"a|b\"},{\"alarm\":\"clock_step\"}]}"

static void line_is(const struct nagios_seen *seen, enum nagios level, const char *line)
{
    char bytes[1024] = {0};
    struct text_out out = {.p = bytes, .max = sizeof(bytes) - 1};
    assert_int_equal(nagios_line(&out, seen), level);
    assert_string_equal(bytes, line);
}

static void health_is_the_level(void **state)
{
    (void)state;
    struct nagios_seen seen = {TEXT("{\"status\":\"well\",\"alarms\":[]}"), TEXT(FIGURES), 200};
    line_is(&seen, NAGIOS_OK, "DECROCHE OK - " SAYS);
    seen.health = TEXT("{\"status\":\"degraded\"," ALARMS);
    line_is(&seen, NAGIOS_WARNING,
            "DECROCHE WARNING - alarmes\u00a0: journal_down, clock_step\u00a0; " SAYS);
    seen.health = TEXT("{\"status\":\"down\"," ALARMS);
    line_is(&seen, NAGIOS_CRITICAL,
            "DECROCHE CRITICAL - alarmes\u00a0: journal_down, clock_step\u00a0; " SAYS);
}

static void without_figures_there_are_none(void **state)
{
    (void)state;
    struct nagios_seen seen = {TEXT("{\"status\":\"degraded\"," ALARMS), TEXT("{\"error\":\"\"}"),
                               503};
    static const char line[] = "DECROCHE WARNING - alarmes\u00a0: journal_down, clock_step\u00a0; "
                               "les chiffres ne sont pas encore là\n";
    line_is(&seen, NAGIOS_WARNING, line);
    seen.figures_status = 200;
    line_is(&seen, NAGIOS_WARNING, line);
}

static void what_cannot_be_read_is_unknown(void **state)
{
    (void)state;
    static const char line[] = "DECROCHE UNKNOWN - la réponse du service n’est pas lisible\n";
    line_is(&(struct nagios_seen){TEXT_NONE, TEXT_NONE, 0}, NAGIOS_UNKNOWN, line);
    line_is(&(struct nagios_seen){TEXT("{\"status\":\"fine\"}"), TEXT(FIGURES), 200},
            NAGIOS_UNKNOWN, line);
    line_is(&(struct nagios_seen){TEXT("<html>"), TEXT(FIGURES), 200}, NAGIOS_UNKNOWN, line);
}

static void silence_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        int err;
        enum nagios level;
        const char *line;
    } rows[] = {
        {ENOENT, NAGIOS_CRITICAL, "DECROCHE CRITICAL - aucun service à l’écoute\n"},
        {ECONNREFUSED, NAGIOS_CRITICAL, "DECROCHE CRITICAL - aucun service à l’écoute\n"},
        {ETIMEDOUT, NAGIOS_CRITICAL, "DECROCHE CRITICAL - le service ne répond pas\n"},
        {EACCES, NAGIOS_UNKNOWN,
         "DECROCHE UNKNOWN - le service ne peut pas être interrogé par cet utilisateur\n"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        char bytes[256] = {0};
        struct text_out out = {.p = bytes, .max = sizeof(bytes) - 1};
        assert_int_equal(nagios_silent(&out, rows[i].err), rows[i].level);
        assert_string_equal(bytes, rows[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_is_the_level),
        cmocka_unit_test(without_figures_there_are_none),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
        cmocka_unit_test(silence_has_its_reason),
    };
    return cmocka_run_group_tests_name("cli/nagios", tests, NULL, NULL);
}
