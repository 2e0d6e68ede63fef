/* serve_open.c — opens everything that runs, each part with what the ones before it give.
 * Called by serve.c. What cannot be opened is said with its cure, and nothing stays open. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/house.h"
#include "cli/voice.h"
#include "journal/mark.h"

/* Legs of this life begin above those of all earlier ones. */
#define LEG_BITS_OF_A_LIFE 36

struct acd_limits house_limits(const struct settings *s)
{
    return (struct acd_limits){.contacts_max = s->acd.contacts_max,
                               .agents_max = s->acd.agents_max,
                               .queues_max = s->acd.queues_max + 1, /* where agents practise */
                               .lanes_max = s->acd.lanes_max};
}

/* A simulated journal stays what it is: no call that takes place is written behind it. */
static int refuse_simulated(const struct house *h)
{
    enum journal_mark mark;
    if (journal_mark_read(&mark, h->journal_path) || mark != JOURNAL_MARK_SIMULATED)
        return CLI_OK;
    fprintf(stderr,
            "decroche serve: %s: this journal is simulated, no service continues it — name "
            "another file in journal.path\n",
            h->journal_path);
    return CLI_CANNOT;
}

static int open_journal(struct house *h)
{
    int code = refuse_simulated(h);
    if (code)
        return code;
    h->store = store_person_port(&h->persons);
    h->journal_args = (struct journal_args){.path = h->journal_path,
                                            .node = (uint16_t)h->settings.node.number,
                                            .store = &h->store,
                                            .log = &h->log,
                                            .ring_n = h->settings.journal.ring_n};
    int err = journal_begin(&h->journal, &h->journal_args, os_clock_wall_at());
    if (err == EBUSY)
        return cli_cannot(h->args, h->journal_path, err, "another decroche serves here; stop it");
    if (err == ENOSPC || err == EDQUOT || err == EROFS || err == EIO || err == EFBIG)
        house_be_blind(h, err);
    else if (err)
        return cli_cannot(h->args, h->journal_path, err,
                          "journal.path must lie in a folder that is there and may be written to");
    else
        h->journal_port = journal_port(h->journal);
    return 0;
}

static uint64_t epoch_of(const struct house *h)
{
    return h->is_blind ? 0 : journal_epoch(h->journal);
}

/* An empty state at the same place: lines/ and edges keep their pointers. */
static void empty_core(struct house *h)
{
    const struct acd_limits limits = house_limits(&h->settings);
    size_t acd_n = (acd_bytes(&limits) + 63) / 64 * 64;
    h->acd = acd_open(h->core.p, &limits);
    const struct app_args args = {.acd = h->acd,
                                  .journal = &h->journal_port,
                                  .edges = &h->edges,
                                  .epoch = epoch_of(h),
                                  .snapshot_events = h->settings.journal.snapshot_events,
                                  .node = (uint16_t)h->settings.node.number};
    h->app = app_open((char *)h->core.p + acd_n, &limits, &args);
    if (h->is_blind)
        app_on_event(h->app, house_count_blind, h);
}

static int open_core(struct house *h)
{
    const struct acd_limits limits = house_limits(&h->settings);
    size_t acd_n = (acd_bytes(&limits) + 63) / 64 * 64;
    int err = os_pages_open(&h->core, acd_n + app_bytes(&limits));
    if (err)
        return cli_cannot(h->args, h->args->settings, err, "make acd.contacts_max smaller");
    empty_core(h);
    return 0;
}

static int open_media(struct house *h)
{
    const struct settings_media *s = &h->settings.media;
    struct media_args args = {.threads_n = s->threads,
                              .streams_max = h->settings.phone.legs_max + house_headsets_max(h),
                              .has_browsers = s->browser_port != 0,
                              .browser_port = (uint16_t)s->browser_port,
                              .port_first = (uint16_t)s->port_first,
                              .port_last = (uint16_t)s->port_last,
                              .taps = h->taps,
                              .is_urgent = s->realtime,
                              .log = &h->log};
    int err = media_bind(&args, text_of(h->settings.phone.address)) ? media_open(&h->media, &args)
                                                                    : EINVAL;
    if (err)
        return cli_cannot(h->args, "media", err,
                          "allow more open files (ulimit -n), or make phone.legs_max smaller; "
                          "media.browser_port must be free on this machine");
    h->media_port = media_port(h->media);
    h->sounds = calloc(1, sizeof(*h->sounds));
    if (!h->sounds)
        return cli_cannot(h->args, "media", ENOMEM, "free some memory");
    err = house_open_voice(h);
    return err ? cli_cannot(h->args, "voice", err, "free some memory") : house_open_headsets(h);
}

