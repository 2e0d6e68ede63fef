/* doctor_ports.c — are the ports of the service free, or is it our own service that holds them?
 * Called by doctor.c. While a service runs its ports are not tried, only looked up: a port that we
 * held for an instant could be the one that a call needs. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/holder.h"
#include "os/endpoint.h"

#define PORTS 65536

/* A port that serves: what it is, and how it is told. */
struct door {
    const char *what, *key; /* "SIP (UDP)"; its keys in the settings */
    const char *address;
    uint32_t port;
    bool is_tcp;
    struct holder_sockets *sockets;
};

static int try_bind(const struct address *at, bool is_tcp)
{
    struct sockaddr_storage where;
    socklen_t n = os_endpoint_of(&where, at);
    int on = 1;
    int fd = socket(where.ss_family, (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    if (is_tcp) /* as web/ does: a connection that has ended is in nobody's way */
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    int err = bind(fd, (struct sockaddr *)&where, n) ? errno : 0;
    close(fd);
    return err;
}

/* Nobody is in the way, yet the system may refuse. */
static void find_free(struct doctor *d, const struct door *door, const struct address *at)
{
    char text[128];
    int err = try_bind(at, door->is_tcp);
    if (!err) {
        doctor_find(d, DOCTOR_WELL, "le port %s %s:%u est libre", door->what, door->address,
                    door->port);
        return;
    }
    doctor_find(d, DOCTOR_FAULT, "le port %s %s:%u ne peut pas être pris (%s)", door->what,
                door->address, door->port, strerror_r(err, text, sizeof(text)));
    if (err == EADDRNOTAVAIL)
        doctor_cure(d, "%s.address doit être une adresse de cette machine (ip address les montre)",
                    door->key);
    else if (err == EACCES)
        doctor_cure(d,
                    "sous 1024 il faut un droit de plus\u00a0: choisir un port plus haut dans "
                    "%s.port",
                    door->key);
    else
        doctor_cure(d, "changer %s.address ou %s.port dans les réglages", door->key, door->key);
}

static void find_taken(struct doctor *d, const struct door *door, const struct holder_socket *s)
{
    char name[HOLDER_NAME_BYTES];
    if (s->is_ours) {
        doctor_find(d, DOCTOR_WELL, "le port %s %s:%u est tenu par notre service (processus %d)",
                    door->what, door->address, door->port, d->service_pid);
        return;
    }
    int pid = holder_process(s->inode, name);
    if (pid)
        doctor_find(d, DOCTOR_FAULT,
                    "le port %s %s:%u est pris par «\u00a0%s\u00a0» (processus %d)", door->what,
                    door->address, door->port, name, pid);
    else
        doctor_find(d, d->service_pid ? DOCTOR_ATTENTION : DOCTOR_FAULT,
                    "le port %s %s:%u est pris, par un processus que cet utilisateur ne peut pas "
                    "voir",
                    door->what, door->address, door->port);
    if (pid)
        doctor_cure(d, "arrêter ce programme, ou changer %s.port dans les réglages", door->key);
    else
        doctor_cure(d, "lancer cette commande comme l’utilisateur du service, ou comme root\u00a0: "
                       "elle dira lequel");
}

static void look_at(struct doctor *d, const struct door *door, struct address at)
{
    at.port = (uint16_t)door->port;
    const struct holder_socket *s = holder_find(door->sockets, &at);
    if (s)
        find_taken(d, door, s);
    else if (d->service_pid)
        doctor_find(d, DOCTOR_ATTENTION, "le service tourne, mais ne tient pas le port %s %s:%u",
                    door->what, door->address, door->port);
    else
        find_free(d, door, &at);
    if (!s && d->service_pid)
        doctor_cure(d,
                    "il a d’autres réglages en vigueur\u00a0: le redémarrer quand personne n’est "
                    "en ligne");
}

static void look_at_door(struct doctor *d, const struct door *door)
{
    struct address_pair self;
    if (!address_pair_read(&self, text_of(door->address)))
        return; /* told among the files */
    if (!door->port) {
        doctor_find(d, DOCTOR_ATTENTION,
                    "le port %s n’est pas fixé (%s.port: 0)\u00a0: un autre à chaque démarrage",
                    door->what, door->key);
        doctor_cure(d, "écrire un port dans les réglages");
        return;
    }
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        char text[ADDRESS_TEXT_MAX] = "";
        struct text_out out = {.p = text, .max = sizeof(text) - 1};
        struct door one = *door;
        address_put(&out, &self.of[i]);
        one.address = text;
        if (self.of[i].family)
            look_at(d, &one, self.of[i]);
    }
}

/* ---- sound ---- */

static void tell_sound(struct doctor *d, const uint32_t pairs[2], const struct holder_socket *other)
{
    char name[HOLDER_NAME_BYTES];
    const struct settings_media *s = &d->settings.media;
    enum doctor_level level = doctor_judge_pairs(pairs[0], pairs[1], d->settings.phone.legs_max);
    int pid = other ? holder_process(other->inode, name) : 0;
    doctor_find(d, level, "le son (UDP %u à %u)\u00a0: %u paires libres, %u prises", s->port_first,
                s->port_last, pairs[0], pairs[1]);
    if (level && pid)
        doctor_cure(d,
                    "par exemple le port %u, pris par «\u00a0%s\u00a0» (processus %d)\u00a0: "
                    "l’arrêter, ou déplacer media.port_first et media.port_last",
                    other->at.port, name, pid);
    else if (level)
        doctor_cure(d, "déplacer ou agrandir media.port_first … media.port_last");
}

/* Ports of the range that others hold; the last of these sockets. Cost: one look at each socket. */
static const struct holder_socket *mark_taken(const struct doctor *d,
                                              const struct holder_sockets *udp, bool taken[PORTS])
{
    const struct holder_socket *other = NULL;
    struct address_pair self;
    if (!address_pair_read(&self, text_of(d->settings.phone.address)))
        return NULL; /* told among the files */
    for (uint32_t i = 0; i < udp->n; i++) {
        const struct holder_socket *s = &udp->list[i];
        bool is_in_range =
            s->at.port >= d->settings.media.port_first && s->at.port <= d->settings.media.port_last;
        bool is_in_the_way = (self.of[0].family && holder_is_in_the_way(s, &self.of[0])) ||
                             (self.of[1].family && holder_is_in_the_way(s, &self.of[1]));
        if (!is_in_range || s->is_ours || !is_in_the_way)
            continue;
        taken[s->at.port] = true;
        other = s;
    }
    return other;
}

static void look_at_sound(struct doctor *d, const struct holder_sockets *udp)
{
    const struct settings_media *s = &d->settings.media;
    bool taken[PORTS] = {false};
    uint32_t pairs[2] = {0, 0}; /* free, taken */
    const struct holder_socket *other = mark_taken(d, udp, taken);
    for (uint32_t p = s->port_first + s->port_first % 2; p < s->port_last; p += 2)
        pairs[taken[p] || taken[p + 1]]++;
    tell_sound(d, pairs, other);
}

void doctor_ports(struct doctor *d)
{
    struct holder_sockets udp, tcp = {0};
    d->subject = DOCTOR_PORTS;
    int err = holder_open(&udp, false, d->service_pid);
    err = err ? err : holder_open(&tcp, true, d->service_pid);
    if (err) {
        doctor_find(d, DOCTOR_ATTENTION, "les ports pris ne peuvent pas être lus (/proc/net)");
        doctor_cure(d, "lancer cette commande là où /proc est monté");
    } else {
        const struct door sip = {.what = "SIP (UDP)",
                                 .key = "phone",
                                 .address = d->settings.phone.address,
                                 .port = d->settings.phone.port,
                                 .sockets = &udp};
        const struct door http = {.what = "HTTP (TCP)",
                                  .key = "web",
                                  .address = d->settings.web.address,
                                  .port = d->settings.web.port,
                                  .is_tcp = true,
                                  .sockets = &tcp};
        struct door sip_tcp = sip;
        sip_tcp.what = "SIP (TCP)";
        sip_tcp.is_tcp = true;
        sip_tcp.sockets = &tcp;
        look_at_door(d, &sip);
        if (d->settings.phone.tcp)
            look_at_door(d, &sip_tcp);
        struct door sip_tls = sip_tcp;
        sip_tls.what = "SIP (TLS)";
        sip_tls.port = d->settings.phone.tls_port;
        sip_tls.is_tcp = true;
        sip_tls.sockets = &tcp;
        if (d->settings.phone.tls_certificate[0])
            look_at_door(d, &sip_tls);
        look_at_door(d, &http);
        struct door https = http;
        https.what = "HTTPS (TCP)";
        https.address = d->settings.web.tls_address;
        https.port = d->settings.web.tls_port;
        if (d->settings.web.tls_certificate[0])
            look_at_door(d, &https);
        look_at_sound(d, &udp);
    }
    holder_drop(&udp);
    holder_drop(&tcp);
}
