/* line.h — one line and what its files share. Included by src/app/line*.c only.
 * A line is found by its leg, and an agent's also by its offer. */
#ifndef APP_LINE_H
#define APP_LINE_H

#include "app/line_missed.h"
#include "app/lines.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/prng.h"

enum line_kind { LINE_NONE, LINE_CALLER, LINE_OFFER, LINE_KEYS, LINE_OUT };

enum line_state {
    /* a caller */
    CALLER_UNKNOWN,  /* who calls is being looked up */
    CALLER_ARRIVED,  /* in the journal, not yet answered */
    CALLER_ANSWERED, /* 200 sent */
    CALLER_MENU,
    CALLER_WAITING,
    CALLER_TALKING,
    CALLER_LEAVING, /* hears a last sentence */
    CALLER_GONE,    /* the leg is over; the heart has not heard so yet, or not which call it was */
    /* an agent's telephone that we ring */
    OFFER_CALLED,
    OFFER_WHISPER, /* an ordinary telephone: hears whom it is about, and must press 1 */
    OFFER_TALKING,
    OFFER_WRAP_UP, /* the caller has left; a key ends the wrap-up */
    /* an agent who dialled a short code */
    KEYS_UP, /* waits for the line */
    KEYS_CODE,
    KEYS_PAUSE,
    KEYS_CONFIRM, /* 1: leave although people wait */
    KEYS_MENU,    /* from an ordinary telephone, after the code: 1, 2, 5, 9 */
    KEYS_CALLED,  /* we ring: a call was not taken */
    KEYS_MISSED,  /* hears that; 1: ready again */
    KEYS_LAST,    /* hears the answer */
    /* a person who dials outside */
    OUT_DIALLING, /* the near leg waits */
    OUT_ANSWERED, /* the far one has answered, so have we; the near one is not up yet */
    OUT_FAR,      /* the leg to outside rings */
    OUT_TALKING,
    OUT_REFUSED, /* hears why not */
    LINE_STATES
};

#define LINE_NUMBER_BYTES 24
#define LINE_TYPED_MAX 16

struct line {
    uint64_t leg_id, call_id, offer_id, peer_id;
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
    uint16_t wish;          /* KEYS: of the code (why: its digit; NUL: asked); OUT: a prompt */
    struct {
        uint64_t heard_n, first_heard_n; /* packets in all, and at the beginning of the test */
        uint32_t lost_n, first_lost_n, jitter_ms;
        bool has_begun;
    } echo;
    uint8_t typed_n, tries_n, rounds_n;
    bool informs, has_no_music, knows_keys, knows_reference, is_reference_due;
    bool is_ordinary;       /* of an agent: no line of ours, a number outside */
    bool is_test, is_early; /* CALLER: of the house's own robot: never in a queue; not answered */
    bool is_return;         /* OUT: its agent was at work, and is again after this call */
    bool is_practice;       /* CALLER: the robot of agent_id; OFFER: speaks with it */
    bool is_refused, is_ready_wanted, is_practice_wanted, is_known; /* known: has called before */
    enum pause practice_pause; /* of its agent before and after; none: was at work */
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
    struct lines_args args;
    struct phone_port phone;
    struct line *lines; /* borrowed from the arena */
    struct map legs, offers;
    struct heap timers;
    struct lock locks[LOCKS_MAX];
    struct missed missed[LINES_MISSED_MAX];
    ms_t missed_at; /* of the first call to make; MS_NEVER */
    struct gate_day gate_day;
    struct command *later; /* a ring, borrowed from the arena */
    uint32_t used, free, n, locks_next, later_first, later_n, practised_n;
    uint32_t keys_n, wrap_ups_n, practices_n; /* short codes; agents who wait for the key; robots */
    struct prng chance;
    ms_t now_at, wall_at;
    bool is_draining, is_in_effect;
    struct lines_totals totals;
};

