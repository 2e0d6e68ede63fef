/* robots.c — see robots.h. Invariant: one thread calls all of it; what is opened is dropped. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/robots.h"
#include "media/tone.h"
#include "os/endpoint.h"
#include "os/pages.h"

#define SERVICE_TRUNK 1 /* lines have the numbers behind it */
#define TONE_HZ 440
#define TONE_PEAK 8000
#define TONE_SAMPLES 8000 /* a second */
/* Legs linger after their end, for answers that come late: as many as are placed meanwhile. */
#define LINGER_S 40
#define LEGS_MORE 64
/* Of an agent while legs linger: two to sign in, those of some calls, one to sign out. */
#define AGENT_LEGS 8
#define STREAMS_MORE 256
#define WAIT_MS_MAX 1000

struct robots {
    struct robots_args args;
    struct media *media;
    struct media_port media_port;
    struct phone *phone;
    struct phone_port phone_port;
    struct robot *robot;
    struct os_pages memory;
    struct robot_agent *agents; /* owned, as below */
    struct phone_trunk *trunks;
    char self[ADDRESS_TEXT_MAX], host[ADDRESS_TEXT_MAX];
    struct settings_short_codes codes;
    uint16_t tone_id;
};

/* ---- opening ------------------------------------------------------------------------------ */

static void put_ip(char to[ADDRESS_TEXT_MAX], struct address at)
{
    struct text_out out = {.p = to, .max = ADDRESS_TEXT_MAX - 1};
    at.port = 0;
    address_put(&out, &at);
    to[out.n] = '\0';
}

