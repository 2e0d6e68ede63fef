/* worker.h — the thread that hashes and compares passwords (argon2id, libsodium). Opened by
 * cli/serve_accounts.c; asked by the reader thread through port/password.h. Cost of a job: 19 MiB
 * and 28 ms of this thread; of asking: a copy. Passwords are wiped when their job is over. */
#ifndef PASSWORD_WORKER_H
#define PASSWORD_WORKER_H

#include "port/password.h"

/* Limits of argon2id: OWASP's second choice of 2024, one lane. */
#define PASSWORD_MEMORY_BYTES ((size_t)19 * 1024 * 1024)
#define PASSWORD_PASSES 2

struct password_worker;

/* 0, or errno (ENOMEM, EAGAIN). is_quick: the least that libsodium knows, for tests. */
MUST_CHECK int password_worker_open(struct password_worker **w, bool is_quick);
/* Ends the thread after the job in course. NULL is fine. */
void password_worker_drop(struct password_worker *w);
struct password_port password_worker_port(struct password_worker *w);

#endif
