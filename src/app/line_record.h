/* line_record.h — a conversation is recorded when its queue samples, and may be listened to when
 * its service allows it; both when its caller, told so, does not refuse. Included by
 * src/app/line*.c only. */
#ifndef APP_LINE_RECORD_H
#define APP_LINE_RECORD_H

#include "base/types.h"

struct line;
struct lines;
struct ivr_ask;

struct line_recording {
    uint8_t wish, step;          /* of a caller; enums of line_record.c */
    uint8_t asked, told;         /* of a caller: bits of line_record.c, of both notices */
    bool is_paused;              /* by the agent */
    uint32_t number;             /* of an offer: the recorder's; 0: not recorded */
    uint64_t caller_id;          /* of an offer: the leg that is heard with it */
    uint32_t queue_id, agent_id; /* of a caller: where to, after the notice */
};

/* The flow asks for a queue. True: the caller hears the notice first, and goes on by itself. */
bool line_record_asks(struct lines *l, struct line *line, const struct ivr_ask *ask);
/* line_menu.c: into the queue that the flow asked for. */
void line_menu_queue(struct lines *l, struct line *line, const struct ivr_ask *ask);
/* Of a caller: the notice was heard, its silence is over, a key (also while they talk), what the
 * key asked for is on disk. */
void line_record_played(struct lines *l, struct line *line);
void line_record_timer(struct lines *l, struct line *line);
void line_record_key(struct lines *l, struct line *line, char key);
void line_record_refused(struct lines *l, struct line *line);

/* This caller was told that somebody may listen, and did not refuse. */
bool line_record_may_listen(const struct line *caller);

/* Both are joined. True: it is recorded from now on, and they are to hear so. */
bool line_record_begin(struct lines *l, struct line *agent, struct line *caller);
/* The agent stops it, or lets it go on (*5); both hear so. False: it is not recorded at all. */
bool line_record_toggle(struct lines *l, struct line *agent);
/* The caller is on hold, or no longer: what the agent says aside is nobody's to keep. */
void line_record_hold(struct lines *l, const struct line *caller, bool is_held);
/* Of an agent's line; nothing when it is not recorded. */
void line_record_end(struct lines *l, struct line *line);

#endif
