/* secret.h — how the sound of a stream is encrypted: what the telephone agreed on, for the media
 * engine. Included by port/media.h. */
#ifndef PORT_SECRET_H
#define PORT_SECRET_H

#include "base/types.h"

/* Encrypted sound (RFC 3711 with HMAC-SHA1 of 80 or 32 bits, RFC 7714); plain: none. */
enum media_suite {
    MEDIA_PLAIN,
    MEDIA_CM_80,
    MEDIA_CM_32,
    MEDIA_GCM_128,
    MEDIA_GCM_256,
    MEDIA_SUITES,
};

/* Master key and salt as the suite has them: what they send with, what we do. Another one than
 * before begins its counters anew; the same goes on. */
#define MEDIA_SECRET_BYTES 44

/* How often the numbers of one sender have rolled over: a packet brings the lower 16 bits of 48,
 * the rest is counted by each side alone (RFC 3711 §3.3.1). */
struct media_rolls {
    uint32_t ssrc, n;
};

struct media_secret {
    enum media_suite suite;
    uint8_t theirs[MEDIA_SECRET_BYTES], ours[MEDIA_SECRET_BYTES];
    /* An earlier process heard them by this key: it had counted so far, and they may have rolled
     * over once more since. */
    bool goes_on;
    struct media_rolls rolls;
};

#endif
