/* srv.c — tests of os/srv.h against a name server of our own on loopback: order, bounds, answers
 * that are torn, and a service that is not offered. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/endpoint.h"
#include "os/resolve.h"
#include "os/srv.h"
#include "os/thread.h"

#define HEAD_N 12
#define QUESTION_MAX 64

/* What the server answers: rows of (priority, weight, port, machine); torn: cut by so many bytes.
 */
struct row {
    uint16_t priority, weight, port;
    const char *machine;
};
struct server {
    int fd;
    struct address at;
    struct os_thread thread;
    const struct row *rows;
    unsigned rows_n, torn_n;
};

static size_t put_name(uint8_t *to, const char *name)
{
    size_t n = 0;
    struct text rest = text_of(name);
    while (rest.n) {
        struct text label = text_cut(&rest, '.');
        if (!label.n)
            continue;
        to[n++] = (uint8_t)label.n;
        memcpy(to + n, label.p, label.n);
        n += label.n;
    }
    to[n++] = 0;
    return n;
}

static void put_16(uint8_t *to, unsigned v)
{
    to[0] = (uint8_t)(v >> 8);
    to[1] = (uint8_t)v;
}

/* A record that names the question by a pointer (RFC 1035 §4.1.4). */
static size_t put_row(uint8_t *to, const struct row *row)
{
    static const uint8_t begin[] = {0xc0, HEAD_N, 0, 33, 0, 1, 0, 0, 0, 60};
    memcpy(to, begin, sizeof(begin));
    uint8_t *data = to + sizeof(begin) + 2;
    put_16(data, row->priority);
    put_16(data + 2, row->weight);
    put_16(data + 4, row->port);
    size_t n = 6 + put_name(data + 6, row->machine);
    put_16(to + sizeof(begin), (unsigned)n);
    return sizeof(begin) + 2 + n;
}

static void *serve(void *arg)
{
    struct server *s = arg;
    uint8_t bytes[4096];
    struct sockaddr_storage from;
    for (;;) {
        socklen_t from_n = sizeof(from);
        ssize_t n = recvfrom(s->fd, bytes, 512, 0, (struct sockaddr *)&from, &from_n);
        if (n < HEAD_N)
            return NULL;
        size_t at = HEAD_N;
        while (at < (size_t)n && bytes[at])
            at += bytes[at] + 1u;
        at += 5;
        put_16(bytes + 2, 0x8180);
        put_16(bytes + 6, s->rows_n);
        put_16(bytes + 8, 0);
        put_16(bytes + 10, 0);
        for (unsigned i = 0; i < s->rows_n; i++)
            at += put_row(bytes + at, &s->rows[i]);
        sendto(s->fd, bytes, at - s->torn_n, 0, (struct sockaddr *)&from, from_n);
    }
}

static void server_open(struct server *s, const struct row *rows, unsigned n, unsigned torn_n)
{
    struct sockaddr_storage local;
    struct address at = {.ip = {127, 0, 0, 1}, .family = 4};
    socklen_t local_n = os_endpoint_of(&local, &at);
    *s = (struct server){.rows = rows, .rows_n = n, .torn_n = torn_n};
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&local, local_n), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&local, &local_n), 0);
    s->at = os_endpoint_read(&local);
    const struct os_thread_args args = {"names", serve, s};
    assert_int_equal(os_thread_open(&s->thread, &args), 0);
}

static void server_close(struct server *s)
{
    struct sockaddr_storage to;
    socklen_t n = os_endpoint_of(&to, &s->at);
    assert_int_equal(sendto(s->fd, "", 1, 0, (struct sockaddr *)&to, n),
                     1); /* too short: it ends */
    os_thread_drop(&s->thread);
    close(s->fd);
}

static uint32_t ask(const struct row *rows, unsigned n, struct os_srv *found, bool *is_refused)
{
    struct server s;
    server_open(&s, rows, n, 0);
    uint32_t found_n = os_srv_find(&s.at, "_sip._udp.operateur.example", found, is_refused);
    server_close(&s);
    return found_n;
}

static void records_come_in_the_order_in_which_they_are_to_be_tried(void **state)
{
    (void)state;
    static const struct row rows[] = {{20, 0, 5060, "c.example"},
                                      {10, 5, 5062, "b.example"},
                                      {10, 60, 5061, "a.example"},
                                      {10, 5, 5063, "b.example"}};
    struct os_srv found[OS_SRV_MAX];
    bool is_refused;
    assert_int_equal(ask(rows, 4, found, &is_refused), 4);
    assert_false(is_refused);
    const uint16_t ports[] = {5061, 5062, 5063, 5060};
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(found[i].port, ports[i]);
    assert_string_equal(found[0].name, "a.example");
    assert_string_equal(found[3].name, "c.example");
}

static void of_more_than_there_is_room_for_the_first_are_kept(void **state)
{
    (void)state;
    struct row rows[OS_SRV_MAX + 2];
    struct os_srv found[OS_SRV_MAX];
    bool is_refused;
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        rows[i] = (struct row){(uint16_t)(100 - i), 0, (uint16_t)(6000 + i), "m.example"};
    assert_int_equal(ask(rows, ARRAY_LEN(rows), found, &is_refused), OS_SRV_MAX);
    assert_int_equal(found[0].priority, 100 - (ARRAY_LEN(rows) - 1));
    assert_int_equal(found[OS_SRV_MAX - 1].priority, 100 - 2);
    assert_int_equal(ask(rows, OS_SRV_MAX, found, &is_refused), OS_SRV_MAX);
}

static void a_service_without_a_machine_is_not_offered(void **state)
{
    (void)state;
    static const struct row none[] = {{0, 0, 0, "."}};
    static const struct row closed[] = {{0, 0, 0, "m.example"}};
    struct os_srv found[OS_SRV_MAX];
    bool is_refused;
    assert_int_equal(ask(none, 1, found, &is_refused), 0);
    assert_true(is_refused);
    assert_int_equal(ask(closed, 1, found, &is_refused), 0); /* port 0 is no port */
    assert_false(is_refused);
    assert_int_equal(ask(none, 0, found, &is_refused), 0);
    assert_false(is_refused);
}

static void an_answer_torn_anywhere_gives_no_more_than_it_says(void **state)
{
    (void)state;
    static const struct row rows[] = {{1, 1, 5060, "a.example"}};
    struct os_srv found[OS_SRV_MAX];
    struct server s;
    bool is_refused;
    server_open(&s, rows, 1, 3); /* within the machine's name */
    assert_int_equal(os_srv_find(&s.at, "_sip._udp.operateur.example", found, &is_refused), 0);
    server_close(&s);
}

static void a_service_is_asked_under_its_machine(void **state)
{
    (void)state;
    assert_string_equal(os_resolve_machine("_sip._udp.sip.operateur.fr"), "sip.operateur.fr");
    assert_string_equal(os_resolve_machine("sip.operateur.fr"), "sip.operateur.fr");
    assert_string_equal(os_resolve_machine("_sip"), "_sip");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_in_the_order_in_which_they_are_to_be_tried),
        cmocka_unit_test(of_more_than_there_is_room_for_the_first_are_kept),
        cmocka_unit_test(a_service_without_a_machine_is_not_offered),
        cmocka_unit_test(an_answer_torn_anywhere_gives_no_more_than_it_says),
        cmocka_unit_test(a_service_is_asked_under_its_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
