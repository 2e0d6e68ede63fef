/* family.c — a house with an address of each family: each peer is spoken with in its own, from one
 * port, and two of them are joined like any two. */
#include <errno.h>

#include "test/support/telephone.h"

/* A telephone in IPv6, with nothing but its socket. */
struct six {
    int fd;
    uint16_t port, seq;
};

static struct sockaddr_in6 six_loopback(uint16_t port)
{
    return (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
}

/* False: this machine has no IPv6. */
static bool six_open(struct six *six)
{
    struct sockaddr_in6 here = six_loopback(0);
    socklen_t n = sizeof(here);
    *six = (struct six){.fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0)};
    if (six->fd < 0 || bind(six->fd, (struct sockaddr *)&here, n) ||
        getsockname(six->fd, (struct sockaddr *)&here, &n))
        return false;
    six->port = ntohs(here.sin6_port);
    return true;
}

static struct media_address six_address(uint16_t port)
{
    return (struct media_address){.ip = {[15] = 1}, .ip_n = 16, .port = port};
}

static void six_say(struct six *six, uint16_t to_port, uint8_t code)
{
    uint8_t bytes[RTP_HEADER_BYTES + STUDIO_FRAME];
    struct rtp_header head = {
        .type = 8, .seq = six->seq, .ticks = 160u * six->seq, .ssrc = 0x66666666};
    struct sockaddr_in6 to = six_loopback(to_port);
    six->seq++;
    rtp_write(bytes, &head);
    memset(bytes + RTP_HEADER_BYTES, code, STUDIO_FRAME);
    assert_true(sendto(six->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)) > 0);
}

/* Packets of this port; the first byte of sound of the last one. */
static unsigned six_hear(struct six *six, uint16_t from_port, uint8_t *code)
{
    uint8_t bytes[TELEPHONE_BYTES];
    struct sockaddr_in6 from;
    socklen_t from_n = sizeof(from);
    unsigned n = 0;
    for (ssize_t got;
         (got = recvfrom(six->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_n)) > 0;
         from_n = sizeof(from)) {
        if (ntohs(from.sin6_port) != from_port)
            continue;
        *code = bytes[RTP_HEADER_BYTES];
        n++;
    }
    return n;
}

static void both_open(struct studio *s, struct six *six)
{
    struct media_args args = {.streams_max = 40};
    if (!six_open(six))
        skip();
    assert_true(media_bind(&args, TEXT("127.0.0.1, ::1")));
    studio_open_with(s, args);
}

static void a_stream_turns_to_the_family_of_its_peer_and_back_at_one_port(void **state)
{
    (void)state;
    struct studio s;
    struct six six;
    struct telephone p;
    uint8_t code = 0;
    both_open(&s, &six);
    uint16_t music = studio_prompt(&s, 200, 1);
    telephone_open(&p, &s);
    uint16_t port = ntohs(p.to.sin_port);
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = music;
    telephone_set(&p, &s);
    studio_run(&s, 100);
    telephone_listen(&p, s.at);
    assert_true(p.takes_n >= 4);
    const struct media_want four = p.want;
    p.want.rtp = six_address(six.port);
    p.want.rtcp = six_address((uint16_t)(six.port + 1));
    telephone_set(&p, &s);
    studio_run(&s, 20);
    telephone_listen(&p, s.at);
    p.takes_n = 0;
    studio_run(&s, 100);
    telephone_listen(&p, s.at);
    assert_int_equal(p.takes_n, 0);
    assert_true(six_hear(&six, port, &code) >= 5);
    p.want = four;
    telephone_set(&p, &s);
    studio_run(&s, 20);
    (void)six_hear(&six, port, &code);
    studio_run(&s, 100);
    telephone_listen(&p, s.at);
    assert_true(p.takes_n >= 5);
    assert_int_equal(six_hear(&six, port, &code), 0);
    telephone_close(&p);
    close(six.fd);
    studio_close(&s);
}

