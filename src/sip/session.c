/* session.c — see session.h. The crossings that the table settles:
 * CANCEL after our 2xx changes nothing; BYE before the ACK ends the call; to hang up before the ACK
 * waits for it; to hang up before anything was heard waits for a 1xx; a 2xx that crosses our CANCEL
 * is acknowledged and ended; to answer waits for the PRACK of a 183; each repeated 2xx is
 * acknowledged again; an early BYE refuses the INVITE. Called by phone/. Cost: one load. Invariant:
 * TELL_END once, on the move into ENDED or CLOSING. */
#include "sip/session.h"

struct row {
    uint8_t is_allowed, next;
    uint16_t actions;
};

#define TO(state, actions)                                                                         \
    {                                                                                              \
        1, SIP_SESSION_##state, (uint16_t)(actions)                                                \
    }
#define SEND_2XX SIP_SESSION_SEND_2XX
#define REFUSAL SIP_SESSION_SEND_REFUSAL
#define S183 SIP_SESSION_SEND_183
#define S487 SIP_SESSION_SEND_487
#define OK SIP_SESSION_SEND_OK
#define S481 SIP_SESSION_SEND_481
#define ACK SIP_SESSION_SEND_ACK
#define CANCEL SIP_SESSION_SEND_CANCEL
#define BYE SIP_SESSION_SEND_BYE
#define UP SIP_SESSION_TELL_UP
#define HEARD SIP_SESSION_TELL_HEARD
#define END SIP_SESSION_TELL_END
#define STOP SIP_SESSION_STOP_2XX
#define E(event) [SIP_SESSION_##event]

