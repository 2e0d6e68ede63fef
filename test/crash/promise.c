/* promise.c — the power goes, or the process dies, before each operation of the disk in the life of
 * a promise: a number kept, the promise, an attempt that meets nobody, a second one that is spoken,
 * its end. The real heart, app, journal and store, on the disk in memory of disk.h.
 * After each cut the next process opens what is left, does as serve does at a start, and lives to
 * the end. Whatever had been said before the cut (« C'est noté », a dial, that it is over) is so:
 *   kept    who was told is called and spoken with, once; their number is there, and gone with it
 *   once    no dial without an attempt of its own in the journal; none after the end
 *   nobody  a number without its promise is thrown away; a promise without one is the house's
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acd/look.h"
#include "app/app.h"
#include "journal/journal.h"
#include "journal/verify.h"
#include "store/person.h"
#include "store/wish.h"
#include "test/crash/disk.h"
#include "test/crash/pace.h"

#define PATH "/disk/journal.db"
#define VFS "disk-in-memory"
#define START_AT ((ms_t)1790000000000)
#define GAP_MS ((ms_t)600000)
#define QUEUE 1u
#define AGENT 1u
#define PERSON 77u
#define NUMBER UINT64_C(33536491234)
#define TURNS_MAX 10000
#define HOURS_MAX 40

static const struct acd_limits limits = {
    .contacts_max = 8, .agents_max = 2, .queues_max = 2, .lanes_max = 8};

/* What the world has heard of us. */
struct said {
    unsigned told_n, dials_n, overs_n;
};

struct house {
    struct disk_drive *drive; /* borrowed */
    struct journal *journal;
    struct journal_port port;
    struct store_person person;
    struct store_port store;
    struct edges_port edges;
    void *acd_memory, *app_memory; /* owned */
    struct acd *acd;
    struct app *app;
    struct said said;
    uint64_t call_id, contact_id, offer_id; /* offer_id: rung for, not dialled yet */
    unsigned wishes_n;                      /* that the start has kept */
    bool is_dialled, is_apart; /* is_apart: the writer takes the number before the promise */
    ms_t now_at;
};

/* ---- the house ---------------------------------------------------------------------------- */

static void emit(void *arg, const struct effect *e)
{
    struct house *h = arg;
    h->said.told_n += e->kind == EFFECT_CALL_TELL_PROMISE;
    h->said.overs_n += e->kind == EFFECT_CALLBACK_OVER;
    if (e->kind == EFFECT_OFFER_RING)
        h->offer_id = e->offer_ring.offer_id;
    if (e->kind == EFFECT_CALLBACK_DIAL) {
        h->said.dials_n++;
        h->is_dialled = true;
    }
}

/* What had been said before an operation of the disk, in one number. */
static uint64_t pack(const struct said *s)
{
    return (uint64_t)s->told_n << 32 | (uint64_t)s->dials_n << 16 | s->overs_n;
}

static struct said unpack(uint64_t v)
{
    return (struct said){(unsigned)(v >> 32), (unsigned)(v >> 16 & 0xffff), (unsigned)v & 0xffff};
}

static uint64_t said_so_far(void *arg)
{
    return pack(&((struct house *)arg)->said);
}

static void *memory(size_t n)
{
    void *p = aligned_alloc(64, (n + 63) / 64 * 64);
    assert_non_null(p);
    return p;
}

static ms_t no_clock(void)
{
    return 1;
}

/* Until the disk has all, and the effects of it have gone. */
static void work(struct house *h)
{
    for (unsigned i = 0; i < TURNS_MAX && journal_turn(h->journal) >= 0; i++)
        ;
    app_run(h->app, h->now_at);
}

static enum acd_verdict does(struct house *h, struct command cmd)
{
    enum acd_verdict v = app_command(h->app, &cmd, h->now_at);
    work(h);
    return v;
}

static void drop(struct house *h)
{
    h->drive->disk->published = NULL;
    journal_drop(h->journal);
    free(h->acd_memory);
    free(h->app_memory);
}

static void put_wish(struct house *h, uint64_t contact_id, bool is_gone)
{
    const struct journal_row row = {
        .kind = JOURNAL_ROW_WISH,
        .person_id = PERSON,
        .wish = {.contact_id = contact_id, .e164 = is_gone ? 0 : NUMBER, .is_gated = true}};
    assert_true(app_has_room(h->app));
    app_rows(h->app, &row, 1);
    if (h->is_apart)
        work(h);
}

