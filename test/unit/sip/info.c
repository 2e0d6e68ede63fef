/* info.c — what bodies of INFO mean, as the field writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sip/info.h"

#define RELAY "application/dtmf-relay"
#define PLAIN "application/dtmf"

static const struct {
    const char *type, *body;
    enum sip_info_verdict verdict;
    char key;
} rows[] = {
    {RELAY, "Signal=5\r\nDuration=160\r\n", SIP_INFO_KEY, '5'},
    {RELAY, "Signal= 5\r\nDuration= 160", SIP_INFO_KEY, '5'},
    {RELAY, "Duration=250\nsignal=*\n", SIP_INFO_KEY, '*'},
    {"Application/DTMF-Relay; charset=x", "Signal=#", SIP_INFO_KEY, '#'},
    {RELAY, "Signal=a\r\n", SIP_INFO_KEY, 'A'},
    {RELAY, "Signal=10\r\n", SIP_INFO_KEY, '*'},
    {RELAY, "Signal=15\r\n", SIP_INFO_KEY, 'D'},
    {RELAY, "Signal=16\r\n", SIP_INFO_NOTHING, 0},
    {RELAY, "Signal=hf\r\n", SIP_INFO_NOTHING, 0},
    {RELAY, "Signal=17\r\n", SIP_INFO_DAMAGED, 0},
    {RELAY, "Signal=\r\n", SIP_INFO_DAMAGED, 0},
    {RELAY, "5", SIP_INFO_DAMAGED, 0},
    {RELAY, "a\nb\nc\nd\ne\nf\ng\nSignal=1", SIP_INFO_KEY, '1'},
    {RELAY, "a\nb\nc\nd\ne\nf\ng\nh\nSignal=1", SIP_INFO_DAMAGED, 0},
    {PLAIN, "5", SIP_INFO_KEY, '5'},
    {PLAIN, " 0 \r\n", SIP_INFO_KEY, '0'},
    {PLAIN, "Signal=7\r\n", SIP_INFO_KEY, '7'},
    {PLAIN, "", SIP_INFO_NOTHING, 0},
    {"", "5", SIP_INFO_FOREIGN, 0},
    {"application/xml", "<a/>", SIP_INFO_FOREIGN, 0},
    {"", "", SIP_INFO_NOTHING, 0},
};

static void each_body_of_the_field_is_what_it_means(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        const struct sip_in in = {.content_type = text_of(rows[i].type),
                                  .body = text_of(rows[i].body)};
        char key = 0;
        if (sip_info_read(&in, &key) != rows[i].verdict ||
            (rows[i].verdict == SIP_INFO_KEY && key != rows[i].key))
            fail_msg("%s: %s", rows[i].type, rows[i].body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_body_of_the_field_is_what_it_means),
    };
    return cmocka_run_group_tests_name("sip/info", tests, NULL, NULL);
}
