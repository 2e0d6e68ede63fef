/* written.h — the desk of written contacts (ADR 31): what a person writes opens a contact in the
 * queue of texts, or joins the one that is open for that number; an agent's answer goes to that
 * number. The heart knows no number and no text: here the numbers of open contacts stand, and in
 * the store as rows. Opened by cli/serve_sms.c; called by app/texts.c through its hooks, in a turn
 * of the main loop. Cost: a look-up a text; a few rows looked at a turn. */
#ifndef APP_WRITTEN_H
#define APP_WRITTEN_H

#include "app/texts.h"

/* Written contacts open at once; past it the person is told that the text was not taken. */
#define WRITTEN_MAX 4096u
/* Answers of agents on their way to the operator; past it none is taken. */
#define WRITTEN_ANSWERS_MAX 4096u

struct written_args {
    struct app *app; /* borrowed, all of them */
    const struct acd *acd;
    struct texts *texts;
    const struct directory *directory;
    uint64_t seed; /* of references: not to be guessed */
    uint16_t node;
};

struct written;

size_t written_bytes(void);
/* Over zeroed memory of written_bytes(), aligned to 64. */
struct written *written_open(void *memory, const struct written_args *args);
/* The files were read again. */
void written_follow(struct written *w, const struct directory *directory);
/* Once a turn, and at the start before anything is restored. */
void written_turn(struct written *w, ms_t now_at, ms_t wall_at);

/* Start only: what the store has. thread: JOURNAL_ROW_THREAD; answer: id, contact and state of what
 * an agent wrote. */
void written_restore(struct written *w, const struct journal_row *thread);
void written_restore_answer(struct written *w, const struct journal_row *answer);

/* Hooks of texts.h. */
texts_words_fn written_words;
texts_cancel_fn written_cancel;
texts_stop_fn written_stop;

/* An agent answers. True: queued, told->id names the message. */
struct written_answer {
    uint64_t contact_id;
    uint32_t agent_id;
    struct text utf8;
};
struct written_told {
    enum acd_verdict verdict; /* ACD_DONE: see texts */
    struct texts_told texts;
};
bool written_reply(struct written *w, struct written_told *told,
                   const struct written_answer *answer);
/* What became of a message, enum gsm_state: one of an agent's answers, or not. */
void written_became(struct written *w, uint64_t id, uint8_t state);

struct written_totals {
    uint64_t opened_n, joined_n;
    uint64_t shed_n; /* not taken: too many are open */
    uint64_t over_n; /* kept beside its contact, which has as many texts as it may */
    uint32_t open_n;
};
struct written_totals written_totals(const struct written *w);

#endif
