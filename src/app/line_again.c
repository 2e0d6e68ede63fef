/* line_again.c — who calls again takes the place back (design §3.8, voice-script §3, §5): at once
 * after one plain drop, by a key where a call is promised to this number or several were dropped;
 * never from a line that several people use, never without a number.
 * Called by line_menu.c, line_caller.c, lines.c. Cost: the places of one number, O(1) else.
 * Invariants: nothing said names a service, an hour or a person; « vous retrouvez votre place » and
 * what promises it come after the commit; whose place is taken back is called no more. */
#include "acd/look.h"
#include "app/line_deeds.h"

/* For a key after the question. */
#define ANSWER_MS ((ms_t)8000)
/* What is told on entering waits so long for the disk, then goes without what is kept. */
#define NOTED_MS ((ms_t)APP_PROMISE_MS)
#define MINUTE_MS ((ms_t)60000)
/* Room is made no more often: a walk over all places. */
#define SWEEP_MS MINUTE_MS
#define KEY_TAKE '1'
#define KEY_NEW '2'
#define KEY_PERSON '0'
#define KEY_REPEAT '*'

/* ---- whose place -------------------------------------------------------------------------- */

/* What is open for a number: the newest of each kind, and how many there are. */
struct found {
    struct acd_look_place promise, drop;
    unsigned promises_n, drops_n;
};

/* Listed, seen, or (a number that was not looked up in time) not known. */
bool line_again_is_shared(const struct line *line)
{
    return !line->again.is_recognised || line->again.references_n >= LINE_SHARED_REFERENCES ||
           directory_is_shared(line->directory, line->e164);
}

static void add(struct acd_look_place *newest, unsigned *n, const struct acd_look_place *place)
{
    bool is_newer = !*n || place->place_at > newest->place_at ||
                    (place->place_at == newest->place_at && place->contact_id > newest->contact_id);
    if (is_newer)
        *newest = *place;
    ++*n;
}

static void find_drops(const struct lines *l, uint64_t person_id, struct found *f)
{
    struct acd_look_place place;
    const struct place *row = places_next(&l->places, person_id, NULL);
    for (; row; row = places_next(&l->places, person_id, row))
        if (acd_look_place_of(l->args.acd, row->contact_id, l->now_at, &place) && !place.is_promise)
            add(&f->drop, &f->drops_n, &place);
}

/* By the number that is to be called, wherever it was asked from. */
static void find_promises(const struct lines *l, uint64_t e164, struct found *f)
{
    struct acd_look_place place;
    const struct wish *wish = wishes_first(&l->wishes, e164);
    for (; wish; wish = wishes_next(&l->wishes, wish))
        if (acd_look_place_of(l->args.acd, wish->contact_id, l->now_at, &place) && place.is_promise)
            add(&f->promise, &f->promises_n, &place);
}

/* One drop alone, or what we promised unasked after one: theirs without a question. */
static bool is_plain(const struct found *f)
{
    return f->drops_n + f->promises_n == 1 && (f->drops_n || f->promise.is_by_house);
}

static enum again_word word_for(const struct acd_look_place *place)
{
    return place->is_ours ? AGAIN_OURS : AGAIN_BACK;
}

/* ---- the question ------------------------------------------------------------------------- */

/* That a call is promised is said only where one is. */
static bool ask_which(struct lines *l, struct line *line, bool is_promise)
{
    struct say_list list = {0};
    say_add(&list, is_promise ? PROMPT_CB_EXISTS : PROMPT_CB_AGAIN);
    return line_say(l, line, &list, THEN_SILENCE);
}

bool line_again_begins(struct lines *l, struct line *line, const struct ivr_ask *ask,
                       uint64_t *contact_id)
{
    struct acd_look_call call;
    struct found f = {.drops_n = 0};
    *contact_id = 0;
    if (!line->e164 || line->is_practice || l->is_draining || line_again_is_shared(line) ||
        !app_has_room(l->args.app) || !acd_look_call_of(l->args.acd, line->call_id, &call))
        return false;
    find_drops(l, call.person_id, &f);
    find_promises(l, line->e164, &f);
    const struct acd_look_place *place = f.promises_n ? &f.promise : &f.drop;
    if (!f.drops_n && !f.promises_n)
        return false;
    if (is_plain(&f)) {
        *contact_id = place->contact_id;
        line->again.word = word_for(place);
        return false;
    }
    line->again.contact_id = place->contact_id;
    line->again.queue_id = ask->queue_id;
    line->again.agent_id = ask->agent_id;
    line->state = CALLER_AGAIN;
    line_set_timer(l, line, MS_NEVER);
    if (ask_which(l, line, f.promises_n))
        return true;
    line->state = CALLER_MENU; /* who cannot be asked takes nothing back */
    return false;
}

