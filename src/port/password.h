/* password.h — passwords are hashed and compared on a thread of their own: argon2id takes 28 ms,
 * and nothing waits for it. Asked by app/accounts.c on the reader thread; password/worker.c
 * answers. */
#ifndef PORT_PASSWORD_H
#define PORT_PASSWORD_H

#include "port/account.h"

/* Jobs that wait or are at work; past them none is taken. */
#define PASSWORD_JOBS_MAX 16
/* Bytes of a password. */
#define PASSWORD_BYTES_MAX 128
#define PASSWORD_LETTERS_MIN 12

enum password_state {
    PASSWORD_UNKNOWN, /* no such job, or it was forgotten */
    PASSWORD_GIVEN,
    PASSWORD_DONE
};

struct password_told {
    bool is_good;                  /* of verify; of make: there is a hash */
    char hash[ACCOUNT_HASH_BYTES]; /* of make */
};

struct password_port {
    void *arg;
    /* A job, or 0: too many. hash "": of nobody; it takes as long, and is never good. */
    uint64_t (*verify)(void *arg, struct text password, const char *hash);
    uint64_t (*make)(void *arg, struct text password);
    enum password_state (*look)(void *arg, uint64_t job_id, struct password_told *told);
    /* Whoever asked has what they wanted, or left. */
    void (*forget)(void *arg, uint64_t job_id);
};

#endif