/* A row of the store, at the start: as lines_wish() judges it. */
static void restore(const struct journal_row *row, void *arg)
{
    struct house *h = arg;
    struct acd_look_callback look;
    assert_int_equal(row->wish.e164, NUMBER);
    if (acd_look_callback_of(h->acd, row->wish.contact_id, &look))
        h->wishes_n++;
    else
        put_wish(h, row->wish.contact_id, true);
}

static bool open_house(struct house *h, struct disk_drive *drive, ms_t now_at)
{
    const struct sql_args sql = {.path = PATH, .vfs = VFS};
    *h = (struct house){.drive = drive, .now_at = now_at};
    h->store = store_person_port(&h->person);
    struct journal_args args = {.path = PATH, .node = 0, .store = &h->store, .ring_n = 256};
    args.hooks = (struct journal_hooks){VFS, 24, no_clock, true};
    if (journal_open(&h->journal, &args))
        return false;
    h->port = journal_port(h->journal);
    h->edges = (struct edges_port){.arg = h, .emit = emit};
    h->acd_memory = memory(acd_bytes(&limits));
    h->app_memory = memory(app_bytes(&limits));
    h->acd = acd_open(h->acd_memory, &limits);
    const struct app_args app = {
        .acd = h->acd, .journal = &h->port, .edges = &h->edges, .epoch = journal_epoch(h->journal)};
    h->app = app_open(h->app_memory, &limits, &app);
    if (app_start(h->app, now_at) || store_wish_read(&sql, restore, h))
        return false;
    work(h);
    return true;
}

static void furnish(struct house *h)
{
    does(h, (struct command){.kind = CMD_QUEUE_SET,
                             .queue_set = {.queue_id = QUEUE,
                                           .offer_ms = 60000,
                                           .wrap_up_ms = 1000,
                                           .regain_ms = 600000,
                                           .handle_ms = 60000,
                                           .short_ms = 1000}});
    does(h, (struct command){.kind = CMD_QUEUE_CALLBACKS,
                             .queue_callbacks = {.queue_id = QUEUE,
                                                 .attempts_max = 3,
                                                 .share_percent = 50,
                                                 .gap_ms = GAP_MS,
                                                 .keep_ms = 3600000,
                                                 .dial_ms = 60000}});
    does(h, (struct command){.kind = CMD_QUEUE_HOURS,
                             .queue_hours = {.queue_id = QUEUE, .hours = HOURS_OPEN}});
    does(h, (struct command){.kind = CMD_AGENT_SET,
                             .agent_set = {.agent_id = AGENT,
                                           .capacity = {1},
                                           .capacity_n = 1,
                                           .queue_ids = {QUEUE},
                                           .queue_ids_n = 1}});
}

/* ---- a promise ---------------------------------------------------------------------------- */

static void agent_comes(struct house *h)
{
    does(h, (struct command){.kind = CMD_AGENT_SIGN_IN, .agent_sign_in = {.agent_id = AGENT}});
    does(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = AGENT}});
}

/* As line_promise.c: the number, then the promise; they hang up. */
static void is_promised(struct house *h)
{
    struct acd_look_call call;
    does(h, (struct command){.kind = CMD_CALL_ARRIVED,
                             .call_arrived = {.leg_id = 9, .person_id = PERSON, .reference = 12}});
    bool is_live = acd_look_call(h->acd, 0, &call);
    assert_true(is_live);
    h->call_id = call.call_id;
    h->contact_id = call.contact_id;
    does(h, (struct command){.kind = CMD_CALL_QUEUE,
                             .call_queue = {.call_id = h->call_id, .queue_id = QUEUE}});
    put_wish(h, h->contact_id, false);
    does(h, (struct command){.kind = CMD_CALLBACK_PROMISE,
                             .callback_promise = {.call_id = h->call_id}});
    does(h, (struct command){.kind = CMD_CALL_ENDED,
                             .call_ended = {.call_id = h->call_id, .by = ENDED_BY_CALLER}});
}

/* An agent is rung: picks up, which notes the attempt; dialled once that is on disk. */
static bool is_called(struct house *h)
{
    uint64_t offer_id = h->offer_id;
    const struct command advance = {.kind = CMD_OFFER_ADVANCE,
                                    .offer_advance = {.offer_id = offer_id}};
    h->is_dialled = false;
    h->offer_id = 0;
    if (!offer_id || !acd_is_taken(does(h, advance)) || !h->is_dialled)
        return false;
    does(h, advance); /* their telephone has been picked up */
    return true;
}

