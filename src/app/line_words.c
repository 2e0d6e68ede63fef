/* line_words.c — what a caller is told, as prompts: nothing that can be false for this caller, and
 * nothing when there is nothing (voice-script, rules 4 and 5; §3, §4).
 * Called by line_caller.c. Cost: a few prompts. */
#include "acd/ask.h"
#include "app/line_deeds.h"
#include "directory/hours.h"
#include "say/closed.h"

/* The third thing said in the rotation is about data (§3). */
#define DATA_HINT_EVERY 3

static void add(struct say_list *list, enum prompt_id prompt)
{
    if (prompt != PROMPT_NONE)
        say_add(list, prompt);
}

static void add_place(const struct effect *e, struct say_list *list)
{
    if (e->call_tell.before_n <= SAY_BEFORE_MAX)
        add(list, say_before(e->call_tell.before_n));
    add(list, say_band(e->call_tell.band));
}

/* Nobody who could answer is signed in: that is the truth, and staying is allowed. */
static bool nobody(const struct lines *l, const struct line *line, struct say_list *list)
{
    if (acd_eligible_n(l->args.acd, line->call_id))
        return false;
    add(list, PROMPT_NOBODY_UNKNOWN);
    return true;
}

static void told_entry(const struct lines *l, struct line *line, const struct effect *e,
                       struct say_list *list)
{
    if (nobody(l, line, list)) {
        add(list, PROMPT_CLOSED_WAYS);
        return;
    }
    add(list, PROMPT_QUEUE_ENTER);
    add_place(e, list);
    if (!line->knows_keys)
        add(list, PROMPT_WAIT_KEYS_FIRST);
    line->knows_keys = true;
}

static void told_rhythm(const struct lines *l, struct line *line, const struct effect *e,
                        struct say_list *list)
{
    if (!nobody(l, line, list))
        add_place(e, list);
    if (!list->n)
        add(list, PROMPT_WAIT_STILL);
    if (++line->rounds_n % DATA_HINT_EVERY == 0)
        add(list, PROMPT_NOTICE_DATA_HINT);
}

void words_told(struct lines *l, struct line *line, const struct effect *e, struct say_list *list)
{
    switch (e->call_tell.what) {
    case TOLD_DIRECT:
        add(list, PROMPT_QUEUE_DIRECT);
        return;
    case TOLD_ENTRY:
        told_entry(l, line, e, list);
        return;
    case TOLD_RHYTHM:
        told_rhythm(l, line, e, list);
        return;
    case TOLD_LONGER:
        add(list, PROMPT_WAIT_LONGER);
        add(list, say_band(e->call_tell.band));
        return;
    case TOLD_ASKED:
        if (!nobody(l, line, list))
            add_place(e, list);
        if (!list->n)
            add(list, PROMPT_WAIT_STILL);
        return;
    case TOLD_CLOSING_KEPT:
        add(list, PROMPT_WAIT_CLOSING_KEPT);
        return;
    case TOLD_CLOSING_CANNOT:
        line->promise.is_closing = line_promise_may(l, line);
        if (line->promise.is_closing) {
            add(list, PROMPT_WAIT_CLOSING_CALLBACK);
            return;
        }
        add(list, PROMPT_WAIT_CLOSING_CANNOT);
        add(list, PROMPT_CLOSED_WAYS);
        return;
    case TOLD_AGENT_LOST:
        add(list, PROMPT_WAIT_AGENT_LOST);
        return;
    }
}

/* ---- refusals ----------------------------------------------------------------------------- */

static uint64_t weeks_of(const struct line *line)
{
    const struct directory *d = line->directory;
    uint32_t service = line->queue_id ? directory_service_find(d, line->queue_id) : DIRECTORY_NONE;
    if (line->entry && line->entry->week != DIRECTORY_NONE)
        return UINT64_C(1) << line->entry->week;
    return service == DIRECTORY_NONE ? d->number_weeks : d->services[service].weeks;
}

/* When hours begin next, by their clock. */
struct opening {
    struct directory_clock clock;
    ms_t opens_at;
};

static struct opening opening_of(const struct lines *l, const struct line *line, uint64_t weeks)
{
    return (struct opening){directory_clock_of(line->directory, weeks),
                            directory_opens_at(line->directory, weeks, l->wall_at)};
}

static void add_opening(const struct lines *l, const struct line *line, const struct opening *o,
                        struct say_list *list)
{
    struct calendar_local now = calendar_local(o->clock.zone, l->wall_at);
    if (o->opens_at == MS_NEVER || o->opens_at <= l->wall_at)
        return;
    struct calendar_local opening = calendar_local(o->clock.zone, o->opens_at);
    const struct say_opening words = {now.day, opening.day, opening.minute};
    say_closed(list, &words, line->lang);
}

void words_opening(struct lines *l, const struct line *line, uint64_t weeks, struct say_list *list)
{
    struct opening o = opening_of(l, line, weeks);
    add_opening(l, line, &o, list);
}

static void say_closed_until(struct lines *l, const struct line *line, struct say_list *list)
{
    struct opening o = opening_of(l, line, weeks_of(line));
    struct calendar_local now = calendar_local(o.clock.zone, l->wall_at);
    bool is_holiday = calendar_is_holiday(o.clock.holidays, now.day);
    if (is_holiday)
        add(list, PROMPT_CLOSED_HOLIDAY);
    if (o.opens_at == MS_NEVER) {
        add(list, PROMPT_CLOSED_EXCEPTIONAL);
        return;
    }
    struct say_list hours = {0};
    add_opening(l, line, &o, &hours);
    if (is_holiday && list->n + hours.n > IVR_PROMPTS_MAX)
        list->n--; /* the opening matters more than the reason */
    for (unsigned i = 0; i < hours.n && list->n < IVR_PROMPTS_MAX; i++)
        say_add(list, hours.ids[i]);
}

void words_refused(struct lines *l, const struct line *line, enum refusal why,
                   struct say_list *list)
{
    switch (why) {
    case REFUSAL_CLOSED_PUBLISHED:
        say_closed_until(l, line, list);
        return;
    case REFUSAL_CLOSED_BY_PERSON:
        add(list, PROMPT_CLOSED_EXCEPTIONAL);
        return;
    case REFUSAL_OVERLOAD:
    case REFUSAL_FULL:
        add(list, PROMPT_OVERLOAD);
        return;
    case REFUSAL_UNKNOWN_QUEUE:
        add(list, PROMPT_ERR_SYSTEM);
        return;
    }
}
