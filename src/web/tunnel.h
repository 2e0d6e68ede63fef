/* tunnel.h — a client that speaks TLS with us: its bytes in clear go to and come from MHD over a
 * pair of sockets, so that a page does not know the difference. Called by connection.c and web.c.
 * Nothing here waits. Cost: ~17 KiB a client and what the library keeps; each byte is copied twice.
 * Invariant: it ends when either side has; no client can hold one longer than its page's limits. */
#ifndef WEB_TUNNEL_H
#define WEB_TUNNEL_H

#include "base/types.h"
#include "tls/link.h"

/* Who was answered and does not close goes after so long. */
#define WEB_LINGER_MS 2000

struct web_tunnel;

/* *inner: MHD's end, non-blocking, its owner's to close. fd is the tunnel's, when there is one.
 * NULL: no memory or no descriptor left. */
struct web_tunnel *web_tunnel_open(struct tls_context *context, int fd, int *inner);
/* Both ends are closed. NULL is fine. */
void web_tunnel_drop(struct web_tunnel *t);

/* To be watched, edge by edge, in both directions. */
int web_tunnel_fd(const struct web_tunnel *t);
int web_tunnel_inner_fd(const struct web_tunnel *t);

/* Moves what can be moved. False: it is over, to be dropped. */
MUST_CHECK bool web_tunnel_turn(struct web_tunnel *t, ms_t now_ms);
/* False: one side has ended, and the other takes too long about it. */
MUST_CHECK bool web_tunnel_is_due(const struct web_tunnel *t, ms_t now_ms, ms_t slow_ms_max);

/* What is over is so because the client speaks HTTP in clear: its first byte is none of a handshake
 * (RFC 8446 §5.1). */
bool web_tunnel_is_clear(const struct web_tunnel *t);
/* Drops it, but for the client's socket, the caller's from here on. */
int web_tunnel_leave(struct web_tunnel *t);

#endif