/* ---- the telephone ------------------------------------------------------------------------ */

void house_add_lines(struct house *h)
{
    const struct config_secrets *secrets = &h->set->files->secrets;
    for (uint32_t i = 0; i < secrets->n; i++) {
        const struct config_secret *s = &secrets->agents[i];
        const struct directory_agent *agent = &h->directory->agents[s->agent];
        struct text line = directory_agent_line(agent);
        if (!line.n || !s->secret[0])
            continue;
        if (phone_line_add(h->phone, agent->number, line, text_of(s->secret)) !=
            PHONE_ACCOUNT_ADDED)
            os_log_line(&h->log, OS_LOG_WARNING, "serve: the line of agent %s cannot register",
                        agent->id);
        if (agent->is_encrypted)
            phone_line_encrypt(h->phone, line);
    }
}

static int open_phone(struct house *h)
{
    const struct settings_phone *s = &h->settings.phone;
    struct phone_source sources[PHONE_SOURCES_MAX];
    const struct phone_args args = {.address = s->address,
                                    .advertised = s->advertised,
                                    .port = (uint16_t)s->port,
                                    .realm = s->realm,
                                    .sources = sources,
                                    .sources_n = house_sources(h, sources),
                                    .tells_strangers = s->tells_strangers,
                                    .is_md5_alone = s->md5_alone,
                                    .srtp = (uint8_t)s->srtp,
                                    .has_tcp = s->tcp,
                                    .has_tls = true,
                                    .tls_port = (uint16_t)s->tls_port,
                                    .book = &h->set->files->tls,
                                    .legs_max = s->legs_max,
                                    .registrations_max = s->registrations_max,
                                    .accounts_max = h->settings.acd.agents_max + 1,
                                    .first_leg_id = (epoch_of(h) << LEG_BITS_OF_A_LIFE) + 1,
                                    .media = &h->headsets.media,
                                    .stream = h->headsets.all ? headset_stream : NULL,
                                    .stream_arg = h->headsets.all,
                                    .log = &h->log,
                                    .trace = h->trace_room.p ? &h->trace : NULL,
                                    .report = house_phone_reports,
                                    .knows = house_phone_knows,
                                    .report_arg = h};
    int err = phone_open(&h->phone, &args);
    if (err)
        return cli_cannot(h->args, s->address, err,
                          "phone.address, phone.port and phone.tls_port must be free on this "
                          "machine");
    house_put_headsets(h);
    house_add_lines(h);
    house_trunks(h);
    return 0;
}

/* What is committed may be shown; everything else is about somebody's line. */
static void emit(void *arg, const struct effect *effect)
{
    struct house *h = arg;
    if (effect->kind == EFFECT_PUBLISH && h->reader)
        reader_wake(h->reader);
    else
        lines_effect(h->lines, effect);
}

static int open_lines(struct house *h)
{
    uint64_t seed = 0;
    int err = house_open_talks(h);
    if (err)
        return err;
    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        return cli_cannot(h->args, "serve", ENOMEM, "free some memory");
    const struct lines_args args = {.app = h->app,
                                    .acd = h->acd,
                                    .directory = h->directory,
                                    .phone = &h->phone_port,
                                    .gate = h->gate,
                                    .sounds = h->sounds,
                                    .record = h->record ? &h->record_port : NULL,
                                    .persons = h->lookup ? &h->person_port : NULL,
                                    .never = h->numbers.never,
                                    .texts = h->texts,
                                    .talks = h->talks.board,
                                    .flows = h->set->flows,
                                    .codes = h->set->codes,
                                    .flows_n = h->set->files->flows.n,
                                    .codes_n = h->set->files->secrets.n,
                                    .lines_max = h->settings.phone.legs_max,
                                    .node = (uint16_t)h->settings.node.number,
                                    .short_codes = h->settings.short_codes,
                                    .language_ms = h->settings.queue.language_ms,
                                    .offer_callback_ms = h->settings.callback.offer_after_ms,
                                    .slots_max = h->settings.callback.slots,
                                    .automatic_e164 = h->set->files->automatic_e164,
                                    .seed = seed};
    h->lines = lines_open(h->lines_room.p, &args);
    h->edges = (struct edges_port){h, emit};
    return 0;
}

