/* resolve.c — see resolve.h. The lock is held for copies only, never while the system is asked.
 * Called by cli/serve_trunks.c. Invariant: a name that was resolved once keeps its last addresses
 * when it fails later. */
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "os/bell.h"
#include "os/endpoint.h"
#include "os/resolve.h"
#include "os/srv.h"
#include "os/thread.h"

struct os_resolve {
    os_resolve_fn *fn;
    struct os_thread thread;
    struct os_bell bell, done;
    pthread_mutex_t lock;
    struct os_resolve_list list; /* guarded by lock */
    uint64_t version;            /* guarded by lock: of the names */
    bool is_new;                 /* guarded by lock */
    _Atomic bool is_ending;
};

static uint32_t ask_machine(const char *name, struct address *at)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found = NULL;
    uint32_t n = 0;
    if (getaddrinfo(name, NULL, &wanted, &found))
        return 0;
    for (const struct addrinfo *f = found; f && n < OS_RESOLVE_ADDRESSES_MAX; f = f->ai_next) {
        struct sockaddr_storage storage = {0};
        if (f->ai_addrlen > sizeof(storage))
            continue;
        memcpy(&storage, f->ai_addr, f->ai_addrlen);
        at[n] = os_endpoint_read(&storage);
        at[n].port = 0;
        n += at[n].family != 0;
    }
    freeaddrinfo(found);
    return n;
}

/* The machines of a service, with their ports; when it has no such record, the name alone is asked
 * (RFC 3263 §4.2). */
static uint32_t ask_service(const char *name, const char *machine, struct address *at)
{
    struct os_srv found[OS_SRV_MAX];
    struct address one[OS_RESOLVE_ADDRESSES_MAX];
    bool is_refused;
    uint32_t n = 0, found_n = os_srv_find(NULL, name, found, &is_refused);
    if (!found_n)
        return is_refused ? 0 : ask_machine(machine, at);
    for (uint32_t i = 0; i < found_n; i++) {
        uint32_t one_n = ask_machine(found[i].name, one);
        for (uint32_t j = 0; j < one_n && n < OS_RESOLVE_ADDRESSES_MAX; j++) {
            at[n] = one[j];
            at[n++].port = found[i].port;
        }
    }
    return n;
}

static uint32_t ask_system(const char *name, struct address *at)
{
    const char *machine = os_resolve_machine(name);
    return machine == name ? ask_machine(name, at) : ask_service(name, machine, at);
}

const char *os_resolve_machine(const char *name)
{
    const char *dot = *name == '_' ? strchr(name, '.') : NULL;
    dot = dot && dot[1] == '_' ? strchr(dot + 1, '.') : NULL;
    return dot ? dot + 1 : name;
}

static bool has(const struct address *at, uint32_t n, const struct address *one)
{
    for (uint32_t i = 0; i < n; i++)
        if (address_equal(&at[i], one))
            return true;
    return false;
}

/* Name servers give the addresses of one name in turn: the order that was known stays, so that who
 * is spoken with stays. A service has an order of its own. */
static void keep_order(const struct os_resolved *before, struct address *at, uint32_t n)
{
    struct address sorted[OS_RESOLVE_ADDRESSES_MAX];
    uint32_t sorted_n = 0;
    if (n && at[0].port)
        return;
    for (uint32_t i = 0; i < before->at_n; i++)
        if (has(at, n, &before->at[i]))
            sorted[sorted_n++] = before->at[i];
    for (uint32_t i = 0; i < n && sorted_n < OS_RESOLVE_ADDRESSES_MAX; i++)
        if (!has(sorted, sorted_n, &at[i]))
            sorted[sorted_n++] = at[i];
    for (uint32_t i = 0; i < n; i++) /* twins were left out */
        at[i] = i < sorted_n ? sorted[i] : at[i];
}

/* What a name out in the world may not mean: a poisoned answer would open our door to ourselves. */
static uint32_t without_ourselves(struct address *at, uint32_t n)
{
    uint32_t kept_n = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!address_is_loopback(&at[i]) && !address_is_any(&at[i]))
            at[kept_n++] = at[i];
    return kept_n;
}

