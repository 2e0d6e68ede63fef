/* serve_vitals.c — the house as the reader thread shows it: opened last, told once a second and
 * when something turned for the worse. Called by serve.c. Cost: one copy. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli/house.h"

#define DOOR_TELL_MS ((ms_t)60000)

static void gather(struct house *h, struct vitals *v)
{
    struct app_status app;
    struct phone_totals phone = phone_totals(h->phone);
    struct media_totals media = media_totals(h->media);
    app_status(h->app, &app);
    *v = (struct vitals){.version = DECROCHE_VERSION,
                         .started_at = h->started_at,
                         .journal = (uint32_t)app.health,
                         .journal_errno = journal_trouble(h->journal),
                         .last_id = app.last_id,
                         .committed_id = app.committed_id,
                         .hash_id = acd_last_id(h->acd),
                         .hash = acd_hash(h->acd),
                         .held_n = app.held_n,
                         .backlog_n = app.backlog_n,
                         .gap_n = app.gap_n,
                         .forced_n = app.forced_n,
                         .legs_n = phone.legs_n,
                         .legs_tls_n = phone.legs_tls_n,
                         .legs_srtp_n = phone.legs_srtp_n,
                         .registrations_n = phone.registrations_n,
                         .calls_shed_n = phone.shed_n,
                         .strangers_n = phone.strangers_n,
                         .sip_passed_n = phone.passed_n,
                         .sip_refused_n = phone.refused_n,
                         .sip_dropped_n = phone.dropped_n,
                         .connections_n = phone.connections_n,
                         .secure_n = phone.secure_n,
                         .unproved_n = phone.unproved_n,
                         .streams_n = media.streams_n,
                         .sent_n = media.sent_n,
                         .send_failed_n = media.send_failed_n,
                         .received_n = media.received_n,
                         .media_refused_n = media.refused_n,
                         .lost_n = phone.lost_n,
                         .late_ms = media.late_ms};
}

static void gather_sound(struct vitals_trunk *t, const struct phone_sound_counts *sound)
{
    t->received_n = sound->received_n;
    t->lost_n = sound->lost_n;
    t->sent_n = sound->sent_n;
    t->peer_lost_n = sound->peer_lost_n;
    t->jitter_ms = sound->jitter_ms;
    t->jitter_n = sound->jitter_n;
    t->round_trip_ms = sound->round_trip_ms;
    t->round_trip_n = sound->round_trip_n;
    t->judged_n = sound->judged_n;
    t->bad_n = sound->bad_n;
    t->recent_judged_n = sound->recent_judged_n;
    t->recent_bad_n = sound->recent_bad_n;
}

static void gather_trunks(const struct house *h, struct vitals *v)
{
    struct phone_trunk_look look;
    for (uint32_t i = 0; phone_trunk_look(h->phone, i, &look); i++) {
        if (!look.number || v->trunks_n == VITALS_TRUNKS_MAX)
            continue;
        v->trunks[v->trunks_n++] =
            (struct vitals_trunk){.number = look.number,
                                  .calls_in_n = (uint16_t)look.calls_in_n,
                                  .calls_out_n = (uint16_t)look.calls_out_n,
                                  .channels = (uint16_t)look.channels,
                                  .link = look.is_up     ? VITALS_LINK_UP
                                          : look.is_down ? VITALS_LINK_DOWN
                                                         : VITALS_LINK_UNKNOWN,
                                  .registration = !look.registers ? VITALS_UNASKED
                                                  : look.is_bound ? VITALS_BOUND
                                                                  : VITALS_UNBOUND};
        gather_sound(&v->trunks[v->trunks_n - 1], &look.sound);
    }
}

/* Strangers and noise at the door: one line a minute, with the last address as a sample, however
 * many there were. */
static void tell_door(struct house *h)
{
    char at[ADDRESS_TEXT_MAX];
    struct text_out out = {.p = at, .max = sizeof(at) - 1};
    struct phone_totals t = phone_totals(h->phone);
    uint64_t strangers_n = t.strangers_n - h->door.strangers_n;
    uint64_t noise_n = t.dropped_n + t.cut_n - h->door.noise_n;
    if (h->now_at < h->door.tell_at || strangers_n + noise_n == 0)
        return;
    address_put(&out, &t.stranger_at);
    at[out.n] = '\0';
    os_log_line(&h->log, OS_LOG_INFO,
                "door: messages that nobody answers\tstrangers=%" PRIu64 "\tnoise=%" PRIu64
                "\tlast_stranger=%s",
                strangers_n, noise_n, at);
    h->door.tell_at = h->now_at + DOOR_TELL_MS;
    h->door.strangers_n = t.strangers_n;
    h->door.noise_n = t.dropped_n + t.cut_n;
}

void house_vitals(struct house *h)
{
    struct vitals v;
    enum journal_health health = h->journal_port.health(h->journal_port.arg);
    bool is_due = h->now_at >= h->vitals_at || health != h->told_health ||
                  acd_last_id(h->acd) - h->told_id >= VITALS_HASH_EVENTS;
    if (!is_due)
        return;
    tell_door(h);
    gather(h, &v);
    gather_trunks(h, &v);
    house_record_vitals(h, &v);
    house_gate_vitals(h, &v);
    house_sms_vitals(h, &v);
    house_headsets_vitals(h, &v);
    latest_put(&h->vitals, &v, sizeof(v));
    house_watch_number(h);
    if (health != h->told_health)
        reader_wake(h->reader);
    h->vitals_at = h->now_at + VITALS_PUT_MS;
    h->told_health = health;
    h->told_id = v.hash_id;
}

int house_open_reader(struct house *h)
{
    char socket[CONFIG_PATH_BYTES];
    const struct settings_web *s = &h->settings.web;
    if (!config_path_beside(socket, h->args->settings, s->socket))
        return cli_cannot(h->args, s->socket, ENAMETOOLONG, "shorten web.socket");
    const struct reader_args args = {.journal = h->journal_path,
                                     .address = s->address,
                                     .port = (uint16_t)s->port,
                                     .socket = socket,
                                     .tls_address = s->tls_address,
                                     .tls_port = (uint16_t)s->tls_port,
                                     .tls = h->set->files->tls.pages,
                                     .token = h->set->files->secrets.api_token,
                                     .limits = house_limits(&h->settings),
                                     .directory = h->directory,
                                     .vitals = &h->vitals,
                                     .watch = house_watch_verdict(h),
                                     .orders = &h->orders_port,
                                     .accounts = h->accounts.accounts,
                                     .headsets = h->headsets.board,
                                     .talks = h->talks.board,
                                     .notice = &h->accounts.notice.latest,
                                     .notice_sound = house_notice_port(h),
                                     .numbers = &h->numbers.port,
                                     .reload = &h->reload.port,
                                     .files = &h->reload.shown.port,
                                     .texts = &h->texts_port,
                                     .signature = h->set->files->secrets.sms_signature,
                                     .trace = h->trace_room.p ? &h->trace : NULL,
                                     .log = &h->log};
    h->started_at = h->wall_at;
    house_vitals(h);
    int err = reader_open(&h->reader, &args);
    return err ? cli_cannot(h->args, socket, err,
                            "web.address, web.port, web.tls_port and web.socket must be free here")
               : 0;
}
