/* transaction.c — see transaction.h.
 * One table [kind][state][event] says the next state, what to do and which timers then run; the
 * code below it only looks up, sets timers and gives slots back. Called by phone/ for every message
 * and timer. Cost: one map lookup, one heap change. Invariant: a transaction that is not FREE has a
 * timer that ends it. */
#include <string.h>

#include "sip/transaction.h"

/* Which timers run after a move. KEEP: those that ran. */
enum timing {
    KEEP,
    STOP_REPEAT, /* go on towards the end that is set, without repetitions */
    WAIT_FINAL, /* no repetition and no end from here: the user of an INVITE ends it (§17.1.1.2) */
    REPEAT_DOUBLE, /* timer A: T1, doubling; end: 64 × T1 */
    REPEAT_CAPPED, /* timers E and G: T1, doubling up to T2; end: 64 × T1 */
    REPEAT_2XX,    /* the same, on reliable transports too: it crosses others (§13.3.1.4) */
    REPEAT_T2,     /* timer E in PROCEEDING: when it next fires, every T2; the end stands */
    END_64T1,      /* the end moves, no repetition */
    LINGER_D,
    LINGER_T4,  /* timers I and K */
    LINGER_64T1 /* timers J, L and M */
};

struct row {
    uint8_t is_allowed, next, actions, timing;
};

#define SEND SIP_TX_DO_SEND
#define TELL SIP_TX_DO_TELL
#define ACK SIP_TX_DO_ACK
#define LATE SIP_TX_DO_TIMEOUT
#define TO(state, actions, timing)                                                                 \
    {                                                                                              \
        1, SIP_TX_##state, actions, timing                                                         \
    }

