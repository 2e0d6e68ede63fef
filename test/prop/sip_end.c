/* sip_end.c — see sip_end.h. The glue of phone/ in small: which transaction a message belongs to,
 * what its session does then. Watches what must never be sent. Cost: a few lookups a message. */
#include <string.h>

#include "test/prop/sip_end.h"

/* Whose a transaction is. */
enum user { USER_INVITE = 1, USER_BYE, USER_CANCEL, USER_ANSWER };

#define RING_GUARD_MS ((ms_t)150000)

static void happens(struct sip_end *e, enum sip_session_event event, const struct sip_in *in,
                    uint32_t slot);

void sip_end_open(struct sip_end *e, struct arena *arena)
{
    sip_tx_open(&e->txs, arena, SIP_END_TXS_MAX);
    e->next_branch = e->is_caller ? 1 : 1000000;
    e->ring_at = e->answer_at = e->hang_up_at = e->guard_at = MS_NEVER;
}

/* ---- sending ------------------------------------------------------------------------------ */

static struct sip_tx_key key_of(uint64_t branch, enum sip_method method, bool is_server)
{
    return (struct sip_tx_key){branch, branch << 8 | (uint64_t)method << 1 | is_server};
}

static void send_stored(struct sip_end *e, uint32_t slot)
{
    const struct sip_tx *tx = &e->txs.tx[slot];
    struct text message = {(const char *)tx->message, tx->message_n};
    e->send_fn(message, e, e->arg);
}

static void tx_happens(struct sip_end *e, uint32_t slot, enum sip_tx_event event)
{
    struct sip_tx_verdict v = sip_tx_happens(&e->txs, slot, event, e->now_at);
    if (v.actions & SIP_TX_DO_SEND)
        send_stored(e, slot);
}

/* What the reader of the real world makes of a message. */
static const struct sip_read *read_whole(struct text message)
{
    static struct sip_read read;
    static char copy[SIP_TX_MESSAGE_MAX];
    memcpy(copy, message.p, message.n);
    enum sip_read_verdict v = sip_read(&read, copy, message.n);
    assert(v == SIP_READ_OK);
    return &read;
}

/* Writes a request of the leg with a branch. */
static struct text write_ask(struct sip_end *e, char *room, const struct sip_leg_request *request,
                             uint64_t branch)
{
    char scratch_room[SIP_LEG_SCRATCH_MAX], via_room[128];
    struct text_out scratch = {.p = scratch_room, .max = sizeof(scratch_room)};
    struct text_out via = {.p = via_room, .max = sizeof(via_room)};
    struct text_out out = {.p = room, .max = SIP_TX_MESSAGE_MAX};
    struct sip_ask ask;
    struct sip_leg_request full = *request;
    text_put(&via, TEXT("SIP/2.0/UDP h;branch="));
    text_put_number(&via, branch);
    text_put(&via, TEXT(";rport"));
    full.via = (struct text){via_room, via.n};
    bool fits = sip_leg_ask(&e->leg, &full, &scratch, &ask);
    char lines_room[64];
    struct text_out lines = {.p = lines_room, .max = sizeof(lines_room)};
    if (request->method == SIP_METHOD_INVITE && e->is_sure)
        text_put(&lines, TEXT("Supported: 100rel\r\n"));
    if (request->method == SIP_METHOD_PRACK)
        sip_reliable_put_rack(&lines, e->heard.branches[0].rseq, e->leg.invite_cseq);
    ask.headers = (struct text){lines.p, lines.n};
    ask.contact = e->is_caller ? TEXT("sip:a@10.0.0.1") : TEXT("sip:b@10.0.0.2");
    fits = fits && sip_write_ask(&out, &ask);
    assert(fits);
    return (struct text){room, out.n};
}

