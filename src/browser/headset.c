/* headset.c — whose a session is, how far its call is, and when a page that went is given up.
 * See headset.h. Called by the roof. Cost: a look through the sessions where an agent or a session
 * is looked for; a leg or a stream is found at once.
 * Invariant: a headset that is not idle has a leg that the app knows, or is about to be told of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "browser/headset_parts.h"

enum headset_state headset_next(enum headset_state state, enum headset_event event)
{
    static const enum headset_state next[HEADSET_STATES][HEADSET_EVENTS] = {
        [HEADSET_IDLE] = {[HEADSET_CALLED] = HEADSET_RINGING,
                          [HEADSET_ANSWERED] = HEADSET_STATES,
                          [HEADSET_ENDED] = HEADSET_STATES},
        [HEADSET_RINGING] = {[HEADSET_CALLED] = HEADSET_STATES,
                             [HEADSET_ANSWERED] = HEADSET_UP,
                             [HEADSET_ENDED] = HEADSET_IDLE},
        [HEADSET_UP] = {[HEADSET_CALLED] = HEADSET_STATES,
                        [HEADSET_ANSWERED] = HEADSET_STATES,
                        [HEADSET_ENDED] = HEADSET_IDLE},
    };
    return next[state][event];
}

/* ---- finding ------------------------------------------------------------------------------ */

static uint64_t stream_key(struct media_ref ref)
{
    return (uint64_t)ref.slot << 32 | ref.gen;
}

struct headset *headset_of_stream(struct headsets *h, struct media_ref ref)
{
    uint32_t i = ref.gen ? map_get(&h->streams, stream_key(ref)) : SLOT_NONE;
    return i == SLOT_NONE ? NULL : &h->all[i];
}

struct headset *headset_of_agent(struct headsets *h, uint64_t agent_id)
{
    for (uint32_t i = 0; agent_id && i < h->args.sessions_max; i++)
        if (h->all[i].agent_id == agent_id)
            return &h->all[i];
    return NULL;
}

static struct headset *of_session(struct headsets *h, uint64_t id)
{
    for (uint32_t i = 0; i < h->args.sessions_max; i++)
        if (h->all[i].agent_id && h->all[i].session_id == id)
            return &h->all[i];
    return NULL;
}

struct headset *headset_of_leg(struct headsets *h, uint64_t leg_id)
{
    uint64_t n = leg_id - h->args.first_leg_id, place = n % BROWSER_SESSIONS_MAX;
    bool is_ours = leg_id >= h->args.first_leg_id && n >> HEADSET_LEGS_BITS == 0;
    if (!is_ours || place >= h->args.sessions_max || h->all[place].leg_id != leg_id)
        return NULL;
    return &h->all[place];
}

bool headset_is_there(const struct headset *x)
{
    return x && x->session == BROWSER_UP && !x->is_lost;
}

/* ---- what it hears, what others see ------------------------------------------------------- */

static void show(struct headsets *h, const struct headset *x)
{
    enum headset_shown shown = HEADSET_NONE;
    if (x->state == HEADSET_RINGING)
        shown = HEADSET_RINGS;
    else if (x->state == HEADSET_UP)
        shown = HEADSET_IN_CALL;
    else if (headset_is_there(x))
        shown = HEADSET_READY;
    headsets_put(h->args.board, x->agent_id, shown);
}

bool headset_put(struct headsets *h, struct headset *x)
{
    return browser_set(h->browsers, x->session_id, &x->does) == 0;
}

void headset_hear(struct headsets *h, struct headset *x, enum media_then then)
{
    bool rings = then == MEDIA_LOOP && *h->args.ring_id != MEDIA_PROMPT_NONE;
    const struct media_want before = x->does;
    x->does = (struct media_want){.direction = MEDIA_SENDRECV,
                                  .then = then == MEDIA_LOOP && !rings ? MEDIA_SILENCE : then,
                                  .loop_id = rings ? *h->args.ring_id : 0,
                                  .user = x->leg_id,
                                  .join_number = before.join_number,
                                  .list.number = before.list.number,
                                  .keys = before.keys};
    x->does.keys.n = 0;
    (void)headset_put(h, x); /* silence, a ring and an echo can always be */
}

