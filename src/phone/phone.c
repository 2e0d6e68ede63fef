/* phone.c — the telephone service: opening it, a turn of it, and what the app asks of it.
 * Called by main.c. Cost of a turn: what came in. Invariant: nothing that the app asks for reports
 * before it has returned. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "phone/leg.h"
#include "phone/trace.h"

#define EXPIRES_S_MIN 60
#define EXPIRES_S 300
#define EXPIRES_S_MAX 3600
#define NONCE_LIFE_MS ((ms_t)300000)
#define NONCES_MAX 16384

static void lay_out(struct phone *p, struct arena *arena, const struct phone_args *args)
{
    uint32_t tx_max = args->legs_max * PHONE_TX_PER_LEG;
    const struct phone_register_limits limits = {
        .accounts_max = args->accounts_max ? args->accounts_max : 1,
        .registrar = {.bindings_max = args->registrations_max,
                      .expires_s_min = EXPIRES_S_MIN,
                      .expires_s_default = EXPIRES_S,
                      .expires_s_max = EXPIRES_S_MAX,
                      .replaces_oldest = true},
        .digest = {.nonce_life_ms = NONCE_LIFE_MS, .allows_md5 = true, .nonces_max = NONCES_MAX},
        .is_md5_alone = args->is_md5_alone};
    phone_register_open(&p->reg, arena, &limits);
    sip_tx_open(&p->txs, arena, tx_max > PHONE_TX_MIN ? tx_max : PHONE_TX_MIN);
    p->legs = arena_take(arena, args->legs_max, sizeof(*p->legs));
    p->heard = arena_take(arena, args->legs_max, sizeof(*p->heard));
    rows_due_open(&p->kept, arena, args->legs_max);
    map_open(&p->ids, arena, args->legs_max);
    map_open(&p->tags, arena, args->legs_max);
    map_open(&p->streams, arena, args->legs_max);
    heap_open(&p->timers, arena, args->legs_max);
    heap_open(&p->refreshes, arena, args->legs_max);
    if (args->has_tcp)
        phone_tcp_lay_out(&p->tcp, arena);
    if (args->has_tls)
        phone_tcp_lay_out(&p->tls, arena);
    p->trunks = arena_take(arena, PHONE_TRUNKS_MAX + args->lines_max, sizeof(*p->trunks));
}

static bool put_name(struct phone_name *name, struct address at, uint16_t port)
{
    struct text_out out = {.p = name->text, .max = sizeof(name->text)};
    at.port = port;
    address_put(&out, &at);
    name->n = (uint16_t)out.n;
    return !out.is_cut;
}

/* How others name us, in Via, Contact and descriptions. */
int phone_introduce(struct phone *p)
{
    bool is_whole = true;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        is_whole = put_name(&p->names[i], p->seen.of[i], p->udp.port) && is_whole;
        is_whole =
            put_name(&p->secure.names[i], p->seen.of[i], phone_tcp_port(&p->tls)) && is_whole;
    }
    return is_whole ? 0 : EINVAL;
}

/* Behind a translation we are seen elsewhere, in each family that has one. */
static int find_seen(struct phone *p, const struct phone_args *args)
{
    struct address_pair advertised = {0};
    bool is_same = !args->advertised || !*args->advertised;
    if (!address_pair_read(&p->seen, text_of(args->address)) ||
        (!is_same && !address_pair_read(&advertised, text_of(args->advertised))))
        return EINVAL;
    for (unsigned i = 0; i < ADDRESS_FAMILIES; i++) {
        if (advertised.of[i].family && !p->seen.of[i].family)
            return EINVAL;
        if (advertised.of[i].family)
            p->seen.of[i] = advertised.of[i];
    }
    return 0;
}

void phone_sources(struct phone *p, const struct phone_source *sources, uint32_t n)
{
    assert(n <= PHONE_SOURCES_MAX);
    p->door.sources_n = n;
    if (n)
        memcpy(p->door.sources, sources, n * sizeof(*sources));
}

static void set_door(struct phone *p, const struct phone_args *args)
{
    p->door.tells_strangers = args->tells_strangers;
    p->secure.srtp = args->srtp;
    phone_sources(p, args->sources, args->sources_n);
}

static int furnish(struct phone *p, const struct phone_args *args)
{
    struct arena arena = {0};
    if (!args->legs_max || args->legs_max > PHONE_LEGS_MAX || args->sources_n > PHONE_SOURCES_MAX ||
        !args->registrations_max || args->lines_max > PHONE_LINES_MAX)
        return EINVAL;
    lay_out(p, &arena, args);
    int err = os_pages_open(&p->memory, arena.used);
    if (err)
        return err;
    arena = (struct arena){.base = p->memory.p, .size = arena.used, .is_zeroed = true};
    lay_out(p, &arena, args);
    p->legs_max = args->legs_max;
    p->trunks_max = PHONE_TRUNKS_MAX + args->lines_max;
    p->is_measuring = args->is_measuring;
    p->free = SLOT_NONE;
    p->next_id = args->first_leg_id;
    p->media = *args->media;
    p->log = args->log;
    p->trace = args->trace;
    p->report = args->report;
    p->knows = args->knows;
    p->report_arg = args->report_arg;
    p->stream = args->stream;
    p->stream_arg = args->stream_arg;
    set_door(p, args);
    err = phone_secret_draw(&p->door.secret);
    if (!err && !phone_register_name(&p->reg, &p->door.secret, text_of(args->realm)))
        err = EINVAL;
    return err;
}

