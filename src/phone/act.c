/* act.c — carries out what the tables of sip/ ask for: answers and requests of a leg.
 * Called by phone/ only. Cost: one message written and sent. Invariant: a message that is repeated
 * stands in its transaction; an ACK of a 2xx is written anew each time (RFC 3261 §13.2.2.4). */
#include "phone/leg.h"
#include "sip/replaces.h"

#define BRANCH_MAX 32
#define CONTACT_MAX 96
/* The lines of a dialog, and what an INVITE of ours says more: who calls, its proof. */
#define LINES_MAX 1536

void phone_send(struct phone *p, uint32_t tx)
{
    struct sip_tx *t = &p->txs.tx[tx];
    phone_transmit(p, &t->peer, (struct text){(const char *)t->message, t->message_n});
}

static enum sip_tx_event event_of(uint16_t status)
{
    return status < 200 ? SIP_TX_SAY_1XX : status < 300 ? SIP_TX_SAY_2XX : SIP_TX_SAY_FAILURE;
}

bool phone_say(struct phone *p, uint32_t tx, uint16_t status, size_t n)
{
    if (!sip_tx_set_message(&p->txs, tx, (const uint8_t *)p->out, n))
        return false;
    struct sip_tx_verdict v = sip_tx_happens(&p->txs, tx, event_of(status), p->now_at);
    if (v.actions & SIP_TX_DO_SEND)
        phone_send(p, v.slot);
    return true;
}

/* sips where the other side asked so: it wants no way without TLS (RFC 3261 §12.1.1). */
static struct text contact_of(const struct phone *p, const struct sip_peer *peer, bool is_sips,
                              char to[CONTACT_MAX])
{
    static const struct {
        struct text t;
    } ways[] = {[SIP_OVER_UDP] = {TEXT("")},
                [SIP_OVER_TCP] = {TEXT(";transport=tcp")},
                [SIP_OVER_TLS] = {TEXT(";transport=tls")}};
    struct text_out out = {.p = to, .max = CONTACT_MAX};
    text_put(&out, is_sips ? TEXT("sips:decroche@") : TEXT("sip:decroche@"));
    text_put(&out, phone_self(p, peer));
    text_put(&out, is_sips ? TEXT_NONE : ways[peer->transport].t);
    return (struct text){to, out.n};
}

/* ---- answers ------------------------------------------------------------------------------ */

void leg_say(struct phone *p, struct phone_leg *leg, const struct sip_answer *answer)
{
    char contact[CONTACT_MAX];
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    struct sip_answer a = *answer;
    bool makes_dialog = a.status > 100 && a.status < 300;
    if (leg->invite_tx == SLOT_NONE)
        return;
    const struct sip_tx *tx = &p->txs.tx[leg->invite_tx];
    struct text earlier = {(const char *)tx->message, tx->message_n};
    struct text routes = {leg->dialog.routes, makes_dialog ? leg->dialog.routes_n : 0};
    if (makes_dialog)
        a.contact = contact_of(p, &leg->peer, leg->secure.is_sips, contact);
    if (LEG_CHECK(p, leg, sip_write_again(&out, earlier, routes, &a)))
        LEG_CHECK(p, leg, phone_say(p, leg->invite_tx, a.status, out.n));
}

static void refuse(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    struct sip_answer a = {.status = status};
    if (status == 503)
        a.headers = TEXT("Retry-After: 5\r\n");
    leg_say(p, leg, &a);
}

/* A session is made by its 2xx: what was agreed of its timer stands in that alone. What was
 * described and acknowledged before the answer is not said again (RFC 3262 §5). */
void leg_say_description(struct phone *p, struct phone_leg *leg, uint16_t status)
{
    char bytes[LEG_LINES_MAX];
    struct text_out lines = {.p = bytes, .max = sizeof(bytes)};
    bool is_new = !leg->reliable.is_settled;
    text_put(&lines, TEXT(LEG_ALLOW));
    if (status >= 200)
        sip_timer_put_answer(&lines, &leg->timer.is);
    else if (leg->reliable.is_wanted)
        sip_reliable_put_rseq(&lines, sip_reliable_say(&leg->reliable, is_new, p->now_at));
    const struct sip_answer a = {.status = status,
                                 .headers = {lines.p, lines.n},
                                 .content_type = TEXT("application/sdp"),
                                 .body = {leg->sdp, is_new ? leg->sdp_n : 0}};
    leg_say(p, leg, &a);
}

bool leg_answer(struct phone *p, struct phone_leg *leg, const struct sip_answer *answer)
{
    char contact[CONTACT_MAX];
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    struct sip_answer a = *answer;
    a.contact = contact_of(p, &leg->peer, leg->secure.is_sips, contact);
    return sip_write_answer(&out, &p->read.in, &a) && phone_say(p, p->request_tx, a.status, out.n);
}