static const struct row table[SIP_TX_KINDS][SIP_TX_STATES][SIP_TX_EVENTS] =
    {
        [SIP_TX_INVITE_CLIENT] =
            {
                [SIP_TX_TRYING] = {[SIP_TX_REPEAT] = TO(TRYING, SEND, KEEP),
                                   [SIP_TX_END] = TO(FREE, LATE, KEEP),
                                   [SIP_TX_UNSENDABLE] = TO(FREE, LATE, KEEP),
                                   [SIP_TX_GOT_1XX] = TO(PROCEEDING, TELL, WAIT_FINAL),
                                   [SIP_TX_GOT_2XX] = TO(ACCEPTED, TELL, LINGER_64T1),
                                   [SIP_TX_GOT_FAILURE] = TO(COMPLETED, ACK | TELL, LINGER_D)},
                [SIP_TX_PROCEEDING] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_SAID_CANCEL] = TO(PROCEEDING, 0, END_64T1),
                                       [SIP_TX_UNSENDABLE] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_GOT_1XX] = TO(PROCEEDING, TELL, KEEP),
                                       [SIP_TX_GOT_2XX] = TO(ACCEPTED, TELL, LINGER_64T1),
                                       [SIP_TX_GOT_FAILURE] = TO(COMPLETED, ACK | TELL, LINGER_D)},
                [SIP_TX_COMPLETED] = {[SIP_TX_END] = TO(FREE, 0, KEEP),
                                      [SIP_TX_UNSENDABLE] = TO(FREE, 0, KEEP),
                                      [SIP_TX_GOT_FAILURE] = TO(COMPLETED, SEND, KEEP)},
                [SIP_TX_ACCEPTED] =
                    {[SIP_TX_END] = TO(FREE, 0, KEEP), [SIP_TX_GOT_2XX] = TO(ACCEPTED, TELL, KEEP)},
            },
        [SIP_TX_INVITE_SERVER] =
            {
                [SIP_TX_PROCEEDING] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_GOT_REQUEST] = TO(PROCEEDING, SEND, KEEP),
                                       [SIP_TX_SAY_1XX] = TO(PROCEEDING, SEND, WAIT_FINAL),
                                       [SIP_TX_SAY_2XX] = TO(ACCEPTED, SEND, REPEAT_2XX),
                                       [SIP_TX_SAY_FAILURE] = TO(COMPLETED, SEND, REPEAT_CAPPED)},
                [SIP_TX_COMPLETED] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                      [SIP_TX_REPEAT] = TO(COMPLETED, SEND, KEEP),
                                      [SIP_TX_UNSENDABLE] = TO(FREE, LATE, KEEP),
                                      [SIP_TX_GOT_REQUEST] = TO(COMPLETED, SEND, KEEP),
                                      [SIP_TX_GOT_ACK] = TO(CONFIRMED, 0, LINGER_T4)},
                [SIP_TX_CONFIRMED] = {[SIP_TX_END] = TO(FREE, 0, KEEP),
                                      [SIP_TX_GOT_REQUEST] = TO(CONFIRMED, 0, KEEP),
                                      [SIP_TX_GOT_ACK] = TO(CONFIRMED, 0, KEEP)},
                /* A repeated INVITE is absorbed: the 2xx repeats itself until the ACK (RFC 6026
                   §7.1). */
                [SIP_TX_ACCEPTED] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                     [SIP_TX_REPEAT] = TO(ACCEPTED, SEND, KEEP),
                                     [SIP_TX_GOT_REQUEST] = TO(ACCEPTED, 0, KEEP),
                                     [SIP_TX_GOT_ACK] = TO(ACCEPTED, TELL, STOP_REPEAT)},
            },
        [SIP_TX_OTHER_CLIENT] =
            {
                [SIP_TX_TRYING] = {[SIP_TX_REPEAT] = TO(TRYING, SEND, KEEP),
                                   [SIP_TX_END] = TO(FREE, LATE, KEEP),
                                   [SIP_TX_UNSENDABLE] = TO(FREE, LATE, KEEP),
                                   [SIP_TX_GOT_1XX] = TO(PROCEEDING, TELL, REPEAT_T2),
                                   [SIP_TX_GOT_2XX] = TO(COMPLETED, TELL, LINGER_T4),
                                   [SIP_TX_GOT_FAILURE] = TO(COMPLETED, TELL, LINGER_T4)},
                [SIP_TX_PROCEEDING] = {[SIP_TX_REPEAT] = TO(PROCEEDING, SEND, KEEP),
                                       [SIP_TX_END] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_UNSENDABLE] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_GOT_1XX] = TO(PROCEEDING, TELL, KEEP),
                                       [SIP_TX_GOT_2XX] = TO(COMPLETED, TELL, LINGER_T4),
                                       [SIP_TX_GOT_FAILURE] = TO(COMPLETED, TELL, LINGER_T4)},
                [SIP_TX_COMPLETED] = {[SIP_TX_END] = TO(FREE, 0, KEEP)},
            },
        [SIP_TX_OTHER_SERVER] =
            {
                [SIP_TX_TRYING] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                   [SIP_TX_GOT_REQUEST] = TO(TRYING, 0, KEEP),
                                   [SIP_TX_SAY_1XX] = TO(PROCEEDING, SEND, KEEP),
                                   [SIP_TX_SAY_2XX] = TO(COMPLETED, SEND, LINGER_64T1),
                                   [SIP_TX_SAY_FAILURE] = TO(COMPLETED, SEND, LINGER_64T1)},
                [SIP_TX_PROCEEDING] = {[SIP_TX_END] = TO(FREE, LATE, KEEP),
                                       [SIP_TX_GOT_REQUEST] = TO(PROCEEDING, SEND, KEEP),
                                       [SIP_TX_SAY_1XX] = TO(PROCEEDING, SEND, KEEP),
                                       [SIP_TX_SAY_2XX] = TO(COMPLETED, SEND, LINGER_64T1),
                                       [SIP_TX_SAY_FAILURE] = TO(COMPLETED, SEND, LINGER_64T1)},
                [SIP_TX_COMPLETED] = {[SIP_TX_END] = TO(FREE, 0, KEEP),
                                      [SIP_TX_GOT_REQUEST] = TO(COMPLETED, SEND, KEEP)},
            },
};

bool sip_tx_allows(enum sip_tx_kind kind, enum sip_tx_state state, enum sip_tx_event event,
                   enum sip_tx_state *next)
{
    const struct row *row = &table[kind][state][event];
    *next = (enum sip_tx_state)row->next;
    return row->is_allowed;
}