/* A request of ours with a transaction of its own. */
static uint32_t ask(struct sip_end *e, enum sip_method method, uint64_t branch)
{
    static const enum user users[SIP_METHODS] = {[SIP_METHOD_INVITE] = USER_INVITE,
                                                 [SIP_METHOD_BYE] = USER_BYE,
                                                 [SIP_METHOD_CANCEL] = USER_CANCEL,
                                                 [SIP_METHOD_PRACK] = USER_ANSWER};
    char room[SIP_TX_MESSAGE_MAX];
    const struct sip_leg_request request = {.method = method};
    struct text message = write_ask(e, room, &request, branch);
    const struct sip_tx_args args = {.kind = method == SIP_METHOD_INVITE ? SIP_TX_INVITE_CLIENT
                                                                         : SIP_TX_OTHER_CLIENT,
                                     .key = key_of(branch, method, false),
                                     .user = users[method]};
    uint32_t slot = sip_tx_begin(&e->txs, &args, e->now_at);
    e->seen.no_room_n += slot == SLOT_NONE;
    if (slot == SLOT_NONE)
        return slot;
    bool fits = sip_tx_set_message(&e->txs, slot, (const uint8_t *)message.p, message.n);
    assert(fits);
    send_stored(e, slot);
    return slot;
}

static void send_ack(struct sip_end *e)
{
    char room[SIP_TX_MESSAGE_MAX];
    const struct sip_leg_request request = {.method = SIP_METHOD_ACK};
    struct text message = write_ask(e, room, &request, e->next_branch++);
    e->send_fn(message, e, e->arg);
}

/* The ACK of a failure is the transaction's: its branch, its To. */
static void send_failure_ack(struct sip_end *e, uint32_t slot, const struct sip_in *in)
{
    char room[SIP_TX_MESSAGE_MAX];
    const struct sip_leg_request request = {.method = SIP_METHOD_ACK, .to = in->to};
    struct text message = write_ask(e, room, &request, e->invite_branch);
    bool fits = sip_tx_set_message(&e->txs, slot, (const uint8_t *)message.p, message.n);
    assert(fits);
    send_stored(e, slot);
}

/* An answer to a request, by its transaction. */
static void answer(struct sip_end *e, uint32_t slot, const struct sip_in *in, uint16_t status)
{
    char room[SIP_TX_MESSAGE_MAX];
    struct text_out out = {.p = room, .max = sizeof(room)};
    char lines_room[64];
    struct text_out lines = {.p = lines_room, .max = sizeof(lines_room)};
    if (status == 183 && e->reliable.is_wanted) {
        sip_reliable_put_rseq(&lines, sip_reliable_say(&e->reliable, true, e->now_at));
        e->seen.sounded_n++;
    }
    const struct sip_answer a = {.status = status,
                                 .headers = {lines.p, lines.n},
                                 .to_tag = status > 100 ? TEXT("tb") : TEXT_NONE,
                                 .contact = in->method == SIP_METHOD_INVITE && status > 100
                                                ? TEXT("sip:b@10.0.0.2")
                                                : TEXT_NONE};
    if (slot == SLOT_NONE)
        return;
    bool fits = sip_write_answer(&out, in, &a) &&
                sip_tx_set_message(&e->txs, slot, (const uint8_t *)room, out.n);
    assert(fits);
    enum sip_tx_event event = SIP_TX_SAY_FAILURE;
    if (status < 300)
        event = status < 200 ? SIP_TX_SAY_1XX : SIP_TX_SAY_2XX;
    tx_happens(e, slot, event);
}

static void answer_invite(struct sip_end *e, uint16_t status)
{
    uint64_t branch;
    struct text message = {e->invite_text, e->invite_text_n};
    const struct sip_in in = sip_end_read(message, &branch);
    if (status >= 200) {
        e->seen.answers_too_soon_n += status < 300 && sip_reliable_is_out(&e->reliable);
        e->seen.two_finals_n += e->invite_final && e->invite_final != status;
        e->invite_final = status;
    }
    answer(e, sip_tx_find(&e->txs, &e->invite), &in, status);
}

/* ---- the session -------------------------------------------------------------------------- */

static void hang_up_on_the_wire(struct sip_end *e, unsigned actions)
{
    if (actions & SIP_SESSION_SEND_CANCEL) {
        uint32_t invite = sip_tx_find(&e->txs, &e->invite);
        ask(e, SIP_METHOD_CANCEL, e->invite_branch);
        if (invite != SLOT_NONE)
            tx_happens(e, invite, SIP_TX_SAID_CANCEL);
    }
    if (actions & SIP_SESSION_SEND_BYE) {
        e->seen.byes_too_soon_n += !e->is_caller && !e->is_acked;
        ask(e, SIP_METHOD_BYE, e->next_branch++);
    }
}

