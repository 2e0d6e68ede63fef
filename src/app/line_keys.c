/* line_keys.c — an agent dials a short code from their telephone, or the agents' number from an
 * ordinary one: sign in, ready, pause, where am I, sign out (voice-script §9, §11).
 * Called by lines.c. A telephone of ours has proved its line by digest; the code proves the person:
 * the calling number alone never signs in, and says only whose code it may be. Cost: O(1) a
 * happening. Invariant: nobody becomes ready before this call has ended, for their telephone would
 * be busy. */
#include <string.h>

#include "acd/ask.h"
#include "app/line_practice.h"
#include "app/line_talk.h"

#define WAIT_KEY_MS ((ms_t)12000)
#define MISSED_SAID_MS ((ms_t)9000) /* its carrier, an hour, its end */

/* « Pour recevoir des appels, faites étoile 72 »: said to whom that is true. */
#define SPOKEN_READY "*72"

enum keys_wish {
    WISH_NONE,
    WISH_IN,
    WISH_READY,
    WISH_PAUSE,
    WISH_WRAP_UP,
    WISH_STATE,
    WISH_PRACTICE,
    WISH_PICK_UP,
    WISH_LISTEN,
    WISH_OUT,
};

/* What this code wishes for; the settings see to it that none begins as another. */
static enum keys_wish wish_of(const struct settings_short_codes *c, struct text code)
{
    const struct {
        const char *code;
        enum keys_wish wish;
    } rows[] = {{c->sign_in, WISH_IN},        {c->ready, WISH_READY},     {c->pause, WISH_PAUSE},
                {c->wrap_up, WISH_WRAP_UP},   {c->state, WISH_STATE},     {c->sign_out, WISH_OUT},
                {c->practice, WISH_PRACTICE}, {c->pick_up, WISH_PICK_UP}, {c->listen, WISH_LISTEN}};
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
        if (text_equal(code, text_of(rows[i].code)))
            return rows[i].wish;
    return WISH_NONE;
}

/* "*733": a pause, and why; the code without the digit. */
static char cut_why(const struct settings_short_codes *c, struct text *code)
{
    size_t n = strlen(c->pause);
    char why = code->n == n + 1 ? code->p[n] : '\0';
    struct text shorter = {code->p, n};
    if (why < '1' || why > '4' || !text_equal(shorter, text_of(c->pause)))
        return '\0';
    *code = shorter;
    return why;
}

/* "*78102": listen to whose line that is; the code without the line. */
static struct text cut_line(const struct settings_short_codes *c, struct text *code)
{
    struct text listen = text_of(c->listen);
    if (code->n <= listen.n || code->n > listen.n + LINE_TYPED_MAX ||
        !text_equal((struct text){code->p, listen.n}, listen))
        return TEXT_NONE;
    struct text line = text_after(*code, listen.n);
    code->n = listen.n;
    return line;
}

void line_keys_arrived(struct lines *l, const struct phone_report *r)
{
    struct text code = r->arrived.called;
    char why = cut_why(&l->args.short_codes, &code);
    struct text whom = cut_line(&l->args.short_codes, &code);
    enum keys_wish wish = wish_of(&l->args.short_codes, code);
    bool is_known = wish != WISH_NONE;
    struct line *line = is_known && !l->is_draining ? line_new(l, r->leg_id, LINE_KEYS) : NULL;
    if (!line) {
        l->phone.refuse(l->phone.arg, r->leg_id, is_known ? 503 : 404);
        return;
    }
    line->state = KEYS_UP;
    line->agent_id = (uint32_t)r->arrived.aor;
    line->wish = (uint16_t)wish;
    line->why = why;
    line->typed_n = (uint8_t)whom.n;
    if (whom.n)
        memcpy(line->typed, whom.p, whom.n);
    l->phone.answer(l->phone.arg, r->leg_id);
}

