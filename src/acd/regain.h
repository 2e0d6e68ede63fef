/* regain.h — which places may be taken back by calling again (design §3.8). Included by files of
 * acd/ only. */
#ifndef ACD_REGAIN_H
#define ACD_REGAIN_H

#include "acd/state.h"

/* A drop whose window has not passed; or a promise, while nobody is being called. */
static inline bool regain_is_open(const struct contact *c, ms_t now_at)
{
    bool is_promise = c->flags & CONTACT_DIALLED && !(c->flags & CONTACT_ON_LINE) &&
                      (c->state == CONTACT_PROMISED || c->state == CONTACT_WAITING);
    bool is_drop = c->state == CONTACT_DROPPED && c->due_at > now_at;
    return (is_promise || is_drop) && c->medium == MEDIUM_VOICE &&
           contact_returns_n(c) < ACD_RETURNS_MAX;
}

/* Whom we promised a call unasked, for we had cut them off. */
static inline bool regain_is_by_house(const struct contact *c)
{
    return c->flags & CONTACT_DIALLED && c->flags & CONTACT_DISCREET && c->flags & CONTACT_BY_FAULT;
}

/* The line was cut by us. Who was told that we cannot answer today was not cut off in that sense.
 */
static inline bool regain_is_ours(const struct contact *c)
{
    bool was_cut = c->flags & (CONTACT_BY_FAULT | CONTACT_BY_SYSTEM);
    if (c->flags & CONTACT_DIALLED)
        return regain_is_by_house(c);
    return was_cut && !(c->flags & CONTACT_SENT_AWAY);
}

#endif
