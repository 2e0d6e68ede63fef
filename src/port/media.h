/* media.h — what the telephone asks of the media engine: desired states go in, reports come out.
 * media/ answers with sockets and threads, sim/ with nothing but the reports.
 * All calls come from the main thread. None waits. A set() replaces the whole desired state of one
 * stream, so nothing can overflow; a stale reference is ignored, so a late call harms nobody. */
#ifndef PORT_MEDIA_H
#define PORT_MEDIA_H

#include "port/media_report.h"
#include "port/secret.h"
#include "port/tap.h"

/* Prompts in one list, and keys in one order to press them. More: set() says E2BIG. */
#define MEDIA_LIST_MAX 16
#define MEDIA_KEYS_MAX 16
#define MEDIA_HEARS_MAX 3 /* others whom one stream hears mixed */

#define MEDIA_PROMPT_NONE UINT16_MAX /* no prompt; ids count from 0 */

/* The two laws first: what is neither needs a coder, of which an engine has a bounded number. */
enum media_codec { MEDIA_PCMA, MEDIA_PCMU, MEDIA_G722, MEDIA_OPUS, MEDIA_CODECS };

/* As seen from us (RFC 3264 §5.1); bit 0: we send, bit 1: we receive. */
enum media_direction {
    MEDIA_INACTIVE = 0,
    MEDIA_SENDONLY = 1,
    MEDIA_RECVONLY = 2,
    MEDIA_SENDRECV = 3,
};

/* What is sent once the list of prompts has ended (or when there is none). */
enum media_then {
    MEDIA_NOTHING, /* no packet at all */
    MEDIA_SILENCE, /* frames of silence: keeps the way through NATs open */
    MEDIA_LOOP,    /* loop_id again and again: music, or a beep; each stream from where it was */
    MEDIA_BRIDGE,  /* what peer sends, provided that peer's state names this stream too */
    MEDIA_MIX,     /* what those of `hears` send, when they mix under the same number too */
    MEDIA_ECHO,    /* what they send themselves, 300 ms later; MEDIA_COUNTS every 200 ms */
};

/* A number that differs from the one before begins a list; the same one lets it go on, 0 stops. */
struct media_list {
    uint32_t number;
    uint16_t n;
    bool stops_on_key; /* the first key ends the list at once */
    uint16_t ids[MEDIA_LIST_MAX];
};

/* Keys to press towards the other side (RFC 4733): 0-9 * # A-D. Numbered like a list. */
struct media_keys {
    uint32_t number;
    uint8_t n;
    char keys[MEDIA_KEYS_MAX];
};

/* How a browser's stream is reached (ADR 36): whoever proves this password under this name is the
 * peer, from wherever; another name begins anew. All zeros: nobody. */
#define MEDIA_UFRAG_BYTES 8
#define MEDIA_PASSWORD_BYTES 24
struct media_browser {
    char ufrag[MEDIA_UFRAG_BYTES], password[MEDIA_PASSWORD_BYTES];
    bool goes_on; /* with another name: the way under the one before is used until this one's has
                   * a chosen pair (RFC 8445 §9); else it ends at once */
};

