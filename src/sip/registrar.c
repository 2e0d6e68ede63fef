/* registrar.c — see registrar.h. A REGISTER is first judged whole, then done whole: what each of
 * its contacts means is worked out in a plan that changes nothing. Called by phone/. Cost: at most
 * SIP_REGISTRAR_CONTACTS_MAX² compares of URIs and as many heap changes. Invariant: a binding that
 * is used is in the list of its address and has a timer. */
#include <string.h>

#include "sip/registrar.h"

/* What a request comes to. slot[i]: the binding of contact i, SLOT_NONE for a new one. */
struct plan {
    enum sip_registrar_verdict verdict;
    uint32_t slot[SIP_REGISTRAR_CONTACTS_MAX], expires_s[SIP_REGISTRAR_CONTACTS_MAX];
    bool is_moot[SIP_REGISTRAR_CONTACTS_MAX]; /* said again further on: the last one counts */
    uint32_t added_n, refreshed_n, removed_n, evicted_n;
};

unsigned sip_registrar_status(enum sip_registrar_verdict verdict)
{
    static const uint16_t statuses[] = {
        [SIP_REGISTRAR_OK] = 200,   [SIP_REGISTRAR_TOO_BRIEF] = 423, [SIP_REGISTRAR_LATE] = 500,
        [SIP_REGISTRAR_BAD] = 400,  [SIP_REGISTRAR_TOO_LONG] = 400,  [SIP_REGISTRAR_TOO_MANY] = 403,
        [SIP_REGISTRAR_FULL] = 503,
    };
    return statuses[verdict];
}

void sip_registrar_open(struct sip_registrar *r, struct arena *arena,
                        const struct sip_registrar_limits *limits)
{
    r->limits = *limits;
    r->bindings = arena_take(arena, limits->bindings_max, sizeof(*r->bindings));
    map_open(&r->first, arena, limits->bindings_max);
    heap_open(&r->timers, arena, limits->bindings_max);
    r->used = r->n = 0;
    r->free = SLOT_NONE;
}

/* ---- lists -------------------------------------------------------------------------------- */

static uint32_t first_of(const struct sip_registrar *r, uint64_t aor)
{
    return aor ? map_get(&r->first, aor) : SLOT_NONE;
}

static void put_first(struct sip_registrar *r, uint64_t aor, uint32_t slot)
{
    if (slot == SLOT_NONE)
        map_remove(&r->first, aor);
    else
        map_put(&r->first, aor, slot);
}

static void unlink_binding(struct sip_registrar *r, uint32_t slot)
{
    uint64_t aor = r->bindings[slot].aor;
    uint32_t at = first_of(r, aor);
    if (at == slot) {
        put_first(r, aor, r->bindings[slot].next);
        return;
    }
    while (r->bindings[at].next != slot)
        at = r->bindings[at].next;
    r->bindings[at].next = r->bindings[slot].next;
}

static void link_binding(struct sip_registrar *r, uint32_t slot)
{
    struct sip_binding *b = &r->bindings[slot];
    b->next = first_of(r, b->aor);
    put_first(r, b->aor, slot);
}

static void remove_binding(struct sip_registrar *r, uint32_t slot)
{
    unlink_binding(r, slot);
    heap_remove(&r->timers, slot);
    r->bindings[slot].is_used = false;
    r->bindings[slot].next = r->free;
    r->free = slot;
    r->n--;
}

static uint32_t take_slot(struct sip_registrar *r)
{
    uint32_t slot = r->free;
    if (slot != SLOT_NONE)
        r->free = r->bindings[slot].next;
    else
        slot = r->used++;
    r->n++;
    return slot;
}

/* ---- judging ------------------------------------------------------------------------------ */

/* Where the host begins. */
static size_t host_at(struct text uri)
{
    for (size_t i = uri.n; i > 0; i--)
        if (uri.p[i - 1] == '@')
            return i;
    return 0;
}