bool line_keys_is_for(const struct lines *l, struct text called)
{
    const struct directory *d = l->args.directory;
    uint32_t i = directory_dialled_find(d, line_e164(called));
    return i != DIRECTORY_NONE && !strcmp(d->numbers[i].flow, DIRECTORY_FLOW_AGENTS);
}

/* Wrong codes are counted by the number that calls. Those that are no agent's, and withheld ones,
 * together: no code is right for them, and numbers that anybody makes up would push out the count
 * of an agent's. */
static uint32_t lock_of_number(const struct lines *l, uint64_t e164)
{
    const struct directory *d = l->args.directory;
    bool is_agents = false;
    for (uint32_t i = 0; e164 && i < l->args.codes_n && !is_agents; i++)
        is_agents = directory_agent_number(&d->agents[l->args.codes[i].agent_i]) == e164;
    return (is_agents ? (uint32_t)(e164 ^ e164 >> 32) : 0) | UINT32_C(1) << 31;
}

void line_keys_called(struct lines *l, const struct phone_report *r)
{
    struct line *line = l->is_draining ? NULL : line_new(l, r->leg_id, LINE_KEYS);
    if (!line) {
        l->phone.refuse(l->phone.arg, r->leg_id, 503);
        return;
    }
    line->state = KEYS_UP;
    line->is_ordinary = true;
    line->e164 = line_e164(r->arrived.caller);
    line->agent_id = lock_of_number(l, line->e164); /* nobody's yet */
    line->wish = WISH_IN;
    l->phone.answer(l->phone.arg, r->leg_id);
}

/* ---- words -------------------------------------------------------------------------------- */

static void say_in(struct lines *l, struct line *line, enum line_state state, unsigned prompt)
{
    struct say_list list = {0};
    line->state = state;
    say_add(&list, prompt);
    bool is_said = state == KEYS_LAST ? line_say_whole(l, line, &list)
                                      : line_say(l, line, &list, THEN_SILENCE);
    line_set_timer(l, line, l->now_at + (ms_t)prompt_rows[prompt].max_ms + WAIT_KEY_MS);
    if (!is_said)
        line_set_timer(l, line, l->now_at);
}

static void say_last(struct lines *l, struct line *line, unsigned prompt)
{
    say_in(l, line, KEYS_LAST, prompt);
}

/* ---- the code ----------------------------------------------------------------------------- */

static struct lock *lock_find(struct lines *l, uint32_t agent_id)
{
    for (unsigned i = 0; i < LOCKS_MAX; i++)
        if (l->locks[i].agent_id == agent_id)
            return &l->locks[i];
    return NULL;
}

/* For who typed a wrong code; only another one that is not locked gives way, while there is one. */
static struct lock *lock_keep(struct lines *l, uint32_t agent_id)
{
    struct lock *lock = lock_find(l, agent_id);
    for (unsigned i = 0; i < LOCKS_MAX && !lock; i++) {
        struct lock *other = &l->locks[l->locks_next++ % LOCKS_MAX];
        if (other->until_at <= l->now_at || i == LOCKS_MAX - 1) {
            *other = (struct lock){.agent_id = agent_id};
            lock = other;
        }
    }
    return lock;
}

static bool is_locked(struct lines *l, const struct line *line)
{
    const struct lock *lock = lock_find(l, line->agent_id);
    return lock && lock->until_at > l->now_at;
}

/* In a time that does not tell where they differ; no code of an agent without one is right. */
static bool is_code(const struct line *line, const char *code)
{
    unsigned differs = 0;
    size_t n = strlen(code);
    for (size_t i = 0; i < LINES_CODE_MAX; i++) {
        char theirs = i < line->typed_n ? line->typed[i] : '\0', ours = i < n ? code[i] : '\0';
        differs |= (unsigned)(theirs ^ ours);
    }
    return n && line->typed_n == n && !differs;
}