/* ---- its call ----------------------------------------------------------------------------- */

/* Its number for this leg; 0: this life has had too many. */
static uint64_t next_leg_id(struct headsets *h, const struct headset *x)
{
    uint64_t n = (uint64_t)h->legs_n << HEADSET_PLACE_BITS | (uint64_t)(x - h->all);
    if (n >> HEADSET_LEGS_BITS)
        return 0;
    h->legs_n++;
    return h->args.first_leg_id + n;
}

void headset_happens(struct headsets *h, struct headset *x, enum headset_event event)
{
    enum headset_state next = headset_next(x->state, event);
    assert(next != HEADSET_STATES);
    if (event == HEADSET_CALLED) {
        x->leg_id = next_leg_id(h, x);
        if (!x->leg_id)
            return;
        x->tells_ring = true;
        h->next_at = 0;
    }
    x->state = next;
    if (next == HEADSET_IDLE) {
        x->leg_id = 0;
        x->lost_at = MS_NEVER;
    }
    headset_hear(h, x, next == HEADSET_RINGING ? MEDIA_LOOP : MEDIA_SILENCE);
    show(h, x);
}

static void tell(struct headsets *h, const struct phone_report *report)
{
    h->args.report(report, h->args.report_arg);
}

/* What rings was not taken; who spoke has left, or is gone. The leg is over before it is told; but
 * one that is lost is hung up by the app, as that of any telephone. */
static void end(struct headsets *h, struct headset *x, uint16_t status)
{
    struct phone_report report = {.kind = PHONE_ENDED, .leg_id = x->leg_id};
    if (x->state == HEADSET_RINGING) {
        report.kind = PHONE_REFUSED;
        report.status = status;
    }
    headset_happens(h, x, HEADSET_ENDED);
    tell(h, &report);
}

static void lose(struct headsets *h, struct headset *x)
{
    const struct phone_report lost = {.kind = PHONE_LOST, .leg_id = x->leg_id};
    x->lost_at = MS_NEVER;
    if (x->state == HEADSET_UP)
        tell(h, &lost);
    else if (x->state == HEADSET_RINGING)
        end(h, x, 480);
}

static void leave(struct headsets *h, uint32_t agent_id)
{
    const struct phone_report away = {.kind = PHONE_AWAY, .aor = agent_id};
    if (!h->behind.port.is_there || !h->behind.port.is_there(h->behind.port.arg, agent_id))
        tell(h, &away);
}

/* ---- gone, and back ----------------------------------------------------------------------- */

static void expect_back(struct headsets *h, struct headset *x, ms_t grace_ms)
{
    ms_t now_at = h->args.boot_ms();
    if (x->state != HEADSET_IDLE && now_at + grace_ms < x->lost_at)
        x->lost_at = now_at + grace_ms;
    if (x->away_at == MS_NEVER)
        x->away_at = now_at + HEADSET_AWAY_MS;
    h->next_at = 0;
    show(h, x);
}

void headset_silent(struct headsets *h, struct headset *x)
{
    x->is_lost = true;
    expect_back(h, x, 0);
}

void headset_back(struct headsets *h, struct headset *x)
{
    x->is_lost = false;
    if (x->session == BROWSER_UP)
        x->lost_at = x->away_at = MS_NEVER;
    show(h, x);
}

static void forget(struct headsets *h, struct headset *x)
{
    struct headset gone = *x;
    map_remove(&h->streams, stream_key(x->ref));
    headsets_put(h->args.board, x->agent_id, HEADSET_NONE);
    *x = (struct headset){0};
    const struct phone_report over = {.kind = PHONE_ENDED, .leg_id = gone.leg_id, .is_fault = true};
    if (gone.leg_id)
        tell(h, &over);
    if (gone.away_at != MS_NEVER)
        leave(h, gone.agent_id);
}