/* RFC 3261 §19.1.4 as far as phones need it: the user part by its case, the rest without. */
static bool same_uri(struct text a, struct text b)
{
    size_t at = host_at(a);
    return a.n == b.n && host_at(b) == at && (!at || !memcmp(a.p, b.p, at)) &&
           text_equal_fold(text_after(a, at), text_after(b, at));
}

static uint32_t find(const struct sip_registrar *r, uint64_t aor, struct text uri)
{
    uint32_t slot = first_of(r, aor);
    while (slot != SLOT_NONE) {
        const struct sip_binding *b = &r->bindings[slot];
        if (same_uri((struct text){b->uri, b->uri_n}, uri))
            return slot;
        slot = b->next;
    }
    return SLOT_NONE;
}

/* §10.3 step 7: of one Call-ID, a later CSeq only. */
static bool is_late(const struct sip_binding *b, const struct sip_registrar_request *q)
{
    return text_equal((struct text){b->call_id, b->call_id_n}, q->call_id) && q->cseq <= b->cseq;
}

/* The time that a contact gets, 0 to remove it. False: too brief. */
static bool grant(const struct sip_registrar_limits *limits, const struct sip_registrar_request *q,
                  const struct sip_registrar_contact *c, uint32_t *expires_s)
{
    uint32_t s = limits->expires_s_default;
    if (c->has_expires)
        s = c->expires_s;
    else if (q->has_expires)
        s = q->expires_s;
    *expires_s = s < limits->expires_s_max ? s : limits->expires_s_max;
    return s == 0 || s >= limits->expires_s_min;
}

/* Nothing that would end the <…> in which we write it back, and no space or control. */
static bool is_plain(struct text uri)
{
    for (size_t i = 0; i < uri.n; i++)
        if ((unsigned char)uri.p[i] <= ' ' || uri.p[i] == '<' || uri.p[i] == '>')
            return false;
    return uri.n > 0;
}

static bool is_said_again(const struct sip_registrar_request *q, uint32_t i)
{
    for (uint32_t j = i + 1; j < q->contacts_n; j++)
        if (same_uri(q->contacts[i].uri, q->contacts[j].uri))
            return true;
    return false;
}

static enum sip_registrar_verdict judge_contact(const struct sip_registrar *r, struct plan *plan,
                                                const struct sip_registrar_request *q, uint32_t i)
{
    const struct sip_registrar_contact *c = &q->contacts[i];
    if (!is_plain(c->uri))
        return SIP_REGISTRAR_BAD;
    if (c->uri.n > SIP_TARGET_MAX)
        return SIP_REGISTRAR_TOO_LONG;
    if (!grant(&r->limits, q, c, &plan->expires_s[i]))
        return SIP_REGISTRAR_TOO_BRIEF;
    plan->is_moot[i] = is_said_again(q, i);
    plan->slot[i] = find(r, q->aor, c->uri);
    bool is_known = plan->slot[i] != SLOT_NONE;
    if (is_known && is_late(&r->bindings[plan->slot[i]], q))
        return SIP_REGISTRAR_LATE;
    if (plan->is_moot[i])
        return SIP_REGISTRAR_OK;
    plan->added_n += !is_known && plan->expires_s[i];
    plan->refreshed_n += is_known && plan->expires_s[i];
    plan->removed_n += is_known && !plan->expires_s[i];
    return SIP_REGISTRAR_OK;
}

static enum sip_registrar_verdict judge_wildcard(const struct sip_registrar *r,
                                                 const struct sip_registrar_request *q)
{
    if (q->contacts_n || !q->has_expires || q->expires_s)
        return SIP_REGISTRAR_BAD;
    for (const struct sip_binding *b = NULL; (b = sip_registrar_next(r, q->aor, b));)
        if (is_late(b, q))
            return SIP_REGISTRAR_LATE;
    return SIP_REGISTRAR_OK;
}

