/* shared.c — tests of os/shared.h: memory that outlives the process. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/file.h"
#include "os/shared.h"
#include "test/support/folder.h"

#define BYTES ((size_t)3 << 20)

static void what_a_killed_process_wrote_is_there(void **state)
{
    (void)state;
    struct folder f;
    struct os_shared s;
    char read[6] = "";
    size_t n;
    folder_open(&f);
    const char *path = folder_file(&f, "shared");
    pid_t pid = fork();
    if (!pid) {
        if (os_shared_open(&s, path, BYTES) || os_shared_grow(&s, 100))
            _exit(1);
        memcpy(s.p + 90, "kept", 5);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    uint8_t *all = malloc(BYTES);
    assert_non_null(all);
    assert_int_equal(os_file_read(path, all, BYTES, &n), 0);
    memcpy(read, all + 90, 5);
    assert_string_equal(read, "kept");
    free(all);
    assert_int_equal(os_shared_open(&s, path, BYTES), 0); /* a new one: nothing of it */
    assert_int_equal(os_shared_grow(&s, 100), 0);
    assert_int_equal(s.p[90], 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    os_shared_drop(&s);
    os_shared_drop(&s);
    folder_drop(&f);
}

static void it_grows_to_its_end_and_no_further(void **state)
{
    (void)state;
    struct folder f;
    struct os_shared s;
    folder_open(&f);
    const char *path = folder_file(&f, "grows");
    assert_int_equal(os_shared_open(&s, path, BYTES), 0);
    assert_int_equal(s.ready_n, 0);
    assert_int_equal(os_shared_grow(&s, 1), 0);
    assert_true(s.ready_n >= 1 && s.ready_n < BYTES);
    assert_int_equal(os_shared_grow(&s, BYTES), 0);
    s.p[BYTES - 1] = 1;
    assert_int_equal(os_shared_grow(&s, BYTES + 1), EINVAL);
    os_shared_drop(&s);
    folder_drop(&f);
}

/* A file at its limit stands for a disk that is full: told, and no signal when it is touched. */
static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct folder f;
    struct os_shared s;
    folder_open(&f);
    const char *path = folder_file(&f, "full");
    pid_t pid = fork();
    if (!pid) {
        const struct rlimit limit = {BYTES / 2, BYTES / 2};
        const struct sigaction ignore = {.sa_handler = SIG_IGN};
        sigaction(SIGXFSZ, &ignore, NULL);
        if (os_shared_open(&s, path, BYTES / 2) || setrlimit(RLIMIT_FSIZE, &limit))
            _exit(1);
        s.n = BYTES; /* as if there were more */
        _exit(os_shared_grow(&s, BYTES) ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_killed_process_wrote_is_there),
        cmocka_unit_test(it_grows_to_its_end_and_no_further),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
