/* door.c — the door of the telephone service on a loopback port of its own, for torture.py: what
 * passes is answered without state, as a house without lines would. Prints its port; ends with its
 * standard input, or after two minutes. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "phone/inbound.h"

#define LIFE_MS 120000

static struct phone_udp udp;
static struct phone_door door;
static struct sip_read r;

/* Requests that passed: no number, no dialog and no account exist in this house. */
static uint16_t status_of(const struct sip_in *in)
{
    switch (in->method) {
    case SIP_METHOD_INVITE:
        return in->to_tag.n ? 481 : 404;
    case SIP_METHOD_REGISTER:
        return 403;
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
    if (v == PHONE_PASS && r.in.is_request && status_of(&r.in)) {
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

int main(void)
{
    door.sources[0] = (struct phone_source){.address = {127, 0, 0, 2}, .family = 4};
    door.sources_n = 1;
    if (phone_secret_draw(&door.secret) || phone_udp_open(&udp, "127.0.0.1", 0))
        return 1;
    printf("%u\n", udp.port);
    fflush(stdout);
    ms_t end = os_clock_boot_ms() + LIFE_MS;
    struct pollfd fds[] = {{.fd = udp.fd, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    while (os_clock_boot_ms() < end) {
        if (poll(fds, 2, 1000) < 0)
            break;
        if (fds[0].revents)
            receive_all();
        if (fds[1].revents)
            break;
    }
    printf("passed %llu refused %llu dropped %llu strangers %llu\n",
           (unsigned long long)door.passed_n, (unsigned long long)door.refused_n,
           (unsigned long long)door.dropped_n, (unsigned long long)door.strangers_n);
    phone_udp_drop(&udp);
    return 0;
}
