/* leg.c — see leg.h. Called by phone/ for each message of a dialog. Cost: compares and copies.
 * Invariant: what is kept fits its bound; CSeq of ours only grows. */
#include "sip/leg.h"
#include "sip/value.h"

static struct text call_id_of(const struct sip_leg *leg)
{
    return (struct text){leg->call_id, leg->call_id_n};
}

/* The value of From without its tag, which is kept apart. With parameters behind the tag the value
 * is kept whole; has_tag says so. */
static struct text without_tag(struct text value, struct text tag, bool *has_tag)
{
    const size_t mark = sizeof(";tag=") - 1;
    size_t at = tag.n ? (size_t)(tag.p - value.p) : 0;
    bool is_last = tag.n && tag.p >= value.p && at >= mark && at + tag.n == value.n;
    *has_tag = tag.n && !is_last;
    return is_last ? (struct text){value.p, at - mark} : value;
}

static bool keep_routes(struct sip_leg *leg, const struct sip_in *in, bool reversed)
{
    struct text_out out = {.p = leg->routes, .max = sizeof(leg->routes)};
    for (uint32_t i = 0; i < in->routes_n; i++) {
        if (i)
            text_put(&out, TEXT(", "));
        text_put(&out, in->routes[reversed ? in->routes_n - 1 - i : i]);
    }
    leg->routes_n = (uint16_t)out.n;
    return !out.is_cut;
}

static bool keep_target(struct sip_leg *leg, struct text uri)
{
    return !uri.n || text_keep(leg->target, sizeof(leg->target), &leg->target_n, uri);
}

enum sip_leg_verdict sip_leg_answer(struct sip_leg *leg, const struct sip_in *in, struct text tag)
{
    *leg = (struct sip_leg){
        .remote_cseq = in->cseq, .remote_invite_cseq = in->cseq, .is_caller = false};
    struct text remote = without_tag(in->from, in->from_tag, &leg->remote_has_tag);
    bool fits =
        text_keep(leg->call_id, sizeof(leg->call_id), &leg->call_id_n, in->call_id) &&
        text_keep(leg->local_tag, sizeof(leg->local_tag), &leg->local_tag_n, tag) &&
        text_keep(leg->remote_tag, sizeof(leg->remote_tag), &leg->remote_tag_n, in->from_tag) &&
        text_keep(leg->local, sizeof(leg->local), &leg->local_n, in->to) &&
        text_keep(leg->remote, sizeof(leg->remote), &leg->remote_n, remote) &&
        keep_target(leg, in->contact_uri) && keep_routes(leg, in, false);
    return fits ? SIP_LEG_OK : SIP_LEG_TOO_LONG;
}

enum sip_leg_verdict sip_leg_call(struct sip_leg *leg, const struct sip_leg_args *args)
{
    *leg = (struct sip_leg){.local_cseq = args->cseq, .is_caller = true};
    bool fits = text_keep(leg->call_id, sizeof(leg->call_id), &leg->call_id_n, args->call_id) &&
                text_keep(leg->local_tag, sizeof(leg->local_tag), &leg->local_tag_n, args->tag) &&
                text_keep(leg->local, sizeof(leg->local), &leg->local_n, args->local) &&
                text_keep(leg->remote, sizeof(leg->remote), &leg->remote_n, args->remote) &&
                text_keep(leg->target, sizeof(leg->target), &leg->target_n, args->target) &&
                text_keep(leg->routes, sizeof(leg->routes), &leg->routes_n, args->routes);
    return fits ? SIP_LEG_OK : SIP_LEG_TOO_LONG;
}

static bool is_ours(const struct sip_leg *leg, const struct sip_in *in)
{
    struct text local = in->is_request ? in->to_tag : in->from_tag;
    struct text mine = {leg->local_tag, leg->local_tag_n};
    return text_equal(call_id_of(leg), in->call_id) && text_equal(mine, local);
}

static bool is_from_remote(const struct sip_leg *leg, struct text tag)
{
    return text_equal((struct text){leg->remote_tag, leg->remote_tag_n}, tag);
}

static enum sip_leg_verdict take_ack_or_cancel(struct sip_leg *leg, const struct sip_in *in)
{
    if (in->cseq != leg->remote_invite_cseq)
        return SIP_LEG_LATE;
    leg->is_confirmed |= !leg->is_caller && in->method == SIP_METHOD_ACK;
    return SIP_LEG_OK;
}

/* Requests that may move the target (§12.2; RFC 3311 §5.1). */
static bool moves_target(enum sip_method method)
{
    return method == SIP_METHOD_INVITE || method == SIP_METHOD_UPDATE;
}

enum sip_leg_verdict sip_leg_take_request(struct sip_leg *leg, const struct sip_in *in)
{
    if (!is_ours(leg, in) || !is_from_remote(leg, in->from_tag))
        return SIP_LEG_NOT_OURS;
    if (in->method == SIP_METHOD_ACK || in->method == SIP_METHOD_CANCEL)
        return take_ack_or_cancel(leg, in);
    if (leg->remote_cseq && in->cseq <= leg->remote_cseq)
        return SIP_LEG_LATE;
    if (moves_target(in->method) && !keep_target(leg, in->contact_uri))
        return SIP_LEG_TOO_LONG;
    leg->remote_cseq = in->cseq;
    leg->is_confirmed |= !leg->is_caller;
    if (in->method == SIP_METHOD_INVITE)
        leg->remote_invite_cseq = in->cseq;
    return SIP_LEG_OK;
}

