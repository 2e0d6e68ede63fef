/* trunk.c — the accesses to operators: registered where they want it, probed, their channels
 * counted. What must be done when is said by sip/trunk.h. Called by phone/ only. Cost: a message in
 * ten seconds for each. Invariant: nothing is sent to an address that a message chose. */
#include <string.h>

#include "phone/hash.h"
#include "phone/leg.h"

#define FROM_MAX 256
#define LINES_MAX 768
#define CHALLENGES_MAX 4

/* ---- the list ----------------------------------------------------------------------------- */

uint32_t trunk_place(const struct phone *p, uint32_t number)
{
    for (uint32_t i = 0; i < p->trunks_n; i++)
        if (number && p->trunks[i].is.number == number)
            return i;
    return SLOT_NONE;
}

static bool keep(char *to, size_t max, struct text t)
{
    if (t.n >= max)
        return false;
    if (t.n)
        memcpy(to, t.p, t.n);
    to[t.n] = '\0';
    return true;
}

/* Does what it was asked and answered so far say nothing of it any more? */
static bool is_another(const struct trunk *t, const struct phone_trunk *is, ms_t now_at)
{
    bool is_found = !t->is.at_n && is->at_n; /* its name has an address now */
    bool is_moved = t->is.at_n && is->at_n && t->is.at[0].port != is->at[0].port;
    /* A secret that was put right is not left waiting for the next try. */
    bool is_right_now = is->registers && !text_equal(text_of(t->secret), is->secret) &&
                        !sip_trunk_is_bound(&t->state, now_at);
    return is_found || is_moved || is_right_now || !t->is.number ||
           !text_equal(text_of(t->host), is->host) || !text_equal(text_of(t->user), is->user) ||
           t->is.registers != is->registers || t->is.is_unprobed != is->is_unprobed ||
           t->is.is_tcp != is->is_tcp || t->is.is_tls != is->is_tls;
}

static void take_over(struct phone *p, struct trunk *t, const struct phone_trunk *is)
{
    struct text serial = {(const char *)&is->number, sizeof(is->number)};
    bool is_other = is_another(t, is, p->now_at);
    const struct address was_at = t->is.at[t->at_i];
    bool fits = keep(t->host, sizeof(t->host), is->host) &&
                keep(t->user, sizeof(t->user), is->user) &&
                keep(t->secret, sizeof(t->secret), is->secret);
    t->is = *is;
    t->is.host = text_of(t->host);
    t->is.user = text_of(t->user);
    t->is.secret = text_of(t->secret);
    if (!fits)
        t->is.at_n = 0; /* told by the reader of the files, whose bounds are the same */
    t->at_i = 0;
    for (uint8_t i = 0; i < t->is.at_n;
         i++) /* who is spoken with stays, wherever the list has it */
        if (address_equal(&t->is.at[i], &was_at))
            t->at_i = i;
    if (!is_other)
        return;
    text_hex(t->call_id, siphash(&p->door.secret.hi, serial), TRUNK_CALL_ID_N);
    t->register_tx = t->probe_tx = SLOT_NONE;
    if (t->counted != is->number)
        t->quality = (struct phone_quality){.so_far.judged_n = 0};
    t->counted = is->number;
    sip_trunk_open(&t->state, (struct sip_trunk_wish){is->registers, is->is_unprobed}, p->now_at);
}

/* Those that are not in the list any more: first, for their places are free for others. */
static void forget(struct phone *p, const struct phone_trunk *trunks, uint32_t n)
{
    for (uint32_t i = 0; i < p->trunks_n; i++) {
        bool stays = false;
        for (uint32_t j = 0; j < n; j++)
            stays |= trunks[j].number == p->trunks[i].is.number;
        if (stays)
            continue;
        p->trunks[i].is = (struct phone_trunk){.number = 0}; /* calls over it go on */
        explicit_bzero(p->trunks[i].secret, sizeof(p->trunks[i].secret));
    }
}

