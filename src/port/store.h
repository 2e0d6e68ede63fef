/* store.h — what the journal's writer asks of the store: to put personal rows into the transaction
 * that holds the events which refer to them. store/ answers; main.c brings the two together.
 * All calls come from one thread, the writer's, on its connection. */
#ifndef PORT_STORE_H
#define PORT_STORE_H

#include "port/journal.h"

struct sqlite3;

struct store_port {
    void *arg;
    /* Brings the store's tables to their version and prepares. 0 or errno. */
    int (*attach)(void *arg, struct sqlite3 *db);
    /* Inside the open transaction. Doing it twice is as good as once. 0 or errno. */
    int (*row_put)(void *arg, const struct journal_row *row);
    /* Copies the rows of another database file, as far as they can be read: for a journal that
     * begins anew. Between attach and detach, no transaction open. 0 or errno; *copied_n either
     * way. */
    int (*salvage)(void *arg, const char *from_path, int64_t *copied_n);
    /* Before the connection closes; also after an attach that failed. */
    void (*detach)(void *arg);
};

#endif