/* What a 2xx of the first INVITE makes: tag, target and routes. */
static bool confirm(struct sip_leg *leg, const struct sip_in *in)
{
    leg->is_confirmed = true;
    return text_keep(leg->remote_tag, sizeof(leg->remote_tag), &leg->remote_tag_n, in->to_tag) &&
           keep_target(leg, in->contact_uri) && keep_routes(leg, in, true);
}

/* Before any 2xx: an early dialog, or one that another branch replaces. Target and routes change
 * with the 2xx only: a CANCEL before it goes the way of its INVITE (§9.1). */
static bool take_early(struct sip_leg *leg, const struct sip_in *in)
{
    if (in->status >= 300) {
        leg->remote_tag_n = 0; /* the next INVITE is outside any dialog again */
        return true;
    }
    if (in->status >= 200)
        return confirm(leg, in);
    return text_keep(leg->remote_tag, sizeof(leg->remote_tag), &leg->remote_tag_n, in->to_tag);
}

enum sip_leg_verdict sip_leg_take_response(struct sip_leg *leg, const struct sip_in *in)
{
    if (!is_ours(leg, in))
        return SIP_LEG_NOT_OURS;
    if (!moves_target(in->method) || in->status <= 100 || !in->to_tag.n)
        return SIP_LEG_OK;
    struct sip_leg next = *leg;
    bool fits = true;
    if (leg->is_caller && !leg->is_confirmed && in->method == SIP_METHOD_INVITE)
        fits = take_early(&next, in);
    else if (!is_from_remote(leg, in->to_tag))
        return in->status < 300 ? SIP_LEG_FORK : SIP_LEG_OK;
    else if (in->status >= 200 && in->status < 300)
        fits = keep_target(&next, in->contact_uri); /* routes stay as they are (§12.2) */
    if (!fits)
        return SIP_LEG_TOO_LONG;
    *leg = next;
    return SIP_LEG_OK;
}

enum sip_leg_verdict sip_leg_fork(struct sip_leg *fork, const struct sip_leg *leg,
                                  const struct sip_in *in)
{
    *fork = *leg;
    fork->local_cseq = leg->local_cseq; /* its branches have one counter: it only grows */
    fork->remote_cseq = 0;
    return confirm(fork, in) ? SIP_LEG_OK : SIP_LEG_TOO_LONG;
}

static struct text put_party(struct text_out *out, struct text party, struct text tag)
{
    size_t begin = out->n;
    text_put(out, party);
    if (tag.n) {
        text_put(out, TEXT(";tag="));
        text_put(out, tag);
    }
    return (struct text){out->p + begin, out->n - begin};
}

/* The URI in the first < > of a Route value; empty when there is none. */
static struct text first_uri(struct text routes)
{
    text_cut(&routes, '<');
    return routes.n ? text_cut(&routes, '>') : TEXT_NONE;
}

/* Does a URI have the parameter lr? */
static bool is_loose(struct text uri)
{
    struct sip_uri_parts parts;
    bool has;
    if (!sip_value_uri(uri, &parts))
        return false;
    sip_value_param(text_cut(&parts.params, '?'), TEXT("lr"), &has);
    return has;
}

/* Towards a strict router (RFC 2543): it is the Request-URI, and the target stands last
 * (§12.2.1.1).
 */
static void go_strictly(struct sip_ask *ask, struct text_out *scratch)
{
    struct text rest = ask->routes, uri = first_uri(ask->routes);
    if (!uri.n || is_loose(uri))
        return;
    size_t begin = scratch->n;
    text_cut(&rest, '>');
    text_cut(&rest, ',');
    rest = text_trim(rest);
    text_put(scratch, rest);
    text_put(scratch, rest.n ? TEXT(", <") : TEXT("<"));
    text_put(scratch, ask->request_uri);
    text_put(scratch, TEXT(">"));
    ask->request_uri = uri;
    ask->routes = (struct text){scratch->p + begin, scratch->n - begin};
}

bool sip_leg_ask(struct sip_leg *leg, const struct sip_leg_request *request,
                 struct text_out *scratch, struct sip_ask *ask)
{
    bool of_invite = request->method == SIP_METHOD_ACK || request->method == SIP_METHOD_CANCEL;
    if (!of_invite)
        leg->local_cseq++;
    if (request->method == SIP_METHOD_INVITE)
        leg->invite_cseq = leg->local_cseq;
    struct text local_tag = {leg->local_tag, leg->local_tag_n};
    struct text remote_tag = {leg->remote_tag, leg->remote_tag_n};
    bool is_first_cancel = request->method == SIP_METHOD_CANCEL && !leg->is_confirmed;
    if (is_first_cancel || leg->remote_has_tag)
        remote_tag = TEXT_NONE; /* To as in the INVITE (§9.1); or the tag is in the party */
    *ask = (struct sip_ask){
        .method = request->method,
        .request_uri = {leg->target, leg->target_n},
        .via = request->via,
        .routes = {leg->routes, leg->routes_n},
        .from = put_party(scratch, (struct text){leg->local, leg->local_n}, local_tag),
        .to = request->to.n
                  ? request->to
                  : put_party(scratch, (struct text){leg->remote, leg->remote_n}, remote_tag),
        .call_id = call_id_of(leg),
        .cseq = of_invite ? leg->invite_cseq : leg->local_cseq,
    };
    go_strictly(ask, scratch);
    return !scratch->is_cut;
}
