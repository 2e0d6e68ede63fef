/* holder.h — which process holds a port of this machine: /proc/net, then the open files of the
 * processes that we may look at. Called by cli/doctor_ports.c. Cost: one reading of /proc/net/…,
 * and of the files of all processes until the holder is found. */
#ifndef CLI_HOLDER_H
#define CLI_HOLDER_H

#include "base/address.h"

#define HOLDER_SOCKETS_MAX 65536
#define HOLDER_NAME_BYTES 32

struct holder_socket {
    uint64_t inode;
    struct address at;
    bool is_ours; /* of the process that was given to holder_open() */
};

/* Sockets that stand in the way of others: all of UDP, those of TCP that listen. */
struct holder_sockets {
    struct holder_socket *list; /* owned */
    uint32_t n;
};

/* 0 or errno. is_tcp: else UDP. pid: whose sockets are ours; 0: nobody's. Those of a process that
 * we may not look at are nobody's. */
MUST_CHECK int holder_open(struct holder_sockets *s, bool is_tcp, int pid);
void holder_drop(struct holder_sockets *s);

/* Does it keep others from binding this address, at its own port? */
bool holder_is_in_the_way(const struct holder_socket *s, const struct address *wanted);
/* One that keeps others from binding this address and port, or NULL. */
const struct holder_socket *holder_find(const struct holder_sockets *s, const struct address *at);

/* The process that has it, and its name; 0: none that we may look at. */
int holder_process(uint64_t inode, char name[HOLDER_NAME_BYTES]);

#endif