/* lines.c */
struct line *line_new(struct lines *l, uint64_t leg_id, enum line_kind kind);
void line_drop(struct lines *l, struct line *line);
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
enum line_then { THEN_SILENCE, THEN_MUSIC, THEN_BRIDGE, THEN_ECHO };
/* Says them; PHONE_PLAYED comes when they were heard to the end. False: nothing to be said, or the
 * leg is gone. */
bool line_say(struct lines *l, struct line *line, const struct say_list *list, enum line_then then);
/* The same, not to be cut short by a key. */
bool line_say_whole(struct lines *l, struct line *line, const struct say_list *list);

/* An impossible state of one line: it alone ends, with a sentence for its caller. */
#define LINE_CHECK(l, line, condition) ((condition) ? true : (line_break(l, line), false))
void line_break(struct lines *l, struct line *line);

/* line_caller.c */
/* Sets entry and flow of what was dialled; false: nobody is there. */
/* Digits of a number as trunks write it; 0: it is none. */
uint64_t line_e164(struct text user);
bool line_caller_finds(const struct lines *l, struct text called, struct line *line);
void line_caller_arrived(struct lines *l, const struct phone_report *r);
void line_caller_born(struct lines *l, struct line *line, uint64_t person_id,
                      const struct journal_row *row);
void line_caller_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_caller_effect(struct lines *l, struct line *line, const struct effect *e);
void line_caller_timer(struct lines *l, struct line *line);
void line_caller_let_go(struct lines *l, struct line *line, enum prompt_id last, enum ended_by by);
/* The leg is hung up, and the heart is told. */
void line_caller_leave(struct lines *l, struct line *line);

/* line_menu.c: CALLER_MENU, from the answer to the queue or the goodbye. */
void line_menu_begin(struct lines *l, struct line *line);
/* Nothing but a closed message would be heard, whatever is not pressed. */
bool line_menu_only_closes(const struct lines *l, const struct line *line);
void line_menu_key(struct lines *l, struct line *line, char key);
void line_menu_played(struct lines *l, struct line *line, bool is_by_key);
void line_menu_timer(struct lines *l, struct line *line);
/* While the caller's sound is sent back: how it comes. */
void line_menu_counts(struct line *line, const struct media_counts *counts);
void line_menu_refused(struct lines *l, struct line *line, enum refusal why);

/* line_words.c: what a caller is told, as prompts. */
void words_told(struct lines *l, struct line *line, const struct effect *e, struct say_list *list);
void words_refused(struct lines *l, const struct line *line, enum refusal why,
                   struct say_list *list);
/* When these hours open; nothing while they are open, or when that is not known. */
void words_opening(struct lines *l, const struct line *line, uint64_t weeks, struct say_list *list);

/* line_offer.c */
void line_offer_ring(struct lines *l, const struct effect *e);
void line_offer_effect(struct lines *l, const struct effect *e);
void line_offer_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_offer_timer(struct lines *l, struct line *line);
/* The wrap-up is over: their telephone must be free. */
void line_offer_end_wrap_up(struct lines *l, uint32_t agent_id);
/* The telephone of this agent is no longer registered. */
void line_offer_away(struct lines *l, uint32_t agent_id);

/* line_out.c */
/* A call by an operator, showing a number of ours: that one, or the first. Its leg, or 0. */
struct line_dialling {
    uint64_t near_id, e164, shown_e164;
    struct text name;
};
uint64_t line_dial(struct lines *l, const struct line_dialling *dialling);
void line_out_arrived(struct lines *l, const struct phone_report *r);
void line_out_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_out_timer(struct lines *l, struct line *line);

/* line_keys.c */
void line_keys_arrived(struct lines *l, const struct phone_report *r);
/* Is it the number at which agents with ordinary telephones sign in? */
bool line_keys_is_for(const struct lines *l, struct text called);
void line_keys_called(struct lines *l, const struct phone_report *r);
void line_keys_report(struct lines *l, struct line *line, const struct phone_report *r);
void line_keys_timer(struct lines *l, struct line *line);
/* An agent has another state. */
void line_keys_effect(struct lines *l, const struct effect *e);

#endif
