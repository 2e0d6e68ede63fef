/* ports.c — tests of media/ports.h: pairs in turn, and one that is wanted. */
#include <errno.h>

#include "media/ports.h"
#include "test/support/studio.h"

static void the_longest_free_goes_next(void **state)
{
    (void)state;
    struct ports p;
    assert_int_equal(ports_open(&p, 20001, 20001), EINVAL);
    assert_int_equal(ports_open(&p, 20001, 20007), 0); /* 20002, 20004, 20006 */
    assert_int_equal(ports_take(&p), 20002);
    ports_give(&p, 20002);
    assert_int_equal(ports_take(&p), 20004);
    assert_int_equal(ports_take(&p), 20006);
    assert_int_equal(ports_take(&p), 20002);
    assert_int_equal(ports_take(&p), 0);
    ports_drop(&p);
}

static void one_that_is_wanted_is_given_once(void **state)
{
    (void)state;
    struct ports p;
    assert_int_equal(ports_open(&p, 20000, 20007), 0);
    assert_true(ports_take_this(&p, 20004));
    assert_false(ports_take_this(&p, 20004));
    assert_false(ports_take_this(&p, 20005)); /* RTCP of it */
    assert_false(ports_take_this(&p, 20008));
    unsigned others_n = 0;
    for (uint16_t port = ports_take(&p); port; port = ports_take(&p), others_n++)
        assert_int_not_equal(port, 20004);
    assert_int_equal(others_n, 3);
    assert_false(ports_take_this(&p, 20000));
    ports_give(&p, 20004);
    assert_true(ports_take_this(&p, 20004));
    ports_drop(&p);
}

/* Where an earlier process had it; not where somebody is, nor outside of the range. */
static void a_stream_is_opened_at_its_former_port(void **state)
{
    (void)state;
    struct studio s;
    struct media_opened a, b, c;
    studio_open(&s);
    const struct media_opening none = {.port = 0};
    assert_int_equal(s.port.open(s.port.arg, &none, &a), MEDIA_OPENED);
    uint16_t wanted = (uint16_t)(a.rtp_port + 20);
    const struct media_opening there = {.port = wanted}, outside = {.port = 1024};
    assert_int_equal(s.port.open(s.port.arg, &there, &b), MEDIA_OPENED);
    assert_int_equal(b.rtp_port, wanted);
    assert_int_equal(s.port.open(s.port.arg, &there, &c), MEDIA_PORTS_EXHAUSTED);
    assert_int_equal(s.port.open(s.port.arg, &outside, &c), MEDIA_PORTS_EXHAUSTED);
    for (unsigned i = 0; i < 30; i++) { /* nobody is given it meanwhile */
        assert_int_equal(s.port.open(s.port.arg, &none, &c), MEDIA_OPENED);
        assert_int_not_equal(c.rtp_port, wanted);
    }
    s.port.drop(s.port.arg, b.ref);
    studio_run(&s, 40);
    assert_int_equal(s.port.open(s.port.arg, &there, &c), MEDIA_OPENED);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_free_goes_next),
        cmocka_unit_test(one_that_is_wanted_is_given_once),
        cmocka_unit_test(a_stream_is_opened_at_its_former_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
