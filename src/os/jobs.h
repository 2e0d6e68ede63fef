/* jobs.h — a thread of its own for what takes long, and the few jobs that it was given: asked by
 * one other thread, which never waits. Called by password/ and oidc/. What a job is made of lies
 * with the caller, in an array of its own that has the same places. Cost: giving one is a look at
 * each place and a bell. */
#ifndef OS_JOBS_H
#define OS_JOBS_H

#include "os/bell.h"
#include "os/thread.h"

#define OS_JOBS_MAX 64

struct os_job {
    _Atomic int stage;
    _Atomic uint64_t id;
};

struct os_jobs_args {
    const char *name;                    /* of the thread */
    unsigned max;                        /* jobs at a time; OS_JOBS_MAX at most */
    void (*begin)(void *arg);            /* once, on the thread; NULL */
    int (*idle)(void *arg);              /* before each look for a job, on the thread: how many ms
                                            may pass without one; −1: without end; NULL: that */
    void (*work)(void *arg, unsigned i); /* on the thread */
    /* Secrets go: what was asked, when nobody will work on it; what was found, when nobody wants
     * it any more. By who asks. */
    void (*wipe)(void *arg, unsigned i);
    void *arg;
};

struct os_jobs {
    struct os_jobs_args args;
    struct os_thread thread;
    struct os_bell bell; /* the asker rings */
    _Atomic bool is_ending;
    struct os_job places[OS_JOBS_MAX];
    uint64_t last_id; /* the asker's */
};

enum os_jobs_state { OS_JOBS_UNKNOWN, OS_JOBS_GIVEN, OS_JOBS_DONE };

/* 0, or errno. Drop in any case. */
MUST_CHECK int os_jobs_open(struct os_jobs *j, const struct os_jobs_args *args);
/* Ends the thread after the job in course. */
void os_jobs_drop(struct os_jobs *j);

/* A place to fill; false: all are taken. */
bool os_jobs_room(struct os_jobs *j, unsigned *i);
/* It is filled: the thread works on it in its turn. Its id. */
uint64_t os_jobs_give(struct os_jobs *j, unsigned i);
/* Done: its place is i, until it is forgotten. */
enum os_jobs_state os_jobs_look(struct os_jobs *j, uint64_t id, unsigned *i);
/* Whatever its state. */
void os_jobs_forget(struct os_jobs *j, uint64_t id);

#endif