static void session_is(uint64_t id, enum browser_state state, void *arg)
{
    struct headsets *h = arg;
    struct headset *x = of_session(h, id);
    if (!x)
        return;
    if (state == BROWSER_STATES) {
        forget(h, x);
        return;
    }
    x->session = state;
    if (state == BROWSER_UP)
        headset_back(h, x);
    else if (state == BROWSER_SILENT || state == BROWSER_OVER)
        expect_back(h, x, HEADSET_GRACE_MS);
    else
        show(h, x);
}

/* ---- what pages ask for ------------------------------------------------------------------- */

static struct headset *free_place(struct headsets *h)
{
    for (uint32_t i = 0; i < h->args.sessions_max; i++)
        if (!h->all[i].agent_id)
            return &h->all[i];
    return NULL;
}

static bool begin(struct headsets *h, const struct headset_ask *ask,
                  const struct browser_answer *answer)
{
    struct headset *x = free_place(h);
    if (!x) {
        browser_leave(h->browsers, answer->id);
        return false;
    }
    *x = (struct headset){.agent_id = ask->agent_id,
                          .session_id = answer->id,
                          .ref = answer->ref,
                          .lost_at = MS_NEVER,
                          .away_at = MS_NEVER};
    map_put(&h->streams, stream_key(x->ref), (uint32_t)(x - h->all));
    headset_hear(h, x, MEDIA_SILENCE);
    return true;
}

static enum headset_verdict join(struct headsets *h, const struct headset_ask *ask,
                                 struct headset_told *told)
{
    static const enum headset_verdict verdicts[] = {[BROWSER_JOINED] = HEADSET_DONE,
                                                    [BROWSER_REFUSED] = HEADSET_REFUSED,
                                                    [BROWSER_FULL] = HEADSET_FULL,
                                                    [BROWSER_UNKNOWN] = HEADSET_UNKNOWN};
    struct headset *x = headset_of_agent(h, ask->agent_id);
    uint64_t page_id = ask->page_id;
    if (!page_id && getrandom(&page_id, sizeof(page_id), 0) != sizeof(page_id))
        return HEADSET_FULL;
    const struct browser_offer offer = {.id = x ? x->session_id : 0,
                                        .sdp = ask->sdp,
                                        .wish = {{SIP_CODEC_PCMA, SIP_CODEC_PCMU}, 2},
                                        .at = h->args.boot_ms()};
    enum browser_verdict v = browser_join(h->browsers, &offer, &told->answer);
    if (v == BROWSER_JOINED && !x && !begin(h, ask, &told->answer))
        return HEADSET_FULL;
    x = headset_of_agent(h, ask->agent_id);
    if (v == BROWSER_JOINED && x)
        x->page_id = told->page_id = page_id;
    h->browsers_at = 0;
    return verdicts[v];
}

static void depart(struct headsets *h, struct headset *x)
{
    uint64_t session_id = x->session_id;
    x->away_at = h->args.boot_ms();
    if (x->state != HEADSET_IDLE)
        lose(h, x);
    browser_leave(h->browsers, session_id);
}

static enum headset_verdict answer(struct headsets *h, struct headset *x)
{
    const struct phone_report up = {.kind = PHONE_UP, .leg_id = x->leg_id};
    if (x->state != HEADSET_RINGING)
        return HEADSET_NOT_NOW;
    headset_happens(h, x, HEADSET_ANSWERED);
    tell(h, &up);
    return HEADSET_DONE;
}

/* As the key of a telephone does it; the page knows that it is so. */
static enum headset_verdict hold(struct headsets *h, const struct headset *x, bool holds)
{
    const struct phone_report report = {.kind = PHONE_HOLDS, .leg_id = x->leg_id, .holds = holds};
    if (x->state != HEADSET_UP)
        return HEADSET_NOT_NOW;
    tell(h, &report);
    return HEADSET_DONE;
}