/* May this line be that agent's? One of ours has proved it; an ordinary one is a hint. */
static bool may_be(const struct lines *l, const struct line *line, const struct lines_code *code)
{
    const struct directory_agent *g = &l->args.directory->agents[code->agent_i];
    if (line->is_ordinary)
        return line->e164 && directory_agent_number(g) == line->e164;
    return g->number == line->agent_id;
}

/* The agent whose code it is, or 0; several may share an ordinary telephone. */
static uint32_t whose_code(const struct lines *l, const struct line *line)
{
    uint32_t agent_id = 0;
    for (uint32_t i = 0; i < l->args.codes_n; i++)
        if (may_be(l, line, &l->args.codes[i]) && is_code(line, l->args.codes[i].code))
            agent_id = l->args.directory->agents[l->args.codes[i].agent_i].number;
    return agent_id;
}

static void ask_code(struct lines *l, struct line *line, enum prompt_id prompt)
{
    line->typed_n = 0;
    if (is_locked(l, line))
        say_last(l, line, PROMPT_AGENT_CODE_LOCKED);
    else
        say_in(l, line, KEYS_CODE, prompt);
}

static void count_wrong(struct lines *l, const struct line *line)
{
    struct lock *lock = lock_keep(l, line->agent_id);
    l->totals.codes_refused_n++;
    if (++lock->wrong_n < LINES_CODE_TRIES)
        return;
    lock->wrong_n = 0;
    lock->until_at = l->now_at + LINES_LOCKED_MS;
}

/* Does it, and says so; what the heart refuses is not said to be done. */
static void do_and_say(struct lines *l, struct line *line, const struct command *cmd,
                       unsigned prompt)
{
    uint64_t leg_id = line->leg_id;
    enum acd_verdict v = line_command(l, cmd);
    bool is_done = acd_is_taken(v);
    line = line_by_leg(l, leg_id);
    if (line)
        say_last(l, line, is_done ? prompt : PROMPT_ERR_SYSTEM);
}

/* As it will be, for who signs in. */
static unsigned state_prompt(const struct lines *l, const struct line *line)
{
    struct acd_agent_look look;
    bool is_at_work = acd_agent_look(l->args.acd, line->agent_id, &look) &&
                      look.state != AGENT_STATE_SIGNED_OUT && look.state != AGENT_STATE_PAUSED;
    if (is_at_work)
        return say_ready(look.waiting_n);
    if (line->is_ordinary)
        return PROMPT_AGENT_IN;
    return strcmp(l->args.short_codes.ready, SPOKEN_READY) ? PROMPT_AGENT_PAUSE_OK
                                                           : PROMPT_AGENT_IN_PHONE;
}

/* A call that was not taken comes before anything else; false: there was none. */
static bool tell_missed(struct lines *l, struct line *line)
{
    struct say_list list = {0};
    if (!line_missed_words(l, line->agent_id, &list))
        return false;
    line->state = KEYS_MISSED;
    bool is_said = line_say(l, line, &list, THEN_SILENCE);
    line_set_timer(l, line, is_said ? l->now_at + MISSED_SAID_MS + WAIT_KEY_MS : l->now_at);
    return true;
}

/* From an ordinary telephone the call goes on: what to do is chosen by keys. Who was at work before
 * stays so. */
static void open_menu(struct lines *l, struct line *line, const struct command *in)
{
    uint64_t leg_id = line->leg_id;
    enum acd_verdict v = line_command(l, in);
    line = line_by_leg(l, leg_id);
    if (!line)
        return;
    if (!acd_is_taken(v)) {
        say_last(l, line, PROMPT_ERR_SYSTEM);
        return;
    }
    if (tell_missed(l, line))
        return;
    say_in(l, line, KEYS_MENU, state_prompt(l, line));
}

static void sign_in_line(struct lines *l, struct line *line, const struct command *in)
{
    unsigned prompt = state_prompt(l, line);
    if (!tell_missed(l, line)) /* then it is signed in already */
        do_and_say(l, line, in, prompt);
}

