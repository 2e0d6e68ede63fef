/* reload.h — the files of the service are read again while it answers: what a page asks, and what
 * it hears. Asked by app/pages_reload.c on the reader thread; cli/serve_reload.c carries it. */
#ifndef PORT_RELOAD_H
#define PORT_RELOAD_H

#include "base/text.h"

/* A page does not wait longer for the reading of the files. */
#define RELOAD_WAIT_MS ((ms_t)9000)

enum reload_state {
    RELOAD_NONE,     /* never asked for */
    RELOAD_READING,  /* the answer has not come */
    RELOAD_ACCEPTED, /* what the files say is in force */
    RELOAD_REFUSED,  /* what was in force stays, whole */
};

struct reload_told {
    enum reload_state state;
    struct text json, text; /* borrowed until the next look; text: for people, in French */
};

struct reload_port {
    void *arg;
    /* Asks for a reading that begins after now; its number. */
    uint64_t (*ask)(void *arg, ms_t now_ms);
    /* What became of the reading of this number, or a later one; 0: of the last one. Given up
     * after RELOAD_WAIT_MS: is_late. */
    struct reload_told (*look)(void *arg, uint64_t number, ms_t now_ms, bool *is_late);
};

#endif
