/* tcp.c — tests of phone/tcp.h: two ends of ours on loopback, and a plain socket that is slow,
 * unknown, one too many, or speaks no SIP. Time is moved by hand. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/pages.h"
#include "phone/tcp.h"

#define TURNS_MAX 200
#define TURN_MS 10

struct end {
    struct phone_tcp tcp;
    struct os_pages memory;
    struct phone_tcp_hears hears;
    struct sip_peer from;
    char got[PHONE_TCP_BYTES_MAX];
    size_t got_n;
    unsigned messages_n;
    bool is_closed, answers; /* lets nobody in; says back what it hears */
    ms_t now_at;
};

static bool lets_in(const struct sip_peer *from, void *arg)
{
    (void)from;
    return !((struct end *)arg)->is_closed;
}

static void take(char *bytes, size_t n, const struct sip_peer *from, void *arg)
{
    struct end *e = arg;
    memcpy(e->got, bytes, n);
    e->got_n = n;
    e->from = *from;
    e->messages_n++;
    if (e->answers)
        assert_true(phone_tcp_send(&e->tcp, from->connection, (struct text){bytes, n}));
}

static struct end *end_open(void)
{
    struct end *e = calloc(1, sizeof(*e));
    struct arena arena = {0};
    struct phone_tcp_args args = {.self = {.of = {{.ip = {127, 0, 0, 1}, .family = 4}}},
                                  .others = {-1, -1}};
    assert_non_null(e);
    phone_tcp_lay_out(&e->tcp, &arena);
    assert_int_equal(os_pages_open(&e->memory, arena.used), 0);
    arena = (struct arena){.base = e->memory.p, .size = arena.used, .is_zeroed = true};
    phone_tcp_lay_out(&e->tcp, &arena);
    int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    args.others[0] = other;
    args.transport = SIP_OVER_TCP;
    assert_int_equal(phone_tcp_open(&e->tcp, &args), 0);
    assert_int_equal(phone_tcp_listen(&e->tcp), 0);
    close(other);
    e->hears = (struct phone_tcp_hears){lets_in, take, e};
    e->now_at = 1000000;
    return e;
}

static void end_drop(struct end *e)
{
    phone_tcp_drop(&e->tcp);
    os_pages_drop(&e->memory);
    free(e);
}

static void turn(struct end *e)
{
    phone_tcp_turn(&e->tcp, &e->hears, e->now_at);
}

/* Both go on until what is true, or for long enough. */
#define UNTIL(what, a, b)                                                                          \
    do {                                                                                           \
        bool is_so_ = false;                                                                       \
        for (unsigned i_ = 0; i_ < TURNS_MAX && !(is_so_ = (what)); i_++) {                        \
            turn(a);                                                                               \
            turn(b);                                                                               \
            poll(NULL, 0, i_ ? TURN_MS : 0);                                                       \
        }                                                                                          \
        assert_true(is_so_);                                                                       \
    } while (0)

/* A socket that is no end of ours. */
static int plain(const struct end *to)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(phone_tcp_port(&to->tcp))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static bool is_ended(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN);
}

/* ---- */

static void a_message_goes_there_and_its_answer_comes_back_on_the_same_connection(void **state)
{
    (void)state;
    static const char text[] = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nab";
    struct end *a = end_open(), *b = end_open();
    b->answers = true;
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], 0);
    assert_int_not_equal(id, 0);
    assert_true(phone_tcp_send(&a->tcp, id, text_of(text))); /* before it stands */
    UNTIL(a->messages_n == 1, a, b);
    assert_int_equal(a->got_n, sizeof(text) - 1);
    assert_memory_equal(a->got, text, sizeof(text) - 1);
    assert_int_equal(a->from.connection, id);
    assert_int_equal(phone_tcp_to(&a->tcp, &b->tcp.self.of[0], 0), id); /* no second one */
    end_drop(a);
    end_drop(b);
}

static void what_nobody_takes_is_told_to_be_gone(void **state)
{
    (void)state;
    struct end *a = end_open(), *b = end_open();
    struct address nobody = b->tcp.self.of[0];
    end_drop(b);
    b = end_open();
    uint32_t id = phone_tcp_to(&a->tcp, &nobody, 0);
    if (id)
        assert_true(phone_tcp_send(&a->tcp, id, TEXT("A b SIP/2.0\r\n\r\n")));
    UNTIL(!phone_tcp_has(&a->tcp, id), a, b);
    assert_true(a->tcp.has_gone || !id);
    assert_false(phone_tcp_send(&a->tcp, id, TEXT("A b SIP/2.0\r\n\r\n")));
    end_drop(a);
    end_drop(b);
}

static void strangers_are_closed_at_once(void **state)
{
    (void)state;
    struct end *e = end_open();
    e->is_closed = true;
    int fd = plain(e);
    UNTIL(e->tcp.strangers_n == 1, e, e);
    UNTIL(is_ended(fd), e, e);
    assert_int_equal(e->tcp.n, 0);
    close(fd);
    end_drop(e);
}