static void answer_on_the_wire(struct sip_end *e, unsigned actions)
{
    if (actions & SIP_SESSION_SEND_183)
        answer_invite(e, 183);
    if (actions & SIP_SESSION_SEND_2XX)
        answer_invite(e, 200);
    if (actions & SIP_SESSION_SEND_REFUSAL)
        answer_invite(e, 486);
    if (actions & SIP_SESSION_SEND_487)
        answer_invite(e, 487);
}

static void tell(struct sip_end *e, unsigned actions)
{
    e->seen.up_n += (actions & SIP_SESSION_TELL_UP) != 0;
    if (!(actions & SIP_SESSION_TELL_END))
        return;
    e->seen.end_n++;
    e->seen.end_at = e->now_at;
    e->answer_at = e->ring_at = MS_NEVER;
}

/* in, slot: the request that is answered by it, if any. */
static void happens(struct sip_end *e, enum sip_session_event event, const struct sip_in *in,
                    uint32_t slot)
{
    unsigned actions = sip_session_happens(&e->session, event);
    e->is_acked |= event == SIP_SESSION_GOT_ACK || event == SIP_SESSION_NO_ACK;
    answer_on_the_wire(e, actions);
    if (actions & SIP_SESSION_SEND_OK)
        answer(e, slot, in, 200);
    if (actions & SIP_SESSION_SEND_481)
        answer(e, slot, in, 481);
    if (actions & SIP_SESSION_SEND_ACK)
        send_ack(e);
    uint32_t invite = sip_tx_find(&e->txs, &e->invite);
    if (actions & SIP_SESSION_STOP_2XX && invite != SLOT_NONE)
        tx_happens(e, invite, SIP_TX_GOT_ACK);
    hang_up_on_the_wire(e, actions);
    tell(e, actions);
}

void sip_end_call(struct sip_end *e, ms_t now_at)
{
    e->now_at = now_at;
    const struct sip_leg_args args = {.call_id = TEXT("call-1"),
                                      .tag = TEXT("ta"),
                                      .local = TEXT("<sip:a@us>"),
                                      .remote = TEXT("<sip:b@us>"),
                                      .target = TEXT("sip:b@us"),
                                      .cseq = 41};
    enum sip_leg_verdict v = sip_leg_call(&e->leg, &args);
    assert(v == SIP_LEG_OK);
    e->session = SIP_SESSION_CALLING;
    e->guard_at = e->now_at + RING_GUARD_MS;
    e->invite_branch = e->next_branch++;
    e->invite = key_of(e->invite_branch, SIP_METHOD_INVITE, false);
    ask(e, SIP_METHOD_INVITE, e->invite_branch);
}

/* ---- receiving ---------------------------------------------------------------------------- */

/* False: a provisional response that is passed over. */
static bool take_early(struct sip_end *e, struct text message)
{
    uint32_t rseq;
    enum sip_reliable_verdict v = sip_reliable_hear(&e->heard, read_whole(message), &rseq);
    e->seen.taken_n += v == SIP_RELIABLE_NEW;
    if (v == SIP_RELIABLE_NEW)
        ask(e, SIP_METHOD_PRACK, e->next_branch++);
    return v != SIP_RELIABLE_PASSED;
}

static void receive_response(struct sip_end *e, const struct sip_in *in, struct text message,
                             uint64_t branch)
{
    const struct sip_tx_key key = key_of(branch, in->method, false);
    uint32_t slot = sip_tx_find(&e->txs, &key);
    if (slot == SLOT_NONE)
        return;
    unsigned class = in->status < 200 ? 0 : in->status < 300 ? 1 : 2;
    struct sip_tx_verdict v =
        sip_tx_happens(&e->txs, slot, (enum sip_tx_event)(SIP_TX_GOT_1XX + class), e->now_at);
    if (v.actions & SIP_TX_DO_SEND)
        send_stored(e, slot);
    if (v.actions & SIP_TX_DO_ACK)
        send_failure_ack(e, slot, in);
    if (!(v.actions & SIP_TX_DO_TELL) || sip_leg_take_response(&e->leg, in) != SIP_LEG_OK)
        return;
    static const enum sip_session_event told[] = {SIP_SESSION_GOT_1XX, SIP_SESSION_GOT_2XX,
                                                  SIP_SESSION_GOT_FAILURE};
    if (v.user == USER_INVITE && !take_early(e, message))
        return;
    if (v.user == USER_INVITE)
        happens(e, told[class], NULL, SLOT_NONE);
    else if (v.user == USER_BYE && class)
        happens(e, SIP_SESSION_BYE_DONE, NULL, SLOT_NONE);
}

