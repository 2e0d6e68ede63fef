/* user_ask.h — a password from a person or a program: never from arguments, which everybody on the
 * machine can read. Called by user.c. */
#ifndef CLI_USER_ASK_H
#define CLI_USER_ASK_H

#include "base/types.h"

/* With its NUL, and one byte more than a password may have. */
#define USER_PASSWORD_BYTES 130

/* From the terminal, twice and without echo; else the first line of standard input. 0; EINVAL: the
 * two differ, ENODATA: nothing came, E2BIG; or errno. */
MUST_CHECK int user_ask_password(char to[USER_PASSWORD_BYTES]);

#endif
