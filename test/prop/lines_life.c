/* lines_life.c — see lines_life.h. What people, telephones, disks and processes do, by chance; and
 * what the journal says of it. Called by test/prop/lines.c. */
#include "test/prop/lines_life.h"

#define AUTOMATIC UINT64_C(33568123456)

static bool perhaps(struct life *l, uint32_t percent)
{
    return prng_chance(&l->chance, percent * 10000);
}

static uint32_t below(struct life *l, uint32_t n)
{
    return (uint32_t)prng_below(&l->chance, n);
}

/* ---- who calls ------------------------------------------------------------------------------- */

static void ask(void *arg, uint64_t leg_id, uint64_t e164)
{
    struct life *l = arg;
    (void)e164;
    if (l->asked_n < LIFE_ASKED_MAX)
        l->asked[l->asked_n++] = leg_id;
}

static bool next(void *arg, struct person_answer *answer)
{
    struct life *l = arg;
    if (!l->asked_n || perhaps(l, 60))
        return false;
    uint32_t i = below(l, l->asked_n);
    uint64_t person_id = 1 + below(l, 50);
    *answer = (struct person_answer){.leg_id = l->asked[i],
                                     .person_id = person_id,
                                     .is_new = perhaps(l, 30),
                                     .row = {.person_id = person_id}};
    if (l->calls_again) {
        answer->person_id = answer->row.person_id = 1 + below(l, 3);
        answer->references_n = below(l, 5) ? 0 : 3;
    }
    if (perhaps(l, 80)) /* else once more later */
        l->asked[i] = l->asked[--l->asked_n];
    return true;
}

/* ---- the journal ------------------------------------------------------------------------------
 */

static void emit(void *arg, const struct effect *e)
{
    struct life *l = arg;
    if (e->kind == EFFECT_OFFER_RING && l->rings_n[e->offer_ring.offer_id]++)
        life_fail("one_ring: an offer rings twice");
    lines_effect(l->r->lines, e);
}

/* A process that ended took its ears with it. */
static void fold_listening(struct life *l, const struct event *ev)
{
    if (ev->kind == EV_CALL_LISTENED)
        l->listens_to[ev->call_listened.listener_id] =
            ev->call_listened.mode == LISTENING_NONE ? 0 : ev->call_listened.call_id;
    if (ev->kind == EV_STARTED)
        memset(l->listens_to, 0, sizeof(l->listens_to));
    for (uint32_t a = 1; ev->kind == EV_CALL_ENDED && a <= PREMISES_AGENTS; a++)
        if (l->listens_to[a] == ev->call_ended.call_id)
            life_fail("open_ear: a call has ended, and somebody still listens to it");
}

/* One call of a contact at once, and nobody is called who is on the line. */
static void fold_line(struct life *l, const struct event *ev)
{
    switch (ev->kind) {
    case EV_CALL_ARRIVED:
        l->is_on_line[ev->call_arrived.contact_id] = true;
        return;
    case EV_CALL_REJOINS:
        l->is_on_line[ev->call_rejoins.contact_id] = false;
        return;
    case EV_PLACE_REGAINED:
        if (l->is_on_line[ev->place_regained.contact_id])
            life_fail("doubled: two calls of one contact");
        l->is_on_line[ev->place_regained.contact_id] = true;
        return;
    case EV_CALL_ENDED:
        l->is_on_line[ev->call_ended.contact_id] = false;
        return;
    case EV_OFFER_MADE:
        if (ev->offer_made.phase == OFFER_PHASE_RESERVED &&
            l->is_on_line[ev->offer_made.contact_id])
            life_fail("doubled: somebody is to be called who is on the line");
        return;
    default:
        return;
    }
}

static void fold(struct life *l, const struct event *ev)
{
    acd_apply(l->twin, ev);
    if (ev->kind == EV_CALL_OUTCOME && l->outcomes_n[ev->call_outcome.call_id]++)
        life_fail("one_outcome: a call has two classes");
    fold_listening(l, ev);
    fold_line(l, ev);
    if (ev->kind == EV_GAP)
        l->gap_n += ev->gap.n;
}

/* What may be told of it from now on. */
static void note_committed(struct life *l, const struct event *ev)
{
    l->promised_n += ev->kind == EV_REFERENCE_TOLD;
    l->cuts_n += ev->kind == EV_PLACE_REGAINED && ev->place_regained.was_ours;
}

