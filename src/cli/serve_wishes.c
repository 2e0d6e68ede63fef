/* serve_wishes.c — whom the house promised to call, and where: read once at the start (ADR 25).
 * Called by serve_open.c, between the journal and the first call. Cost: a row a promise. */
#include <errno.h>
#include <inttypes.h>

#include "cli/house.h"
#include "store/slot.h"

static void restore(const struct journal_row *row, void *arg)
{
    const struct lines_wish wish = {.contact_id = row->wish.contact_id,
                                    .person_id = row->person_id,
                                    .e164 = row->wish.e164,
                                    .shown_e164 = row->wish.shown_e164,
                                    .is_gated = row->wish.is_gated};
    struct house *h = arg;
    if (wish.e164)
        lines_wish(h->lines, &wish);
}

static void restore_slot(const struct journal_row *row, void *arg)
{
    const struct slot slot = {.contact_id = row->slot.contact_id,
                              .person_id = row->person_id,
                              .e164 = row->slot.e164,
                              .shown_e164 = row->slot.shown_e164,
                              .needs = row->slot.needs,
                              .from_at = row->slot.from_at,
                              .until_at = row->slot.until_at,
                              .queue_id = row->slot.queue_id,
                              .reference = row->slot.reference,
                              .entry_id = row->slot.entry_id,
                              .is_discreet = row->slot.is_discreet,
                              .is_promised = row->slot.is_promised};
    struct house *h = arg;
    if (slot.e164)
        lines_slot(h->lines, &slot);
}

/* Nobody can be called, for the person was erased: no agent is kept for that again and again. */
static bool cancel(struct house *h, uint64_t contact_id)
{
    const struct command cancel = {
        .kind = CMD_CALLBACK_CANCEL,
        .callback_cancel = {.contact_id = contact_id, .by = CANCELLED_BY_HOUSE}};
    return app_command(h->app, &cancel, h->now_at) == ACD_DONE;
}

/* Whom the house itself has promised to call, for we cut them off: at the number they called
 * from. */
static int find_numbers(struct house *h, const struct sql_args *sql, uint32_t *unknown_n)
{
    struct store_numbers numbers;
    struct lines_wish wish;
    int err = store_numbers_open(&numbers, sql);
    if (err)
        return err;
    for (uint32_t i = 0; lines_next_unknown(h->lines, &i, &wish);)
        if (wish.person_id && store_number_of(&wish.e164, &numbers, wish.person_id) == 0)
            lines_wish(h->lines, &wish);
        else
            *unknown_n += cancel(h, wish.contact_id);
    store_numbers_drop(&numbers);
    return 0;
}

void house_read_wishes(struct house *h)
{
    const struct sql_args sql = {.path = h->journal_path};
    uint32_t unknown_n = 0;
    int err = h->is_blind ? ENODATA : store_wish_read(&sql, restore, h);
    if (!err)
        err = store_slot_read(&sql, restore_slot, h);
    if (!err)
        err = find_numbers(h, &sql, &unknown_n);
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "callbacks: whom we promised to call is not known (errno %d)", err);
    if (unknown_n)
        os_log_line(&h->log, OS_LOG_WARNING,
                    "callbacks: %" PRIu32 " were promised, their numbers are erased: cancelled",
                    unknown_n);
}
