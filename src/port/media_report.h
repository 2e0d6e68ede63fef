/* media_report.h — what the media engine tells of a stream. Included by media.h. */
#ifndef PORT_MEDIA_REPORT_H
#define PORT_MEDIA_REPORT_H

#include "port/counts.h"
#include "port/secret.h"

/* One stream; gen 0: none. */
struct media_ref {
    uint32_t slot, gen;
};

/* ip_n: 4 or 16 bytes of ip count; 0: no address. */
#define MEDIA_FAMILIES 2
struct media_address {
    uint8_t ip[16];
    uint8_t ip_n; /* 4, 16; 0: none */
    uint16_t port;
};

/* 0 for IPv4, 1 for IPv6. */
static inline unsigned media_address_side(const struct media_address *a)
{
    return a->ip_n == 16;
}

enum media_kind {
    MEDIA_KEY_BEGUN,      /* key */
    MEDIA_KEY_ENDED,      /* key, with its length */
    MEDIA_LIST_ENDED,     /* list: heard to its end, or stopped by a key */
    MEDIA_KEYS_PRESSED,   /* list.number: the keys of that number are out */
    MEDIA_HEARD,          /* join_number: first packet (RTP or RTCP) of this side since then */
    MEDIA_QUIET,          /* neither RTP nor RTCP for MEDIA_QUIET_MS */
    MEDIA_LOST,           /* the same for MEDIA_LOST_MS */
    MEDIA_BACK,           /* a packet, after MEDIA_QUIET */
    MEDIA_LATCHED,        /* source: the peer sends from here, and so we send there; a browser's:
                           * the pair that it chose */
    MEDIA_SOURCE_REFUSED, /* source: somebody else sends; once, then counted */
    MEDIA_PEER_LEFT,      /* an RTCP BYE; SIP decides what it means */
    MEDIA_ROLLED,         /* rolls: of their encrypted sound; what the next process must know */
    MEDIA_SOUND,          /* sound: the first that was louder than silence, of a measured one */
    MEDIA_CONSENT_LOST,   /* a browser gives no sign any more: nothing is sent until it does */
    MEDIA_VOICE,          /* voice_number: somebody there speaks, a person or a machine */
    MEDIA_COUNTS,         /* counts so far */
    MEDIA_CLOSED,         /* the last report: final counts; the reference is dead */
    MEDIA_KINDS,
};

#define MEDIA_QUIET_MS 2000
#define MEDIA_LOST_MS 4000

/* How loud a sound is, from which on it is no silence: -50 dBov (base/level.h). */
#define MEDIA_SOUND_CDB (-5000)
/* The first frames from there, whose level is told: 200 ms. */
#define MEDIA_SOUND_FRAMES 10

/* What is a voice: 200 ms of it, at least so loud; more while a list plays, for their line gives
 * some of it back (6 dB at least are lost on the way, ITU-T G.122), and our prompts are at -24. */
#define MEDIA_VOICE_MS 200
#define MEDIA_VOICE_CDB (-4200)
#define MEDIA_VOICE_OVER_CDB (-3000)

struct media_report {
    struct media_ref ref;
    uint64_t user; /* of the last set(); 0: none */
    uint32_t group;
    enum media_kind kind;
    uint32_t left_out_n; /* earlier reports of this kind that found no room */
    union {
        struct {
            char key; /* 0-9 * # A-D */
            uint16_t lasted_ms;
        } key;
        struct {
            uint32_t number;
            bool is_by_key;
        } list;
        uint32_t join_number, voice_number;
        struct media_address source;
        struct media_rolls rolls;
        struct {
            ms_t at; /* of its first frame, by os_clock_boot_ms() */
            int32_t level_cdb;
        } sound;
        struct media_counts counts;
    };
};

#endif
