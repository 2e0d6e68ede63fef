/* sip_end.h — one end of a simulated call: transactions, leg and session put together as phone/
 * does, over a line that takes bytes. Called by test/prop/sip.c. */
#ifndef TEST_PROP_SIP_END_H
#define TEST_PROP_SIP_END_H

#include "sip/leg.h"
#include "sip/reliable.h"
#include "sip/session.h"
#include "sip/transaction.h"

#define SIP_END_TXS_MAX 8 /* INVITE, PRACK, CANCEL and BYE of both sides, and one to spare */

/* What is watched while it lives. */
struct sip_end_seen {
    unsigned up_n, end_n, no_ack_n, no_room_n, guard_n;
    unsigned timer_sends_n; /* repetitions */
    unsigned two_finals_n, byes_too_soon_n;
    unsigned sounded_n, taken_n, no_prack_n; /* reliable 183s: said, acknowledged, given up */
    unsigned answers_too_soon_n;             /* a 2xx while one waited for its PRACK */
    ms_t end_at;
};

struct sip_end {
    const char *name;
    bool is_caller, is_acked;
    struct sip_txs txs;
    struct sip_leg leg;
    enum sip_session_state session;
    struct sip_tx_key invite; /* of the INVITE's transaction, client or server */
    uint64_t invite_branch, next_branch;
    uint16_t invite_final;                /* status of our final answer */
    char invite_text[SIP_TX_MESSAGE_MAX]; /* the request as it came, to answer it later */
    uint16_t invite_text_n;
    ms_t now_at, ring_at, answer_at, hang_up_at, guard_at;
    bool sounds;  /* it rings by a 183 with a description */
    bool is_sure; /* which is to be acknowledged (RFC 3262) */
    struct sip_reliable reliable;
    struct sip_reliable_heard heard;
    struct sip_end_seen seen;
    void (*send_fn)(struct text message, const struct sip_end *from, void *arg);
    void *arg;
};

void sip_end_open(struct sip_end *e, struct arena *arena);

/* The caller sends its INVITE. */
void sip_end_call(struct sip_end *e, ms_t now_at);
void sip_end_receive(struct sip_end *e, struct text message, ms_t now_at);
/* Timers and plans; false when nothing was due. */
bool sip_end_act(struct sip_end *e, ms_t now_at);
ms_t sip_end_next_at(const struct sip_end *e);

/* Reads what sip_write_answer() and sip_write_ask() write; slices of the message. */
struct sip_in sip_end_read(struct text message, uint64_t *branch);

#endif
