/* prove.c — an operator asks who we are: at an INVITE, a refresh, or the BYE of a call over it.
 * Called by dial.c, timer.c and response.c. Cost: two hashes a proof. Invariant: each request is
 * proved SIP_TRUNK_PROOFS_MAX times at most, whoever goes on asking. */
#include "phone/leg.h"

#define PROOF_MAX 1024

struct text leg_proof(struct phone *p, struct phone_leg *leg, uint8_t *proofs_n,
                      struct text_out *out)
{
    bool is_challenge = p->read.in.status == 401 || p->read.in.status == 407;
    struct text uri = {leg->dialog.target, leg->dialog.target_n};
    if (!is_challenge || !leg->dial.trunk || *proofs_n >= SIP_TRUNK_PROOFS_MAX)
        return TEXT_NONE;
    ++*proofs_n;
    return trunk_proof(p, &p->trunks[leg->dial.trunk - 1], uri, out);
}

bool leg_bye_proved(struct phone *p, struct phone_leg *leg)
{
    char bytes[PROOF_MAX];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    if (leg->session != SIP_SESSION_CLOSING)
        return false;
    struct text proof = leg_proof(p, leg, &leg->dial.proofs_n, &out);
    const struct leg_asking bye = {.method = SIP_METHOD_BYE, .headers = proof};
    return proof.n && leg_ask_with(p, leg, &bye) != SLOT_NONE;
}
