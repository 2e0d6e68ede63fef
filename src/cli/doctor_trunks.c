/* doctor_trunks.c — are the operators there? Their names are resolved as the service does it, then
 * each address is asked by an OPTIONS (RFC 3261 §11) from a socket of its own: the way there and
 * back is tested, nobody is called, and a service that runs is not disturbed.
 * Called by doctor.c. Cost: DOCTOR_NAMES_MS for names, and DOCTOR_ANSWER_MS for all operators
 * together. A trunk with `probe: false` is not asked: its operator does not want it. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "os/clock.h"
#include "os/endpoint.h"
#include "os/resolve.h"
#include "sip/read.h"
#include "sip/stream.h"
#include "tls/link.h"

#define DOCTOR_NAMES_MS 4000
#define DOCTOR_ANSWER_MS 2000
#define REPEAT_MS 500 /* T1, then twice as long each time (RFC 3261 §17.1.2.2) */
#define ASKS_MAX (OS_RESOLVE_NAMES_MAX * OS_RESOLVE_ADDRESSES_MAX)
#define ANSWER_BYTES SIP_MESSAGE_MAX
#define MESSAGE_BYTES 1024
#define ID_DIGITS 16
#define ID_BYTES 20

/* ---- names ---- */

static bool is_decided(const struct os_resolve_list *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (!list->of[i].is_known && !list->of[i].is_refused)
            return false;
    return true;
}

/* The thread may wait for the system much longer than we do: it ends with this process then. */
static void wait_for_names(struct os_resolve *r, struct os_resolve_list *list)
{
    ms_t end_at = os_clock_boot_ms() + DOCTOR_NAMES_MS;
    struct pollfd news = {.fd = os_resolve_fd(r), .events = POLLIN};
    do {
        ms_t rest_ms = end_at - os_clock_boot_ms();
        if (rest_ms <= 0 || poll(&news, 1, (int)rest_ms) <= 0)
            return;
        (void)os_resolve_take(r, list);
    } while (!is_decided(list));
    os_resolve_drop(r);
}

static void tell_name(struct doctor *d, const struct os_resolved *one)
{
    const char *name = os_resolve_machine(one->name);
    if (one->is_refused) {
        doctor_find(
            d, DOCTOR_FAULT,
            "le nom «\u00a0%s\u00a0» désigne cette machine elle-même\u00a0: aucun opérateur "
            "n’est là, la réponse est refusée",
            name);
        doctor_cure(d, "regarder /etc/hosts et le serveur de noms (getent hosts %s)", name);
    } else if (!one->is_known) {
        doctor_find(d, DOCTOR_FAULT, "le nom «\u00a0%s\u00a0» n’a pas d’adresse (cherchée %d s)",
                    name, DOCTOR_NAMES_MS / 1000);
        doctor_cure(d, "vérifier host dans trunks, et le serveur de noms (getent hosts %s)", name);
    } else {
        doctor_find(d, DOCTOR_WELL, "le nom «\u00a0%s\u00a0» a %u adresse%s", name, one->at_n,
                    one->at_n > 1 ? "s" : "");
    }
}

static void resolve(struct doctor *d, struct os_resolve_list *list)
{
    char bytes[DIRECTORY_TRUNKS_MAX][DIRECTORY_HOST_BYTES];
    const char *names[DIRECTORY_TRUNKS_MAX];
    struct os_resolve *r;
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->directory->trunks_n; i++) {
        names[n] = directory_trunk_name(&d->directory->trunks[i], bytes[i]);
        n += names[n] != NULL;
    }
    if (!n)
        return;
    if (os_resolve_open(&r, NULL)) {
        doctor_find(d, DOCTOR_ATTENTION, "les noms n’ont pas pu être cherchés");
        doctor_cure(d, "libérer de la mémoire ou des fichiers ouverts, et recommencer");
        return;
    }
    os_resolve_names(r, names, n);
    wait_for_names(r, list);
    for (uint32_t i = 0; i < list->n; i++)
        tell_name(d, &list->of[i]);
}

/* ---- asking ---- */

struct asked {
    const struct directory_trunk *trunk;
    struct address at;
    int fd, err; /* -1: answered, or not to be asked; err: why it could not be sent or came back */
    unsigned status;
    bool is_sent;          /* over TCP, and over TLS */
    struct tls_link *link; /* owned; NULL: plain */
    bool is_begun, is_up;  /* its handshake is under way; done */
    size_t in_n;
    char id[ID_BYTES]; /* of the call, the branch and the tag */
    char message[MESSAGE_BYTES];
    size_t n;
    char in[ANSWER_BYTES];
};

