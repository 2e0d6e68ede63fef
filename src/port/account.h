/* account.h — who may ask for pages (ADR 35): shapes of accounts, sessions and the log of them, as
 * they stand on the disk, and what the app asks of whoever keeps them.
 * Asked by app/accounts.c on the reader thread; store/account.c answers, cli/serve_accounts.c
 * carries what is to be written to the main thread. */
#ifndef PORT_ACCOUNT_H
#define PORT_ACCOUNT_H

#include "base/text.h"

/* Bytes of texts, with their NUL. */
#define ACCOUNT_LOGIN_BYTES 41
#define ACCOUNT_NAME_BYTES 97
#define ACCOUNT_ID_BYTES 32 /* ids of the directory */
#define ACCOUNT_HASH_BYTES 128
#define ACCOUNT_DETAIL_BYTES 97
#define ACCOUNT_MAIL_BYTES 255
/* Sites and services that one account may name. */
#define ACCOUNT_SCOPE_MAX 32
#define ACCOUNTS_MAX 4096 /* past it none is added */
/* Bytes of a session's secret, and of what the disk knows of it (SHA-256). */
#define SESSION_SECRET_BYTES 32
#define SESSION_HASH_BYTES 32

/* Numbers on the disk: never another meaning, new ones at the end. */
enum account_role {
    ACCOUNT_AGENT,
    ACCOUNT_SUPERVISOR,
    ACCOUNT_ADMINISTRATOR,
    ACCOUNT_AUDITOR,
    ACCOUNT_ROLES
};
enum account_scope_kind { ACCOUNT_SITE, ACCOUNT_SERVICE };
enum account_deed {
    ACCOUNT_SIGNED_IN,
    ACCOUNT_SIGNED_OUT,
    ACCOUNT_DELAYED, /* too many wrong passwords: a delay began */
    ACCOUNT_ADDED,
    ACCOUNT_PASSWORD_SET,
    ACCOUNT_DISABLED,
    ACCOUNT_ENABLED,
    ACCOUNT_RIGHTS_SET,
    ACCOUNT_SESSIONS_ENDED,
    ACCOUNT_SETTINGS_SET, /* a file of the settings: detail says which version */
    ACCOUNT_NOTICE_SET,   /* the message of the day; about: its id */
    ACCOUNT_NOTICE_ENDED,
    ACCOUNT_CARD_OPENED,  /* of who is on the line: detail is the reference of the contact */
    ACCOUNT_LINKED,       /* to a person of the identity provider, or to their mail; or no longer */
    ACCOUNT_OIDC_REFUSED, /* somebody who came back from the provider; detail: why */
    ACCOUNT_NOTED,        /* something of who is on the line: detail as of CARD_OPENED */
    ACCOUNT_TRUNK_TRIED,  /* a test call of an access; detail: which, and what came of it */
    ACCOUNT_SETTINGS_UNDONE, /* by the house, after such a call; detail: which version */
    ACCOUNT_LISTENED,    /* to a conversation, or asked to; detail: reference of it, its agent */
    ACCOUNT_ALERT_SEEN,  /* an alert; its id is made of it, so that the first one counts */
    ACCOUNT_SLOT_AGREED, /* a half hour for a call, with who is on the line; detail: reference */
    ACCOUNT_SLOT_UNDONE, /* … not after all */
    ACCOUNT_DEEDS
};

struct account {
    uint64_t id;
    ms_t changed_at;
    char login[ACCOUNT_LOGIN_BYTES], name[ACCOUNT_NAME_BYTES], agent[ACCOUNT_ID_BYTES];
    uint8_t roles; /* bits: 1 << enum account_role */
    bool is_whole, is_disabled;
    bool is_temporary; /* its password: another is chosen at the next sign-in with it */
};

struct account_password {
    uint64_t account_id;
    char hash[ACCOUNT_HASH_BYTES];
};

/* Who an account is at the identity provider (ADR 44). */
struct account_provider {
    uint64_t account_id;
    bool is_linked;
    uint8_t subject[SESSION_HASH_BYTES]; /* SHA-256 of issuer, LF, sub */
    char mail[ACCOUNT_MAIL_BYTES];       /* who has it may link the account once; "": nobody */
};

