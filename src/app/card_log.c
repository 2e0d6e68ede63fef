/* card_log.c — see card_log.h. Invariant: a card that is shown open was noted by its account. */
#include "app/card_log.h"

#define REFERENCE_DIGITS 8

bool card_log_is_new(struct card_log *log, uint64_t account_id, uint64_t contact_id)
{
    uint64_t at = (account_id * UINT64_C(0x9e3779b97f4a7c15) ^ contact_id) % CARD_LOG_PLACES;
    if (log->places[at].account_id == account_id && log->places[at].contact_id == contact_id)
        return false;
    log->places[at].account_id = account_id;
    log->places[at].contact_id = contact_id;
    return true;
}

void card_log_detail(struct account_audit *audit, uint32_t reference)
{
    _Static_assert(sizeof(audit->detail) > REFERENCE_DIGITS, "a reference has room");
    for (unsigned i = REFERENCE_DIGITS; i-- > 0; reference /= 10)
        audit->detail[i] = (char)('0' + reference % 10);
}

void card_log_note(struct card_log *log, struct accounts *accounts,
                   const struct card_opened *opened)
{
    struct account_audit audit = {
        .at = opened->at, .who = opened->account_id, .deed = ACCOUNT_CARD_OPENED};
    if (!accounts || !card_log_is_new(log, opened->account_id, opened->contact_id))
        return;
    card_log_detail(&audit, opened->reference);
    accounts_note(accounts, &audit);
}
