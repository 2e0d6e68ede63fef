/* smpp.c — the gateway by SMPP 3.4: a socket for gsm/session.c. Names are resolved on this thread,
 * which has nothing else to do; connecting does not block. What comes is answered when the store
 * has it. Called by sms.c through struct sms_driver. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/siphash.h"
#include "gsm/session.h"
#include "sms/sender.h"

#define HOST_BYTES 256
#define READ_BYTES 4096
/* What came and is not committed by then is asked to come again. */
#define STORE_MS ((ms_t)5000)

/* One deliver_sm whose answer waits for the store. */
struct held {
    uint64_t id; /* 0: free */
    uint32_t sequence;
    bool is_receipt;
    ms_t until_ms;
};

struct line {
    struct session session;
    struct sms *sms;
    int fd; /* owned; -1: none */
    struct held held[SESSION_HELD_MAX];
    bool is_told;
    bool was_bound;
};

/* ---- news of the session ------------------------------------------------------------------ */

static struct sms_slot *slot_of(struct sms *s, uint64_t id)
{
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage == SLOT_FLYING && s->slots[i].row.sms.id == id)
            return &s->slots[i];
    return NULL;
}

/* A receipt may come before the store has what the gateway calls its message. */
static uint64_t find_message(struct sms *s, const char *remote)
{
    uint64_t id = 0;
    for (unsigned i = 0; i < SMS_SLOTS; i++)
        if (s->slots[i].stage >= SLOT_ENDED && !strcmp(s->slots[i].told.sms.remote, remote))
            return s->slots[i].row.sms.id;
    return s->outbox->find(s->outbox->arg, remote, &id) ? 0 : id;
}

static void keep(struct line *line, const struct held *held)
{
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++)
        if (!line->held[i].id) {
            line->held[i] = *held;
            atomic_store(&line->sms->wants, true);
            return;
        }
    session_stored(&line->session, held->sequence, false);
}

static void take_receipt(struct line *line, const struct session_news *news)
{
    char remote[JOURNAL_SMS_REMOTE] = "";
    const struct sms_result result = {.event = news->event};
    size_t n = news->remote.n < sizeof(remote) ? news->remote.n : 0;
    memcpy(remote, news->remote.p, n);
    uint64_t id = find_message(line->sms, remote);
    if (!id) /* of nobody here: what would come again would find nobody either */
        session_stored(&line->session, news->sequence, true);
    else if (!sender_receipt(line->sms, id, &result))
        session_stored(&line->session, news->sequence, false);
    else
        keep(line, &(struct held){id, news->sequence, true, os_clock_boot_ms() + STORE_MS});
}

static uint64_t digits_of(struct text address)
{
    uint64_t e164 = 0;
    struct text digits = text_after(address, address.n && address.p[0] == '+');
    return text_number(digits, UINT64_C(999999999999999), &e164) ? e164 : 0;
}

/* Its id is made of what came: the same PDU again is the same message. A minute apart, the same
 * words are another. */
static uint64_t id_of(const struct sms_news *news, ms_t at)
{
    const struct siphash_key key = {news->e164, (uint64_t)(at / 60000)};
    uint64_t id = siphash(&key, (struct text){news->text, news->text_n});
    return id >> 1 | 1;
}

static void take_text(struct line *line, const struct session_news *news)
{
    struct sms_news received = {.kind = SMS_NEWS_RECEIVED};
    struct text_out out = {.p = received.text, .max = sizeof(received.text)};
    pdu_deliver_text(&out, news->deliver);
    received.text_n = (uint16_t)out.n;
    received.e164 = digits_of(news->deliver->source);
    received.id = id_of(&received, line->sms->wall_at());
    if (!received.e164) /* letters: nobody to answer to */
        session_stored(&line->session, news->sequence, true);
    else if (!sender_received(line->sms, &received))
        session_stored(&line->session, news->sequence, false);
    else
        keep(line,
             &(struct held){received.id, news->sequence, false, os_clock_boot_ms() + STORE_MS});
}