struct account_scope {
    uint64_t account_id;
    uint8_t kind;                /* enum account_scope_kind */
    bool is_none;                /* row: all that were named go */
    char name[ACCOUNT_ID_BYTES]; /* id in the directory */
};

/* What a row does to sessions. */
enum session_step {
    SESSION_MADE,     /* by its hash; those that have ended go */
    SESSION_SEEN,     /* id: seen_at, ends_at of the secret in force */
    SESSION_REPLACED, /* hash: ends_at, and is replaced */
    SESSION_OVER,     /* id, and all secrets of it */
    SESSION_ALL_OVER, /* account_id */
};

struct account_session {
    uint8_t hash[SESSION_HASH_BYTES];
    uint64_t id, account_id;
    ms_t born_at, made_at, seen_at, ends_at;
    uint8_t step; /* of a row: enum session_step */
    bool is_replaced;
};

struct account_audit {
    uint64_t id, who, about;
    ms_t at;
    uint8_t deed; /* enum account_deed */
    char detail[ACCOUNT_DETAIL_BYTES];
};

struct journal_row;
struct note;
struct notice;

/* Which note of a person: the n-th newest, from 0. */
struct accounts_note_of {
    uint64_t person_id;
    ms_t now_at;
    unsigned n;
};

struct accounts_port {
    void *arg;
    /* 0, ENOENT, or errno. hash may be NULL. */
    int (*find)(void *arg, struct text login, struct account *account, char *hash);
    /* Of a secret that is good now, of an account that is not disabled. */
    int (*session)(void *arg, const uint8_t hash[SESSION_HASH_BYTES], ms_t now_at,
                   struct account_session *session, struct account *account);
    /* Is the secret in force of this session good? The same errors. */
    int (*session_id)(void *arg, uint64_t id, ms_t now_at, struct account_session *session);
    /* How many are named of at most ACCOUNT_SCOPE_MAX; by kind and name. */
    int (*scope)(void *arg, uint64_t account_id, struct account_scope scope[], unsigned *n);
    /* The next account behind that login, in the order of logins; "" begins. ENOENT: no more. */
    int (*next)(void *arg, const char *after, struct account *account);
    /* The i-th session of an account that is good now, the newest sign-in first. ENOENT: no more.
     */
    int (*nth_session)(void *arg, uint64_t account_id, ms_t now_at, unsigned i,
                       struct account_session *session);
    int (*count)(void *arg, uint64_t *n);
    /* The n-th newest line of the audit log, from 0. ENOENT: no more. */
    int (*audit)(void *arg, unsigned n, struct account_audit *audit);
    bool (*has_audit)(void *arg, uint64_t id);
    /* The same errors as find. NULL: not known here. */
    int (*by_id)(void *arg, uint64_t id, struct account *account);
    int (*audit_of)(void *arg, uint64_t id, struct account_audit *audit);
    /* The account of this person at the provider; of this mail, in lower case; what is known of an
     * account. The same errors, or NULL. */
    int (*by_subject)(void *arg, const uint8_t subject[SESSION_HASH_BYTES],
                      struct account *account);
    int (*by_mail)(void *arg, const char *mail, struct account *account);
    int (*provider)(void *arg, uint64_t account_id, struct account_provider *provider);
    int (*notice)(void *arg, struct notice *notice); /* the newest; the same errors, or NULL */
    /* What agents noted. The same errors, or NULL. */
    int (*note)(void *arg, const struct accounts_note_of *of, struct note *note);
    /* To the writer, all or none, in one transaction. False: too much is on its way. */
    bool (*post)(void *post_arg, const struct journal_row *rows, unsigned n);
    void *post_arg; /* of another than who reads */
    /* Random bytes; SHA-256. False: the machine gives none. */
    bool (*random)(void *arg, void *to, size_t n);
    void (*hash)(void *arg, uint8_t to[SESSION_HASH_BYTES], struct text bytes);
};

#endif
