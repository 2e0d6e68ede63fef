/* replaces.c — see replaces.h. Called by phone/ and view/. Cost: a walk over one value. Invariant:
 * of a Reason only its protocol and number are shown: its text is anybody's. */
#include "sip/replaces.h"

#define CAUSE_MAX 999

enum sip_replaces_verdict sip_replaces_read(struct sip_replaces *r, const struct sip_read *invite)
{
    struct text value = sip_read_header(invite, SIP_HEADER_REPLACES, 0), rest = value, call_id;
    bool has_to, has_from;
    if (!sip_value_part(&rest, &call_id))
        return SIP_REPLACES_NONE;
    struct text params = text_after(value, call_id.n);
    *r = (struct sip_replaces){.call_id = call_id,
                               .to_tag = sip_value_param(params, TEXT("to-tag"), &has_to),
                               .from_tag = sip_value_param(params, TEXT("from-tag"), &has_from)};
    sip_value_param(params, TEXT("early-only"), &r->is_early_only);
    bool is_good = call_id.n && has_to && r->to_tag.n && has_from && r->from_tag.n &&
                   !sip_read_header(invite, SIP_HEADER_REPLACES, 1).p &&
                   !sip_read_header(invite, SIP_HEADER_JOIN, 0).p;
    return is_good ? SIP_REPLACES_READ : SIP_REPLACES_BROKEN;
}

void sip_replaces_put(struct text_out *out, const struct sip_replaces *r)
{
    text_put(out, TEXT("Replaces: "));
    text_put(out, r->call_id);
    text_put(out, TEXT(";to-tag="));
    text_put(out, r->to_tag);
    text_put(out, TEXT(";from-tag="));
    text_put(out, r->from_tag);
    text_put(out, r->is_early_only ? TEXT(";early-only\r\n") : TEXT("\r\n"));
}

/* ---- Reason ---------------------------------------------------------------------------------- */

void sip_reason_put(struct text_out *out, uint16_t cause)
{
    text_put(out, TEXT("Reason: SIP;cause="));
    text_put_number(out, cause);
    text_put(out, TEXT(";text=\""));
    text_put(out, cause == 200 ? TEXT("Call completed elsewhere") : sip_reason(cause));
    text_put(out, TEXT("\"\r\n"));
}

bool sip_reason_title(struct text_out *out, struct text value)
{
    struct text one, protocol;
    uint64_t cause;
    bool has;
    if (!sip_value_next(&value, &one))
        return false;
    struct text rest = one;
    sip_value_part(&rest, &protocol);
    struct text number = sip_value_param(text_after(one, protocol.n), TEXT("cause"), &has);
    bool is_known =
        text_equal_fold(protocol, TEXT("SIP")) || text_equal_fold(protocol, TEXT("Q.850"));
    if (!is_known || !text_number(number, CAUSE_MAX, &cause))
        return false;
    text_put(out, protocol);
    text_put(out, TEXT(" "));
    text_put_number(out, cause);
    return true;
}
