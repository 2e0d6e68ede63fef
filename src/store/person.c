/* person.c — number → random person id.
 * Called by the journal's writer (through port/store.h) and by workers that look a number up.
 * Cost: one b-tree look-up. Invariant: a number has one person; the first one stays. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "store/migrate.h"
#include "store/person.h"

static int person_attach(void *arg, struct sqlite3 *db)
{
    struct store_person *p = arg;
    struct sql_part part = {"store", store_migrations, store_migrations_n};
    p->db = db;
    int err = sql_migrate(db, &part);
    if (!err)
        err = sql_prepare(&p->put, db,
                          "INSERT INTO person_number(number, person_id) VALUES(?1, ?2)"
                          " ON CONFLICT(number) DO NOTHING");
    if (!err)
        err = sql_prepare(&p->erase, db, "DELETE FROM person_number WHERE person_id = ?1");
    if (!err)
        err = store_gate_attach(&p->gate, db);
    if (!err)
        err = store_wish_attach(&p->wish, db);
    if (!err)
        err = store_slot_attach(&p->slot, db);
    if (!err)
        err = store_never_attach(&p->never, db);
    if (!err)
        err = store_reference_attach(&p->reference, db);
    if (!err)
        err = store_thread_attach(&p->thread, db);
    if (!err)
        err = store_account_attach(&p->account, db);
    if (!err)
        err = store_notice_attach(&p->notice, db);
    if (!err)
        err = store_note_attach(&p->note, db);
    if (!err)
        err = store_web_attach(&p->web, db);
    return err ? err : store_sms_attach(&p->sms, db);
}

static void person_detach(void *arg)
{
    struct store_person *p = arg;
    sqlite3_finalize(p->put);
    sqlite3_finalize(p->erase);
    store_gate_detach(&p->gate);
    store_sms_detach(&p->sms);
    store_wish_detach(&p->wish);
    store_slot_detach(&p->slot);
    store_never_detach(&p->never);
    store_reference_detach(&p->reference);
    store_thread_detach(&p->thread);
    store_account_detach(&p->account);
    store_notice_detach(&p->notice);
    store_note_detach(&p->note);
    store_web_detach(&p->web);
    memset(p, 0, sizeof(*p));
}

/* The bytes of an erased number are overwritten, also on pages that become free. */
static int person_erase(struct store_person *p, uint64_t person_id)
{
    int err = store_sms_erase(&p->sms, person_id);
    if (!err)
        err = store_thread_erase(&p->thread, person_id);
    if (!err)
        err = sql_run(p->db, "PRAGMA secure_delete=ON");
    if (!err)
        err = store_web_erase(&p->web, person_id);
    sql_bind_u64(p->erase, 1, person_id);
    if (!err)
        err = sql_do(p->erase);
    if (!err)
        err = store_wish_erase(&p->wish, person_id);
    if (!err)
        err = store_slot_erase(&p->slot, person_id);
    if (!err)
        err = store_reference_erase(&p->reference, person_id);
    if (!err)
        err = store_note_erase(&p->note, person_id);
    int back = sql_run(p->db, "PRAGMA secure_delete=FAST");
    return err ? err : back;
}

static int person_row_put(void *arg, const struct journal_row *row)
{
    struct store_person *p = arg;
    if (row->kind == JOURNAL_ROW_GATE)
        return store_gate_put(&p->gate, row);
    if (row->kind == JOURNAL_ROW_WISH)
        return store_wish_put(&p->wish, row);
    if (row->kind == JOURNAL_ROW_SLOT)
        return store_slot_put(&p->slot, row);
    if (row->kind == JOURNAL_ROW_NEVER)
        return store_never_put(&p->never, row);
    if (row->kind == JOURNAL_ROW_REFERENCE)
        return store_reference_put(&p->reference, row);
    if (row->kind == JOURNAL_ROW_THREAD)
        return store_thread_put(&p->thread, row);
    if (row->kind == JOURNAL_ROW_NOTICE)
        return store_notice_put(&p->notice, row);
    if (row->kind == JOURNAL_ROW_NOTE)
        return store_note_put(&p->note, row);
    if (row->kind == JOURNAL_ROW_WEB)
        return store_web_put(&p->web, row);
    if (row->kind == JOURNAL_ROW_SMS_PURGE && store_web_purge(&p->web, row->sms.changed_at))
        return EIO;
    if (row->kind >= JOURNAL_ROW_ACCOUNT)
        return store_account_put(&p->account, row);
    if (row->kind != JOURNAL_ROW_PERSON)
        return store_sms_put(&p->sms, row);
    if (!row->number[0])
        return person_erase(p, row->person_id);
    size_t n = strnlen(row->number, sizeof(row->number));
    sqlite3_bind_text(p->put, 1, row->number, (int)n, SQLITE_TRANSIENT);
    sql_bind_u64(p->put, 2, row->person_id);
    return sql_do(p->put);
}

