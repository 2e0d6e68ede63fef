/* context.c — see context.h. Called by config/ at start and by its reload thread, by cli/doctor.
 * Cost: the files, once. Invariant: what is given out can be used; a link that lives keeps it. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "tls/parts.h"

/* Forward secrecy and authenticated encryption alone (RFC 9325 §4.2); those of TLS 1.3 all are. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* A key under a password would have the terminal asked, which nobody looks at. */
static int no_password(char *to, int max, int is_writing, void *arg)
{
    (void)to;
    (void)max;
    (void)is_writing;
    (void)arg;
    return 0;
}

static bool is_pinned(const struct tls_context *c, X509 *peer)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    return peer && X509_digest(peer, EVP_sha256(), digest, &n) && n == TLS_PIN_BYTES &&
           !memcmp(digest, c->pin, TLS_PIN_BYTES);
}

/* A pinned certificate is believed for itself: neither who signed it nor its date matters. */
static int judge(X509_STORE_CTX *store, void *arg)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const struct tls_context *c = SSL_get_app_data(ssl); /* whom this link expects */
    (void)arg;
    if (!c->has_pin)
        return X509_verify_cert(store);
    if (is_pinned(c, X509_STORE_CTX_get0_cert(store))) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static void set_rules(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    /* tidy: words — names of OpenSSL */
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    /* Each connection proves itself anew: what was believed before a reload is not remembered. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    /* tidy: words — names of OpenSSL */
    SSL_CTX_set_num_tickets(ctx, 0);
    SSL_CTX_set_default_passwd_cb(ctx, no_password);
}

static bool is_weak(void)
{
    int reason = ERR_GET_REASON(ERR_peek_last_error());
    return reason == SSL_R_EE_KEY_TOO_SMALL || reason == SSL_R_CA_KEY_TOO_SMALL ||
           reason == SSL_R_CA_MD_TOO_WEAK;
}

static enum tls_verdict load_own(struct tls_context *c, const struct tls_args *args)
{
    if (!args->certificate)
        return TLS_GOOD;
    const char *key = args->key ? args->key : args->certificate;
    if (access(args->certificate, R_OK))
        return TLS_CERTIFICATE_UNREADABLE;
    if (access(key, R_OK))
        return TLS_KEY_UNREADABLE;
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(c->ctx, args->certificate) != 1)
        return is_weak() ? TLS_KEY_WEAK : TLS_CERTIFICATE_BAD;
    if (SSL_CTX_use_PrivateKey_file(c->ctx, key, SSL_FILETYPE_PEM) != 1) {
        int reason = ERR_GET_REASON(ERR_peek_last_error());
        return reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH
                   ? TLS_KEY_OF_ANOTHER
                   : TLS_KEY_BAD;
    }
    c->has_certificate = SSL_CTX_check_private_key(c->ctx) == 1;
    return c->has_certificate ? TLS_GOOD : TLS_KEY_OF_ANOTHER;
}

static enum tls_verdict load_authority(struct tls_context *c, const struct tls_args *args)
{
    if (!args->authority)
        return SSL_CTX_set_default_verify_paths(c->ctx) == 1 ? TLS_GOOD : TLS_NO_MEMORY;
    if (access(args->authority, R_OK))
        return TLS_AUTHORITY_UNREADABLE;
    return SSL_CTX_load_verify_file(c->ctx, args->authority) == 1 ? TLS_GOOD : TLS_AUTHORITY_BAD;
}