static void meets_nobody(struct house *h, uint64_t offer_id)
{
    does(h, (struct command){
                .kind = CMD_CALLBACK_RESULT,
                .callback_result = {.offer_id = offer_id, .result = CALLBACK_RESULT_NOBODY}});
}

static void speaks(struct house *h, uint64_t offer_id)
{
    does(h, (struct command){.kind = CMD_OFFER_CONFIRM, .offer_confirm = {.offer_id = offer_id}});
    for (int side = 0; side < SIDE_N; side++)
        does(h, (struct command){.kind = CMD_OFFER_MEDIA,
                                 .offer_media = {.offer_id = offer_id, .side = (enum side)side}});
    h->now_at += ACD_ANSWERED_MS_MIN + 1000;
    does(h, (struct command){.kind = CMD_OFFER_END,
                             .offer_end = {.offer_id = offer_id, .why = OFFER_END_FINISHED}});
}

/* As lines do: what was kept goes with the wish. */
static void clear(struct house *h, uint64_t contact_id)
{
    if (h->said.overs_n)
        put_wish(h, contact_id, true);
    work(h);
}

static void live(struct house *h)
{
    furnish(h);
    is_promised(h);
    agent_comes(h);
    uint64_t offer_id = h->offer_id;
    assert_true(is_called(h));
    meets_nobody(h, offer_id);
    h->now_at += GAP_MS + 1000;
    app_run(h->app, h->now_at);
    work(h);
    offer_id = h->offer_id;
    assert_true(is_called(h));
    speaks(h, offer_id);
    clear(h, h->contact_id);
}

/* ---- what the journal says ---------------------------------------------------------------- */

struct facts {
    unsigned promised_n, withdrawn_n, attempts_n, settled_n, honoured_n;
    uint64_t contact_id;
    bool by_house, is_queued;
};

static bool fold(const struct event *ev, void *arg)
{
    struct facts *f = arg;
    switch (ev->kind) {
    case EV_CONTACT_QUEUED:
        f->is_queued = true;
        break;
    case EV_CALLBACK_PROMISED:
        f->promised_n++;
        f->by_house = ev->callback_promised.by_house;
        f->contact_id = ev->callback_promised.contact_id;
        break;
    case EV_CALLBACK_WITHDRAWN:
        f->withdrawn_n++;
        break;
    case EV_OFFER_ADVANCED:
        f->attempts_n += ev->offer_advanced.phase == OFFER_PHASE_DIALLING;
        break;
    case EV_CALL_OUTCOME:
        f->honoured_n += ev->call_outcome.outcome == OUTCOME_CALLBACK_HONOURED;
        break;
    case EV_CONTACT_SETTLED:
        f->settled_n++;
        break;
    default:
        break;
    }
    return true;
}

static struct facts facts_of(struct house *h)
{
    struct facts f = {.promised_n = 0};
    uint64_t good_id;
    int err = h->port.read(h->port.arg, 0, fold, &f, &good_id);
    assert_int_equal(err, 0);
    return f;
}

static void count(const struct journal_row *row, void *arg)
{
    (void)row;
    ++*(unsigned *)arg;
}

static unsigned wishes_n(void)
{
    const struct sql_args sql = {.path = PATH, .vfs = VFS};
    unsigned n = 0;
    int err = store_wish_read(&sql, count, &n);
    assert_int_equal(err, 0);
    return n;
}

static bool is_sound(void)
{
    struct journal_report r;
    struct sql_args args = {.path = PATH, .vfs = VFS};
    journal_verify(&r, &args);
    return r.verdict == JOURNAL_SOUND;
}

/* ---- the next process --------------------------------------------------------------------- */

static void go_on(struct house *h)
{
    struct acd_look_callback look;
    furnish(h);
    agent_comes(h);
    for (unsigned i = 0; i < HOURS_MAX && acd_look_callback(h->acd, 0, &look); i++) {
        uint64_t offer_id = h->offer_id;
        if (is_called(h))
            speaks(h, offer_id);
        h->now_at += GAP_MS / 2;
        app_run(h->app, h->now_at);
        work(h);
        does(h, (struct command){.kind = CMD_AGENT_READY, .agent_ready = {.agent_id = AGENT}});
    }
}

#define MUST(truth)                                                                                \
    do {                                                                                           \
        if (!(truth))                                                                              \
            return #truth;                                                                         \
    } while (0)

