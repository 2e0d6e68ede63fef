/* trunks_operator.c — an operator at the other end of a trunk: it answers, is silent, challenges,
 * fails or is late, says its last word again until it is acknowledged, and counts what it was sent.
 * Called by trunks.c. Cost: O(visits) a message. */
#include "test/prop/trunks_life.h"

/* ---- what an operator reads ----------------------------------------------------------------- */

static void keep_after(char *to, size_t max, const char *message, const char *mark)
{
    const char *at = strstr(message, mark);
    size_t n = at ? strcspn(at + strlen(mark), ";\r\n") : 0;
    snprintf(to, max, "%.*s", (int)n, at ? at + strlen(mark) : "");
}

bool is_method(const char *message, const char *method)
{
    size_t n = strlen(method);
    return !strncmp(message, method, n) && message[n] == ' ';
}

/* By branch, else the last of that call; NULL: none. */
static struct visit *visit_of(struct operator* o, const char *message)
{
    char branch[64], call_id[64];
    keep_after(branch, sizeof(branch), message, ";branch=");
    keep_after(call_id, sizeof(call_id), message, "\r\nCall-ID: ");
    for (unsigned i = o->visits_n; i-- > 0;)
        if (!strcmp(o->visits[i].branch, branch))
            return &o->visits[i];
    for (unsigned i = o->visits_n; i-- > 0;)
        if (!strcmp(o->visits[i].call_id, call_id))
            return &o->visits[i];
    return NULL;
}

/* ---- what an operator says ------------------------------------------------------------------ */

static const char challenge[] =
    "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"op\", nonce=\"n\", qop=\"auth\", "
    "algorithm=MD5";
static const char proxy_challenge[] =
    "407 Proxy\r\nProxy-Authenticate: Digest realm=\"op\", nonce=\"n\", algorithm=MD5, "
    "stale=true";

