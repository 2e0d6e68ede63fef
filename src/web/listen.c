/* listen.c — see listen.h. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/endpoint.h"
#include "view/api.h"
#include "web/listen.h"

#define SOCKET_MODE 0600
#define REFUSAL_BYTES 1024

/* ---- TCP ---- */

static int read_port(int fd, uint16_t *port)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof(at);
    if (getsockname(fd, (struct sockaddr *)&at, &n))
        return errno;
    *port = os_endpoint_read(&at).port;
    return 0;
}

/* 0, or errno; what was opened stands in *fd in both cases. */
static int open_tcp(int *fd, uint16_t *port, const struct web_listen_args *args)
{
    struct sockaddr_storage at;
    struct address here;
    int yes = 1;
    if (!address_read_ip(&here, text_of(args->address)))
        return EINVAL;
    here.port = args->port;
    socklen_t n = os_endpoint_of(&at, &here);
    *fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    if (setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
        bind(*fd, (struct sockaddr *)&at, n) || listen(*fd, WEB_BACKLOG))
        return errno;
    return read_port(*fd, port);
}

/* ---- the Unix socket ---- */

/* 0: nothing stands there (any more). EADDRINUSE: a service listens. EEXIST: that is no socket. */
static int clear_path(const struct sockaddr_un *at)
{
    struct stat st;
    if (lstat(at->sun_path, &st))
        return errno == ENOENT ? 0 : errno;
    if (!S_ISSOCK(st.st_mode))
        return EEXIST;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    bool is_alive = !connect(fd, (const struct sockaddr *)at, sizeof(*at)) || errno == EAGAIN;
    int err = is_alive ? EADDRINUSE : errno == ECONNREFUSED ? 0 : errno;
    close(fd);
    if (err)
        return err;
    return unlink(at->sun_path) ? errno : 0;
}

static int open_unix(struct web_listen *l, const struct web_listen_args *args)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = strlen(args->socket);
    if (n >= sizeof(at.sun_path) || n >= sizeof(l->path))
        return ENAMETOOLONG;
    memcpy(at.sun_path, args->socket, n + 1);
    int err = clear_path(&at);
    if (err)
        return err;
    l->unix_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->unix_fd < 0)
        return errno;
    /* The mode of the socket becomes that of its file: at no moment can others come in. */
    if (fchmod(l->unix_fd, SOCKET_MODE) ||
        bind(l->unix_fd, (const struct sockaddr *)&at, sizeof(at)))
        return errno;
    memcpy(l->path, args->socket, n + 1); /* from here on the file is ours */
    if (chmod(l->path, SOCKET_MODE) || listen(l->unix_fd, WEB_BACKLOG))
        return errno;
    return 0;
}

/* ---- both ---- */

static bool is_said(const char *s)
{
    return s && s[0];
}

static const char *cure_of(int err)
{
    switch (err) {
    case EINVAL:
        return "write the address as digits, 127.0.0.1 or ::1";
    case EADDRINUSE:
        return "another program listens there: stop it, or choose another port or path";
    case EADDRNOTAVAIL:
        return "this machine has no such address";
    case EACCES:
        return "this user may not listen there: choose another port or path";
    case EEXIST:
        return "a file that is no socket stands there: choose another path";
    case ENAMETOOLONG:
        return "the path of a socket has at most 107 bytes";
    case ENOENT:
        return "make the folder of the socket";
    default:
        return "";
    }
}

static void tell(const struct web_listen_args *args, const char *where, int err)
{
    char text[128];
    if (err)
        os_log_line(args->log, OS_LOG_ALARM, "web: cannot listen on %s: %s — %s", where,
                    strerror_r(err, text, sizeof(text)), cure_of(err));
}

int web_listen_open(struct web_listen *l, const struct web_listen_args *args)
{
    int err = 0;
    *l = (struct web_listen){.tcp_fd = -1, .unix_fd = -1, .tls_fd = -1};
    if (is_said(args->address)) {
        err = open_tcp(&l->tcp_fd, &l->port, args);
        tell(args, args->address, err);
    }
    if (!err && is_said(args->socket)) {
        err = open_unix(l, args);
        tell(args, args->socket, err);
    }
    if (err)
        web_listen_drop(l);
    return err;
}

int web_listen_open_tls(struct web_listen *l, const struct web_listen_args *args)
{
    if (l->tls_fd >= 0)
        return 0;
    int err = open_tcp(&l->tls_fd, &l->tls_port, args);
    tell(args, args->address, err);
    if (err)
        web_listen_close_tls(l);
    return err;
}

void web_listen_close_tls(struct web_listen *l)
{
    if (l->tls_fd >= 0)
        close(l->tls_fd);
    l->tls_fd = -1;
    l->tls_port = 0;
}

void web_listen_drop(struct web_listen *l)
{
    web_listen_close_tls(l);
    if (l->tcp_fd >= 0)
        close(l->tcp_fd);
    if (l->unix_fd >= 0)
        close(l->unix_fd);
    if (l->path[0])
        (void)unlink(l->path);
    *l = (struct web_listen){.tcp_fd = -1, .unix_fd = -1, .tls_fd = -1};
}

/* An IPv4 client of an IPv6 socket is known by its IPv4 address (RFC 4291 §2.5.5.2). */
static void read_tcp_peer(struct web_peer *peer, const struct sockaddr_storage *at)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)at;
    peer->at = os_endpoint_read(at);
    peer->at.port = 0; /* all connections of one machine count together */
    if (at->ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        return;
    peer->at = (struct address){.family = 4};
    memcpy(peer->at.ip, v6->sin6_addr.s6_addr + 12, 4);
}

static int check_owner(int fd)
{
    struct ucred who;
    socklen_t n = sizeof(who);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n))
        return EACCES;
    return who.uid == geteuid() || who.uid == 0 ? 0 : EACCES;
}

int web_listen_accept(int listener, struct web_arrival *arrival)
{
    struct sockaddr_storage *at = arrival->address;
    socklen_t n = sizeof(*at);
    memset(at, 0, sizeof(*at));
    memset(&arrival->peer, 0, sizeof(arrival->peer));
    arrival->fd = accept4(listener, (struct sockaddr *)at, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (arrival->fd < 0)
        return errno == ECONNABORTED || errno == EINTR ? EAGAIN : errno;
    arrival->address_n = n;
    if (at->ss_family == AF_UNIX) {
        arrival->peer.is_unix = true;
        return check_owner(arrival->fd);
    }
    read_tcp_peer(&arrival->peer, at);
    return 0;
}

void web_listen_refuse(int fd, const struct web_refusal *r)
{
    char body[REFUSAL_BYTES / 2], head[REFUSAL_BYTES], dropped[REFUSAL_BYTES];
    struct text_out out = {.p = body, .max = sizeof(body)};
    view_api_error(&out, r->error, r->cure);
    int n = snprintf(head, sizeof(head),
                     "HTTP/1.1 %s\r\nContent-Type: application/json; charset=utf-8\r\n"
                     "Content-Length: %zu\r\nRetry-After: 2\r\nCache-Control: no-store\r\n"
                     "Connection: close\r\n\r\n%.*s",
                     r->status, out.n, (int)out.n, body);
    assert(n > 0 && (size_t)n < sizeof(head));
    /* What has come already is taken, so that closing does not take the answer back (RST). */
    (void)!recv(fd, dropped, sizeof(dropped), MSG_DONTWAIT);
    (void)!send(fd, head, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    close(fd);
}