/* A locked line is not even looked at: calls side by side give no more tries. */
static void sign_in(struct lines *l, struct line *line)
{
    uint32_t agent_id = is_locked(l, line) ? 0 : whose_code(l, line);
    if (agent_id) {
        const struct command in = {.kind = CMD_AGENT_SIGN_IN,
                                   .agent_sign_in = {.agent_id = agent_id}};
        struct lock *lock = lock_find(l, line->agent_id);
        if (lock)
            lock->wrong_n = 0;
        line->agent_id = agent_id;
        if (line->is_ordinary)
            open_menu(l, line, &in);
        else
            sign_in_line(l, line, &in);
        return;
    }
    if (!is_locked(l, line))
        count_wrong(l, line);
    ask_code(l, line, PROMPT_AGENT_CODE_BAD);
}

/* ---- what was wished for ------------------------------------------------------------------ */

static void pause(struct lines *l, struct line *line, char key)
{
    static const enum pause reasons[] = {PAUSE_REST, PAUSE_MEAL, PAUSE_DESK, PAUSE_MEETING};
    if (key < '1' || key > '4') {
        say_in(l, line, KEYS_PAUSE, PROMPT_AGENT_PAUSE);
        return;
    }
    const struct command cmd = {
        .kind = CMD_AGENT_PAUSE,
        .agent_pause = {.agent_id = line->agent_id, .reason = reasons[key - '1']}};
    do_and_say(l, line, &cmd, PROMPT_AGENT_PAUSE_OK);
}

static void sign_out(struct lines *l, struct line *line)
{
    const struct command cmd = {.kind = CMD_AGENT_SIGN_OUT,
                                .agent_sign_out = {.agent_id = line->agent_id}};
    do_and_say(l, line, &cmd, PROMPT_AGENT_OUT);
}

static void tell_state(struct lines *l, struct line *line, const struct acd_agent_look *look)
{
    if (tell_missed(l, line))
        return;
    if (look->state == AGENT_STATE_PAUSED)
        say_last(l, line, PROMPT_AGENT_PAUSE_OK);
    else
        say_last(l, line, say_ready(look->waiting_n));
}

/* Ready comes with the end of this call. */
static void get_ready(struct lines *l, struct line *line, const struct acd_agent_look *look)
{
    line->is_ready_wanted = true;
    say_last(l, line, say_ready(look->waiting_n));
}

/* Its telephone rings after this call. */
static void practise(struct lines *l, struct line *line, const struct acd_agent_look *look)
{
    if (tell_missed(l, line))
        return;
    line->is_practice_wanted = line_practice_may(l, look);
    say_last(l, line, line->is_practice_wanted ? PROMPT_AGENT_PRACTICE : PROMPT_AGENT_PRACTICE_NOT);
}

static void pick_up(struct lines *l, struct line *line)
{
    uint64_t leg_id = line->leg_id;
    bool is_taken = line_pick_up(l, line);
    line = line_by_leg(l, leg_id);
    if (!is_taken && line)
        say_last(l, line, PROMPT_AGENT_PICK_UP_NONE);
}

static void leave(struct lines *l, struct line *line, const struct acd_agent_look *look)
{
    if (say_out_last(look->left_n) == PROMPT_NONE)
        sign_out(l, line);
    else
        say_in(l, line, KEYS_CONFIRM, say_out_last(look->left_n));
}

/* voice-script §11, from an ordinary telephone. */
static void menu_key(struct lines *l, struct line *line, char key)
{
    struct acd_agent_look look;
    if (!acd_agent_look(l->args.acd, line->agent_id, &look))
        return;
    switch (key) {
    case '1':
        get_ready(l, line, &look);
        return;
    case '2':
        pause(l, line, '\0');
        return;
    case '5':
        tell_state(l, line, &look);
        return;
    case '6':
        practise(l, line, &look);
        return;
    case '9':
        leave(l, line, &look);
        return;
    default:
        return;
    }
}