/* The places of trunks that stay are the same as long as somebody speaks over one. */
void phone_trunks(struct phone *p, const struct phone_trunk *trunks, uint32_t n)
{
    forget(p, trunks, n);
    for (uint32_t i = 0; i < n && i < p->trunks_max; i++) {
        uint32_t place = trunk_place(p, trunks[i].number);
        for (uint32_t j = 0; place == SLOT_NONE && j < p->trunks_max; j++)
            if (j >= p->trunks_n ||
                (!p->trunks[j].is.number && !p->trunks[j].in_n && !p->trunks[j].out_n))
                place = j;
        if (place == SLOT_NONE)
            continue;
        p->trunks_n = place >= p->trunks_n ? place + 1 : p->trunks_n;
        take_over(p, &p->trunks[place], &trunks[i]);
    }
}

bool phone_trunk_look(const struct phone *p, uint32_t i, struct phone_trunk_look *look)
{
    if (i >= p->trunks_n)
        return false;
    const struct trunk *t = &p->trunks[i];
    *look = (struct phone_trunk_look){.number = t->is.number,
                                      .calls_in_n = t->in_n,
                                      .calls_out_n = t->out_n,
                                      .channels = t->is.channels,
                                      .is_up = t->state.link == SIP_TRUNK_UP,
                                      .is_down = t->state.link == SIP_TRUNK_DOWN,
                                      .registers = t->is.registers,
                                      .is_bound = sip_trunk_is_bound(&t->state, p->now_at),
                                      .sound = quality_look(&t->quality, p->now_at)};
    return true;
}

/* ---- channels ----------------------------------------------------------------------------- */

/* At nine in ten the operator will soon give the busy tone that nobody counts. */
static void tell_full(struct phone *p, struct trunk *t)
{
    uint32_t n = t->in_n + t->out_n;
    bool is_near = t->is.channels && n * 10 >= t->is.channels * 9;
    if (is_near && !t->is_told_full)
        os_log_line(p->log, OS_LOG_ALARM,
                    "trunk %s: %u calls of %u channels: ask the operator for more", t->host, n,
                    t->is.channels);
    if (is_near || n * 10 < t->is.channels * 8) /* not again and again around the mark */
        t->is_told_full = is_near;
}

bool trunk_has_room(const struct trunk *t)
{
    return !t->is.channels || t->in_n + t->out_n < t->is.channels;
}

bool trunk_take_in(struct phone *p, struct phone_leg *leg, uint32_t place)
{
    struct trunk *t = &p->trunks[place];
    if (t->is.channels && t->in_n >= t->is.channels - t->is.outbound)
        return false;
    leg->dial.trunk = (uint16_t)(place + 1);
    leg->dial.is_out = false;
    t->in_n++;
    tell_full(p, t);
    return true;
}

void trunk_take_out(struct phone *p, struct phone_leg *leg, uint32_t place)
{
    trunk_give_back(p, leg);
    leg->dial.trunk = (uint16_t)(place + 1);
    leg->dial.is_out = true;
    p->trunks[place].out_n++;
    tell_full(p, &p->trunks[place]);
}

void trunk_give_back(struct phone *p, struct phone_leg *leg)
{
    if (!leg->dial.trunk)
        return;
    struct trunk *t = &p->trunks[leg->dial.trunk - 1];
    leg->dial.trunk = 0;
    t->in_n -= !leg->dial.is_out;
    t->out_n -= leg->dial.is_out;
    tell_full(p, t);
}

/* ---- credentials -------------------------------------------------------------------------- */

