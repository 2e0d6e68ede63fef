/* written.c — see written.h. Invariant: a text and the event that says it came commit together; a
 * number has one row, that of its newest contact; whether a contact is open is asked of the heart,
 * never of a row. */
#include <string.h>

#include "acd/look.h"
#include "app/written.h"
#include "directory/hours.h"
#include "port/texts.h"
#include "say/reference.h"

_Static_assert(TEXTS_KIND_ANSWER == GSM_WRITTEN, "the store finds answers by their kind");

#define QUARTER_MS ((ms_t)15 * 60 * 1000)
/* A weekday names one day. */
#define WEEK_MS ((ms_t)7 * 24 * 60 * 60 * 1000)
#define LOOKS_PER_TURN 16
#define REFERENCES ((uint64_t)SAY_NUMBER_MAX + 1)

struct thread {
    uint64_t contact_id, person_id, e164; /* contact_id 0: free */
    uint32_t next_free;
    bool is_full_told;
};

struct answer {
    uint64_t id, contact_id;
    uint32_t next_free;
};

struct written {
    struct written_args args;
    struct prng chance;
    ms_t now_at, wall_at;
    struct thread *threads;
    struct answer *answers;
    struct map ids, numbers, answer_ids;
    uint32_t used, free, answers_used, answers_free, looked;
    struct written_totals totals;
};

static struct written *carve(struct arena *arena)
{
    struct written *w = arena_take(arena, 1, sizeof(*w));
    struct written none, *to = w ? w : &none;
    to->threads = arena_take(arena, WRITTEN_MAX, sizeof(*to->threads));
    to->answers = arena_take(arena, WRITTEN_ANSWERS_MAX, sizeof(*to->answers));
    map_open(&to->ids, arena, WRITTEN_MAX);
    map_open(&to->numbers, arena, WRITTEN_MAX);
    map_open(&to->answer_ids, arena, WRITTEN_ANSWERS_MAX);
    return w;
}

size_t written_bytes(void)
{
    struct arena arena = {.base = NULL};
    carve(&arena);
    return arena.used;
}

struct written *written_open(void *memory, const struct written_args *args)
{
    struct arena arena = {.base = memory, .size = written_bytes(), .is_zeroed = true};
    struct written *w = carve(&arena);
    w->args = *args;
    w->free = w->answers_free = SLOT_NONE;
    prng_seed(&w->chance, args->seed);
    return w;
}

void written_follow(struct written *w, const struct directory *directory)
{
    w->args.directory = directory;
}

/* ---- rows --------------------------------------------------------------------------------- */

static struct thread *find(const struct map *map, const struct written *w, uint64_t key)
{
    uint32_t i = key ? map_get(map, key) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &w->threads[i];
}

static void put(struct written *w, const struct thread *thread)
{
    uint32_t i = w->free;
    if (i != SLOT_NONE)
        w->free = w->threads[i].next_free;
    else
        i = w->used++;
    assert(i < WRITTEN_MAX);
    w->threads[i] = *thread;
    map_put(&w->ids, thread->contact_id, i);
    map_put(&w->numbers, thread->e164, i);
    w->totals.open_n++;
}

/* Its contact is over: the number goes, here and in the store. */
static void forget(struct written *w, struct thread *thread)
{
    uint32_t i = (uint32_t)(thread - w->threads);
    const struct journal_row gone = {.kind = JOURNAL_ROW_THREAD,
                                     .thread = {.contact_id = thread->contact_id}};
    app_rows(w->args.app, &gone, 1);
    map_remove(&w->ids, thread->contact_id);
    if (map_get(&w->numbers, thread->e164) == i)
        map_remove(&w->numbers, thread->e164);
    memset(thread, 0, sizeof(*thread)); /* a number was in it */
    thread->next_free = w->free;
    w->free = i;
    w->totals.open_n--;
}

