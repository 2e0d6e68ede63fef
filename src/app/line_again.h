/* line_again.h — who calls again takes the place back (design §3.8). Included by src/app/line*.c
 * only. */
#ifndef APP_LINE_AGAIN_H
#define APP_LINE_AGAIN_H

#include "event/effect.h"
#include "ivr/flow.h"
#include "say/say.h"

/* A line whose callers were given so many references in seven days is one that people share. */
#define LINE_SHARED_REFERENCES 3u

struct line;
struct lines;

/* What a caller who took a place back is told. */
enum again_word { AGAIN_NONE, AGAIN_BACK, AGAIN_OURS };

struct line_again {
    uint64_t contact_id; /* whose place is asked about */
    uint32_t queue_id, agent_id;
    uint32_t references_n; /* given to who called from there in seven days */
    bool is_recognised;    /* the number was looked up: the above is known */
    enum again_word word;
    /* Entering the queue: what is to be told, once it is on disk. */
    bool expects, is_due, is_noted;
    enum told what;
    enum band band;
    uint8_t before_n;
};

/* At the door of a queue, before it is entered. True: this caller is asked, and enters later.
 * False: enters now, *contact_id is whose place is taken back; 0: nobody's. */
bool line_again_begins(struct lines *l, struct line *line, const struct ivr_ask *ask,
                       uint64_t *contact_id);
/* Entered: with the place of that contact, or (0) a new one. */
void line_again_entered(struct lines *l, struct line *line, uint64_t contact_id);
/* Do several people use this line? Or is that not known? */
bool line_again_is_shared(const struct line *line);
/* CALLER_AGAIN: the question. */
void line_again_key(struct lines *l, struct line *line, char key);
void line_again_played(struct lines *l, struct line *line);
void line_again_timer(struct lines *l, struct line *line);

/* Told where they are as they enter. True: it waits for the disk, and is told then. */
bool line_again_awaits(struct lines *l, struct line *line, const struct effect *told);
/* The disk has it, or (false) does not come. True: *told is to be told now. */
bool line_again_tells(struct lines *l, struct line *line, bool is_noted, struct effect *told);
/* What is said of the place kept, instead of « vous êtes dans la file » or before the rest. */
void line_again_words(struct lines *l, struct line *line, struct say_list *list);

/* A place is kept; it is no longer. */
void line_again_keep(struct lines *l, uint64_t contact_id);
void line_again_forget(struct lines *l, uint64_t contact_id);

#endif