/* The ACK of a failure meets its INVITE by the branch, that of a 2xx by the dialog. */
static void receive_ack(struct sip_end *e, const struct sip_in *in, uint64_t branch)
{
    const struct sip_tx_key key = key_of(branch, SIP_METHOD_INVITE, true);
    uint32_t slot = sip_tx_find(&e->txs, &key);
    if (slot != SLOT_NONE) {
        tx_happens(e, slot, SIP_TX_GOT_ACK);
        return;
    }
    if (sip_leg_take_request(&e->leg, in) != SIP_LEG_OK)
        return;
    slot = sip_tx_find(&e->txs, &e->invite);
    if (slot == SLOT_NONE)
        return;
    struct sip_tx_verdict v = sip_tx_happens(&e->txs, slot, SIP_TX_GOT_ACK, e->now_at);
    if (v.actions & SIP_TX_DO_TELL)
        happens(e, SIP_SESSION_GOT_ACK, NULL, SLOT_NONE);
}

static void receive_invite(struct sip_end *e, const struct sip_in *in, uint32_t slot)
{
    if (e->session != SIP_SESSION_NONE || sip_leg_answer(&e->leg, in, TEXT("tb")) != SIP_LEG_OK) {
        answer(e, slot, in, 482);
        return;
    }
    e->session = SIP_SESSION_RINGING;
    e->invite = e->txs.tx[slot].key;
    e->guard_at = e->now_at + RING_GUARD_MS;
    sip_reliable_begin(&e->reliable, read_whole((struct text){e->invite_text, e->invite_text_n}),
                       0);
    answer(e, slot, in, 100);
}

static void receive_cancel(struct sip_end *e, const struct sip_in *in, uint32_t slot)
{
    const struct sip_tx_key invite = key_of(e->txs.tx[slot].key.hi, SIP_METHOD_INVITE, true);
    if (sip_tx_find(&e->txs, &invite) == SLOT_NONE)
        answer(e, slot, in, 481);
    else
        happens(e, SIP_SESSION_GOT_CANCEL, in, slot);
}

static void receive_prack(struct sip_end *e, const struct sip_in *in, struct text message,
                          uint32_t slot)
{
    bool is_ours = sip_leg_take_request(&e->leg, in) == SIP_LEG_OK &&
                   sip_reliable_judge(&e->reliable, read_whole(message)) == SIP_RELIABLE_RACK_OURS;
    answer(e, slot, in, is_ours ? 200 : 481);
    if (!is_ours)
        return;
    sip_reliable_take(&e->reliable);
    happens(e, SIP_SESSION_GOT_PRACK, NULL, SLOT_NONE);
}

static void receive_bye(struct sip_end *e, const struct sip_in *in, uint32_t slot)
{
    enum sip_leg_verdict v = sip_leg_take_request(&e->leg, in);
    if (v == SIP_LEG_OK)
        happens(e, SIP_SESSION_GOT_BYE, in, slot);
    else
        answer(e, slot, in, v == SIP_LEG_LATE ? 500 : 481);
}

void sip_end_receive(struct sip_end *e, struct text message, ms_t now_at)
{
    e->now_at = now_at;
    uint64_t branch = 0;
    const struct sip_in in = sip_end_read(message, &branch);
    if (!in.is_request) {
        receive_response(e, &in, message, branch);
        return;
    }
    if (in.method == SIP_METHOD_ACK) {
        receive_ack(e, &in, branch);
        return;
    }
    const struct sip_tx_args args = {
        .kind = in.method == SIP_METHOD_INVITE ? SIP_TX_INVITE_SERVER : SIP_TX_OTHER_SERVER,
        .key = key_of(branch, in.method, true),
        .user = in.method == SIP_METHOD_INVITE ? USER_INVITE : USER_ANSWER};
    uint32_t slot = sip_tx_find(&e->txs, &args.key);
    if (slot != SLOT_NONE) {
        tx_happens(e, slot, SIP_TX_GOT_REQUEST);
        return;
    }
    slot = sip_tx_begin(&e->txs, &args, e->now_at);
    e->seen.no_room_n += slot == SLOT_NONE;
    if (slot == SLOT_NONE)
        return;
    if (in.method == SIP_METHOD_INVITE) {
        memcpy(e->invite_text, message.p, message.n);
        e->invite_text_n = (uint16_t)message.n;
        receive_invite(e, &in, slot);
    } else if (in.method == SIP_METHOD_PRACK) {
        receive_prack(e, &in, message, slot);
    } else if (in.method == SIP_METHOD_CANCEL) {
        receive_cancel(e, &in, slot);
    } else {
        receive_bye(e, &in, slot);
    }
}