/* The address that the system would send from. Nothing is sent. */
static int find_self(char to[ADDRESS_TEXT_MAX], const struct address *there)
{
    struct sockaddr_storage at;
    socklen_t n = os_endpoint_of(&at, there);
    int fd = socket(there->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int err = fd < 0 || connect(fd, (struct sockaddr *)&at, n) ? errno : 0;
    n = sizeof(at);
    if (!err && getsockname(fd, (struct sockaddr *)&at, &n))
        err = errno;
    if (fd >= 0)
        close(fd);
    if (!err)
        put_ip(to, os_endpoint_read(&at));
    return err;
}

static uint32_t streams_of(const struct robots_args *a)
{
    uint32_t more = a->callers_max < STREAMS_MORE ? a->callers_max : STREAMS_MORE;
    return a->callers_max + a->lines_n + more;
}

/* Two programs of this kind on one machine shall not try the same ports: chance parts them; a
 * program of callers and one of agents alone, which belong together, have a half each. */
int robots_ports(struct media_args *m, bool is_agents_alone)
{
    uint32_t chance = 0, wanted = 2 * m->streams_max, first = ROBOTS_PORT_FIRST,
             last = ROBOTS_PORT_LAST;
    uint32_t middle = first + (last - first) / 4 * 2;
    if (wanted > last - first)
        return EINVAL;
    if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
        return EIO;
    if (wanted < middle - first && is_agents_alone)
        first = middle;
    else if (wanted < middle - first)
        last = middle - 1;
    m->port_first = (uint16_t)(first + chance % ((last - first - wanted) / 2 + 1) / 2 * 2);
    m->port_last = (uint16_t)last;
    return 0;
}

static int put_tone(struct robots *r)
{
    uint8_t *bytes = malloc((size_t)TONE_SAMPLES * 2);
    const struct tone tone = {.hz = TONE_HZ, .peak = TONE_PEAK, .n = TONE_SAMPLES};
    const struct prompt_sound sound = {bytes, TONE_SAMPLES};
    if (!bytes)
        return ENOMEM;
    tone_write(bytes, &tone);
    enum prompt_verdict v = media_prompts_put(media_prompts(r->media), &r->tone_id, &sound);
    free(bytes);
    return v == PROMPT_LOADED ? 0 : ENOMEM;
}

static int open_media(struct robots *r)
{
    struct media_args m = {.streams_max = streams_of(&r->args), .log = r->args.log};
    if (!media_bind(&m, text_of(r->self)))
        return EINVAL;
    int err = robots_ports(&m, !r->args.plan->called_n);
    err = err ? err : media_open(&r->media, &m);
    if (err)
        return err;
    r->media_port = media_port(r->media);
    return put_tone(r);
}

static int open_brain(struct robots *r)
{
    const struct robots_args *a = &r->args;
    const struct robot_codes codes = {text_of(r->codes.sign_in), text_of(r->codes.ready),
                                      text_of(r->codes.sign_out)};
    const struct robot_args args = {.phone = &r->phone_port,
                                    .plan = a->plan,
                                    .agents = r->agents,
                                    .agents_n = a->lines_n,
                                    .callers_max = a->callers_max,
                                    .codes = codes,
                                    .tone_id = r->tone_id,
                                    .seed = a->seed,
                                    .tell = a->tell,
                                    .tell_arg = a->tell_arg};
    for (uint32_t i = 0; i < a->lines_n; i++)
        r->agents[i] = (struct robot_agent){.line = SERVICE_TRUNK + 1 + i,
                                            .user = a->lines[i].user,
                                            .code = a->lines[i].code,
                                            .mode = a->mode,
                                            .answer_ms = a->answer_ms,
                                            .talk_ms = a->talk_ms};
    r->robot = robot_open(r->memory.p, &args, os_clock_boot_ms());
    return 0;
}

uint32_t robots_legs(const struct robots_args *a)
{
    uint64_t placed = (uint64_t)a->plan->rate_milli * LINGER_S / 1000;
    if (a->plan->calls_n && placed > a->plan->calls_n)
        placed = a->plan->calls_n;
    uint64_t n = placed + a->callers_max + AGENT_LEGS * (uint64_t)a->lines_n + LEGS_MORE;
    return n < PHONE_LEGS_MAX ? (uint32_t)n : PHONE_LEGS_MAX;
}

static int open_phone(struct robots *r)
{
    const struct robots_args *a = &r->args;
    const struct phone_source source = {.net = {a->to, a->to.family == 6 ? 128 : 32},
                                        .trunk_id = SERVICE_TRUNK};
    const struct phone_args args = {.address = r->self,
                                    .advertised = "",
                                    .realm = "robots",
                                    .sources = &source,
                                    .sources_n = 1,
                                    .is_measuring = true,
                                    .legs_max = robots_legs(a),
                                    .lines_max = a->lines_n,
                                    .registrations_max = 1,
                                    .first_leg_id = 1,
                                    .media = &r->media_port,
                                    .log = a->log,
                                    .report = robot_report,
                                    .knows = robot_knows,
                                    .report_arg = r->memory.p};
    int err = phone_open(&r->phone, &args);
    if (err)
        return err;
    r->phone_port = phone_port(r->phone);
    return 0;
}

static void tell_trunks(struct robots *r)
{
    const struct robots_args *a = &r->args;
    r->trunks[0] = (struct phone_trunk){.number = SERVICE_TRUNK,
                                        .at_n = 1,
                                        .at = {a->to},
                                        .host = text_of(r->host),
                                        .priority = 1,
                                        .is_unprobed = !a->probes};
    for (uint32_t i = 0; i < a->lines_n; i++)
        r->trunks[1 + i] = (struct phone_trunk){.number = SERVICE_TRUNK + 1 + i,
                                                .at_n = 1,
                                                .at = {a->to},
                                                .host = text_of(r->host),
                                                .user = a->lines[i].user,
                                                .secret = a->lines[i].secret,
                                                .registers = true,
                                                .is_unprobed = true,
                                                .is_line = true};
    phone_trunks(r->phone, r->trunks, 1 + a->lines_n);
}

static int open_all(struct robots *r)
{
    const struct robots_args *a = &r->args;
    if (!a->callers_max || a->callers_max > ROBOT_CALLERS_MAX || a->lines_n > ROBOT_AGENTS_MAX ||
        streams_of(a) > ROBOTS_STREAMS_MAX)
        return EINVAL;
    put_ip(r->host, a->to);
    int err = a->bind ? 0 : find_self(r->self, &a->to);
    if (a->bind && strlen(a->bind) < sizeof(r->self))
        memcpy(r->self, a->bind, strlen(a->bind) + 1);
    r->agents = calloc(a->lines_n + 1, sizeof(*r->agents));
    r->trunks = calloc(a->lines_n + 1, sizeof(*r->trunks));
    if (!r->agents || !r->trunks)
        return ENOMEM;
    err = err ? err : os_pages_open(&r->memory, robot_bytes(a->callers_max, a->lines_n));
    err = err ? err : open_media(r);
    err = err ? err : open_phone(r);
    err = err ? err : open_brain(r);
    if (err)
        return err;
    phone_run(r->phone, os_clock_boot_ms()); /* before the trunks, so that it knows the time */
    tell_trunks(r);
    return 0;
}

int robots_open(struct robots **out, const struct robots_args *args)
{
    struct robots *r = calloc(1, sizeof(*r));
    struct settings settings;
    *out = NULL;
    if (!r)
        return ENOMEM;
    settings_defaults(&settings);
    r->codes = args->codes ? *args->codes : settings.short_codes;
    r->args = *args;
    int err = open_all(r);
    if (err)
        robots_drop(r);
    else
        *out = r;
    return err;
}

void robots_drop(struct robots *r)
{
    if (!r)
        return;
    phone_drop(r->phone);
    media_drop(r->media);
    os_pages_drop(&r->memory);
    free(r->agents);
    free(r->trunks);
    free(r);
}

/* ---- running ------------------------------------------------------------------------------ */

struct address robots_self(const struct robots *r)
{
    struct address self = {.family = 0};
    if (address_read_ip(&self, text_of(r->self)))
        self.port = phone_bound(r->phone);
    return self;
}

struct robot *robots_brain(struct robots *r)
{
    return r->robot;
}

void robots_turn(struct robots *r, ms_t until_at, int fd)
{
    struct pollfd fds[] = {{.fd = phone_fd(r->phone), .events = POLLIN},
                           {.fd = media_fd(r->media), .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};
    const ms_t at[] = {phone_next_at(r->phone), robot_next_at(r->robot)};
    for (unsigned i = 0; i < ARRAY_LEN(at); i++)
        until_at = at[i] < until_at ? at[i] : until_at;
    ms_t wait_ms = until_at - os_clock_boot_ms();
    if (wait_ms > WAIT_MS_MAX)
        wait_ms = WAIT_MS_MAX;
    if (poll(fds, ARRAY_LEN(fds), wait_ms > 0 ? (int)wait_ms : 0) > 0 && fds[1].revents)
        media_fd_clear(r->media);
    ms_t now_at = os_clock_boot_ms();
    robot_time(r->robot, now_at);
    phone_run(r->phone, now_at);
    robot_run(r->robot);
}

bool robots_is_down(const struct robots *r)
{
    struct phone_trunk_look look;
    return phone_trunk_look(r->phone, 0, &look) && look.is_down;
}

int robots_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

bool robots_asked_to_end(int signals)
{
    struct signalfd_siginfo info;
    return read(signals, &info, sizeof(info)) == sizeof(info);
}

void robots_spacing(const struct robots *r, struct histogram *h)
{
    media_spacing(r->media, h);
}

struct media_totals robots_media(const struct robots *r)
{
    return media_totals(r->media);
}
