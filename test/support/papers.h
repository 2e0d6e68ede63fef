/* papers.h — certificates for a test: an authority, who is signed by it, who is signed by nobody.
 * Files of a folder of their own, made anew each time. Test support. */
#ifndef TEST_SUPPORT_PAPERS_H
#define TEST_SUPPORT_PAPERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define PAPERS_PATH 256
#define PAPERS_DAY 86400L

struct papers {
    char folder[64];
    EVP_PKEY *authority_key;
    X509 *authority;
};

/* What is asked for; times in days from now. */
struct papers_wish {
    const char *file, *name; /* file: FILE.pem and FILE.key are written */
    long from_days, until_days;
    bool is_self_signed;
    unsigned rsa_bits; /* 0: an elliptic key */
};

static inline const char *papers_path(const struct papers *p, const char *file, char *to)
{
    snprintf(to, PAPERS_PATH, "%s/%.63s", p->folder, file);
    return to;
}

static inline void papers_add(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    assert_non_null(e);
    assert_true(X509_add_ext(x, e, -1));
    X509_EXTENSION_free(e);
}

static inline X509 *papers_blank(const char *name, EVP_PKEY *key, const struct papers_wish *wish)
{
    static long serial = 1;
    X509 *x = X509_new();
    assert_non_null(x);
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), wish->from_days * PAPERS_DAY);
    X509_gmtime_adj(X509_getm_notAfter(x), wish->until_days * PAPERS_DAY);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_pubkey(x, key);
    return x;
}

static inline void papers_write(const struct papers *p, const char *file, X509 *x, EVP_PKEY *key)
{
    char name[PAPERS_PATH], path[PAPERS_PATH];
    snprintf(name, sizeof(name), "%s.%s", file, x ? "pem" : "key");
    FILE *f = fopen(papers_path(p, name, path), "we");
    assert_non_null(f);
    if (x)
        assert_true(PEM_write_X509(f, x));
    else
        assert_true(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL));
    assert_int_equal(fclose(f), 0);
}

static inline struct papers *papers_open(void)
{
    const struct papers_wish wish = {.until_days = 3650};
    struct papers *p = calloc(1, sizeof(*p));
    assert_non_null(p);
    snprintf(p->folder, sizeof(p->folder), "/tmp/decroche-papers-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    p->authority_key = EVP_EC_gen("P-256");
    p->authority = papers_blank("Test authority", p->authority_key, &wish);
    X509_set_issuer_name(p->authority, X509_get_subject_name(p->authority));
    papers_add(p->authority, p->authority, NID_basic_constraints, "critical,CA:TRUE");
    assert_true(X509_sign(p->authority, p->authority_key, EVP_sha256()));
    papers_write(p, "authority", p->authority, NULL);
    return p;
}

static inline void papers_make(struct papers *p, const struct papers_wish *wish)
{
    char names[128];
    EVP_PKEY *key = wish->rsa_bits ? EVP_RSA_gen(wish->rsa_bits) : EVP_EC_gen("P-256");
    X509 *x = papers_blank(wish->name, key, wish);
    X509 *issuer = wish->is_self_signed ? x : p->authority;
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    snprintf(names, sizeof(names), "DNS:%s", wish->name);
    papers_add(x, issuer, NID_subject_alt_name, names);
    papers_add(x, issuer, NID_ext_key_usage, "serverAuth"); /* as public authorities sign now */
    assert_true(X509_sign(x, wish->is_self_signed ? key : p->authority_key, EVP_sha256()));
    papers_write(p, wish->file, x, NULL);
    papers_write(p, wish->file, NULL, key);
    X509_free(x);
    EVP_PKEY_free(key);
}

static inline void papers_drop(struct papers *p)
{
    char command[PAPERS_PATH];
    static const char *const files[] = {"authority", "house", "new", "old",
                                        "other",     "self",  "weak"};
    static const char *const ends[] = {"pem", "key"};
    for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        for (unsigned e = 0; e < 2; e++) {
            snprintf(command, sizeof(command), "%s/%s.%s", p->folder, files[i], ends[e]);
            (void)remove(command);
        }
    assert_int_equal(remove(p->folder), 0);
    X509_free(p->authority);
    EVP_PKEY_free(p->authority_key);
    free(p);
}

#endif