/* Row by row, in the order of the keys: what stands before a damaged page is kept. */
static int copy_rows(struct store_person *p, sqlite3_stmt *from, int64_t *copied_n)
{
    bool is_row = false;
    int err = sql_step(from, &is_row);
    while (!err && is_row) {
        sqlite3_bind_value(p->put, 1, sqlite3_column_value(from, 0));
        sqlite3_bind_value(p->put, 2, sqlite3_column_value(from, 1));
        err = sql_do(p->put);
        *copied_n += !err;
        if (!err)
            err = sql_step(from, &is_row);
    }
    return err;
}

/* Beside the persons. A file of before the gate, the wishes, the slots, the list of never, or
 * text messages, has none to give: that is no loss. */
static int salvage_others(struct store_person *p, sqlite3 *old)
{
    bool is_begun = !sqlite3_get_autocommit(p->db);
    int gate_err = is_begun ? store_gate_salvage(&p->gate, p->db, old) : 0;
    int wish_err = is_begun ? store_wish_salvage(&p->wish, old) : 0;
    int slot_err = is_begun ? store_slot_salvage(&p->slot, old) : 0;
    int never_err = is_begun ? store_never_salvage(&p->never, old) : 0;
    int sms_err = is_begun ? store_sms_salvage(&p->sms, p->db, old) : 0;
    int reference_err = is_begun ? store_reference_salvage(&p->reference, old) : 0;
    int thread_err = is_begun ? store_thread_salvage(&p->thread, old) : 0;
    int account_err = is_begun ? store_account_salvage(&p->account, old) : 0;
    int notice_err = is_begun ? store_notice_salvage(&p->notice, old) : 0;
    int note_err = is_begun ? store_note_salvage(&p->note, old) : 0;
    int web_err = is_begun ? store_web_salvage(&p->web, old) : 0;
    const int errs[] = {gate_err,   wish_err,    slot_err,   never_err, sms_err, reference_err,
                        thread_err, account_err, notice_err, note_err,  web_err};
    int err = 0;
    for (unsigned i = 0; i < ARRAY_LEN(errs); i++)
        err = err ? err : errs[i];
    return err;
}

static int person_salvage(void *arg, const char *from_path, int64_t *copied_n)
{
    struct store_person *p = arg;
    struct sql_args args = {.path = from_path, .is_read_only = true};
    sqlite3 *old = NULL;
    sqlite3_stmt *from = NULL;
    *copied_n = 0;
    int err = sql_open(&old, &args);
    if (!err)
        err = sql_prepare(&from, old, "SELECT number, person_id FROM person_number");
    if (!err)
        err = sql_run(p->db, "BEGIN IMMEDIATE");
    if (!err)
        err = copy_rows(p, from, copied_n);
    int others_err = salvage_others(p, old);
    err = err ? err : others_err;
    if (!sqlite3_get_autocommit(p->db)) {
        int end = sql_run(p->db, "COMMIT");
        err = end ? end : err;
    }
    sqlite3_finalize(from);
    sql_drop(old);
    return err;
}

struct store_port store_person_port(struct store_person *p)
{
    memset(p, 0, sizeof(*p));
    return (struct store_port){p, person_attach, person_row_put, person_salvage, person_detach};
}

int store_reader_open(struct store_reader *r, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    r->find = r->count = NULL;
    int err = sql_open(&r->db, &mine);
    if (!err)
        err = sql_prepare(&r->find, r->db, "SELECT person_id FROM person_number WHERE number = ?1");
    if (!err)
        err = store_reference_prepare(&r->count, r->db);
    if (err)
        store_reader_drop(r);
    return err;
}

void store_reader_drop(struct store_reader *r)
{
    sqlite3_finalize(r->find);
    sqlite3_finalize(r->count);
    sql_drop(r->db);
    r->find = r->count = NULL;
    r->db = NULL;
}

int store_person_find(uint64_t *person_id, struct store_reader *r, const char *number)
{
    bool is_row = false;
    sqlite3_bind_text(r->find, 1, number, -1, SQLITE_TRANSIENT);
    int err = sql_step(r->find, &is_row);
    if (err || !is_row)
        return err ? err : ENOENT;
    *person_id = sql_column_u64(r->find, 0);
    sqlite3_reset(r->find);
    return 0;
}

int store_person_references(uint32_t *n, struct store_reader *r, uint64_t person_id)
{
    return store_reference_count(n, r->count, person_id);
}

int store_person_new(uint64_t *person_id)
{
    do {
        ssize_t n = getrandom(person_id, sizeof(*person_id), 0);
        if (n != (ssize_t)sizeof(*person_id))
            return n < 0 ? errno : EIO;
    } while (*person_id == 0);
    return 0;
}