static void take_news(const struct session_news *news, void *arg)
{
    struct line *line = arg;
    struct sms_slot *slot = news->kind == SESSION_ANSWERED ? slot_of(line->sms, news->id) : NULL;
    const struct sms_result result = {
        .event = news->event, .code = news->code, .remote = news->remote};
    if (news->kind == SESSION_RECEIPT)
        take_receipt(line, news);
    else if (news->kind == SESSION_TEXT)
        take_text(line, news);
    else if (slot)
        sender_result(line->sms, slot, &result);
}

/* What came and is committed now is answered. */
static void settle(struct line *line, ms_t now_ms)
{
    const struct outbox_port *outbox = line->sms->outbox;
    bool waits = false;
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++) {
        struct held *h = &line->held[i];
        uint8_t state = GSM_QUEUED;
        uint16_t tries_n;
        if (!h->id)
            continue;
        bool is_there = outbox->look(outbox->arg, h->id, &state, &tries_n) == 0;
        bool is_kept = is_there && (!h->is_receipt || state >= GSM_DELIVERED);
        if (is_kept || now_ms >= h->until_ms) {
            session_stored(&line->session, h->sequence, is_kept);
            h->id = 0;
        }
        waits |= h->id != 0;
    }
    if (waits)
        atomic_store(&line->sms->wants, true);
}

/* ---- the socket --------------------------------------------------------------------------- */

static void hang_up(struct line *line)
{
    if (line->fd >= 0)
        close(line->fd);
    line->fd = -1;
    memset(line->held, 0, sizeof(line->held));
}

