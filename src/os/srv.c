/* srv.c — see srv.h. The system's resolver asks and unpacks (resolver(3)); what it gives is put in
 * order here. Cost: a question, some seconds when no server answers.
 * Invariant: a record that cannot be unpacked is left out, alone. */
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#include "os/endpoint.h"
#include "os/srv.h"

#define ANSWER_MAX 4096
#define SRV_FIXED 6 /* priority, weight, port */

static bool is_before(const struct os_srv *a, const struct os_srv *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority;
    if (a->weight != b->weight)
        return a->weight > b->weight;
    int order = strcmp(a->name, b->name);
    return order ? order < 0 : a->port < b->port;
}

static void put(struct os_srv *found, uint32_t *n, const struct os_srv *one)
{
    uint32_t at = *n < OS_SRV_MAX ? (*n)++ : OS_SRV_MAX;
    if (at == OS_SRV_MAX && !is_before(one, &found[OS_SRV_MAX - 1]))
        return;
    at = at == OS_SRV_MAX ? at - 1 : at;
    for (; at && is_before(one, &found[at - 1]); at--)
        found[at] = found[at - 1];
    found[at] = *one;
}

static bool unpack(ns_msg *message, const ns_rr *record, struct os_srv *one)
{
    const uint8_t *data = ns_rr_rdata(*record);
    if (ns_rr_type(*record) != ns_t_srv || ns_rr_rdlen(*record) <= SRV_FIXED)
        return false;
    *one = (struct os_srv){.priority = (uint16_t)(data[0] << 8 | data[1]),
                           .weight = (uint16_t)(data[2] << 8 | data[3]),
                           .port = (uint16_t)(data[4] << 8 | data[5])};
    return ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + SRV_FIXED,
                              one->name, sizeof(one->name)) >= 0;
}

static uint32_t read_answer(const uint8_t *answer, int n, struct os_srv *found, bool *is_refused)
{
    ns_msg message;
    uint32_t found_n = 0;
    if (n <= 0 || n > ANSWER_MAX || ns_initparse(answer, n, &message))
        return 0;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
        ns_rr record;
        struct os_srv one;
        if (ns_parserr(&message, ns_s_an, i, &record) || !unpack(&message, &record, &one))
            continue;
        *is_refused |= !one.name[0] || !strcmp(one.name, ".");
        if (one.name[0] && strcmp(one.name, ".") != 0 && one.port)
            put(found, &found_n, &one);
    }
    *is_refused &= !found_n;
    return found_n;
}

/* IPv4 alone: the tests' server is there. */
static void ask_only(struct __res_state *state, const struct address *server)
{
    struct sockaddr_storage at;
    os_endpoint_of(&at, server);
    memcpy(&state->nsaddr_list[0], &at, sizeof(state->nsaddr_list[0]));
    state->nscount = 1;
}

uint32_t os_srv_find(const struct address *server, const char *name, struct os_srv *found,
                     bool *is_refused)
{
    struct __res_state state = {0};
    uint8_t answer[ANSWER_MAX];
    *is_refused = false;
    if (res_ninit(&state))
        return 0;
    if (server)
        ask_only(&state, server);
    int n = res_nquery(&state, name, ns_c_in, ns_t_srv, answer, sizeof(answer));
    res_nclose(&state);
    return read_answer(answer, n, found, is_refused);
}
