/* live.c — see live.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/live.h"

#define REQUEST_BYTES 8192
#define LENGTH_BYTES 48
#define READ_BYTES 65536

static int connect_to(int *fd, const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval wait = {.tv_sec = LIVE_WAIT_S};
    size_t n = strlen(path);
    if (n >= sizeof(at.sun_path))
        return ENAMETOOLONG;
    memcpy(at.sun_path, path, n + 1);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    if (setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ||
        setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) ||
        connect(*fd, (const struct sockaddr *)&at, sizeof(at)))
        return errno;
    return 0;
}

static int send_request(int fd, const struct live_request *r)
{
    char text[REQUEST_BYTES], length[LENGTH_BYTES] = "";
    if (r->is_post)
        snprintf(length, sizeof(length), "Content-Length: %zu\r\n", r->body.n);
    int n = snprintf(text, sizeof(text),
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\nConnection: close\r\n%s"
                     "\r\n%.*s",
                     r->method    ? r->method
                     : r->is_post ? "POST"
                                  : "GET",
                     r->target, r->accept, length, (int)r->body.n, r->body.n ? r->body.p : "");
    if (n < 0 || (size_t)n >= sizeof(text))
        return EFBIG;
    for (int sent = 0; sent < n;) {
        ssize_t k = send(fd, text + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        if (k < 0 && errno == EPIPE)
            return 0; /* turned away at the door: the answer says why */
        if (k < 0)
            return errno == EAGAIN ? ETIMEDOUT : errno;
        sent += (int)k;
    }
    return 0;
}

/* All that comes until the other side closes. */
static int read_all(int fd, struct live_answer *a, size_t *n)
{
    size_t size = 0;
    for (*n = 0;;) {
        if (size - *n < READ_BYTES) {
            size += size + READ_BYTES;
            char *more = size > LIVE_BYTES_MAX ? NULL : realloc(a->bytes, size);
            if (!more)
                return size > LIVE_BYTES_MAX ? EFBIG : ENOMEM;
            a->bytes = more;
        }
        ssize_t k = recv(fd, a->bytes + *n, size - *n, 0);
        if (k < 0)
            return errno == EAGAIN ? ETIMEDOUT : errno;
        if (k == 0)
            return 0;
        *n += (size_t)k;
    }
}

/* "HTTP/1.1 200 OK", fields, an empty line, the body. */
static int read_answer(struct live_answer *a, size_t n)
{
    static const char end[] = "\r\n\r\n";
    const char *body = memmem(a->bytes, n, end, sizeof(end) - 1);
    struct text line = {a->bytes, n};
    uint64_t status = 0;
    if (!body || !text_starts_fold(line, TEXT("HTTP/1.1 ")))
        return EPROTO;
    line = text_after(line, sizeof("HTTP/1.1 ") - 1);
    if (!text_number(text_word(&line), 999, &status))
        return EPROTO;
    body += sizeof(end) - 1;
    a->status = (unsigned)status;
    a->body = (struct text){body, n - (size_t)(body - a->bytes)};
    return 0;
}

int live_ask(struct live_answer *answer, const struct live_request *request)
{
    int fd = -1;
    size_t n = 0;
    *answer = (struct live_answer){.status = 0};
    int err = connect_to(&fd, request->socket);
    if (!err)
        err = send_request(fd, request);
    if (!err)
        err = read_all(fd, answer, &n);
    if (!err)
        err = read_answer(answer, n);
    if (fd >= 0)
        close(fd);
    if (err)
        live_drop(answer);
    return err;
}

void live_drop(struct live_answer *answer)
{
    free(answer->bytes);
    *answer = (struct live_answer){.status = 0};
}

/* One line, for people, with what to do. */
int live_tell_trouble(const struct cli_args *a, const char *socket, int err)
{
    char text[128];
    if (err == ENOENT || err == ECONNREFUSED)
        fprintf(stderr,
                "decroche %s\u00a0: aucun service à l’écoute sur %s — le démarrer, ou vérifier "
                "web.socket dans les réglages\n",
                a->command->name, socket);
    else if (err == EACCES)
        fprintf(stderr,
                "decroche %s\u00a0: accès refusé à %s — lancer la commande comme "
                "l’utilisateur du service\n",
                a->command->name, socket);
    else
        fprintf(stderr, "decroche %s\u00a0: %s\u00a0: %s\n", a->command->name, socket,
                strerror_r(err, text, sizeof(text)));
    return CLI_CANNOT;
}

int live_show(const struct cli_args *a, const struct live_request *request, const char *before)
{
    struct live_answer answer;
    int err = live_ask(&answer, request);
    fputs(before, stdout);
    if (err)
        return live_tell_trouble(a, request->socket, err);
    int code = answer.status == 200 ? CLI_OK : CLI_FINDING;
    if (answer.status == 403)
        code = live_tell_trouble(a, request->socket, EACCES);
    else
        fwrite(answer.body.p, 1, answer.body.n,
               code && request->is_post && !a->is_json ? stderr : stdout);
    fflush(stdout);
    live_drop(&answer);
    return code;
}

/* --socket, or the socket that the settings name, beside their file. An exit code. */
static int find_socket(const struct cli_args *a, char to[CONFIG_PATH_BYTES])
{
    struct config_errors errors = {0};
    struct text_out out = {.p = to, .max = CONFIG_PATH_BYTES - 1};
    struct settings s;
    if (a->socket) {
        text_put(&out, text_of(a->socket));
        to[out.n] = '\0';
        return out.is_cut ? cli_cannot(a, a->socket, ENAMETOOLONG, "shorten it") : CLI_OK;
    }
    int err = config_settings_load(&s, a->settings, &errors);
    if (err && err != EINVAL)
        return cli_cannot(a, a->settings, err, "check the name");
    if (err)
        config_settings_guess(&s, a->settings); /* a service may run on them all the same */
    if (!config_path_beside(to, a->settings, s.web.socket))
        return cli_cannot(a, s.web.socket, ENAMETOOLONG, "shorten web.socket");
    return CLI_OK;
}

int live_run(const struct cli_command *command, int argc, char **argv, live_run_fn *run)
{
    char path[CONFIG_PATH_BYTES];
    struct cli_args a = {.command = command};
    if (!cli_args_read(&a, argc, argv))
        return CLI_USAGE;
    if (a.is_help)
        return CLI_OK;
    int code = find_socket(&a, path);
    return code ? code : run(&a, path);
}
