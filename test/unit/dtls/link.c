/* link.c — tests of dtls/dtls.h: two sides in one process, their datagrams through our hands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dtls/dtls.h"

#define WAITING_MAX 64
#define TURNS_MAX 100000000 /* turns without a datagram wait for one to be repeated */
#define REPEAT_US 5000
#define FLIGHTS_MAX 12

struct datagram {
    uint8_t bytes[DTLS_DATAGRAM_MAX];
    size_t n;
};

/* One side; what it sends waits for the other. */
struct side {
    struct dtls_house *house, *hasty; /* hasty: repeats at once */
    struct dtls_link *link;
    struct datagram waiting[WAITING_MAX];
    unsigned first_i, n, sent_n, lost_n;
    unsigned lose_each; /* one of so many that it sends is lost, by chance; 0: none */
    uint32_t chance;
    size_t longest_n;
};

static struct side sides[2]; /* active, passive */

static void keep(const uint8_t *bytes, size_t n, void *arg)
{
    struct side *s = arg;
    s->longest_n = n > s->longest_n ? n : s->longest_n;
    s->sent_n++;
    s->chance = s->chance * 1664525 + 1013904223;
    if (s->lose_each && (s->chance >> 16) % s->lose_each == 0) {
        s->lost_n++;
        return;
    }
    assert_true(s->n < WAITING_MAX && n <= DTLS_DATAGRAM_MAX);
    struct datagram *d = &s->waiting[(s->first_i + s->n++) % WAITING_MAX];
    memcpy(d->bytes, bytes, n);
    d->n = n;
}

static int open_houses(void **state)
{
    (void)state;
    const struct dtls_house_args usual = {.repeat_us = REPEAT_US}, hasty = {.repeat_us = 1};
    for (unsigned i = 0; i < 2; i++)
        if (dtls_house_open(&sides[i].house, &usual) || dtls_house_open(&sides[i].hasty, &hasty))
            return -1;
    return 0;
}

static int drop_houses(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        dtls_house_drop(sides[i].house);
        dtls_house_drop(sides[i].hasty);
    }
    return 0;
}

static void begin(unsigned i, const uint8_t *fingerprint)
{
    struct side *s = &sides[i];
    struct dtls_link_args args = {.house = s->house, .is_active = i == 0, .send = keep, .arg = s};
    memcpy(args.fingerprint, fingerprint, sizeof(args.fingerprint));
    s->first_i = s->n = s->sent_n = s->lost_n = s->lose_each = 0;
    s->longest_n = 0;
    s->link = dtls_link_new(&args);
    assert_non_null(s->link);
}

static void begin_both(void)
{
    for (unsigned i = 0; i < 2; i++)
        begin(i, dtls_house_fingerprint(sides[1 - i].house));
}

static void drop_both(void)
{
    for (unsigned i = 0; i < 2; i++)
        dtls_link_drop(sides[i].link);
}

static bool hand_over(unsigned i)
{
    struct side *s = &sides[i];
    if (!s->n)
        return false;
    const struct datagram d = s->waiting[s->first_i];
    s->first_i = (s->first_i + 1) % WAITING_MAX;
    s->n--;
    dtls_link_take(sides[1 - i].link, d.bytes, d.n);
    return true;
}

/* Until nothing is on its way; then what is due to be repeated. */
static void talk(void)
{
    for (unsigned turn = 0; turn < TURNS_MAX; turn++) {
        bool has_moved = hand_over(0), has_answered = hand_over(1);
        if (has_moved || has_answered)
            continue;
        bool is_over = dtls_link_state(sides[0].link) != DTLS_SHAKING &&
                       dtls_link_state(sides[1].link) != DTLS_SHAKING;
        if (is_over)
            return;
        dtls_link_run(sides[0].link);
        dtls_link_run(sides[1].link);
    }
}

static void assert_same_keys(void)
{
    struct dtls_keys a, b;
    dtls_link_keys(sides[0].link, &a);
    dtls_link_keys(sides[1].link, &b);
    assert_int_equal(a.suite, DTLS_GCM_128);
    assert_int_equal(b.suite, a.suite);
    assert_memory_equal(a.ours, b.theirs, 28);
    assert_memory_equal(a.theirs, b.ours, 28);
    assert_memory_not_equal(a.ours, a.theirs, 28);
}

static void both_sides_get_the_same_keys_crosswise(void **state)
{
    (void)state;
    begin_both();
    assert_int_equal(dtls_link_state(sides[0].link), DTLS_SHAKING);
    talk();
    assert_int_equal(dtls_link_state(sides[0].link), DTLS_UP);
    assert_int_equal(dtls_link_state(sides[1].link), DTLS_UP);
    assert_same_keys();
    assert_true(sides[0].longest_n <= DTLS_MTU && sides[1].longest_n <= DTLS_MTU);
    drop_both();
}

