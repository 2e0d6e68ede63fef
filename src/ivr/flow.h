/* flow.h — the menu of a call: a flow is data, its interpreter is pure (voice-script §1–§5).
 * app/ hands in what happened (a key, a prompt's end, a timer, the queue's answer) and carries out
 * what is asked for. No key is ever needed to reach a person; no call is hung up on by a menu. */
#ifndef IVR_FLOW_H
#define IVR_FLOW_H

#include "ivr/way.h"

#define IVR_STEPS_MAX 64
#define IVR_NO_STEP 0xff
#define IVR_PROMPTS_MAX 8 /* in one step */
#define IVR_CHOICES_MAX 4 /* voice-script §2 */
#define IVR_LEVELS_MAX 2
#define IVR_CASES_MAX 8     /* of a branch */
#define IVR_LANGUAGES_MAX 4 /* keys of languages, beside English */
#define IVR_TYPED_MAX 16    /* digits of one entry */
#define IVR_TRIES_MAX 5
#define IVR_LABEL_BYTES 48 /* of a step in words, with its NUL */
#define IVR_ASK_MAX (2 * IVR_PROMPTS_MAX)

/* Time for a key: first, and after the repetition (voice-script §2). */
#define IVR_KEY_MS ((ms_t)7000)
#define IVR_KEY_AGAIN_MS ((ms_t)10000)
#define IVR_DIGIT_MS ((ms_t)12000) /* between two digits of an entry (voice-script §5) */
#define IVR_ECHO_MS ((ms_t)30000)  /* an echo test ends by itself */
/* After a closed message the line stays open so long for a key (voice-script §4). */
#define IVR_OPEN_MS ((ms_t)3000)

typedef uint16_t ivr_prompt; /* its number in the table of prompts; 0: none */
typedef uint8_t ivr_lang;    /* its bit among the skills and one; 0: French, nothing was chosen */
#define IVR_FRENCH 0
#define IVR_ENGLISH 1

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
    IVR_PLAY,     /* prompts, then next */
    IVR_MENU,     /* prompts, then a key */
    IVR_QUEUE,    /* prompts, then ask for a person of this queue */
    IVR_INFORM,   /* prompts that answer the call (mark `informs`), then next */
    IVR_CLOSED,   /* prompts, then the line stays open a moment, then goodbye and the end */
    IVR_SAY,      /* a value in words, then next */
    IVR_COLLECT,  /* prompts, then digits, then next; without them, other */
    IVR_BRANCH,   /* the first case that is true, else other */
    IVR_LANG,     /* this language from now on, then next */
    IVR_TRANSFER, /* prompts, then this agent of the queue of the step `other`, or anyone there */
    IVR_MESSAGE,  /* prompts until an instant; after it nothing; then next */
    IVR_ECHO,     /* prompts, then what the caller says is sent back; then how it went; then next */
    IVR_KINDS
};

struct ivr_choice {
    char key; /* '1' … '7', '9' */
    uint8_t step;
};

/* What a say step says; app/ has the words. */
enum ivr_value_kind {
    IVR_VALUE_NUMBER,  /* number: a telephone number, by pairs */
    IVR_VALUE_TYPED,   /* the digits that were typed last, by pairs */
    IVR_VALUE_HOUR,    /* minute of the day */
    IVR_VALUE_DAY,     /* number: of the week, 0 Monday */
    IVR_VALUE_DATE,    /* day */
    IVR_VALUE_WAIT,    /* number: of a queue: the band that somebody who came now would be told */
    IVR_VALUE_OPENING, /* number: of hours: when they open; nothing while they are open */
    IVR_VALUE_ECHO,    /* how the echo test went; never in a say step */
    IVR_VALUES
};

struct ivr_value {
    enum ivr_value_kind kind;
    uint16_t minute;
    int32_t day; /* since 1970-01-01 */
    uint64_t number;
};

enum ivr_when {
    IVR_WHEN_OPEN,   /* value: these hours, as bits; any of them is open now */
    IVR_WHEN_LANG,   /* value: the language that was chosen */
    IVR_WHEN_CALLED, /* value: the number that was dialled (E.164) */
    IVR_WHEN_KNOWN,  /* value 1: this caller's number has called before; 0: it has not */
};