void sip_tx_open(struct sip_txs *txs, struct arena *arena, uint32_t max)
{
    txs->tx = arena_take(arena, max, sizeof(*txs->tx));
    map_open(&txs->keys, arena, max);
    heap_open(&txs->timers, arena, max);
    txs->max = max;
    txs->used = txs->n = 0;
    txs->free = SLOT_NONE;
}

/* The map's key: any 64 bits of the keyed hash, but not 0. */
static uint64_t map_key(const struct sip_tx_key *key)
{
    return key->lo ? key->lo : 1;
}

static void set_timer(struct sip_txs *txs, uint32_t slot)
{
    const struct sip_tx *tx = &txs->tx[slot];
    ms_t at = tx->repeat_at < tx->end_at ? tx->repeat_at : tx->end_at;
    heap_set(&txs->timers, slot, at, 0);
}

static void linger(struct sip_tx *tx, ms_t ms, ms_t now_at)
{
    tx->repeat_at = MS_NEVER;
    tx->end_at = now_at + (tx->is_reliable ? 0 : ms);
}

static void repeat(struct sip_tx *tx, ms_t ms, ms_t now_at)
{
    tx->repeat_ms = ms;
    tx->repeat_at = now_at + ms;
}

static void repeat_unreliable(struct sip_tx *tx, ms_t ms, ms_t now_at)
{
    repeat(tx, ms, now_at);
    if (tx->is_reliable)
        tx->repeat_at = MS_NEVER;
}

/* An INVITE that rings or waits for our answer ends by its user; should the user be lost, a day. */
#define ABANDONED_MS ((ms_t)24 * 60 * 60 * 1000)

static void set_timing(struct sip_tx *tx, enum timing timing, ms_t now_at)
{
    switch (timing) {
    case KEEP:
        return;
    case STOP_REPEAT:
        tx->repeat_at = MS_NEVER;
        return;
    case WAIT_FINAL:
        tx->repeat_at = MS_NEVER;
        tx->end_at = now_at + ABANDONED_MS;
        return;
    case REPEAT_DOUBLE:
    case REPEAT_CAPPED:
        repeat_unreliable(tx, SIP_TX_T1_MS, now_at);
        tx->end_at = now_at + SIP_TX_TIMEOUT_MS;
        return;
    case REPEAT_2XX:
        repeat(tx, SIP_TX_T1_MS, now_at);
        tx->end_at = now_at + SIP_TX_TIMEOUT_MS;
        return;
    case REPEAT_T2:
        tx->repeat_ms = SIP_TX_T2_MS;
        return;
    case END_64T1:
        tx->end_at = now_at + SIP_TX_TIMEOUT_MS;
        return;
    case LINGER_D:
        linger(tx, SIP_TX_D_MS, now_at);
        return;
    case LINGER_T4:
        linger(tx, SIP_TX_T4_MS, now_at);
        return;
    case LINGER_64T1:
        /* Accepted clients linger on reliable transports too: forks answer late (RFC 6026 §8.4). */
        linger(tx, SIP_TX_TIMEOUT_MS, now_at);
        if (tx->kind == SIP_TX_INVITE_CLIENT)
            tx->end_at = now_at + SIP_TX_TIMEOUT_MS;
        return;
    }
}

uint32_t sip_tx_begin(struct sip_txs *txs, const struct sip_tx_args *args, ms_t now_at)
{
    if (txs->n == txs->max || map_get(&txs->keys, map_key(&args->key)) != SLOT_NONE)
        return SLOT_NONE;
    uint32_t slot = txs->free;
    if (slot != SLOT_NONE)
        txs->free = txs->tx[slot].next_free;
    else
        slot = txs->used++;
    struct sip_tx *tx = &txs->tx[slot];
    *tx = (struct sip_tx){.key = args->key,
                          .peer = args->peer,
                          .user = args->user,
                          .kind = (uint8_t)args->kind,
                          .is_reliable = args->peer.transport != SIP_OVER_UDP,
                          .state = args->kind == SIP_TX_INVITE_SERVER ? SIP_TX_PROCEEDING
                                                                      : SIP_TX_TRYING,
                          .repeat_at = MS_NEVER,
                          .end_at = now_at + ABANDONED_MS};
    if (args->kind == SIP_TX_INVITE_CLIENT)
        set_timing(tx, REPEAT_DOUBLE, now_at);
    else if (args->kind == SIP_TX_OTHER_CLIENT)
        set_timing(tx, REPEAT_CAPPED, now_at);
    else if (args->kind == SIP_TX_OTHER_SERVER)
        tx->end_at = now_at + SIP_TX_TIMEOUT_MS; /* a request that we never answer */
    map_put(&txs->keys, map_key(&args->key), slot);
    set_timer(txs, slot);
    txs->n++;
    return slot;
}

