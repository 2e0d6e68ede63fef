/* sms.c — tests of config/sms.h: in whose queue texts wait, how many an agent has, and who answers.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/sms.h"

struct desk {
    struct settings settings;
    struct directory *directory;
    struct config_errors errors;
};

static struct desk *open_desk(void)
{
    const struct directory_room room = {.agents_n = 2, .services_n = 2};
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    size_t n = (directory_bytes(&room) + 63) / 64 * 64;
    d->directory = directory_open(memset(aligned_alloc(64, n), 0, n), &room);
    d->directory->services_n = d->directory->agents_n = 2;
    memcpy(d->directory->services[0].id, "accueil", 8);
    memcpy(d->directory->services[1].id, "famille", 8);
    for (unsigned i = 0; i < 2; i++) {
        d->directory->agents[i].services[0] = i;
        d->directory->agents[i].services_n = 1;
    }
    settings_defaults(&d->settings);
    d->settings.sms.driver = SETTINGS_SMS_DRIVER_HTTP;
    d->settings.sms.answers = true;
    return d;
}

static void drop_desk(struct desk *d)
{
    free(d->directory);
    free(d);
}

static int settle(struct desk *d, const char *service)
{
    memcpy(d->settings.sms.service, service, strlen(service) + 1);
    return config_sms_desk(&d->settings.sms, d->directory, &d->errors);
}

static void texts_wait_in_the_queue_that_is_named_or_in_the_first(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    assert_int_equal(settle(d, "famille"), 0);
    assert_int_equal(d->directory->texts.service, 1);
    assert_int_equal(d->directory->texts.at_once, 2);
    assert_int_equal(settle(d, ""), 0);
    assert_int_equal(d->directory->texts.service, 0);
    assert_int_equal(settle(d, "famill"), EINVAL);
    assert_int_equal(d->errors.n, 1);
    drop_desk(d);
}

static void a_service_whose_agents_do_not_write_is_told(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    assert_int_equal(settle(d, "famille"), 0);
    assert_non_null(config_sms_unread(&d->settings.sms, d->directory));
    d->directory->agents[0].writes = true; /* of the other service */
    assert_non_null(config_sms_unread(&d->settings.sms, d->directory));
    d->directory->agents[1].writes = d->directory->agents[1].is_robot = true;
    assert_non_null(config_sms_unread(&d->settings.sms, d->directory));
    d->directory->agents[1].is_robot = false;
    assert_null(config_sms_unread(&d->settings.sms, d->directory));
    d->directory->agents[1].writes = false;
    d->settings.sms.answers = false; /* nothing comes */
    assert_null(config_sms_unread(&d->settings.sms, d->directory));
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_wait_in_the_queue_that_is_named_or_in_the_first),
        cmocka_unit_test(a_service_whose_agents_do_not_write_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