struct text trunk_proof(struct phone *p, struct trunk *t, struct text uri, struct text_out *out)
{
    const struct sip_digest_hash hash = phone_hash();
    struct sip_digest_said said[CHALLENGES_MAX];
    bool is_proxy = p->read.in.status == 407;
    char cnonce[16];
    uint32_t n = 0;
    struct text serial = {(const char *)&t->nonce_n, sizeof(t->nonce_n)}, value;
    enum sip_header_id id = is_proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE;
    for (uint32_t i = 0; (value = sip_read_header(&p->read, id, i)).p && n < CHALLENGES_MAX; i++)
        n += sip_digest_read(&said[n], value);
    uint32_t chosen = sip_digest_choose(said, n, true);
    if (chosen == n || !t->is.user.n || !t->is.secret.n)
        return TEXT_NONE;
    t->nonce_n++;
    text_hex(cnonce, siphash(&p->door.secret.lo, serial), sizeof(cnonce));
    const struct sip_digest_answer answer = {.challenge = &said[chosen],
                                             .username = t->is.user,
                                             .secret = t->is.secret,
                                             .method = sip_method_name(p->read.in.method),
                                             .uri = uri,
                                             .cnonce = {cnonce, sizeof(cnonce)},
                                             .count = 1,
                                             .is_proxy = is_proxy};
    size_t before = out->n;
    if (!sip_digest_put_answer(out, &answer, &hash))
        return TEXT_NONE;
    return (struct text){out->p + before, out->n - before};
}

static bool is_stale(const struct sip_read *read)
{
    struct sip_digest_said said;
    struct text value = sip_read_header(read, SIP_HEADER_WWW_AUTHENTICATE, 0);
    if (!value.p)
        value = sip_read_header(read, SIP_HEADER_PROXY_AUTHENTICATE, 0);
    return value.p && sip_digest_read(&said, value) && text_equal_fold(said.stale, TEXT("true"));
}

/* ---- what is sent ------------------------------------------------------------------------- */

struct sip_peer trunk_peer(const struct trunk *t)
{
    return (struct sip_peer){.at = t->is.at[t->at_i],
                             .transport = t->is.is_tls   ? SIP_OVER_TLS
                                          : t->is.is_tcp ? SIP_OVER_TCP
                                                         : SIP_OVER_UDP};
}

void trunk_put_host(struct text_out *out, const struct trunk *t)
{
    bool is_v6 = memchr(t->host, ':', strlen(t->host)) != NULL;
    text_put(out, is_v6 ? TEXT("[") : TEXT_NONE);
    text_put(out, t->is.host);
    text_put(out, is_v6 ? TEXT("]") : TEXT_NONE);
}

static void put_uri(struct text_out *out, const struct trunk *t, bool has_user)
{
    text_put(out, TEXT("sip:"));
    if (has_user && t->is.user.n) {
        text_put(out, t->is.user);
        text_put(out, TEXT("@"));
    }
    trunk_put_host(out, t);
}

/* REGISTER and OPTIONS are of one shape; proof: further lines. */
static uint32_t ask(struct phone *p, uint32_t place, enum sip_method method, struct text lines)
{
    struct trunk *t = &p->trunks[place];
    char to_bytes[FROM_MAX], from_bytes[FROM_MAX], uri_bytes[FROM_MAX];
    struct text_out to = {.p = to_bytes, .max = sizeof(to_bytes)};
    struct text_out from = {.p = from_bytes, .max = sizeof(from_bytes)};
    struct text_out uri = {.p = uri_bytes, .max = sizeof(uri_bytes)};
    const struct sip_peer peer = trunk_peer(t);
    put_uri(&uri, t, false);
    text_put(&to, TEXT("<"));
    put_uri(&to, t, true);
    text_put(&to, TEXT(">"));
    text_put(&from, (struct text){to.p, to.n});
    text_put(&from, TEXT(";tag="));
    text_put(&from, (struct text){t->call_id, TRUNK_CALL_ID_N});
    struct sip_ask a = {.method = method,
                        .request_uri = {uri.p, uri.n},
                        .from = {from.p, from.n},
                        .to = {to.p, to.n},
                        .call_id = {t->call_id, TRUNK_CALL_ID_N},
                        .headers = lines,
                        .cseq = ++t->cseq};
    char contact_bytes[FROM_MAX];
    struct text_out contact = {.p = contact_bytes, .max = sizeof(contact_bytes)};
    if (t->is.is_line) {
        text_put(&contact, TEXT("sip:"));
        text_put(&contact, t->is.user);
        text_put(&contact, TEXT("@"));
        text_put(&contact, phone_self(p, &peer));
        a.contact = (struct text){contact.p, contact.n};
    }
    enum leg_role role = method == SIP_METHOD_REGISTER ? TRUNK_REGISTER : TRUNK_PROBE;
    return phone_ask(p, &a, &peer, (uint64_t)place << LEG_ROLE_BITS | role);
}

