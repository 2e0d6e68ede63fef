/* open.c — where the server listens, and what it says when it cannot. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

#include "test/support/folder.h"
#include "web/web.h"

static void no_answer(void *arg, const struct pages_request *request, struct pages_answer *answer)
{
    (void)arg;
    (void)request;
    answer->status = 204;
}

static const struct pages_port pages = {.answer = no_answer};

static int open_and_drop(const struct web_args *args)
{
    struct web *web = NULL;
    int err = web_open(&web, args);
    assert_int_equal(err == 0, web != NULL);
    web_drop(web);
    return err;
}

static void a_free_port_is_taken_and_told(void **state)
{
    (void)state;
    const struct web_args args = {.address = "127.0.0.1", .pages = &pages};
    struct web *a = NULL, *b = NULL;
    assert_int_equal(web_open(&a, &args), 0);
    assert_int_equal(web_open(&b, &args), 0);
    assert_true(web_port(a) > 0 && web_port(b) > 0 && web_port(a) != web_port(b));
    const struct web_args taken = {.address = "127.0.0.1", .port = web_port(a), .pages = &pages};
    assert_int_equal(open_and_drop(&taken), EADDRINUSE);
    web_drop(a);
    assert_int_equal(open_and_drop(&taken), 0); /* and is free again */
    web_drop(b);
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"localhost", "127.0.0.1:80", "[::1]", "1.2.3", "x"};
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        const struct web_args args = {.address = bad[i], .pages = &pages};
        assert_int_equal(open_and_drop(&args), EINVAL);
    }
    const struct web_args afar = {.address = "203.0.113.7", .pages = &pages};
    assert_int_equal(open_and_drop(&afar), EADDRNOTAVAIL);
    const struct web_args weak = {.address = "127.0.0.1", .token = "short", .pages = &pages};
    assert_int_equal(open_and_drop(&weak), EINVAL);
}

static void a_stale_socket_is_replaced_a_living_one_and_a_file_are_not(void **state)
{
    (void)state;
    struct folder folder;
    folder_open(&folder);
    const char *path = folder_file(&folder, "socket");
    const struct web_args args = {.socket = path, .pages = &pages};
    struct web *web = NULL;
    struct stat st;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof(at.sun_path), "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    close(fd); /* its file stays, as after a crash */
    assert_int_equal(web_open(&web, &args), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(open_and_drop(&args), EADDRINUSE);
    assert_int_equal(stat(path, &st), 0); /* … and that one goes on */
    web_drop(web);
    assert_int_equal(stat(path, &st), -1);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(open_and_drop(&args), EEXIST);
    assert_int_equal(stat(path, &st), 0);
    folder_drop(&folder);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char path[200];
    memset(path, 'x', sizeof(path));
    for (size_t n = 107; n <= 109; n++) {
        path[0] = '/';
        path[1] = '0'; /* no such folder */
        path[2] = '/';
        path[n] = '\0';
        const struct web_args args = {.socket = path, .pages = &pages};
        assert_int_equal(open_and_drop(&args), n <= 107 ? ENOENT : ENAMETOOLONG);
        path[n] = 'x';
    }
}

static void without_any_place_it_turns_in_peace(void **state)
{
    (void)state;
    const struct web_args args = {.pages = &pages};
    struct web *web = NULL;
    assert_int_equal(web_open(&web, &args), 0);
    assert_int_equal(web_port(web), 0);
    for (unsigned i = 0; i < 100; i++) {
        int wait_ms = web_turn(web);
        assert_true(wait_ms > 0 && wait_ms <= 1000);
        web_news(web);
    }
    web_drop(web);
    web_drop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_port_is_taken_and_told),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(a_stale_socket_is_replaced_a_living_one_and_a_file_are_not),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(without_any_place_it_turns_in_peace),
    };
    return cmocka_run_group_tests_name("web/open", tests, NULL, NULL);
}