/* ---- requests ----------------------------------------------------------------------------- */

struct draft {
    char branch[BRANCH_MAX], via[LEG_VIA_MAX];
    struct text branch_text;
};

/* A branch of ours: never used before, and not to be guessed (RFC 3261 §8.1.1.7). */
static void draw_branch(struct phone *p, struct draft *d)
{
    struct text serial = {(const char *)&p->branch_n, sizeof(p->branch_n)};
    struct text_out out = {.p = d->branch, .max = sizeof(d->branch)};
    text_put(&out, TEXT("z9hG4bK"));
    text_hex(d->branch + out.n, siphash(&p->door.secret.hi, serial), 16);
    p->branch_n++;
    d->branch_text = (struct text){d->branch, out.n + 16};
}

static struct text via_of(const struct phone *p, const struct sip_peer *peer, struct draft *d)
{
    static const struct {
        struct text t;
    } ways[] = {[SIP_OVER_UDP] = {TEXT("SIP/2.0/UDP ")},
                [SIP_OVER_TCP] = {TEXT("SIP/2.0/TCP ")},
                [SIP_OVER_TLS] = {TEXT("SIP/2.0/TLS ")}};
    struct text_out out = {.p = d->via, .max = sizeof(d->via)};
    text_put(&out, ways[peer->transport].t);
    text_put(&out, phone_self(p, peer));
    text_put(&out, TEXT(";branch="));
    text_put(&out, d->branch_text);
    text_put(&out, TEXT(";rport"));
    return (struct text){d->via, out.n};
}

static const struct leg_asking plain; /* nothing more than the dialog says */

/* Writes a request of the leg's dialog to p->out; its length, 0: it did not fit. */
static size_t write_request(struct phone *p, struct phone_leg *leg,
                            const struct sip_leg_request *request, const struct leg_asking *asking)
{
    char contact[CONTACT_MAX], scratch_bytes[SIP_LEG_SCRATCH_MAX], line_bytes[LINES_MAX];
    struct text_out lines = {.p = line_bytes, .max = sizeof(line_bytes)};
    struct text_out scratch = {.p = scratch_bytes, .max = sizeof(scratch_bytes)};
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    struct sip_ask ask;
    if (!sip_leg_ask(&leg->dialog, request, &scratch, &ask))
        return 0;
    if (request->method == SIP_METHOD_INVITE || request->method == SIP_METHOD_UPDATE) {
        ask.contact = contact_of(p, &leg->peer, leg->secure.is_sips, contact);
        text_put(&lines, TEXT(LEG_ALLOW));
        sip_timer_put_ask(&lines, &leg->timer.is);
    }
    if (request->method == SIP_METHOD_INVITE && leg->session != SIP_SESSION_TALKING)
        text_put(&lines, leg->aor ? TEXT("Supported: 100rel, replaces\r\n")
                                  : TEXT("Supported: 100rel\r\n"));
    bool ends = request->method == SIP_METHOD_CANCEL || request->method == SIP_METHOD_BYE;
    if (ends && leg->cause)
        sip_reason_put(&lines, leg->cause);
    text_put(&lines, asking->headers);
    ask.headers = (struct text){lines.p, lines.n};
    if (asking->body.n)
        ask.content_type = asking->method == SIP_METHOD_NOTIFY ? TEXT("message/sipfrag;version=2.0")
                                                               : TEXT("application/sdp");
    ask.body = asking->body;
    return !lines.is_cut && sip_write_ask(&out, &ask) ? out.n : 0;
}

/* An INVITE of ours within a call that is up is a refresh of its timer. */
static enum leg_role role_of(const struct phone_leg *leg, enum sip_method method)
{
    if (method == SIP_METHOD_INVITE)
        return leg->session == SIP_SESSION_TALKING ? LEG_REFRESH : LEG_INVITE;
    return method == SIP_METHOD_BYE      ? LEG_BYE
           : method == SIP_METHOD_UPDATE ? LEG_REFRESH
           : method == SIP_METHOD_PRACK  ? LEG_PRACK
           : method == SIP_METHOD_NOTIFY ? LEG_NOTIFY
                                         : LEG_PROBE;
}

/* The n bytes in p->out are a transaction of their own. */
static uint32_t prepare(struct phone *p, const struct sip_tx_args *args, size_t n)
{
    uint32_t tx = n ? sip_tx_begin(&p->txs, args, p->now_at) : SLOT_NONE;
    if (tx == SLOT_NONE)
        return SLOT_NONE;
    if (!sip_tx_set_message(&p->txs, tx, (const uint8_t *)p->out, n)) {
        sip_tx_drop(&p->txs, tx);
        return SLOT_NONE;
    }
    return tx;
}

