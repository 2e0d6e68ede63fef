/* pending.c — see pending.h. Cost: one b-tree look-up each. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "store/number.h"
#include "store/pending.h"

#define SLOT_COLUMNS "contact_id, number, from_at, queue_id, reference, is_discreet"

int store_pending_open(struct store_pending *p, const struct sql_args *args,
                       const struct store_never_key *key)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    *p = (struct store_pending){.key = key};
    int err = sql_open(&p->db, &mine);
    if (!err)
        err = sql_prepare(&p->wish, p->db,
                          "SELECT number, is_gated FROM callback_wish WHERE contact_id = ?1");
    if (!err)
        err = sql_prepare(&p->never, p->db, "SELECT 1 FROM never_number WHERE hash = ?1");
    if (!err)
        err = sql_prepare(&p->never_n, p->db, "SELECT count(*) FROM never_number");
    if (!err)
        err = sql_prepare(&p->slots, p->db,
                          "SELECT " SLOT_COLUMNS " FROM callback_slot"
                          " WHERE is_promised = 0 AND contact_id > ?1"
                          " ORDER BY contact_id LIMIT ?2");
    if (!err)
        err = sql_prepare(&p->slot, p->db,
                          "SELECT " SLOT_COLUMNS " FROM callback_slot"
                          " WHERE is_promised = 0 AND reference = ?1 LIMIT 1");
    if (!err)
        err = sql_prepare(&p->sold, p->db,
                          "SELECT from_at, count(*) FROM callback_slot"
                          " WHERE queue_id = ?1 AND from_at > ?2"
                          " GROUP BY from_at ORDER BY from_at LIMIT ?3");
    if (!err)
        err = sql_prepare(&p->person, p->db, STORE_NUMBER_OF_PERSON);
    if (err)
        store_pending_drop(p);
    return err;
}

void store_pending_drop(struct store_pending *p)
{
    sqlite3_finalize(p->wish);
    sqlite3_finalize(p->never);
    sqlite3_finalize(p->never_n);
    sqlite3_finalize(p->slots);
    sqlite3_finalize(p->slot);
    sqlite3_finalize(p->sold);
    sqlite3_finalize(p->person);
    sql_drop(p->db);
    *p = (struct store_pending){.db = NULL};
}

static int find_wish(void *arg, uint64_t contact_id, struct numbers_wish *wish)
{
    struct store_pending *p = arg;
    bool is_row = false;
    *wish = (struct numbers_wish){.e164 = 0};
    sql_bind_u64(p->wish, 1, contact_id);
    int err = sql_step(p->wish, &is_row);
    if (!err && is_row) {
        const char *number = (const char *)sqlite3_column_text(p->wish, 0);
        bool is_number =
            number && number[0] == '+' && text_number(text_of(number + 1), UINT64_MAX, &wish->e164);
        wish->is_by_house = !sqlite3_column_int(p->wish, 1);
        err = is_number ? 0 : EBADMSG;
    } else if (!err) {
        err = ENOENT;
    }
    sqlite3_reset(p->wish);
    return err;
}

static struct numbers_slot slot_of(sqlite3_stmt *st)
{
    return (struct numbers_slot){.contact_id = sql_column_u64(st, 0),
                                 .e164 = store_number_column(st, 1),
                                 .from_at = sqlite3_column_int64(st, 2),
                                 .queue_id = (uint32_t)sqlite3_column_int64(st, 3),
                                 .reference = (uint32_t)sqlite3_column_int64(st, 4),
                                 .is_discreet = sqlite3_column_int(st, 5) != 0};
}

static int list_slots(void *arg, struct numbers_slots *page)
{
    struct store_pending *p = arg;
    bool is_row = false;
    page->n = 0;
    sql_bind_u64(p->slots, 1, page->after_id);
    sqlite3_bind_int64(p->slots, 2, page->max);
    int err = sql_step(p->slots, &is_row);
    while (!err && is_row && page->n < page->max) {
        page->rows[page->n++] = slot_of(p->slots);
        err = sql_step(p->slots, &is_row);
    }
    sqlite3_reset(p->slots);
    return err;
}

static int find_slot(void *arg, uint32_t reference, struct numbers_slot *slot)
{
    struct store_pending *p = arg;
    bool is_row = false;
    sqlite3_bind_int64(p->slot, 1, reference);
    int err = sql_step(p->slot, &is_row);
    if (!err && is_row)
        *slot = slot_of(p->slot);
    sqlite3_reset(p->slot);
    return err ? err : is_row ? 0 : ENOENT;
}

static int count_sold(void *arg, struct numbers_sold *sold)
{
    struct store_pending *p = arg;
    bool is_row = false;
    sold->n = 0;
    sqlite3_bind_int64(p->sold, 1, sold->queue_id);
    sqlite3_bind_int64(p->sold, 2, sold->after_at);
    sqlite3_bind_int64(p->sold, 3, NUMBERS_SOLD_MAX);
    int err = sql_step(p->sold, &is_row);
    while (!err && is_row && sold->n < NUMBERS_SOLD_MAX) {
        sold->halves[sold->n++] = (struct numbers_sold_half){
            sqlite3_column_int64(p->sold, 0), (uint32_t)sqlite3_column_int64(p->sold, 1)};
        err = sql_step(p->sold, &is_row);
    }
    sqlite3_reset(p->sold);
    return err;
}

static int find_person(void *arg, uint64_t person_id, uint64_t *e164)
{
    struct store_pending *p = arg;
    struct store_numbers mine = {.db = p->db, .find = p->person};
    return store_number_of(e164, &mine, person_id);
}

static int find_never(void *arg, uint64_t e164, bool *is_listed, uint64_t *listed_n)
{
    struct store_pending *p = arg;
    uint8_t hash[NEVER_HASH_BYTES];
    bool is_row = false;
    store_never_hash(hash, p->key, e164);
    sqlite3_bind_blob(p->never, 1, hash, sizeof(hash), SQLITE_TRANSIENT);
    int err = sql_step(p->never, is_listed);
    sqlite3_reset(p->never);
    if (!err)
        err = sql_step(p->never_n, &is_row);
    *listed_n = !err && is_row ? sql_column_u64(p->never_n, 0) : 0;
    sqlite3_reset(p->never_n);
    return err;
}

struct numbers_port store_pending_port(struct store_pending *p)
{
    return (struct numbers_port){.arg = p,
                                 .wish = find_wish,
                                 .slots = list_slots,
                                 .slot = find_slot,
                                 .sold = count_sold,
                                 .person = find_person,
                                 .never = find_never};
}
