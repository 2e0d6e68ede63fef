/* bounds.c — the server against clients that take their time or take nothing, by a clock of the
 * test: each limit at its instant and not before, answers held within their bound. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/web.h"

#define TURNS 200
#define CLIENTS 8
#define ANSWER_BYTES ((size_t)11 * 1024 * 1024)
#define GET "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_STREAM "GET / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n"

static ms_t clock_ms;

static ms_t now(void)
{
    return clock_ms;
}

/* What the house has to say. */
struct house {
    size_t answer_n; /* bytes of a page */
    size_t news_n;   /* bytes of a stream, still to be told */
};

static void answer(void *arg, const struct pages_request *request, struct pages_answer *a)
{
    struct house *h = arg;
    a->status = 200;
    a->type = "text/plain";
    a->is_stream = request->form == PAGES_STREAM;
    if (a->is_stream)
        return;
    memset(a->body.p, 'x', h->answer_n);
    a->body.n = h->answer_n;
}

static size_t more(void *arg, struct pages_stream *stream, char *to, size_t max)
{
    struct house *h = arg;
    size_t n = h->news_n < max ? h->news_n : max;
    (void)stream;
    memset(to, 'y', n);
    h->news_n -= n;
    return n;
}

#define LARGE_PATH "/voice"
#define LARGE_MAX ((size_t)2 * WEB_BODY_MAX)

static size_t body_max(void *arg, struct text path)
{
    (void)arg;
    return text_equal(path, TEXT(LARGE_PATH)) ? LARGE_MAX : 0;
}

struct desk {
    struct house house;
    struct pages_port pages;
    struct web *web;
};

static void desk_open(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    clock_ms = 1000000;
    d->pages =
        (struct pages_port){.arg = &d->house, .answer = answer, .more = more, .body_max = body_max};
    d->house.answer_n = 5;
    const struct web_args args = {
        .address = "127.0.0.1", .pages = &d->pages, .wall_at = now, .boot_ms = now};
    assert_int_equal(web_open(&d->web, &args), 0);
}

static void turns(struct desk *d)
{
    for (unsigned i = 0; i < TURNS; i++)
        web_turn(d->web);
}

/* Time goes on, and the server sees it. */
static void pass(struct desk *d, ms_t ms)
{
    clock_ms += ms;
    turns(d);
}

static int dial(struct desk *d, const char *request)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(web_port(d->web)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), little = 4096;
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little));
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    turns(d);
    return fd;
}

/* All that has come up to now; is_open: the server has not closed. */
static size_t take(int fd, char *to, size_t max, bool *is_open)
{
    size_t n = 0;
    ssize_t k = 1;
    while (n < max && k > 0) {
        k = recv(fd, to + n, max - n, MSG_DONTWAIT);
        n += k > 0 ? (size_t)k : 0;
    }
    *is_open = k > 0 || (k < 0 && errno == EAGAIN);
    return n;
}

static bool is_open(int fd)
{
    char bytes[65536];
    bool open = false;
    take(fd, bytes, sizeof(bytes), &open);
    return open;
}

static void a_request_must_be_whole_in_time_however_it_drips(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    int fd = dial(&d, "G");
    for (unsigned i = 0; i < 10; i++) { /* a sign of life each second and a half */
        assert_true(is_open(fd));
        assert_int_equal(send(fd, "E", 1, MSG_NOSIGNAL), 1);
        pass(&d, WEB_REQUEST_MS / 10);
    }
    assert_true(is_open(fd) || clock_ms == 1000000 + WEB_REQUEST_MS);
    pass(&d, 1000);
    assert_false(is_open(fd));
    close(fd);
    web_drop(d.web);
}

static void between_two_requests_the_time_begins_anew(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    int fd = dial(&d, GET);
    for (unsigned i = 0; i < 4; i++) {
        char bytes[4096];
        bool open = false;
        size_t n = take(fd, bytes, sizeof(bytes) - 1, &open);
        bytes[n] = '\0';
        assert_true(open && strstr(bytes, "\r\n\r\nxxxxx"));
        pass(&d, WEB_REQUEST_MS - 1000);
        assert_int_equal(send(fd, GET, sizeof(GET) - 1, MSG_NOSIGNAL), sizeof(GET) - 1);
        turns(&d);
    }
    close(fd);
    web_drop(d.web);
}

static void an_answer_that_is_not_taken_is_given_up(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.house.answer_n = ANSWER_BYTES;
    int fd = dial(&d, GET);
    char *bytes = malloc(ANSWER_BYTES);
    bool open = false;
    assert_non_null(bytes);
    pass(&d, WEB_SLOW_MS + 2000);
    pass(&d, 2000);
    size_t n = 0;
    for (size_t k = 1; k > 0; turns(&d))
        n += k = take(fd, bytes, ANSWER_BYTES, &open);
    assert_false(open);
    assert_true(n > 0 && n < ANSWER_BYTES);
    free(bytes);
    close(fd);
    web_drop(d.web);
}

static void answers_that_wait_are_bounded_over_all_clients(void **state)
{
    (void)state;
    struct desk d;
    int fd[CLIENTS];
    unsigned given_n = 0, refused_n = 0;
    desk_open(&d);
    d.house.answer_n = ANSWER_BYTES;
    for (unsigned i = 0; i < CLIENTS; i++) {
        char head[16] = "";
        bool open = false;
        fd[i] = dial(&d, GET);
        assert_true(take(fd[i], head, 12, &open) == 12);
        given_n += !strcmp(head, "HTTP/1.1 200");
        refused_n += !strcmp(head, "HTTP/1.1 503");
    }
    assert_int_equal(given_n, WEB_PENDING_BYTES_MAX / ANSWER_BYTES);
    assert_int_equal(refused_n, CLIENTS - given_n);
    for (unsigned i = 0; i < CLIENTS; i++)
        close(fd[i]);
    pass(&d, WEB_SLOW_MS + 2000);
    pass(&d, 2000);
    int again = dial(&d, GET);
    char head[16] = "";
    bool open = false;
    take(again, head, 12, &open);
    assert_string_equal(head, "HTTP/1.1 200"); /* their memory is free again */
    close(again);
    web_drop(d.web);
}