/* Who was cut off gets it when they are there again (meet.c). */
static uint32_t begin(struct phone *p, const struct phone_leg *leg, const struct sip_tx_args *args,
                      size_t n)
{
    uint32_t tx = prepare(p, args, n);
    if (tx != SLOT_NONE && !leg_is_cut_off(p, leg))
        phone_send(p, tx);
    return tx;
}

uint32_t leg_ask_with(struct phone *p, struct phone_leg *leg, const struct leg_asking *asking)
{
    struct draft d;
    enum sip_method method = asking->method;
    draw_branch(p, &d);
    const struct sip_leg_request request = {.method = method, .via = via_of(p, &leg->peer, &d)};
    size_t n = write_request(p, leg, &request, asking);
    const struct sip_tx_args args = {
        .kind = method == SIP_METHOD_INVITE ? SIP_TX_INVITE_CLIENT : SIP_TX_OTHER_CLIENT,
        .key = phone_key_branch(&p->door.secret, d.branch_text, method),
        .peer = leg->peer,
        .user = leg->id << LEG_ROLE_BITS | role_of(leg, method)};
    return begin(p, leg, &args, n);
}

uint32_t leg_ask(struct phone *p, struct phone_leg *leg, enum sip_method method, struct text body)
{
    const struct leg_asking asking = {.method = method, .body = body};
    return leg_ask_with(p, leg, &asking);
}

uint32_t phone_ask(struct phone *p, struct sip_ask *ask, const struct sip_peer *to, uint64_t user)
{
    struct draft d;
    char contact[CONTACT_MAX];
    struct text_out out = {.p = p->out, .max = SIP_TX_MESSAGE_MAX};
    draw_branch(p, &d);
    ask->via = via_of(p, to, &d);
    if (!ask->contact.n && ask->method != SIP_METHOD_PRACK) /* which moves no target */
        ask->contact = contact_of(p, to, false, contact);
    size_t n = sip_write_ask(&out, ask) ? out.n : 0;
    const struct sip_tx_args args = {
        .kind = SIP_TX_OTHER_CLIENT,
        .key = phone_key_branch(&p->door.secret, d.branch_text, ask->method),
        .peer = *to,
        .user = user};
    uint32_t tx = prepare(p, &args, n);
    if (tx != SLOT_NONE)
        phone_send(p, tx);
    return tx;
}

/* The value of the Via of a request of ours: its second line. */
static struct text own_via(const struct sip_tx *tx)
{
    struct text rest = {(const char *)tx->message, tx->message_n};
    text_cut(&rest, '\n');
    struct text line = text_cut(&rest, '\r');
    text_cut(&line, ' ');
    return line;
}

struct text leg_invite_via(const struct phone *p, const struct phone_leg *leg)
{
    return own_via(&p->txs.tx[leg->invite_tx]);
}

struct text phone_branch_of(struct text via)
{
    struct sip_via_parts parts;
    return sip_value_via(via, &parts) ? parts.branch : TEXT_NONE;
}

/* A CANCEL repeats the Via of its INVITE, and is a transaction of its own (§9.1). */
static void cancel(struct phone *p, struct phone_leg *leg)
{
    if (leg->invite_tx == SLOT_NONE)
        return;
    struct text via = own_via(&p->txs.tx[leg->invite_tx]);
    const struct sip_leg_request request = {.method = SIP_METHOD_CANCEL, .via = via};
    size_t n = write_request(p, leg, &request, &plain);
    const struct sip_tx_args args = {
        .kind = SIP_TX_OTHER_CLIENT,
        .key = phone_key_branch(&p->door.secret, phone_branch_of(via), SIP_METHOD_CANCEL),
        .peer = leg->peer,
        .user = leg->id << LEG_ROLE_BITS | LEG_CANCEL};
    (void)begin(p, leg, &args, n); /* no room: it rings on until it is not answered */
    sip_tx_happens(&p->txs, leg->invite_tx, SIP_TX_SAID_CANCEL, p->now_at);
}

static void acknowledge(struct phone *p, struct phone_leg *leg)
{
    struct draft d;
    draw_branch(p, &d);
    const struct sip_leg_request request = {.method = SIP_METHOD_ACK,
                                            .via = via_of(p, &leg->peer, &d)};
    size_t n = write_request(p, leg, &request, &plain);
    if (n)
        phone_transmit(p, &leg->peer, (struct text){p->out, n});
}

void leg_acknowledge_failure(struct phone *p, struct phone_leg *leg, uint32_t tx, struct text to)
{
    const struct sip_leg_request request = {
        .method = SIP_METHOD_ACK, .via = own_via(&p->txs.tx[tx]), .to = to};
    size_t n = write_request(p, leg, &request, &plain);
    if (n && sip_tx_set_message(&p->txs, tx, (const uint8_t *)p->out, n))
        phone_send(p, tx);
}