int phone_open(struct phone **out, const struct phone_args *args)
{
    struct phone *p = calloc(1, sizeof(*p));
    *out = NULL;
    if (!p)
        return ENOMEM;
    p->udp = (struct phone_udp)PHONE_UDP_CLOSED;
    p->tcp = p->tls = (struct phone_tcp)PHONE_TCP_CLOSED;
    int err = find_seen(p, args);
    if (!err)
        err = furnish(p, args);
    if (!err)
        err = phone_wire_open(p, args);
    if (!err)
        err = phone_introduce(p);
    if (err)
        phone_drop(p);
    else
        *out = p;
    return err;
}

void phone_drop(struct phone *p)
{
    if (!p)
        return;
    phone_wire_drop(p);
    os_pages_drop(&p->memory);
    explicit_bzero(&p->door.secret, sizeof(p->door.secret));
    free(p);
}

enum phone_account_verdict phone_line_add(struct phone *p, uint64_t aor, struct text username,
                                          struct text secret)
{
    return phone_register_add(&p->reg, aor, username, secret);
}

void phone_line_encrypt(struct phone *p, struct text username)
{
    phone_register_encrypt(&p->reg, username);
}

bool phone_follow(struct phone *p, const struct phone_args *args)
{
    if (args->sources_n > PHONE_SOURCES_MAX)
        return false;
    set_door(p, args);
    p->reg.is_md5_alone = args->is_md5_alone;
    phone_register_begin(&p->reg);
    return true;
}

void phone_follow_end(struct phone *p)
{
    phone_register_end(&p->reg, p->now_at);
}

void phone_watch(struct phone *p, struct phone_watch *watch)
{
    p->watch = watch;
    p->door.watch = watch->at;
}

uint16_t phone_bound(const struct phone *p)
{
    return p->udp.port;
}

/* ---- a turn ------------------------------------------------------------------------------- */

void phone_take(struct phone *p, const struct phone_datagram *datagram)
{
    struct phone_answer answer = {.out = {.p = p->out, .max = sizeof(p->out)}};
    switch (phone_door_take(&p->door, datagram, &p->read, &answer)) {
    case PHONE_SILENT:
        return;
    case PHONE_ANSWERED:
        phone_transmit_unseen(p, &answer.reply_to, (struct text){p->out, answer.out.n});
        return;
    case PHONE_PASS:
        break;
    }
    phone_trace_came(p, datagram);
    if (p->read.in.is_request)
        phone_take_request(p, &datagram->from);
    else
        phone_take_response(p, &datagram->from);
}

void phone_run(struct phone *p, ms_t now_at)
{
    p->now_at = now_at;
    phone_timers(p);
    phone_wire_turn(p);
    phone_media_reports(p);
}

ms_t phone_next_at(const struct phone *p)
{
    ms_t at = sip_tx_next_at(&p->txs), other_at = sip_registrar_next_at(&p->reg.registrar);
    const struct heap_entry *first = heap_first(&p->timers);
    const struct heap_entry *refresh = heap_first(&p->refreshes);
    if (other_at < at)
        at = other_at;
    if (trunk_next_at(p) < at)
        at = trunk_next_at(p);
    if (phone_tcp_next_at(&p->tcp) < at)
        at = phone_tcp_next_at(&p->tcp);
    if (phone_tcp_next_at(&p->tls) < at)
        at = phone_tcp_next_at(&p->tls);
    if (first && first->at < at)
        at = first->at;
    if (refresh && refresh->at < at)
        at = refresh->at;
    return p->has_more ? p->now_at : at;
}

bool phone_shed_take(struct phone *p, uint32_t *trunk_id, uint32_t *n)
{
    for (unsigned i = 0; i < ARRAY_LEN(p->shed); i++) {
        if (!p->shed[i].n)
            continue;
        *trunk_id = p->shed[i].trunk_id;
        *n = p->shed[i].n;
        p->shed[i].n = 0;
        return true;
    }
    return false;
}

static void count_encrypted(const struct phone *p, struct phone_totals *t)
{
    for (uint32_t i = 0; i < p->used; i++) {
        const struct phone_leg *leg = &p->legs[i];
        t->legs_tls_n += leg->id && leg->peer.transport == SIP_OVER_TLS;
        t->legs_srtp_n += leg->id && leg->want.secret.suite != MEDIA_PLAIN;
    }
}

struct phone_totals phone_totals(const struct phone *p)
{
    struct phone_totals t = p->totals;
    count_encrypted(p, &t);
    t.legs_n = p->n;
    t.registrations_n = p->reg.registrar.n;
    t.transactions_n = p->txs.n;
    t.strangers_n = p->door.strangers_n;
    t.stranger_at = p->door.stranger_at;
    t.dropped_n = p->door.dropped_n;
    t.refused_n = p->door.refused_n;
    t.passed_n = p->door.passed_n;
    t.unsent_n = p->udp.unsent_n;
    t.cut_n = p->udp.cut_n + p->tcp.broken_n + p->tls.broken_n;
    t.connections_n = p->tcp.n + p->tls.n;
    t.secure_n = p->tls.n;
    t.unproved_n = p->tls.unproved_n;
    return t;
}