static enum tls_verdict fill(struct tls_context *c, const struct tls_args *args)
{
    c->ctx = SSL_CTX_new(TLS_method());
    c->way = tls_way_new();
    if (!c->ctx || !c->way || SSL_CTX_set_min_proto_version(c->ctx, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(c->ctx, CIPHERS) != 1)
        return TLS_NO_MEMORY;
    set_rules(c->ctx);
    SSL_CTX_set_cert_verify_callback(c->ctx, judge, NULL);
    c->has_pin = args->pin != NULL;
    if (args->pin)
        memcpy(c->pin, args->pin, TLS_PIN_BYTES);
    if (args->name && strlen(args->name) < sizeof(c->name))
        memcpy(c->name, args->name, strlen(args->name));
    enum tls_verdict v = load_own(c, args);
    return v != TLS_GOOD ? v : load_authority(c, args);
}

enum tls_verdict tls_context_open(struct tls_context **out, const struct tls_args *args)
{
    struct tls_context *c = calloc(1, sizeof(*c));
    *out = NULL;
    if (!c)
        return TLS_NO_MEMORY;
    c->refs = 1;
    enum tls_verdict v = fill(c, args);
    ERR_clear_error();
    if (v == TLS_GOOD)
        *out = c;
    else
        tls_context_drop(c);
    return v;
}

struct tls_context *tls_context_keep(struct tls_context *c)
{
    if (c)
        c->refs++;
    return c;
}

void tls_context_drop(struct tls_context *c)
{
    if (!c || atomic_fetch_sub(&c->refs, 1) != 1)
        return;
    SSL_CTX_free(c->ctx);
    BIO_meth_free(c->way);
    free(c);
}

bool tls_context_has_certificate(const struct tls_context *c)
{
    return c && c->has_certificate;
}

bool tls_pin_read(uint8_t pin[TLS_PIN_BYTES], const char *text)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    size_t n = 0;
    for (; *text; text += 2) {
        text += *text == ':' && n;
        const char *high = *text ? strchr(digits, text[0]) : NULL;
        const char *low = high && text[1] ? strchr(digits, text[1]) : NULL;
        if (n == TLS_PIN_BYTES || !low)
            return false;
        pin[n++] = (uint8_t)((high - digits) % 16 * 16 + (low - digits) % 16);
    }
    return n == TLS_PIN_BYTES;
}

void tls_book_drop(struct tls_book *book)
{
    if (!book)
        return;
    tls_context_drop(book->house);
    tls_context_drop(book->pages);
    for (uint32_t i = 0; i < book->trunks_n; i++)
        tls_context_drop(book->trunks[i].context);
    *book = (struct tls_book){0};
}

/* ---- looking at a file -------------------------------------------------------------------- */

static X509 *first_of(const char *path)
{
    FILE *f = fopen(path, "re");
    X509 *x = f ? PEM_read_X509(f, NULL, no_password, NULL) : NULL;
    if (f)
        (void)fclose(f);
    ERR_clear_error();
    return x;
}

static int64_t seconds_of(const ASN1_TIME *at)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;
    bool is_read = epoch && ASN1_TIME_diff(&days, &seconds, epoch, at);
    ASN1_TIME_free(epoch);
    return is_read ? (int64_t)days * 86400 + seconds : 0;
}

static void put_names(struct tls_look *look, X509 *x)
{
    struct text_out out = {.p = look->names, .max = sizeof(look->names) - 1};
    GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *one = sk_GENERAL_NAME_value(names, i);
        if (one->type != GEN_DNS)
            continue;
        text_put(&out, out.n ? TEXT(" ") : TEXT_NONE);
        text_put(&out, (struct text){(const char *)ASN1_STRING_get0_data(one->d.dNSName),
                                     (size_t)ASN1_STRING_length(one->d.dNSName)});
    }
    GENERAL_NAMES_free(names);
    look->names[out.n] = '\0';
    if (!out.n && X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, look->names,
                                            sizeof(look->names)) < 0)
        look->names[0] = '\0';
}

bool tls_look(struct tls_look *look, const char *certificate)
{
    X509 *x = first_of(certificate);
    unsigned n = 0;
    uint8_t digest[EVP_MAX_MD_SIZE];
    *look = (struct tls_look){0};
    if (!x)
        return false;
    look->from_s = seconds_of(X509_get0_notBefore(x));
    look->until_s = seconds_of(X509_get0_notAfter(x));
    look->is_self_signed = X509_check_issued(x, x) == X509_V_OK;
    (void)X509_NAME_oneline(X509_get_subject_name(x), look->subject, sizeof(look->subject));
    put_names(look, x);
    if (X509_digest(x, EVP_sha256(), digest, &n) && n == TLS_PIN_BYTES)
        memcpy(look->pin, digest, TLS_PIN_BYTES);
    X509_free(x);
    return true;
}

bool tls_is_for(const char *certificate, const char *name)
{
    X509 *x = first_of(certificate);
    struct address ip;
    bool is_ip = address_read_ip(&ip, text_of(name));
    bool is_for = x && (is_ip ? X509_check_ip_asc(x, name, 0) == 1
                              : X509_check_host(x, name, 0, 0, NULL) == 1);
    X509_free(x);
    ERR_clear_error();
    return is_for;
}

bool tls_has_authorities(void)
{
    const char *file = getenv(X509_get_default_cert_file_env());
    file = file ? file : X509_get_default_cert_file();
    return !access(file, R_OK) || !access(X509_get_default_cert_dir(), R_OK | X_OK);
}
