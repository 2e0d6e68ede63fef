/* demo_story.h — the hour of the cast, told: an event as a line of plain French, who it is about,
 * and what it shows. Only the demonstration names its people; the journal knows none of them.
 * Called by cli/demo_monday.c. Cost: a step of the heart an event, for who waits. */
#ifndef CLI_DEMO_STORY_H
#define CLI_DEMO_STORY_H

#include "acd/acd.h"
#include "sim/cast_judge.h"

#define STORY_TEXT_MAX 512

struct story {
    struct cast_judge judge;
    const struct cast *cast; /* borrowed */
    struct acd *acd;         /* owned memory: the same events, folded once more */
    void *memory;
    uint64_t calls_n; /* of everybody, robots left out */
    ms_t from_at, until_at, offset_ms, told_at;
    unsigned notes_told_n;
};

/* One line. event_id 0: stands in no event (what was keyed, how many wait). */
struct story_line {
    ms_t at;
    uint64_t event_id;
    const char *who, *kind; /* kind: for programs */
    char text[STORY_TEXT_MAX];
};
/* False: nobody listens any more. */
typedef bool story_line_fn(const struct story_line *line, void *arg);

/* 0 or ENOMEM. story is zeroed, but for cast, from_at, until_at, offset_ms. */
MUST_CHECK int story_open(struct story *s);
void story_drop(struct story *s);

/* One event, in order: none, one or more lines. False: tell said so. */
bool story_event(struct story *s, const struct event *ev, story_line_fn *tell, void *arg);

/* "Odette Marchal" */
const char *story_name(enum cast_who who);
/* "09:01:26", on the wall of the house. */
const char *story_clock(char to[16], const struct story *s, ms_t at);

#endif