void life_fold(struct life *l)
{
    const struct notebook *b = &l->r->book;
    if (b->n >= LIFE_EVENTS_MAX)
        life_fail("room: a life with too many events");
    for (; l->folded_n < b->n; l->folded_n++)
        fold(l, &b->events[l->folded_n]);
    for (; l->committed_seen_n < b->committed_n; l->committed_seen_n++)
        note_committed(l, &b->events[l->committed_seen_n]);
}

static void listen(struct reception *r, void *arg)
{
    r->edges = (struct edges_port){.arg = arg, .emit = emit};
}

static void start(struct life *l, bool goes_on)
{
    size_t first_live = l->first_live;
    acd_clear(l->twin);
    if (goes_on)
        kept_resume(&l->kept, l->r, listen, l);
    else
        reception_start(l->r);
    listen(l->r, l);
    life_never_restore(l);
    struct lines_wish wish; /* what the store would know */
    for (uint32_t i = 0; lines_next_unknown(l->r->lines, &i, &wish);) {
        wish.e164 = UINT64_C(33536491234);
        lines_wish(l->r->lines, &wish);
    }
    lines_places(l->r->lines);
    if (l->keeps && !goes_on)
        lines_keep(l->r->lines, &l->kept.rows);
    memset(l->outcomes_n, 0, sizeof(l->outcomes_n));
    memset(l->is_on_line, 0, sizeof(l->is_on_line));
    memset(l->dialled, 0, sizeof(l->dialled));
    l->folded_n = 0;
    l->gap_n = 0;
    l->asked_n = 0;
    l->first_live = goes_on ? first_live : l->r->board.n;
    life_fold(l);
}

/* What was not up, or was a connection, is gone; the others wait for the next process. */
static void legs_at_death(struct life *l, bool goes_on)
{
    struct board *b = &l->r->board;
    for (size_t i = l->first_live; i < b->n; i++) {
        struct board_leg *leg = &b->legs[i];
        bool may_stay = leg->state == BOARD_UP || (leg->state == BOARD_CALLED && leg->aor);
        bool stays = goes_on && may_stay && !leg->is_early && prng_chance(&l->fate, 850000);
        if (!stays)
            leg->state = BOARD_OVER;
        leg->is_playing = false;
    }
}

static void check_taken_up(struct life *l)
{
    struct board *b = &l->r->board;
    for (size_t i = l->first_live; i < b->n; i++)
        if (b->legs[i].state == BOARD_UP && !b->legs[i].sound.n &&
            b->legs[i].sound.then == MEDIA_NOTHING)
            life_fail("taken_up: somebody was kept, and hears nothing");
}

/* Everything that is not on the disk is gone; of the legs, all or some. */
static void crash(struct life *l, struct life_met *met)
{
    bool goes_on = l->keeps && prng_chance(&l->fate, 800000);
    legs_at_death(l, goes_on);
    notebook_crash(&l->r->book);
    l->agreed_from = l->r->book.n;
    memset(l->rings_n, 0, sizeof(l->rings_n));
    l->crashes_n++;
    met->crashes_n++;
    start(l, goes_on);
    check_taken_up(l);
    met->resumed_n += goes_on ? lines_n(l->r->lines) : 0;
}

static void furnish(struct life *l)
{
    open_queue(l->r, HEALTH);
    open_queue(l->r, FAMILY);
    for (uint32_t i = 1; i <= PREMISES_AGENTS; i++)
        reception_do(l->r, (struct command){.kind = CMD_AGENT_SET,
                                            .agent_set = {.agent_id = i,
                                                          .capacity = {1},
                                                          .capacity_n = 1,
                                                          .queue_ids = {HEALTH, FAMILY},
                                                          .queue_ids_n = i % 3 ? 2 : 1,
                                                          .is_robot = i == PREMISES_AGENTS}});
    if (l->calls_back)
        back_rules(l->r);
    if (l->calls_again)
        again_window(l->r, AGAIN_WINDOW_MS);
    turn(l->r);
}

