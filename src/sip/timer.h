/* timer.h — how long a session may stand without being refreshed, and by whom (RFC 4028). Both
 * sides agree with each INVITE and UPDATE that succeeds; what was agreed begins anew with it. A
 * value without pointers; time is passed in. phone/ keeps one per leg, beside its dialog. */
#ifndef SIP_TIMER_H
#define SIP_TIMER_H

#include "sip/read.h"

/* No session may be shorter (§5), so that refreshes do not become a flood: our Min-SE too. */
#define SIP_TIMER_MIN_S 90u
/* What we ask for (§4). */
#define SIP_TIMER_WISH_S 1800u
/* The largest Min-SE of a 422 that we follow: beyond it a timer is none. */
#define SIP_TIMER_MAX_S 86400u
/* Given up so long before the end, or a third of the interval where that is less (§10). */
#define SIP_TIMER_MARGIN_MS ((ms_t)32000)
/* Room for the lines that are written here. */
#define SIP_TIMER_LINES_MAX 128

enum sip_timer_refresher { SIP_TIMER_ANY, SIP_TIMER_UAC, SIP_TIMER_UAS };

/* What one message says of it. */
struct sip_timer_said {
    bool is_supported; /* Supported or Require: timer */
    bool has_interval, has_allow, allows_update;
    uint32_t interval_s, min_s; /* min_s: 0 without Min-SE */
    enum sip_timer_refresher refresher;
};
/* False: Session-Expires or Min-SE is malformed or repeated (400; in a response: as if it said
 * nothing). */
MUST_CHECK bool sip_timer_read(struct sip_timer_said *said, const struct sip_read *read);

struct sip_timer {
    uint32_t interval_s; /* 0: none */
    uint32_t min_s;      /* the largest Min-SE that a 422 has named; 0: none */
    bool is_ours;        /* we refresh, they watch; else the reverse */
    ms_t refresh_at;     /* by us; MS_NEVER: not */
    ms_t end_at;         /* without a refresh the call is given up */
};

/* The status to refuse a request with: 422 when they could take a longer interval; 0: none (§9). */
uint16_t sip_timer_status(const struct sip_timer_said *said);
/* What our 2xx to a request says (§9, table 2); before: what stands until now. Who asks for no
 * timer gets none, except that one that stands goes on as long as they support it. */
struct sip_timer sip_timer_answer(const struct sip_timer *before,
                                  const struct sip_timer_said *said);
/* What their 2xx to a request of ours says (§7.2). */
struct sip_timer sip_timer_hear(const struct sip_timer *before, const struct sip_timer_said *said);
/* After a 422: with their Min-SE (§7.3). False: it is not larger than what we asked for, or beyond
 * SIP_TIMER_MAX_S; then nothing has changed. */
MUST_CHECK bool sip_timer_raise(struct sip_timer *t, const struct sip_timer_said *said);

/* The 2xx was sent, or has come. */
void sip_timer_begin(struct sip_timer *t, ms_t now_at);
/* When to look at it next. */
ms_t sip_timer_next_at(const struct sip_timer *t);

/* The lines of a request of ours, which refreshes what stands or begins it; of our 2xx. */
void sip_timer_put_ask(struct text_out *out, const struct sip_timer *t);
void sip_timer_put_answer(struct text_out *out, const struct sip_timer *t);

#endif
