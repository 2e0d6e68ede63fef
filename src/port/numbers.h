/* numbers.h — what a page may know of numbers, as the disk has it: where a contact is to be called,
 * and who is never to be called again. Asked by app/pages.c on the reader thread; store/ answers.
 */
#ifndef PORT_NUMBERS_H
#define PORT_NUMBERS_H

#include "base/types.h"

struct numbers_wish {
    uint64_t e164;
    bool is_by_house; /* nobody asked: their call was cut off by our fault */
};

struct numbers_port {
    void *arg;
    /* 0; ENOENT: this contact is to be called nowhere. */
    int (*wish)(void *arg, uint64_t contact_id, struct numbers_wish *wish);
    /* *listed_n: how many there are. */
    int (*never)(void *arg, uint64_t e164, bool *is_listed, uint64_t *listed_n);
};

#endif
