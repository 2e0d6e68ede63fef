/* wire.c — see wire.h. Called by smpp.c, on the sender's thread. Over TLS the certificates that we
 * believe are read anew for each connection: an authority that changes needs no restart, and what
 * counts references stays on one thread. Cost: those files and a handshake a connection.
 * Invariant: no byte goes before the other side was believed. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "sms/wire.h"

#define HOST_BYTES 256

void wire_init(struct wire *w)
{
    *w = (struct wire){.fd = -1};
}

void wire_close(struct wire *w)
{
    tls_link_drop(w->link); /* says goodbye: before its socket */
    tls_context_drop(w->tls);
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    w->link = NULL;
    w->tls = NULL;
    w->is_up = w->wants_write = false;
}

/* ---- connecting --------------------------------------------------------------------------- */

/* "host:port", "[IPv6]:port" → the host; the port, or NULL. */
static const char *cut_host(char host[HOST_BYTES], const char *address)
{
    const char *colon = strrchr(address, ':');
    bool has_brackets = address[0] == '[';
    size_t n = colon ? (size_t)(colon - address) : 0;
    if (n < 2u * has_brackets + 1 || n >= HOST_BYTES)
        return NULL;
    memcpy(host, address + has_brackets, n - 2u * has_brackets);
    host[n - 2u * has_brackets] = '\0';
    return colon + 1;
}

static int connect_one(const struct addrinfo *at)
{
    int one = 1, fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (!connect(fd, at->ai_addr, at->ai_addrlen) || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

/* Of several addresses another one at each try: the first may be of a machine that is off. */
static bool connect_to(struct wire *w, const char *host, const char *port, uint32_t turn)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    uint32_t n = 0, i = 0;
    int err = getaddrinfo(host, port, &hints, &found);
    for (const struct addrinfo *at = err ? NULL : found; at; at = at->ai_next)
        n++;
    for (const struct addrinfo *at = n ? found : NULL; at && w->fd < 0; at = at->ai_next)
        if (i++ >= turn % n)
            w->fd = connect_one(at);
    if (!err)
        freeaddrinfo(found);
    w->fault = w->fd >= 0 ? GSM_FAULT_NONE : err ? GSM_FAULT_NO_NAME : GSM_FAULT_SILENT;
    return w->fd >= 0;
}

static const char *or_none(const char *text)
{
    return text && *text ? text : NULL;
}

static bool open_tls(struct wire *w, const struct wire_args *args, const char *host)
{
    uint8_t pin[TLS_PIN_BYTES];
    const char *name = or_none(args->name), *text = or_none(args->pin);
    const struct tls_args tls = {.authority = or_none(args->authority),
                                 .name = name ? name : host,
                                 .pin = text ? pin : NULL};
    bool is_read = !text || tls_pin_read(pin, text);
    if (is_read && tls_context_open(&w->tls, &tls) == TLS_GOOD)
        return true;
    w->fault = is_read ? GSM_FAULT_FILE : GSM_FAULT_PIN;
    return false;
}

bool wire_open(struct wire *w, const struct wire_args *args)
{
    char host[HOST_BYTES];
    const char *port = cut_host(host, args->address);
    w->why[0] = '\0';
    if (!port) {
        w->fault = GSM_FAULT_NO_NAME;
        return false;
    }
    if (args->is_tls && !open_tls(w, args, host))
        return false;
    if (connect_to(w, host, port, args->turn))
        return true;
    wire_close(w);
    return false;
}

/* ---- TLS ---------------------------------------------------------------------------------- */

static enum wire_io over(struct wire *w)
{
    static const enum gsm_fault faults[TLS_DOUBTS] = {
        [TLS_DOUBT_NONE] = GSM_FAULT_CLOSED,         [TLS_DOUBT_EXPIRED] = GSM_FAULT_EXPIRED,
        [TLS_DOUBT_EARLY] = GSM_FAULT_EARLY,         [TLS_DOUBT_NAME] = GSM_FAULT_NAME,
        [TLS_DOUBT_AUTHORITY] = GSM_FAULT_AUTHORITY, [TLS_DOUBT_PIN] = GSM_FAULT_PIN,
        [TLS_DOUBT_NO_TLS] = GSM_FAULT_NO_TLS,       [TLS_DOUBT_OTHER] = GSM_FAULT_TLS};
    struct text_out out = {.p = w->why, .max = sizeof(w->why) - 1};
    w->fault = faults[tls_link_doubt(w->link)];
    text_put(&out, text_of(tls_link_why(w->link)));
    w->why[out.n] = '\0';
    return WIRE_OVER;
}

static enum wire_io io_of(struct wire *w, enum tls_io io)
{
    w->wants_write = io == TLS_WAITS_TO_WRITE;
    if (io == TLS_OVER)
        return over(w);
    return io == TLS_DONE ? WIRE_DONE : WIRE_LATER;
}

/* ---- bytes -------------------------------------------------------------------------------- */

static enum wire_io end(struct wire *w, enum gsm_fault fault)
{
    w->fault = fault;
    return WIRE_OVER;
}

enum wire_io wire_shake(struct wire *w)
{
    int err = 0;
    socklen_t n = sizeof(err);
    if (!w->link && (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &n) || err))
        return end(w, GSM_FAULT_SILENT);
    if (w->tls && !w->link)
        w->link = tls_link_connect(w->tls, w->fd);
    if (w->tls && !w->link)
        return end(w, GSM_FAULT_TLS);
    enum wire_io io = w->link ? io_of(w, tls_link_shake(w->link)) : WIRE_DONE;
    w->is_up = io == WIRE_DONE;
    return io;
}

static enum wire_io plain(struct wire *w, ssize_t done, size_t *n)
{
    *n = done > 0 ? (size_t)done : 0;
    if (done > 0)
        return WIRE_DONE;
    return done < 0 && (errno == EAGAIN || errno == EINTR) ? WIRE_LATER : end(w, GSM_FAULT_CLOSED);
}

enum wire_io wire_read(struct wire *w, void *to, size_t *n)
{
    return w->link ? io_of(w, tls_link_read(w->link, to, n)) : plain(w, recv(w->fd, to, *n, 0), n);
}

enum wire_io wire_write(struct wire *w, const void *from, size_t *n)
{
    return w->link ? io_of(w, tls_link_write(w->link, from, n))
                   : plain(w, send(w->fd, from, *n, MSG_NOSIGNAL), n);
}

short wire_events(const struct wire *w, bool has_more)
{
    bool connects = !w->is_up && !w->link;
    bool writes = connects || w->wants_write || (w->is_up && has_more);
    return (short)((connects ? 0 : POLLIN) | (writes ? POLLOUT : 0));
}
