/* journal.h — what the app asks of a journal; journal/ answers with SQLite, sim/ with a disk that
 * crashes.
 * Said means stored: an event is a fact for the outside world once committed_id() has reached its
 * id. Nothing here blocks, except the functions marked "start only". */
#ifndef PORT_JOURNAL_H
#define PORT_JOURNAL_H

#include "event/event.h"
#include "port/account.h"
#include "port/never.h"
#include "port/note.h"
#include "port/notice.h"

/* Largest number of events, and of rows, in one append: the app hands over what one turn made. */
#define JOURNAL_APPEND_MAX 64

enum journal_health {
    JOURNAL_WELL,
    JOURNAL_BEHIND, /* the ring to the writer is more than half full */
    JOURNAL_DOWN,   /* the last commit failed, or the disk refuses: no promise may be spoken */
};

/* What a row is. */
enum journal_row_kind {
    JOURNAL_ROW_PERSON, /* person_id, number */
    JOURNAL_ROW_GATE,   /* gate: a count of what goes out */
    JOURNAL_ROW_WISH,   /* wish: where a contact is to be called back; e164 0: no longer */
    JOURNAL_ROW_SLOT,   /* slot: when and where somebody is to be called; e164 0: no longer */
    JOURNAL_ROW_SMS,    /* sms: a text message to send, or a part of one that came */
    /* sms: id, state, why, tries_n, next_at, changed_at, code, remote; an end is never left */
    JOURNAL_ROW_SMS_STATE,
    JOURNAL_ROW_SMS_STOP,  /* sms.id: the keyed hash of a number that is never written to again */
    JOURNAL_ROW_NEVER,     /* never: a number that is never to be called again; or it is gone */
    JOURNAL_ROW_SMS_PURGE, /* sms.changed_at: what is over since before then goes */
    JOURNAL_ROW_THREAD,    /* thread: from which number a written contact comes; e164 0: over */
    JOURNAL_ROW_REFERENCE, /* reference: one that was given to who calls from this person's line */
    JOURNAL_ROW_ACCOUNT,   /* account: added, or changed but for its login */
    JOURNAL_ROW_PASSWORD,  /* password: of an account */
    JOURNAL_ROW_SCOPE,     /* scope: a site or a service that an account may see */
    JOURNAL_ROW_SESSION,   /* session: by its step */
    JOURNAL_ROW_AUDIT,     /* audit: who did what to an account */
    JOURNAL_ROW_NOTICE,    /* notice: the message of the day, or that there is none any more */
    JOURNAL_ROW_PROVIDER,  /* provider: who an account is at the identity provider; or nobody */
    JOURNAL_ROW_NOTE,      /* note: of a person, by an agent */
    JOURNAL_ROW_WEB,       /* web: who wrote on the page; closed_at: it is over */
};

/* Octets of one text message; bytes of the id that a gateway gives it, NUL-terminated. */
#define JOURNAL_SMS_OCTETS 140
#define JOURNAL_SMS_REMOTE 48

/* Of the secret in the address of a person's own page, and bytes of their first name, with its NUL.
 */
#define JOURNAL_WEB_HASH 32
#define JOURNAL_WEB_NAME 64

/* A row that commits in one transaction with the events that refer to it, or before those that
 * follow it. A number that is known already keeps its person. An empty number: this person is
 * erased, all numbers go. */
struct journal_row {
    enum journal_row_kind kind;
    uint64_t person_id; /* random, of a person never 0 */
    union {
        char number[24]; /* E.164 with its "+", NUL-terminated; never in an event */
        struct {         /* struct gate_row of gate/gate.h, which says what they mean */
            uint64_t key, cost;
            int32_t day;
            uint32_t calls_n;
            uint16_t open_n;
            uint8_t scope;
        } gate;
        struct { /* struct wish of app/wishes.h; person_id 0: who withheld the number */
            uint64_t contact_id, e164, shown_e164;
            bool is_gated;
        } wish;
        struct { /* struct slot of app/slots.h; person_id as of a wish */
            uint64_t contact_id, e164, shown_e164, needs;
            ms_t from_at, until_at;
            uint32_t queue_id, reference, entry_id;
            bool is_discreet, is_promised;
        } slot;
        struct {
            uint8_t hash[NEVER_HASH_BYTES]; /* of port/never.h, with the mark of its key */
            uint64_t mark;
            ms_t at;
            bool is_gone;
        } never;
        struct {
            uint64_t contact_id;
            ms_t at;
        } reference;
        struct {
            uint64_t contact_id, e164;
        } thread;
        struct {
            uint64_t contact_id, e164; /* e164: as it was typed, nothing is proved; 0: none */
            ms_t opened_at,
                closed_at; /* closed_at not 0: the rest but contact_id is not looked at */
            uint32_t queue_id, reference;
            uint8_t hash[JOURNAL_WEB_HASH];
            char name[JOURNAL_WEB_NAME];
        } web;
        struct account account; /* these five: port/account.h */
        struct account_password password;
        struct account_scope scope;
        struct account_session session;
        struct account_audit audit;
        struct account_provider provider; /* the same */
        struct notice notice;             /* port/notice.h */
        struct note note;                 /* port/note.h */
        struct {
            uint64_t id; /* random; of one that came: made of what the gateway calls it */
            uint64_t e164, contact_id;
            ms_t changed_at;
            ms_t next_at;        /* to be sent not before */
            ms_t until_at;       /* of no use after */
            uint32_t code;       /* of the gateway, when it refused */
            uint16_t tries_n, n; /* n: septets, or octets of UCS-2 */
            /* enums of gsm/: kind of sentence, or what a received one means; state; why; coding */
            uint8_t kind, state, why, coding;
            uint8_t part; /* of a received one, from 0 */
            bool is_received;
            union {
                uint8_t octets[JOURNAL_SMS_OCTETS];
                char remote[JOURNAL_SMS_REMOTE];
            };
        } sms;
    };
};

struct journal_snapshot {
    uint32_t version;     /* of the layout; another one is thrown away */
    uint64_t last_id;     /* the state after this event */
    uint64_t hash;        /* acd_hash() of that state */
    const uint8_t *bytes; /* borrowed during the call */
    size_t n;
};

/* Called once per event, in order; stop by returning false. */
typedef bool journal_event_fn(const struct event *ev, void *arg);

struct journal_port {
    void *arg;
    /* Takes a copy of n ≤ JOURNAL_APPEND_MAX events whose ids follow the last taken, and of the
     * rows; rows alone (n 0) are committed no later than any event of a later append. False: the
     * ring is full, nothing was taken. */
    bool (*append)(void *arg, const struct event *ev, unsigned n, const struct journal_row *rows,
                   unsigned rows_n);
    /* More than half of the ring is free: new contacts may come. */
    bool (*has_room)(void *arg);
    uint64_t (*committed_id)(void *arg);
    enum journal_health (*health)(void *arg);
    /* Asks the writer to keep this snapshot once last_id is committed. May be dropped silently:
     * a snapshot only saves time. 0 or errno. */
    int (*snapshot_put)(void *arg, const struct journal_snapshot *snapshot);
    /* Start only: the newest readable snapshot, bytes valid until the next call; ENOENT if none. */
    int (*snapshot_get)(void *arg, struct journal_snapshot *snapshot);
    /* Start only: all committed events with id > after_id, in order. 0, errno, or EBADMSG when a
     * batch's hash or an event's bytes are wrong; ENOTSUP when a later version wrote it. In all
     * cases *last_good_id is the end of what is sound. */
    int (*read)(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                uint64_t *last_good_id);
};

#endif