static void begin(struct lines *l, struct line *line)
{
    struct acd_agent_look look;
    bool is_known = acd_agent_look(l->args.acd, line->agent_id, &look);
    if (line->is_ordinary || !is_known || line->wish == WISH_IN ||
        look.state == AGENT_STATE_SIGNED_OUT) {
        ask_code(l, line, PROMPT_AGENT_CODE);
        return;
    }
    switch (line->wish) {
    case WISH_READY:
    case WISH_WRAP_UP:
        get_ready(l, line, &look);
        return;
    case WISH_STATE:
        tell_state(l, line, &look);
        return;
    case WISH_PRACTICE:
        practise(l, line, &look);
        return;
    case WISH_PICK_UP:
        pick_up(l, line);
        return;
    case WISH_LISTEN:
        say_last(l, line, line_listen_ask(l, line));
        return;
    case WISH_OUT:
        leave(l, line, &look);
        return;
    default:
        pause(l, line, line->why);
        return;
    }
}

/* ---- reports ------------------------------------------------------------------------------ */

void line_keys_effect(struct lines *l, const struct effect *e)
{
    line_missed_tell(l, e);
    if (e->agent_tell.state == AGENT_STATE_READY)
        line_offer_end_wrap_up(l, e->agent_tell.agent_id);
}

static void end(struct lines *l, struct line *line, bool is_up)
{
    const struct command ready = {.kind = CMD_AGENT_READY,
                                  .agent_ready = {.agent_id = line->agent_id}};
    bool is_wanted = line->is_ready_wanted, practises = line->is_practice_wanted;
    uint32_t agent_id = line->agent_id, listens_to = line->listen.agent_id;
    if (is_up)
        line_hang_up(l, line);
    else
        line_drop(l, line);
    if (is_wanted)
        line_command(l, &ready);
    if (practises)
        line_practice_begin(l, agent_id);
    if (listens_to)
        line_listen_begin(l, agent_id, listens_to);
}

static void code_key(struct lines *l, struct line *line, char key)
{
    if (key == '#') {
        sign_in(l, line);
    } else if (key == '*') {
        line->typed_n = 0;
    } else if (line->typed_n < LINE_TYPED_MAX) {
        line->typed[line->typed_n++] = key;
        line_set_timer(l, line, l->now_at + WAIT_KEY_MS);
    }
}

static void on_key(struct lines *l, struct line *line, char key)
{
    if (line->state == KEYS_CODE)
        code_key(l, line, key);
    else if (line->state == KEYS_MENU ||
             (line->state == KEYS_MISSED && (line->is_ordinary || key == '1')))
        menu_key(l, line, key);
    else if (line->state == KEYS_PAUSE)
        pause(l, line, key);
    else if (line->state == KEYS_CONFIRM && key == '1')
        sign_out(l, line);
}

void line_keys_report(struct lines *l, struct line *line, const struct phone_report *r)
{
    switch (r->kind) {
    case PHONE_UP:
        if (line->state != KEYS_CALLED)
            begin(l, line);
        else if (!tell_missed(l, line))
            end(l, line, true); /* ready again meanwhile */
        return;
    case PHONE_REFUSED:
    case PHONE_LOST:
        end(l, line, r->kind == PHONE_LOST);
        return;
    case PHONE_KEY:
        on_key(l, line, r->key);
        return;
    case PHONE_PLAYED:
        if (line->state == KEYS_LAST && r->list.number == line->list)
            end(l, line, true);
        return;
    case PHONE_ENDED:
        end(l, line, false);
        return;
    default:
        return;
    }
}

/* No key came: the call ends, nothing is changed by silence. */
void line_keys_timer(struct lines *l, struct line *line)
{
    end(l, line, true);
}