static void enter(struct lines *l, struct line *line, bool takes)
{
    const struct ivr_ask ask = {
        .what = IVR_DO_QUEUE, .queue_id = line->again.queue_id, .agent_id = line->again.agent_id};
    uint64_t contact_id = takes ? line->again.contact_id : 0;
    struct acd_look_place place;
    bool is_there = acd_look_place_of(l->args.acd, contact_id, l->now_at, &place);
    line->again.contact_id = 0;
    line->again.word = is_there ? word_for(&place) : AGAIN_NONE; /* as it is now */
    line->state = CALLER_MENU;
    line_set_timer(l, line, MS_NEVER);
    line_menu_enter(l, line, &ask, contact_id);
}

void line_again_key(struct lines *l, struct line *line, char key)
{
    struct acd_look_place place;
    uint64_t contact_id = line->again.contact_id;
    bool is_promise =
        acd_look_place_of(l->args.acd, contact_id, l->now_at, &place) && place.is_promise;
    if (key == KEY_TAKE)
        enter(l, line, true);
    else if (key == KEY_NEW || key == KEY_PERSON)
        enter(l, line, false);
    else if (key == KEY_REPEAT && ask_which(l, line, is_promise))
        line_set_timer(l, line, MS_NEVER);
}

void line_again_played(struct lines *l, struct line *line)
{
    line_set_timer(l, line, l->now_at + ANSWER_MS);
}

/* No key: a wish of its own. While waiting: the disk does not say that it has it. */
void line_again_timer(struct lines *l, struct line *line)
{
    struct effect told;
    if (line->state == CALLER_AGAIN)
        enter(l, line, false);
    else if (line_again_tells(l, line, false, &told))
        line_caller_told(l, line, &told);
}

/* ---- entered ------------------------------------------------------------------------------ */

/* One more of this line; the writer has it before anything that follows. */
static void count_reference(struct lines *l, const struct line *line)
{
    struct acd_look_call call;
    if (!line->e164 || !line->again.is_recognised || line->is_practice ||
        !acd_look_call_of(l->args.acd, line->call_id, &call) || !app_has_room(l->args.app))
        return;
    const struct journal_row row = {.kind = JOURNAL_ROW_REFERENCE,
                                    .person_id = call.person_id,
                                    .reference = {.contact_id = call.contact_id, .at = l->now_at}};
    app_rows(l->args.app, &row, 1);
}

void line_again_entered(struct lines *l, struct line *line, uint64_t contact_id)
{
    if (!contact_id) {
        count_reference(l, line);
        return;
    }
    places_remove(&l->places, contact_id);
    line_back_forget(l, contact_id);
}

/* ---- what is said ------------------------------------------------------------------------- */

/* The file of the window; a window that no file names is not said. Who comes back must then still
 * be recognised: this call counts among the references of its line. */
static enum prompt_id kept_word(const struct lines *l, const struct line *line)
{
    static const struct {
        ms_t minutes;
        enum prompt_id word;
    } words[] = {{5, PROMPT_QUEUE_ENTER_KEPT_5},
                 {10, PROMPT_QUEUE_ENTER_KEPT_10},
                 {15, PROMPT_QUEUE_ENTER_KEPT_15},
                 {30, PROMPT_QUEUE_ENTER_KEPT_30}};
    ms_t window_ms = acd_look_regain_ms(l->args.acd, line->queue_id);
    bool will_be_shared = line->again.references_n + 1 >= LINE_SHARED_REFERENCES;
    if (!line->e164 || line_again_is_shared(line) || will_be_shared)
        return PROMPT_NONE;
    for (unsigned i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].minutes * MINUTE_MS == window_ms)
            return words[i].word;
    return PROMPT_NONE;
}

