/* tls.c — tests of phone/tcp.h over TLS: who is believed and who is not, bounds of the handshake,
 * a certificate that changes while a connection lives. Two ends of ours on loopback; time is moved
 * by hand. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/pages.h"
#include "phone/tcp.h"
#include "test/support/papers.h"

#define TURNS_MAX 300
#define TURN_MS 5
#define OPERATOR 7

struct end {
    struct phone_tcp tcp;
    struct os_pages memory;
    struct phone_tcp_hears hears;
    struct tls_context *own, *operator; /* operator: NULL unless it must prove itself */
    struct sip_peer from;
    unsigned messages_n;
    int udp_fd;
    ms_t now_at;
};

static struct papers *papers;

static bool lets_in(const struct sip_peer *from, void *arg)
{
    (void)from, (void)arg;
    return true;
}

static void take(char *bytes, size_t n, const struct sip_peer *from, void *arg)
{
    struct end *e = arg;
    e->from = *from;
    e->messages_n++;
    if (e->own && bytes[0] == 'A')
        assert_true(phone_tcp_send(&e->tcp, from->connection, TEXT("B b SIP/2.0\r\n\r\n")));
    (void)n;
}

static bool link_of(struct tls_link **link, const struct phone_tcp_securing *how, void *arg)
{
    struct end *e = arg;
    assert_int_equal(how->peer->transport, SIP_OVER_TLS);
    if (how->of == PHONE_TCP_THEIRS)
        *link = tls_link_accept(e->own, how->fd, e->operator);
    else
        *link = tls_link_connect(e->own, how->fd);
    return *link != NULL;
}

/* Who is believed by whom: files of the papers; name and pin may be NULL. */
static struct tls_context *context(const char *file, const char *authority, const char *name,
                                   const uint8_t *pin)
{
    char certificate[PAPERS_PATH], key[PAPERS_PATH], whom[PAPERS_PATH], base[PAPERS_PATH / 4];
    struct tls_context *c;
    snprintf(base, sizeof(base), "%s.pem", file ? file : "");
    papers_path(papers, base, certificate);
    snprintf(base, sizeof(base), "%s.key", file ? file : "");
    papers_path(papers, base, key);
    const struct tls_args args = {.certificate = file ? certificate : NULL,
                                  .key = file ? key : NULL,
                                  .authority =
                                      authority ? papers_path(papers, authority, whom) : NULL,
                                  .name = name,
                                  .pin = pin};
    assert_int_equal(tls_context_open(&c, &args), TLS_GOOD);
    return c;
}

/* own, operator: the end's now. */
static struct end *end_open(struct tls_context *own, struct tls_context *operator)
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
    e->own = own;
    e->operator= operator;
    e->tcp.link = link_of;
    e->tcp.link_arg = e;
    e->udp_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    args.others[0] = e->udp_fd;
    args.transport = SIP_OVER_TLS;
    assert_int_equal(phone_tcp_open(&e->tcp, &args), 0);
    assert_int_equal(phone_tcp_listen(&e->tcp), 0);
    e->hears = (struct phone_tcp_hears){lets_in, take, e};
    e->now_at = 1000000;
    return e;
}

static void end_drop(struct end *e)
{
    phone_tcp_drop(&e->tcp);
    os_pages_drop(&e->memory);
    tls_context_drop(e->own);
    tls_context_drop(e->operator);
    close(e->udp_fd);
    free(e);
}

static void turn(struct end *e)
{
    phone_tcp_turn(&e->tcp, &e->hears, e->now_at);
}

#define UNTIL(what, a, b)                                                                          \
    do {                                                                                           \
        bool is_so_ = false;                                                                       \
        for (unsigned i_ = 0; i_ < TURNS_MAX && !(is_so_ = (what)); i_++) {                        \
            turn(a);                                                                               \
            turn(b);                                                                               \
            poll(NULL, 0, i_ > 8 ? TURN_MS : 0);                                                   \
        }                                                                                          \
        assert_true(is_so_);                                                                       \
    } while (0)

static int plain(const struct end *to)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(phone_tcp_port(&to->tcp))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

/* A question from a to b, and whether its answer comes. */
static void assert_answered(struct end *a, struct end *b)
{
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], OPERATOR);
    unsigned before_n = a->messages_n;
    assert_int_not_equal(id, 0);
    assert_true(phone_tcp_send(&a->tcp, id, TEXT("A b SIP/2.0\r\n\r\n"))); /* before it stands */
    UNTIL(a->messages_n == before_n + 1, a, b);
    assert_int_equal(a->from.connection, id);
    assert_int_equal(a->from.transport, SIP_OVER_TLS);
    assert_int_equal(phone_tcp_to(&a->tcp, &b->tcp.self.of[0], OPERATOR), id);
}

