/* web.c — see web.h: opening, turning, closing.
 * Called by cli/reader.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "web/server.h"

#define SWEEP_MS 1000
/* How often an answer that comes later is looked for, at least. */
#define LATER_MS 50
#define EVENTS_PER_TURN 64
/* What MHD keeps of one connection: its head, and what it writes. */
#define CONNECTION_BYTES ((size_t)32 * 1024)
/* MHD's own limit for silence, behind ours. */
#define SILENCE_S 120u

static struct MHD_Daemon *start_daemon(struct web *web)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        web_request_take, web, MHD_OPTION_URI_LOG_CALLBACK, web_request_begin, web,
        MHD_OPTION_NOTIFY_COMPLETED, web_request_end, web, MHD_OPTION_NOTIFY_CONNECTION,
        web_connection_notify, web, MHD_OPTION_CONNECTION_LIMIT, web->connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        SILENCE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static int watch(struct web *web, int fd)
{
    struct epoll_event ev = {.events = EPOLLIN};
    if (fd < 0)
        return 0;
    return epoll_ctl(web->epoll_fd, EPOLL_CTL_ADD, fd, &ev) ? errno : 0;
}

static int open_epoll(struct web *web)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    web->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (web->epoll_fd < 0)
        return errno;
    int err = watch(web, info->epoll_fd);
    if (!err)
        err = watch(web, web->listen.tcp_fd);
    return err ? err : watch(web, web->listen.unix_fd);
}

static int make_memory(struct web *web)
{
    web->connections = calloc(web->connections_max, sizeof(*web->connections));
    web->tunnels = calloc(web->connections_max, sizeof(struct web_tunnel *));
    web->page = malloc(PAGES_BYTES_MAX);
    return web->connections && web->tunnels && web->page ? 0 : ENOMEM;
}

static void set_bounds(struct web *web, const struct web_args *args)
{
    web->connections_max = args->connections_max ? args->connections_max : WEB_CONNECTIONS_MAX;
    web->per_address_max = args->per_address_max ? args->per_address_max : WEB_PER_ADDRESS_MAX;
    web->streams_max = args->streams_max ? args->streams_max : WEB_STREAMS_MAX;
    web->request_ms_max = args->request_ms_max ? args->request_ms_max : WEB_REQUEST_MS;
    web->slow_ms_max = args->slow_ms_max ? args->slow_ms_max : WEB_SLOW_MS;
    web->wall_at = args->wall_at ? args->wall_at : os_clock_wall_at;
    web->boot_ms = args->boot_ms ? args->boot_ms : os_clock_boot_ms;
}

static int check_token(struct web *web, const struct web_args *args)
{
    if (web_token_keep(&web->token, args->token) &&
        web_signature_follow(&web->signature, args->signature))
        return 0;
    os_log_line(args->log, OS_LOG_ALARM,
                "web: the token is too short, too long or has other characters — give %d to %d "
                "letters, digits or signs without spaces",
                WEB_TOKEN_MIN, WEB_TOKEN_MAX);
    return EINVAL;
}

int web_open(struct web **out, const struct web_args *args)
{
    struct web *web = calloc(1, sizeof(*web));
    *out = NULL;
    if (!web)
        return ENOMEM;
    web->pages = args->pages;
    web->log = args->log;
    web->epoll_fd = web->listen.tcp_fd = web->listen.unix_fd = web->listen.tls_fd = -1;
    web->tls_address = args->tls_address;
    web->tls_wanted = args->tls_port;
    web->is_accepting = true;
    web->is_shown = args->is_shown;
    web->told = args->told;
    set_bounds(web, args);
    struct web_listen_args listen = {
        .address = args->address, .socket = args->socket, .port = args->port, .log = args->log};
    int err = check_token(web, args);
    if (!err)
        err = make_memory(web);
    if (!err)
        err = web_listen_open(&web->listen, &listen);
    if (!err)
        web->daemon = start_daemon(web);
    if (!err && !web->daemon)
        err = ENOMEM; /* MHD does not say why; nothing else can be missing here */
    if (!err)
        err = open_epoll(web);
    if (!err && args->tls)
        err = web_secure(web, args->tls);
    if (err)
        web_drop(web);
    else
        *out = web;
    return err;
}

bool web_secret_follow(struct web *web, const char *secret)
{
    return web_signature_follow(&web->signature, secret);
}

bool web_token_follow(struct web *web, const char *text)
{
    struct web_token token;
    bool fits = web_token_keep(&token, text);
    if (fits)
        web->token = token;
    explicit_bzero(&token, sizeof(token));
    return fits;
}

static void wake_all(struct web *web)
{
    for (uint32_t i = 0; i < web->places_n; i++)
        if (web->connections[i].stream)
            web_stream_wake(web->connections[i].stream);
}

static void tell_all(struct web *web)
{
    ms_t now_ms = web->boot_ms();
    for (uint32_t i = 0; i < web->places_n; i++)
        if (web->connections[i].stream)
            web_stream_news(web->connections[i].stream, now_ms);
}

void web_drop(struct web *web)
{
    if (!web)
        return;
    if (web->daemon) {
        web_connection_wake(web);
        wake_all(web); /* MHD stops the program when it ends with a sleeping connection */
        MHD_stop_daemon(web->daemon);
    }
    web_listen_drop(&web->listen);
    web_secure_drop(web);
    if (web->epoll_fd >= 0)
        close(web->epoll_fd);
    free(web->connections);
    free((void *)web->tunnels);
    free(web->page);
    explicit_bzero(&web->token, sizeof(web->token));
    free(web);
}

uint16_t web_port(const struct web *web)
{
    return web->listen.port;
}

int web_fd(const struct web *web)
{
    return web->epoll_fd;
}

ms_t web_now_at(const struct web *web)
{
    return web->told ? os_clock_told_at(web->told) : web->wall_at();
}

void web_news(struct web *web)
{
    if (web->streams_n)
        tell_all(web);
}

/* Those who closed, and bytes of those who speak TLS. Before anything else: places are given anew
 * only behind it. */
static void see_clients(struct web *web)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int n = epoll_wait(web->epoll_fd, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < n; i++)
        if (events[i].data.u64 & WEB_EVENT_TUNNEL)
            web_secure_turn(web, (uint32_t)events[i].data.u64);
        else if (events[i].data.u64)
            web_connection_left(&web->connections[events[i].data.u64 - 1]);
}

int web_turn(struct web *web)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = SWEEP_MS;
    ms_t now_ms = web->boot_ms();
    see_clients(web);
    web_connection_wake(web); /* asked again; what is still not there sleeps on */
    web_connection_accept(web);
    if (now_ms >= web->sweep_ms) {
        web->sweep_ms = now_ms + SWEEP_MS;
        web_connection_sweep(web);
        web_secure_sweep(web);
    }
    (void)MHD_run(web->daemon); /* it fails only on a daemon of another kind */
    ms_t sweep_ms = web->sweep_ms - now_ms;
    if (web->waiting_n && sweep_ms > LATER_MS)
        sweep_ms = LATER_MS;
    if (MHD_get_timeout(web->daemon, &wait_ms) != MHD_YES || wait_ms > (uint64_t)sweep_ms)
        return (int)sweep_ms;
    return (int)wait_ms;
}
