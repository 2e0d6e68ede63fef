/* orders.h — what a page may ask the service to do: a command goes to the main thread, what became
 * of it comes back. Asked by app/pages.c on the reader thread; cli/orders.c carries it. */
#ifndef PORT_ORDERS_H
#define PORT_ORDERS_H

#include "event/command.h"

/* Orders of which the answer is still awaited; past it the page says to come again. */
#define ORDERS_MAX 64
/* An order that the main thread has not taken, or whose event is not on disk, by then is told as it
 * stands. */
#define ORDERS_WAIT_MS ((ms_t)2000)

enum order_state {
    ORDER_UNKNOWN, /* no such order */
    ORDER_GIVEN,   /* on its way */
    ORDER_DONE,    /* decided: verdict, and the last event after it */
};

/* What a page that is a telephone offers, and what it is answered (ADR 39). */
#define ORDERS_OFFER_MAX 8192
#define ORDERS_ANSWER_MAX 2048

struct order_told {
    int verdict; /* enum acd_verdict; of a headset enum order_headset_verdict; of what is done with
                    a conversation enum order_talked */
    int gate;    /* enum gate_verdict, where the gate refused a number; else 0 */
    uint64_t last_id;
    ms_t given_ms;    /* since boot */
    uint64_t page_id; /* of a headset */
    const char *why;  /* static: why its offer was refused, French; NULL: it was not */
    uint16_t sdp_n;
    char sdp[ORDERS_ANSWER_MAX];
};

/* What the page of an agent asks of its headset. */
struct order_headset {
    enum order_deed {
        ORDER_HEADSET_NONE,
        ORDER_HEADSET_JOIN, /* page_id 0: a page that takes over; else the same one again */
        ORDER_HEADSET_LEAVE,
        ORDER_HEADSET_ANSWER,
        ORDER_HEADSET_HANG_UP,
        ORDER_HEADSET_HOLD,
        ORDER_HEADSET_RESUME,
        ORDER_HEADSET_ECHO,
        ORDER_HEADSET_SILENCE
    } deed;
    uint32_t agent_id;
    uint64_t page_id; /* random */
    uint16_t sdp_n;
    char sdp[ORDERS_OFFER_MAX];
};
enum order_headset_verdict {
    ORDER_HEADSET_DONE,
    ORDER_HEADSET_UNKNOWN, /* no such page of this agent, or no more */
    ORDER_HEADSET_NOT_NOW,
    ORDER_HEADSET_REFUSED, /* the offer: why */
    ORDER_HEADSET_FULL,
    ORDER_HEADSET_NOWHERE, /* the service has no port for browsers */
};

/* What is about a number, which no command names. */
struct order_number {
    enum order_about {
        ORDER_COMMAND,      /* about no number */
        ORDER_RENUMBER,     /* contact_id is to be called at e164 */
        ORDER_NEVER_ADD,    /* e164 is never to be called again */
        ORDER_NEVER_REMOVE, /* … may be called again */
        ORDER_SLOT_CANCEL,  /* the time that was sold under contact_id is given back, by whom */
        ORDER_CALL_BACK     /* person_id, never reached today, is called at e164, by queue_id */
    } about;
    uint64_t contact_id, e164;
    uint64_t person_id;
    uint32_t queue_id, reference; /* that they were told, without its check digit */
    enum cancelled_by by;
};

/* A half hour that an agent and the person agree on (ADR 52). What the page knows of the contact,
 * which may be over. */
struct order_slot {
    ms_t from_at;  /* on the wall */
    uint64_t e164; /* to be called; 0: not known */
    uint64_t person_id, needs;
    uint32_t reference, entry_id; /* reference: without its check digit */
    bool is_discreet;
};

