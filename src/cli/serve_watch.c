/* serve_watch.c — the robot of the house: each minute it calls one of its own numbers, listens
 * until it hears something, and hangs up. Called by serve.c. On a thread of its own with a
 * telephone and a media engine of its own, so that it also sees a main thread that hangs; between
 * calls it asks by OPTIONS whether somebody is there, and calls at once when nobody is.
 * Cost: one call a minute; asleep otherwise. Invariant: what it tells is true of the last call that
 * has ended; its calls carry a token that lives no longer than they. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/house.h"
#include "cli/robots.h"
#include "view/words.h"

/* After the start: the readers have caught up by then, or nearly. */
#define WATCH_FIRST_MS ((ms_t)10000)
/* An answer, and then a sound, must come within so long. */
#define WATCH_SETUP_MS ((ms_t)5000)
#define WATCH_HOLD_MS (ROBOT_UNHEARD_MS + 500)
/* A service that is silent is called again so often, not at each lost OPTIONS. */
#define WATCH_AGAIN_MS ((ms_t)10000)
#define NUMBER_BYTES 24
/* One a second at most: rarer than that, each is due when it is asked for. */
#define RATE_MILLI 1000

struct house_watch {
    struct os_thread thread;
    struct os_bell bell;
    _Atomic bool is_ending;
    _Atomic uint64_t number; /* to be called next, E.164; 0: none */
    _Atomic uint64_t calls_n;
    struct latest verdict; /* struct vitals_watch */
    struct phone_watch mark;
    struct robots *robots;
    struct os_log *log;
    ms_t every_ms;
    /* the thread's own */
    struct robot_plan plan;
    struct robot_called called;
    char number_text[NUMBER_BYTES], token_text[PHONE_TOKEN_N];
    struct vitals_watch seen;
    ms_t next_at, again_at;
    bool is_calling;
    uint32_t up_ms;
};

/* ---- a verdict ---------------------------------------------------------------------------- */

static void tell(struct house_watch *w, enum vitals_fault fault, uint16_t status)
{
    struct vitals_watch *v = &w->seen;
    bool was_well = v->fault == VITALS_CALL_WELL, was_same = v->fault == fault;
    v->calls_n++;
    v->failed_n += fault != VITALS_CALL_WELL;
    v->fault = fault;
    v->status = status;
    v->at = os_clock_wall_at();
    atomic_store(&w->calls_n, v->calls_n);
    latest_put(&w->verdict, v, sizeof(*v));
    if (fault != VITALS_CALL_WELL && !was_same)
        os_log_line(w->log, OS_LOG_ALARM,
                    "watch: the call to +%s failed: %s — callers fare alike: `decroche call`, "
                    "and look at the lines before this one",
                    w->number_text + 1, view_words_call_fault(fault, status, VIEW_ENGLISH));
    else if (fault == VITALS_CALL_WELL && !was_well)
        os_log_line(w->log, OS_LOG_INFO, "watch: a call is answered and heard again");
}

static void end(struct house_watch *w, enum vitals_fault fault, uint16_t status)
{
    if (!w->is_calling)
        return; /* its verdict was told: heard, then hung up */
    w->is_calling = false;
    atomic_store(&w->mark.token, 0);
    tell(w, fault, status);
}

static void hear(const struct robot_news *news, void *arg)
{
    struct house_watch *w = arg;
    switch (news->kind) {
    case ROBOT_UP:
        w->up_ms = (uint32_t)news->after_ms;
        return;
    case ROBOT_SOUND:
        w->seen.setup_ms = w->up_ms;
        w->seen.sound_ms = (uint32_t)news->after_ms;
        end(w, VITALS_CALL_WELL, 0);
        return;
    case ROBOT_REFUSED:
        end(w, news->status == 408 ? VITALS_CALL_UNANSWERED : VITALS_CALL_REFUSED, news->status);
        return;
    case ROBOT_HUNG_UP:
    case ROBOT_ENDED:
        end(w, VITALS_CALL_SILENT, 0);
        return;
    case ROBOT_BROKEN:
        end(w, VITALS_CALL_BROKEN, 0);
        return;
    case ROBOT_NO_ROOM:
        end(w, VITALS_CALL_UNPLACED, 0);
        return;
    default:
        return;
    }
}

/* ---- a call ------------------------------------------------------------------------------- */

static bool draw_token(struct house_watch *w)
{
    uint64_t token = 0;
    if (getrandom(&token, sizeof(token), GRND_NONBLOCK) != sizeof(token) || !token)
        return false;
    text_hex(w->token_text, token, PHONE_TOKEN_N);
    atomic_store(&w->mark.token, token);
    return true;
}

