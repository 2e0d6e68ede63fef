/* resolve.h — names of machines become addresses in the background, again and again, for an
 * operator may move: never during a call. Called by cli/. A thread of its own, for the system may
 * take minutes to answer. */
#ifndef OS_RESOLVE_H
#define OS_RESOLVE_H

#include "base/address.h"

#define OS_RESOLVE_NAMES_MAX 32
#define OS_RESOLVE_NAME_BYTES 112
#define OS_RESOLVE_ADDRESSES_MAX 4
/* How often: when all could be resolved, and when one could not. */
#define OS_RESOLVE_AGAIN_MS 60000
#define OS_RESOLVE_FAILED_MS 5000

struct os_resolved {
    char name[OS_RESOLVE_NAME_BYTES];
    struct address at[OS_RESOLVE_ADDRESSES_MAX]; /* port 0: a name without SRV records says none */
    uint32_t at_n;
    bool is_known;   /* was resolved at least once; the last addresses stay when it fails later */
    bool is_refused; /* it names this machine, which no operator is */
};

struct os_resolve_list {
    struct os_resolved of[OS_RESOLVE_NAMES_MAX];
    uint32_t n;
};

/* Addresses of a name, at most OS_RESOLVE_ADDRESSES_MAX; how many; 0: none. May take long. */
typedef uint32_t os_resolve_fn(const char *name, struct address *at);

struct os_resolve;

/* fn: NULL: as the system does it. */
MUST_CHECK int os_resolve_open(struct os_resolve **r, os_resolve_fn *fn);
void os_resolve_drop(struct os_resolve *r);

/* "_sip._udp.example.org" → "example.org"; another name → itself. */
const char *os_resolve_machine(const char *name);
/* These names from now on; one that begins with "_" is a service's (srv.h). At most
 * OS_RESOLVE_NAMES_MAX; at once, then again and again. */
void os_resolve_names(struct os_resolve *r, const char *const *names, uint32_t n);
/* Readable when there is news. */
int os_resolve_fd(const struct os_resolve *r);
/* What is known now; false: nothing new since the last time. */
bool os_resolve_take(struct os_resolve *r, struct os_resolve_list *list);

#endif