/* What is there at once, before anything else is done. */
static const char *begins_well(struct house *h, const struct said *said, const struct facts *f)
{
    bool stands = f->promised_n > f->withdrawn_n && !f->settled_n;
    MUST(f->promised_n <= 1 && f->settled_n <= 1);
    MUST(!said->told_n || (f->promised_n && !f->by_house));
    MUST(said->dials_n <= f->attempts_n);
    MUST(!said->overs_n || f->settled_n);
    MUST(f->by_house ? h->wishes_n <= stands : h->wishes_n == stands); /* theirs, if chosen */
    MUST(wishes_n() == h->wishes_n);
    return NULL;
}

static const char *ends_well(struct house *h, const struct said *said, const struct facts *before)
{
    struct facts f = facts_of(h);
    MUST(f.promised_n <= 1 && f.settled_n <= 1);
    MUST(!said->told_n || (f.settled_n && f.honoured_n == 1));
    MUST(said->dials_n + h->said.dials_n <= f.attempts_n);
    MUST(!before->settled_n || !h->said.dials_n);
    MUST(!h->said.told_n); /* they are not on the line any more */
    return NULL;
}

/* NULL: all is well; else what is not. */
static const char *judge(struct disk_drive *drive, const struct said *said)
{
    struct house h;
    if (!open_house(&h, drive, START_AT + GAP_MS * 3))
        return "opens";
    struct facts before = facts_of(&h);
    const char *wrong = begins_well(&h, said, &before);
    if (!wrong)
        go_on(&h);
    wrong = wrong ? wrong : ends_well(&h, said, &before);
    clear(&h, before.contact_id);
    if (!wrong && wishes_n())
        wrong = "no number is left";
    if (!wrong && !is_sound())
        wrong = "sound";
    drop(&h);
    return wrong;
}

/* ---- cuts --------------------------------------------------------------------------------- */

struct run {
    struct disk_drive drive;
    struct disk disk;
};

static void record(struct run *r, bool is_apart)
{
    struct house h;
    disk_drive_open(&r->drive, VFS);
    disk_open(&r->disk);
    r->disk.is_recording = true;
    r->drive.disk = &r->disk;
    assert_true(open_house(&h, &r->drive, START_AT));
    h.is_apart = is_apart;
    r->disk.published = said_so_far;
    r->disk.published_arg = &h;
    live(&h);
    assert_int_equal(h.said.told_n, 1);
    assert_int_equal(h.said.dials_n, 2);
    assert_int_equal(h.said.overs_n, 1);
    drop(&h);
}

static void cut_at(struct run *r, const struct disk_past *past, enum disk_cut cut,
                   uint64_t published)
{
    struct disk left;
    struct said said = unpack(published);
    const struct disk_cut_args args = {cut, past->next};
    disk_past_cut(&left, past, &args);
    r->drive.disk = &left;
    const char *wrong = judge(&r->drive, &said);
    r->drive.disk = &r->disk;
    disk_drop(&left);
    if (wrong)
        fail_msg("cut before operation %zu of %zu, variant %d (told %u, dialled %u, over %u): %s",
                 past->next, r->disk.log_n, cut, said.told_n, said.dials_n, said.overs_n, wrong);
}

static void cut_everywhere(bool is_apart)
{
    struct run r;
    struct disk_past past;
    uint64_t published = 0;
    record(&r, is_apart);
    disk_past_open(&past, &r.disk);
    for (size_t n = 0;; n++) {
        for (int cut = 0; cut < DISK_CUTS_N && n % ops_step() == 0; cut++)
            cut_at(&r, &past, (enum disk_cut)cut, published);
        if (n == r.disk.log_n)
            break;
        published = r.disk.log[n].published;
        disk_past_advance(&past);
    }
    print_message("%zu operations of the disk, %d cuts before each\n", r.disk.log_n, DISK_CUTS_N);
    disk_past_drop(&past);
    disk_drop(&r.disk);
    disk_drive_drop(&r.drive);
}

static void a_promise_outlives_a_death_before_any_operation_of_the_disk(void **state)
{
    (void)state;
    cut_everywhere(false);
}

static void so_it_does_when_its_number_is_written_apart(void **state)
{
    (void)state;
    cut_everywhere(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_outlives_a_death_before_any_operation_of_the_disk),
        cmocka_unit_test(so_it_does_when_its_number_is_written_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
