/* parts.h — what session.c and shake.c share. Included by browser/ only. */
#ifndef BROWSER_PARTS_H
#define BROWSER_PARTS_H

#include "browser/browser.h"
#include "dtls/dtls.h"

struct session {
    uint64_t id; /* 0: a free place */
    enum browser_state state;
    struct media_ref ref;
    struct rtc_offer offer;
    uint64_t version; /* of our answers */
    bool is_active;   /* we begin the handshake */
    struct media_browser way;
    struct media_secret secret;
    struct media_want does;
    struct media_address peer; /* where datagrams go: the pair that spoke last, or was chosen */
    struct dtls_link *link;    /* owned; NULL: no handshake has begun */
    struct browsers *of;
    ms_t since_at, shaking_at; /* in this state; of the link */
};

struct browsers {
    struct browser_args args;
    struct dtls_house *house; /* owned */
    struct session *sessions; /* owned: args.sessions_max */
    struct browser_counts counts;
    ms_t second_at; /* in which begun_n handshakes were begun */
    uint32_t begun_n;
    ms_t next_at; /* the earliest that anything may be due */
};

/* session.c */
void browser_turn(struct session *s, enum browser_event event, ms_t now_at);
/* The engine is told what the stream shall do by now. */
int session_put(struct session *s);
struct session *session_of_stream(struct browsers *b, struct media_ref ref);
void session_forget(struct session *s);

/* shake.c */
void shake_begin(struct session *s, ms_t now_at);
void shake_end(struct session *s);
void shake_take(struct session *s, const struct media_datagram *d, ms_t now_at);
/* When it is due again. */
ms_t shake_run(struct session *s, ms_t now_at);

#endif
