/* accounts_session.c — see accounts.h: the cookie of a browser, whose it is, how long it is good.
 * Called by pages.c at each request that a connection alone does not open. Invariant: the disk
 * decides; nothing here remembers who is signed in. */
#include <string.h>

#include "access/form.h"
#include "app/accounts.h"

static const struct text names[] = {[ACCOUNTS_NO_WAY] = {"", 0},
                                    [ACCOUNTS_TLS] = {"__Host-decroche", 15},
                                    [ACCOUNTS_LOCAL] = {"decroche", 8}};

enum accounts_way accounts_way(const struct pages_browser *b)
{
    if (b->is_tls || text_equal_fold(text_trim(b->proto), TEXT("https")))
        return ACCOUNTS_TLS;
    bool is_here = address_is_loopback(&b->peer) && !b->is_forwarded && form_is_loopback(b->host);
    return is_here ? ACCOUNTS_LOCAL : ACCOUNTS_NO_WAY;
}

void accounts_cookie(char to[PAGES_COOKIE_BYTES], enum accounts_way way, const char *secret)
{
    struct text_out out = {.p = to, .max = PAGES_COOKIE_BYTES - 1};
    text_put(&out, names[way]);
    text_put(&out, TEXT("="));
    for (unsigned i = 0; secret && i < SESSION_SECRET_BYTES; i++) {
        char two[2];
        text_hex(two, (uint8_t)secret[i], 2);
        text_put(&out, (struct text){two, 2});
    }
    text_put(&out, TEXT("; Path=/; HttpOnly; SameSite=Strict"));
    if (way == ACCOUNTS_TLS)
        text_put(&out, TEXT("; Secure"));
    if (!secret)
        text_put(&out, TEXT("; Max-Age=0"));
    to[out.n] = '\0';
    assert(!out.is_cut);
}

/* Of the session's id, which no page ever shows, so that a form outlives the secret of its day. */
static void put_csrf(const struct accounts_port *port, struct accounts_session *s)
{
    char bytes[5 + sizeof(s->session.id)] = {'c', 's', 'r', 'f', ':'};
    uint8_t hash[SESSION_HASH_BYTES];
    memcpy(bytes + 5, &s->session.id, sizeof(s->session.id));
    port->hash(port->arg, hash, (struct text){bytes, sizeof(bytes)});
    for (unsigned i = 0; i < SESSION_HASH_BYTES; i++)
        text_hex(s->csrf + 2 * i, hash[i], 2);
    s->csrf[ACCOUNTS_SECRET_TEXT] = '\0';
}

static void put_rights(struct accounts_session *s, unsigned scope_n)
{
    struct rights *r = &s->rights;
    *r = (struct rights){.account_id = s->account.id,
                         .agent = text_of(s->account.agent),
                         .roles = s->account.roles,
                         .is_whole = s->account.is_whole};
    for (unsigned i = 0; i < scope_n; i++) {
        struct text name = text_of(s->scope[i].name);
        if (s->scope[i].kind == ACCOUNT_SITE)
            r->sites[r->sites_n++] = name;
        else
            r->services[r->services_n++] = name;
    }
}

static ms_t end_of(const struct accounts *a, const struct account_session *s, ms_t now_at)
{
    ms_t idle_at = now_at + a->args.idle_ms, longest_at = s->born_at + a->args.longest_ms;
    return idle_at < longest_at ? idle_at : longest_at;
}

/* Not waited for: what is lost is one minute of a session. */
static void note_seen(struct accounts *a, const struct account_session *s, ms_t now_at)
{
    struct journal_row row = {.kind = JOURNAL_ROW_SESSION};
    if (s->is_replaced || now_at - s->seen_at < ACCOUNTS_SEEN_MS)
        return;
    row.session = *s;
    row.session.step = SESSION_SEEN;
    row.session.seen_at = now_at;
    row.session.ends_at = end_of(a, s, now_at);
    (void)a->args.port->post(a->args.port->post_arg, &row, 1);
}

/* A cookie of the name that this way has, and no other. */
static bool read_secret(const struct pages_browser *b, char secret[SESSION_SECRET_BYTES])
{
    struct text value;
    enum accounts_way way = accounts_way(b);
    return way != ACCOUNTS_NO_WAY && form_cookie(&value, b->cookie, names[way]) &&
           form_hex((uint8_t *)secret, SESSION_SECRET_BYTES, value);
}

bool accounts_session(struct accounts *a, const struct pages_request *request,
                      struct accounts_session *s)
{
    const struct accounts_port *port = a->args.port;
    const struct accounts_pending *p = accounts_find(a, request->order_id);
    char secret[SESSION_SECRET_BYTES];
    uint8_t hash[SESSION_HASH_BYTES];
    unsigned scope_n = 0;
    if (!read_secret(&request->browser, secret))
        return false;
    port->hash(port->arg, hash, (struct text){secret, sizeof(secret)});
    if (p && p->kind == ACCOUNTS_SIGN_OUT) { /* it has just ended: by this very request */
        *s = p->of;
        put_rights(s, 0);
    } else if (port->session(port->arg, hash, request->now_at, &s->session, &s->account) ||
               port->scope(port->arg, s->account.id, s->scope, &scope_n)) {
        return false;
    } else {
        put_rights(s, scope_n);
        note_seen(a, &s->session, request->now_at);
    }
    put_csrf(port, s);
    explicit_bzero(secret, sizeof(secret));
    return true;
}

