/* serve_headsets.c — see serve_headsets.h. Called by serve.c and serve_open.c: wiring, no logic.
 * Cost: nothing where media.browser_port is 0. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/house.h"

/* Of the numbers of legs of a life, the upper half is for pages. */
#define LEG_BITS_OF_A_LIFE 36
_Static_assert(HEADSET_LEGS_BITS + 1 == LEG_BITS_OF_A_LIFE, "legs of pages are the upper half");
_Static_assert(ORDERS_ANSWER_MAX == RTC_ANSWER_MAX, "an answer goes to the page whole");
_Static_assert((int)ORDER_HEADSET_DONE == (int)HEADSET_DONE &&
                   (int)ORDER_HEADSET_UNKNOWN == (int)HEADSET_UNKNOWN &&
                   (int)ORDER_HEADSET_NOT_NOW == (int)HEADSET_NOT_NOW &&
                   (int)ORDER_HEADSET_REFUSED == (int)HEADSET_REFUSED &&
                   (int)ORDER_HEADSET_FULL == (int)HEADSET_FULL,
               "the verdicts are those of browser/");

uint32_t house_headsets_max(const struct house *h)
{
    uint32_t agents_n = h->settings.acd.agents_max;
    uint32_t left_n = MEDIA_STREAMS_MAX - h->settings.phone.legs_max;
    uint32_t most = agents_n < BROWSER_SESSIONS_MAX ? agents_n : BROWSER_SESSIONS_MAX;
    return !h->settings.media.browser_port ? 0 : most < left_n ? most : left_n;
}

static void page_reports(const struct phone_report *report, void *arg)
{
    struct house *h = arg;
    lines_report(report, h->lines_room.p);
}

int house_open_headsets(struct house *h)
{
    struct house_headsets *of = &h->headsets;
    const struct settings_phone *s = &h->settings.phone;
    uint64_t epoch = h->is_blind ? 0 : journal_epoch(h->journal);
    of->media = h->media_port;
    if (!h->settings.media.browser_port)
        return 0;
    of->board = calloc(1, sizeof(*of->board));
    struct headset_args args = {.media = &h->media_port,
                                .port = media_browser_port(h->media),
                                .sessions_max = house_headsets_max(h),
                                .ring_id = &h->sounds->ids[0][PROMPT_TONE_RING],
                                .first_leg_id =
                                    epoch << LEG_BITS_OF_A_LIFE | 1ull << HEADSET_LEGS_BITS,
                                .board = of->board,
                                .log = &h->log,
                                .report = page_reports,
                                .report_arg = h, /* the lines have no room yet */
                                .boot_ms = os_clock_boot_ms};
    bool is_read =
        address_pair_read(&args.self, text_of(*s->advertised ? s->advertised : s->address));
    int err = !of->board ? ENOMEM : !is_read ? EINVAL : headset_open(&of->all, &args);
    if (err)
        return cli_cannot(h->args, "media.browser_port", err, "free some memory");
    of->media = headset_media(of->all);
    return 0;
}

void house_put_headsets(struct house *h)
{
    const struct headset_behind behind = {phone_port(h->phone), phone_stream, h->phone};
    h->phone_port = behind.port;
    if (!h->headsets.all)
        return;
    headset_put_before(h->headsets.all, &behind);
    h->phone_port = headset_port(h->headsets.all);
}

void house_drop_headsets(struct house *h)
{
    headset_drop(h->headsets.all);
    free(h->headsets.board);
}

void house_phone_reports(const struct phone_report *report, void *arg)
{
    struct house *h = arg;
    if (house_trials_hear(h, report))
        return;
    if (h->headsets.all)
        headset_hears(report, h->headsets.all);
    else
        lines_report(report, h->lines_room.p);
}

bool house_phone_knows(struct text called, uint64_t aor, void *arg)
{
    const struct house *h = arg;
    return lines_knows(called, aor, h->lines_room.p);
}

/* The reader is woken when what a page shows has changed: it rings without waiting for the disk. */
static void tell_reader(struct house *h)
{
    uint64_t turn = atomic_load(&h->headsets.board->turn);
    if (turn != h->headsets.turn && h->reader)
        reader_wake(h->reader);
    h->headsets.turn = turn;
}

void house_headsets_turn(struct house *h)
{
    if (!h->headsets.all)
        return;
    headset_run(h->headsets.all, os_clock_boot_ms());
    tell_reader(h);
}

ms_t house_headsets_next_at(const struct house *h)
{
    ms_t at = h->headsets.all ? headset_next_at(h->headsets.all) : MS_NEVER;
    bool is_untold = h->headsets.all && atomic_load(&h->headsets.board->turn) != h->headsets.turn;
    if (is_untold)
        return h->now_at;
    return at == MS_NEVER ? MS_NEVER : h->now_at + (at ? at - os_clock_boot_ms() : 0);
}

void house_headsets_vitals(const struct house *h, struct vitals *v)
{
    struct browser_counts counts;
    if (!h->headsets.all)
        return;
    headset_counts(h->headsets.all, &counts);
    v->browser_port = media_browser_port(h->media);
    v->pages_up_n = counts.up_n;
}

void house_take_headset(struct house *h, const struct order_headset *headset,
                        struct order_answer *a)
{
    static const enum headset_deed deeds[] = {
        [ORDER_HEADSET_JOIN] = HEADSET_JOIN,     [ORDER_HEADSET_LEAVE] = HEADSET_LEAVE,
        [ORDER_HEADSET_ANSWER] = HEADSET_ANSWER, [ORDER_HEADSET_HANG_UP] = HEADSET_HANG_UP,
        [ORDER_HEADSET_HOLD] = HEADSET_HOLD,     [ORDER_HEADSET_RESUME] = HEADSET_RESUME,
        [ORDER_HEADSET_ECHO] = HEADSET_ECHO,     [ORDER_HEADSET_SILENCE] = HEADSET_SILENCE};
    const struct headset_ask ask = {.deed = deeds[headset->deed],
                                    .agent_id = headset->agent_id,
                                    .page_id = headset->page_id,
                                    .sdp = {headset->sdp, headset->sdp_n}};
    struct headset_told told = {0};
    a->verdict = ORDER_HEADSET_NOWHERE;
    if (!h->headsets.all)
        return;
    a->verdict = (int)headset_ask(h->headsets.all, &ask, &told);
    a->page_id = told.page_id;
    a->why = told.answer.why == RTC_GOOD ? NULL : rtc_why(told.answer.why);
    a->sdp_n = (uint16_t)told.answer.sdp_n;
    memcpy(a->sdp, told.answer.sdp, told.answer.sdp_n);
}
