/* exchange_timer.h — what tests of session timers say and expect: calls that come in with a timer,
 * requests within a call, and its end as a fault. */
#ifndef TEST_SUPPORT_EXCHANGE_TIMER_H
#define TEST_SUPPORT_EXCHANGE_TIMER_H

#include "test/support/exchange_desk.h"
#include "test/support/exchange_look.h"

#define ALLOW_UPDATE "Allow: INVITE, ACK, BYE, UPDATE\r\n"
#define WE_REFRESH "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n"
#define THEY_REFRESH "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"

/* A call that comes in with these lines is up; p.said is our 200. */
static inline uint64_t timer_talks(struct peer *p, const char *lines)
{
    static char ok[sizeof(p->said)];
    p->branch++;
    p->cseq++;
    peer_ask(p, "INVITE", lines, SDP);
    peer_expect(p, "SIP/2.0 100");
    uint64_t id = last(p->x)->leg_id;
    p->x->port.answer(p->x->port.arg, id);
    peer_expect(p, "SIP/2.0 200");
    memcpy(ok, p->said, sizeof(ok));
    peer_ack(p);
    assert_int_equal(last(p->x)->kind, PHONE_UP);
    memcpy(p->said, ok, sizeof(ok));
    return id;
}

/* A request of theirs within the call. */
static inline void timer_asks(struct peer *p, const char *method, const char *lines,
                              const char *body)
{
    p->branch++;
    p->cseq++;
    peer_ask(p, method, lines, body);
}

/* In a call of ours: what it says comes from whom we called. */
static inline void timer_joins(struct peer *p)
{
    const char *tag = strstr(p->request, "\r\nFrom: "), *id = strstr(p->request, "\r\nCall-ID: ");
    assert_true(tag && id);
    tag = strstr(tag, ";tag=") + strlen(";tag=");
    id += strlen("\r\nCall-ID: ");
    snprintf(p->our_tag, sizeof(p->our_tag), "%.*s", (int)strcspn(tag, ";\r"), tag);
    snprintf(p->call_id, sizeof(p->call_id), "%.*s", (int)strcspn(id, "\r"), id);
}

static inline void timer_is_over(struct peer *p)
{
    peer_expect(p, "BYE");
    assert_int_equal(last(p->x)->kind, PHONE_ENDED);
    assert_true(last(p->x)->is_fault);
    desk_answer(p, "200 OK", "");
}

static inline void timer_hang_up(struct peer *p, uint64_t id)
{
    p->x->port.hang_up(p->x->port.arg, id);
    peer_expect(p, "BYE");
    desk_answer(p, "200 OK", "");
}

#endif