struct asking {
    struct doctor *doctor;
    struct pollfd fds[ASKS_MAX];
    struct asked of[ASKS_MAX];
    uint32_t n;
    struct os_resolve_list names;
};

static void put_at(char to[ADDRESS_TEXT_MAX], const struct address *at)
{
    struct text_out out = {.p = to, .max = ADDRESS_TEXT_MAX - 1};
    address_put(&out, at);
    to[out.n] = '\0';
}

static bool is_stream(const struct asked *a)
{
    return a->trunk->transport != DIRECTORY_UDP;
}

static const char *transport_of(const struct asked *a)
{
    static const char *const names[] = {
        [DIRECTORY_UDP] = "UDP", [DIRECTORY_TCP] = "TCP", [DIRECTORY_TLS] = "TLS"};
    return names[a->trunk->transport];
}

/* With the operator's own rules, as the service has them. */
static int open_link(struct asked *a, const struct doctor *d)
{
    const struct tls_book *book = d->set ? &d->set->tls : NULL;
    if (a->trunk->transport != DIRECTORY_TLS)
        return 0;
    for (uint32_t i = 0; book && i < book->trunks_n; i++)
        if (book->trunks[i].number == a->trunk->number)
            a->link = tls_link_connect(book->trunks[i].context, a->fd);
    return a->link ? 0 : ENOKEY;
}

/* From the address of the settings when it can be, so that the operator sees the one it knows. */
static int open_socket(struct asked *a, const char *from)
{
    struct sockaddr_storage where;
    struct address_pair self;
    const struct address *own = NULL;
    int kind = is_stream(a) ? SOCK_STREAM : SOCK_DGRAM;
    a->fd = socket(a->at.family == 6 ? AF_INET6 : AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (a->fd < 0)
        return errno;
    if (address_pair_read(&self, text_of(from)))
        own = address_pair_near(&self, &a->at);
    if (own) {
        socklen_t n = os_endpoint_of(&where, own);
        (void)bind(a->fd, (struct sockaddr *)&where, n); /* refused: told among the ports */
    }
    socklen_t n = os_endpoint_of(&where, &a->at);
    return connect(a->fd, (struct sockaddr *)&where, n) && errno != EINPROGRESS ? errno : 0;
}

static int draw_id(struct asked *a)
{
    uint64_t v;
    if (getrandom(&v, sizeof(v), 0) != sizeof(v))
        return EIO;
    text_hex(a->id, v, ID_DIGITS);
    a->id[ID_DIGITS] = '\0';
    return 0;
}

static int write_options(struct asked *a)
{
    char self[ADDRESS_TEXT_MAX], there[ADDRESS_TEXT_MAX];
    char via[160], uri[80], from[160], to[96];
    struct sockaddr_storage where;
    socklen_t where_n = sizeof(where);
    struct text_out out = {.p = a->message, .max = sizeof(a->message)};
    if (getsockname(a->fd, (struct sockaddr *)&where, &where_n))
        return errno;
    const struct address here = os_endpoint_read(&where);
    put_at(self, &here);
    put_at(there, &a->at);
    snprintf(via, sizeof(via), "SIP/2.0/%s %s;branch=z9hG4bK%s;rport", transport_of(a), self,
             a->id);
    snprintf(uri, sizeof(uri), "sip:%s", there);
    snprintf(from, sizeof(from), "<sip:doctor@%s>;tag=%s", self, a->id);
    snprintf(to, sizeof(to), "<sip:%s>", there);
    const struct sip_ask ask = {.method = SIP_METHOD_OPTIONS,
                                .request_uri = text_of(uri),
                                .via = text_of(via),
                                .from = text_of(from),
                                .to = text_of(to),
                                .call_id = text_of(a->id),
                                .contact = text_of(uri),
                                .headers = TEXT("Accept: application/sdp\r\n"),
                                .cseq = 1};
    bool is_whole = sip_write_ask(&out, &ask);
    a->n = out.n;
    return is_whole ? 0 : EMSGSIZE;
}

static void add(struct asking *g, const struct directory_trunk *t, struct address at)
{
    if (g->n == ASKS_MAX)
        return;
    struct asked *a = &g->of[g->n++];
    *a = (struct asked){.trunk = t, .at = at, .fd = -1};
    a->at.port = at.port ? at.port : t->at.port;
    a->err = open_socket(a, g->doctor->settings.phone.address);
    a->err = a->err ? a->err : draw_id(a);
    a->err = a->err ? a->err : write_options(a);
    a->err = a->err ? a->err : open_link(a, g->doctor);
}

static void add_trunk(struct asking *g, const struct directory_trunk *t)
{
    if (!t->is_probed) {
        doctor_find(g->doctor, DOCTOR_WELL, "«\u00a0%s\u00a0» n’est pas interrogé (probe: false)",
                    t->id);
        return;
    }
    char bytes[DIRECTORY_HOST_BYTES];
    const char *name = directory_trunk_name(t, bytes);
    if (!name)
        add(g, t, t->at);
    for (uint32_t i = 0; name && i < g->names.n; i++)
        for (uint32_t j = 0; j < g->names.of[i].at_n && !strcmp(g->names.of[i].name, name); j++)
            add(g, t, g->names.of[i].at[j]);
}

/* ---- answers ---- */

static void end_ask(struct asked *a)
{
    tls_link_drop(a->link);
    a->link = NULL;
    if (a->fd >= 0)
        close(a->fd);
    a->fd = -1;
}

static bool is_waiting(const struct asked *a)
{
    return a->fd >= 0 && !a->err && !a->status;
}

/* True: the way is ready for our question. The connection itself may not stand yet. */
static bool shake(struct asked *a)
{
    struct sockaddr_storage there;
    socklen_t n = sizeof(there);
    int err = 0;
    socklen_t err_n = sizeof(err);
    if (!a->link || a->is_up)
        return true;
    if (getpeername(a->fd, (struct sockaddr *)&there, &n)) {
        bool is_told = !getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &err, &err_n);
        a->err = is_told ? err : 0;
        return false;
    }
    enum tls_io io = tls_link_shake(a->link);
    a->is_begun = true;
    a->is_up = io == TLS_DONE;
    a->err = io == TLS_OVER ? EPROTO : 0;
    return a->is_up;
}

