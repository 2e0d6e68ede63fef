/* robots.h — robots with telephones of their own: a telephone edge, a media engine and src/robot/,
 * wired as serve is. Called by cli/call, cli/load and the watch of serve: in a process of their
 * own or a thread of their own, so nothing here touches what the service holds.
 * Cost: two sockets a robot on the line. */
#ifndef CLI_ROBOTS_H
#define CLI_ROBOTS_H

#include "media/media.h"
#include "os/log.h"
#include "phone/phone.h"
#include "robot/robot.h"
#include "settings/settings.h"

/* Ports of robots' sound: above those that a service has by default. */
#define ROBOTS_PORT_FIRST 40000
#define ROBOTS_PORT_LAST 65534
/* Robots on the line, callers and agents: what these ports allow. */
#define ROBOTS_STREAMS_MAX 12600

/* An agent: the line that it registers, and how it signs in. */
struct robots_line {
    struct text user, secret, code; /* borrowed */
};

struct robots_args {
    struct address to;               /* the service, with its port */
    const char *bind;                /* our own address; NULL: the one from which `to` is reached */
    const struct robot_plan *plan;   /* borrowed */
    const struct robots_line *lines; /* borrowed */
    uint32_t lines_n, callers_max;
    /* Of the service; borrowed until it is open. NULL: as settings have them by default. */
    const struct settings_short_codes *codes;
    enum robot_mode mode;
    ms_t answer_ms, talk_ms; /* of agents */
    uint64_t seed;
    bool probes; /* asks by OPTIONS whether the service is there: robots_is_down() */
    robot_tell_fn *tell;
    void *tell_arg;
    struct os_log *log; /* borrowed; NULL: silent */
};

struct robots;

/* 0, or errno: EINVAL (a bound), ENOMEM, EMFILE, ENETUNREACH… */
MUST_CHECK int robots_open(struct robots **out, const struct robots_args *args);
/* Legs that still stand are left to die. NULL is fine. */
void robots_drop(struct robots *r);

/* Legs that these need at most, those included that are over and linger. */
uint32_t robots_legs(const struct robots_args *args);

/* Sets the range of ports for so many streams. 0, EINVAL: too many, EIO: no chance. */
MUST_CHECK int robots_ports(struct media_args *m, bool is_agents_alone);

/* Where others reach us. */
struct address robots_self(const struct robots *r);
struct robot *robots_brain(struct robots *r);
/* Waits for what comes, until this instant of the boot clock at the latest, and does it; or until
 * fd is readable; fd -1: none. */
void robots_turn(struct robots *r, ms_t until_at, int fd);
/* The service answers no OPTIONS. */
bool robots_is_down(const struct robots *r);
/* For a program of robots: Ctrl-C and SIGTERM are read from this descriptor; -1: errno. */
MUST_CHECK int robots_signals(void);
bool robots_asked_to_end(int signals);
/* Of the packets that callers heard. */
void robots_spacing(const struct robots *r, struct histogram *h);
struct media_totals robots_media(const struct robots *r);

#endif
