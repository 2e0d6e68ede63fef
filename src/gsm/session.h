/* session.h — an SMPP 3.4 session of ours with a gateway, as a state machine: bytes and time in,
 * bytes and news out. bind, submit, receipts, enquire_link, throttling, reconnect. Called by
 * sms/smpp.c, which has the socket, and by tests and the fuzzer. Pure; its memory is the struct.
 * Invariant: each message that was taken is answered once: accepted, refused, or trouble. */
#ifndef GSM_SESSION_H
#define GSM_SESSION_H

#include "gsm/message.h"
#include "gsm/pdu.h"

#define SESSION_WINDOW_MAX 32u
#define SESSION_BYTES 16384u
/* What came and is not stored yet; more is asked to come again. */
#define SESSION_HELD_MAX 32u
#define SESSION_ENQUIRE_MS ((ms_t)30000)
/* So long the answer to their unbind may take to leave. */
#define SESSION_LEAVE_MS ((ms_t)1000)
#define SESSION_HOLD_MS_MIN ((ms_t)1000)
#define SESSION_HOLD_MS_MAX ((ms_t)60000)

enum session_state {
    SESSION_DOWN,       /* until retry_ms */
    SESSION_CONNECTING, /* the driver connects */
    SESSION_BINDING,
    SESSION_BOUND,
};

enum session_news_kind {
    SESSION_ANSWERED, /* id: event, code, remote */
    SESSION_RECEIPT,  /* remote, event (GSM_ARRIVED, GSM_LOST); then session_stored(sequence) */
    SESSION_TEXT,     /* deliver; then session_stored(sequence) */
};

struct session_news {
    enum session_news_kind kind;
    uint64_t id;
    enum gsm_event event;
    uint32_t code, sequence;
    struct text remote;                /* borrowed during the call */
    const struct pdu_deliver *deliver; /* the same */
};
typedef void session_news_fn(const struct session_news *news, void *arg);

struct session_args {
    const char *system_id, *password, *system_type; /* borrowed */
    uint32_t window;
    ms_t answer_ms;
    session_news_fn *fn;
    void *arg;
};

struct session {
    struct session_args args;
    enum session_state state;
    uint8_t in[SESSION_BYTES];
    char out[SESSION_BYTES];
    size_t in_n, out_n;
    struct {
        uint64_t id; /* 0: free */
        uint32_t sequence;
        ms_t until_ms;
    } window[SESSION_WINDOW_MAX];
    uint32_t held[SESSION_HELD_MAX]; /* sequences of deliver_sm; 0: free */
    uint32_t sequence, failures_n, holds_n, flying_n;
    uint32_t enquire;     /* sequence of the enquire_link that is not answered; 0: none */
    uint32_t bind_status; /* of the last bind; for the log */
    bool is_leaving;      /* BOUND: they unbind; down once that is answered */
    ms_t until_ms; /* DOWN: retry; CONNECTING, BINDING: give up; BOUND: enquire, or give up */
    ms_t hold_ms;  /* nothing is submitted before */
};

void session_open(struct session *s, const struct session_args *args);
/* Time has passed. True: the driver shall connect now (once), then session_up() or _down(). */
bool session_turn(struct session *s, ms_t now_ms);
void session_up(struct session *s, ms_t now_ms);
/* The connection is gone; what flew is trouble. */
void session_down(struct session *s, ms_t now_ms);
/* False: the driver shall close; session_down() was done. */
MUST_CHECK bool session_take(struct session *s, struct text bytes, ms_t now_ms);
/* Is the driver to close although nothing came? Done by session_turn(): state is DOWN then. */
bool session_is_ready(const struct session *s, ms_t now_ms);
/* Only when ready; submit->sequence and reference are ours. */
void session_submit(struct session *s, const struct pdu_submit *submit, uint64_t id, ms_t now_ms);
/* What came under this sequence is committed, or could not be kept. */
void session_stored(struct session *s, uint32_t sequence, bool is_kept);
/* We end it: their answer is not waited for. Nothing but what is in out may follow. */
void session_unbind(struct session *s);
/* n bytes of out are on their way. */
void session_written(struct session *s, size_t n);
ms_t session_next_ms(const struct session *s);

#endif
