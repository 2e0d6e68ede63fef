/* timer.c — see timer.h. Called by phone/ for each INVITE and UPDATE. Cost: a walk over the
 * headers. Invariant: what was agreed is never shorter than SIP_TIMER_MIN_S, so that no message
 * can make us refresh or give up in haste. */
#include "sip/timer.h"

/* ---- reading ------------------------------------------------------------------------------ */

/* Delta-seconds before the parameters; absent: *seconds stays. */
static bool read_seconds(const struct sip_read *read, enum sip_header_id id, uint32_t *seconds,
                         struct text *params)
{
    struct text value = sip_read_header(read, id, 0);
    uint64_t number;
    *params = TEXT_NONE;
    if (!value.p)
        return true;
    struct text digits = text_trim(text_cut(&value, ';'));
    if (sip_read_header(read, id, 1).p || !text_number(digits, UINT32_MAX, &number))
        return false;
    *seconds = (uint32_t)number;
    *params = value.n ? (struct text){value.p - 1, value.n + 1} : TEXT_NONE;
    return true;
}

static bool read_refresher(struct text params, enum sip_timer_refresher *refresher)
{
    bool has;
    struct text who = sip_value_param(params, TEXT("refresher"), &has);
    *refresher = SIP_TIMER_ANY;
    if (has && text_equal_fold(who, TEXT("uac")))
        *refresher = SIP_TIMER_UAC;
    else if (has && text_equal_fold(who, TEXT("uas")))
        *refresher = SIP_TIMER_UAS;
    return !has || *refresher != SIP_TIMER_ANY;
}

bool sip_timer_read(struct sip_timer_said *said, const struct sip_read *read)
{
    struct text params, none;
    *said = (struct sip_timer_said){
        .is_supported = sip_read_lists(read, SIP_HEADER_SUPPORTED, TEXT("timer")) ||
                        sip_read_lists(read, SIP_HEADER_REQUIRE, TEXT("timer")),
        .has_interval = sip_read_header(read, SIP_HEADER_SESSION_EXPIRES, 0).p != NULL,
        .has_allow = sip_read_header(read, SIP_HEADER_ALLOW, 0).p != NULL,
        .allows_update = sip_read_lists(read, SIP_HEADER_ALLOW, TEXT("UPDATE"))};
    if (read_seconds(read, SIP_HEADER_SESSION_EXPIRES, &said->interval_s, &params) &&
        read_refresher(params, &said->refresher) &&
        read_seconds(read, SIP_HEADER_MIN_SE, &said->min_s, &none))
        return true;
    said->has_interval = false;
    said->min_s = 0;
    return false;
}

/* ---- agreeing ----------------------------------------------------------------------------- */

/* Who does not support the timer would not know what a 422 wants (§9): a server on the way has put
 * the interval in, and it may not be so short either. */
uint16_t sip_timer_status(const struct sip_timer_said *said)
{
    bool is_small = said->has_interval && said->interval_s < SIP_TIMER_MIN_S;
    return is_small && said->is_supported ? 422 : 0;
}

struct sip_timer sip_timer_answer(const struct sip_timer *before, const struct sip_timer_said *said)
{
    struct sip_timer next = {.min_s = before->min_s, .refresh_at = MS_NEVER, .end_at = MS_NEVER};
    if (said->has_interval && said->interval_s >= SIP_TIMER_MIN_S) {
        next.interval_s = said->interval_s;
        next.is_ours = !said->is_supported || said->refresher == SIP_TIMER_UAS;
    } else if (!said->has_interval && said->is_supported) {
        next.interval_s = before->interval_s;
        next.is_ours = before->is_ours;
    }
    return next;
}

/* A 2xx must say who refreshes; where it does not, we do. */
struct sip_timer sip_timer_hear(const struct sip_timer *before, const struct sip_timer_said *said)
{
    struct sip_timer next = {.min_s = before->min_s, .refresh_at = MS_NEVER, .end_at = MS_NEVER};
    if (!said->has_interval)
        return next;
    next.interval_s = said->interval_s < SIP_TIMER_MIN_S ? SIP_TIMER_MIN_S : said->interval_s;
    next.is_ours = said->refresher != SIP_TIMER_UAS;
    return next;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* What a request of ours asks for. */
static uint32_t wanted_s(const struct sip_timer *t)
{
    return larger(t->interval_s ? t->interval_s : SIP_TIMER_WISH_S, t->min_s);
}

bool sip_timer_raise(struct sip_timer *t, const struct sip_timer_said *said)
{
    if (said->min_s <= wanted_s(t) || said->min_s > SIP_TIMER_MAX_S)
        return false;
    t->min_s = said->min_s;
    return true;
}

void sip_timer_begin(struct sip_timer *t, ms_t now_at)
{
    ms_t interval_ms = (ms_t)t->interval_s * 1000, third_ms = interval_ms / 3;
    ms_t margin_ms = third_ms < SIP_TIMER_MARGIN_MS ? third_ms : SIP_TIMER_MARGIN_MS;
    t->refresh_at = t->interval_s && t->is_ours ? now_at + interval_ms / 2 : MS_NEVER;
    t->end_at = t->interval_s ? now_at + interval_ms - margin_ms : MS_NEVER;
}

ms_t sip_timer_next_at(const struct sip_timer *t)
{
    if (!t->interval_s)
        return MS_NEVER;
    return t->refresh_at < t->end_at ? t->refresh_at : t->end_at;
}

/* ---- writing ------------------------------------------------------------------------------ */

static void put_interval(struct text_out *out, uint32_t interval_s, struct text params)
{
    text_put(out, TEXT("Session-Expires: "));
    text_put_number(out, interval_s);
    text_put(out, params);
    text_put(out, TEXT("\r\n"));
}

/* Of a session that begins they choose who refreshes it (§7.1); one that stands goes on as it is,
 * by who asks (§7.4). */
void sip_timer_put_ask(struct text_out *out, const struct sip_timer *t)
{
    text_put(out, TEXT("Supported: timer\r\n"));
    put_interval(out, wanted_s(t), t->interval_s ? TEXT(";refresher=uac") : TEXT_NONE);
    text_put(out, TEXT("Min-SE: "));
    text_put_number(out, larger(SIP_TIMER_MIN_S, t->min_s));
    text_put(out, TEXT("\r\n"));
}

/* Whom we tell to refresh must know how: Require (§9). */
void sip_timer_put_answer(struct text_out *out, const struct sip_timer *t)
{
    text_put(out, TEXT("Supported: timer\r\n"));
    if (!t->interval_s)
        return;
    put_interval(out, t->interval_s, t->is_ours ? TEXT(";refresher=uas") : TEXT(";refresher=uac"));
    if (!t->is_ours)
        text_put(out, TEXT("Require: timer\r\n"));
}