static void assert_refused(struct end *a, struct end *b)
{
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], OPERATOR);
    assert_int_not_equal(id, 0);
    assert_true(phone_tcp_send(&a->tcp, id, TEXT("A b SIP/2.0\r\n\r\n")));
    UNTIL(!phone_tcp_has(&a->tcp, id) && b->tcp.n == 0, a, b);
    assert_int_equal(b->messages_n, 0);
    assert_true(a->tcp.unproved_n + b->tcp.unproved_n >= 1);
}

/* ---- */

static void a_message_goes_over_tls_to_who_has_the_name_that_is_expected(void **state)
{
    (void)state;
    struct end *a = end_open(context(NULL, "authority.pem", "sip.operateur.example", NULL), NULL);
    struct end *b = end_open(context("house", NULL, NULL, NULL), NULL);
    assert_answered(a, b);
    /* For somebody else it would have to be proved anew. */
    assert_int_not_equal(phone_tcp_to(&a->tcp, &b->tcp.self.of[0], OPERATOR + 1),
                         a->from.connection);
    end_drop(a);
    end_drop(b);
}

static void who_has_another_name_another_signature_or_is_out_of_date_is_sent_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *shows, *authority, *name;
    } cases[] = {
        {"other", "authority.pem", "sip.operateur.example"},
        {"self", "authority.pem", "sip.operateur.example"},
        {"old", "authority.pem", "sip.operateur.example"},
        {"house", NULL, "sip.operateur.example"}, /* the machine knows no test authority */
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        struct end *a = end_open(context(NULL, cases[i].authority, cases[i].name, NULL), NULL);
        struct end *b = end_open(context(cases[i].shows, NULL, NULL, NULL), NULL);
        assert_refused(a, b);
        assert_true(a->tcp.unproved_why[0]);
        end_drop(a);
        end_drop(b);
    }
}

static void a_pinned_certificate_is_believed_for_itself_and_no_other_is(void **state)
{
    (void)state;
    char path[PAPERS_PATH];
    struct tls_look look;
    assert_true(tls_look(&look, papers_path(papers, "self.pem", path)));
    assert_true(look.is_self_signed);
    struct end *b = end_open(context("self", NULL, NULL, NULL), NULL);
    struct end *a = end_open(context(NULL, NULL, "anything.example", look.pin), NULL);
    assert_answered(a, b);
    end_drop(a);
    look.pin[31] ^= 1;
    a = end_open(context(NULL, NULL, "anything.example", look.pin), NULL);
    UNTIL(b->tcp.n == 0, a, b);
    b->messages_n = 0;
    assert_refused(a, b);
    end_drop(a);
    end_drop(b);
}

static void an_operator_that_must_prove_itself_is_not_heard_before(void **state)
{
    (void)state;
    struct end *b = end_open(context("house", NULL, NULL, NULL),
                             context(NULL, "authority.pem", "sip.operateur.example", NULL));
    struct end *without = end_open(context(NULL, "authority.pem", NULL, NULL), NULL);
    struct end *wrong = end_open(context("self", "authority.pem", NULL, NULL), NULL);
    struct end *right = end_open(context("new", "authority.pem", NULL, NULL), NULL);
    assert_refused(without, b);
    assert_int_equal(without->tcp.unproved_n, 1); /* it is told why */
    assert_non_null(strstr(without->tcp.unproved_why, "certificate required"));
    assert_refused(wrong, b);
    assert_answered(right, b);
    end_drop(without);
    end_drop(wrong);
    end_drop(right);
    end_drop(b);
}

static void a_pinned_operator_proves_itself_by_its_pin(void **state)
{
    (void)state;
    char path[PAPERS_PATH];
    struct tls_look look;
    assert_true(tls_look(&look, papers_path(papers, "self.pem", path)));
    struct end *b =
        end_open(context("house", NULL, NULL, NULL), context(NULL, NULL, NULL, look.pin));
    struct end *right = end_open(context("self", "authority.pem", NULL, NULL), NULL);
    struct end *wrong = end_open(context("new", "authority.pem", NULL, NULL), NULL);
    assert_refused(wrong, b);
    assert_answered(right, b);
    end_drop(wrong);
    end_drop(right);
    end_drop(b);
}