static enum prompt_id word_of(const struct lines *l, const struct line *line)
{
    if (line->again.word == AGAIN_NONE)
        return kept_word(l, line);
    return line->again.word == AGAIN_OURS ? PROMPT_WAIT_REGAINED_OURS : PROMPT_WAIT_REGAINED;
}

bool line_again_awaits(struct lines *l, struct line *line, const struct effect *told)
{
    struct line_again *a = &line->again;
    bool enters = told->call_tell.what == TOLD_ENTRY || told->call_tell.what == TOLD_DIRECT;
    bool has_more = a->expects && enters && word_of(l, line) != PROMPT_NONE;
    if (!has_more)
        a->word = AGAIN_NONE;
    if (!has_more || a->is_noted) {
        a->expects = false;
        return false;
    }
    a->is_due = true;
    a->what = told->call_tell.what;
    a->band = told->call_tell.band;
    a->before_n = told->call_tell.before_n;
    line_set_timer(l, line, l->now_at + NOTED_MS);
    return true;
}

bool line_again_tells(struct lines *l, struct line *line, bool is_noted, struct effect *told)
{
    struct line_again *a = &line->again;
    bool was_due = a->is_due;
    a->is_noted = is_noted && a->expects;
    if (!was_due)
        return false;
    a->is_due = a->expects = false;
    if (!is_noted)
        a->word = AGAIN_NONE;
    if (line->state != CALLER_WAITING)
        return false; /* somebody answers, or they arrange something else */
    line_set_timer(l, line, MS_NEVER);
    *told = (struct effect){.kind = EFFECT_CALL_TELL,
                            .call_tell = {.leg_node = l->args.node,
                                          .leg_id = line->leg_id,
                                          .call_id = line->call_id,
                                          .what = a->what,
                                          .before_n = a->before_n,
                                          .band = a->band}};
    return true;
}

/* In the place of « vous êtes dans la file »; before the rest where that is not said. */
void line_again_words(struct lines *l, struct line *line, struct say_list *list)
{
    struct say_list all = {0};
    enum prompt_id word = line->again.is_noted ? word_of(l, line) : PROMPT_NONE;
    bool is_back = line->again.word != AGAIN_NONE;
    bool is_entry = list->n && list->ids[0] == PROMPT_QUEUE_ENTER;
    line->again.is_noted = false;
    line->again.word = AGAIN_NONE;
    if (word == PROMPT_NONE || (!is_entry && !is_back))
        return;
    say_add(&all, word);
    for (unsigned i = is_entry ? 1 : 0; i < list->n; i++)
        say_add(&all, (enum prompt_id)list->ids[i]);
    *list = all;
}

/* ---- places kept -------------------------------------------------------------------------- */

/* The heart's word counts; what it has no place for any more makes room. */
static void make_room(struct lines *l)
{
    struct acd_look_place place;
    for (uint32_t i = 0; i < l->places.used; i++) {
        uint64_t contact_id = l->places.rows[i].contact_id;
        if (contact_id && !acd_look_place_of(l->args.acd, contact_id, l->now_at, &place))
            places_remove(&l->places, contact_id);
    }
}

void line_again_keep(struct lines *l, uint64_t contact_id)
{
    struct acd_look_place place;
    if (!acd_look_place_of(l->args.acd, contact_id, l->now_at, &place) || place.is_promise ||
        places_put(&l->places, contact_id, place.person_id))
        return;
    if (l->now_at < l->places_swept_at + SWEEP_MS)
        return; /* full of places that stand: this one is not remembered */
    l->places_swept_at = l->now_at;
    make_room(l);
    places_put(&l->places, contact_id, place.person_id);
}

void line_again_forget(struct lines *l, uint64_t contact_id)
{
    places_remove(&l->places, contact_id);
}

void lines_places(struct lines *l)
{
    struct acd_look_place place;
    for (uint32_t i = 0; i < acd_look_calls_n(l->args.acd); i++)
        if (acd_look_place(l->args.acd, i, l->now_at, &place))
            line_again_keep(l, place.contact_id);
}
