/* thread.h — a named thread that takes no signal.
 * Called by edges at start and end. */
#ifndef OS_THREAD_H
#define OS_THREAD_H

#include <pthread.h>

#include "base/types.h"

struct os_thread {
    pthread_t id;
    bool is_running;
};

typedef void *os_thread_fn(void *arg);

struct os_thread_args {
    const char *name; /* at most 15 bytes, for top and gdb */
    os_thread_fn *run;
    void *arg;
};

/* Starts it with all signals blocked: they belong to the main thread. */
MUST_CHECK int os_thread_open(struct os_thread *t, const struct os_thread_args *args);

/* From now on it goes before every ordinary thread of the machine (SCHED_RR): for what is due each
 * millisecond and sleeps in between. EPERM: the system does not allow it (RLIMIT_RTPRIO); it then
 * runs as before. */
MUST_CHECK int os_thread_urge(struct os_thread *t);
/* Processors that this process may use. */
unsigned os_thread_processors(void);

/* Waits for its end. */
void os_thread_drop(struct os_thread *t);

#endif