static void a_ping_is_answered_and_noise_ends_the_connection(void **state)
{
    (void)state;
    struct end *e = end_open();
    char pong[8];
    int fd = plain(e);
    assert_int_equal(send(fd, "\r\n\r\n", 4, 0), 4);
    UNTIL(recv(fd, pong, sizeof(pong), MSG_DONTWAIT) == 2, e, e);
    static const char noise[] = "GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n";
    assert_true(send(fd, noise, sizeof(noise) - 1, 0) > 0);
    UNTIL(is_ended(fd), e, e);
    assert_int_equal(e->tcp.broken_n, 1);
    assert_int_equal(e->messages_n, 0);
    close(fd);
    end_drop(e);
}

static void who_does_not_finish_a_message_or_says_nothing_for_an_hour_is_closed(void **state)
{
    (void)state;
    struct end *e = end_open();
    int slow = plain(e), quiet = plain(e);
    assert_int_equal(send(slow, "INVITE", 6, 0), 6);
    UNTIL(e->tcp.n == 2, e, e);
    UNTIL(e->tcp.list[0].since_at != MS_NEVER || e->tcp.list[1].since_at != MS_NEVER, e, e);
    e->now_at += PHONE_TCP_SLOW_MS - 1;
    turn(e);
    assert_int_equal(e->tcp.n, 2);
    e->now_at += 2000; /* looked at once a second */
    turn(e);
    assert_int_equal(e->tcp.n, 1);
    UNTIL(is_ended(slow), e, e);
    e->now_at += PHONE_TCP_IDLE_MS;
    turn(e);
    UNTIL(is_ended(quiet), e, e);
    assert_int_equal(e->tcp.n, 0);
    assert_true(phone_tcp_next_at(&e->tcp) == MS_NEVER);
    close(slow);
    close(quiet);
    end_drop(e);
}

static void one_address_has_so_many_connections_and_not_one_more(void **state)
{
    (void)state;
    struct end *e = end_open();
    static int fds[PHONE_TCP_SOURCE_MAX + 1];
    struct rlimit files = {2 * PHONE_TCP_SOURCE_MAX + 64, 2 * PHONE_TCP_SOURCE_MAX + 64}, had;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &had), 0);
    if (had.rlim_cur < files.rlim_cur && (files.rlim_max = had.rlim_max) < files.rlim_cur)
        skip();
    if (had.rlim_cur < files.rlim_cur)
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    for (unsigned i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = plain(e);
        turn(e);
    }
    UNTIL(e->tcp.refused_n == 1, e, e);
    assert_int_equal(e->tcp.n, PHONE_TCP_SOURCE_MAX);
    UNTIL(is_ended(fds[PHONE_TCP_SOURCE_MAX]), e, e);
    for (unsigned i = 0; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    UNTIL(e->tcp.n == 0, e, e);
    end_drop(e);
}

/* A message of exactly n bytes. */
static void write_message(char *bytes, size_t n)
{
    static const char head[] = "A b SIP/2.0\r\nContent-Length: 16300\r\nP: ";
    memset(bytes, 'x', n);
    memcpy(bytes, head, sizeof(head) - 1);
    memcpy(bytes + n - 16300 - 4, "\r\n\r\n", 4);
}

static void a_message_at_the_bound_comes_whole_and_one_past_it_ends_the_connection(void **state)
{
    (void)state;
    static char bytes[PHONE_TCP_BYTES_MAX + 1];
    struct end *a = end_open(), *b = end_open();
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], 0);
    write_message(bytes, PHONE_TCP_BYTES_MAX);
    assert_true(phone_tcp_send(&a->tcp, id, (struct text){bytes, PHONE_TCP_BYTES_MAX}));
    UNTIL(b->messages_n == 1, a, b);
    assert_int_equal(b->got_n, PHONE_TCP_BYTES_MAX);
    write_message(bytes, sizeof(bytes));
    assert_true(phone_tcp_send(&a->tcp, id, (struct text){bytes, sizeof(bytes)}));
    UNTIL(b->tcp.broken_n == 1, a, b);
    UNTIL(!phone_tcp_has(&a->tcp, id), a, b);
    assert_int_equal(b->messages_n, 1);
    end_drop(a);
    end_drop(b);
}

static void who_does_not_read_is_left_once_what_waits_passes_its_bound(void **state)
{
    (void)state;
    static char bytes[PHONE_TCP_BYTES_MAX];
    struct end *a = end_open(), *b = end_open();
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], 0);
    write_message(bytes, sizeof(bytes));
    for (unsigned i = 0; i < PHONE_TCP_OUT_MAX / PHONE_TCP_BYTES_MAX; i++)
        assert_true(phone_tcp_send(&a->tcp, id, (struct text){bytes, sizeof(bytes)}));
    assert_false(phone_tcp_send(&a->tcp, id, TEXT("x")));
    assert_false(phone_tcp_has(&a->tcp, id));
    assert_int_equal(a->tcp.refused_n, 1);
    end_drop(a);
    end_drop(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_goes_there_and_its_answer_comes_back_on_the_same_connection),
        cmocka_unit_test(what_nobody_takes_is_told_to_be_gone),
        cmocka_unit_test(strangers_are_closed_at_once),
        cmocka_unit_test(a_ping_is_answered_and_noise_ends_the_connection),
        cmocka_unit_test(who_does_not_finish_a_message_or_says_nothing_for_an_hour_is_closed),
        cmocka_unit_test(one_address_has_so_many_connections_and_not_one_more),
        cmocka_unit_test(a_message_at_the_bound_comes_whole_and_one_past_it_ends_the_connection),
        cmocka_unit_test(who_does_not_read_is_left_once_what_waits_passes_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
