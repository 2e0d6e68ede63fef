/* pending.c — see pending.h. Cost: one b-tree look-up each. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "store/pending.h"

int store_pending_open(struct store_pending *p, const struct sql_args *args)
{
    struct sql_args mine = *args;
    mine.is_read_only = true;
    *p = (struct store_pending){.db = NULL};
    int err = sql_open(&p->db, &mine);
    if (!err)
        err = sql_prepare(&p->wish, p->db,
                          "SELECT number, is_gated FROM callback_wish WHERE contact_id = ?1");
    if (err)
        store_pending_drop(p);
    return err;
}

void store_pending_drop(struct store_pending *p)
{
    sqlite3_finalize(p->wish);
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

struct numbers_port store_pending_port(struct store_pending *p)
{
    return (struct numbers_port){.arg = p, .wish = find_wish};
}
