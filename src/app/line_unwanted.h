/* line_unwanted.h — somebody wants no call: this one, or none ever again (voice-script §5,
 * cb.cancel and cb.never). Included by src/app/line*.c only. */
#ifndef APP_LINE_UNWANTED_H
#define APP_LINE_UNWANTED_H

#include "base/types.h"

struct line;
struct lines;

/* They are on the line with who calls them back, or have just left it: no further attempt;
 * for_ever: and their number is never called by a machine again. */
void line_unwanted(struct lines *l, struct line *agent, bool for_ever);
/* An agent in a conversation: the caller's number is never called by a machine again. */
void line_unwanted_talk(struct lines *l, struct line *agent);
/* On disk: the wish of this contact is over; this event of the list is. */
void line_unwanted_over(struct lines *l, uint64_t contact_id);
void line_unwanted_listed(struct lines *l, uint64_t event_id);

#endif
