/* automatic.c — from which number a machine may open the calls back: of the right range, and ours.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "config/automatic.h"
#include "config/directory.h"

static const char house[] =
    "organisation: { name: Mairie }\nhours: { bureau: { lun-ven: \"09:00-17:00\" } }\n"
    "services: [{ id: accueil, name: Accueil, hours: bureau }]\n"
    "numbers:\n"
    "  - { number: \"05 68 12 34 56\", tariff: normal, flow: accueil, hours: bureau }\n"
    "  - { number: \"05 55 12 34 56\", tariff: normal, flow: accueil, hours: bureau }\n"
    "agents: [{ id: a01, name: Anne, skills: [accueil], phone: \"sip:101\" }]\n";

static struct directory *house_open(void)
{
    struct config_errors errors = {0};
    struct directory *d = NULL;
    struct settings s;
    settings_defaults(&s);
    assert_int_equal(config_directory_read(&d, house, &s, &errors), 0);
    return d;
}

/* What is said of this number, and the one that comes of it. */
static const char *said(const char *number, bool wants, uint64_t *e164)
{
    static struct config_errors errors;
    struct directory *d = house_open();
    struct settings s;
    settings_defaults(&s);
    memcpy(s.caller_id.automatic, number, strlen(number) + 1);
    if (wants)
        s.callback.confirm = SETTINGS_CALLBACK_CONFIRM_KEY;
    errors = (struct config_errors){.file = "decroche.yaml"};
    int err = config_automatic_read(e164, &s, d, &errors);
    config_directory_drop(d);
    assert_int_equal(err, errors.n ? EINVAL : 0);
    return errors.n ? errors.list[0].what : NULL;
}

static void a_machine_needs_a_number_of_its_own(void **state)
{
    (void)state;
    uint64_t e164 = 1;
    assert_null(said("", false, &e164));
    assert_int_equal(e164, 0);
    assert_non_null(strstr(said("", true, &e164), "sans num"));
    assert_null(said("05 68 12 34 56", true, &e164));
    assert_int_equal(e164, UINT64_C(33568123456));
    assert_null(said("05 68 12 34 56", false, &e164)); /* kept for later */
    assert_int_equal(e164, 0);
}

static void of_the_ranges_of_machines_and_ours(void **state)
{
    (void)state;
    uint64_t e164;
    assert_non_null(strstr(said("05 55 12 34 56", true, &e164), "pas le droit"));
    assert_non_null(strstr(said("05 55 12 34 56", false, &e164), "pas le droit"));
    assert_non_null(strstr(said("05 68 12 34 57", true, &e164), "ne joindrait"));
    assert_non_null(strstr(said("bonjour", true, &e164), "pas un num"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_needs_a_number_of_its_own),
        cmocka_unit_test(of_the_ranges_of_machines_and_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
