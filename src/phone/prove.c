/* prove.c — an operator asks who we are: at an INVITE, a refresh, a PRACK, or the BYE of a call
 * over it. Called by dial.c, timer.c and response.c. Cost: two hashes a proof. Invariant: each
 * request is proved SIP_TRUNK_PROOFS_MAX times at most, a PRACK once, whoever goes on asking. */
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

/* What follows this at the begin of a line in a message of ours; empty: no line begins so. */
static struct text said_after(const struct sip_tx *tx, struct text mark)
{
    struct text rest = {(const char *)tx->message, tx->message_n};
    while (rest.n && !text_starts_fold(rest, mark))
        text_cut(&rest, '\n');
    struct text line = text_cut(&rest, '\r');
    return line.n > mark.n ? text_after(line, mark.n) : TEXT_NONE;
}

/* Is it about the INVITE in course, and said for the first time? */
static bool is_to_prove(const struct phone_leg *leg, const struct sip_tx *prack)
{
    struct text rack = said_after(prack, TEXT("RAck: "));
    uint64_t cseq = 0;
    text_cut(&rack, ' ');
    return text_number(text_cut(&rack, ' '), UINT32_MAX, &cseq) &&
           cseq == leg->dialog.invite_cseq && !said_after(prack, TEXT("Authorization: ")).n &&
           !said_after(prack, TEXT("Proxy-Authorization: ")).n;
}

/* A branch has a dialog of its own, of which nothing is kept but what stands in the PRACK. */
bool leg_prack_proved(struct phone *p, struct phone_leg *leg, uint32_t tx)
{
    const struct sip_tx *said = &p->txs.tx[tx];
    char bytes[PROOF_MAX];
    struct text_out out = {.p = bytes, .max = sizeof(bytes)};
    struct text uri = said_after(said, TEXT("PRACK "));
    bool is_challenge = p->read.in.status == 401 || p->read.in.status == 407;
    if (!is_challenge || !leg->dial.trunk || !is_to_prove(leg, said))
        return false;
    uri = text_cut(&uri, ' ');
    text_put(&out, TEXT("RAck: "));
    text_put(&out, said_after(said, TEXT("RAck: ")));
    text_put(&out, TEXT("\r\n"));
    if (!trunk_proof(p, &p->trunks[leg->dial.trunk - 1], uri, &out).n)
        return false;
    struct sip_ask ask = {.method = SIP_METHOD_PRACK,
                          .request_uri = uri,
                          .routes = said_after(said, TEXT("Route: ")),
                          .from = said_after(said, TEXT("From: ")),
                          .to = said_after(said, TEXT("To: ")),
                          .call_id = said_after(said, TEXT("Call-ID: ")),
                          .cseq = ++leg->dialog.local_cseq,
                          .headers = {out.p, out.n}};
    return phone_ask(p, &ask, &leg->peer, leg->id << LEG_ROLE_BITS | LEG_PRACK) != SLOT_NONE;
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
