/* table.h — the two state machines as tables: the code, the assertion and the test matrix at once.
 * Included by acd/ and by the transition tests. */
#ifndef ACD_TABLE_H
#define ACD_TABLE_H

#include "acd/state.h"

/* State of a contact after an event of this kind, or −1 where the event cannot happen. */
int table_contact_next(enum contact_state state, enum event_kind kind);

/* What moves an agent. Joining and ending differ with the medium: voice fills an agent, a text does
 * not. */
enum agent_move {
    AGENT_SIGNS_IN,
    AGENT_SIGNS_OUT,
    AGENT_GETS_READY,
    AGENT_PAUSES,
    AGENT_WRAPS_UP,
    AGENT_PLANS,
    AGENT_IS_OFFERED,
    AGENT_JOINS_VOICE,
    AGENT_JOINS_OTHER,
    AGENT_LOSES_OFFER,
    AGENT_ENDS_VOICE,
    AGENT_ENDS_OTHER,
    AGENT_MOVES
};

/* State of an agent after a move, or −1. */
int table_agent_next(enum agent_state state, enum agent_move move);

#endif
