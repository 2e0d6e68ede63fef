/* link.c — see link.h. A BIO of our own sends and receives, so that a peer that has gone is an
 * error and never a signal. Called by phone/tcp.c and sms/wire.c. Cost: the library's; a handshake
 * is some 100 µs with an elliptic key, a millisecond with RSA of 2048 bits.
 * Invariant: no byte of the other side is given before it was believed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "tls/link.h"
#include "tls/parts.h"

struct tls_link {
    SSL *ssl;                   /* owned */
    struct tls_context *c, *of; /* a reference of each; of: NULL unless the peer proves itself */
    int fd;
    bool is_up, is_broken;
    enum tls_doubt doubt;
    char why[96];
};

/* ---- the socket --------------------------------------------------------------------------- */

static bool is_later(ssize_t n)
{
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static int way_write(BIO *b, const char *from, int n)
{
    const struct tls_link *l = BIO_get_data(b);
    BIO_clear_retry_flags(b);
    ssize_t done = send(l->fd, from, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (is_later(done))
        BIO_set_retry_write(b);
    return (int)done;
}

static int way_read(BIO *b, char *to, int n)
{
    const struct tls_link *l = BIO_get_data(b);
    BIO_clear_retry_flags(b);
    ssize_t done = recv(l->fd, to, (size_t)n, MSG_DONTWAIT);
    if (is_later(done))
        BIO_set_retry_read(b);
    return (int)done;
}

/* tidy: parameters — the form of OpenSSL */
static long way_control(BIO *b, int cmd, long n, void *p)
{
    (void)b;
    (void)n;
    (void)p;
    return cmd == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_way_new(void)
{
    BIO_METHOD *way = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "decroche");
    if (way && BIO_meth_set_write(way, way_write) && BIO_meth_set_read(way, way_read) &&
        BIO_meth_set_ctrl(way, way_control))
        return way;
    BIO_meth_free(way);
    return NULL;
}

static bool open_way(struct tls_link *l)
{
    BIO *b = BIO_new(l->c->way);
    if (!b)
        return false;
    BIO_set_data(b, l);
    BIO_set_init(b, 1);
    SSL_set_bio(l->ssl, b, b);
    return true;
}

/* ---- opening ------------------------------------------------------------------------------ */

/* Who the other side must be; a pin says it all. */
static bool expect(SSL *ssl, const struct tls_context *of)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    struct address ip;
    if (of->has_pin || !of->name[0])
        return true;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (address_read_ip(&ip, text_of(of->name)))
        return X509_VERIFY_PARAM_set1_ip_asc(param, of->name) == 1;
    return X509_VERIFY_PARAM_set1_host(param, of->name, 0) == 1 &&
           (SSL_is_server(ssl) || SSL_set_tlsext_host_name(ssl, of->name) == 1);
}

static struct tls_link *begin(struct tls_context *c, int fd)
{
    struct tls_link *l = calloc(1, sizeof(*l));
    if (!l)
        return NULL;
    l->fd = fd;
    l->c = c;
    c->refs++;
    l->ssl = SSL_new(c->ctx);
    if (l->ssl && SSL_set_app_data(l->ssl, c) && open_way(l))
        return l;
    tls_link_drop(l);
    return NULL;
}

struct tls_link *tls_link_connect(struct tls_context *c, int fd)
{
    struct tls_link *l = begin(c, fd);
    if (!l)
        return NULL;
    SSL_set_connect_state(l->ssl);
    SSL_set_verify(l->ssl, SSL_VERIFY_PEER, NULL);
    if (expect(l->ssl, c))
        return l;
    tls_link_drop(l);
    return NULL;
}

static bool demand(struct tls_link *l, struct tls_context *of)
{
    l->of = of;
    of->refs++;
    SSL_set_app_data(l->ssl, of);
    SSL_set_verify(l->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    /* An operator shows the certificate of its server, which may be for servers alone. */
    return SSL_set1_verify_cert_store(l->ssl, SSL_CTX_get_cert_store(of->ctx)) == 1 &&
           SSL_set_purpose(l->ssl, X509_PURPOSE_SSL_SERVER) == 1 && expect(l->ssl, of);
}

struct tls_link *tls_link_accept(struct tls_context *c, int fd, struct tls_context *of)
{
    struct tls_link *l = begin(c, fd);
    if (!l)
        return NULL;
    SSL_set_accept_state(l->ssl);
    if (!of || demand(l, of))
        return l;
    tls_link_drop(l);
    return NULL;
}

void tls_link_drop(struct tls_link *l)
{
    if (!l)
        return;
    if (l->is_up && !l->is_broken)
        (void)SSL_shutdown(l->ssl);
    SSL_free(l->ssl); /* before its way, which the context holds */
    tls_context_drop(l->c);
    tls_context_drop(l->of);
    free(l);
    ERR_clear_error();
}

/* ---- using it ----------------------------------------------------------------------------- */

static enum tls_doubt doubt_of_certificate(long verify)
{
    switch (verify) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TLS_DOUBT_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TLS_DOUBT_EARLY;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return TLS_DOUBT_NAME;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return TLS_DOUBT_AUTHORITY;
    case X509_V_ERR_CERT_REJECTED: /* by judge() of context.c alone */
        return TLS_DOUBT_PIN;
    default:
        return TLS_DOUBT_OTHER;
    }
}

static enum tls_doubt doubt_of_speech(unsigned long err)
{
    switch (ERR_GET_REASON(err)) {
    case SSL_R_WRONG_VERSION_NUMBER: /* what no TLS begins with */
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_UNEXPECTED_MESSAGE:
        return TLS_DOUBT_NO_TLS;
    default:
        return err ? TLS_DOUBT_OTHER : TLS_DOUBT_NONE;
    }
}

static void note_why(struct tls_link *l)
{
    long verify = SSL_get_verify_result(l->ssl);
    struct text_out out = {.p = l->why, .max = sizeof(l->why) - 1};
    unsigned long err = ERR_peek_last_error();
    const char *reason = err ? ERR_reason_error_string(err) : NULL;
    l->doubt = verify != X509_V_OK ? doubt_of_certificate(verify) : doubt_of_speech(err);
    if (verify != X509_V_OK)
        reason = X509_verify_cert_error_string(verify);
    text_put(&out, text_of(reason ? reason : "closed by the other side"));
    l->why[out.n] = '\0';
}

static enum tls_io judge(struct tls_link *l, int result)
{
    switch (SSL_get_error(l->ssl, result)) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
        return TLS_WAITS_TO_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WAITS_TO_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_OVER;
    default:
        l->is_broken = true; /* nothing more may be asked of it, not even a goodbye */
        note_why(l);
        return TLS_OVER;
    }
}

enum tls_io tls_link_shake(struct tls_link *l)
{
    ERR_clear_error();
    enum tls_io io = judge(l, SSL_do_handshake(l->ssl));
    l->is_up = io == TLS_DONE;
    return io;
}

const char *tls_link_why(const struct tls_link *l)
{
    return l->why;
}

enum tls_doubt tls_link_doubt(const struct tls_link *l)
{
    return l->doubt;
}

enum tls_io tls_link_read(struct tls_link *l, void *to, size_t *n)
{
    size_t done = 0;
    ERR_clear_error();
    enum tls_io io = judge(l, SSL_read_ex(l->ssl, to, *n, &done));
    *n = done;
    return io;
}

enum tls_io tls_link_write(struct tls_link *l, const void *from, size_t *n)
{
    size_t done = 0;
    ERR_clear_error();
    enum tls_io io = judge(l, SSL_write_ex(l->ssl, from, *n, &done));
    *n = done;
    return io;
}

bool tls_link_has_more(const struct tls_link *l)
{
    return SSL_pending(l->ssl) > 0;
}
