/* holder.c — see holder.h. Addresses in /proc/net/{udp,tcp}{,6} are words of 32 bits in the byte
 * order of the machine, in hexadecimal (proc(5)).
 * Invariant: what cannot be read is nobody's: never a wrong name. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/holder.h"

#define LINE_BYTES 512
#define PATH_BYTES 320
#define LISTENS 0x0a /* TCP_LISTEN */

/* "0100007F:13C4". */
static bool read_at(struct address *at, struct text t)
{
    uint64_t v = 0;
    struct text port = t, ip = text_cut(&port, ':');
    *at = (struct address){.family = ip.n == 8 ? 4 : 6};
    if ((ip.n != 8 && ip.n != 32) || !text_hex_read(&v, port))
        return false;
    at->port = (uint16_t)v;
    for (size_t i = 0; i < ip.n; i += 8) {
        if (!text_hex_read(&v, (struct text){ip.p + i, 8}))
            return false;
        uint32_t word = (uint32_t)v;
        memcpy(at->ip + i / 2, &word, sizeof(word));
    }
    return true;
}

static void lower(char *line)
{
    for (char *p = line; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'F' ? *p - 'A' + 'a' : *p);
}

/* "sl local remote state queues timer retransmits uid timeout inode …" */
static bool read_line(struct holder_socket *s, char *line, bool is_tcp)
{
    lower(line);
    struct text rest = text_of(line), word = TEXT_NONE;
    uint64_t state = 0;
    for (unsigned i = 0; i < 10; i++) {
        word = text_word(&rest);
        if (i == 1 && !read_at(&s->at, word))
            return false;
        if (i == 3 && !text_hex_read(&state, word))
            return false;
    }
    return text_number(word, UINT64_MAX, &s->inode) && (!is_tcp || state == LISTENS);
}

static int read_table(struct holder_sockets *s, const char *path, bool is_tcp)
{
    char line[LINE_BYTES];
    FILE *f = fopen(path, "re");
    if (!f)
        return errno;
    while (s->n < HOLDER_SOCKETS_MAX && fgets(line, sizeof(line), f))
        s->n += read_line(&s->list[s->n], line, is_tcp);
    fclose(f);
    return 0;
}

/* ---- whose ---- */

/* By inode. */
static int compare(const void *a, const void *b)
{
    const struct holder_socket *x = a, *y = b;
    return (x->inode > y->inode) - (x->inode < y->inode);
}

/* "socket:[1234]" behind a descriptor of a process; 0: no socket. */
static uint64_t inode_of(int pid, const char *fd)
{
    static const char head[] = "socket:[";
    char path[PATH_BYTES], target[64];
    uint64_t inode = 0;
    snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid, fd);
    ssize_t n = readlink(path, target, sizeof(target));
    struct text t = {target, n > 0 ? (size_t)n : 0};
    if (!text_starts_fold(t, text_of(head)))
        return 0;
    t = text_after(t, sizeof(head) - 1);
    return text_number(text_cut(&t, ']'), UINT64_MAX, &inode) ? inode : 0;
}

static DIR *open_fds(int pid)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "/proc/%d/fd", pid);
    return opendir(path);
}

static void mark_ours(struct holder_sockets *s, int pid)
{
    DIR *dir = open_fds(pid);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        const struct holder_socket key = {.inode = inode_of(pid, e->d_name)};
        struct holder_socket *found =
            key.inode ? bsearch(&key, s->list, s->n, sizeof(key), compare) : NULL;
        if (found)
            found->is_ours = true;
    }
    if (dir)
        closedir(dir);
}

int holder_open(struct holder_sockets *s, bool is_tcp, int pid)
{
    *s = (struct holder_sockets){.list = calloc(HOLDER_SOCKETS_MAX, sizeof(*s->list))};
    if (!s->list)
        return ENOMEM;
    int err = read_table(s, is_tcp ? "/proc/net/tcp" : "/proc/net/udp", is_tcp);
    if (!err) /* a machine without IPv6 has no such table */
        (void)read_table(s, is_tcp ? "/proc/net/tcp6" : "/proc/net/udp6", is_tcp);
    qsort(s->list, s->n, sizeof(*s->list), compare);
    if (!err && pid)
        mark_ours(s, pid);
    return err;
}

void holder_drop(struct holder_sockets *s)
{
    free(s->list);
    *s = (struct holder_sockets){0};
}

/* An any-address of IPv6 takes those of IPv4 with it, as long as nobody asked for IPv6 alone. */
bool holder_is_in_the_way(const struct holder_socket *s, const struct address *wanted)
{
    const struct address *there = &s->at;
    if (address_is_any(there))
        return there->family == wanted->family || there->family == 6;
    return there->family == wanted->family &&
           (address_is_any(wanted) || !memcmp(there->ip, wanted->ip, sizeof(there->ip)));
}

const struct holder_socket *holder_find(const struct holder_sockets *s, const struct address *at)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (s->list[i].at.port == at->port && holder_is_in_the_way(&s->list[i], at))
            return &s->list[i];
    return NULL;
}

/* ---- who ---- */

static bool has(int pid, uint64_t inode)
{
    DIR *dir = open_fds(pid);
    bool is_there = false;
    for (struct dirent *e = dir ? readdir(dir) : NULL; e && !is_there; e = readdir(dir))
        is_there = inode_of(pid, e->d_name) == inode;
    if (dir)
        closedir(dir);
    return is_there;
}

static void read_name(int pid, char name[HOLDER_NAME_BYTES])
{
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    FILE *f = fopen(path, "re");
    name[0] = '\0';
    if (f && fgets(name, HOLDER_NAME_BYTES, f))
        name[strcspn(name, "\n")] = '\0';
    if (f)
        fclose(f);
}

int holder_process(uint64_t inode, char name[HOLDER_NAME_BYTES])
{
    uint64_t pid = 0;
    DIR *dir = opendir("/proc");
    int found = 0;
    for (struct dirent *e = dir ? readdir(dir) : NULL; e && !found; e = readdir(dir))
        if (text_number(text_of(e->d_name), INT32_MAX, &pid) && has((int)pid, inode))
            found = (int)pid;
    if (dir)
        closedir(dir);
    name[0] = '\0';
    if (found)
        read_name(found, name);
    return found;
}
