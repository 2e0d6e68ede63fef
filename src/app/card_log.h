/* card_log.h — who opened whose card: once an account and contact, into the audit log of accounts
 * (ADR 43). The page asks for an open card again and again while it lives: that is one opening.
 * Called by app/pages_console.c on the reader thread. Cost: O(1). */
#ifndef APP_CARD_LOG_H
#define APP_CARD_LOG_H

#include "app/accounts.h"

/* What was noted last, by the number of both: another one in its place is noted once more, never
 * once too few. */
#define CARD_LOG_PLACES 1024u
struct card_log {
    struct {
        uint64_t account_id, contact_id;
    } places[CARD_LOG_PLACES];
};

/* True: it was not among those noted last, and is now. */
bool card_log_is_new(struct card_log *log, uint64_t account_id, uint64_t contact_id);

struct card_opened {
    uint64_t account_id, contact_id;
    uint32_t reference; /* of that contact, with its check digit: never a name or a number */
    ms_t at;
};
/* Noted when it is new. accounts NULL: nobody could have signed in. */
void card_log_note(struct card_log *log, struct accounts *accounts,
                   const struct card_opened *opened);

/* The reference of a contact, with its check digit, as what the line says more. */
void card_log_detail(struct account_audit *audit, uint32_t reference);

#endif