enum headset_verdict headset_ask(struct headsets *h, const struct headset_ask *ask,
                                 struct headset_told *told)
{
    struct headset *x = headset_of_agent(h, ask->agent_id);
    bool is_theirs = x && x->page_id == ask->page_id;
    told->page_id = ask->page_id;
    if (!is_theirs && !(ask->deed == HEADSET_JOIN && !ask->page_id))
        return HEADSET_UNKNOWN;
    switch (ask->deed) {
    case HEADSET_JOIN:
        return join(h, ask, told);
    case HEADSET_LEAVE:
        depart(h, x);
        return HEADSET_DONE;
    case HEADSET_ANSWER:
        return answer(h, x);
    case HEADSET_HOLD:
    case HEADSET_RESUME:
        return hold(h, x, ask->deed == HEADSET_HOLD);
    case HEADSET_HANG_UP:
        if (x->state == HEADSET_IDLE)
            return HEADSET_NOT_NOW;
        end(h, x, 603);
        return HEADSET_DONE;
    default:
        if (x->state != HEADSET_IDLE)
            return HEADSET_NOT_NOW;
        headset_hear(h, x, ask->deed == HEADSET_ECHO ? MEDIA_ECHO : MEDIA_SILENCE);
        return HEADSET_DONE;
    }
}

/* ---- time --------------------------------------------------------------------------------- */

static void run_one(struct headsets *h, struct headset *x, ms_t now_at)
{
    const struct phone_report rings = {.kind = PHONE_RINGS, .leg_id = x->leg_id};
    if (x->tells_ring && x->state == HEADSET_RINGING)
        tell(h, &rings);
    x->tells_ring = false;
    if (x->lost_at <= now_at)
        lose(h, x);
    if (x->away_at <= now_at) {
        x->away_at = MS_NEVER;
        leave(h, x->agent_id);
    }
}

void headset_run(struct headsets *h, ms_t now_at)
{
    h->browsers_at = browser_run(h->browsers, now_at);
    if (now_at < h->next_at)
        return;
    ms_t first_at = MS_NEVER;
    h->next_at = MS_NEVER;
    for (uint32_t i = 0; i < h->args.sessions_max; i++) {
        struct headset *x = &h->all[i];
        if (!x->agent_id)
            continue;
        run_one(h, x, now_at);
        ms_t at = x->lost_at < x->away_at ? x->lost_at : x->away_at;
        if (x->agent_id && at < first_at)
            first_at = at;
    }
    h->next_at = first_at < h->next_at ? first_at : h->next_at; /* a report may have asked sooner */
}

ms_t headset_next_at(const struct headsets *h)
{
    ms_t at = h->browsers_at < h->next_at ? h->browsers_at : h->next_at;
    return h->has_more ? 0 : at;
}

void headset_counts(const struct headsets *h, struct browser_counts *counts)
{
    browser_counts(h->browsers, counts);
}

/* ---- open and drop ------------------------------------------------------------------------ */

int headset_open(struct headsets **out, const struct headset_args *args)
{
    struct headsets *h = calloc(1, sizeof(*h));
    const struct browser_args browsers = {.media = args->media,
                                          .self = args->self,
                                          .port = args->port,
                                          .sessions_max = args->sessions_max,
                                          .log = args->log,
                                          .tell = session_is,
                                          .arg = h};
    *out = NULL;
    if (!h)
        return ENOMEM;
    h->args = *args;
    h->browsers_at = h->next_at = MS_NEVER;
    int err = browser_open(&h->browsers, &browsers);
    struct arena probe = {0};
    map_open(&h->streams, &probe, args->sessions_max);
    h->memory = err ? NULL : calloc(1, probe.used);
    h->all = err ? NULL : calloc(args->sessions_max, sizeof(*h->all));
    if (!err && (!h->memory || !h->all))
        err = ENOMEM;
    if (!err) {
        struct arena arena = {.base = h->memory, .size = probe.used, .is_zeroed = true};
        map_open(&h->streams, &arena, args->sessions_max);
        *out = h;
    } else {
        headset_drop(h);
    }
    return err;
}

void headset_drop(struct headsets *h)
{
    if (!h)
        return;
    if (h->all) /* the app is gone before: nobody is told */
        memset(h->all, 0, h->args.sessions_max * sizeof(*h->all));
    browser_drop(h->browsers);
    free(h->all);
    free(h->memory);
    free(h);
}
