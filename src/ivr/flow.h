/* flow.h — the menu of a call: a flow is data, its interpreter is pure (voice-script §1, §2, §4).
 * app/ hands in what happened (a key, a prompt's end, a timer, the queue's answer) and carries out
 * what is asked for. No key is ever needed to reach a person; no call is hung up on by a menu. */
#ifndef IVR_FLOW_H
#define IVR_FLOW_H

#include "base/types.h"

#define IVR_STEPS_MAX 64
#define IVR_NO_STEP 0xff
#define IVR_PROMPTS_MAX 8 /* in one step */
#define IVR_CHOICES_MAX 4 /* voice-script §2 */
#define IVR_LEVELS_MAX 2
#define IVR_ASK_MAX (2 * IVR_PROMPTS_MAX)

/* Time for a key: first, and after the repetition (voice-script §2). */
#define IVR_KEY_MS ((ms_t)7000)
#define IVR_KEY_AGAIN_MS ((ms_t)10000)
/* After a closed message the line stays open so long for a key (voice-script §4). */
#define IVR_OPEN_MS ((ms_t)3000)

/* A prompt by its number in the table of prompts; 0: none. */
typedef uint16_t ivr_prompt;

/* Sentences that the interpreter itself says. */
enum ivr_say {
    IVR_SAY_AGAIN,  /* menu.again */
    IVR_SAY_NO_KEY, /* menu.no_key */
    IVR_SAY_WRONG,  /* menu.wrong */
    IVR_SAY_PERSON, /* menu.person */
    IVR_SAY_DATA,   /* notice.data */
    IVR_SAYS
};

enum ivr_kind {
    IVR_PLAY,   /* prompts, then next */
    IVR_MENU,   /* prompts, then a key */
    IVR_QUEUE,  /* prompts, then ask for a person of this queue */
    IVR_INFORM, /* prompts that answer the call (mark `informs`), then next */
    IVR_CLOSED, /* prompts, then the line stays open a moment, then goodbye and the end */
};

struct ivr_choice {
    char key; /* '1' … '7', '9' */
    uint8_t step;
};

struct ivr_step {
    enum ivr_kind kind;
    uint8_t prompts_n, choices_n, next;
    bool is_mandatory; /* a key does not interrupt it (notice.record) */
    ivr_prompt prompts[IVR_PROMPTS_MAX];
    ivr_prompt slow; /* a menu's repetition, 15 % slower; 0: the same again */
    struct ivr_choice choices[IVR_CHOICES_MAX];
    uint32_t queue_id;
};

struct ivr_flow {
    struct ivr_step steps[IVR_STEPS_MAX];
    uint8_t steps_n;
    uint8_t general; /* the IVR_QUEUE step of "a person" */
    uint8_t closed;  /* the IVR_CLOSED step that a refusal leads to; its prompts come with it */
    uint8_t
        max_repeat; /* repetitions of a menu without a key: 1; 0 for sites with many such callers */
    ivr_prompt say[IVR_SAYS];
    bool has_english; /* key 8 */
};

/* Where a call is. Plain data. */
struct ivr_call {
    uint8_t step, before; /* before: the menu that star goes back to; IVR_NO_STEP none */
    uint8_t silent_n, wrong_n;
    uint8_t state;
    uint8_t lang; /* 0 French, 1 English */
};

enum ivr_event_kind {
    IVR_START,
    IVR_KEY,     /* key */
    IVR_PLAYED,  /* all that was asked for was heard to its end */
    IVR_TIMER,   /* the wait asked for is over */
    IVR_REFUSED, /* the queue did not take the call: prompts of the refusal follow in the event */
};

struct ivr_event {
    enum ivr_event_kind kind;
    char key;
    uint8_t prompts_n;
    ivr_prompt prompts[IVR_PROMPTS_MAX];
};

enum ivr_do {
    IVR_DO_NOTHING,
    IVR_DO_PLAY,  /* prompts; PLAYED at the end; keys interrupt unless is_mandatory */
    IVR_DO_WAIT,  /* silence for wait_ms, then TIMER */
    IVR_DO_QUEUE, /* ask for queue_id; the flow is over unless REFUSED comes */
    IVR_DO_END,   /* release the call */
};

/* What to do now. Always replaces what was being done. */
struct ivr_ask {
    enum ivr_do what;
    uint8_t prompts_n;
    bool is_mandatory;
    bool informs; /* these prompts, heard to their end, answer the call */
    ivr_prompt prompts[IVR_ASK_MAX];
    ms_t wait_ms;
    uint32_t queue_id;
};

/* One happening; what it asks for is in *ask. Bounded: each event asks for one thing. */
void ivr_step(const struct ivr_flow *flow, struct ivr_call *call, const struct ivr_event *event,
              struct ivr_ask *ask);

enum ivr_fault {
    IVR_FLOW_OK,
    IVR_FLOW_STEPS,   /* none, or too many */
    IVR_FLOW_TARGET,  /* a step that does not exist is named */
    IVR_FLOW_KEY,     /* a key that has another meaning, or stands twice */
    IVR_FLOW_CHOICES, /* none, or too many */
    IVR_FLOW_LEVELS,  /* more than IVR_LEVELS_MAX menus in a row */
    IVR_FLOW_LOOP,    /* steps that never come to a key, a queue or an end */
    IVR_FLOW_QUEUE,   /* general is no queue, or closed no closing */
    IVR_FLOW_PROMPT   /* a step without a prompt where something must be said */
};

/* Is it sound? *step: where not. */
enum ivr_fault ivr_check(const struct ivr_flow *flow, uint8_t *step);

#endif
