/* house.c — our side of all handshakes: certificate, suites, whom to believe. See dtls.h.
 * Called at start by browser/. Invariant: the private key never leaves memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "dtls/parts.h"

/* Forward secrecy and authenticated encryption alone (RFC 9325 §4.2); RFC 8827 §6.5 asks for the
 * first of them. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS "X25519:P-256"
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"

/* Browsers look at the fingerprint alone, not at dates; a clock that is wrong harms nobody. */
#define DAY_S (24L * 3600)
#define LIFE_DAYS 3650

bool dtls_fingerprint_of(uint8_t to[DTLS_FINGERPRINT_BYTES], const X509 *x)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!x || !X509_digest(x, EVP_sha256(), digest, &n) || n != DTLS_FINGERPRINT_BYTES)
        return false;
    memcpy(to, digest, DTLS_FINGERPRINT_BYTES);
    return true;
}

/* Who signed a certificate and when says nothing here: it is the one that was named, or not. */
static int judge(X509_STORE_CTX *store, void *arg)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct dtls_link *l = SSL_get_app_data(ssl);
    uint8_t is[DTLS_FINGERPRINT_BYTES];
    (void)arg;
    if (dtls_fingerprint_of(is, X509_STORE_CTX_get0_cert(store)) &&
        !memcmp(is, l->expected, sizeof(is))) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    l->is_stranger = true;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static bool name_and_sign(X509 *x, EVP_PKEY *key)
{
    uint8_t number[8];
    if (RAND_bytes(number, sizeof(number)) != 1)
        return false;
    uint64_t serial = 0;
    for (unsigned i = 0; i < sizeof(number); i++)
        serial = serial << 8 | number[i];
    X509_NAME *name = X509_get_subject_name(x);
    return X509_set_version(x, X509_VERSION_3) &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) &&
           X509_gmtime_adj(X509_getm_notAfter(x), LIFE_DAYS * DAY_S) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"decroche", -1, -1,
                                      0) &&
           X509_set_issuer_name(x, name) && X509_set_pubkey(x, key) &&
           X509_sign(x, key, EVP_sha256());
}

static bool make_certificate(struct dtls_house *h)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    bool is_made = key && x && name_and_sign(x, key) && dtls_fingerprint_of(h->fingerprint, x) &&
                   SSL_CTX_use_certificate(h->ctx, x) == 1 &&
                   SSL_CTX_use_PrivateKey(h->ctx, key) == 1;
    X509_free(x);
    EVP_PKEY_free(key);
    return is_made;
}

static bool set_rules(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    /* tidy: words — a name of OpenSSL */
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, judge, NULL);
    return SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
           SSL_CTX_set1_groups_list(ctx, GROUPS) == 1 &&
           !SSL_CTX_set_tlsext_use_srtp(ctx, PROFILES); /* 0 is success here */
}

int dtls_house_open(struct dtls_house **out, const struct dtls_house_args *args)
{
    struct dtls_house *h = calloc(1, sizeof(*h));
    *out = NULL;
    if (!h)
        return ENOMEM;
    h->repeat_us = args->repeat_us ? args->repeat_us : DTLS_REPEAT_US;
    h->ctx = SSL_CTX_new(DTLS_method());
    h->way = dtls_way_new();
    bool is_open = h->ctx && h->way && set_rules(h->ctx) && make_certificate(h);
    ERR_clear_error();
    if (!is_open) {
        dtls_house_drop(h);
        return ENOMEM;
    }
    *out = h;
    return 0;
}

void dtls_house_drop(struct dtls_house *h)
{
    if (!h)
        return;
    SSL_CTX_free(h->ctx);
    BIO_meth_free(h->way);
    free(h);
}

const uint8_t *dtls_house_fingerprint(const struct dtls_house *h)
{
    return h->fingerprint;
}
