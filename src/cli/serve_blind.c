/* serve_blind.c — the service answers although no journal can be begun: the disk is full or
 * read-only at start (design §5, "the service always answers").
 * Calls are served as ever, nothing is written, no promise is spoken (the journal is DOWN), and
 * what becomes of the calls is counted. As soon as a journal can be begun and no line is in use,
 * the program starts itself anew and tells the count as one EV_GAP. Called by serve.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/house.h"

#define RETRY_MS ((ms_t)5000)
#define GAP_NAME "DECROCHE_UNTOLD" /* how the count crosses the new start */
#define GAP_BYTES 512

/* tidy: parameters — port/journal.h */
static bool append(void *arg, const struct event *ev, unsigned n, const struct journal_row *rows,
                   unsigned rows_n)
{
    (void)arg, (void)ev, (void)n, (void)rows, (void)rows_n;
    return true; /* taken and forgotten: there is nowhere to write */
}

static bool has_room(void *arg)
{
    (void)arg;
    return true;
}

static uint64_t committed_id(void *arg)
{
    (void)arg;
    return 0;
}

static enum journal_health health(void *arg)
{
    (void)arg;
    return JOURNAL_DOWN;
}

static int snapshot_put(void *arg, const struct journal_snapshot *snapshot)
{
    (void)arg, (void)snapshot;
    return ENOSPC;
}

static int snapshot_get(void *arg, struct journal_snapshot *snapshot)
{
    (void)arg, (void)snapshot;
    return ENOENT;
}

/* tidy: parameters — port/journal.h */
static int read_nothing(void *arg, uint64_t after_id, journal_event_fn *fn, void *fn_arg,
                        uint64_t *last_good_id)
{
    (void)arg, (void)after_id, (void)fn, (void)fn_arg;
    *last_good_id = 0;
    return 0;
}

void house_be_blind(struct house *h, int err)
{
    char why[128];
    os_log_line(&h->log, OS_LOG_ALARM,
                "journal: %s: %s; calls are answered all the same, nothing is kept, no promise is "
                "made — free the disk; the service goes on by itself",
                h->journal_path, strerror_r(err, why, sizeof(why)));
    h->is_blind = true;
    h->journal_port = (struct journal_port){.append = append,
                                            .has_room = has_room,
                                            .committed_id = committed_id,
                                            .health = health,
                                            .snapshot_put = snapshot_put,
                                            .snapshot_get = snapshot_get,
                                            .read = read_nothing};
}

void house_count_blind(const struct event *ev, void *arg)
{
    struct house *h = arg;
    if (!h->is_blind || ev->kind != EV_CALL_OUTCOME)
        return;
    if (!h->untold.gap.n++)
        h->untold.gap.from_at = ev->at;
    h->untold.gap.to_at = ev->at;
    h->untold.gap.outcomes_n = OUTCOME_N;
    h->untold.gap.outcomes[ev->call_outcome.outcome]++;
}

/* "n from to outcome outcome…" for the process that follows. */
static void keep_untold(struct house *h)
{
    char text[GAP_BYTES];
    struct text_out out = {.p = text, .max = sizeof(text) - 1};
    text_put_number(&out, h->untold.gap.n);
    text_put(&out, TEXT(" "));
    text_put_number(&out, (uint64_t)h->untold.gap.from_at);
    text_put(&out, TEXT(" "));
    text_put_number(&out, (uint64_t)h->untold.gap.to_at);
    for (unsigned i = 0; i < OUTCOME_N; i++) {
        text_put(&out, TEXT(" "));
        text_put_number(&out, h->untold.gap.outcomes[i]);
    }
    text[out.n] = '\0';
    if (h->untold.gap.n && setenv(GAP_NAME, text, 1))
        os_log_line(&h->log, OS_LOG_ALARM, "serve: %u calls cannot be told: %s",
                    (unsigned)h->untold.gap.n, text);
}

void house_tell_untold(struct house *h)
{
    const char *text = getenv(GAP_NAME);
    struct command gap = {.kind = CMD_GAP, .gap = {.outcomes_n = OUTCOME_N}};
    uint64_t v[3 + OUTCOME_N] = {0};
    struct text rest = text_of(text ? text : "");
    bool is_sound = text != NULL;
    for (unsigned i = 0; i < ARRAY_LEN(v) && is_sound; i++)
        is_sound = text_number(text_word(&rest), INT64_MAX, &v[i]);
    unsetenv(GAP_NAME);
    if (!is_sound)
        return;
    gap.gap.n = (uint32_t)v[0];
    gap.gap.from_at = (ms_t)v[1];
    gap.gap.to_at = (ms_t)v[2];
    for (unsigned i = 0; i < OUTCOME_N; i++)
        gap.gap.outcomes[i] = (uint32_t)v[3 + i];
    if (h->is_blind) /* again: the count goes on to the next start */
        h->untold = gap;
    else
        app_command(h->app, &gap, h->now_at);
}

/* A journal that could be begun is closed again at once: the new start begins it for good. */
static bool can_begin(struct house *h)
{
    struct journal *j = NULL;
    if (h->now_at < h->retry_at)
        return false;
    h->retry_at = h->now_at + RETRY_MS;
    if (journal_begin(&j, &h->journal_args, h->wall_at))
        return false;
    journal_end(j, &h->journal_args, h->wall_at);
    return true;
}

bool house_sees_again(struct house *h)
{
    if (!h->is_blind || lines_n(h->lines) || !can_begin(h))
        return false;
    os_log_line(&h->log, OS_LOG_INFO, "journal: there is one again; the service starts anew");
    return true;
}

void house_start_anew(struct house *h)
{
    char *const argv[] = {"decroche", "serve", "-c", (char *)h->args->settings, NULL};
    keep_untold(h);
    execv("/proc/self/exe", argv);
}