static ssize_t send_one(struct asked *a)
{
    size_t n = a->n;
    if (!a->link)
        return send(a->fd, a->message, a->n, MSG_NOSIGNAL);
    enum tls_io io = tls_link_write(a->link, a->message, &n);
    errno = io == TLS_OVER ? EPROTO : EAGAIN;
    return io == TLS_DONE ? (ssize_t)n : -1;
}

static ssize_t receive_one(struct asked *a)
{
    size_t n = sizeof(a->in) - a->in_n;
    if (!a->link)
        return recv(a->fd, a->in + a->in_n, n, 0);
    enum tls_io io = tls_link_read(a->link, a->in + a->in_n, &n);
    errno = EAGAIN;
    return io == TLS_DONE ? (ssize_t)n : io == TLS_OVER ? 0 : -1;
}

/* Over UDP again and again; else once, as soon as the connection stands. */
static void send_all(struct asking *g)
{
    for (uint32_t i = 0; i < g->n; i++) {
        struct asked *a = &g->of[i];
        if (!is_waiting(a) || (is_stream(a) && a->is_sent) || !shake(a))
            continue;
        a->is_sent = send_one(a) >= 0;
        if (!a->is_sent && errno != EAGAIN && errno != ENOTCONN)
            a->err = errno;
    }
}

/* An answer to our question, and no other's; provisional ones are no answer yet. */
static void take_message(struct asked *a, char *bytes, size_t n)
{
    struct sip_read read;
    if (sip_read(&read, bytes, n) != SIP_READ_OK || read.in.is_request)
        return;
    bool is_ours = text_equal(read.in.call_id, text_of(a->id)) &&
                   read.in.method == SIP_METHOD_OPTIONS && read.in.status >= 200;
    if (is_ours)
        a->status = read.in.status;
}

static void take_answer(struct asked *a)
{
    size_t message_n;
    if (a->link && !a->is_sent) {
        a->is_sent = shake(a) && send_one(a) >= 0;
        return;
    }
    ssize_t n = receive_one(a);
    if ((n < 0 && errno != EAGAIN) || (!n && is_stream(a)))
        a->err = n ? errno : ECONNRESET;
    if (n <= 0)
        return;
    if (!is_stream(a)) {
        take_message(a, a->in, (size_t)n);
        return;
    }
    a->in_n += (size_t)n;
    for (enum sip_stream_verdict v = SIP_STREAM_BLANK; v != SIP_STREAM_MORE;) {
        v = sip_stream_cut((struct text){a->in, a->in_n}, sizeof(a->in), &message_n);
        if (v == SIP_STREAM_BROKEN)
            a->err = EPROTO;
        if (v == SIP_STREAM_BROKEN || v == SIP_STREAM_MORE)
            return;
        if (v == SIP_STREAM_MESSAGE)
            take_message(a, a->in, message_n);
        a->in_n -= message_n;
        memmove(a->in, a->in + message_n, a->in_n);
    }
}