static int connect_one(const struct addrinfo *at)
{
    int one = 1, fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (!connect(fd, at->ai_addr, at->ai_addrlen) || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

static void connect_to(struct line *line)
{
    char host[HOST_BYTES] = "";
    const char *address = line->sms->settings.address, *colon = strrchr(address, ':');
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool has_brackets = address[0] == '[';
    size_t n = colon ? (size_t)(colon - address) : 0;
    if (n < 2u * has_brackets + 1 || n >= sizeof(host))
        return;
    memcpy(host, address + has_brackets, n - 2u * has_brackets);
    if (!getaddrinfo(host, colon + 1, &hints, &found))
        for (const struct addrinfo *at = found; at && line->fd < 0; at = at->ai_next)
            line->fd = connect_one(at);
    if (found)
        freeaddrinfo(found);
}

static void tell(struct line *line)
{
    struct sms *s = line->sms;
    bool is_bound = line->session.state == SESSION_BOUND;
    atomic_store(&s->is_up, is_bound);
    if (is_bound && !line->was_bound)
        os_log_line(s->log, OS_LOG_INFO, "sms: bound to the gateway");
    if (!is_bound && line->session.state == SESSION_DOWN && !line->is_told)
        os_log_line(s->log, OS_LOG_ALARM,
                    "sms: no session with the gateway; messages wait\tstatus=%u",
                    line->session.bind_status);
    line->is_told = !is_bound && (line->is_told || line->session.state == SESSION_DOWN);
    line->was_bound = is_bound;
}

static void lose(struct line *line, ms_t now_ms)
{
    hang_up(line);
    if (line->session.state != SESSION_DOWN)
        session_down(&line->session, now_ms);
}

static void read_all(struct line *line, ms_t now_ms)
{
    char bytes[READ_BYTES];
    while (line->fd >= 0) {
        ssize_t n = recv(line->fd, bytes, sizeof(bytes), 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n <= 0 || !session_take(&line->session, (struct text){bytes, (size_t)n}, now_ms)) {
            lose(line, now_ms);
            return;
        }
    }
}

static void write_all(struct line *line, ms_t now_ms)
{
    struct session *session = &line->session;
    while (line->fd >= 0 && session->out_n) {
        ssize_t n = send(line->fd, session->out, session->out_n, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            lose(line, now_ms);
        if (n <= 0)
            return;
        session_written(session, (size_t)n);
    }
}

static void greet(struct line *line, ms_t now_ms)
{
    int err = 0;
    socklen_t n = sizeof(err);
    if (getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &err, &n) || err)
        lose(line, now_ms);
    else
        session_up(&line->session, now_ms);
}

static void turn(struct sms *s, int wait_ms)
{
    struct line *line = s->line;
    struct session *session = &line->session;
    if (session_turn(session, os_clock_boot_ms())) {
        connect_to(line);
        if (line->fd < 0)
            session_down(session, os_clock_boot_ms());
    }
    if (session->state == SESSION_DOWN)
        hang_up(line);
    settle(line, os_clock_boot_ms());
    write_all(line, os_clock_boot_ms());
    tell(line);
    bool is_connecting = session->state == SESSION_CONNECTING;
    struct pollfd fds[] = {{.fd = s->work.fd, .events = POLLIN},
                           {.fd = line->fd, .events = POLLIN}};
    if (is_connecting || session->out_n)
        fds[1].events |= POLLOUT;
    ms_t next_ms = session_next_ms(session) - os_clock_boot_ms();
    (void)poll(fds, ARRAY_LEN(fds), next_ms < wait_ms ? next_ms < 0 ? 0 : (int)next_ms : wait_ms);
    ms_t now_ms = os_clock_boot_ms();
    if (is_connecting && fds[1].revents)
        greet(line, now_ms);
    else if (fds[1].revents & (POLLIN | POLLHUP | POLLERR))
        read_all(line, now_ms);
    write_all(line, now_ms);
    tell(line);
}

/* ---- messages ----------------------------------------------------------------------------- */

static bool is_ready(struct sms *s, ms_t now_ms)
{
    const struct line *line = s->line;
    return session_is_ready(&line->session, now_ms);
}

static void give(struct sms *s, struct sms_slot *slot, ms_t now_ms)
{
    struct line *line = s->line;
    uint8_t septets[GSM_SEPTETS_MAX];
    size_t n = slot->row.sms.n <= GSM_SEPTETS_MAX ? slot->row.sms.n : 0;
    bool is_wide = slot->row.sms.coding == GSM_CODING_UCS2;
    if (is_wide)
        memcpy(septets, slot->row.sms.octets, n < JOURNAL_SMS_OCTETS ? n : JOURNAL_SMS_OCTETS);
    else
        gsm_unpack(septets, slot->row.sms.octets, n);
    const struct pdu_submit submit = {.sender = s->settings.sender,
                                      .e164 = slot->row.sms.e164,
                                      .coding = (enum gsm_coding)slot->row.sms.coding,
                                      .octets = septets,
                                      .octets_n = n,
                                      .wants_receipt = s->settings.receipts};
    session_submit(&line->session, &submit, slot->row.sms.id, now_ms);
}

/* While texts wait for the store the bell rings at each commit. */
static ms_t next_ms(struct sms *s)
{
    const struct line *line = s->line;
    ms_t next_ms = session_next_ms(&line->session);
    for (unsigned i = 0; i < SESSION_HELD_MAX; i++)
        if (line->held[i].id && line->held[i].until_ms < next_ms)
            next_ms = line->held[i].until_ms;
    if (line->session.hold_ms > os_clock_boot_ms() && line->session.hold_ms < next_ms)
        next_ms = line->session.hold_ms;
    return next_ms;
}

static int open_line(struct sms *s)
{
    struct line *line = calloc(1, sizeof(*line));
    if (!line)
        return ENOMEM;
    const struct session_args args = {.system_id = s->settings.system_id,
                                      .password = s->secret,
                                      .system_type = s->settings.system_type,
                                      .window = s->settings.window,
                                      .answer_ms = s->settings.answer_ms,
                                      .fn = take_news,
                                      .arg = line};
    line->sms = s;
    line->fd = -1;
    session_open(&line->session, &args);
    s->line = line;
    return 0;
}

static void drop_line(struct sms *s)
{
    struct line *line = s->line;
    if (!line)
        return;
    hang_up(line);
    free(line);
    s->line = NULL;
}

const struct sms_driver sms_smpp = {open_line, drop_line, is_ready, give, turn, next_ms};
