/* issuer.h — an identity provider of a test: keys of its own, tokens that it signs, and a server on
 * loopback that gives what the test put into its hands. One request a connection. */
#ifndef TEST_SUPPORT_ISSUER_H
#define TEST_SUPPORT_ISSUER_H

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "oidc/jwt.h"

#define ISSUER_ROOM 70000

enum issuer_page { ISSUER_SELF, ISSUER_KEYS, ISSUER_TOKEN, ISSUER_USER, ISSUER_PAGES };

struct issuer {
    EVP_PKEY *key;
    const char *kid;
    char url[64];
    int fd;
    pthread_t thread;
    pthread_mutex_t lock;
    struct {
        int status;
        const char *type;
        char body[ISSUER_ROOM];
    } pages[ISSUER_PAGES]; /* under the lock */
    char posted[4096];
    _Atomic unsigned asked_n[ISSUER_PAGES];
    _Atomic bool is_ending;
};

/* type NULL: JSON. */
struct issuer_answer {
    int status;
    const char *type, *body;
};

static inline void issuer_say(struct issuer *i, enum issuer_page page,
                              const struct issuer_answer *answer)
{
    size_t n = strlen(answer->body);
    assert_true(n < ISSUER_ROOM);
    pthread_mutex_lock(&i->lock);
    i->pages[page].status = answer->status;
    i->pages[page].type = answer->type ? answer->type : "application/json";
    memcpy(i->pages[page].body, answer->body, n);
    i->pages[page].body[n] = '\0';
    pthread_mutex_unlock(&i->lock);
}

/* A token of these claims, signed by the key of now. */
static inline void issuer_sign(const struct issuer *i, char to[ISSUER_ROOM], const char *claims)
{
    struct text_out out = {.p = to, .max = ISSUER_ROOM - 1};
    char header[128];
    uint8_t signature[512];
    size_t n = sizeof(signature);
    int header_n = snprintf(header, sizeof(header), "{\"alg\":\"RS256\",\"kid\":\"%s\"}", i->kid);
    oidc_base64url_put(&out, (const uint8_t *)header, (size_t)header_n);
    text_put(&out, TEXT("."));
    oidc_base64url_put(&out, (const uint8_t *)claims, strlen(claims));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_true(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, i->key) == 1);
    assert_true(EVP_DigestSign(ctx, signature, &n, (const uint8_t *)to, out.n) == 1);
    EVP_MD_CTX_free(ctx);
    text_put(&out, TEXT("."));
    oidc_base64url_put(&out, signature, n);
    to[out.n] = '\0';
}

/* Another key, published at once. */
static inline void issuer_turn(struct issuer *i, const char *kid)
{
    char jwks[4096];
    uint8_t bytes[512];
    BIGNUM *n = NULL;
    struct text_out out = {.p = jwks, .max = sizeof(jwks) - 1};
    EVP_PKEY_free(i->key);
    i->key = EVP_RSA_gen(2048);
    i->kid = kid;
    assert_true(EVP_PKEY_get_bn_param(i->key, OSSL_PKEY_PARAM_RSA_N, &n) == 1);
    text_put(&out, TEXT("{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\""));
    text_put(&out, text_of(kid));
    text_put(&out, TEXT("\",\"n\":\""));
    oidc_base64url_put(&out, bytes, (size_t)BN_bn2bin(n, bytes));
    text_put(&out, TEXT("\"}]}"));
    jwks[out.n] = '\0';
    BN_free(n);
    issuer_say(i, ISSUER_KEYS, &(struct issuer_answer){200, NULL, jwks});
}

/* ---- the server --------------------------------------------------------------------------- */

static inline void issuer_serve(struct issuer *i, int fd)
{
    static char request[8192], head[256];
    static const char *const paths[] = {"/.well-known", "/keys", "/token", "/user"};
    size_t n = 0, whole = sizeof(request) - 1;
    ssize_t got = 1;
    memset(request, 0, sizeof(request));
    while (n < whole && (got = recv(fd, request + n, whole - n, 0)) > 0) {
        n += (size_t)got;
        const char *end = strstr(request, "\r\n\r\n");
        const char *length = strstr(request, "Content-Length: ");
        if (end)
            whole = (size_t)(end + 4 - request) + (length ? strtoul(length + 16, NULL, 10) : 0);
    }
    for (unsigned p = 0; p < ISSUER_PAGES; p++) {
        const char *path = strchr(request, ' ');
        if (!path || strncmp(path + 1, paths[p], strlen(paths[p])) != 0)
            continue;
        pthread_mutex_lock(&i->lock);
        if (p == ISSUER_TOKEN)
            snprintf(i->posted, sizeof(i->posted), "%.4000s", strstr(request, "\r\n\r\n") + 4);
        int head_n = snprintf(head, sizeof(head),
                              "HTTP/1.1 %d x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                              "Connection: close\r\n\r\n",
                              i->pages[p].status, i->pages[p].type, strlen(i->pages[p].body));
        if (i->pages[p].status)
            (void)(send(fd, head, (size_t)head_n, MSG_NOSIGNAL) +
                   send(fd, i->pages[p].body, strlen(i->pages[p].body), MSG_NOSIGNAL));
        pthread_mutex_unlock(&i->lock);
        atomic_fetch_add(&i->asked_n[p], 1);
    }
}

static inline void *issuer_run(void *arg)
{
    struct issuer *i = arg;
    while (!atomic_load(&i->is_ending)) {
        int fd = accept(i->fd, NULL, NULL);
        if (fd < 0)
            continue;
        issuer_serve(i, fd);
        close(fd);
    }
    return NULL;
}

static inline struct issuer *issuer_open(void)
{
    struct issuer *i = calloc(1, sizeof(*i));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t at_n = sizeof(at);
    char self[1024];
    assert_non_null(i);
    pthread_mutex_init(&i->lock, NULL);
    i->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(i->fd, (struct sockaddr *)&at, at_n), 0);
    assert_int_equal(getsockname(i->fd, (struct sockaddr *)&at, &at_n), 0);
    assert_int_equal(listen(i->fd, 8), 0);
    snprintf(i->url, sizeof(i->url), "http://127.0.0.1:%d", ntohs(at.sin_port));
    snprintf(self, sizeof(self),
             "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/auth\",\"token_endpoint\":"
             "\"%s/token\",\"jwks_uri\":\"%s/keys\",\"userinfo_endpoint\":\"%s/user\","
             "\"end_session_endpoint\":\"%s/end\"}",
             i->url, i->url, i->url, i->url, i->url, i->url);
    issuer_say(i, ISSUER_SELF, &(struct issuer_answer){200, NULL, self});
    issuer_turn(i, "k1");
    assert_int_equal(pthread_create(&i->thread, NULL, issuer_run, i), 0);
    return i;
}

static inline void issuer_drop(struct issuer *i)
{
    atomic_store(&i->is_ending, true);
    shutdown(i->fd, SHUT_RDWR);
    pthread_join(i->thread, NULL);
    close(i->fd);
    EVP_PKEY_free(i->key);
    pthread_mutex_destroy(&i->lock);
    free(i);
}

#endif
