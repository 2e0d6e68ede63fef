/* command.c — see command.h.
 * The words go to standard input, unless an argument holds {text}; the sound comes from standard
 * output, unless one holds {file}. The words never meet a shell.
 * Invariant: when it returns, the program has ended and is no zombie. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "os/clock.h"
#include "os/file.h"
#include "speech/command.h"

#define ARGUMENTS_BYTES 8192
#define LOOK_MS 20 /* how often the end of the program, and of the house, is looked for */
#define READ_BYTES 65536

extern char **environ;

/* ---- arguments ---- */

struct arguments {
    char bytes[ARGUMENTS_BYTES];
    char *argv[SPEECH_COMMAND_ARGS_MAX + 1];
    unsigned n;
    bool has_text, has_file;
};

/* Takes the next word off *rest, without its quotes; false: there is none, or its quote has no end
 * (*err). */
static bool next_word(struct text *word, struct text *rest, int *err)
{
    *rest = text_trim(*rest);
    if (!rest->n)
        return false;
    if (rest->p[0] != '"') {
        *word = text_word(rest);
        return true;
    }
    *rest = text_after(*rest, 1);
    if (!memchr(rest->p, '"', rest->n)) {
        *err = EINVAL;
        return false;
    }
    *word = text_cut(rest, '"');
    return true;
}

static bool put_named(struct text_out *out, struct text *word, struct text name, const char *value)
{
    if (!value || !text_starts_fold(*word, name))
        return false;
    text_put(out, text_of(value));
    *word = text_after(*word, name.n);
    return true;
}

static void put_word(struct arguments *a, struct text_out *out, struct text word,
                     const struct speech_command *c)
{
    a->argv[a->n++] = out->p + out->n;
    while (word.n) {
        if (put_named(out, &word, TEXT("{lang}"), c->lang))
            continue;
        if (put_named(out, &word, TEXT("{text}"), c->words)) {
            a->has_text = true;
        } else if (put_named(out, &word, TEXT("{file}"), c->file)) {
            a->has_file = true;
        } else {
            text_put(out, (struct text){word.p, 1});
            word = text_after(word, 1);
        }
    }
    text_put(out, (struct text){"", 1}); /* its NUL */
}

static int read_arguments(struct arguments *a, const struct speech_command *c)
{
    struct text_out out = {.p = a->bytes, .max = sizeof(a->bytes)};
    struct text rest = text_of(c->command), word;
    int err = 0;
    *a = (struct arguments){.n = 0};
    while (next_word(&word, &rest, &err)) {
        if (a->n == SPEECH_COMMAND_ARGS_MAX)
            return EINVAL;
        put_word(a, &out, word, c);
    }
    return err ? err : !a->n || out.is_cut ? EINVAL : 0;
}

int speech_command_check(const char *command)
{
    struct arguments *a = malloc(sizeof(*a));
    const struct speech_command c = {.command = command, .lang = "fr", .words = "", .file = ""};
    int err = a ? read_arguments(a, &c) : ENOMEM;
    free(a);
    return err;
}

/* ---- the program ---- */

struct child {
    pid_t pid;
    int in, out; /* our ends */
    ms_t until_boot_ms;
    const _Atomic bool *is_ending;
};

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int spawn(struct child *child, struct arguments *a, const int in[2], const int out[2])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none); /* our threads block all signals: it must not */
    sigfillset(&all);
    int err = posix_spawn_file_actions_init(&files);
    if (err)
        return err;
    err = posix_spawnattr_init(&attr);
    if (!err) {
        posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setsigmask(&attr, &none);
        posix_spawnattr_setsigdefault(&attr, &all);
        posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        err = posix_spawnp(&child->pid, a->argv[0], &files, &attr, a->argv, environ);
        posix_spawnattr_destroy(&attr);
    }
    posix_spawn_file_actions_destroy(&files);
    return err;
}