static void call(struct house_watch *w, ms_t now_at)
{
    uint64_t number = atomic_load(&w->number);
    w->next_at = now_at + w->every_ms;
    w->again_at = now_at + WATCH_AGAIN_MS;
    if (!number || !draw_token(w))
        return;
    int n = snprintf(w->number_text, sizeof(w->number_text), "+%" PRIu64, number);
    w->called = (struct robot_called){{w->number_text, (size_t)n}, 1};
    w->plan.caller = (struct text){w->token_text, PHONE_TOKEN_N};
    w->is_calling = true;
    if (!w->plan.calls_n)
        robot_begin(robots_brain(w->robots), now_at);
    w->plan.calls_n++; /* due at once: the rate is far above this one */
    robot_run(robots_brain(w->robots));
}

static void *run(void *arg)
{
    struct house_watch *w = arg;
    ms_t now_at = os_clock_boot_ms();
    w->next_at = now_at + (w->every_ms < WATCH_FIRST_MS ? w->every_ms : WATCH_FIRST_MS);
    while (!atomic_load(&w->is_ending)) {
        robots_turn(w->robots, w->is_calling ? MS_NEVER : w->next_at, w->bell.fd);
        now_at = os_clock_boot_ms();
        bool is_silent = robots_is_down(w->robots) && now_at >= w->again_at;
        if (!w->is_calling && (now_at >= w->next_at || is_silent))
            call(w, now_at);
    }
    robot_stop(robots_brain(w->robots));
    return NULL;
}

/* ---- main's side -------------------------------------------------------------------------- */

/* Numbers in turn; the one at which agents sign in greets nobody else. */
void house_watch_number(struct house *h)
{
    struct house_watch *w = h->watch;
    const struct directory *d = h->directory;
    uint64_t turn = w ? atomic_load(&w->calls_n) : 0;
    uint64_t number = 0;
    for (uint32_t i = 0; w && i < d->numbers_n && !number; i++) {
        const struct directory_number *n = &d->numbers[(turn + i) % d->numbers_n];
        number = strcmp(n->flow, "agents") ? n->e164 : 0;
    }
    if (w)
        atomic_store(&w->number, number);
}

static struct address where(const struct house *h)
{
    struct address_pair self;
    if (!address_pair_read(&self, text_of(h->settings.phone.address)))
        return (struct address){.family = 0};
    struct address to = address_to_reach(address_pair_first(&self));
    to.port = phone_bound(h->phone);
    return to;
}

static int open_robots(struct house *h, struct house_watch *w)
{
    char own[ADDRESS_TEXT_MAX] = "";
    struct text_out out = {.p = own, .max = sizeof(own) - 1};
    struct robots_args args = {.to = where(h),
                               .plan = &w->plan,
                               .callers_max = 1,
                               .seed = 1,
                               .probes = true,
                               .tell = hear,
                               .tell_arg = w};
    struct address self = args.to;
    self.port = 0;
    address_put(&out, &self);
    args.bind = own;
    int err = robots_open(&w->robots, &args);
    if (err)
        return err;
    w->mark.at = robots_self(w->robots);
    phone_watch(h->phone, &w->mark);
    return 0;
}

int house_open_watch(struct house *h)
{
    struct house_watch *w;
    if (!h->settings.watch.call_every_ms)
        return 0;
    w = h->watch = calloc(1, sizeof(*w));
    if (!w)
        return cli_cannot(h->args, "watch", ENOMEM, "free some memory");
    w->bell.fd = -1;
    w->log = &h->log;
    w->every_ms = h->settings.watch.call_every_ms;
    w->plan = (struct robot_plan){.called = &w->called,
                                  .called_n = 1,
                                  .rate_milli = RATE_MILLI,
                                  .setup_ms = WATCH_SETUP_MS,
                                  .hold_ms = WATCH_HOLD_MS,
                                  .is_mute = true,
                                  .ends_on_sound = true};
    int err = os_bell_open(&w->bell);
    err = err ? err : open_robots(h, w);
    if (err)
        return cli_cannot(h->args, "watch", err, "or set watch.call_every to 0s");
    house_watch_number(h);
    const struct os_thread_args thread = {"watch", run, w};
    err = os_thread_open(&w->thread, &thread);
    return err ? cli_cannot(h->args, "watch", err, "allow one more thread") : 0;
}

const struct latest *house_watch_verdict(const struct house *h)
{
    return h->watch ? &h->watch->verdict : NULL;
}

void house_stop_watch(struct house *h)
{
    struct house_watch *w = h->watch;
    if (!w || !w->thread.is_running)
        return;
    atomic_store(&w->is_ending, true);
    os_bell_ring_always(&w->bell);
    os_thread_drop(&w->thread);
}

void house_drop_watch(struct house *h)
{
    struct house_watch *w = h->watch;
    if (!w)
        return;
    house_stop_watch(h);
    robots_drop(w->robots);
    os_bell_drop(&w->bell);
    free(w);
    h->watch = NULL;
}