/* The desired state. All zeros is a stream that neither sends nor hears. */
struct media_want {
    struct media_address rtp;  /* as negotiated; ip_n 0: not known yet */
    struct media_address rtcp; /* ip_n 0: the next port, or the same with is_rtcp_mux */
    enum media_codec codec;
    uint8_t payload_type;       /* of that codec: 8, 0, 9 or a dynamic one */
    uint8_t key_type;           /* of telephone-event; 0: not negotiated */
    uint8_t payload_in, key_in; /* of what they send (RFC 3264 §5.1); 0: the same */
    uint8_t noise_type;         /* of comfort noise, both ways (RFC 3389); 0: not negotiated */
    uint8_t packet_ms;          /* of a packet that we make: 10 to 60 by tens; 0: 20 */
    bool is_key_wide;           /* its clock is 48 kHz, as that of Opus (RFC 4733 §2.1) */
    bool is_rtcp_mux;
    bool is_nat; /* the first packets may come from another address than negotiated */
    enum media_direction direction;
    struct media_secret secret;
    struct media_browser browser; /* of a browser's stream, whose rtp and rtcp are unset */
    struct media_list list;
    enum media_then then;
    uint16_t loop_id;
    struct media_ref peer;
    struct media_ref hears[MEDIA_HEARS_MAX]; /* gen 0: nobody */
    uint32_t mix_number;                     /* of one conversation */
    bool hides_keys; /* keys from this side are reported, but do not pass to the peer */
    struct media_keys keys;
    uint32_t join_number;  /* changed: MEDIA_HEARD is reported once more */
    uint32_t voice_number; /* changed, and not 0: MEDIA_VOICE is reported once, when they speak */
    bool wants_counts;     /* MEDIA_COUNTS every 5 s, with RTCP */
    struct media_tap tap;
    bool is_measured; /* arrivals by the kernel's clock: jitter, spacing, MEDIA_SOUND */
    uint64_t user;    /* told back with each report */
    uint32_t group;   /* the same: whose stream it is, for sums over streams; 0: nobody's */
};

/* Whether a stream could be opened. */
enum media_verdict {
    MEDIA_OPENED,
    MEDIA_STREAMS_FULL,    /* streams_max are open */
    MEDIA_PORTS_EXHAUSTED, /* no port of the range is free, or other programs hold them */
    MEDIA_FILES_EXHAUSTED, /* the process may not open more sockets */
    MEDIA_NO_SOCKET,       /* the machine refuses */
    MEDIA_NO_BROWSERS,     /* a browser's, and the engine has no port for them */
};

struct media_opening {
    struct media_ref near; /* it will be bridged with this one, so must live in the same thread;
                            * gen 0: anywhere */
    uint16_t port;         /* where an earlier process had it; 0: any */
    uint8_t ip_n;          /* of the peer's address, if that is known: 4, 16; 0: not yet */
    bool is_browser;       /* on the port of browsers; port and ip_n are ignored */
};

struct media_opened {
    struct media_ref ref;
    uint16_t rtp_port; /* even; RTCP is the next one; a browser's: the port of all of them */
    uint32_t ssrc;     /* drawn for it: encrypted sound never has one twice by the same key */
};

/* A datagram of DTLS (RFC 7983) from a pair that a browser has proved. */
#define MEDIA_DATAGRAM_MAX 1500
struct media_datagram {
    struct media_ref ref;
    char ufrag[MEDIA_UFRAG_BYTES]; /* under which the pair was proved: an earlier one's is late */
    struct media_address from;
    uint16_t n;
    uint8_t bytes[MEDIA_DATAGRAM_MAX];
};

struct media_port {
    void *arg;
    /* A stream with its own pair of ports, silent until set(). */
    enum media_verdict (*open)(void *arg, const struct media_opening *how,
                               struct media_opened *out);
    /* The desired state from now on. A peer of the other family is spoken with from the same port
     * of that one. 0, or E2BIG, EINVAL (a payload type, a key, two threads), EAFNOSUPPORT (we have
     * no address of this family), EADDRINUSE and others of the sockets, ENOSPC (no coder is free):
     * nothing changed. ESTALE: the stream is gone. */
    int (*set)(void *arg, struct media_ref ref, const struct media_want *want);
    /* Ends it (RTCP BYE). The reference is dead at once but in reports still to come. */
    void (*drop)(void *arg, struct media_ref ref);
    /* The next report. False: none at the moment. */
    bool (*next)(void *arg, struct media_report *out);
    /* In words, for a log line or a page. */
    const char *(*why)(enum media_verdict verdict);
    /* This stream keeps a coder, for other codecs than G.711. False: all are in use. NULL: none. */
    bool (*keep_coder)(void *arg, struct media_ref ref);
    /* The next datagram; false: none at the moment. And one to send; what is lost is repeated by
     * who makes them. NULL: no browsers. */
    bool (*next_datagram)(void *arg, struct media_datagram *out);
    void (*send_datagram)(void *arg, const struct media_datagram *datagram);
};

#endif