/* Until all have answered or wait_ms have passed; false: nobody is waited for. */
static bool listen_for(struct asking *g, ms_t wait_ms)
{
    ms_t end_at = os_clock_boot_ms() + wait_ms, rest_ms = wait_ms;
    uint32_t waiting_n = 1;
    while (waiting_n && rest_ms > 0) {
        waiting_n = 0;
        for (uint32_t i = 0; i < g->n; i++) {
            bool is_asked = is_waiting(&g->of[i]);
            bool is_silent = g->of[i].link && !g->of[i].is_begun; /* not a word was said yet */
            g->fds[i] = (struct pollfd){.fd = is_asked ? g->of[i].fd : -1,
                                        .events = (short)(POLLIN | (is_silent ? POLLOUT : 0))};
            waiting_n += is_asked;
        }
        if (!waiting_n || poll(g->fds, g->n, (int)rest_ms) <= 0)
            break;
        for (uint32_t i = 0; i < g->n; i++)
            if (g->fds[i].revents)
                take_answer(&g->of[i]);
        rest_ms = end_at - os_clock_boot_ms();
    }
    return waiting_n > 0;
}

static void tell_answer(struct doctor *d, const struct asked *a)
{
    char at[ADDRESS_TEXT_MAX], text[128];
    put_at(at, &a->at);
    if (a->status) {
        struct text reason = sip_reason(a->status);
        enum doctor_level level = doctor_judge_answer(a->status);
        doctor_find(d, level, "«\u00a0%s\u00a0» %s (%s, %u %.*s)", a->trunk->id,
                    level ? "refuse" : "répond", at, a->status, (int)reason.n, reason.p);
        if (level)
            doctor_cure(d, "demander à l’opérateur s’il connaît notre adresse, et s’il est en "
                           "panne");
    } else if (a->err && a->link && tls_link_why(a->link)[0]) {
        doctor_find(d, DOCTOR_FAULT,
                    "«\u00a0%s\u00a0» n’est pas cru, ou ne nous croit pas (%s, %s)", a->trunk->id,
                    at, tls_link_why(a->link));
        doctor_cure(d,
                    "vérifier tls_name, tls_authority ou tls_pin, et tls_certificate s’il veut "
                    "voir le nôtre\u00a0: openssl s_client -connect %s",
                    at);
    } else if (a->err) {
        doctor_find(d, DOCTOR_FAULT, "«\u00a0%s\u00a0» ne peut être joint (%s, %s)", a->trunk->id,
                    at, strerror_r(a->err, text, sizeof(text)));
        doctor_cure(d, "vérifier host et son port dans trunks, la route (ip route get) et le "
                       "pare-feu");
    } else {
        doctor_find(d, DOCTOR_FAULT, "«\u00a0%s\u00a0» se tait (%s, %d s)", a->trunk->id, at,
                    DOCTOR_ANSWER_MS / 1000);
        doctor_cure(d,
                    "vérifier l’adresse et le pare-feu (%s)\u00a0; probe: false si cet opérateur "
                    "ne répond jamais à OPTIONS",
                    transport_of(a));
    }
}

static void ask_all(struct asking *g)
{
    ms_t wait_ms = REPEAT_MS;
    bool is_waiting_still = g->n > 0;
    for (ms_t spent_ms = 0; is_waiting_still && spent_ms < DOCTOR_ANSWER_MS;) {
        ms_t rest_ms = DOCTOR_ANSWER_MS - spent_ms;
        ms_t now_ms = wait_ms < rest_ms ? wait_ms : rest_ms;
        send_all(g);
        is_waiting_still = listen_for(g, now_ms);
        spent_ms += now_ms;
        wait_ms *= 2;
    }
    for (uint32_t i = 0; i < g->n; i++) {
        tell_answer(g->doctor, &g->of[i]);
        end_ask(&g->of[i]);
    }
}

void doctor_trunks(struct doctor *d)
{
    d->subject = DOCTOR_TRUNKS;
    if (!d->directory || !d->directory->trunks_n) {
        doctor_find(d, d->directory ? DOCTOR_WELL : DOCTOR_ATTENTION,
                    d->directory ? "l’annuaire n’a pas d’accès opérateur"
                                 : "sans annuaire juste, aucun accès n’a été interrogé");
        return;
    }
    struct asking *g = calloc(1, sizeof(*g));
    if (!g) {
        doctor_find(d, DOCTOR_ATTENTION, "pas assez de mémoire pour interroger");
        return;
    }
    g->doctor = d;
    d->subject = DOCTOR_NAMES;
    resolve(d, &g->names);
    d->subject = DOCTOR_TRUNKS;
    for (uint32_t i = 0; i < d->directory->trunks_n; i++)
        add_trunk(g, &d->directory->trunks[i]);
    ask_all(g);
    free(g);
}