static void
a_connection_lives_on_when_the_certificate_changes_and_new_ones_get_the_new_one(void **state)
{
    (void)state;
    char path[PAPERS_PATH];
    struct tls_look look;
    struct end *b = end_open(context("house", NULL, NULL, NULL), NULL);
    struct end *a = end_open(context(NULL, "authority.pem", "sip.operateur.example", NULL), NULL);
    assert_answered(a, b);
    tls_context_drop(b->own);
    b->own = context("self", NULL, NULL, NULL);
    assert_answered(a, b); /* over the one that there is */
    assert_true(tls_look(&look, papers_path(papers, "self.pem", path)));
    struct end *c = end_open(context(NULL, NULL, NULL, look.pin), NULL);
    assert_answered(c, b);
    end_drop(a);
    end_drop(b);
    end_drop(c);
}

static void a_handshake_that_does_not_end_is_closed_after_its_time(void **state)
{
    (void)state;
    struct end *e = end_open(context("house", NULL, NULL, NULL), NULL);
    int quiet = plain(e), noisy = plain(e);
    char byte;
    UNTIL(e->tcp.n == 2, e, e);
    assert_int_equal(send(noisy, "INVITE sip:a SIP/2.0\r\n\r\n", 24, 0), 24);
    UNTIL(e->tcp.n == 1, e, e); /* that is no TLS */
    assert_int_equal(e->tcp.unproved_n, 1);
    e->now_at += PHONE_TCP_SHAKE_MS - 1;
    turn(e);
    assert_int_equal(e->tcp.n, 1);
    e->now_at += 2000; /* looked at once a second */
    turn(e);
    assert_int_equal(e->tcp.n, 0);
    assert_int_equal(recv(quiet, &byte, 1, 0), 0);
    assert_int_equal(e->messages_n, 0);
    close(quiet);
    close(noisy);
    end_drop(e);
}

static void one_address_has_so_many_handshakes_under_way_and_not_one_more(void **state)
{
    (void)state;
    static int fds[PHONE_TCP_SHAKES_SOURCE_MAX + 1];
    struct end *e = end_open(context("house", NULL, NULL, NULL), NULL);
    for (unsigned i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = plain(e);
        turn(e);
    }
    UNTIL(e->tcp.refused_n == 1, e, e);
    assert_int_equal(e->tcp.n, PHONE_TCP_SHAKES_SOURCE_MAX);
    close(fds[0]);
    UNTIL(e->tcp.n == PHONE_TCP_SHAKES_SOURCE_MAX - 1, e, e);
    int late = plain(e);
    UNTIL(e->tcp.n == PHONE_TCP_SHAKES_SOURCE_MAX, e, e);
    assert_int_equal(e->tcp.refused_n, 1);
    for (unsigned i = 1; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    close(late);
    end_drop(e);
}

static void a_message_of_many_records_comes_whole(void **state)
{
    (void)state;
    static char bytes[PHONE_TCP_BYTES_MAX];
    static const char head[] = "C b SIP/2.0\r\nContent-Length: 16000\r\nP: ";
    struct end *a = end_open(context(NULL, "authority.pem", NULL, NULL), NULL);
    struct end *b = end_open(context("house", NULL, NULL, NULL), NULL);
    uint32_t id = phone_tcp_to(&a->tcp, &b->tcp.self.of[0], OPERATOR);
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes, head, sizeof(head) - 1);
    memcpy(bytes + sizeof(bytes) - 16000 - 4, "\r\n\r\n", 4);
    for (unsigned i = 0; i < 3; i++)
        assert_true(phone_tcp_send(&a->tcp, id, (struct text){bytes, sizeof(bytes)}));
    UNTIL(b->messages_n == 3, a, b);
    end_drop(a);
    end_drop(b);
}

