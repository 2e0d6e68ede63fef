/* trace.c — what came and went, put on the tape for `decroche trace`. Called by phone/ only.
 * Cost: a copy of the message, when it came and when it goes; nothing is written out or masked
 * here. Invariant: only messages that have passed the door, and our own, take room; REGISTER never
 * does, so that thousands of telephones do not push a call out. */
#include <string.h>

#include "phone/trace.h"
#include "port/trace.h"

static void put(struct phone *p, const struct trace_head *head, struct text body)
{
    uint8_t record[TAPE_RECORD_MAX];
    size_t n = body.n < TRACE_MESSAGE_MAX ? body.n : TRACE_MESSAGE_MAX;
    memcpy(record, head, sizeof(*head));
    if (n)
        memcpy(record + sizeof(*head), body.p, n);
    tape_put(p->trace, record, sizeof(*head) + n);
}

static void put_message(struct phone *p, enum trace_kind kind, const struct sip_peer *peer,
                        struct text message)
{
    const struct address *near = address_pair_near(&p->seen, &peer->at);
    struct address self = near ? *near : *address_pair_first(&p->seen);
    self.port = p->udp.port;
    const struct trace_head head = {.at = p->now_at,
                                    .peer = peer->at,
                                    .self = self,
                                    .whole_n =
                                        message.n < UINT16_MAX ? (uint16_t)message.n : UINT16_MAX,
                                    .kind = (uint8_t)kind,
                                    .is_tcp = peer->transport == SIP_OVER_TCP,
                                    .is_tls = peer->transport == SIP_OVER_TLS};
    put(p, &head, message);
}

void phone_trace_came(struct phone *p, const struct phone_datagram *datagram)
{
    if (p->trace && p->read.in.method != SIP_METHOD_REGISTER)
        put_message(p, TRACE_CAME, &datagram->from, (struct text){datagram->bytes, datagram->n});
}

void phone_trace_went(struct phone *p, const struct sip_peer *to, struct text message)
{
    static const char of_register[] = " REGISTER\r\n"; /* the end of its CSeq, in both ways */
    if (p->trace && !memmem(message.p, message.n, of_register, sizeof(of_register) - 1))
        put_message(p, TRACE_WENT, to, message);
}

void phone_trace_leg(struct phone *p, const struct phone_leg *leg)
{
    uint32_t place = leg->dial.trunk ? leg->dial.trunk - 1u : SLOT_NONE;
    if (!p->trace || !leg->dialog.call_id_n)
        return;
    const struct trace_head head = {.at = p->now_at,
                                    .leg_id = leg->id,
                                    .near_id = leg->near_id,
                                    .aor = leg->aor,
                                    .peer = leg->peer.at,
                                    .trunk_id = place == SLOT_NONE ? 0 : p->trunks[place].is.number,
                                    .kind = TRACE_LEG,
                                    .is_tcp = leg->peer.transport == SIP_OVER_TCP,
                                    .is_tls = leg->peer.transport == SIP_OVER_TLS,
                                    .is_test = leg->is_test};
    put(p, &head, (struct text){leg->dialog.call_id, leg->dialog.call_id_n});
}

void phone_trace_sound(struct phone *p, const struct media_report *closed)
{
    const struct trace_head head = {
        .at = p->now_at, .leg_id = closed->user, .trunk_id = closed->group, .kind = TRACE_SOUND};
    if (p->trace && closed->user)
        put(p, &head, (struct text){(const char *)&closed->counts, sizeof(closed->counts)});
}
