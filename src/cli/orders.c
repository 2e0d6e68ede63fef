/* orders.c — see orders.h. Cost: a copy each way. Invariant: an order that is told finds room on
 * its way back: answers are taken before each order is given, and few more than slots are on their
 * way.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/orders.h"

#define FORGOTTEN_MS (5 * ORDERS_WAIT_MS)

int orders_open(struct orders *o)
{
    size_t there_n = ring_bytes(ORDERS_MAX, sizeof(struct order));
    *o = (struct orders){.bell.fd = -1};
    o->memory = calloc(1, there_n + ring_bytes(ORDERS_MAX, sizeof(struct order_answer)));
    if (!o->memory)
        return ENOMEM;
    ring_open(&o->to_main, o->memory, ORDERS_MAX, sizeof(struct order));
    ring_open(&o->to_reader, (char *)o->memory + there_n, ORDERS_MAX, sizeof(struct order_answer));
    return os_bell_open(&o->bell);
}

void orders_drop(struct orders *o)
{
    os_bell_drop(&o->bell);
    free(o->memory);
    o->memory = NULL;
}

/* ---- the reader's side -------------------------------------------------------------------- */

static void take_answers(struct orders *o)
{
    while (ring_waiting_n(&o->to_reader)) {
        const struct order_answer *a = ring_item(&o->to_reader, 0);
        for (unsigned i = 0; i < ORDERS_MAX; i++) {
            if (o->slots[i].order_id != a->order_id)
                continue;
            o->slots[i].state = ORDER_DONE;
            o->slots[i].told.verdict = a->verdict;
            o->slots[i].told.gate = a->gate;
            o->slots[i].told.last_id = a->last_id;
            o->slots[i].told.page_id = a->page_id;
            o->slots[i].told.why = a->why;
            o->slots[i].told.sdp_n = a->sdp_n;
            memcpy(o->slots[i].told.sdp, a->sdp, a->sdp_n);
        }
        ring_release(&o->to_reader, 1);
    }
}

/* Whoever asked may have left without a word. */
static bool is_taken(const struct orders *o, unsigned i, ms_t now_ms)
{
    return o->slots[i].order_id && now_ms - o->slots[i].told.given_ms < FORGOTTEN_MS;
}

static uint64_t send(struct orders *o, struct order *order, ms_t now_ms)
{
    unsigned i = 0;
    take_answers(o); /* of those who left too: theirs must not fill the ring for the others */
    while (i < ORDERS_MAX && is_taken(o, i, now_ms))
        i++;
    if (i == ORDERS_MAX)
        return 0;
    order->order_id = ++o->last_order_id;
    if (!ring_push(&o->to_main, order, 1)) /* forgotten ones that main has not taken yet */
        return 0;
    o->slots[i].order_id = order->order_id;
    o->slots[i].state = ORDER_GIVEN;
    o->slots[i].told = (struct order_told){.given_ms = now_ms};
    os_bell_ring_always(&o->bell);
    return order->order_id;
}

static uint64_t give(void *arg, const struct command *cmd, ms_t now_ms)
{
    struct order order = {.cmd = *cmd};
    return send(arg, &order, now_ms);
}

static uint64_t give_number(void *arg, const struct order_number *number, ms_t now_ms)
{
    struct order order = {.number = *number};
    return send(arg, &order, now_ms);
}

static uint64_t give_headset(void *arg, const struct order_headset *headset, ms_t now_ms)
{
    struct order order = {.headset = *headset};
    return send(arg, &order, now_ms);
}

static uint64_t give_talk(void *arg, const struct order_talk *talk, ms_t now_ms)
{
    struct order order = {.talk = *talk};
    return send(arg, &order, now_ms);
}

static enum order_state look(void *arg, uint64_t order_id, struct order_told *told)
{
    struct orders *o = arg;
    take_answers(o);
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        if (!order_id || o->slots[i].order_id != order_id)
            continue;
        *told = o->slots[i].told;
        return o->slots[i].state;
    }
    return ORDER_UNKNOWN;
}

static void forget(void *arg, uint64_t order_id)
{
    struct orders *o = arg;
    for (unsigned i = 0; i < ORDERS_MAX; i++)
        if (o->slots[i].order_id == order_id)
            o->slots[i].order_id = 0;
}

struct orders_port orders_port(struct orders *o)
{
    return (struct orders_port){.arg = o,
                                .give = give,
                                .give_number = give_number,
                                .give_headset = give_headset,
                                .give_talk = give_talk,
                                .look = look,
                                .forget = forget};
}

/* ---- main's side -------------------------------------------------------------------------- */

int orders_fd(const struct orders *o)
{
    return o->bell.fd;
}

bool orders_take(struct orders *o, struct order *order)
{
    os_bell_clear(&o->bell);
    if (!ring_waiting_n(&o->to_main))
        return false;
    memcpy(order, ring_item(&o->to_main, 0), sizeof(*order));
    ring_release(&o->to_main, 1);
    return true;
}

void orders_tell(struct orders *o, const struct order_answer *answer)
{
    bool is_told = ring_push(&o->to_reader, answer, 1);
    (void)is_told; /* full: nobody reads any more; the page says that the service does not answer */
}