/* The contact that is open for this number, as the heart has it. */
static struct thread *open_for(struct written *w, uint64_t e164, struct acd_look_text *look)
{
    struct thread *thread = find(&w->numbers, w, e164);
    return thread && acd_look_text_of(w->args.acd, thread->contact_id, look) ? thread : NULL;
}

void written_restore(struct written *w, const struct journal_row *row)
{
    const struct thread thread = {.contact_id = row->thread.contact_id,
                                  .person_id = row->person_id,
                                  .e164 = row->thread.e164};
    bool has_room = w->free != SLOT_NONE || w->used < WRITTEN_MAX;
    if (has_room && thread.e164 && !find(&w->ids, w, thread.contact_id))
        put(w, &thread);
}

void written_turn(struct written *w, ms_t now_at, ms_t wall_at)
{
    struct acd_look_text look;
    w->now_at = now_at;
    w->wall_at = wall_at;
    for (unsigned n = 0; n < LOOKS_PER_TURN && w->used; n++) {
        struct thread *thread = &w->threads[w->looked++ % w->used];
        bool is_over =
            thread->contact_id && !acd_look_text_of(w->args.acd, thread->contact_id, &look);
        if (is_over && app_has_room(w->args.app))
            forget(w, thread);
    }
}

/* ---- somebody writes ---------------------------------------------------------------------- */

static void tell(struct written *w, const struct thread *thread, struct texts_order *order)
{
    order->e164 = thread->e164;
    order->person_id = thread->person_id;
    order->contact_id = thread->contact_id;
    texts_queue(w->args.texts, NULL, order);
}

static const struct directory_service *service_of(const struct written *w)
{
    const struct directory *d = w->args.directory;
    return d->texts.service < d->services_n ? &d->services[d->texts.service] : NULL;
}

static enum hours hours_of(const struct written *w, uint32_t queue_id)
{
    struct acd_look_queue q;
    for (uint32_t i = 0; i < acd_look_queues_n(w->args.acd); i++)
        if (acd_look_queue(w->args.acd, i, w->now_at, &q) && q.id == queue_id)
            return q.hours;
    return HOURS_OPEN;
}

/* Once for each contact, in the append of its events: no crash parts them. The gate may refuse it.
 */
static bool make_acknowledgement(struct written *w, struct journal_row *row, uint64_t e164,
                                 uint64_t person_id)
{
    const struct directory_service *s = service_of(w);
    struct texts_told told;
    struct texts_order order = {
        .kind = GSM_RECEIVED, .e164 = e164, .person_id = person_id, .contact_id = APP_CONTACT_NEW};
    if (hours_of(w, s->number) == HOURS_CLOSED_PUBLISHED)
        order.from_at = directory_opens_at(w->args.directory, s->weeks, w->wall_at);
    if (order.from_at > w->wall_at && order.from_at - w->wall_at < WEEK_MS)
        order.kind = GSM_RECEIVED_CLOSED;
    return texts_make(w->args.texts, &told, row, &order);
}

/* Not taken, and counted as such: the person hears so, and the text stays in the store. */
static bool shed(struct written *w, const struct texts_received *received)
{
    const struct thread nobody = {.e164 = received->e164};
    const struct command cmd = {.kind = CMD_SHED,
                                .shed = {.n = 1, .quarter_at = w->now_at - w->now_at % QUARTER_MS}};
    w->totals.shed_n++;
    app_command(w->args.app, &cmd, w->now_at);
    tell(w, &nobody, &(struct texts_order){.kind = GSM_NOT_TAKEN});
    return false;
}

struct batch {
    struct journal_row rows[TEXTS_PARTS_MAX + 3];
    unsigned n;
};

static void copy_rows(struct batch *b, const struct texts_words *words, uint64_t contact_id)
{
    for (unsigned i = 0; i < words->rows.n; i++) {
        struct journal_row *row = &b->rows[b->n++];
        *row = words->rows.rows[i];
        row->sms.contact_id = contact_id;
    }
}