static void resolve_one(const struct os_resolve *r, struct os_resolved *one)
{
    struct address at[OS_RESOLVE_ADDRESSES_MAX];
    uint32_t n = r->fn(one->name, at), kept_n = n;
    if (strcmp(one->name, "localhost") != 0)
        kept_n = without_ourselves(at, n);
    one->is_refused = n && !kept_n;
    if (!kept_n)
        return;
    keep_order(one, at, kept_n);
    memset(one->at, 0, sizeof(one->at));
    memcpy(one->at, at, kept_n * sizeof(at[0]));
    one->at_n = kept_n;
    one->is_known = true;
}

/* True: all are known. */
static bool resolve_all(struct os_resolve *r)
{
    struct os_resolve_list list;
    bool is_whole = true;
    pthread_mutex_lock(&r->lock);
    list = r->list;
    uint64_t version = r->version;
    pthread_mutex_unlock(&r->lock);
    for (uint32_t i = 0; i < list.n && !atomic_load(&r->is_ending); i++) {
        resolve_one(r, &list.of[i]);
        is_whole &= list.of[i].is_known && !list.of[i].is_refused;
    }
    pthread_mutex_lock(&r->lock);
    bool is_same = version == r->version;
    if (is_same) {
        r->is_new |= memcmp(&list, &r->list, sizeof(list)) != 0;
        r->list = list;
    }
    pthread_mutex_unlock(&r->lock);
    os_bell_ring_always(&r->done);
    return is_whole && is_same;
}

static void *run(void *arg)
{
    struct os_resolve *r = arg;
    while (!atomic_load(&r->is_ending)) {
        os_bell_arm(&r->bell);
        bool is_whole = resolve_all(r);
        if (!atomic_load(&r->is_ending))
            os_bell_wait(&r->bell, is_whole ? OS_RESOLVE_AGAIN_MS : OS_RESOLVE_FAILED_MS);
    }
    return NULL;
}

int os_resolve_open(struct os_resolve **out, os_resolve_fn *fn)
{
    struct os_resolve *r = calloc(1, sizeof(*r));
    *out = NULL;
    if (!r)
        return ENOMEM;
    r->fn = fn ? fn : ask_system;
    r->bell.fd = r->done.fd = -1;
    int err = pthread_mutex_init(&r->lock, NULL);
    err = err ? err : os_bell_open(&r->bell);
    err = err ? err : os_bell_open(&r->done);
    const struct os_thread_args thread = {"resolve", run, r};
    err = err ? err : os_thread_open(&r->thread, &thread);
    if (err)
        os_resolve_drop(r);
    else
        *out = r;
    return err;
}

void os_resolve_drop(struct os_resolve *r)
{
    if (!r)
        return;
    atomic_store(&r->is_ending, true);
    if (r->thread.is_running)
        os_bell_ring_always(&r->bell);
    os_thread_drop(&r->thread);
    os_bell_drop(&r->bell);
    os_bell_drop(&r->done);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* What is known of a name stays. */
void os_resolve_names(struct os_resolve *r, const char *const *names, uint32_t n)
{
    struct os_resolve_list next = {.n = n < OS_RESOLVE_NAMES_MAX ? n : OS_RESOLVE_NAMES_MAX};
    pthread_mutex_lock(&r->lock);
    for (uint32_t i = 0; i < next.n; i++) {
        struct os_resolved *one = &next.of[i];
        size_t length = strlen(names[i]);
        if (length < sizeof(one->name))
            memcpy(one->name, names[i], length);
        for (uint32_t j = 0; j < r->list.n; j++)
            if (!strcmp(r->list.of[j].name, one->name))
                *one = r->list.of[j];
    }
    r->list = next;
    r->version++;
    r->is_new = true;
    pthread_mutex_unlock(&r->lock);
    os_bell_ring_always(&r->bell);
}

int os_resolve_fd(const struct os_resolve *r)
{
    return r->done.fd;
}

bool os_resolve_take(struct os_resolve *r, struct os_resolve_list *list)
{
    os_bell_clear(&r->done);
    pthread_mutex_lock(&r->lock);
    bool is_new = r->is_new;
    if (is_new)
        *list = r->list;
    r->is_new = false;
    pthread_mutex_unlock(&r->lock);
    return is_new;
}
