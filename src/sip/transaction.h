/* transaction.h — SIP transactions as plain data: RFC 3261 §17 with the corrections of RFC 6026.
 * phone/ decodes a message, finds the transaction by its key and says what happened; the answer
 * says what to do (send, tell the user of the transaction). Time is passed in; nothing is sent from
 * here. A transaction is a value without pointers: it can be stored and restored. */
#ifndef SIP_TRANSACTION_H
#define SIP_TRANSACTION_H

#include "base/address.h"
#include "base/heap.h"
#include "base/map.h"

/* RFC 3261 §17.1.1.1, table 4. */
#define SIP_TX_T1_MS ((ms_t)500)
#define SIP_TX_T2_MS ((ms_t)4000)
#define SIP_TX_T4_MS ((ms_t)5000)
#define SIP_TX_TIMEOUT_MS (64 * SIP_TX_T1_MS)
/* Timer D: at least 32 s on an unreliable transport. */
#define SIP_TX_D_MS ((ms_t)32000)

/* The largest message that a transaction repeats. Above it UDP is not allowed anyway (§18.1.1). */
#define SIP_TX_MESSAGE_MAX 2048

enum sip_tx_kind {
    SIP_TX_INVITE_CLIENT,
    SIP_TX_INVITE_SERVER,
    SIP_TX_OTHER_CLIENT,
    SIP_TX_OTHER_SERVER,
    SIP_TX_KINDS
};

enum sip_tx_state {
    SIP_TX_FREE,
    SIP_TX_TRYING, /* "calling" of an INVITE client */
    SIP_TX_PROCEEDING,
    SIP_TX_COMPLETED,
    SIP_TX_CONFIRMED,
    SIP_TX_ACCEPTED, /* RFC 6026 §7 */
    SIP_TX_STATES
};

enum sip_tx_event {
    SIP_TX_GOT_REQUEST, /* a repetition of the one that began it */
    SIP_TX_GOT_ACK, /* servers: the ACK of a 3xx–6xx; or, found by its dialog, that of a 2xx */
    SIP_TX_GOT_1XX,
    SIP_TX_GOT_2XX,
    SIP_TX_GOT_FAILURE, /* 3xx–6xx */
    SIP_TX_SAY_1XX,     /* servers: the message set before is to be sent */
    SIP_TX_SAY_2XX,
    SIP_TX_SAY_FAILURE,
    SIP_TX_REPEAT,      /* timers A, E, G and the repetition of a 2xx (§13.3.1.4) */
    SIP_TX_END,         /* timers B, D, F, H, I, J, K, L, M */
    SIP_TX_SAID_CANCEL, /* INVITE clients: our CANCEL went out; 64 × T1 for the rest (§9.1) */
    SIP_TX_UNSENDABLE,  /* the transport refused (§17.1.4, §17.2.4) */
    SIP_TX_EVENTS
};

/* What to do, as bits. */
enum sip_tx_action {
    SIP_TX_DO_SEND = 1 << 0,    /* the transaction's message, to its peer */
    SIP_TX_DO_ACK = 1 << 1,     /* build the ACK of this failure, set it as message, send it */
    SIP_TX_DO_TELL = 1 << 2,    /* the user of the transaction: this response, this ACK */
    SIP_TX_DO_TIMEOUT = 1 << 3, /* nobody answered, or no ACK came */
};

/* Which transaction a message belongs to: a keyed hash of branch, sent-by and method (§17.1.3,
 * §17.2.3), or of what RFC 2543 compares; made by phone/ with a secret, so that nobody outside can
 * make two messages meet. */
struct sip_tx_key {
    uint64_t hi, lo;
};

enum sip_transport { SIP_OVER_UDP, SIP_OVER_TCP, SIP_OVER_TLS };

/* Where messages go. */
struct sip_peer {
    struct address at;
    uint8_t transport;   /* enum sip_transport; all but UDP are reliable */
    uint32_t connection; /* of a reliable transport; 0: none yet */
};

struct sip_tx {
    struct sip_tx_key key;
    struct sip_peer peer;
    uint64_t user; /* whose it is: a leg, a registration; the caller's number */
    ms_t repeat_at, repeat_ms, end_at;
    uint32_t next_free;
    uint8_t kind, state;
    bool is_reliable, is_acked;
    uint16_t message_n;
    uint8_t message[SIP_TX_MESSAGE_MAX];
};

struct sip_txs {
    struct sip_tx *tx; /* borrowed from the arena */
    uint32_t max, used, free, n;
    struct map keys; /* key.lo → slot */
    struct heap timers;
};

/* What one happening asks for; user is a copy, for the slot may be free again. With DO_SEND it is
 * not: message and peer stand in it. */
struct sip_tx_verdict {
    unsigned actions;
    uint32_t slot;
    uint64_t user;
    enum sip_tx_state state; /* after it; SIP_TX_FREE: gone */
};

struct sip_tx_args {
    enum sip_tx_kind kind;
    struct sip_tx_key key;
    struct sip_peer peer;
    uint64_t user;
};

/* Room for max transactions. */
void sip_tx_open(struct sip_txs *txs, struct arena *arena, uint32_t max);

/* Begins one at now_at. Clients are in state TRYING with their request as message, to be sent by
 * the caller; servers have no message yet. SLOT_NONE: all are in use, or this key is. */
uint32_t sip_tx_begin(struct sip_txs *txs, const struct sip_tx_args *args, ms_t now_at);

/* The slot of a key, or SLOT_NONE. */
uint32_t sip_tx_find(const struct sip_txs *txs, const struct sip_tx_key *key);

/* Sets the message that is sent and repeated. False: too long, nothing changed. */
MUST_CHECK bool sip_tx_set_message(struct sip_txs *txs, uint32_t slot, const uint8_t *p, size_t n);

/* Something happened to it. An event that its state has no use for asks for nothing. */
struct sip_tx_verdict sip_tx_happens(struct sip_txs *txs, uint32_t slot, enum sip_tx_event event,
                                     ms_t now_at);

/* The next timer; MS_NEVER. */
ms_t sip_tx_next_at(const struct sip_txs *txs);

/* The first timer due at now_at: false when none is. */
bool sip_tx_due(struct sip_txs *txs, ms_t now_at, struct sip_tx_verdict *verdict);

/* The user of a transaction is gone, or a node takes it over. */
void sip_tx_drop(struct sip_txs *txs, uint32_t slot);

/* Is the event allowed in that state? For the matrix of tests and documentation. */
bool sip_tx_allows(enum sip_tx_kind kind, enum sip_tx_state state, enum sip_tx_event event,
                   enum sip_tx_state *next);

#endif