void life_open(struct life *l, uint64_t seed)
{
    memset(l, 0, sizeof(*l));
    l->seed = seed;
    prng_seed(&l->chance, seed);
    l->r = reception_new(2 + below(l, perhaps(l, 30) ? 4 : 40));
    l->began_at = l->r->now_at;
    l->r->seed = seed;
    l->is_busy_house = perhaps(l, 50);
    if (perhaps(l, 20))
        l->r->limits.contacts_max = 8;
    l->r->directory->is_demo = perhaps(l, 30);
    for (uint32_t i = 0; i < PREMISES_AGENTS; i++) { /* lines 1 to 8 */
        char line[] = {(char)('1' + i), '\0'};
        memcpy(l->r->directory->agents[i].phone, "sip:", 4);
        memcpy(l->r->directory->agents[i].phone + 4, line, sizeof(line));
        map_put(&l->r->directory->line_of, directory_number_of(line), i);
    }
    for (uint32_t i = 0; i < 2; i++) { /* by the seed: the other draws stay as they were */
        l->r->directory->services[i].is_listened = seed >> i & 1;
        memcpy(l->r->directory->services[i].code, i ? "92" : "91", 3);
        if (seed % 4)
            l->r->directory->agents[2 + 3 * i].role = ROLE_SUPERVISOR;
    }
    if (perhaps(l, 10)) {
        l->r->directory->numbers[0].week = OFFICE;
        l->r->wall_ms = perhaps(l, 50) ? 9 * 3600000 : 0;
    }
    l->persons = (struct person_port){.arg = l, .ask = ask, .next = next};
    l->r->persons = perhaps(l, 70) ? &l->persons : NULL;
    l->twin = acd_open(aligned_alloc(64, (acd_bytes(&l->r->limits) + 63) / 64 * 64), &l->r->limits);
    l->keeps = seed % 2;
    l->calls_back = seed / 2 % 2; /* by the seed, too */
    l->is_changed = l->calls_back && seed / 4 % 4 == 3;
    l->is_opened = l->calls_back && seed / 4 % 4 == 1;
    l->r->automatic_e164 = l->is_opened ? AUTOMATIC : 0;
    prng_seed(&l->changes, ~seed * 3);
    prng_seed(&l->agrees, ~seed * 5);
    l->r->listed = life_never_port(l);
    l->calls_again = seed / 4 % 2;
    if (l->calls_again)
        l->r->persons = &l->persons;
    if (l->calls_back) {
        l->r->directory->is_demo = true;
        l->r->gate_rules.callbacks = SETTINGS_GATE_CALLBACKS_FRANCE;
        l->r->slots_max = 2;
    }
    prng_seed(&l->fate, ~seed); /* a draw of its own: the other lives stay as they were */
    kept_open(&l->kept, l->r->lines_max);
    start(l, false);
    furnish(l);
}

void life_drop(struct life *l)
{
    free(l->twin);
    kept_drop(&l->kept);
    reception_drop(l->r);
}

/* ---- what happens ------------------------------------------------------------------------------
 */

static void somebody_calls(struct life *l)
{
    static const char *const called[] = {PUBLIC,       PUBLIC,          PUBLIC,       PUBLIC,
                                         "0536490010", "ligne-directe", "0536499999", ""};
    if (l->r->board.n + 16 >= LIFE_LEGS_MAX)
        return;
    const char *number = called[below(l, ARRAY_LEN(called))];
    uint64_t id = arrive_as(l->r, 0, number, perhaps(l, 20) ? "" : "+33612345678");
    l->calls_n += leg(l->r, id)->state != BOARD_OVER;
}

/* What somebody in that state would dial, or anything. */
static const char *wish_of(struct life *l, enum agent_state state)
{
    static const char *const wishes[] = {"*71", "*72", "*73", "*731", "*74", "*75",
                                         "*70", "*77", "*99", "2",    "3",   "5"};
    static const char *const others[] = {"*781", "*782", "*783", "*784", "*785", "*786", "*78"};
    if (l->step % 3 == 0)
        return others[below(l, ARRAY_LEN(others))];
    if (perhaps(l, 30))
        return wishes[below(l, ARRAY_LEN(wishes))];
    return state == AGENT_STATE_SIGNED_OUT ? "*71" : "*72";
}

/* All of a call of a short code at once, as who knows it by heart. */
static void dials_by_heart(struct life *l, uint64_t id)
{
    char code[] = "0111#";
    code[0] = (char)('0' + leg(l->r, id)->aor);
    pass(l->r, APP_ORDERED_MS);
    if (leg(l->r, id)->state == BOARD_ANSWERED)
        up(l->r, id);
    for (unsigned i = 0; code[i] && leg(l->r, id)->state == BOARD_UP; i++)
        press(l->r, id, code[i]);
    if (leg(l->r, id)->state != BOARD_OVER)
        ends(l->r, id, false);
}

