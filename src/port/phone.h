/* phone.h — what the app asks of the telephone, and what it hears from it.
 * phone/ answers with SIP and the media engine, tests with nothing but the reports. A leg is one
 * line with one person; its id is never used twice, so that a late call harms nobody.
 * All calls come from the main thread, none waits, and none reports before it has returned. */
#ifndef PORT_PHONE_H
#define PORT_PHONE_H

#include "base/text.h"
#include "port/media.h"

/* What one leg hears from now on. The list begins anew; then what follows it. */
struct phone_sound {
    uint16_t ids[MEDIA_LIST_MAX]; /* of the media engine */
    uint16_t n;
    bool stops_on_key;
    enum media_then then; /* after the list */
    uint16_t loop_id;     /* MEDIA_LOOP */
    uint64_t peer_id;     /* MEDIA_BRIDGE: the other leg, which must be told the same of this one */
    uint64_t hears_ids[MEDIA_HEARS_MAX]; /* MEDIA_MIX: legs of the same mix; 0: nobody */
    uint32_t mix;                        /* MEDIA_MIX: of one conversation */
    bool hides_keys;                     /* its keys are reported, and do not pass to the other */
    bool wants_voice;                    /* PHONE_VOICE once, when they speak meanwhile */
};

/* A call to the telephone of an agent. */
struct phone_call {
    uint64_t aor;             /* whose: the agent's id, as it registered */
    uint64_t near_id;         /* the leg that it will be joined with: same thread, same law */
    struct text number, name; /* whom the telephone shows: digits or empty; a name or empty */
};

/* A call to a number outside, by an operator: an ordinary telephone. */
struct phone_dial {
    uint64_t near_id;         /* as above */
    struct text number;       /* E.164, digits alone; is_short: as it is dialled, 112 */
    struct text caller, name; /* the number that we show, E.164; a name or empty */
    bool is_short;            /* an emergency number: no channel is ever too many for it */
    bool is_plain;            /* number and caller as they are written: robots */
    uint32_t line;            /* by this access alone, under its own name; 0: by any operator */
    uint32_t trunk;           /* by this operator alone, under our number; 0: by any */
};

enum phone_look { PHONE_LOOK_NONE, PHONE_LOOK_RINGS, PHONE_LOOK_UP };

struct phone_port {
    void *arg;
    /* 200 OK to a leg that arrived; PHONE_UP follows. */
    void (*answer)(void *arg, uint64_t leg_id);
    /* Sound without an answer (183), which costs the caller nothing; PHONE_UP follows. False: its
     * operator does not carry that, or there is no offer yet: answer() it. */
    bool (*early)(void *arg, uint64_t leg_id);
    /* A final refusal instead; the leg is over. */
    void (*refuse)(void *arg, uint64_t leg_id, uint16_t status);
    /* Rings a telephone. The new leg; 0: it has none that is registered, or there is no room. */
    uint64_t (*call)(void *arg, const struct phone_call *call);
    /* The same to a number outside, by the first operator that takes it: the next one is tried
     * when one is silent for PHONE_TRUNK_SILENT_MS or cannot. 0: there is none, or no room. */
    uint64_t (*dial)(void *arg, const struct phone_dial *dial);
    /* The operator that dial() would try first now: its number in the directory; 0: none. */
    uint32_t (*first_trunk)(void *arg);
    /* The number of the list that now plays, for PHONE_PLAYED; 0: no such leg. */
    uint32_t (*sound)(void *arg, uint64_t leg_id, const struct phone_sound *sound);
    /* Presses keys on a leg that is up: at most MEDIA_KEYS_MAX of 0-9 * # A-D. False: they cannot
     * be sent there. */
    bool (*press)(void *arg, uint64_t leg_id, struct text keys);
    /* What came of a PHONE_REFERRED: a status of SIP, 200 when it is done. */
    void (*referred)(void *arg, uint64_t leg_id, uint16_t status);
    /* CANCEL, refusal or BYE, whichever is right; nothing of this leg is reported afterwards. */
    void (*hang_up)(void *arg, uint64_t leg_id);
    /* From now on neither sound nor SIP comes from this leg, as of a telephone without current;
     * hang_up() then only forgets it. Robots. */
    void (*die)(void *arg, uint64_t leg_id);
    /* Its sound is copied for the recorder from now on, or (recording 0) no longer. */
    void (*tap)(void *arg, uint64_t leg_id, struct media_tap tap);
    /* Is this leg there, and how far? */
    enum phone_look (*look)(void *arg, uint64_t leg_id);
    /* Is a telephone of this agent registered? */
    bool (*is_there)(void *arg, uint64_t aor);
};

enum phone_report_kind {
    PHONE_ARRIVED,  /* an allowed INVITE; answer, or refuse, it */
    PHONE_RINGS,    /* it rings there */
    PHONE_UP,       /* media flows: both sides agree, or early(); then once more after answer() */
    PHONE_REFUSED,  /* our call was not taken: status; the leg is over */
    PHONE_ENDED,    /* by the other side; with is_fault: broken off; the leg is over */
    PHONE_KEY,      /* key, at its beginning */
    PHONE_PLAYED,   /* list: heard to its end, unless is_by_key */
    PHONE_HEARD,    /* the first packet of this side since the bridge was asked for */
    PHONE_HOLDS,    /* holds: the other side no longer listens (music, for those whom it keeps), or
                       listens again */
    PHONE_REFERRED, /* referred: a telephone of ours wants its call to go to somebody else, and is
                       to be told by referred() what came of it */
    PHONE_LOST,     /* a call of ours that is up, and whose telephone has died (design §3.4) */
    PHONE_SOUND,   /* sound: the first that is no silence; only where phone_args ask for measures */
    PHONE_VOICE,   /* voice: they speak; number of the sound that asked for it */
    PHONE_COUNTED, /* counts of a leg, after its end; the same */
    PHONE_COUNTS,  /* counts so far, while its sound is sent back (MEDIA_ECHO) */
    PHONE_AWAY,    /* aor: the last telephone of this agent has signed off, or its time is over */
};

struct phone_report {
    enum phone_report_kind kind;
    uint64_t leg_id;
    union {
        struct {
            uint64_t aor;               /* one of our telephones, by its credentials; else 0 */
            uint32_t trunk_id;          /* of the directory; 0: one of our telephones */
            bool is_test;               /* of the house's own robot: proved, not claimed */
            bool carries_early;         /* early() will do: its operator, and there is an offer */
            struct text called, caller; /* users of the URIs as written; caller empty: withheld */
        } arrived;
        struct {
            struct text number; /* whom: the user of a URI */
            uint64_t with_id;   /* another call of the same telephone with them; 0: none */
        } referred;
        uint16_t status;
        bool is_fault, holds;
        struct {
            ms_t at; /* of the boot clock */
            int32_t level_cdb;
        } sound;
        struct media_counts counts;
        uint32_t voice;
        char key;
        struct {
            uint32_t number;
            bool is_by_key;
        } list;
        uint64_t aor;
    };
};

/* Is somebody at this number? Asked before anything is kept for a call. aor: of one of our
 * telephones; else 0. */
typedef bool phone_knows_fn(struct text called, uint64_t aor, void *arg);
typedef void phone_report_fn(const struct phone_report *report, void *arg);

#endif