struct ivr_case {
    enum ivr_when when;
    uint8_t step;
    uint64_t value;
};

struct ivr_step {
    enum ivr_kind kind;
    uint32_t number;             /* of its id (directory.h) */
    char label[IVR_LABEL_BYTES]; /* what who chose it wants, for the agent; empty: not said */
    uint8_t prompts_n, choices_n, cases_n, next;
    uint8_t other;           /* IVR_NO_STEP: a person of the general queue */
    uint8_t min, max, tries; /* digits of an entry; how often it may be wrong */
    ivr_lang lang;
    bool is_mandatory; /* a key does not interrupt it (notice.record) */
    bool is_reference; /* the digits end with their check digit (ISO 7064 MOD 11,10) */
    ivr_prompt prompts[IVR_PROMPTS_MAX];
    ivr_prompt slow;  /* a menu's repetition, 15 % slower; 0: the same again */
    ivr_prompt wrong; /* after an entry that cannot be right; 0: the prompts alone, again */
    struct ivr_choice choices[IVR_CHOICES_MAX];
    struct ivr_case cases[IVR_CASES_MAX];
    struct ivr_value value;
    uint32_t queue_id, agent_id;
    ms_t until_at; /* of a message */
};

struct ivr_flow {
    uint32_t number; /* of its id; 0: it has none */
    struct ivr_step steps[IVR_STEPS_MAX];
    uint8_t steps_n;
    uint8_t general;    /* the IVR_QUEUE step of "a person" */
    uint8_t closed;     /* the IVR_CLOSED step that a refusal leads to; its prompts come with it */
    uint8_t max_repeat; /* of a menu without a key: 1; 0 for sites with many such callers */
    ivr_prompt say[IVR_SAYS];
    ivr_prompt greeting; /* after which the price of the call is said; 0: it never is */
    bool has_english;    /* key 8 */
    bool says_normal_price;
    struct {
        char key; /* in every menu, as 8 */
        ivr_lang lang;
    } languages[IVR_LANGUAGES_MAX];
    uint8_t languages_n;
    uint64_t weeks; /* hours that a branch asks about, as bits */
};

/* Where a call is. Plain data; what was typed is a person's, and goes with the line. */
struct ivr_call {
    uint8_t step, before; /* before: the menu that star goes back to; IVR_NO_STEP none */
    uint8_t silent_n, wrong_n;
    uint8_t state;
    ivr_lang lang;
    uint8_t typed_n;
    bool has_star, is_price_said; /* has_star: the last key of an entry was one */
    char typed[IVR_TYPED_MAX];
    struct ivr_way way;
};

/* What is true outside at this instant. */
struct ivr_facts {
    ms_t wall_at;
    uint64_t open_weeks; /* of flow->weeks, those that are open */
    uint64_t called;     /* E.164; 0: not known */
    ivr_prompt price;    /* what the call costs; 0: not to be said */
    bool is_known;
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
    struct ivr_facts facts;
};

enum ivr_do {
    IVR_DO_NOTHING,
    IVR_DO_PLAY,  /* prompts; PLAYED at the end; keys interrupt unless is_mandatory */
    IVR_DO_SAY,   /* the words of value; the same */
    IVR_DO_WAIT,  /* silence for wait_ms, then TIMER */
    IVR_DO_QUEUE, /* ask for queue_id, agent_id first; the flow is over unless REFUSED comes */
    IVR_DO_ECHO,  /* send back what is said for wait_ms, then TIMER; a key ends it */
    IVR_DO_END,   /* release the call */
};

/* What to do now. Always replaces what was being done. */
struct ivr_ask {
    enum ivr_do what;
    uint8_t prompts_n;
    bool is_mandatory;
    bool informs; /* these prompts, heard to their end, answer the call */
    ivr_prompt prompts[IVR_ASK_MAX];
    struct ivr_value value;
    ms_t wait_ms;
    uint32_t queue_id, agent_id; /* agent_id 0: anyone */
};

/* One happening; each asks for one thing: *ask. */
void ivr_step(const struct ivr_flow *flow, struct ivr_call *call, const struct ivr_event *event,
              struct ivr_ask *ask);

#endif
