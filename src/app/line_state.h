/* line_state.h — what a line is, and how far its call has come. Included by line.h. */
#ifndef APP_LINE_STATE_H
#define APP_LINE_STATE_H

enum line_kind { LINE_NONE, LINE_CALLER, LINE_OFFER, LINE_KEYS, LINE_OUT, LINE_THIRD, LINE_LISTEN };

enum line_state {
    /* a caller */
    CALLER_UNKNOWN,  /* who calls is being looked up */
    CALLER_ARRIVED,  /* in the journal, not yet answered */
    CALLER_ANSWERED, /* 200 sent */
    CALLER_MENU,
    CALLER_NOTICE, /* hears that the call may be recorded; then the queue */
    CALLER_WAITING,
    CALLER_TALKING,
    CALLER_PASSED,  /* speaks with somebody whom no queue knows; its agent has left */
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
    /* somebody whom an agent calls in addition */
    THIRD_CALLED,
    THIRD_UP,    /* consulted, or one of three */
    THIRD_TAKES, /* the caller is about to be offered to them */
    THIRD_TALKS, /* alone with a caller who was passed on */
    /* a supervisor who listens to an agent's conversation */
    LISTEN_CALLED,
    LISTEN_UP,
    LISTEN_LAST, /* hears the last sentence */
    /* rows of other versions hold the numbers of those above: new ones come here */
    CALLER_PROMISE,  /* waits, and arranges to be called back (line_promise.c) */
    CALLER_CALLED,   /* whom we call back: it rings there (line_back.c) */
    CALLER_ASKED,    /* somebody has answered; the agent finds out who */
    OFFER_BRIEF,     /* hears whom it is about to call back */
    OFFER_DIALS,     /* it rings there */
    OFFER_ASKS,      /* somebody has answered: spoken, a machine, or nobody, by a key */
    CALLER_AGAIN,    /* calls again: takes the place back, by a key (line_again.c) */
    CALLER_OPENED,   /* whom we call back: hears cb.robot, and may speak (line_reached.c) */
    CALLER_UNWANTED, /* wants no call: hears so once it is on disk (line_unwanted.c) */
    LINE_STATES
};

/* What an agent does with a conversation. */
enum line_talk {
    TALK_PLAIN,
    TALK_CALLING, /* somebody in addition; the caller is on hold */
    TALK_CONSULT, /* speaks with them, the caller is on hold */
    TALK_THREE,
};

/* What a caller hears first when the music begins again. */
enum line_word { WORD_NONE, WORD_PASSED, WORD_FAILED, WORD_REGAINED, WORD_MOVED };

#endif
