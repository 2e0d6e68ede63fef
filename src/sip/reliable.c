/* reliable.c — see reliable.h. Called by phone/ for an INVITE, a PRACK and each provisional
 * response. Cost: a walk over the headers. Invariant: one of ours is out at most; of theirs none is
 * acknowledged twice, and none before the one that it follows. */
#include "base/hash.h"
#include "sip/reliable.h"

bool sip_reliable_is_wanted(const struct sip_read *read)
{
    return sip_read_lists(read, SIP_HEADER_SUPPORTED, TEXT("100rel")) ||
           sip_read_lists(read, SIP_HEADER_REQUIRE, TEXT("100rel"));
}

/* ---- those that we send ------------------------------------------------------------------- */

void sip_reliable_begin(struct sip_reliable *r, const struct sip_read *invite, uint32_t chance)
{
    *r = (struct sip_reliable){.is_wanted = sip_reliable_is_wanted(invite),
                               .rseq = chance % (SIP_RELIABLE_FIRST_MAX - 1),
                               .cseq = invite->in.cseq,
                               .repeat_at = MS_NEVER,
                               .end_at = MS_NEVER};
}

bool sip_reliable_is_out(const struct sip_reliable *r)
{
    return r->is_wanted && r->end_at != MS_NEVER;
}

uint32_t sip_reliable_say(struct sip_reliable *r, bool is_described, ms_t now_at)
{
    assert(r->is_wanted && !sip_reliable_is_out(r));
    r->rseq++;
    r->is_described = is_described;
    r->wait_ms = SIP_RELIABLE_T1_MS;
    r->repeat_at = now_at + r->wait_ms;
    r->end_at = now_at + SIP_RELIABLE_END_MS;
    return r->rseq;
}

/* RAck: the RSeq, the INVITE's number, its method (§7.2). */
enum sip_reliable_rack sip_reliable_judge(const struct sip_reliable *r,
                                          const struct sip_read *prack)
{
    uint64_t rseq, cseq;
    struct text rest = sip_read_header(prack, SIP_HEADER_RACK, 0);
    bool is_read = text_number(text_word(&rest), UINT32_MAX, &rseq) &&
                   text_number(text_word(&rest), UINT32_MAX, &cseq);
    struct text method = text_word(&rest);
    if (!is_read || !method.n || rest.n || sip_read_header(prack, SIP_HEADER_RACK, 1).p)
        return SIP_RELIABLE_RACK_BROKEN;
    bool is_ours = sip_reliable_is_out(r) && rseq == r->rseq && cseq == r->cseq &&
                   text_equal(method, TEXT("INVITE"));
    return is_ours ? SIP_RELIABLE_RACK_OURS : SIP_RELIABLE_RACK_STRAY;
}

void sip_reliable_take(struct sip_reliable *r)
{
    r->is_settled |= r->is_described;
    r->is_described = false;
    r->repeat_at = r->end_at = MS_NEVER;
}

enum sip_reliable_due sip_reliable_due(struct sip_reliable *r, ms_t now_at)
{
    if (!sip_reliable_is_out(r) || sip_reliable_next_at(r) > now_at)
        return SIP_RELIABLE_NOT_DUE;
    if (r->end_at <= now_at) {
        r->repeat_at = r->end_at = MS_NEVER;
        return SIP_RELIABLE_GIVE_UP;
    }
    r->wait_ms *= 2;
    r->repeat_at = now_at + r->wait_ms;
    return SIP_RELIABLE_REPEAT;
}

ms_t sip_reliable_next_at(const struct sip_reliable *r)
{
    return r->repeat_at < r->end_at ? r->repeat_at : r->end_at;
}

/* ---- those that we hear ------------------------------------------------------------------- */

static uint64_t tag_of(struct text to_tag)
{
    return hash_bytes(to_tag.p, to_tag.n);
}

static const struct sip_reliable_branch *find(const struct sip_reliable_heard *h, struct text tag)
{
    for (unsigned i = 0; i < h->n; i++)
        if (h->branches[i].tag == tag_of(tag))
            return &h->branches[i];
    return NULL;
}

/* Its number, 0: it is none, or says no number that can be (§7.1). */
static uint32_t rseq_of(const struct sip_read *read)
{
    uint64_t number = 0;
    bool is_early = read->in.status > 100 && read->in.status < 200 && read->in.to_tag.n;
    if (!is_early || !sip_read_lists(read, SIP_HEADER_REQUIRE, TEXT("100rel")) ||
        !text_number(sip_read_header(read, SIP_HEADER_RSEQ, 0), UINT32_MAX, &number))
        return 0;
    return (uint32_t)number;
}

enum sip_reliable_verdict sip_reliable_hear(struct sip_reliable_heard *h,
                                            const struct sip_read *read, uint32_t *rseq)
{
    *rseq = rseq_of(read);
    if (!*rseq)
        return SIP_RELIABLE_PLAIN;
    const struct sip_reliable_branch *known = find(h, read->in.to_tag);
    if (known) {
        struct sip_reliable_branch *b = &h->branches[known - h->branches];
        bool is_next = b->rseq != UINT32_MAX && *rseq == b->rseq + 1;
        b->rseq += is_next;
        return is_next ? SIP_RELIABLE_NEW : SIP_RELIABLE_PASSED;
    }
    if (h->n == SIP_RELIABLE_BRANCHES_MAX)
        return SIP_RELIABLE_PASSED;
    h->branches[h->n++] =
        (struct sip_reliable_branch){.tag = tag_of(read->in.to_tag), .rseq = *rseq};
    return SIP_RELIABLE_NEW;
}

void sip_reliable_answered(struct sip_reliable_heard *h, struct text to_tag,
                           const struct sip_offer_agreed *agreed)
{
    const struct sip_reliable_branch *known = find(h, to_tag);
    if (!known || known->is_answered)
        return;
    h->branches[known - h->branches].is_answered = true;
    h->branches[known - h->branches].agreed = *agreed;
}

const struct sip_offer_agreed *sip_reliable_answer_of(const struct sip_reliable_heard *h,
                                                      struct text to_tag)
{
    const struct sip_reliable_branch *known = find(h, to_tag);
    return known && known->is_answered ? &known->agreed : NULL;
}

/* ---- writing ------------------------------------------------------------------------------ */

void sip_reliable_put_rseq(struct text_out *out, uint32_t rseq)
{
    text_put(out, TEXT("Require: 100rel\r\nRSeq: "));
    text_put_number(out, rseq);
    text_put(out, TEXT("\r\n"));
}

void sip_reliable_put_rack(struct text_out *out, uint32_t rseq, uint32_t invite_cseq)
{
    text_put(out, TEXT("RAck: "));
    text_put_number(out, rseq);
    text_put(out, TEXT(" "));
    text_put_number(out, invite_cseq);
    text_put(out, TEXT(" INVITE\r\n"));
}