/* Is there room for what the plan adds, and who must go for it? */
static enum sip_registrar_verdict judge_room(const struct sip_registrar *r, struct plan *plan,
                                             uint64_t aor)
{
    uint32_t n = plan->added_n;
    for (const struct sip_binding *b = NULL; (b = sip_registrar_next(r, aor, b));)
        n++;
    n -= plan->removed_n;
    if (n > SIP_REGISTRAR_CONTACTS_MAX)
        plan->evicted_n = n - SIP_REGISTRAR_CONTACTS_MAX;
    if (plan->evicted_n && !r->limits.replaces_oldest)
        return SIP_REGISTRAR_TOO_MANY;
    uint32_t total = r->n + plan->added_n - plan->removed_n - plan->evicted_n;
    return total > r->limits.bindings_max ? SIP_REGISTRAR_FULL : SIP_REGISTRAR_OK;
}

static enum sip_registrar_verdict judge(const struct sip_registrar *r, struct plan *plan,
                                        const struct sip_registrar_request *q)
{
    if (q->call_id.n > SIP_CALL_ID_MAX)
        return SIP_REGISTRAR_TOO_LONG;
    if (q->is_wildcard)
        return judge_wildcard(r, q);
    if (q->contacts_n > SIP_REGISTRAR_CONTACTS_MAX)
        return SIP_REGISTRAR_TOO_MANY;
    for (uint32_t i = 0; i < q->contacts_n; i++) {
        enum sip_registrar_verdict v = judge_contact(r, plan, q, i);
        if (v != SIP_REGISTRAR_OK)
            return v;
    }
    return judge_room(r, plan, q->aor);
}

/* ---- doing -------------------------------------------------------------------------------- */

static bool is_named(const struct plan *plan, uint32_t contacts_n, uint32_t slot)
{
    for (uint32_t i = 0; i < contacts_n; i++)
        if (plan->slot[i] == slot)
            return true;
    return false;
}

/* The binding that would expire first, of those that the request does not speak of. */
static void evict(struct sip_registrar *r, const struct plan *plan,
                  const struct sip_registrar_request *q)
{
    uint32_t oldest = SLOT_NONE;
    for (uint32_t at = first_of(r, q->aor); at != SLOT_NONE; at = r->bindings[at].next) {
        bool is_older =
            oldest == SLOT_NONE || r->bindings[at].expires_at <= r->bindings[oldest].expires_at;
        if (is_older && !is_named(plan, q->contacts_n, at))
            oldest = at;
    }
    assert(oldest != SLOT_NONE); /* four at most are named, and there are more */
    remove_binding(r, oldest);
}

static void write_binding(struct sip_registrar *r, const struct sip_registrar_request *q,
                          const struct plan *plan, uint32_t i)
{
    uint32_t slot = plan->slot[i];
    if (slot == SLOT_NONE)
        slot = take_slot(r);
    else
        unlink_binding(r, slot);
    struct sip_binding *b = &r->bindings[slot];
    *b = (struct sip_binding){.aor = q->aor, .source = q->source, .cseq = q->cseq, .is_used = true};
    bool fits = text_keep(b->uri, sizeof(b->uri), &b->uri_n, q->contacts[i].uri) &&
                text_keep(b->call_id, sizeof(b->call_id), &b->call_id_n, q->call_id);
    assert(fits); /* judged before */
    link_binding(r, slot);
}

static void apply(struct sip_registrar *r, const struct sip_registrar_request *q,
                  const struct plan *plan, ms_t now_at)
{
    for (uint32_t i = 0; i < q->contacts_n; i++)
        if (!plan->is_moot[i] && !plan->expires_s[i] && plan->slot[i] != SLOT_NONE)
            remove_binding(r, plan->slot[i]);
    for (uint32_t i = 0; i < plan->evicted_n; i++)
        evict(r, plan, q);
    for (uint32_t i = 0; i < q->contacts_n; i++) {
        if (plan->is_moot[i] || !plan->expires_s[i])
            continue;
        write_binding(r, q, plan, i);
        uint32_t slot = first_of(r, q->aor);
        r->bindings[slot].expires_at = now_at + (ms_t)plan->expires_s[i] * 1000;
        heap_set(&r->timers, slot, r->bindings[slot].expires_at, 0);
    }
}

