/* person.h — who calls: a number goes in, a random person comes back (design §4, §5).
 * store/ answers from its map, on a thread of its own, because a disk may be slow; the app does not
 * wait longer than it wants and takes a new person then. Called from the main thread. */
#ifndef PORT_PERSON_H
#define PORT_PERSON_H

#include "port/journal.h"

struct person_answer {
    uint64_t leg_id, person_id;
    uint32_t references_n;  /* given to who called from there in the last seven days */
    bool is_new;            /* to be stored with the events that name it: row */
    struct journal_row row; /* when is_new */
};

struct person_port {
    void *arg;
    /* Asks; the answer comes by next(). Too many questions at once: the newest get none. */
    void (*ask)(void *arg, uint64_t leg_id, uint64_t e164);
    /* The next answer. False: none at the moment. */
    bool (*next)(void *arg, struct person_answer *answer);
};

#endif
