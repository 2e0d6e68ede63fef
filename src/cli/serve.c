/* serve.c — `decroche serve`: the service itself. One loop on the main thread: what came in, what
 * is due, what may go out; then it sleeps until the next of them.
 * Called by main.c. Nothing in the loop waits but its epoll. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/house.h"

static const char usage[] =
    "decroche serve -c FILE\n"
    "\n"
    "Answers the telephone, as the settings in FILE say. Prints one line when it is ready; lines\n"
    "for the operator go to standard error. SIGTERM or Ctrl-C: takes no new call, tells those who\n"
    "wait, lets those who speak finish (30 s at most); a second one ends it at once.\n"
    "SIGHUP, or `decroche reload`: reads its files again; calls in course go on.\n"
    "SIGUSR2: ends at once, so that another one starts (an upgrade): who waits and who speaks "
    "over\n"
    "UDP is taken up by it, at their place. systemctl restart does that.\n"
    "\n"
    "exit: 0 ended in order   1 mistakes in a file   2 usage   3 the world failed (disk, port…)\n";

#define START_ANEW (-1) /* beside the exit codes */
#define EVENTS_MAX 16
#define SLEEP_MS_MAX ((ms_t)1000)
#define QUARTER_MS ((ms_t)15 * 60 * 1000)

static void read_clocks(struct house *h)
{
    ms_t by_ms;
    h->wall_at = os_clock_wall_at();
    h->now_at = steer_now(&h->clock, h->wall_at, os_clock_boot_ms());
    lines_time(h->lines, h->now_at, h->wall_at);
    by_ms = steer_step(&h->clock, h->wall_at);
    if (!by_ms)
        return;
    const struct command step = {.kind = CMD_CLOCK_STEP, .clock_step = {.by_ms = by_ms}};
    os_log_line(&h->log, OS_LOG_ALARM, "clock: the wall clock jumped by %lld ms; calls go on",
                (long long)by_ms);
    app_command(h->app, &step, h->now_at);
}

static void tell_shed(struct house *h)
{
    struct command shed = {.kind = CMD_SHED,
                           .shed = {.quarter_at = h->now_at / QUARTER_MS * QUARTER_MS}};
    while (phone_shed_take(h->phone, &shed.shed.trunk_id, &shed.shed.n))
        app_command(h->app, &shed, h->now_at);
}

/* What pages and the command line ask for. */
static void take_orders(struct house *h)
{
    struct order order;
    while (orders_take(&h->orders, &order)) {
        struct order_answer a = {.order_id = order.order_id};
        if (order.headset.deed != ORDER_HEADSET_NONE)
            house_take_headset(h, &order.headset, &a);
        else if (order.talk.deed != ORDER_TALK_NONE)
            house_take_talk(h, &order.talk, &a);
        else if (order.number.about == ORDER_COMMAND && order.cmd.kind == CMD_CALL_ALERT)
            a.verdict = (int)lines_alert(h->lines, order.cmd.call_alert.call_id);
        else if (order.number.about == ORDER_COMMAND)
            a.verdict = (int)app_command(h->app, &order.cmd, h->now_at);
        else
            house_take_number(h, &order.number, &a);
        a.last_id = acd_last_id(h->acd);
        orders_tell(&h->orders, &a);
        reader_wake(h->reader);
    }
}

/* Who cannot be taken up is told now: a telephone that rings for nobody would be a riddle. */
static void leave(struct house *h)
{
    if (!h->calls.file.p) {
        os_log_line(&h->log, OS_LOG_WARNING, "serve: the calls in course cannot be handed over");
        return;
    }
    h->is_leaving = true;
    h->stop_at = h->now_at;
    os_log_line(&h->log, OS_LOG_INFO, "serve: leaves %u lines to who starts next",
                lines_n(h->lines));
    house_stop_watch(h);
    lines_leave(h->lines);
}

static void take_signals(struct house *h)
{
    struct signalfd_siginfo info;
    while (read(h->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            house_reload_ask(h);
            continue;
        }
        if (info.ssi_signo == SIGUSR2) {
            leave(h);
            continue;
        }
        if (h->stop_at != MS_NEVER) {
            h->stop_at = h->now_at;
            continue;
        }
        h->stop_at = h->now_at + LINES_DRAIN_MS;
        os_log_line(&h->log, OS_LOG_INFO, "serve: ends when the %u lines are free, in 30 s at most",
                    lines_n(h->lines));
        house_stop_watch(h); /* 503 is no fault from now on */
        lines_drain(h->lines);
    }
}

static ms_t next_at(const struct house *h)
{
    const ms_t at[] = {phone_next_at(h->phone),
                       app_next_at(h->app),
                       lines_next_at(h->lines),
                       h->now_at + SLEEP_MS_MAX,
                       h->stop_at,
                       h->is_telling ? h->now_at : MS_NEVER,
                       house_headsets_next_at(h),
                       house_trials_next_at(h)};
    ms_t first_at = at[0];
    for (unsigned i = 1; i < ARRAY_LEN(at); i++)
        first_at = at[i] < first_at ? at[i] : first_at;
    return first_at;
}

static void take_commit(struct house *h)
{
    journal_fd_clear(h->journal);
    house_sms_committed(h);
}