void leg_end_fork(struct phone *p, const struct phone_leg *leg, const struct sip_in *in)
{
    struct phone_leg fork = {.id = 0, .peer = leg->peer}; /* id 0: nobody hears of its BYE */
    if (sip_leg_fork(&fork.dialog, &leg->dialog, in) != SIP_LEG_OK)
        return;
    acknowledge(p, &fork);
    leg_ask(p, &fork, SIP_METHOD_BYE, TEXT_NONE);
}

/* ---- the table's actions ------------------------------------------------------------------ */

void leg_up(struct phone *p, struct phone_leg *leg)
{
    struct phone_report up = {.kind = PHONE_UP};
    bool is_known = leg->is_moved;
    bool is_answered = leg->watch == WATCH_EARLY && leg->session == SIP_SESSION_TALKING;
    if (is_answered) { /* no more 183: from now on its silence means something */
        leg->watch = WATCH_NONE;
        leg_set_timer(p, leg, MS_NEVER);
    }
    leg->is_up = true;
    leg->is_moved = false;
    fork_end(p, leg, FORK_PICKED_UP);
    leg_set_media(p, leg);
    if (!is_known)
        leg_tell(p, leg, &up);
}

static void say_bye(struct phone *p, struct phone_leg *leg)
{
    leg->dial.proofs_n = 0;
    if (leg_ask(p, leg, SIP_METHOD_BYE, TEXT_NONE) == SLOT_NONE)
        leg->session = SIP_SESSION_ENDED; /* no room: the other side finds out by itself */
}

bool leg_says_bye_again(struct phone *p, struct phone_leg *leg)
{
    if (!leg_is_cut_off(p, leg) || ++leg->byes_n >= PHONE_BYES_MAX)
        return false;
    return leg_ask(p, leg, SIP_METHOD_BYE, TEXT_NONE) != SLOT_NONE;
}

/* Reports are the last thing: the app answers them at once, also with this leg. */
static void tell(struct phone *p, struct phone_leg *leg, unsigned actions)
{
    uint64_t id = leg->id;
    struct phone_report rings = {.kind = PHONE_RINGS};
    if (actions & SIP_SESSION_TELL_HEARD)
        leg_tell(p, fork_head(p, leg), &rings);
    if (actions & SIP_SESSION_TELL_UP && leg_by_id(p, id) == leg)
        leg_up(p, leg);
    if (actions & SIP_SESSION_TELL_END && leg_by_id(p, id) == leg)
        leg_tell_end(p, leg, leg->is_fault);
}

void leg_happens(struct phone *p, struct phone_leg *leg, enum sip_session_event event)
{
    uint64_t id = leg->id;
    unsigned actions = sip_session_happens(&leg->session, event);
    if (actions & SIP_SESSION_SEND_2XX) {
        leg_say_description(p, leg, 200);
        leg_timer_begin(p, leg);
    }
    if (actions & SIP_SESSION_SEND_183)
        leg_say_description(p, leg, 183);
    if (actions & SIP_SESSION_SEND_REFUSAL)
        refuse(p, leg, leg->refusal ? leg->refusal : 480);
    if (actions & SIP_SESSION_SEND_OK)
        phone_answer_request(p, 200);
    if (actions & SIP_SESSION_SEND_487)
        refuse(p, leg, 487);
    if (actions & SIP_SESSION_SEND_481)
        phone_answer_request(p, 481);
    if (actions & SIP_SESSION_SEND_ACK)
        acknowledge(p, leg);
    if (actions & SIP_SESSION_SEND_CANCEL)
        cancel(p, leg);
    if (actions & SIP_SESSION_SEND_BYE)
        say_bye(p, leg);
    if (actions & SIP_SESSION_STOP_2XX && leg->invite_tx != SLOT_NONE)
        sip_tx_happens(&p->txs, leg->invite_tx, SIP_TX_GOT_ACK, p->now_at);
    if (leg->session == SIP_SESSION_ENDED) /* its answer is kept for half a minute, no channel */
        trunk_give_back(p, leg);
    tell(p, leg, actions);
    leg_settle(p, leg_by_id(p, id));
}

/* A caller's INVITE may still be answered a second time: its leg stays to acknowledge that. */
void leg_settle(struct phone *p, struct phone_leg *leg)
{
    if (!leg || leg->session != SIP_SESSION_ENDED)
        return;
    leg_tell_end(p, leg, leg->is_fault);
    if (leg->is_unacked) { /* our 200 to a re-INVITE: the BYE has overtaken its ACK */
        sip_tx_happens(&p->txs, leg->invite_tx, SIP_TX_GOT_ACK, p->now_at);
        leg->invite_tx = SLOT_NONE;
    }
    if (!leg->dialog.is_caller || leg->invite_tx == SLOT_NONE)
        leg_drop(p, leg);
}