bool accounts_is_ours(const struct accounts_session *s, const struct pages_request *r)
{
    const struct form_source source = {r->browser.site, r->browser.origin, r->browser.host};
    char field[ACCOUNTS_SECRET_TEXT];
    struct text_out out = {.p = field, .max = sizeof(field)};
    struct text given = r->browser.csrf;
    unsigned different = 0;
    if (!given.n && form_field(&out, r->body, "csrf"))
        given = (struct text){field, out.n};
    if (given.n != ACCOUNTS_SECRET_TEXT || !form_is_ours(&source))
        return false;
    for (unsigned i = 0; i < ACCOUNTS_SECRET_TEXT; i++)
        different |= (unsigned)(given.p[i] ^ s->csrf[i]);
    return different == 0;
}

/* ---- a secret's life ---------------------------------------------------------------------- */

bool accounts_begin(struct accounts *a, struct accounts_pending *p, ms_t now_at)
{
    const struct accounts_port *port = a->args.port;
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_SESSION);
    row->session = p->of.session; /* of one that is renewed: its id, since when */
    row->session.step = SESSION_MADE;
    row->session.made_at = row->session.seen_at = now_at;
    row->session.account_id = p->account.id;
    if (!port->random(port->arg, p->secret, sizeof(p->secret)))
        return false;
    port->hash(port->arg, row->session.hash, (struct text){p->secret, sizeof(p->secret)});
    if (!row->session.id) {
        row->session.born_at = now_at;
        if (!port->random(port->arg, &row->session.id, sizeof(row->session.id)))
            return false;
        row->session.id |= 1;
    }
    row->session.ends_at = end_of(a, &row->session, now_at);
    return true;
}

static bool is_being_renewed(const struct accounts *a, const struct accounts_session *s,
                             ms_t now_ms)
{
    for (unsigned i = 0; i < ACCOUNTS_PENDING_MAX; i++) {
        const struct accounts_pending *p = &a->pending[i];
        if (p->order_id && p->kind == ACCOUNTS_RENEW && p->of.session.id == s->session.id &&
            now_ms - p->given_ms < ACCOUNTS_FORGOTTEN_MS)
            return true;
    }
    return false;
}

/* Another secret, and the end of the one before. */
static bool begin_renewal(struct accounts *a, struct accounts_pending *p, ms_t now_at)
{
    ms_t grace_at = now_at + ACCOUNTS_GRACE_MS;
    if (!accounts_begin(a, p, now_at))
        return false;
    struct journal_row *row = accounts_row(p, JOURNAL_ROW_SESSION);
    row->session = p->of.session;
    row->session.step = SESSION_REPLACED;
    if (row->session.ends_at > grace_at)
        row->session.ends_at = grace_at;
    p->stage = ACCOUNTS_STORING;
    return a->args.port->post(a->args.port->post_arg, p->rows, p->rows_n);
}

static bool is_stored(struct accounts *a, const struct accounts_pending *p, ms_t now_at)
{
    struct account_session session;
    struct account account;
    const struct accounts_port *port = a->args.port;
    return port->session(port->arg, p->rows[0].session.hash, now_at, &session, &account) == 0;
}

/* The second look: the new secret is on the disk, or the old one does for now. */
static bool go_on(struct accounts *a, struct accounts_pending *p, const struct pages_request *r,
                  struct pages_answer *answer)
{
    bool has_come = is_stored(a, p, r->now_at);
    if (!has_come && r->now_ms - p->given_ms < ACCOUNTS_WAIT_MS) {
        answer->is_later = true;
        answer->order_id = p->order_id;
        return true;
    }
    if (has_come)
        accounts_cookie(answer->cookie, accounts_way(&r->browser), p->secret);
    accounts_drop(a, p);
    return false;
}

bool accounts_renew(struct accounts *a, const struct accounts_session *s,
                    const struct pages_request *r, struct pages_answer *answer)
{
    struct accounts_pending *p = accounts_find(a, r->order_id);
    if (p && p->kind == ACCOUNTS_RENEW)
        return go_on(a, p, r, answer);
    bool is_due = !s->session.is_replaced && r->now_at - s->session.made_at >= a->args.rotate_ms;
    if (!is_due || r->order_id || r->method != PAGES_GET || r->form == PAGES_STREAM ||
        is_being_renewed(a, s, r->now_ms))
        return false;
    p = accounts_take(a, r, ACCOUNTS_RENEW);
    if (!p)
        return false;
    p->of = *s;
    p->account = s->account;
    if (!begin_renewal(a, p, r->now_at)) {
        accounts_drop(a, p);
        return false;
    }
    answer->is_later = true;
    answer->order_id = p->order_id;
    return true;
}

bool accounts_stream(struct accounts *a, uint64_t session_id, ms_t now_at)
{
    struct account_session session;
    if (a->args.port->session_id(a->args.port->arg, session_id, now_at, &session))
        return false;
    note_seen(a, &session, now_at);
    return true;
}
