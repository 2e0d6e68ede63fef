/* lines.h — what happens on the lines: a caller is greeted, hears the menu, waits, speaks; an
 * agent's telephone rings, or signs its agent in by short codes.
 * Between app/ (commands and effects) and port/phone.h (legs and sounds). One thread; time is
 * passed in. Nothing of a person is kept here longer than the line: the number of a caller is shown
 * to the agent and forgotten.
 * Called by main.c and tests. Cost: O(1) a happening. */
#ifndef APP_LINES_H
#define APP_LINES_H

#include "app/app.h"
#include "app/never.h"
#include "app/slots.h"
#include "app/texts.h"
#include "base/rows.h"
#include "directory/directory.h"
#include "gate/gate.h"
#include "ivr/flow.h"
#include "port/orders.h"
#include "port/person.h"
#include "port/phone.h"
#include "port/record.h"
#include "port/talks.h"
#include "say/say.h"

#define LINES_CODE_MAX 8
/* Wrong codes in a row, then the line may not try again for a while (voice-script §9). */
#define LINES_CODE_TRIES 3
#define LINES_LOCKED_MS ((ms_t)5 * 60 * 1000)
/* Agents who are told of a call that they missed, the latest so many; after this they are called,
 * when nobody else is at work, and their telephone rings so long. */
#define LINES_MISSED_MAX 128
#define LINES_MISSED_CALL_MS ((ms_t)180000)
#define LINES_MISSED_RING_MS ((ms_t)20000)
/* Agents who practise at once: a room of them in training. */
#define LINES_PRACTICES_MAX 16
/* What a caller's number is known by at the latest after this, else by a new person. */
#define LINES_PERSON_MS ((ms_t)40)
/* At the end of the service, those who speak may finish so long. */
#define LINES_DRAIN_MS ((ms_t)30000)

struct lines;

/* The media engine's numbers of our prompts; MEDIA_PROMPT_NONE: there is no such file. */
struct lines_sounds {
    uint16_t ids[PROMPT_LANGS][PROMPT_N];
    ms_t notice_until_at; /* PROMPT_NOTICE_TODAY is said to who calls before; 0: there is none */
    uint16_t beep;        /* fifteen seconds that begin with a beep, for who wants no music */
};

struct lines_flow {
    const char *id;
    const struct ivr_flow *flow;
};

struct lines_code {
    uint32_t agent_i; /* in the directory */
    char code[LINES_CODE_MAX + 1];
};

struct lines_args {
    struct app *app; /* borrowed, all of them */
    const struct acd *acd;
    const struct directory *directory;
    const struct phone_port *phone;
    struct gate *gate; /* before everything that goes out */
    const struct lines_sounds *sounds;
    const struct lines_flow *flows;
    const struct lines_code *codes;
    const struct record_port *record;  /* NULL: nothing is ever recorded */
    const struct person_port *persons; /* NULL: every number is a new person */
    struct never *never;               /* NULL: nobody asked never to be called again */
    struct texts *texts;               /* NULL: no text message is written */
    struct talks_board *talks;         /* NULL: no page shows whom an agent called in addition */
    uint32_t flows_n, codes_n, lines_max;
    uint16_t node;
    struct settings_short_codes short_codes;
    ms_t language_ms;        /* so long only who speaks the caller's language is offered the call */
    ms_t offer_callback_ms;  /* who waits so long, or will, hears that we can call back */
    uint32_t slots_max;      /* half hours sold of each, by queue; 0: none */
    uint64_t automatic_e164; /* a machine opens the calls back, from this number; 0: a human does */
    uint64_t seed;           /* of references and persons: not to be guessed */
};

size_t lines_bytes(uint32_t lines_max);
/* Over zeroed memory of lines_bytes(), aligned to 64. */
struct lines *lines_open(void *memory, const struct lines_args *args);

/* A process has begun over a journal, and the directory has not been told yet: agents whom the end
 * of the last one surprised in practice are on pause. */
void lines_begin(struct lines *l);

/* The files were read again: calls that come from now on follow the directory, flows and codes of
 * these; those in course keep what they began with. */
void lines_follow(struct lines *l, const struct lines_args *args);
/* How many lines still need this directory and the flows read with it. Cost: O(lines). */
uint32_t lines_followers_n(const struct lines *l, const struct directory *directory);

/* Rows of the lines that were touched, one for each line that there may be; borrowed. */
#define LINES_ROW_BYTES 448
void lines_keep(struct lines *l, const struct rows *rows);
/* How many rows there must be now; they are written at the end of a turn. */
uint32_t lines_kept_n(const struct lines *l);
void lines_keep_turn(struct lines *l);
/* Another process is about to take the calls up: those that it cannot take up end now. */
void lines_leave(struct lines *l);