static int start(struct child *child, struct arguments *a)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    int err = pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ? errno : 0;
    if (!err)
        err = spawn(child, a, in, out);
    close_one(&in[0]);
    close_one(&out[1]);
    child->in = in[1];
    child->out = out[0];
    return err;
}

static int remaining_ms(const struct child *child)
{
    ms_t left_ms = child->until_boot_ms - os_clock_boot_ms();
    return left_ms < 0 ? 0 : left_ms < LOOK_MS ? (int)left_ms : LOOK_MS;
}

static int must_end(const struct child *child)
{
    if (atomic_load(child->is_ending))
        return ECANCELED;
    return os_clock_boot_ms() >= child->until_boot_ms ? ETIMEDOUT : 0;
}

/* At most 1,000 bytes: a pipe holds them without waiting. A program that does not read is fine. */
static void tell_words(struct child *child, const char *words)
{
    ssize_t sent = write(child->in, words, strlen(words));
    (void)sent;
    close_one(&child->in);
}

static int grow(uint8_t **bytes, size_t n, size_t *room)
{
    if (*room - n >= READ_BYTES)
        return 0;
    uint8_t *more =
        *room + READ_BYTES > SPEECH_WAV_BYTES_MAX ? NULL : realloc(*bytes, 2 * *room + READ_BYTES);
    if (!more)
        return *room + READ_BYTES > SPEECH_WAV_BYTES_MAX ? EFBIG : ENOMEM;
    *bytes = more;
    *room = 2 * *room + READ_BYTES;
    return 0;
}

static int take_output(struct child *child, uint8_t **bytes, size_t *n)
{
    size_t room = 0;
    for (;;) {
        struct pollfd ready = {.fd = child->out, .events = POLLIN};
        int err = grow(bytes, *n, &room);
        err = err ? err : must_end(child);
        if (err)
            return err;
        if (poll(&ready, 1, remaining_ms(child)) <= 0)
            continue;
        ssize_t got = read(child->out, *bytes + *n, READ_BYTES);
        if (got < 0 && errno != EINTR)
            return errno;
        if (got == 0)
            return 0;
        *n += got > 0 ? (size_t)got : 0;
    }
}

/* Waits for its end; past its time it is made to end. 0, or EIO when it says that it failed. */
static int finish(struct child *child, int err)
{
    int status = 0;
    pid_t got = 0;
    while (!err && (got = waitpid(child->pid, &status, WNOHANG)) == 0) {
        err = must_end(child);
        poll(NULL, 0, err ? 0 : remaining_ms(child));
    }
    if (got != child->pid) {
        kill(-child->pid, SIGKILL);
        waitpid(child->pid, &status, 0);
        return err ? err : EIO;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return ENOENT; /* as a shell says it, and older C libraries do */
    return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : EIO;
}

static int read_file(uint8_t **bytes, size_t *n, const char *path)
{
    free(*bytes);
    *n = 0;
    *bytes = malloc(SPEECH_WAV_BYTES_MAX);
    int err = *bytes ? os_file_read(path, *bytes, SPEECH_WAV_BYTES_MAX, n) : ENOMEM;
    return !err && *n == SPEECH_WAV_BYTES_MAX ? EFBIG : err;
}

int speech_command_run(uint8_t **bytes, size_t *n, const struct speech_command *c)
{
    struct arguments a;
    struct child child = {.in = -1,
                          .out = -1,
                          .until_boot_ms = os_clock_boot_ms() + c->timeout_ms,
                          .is_ending = c->is_ending};
    *bytes = NULL;
    *n = 0;
    int err = read_arguments(&a, c);
    if (!err)
        err = start(&child, &a);
    if (!err) {
        tell_words(&child, a.has_text ? "" : c->words);
        err = finish(&child, take_output(&child, bytes, n));
    }
    close_one(&child.in);
    close_one(&child.out);
    if (a.has_file && !err)
        err = read_file(bytes, n, c->file);
    if (a.has_file && os_file_unlink(c->file) && !err)
        err = EIO;
    if (err) {
        free(*bytes);
        *bytes = NULL;
    }
    return err;
}
