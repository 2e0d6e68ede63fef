/* rtp.c — tests of the RTP header, and of who is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "media/rtp.h"
#include "media/source.h"

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    uint8_t bytes[RTP_HEADER_BYTES + 5] = {0};
    struct rtp_header in = {
        .has_marker = true, .type = 127, .seq = 65535, .ticks = 0xfffffff0, .ssrc = 0x80000001};
    struct rtp_header out;
    rtp_write(bytes, &in);
    assert_int_equal(rtp_read(&out, bytes, sizeof(bytes)), RTP_GOOD);
    assert_true(out.has_marker && out.type == 127 && out.seq == 65535);
    assert_true(out.ticks == 0xfffffff0 && out.ssrc == 0x80000001);
    assert_true(out.payload_i == RTP_HEADER_BYTES && out.payload_n == 5);
}

static void the_payload_stands_behind_csrcs_and_extension_and_before_padding(void **state)
{
    (void)state;
    uint8_t bytes[12 + 8 + 4 + 4 + 3 + 2] = {0x80 | 0x20 | 0x10 | 2, 8};
    struct rtp_header h;
    bytes[23] = 1; /* one word of extension */
    bytes[sizeof(bytes) - 1] = 2;
    assert_int_equal(rtp_read(&h, bytes, sizeof(bytes)), RTP_GOOD);
    assert_int_equal(h.payload_i, 28);
    assert_int_equal(h.payload_n, 3);
}

static void each_contradiction_is_seen(void **state)
{
    (void)state;
    struct rtp_header h;
    uint8_t bytes[40] = {0x80, 8};
    for (size_t n = 1; n < RTP_HEADER_BYTES; n++)
        assert_int_equal(rtp_read(&h, bytes, n), RTP_SHORT);
    assert_int_equal(rtp_read(&h, bytes, 0), RTP_SHORT);
    for (unsigned version = 0; version < 4; version++) {
        bytes[0] = (uint8_t)(version << 6);
        assert_int_equal(rtp_read(&h, bytes, 40), version == 2 ? RTP_GOOD : RTP_FOREIGN);
    }
    bytes[0] = 0x8f; /* fifteen CSRCs do not fit */
    assert_int_equal(rtp_read(&h, bytes, 40), RTP_DAMAGED);
    bytes[0] = 0x90; /* an extension that ends behind the packet, or has no head */
    bytes[15] = 7;
    assert_int_equal(rtp_read(&h, bytes, 40), RTP_DAMAGED);
    assert_int_equal(rtp_read(&h, bytes, 15), RTP_DAMAGED);
    bytes[0] = 0xa0; /* padding: none, more than there is, all there is */
    assert_int_equal(rtp_read(&h, bytes, 40), RTP_DAMAGED);
    bytes[39] = 29;
    assert_int_equal(rtp_read(&h, bytes, 40), RTP_DAMAGED);
    bytes[39] = 28;
    assert_int_equal(rtp_read(&h, bytes, 40), RTP_GOOD);
    assert_int_equal(h.payload_n, 0);
}

/* ---- who is believed ---- */

static struct media_address at(uint8_t last, uint16_t port)
{
    return (struct media_address){.ip = {192, 0, 2, last}, .ip_n = 4, .port = port};
}

static enum source_verdict packet(struct source *s, struct media_address from, uint16_t seq)
{
    struct rtp_header h = {.type = 8, .seq = seq, .ssrc = 5};
    return source_judge(s, &from, &h);
}

static void the_negotiated_address_is_trusted_at_once_and_alone(void **state)
{
    (void)state;
    struct source s;
    struct media_address peer = at(1, 4000);
    source_begin(&s, &peer, false);
    assert_int_equal(packet(&s, at(1, 4000), 1), SOURCE_TRUSTED);
    for (uint16_t i = 0; i < 100; i++) {
        assert_int_equal(packet(&s, at(1, 4002), i), SOURCE_REFUSED);
        assert_int_equal(packet(&s, at(2, 4000), i), SOURCE_REFUSED);
    }
    assert_int_equal(packet(&s, at(1, 4000), 2), SOURCE_TRUSTED);
}

static void another_port_of_the_same_address_must_prove_itself(void **state)
{
    (void)state;
    struct source s;
    struct media_address peer = at(1, 4000);
    source_begin(&s, &peer, false);
    assert_int_equal(packet(&s, at(1, 5000), 65534), SOURCE_PROVING);
    assert_int_equal(packet(&s, at(1, 5000), 65535), SOURCE_PROVING);
    assert_int_equal(packet(&s, at(1, 6000), 7), SOURCE_PROVING); /* begins anew */
    assert_int_equal(packet(&s, at(1, 5000), 65534), SOURCE_PROVING);
    assert_int_equal(packet(&s, at(1, 5000), 65535), SOURCE_PROVING);
    assert_int_equal(packet(&s, at(2, 5000), 0), SOURCE_REFUSED); /* says nothing at all */
    assert_int_equal(packet(&s, at(1, 5000), 0), SOURCE_LATCHED);
    assert_int_equal(packet(&s, at(1, 5000), 1), SOURCE_TRUSTED);
    assert_int_equal(packet(&s, at(1, 4000), 1), SOURCE_REFUSED);
}

static void another_address_is_believed_behind_nat_only(void **state)
{
    (void)state;
    for (int is_nat = 0; is_nat < 2; is_nat++) {
        struct source s;
        struct media_address peer = at(1, 4000);
        source_begin(&s, &peer, is_nat);
        packet(&s, at(9, 4000), 1);
        packet(&s, at(9, 4000), 2);
        assert_int_equal(packet(&s, at(9, 4000), 3), is_nat ? SOURCE_LATCHED : SOURCE_REFUSED);
    }
}

static void after_the_first_packets_nobody_else_is_believed(void **state)
{
    (void)state;
    struct source s;
    struct media_address peer = at(1, 4000);
    source_begin(&s, &peer, true);
    for (uint16_t i = 0; i < SOURCE_FIRST_N; i++)
        assert_int_equal(packet(&s, at(9, 4000), (uint16_t)(2 * i)), SOURCE_PROVING);
    for (uint16_t i = 0; i < 10; i++)
        assert_int_equal(packet(&s, at(9, 4000), i), SOURCE_REFUSED);
    assert_int_equal(packet(&s, at(1, 4000), 1), SOURCE_TRUSTED);
    struct media_address nobody = {.ip_n = 0};
    source_begin(&s, &nobody, true);
    assert_int_equal(packet(&s, at(9, 4000), 1), SOURCE_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(the_payload_stands_behind_csrcs_and_extension_and_before_padding),
        cmocka_unit_test(each_contradiction_is_seen),
        cmocka_unit_test(the_negotiated_address_is_trusted_at_once_and_alone),
        cmocka_unit_test(another_port_of_the_same_address_must_prove_itself),
        cmocka_unit_test(another_address_is_believed_behind_nat_only),
        cmocka_unit_test(after_the_first_packets_nobody_else_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