/* Somebody new: their row commits with the events that name them, and is the first of them. */
static uint64_t meet(struct written *w, struct batch *b, uint64_t e164)
{
    struct journal_row *row = &b->rows[b->n++];
    *row = (struct journal_row){.kind = JOURNAL_ROW_PERSON, .person_id = prng_next(&w->chance) | 1};
    struct text_out out = {.p = row->number, .max = sizeof(row->number) - 1};
    text_put(&out, TEXT("+"));
    text_put_number(&out, e164);
    return row->person_id;
}

static bool join(struct written *w, struct thread *thread, const struct texts_words *words)
{
    struct batch b = {.n = 0};
    const struct command cmd = {.kind = CMD_TEXT_JOIN, .text_join = {thread->contact_id}};
    copy_rows(&b, words, thread->contact_id);
    enum acd_verdict verdict =
        app_with_rows(w->args.app, &cmd, &(struct app_rows){b.rows, b.n}, w->now_at);
    w->totals.joined_n += verdict == ACD_DONE;
    if (verdict == ACD_DONE)
        return true;
    w->totals.over_n++;
    if (!thread->is_full_told)
        tell(w, thread, &(struct texts_order){.kind = GSM_NOT_TAKEN});
    thread->is_full_told = true;
    return false;
}

static bool open_new(struct written *w, const struct texts_words *words, uint32_t queue_id)
{
    struct batch b = {.n = 0};
    struct thread thread = {.e164 = words->received->e164, .person_id = words->received->person_id};
    if (!thread.person_id)
        thread.person_id = meet(w, &b, thread.e164);
    const struct command cmd = {
        .kind = CMD_TEXT_ARRIVE,
        .text_arrive = {.leg_node = w->args.node,
                        .queue_id = queue_id,
                        .person_id = thread.person_id,
                        .reference = (uint32_t)prng_below(&w->chance, REFERENCES)}};
    copy_rows(&b, words, APP_CONTACT_NEW);
    b.rows[b.n++] =
        (struct journal_row){.kind = JOURNAL_ROW_THREAD,
                             .person_id = thread.person_id,
                             .thread = {.contact_id = APP_CONTACT_NEW, .e164 = thread.e164}};
    struct journal_row *row = &b.rows[b.n - 1], *ack = &b.rows[b.n];
    bool is_told = make_acknowledgement(w, ack, thread.e164, thread.person_id);
    b.n += is_told;
    enum acd_verdict verdict =
        app_with_rows(w->args.app, &cmd, &(struct app_rows){b.rows, b.n}, w->now_at);
    if (verdict != ACD_DONE && is_told)
        texts_withdraw(w->args.texts, ack);
    if (verdict != ACD_DONE)
        return shed(w, words->received);
    thread.contact_id = row->thread.contact_id;
    put(w, &thread);
    w->totals.opened_n++;
    return true;
}

bool written_words(const struct texts_words *words, void *arg)
{
    struct written *w = arg;
    struct acd_look_text look;
    uint64_t e164 = words->received->e164;
    const struct directory_service *service = service_of(w);
    if (!service || !texts_may_write(w->args.texts, e164))
        return false; /* nobody may answer there: kept, and shown by `sms list` */
    struct thread *thread = open_for(w, e164, &look);
    if (thread)
        return join(w, thread, words);
    thread = find(&w->numbers, w, e164);
    if (thread)
        forget(w, thread); /* its contact has just ended */
    if (w->free == SLOT_NONE && w->used == WRITTEN_MAX)
        return shed(w, words->received);
    return open_new(w, words, service->number);
}

static bool end(struct written *w, uint64_t e164, enum text_end how)
{
    struct acd_look_text look;
    const struct thread *thread = open_for(w, e164, &look);
    if (!thread)
        return false;
    const struct command cmd = {.kind = CMD_TEXT_END,
                                .text_end = {.contact_id = thread->contact_id, .how = how}};
    return app_command(w->args.app, &cmd, w->now_at) == ACD_DONE;
}

