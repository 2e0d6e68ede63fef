/* replaces.h — Replaces (RFC 3891), and Reason (RFC 3326): why a dialog ends. Pure; slices of the
 * message. Called by phone/, and by view/ for the ladder of a call. */
#ifndef SIP_REPLACES_H
#define SIP_REPLACES_H

#include "sip/read.h"

/* A dialog as whom it is said to sees it: to_tag is his own, from_tag the other side's. */
struct sip_replaces {
    struct text call_id, to_tag, from_tag;
    bool is_early_only;
};

enum sip_replaces_verdict { SIP_REPLACES_NONE, SIP_REPLACES_READ, SIP_REPLACES_BROKEN };
/* BROKEN: 400 (§3): malformed, or more than one, or beside Join (RFC 3911). */
enum sip_replaces_verdict sip_replaces_read(struct sip_replaces *r, const struct sip_read *invite);
/* The header line of an INVITE that takes the place of a dialog. */
void sip_replaces_put(struct text_out *out, const struct sip_replaces *r);

/* The line of a CANCEL or BYE: "Reason: SIP;cause=200;text=…" by a status of SIP. */
void sip_reason_put(struct text_out *out, uint16_t cause);
/* "SIP 200", "Q.850 16": the first of the value of a Reason; false: it cannot be read. */
bool sip_reason_title(struct text_out *out, struct text value);

#endif
