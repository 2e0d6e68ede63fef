/* oidc.h — signing in at an identity provider (OpenID Connect Core 1.0, authorization code), spoken
 * to by a thread of its own: nothing waits for the network (ADR 44). Asked by app/pages_oidc.c on
 * the reader thread; oidc/worker.c answers. */
#ifndef PORT_OIDC_H
#define PORT_OIDC_H

#include "base/text.h"

/* Jobs that wait or are at work; past them none is taken. */
#define OIDC_JOBS_MAX 16
/* Bytes of texts, with their NUL. */
#define OIDC_URL_BYTES 8192      /* an address to which a browser is sent */
#define OIDC_CODE_BYTES 1025     /* of an authorization code */
#define OIDC_SUBJECT_BYTES 256   /* sub (Core §2: 255 ASCII characters at most) */
#define OIDC_MAIL_BYTES 255      /* RFC 5321: 254 */
#define OIDC_ID_TOKEN_BYTES 3073 /* one that is larger is not remembered for the sign-out */
#define OIDC_WORD_BYTES 65       /* state, nonce, verifier: 64 hexadecimal digits */

/* What the three words of one sign-in are; whoever knows them began it. */
struct oidc_flow {
    char state[OIDC_WORD_BYTES], nonce[OIDC_WORD_BYTES], verifier[OIDC_WORD_BYTES];
};

/* Why somebody is not signed in. The names go to the log and to the audit log. */
enum oidc_why {
    OIDC_FINE,
    OIDC_DOWN,          /* the provider does not answer */
    OIDC_BAD_ANSWER,    /* it answers what is no answer */
    OIDC_CODE_REFUSED,  /* it does not take the code, or us */
    OIDC_BAD_TOKEN,     /* no JWT of three parts, or past its bounds */
    OIDC_BAD_ALGORITHM, /* one that is not pinned: none, HS256… */
    OIDC_UNKNOWN_KEY,   /* signed by a key that the provider does not publish */
    OIDC_BAD_SIGNATURE,
    OIDC_BAD_ISSUER,
    OIDC_BAD_AUDIENCE, /* for somebody else */
    OIDC_EXPIRED,
    OIDC_BAD_INSTANT, /* issued in the future, or long ago */
    OIDC_BAD_NONCE,   /* of another sign-in */
    OIDC_WEAK,        /* acr: none of those that are asked for */
    OIDC_BAD_SUBJECT, /* none, or another in userinfo */
    OIDC_NO_COOKIE,   /* this browser began no sign-in */
    OIDC_BAD_STATE,   /* it began another one */
    OIDC_LATE,        /* it began too long ago */
    OIDC_DENIED,      /* the provider says so: error=… */
    OIDC_NOBODY,      /* no account is linked to this person, or it is disabled */
    OIDC_WHYS
};

static inline const char *oidc_why_name(enum oidc_why why)
{
    static const char *const names[OIDC_WHYS] = {
        [OIDC_FINE] = "fine",
        [OIDC_DOWN] = "provider_down",
        [OIDC_BAD_ANSWER] = "bad_answer",
        [OIDC_CODE_REFUSED] = "code_refused",
        [OIDC_BAD_TOKEN] = "bad_token",
        [OIDC_BAD_ALGORITHM] = "bad_algorithm",
        [OIDC_UNKNOWN_KEY] = "unknown_key",
        [OIDC_BAD_SIGNATURE] = "bad_signature",
        [OIDC_BAD_ISSUER] = "bad_issuer",
        [OIDC_BAD_AUDIENCE] = "bad_audience",
        [OIDC_EXPIRED] = "expired",
        [OIDC_BAD_INSTANT] = "bad_instant",
        [OIDC_BAD_NONCE] = "bad_nonce",
        [OIDC_WEAK] = "weak_acr",
        [OIDC_BAD_SUBJECT] = "bad_subject",
        [OIDC_NO_COOKIE] = "no_cookie",
        [OIDC_BAD_STATE] = "bad_state",
        [OIDC_LATE] = "late",
        [OIDC_DENIED] = "denied",
        [OIDC_NOBODY] = "nobody",
    };
    return why < OIDC_WHYS ? names[why] : "";
}

enum oidc_state { OIDC_UNKNOWN, OIDC_GIVEN, OIDC_DONE };

struct oidc_told {
    enum oidc_why why;
    char url[OIDC_URL_BYTES];           /* go, leave: where to */
    char subject[OIDC_SUBJECT_BYTES];   /* redeem: who it is */
    char mail[OIDC_MAIL_BYTES];         /* redeem: in lower case; "": none, or not verified */
    char id_token[OIDC_ID_TOKEN_BYTES]; /* redeem: for leave; "": too large */
};

struct oidc_port {
    void *arg;
    const char *label;  /* what the button says; borrowed */
    const char *issuer; /* borrowed */
    bool links_by_mail; /* the first sign-in of who has the mail of an account links the two */
    /* Did the provider answer, last? */
    bool (*is_up)(void *arg);
    /* A job, or 0: too many. go: the address of the provider. redeem: who came back with this code.
     * leave: the address where the provider's own session is ended. */
    uint64_t (*go)(void *arg, const struct oidc_flow *flow);
    uint64_t (*redeem)(void *arg, const struct oidc_flow *flow, struct text code);
    uint64_t (*leave)(void *arg, struct text id_token, const char *state);
    /* DONE stays so until it is forgotten. */
    enum oidc_state (*look)(void *arg, uint64_t job_id, struct oidc_told *told);
    void (*forget)(void *arg, uint64_t job_id);
    /* Somebody is not signed in: a line of the log. */
    void (*refused)(void *arg, enum oidc_why why);
};

#endif
