/* conversation.h — an agent of reception.h who speaks with a caller: what is typed, who hears whom,
 * what is left behind. Agents 1 and 2 have lines, agent 3 an ordinary telephone. */
#ifndef TEST_SUPPORT_CONVERSATION_H
#define TEST_SUPPORT_CONVERSATION_H

#include "test/support/reception_deeds.h"

#define RELATIVE "0144556677"
#define INTERPRETER "+33153264343"

struct talk {
    struct reception *r;
    uint64_t caller, agent; /* legs */
};

/* Agents 1 and 2 have lines 101 and 102; agent 3 an ordinary telephone. board: NULL, no page; sms:
 * NULL, no gateway. */
static inline struct reception *open_house_of(struct talks_board *board,
                                              const struct settings_sms *sms)
{
    struct reception *r = reception_new(16);
    struct directory *d = r->directory;
    static const char *const phones[] = {"sip:101", "sip:102", "+33144550003"};
    for (uint32_t i = 0; i < 3; i++)
        memcpy(d->agents[i].phone, phones[i], strlen(phones[i]) + 1);
    map_put(&d->line_of, directory_number_of("101"), 0);
    map_put(&d->line_of, directory_number_of("102"), 1);
    r->gate_rules.agents = SETTINGS_GATE_AGENTS_FRANCE;
    r->gate_rules.day_max = r->gate_rules.day_max_agent = 10;
    r->talks = board;
    r->sms = sms;
    r->gate_rules.sms = SETTINGS_GATE_SMS_FRANCE;
    reception_fill(r);
    return r;
}

static inline struct reception *open_house_shown(struct talks_board *board)
{
    return open_house_of(board, NULL);
}

static inline struct reception *open_house(void)
{
    return open_house_shown(NULL);
}

/* Agent 1 has spoken with a caller for so long. */
static inline struct talk talking(ms_t for_ms)
{
    struct talk t = {.r = open_house()};
    get_ready(t.r, 1);
    t.caller = in_queue(t.r);
    t.agent = rings_at(t.r, 1);
    up(t.r, t.agent);
    heard(t.r, t.agent);
    heard(t.r, t.caller);
    pass(t.r, for_ms);
    return t;
}

static inline void keys(struct talk *t, const char *keys)
{
    for (; *keys; keys++)
        press(t->r, t->agent, *keys);
}

static inline bool is_bridged(struct reception *r, uint64_t a, uint64_t b)
{
    return leg(r, a)->sound.then == MEDIA_BRIDGE && leg(r, a)->sound.peer_id == b &&
           leg(r, b)->sound.then == MEDIA_BRIDGE && leg(r, b)->sound.peer_id == a;
}

static inline bool hears_leg(struct reception *r, uint64_t who, uint64_t whom)
{
    const struct phone_sound *s = &leg(r, who)->sound;
    bool is_in = false;
    for (unsigned i = 0; i < MEDIA_HEARS_MAX; i++)
        is_in |= s->hears_ids[i] == whom;
    return s->then == MEDIA_MIX && is_in;
}

static inline bool are_three(struct reception *r, uint64_t a, uint64_t b, uint64_t c)
{
    return hears_leg(r, a, b) && hears_leg(r, a, c) && hears_leg(r, b, a) && hears_leg(r, b, c) &&
           hears_leg(r, c, a) && hears_leg(r, c, b) &&
           leg(r, a)->sound.mix == leg(r, b)->sound.mix &&
           leg(r, b)->sound.mix == leg(r, c)->sound.mix;
}

static inline bool is_on_hold(struct reception *r, uint64_t id)
{
    return leg(r, id)->sound.then == MEDIA_LOOP &&
           leg(r, id)->sound.loop_id == r->sounds.ids[PROMPT_FR][PROMPT_MUSIC_WAIT];
}

/* The leg that rings outside; 0: none. */
static inline uint64_t rings_outside(struct reception *r, const char *number)
{
    for (size_t i = 0; i < r->board.n; i++)
        if (r->board.legs[i].state == BOARD_CALLED && !strcmp(r->board.legs[i].number, number))
            return r->board.legs[i].id;
    return 0;
}

static inline enum agent_state state_of(struct reception *r, uint32_t agent)
{
    struct acd_agent_look look;
    assert_true(acd_agent_look(r->acd, agent, &look));
    return look.state;
}

static inline void over(struct talk *t)
{
    struct reception *r = t->r;
    pass(r, 120000);
    assert_int_equal(lines_n(r->lines), 0);
    reception_drop(r);
}

/* The caller hangs up and is counted so; nobody is left on a line. */
static inline void caller_leaves(struct talk *t, enum outcome as)
{
    ends(t->r, t->caller, false);
    turn(t->r);
    assert_int_equal(outcome(t->r), as);
    over(t);
}

/* Agent 1 speaks with agent 2 about the caller, who is on hold. */
static inline struct talk consulting(uint64_t *colleague)
{
    struct talk t = talking(30000);
    get_ready(t.r, 2);
    keys(&t, "*1102#");
    *colleague = rings_at(t.r, 2);
    assert_int_not_equal(*colleague, 0);
    assert_true(hears(t.r, t.caller, PROMPT_HOLD_START));
    assert_int_equal(leg(t.r, t.agent)->sound.loop_id,
                     t.r->sounds.ids[PROMPT_FR][PROMPT_TONE_RING]);
    assert_int_equal(state_of(t.r, 2), AGENT_STATE_PAUSED);
    up(t.r, *colleague);
    assert_true(is_bridged(t.r, t.agent, *colleague));
    assert_true(is_on_hold(t.r, t.caller));
    return t;
}

#endif
