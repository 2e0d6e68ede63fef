/* seal.h — the ciphers of SRTP (RFC 3711, RFC 7714) over OpenSSL: keys of a session, and one packet
 * sealed or opened by them. Called by srtp.c. No allocation once the box is open: each packet
 * brings its key along, so that a thread has three ciphers and a stream only bytes. */
#ifndef MEDIA_SEAL_H
#define MEDIA_SEAL_H

#include "port/media.h"

#define SEAL_KEY_MAX 32
#define SEAL_SALT_BYTES 14
#define SEAL_TAG_MAX 16

/* The ciphers of one thread; NULL: not open. */
struct seal_box {
    void *ctr, *ctr_256, *gcm, *gcm_256; /* owned: EVP_CIPHER_CTX */
};

/* Of RTP, or of RTCP. */
struct seal_keys {
    uint8_t key[SEAL_KEY_MAX], salt[SEAL_SALT_BYTES];
    uint32_t inner[5], outer[5]; /* SHA-1 after the key's block, both ways of HMAC */
};

MUST_CHECK int seal_box_open(struct seal_box *box);
void seal_box_drop(struct seal_box *box);

/* Bytes of its master key, and of the salt behind it. */
size_t seal_key_n(enum media_suite suite);
size_t seal_salt_n(enum media_suite suite);
bool seal_is_gcm(enum media_suite suite);

/* RFC 3711 §4.3: the keys of RTP or RTCP from a master key and its salt. False: no cipher. */
bool seal_derive(struct seal_box *box, enum media_suite suite, const uint8_t *master,
                 struct seal_keys pair[2]);

/* One packet: what is only proved, what is encrypted too. */
struct seal_job {
    enum media_suite suite;
    const struct seal_keys *keys;
    uint8_t iv[16];
    const uint8_t *head, *more; /* proved; more: of RTCP, behind head */
    size_t head_n, more_n;
    uint8_t *body; /* encrypted in place */
    size_t body_n;
    uint8_t tag[SEAL_TAG_MAX]; /* given to open, got from close; of GCM */
};
/* GCM: encrypts and makes the tag; or checks the tag and decrypts. CM: the encryption alone. */
bool seal_close(struct seal_box *box, struct seal_job *job);
bool seal_open(struct seal_box *box, struct seal_job *job);

/* HMAC-SHA1 over two pieces. */
struct seal_bytes {
    const uint8_t *bytes;
    size_t n;
    const uint8_t *more;
    size_t more_n;
};
void seal_mac(const struct seal_keys *keys, const struct seal_bytes *of, uint8_t mac[20]);

/* Keys for seal_mac() alone, from a password of at most SEAL_WORD_MAX bytes (STUN). */
#define SEAL_WORD_MAX 64
void seal_word(struct seal_keys *keys, const uint8_t *word, size_t n);

#endif
