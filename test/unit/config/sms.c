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

static void a_page_that_nobody_reads_or_one_address_fills_is_told(void **state)
{
    (void)state;
    struct desk *d = open_desk();
    struct settings_webtext *s = &d->settings.webtext;
    assert_null(config_webtext_unread(s, d->directory)); /* off, as by default */
    s->on = true;
    config_webtext_desk(&d->settings, d->directory);
    assert_true(d->directory->texts.has_page && d->directory->texts.open_max == 200);
    assert_true(d->directory->texts.address_max == 10 && d->directory->texts.keep_ms > 0);
    assert_non_null(strstr(config_webtext_unread(s, d->directory), "ecrit"));
    assert_false(directory_is_written(d->directory, 0));
    d->directory->agents[0].writes = d->directory->agents[0].is_robot = true;
    assert_non_null(config_webtext_unread(s, d->directory));
    d->directory->agents[0].is_robot = false;
    assert_null(config_webtext_unread(s, d->directory));
    assert_true(directory_is_written(d->directory, 0));
    assert_false(directory_is_written(d->directory, 1)); /* of the other service */
    s->address_max = s->open_max;
    assert_null(config_webtext_unread(s, d->directory));
    s->address_max++;
    assert_non_null(strstr(config_webtext_unread(s, d->directory), "webtext.address_max"));
    drop_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_wait_in_the_queue_that_is_named_or_in_the_first),
        cmocka_unit_test(a_service_whose_agents_do_not_write_is_told),
        cmocka_unit_test(a_page_that_nobody_reads_or_one_address_fills_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