static void turn(struct house *h)
{
    struct epoll_event events[EVENTS_MAX];
    ms_t wait_ms = next_at(h) - h->now_at;
    int n = epoll_wait(h->epoll_fd, events, EVENTS_MAX, wait_ms > 0 ? (int)wait_ms : 0);
    read_clocks(h);
    house_close_day(h);
    for (int i = 0; i < n; i++) {
        if (events[i].data.fd == h->signal_fd)
            take_signals(h);
        else if (events[i].data.fd == media_fd(h->media))
            media_fd_clear(h->media);
        else if (h->journal && events[i].data.fd == journal_fd(h->journal))
            take_commit(h);
        else if (h->lookup && events[i].data.fd == store_lookup_fd(h->lookup))
            store_lookup_fd_clear(h->lookup);
        else if (events[i].data.fd == h->reload.done.fd)
            house_reload_turn(h);
        else if (h->sms && events[i].data.fd == sms_fd(h->sms))
            sms_fd_clear(h->sms);
        else if (!h->is_blind && events[i].data.fd == h->mailbox.bell.fd)
            os_bell_clear(&h->mailbox.bell);
        else if (h->accounts.memory && events[i].data.fd == h->accounts.bell.fd)
            os_bell_clear(&h->accounts.bell);
        else if (events[i].data.fd == os_resolve_fd(h->resolve))
            house_trunk_news(h);
    }
    phone_run(h->phone, h->now_at);
    house_headsets_turn(h);
    take_orders(h);
    tell_shed(h);
    app_run(h->app, h->now_at);
    lines_persons(h->lines);
    lines_recordings(h->lines);
    lines_run(h->lines);
    house_talks_turn(h);
    house_sms_turn(h);
    house_accounts_turn(h);
    house_trials_turn(h);
    house_follow_turn(h);
    house_notice_turn(h);
    house_voice_turn(h);
    house_hours(h);
    house_keep_phones(h);
    house_keep_calls(h);
    if (h->reader)
        house_vitals(h);
    else
        house_gate_turn(h);
}

/* The disk refuses us for good: another process writes here now. */
static bool is_fenced(const struct house *h)
{
    return h->journal && journal_trouble(h->journal) == ESTALE;
}

/* As a browser and a telephone want it, IPv6 in brackets: one, or one of each family. */
#define AT_MAX (2 * ADDRESS_TEXT_MAX)
static void put_at(char to[AT_MAX], const char *ips, uint16_t port)
{
    struct address_pair self = {0};
    struct text_out out = {.p = to, .max = AT_MAX - 1};
    bool is_read = address_pair_read(&self, text_of(ips)); /* it was bound */
    for (unsigned i = 0; is_read && i < ADDRESS_FAMILIES; i++) {
        if (out.n && self.of[i].family)
            text_put(&out, TEXT(" "));
        self.of[i].port = port;
        address_put(&out, &self.of[i]);
    }
    to[out.n] = '\0';
}

static void tell_ready(const struct house *h)
{
    char sip[AT_MAX], http[AT_MAX];
    put_at(sip, h->settings.phone.address, phone_bound(h->phone));
    printf("decroche: prêt, SIP %s", sip);
    if (phone_bound_secure(h->phone)) {
        put_at(sip, h->settings.phone.address, phone_bound_secure(h->phone));
        printf(", TLS %s", sip);
    }
    if (h->reader) {
        put_at(http, h->settings.web.address, reader_port(h->reader));
        printf(", HTTP %s", http);
        if (reader_secure_port(h->reader)) {
            put_at(http, h->settings.web.tls_address, reader_secure_port(h->reader));
            printf(", HTTPS %s", http);
        }
    }
    printf("\n");
    fflush(stdout);
}

static int run(struct house *h)
{
    while (h->stop_at > h->now_at && !(h->stop_at != MS_NEVER && !lines_n(h->lines))) {
        turn(h);
        if (is_fenced(h))
            return cli_cannot(h->args, h->journal_path, ESTALE,
                              "another process took the journal over; this one ends");
        if (house_sees_again(h))
            return START_ANEW;
    }
    return CLI_OK;
}

static int serve(struct house *h)
{
    house_tell_directory(h);
    house_hours(h);
    house_tell_untold(h);
    tell_ready(h);
    int code = run(h);
    house_trials_cut(h);
    if (!h->is_leaving)
        lines_cut(
            h->lines); /* who still speaks would stay in a call with nobody, and hold its trunk */
    return code;
}

int cli_serve(int argc, char **argv)
{
    static const struct cli_command command = {
        .name = "serve", .usage = usage, .has_settings = true};
    struct cli_args args = {.command = &command};
    if (!cli_args_read(&args, argc, argv))
        return CLI_USAGE;
    if (args.is_help)
        return CLI_OK;
    struct house *h = calloc(1, sizeof(*h));
    if (!h)
        return cli_cannot(&args, "serve", ENOMEM, "free some memory");
    h->args = &args;
    int code = house_read(h);
    code = code ? code : house_open(h);
    code = code ? code : serve(h);
    house_drop(h);
    if (code == START_ANEW) {
        house_start_anew(h);
        code = cli_cannot(&args, "/proc/self/exe", errno, "start the service again");
    }
    free(h);
    return code;
}
