/* thread.c — a named thread that takes no signal.
 * Called by edges at start and end. */
#include <sched.h>
#include <signal.h>

#include "os/thread.h"

int os_thread_open(struct os_thread *t, const struct os_thread_args *args)
{
    sigset_t all, before;
    sigfillset(&all);
    t->is_running = false;
    int err = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (err)
        return err;
    err = pthread_create(&t->id, NULL, args->run, args->arg);
    t->is_running = !err;
    if (!err)
        (void)pthread_setname_np(t->id, args->name); /* a nameless thread works as well */
    int back = pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(!back);
    return err;
}

int os_thread_urge(struct os_thread *t)
{
    struct sched_param least = {.sched_priority = sched_get_priority_min(SCHED_RR)};
    return pthread_setschedparam(t->id, SCHED_RR, &least);
}

unsigned os_thread_processors(void)
{
    cpu_set_t ours;
    return sched_getaffinity(0, sizeof(ours), &ours) ? 1 : (unsigned)CPU_COUNT(&ours);
}

void os_thread_drop(struct os_thread *t)
{
    if (!t->is_running)
        return;
    int err = pthread_join(t->id, NULL);
    assert(!err); /* joining ourselves, or twice, is our bug */
    t->is_running = false;
}
