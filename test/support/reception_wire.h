/* reception_wire.h — what telephones do at the reception, and time: turns of the loop, callers who
 * arrive, listen, press keys and leave, telephones that are picked up, refused, hung up. */
#ifndef TEST_SUPPORT_RECEPTION_WIRE_H
#define TEST_SUPPORT_RECEPTION_WIRE_H

#include "test/support/reception.h"

/* One turn, as in cli/serve.c. */
static inline void turn(struct reception *r)
{
    reception_time(r);
    if (r->commits)
        notebook_commit(&r->book);
    app_run(r->app, r->now_at);
    lines_persons(r->lines);
    lines_run(r->lines);
    if (r->commits && r->book.committed_n < r->book.n) {
        notebook_commit(&r->book);
        app_run(r->app, r->now_at);
        lines_run(r->lines);
    }
}

/* Time goes on; each timer at its instant. */
static inline void pass(struct reception *r, ms_t by_ms)
{
    ms_t until_at = r->now_at + by_ms;
    turn(r);
    for (;;) {
        ms_t app_at = app_next_at(r->app), at = lines_next_at(r->lines);
        at = app_at < at ? app_at : at;
        if (at > until_at)
            break;
        r->now_at = at > r->now_at ? at : r->now_at + 1;
        turn(r);
    }
    r->now_at = until_at > r->now_at ? until_at : r->now_at;
    turn(r);
}

static inline void report(struct reception *r, struct phone_report report)
{
    reception_time(r);
    lines_report(&report, r->lines);
    turn(r);
}

/* ---- the telephone reports ------------------------------------------------------------------ */

static inline uint64_t arrive_as(struct reception *r, uint64_t aor, const char *called,
                                 const char *caller)
{
    uint64_t id = board_new(&r->board, aor, false)->id;
    report(r, (struct phone_report){.kind = PHONE_ARRIVED,
                                    .leg_id = id,
                                    .arrived = {.aor = aor,
                                                .trunk_id = aor ? 0 : 1,
                                                .carries_early = !aor && r->board.carries_early,
                                                .called = text_of(called),
                                                .caller = text_of(caller)}});
    return id;
}

/* The house's own robot. */
static inline uint64_t arrive_test(struct reception *r, const char *called)
{
    uint64_t id = board_new(&r->board, 0, false)->id;
    report(r, (struct phone_report){.kind = PHONE_ARRIVED,
                                    .leg_id = id,
                                    .arrived = {.is_test = true, .called = text_of(called)}});
    return id;
}

static inline uint64_t arrive(struct reception *r, const char *called)
{
    return arrive_as(r, 0, called, "0536491234");
}

static inline struct board_leg *leg(struct reception *r, uint64_t id)
{
    struct board_leg *leg = board_leg(&r->board, id);
    assert(leg);
    return leg;
}

/* Answered by us, and the ACK has come; or picked up there. */
static inline void up(struct reception *r, uint64_t id)
{
    assert(leg(r, id)->state == BOARD_ANSWERED || leg(r, id)->state == BOARD_CALLED);
    leg(r, id)->state = BOARD_UP;
    leg(r, id)->was_up = true;
    report(r, (struct phone_report){.kind = PHONE_UP, .leg_id = id});
}

static inline void ends(struct reception *r, uint64_t id, bool is_fault)
{
    leg(r, id)->state = BOARD_OVER;
    leg(r, id)->was_ended = true;
    report(r, (struct phone_report){.kind = PHONE_ENDED, .leg_id = id, .is_fault = is_fault});
}

/* The telephone's own hold, or its end. */
static inline void holds(struct reception *r, uint64_t id, bool does)
{
    leg(r, id)->holds = does;
    report(r, (struct phone_report){.kind = PHONE_HOLDS, .leg_id = id, .holds = does});
}

/* Its transfer key, to a number, or to whom another call of the same telephone is with. */
static inline void refers(struct reception *r, uint64_t id, const char *number, uint64_t with_id)
{
    leg(r, id)->is_referred = true;
    leg(r, id)->told_status = 0;
    report(r, (struct phone_report){.kind = PHONE_REFERRED,
                                    .leg_id = id,
                                    .referred = {.number = text_of(number), .with_id = with_id}});
}

static inline void refuses(struct reception *r, uint64_t id, uint16_t status)
{
    leg(r, id)->state = BOARD_OVER;
    leg(r, id)->was_ended = true;
    report(r, (struct phone_report){.kind = PHONE_REFUSED, .leg_id = id, .status = status});
}

static inline void hears_all(struct reception *r, uint64_t id)
{
    uint32_t list = leg(r, id)->list;
    leg(r, id)->is_playing = false;
    report(r, (struct phone_report){.kind = PHONE_PLAYED, .leg_id = id, .list = {list, false}});
}

/* A key; it stops the list that plays, which is told afterwards. */
static inline void press(struct reception *r, uint64_t id, char key)
{
    struct board_leg *l = leg(r, id);
    uint32_t list = l->list;
    bool stops = l->is_playing && l->sound.stops_on_key;
    report(r, (struct phone_report){.kind = PHONE_KEY, .leg_id = id, .key = key});
    l = leg(r, id);
    if (!stops || l->state == BOARD_OVER)
        return;
    if (l->list == list)
        l->is_playing = false;
    report(r, (struct phone_report){.kind = PHONE_PLAYED, .leg_id = id, .list = {list, true}});
}

static inline void press_all(struct reception *r, uint64_t id, const char *keys)
{
    for (; *keys; keys++)
        press(r, id, *keys);
}

static inline void heard(struct reception *r, uint64_t id)
{
    report(r, (struct phone_report){.kind = PHONE_HEARD, .leg_id = id});
}

static inline void has_voice(struct reception *r, uint64_t id)
{
    if (leg(r, id)->sound.wants_voice)
        report(r,
               (struct phone_report){.kind = PHONE_VOICE, .leg_id = id, .voice = leg(r, id)->list});
}

static inline void away(struct reception *r, uint64_t aor)
{
    r->board.away |= UINT64_C(1) << (aor - 1);
    report(r, (struct phone_report){.kind = PHONE_AWAY, .aor = aor});
}

static inline bool hears(struct reception *r, uint64_t id, unsigned prompt)
{
    return board_plays(leg(r, id), (uint16_t)prompt);
}

static inline bool is_over(struct reception *r, uint64_t id)
{
    return leg(r, id)->state == BOARD_OVER;
}

#endif