static void send_register(struct phone *p, uint32_t place, bool with_proof)
{
    struct trunk *t = &p->trunks[place];
    char lines_bytes[LINES_MAX], uri_bytes[FROM_MAX];
    struct text_out lines = {.p = lines_bytes, .max = sizeof(lines_bytes)};
    struct text_out uri = {.p = uri_bytes, .max = sizeof(uri_bytes)};
    put_uri(&uri, t, false);
    bool is_proved = !with_proof || trunk_proof(p, t, (struct text){uri.p, uri.n}, &lines).n;
    text_put(&lines, TEXT("Expires: "));
    text_put_number(&lines, t->state.expires_s);
    text_put(&lines, TEXT("\r\n"));
    t->register_tx = SLOT_NONE;
    if (is_proved && t->is.at_n && !lines.is_cut)
        t->register_tx = ask(p, place, SIP_METHOD_REGISTER, (struct text){lines.p, lines.n});
    if (t->register_tx == SLOT_NONE)
        trunk_act(p, place, sip_trunk_register(&t->state, SIP_TRUNK_GOT_NOTHING, 0, p->now_at));
}

static void send_probe(struct phone *p, uint32_t place)
{
    struct trunk *t = &p->trunks[place];
    t->probe_tx = t->is.at_n ? ask(p, place, SIP_METHOD_OPTIONS, TEXT_NONE) : SLOT_NONE;
}

static void tell(struct phone *p, const struct trunk *t, unsigned actions)
{
    static const struct {
        unsigned action;
        enum os_log_level level;
        const char *text;
    } lines[] = {
        {SIP_TRUNK_TELL_BOUND, OS_LOG_INFO, "registered"},
        {SIP_TRUNK_TELL_REFUSED, OS_LOG_ALARM,
         "the operator refuses our name or secret: see `trunks` in the directory and in the "
         "secrets"},
        {SIP_TRUNK_TELL_FAILED, OS_LOG_WARNING, "not registered; tried again by itself"},
        {SIP_TRUNK_TELL_UP, OS_LOG_INFO, "answers"},
        {SIP_TRUNK_TELL_DOWN, OS_LOG_ALARM,
         "does not answer: is its address right, does the firewall let SIP through?"},
    };
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++)
        if (actions & lines[i].action)
            os_log_line(p->log, lines[i].level, "trunk %s: %s", t->host, lines[i].text);
}

/* The next address of its name, when one is silent. */
static void turn_address(struct trunk *t)
{
    if (t->is.at_n > 1)
        t->at_i = (uint8_t)((t->at_i + 1u) % t->is.at_n);
}

void trunk_act(struct phone *p, uint32_t place, unsigned actions)
{
    struct trunk *t = &p->trunks[place];
    tell(p, t, actions);
    if (actions & SIP_TRUNK_TELL_DOWN)
        turn_address(t);
    if (actions & SIP_TRUNK_SEND_PROBE)
        send_probe(p, place);
    if (actions & (SIP_TRUNK_SEND_REGISTER | SIP_TRUNK_SEND_PROOF))
        send_register(p, place, actions & SIP_TRUNK_SEND_PROOF);
}

/* ---- what comes back ---------------------------------------------------------------------- */