static int open_lookup(struct house *h)
{
    const struct sql_args args = {.path = h->journal_path};
    if (h->is_blind)
        return 0;
    int err = store_lookup_open(&h->lookup, &args);
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    h->person_port = store_lookup_port(h->lookup);
    return 0;
}

static int make_room(struct house *h)
{
    int err = os_pages_open(&h->lines_room, lines_bytes(h->settings.phone.legs_max));
    if (err)
        return cli_cannot(h->args, "serve", err, "make phone.legs_max smaller");
    if (!h->settings.phone.trace_bytes)
        return 0;
    err = os_pages_open(&h->trace_room, h->settings.phone.trace_bytes);
    if (err)
        return cli_cannot(h->args, "serve", err, "make phone.trace_bytes smaller");
    tape_open(&h->trace, h->trace_room.p, h->trace_room.n);
    return 0;
}

/* ---- start -------------------------------------------------------------------------------- */

static int watch(struct house *h, int fd)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(h->epoll_fd, EPOLL_CTL_ADD, fd, &ev) ? errno : 0;
}

static sigset_t ending_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);  /* the files again */
    sigaddset(&signals, SIGUSR2); /* another process follows */
    return signals;
}

static int open_loop(struct house *h)
{
    const sigset_t signals = ending_signals();
    h->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    h->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (h->signal_fd < 0 || h->epoll_fd < 0)
        return cli_cannot(h->args, "serve", errno, "allow more open files (ulimit -n)");
    int fds[11] = {h->signal_fd,          phone_fd(h->phone), media_fd(h->media),
                   orders_fd(&h->orders), h->reload.done.fd,  os_resolve_fd(h->resolve)};
    unsigned n = 6;
    if (h->journal)
        fds[n++] = journal_fd(h->journal);
    if (h->lookup)
        fds[n++] = store_lookup_fd(h->lookup);
    if (h->sms)
        fds[n++] = sms_fd(h->sms);
    if (h->mailbox.bell.fd >= 0)
        fds[n++] = h->mailbox.bell.fd;
    if (h->accounts.accounts)
        fds[n++] = h->accounts.bell.fd;
    for (unsigned i = 0; i < n; i++) {
        int err = watch(h, fds[i]);
        if (err)
            return cli_cannot(h->args, "serve", err, "allow more open files (ulimit -n)");
    }
    return 0;
}

/* The file is damaged: another one takes its place, or none on a disk that refuses that too. */
static int begin_anew(struct house *h)
{
    int err = journal_begin_anew(&h->journal, &h->journal_args, h->wall_at);
    if (err)
        house_be_blind(h, err);
    else
        h->journal_port = journal_port(h->journal);
    empty_core(h);
    if (err)
        return 0; /* numbers are looked up in the old file, as far as it can be read */
    store_lookup_drop(h->lookup); /* it looked into the file that was set aside */
    h->lookup = NULL;
    return open_lookup(h);
}

/* The state as the journal has it; a damaged journal is set aside, and the service answers. */
static int start_app(struct house *h)
{
    steer_open(&h->clock, os_clock_wall_at(), os_clock_boot_ms(), 0);
    h->now_at = h->clock.at;
    h->wall_at = os_clock_wall_at();
    lines_time(h->lines, h->now_at, h->wall_at);
    int err = app_read(h->app, h->now_at);
    if (err == EBADMSG) {
        int code = begin_anew(h);
        if (code)
            return code;
        err = app_read(h->app, h->now_at);
    }
    if (err)
        return cli_cannot(h->args, h->journal_path, err, "`decroche verify` says what is wrong");
    house_read_gate(h);
    house_read_texts(h);
    house_resume(h);
    app_begin(h->app);
    ms_t before_at = app_before_at(h->app);
    h->day_closed =
        calendar_local(h->directory->organisation.zone, before_at ? before_at : h->wall_at).day;
    house_close_day(h);
    house_read_wishes(h);
    lines_places(h->lines);
    lines_go_on(h->lines);
    /* Both clocks anew: what the reading took is no jump of the wall's. */
    h->wall_at = os_clock_wall_at();
    steer_open(&h->clock, h->wall_at, os_clock_boot_ms(), acd_last_at(h->acd));
    h->now_at = h->clock.at;
    house_read_written(h);
    return 0;
}

