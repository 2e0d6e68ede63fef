/* line.h — one line and what its files share. Included by src/app/line*.c only.
 * A line is found by its leg, and an agent's also by its offer. */
#ifndef APP_LINE_H
#define APP_LINE_H

#include "app/line_again.h"
#include "app/line_back.h"
#include "app/line_listen.h"
#include "app/line_missed.h"
#include "app/line_promise.h"
#include "app/line_record.h"
#include "app/line_slots.h"
#include "app/line_state.h"
#include "app/lines.h"
#include "app/places.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/prng.h"

#define LINE_NUMBER_BYTES 24
#define LINE_TYPED_MAX 16

struct line {
    uint64_t leg_id, call_id, offer_id, peer_id;
    uint64_t third_id; /* OFFER: whom its agent called in addition; CALLER: to whom it goes */
    const struct directory *directory;    /* a caller's: the one in force when the call came */
    const struct ivr_flow *flow;          /* of the same reading of the files */
    const struct directory_number *entry; /* the number that was dialled; NULL: a flow by name */
    struct ivr_call ivr;
    ms_t queued_at;
    uint64_t e164; /* of the caller; 0: withheld */
    uint32_t list; /* number of the list whose end is awaited; 0: none */
    uint32_t queue_id, agent_id, next_free;
    enum line_kind kind;
    enum line_state state;
    enum prompt_lang lang;
    enum ended_by ended_by; /* when we let it go */
    enum line_talk talk;    /* OFFER */
    enum line_word word;    /* CALLER */
    char code, third_wish;  /* OFFER: "*", or the key behind it whose number is awaited; what the
                               third one is for */
    bool holds, is_held;    /* OFFER: its telephone does; CALLER: hears music meanwhile */
    bool has_passed;        /* OFFER: its caller goes to somebody else */
    bool is_referred;       /* OFFER, OUT: its telephone waits to hear what came of a transfer */
    bool is_far;            /* OUT: whom the person called */
    bool is_interpreter;    /* THIRD */
    uint16_t wish;          /* KEYS: of the code (why: its digit; NUL: asked); OUT: a prompt */
    struct {
        uint64_t heard_n, first_heard_n; /* packets in all, and at the beginning of the test */
        uint32_t lost_n, first_lost_n, jitter_ms;
        bool has_begun;
    } echo;
    uint8_t typed_n, tries_n, rounds_n, stills_n; /* stills: minutes of one hold, up to a few */
    bool is_notice_said;                          /* the message of the day */
    bool informs, has_no_music, knows_keys, knows_reference, is_reference_due;
    bool is_ordinary;       /* of an agent: no line of ours, a number outside */
    bool is_test, is_early; /* CALLER: of the house's own robot: never in a queue; not answered */
    bool is_return;         /* OUT, THIRD: its agent was at work, and is again after this call */
    bool is_practice;       /* CALLER: the robot of agent_id; OFFER: speaks with it */
    struct line_promise promise; /* CALLER */
    struct line_again again;     /* CALLER */
    struct line_back back;       /* OFFER, CALLER */
    struct line_recording record;
    struct line_listening listen;
    bool is_refused, is_ready_wanted, is_practice_wanted, is_known; /* known: has called before */
    enum pause
        kept_pause; /* THIRD, OFFER, practice: of its agent before and after; none: was at work */
    char number[LINE_NUMBER_BYTES], typed[LINE_TYPED_MAX], why;
};

struct lock {
    uint32_t agent_id, wrong_n;
    ms_t until_at;
};
#define LOCKS_MAX 64

/* Commands that wait for the end of a turn: a line's own, and its offer's. */
#define LATER_PER_LINE 4u

struct lines {
    struct rows_due kept; /* rows of the calls in course */
    struct wishes wishes; /* of those whom we promised to call */
    struct slots slots;   /* half hours that were sold */
    struct places places; /* of those who were dropped */
    ms_t places_swept_at;
    struct lines_args args;
    struct phone_port phone;
    struct line *lines; /* borrowed from the arena */
    struct map legs, offers;
    struct heap timers;
    struct lock locks[LOCKS_MAX];
    struct missed missed[LINES_MISSED_MAX];
    ms_t missed_at;        /* of the first call to make; MS_NEVER */
    struct command *later; /* a ring, borrowed from the arena */
    uint32_t used, free, n, locks_next, later_first, later_n, practised_n;
    /* Short codes; agents who wait for the key; robots; people called in addition, or
     * who listen; calls to outside; those who wait to hear that nobody will call them again. */
    uint32_t keys_n, wrap_ups_n, practices_n, thirds_n, outs_n, unwanted_n;
    struct prng chance;
    ms_t now_at, wall_at;
    bool is_draining, is_in_effect;
    struct lines_totals totals;
};

/* lines.c */
struct line *line_new(struct lines *l, uint64_t leg_id, enum line_kind kind);
void line_drop(struct lines *l, struct line *line);
/* line_kept.c: it may have changed. Whoever finds a line to change it has touched it. */
void line_touch(struct lines *l, uint32_t slot);
struct line *line_by_leg(struct lines *l, uint64_t leg_id);
struct line *line_by_offer(struct lines *l, uint64_t offer_id);
void line_set_offer(struct lines *l, struct line *line, uint64_t offer_id);
void line_set_timer(struct lines *l, struct line *line, ms_t at);
enum acd_verdict line_command(struct lines *l, const struct command *cmd);
/* The same at the end of the turn: from inside an effect. */
void line_command_later(struct lines *l, const struct command *cmd);
/* Ends the leg and forgets the line. */
void line_hang_up(struct lines *l, struct line *line);
/* The caller of this leg, while the leg lives. */
struct line *line_caller_of(struct lines *l, uint64_t leg_id);

/* What follows the prompts of line_say(). */
enum line_then {
    THEN_SILENCE,
    THEN_MUSIC,
    THEN_BRIDGE,
    THEN_ECHO,
    THEN_RING,
    THEN_LISTEN, /* silence; PHONE_VOICE, should they speak, during the words too */
};
/* Says them; PHONE_PLAYED comes when they were heard to the end. False: nothing to be said, or the
 * leg is gone. */
bool line_say(struct lines *l, struct line *line, const struct say_list *list, enum line_then then);
/* The same, not to be cut short by a key. */
bool line_say_whole(struct lines *l, struct line *line, const struct say_list *list);
/* Says them, then the sound of that leg, which must be told the same of this one. */
bool line_hear(struct lines *l, struct line *line, const struct say_list *list, uint64_t leg_id);

/* An impossible state of one line: it alone ends, with a sentence for its caller. */
#define LINE_CHECK(l, line, condition) ((condition) ? true : (line_break(l, line), false))
void line_break(struct lines *l, struct line *line);

#endif
