/* orders.h — commands from the reader thread to the main thread, and their verdicts back: one ring
 * each way. Opened by cli/serve before the reader, dropped after it. */
#ifndef CLI_ORDERS_H
#define CLI_ORDERS_H

#include "base/ring.h"
#include "os/bell.h"
#include "port/orders.h"

struct order {
    uint64_t order_id;
    struct command cmd; /* about no number */
    struct order_number number;
    struct order_headset headset;
    struct order_talk talk;
};

struct orders {
    struct os_bell bell; /* rung by the reader, in main's epoll */
    struct ring_buffer to_main, to_reader;
    void *memory; /* owned */
    /* the reader's */
    struct {
        uint64_t order_id; /* 0: free */
        enum order_state state;
        struct order_told told;
    } slots[ORDERS_MAX];
    uint64_t last_order_id;
};

/* 0 or errno. */
MUST_CHECK int orders_open(struct orders *o);
void orders_drop(struct orders *o);

/* The reader thread's side. */
struct orders_port orders_port(struct orders *o);

/* The main thread's side: readable when there are orders. */
int orders_fd(const struct orders *o);
/* The next order; false: none. */
bool orders_take(struct orders *o, struct order *order);
/* What became of it; the reader is to be woken afterwards. */
struct order_answer {
    uint64_t order_id, last_id;
    int verdict, gate;
    uint64_t page_id;
    const char *why;
    uint16_t sdp_n;
    char sdp[ORDERS_ANSWER_MAX];
};
void orders_tell(struct orders *o, const struct order_answer *answer);

#endif
