/* secure.c — those who speak TLS with us: a tunnel each, beside their connection to MHD.
 * Called by connection.c and web.c. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "web/server.h"

static uint32_t free_tunnel(const struct web *web)
{
    uint32_t i = 0;
    while (i < web->connections_max && web->tunnels[i])
        i++;
    return i;
}

static void watch(const struct web *web, int fd, uint32_t tunnel)
{
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                             .data.u64 = WEB_EVENT_TUNNEL | tunnel};
    (void)epoll_ctl(web->epoll_fd, EPOLL_CTL_ADD, fd, &ev); /* else the time limits end it */
}

int web_secure_begin(struct web *web, int fd)
{
    uint32_t i = free_tunnel(web);
    int inner = -1;
    struct web_tunnel *t = i < web->connections_max ? web_tunnel_open(web->tls, fd, &inner) : NULL;
    if (!t) {
        close(fd);
        return -1;
    }
    web->tunnels[i] = t;
    watch(web, fd, i);
    watch(web, web_tunnel_inner_fd(t), i);
    return inner;
}

static void end(struct web *web, uint32_t i)
{
    static const struct web_refusal in_clear = {
        "400 Bad Request",
        "this port speaks TLS, and this is HTTP in clear — cette adresse est chiffrée",
        "write https:// in front of the address — écrivez https:// devant l’adresse"};
    struct web_tunnel *t = web->tunnels[i];
    web->tunnels[i] = NULL;
    if (web_tunnel_is_clear(t))
        web_listen_refuse(web_tunnel_leave(t), &in_clear);
    else
        web_tunnel_drop(t);
}

void web_secure_turn(struct web *web, uint32_t i)
{
    if (web->tunnels[i] && !web_tunnel_turn(web->tunnels[i], web->boot_ms()))
        end(web, i);
}

void web_secure_sweep(struct web *web)
{
    ms_t now_ms = web->boot_ms();
    for (uint32_t i = 0; i < web->connections_max; i++)
        if (web->tunnels[i] && !web_tunnel_is_due(web->tunnels[i], now_ms, web->slow_ms_max))
            end(web, i);
}

void web_secure_drop(struct web *web)
{
    for (uint32_t i = 0; web->tunnels && i < web->connections_max; i++)
        web_tunnel_drop(web->tunnels[i]);
    tls_context_drop(web->tls);
}

/* ---- the port ----------------------------------------------------------------------------- */

int web_secure(struct web *web, struct tls_context *context)
{
    const struct web_listen_args args = {
        .address = web->tls_address, .port = web->tls_wanted, .log = web->log};
    struct epoll_event ev = {.events = web->is_accepting ? EPOLLIN : 0};
    bool was_open = web->listen.tls_fd >= 0;
    tls_context_keep(context);
    tls_context_drop(web->tls);
    web->tls = context;
    if (!context) {
        web_listen_close_tls(&web->listen);
        return 0;
    }
    int err = web_listen_open_tls(&web->listen, &args);
    if (!err && !was_open && epoll_ctl(web->epoll_fd, EPOLL_CTL_ADD, web->listen.tls_fd, &ev)) {
        err = errno;
        web_listen_close_tls(&web->listen);
    }
    return err;
}

uint16_t web_secure_port(const struct web *web)
{
    return web->listen.tls_port;
}
