/* ice.c — see ice.h. The browser is the controlling side and full; it alone chooses. What it
 * nominated last is chosen: RFC 8445 knows regular nomination alone, and a browser that changes its
 * network nominates again, while the old pair may still seem well.
 * Cost: ICE_PAIRS_MAX comparisons. Invariant: ICE_CHOSEN has a chosen pair with consent, as of the
 * last ice_expire(). */
#include "rtc/ice.h"

enum ice_state ice_next(enum ice_state state, enum ice_event event)
{
    static const enum ice_state next[ICE_STATES][ICE_EVENTS] = {
        [ICE_WAITING] =
            {[ICE_CHECKED] = ICE_VALID, [ICE_NOMINATED] = ICE_CHOSEN, [ICE_EXPIRED] = ICE_WAITING},
        [ICE_VALID] =
            {[ICE_CHECKED] = ICE_VALID, [ICE_NOMINATED] = ICE_CHOSEN, [ICE_EXPIRED] = ICE_VALID},
        [ICE_CHOSEN] =
            {[ICE_CHECKED] = ICE_CHOSEN, [ICE_NOMINATED] = ICE_CHOSEN, [ICE_EXPIRED] = ICE_LOST},
        [ICE_LOST] =
            {[ICE_CHECKED] = ICE_LOST, [ICE_NOMINATED] = ICE_CHOSEN, [ICE_EXPIRED] = ICE_LOST},
    };
    return next[state][event];
}

void ice_begin(struct ice *ice)
{
    *ice = (struct ice){.state = ICE_WAITING};
}

static int find(const struct ice *ice, const struct address *remote)
{
    for (int i = 0; i < ICE_PAIRS_MAX; i++)
        if (ice->pairs[i].remote.family && address_equal(&ice->pairs[i].remote, remote))
            return i;
    return -1;
}

static bool has_chosen(const struct ice *ice)
{
    return ice->state == ICE_CHOSEN || ice->state == ICE_LOST;
}

/* Where a new pair goes: a free place, or that of the one heard longest ago. */
static unsigned place(const struct ice *ice)
{
    unsigned best = ICE_PAIRS_MAX;
    for (unsigned i = 0; i < ICE_PAIRS_MAX; i++) {
        const struct ice_pair *p = &ice->pairs[i];
        if (!p->remote.family)
            return i;
        if (has_chosen(ice) && i == ice->chosen_i)
            continue;
        if (best == ICE_PAIRS_MAX || p->checked_at < ice->pairs[best].checked_at)
            best = i;
    }
    return best;
}

struct ice_news ice_check(struct ice *ice, const struct ice_check *check)
{
    struct ice_news news = {0};
    int found = find(ice, &check->from);
    unsigned i = found >= 0 ? (unsigned)found : place(ice);
    struct ice_pair *p = &ice->pairs[i];
    if (found < 0) {
        news.is_valid = true;
        news.forgotten = p->remote;
        p->remote = check->from;
    }
    p->checked_at = check->at;
    bool was_there = ice->state == ICE_CHOSEN && ice->chosen_i == i;
    bool is_back = ice->state == ICE_LOST && ice->chosen_i == i; /* its consent, given again */
    bool is_nominated = check->is_used || is_back;
    ice->state = ice_next(ice->state, is_nominated ? ICE_NOMINATED : ICE_CHECKED);
    if (is_nominated) {
        ice->chosen_i = (uint8_t)i;
        news.is_chosen = !was_there;
    }
    return news;
}

static bool has_consent(const struct ice_pair *p, ms_t now_at)
{
    return p->remote.family && now_at - p->checked_at < ICE_CONSENT_MS;
}

bool ice_expire(struct ice *ice, ms_t now_at)
{
    if (ice->state != ICE_CHOSEN || has_consent(&ice->pairs[ice->chosen_i], now_at))
        return false;
    ice->state = ice_next(ice->state, ICE_EXPIRED);
    return true;
}

bool ice_may_speak(const struct ice *ice, const struct address *from, ms_t now_at)
{
    int i = find(ice, from);
    return i >= 0 && has_consent(&ice->pairs[i], now_at);
}

const struct address *ice_chosen(const struct ice *ice)
{
    return ice->state == ICE_CHOSEN ? &ice->pairs[ice->chosen_i].remote : NULL;
}