/* ---- timers and plans --------------------------------------------------------------------- */

static void time_out(struct sip_end *e, const struct sip_tx_verdict *v)
{
    if (v->user == USER_INVITE && !e->is_caller) {
        e->seen.no_ack_n++;
        happens(e, SIP_SESSION_NO_ACK, NULL, SLOT_NONE);
    } else if (v->user == USER_INVITE || v->user == USER_BYE) {
        happens(e, SIP_SESSION_NO_ANSWER, NULL, SLOT_NONE);
    }
}

static bool act_by_timer(struct sip_end *e)
{
    struct sip_tx_verdict v;
    if (!sip_tx_due(&e->txs, e->now_at, &v))
        return false;
    if (v.actions & SIP_TX_DO_SEND) {
        e->seen.timer_sends_n++;
        send_stored(e, v.slot);
    }
    if (v.actions & SIP_TX_DO_TIMEOUT)
        time_out(e, &v);
    return true;
}

static bool is_early(const struct sip_end *e)
{
    return e->session == SIP_SESSION_SOUNDED || e->session == SIP_SESSION_PICKED_UP;
}

/* A 183 that waits for its PRACK. */
static bool act_by_prack(struct sip_end *e)
{
    enum sip_reliable_due due =
        is_early(e) ? sip_reliable_due(&e->reliable, e->now_at) : SIP_RELIABLE_NOT_DUE;
    uint32_t invite = sip_tx_find(&e->txs, &e->invite);
    if (due == SIP_RELIABLE_REPEAT && invite != SLOT_NONE) {
        e->seen.timer_sends_n++;
        send_stored(e, invite);
    }
    if (due == SIP_RELIABLE_GIVE_UP) {
        e->seen.no_prack_n++;
        happens(e, SIP_SESSION_NO_PRACK, NULL, SLOT_NONE);
    }
    return due != SIP_RELIABLE_NOT_DUE;
}

/* Is this plan due? It is done once. */
static bool take(ms_t *at, ms_t now_at)
{
    bool is_due = *at <= now_at;
    if (is_due)
        *at = MS_NEVER;
    return is_due;
}

bool sip_end_act(struct sip_end *e, ms_t now_at)
{
    e->now_at = now_at;
    if (act_by_timer(e) || act_by_prack(e))
        return true;
    bool is_there = e->session != SIP_SESSION_NONE;
    if (is_there && take(&e->ring_at, e->now_at)) {
        if (e->session == SIP_SESSION_RINGING && e->sounds)
            happens(e, e->reliable.is_wanted ? SIP_SESSION_WE_SOUND_SURELY : SIP_SESSION_WE_SOUND,
                    NULL, SLOT_NONE);
        else if (e->session == SIP_SESSION_RINGING)
            answer_invite(e, 180);
    } else if (is_there && take(&e->answer_at, e->now_at)) {
        happens(e, SIP_SESSION_WE_ANSWER, NULL, SLOT_NONE);
    } else if (is_there && take(&e->hang_up_at, e->now_at)) {
        happens(e, SIP_SESSION_WE_HANG_UP, NULL, SLOT_NONE);
    } else if (is_there && take(&e->guard_at, e->now_at)) {
        e->seen.guard_n += !e->seen.end_n;
        happens(e, SIP_SESSION_WE_HANG_UP, NULL, SLOT_NONE);
    } else {
        return false;
    }
    return true;
}

static ms_t sooner(ms_t a, ms_t b)
{
    return a < b ? a : b;
}

ms_t sip_end_next_at(const struct sip_end *e)
{
    ms_t at = sip_tx_next_at(&e->txs);
    if (e->session == SIP_SESSION_NONE)
        return at;
    if (is_early(e))
        at = sooner(at, sip_reliable_next_at(&e->reliable));
    at = sooner(sooner(at, e->ring_at), sooner(e->answer_at, e->hang_up_at));
    return sooner(at, e->guard_at);
}
