/* serve_gate.c — the gate of the house: its memory, what earlier lives counted today, and the alarm
 * when a cap is hit. Called by serve_open.c and serve_vitals.c. Cost: a copy a second. */
#include <errno.h>
#include <inttypes.h>
#include <sys/random.h>

#include "cli/house.h"
#include "store/gate.h"

/* One line of alarm in so long, however often caps are hit. */
#define TELL_MS ((ms_t)60000)
#define LOOK_MS ((ms_t)1000)

static calendar_day today(const struct house *h)
{
    return calendar_local(h->directory->organisation.zone, h->wall_at).day;
}

int house_open_gate(struct house *h)
{
    struct siphash_key key;
    int err = getrandom(&key, sizeof(key), 0) == sizeof(key) ? 0 : ENOMEM;
    const struct gate_args args = {.rules = &h->settings.gate,
                                   .prices = &h->settings.price,
                                   .key = key,
                                   .rows_max = GATE_ROWS_MAX};
    if (!err)
        err = os_pages_open(&h->gate_room, gate_bytes(args.rows_max));
    if (err)
        return cli_cannot(h->args, "serve", err, "free some memory");
    h->gate = gate_open(h->gate_room.p, &args);
    return 0;
}

struct restoring {
    struct house *h;
    struct store_gate_reading reading;
    uint32_t lost_n;
    bool has_key;
};

static void restore(const struct journal_row *row, void *arg)
{
    struct restoring *r = arg;
    const struct gate_row kept = {.key = row->gate.key,
                                  .cost = row->gate.cost,
                                  .day = row->gate.day,
                                  .calls_n = row->gate.calls_n,
                                  .open_n = row->gate.open_n,
                                  .scope = row->gate.scope};
    if (!r->has_key)
        gate_use_key(r->h->gate, (struct siphash_key){r->reading.k0, r->reading.k1});
    r->has_key = true;
    r->lost_n += !gate_restore(r->h->gate, &kept, today(r->h));
}

/* Without a journal the day begins anew, as everything does; that is told. */
void house_read_gate(struct house *h)
{
    struct restoring r = {.h = h, .reading = {.fn = restore, .arg = &r}};
    const struct sql_args sql = {.path = h->journal_path};
    int err = h->is_blind ? ENODATA : store_gate_read(&r.reading, &sql);
    if (!err && !r.has_key)
        gate_use_key(h->gate, (struct siphash_key){r.reading.k0, r.reading.k1});
    if (err)
        os_log_line(&h->log, OS_LOG_ALARM,
                    "gate: what went out today is not known (errno %d): its caps count from zero",
                    err);
    if (r.lost_n)
        os_log_line(&h->log, OS_LOG_ALARM, "gate: no room for %" PRIu32 " counts", r.lost_n);
}

/* The narrowest cap that was hit stands first in enum gate_verdict. */
static void tell(struct house *h, const struct gate_look *look)
{
    uint32_t hits_n = look->hits_n - h->gate_told.hits_n;
    if (!hits_n || h->now_at < h->gate_told.tell_at)
        return;
    for (unsigned v = 0; v < GATE_VERDICTS; v++)
        if (look->reached >> v & 1)
            os_log_line(&h->log, OS_LOG_ALARM,
                        "gate: a cap of what goes out was hit\tcap=%s\twhy=%s\trefused=%" PRIu32,
                        gate_name((enum gate_verdict)v), gate_why((enum gate_verdict)v), hits_n);
    h->gate_told.tell_at = h->now_at + TELL_MS;
    h->gate_told.hits_n = look->hits_n;
}

void house_gate_vitals(struct house *h, struct vitals *v)
{
    gate_look(h->gate, today(h), &v->gate);
    v->slots_max = (uint32_t)h->settings.callback.slots;
    tell(h, &v->gate);
}

void house_gate_turn(struct house *h)
{
    struct gate_look look;
    if (h->now_at < h->gate_told.look_at)
        return;
    gate_look(h->gate, today(h), &look);
    tell(h, &look);
    h->gate_told.look_at = h->now_at + LOOK_MS;
}