static const struct row table[SIP_SESSION_STATES][SIP_SESSION_EVENTS] = {
    [SIP_SESSION_RINGING] = {E(WE_ANSWER) = TO(ANSWERED, SEND_2XX),
                             E(WE_REFUSE) = TO(ENDED, REFUSAL | END),
                             E(WE_HANG_UP) = TO(ENDED, REFUSAL | END),
                             E(GOT_CANCEL) = TO(ENDED, OK | S487 | END),
                             E(GOT_BYE) = TO(ENDED, OK | S487 | END), E(WE_SOUND) = TO(EARLY, S183),
                             E(WE_SOUND_SURELY) = TO(SOUNDED, S183), E(NO_ANSWER) = TO(ENDED, END)},
    [SIP_SESSION_EARLY] = {E(WE_ANSWER) = TO(ANSWERED, SEND_2XX),
                           E(WE_REFUSE) = TO(ENDED, REFUSAL | END),
                           E(WE_HANG_UP) = TO(ENDED, REFUSAL | END),
                           E(GOT_CANCEL) = TO(ENDED, OK | S487 | END),
                           E(GOT_BYE) = TO(ENDED, OK | S487 | END), E(NO_ANSWER) = TO(ENDED, END),
                           E(GOT_PRACK) = TO(EARLY, 0), E(NO_PRACK) = TO(ENDED, REFUSAL | END)},
    [SIP_SESSION_SOUNDED] = {E(GOT_PRACK) = TO(EARLY, 0), E(WE_ANSWER) = TO(PICKED_UP, 0),
                             E(WE_REFUSE) = TO(ENDED, REFUSAL | END),
                             E(WE_HANG_UP) = TO(ENDED, REFUSAL | END),
                             E(GOT_CANCEL) = TO(ENDED, OK | S487 | END),
                             E(GOT_BYE) = TO(ENDED, OK | S487 | END), E(NO_ANSWER) = TO(ENDED, END),
                             E(NO_PRACK) = TO(ENDED, REFUSAL | END)},
    [SIP_SESSION_PICKED_UP] = {E(GOT_PRACK) = TO(ANSWERED, SEND_2XX),
                               E(WE_HANG_UP) = TO(ENDED, REFUSAL | END),
                               E(GOT_CANCEL) = TO(ENDED, OK | S487 | END),
                               E(GOT_BYE) = TO(ENDED, OK | S487 | END),
                               E(NO_ANSWER) = TO(ENDED, END),
                               E(NO_PRACK) = TO(ENDED, REFUSAL | END)},
    [SIP_SESSION_ANSWERED] = {E(GOT_ACK) = TO(TALKING, UP), E(WE_HANG_UP) = TO(LEAVING, END),
                              E(GOT_CANCEL) = TO(ANSWERED, OK),
                              E(GOT_BYE) = TO(ENDED, OK | STOP | END),
                              E(NO_ACK) = TO(CLOSING, BYE | END)},
    [SIP_SESSION_LEAVING] = {E(GOT_ACK) = TO(CLOSING, BYE), E(GOT_CANCEL) = TO(LEAVING, OK),
                             E(GOT_BYE) = TO(ENDED, OK | STOP), E(NO_ACK) = TO(CLOSING, BYE)},
    [SIP_SESSION_CALLING] = {E(WE_HANG_UP) = TO(CANCEL_WANTED, END), E(GOT_1XX) = TO(HEARD, HEARD),
                             E(GOT_2XX) = TO(TALKING, ACK | UP), E(GOT_FAILURE) = TO(ENDED, END),
                             E(NO_ANSWER) = TO(ENDED, END)},
    [SIP_SESSION_HEARD] = {E(WE_HANG_UP) = TO(CANCELLED, CANCEL | END),
                           E(GOT_1XX) = TO(HEARD, HEARD), E(GOT_2XX) = TO(TALKING, ACK | UP),
                           E(GOT_FAILURE) = TO(ENDED, END), E(GOT_BYE) = TO(HEARD, S481),
                           E(NO_ANSWER) = TO(ENDED, END)},
    [SIP_SESSION_CANCEL_WANTED] = {E(GOT_1XX) = TO(CANCELLED, CANCEL),
                                   E(GOT_2XX) = TO(CLOSING, ACK | BYE),
                                   E(GOT_FAILURE) = TO(ENDED, 0), E(NO_ANSWER) = TO(ENDED, 0)},
    [SIP_SESSION_CANCELLED] = {E(GOT_1XX) = TO(CANCELLED, 0), E(GOT_2XX) = TO(CLOSING, ACK | BYE),
                               E(GOT_FAILURE) = TO(ENDED, 0), E(NO_ANSWER) = TO(ENDED, 0)},
    [SIP_SESSION_TALKING] = {E(GOT_ACK) = TO(TALKING, 0), E(GOT_2XX) = TO(TALKING, ACK),
                             E(WE_HANG_UP) = TO(CLOSING, BYE | END),
                             E(GOT_CANCEL) = TO(TALKING, OK), E(GOT_BYE) = TO(ENDED, OK | END),
                             E(NO_ACK) = TO(CLOSING, BYE | END) /* of a re-INVITE, §14.2 */},
    [SIP_SESSION_CLOSING] = {E(GOT_BYE) = TO(CLOSING, OK), /* both hang up at once */
                             E(GOT_CANCEL) = TO(CLOSING, OK), E(GOT_ACK) = TO(CLOSING, 0),
                             E(GOT_2XX) = TO(CLOSING, ACK), E(BYE_DONE) = TO(ENDED, 0),
                             E(NO_ANSWER) = TO(ENDED, 0)},
    [SIP_SESSION_ENDED] = {E(GOT_BYE) = TO(ENDED, S481), E(GOT_CANCEL) = TO(ENDED, OK),
                           E(GOT_2XX) = TO(ENDED, ACK)},
};

unsigned sip_session_happens(enum sip_session_state *state, enum sip_session_event event)
{
    const struct row *row = &table[*state][event];
    if (!row->is_allowed)
        return event == SIP_SESSION_GOT_BYE || event == SIP_SESSION_GOT_CANCEL
                   ? SIP_SESSION_SEND_481
                   : 0;
    *state = (enum sip_session_state)row->next;
    return row->actions;
}
