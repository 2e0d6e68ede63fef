/* record.h — what the app asks of the recorder: conversations, each under a number by which the
 * media engine copies their sound (port/tap.h). record/ answers with encrypted files; where nothing
 * may be recorded there is no such port. All calls come from the main thread; none waits. */
#ifndef PORT_RECORD_H
#define PORT_RECORD_H

#include "base/types.h"

/* While the caller keys digits nothing is kept: from just before a key until so long after it. */
#define RECORD_KEY_MS ((ms_t)3000)

struct record_begin {
    uint64_t id; /* of its offer: an event of the journal, never used twice */
    uint64_t call_id;
    uint32_t queue_id, agent_id;
};

struct record_port {
    void *arg;
    /* From now on. 0: it cannot be recorded: too many at once, or the disk refuses. */
    uint32_t (*begin)(void *arg, const struct record_begin *begin);
    /* Silence in the file, for both sides, until it goes on. */
    void (*pause)(void *arg, uint32_t number, bool is_paused);
    /* The caller pressed a key now. */
    void (*key)(void *arg, uint32_t number);
    void (*end)(void *arg, uint32_t number);
    /* The next one that the disk cut off, still to be ended. False: none at the moment. */
    bool (*next_lost)(void *arg, uint32_t *number);
};

#endif