static void what_a_file_lacks_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *key, *authority;
        enum tls_verdict verdict;
    } cases[] = {
        {"house.pem", "house.key", NULL, TLS_GOOD},
        {"none.pem", "house.key", NULL, TLS_CERTIFICATE_UNREADABLE},
        {"house.key", "house.key", NULL, TLS_CERTIFICATE_BAD},
        {"house.pem", "none.key", NULL, TLS_KEY_UNREADABLE},
        {"house.pem", "house.pem", NULL, TLS_KEY_BAD},
        {"house.pem", "new.key", NULL, TLS_KEY_OF_ANOTHER},
        {"weak.pem", "weak.key", NULL, TLS_KEY_WEAK},
        {"house.pem", "house.key", "none.pem", TLS_AUTHORITY_UNREADABLE},
        {"house.pem", "house.key", "house.key", TLS_AUTHORITY_BAD},
    };
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        char certificate[PAPERS_PATH], key[PAPERS_PATH], authority[PAPERS_PATH];
        struct tls_context *c;
        const struct tls_args args = {
            .certificate = papers_path(papers, cases[i].certificate, certificate),
            .key = papers_path(papers, cases[i].key, key),
            .authority =
                cases[i].authority ? papers_path(papers, cases[i].authority, authority) : NULL};
        assert_int_equal(tls_context_open(&c, &args), cases[i].verdict);
        assert_true((c != NULL) == (cases[i].verdict == TLS_GOOD));
        tls_context_drop(c);
    }
}

static void a_pin_is_read_with_colons_or_without(void **state)
{
    (void)state;
    uint8_t pin[TLS_PIN_BYTES];
    char text[3 * TLS_PIN_BYTES + 2] = "";
    for (unsigned i = 0; i < TLS_PIN_BYTES; i++)
        snprintf(text + 3 * i, 4, "%02X:", i * 7);
    text[3 * TLS_PIN_BYTES - 1] = '\0';
    assert_true(tls_pin_read(pin, text));
    assert_int_equal(pin[31], 31 * 7);
    text[3 * TLS_PIN_BYTES - 2] = 'G';
    assert_false(tls_pin_read(pin, text));
    assert_false(tls_pin_read(pin, ""));
    assert_false(tls_pin_read(pin, "AB:CD"));
    assert_true(
        tls_pin_read(pin, "000102030405060708090a0b0c0d0e0f000102030405060708090A0B0C0D0E0F"));
    assert_false(
        tls_pin_read(pin, "000102030405060708090a0b0c0d0e0f000102030405060708090A0B0C0D0E0F00"));
}

static void a_certificate_tells_its_names_and_its_days(void **state)
{
    (void)state;
    char path[PAPERS_PATH];
    struct tls_look look;
    assert_true(tls_look(&look, papers_path(papers, "house.pem", path)));
    assert_string_equal(look.names, "sip.operateur.example");
    assert_int_equal(look.until_s - look.from_s, 90 * PAPERS_DAY);
    assert_false(look.is_self_signed);
    assert_true(tls_is_for(path, "sip.operateur.example"));
    assert_false(tls_is_for(path, "operateur.example"));
    assert_false(tls_look(&look, papers_path(papers, "house.key", path)));
}

static int make_papers(void **state)
{
    (void)state;
    static const struct papers_wish wishes[] = {
        {"house", "sip.operateur.example", 0, 90, false, 0},
        {"new", "sip.operateur.example", 0, 90, false, 2048},
        {"other", "sip.autre.example", 0, 90, false, 0},
        {"old", "sip.operateur.example", -10, -1, false, 0},
        {"self", "sip.operateur.example", 0, 90, true, 0},
        {"weak", "sip.operateur.example", 0, 90, false, 1024},
    };
    papers = papers_open();
    for (unsigned i = 0; i < ARRAY_LEN(wishes); i++)
        papers_make(papers, &wishes[i]);
    return 0;
}

static int drop_papers(void **state)
{
    (void)state;
    papers_drop(papers);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_goes_over_tls_to_who_has_the_name_that_is_expected),
        cmocka_unit_test(who_has_another_name_another_signature_or_is_out_of_date_is_sent_nothing),
        cmocka_unit_test(a_pinned_certificate_is_believed_for_itself_and_no_other_is),
        cmocka_unit_test(an_operator_that_must_prove_itself_is_not_heard_before),
        cmocka_unit_test(a_pinned_operator_proves_itself_by_its_pin),
        cmocka_unit_test(
            a_connection_lives_on_when_the_certificate_changes_and_new_ones_get_the_new_one),
        cmocka_unit_test(a_handshake_that_does_not_end_is_closed_after_its_time),
        cmocka_unit_test(one_address_has_so_many_handshakes_under_way_and_not_one_more),
        cmocka_unit_test(a_message_of_many_records_comes_whole),
        cmocka_unit_test(what_a_file_lacks_is_said),
        cmocka_unit_test(a_pin_is_read_with_colons_or_without),
        cmocka_unit_test(a_certificate_tells_its_names_and_its_days),
    };
    return cmocka_run_group_tests(tests, make_papers, drop_papers);
}
