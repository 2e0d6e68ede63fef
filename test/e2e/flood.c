/* flood.c — a flood of SIP over UDP on loopback, at a rate, from one address or from many: INVITE,
 * REGISTER, OPTIONS and noise in turn, no two alike.
 *
 *   flood PORT RATE SECONDS SOURCES     RATE: messages a second; SOURCES: addresses of 127.1.0.0/16
 * Prints "sent N late N": datagrams that went, and milliseconds behind at the end. Called by
 * flood.py. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/clock.h"

#define SOURCES_MAX 4000
#define MESSAGE_MAX 1024
#define BEAT_US 2000
#define PER_HOST 250

static int open_source(unsigned i, const struct sockaddr_in *to)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    from.sin_addr.s_addr = htonl(0x7f010001u + (i / PER_HOST << 8) + i % PER_HOST);
    if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
        connect(fd, (const struct sockaddr *)to, sizeof(*to))) {
        perror("flood: a source");
        exit(1);
    }
    return fd;
}

static int write_message(char to[MESSAGE_MAX], uint64_t n)
{
    static const char *const methods[] = {"INVITE", "REGISTER", "OPTIONS"};
    if (n % 4 == 3)
        return snprintf(to, MESSAGE_MAX, "%llx noise \r\n\r\n", (unsigned long long)n);
    const char *method = methods[n % 4];
    return snprintf(to, MESSAGE_MAX,
                    "%s sip:0536490010@127.0.0.1 SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP 127.1.0.1;branch=z9hG4bK%llx;rport\r\n"
                    "From: <sip:%llu@127.1.0.1>;tag=%llx\r\nTo: <sip:0536490010@127.0.0.1>\r\n"
                    "Call-ID: %llx@flood\r\nCSeq: 1 %s\r\nContact: <sip:f@127.1.0.1>\r\n"
                    "Max-Forwards: 70\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n",
                    method, (unsigned long long)n, (unsigned long long)n % 10000,
                    (unsigned long long)n, (unsigned long long)n, method);
}

static uint64_t number(const char *word, uint64_t most)
{
    char *end;
    uint64_t n = strtoull(word, &end, 10);
    if (!n || *end || n > most) {
        fprintf(stderr, "flood: %s: 1 to %llu\n", word, (unsigned long long)most);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    const struct rlimit files = {SOURCES_MAX + 64, SOURCES_MAX + 64};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)number(argv[1], 65535))};
    uint64_t rate = number(argv[2], 1000000), seconds = number(argv[3], 3600);
    unsigned sources_n = (unsigned)number(argv[4], SOURCES_MAX);
    static int fds[SOURCES_MAX];
    char message[MESSAGE_MAX];
    uint64_t sent = 0, n = 0;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (setrlimit(RLIMIT_NOFILE, &files)) {
        perror("flood: files");
        return 1;
    }
    for (unsigned i = 0; i < sources_n; i++)
        fds[i] = open_source(i, &to);
    ms_t began_at = os_clock_boot_ms(), now_at;
    while ((now_at = os_clock_boot_ms()) < began_at + (ms_t)seconds * 1000) {
        for (uint64_t due = (uint64_t)(now_at - began_at) * rate / 1000; n < due; n++) {
            int bytes = write_message(message, n);
            sent += send(fds[n % sources_n], message, (size_t)bytes, 0) == bytes;
        }
        usleep(BEAT_US);
    }
    uint64_t wanted = rate * seconds;
    printf("sent %llu late %llu\n", (unsigned long long)sent,
           (unsigned long long)(n < wanted ? (wanted - n) * 1000 / rate : 0));
    return 0;
}
