/* key.h — keyed hashes of what identifies a message: its transaction, and a tag for answers given
 * without state. The secret is drawn at start; nobody outside can make two messages meet. */
#ifndef PHONE_KEY_H
#define PHONE_KEY_H

#include "base/siphash.h"
#include "sip/read.h"
#include "sip/transaction.h"

struct phone_secret {
    struct siphash_key hi, lo;
};

/* Draws a secret from the system. 0 or errno. */
MUST_CHECK int phone_secret_draw(struct phone_secret *secret);

/* The server transaction that a request belongs to (RFC 3261 §17.2.3, with the rules of RFC 2543
 * for a branch without the cookie). method: the request's own; INVITE for an ACK, and to find what
 * a CANCEL cancels. */
struct sip_tx_key phone_key_request(const struct phone_secret *secret, const struct sip_read *read,
                                    enum sip_method method);
/* The client transaction of a response, or of a request of ours with that branch (§17.1.3). */
struct sip_tx_key phone_key_branch(const struct phone_secret *secret, struct text branch,
                                   enum sip_method method);

/* A tag that is the same for each repetition of a request, in 16 hexadecimal digits. */
#define PHONE_TAG_N 16
struct text phone_key_tag(const struct phone_secret *secret, const struct sip_read *read,
                          char to[PHONE_TAG_N]);

#endif
