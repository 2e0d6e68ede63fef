/* door.c — the door and the register of the telephone service on a loopback port of its own, for
 * torture.py and register.py: one line, 101, may sign in; what else passes is answered without
 * state, as a house without numbers would. Prints its port; ends with its standard input, or after
 * two minutes. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "phone/register.h"

#define LIFE_MS 120000

static struct phone_udp udp;
static struct phone_door door;
static struct phone_register reg;
static struct sip_read r;

/* Requests that passed: no number and no dialog exist in this house. */
static uint16_t status_of(const struct sip_in *in)
{
    switch (in->method) {
    case SIP_METHOD_INVITE:
        return in->to_tag.n ? 481 : 404;
    case SIP_METHOD_ACK:
        return 0;
    default:
        return 481;
    }
}

static void serve(char *bytes, size_t n, const struct sip_peer *from)
{
    static char text[2 * PHONE_UDP_BYTES_MAX];
    struct phone_answer answer = {.out = {.p = text, .max = sizeof(text)}};
    const struct phone_datagram datagram = {bytes, n, *from};
    enum phone_verdict v = phone_door_take(&door, &datagram, &r, &answer);
    if (v == PHONE_PASS && r.in.method == SIP_METHOD_REGISTER && r.in.is_request) {
        const struct phone_visit visit = {&r, *from, os_clock_wall_at()};
        v = phone_register_take(&reg, &visit, &answer);
    } else if (v == PHONE_PASS && r.in.is_request && status_of(&r.in)) {
        char tag[PHONE_TAG_N], suffix[PHONE_SUFFIX_MAX];
        answer.reply_to = phone_reply_to(&r, from, suffix);
        const struct sip_answer a = {.status = status_of(&r.in),
                                     .to_tag = phone_key_tag(&door.secret, &r, tag)};
        v = sip_write_answer(&answer.out, &r.in, &a) ? PHONE_ANSWERED : PHONE_SILENT;
    }
    if (v == PHONE_ANSWERED)
        phone_udp_send(&udp, &answer.reply_to, (struct text){text, answer.out.n});
}

static void receive_all(void)
{
    static char bytes[PHONE_UDP_BYTES_MAX];
    struct sip_peer from;
    for (unsigned i = 0; i < PHONE_UDP_BATCH; i++) {
        size_t n = phone_udp_receive(&udp, bytes, &from);
        if (!n)
            return;
        serve(bytes, n, &from);
    }
}

/* The register over memory of its own, with one line in it. */
static bool furnish(void)
{
    const struct phone_register_limits limits = {
        .accounts_max = 4,
        .registrar = {.bindings_max = 16,
                      .expires_s_min = 60,
                      .expires_s_default = 300,
                      .expires_s_max = 3600},
        .digest = {.nonce_life_ms = 300000, .allows_md5 = true, .nonces_max = 64},
        .is_md5_alone = true}; /* baresip 1.0 fails on a challenge with SHA-256 before MD5 */
    struct arena arena = {0};
    struct phone_register probe;
    phone_register_open(&probe, &arena, &limits);
    arena.base = aligned_alloc(ARENA_ALIGN, arena.used);
    arena.size = arena.used;
    arena.used = 0;
    if (!arena.base)
        return false;
    phone_register_open(&reg, &arena, &limits);
    return phone_register_name(&reg, &door.secret, TEXT("decroche")) &&
           phone_register_add(&reg, 1, TEXT("101"), TEXT("s3cret")) == PHONE_ACCOUNT_ADDED;
}

static void add_source(const char *ip, bool is_phones)
{
    struct phone_source *s = &door.sources[door.sources_n++];
    s->is_phones = is_phones;
    if (!address_net_read(&s->net, text_of(ip)))
        abort();
}

int main(void)
{
    const struct address_pair home = {.of = {{.ip = {127, 0, 0, 1}, .family = 4}}};
    add_source("127.0.0.1", true);
    add_source("127.0.0.2", false);
    if (phone_secret_draw(&door.secret) || !furnish() || phone_udp_open(&udp, &home, 0))
        return 1;
    printf("%u\n", udp.port);
    fflush(stdout);
    ms_t end = os_clock_boot_ms() + LIFE_MS;
    struct pollfd fds[] = {{.fd = udp.fds[0], .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    while (os_clock_boot_ms() < end) {
        if (poll(fds, 2, 1000) < 0)
            break;
        if (fds[0].revents)
            receive_all();
        if (fds[1].revents)
            break;
    }
    printf("bindings %u\n", reg.registrar.n);
    printf("passed %llu refused %llu dropped %llu strangers %llu\n",
           (unsigned long long)door.passed_n, (unsigned long long)door.refused_n,
           (unsigned long long)door.dropped_n, (unsigned long long)door.strangers_n);
    free(reg.registrar.bindings); /* the first piece of the arena */
    phone_udp_drop(&udp);
    return 0;
}
