/* orders.h — what a page may ask the service to do: a command goes to the main thread, what became
 * of it comes back. Asked by app/pages.c on the reader thread; cli/orders.c carries it. */
#ifndef PORT_ORDERS_H
#define PORT_ORDERS_H

#include "event/command.h"

/* Orders of which the answer is still awaited; past it the page says to come again. */
#define ORDERS_MAX 64
/* An order that the main thread has not taken, or whose event is not on disk, by then is told as it
 * stands. */
#define ORDERS_WAIT_MS ((ms_t)2000)

enum order_state {
    ORDER_UNKNOWN, /* no such order */
    ORDER_GIVEN,   /* on its way */
    ORDER_DONE,    /* decided: verdict, and the last event after it */
};

struct order_told {
    int verdict; /* enum acd_verdict */
    int gate;    /* enum gate_verdict, where the gate refused a number; else 0 */
    uint64_t last_id;
    ms_t given_ms; /* since boot */
};

/* What is about a number, which no command names. */
struct order_number {
    enum order_about {
        ORDER_COMMAND,      /* about no number */
        ORDER_RENUMBER,     /* contact_id is to be called at e164 */
        ORDER_NEVER_ADD,    /* e164 is never to be called again */
        ORDER_NEVER_REMOVE, /* … may be called again */
        ORDER_SLOT_CANCEL,  /* the time that was sold under contact_id is given back, by whom */
        ORDER_CALL_BACK     /* person_id, never reached today, is called at e164, by queue_id */
    } about;
    uint64_t contact_id, e164;
    uint64_t person_id;
    uint32_t queue_id, reference; /* that they were told, without its check digit */
    enum cancelled_by by;
};

struct orders_port {
    void *arg;
    /* Its id, or 0: too many are on their way. */
    uint64_t (*give)(void *arg, const struct command *cmd, ms_t now_ms);
    uint64_t (*give_number)(void *arg, const struct order_number *number, ms_t now_ms);
    enum order_state (*look)(void *arg, uint64_t order_id, struct order_told *told);
    /* The page has answered; the id is no more. */
    void (*forget)(void *arg, uint64_t order_id);
};

#endif
