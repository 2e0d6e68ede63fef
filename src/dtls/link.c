/* link.c — one association. See dtls.h. A BIO of our own, because a memory BIO of OpenSSL forgets
 * where a datagram ends. Called by browser/. Cost: the library's.
 * Invariant: keys are there in DTLS_UP only, and only after judge() (house.c) knew the certificate.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "dtls/parts.h"

#define LABEL "EXTRACTOR-dtls_srtp" /* RFC 5764 §4.2 */
#define KEY_BYTES 16
#define MS_PER_S 1000
#define US_PER_MS 1000
#define TAKES_MAX 8 /* records of theirs looked at in one datagram once it is up */

/* ---- datagrams ---------------------------------------------------------------------------- */

static int way_write(BIO *b, const char *from, int n)
{
    const struct dtls_link *l = BIO_get_data(b);
    BIO_clear_retry_flags(b);
    l->send((const uint8_t *)from, (size_t)n, l->arg);
    return n; /* what is lost is repeated */
}

static int way_read(BIO *b, char *to, int max)
{
    struct dtls_link *l = BIO_get_data(b);
    BIO_clear_retry_flags(b);
    if (!l->in) {
        BIO_set_retry_read(b);
        return -1;
    }
    int n = (size_t)max < l->in_n ? max : (int)l->in_n;
    memcpy(to, l->in, (size_t)n);
    l->in = NULL;
    return n;
}

/* tidy: parameters — the form of OpenSSL */
static long way_control(BIO *b, int cmd, long n, void *p)
{
    (void)b;
    (void)n;
    (void)p;
    return cmd == BIO_CTRL_FLUSH;
}

BIO_METHOD *dtls_way_new(void)
{
    BIO_METHOD *way = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "decroche datagrams");
    if (way && BIO_meth_set_write(way, way_write) && BIO_meth_set_read(way, way_read) &&
        BIO_meth_set_ctrl(way, way_control))
        return way;
    BIO_meth_free(way);
    return NULL;
}

static bool open_way(struct dtls_link *l)
{
    BIO *b = BIO_new(l->house->way);
    if (!b)
        return false;
    BIO_set_data(b, l);
    BIO_set_init(b, 1);
    SSL_set_bio(l->ssl, b, b);
    return true;
}

/* Sets how long to wait for their flight, in µs; before: 0 at the first. */
static unsigned wait_longer(SSL *ssl, unsigned before)
{
    const struct dtls_link *l = SSL_get_app_data(ssl);
    unsigned next = before ? 2 * before : l->house->repeat_us;
    return next < DTLS_REPEAT_US_MAX ? next : DTLS_REPEAT_US_MAX;
}

/* ---- beginning and end -------------------------------------------------------------------- */

struct dtls_link *dtls_link_new(const struct dtls_link_args *args)
{
    struct dtls_link *l = calloc(1, sizeof(*l));
    if (!l)
        return NULL;
    l->house = args->house;
    l->send = args->send;
    l->arg = args->arg;
    l->is_active = args->is_active;
    memcpy(l->expected, args->fingerprint, sizeof(l->expected));
    l->ssl = SSL_new(l->house->ctx);
    if (!l->ssl || !SSL_set_app_data(l->ssl, l) || !open_way(l)) {
        SSL_free(l->ssl);
        free(l);
        return NULL;
    }
    SSL_set_mtu(l->ssl, DTLS_MTU);
    DTLS_set_timer_cb(l->ssl, wait_longer);
    if (l->is_active)
        SSL_set_connect_state(l->ssl);
    else
        SSL_set_accept_state(l->ssl);
    return l;
}

void dtls_link_drop(struct dtls_link *l)
{
    if (!l)
        return;
    if (l->state == DTLS_UP)
        SSL_shutdown(l->ssl);
    SSL_free(l->ssl);
    ERR_clear_error();
    OPENSSL_cleanse(l, sizeof(*l));
    free(l);
}

/* ---- keys --------------------------------------------------------------------------------- */