static void each_association_has_keys_of_its_own(void **state)
{
    (void)state;
    struct dtls_keys keys[2];
    for (unsigned i = 0; i < 2; i++) {
        begin_both();
        talk();
        dtls_link_keys(sides[0].link, &keys[i]);
        drop_both();
    }
    assert_memory_not_equal(keys[0].ours, keys[1].ours, 28);
}

static void lost_datagrams_are_repeated(void **state)
{
    (void)state;
    unsigned lost_n = 0;
    for (unsigned i = 0; i < 10; i++) {
        unsigned each = 4 + i % 4;
        begin_both();
        sides[0].chance = i;
        sides[1].chance = i + 1000;
        sides[0].lose_each = sides[1].lose_each = each;
        talk();
        assert_int_equal(dtls_link_state(sides[0].link), DTLS_UP);
        assert_int_equal(dtls_link_state(sides[1].link), DTLS_UP);
        lost_n += sides[0].lost_n + sides[1].lost_n;
        assert_same_keys();
        drop_both();
    }
    assert_true(lost_n >= 10);
}

static void silence_is_given_up_after_a_bounded_number_of_flights(void **state)
{
    (void)state;
    struct dtls_house *usual = sides[0].house;
    sides[0].house = sides[0].hasty;
    begin_both();
    sides[0].house = usual;
    sides[0].lose_each = 1;
    for (unsigned i = 0; i < 1000000 && dtls_link_state(sides[0].link) == DTLS_SHAKING; i++)
        dtls_link_run(sides[0].link);
    assert_int_equal(dtls_link_state(sides[0].link), DTLS_FAILED);
    assert_true(sides[0].sent_n <= FLIGHTS_MAX + 1);
    assert_int_equal(dtls_link_wait_ms(sides[0].link), MS_NEVER);
    drop_both();
}

static void another_certificate_than_the_offer_named_gets_no_keys(void **state)
{
    (void)state;
    for (unsigned who = 0; who < 2; who++) { /* who finds it out */
        uint8_t other[DTLS_FINGERPRINT_BYTES];
        begin_both();
        dtls_link_drop(sides[who].link);
        memcpy(other, dtls_house_fingerprint(sides[1 - who].house), sizeof(other));
        other[31] ^= 1;
        begin(who, other);
        talk();
        assert_int_equal(dtls_link_state(sides[who].link), DTLS_FAILED);
        assert_string_equal(dtls_link_why(sides[who].link),
                            "its certificate is not the one that its offer named");
        drop_both();
    }
}

static void who_closes_is_heard(void **state)
{
    (void)state;
    begin_both();
    talk();
    dtls_link_drop(sides[0].link);
    sides[0].link = NULL;
    assert_true(hand_over(0));
    assert_int_equal(dtls_link_state(sides[1].link), DTLS_CLOSED);
    drop_both();
}

static void noise_and_what_is_too_long_change_nothing(void **state)
{
    (void)state;
    uint8_t noise[DTLS_DATAGRAM_MAX + 1];
    begin_both();
    talk();
    for (unsigned i = 0; i < sizeof(noise); i++)
        noise[i] = (uint8_t)(20 + i % 43);
    for (size_t n = 0; n <= sizeof(noise); n += 64)
        dtls_link_take(sides[1].link, noise, n);
    dtls_link_take(sides[1].link, noise, sizeof(noise));
    assert_int_equal(dtls_link_state(sides[1].link), DTLS_UP);
    assert_same_keys();
    drop_both();
}

static void a_house_has_a_certificate_of_its_own(void **state)
{
    (void)state;
    assert_memory_not_equal(dtls_house_fingerprint(sides[0].house),
                            dtls_house_fingerprint(sides[1].house), DTLS_FINGERPRINT_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_get_the_same_keys_crosswise),
        cmocka_unit_test(each_association_has_keys_of_its_own),
        cmocka_unit_test(lost_datagrams_are_repeated),
        cmocka_unit_test(silence_is_given_up_after_a_bounded_number_of_flights),
        cmocka_unit_test(another_certificate_than_the_offer_named_gets_no_keys),
        cmocka_unit_test(who_closes_is_heard),
        cmocka_unit_test(noise_and_what_is_too_long_change_nothing),
        cmocka_unit_test(a_house_has_a_certificate_of_its_own),
    };
    return cmocka_run_group_tests(tests, open_houses, drop_houses);
}