/* What an agent does from their page with the one they speak with (ADR 43). */
#define ORDERS_DIALLED_MAX 16
struct order_talk {
    enum order_talk_deed {
        ORDER_TALK_NONE,
        ORDER_TALK_CONSULT,  /* somebody is called in addition, and spoken with alone */
        ORDER_TALK_PASS,     /* the person goes to whom; nobody: to who was called in addition */
        ORDER_TALK_THREE,    /* all three speak; whom as above */
        ORDER_TALK_RESUME,   /* who was called in addition goes, the two speak again */
        ORDER_TALK_BACK,     /* the person goes back to the queue, at their place */
        ORDER_TALK_PRACTICE, /* no contact: a robot of the house calls this agent */
        ORDER_TALK_SMS,    /* to who is on the line: the line of a sheet, or the request's number */
        ORDER_TALK_SLOT,   /* in the wrap-up, too: the person is called at slot.from_at */
        ORDER_TALK_UNSLOT, /* … or not after all */
        /* Of a supervisor, agent_id, about the conversation of whom_id (ADR 50); to begin with, or
         * from now on. */
        ORDER_TALK_LISTEN,  /* hears both, is heard by nobody */
        ORDER_TALK_WHISPER, /* … by the agent alone */
        ORDER_TALK_JOIN,    /* … by both */
        ORDER_TALK_UNLISTEN /* leaves */
    } deed;
    enum order_talk_whom {
        ORDER_WHOM_NOBODY,
        ORDER_WHOM_AGENT,      /* whom_id */
        ORDER_WHOM_SERVICE,    /* whom_id; to pass on only */
        ORDER_WHOM_NUMBER,     /* dialled: a number, or the line of a colleague */
        ORDER_WHOM_INTERPRETER /* of the person's language */
    } whom;
    uint32_t agent_id, whom_id;
    uint32_t sheet;      /* the number of its id; 0: the number of the request is sent */
    uint64_t contact_id; /* the one whom the page showed: of no other is anything done */
    uint8_t dialled_n;
    char dialled[ORDERS_DIALLED_MAX];
    struct order_slot slot;
};
enum order_talked {
    ORDER_TALKED,
    ORDER_TALKED_ALONE,     /* the agent does not speak with that one, or no more */
    ORDER_TALKED_NOT_NOW,   /* not in this state of the conversation */
    ORDER_TALKED_HELD,      /* the person is on hold: to be taken back first */
    ORDER_TALKED_PROMISE,   /* whom we called stays with who called */
    ORDER_TALKED_UNKNOWN,   /* there is no such colleague, service or interpreter */
    ORDER_TALKED_SELF,      /* that is the agent */
    ORDER_TALKED_BUSY,      /* that colleague cannot be spoken to now */
    ORDER_TALKED_CLOSED,    /* that service takes nobody now, or has the person already */
    ORDER_TALKED_GATE,      /* the number, by the rules of the house: told.gate */
    ORDER_TALKED_FAILED,    /* no line could be had */
    ORDER_TALKED_WANTED,    /* nobody practises who is busy, or whom somebody waits for */
    ORDER_TALKED_HIDDEN,    /* the number of the person is not known here */
    ORDER_TALKED_SMS_OFF,   /* no gateway of text messages is set */
    ORDER_TALKED_SMS_STOP,  /* the person wants none */
    ORDER_TALKED_SMS_UNFIT, /* it is more than one message, or there is no such line any more */
    ORDER_TALKED_SMS_LATE,  /* the disk takes nothing: nothing was sent */
    ORDER_TALKED_NOT_YOURS, /* who asks is no supervisor with a telephone of ours */
    ORDER_TALKED_UNTOLD,    /* the service does not allow it, the person was not told or refused,
                               or somebody listens already */
    ORDER_TALKED_GONE,      /* that half hour is not free, or no more */
    ORDER_TALKED_THERE,     /* another half hour stands for this request already */
    ORDER_TALKED_YOUNG,     /* the conversation has just begun, or somebody else has the person */
    ORDER_TALKED_UNNOTED,   /* the disk takes nothing: nothing was promised */
    ORDER_TALKED_AWAY,      /* who asks is not at work, or on the telephone */
    ORDER_TALKED_N
};

struct orders_port {
    void *arg;
    /* Its id, or 0: too many are on their way. */
    uint64_t (*give)(void *arg, const struct command *cmd, ms_t now_ms);
    uint64_t (*give_number)(void *arg, const struct order_number *number, ms_t now_ms);
    enum order_state (*look)(void *arg, uint64_t order_id, struct order_told *told);
    /* The page has answered; the id is no more. */
    void (*forget)(void *arg, uint64_t order_id);
    uint64_t (*give_headset)(void *arg, const struct order_headset *headset, ms_t now_ms);
    uint64_t (*give_talk)(void *arg, const struct order_talk *talk, ms_t now_ms);
};

#endif
