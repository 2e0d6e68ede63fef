/* accounts.h — who signed in, and what is under way about accounts (ADR 35): sessions looked up at
 * each request, changes that wait for the disk. Opened by cli/serve_accounts.c; used by
 * src/app/pages*.c on the reader thread alone. Cost: two look-ups of the disk a request. */
#ifndef APP_ACCOUNTS_H
#define APP_ACCOUNTS_H

#include "access/lockout.h"
#include "access/rights.h"
#include "port/journal.h"
#include "port/oidc.h"
#include "port/pages.h"
#include "port/password.h"

/* Changes and sign-ins under way; past them: come again. */
#define ACCOUNTS_PENDING_MAX 32
/* Rows of one of them: an account, its password, its scope anew, its sessions, who it is at the
 * provider, a line of the log. */
#define ACCOUNTS_ROWS_MAX (ACCOUNT_SCOPE_MAX + 6)
/* What has no answer by then is told so; what nobody asks for is forgotten. */
#define ACCOUNTS_WAIT_MS ((ms_t)5000)
#define ACCOUNTS_FORGOTTEN_MS (3 * ACCOUNTS_WAIT_MS)
/* A secret that was replaced stays good so long, for requests that were under way. */
#define ACCOUNTS_GRACE_MS ((ms_t)30000)
/* How often a session's last sign of life is written. */
#define ACCOUNTS_SEEN_MS ((ms_t)60000)
#define ACCOUNTS_SECRET_TEXT (2 * SESSION_SECRET_BYTES)

struct accounts_args {
    const struct accounts_port *port;      /* borrowed */
    const struct password_port *passwords; /* borrowed */
    const struct oidc_port *oidc;          /* borrowed; NULL: passwords alone */
    ms_t idle_ms, longest_ms, rotate_ms;   /* of sessions; 0: those of the settings' defaults */
};

/* Somebody who signed in, at one request. */
struct accounts_session {
    struct account account;
    struct account_session session;
    struct account_scope scope[ACCOUNT_SCOPE_MAX];
    struct rights rights;                /* borrows from account and scope */
    char csrf[ACCOUNTS_SECRET_TEXT + 1]; /* what a form of theirs must bring */
};

/* GO, BACK: to the identity provider, and from it. */
enum accounts_kind {
    ACCOUNTS_SIGN_IN,
    ACCOUNTS_SIGN_OUT,
    ACCOUNTS_RENEW,
    ACCOUNTS_CHANGE,
    ACCOUNTS_GO,
    ACCOUNTS_BACK
};
enum accounts_stage { ACCOUNTS_FREE, ACCOUNTS_HASHING, ACCOUNTS_ASKING, ACCOUNTS_STORING };

/* Something under way. */
struct accounts_pending {
    uint64_t order_id;
    enum accounts_kind kind;
    enum accounts_stage stage;
    ms_t given_ms;
    uint64_t job_id;            /* of the password */
    uint64_t oidc_job_id;       /* of the identity provider */
    ms_t begun_at;              /* GO: the wall's */
    uint64_t audit_id;          /* on the disk when all of it is */
    struct account_audit audit; /* its line, while a password is hashed */
    struct journal_row rows[ACCOUNTS_ROWS_MAX];
    unsigned rows_n;
    bool may;                   /* sign in: neither disabled, nor in a delay */
    bool is_renewed;            /* sign in: with another password from now on, being hashed */
    struct account account;     /* about whom; id 0: nobody */
    struct accounts_session of; /* sign out, renew: whose */
    char secret[SESSION_SECRET_BYTES];
};

/* Of the identity provider (ADR 44): the key of this process, by which the words of a sign-in are
 * made of its cookie; how many refusals were noted lately; room for an answer. */
struct accounts_oidc {
    uint8_t key[SESSION_SECRET_BYTES];
    ms_t noted_ms;
    unsigned noted_n;
    struct oidc_told told;
    char cookies[PAGES_COOKIES_MORE][OIDC_ID_TOKEN_BYTES + PAGES_COOKIE_BYTES];
};

struct accounts {
    struct accounts_args args;
    struct lockout lockout;
    struct accounts_pending pending[ACCOUNTS_PENDING_MAX];
    uint64_t last_order_id;
    struct accounts_oidc oidc;
};

/* False: the machine gives no random bytes. */
MUST_CHECK bool accounts_open(struct accounts *a, const struct accounts_args *args);
/* Another reading of the settings. */
void accounts_follow(struct accounts *a, const struct accounts_args *args);

/* ---- sessions ---- */

/* Does the browser speak over TLS, or from this very machine without a proxy? No cookie else. */
enum accounts_way { ACCOUNTS_NO_WAY, ACCOUNTS_TLS, ACCOUNTS_LOCAL };
enum accounts_way accounts_way(const struct pages_browser *browser);
/* Who asks, by their cookie; false: nobody. Notes that they were there. */
bool accounts_session(struct accounts *a, const struct pages_request *request,
                      struct accounts_session *s);
/* Does this order come from a page of ours, of this very session? */
bool accounts_is_ours(const struct accounts_session *s, const struct pages_request *request);
/* A new secret when it is time. True: the answer waits. Else its cookie is set, if there is one. */
bool accounts_renew(struct accounts *a, const struct accounts_session *s,
                    const struct pages_request *request, struct pages_answer *answer);
/* Is the session of a stream still good? Notes that it is there. */
bool accounts_stream(struct accounts *a, uint64_t session_id, ms_t now_at);
/* Set-Cookie of a secret, or its end (NULL). */
void accounts_cookie(char to[PAGES_COOKIE_BYTES], enum accounts_way way, const char *secret);
/* Rows of a session that begins; its secret is p->secret. False: no random bytes. */
MUST_CHECK bool accounts_begin(struct accounts *a, struct accounts_pending *p, ms_t now_at);

/* ---- what is under way ---- */

/* NULL: too much is. */
struct accounts_pending *accounts_take(struct accounts *a, const struct pages_request *request,
                                       enum accounts_kind kind);
struct accounts_pending *accounts_find(struct accounts *a, uint64_t order_id);
void accounts_drop(struct accounts *a, struct accounts_pending *p);
struct journal_row *accounts_row(struct accounts_pending *p, enum journal_row_kind kind);
/* The line of the log, and all rows to the writer. Its id is drawn when it is 0; of two lines of
 * one id the first is kept. False: not now. */
MUST_CHECK bool accounts_post(struct accounts *a, struct accounts_pending *p,
                              const struct account_audit *audit);
/* The same, waited for by nobody. */
void accounts_note(struct accounts *a, const struct account_audit *audit);
/* Is a change of this account, or the making of one of this login, on its way? */
bool accounts_changes(const struct accounts *a, const char *login, ms_t now_ms);
enum accounts_told { ACCOUNTS_LATER, ACCOUNTS_STORED, ACCOUNTS_SILENT };
enum accounts_told accounts_look(struct accounts *a, const struct accounts_pending *p, ms_t now_ms);

#endif