uint32_t sip_tx_find(const struct sip_txs *txs, const struct sip_tx_key *key)
{
    uint32_t slot = map_get(&txs->keys, map_key(key));
    return slot != SLOT_NONE && txs->tx[slot].key.hi == key->hi ? slot : SLOT_NONE;
}

bool sip_tx_set_message(struct sip_txs *txs, uint32_t slot, const uint8_t *p, size_t n)
{
    struct sip_tx *tx = &txs->tx[slot];
    if (n > SIP_TX_MESSAGE_MAX)
        return false;
    memcpy(tx->message, p, n);
    tx->message_n = (uint16_t)n;
    return true;
}

void sip_tx_drop(struct sip_txs *txs, uint32_t slot)
{
    struct sip_tx *tx = &txs->tx[slot];
    if (tx->state == SIP_TX_FREE)
        return;
    heap_remove(&txs->timers, slot);
    map_remove(&txs->keys, map_key(&tx->key));
    tx->state = SIP_TX_FREE;
    tx->next_free = txs->free;
    txs->free = slot;
    txs->n--;
}

/* Timers A, E, G: what was waited doubles; but for timer A of an INVITE, up to T2. */
static void repeat_again(struct sip_tx *tx, ms_t now_at)
{
    ms_t ms = tx->repeat_ms * 2;
    bool is_capped = tx->kind != SIP_TX_INVITE_CLIENT;
    repeat(tx, is_capped && ms > SIP_TX_T2_MS ? SIP_TX_T2_MS : ms, now_at);
}

struct sip_tx_verdict sip_tx_happens(struct sip_txs *txs, uint32_t slot, enum sip_tx_event event,
                                     ms_t now_at)
{
    struct sip_tx *tx = &txs->tx[slot];
    struct sip_tx_verdict v = {.slot = slot, .user = tx->user};
    const struct row *row = &table[tx->kind][tx->state][event];
    v.state = (enum sip_tx_state)tx->state;
    if (!row->is_allowed)
        return v;
    v.actions = row->actions;
    v.state = (enum sip_tx_state)row->next;
    if (event == SIP_TX_GOT_ACK && v.state == SIP_TX_ACCEPTED) {
        if (tx->is_acked)
            v.actions = 0; /* its repetition */
        tx->is_acked = true;
    }
    if (event == SIP_TX_END && tx->is_acked)
        v.actions = 0;
    if (event == SIP_TX_REPEAT)
        repeat_again(tx, now_at);
    if (v.actions & SIP_TX_DO_SEND && !tx->message_n)
        v.actions &= ~(unsigned)SIP_TX_DO_SEND;
    tx->state = row->next;
    if (v.state == SIP_TX_FREE) {
        tx->state = SIP_TX_COMPLETED; /* any that is not FREE, for drop */
        sip_tx_drop(txs, slot);
        return v;
    }
    set_timing(tx, (enum timing)row->timing, now_at);
    set_timer(txs, slot);
    return v;
}

ms_t sip_tx_next_at(const struct sip_txs *txs)
{
    const struct heap_entry *first = heap_first(&txs->timers);
    return first ? first->at : MS_NEVER;
}

bool sip_tx_due(struct sip_txs *txs, ms_t now_at, struct sip_tx_verdict *verdict)
{
    const struct heap_entry *first = heap_first(&txs->timers);
    if (!first || first->at > now_at)
        return false;
    uint32_t slot = first->item;
    const struct sip_tx *tx = &txs->tx[slot];
    enum sip_tx_event event = tx->end_at <= now_at ? SIP_TX_END : SIP_TX_REPEAT;
    *verdict = sip_tx_happens(txs, slot, event, now_at);
    return true;
}