static void a_caller_and_an_agent_of_two_families_hear_each_other(void **state)
{
    (void)state;
    struct studio s;
    struct six six;
    struct telephone p;
    struct media_opened opened;
    uint8_t code = 0;
    unsigned heard_n = 0;
    both_open(&s, &six);
    telephone_open(&p, &s);
    const struct media_opening how = {.near = p.ref, .ip_n = 16};
    assert_int_equal(s.port.open(s.port.arg, &how, &opened), MEDIA_OPENED);
    struct media_want want = {.rtp = six_address(six.port),
                              .rtcp = six_address((uint16_t)(six.port + 1)),
                              .codec = MEDIA_PCMA,
                              .payload_type = 8,
                              .direction = MEDIA_SENDRECV,
                              .then = MEDIA_BRIDGE,
                              .peer = p.ref};
    p.want.then = MEDIA_BRIDGE;
    p.want.peer = opened.ref;
    telephone_set(&p, &s);
    assert_int_equal(s.port.set(s.port.arg, opened.ref, &want), 0);
    studio_run(&s, 5);
    for (unsigned i = 0; i < 20; i++) {
        telephone_say(&p, 0x33, STUDIO_FRAME);
        six_say(&six, opened.rtp_port, 0x44);
        studio_run(&s, 20);
        telephone_listen(&p, s.at);
        heard_n += six_hear(&six, opened.rtp_port, &code);
    }
    assert_true(heard_n >= 19);
    assert_int_equal(code, 0x33);
    assert_true(p.takes_n >= 19);
    assert_int_equal(p.takes[p.takes_n - 1].payload[0], 0x44);
    telephone_close(&p);
    close(six.fd);
    studio_close(&s);
}

static void a_family_that_we_have_not_is_refused_and_so_are_two_at_once(void **state)
{
    (void)state;
    struct studio s;
    struct six six;
    struct telephone p;
    studio_open(&s);
    telephone_open(&p, &s);
    p.want.rtp = six_address(4000);
    p.want.rtcp.ip_n = 0;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &p.want), EAFNOSUPPORT);
    telephone_close(&p);
    studio_close(&s);
    both_open(&s, &six);
    telephone_open(&p, &s);
    p.want.rtcp = six_address(4001);
    assert_int_equal(s.port.set(s.port.arg, p.ref, &p.want), EAFNOSUPPORT);
    telephone_close(&p);
    close(six.fd);
    studio_close(&s);
}

/* Only where a stream turns: what it does goes on. */
static void a_port_that_another_program_has_in_the_other_family_is_told(void **state)
{
    (void)state;
    struct studio s;
    struct six six, other;
    struct telephone p;
    both_open(&s, &six);
    telephone_open(&p, &s);
    p.want.then = MEDIA_LOOP;
    p.want.loop_id = studio_prompt(&s, 50, 1);
    telephone_set(&p, &s);
    struct sockaddr_in6 there = six_loopback(ntohs(p.to.sin_port));
    other.fd = socket(AF_INET6, SOCK_DGRAM, 0);
    assert_int_equal(bind(other.fd, (struct sockaddr *)&there, sizeof(there)), 0);
    struct media_want want = p.want;
    want.rtp = six_address(six.port);
    want.rtcp.ip_n = 0;
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), EADDRINUSE);
    studio_run(&s, 100);
    telephone_listen(&p, s.at);
    assert_true(p.takes_n >= 4);
    close(other.fd);
    assert_int_equal(s.port.set(s.port.arg, p.ref, &want), 0);
    telephone_close(&p);
    close(six.fd);
    studio_close(&s);
}

static void addresses_of_the_settings_are_bound_or_refused(void **state)
{
    (void)state;
    struct media_args args = {.streams_max = 1};
    assert_true(media_bind(&args, TEXT("::1")));
    assert_int_equal(args.bind[0].ip_n, 0);
    assert_int_equal(args.bind[1].ip_n, 16);
    assert_true(media_bind(&args, TEXT("127.0.0.1")));
    assert_int_equal(args.bind[0].ip_n, 4);
    assert_int_equal(args.bind[1].ip_n, 0);
    assert_false(media_bind(&args, TEXT("127.0.0.1, 127.0.0.2")));
    assert_false(media_bind(&args, TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_turns_to_the_family_of_its_peer_and_back_at_one_port),
        cmocka_unit_test(a_caller_and_an_agent_of_two_families_hear_each_other),
        cmocka_unit_test(a_family_that_we_have_not_is_refused_and_so_are_two_at_once),
        cmocka_unit_test(a_port_that_another_program_has_in_the_other_family_is_told),
        cmocka_unit_test(addresses_of_the_settings_are_bound_or_refused),
    };
    return cmocka_run_group_tests_name("media/family", tests, NULL, NULL);
}