static int open_helpers(struct house *h)
{
    int err = house_open_keep(h);
    err = err ? err : orders_open(&h->orders);
    err = err ? err : house_open_reload(h);
    err = err ? err : os_resolve_open(&h->resolve, NULL);
    return err ? cli_cannot(h->args, "serve", err, "allow more memory, threads or open files") : 0;
}

int house_open(struct house *h)
{
    const struct os_log_args log = {.fd = STDERR_FILENO,
                                    .lines_max = h->settings.log.lines_per_second,
                                    .level_min = (enum os_log_level)h->settings.log.level};
    os_log_open(&h->log, &log);
    /* Who ends us while we start waits for the loop: three starts that a signal killed within a
     * minute would look like three crashes, and a sound journal would be set aside. */
    const sigset_t ending = ending_signals();
    sigprocmask(SIG_BLOCK, &ending, NULL);
    /* A client that leaves, and a file at its limit, are errors of one call, never our end. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    h->epoll_fd = h->signal_fd = h->keep.bell.fd = h->orders.bell.fd = -1;
    h->reload.bell.fd = h->reload.done.fd = -1;
    h->orders_port = orders_port(&h->orders);
    h->stop_at = MS_NEVER;
    int code = open_journal(h);
    code = code ? code : open_core(h);
    code = code ? code : house_open_record(h);
    code = code ? code : open_media(h);
    code = code ? code : make_room(h);
    code = code ? code : open_phone(h);
    code = code ? code : open_lookup(h);
    code = code ? code : house_open_gate(h);
    code = code ? code : house_open_texts(h);
    code = code ? code : house_open_never(h);
    code = code ? code : open_lines(h);
    code = code ? code : house_open_calls(h);
    code = code ? code : start_app(h);
    code = code ? code : open_helpers(h);
    code = code ? code : house_open_sms(h);
    code = code ? code : house_open_numbers(h);
    code = code ? code : house_open_accounts(h);
    code = code ? code : open_loop(h);
    house_open_trials(h);
    if (!code)
        house_trunk_names(h);
    code = code ? code : house_open_watch(h);
    code = code || h->is_blind ? code : house_open_reader(h);
    return code;
}

void house_drop(struct house *h)
{
    if (h->epoll_fd > 0)
        close(h->epoll_fd);
    if (h->signal_fd > 0)
        close(h->signal_fd);
    house_stop_watch(h);
    reader_drop(h->reader);
    house_drop_sms(h);
    house_drop_numbers(h);
    house_drop_accounts(h);
    house_drop_reload(h);
    os_resolve_drop(h->resolve);
    orders_drop(&h->orders);
    store_lookup_drop(h->lookup);
    house_drop_keep(h);
    house_drop_calls(h);
    phone_drop(h->phone);
    house_drop_headsets(h);
    house_drop_talks(h);
    house_drop_watch(h);
    voice_drop(h->voice);
    if (h->is_leaving)
        media_leave(h->media);
    media_drop(h->media);
    house_drop_record(h);
    if (h->journal)
        journal_end(h->journal, &h->journal_args, os_clock_wall_at());
    os_pages_drop(&h->core);
    os_pages_drop(&h->lines_room);
    os_pages_drop(&h->trace_room);
    os_pages_drop(&h->gate_room);
    os_pages_drop(&h->texts_room);
    os_pages_drop(&h->written_room);
    os_pages_drop(&h->webtext_room);
    free(h->sounds);
    for (unsigned i = 0; i < h->former_n; i++)
        house_set_drop(h->former[i]);
    house_set_drop(h->set);
}