struct sip_registrar_done sip_registrar_take(struct sip_registrar *r,
                                             const struct sip_registrar_request *q, ms_t now_at)
{
    assert(q->aor);
    struct plan plan = {0};
    struct sip_registrar_done done = {.verdict = judge(r, &plan, q)};
    if (done.verdict != SIP_REGISTRAR_OK)
        return done;
    uint32_t before_n = r->n;
    if (q->is_wildcard) {
        sip_registrar_forget(r, q->aor);
        done.removed_n = before_n - r->n;
        return done;
    }
    apply(r, q, &plan, now_at);
    done.added_n = plan.added_n;
    done.refreshed_n = plan.refreshed_n;
    done.removed_n = plan.removed_n + plan.evicted_n;
    return done;
}

bool sip_registrar_restore(struct sip_registrar *r, const struct sip_binding *b)
{
    bool is_sound = b->is_used && b->aor && b->uri_n && b->uri_n <= sizeof(b->uri) &&
                    b->call_id_n <= sizeof(b->call_id);
    uint32_t of_aor_n = 0;
    for (uint32_t at = first_of(r, b->aor); at != SLOT_NONE; at = r->bindings[at].next)
        of_aor_n++;
    if (!is_sound || r->n == r->limits.bindings_max || of_aor_n == SIP_REGISTRAR_CONTACTS_MAX)
        return false;
    uint32_t slot = take_slot(r);
    r->bindings[slot] = *b;
    link_binding(r, slot);
    heap_set(&r->timers, slot, b->expires_at, 0);
    return true;
}

void sip_registrar_forget(struct sip_registrar *r, uint64_t aor)
{
    for (uint32_t slot; (slot = first_of(r, aor)) != SLOT_NONE;)
        remove_binding(r, slot);
}

/* ---- looking ------------------------------------------------------------------------------ */

void sip_registrar_cut(struct sip_registrar *r, uint32_t place, ms_t now_at)
{
    r->bindings[place].expires_at = now_at;
    heap_set(&r->timers, place, now_at, 0);
}

void sip_registrar_expire(struct sip_registrar *r, uint64_t aor, ms_t now_at)
{
    for (uint32_t slot = first_of(r, aor); slot != SLOT_NONE; slot = r->bindings[slot].next)
        sip_registrar_cut(r, slot, now_at);
}

const struct sip_binding *sip_registrar_next(const struct sip_registrar *r, uint64_t aor,
                                             const struct sip_binding *before)
{
    uint32_t slot = before ? before->next : first_of(r, aor);
    return slot == SLOT_NONE ? NULL : &r->bindings[slot];
}

bool sip_registrar_put_contacts(struct text_out *out, const struct sip_registrar *r, uint64_t aor,
                                ms_t now_at)
{
    for (const struct sip_binding *b = NULL; (b = sip_registrar_next(r, aor, b));) {
        ms_t left_ms = b->expires_at > now_at ? b->expires_at - now_at : 0;
        text_put(out, TEXT("Contact: <"));
        text_put(out, (struct text){b->uri, b->uri_n});
        text_put(out, TEXT(">;expires="));
        text_put_number(out, (uint64_t)((left_ms + 999) / 1000));
        text_put(out, TEXT("\r\n"));
    }
    return !out->is_cut;
}

ms_t sip_registrar_next_at(const struct sip_registrar *r)
{
    const struct heap_entry *first = heap_first(&r->timers);
    return first ? first->at : MS_NEVER;
}

bool sip_registrar_due(struct sip_registrar *r, ms_t now_at, struct sip_binding *gone)
{
    const struct heap_entry *first = heap_first(&r->timers);
    if (!first || first->at > now_at)
        return false;
    uint32_t slot = first->item;
    *gone = r->bindings[slot];
    remove_binding(r, slot);
    return true;
}
