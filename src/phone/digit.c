/* digit.c — keys that come in two ways: as events among the sound (RFC 4733), and by INFO.
 * Called by phone/ only. Cost: a few comparisons. Invariant: one press is told once, though some
 * telephones and gateways send it both ways. */
#include "phone/digit.h"
#include "sip/info.h"

/* The other way's word for the press in course comes so late at most. */
#define SAME_PRESS_MS ((ms_t)200)

void leg_key(struct phone *p, struct phone_leg *leg, char key, enum leg_key_way way)
{
    struct phone_report report = {.kind = PHONE_KEY, .key = key};
    bool is_same =
        leg->key == key && leg->key_way != way && p->now_at - leg->key_at <= SAME_PRESS_MS;
    if (is_same) {
        leg->key = 0; /* said both ways: the next one is another press */
        if (way == LEG_KEY_EVENT)
            leg->cut_list = leg->want.list.number; /* what the first word led to */
        return;
    }
    leg->key = key;
    leg->key_way = way;
    leg->key_at = p->now_at;
    leg_tell(p, leg, &report);
}

void leg_key_ended(struct phone *p, struct phone_leg *leg, char key)
{
    if (leg->key == key && leg->key_way == LEG_KEY_EVENT)
        leg->key_at = p->now_at; /* some say by INFO at the end what they began as an event */
}

void phone_take_info(struct phone *p, struct phone_leg *leg)
{
    char key;
    enum sip_info_verdict v = sip_info_read(&p->read.in, &key);
    phone_answer_request(p, v == SIP_INFO_FOREIGN ? 415 : v == SIP_INFO_DAMAGED ? 400 : 200);
    if (v == SIP_INFO_KEY && leg->is_up)
        leg_key(p, leg, key, LEG_KEY_INFO);
}
