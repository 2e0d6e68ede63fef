/* claims.h — what a verified token says, held against what was asked (OpenID Connect Core 1.0
 * §3.1.3.7, §5.3.2). Called by worker.c. Pure; seconds since 1970, as tokens have them. */
#ifndef OIDC_CLAIMS_H
#define OIDC_CLAIMS_H

#include "oidc/jwt.h"

/* Clocks may differ by so much; a token that was issued longer ago is not of this sign-in. */
#define OIDC_LEEWAY_S 60
#define OIDC_AGE_S 600

struct oidc_wanted {
    const char *issuer, *client_id, *nonce;
    const char *acr_values; /* one of these words, with spaces between; "": any, or none */
    int64_t now_s;
};

/* Of the id_token. */
enum oidc_why oidc_claims_check(struct text payload, const struct oidc_wanted *wanted);
/* Of userinfo: the same subject; issuer and audience where a signed one has them. */
enum oidc_why oidc_claims_userinfo(struct text payload, const struct oidc_wanted *wanted,
                                   const char *subject);
/* sub: 1 to 255 printable ASCII characters. */
MUST_CHECK bool oidc_claims_subject(char to[OIDC_SUBJECT_BYTES], struct text payload);
/* email, in lower case; "" when there is none, when it is none of ASCII with one @, or when the
 * provider says that it is not verified. */
void oidc_claims_mail(char to[OIDC_MAIL_BYTES], struct text payload);

#endif
