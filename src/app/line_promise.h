/* line_promise.h — a caller who waits arranges to be called back (voice-script §5). Included by
 * src/app/line*.c only. */
#ifndef APP_LINE_PROMISE_H
#define APP_LINE_PROMISE_H

#include "app/line_slots.h"
#include "event/effect.h"
#include "say/say.h"

struct line;
struct lines;

/* How far a caller has come with being called back (line_promise.c). */
enum promise_step {
    PROMISE_NONE,
    PROMISE_NUMBER,    /* 1 that number, 2 another one */
    PROMISE_TYPED,     /* keys it in */
    PROMISE_WHEN,      /* 1 as soon as possible, 2 chooses the time */
    PROMISE_SLOTS,     /* 1 or 2 that half hour, 3 others */
    PROMISE_PENCIL,    /* looks for something to write with; 1 has it */
    PROMISE_REFERENCE, /* hears the reference */
    PROMISE_PROOF,     /* and how to know that it is us */
    PROMISE_NOTING,    /* it is being written to disk */
    PROMISE_DONE,      /* « C’est noté. » */
};

struct line_promise {
    uint64_t e164;   /* that the gate lets us call; 0: not chosen yet */
    ms_t offered_at; /* cb.offer was said */
    struct line_slots slots;
    uint32_t queue_id; /* that will call */
    enum promise_step step;
    uint8_t offers_n, silences_n, tries_n, stars_n;
    bool is_made;       /* the heart has promised */
    bool is_at_door;    /* did not come to the queue: only a half hour can be had */
    bool is_slot_asked; /* key 1 means that, for it was just said */
    bool is_closing;    /* will not be served today: at the opening, in their order */
    bool is_texted;     /* a text message is on its way */
};

/* Does key 1 mean something to this caller? */
bool line_promise_may(const struct lines *l, const struct line *line);
/* What is added to the words of the rhythm: that we can call back, not too often. */
void line_promise_offer(struct lines *l, struct line *line, enum band band, struct say_list *list);
void line_promise_begin(struct lines *l, struct line *line);
/* The same of who did not come to a queue, for it is closed: a half hour of the next days. */
void line_promise_begin_at_door(struct lines *l, struct line *line, uint32_t queue_id);
void line_promise_key(struct lines *l, struct line *line, char key);
void line_promise_played(struct lines *l, struct line *line);
void line_promise_timer(struct lines *l, struct line *line);
/* What somebody who came now would be told; who is called back is promised a band further. */
enum band line_promise_band(const struct lines *l, uint32_t queue_id);
void line_promise_effect(struct lines *l, struct line *line, const struct effect *e);
/* It is on disk. */
void line_promise_say_done(struct lines *l, struct line *line);
/* After a restart: the journal has the promise, and they are still there: it is said. */
void line_promise_again(struct lines *l, struct line *line);
/* The caller hangs up, who had chosen everything: it is promised all the same. */
void line_promise_hung_up(struct lines *l, struct line *line);
/* Nothing comes of it: an agent has them. */
void line_promise_end(struct line *line);

#endif