/* After app_read(), with the legs that were taken up: the line of a row, when the journal knows its
 * call and its leg is there. In this order: callers; the telephones of their agents; the others. */
enum lines_resumed { LINES_CALLERS, LINES_OFFERS, LINES_OTHERS };
bool lines_resume(struct lines *l, struct text row, enum lines_resumed which);
/* Is this leg somebody's? For phone_claim_fn. */
bool lines_have_leg(uint64_t leg_id, void *lines);
/* The calls of those callers, for app_keep(): from *i = 0 on; false: no further one. */
bool lines_next_call(const struct lines *l, uint32_t *i, uint64_t *call_id);
/* After app_begin(): each hears what it heard before, or the word that is due. */
void lines_go_on(struct lines *l);

/* Whom we promised to call, as the store kept it; before lines_go_on(). */
struct lines_wish {
    uint64_t contact_id, person_id, e164, shown_e164;
    bool is_gated;
};
void lines_wish(struct lines *l, const struct lines_wish *wish);
/* A half hour that was sold, as the store kept it; before lines_go_on(). */
void lines_slot(struct lines *l, const struct slot *slot);
/* It is given back before it has come, by whom. ACD_REFUSED_UNKNOWN: there is none, or it has come.
 */
enum acd_verdict lines_slot_cancel(struct lines *l, uint64_t contact_id, enum cancelled_by by);
/* Those promised whose number is not known, for the store to say: from *i = 0 on; false: no more.
 */
bool lines_next_unknown(const struct lines *l, uint32_t *i, struct lines_wish *wish);

/* After app_begin(): whose place is kept is found again when they call. Cost: a walk over the
 * contacts. */
void lines_places(struct lines *l);

/* For texts_cancel_fn; arg: struct lines. Takes back what was promised to this number. */
bool lines_cancel(uint64_t e164, void *arg);

/* Whom we promised to call is called at another number, as the gate allows: *why, when it does not.
 * ACD_NOTHING: it is that number. */
enum acd_verdict lines_renumber(struct lines *l, uint64_t contact_id, uint64_t e164,
                                enum gate_verdict *why);

/* Somebody who was never reached today is called by the house, discreetly, at the end of the queue,
 * with the reference that they were told; as the gate allows: *why, when it does not. Refused by
 * STATE when anything of theirs stands, or when the queue calls nobody back. */
struct lines_call_back {
    uint64_t person_id, e164;
    uint32_t queue_id, reference; /* without its check digit */
};
enum acd_verdict lines_call_back(struct lines *l, const struct lines_call_back *who,
                                 enum gate_verdict *why);

/* The agent who speaks with this caller calls for help, as by *9: the call is marked, and
 * supervisors are rung. STATE: nobody speaks with them. */
enum acd_verdict lines_alert(struct lines *l, uint64_t call_id);

/* What the agent does from the page with the one they speak with: what the keys *1 to *4 do. *why:
 * of ORDER_TALKED_GATE. */
enum order_talked lines_talk(struct lines *l, const struct order_talk *talk,
                             enum gate_verdict *why);

/* This number is never to be called again, and what was promised to it is cancelled; or it may be.
 * *why, when it is refused: the list is lost, or full. */
enum acd_verdict lines_never(struct lines *l, uint64_t e164, bool is_added, enum gate_verdict *why);

/* The instants of this turn: journal time, and the wall's for opening hours. */
void lines_time(struct lines *l, ms_t now_at, ms_t wall_at);

/* For struct edges_port and phone_report_fn; arg: struct lines. */
void lines_effect(void *arg, const struct effect *effect);
void lines_report(const struct phone_report *report, void *arg);
/* For phone_knows_fn: a number of the directory, a short code, in a demonstration a flow; and from
 * a telephone of ours any number, for emergency calls go out and others hear why not. */
bool lines_knows(struct text called, uint64_t aor, void *arg);
/* Takes the answers of person_port. */
void lines_persons(struct lines *l);

/* Recordings that the disk cut off: who speaks hears so. */
void lines_recordings(struct lines *l);

/* Fires what is due. */
void lines_run(struct lines *l);
ms_t lines_next_at(const struct lines *l);

/* The end of the service: no new call; who waits is told and let go, who speaks may finish. */
void lines_drain(struct lines *l);
/* The end of the process: each leg that is left hears a BYE, once; the heart is told nothing more,
 * for the next start gives their calls a class as it does after a crash. */
void lines_cut(struct lines *l);
/* How many lines there still are. */
uint32_t lines_n(const struct lines *l);

struct lines_totals {
    uint64_t calls_n, unknown_n, broken_n, codes_refused_n, emergency_n, outside_n;
};
struct lines_totals lines_totals(const struct lines *l);

#endif
