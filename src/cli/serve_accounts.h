/* serve_accounts.h — accounts of the house: the reader's connection to their rows, the thread of
 * passwords, and rows that pages give to the writer by way of main. Included by house.h. */
#ifndef CLI_SERVE_ACCOUNTS_H
#define CLI_SERVE_ACCOUNTS_H

#include "app/accounts.h"
#include "base/ring.h"
#include "cli/serve_notice.h"
#include "cli/serve_oidc.h"
#include "os/bell.h"
#include "password/worker.h"
#include "store/account.h"

struct house;

/* Changes on their way to main; past them a page says to come again. */
#define ACCOUNTS_POSTS_MAX 64

struct accounts_post {
    struct journal_row rows[ACCOUNTS_ROWS_MAX];
    unsigned n;
};

struct house_accounts {
    struct os_bell bell;      /* rung by the reader, in main's epoll */
    struct ring_buffer posts; /* from the reader to main */
    void *memory;             /* owned */
    struct password_worker *worker;
    struct password_port passwords;
    struct store_accounts store; /* the reader's */
    struct accounts_port port;
    struct accounts *accounts; /* owned; the reader's; NULL: nobody can sign in */
    struct house_notice notice;
    struct house_oidc oidc;
};

/* Before the reader, and before main waits. 0 or an exit code, told in words. */
int house_open_accounts(struct house *h);
/* After the reader. */
void house_drop_accounts(struct house *h);
/* Main: what pages gave goes to the writer, when it has room. */
void house_accounts_turn(struct house *h);

#endif