static void a_stream_without_news_beats_and_lives(void **state)
{
    (void)state;
    struct desk d;
    char bytes[4096];
    bool open = false;
    desk_open(&d);
    int fd = dial(&d, GET_STREAM);
    take(fd, bytes, sizeof(bytes), &open);
    for (unsigned i = 0; i < 5; i++) {
        pass(&d, WEB_BEAT_MS + 1000);
        size_t n = take(fd, bytes, sizeof(bytes) - 1, &open);
        bytes[n] = '\0';
        assert_true(open && strstr(bytes, ":\n\n"));
    }
    d.house.news_n = 7;
    web_news(d.web);
    turns(&d);
    size_t n = take(fd, bytes, sizeof(bytes) - 1, &open);
    bytes[n] = '\0';
    assert_non_null(strstr(bytes, "yyyyyyy"));
    close(fd);
    web_drop(d.web);
}

static void a_stream_that_takes_nothing_is_cut(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    int fd = dial(&d, GET_STREAM);
    d.house.news_n = 4 * ANSWER_BYTES;
    web_news(d.web);
    turns(&d);
    size_t left_n = d.house.news_n;
    assert_true(left_n > 0); /* the sockets between us are full */
    pass(&d, WEB_SLOW_MS + 2000);
    pass(&d, 2000);
    assert_int_equal(d.house.news_n, left_n);
    char *bytes = malloc(4 * ANSWER_BYTES);
    bool open = true;
    assert_non_null(bytes);
    for (size_t k = 1; k > 0; turns(&d))
        k = take(fd, bytes, 4 * ANSWER_BYTES, &open);
    assert_false(open);
    free(bytes);
    close(fd);
    web_drop(d.web);
}

/* A POST with a body of so many bytes, of which `sent` come; its status, 0: none yet. */
struct posted {
    const char *path;
    size_t said, sent;
};
static unsigned post(struct desk *d, const struct posted *p, int *fd)
{
    char head[160], got[4096] = "", *body = calloc(1, p->sent + 1);
    bool open;
    snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
             p->path, p->said);
    *fd = dial(d, head);
    for (size_t n = 0; n < p->sent; turns(d)) {
        ssize_t k = send(*fd, body + n, p->sent - n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (k < 0 && errno != EAGAIN)
            break; /* it was refused before it was read */
        n += k > 0 ? (size_t)k : 0;
    }
    turns(d);
    size_t n = take(*fd, got, sizeof(got) - 1, &open);
    got[n] = 0;
    free(body);
    return n > 12 ? (unsigned)strtoul(got + sizeof("HTTP/1.1"), NULL, 10) : 0;
}

static unsigned post_whole(struct desk *d, const char *path, size_t n)
{
    int fd;
    const struct posted whole = {path, n, n};
    unsigned status = post(d, &whole, &fd);
    close(fd);
    turns(d);
    return status;
}

static void a_body_is_as_long_as_its_path_lets_it(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    assert_int_equal(post_whole(&d, "/", WEB_BODY_MAX), 200);
    assert_int_equal(post_whole(&d, "/", WEB_BODY_MAX + 1), 413);
    assert_int_equal(post_whole(&d, LARGE_PATH, LARGE_MAX), 200);
    assert_int_equal(post_whole(&d, LARGE_PATH, LARGE_MAX + 1), 413);
    web_drop(d.web);
}

static void only_a_few_long_bodies_come_in_at_once(void **state)
{
    (void)state;
    struct desk d;
    const struct posted begun = {LARGE_PATH, LARGE_MAX, 1};
    int fds[WEB_LARGE_MAX];
    desk_open(&d);
    for (unsigned i = 0; i < WEB_LARGE_MAX; i++)
        assert_int_equal(post(&d, &begun, &fds[i]), 0);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(post_whole(&d, LARGE_PATH, 10), 503);
    assert_int_equal(post_whole(&d, "/", 10), 200);
    close(fds[0]);
    pass(&d, WEB_LEFT_MS + 1000);
    assert_int_equal(post_whole(&d, LARGE_PATH, 10), 200);
    assert_int_equal(post_whole(&d, LARGE_PATH, 10), 200); /* each gives its place back */
    for (unsigned i = 1; i < WEB_LARGE_MAX; i++)
        close(fds[i]);
    web_drop(d.web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_as_long_as_its_path_lets_it),
        cmocka_unit_test(only_a_few_long_bodies_come_in_at_once),
        cmocka_unit_test(a_request_must_be_whole_in_time_however_it_drips),
        cmocka_unit_test(between_two_requests_the_time_begins_anew),
        cmocka_unit_test(an_answer_that_is_not_taken_is_given_up),
        cmocka_unit_test(answers_that_wait_are_bounded_over_all_clients),
        cmocka_unit_test(a_stream_without_news_beats_and_lives),
        cmocka_unit_test(a_stream_that_takes_nothing_is_cut),
    };
    return cmocka_run_group_tests_name("web/bounds", tests, NULL, NULL);
}
