/* user_ask.c — see user_ask.h. The terminal has its echo back whatever was typed: what ends a
 * program is held back meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/user_ask.h"

/* One line, without its end. */
static int read_line(int fd, char to[USER_PASSWORD_BYTES])
{
    size_t n = 0;
    char c = 0;
    ssize_t k;
    while ((k = read(fd, &c, 1)) == 1 && c != '\n') {
        if (n == USER_PASSWORD_BYTES - 1)
            return E2BIG;
        to[n++] = c;
    }
    if (k < 0)
        return errno;
    if (n && to[n - 1] == '\r')
        n--;
    to[n] = '\0';
    return n ? 0 : ENODATA;
}

static void say(int fd, const char *words)
{
    ssize_t n = write(fd, words, strlen(words)); /* refused: nobody reads there */
    (void)n;
}

static int ask_twice(int fd, char to[USER_PASSWORD_BYTES])
{
    char again[USER_PASSWORD_BYTES];
    say(fd, "Mot de passe (12\u00a0caractères au moins)\u00a0: ");
    int err = read_line(fd, to);
    say(fd, "\n");
    if (!err) {
        say(fd, "Encore une fois\u00a0: ");
        err = read_line(fd, again);
        say(fd, "\n");
    }
    if (!err && strcmp(to, again) != 0)
        err = EINVAL;
    explicit_bzero(again, sizeof(again));
    return err;
}

static int ask_terminal(int fd, char to[USER_PASSWORD_BYTES])
{
    struct termios before, silent;
    sigset_t ending, former;
    if (tcgetattr(fd, &before))
        return errno;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGTSTP);
    sigprocmask(SIG_BLOCK, &ending, &former);
    int err = tcsetattr(fd, TCSAFLUSH, &silent) ? errno : 0;
    if (!err)
        err = ask_twice(fd, to);
    int back = tcsetattr(fd, TCSAFLUSH, &before) ? errno : 0;
    sigprocmask(SIG_SETMASK, &former, NULL);
    return err ? err : back;
}

int user_ask_password(char to[USER_PASSWORD_BYTES])
{
    if (!isatty(STDIN_FILENO))
        return read_line(STDIN_FILENO, to);
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int err = ask_terminal(fd, to);
    close(fd);
    return err;
}
