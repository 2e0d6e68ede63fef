/* fork.h — all telephones of a line ring for one call. Included by leg.h only.
 * The app knows one leg, the head; each further telephone has a leg of its own, a branch, of which
 * nobody hears. A branch has no stream: it offers the port of its head. */
#ifndef PHONE_FORK_H
#define PHONE_FORK_H

#include "sip/registrar.h"

/* Telephones that ring at once for one line. */
#define PHONE_TELEPHONES_MAX SIP_REGISTRAR_CONTACTS_MAX

/* Of a leg: of a branch, its head; of a head, its branches. Ids may be of legs that are gone. */
struct leg_fork {
    uint64_t head_id, branches[PHONE_TELEPHONES_MAX - 1];
    uint8_t branches_n;
    uint16_t refusal; /* of a head: what says most of all refusals so far; 0: none */
};

struct phone;
struct phone_leg;

/* One more telephone rings for this head: the new leg. NULL: no room. */
struct phone_leg *fork_new(struct phone *p, struct phone_leg *head);
/* The leg that the app knows: of a branch its head, else itself. */
struct phone_leg *fork_head(struct phone *p, struct phone_leg *leg);
/* This telephone has the call: the leg that goes on with it, which is the head, unless it is too
 * late. */
struct phone_leg *fork_wins(struct phone *p, struct phone_leg *leg);
/* This telephone will not be picked up: status. The leg that ends: the head only when nobody is
 * left, or the person has answered no. */
struct phone_leg *fork_refused(struct phone *p, struct phone_leg *leg, uint16_t status);
/* The head is up, or over: the other telephones stop ringing, and are told why where that is a
 * person's answer. */
#define FORK_PICKED_UP 200
void fork_end(struct phone *p, struct phone_leg *head, uint16_t cause);

#endif
