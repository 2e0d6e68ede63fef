/* console.h — the agent's screen: what they do, whom they have, who waits for what they serve.
 * Called by app/pages_screens.c. Pure. */
#ifndef VIEW_CONSOLE_H
#define VIEW_CONSOLE_H

#include "port/talks.h"
#include "view/house.h"
#include "view/html.h"
#include "view/texts.h"

/* An answer that was typed and has not left: it was refused, or is looked at before. */
struct view_draft {
    uint32_t reference; /* of the written contact */
    struct text typed;
    bool is_preview;
};

/* One call that the person on the line had before. */
#define VIEW_PAST_MAX 5u
struct view_past {
    ms_t at;
    uint32_t queue_id, reference; /* reference: without its check digit */
    enum outcome outcome;
    enum conclusion conclusion;
};

/* What the keys chose before they came to somebody; steps and flow as numbers (directory/choice.h).
 */
#define VIEW_WAY_MAX 4u
struct view_way {
    bool is_known; /* false: no menu was heard, or it is not remembered */
    uint8_t steps_n;
    uint32_t flow, steps[VIEW_WAY_MAX];
    enum menu_left_how how;
};

/* Who is on the line, folded or open. */
struct view_card {
    uint64_t contact_id; /* 0: nobody */
    struct view_way way; /* no secret of the person's: shown while it is folded, too */
    bool is_open;
    uint32_t reference; /* by which it was opened; 0: by their name */
    const struct view_past *past;
    unsigned past_n;
};

/* What somebody noted of the one on the line. */
#define VIEW_NOTES_MAX 5u
struct view_note {
    uint64_t id;
    ms_t at;
    const char *by, *words; /* by: "": an account that is no more */
    bool is_mine;           /* of this account, in this conversation */
};

/* A half hour in which the person on the line, or of the wrap-up, may be called (ADR 52). */
#define VIEW_SLOT_DAYS 6u
#define VIEW_SLOTS_A_DAY 47u
struct view_slots {
    enum view_slots_state {
        VIEW_SLOTS_HIDDEN, /* nobody there, or an exercise */
        VIEW_SLOTS_OFF,    /* this service sells none */
        VIEW_SLOTS_FREE,   /* days; all may be sold */
        VIEW_SLOTS_AGREED  /* agreed_at */
    } state;
    uint64_t contact_id, e164; /* e164 0: not known */
    uint32_t reference;        /* with its check digit */
    ms_t agreed_at, picked_at; /* picked: asked for, and refused */
    bool is_after;             /* the call is over */
    bool is_discreet;          /* what was agreed on */
    bool is_texted;            /* a text message confirms it */
    enum zone zone;
    unsigned days_n; /* those that have one */
    struct view_slot_day {
        ms_t at[VIEW_SLOTS_A_DAY];
        unsigned n;
    } days[VIEW_SLOT_DAYS];
};

/* What the agent did today. */
struct view_workday {
    uint32_t calls_n, texts_n; /* conversations; answers in writing */
    ms_t talk_ms;
    uint32_t conclusions[CONCLUSION_N];
};

/* Somebody of their services who is to be called today. */
#define VIEW_DUE_MAX 20u
struct view_due {
    uint32_t queue_id, reference; /* with its check digit */
    ms_t at;                      /* not before; 0: as soon as it is its turn */
    uint8_t attempts_n, attempts_max;
    bool is_slot; /* a time that was chosen */
};

struct view_console {
    const struct directory_agent *agent; /* NULL: the account is nobody's post */
    uint32_t reference;                  /* of whom they have, with its check digit; 0: nobody */
    const char *refusal;                 /* why what was asked for did not happen; NULL: nothing */
    bool is_fragment, is_sent;           /* is_sent: a text message has just been given */
    bool is_noted;                       /* a note has just been stored */
    bool is_agreed, is_unslotted;        /* a half hour was; or is free again */
    struct view_card card;
    const struct view_note *notes; /* the newest first */
    unsigned notes_n;
    struct text note_draft; /* typed, and refused */
    struct view_workday day;
    const struct view_slots *slots; /* NULL: none */
    struct talk_third third;        /* whom they called in addition to the one on the line */
    const struct view_due *due;     /* in the order of their times */
    unsigned due_n, due_more_n;     /* shown; and others */
    const struct view_text *texts;  /* the written contacts that they have */
    unsigned texts_n;
    const struct view_draft *draft; /* NULL: none */
    /* Gives each message of a written contact to view_console_message(); NULL: none can be read. */
    void (*messages)(struct html *h, uint64_t contact_id, void *arg);
    void *arg;
};

void view_console(struct html *h, const struct view_house *house,
                  const struct view_console *console);

void view_console_message(struct html *h, const struct view_house *house,
                          const struct view_text_message *m);

/* What a button orders: the last word of its address, and what its fields name. */
enum view_deed {
    DEED_SIGN_IN,
    DEED_READY,
    DEED_PAUSE, /* "motif" */
    DEED_SIGN_OUT,
    DEED_MORE_TIME,
    DEED_CONCLUDE, /* "suite": the name of a conclusion */
    DEED_ALERT,
    /* "geste", "demande": the contact on the line, "qui", "numero" (app/pages_talk.c); one form a
     * state of the agent */
    DEED_TALK,
    DEED_SLOT,   /* "demande", "creneau", "numero", "discret" (app/pages_slot.c) */
    DEED_UNSLOT, /* "demande" */
    DEED_NOTE,   /* "note", "demande" */
    DEED_TEXT_TAKE,
    DEED_TEXT_ANSWER, /* "reference", "texte"; "apercu": only looked at. Those below: "reference" */
    DEED_TEXT_CLOSE,
    DEED_TEXT_BACK,
    DEED_TEXT_MOVE, /* "service": its id */
    DEEDS
};
extern const char *const view_deed_names[DEEDS]; /* "poste", "disponible", "pause"… */

#endif
