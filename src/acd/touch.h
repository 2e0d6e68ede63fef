/* touch.h — the hash of the state, kept up to date object by object.
 * Included by the files of acd/ only. Before apply changes a contact, an agent or a queue it
 * touches it: its share is taken out of the sum, and put back, as it then is, when the event is
 * recorded. An event changes at most one of each. acd_check() compares the sum with a walk over
 * everything. */
#ifndef ACD_TOUCH_H
#define ACD_TOUCH_H

#include "acd/state.h"

void acd_touch_contact(struct acd *a, uint32_t contact);
void acd_touch_agent(struct acd *a, uint32_t agent);
void acd_touch_queue(struct acd *a, uint32_t queue);
/* The event is recorded: what was touched counts again. */
void acd_touch_done(struct acd *a);
/* The sum from nothing: over all objects. */
uint64_t acd_touch_walk(const struct acd *a);

#endif