bool written_cancel(uint64_t e164, void *arg)
{
    return end(arg, e164, TEXT_END_CANCELLED);
}

void written_stop(uint64_t e164, void *arg)
{
    end(arg, e164, TEXT_END_STOPPED);
}

/* ---- an agent answers --------------------------------------------------------------------- */

static bool note_answer(struct written *w, uint64_t id, uint64_t contact_id)
{
    uint32_t i = w->answers_free;
    if (i != SLOT_NONE)
        w->answers_free = w->answers[i].next_free;
    else if (w->answers_used < WRITTEN_ANSWERS_MAX)
        i = w->answers_used++;
    else
        return false;
    w->answers[i] = (struct answer){.id = id, .contact_id = contact_id};
    map_put(&w->answer_ids, id, i);
    return true;
}

static bool has_room_for_answer(const struct written *w)
{
    return w->answers_free != SLOT_NONE || w->answers_used < WRITTEN_ANSWERS_MAX;
}

/* Before the gate counts anything. */
static enum acd_verdict judge(const struct written *w, const struct written_answer *answer)
{
    struct acd_look_text look;
    if (!acd_look_text_of(w->args.acd, answer->contact_id, &look))
        return ACD_REFUSED_UNKNOWN;
    if (look.agent_id != answer->agent_id || !find(&w->ids, w, answer->contact_id))
        return ACD_REFUSED_STATE;
    return has_room_for_answer(w) && app_has_room(w->args.app) ? ACD_DONE : ACD_REFUSED_FULL;
}

bool written_reply(struct written *w, struct written_told *told,
                   const struct written_answer *answer)
{
    struct journal_row row;
    *told = (struct written_told){.verdict = judge(w, answer)};
    if (told->verdict != ACD_DONE)
        return false;
    const struct thread *thread = find(&w->ids, w, answer->contact_id);
    const struct texts_reply reply = {.e164 = thread->e164,
                                      .person_id = thread->person_id,
                                      .contact_id = thread->contact_id,
                                      .utf8 = answer->utf8};
    if (!texts_prepare(w->args.texts, &told->texts, &row, &reply))
        return false;
    const struct command cmd = {
        .kind = CMD_TEXT_ANSWER,
        .text_answer = {.contact_id = answer->contact_id, .agent_id = answer->agent_id}};
    told->verdict = app_with_rows(w->args.app, &cmd, &(struct app_rows){&row, 1}, w->now_at);
    if (told->verdict != ACD_DONE) {
        texts_withdraw(w->args.texts, &row);
        return false;
    }
    return note_answer(w, row.sms.id, answer->contact_id);
}

static void tell_heart(struct written *w, uint64_t contact_id, uint8_t state)
{
    const struct command cmd = {
        .kind = CMD_TEXT_TOLD,
        .text_told = {.contact_id = contact_id, .is_sent = state != GSM_FAILED}};
    app_command(w->args.app, &cmd, w->now_at);
}

void written_became(struct written *w, uint64_t id, uint8_t state)
{
    uint32_t i = id ? map_get(&w->answer_ids, id) : SLOT_NONE;
    if (i == SLOT_NONE || state == GSM_QUEUED)
        return;
    tell_heart(w, w->answers[i].contact_id, state);
    map_remove(&w->answer_ids, id);
    w->answers[i].next_free = w->answers_free;
    w->answers_free = i;
}

/* One that the heart was not told of before the process died is told now; what it knows changes
 * nothing. */
void written_restore_answer(struct written *w, const struct journal_row *row)
{
    struct acd_look_text look;
    if (!acd_look_text_of(w->args.acd, row->sms.contact_id, &look))
        return;
    if (row->sms.state == GSM_QUEUED)
        note_answer(w, row->sms.id, row->sms.contact_id);
    else if (look.is_leaving)
        tell_heart(w, row->sms.contact_id, row->sms.state);
}

struct written_totals written_totals(const struct written *w)
{
    return w->totals;
}