static void put_answer(struct operator* o, const char *request, const char *status, char *to)
{
    char copied[2048];
    const char *body = !strncmp(status, "200", 3) && is_method(request, "INVITE") ? SDP : "";
    snprintf(o->peer.request, sizeof(o->peer.request), "%s", request);
    desk_copied(&o->peer, copied, sizeof(copied), "theirs");
    snprintf(to, BYTES_MAX,
             "SIP/2.0 %s\r\n%sContact: <sip:op@%s:%u>\r\n%sContent-Length: %zu\r\n\r\n%s", status,
             copied, o->peer.ip, peer_port(&o->peer),
             *body ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
}

static void answer(struct life *l, unsigned i, const char *request, const char *status)
{
    static char bytes[BYTES_MAX];
    put_answer(&l->operators[i], request, status, bytes);
    send_back(l, i, bytes);
}

static void say(struct life *l, unsigned i, struct visit *v, const char *status)
{
    put_answer(&l->operators[i], v->request, status, v->said);
    send_back(l, i, v->said);
    v->is_final = *status >= '2';
    v->is_ok = *status == '2';
    if (!v->is_final)
        return;
    v->say_at = MS_NEVER;
    v->again_at = l->now_at + AGAIN_MS;
    if (v->is_ok && perhaps(l, 40))
        v->bye_at = within(l, 0, 20000);
}

static const char *failure(struct life *l)
{
    static const char *const all[] = {"503 Unavailable", "500 Error",  "403 Forbidden",
                                      "408 Timeout",     "486 Busy",   "404 Not Found",
                                      "603 Decline",     "502 Gateway"};
    return all[prng_below(&l->chance, ARRAY_LEN(all))];
}

/* Its next word on an INVITE. */
static void say_next(struct life *l, unsigned i, struct visit *v)
{
    v->say_at = MS_NEVER;
    bool challenges = !v->is_proved || l->operators[i].is_stubborn || perhaps(l, 30);
    if (v->temper == CHALLENGING && challenges) {
        say(l, i, v, perhaps(l, 50) ? challenge : proxy_challenge);
    } else if (v->temper == FAILING) {
        say(l, i, v, failure(l));
    } else if (!v->said[0] && perhaps(l, 70)) {
        say(l, i, v, perhaps(l, 50) ? "180 Ringing" : "183 Progress");
        v->say_at = perhaps(l, 80) ? within(l, 0, 15000) : MS_NEVER;
    } else {
        say(l, i, v, perhaps(l, 80) ? "200 OK" : failure(l));
    }
}

static void say_bye(struct life *l, unsigned i, struct visit *v)
{
    static char bytes[BYTES_MAX];
    char from[512], to[512];
    struct operator* o = & l->operators[i];
    const char *at = strstr(v->said, "\r\nTo: "), *other = strstr(v->request, "\r\nFrom: ");
    snprintf(from, sizeof(from), "%.*s", (int)strcspn(at + 6, "\r"), at + 6);
    snprintf(to, sizeof(to), "%.*s", (int)strcspn(other + 8, "\r"), other + 8);
    snprintf(bytes, sizeof(bytes),
             "BYE sip:decroche@h SIP/2.0\r\nVia: SIP/2.0/UDP %s:%u;branch=z9hG4bKb%s\r\n"
             "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 9 BYE\r\nContent-Length: 0\r\n\r\n",
             o->peer.ip, peer_port(&o->peer), v->branch, from, to, v->call_id);
    send_back(l, i, bytes);
    v->is_over = true;
}

/* ---- what an operator does with a message --------------------------------------------------- */

static void count_invite(struct life *l, unsigned i, const struct visit *v)
{
    struct operator* o = & l->operators[i];
    if (v->is_proved && ++o->proofs_n[v->call_i] > SIP_TRUNK_PROOFS_MAX)
        fail_life("proofs: more credentials than may be given for one call");
    if (!v->is_proved && ++o->invites_n[v->call_i] > 1)
        fail_life("tried_once: one trunk was tried twice for one call");
    met.proofs_n += v->is_proved;
    for (unsigned j = 0; j < OPERATORS && !v->is_proved; j++)
        met.next_n += j != i && l->operators[j].invites_n[v->call_i];
}

/* At its departure, before the line may lose it: what was sent is what counts. */
void operator_notes(struct life *l, unsigned i, const char *message)
{
    struct operator* o = & l->operators[i];
    char branch[64];
    const char mark[] = "INVITE sip:+";
    uint64_t number = 0;
    keep_after(branch, sizeof(branch), message, ";branch=");
    for (unsigned j = 0; j < o->visits_n; j++)
        if (!strcmp(o->visits[j].branch, branch))
            return;
    if (o->visits_n == VISITS_MAX)
        fail_life("room");
    struct visit *v = &o->visits[o->visits_n++];
    bool is_read = !strncmp(message, mark, sizeof(mark) - 1) &&
                   text_number((struct text){message + sizeof(mark) - 1,
                                             strcspn(message + sizeof(mark) - 1, "@")},
                               UINT64_MAX, &number);
    if (!is_read || number < FIRST_NUMBER || number >= FIRST_NUMBER + l->calls_n)
        fail_life("tried_once: a number that nobody dialled");
    *v = (struct visit){.call_i = (unsigned)(number - FIRST_NUMBER),
                        .is_proved = strstr(message, "uthorization: Digest") != NULL,
                        .temper = o->temper,
                        .say_at = MS_NEVER,
                        .again_at = MS_NEVER,
                        .bye_at = MS_NEVER};
    if (o->temper == MOODY)
        v->temper = (enum temper)prng_below(&l->chance, MOODY);
    snprintf(v->branch, sizeof(v->branch), "%s", branch);
    keep_after(v->call_id, sizeof(v->call_id), message, "\r\nCall-ID: ");
    count_invite(l, i, v);
}

static void on_invite(struct life *l, unsigned i, struct visit *v, const char *message)
{
    if (v->said[0]) {
        send_back(l, i, v->said);
    } else if (!v->request[0]) {
        snprintf(v->request, sizeof(v->request), "%s", message);
        if (v->temper != SILENT && v->temper != LATE && perhaps(l, 80))
            answer(l, i, message, "100 Trying");
        if (v->temper == LATE)
            v->say_at = within(l, 1000, 40000);
        else if (v->temper != SILENT)
            v->say_at = within(l, 0, 3000);
    }
}

static void on_cancel(struct life *l, unsigned i, struct visit *v, const char *message)
{
    met.cancels_n++;
    answer(l, i, message, "200 OK");
    if (!v->is_final && v->request[0])
        say(l, i, v, "487 Cancelled");
}

static void on_ask(struct life *l, unsigned i, const char *message)
{
    struct operator* o = & l->operators[i];
    if (o->temper == SILENT || (o->temper == LATE && perhaps(l, 50)))
        return;
    if (o->temper == CHALLENGING && is_method(message, "REGISTER") &&
        (o->is_stubborn || !strstr(message, "uthorization: Digest")))
        answer(l, i, message, challenge);
    else
        answer(l, i, message, o->temper == FAILING ? failure(l) : "200 OK");
}

void operator_takes(struct life *l, unsigned i, const char *message)
{
    struct visit *v = visit_of(&l->operators[i], message);
    if (is_method(message, "OPTIONS") || is_method(message, "REGISTER")) {
        on_ask(l, i, message);
    } else if (v && is_method(message, "INVITE")) {
        on_invite(l, i, v, message);
    } else if (v && is_method(message, "CANCEL")) {
        on_cancel(l, i, v, message);
    } else if (v && is_method(message, "ACK")) {
        v->is_acked = true;
        v->again_at = MS_NEVER;
    } else if (is_method(message, "BYE")) {
        answer(l, i, message, v ? "200 OK" : "481 Unknown");
        if (v) {
            met.ghosts_n += l->calls[v->call_i].id && !l->calls[v->call_i].is_over;
            v->is_over = true;
            v->again_at = MS_NEVER;
        }
    }
}

void operator_acts(struct life *l, unsigned i)
{
    for (unsigned j = 0; j < l->operators[i].visits_n; j++) {
        struct visit *v = &l->operators[i].visits[j];
        if (v->say_at <= l->now_at)
            say_next(l, i, v);
        if (v->again_at <= l->now_at) {
            send_back(l, i, v->said);
            v->again_at = ++v->again_n < AGAINS_MAX ? l->now_at + AGAIN_MS * v->again_n : MS_NEVER;
        }
        if (v->bye_at <= l->now_at) {
            v->bye_at = MS_NEVER;
            if (!v->is_over && v->is_acked)
                say_bye(l, i, v);
        }
    }
}