/* Both keys, then both salts, the client's first (RFC 5764 §4.2). */
static void lay_out(struct dtls_link *l, const uint8_t *secret, size_t salt_n)
{
    uint8_t *of[2] = {l->is_active ? l->keys.ours : l->keys.theirs,
                      l->is_active ? l->keys.theirs : l->keys.ours};
    for (unsigned i = 0; i < 2; i++) {
        memcpy(of[i], secret + i * KEY_BYTES, KEY_BYTES);
        memcpy(of[i] + KEY_BYTES, secret + 2 * KEY_BYTES + i * salt_n, salt_n);
    }
}

static bool take_keys(struct dtls_link *l)
{
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(l->ssl);
    uint8_t secret[2 * DTLS_KEY_MAX];
    if (!profile)
        return false;
    bool is_gcm = profile->id == SRTP_AEAD_AES_128_GCM;
    size_t salt_n = is_gcm ? 12 : 14;
    bool is_done = SSL_export_keying_material(l->ssl, secret, 2 * (KEY_BYTES + salt_n), LABEL,
                                              strlen(LABEL), NULL, 0, 0) == 1;
    l->keys.suite = is_gcm ? DTLS_GCM_128 : DTLS_CM_80;
    if (is_done)
        lay_out(l, secret, salt_n);
    OPENSSL_cleanse(secret, sizeof(secret));
    return is_done;
}

/* ---- going on ----------------------------------------------------------------------------- */

static void shake(struct dtls_link *l)
{
    int done = SSL_do_handshake(l->ssl);
    int why = done == 1 ? SSL_ERROR_NONE : SSL_get_error(l->ssl, done);
    if (done == 1)
        l->state = take_keys(l) ? DTLS_UP : DTLS_FAILED;
    else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        l->state = DTLS_FAILED;
}

/* Nothing of what they may say is wanted but their goodbye; a repeated last flight is answered by
 * the library. */
static void listen(struct dtls_link *l)
{
    uint8_t bytes[DTLS_DATAGRAM_MAX];
    for (unsigned i = 0; i < TAKES_MAX; i++) {
        int n = SSL_read(l->ssl, bytes, sizeof(bytes));
        if (n > 0)
            continue;
        if (SSL_get_error(l->ssl, n) == SSL_ERROR_ZERO_RETURN)
            l->state = DTLS_CLOSED;
        return;
    }
}

static void go_on(struct dtls_link *l)
{
    ERR_clear_error();
    if (l->state == DTLS_SHAKING)
        shake(l);
    if (l->state == DTLS_UP)
        listen(l);
    ERR_clear_error();
}

enum dtls_state dtls_link_take(struct dtls_link *l, const uint8_t *bytes, size_t n)
{
    if (l->state >= DTLS_CLOSED || n > DTLS_DATAGRAM_MAX)
        return l->state;
    l->in = bytes;
    l->in_n = n;
    go_on(l);
    l->in = NULL;
    return l->state;
}

enum dtls_state dtls_link_run(struct dtls_link *l)
{
    if (l->state >= DTLS_CLOSED)
        return l->state;
    if (DTLSv1_handle_timeout(l->ssl) < 0)
        l->state = DTLS_FAILED;
    else if (l->state == DTLS_SHAKING && (l->is_active || SSL_in_before(l->ssl) == 0))
        go_on(l);
    ERR_clear_error();
    return l->state;
}

enum dtls_state dtls_link_state(const struct dtls_link *l)
{
    return l->state;
}

ms_t dtls_link_wait_ms(const struct dtls_link *l)
{
    struct timeval left;
    if (l->state >= DTLS_CLOSED || DTLSv1_get_timeout(l->ssl, &left) != 1)
        return MS_NEVER;
    return (ms_t)left.tv_sec * MS_PER_S + (left.tv_usec + US_PER_MS - 1) / US_PER_MS;
}

void dtls_link_keys(const struct dtls_link *l, struct dtls_keys *keys)
{
    assert(l->state == DTLS_UP);
    *keys = l->keys;
}

const char *dtls_link_why(const struct dtls_link *l)
{
    if (l->state != DTLS_FAILED)
        return "";
    return l->is_stranger ? "its certificate is not the one that its offer named"
                          : "no handshake: nothing in common, or no answer";
}
