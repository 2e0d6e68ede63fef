/* reception_slots.h — the reception of reception_back.h where half hours are sold, and what the
 * store would keep of it. The house is open from 8 to 18; it is Monday, 2026-09-21, 10:00. */
#ifndef TEST_SUPPORT_RECEPTION_SLOTS_H
#define TEST_SUPPORT_RECEPTION_SLOTS_H

#include "test/support/reception_back.h"

#define HOUR ((ms_t)3600000)
#define ROWS 8

/* What the store would keep. */
struct shelf {
    struct slot slots[ROWS];
    struct lines_wish wishes[ROWS];
    uint8_t texts[ROWS]; /* their kinds */
    unsigned texts_n;
};
static struct shelf rows;

static inline void keep_slot(const struct journal_row *row)
{
    struct slot *place = NULL;
    for (unsigned i = 0; i < ROWS; i++)
        if (rows.slots[i].contact_id == row->slot.contact_id ||
            (!place && !rows.slots[i].contact_id))
            place = &rows.slots[i];
    assert_non_null(place);
    *place = (struct slot){.contact_id = row->slot.e164 ? row->slot.contact_id : 0,
                           .person_id = row->person_id,
                           .e164 = row->slot.e164,
                           .shown_e164 = row->slot.shown_e164,
                           .from_at = row->slot.from_at,
                           .until_at = row->slot.until_at,
                           .queue_id = row->slot.queue_id,
                           .reference = row->slot.reference,
                           .is_promised = row->slot.is_promised};
}

static inline void keep_row(const struct journal_row *row, void *arg)
{
    (void)arg;
    if (row->kind == JOURNAL_ROW_SLOT)
        keep_slot(row);
    if (row->kind == JOURNAL_ROW_SMS)
        rows.texts[rows.texts_n++ % ROWS] = row->sms.kind;
    if (row->kind != JOURNAL_ROW_WISH)
        return;
    struct lines_wish *place = NULL;
    for (unsigned i = 0; i < ROWS; i++)
        if (rows.wishes[i].contact_id == row->wish.contact_id ||
            (!place && !rows.wishes[i].contact_id))
            place = &rows.wishes[i];
    assert_non_null(place);
    *place = (struct lines_wish){.contact_id = row->wish.e164 ? row->wish.contact_id : 0,
                                 .person_id = row->person_id,
                                 .e164 = row->wish.e164,
                                 .shown_e164 = row->wish.shown_e164,
                                 .is_gated = row->wish.is_gated};
}

static inline unsigned rows_n(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < ROWS; i++)
        n += rows.slots[i].contact_id != 0;
    return n;
}

static inline const struct slot *only_row(void)
{
    assert_int_equal(rows_n(), 1);
    for (unsigned i = 0; i < ROWS; i++)
        if (rows.slots[i].contact_id)
            return &rows.slots[i];
    return NULL;
}

static inline struct reception *open_with(uint32_t slots_max)
{
    struct reception *r = reception_new(8);
    rows = (struct shelf){.slots = {{.contact_id = 0}}};
    r->book.see_row = keep_row;
    r->slots_max = slots_max;
    r->directory->is_demo = true;
    r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
    reception_fill(r);
    back_rules(r);
    return r;
}

static inline void set_hours(struct reception *r, enum hours hours)
{
    reception_do(r, (struct command){.kind = CMD_QUEUE_HOURS,
                                     .queue_hours = {.queue_id = HEALTH, .hours = hours}});
    turn(r);
}

/* Monday at 19: who chooses health hears that it is closed. */
static inline struct reception *open_at_night(uint32_t slots_max)
{
    struct reception *r = open_with(slots_max);
    r->wall_ms = 9 * HOUR;
    set_hours(r, HOURS_CLOSED_PUBLISHED);
    return r;
}

/* The process dies and another one reads what the journal and the store have. */
static inline void dies(struct reception *r)
{
    const struct shelf kept = rows;
    notebook_crash(&r->book);
    reception_start(r);
    for (unsigned i = 0; i < ROWS; i++)
        if (kept.wishes[i].contact_id)
            lines_wish(r->lines, &kept.wishes[i]);
    for (unsigned i = 0; i < ROWS; i++)
        if (kept.slots[i].contact_id)
            lines_slot(r->lines, &kept.slots[i]);
    turn(r);
}

#endif