static void agent_dials(struct life *l, struct life_met *met)
{
    uint32_t agent = 1 + below(l, PREMISES_AGENTS);
    struct acd_agent_look look;
    if (l->r->board.n + 16 >= LIFE_LEGS_MAX || board_of(&l->r->board, agent) ||
        !acd_agent_look(l->r->acd, agent, &look))
        return; /* a telephone has one line here */
    const char *wish = wish_of(l, look.state);
    uint64_t id = arrive_as(l->r, agent, wish, "101");
    met->keys_n++;
    struct app_status status;
    app_status(l->r->app, &status);
    /* By itself, after ten minutes; after a word with a colleague; or asked for while the journal
     * took nothing. */
    bool comes_back =
        look.pause == PAUSE_NO_ANSWER || look.pause == PAUSE_CALLING || status.backlog_n;
    bool picks_up = !strcmp(wish, "*77") || !strncmp(wish, "*78", 3);
    l->dialled[agent] = look.state == AGENT_STATE_PAUSED && !comes_back && !picks_up ? id : 0;
    if (perhaps(l, 50))
        dials_by_heart(l, id);
}

/* Of the legs that are not over; NULL: there is none. */
static struct board_leg *some_leg(struct life *l)
{
    struct board *b = &l->r->board;
    size_t live_n = 0;
    for (size_t i = l->first_live; i < b->n; i++) {
        live_n += b->legs[i].state != BOARD_OVER;
        if (b->legs[i].state == BOARD_CALLED && perhaps(l, 20))
            return &b->legs[i]; /* a telephone that rings is heard */
    }
    size_t wanted = live_n ? below(l, (uint32_t)live_n) : 0;
    for (size_t i = l->first_live; i < b->n; i++)
        if (b->legs[i].state != BOARD_OVER && !wanted--)
            return &b->legs[i];
    return NULL;
}

static void telephone_rings(struct life *l, uint64_t id)
{
    static const uint16_t refusals[] = {486, 603, 480, 408, 500, 488};
    if (perhaps(l, 60)) {
        up(l->r, id);
    } else if (perhaps(l, 40)) {
        refuses(l->r, id, refusals[below(l, ARRAY_LEN(refusals))]);
    } else if (perhaps(l, 30)) {
        report(l->r, (struct phone_report){.kind = PHONE_RINGS, .leg_id = id});
    }
}

static void key_pressed(struct life *l, uint64_t id)
{
    static const char keys[] = "0123456789*#ABCD11111123";
    const struct board_leg *a = leg(l->r, id);
    char right[] = "0111#";
    right[0] = (char)('0' + a->aor % 10);
    if (a->aor && perhaps(l, 40)) {
        for (unsigned i = 0; right[i] && leg(l->r, id)->state == BOARD_UP; i++)
            press(l->r, id, right[i]);
        return;
    }
    press(l->r, id, keys[below(l, sizeof(keys) - 1)]);
}

/* What an agent does with a conversation: a code, and whom it is about. */
static void agent_types(struct life *l, uint64_t id)
{
    static const char *const codes[] = {"*1",  "*2",    "*3", "*4",    "*2",
                                        "*3#", "*315#", "*9", "*291#", "*292#"};
    char typed[8] = "*11#";
    const char *code = codes[below(l, ARRAY_LEN(codes))];
    if (perhaps(l, 60)) {
        typed[1] = (char)('1' + below(l, 3));
        typed[2] = (char)('1' + below(l, PREMISES_AGENTS));
        code = typed;
    }
    for (; *code && leg(l->r, id)->state == BOARD_UP; code++)
        press(l->r, id, *code);
}

/* In some lives machines open calls back, and people ask for none. */
static bool asks_for_none(struct life *l, const struct board_leg *a)
{
    if (!l->is_opened || !perhaps(l, a->sound.wants_voice ? 60 : 10))
        return false;
    l->voices_n += a->sound.wants_voice;
    if (a->sound.wants_voice)
        has_voice(l->r, a->id);
    else if (a->is_ours && a->aor)
        press_all(l->r, a->id, perhaps(l, 50) ? "*6" : "9");
    else
        press(l->r, a->id, '9');
    return true;
}