/* The seconds granted: of our Contact, else of Expires (§10.2.4); 0: not said. */
static uint32_t granted(const struct phone *p, const struct trunk *t)
{
    const struct sip_peer peer = trunk_peer(t);
    struct text self = phone_self(p, &peer);
    for (uint32_t i = 0; sip_read_header(&p->read, SIP_HEADER_CONTACT, i).p; i++) {
        struct text rest = sip_read_header(&p->read, SIP_HEADER_CONTACT, i), one;
        while (sip_value_next(&rest, &one)) {
            struct sip_address address;
            uint64_t s = 0;
            bool has;
            if (!sip_value_address(one, &address) ||
                !memmem(address.uri.p, address.uri.n, self.p, self.n))
                continue;
            struct text value = sip_value_param(address.params, TEXT("expires"), &has);
            if (has && text_number(value, UINT32_MAX, &s) && s)
                return (uint32_t)s;
        }
    }
    return p->read.has_expires ? p->read.expires : 0;
}

static unsigned register_answered(struct phone *p, struct trunk *t)
{
    uint64_t min_s = 0;
    uint16_t status = p->read.in.status;
    enum sip_trunk_register_event event = SIP_TRUNK_GOT_FAILURE;
    uint32_t value = 0;
    if (status >= 200 && status < 300) {
        event = SIP_TRUNK_GOT_OK;
        value = granted(p, t);
    } else if (status == 401 || status == 407) {
        event = is_stale(&p->read) ? SIP_TRUNK_GOT_STALE : SIP_TRUNK_GOT_CHALLENGE;
    } else if (status == 423) {
        event = SIP_TRUNK_GOT_BRIEF;
        if (text_number(sip_read_header(&p->read, SIP_HEADER_MIN_EXPIRES, 0), UINT32_MAX, &min_s))
            value = (uint32_t)min_s;
    }
    return sip_trunk_register(&t->state, event, value, p->now_at);
}

void trunk_answered(struct phone *p, uint32_t place, unsigned role, const struct sip_tx_verdict *v)
{
    struct trunk *t = place < p->trunks_n ? &p->trunks[place] : NULL;
    if (!t || !t->is.number || p->read.in.status < 200)
        return;
    if (role == TRUNK_REGISTER && v->slot == t->register_tx) {
        t->register_tx = SLOT_NONE;
        trunk_act(p, place, register_answered(p, t));
    } else if (role == TRUNK_PROBE && v->slot == t->probe_tx) {
        t->probe_tx = SLOT_NONE;
        enum sip_trunk_probe_event event =
            p->read.in.status == 503 ? SIP_TRUNK_PROBE_LOST : SIP_TRUNK_PROBE_ANSWERED;
        trunk_act(p, place, sip_trunk_probe(&t->state, event, p->now_at));
    }
}

void trunk_timed_out(struct phone *p, uint32_t place, unsigned role, uint32_t tx)
{
    struct trunk *t = place < p->trunks_n ? &p->trunks[place] : NULL;
    if (!t || !t->is.number || role != TRUNK_REGISTER || tx != t->register_tx)
        return; /* a probe has a shorter time of its own */
    t->register_tx = SLOT_NONE;
    trunk_act(p, place, sip_trunk_register(&t->state, SIP_TRUNK_GOT_NOTHING, 0, p->now_at));
}

/* At most so many at once for one trunk: its tables always move on. */
#define DUE_MAX 8

void trunk_timers(struct phone *p)
{
    for (uint32_t i = 0; i < p->trunks_n; i++) {
        unsigned actions;
        for (unsigned n = 0; n < DUE_MAX && p->trunks[i].is.number &&
                             sip_trunk_due(&p->trunks[i].state, p->now_at, &actions);
             n++)
            trunk_act(p, i, actions);
    }
}

ms_t trunk_next_at(const struct phone *p)
{
    ms_t first_at = MS_NEVER;
    for (uint32_t i = 0; i < p->trunks_n; i++) {
        ms_t at = p->trunks[i].is.number ? sip_trunk_next_at(&p->trunks[i].state) : MS_NEVER;
        first_at = at < first_at ? at : first_at;
    }
    return first_at;
}
