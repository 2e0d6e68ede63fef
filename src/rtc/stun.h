/* stun.h — STUN as ICE uses it (RFC 8489, RFC 8445 §7): a binding request read, its answer written.
 * Called by the media thread for what comes on the port of browsers. HMAC-SHA1 is handed in: this
 * floor knows no library. What is read is borrowed from the packet. */
#ifndef RTC_STUN_H
#define RTC_STUN_H

#include "base/address.h"

#define STUN_BYTES_MAX 1500 /* longer ones are refused unread */
#define STUN_HEADER_BYTES 20
#define STUN_TRANSACTION_BYTES 12
#define STUN_MAC_BYTES 20
#define STUN_ATTRIBUTES_MAX 32 /* in one message; more is damaged */
#define STUN_UNKNOWN_MAX 4     /* told in a 420; more are counted as one refusal all the same */
#define STUN_USERNAME_MAX 513  /* RFC 8445 §5.3: two fragments of 256 and a colon */
#define STUN_ANSWER_MAX 128    /* any answer written here fits */

enum stun_verdict {
    STUN_GOOD,
    STUN_FOREIGN, /* no STUN: first bits, length or cookie say so */
    STUN_DAMAGED, /* lengths that contradict each other, a wrong FINGERPRINT, too much in it */
};

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

#define STUN_BINDING 1

struct stun_message {
    enum stun_class class;
    uint16_t method;
    uint8_t transaction[STUN_TRANSACTION_BYTES];
    struct text username; /* n 0: none */
    bool has_integrity, has_fingerprint, has_priority, has_controlled, has_controlling;
    bool is_used;         /* USE-CANDIDATE */
    uint16_t integrity_i; /* where MESSAGE-INTEGRITY stands; what is behind it proves nothing */
    uint32_t priority;
    uint16_t unknown_n, unknown[STUN_UNKNOWN_MAX]; /* that must be understood, and are not */
};

enum stun_verdict stun_read(struct stun_message *m, const uint8_t *bytes, size_t n);

/* HMAC-SHA1 under the key that arg stands for, over both pieces. */
struct stun_pieces {
    const uint8_t *head, *rest;
    size_t head_n, rest_n;
};
typedef void stun_mac_fn(uint8_t mac[STUN_MAC_BYTES], const struct stun_pieces *of, void *arg);
struct stun_key {
    stun_mac_fn *mac;
    void *arg;
};

/* Was the message made by somebody who knows the key (RFC 8489 §14.5)? bytes: of stun_read(). */
bool stun_is_proved(const struct stun_message *m, const uint8_t *bytes, const struct stun_key *key);

/* Errors that we answer with. */
enum stun_error {
    STUN_NO_ERROR = 0,
    STUN_BAD_REQUEST = 400,
    STUN_UNAUTHENTICATED = 401,
    STUN_UNKNOWN_ATTRIBUTE = 420,
    STUN_ROLE_CONFLICT = 487,
};

struct stun_answer {
    enum stun_error error;
    struct address mapped;      /* of a success: where the request came from */
    const struct stun_key *key; /* NULL: nothing proves the answer (400 and 401) */
};

/* Returns its bytes, at most STUN_ANSWER_MAX. */
size_t stun_write(uint8_t to[STUN_ANSWER_MAX], const struct stun_message *request,
                  const struct stun_answer *answer);

/* ---- what a packet of the port is (RFC 7983 §7) ---- */

enum stun_kind { STUN_KIND_STUN, STUN_KIND_DTLS, STUN_KIND_RTP, STUN_KIND_NONE };

static inline enum stun_kind stun_kind_of(const uint8_t *bytes, size_t n)
{
    if (n && bytes[0] <= 3)
        return STUN_KIND_STUN;
    if (n && bytes[0] >= 20 && bytes[0] <= 63)
        return STUN_KIND_DTLS;
    return n && bytes[0] >= 128 && bytes[0] <= 191 ? STUN_KIND_RTP : STUN_KIND_NONE;
}

#endif