static void leg_is_up(struct life *l, uint64_t id)
{
    const struct board_leg *a = leg(l->r, id);
    if (asks_for_none(l, a))
        return;
    uint32_t what = below(l, 100);
    if (what < 35 && a->is_playing)
        hears_all(l->r, id);
    else if (what < 45 && a->is_ours && a->aor)
        agent_types(l, id);
    else if (what < 60)
        key_pressed(l, id);
    else if (what < 80)
        heard(l->r, id);
    else if (what < 85)
        ends(l->r, id, perhaps(l, 20));
    else if (what < 87 && a->is_ours)
        report(l->r, (struct phone_report){.kind = PHONE_LOST, .leg_id = id});
    else if (what < 88 && a->aor && !a->is_referred)
        refers(l->r, id, perhaps(l, 50) ? "3" : "15", 0);
    else if (what < 90 && a->is_ours)
        holds(l->r, id, perhaps(l, 50));
}

static void leg_happens(struct life *l)
{
    const struct board_leg *a = some_leg(l);
    if (!a)
        return;
    switch (a->state) {
    case BOARD_ARRIVED:
        if (perhaps(l, 30))
            ends(l->r, a->id, perhaps(l, 10));
        return;
    case BOARD_ANSWERED:
        if (perhaps(l, 85))
            up(l->r, a->id);
        else
            ends(l->r, a->id, true);
        return;
    case BOARD_CALLED:
        telephone_rings(l, a->id);
        return;
    case BOARD_UP:
        leg_is_up(l, a->id);
        return;
    case BOARD_OVER:
        return;
    }
}

static void late_report(struct life *l)
{
    const struct board *b = &l->r->board;
    if (!b->n)
        return;
    uint64_t id = b->first_id + below(l, (uint32_t)b->n);
    static const enum phone_report_kind kinds[] = {PHONE_KEY, PHONE_PLAYED, PHONE_HEARD};
    if (leg(l->r, id)->state == BOARD_OVER)
        report(l->r,
               (struct phone_report){.kind = kinds[below(l, ARRAY_LEN(kinds))], .leg_id = id});
}

static void telephone_registers(struct life *l)
{
    uint32_t agent = 1 + below(l, PREMISES_AGENTS);
    if (l->r->board.away >> (agent - 1) & 1)
        l->r->board.away &= ~(UINT64_C(1) << (agent - 1));
    else
        away(l->r, agent);
}

static void house_decides(struct life *l)
{
    static const enum hours hours[] = {HOURS_OPEN,
                                       HOURS_OPEN,
                                       HOURS_OPEN,
                                       HOURS_OPEN,
                                       HOURS_CLOSED_PUBLISHED,
                                       HOURS_CLOSED_BY_PERSON};
    enum hours h = hours[below(l, ARRAY_LEN(hours))];
    uint32_t agent = 1 + below(l, PREMISES_AGENTS);
    if (perhaps(l, 70))
        reception_do(l->r,
                     (struct command){.kind = CMD_QUEUE_HOURS,
                                      .queue_hours = {.queue_id = perhaps(l, 50) ? HEALTH : FAMILY,
                                                      .hours = h,
                                                      .closes_at = h == HOURS_OPEN && perhaps(l, 50)
                                                                       ? l->r->now_at + 60000
                                                                       : 0}});
    else
        reception_do(l->r, (struct command){.kind = CMD_AGENT_SIGN_OUT, .agent_sign_out = {agent}});
    turn(l->r);
}

static void disk_happens(struct life *l)
{
    struct notebook *b = &l->r->book;
    uint32_t what = below(l, 14);
    b->is_half_full = what == 0;
    b->is_full = what == 1;
    b->health = what == 2 ? JOURNAL_DOWN : JOURNAL_WELL;
    l->r->commits = what != 3;
    turn(l->r);
}

void life_step(struct life *l, struct life_met *met)
{
    static const ms_t waits[] = {1, 20, 39, 40, 99, 100, 500, 1000, 2000, 7000, 15000, 60000};
    uint32_t what = below(l, 1000);
    uint32_t calls = l->is_busy_house ? 130 : 60;
    if (what < calls)
        somebody_calls(l);
    else if (what < calls + 70)
        agent_dials(l, met);
    else if (what < 820)
        leg_happens(l);
    else if (what < 830)
        late_report(l);
    else if (what < 845)
        telephone_registers(l);
    else if (what < 855)
        house_decides(l);
    else if (what < 880)
        disk_happens(l);
    else if (what == 880)
        crash(l, met);
    else
        pass(l->r, waits[below(l, ARRAY_LEN(waits))]);
    if (l->keeps && prng_chance(&l->fate, 900000)) /* else death comes in the middle of a turn */
        lines_keep_turn(l->r->lines);
}
