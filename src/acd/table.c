/* table.c — see table.h.
 * Called by apply for each event that moves a contact or an agent. Cost: one load.
 * Invariant: what is not in the tables does not happen; the program stops instead. */
#include "acd/table.h"

#define MOVE(kind, to) [kind] = (int8_t)(to) + 1 /* 0 in the table: cannot happen */

static const int8_t contact_table[CONTACT_STATES][EVENT_KIND_MAX + 1] = {
    [CONTACT_NONE] = {MOVE(EV_CONTACT_OPENED, CONTACT_OPEN)},
    [CONTACT_OPEN] = {MOVE(EV_CALL_ARRIVED, CONTACT_OPEN), MOVE(EV_CALL_REFUSED, CONTACT_OPEN),
                      MOVE(EV_CALL_INFORMED, CONTACT_OPEN),
                      MOVE(EV_RECORDING_REFUSED, CONTACT_OPEN),
                      MOVE(EV_CONTACT_QUEUED, CONTACT_WAITING), MOVE(EV_CALL_REJOINS, CONTACT_GONE),
                      MOVE(EV_CALL_ENDED, CONTACT_GONE)},
    [CONTACT_WAITING] =
        {MOVE(EV_CONTACT_TOLD, CONTACT_WAITING), MOVE(EV_REFERENCE_TOLD, CONTACT_WAITING),
         MOVE(EV_RING_OPENED, CONTACT_WAITING), MOVE(EV_NEEDS_LIFTED, CONTACT_WAITING),
         MOVE(EV_CALL_LISTENED, CONTACT_WAITING), MOVE(EV_CALLBACK_PROMISED, CONTACT_PROMISED),
         MOVE(EV_CALLBACK_HELD, CONTACT_PROMISED), MOVE(EV_CALLBACK_CANCELLED, CONTACT_GONE),
         MOVE(EV_CALL_OUTCOME, CONTACT_WAITING), MOVE(EV_OFFER_MADE, CONTACT_OFFERED),
         MOVE(EV_CALL_ENDED, CONTACT_GONE)},
    [CONTACT_OFFERED] = {MOVE(EV_OFFER_ADVANCED, CONTACT_OFFERED),
                         MOVE(EV_CALL_LISTENED, CONTACT_OFFERED),
                         MOVE(EV_OFFER_JOINED, CONTACT_JOINED),
                         MOVE(EV_CALL_OUTCOME, CONTACT_OFFERED),
                         MOVE(EV_OFFER_ENDED, CONTACT_AFTER)},
    [CONTACT_JOINED] = {MOVE(EV_OFFER_MEDIA, CONTACT_JOINED),
                        MOVE(EV_CALL_LISTENED, CONTACT_JOINED),
                        MOVE(EV_CALL_OUTCOME, CONTACT_JOINED),
                        MOVE(EV_CALL_ALERTED, CONTACT_JOINED), MOVE(EV_OFFER_ENDED, CONTACT_AFTER)},
    [CONTACT_AFTER] = {MOVE(EV_CONTACT_RETURNED, CONTACT_WAITING),
                       MOVE(EV_CONTACT_MOVED, CONTACT_OPEN), MOVE(EV_CALL_INFORMED, CONTACT_AFTER),
                       MOVE(EV_RECORDING_REFUSED, CONTACT_AFTER),
                       MOVE(EV_CALLBACK_PROMISED, CONTACT_PROMISED),
                       MOVE(EV_CALLBACK_TRIED, CONTACT_PROMISED),
                       MOVE(EV_CALL_OUTCOME, CONTACT_AFTER), MOVE(EV_CONTACT_SETTLED, CONTACT_NONE),
                       MOVE(EV_CALL_LISTENED, CONTACT_AFTER), MOVE(EV_CALL_ENDED, CONTACT_GONE)},
    [CONTACT_GONE] = {MOVE(EV_CALL_OUTCOME, CONTACT_GONE), MOVE(EV_CALL_PENDING, CONTACT_PENDING),
                      MOVE(EV_CONTACT_DROPPED, CONTACT_DROPPED),
                      MOVE(EV_PLACE_REGAINED, CONTACT_OPEN),
                      MOVE(EV_CONTACT_SETTLED, CONTACT_NONE)},
    [CONTACT_PENDING] = {MOVE(EV_CALL_OUTCOME, CONTACT_GONE)},
    [CONTACT_DROPPED] = {MOVE(EV_PLACE_REGAINED, CONTACT_OPEN),
                         MOVE(EV_CONTACT_SETTLED, CONTACT_NONE)},
    [CONTACT_PROMISED] = {MOVE(EV_CALL_ENDED, CONTACT_PROMISED),
                          MOVE(EV_CALLBACK_WITHDRAWN, CONTACT_WAITING),
                          MOVE(EV_CALL_PENDING, CONTACT_PROMISED),
                          MOVE(EV_CALL_OUTCOME, CONTACT_PROMISED),
                          MOVE(EV_CALLBACK_DUE, CONTACT_WAITING),
                          MOVE(EV_CALLBACK_CANCELLED, CONTACT_GONE),
                          MOVE(EV_CONTACT_SETTLED, CONTACT_NONE)},
};

static const int8_t agent_table[AGENT_STATE_N][AGENT_MOVES] = {
    [AGENT_STATE_SIGNED_OUT] = {MOVE(AGENT_SIGNS_IN, AGENT_STATE_PAUSED)},
    [AGENT_STATE_READY] = {MOVE(AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT),
                           MOVE(AGENT_PAUSES, AGENT_STATE_PAUSED),
                           MOVE(AGENT_PLANS, AGENT_STATE_READY),
                           MOVE(AGENT_IS_OFFERED, AGENT_STATE_OFFERED),
                           MOVE(AGENT_ENDS_OTHER, AGENT_STATE_READY)},
    [AGENT_STATE_OFFERED] = {MOVE(AGENT_JOINS_VOICE, AGENT_STATE_JOINED),
                             MOVE(AGENT_JOINS_OTHER, AGENT_STATE_READY),
                             MOVE(AGENT_PLANS, AGENT_STATE_OFFERED),
                             MOVE(AGENT_LOSES_OFFER, AGENT_STATE_READY),
                             MOVE(AGENT_ENDS_OTHER, AGENT_STATE_OFFERED)},
    [AGENT_STATE_JOINED] = {MOVE(AGENT_PLANS, AGENT_STATE_JOINED),
                            MOVE(AGENT_ENDS_VOICE, AGENT_STATE_WRAP_UP)},
    [AGENT_STATE_WRAP_UP] = {MOVE(AGENT_WRAPS_UP, AGENT_STATE_WRAP_UP),
                             MOVE(AGENT_GETS_READY, AGENT_STATE_READY),
                             MOVE(AGENT_PAUSES, AGENT_STATE_PAUSED),
                             MOVE(AGENT_PLANS, AGENT_STATE_WRAP_UP),
                             MOVE(AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT)},
    [AGENT_STATE_PAUSED] = {MOVE(AGENT_GETS_READY, AGENT_STATE_READY),
                            MOVE(AGENT_PAUSES, AGENT_STATE_PAUSED),
                            MOVE(AGENT_PLANS, AGENT_STATE_PAUSED),
                            MOVE(AGENT_ENDS_OTHER, AGENT_STATE_PAUSED),
                            MOVE(AGENT_SIGNS_OUT, AGENT_STATE_SIGNED_OUT)},
};

int table_contact_next(enum contact_state state, enum event_kind kind)
{
    return contact_table[state][kind] - 1;
}

int table_agent_next(enum agent_state state, enum agent_move move)
{
    return agent_table[state][move] - 1;
}
